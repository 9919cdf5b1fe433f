/*
 * rcpsp_breed.c - one child of the population search: how parents are crossed, what is drawn, how
 * it is decoded. [1] … [11] are those of rcpsp_search_parts.h.
 */
#include "programme/rcpsp_search_parts.h"

#include "programme/rcpsp_mirror.h"
#include "programme/rcpsp_modes.h"

#include "base/random.h"

#include <math.h>
#include <string.h>

enum {
    MOTHERS_DRAWN = 3,    /* of them the best is taken; */
    MOTHERS_BY_CLOCK = 2, /* by the clock */
    WEEK = 7,             /* periods: calendars mostly repeat after so many days */
    BACK_ROOM_OF = 4,     /* of the father's finish such a part is room for longer children, [3] */
};

/* Parents are alike, [6], where this share of jobs starts at about the same time in both. */
static const double alike_share = 0.8;

/* Of a plan's finish, what its child may be longer by on average when breeding begins, [9]. */
static const double slack_share = 0.024;

struct breeding {
    const struct numu_search *search;
    const struct numu_rcpsp_problem *problem;
    struct numu_search_worker *worker;
    struct numu_search_child *child;
    const struct numu_rcpsp_plan *father; /* NULL: none */
    struct numu_random random;
};

/* Whether the side under way is decoded back in place, [3]. */
static bool goes_back(const struct numu_search *search) {
    return search->side == 1 && !numu_search_has_mirror(search);
}

/* [3] The plan is moved to begin at 0; its cost is what it would be there. */
static void decode_back(struct breeding *it, bool keeps_links) {
    const struct numu_rcpsp_problem *problem = it->problem;
    struct numu_search_worker *worker = it->worker;
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
    struct numu_search_worker *worker = it->worker;
    struct numu_search_child *child = it->child;
    /* [8] */
    if (!numu_rcpsp_modes_repair(problem, &it->random, child->plan.mode, worker->pool_left)) {
        worker->desk.placed += problem->count; /* a schedule was not made, but work was done */
        child->plan.cost = INT64_MAX;
        return;
    }
    if (goes_back(it->search)) {
        decode_back(it, keeps_links);
    } else if (child->has_trick[NUMU_SEARCH_BY_PARALLEL] && problem->is_sequential &&
               numu_rcpsp_is_uniform(problem)) {
        numu_rcpsp_decode_parallel(problem, &worker->desk, worker->key, &child->plan);
    } else if (child->has_trick[NUMU_SEARCH_BY_PARALLEL] ||
               child->has_trick[NUMU_SEARCH_BY_PACKING]) {
        struct numu_rcpsp_stretch stretch = {0, problem->count, 0};
        if (child->has_trick[NUMU_SEARCH_BY_PACKING]) {
            stretch = draw_stretch(it);
        }
        numu_rcpsp_order(problem, &worker->sorter, worker->key, keeps_links, worker->list);
        numu_rcpsp_decode_packed(problem, &worker->desk, worker->list, &stretch, &child->plan);
    } else {
        const bool *is_free = NULL;
        if (child->has_trick[NUMU_SEARCH_BY_FREE_MODES]) {
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
    const struct numu_search *search = it->search;
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
    it->child->has_trick[NUMU_SEARCH_BY_PARALLEL] = is_near;
    decode(it, false);
}

/* A parent as the side under way sees it. */
struct parent {
    const struct numu_search *search;
    const struct numu_rcpsp_plan *plan;
    numu_period makespan;
};

static struct parent parent_of(const struct numu_search *search,
                               const struct numu_rcpsp_plan *plan) {
    return (struct parent){search, plan, numu_rcpsp_makespan(plan->cost)};
}

/* 0 … makespan, in the order in which the side under way should place jobs. */
static inline numu_period key_of(struct parent parent, uint32_t job) {
    if (numu_search_has_mirror(parent.search)) {
        return parent.makespan - parent.plan->finish[parent.search->count - 1 - job];
    }
    return parent.search->side == 0 ? parent.plan->start[job] : parent.plan->finish[job];
}

/* Whether keys of parents, crossed, keep all links. */
static bool parents_keep_links(const struct breeding *it) {
    return goes_back(it->search) ? it->problem->finishes_keep_links
                                 : it->problem->starts_keep_links;
}

static inline uint32_t mode_of(struct parent parent, const struct numu_rcpsp_problem *problem,
                               uint32_t job) {
    if (!numu_search_has_mirror(parent.search)) {
        return parent.plan->mode[job];
    }
    const struct numu_rcpsp_problem *other = parent.search->problem[1 - parent.search->side];
    uint32_t twin = parent.search->count - 1 - job;
    return problem->first_mode[job] + parent.plan->mode[twin] - other->first_mode[twin];
}

/* The best of those drawn, never the father. */
static size_t choose_mother(struct breeding *it, const struct numu_rcpsp_plan *population,
                            size_t father) {
    const struct numu_search *search = it->search;
    size_t best = SIZE_MAX;
    int drawn = numu_search_is_by_clock(search->budget) ? MOTHERS_BY_CLOCK : MOTHERS_DRAWN;
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
static bool are_alike(const struct numu_search *search, const struct numu_rcpsp_plan *a,
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
    const struct numu_search *search = it->search;
    if (numu_search_is_by_clock(search->budget)) {
        return 0;
    }
    double mean = slack_share * numu_search_left_share(search) * numu_rcpsp_makespan(father->cost);
    return (int64_t)(-mean * log1p(-numu_random_unit(&it->random)));
}

static void draw_tricks(struct breeding *it) {
    for (int t = 0; t < NUMU_SEARCH_TRICK_COUNT; t++) {
        it->child->has_trick[t] = numu_random_unit(&it->random) < it->search->tricks[t].odds;
    }
    it->child->has_trick[NUMU_SEARCH_BY_PACKING] &= !it->child->has_trick[NUMU_SEARCH_BY_PARALLEL];
    if (goes_back(it->search)) { /* which knows no tricks */
        it->child->has_trick[NUMU_SEARCH_BY_PARALLEL] =
            it->child->has_trick[NUMU_SEARCH_BY_PACKING] = false;
        it->child->has_trick[NUMU_SEARCH_BY_FREE_MODES] = false;
    }
}

static void breed(struct breeding *it, size_t index) {
    const struct numu_search *search = it->search;
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
        decode(it, parents_keep_links(it));
        return;
    }
    it->child->mother = choose_mother(it, search->population[side], index);
    const struct numu_rcpsp_plan *mother = &search->population[side][it->child->mother];
    mother = mother->cost == INT64_MAX ? father : mother;
    it->child->slack = draw_slack(it, father);
    draw_tricks(it);
    it->child->has_trick[NUMU_SEARCH_BY_CHANCE] |= are_alike(search, father, mother);
    cross(it, parent_of(search, father), parent_of(search, mother));
    if (it->child->has_trick[NUMU_SEARCH_BY_CHANCE]) {
        change_at_random(it, numu_rcpsp_makespan(father->cost));
    }
    decode(it, parents_keep_links(it) && !it->child->has_trick[NUMU_SEARCH_BY_CHANCE]);
}

/* The problem of the side under way, as a worker has it. */
static const struct numu_rcpsp_problem *problem_of(const struct numu_search *search,
                                                   const struct numu_search_worker *worker) {
    bool follows =
        search->side == 1 && numu_search_has_mirror(search) && search->problem[0]->has_deadlines;
    return follows ? &worker->mirror : search->problem[search->side];
}

numu_status numu_search_make_child(void *data, size_t index, unsigned worker) {
    struct numu_search *search = data;
    struct breeding it = {
        .search = search,
        .problem = problem_of(search, &search->workers[worker]),
        .worker = &search->workers[worker],
        .child = &search->children[index],
    };
    numu_random_init(&it.random, search->context->seed, search->stream + index);
    for (int t = 0; t < NUMU_SEARCH_TRICK_COUNT; t++) {
        it.child->has_trick[t] = false;
    }
    it.child->slack = 0;
    it.child->plan.cost = INT64_MAX;
    if (index > 0 && numu_search_is_cut(search)) {
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
