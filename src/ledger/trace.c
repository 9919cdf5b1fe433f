/*
 * trace.c - the life of a serial or lot, and of what it was made of or went into.
 *
 * Things and events are the nodes: an event that makes has its consumed lines as inputs and its
 * produced lines as outputs. The rows `s` and `h` of the state lead from a thing to its events;
 * those say the rest. Each thing is entered once, so that a cycle of corrections ends.
 */
#include "ledger/query.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct thing {
    struct numu_text item, object;
    unsigned depth;
};

struct tracing {
    struct numu_ledger *ledger;
    struct numu_arena *arena;
    const struct numu_trace_options *options;
    struct numu_dictionary seen;
    struct numu_buffer queue; /* of struct thing */
    struct numu_buffer steps; /* of struct numu_trace_step */
    struct numu_buffer at;    /* of struct place: events of the thing being looked at */
    bool is_cut;
};

struct place {
    struct numu_text site;
    int64_t sequence;
};

static numu_status enter(struct tracing *tracing, struct numu_text item, struct numu_text object,
                         unsigned depth) {
    struct numu_text key;
    struct thing thing = {.depth = depth};
    NUMU_TRY(numu_text_printf(tracing->arena, &key, "%.*s\t%.*s", (int)item.length, item.data,
                              (int)object.length, object.data));
    if (object.length == 0 || numu_dictionary_find(&tracing->seen, key) != NULL) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_dictionary_put(&tracing->seen, key, NUMU_TEXT(""), NULL));
    thing.item = (struct numu_text){key.data, item.length};
    thing.object = (struct numu_text){key.data + item.length + 1, object.length};
    return numu_buffer_append(&tracing->queue, &thing, sizeof thing);
}

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

/* Queues what the event's other side holds: inputs of what was made, outputs of what was used. */
static numu_status follow(struct tracing *tracing, const struct numu_event *event,
                          const struct thing *thing, const struct numu_event_line *line) {
    bool is_made = numu_text_is(line->from, "produced");
    bool is_used = numu_text_is(line->to, "consumed");
    bool forward = tracing->options->is_forward;
    if ((numu_event_kinds[event->type].flags & NUMU_TYPE_MAKES) == 0 ||
        (forward ? !is_used : !is_made)) {
        return NUMU_OK;
    }
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *other = &event->lines[i];
        bool is_other =
            forward ? numu_text_is(other->from, "produced") : numu_text_is(other->to, "consumed");
        for (size_t j = 0; is_other && j < other->serials.count; j++) {
            NUMU_TRY(enter(tracing, other->item, other->serials.list[j], thing->depth + 1));
        }
        if (is_other) {
            NUMU_TRY(enter(tracing, other->item, other->lot, thing->depth + 1));
        }
    }
    return NUMU_OK;
}

/* An approved proposal has effect at its approval: its lines are looked at there. */
static numu_status lines_of(struct tracing *tracing, uint32_t log, struct numu_record *record) {
    struct numu_record proposal;
    bool is_approval;
    NUMU_TRY(numu_ledger_read_proposal(tracing->ledger, tracing->arena, log, record, &proposal,
                                       &is_approval));
    if (!is_approval) {
        return NUMU_OK;
    }
    record->event.type = proposal.event.type;
    record->event.lines = proposal.event.lines;
    record->event.line_count = proposal.event.line_count;
    return NUMU_OK;
}

static numu_status add_event(struct tracing *tracing, const struct place *place,
                             const struct thing *thing) {
    uint32_t log;
    struct numu_record record;
    struct numu_trace_step step = {.site = place->site,
                                   .sequence = place->sequence,
                                   .item = thing->item,
                                   .object = thing->object,
                                   .depth = thing->depth};
    NUMU_TRY(numu_ledger_log(tracing->ledger, place->site, &log));
    NUMU_TRY(numu_ledger_read(tracing->ledger, tracing->arena, log, place->sequence, &record,
                              &step.leaf));
    step.time = record.event.time;
    step.by = record.event.by;
    NUMU_TRY(lines_of(tracing, log, &record));
    step.type = record.event.type;
    bool has_line = false;
    for (size_t i = 0; i < record.event.line_count; i++) {
        const struct numu_event_line *line = &record.event.lines[i];
        if (line_has(line, thing)) {
            step.from = line->from;
            step.to = line->to;
            step.quantity = line->serials.count > 0 ? NUMU_QUANTITY_ONE : line->quantity;
            has_line = true;
            NUMU_TRY(numu_buffer_append(&tracing->steps, &step, sizeof step));
            NUMU_TRY(follow(tracing, &record.event, thing, line));
        }
    }
    /* closing of counts and packs name things without lines of their own */
    return has_line ? NUMU_OK : numu_buffer_append(&tracing->steps, &step, sizeof step);
}

static numu_status visit_history(void *data, struct numu_text site, int64_t sequence) {
    struct tracing *tracing = data;
    struct place place = {.sequence = sequence};
    NUMU_TRY(numu_text_copy(tracing->arena, site, &place.site));
    return numu_buffer_append(&tracing->at, &place, sizeof place);
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
    size_t count = tracing->at.length / sizeof(struct place);
    for (size_t i = 0; i < count; i++) {
        struct place place = ((const struct place *)(const void *)tracing->at.data)[i];
        NUMU_TRY(add_event(tracing, &place, thing));
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
    if (item.length == 0) {
        NUMU_TRY(numu_history_find(&tracing->ledger->state, tracing->arena, object, &item));
    }
    NUMU_TRY(enter(tracing, item, object, 0));
    for (size_t next = 0; next < tracing->queue.length / sizeof(struct thing); next++) {
        struct thing thing = ((const struct thing *)(const void *)tracing->queue.data)[next];
        if (tracing->options->steps_max > 0 &&
            tracing->steps.length / sizeof(struct numu_trace_step) >= tracing->options->steps_max) {
            tracing->is_cut = true;
            break;
        }
        NUMU_TRY(add_thing(tracing, &thing));
    }
    return tracing->steps.length == 0 ? NUMU_NOT_FOUND : NUMU_OK;
}

numu_status numu_trace_list(struct numu_ledger *ledger, struct numu_arena *arena,
                            struct numu_text item, struct numu_text object,
                            const struct numu_trace_options *options, struct numu_trace_step **out,
                            size_t *out_count, bool *out_is_complete) {
    struct tracing tracing = {.ledger = ledger, .arena = arena, .options = options};
    struct numu_trace_step *steps;
    numu_dictionary_init(&tracing.seen, arena);
    numu_buffer_init(&tracing.queue, arena->heap, 0);
    numu_buffer_init(&tracing.steps, arena->heap, 0);
    numu_buffer_init(&tracing.at, arena->heap, 0);
    numu_status status = trace_all(&tracing, item, object);
    size_t count = tracing.steps.length / sizeof *steps;
    if (status == NUMU_OK) {
        status = NUMU_TAKE(arena, &steps, count);
    }
    if (status == NUMU_OK) {
        memcpy(steps, tracing.steps.data, tracing.steps.length);
        *out = steps;
        *out_count = count;
        *out_is_complete = !tracing.is_cut;
    }
    numu_buffer_release(&tracing.queue);
    numu_buffer_release(&tracing.steps);
    numu_buffer_release(&tracing.at);
    return status;
}
