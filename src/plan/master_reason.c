/*
 * master_reason.c - why: what each lateness, gap, unpaid upkeep and import comes from.
 *
 * The dual of a row, in the stage that decided, is what one more unit of its bound would save there
 * (solve/lp.h [L2]). For a demand that is late the rows on the way to it are looked at: of all
 * processes, routes, storehouses, trades and funds that it, or what it is made of, may use. They
 * are ranked by what their whole bound is worth; what is worth nothing binds nothing.
 * [Q1] A reason names months in which it binds, worth (one more unit in each of them, in the
 *      stage's measure) and share (worth × bound), both of the optimum that was found: at a
 *      degenerate one the other side may be worth less. The re-solve of numu_master_confirm tells.
 * [Q2] What is not open yet has no dual. It is named with the month it opens and what opens it.
 * [Q3] Where no row on the way has a dual, either something cannot be had at all by then (no_way:
 *      it is named), or rows bind in a stage before this one, or the duals say that more of any one
 *      thing saves nothing (together).
 */
#include "plan/master_problem.h"

#include <math.h>
#include <string.h>

/* Duals below this in the solver's units are rounding. */
#define BINDS 1e-7

enum { REASONS_EACH = 4 };

/* What is on the way to something. */
struct way {
    struct numu_master *master;
    uint32_t stage, first, last; /* months first … last count */
    uint32_t *stack;             /* places to look at */
    bool *place, *process, *resource, *skill, *route, *house, *permit;
    bool kind[numu_cost_kind_count];
    struct numu_master_reason found[REASONS_EACH];
    size_t found_count;
    struct numu_master_reason about; /* subject and row of what is explained */
};

/* --- what binds --- */

static double dual_of(const struct way *way, numu_lp_row row) {
    const struct numu_master_stage *stage = &way->master->stage[way->stage];
    double dual = stage->row_dual == NULL ? 0 : stage->row_dual[row];
    return fabs(dual) <= BINDS
               ? 0
               : fabs(dual) * stage->unit / numu_master_row_key(way->master, row)->unit;
}

/* What a higher upper bound of a column would save. */
static double bound_worth(const struct way *way, numu_lp_column column) {
    const struct numu_master_stage *stage = &way->master->stage[way->stage];
    double dual = stage->col_dual == NULL ? 0 : stage->col_dual[column];
    return dual >= -BINDS ? 0
                          : -dual * stage->unit / numu_master_column_key(way->master, column)->unit;
}

static void add_month(struct numu_master_reason *reason, uint32_t t, double worth, double bound) {
    if (worth <= 0) {
        return;
    }
    reason->from = reason->until == NUMU_NONE ? t : reason->from;
    reason->until = t;
    reason->worth += worth;
    reason->share += worth * fmax(0, bound);
}

static struct numu_master_reason blank(const struct way *way, numu_master_bind binds,
                                       numu_row name) {
    struct numu_master_reason reason = way->about;
    reason.stage = way->stage;
    reason.binds = binds;
    reason.name = name;
    reason.from = NUMU_NONE;
    reason.until = NUMU_NONE;
    reason.confirmed = NAN;
    return reason;
}

/* Keeps the reasons of greatest share, the first of equals first. */
static void keep(struct way *way, const struct numu_master_reason *reason) {
    if (reason->until == NUMU_NONE) {
        return;
    }
    size_t at = way->found_count;
    while (at > 0 && way->found[at - 1].share < reason->share) {
        at--;
    }
    if (at == REASONS_EACH) {
        return;
    }
    size_t moved = way->found_count < REASONS_EACH ? way->found_count : REASONS_EACH - 1;
    for (size_t i = moved; i > at; i--) {
        way->found[i] = way->found[i - 1];
    }
    way->found[at] = *reason;
    way->found_count = moved + 1;
}

static void judge_resources(struct way *way) {
    const struct numu_master *master = way->master;
    for (numu_row row = 0; row < master->model->resource.head.count; row++) {
        struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_HOURS, row);
        for (uint32_t t = way->first; t <= way->last && way->resource[row]; t++) {
            numu_lp_row hours = master->hours_row[numu_master_cell(master, row, t)];
            if (hours != NUMU_NONE) {
                add_month(&reason, t, dual_of(way, hours),
                          numu_master_decimal(master->resource[row].capacity[t]));
            }
        }
        keep(way, &reason);
    }
}

static void judge_skill(struct way *way, numu_row row) {
    const struct numu_master *master = way->master;
    const struct numu_master_skill *skill = &master->skill[row];
    struct numu_master_reason work = blank(way, NUMU_MASTER_BINDS_WORK, row);
    struct numu_master_reason hire = blank(way, NUMU_MASTER_BINDS_HIRE, row);
    for (uint32_t t = way->first; t <= way->last; t++) {
        add_month(&work, t, dual_of(way, skill->hours_row + t),
                  skill->hours[t] * master->value[skill->staff + t]);
        add_month(&hire, t, bound_worth(way, skill->hire + t),
                  numu_master_decimal(master->model->skill.hire_max_month[row]));
    }
    keep(way, &work);
    keep(way, &hire);
    for (numu_row course = 0; course < master->model->course.head.count; course++) {
        struct numu_master_reason room = blank(way, NUMU_MASTER_BINDS_ROOM, course);
        bool is_of = master->model->course.skill_out[course] == row &&
                     master->course[course].at_once != NUMU_NONE;
        for (uint32_t t = way->first; t <= way->last && is_of; t++) {
            add_month(&room, t, dual_of(way, master->course[course].at_once + t),
                      numu_master_decimal(master->model->course.classes_max[course]));
        }
        keep(way, &room);
    }
}

static void judge_houses(struct way *way) {
    const struct numu_master *master = way->master;
    for (numu_row row = 0; row < master->model->storehouse.head.count; row++) {
        const struct numu_master_house *house = &master->house[row];
        struct numu_master_reason neq = blank(way, NUMU_MASTER_BINDS_NEQ, row);
        struct numu_master_reason volume = blank(way, NUMU_MASTER_BINDS_VOLUME, row);
        for (uint32_t t = way->first; t <= way->last && way->house[row]; t++) {
            add_month(&neq, t, dual_of(way, house->neq_row + t), house->limit[t]);
            if (house->volume_row != NUMU_NONE) {
                add_month(&volume, t, dual_of(way, house->volume_row + t),
                          numu_master_decimal(master->model->storehouse.capacity_m3[row]));
            }
        }
        keep(way, &neq);
        keep(way, &volume);
    }
}

static void judge_routes(struct way *way) {
    const struct numu_master *master = way->master;
    for (numu_row row = 0; row < master->model->route.head.count; row++) {
        struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_ROUTE, row);
        bool is_limited = way->route[row] && master->carry_row[row] != NUMU_NONE;
        for (uint32_t t = way->first; t <= way->last && is_limited; t++) {
            add_month(&reason, t, dual_of(way, master->carry_row[row] + t),
                      numu_master_decimal(master->model->route.capacity_kg_month[row]));
        }
        keep(way, &reason);
    }
}

static void judge_licences(struct way *way) {
    const struct numu_master *master = way->master;
    for (numu_row row = 0; row < master->model->licence.head.count; row++) {
        const struct numu_master_licence *licence = &master->licence[row];
        struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_LICENCE, row);
        if (licence->permit == NUMU_NONE || licence->use == NUMU_NONE ||
            !way->permit[licence->permit]) {
            continue;
        }
        for (uint32_t t = way->first; t <= way->last; t++) {
            bool is_in_force = t >= licence->first && t < licence->end;
            add_month(&reason, t, dual_of(way, master->permit[licence->permit].row + t),
                      is_in_force ? master->value[licence->use + t - licence->first] : 0);
        }
        keep(way, &reason);
    }
}

static void judge_funds(struct way *way) {
    const struct numu_master *master = way->master;
    for (numu_row fund = 0; fund < master->model->fund.head.count; fund++) {
        struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_FUND, fund);
        bool pays = false;
        for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
            pays = pays || (way->kind[kind] &&
                            master->pay[fund * numu_cost_kind_count + kind] != NUMU_NONE);
        }
        for (uint32_t t = way->first; t <= way->last && pays; t++) {
            size_t cell = numu_master_cell(master, fund, t);
            add_month(&reason, t, dual_of(way, master->fund_row + (numu_lp_row)cell),
                      master->budget[cell]);
        }
        keep(way, &reason);
    }
}

/* Caps of a month, the ramp's included. */
static void judge_processes(struct way *way) {
    const struct numu_master *master = way->master;
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_CAP, row);
        for (uint32_t t = way->first; t <= way->last && way->process[row]; t++) {
            numu_lp_column make = master->make[numu_master_cell(master, row, t)];
            if (make != NUMU_NONE) {
                add_month(&reason, t, bound_worth(way, make), master->value[make]);
            }
        }
        keep(way, &reason);
    }
}

/* What one more unit is worth that whole lots do not allow. */
static double lot_worth(const struct way *way, numu_row process, uint32_t t) {
    const struct numu_master_lots *lots = numu_master_whole_lots(way->master, process, t);
    if (lots == NULL) {
        return 0;
    }
    double most = lots->is_begun ? dual_of(way, lots->most_row + t - lots->first) : 0;
    double whole = lots->multiple > 0 ? dual_of(way, lots->whole_row + t - lots->first) : 0;
    return fmax(most, whole);
}

static void judge_lots(struct way *way) {
    const struct numu_master *master = way->master;
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_LOT, row);
        for (uint32_t t = way->first; t <= way->last && way->process[row]; t++) {
            add_month(&reason, t, lot_worth(way, row, t), numu_master_lot_least(master, row));
        }
        keep(way, &reason);
    }
}

/* --- the way --- */

static void go_to(struct way *way, uint32_t place, size_t *depth) {
    if (place != NUMU_NONE && !way->place[place]) {
        way->place[place] = true;
        way->stack[(*depth)++] = place;
    }
}

static void mark_process(struct way *way, numu_row row, size_t *depth) {
    const struct numu_master *master = way->master;
    const struct numu_model *model = master->model;
    way->process[row] = true;
    way->kind[numu_master_cost_kind((numu_process_kind)model->process.kind[row])] = true;
    way->kind[numu_cost_kind_royalty] |= model->process.royalty[row] > 0;
    for (uint32_t i = master->operations.start[row]; i < master->operations.start[row + 1]; i++) {
        numu_row line = master->operations.row[i];
        way->resource[model->operation.resource[line]] = true;
        if (model->operation.skill[line] != NUMU_NONE) {
            way->skill[model->operation.skill[line]] = true;
            way->kind[numu_cost_kind_wage] = true;
            way->kind[numu_cost_kind_training] = true;
        }
    }
    for (uint32_t n = 0; n < master->permit_count; n++) {
        way->permit[n] |= numu_master_permit_covers(master, &master->permit[n], row, NUMU_NONE);
    }
    for (uint32_t i = master->inputs.start[row]; i < master->inputs.start[row + 1]; i++) {
        go_to(way,
              numu_master_place_find(master, model->input.item[master->inputs.row[i]],
                                     model->process.site[row]),
              depth);
    }
}

static void mark_place(struct way *way, uint32_t place, size_t *depth) {
    const struct numu_master *master = way->master;
    const struct numu_master_place *at = &master->place[place];
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        if (master->model->process.item[row] == at->item &&
            master->model->process.site[row] == at->site) {
            mark_process(way, row, depth);
        }
    }
    for (uint32_t n = 0; n < master->shipping_count; n++) {
        if (master->shipping[n].to == place) {
            way->route[master->shipping[n].route] = true;
            way->kind[numu_cost_kind_freight] = true;
            go_to(way, master->shipping[n].from, depth);
        }
    }
    for (uint32_t n = 0; n < master->put_count; n++) {
        way->house[master->put[n].storehouse] |= master->put[n].place == place;
    }
}

static void walk_from(struct way *way, uint32_t place) {
    size_t depth = 0;
    go_to(way, place, &depth);
    while (depth > 0) {
        mark_place(way, way->stack[--depth], &depth);
    }
}

static void judge(struct way *way) {
    judge_resources(way);
    for (numu_row row = 0; row < way->master->model->skill.head.count; row++) {
        if (way->skill[row]) {
            judge_skill(way, row);
        }
    }
    judge_houses(way);
    judge_routes(way);
    judge_licences(way);
    judge_processes(way);
    judge_lots(way);
    judge_funds(way);
}

static numu_status way_init(struct way *way, struct numu_master *master) {
    const struct numu_model *model = master->model;
    memset(way, 0, sizeof *way);
    way->master = master;
    NUMU_TRY(NUMU_TAKE(master->scratch, &way->stack, master->place_count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &way->place, master->place_count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &way->process, model->process.head.count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &way->resource, model->resource.head.count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &way->skill, model->skill.head.count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &way->route, model->route.head.count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &way->house, model->storehouse.head.count));
    return NUMU_TAKE(master->scratch, &way->permit, master->permit_count);
}

/* Makes the way ready for something else. */
static void begin(struct way *way, numu_master_subject subject, numu_row row, uint32_t stage,
                  uint32_t last) {
    const struct numu_model *model = way->master->model;
    memset(way->place, 0, way->master->place_count * sizeof *way->place);
    memset(way->process, 0, model->process.head.count * sizeof *way->process);
    memset(way->resource, 0, model->resource.head.count * sizeof *way->resource);
    memset(way->skill, 0, model->skill.head.count * sizeof *way->skill);
    memset(way->route, 0, model->route.head.count * sizeof *way->route);
    memset(way->house, 0, model->storehouse.head.count * sizeof *way->house);
    memset(way->permit, 0, way->master->permit_count * sizeof *way->permit);
    memset(way->kind, 0, sizeof way->kind);
    way->found_count = 0;
    way->stage = stage;
    way->first = 0;
    way->last = last;
    way->about = (struct numu_master_reason){
        .subject = (uint8_t)subject, .row = row, .other = NUMU_NONE, .unit = 1};
}

static numu_status add_reason(struct numu_master *master, struct numu_master_reason reason,
                              uint32_t rank) {
    reason.rank = rank;
    return numu_buffer_append(&master->reasons, &reason, sizeof reason);
}

static numu_status add_found(struct way *way) {
    for (size_t i = 0; i < way->found_count; i++) {
        NUMU_TRY(add_reason(way->master, way->found[i], (uint32_t)i + 1));
    }
    return NUMU_OK;
}

/* --- where nothing is found --- */

/* Whether a process can yield something by the last month: it is open and has its inputs. */
static bool can_yield(const struct way *way, numu_row process, const bool *has) {
    const struct numu_master *master = way->master;
    bool is_open = false;
    for (uint32_t t = 0; t <= way->last && !is_open; t++) {
        is_open = master->make[numu_master_cell(master, process, t)] != NUMU_NONE;
    }
    for (uint32_t i = master->inputs.start[process];
         i < master->inputs.start[process + 1] && is_open; i++) {
        uint32_t place =
            numu_master_place_find(master, master->model->input.item[master->inputs.row[i]],
                                   master->model->process.site[process]);
        is_open = place != NUMU_NONE && has[place];
    }
    return is_open;
}

static bool has_receipt(const struct way *way, uint32_t place) {
    for (uint32_t t = 0; t <= way->last; t++) {
        if (way->master->receipt[numu_master_cell(way->master, place, t)] > 0) {
            return true;
        }
    }
    return false;
}

/* Whether a place on the way can have something by the last month. */
static bool can_have(const struct way *way, uint32_t place, const bool *has) {
    const struct numu_master *master = way->master;
    const struct numu_table_process *table = &master->model->process;
    bool can = has_receipt(way, place);
    for (numu_row row = 0; row < table->head.count && !can; row++) {
        can = table->item[row] == master->place[place].item &&
              table->site[row] == master->place[place].site && can_yield(way, row, has);
    }
    for (uint32_t n = 0; n < master->shipping_count && !can; n++) {
        can = master->shipping[n].to == place && has[master->shipping[n].from];
    }
    return can;
}

/* Marks the places on the way that can have something by the last month. */
static void mark_what_can_be_had(const struct way *way, bool *has) {
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (uint32_t at = 0; at < way->master->place_count; at++) {
            if (way->place[at] && !has[at] && can_have(way, at, has)) {
                has[at] = true;
                has_changed = true;
            }
        }
    }
}

/* An input of a process there that cannot be had; NUMU_NONE. */
static uint32_t find_missing_input(const struct way *way, numu_row process, const bool *has) {
    const struct numu_master *master = way->master;
    const struct numu_model *model = master->model;
    for (uint32_t i = master->inputs.start[process]; i < master->inputs.start[process + 1]; i++) {
        uint32_t input = numu_master_place_find(master, model->input.item[master->inputs.row[i]],
                                                model->process.site[process]);
        if (input != NUMU_NONE && !has[input]) {
            return input;
        }
    }
    return NUMU_NONE;
}

/* What a place that can have nothing lacks by way of another place; NUMU_NONE: it lacks a way. */
static uint32_t find_behind(const struct way *way, uint32_t place, const bool *has) {
    const struct numu_master *master = way->master;
    const struct numu_table_process *table = &master->model->process;
    uint32_t found = NUMU_NONE;
    for (numu_row row = 0; row < table->head.count && found == NUMU_NONE; row++) {
        bool is_there = table->item[row] == master->place[place].item &&
                        table->site[row] == master->place[place].site;
        found = is_there ? find_missing_input(way, row, has) : NUMU_NONE;
    }
    for (uint32_t n = 0; n < master->shipping_count && found == NUMU_NONE; n++) {
        bool is_there = master->shipping[n].to == place && !has[master->shipping[n].from];
        found = is_there ? master->shipping[n].from : NUMU_NONE;
    }
    return found;
}

/* The thing that cannot be had, as deep as it lies; NUMU_NONE where all can. */
static uint32_t find_missing(const struct way *way, uint32_t place, const bool *has) {
    uint32_t at = has[place] ? NUMU_NONE : place;
    for (uint32_t depth = 0; at != NUMU_NONE && depth < way->master->place_count; depth++) {
        uint32_t behind = find_behind(way, at, has);
        if (behind == NUMU_NONE) {
            break;
        }
        at = behind;
    }
    return at;
}

/* The item that cannot be had at all, of those that `place` hangs on; NUMU_NONE where all can. */
static numu_status find_missing_item(struct way *way, uint32_t place, numu_row item,
                                     numu_row *out) {
    bool *has;
    NUMU_TRY(NUMU_TAKE(way->master->scratch, &has, way->master->place_count));
    mark_what_can_be_had(way, has);
    uint32_t missing = place == NUMU_NONE ? NUMU_NONE : find_missing(way, place, has);
    *out = missing != NUMU_NONE ? way->master->place[missing].item
           : place == NUMU_NONE ? item
                                : NUMU_NONE;
    return NUMU_OK;
}

/*
 * Why no row has a worth in the stage: something cannot be had; else what binds in the stages
 * before, the nearest first, which leave nothing for this one; else several rows together. `item`
 * is wanted at `place` (NUMU_NONE: nothing is). Worth is then in the other stage's measure, so
 * there is no relief in units of the subject.
 */
static numu_status explain_nothing(struct way *way, uint32_t place, numu_row item) {
    numu_row missing = NUMU_NONE;
    NUMU_TRY(find_missing_item(way, place, item, &missing));
    struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_TOGETHER, missing);
    way->about.unit = INFINITY;
    while (missing == NUMU_NONE && way->found_count == 0 && way->stage > 0) {
        way->stage--;
        judge(way);
    }
    if (way->found_count > 0) {
        return add_found(way);
    }
    reason.binds = missing == NUMU_NONE ? NUMU_MASTER_BINDS_TOGETHER : NUMU_MASTER_BINDS_NO_WAY;
    reason.from = way->first;
    reason.until = way->last;
    return add_reason(way->master, reason, 1);
}

/* --- demands --- */

static uint32_t stage_of_priority(const struct numu_master *master, int64_t priority) {
    for (uint32_t stage = 0; stage < master->stage_count; stage++) {
        if (master->stage[stage].aim == NUMU_MASTER_AIM_LATE &&
            master->stage[stage].priority == priority) {
            return stage;
        }
    }
    return 0;
}

/* The last month of the horizon in which a need is open; NUMU_NONE = it never is. */
static uint32_t last_open(const struct numu_master *master, const struct numu_master_need *need) {
    double least = 1e-6 * numu_master_quantity(master->model->demand.quantity[need->demand]);
    uint32_t last = NUMU_NONE;
    for (uint32_t t = need->due; t < master->months; t++) {
        last = master->value[need->late + t - need->due] > least ? t : last;
    }
    return last;
}

/* Whether what opens a process, not its lead time, is why it yields nothing until `first`. */
static bool opens_late(const struct numu_master *master, numu_row row, uint32_t due) {
    const struct numu_master_process *process = &master->process[row];
    uint32_t lead = process->whole + (process->part > 0 ? 1 : 0);
    return process->first > due && process->first > lead;
}

/* Processes of the item itself that open too late; else, where nothing binds, the lead time. */
static numu_status add_openings(struct way *way, const struct numu_master_need *need,
                                uint32_t *out_count) {
    struct numu_master *master = way->master;
    numu_row item = master->model->demand.item[need->demand];
    uint32_t rank = (uint32_t)way->found_count;
    numu_row soonest = NUMU_NONE;
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        if (master->model->process.item[row] != item || !way->process[row]) {
            continue;
        }
        bool is_sooner =
            soonest == NUMU_NONE || master->process[row].first < master->process[soonest].first;
        soonest = is_sooner ? row : soonest;
        if (opens_late(master, row, need->due)) {
            struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_OPENING, row);
            reason.from = need->due;
            reason.until = master->process[row].first;
            NUMU_TRY(add_reason(master, reason, ++rank));
        }
    }
    if (rank == 0 && soonest != NUMU_NONE && master->process[soonest].first > need->due) {
        struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_LEAD_TIME, soonest);
        reason.from = need->due;
        reason.until = master->process[soonest].first;
        NUMU_TRY(add_reason(master, reason, ++rank));
    }
    *out_count = rank;
    return NUMU_OK;
}

static numu_status explain_demand(struct way *way, const struct numu_master_need *need) {
    struct numu_master *master = way->master;
    const struct numu_table_demand *table = &master->model->demand;
    uint32_t last = last_open(master, need);
    if (need->repeat > 0 || last == NUMU_NONE) {
        return NUMU_OK;
    }
    numu_row row = need->demand;
    begin(way, NUMU_MASTER_OF_DEMAND, row, stage_of_priority(master, table->priority[row]), last);
    way->about.unit = need->weight;
    size_t rule = numu_master_prohibition_find(master, NUMU_NONE, row, need->due);
    if (rule != SIZE_MAX) {
        struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_RULE, (numu_row)rule);
        reason.from = need->due;
        reason.until = last;
        return add_reason(master, reason, 1);
    }
    for (uint32_t n = 0; n < master->permit_count; n++) {
        way->permit[n] = numu_master_permit_covers(master, &master->permit[n], NUMU_NONE, row);
    }
    uint32_t place = numu_master_place_find(master, table->item[row], table->site[row]);
    walk_from(way, place);
    way->first = need->due; /* what binds while it is late; else what bound before */
    judge(way);
    if (way->found_count == 0) {
        way->first = 0;
        judge(way);
    }
    uint32_t count = 0;
    NUMU_TRY(add_found(way));
    NUMU_TRY(add_openings(way, need, &count));
    return count > 0 ? NUMU_OK : explain_nothing(way, place, table->item[row]);
}

/* --- money --- */

static uint32_t stage_of_aim(const struct numu_master *master, numu_master_aim aim) {
    for (uint32_t stage = 0; stage < master->stage_count; stage++) {
        if (master->stage[stage].aim == aim) {
            return stage;
        }
    }
    return master->stage_count - 1;
}

/* What a fund pays of each kind in its months of lack; `carries`: from the first of them on. */
static void judge_payments(struct way *way, numu_row fund, bool carries) {
    struct numu_master *master = way->master;
    const double least = 0.5; /* of a unit of money */
    for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
        struct numu_master_reason reason = blank(way, NUMU_MASTER_BINDS_PAYMENT, kind);
        numu_lp_column pay = master->pay[fund * numu_cost_kind_count + kind];
        bool is_lacking = false;
        for (uint32_t t = 0; t < master->months; t++) {
            size_t cell = numu_master_cell(master, fund, t);
            double paid = (pay == NUMU_NONE ? 0 : master->value[pay + t]) +
                          (kind == numu_cost_kind_capital ? master->capital_named[cell] : 0);
            is_lacking = (carries && is_lacking) || master->value[master->gap + cell] > least;
            add_month(&reason, t, is_lacking && paid > 0 ? 1 : 0, paid);
        }
        reason.worth = 1; /* a franc more is a franc less of gap */
        keep(way, &reason);
    }
}

/*
 * A gap comes from the kinds of cost that the fund pays while it lacks money, the dearest first; or
 * later, where what is lent to it is carried over.
 */
static numu_status explain_gap(struct way *way, numu_row fund) {
    const struct numu_master *master = way->master;
    begin(way, NUMU_MASTER_OF_GAP, fund, stage_of_aim(master, NUMU_MASTER_AIM_GAP),
          master->months - 1);
    judge_payments(way, fund, false);
    if (way->found_count == 0) {
        judge_payments(way, fund, true);
    }
    return add_found(way);
}

static numu_status explain_upkeep(struct way *way, numu_row row) {
    struct numu_master *master = way->master;
    const struct numu_master_resource *resource = &master->resource[row];
    uint32_t last = NUMU_NONE;
    const double least = 1e-6;
    for (uint32_t t = resource->first; t < resource->end && t < master->months; t++) {
        bool is_unpaid = master->unpaid[row] != NUMU_NONE &&
                         master->value[master->unpaid[row] + t - resource->first] > least;
        last = is_unpaid ? t : last;
    }
    if (last == NUMU_NONE) {
        return NUMU_OK;
    }
    begin(way, NUMU_MASTER_OF_UPKEEP, row, stage_of_aim(master, NUMU_MASTER_AIM_UPKEEP), last);
    way->kind[numu_cost_kind_upkeep] = true;
    uint32_t place = NUMU_NONE;
    numu_row lacking = NUMU_NONE;
    for (uint32_t i = master->upkeeps.start[row]; i < master->upkeeps.start[row + 1]; i++) {
        numu_row spare = master->model->upkeep.item[master->upkeeps.row[i]];
        if (spare != NUMU_NONE) {
            place = numu_master_place_find(master, spare, master->model->resource.site[row]);
            lacking = spare;
            walk_from(way, place);
        }
    }
    judge(way);
    return way->found_count > 0 ? add_found(way) : explain_nothing(way, place, lacking);
}

/* --- imports --- */

/* The scarcest thing that `row` needs in a month, in the first stage where one is scarce. */
static struct numu_master_reason why_not(struct way *way, numu_row row, uint32_t t) {
    struct numu_master *master = way->master;
    const struct numu_table_operation *table = &master->model->operation;
    if (t < master->process[row].first || t >= master->process[row].end) {
        return blank(way, NUMU_MASTER_BINDS_OPENING, row);
    }
    for (way->stage = 0; way->stage + 1 < master->stage_count; way->stage++) {
        for (uint32_t i = master->operations.start[row]; i < master->operations.start[row + 1];
             i++) {
            numu_row line = master->operations.row[i];
            numu_row skill = table->skill[line];
            if (dual_of(way,
                        master->hours_row[numu_master_cell(master, table->resource[line], t)]) >
                0) {
                return blank(way, NUMU_MASTER_BINDS_HOURS, table->resource[line]);
            }
            if (skill != NUMU_NONE && dual_of(way, master->skill[skill].hours_row + t) > 0) {
                return blank(way, NUMU_MASTER_BINDS_WORK, skill);
            }
        }
        numu_lp_column make = master->make[numu_master_cell(master, row, t)];
        if (make != NUMU_NONE && bound_worth(way, make) > 0) {
            return blank(way, NUMU_MASTER_BINDS_CAP, row);
        }
        if (lot_worth(way, row, t) > 0) {
            return blank(way, NUMU_MASTER_BINDS_LOT, row);
        }
    }
    return blank(way, lot_worth(way, row, t) > 0 ? NUMU_MASTER_BINDS_LOT : NUMU_MASTER_BINDS_PRICE,
                 row);
}

/* How much dearer a unit would be, in the cost stage. */
static double dearer_by(const struct way *way, numu_row row, uint32_t t) {
    const struct numu_master *master = way->master;
    const struct numu_master_stage *stage = &master->stage[master->stage_count - 1];
    numu_lp_column make = master->make[numu_master_cell(master, row, t)];
    return make == NUMU_NONE || stage->col_dual == NULL
               ? 0
               : fmax(0, stage->col_dual[make]) * stage->unit /
                     numu_master_column_key(master, make)->unit / master->discount[t];
}

/* Adds a month to the reason of the same cause, or begins one. */
static void add_to_found(struct way *way, const struct numu_master_reason *reason, uint32_t t,
                         double worth, double quantity) {
    size_t at = 0;
    while (at < way->found_count &&
           (way->found[at].binds != reason->binds || way->found[at].name != reason->name)) {
        at++;
    }
    if (at == REASONS_EACH) {
        return;
    }
    if (at == way->found_count) {
        way->found[way->found_count++] = *reason;
        way->found[at].from = t;
    }
    way->found[at].until = t;
    way->found[at].share += quantity;
    way->found[at].worth += worth * quantity; /* a mean at last */
}

static numu_status explain_import(struct way *way, numu_row import, numu_row local) {
    struct numu_master *master = way->master;
    const double least = 1e-6 * master->item_unit[master->model->process.item[import]];
    begin(way, NUMU_MASTER_OF_IMPORT, import, 0, master->months - 1);
    way->about.other = local;
    for (uint32_t t = 0; t < master->months; t++) {
        numu_lp_column make = master->make[numu_master_cell(master, import, t)];
        if (make != NUMU_NONE && master->value[make] > least) {
            struct numu_master_reason reason = why_not(way, local, t);
            double worth = reason.binds == NUMU_MASTER_BINDS_PRICE ? dearer_by(way, local, t) : 0;
            reason.stage =
                reason.binds == NUMU_MASTER_BINDS_PRICE ? master->stage_count - 1 : reason.stage;
            add_to_found(way, &reason, t, worth, master->value[make]);
        }
    }
    for (size_t i = 0; i < way->found_count; i++) {
        way->found[i].worth /= way->found[i].share;
    }
    return add_found(way);
}

static bool is_local(const struct numu_master *master, numu_row row) {
    uint8_t kind = master->model->process.kind[row];
    return kind == numu_process_kind_make || kind == numu_process_kind_assemble ||
           kind == numu_process_kind_repair;
}

numu_status numu_master_reason(struct numu_master *master) {
    const struct numu_model *model = master->model;
    struct way way;
    NUMU_TRY(way_init(&way, master));
    for (numu_row fund = 0; fund < model->fund.head.count; fund++) {
        NUMU_TRY(explain_gap(&way, fund));
    }
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        NUMU_TRY(explain_upkeep(&way, row));
    }
    for (uint32_t n = 0; n < master->need_count; n++) {
        NUMU_TRY(explain_demand(&way, &master->need[n]));
    }
    for (numu_row row = 0; row < model->process.head.count; row++) {
        for (numu_row local = 0; local < model->process.head.count; local++) {
            if (model->process.kind[row] == numu_process_kind_import && is_local(master, local) &&
                model->process.item[local] == model->process.item[row]) {
                NUMU_TRY(explain_import(&way, row, local));
            }
        }
    }
    return NUMU_OK;
}
