/*
 * indicator_money.c - import bill, cover, net present value and rate of return.
 */
#include "plan/indicator_parts.h"

/* Yearly rates between which the rate of return is looked for, and how often that is halved. */
#define RATE_LEAST (-0.99)
#define RATE_MOST 100.0
enum { HALVINGS = 200 };

static double yearly_rate(const struct numu_indicators *in) {
    return numu_indicator_decimal(in->model->package.discount_rate[0]);
}

/* --- the import bill --- */

static numu_status add_years(struct numu_indicators *in, numu_indicator indicator,
                             const char *subject, struct numu_text id, const double *values,
                             double whole) {
    struct numu_indicator_row row = numu_indicator_of_one(indicator, subject, id);
    for (uint32_t year = 0; year < in->years; year++) {
        row.year = in->first_year + (int64_t)year;
        row.value = values[year];
        NUMU_TRY(numu_indicator_add(in, row));
    }
    row.year = NUMU_NO_NUMBER;
    row.value = whole;
    return numu_indicator_add(in, row);
}

static numu_status of_imports(struct numu_indicators *in) {
    const struct numu_plan_import_bill *bill = &in->plan->import_bill;
    double *without;
    double *with;
    double *net;
    double sums[3] = {0};
    NUMU_TRY(NUMU_TAKE(&in->scratch, &without, in->years));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &with, in->years));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &net, in->years));
    for (numu_row row = 0; row < bill->head.count; row++) {
        int64_t year = bill->year[row] - in->first_year;
        if (year >= 0 && year < (int64_t)in->years) {
            without[year] += numu_indicator_money(in, bill->without[row]);
            with[year] += numu_indicator_money(in, bill->finished[row]) +
                          numu_indicator_money(in, bill->kits[row]) +
                          numu_indicator_money(in, bill->capital[row]);
        }
    }
    for (uint32_t year = 0; year < in->years; year++) {
        net[year] = without[year] - with[year];
        sums[0] += without[year];
        sums[1] += with[year];
        sums[2] += net[year] * pow(1 + yearly_rate(in), -(double)year);
    }
    struct numu_text all = NUMU_TEXT("");
    NUMU_TRY(add_years(in, numu_indicator_import_without, "", all, without, sums[0]));
    NUMU_TRY(add_years(in, numu_indicator_import_with, "", all, with, sums[1]));
    return add_years(in, numu_indicator_net_foreign_exchange, "", all, net, sums[2]);
}

/* --- affordability --- */

static numu_status add_ratios(struct numu_indicators *in, numu_indicator indicator,
                              const char *subject, struct numu_text id, const double *parts,
                              const double *wholes, const char *why) {
    struct numu_indicator_row row = numu_indicator_of_one(indicator, subject, id);
    double part = 0;
    double whole = 0;
    for (uint32_t year = 0; year < in->years; year++) {
        row.year = in->first_year + (int64_t)year;
        numu_indicator_ratio(&row, parts[year], wholes[year], why);
        part += parts[year];
        whole += wholes[year];
        NUMU_TRY(numu_indicator_add(in, row));
    }
    row.year = NUMU_NO_NUMBER;
    numu_indicator_ratio(&row, part, whole, why);
    return numu_indicator_add(in, row);
}

static numu_status of_affordability(struct numu_indicators *in) {
    const struct numu_plan_purse *purse = &in->plan->purse;
    numu_row funds = in->model->fund.head.count;
    double *spent;
    double *budget;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &spent, (size_t)funds * in->years));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &budget, (size_t)funds * in->years));
    for (numu_row row = 0; row < purse->head.count; row++) {
        numu_row fund = numu_map_find(&in->fund, purse->fund[row]);
        uint32_t t = numu_indicator_month(in, purse->month[row]);
        if (fund != NUMU_NONE && t < in->months) {
            size_t cell = (size_t)fund * in->years + numu_indicator_year(in, t);
            spent[cell] += numu_indicator_money(in, purse->spent[row]);
            budget[cell] += numu_indicator_money(in, purse->budget[row]);
        }
    }
    for (numu_row fund = 0; fund < funds; fund++) {
        NUMU_TRY(add_ratios(in, numu_indicator_affordability, "fund", in->model->fund.id[fund],
                            spent + (size_t)fund * in->years, budget + (size_t)fund * in->years,
                            "no_budget"));
    }
    return NUMU_OK;
}

static double payments_of(const struct numu_indicators *in, uint32_t year) {
    const struct numu_plan_payment *payment = &in->plan->payment;
    double sum = 0;
    for (numu_row row = 0; row < payment->head.count; row++) {
        uint32_t t = numu_indicator_month(in, payment->month[row]);
        if (t < in->months && numu_indicator_year(in, t) == year) {
            sum += numu_indicator_money(in, payment->amount[row]);
        }
    }
    return sum;
}

/* Beside the latest figure on record; the greatest, where a year has several. */
static numu_status of_spending(struct numu_indicators *in) {
    const struct numu_table_spending *table = &in->model->spending;
    struct numu_indicator_row row = numu_indicator_of(numu_indicator_affordability_spending);
    numu_row latest = NUMU_NONE;
    double value = 0;
    for (numu_row other = 0; other < table->head.count; other++) {
        double amount = numu_indicator_amount(in, table->value[other], table->currency[other]);
        bool is_ours = numu_text_is_equal(table->country[other], in->model->package.country[0]);
        if (is_ours && (latest == NUMU_NONE || table->year[other] > table->year[latest] ||
                        (table->year[other] == table->year[latest] && amount > value))) {
            latest = other;
            value = amount;
        }
    }
    double most = 0;
    for (uint32_t year = 0; year < in->years; year++) {
        double sum = payments_of(in, year);
        if (sum > most) {
            most = sum;
            row.year = in->first_year + (int64_t)year;
        }
    }
    numu_indicator_ratio(&row, most, value, "no_spending");
    return numu_indicator_add(in, row);
}

/* --- recurrent money --- */

static bool pays_recurrent(const struct numu_indicators *in, numu_row fund) {
    const uint32_t recurrent = UINT32_C(1) << (numu_cost_kind_wage - 1) |
                               UINT32_C(1) << (numu_cost_kind_fixed - 1) |
                               UINT32_C(1) << (numu_cost_kind_upkeep - 1);
    return (in->model->fund.pays[fund] & recurrent) != 0;
}

static numu_status of_recurrent(struct numu_indicators *in) {
    const struct numu_plan_purse *purse = &in->plan->purse;
    const struct numu_plan_upkeep *upkeep = &in->plan->upkeep;
    double *there;
    double *needed;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &there, in->years));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &needed, in->years));
    double budget = 0;
    double need = 0;
    for (numu_row row = 0; row < purse->head.count; row++) {
        numu_row fund = numu_map_find(&in->fund, purse->fund[row]);
        uint32_t t = numu_indicator_month(in, purse->month[row]);
        if (fund != NUMU_NONE && t < in->months && pays_recurrent(in, fund)) {
            uint32_t year = numu_indicator_year(in, t);
            bool begins = t == 0 || numu_indicator_year(in, t - 1) != year;
            there[year] += numu_indicator_money(in, purse->budget[row]) +
                           (begins ? numu_indicator_money(in, purse->carried[row]) : 0);
            needed[year] += numu_indicator_money(in, purse->spent[row]);
            budget += numu_indicator_money(in, purse->budget[row]);
        }
    }
    for (numu_row row = 0; row < upkeep->head.count; row++) {
        uint32_t t = numu_indicator_month(in, upkeep->month[row]);
        if (t < in->months) {
            needed[numu_indicator_year(in, t)] += numu_indicator_money(in, upkeep->due[row]) *
                                                  (1 - numu_indicator_decimal(upkeep->paid[row]));
        }
    }
    struct numu_indicator_row row = numu_indicator_of(numu_indicator_recurrent_cover);
    for (uint32_t year = 0; year < in->years; year++) {
        row.year = in->first_year + (int64_t)year;
        numu_indicator_ratio(&row, there[year], needed[year], "none_due");
        NUMU_TRY(numu_indicator_add(in, row));
        need += needed[year];
    }
    row.year = NUMU_NO_NUMBER;
    numu_indicator_ratio(&row, budget, need, "none_due"); /* what is carried over is in it once */
    return numu_indicator_add(in, row);
}

static numu_status of_upkeep(struct numu_indicators *in) {
    const struct numu_plan_upkeep *table = &in->plan->upkeep;
    numu_row resources = in->model->resource.head.count;
    double *due;
    double *paid;
    bool *is_kept;
    double sums[2] = {0};
    NUMU_TRY(NUMU_TAKE(&in->scratch, &due, resources));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &paid, resources));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &is_kept, resources));
    for (numu_row row = 0; row < in->model->upkeep.head.count; row++) {
        is_kept[in->model->upkeep.resource[row]] = true;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row resource = numu_map_find(&in->resource, table->resource[row]);
        if (resource != NUMU_NONE) {
            double amount = numu_indicator_money(in, table->due[row]);
            due[resource] += amount;
            paid[resource] += amount * numu_indicator_decimal(table->paid[row]);
        }
    }
    for (numu_row resource = 0; resource < resources; resource++) {
        struct numu_indicator_row row = numu_indicator_of_one(
            numu_indicator_upkeep_cover, "resource", in->model->resource.id[resource]);
        numu_indicator_ratio(&row, paid[resource], due[resource],
                             in->open[resource] > 0 ? "none_due" : "not_open");
        sums[0] += paid[resource];
        sums[1] += due[resource];
        if (is_kept[resource]) {
            NUMU_TRY(numu_indicator_add(in, row));
        }
    }
    struct numu_indicator_row row = numu_indicator_of(numu_indicator_upkeep_cover);
    numu_indicator_ratio(&row, sums[0], sums[1], "none_due");
    return numu_indicator_add(in, row);
}

/* --- against importing everything --- */

/* What one of an item is worth landed at a site; its standard cost where nobody sells it. */
static double landed(const struct numu_indicators *in, numu_row item, numu_row site) {
    double price = in->worth.landed[(size_t)item * in->model->site.head.count + site];
    return isinf(price) ? numu_indicator_price(in, in->model->item.standard_cost[item],
                                               in->model->item.currency[item])
                        : price;
}

static void add_deliveries(const struct numu_indicators *in, double *flow) {
    const struct numu_plan_service *table = &in->plan->service;
    const struct numu_table_demand *demands = &in->model->demand;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row demand = numu_map_find(&in->demand, table->demand[row]);
        uint32_t t = numu_indicator_month(in, table->month[row]);
        if (demand != NUMU_NONE && t < in->months) {
            flow[t] += numu_indicator_quantity(table->served[row]) *
                       landed(in, demands->item[demand], demands->site[demand]);
        }
    }
}

/* What is there without the plan's doing would be there without the industry too. */
static void take_receipts(const struct numu_indicators *in, double *flow) {
    const struct numu_plan_receipt *table = &in->plan->receipt;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row item = numu_map_find(&in->item, table->item[row]);
        numu_row site = numu_map_find(&in->site, table->site[row]);
        uint32_t t = numu_indicator_month(in, table->month[row]);
        if (item != NUMU_NONE && site != NUMU_NONE && t < in->months) {
            flow[t] += numu_indicator_money(in, table->cost[row]) -
                       numu_indicator_quantity(table->quantity[row]) * landed(in, item, site);
        }
    }
}

static void take_payments(const struct numu_indicators *in, double *flow) {
    const struct numu_plan_payment *table = &in->plan->payment;
    for (numu_row row = 0; row < table->head.count; row++) {
        uint32_t t = numu_indicator_month(in, table->month[row]);
        if (t < in->months) {
            flow[t] -= numu_indicator_money(in, table->amount[row]);
        }
    }
}

/* Stock at the end, at what it would cost landed. */
static void add_closing_stock(const struct numu_indicators *in, double *flow) {
    const struct numu_plan_stock *table = &in->plan->stock;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row item = numu_map_find(&in->item, table->item[row]);
        numu_row site = numu_map_find(&in->site, table->site[row]);
        if (item != NUMU_NONE && site != NUMU_NONE &&
            numu_indicator_month(in, table->month[row]) == in->months - 1) {
            flow[in->months - 1] +=
                numu_indicator_quantity(table->quantity[row]) * landed(in, item, site);
        }
    }
}

static double present_value(const double *flow, uint32_t months, double rate) {
    double sum = 0;
    for (uint32_t t = 0; t < months; t++) {
        sum += flow[t] * pow(1 + rate, -(double)t / 12);
    }
    return sum;
}

/* Sign changes of the cumulated flow: with one, the rate is unique (Norstrom 1972). */
static unsigned sign_changes(const double *flow, uint32_t months) {
    double sum = 0;
    int sign = 0;
    unsigned changes = 0;
    for (uint32_t t = 0; t < months; t++) {
        sum += flow[t];
        int now = sum > 0.005 ? 1 : sum < -0.005 ? -1 : 0;
        changes += sign != 0 && now != 0 && now != sign;
        sign = now == 0 ? sign : now;
    }
    return changes;
}

static struct numu_indicator_row rate_of_return(const double *flow, uint32_t months) {
    struct numu_indicator_row row = numu_indicator_of(numu_indicator_irr);
    unsigned changes = sign_changes(flow, months);
    double low = RATE_LEAST;
    double high = RATE_MOST;
    bool is_up = present_value(flow, months, low) > 0;
    if (changes != 1 || (present_value(flow, months, high) > 0) == is_up) {
        row.why = changes > 1 ? "several_rates" : "no_sign_change";
        return row;
    }
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        bool is_low = (present_value(flow, months, middle) > 0) == is_up;
        low = is_low ? middle : low;
        high = is_low ? high : middle;
    }
    row.value = (low + high) / 2;
    return row;
}

static numu_status of_worth(struct numu_indicators *in) {
    double *flow;
    struct numu_indicator_row row = numu_indicator_of(numu_indicator_npv);
    NUMU_TRY(NUMU_TAKE(&in->scratch, &flow, in->months));
    add_deliveries(in, flow);
    take_receipts(in, flow);
    take_payments(in, flow);
    add_closing_stock(in, flow);
    flow[in->months - 1] += numu_indicators_residual(in);
    row.value = present_value(flow, in->months, yearly_rate(in));
    NUMU_TRY(numu_indicator_add(in, row));
    return numu_indicator_add(in, rate_of_return(flow, in->months));
}

numu_status numu_indicators_of_money(struct numu_indicators *in) {
    NUMU_TRY(of_imports(in));
    NUMU_TRY(of_affordability(in));
    NUMU_TRY(of_spending(in));
    NUMU_TRY(of_recurrent(in));
    NUMU_TRY(of_upkeep(in));
    return in->is_too_large ? NUMU_OK : of_worth(in);
}
