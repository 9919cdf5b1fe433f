/*
 * exact.c - the two questions in turn: the least lateness, then the least finish.
 *
 * Each question is a search of its own, so that what was learned under "less late than known" does
 * not stay behind where it no longer holds.
 */
#include "programme/exact.h"

#include "programme/exact_solver.h"

#include <string.h>

/* Of more tasks looks at the work in windows are not made: of 10,000 they took most of the time. */
enum { ENERGY_TASKS_MAX = 1000 };

struct run {
    const struct numu_context *context;
    const struct numu_exact_options *options;
    const struct numu_domain *domain;
    struct numu_arena *arena;   /* of the result */
    struct numu_arena *scratch; /* of the searches */
    struct numu_exact *out;
    struct numu_exact_ends ends;
    struct numu_measures measures; /* of work in windows */
    bool looks_once;               /* at it, where a search begins */
};

/* --- schedules --- */

/* Finishes, and what follows of them, from starts and modes. */
static void measure(const struct numu_domain *domain, struct numu_exact *out) {
    const struct numu_project *project = domain->project;
    out->makespan = domain->makespan_min;
    out->lateness = 0;
    for (uint32_t n = 0; n < domain->task_count; n++) {
        uint32_t a = domain->activity[n];
        numu_period position = numu_domain_start_from(domain->calendar[n], out->start[a]);
        out->finish[a] =
            numu_domain_finish(domain->calendar[n], position + project->duration[out->mode[a]]);
        out->makespan = out->finish[a] > out->makespan ? out->finish[a] : out->makespan;
        out->lateness += numu_project_lateness(project, a, out->finish[a]);
    }
}

static void take_given(struct run *run) {
    const struct numu_project *project = run->domain->project;
    struct numu_exact *out = run->out;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        bool is_finished = project->state[a] == NUMU_ACTIVITY_FINISHED;
        out->start[a] = is_finished ? project->actual_start[a] : 0;
        out->finish[a] = is_finished ? project->actual_finish[a] : 0;
        out->mode[a] = project->first_mode[a];
        if (run->options->start != NULL && !is_finished) {
            out->start[a] = run->options->start[a];
            out->mode[a] = run->options->mode != NULL ? run->options->mode[a] : out->mode[a];
        }
    }
    out->has_schedule = run->options->start != NULL;
    if (out->has_schedule) {
        measure(run->domain, out);
    }
}

static void take_found(struct run *run, const struct numu_exact_solver *solver) {
    const struct numu_project *project = run->domain->project;
    for (uint32_t n = 0; n < run->domain->task_count; n++) {
        uint32_t a = run->domain->activity[n];
        run->out->start[a] = numu_domain_start(run->domain->calendar[n],
                                               numu_exact_least(solver, solver->start_variable[n]));
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            if (numu_exact_is_present(solver, solver->mode_variable[m])) {
                run->out->mode[a] = m;
            }
        }
    }
    run->out->has_schedule = true;
    measure(run->domain, run->out);
}

static void take_known(struct run *run) {
    const struct numu_exact_known *known =
        atomic_load_explicit(run->options->known, memory_order_acquire);
    const struct numu_project *project = run->domain->project;
    memcpy(run->out->start, known->start, project->activity_count * sizeof *known->start);
    memcpy(run->out->mode, known->mode, project->activity_count * sizeof *known->mode);
    run->out->has_schedule = true;
    measure(run->domain, run->out);
}

/* Lets a search begin near the schedule that is known. */
static void follow_known(const struct run *run, struct numu_exact_solver *solver) {
    const struct numu_project *project = run->domain->project;
    for (uint32_t n = 0; n < run->domain->task_count && run->out->has_schedule; n++) {
        uint32_t a = run->domain->activity[n];
        numu_exact_follow(solver, solver->start_variable[n],
                          numu_domain_start_from(run->domain->calendar[n], run->out->start[a]));
        if (solver->duration_variable[n] != NUMU_NO_VARIABLE) {
            numu_exact_follow(solver, solver->duration_variable[n],
                              project->duration[run->out->mode[a]]);
        }
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            if (solver->mode_variable[m] != NUMU_NO_VARIABLE) {
                numu_exact_follow(solver, solver->mode_variable[m], m == run->out->mode[a] ? 1 : 0);
            }
        }
    }
    for (uint32_t n = 0; n < solver->order_count && run->out->has_schedule; n++) {
        const struct numu_exact_order *order = &solver->order[n];
        numu_exact_follow(solver, order->variable,
                          run->out->start[run->domain->activity[order->first]] <
                              run->out->start[run->domain->activity[order->second]]);
    }
}

/* --- questions --- */

static void add_counts(struct run *run, const struct numu_exact_solver *solver) {
    run->out->conflicts += solver->conflict_total;
    run->out->propagations += solver->propagation_total;
    run->out->decisions += solver->decision_total;
    run->out->restarts += solver->restart_total;
    run->out->starts += solver->start_total;
}

static numu_period objective_of(const struct numu_exact_solver *solver,
                                const struct numu_exact *out) {
    return solver->objective == solver->makespan ? out->makespan : (numu_period)out->lateness;
}

/* Better and better schedules until there is none; returns whether that is proven. */
static bool improve(struct run *run, struct numu_exact_solver *solver) {
    numu_exact_verdict verdict = NUMU_EXACT_FOUND;
    while (verdict == NUMU_EXACT_FOUND || verdict == NUMU_EXACT_BEATEN) {
        numu_period most = numu_exact_greatest(solver, solver->objective);
        if (run->out->has_schedule && objective_of(solver, run->out) - 1 < most) {
            most = objective_of(solver, run->out) - 1;
        }
        follow_known(run, solver);
        verdict = numu_exact_next(solver, run->options, &run->ends, most);
        if (verdict == NUMU_EXACT_BEATEN) {
            take_known(run);
        } else if (verdict == NUMU_EXACT_FOUND) {
            take_found(run, solver);
            if (run->options->found != NULL &&
                !run->options->found(run->options->found_data, run->out)) {
                solver->told = NULL; /* what follows from it must not be told either */
            }
            if (run->options->stops_at_first) {
                return false;
            }
        }
    }
    return verdict == NUMU_EXACT_NONE;
}

/*
 * Searches within limits, for the least lateness or the least finish. *out_bound is what no
 * schedule within the limits goes below.
 */
static numu_status ask(struct run *run, const struct numu_exact_limits *limits, bool of_lateness,
                       bool *out_is_proven, numu_period *out_bound) {
    struct numu_exact_solver *solver;
    struct numu_arena_mark mark = numu_arena_mark(run->scratch);
    bool is_open = false;
    NUMU_TRY(NUMU_TAKE(run->scratch, &solver, 1));
    numu_status status =
        numu_exact_build(run->context, run->domain, limits, run->scratch, solver, &is_open);
    *out_is_proven = status == NUMU_OK && !is_open;
    if (status == NUMU_OK && is_open) {
        solver->learn = run->options->learn;
        solver->learn_data = run->options->learn_data;
        solver->told = run->options->told;
        if (run->options->clauses_max > 0) {
            solver->learned_max = run->options->clauses_max;
        }
        solver->energy.measure_count = run->looks_once ? 0 : solver->energy.measure_count;
        solver->objective = of_lateness ? solver->lateness : solver->makespan;
        *out_is_proven = improve(run, solver);
        *out_bound = solver->root[2 * (size_t)solver->objective];
        add_counts(run, solver);
    }
    numu_exact_release(solver);
    numu_arena_rewind(run->scratch, mark);
    return status;
}

/* What no schedule can be later than and still be of interest. */
static numu_status find_limits(const struct run *run, struct numu_exact_limits *limits) {
    *limits = (struct numu_exact_limits){
        .makespan_min = run->domain->makespan_min,
        .makespan_max = numu_exact_horizon(run->domain),
        .latest = run->options->latest,
        .measures = &run->measures,
    };
    if (run->options->makespan_max > 0 && run->options->makespan_max < limits->makespan_max) {
        limits->makespan_max = run->options->makespan_max;
    }
    if (limits->makespan_max >= NUMU_PERIOD_MAX) {
        return NUMU_LIMIT;
    }
    int64_t lateness = run->options->keeps_deadlines
                           ? 0
                           : numu_domain_lateness_max(run->domain, limits->makespan_max);
    if (run->out->has_schedule && run->out->lateness < lateness) {
        lateness = run->out->lateness;
    }
    limits->lateness_min = run->options->lateness_bound > NUMU_PERIOD_MAX
                               ? NUMU_PERIOD_MAX
                               : (numu_period)run->options->lateness_bound;
    limits->lateness_max = lateness > NUMU_PERIOD_MAX ? NUMU_PERIOD_MAX : (numu_period)lateness;
    return NUMU_OK;
}

static numu_status solve_lateness(struct run *run, struct numu_exact_limits *limits,
                                  bool *out_is_proven) {
    struct numu_exact *out = run->out;
    numu_period bound = limits->lateness_min;
    bool is_least = out->has_schedule && out->lateness <= limits->lateness_min;
    *out_is_proven = true;
    if (limits->lateness_max > 0 && !is_least) {
        NUMU_TRY(ask(run, limits, true, out_is_proven, &bound));
    }
    out->lateness_bound = *out_is_proven && out->has_schedule ? out->lateness : bound;
    if (out->has_schedule) {
        limits->lateness_max = (numu_period)out->lateness;
    }
    return NUMU_OK;
}

static numu_status solve_in(struct run *run) {
    struct numu_exact *out = run->out;
    struct numu_exact_limits limits;
    bool is_proven = false;
    run->looks_once = run->options->skips_energy || run->domain->task_count > ENERGY_TASKS_MAX;
    if (run->looks_once) { /* no task takes fewer points than it has periods */
        run->measures = (struct numu_measures){1, {{NULL, run->domain->project->duration}}};
    } else {
        NUMU_TRY(numu_measures_find(run->domain->project, run->scratch, &run->measures));
    }
    NUMU_TRY(find_limits(run, &limits));
    bool has_deadlines = limits.lateness_max > 0;
    NUMU_TRY(solve_lateness(run, &limits, &is_proven));
    out->lower_bound = run->options->lower_bound;
    if (has_deadlines && is_proven && !out->has_schedule) {
        out->is_proven = out->is_infeasible = true;
        return NUMU_OK;
    }
    if (!is_proven) {
        return NUMU_OK;
    }
    if (out->has_schedule) {
        limits.makespan_max = out->makespan - 1;
    }
    if (run->options->lower_bound > limits.makespan_min) {
        limits.makespan_min = run->options->lower_bound;
    }
    numu_period bound = limits.makespan_min;
    NUMU_TRY(ask(run, &limits, false, &is_proven, &bound));
    out->is_proven = is_proven;
    out->is_infeasible = is_proven && !out->has_schedule;
    out->lower_bound = is_proven && out->has_schedule ? out->makespan : bound;
    return NUMU_OK;
}

numu_status numu_exact_solve(const struct numu_context *context, const struct numu_project *project,
                             const struct numu_exact_options *options, struct numu_arena *arena,
                             struct numu_exact *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_arena scratch;
    struct numu_domain domain;
    struct numu_exact result = {.is_supported = true};
    struct run run = {.context = context,
                      .options = options,
                      .domain = &domain,
                      .arena = arena,
                      .scratch = &scratch,
                      .out = &result,
                      .ends = {.conflicts = UINT64_MAX}};
    if (options->conflicts_max > 0) {
        run.ends.conflicts = options->conflicts_max;
    }
    if (options->time_limit_s > 0 && context->clock != NULL) {
        double now = context->clock(context->clock_data);
        run.ends.clock = now + options->time_limit_s;
        run.ends.trial = options->trial_s > 0 ? now + options->trial_s : 0;
        run.ends.patience = options->patience_s > 0 ? now + options->patience_s : 0;
        run.ends.near = now + options->near_s;
    }
    numu_arena_init(&scratch, context->heap);
    numu_status status = numu_domain_build(project, &scratch, &domain);
    size_t count = project->activity_count;
    status = status == NUMU_OK ? NUMU_TAKE(arena, &result.start, count) : status;
    status = status == NUMU_OK ? NUMU_TAKE(arena, &result.finish, count) : status;
    status = status == NUMU_OK ? NUMU_TAKE(arena, &result.mode, count) : status;
    if (status == NUMU_OK) {
        take_given(&run);
        result.is_supported = domain.is_exact;
        status = domain.is_exact ? solve_in(&run) : NUMU_OK;
        if (status == NUMU_LIMIT) {
            result.is_supported = false;
            status = NUMU_OK;
        }
    }
    numu_arena_release(&scratch);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
        return status;
    }
    *out = result;
    return NUMU_OK;
}
