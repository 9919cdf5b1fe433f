/*
 * health.c - one function a point; each counts rows against it.
 */
#include "programme/health_parts.h"

#include <math.h>

enum { LONG_DAYS = 44, TEST_DAYS = 600 };

static const char *const names[NUMU_HEALTH_COUNT] = {
    "logic",      "leads",          "lags",           "types",         "constraints",
    "high_float", "negative_float", "long_durations", "invalid_dates", "resources",
    "missed",     "path_test",      "cpli",           "bei",           "capture",
    "sequence",   "resourced",      "durations",      "traceable",     "critical_path",
    "float",      "risk",           "updated",        "baseline"};

const char *numu_health_name(numu_health_point point) {
    return names[point];
}

bool numu_health_is_gao(numu_health_point point) {
    return point >= NUMU_HEALTH_GAO_CAPTURE;
}

int numu_health_number(numu_health_point point) {
    return numu_health_is_gao(point) ? (int)(point - NUMU_HEALTH_GAO_CAPTURE) + 1 : (int)point + 1;
}

struct examiner {
    const struct numu_context *context;
    const struct numu_model *model;
    const struct numu_calendars *calendars;
    struct numu_arena *arena;
    struct numu_report *report;
    struct numu_schedule schedule; /* with likely durations */
    struct numu_schedule against;  /* the same, floats against all that was promised */
    const bool *has_before, *has_after, *has_resource, *has_risk; /* by activity */
    numu_day data_date;
    struct numu_health *health;
};

/* --- collecting --- */

struct collection {
    numu_row *rows;
    uint32_t count;
    int64_t of;
};

static numu_status begin(const struct examiner *examiner, bool of_links, struct collection *out) {
    numu_row rows =
        of_links ? examiner->model->precedence.head.count : examiner->model->activity.head.count;
    *out = (struct collection){.count = 0};
    return NUMU_TAKE(examiner->arena, &out->rows, rows);
}

static void judge(struct collection *collection, numu_row row, bool is_against) {
    collection->of++;
    if (is_against) {
        collection->rows[collection->count++] = row;
    }
}

/* At most so great a share may stand against it. */
static void end_share(const struct examiner *examiner, numu_health_point point,
                      const struct collection *collection, double limit, bool are_links) {
    double share =
        collection->of == 0 ? (double)NAN : (double)collection->count / (double)collection->of;
    examiner->health->line[point] =
        (struct numu_health_line){.verdict = collection->of == 0 ? NUMU_HEALTH_UNKNOWN
                                             : share <= limit    ? NUMU_HEALTH_MET
                                                                 : NUMU_HEALTH_NOT_MET,
                                  .count = collection->count,
                                  .of = collection->of,
                                  .value = share,
                                  .limit = limit,
                                  .rows = collection->rows,
                                  .row_count = collection->count,
                                  .are_links = are_links};
}

static void end_index(const struct examiner *examiner, numu_health_point point, int64_t count,
                      int64_t of, double value, double limit) {
    examiner->health->line[point] =
        (struct numu_health_line){.verdict = isnan(value)     ? NUMU_HEALTH_UNKNOWN
                                             : value >= limit ? NUMU_HEALTH_MET
                                                              : NUMU_HEALTH_NOT_MET,
                                  .count = count,
                                  .of = of,
                                  .value = value,
                                  .limit = limit,
                                  .is_least = true};
}

/* At least so great a share must not stand against it. */
static void end_least(const struct examiner *examiner, numu_health_point point,
                      const struct collection *collection, double limit) {
    int64_t good = collection->of - collection->count;
    end_index(examiner, point, good, collection->of,
              collection->of == 0 ? (double)NAN : (double)good / (double)collection->of, limit);
    examiner->health->line[point].rows = collection->rows;
    examiner->health->line[point].row_count = collection->count;
}

/* --- what an activity is --- */

static bool is_finished(const struct examiner *examiner, numu_row row) {
    const struct numu_table_activity *activity = &examiner->model->activity;
    return activity->finished[row] != NUMU_NO_DAY ||
           (activity->likely[row] == 0 && activity->started[row] != NUMU_NO_DAY);
}

static bool is_work(const struct examiner *examiner, numu_row row) {
    return !is_finished(examiner, row) && examiner->model->activity.likely[row] > 0;
}

/* --- the 14 points --- */

static numu_status examine_links(const struct examiner *examiner) {
    const struct numu_table_precedence *link = &examiner->model->precedence;
    struct collection leads;
    struct collection lags;
    struct collection types;
    NUMU_TRY(begin(examiner, true, &leads));
    NUMU_TRY(begin(examiner, true, &lags));
    NUMU_TRY(begin(examiner, true, &types));
    for (numu_row row = 0; row < link->head.count; row++) {
        if (is_finished(examiner, link->after[row])) {
            continue;
        }
        judge(&leads, row, link->lag[row] < 0);
        judge(&lags, row, link->lag[row] > 0);
        judge(&types, row, link->type[row] != numu_link_FS);
    }
    end_share(examiner, NUMU_HEALTH_LEADS, &leads, 0, true);
    end_share(examiner, NUMU_HEALTH_LAGS, &lags, 0.05, true);
    end_share(examiner, NUMU_HEALTH_TYPES, &types, 0.10, true);
    return NUMU_OK;
}

static numu_status examine_activities(const struct examiner *examiner) {
    const struct numu_table_activity *activity = &examiner->model->activity;
    struct collection logic, constraints, high, negative, long_work, dates, resources, missed;
    struct collection *const all[] = {&logic,     &constraints, &high,      &negative,
                                      &long_work, &dates,       &resources, &missed};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        NUMU_TRY(begin(examiner, false, all[i]));
    }
    for (numu_row row = 0; row < activity->head.count; row++) {
        numu_day due = activity->deadline[row];
        numu_day finished = activity->finished[row];
        judge(&dates, row,
              activity->started[row] > examiner->data_date || finished > examiner->data_date);
        if (due != NUMU_NO_DAY && due <= examiner->data_date) {
            judge(&missed, row, !is_finished(examiner, row) || finished > due);
        }
        if (is_finished(examiner, row)) {
            continue;
        }
        bool is_started = activity->started[row] != NUMU_NO_DAY;
        judge(&logic, row, !(examiner->has_before[row] || is_started) || !examiner->has_after[row]);
        judge(&constraints, row, due != NUMU_NO_DAY);
        judge(&negative, row, examiner->against.total_float[row] < 0);
        if (is_work(examiner, row)) {
            judge(&high, row, examiner->schedule.total_float[row] > LONG_DAYS);
            judge(&long_work, row, activity->likely[row] > LONG_DAYS * NUMU_DECIMAL_ONE);
            judge(&resources, row,
                  !examiner->has_resource[row] && activity->cost[row] == NUMU_NO_NUMBER);
        }
    }
    end_share(examiner, NUMU_HEALTH_LOGIC, &logic, 0.05, false);
    end_share(examiner, NUMU_HEALTH_CONSTRAINTS, &constraints, 0.05, false);
    end_share(examiner, NUMU_HEALTH_HIGH_FLOAT, &high, 0.05, false);
    end_share(examiner, NUMU_HEALTH_NEGATIVE, &negative, 0, false);
    end_share(examiner, NUMU_HEALTH_LONG, &long_work, 0.05, false);
    end_share(examiner, NUMU_HEALTH_DATES, &dates, 0, false);
    end_share(examiner, NUMU_HEALTH_RESOURCES, &resources, 0, false);
    end_share(examiner, NUMU_HEALTH_MISSED, &missed, 0.05, false);
    end_index(examiner, NUMU_HEALTH_BEI, missed.of - missed.count, missed.of,
              missed.of == 0 ? (double)NAN : (double)(missed.of - missed.count) / (double)missed.of,
              0.95);
    return NUMU_OK;
}

/* A row with these deadlines, or with so much more to do in one activity. */
static numu_status schedule_with(const struct examiner *examiner, numu_day *deadlines,
                                 numu_decimal *likely, numu_decimal *remaining,
                                 struct numu_schedule *out) {
    struct numu_model changed = *examiner->model; /* tables are shared, but for the arrays named */
    changed.activity.deadline = deadlines == NULL ? changed.activity.deadline : deadlines;
    changed.activity.likely = likely == NULL ? changed.activity.likely : likely;
    changed.activity.remaining = remaining == NULL ? changed.activity.remaining : remaining;
    return numu_cpm_schedule(examiner->context, &changed, examiner->calendars, examiner->arena,
                             examiner->report, out);
}

/* The critical activity that begins first, or NUMU_NONE. */
static numu_row first_critical(const struct examiner *examiner) {
    numu_row first = NUMU_NONE;
    for (numu_row row = 0; row < examiner->model->activity.head.count; row++) {
        if (is_work(examiner, row) && examiner->schedule.is_on_longest_path[row] &&
            (first == NUMU_NONE ||
             examiner->schedule.early_start[row] < examiner->schedule.early_start[first])) {
            first = row;
        }
    }
    return first;
}

/*
 * Point 12: 600 working days more in a critical activity; the finish must follow by as many of the
 * same calendar, but for a tenth that other calendars and early dates on the way may take up.
 */
static numu_status test_path(const struct examiner *examiner) {
    const struct numu_table_activity *activity = &examiner->model->activity;
    numu_row row = first_critical(examiner);
    struct numu_schedule longer;
    numu_decimal *likely;
    numu_decimal *remaining;
    if (row == NUMU_NONE) {
        end_index(examiner, NUMU_HEALTH_PATH_TEST, 0, 0, (double)NAN, 0.9);
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(examiner->arena, &likely, activity->head.count));
    NUMU_TRY(NUMU_TAKE(examiner->arena, &remaining, activity->head.count));
    for (numu_row a = 0; a < activity->head.count; a++) {
        numu_decimal more = a == row ? TEST_DAYS * NUMU_DECIMAL_ONE : 0;
        likely[a] = activity->likely[a] + more;
        remaining[a] = activity->remaining[a] == NUMU_NO_NUMBER ? NUMU_NO_NUMBER
                                                                : activity->remaining[a] + more;
    }
    NUMU_TRY(schedule_with(examiner, NULL, likely, remaining, &longer));
    const struct numu_calendar *calendar =
        numu_calendar_get(examiner->calendars, examiner->model, activity->calendar[row]);
    int64_t moved = numu_calendar_count(calendar, examiner->schedule.finish, longer.finish);
    end_index(examiner, NUMU_HEALTH_PATH_TEST, moved, TEST_DAYS, (double)moved / TEST_DAYS, 0.9);
    return NUMU_OK;
}

/* Floats against all that was promised. */
static numu_status schedule_against(struct examiner *examiner) {
    const struct numu_model *model = examiner->model;
    numu_day *deadlines;
    NUMU_TRY(NUMU_TAKE(examiner->arena, &deadlines, model->activity.head.count));
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        numu_day whole = model->package.deadline[0];
        numu_day own = model->activity.deadline[row];
        deadlines[row] = own == NUMU_NO_DAY || (whole != NUMU_NO_DAY && whole < own) ? whole : own;
    }
    for (numu_row row = 0; row < model->promise.head.count; row++) {
        numu_day *deadline = &deadlines[model->promise.activity[row]];
        numu_day date = model->promise.date[row];
        *deadline = *deadline == NUMU_NO_DAY || date < *deadline ? date : *deadline;
    }
    return schedule_with(examiner, deadlines, NULL, NULL, &examiner->against);
}

/* Point 13, in working days of the package's calendar. */
static void index_path(const struct examiner *examiner) {
    const struct numu_model *model = examiner->model;
    const struct numu_calendar *calendar = numu_calendar_get(examiner->calendars, model, NUMU_NONE);
    numu_day deadline = model->package.deadline[0];
    for (numu_row row = 0; row < model->promise.head.count && deadline == NUMU_NO_DAY; row++) {
        deadline = model->promise.date[row];
    }
    int64_t length = numu_calendar_count(calendar, examiner->data_date, examiner->schedule.finish);
    bool is_known = deadline != NUMU_NO_DAY && length > 0;
    int64_t left =
        is_known ? numu_calendar_count(calendar, examiner->schedule.finish, deadline + 1) : 0;
    end_index(examiner, NUMU_HEALTH_CPLI, length + left, length,
              is_known ? ((double)length + (double)left) / (double)length : (double)NAN, 0.95);
}

/* --- the ten practices --- */

static numu_status examine_practices(const struct examiner *examiner) {
    const struct numu_model *model = examiner->model;
    const struct numu_table_activity *activity = &model->activity;
    const uint8_t *basis = activity->head.evidence.basis;
    struct collection capture, resourced, durations, trace, risk, updated, baseline;
    struct collection *const all[] = {&capture, &resourced, &durations, &trace,
                                      &risk,    &updated,   &baseline};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        NUMU_TRY(begin(examiner, false, all[i]));
    }
    for (numu_row row = 0; row < model->promise.head.count && row < activity->head.count; row++) {
        numu_row kept_by = model->promise.activity[row];
        judge(&capture, kept_by, !examiner->has_before[kept_by]);
    }
    for (numu_row row = 0; row < activity->head.count; row++) {
        bool has_range =
            activity->low[row] != NUMU_NO_NUMBER || activity->high[row] != NUMU_NO_NUMBER;
        judge(&trace, row, activity->phase[row] == 0 && activity->parent[row] == NUMU_NONE);
        judge(&baseline, row, activity->deadline[row] == NUMU_NO_DAY);
        if (!is_work(examiner, row)) {
            continue;
        }
        judge(&resourced, row, !examiner->has_resource[row]);
        judge(&durations, row,
              basis == NULL || basis[row] == 0 || basis[row] == numu_basis_assumption);
        judge(&risk, row, !has_range && !examiner->has_risk[row]);
        if (examiner->schedule.late_start[row] < examiner->data_date) {
            judge(&updated, row, activity->started[row] == NUMU_NO_DAY);
        }
    }
    end_least(examiner, NUMU_HEALTH_GAO_CAPTURE, &capture, 1);
    end_least(examiner, NUMU_HEALTH_GAO_RESOURCES, &resourced, 1);
    end_least(examiner, NUMU_HEALTH_GAO_DURATIONS, &durations, 0.5);
    end_least(examiner, NUMU_HEALTH_GAO_TRACE, &trace, 1);
    end_least(examiner, NUMU_HEALTH_GAO_RISK, &risk, 0.9);
    end_least(examiner, NUMU_HEALTH_GAO_UPDATE, &updated, 1);
    end_least(examiner, NUMU_HEALTH_GAO_BASELINE, &baseline, 1);
    return NUMU_OK;
}

/* Practices that are what several points say together. */
static void sum_points(const struct examiner *examiner, numu_health_point practice,
                       const numu_health_point *points, int count) {
    int64_t met = 0;
    int64_t known = 0;
    for (int i = 0; i < count; i++) {
        numu_health_verdict verdict = examiner->health->line[points[i]].verdict;
        met += verdict == NUMU_HEALTH_MET;
        known += verdict != NUMU_HEALTH_UNKNOWN;
    }
    end_index(examiner, practice, met, known,
              known == 0 ? (double)NAN : (double)met / (double)known, 1);
}

static void sum_practices(const struct examiner *examiner) {
    static const numu_health_point sequence[] = {NUMU_HEALTH_LOGIC, NUMU_HEALTH_LEADS,
                                                 NUMU_HEALTH_LAGS, NUMU_HEALTH_TYPES};
    static const numu_health_point path[] = {NUMU_HEALTH_PATH_TEST};
    static const numu_health_point floats[] = {NUMU_HEALTH_HIGH_FLOAT, NUMU_HEALTH_NEGATIVE};
    sum_points(examiner, NUMU_HEALTH_GAO_SEQUENCE, sequence, 4);
    sum_points(examiner, NUMU_HEALTH_GAO_PATH, path, 1);
    sum_points(examiner, NUMU_HEALTH_GAO_FLOAT, floats, 2);
    struct numu_health *health = examiner->health;
    for (int point = 0; point < NUMU_HEALTH_COUNT; point++) {
        bool is_known = health->line[point].verdict != NUMU_HEALTH_UNKNOWN;
        bool is_met = health->line[point].verdict == NUMU_HEALTH_MET;
        bool is_gao = numu_health_is_gao((numu_health_point)point);
        *(is_gao ? &health->gao_known : &health->dcma_known) += is_known;
        *(is_gao ? &health->gao_met : &health->dcma_met) += is_met;
    }
}

/* --- the whole --- */

static numu_status mark(const struct examiner *examiner, const numu_row *rows, numu_row count,
                        const bool **out) {
    bool *marks;
    NUMU_TRY(NUMU_TAKE(examiner->arena, &marks, examiner->model->activity.head.count));
    for (numu_row row = 0; row < count; row++) {
        marks[rows[row]] = true;
    }
    *out = marks;
    return NUMU_OK;
}

numu_status numu_health_build(const struct numu_context *context, const struct numu_model *model,
                              struct numu_arena *arena, struct numu_report *report,
                              struct numu_health *out) {
    struct numu_calendars calendars;
    struct numu_health health = {.dcma_met = 0};
    struct examiner examiner = {.context = context,
                                .model = model,
                                .calendars = &calendars,
                                .arena = arena,
                                .report = report,
                                .data_date = model->package.data_date[0],
                                .health = &health};
    if (examiner.data_date == NUMU_NO_DAY) {
        examiner.data_date = model->package.start[0];
    }
    NUMU_TRY(numu_calendars_build(model, arena, &calendars));
    NUMU_TRY(numu_cpm_schedule(context, model, &calendars, arena, report, &examiner.schedule));
    NUMU_TRY(schedule_against(&examiner));
    NUMU_TRY(mark(&examiner, model->precedence.after, model->precedence.head.count,
                  &examiner.has_before));
    NUMU_TRY(mark(&examiner, model->precedence.before, model->precedence.head.count,
                  &examiner.has_after));
    NUMU_TRY(mark(&examiner, model->assignment.activity, model->assignment.head.count,
                  &examiner.has_resource));
    NUMU_TRY(
        mark(&examiner, model->risk_on.activity, model->risk_on.head.count, &examiner.has_risk));
    NUMU_TRY(examine_links(&examiner));
    NUMU_TRY(examine_activities(&examiner));
    NUMU_TRY(test_path(&examiner));
    index_path(&examiner);
    NUMU_TRY(examine_practices(&examiner));
    sum_practices(&examiner);
    NUMU_TRY(numu_health_find_merges(context, model, &calendars, arena, &health));
    *out = health;
    return NUMU_OK;
}
