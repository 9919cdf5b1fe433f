/*
 * trace.c - the life of a serial or lot, and of what it was made of or went into.
 *
 * Things and events are numbered as they are found: a thing leads to its events by the rows `s`
 * and `h` of the state, and an event that makes leads from its consumed lines to its produced ones.
 * Each thing is looked at once, and each event is read and followed once, whatever number of things
 * it is about. What led where is kept as a genealogy (genealogy.h), things and events its nodes, so
 * that circles, which no honest history has, are found.
 */
#include "ledger/query.h"

#include "ledger/genealogy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct thing {
    struct numu_text item, object;
    unsigned depth;
    numu_node node;
};

/* An event of a thing, and, once it was read, what steps need of it. */
struct happening {
    struct numu_trace_step step; /* of any thing: without item, accounts and quantity */
    const struct numu_event_line *lines;
    size_t line_count;
    numu_node node;
    bool is_read;
    bool makes;
    bool is_followed;
};

struct tracing {
    struct numu_ledger *ledger;
    struct numu_arena *arena;
    const struct numu_trace_options *options;
    struct numu_dictionary seen; /* "item object" to a number in `things` */
    struct numu_dictionary met;  /* "site sequence" to a number in `happenings` */
    struct numu_buffer things;   /* of struct thing, in the order in which they are looked at */
    struct numu_buffer happenings;
    struct numu_buffer steps; /* of struct numu_trace_step */
    struct numu_buffer at;    /* of size_t: events of the thing being looked at */
    struct numu_genealogy genealogy;
    numu_node nodes;
    bool is_cut;
};

static struct thing *things_of(const struct tracing *tracing) {
    return (void *)tracing->things.data;
}

static struct happening *happenings_of(const struct tracing *tracing) {
    return (void *)tracing->happenings.data;
}

/* What a dictionary keeps for a name: the number given to it. */
static numu_status put_number(struct numu_dictionary *dictionary, struct numu_text key,
                              size_t number) {
    struct numu_text text;
    NUMU_TRY(numu_text_printf(dictionary->arena, &text, "%zu", number));
    return numu_dictionary_put(dictionary, key, text, NULL);
}

/* The number of a thing, which is looked at later if it is new; SIZE_MAX for none. */
static numu_status enter(struct tracing *tracing, struct numu_text item, struct numu_text object,
                         unsigned depth, size_t *out) {
    struct numu_text key;
    struct numu_arena_mark mark = numu_arena_mark(tracing->arena);
    *out = SIZE_MAX;
    if (object.length == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_printf(tracing->arena, &key, "%.*s\t%.*s", (int)item.length, item.data,
                              (int)object.length, object.data));
    const struct numu_entry *entry = numu_dictionary_find(&tracing->seen, key);
    if (entry != NULL) {
        *out = (size_t)numu_field_number(entry->value);
        numu_arena_rewind(tracing->arena, mark);
        return NUMU_OK;
    }
    struct thing thing = {{key.data, item.length},
                          {key.data + item.length + 1, object.length},
                          depth,
                          tracing->nodes++};
    *out = tracing->things.length / sizeof thing;
    NUMU_TRY(put_number(&tracing->seen, key, *out));
    return numu_buffer_append(&tracing->things, &thing, sizeof thing);
}

/* --- events --- */

/* Lines as they stand in the record, copied with their texts. */
static numu_status copy_lines(struct numu_arena *arena, const struct numu_event *event,
                              struct happening *out) {
    struct numu_event_line *lines;
    NUMU_TRY(NUMU_TAKE(arena, &lines, event->line_count));
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        struct numu_text *serials;
        lines[i] = *line;
        NUMU_TRY(NUMU_TAKE(arena, &serials, line->serials.count));
        NUMU_TRY(numu_text_copy(arena, line->item, &lines[i].item));
        NUMU_TRY(numu_text_copy(arena, line->lot, &lines[i].lot));
        NUMU_TRY(numu_text_copy(arena, line->from, &lines[i].from));
        NUMU_TRY(numu_text_copy(arena, line->to, &lines[i].to));
        for (size_t j = 0; j < line->serials.count; j++) {
            NUMU_TRY(numu_text_copy(arena, line->serials.list[j], &serials[j]));
        }
        lines[i].serials = (struct numu_texts){serials, line->serials.count};
    }
    out->lines = lines;
    out->line_count = event->line_count;
    return NUMU_OK;
}

/* Reads an event; at an approval, the lines of what it approves, which have effect there. */
static numu_status read_event(struct tracing *tracing, struct happening *out) {
    struct numu_ledger *ledger = tracing->ledger;
    struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
    struct numu_trace_step *step = &out->step;
    struct numu_record record;
    struct numu_record proposal;
    bool is_approval;
    uint32_t log;
    NUMU_TRY(numu_ledger_log(ledger, step->site, &log));
    NUMU_TRY(numu_ledger_read(ledger, &ledger->scratch, log, step->sequence, &record, &step->leaf));
    NUMU_TRY(
        numu_ledger_read_proposal(ledger, &ledger->scratch, log, &record, &proposal, &is_approval));
    const struct numu_event *event = is_approval ? &proposal.event : &record.event;
    step->time = record.event.time;
    step->type = event->type;
    out->is_read = true;
    out->makes = (numu_event_kinds[event->type].flags & NUMU_TYPE_MAKES) != 0;
    NUMU_TRY(numu_text_copy(tracing->arena, record.event.by, &step->by));
    NUMU_TRY(copy_lines(tracing->arena, event, out));
    numu_arena_rewind(&ledger->scratch, mark);
    return NUMU_OK;
}

/* The number of an event, which is read when it is looked at. */
static numu_status find_event(struct tracing *tracing, struct numu_text site, int64_t sequence,
                              size_t *out) {
    struct numu_text key;
    struct numu_arena_mark mark = numu_arena_mark(tracing->arena);
    NUMU_TRY(numu_text_printf(tracing->arena, &key, "%.*s\t%" PRId64, (int)site.length, site.data,
                              sequence));
    const struct numu_entry *entry = numu_dictionary_find(&tracing->met, key);
    if (entry != NULL) {
        *out = (size_t)numu_field_number(entry->value);
        numu_arena_rewind(tracing->arena, mark);
        return NUMU_OK;
    }
    struct happening happening = {.step = {.site = {key.data, site.length}, .sequence = sequence},
                                  .node = tracing->nodes++};
    *out = tracing->happenings.length / sizeof happening;
    NUMU_TRY(put_number(&tracing->met, key, *out));
    return numu_buffer_append(&tracing->happenings, &happening, sizeof happening);
}

/* --- from things to things --- */

/* A thing that an event used, or made: its edge, and it is looked at in its turn. */
static numu_status link(struct tracing *tracing, const struct happening *happening,
                        struct numu_text item, struct numu_text object, unsigned depth) {
    size_t number;
    NUMU_TRY(enter(tracing, item, object, depth, &number));
    if (number == SIZE_MAX) {
        return NUMU_OK;
    }
    numu_node node = things_of(tracing)[number].node;
    return tracing->options->is_forward
               ? numu_genealogy_add(&tracing->genealogy, happening->node, node)
               : numu_genealogy_add(&tracing->genealogy, node, happening->node);
}

/* Enters what the other side holds: inputs of what was made, outputs of what was used. */
static numu_status follow_lines(struct tracing *tracing, const struct happening *happening,
                                unsigned depth) {
    for (size_t i = 0; i < happening->line_count; i++) {
        const struct numu_event_line *line = &happening->lines[i];
        bool is_other = tracing->options->is_forward ? numu_text_is(line->from, "produced")
                                                     : numu_text_is(line->to, "consumed");
        for (size_t j = 0; is_other && j < line->serials.count; j++) {
            NUMU_TRY(link(tracing, happening, line->item, line->serials.list[j], depth));
        }
        if (is_other) {
            NUMU_TRY(link(tracing, happening, line->item, line->lot, depth));
        }
    }
    return NUMU_OK;
}

/* Follows an event from a thing in this line of it; the other side is the same for all of them. */
static numu_status follow(struct tracing *tracing, size_t event, const struct thing *thing,
                          const struct numu_event_line *line) {
    struct happening happening = happenings_of(tracing)[event];
    bool forward = tracing->options->is_forward;
    bool leads =
        forward ? numu_text_is(line->to, "consumed") : numu_text_is(line->from, "produced");
    if (!happening.makes || !leads) {
        return NUMU_OK;
    }
    NUMU_TRY(forward ? numu_genealogy_add(&tracing->genealogy, thing->node, happening.node)
                     : numu_genealogy_add(&tracing->genealogy, happening.node, thing->node));
    if (happening.is_followed) {
        return NUMU_OK;
    }
    happenings_of(tracing)[event].is_followed = true;
    return follow_lines(tracing, &happening, thing->depth + 1);
}

/* --- steps --- */

static bool line_has(const struct numu_event_line *line, const struct thing *thing) {
    if (!numu_text_is_equal(line->item, thing->item)) {
        return false;
    }
    for (size_t i = 0; i < line->serials.count; i++) {
        if (numu_text_is_equal(line->serials.list[i], thing->object)) {
            return true;
        }
    }
    return line->lot.length > 0 && numu_text_is_equal(line->lot, thing->object);
}

static numu_status add_event(struct tracing *tracing, size_t event, const struct thing *thing) {
    if (!happenings_of(tracing)[event].is_read) {
        NUMU_TRY(read_event(tracing, &happenings_of(tracing)[event]));
    }
    struct happening happening = happenings_of(tracing)[event];
    struct numu_trace_step step = happening.step;
    bool has_line = false;
    step.item = thing->item;
    step.object = thing->object;
    step.depth = thing->depth;
    for (size_t i = 0; i < happening.line_count; i++) {
        const struct numu_event_line *line = &happening.lines[i];
        if (line_has(line, thing)) {
            step.from = line->from;
            step.to = line->to;
            step.quantity = line->serials.count > 0 ? NUMU_QUANTITY_ONE : line->quantity;
            has_line = true;
            NUMU_TRY(numu_buffer_append(&tracing->steps, &step, sizeof step));
            NUMU_TRY(follow(tracing, event, thing, line));
        }
    }
    /* closing of counts and packs name things without lines of their own */
    return has_line ? NUMU_OK : numu_buffer_append(&tracing->steps, &step, sizeof step);
}

static numu_status visit_history(void *data, struct numu_text site, int64_t sequence) {
    struct tracing *tracing = data;
    size_t event;
    NUMU_TRY(find_event(tracing, site, sequence, &event));
    return numu_buffer_append(&tracing->at, &event, sizeof event);
}

static int compare_steps(const void *a, const void *b) {
    const struct numu_trace_step *of_a = a;
    const struct numu_trace_step *of_b = b;
    if (of_a->time != of_b->time) {
        return of_a->time < of_b->time ? -1 : 1;
    }
    int order = numu_text_compare(of_a->site, of_b->site);
    return order != 0 ? order
                      : (of_a->sequence > of_b->sequence) - (of_a->sequence < of_b->sequence);
}

static numu_status add_thing(struct tracing *tracing, const struct thing *thing) {
    struct numu_state *state = &tracing->ledger->state;
    size_t before = tracing->steps.length / sizeof(struct numu_trace_step);
    numu_buffer_clear(&tracing->at);
    NUMU_TRY(numu_history_scan(state, thing->item, thing->object, visit_history, tracing));
    size_t count = tracing->at.length / sizeof(size_t);
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(add_event(tracing, ((const size_t *)(const void *)tracing->at.data)[i], thing));
    }
    struct numu_trace_step *steps = (void *)tracing->steps.data;
    size_t after = tracing->steps.length / sizeof *steps;
    if (after > before) { /* sites one after another become one life, by the time of the facts */
        qsort(steps + before, after - before, sizeof *steps, compare_steps);
    }
    return NUMU_OK;
}

static numu_status trace_all(struct tracing *tracing, struct numu_text item,
                             struct numu_text object) {
    size_t first;
    if (item.length == 0) {
        NUMU_TRY(numu_history_find(&tracing->ledger->state, tracing->arena, object, &item));
    }
    NUMU_TRY(enter(tracing, item, object, 0, &first));
    for (size_t next = 0; next < tracing->things.length / sizeof(struct thing); next++) {
        struct thing thing = things_of(tracing)[next];
        if (tracing->options->steps_max > 0 &&
            tracing->steps.length / sizeof(struct numu_trace_step) >= tracing->options->steps_max) {
            tracing->is_cut = true;
            break;
        }
        NUMU_TRY(add_thing(tracing, &thing));
    }
    return tracing->steps.length == 0 ? NUMU_NOT_FOUND : NUMU_OK;
}

/* --- circles --- */

/* Which thing has a node; NULL for an event's. Things are numbered in the order of their nodes. */
static const struct thing *thing_of(const struct tracing *tracing, numu_node node) {
    const struct thing *things = things_of(tracing);
    size_t low = 0;
    for (size_t high = tracing->things.length / sizeof *things; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (things[middle].node < node) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_thing = low < tracing->things.length / sizeof *things && things[low].node == node;
    return is_thing ? &things[low] : NULL;
}

/* The things of a circle, each made of the next, the last of the first. */
static numu_status find_circle(struct tracing *tracing, struct numu_trace *out) {
    const numu_node *nodes;
    size_t count;
    NUMU_TRY(numu_genealogy_circle(&tracing->genealogy, &nodes, &count));
    NUMU_TRY(NUMU_TAKE(tracing->arena, &out->circle, count));
    for (size_t i = 0; i < count; i++) {
        const struct thing *thing = thing_of(tracing, nodes[i]);
        if (thing != NULL) {
            out->circle[out->circle_count++] =
                (struct numu_traced_thing){thing->item, thing->object};
        }
    }
    return NUMU_OK;
}

static numu_status keep(struct tracing *tracing, struct numu_trace *out) {
    struct numu_trace trace = {.is_complete = !tracing->is_cut};
    trace.step_count = tracing->steps.length / sizeof *trace.steps;
    NUMU_TRY(NUMU_TAKE(tracing->arena, &trace.steps, trace.step_count));
    memcpy(trace.steps, tracing->steps.data, tracing->steps.length);
    NUMU_TRY(find_circle(tracing, &trace));
    *out = trace;
    return NUMU_OK;
}

numu_status numu_trace_list(struct numu_ledger *ledger, struct numu_arena *arena,
                            struct numu_text item, struct numu_text object,
                            const struct numu_trace_options *options, struct numu_trace *out) {
    struct tracing tracing = {.ledger = ledger, .arena = arena, .options = options};
    struct numu_buffer *buffers[] = {&tracing.things, &tracing.happenings, &tracing.steps,
                                     &tracing.at};
    numu_dictionary_init(&tracing.seen, arena);
    numu_dictionary_init(&tracing.met, arena);
    numu_genealogy_init(&tracing.genealogy, arena->heap);
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        numu_buffer_init(buffers[i], arena->heap, 0);
    }
    numu_status status = trace_all(&tracing, item, object);
    if (status == NUMU_OK) {
        status = keep(&tracing, out);
    }
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        numu_buffer_release(buffers[i]);
    }
    numu_genealogy_release(&tracing.genealogy);
    return status;
}
