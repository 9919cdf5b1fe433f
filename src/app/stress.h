/*
 * stress.h - what if: the plan again without a partner or a line, with a delay, another rate,
 * budget or demand, each beside the base.
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
    NUMU_STRESS_DEMAND            /* a customer wants `factor` times as much */
} numu_stress_kind;

struct numu_stress_case {
    numu_stress_kind kind;
    numu_row row; /* of the partner, resource, activity, fund or customer */
    numu_currency currency;
    int64_t days;
    numu_decimal factor;
    struct numu_text label; /* as it was asked for */
};

/* What an option of the command line asks for. */
typedef enum numu_stress_sort {
    NUMU_STRESS_OF_WITHOUT, /* "partner:ID", "resource:ID" */
    NUMU_STRESS_OF_DELAY,   /* "activity:ID=DAYS" */
    NUMU_STRESS_OF_RATE,    /* "USD=+20%" */
    NUMU_STRESS_OF_BUDGET,  /* "fund:ID=-30%" */
    NUMU_STRESS_OF_DEMAND   /* "customer:ID=+50%" */
} numu_stress_sort;

/*
 * Reads a case. NUMU_INVALID where it has another form; NUMU_NOT_FOUND where the model has no such
 * row. The label points into `text`.
 */
NUMU_MUST_CHECK numu_status numu_app_stress_case(const struct numu_model *model,
                                                 numu_stress_sort sort, struct numu_text text,
                                                 struct numu_stress_case *out);

/* A case without each partner of the model, in order. */
NUMU_MUST_CHECK numu_status numu_app_stress_each_partner(const struct numu_model *model,
                                                         struct numu_arena *arena,
                                                         struct numu_stress_case **out,
                                                         size_t *out_count);

/*
 * Plans the base and each case with the same seed and under the package's rules, as many at a time
 * as there are threads: table stress of *out, the base first, and meta of the base. Where a case
 * cannot be planned its findings are the report's. `rules_folder`: of imported rule sets; NULL =
 * built-in ones only.
 */
NUMU_MUST_CHECK numu_status numu_app_stress(const struct numu_context *context,
                                            struct numu_model *model, const char *rules_folder,
                                            const struct numu_stress_case *cases, size_t count,
                                            struct numu_arena *arena, struct numu_report *report,
                                            struct numu_plan *out);

#endif
