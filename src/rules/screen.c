/*
 * screen.c - lists being filled, and what is asked of them.
 */
#include "rules/screen.h"

#include "base/number.h"
#include "base/parallel.h"
#include "rules/screen_index.h"

#include <string.h>

void numu_screen_init(struct numu_screen *screen, struct numu_heap *heap) {
    *screen = (struct numu_screen){0};
    numu_arena_init(&screen->arena, heap);
    numu_buffer_init(&screen->lists, heap, 0);
    numu_buffer_init(&screen->entries, heap, 0);
    numu_buffer_init(&screen->names, heap, 0);
    numu_buffer_init(&screen->facts, heap, 0);
}

void numu_screen_release(struct numu_screen *screen) {
    numu_arena_release(&screen->arena);
    numu_buffer_release(&screen->lists);
    numu_buffer_release(&screen->entries);
    numu_buffer_release(&screen->names);
    numu_buffer_release(&screen->facts);
    screen->words = NULL;
}

/* --- filling --- */

static uint32_t rows_of(const struct numu_buffer *buffer, size_t size) {
    return (uint32_t)(buffer->length / size);
}

static void *last_of(const struct numu_buffer *buffer, size_t size) {
    numu_assert(buffer->length >= size);
    return buffer->data + buffer->length - size;
}

numu_status numu_screen_add_list(struct numu_screen *screen, struct numu_text file,
                                 const char *format, struct numu_text version,
                                 const struct numu_sha256 *sha256) {
    struct numu_screen_list list = {.format = format, .sha256 = *sha256};
    NUMU_TRY(numu_text_copy(&screen->arena, file, &list.file));
    NUMU_TRY(numu_text_copy(&screen->arena, version, &list.version));
    return numu_buffer_append(&screen->lists, &list, sizeof list);
}

numu_status numu_screen_add_entry(struct numu_screen *screen, numu_party party,
                                  struct numu_text reference, struct numu_text programme) {
    struct numu_screen_list *list = last_of(&screen->lists, sizeof *list);
    struct numu_screen_entry entry = {
        .list = rows_of(&screen->lists, sizeof *list) - 1,
        .party = party,
        .first_name = rows_of(&screen->names, sizeof(struct numu_screen_name)),
        .first_fact = rows_of(&screen->facts, sizeof(struct numu_screen_fact)),
    };
    NUMU_TRY(numu_text_copy(&screen->arena, reference, &entry.reference));
    NUMU_TRY(numu_text_copy(&screen->arena, programme, &entry.programme));
    list->entry_count++;
    return numu_buffer_append(&screen->entries, &entry, sizeof entry);
}

static numu_status add_name(struct numu_screen *screen, struct numu_text name, bool is_weak) {
    struct numu_screen_entry *entry = last_of(&screen->entries, sizeof *entry);
    struct numu_text trimmed = numu_text_trim(name);
    if (trimmed.length == 0) {
        return NUMU_OK;
    }
    struct numu_screen_name row = {.entry = rows_of(&screen->entries, sizeof *entry) - 1,
                                   .is_weak = is_weak};
    NUMU_TRY(numu_text_copy(&screen->arena, trimmed, &row.text));
    NUMU_TRY(numu_buffer_append(&screen->names, &row, sizeof row));
    entry->name_count++;
    return NUMU_OK;
}

/* Some lists give several names in one, with semicolons between them. */
numu_status numu_screen_add_name(struct numu_screen *screen, struct numu_text name, bool is_weak) {
    size_t start = 0;
    for (size_t i = 0; name.length > 0 && i <= name.length; i++) {
        if (i == name.length || name.data[i] == ';') {
            NUMU_TRY(add_name(screen, (struct numu_text){name.data + start, i - start}, is_weak));
            start = i + 1;
        }
    }
    return NUMU_OK;
}

/* Letters and digits of an identifier, upper case. */
static size_t plain_identifier(struct numu_text text, char *out, size_t room) {
    size_t length = 0;
    for (size_t i = 0; i < text.length && length < room; i++) {
        char c = text.data[i];
        bool is_lower = c >= 'a' && c <= 'z';
        if (is_lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
            out[length++] = is_lower ? (char)(c - 'a' + 'A') : c;
        }
    }
    return length;
}

enum { IDENTIFIER_LETTERS_MIN = 5, IDENTIFIER_LETTERS_MAX = 64 };

numu_status numu_screen_add_fact(struct numu_screen *screen, numu_screen_fact_kind kind,
                                 struct numu_text text) {
    struct numu_screen_entry *entry = last_of(&screen->entries, sizeof *entry);
    char plain[IDENTIFIER_LETTERS_MAX];
    struct numu_text kept = numu_text_trim(text);
    if (kind == NUMU_FACT_IDENTIFIER) {
        kept = (struct numu_text){plain, plain_identifier(text, plain, sizeof plain)};
        if (kept.length < IDENTIFIER_LETTERS_MIN) {
            return NUMU_OK;
        }
    }
    if (kept.length == 0) {
        return NUMU_OK;
    }
    struct numu_screen_fact fact = {.kind = kind};
    NUMU_TRY(numu_text_copy(&screen->arena, kept, &fact.text));
    NUMU_TRY(numu_buffer_append(&screen->facts, &fact, sizeof fact));
    entry->fact_count++;
    return NUMU_OK;
}

const struct numu_screen_list *numu_screen_lists(const struct numu_screen *screen, size_t *count) {
    *count = screen->lists.length / sizeof(struct numu_screen_list);
    return (const struct numu_screen_list *)(const void *)screen->lists.data;
}

const struct numu_screen_entry *numu_screen_entries(const struct numu_screen *screen,
                                                    size_t *count) {
    *count = screen->entries.length / sizeof(struct numu_screen_entry);
    return (const struct numu_screen_entry *)(const void *)screen->entries.data;
}

const struct numu_screen_name *numu_screen_names(const struct numu_screen *screen) {
    return (const struct numu_screen_name *)(const void *)screen->names.data;
}

const struct numu_screen_fact *numu_screen_facts(const struct numu_screen *screen) {
    return (const struct numu_screen_fact *)(const void *)screen->facts.data;
}

/* --- what else is known [Q1] --- */

/*
 * What facts add to a score. Set by judgement: less than what would by itself clear a name that is
 * the same to the letter.
 */
static const double birth_year_differs = -0.15, birth_day_differs = -0.05, birth_agrees = 0.02;
static const double country_differs = -0.08;
static const double weak_alias = -0.03;

/* Dates of different precision agree as far as both go; years one apart may be the same. */
static double compare_births(struct numu_text a, struct numu_text b) {
    int64_t a_year, b_year;
    bool has_years =
        a.length >= 4 && b.length >= 4 &&
        numu_number_parse((struct numu_text){a.data, 4}, 0, '.', &a_year) == NUMU_NUMBER_OK &&
        numu_number_parse((struct numu_text){b.data, 4}, 0, '.', &b_year) == NUMU_NUMBER_OK;
    if (!has_years) {
        return 0;
    }
    if (a_year - b_year > 1 || b_year - a_year > 1) {
        return birth_year_differs;
    }
    size_t shorter = a.length < b.length ? a.length : b.length;
    if (memcmp(a.data, b.data, shorter) == 0) {
        return birth_agrees;
    }
    return a.length == 10 && b.length == 10 ? birth_day_differs : 0;
}

/* The best that a fact of a kind says of the query; 0 where the entry has none. */
static double compare_facts(const struct numu_screen *screen, const struct numu_screen_entry *entry,
                            numu_screen_fact_kind kind, struct numu_text asked) {
    const struct numu_screen_fact *facts = numu_screen_facts(screen) + entry->first_fact;
    bool is_known = false;
    double best = -1;
    for (uint32_t i = 0; i < entry->fact_count; i++) {
        if (facts[i].kind != kind) {
            continue;
        }
        double value = kind == NUMU_FACT_BIRTH ? compare_births(asked, facts[i].text)
                       : numu_text_is_equal(asked, facts[i].text) ? 0
                                                                  : country_differs;
        best = !is_known || value > best ? value : best;
        is_known = true;
    }
    return is_known ? best : 0;
}

static bool has_identifier(const struct numu_screen *screen, const struct numu_screen_entry *entry,
                           struct numu_text asked) {
    const struct numu_screen_fact *facts = numu_screen_facts(screen) + entry->first_fact;
    for (uint32_t i = 0; i < entry->fact_count; i++) {
        if (facts[i].kind == NUMU_FACT_IDENTIFIER && numu_text_is_equal(facts[i].text, asked)) {
            return true;
        }
    }
    return false;
}

static double within_bounds(double score) {
    return score < 0 ? 0 : score > 1 ? 1 : score;
}

/* What the query's other facts do to a hit. */
static void qualify(const struct numu_screen *screen, const struct numu_screen_query *query,
                    struct numu_screen_hit *hit) {
    const struct numu_screen_entry *entry =
        (const struct numu_screen_entry *)(const void *)screen->entries.data + hit->entry;
    char plain[IDENTIFIER_LETTERS_MAX];
    struct numu_text identifier = {plain, plain_identifier(query->identifier, plain, sizeof plain)};
    hit->weak = numu_screen_names(screen)[hit->name].is_weak ? weak_alias : 0;
    if (query->birth.length > 0) {
        hit->birth = compare_facts(screen, entry, NUMU_FACT_BIRTH, query->birth);
    }
    if (query->country.length > 0) {
        hit->country = compare_facts(screen, entry, NUMU_FACT_COUNTRY, query->country);
    }
    hit->score = within_bounds(hit->parts.score + hit->weak + hit->birth + hit->country);
    if (identifier.length >= IDENTIFIER_LETTERS_MIN && has_identifier(screen, entry, identifier)) {
        /* The same document: whoever shows it is to be looked at, whatever the name. */
        hit->identifier = (1 - hit->score) * 0.75;
        hit->score += hit->identifier;
    }
}

/* --- asking --- */

enum { TASK_QUERIES = 32 };

struct asking {
    const struct numu_screen *screen;
    const struct numu_screen_query *queries;
    size_t count;
    double threshold;
    struct numu_screen_asker *askers; /* by worker */
    struct numu_buffer *found;        /* by task: hits */
};

static bool is_better(const struct numu_screen_hit *a, const struct numu_screen_hit *b) {
    return a->score > b->score || (a->score >= b->score && a->entry < b->entry);
}

/* Puts a hit among the best of its query, one an entry. */
static void keep_hit(struct numu_screen_hit *best, size_t *count,
                     const struct numu_screen_hit *hit) {
    size_t at = *count;
    for (size_t i = 0; i < *count; i++) {
        if (best[i].entry == hit->entry) {
            if (!is_better(hit, &best[i]) || best[i].score >= hit->score) {
                return;
            }
            memmove(best + i, best + i + 1, (*count - i - 1) * sizeof *best);
            (*count)--;
            at = *count;
            break;
        }
    }
    while (at > 0 && is_better(hit, &best[at - 1])) {
        at--;
    }
    if (at == NUMU_SCREEN_HITS_MAX) {
        return;
    }
    size_t moved = *count - at - (*count == NUMU_SCREEN_HITS_MAX);
    memmove(best + at + 1, best + at, moved * sizeof *best);
    best[at] = *hit;
    *count += *count < NUMU_SCREEN_HITS_MAX;
}

/* The entry that owns a fact: the last that begins at or before it. */
static uint32_t owner_of(const struct numu_screen *screen, uint32_t fact) {
    size_t count;
    const struct numu_screen_entry *entries = numu_screen_entries(screen, &count);
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (entries[middle].first_fact <= fact) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

/* Entries that share the query's identifier are hits whatever their names are. */
static void ask_identifier(const struct asking *asking, const struct numu_screen_query *query,
                           size_t index, const struct numu_name *name, struct numu_screen_hit *best,
                           size_t *count) {
    const struct numu_screen *screen = asking->screen;
    const struct numu_screen_fact *facts = numu_screen_facts(screen);
    size_t fact_count = screen->facts.length / sizeof *facts, entry_count;
    char plain[IDENTIFIER_LETTERS_MAX];
    struct numu_text asked = {plain, plain_identifier(query->identifier, plain, sizeof plain)};
    for (size_t f = 0; asked.length >= IDENTIFIER_LETTERS_MIN && f < fact_count; f++) {
        if (facts[f].kind != NUMU_FACT_IDENTIFIER || !numu_text_is_equal(facts[f].text, asked)) {
            continue;
        }
        struct numu_screen_hit hit = {.query = (uint32_t)index,
                                      .entry = owner_of(screen, (uint32_t)f)};
        const struct numu_screen_entry *entry =
            &numu_screen_entries(screen, &entry_count)[hit.entry];
        if (entry->name_count == 0) {
            continue;
        }
        struct numu_name listed;
        hit.name = entry->first_name;
        numu_screen_name_words(screen, hit.name, &listed);
        hit.parts = numu_name_compare(name, &listed, entry->party);
        qualify(screen, query, &hit);
        keep_hit(best, count, &hit);
    }
}

static numu_status ask_one(const struct asking *asking, struct numu_screen_asker *asker,
                           size_t index, struct numu_buffer *out) {
    const struct numu_screen_query *query = &asking->queries[index];
    struct numu_screen_hit best[NUMU_SCREEN_HITS_MAX];
    const uint32_t *names;
    size_t name_count, count = 0;
    struct numu_name name;
    struct numu_screen_query coded = *query;
    NUMU_TRY(numu_screen_gather(asking->screen, asker, query, &name, &names, &name_count));
    if (query->country.length > 0) {
        NUMU_TRY(numu_countries_find(&asking->screen->countries, asker->latin, query->country,
                                     asker->arena.heap, &coded.country));
        coded.country = coded.country.length > 0 ? coded.country : query->country;
    }
    for (size_t i = 0; i < name_count; i++) {
        struct numu_name listed;
        struct numu_screen_hit hit = {.query = (uint32_t)index, .name = names[i]};
        hit.entry = numu_screen_names(asking->screen)[names[i]].entry;
        numu_screen_name_words(asking->screen, names[i], &listed);
        numu_party party = query->party;
        if (party == NUMU_PARTY_ANY) {
            size_t entry_count;
            party = numu_screen_entries(asking->screen, &entry_count)[hit.entry].party;
        }
        struct numu_screen_likeness likeness = {
            asking->screen, asker, numu_screen_names(asking->screen)[names[i]].first_word};
        hit.parts =
            numu_name_compare_known(&name, &listed, party, numu_screen_likeness_of, &likeness);
        qualify(asking->screen, &coded, &hit);
        if (hit.score >= asking->threshold) {
            keep_hit(best, &count, &hit);
        }
    }
    ask_identifier(asking, &coded, index, &name, best, &count);
    return numu_buffer_append(out, best, count * sizeof *best);
}

static numu_status ask_some(void *data, size_t index, unsigned worker) {
    const struct asking *asking = data;
    size_t end = (index + 1) * TASK_QUERIES;
    end = end < asking->count ? end : asking->count;
    for (size_t i = index * TASK_QUERIES; i < end; i++) {
        NUMU_TRY(ask_one(asking, &asking->askers[worker], i, &asking->found[index]));
    }
    return NUMU_OK;
}

static numu_status collect(const struct asking *asking, size_t tasks, struct numu_arena *arena,
                           struct numu_screen_hit **out, size_t *out_count) {
    size_t bytes = 0;
    for (size_t i = 0; i < tasks; i++) {
        bytes += asking->found[i].length;
    }
    struct numu_screen_hit *hits;
    NUMU_TRY(NUMU_TAKE(arena, &hits, bytes / sizeof *hits));
    char *to = (char *)hits;
    for (size_t i = 0; i < tasks; i++) {
        if (asking->found[i].length > 0) {
            memcpy(to, asking->found[i].data, asking->found[i].length);
            to += asking->found[i].length;
        }
    }
    *out = hits;
    *out_count = bytes / sizeof *hits;
    return NUMU_OK;
}

numu_status numu_screen_ask(const struct numu_context *context, const struct numu_screen *screen,
                            const struct numu_screen_query *queries, size_t count, double threshold,
                            struct numu_arena *arena, struct numu_screen_hit **out,
                            size_t *out_count) {
    struct numu_arena scratch;
    struct asking asking = {screen, queries, count, threshold, NULL, NULL};
    size_t tasks = (count + TASK_QUERIES - 1) / TASK_QUERIES;
    unsigned workers = numu_context_threads(context);
    numu_arena_init(&scratch, context->heap);
    numu_status status = NUMU_TAKE(&scratch, &asking.askers, workers);
    if (status == NUMU_OK) {
        status = NUMU_TAKE(&scratch, &asking.found, tasks);
    }
    for (size_t i = 0; status == NUMU_OK && i < tasks; i++) {
        numu_buffer_init(&asking.found[i], context->heap, 0);
    }
    for (unsigned w = 0; status == NUMU_OK && w < workers; w++) {
        status = numu_screen_asker_init(screen, &asking.askers[w], context->heap);
    }
    if (status == NUMU_OK) {
        status = numu_parallel_for(context, tasks, ask_some, &asking);
    }
    if (status == NUMU_OK) {
        status = collect(&asking, tasks, arena, out, out_count);
    }
    for (size_t i = 0; asking.found != NULL && i < tasks; i++) {
        numu_buffer_release(&asking.found[i]);
    }
    for (unsigned w = 0; asking.askers != NULL && w < workers; w++) {
        numu_screen_asker_release(&asking.askers[w]);
    }
    numu_arena_release(&scratch);
    return status;
}
