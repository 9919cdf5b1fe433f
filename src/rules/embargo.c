/*
 * embargo.c - see embargo.h.
 */
#include "rules/embargo.h"

#include <stdlib.h>

/* --- profiles --- */

void numu_profiles_find(const struct numu_model *model, struct numu_profiles *out) {
    *out = (struct numu_profiles){.count = 0};
    for (numu_row row = 0; row < model->profile.head.count; row++) {
        bool is_known = false;
        for (size_t i = 0; i < out->count; i++) {
            is_known = is_known || numu_text_is_equal(out->id[i], model->profile.id[row]);
        }
        if (!is_known && out->count < NUMU_PROFILES_MAX) {
            out->id[out->count++] = model->profile.id[row];
        }
    }
}

/* --- as of a day --- */

static numu_quantity quantity_of(const struct numu_model *model,
                                 const struct numu_transfer *transfer) {
    switch (transfer->kind) {
    case NUMU_TRANSFER_PROCESS:
        return NUMU_NO_NUMBER;
    case NUMU_TRANSFER_DELIVERY:
        return model->delivery.quantity[transfer->row] - model->delivery.delivered[transfer->row];
    case NUMU_TRANSFER_ORDER:
        return model->open_order.quantity[transfer->row] -
               model->open_order.received[transfer->row];
    case NUMU_TRANSFER_DEMAND:
        return model->demand.quantity[transfer->row];
    }
    return NUMU_NO_NUMBER;
}

/* price × quantity × rate, in minor units; each step is exact but for one rounding. */
static numu_status worth_of(const struct numu_model *model, numu_price price,
                            numu_quantity quantity, numu_decimal rate, numu_money *out) {
    int64_t amount; /* 10^-6 of the major unit */
    int64_t minor = numu_power_of_ten(numu_currency_decimals(model->currency));
    NUMU_TRY(
        numu_multiply_divide(price, quantity, NUMU_QUANTITY_ONE, NUMU_ROUND_HALF_EVEN, &amount));
    NUMU_TRY(numu_multiply_divide(amount, rate, NUMU_DECIMAL_ONE, NUMU_ROUND_HALF_EVEN, &amount));
    return numu_multiply_divide(amount, minor, NUMU_PRICE_ONE, NUMU_ROUND_HALF_EVEN, out);
}

static numu_money value_of(const struct numu_model *model, const struct numu_transfer *transfer,
                           numu_quantity quantity, numu_day day) {
    numu_price price = model->item.standard_cost[transfer->item];
    numu_currency currency = model->item.currency[transfer->item];
    numu_money value;
    if (transfer->kind == NUMU_TRANSFER_DEMAND &&
        model->demand.unit_value[transfer->row] != NUMU_NO_NUMBER) {
        price = model->demand.unit_value[transfer->row];
        currency = model->demand.currency[transfer->row];
    }
    numu_decimal rate = numu_model_rate(model, currency, numu_day_month(day));
    bool is_known = quantity != NUMU_NO_NUMBER && price != NUMU_NO_NUMBER && rate != NUMU_NO_NUMBER;
    return is_known && worth_of(model, price, quantity, rate, &value) == NUMU_OK ? value
                                                                                 : NUMU_NO_NUMBER;
}

static numu_row activities_of(const struct numu_model *model, numu_row partner) {
    numu_row count = 0;
    for (numu_row row = 0; partner != NUMU_NONE && row < model->activity.head.count; row++) {
        count += model->activity.partner[row] == partner;
    }
    return count;
}

/* Whether the rule bites on the day, under the profile asked for or another. */
static bool judge(const struct numu_model *model, const struct numu_legal_view *view,
                  struct numu_legal_finding *finding) {
    const struct numu_transfer *transfer = &view->transfer[finding->transfer];
    if (!numu_rule_concerns(model, finding->rule, transfer)) {
        return false;
    }
    finding->holds = numu_rule_bites_on(model, view->profile, finding->rule, transfer, view->day);
    for (size_t i = 0; i < view->profiles.count; i++) {
        if (numu_rule_bites_on(model, view->profiles.id[i], finding->rule, transfer, view->day)) {
            finding->profiles |= UINT64_C(1) << i;
        }
    }
    return finding->holds || finding->profiles != 0;
}

numu_status numu_legal_view_build(const struct numu_model *model, numu_day day,
                                  struct numu_text profile, struct numu_arena *arena,
                                  struct numu_legal_view *out) {
    struct numu_legal_view view = {.day = day, .profile = profile};
    size_t room = 0;
    numu_profiles_find(model, &view.profiles);
    NUMU_TRY(numu_transfers_find(model, arena, &view.transfer, &view.transfer_count));
    for (int pass = 0; pass < 2; pass++) { /* counted, then kept */
        if (pass == 1) {
            NUMU_TRY(NUMU_TAKE(arena, &view.finding, room));
        }
        for (numu_row rule = 0; rule < model->rule.head.count; rule++) {
            for (size_t i = 0; i < view.transfer_count; i++) {
                struct numu_legal_finding finding = {.rule = rule, .transfer = i};
                if (model->rule.effect[rule] == numu_effect_exempt ||
                    !judge(model, &view, &finding)) {
                    continue;
                }
                if (pass == 0) {
                    room++;
                    continue;
                }
                finding.quantity = quantity_of(model, &view.transfer[i]);
                finding.value = value_of(model, &view.transfer[i], finding.quantity, day);
                finding.activity_count = activities_of(model, view.transfer[i].partner);
                view.finding[view.finding_count++] = finding;
            }
        }
    }
    *out = view;
    return NUMU_OK;
}

/* --- spans --- */

static int compare_days(const void *a, const void *b) {
    numu_day first = *(const numu_day *)a;
    numu_day second = *(const numu_day *)b;
    return (first > second) - (first < second);
}

static void add_change(numu_day *changes, size_t *count, numu_day starts, numu_day ends) {
    if (starts != NUMU_NO_DAY) {
        changes[(*count)++] = starts;
    }
    if (ends != NUMU_NO_DAY && ends < INT32_MAX) {
        changes[(*count)++] = ends + 1;
    }
}

/* Days on which the answer for any rule may change, ascending. */
static numu_status find_changes(const struct numu_model *model, struct numu_arena *arena,
                                numu_day **out, size_t *out_count) {
    numu_day *changes;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(arena, &changes,
                       2 * ((size_t)model->rule.head.count + model->profile.head.count)));
    for (numu_row row = 0; row < model->rule.head.count; row++) {
        add_change(changes, &count, model->rule.starts[row], model->rule.ends[row]);
    }
    for (numu_row row = 0; row < model->profile.head.count; row++) {
        add_change(changes, &count, model->profile.starts[row], model->profile.ends[row]);
    }
    qsort(changes, count, sizeof *changes, compare_days);
    *out = changes;
    *out_count = count;
    return NUMU_OK;
}

/* The spans of one rule and one transfer within the horizon; appended to `spans`. */
static numu_status add_spans(const struct numu_model *model, struct numu_text profile,
                             const struct numu_transfer *transfer, numu_row rule,
                             const numu_day *changes, size_t change_count, struct numu_span horizon,
                             struct numu_buffer *spans) {
    struct numu_prohibited_span span = {.transfer = *transfer, .rule = rule};
    bool is_open = false;
    numu_day day = horizon.from;
    for (size_t i = 0; day <= horizon.to; i++) {
        bool bites = numu_rule_bites_on(model, profile, rule, transfer, day);
        if (bites && !is_open) {
            span.days.from = day;
            is_open = true;
        } else if (!bites && is_open) {
            span.days.to = day - 1;
            NUMU_TRY(numu_buffer_append(spans, &span, sizeof span));
            is_open = false;
        }
        while (i < change_count && changes[i] <= day) {
            i++;
        }
        if (i >= change_count) {
            break;
        }
        day = changes[i];
    }
    if (is_open) {
        span.days.to = horizon.to;
        NUMU_TRY(numu_buffer_append(spans, &span, sizeof span));
    }
    return NUMU_OK;
}

static numu_status collect(const struct numu_model *model, struct numu_text profile,
                           struct numu_arena *arena, struct numu_buffer *spans) {
    struct numu_transfer *transfers;
    size_t transfer_count;
    numu_day *changes;
    size_t change_count;
    /* The horizon and its tail: whatever the planner solves. */
    const struct numu_span horizon = {model->package.start[0], INT32_MAX - 1};
    NUMU_TRY(numu_transfers_find(model, arena, &transfers, &transfer_count));
    NUMU_TRY(find_changes(model, arena, &changes, &change_count));
    for (size_t i = 0; i < transfer_count; i++) {
        for (numu_row rule = 0; rule < model->rule.head.count; rule++) {
            if (model->rule.effect[rule] == numu_effect_prohibit &&
                numu_rule_concerns(model, rule, &transfers[i])) {
                NUMU_TRY(add_spans(model, profile, &transfers[i], rule, changes, change_count,
                                   horizon, spans));
            }
        }
    }
    return NUMU_OK;
}

numu_status numu_prohibitions_find(const struct numu_model *model, struct numu_text profile,
                                   struct numu_arena *arena, struct numu_prohibited_span **out,
                                   size_t *out_count) {
    struct numu_buffer spans;
    numu_buffer_init(&spans, arena->heap, 0);
    numu_status status = collect(model, profile, arena, &spans);
    return NUMU_MOVE(&spans, status, arena, out, out_count);
}
