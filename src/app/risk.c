/*
 * risk.c - package to project, uncertainty and references; then the run.
 *
 * Uplift (B. Flyvbjerg's reference class forecasting, made to fit what is on record): where slips
 * of comparable programmes are known, what is left is multiplied by the median slip, in so far as
 * it is above 1. Where only times to first output are, by the median time that is left to a
 * comparable programme of this age ÷ the median that is left by the inside view.
 */
#include "app/risk.h"

#include "app/dates.h"
#include "app/forecast.h"
#include "programme/uncertainty.h"

#include <math.h>

numu_day numu_risk_day(const struct numu_risk_outcome *outcome, double point) {
    return outcome->project.origin + (numu_day)point - 1;
}

/* The point at which a day has passed. */
static numu_period point_after(const struct numu_project *project, numu_day day) {
    int64_t point = (int64_t)day + 1 - project->origin;
    return day == NUMU_NO_DAY         ? NUMU_NO_PERIOD
           : point >= NUMU_PERIOD_MAX ? NUMU_PERIOD_MAX
                                      : (numu_period)point;
}

struct prepared {
    struct numu_risk_problem problem;
    uint32_t *list; /* the priority list; NULL = nothing is scarce */
    uint32_t *promise_activity;
    numu_period *promise_limit;
};

static numu_status prepare_targets(const struct numu_model *model, numu_day deadline,
                                   struct numu_arena *arena, struct numu_risk_outcome *out,
                                   struct prepared *prepared) {
    const struct numu_table_promise *promise = &model->promise;
    numu_row count = promise->head.count;
    NUMU_TRY(NUMU_TAKE(arena, &prepared->promise_activity, count));
    NUMU_TRY(NUMU_TAKE(arena, &prepared->promise_limit, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->promised, (size_t)count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &out->outside, (size_t)count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &out->uplift, (size_t)count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &out->likely, (size_t)count + 1));
    out->promised[0] = deadline;
    for (numu_row row = 0; row < count; row++) {
        out->promised[row + 1] = promise->date[row];
        prepared->promise_activity[row] = promise->activity[row];
        prepared->promise_limit[row] = point_after(&out->project, promise->date[row]);
    }
    prepared->problem =
        (struct numu_risk_problem){.project = &out->project,
                                   .uncertainty = &out->uncertainty,
                                   .promise_count = count,
                                   .promise_activity = prepared->promise_activity,
                                   .promise_limit = prepared->promise_limit,
                                   .deadline_limit = point_after(&out->project, deadline)};
    return NUMU_OK;
}

/* --- the best schedule with likely durations, and its list --- */

/* Activities by their resume; then by id, so that the order of rows does not matter. */
static bool comes_first(const struct numu_project *project, const numu_period *resume, uint32_t a,
                        uint32_t b) {
    return resume[a] != resume[b] ? resume[a] < resume[b]
                                  : numu_text_compare(project->id[a], project->id[b]) < 0;
}

static void sort_list(const struct numu_project *project, const numu_period *resume,
                      uint32_t *list) {
    uint32_t count = project->activity_count;
    for (uint32_t a = 0; a < count; a++) {
        list[a] = a;
    }
    for (uint32_t gap = count / 2; gap > 0; gap /= 2) { /* D. L. Shell, CACM 2(7), 1959 */
        for (uint32_t i = gap; i < count; i++) {
            uint32_t a = list[i];
            uint32_t place = i;
            for (; place >= gap && comes_first(project, resume, a, list[place - gap]);
                 place -= gap) {
                list[place] = list[place - gap];
            }
            list[place] = a;
        }
    }
}

static numu_status find_schedule(const struct numu_context *context,
                                 const struct numu_calendars *calendars, struct numu_arena *arena,
                                 struct numu_report *report, struct numu_risk_outcome *out,
                                 struct prepared *prepared) {
    const struct numu_model *model = out->model;
    const struct numu_rcpsp_options options = {.schedules = 0};
    struct numu_rcpsp_result found;
    numu_context_progress(context, "schedule", -1);
    NUMU_TRY(numu_schedule_of_model(context, model, calendars, &options, arena, report,
                                    &out->schedule, &found));
    out->likely[0] = out->schedule.finish - 1;
    for (numu_row row = 0; row < model->promise.head.count; row++) {
        out->likely[row + 1] = out->schedule.promise_finish[row] - 1;
    }
    if (found.count > 0) {
        out->mode = found.mode;
        NUMU_TRY(NUMU_TAKE(arena, &prepared->list, found.count));
        sort_list(&out->project, found.resume, prepared->list);
    }
    prepared->problem.calendars = calendars->list;
    prepared->problem.mode = out->mode;
    prepared->problem.list = prepared->list;
    return NUMU_OK;
}

/* --- the outside view --- */

/* The first announcement of all promises is that of the whole. */
static numu_day announced(const struct numu_model *model, numu_day data_date, uint32_t target) {
    const struct numu_table_promise *promise = &model->promise;
    numu_day first = data_date;
    for (numu_row row = 0; row < promise->head.count; row++) {
        numu_day own = promise->announced[row];
        if ((target == 0 || target == row + 1) && own != NUMU_NO_DAY && own < first) {
            first = own;
        }
    }
    return first;
}

static void look_outside(struct numu_risk_outcome *out) {
    for (uint32_t target = 0; target < out->result.target_count; target++) {
        out->outside[target] = numu_outside_view_of(&out->references.days,
                                                    announced(out->model, out->data_date, target),
                                                    out->promised[target], out->data_date);
    }
}

static double uplift_of(const struct numu_risk_outcome *out, uint32_t target) {
    double slip = numu_survival_quantile(&out->references.slip, 0, 50);
    numu_day outside = out->outside[target].quantile[1];
    double inside = numu_risk_day(out, out->result.targets[target].quantile[NUMU_P50].value) -
                    (double)out->data_date;
    if (isnan(slip) && outside != NUMU_NO_DAY && inside > 0) {
        slip = ((double)outside - out->data_date) / inside;
    }
    return isnan(slip) || slip < 1 ? 1 : slip;
}

/* --- dates for the plan --- */

static numu_status find_openings(const struct numu_model *model, struct numu_arena *arena,
                                 bool **out) {
    bool *opens;
    NUMU_TRY(NUMU_TAKE(arena, &opens, model->activity.head.count));
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        const struct numu_column *column = numu_column_find(table, NUMU_TEXT("opened_by"));
        const struct numu_table_head *head = numu_model_head_of(model, table);
        const numu_row *rows = column == NULL ? NULL : numu_model_array(model, table, column);
        for (numu_row row = 0; rows != NULL && row < head->count; row++) {
            if (rows[row] != NUMU_NONE) {
                opens[rows[row]] = true;
            }
        }
    }
    *out = opens;
    return NUMU_OK;
}

static double joint_share(const struct numu_risk_result *result, const numu_period *finish,
                          const bool *counts, uint32_t activity_count) {
    uint64_t met = 0;
    for (uint64_t s = 0; s < result->kept_count; s++) {
        bool is_met = true;
        for (uint32_t a = 0; a < activity_count && is_met; a++) {
            is_met = (counts != NULL && !counts[a]) ||
                     result->kept_finish[a * result->kept_stride + s] <= finish[a];
        }
        met += is_met;
    }
    return (double)met / (double)result->kept_count;
}

static numu_status find_dates(const struct numu_risk_outcome *outcome, struct numu_arena *arena,
                              struct numu_confident_dates *out) {
    const struct numu_risk_result *result = &outcome->result;
    uint32_t count = outcome->project.activity_count;
    numu_period *finish;
    bool *opens;
    NUMU_TRY(NUMU_TAKE(arena, &out->start, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->finish, count));
    NUMU_TRY(NUMU_TAKE(arena, &finish, count));
    NUMU_TRY(find_openings(outcome->model, arena, &opens));
    for (uint32_t a = 0; a < count; a++) {
        finish[a] = result->activities[a].finish[NUMU_P_ASKED];
        out->start[a] = outcome->project.origin + result->activities[a].start[NUMU_P_ASKED];
        out->finish[a] = outcome->project.origin + finish[a];
    }
    out->percent = result->percent[NUMU_P_ASKED];
    out->joint = joint_share(result, finish, NULL, count);
    out->joint_of_openings = joint_share(result, finish, opens, count);
    return NUMU_OK;
}

static void tell_plan(const struct numu_risk_outcome *outcome, struct numu_plan *plan) {
    const struct numu_confident_dates *dates = &outcome->confident;
    const struct numu_risk_result *result = &outcome->result;
    for (numu_row row = 0; row < plan->activity.head.count; row++) {
        numu_schedule_days(&outcome->schedule, row, dates->start[row], dates->finish[row],
                           &plan->activity.confident_start[row],
                           &plan->activity.confident_finish[row]);
        plan->activity.criticality[row] = result->activities[row].criticality;
    }
    for (numu_row row = 0; row < plan->promise.head.count; row++) {
        const struct numu_risk_target *told = &result->targets[row + 1];
        plan->promise.p50[row] = numu_risk_day(outcome, told->quantile[NUMU_P50].value);
        plan->promise.p80[row] = numu_risk_day(outcome, told->quantile[NUMU_P80].value);
        plan->promise.probability[row] = told->probability.value;
        plan->promise.probability_error[row] = told->probability.error;
        plan->promise.elsewhere[row] = outcome->outside[row + 1].probability;
    }
}

/* --- the whole --- */

/* In a run of their own, with fewer samples. */
static numu_status measure_levers(const struct numu_context *context,
                                  const struct numu_risk_request *request, struct numu_arena *arena,
                                  const struct prepared *prepared, struct numu_risk_outcome *out) {
    const struct numu_risk_options options = {.samples = request->lever_samples,
                                              .percent = out->result.percent[NUMU_P_ASKED],
                                              .ignores_resources = request->ignores_resources,
                                              .skips_activities = true};
    struct numu_risk_result result;
    NUMU_TRY(numu_risk_run(context, &prepared->problem, &options, arena, &result));
    out->result.levers = result.levers;
    out->result.lever_count = result.lever_count;
    return NUMU_OK;
}

static numu_status run_risk(const struct numu_context *context,
                            const struct numu_risk_request *request, struct numu_arena *arena,
                            const struct prepared *prepared, struct numu_risk_outcome *out) {
    struct numu_risk_options options = {
        .samples = request->samples,
        .tolerance = request->tolerance,
        .percent =
            request->confidence > 0
                ? request->confidence
                : numu_number_to_double(out->model->package.confidence[0], NUMU_DECIMAL_DECIMALS),
        .ignores_resources = request->ignores_resources,
        .skips_levers = request->skips_removal || request->lever_samples > 0};
    numu_context_progress(context, "sample", -1);
    NUMU_TRY(numu_risk_run(context, &prepared->problem, &options, arena, &out->result));
    if (request->lever_samples > 0) {
        NUMU_TRY(measure_levers(context, request, arena, prepared, out));
    }
    look_outside(out);
    for (uint32_t target = 0; target < out->result.target_count; target++) {
        out->uplift[target] = request->uplifts ? uplift_of(out, target) : 1;
        if (out->uplift[target] > 1) {
            NUMU_TRY(numu_risk_uplift(&prepared->problem, target, out->uplift[target], arena,
                                      &out->result));
        }
    }
    return NUMU_OK;
}

numu_status numu_app_risk(const struct numu_context *context, const struct numu_model *model,
                          const struct numu_risk_request *request, struct numu_arena *arena,
                          struct numu_report *report, struct numu_risk_outcome *out) {
    struct numu_calendars calendars;
    struct prepared prepared = {.list = NULL};
    numu_day data_date = model->package.data_date[0];
    *out = (struct numu_risk_outcome){
        .model = model,
        .seed = context->seed,
        .data_date = data_date == NUMU_NO_DAY ? model->package.start[0] : data_date};
    NUMU_TRY(numu_calendars_build(model, arena, &calendars));
    NUMU_TRY(numu_project_build(context, model, &calendars, arena, report, &out->project));
    NUMU_TRY(numu_reference_build(model, arena, &out->references));
    numu_day deadline =
        request->deadline == NUMU_NO_DAY ? model->package.deadline[0] : request->deadline;
    NUMU_TRY(prepare_targets(model, deadline, arena, out, &prepared));
    NUMU_TRY(find_schedule(context, &calendars, arena, report, out, &prepared));
    NUMU_TRY(numu_uncertainty_build(model, &out->project, out->mode, arena, &out->uncertainty,
                                    &out->repair));
    NUMU_TRY(run_risk(context, request, arena, &prepared, out));
    NUMU_TRY(find_dates(out, arena, &out->confident));
    NUMU_TRY(numu_plan_of_schedule(context, model, &out->schedule, arena, &out->plan));
    tell_plan(out, &out->plan);
    return numu_forecast_tell(out, arena, &out->plan);
}
