/*
 * verify.h - what somebody says numu found, held against the rules by code that shares nothing
 * with what found it.
 */
#ifndef NUMU_APP_VERIFY_H
#define NUMU_APP_VERIFY_H

#include "model/model.h"
#include "programme/project.h"

/* What kind of thing a file is, by its first bytes. */
typedef enum numu_verify_kind {
    NUMU_VERIFY_UNKNOWN,
    NUMU_VERIFY_LEDGER,   /* a book of numu ledger */
    NUMU_VERIFY_BUNDLE,   /* of numu ledger bundle */
    NUMU_VERIFY_PROOF,    /* of numu ledger prove */
    NUMU_VERIFY_SCHEDULE, /* JSON of numu schedule */
    NUMU_VERIFY_PLAN      /* plan.db of numu plan */
} numu_verify_kind;

/* NUMU_IO with a finding where it cannot be opened. */
NUMU_MUST_CHECK numu_status numu_app_verify_kind(const char *path, struct numu_report *report,
                                                 numu_verify_kind *out);

/*
 * Verifies the schedule in `path`, as `numu schedule --format json` wrote it, against the project
 * file or package `instance`. Every rule that it breaks is a finding, NUMU_INVALID; so is a file
 * that is no such schedule, or an instance with errors, and then *out_was_verified is false. The
 * model is the caller's to release in every case; its sources hold both files.
 */
NUMU_MUST_CHECK numu_status numu_app_verify_schedule(const struct numu_context *context,
                                                     const char *path, const char *instance,
                                                     struct numu_report *report,
                                                     struct numu_model *model,
                                                     bool *out_was_verified);

/*
 * Verifies the plan in `path`, as `numu plan -o` wrote it or anybody changed it, against the
 * package `instance`: orders and pegs (plan/verify_orders.h). Findings and model as above.
 * `rules_folder`: of imported rule sets; NULL = built-in ones only.
 */
NUMU_MUST_CHECK numu_status numu_app_verify_plan(const struct numu_context *context,
                                                 const char *path, const char *instance,
                                                 const char *rules_folder,
                                                 struct numu_report *report,
                                                 struct numu_model *model, bool *out_was_verified);

#endif
