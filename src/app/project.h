/*
 * project.h - use cases on project files of other tools (programme/read.h).
 */
#ifndef NUMU_APP_PROJECT_H
#define NUMU_APP_PROJECT_H

#include "base/hash.h"
#include "model/model.h"
#include "programme/exchange.h"
#include "programme/rcpsp.h"
#include "programme/read.h"

/* A project, and what it came from. */
struct numu_project_file {
    struct numu_text name; /* of the file, without folders */
    numu_project_format format;
    struct numu_sha256 inputs; /* of the line "<sha256>  <name>\n", as a package's are */
    struct numu_project project;
};

/* What a file is; NONE also for a folder, and for what cannot be opened. */
NUMU_MUST_CHECK numu_status numu_app_project_format(const struct numu_context *context,
                                                    const char *path, numu_project_format *out);

/*
 * Whether the path names a file that begins like a project for the schedulers alone. (Those of
 * Project, Primavera and ProTrack become packages: numu_app_load.)
 */
NUMU_MUST_CHECK numu_status numu_app_is_project(const struct numu_context *context,
                                                const char *path, bool *out);

/*
 * Reads and checks a project file; it is added to `sources`, and its bytes and the project live in
 * the arena. NUMU_INVALID or NUMU_IO with findings.
 */
NUMU_MUST_CHECK numu_status numu_app_read_project(const struct numu_context *context,
                                                  const char *path, struct numu_sources *sources,
                                                  struct numu_arena *arena,
                                                  struct numu_report *report,
                                                  struct numu_project_file *out);

/* Reads a file of Project, Primavera or ProTrack; likewise. */
NUMU_MUST_CHECK numu_status numu_app_read_exchange(const struct numu_context *context,
                                                   const char *path, struct numu_sources *sources,
                                                   struct numu_arena *arena,
                                                   struct numu_report *report,
                                                   struct numu_exchange *out,
                                                   struct numu_sha256 *out_inputs);

/*
 * Loads a package in any form, or a file of Project, Primavera or ProTrack as a package. The model
 * is the caller's to release in every case.
 */
NUMU_MUST_CHECK numu_status numu_app_load(const struct numu_context *context, struct numu_text path,
                                          struct numu_report *report, struct numu_model *out);

/*
 * Whether an operand of `numu schedule` names projects rather than a package: a project file, or a
 * folder without datapackage.json.
 */
NUMU_MUST_CHECK numu_status numu_app_holds_projects(const struct numu_context *context,
                                                    const char *path, bool *out);

/*
 * The project of a package, its calendars, and the digest of its inputs. The model is the caller's
 * to release in every case; the rest lives in it.
 */
NUMU_MUST_CHECK numu_status numu_app_project_of_package(
    const struct numu_context *context, const char *path, struct numu_report *report,
    struct numu_model *model, struct numu_project *out, struct numu_calendars *out_calendars,
    struct numu_sha256 *out_inputs);

/*
 * numu_rcpsp_solve, and the verifier (programme/verify.h) on what it gives: a schedule that does
 * not hold is NUMU_BUG and never shown. `calendars` are the package's; NULL = every period is
 * worked.
 */
NUMU_MUST_CHECK numu_status numu_app_solve(const struct numu_context *context,
                                           const struct numu_project *project,
                                           const struct numu_calendars *calendars,
                                           const struct numu_rcpsp_options *options,
                                           struct numu_arena *arena, struct numu_report *report,
                                           struct numu_rcpsp_result *out);

/* One of many schedules. */
struct numu_schedule_row {
    struct numu_text instance; /* name of its file, without ending */
    bool is_read;              /* else findings say why not, and no row is shown */
    bool is_solved;            /* else there is no schedule: makespan and bound are not known */
    numu_day origin;           /* NUMU_NO_DAY = in periods */
    numu_period makespan, lower_bound;
    bool is_proven, is_stopped;
    uint64_t schedules;
};

struct numu_schedule_rows {
    struct numu_schedule_row *list;
    size_t count;
    struct numu_model *models; /* by row; of those that are packages */
    struct numu_sha256 inputs; /* of the lines "<sha256>  <name>\n" of all that were read */
    bool is_stopped;           /* rows that were not begun are not among those read */
};

/* Gives back the packages of rows, which findings may point into. All zero is fine. */
void numu_app_release_rows(struct numu_schedule_rows *rows);

/*
 * Schedules project files and packages, and the project files in folders, in the order given and
 * by name within a folder; options hold for each. All cores work on different projects, or where
 * time bounds the search on one after another. What cannot be read, and what has no schedule, are
 * findings; the other rows are there all the same, and then the status is NUMU_INVALID or NUMU_OK.
 */
NUMU_MUST_CHECK numu_status numu_app_schedule_files(
    const struct numu_context *context, const char *const *paths, size_t path_count,
    const struct numu_rcpsp_options *options, struct numu_sources *sources,
    struct numu_arena *arena, struct numu_report *report, struct numu_schedule_rows *out);

#endif
