/*
 * exact_clause.c - clauses over facts, watched by their first two literals.
 *
 * A clause lies in `clause` as words: size, flags and spread, usefulness, two links of watch lists,
 * then two words a literal. A reference to it is the index of its first word, never 0.
 *
 * [1] For each fact that could turn false there is one list of the clauses that watch it: a bound
 *     that rises from p to v visits those of p + 1 … v and no others. The lists run through the
 *     clauses, so watching takes no memory. A link is 2 × reference + which of the two literals.
 * [2] Clauses move only in numu_exact_clause_reduce, at level 0, where none is a reason.
 */
#include "programme/exact_solver.h"

#include <stdlib.h>
#include <string.h>

enum {
    WORD_SIZE,
    WORD_SPREAD, /* levels its literals had; LEARNED is added */
    WORD_USE,    /* float */
    WORD_NEXT,   /* two */
    WORD_LITERAL = WORD_NEXT + 2,
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

static void attach(struct numu_exact_solver *solver, uint32_t reference, uint32_t which) {
    uint32_t *words = &solver->clause[reference];
    uint32_t *list = watchers(solver, literal_of(words, which));
    words[WORD_NEXT + which] = *list;
    *list = 2 * reference + which;
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

static bool visit_list(struct numu_exact_solver *solver, uint32_t *list) {
    while (*list != 0) {
        uint32_t reference = *list / 2, which = *list & 1;
        uint32_t *words = &solver->clause[reference];
        uint32_t *next = &words[WORD_NEXT + which];
        struct numu_exact_fact other = literal_of(words, 1 - which);
        uint32_t following = *next;
        if (numu_exact_is_true(solver, other)) {
            list = next;
        } else if (find_other(solver, reference, which)) {
            *list = following;
        } else {
            struct numu_exact_reason reason = {NUMU_REASON_CLAUSE, reference, 0};
            if (!numu_exact_set(solver, other, reason)) {
                return false;
            }
            list = next;
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

numu_status numu_exact_clause_add(struct numu_exact_solver *solver,
                                  const struct numu_exact_fact *literals, uint32_t count,
                                  bool is_learned, uint32_t spread, uint32_t *out_clause) {
    NUMU_TRY(make_room(solver, WORD_LITERAL + 2 * count + 1));
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
    uint32_t reference = 1;
    while (reference < solver->clause_words) {
        const uint32_t *words = &solver->clause[reference];
        if (may_forget(words)) {
            uses[count++] = use_of(words);
        }
        reference += WORD_LITERAL + 2 * words[WORD_SIZE];
    }
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
    solver->learned_count = 0;
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
        memmove(&solver->clause[to], words, (WORD_LITERAL + 2 * (size_t)size) * sizeof *words);
        solver->learned_count += (words[WORD_SPREAD] & learned_bit) != 0 ? 1 : 0;
        attach(solver, to, 0);
        attach(solver, to, 1);
        to += WORD_LITERAL + 2 * size;
    }
    solver->clause_words = to;
}
