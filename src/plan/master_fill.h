/*
 * master_fill.h - the answer while it becomes tables of the plan. For the files master_result*.c.
 *
 * The solver's figures are rounded half-even to what the tables hold; from there on sums are exact.
 */
#ifndef NUMU_PLAN_MASTER_FILL_H
#define NUMU_PLAN_MASTER_FILL_H

#include "plan/master_problem.h"

struct numu_fill {
    struct numu_master *master;
    const struct numu_model *model;
    struct numu_arena *arena; /* of the plan */
    struct numu_plan *plan;
    uint32_t months;
    numu_quantity *made;  /* [process × months + month] */
    numu_quantity *open;  /* [need × months + month], needs of the tail left out */
    numu_money *evidence; /* [table of the schema × bases + basis] */
    numu_money *paid;     /* [(fund × kinds + kind) × months + month]; one more fund: nobody */
};

numu_month numu_fill_month_of(const struct numu_fill *fill, uint32_t t);
/* The id of a row; the empty text for NUMU_NONE. */
struct numu_text numu_fill_id_at(const struct numu_text *ids, numu_row row);
NUMU_MUST_CHECK numu_status numu_fill_take(struct numu_fill *fill,
                                           const struct numu_table_descriptor *table, size_t count);
/* A number that does not fit is the user's: the finding names the row it comes from, if any. */
NUMU_MUST_CHECK numu_status numu_fill_fits(const struct numu_fill *fill, numu_status status,
                                           const char *table, numu_row row, const char *column);
/* price × quantity at a month's rate, in minor units of the reporting currency. */
NUMU_MUST_CHECK numu_status numu_fill_price_times(const struct numu_fill *fill, numu_price price,
                                                  numu_quantity quantity, numu_currency currency,
                                                  uint32_t t, numu_money *out);
/* Major units, rounded to minor ones. */
NUMU_MUST_CHECK numu_status numu_fill_money_from(const struct numu_fill *fill, double value,
                                                 numu_money *out);
/* The price of what a process makes, the cost of its lots, and its royalty. */
NUMU_MUST_CHECK numu_status numu_fill_cost_of_process(const struct numu_fill *fill, numu_row row,
                                                      numu_quantity quantity, uint32_t t,
                                                      numu_money *out_price,
                                                      numu_money *out_royalty);
/* What is still to be paid for an open order: the price without its advance, and the royalty. */
NUMU_MUST_CHECK numu_status numu_fill_cost_of_order(const struct numu_fill *fill, numu_row row,
                                                    uint32_t t, numu_money *out_price,
                                                    numu_money *out_royalty);
/* Adds an amount to those of a row's basis. */
NUMU_MUST_CHECK numu_status numu_fill_add_evidence(struct numu_fill *fill, const char *table,
                                                   numu_row row, numu_money amount);
/* Delivered to a need in a month. */
numu_quantity numu_fill_served(const struct numu_fill *fill, uint32_t n, uint32_t t);
bool numu_fill_is_shown(const struct numu_fill *fill, uint32_t n, uint32_t t);
/* Major units of reporting currency as evidence of a row. */
NUMU_MUST_CHECK numu_status numu_fill_add_money_evidence(struct numu_fill *fill, const char *table,
                                                         numu_row row, double amount);

/* --- master_result_money.c --- */

/* Tables hours, payment, purse, import_bill and evidence. */
NUMU_MUST_CHECK numu_status numu_fill_hours(struct numu_fill *fill);
NUMU_MUST_CHECK numu_status numu_fill_money(struct numu_fill *fill);

/* --- master_result_means.c: people, upkeep, storehouses, licences --- */

/* Tables people, class, upkeep, learning, store, housing, expiry, safety, licence, forbidden. */
NUMU_MUST_CHECK numu_status numu_fill_means(struct numu_fill *fill);
/* What is paid in a month, in reporting currency: wages of a trade, classes that begin, a row of
 * upkeep. */
double numu_fill_wage_cost(const struct numu_fill *fill, numu_row skill, uint32_t t);
double numu_fill_class_cost(const struct numu_fill *fill, numu_row course, uint32_t t);
double numu_fill_upkeep_cost(const struct numu_fill *fill, numu_row upkeep, uint32_t t);

#endif
