/*
 * bound_sets.c - trial finishes: windows, the linear programme, the refutation.
 *
 * [1] Windows are those that the propagation of the exact search leaves, once each start has been
 *     tried at its ends: what contradicts itself there is cut off.
 * [2] The programme asks each task for its duration and pays 1 for each period that it lacks; a
 *     finish is refuted where the least payment is above 0. Prices of tasks are the weights.
 * [3] A set that was wanted once is kept, and offered to the programmes of later finishes.
 * [4] Most questions are answered well enough by a few hundred nodes; all of them are answered
 *     exactly only where that can end a programme.
 */
#include "programme/bound_sets.h"

#include "programme/exact_share.h"
#include "programme/exact_solver.h"
#include "programme/heaviest.h"
#include "solve/lp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TASKS_MAX = 400,
    OFFERED_MAX = 25, /* sets from earlier programmes, for each interval */
    SHAVE_ROUNDS = 20,
    QUICK_NODES = 1000, /* [4] */
    EXACT_NODES = 2000000,
    ROUNDS_MAX = 2000, /* of a programme: it always ends long before */
    WORK_A_NODE = 30,
};

static const double scale = 1e8; /* of weights: at most 2^27 */
static const double least_price = 1e-6;

/* What may run between two points. */
struct interval {
    numu_period from, until;
    const int32_t *capacity; /* by renewable resource */
    int64_t floor;           /* the weight that the programme pays for */
    int64_t weight;          /* of the heaviest set found */
    bool is_exact;
};

struct set {
    uint32_t first, count; /* in `member` */
};

struct sets_bounder {
    const struct numu_context *context;
    const struct numu_project *project;
    const struct numu_bound_sets_options *options;
    struct numu_domain domain;
    uint32_t count; /* of tasks with a duration */
    uint32_t *task; /* of the domain */
    numu_period *duration;
    numu_period *from, *until; /* windows, in points */
    uint32_t resource_count;   /* renewable */
    uint32_t *resource;
    numu_period *lag; /* by two tasks: from the finish of one to the start of the other; negative:
                         they may overlap */
    struct numu_heaviest heaviest;
    struct interval *interval;
    uint32_t interval_count;
    numu_period *point; /* room for ends */
    int32_t *capacity;
    int64_t *weight; /* by task */
    uint32_t *candidate;
    struct numu_lp_entry *entry;
    struct numu_buffer set_buffer, member_buffer; /* [3] */
    uint32_t set_count;
    numu_period bound;
    uint64_t work;
    double clock_end;           /* 0 = no limit of time */
    struct numu_arena *scratch; /* of a trial */
};

typedef enum verdict { PASSED, REFUTED } verdict;

static bool is_exhausted(const struct sets_bounder *it) {
    const struct numu_context *context = it->context;
    return numu_context_is_stopped(context) ||
           (it->options->work_max > 0 && it->work >= it->options->work_max) ||
           (it->clock_end > 0 && context->clock(context->clock_data) >= it->clock_end);
}

/* --- what is given --- */

/* What a link asks the start of the task after to be later than the start of the one before. */
static numu_period asked_of_starts(const struct numu_domain *domain,
                                   const struct numu_domain_link *link) {
    numu_period length = link->leaves_finish ? domain->duration_min[link->before] : 0;
    return length + (link->is_plain ? link->lag : 0);
}

/* Raises what is known of the lags behind a task by what is known of the one after a link. */
static void raise_lags(numu_period *lag, const numu_period *next, numu_period asked, size_t count) {
    for (size_t k = 0; k < count; k++) {
        if (next[k] >= 0 && asked + next[k] > lag[k]) {
            lag[k] = asked + next[k];
        }
    }
}

/*
 * Finds it->lag, and marks as apart what links keep apart. `later` holds, by task of the domain, by
 * how much the start of another is later than its own at least, `lag` than its finish; negative:
 * it may be earlier. Links of other kinds, and in calendars the length of lags, are left out.
 */
static numu_status separate_by_links(struct sets_bounder *it, const uint32_t *number) {
    const struct numu_domain *domain = &it->domain;
    size_t count = domain->task_count;
    numu_period *lag, *later;
    NUMU_TRY(NUMU_TAKE(it->scratch, &lag, count));
    NUMU_TRY(NUMU_TAKE(it->scratch, &later, count * count));
    memset(it->lag, 0xff, (size_t)it->count * it->count * sizeof *it->lag);
    memset(later, 0xff, count * count * sizeof *later);
    for (size_t n = count; n-- > 0;) {
        memset(lag, 0xff, count * sizeof *lag);
        later[n * count + n] = 0;
        for (uint32_t l = domain->first_out[n]; l < domain->first_out[n + 1]; l++) {
            const struct numu_domain_link *link = &domain->link[l];
            const numu_period *next = &later[link->after * count];
            if (link->enters_finish || link->lag < 0) {
                continue;
            }
            raise_lags(&later[n * count], next, asked_of_starts(domain, link), count);
            if (link->leaves_finish) {
                raise_lags(lag, next, link->is_plain ? link->lag : 0, count);
            }
        }
        for (size_t k = 0; k < count && number[n] != NUMU_NO_TASK; k++) {
            if (lag[k] >= 0 && number[k] != NUMU_NO_TASK) {
                it->lag[(size_t)number[n] * it->count + number[k]] = lag[k];
                numu_heaviest_set_apart(&it->heaviest, number[n], number[k]);
            }
        }
    }
    return NUMU_OK;
}

static int32_t least_need(const struct numu_project *project, uint32_t activity,
                          uint32_t resource) {
    int32_t least = INT32_MAX;
    for (uint32_t mode = project->first_mode[activity]; mode < project->first_mode[activity + 1];
         mode++) {
        int32_t need = numu_project_need(project, mode, resource);
        least = need < least ? need : least;
    }
    return least;
}

static void separate_by_needs(struct sets_bounder *it) {
    const struct numu_heaviest *heaviest = &it->heaviest;
    for (uint32_t r = 0; r < it->resource_count; r++) {
        int64_t most = numu_project_most(it->project, it->resource[r]);
        for (uint32_t a = 0; a < it->count; a++) {
            for (uint32_t b = a + 1; b < it->count; b++) {
                if ((int64_t)heaviest->need[(size_t)a * it->resource_count + r] +
                        heaviest->need[(size_t)b * it->resource_count + r] >
                    most) {
                    numu_heaviest_set_apart(&it->heaviest, a, b);
                }
            }
        }
    }
}

static numu_status list_tasks(struct sets_bounder *it, struct numu_arena *arena) {
    const struct numu_domain *domain = &it->domain;
    uint32_t *number;
    NUMU_TRY(NUMU_TAKE(arena, &it->task, domain->task_count));
    NUMU_TRY(NUMU_TAKE(arena, &it->duration, domain->task_count));
    NUMU_TRY(NUMU_TAKE(it->scratch, &number, domain->task_count));
    for (uint32_t n = 0; n < domain->task_count; n++) {
        number[n] = NUMU_NO_TASK;
        if (domain->duration_min[n] > 0) {
            number[n] = it->count;
            it->task[it->count] = n;
            it->duration[it->count++] = domain->duration_min[n];
        }
    }
    NUMU_TRY(NUMU_TAKE(arena, &it->lag, (size_t)it->count * it->count));
    NUMU_TRY(numu_heaviest_init(&it->heaviest, arena, it->count, it->resource_count));
    for (uint32_t i = 0; i < it->count; i++) {
        for (uint32_t r = 0; r < it->resource_count; r++) {
            it->heaviest.need[(size_t)i * it->resource_count + r] =
                least_need(it->project, domain->activity[it->task[i]], it->resource[r]);
        }
    }
    separate_by_needs(it);
    return separate_by_links(it, number);
}

static numu_status take(struct sets_bounder *it, struct numu_arena *arena) {
    const struct numu_project *project = it->project;
    NUMU_TRY(NUMU_TAKE(arena, &it->resource, project->resource_count));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        if (!project->is_consumable[r]) {
            it->resource[it->resource_count++] = r;
        }
    }
    NUMU_TRY(list_tasks(it, arena));
    size_t points = 2 * (size_t)it->count + project->step_count + 2;
    NUMU_TRY(NUMU_TAKE(arena, &it->from, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->until, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->weight, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->candidate, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->entry, (size_t)it->count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &it->point, points));
    NUMU_TRY(NUMU_TAKE(arena, &it->interval, points));
    return NUMU_TAKE(arena, &it->capacity, points * it->resource_count);
}

/* --- windows [1] --- */

/* Cuts off the ends of a side of a variable that contradict themselves; false where all do. */
static bool shave_side(struct sets_bounder *it, struct numu_exact_solver *solver, uint32_t variable,
                       bool is_low, bool *io_is_changed) {
    while (!numu_exact_is_fixed(solver, variable) && !is_exhausted(it)) {
        uint64_t before = solver->propagation_total;
        numu_exact_decide(
            solver, is_low ? numu_exact_at_most(variable, numu_exact_least(solver, variable))
                           : numu_exact_at_least(variable, numu_exact_greatest(solver, variable)));
        bool is_open = numu_exact_propagate(solver);
        it->work += WORK_A_NODE * (1 + solver->propagation_total - before);
        if (is_open) {
            numu_exact_backtrack(solver, 0);
            return true;
        }
        *io_is_changed = true;
        if (!numu_exact_learn(solver)) {
            return false;
        }
        numu_exact_backtrack(solver, 0);
        if (!numu_exact_propagate(solver)) {
            return false;
        }
    }
    return true;
}

static bool shave(struct sets_bounder *it, struct numu_exact_solver *solver) {
    bool is_changed = true;
    for (int round = 0; round < SHAVE_ROUNDS && is_changed; round++) {
        is_changed = false;
        for (uint32_t v = 0; v < solver->variable_count; v++) {
            if (!shave_side(it, solver, v, true, &is_changed) ||
                !shave_side(it, solver, v, false, &is_changed)) {
                return false;
            }
        }
    }
    return true;
}

static void read_windows(struct sets_bounder *it, const struct numu_exact_solver *solver) {
    const struct numu_domain *domain = &it->domain;
    for (uint32_t i = 0; i < it->count; i++) {
        uint32_t task = it->task[i];
        uint32_t start = solver->start_variable[task], length = solver->duration_variable[task];
        numu_period most = length == NUMU_NO_VARIABLE ? domain->duration_min[task]
                                                      : numu_exact_greatest(solver, length);
        it->from[i] = numu_domain_start(domain->calendar[task], numu_exact_least(solver, start));
        it->until[i] =
            numu_domain_finish(domain->calendar[task], numu_exact_greatest(solver, start) + most);
    }
}

static numu_status find_windows(struct sets_bounder *it, numu_period finish, verdict *out) {
    int64_t lateness = numu_domain_lateness_max(&it->domain, finish);
    const struct numu_exact_limits limits = {
        .makespan_min = it->bound,
        .makespan_max = finish,
        .lateness_max = lateness > NUMU_PERIOD_MAX ? NUMU_PERIOD_MAX : (numu_period)lateness};
    struct numu_exact_solver *solver;
    bool is_open = false;
    NUMU_TRY(NUMU_TAKE(it->scratch, &solver, 1));
    numu_status status =
        numu_exact_build(it->context, &it->domain, &limits, it->scratch, solver, &is_open);
    if (status == NUMU_OK) {
        is_open = is_open && shave(it, solver);
        status = solver->status;
        *out = is_open ? PASSED : REFUTED;
        if (status == NUMU_OK && is_open) {
            read_windows(it, solver);
        }
    }
    numu_exact_release(solver);
    return status;
}

/* --- intervals --- */

static int compare_points(const void *a, const void *b) {
    const numu_period *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static int32_t available(const struct numu_project *project, uint32_t resource, numu_period point) {
    int32_t units = 0;
    for (uint32_t s = project->first_step[resource];
         s < project->first_step[resource + 1] && project->step_time[s] <= point; s++) {
        units = project->step_units[s];
    }
    return units;
}

static void cut_axis(struct sets_bounder *it, numu_period finish) {
    const struct numu_project *project = it->project;
    size_t count = 0;
    for (uint32_t i = 0; i < it->count; i++) {
        it->point[count++] = it->from[i];
        it->point[count++] = it->until[i];
    }
    for (uint32_t s = 0; s < project->step_count; s++) {
        if (project->step_time[s] > 0 && project->step_time[s] < finish) {
            it->point[count++] = project->step_time[s];
        }
    }
    qsort(it->point, count, sizeof *it->point, compare_points);
    it->interval_count = 0;
    for (size_t n = 0; n + 1 < count; n++) {
        if (it->point[n] == it->point[n + 1]) {
            continue;
        }
        int32_t *capacity = &it->capacity[(size_t)it->interval_count * it->resource_count];
        for (uint32_t r = 0; r < it->resource_count; r++) {
            capacity[r] = available(project, it->resource[r], it->point[n]);
        }
        it->interval[it->interval_count++] = (struct interval){
            .from = it->point[n], .until = it->point[n + 1], .capacity = capacity};
    }
}

static bool may_run(const struct sets_bounder *it, uint32_t i, const struct interval *interval) {
    return it->from[i] <= interval->from && it->until[i] >= interval->until;
}

/* --- sets [3] --- */

static const struct set *set_at(const struct sets_bounder *it, uint32_t n) {
    return &((const struct set *)it->set_buffer.data)[n];
}

static const uint32_t *members_of(const struct sets_bounder *it, const struct set *set) {
    return &((const uint32_t *)it->member_buffer.data)[set->first];
}

static numu_status keep_chosen(struct sets_bounder *it) {
    const struct numu_heaviest *heaviest = &it->heaviest;
    struct set set = {(uint32_t)(it->member_buffer.length / sizeof(uint32_t)),
                      heaviest->chosen_count};
    NUMU_TRY(numu_buffer_append(&it->member_buffer, heaviest->chosen,
                                set.count * sizeof *heaviest->chosen));
    NUMU_TRY(numu_buffer_append(&it->set_buffer, &set, sizeof set));
    it->set_count++;
    return NUMU_OK;
}

static bool fits(const struct sets_bounder *it, const struct set *set,
                 const struct interval *interval) {
    const uint32_t *member = members_of(it, set);
    for (uint32_t n = 0; n < set->count; n++) {
        if (!may_run(it, member[n], interval)) {
            return false;
        }
    }
    for (uint32_t r = 0; r < it->resource_count; r++) {
        int64_t free = interval->capacity[r];
        for (uint32_t n = 0; n < set->count; n++) {
            free -= it->heaviest.need[(size_t)member[n] * it->resource_count + r];
        }
        if (free < 0) {
            return false;
        }
    }
    return true;
}

static int64_t weigh(const struct sets_bounder *it, const struct set *set) {
    const uint32_t *member = members_of(it, set);
    int64_t sum = 0;
    for (uint32_t n = 0; n < set->count; n++) {
        sum += it->weight[member[n]];
    }
    return sum;
}

/* --- the programme [2]: a row for each task, then one for each interval --- */

static numu_status offer(struct sets_bounder *it, struct numu_lp_solver *solver,
                         const struct set *set, uint32_t interval) {
    const uint32_t *member = members_of(it, set);
    for (uint32_t n = 0; n < set->count; n++) {
        it->entry[n] = (struct numu_lp_entry){member[n], 1};
    }
    it->entry[set->count] = (struct numu_lp_entry){it->count + interval, 1};
    return numu_lp_solver_add_column(solver, 0, 0, INFINITY, it->entry, (size_t)set->count + 1,
                                     NULL);
}

static numu_status offer_kept(struct sets_bounder *it, struct numu_lp_solver *solver) {
    for (uint32_t k = 0; k < it->interval_count; k++) {
        int offered = 0;
        for (uint32_t n = it->set_count; n-- > 0 && offered < OFFERED_MAX;) {
            if (fits(it, set_at(it, n), &it->interval[k])) {
                NUMU_TRY(offer(it, solver, set_at(it, n), k));
                offered++;
            }
        }
    }
    return NUMU_OK;
}

static numu_status fill_programme(struct sets_bounder *it, struct numu_lp *lp) {
    for (uint32_t i = 0; i < it->count; i++) {
        NUMU_TRY(numu_lp_add_row(lp, it->duration[i], INFINITY, NULL));
    }
    for (uint32_t k = 0; k < it->interval_count; k++) {
        NUMU_TRY(
            numu_lp_add_row(lp, -INFINITY, it->interval[k].until - it->interval[k].from, NULL));
    }
    for (uint32_t i = 0; i < it->count; i++) {
        const struct numu_lp_entry lack = {i, 1};
        NUMU_TRY(numu_lp_add_column(lp, 1, 0, INFINITY, &lack, 1, NULL));
    }
    return NUMU_OK;
}

static numu_status open_programme(struct sets_bounder *it, struct numu_lp_solver **out) {
    struct numu_lp lp;
    struct numu_lp_solver *solver = NULL;
    numu_lp_init(&lp, it->context->heap);
    numu_status status = fill_programme(it, &lp);
    if (status == NUMU_OK) {
        status = numu_lp_solver_open(it->context, &lp, &solver);
    }
    numu_lp_release(&lp);
    if (status == NUMU_OK) {
        status = offer_kept(it, solver);
    }
    if (status != NUMU_OK) {
        numu_lp_solver_close(solver);
        return status;
    }
    *out = solver;
    return NUMU_OK;
}

/* Prices of the programme, as weights and floors. */
static void read_prices(struct sets_bounder *it, const struct numu_lp_solution *solution) {
    for (uint32_t i = 0; i < it->count; i++) {
        double price = solution->row_dual[i];
        it->weight[i] = price > 0 ? llround((price < 1 ? price : 1) * scale) : 0;
    }
    for (uint32_t k = 0; k < it->interval_count; k++) {
        double price = -solution->row_dual[it->count + k];
        it->interval[k].floor = price > 0 ? llround(price * scale) : 0;
    }
}

/* --- pricing --- */

static void find_heaviest(struct sets_bounder *it, const struct interval *interval, int64_t floor,
                          uint64_t nodes_max) {
    uint64_t before = it->heaviest.nodes;
    struct numu_heaviest_question question = {.candidate = it->candidate,
                                              .weight = it->weight,
                                              .capacity = interval->capacity,
                                              .floor = floor,
                                              .nodes_max = nodes_max};
    for (uint32_t i = 0; i < it->count; i++) {
        if (may_run(it, i, interval)) {
            it->candidate[question.candidate_count++] = i;
        }
    }
    numu_heaviest_find(&it->heaviest, &question);
    it->work += WORK_A_NODE * (it->heaviest.nodes - before) + 10 * (uint64_t)it->count;
}

static bool is_worth_it(int64_t weight, int64_t floor) {
    return weight > floor + (int64_t)(scale * least_price);
}

/* What a round of questions has come to. */
struct round {
    int64_t excess; /* of what tasks ask over what intervals can give, as far as is known */
    uint32_t offered;
    uint32_t last; /* set offered last; UINT32_MAX = none */
};

static numu_status ask(struct sets_bounder *it, struct numu_lp_solver *solver, uint32_t k,
                       uint64_t nodes_max, struct round *round) {
    struct interval *interval = &it->interval[k];
    int64_t length = interval->until - interval->from;
    int64_t known = interval->weight > interval->floor ? interval->weight : interval->floor;
    find_heaviest(it, interval, known, nodes_max);
    round->excess -= length * (it->heaviest.weight - interval->weight);
    interval->weight = it->heaviest.weight;
    interval->is_exact = it->heaviest.is_exact;
    if (it->heaviest.chosen_count > 0 && is_worth_it(interval->weight, interval->floor)) {
        round->last = it->set_count;
        round->offered++;
        NUMU_TRY(keep_chosen(it));
        return offer(it, solver, set_at(it, round->last), k);
    }
    return NUMU_OK;
}

/* What served one interval often serves the next: then that is offered, and nothing is asked. */
static numu_status ask_quickly(struct sets_bounder *it, struct numu_lp_solver *solver, uint32_t k,
                               struct round *round) {
    struct interval *interval = &it->interval[k];
    interval->weight = 0;
    if (round->last != UINT32_MAX && fits(it, set_at(it, round->last), interval)) {
        int64_t weight = weigh(it, set_at(it, round->last));
        if (is_worth_it(weight, interval->floor)) {
            round->excess -= (int64_t)(interval->until - interval->from) * weight;
            round->offered++;
            interval->weight = weight;
            interval->is_exact = false;
            return offer(it, solver, set_at(it, round->last), k);
        }
    }
    return ask(it, solver, k, QUICK_NODES, round);
}

/*
 * One round: offers sets that are worth more than the programme pays, or finds the finish refuted,
 * or neither. [4]
 */
static numu_status price(struct sets_bounder *it, struct numu_lp_solver *solver,
                         uint32_t *out_offered, bool *out_is_refuted) {
    struct round round = {.last = UINT32_MAX};
    bool is_exact = true;
    for (uint32_t i = 0; i < it->count; i++) {
        round.excess += it->weight[i] * it->duration[i];
    }
    for (uint32_t k = 0; k < it->interval_count; k++) {
        NUMU_TRY(ask_quickly(it, solver, k, &round));
    }
    for (uint32_t k = 0;
         k < it->interval_count && (round.offered == 0 || round.excess > 0) && !is_exhausted(it);
         k++) {
        if (!it->interval[k].is_exact) {
            NUMU_TRY(ask(it, solver, k, EXACT_NODES, &round));
        }
    }
    for (uint32_t k = 0; k < it->interval_count; k++) {
        is_exact &= it->interval[k].is_exact;
    }
    *out_is_refuted = is_exact && round.excess > 0;
    *out_offered = round.offered;
    return NUMU_OK;
}

static numu_status run_programme(struct sets_bounder *it, struct numu_lp_solver *solver,
                                 verdict *out) {
    const struct numu_lp_options options = {.primal = true, .is_near = true};
    uint32_t offered = 1;
    bool is_refuted = false;
    for (int n = 0; n < ROUNDS_MAX && offered > 0 && !is_refuted && !is_exhausted(it); n++) {
        struct numu_lp_solution solution;
        struct numu_arena_mark mark = numu_arena_mark(it->scratch);
        NUMU_TRY(numu_lp_solver_solve(solver, &options, it->scratch, &solution));
        bool is_open = solution.status == NUMU_LP_OPTIMAL &&
                       solution.objective > (double)it->count * least_price;
        if (is_open) {
            read_prices(it, &solution);
        }
        it->work += (solution.iterations + 1) * (it->count + it->interval_count);
        numu_arena_rewind(it->scratch, mark);
        if (!is_open) {
            break;
        }
        NUMU_TRY(price(it, solver, &offered, &is_refuted));
    }
    *out = is_refuted ? REFUTED : PASSED;
    return NUMU_OK;
}

/* --- trials --- */

static numu_status try_finish(struct sets_bounder *it, numu_period finish, verdict *out) {
    struct numu_lp_solver *solver;
    NUMU_TRY(find_windows(it, finish, out));
    if (*out == REFUTED || is_exhausted(it)) {
        return NUMU_OK;
    }
    cut_axis(it, finish);
    NUMU_TRY(open_programme(it, &solver));
    numu_status status = run_programme(it, solver, out);
    numu_lp_solver_close(solver);
    return status;
}

static numu_status raise_bound(struct sets_bounder *it, struct numu_arena *arena) {
    verdict found = REFUTED;
    NUMU_TRY(numu_domain_build(it->project, arena, &it->domain));
    if (!it->domain.is_exact || it->domain.task_count > TASKS_MAX) {
        return NUMU_OK;
    }
    NUMU_TRY(take(it, arena));
    while (it->bound < it->options->until && !is_exhausted(it)) {
        struct numu_arena_mark mark = numu_arena_mark(it->scratch);
        numu_status status = try_finish(it, it->bound, &found);
        numu_arena_rewind(it->scratch, mark);
        if (status != NUMU_OK || found == PASSED) {
            return status;
        }
        it->bound++;
        if (it->options->bound != NULL) {
            numu_exact_raise(it->options->bound, it->bound);
        }
    }
    return NUMU_OK;
}

numu_status numu_bound_sets_raise(const struct numu_context *context,
                                  const struct numu_project *project,
                                  const struct numu_bound_sets_options *options,
                                  numu_period *out_bound) {
    struct numu_arena arena, scratch;
    struct sets_bounder it = {.context = context,
                              .project = project,
                              .options = options,
                              .bound = options->from,
                              .scratch = &scratch};
    if (options->time_limit_s > 0 && context->clock != NULL) {
        it.clock_end = context->clock(context->clock_data) + options->time_limit_s;
    }
    numu_arena_init(&arena, context->heap);
    numu_arena_init(&scratch, context->heap);
    numu_buffer_init(&it.set_buffer, context->heap, 0);
    numu_buffer_init(&it.member_buffer, context->heap, 0);
    numu_status status = raise_bound(&it, &arena);
    status = status == NUMU_LIMIT ? NUMU_OK : status; /* of memory, or of the tables of windows */
    numu_buffer_release(&it.member_buffer);
    numu_buffer_release(&it.set_buffer);
    numu_arena_release(&scratch);
    numu_arena_release(&arena);
    if (status == NUMU_OK) {
        *out_bound = it.bound;
    }
    return status;
}
