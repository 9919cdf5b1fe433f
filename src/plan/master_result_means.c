/*
 * master_result_means.c - people, upkeep, learning, storehouses and licences as tables of a plan.
 */
#include "plan/master_fill.h"

#include <math.h>

/* Rows of a month of a table from row `at` on; with `only_count` nothing is written. */
typedef numu_status walk(struct numu_fill *fill, uint32_t t, bool only_count, numu_row *at);

static numu_status fill_by_month(struct numu_fill *fill, const struct numu_table_descriptor *table,
                                 walk *walk_month) {
    numu_row count = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        NUMU_TRY(walk_month(fill, t, true, &count));
    }
    NUMU_TRY(numu_fill_take(fill, table, count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        NUMU_TRY(walk_month(fill, t, false, &at));
    }
    return NUMU_OK;
}

static numu_status to_decimal(const struct numu_fill *fill, double value, numu_decimal *out) {
    return numu_fill_fits(fill, numu_number_from_double(value, NUMU_DECIMAL_DECIMALS, out), NULL, 0,
                          "hours");
}

static numu_status to_quantity(const struct numu_fill *fill, double value, numu_quantity *out) {
    return numu_fill_fits(fill, numu_number_from_double(value, NUMU_QUANTITY_DECIMALS, out), NULL,
                          0, "quantity");
}

static numu_status to_money(const struct numu_fill *fill, double value, numu_money *out) {
    return numu_fill_fits(fill, numu_fill_money_from(fill, value, out), NULL, 0, "amount");
}

static double value_at(const struct numu_fill *fill, numu_lp_column first, uint32_t t) {
    return fill->master->value[first + t];
}

/* What one more unit of a row's bound would save in the last stage. */
static double worth_of(const struct numu_fill *fill, numu_lp_row first, uint32_t t) {
    return fmax(0, -fill->master->row_dual[first + t]);
}

/* --- people --- */

static double classes_begun(const struct numu_fill *fill, numu_row row, uint32_t t) {
    const struct numu_master_course *course = &fill->master->course[row];
    return course->classes == NUMU_NONE || t < course->first
               ? 0
               : fill->master->value[course->classes + t - course->first];
}

static double classes_in_session(const struct numu_fill *fill, numu_row row, uint32_t t) {
    uint32_t months = fill->master->course[row].months;
    double sum = 0;
    for (uint32_t from = t + 1 > months ? t + 1 - months : 0; from <= t; from++) {
        sum += classes_begun(fill, row, from);
    }
    return sum;
}

static double students_of(const struct numu_fill *fill, numu_row skill, uint32_t t) {
    double sum = 0;
    for (numu_row row = 0; row < fill->model->course.head.count; row++) {
        if (fill->master->course[row].skill_in == skill) {
            sum += classes_in_session(fill, row, t) *
                   numu_master_decimal(fill->model->course.class_size[row]);
        }
    }
    return sum;
}

double numu_fill_wage_cost(const struct numu_fill *fill, numu_row skill, uint32_t t) {
    const struct numu_table_skill *table = &fill->model->skill;
    double people =
        value_at(fill, fill->master->skill[skill].staff, t) + students_of(fill, skill, t);
    return people *
           numu_master_money(fill->master, table->wage_month[skill], table->currency[skill], t);
}

double numu_fill_class_cost(const struct numu_fill *fill, numu_row course, uint32_t t) {
    const struct numu_table_course *table = &fill->model->course;
    return classes_begun(fill, course, t) *
           numu_master_money(fill->master, table->cost_class[course], table->currency[course], t);
}

static numu_status fill_people_row(struct numu_fill *fill, numu_row row, uint32_t t, numu_row at) {
    struct numu_plan_people *table = &fill->plan->people;
    const struct numu_master_skill *skill = &fill->master->skill[row];
    double staff = value_at(fill, skill->staff, t);
    double hours = staff * skill->hours[t];
    double used = hours + fill->master->row_value[skill->hours_row + t];
    table->skill[at] = fill->model->skill.id[row];
    table->month[at] = numu_fill_month_of(fill, t);
    table->worth[at] = worth_of(fill, skill->hours_row, t);
    NUMU_TRY(to_decimal(fill, staff, &table->staff[at]));
    NUMU_TRY(to_decimal(fill, students_of(fill, row, t), &table->students[at]));
    NUMU_TRY(to_decimal(fill, value_at(fill, skill->hire, t), &table->hired[at]));
    NUMU_TRY(to_decimal(fill, value_at(fill, skill->leave, t), &table->released[at]));
    NUMU_TRY(to_decimal(fill, hours, &table->hours[at]));
    NUMU_TRY(to_decimal(fill, fmax(0, used), &table->used[at]));
    return to_money(fill, numu_fill_wage_cost(fill, row, t), &table->wage[at]);
}

static numu_status walk_people(struct numu_fill *fill, uint32_t t, bool only_count, numu_row *at) {
    for (numu_row row = 0; row < fill->model->skill.head.count; row++, ++*at) {
        if (!only_count) {
            NUMU_TRY(fill_people_row(fill, row, t, *at));
        }
    }
    return NUMU_OK;
}

static numu_status walk_classes(struct numu_fill *fill, uint32_t t, bool only_count, numu_row *at) {
    struct numu_plan_class *table = &fill->plan->class;
    for (numu_row row = 0; row < fill->model->course.head.count; row++) {
        numu_decimal in_session = 0;
        NUMU_TRY(to_decimal(fill, classes_in_session(fill, row, t), &in_session));
        if (in_session == 0) {
            continue;
        }
        if (!only_count) {
            table->course[*at] = fill->model->course.id[row];
            table->month[*at] = numu_fill_month_of(fill, t);
            table->in_session[*at] = in_session;
            NUMU_TRY(to_decimal(fill, classes_begun(fill, row, t), &table->begun[*at]));
            NUMU_TRY(to_money(fill, numu_fill_class_cost(fill, row, t), &table->cost[*at]));
        }
        ++*at;
    }
    return NUMU_OK;
}

/* --- upkeep and learning --- */

static double share_paid(const struct numu_fill *fill, numu_row resource, uint32_t t) {
    const struct numu_master *master = fill->master;
    return 1 - master->value[master->unpaid[resource] + t - master->resource[resource].first];
}

static bool is_kept(const struct numu_fill *fill, numu_row row, uint32_t t) {
    const struct numu_master_resource *resource = &fill->master->resource[row];
    return resource->has_upkeep && t >= resource->first && t < resource->end;
}

double numu_fill_upkeep_cost(const struct numu_fill *fill, numu_row upkeep, uint32_t t) {
    const struct numu_table_upkeep *table = &fill->model->upkeep;
    numu_row resource = table->resource[upkeep];
    return is_kept(fill, resource, t)
               ? share_paid(fill, resource, t) * numu_master_money(fill->master,
                                                                   table->cost_month[upkeep],
                                                                   table->currency[upkeep], t)
               : 0;
}

static numu_status walk_upkeep(struct numu_fill *fill, uint32_t t, bool only_count, numu_row *at) {
    struct numu_plan_upkeep *table = &fill->plan->upkeep;
    for (numu_row row = 0; row < fill->model->resource.head.count; row++) {
        if (!is_kept(fill, row, t)) {
            continue;
        }
        if (!only_count) {
            table->resource[*at] = fill->model->resource.id[row];
            table->month[*at] = numu_fill_month_of(fill, t);
            NUMU_TRY(
                to_money(fill, numu_master_upkeep_cost(fill->master, row, t), &table->due[*at]));
            NUMU_TRY(to_decimal(fill, share_paid(fill, row, t), &table->paid[*at]));
        }
        ++*at;
    }
    return NUMU_OK;
}

static numu_status walk_learning(struct numu_fill *fill, uint32_t t, bool only_count,
                                 numu_row *at) {
    struct numu_plan_learning *table = &fill->plan->learning;
    for (numu_row row = 0; row < fill->model->process.head.count; row++) {
        bool is_made = fill->made[(size_t)row * fill->months + t] > 0;
        if (fill->master->process[row].learned == NULL || !is_made) {
            continue;
        }
        if (!only_count) {
            table->process[*at] = fill->model->process.id[row];
            table->month[*at] = numu_fill_month_of(fill, t);
            NUMU_TRY(
                to_decimal(fill, numu_master_learned(fill->master, row, t), &table->share[*at]));
        }
        ++*at;
    }
    return NUMU_OK;
}

/* --- storehouses --- */

static double put_into(const struct numu_fill *fill, uint32_t n, uint32_t t) {
    const struct numu_master_put *put = &fill->master->put[n];
    return t < fill->master->house[put->storehouse].first ? 0 : value_at(fill, put->column, t);
}

static numu_status fill_store_row(struct numu_fill *fill, numu_row row, uint32_t t, numu_row at) {
    struct numu_plan_store *table = &fill->plan->store;
    const struct numu_master *master = fill->master;
    const struct numu_master_house *house = &master->house[row];
    double neq_kg = 0;
    double volume_m3 = 0;
    for (uint32_t n = 0; n < master->put_count; n++) {
        if (master->put[n].storehouse == row) {
            numu_row item = master->place[master->put[n].place].item;
            double quantity = put_into(fill, n, t);
            neq_kg += quantity * numu_master_decimal(fill->model->item.neq_kg[item]);
            volume_m3 += quantity * numu_master_decimal(fill->model->item.volume_m3[item]);
        }
    }
    table->storehouse[at] = fill->model->storehouse.id[row];
    table->month[at] = numu_fill_month_of(fill, t);
    table->capacity_m3[at] = fill->model->storehouse.capacity_m3[row];
    table->worth[at] = worth_of(fill, house->neq_row, t);
    NUMU_TRY(to_decimal(fill, house->limit[t], &table->limit_kg[at]));
    NUMU_TRY(to_decimal(fill, neq_kg, &table->neq_kg[at]));
    return to_decimal(fill, volume_m3, &table->volume_m3[at]);
}

static numu_status walk_stores(struct numu_fill *fill, uint32_t t, bool only_count, numu_row *at) {
    for (numu_row row = 0; row < fill->model->storehouse.head.count; row++, ++*at) {
        if (!only_count) {
            NUMU_TRY(fill_store_row(fill, row, t, *at));
        }
    }
    return NUMU_OK;
}

static numu_status add_housing(struct numu_fill *fill, numu_row storehouse, uint32_t place,
                               uint32_t t, double value, bool only_count, numu_row *at) {
    struct numu_plan_housing *table = &fill->plan->housing;
    numu_quantity quantity = 0;
    NUMU_TRY(to_quantity(fill, value, &quantity));
    if (quantity == 0) {
        return NUMU_OK;
    }
    if (!only_count) {
        const struct numu_master_place *at_place = &fill->master->place[place];
        table->storehouse[*at] = numu_fill_id_at(fill->model->storehouse.id, storehouse);
        table->item[*at] = fill->model->item.id[at_place->item];
        table->site[*at] = fill->model->site.id[at_place->site];
        table->month[*at] = numu_fill_month_of(fill, t);
        table->quantity[*at] = quantity;
    }
    ++*at;
    return NUMU_OK;
}

static numu_status walk_housing(struct numu_fill *fill, uint32_t t, bool only_count, numu_row *at) {
    const struct numu_master *master = fill->master;
    for (uint32_t n = 0; n < master->put_count; n++) {
        const struct numu_master_put *put = &master->put[n];
        NUMU_TRY(add_housing(fill, put->storehouse, put->place, t, put_into(fill, n, t), only_count,
                             at));
    }
    for (uint32_t place = 0; place < master->place_count; place++) {
        if (master->unhoused[place] != NUMU_NONE) {
            NUMU_TRY(add_housing(fill, NUMU_NONE, place, t,
                                 value_at(fill, master->unhoused[place], t), only_count, at));
        }
    }
    return NUMU_OK;
}

/* --- taken for what comes after the horizon --- */

struct ahead {
    double *used, *sent; /* [place × months + month] */
    double *advance;     /* [kind × months + month] */
};

/* Inputs and the advance of starts in a month, for units completed after the horizon. */
static void start_ahead(const struct numu_fill *fill, struct ahead *ahead, numu_row row, uint32_t t,
                        double good) {
    struct numu_master *master = fill->master;
    const struct numu_table_process *table = &fill->model->process;
    double starts = good / numu_master_decimal(table->yield[row]);
    if (t >= fill->months) {
        return;
    }
    for (uint32_t i = master->inputs.start[row]; i < master->inputs.start[row + 1]; i++) {
        numu_row line = master->inputs.row[i];
        if (numu_master_input_holds(master, line, t)) {
            uint32_t place =
                numu_master_place_find(master, fill->model->input.item[line], table->site[row]);
            ahead->used[(size_t)place * fill->months + t] +=
                starts * numu_master_quantity(fill->model->input.quantity[line]) *
                (1 + numu_master_decimal(fill->model->input.scrap[line]));
        }
    }
    size_t kind = numu_master_cost_kind((numu_process_kind)table->kind[row]);
    ahead->advance[kind * fill->months + t] +=
        good * numu_master_decimal(table->advance[row]) *
        numu_master_price(master, table->unit_cost[row], table->currency[row], t);
}

static numu_status build_ahead(const struct numu_fill *fill, struct ahead *ahead) {
    const struct numu_master *master = fill->master;
    size_t places = (size_t)master->place_count * fill->months;
    NUMU_TRY(NUMU_TAKE(master->scratch, &ahead->used, places));
    NUMU_TRY(NUMU_TAKE(master->scratch, &ahead->sent, places));
    NUMU_TRY(
        NUMU_TAKE(master->scratch, &ahead->advance, (size_t)numu_cost_kind_count * fill->months));
    for (uint32_t t = fill->months; t < master->solved; t++) {
        for (numu_row row = 0; row < fill->model->process.head.count; row++) {
            numu_lp_column make = master->make[numu_master_cell(master, row, t)];
            const struct numu_master_process *process = &master->process[row];
            double good = make == NUMU_NONE ? 0 : master->value[make];
            if (good > 0) {
                start_ahead(fill, ahead, row, t - process->whole, good * (1 - process->part));
            }
            if (good > 0 && process->part > 0) {
                start_ahead(fill, ahead, row, t - process->whole - 1, good * process->part);
            }
        }
        for (uint32_t n = 0; n < master->shipping_count; n++) {
            const struct numu_master_shipping *way = &master->shipping[n];
            uint32_t first = way->whole + (way->part > 0 ? 1 : 0);
            double moved = t < first ? 0 : master->value[way->column + t - first];
            double *sent = &ahead->sent[(size_t)way->from * fill->months];
            if (t - way->whole < fill->months) {
                sent[t - way->whole] += moved * (1 - way->part);
            }
            if (way->part > 0 && t - way->whole - 1 < fill->months) {
                sent[t - way->whole - 1] += moved * way->part;
            }
        }
    }
    return NUMU_OK;
}

static numu_status add_ahead(struct numu_fill *fill, uint32_t place, uint32_t t, double value,
                             uint8_t is_shipped, bool only_count, numu_row *at) {
    struct numu_plan_ahead *table = &fill->plan->ahead;
    numu_quantity quantity = 0;
    NUMU_TRY(to_quantity(fill, value, &quantity));
    if (quantity > 0 && !only_count) {
        table->item[*at] = fill->model->item.id[fill->master->place[place].item];
        table->site[*at] = fill->model->site.id[fill->master->place[place].site];
        table->month[*at] = numu_fill_month_of(fill, t);
        table->is_shipped[*at] = is_shipped;
        table->quantity[*at] = quantity;
    }
    *at += quantity > 0;
    return NUMU_OK;
}

static numu_status walk_ahead(struct numu_fill *fill, const struct ahead *ahead, bool only_count,
                              numu_row *at, numu_row *cost_at) {
    struct numu_plan_ahead_cost *cost = &fill->plan->ahead_cost;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (uint32_t place = 0; place < fill->master->place_count; place++) {
            size_t cell = (size_t)place * fill->months + t;
            NUMU_TRY(
                add_ahead(fill, place, t, ahead->used[cell], NUMU_BOOLEAN_FALSE, only_count, at));
            NUMU_TRY(
                add_ahead(fill, place, t, ahead->sent[cell], NUMU_BOOLEAN_TRUE, only_count, at));
        }
        for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
            numu_money amount = 0;
            NUMU_TRY(to_money(fill, ahead->advance[(size_t)kind * fill->months + t], &amount));
            if (amount > 0 && !only_count) {
                cost->kind[*cost_at] = (uint8_t)kind;
                cost->month[*cost_at] = numu_fill_month_of(fill, t);
                cost->amount[*cost_at] = amount;
            }
            *cost_at += amount > 0;
        }
    }
    return NUMU_OK;
}

static numu_status fill_ahead(struct numu_fill *fill) {
    struct ahead ahead;
    numu_row count = 0;
    numu_row cost_count = 0;
    NUMU_TRY(build_ahead(fill, &ahead));
    NUMU_TRY(walk_ahead(fill, &ahead, true, &count, &cost_count));
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(ahead), count));
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(ahead_cost), cost_count));
    count = 0;
    cost_count = 0;
    return walk_ahead(fill, &ahead, false, &count, &cost_count);
}

static numu_status walk_expiry(struct numu_fill *fill, uint32_t t, bool only_count, numu_row *at) {
    struct numu_plan_expiry *table = &fill->plan->expiry;
    const struct numu_master *master = fill->master;
    for (uint32_t place = 0; place < master->place_count; place++) {
        numu_quantity quantity = 0;
        if (master->expired[place] != NUMU_NONE) {
            NUMU_TRY(to_quantity(fill, value_at(fill, master->expired[place], t), &quantity));
        }
        if (quantity > 0 && !only_count) {
            table->item[*at] = fill->model->item.id[master->place[place].item];
            table->site[*at] = fill->model->site.id[master->place[place].site];
            table->month[*at] = numu_fill_month_of(fill, t);
            table->quantity[*at] = quantity;
        }
        *at += quantity > 0;
    }
    return NUMU_OK;
}

static numu_status walk_safety(struct numu_fill *fill, uint32_t t, bool only_count, numu_row *at) {
    struct numu_plan_safety *table = &fill->plan->safety;
    const struct numu_master *master = fill->master;
    for (numu_row item = 0; item < fill->model->item.head.count; item++) {
        numu_quantity lacking = 0;
        if (master->shortfall[item] != NUMU_NONE) {
            NUMU_TRY(to_quantity(fill, value_at(fill, master->shortfall[item], t), &lacking));
        }
        if (lacking > 0 && !only_count) {
            table->item[*at] = fill->model->item.id[item];
            table->month[*at] = numu_fill_month_of(fill, t);
            table->wanted[*at] = fill->model->item.safety_stock[item];
            table->lacking[*at] = lacking;
        }
        *at += lacking > 0;
    }
    return NUMU_OK;
}

/* --- law --- */

static numu_status walk_licences(struct numu_fill *fill, uint32_t t, bool only_count,
                                 numu_row *at) {
    struct numu_plan_licence *table = &fill->plan->licence;
    for (numu_row row = 0; row < fill->model->licence.head.count; row++) {
        const struct numu_master_licence *licence = &fill->master->licence[row];
        numu_quantity quantity = 0;
        if (licence->use != NUMU_NONE && t >= licence->first && t < licence->end) {
            NUMU_TRY(to_quantity(fill, fill->master->value[licence->use + t - licence->first],
                                 &quantity));
        }
        if (quantity > 0 && !only_count) {
            table->licence[*at] = fill->model->licence.id[row];
            table->month[*at] = numu_fill_month_of(fill, t);
            table->quantity[*at] = quantity;
        }
        *at += quantity > 0;
    }
    return NUMU_OK;
}

static numu_status fill_prohibitions(struct numu_fill *fill) {
    const struct numu_plan_options *options = fill->master->options;
    if (options->law.withheld != NULL) {
        fill->plan->withheld = *options->law.withheld;
    }
    struct numu_plan_forbidden *table = &fill->plan->forbidden;
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(forbidden), options->law.prohibition_count));
    for (numu_row at = 0; at < options->law.prohibition_count; at++) {
        const struct numu_plan_prohibition *from = &options->law.prohibition[at];
        table->process[at] = numu_fill_id_at(fill->model->process.id, from->process);
        table->demand[at] = numu_fill_id_at(fill->model->demand.id, from->demand);
        table->starts[at] = from->starts;
        table->ends[at] = from->ends;
        table->rule[at] = from->rule;
        table->citation[at] = from->citation;
    }
    return NUMU_OK;
}

/* --- reasons --- */

static const char *const subject_names[] = {"demand", "gap", "upkeep", "import"};
static const char *const bind_names[] = {
    "opening", "lead_time", "rule", "hours", "work",    "hire",  "room", "neq",    "volume",
    "route",   "licence",   "cap",  "fund",  "payment", "price", "lot",  "no_way", "together"};

static struct numu_text subject_id(const struct numu_fill *fill,
                                   const struct numu_master_reason *reason) {
    const struct numu_model *model = fill->model;
    switch ((numu_master_subject)reason->subject) {
    case NUMU_MASTER_OF_DEMAND:
        return model->demand.id[reason->row];
    case NUMU_MASTER_OF_GAP:
        return model->fund.id[reason->row];
    case NUMU_MASTER_OF_UPKEEP:
        return model->resource.id[reason->row];
    case NUMU_MASTER_OF_IMPORT:
        return model->process.id[reason->row];
    }
    return (struct numu_text){NULL, 0};
}

/* "dakar > bamako": routes have no id. */
static numu_status route_name(const struct numu_fill *fill, numu_row row, struct numu_text *out) {
    struct numu_text from = fill->model->site.id[fill->model->route.from[row]];
    struct numu_text to = fill->model->site.id[fill->model->route.to[row]];
    return numu_text_printf(fill->arena, out, "%.*s > %.*s", (int)from.length, from.data,
                            (int)to.length, to.data);
}

static numu_status bind_name(const struct numu_fill *fill, const struct numu_master_reason *reason,
                             struct numu_text *out) {
    const struct numu_model *model = fill->model;
    switch (reason->binds) {
    case NUMU_MASTER_BINDS_OPENING:
    case NUMU_MASTER_BINDS_LEAD_TIME:
    case NUMU_MASTER_BINDS_CAP:
    case NUMU_MASTER_BINDS_PRICE:
    case NUMU_MASTER_BINDS_LOT:
        *out = model->process.id[reason->name];
        break;
    case NUMU_MASTER_BINDS_RULE:
        *out = fill->master->options->law.prohibition[reason->name].rule;
        break;
    case NUMU_MASTER_BINDS_HOURS:
        *out = model->resource.id[reason->name];
        break;
    case NUMU_MASTER_BINDS_WORK:
    case NUMU_MASTER_BINDS_HIRE:
        *out = model->skill.id[reason->name];
        break;
    case NUMU_MASTER_BINDS_ROOM:
        *out = model->course.id[reason->name];
        break;
    case NUMU_MASTER_BINDS_NEQ:
    case NUMU_MASTER_BINDS_VOLUME:
        *out = model->storehouse.id[reason->name];
        break;
    case NUMU_MASTER_BINDS_ROUTE:
        return route_name(fill, reason->name, out);
    case NUMU_MASTER_BINDS_LICENCE:
        *out = model->licence.id[reason->name];
        break;
    case NUMU_MASTER_BINDS_FUND:
        *out = model->fund.id[reason->name];
        break;
    case NUMU_MASTER_BINDS_NO_WAY:
        *out = model->item.id[reason->name];
        break;
    case NUMU_MASTER_BINDS_TOGETHER:
        *out = (struct numu_text){NULL, 0};
        break;
    case NUMU_MASTER_BINDS_PAYMENT:
        *out = numu_text_of(numu_names_of_cost_kind[reason->name - 1]);
        break;
    }
    return NUMU_OK;
}

/* The activity that a process waits for: its own, else that of the resource that opens last. */
static struct numu_text opened_by(const struct numu_fill *fill, numu_row process) {
    const struct numu_model *model = fill->model;
    numu_row activity = model->process.opened_by[process];
    const struct numu_master_group *operations = &fill->master->operations;
    for (uint32_t i = operations->start[process];
         activity == NUMU_NONE && i < operations->start[process + 1]; i++) {
        numu_row resource = model->operation.resource[operations->row[i]];
        bool is_last =
            fill->master->resource[resource].first == fill->master->process[process].first;
        activity = is_last ? model->resource.opened_by[resource] : NUMU_NONE;
    }
    return numu_fill_id_at(model->activity.id, activity);
}

static numu_status fill_reasons(struct numu_fill *fill) {
    const struct numu_buffer *buffer = &fill->master->reasons;
    size_t count = buffer->length / sizeof(struct numu_master_reason);
    struct numu_plan_reason *table = &fill->plan->reason;
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(reason), count));
    for (numu_row at = 0; at < count; at++) {
        const struct numu_master_reason *reason =
            (const struct numu_master_reason *)(const void *)buffer->data + at;
        bool is_opening = reason->binds == NUMU_MASTER_BINDS_OPENING;
        table->subject[at] = numu_text_of(subject_names[reason->subject]);
        table->id[at] = subject_id(fill, reason);
        table->rank[at] = reason->rank;
        table->stage[at] = (int64_t)reason->stage + 1;
        table->binds[at] = numu_text_of(bind_names[reason->binds]);
        NUMU_TRY(bind_name(fill, reason, &table->name[at]));
        table->process[at] = numu_fill_id_at(fill->model->process.id, reason->other);
        table->opened_by[at] =
            is_opening ? opened_by(fill, reason->name) : (struct numu_text){NULL, 0};
        table->from[at] = numu_fill_month_of(fill, reason->from);
        table->until[at] = numu_fill_month_of(fill, reason->until);
        table->worth[at] = is_opening ? NAN : reason->worth;
        table->relief[at] = is_opening ? NAN : reason->worth / reason->unit;
        table->share[at] = reason->share;
        table->confirmed[at] = reason->confirmed;
    }
    return NUMU_OK;
}

numu_status numu_fill_means(struct numu_fill *fill) {
    NUMU_TRY(fill_by_month(fill, NUMU_PLAN_TABLE(people), walk_people));
    NUMU_TRY(fill_by_month(fill, NUMU_PLAN_TABLE(class), walk_classes));
    NUMU_TRY(fill_by_month(fill, NUMU_PLAN_TABLE(upkeep), walk_upkeep));
    NUMU_TRY(fill_by_month(fill, NUMU_PLAN_TABLE(learning), walk_learning));
    NUMU_TRY(fill_by_month(fill, NUMU_PLAN_TABLE(store), walk_stores));
    NUMU_TRY(fill_by_month(fill, NUMU_PLAN_TABLE(housing), walk_housing));
    NUMU_TRY(fill_by_month(fill, NUMU_PLAN_TABLE(expiry), walk_expiry));
    NUMU_TRY(fill_by_month(fill, NUMU_PLAN_TABLE(safety), walk_safety));
    NUMU_TRY(fill_by_month(fill, NUMU_PLAN_TABLE(licence), walk_licences));
    NUMU_TRY(fill_ahead(fill));
    NUMU_TRY(fill_prohibitions(fill));
    return fill_reasons(fill);
}
