/*
 * verify_figures.h - what the files that add indicators up again share. For them only.
 */
#ifndef NUMU_PLAN_VERIFY_FIGURES_H
#define NUMU_PLAN_VERIFY_FIGURES_H

#include "plan/indicator.h"
#include "plan/verify_sums.h"

#include <math.h>

/* A row of table indicator as it should be. */
struct numu_figure {
    numu_indicator which;
    const char *subject; /* NULL = the whole */
    struct numu_text id;
    int64_t year;     /* 0 = the horizon */
    numu_month month; /* 0 = of no month, unless `has_month` */
    bool has_month;
    double value;
    double size;     /* of the terms of a sum: its rounding is measured by it */
    const char *why; /* NULL = the value stands */
};

struct numu_figures {
    struct numu_verify *v;
    bool *seen;                          /* by row of table indicator: it was expected */
    numu_row next[numu_indicator_count]; /* where the next row of each is likely to stand */
    uint32_t told[numu_indicator_count]; /* how many were expected */
    int32_t first_year;
    uint32_t years;
    bool is_too_large;
    uint32_t *open;              /* by resource: months in which it has hours */
    bool *usable;                /* by process: some month is open, no rule forbids all of them */
    double *way_cost, *way_days; /* [from × sites + to]; INFINITY = none */
    double *import_at; /* [item × sites + site]: bought abroad and brought there; INFINITY = no */
};

/* One row that must stand in the plan, as it is here; a break where it does not. */
NUMU_MUST_CHECK numu_status numu_figures_expect(struct numu_figures *f, struct numu_figure figure);

/* parts ÷ wholes of each year, as a row each. */
NUMU_MUST_CHECK numu_status numu_figures_expect_years(struct numu_figures *f,
                                                      struct numu_figure figure,
                                                      const double *parts, const double *wholes,
                                                      const char *why);

/* part ÷ whole as a figure's value; where the whole is nothing, why there is none. */
static inline struct numu_figure numu_figure_share(struct numu_figure figure, double part,
                                                   double whole, const char *why) {
    figure.value = whole > 0 ? part / whole : NAN;
    figure.why = whole > 0 ? figure.why : why;
    return figure;
}

/* Month number within the horizon; the number of months where it lies outside. */
static inline uint32_t numu_figures_month(const struct numu_figures *f, numu_month month) {
    int64_t t = (int64_t)month - f->v->start;
    return month == NUMU_NO_MONTH || t < 0 || t >= f->v->months ? f->v->months : (uint32_t)t;
}

/* Year number of a month of the horizon. */
static inline uint32_t numu_figures_year(const struct numu_figures *f, uint32_t t) {
    numu_day day = numu_month_first_day(f->v->start + (numu_month)t);
    return (uint32_t)(numu_day_date(day).year - f->first_year);
}

static inline numu_row numu_figures_find(const struct numu_figures *f, const char *table,
                                         struct numu_text id) {
    return numu_model_find(f->v->model, numu_schema_find(numu_text_of(table)), id);
}

/* --- verify_money_figures.c --- */
NUMU_MUST_CHECK numu_status numu_figures_of_money(struct numu_figures *f);
/* Net present value and rate of return, with what lines are worth at the end; after costs. */
NUMU_MUST_CHECK numu_status numu_figures_of_return(struct numu_figures *f, double residual);

/* --- verify_costs.c: ways, prices abroad, lines --- */
NUMU_MUST_CHECK numu_status numu_figures_of_costs(struct numu_figures *f, double *out_residual);

/* --- verify_dependence.c --- */
NUMU_MUST_CHECK numu_status numu_figures_of_dependence(struct numu_figures *f);

#endif
