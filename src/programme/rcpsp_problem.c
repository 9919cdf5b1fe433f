/*
 * rcpsp_problem.c - from activities to jobs: dropping what has happened, packing resources.
 */
#include "programme/rcpsp_problem.h"

#include <math.h>
#include <stdlib.h>

enum { LANES_NARROW = 4, LANES_WIDE = 2 };

struct layout {
    const struct numu_project *project;
    struct numu_arena *arena;
    struct numu_rcpsp_problem *problem;
    uint32_t *job_of;  /* by activity; NUMU_NONE for finished ones */
    uint32_t *slot_of; /* by resource: its lane, pool or place in `timed` */
    int lanes_a_word;
};

/* --- jobs --- */

static numu_status number_jobs(struct layout *layout) {
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    NUMU_TRY(NUMU_TAKE(layout->arena, &layout->job_of, project->activity_count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->activity, project->activity_count));
    for (uint32_t n = 0; n < project->activity_count; n++) {
        uint32_t a = project->order[n];
        layout->job_of[a] = NUMU_NONE;
        if (project->state[a] != NUMU_ACTIVITY_FINISHED) {
            layout->job_of[a] = problem->count;
            problem->activity[problem->count++] = a;
        }
    }
    return NUMU_OK;
}

static numu_status fill_jobs(struct layout *layout) {
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->release, problem->count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->finish_min, problem->count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->deadline, problem->count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->calendar, problem->count));
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t a = problem->activity[j];
        numu_period release = project->state[a] == NUMU_ACTIVITY_STARTED ? project->actual_start[a]
                                                                         : project->release[a];
        problem->release[j] = release > project->data_date ? release : project->data_date;
        problem->deadline[j] = project->deadline[a];
        problem->has_deadlines |= project->deadline[a] != NUMU_NO_PERIOD;
        problem->calendar[j] = &project->calendars[project->calendar[a]];
        problem->is_plain &= problem->calendar[j]->rank == NULL;
    }
    return NUMU_OK;
}

/* --- links --- */

static void fix_release(const struct layout *layout, uint32_t link) {
    const struct numu_project *project = layout->project;
    uint32_t before = project->link_before[link];
    uint32_t job = layout->job_of[project->link_after[link]];
    numu_period from = numu_link_leaves_start(project->link_type[link])
                           ? project->actual_start[before]
                           : project->actual_finish[before];
    numu_period asked = numu_period_advance(&project->calendars[project->calendar[before]], from,
                                            project->link_lag[link]);
    numu_period *bound = numu_link_enters_finish(project->link_type[link])
                             ? &layout->problem->finish_min[job]
                             : &layout->problem->release[job];
    *bound = asked > *bound ? asked : *bound;
}

static bool is_kept(const struct layout *layout, uint32_t link) {
    return layout->job_of[layout->project->link_after[link]] != NUMU_NONE &&
           !numu_project_has_happened(layout->project, link);
}

static numu_status fill_links(struct layout *layout) {
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    size_t count = project->link_count;
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->first_before, (size_t)problem->count + 1));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->before, count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->before_type, count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->before_lag, count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->first_after, (size_t)problem->count + 1));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->after, count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->after_type, count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->after_lag, count));
    uint32_t in = 0;
    uint32_t out = 0;
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t a = problem->activity[j];
        for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
            uint32_t link = project->link_in[i];
            if (!is_kept(layout, link)) {
                fix_release(layout, link);
                continue;
            }
            problem->before[in] = layout->job_of[project->link_before[link]];
            problem->before_type[in] = project->link_type[link];
            problem->before_lag[in] = project->link_lag[link];
            in++;
        }
        for (uint32_t i = project->first_out[a]; i < project->first_out[a + 1]; i++) {
            uint32_t link = project->link_out[i];
            if (is_kept(layout, link)) {
                problem->after[out] = layout->job_of[project->link_after[link]];
                problem->after_type[out] = project->link_type[link];
                problem->after_lag[out] = project->link_lag[link];
                out++;
            }
        }
        problem->first_before[j + 1] = in;
        problem->first_after[j + 1] = out;
    }
    return NUMU_OK;
}

/* Whether a link lets no job start, or, of finishes, finish before the one it waits for, [S4]. */
static bool keeps_order(const struct numu_rcpsp_problem *problem, uint32_t job, uint32_t link,
                        bool of_finishes) {
    uint32_t other = problem->before[link];
    numu_period least = problem->before_lag[link];
    bool leaves_start = numu_link_leaves_start(problem->before_type[link]);
    bool enters_finish = numu_link_enters_finish(problem->before_type[link]);
    struct numu_rcpsp_range before = numu_rcpsp_durations(problem, other);
    struct numu_rcpsp_range after = numu_rcpsp_durations(problem, job);
    bool is_direct = least >= 0 && !leaves_start && !enters_finish;
    if (of_finishes) {
        least += enters_finish ? 0 : after.least;
        least -= leaves_start ? before.most : 0;
        is_direct |= enters_finish;
    } else {
        least += leaves_start ? 0 : before.least;
        least -= enters_finish ? after.most : 0;
        is_direct |= !enters_finish;
    }
    /* Work of both is added up, in one calendar only, unless the date is the one asked about. */
    return least >= 0 &&
           (is_direct || problem->calendar[job] == problem->calendar[other] ||
            (problem->calendar[job]->rank == NULL && problem->calendar[other]->rank == NULL));
}

/* The same of all links between two jobs together: of a ladder one is enough. */
static bool some_keeps_order(const struct numu_rcpsp_problem *problem, uint32_t job, uint32_t link,
                             bool of_finishes) {
    bool keeps = false;
    for (uint32_t i = problem->first_before[job]; !keeps && i < problem->first_before[job + 1];
         i++) {
        keeps = problem->before[i] == problem->before[link] &&
                keeps_order(problem, job, i, of_finishes);
    }
    return keeps;
}

static void note_kinds_of_links(struct numu_rcpsp_problem *problem) {
    for (uint32_t j = 0; j < problem->count; j++) {
        for (uint32_t i = problem->first_before[j]; i < problem->first_before[j + 1]; i++) {
            bool is_sequential =
                problem->before_type[i] == numu_link_FS && problem->before_lag[i] >= 0;
            problem->is_sequential &= is_sequential;
            problem->is_simple &= is_sequential && problem->before_lag[i] == 0;
            if (!is_sequential) {
                problem->starts_keep_links &= some_keeps_order(problem, j, i, false);
                problem->finishes_keep_links &= some_keeps_order(problem, j, i, true);
            }
        }
    }
}

/* --- modes --- */

static numu_status fill_modes(struct layout *layout) {
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->first_mode, (size_t)problem->count + 1));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->mode_number, project->mode_count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->duration, project->mode_count));
    uint32_t count = 0;
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t a = problem->activity[j];
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            problem->mode_number[count] = m;
            problem->duration[count] = project->duration[m];
            count++;
        }
        problem->first_mode[j + 1] = count;
        uint32_t choice = count - problem->first_mode[j];
        problem->mode_max = choice > problem->mode_max ? choice : problem->mode_max;
    }
    problem->mode_count = count;
    return NUMU_OK;
}

/* --- resources --- */

static bool is_pool(const struct numu_project *project, uint32_t resource) {
    return project->is_consumable[resource] &&
           project->first_step[resource + 1] - project->first_step[resource] == 1;
}

/* What a need takes of a renewable resource while it runs, as a share of the most there ever is. */
static double share_of(const struct numu_project *project, uint32_t need) {
    uint32_t r = project->need_resource[need];
    return project->is_consumable[r] || project->need_units[need] == 0
               ? 0
               : (double)project->need_units[need] / numu_project_most(project, r);
}

/* How much longer a mode may make the whole, on the longest way or off it. */
static numu_status weigh_modes(struct layout *layout) {
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->weight, problem->mode_count));
    for (uint32_t m = 0; m < problem->mode_count; m++) {
        uint32_t number = problem->mode_number[m];
        double shares = 1;
        for (uint32_t n = project->first_need[number]; n < project->first_need[number + 1]; n++) {
            shares += share_of(project, n);
        }
        problem->weight[m] = problem->duration[m] * shares;
    }
    return NUMU_OK;
}

/* By resource: periods of all of it that all jobs ask, in the mean of their modes. */
static void add_work(const struct numu_rcpsp_problem *problem, double *work) {
    const struct numu_project *project = problem->project;
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t first = problem->first_mode[j];
        uint32_t end = problem->first_mode[j + 1];
        for (uint32_t m = first; m < end; m++) {
            uint32_t number = problem->mode_number[m];
            for (uint32_t n = project->first_need[number]; n < project->first_need[number + 1];
                 n++) {
                work[project->need_resource[n]] +=
                    share_of(project, n) * problem->duration[m] / (end - first);
            }
        }
    }
}

/*
 * What is scarce counts: a resource by the fourth power of its work as a share of the most that any
 * has. A mode that takes nothing has a little, so that it is worth starting.
 */
static numu_status measure_density(struct layout *layout) {
    static const double least = 1e-6;
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    double *work;
    double most = 0;
    NUMU_TRY(NUMU_TAKE(layout->arena, &work, project->resource_count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->density, problem->mode_count));
    add_work(problem, work);
    for (uint32_t r = 0; r < project->resource_count; r++) {
        most = work[r] > most ? work[r] : most;
    }
    for (uint32_t m = 0; m < problem->mode_count; m++) {
        uint32_t number = problem->mode_number[m];
        problem->density[m] = least;
        for (uint32_t n = project->first_need[number]; n < project->first_need[number + 1]; n++) {
            double scarcity = most > 0 ? work[project->need_resource[n]] / most : 0;
            problem->density[m] += pow(scarcity, 4) * share_of(project, n);
        }
    }
    return NUMU_OK;
}

/* Lanes of 16 bits hold units up to 2^15 - 1, those of 32 up to 2^31 - 1. */
static bool fits_narrow(const struct numu_project *project) {
    for (uint32_t r = 0; r < project->resource_count; r++) {
        for (uint32_t s = project->first_step[r]; s < project->first_step[r + 1]; s++) {
            if (!project->is_consumable[r] && project->step_units[s] > INT16_MAX) {
                return false;
            }
        }
    }
    return true;
}

static numu_status number_resources(struct layout *layout) {
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    uint32_t lanes = 0;
    NUMU_TRY(NUMU_TAKE(layout->arena, &layout->slot_of, project->resource_count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->timed, project->resource_count));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        if (!project->is_consumable[r]) {
            layout->slot_of[r] = lanes++;
        } else if (is_pool(project, r)) {
            layout->slot_of[r] = problem->pool_count++;
        } else {
            problem->timed[problem->timed_count] = r;
            layout->slot_of[r] = problem->timed_count++;
        }
    }
    problem->is_plain &= problem->timed_count == 0;
    layout->lanes_a_word = fits_narrow(project) ? LANES_NARROW : LANES_WIDE;
    problem->guard =
        layout->lanes_a_word == LANES_NARROW ? 0x8000800080008000u : 0x8000000080000000u;
    uint32_t a_word = (uint32_t)layout->lanes_a_word;
    problem->words = lanes == 0 ? 1 : (lanes + a_word - 1) / a_word;
    return NUMU_OK;
}

static void add_lane(const struct layout *layout, uint64_t *words, uint32_t resource,
                     int32_t units) {
    uint32_t a_word = (uint32_t)layout->lanes_a_word;
    uint32_t lane = layout->slot_of[resource];
    words[lane / a_word] |= (uint64_t)(uint32_t)units << (lane % a_word * (64 / a_word));
}

static numu_status fill_needs(struct layout *layout) {
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    NUMU_TRY(
        NUMU_TAKE(layout->arena, &problem->need, (size_t)problem->mode_count * problem->words));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->pool_need,
                       (size_t)problem->mode_count * problem->pool_count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->timed_need,
                       (size_t)problem->mode_count * problem->timed_count));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->pool, problem->pool_count));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        if (is_pool(project, r)) {
            problem->pool[layout->slot_of[r]] = project->step_units[project->first_step[r]];
        }
    }
    for (uint32_t m = 0; m < problem->mode_count; m++) {
        uint32_t number = problem->mode_number[m];
        for (uint32_t n = project->first_need[number]; n < project->first_need[number + 1]; n++) {
            uint32_t r = project->need_resource[n];
            int32_t units = project->need_units[n];
            if (!project->is_consumable[r]) {
                add_lane(layout, &problem->need[(size_t)m * problem->words], r, units);
            } else if (is_pool(project, r)) {
                problem->pool_need[m * problem->pool_count + layout->slot_of[r]] = units;
            } else {
                problem->timed_need[m * problem->timed_count + layout->slot_of[r]] = units;
            }
        }
    }
    return NUMU_OK;
}

static int compare_periods(const void *a, const void *b) {
    numu_period x = *(const numu_period *)a, y = *(const numu_period *)b;
    return (x > y) - (x < y);
}

/* Times at which what there is of a renewable resource may change, each once. */
static numu_status list_supply_times(struct layout *layout) {
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->supply_from, (size_t)project->step_count + 2));
    size_t count = 0;
    problem->supply_from[count++] = 0; /* where there is no such resource, too */
    for (uint32_t r = 0; r < project->resource_count; r++) {
        for (uint32_t s = project->first_step[r];
             !project->is_consumable[r] && s < project->first_step[r + 1]; s++) {
            problem->supply_from[count++] = project->step_time[s];
        }
    }
    qsort(problem->supply_from, count, sizeof *problem->supply_from, compare_periods);
    for (size_t i = 0; i < count; i++) {
        numu_period time = problem->supply_from[i];
        if (i == 0 || time > problem->supply_from[problem->supply_count - 1]) {
            problem->supply_from[problem->supply_count++] = time;
        }
    }
    problem->supply_from[problem->supply_count] = INT32_MAX;
    return NUMU_OK;
}

static numu_status fill_supply(struct layout *layout) {
    const struct numu_project *project = layout->project;
    struct numu_rcpsp_problem *problem = layout->problem;
    size_t words = problem->words;
    NUMU_TRY(list_supply_times(layout));
    NUMU_TRY(NUMU_TAKE(layout->arena, &problem->supply, problem->supply_count * words));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        uint32_t step = project->first_step[r], end = project->first_step[r + 1];
        for (uint32_t s = 0; !project->is_consumable[r] && s < problem->supply_count; s++) {
            while (step + 1 < end && project->step_time[step + 1] <= problem->supply_from[s]) {
                step++;
            }
            add_lane(layout, &problem->supply[s * words], r, project->step_units[step]);
        }
    }
    return NUMU_OK;
}

/*
 * A mode that needs more than there ever is would borrow from a lane's neighbour: [S1] holds for
 * needs below the guard only. Such modes are left out; numu_project_finish made sure of one.
 */
static bool is_possible(const struct numu_project *project, uint32_t mode) {
    for (uint32_t n = project->first_need[mode]; n < project->first_need[mode + 1]; n++) {
        if (project->need_units[n] > numu_project_most(project, project->need_resource[n])) {
            return false;
        }
    }
    return true;
}

static numu_status drop_impossible_modes(struct numu_rcpsp_problem *problem) {
    uint32_t kept = 0;
    uint32_t first = 0;
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t end = problem->first_mode[j + 1];
        problem->first_mode[j] = kept;
        for (uint32_t m = first; m < end; m++) {
            if (is_possible(problem->project, problem->mode_number[m])) {
                problem->mode_number[kept] = problem->mode_number[m];
                problem->duration[kept] = problem->duration[m];
                kept++;
            }
        }
        if (kept == problem->first_mode[j]) {
            return NUMU_INFEASIBLE;
        }
        first = end;
    }
    problem->first_mode[problem->count] = kept;
    problem->mode_count = kept;
    return NUMU_OK;
}

/* --- the mirror --- */

static uint8_t mirrored_type(uint8_t type) {
    return type == numu_link_SS ? numu_link_FF : type == numu_link_FF ? numu_link_SS : type;
}

static numu_status mirror_links(struct numu_arena *arena, uint32_t count, const uint32_t *first,
                                const uint32_t *other, const uint8_t *type, const numu_period *lag,
                                uint32_t **out_first, uint32_t **out_other, uint8_t **out_type,
                                numu_period **out_lag) {
    uint32_t link_count = first[count];
    uint32_t n = 0;
    NUMU_TRY(NUMU_TAKE(arena, out_first, (size_t)count + 1));
    NUMU_TRY(NUMU_TAKE(arena, out_other, link_count));
    NUMU_TRY(NUMU_TAKE(arena, out_type, link_count));
    NUMU_TRY(NUMU_TAKE(arena, out_lag, link_count));
    for (uint32_t j = 0; j < count; j++) {
        uint32_t from = count - 1 - j;
        for (uint32_t i = first[from]; i < first[from + 1]; i++) {
            (*out_other)[n] = count - 1 - other[i];
            (*out_type)[n] = mirrored_type(type[i]);
            (*out_lag)[n] = lag[i];
            n++;
        }
        (*out_first)[j + 1] = n;
    }
    return NUMU_OK;
}

static numu_status mirror_jobs(const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                               struct numu_rcpsp_problem *mirror) {
    uint32_t count = problem->count;
    size_t words = problem->words;
    NUMU_TRY(NUMU_TAKE(arena, &mirror->activity, count));
    NUMU_TRY(NUMU_TAKE(arena, &mirror->release, count));
    NUMU_TRY(NUMU_TAKE(arena, &mirror->finish_min, count));
    NUMU_TRY(NUMU_TAKE(arena, &mirror->deadline, count));
    NUMU_TRY(NUMU_TAKE(arena, &mirror->first_mode, (size_t)count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &mirror->mode_number, problem->mode_count));
    NUMU_TRY(NUMU_TAKE(arena, &mirror->duration, problem->mode_count));
    NUMU_TRY(NUMU_TAKE(arena, &mirror->weight, problem->mode_count));
    NUMU_TRY(NUMU_TAKE(arena, &mirror->density, problem->mode_count));
    NUMU_TRY(NUMU_TAKE(arena, &mirror->need, problem->mode_count * words));
    uint32_t n = 0;
    for (uint32_t j = 0; j < count; j++) {
        uint32_t from = count - 1 - j;
        mirror->activity[j] = problem->activity[from];
        mirror->deadline[j] = NUMU_NO_PERIOD;
        for (uint32_t m = problem->first_mode[from]; m < problem->first_mode[from + 1]; m++) {
            mirror->mode_number[n] = m; /* here: the mode of the problem it mirrors */
            mirror->duration[n] = problem->duration[m];
            mirror->weight[n] = problem->weight[m];
            mirror->density[n] = problem->density[m];
            for (size_t w = 0; w < words; w++) {
                mirror->need[n * words + w] = problem->need[m * words + w];
            }
            n++;
        }
        mirror->first_mode[j + 1] = n;
    }
    return NUMU_OK;
}

static numu_status build_mirror(struct numu_rcpsp_problem *problem, struct numu_arena *arena) {
    struct numu_rcpsp_problem *mirror;
    NUMU_TRY(NUMU_TAKE(arena, &mirror, 1));
    *mirror = *problem;
    mirror->is_mirrored = true;
    mirror->starts_keep_links = problem->finishes_keep_links;
    mirror->finishes_keep_links = problem->starts_keep_links;
    mirror->has_deadlines = false;
    mirror->horizon *= problem->has_deadlines ? 2 : 1; /* what follows a plan begins later */
    NUMU_TRY(mirror_jobs(problem, arena, mirror));
    NUMU_TRY(mirror_links(arena, problem->count, problem->first_after, problem->after,
                          problem->after_type, problem->after_lag, &mirror->first_before,
                          &mirror->before, &mirror->before_type, &mirror->before_lag));
    NUMU_TRY(mirror_links(arena, problem->count, problem->first_before, problem->before,
                          problem->before_type, problem->before_lag, &mirror->first_after,
                          &mirror->after, &mirror->after_type, &mirror->after_lag));
    problem->mirror = mirror;
    return NUMU_OK;
}

/* --- plans --- */

numu_status numu_rcpsp_plan_take(uint32_t count, struct numu_arena *arena,
                                 struct numu_rcpsp_plan *out) {
    out->cost = INT64_MAX;
    NUMU_TRY(NUMU_TAKE(arena, &out->start, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->finish, count));
    return NUMU_TAKE(arena, &out->mode, count);
}

void numu_rcpsp_plan_begin_at_0(uint32_t count, struct numu_rcpsp_plan *plan) {
    numu_period first = NUMU_PERIOD_MAX;
    for (uint32_t j = 0; j < count; j++) {
        first = plan->start[j] < first ? plan->start[j] : first;
    }
    for (uint32_t j = 0; j < count; j++) {
        plan->start[j] -= first;
        plan->finish[j] -= first;
    }
}

/* --- the whole --- */

numu_status numu_rcpsp_problem_build(const struct numu_project *project, struct numu_arena *arena,
                                     struct numu_rcpsp_problem *out) {
    struct numu_rcpsp_problem problem = {
        .project = project,
        .is_simple = true,
        .is_sequential = true,
        .starts_keep_links = true,
        .finishes_keep_links = true,
        .is_plain = true,
        .horizon = project->horizon,
    };
    struct layout layout = {.project = project, .arena = arena, .problem = &problem};
    NUMU_TRY(number_jobs(&layout));
    NUMU_TRY(fill_jobs(&layout));
    NUMU_TRY(fill_modes(&layout));
    NUMU_TRY(drop_impossible_modes(&problem));
    NUMU_TRY(fill_links(&layout));
    note_kinds_of_links(&problem);
    NUMU_TRY(weigh_modes(&layout));
    NUMU_TRY(measure_density(&layout));
    NUMU_TRY(number_resources(&layout));
    NUMU_TRY(fill_needs(&layout));
    NUMU_TRY(fill_supply(&layout));
    if (numu_rcpsp_is_uniform(&problem)) {
        NUMU_TRY(build_mirror(&problem, arena));
    }
    *out = problem;
    return NUMU_OK;
}
