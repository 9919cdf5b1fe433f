/*
 * rcpsp_search.c - two populations, one that looks forward in time and one that looks back.
 *
 * [1] A schedule read from its end is a list for the mirror of the problem, and the other way
 *     round; decoding it there is a pass of forward-backward improvement (K. Y. Li, R. J. Willis,
 *     EJOR 56, 1992), which never makes it longer. So each population breeds the other (D. Debels,
 *     M. Vanhoucke, "A bi-population based genetic algorithm for the RCPSP", LNCS 3483, 2005).
 * [2] A child keeps the order of its father within a window of time, and of its mother before and
 *     after it: what was good together stays together. It takes the place it was bred for where it
 *     is no worse than allowed, [9], or that of its mother's number where it is better.
 * [3] Where time cannot be mirrored (calendars that differ, supplies that vary) the other
 *     population is of the same problem, decoded back in place from an end some weeks after its
 *     father's, so that rests fall alike. Where there are deadlines, a child that is bred backward
 *     keeps those of its father that he keeps (rcpsp_mirror.h).
 * [4] How a child is decoded and whether it is changed at random is drawn; the odds follow what has
 *     paid lately: self-adapting (S. Hartmann, Naval Research Logistics 49, 2002).
 * [5] A generation that has bred nothing better for a while ends the population: the next begins
 *     from new random schedules.
 *
 * [6] Where parents are alike there is nothing left to cross: then their child is changed at
 *     random, so that what has converged goes on instead of standing still.
 * [7] Then the best plans are swept with windows (rcpsp_window.h). Where all of them were, and
 *     budget is left, other populations are bred.
 * [8] Modes that parents' windows bring together are mended where they overdraw pools
 *     (rcpsp_modes.h).
 * [9] A child may be longer than what it replaces, but the best, by a slack drawn around a share of
 *     the finish that falls to nothing while a population goes on: it stays unlike for longer
 *     (threshold accepting: G. Dueck, T. Scheuer, Journal of Computational Physics 90, 1990). By
 *     the clock that won nothing, measured, and there is none; nor is there any of lateness.
 *
 * [10] A child's list says what comes first, not what fits together: in a stretch of it those jobs
 *      may start first that take most of what is scarce together (rcpsp_pack.c). It takes several
 *      times as long; by the clock large projects win nothing by it, measured, and have none.
 *
 * Children of a generation are tasks with random streams of their own, the sweeps of a round tasks
 * in which nothing is drawn; what they became is looked at in their order, so that nothing depends
 * on threads ([R1] of rcpsp.h).
 */
#include "programme/rcpsp_search.h"

#include "programme/rcpsp_mirror.h"
#include "programme/rcpsp_modes.h"
#include "programme/rcpsp_window.h"

#include "base/parallel.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

enum {
    SIZE_MIN = 8,
    SIZE_MAX_ = 2000,
    STALE_MAX = 12,        /* generations without a better child, [5] */
    WORTH_SHARING = 10000, /* starts in a generation that are worth threads */
    MOTHERS_DRAWN = 3,     /* of them the best is taken; */
    MOTHERS_BY_CLOCK = 2,  /* by the clock */
    SWEEPS_A_ROUND = 16,
    LARGE_BUDGET = 20000,  /* schedules */
    WINDOWS_FROM = 900,    /* schedules that are worth windows, [7], */
    WINDOW_JOBS_MIN = 45,  /* of more than so many jobs; of fewer a large budget is; */
    WINDOW_JOBS_MAX = 600, /* of more jobs than this, laying a window out takes too long */
    STARTS_A_SWEEP = 3000, /* most to spend on a plan before others come */
    STARTS_LEFT = 150,     /* fewer are not worth a window */
    WEEK = 7,              /* periods: calendars mostly repeat after so many days */
    BACK_ROOM_OF = 4,      /* of the father's finish such a part is room for longer children, [3] */
    LEVELS_A_PERIOD = 2,   /* a plan longer by a period is swept after so many levels of the best */
};

/* Parents are alike, [6], where this share of jobs starts at about the same time in both. */
static const double alike_share = 0.8;

/* Of a plan's finish, what its child may be longer by on average when breeding begins, [9]. */
static const double slack_share = 0.024;

/* What may be done to a child, [4]. */
enum { BY_PARALLEL, BY_PACKING, BY_CHANCE, BY_FREE_MODES, TRICK_COUNT };

struct trick {
    double odds, odds_max;
    double tried[2], won[2]; /* without, with; fading */
};

struct worker {
    struct numu_rcpsp_desk desk;
    struct numu_rcpsp_sorter sorter;
    uint32_t *list;
    numu_period *key;
    uint32_t *mode;
    bool *is_free;
    struct numu_rcpsp_plan spare;
    int64_t *pool_left;
    struct numu_rcpsp_problem mirror; /* where there are deadlines */
    numu_period *tail;                /* there, too */
    struct numu_arena scratch;        /* of a window */
};

struct child {
    struct numu_rcpsp_plan plan;
    size_t mother; /* her place */
    int64_t slack; /* periods, [9]; 0 where it was not bred */
    bool has_trick[TRICK_COUNT];
};

struct search {
    const struct numu_context *context;
    const struct numu_rcpsp_problem *problem[2]; /* forward; its mirror, or the same, [3] */
    const struct numu_rcpsp_budget *budget;
    double began; /* by the clock */
    uint64_t schedules_max;
    double seconds_max;
    uint64_t sweep_starts;          /* that each sweep of a round may give */
    struct numu_rcpsp_sweep *sweep; /* by place in the forward population */
    size_t *swept;                  /* places whose plans are swept in this round */
    uint32_t count, size, size_max;
    numu_period *tail;
    struct numu_rcpsp_plan *population[2];
    struct child *children;
    struct worker *workers;
    unsigned worker_count;
    struct trick tricks[TRICK_COUNT];
    struct numu_rcpsp_plan best;
    int64_t told_cost; /* of the best that others know of */
    uint64_t placed;
    uint64_t bred_from; /* schedules made before this population */
    uint64_t stream;    /* the next one */
    bool is_stopped;
    /* of the generation under way */
    int side;
    bool is_first; /* made at random, or turned around unchanged */
    bool is_random;
};

static uint64_t schedules_made(const struct search *search) {
    return search->count == 0 ? 1 : (search->placed + search->count - 1) / search->count;
}

/* Whether the clock alone bounds the search. */
static bool is_by_clock(const struct numu_rcpsp_budget *budget) {
    return budget->schedules == 0;
}

/* --- plans --- */

static void swap_plans(struct numu_rcpsp_plan *a, struct numu_rcpsp_plan *b) {
    struct numu_rcpsp_plan kept = *a;
    *a = *b;
    *b = kept;
}

/* --- one child --- */

struct breeding {
    const struct search *search;
    const struct numu_rcpsp_problem *problem;
    struct worker *worker;
    struct child *child;
    const struct numu_rcpsp_plan *father; /* NULL: none */
    struct numu_random random;
};

static bool has_mirror(const struct search *search) {
    return search->problem[1] != search->problem[0];
}

/* Whether the side under way is decoded back in place, [3]. */
static bool goes_back(const struct search *search) {
    return search->side == 1 && !has_mirror(search);
}

/* [3] The plan is moved to begin at 0; its cost is what it would be there. */
static void decode_back(struct breeding *it, bool keeps_links) {
    const struct numu_rcpsp_problem *problem = it->problem;
    struct worker *worker = it->worker;
    struct numu_rcpsp_plan *plan = &it->child->plan;
    numu_period end = numu_rcpsp_makespan(it->father->cost);
    end += WEEK * (1 + end / (WEEK * BACK_ROOM_OF));
    end = end < problem->horizon ? end : problem->horizon;
    memcpy(plan->finish, it->father->finish, problem->count * sizeof *plan->finish);
    numu_rcpsp_order(problem, &worker->sorter, worker->key, keeps_links, worker->list);
    if (!numu_rcpsp_decode_back(problem, &worker->desk, worker->list, end, plan)) {
        plan->cost = INT64_MAX;
        return;
    }
    numu_rcpsp_plan_begin_at_0(problem->count, plan);
    plan->cost = numu_rcpsp_cost(problem, plan->finish);
}

/*
 * A stretch of a tenth to eight tenths of the list, at random; its reach around an eighth of the
 * jobs, a tenth or ten times as much at the ends.
 */
static struct numu_rcpsp_stretch draw_stretch(struct breeding *it) {
    uint32_t count = it->problem->count;
    uint32_t length = count / 10 + (uint32_t)numu_random_below(&it->random, 7 * count / 10 + 1);
    uint32_t from = (uint32_t)numu_random_below(&it->random, count - length + 1);
    double decades = 2 * numu_random_unit(&it->random) - 1;
    return (struct numu_rcpsp_stretch){from, from + length, 0.125 * count * pow(10, decades)};
}

/* Decodes worker->key; modes stand in the child's plan. */
static void decode(struct breeding *it, bool keeps_links) {
    const struct numu_rcpsp_problem *problem = it->problem;
    struct worker *worker = it->worker;
    struct child *child = it->child;
    /* [8] */
    if (!numu_rcpsp_modes_repair(problem, &it->random, child->plan.mode, worker->pool_left)) {
        worker->desk.placed += problem->count; /* a schedule was not made, but work was done */
        child->plan.cost = INT64_MAX;
        return;
    }
    if (goes_back(it->search)) {
        decode_back(it, keeps_links);
    } else if (child->has_trick[BY_PARALLEL] && numu_rcpsp_is_uniform(problem)) {
        numu_rcpsp_decode_parallel(problem, &worker->desk, worker->key, &child->plan);
    } else if (child->has_trick[BY_PARALLEL] || child->has_trick[BY_PACKING]) {
        static const double no_reach = 0.01;
        struct numu_rcpsp_stretch stretch = {0, problem->count, no_reach};
        if (child->has_trick[BY_PACKING]) {
            stretch = draw_stretch(it);
        }
        numu_rcpsp_order(problem, &worker->sorter, worker->key, keeps_links, worker->list);
        numu_rcpsp_decode_packed(problem, &worker->desk, worker->list, &stretch, &child->plan);
    } else {
        const bool *is_free = NULL;
        if (child->has_trick[BY_FREE_MODES]) {
            for (uint32_t j = 0; j < problem->count; j++) {
                worker->is_free[j] =
                    numu_rcpsp_has_modes(problem, j) && numu_random_below(&it->random, 3) == 0;
            }
            is_free = worker->is_free;
        }
        numu_rcpsp_order(problem, &worker->sorter, worker->key, keeps_links, worker->list);
        numu_rcpsp_decode(problem, &worker->desk, worker->list, is_free, &child->plan);
    }
    if (problem == &worker->mirror && child->plan.cost != INT64_MAX) {
        numu_rcpsp_mirror_settle(it->search->problem[0], &child->plan);
    }
}

/*
 * The ways to the end that a rule goes by. Where there are deadlines, how much they weigh is drawn:
 * the end is supposed to be somewhere between what links allow and twice that.
 */
static const numu_period *draw_tails(struct breeding *it, numu_period longest) {
    if (!it->problem->has_deadlines) {
        return it->search->tail;
    }
    numu_period end = longest + (numu_period)(numu_random_unit(&it->random) * longest);
    numu_rcpsp_tails(it->problem, end, it->worker->tail);
    return it->worker->tail;
}

/*
 * At random around the latest finish rule: those with the longest way to the end come first. Some
 * near the rule by the parallel scheme, which converge soon, and some far from it.
 */
static void make_at_random(struct breeding *it, size_t index) {
    const struct search *search = it->search;
    const struct numu_rcpsp_problem *problem = it->problem;
    bool is_near = index % 5 < 4;
    double noise = index == 0 ? 0 : is_near ? 0.25 : 1;
    numu_period longest = 0;
    numu_rcpsp_modes_draw(problem, search->budget->share, &it->random, it->child->plan.mode);
    for (uint32_t j = 0; j < search->count; j++) {
        longest = search->tail[j] > longest ? search->tail[j] : longest;
    }
    const numu_period *tail = draw_tails(it, longest);
    for (uint32_t j = 0; j < search->count; j++) {
        double shift = noise * (numu_random_unit(&it->random) - 0.5) * longest;
        it->worker->key[j] =
            problem->duration[it->child->plan.mode[j]] - tail[j] + (numu_period)shift;
    }
    it->child->has_trick[BY_PARALLEL] = is_near && problem->is_ordered;
    decode(it, false);
}

/* A parent as the side under way sees it. */
struct parent {
    const struct search *search;
    const struct numu_rcpsp_plan *plan;
    numu_period makespan;
};

static struct parent parent_of(const struct search *search, const struct numu_rcpsp_plan *plan) {
    return (struct parent){search, plan, numu_rcpsp_makespan(plan->cost)};
}

/* 0 … makespan, in the order in which the side under way should place jobs. */
static inline numu_period key_of(struct parent parent, uint32_t job) {
    if (has_mirror(parent.search)) {
        return parent.makespan - parent.plan->finish[parent.search->count - 1 - job];
    }
    return parent.search->side == 0 ? parent.plan->start[job] : parent.plan->finish[job];
}

static inline uint32_t mode_of(struct parent parent, const struct numu_rcpsp_problem *problem,
                               uint32_t job) {
    if (!has_mirror(parent.search)) {
        return parent.plan->mode[job];
    }
    const struct numu_rcpsp_problem *other = parent.search->problem[1 - parent.search->side];
    uint32_t twin = parent.search->count - 1 - job;
    return problem->first_mode[job] + parent.plan->mode[twin] - other->first_mode[twin];
}

/* The best of those drawn, never the father. */
static size_t choose_mother(struct breeding *it, const struct numu_rcpsp_plan *population,
                            size_t father) {
    const struct search *search = it->search;
    size_t best = SIZE_MAX;
    int drawn = is_by_clock(search->budget) ? MOTHERS_BY_CLOCK : MOTHERS_DRAWN;
    for (int i = 0; i < drawn; i++) {
        size_t n = (size_t)numu_random_below(&it->random, search->size);
        n = n == father ? (n + 1) % search->size : n;
        if (best == SIZE_MAX || population[n].cost < population[best].cost) {
            best = n;
        }
    }
    return best;
}

/* [2] */
static void cross(struct breeding *it, struct parent father, struct parent mother) {
    numu_period share = father.makespan / 4;
    numu_period length =
        share + (numu_period)numu_random_below(&it->random, (uint64_t)(2 * share) + 1);
    numu_period from =
        (numu_period)numu_random_below(&it->random, (uint64_t)(father.makespan - length) + 1);
    numu_period apart = father.makespan + mother.makespan + 1;
    for (uint32_t j = 0; j < it->search->count; j++) {
        numu_period by_father = key_of(father, j);
        numu_period by_mother = key_of(mother, j);
        bool is_within = by_father >= from && by_father <= from + length;
        it->worker->key[j] = is_within          ? by_father
                             : by_father < from ? by_mother - apart
                                                : by_mother + apart;
        it->child->plan.mode[j] = mode_of(is_within ? father : mother, it->problem, j);
    }
}

/* Moves one job in thirty, and gives it another mode, wherever it has one. */
static void change_at_random(struct breeding *it, numu_period makespan) {
    const struct numu_rcpsp_problem *problem = it->problem;
    for (uint32_t n = 0; n < 1 + problem->count / 30; n++) {
        uint32_t job = (uint32_t)numu_random_below(&it->random, problem->count);
        it->worker->key[job] +=
            (numu_period)numu_random_below(&it->random, (uint64_t)makespan + 1) - makespan / 2;
        it->child->plan.mode[job] =
            problem->first_mode[job] +
            (uint32_t)numu_random_below(&it->random,
                                        problem->first_mode[job + 1] - problem->first_mode[job]);
    }
}

/* [6] */
static bool are_alike(const struct search *search, const struct numu_rcpsp_plan *a,
                      const struct numu_rcpsp_plan *b) {
    numu_period near = numu_rcpsp_makespan(a->cost) / 64;
    uint32_t same = 0;
    for (uint32_t j = 0; j < search->count; j++) {
        numu_period apart = a->start[j] - b->start[j];
        same += apart >= -near && apart <= near;
    }
    return same >= alike_share * search->count;
}

/* [9]: exponential, by inversion. */
static int64_t draw_slack(struct breeding *it, const struct numu_rcpsp_plan *father) {
    const struct search *search = it->search;
    if (is_by_clock(search->budget)) {
        return 0;
    }
    uint64_t all = search->schedules_max - search->bred_from;
    uint64_t left = search->schedules_max - schedules_made(search);
    double mean = slack_share * (double)left / (double)all * numu_rcpsp_makespan(father->cost);
    return (int64_t)(-mean * log1p(-numu_random_unit(&it->random)));
}

static void draw_tricks(struct breeding *it) {
    for (int t = 0; t < TRICK_COUNT; t++) {
        it->child->has_trick[t] = numu_random_unit(&it->random) < it->search->tricks[t].odds;
    }
    it->child->has_trick[BY_PACKING] &= !it->child->has_trick[BY_PARALLEL];
    if (goes_back(it->search)) { /* which knows no tricks */
        it->child->has_trick[BY_PARALLEL] = it->child->has_trick[BY_PACKING] = false;
        it->child->has_trick[BY_FREE_MODES] = false;
    }
}

static void breed(struct breeding *it, size_t index) {
    const struct search *search = it->search;
    int side = 1 - search->side;
    const struct numu_rcpsp_plan *father = &search->population[side][index];
    it->father = father;
    if (father->cost == INT64_MAX) {
        if (search->side == 0) {
            make_at_random(it, index);
        }
        return;
    }
    if (it->problem == &it->worker->mirror) {
        numu_rcpsp_mirror_follow(search->problem[0], father, &it->worker->mirror);
    }
    if (search->is_first) {
        struct parent only = parent_of(search, father);
        for (uint32_t j = 0; j < search->count; j++) {
            it->worker->key[j] = key_of(only, j);
            it->child->plan.mode[j] = mode_of(only, it->problem, j);
        }
        decode(it, it->problem->is_ordered);
        return;
    }
    it->child->mother = choose_mother(it, search->population[side], index);
    const struct numu_rcpsp_plan *mother = &search->population[side][it->child->mother];
    mother = mother->cost == INT64_MAX ? father : mother;
    it->child->slack = draw_slack(it, father);
    draw_tricks(it);
    it->child->has_trick[BY_CHANCE] |= are_alike(search, father, mother);
    cross(it, parent_of(search, father), parent_of(search, mother));
    if (it->child->has_trick[BY_CHANCE]) {
        change_at_random(it, numu_rcpsp_makespan(father->cost));
    }
    decode(it, it->problem->is_ordered && !it->child->has_trick[BY_CHANCE]);
}

static double seconds_left(const struct search *search) {
    const struct numu_context *context = search->context;
    return search->seconds_max <= 0 || context->clock == NULL
               ? INFINITY
               : search->seconds_max - (context->clock(context->clock_data) - search->began);
}

/* Whether nothing more is to be begun: the user, or the clock, says so. */
static bool is_cut(const struct search *search) {
    return numu_context_is_stopped(search->context) ||
           (search->budget->seconds > 0 && seconds_left(search) <= 0);
}

/* The problem of the side under way, as a worker has it. */
static const struct numu_rcpsp_problem *problem_of(const struct search *search,
                                                   const struct worker *worker) {
    bool follows = search->side == 1 && has_mirror(search) && search->problem[0]->has_deadlines;
    return follows ? &worker->mirror : search->problem[search->side];
}

static numu_status make_child(void *data, size_t index, unsigned worker) {
    struct search *search = data;
    struct breeding it = {
        .search = search,
        .problem = problem_of(search, &search->workers[worker]),
        .worker = &search->workers[worker],
        .child = &search->children[index],
    };
    numu_random_init(&it.random, search->context->seed, search->stream + index);
    for (int t = 0; t < TRICK_COUNT; t++) {
        it.child->has_trick[t] = false;
    }
    it.child->slack = 0;
    it.child->plan.cost = INT64_MAX;
    if (index > 0 && is_cut(search)) {
        return NUMU_OK; /* so that a generation of large projects ends at once, but not empty */
    }
    it.worker->desk.context = search->best.cost == INT64_MAX ? NULL : search->context;
    if (search->is_random) {
        make_at_random(&it, index);
    } else {
        breed(&it, index);
    }
    return NUMU_OK;
}

/* --- a generation --- */

/* Whether others have proven that there is nothing better. */
static bool is_proven_elsewhere(const struct search *search) {
    struct numu_rcpsp_company *company = search->budget->company;
    return company != NULL &&
           (atomic_load(&company->is_over) ||
            (!search->problem[0]->has_deadlines &&
             search->best.cost <=
                 numu_rcpsp_cost_of(
                     0, atomic_load_explicit(&company->lower_bound, memory_order_relaxed))));
}

static bool is_over(struct search *search) {
    search->is_stopped = numu_context_is_stopped(search->context);
    return search->is_stopped || search->best.cost <= search->budget->cost_bound ||
           schedules_made(search) >= search->schedules_max || seconds_left(search) <= 0 ||
           is_proven_elsewhere(search);
}

/* As many threads as there are, less the one that others have. */
static unsigned threads_of(const struct search *search) {
    struct numu_rcpsp_company *company = search->budget->company;
    bool shares = company != NULL && !atomic_load(&company->has_left);
    return search->worker_count > 1 && shares ? search->worker_count - 1 : search->worker_count;
}

/* Tells the best to others, and takes over theirs in the place of one that is as good as any. */
static void exchange(struct search *search) {
    const struct numu_rcpsp_budget *budget = search->budget;
    if (budget->company != NULL) {
        const struct numu_rcpsp_plan *theirs =
            atomic_load_explicit(&budget->company->best, memory_order_acquire);
        if (theirs != NULL && theirs->cost < search->best.cost) {
            numu_rcpsp_plan_copy(search->count, theirs, &search->best);
            numu_rcpsp_plan_copy(search->count, theirs,
                                 &search->population[0][search->stream % search->size]);
            search->told_cost = theirs->cost;
        }
    }
    if (budget->found != NULL && search->best.cost < search->told_cost) {
        search->told_cost = search->best.cost;
        budget->found(budget->found_data, &search->best);
    }
}

/* Children that the budget has room for. */
static uint32_t generation_size(const struct search *search) {
    uint64_t left = search->schedules_max - schedules_made(search);
    return left < search->size ? (uint32_t)left : search->size;
}

/* What a child may cost to take the place of a plan of some cost, [9]. */
static int64_t cost_allowed(const struct search *search, const struct child *child, int64_t cost) {
    bool is_best = cost <= search->best.cost;
    return is_best || cost == INT64_MAX ? cost : cost + child->slack;
}

/* [2]: the place it was bred for, where that is allowed; else its mother's, where it is better. */
static void take_place(struct search *search, struct child *child, size_t index) {
    struct numu_rcpsp_plan *population = search->population[search->side];
    bool is_bred = !search->is_random && !search->is_first && child->plan.cost != INT64_MAX;
    if (child->plan.cost <= cost_allowed(search, child, population[index].cost)) {
        swap_plans(&child->plan, &population[index]);
    } else if (is_bred && child->plan.cost < population[child->mother].cost) {
        swap_plans(&child->plan, &population[child->mother]);
    }
}

static void learn(struct search *search, const struct child *child, bool is_better) {
    for (int t = 0; t < TRICK_COUNT; t++) {
        search->tricks[t].tried[child->has_trick[t]]++;
        search->tricks[t].won[child->has_trick[t]] += is_better;
    }
}

/* [4]: odds in proportion to what was won with and without, but never never and never always. */
static void adapt(struct search *search) {
    static const double fading = 0.95;
    static const double least = 0.05;
    for (int t = 0; t < TRICK_COUNT; t++) {
        struct trick *trick = &search->tricks[t];
        if (trick->odds > 0) {
            double without = (trick->won[0] + 1) / (trick->tried[0] + 20);
            double with = (trick->won[1] + 1) / (trick->tried[1] + 20);
            double odds = with / (with + without);
            trick->odds = odds < least ? least : odds;
            trick->odds = trick->odds > trick->odds_max ? trick->odds_max : trick->odds;
        }
        for (int i = 0; i < 2; i++) {
            trick->tried[i] *= fading;
            trick->won[i] *= fading;
        }
    }
}

/* Children take their places. Returns how many are better than what was there. */
static uint32_t settle(struct search *search, uint32_t made) {
    uint32_t better = 0;
    for (uint32_t i = 0; i < made; i++) {
        struct child *child = &search->children[i];
        bool is_better = child->plan.cost < search->population[search->side][i].cost;
        if (!search->is_random && !search->is_first) {
            learn(search, child, is_better);
        }
        better += is_better;
        if (search->side == 0 && child->plan.cost < search->best.cost) {
            numu_rcpsp_plan_copy(search->count, &child->plan, &search->best);
        }
        take_place(search, child, i);
    }
    adapt(search);
    return better;
}

/* Counts what all workers placed. */
static void add_placed(struct search *search) {
    search->placed = 0;
    for (unsigned w = 0; w < search->worker_count; w++) {
        search->placed += search->workers[w].desk.placed;
    }
}

static numu_status run_generation(struct search *search, uint32_t *out_better) {
    uint32_t made = generation_size(search);
    struct numu_context context = *search->context;
    context.stop = NULL; /* children look at it, and the generation ends whole */
    context.threads = threads_of(search);
    if ((uint64_t)made * search->count < WORTH_SHARING) {
        context.threads = 1;
    }
    NUMU_TRY(numu_parallel_for(&context, made, make_child, search));
    search->stream += made;
    add_placed(search);
    *out_better = settle(search, made);
    return NUMU_OK;
}

static void empty_populations(struct search *search) {
    for (int side = 0; side < 2; side++) {
        for (uint32_t i = 0; i < search->size_max; i++) {
            search->population[side][i].cost = INT64_MAX;
        }
    }
}

/* One population from its random beginning to its end, [5]. */
static numu_status run_population(struct search *search) {
    uint32_t stale = 0;
    uint32_t better;
    empty_populations(search);
    search->side = 0;
    search->is_random = true;
    search->is_first = false;
    NUMU_TRY(run_generation(search, &better));
    search->is_random = false;
    search->is_first = true;
    while (stale < STALE_MAX && !is_over(search)) {
        search->side = 1 - search->side;
        NUMU_TRY(run_generation(search, &better));
        search->is_first = false;
        exchange(search);
        stale = better == 0 ? stale + 1 : 0;
        numu_context_progress(search->context, "schedule",
                              (double)schedules_made(search) / (double)search->schedules_max);
        if (search->best.cost != INT64_MAX) {
            numu_context_incumbent(search->context, "search",
                                   numu_rcpsp_makespan(search->best.cost),
                                   numu_rcpsp_makespan(search->budget->cost_bound));
        }
    }
    return NUMU_OK;
}

/*
 * Small populations converge sooner, large ones to better and leave windows more that is unlike:
 * 0.125 S^0.68 for S schedules. Measured: docs/adr/0020-scarce-resources.md.
 */
static void choose_size(struct search *search) {
    double left = (double)(search->schedules_max - schedules_made(search));
    double size = 0.125 * pow(left, 0.68);
    search->size = size < SIZE_MIN                   ? SIZE_MIN
                   : size > (double)search->size_max ? search->size_max
                                                     : (uint32_t)size;
}

/* --- windows, [7] --- */

static numu_status sweep_plan(void *data, size_t index, unsigned number) {
    struct search *search = data;
    struct worker *worker = &search->workers[number];
    struct numu_rcpsp_plan *plan = &search->children[index].plan;
    struct numu_rcpsp_broom broom = {
        .desk = &worker->desk,
        .sorter = &worker->sorter,
        .list = worker->list,
        .start = worker->key,
        .mode = worker->mode,
        .late = &worker->spare,
        .scratch = &worker->scratch,
    };
    size_t place = search->swept[index];
    numu_rcpsp_plan_copy(search->count, &search->population[0][place], plan);
    if (index > 0 && is_cut(search)) {
        return NUMU_OK;
    }
    return numu_rcpsp_sweep_plan(search->context, search->problem[0], &broom, search->sweep_starts,
                                 &search->sweep[place], plan);
}

/* Starts that the budget has left. */
static uint64_t starts_left(const struct search *search) {
    uint64_t total = search->schedules_max > UINT64_MAX / (search->count + 1)
                         ? UINT64_MAX
                         : search->schedules_max * search->count;
    return total > search->placed ? total - search->placed : 0;
}

/* How many plans are swept in a round: as many as the budget has room for. */
static uint32_t sweeps_a_round(const struct search *search) {
    uint64_t room = starts_left(search) / STARTS_A_SWEEP + 1;
    uint32_t most = search->size < SWEEPS_A_ROUND ? search->size : SWEEPS_A_ROUND;
    return room < most ? (uint32_t)room : most;
}

/* What each of them may give, what goes beyond it aside, so that the budget is kept. */
static uint64_t starts_a_sweep(const struct search *search, uint32_t tasks) {
    numu_assert(tasks > 0);
    uint64_t each = starts_left(search) / tasks;
    uint64_t kept = 4 * (uint64_t)search->count;
    uint64_t most = each > kept ? each - kept : 0;
    return most < STARTS_A_SWEEP ? most : STARTS_A_SWEEP;
}

static bool is_same_plan(const struct search *search, size_t a, size_t b) {
    const struct numu_rcpsp_plan *population = search->population[0];
    return population[a].cost == population[b].cost &&
           memcmp(population[a].start, population[b].start,
                  search->count * sizeof *population[a].start) == 0 &&
           memcmp(population[a].mode, population[b].mode,
                  search->count * sizeof *population[a].mode) == 0;
}

/* Each plan is to be swept once; that nothing is to be swept is told by a sweep that is over. */
static void begin_sweeps(struct search *search) {
    for (uint32_t i = 0; i < search->size; i++) {
        bool is_new = search->population[0][i].cost != INT64_MAX;
        for (uint32_t k = 0; k < i && is_new; k++) {
            is_new = !is_same_plan(search, k, i);
        }
        search->sweep[i] = (struct numu_rcpsp_sweep){.level = is_new ? 0 : UINT32_MAX};
    }
}

/* Short plans come first, and of those the ones that were swept least. */
static int64_t rank_of(const struct search *search, size_t place) {
    int64_t longer = search->population[0][place].cost - search->best.cost;
    return LEVELS_A_PERIOD * longer + search->sweep[place].level;
}

/* Chooses what to sweep in a round, by rank, then by place; returns how many. */
static uint32_t choose_swept(struct search *search, uint32_t tasks) {
    uint32_t count = 0;
    for (size_t place = 0; place < search->size; place++) {
        if (numu_rcpsp_is_swept(search->problem[0], &search->sweep[place])) {
            continue;
        }
        int64_t rank = rank_of(search, place);
        uint32_t i = count < tasks ? count++ : count;
        while (i > 0 && rank_of(search, search->swept[i - 1]) > rank) {
            if (i < tasks) {
                search->swept[i] = search->swept[i - 1];
            }
            i--;
        }
        if (i < tasks) {
            search->swept[i] = place;
        }
    }
    return count;
}

static void settle_swept(struct search *search, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        struct numu_rcpsp_plan *plan = &search->children[i].plan;
        struct numu_rcpsp_plan *before = &search->population[0][search->swept[i]];
        if (plan->cost < search->best.cost) {
            numu_rcpsp_plan_copy(search->count, plan, &search->best);
        }
        if (plan->cost < before->cost) {
            swap_plans(plan, before);
        }
    }
}

static numu_status run_windows(struct search *search) {
    struct numu_context context = *search->context;
    context.stop = NULL; /* each sweep looks at it, and the round ends whole */
    if (search->best.cost < search->population[0][0].cost) {
        numu_rcpsp_plan_copy(search->count, &search->best, &search->population[0][0]);
    }
    begin_sweeps(search);
    while (!is_over(search)) {
        uint32_t tasks = sweeps_a_round(search);
        search->sweep_starts = starts_a_sweep(search, tasks);
        tasks = choose_swept(search, tasks);
        if (search->sweep_starts < STARTS_LEFT || tasks == 0) {
            return NUMU_OK;
        }
        context.threads = threads_of(search);
        NUMU_TRY(numu_parallel_for(&context, tasks, sweep_plan, search));
        add_placed(search);
        settle_swept(search, tasks);
        exchange(search);
    }
    return NUMU_OK;
}

/* --- the whole --- */

static numu_status take_worker(const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                               struct worker *out) {
    NUMU_TRY(numu_rcpsp_desk_take(problem, arena, &out->desk));
    NUMU_TRY(numu_rcpsp_sorter_take(problem, arena, &out->sorter));
    NUMU_TRY(NUMU_TAKE(arena, &out->list, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->key, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->mode, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->is_free, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->pool_left, problem->pool_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->tail, problem->count));
    if (problem->has_deadlines && problem->mirror != NULL) {
        NUMU_TRY(numu_rcpsp_mirror_take(problem, arena, &out->mirror));
    }
    return numu_rcpsp_plan_take(problem->count, arena, &out->spare);
}

static numu_status take_search(struct search *search, struct numu_arena *arena) {
    const struct numu_rcpsp_problem *problem = search->problem[0];
    search->worker_count = numu_context_threads(search->context);
    NUMU_TRY(NUMU_TAKE(arena, &search->workers, search->worker_count));
    for (unsigned w = 0; w < search->worker_count; w++) {
        numu_arena_init(&search->workers[w].scratch, search->context->heap);
    }
    for (unsigned w = 0; w < search->worker_count; w++) {
        NUMU_TRY(take_worker(problem, arena, &search->workers[w]));
    }
    NUMU_TRY(NUMU_TAKE(arena, &search->children, search->size_max));
    for (uint32_t i = 0; i < search->size_max; i++) {
        NUMU_TRY(numu_rcpsp_plan_take(problem->count, arena, &search->children[i].plan));
    }
    for (int side = 0; side < 2; side++) {
        NUMU_TRY(NUMU_TAKE(arena, &search->population[side], search->size_max));
        for (uint32_t i = 0; i < search->size_max; i++) {
            NUMU_TRY(numu_rcpsp_plan_take(problem->count, arena, &search->population[side][i]));
        }
    }
    NUMU_TRY(NUMU_TAKE(arena, &search->sweep, search->size_max));
    NUMU_TRY(NUMU_TAKE(arena, &search->swept, SWEEPS_A_ROUND));
    NUMU_TRY(NUMU_TAKE(arena, &search->tail, problem->count));
    numu_rcpsp_tails(problem, 0, search->tail);
    return numu_rcpsp_plan_take(problem->count, arena, &search->best);
}

/* Where only time bounds the search: schedules that the phase has room for, by those made in it. */
static void estimate_schedules(struct search *search, uint64_t made_before, double left_before) {
    double left = seconds_left(search);
    double spent = left_before - left;
    if (is_by_clock(search->budget) && spent > 0) {
        uint64_t made = schedules_made(search);
        double speed = (double)(made - made_before) / spent;
        search->schedules_max = made + (uint64_t)(speed * (left > 0 ? left : 0)) + 1;
    }
}

/* Lets the phase that begins have a share of what is left of the whole. */
static void begin_phase(struct search *search, double share) {
    const struct numu_rcpsp_budget *budget = search->budget;
    uint64_t made = schedules_made(search);
    search->schedules_max = UINT64_MAX;
    if (budget->schedules > 0) {
        uint64_t left = budget->schedules > made ? budget->schedules - made : 0;
        search->schedules_max = made + (uint64_t)ceil(share * (double)left);
    }
    search->seconds_max = budget->seconds;
    if (budget->seconds > 0) {
        search->seconds_max -= (1 - share) * seconds_left(search);
    }
}

/*
 * Random changes help small projects out of where they are stuck; in large ones, where there is
 * always something to be won by crossing, they mostly destroy (measured on 30 to 120 jobs).
 */
static void set_tricks(struct search *search) {
    const struct numu_rcpsp_problem *problem = search->problem[0];
    double count = (double)problem->count + 1;
    double chance = 600 / (count * count);
    chance = chance > 0.6 ? 0.6 : chance < 0.02 ? 0.02 : chance;
    search->tricks[BY_CHANCE] = (struct trick){.odds = chance / 2, .odds_max = chance};
    if (problem->is_ordered) {
        search->tricks[BY_PARALLEL] = (struct trick){.odds = 0.2, .odds_max = 0.6};
        if (!is_by_clock(search->budget) || problem->count <= NUMU_RCPSP_LARGE) {
            search->tricks[BY_PACKING] = (struct trick){.odds = 0.2, .odds_max = 0.6};
        }
    }
    if (problem->mode_max > 1) {
        search->tricks[BY_FREE_MODES] = (struct trick){.odds = 0.3, .odds_max = 0.6};
    }
}

static numu_status run_populations(struct search *search) {
    static const uint64_t trial = 1000; /* schedules to tell the speed by */
    uint64_t made_before = schedules_made(search);
    double left_before = seconds_left(search);
    if (is_by_clock(search->budget)) {
        search->schedules_max = made_before + trial;
    }
    do { /* once whatever happens: who stops it is given a schedule */
        choose_size(search);
        NUMU_TRY(run_population(search));
        estimate_schedules(search, made_before, left_before);
    } while (!is_over(search));
    return NUMU_OK;
}

/* Shares of what is left when they begin; windows = 0: there are none. */
struct phases {
    double populations, windows;
};

/*
 * Of few schedules windows make most: of 120 activities 60 % of 1,000 and 27 % of 5,000 are the
 * best shares, of what has deadlines never more than 30; of many, 3 % of 50,000, more takes time
 * for nothing. By the clock small projects see both several times; large ones win more in one long
 * population. Measured: docs/adr/0020-scarce-resources.md.
 */
static struct phases phases_of(const struct numu_rcpsp_problem *problem,
                               const struct numu_rcpsp_budget *budget) {
    bool is_timed = is_by_clock(budget);
    uint64_t least = problem->count > WINDOW_JOBS_MIN ? WINDOWS_FROM : LARGE_BUDGET;
    if (!numu_rcpsp_has_windows(problem) || problem->count > WINDOW_JOBS_MAX ||
        (!is_timed && budget->schedules < least)) {
        return (struct phases){1, 0};
    }
    if (is_timed) {
        bool is_large = problem->count > NUMU_RCPSP_LARGE;
        return is_large ? (struct phases){0.95, 1} : (struct phases){0.15, 0.3};
    }
    double windows = 900 * pow((double)budget->schedules, -0.95);
    double most = problem->has_deadlines ? 0.3 : 0.6;
    return (struct phases){1 - (windows < most ? windows : most), 1};
}

/* Populations, then windows of the last one, until nothing is left. */
static numu_status run(struct search *search) {
    struct phases phases = phases_of(search->problem[0], search->budget);
    if (search->count == 0) {
        search->best.cost = numu_rcpsp_cost(search->problem[0], search->best.finish); /* all done */
        return NUMU_OK;
    }
    do {
        begin_phase(search, phases.populations);
        NUMU_TRY(run_populations(search));
        if (phases.windows > 0) {
            begin_phase(search, phases.windows);
            NUMU_TRY(run_windows(search));
        }
        begin_phase(search, 1);
    } while (!is_over(search));
    return NUMU_OK;
}

numu_status numu_rcpsp_search(const struct numu_context *context,
                              const struct numu_rcpsp_problem *problem,
                              const struct numu_rcpsp_budget *budget, struct numu_arena *arena,
                              struct numu_rcpsp_found *out) {
    struct search search = {
        .context = context,
        .problem = {problem, problem->mirror != NULL ? problem->mirror : problem},
        .budget = budget,
        .began = context->clock == NULL ? 0 : context->clock(context->clock_data),
        .schedules_max = budget->schedules,
        .seconds_max = budget->seconds,
        .count = problem->count,
        .size_max = SIZE_MAX_,
        .told_cost = INT64_MAX,
    };
    set_tricks(&search);
    if (!is_by_clock(budget)) {
        choose_size(&search);
        search.size_max = search.size;
    }
    numu_status status = take_search(&search, arena);
    if (status == NUMU_OK) {
        status = run(&search);
    }
    for (unsigned w = 0; w < search.worker_count && search.workers != NULL; w++) {
        numu_arena_release(&search.workers[w].scratch);
    }
    NUMU_TRY(status);
    *out = (struct numu_rcpsp_found){
        .best = search.best,
        .is_stopped = search.is_stopped,
        .schedules = schedules_made(&search),
    };
    return NUMU_OK;
}
