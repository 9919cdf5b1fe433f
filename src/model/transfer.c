/*
 * transfer.c - see transfer.h.
 */
#include "model/transfer.h"

#include "model/check.h"

static struct numu_span span_of(numu_day starts, numu_day ends) {
    return (struct numu_span){starts == NUMU_NO_DAY ? INT32_MIN + 1 : starts,
                              ends == NUMU_NO_DAY ? INT32_MAX - 1 : ends};
}

static bool is_supplied_from(const struct numu_transfer *transfer, struct numu_text country) {
    return numu_text_is_equal(transfer->supplier, country) ||
           numu_text_is_equal(transfer->origin, country);
}

/* Whether anything of it comes from, or goes to, another country. */
static bool is_foreign(const struct numu_transfer *transfer) {
    bool is_supplier_foreign = transfer->supplier.length > 0 &&
                               !numu_text_is_equal(transfer->supplier, transfer->receiver);
    bool is_origin_foreign =
        transfer->origin.length > 0 && !numu_text_is_equal(transfer->origin, transfer->receiver);
    return is_supplier_foreign || is_origin_foreign;
}

static bool has_word(struct numu_text list, struct numu_text wanted) {
    for (struct numu_text word = numu_text_next_word(&list); word.length > 0;
         word = numu_text_next_word(&list)) {
        if (numu_text_is_equal(word, wanted)) {
            return true;
        }
    }
    return false;
}

bool numu_rule_concerns(const struct numu_model *model, numu_row rule,
                        const struct numu_transfer *transfer) {
    struct numu_text from = model->rule.from_country[rule];
    struct numu_text to = model->rule.to_country[rule];
    struct numu_text list = model->rule.military_list[rule];
    numu_row partner = model->rule.partner[rule];
    bool names_a_side = from.length > 0 || to.length > 0 || partner != NUMU_NONE;
    return (!names_a_side || is_foreign(transfer)) &&
           (from.length == 0 || is_supplied_from(transfer, from)) &&
           (to.length == 0 || numu_text_is_equal(transfer->receiver, to)) &&
           (partner == NUMU_NONE || partner == transfer->partner) &&
           (list.length == 0 || has_word(list, model->item.military_list[transfer->item]));
}

/*
 * The days, from `day` on, on which a regime is recognised without a break in one row of the
 * profile; beginning at INT32_MAX where there are none.
 */
static struct numu_span recognised_days(const struct numu_model *model, struct numu_text profile,
                                        struct numu_text regime, numu_day day) {
    struct numu_span best = {INT32_MAX, INT32_MAX};
    if (profile.length == 0) {
        return (struct numu_span){day, INT32_MAX - 1};
    }
    for (numu_row row = 0; row < model->profile.head.count; row++) {
        struct numu_span span = span_of(model->profile.starts[row], model->profile.ends[row]);
        if (numu_text_is_equal(model->profile.id[row], profile) &&
            numu_text_is_equal(model->profile.regime[row], regime) && span.to >= day) {
            span.from = span.from > day ? span.from : day;
            best = span.from <= span.to && span.from < best.from ? span : best;
        }
    }
    return best;
}

/* The last day, from `day` on, up to which an exemption lifts a rule; `day` - 1 where none does. */
static numu_day exempt_until(const struct numu_model *model, struct numu_text profile,
                             numu_row rule, const struct numu_transfer *transfer, numu_day day) {
    for (numu_row row = 0; row < model->rule.head.count; row++) {
        struct numu_span span = span_of(model->rule.starts[row], model->rule.ends[row]);
        if (model->rule.effect[row] == numu_effect_exempt && model->rule.exempts[row] == rule &&
            span.from <= day && span.to >= day && numu_rule_concerns(model, row, transfer)) {
            struct numu_span recognised =
                recognised_days(model, profile, model->rule.regime[row], day);
            if (recognised.from == day) {
                return recognised.to < span.to ? recognised.to : span.to;
            }
        }
    }
    return day - 1;
}

numu_day numu_rule_bites_from(const struct numu_model *model, struct numu_text profile,
                              numu_row rule, const struct numu_transfer *transfer) {
    struct numu_span force = span_of(model->rule.starts[rule], model->rule.ends[rule]);
    if (!numu_rule_concerns(model, rule, transfer)) {
        return NUMU_NO_DAY;
    }
    numu_day last = transfer->days.to < force.to ? transfer->days.to : force.to;
    numu_day day = transfer->days.from > force.from ? transfer->days.from : force.from;
    while (day <= last) {
        numu_day first = recognised_days(model, profile, model->rule.regime[rule], day).from;
        if (first > last) {
            return NUMU_NO_DAY;
        }
        numu_day until = exempt_until(model, profile, rule, transfer, first);
        if (until < first) {
            return first;
        }
        day = until + 1;
    }
    return NUMU_NO_DAY;
}

bool numu_rule_bites_on(const struct numu_model *model, struct numu_text profile, numu_row rule,
                        const struct numu_transfer *transfer, numu_day day) {
    struct numu_transfer on_day = *transfer;
    on_day.days = (struct numu_span){day, day};
    return numu_rule_bites_from(model, profile, rule, &on_day) == day;
}

/* --- what there is of transfers --- */

static struct numu_text country_at(const struct numu_model *model, numu_row site) {
    struct numu_text country = model->site.country[site];
    return country.length > 0 ? country : model->package.country[0];
}

static struct numu_text country_of_partner(const struct numu_model *model, numu_row partner) {
    return partner == NUMU_NONE ? (struct numu_text){NULL, 0} : model->partner.country[partner];
}

static struct numu_transfer of_process(const struct numu_model *model, struct numu_span horizon,
                                       numu_row row) {
    struct numu_span open = span_of(model->process.opens[row], model->process.closes[row]);
    numu_row partner = model->process.partner[row];
    return (struct numu_transfer){.kind = NUMU_TRANSFER_PROCESS,
                                  .table = NUMU_MODEL_TABLE(process),
                                  .row = row,
                                  .column = partner == NUMU_NONE ? "origin" : "partner",
                                  .id = model->process.id[row],
                                  .supplier = country_of_partner(model, partner),
                                  .origin = model->process.origin[row],
                                  .receiver = country_at(model, model->process.site[row]),
                                  .partner = partner,
                                  .item = model->process.item[row],
                                  .days = {open.from > horizon.from ? open.from : horizon.from,
                                           open.to < horizon.to ? open.to : horizon.to}};
}

static struct numu_transfer of_delivery(const struct numu_model *model, struct numu_span horizon,
                                        numu_row row) {
    numu_row partner = model->agreement.partner[model->delivery.agreement[row]];
    numu_day due = model->delivery.due[row];
    numu_day day = due > horizon.from ? due : horizon.from;
    return (struct numu_transfer){.kind = NUMU_TRANSFER_DELIVERY,
                                  .table = NUMU_MODEL_TABLE(delivery),
                                  .row = row,
                                  .column = "agreement",
                                  .id = model->agreement.id[model->delivery.agreement[row]],
                                  .supplier = country_of_partner(model, partner),
                                  .receiver = country_at(model, model->delivery.site[row]),
                                  .partner = partner,
                                  .item = model->delivery.item[row],
                                  .days = {day, day}};
}

/* As its process, on the day it is due. */
static struct numu_transfer of_order(const struct numu_model *model, struct numu_span horizon,
                                     numu_row row) {
    struct numu_transfer order = of_process(model, horizon, model->open_order.process[row]);
    numu_day due = model->open_order.due[row];
    numu_day day = due > horizon.from ? due : horizon.from;
    order.kind = NUMU_TRANSFER_ORDER;
    order.table = NUMU_MODEL_TABLE(open_order);
    order.row = row;
    order.column = "process";
    order.id = model->open_order.id[row];
    order.days = (struct numu_span){day, day};
    return order;
}

static struct numu_transfer of_demand(const struct numu_model *model, struct numu_span horizon,
                                      numu_row row) {
    numu_day due = model->demand.due[row];
    numu_day day = due > horizon.from ? due : horizon.from;
    return (struct numu_transfer){.kind = NUMU_TRANSFER_DEMAND,
                                  .table = NUMU_MODEL_TABLE(demand),
                                  .row = row,
                                  .column = "customer",
                                  .id = model->demand.id[row],
                                  .supplier = country_at(model, model->demand.site[row]),
                                  .receiver = model->customer.country[model->demand.customer[row]],
                                  .partner = NUMU_NONE,
                                  .item = model->demand.item[row],
                                  .days = {day, day}};
}

numu_status numu_transfers_find(const struct numu_model *model, struct numu_arena *arena,
                                struct numu_transfer **out, size_t *out_count) {
    struct numu_transfer *list;
    size_t count = 0;
    numu_month end = numu_model_start_month(model) + (numu_month)numu_model_months(model);
    const struct numu_span horizon = {model->package.start[0], numu_month_first_day(end) - 1};
    NUMU_TRY(NUMU_TAKE(arena, &list,
                       (size_t)model->process.head.count + model->delivery.head.count +
                           model->open_order.head.count + model->demand.head.count));
    for (numu_row row = 0; row < model->process.head.count; row++) {
        list[count++] = of_process(model, horizon, row);
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        if (model->delivery.delivered[row] < model->delivery.quantity[row]) {
            list[count++] = of_delivery(model, horizon, row);
        }
    }
    for (numu_row row = 0; row < model->open_order.head.count; row++) {
        if (model->open_order.received[row] < model->open_order.quantity[row]) {
            list[count++] = of_order(model, horizon, row);
        }
    }
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        if (model->customer.country[model->demand.customer[row]].length > 0) {
            list[count++] = of_demand(model, horizon, row);
        }
    }
    *out = list;
    *out_count = count;
    return NUMU_OK;
}
