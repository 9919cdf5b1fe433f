/*
 * rcpsp.c - the whole of a solve: bounds, search, and the answer in the project's terms.
 */
#include "programme/rcpsp.h"

#include "programme/bound.h"
#include "programme/bound_modes.h"
#include "programme/conflict.h"
#include "programme/exact.h"
#include "programme/rcpsp_cheapen.h"
#include "programme/rcpsp_hasten.h"
#include "programme/rcpsp_proof.h"
#include "programme/reduce.h"
#include "programme/worked.h"

#include <math.h>

/* --- the answer --- */

static numu_status take_result(const struct numu_project *project, struct numu_arena *arena,
                               struct numu_rcpsp_result *out) {
    uint32_t count = project->activity_count;
    *out = (struct numu_rcpsp_result){.count = count};
    NUMU_TRY(NUMU_TAKE(arena, &out->start, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->finish, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->resume, count));
    return NUMU_TAKE(arena, &out->mode, count);
}

/* `number` tells the modes of the problem's project in the whole one. */
static void fill_result(const struct numu_project *project,
                        const struct numu_rcpsp_problem *problem, const uint32_t *number,
                        const struct numu_rcpsp_plan *plan, struct numu_rcpsp_result *result) {
    for (uint32_t a = 0; a < project->activity_count; a++) {
        result->start[a] = project->actual_start[a]; /* of finished work */
        result->resume[a] = project->actual_start[a];
        result->finish[a] = project->actual_finish[a];
        result->mode[a] = project->first_mode[a];
    }
    result->makespan = project->data_date;
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t a = problem->activity[j];
        result->resume[a] = plan->start[j];
        result->finish[a] = plan->finish[j];
        result->mode[a] = number[problem->mode_number[plan->mode[j]]];
        if (project->state[a] == NUMU_ACTIVITY_PLANNED) {
            result->start[a] = plan->start[j];
        }
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        if (result->finish[a] > result->makespan) {
            result->makespan = result->finish[a];
        }
        if (project->state[a] != NUMU_ACTIVITY_FINISHED) {
            result->lateness += numu_project_lateness(project, a, result->finish[a]);
        }
    }
}

/* What is told where there is no schedule. */
struct failure {
    bool keeps_deadlines;
    int64_t lateness; /* of the best that was found; 0 = none was */
    double seconds;   /* to explain it in; 0 = no limit */
};

/* Says what cannot all hold, where that can be proven. */
static numu_status report_none(const struct numu_context *context,
                               const struct numu_project *project, const struct failure *failure,
                               struct numu_arena *scratch, struct numu_report *report) {
    const struct numu_conflict_options options = {.keeps_deadlines = failure->keeps_deadlines,
                                                  .time_limit_s = failure->seconds};
    struct numu_conflict conflict;
    NUMU_TRY(numu_conflict_find(context, project, &options, scratch, &conflict));
    if (conflict.count > 0) {
        numu_conflict_report(project, &conflict, report);
        return NUMU_INFEASIBLE;
    }
    struct numu_diagnostic finding = {
        .code = failure->lateness > 0 ? NUMU_CODE_DEADLINES_NOT_KEPT : NUMU_CODE_NO_SCHEDULE_FOUND,
        .place = numu_project_whole(project),
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_integer(failure->lateness)},
    };
    numu_report_add(report, &finding);
    return NUMU_INFEASIBLE;
}

/* --- bounds and proofs --- */

enum {
    SCHEDULES_AHEAD = 2000, /* before the exact search begins beside the population */
    MODES_USUAL = 3,        /* of an activity; with more, each start by exact search takes longer */
};

/*
 * What each engine may spend. Bounded by schedules, the exact search has a share of them, counted
 * by the starts that it gives, so that both give the same on every machine; small projects are
 * worth more of it: there it proves. In middling ones it needs a large budget to win more than
 * breeding would; in large ones a large share would take too long, and windows win more. Measured
 * on PSPLIB: docs/adr/0020-scarce-resources.md.
 */
struct shares {
    uint64_t bound_work;
    double bound_seconds;
    uint64_t search_schedules, proof_schedules;
    double search_seconds;
};

static const uint32_t small = 45, middling = 75; /* activities */

/*
 * Of more than 400 activities none was proven by the exact search, which took most of the time: it
 * is not asked. Measured: docs/adr/0046-large-projects.md.
 */
static bool is_huge(const struct numu_rcpsp_problem *problem) {
    return problem->count > 400;
}

/* Of the time, what the schedules before the exact search may take. */
static const double ahead_share = 0.05;

static struct shares share(const struct numu_rcpsp_problem *problem, uint64_t schedules,
                           double seconds) {
    static const uint64_t large_budget = 20000;
    /* about a second; less than a tenth, which is all that 120 activities ask for */
    static const uint64_t bound_work_max = 200000000, bound_work_min = 20000000;
    uint64_t bound_work = schedules < bound_work_max / (2 * ((uint64_t)problem->count + 1))
                              ? 2 * schedules * (problem->count + 1)
                              : bound_work_max;
    bound_work = bound_work > bound_work_min ? bound_work : bound_work_min;
    bool is_small = problem->count <= small;
    bool is_middling = problem->count <= middling;
    if (schedules == 0) {
        return (struct shares){.bound_work = bound_work_max,
                               .bound_seconds = seconds / 4,
                               .search_seconds = seconds * (is_huge(problem) ? 1
                                                            : is_small       ? 0.05
                                                            : is_middling    ? 0.3
                                                                             : 0.8)};
    }
    bool is_rich = schedules >= large_budget;
    uint64_t thousandths = is_huge(problem) ? 0
                           : is_small       ? 250
                           : !is_rich       ? 40
                           : is_middling    ? 120
                                            : 5;
    if (!is_small && problem->mode_max > MODES_USUAL) {
        thousandths = thousandths * MODES_USUAL / problem->mode_max;
    }
    uint64_t proof = schedules / 1000 * thousandths + schedules % 1000 * thousandths / 1000;
    return (struct shares){
        .bound_work = bound_work,
        .bound_seconds = seconds / 4,
        .search_schedules = schedules - proof,
        .proof_schedules = proof,
        .search_seconds = seconds,
    };
}

/*
 * Of large projects none was proven, and few bounds were raised, where after breeding more than 15
 * hundredths were open: there the exact search takes its time for nothing. Of middling ones with
 * modes to choose from some were proven with a third open.
 */
static bool is_hopeless(const struct numu_rcpsp_problem *problem,
                        const struct numu_rcpsp_solution *solution) {
    int64_t open_percent = problem->count > middling ? 15 : 40;
    int64_t finish = numu_rcpsp_makespan(solution->found.best.cost);
    return problem->count > (problem->mode_max > 1 ? small : middling) &&
           solution->found.best.cost != INT64_MAX &&
           numu_rcpsp_lateness(solution->found.best.cost) == 0 &&
           100 * (finish - solution->lower_bound) > open_percent * finish;
}

/* What modes chosen together say of the finish, and how often populations begin with each. */
static numu_status choose_modes(const struct numu_context *context,
                                const struct numu_rcpsp_problem *problem,
                                const struct shares *shares, struct numu_arena *arena,
                                struct numu_rcpsp_solution *solution) {
    const struct numu_project *project = problem->project;
    double *share;
    NUMU_TRY(NUMU_TAKE(arena, &share, project->mode_count));
    const struct numu_bound_modes_options options = {.from = solution->lower_bound,
                                                     .until = NUMU_PERIOD_MAX,
                                                     .work_max = shares->bound_work,
                                                     .time_limit_s = shares->bound_seconds,
                                                     .skips_shaving = true,
                                                     .share = share};
    NUMU_TRY(numu_bound_modes_raise(context, project, &options, &solution->lower_bound));
    for (uint32_t m = 0; m < project->mode_count && solution->share == NULL; m++) {
        solution->share = share[m] > 0 ? share : NULL; /* none where it came to nothing in time */
    }
    return NUMU_OK;
}

static numu_status find_bounds(const struct numu_context *context,
                               const struct numu_rcpsp_problem *problem,
                               const struct shares *shares, struct numu_arena *arena,
                               struct numu_rcpsp_solution *solution) {
    const struct numu_bound_options options = {.work_max = shares->bound_work,
                                               .time_limit_s = shares->bound_seconds};
    struct numu_bound bound;
    numu_period *start, *finish;
    NUMU_TRY(NUMU_TAKE(arena, &start, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &finish, problem->count));
    solution->lower_bound = numu_rcpsp_heads(problem, start, finish);
    NUMU_TRY(numu_bound_project(context, problem->project, &options, &bound));
    solution->lateness_bound = bound.lateness;
    solution->lower_bound =
        bound.makespan > solution->lower_bound ? bound.makespan : solution->lower_bound;
    return problem->mode_max > 1 ? choose_modes(context, problem, shares, arena, solution)
                                 : NUMU_OK;
}

/* --- the whole --- */

static double seconds_since(const struct numu_context *context, double began) {
    return context->clock == NULL ? 0 : context->clock(context->clock_data) - began;
}

static numu_status search_and_prove(const struct numu_context *context,
                                    const struct numu_rcpsp_problem *problem,
                                    const struct numu_rcpsp_options *options,
                                    struct numu_arena *arena,
                                    struct numu_rcpsp_solution *solution) {
    double began = seconds_since(context, 0);
    double seconds = context->clock == NULL ? 0 : options->time_limit_s;
    bool is_asked = options->schedules > 0 || seconds > 0;
    uint64_t schedules = is_asked ? options->schedules : NUMU_RCPSP_SCHEDULES_DEFAULT;
    struct shares shares = share(problem, schedules, seconds);
    NUMU_TRY(find_bounds(context, problem, &shares, arena, solution));
    bool is_beside = schedules == 0 && numu_context_threads(context) > 1 && !is_huge(problem);
    if (options->keeps_deadlines && solution->lateness_bound > 0) {
        return NUMU_INFEASIBLE;
    }
    double left = fmax(seconds - seconds_since(context, began), 1e-3);
    double search_seconds = is_beside ? ahead_share * seconds : shares.search_seconds;
    const struct numu_rcpsp_budget budget = {
        .schedules = is_beside ? SCHEDULES_AHEAD : shares.search_schedules,
        .seconds = fmin(search_seconds, left), /* 0 where there is no limit */
        .cost_bound = numu_rcpsp_cost_of(solution->lateness_bound, solution->lower_bound),
        .share = solution->share,
    };
    NUMU_TRY(numu_rcpsp_search(context, problem, &budget, arena, &solution->found));
    solution->is_proven = solution->found.best.cost == budget.cost_bound;
    if (!is_asked && problem->count <= small && solution->found.best.cost != INT64_MAX) {
        shares.proof_schedules = NUMU_RCPSP_PROOF_DEFAULT;
    }
    left = seconds - seconds_since(context, began);
    if (schedules == 0 && !is_beside && left > 0 && !solution->is_proven) {
        NUMU_TRY(numu_rcpsp_raise_bound(context, problem, left / 2, solution));
        left = seconds - seconds_since(context, began);
    }
    bool has_share =
        schedules == 0 || (shares.proof_schedules > 0 && !is_hopeless(problem, solution));
    bool goes_on =
        !solution->is_proven && !solution->found.is_stopped && (seconds <= 0 || left > 0);
    if (goes_on && is_beside) {
        NUMU_TRY(numu_rcpsp_search_beside(context, problem, left, arena, solution));
    } else if (goes_on && has_share) {
        NUMU_TRY(numu_rcpsp_prove(context, problem, shares.proof_schedules, seconds <= 0 ? 0 : left,
                                  arena, solution));
    }
    solution->found.is_stopped = !solution->is_proven && numu_context_is_stopped(context);
    return NUMU_OK;
}

/*
 * The best that was found is late, and must not be: any schedule that is not will do. Where there
 * is none, or none is found, the best stays as it is.
 */
static numu_status meet_deadlines(const struct numu_context *context,
                                  const struct numu_rcpsp_problem *problem, double seconds,
                                  struct numu_arena *arena, struct numu_rcpsp_solution *solution) {
    const struct numu_exact_options options = {.keeps_deadlines = true,
                                               .stops_at_first = true,
                                               .conflicts_max = 20000,
                                               .time_limit_s = seconds};
    struct numu_exact exact;
    NUMU_TRY(numu_exact_solve(context, problem->project, &options, arena, &exact));
    if (exact.has_schedule) {
        numu_rcpsp_read_exact(problem, &exact, &solution->found.best);
        solution->is_proven = false;
    }
    return NUMU_OK;
}

/* --- rests that were cut out, worked.h --- */

/* What a search in worked time tells, in the time of the whole. */
struct teller {
    const struct numu_context *context;
    const struct numu_project_calendar *time;
};

static void tell_progress(void *data, const char *phase, double share) {
    const struct teller *teller = data;
    numu_context_progress(teller->context, phase, share);
}

static void tell_incumbent(void *data, const char *phase, double best, double bound) {
    const struct teller *teller = data;
    numu_context_incumbent(teller->context, phase,
                           numu_worked_point(teller->time, (numu_period)best),
                           numu_worked_point(teller->time, (numu_period)bound));
}

/* The context in which to search what is left; that of the whole where nothing was cut out. */
static struct numu_context search_context(struct teller *teller) {
    struct numu_context context = *teller->context;
    if (teller->time->rank != NULL) {
        context.progress = tell_progress;
        context.incumbent = tell_incumbent;
        context.progress_data = teller;
    }
    return context;
}

/*
 * No job before its start in worked time: then each stands where it stood, whatever the order, and
 * later only where [W2] of worked.h asks for it.
 */
static void hold_starts(struct numu_rcpsp_problem *problem,
                        const struct numu_project_calendar *time,
                        const struct numu_rcpsp_plan *from) {
    for (uint32_t j = 0; j < problem->count; j++) {
        numu_period start = numu_worked_point(time, from->start[j]);
        problem->release[j] = start > problem->release[j] ? start : problem->release[j];
    }
}

/* Generates a plan anew, in the order and modes of one in worked time. */
static numu_status generate(const struct numu_rcpsp_problem *problem,
                            const struct numu_rcpsp_problem *worked,
                            const struct numu_rcpsp_plan *from, struct numu_arena *arena,
                            struct numu_rcpsp_plan *plan) {
    struct numu_rcpsp_desk desk;
    struct numu_rcpsp_sorter sorter;
    uint32_t *list;
    NUMU_TRY(numu_rcpsp_desk_take(problem, arena, &desk));
    NUMU_TRY(numu_rcpsp_sorter_take(problem, arena, &sorter));
    NUMU_TRY(NUMU_TAKE(arena, &list, problem->count));
    NUMU_TRY(numu_rcpsp_plan_take(problem->count, arena, plan));
    numu_assert(problem->count == worked->count);
    for (uint32_t j = 0; j < problem->count; j++) {
        plan->mode[j] = problem->first_mode[j];
        while (problem->mode_number[plan->mode[j]] != worked->mode_number[from->mode[j]]) {
            plan->mode[j]++;
            numu_assert(plan->mode[j] < problem->first_mode[j + 1]);
        }
    }
    numu_rcpsp_order(problem, &sorter, from->start, worked->starts_keep_links, list);
    numu_rcpsp_decode(problem, &desk, list, NULL, plan);
    return NUMU_OK;
}

/*
 * The best in worked time as a schedule of the whole, whose problem takes the place of that which
 * was searched, for what is left to be told of it. What was proven stays so where the schedule is
 * no later. What is proven of the finish where lateness is least says nothing of the finish where
 * more is unavoidable.
 */
static numu_status put_rests_back(const struct numu_project *whole,
                                  const struct numu_project_calendar *time,
                                  struct numu_arena *arena, struct numu_rcpsp_problem *problem,
                                  struct numu_rcpsp_solution *solution) {
    const struct numu_rcpsp_problem worked = *problem;
    const struct numu_rcpsp_plan from = solution->found.best;
    numu_period *start, *finish, bound, least;
    if (solution->is_proven) {
        solution->lateness_bound = numu_rcpsp_lateness(from.cost);
        solution->lower_bound = numu_rcpsp_makespan(from.cost);
    }
    NUMU_TRY(numu_rcpsp_problem_build(whole, arena, problem));
    NUMU_TRY(NUMU_TAKE(arena, &start, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &finish, problem->count));
    least = numu_rcpsp_heads(problem, start, finish);
    bound = numu_worked_point(time, solution->lower_bound);
    solution->lower_bound = bound > least ? bound : least;
    if (from.cost == INT64_MAX) {
        return NUMU_OK;
    }
    bool is_least_late = numu_rcpsp_lateness(from.cost) == solution->lateness_bound;
    hold_starts(problem, time, &from);
    NUMU_TRY(generate(problem, &worked, &from, arena, &solution->found.best));
    if (solution->found.best.cost == INT64_MAX) { /* held so, something ends past the horizon */
        NUMU_TRY(numu_rcpsp_problem_build(whole, arena, problem));
        NUMU_TRY(generate(problem, &worked, &from, arena, &solution->found.best));
    }
    if (is_least_late &&
        numu_rcpsp_lateness(solution->found.best.cost) > solution->lateness_bound) {
        solution->lower_bound = least;
    }
    solution->is_proven = solution->found.best.cost ==
                          numu_rcpsp_cost_of(solution->lateness_bound, solution->lower_bound);
    return NUMU_OK;
}

static bool is_late(const struct numu_rcpsp_solution *solution) {
    return solution->found.best.cost != INT64_MAX &&
           numu_rcpsp_lateness(solution->found.best.cost) > 0;
}

static numu_status solve(const struct numu_context *context, const struct numu_project *project,
                         const struct numu_rcpsp_options *options, struct numu_arena *scratch,
                         struct numu_report *report, struct numu_rcpsp_result *result) {
    struct numu_rcpsp_problem problem;
    struct numu_project left, worked; /* what is worth searching; that without rests */
    struct numu_reduction reduction;
    struct numu_project_calendar time = {0};
    struct teller teller = {context, &time};
    struct numu_rcpsp_solution solution = {.found.best.cost = INT64_MAX};
    /* What comes after the search has a little time of its own. */
    struct failure failure = {.keeps_deadlines = options->keeps_deadlines,
                              .seconds = options->time_limit_s / 4};
    numu_status status = numu_project_reduce(project, scratch, &left, &reduction);
    if (status == NUMU_OK) {
        status = numu_project_cut_rests(&left, scratch, &worked, &time);
    }
    if (status == NUMU_OK) {
        status = numu_project_unify_links(&worked, scratch, &worked);
    }
    if (status == NUMU_OK) {
        status = numu_rcpsp_problem_build(&worked, scratch, &problem);
    }
    if (status == NUMU_OK) {
        struct numu_context worked_context = search_context(&teller);
        status = search_and_prove(&worked_context, &problem, options, scratch, &solution);
    }
    if (status == NUMU_OK && options->keeps_deadlines && is_late(&solution)) {
        status = meet_deadlines(context, &problem, failure.seconds, scratch, &solution);
    }
    if (status == NUMU_INFEASIBLE) {
        return report_none(context, project, &failure, scratch, report);
    }
    NUMU_TRY(status);
    if (solution.found.best.cost != INT64_MAX) {
        NUMU_TRY(numu_rcpsp_cheapen(context, &problem, scratch, &solution.found.best));
        NUMU_TRY(numu_rcpsp_hasten(context, &problem, scratch, &solution.found.best));
    }
    if (time.rank != NULL) {
        NUMU_TRY(put_rests_back(&left, &time, scratch, &problem, &solution));
        if (options->keeps_deadlines && is_late(&solution)) {
            NUMU_TRY(meet_deadlines(context, &problem, failure.seconds, scratch, &solution));
        }
    }
    bool is_none = solution.found.best.cost == INT64_MAX;
    if (is_none || (options->keeps_deadlines && is_late(&solution))) {
        failure.lateness = is_none ? 0 : numu_rcpsp_lateness(solution.found.best.cost);
        return solution.found.is_stopped ? NUMU_STOPPED
                                         : report_none(context, project, &failure, scratch, report);
    }
    fill_result(project, &problem, reduction.mode, &solution.found.best, result);
    result->lower_bound = solution.lower_bound > result->makespan || solution.is_proven
                              ? result->makespan
                              : solution.lower_bound;
    result->lateness_bound = solution.lateness_bound > result->lateness || solution.is_proven
                                 ? result->lateness
                                 : solution.lateness_bound;
    result->is_proven = solution.is_proven;
    result->is_stopped = solution.found.is_stopped;
    result->schedules = solution.found.schedules;
    return NUMU_OK;
}

numu_status numu_rcpsp_solve(const struct numu_context *context, const struct numu_project *project,
                             const struct numu_rcpsp_options *options, struct numu_arena *arena,
                             struct numu_report *report, struct numu_rcpsp_result *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_arena scratch;
    struct numu_rcpsp_result result;
    numu_arena_init(&scratch, context->heap);
    numu_status status = take_result(project, arena, &result);
    if (status == NUMU_OK) {
        status = solve(context, project, options, &scratch, report, &result);
    }
    numu_arena_release(&scratch);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
        return status;
    }
    *out = result;
    return NUMU_OK;
}
