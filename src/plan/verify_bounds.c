/*
 * verify_bounds.c - what may be done at most: ramps, load classes and limits of storehouses, and
 * what licences have to cover; from the model alone, day by day where the planner looks at changes.
 */
#include "plan/verify_sums.h"

#include <math.h>

#define UNIT_STEP 1e-4

/* --- ramps: hours of a resource while a process is young --- */

static numu_status check_ramp(struct numu_verify *v, numu_row process, uint32_t t) {
    const struct numu_table_operation *table = &v->model->operation;
    double starts = v->made[numu_verify_cell(v, process, t)] /
                    numu_verify_decimal(v->model->process.yield[process]);
    double ramp = numu_verify_ramp(v, process, t);
    for (numu_row line = 0; line < table->head.count; line++) {
        if (table->process[line] != process) {
            continue;
        }
        double hours = 0;
        for (numu_row other = 0; other < table->head.count; other++) {
            bool is_same =
                table->process[other] == process && table->resource[other] == table->resource[line];
            hours += is_same ? starts * numu_verify_hours(v, other, t) : 0;
        }
        double most = ramp * numu_verify_capacity(v, table->resource[line], t, 1);
        NUMU_TRY(numu_verify_most(v, "kind.break_cap", v->model->process.id[process], t, hours,
                                  most, most, UNIT_STEP));
    }
    return NUMU_OK;
}

static numu_status check_ramps(struct numu_verify *v) {
    for (numu_row process = 0; process < v->model->process.head.count; process++) {
        for (uint32_t t = 0; t < v->months; t++) {
            bool is_young =
                v->made[numu_verify_cell(v, process, t)] > 0 && numu_verify_ramp(v, process, t) < 1;
            NUMU_TRY(is_young ? check_ramp(v, process, t) : NUMU_OK);
        }
    }
    return NUMU_OK;
}

/* --- storehouses --- */

/* "1.1D": "1.1", or "D". */
static struct numu_text part_of(struct numu_text classification, bool is_group) {
    size_t digits = 0;
    while (digits < classification.length &&
           (classification.data[digits] == '.' ||
            (classification.data[digits] >= '0' && classification.data[digits] <= '9'))) {
        digits++;
    }
    return is_group
               ? (struct numu_text){classification.data + digits, classification.length - digits}
               : (struct numu_text){classification.data, digits};
}

static bool lists(struct numu_text list, struct numu_text word) {
    for (struct numu_text each = numu_text_next_word(&list); each.length > 0;
         each = numu_text_next_word(&list)) {
        if (numu_text_is_equal(each, word)) {
            return true;
        }
    }
    return false;
}

/* Whether any limit was ever granted to a storehouse for a division. */
static bool has_grant(const struct numu_verify *v, numu_row house, struct numu_text division) {
    const struct numu_table_limit *table = &v->model->limit;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->storehouse[row] == house &&
            numu_text_is_equal(table->hazard_division[row], division)) {
            return true;
        }
    }
    return false;
}

/*
 * Whether an item may lie in a storehouse: as the rules handed over say; without rules by the class
 * that the storehouse writes down, else by that of the first item for which it has a limit.
 */
static bool may_lie(const struct numu_verify *v, numu_row item, numu_row house) {
    const struct numu_table_storehouse *table = &v->model->storehouse;
    struct numu_text class = v->model->item.classification[item];
    if (class.length == 0) {
        return false;
    }
    if (v->law->storage != NULL) {
        return v->law->storage->may_hold[(size_t)item * table->head.count + house];
    }
    if (table->groups[house].length > 0 || table->divisions[house].length > 0) {
        return (table->groups[house].length == 0 ||
                lists(table->groups[house], part_of(class, true))) &&
               (table->divisions[house].length == 0 ||
                lists(table->divisions[house], part_of(class, false)));
    }
    for (numu_row first = 0; first < v->model->item.head.count; first++) {
        struct numu_text other = v->model->item.classification[first];
        if (other.length > 0 && has_grant(v, house, part_of(other, false))) {
            return numu_text_is_equal(other, class);
        }
    }
    return false;
}

static bool holds_on(numu_day starts, numu_day ends, numu_day day) {
    return (starts == NUMU_NO_DAY || starts <= day) && (ends == NUMU_NO_DAY || ends >= day);
}

/* The least limit of a division in force on a day; 0 where there is none. */
static double granted_on(const struct numu_verify *v, numu_row house, struct numu_text division,
                         numu_day day) {
    const struct numu_table_limit *table = &v->model->limit;
    double least = INFINITY;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->storehouse[row] == house &&
            numu_text_is_equal(table->hazard_division[row], division) &&
            holds_on(table->starts[row], table->ends[row], day)) {
            least = fmin(least, numu_verify_decimal(table->neq_kg[row]));
        }
    }
    return isinf(least) ? 0 : least;
}

/* The limit of a storehouse on a day: the least of its class. */
static double limit_on(const struct numu_verify *v, numu_row house, numu_day day) {
    double least = INFINITY;
    if (v->law->storage != NULL) {
        for (size_t i = 0; i < v->law->storage->limit_count; i++) {
            const struct numu_plan_limit *limit = &v->law->storage->limit[i];
            bool is_its = limit->storehouse == house && holds_on(limit->starts, limit->ends, day);
            least = is_its ? fmin(least, limit->neq_kg) : least;
        }
        return isinf(least) ? 0 : least;
    }
    for (numu_row item = 0; item < v->model->item.head.count; item++) {
        if (may_lie(v, item, house)) {
            struct numu_text division = part_of(v->model->item.classification[item], false);
            least = fmin(least, granted_on(v, house, division, day));
        }
    }
    return isinf(least) ? 0 : least;
}

/* No limit that the plan tells of may be above the least of any day of its month. */
static numu_status check_limits(struct numu_verify *v) {
    const struct numu_plan_store *plan = &v->plan->store;
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row house = numu_model_find(v->model, numu_schema_find(NUMU_TEXT("storehouse")),
                                         plan->storehouse[at]);
        int64_t t = (int64_t)plan->month[at] - v->start;
        if (house == NUMU_NONE || t < 0 || t >= v->months) {
            continue; /* told already */
        }
        bool is_open =
            numu_verify_opening(v, NUMU_NO_DAY, v->model->storehouse.opened_by[house]) <= t;
        double least = is_open ? INFINITY : 0;
        for (numu_day day = numu_month_first_day(plan->month[at]);
             is_open && day <= numu_month_last_day(plan->month[at]); day++) {
            least = fmin(least, limit_on(v, house, day));
        }
        NUMU_TRY(numu_verify_most(v, "kind.break_limit", plan->storehouse[at], t,
                                  numu_verify_decimal(plan->limit_kg[at]), least, least, 1e-6));
    }
    return NUMU_OK;
}

/* Whether stock, an open order or a delivery brings an item to a site whatever is planned. */
static bool is_given(const struct numu_verify *v, numu_row item, numu_row site) {
    const struct numu_model *model = v->model;
    bool is_found = false;
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        is_found = is_found || (model->stock.item[row] == item && model->stock.site[row] == site &&
                                model->stock.quantity[row] > 0);
    }
    for (numu_row row = 0; row < model->open_order.head.count; row++) {
        numu_row process = model->open_order.process[row];
        is_found = is_found ||
                   (model->process.item[process] == item && model->process.site[process] == site &&
                    model->open_order.received[row] < model->open_order.quantity[row]);
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        is_found =
            is_found || (model->delivery.item[row] == item && model->delivery.site[row] == site &&
                         model->delivery.delivered[row] < model->delivery.quantity[row]);
    }
    return is_found;
}

/* Explosives lie where their class may; without a house only what nobody planned. */
static numu_status check_classes(struct numu_verify *v) {
    const struct numu_plan_housing *plan = &v->plan->housing;
    const struct numu_table_descriptor *houses = numu_schema_find(NUMU_TEXT("storehouse"));
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row item =
            numu_model_find(v->model, numu_schema_find(NUMU_TEXT("item")), plan->item[at]);
        numu_row site =
            numu_model_find(v->model, numu_schema_find(NUMU_TEXT("site")), plan->site[at]);
        numu_row house = plan->storehouse[at].length == 0
                             ? NUMU_NONE
                             : numu_model_find(v->model, houses, plan->storehouse[at]);
        if (item == NUMU_NONE || site == NUMU_NONE ||
            (house == NUMU_NONE && plan->storehouse[at].length > 0)) {
            continue; /* told already */
        }
        bool is_good = house == NUMU_NONE ? is_given(v, item, site) : may_lie(v, item, house);
        if (!is_good) {
            NUMU_TRY(numu_verify_break(v, "kind.break_housing", plan->item[at],
                                       (int64_t)plan->month[at] - v->start,
                                       numu_verify_quantity(plan->quantity[at]), 0));
        }
    }
    return NUMU_OK;
}

/* --- licences --- */

static bool is_void(const struct numu_table_licence *table, numu_row row) {
    return numu_text_is(table->status[row], "refused") ||
           numu_text_is(table->status[row], "revoked");
}

static bool says_nothing(const struct numu_table_licence *table, numu_row row) {
    return table->quantity[row] == NUMU_NO_NUMBER && table->issued[row] == NUMU_NO_DAY &&
           table->expires[row] == NUMU_NO_DAY && !is_void(table, row);
}

/* Whether a licence tells what it is about. */
static bool is_about(const struct numu_table_licence *table, numu_row row) {
    return table->item[row] != NUMU_NONE || table->agreement[row] != NUMU_NONE ||
           table->partner[row] != NUMU_NONE;
}

/* Licences that add up: of one kind, item, agreement, partner and country. */
static bool are_alike(const struct numu_table_licence *table, numu_row a, numu_row b) {
    return table->kind[a] == table->kind[b] && table->item[a] == table->item[b] &&
           table->agreement[a] == table->agreement[b] && table->partner[a] == table->partner[b] &&
           numu_text_is_equal(table->to_country[a], table->to_country[b]);
}

static bool is_free_or(numu_row wanted, numu_row row) {
    return wanted == NUMU_NONE || wanted == row;
}

static bool covers_process(const struct numu_verify *v, numu_row licence, numu_row process) {
    const struct numu_table_licence *table = &v->model->licence;
    const struct numu_table_process *of = &v->model->process;
    uint8_t kind = of->kind[process];
    bool is_its = (table->kind[licence] == numu_licence_kind_import &&
                   (kind == numu_process_kind_import || kind == numu_process_kind_purchase)) ||
                  (table->kind[licence] == numu_licence_kind_production &&
                   (kind == numu_process_kind_make || kind == numu_process_kind_assemble));
    return is_its && is_free_or(table->item[licence], of->item[process]) &&
           is_free_or(table->agreement[licence], of->agreement[process]) &&
           is_free_or(table->partner[licence], of->partner[process]);
}

static bool covers_demand(const struct numu_verify *v, numu_row licence, numu_row demand) {
    const struct numu_table_licence *table = &v->model->licence;
    numu_row customer = v->model->demand.customer[demand];
    struct numu_text country = v->model->customer.country[customer];
    uint8_t kind = v->model->customer.kind[customer];
    bool is_abroad = country.length > 0
                         ? !numu_text_is_equal(country, v->model->package.country[0])
                         : kind == numu_customer_kind_regional || kind == numu_customer_kind_export;
    return table->kind[licence] == numu_licence_kind_export && is_abroad &&
           table->item[licence] == v->model->demand.item[demand] &&
           (table->to_country[licence].length == 0 ||
            numu_text_is_equal(table->to_country[licence], country));
}

/* What is made or delivered in a month that a licence has to cover. */
static double covered(const struct numu_verify *v, numu_row licence, uint32_t t) {
    const struct numu_plan_service *service = &v->plan->service;
    double sum = 0;
    for (numu_row process = 0; process < v->model->process.head.count; process++) {
        sum += covers_process(v, licence, process) ? v->made[numu_verify_cell(v, process, t)] : 0;
    }
    for (numu_row at = 0; at < service->head.count; at++) {
        numu_row demand = service->month[at] != v->start + (numu_month)t
                              ? NUMU_NONE
                              : numu_model_find(v->model, numu_schema_find(NUMU_TEXT("demand")),
                                                service->demand[at]);
        sum += demand != NUMU_NONE && covers_demand(v, licence, demand)
                   ? numu_verify_quantity(service->served[at])
                   : 0;
    }
    return sum;
}

/* What the plan takes of a licence, and of those that add up with it, in a month. */
static double taken(const struct numu_verify *v, numu_row licence, uint32_t t) {
    const struct numu_plan_licence *plan = &v->plan->licence;
    double sum = 0;
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row row = plan->month[at] != v->start + (numu_month)t
                           ? NUMU_NONE
                           : numu_model_find(v->model, numu_schema_find(NUMU_TEXT("licence")),
                                             plan->licence[at]);
        bool counts = row != NUMU_NONE && are_alike(&v->model->licence, row, licence) &&
                      !is_void(&v->model->licence, row);
        sum += counts ? numu_verify_quantity(plan->quantity[at]) : 0;
    }
    return sum;
}

static numu_status check_licences(struct numu_verify *v) {
    const struct numu_table_licence *table = &v->model->licence;
    for (numu_row row = 0; row < table->head.count; row++) {
        bool binds = is_about(table, row); /* once for all that are alike */
        for (numu_row other = 0; other < table->head.count; other++) {
            binds = binds &&
                    !(are_alike(table, row, other) && (other < row || says_nothing(table, other)));
        }
        for (uint32_t t = 0; t < v->months && binds; t++) {
            double made = covered(v, row, t);
            NUMU_TRY(numu_verify_most(v, "kind.break_licence", table->id[row], t, made,
                                      taken(v, row, t), made, UNIT_STEP));
        }
    }
    return NUMU_OK;
}

numu_status numu_verify_bounds(struct numu_verify *v) {
    NUMU_TRY(check_ramps(v));
    NUMU_TRY(check_limits(v));
    NUMU_TRY(check_classes(v));
    return check_licences(v);
}
