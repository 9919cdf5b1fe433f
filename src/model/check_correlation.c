/*
 * check_correlation.c - correlations that contradict each other, set by set.
 *
 * Activities linked by correlations make a set; what is not stated within a set is zero, as
 * sampling takes it. Sets of more than SET_MAX activities are not looked at, and no nearest set is
 * offered for more than NEAREST_MAX, because the work grows with the cube of the activities.
 *
 * [R1] The coefficients offered, typed in as they are shown, pass this check.
 */
#include "model/check.h"

#include "model/correlation.h"

#include <math.h>

enum { SET_MAX = 1500, NEAREST_MAX = 60, OFFERED_DECIMALS = 4 };

/* --- sets: union-find with halving of paths --- */

static numu_row root_of(numu_row *above, numu_row row) {
    while (above[row] != row) {
        above[row] = above[above[row]];
        row = above[row];
    }
    return row;
}

struct sets {
    numu_row *above;   /* by activity */
    numu_row *next;    /* by row of correlation: the next one of its set */
    numu_row *first;   /* by activity that is a root: its first row of correlation */
    uint32_t *number;  /* by activity: 1 + its place in the set being looked at; 0 = not in it */
    numu_row *members; /* of the set being looked at */
};

static numu_status find_sets(const struct numu_checker *checker, struct sets *sets) {
    const struct numu_table_correlation *correlation = &checker->model->correlation;
    numu_row count = checker->model->activity.head.count;
    NUMU_TRY(NUMU_TAKE(checker->arena, &sets->above, count));
    NUMU_TRY(NUMU_TAKE(checker->arena, &sets->first, count));
    NUMU_TRY(NUMU_TAKE(checker->arena, &sets->number, count));
    NUMU_TRY(NUMU_TAKE(checker->arena, &sets->members, count));
    NUMU_TRY(NUMU_TAKE(checker->arena, &sets->next, correlation->head.count));
    numu_kind_fill_none(NUMU_KIND_REFERENCE, sets->first, 0, count);
    for (numu_row row = 0; row < count; row++) {
        sets->above[row] = row;
    }
    for (numu_row row = 0; row < correlation->head.count; row++) {
        sets->above[root_of(sets->above, correlation->a[row])] =
            root_of(sets->above, correlation->b[row]);
    }
    for (numu_row row = correlation->head.count; row-- > 0;) { /* backwards: lists in order */
        numu_row root = root_of(sets->above, correlation->a[row]);
        sets->next[row] = sets->first[root];
        sets->first[root] = row;
    }
    return NUMU_OK;
}

/* Numbers the activities of a set by their first row. */
static uint32_t number_members(const struct numu_model *model, struct sets *sets, numu_row root) {
    uint32_t count = 0;
    for (numu_row row = sets->first[root]; row != NUMU_NONE; row = sets->next[row]) {
        const numu_row ends[2] = {model->correlation.a[row], model->correlation.b[row]};
        for (size_t i = 0; i < 2; i++) {
            if (sets->number[ends[i]] == 0) {
                sets->members[count++] = ends[i];
                sets->number[ends[i]] = count;
            }
        }
    }
    return count;
}

/* The two places of a row in the matrix of its set. */
static void cells_of(const struct numu_model *model, const struct sets *sets, uint32_t n,
                     numu_row row, size_t cells[2]) {
    size_t a = sets->number[model->correlation.a[row]] - 1U;
    size_t b = sets->number[model->correlation.b[row]] - 1U;
    cells[0] = a * n + b;
    cells[1] = b * n + a;
}

/* --- findings --- */

/* A coefficient as it would be offered, shrunk towards zero by a share. */
static numu_decimal offered(double coefficient, double share) {
    double unit = pow(10, OFFERED_DECIMALS);
    double whole = round(coefficient * (1 - share) * unit);
    return (numu_decimal)whole * numu_power_of_ten(NUMU_DECIMAL_DECIMALS - OFFERED_DECIMALS);
}

/*
 * Rounds the nearest set so that it still is one: rounding moves eigenvalues by less than n ×
 * 10^-4, shrinking all coefficients by a share s lifts them by s. Ends, for at s = 1 all are zero.
 */
static void round_set(double *matrix, uint32_t n, double *rounded, double *scratch) {
    double share = 0;
    do {
        for (size_t i = 0; i < (size_t)n * n; i++) {
            bool is_diagonal = i % (n + (size_t)1) == 0;
            rounded[i] = is_diagonal ? 1
                                     : numu_number_to_double(offered(matrix[i], share),
                                                             NUMU_DECIMAL_DECIMALS);
        }
        share = share == 0 ? 1e-4 : fmin(1, 2 * share);
    } while (!numu_correlation_is_possible(rounded, n, scratch));
}

/* A coefficient as it stands in the table: what is offered is to be typed in. */
static numu_status write_coefficient(struct numu_arena *arena, numu_decimal coefficient,
                                     struct numu_text *out) {
    struct numu_buffer text;
    numu_buffer_init(&text, arena->heap, 0);
    numu_status status = numu_number_write(&text, coefficient, NUMU_DECIMAL_DECIMALS, true);
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, (struct numu_text){text.data, text.length}, out);
    }
    numu_buffer_release(&text);
    return status;
}

static numu_status tell(const struct numu_checker *checker, numu_row row, numu_decimal better) {
    const struct numu_table_correlation *correlation = &checker->model->correlation;
    struct numu_diagnostic finding;
    if (!numu_check_begin(checker, NUMU_CODE_CORRELATION_NOT_PSD, NUMU_MODEL_TABLE(correlation),
                          row, "coefficient", &finding)) {
        return NUMU_OK;
    }
    struct numu_text now;
    struct numu_text nearest = NUMU_NO_TEXT;
    NUMU_TRY(write_coefficient(checker->arena, correlation->coefficient[row], &now));
    if (better != NUMU_NO_NUMBER) {
        NUMU_TRY(write_coefficient(checker->arena, better, &nearest));
    }
    finding.arguments[0] = numu_argument_text(checker->model->activity.id[correlation->a[row]]);
    finding.arguments[1] = numu_argument_text(checker->model->activity.id[correlation->b[row]]);
    finding.arguments[2] = numu_argument_text(now);
    finding.arguments[3] = numu_argument_text(nearest);
    numu_report_add(checker->report, &finding);
    return NUMU_OK;
}

static numu_status tell_nearest(const struct numu_checker *checker, const struct sets *sets,
                                numu_row root, double *matrix, uint32_t n, double *scratch) {
    const struct numu_model *model = checker->model;
    double *rounded;
    NUMU_TRY(NUMU_TAKE(checker->arena, &rounded, (size_t)n * n));
    NUMU_TRY(numu_correlation_nearest(checker->arena, matrix, n, true));
    round_set(matrix, n, rounded, scratch);
    for (numu_row row = sets->first[root]; row != NUMU_NONE; row = sets->next[row]) {
        size_t cells[2];
        numu_decimal better;
        cells_of(model, sets, n, row, cells);
        NUMU_TRY(numu_number_from_double(rounded[cells[0]], NUMU_DECIMAL_DECIMALS, &better));
        bool is_pair = model->correlation.a[row] != model->correlation.b[row];
        if (is_pair && better != model->correlation.coefficient[row]) {
            NUMU_TRY(tell(checker, row, better));
        }
    }
    return NUMU_OK;
}

static numu_status check_set(const struct numu_checker *checker, const struct sets *sets,
                             numu_row root, uint32_t n) {
    const struct numu_model *model = checker->model;
    double *matrix;
    double *scratch;
    NUMU_TRY(NUMU_TAKE(checker->arena, &matrix, (size_t)n * n));
    NUMU_TRY(NUMU_TAKE(checker->arena, &scratch, (size_t)n * n));
    for (size_t i = 0; i < n; i++) {
        matrix[i * n + i] = 1;
    }
    for (numu_row row = sets->first[root]; row != NUMU_NONE; row = sets->next[row]) {
        size_t cells[2];
        cells_of(model, sets, n, row, cells);
        if (model->correlation.a[row] != model->correlation.b[row]) {
            double coefficient =
                numu_number_to_double(model->correlation.coefficient[row], NUMU_DECIMAL_DECIMALS);
            matrix[cells[0]] = coefficient;
            matrix[cells[1]] = coefficient;
        }
    }
    if (numu_correlation_is_possible(matrix, n, scratch)) {
        return NUMU_OK;
    }
    if (n <= NEAREST_MAX) {
        return tell_nearest(checker, sets, root, matrix, n, scratch);
    }
    return tell(checker, sets->first[root], NUMU_NO_NUMBER);
}

static void check_own(const struct numu_checker *checker) {
    const struct numu_table_correlation *correlation = &checker->model->correlation;
    for (numu_row row = 0; row < correlation->head.count; row++) {
        if (correlation->a[row] == correlation->b[row]) {
            numu_check_tell(checker, NUMU_CODE_SELF_CORRELATION, NUMU_MODEL_TABLE(correlation), row,
                            "b", checker->model->activity.id[correlation->a[row]], NUMU_NO_TEXT,
                            NUMU_NO_TEXT);
        }
    }
}

numu_status numu_check_correlations(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    if (model->correlation.head.count == 0 ||
        checker->report->counts[NUMU_CODE_DUPLICATE_ROW] > 0) {
        return NUMU_OK; /* of a pair with two coefficients nobody knows which holds */
    }
    struct numu_arena_mark mark = numu_arena_mark(checker->arena);
    struct sets sets;
    check_own(checker);
    NUMU_TRY(find_sets(checker, &sets));
    for (numu_row root = 0; root < model->activity.head.count; root++) {
        if (sets.first[root] == NUMU_NONE) {
            continue;
        }
        uint32_t count = number_members(model, &sets, root);
        struct numu_arena_mark inner = numu_arena_mark(checker->arena);
        if (count <= SET_MAX) {
            NUMU_TRY(check_set(checker, &sets, root, count));
        }
        numu_arena_rewind(checker->arena, inner);
    }
    numu_arena_rewind(checker->arena, mark);
    return NUMU_OK;
}
