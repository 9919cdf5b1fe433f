/*
 * totals.h - sums over a plan's rows that more than one view shows.
 *
 * All exact; a sum that does not fit is NUMU_LIMIT. Arrays live in the arena given. Quantities are
 * only summed over items of one family and one unit, for others cannot be added.
 */
#ifndef NUMU_VIEW_TOTALS_H
#define NUMU_VIEW_TOTALS_H

#include "model/model.h"
#include "plan/plan.h"

enum { NUMU_TOTALS_YEARS_MAX = 128 };

/* Calendar years of a plan's months. */
struct numu_years {
    int32_t first;
    uint32_t count;
};

/* Items of one family and unit. */
struct numu_group {
    uint8_t family; /* numu_family; 0 = none */
    struct numu_text unit;
    bool is_wanted;                             /* some demand names one of its items */
    numu_quantity wanted, on_time, late, unmet; /* of demands */
    /* By kind of process and year, year fastest: made[kind * years.count + year]; kind is a
       numu_process_kind, 0 unused. */
    numu_quantity *made;
};

/* Demands of one customer: rows, since their quantities cannot be added. */
struct numu_customer_total {
    struct numu_text id;
    uint8_t kind; /* numu_customer_kind */
    int64_t rows, on_time, late,
        unmet; /* wholly on time; else something late, nothing unmet; else */
};

/* A fund over the horizon, and by year. */
struct numu_fund_total {
    struct numu_text id;
    numu_money budget, spent, gap, left; /* left: at the end */
    numu_money *year_spent, *year_gap;
};

struct numu_resource_total {
    struct numu_text id;
    int64_t months, full_months; /* with capacity; at 99.5 % of it or more */
    numu_decimal capacity, used;
    double worth; /* greatest of a month */
    numu_month worth_month;
};

struct numu_totals {
    struct numu_years years;
    struct numu_group *groups;
    uint32_t group_count;
    struct numu_customer_total *customers;
    uint32_t customer_count;
    struct numu_fund_total *funds;
    uint32_t fund_count;
    struct numu_resource_total *resources; /* most worth first, then fullest */
    uint32_t resource_count;
    int64_t demand_rows, demand_on_time, demand_late, demand_unmet;
    numu_money gap;
    numu_money import_without, import_finished, import_kits, import_capital;
    numu_money evidence, evidence_by_basis[numu_basis_count];
    int64_t promises_kept;
};

NUMU_MUST_CHECK numu_status numu_totals_build(const struct numu_plan *plan,
                                              struct numu_arena *arena, struct numu_totals *out);

/* Year number of a month or of a calendar year; years.count where it lies outside. */
uint32_t numu_years_of_month(struct numu_years years, numu_month month);
uint32_t numu_years_of_year(struct numu_years years, int64_t year);

#endif
