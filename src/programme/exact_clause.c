/*
 * exact_clause.c - clauses over facts, watched by their first two literals.
 *
 * A clause lies in `clause` as words: size, flags and spread, usefulness, then two words a literal.
 * A reference to it is the index of its first word, never 0.
 *
 * [1] For each fact that could turn false there is one list of the clauses that watch it: a bound
 *     that rises from p to v visits those of p + 1 … v and no others. A list is a chain of chunks
 *     of a cache line each, of which only the first may have empty places. A watch has a copy of
 *     some other literal of its clause: most visits find that one true and never touch the clause
 *     (N. Sörensson, N. Eén, "MiniSat 2.1 and MiniSat++ 1.0", SAT Race 2008).
 * [2] Clauses move only in numu_exact_clause_reduce, at level 0, where none is a reason.
 * [3] There are as many chunks as watches, so that moving a watch needs no memory.
 */
#include "programme/exact_solver.h"

#include <stdlib.h>
#include <string.h>

enum {
    WORD_SIZE,
    WORD_SPREAD, /* levels its literals had; LEARNED is added */
    WORD_USE,    /* float */
    WORD_LITERAL
};

static const uint32_t learned_bit = UINT32_C(1) << 31;
static const uint32_t spread_kept = 2;                /* such clauses are never forgotten */
static const uint32_t words_max = UINT32_C(48) << 20; /* 192 MiB */
static const float use_max = 1e20F;

static struct numu_exact_fact literal_of(const uint32_t *words, uint32_t n) {
    return (struct numu_exact_fact){words[WORD_LITERAL + 2 * (size_t)n],
                                    (numu_period)words[WORD_LITERAL + 2 * (size_t)n + 1]};
}

static void put_literal(uint32_t *words, uint32_t n, struct numu_exact_fact fact) {
    words[WORD_LITERAL + 2 * (size_t)n] = fact.side;
    words[WORD_LITERAL + 2 * (size_t)n + 1] = (uint32_t)fact.value;
}

static float use_of(const uint32_t *words) {
    float use;
    memcpy(&use, &words[WORD_USE], sizeof use);
    return use;
}

static void put_use(uint32_t *words, float use) {
    memcpy(&words[WORD_USE], &use, sizeof use);
}

/* The list of those who watch a literal: visited when it turns false. */
static uint32_t *watchers(struct numu_exact_solver *solver, struct numu_exact_fact literal) {
    bool is_lower = (literal.side & 1) == 0;
    return &solver->watch[2 * (size_t)numu_exact_fact_id(solver, literal) + (is_lower ? 1 : 0)];
}

/* --- watches --- */

static uint32_t count_watches(const struct numu_exact_watches *chunk) {
    uint32_t count = 0;
    while (count < NUMU_EXACT_WATCHES && chunk->watch[count].clause != 0) {
        count++;
    }
    return count;
}

static uint32_t take_chunk(struct numu_exact_solver *solver, uint32_t next) {
    uint32_t chunk = solver->free_chunk;
    if (chunk != 0) {
        solver->free_chunk = solver->chunk[chunk].next;
    } else {
        chunk = solver->chunk_count++;
        numu_assert(chunk < solver->chunk_room); /* [3] */
    }
    solver->chunk[chunk] = (struct numu_exact_watches){.next = next};
    return chunk;
}

static void attach(struct numu_exact_solver *solver, uint32_t reference, uint32_t which) {
    const uint32_t *words = &solver->clause[reference];
    uint32_t *head = watchers(solver, literal_of(words, which));
    uint32_t count = *head == 0 ? NUMU_EXACT_WATCHES : count_watches(&solver->chunk[*head]);
    if (count == NUMU_EXACT_WATCHES) {
        *head = take_chunk(solver, *head);
        count = 0;
    }
    solver->chunk[*head].watch[count] =
        (struct numu_exact_watch){2 * reference + which, literal_of(words, 1 - which)};
}

/* Fills the place of a watch with the last of the first chunk. */
static void remove_watch(struct numu_exact_solver *solver, uint32_t *head,
                         struct numu_exact_watch *watch) {
    uint32_t chunk = *head;
    struct numu_exact_watches *first = &solver->chunk[chunk];
    uint32_t last = count_watches(first) - 1;
    *watch = first->watch[last];
    first->watch[last].clause = 0;
    if (last == 0) {
        *head = first->next;
        first->next = solver->free_chunk;
        solver->free_chunk = chunk;
    }
}

/* --- propagation --- */

/* Moves the watch `which` to a literal that is not false. */
static bool find_other(struct numu_exact_solver *solver, uint32_t reference, uint32_t which) {
    uint32_t *words = &solver->clause[reference];
    for (uint32_t n = 2; n < words[WORD_SIZE]; n++) {
        struct numu_exact_fact literal = literal_of(words, n);
        if (!numu_exact_is_false(solver, literal)) {
            put_literal(words, n, literal_of(words, which));
            put_literal(words, which, literal);
            attach(solver, reference, which);
            return true;
        }
    }
    return false;
}

typedef enum visit { STAYS, MOVED, CONFLICT } visit;

static visit visit_watch(struct numu_exact_solver *solver, struct numu_exact_watch *watch) {
    uint32_t reference = watch->clause / 2, which = watch->clause & 1;
    struct numu_exact_fact other = literal_of(&solver->clause[reference], 1 - which);
    watch->other = other;
    if (numu_exact_is_true(solver, other)) {
        return STAYS;
    }
    if (find_other(solver, reference, which)) {
        return MOVED;
    }
    struct numu_exact_reason reason = {NUMU_REASON_CLAUSE, reference, 0};
    return numu_exact_set(solver, other, reason) ? STAYS : CONFLICT;
}

static bool visit_list(struct numu_exact_solver *solver, uint32_t *head) {
    uint32_t next;
    for (uint32_t chunk = *head; chunk != 0; chunk = next) {
        struct numu_exact_watch *watch = solver->chunk[chunk].watch;
        uint32_t n = 0;
        next = solver->chunk[chunk].next;
        while (n < NUMU_EXACT_WATCHES && watch[n].clause != 0) {
            if (numu_exact_is_true(solver, watch[n].other)) {
                n++;
                continue;
            }
            visit is = visit_watch(solver, &watch[n]);
            if (is == CONFLICT) {
                return false;
            }
            /* What fills a place is of this chunk and to be seen, or of the first, and was. */
            uint32_t step = is == STAYS || chunk != *head ? 1 : 0;
            if (is == MOVED) {
                remove_watch(solver, head, &watch[n]);
            }
            n += step;
        }
    }
    return true;
}

bool numu_exact_clause_propagate(struct numu_exact_solver *solver, uint32_t n) {
    const struct numu_exact_entry entry = solver->trail[n];
    uint32_t variable = entry.side / 2;
    bool is_lower = (entry.side & 1) == 0;
    /* A rising lower bound makes "at most" literals false, and the other way round. */
    numu_period from = is_lower ? entry.previous + 1 : 1 - entry.value;
    numu_period until = is_lower ? entry.value : -entry.previous;
    uint32_t *list =
        &solver->watch[2 * (size_t)numu_exact_id(solver, variable, from) + (is_lower ? 0 : 1)];
    for (numu_period v = from; v <= until; v++, list += 2) {
        if (*list != 0 && !visit_list(solver, list)) {
            return false;
        }
    }
    return true;
}

/* --- adding --- */

static numu_status make_room(struct numu_exact_solver *solver, uint32_t words) {
    if (solver->clause_words + words <= solver->clause_room) {
        return NUMU_OK;
    }
    if (solver->clause_words + words > words_max) {
        return NUMU_LIMIT;
    }
    uint32_t room = solver->clause_room * 2 + words + 4096;
    struct numu_buffer *buffer = &solver->clause_buffer;
    buffer->length = (size_t)solver->clause_words * sizeof *solver->clause;
    NUMU_TRY(numu_buffer_reserve(buffer,
                                 (size_t)(room - solver->clause_words) * sizeof *solver->clause));
    solver->clause = (uint32_t *)(void *)buffer->data;
    solver->clause_room = room;
    solver->clause_words = solver->clause_words == 0 ? 1 : solver->clause_words;
    return NUMU_OK;
}

/* As many chunks as the watches of so many clauses [3]. */
static numu_status make_chunks(struct numu_exact_solver *solver, uint32_t clauses) {
    if (2 * clauses + 1 <= solver->chunk_room) {
        return NUMU_OK;
    }
    uint32_t room = 2 * solver->chunk_room + 1024;
    struct numu_buffer *buffer = &solver->chunk_buffer;
    buffer->length = (size_t)solver->chunk_count * sizeof *solver->chunk;
    NUMU_TRY(
        numu_buffer_reserve(buffer, (size_t)(room - solver->chunk_count) * sizeof *solver->chunk));
    solver->chunk = (struct numu_exact_watches *)(void *)buffer->data;
    solver->chunk_room = room;
    solver->chunk_count = solver->chunk_count == 0 ? 1 : solver->chunk_count;
    return NUMU_OK;
}

numu_status numu_exact_clause_add(struct numu_exact_solver *solver,
                                  const struct numu_exact_fact *literals, uint32_t count,
                                  bool is_learned, uint32_t spread, uint32_t *out_clause) {
    NUMU_TRY(make_room(solver, WORD_LITERAL + 2 * count + 1));
    NUMU_TRY(make_chunks(solver, solver->clause_count + 1));
    uint32_t reference = solver->clause_words;
    uint32_t *words = &solver->clause[reference];
    words[WORD_SIZE] = count;
    words[WORD_SPREAD] = spread | (is_learned ? learned_bit : 0);
    put_use(words, is_learned ? solver->clause_step : 0);
    for (uint32_t n = 0; n < count; n++) {
        put_literal(words, n, literals[n]);
    }
    solver->clause_words += WORD_LITERAL + 2 * count;
    solver->learned_count += is_learned ? 1 : 0;
    solver->clause_count++;
    attach(solver, reference, 0);
    attach(solver, reference, 1);
    *out_clause = reference;
    return NUMU_OK;
}

/* --- explanation --- */

static void lower_all_use(struct numu_exact_solver *solver) {
    uint32_t reference = 1;
    while (reference < solver->clause_words) {
        uint32_t *words = &solver->clause[reference];
        put_use(words, use_of(words) / use_max);
        reference += WORD_LITERAL + 2 * words[WORD_SIZE];
    }
    solver->clause_step /= use_max;
}

void numu_exact_clause_explain(struct numu_exact_solver *solver, uint32_t clause,
                               struct numu_exact_fact fact) {
    uint32_t *words = &solver->clause[clause];
    if ((words[WORD_SPREAD] & learned_bit) != 0) {
        put_use(words, use_of(words) + solver->clause_step);
        if (use_of(words) > use_max) {
            lower_all_use(solver);
        }
    }
    for (uint32_t n = 0; n < words[WORD_SIZE]; n++) {
        struct numu_exact_fact literal = literal_of(words, n);
        /* The literal that was set is the one of the side in question that is no weaker. */
        if (literal.side != fact.side || literal.value < fact.value) {
            numu_exact_tell(solver, numu_exact_not(literal));
        }
    }
}

/* --- forgetting --- */

/* What is kept of a clause at level 0: its size without false literals; 0 = nothing. */
static uint32_t settle_clause(struct numu_exact_solver *solver, uint32_t *words) {
    uint32_t kept = 0;
    for (uint32_t n = 0; n < words[WORD_SIZE]; n++) {
        struct numu_exact_fact literal = literal_of(words, n);
        if (numu_exact_is_true(solver, literal)) {
            return 0;
        }
        if (!numu_exact_is_false(solver, literal)) {
            put_literal(words, kept++, literal);
        }
    }
    return kept;
}

static int compare_floats(const void *a, const void *b) {
    const float *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static bool may_forget(const uint32_t *words) {
    return (words[WORD_SPREAD] & learned_bit) != 0 &&
           (words[WORD_SPREAD] & ~learned_bit) > spread_kept;
}

/* The usefulness that half of the clauses which may be forgotten do not reach. */
static float find_threshold(struct numu_exact_solver *solver, float *uses) {
    size_t count = 0;
    uint32_t reference = 1, learned = 0;
    while (reference < solver->clause_words) {
        const uint32_t *words = &solver->clause[reference];
        if (may_forget(words)) {
            numu_assert(count < solver->learned_count); /* that is the room there is */
            uses[count++] = use_of(words);
        }
        learned += (words[WORD_SPREAD] & learned_bit) != 0 ? 1 : 0;
        reference += WORD_LITERAL + 2 * words[WORD_SIZE];
    }
    numu_assert(learned == solver->learned_count);
    qsort(uses, count, sizeof *uses, compare_floats);
    return count == 0 ? 0 : uses[count / 2];
}

void numu_exact_clause_reduce(struct numu_exact_solver *solver) {
    struct numu_arena scratch;
    float *uses;
    bool forgets = solver->learned_count >= solver->learned_max;
    float threshold = 0;
    numu_arena_init(&scratch, solver->context->heap);
    if (forgets) {
        numu_status status = NUMU_TAKE(&scratch, &uses, (size_t)solver->learned_count + 1);
        if (status != NUMU_OK) {
            solver->status = status;
            return;
        }
        threshold = find_threshold(solver, uses);
    }
    numu_arena_release(&scratch);
    uint32_t ids = solver->first_id[solver->variable_count];
    memset(solver->watch, 0, 2 * (size_t)ids * sizeof *solver->watch);
    uint32_t from = 1, to = 1;
    solver->chunk_count = 1;
    solver->free_chunk = 0;
    solver->clause_count = solver->learned_count = 0;
    while (from < solver->clause_words) {
        uint32_t *words = &solver->clause[from];
        uint32_t old_size = words[WORD_SIZE];
        bool is_forgotten = forgets && may_forget(words) && use_of(words) < threshold;
        uint32_t size = is_forgotten ? 0 : settle_clause(solver, words);
        from += WORD_LITERAL + 2 * old_size;
        if (size < 2) {
            continue; /* at rest a clause has none or two literals that are not false */
        }
        words[WORD_SIZE] = size;
        solver->learned_count += (words[WORD_SPREAD] & learned_bit) != 0 ? 1 : 0;
        solver->clause_count++;
        memmove(&solver->clause[to], words, (WORD_LITERAL + 2 * (size_t)size) * sizeof *words);
        attach(solver, to, 0);
        attach(solver, to, 1);
        to += WORD_LITERAL + 2 * size;
    }
    solver->clause_words = to;
}
