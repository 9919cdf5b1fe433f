/*
 * form_trace.c - the request to trace a weapon, and the reply of whoever keeps its record.
 *
 * Sources: International Tracing Instrument (A/60/88, annex), paragraphs 8 (marks), 11 (records),
 * 15 (confidentiality), 17 (request), 18 to 23 (reply), 25 (contact).
 */
#include "app/form.h"

#include <inttypes.h>
#include <stdio.h>

/* --- marks that were applied --- */

struct marks {
    struct numu_buffer text;
};

static numu_status visit_mark(void *data, struct numu_text key, struct numu_text value) {
    struct marks *marks = data;
    (void)key;
    if (marks->text.length > 0) {
        NUMU_TRY(numu_buffer_append_string(&marks->text, "; "));
    }
    return numu_buffer_append(&marks->text, value.data, value.length);
}

numu_status numu_form_marks(struct numu_filling *filling, struct numu_text item,
                            struct numu_text serial, struct numu_text *out) {
    struct numu_state *state = &filling->request->ledger->state;
    struct marks marks;
    struct numu_text prefix;
    NUMU_TRY(NUMU_STATE_KEY(state, 'm', item, serial, (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_text_copy(filling->arena, (struct numu_text){state->key.data, state->key.length},
                            &prefix));
    numu_buffer_init(&marks.text, filling->arena->heap, 0);
    numu_status status =
        state->store.port->scan(state->store.self, NUMU_SPACE_STATE, prefix, visit_mark, &marks);
    if (status == NUMU_OK) {
        /* The number itself is a mark, whether or not an event says that it was applied. */
        status = marks.text.length == 0
                     ? numu_text_copy(filling->arena, serial, out)
                     : numu_text_copy(filling->arena,
                                      (struct numu_text){marks.text.data, marks.text.length}, out);
    }
    numu_buffer_release(&marks.text);
    return status;
}

/* --- where it stands --- */

const char *numu_form_standing(struct numu_text account) {
    static const struct {
        const char *account, *word;
    } words[] = {{"exported", "word.standing_exported"}, {"destroyed", "word.standing_destroyed"},
                 {"lost", "word.standing_lost"},         {"consumed", "word.standing_consumed"},
                 {"transit", "word.standing_transit"},   {"unaccounted", "word.standing_missing"},
                 {"error", "word.standing_error"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (numu_text_is(account, words[i].account)) {
            return words[i].word;
        }
    }
    return "word.standing_held";
}

/* The event of a step, or the proposal that it approved. */
static numu_status event_of(struct numu_filling *filling, const struct numu_trace_step *step,
                            struct numu_event *out) {
    struct numu_ledger *ledger = filling->request->ledger;
    struct numu_record record;
    struct numu_record proposal;
    bool is_approval;
    uint32_t log;
    NUMU_TRY(numu_ledger_log(ledger, step->site, &log));
    NUMU_TRY(numu_ledger_read(ledger, filling->arena, log, step->sequence, &record, NULL));
    NUMU_TRY(
        numu_ledger_read_proposal(ledger, filling->arena, log, &record, &proposal, &is_approval));
    *out = is_approval ? proposal.event : record.event;
    return NUMU_OK;
}

static numu_status set_export(struct numu_filling *filling, const struct numu_trace_step *step) {
    const struct numu_model *model = filling->request->model;
    struct numu_event event;
    NUMU_TRY(event_of(filling, step, &event));
    numu_form_set_text(filling, "licence", event.licence);
    numu_row licence = numu_form_row_of(filling, "licence", event.licence);
    if (licence != NUMU_NONE) {
        numu_form_set_text(filling, "end_user", model->licence.end_user[licence]);
        numu_form_set_text(filling, "country_to", model->licence.to_country[licence]);
        numu_form_set_text(filling, "last_holder", model->licence.end_user[licence]);
    }
    return NUMU_OK;
}

/* Whether a step is of a thing that an earlier step is of. */
static bool is_named(const struct numu_trace_step *steps, size_t step) {
    for (size_t i = 0; i < step; i++) {
        if (numu_text_is_equal(steps[i].object, steps[step].object) &&
            numu_text_is_equal(steps[i].item, steps[step].item)) {
            return true;
        }
    }
    return false;
}

/*
 * What it was made of: "name number (COUNTRY)", and how many more where one act used several, since
 * it is then not said which.
 */
static numu_status set_made_from(struct numu_filling *filling, const struct numu_trace_step *steps,
                                 size_t count) {
    const struct numu_model *model = filling->request->model;
    const struct numu_trace_step *first = NULL;
    struct numu_text text;
    char more[24] = "";
    unsigned others = 0;
    for (size_t i = 0; i < count; i++) {
        if (steps[i].depth == 1 && !is_named(steps, i)) {
            others += first != NULL;
            first = first == NULL ? &steps[i] : first;
        }
    }
    if (first == NULL) {
        return NUMU_OK;
    }
    if (others > 0) {
        (void)snprintf(more, sizeof more, " +%u", others);
    }
    numu_row item = numu_form_row_of(filling, "item", first->item);
    numu_row partner = numu_form_supplier(filling, item);
    struct numu_text name = item == NUMU_NONE ? first->item : model->item.name[item];
    struct numu_text from =
        partner == NUMU_NONE ? (struct numu_text){NULL, 0} : model->partner.country[partner];
    NUMU_TRY(numu_text_printf(filling->arena, &text, "%.*s %.*s%s%.*s%s%s", (int)name.length,
                              name.data, (int)first->object.length, first->object.data,
                              from.length > 0 ? " (" : "", (int)from.length,
                              from.length > 0 ? from.data : "", from.length > 0 ? ")" : "", more));
    numu_form_set_text(filling, "made_from", text);
    return NUMU_OK;
}

static void set_origin(struct numu_filling *filling, const struct numu_trace_step *first,
                       numu_row item) {
    const struct numu_model *model = filling->request->model;
    numu_day day = numu_instant_day(first->time);
    if (numu_text_is(first->from, "produced")) {
        numu_form_set(filling, "made_on", numu_argument_day(day));
        numu_form_maker(filling, item, first->site, false);
    } else if (numu_text_is(first->from, "imported")) {
        numu_row partner = numu_form_supplier(filling, item);
        numu_form_set(filling, "imported_on", numu_argument_day(day));
        if (partner != NUMU_NONE) {
            numu_form_set_text(filling, "country_from", model->partner.country[partner]);
            numu_form_set_text(filling, "country_made", model->partner.country[partner]);
            numu_form_set_text(filling, "manufacturer", model->partner.name[partner]);
        }
    }
}

static numu_status add_step(struct numu_filling *filling, const struct numu_trace_step *step) {
    struct numu_text entry, act;
    NUMU_TRY(numu_form_begin_row(filling));
    NUMU_TRY(numu_ledger_name(filling->request->ledger, filling->arena, step->site, step->sequence,
                              &entry));
    NUMU_TRY(
        numu_text_printf(filling->arena, &act, "word.act_%s", numu_event_kinds[step->type].name));
    numu_form_put(filling, "day", numu_argument_day(numu_instant_day(step->time)));
    numu_form_put_text(filling, "act", act);
    numu_form_put_text(filling, "from", numu_form_place(filling, step->from));
    numu_form_put_text(filling, "to", numu_form_place(filling, step->to));
    numu_form_put_text(filling, "entry", entry);
    return NUMU_OK;
}

/* The last step that moved it; steps of a thing are in the order of time. */
static const struct numu_trace_step *last_move(const struct numu_trace_step *steps, size_t count) {
    const struct numu_trace_step *last = NULL;
    for (size_t i = 0; i < count; i++) {
        bool is_later = last == NULL || steps[i].time >= last->time;
        last = steps[i].depth == 0 && steps[i].to.length > 0 && is_later ? &steps[i] : last;
    }
    return last;
}

static numu_status fill_reply(struct numu_filling *filling) {
    const struct numu_form_request *request = filling->request;
    struct numu_trace_options options = {.is_forward = false};
    struct numu_trace trace;
    struct numu_text marks;
    numu_status status = numu_trace_list(request->ledger, filling->arena, request->item,
                                         request->object, &options, &trace);
    if (status == NUMU_NOT_FOUND || (status == NUMU_OK && trace.step_count == 0)) {
        return numu_form_unknown(filling, "kind.thing");
    }
    NUMU_TRY(status);
    const struct numu_trace_step *steps = trace.steps;
    size_t count = trace.step_count;
    numu_row item = numu_form_item(filling, steps[0].item, false);
    numu_form_set_text(filling, "serial", request->object);
    NUMU_TRY(numu_form_marks(filling, steps[0].item, request->object, &marks));
    numu_form_set_text(filling, "marks", marks);
    set_origin(filling, &steps[0], item);
    NUMU_TRY(set_made_from(filling, steps, count));
    const struct numu_trace_step *last = last_move(steps, count);
    if (last != NULL) {
        numu_form_set(filling, "standing", numu_argument_string(numu_form_standing(last->to)));
        numu_form_set(filling, "standing_since", numu_argument_day(numu_instant_day(last->time)));
        numu_form_set_text(filling, "last_holder", numu_form_place(filling, last->to));
        if (numu_text_is(last->to, "exported")) {
            NUMU_TRY(set_export(filling, last));
        }
    }
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(steps[i].depth == 0 ? add_step(filling, &steps[i]) : NUMU_OK);
    }
    return numu_form_evidence(filling);
}

/* A weapon that another State may know; where an own book knows its marks, they are taken. */
static numu_status fill_request(struct numu_filling *filling) {
    const struct numu_form_request *request = filling->request;
    struct numu_text marks = request->object;
    (void)numu_form_item(filling, request->item, false);
    numu_form_set_text(filling, "serial", request->object);
    if (request->ledger != NULL) {
        NUMU_TRY(numu_form_marks(filling, request->item, request->object, &marks));
    }
    numu_form_set_text(filling, "marks", marks);
    return NUMU_OK;
}

numu_status numu_form_fill_trace(struct numu_filling *filling) {
    return filling->request->form == NUMU_FORM_trace_reply ? fill_reply(filling)
                                                           : fill_request(filling);
}
