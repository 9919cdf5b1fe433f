/*
 * materials_bill.h - a model and its master plan as a problem of the explosion, and which row each
 * number of it stands for. For the files materials*.c only.
 */
#ifndef NUMU_PLAN_MATERIALS_BILL_H
#define NUMU_PLAN_MATERIALS_BILL_H

#include "plan/explode.h"
#include "plan/materials.h"

/* A demand on a part, before lists are sorted by part. */
struct numu_bill_demand {
    uint32_t part;
    numu_day day;
    numu_quantity quantity;
    numu_row row; /* of model.demand */
};

/* A receipt of a part. */
struct numu_bill_receipt {
    uint32_t part;
    numu_day day, expires;
    numu_quantity quantity;
    uint8_t flags, origin; /* numu_peg_end: stock, open_order or delivery */
    numu_row row;          /* of that table */
};

/* An order of the master plan. */
struct numu_bill_given {
    uint32_t part;
    struct numu_order order;
};

/* Rows by what they refer to: row[start[key]] … row[start[key + 1] - 1], in order of rows. */
struct numu_bill_group {
    uint32_t *start;
    numu_row *row;
};

struct numu_bill {
    const struct numu_context *context;
    const struct numu_model *model;
    const struct numu_calendars *calendars;
    const struct numu_plan_dates *dates;
    const struct numu_plan *plan; /* the master plan */
    struct numu_report *report;
    struct numu_arena *scratch;

    struct numu_materials m; /* its arrays are those below, and others in `scratch` */
    uint8_t *is_materials;   /* by item */
    uint32_t *part_at;       /* [item × sites + site]; NUMU_NONE = no part */
    numu_row *part_item, *part_site;
    numu_row *source_process, *source_route; /* one of them NUMU_NONE */
    uint32_t *source_part;
    uint8_t *is_made;         /* by part: made there, or brought from where it is */
    uint32_t *process_source; /* by process */
    struct numu_bill_group part_processes, process_inputs, process_operations;
    struct numu_map processes, items, sites, demands; /* ids to rows */

    uint32_t demand_count, receipt_count, given_count;
    struct numu_bill_demand *demand;
    struct numu_bill_receipt *receipt;
    struct numu_bill_given *given;
    uint32_t *receipt_demand; /* by receipt: demand it is reserved for */
    int64_t *demand_priority;
};

/* Groups rows by key (below key_count). */
NUMU_MUST_CHECK numu_status numu_bill_group(struct numu_arena *arena, const uint32_t *keys,
                                            numu_row count, uint32_t key_count,
                                            struct numu_bill_group *out);
/* The part of an item at a site, or NUMU_NONE. */
uint32_t numu_bill_part(const struct numu_bill *bill, numu_row item, numu_row site);
/* The calendar that a process works in; NULL where every day counts. */
const struct numu_calendar *numu_bill_calendar(const struct numu_bill *bill, numu_row process);
/* A number too large to be planned with: adds the finding, gives NUMU_INVALID. */
numu_status numu_bill_too_large(const struct numu_bill *bill, const char *table, numu_row row,
                                const char *column);

/* materials_build.c: all but orders of the master plan and lists. */
NUMU_MUST_CHECK numu_status numu_bill_build(struct numu_bill *bill);
/* materials_lists.c: demand, receipts, orders of the master plan, calendars. */
NUMU_MUST_CHECK numu_status numu_bill_build_lists(struct numu_bill *bill);
/* materials_result.c */
NUMU_MUST_CHECK numu_status numu_bill_fill(struct numu_bill *bill, const struct numu_orders *orders,
                                           struct numu_arena *arena, struct numu_plan *plan);

#endif
