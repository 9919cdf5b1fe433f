/*
 * verify_figures.c - the indicators added up again: what rows there must be, demand, capacity,
 * people, storehouses.
 *
 * Nothing is shared with indicator*.c but names and words (indicators.def). Each figure is reckoned
 * from its definition; the row of the plan must be there once, with this value, or with the same
 * word for why it has none. A row that nothing expects is a break as well.
 */
#include "plan/verify_figures.h"

/* Two ways to the same figure differ by this share of its size at most. */
#define NEAR 1e-9

/* Over these, costs and dependence are not reckoned (indicator.h): the plan says "too_large". */
enum { PLACES_MAX = 4000000, SITES_MAX = 1000, PROCESSES_MAX = 20000, CELLS_MAX = 16000000 };

/* --- rows --- */

static bool is_row_of(const struct numu_plan_indicator *table, numu_row row,
                      const struct numu_figure *figure) {
    return numu_text_is(table->indicator[row], numu_indicator_name(figure->which)) &&
           numu_text_is(table->subject[row], figure->subject == NULL ? "" : figure->subject) &&
           numu_text_is_equal(table->id[row], figure->id) &&
           table->year[row] == (figure->year == 0 ? NUMU_NO_NUMBER : figure->year);
}

static numu_row find_row(struct numu_figures *f, const struct numu_figure *figure) {
    const struct numu_plan_indicator *table = &f->v->plan->indicator;
    numu_row count = table->head.count;
    for (numu_row i = 0; i < count; i++) {
        numu_row row = (f->next[figure->which] + i) % count;
        if (!f->seen[row] && is_row_of(table, row, figure)) {
            f->next[figure->which] = row + 1;
            f->seen[row] = true;
            return row;
        }
    }
    return NUMU_NONE;
}

/* What a row is called in a finding: "unit_cost_85 rifle_line". */
static numu_status name_of(struct numu_figures *f, numu_indicator which, struct numu_text id,
                           struct numu_text *out) {
    return numu_text_printf(f->v->texts, out, "%s%s%.*s", numu_indicator_name(which),
                            id.length > 0 ? " " : "", (int)id.length,
                            id.data == NULL ? "" : id.data);
}

static bool has_right_value(const struct numu_figure *figure, double found) {
    if (isnan(figure->value) || isnan(found)) {
        return isnan(figure->value) && isnan(found);
    }
    double size = fmax(fabs(figure->value), figure->size);
    return fabs(found - figure->value) <= NEAR * size;
}

numu_status numu_figures_expect(struct numu_figures *f, struct numu_figure figure) {
    const struct numu_plan_indicator *table = &f->v->plan->indicator;
    if (figure.why != NULL || !isfinite(figure.value)) {
        figure.value = NAN;
        figure.why = figure.why == NULL ? "no_price" : figure.why;
    }
    f->told[figure.which]++;
    struct numu_text name = {NULL, 0};
    numu_row row = find_row(f, &figure);
    bool is_right = row != NUMU_NONE && has_right_value(&figure, table->value[row]) &&
                    numu_text_is(table->why_not[row], figure.why == NULL ? "" : figure.why) &&
                    table->month[row] == (figure.has_month ? figure.month : NUMU_NO_MONTH);
    if (is_right) {
        return NUMU_OK;
    }
    NUMU_TRY(name_of(f, figure.which, figure.id, &name));
    return numu_verify_break(f->v, row == NUMU_NONE ? "kind.break_missing" : "kind.break_indicator",
                             name, -1, row == NUMU_NONE ? 0 : table->value[row], figure.value);
}

numu_status numu_figures_expect_years(struct numu_figures *f, struct numu_figure figure,
                                      const double *parts, const double *wholes, const char *why) {
    for (uint32_t year = 0; year < f->years; year++) {
        figure.year = f->first_year + (int64_t)year;
        NUMU_TRY(numu_figures_expect(f, numu_figure_share(figure, parts[year], wholes[year], why)));
    }
    return NUMU_OK;
}

static numu_status expect_nothing_else(struct numu_figures *f) {
    const struct numu_plan_indicator *table = &f->v->plan->indicator;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (!f->seen[row]) {
            NUMU_TRY(numu_verify_break(f->v, "kind.break_indicator", table->indicator[row], -1,
                                       table->value[row], NAN));
        }
    }
    return NUMU_OK;
}

/* An indicator of nothing says so. */
static numu_status expect_why(struct numu_figures *f) {
    for (unsigned which = 0; which < numu_indicator_count; which++) {
        if (f->told[which] == 0) {
            struct numu_figure figure = {.which = (numu_indicator)which};
            figure.why = f->is_too_large                            ? "too_large"
                         : which == numu_indicator_expatriate_ratio ? "not_marked"
                                                                    : "nothing";
            NUMU_TRY(numu_figures_expect(f, figure));
        }
    }
    return NUMU_OK;
}

static numu_status check_definitions(struct numu_figures *f) {
    const struct numu_plan_definition *table = &f->v->plan->definition;
    for (numu_row row = 0; row < table->head.count || row < numu_indicator_count; row++) {
        bool is_there = row < table->head.count && row < numu_indicator_count;
        struct numu_indicator_words words = numu_indicator_words((numu_indicator)row);
        if (!is_there || !numu_text_is(table->indicator[row], words.name) ||
            !numu_text_is(table->unit[row], words.unit) ||
            !numu_text_is(table->formula[row], words.formula) ||
            !numu_text_is(table->source[row], words.source)) {
            struct numu_text name = numu_text_of(words.name);
            NUMU_TRY(numu_verify_break(f->v, "kind.break_indicator",
                                       is_there ? table->indicator[row] : name, -1, 0, 1));
        }
    }
    return NUMU_OK;
}

/* --- demand --- */

/* On time and in full, as a share of the demands that `is_in` takes; no row for no demand. */
static numu_status of_demands(struct numu_figures *f, struct numu_figure figure,
                              bool (*is_in)(const struct numu_figures *, numu_row, numu_row),
                              numu_row group) {
    const struct numu_plan_demand *table = &f->v->plan->demand;
    double all = 0;
    double good = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row demand = numu_figures_find(f, "demand", table->id[row]);
        if (is_in == NULL || (demand != NUMU_NONE && is_in(f, demand, group))) {
            bool is_late = table->late[row] > 0 || table->unmet[row] > 0;
            all++;
            good += is_late ? 0 : 1;
        }
    }
    figure.which = numu_indicator_on_time_in_full;
    return all > 0 || is_in == NULL
               ? numu_figures_expect(f, numu_figure_share(figure, good, all, "no_demand"))
               : NUMU_OK;
}

static bool is_of_family(const struct numu_figures *f, numu_row demand, numu_row family) {
    const struct numu_model *model = f->v->model;
    return model->item.family[model->demand.item[demand]] == family;
}

static bool is_of_customer(const struct numu_figures *f, numu_row demand, numu_row customer) {
    return f->v->model->demand.customer[demand] == customer;
}

static numu_status of_demand(struct numu_figures *f) {
    const struct numu_table_customer *customer = &f->v->model->customer;
    NUMU_TRY(of_demands(f, (struct numu_figure){.value = 0}, NULL, 0));
    for (numu_row family = 0; family < numu_family_count; family++) {
        struct numu_figure figure = {.subject = "family"};
        figure.id = numu_text_of(family == 0 ? "" : numu_names_of_family[family - 1]);
        NUMU_TRY(of_demands(f, figure, is_of_family, family));
    }
    for (numu_row row = 0; row < customer->head.count; row++) {
        struct numu_figure figure = {.subject = "customer", .id = customer->id[row]};
        NUMU_TRY(of_demands(f, figure, is_of_customer, row));
    }
    return NUMU_OK;
}

/* --- capacity --- */

static numu_status of_capacity(struct numu_figures *f) {
    const struct numu_table_resource *resource = &f->v->model->resource;
    const struct numu_plan_hours *table = &f->v->plan->hours;
    double *used;
    double *there;
    size_t cells = (size_t)resource->head.count * f->years;
    NUMU_TRY(NUMU_TAKE(f->v->arena, &used, cells));
    NUMU_TRY(NUMU_TAKE(f->v->arena, &there, cells));
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row at = numu_figures_find(f, "resource", table->resource[row]);
        uint32_t t = numu_figures_month(f, table->month[row]);
        if (at != NUMU_NONE && t < f->v->months) {
            size_t cell = (size_t)at * f->years + numu_figures_year(f, t);
            used[cell] += numu_verify_decimal(table->used[row]);
            there[cell] += numu_verify_decimal(table->capacity[row]);
            f->open[at] += table->capacity[row] != NUMU_NO_NUMBER && table->capacity[row] > 0;
        }
    }
    for (numu_row at = 0; at < resource->head.count; at++) {
        const double *used_at = used + (size_t)at * f->years;
        const double *there_at = there + (size_t)at * f->years;
        double all_used = 0;
        double all_there = 0;
        struct numu_figure figure = {
            .which = numu_indicator_capacity_use, .subject = "resource", .id = resource->id[at]};
        for (uint32_t year = 0; year < f->years; year++) {
            all_used += used_at[year];
            all_there += there_at[year];
        }
        NUMU_TRY(numu_figures_expect_years(f, figure, used_at, there_at, "not_open"));
        NUMU_TRY(
            numu_figures_expect(f, numu_figure_share(figure, all_used, all_there, "not_open")));
    }
    return NUMU_OK;
}

/* --- people --- */

/* Most people of a trade that any operation on a resource has at once. */
static double crew(const struct numu_figures *f, numu_row resource, numu_row skill) {
    const struct numu_table_operation *table = &f->v->model->operation;
    double most = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->resource[row] == resource && table->skill[row] == skill) {
            most = fmax(most, numu_verify_decimal(table->people[row]));
        }
    }
    return most;
}

/* Hours that lines open in a month would take of a trade at full use: wanted[month]. */
static numu_status sum_wanted(struct numu_figures *f, numu_row skill, double *wanted) {
    const struct numu_plan_hours *table = &f->v->plan->hours;
    double *crews;
    struct numu_arena_mark mark = numu_arena_mark(f->v->arena);
    NUMU_TRY(NUMU_TAKE(f->v->arena, &crews, f->v->model->resource.head.count));
    for (numu_row at = 0; at < f->v->model->resource.head.count; at++) {
        crews[at] = crew(f, at, skill);
    }
    for (uint32_t t = 0; t < f->v->months; t++) {
        wanted[t] = 0;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row at = numu_figures_find(f, "resource", table->resource[row]);
        uint32_t t = numu_figures_month(f, table->month[row]);
        if (at != NUMU_NONE && t < f->v->months) {
            wanted[t] += numu_verify_decimal(table->capacity[row]) * crews[at];
        }
    }
    numu_arena_rewind(f->v->arena, mark);
    return NUMU_OK;
}

/* The month in which most people of a trade are lacking. */
static struct numu_figure worst_gap(const struct numu_figures *f, numu_row skill,
                                    const double *wanted) {
    const struct numu_table_skill *trade = &f->v->model->skill;
    const struct numu_plan_people *table = &f->v->plan->people;
    struct numu_figure worst = {.which = numu_indicator_training_gap,
                                .subject = "skill",
                                .id = trade->id[skill],
                                .why = "not_needed"};
    for (numu_row row = 0; row < table->head.count; row++) {
        uint32_t t = numu_figures_month(f, table->month[row]);
        if (t == f->v->months || !numu_text_is_equal(table->skill[row], trade->id[skill])) {
            continue;
        }
        double staff = numu_verify_decimal(table->staff[row]);
        double each = staff > 0 ? numu_verify_decimal(table->hours[row]) / staff
                                : numu_verify_decimal(trade->hours_month[skill]);
        double lacking = each > 0 ? wanted[t] / each - staff : -INFINITY;
        if (wanted[t] > 0 && each > 0 && (worst.why != NULL || lacking > worst.value)) {
            worst.value = lacking;
            worst.size = fmax(staff, wanted[t] / each);
            worst.month = table->month[row];
            worst.has_month = true;
            worst.why = NULL;
        }
    }
    return worst;
}

static numu_status of_training(struct numu_figures *f) {
    double *wanted;
    NUMU_TRY(NUMU_TAKE(f->v->arena, &wanted, f->v->months));
    for (numu_row skill = 0; skill < f->v->model->skill.head.count; skill++) {
        NUMU_TRY(sum_wanted(f, skill, wanted));
        NUMU_TRY(numu_figures_expect(f, worst_gap(f, skill, wanted)));
    }
    return NUMU_OK;
}

static bool is_instructor(const struct numu_figures *f, struct numu_text skill) {
    const struct numu_table_course *table = &f->v->model->course;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row instructor = table->instructor_skill[row];
        if (instructor != NUMU_NONE &&
            numu_text_is_equal(f->v->model->skill.id[instructor], skill)) {
            return true;
        }
    }
    return false;
}

static double instructors_in(const struct numu_figures *f, numu_month month) {
    const struct numu_plan_people *table = &f->v->plan->people;
    double sum = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->month[row] == month && is_instructor(f, table->skill[row])) {
            sum += numu_verify_decimal(table->staff[row]);
        }
    }
    return sum;
}

static numu_status of_teaching(struct numu_figures *f) {
    const struct numu_model *model = f->v->model;
    const struct numu_plan_class *table = &f->v->plan->class;
    double *students;
    double all = 0;
    double abroad = 0;
    NUMU_TRY(NUMU_TAKE(f->v->arena, &students, (size_t)f->v->months + 1));
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row course = numu_figures_find(f, "course", table->course[row]);
        if (course == NUMU_NONE) {
            continue;
        }
        double classes = numu_verify_decimal(table->in_session[row]);
        numu_row partner = model->course.partner[course];
        bool is_abroad =
            partner != NUMU_NONE &&
            !numu_text_is_equal(model->partner.country[partner], model->package.country[0]);
        all += classes;
        abroad += is_abroad ? classes : 0;
        if (model->course.instructor_skill[course] != NUMU_NONE) {
            students[numu_figures_month(f, table->month[row])] +=
                classes * numu_verify_decimal(model->course.class_size[course]);
        }
    }
    uint32_t most = 0;
    for (uint32_t t = 1; t < f->v->months; t++) {
        most = students[t] > students[most] ? t : most;
    }
    struct numu_figure ratio = {.which = numu_indicator_instructor_ratio, .why = "no_class"};
    if (students[most] > 0) {
        ratio.month = f->v->start + (numu_month)most;
        ratio.has_month = true;
        ratio.why = NULL;
        ratio = numu_figure_share(ratio, students[most], instructors_in(f, ratio.month),
                                  "no_instructor");
    }
    NUMU_TRY(numu_figures_expect(f, ratio));
    struct numu_figure foreign = {.which = numu_indicator_foreign_teaching};
    return numu_figures_expect(f, numu_figure_share(foreign, abroad, all, "no_class"));
}

static numu_status of_jobs(struct numu_figures *f) {
    const struct numu_plan_people *people = &f->v->plan->people;
    const struct numu_plan_payment *payment = &f->v->plan->payment;
    uint32_t year = f->v->months < 12 ? f->v->months : 12;
    double jobs = 0;
    double capital = 0;
    for (numu_row row = 0; row < people->head.count; row++) {
        uint32_t t = numu_figures_month(f, people->month[row]);
        double hours = numu_verify_decimal(people->hours[row]);
        if (t < f->v->months && t + year >= f->v->months && hours > 0) {
            jobs += numu_verify_decimal(people->used[row]) / hours *
                    numu_verify_decimal(people->staff[row]) / year;
        }
    }
    for (numu_row row = 0; row < payment->head.count; row++) {
        if (payment->kind[row] == numu_cost_kind_capital) {
            capital += numu_verify_major(f->v, payment->amount[row]);
        }
    }
    struct numu_figure figure = {.which = numu_indicator_jobs, .value = jobs};
    NUMU_TRY(numu_figures_expect(f, figure));
    figure.which = numu_indicator_capital_a_job;
    return numu_figures_expect(f, numu_figure_share(figure, capital, jobs, "nobody"));
}

/* --- storehouses --- */

static numu_status of_storage(struct numu_figures *f) {
    const struct numu_table_storehouse *house = &f->v->model->storehouse;
    const struct numu_plan_store *table = &f->v->plan->store;
    struct numu_figure *least;
    NUMU_TRY(NUMU_TAKE(f->v->arena, &least, house->head.count));
    for (numu_row at = 0; at < house->head.count; at++) {
        least[at] = (struct numu_figure){.which = numu_indicator_storage_headroom,
                                         .subject = "storehouse",
                                         .id = house->id[at],
                                         .size = 1,
                                         .why = "no_limit"};
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row at = numu_figures_find(f, "storehouse", table->storehouse[row]);
        double limit = numu_verify_decimal(table->limit_kg[row]);
        if (at != NUMU_NONE && limit > 0) {
            double room = 1 - numu_verify_decimal(table->neq_kg[row]) / limit;
            if (least[at].why != NULL || room < least[at].value) {
                least[at].value = room;
                least[at].month = table->month[row];
                least[at].has_month = true;
                least[at].why = NULL;
            }
        }
    }
    for (numu_row at = 0; at < house->head.count; at++) {
        NUMU_TRY(numu_figures_expect(f, least[at]));
    }
    return NUMU_OK;
}

/* --- the whole --- */

static bool is_forbidden_throughout(const struct numu_figures *f, numu_row process) {
    const struct numu_plan_forbidden *table = &f->v->plan->forbidden;
    for (numu_row row = 0; row < table->head.count; row++) {
        bool is_it = numu_text_is_equal(table->process[row], f->v->model->process.id[process]);
        bool is_from_start =
            table->starts[row] == NUMU_NO_DAY || numu_day_month(table->starts[row]) <= f->v->start;
        if (is_it && is_from_start && table->ends[row] == NUMU_NO_DAY) {
            return true;
        }
    }
    return false;
}

static bool is_open_in_time(const struct numu_figures *f, numu_day opens, numu_row activity,
                            numu_day closes) {
    int64_t opening = numu_verify_opening(f->v, opens, activity);
    int64_t until = numu_verify_until(f->v, closes);
    return opening < f->v->months && until > 0 && opening < until;
}

static numu_status find_usable(struct numu_figures *f) {
    const struct numu_model *model = f->v->model;
    const struct numu_table_process *process = &model->process;
    const struct numu_table_resource *resource = &model->resource;
    NUMU_TRY(NUMU_TAKE(f->v->arena, &f->usable, process->head.count));
    for (numu_row row = 0; row < process->head.count; row++) {
        f->usable[row] = is_open_in_time(f, process->opens[row], process->opened_by[row],
                                         process->closes[row]) &&
                         !is_forbidden_throughout(f, row);
    }
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        numu_row on = model->operation.resource[row];
        if (!is_open_in_time(f, resource->opens[on], resource->opened_by[on],
                             resource->closes[on])) {
            f->usable[model->operation.process[row]] = false;
        }
    }
    return NUMU_OK;
}

static bool is_too_large(const struct numu_verify *v) {
    uint64_t sites = v->model->site.head.count;
    uint64_t processes = v->model->process.head.count;
    return sites > SITES_MAX || processes > PROCESSES_MAX ||
           v->model->item.head.count * sites > PLACES_MAX || processes * v->months > CELLS_MAX;
}

static numu_status check_tables(struct numu_figures *f) {
    NUMU_TRY(check_definitions(f));
    NUMU_TRY(of_demand(f));
    NUMU_TRY(of_capacity(f));
    NUMU_TRY(of_training(f));
    NUMU_TRY(of_teaching(f));
    NUMU_TRY(of_jobs(f));
    NUMU_TRY(of_storage(f));
    return numu_figures_of_money(f);
}

static numu_status check_costs(struct numu_figures *f) {
    double residual = 0;
    NUMU_TRY(find_usable(f));
    NUMU_TRY(numu_figures_of_costs(f, &residual));
    NUMU_TRY(numu_figures_of_return(f, residual));
    return numu_figures_of_dependence(f);
}

static numu_status check(struct numu_figures *f) {
    NUMU_TRY(NUMU_TAKE(f->v->arena, &f->seen, f->v->plan->indicator.head.count));
    NUMU_TRY(NUMU_TAKE(f->v->arena, &f->open, f->v->model->resource.head.count));
    NUMU_TRY(check_tables(f));
    if (!f->is_too_large) {
        NUMU_TRY(check_costs(f));
    }
    NUMU_TRY(expect_why(f));
    return expect_nothing_else(f);
}

numu_status numu_verify_indicators(struct numu_verify *v) {
    numu_day last = numu_month_first_day(v->start + (numu_month)v->months - 1);
    struct numu_figures f = {.v = v, .is_too_large = is_too_large(v)};
    f.first_year = numu_day_date(numu_month_first_day(v->start)).year;
    f.years = (uint32_t)(numu_day_date(last).year - f.first_year + 1);
    return check(&f);
}
