/*
 * check.c - what must hold across rows and tables: the order of the rules, and what they share.
 *
 * Subjects stand in check_time.c, check_correlation.c, check_supply.c, check_money.c and
 * check_control.c; what values look like in check_form.c, rows said twice in check_repeat.c.
 */
#include "model/check.h"

#include "base/cell.h"

bool numu_check_begin(const struct numu_checker *checker, numu_code code,
                      const struct numu_table_descriptor *table, numu_row row, const char *column,
                      struct numu_diagnostic *out) {
    if (!numu_report_keeps(checker->report, code)) {
        numu_report_count(checker->report, code);
        return false;
    }
    *out = (struct numu_diagnostic){.code = code,
                                    .place = numu_model_place(checker->model, table, row, column),
                                    .related = NUMU_NOWHERE};
    return true;
}

void numu_check_tell(const struct numu_checker *checker, numu_code code,
                     const struct numu_table_descriptor *table, numu_row row, const char *column,
                     struct numu_text first, struct numu_text second, struct numu_text third) {
    struct numu_diagnostic finding;
    if (numu_check_begin(checker, code, table, row, column, &finding)) {
        finding.arguments[0] = numu_argument_text(first);
        finding.arguments[1] = numu_argument_text(second);
        finding.arguments[2] = numu_argument_text(third);
        numu_report_add(checker->report, &finding);
    }
}

const void *numu_check_array(const struct numu_checker *checker,
                             const struct numu_table_descriptor *table, const char *column) {
    const struct numu_column *descriptor = numu_column_find(table, numu_text_of(column));
    numu_assert(descriptor != NULL);
    return numu_model_array(checker->model, table, descriptor);
}

/* --- columns that say nothing without another --- */

/* Every column here is empty unless it is given. */
static const struct {
    const char *table, *column, *needs;
} pairs[] = {
    {"site", "latitude", "longitude"},
    {"site", "longitude", "latitude"},
    {"storehouse", "latitude", "longitude"},
    {"storehouse", "longitude", "latitude"},
    {"exposure", "latitude", "longitude"},
    {"exposure", "longitude", "latitude"},
    {"operation", "skill", "people"},
    {"operation", "people", "skill"},
    {"upkeep", "item", "quantity_month"},
    {"upkeep", "quantity_month", "item"},
    {"course", "instructor_skill", "instructors"},
    {"course", "instructors", "instructor_skill"},
    {"process", "learning_rate", "learning_from"},
    {"process", "learning_from", "learning_rate"},
    {"process", "learning_floor", "learning_rate"},
    {"activity", "remaining", "started"},
    {"risk", "low", "likely"},
    {"risk", "high", "likely"},
    {"risk", "delay_low", "delay_likely"},
    {"risk", "delay_high", "delay_likely"},
    {"risk", "cost_low", "cost_likely"},
    {"risk", "cost_high", "cost_likely"},
};

void numu_check_pairs(const struct numu_checker *checker) {
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct numu_table_descriptor *table = numu_schema_find(numu_text_of(pairs[i].table));
        const struct numu_column *column = numu_column_find(table, numu_text_of(pairs[i].column));
        const struct numu_column *needs = numu_column_find(table, numu_text_of(pairs[i].needs));
        const void *values = numu_model_array(checker->model, table, column);
        const void *needed = numu_model_array(checker->model, table, needs);
        for (numu_row row = 0; row < numu_model_head_of(checker->model, table)->count; row++) {
            if (!numu_cell_is_empty(column, values, row) &&
                numu_cell_is_empty(needs, needed, row)) {
                numu_check_tell(checker, NUMU_CODE_INCOMPLETE_PAIR, table, row, column->name,
                                numu_text_of(column->name), numu_text_of(needs->name),
                                NUMU_NO_TEXT);
            }
        }
    }
}

static numu_status check(const struct numu_checker *checker) {
    bool is_sound = numu_report_total(checker->report, NUMU_ERROR) == 0;
    numu_check_dates(checker);
    numu_check_estimates(checker);
    numu_check_calendars(checker);
    numu_check_forms(checker);
    numu_check_hazards(checker);
    if (is_sound) {
        numu_check_pairs(checker);
        numu_check_horizon(checker);
        NUMU_TRY(numu_check_repeats(checker));
        NUMU_TRY(numu_check_programme(checker));
        NUMU_TRY(numu_check_correlations(checker));
        NUMU_TRY(numu_check_supply(checker));
        NUMU_TRY(numu_check_money(checker));
        NUMU_TRY(numu_check_stocks(checker));
        NUMU_TRY(numu_check_rules(checker));
    }
    return checker->report->status;
}

numu_status numu_model_check(const struct numu_context *context, const struct numu_model *model,
                             struct numu_report *report) {
    struct numu_arena scratch;
    numu_arena_init(&scratch, context->heap);
    struct numu_checker checker = {
        .context = context, .model = model, .report = report, .arena = &scratch};
    numu_status status = check(&checker);
    numu_arena_release(&scratch);
    return status;
}
