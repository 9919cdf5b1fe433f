/*
 * indicator_means.c - capacity, people, storehouses; and on whom all of it depends.
 */
#include "plan/indicator_parts.h"

#include "model/abroad.h"

enum { LAST_MONTHS = 12 };

/* --- capacity --- */

static numu_status of_capacity(struct numu_indicators *in) {
    const struct numu_plan_hours *table = &in->plan->hours;
    numu_row resources = in->model->resource.head.count;
    size_t cells = (size_t)resources * (in->years + 1); /* the last is of the horizon */
    double *used;
    double *capacity;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &used, cells));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &capacity, cells));
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row resource = numu_map_find(&in->resource, table->resource[row]);
        uint32_t t = numu_indicator_month(in, table->month[row]);
        if (resource != NUMU_NONE && t < in->months) {
            size_t first = (size_t)resource * (in->years + 1);
            size_t year = first + numu_indicator_year(in, t);
            used[year] += numu_indicator_decimal(table->used[row]);
            used[first + in->years] += numu_indicator_decimal(table->used[row]);
            capacity[year] += numu_indicator_decimal(table->capacity[row]);
            capacity[first + in->years] += numu_indicator_decimal(table->capacity[row]);
        }
    }
    for (size_t cell = 0; cell < cells; cell++) {
        size_t year = cell % (in->years + 1);
        struct numu_indicator_row row =
            numu_indicator_of_one(numu_indicator_capacity_use, "resource",
                                  in->model->resource.id[cell / (in->years + 1)]);
        row.year = year < in->years ? in->first_year + (int64_t)year : NUMU_NO_NUMBER;
        numu_indicator_ratio(&row, used[cell], capacity[cell], "not_open");
        NUMU_TRY(numu_indicator_add(in, row));
    }
    return NUMU_OK;
}

/* --- people --- */

/* Most people of a trade at once on a resource: [resource × skills + skill]. */
static numu_status find_crews(struct numu_indicators *in, double **out) {
    const struct numu_table_operation *table = &in->model->operation;
    size_t skills = in->model->skill.head.count;
    NUMU_TRY(NUMU_TAKE(&in->scratch, out, in->model->resource.head.count * skills));
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->skill[row] != NUMU_NONE) {
            double people = numu_indicator_decimal(table->people[row]);
            double *most = &(*out)[table->resource[row] * skills + table->skill[row]];
            *most = people > *most ? people : *most;
        }
    }
    return NUMU_OK;
}

/* Hours of people that lines open in a month need at full use: need[skill × months + month]. */
static numu_status sum_needs(struct numu_indicators *in, double **out) {
    const struct numu_plan_hours *table = &in->plan->hours;
    size_t skills = in->model->skill.head.count;
    double *crews;
    NUMU_TRY(find_crews(in, &crews));
    NUMU_TRY(NUMU_TAKE(&in->scratch, out, skills * in->months));
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row resource = numu_map_find(&in->resource, table->resource[row]);
        uint32_t t = numu_indicator_month(in, table->month[row]);
        for (size_t skill = 0; resource != NUMU_NONE && t < in->months && skill < skills; skill++) {
            (*out)[skill * in->months + t] +=
                numu_indicator_decimal(table->capacity[row]) * crews[resource * skills + skill];
        }
    }
    return NUMU_OK;
}

static numu_status of_training(struct numu_indicators *in) {
    const struct numu_plan_people *people = &in->plan->people;
    numu_row skills = in->model->skill.head.count;
    double *need;
    double *gap;
    numu_month *worst;
    NUMU_TRY(sum_needs(in, &need));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &gap, skills));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &worst, skills));
    for (numu_row skill = 0; skill < skills; skill++) {
        gap[skill] = -INFINITY;
        worst[skill] = NUMU_NO_MONTH;
    }
    for (numu_row row = 0; row < people->head.count; row++) {
        numu_row skill = numu_map_find(&in->skill, people->skill[row]);
        uint32_t t = numu_indicator_month(in, people->month[row]);
        double staff = numu_indicator_decimal(people->staff[row]);
        double hours = numu_indicator_decimal(people->hours[row]);
        if (skill == NUMU_NONE || t >= in->months) {
            continue;
        }
        double each =
            staff > 0 ? hours / staff : numu_indicator_decimal(in->model->skill.hours_month[skill]);
        double wanted = need[(size_t)skill * in->months + t];
        double lacking = each > 0 ? wanted / each - staff : -INFINITY;
        if (wanted > 0 && lacking > gap[skill]) {
            gap[skill] = lacking;
            worst[skill] = people->month[row];
        }
    }
    for (numu_row skill = 0; skill < skills; skill++) {
        struct numu_indicator_row row =
            numu_indicator_of_one(numu_indicator_training_gap, "skill", in->model->skill.id[skill]);
        row.value = gap[skill];
        row.month = worst[skill];
        row.why = worst[skill] == NUMU_NO_MONTH ? "not_needed" : "";
        NUMU_TRY(numu_indicator_add(in, row));
    }
    return NUMU_OK;
}

static numu_status of_teaching(struct numu_indicators *in) {
    const struct numu_table_course *course = &in->model->course;
    const struct numu_plan_class *class = &in->plan->class;
    const struct numu_plan_people *people = &in->plan->people;
    double *students;
    double *teachers;
    bool *teaches;
    double all = 0;
    double abroad = 0;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &students, (size_t)in->months + 1));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &teachers, (size_t)in->months + 1));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &teaches, in->model->skill.head.count));
    for (numu_row row = 0; row < course->head.count; row++) {
        if (course->instructor_skill[row] != NUMU_NONE) {
            teaches[course->instructor_skill[row]] = true;
        }
    }
    for (numu_row row = 0; row < class->head.count; row++) {
        numu_row taught = numu_map_find(&in->course, class->course[row]);
        if (taught != NUMU_NONE) {
            double classes = numu_indicator_decimal(class->in_session[row]);
            bool is_abroad = numu_partner_is_abroad(in->model, course->partner[taught]);
            all += classes;
            abroad += is_abroad ? classes : 0;
            if (course->instructor_skill[taught] != NUMU_NONE) {
                students[numu_indicator_month(in, class->month[row])] +=
                    classes * numu_indicator_decimal(course->class_size[taught]);
            }
        }
    }
    for (numu_row row = 0; row < people->head.count; row++) {
        numu_row skill = numu_map_find(&in->skill, people->skill[row]);
        if (skill != NUMU_NONE && teaches[skill]) {
            teachers[numu_indicator_month(in, people->month[row])] +=
                numu_indicator_decimal(people->staff[row]);
        }
    }
    uint32_t most = 0;
    for (uint32_t t = 1; t < in->months; t++) {
        most = students[t] > students[most] ? t : most;
    }
    struct numu_indicator_row row = numu_indicator_of(numu_indicator_instructor_ratio);
    numu_indicator_ratio(&row, students[most], teachers[most],
                         students[most] > 0 ? "no_instructor" : "no_class");
    row.month = students[most] > 0 ? in->start + (numu_month)most : NUMU_NO_MONTH;
    row.why = students[most] > 0 ? row.why : "no_class";
    NUMU_TRY(numu_indicator_add(in, row));
    row = numu_indicator_of(numu_indicator_foreign_teaching);
    numu_indicator_ratio(&row, abroad, all, "no_class");
    return numu_indicator_add(in, row);
}

static numu_status of_jobs(struct numu_indicators *in) {
    const struct numu_plan_people *people = &in->plan->people;
    const struct numu_plan_payment *payment = &in->plan->payment;
    uint32_t last = in->months < LAST_MONTHS ? in->months : LAST_MONTHS;
    double work = 0;
    double capital = 0;
    for (numu_row row = 0; row < people->head.count; row++) {
        uint32_t t = numu_indicator_month(in, people->month[row]);
        double hours = numu_indicator_decimal(people->hours[row]);
        if (t < in->months && t >= in->months - last && hours > 0) {
            work += numu_indicator_decimal(people->staff[row]) *
                    numu_indicator_decimal(people->used[row]) / hours;
        }
    }
    for (numu_row row = 0; row < payment->head.count; row++) {
        bool is_capital = payment->kind[row] == numu_cost_kind_capital;
        capital += is_capital ? numu_indicator_money(in, payment->amount[row]) : 0;
    }
    struct numu_indicator_row row = numu_indicator_of(numu_indicator_jobs);
    row.value = work / last;
    NUMU_TRY(numu_indicator_add(in, row));
    row = numu_indicator_of(numu_indicator_capital_a_job);
    numu_indicator_ratio(&row, capital, work / last, "nobody");
    return numu_indicator_add(in, row);
}

/* --- storehouses --- */

static numu_status of_storage(struct numu_indicators *in) {
    const struct numu_plan_store *table = &in->plan->store;
    numu_row houses = in->model->storehouse.head.count;
    double *fullest;
    numu_month *worst;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &fullest, houses));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &worst, houses));
    for (numu_row house = 0; house < houses; house++) {
        fullest[house] = -1;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row house = numu_map_find(&in->storehouse, table->storehouse[row]);
        double limit = numu_indicator_decimal(table->limit_kg[row]);
        double share = limit > 0 ? numu_indicator_decimal(table->neq_kg[row]) / limit : -1;
        if (house != NUMU_NONE && share > fullest[house]) {
            fullest[house] = share;
            worst[house] = table->month[row];
        }
    }
    for (numu_row house = 0; house < houses; house++) {
        struct numu_indicator_row row = numu_indicator_of_one(
            numu_indicator_storage_headroom, "storehouse", in->model->storehouse.id[house]);
        row.value = 1 - fullest[house];
        row.month = fullest[house] < 0 ? NUMU_NO_MONTH : worst[house];
        row.why = fullest[house] < 0 ? "no_limit" : "";
        NUMU_TRY(numu_indicator_add(in, row));
    }
    return NUMU_OK;
}

numu_status numu_indicators_of_means(struct numu_indicators *in) {
    NUMU_TRY(of_capacity(in));
    NUMU_TRY(of_training(in));
    NUMU_TRY(of_teaching(in));
    NUMU_TRY(of_jobs(in));
    return of_storage(in);
}

/* --- partners --- */

static numu_status of_shares(struct numu_indicators *in, double *share) {
    const struct numu_plan_production *table = &in->plan->production;
    numu_row partners = in->model->partner.head.count;
    double all = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row process = numu_map_find(&in->process, table->process[row]);
        if (process != NUMU_NONE && numu_process_is_foreign(in->model, process)) {
            numu_row partner = in->model->process.partner[process];
            double cost = numu_indicator_money(in, table->cost[row]);
            share[partner == NUMU_NONE ? partners : partner] += cost;
            all += cost;
        }
    }
    double squares = 0;
    for (numu_row partner = 0; partner <= partners; partner++) {
        share[partner] = all > 0 ? share[partner] / all : 0;
        squares += share[partner] * share[partner];
        struct numu_indicator_row row = numu_indicator_of_one(
            numu_indicator_partner_share, "partner",
            partner == partners ? NUMU_TEXT("") : in->model->partner.id[partner]);
        numu_indicator_ratio(&row, share[partner], all > 0 ? 1 : 0, "no_imports");
        if (partner < partners || share[partner] > 0) {
            NUMU_TRY(numu_indicator_add(in, row));
        }
    }
    struct numu_indicator_row row = numu_indicator_of(numu_indicator_herfindahl);
    numu_indicator_ratio(&row, squares, all > 0 ? 1 : 0, "no_imports");
    return numu_indicator_add(in, row);
}

/*
 * Items that can be come by without a partner (NUMU_NONE: with all): some usable process yields
 * them whose inputs can be come by. What lies in stock does not count, for it is used up.
 */
static void find_reachable(const struct numu_indicators *in, numu_row partner, bool *lacks,
                           bool *item) {
    const struct numu_model *model = in->model;
    for (numu_row row = 0; row < model->item.head.count; row++) {
        item[row] = false;
    }
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (numu_row row = 0; row < model->process.head.count; row++) {
            lacks[row] = false;
        }
        for (numu_row row = 0; row < model->input.head.count; row++) {
            lacks[model->input.process[row]] |= !item[model->input.item[row]];
        }
        for (numu_row row = 0; row < model->process.head.count; row++) {
            bool is_theirs = partner != NUMU_NONE && model->process.partner[row] == partner;
            if (in->is_usable[row] && !is_theirs && !lacks[row] &&
                !item[model->process.item[row]]) {
                item[model->process.item[row]] = true;
                has_changed = true;
            }
        }
    }
}

static double worth_of(const struct numu_indicators *in, numu_row demand) {
    const struct numu_table_demand *table = &in->model->demand;
    const struct numu_table_item *item = &in->model->item;
    double each =
        table->unit_value[demand] == NUMU_NO_NUMBER
            ? numu_indicator_price(in, item->standard_cost[table->item[demand]],
                                   item->currency[table->item[demand]])
            : numu_indicator_price(in, table->unit_value[demand], table->currency[demand]);
    return each * numu_indicator_quantity(table->quantity[demand]);
}

static double worth_reachable(const struct numu_indicators *in, const bool *item) {
    double sum = 0;
    for (numu_row row = 0; row < in->model->demand.head.count; row++) {
        sum += item[in->model->demand.item[row]] ? worth_of(in, row) : 0;
    }
    return sum;
}

static numu_status of_partners(struct numu_indicators *in) {
    const struct numu_table_partner *partner = &in->model->partner;
    double *share;
    bool *lacks;
    bool *item;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &share, (size_t)partner->head.count + 1));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &lacks, in->model->process.head.count));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &item, in->model->item.head.count));
    NUMU_TRY(of_shares(in, share));
    find_reachable(in, NUMU_NONE, lacks, item);
    double all = worth_reachable(in, item);
    numu_row critical = NUMU_NONE;
    double worst = -1;
    for (numu_row row = 0; row < partner->head.count; row++) {
        struct numu_indicator_row figure =
            numu_indicator_of_one(numu_indicator_sole_source, "partner", partner->id[row]);
        find_reachable(in, row, lacks, item);
        double lost = all - worth_reachable(in, item);
        numu_indicator_ratio(&figure, lost, all, "no_demand");
        NUMU_TRY(numu_indicator_add(in, figure));
        if (all > 0 && (lost / all > worst || (!(lost / all < worst) && critical != NUMU_NONE &&
                                               share[row] > share[critical]))) {
            critical = row;
            worst = lost / all;
        }
    }
    struct numu_indicator_row row =
        numu_indicator_of_one(numu_indicator_critical_partner, "partner",
                              critical == NUMU_NONE ? NUMU_TEXT("") : partner->id[critical]);
    row.value = worst;
    row.why = critical == NUMU_NONE ? "no_demand" : "";
    return numu_indicator_add(in, row);
}

/* --- lead times --- */

/* Calendar days from start to yield. */
static double lead_days(const struct numu_indicators *in, numu_row process) {
    const struct numu_table_process *table = &in->model->process;
    uint8_t kind = table->kind[process];
    bool is_worked = kind == numu_process_kind_make || kind == numu_process_kind_assemble ||
                     kind == numu_process_kind_repair;
    int days_a_week = numu_calendar_get(in->calendars, in->model, NUMU_NONE)->days_a_week;
    double days = numu_indicator_decimal(table->lead_time_days[process]);
    return is_worked ? days * 7 / days_a_week : days;
}

/* Least days in which an item can be had at a site from nothing: [item × sites + site]. */
static numu_status find_leads(struct numu_indicators *in, double **out) {
    const struct numu_model *model = in->model;
    size_t sites = model->site.head.count;
    size_t places = model->item.head.count * sites;
    double *inputs; /* by process: days until the last of its inputs is there */
    NUMU_TRY(NUMU_TAKE(&in->scratch, out, places));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &inputs, model->process.head.count));
    for (size_t place = 0; place < places; place++) {
        (*out)[place] = INFINITY;
    }
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (numu_row row = 0; row < model->process.head.count; row++) {
            inputs[row] = 0;
        }
        for (numu_row row = 0; row < model->input.head.count; row++) {
            numu_row process = model->input.process[row];
            double there = (*out)[model->input.item[row] * sites + model->process.site[process]];
            inputs[process] = there > inputs[process] ? there : inputs[process];
        }
        for (numu_row row = 0; row < model->process.head.count; row++) {
            double made = in->is_usable[row] ? inputs[row] + lead_days(in, row) : INFINITY;
            for (size_t site = 0; site < sites; site++) {
                double there = made + in->ways.days[model->process.site[row] * sites + site];
                double *best = &(*out)[model->process.item[row] * sites + site];
                if (there < *best - 1e-9) {
                    *best = there;
                    has_changed = true;
                }
            }
        }
    }
    return NUMU_OK;
}

static numu_status of_leads(struct numu_indicators *in) {
    const struct numu_model *model = in->model;
    size_t sites = model->site.head.count;
    double *leads;
    double *item;
    bool *is_wanted;
    numu_row longest = NUMU_NONE;
    NUMU_TRY(find_leads(in, &leads));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &item, model->item.head.count));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &is_wanted, model->item.head.count));
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        numu_row wanted = model->demand.item[row];
        double days = leads[wanted * sites + model->demand.site[row]];
        is_wanted[wanted] = true;
        item[wanted] = days > item[wanted] ? days : item[wanted];
    }
    for (numu_row row = 0; row < model->item.head.count; row++) {
        if (is_wanted[row]) {
            struct numu_indicator_row figure =
                numu_indicator_of_one(numu_indicator_lead_time, "item", model->item.id[row]);
            figure.value = item[row];
            figure.why = isinf(item[row]) ? "no_way" : "";
            NUMU_TRY(numu_indicator_add(in, figure));
            bool is_longer = longest == NUMU_NONE || item[row] > item[longest];
            longest = is_longer && !isinf(item[row]) ? row : longest;
        }
    }
    struct numu_indicator_row row =
        numu_indicator_of_one(numu_indicator_longest_lead, "item",
                              longest == NUMU_NONE ? NUMU_TEXT("") : model->item.id[longest]);
    row.value = longest == NUMU_NONE ? NAN : item[longest];
    row.why = longest == NUMU_NONE ? "no_demand" : "";
    return numu_indicator_add(in, row);
}

numu_status numu_indicators_of_dependence(struct numu_indicators *in) {
    NUMU_TRY(of_partners(in));
    return of_leads(in);
}
