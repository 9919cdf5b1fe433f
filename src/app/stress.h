/*
 * stress.h - what if: the plan again without a partner or a line, with a delay, another rate,
 * budget, demand or confidence, with promises kept, with weak figures moved; each beside the base.
 */
#ifndef NUMU_APP_STRESS_H
#define NUMU_APP_STRESS_H

#include "app/app.h"

typedef enum numu_stress_kind {
    NUMU_STRESS_WITHOUT_PARTNER,  /* nothing that it makes, brings, teaches or takes part in */
    NUMU_STRESS_WITHOUT_RESOURCE, /* nor what serves only it: activities and their cost too */
    NUMU_STRESS_DELAY,            /* an activity takes `days` working days more */
    NUMU_STRESS_RATE,             /* a currency costs `factor` times as much */
    NUMU_STRESS_BUDGET,           /* a fund receives `factor` times its budget */
    NUMU_STRESS_DEMAND,           /* a customer wants `factor` times as much */
    NUMU_STRESS_WITHOUT_LINES,    /* none of the resources that an activity opens, see above */
    NUMU_STRESS_PROMISED,         /* what each promise waits for is done by its day */
    NUMU_STRESS_CONFIDENCE,       /* dates are read at `factor` percent */
    NUMU_STRESS_RANGE             /* the figure of the rows of `range` times `factor` */
} numu_stress_kind;

/* Rows whose figures move together. */
struct numu_stress_range {
    const struct numu_table_descriptor *table;
    const struct numu_column *column; /* a number, money or a price */
    const numu_row *rows;
    numu_row count;
    numu_decimal spread; /* ± share of the figure; the least of the rows' */
    double weight;       /* what they account for in the plan, reporting currency */
    struct numu_text id; /* of the first of them, or of what they have in common */
};

struct numu_stress_case {
    numu_stress_kind kind;
    numu_row row; /* of the partner, resource, activity, fund or customer */
    numu_currency currency;
    int64_t days;
    numu_decimal factor;
    const struct numu_stress_range *range;
    struct numu_text label; /* as it was asked for; "promised", "lines", "confidence:50" */
};

/* What an option of the command line asks for. */
typedef enum numu_stress_sort {
    NUMU_STRESS_OF_WITHOUT,   /* "partner:ID", "resource:ID", "lines" */
    NUMU_STRESS_OF_DELAY,     /* "activity:ID=DAYS" */
    NUMU_STRESS_OF_RATE,      /* "USD=+20%" */
    NUMU_STRESS_OF_BUDGET,    /* "fund:ID=-30%" */
    NUMU_STRESS_OF_DEMAND,    /* "customer:ID=+50%" */
    NUMU_STRESS_OF_CONFIDENCE /* "50" */
} numu_stress_sort;

/*
 * Reads a case. NUMU_INVALID where it has another form; NUMU_NOT_FOUND where the model has no such
 * row. The label points into `text`.
 */
NUMU_MUST_CHECK numu_status numu_app_stress_case(const struct numu_model *model,
                                                 numu_stress_sort sort, struct numu_text text,
                                                 struct numu_stress_case *out);

/* A case without each partner of the model, or each resource of kind line, in order. */
NUMU_MUST_CHECK numu_status numu_app_stress_each_partner(const struct numu_model *model,
                                                         struct numu_arena *arena,
                                                         struct numu_stress_case **out,
                                                         size_t *out_count);
NUMU_MUST_CHECK numu_status numu_app_stress_each_line(const struct numu_model *model,
                                                      struct numu_arena *arena,
                                                      struct numu_stress_case **out,
                                                      size_t *out_count);
/* What a planner asks first: promises kept, even odds, no lines, each line, each partner. */
NUMU_MUST_CHECK numu_status numu_app_stress_usual(const struct numu_model *model,
                                                  struct numu_arena *arena,
                                                  struct numu_stress_case **out, size_t *out_count);
static inline struct numu_stress_case numu_app_stress_promised(void) {
    return (struct numu_stress_case){.kind = NUMU_STRESS_PROMISED, .label = NUMU_TEXT("promised")};
}

/* Rows that rest on assumption and are moved to the ends of their ranges: so many at most. */
enum { NUMU_STRESS_RANGES = 5 };

struct numu_stress_request {
    const struct numu_stress_case *cases;
    size_t count;
    bool moves_evidence;      /* table swing: NUMU_STRESS_RANGES ranges, two cases each */
    const char *rules_folder; /* of imported rule sets; NULL = built-in ones only */
};

/*
 * The rows that rest on assumption and have a range (column `spread`), those that account for the
 * most money in a plan first; rows of one fund, or of one customer and item, move together. At
 * most `count_max`; they live in the arena.
 */
NUMU_MUST_CHECK numu_status numu_app_stress_ranges(const struct numu_model *model,
                                                   const struct numu_plan *plan,
                                                   struct numu_arena *arena, size_t count_max,
                                                   struct numu_stress_range **out,
                                                   size_t *out_count);

/*
 * Plans the base and each case with the same seed and under the package's rules, as many at a time
 * as there are threads: tables stress (the base first) and swing of *out. Where a case cannot be
 * planned its findings are the report's.
 */
NUMU_MUST_CHECK numu_status numu_app_stress(const struct numu_context *context,
                                            struct numu_model *model,
                                            const struct numu_stress_request *request,
                                            struct numu_arena *arena, struct numu_report *report,
                                            struct numu_plan *out);
/*
 * The same beside a base that is planned already, under what the rules say in `options`: *plan
 * gets the two tables.
 */
NUMU_MUST_CHECK numu_status numu_app_stress_beside(
    const struct numu_context *context, const struct numu_model *model,
    const struct numu_plan_options *options, const struct numu_stress_request *request,
    struct numu_arena *arena, struct numu_report *report, struct numu_plan *plan);

#endif
