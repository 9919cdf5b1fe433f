/*
 * count_cut.c - see count_cut.h.
 */
#include "ledger/count_cut.h"

#include "base/map.h"
#include "ledger/tile.h"

#include <inttypes.h>
#include <string.h>

/* What stands around the lines: the writer's members, and a signature. */
enum { WRAPPER_BYTES = 2048, LINE_BYTES = 128 };

/* An item at an account: its total, and where its serials begin in the list of all. */
struct group {
    struct numu_text account, item;
    struct numu_text from, lot; /* which serials may not have: the door says so */
    numu_quantity total;
    bool has_serials; /* the item has */
    size_t first, count;
};

struct cutting {
    struct numu_state *state;
    struct numu_text site;
    const struct numu_event *draft;
    struct numu_arena *arena;
    struct numu_text *keys; /* account and item of each group */
    struct group *groups;
    size_t group_count;
    size_t *group_of; /* by line of the draft */
    struct numu_text *serials;
    struct numu_buffer sheets; /* of struct numu_event */
    struct numu_buffer lines;  /* of the sheet being filled */
    size_t bytes;              /* of its lines */
    size_t bytes_max;
};

static size_t canonical_bytes(struct numu_text text) {
    size_t bytes = text.length + 3; /* quotes, a comma */
    for (size_t i = 0; i < text.length; i++) {
        bytes += text.data[i] == '"' || text.data[i] == '\\';
    }
    return bytes;
}

/* --- groups --- */

static numu_status open_group(struct cutting *cutting, const struct numu_event_line *line) {
    struct numu_item item = {.control = {NULL, 0}};
    struct group *group = &cutting->groups[cutting->group_count];
    numu_status status =
        numu_item_get(cutting->state, cutting->arena, cutting->site, line->item, &item);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    *group = (struct group){.account = line->to,
                            .item = line->item,
                            .has_serials = numu_text_is(item.control, "serial")};
    cutting->group_count++;
    return NUMU_OK;
}

/* Finds the group of each line, and how many serials it has. */
static numu_status group_lines(struct cutting *cutting) {
    const struct numu_event *draft = cutting->draft;
    struct numu_map map;
    NUMU_TRY(NUMU_TAKE(cutting->arena, &cutting->keys, draft->line_count));
    NUMU_TRY(NUMU_TAKE(cutting->arena, &cutting->groups, draft->line_count));
    NUMU_TRY(NUMU_TAKE(cutting->arena, &cutting->group_of, draft->line_count));
    NUMU_TRY(numu_map_init(&map, cutting->arena, cutting->keys, draft->line_count));
    for (size_t i = 0; i < draft->line_count; i++) {
        const struct numu_event_line *line = &draft->lines[i];
        struct numu_arena_mark mark = numu_arena_mark(cutting->arena);
        size_t next = cutting->group_count;
        NUMU_TRY(numu_text_printf(cutting->arena, &cutting->keys[next], "%.*s\t%.*s",
                                  (int)line->to.length, line->to.data, (int)line->item.length,
                                  line->item.data));
        numu_row known = numu_map_add(&map, (numu_row)next);
        if (known == NUMU_NONE) {
            NUMU_TRY(open_group(cutting, line));
        } else {
            numu_arena_rewind(cutting->arena, mark);
        }
        cutting->group_of[i] = known == NUMU_NONE ? next : known;
        struct group *group = &cutting->groups[cutting->group_of[i]];
        group->count += line->serials.count;
        if (line->serials.count > 0) {
            group->from = line->from.length > 0 ? line->from : group->from;
            group->lot = line->lot.length > 0 ? line->lot : group->lot;
        }
        NUMU_TRY(numu_add(group->total, line->quantity, &group->total));
    }
    return NUMU_OK;
}

/* All serials, those of a group together. */
static numu_status gather_serials(struct cutting *cutting) {
    const struct numu_event *draft = cutting->draft;
    size_t total = 0;
    for (size_t i = 0; i < cutting->group_count; i++) {
        cutting->groups[i].first = total;
        total += cutting->groups[i].count;
        cutting->groups[i].count = 0;
    }
    NUMU_TRY(NUMU_TAKE(cutting->arena, &cutting->serials, total));
    for (size_t i = 0; i < draft->line_count; i++) {
        const struct numu_texts *serials = &draft->lines[i].serials;
        struct group *group = &cutting->groups[cutting->group_of[i]];
        if (serials->count > 0) {
            memcpy(cutting->serials + group->first + group->count, serials->list,
                   serials->count * sizeof *serials->list);
        }
        group->count += serials->count;
    }
    return NUMU_OK;
}

/* --- sheets --- */

/* What a sheet has of its count, beside lines. */
static struct numu_event empty_sheet(const struct numu_event *draft) {
    return (struct numu_event){.type = NUMU_EVENT_sheet,
                               .version = draft->version,
                               .time = draft->time,
                               .ledger = draft->ledger,
                               .by = draft->by,
                               .second = draft->second,
                               .count = draft->key,
                               .against = draft->against};
}

/* Ends the sheet being filled, if anything stands on it. */
static numu_status end_sheet(struct cutting *cutting) {
    struct numu_event sheet = empty_sheet(cutting->draft);
    struct numu_event_line *lines;
    size_t count = cutting->lines.length / sizeof *lines;
    if (count == 0) {
        return NUMU_OK;
    }
    size_t number = cutting->sheets.length / sizeof sheet + 1;
    if (number > NUMU_COUNT_SHEETS_MAX) {
        return NUMU_LIMIT;
    }
    NUMU_TRY(numu_text_printf(cutting->arena, &sheet.key, "%.*s/%zu", (int)sheet.count.length,
                              sheet.count.data, number));
    NUMU_TRY(NUMU_TAKE(cutting->arena, &lines, count));
    memcpy(lines, cutting->lines.data, cutting->lines.length);
    sheet.lines = lines;
    sheet.line_count = count;
    numu_buffer_clear(&cutting->lines);
    cutting->bytes = 0;
    return numu_buffer_append(&cutting->sheets, &sheet, sizeof sheet);
}

/* Room for a line of so many bytes beside its serials: a new sheet where this one is full. */
static numu_status make_room(struct cutting *cutting, size_t bytes) {
    size_t count = cutting->lines.length / sizeof(struct numu_event_line);
    if (cutting->bytes + bytes > cutting->bytes_max || count == NUMU_EVENT_LINES_MAX) {
        NUMU_TRY(end_sheet(cutting));
    }
    cutting->bytes += bytes;
    return NUMU_OK;
}

static size_t line_bytes(const struct numu_event_line *line) {
    return LINE_BYTES + canonical_bytes(line->item) + canonical_bytes(line->to) +
           canonical_bytes(line->lot) + canonical_bytes(line->from);
}

static numu_status put_lots(struct cutting *cutting) {
    const struct numu_event *draft = cutting->draft;
    for (size_t i = 0; i < draft->line_count; i++) {
        const struct numu_event_line *line = &draft->lines[i];
        const struct group *group = &cutting->groups[cutting->group_of[i]];
        bool is_nothing = group->has_serials && line->quantity == 0; /* the total says it */
        if (line->serials.count == 0 && !is_nothing) {
            NUMU_TRY(make_room(cutting, line_bytes(line)));
            NUMU_TRY(numu_buffer_append(&cutting->lines, line, sizeof *line));
        }
    }
    return NUMU_OK;
}

/* As many of a group's serials from `at` on as the sheet takes, as one line. */
static numu_status put_serials(struct cutting *cutting, const struct group *group, size_t *at) {
    struct numu_event_line line = {.item = group->item,
                                   .lot = group->lot,
                                   .from = group->from,
                                   .to = group->account,
                                   .line = NUMU_NO_NUMBER};
    const struct numu_text *serials = cutting->serials + group->first + *at;
    NUMU_TRY(make_room(cutting, line_bytes(&line) + canonical_bytes(serials[0])));
    size_t taken = 1;
    while (*at + taken < group->count &&
           cutting->bytes + canonical_bytes(serials[taken]) <= cutting->bytes_max) {
        cutting->bytes += canonical_bytes(serials[taken]);
        taken++;
    }
    line.serials = (struct numu_texts){serials, taken};
    line.quantity = (int64_t)taken * NUMU_QUANTITY_ONE;
    *at += taken;
    return numu_buffer_append(&cutting->lines, &line, sizeof line);
}

static numu_status put_groups(struct cutting *cutting) {
    for (size_t i = 0; i < cutting->group_count; i++) {
        size_t at = 0;
        while (at < cutting->groups[i].count) {
            NUMU_TRY(put_serials(cutting, &cutting->groups[i], &at));
        }
    }
    NUMU_TRY(put_lots(cutting));
    return end_sheet(cutting);
}

/* --- all of it --- */

/* How long the lines of a sheet may be [K3]. */
static numu_status measure(struct cutting *cutting) {
    struct numu_event sheet = empty_sheet(cutting->draft);
    struct numu_buffer body;
    sheet.key = sheet.count;
    numu_buffer_init(&body, cutting->arena->heap, 0);
    numu_status status = numu_event_write_body(&sheet, cutting->arena, &body);
    size_t used = body.length + WRAPPER_BYTES;
    numu_buffer_release(&body);
    cutting->bytes_max = NUMU_ENTRY_BYTES_MAX - used;
    return status == NUMU_OK && used > NUMU_ENTRY_BYTES_MAX / 2 ? NUMU_LIMIT : status;
}

static numu_status make_totals(struct cutting *cutting, struct numu_event *out) {
    struct numu_event_line *lines;
    if (cutting->group_count > NUMU_EVENT_LINES_MAX) {
        return NUMU_LIMIT;
    }
    NUMU_TRY(NUMU_TAKE(cutting->arena, &lines, cutting->group_count));
    for (size_t i = 0; i < cutting->group_count; i++) {
        const struct group *group = &cutting->groups[i];
        lines[i] = (struct numu_event_line){.item = group->item,
                                            .to = group->account,
                                            .quantity = group->total,
                                            .line = NUMU_NO_NUMBER};
    }
    *out = *cutting->draft;
    out->lines = lines;
    out->line_count = cutting->group_count;
    return NUMU_OK;
}

static numu_status cut(struct cutting *cutting, struct numu_cut_count *out) {
    NUMU_TRY(measure(cutting));
    NUMU_TRY(group_lines(cutting));
    NUMU_TRY(gather_serials(cutting));
    NUMU_TRY(put_groups(cutting));
    return make_totals(cutting, &out->count);
}

numu_status numu_count_cut(struct numu_state *state, struct numu_text site,
                           const struct numu_event *draft, struct numu_arena *arena,
                           struct numu_cut_count *out) {
    struct cutting cutting = {.state = state, .site = site, .draft = draft, .arena = arena};
    numu_buffer_init(&cutting.sheets, arena->heap, 0);
    numu_buffer_init(&cutting.lines, arena->heap, 0);
    numu_status status = cut(&cutting, out);
    numu_buffer_release(&cutting.lines);
    return NUMU_MOVE(&cutting.sheets, status, arena, &out->sheets, &out->sheet_count);
}
