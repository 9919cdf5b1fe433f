/*
 * totals.c - sums over a plan's rows.
 */
#include "view/totals.h"

#include <math.h>

/* "No value" adds nothing. */
static numu_status add(int64_t *sum, int64_t value) {
    return value == NUMU_NO_NUMBER ? NUMU_OK : numu_add(*sum, value, sum);
}

/* --- names in order of first appearance --- */

struct names {
    struct numu_text *keys;
    struct numu_map map;
    uint32_t count;
};

static numu_status names_init(struct names *names, struct numu_arena *arena, size_t count_max) {
    names->count = 0;
    NUMU_TRY(NUMU_TAKE(arena, &names->keys, count_max));
    return numu_map_init(&names->map, arena, names->keys, count_max);
}

/* The number of a name, a new one where it was not seen before. */
static uint32_t names_number(struct names *names, struct numu_text name) {
    numu_row row = numu_map_find(&names->map, name);
    if (row != NUMU_NONE) {
        return row;
    }
    names->keys[names->count] = name;
    (void)numu_map_add(&names->map, names->count);
    return names->count++;
}

/* --- years --- */

struct span {
    numu_month first, last;
};

static void widen(struct span *span, const numu_month *months, numu_row count) {
    for (numu_row row = 0; row < count; row++) {
        if (months[row] == NUMU_NO_MONTH) {
            continue;
        }
        span->first = months[row] < span->first ? months[row] : span->first;
        span->last = months[row] > span->last ? months[row] : span->last;
    }
}

static int32_t year_of(numu_month month) {
    return numu_day_date(numu_month_first_day(month)).year;
}

static numu_status find_years(const struct numu_plan *plan, struct numu_years *out) {
    struct span span = {INT32_MAX, INT32_MIN};
    widen(&span, plan->production.month, plan->production.head.count);
    widen(&span, plan->purse.month, plan->purse.head.count);
    widen(&span, plan->payment.month, plan->payment.head.count);
    widen(&span, plan->service.month, plan->service.head.count);
    widen(&span, plan->hours.month, plan->hours.head.count);
    int64_t first = span.last == INT32_MIN ? INT32_MAX : year_of(span.first);
    int64_t last = span.last == INT32_MIN ? INT32_MIN : year_of(span.last);
    for (numu_row row = 0; row < plan->import_bill.head.count; row++) {
        int64_t year = plan->import_bill.year[row];
        if (year < NUMU_YEAR_MIN || year > NUMU_YEAR_MAX) {
            continue;
        }
        first = year < first ? year : first;
        last = year > last ? year : last;
    }
    if (last < first) {
        *out = (struct numu_years){0, 0};
        return NUMU_OK;
    }
    if (last - first >= NUMU_TOTALS_YEARS_MAX) {
        return NUMU_LIMIT;
    }
    *out = (struct numu_years){(int32_t)first, (uint32_t)(last - first + 1)};
    return NUMU_OK;
}

uint32_t numu_years_of_year(struct numu_years years, int64_t year) {
    bool is_within = year >= years.first && year - years.first < (int64_t)years.count;
    return is_within ? (uint32_t)(year - years.first) : years.count;
}

uint32_t numu_years_of_month(struct numu_years years, numu_month month) {
    return month == NUMU_NO_MONTH ? years.count : numu_years_of_year(years, year_of(month));
}

/* --- groups of items --- */

struct items {
    struct names names; /* of items */
    uint32_t *group;    /* by item */
};

static uint32_t group_number(struct numu_totals *totals, uint8_t family, struct numu_text unit) {
    uint32_t number = 0;
    while (number < totals->group_count &&
           (totals->groups[number].family != family ||
            !numu_text_is_equal(totals->groups[number].unit, unit))) {
        number++;
    }
    if (number == totals->group_count) {
        totals->groups[number].family = family;
        totals->groups[number].unit = unit;
        totals->group_count++;
    }
    return number;
}

static numu_status build_items(const struct numu_plan *plan, struct numu_arena *arena,
                               struct numu_totals *totals, struct items *items) {
    const struct numu_plan_item *item = &plan->item;
    size_t count = (size_t)item->head.count + 1;
    NUMU_TRY(names_init(&items->names, arena, count));
    NUMU_TRY(NUMU_TAKE(arena, &items->group, count));
    NUMU_TRY(NUMU_TAKE(arena, &totals->groups, count));
    for (numu_row row = 0; row < item->head.count; row++) {
        items->group[names_number(&items->names, item->id[row])] =
            group_number(totals, item->family[row], item->unit[row]);
    }
    for (uint32_t g = 0; g < totals->group_count; g++) {
        NUMU_TRY(NUMU_TAKE(arena, &totals->groups[g].made,
                           (size_t)numu_process_kind_count * (totals->years.count + 1)));
    }
    return NUMU_OK;
}

/* The group of an item; NULL where the plan does not list it. */
static struct numu_group *group_of(struct numu_totals *totals, const struct items *items,
                                   struct numu_text item) {
    numu_row row = numu_map_find(&items->names.map, item);
    return row == NUMU_NONE ? NULL : &totals->groups[items->group[row]];
}

static numu_status add_production(const struct numu_plan *plan, struct numu_totals *totals,
                                  const struct items *items) {
    const struct numu_plan_production *from = &plan->production;
    for (numu_row row = 0; row < from->head.count; row++) {
        struct numu_group *group = group_of(totals, items, from->item[row]);
        uint32_t year = numu_years_of_month(totals->years, from->month[row]);
        if (group != NULL && year < totals->years.count) {
            NUMU_TRY(add(&group->made[from->kind[row] * totals->years.count + year],
                         from->quantity[row]));
        }
    }
    return NUMU_OK;
}

/* --- demand --- */

static bool is_some(numu_quantity quantity) {
    return quantity != NUMU_NO_NUMBER && quantity > 0;
}

static numu_status add_demand(const struct numu_plan *plan, struct numu_arena *arena,
                              struct numu_totals *totals, const struct items *items) {
    const struct numu_plan_demand *from = &plan->demand;
    struct names names;
    NUMU_TRY(names_init(&names, arena, from->head.count));
    NUMU_TRY(NUMU_TAKE(arena, &totals->customers, from->head.count));
    for (numu_row row = 0; row < from->head.count; row++) {
        struct numu_group *group = group_of(totals, items, from->item[row]);
        if (group != NULL) {
            group->is_wanted = true;
            NUMU_TRY(add(&group->wanted, from->quantity[row]));
            NUMU_TRY(add(&group->on_time, from->on_time[row]));
            NUMU_TRY(add(&group->late, from->late[row]));
            NUMU_TRY(add(&group->unmet, from->unmet[row]));
        }
        struct numu_customer_total *customer =
            &totals->customers[names_number(&names, from->customer[row])];
        bool is_unmet = is_some(from->unmet[row]);
        bool is_late = !is_unmet && is_some(from->late[row]);
        customer->id = from->customer[row];
        customer->kind = from->customer_kind[row];
        customer->rows++;
        customer->unmet += is_unmet;
        customer->late += is_late;
        customer->on_time += !is_unmet && !is_late;
        totals->demand_rows++;
        totals->demand_unmet += is_unmet;
        totals->demand_late += is_late;
        totals->demand_on_time += !is_unmet && !is_late;
    }
    totals->customer_count = names.count;
    return NUMU_OK;
}

/* --- money --- */

static numu_status add_purses(const struct numu_plan *plan, struct numu_arena *arena,
                              struct numu_totals *totals) {
    const struct numu_plan_purse *from = &plan->purse;
    struct names names;
    NUMU_TRY(names_init(&names, arena, from->head.count));
    NUMU_TRY(NUMU_TAKE(arena, &totals->funds, from->head.count));
    for (numu_row row = 0; row < from->head.count; row++) {
        uint32_t number = names_number(&names, from->fund[row]);
        struct numu_fund_total *fund = &totals->funds[number];
        if (number == totals->fund_count) {
            fund->id = from->fund[row];
            NUMU_TRY(NUMU_TAKE(arena, &fund->year_spent, totals->years.count));
            NUMU_TRY(NUMU_TAKE(arena, &fund->year_gap, totals->years.count));
            totals->fund_count++;
        }
        uint32_t year = numu_years_of_month(totals->years, from->month[row]);
        NUMU_TRY(add(&fund->budget, from->budget[row]));
        NUMU_TRY(add(&fund->spent, from->spent[row]));
        NUMU_TRY(add(&fund->gap, from->gap[row]));
        NUMU_TRY(add(&totals->gap, from->gap[row]));
        if (year < totals->years.count) {
            NUMU_TRY(add(&fund->year_spent[year], from->spent[row]));
            NUMU_TRY(add(&fund->year_gap[year], from->gap[row]));
        }
        if (from->left[row] != NUMU_NO_NUMBER) {
            fund->left = from->left[row]; /* rows come in order of month: the last one stays */
        }
    }
    return NUMU_OK;
}

static numu_status add_imports(const struct numu_plan *plan, struct numu_totals *totals) {
    const struct numu_plan_import_bill *from = &plan->import_bill;
    for (numu_row row = 0; row < from->head.count; row++) {
        NUMU_TRY(add(&totals->import_without, from->without[row]));
        NUMU_TRY(add(&totals->import_finished, from->finished[row]));
        NUMU_TRY(add(&totals->import_kits, from->kits[row]));
        NUMU_TRY(add(&totals->import_capital, from->capital[row]));
    }
    return NUMU_OK;
}

static numu_status add_evidence(const struct numu_plan *plan, struct numu_totals *totals) {
    const struct numu_plan_evidence *from = &plan->evidence;
    for (numu_row row = 0; row < from->head.count; row++) {
        NUMU_TRY(add(&totals->evidence, from->amount[row]));
        NUMU_TRY(add(&totals->evidence_by_basis[from->basis[row]], from->amount[row]));
    }
    return NUMU_OK;
}

/* --- resources --- */

static double use_of(const struct numu_resource_total *resource) {
    return resource->capacity > 0 ? (double)resource->used / (double)resource->capacity : 0;
}

static bool binds_more(const struct numu_resource_total *a, const struct numu_resource_total *b) {
    return a->worth > b->worth || (!(a->worth < b->worth) && use_of(a) > use_of(b));
}

static void sort_resources(struct numu_resource_total *list, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        struct numu_resource_total moved = list[i];
        uint32_t to = i;
        for (; to > 0 && binds_more(&moved, &list[to - 1]); to--) {
            list[to] = list[to - 1];
        }
        list[to] = moved;
    }
}

static numu_status add_hours(const struct numu_plan *plan, struct numu_arena *arena,
                             struct numu_totals *totals) {
    const struct numu_plan_hours *from = &plan->hours;
    struct names names;
    NUMU_TRY(names_init(&names, arena, from->head.count));
    NUMU_TRY(NUMU_TAKE(arena, &totals->resources, from->head.count));
    for (numu_row row = 0; row < from->head.count; row++) {
        struct numu_resource_total *resource =
            &totals->resources[names_number(&names, from->resource[row])];
        bool is_open = is_some(from->capacity[row]);
        resource->id = from->resource[row];
        resource->months += is_open;
        resource->full_months += is_open && from->used[row] != NUMU_NO_NUMBER &&
                                 from->used[row] >= from->capacity[row] - from->capacity[row] / 200;
        NUMU_TRY(add(&resource->capacity, from->capacity[row]));
        NUMU_TRY(add(&resource->used, from->used[row]));
        if (!isnan(from->worth[row]) && from->worth[row] > resource->worth) {
            resource->worth = from->worth[row];
            resource->worth_month = from->month[row];
        }
    }
    totals->resource_count = names.count;
    sort_resources(totals->resources, totals->resource_count);
    return NUMU_OK;
}

/* --- all of it --- */

numu_status numu_totals_build(const struct numu_plan *plan, struct numu_arena *arena,
                              struct numu_totals *out) {
    struct numu_totals totals = {.gap = 0};
    struct items items;
    NUMU_TRY(find_years(plan, &totals.years));
    NUMU_TRY(build_items(plan, arena, &totals, &items));
    NUMU_TRY(add_production(plan, &totals, &items));
    NUMU_TRY(add_demand(plan, arena, &totals, &items));
    NUMU_TRY(add_purses(plan, arena, &totals));
    NUMU_TRY(add_imports(plan, &totals));
    NUMU_TRY(add_evidence(plan, &totals));
    NUMU_TRY(add_hours(plan, arena, &totals));
    for (numu_row row = 0; row < plan->promise.head.count; row++) {
        totals.promises_kept +=
            plan->promise.days_late[row] != NUMU_NO_NUMBER && plan->promise.days_late[row] <= 0;
    }
    *out = totals;
    return NUMU_OK;
}
