/*
 * verify_means.c - machines, people, upkeep, learning, storehouses, age and licences: every hour
 * and kilogram again.
 */
#include "plan/verify_sums.h"

#include <math.h>

#define DECIMAL_STEP 1e-6

/* --- shares --- */

static numu_status read_upkeep(struct numu_verify *v) {
    const struct numu_plan_upkeep *plan = &v->plan->upkeep;
    const struct numu_table_upkeep *table = &v->model->upkeep;
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row row = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "resource", plan->resource[at], &row));
        NUMU_TRY(numu_verify_month(v, "upkeep", plan->resource[at], plan->month[at], &t));
        if (row == NUMU_NONE || t == UINT32_MAX) {
            continue;
        }
        double due = 0;
        for (numu_row line = 0; line < table->head.count; line++) {
            due += table->resource[line] == row
                       ? numu_verify_money(v, table->cost_month[line], table->currency[line], t)
                       : 0;
        }
        double paid = numu_verify_decimal(plan->paid[at]);
        if (paid < -DECIMAL_STEP || paid > 1 + DECIMAL_STEP) {
            NUMU_TRY(numu_verify_break(v, "kind.break_upkeep", plan->resource[at], t, paid, 1));
        }
        v->paid_upkeep[numu_verify_cell(v, row, t)] = paid;
        numu_verify_pay(v, numu_cost_kind_upkeep, t, paid * due);
        NUMU_TRY(numu_verify_same(v, "kind.break_upkeep", plan->resource[at], t,
                                  numu_verify_major(v, plan->due[at]), due, due,
                                  2 * numu_verify_minor(v)));
    }
    return NUMU_OK;
}

static numu_status read_learning(struct numu_verify *v) {
    const struct numu_plan_learning *plan = &v->plan->learning;
    size_t cells = (size_t)v->model->process.head.count * v->months;
    for (size_t cell = 0; cell < cells; cell++) {
        v->learned[cell] = 1;
    }
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row row = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "process", plan->process[at], &row));
        NUMU_TRY(numu_verify_month(v, "learning", plan->process[at], plan->month[at], &t));
        if (row != NUMU_NONE && t != UINT32_MAX) {
            v->learned[numu_verify_cell(v, row, t)] = numu_verify_decimal(plan->share[at]);
        }
    }
    return NUMU_OK;
}

numu_status numu_verify_shares(struct numu_verify *v) {
    NUMU_TRY(read_upkeep(v));
    return read_learning(v);
}

/*
 * Shares learned against the sum over units, not the integral of the planner: the n-th unit takes
 * (n ÷ learning_from)^b. The planner's rounds may stop 1e-3 short, and the midpoint rule is off by
 * up to 1 % where the first units are few. More hours than the output needs are no lie: a plan
 * whose time ran out while its hours were being learned has those.
 */
static numu_status check_learning(struct numu_verify *v) {
    const struct numu_table_process *table = &v->model->process;
    const double units_max = 1e6; /* of a month that are summed one by one */
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->learning_rate[row] == NUMU_NO_NUMBER) {
            for (uint32_t t = 0; t < v->months; t++) { /* what learns nothing takes all its hours */
                double share = v->learned[numu_verify_cell(v, row, t)];
                NUMU_TRY(
                    numu_verify_same(v, "kind.break_learning", table->id[row], t, share, 1, 1, 0));
            }
            continue;
        }
        double exponent = log2(numu_verify_decimal(table->learning_rate[row]));
        double at = fmax(1, numu_verify_quantity(table->learning_from[row]));
        double floor_share = numu_verify_decimal(table->learning_floor[row]);
        double before = numu_verify_quantity(table->made_before[row]);
        for (uint32_t t = 0; t < v->months; t++) {
            double good = v->made[numu_verify_cell(v, row, t)];
            double share = v->learned[numu_verify_cell(v, row, t)];
            double sum = 0;
            for (double n = 0; n < good && good <= units_max; n++) {
                sum += fmin(1, good - n) * fmax(floor_share, pow((before + n + 1) / at, exponent));
            }
            if (good >= 1 && good <= units_max && share < 0.98 * sum / good) {
                NUMU_TRY(numu_verify_break(v, "kind.break_learning", table->id[row], t, share,
                                           sum / good));
            }
            before += good;
        }
    }
    return NUMU_OK;
}

/* --- machines --- */

static bool exists(const struct numu_verify *v, numu_row resource, uint32_t t) {
    const struct numu_table_resource *table = &v->model->resource;
    return numu_verify_opening(v, table->opens[resource], table->opened_by[resource]) <=
               (int64_t)t &&
           (int64_t)t < numu_verify_until(v, table->closes[resource]);
}

double numu_verify_capacity(const struct numu_verify *v, numu_row row, uint32_t t, double paid) {
    const struct numu_table_resource *table = &v->model->resource;
    const struct numu_table_upkeep *upkeep = &v->model->upkeep;
    numu_month month = v->start + (numu_month)t;
    numu_decimal hours = table->hours_month[row];
    if (hours == NUMU_NO_NUMBER) {
        hours = numu_calendar_hours(numu_calendar_get(v->calendars, v->model, table->calendar[row]),
                                    numu_month_first_day(month), numu_month_first_day(month + 1));
    }
    double all = numu_verify_decimal(hours) * numu_verify_decimal(table->units[row]);
    double availability = numu_verify_decimal(table->availability[row]);
    double least = availability;
    for (numu_row line = 0; line < upkeep->head.count; line++) {
        if (upkeep->resource[line] == row) {
            least = upkeep->availability_unpaid[line] == NUMU_NO_NUMBER
                        ? least
                        : fmin(least, numu_verify_decimal(upkeep->availability_unpaid[line]));
        }
    }
    return all * (least + (availability - least) * paid);
}

static numu_status check_hours(struct numu_verify *v) {
    const struct numu_plan_hours *plan = &v->plan->hours;
    const struct numu_table_operation *table = &v->model->operation;
    numu_row count = v->model->resource.head.count;
    struct numu_verify_sum *used = NULL;
    bool *seen = NULL;
    NUMU_TRY(NUMU_TAKE(v->arena, &used, (size_t)count * v->months));
    NUMU_TRY(NUMU_TAKE(v->arena, &seen, (size_t)count * v->months));
    for (numu_row line = 0; line < table->head.count; line++) {
        numu_row process = table->process[line];
        for (uint32_t t = 0; t < v->months; t++) {
            double starts = v->made[numu_verify_cell(v, process, t)] /
                            numu_verify_decimal(v->model->process.yield[process]);
            numu_verify_add(&used[numu_verify_cell(v, table->resource[line], t)],
                            starts * numu_verify_hours(v, line, t) + numu_verify_setup(v, line, t));
        }
    }
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row row = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "resource", plan->resource[at], &row));
        NUMU_TRY(numu_verify_month(v, "hours", plan->resource[at], plan->month[at], &t));
        if (row == NUMU_NONE || t == UINT32_MAX) {
            continue;
        }
        size_t cell = numu_verify_cell(v, row, t);
        double most = numu_verify_capacity(v, row, t, v->paid_upkeep[cell]);
        struct numu_text id = plan->resource[at];
        if (seen[cell] || !exists(v, row, t)) {
            NUMU_TRY(numu_verify_break(v, "kind.break_twice", id, t, 0, 0));
        }
        seen[cell] = true;
        NUMU_TRY(numu_verify_same(v, "kind.break_hours", id, t, numu_verify_decimal(plan->used[at]),
                                  used[cell].value, used[cell].size,
                                  DECIMAL_STEP * (1 + used[cell].terms)));
        NUMU_TRY(numu_verify_same(v, "kind.break_capacity", id, t,
                                  numu_verify_decimal(plan->capacity[at]), most, most,
                                  DECIMAL_STEP));
        NUMU_TRY(numu_verify_most(v, "kind.break_capacity", id, t,
                                  numu_verify_decimal(plan->used[at]), most, most, 1e-5));
    }
    for (size_t cell = 0; cell < (size_t)count * v->months; cell++) {
        bool is_there = exists(v, (numu_row)(cell / v->months), (uint32_t)(cell % v->months));
        if (is_there != seen[cell]) {
            NUMU_TRY(numu_verify_break(v, "kind.break_missing",
                                       v->model->resource.id[cell / v->months],
                                       (int64_t)(cell % v->months), 0, 0));
        }
    }
    return NUMU_OK;
}

/* --- people --- */

struct people {
    double *staff, *hired, *released; /* [skill × months + month] */
    double *begun;                    /* [course × months + month] */
    struct numu_verify_sum *students; /* [skill × months + month] */
    struct numu_verify_sum *used;     /* hours, the same */
    struct numu_verify_sum *moved;    /* by classes into the trade, less out of it, the same */
};

static double hours_of_one(const struct numu_verify *v, numu_row skill, uint32_t t) {
    numu_decimal hours = v->model->skill.hours_month[skill];
    numu_month month = v->start + (numu_month)t;
    if (hours == NUMU_NO_NUMBER) {
        hours = numu_calendar_hours(numu_calendar_get(v->calendars, v->model, NUMU_NONE),
                                    numu_month_first_day(month), numu_month_first_day(month + 1));
    }
    return numu_verify_decimal(hours);
}

static numu_row trade_of_students(const struct numu_verify *v, numu_row course,
                                  bool *out_recruits) {
    numu_row recruits = NUMU_NONE;
    for (numu_row row = 0; row < v->model->skill.head.count; row++) {
        recruits = numu_text_is(v->model->skill.id[row], "none") ? row : recruits;
    }
    numu_row skill = v->model->course.skill_in[course];
    skill = skill == NUMU_NONE ? recruits : skill;
    *out_recruits = skill == recruits;
    return skill;
}

static numu_status read_classes(struct numu_verify *v, struct people *people) {
    const struct numu_plan_class *plan = &v->plan->class;
    const struct numu_table_course *table = &v->model->course;
    double *in_session = NULL;
    NUMU_TRY(NUMU_TAKE(v->arena, &in_session, (size_t)table->head.count * v->months));
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row row = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "course", plan->course[at], &row));
        NUMU_TRY(numu_verify_month(v, "class", plan->course[at], plan->month[at], &t));
        if (row == NUMU_NONE || t == UINT32_MAX) {
            continue;
        }
        double begun = numu_verify_decimal(plan->begun[at]);
        double cost = begun * numu_verify_money(v, table->cost_class[row], table->currency[row], t);
        people->begun[numu_verify_cell(v, row, t)] = begun;
        in_session[numu_verify_cell(v, row, t)] = numu_verify_decimal(plan->in_session[at]);
        numu_verify_pay(v, numu_cost_kind_training, t, cost);
        NUMU_TRY(numu_verify_same(v, "kind.break_cost", plan->course[at], t,
                                  numu_verify_major(v, plan->cost[at]), cost, cost,
                                  2 * numu_verify_minor(v)));
        bool is_open = numu_verify_opening(v, NUMU_NO_DAY, table->opened_by[row]) <= (int64_t)t;
        if (begun < 0 || (begun > 0 && !is_open)) {
            NUMU_TRY(numu_verify_break(v, "kind.break_window", plan->course[at], t, begun, 0));
        }
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        int64_t months = (int64_t)ceil(numu_verify_decimal(table->months[row]) - 1e-9);
        for (int64_t t = 0; t < v->months; t++) {
            double sum = 0;
            for (int64_t from = t - months + 1 > 0 ? t - months + 1 : 0; from <= t; from++) {
                sum += people->begun[numu_verify_cell(v, row, (uint32_t)from)];
            }
            size_t cell = numu_verify_cell(v, row, (uint32_t)t);
            NUMU_TRY(numu_verify_same(v, "kind.break_classes", table->id[row], t, in_session[cell],
                                      sum, sum, 1e-7));
            if (table->classes_max[row] != NUMU_NO_NUMBER) {
                double most = numu_verify_decimal(table->classes_max[row]);
                NUMU_TRY(numu_verify_most(v, "kind.break_classes", table->id[row], t, sum, most,
                                          most, 1e-6));
            }
        }
    }
    return NUMU_OK;
}

/* Students, instructors and who comes out of classes. */
static void walk_classes(struct numu_verify *v, struct people *people) {
    const struct numu_table_course *table = &v->model->course;
    for (numu_row row = 0; row < table->head.count; row++) {
        bool is_of_recruits = false;
        numu_row from = trade_of_students(v, row, &is_of_recruits);
        numu_row teacher = table->instructor_skill[row];
        uint32_t months = (uint32_t)ceil(numu_verify_decimal(table->months[row]) - 1e-9);
        for (uint32_t t = 0; t < v->months; t++) {
            double classes = people->begun[numu_verify_cell(v, row, t)];
            double heads = classes * numu_verify_decimal(table->class_size[row]);
            double passing = heads * numu_verify_decimal(table->pass_rate[row]);
            uint32_t end = t + months;
            if (from != NUMU_NONE) {
                numu_verify_add(&people->moved[numu_verify_cell(v, from, t)], -heads);
            }
            for (uint32_t at = t; at < end && at < v->months; at++) {
                if (from != NUMU_NONE) {
                    numu_verify_add(&people->students[numu_verify_cell(v, from, at)], heads);
                }
                if (teacher != NUMU_NONE) {
                    numu_verify_add(&people->used[numu_verify_cell(v, teacher, at)],
                                    classes * numu_verify_decimal(table->instructors[row]) *
                                        hours_of_one(v, teacher, at));
                }
            }
            if (end < v->months) {
                numu_verify_add(&people->moved[numu_verify_cell(v, table->skill_out[row], end)],
                                passing);
                if (!is_of_recruits) {
                    numu_verify_add(&people->moved[numu_verify_cell(v, from, end)],
                                    heads - passing);
                }
            }
        }
    }
}

static void walk_operations(struct numu_verify *v, struct people *people) {
    const struct numu_table_operation *table = &v->model->operation;
    for (numu_row line = 0; line < table->head.count; line++) {
        numu_row process = table->process[line];
        for (uint32_t t = 0; t < v->months && table->skill[line] != NUMU_NONE; t++) {
            double starts = v->made[numu_verify_cell(v, process, t)] /
                            numu_verify_decimal(v->model->process.yield[process]);
            numu_verify_add(
                &people->used[numu_verify_cell(v, table->skill[line], t)],
                (starts * numu_verify_hours(v, line, t) + numu_verify_setup(v, line, t)) *
                    numu_verify_decimal(table->people[line]));
        }
    }
}

static numu_status check_people_row(struct numu_verify *v, struct people *people, numu_row at,
                                    numu_row row, uint32_t t) {
    const struct numu_plan_people *plan = &v->plan->people;
    const struct numu_table_skill *table = &v->model->skill;
    size_t cell = numu_verify_cell(v, row, t);
    struct numu_text id = plan->skill[at];
    double staff = numu_verify_decimal(plan->staff[at]);
    double hired = numu_verify_decimal(plan->hired[at]);
    double released = numu_verify_decimal(plan->released[at]);
    double stays = 1 - numu_verify_decimal(table->attrition_month[row]);
    double before =
        t == 0 ? numu_verify_decimal(table->headcount[row]) : stays * people->staff[cell - 1];
    double students = people->students[cell].value;
    double hours = staff * hours_of_one(v, row, t);
    const struct numu_verify_sum *moved = &people->moved[cell];
    people->staff[cell] = staff;
    double size = before + hired + released + moved->size;
    double wage =
        (staff + students) * numu_verify_money(v, table->wage_month[row], table->currency[row], t);
    numu_verify_pay(v, numu_cost_kind_wage, t, wage);
    if (staff < 0 || hired < 0 || released < 0) {
        NUMU_TRY(numu_verify_break(v, "kind.break_people", id, t, staff, 0));
    }
    NUMU_TRY(numu_verify_same(v, "kind.break_people", id, t, staff,
                              before + hired - released + moved->value, size, 1e-6));
    NUMU_TRY(numu_verify_most(v, "kind.break_hiring", id, t, hired,
                              numu_verify_decimal(table->hire_max_month[row]), hired, 1e-7));
    NUMU_TRY(numu_verify_same(v, "kind.break_people", id, t,
                              numu_verify_decimal(plan->students[at]), students, students, 1e-6));
    NUMU_TRY(numu_verify_same(v, "kind.break_work", id, t, numu_verify_decimal(plan->hours[at]),
                              hours, hours, 1e-5));
    NUMU_TRY(numu_verify_same(v, "kind.break_work", id, t, numu_verify_decimal(plan->used[at]),
                              people->used[cell].value, people->used[cell].size + hours, 1e-5));
    NUMU_TRY(numu_verify_most(v, "kind.break_work", id, t, people->used[cell].value, hours,
                              people->used[cell].size, 1e-4));
    return numu_verify_same(v, "kind.break_cost", id, t, numu_verify_major(v, plan->wage[at]), wage,
                            wage, 3 * numu_verify_minor(v));
}

static numu_status check_people(struct numu_verify *v) {
    const struct numu_plan_people *plan = &v->plan->people;
    size_t skills = (size_t)v->model->skill.head.count * v->months;
    struct people people;
    bool *seen = NULL;
    NUMU_TRY(NUMU_TAKE(v->arena, &people.staff, skills));
    NUMU_TRY(NUMU_TAKE(v->arena, &people.students, skills));
    NUMU_TRY(NUMU_TAKE(v->arena, &people.used, skills));
    NUMU_TRY(NUMU_TAKE(v->arena, &people.moved, skills));
    NUMU_TRY(NUMU_TAKE(v->arena, &seen, skills));
    NUMU_TRY(NUMU_TAKE(v->arena, &people.begun, (size_t)v->model->course.head.count * v->months));
    NUMU_TRY(read_classes(v, &people));
    walk_classes(v, &people);
    walk_operations(v, &people);
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row row = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "skill", plan->skill[at], &row));
        NUMU_TRY(numu_verify_month(v, "people", plan->skill[at], plan->month[at], &t));
        if (row != NUMU_NONE && t != UINT32_MAX) {
            if (seen[numu_verify_cell(v, row, t)]) {
                NUMU_TRY(numu_verify_break(v, "kind.break_twice", plan->skill[at], t, 0, 0));
            }
            seen[numu_verify_cell(v, row, t)] = true;
            NUMU_TRY(check_people_row(v, &people, at, row, t)); /* months come in order [R1] */
        }
    }
    for (size_t cell = 0; cell < skills; cell++) {
        if (!seen[cell]) {
            NUMU_TRY(numu_verify_break(v, "kind.break_missing",
                                       v->model->skill.id[cell / v->months],
                                       (int64_t)(cell % v->months), 0, 0));
        }
    }
    return NUMU_OK;
}

/* --- storehouses --- */

static numu_status read_housing(struct numu_verify *v, struct numu_verify_sum *neq,
                                struct numu_verify_sum *volume) {
    const struct numu_plan_housing *plan = &v->plan->housing;
    const struct numu_table_item *table = &v->model->item;
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row item = NUMU_NONE;
        numu_row site = NUMU_NONE;
        numu_row house = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "item", plan->item[at], &item));
        NUMU_TRY(numu_verify_find(v, "site", plan->site[at], &site));
        NUMU_TRY(numu_verify_month(v, "housing", plan->item[at], plan->month[at], &t));
        if (plan->storehouse[at].length > 0) {
            NUMU_TRY(numu_verify_find(v, "storehouse", plan->storehouse[at], &house));
        }
        if (item == NUMU_NONE || site == NUMU_NONE || t == UINT32_MAX) {
            continue;
        }
        double quantity = numu_verify_quantity(plan->quantity[at]);
        numu_verify_add(&v->housed[numu_verify_place(v, item, site, t)], -quantity);
        if (house == NUMU_NONE) {
            continue;
        }
        if (v->model->storehouse.site[house] != site || quantity < 0) {
            NUMU_TRY(numu_verify_break(v, "kind.break_housing", plan->item[at], t, quantity, 0));
        }
        numu_verify_add(&neq[numu_verify_cell(v, house, t)],
                        quantity * numu_verify_decimal(table->neq_kg[item]));
        numu_verify_add(&volume[numu_verify_cell(v, house, t)],
                        quantity * numu_verify_decimal(table->volume_m3[item]));
    }
    return NUMU_OK;
}

/*
 * Whether a limit is 0, or one that is granted for the storehouse in a month in which it is open.
 */
static bool is_granted(const struct numu_verify *v, numu_row house, uint32_t t,
                       numu_decimal limit) {
    const struct numu_table_limit *table = &v->model->limit;
    numu_day first = numu_month_first_day(v->start + (numu_month)t);
    numu_day last = numu_month_last_day(v->start + (numu_month)t);
    bool is_found = limit == 0;
    bool is_open =
        numu_verify_opening(v, NUMU_NO_DAY, v->model->storehouse.opened_by[house]) <= (int64_t)t;
    for (numu_row row = 0; row < table->head.count && is_open; row++) {
        is_found =
            is_found || (table->storehouse[row] == house && table->neq_kg[row] == limit &&
                         (table->starts[row] == NUMU_NO_DAY || table->starts[row] <= first) &&
                         (table->ends[row] == NUMU_NO_DAY || table->ends[row] >= last));
    }
    for (size_t i = 0; v->law->storage != NULL && is_open && i < v->law->storage->limit_count;
         i++) {
        const struct numu_plan_limit *given = &v->law->storage->limit[i];
        is_found = is_found || (given->storehouse == house &&
                                fabs(given->neq_kg - numu_verify_decimal(limit)) < 1e-6);
    }
    return is_found;
}

static numu_status check_stores(struct numu_verify *v) {
    const struct numu_plan_store *plan = &v->plan->store;
    size_t cells = (size_t)v->model->storehouse.head.count * v->months;
    struct numu_verify_sum *neq = NULL;
    struct numu_verify_sum *volume = NULL;
    NUMU_TRY(NUMU_TAKE(v->arena, &neq, cells));
    NUMU_TRY(NUMU_TAKE(v->arena, &volume, cells));
    NUMU_TRY(read_housing(v, neq, volume));
    if (plan->head.count != cells) {
        NUMU_TRY(numu_verify_break(v, "kind.break_missing", NUMU_TEXT("store"), -1,
                                   plan->head.count, (double)cells));
    }
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row row = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "storehouse", plan->storehouse[at], &row));
        NUMU_TRY(numu_verify_month(v, "store", plan->storehouse[at], plan->month[at], &t));
        if (row == NUMU_NONE || t == UINT32_MAX) {
            continue;
        }
        size_t cell = numu_verify_cell(v, row, t);
        struct numu_text id = plan->storehouse[at];
        double limit = numu_verify_decimal(plan->limit_kg[at]);
        double room = numu_verify_decimal(plan->capacity_m3[at]);
        if (!is_granted(v, row, t, plan->limit_kg[at])) {
            NUMU_TRY(numu_verify_break(v, "kind.break_limit", id, t, limit, 0));
        }
        NUMU_TRY(numu_verify_same(v, "kind.break_limit", id, t,
                                  numu_verify_decimal(plan->neq_kg[at]), neq[cell].value,
                                  neq[cell].size, 1e-5));
        NUMU_TRY(
            numu_verify_most(v, "kind.break_limit", id, t, neq[cell].value, limit, limit, 1e-5));
        NUMU_TRY(numu_verify_same(v, "kind.break_volume", id, t,
                                  numu_verify_decimal(plan->volume_m3[at]), volume[cell].value,
                                  volume[cell].size, 1e-5));
        if (plan->capacity_m3[at] != v->model->storehouse.capacity_m3[row]) {
            NUMU_TRY(numu_verify_break(v, "kind.break_volume", id, t, room, 0));
        }
        if (plan->capacity_m3[at] != NUMU_NO_NUMBER) {
            NUMU_TRY(numu_verify_most(v, "kind.break_volume", id, t, volume[cell].value, room, room,
                                      1e-5));
        }
    }
    return NUMU_OK;
}

/* All that lies somewhere in a month lies in storehouses, where it is explosive. */
static numu_status check_housed(struct numu_verify *v) {
    const struct numu_model *model = v->model;
    for (numu_row item = 0; item < model->item.head.count; item++) {
        for (numu_row site = 0; site < model->site.head.count; site++) {
            for (uint32_t t = 0; t < v->months && model->item.classification[item].length > 0;
                 t++) {
                const struct numu_verify_sum *rest =
                    &v->housed[numu_verify_place(v, item, site, t)];
                NUMU_TRY(numu_verify_same(v, "kind.break_housing", model->item.id[item], t,
                                          rest->value, 0, rest->size, 2e-6 * (3 + rest->terms)));
            }
        }
    }
    return NUMU_OK;
}

/* --- age: closing stock is no more than what came in within its life --- */

static double young_opening(const struct numu_verify *v, numu_row item, uint32_t t) {
    const struct numu_table_stock *table = &v->model->stock;
    int64_t life = v->model->item.shelf_life_months[item] / NUMU_DECIMAL_ONE;
    double sum = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->item[row] == item) {
            int64_t made = table->made[row] == NUMU_NO_DAY
                               ? 0
                               : (int64_t)numu_day_month(table->made[row]) - v->start;
            sum += (int64_t)t - made < life ? numu_verify_quantity(table->quantity[row]) : 0;
        }
    }
    return sum;
}

static double all_opening(const struct numu_verify *v, numu_row item) {
    const struct numu_table_stock *table = &v->model->stock;
    double sum = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        sum += table->item[row] == item ? numu_verify_quantity(table->quantity[row]) : 0;
    }
    return sum;
}

static numu_status check_age(struct numu_verify *v) {
    const struct numu_table_item *table = &v->model->item;
    for (numu_row item = 0; item < table->head.count; item++) {
        if (table->shelf_life_months[item] == NUMU_NO_NUMBER) {
            continue;
        }
        int64_t life = table->shelf_life_months[item] / NUMU_DECIMAL_ONE;
        for (int64_t t = 0; t < v->months; t++) {
            double there = 0;
            double young = young_opening(v, item, (uint32_t)t);
            for (numu_row site = 0; site < v->model->site.head.count; site++) {
                there += v->closing[numu_verify_place(v, item, site, (uint32_t)t)];
            }
            for (int64_t from = t - life + 1 > 0 ? t - life + 1 : 0; from <= t; from++) {
                young += v->created[numu_verify_cell(v, item, (uint32_t)from)] -
                         (from == 0 ? all_opening(v, item) : 0);
            }
            NUMU_TRY(numu_verify_most(v, "kind.break_age", table->id[item], t, there, young,
                                      there + young, 1e-4));
        }
    }
    return NUMU_OK;
}

/* --- licences --- */

static numu_status check_licences(struct numu_verify *v) {
    const struct numu_plan_licence *plan = &v->plan->licence;
    const struct numu_table_licence *table = &v->model->licence;
    double *used = NULL;
    NUMU_TRY(NUMU_TAKE(v->arena, &used, table->head.count));
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row row = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "licence", plan->licence[at], &row));
        NUMU_TRY(numu_verify_month(v, "licence", plan->licence[at], plan->month[at], &t));
        if (row == NUMU_NONE || t == UINT32_MAX) {
            continue;
        }
        used[row] += numu_verify_quantity(plan->quantity[at]);
        if (numu_verify_from(v, table->issued[row]) > (int64_t)t ||
            (int64_t)t >= numu_verify_until(v, table->expires[row])) {
            NUMU_TRY(numu_verify_break(v, "kind.break_licence", plan->licence[at], t, 0, 0));
        }
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->quantity[row] != NUMU_NO_NUMBER) {
            double most = fmax(0, numu_verify_quantity(table->quantity[row]) -
                                      numu_verify_quantity(table->used[row]));
            NUMU_TRY(numu_verify_most(v, "kind.break_licence", table->id[row], -1, used[row], most,
                                      most, 1e-4));
        }
    }
    return NUMU_OK;
}

numu_status numu_verify_means(struct numu_verify *v) {
    NUMU_TRY(check_learning(v));
    NUMU_TRY(check_hours(v));
    NUMU_TRY(check_people(v));
    NUMU_TRY(check_stores(v));
    NUMU_TRY(check_housed(v));
    NUMU_TRY(check_age(v));
    return check_licences(v);
}
