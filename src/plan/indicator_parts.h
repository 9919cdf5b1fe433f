/*
 * indicator_parts.h - what the files indicator*.c share. For them only.
 */
#ifndef NUMU_PLAN_INDICATOR_PARTS_H
#define NUMU_PLAN_INDICATOR_PARTS_H

#include "plan/indicator.h"

#include <math.h>

/* One row of the table to be. */
struct numu_indicator_row {
    numu_indicator indicator;
    const char *subject; /* "" = the whole */
    struct numu_text id;
    int64_t year;     /* NUMU_NO_NUMBER = the horizon */
    numu_month month; /* NUMU_NO_MONTH = of no month */
    double value;     /* NAN = cannot be determined */
    const char *why;  /* then; else "" */
};

/* A way between sites, the best of all: by what a kilogram costs, and by days. */
struct numu_ways {
    double *cost, *days; /* [from × sites + to]; INFINITY = none */
};

/* What one unit of an item costs at a site, by the cheapest way to it. */
struct numu_worth {
    double *all, *abroad; /* [item × sites + site]; INFINITY = no way to it */
    double *landed;       /* the same, bought abroad */
};

struct numu_indicator_cost {
    double all, abroad; /* abroad: the part of it that leaves the country */
};

/* A process that makes, assembles or repairs, and the line that it runs on. */
struct numu_indicator_line {
    struct numu_indicator_cost variable;
    struct numu_indicator_cost fixed; /* a month, capital aside */
    double capital_month;             /* its recovery */
    double capital;
    double nameplate;   /* good units a month; INFINITY = nothing limits it */
    numu_row main;      /* resource that limits it; NUMU_NONE = none */
    double fixed_spent; /* over the months open, by its share of the hours */
    double main_share;  /* of the hours of that resource */
    double made;
};

struct numu_indicators {
    const struct numu_model *model;
    const struct numu_calendars *calendars;
    struct numu_plan *plan;
    struct numu_arena scratch;
    struct numu_buffer rows; /* of struct numu_indicator_row */
    numu_month start;
    uint32_t months;
    int32_t first_year;
    uint32_t years;
    bool is_too_large; /* more items × sites, or sites, than tables of them are made for */
    struct numu_map process, item, site, resource, skill, course, storehouse, demand, activity,
        fund, partner;
    double *made;    /* [process × months + month]: good units */
    uint32_t *open;  /* by resource: months in which it has capacity */
    bool *is_usable; /* by process: open within the horizon, and not forbidden throughout */
    struct numu_ways ways;
    struct numu_worth worth;
    struct numu_indicator_line *line; /* by process */
};

/* Adds a row; without a value where `why` says so. */
NUMU_MUST_CHECK numu_status numu_indicator_add(struct numu_indicators *in,
                                               struct numu_indicator_row row);

/* A row of the whole, without value yet. */
static inline struct numu_indicator_row numu_indicator_of(numu_indicator indicator) {
    return (struct numu_indicator_row){.indicator = indicator,
                                       .subject = "",
                                       .year = NUMU_NO_NUMBER,
                                       .month = NUMU_NO_MONTH,
                                       .value = NAN,
                                       .why = ""};
}

/* A row of one thing. */
static inline struct numu_indicator_row
numu_indicator_of_one(numu_indicator indicator, const char *subject, struct numu_text id) {
    struct numu_indicator_row row = numu_indicator_of(indicator);
    row.subject = subject;
    row.id = id;
    return row;
}

/* Sets a row to part ÷ whole; where the whole is nothing it has no value, and says why. */
static inline void numu_indicator_ratio(struct numu_indicator_row *row, double part, double whole,
                                        const char *why) {
    row->value = whole > 0 ? part / whole : NAN;
    row->why = whole > 0 ? "" : why;
}

/* Month number within the horizon; months where it lies outside. */
static inline uint32_t numu_indicator_month(const struct numu_indicators *in, numu_month month) {
    int64_t t = (int64_t)month - in->start;
    return month == NUMU_NO_MONTH || t < 0 || t >= in->months ? in->months : (uint32_t)t;
}

/* Year number of a month of the horizon. */
uint32_t numu_indicator_year(const struct numu_indicators *in, uint32_t t);

static inline double numu_indicator_money(const struct numu_indicators *in, numu_money money) {
    return money == NUMU_NO_NUMBER
               ? 0
               : numu_number_to_double(money, numu_currency_decimals(in->plan->currency));
}

static inline double numu_indicator_quantity(numu_quantity quantity) {
    return quantity == NUMU_NO_NUMBER ? 0 : numu_number_to_double(quantity, NUMU_QUANTITY_DECIMALS);
}

static inline double numu_indicator_decimal(numu_decimal value) {
    return value == NUMU_NO_NUMBER ? 0 : numu_number_to_double(value, NUMU_DECIMAL_DECIMALS);
}

/* Reporting currency, at the rates of the first month; nothing for no value. */
static inline double numu_indicator_price(const struct numu_indicators *in, numu_price price,
                                          numu_currency currency) {
    return price == NUMU_NO_NUMBER ? 0
                                   : numu_model_price_value(in->model, price, currency, in->start);
}

static inline double numu_indicator_amount(const struct numu_indicators *in, numu_money money,
                                           numu_currency currency) {
    return money == NUMU_NO_NUMBER ? 0
                                   : numu_model_money_value(in->model, money, currency, in->start);
}

/* --- indicator_cost.c --- */

/* Ways between sites, what things cost there, and lines. */
NUMU_MUST_CHECK numu_status numu_indicators_build_worth(struct numu_indicators *in);
/* Unit costs, content, stages. */
NUMU_MUST_CHECK numu_status numu_indicators_of_cost(struct numu_indicators *in);
/* What is left of the lines at the end. */
double numu_indicators_residual(const struct numu_indicators *in);

/* --- indicator_money.c --- */

NUMU_MUST_CHECK numu_status numu_indicators_of_money(struct numu_indicators *in);

/* --- indicator_means.c --- */

NUMU_MUST_CHECK numu_status numu_indicators_of_means(struct numu_indicators *in);
NUMU_MUST_CHECK numu_status numu_indicators_of_dependence(struct numu_indicators *in);

#endif
