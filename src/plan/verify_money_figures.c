/*
 * verify_money_figures.c - the indicators of money added up again: import bill, cover of budgets
 * and upkeep, net present value and rate of return.
 *
 * The rate of return is found otherwise than by the planner: the flow is a polynomial in the factor
 * of a month, and its root is bracketed by false position (the Illinois way).
 */
#include "plan/verify_figures.h"

/* Yearly rates between which a rate of return is told (indicator.h). */
#define RATE_LEAST (-0.99)
#define RATE_MOST 100.0
/* Money under this is rounding. */
#define NOTHING 0.005
enum { ROUNDS = 500 };
/* A root is only as sharp as the flow it is of: so many times NEAR. */
#define ROOT_SIZE 1000

static double year_rate(const struct numu_figures *f) {
    return numu_verify_decimal(f->v->model->package.discount_rate[0]);
}

static numu_status take_years(struct numu_figures *f, double **out) {
    return NUMU_TAKE(f->v->arena, out, f->years);
}

/* --- the import bill --- */

static numu_status of_sums(struct numu_figures *f, numu_indicator which, const double *years,
                           double whole, double size) {
    struct numu_figure figure = {.which = which, .size = size};
    for (uint32_t year = 0; year < f->years; year++) {
        figure.year = f->first_year + (int64_t)year;
        figure.value = years[year];
        NUMU_TRY(numu_figures_expect(f, figure));
    }
    figure.year = 0;
    figure.value = whole;
    return numu_figures_expect(f, figure);
}

static numu_status of_imports(struct numu_figures *f) {
    const struct numu_plan_import_bill *bill = &f->v->plan->import_bill;
    double *without;
    double *with;
    double *net;
    double all_without = 0;
    double all_with = 0;
    double all_net = 0;
    NUMU_TRY(take_years(f, &without));
    NUMU_TRY(take_years(f, &with));
    NUMU_TRY(take_years(f, &net));
    for (numu_row row = 0; row < bill->head.count; row++) {
        int64_t last = (int64_t)f->first_year + f->years - 1;
        if (bill->year[row] >= f->first_year && bill->year[row] <= last) {
            int64_t year = bill->year[row] - f->first_year;
            double spent = numu_verify_major(f->v, bill->finished[row]) +
                           numu_verify_major(f->v, bill->kits[row]) +
                           numu_verify_major(f->v, bill->capital[row]);
            double saved = numu_verify_major(f->v, bill->without[row]);
            without[year] += saved;
            with[year] += spent;
            net[year] += saved - spent;
            all_without += saved;
            all_with += spent;
            all_net += (saved - spent) / pow(1 + year_rate(f), (double)year);
        }
    }
    double size = all_without + all_with;
    NUMU_TRY(of_sums(f, numu_indicator_import_without, without, all_without, 0));
    NUMU_TRY(of_sums(f, numu_indicator_import_with, with, all_with, 0));
    return of_sums(f, numu_indicator_net_foreign_exchange, net, all_net, size);
}

/* --- funds --- */

static numu_status of_fund(struct numu_figures *f, numu_row fund, double *spent, double *budget) {
    const struct numu_plan_purse *purse = &f->v->plan->purse;
    struct numu_figure figure = {
        .which = numu_indicator_affordability, .subject = "fund", .id = f->v->model->fund.id[fund]};
    double all_spent = 0;
    double all_budget = 0;
    for (uint32_t year = 0; year < f->years; year++) {
        spent[year] = 0;
        budget[year] = 0;
    }
    for (numu_row row = 0; row < purse->head.count; row++) {
        uint32_t t = numu_figures_month(f, purse->month[row]);
        if (t < f->v->months && numu_text_is_equal(purse->fund[row], figure.id)) {
            spent[numu_figures_year(f, t)] += numu_verify_major(f->v, purse->spent[row]);
            budget[numu_figures_year(f, t)] += numu_verify_major(f->v, purse->budget[row]);
            all_spent += numu_verify_major(f->v, purse->spent[row]);
            all_budget += numu_verify_major(f->v, purse->budget[row]);
        }
    }
    NUMU_TRY(numu_figures_expect_years(f, figure, spent, budget, "no_budget"));
    return numu_figures_expect(f, numu_figure_share(figure, all_spent, all_budget, "no_budget"));
}

static numu_status of_funds(struct numu_figures *f) {
    double *spent;
    double *budget;
    NUMU_TRY(take_years(f, &spent));
    NUMU_TRY(take_years(f, &budget));
    for (numu_row fund = 0; fund < f->v->model->fund.head.count; fund++) {
        NUMU_TRY(of_fund(f, fund, spent, budget));
    }
    return NUMU_OK;
}

/* The latest military spending on record; the greatest of a year that has several. */
static double spending_on_record(const struct numu_figures *f) {
    const struct numu_table_spending *table = &f->v->model->spending;
    bool has_year = false;
    int64_t year = 0;
    double value = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (!numu_text_is_equal(table->country[row], f->v->model->package.country[0])) {
            continue;
        }
        double amount = numu_verify_money(f->v, table->value[row], table->currency[row], 0);
        bool is_later = !has_year || table->year[row] > year;
        if (is_later || (table->year[row] == year && amount > value)) {
            value = amount;
            year = table->year[row];
            has_year = true;
        }
    }
    return value;
}

static numu_status of_spending(struct numu_figures *f) {
    const struct numu_plan_payment *payment = &f->v->plan->payment;
    double *paid;
    NUMU_TRY(take_years(f, &paid));
    for (numu_row row = 0; row < payment->head.count; row++) {
        uint32_t t = numu_figures_month(f, payment->month[row]);
        if (t < f->v->months) {
            paid[numu_figures_year(f, t)] += numu_verify_major(f->v, payment->amount[row]);
        }
    }
    struct numu_figure figure = {.which = numu_indicator_affordability_spending};
    double most = 0;
    for (uint32_t year = 0; year < f->years; year++) {
        if (paid[year] > most) {
            most = paid[year];
            figure.year = f->first_year + (int64_t)year;
        }
    }
    return numu_figures_expect(
        f, numu_figure_share(figure, most, spending_on_record(f), "no_spending"));
}

/* --- recurrent money --- */

static bool pays(const struct numu_figures *f, struct numu_text id, numu_cost_kind kind) {
    numu_row fund = numu_figures_find(f, "fund", id);
    return fund != NUMU_NONE && (f->v->model->fund.pays[fund] >> (kind - 1) & 1) != 0;
}

static bool is_first_of_year(const struct numu_figures *f, uint32_t t) {
    return t == 0 || numu_figures_year(f, t) != numu_figures_year(f, t - 1);
}

static numu_status of_recurrent(struct numu_figures *f) {
    const struct numu_plan_purse *purse = &f->v->plan->purse;
    const struct numu_plan_upkeep *upkeep = &f->v->plan->upkeep;
    double *there;
    double *needed;
    double all_there = 0;
    double all_needed = 0;
    NUMU_TRY(take_years(f, &there));
    NUMU_TRY(take_years(f, &needed));
    for (numu_row row = 0; row < purse->head.count; row++) {
        uint32_t t = numu_figures_month(f, purse->month[row]);
        bool is_recurrent = pays(f, purse->fund[row], numu_cost_kind_wage) ||
                            pays(f, purse->fund[row], numu_cost_kind_fixed) ||
                            pays(f, purse->fund[row], numu_cost_kind_upkeep);
        if (t < f->v->months && is_recurrent) {
            double budget = numu_verify_major(f->v, purse->budget[row]);
            double carried = numu_verify_major(f->v, purse->carried[row]);
            double spent = numu_verify_major(f->v, purse->spent[row]);
            there[numu_figures_year(f, t)] += budget + (is_first_of_year(f, t) ? carried : 0);
            needed[numu_figures_year(f, t)] += spent;
            all_there += budget; /* what is carried over is in it once */
            all_needed += spent;
        }
    }
    for (numu_row row = 0; row < upkeep->head.count; row++) {
        uint32_t t = numu_figures_month(f, upkeep->month[row]);
        if (t < f->v->months) {
            double unpaid = numu_verify_major(f->v, upkeep->due[row]) *
                            (1 - numu_verify_decimal(upkeep->paid[row]));
            needed[numu_figures_year(f, t)] += unpaid;
            all_needed += unpaid;
        }
    }
    struct numu_figure figure = {.which = numu_indicator_recurrent_cover};
    NUMU_TRY(numu_figures_expect_years(f, figure, there, needed, "none_due"));
    return numu_figures_expect(f, numu_figure_share(figure, all_there, all_needed, "none_due"));
}

static bool has_upkeep(const struct numu_figures *f, numu_row resource) {
    const struct numu_table_upkeep *table = &f->v->model->upkeep;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->resource[row] == resource) {
            return true;
        }
    }
    return false;
}

static numu_status of_upkeep(struct numu_figures *f) {
    const struct numu_table_resource *resource = &f->v->model->resource;
    const struct numu_plan_upkeep *table = &f->v->plan->upkeep;
    double *due;
    double *paid;
    double all_due = 0;
    double all_paid = 0;
    NUMU_TRY(NUMU_TAKE(f->v->arena, &due, resource->head.count));
    NUMU_TRY(NUMU_TAKE(f->v->arena, &paid, resource->head.count));
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row at = numu_figures_find(f, "resource", table->resource[row]);
        if (at != NUMU_NONE) {
            double money = numu_verify_major(f->v, table->due[row]);
            due[at] += money;
            paid[at] += money * numu_verify_decimal(table->paid[row]);
        }
    }
    struct numu_figure figure = {.which = numu_indicator_upkeep_cover};
    for (numu_row at = 0; at < resource->head.count; at++) {
        all_due += due[at];
        all_paid += paid[at];
        if (has_upkeep(f, at)) {
            figure.subject = "resource";
            figure.id = resource->id[at];
            NUMU_TRY(numu_figures_expect(
                f, numu_figure_share(figure, paid[at], due[at],
                                     f->open[at] > 0 ? "none_due" : "not_open")));
        }
    }
    figure = (struct numu_figure){.which = numu_indicator_upkeep_cover};
    return numu_figures_expect(f, numu_figure_share(figure, all_paid, all_due, "none_due"));
}

numu_status numu_figures_of_money(struct numu_figures *f) {
    NUMU_TRY(of_imports(f));
    NUMU_TRY(of_funds(f));
    NUMU_TRY(of_spending(f));
    NUMU_TRY(of_recurrent(f));
    return of_upkeep(f);
}

/* --- against importing everything --- */

/* What one of an item costs bought abroad and brought to a site; else its standard cost. */
static double import_price(const struct numu_figures *f, numu_row item, numu_row site) {
    const struct numu_table_item *table = &f->v->model->item;
    double price = f->import_at[(size_t)item * f->v->model->site.head.count + site];
    return isfinite(price)
               ? price
               : numu_verify_price(f->v, table->standard_cost[item], table->currency[item], 0);
}

/* Worth of a quantity of an item at a site, by their ids. */
static double worth(const struct numu_figures *f, struct numu_text item, struct numu_text site,
                    numu_quantity quantity) {
    numu_row what = numu_figures_find(f, "item", item);
    numu_row where = numu_figures_find(f, "site", site);
    bool is_known = what != NUMU_NONE && where != NUMU_NONE;
    return is_known ? numu_verify_quantity(quantity) * import_price(f, what, where) : 0;
}

static void add(const struct numu_figures *f, struct numu_verify_sum *flow, numu_month month,
                double amount) {
    uint32_t t = numu_figures_month(f, month);
    if (t < f->v->months) {
        numu_verify_add(&flow[t], amount);
    }
}

static void add_goods(const struct numu_figures *f, struct numu_verify_sum *flow) {
    const struct numu_table_demand *demand = &f->v->model->demand;
    const struct numu_plan_service *service = &f->v->plan->service;
    const struct numu_plan_receipt *receipt = &f->v->plan->receipt;
    const struct numu_plan_stock *stock = &f->v->plan->stock;
    const struct numu_model *model = f->v->model;
    for (numu_row row = 0; row < service->head.count; row++) {
        numu_row at = numu_figures_find(f, "demand", service->demand[row]);
        if (at != NUMU_NONE) {
            add(f, flow, service->month[row],
                worth(f, model->item.id[demand->item[at]], model->site.id[demand->site[at]],
                      service->served[row]));
        }
    }
    for (numu_row row = 0; row < receipt->head.count; row++) {
        numu_row what = numu_figures_find(f, "item", receipt->item[row]);
        numu_row where = numu_figures_find(f, "site", receipt->site[row]);
        if (what != NUMU_NONE && where != NUMU_NONE) {
            double saved = worth(f, receipt->item[row], receipt->site[row], receipt->quantity[row]);
            add(f, flow, receipt->month[row], -saved);
            add(f, flow, receipt->month[row], numu_verify_major(f->v, receipt->cost[row]));
        }
    }
    for (numu_row row = 0; row < stock->head.count; row++) {
        if (numu_figures_month(f, stock->month[row]) + 1 == f->v->months) {
            add(f, flow, stock->month[row],
                worth(f, stock->item[row], stock->site[row], stock->quantity[row]));
        }
    }
}

/* The flow's worth where a month's factor is x: Horner's way. */
static double value_at(const struct numu_figures *f, const struct numu_verify_sum *flow, double x) {
    double value = 0;
    for (uint32_t t = f->v->months; t > 0; t--) {
        value = value * x + flow[t - 1].value;
    }
    return value;
}

static unsigned count_turns(const struct numu_figures *f, const struct numu_verify_sum *flow) {
    double sum = 0;
    double before = 0;
    unsigned turns = 0;
    for (uint32_t t = 0; t < f->v->months; t++) {
        sum += flow[t].value;
        if (fabs(sum) > NOTHING) {
            turns += before != 0 && (before > 0) != (sum > 0);
            before = sum;
        }
    }
    return turns;
}

/* A root of the flow between two factors where its sign differs. */
static double find_root(const struct numu_figures *f, const struct numu_verify_sum *flow, double a,
                        double b) {
    double at_a = value_at(f, flow, a);
    double at_b = value_at(f, flow, b);
    for (int i = 0; i < ROUNDS && fabs(b - a) > 1e-15 * fabs(a); i++) {
        /* false position, each fourth time the middle, so that an end cannot stay for ever */
        double c = i % 4 == 3 ? (a + b) / 2 : b - at_b * (b - a) / (at_b - at_a);
        double at_c = value_at(f, flow, c);
        if ((at_c > 0) == (at_b > 0)) {
            at_a /= 2;
        } else {
            a = b;
            at_a = at_b;
        }
        b = c;
        at_b = at_c;
        if (!(at_c < 0 || at_c > 0)) {
            break;
        }
    }
    return b;
}

static struct numu_figure rate_of_return(const struct numu_figures *f,
                                         const struct numu_verify_sum *flow) {
    struct numu_figure figure = {.which = numu_indicator_irr};
    unsigned turns = count_turns(f, flow);
    double fast = pow(1 + RATE_MOST, -1.0 / 12);
    double slow = pow(1 + RATE_LEAST, -1.0 / 12);
    bool has_root = (value_at(f, flow, slow) > 0) != (value_at(f, flow, fast) > 0);
    if (turns != 1 || !has_root) {
        figure.why = turns > 1 ? "several_rates" : "no_sign_change";
        return figure;
    }
    figure.value = pow(find_root(f, flow, fast, slow), -12) - 1;
    figure.size = ROOT_SIZE * (1 + fabs(figure.value));
    return figure;
}

numu_status numu_figures_of_return(struct numu_figures *f, double residual) {
    const struct numu_plan_payment *payment = &f->v->plan->payment;
    struct numu_figure figure = {.which = numu_indicator_npv};
    struct numu_verify_sum *flow;
    NUMU_TRY(NUMU_TAKE(f->v->arena, &flow, f->v->months));
    add_goods(f, flow);
    for (numu_row row = 0; row < payment->head.count; row++) {
        add(f, flow, payment->month[row], -numu_verify_major(f->v, payment->amount[row]));
    }
    numu_verify_add(&flow[f->v->months - 1], residual);
    for (uint32_t t = 0; t < f->v->months; t++) {
        double factor = pow(1 + year_rate(f), -(double)t / 12);
        figure.value += flow[t].value * factor;
        figure.size += flow[t].size * factor;
    }
    NUMU_TRY(numu_figures_expect(f, figure));
    return numu_figures_expect(f, rate_of_return(f, flow));
}
