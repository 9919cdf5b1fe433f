/*
 * form_register.c - the national register: a row for each serial that the books know, and for each
 * lot that is held, with its first and last owner.
 *
 * Sources: ECOWAS Convention, articles 9 and 18; International Tracing Instrument, paragraphs 11,
 * 12.
 */
#include "app/form.h"

#include "base/map.h"
#include "ledger/history.h"

#include <string.h>

struct thing {
    struct numu_text item, number;
    bool is_lot;
    numu_quantity quantity; /* lots: made or brought in */
    numu_instant first, last;
    struct numu_text first_from, first_site, last_to, licence;
    struct numu_text before; /* owners before, "a; b" */
};

struct registering {
    struct numu_filling *filling;
    struct numu_dictionary places; /* "item number" to the place in things */
    struct numu_buffer things;
};

static numu_status find_thing(struct registering *registering, struct numu_text item,
                              struct numu_text number, struct thing **out) {
    struct numu_arena *arena = registering->filling->arena;
    struct numu_text key, place;
    NUMU_TRY(numu_text_printf(arena, &key, "%.*s\t%.*s", (int)item.length, item.data,
                              (int)number.length, number.data));
    const struct numu_entry *entry = numu_dictionary_find(&registering->places, key);
    size_t row = registering->things.length / sizeof **out;
    if (entry != NULL) {
        row = (size_t)numu_field_number(entry->value);
    } else {
        struct thing thing = {.first = NUMU_NO_INSTANT};
        thing.item = (struct numu_text){key.data, item.length};
        thing.number = (struct numu_text){key.data + item.length + 1, number.length};
        NUMU_TRY(numu_text_printf(arena, &place, "%zu", row));
        NUMU_TRY(numu_dictionary_put(&registering->places, key, place, NULL));
        NUMU_TRY(numu_buffer_append(&registering->things, &thing, sizeof thing));
    }
    *out = (struct thing *)(void *)registering->things.data + row;
    return NUMU_OK;
}

static bool is_nominal(struct numu_text account) {
    struct numu_account parts = {.side = NUMU_SIDE_TRANSIT};
    return !numu_account_parse(account, &parts) || parts.place.length == 0;
}

/* Adds the owner that a thing leaves, where it is another than the last one named. */
static numu_status add_owner(struct registering *registering, struct thing *thing,
                             struct numu_text account) {
    enum { OWNERS_BYTES_MAX = 400 };
    struct numu_text name = numu_form_place(registering->filling, account);
    struct numu_text before = thing->before;
    bool is_same = before.length >= name.length &&
                   memcmp(before.data + before.length - name.length, name.data, name.length) == 0;
    if (is_nominal(account) || is_same || before.length + name.length > OWNERS_BYTES_MAX) {
        return NUMU_OK;
    }
    return numu_text_printf(registering->filling->arena, &thing->before, "%.*s%s%.*s",
                            (int)before.length, before.data, before.length > 0 ? "; " : "",
                            (int)name.length, name.data);
}

static numu_status add_move(struct registering *registering, const struct numu_act *act,
                            const struct numu_event_line *line, struct numu_text number,
                            bool is_lot) {
    struct numu_arena *arena = registering->filling->arena;
    struct thing *thing;
    numu_instant time = act->event->time;
    NUMU_TRY(find_thing(registering, line->item, number, &thing));
    thing->is_lot = is_lot;
    bool is_entry = numu_text_is(line->from, "produced") || numu_text_is(line->from, "imported") ||
                    numu_text_is(line->from, "opening");
    if (thing->first == NUMU_NO_INSTANT || time < thing->first) {
        thing->first = time;
        NUMU_TRY(numu_text_copy(arena, line->from, &thing->first_from));
        NUMU_TRY(numu_text_copy(arena, act->site, &thing->first_site));
    }
    if (is_lot && is_entry) {
        NUMU_TRY(numu_add(thing->quantity, line->quantity, &thing->quantity));
    }
    /* Of two at one instant the one that ends at a place is the later: it was received there. */
    if (line->to.length > 0 && (thing->last_to.length == 0 || time > thing->last ||
                                (time == thing->last && !numu_text_is(line->to, "transit")))) {
        struct numu_text owner = numu_form_place(registering->filling, line->to);
        bool stays =
            numu_text_is_equal(owner, numu_form_place(registering->filling, thing->last_to));
        if (thing->last_to.length > 0 && !stays && !numu_text_is(thing->last_to, "transit")) {
            NUMU_TRY(add_owner(registering, thing, thing->last_to));
        }
        thing->last = time;
        NUMU_TRY(numu_text_copy(arena, line->to, &thing->last_to));
    }
    return act->event->licence.length == 0
               ? NUMU_OK
               : numu_text_copy(arena, act->event->licence, &thing->licence);
}

/* Arms and ammunition: what a military list names; everything where no package says. */
static bool is_wanted(const struct registering *registering, struct numu_text item) {
    const struct numu_form_request *request = registering->filling->request;
    if (request->item.length > 0) {
        return numu_text_is_equal(item, request->item);
    }
    numu_row row = numu_form_row_of(registering->filling, "item", item);
    return row == NUMU_NONE || request->model->item.military_list[row].length > 0;
}

static numu_status visit(void *data, const struct numu_act *act) {
    struct registering *registering = data;
    for (size_t i = 0; i < act->event->line_count; i++) {
        const struct numu_event_line *line = &act->event->lines[i];
        if (!is_wanted(registering, line->item) || act->event->type == NUMU_EVENT_mark ||
            (line->from.length == 0 && line->to.length == 0)) {
            continue;
        }
        for (size_t s = 0; s < line->serials.count; s++) {
            NUMU_TRY(add_move(registering, act, line, line->serials.list[s], false));
        }
        if (line->lot.length > 0) {
            NUMU_TRY(add_move(registering, act, line, line->lot, true));
        }
    }
    return NUMU_OK;
}

static void put_licence(struct numu_filling *filling, struct numu_text id, bool is_exported) {
    const struct numu_model *model = filling->request->model;
    numu_row licence = numu_form_row_of(filling, "licence", id);
    numu_form_put_text(filling, "licence", id);
    if (licence == NUMU_NONE) {
        return;
    }
    numu_row partner = model->licence.partner[licence];
    numu_form_put_text(filling, "consignee", model->licence.consignee[licence]);
    numu_form_put_text(filling, "end_user", model->licence.end_user[licence]);
    numu_form_put_text(filling, "agencies", model->licence.authority[licence]);
    numu_form_put(filling, "licence_expires", numu_argument_day(model->licence.expires[licence]));
    if (partner != NUMU_NONE && model->licence.kind[licence] == numu_licence_kind_import) {
        numu_form_put_text(filling, "shipper", model->partner.name[partner]);
    } else if (model->licence.end_user[licence].length > 0 && is_exported) {
        numu_form_put_text(filling, "owner", model->licence.end_user[licence]);
    }
}

static numu_status add_row(struct numu_filling *filling, const struct thing *thing) {
    struct numu_text marks, nature;
    NUMU_TRY(numu_form_begin_row(filling));
    numu_form_put_text(filling, "item", thing->item);
    numu_row item = numu_form_item(filling, thing->item, true);
    numu_form_put_text(filling, "number", thing->number);
    numu_form_put(filling, "quantity",
                  numu_argument_number(thing->is_lot ? thing->quantity : NUMU_QUANTITY_ONE,
                                       NUMU_QUANTITY_DECIMALS));
    NUMU_TRY(numu_form_marks(filling, thing->item, thing->number, &marks));
    numu_form_put_text(filling, "marks", marks);
    bool is_made = numu_text_is(thing->first_from, "produced");
    numu_row partner = is_made ? NUMU_NONE : numu_form_supplier(filling, item);
    if (is_made) {
        numu_form_maker(filling, item, thing->first_site, true);
    } else if (partner != NUMU_NONE) {
        const struct numu_table_partner *table = &filling->request->model->partner;
        numu_form_put_text(filling, "manufacturer", table->name[partner]);
        numu_form_put_text(filling, "country_made", table->country[partner]);
        numu_form_put_text(filling, "shipper", table->name[partner]);
    }
    numu_form_put(filling, "registered_on", numu_argument_day(numu_instant_day(thing->first)));
    NUMU_TRY(numu_text_printf(filling->arena, &nature, "word.nature_%.*s",
                              (int)thing->first_from.length, thing->first_from.data));
    numu_form_put_text(filling, "nature", nature);
    numu_form_put_text(filling, "owner", numu_form_place(filling, thing->last_to));
    numu_form_put_text(filling, "owners_before", thing->before);
    numu_form_put(filling, "standing", numu_argument_string(numu_form_standing(thing->last_to)));
    put_licence(filling, thing->licence, numu_text_is(thing->last_to, "exported"));
    return NUMU_OK;
}

/* In bytewise order of item and number, whatever the order of the logs. */
static numu_status visit_thing(void *data, struct numu_text key, struct numu_text value) {
    struct registering *registering = data;
    const struct thing *things = (const void *)registering->things.data;
    (void)key;
    return add_row(registering->filling, &things[numu_field_number(value)]);
}

numu_status numu_form_fill_register(struct numu_filling *filling) {
    struct registering registering = {.filling = filling};
    numu_dictionary_init(&registering.places, filling->arena);
    numu_buffer_init(&registering.things, filling->arena->heap, 0);
    numu_status status = numu_acts_visit(filling->request->ledger, visit, &registering);
    if (status == NUMU_OK) {
        status =
            numu_dictionary_scan(&registering.places, NUMU_TEXT(""), visit_thing, &registering);
    }
    if (status == NUMU_OK) {
        status = numu_form_evidence(filling);
    }
    numu_buffer_release(&registering.things);
    return status;
}
