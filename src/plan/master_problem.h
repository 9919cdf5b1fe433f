/*
 * master_problem.h - the master plan's problem while it is stated, solved and read back. For the
 * files master*.c only; notation as in master.c.
 *
 * Months are counted from the horizon's first, 0 … solved - 1; those from `months` on are the tail.
 * Figures are in natural units: the item's unit, hours, major units of the reporting currency.
 */
#ifndef NUMU_PLAN_MASTER_PROBLEM_H
#define NUMU_PLAN_MASTER_PROBLEM_H

#include "plan/master.h"
#include "solve/lp.h"

/* Lists of rows by the row they refer to: row[start[key]] … row[start[key + 1] - 1]. */
struct numu_master_group {
    uint32_t *start;
    numu_row *row;
};

struct numu_master_process {
    uint32_t first, end; /* it may complete in first <= t < end */
    uint32_t whole;      /* ⌊L⌋, months of lead time */
    double part;         /* φ, the fraction of L */
    int64_t open;        /* month from which its ramp counts; may be negative */
};

struct numu_master_resource {
    uint32_t first, end;    /* it exists in first <= t < end */
    bool opens_in_horizon;  /* `first` is the month it opens, not just the first one */
    numu_decimal *capacity; /* hours it can run, by month */
    double unit;            /* of its hours in the solver */
};

/* A demand as the programme sees it; the tail repeats those of the last year. */
struct numu_master_need {
    numu_row demand;
    uint32_t due;                /* month */
    uint32_t repeat;             /* 0 = the demand itself, n = n-th time in the tail */
    double weight;               /* of a unit late for a month, in reporting currency */
    numu_lp_row row;             /* first of its rows, one a month from `due` on */
    numu_lp_column served, late; /* first of its columns */
};

struct numu_master_place {
    numu_row item, site;
};

/* A way of an item along a route. */
struct numu_master_shipping {
    numu_row route;
    uint32_t from, to; /* places */
    uint32_t whole;
    double part;
    numu_lp_column column; /* of month whole + (part > 0), the first possible arrival */
    double freight;        /* of a unit, in the route's currency */
};

typedef enum numu_master_column_kind {
    NUMU_MASTER_MAKE,   /* row: process */
    NUMU_MASTER_SHIP,   /* row: shipping */
    NUMU_MASTER_STOCK,  /* row: place */
    NUMU_MASTER_SERVED, /* row: need */
    NUMU_MASTER_LATE,   /* row: need */
    NUMU_MASTER_PAY,    /* row: fund; cost: kind */
    NUMU_MASTER_PURSE,  /* row: fund */
    NUMU_MASTER_GAP     /* row: fund */
} numu_master_column_kind;

typedef enum numu_master_row_kind {
    NUMU_MASTER_BALANCE, /* row: place */
    NUMU_MASTER_OPEN,    /* row: need */
    NUMU_MASTER_HOURS,   /* row: resource */
    NUMU_MASTER_CARRY,   /* row: route */
    NUMU_MASTER_COST,    /* row: kind of cost */
    NUMU_MASTER_FUND,    /* row: fund */
    NUMU_MASTER_STAGE    /* row: stage; the first rows */
} numu_master_row_kind;

/* What a column or row of the programme is. */
struct numu_master_key {
    uint8_t kind;
    uint8_t cost;
    uint16_t month;
    uint32_t row;
    double unit; /* power of two: its natural figure ÷ unit is what the solver sees */
};

/* A stage of the objective: gap, late for each priority class, cost. */
struct numu_master_stage {
    const char *name;
    double
        /* of its objective in the solver: the money unit, unless figures would be far from 1 */
        unit;
    int64_t priority; /* of 'late'; NUMU_NO_NUMBER */
    double value, within, dual_bound, primal_residual;
    uint64_t iterations;
    const char *status;
};

struct numu_master {
    const struct numu_context *context;
    const struct numu_model *model;
    const struct numu_calendars *calendars;
    const struct numu_plan_dates *dates;
    struct numu_arena *scratch;
    struct numu_report *report;

    numu_month start;
    uint32_t months, solved;
    double *rate;          /* [currency × solved + month] reporting currency for one; NAN = none */
    double *discount;      /* by month */
    numu_currency unrated; /* a currency that was needed without a rate; 0 = none */
    uint32_t unrated_month;

    struct numu_master_group inputs, operations; /* by process */
    struct numu_master_process *process;
    struct numu_master_resource *resource;
    uint32_t need_count;
    struct numu_master_need *need;
    numu_row demands_beyond; /* due after the horizon */

    uint32_t place_count;
    struct numu_master_place *place; /* by item, then site */
    uint32_t *place_at;              /* [item × sites + site]; NUMU_NONE = none */
    uint32_t shipping_count;
    struct numu_master_shipping *shipping;

    double money_unit;
    double *item_unit;
    double *receipt;       /* [place × solved + month] fixed receipts */
    double *cost_fixed;    /* [kind × solved + month] paid whatever is planned, from any fund */
    double *capital_named; /* [fund × solved + month] activities that name their fund */
    double *budget;        /* [fund × solved + month] */

    uint32_t stage_count;
    struct numu_master_stage *stage;

    struct numu_lp lp; /* in natural units; its costs are those of the last stage */
    struct numu_buffer column_keys, row_keys;
    numu_lp_column *make;                       /* [process × solved + month]; NUMU_NONE = none */
    numu_lp_column stock, purse, gap;           /* first of [place | fund × solved + month] */
    numu_lp_column *pay;                        /* [fund × kinds + kind], first month; NUMU_NONE */
    numu_lp_row balance, fund_row;              /* first of [place | fund × solved + month] */
    numu_lp_row cost_row[numu_cost_kind_count]; /* first month */
    numu_lp_row *hours_row;                     /* [resource × solved + month]; NUMU_NONE */
    numu_lp_row *carry_row;                     /* by route, first month; NUMU_NONE = no limit */

    /* The answer, natural units. */
    double *value;     /* by column */
    double *row_value; /* by row */
    double *row_dual;  /* of the last stage, in reporting currency a unit */
};

#define NUMU_MASTER_DAYS_OF_MONTH 30.436875 /* 365.2425 ÷ 12 */

/* --- master_time.c: what holds when --- */

/* Reporting currency for one unit of a currency; 0, and noted in `unrated`, where there is none. */
double numu_master_rate(struct numu_master *master, numu_currency currency, uint32_t month);
double numu_master_price(struct numu_master *master, numu_price price, numu_currency currency,
                         uint32_t month);
double numu_master_money(struct numu_master *master, numu_money money, numu_currency currency,
                         uint32_t month);
/* The month in which something due on a day arrives, the first one where it is overdue. */
uint32_t numu_master_month(const struct numu_master *master, numu_day day);
/* Share of the full rate of a process in a month, 0..1. */
double numu_master_ramp(const struct numu_master *master, numu_row process, uint32_t month);
/* Whether a line of a bill holds in a month. */
bool numu_master_input_holds(const struct numu_master *master, numu_row input, uint32_t month);
/* Splits a lead time in months into whole months and a fraction [P1]; nearly whole is whole. */
void numu_master_split_months(double months, uint32_t *out_whole, double *out_part);

/* Days of a month that lie in [from, to). */
int64_t numu_master_overlap(const struct numu_master *master, uint32_t month, numu_day from,
                            numu_day to);
/* The kind of cost that a process's price is. */
numu_cost_kind numu_master_cost_kind(numu_process_kind kind);
/*
 * A number too large to be planned with: adds the finding, gives NUMU_INVALID. `table` is NULL
 * where it belongs to no row.
 */
numu_status numu_master_too_large(const struct numu_master *master,
                                  const struct numu_table_descriptor *table, numu_row row,
                                  const char *column);

NUMU_MUST_CHECK numu_status numu_master_build_time(struct numu_master *master);

/* --- master_build.c: the linear programme --- */

/* The place of an item at a site, or NUMU_NONE. */
uint32_t numu_master_place_find(const struct numu_master *master, numu_row item, numu_row site);
NUMU_MUST_CHECK numu_status numu_master_build_lp(struct numu_master *master);
/* Whether some fund pays a kind of cost. */
bool numu_master_is_funded(const struct numu_master *master, uint32_t kind);
const struct numu_master_key *numu_master_column_key(const struct numu_master *master,
                                                     numu_lp_column column);
const struct numu_master_key *numu_master_row_key(const struct numu_master *master,
                                                  numu_lp_row row);
/* The cost of a column in a stage; in the last one that of the programme. */
double numu_master_stage_cost(const struct numu_master *master, uint32_t stage,
                              numu_lp_column column);
/* An activity's cost that is paid in a month, in reporting currency. */
double numu_master_activity_cost(struct numu_master *master, numu_row activity, uint32_t month);
/* The same of a resource; kind: capital or fixed. */
double numu_master_resource_cost(struct numu_master *master, numu_row resource, numu_cost_kind kind,
                                 uint32_t month);
/* What is paid in the months from … to - 1 whatever is planned, discounted. */
double numu_master_fixed_cost(const struct numu_master *master, uint32_t from, uint32_t to);

/* --- master_mps.c --- */

/* Appends the last stage as free MPS, the stages before it as rows. */
NUMU_MUST_CHECK numu_status numu_master_write_mps(struct numu_master *master,
                                                  struct numu_buffer *buffer);

/* --- master_result.c: the answer as tables --- */

NUMU_MUST_CHECK numu_status numu_master_fill(struct numu_master *master, struct numu_arena *arena,
                                             struct numu_plan *plan);

#endif
