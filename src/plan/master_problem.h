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
    double *learned;     /* share of its operations' hours, by month; NULL = it learns nothing */
    uint32_t whole;      /* ⌊L⌋, months of lead time */
    double part;         /* φ, the fraction of L */
    int64_t open;        /* month from which its ramp counts; may be negative */
};

struct numu_master_resource {
    uint32_t first, end;    /* it exists in first <= t < end */
    bool opens_in_horizon;  /* `first` is the month it opens, not just the first one */
    numu_decimal *capacity; /* hours it can run, by month, all upkeep paid */
    double lost;            /* share of them that is lost where no upkeep is paid */
    bool has_upkeep;
    double unit; /* of its hours in the solver */
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

/* A trade; people are not split in the tables, but the programme may. */
struct numu_master_skill {
    double *hours;                     /* of one person, by month */
    numu_lp_row staff_row, hours_row;  /* first month */
    numu_lp_column staff, hire, leave; /* first month */
};

struct numu_master_course {
    uint32_t first;         /* month of the first class */
    uint32_t months;        /* in class, whole ones */
    numu_row skill_in;      /* NUMU_NONE: recruits whom no row holds */
    bool is_of_recruits;    /* who fails leaves */
    numu_lp_row at_once;    /* first month; NUMU_NONE = no limit */
    numu_lp_column classes; /* begun, first month; NUMU_NONE where it never opens */
};

/* A storehouse and what it may hold. */
struct numu_master_house {
    uint32_t first;             /* month it opens */
    double *limit;              /* kg by month, of all months */
    numu_lp_row neq_row;        /* first month */
    numu_lp_row volume_row;     /* first month; NUMU_NONE = no limit */
    double neq_unit, neq_least; /* unit of its row; least limit above zero */
};

/* A part of an item's stock in a storehouse. */
struct numu_master_put {
    uint32_t place;
    numu_row storehouse;
    numu_lp_column column; /* month 0; columns stand for each month from the house's first on */
};

/* Licences of the same terms, which add up; what they cover may not pass them. */
struct numu_master_permit {
    numu_row licence;      /* the first of them, whose terms hold for all */
    numu_lp_row row;       /* first month */
    bool is_limited;       /* else one of them has no terms, and nothing is limited */
    bool covers_something; /* some process or demand */
};

struct numu_master_licence {
    uint32_t permit;     /* NUMU_NONE: of no meaning to the plan */
    uint32_t first, end; /* months in force */
    double quantity;     /* left; INFINITY = any */
    numu_lp_row row;     /* NUMU_NONE = any quantity */
    numu_lp_column use;  /* month `first` */
};

/* Whole lots of a process in the months first … end - 1; rows and columns begin at `first` [P17] */
struct numu_master_lots {
    bool is_begun;          /* it has a column `begun`: a least lot, or something to be set up */
    double least, multiple; /* good units; 0 = none */
    uint32_t first, end;
    numu_lp_row most_row, least_row, whole_row;
    numu_lp_column begun, count;
};

typedef enum numu_master_column_kind {
    NUMU_MASTER_MAKE,     /* row: process */
    NUMU_MASTER_SHIP,     /* row: shipping */
    NUMU_MASTER_STOCK,    /* row: place */
    NUMU_MASTER_SERVED,   /* row: need */
    NUMU_MASTER_LATE,     /* row: need */
    NUMU_MASTER_PAY,      /* row: fund; cost: kind */
    NUMU_MASTER_PURSE,    /* row: fund */
    NUMU_MASTER_GAP,      /* row: fund */
    NUMU_MASTER_UNPAID,   /* row: resource; share of its upkeep */
    NUMU_MASTER_STAFF,    /* row: skill */
    NUMU_MASTER_HIRE,     /* row: skill */
    NUMU_MASTER_LEAVE,    /* row: skill */
    NUMU_MASTER_CLASS,    /* row: course */
    NUMU_MASTER_PUT,      /* row: put */
    NUMU_MASTER_UNHOUSED, /* row: place */
    NUMU_MASTER_EXPIRED,  /* row: place */
    NUMU_MASTER_SHORT,    /* row: item */
    NUMU_MASTER_USE,      /* row: licence */
    NUMU_MASTER_BEGUN,    /* row: process; a lot is begun */
    NUMU_MASTER_LOTS      /* row: process; multiples */
} numu_master_column_kind;

typedef enum numu_master_row_kind {
    NUMU_MASTER_BALANCE,   /* row: place */
    NUMU_MASTER_OPEN,      /* row: need */
    NUMU_MASTER_HOURS,     /* row: resource */
    NUMU_MASTER_CARRY,     /* row: route */
    NUMU_MASTER_COST,      /* row: kind of cost */
    NUMU_MASTER_FUND,      /* row: fund */
    NUMU_MASTER_STAGE,     /* row: stage; the first rows */
    NUMU_MASTER_PEOPLE,    /* row: skill */
    NUMU_MASTER_WORK,      /* row: skill; hours */
    NUMU_MASTER_ROOM,      /* row: course; classes at once */
    NUMU_MASTER_HOUSED,    /* row: place */
    NUMU_MASTER_NEQ,       /* row: storehouse */
    NUMU_MASTER_VOLUME,    /* row: storehouse */
    NUMU_MASTER_SHELF,     /* row: place */
    NUMU_MASTER_AGE,       /* row: item; shelf life wherever it lies */
    NUMU_MASTER_SAFETY,    /* row: item */
    NUMU_MASTER_PERMIT,    /* row: permit */
    NUMU_MASTER_LICENCE,   /* row: licence */
    NUMU_MASTER_LOT_MOST,  /* row: process; nothing unless a lot is begun */
    NUMU_MASTER_LOT_LEAST, /* row: process; then at least so much */
    NUMU_MASTER_LOT_WHOLE  /* row: process; only multiples */
} numu_master_row_kind;

/* What a column or row of the programme is. */
struct numu_master_key {
    uint8_t kind;
    uint8_t cost;
    uint16_t month;
    uint32_t row;
    double unit; /* power of two: its natural figure ÷ unit is what the solver sees */
};

typedef enum numu_master_aim {
    NUMU_MASTER_AIM_UNHOUSED, /* kg-months of net explosive quantity that nothing may hold */
    NUMU_MASTER_AIM_GAP,
    NUMU_MASTER_AIM_UPKEEP,
    NUMU_MASTER_AIM_LATE,
    NUMU_MASTER_AIM_COST
} numu_master_aim;

/* Bounds of all columns and rows, in the solver's units. */
struct numu_master_bounds {
    double *col_lower, *col_upper, *row_lower, *row_upper;
};

/* A stage of the objective: gap, late for each priority class, cost. */
struct numu_master_stage {
    numu_master_aim aim;
    const char *name;
    double
        /* of its objective in the solver: the money unit, unless figures would be far from 1 */
        unit;
    int64_t priority; /* of 'late'; NUMU_NO_NUMBER */
    double value, within, dual_bound, primal_residual;
    uint64_t iterations;
    const char *status;
    numu_lp_status whole_status;       /* of its lots, where they are whole */
    double whole_bound;                /* the same: no lots do better than this */
    const double *row_dual, *col_dual; /* in the solver's units; NULL = not reached */
    struct numu_master_bounds bounds;  /* as it found them, where reasons will be confirmed */
};

typedef enum numu_master_subject {
    NUMU_MASTER_OF_DEMAND, /* late or unmet; row: demand */
    NUMU_MASTER_OF_GAP,    /* row: fund */
    NUMU_MASTER_OF_UPKEEP, /* not paid; row: resource */
    NUMU_MASTER_OF_IMPORT  /* though it could be made; row: process, other: the one not used */
} numu_master_subject;

typedef enum numu_master_bind {
    NUMU_MASTER_BINDS_OPENING,   /* name: process, open from `until` on */
    NUMU_MASTER_BINDS_LEAD_TIME, /* name: process */
    NUMU_MASTER_BINDS_RULE,      /* name: prohibition */
    NUMU_MASTER_BINDS_HOURS,     /* name: resource */
    NUMU_MASTER_BINDS_WORK,      /* name: skill */
    NUMU_MASTER_BINDS_HIRE,      /* name: skill */
    NUMU_MASTER_BINDS_ROOM,      /* name: course */
    NUMU_MASTER_BINDS_NEQ,       /* name: storehouse */
    NUMU_MASTER_BINDS_VOLUME,    /* name: storehouse */
    NUMU_MASTER_BINDS_ROUTE,     /* name: route */
    NUMU_MASTER_BINDS_LICENCE,   /* name: licence */
    NUMU_MASTER_BINDS_CAP,       /* name: process */
    NUMU_MASTER_BINDS_FUND,      /* name: fund */
    NUMU_MASTER_BINDS_PAYMENT,   /* name: kind of cost */
    NUMU_MASTER_BINDS_PRICE,     /* name: process */
    NUMU_MASTER_BINDS_LOT,       /* name: process */
    NUMU_MASTER_BINDS_NO_WAY,    /* name: item that nothing can yield or bring there by `until` */
    NUMU_MASTER_BINDS_TOGETHER   /* more of no one thing relieves anything; no name */
} numu_master_bind;

struct numu_master_reason {
    uint8_t subject;
    numu_master_bind binds;
    numu_row row, other, name;
    uint32_t stage, rank, from, until;
    double unit;      /* of the stage's measure in one unit of the subject */
    double worth;     /* of one more in each of the months, in the stage's measure */
    double share;     /* of all of it */
    double confirmed; /* worth by solving again; NAN = not tried */
};

struct numu_master {
    const struct numu_context *context;
    const struct numu_model *model;
    const struct numu_calendars *calendars;
    const struct numu_plan_dates *dates;
    const struct numu_plan_options *options;
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
    struct numu_master_group upkeeps; /* by resource */
    bool has_learning;
    bool has_plan; /* a round was solved: what comes now may be cut short */
    struct numu_master_skill *skill;
    struct numu_master_course *course;
    struct numu_master_house *house;
    bool *may_hold; /* [item × storehouses + storehouse] */
    uint32_t put_count;
    struct numu_master_put *put;
    uint32_t permit_count;
    struct numu_master_permit *permit;
    struct numu_master_licence *licence;
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
    double *spares;        /* [place × solved + month] taken for upkeep, all of it paid */
    double *cost_fixed;    /* [kind × solved + month] paid whatever is planned, from any fund */
    double *capital_named; /* [fund × solved + month] activities that name their fund */
    double *budget;        /* [fund × solved + month] */
    struct numu_master_lots *lots; /* by process; NULL = lots are spread evenly */
    double *gross; /* [item × solved + month], with whole lots: the most asked for from then on */
    double residual; /* worth of resources at the end of the horizon, discounted */

    uint32_t stage_count;
    struct numu_master_stage *stage;

    struct numu_lp lp; /* in natural units; its costs are those of the last stage */
    struct numu_buffer column_keys, row_keys;
    struct numu_buffer reasons; /* struct numu_master_reason, in the order of their subjects */
    numu_lp_column *make;       /* [process × solved + month]; NUMU_NONE = none */
    numu_lp_column stock, purse, gap;           /* first of [place | fund × solved + month] */
    numu_lp_column *pay;                        /* [fund × kinds + kind], first month; NUMU_NONE */
    numu_lp_row balance, fund_row;              /* first of [place | fund × solved + month] */
    numu_lp_row cost_row[numu_cost_kind_count]; /* first month */
    numu_lp_row *hours_row;                     /* [resource × solved + month]; NUMU_NONE */
    numu_lp_row *carry_row;                     /* by route, first month; NUMU_NONE = no limit */
    numu_lp_row *housed_row;   /* by place, first month; NUMU_NONE = it needs no storehouse */
    numu_lp_column *unhoused;  /* by place, first month; NUMU_NONE: nothing is given there */
    numu_lp_row *shelf_row;    /* by place, first month; NUMU_NONE = it keeps */
    numu_lp_row *age_row;      /* by item, first month; NUMU_NONE = it keeps */
    numu_lp_column *expired;   /* by place, first month; NUMU_NONE = it keeps */
    numu_lp_row *safety_row;   /* by item, first month; NUMU_NONE = none wanted */
    numu_lp_column *shortfall; /* by item, first month */
    numu_lp_column *unpaid;    /* by resource, month `first` of it; NUMU_NONE */

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

/* The first whole month from a day on; INT64_MIN where there is no day. */
int64_t numu_master_month_from(const struct numu_master *master, numu_day day);
/* The month after the last one that a day lies in; INT64_MAX where there is no day. */
int64_t numu_master_month_after(const struct numu_master *master, numu_day day);
int64_t numu_master_month_until(const struct numu_master *master, numu_day day);
/* Month of opening by a date or an activity; INT64_MIN where there is neither. */
int64_t numu_master_open_month(const struct numu_master *master, numu_day opens,
                               numu_row opened_by);
/* `month` within 0 … solved. */
uint32_t numu_master_clamp(const struct numu_master *master, int64_t month);

/* --- master_build.c: the linear programme --- */

/* Index of a month of a row in arrays of [row × solved + month]. */
static inline size_t numu_master_cell(const struct numu_master *master, size_t row,
                                      uint32_t month) {
    return row * master->solved + month;
}
/* Figures of the model as numbers, 0 where there is none. */
static inline double numu_master_quantity(numu_quantity quantity) {
    return quantity == NUMU_NO_NUMBER ? 0 : numu_number_to_double(quantity, NUMU_QUANTITY_DECIMALS);
}
static inline double numu_master_decimal(numu_decimal decimal) {
    return decimal == NUMU_NO_NUMBER ? 0 : numu_number_to_double(decimal, NUMU_DECIMAL_DECIMALS);
}
/* 1 where the value is none. */
double numu_master_power_of_two_near(double value);

/* The place of an item at a site, or NUMU_NONE. */
uint32_t numu_master_place_find(const struct numu_master *master, numu_row item, numu_row site);
/* Places, ways, units, what is given, stages: what does not change when the rest is stated anew. */
NUMU_MUST_CHECK numu_status numu_master_build_given(struct numu_master *master);
/* States the linear programme, from nothing. */
NUMU_MUST_CHECK numu_status numu_master_build_lp(struct numu_master *master);
const struct numu_master_key *numu_master_column_key(const struct numu_master *master,
                                                     numu_lp_column column);
const struct numu_master_key *numu_master_row_key(const struct numu_master *master,
                                                  numu_lp_row row);
/* The cost of a column in a stage; in the last one that of the programme. */
double numu_master_stage_cost(struct numu_master *master, uint32_t stage, numu_lp_column column);

/* Rows of every month, lower <= … <= upper; the first of them in *out. */
NUMU_MUST_CHECK numu_status numu_master_add_row(struct numu_master *master, double lower,
                                                double upper, struct numu_master_key key,
                                                numu_lp_row *out);
NUMU_MUST_CHECK numu_status numu_master_add_rows(struct numu_master *master, double lower,
                                                 double upper, struct numu_master_key key,
                                                 numu_lp_row *out);

/* A column being made: entries in any order, those of the same row added up. */
struct numu_master_column {
    struct numu_master *master;
    struct numu_lp_entry *list;
    size_t count;
    uint32_t *at; /* by row: 1 + its place in the list; 0 = none */
    double cost;  /* discounted */
};

void numu_master_put(struct numu_master_column *column, numu_lp_row row, double value);
/* An amount to be paid in a month. */
void numu_master_put_cost(struct numu_master_column *column, uint32_t kind, uint32_t month,
                          double amount);
/* What comes to a place, or is taken from it, in a month: balance, housing and age. */
void numu_master_put_received(struct numu_master_column *column, uint32_t place, uint32_t month,
                              double quantity);
/* Of the same receipt, where it is new and not just moved: the item's age. */
void numu_master_put_new(struct numu_master_column *column, numu_row item, uint32_t month,
                         double quantity);
void numu_master_put_taken(struct numu_master_column *column, uint32_t place, uint32_t month,
                           double quantity);
/* The same for what leaves on a way: it is not housed. */
void numu_master_put_sent(struct numu_master_column *column, uint32_t place, uint32_t month,
                          double quantity);
/* Adds the column and makes room for the next. */
NUMU_MUST_CHECK numu_status numu_master_end_column(struct numu_master_column *column, double upper,
                                                   struct numu_master_key key);

/* --- master_hours.c: machines, upkeep, learning --- */

NUMU_MUST_CHECK numu_status numu_master_build_learning(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_hours_rows(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_make_columns(struct numu_master_column *column);
NUMU_MUST_CHECK numu_status numu_master_add_unpaid_columns(struct numu_master_column *column);
/* Share of the operations' hours that a unit of a process takes in a month. */
double numu_master_learned(const struct numu_master *master, numu_row process, uint32_t month);
/*
 * Good units over which setups and costs of a lot are spread in a month: its multiple, least or, by
 * default, the most of a month (docs/adr/0033-days-in-months.md); 0 = none is known, or lots are
 * whole.
 */
double numu_master_lot(const struct numu_master *master, numu_row process, uint32_t month);
/* Hours that an operation of a process takes for one unit started, setups that are spread included.
 */
double numu_master_hours(const struct numu_master *master, numu_row process, numu_row operation,
                         uint32_t month);
/* Money of a resource's upkeep in a month, in reporting currency. */
double numu_master_upkeep_cost(struct numu_master *master, numu_row resource, uint32_t month);
/*
 * Mean share of `hours` over the units made_before + before … made_before + after, Crawford.
 */
double numu_master_crawford(const struct numu_master *master, numu_row process, double before,
                            double after);
/*
 * Moves the shares learned towards those of the plan's own output, by `move` of the way; gives the
 * greatest relative way there was.
 */
double numu_master_learn(struct numu_master *master, double move);

/* --- master_money.c --- */

NUMU_MUST_CHECK numu_status numu_master_build_money(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_money_rows(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_money_columns(struct numu_master_column *column);
/* Whether some fund pays a kind of cost. */
bool numu_master_is_funded(const struct numu_master *master, uint32_t kind);
/* An activity's cost that is paid in a month, in reporting currency. */
double numu_master_activity_cost(struct numu_master *master, numu_row activity, uint32_t month);
/* The same of a resource; kind: capital or fixed. */
double numu_master_resource_cost(struct numu_master *master, numu_row resource, numu_cost_kind kind,
                                 uint32_t month);
/* The same of an agreement's value; its kind in *out_kind. */
double numu_master_agreement_cost(struct numu_master *master, numu_row agreement, uint32_t month,
                                  numu_cost_kind *out_kind);
/* What is paid in the months from … to - 1 whatever is planned, discounted, less residual value. */
double numu_master_fixed_cost(const struct numu_master *master, uint32_t from, uint32_t to);

/* --- master_people.c --- */

NUMU_MUST_CHECK numu_status numu_master_build_people(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_people_rows(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_people_columns(struct numu_master_column *column);

/* --- master_storage.c: storehouses, shelf life, safety stock --- */

bool numu_master_is_hazardous(const struct numu_master *master, numu_row item);
/* Months that an item keeps; UINT32_MAX where it keeps longer than is planned. */
uint32_t numu_master_shelf_months(const struct numu_master *master, numu_row item);
NUMU_MUST_CHECK numu_status numu_master_build_storage(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_storage_rows(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_storage_columns(struct numu_master_column *column);

/* --- master_law.c: agreements, licences, prohibitions --- */

/* Which rule forbids a process or the delivery of a demand in a month; SIZE_MAX = none. */
size_t numu_master_prohibition_find(const struct numu_master *master, numu_row process,
                                    numu_row demand, uint32_t month);
NUMU_MUST_CHECK numu_status numu_master_build_licences(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_licence_rows(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_licence_columns(struct numu_master_column *column);
/* Whether a permit covers a process, or the deliveries to a demand. */
bool numu_master_permit_covers(const struct numu_master *master,
                               const struct numu_master_permit *permit, numu_row process,
                               numu_row demand);
/* Entries of a column that licences have to cover. */
void numu_master_put_permits(struct numu_master_column *column, numu_row process, numu_row demand,
                             uint32_t month);

/* --- master_lots.c, master_choose.c: whole lots --- */

NUMU_MUST_CHECK numu_status numu_master_build_lots(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_lot_rows(struct numu_master *master);
NUMU_MUST_CHECK numu_status numu_master_add_lot_columns(struct numu_master_column *column);
/* The whole lots of a process in a month; NULL where it has none. */
const struct numu_master_lots *numu_master_whole_lots(const struct numu_master *master,
                                                      numu_row process, uint32_t month);
/* The smallest quantity that may be a lot. */
double numu_master_lot_least(const struct numu_master *master, numu_row process);
/* The most that a lot of the month is good for where nothing is late. */
double numu_master_lot_most(const struct numu_master *master, numu_row process, uint32_t month);
/* Entries of a column of production in the rows of its lots. */
void numu_master_put_lot(struct numu_master_column *column, numu_row process, uint32_t month);
/*
 * Fixes the whole columns of `lp` (in the solver's units) at the best lots found in so many
 * seconds, 0 = to the proof; status and bound by stage. NUMU_STOPPED where the user asked to stop.
 */
NUMU_MUST_CHECK numu_status numu_master_choose_lots(struct numu_master *master, double seconds,
                                                    struct numu_lp *lp);

/* --- master_reason.c --- */

/* Finds the reasons of what is late, lacking, unpaid and imported. */
NUMU_MUST_CHECK numu_status numu_master_reason(struct numu_master *master);

/* --- master_confirm.c --- */

/* Keeps the bounds with which a stage is solved. */
NUMU_MUST_CHECK numu_status numu_master_keep_bounds(struct numu_master *master,
                                                    const struct numu_lp *lp, uint32_t stage);
/*
 * Solves again for the ten reasons that matter most, or until the user asks to stop; the solver is
 * in no stage afterwards.
 */
NUMU_MUST_CHECK numu_status numu_master_confirm(struct numu_master *master,
                                                struct numu_lp_solver *solver);

/* --- master_mps.c --- */

/* Appends the last stage as free MPS, the stages before it as rows. */
NUMU_MUST_CHECK numu_status numu_master_write_mps(struct numu_master *master,
                                                  struct numu_buffer *buffer);

/* --- master_result.c: the answer as tables --- */

NUMU_MUST_CHECK numu_status numu_master_fill(struct numu_master *master, struct numu_arena *arena,
                                             struct numu_plan *plan);

#endif
