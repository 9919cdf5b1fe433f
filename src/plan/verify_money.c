/*
 * verify_money.c - payments and funds: every sum of money again.
 */
#include "plan/verify_sums.h"

#include <math.h>

/* --- what is paid whatever is planned --- */

/* Days of a month that lie in the days first … last. */
static double share_of_days(const struct numu_verify *v, numu_day first, numu_day last,
                            uint32_t t) {
    numu_day from = numu_month_first_day(v->start + (numu_month)t);
    numu_day until = numu_month_last_day(v->start + (numu_month)t);
    numu_day end = last < first ? first : last;
    int64_t days = (int64_t)(until < end ? until : end) - (from > first ? from : first) + 1;
    return days <= 0 ? 0 : (double)days / ((double)end - (double)first + 1);
}

static numu_row mode_of(const struct numu_verify *v, numu_row activity) {
    const struct numu_plan_activity *plan = &v->plan->activity;
    const struct numu_table_mode *table = &v->model->mode;
    struct numu_text id = {NULL, 0};
    for (numu_row at = 0; at < plan->head.count; at++) {
        if (numu_text_is_equal(plan->id[at], v->model->activity.id[activity])) {
            id = plan->mode[at];
        }
    }
    for (numu_row row = 0; row < table->head.count && id.length > 0; row++) {
        if (table->activity[row] == activity && numu_text_is_equal(table->id[row], id)) {
            return row;
        }
    }
    return NUMU_NONE;
}

static void pay_activities(struct numu_verify *v, struct numu_verify_sum *named) {
    const struct numu_table_activity *table = &v->model->activity;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row mode = mode_of(v, row);
        numu_money cost = mode == NUMU_NONE ? table->cost[row] : v->model->mode.cost[mode];
        numu_currency currency =
            mode == NUMU_NONE ? table->currency[row] : v->model->mode.currency[mode];
        for (uint32_t t = 0; t < v->months && v->start_day[row] != NUMU_NO_DAY; t++) {
            double share = share_of_days(v, v->start_day[row], v->finish_day[row], t);
            double amount = share == 0 ? 0 : share * numu_verify_money(v, cost, currency, t);
            if (amount != 0 && table->fund[row] != NUMU_NONE) {
                numu_verify_add(&named[numu_verify_cell(v, table->fund[row], t)], amount);
            }
            numu_verify_pay(v, numu_cost_kind_capital, t, amount);
        }
    }
}

static void pay_resources(struct numu_verify *v) {
    const struct numu_table_resource *table = &v->model->resource;
    for (numu_row row = 0; row < table->head.count; row++) {
        int64_t open = numu_verify_opening(v, table->opens[row], table->opened_by[row]);
        int64_t end = numu_verify_until(v, table->closes[row]);
        for (int64_t t = open > 0 ? open : 0; t < v->months && t < end; t++) {
            numu_verify_pay(v, numu_cost_kind_fixed, (uint32_t)t,
                            numu_verify_money(v, table->fixed_cost_month[row], table->currency[row],
                                              (uint32_t)t));
        }
        if (open >= 0 && open < v->months) {
            numu_verify_pay(
                v, numu_cost_kind_capital, (uint32_t)open,
                numu_verify_money(v, table->capital[row], table->currency[row], (uint32_t)open));
        }
    }
}

static uint32_t kind_of_agreement(uint8_t kind) {
    return kind == numu_agreement_kind_supply       ? numu_cost_kind_import
           : kind == numu_agreement_kind_training   ? numu_cost_kind_training
           : kind == numu_agreement_kind_licence    ? numu_cost_kind_royalty
           : kind == numu_agreement_kind_technology ? numu_cost_kind_royalty
                                                    : 0;
}

static void pay_agreements(struct numu_verify *v) {
    const struct numu_table_agreement *table = &v->model->agreement;
    const struct numu_table_delivery *delivery = &v->model->delivery;
    for (numu_row row = 0; row < table->head.count; row++) {
        uint32_t kind = kind_of_agreement(table->kind[row]);
        double all = 0;
        for (numu_row line = 0; line < delivery->head.count; line++) {
            all += delivery->agreement[line] == row ? numu_verify_quantity(delivery->quantity[line])
                                                    : 0;
        }
        for (numu_row line = 0; line < delivery->head.count && all > 0 && kind > 0; line++) {
            int64_t due = (int64_t)numu_day_month(delivery->due[line]) - v->start;
            uint32_t t = due < 0 ? 0 : (uint32_t)due;
            double left = numu_verify_quantity(delivery->quantity[line]) -
                          numu_verify_quantity(delivery->delivered[line]);
            if (delivery->agreement[line] == row && t < v->months && left > 0) {
                numu_verify_pay(
                    v, kind, t,
                    left / all * numu_verify_money(v, table->value[row], table->currency[row], t));
            }
        }
        numu_day first =
            table->starts[row] != NUMU_NO_DAY ? table->starts[row] : table->signed_on[row];
        first = first == NUMU_NO_DAY ? numu_month_first_day(v->start) : first;
        numu_day last = table->ends[row] != NUMU_NO_DAY
                            ? table->ends[row]
                            : numu_month_last_day(v->start + (numu_month)v->months - 1);
        for (uint32_t t = 0; t < v->months && all <= 0 && kind > 0 && last >= first; t++) {
            numu_verify_pay(v, kind, t,
                            share_of_days(v, first, last, t) *
                                numu_verify_money(v, table->value[row], table->currency[row], t));
        }
    }
}

/* Advances for what is completed after the horizon. */
static numu_status pay_ahead(struct numu_verify *v) {
    const struct numu_plan_ahead_cost *plan = &v->plan->ahead_cost;
    for (numu_row at = 0; at < plan->head.count; at++) {
        uint32_t t = 0;
        NUMU_TRY(numu_verify_month(v, "ahead_cost", NUMU_TEXT("ahead_cost"), plan->month[at], &t));
        if (t != UINT32_MAX) {
            numu_verify_pay(v, plan->kind[at], t, numu_verify_major(v, plan->amount[at]));
        }
    }
    return NUMU_OK;
}

/* --- payments --- */

static bool pays_for(const struct numu_verify *v, numu_row fund, uint32_t kind) {
    return (v->model->fund.pays[fund] >> (kind - 1) & 1) != 0;
}

struct paid {
    struct numu_verify_sum *by_kind; /* [kind × months + month] */
    struct numu_verify_sum *by_fund; /* [fund × months + month] */
    struct numu_verify_sum *named;   /* what activities name their fund for, the same */
};

static numu_status read_payments(struct numu_verify *v, struct paid *paid) {
    const struct numu_plan_payment *plan = &v->plan->payment;
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row fund = NUMU_NONE;
        uint32_t t = 0;
        uint32_t kind = plan->kind[at];
        NUMU_TRY(numu_verify_month(v, "payment", plan->fund[at], plan->month[at], &t));
        if (plan->fund[at].length > 0) {
            NUMU_TRY(numu_verify_find(v, "fund", plan->fund[at], &fund));
        }
        if (t == UINT32_MAX || kind == 0 || kind >= numu_cost_kind_count) {
            continue;
        }
        double amount = numu_verify_major(v, plan->amount[at]);
        numu_verify_add(&paid->by_kind[numu_verify_cell(v, kind, t)], amount);
        if (fund == NUMU_NONE) {
            continue;
        }
        numu_verify_add(&paid->by_fund[numu_verify_cell(v, fund, t)], amount);
        double named =
            kind == numu_cost_kind_capital ? paid->named[numu_verify_cell(v, fund, t)].value : 0;
        if (!pays_for(v, fund, kind)) { /* but for what names it */
            NUMU_TRY(numu_verify_most(v, "kind.break_fund", plan->fund[at], t, amount, named, named,
                                      2 * numu_verify_minor(v)));
        }
        if (amount < 0) {
            NUMU_TRY(numu_verify_break(v, "kind.break_fund", plan->fund[at], t, amount, 0));
        }
    }
    return NUMU_OK;
}

/* What a kind costs in a month on average: the solver's money is exact to a share of it. */
static double usual_cost(const struct numu_verify *v) {
    size_t cells = (size_t)numu_cost_kind_count * v->months;
    double sum = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        sum += v->cost[cell].size;
    }
    return sum / (double)cells;
}

static numu_status check_kinds(struct numu_verify *v, const struct paid *paid) {
    double usual = usual_cost(v);
    for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
        struct numu_text name = numu_text_of(numu_names_of_cost_kind[kind - 1]);
        for (uint32_t t = 0; t < v->months; t++) {
            size_t cell = numu_verify_cell(v, kind, t);
            const struct numu_verify_sum *cost = &v->cost[cell];
            double step = numu_verify_minor(v) * (14 + paid->by_kind[cell].terms + cost->terms);
            NUMU_TRY(numu_verify_same(v, "kind.break_payment", name, t, paid->by_kind[cell].value,
                                      cost->value, cost->size + usual, step));
        }
    }
    return NUMU_OK;
}

/* --- purses --- */

static double budget_of(const struct numu_verify *v, numu_row fund, uint32_t t) {
    const struct numu_table_budget *table = &v->model->budget;
    double sum = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        sum += table->fund[row] == fund && table->month[row] == v->start + (numu_month)t
                   ? numu_verify_money(v, table->amount[row], v->model->fund.currency[fund], t)
                   : 0;
    }
    return sum;
}

/* A month of a fund; *left is what the month before left in it, then what this one does. */
static numu_status check_purse(struct numu_verify *v, numu_row at, numu_row fund, uint32_t t,
                               const struct numu_verify_sum *spent, numu_money *left) {
    const struct numu_plan_purse *plan = &v->plan->purse;
    struct numu_text id = plan->fund[at];
    bool carries = v->model->fund.carry_over[fund] == NUMU_BOOLEAN_TRUE;
    double budget = budget_of(v, fund, t);
    numu_money there = plan->carried[at] + plan->budget[at];
    numu_money gap = plan->spent[at] > there ? plan->spent[at] - there : 0;
    numu_money rest = carries && there > plan->spent[at] ? there - plan->spent[at] : 0;
    NUMU_TRY(numu_verify_same(v, "kind.break_budget", id, t, numu_verify_major(v, plan->budget[at]),
                              budget, budget, numu_verify_minor(v)));
    NUMU_TRY(numu_verify_same(v, "kind.break_purse", id, t, numu_verify_major(v, plan->spent[at]),
                              spent->value, spent->size, numu_verify_minor(v) / 2));
    if (plan->carried[at] != *left || plan->gap[at] != gap || plan->left[at] != rest) {
        NUMU_TRY(numu_verify_break(v, "kind.break_purse", id, t,
                                   numu_verify_major(v, plan->left[at]),
                                   numu_verify_major(v, rest)));
    }
    *left = plan->left[at];
    return NUMU_OK;
}

static numu_status check_purses(struct numu_verify *v, const struct paid *paid) {
    const struct numu_plan_purse *plan = &v->plan->purse;
    const struct numu_table_fund *table = &v->model->fund;
    for (numu_row fund = 0; fund < table->head.count; fund++) {
        numu_money left = 0;
        for (uint32_t t = 0; t < v->months; t++) {
            numu_row found = NUMU_NONE;
            for (numu_row at = 0; at < plan->head.count; at++) {
                bool is_it = plan->month[at] == v->start + (numu_month)t &&
                             numu_text_is_equal(plan->fund[at], table->id[fund]);
                if (is_it && found != NUMU_NONE) {
                    NUMU_TRY(numu_verify_break(v, "kind.break_twice", table->id[fund], t, 0, 0));
                }
                found = is_it ? at : found;
            }
            const double rounded = numu_verify_minor(v) / 2; /* a row of nothing is left out */
            const struct numu_verify_sum *spent = &paid->by_fund[numu_verify_cell(v, fund, t)];
            if (found != NUMU_NONE) {
                NUMU_TRY(check_purse(v, found, fund, t, spent, &left));
            } else if (left != 0 || spent->value > rounded || budget_of(v, fund, t) > rounded) {
                NUMU_TRY(numu_verify_break(v, "kind.break_missing", table->id[fund], t, 0, 0));
                left = 0;
            }
        }
    }
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row fund = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "fund", plan->fund[at], &fund));
        NUMU_TRY(numu_verify_month(v, "purse", plan->fund[at], plan->month[at], &t));
    }
    return NUMU_OK;
}

numu_status numu_verify_funds(struct numu_verify *v) {
    struct paid paid;
    size_t funds = (size_t)v->model->fund.head.count * v->months;
    NUMU_TRY(NUMU_TAKE(v->arena, &paid.by_kind, (size_t)numu_cost_kind_count * v->months));
    NUMU_TRY(NUMU_TAKE(v->arena, &paid.by_fund, funds));
    NUMU_TRY(NUMU_TAKE(v->arena, &paid.named, funds));
    pay_activities(v, paid.named);
    pay_resources(v);
    pay_agreements(v);
    NUMU_TRY(pay_ahead(v));
    NUMU_TRY(read_payments(v, &paid));
    NUMU_TRY(check_kinds(v, &paid));
    return check_purses(v, &paid);
}
