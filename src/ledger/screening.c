/*
 * screening.c - see screening.h.
 */
#include "ledger/screening.h"

#include <string.h>

static const struct numu_text nothing = {NULL, 0};

static void read_value(struct numu_text value, struct numu_screening *out) {
    out->is_clear = numu_text_is(numu_field_next(&value), "clear");
    out->sequence = numu_field_number(numu_field_next(&value));
}

numu_status numu_screening_get(struct numu_state *state, struct numu_text site,
                               struct numu_text subject, struct numu_text list,
                               struct numu_text entry, struct numu_screening *out) {
    struct numu_screening row = {.site = site, .subject = subject, .list = list, .entry = entry};
    struct numu_text value;
    NUMU_TRY(NUMU_STATE_KEY(state, 'n', site, subject, list, entry));
    NUMU_TRY(numu_state_get(state, &value));
    read_value(value, &row);
    *out = row;
    return NUMU_OK;
}

/* --- lists of rows --- */

struct rows {
    struct numu_arena *arena;
    struct numu_buffer list;
};

/* Visits rows that begin as the key made last does; what a visit gathered is moved to the arena. */
static numu_status gather(struct numu_state *state, struct rows *rows, numu_entry_visit visit,
                          size_t size, void *out_list, size_t *out_count) {
    struct numu_text prefix;
    void *copy;
    struct numu_text key = {state->key.data, state->key.length};
    numu_buffer_init(&rows->list, rows->arena->heap, 0);
    numu_status status = numu_text_copy(rows->arena, key, &prefix);
    if (status == NUMU_OK) {
        status = state->store.port->scan(state->store.self, NUMU_SPACE_STATE, prefix, visit, rows);
    }
    if (status == NUMU_OK) {
        status = numu_arena_take(rows->arena, rows->list.length + 1, 1, &copy);
    }
    if (status == NUMU_OK) {
        if (rows->list.length > 0) {
            memcpy(copy, rows->list.data, rows->list.length);
        }
        *(void **)out_list = copy;
        *out_count = rows->list.length / size;
    }
    numu_buffer_release(&rows->list);
    return status;
}

static numu_status visit_decision(void *data, struct numu_text key, struct numu_text value) {
    struct rows *rows = data;
    struct numu_screening row;
    struct numu_text copy;
    NUMU_TRY(numu_text_copy(rows->arena, key, &copy));
    (void)numu_field_next(&copy);
    row.site = numu_field_next(&copy);
    row.subject = numu_field_next(&copy);
    row.list = numu_field_next(&copy);
    row.entry = numu_field_next(&copy);
    read_value(value, &row);
    return numu_buffer_append(&rows->list, &row, sizeof row);
}

numu_status numu_screenings_list(struct numu_state *state, struct numu_arena *arena,
                                 struct numu_text site, struct numu_text subject,
                                 struct numu_screening **out, size_t *out_count) {
    struct rows rows = {.arena = arena};
    if (subject.length == 0) {
        NUMU_TRY(NUMU_STATE_KEY(state, 'n', site, nothing));
    } else {
        NUMU_TRY(NUMU_STATE_KEY(state, 'n', site, subject, nothing));
    }
    return gather(state, &rows, visit_decision, sizeof **out, out, out_count);
}

static numu_status visit_source(void *data, struct numu_text key, struct numu_text value) {
    struct rows *rows = data;
    struct numu_screening_source row;
    (void)numu_field_next(&key);
    (void)numu_field_next(&key);
    NUMU_TRY(numu_text_copy(rows->arena, numu_field_next(&key), &row.id));
    NUMU_TRY(numu_text_copy(rows->arena, numu_field_next(&value), &row.list));
    NUMU_TRY(numu_text_copy(rows->arena, numu_field_next(&value), &row.version));
    return numu_buffer_append(&rows->list, &row, sizeof row);
}

numu_status numu_screening_sources_list(struct numu_state *state, struct numu_arena *arena,
                                        struct numu_text site, struct numu_screening_source **out,
                                        size_t *out_count) {
    struct rows rows = {.arena = arena};
    NUMU_TRY(NUMU_STATE_KEY(state, 'l', site, nothing));
    return gather(state, &rows, visit_source, sizeof **out, out, out_count);
}

/* --- judging --- */

/* [D1] */
static bool is_clear_of(const struct numu_screening *rows, size_t count, struct numu_text list) {
    bool is_clear = false;
    for (size_t i = 0; i < count; i++) {
        if (!numu_text_is_equal(rows[i].list, list)) {
            continue;
        }
        if (rows[i].entry.length == 0) {
            is_clear = rows[i].is_clear;
        } else if (!rows[i].is_clear) {
            return false;
        }
    }
    return is_clear;
}

/* The edition of the last decision about the subject as a whole; empty: nobody decided. */
static struct numu_text last_edition(const struct numu_screening *rows, size_t count) {
    struct numu_text list = nothing;
    int64_t last = -1;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].entry.length == 0 && rows[i].sequence > last) {
            last = rows[i].sequence;
            list = rows[i].list;
        }
    }
    return list;
}

numu_status numu_screening_is_clear(struct numu_state *state, struct numu_arena *arena,
                                    struct numu_text site, struct numu_text subject, bool *out,
                                    struct numu_text *out_open, struct numu_texts *out_editions) {
    struct numu_screening *rows;
    struct numu_screening_source *sources;
    struct numu_text *editions;
    size_t row_count;
    size_t source_count;
    *out_open = nothing;
    NUMU_TRY(numu_screenings_list(state, arena, site, subject, &rows, &row_count));
    NUMU_TRY(numu_screening_sources_list(state, arena, site, &sources, &source_count));
    NUMU_TRY(NUMU_TAKE(arena, &editions, source_count + 1));
    if (source_count == 0) {
        editions[0] = last_edition(rows, row_count);
        *out = editions[0].length > 0 && is_clear_of(rows, row_count, editions[0]);
        *out_editions = (struct numu_texts){editions, editions[0].length > 0};
        return NUMU_OK;
    }
    *out = true;
    for (size_t i = source_count; i-- > 0;) {
        editions[i] = sources[i].list;
        if (!is_clear_of(rows, row_count, sources[i].list)) {
            *out = false;
            *out_open = sources[i].id;
        }
    }
    *out_editions = (struct numu_texts){editions, source_count};
    return NUMU_OK;
}
