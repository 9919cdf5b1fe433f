/*
 * project_build.c - a package's programme as numbers: days to periods, assignments to needs.
 *
 * [B1] Point 0 is the earliest of the horizon's first day, the data date and all actual starts, so
 *      that nothing of the project lies before it.
 * [B2] Units of a resource share the least power of ten that holds them all exactly. Where that
 *      does not fit 32 bits, needs are rounded up and supplies down: a schedule stays possible.
 */
#include "programme/progress.h"
#include "programme/project.h"

struct builder {
    const struct numu_model *model;
    const struct numu_calendars *calendars;
    struct numu_arena *arena;
    struct numu_project *project;
    const struct numu_progress *progress; /* by activity */
    uint32_t *mode_row; /* by mode: row of model.mode, or NUMU_NONE: the own one */
};

/* --- counting --- */

static bool has_choice(const struct builder *builder, numu_row activity) {
    const struct numu_progress *progress = &builder->progress[activity];
    return !progress->is_started && !progress->is_finished;
}

/* Modes of each activity: its own first, then rows of `mode` in order. */
static numu_status list_modes(struct builder *builder) {
    const struct numu_table_mode *table = &builder->model->mode;
    uint32_t activities = builder->project->activity_count;
    uint32_t *first;
    NUMU_TRY(NUMU_TAKE(builder->arena, &first, (size_t)activities + 2));
    for (numu_row a = 0; a < activities; a++) {
        first[a + 2] = 1;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        first[table->activity[row] + 2] += has_choice(builder, table->activity[row]);
    }
    for (numu_row a = 0; a < activities; a++) {
        first[a + 2] += first[a + 1];
    }
    builder->project->mode_count = first[activities + 1];
    NUMU_TRY(NUMU_TAKE(builder->arena, &builder->mode_row, builder->project->mode_count));
    for (numu_row a = 0; a < activities; a++) {
        builder->mode_row[first[a + 1]++] = NUMU_NONE;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        if (has_choice(builder, table->activity[row])) {
            builder->mode_row[first[table->activity[row] + 1]++] = row;
        }
    }
    builder->project->first_mode = first;
    return NUMU_OK;
}

static bool fits_mode(const struct builder *builder, numu_row assignment, uint32_t mode) {
    const struct numu_table_assignment *table = &builder->model->assignment;
    struct numu_text name = table->mode[assignment];
    numu_row row = builder->mode_row[mode];
    return table->units[assignment] > 0 &&
           (name.length == 0 ||
            (row != NUMU_NONE && numu_text_is_equal(name, builder->model->mode.id[row])));
}

/* --- units, [B2] --- */

static int trailing_decimals(numu_decimal units) {
    int decimals = NUMU_DECIMAL_DECIMALS;
    while (decimals > 0 && units % 10 == 0) {
        units /= 10;
        decimals--;
    }
    return decimals;
}

static int32_t scale_units(numu_decimal units, int decimals, bool up) {
    int64_t divisor = numu_power_of_ten(NUMU_DECIMAL_DECIMALS - decimals);
    int64_t scaled = units / divisor + (up && units % divisor > 0);
    return scaled > INT32_MAX ? INT32_MAX : (int32_t)scaled;
}

struct unit_range {
    int decimals;
    numu_decimal most;
};

static void widen(struct unit_range *range, numu_decimal units) {
    int decimals = units == 0 ? 0 : trailing_decimals(units);
    range->decimals = decimals > range->decimals ? decimals : range->decimals;
    range->most = units > range->most ? units : range->most;
}

static struct unit_range range_of(const struct numu_model *model, numu_row resource) {
    struct unit_range range = {0, 0};
    numu_decimal sum = model->programme_resource.units[resource];
    widen(&range, sum);
    for (numu_row row = 0; row < model->programme_supply.head.count; row++) {
        if (model->programme_supply.programme_resource[row] == resource) {
            widen(&range, model->programme_supply.units[row]);
            sum += model->programme_supply.units[row];
        }
    }
    for (numu_row row = 0; row < model->assignment.head.count; row++) {
        if (model->assignment.programme_resource[row] == resource) {
            widen(&range, model->assignment.units[row]);
            sum += model->assignment.units[row];
        }
    }
    range.most = sum; /* needs of one activity, and supplies, may add up */
    return range;
}

static int unit_decimals_of(const struct numu_model *model, numu_row resource) {
    struct unit_range range = range_of(model, resource);
    while (range.decimals > 0 &&
           range.most / numu_power_of_ten(NUMU_DECIMAL_DECIMALS - range.decimals) >= INT32_MAX) {
        range.decimals--;
    }
    return range.decimals;
}

/* --- resources --- */

struct supply {
    numu_period time;
    numu_row row;
};

/* Insertion sort: supplies of one resource are few, and mostly in order. */
static void insert_supply(struct supply *list, uint32_t count, struct supply supply) {
    uint32_t i = count;
    for (; i > 0 && list[i - 1].time > supply.time; i--) {
        list[i] = list[i - 1];
    }
    list[i] = supply;
}

static numu_period point_of(const struct numu_project *project, numu_day day) {
    int64_t point = (int64_t)day - project->origin;
    return point <= 0 ? 0 : point < NUMU_PERIOD_MAX ? (numu_period)point : NUMU_PERIOD_MAX;
}

static void add_step(struct numu_project *project, uint32_t *count, uint32_t first,
                     numu_period time, int32_t units) {
    if (*count > first && project->step_time[*count - 1] == time) {
        (*count)--;
    }
    project->step_time[*count] = time;
    project->step_units[*count] = units;
    (*count)++;
}

static void fill_steps(const struct builder *builder, numu_row resource, struct supply *supplies,
                       uint32_t *count) {
    const struct numu_model *model = builder->model;
    struct numu_project *project = builder->project;
    uint32_t supply_count = 0;
    for (numu_row row = 0; row < model->programme_supply.head.count; row++) {
        if (model->programme_supply.programme_resource[row] == resource) {
            struct supply supply = {point_of(project, model->programme_supply.from[row]), row};
            insert_supply(supplies, supply_count++, supply);
        }
    }
    uint32_t first = *count;
    numu_decimal units = model->programme_resource.units[resource];
    int decimals = project->unit_decimals[resource];
    add_step(project, count, first, 0, scale_units(units, decimals, false));
    for (uint32_t i = 0; i < supply_count; i++) {
        numu_decimal more = model->programme_supply.units[supplies[i].row];
        units = project->is_consumable[resource] ? units + more : more;
        add_step(project, count, first, supplies[i].time, scale_units(units, decimals, false));
    }
}

static numu_status fill_resources(const struct builder *builder) {
    const struct numu_table_programme_resource *table = &builder->model->programme_resource;
    struct numu_project *project = builder->project;
    struct supply *supplies;
    uint32_t count = 0;
    NUMU_TRY(NUMU_TAKE(builder->arena, &supplies, builder->model->programme_supply.head.count));
    for (numu_row r = 0; r < project->resource_count; r++) {
        project->resource_id[r] = table->id[r];
        project->resource_title[r] = table->name[r];
        project->is_consumable[r] = table->kind[r] == numu_programme_resource_kind_consumable;
        project->unit_decimals[r] = (uint8_t)unit_decimals_of(builder->model, r);
        project->first_step[r] = count;
        fill_steps(builder, r, supplies, &count);
    }
    project->first_step[project->resource_count] = count;
    project->step_count = count;
    return NUMU_OK;
}

/* --- activities --- */

static numu_period clamp_duration(int64_t days) {
    return days < NUMU_PERIOD_MAX ? (numu_period)days : NUMU_PERIOD_MAX;
}

static double cost_of(const struct numu_model *model, numu_money cost, numu_currency currency,
                      numu_day day) {
    return cost == NUMU_NO_NUMBER
               ? 0
               : numu_model_money_value(model, cost, currency, numu_day_month(day));
}

static void fill_activity(const struct builder *builder, numu_row a) {
    const struct numu_table_activity *table = &builder->model->activity;
    const struct numu_progress *progress = &builder->progress[a];
    struct numu_project *project = builder->project;
    project->id[a] = table->id[a];
    project->title[a] = table->name[a];
    if (table->head.source != NUMU_NO_SOURCE) {
        project->place[a] = (struct numu_place){table->head.source, 0, table->head.place[a]};
    }
    if (progress->earliest != NUMU_NO_DAY) {
        project->release[a] = point_of(project, progress->earliest);
    }
    if (table->deadline[a] != NUMU_NO_DAY) {
        project->deadline[a] = point_of(project, table->deadline[a] + 1);
    }
    if (progress->is_started || progress->is_finished) {
        project->actual_start[a] = point_of(project, progress->start);
    }
    if (progress->is_finished) {
        project->actual_finish[a] = point_of(project, progress->finish);
    }
    project->state[a] = progress->is_finished  ? NUMU_ACTIVITY_FINISHED
                        : progress->is_started ? NUMU_ACTIVITY_STARTED
                                               : NUMU_ACTIVITY_PLANNED;
    numu_row calendar =
        table->calendar[a] == NUMU_NONE ? builder->model->package.calendar[0] : table->calendar[a];
    project->calendar[a] = calendar == NUMU_NONE ? builder->calendars->count : calendar;
}

static void fill_mode(const struct builder *builder, numu_row activity, uint32_t mode) {
    const struct numu_model *model = builder->model;
    const struct numu_progress *progress = &builder->progress[activity];
    struct numu_project *project = builder->project;
    numu_row row = builder->mode_row[mode];
    project->mode_row[mode] = row;
    numu_day day =
        progress->is_started || progress->is_finished ? progress->start : progress->earliest;
    if (row == NUMU_NONE) {
        project->duration[mode] = clamp_duration(progress->days);
        project->cost[mode] =
            cost_of(model, model->activity.cost[activity], model->activity.currency[activity], day);
    } else {
        project->mode_id[mode] = model->mode.id[row];
        project->duration[mode] = clamp_duration(numu_progress_whole_days(model->mode.likely[row]));
        project->cost[mode] = cost_of(model, model->mode.cost[row], model->mode.currency[row], day);
    }
}

/* --- needs --- */

/* Assignments by activity: rows of activity a are list[first[a]] … list[first[a + 1] - 1]. */
static numu_status list_assignments(const struct builder *builder, uint32_t **out_first,
                                    numu_row **out_list) {
    const struct numu_table_assignment *table = &builder->model->assignment;
    uint32_t activities = builder->project->activity_count;
    uint32_t *first;
    numu_row *list;
    NUMU_TRY(NUMU_TAKE(builder->arena, &first, (size_t)activities + 2));
    NUMU_TRY(NUMU_TAKE(builder->arena, &list, table->head.count));
    for (numu_row row = 0; row < table->head.count; row++) {
        first[table->activity[row] + 2]++;
    }
    for (uint32_t a = 0; a < activities; a++) {
        first[a + 2] += first[a + 1];
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        list[first[table->activity[row] + 1]++] = row;
    }
    *out_first = first;
    *out_list = list;
    return NUMU_OK;
}

static struct numu_place place_of_row(const struct numu_table_head *head, numu_row row) {
    return head->source == NUMU_NO_SOURCE ? NUMU_NOWHERE
                                          : (struct numu_place){head->source, 0, head->place[row]};
}

/*
 * Adds to the needs of a mode from `first` on: by resource ascending, the same one summed, at the
 * place of the first.
 */
static void add_need(struct numu_project *project, uint32_t first, uint32_t *count,
                     uint32_t resource, int32_t units, struct numu_place place) {
    uint32_t i = *count;
    while (i > first && project->need_resource[i - 1] >= resource) {
        i--;
    }
    if (i < *count && project->need_resource[i] == resource) {
        int64_t sum = (int64_t)project->need_units[i] + units;
        project->need_units[i] = sum < INT32_MAX ? (int32_t)sum : INT32_MAX;
        return;
    }
    for (uint32_t k = *count; k > i; k--) {
        project->need_resource[k] = project->need_resource[k - 1];
        project->need_units[k] = project->need_units[k - 1];
        project->need_place[k] = project->need_place[k - 1];
    }
    project->need_resource[i] = resource;
    project->need_units[i] = units;
    project->need_place[i] = place;
    (*count)++;
}

/* Finished work needs nothing more. */
static void fill_needs(const struct builder *builder, const uint32_t *first, const numu_row *list) {
    const struct numu_table_assignment *table = &builder->model->assignment;
    struct numu_project *project = builder->project;
    uint32_t count = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            project->first_need[m] = count;
            for (uint32_t i = first[a]; i < first[a + 1] && !builder->progress[a].is_finished;
                 i++) {
                if (fits_mode(builder, list[i], m)) {
                    uint32_t resource = table->programme_resource[list[i]];
                    int decimals = project->unit_decimals[resource];
                    add_need(project, project->first_need[m], &count, resource,
                             scale_units(table->units[list[i]], decimals, true),
                             place_of_row(&table->head, list[i]));
                }
            }
        }
    }
    project->first_need[project->mode_count] = count;
    project->need_count = count;
}

static uint32_t count_needs(const struct builder *builder, const uint32_t *first,
                            const numu_row *list) {
    uint32_t count = 0;
    for (uint32_t a = 0; a < builder->project->activity_count; a++) {
        for (uint32_t m = builder->project->first_mode[a]; m < builder->project->first_mode[a + 1];
             m++) {
            for (uint32_t i = first[a]; i < first[a + 1]; i++) {
                count += fits_mode(builder, list[i], m);
            }
        }
    }
    return count;
}

/* --- the whole --- */

static numu_day origin_of(const struct builder *builder) {
    numu_day origin = numu_progress_now(builder->model);
    for (numu_row a = 0; a < builder->project->activity_count; a++) {
        const struct numu_progress *progress = &builder->progress[a];
        if (progress->start != NUMU_NO_DAY && progress->start < origin) {
            origin = progress->start;
        }
    }
    return origin;
}

static void fill_links(const struct numu_model *model, struct numu_project *project) {
    for (numu_row row = 0; row < project->link_count; row++) {
        project->link_before[row] = model->precedence.before[row];
        project->link_after[row] = model->precedence.after[row];
        project->link_type[row] = model->precedence.type[row];
        project->link_lag[row] = (numu_period)numu_progress_whole_days(model->precedence.lag[row]);
        project->link_place[row] = place_of_row(&model->precedence.head, row);
    }
}

static numu_status fill_project(struct builder *builder) {
    const struct numu_model *model = builder->model;
    struct numu_project *project = builder->project;
    uint32_t *first_assignment;
    numu_row *assignments;
    NUMU_TRY(list_modes(builder));
    NUMU_TRY(list_assignments(builder, &first_assignment, &assignments));
    project->need_count = count_needs(builder, first_assignment, assignments);
    const uint32_t *first_mode = project->first_mode;
    NUMU_TRY(numu_project_take(builder->arena, project));
    for (uint32_t a = 0; a <= project->activity_count; a++) {
        project->first_mode[a] = first_mode[a];
    }
    NUMU_TRY(NUMU_TAKE(builder->arena, &project->place, project->activity_count));
    NUMU_TRY(NUMU_TAKE(builder->arena, &project->need_place, project->need_count));
    NUMU_TRY(NUMU_TAKE(builder->arena, &project->link_place, project->link_count));
    NUMU_TRY(NUMU_TAKE(builder->arena, &project->is_promised, project->activity_count));
    project->origin = origin_of(builder);
    project->data_date = point_of(project, numu_progress_now(model));
    NUMU_TRY(fill_resources(builder));
    for (uint32_t a = 0; a < project->activity_count; a++) {
        project->place[a] = NUMU_NOWHERE;
        fill_activity(builder, a);
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            fill_mode(builder, a, m);
        }
    }
    for (numu_row row = 0; row < model->promise.head.count; row++) {
        project->is_promised[model->promise.activity[row]] = true;
    }
    fill_needs(builder, first_assignment, assignments);
    fill_links(model, project);
    return NUMU_OK;
}

static numu_status build(struct builder *builder, struct numu_report *report) {
    const struct numu_model *model = builder->model;
    struct numu_project *project = builder->project;
    struct numu_progress *progress;
    NUMU_TRY(NUMU_TAKE(builder->arena, &progress, project->activity_count));
    for (numu_row a = 0; a < project->activity_count; a++) {
        progress[a] = numu_progress_of(model, builder->calendars, a);
    }
    builder->progress = progress;
    NUMU_TRY(fill_project(builder));
    const struct numu_calendar **calendars;
    NUMU_TRY(NUMU_TAKE(builder->arena, &calendars, project->calendar_count));
    for (uint32_t c = 0; c < project->calendar_count; c++) {
        calendars[c] = &builder->calendars->list[c];
    }
    return numu_project_finish(builder->arena, calendars, report, project);
}

numu_status numu_project_build(const struct numu_context *context, const struct numu_model *model,
                               const struct numu_calendars *calendars, struct numu_arena *arena,
                               struct numu_report *report, struct numu_project *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_project project = {
        .name = model->title,
        .source = model->activity.head.source,
        .activity_count = model->activity.head.count,
        .resource_count = model->programme_resource.head.count,
        .step_count = model->programme_resource.head.count + model->programme_supply.head.count,
        .link_count = model->precedence.head.count,
        .calendar_count = calendars->count + 1,
    };
    struct builder builder = {
        .model = model, .calendars = calendars, .arena = arena, .project = &project};
    (void)context;
    numu_status status = build(&builder, report);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
        return status;
    }
    *out = project;
    return NUMU_OK;
}
