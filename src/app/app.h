/*
 * app.h - the use cases: one function each. Request in; result and diagnostics out.
 *
 * A use case opens files and calls engines; it prints nothing and holds no algorithm. Where
 * several engines meet, they meet here: dates of the programme become plain data for the plan.
 *
 * [U1] Every function returns NUMU_INVALID where the user's input is wrong, NUMU_IO where a file
 *      cannot be read or written (both with findings), NUMU_STOPPED where the user asked, and
 *      anything else only where the machine or numu failed.
 */
#ifndef NUMU_APP_APP_H
#define NUMU_APP_APP_H

#include "app/tell.h"
#include "model/calendar.h"
#include "model/model.h"
#include "plan/master.h"
#include "plan/plan.h"
#include "programme/rcpsp.h"

/* Loads a package and checks all of it. The model is the caller's to release in every case. */
NUMU_MUST_CHECK numu_status numu_app_check(const struct numu_context *context,
                                           struct numu_text folder, struct numu_report *report,
                                           struct numu_model *out);

/*
 * The deterministic schedule, under scarce resources where there are any, as the tables meta,
 * activity and promise of a plan. Arrays live in the arena; texts may point into the model, which
 * must outlive them. *out_result tells what the search did (rcpsp.h); it has no activities where
 * nothing was scarce. NUMU_INFEASIBLE, with findings, only where the options ask that deadlines be
 * kept.
 */
NUMU_MUST_CHECK numu_status numu_app_schedule(const struct numu_context *context,
                                              const struct numu_model *model,
                                              const struct numu_rcpsp_options *options,
                                              struct numu_arena *arena, struct numu_report *report,
                                              struct numu_plan *out,
                                              struct numu_rcpsp_result *out_result);

struct numu_plan_request {
    const char *output;  /* plan.db; NULL = write none */
    const char *mps;     /* the final stage as free MPS; NULL = write none */
    double time_limit_s; /* 0 = none */
    bool is_integer;     /* lots are whole */
    bool confirms;       /* tries what relief is worth by solving again */
    bool compares;       /* tables stress and swing, see app/stress.h */
    bool moves_evidence;
    const char *profile;      /* of recognised regimes; NULL = the package's */
    const char *rules_folder; /* of imported rule sets; NULL = built-in ones only */
};

/*
 * Schedule and master plan, written where the request says. The model's list of sources grows by
 * the rule sets that are read.
 */
NUMU_MUST_CHECK numu_status numu_app_plan(const struct numu_context *context,
                                          struct numu_model *model,
                                          const struct numu_plan_request *request,
                                          struct numu_arena *arena, struct numu_report *report,
                                          struct numu_plan *out,
                                          struct numu_plan_result *out_result);

/* Reads plan.db. */
NUMU_MUST_CHECK numu_status numu_app_read_plan(const char *path, struct numu_arena *arena,
                                               struct numu_report *report, struct numu_plan *out);

struct numu_init_request {
    const char *folder;
    bool all_tables; /* else the eight core tables */
    numu_day today;  /* the horizon starts with the month after it */
};

/*
 * Writes an empty, documented package into a new or empty folder. A folder with files in it:
 * NUMU_IO with a finding.
 */
NUMU_MUST_CHECK numu_status numu_app_init(const struct numu_context *context,
                                          const struct numu_init_request *request,
                                          struct numu_report *report);

/*
 * Writes the package of a model that has no errors to `path`, in the form that its ending asks for
 * (model/package.h). What is not carried over is warned of.
 */
NUMU_MUST_CHECK numu_status numu_app_convert(const struct numu_context *context,
                                             const struct numu_model *model, const char *path,
                                             struct numu_report *report);

/*
 * The Table Schema (https://datapackage.org/standard/table-schema/) of a table, or a tabular data
 * package of all tables (table = NULL) as JSON.
 */
NUMU_MUST_CHECK numu_status numu_app_schema(const struct numu_table_descriptor *table,
                                            struct numu_buffer *buffer);

#endif
