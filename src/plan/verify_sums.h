/*
 * verify_sums.h - what the files verify*.c share: sums with their sizes, and how a break is told.
 */
#ifndef NUMU_PLAN_VERIFY_SUMS_H
#define NUMU_PLAN_VERIFY_SUMS_H

#include "plan/verify.h"

/* A sum and the sum of the sizes of its terms: what its rounding is measured by. */
struct numu_verify_sum {
    double value, size;
    uint32_t terms;
};

struct numu_verify {
    const struct numu_context *context;
    const struct numu_model *model;
    const struct numu_calendars *calendars;
    const struct numu_plan *plan;
    const struct numu_plan_law *law;
    struct numu_report *report;
    struct numu_arena *arena; /* scratch */
    struct numu_arena *texts; /* of findings */
    numu_month start;
    uint32_t months;
    bool has_whole_lots; /* the plan says that its lots are whole */
    uint64_t breaks;
    numu_day *start_day, *finish_day; /* by activity: first and last day of work, as planned */
    double *made;                     /* [process × months + month] good units */
    struct numu_verify_sum *flow;     /* [(item × sites + site) × months + month] in less out */
    struct numu_verify_sum *housed;   /* the same of what has to be housed */
    double *closing;                  /* the same */
    double *received;                 /* the same: what came in, wherever from */
    double *created;                  /* [item × months + month] what came in but by shipment */
    double *paid_upkeep;              /* [resource × months + month] share */
    double *learned;                  /* [process × months + month] */
    struct numu_verify_sum *cost;     /* [kind × months + month] major units */
};

static inline size_t numu_verify_cell(const struct numu_verify *v, size_t row, uint32_t month) {
    return row * v->months + month;
}
static inline size_t numu_verify_place(const struct numu_verify *v, numu_row item, numu_row site,
                                       uint32_t month) {
    return ((size_t)item * v->model->site.head.count + site) * v->months + month;
}
static inline double numu_verify_decimal(numu_decimal value) {
    return value == NUMU_NO_NUMBER ? 0 : numu_number_to_double(value, NUMU_DECIMAL_DECIMALS);
}
static inline double numu_verify_quantity(numu_quantity value) {
    return value == NUMU_NO_NUMBER ? 0 : numu_number_to_double(value, NUMU_QUANTITY_DECIMALS);
}

void numu_verify_add(struct numu_verify_sum *sum, double term);
/* Tells a break; numbers are shown as found and expected. */
numu_status numu_verify_break(struct numu_verify *v, const char *rule, struct numu_text id,
                              int64_t month, double found, double expected);
/* Tells one where two figures differ by more than rounding: `size` as in a sum, `step` of a row. */
numu_status numu_verify_same(struct numu_verify *v, const char *rule, struct numu_text id,
                             int64_t month, double found, double expected, double size,
                             double step);
/* The same where a figure is over a bound. */
numu_status numu_verify_most(struct numu_verify *v, const char *rule, struct numu_text id,
                             int64_t month, double found, double most, double size, double step);
/* Index of a month within the horizon; UINT32_MAX, and a break, where it lies outside. */
numu_status numu_verify_month(struct numu_verify *v, const char *table, struct numu_text id,
                              numu_month month, uint32_t *out);
/* The row of an id; NUMU_NONE, and a break, where the model has none. */
numu_status numu_verify_find(struct numu_verify *v, const char *table, struct numu_text id,
                             numu_row *out);

/*
 * First whole month from a day on, and the month after a day's, counted from the horizon's first.
 */
int64_t numu_verify_from(const struct numu_verify *v, numu_day day);
int64_t numu_verify_after(const struct numu_verify *v, numu_day day);
/* The month after the last one that a last day leaves whole. */
int64_t numu_verify_until(const struct numu_verify *v, numu_day day);
/* Month of opening by a date or activity. */
int64_t numu_verify_opening(const struct numu_verify *v, numu_day opens, numu_row activity);
/* Whole months of a lead time of so many days, and its fraction. */
void numu_verify_lead(const struct numu_verify *v, double days, bool is_calendar,
                      int64_t *out_whole, double *out_part);
/* Reporting currency for one unit of a price or of money, at the rate of a month. */
double numu_verify_price(const struct numu_verify *v, numu_price price, numu_currency currency,
                         uint32_t month);
double numu_verify_money(const struct numu_verify *v, numu_money money, numu_currency currency,
                         uint32_t month);
/* What the plan calls money, in major units; a minor unit. */
double numu_verify_major(const struct numu_verify *v, numu_money money);
double numu_verify_minor(const struct numu_verify *v);
/* Adds to the cost of a kind in a month. */
void numu_verify_pay(struct numu_verify *v, uint32_t kind, uint32_t month, double amount);
/* The kind of cost that a process's price is. */
uint32_t numu_verify_kind(const struct numu_verify *v, numu_row process);
/* The lot over which setups are spread: its multiple, least or most; 0 = not known. */
double numu_verify_lot(const struct numu_verify *v, numu_row process);
/* Hours of setting up for the lot of a month, where lots are whole and one is made. */
double numu_verify_setup(const struct numu_verify *v, numu_row operation, uint32_t month);
/* Hours that an operation takes for one unit started, set up and learned. */
double numu_verify_hours(const struct numu_verify *v, numu_row operation, uint32_t month);

/* Hours that a resource can run in a month in which so much of its upkeep is paid. */
double numu_verify_capacity(const struct numu_verify *v, numu_row resource, uint32_t month,
                            double paid);
/* Share of the full rate of a process in a month. */
double numu_verify_ramp(const struct numu_verify *v, numu_row process, uint32_t month);

/* Shares of upkeep that are paid, and of hours that are learned. */
NUMU_MUST_CHECK numu_status numu_verify_shares(struct numu_verify *v);
NUMU_MUST_CHECK numu_status numu_verify_goods(struct numu_verify *v);
NUMU_MUST_CHECK numu_status numu_verify_means(struct numu_verify *v);
/* Ramps, load classes, limits, licences: after goods and means. */
NUMU_MUST_CHECK numu_status numu_verify_bounds(struct numu_verify *v);
NUMU_MUST_CHECK numu_status numu_verify_funds(struct numu_verify *v);
/* Each indicator and its definition: after goods (verify_figures.c). */
NUMU_MUST_CHECK numu_status numu_verify_indicators(struct numu_verify *v);

#endif
