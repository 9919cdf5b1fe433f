/*
 * master_people.c - trades, courses, hiring and leaving.
 *
 * [P9] People of trade k in t: staff[t] = (1 - attrition) × staff[t-1] + hire[t] - leave[t] - those
 *      who begin a class in t + those who passed one that ends with t-1 + those who failed it and
 *      came from another trade; failed recruits leave. staff[-1] is the headcount, without
 *      attrition. Whoever is in a class is in no trade; attrition does not touch a class.
 * [P10] Hours of k in t: Σ people × hours × starts + instructors × their hours for each class that
 *      is in session <= hours of one person × staff. A course lasts whole months, its own rounded
 *      up; classes begun in the last `months` months are in session, at most classes_max.
 * Wages are paid for staff, and for students at the wage of the trade they left; the cost of a
 * class
 * when it begins. Classes are not whole numbers.
 */
#include "plan/master_problem.h"

#include <math.h>

/* --- what is given --- */

static numu_status build_skill(struct numu_master *master, numu_row row) {
    const struct numu_table_skill *table = &master->model->skill;
    const struct numu_calendar *calendar =
        numu_calendar_get(master->calendars, master->model, NUMU_NONE);
    struct numu_master_skill *skill = &master->skill[row];
    NUMU_TRY(NUMU_TAKE(master->scratch, &skill->hours, master->solved));
    for (uint32_t t = 0; t < master->solved; t++) {
        numu_month civil = master->start + (numu_month)t;
        numu_decimal hours = table->hours_month[row];
        if (hours == NUMU_NO_NUMBER) {
            hours = numu_calendar_hours(calendar, numu_month_first_day(civil),
                                        numu_month_first_day(civil + 1));
        }
        skill->hours[t] = numu_master_decimal(hours);
    }
    return NUMU_OK;
}

static numu_row find_recruits(const struct numu_model *model) {
    for (numu_row row = 0; row < model->skill.head.count; row++) {
        if (numu_text_is(model->skill.id[row], "none")) {
            return row;
        }
    }
    return NUMU_NONE;
}

static void build_course(struct numu_master *master, numu_row row, numu_row recruits) {
    const struct numu_table_course *table = &master->model->course;
    struct numu_master_course *course = &master->course[row];
    const double nearly = 1e-9;
    double months = ceil(numu_master_decimal(table->months[row]) - nearly);
    course->first = numu_master_clamp(
        master, numu_master_open_month(master, NUMU_NO_DAY, table->opened_by[row]));
    course->months = months > master->solved ? master->solved : (uint32_t)months;
    course->skill_in = table->skill_in[row] == NUMU_NONE ? recruits : table->skill_in[row];
    course->is_of_recruits = course->skill_in == recruits; /* both may be none */
}

numu_status numu_master_build_people(struct numu_master *master) {
    const struct numu_model *model = master->model;
    numu_row recruits = find_recruits(model);
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->skill, model->skill.head.count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->course, model->course.head.count));
    for (numu_row row = 0; row < model->skill.head.count; row++) {
        NUMU_TRY(build_skill(master, row));
    }
    for (numu_row row = 0; row < model->course.head.count; row++) {
        build_course(master, row, recruits);
    }
    return NUMU_OK;
}

/* --- rows --- */

/* Hours of the people there are at first, or of one; near what the row will hold. */
static double work_unit(const struct numu_master *master, numu_row row) {
    double people = numu_master_decimal(master->model->skill.headcount[row]);
    return numu_master_power_of_two_near(master->skill[row].hours[0] * fmax(1, people));
}

numu_status numu_master_add_people_rows(struct numu_master *master) {
    const struct numu_model *model = master->model;
    for (numu_row row = 0; row < model->skill.head.count; row++) {
        struct numu_master_skill *skill = &master->skill[row];
        struct numu_master_key key = {.kind = NUMU_MASTER_PEOPLE, .row = row, .unit = 1};
        skill->staff_row = master->lp.num_row;
        for (uint32_t t = 0; t < master->solved; t++) {
            double there = t == 0 ? numu_master_decimal(model->skill.headcount[row]) : 0;
            key.month = (uint16_t)t;
            NUMU_TRY(numu_master_add_row(master, there, there, key, NULL));
        }
        key.kind = NUMU_MASTER_WORK;
        key.unit = work_unit(master, row);
        NUMU_TRY(numu_master_add_rows(master, -INFINITY, 0, key, &skill->hours_row));
    }
    for (numu_row row = 0; row < model->course.head.count; row++) {
        master->course[row].at_once = NUMU_NONE;
        if (model->course.classes_max[row] != NUMU_NO_NUMBER) {
            struct numu_master_key key = {.kind = NUMU_MASTER_ROOM, .row = row, .unit = 1};
            NUMU_TRY(numu_master_add_rows(master, -INFINITY,
                                          numu_master_decimal(model->course.classes_max[row]), key,
                                          &master->course[row].at_once));
        }
    }
    return NUMU_OK;
}

/* --- columns --- */

static double wage(struct numu_master *master, numu_row skill, uint32_t month) {
    const struct numu_table_skill *table = &master->model->skill;
    return numu_master_money(master, table->wage_month[skill], table->currency[skill], month);
}

static numu_status add_staff(struct numu_master_column *column, numu_row row) {
    struct numu_master *master = column->master;
    struct numu_master_skill *skill = &master->skill[row];
    double stays = 1 - numu_master_decimal(master->model->skill.attrition_month[row]);
    skill->staff = master->lp.num_col;
    for (uint32_t t = 0; t < master->solved; t++) {
        numu_master_put(column, skill->staff_row + t, 1);
        if (t + 1 < master->solved) {
            numu_master_put(column, skill->staff_row + t + 1, -stays);
        }
        numu_master_put(column, skill->hours_row + t, -skill->hours[t]);
        numu_master_put_cost(column, numu_cost_kind_wage, t, wage(master, row, t));
        struct numu_master_key key = {
            .kind = NUMU_MASTER_STAFF, .month = (uint16_t)t, .row = row, .unit = 1};
        NUMU_TRY(numu_master_end_column(column, INFINITY, key));
    }
    return NUMU_OK;
}

/* Hired (sign -1) or released (1). */
static numu_status add_turnover(struct numu_master_column *column, numu_row row, uint8_t kind,
                                double sign, double upper, numu_lp_column *out) {
    struct numu_master *master = column->master;
    *out = master->lp.num_col;
    for (uint32_t t = 0; t < master->solved; t++) {
        numu_master_put(column, master->skill[row].staff_row + t, sign);
        struct numu_master_key key = {.kind = kind, .month = (uint16_t)t, .row = row, .unit = 1};
        NUMU_TRY(numu_master_end_column(column, upper, key));
    }
    return NUMU_OK;
}

/* Who comes out of a class at its end. */
static void put_leavers(struct numu_master_column *column, numu_row row, uint32_t end) {
    const struct numu_master *master = column->master;
    const struct numu_table_course *table = &master->model->course;
    const struct numu_master_course *course = &master->course[row];
    double size = numu_master_decimal(table->class_size[row]);
    double passes = size * numu_master_decimal(table->pass_rate[row]);
    numu_master_put(column, master->skill[table->skill_out[row]].staff_row + end, -passes);
    if (!course->is_of_recruits) {
        numu_master_put(column, master->skill[course->skill_in].staff_row + end, passes - size);
    }
}

static numu_status add_class_column(struct numu_master_column *column, numu_row row, uint32_t t) {
    struct numu_master *master = column->master;
    const struct numu_table_course *table = &master->model->course;
    const struct numu_master_course *course = &master->course[row];
    numu_row instructor = table->instructor_skill[row];
    double size = numu_master_decimal(table->class_size[row]);
    uint32_t end = t + course->months;
    if (course->skill_in != NUMU_NONE) {
        numu_master_put(column, master->skill[course->skill_in].staff_row + t, size);
    }
    if (end < master->solved) {
        put_leavers(column, row, end);
    }
    for (uint32_t month = t; month < end && month < master->solved; month++) {
        if (course->at_once != NUMU_NONE) {
            numu_master_put(column, course->at_once + month, 1);
        }
        if (instructor != NUMU_NONE) {
            numu_master_put(column, master->skill[instructor].hours_row + month,
                            numu_master_decimal(table->instructors[row]) *
                                master->skill[instructor].hours[month]);
        }
        if (course->skill_in != NUMU_NONE) {
            numu_master_put_cost(column, numu_cost_kind_wage, month,
                                 size * wage(master, course->skill_in, month));
        }
    }
    numu_master_put_cost(
        column, numu_cost_kind_training, t,
        numu_master_money(master, table->cost_class[row], table->currency[row], t));
    struct numu_master_key key = {
        .kind = NUMU_MASTER_CLASS, .month = (uint16_t)t, .row = row, .unit = 1};
    return numu_master_end_column(column, INFINITY, key);
}

numu_status numu_master_add_people_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    const struct numu_model *model = master->model;
    for (numu_row row = 0; row < model->skill.head.count; row++) {
        struct numu_master_skill *skill = &master->skill[row];
        NUMU_TRY(add_staff(column, row));
        NUMU_TRY(add_turnover(column, row, NUMU_MASTER_HIRE, -1,
                              numu_master_decimal(model->skill.hire_max_month[row]), &skill->hire));
        NUMU_TRY(add_turnover(column, row, NUMU_MASTER_LEAVE, 1, INFINITY, &skill->leave));
    }
    for (numu_row row = 0; row < model->course.head.count; row++) {
        struct numu_master_course *course = &master->course[row];
        course->classes = course->first < master->solved ? master->lp.num_col : NUMU_NONE;
        for (uint32_t t = course->first; t < master->solved; t++) {
            NUMU_TRY(add_class_column(column, row, t));
        }
    }
    return NUMU_OK;
}
