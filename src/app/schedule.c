/*
 * schedule.c - the programme's dates, as tables of a plan.
 */
#include "app/dates.h"

#include "base/cell.h"

#include <math.h>

/*
 * Exact cost of an activity in minor units of the reporting currency, at the rate of its first
 * month.
 */
static numu_status cost_of(const struct numu_model *model, numu_row row, numu_row mode,
                           numu_day start, numu_money *out) {
    numu_money cost = mode == NUMU_NONE ? model->activity.cost[row] : model->mode.cost[mode];
    numu_currency currency =
        mode == NUMU_NONE ? model->activity.currency[row] : model->mode.currency[mode];
    if (cost == NUMU_NO_NUMBER) {
        *out = NUMU_NO_NUMBER;
        return NUMU_OK;
    }
    double value = numu_model_money_value(model, cost, currency, numu_day_month(start));
    return numu_number_from_double(value, numu_currency_decimals(model->currency), out);
}

static struct numu_text id_of_partner(const struct numu_model *model, numu_row row) {
    return row == NUMU_NONE ? (struct numu_text){NULL, 0} : model->partner.id[row];
}

static numu_status fill_activities(const struct numu_model *model,
                                   const struct numu_schedule *schedule, struct numu_plan *plan) {
    const struct numu_table_activity *from = &model->activity;
    struct numu_plan_activity *to = &plan->activity;
    for (numu_row row = 0; row < from->head.count; row++) {
        to->id[row] = from->id[row];
        to->name[row] = from->name[row];
        to->phase[row] = from->phase[row];
        to->partner[row] = id_of_partner(model, from->partner[row]);
        numu_schedule_days(schedule, row, schedule->early_start[row], schedule->early_finish[row],
                           &to->start[row], &to->finish[row]);
        numu_schedule_days(schedule, row, schedule->late_start[row], schedule->late_finish[row],
                           &to->late_start[row], &to->late_finish[row]);
        to->total_float[row] = schedule->total_float[row];
        to->free_float[row] = schedule->free_float[row];
        to->is_on_longest_path[row] =
            schedule->is_on_longest_path[row] ? NUMU_BOOLEAN_TRUE : NUMU_BOOLEAN_FALSE;
        if (schedule->mode[row] != NUMU_NONE) {
            to->mode[row] = model->mode.id[schedule->mode[row]];
        }
        NUMU_TRY(
            cost_of(model, row, schedule->mode[row], schedule->early_start[row], &to->cost[row]));
        if (from->head.evidence.basis != NULL) {
            to->basis[row] = from->head.evidence.basis[row];
        }
    }
    return NUMU_OK;
}

static void fill_promises(const struct numu_model *model, const struct numu_schedule *schedule,
                          struct numu_plan *plan) {
    const struct numu_table_promise *from = &model->promise;
    struct numu_plan_promise *to = &plan->promise;
    for (numu_row row = 0; row < from->head.count; row++) {
        numu_row activity = from->activity[row];
        to->id[row] = from->id[row];
        to->name[row] = from->name[row];
        to->family[row] = from->family[row];
        to->activity[row] = model->activity.id[activity];
        to->date[row] = from->date[row];
        to->finish[row] = from->date[row] + (numu_day)schedule->promise_days_late[row];
        to->days_late[row] = schedule->promise_days_late[row];
        if (from->head.evidence.source != NULL) {
            to->cited[row] = from->head.evidence.source[row];
        }
    }
}

numu_status numu_meta_put(struct numu_plan *plan, struct numu_arena *arena, const char *key,
                          struct numu_text value) {
    numu_row row = plan->meta.head.count;
    numu_assert(row < NUMU_META_MAX);
    plan->meta.key[row] = numu_text_of(key);
    NUMU_TRY(numu_text_copy(arena, value, &plan->meta.value[row]));
    plan->meta.head.count++;
    return NUMU_OK;
}

/* The package's properties, by their names, and what the inputs were. */
static numu_status fill_meta(const struct numu_context *context, const struct numu_model *model,
                             struct numu_arena *arena, struct numu_plan *plan) {
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_buffer value;
    plan->meta.head.count = 0;
    NUMU_TRY(numu_meta_put(plan, arena, "numu", numu_text_of(NUMU_VERSION)));
    if (model->title.length > 0) {
        NUMU_TRY(numu_meta_put(plan, arena, "title", model->title));
    }
    NUMU_TRY(numu_meta_put(plan, arena, "inputs_sha256",
                           numu_text_of(numu_sha256_hex(&model->inputs, hex))));
    numu_buffer_init(&value, context->heap, 0);
    numu_status status = numu_buffer_printf(&value, "%llu", (unsigned long long)context->seed);
    if (status == NUMU_OK) {
        status = numu_meta_put(plan, arena, "seed", (struct numu_text){value.data, value.length});
    }
    const struct numu_table_descriptor *package = &numu_schema[0];
    for (const struct numu_column *column = package->columns;
         status == NUMU_OK && column->name != NULL; column++) {
        const void *array = numu_model_array(model, package, column);
        if (column->is_evidence || column->kind == NUMU_KIND_REFERENCE) {
            continue;
        }
        numu_buffer_clear(&value);
        status = numu_cell_write(column, array, 0, model->currency, NULL, NULL, &value);
        if (status == NUMU_OK && value.length > 0) {
            status = numu_meta_put(plan, arena, column->name,
                                   (struct numu_text){value.data, value.length});
        }
    }
    numu_buffer_release(&value);
    return status;
}

numu_status numu_plan_of_schedule(const struct numu_context *context,
                                  const struct numu_model *model,
                                  const struct numu_schedule *schedule, struct numu_arena *arena,
                                  struct numu_plan *out) {
    out->currency = model->currency;
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(meta), NUMU_META_MAX));
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(activity), model->activity.head.count));
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(promise), model->promise.head.count));
    NUMU_TRY(fill_meta(context, model, arena, out));
    NUMU_TRY(fill_activities(model, schedule, out));
    fill_promises(model, schedule, out);
    return NUMU_OK;
}

numu_status numu_app_schedule(const struct numu_context *context, const struct numu_model *model,
                              const struct numu_rcpsp_options *options, struct numu_arena *arena,
                              struct numu_report *report, struct numu_plan *out,
                              struct numu_rcpsp_result *out_result) {
    struct numu_calendars calendars;
    struct numu_schedule schedule;
    NUMU_TRY(numu_calendars_build(model, arena, &calendars));
    NUMU_TRY(numu_schedule_of_model(context, model, &calendars, options, arena, report, &schedule,
                                    out_result));
    return numu_plan_of_schedule(context, model, &schedule, arena, out);
}
