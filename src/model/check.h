/*
 * check.h - what the files check_*.c share. For them only.
 *
 * One function a rule; each says what it finds with the code of that rule. Rules of "values" hold
 * for a model with errors in it; all others rest on several rows, would blame the wrong one while
 * rows are broken, and may follow references without looking.
 */
#ifndef NUMU_MODEL_CHECK_H
#define NUMU_MODEL_CHECK_H

#include "model/model.h"

struct numu_checker {
    const struct numu_context *context;
    const struct numu_model *model;
    struct numu_report *report;
    struct numu_arena *arena; /* scratch */
};

#define NUMU_MODEL_TABLE(name) numu_schema_at(offsetof(struct numu_model, name))
#define NUMU_NO_TEXT ((struct numu_text){NULL, 0})

/*
 * Starts a finding at a column of a row; the place is looked up only where the finding will be
 * kept. False where it is only counted.
 */
bool numu_check_begin(const struct numu_checker *checker, numu_code code,
                      const struct numu_table_descriptor *table, numu_row row, const char *column,
                      struct numu_diagnostic *out);
/* A whole finding whose arguments are texts. */
void numu_check_tell(const struct numu_checker *checker, numu_code code,
                     const struct numu_table_descriptor *table, numu_row row, const char *column,
                     struct numu_text first, struct numu_text second, struct numu_text third);

/* The array of a column named by a rule, which is there. */
const void *numu_check_array(const struct numu_checker *checker,
                             const struct numu_table_descriptor *table, const char *column);

/* --- values --- */

void numu_check_dates(const struct numu_checker *checker);
void numu_check_estimates(const struct numu_checker *checker);
void numu_check_calendars(const struct numu_checker *checker);
void numu_check_forms(const struct numu_checker *checker); /* countries, classifications, lists … */
void numu_check_pairs(const struct numu_checker *checker); /* columns without their counterpart */
void numu_check_hazards(const struct numu_checker *checker);

/* --- across rows and tables --- */

NUMU_MUST_CHECK numu_status numu_check_repeats(const struct numu_checker *checker);
void numu_check_horizon(const struct numu_checker *checker);
NUMU_MUST_CHECK numu_status numu_check_programme(const struct numu_checker *checker);
NUMU_MUST_CHECK numu_status numu_check_correlations(const struct numu_checker *checker);
NUMU_MUST_CHECK numu_status numu_check_supply(const struct numu_checker *checker);
NUMU_MUST_CHECK numu_status numu_check_money(const struct numu_checker *checker);
NUMU_MUST_CHECK numu_status numu_check_stocks(const struct numu_checker *checker);
NUMU_MUST_CHECK numu_status numu_check_rules(const struct numu_checker *checker);

#endif
