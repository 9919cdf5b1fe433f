/*
 * form_licence.c - licences and what goes with them: the register with what remains, the end-user
 * certificate, the verification that a delivery arrived.
 *
 * Sources: Arms Trade Treaty, articles 8(1), 11(2), 12; ECOWAS Convention, articles 5 and 9.
 */
#include "app/form.h"

#include "ledger/history.h"

#include <inttypes.h>

/* --- the register --- */

struct usage {
    const struct numu_filling *filling;
    numu_quantity *used; /* by licence of the package */
};

/* Whether a line uses a licence: under its name, or, of manufacture, by making its item. */
static bool is_use(const struct numu_model *model, numu_row licence, const struct numu_act *act,
                   const struct numu_event_line *line) {
    numu_row item = model->licence.item[licence];
    if (model->licence.kind[licence] == numu_licence_kind_production) {
        return item != NUMU_NONE && numu_text_is(line->from, "produced") &&
               numu_text_is_equal(model->item.id[item], line->item);
    }
    return numu_text_is_equal(act->event->licence, model->licence.id[licence]) &&
           (numu_text_is(line->from, "imported") || numu_text_is(line->to, "exported"));
}

static numu_status visit_use(void *data, const struct numu_act *act) {
    struct usage *usage = data;
    const struct numu_model *model = usage->filling->request->model;
    for (size_t i = 0; i < act->event->line_count; i++) {
        for (numu_row row = 0; row < model->licence.head.count; row++) {
            if (is_use(model, row, act, &act->event->lines[i])) {
                NUMU_TRY(
                    numu_add(usage->used[row], act->event->lines[i].quantity, &usage->used[row]));
            }
        }
    }
    return NUMU_OK;
}

/* What was used before the book, and what all books say, by licence. */
static numu_status find_used(struct numu_filling *filling, numu_quantity **out) {
    const struct numu_form_request *request = filling->request;
    const struct numu_table_licence *table = &request->model->licence;
    struct usage usage = {.filling = filling};
    NUMU_TRY(NUMU_TAKE(filling->arena, &usage.used, table->head.count));
    for (numu_row row = 0; row < table->head.count; row++) {
        usage.used[row] = table->used[row] == NUMU_NO_NUMBER ? 0 : table->used[row];
    }
    *out = usage.used;
    return request->ledger == NULL ? NUMU_OK : numu_acts_visit(request->ledger, visit_use, &usage);
}

static numu_status add_licence(struct numu_filling *filling, numu_row row, numu_quantity used) {
    const struct numu_model *model = filling->request->model;
    const struct numu_table_licence *table = &model->licence;
    numu_row item = table->item[row], partner = table->partner[row];
    numu_quantity remaining;
    struct numu_text kind;
    NUMU_TRY(numu_form_begin_row(filling));
    numu_form_put_text(filling, "licence", table->id[row]);
    if (table->kind[row] != 0) {
        NUMU_TRY(numu_text_printf(filling->arena, &kind, "word.permits_%s",
                                  numu_names_of_licence_kind[table->kind[row] - 1]));
        numu_form_put_text(filling, "nature", kind);
    }
    numu_form_put_text(filling, "granted_by", table->authority[row]);
    if (item != NUMU_NONE) {
        numu_form_put_text(filling, "item", model->item.id[item]);
        numu_form_put_text(filling, "type_model", model->item.name[item]);
        numu_form_put_text(filling, "unit", model->item.unit[item]);
    }
    if (partner != NUMU_NONE) {
        numu_form_put_text(filling, "partner", model->partner.name[partner]);
    }
    numu_form_put_text(filling, "consignee", table->consignee[row]);
    numu_form_put_text(filling, "end_user", table->end_user[row]);
    numu_form_put_text(filling, "country_to", table->to_country[row]);
    numu_form_put(filling, "used", numu_argument_number(used, NUMU_QUANTITY_DECIMALS));
    if (table->quantity[row] != NUMU_NO_NUMBER) {
        NUMU_TRY(numu_subtract(table->quantity[row], used, &remaining));
        numu_form_put(filling, "quantity",
                      numu_argument_number(table->quantity[row], NUMU_QUANTITY_DECIMALS));
        numu_form_put(filling, "remaining",
                      numu_argument_number(remaining, NUMU_QUANTITY_DECIMALS));
    }
    numu_form_put(filling, "issued", numu_argument_day(table->issued[row]));
    numu_form_put(filling, "licence_expires", numu_argument_day(table->expires[row]));
    bool has_expired =
        table->expires[row] != NUMU_NO_DAY && table->expires[row] < filling->request->today;
    numu_form_put(filling, "standing",
                  has_expired ? numu_argument_string("word.standing_expired")
                              : numu_argument_text(table->status[row]));
    numu_form_put_text(filling, "certificate", table->end_user_certificate[row]);
    return NUMU_OK;
}

static numu_status fill_licences(struct numu_filling *filling) {
    numu_quantity *used;
    NUMU_TRY(find_used(filling, &used));
    for (numu_row row = 0; row < filling->request->model->licence.head.count; row++) {
        NUMU_TRY(add_licence(filling, row, used[row]));
    }
    return NUMU_OK;
}

/* --- certificates --- */

/* Who ships, who receives, under which paper: facts that both certificates have. */
static void set_parties(struct numu_filling *filling, numu_row licence) {
    const struct numu_model *model = filling->request->model;
    numu_row partner = model->licence.partner[licence];
    numu_form_set_text(filling, "certificate", model->licence.end_user_certificate[licence]);
    numu_form_set_text(filling, "consignee", model->licence.consignee[licence]);
    if (partner != NUMU_NONE) {
        numu_form_set_text(filling, "shipper", model->partner.name[partner]);
        numu_form_set_text(filling, "country_from", model->partner.country[partner]);
    }
}

static void set_goods(struct numu_filling *filling, numu_row licence) {
    const struct numu_model *model = filling->request->model;
    numu_row item = model->licence.item[licence];
    numu_quantity quantity = model->licence.quantity[licence];
    if (quantity != NUMU_NO_NUMBER) {
        numu_form_set(filling, "quantity", numu_argument_number(quantity, NUMU_QUANTITY_DECIMALS));
    }
    if (item != NUMU_NONE) {
        numu_form_set_text(filling, "item", model->item.id[item]);
        numu_form_set_text(filling, "type_model", model->item.name[item]);
        numu_form_set_text(filling, "military_list", model->item.military_list[item]);
        numu_form_set_text(filling, "unit", model->item.unit[item]);
    }
}

static numu_status fill_certificate(struct numu_filling *filling) {
    static const char *const undertakings[] = {"word.re_export_allowed", "word.re_export_consent",
                                               "word.re_export_prohibited"};
    const struct numu_model *model = filling->request->model;
    numu_row licence = numu_form_row_of(filling, "licence", filling->request->object);
    if (licence == NUMU_NONE) {
        return numu_form_unknown(filling, "kind.licence");
    }
    numu_row agreement = model->licence.agreement[licence];
    set_parties(filling, licence);
    set_goods(filling, licence);
    numu_form_set_text(filling, "end_user", model->licence.end_user[licence]);
    numu_form_set_text(filling, "country_to", model->licence.to_country[licence]);
    if (agreement != NUMU_NONE) {
        uint8_t re_export = model->agreement.re_export[agreement];
        numu_form_set_text(filling, "agreement", model->agreement.title[agreement]);
        if (re_export != 0) {
            numu_form_set(filling, "re_export", numu_argument_string(undertakings[re_export - 1]));
        }
    }
    return NUMU_OK;
}

/* --- deliveries --- */

static numu_status join(struct numu_filling *filling, struct numu_texts list,
                        struct numu_text *out) {
    *out = (struct numu_text){NULL, 0};
    for (size_t i = 0; i < list.count; i++) {
        NUMU_TRY(numu_text_printf(filling->arena, out, "%.*s%s%.*s", (int)out->length,
                                  out->length > 0 ? out->data : "", i > 0 ? ", " : "",
                                  (int)list.list[i].length, list.list[i].data));
    }
    return NUMU_OK;
}

static numu_status add_delivered(struct numu_filling *filling, const struct numu_event_line *line) {
    struct numu_text number = line->lot;
    NUMU_TRY(numu_form_begin_row(filling));
    numu_form_put_text(filling, "item", line->item);
    numu_row item = numu_form_item(filling, line->item, true);
    if (line->serials.count > 0) {
        NUMU_TRY(join(filling, line->serials, &number));
    }
    numu_form_put_text(filling, "number", number);
    numu_form_put(filling, "quantity",
                  numu_argument_number(line->quantity, NUMU_QUANTITY_DECIMALS));
    if (item != NUMU_NONE) {
        numu_form_put_text(filling, "unit", filling->request->model->item.unit[item]);
    }
    return NUMU_OK;
}

/* The import or receipt that a reference names. */
static numu_status read_delivery(struct numu_filling *filling, struct numu_record *out) {
    struct numu_ledger *ledger = filling->request->ledger;
    numu_status status =
        numu_ledger_read_reference(ledger, filling->arena, filling->request->object, out, NULL);
    bool arrives = status == NUMU_OK &&
                   (out->event.type == NUMU_EVENT_import || out->event.type == NUMU_EVENT_receive);
    if (status == NUMU_NOT_FOUND || (status == NUMU_OK && !arrives)) {
        return numu_form_unknown(filling, "kind.event");
    }
    return status;
}

/* Where no licence is named: the supplier that the package knows. */
static void set_supplier(struct numu_filling *filling, const struct numu_event *event) {
    const struct numu_model *model = filling->request->model;
    numu_row item = event->line_count == 0
                        ? NUMU_NONE
                        : numu_form_row_of(filling, "item", event->lines[0].item);
    numu_row partner = numu_form_supplier(filling, item);
    if (partner != NUMU_NONE) {
        numu_form_set_text(filling, "shipper", model->partner.name[partner]);
        numu_form_set_text(filling, "country_from", model->partner.country[partner]);
    }
}

static numu_status fill_delivery(struct numu_filling *filling) {
    struct numu_record record = {.sequence = 0};
    struct numu_text documents;
    NUMU_TRY(read_delivery(filling, &record));
    const struct numu_event *event = &record.event;
    set_supplier(filling, event);
    numu_form_set_text(filling, "licence", event->licence);
    numu_row licence = numu_form_row_of(filling, "licence", event->licence);
    if (licence != NUMU_NONE) {
        set_parties(filling, licence);
    }
    numu_form_set(filling, "delivered_on", numu_argument_day(numu_instant_day(event->time)));
    numu_form_set_text(filling, "received_by", event->by);
    if (event->line_count > 0) {
        numu_form_set_text(filling, "delivered_to", numu_form_place(filling, event->lines[0].to));
    }
    NUMU_TRY(join(filling, event->documents, &documents));
    numu_form_set_text(filling, "documents", documents);
    for (size_t i = 0; i < event->line_count; i++) {
        NUMU_TRY(add_delivered(filling, &event->lines[i]));
    }
    numu_form_set_text(filling, "verification", filling->request->object);
    return numu_form_evidence(filling);
}

numu_status numu_form_fill_licence(struct numu_filling *filling) {
    return filling->request->form == NUMU_FORM_licence_register       ? fill_licences(filling)
           : filling->request->form == NUMU_FORM_end_user_certificate ? fill_certificate(filling)
                                                                      : fill_delivery(filling);
}
