/*
 * risk.c - rounds of tasks, one Latin hypercube each, and the figures from their samples.
 */
#include "programme/risk.h"

#include "base/parallel.h"
#include "programme/policy.h"

#include <math.h>
#include <string.h>

enum {
    BLOCK_MAX = 1024, /* samples of a Latin hypercube */
    BLOCK_MIN = 16,
    BLOCK_WITH_TOLERANCE = 256, /* so that a round is soon done */
    SAMPLES_WITH_TOLERANCE = 1000000,
    KEPT_CELLS = 1 << 24,  /* samples × activities whose dates are kept */
    LEVER_CELLS = 1 << 25, /* samples × targets × levers */
    REACH_MAX = 1 << 22,   /* periods of a calendar's table */
};

struct worker {
    struct numu_draw draw;
    struct numu_simulator_room room, other_room;
    numu_period *duration; /* of samples in which a risk happens, side by side */
    uint32_t *chosen;      /* which those are */
};

struct run {
    const struct numu_context *context;
    const struct numu_risk_problem *problem;
    struct numu_project project; /* with calendars that reach far enough */
    struct numu_simulator simulator;
    uint32_t *list;                 /* priorities; NULL = by late start */
    double list_share;              /* of the problem's list in it */
    struct numu_simulator *without; /* by lever, for resources */
    struct numu_sampler sampler;
    struct worker *workers;
    uint32_t block, stride, first_task;
    uint64_t samples_max, kept_max, lever_max;
    uint32_t target_count, lever_count;
    struct numu_lever *levers;
    numu_period *finish;                                   /* target × samples_max */
    float *cost;                                           /* samples_max */
    numu_period *kept_start, *kept_finish, *kept_duration; /* activity × kept_max */
    uint32_t *critical;                                    /* task × activity, of kept samples */
    double *significance;      /* the same: sums of numu_risk_activity */
    numu_period *lever_finish; /* (lever × target) × lever_max */
};

/* --- one task --- */

static numu_period finish_of(const struct run *run, const struct numu_lanes *lanes, uint32_t target,
                             int lane) {
    return target == 0 ? lanes->whole[lane]
                       : lanes->finish[run->problem->promise_activity[target - 1]][lane];
}

/* How much of what a sample takes from its beginning to its end this activity is answerable for. */
static double significance(const struct run *run, const struct numu_lanes *lanes, uint32_t activity,
                           uint32_t lane, numu_period duration) {
    double length = (double)lanes->whole[lane] - run->project.data_date;
    double slack = lanes->slack[activity][lane];
    bool is_finished = run->project.state[activity] == NUMU_ACTIVITY_FINISHED;
    double share = duration + slack > 0 ? duration / (duration + slack) : 1;
    return is_finished ? 0 : share * length;
}

static void keep(const struct run *run, const struct numu_draw *draw,
                 const struct numu_lanes *lanes, uint32_t from, uint32_t lane_count, size_t at,
                 size_t task) {
    uint32_t *critical = run->critical + task * run->project.activity_count;
    double *sum = run->significance + task * run->project.activity_count;
    for (uint32_t a = 0; a < run->project.activity_count; a++) {
        size_t cell = a * run->kept_max + at;
        const numu_period *duration = draw->duration + (size_t)a * draw->stride + from;
        for (uint32_t i = 0; i < lane_count; i++) {
            critical[a] += lanes->critical[a][i] != 0;
            sum[a] += significance(run, lanes, a, i, duration[i]);
        }
        memcpy(run->kept_start + cell, lanes->start[a], lane_count * sizeof(numu_period));
        memcpy(run->kept_finish + cell, lanes->finish[a], lane_count * sizeof(numu_period));
        memcpy(run->kept_duration + cell, duration, lane_count * sizeof(numu_period));
    }
}

static numu_status date_samples(const struct run *run, struct worker *worker, size_t task) {
    const struct numu_draw *draw = &worker->draw;
    size_t offset = task * run->block;
    bool is_kept = offset + run->block <= run->kept_max;
    for (uint32_t from = 0; from < draw->count; from += NUMU_LANES) {
        uint32_t left = draw->count - from;
        uint32_t lane_count = left < NUMU_LANES ? left : NUMU_LANES;
        NUMU_TRY(
            numu_simulate(&run->simulator, draw->duration + from, draw->stride, &worker->room));
        for (uint32_t target = 0; target < run->target_count; target++) {
            for (uint32_t i = 0; i < lane_count; i++) {
                run->finish[target * run->samples_max + offset + from + i] =
                    finish_of(run, &worker->room.lanes, target, (int)i);
            }
        }
        if (is_kept) {
            numu_simulate_critical(&run->simulator, draw->duration + from, draw->stride,
                                   &worker->room);
            numu_simulate_slack(&run->simulator, draw->duration + from, draw->stride,
                                &worker->room);
            keep(run, draw, &worker->room.lanes, from, lane_count, offset + from, task);
        }
    }
    memcpy(run->cost + offset, draw->cost, draw->count * sizeof *draw->cost);
    return NUMU_OK;
}

/*
 * Durations without a risk, of the samples in which it happens, side by side in worker->duration.
 * Returns how many they are.
 */
static uint32_t choose_samples(const struct run *run, struct worker *worker, uint32_t risk) {
    const struct numu_draw *draw = &worker->draw;
    const struct numu_uncertainty *uncertainty = run->problem->uncertainty;
    const uint8_t *happens = draw->happens + (size_t)risk * draw->stride;
    uint32_t count = 0;
    for (uint32_t s = 0; s < draw->count; s++) {
        worker->chosen[count] = s;
        count += happens[s];
    }
    for (uint32_t a = 0; a < run->project.activity_count && count > 0; a++) {
        const numu_period *row = draw->duration + (size_t)a * draw->stride;
        numu_period *out = worker->duration + (size_t)a * draw->stride;
        numu_period changed[BLOCK_MAX + NUMU_LANES];
        for (uint32_t k = uncertainty->first_on[a]; k < uncertainty->first_on[a + 1]; k++) {
            if (uncertainty->on[k] == risk) {
                numu_draw_durations(&run->sampler, draw, a, risk, changed);
                row = changed;
            }
        }
        for (uint32_t i = 0; i < count; i++) {
            out[i] = row[worker->chosen[i]];
        }
        for (uint32_t i = count; i % NUMU_LANES != 0; i++) {
            out[i] = out[count - 1];
        }
    }
    return count;
}

/* The finishes of the targets without a lever; where it does nothing they are as with it. */
static numu_status pull_lever(const struct run *run, struct worker *worker, size_t offset,
                              uint32_t lever) {
    const struct numu_draw *draw = &worker->draw;
    const struct numu_simulator *simulator = &run->simulator;
    const numu_period *duration = draw->duration;
    struct numu_simulator_room *room = &worker->room;
    uint32_t count = draw->count;
    numu_period *out = run->lever_finish + (size_t)lever * run->target_count * run->lever_max;
    for (uint32_t target = 0; target < run->target_count; target++) {
        memcpy(out + target * run->lever_max + offset,
               run->finish + target * run->samples_max + offset, count * sizeof *out);
    }
    for (uint32_t s = 0; s < count; s++) {
        worker->chosen[s] = s;
    }
    if (run->levers[lever].kind == NUMU_LEVER_RISK) {
        count = choose_samples(run, worker, run->levers[lever].row);
        duration = worker->duration;
    } else {
        simulator = &run->without[lever];
        room = &worker->other_room;
    }
    for (uint32_t from = 0; from < count; from += NUMU_LANES) {
        NUMU_TRY(numu_simulate(simulator, duration + from, draw->stride, room));
        for (uint32_t target = 0; target < run->target_count; target++) {
            for (uint32_t i = 0; i < NUMU_LANES && from + i < count; i++) {
                out[target * run->lever_max + offset + worker->chosen[from + i]] =
                    finish_of(run, &room->lanes, target, (int)i);
            }
        }
    }
    return NUMU_OK;
}

/* Of the samples that there may be, as far as worker 0 knows: the others are as far. */
static void tell_progress(const struct run *run, unsigned worker, size_t task, double part) {
    if (worker == 0) {
        numu_context_progress(run->context, "sample",
                              ((double)task + part) * run->block / (double)run->samples_max);
    }
}

static numu_status do_task(void *data, size_t index, unsigned number) {
    const struct run *run = data;
    struct worker *worker = &run->workers[number];
    size_t task = run->first_task + index;
    size_t offset = task * run->block;
    numu_draw_fill(&run->sampler, task, &worker->draw);
    NUMU_TRY(date_samples(run, worker, task));
    for (uint32_t lever = 0; lever < run->lever_count; lever++) {
        if (offset + run->block <= run->lever_max) {
            tell_progress(run, number, task, (lever + 1.0) / (run->lever_count + 1.0));
            NUMU_TRY(pull_lever(run, worker, offset, lever));
        }
    }
    tell_progress(run, number, task, 1);
    return NUMU_OK;
}

/* --- preparing --- */

/* How far the longest samples can reach: all work one after another. */
static numu_period reach_of(const struct numu_risk_problem *problem) {
    const struct numu_project *project = problem->project;
    const struct numu_uncertainty *uncertainty = problem->uncertainty;
    double work = 0;
    double floor = (double)project->data_date;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        double longest = fmax(numu_law_greatest(&uncertainty->law[a]),
                              project->duration[project->first_mode[a]]);
        double delay = 0;
        for (uint32_t k = uncertainty->first_on[a]; k < uncertainty->first_on[a + 1]; k++) {
            longest *= fmax(1, numu_law_greatest(&uncertainty->factor[uncertainty->on[k]]));
            delay += numu_law_greatest(&uncertainty->delay[uncertainty->on[k]]);
        }
        work += longest + delay + 1;
        floor = fmax(floor, project->release[a]);
    }
    for (uint32_t link = 0; link < project->link_count; link++) {
        work += fabs((double)project->link_lag[link]);
    }
    for (uint32_t s = 0; s < project->step_count; s++) {
        floor = fmax(floor, project->step_time[s]);
    }
    double share = 1; /* of periods that are worked, in the calendar that rests most */
    for (uint32_t c = 0; c < project->calendar_count; c++) {
        const struct numu_project_calendar *calendar = &project->calendars[c];
        if (calendar->rank != NULL && calendar->horizon > 0) {
            share = fmin(share, (calendar->rank[calendar->horizon] + 1.0) / calendar->horizon);
        }
    }
    double reach = floor + 1.2 * work / share + 400;
    return reach < REACH_MAX ? (numu_period)reach : REACH_MAX;
}

static numu_status prepare_levers(struct run *run, struct numu_arena *arena) {
    const struct numu_risk_problem *problem = run->problem;
    uint32_t risks = problem->uncertainty->risk_count;
    uint32_t resources = run->project.resource_count;
    NUMU_TRY(NUMU_TAKE(arena, &run->levers, (size_t)risks + resources));
    NUMU_TRY(NUMU_TAKE(arena, &run->without, (size_t)risks + resources));
    for (uint32_t risk = 0; risk < risks; risk++) {
        run->levers[run->lever_count++] = (struct numu_lever){.kind = NUMU_LEVER_RISK, .row = risk};
    }
    for (uint32_t r = 0; r < resources; r++) {
        if (run->simulator.is_scarce_resource[r]) {
            struct numu_simulator_options options = {
                .mode = problem->mode, .list = run->list, .without_resource = r + 1};
            NUMU_TRY(numu_simulator_init(&run->without[run->lever_count], arena, &run->project,
                                         &options));
            run->levers[run->lever_count++] =
                (struct numu_lever){.kind = NUMU_LEVER_RESOURCE, .row = r};
        }
    }
    return NUMU_OK;
}

static numu_status prepare_workers(struct run *run, struct numu_arena *arena, unsigned count) {
    NUMU_TRY(NUMU_TAKE(arena, &run->workers, count));
    for (unsigned w = 0; w < count; w++) {
        struct worker *worker = &run->workers[w];
        NUMU_TRY(numu_draw_take(&run->sampler, arena, run->block, run->stride, &worker->draw));
        NUMU_TRY(numu_simulator_take(&run->simulator, arena, &worker->room));
        NUMU_TRY(numu_simulator_take(&run->simulator, arena, &worker->other_room));
        NUMU_TRY(
            NUMU_TAKE(arena, &worker->duration, (size_t)run->project.activity_count * run->stride));
        NUMU_TRY(NUMU_TAKE(arena, &worker->chosen, run->stride));
    }
    return NUMU_OK;
}

/* At most `cells` of `each` a sample, in whole rounds, one at least. */
static uint64_t samples_within(const struct run *run, uint64_t cells, uint64_t each) {
    uint64_t round = (uint64_t)run->block * NUMU_REPLICATES;
    uint64_t rounds = each == 0 ? run->samples_max / round : cells / each / round;
    rounds = rounds < 1 ? 1 : rounds;
    return rounds * round < run->samples_max ? rounds * round : run->samples_max;
}

/* Of many activities blocks are small, so that the round that is kept at least has its room. */
static void choose_sizes(struct run *run, const struct numu_risk_options *options) {
    uint64_t samples = options->samples;
    uint64_t room = KEPT_CELLS / NUMU_REPLICATES / (1 + (uint64_t)run->project.activity_count);
    if (samples == 0) {
        samples = options->tolerance > 0 ? SAMPLES_WITH_TOLERANCE : NUMU_RISK_SAMPLES_DEFAULT;
    }
    uint64_t each = (samples + NUMU_REPLICATES - 1) / NUMU_REPLICATES;
    uint64_t most = options->tolerance > 0 ? BLOCK_WITH_TOLERANCE : BLOCK_MAX;
    most = most < room ? most : room;
    most = most > BLOCK_MIN ? most : BLOCK_MIN;
    uint64_t rounds = (each + most - 1) / most;
    run->block = (uint32_t)((each + rounds - 1) / rounds);
    run->stride = (run->block + NUMU_LANES - 1) / NUMU_LANES * NUMU_LANES;
    run->samples_max = rounds * run->block * NUMU_REPLICATES;
}

/* Takes another list than the problem's where that does better. */
static numu_status choose_list(struct run *run, struct numu_simulator_options *simulation,
                               struct numu_arena *scratch) {
    const struct numu_policy_trial trial = {
        .project = &run->project, .sampler = &run->sampler, .options = *simulation};
    run->list_share = simulation->list == NULL ? 0 : 1;
    if (!run->simulator.is_scarce || simulation->list == NULL) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(scratch, &run->list, run->project.activity_count));
    NUMU_TRY(numu_policy_choose(run->context, &trial, scratch, run->list, &run->list_share));
    simulation->list = run->list;
    return numu_simulator_init(&run->simulator, scratch, &run->project, simulation);
}

static numu_status prepare(struct run *run, const struct numu_risk_options *options,
                           struct numu_arena *arena, struct numu_arena *scratch) {
    const struct numu_risk_problem *problem = run->problem;
    struct numu_simulator_options simulation = {.mode = problem->mode,
                                                .list = problem->list,
                                                .ignores_resources = options->ignores_resources};
    uint32_t activities = problem->project->activity_count;
    numu_period *fixed;
    run->target_count = problem->promise_count + 1;
    NUMU_TRY(numu_project_extend(problem->project, problem->calendars, reach_of(problem), scratch,
                                 &run->project));
    choose_sizes(run, options);
    NUMU_TRY(numu_simulator_init(&run->simulator, scratch, &run->project, &simulation));
    NUMU_TRY(NUMU_TAKE(scratch, &fixed, activities));
    for (uint32_t a = 0; a < activities; a++) {
        fixed[a] =
            problem->project->duration[problem->mode == NULL ? problem->project->first_mode[a]
                                                             : problem->mode[a]];
    }
    NUMU_TRY(numu_sampler_init(&run->sampler, run->context, scratch, problem->uncertainty, fixed));
    NUMU_TRY(choose_list(run, &simulation, scratch));
    if (!options->skips_levers) {
        NUMU_TRY(prepare_levers(run, scratch));
    }
    run->kept_max = options->skips_activities ? 0 : samples_within(run, KEPT_CELLS, activities);
    run->lever_max =
        samples_within(run, LEVER_CELLS, (uint64_t)run->lever_count * run->target_count);
    NUMU_TRY(NUMU_TAKE(arena, &run->finish, run->target_count * run->samples_max));
    NUMU_TRY(NUMU_TAKE(arena, &run->cost, run->samples_max));
    NUMU_TRY(NUMU_TAKE(arena, &run->kept_start, activities * run->kept_max));
    NUMU_TRY(NUMU_TAKE(arena, &run->kept_finish, activities * run->kept_max));
    NUMU_TRY(NUMU_TAKE(scratch, &run->kept_duration, activities * run->kept_max));
    NUMU_TRY(NUMU_TAKE(scratch, &run->critical, run->kept_max / run->block * activities));
    NUMU_TRY(NUMU_TAKE(scratch, &run->significance, run->kept_max / run->block * activities));
    NUMU_TRY(NUMU_TAKE(scratch, &run->lever_finish,
                       (uint64_t)run->lever_count * run->target_count * run->lever_max));
    return prepare_workers(run, scratch, numu_context_threads(run->context));
}

/* --- rounds --- */

static void set_percents(const struct numu_risk_options *options,
                         double percent[NUMU_RISK_PERCENTS]) {
    const double asked = options->percent > 0 ? options->percent : 80;
    const double all[NUMU_RISK_PERCENTS] = {10, 50, 80, 90, asked};
    memcpy(percent, all, sizeof all);
}

static numu_status is_precise(const struct run *run, const struct numu_risk_options *options,
                              uint64_t drawn, struct numu_arena *scratch, bool *out) {
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    struct numu_estimator estimator;
    struct numu_estimate quantile;
    double percent = options->percent > 0 ? options->percent : 80;
    struct numu_samples samples = {run->block, drawn};
    NUMU_TRY(numu_estimator_init(&estimator, scratch, samples));
    numu_estimate_quantiles(&estimator, run->finish, &percent, 1, &quantile);
    numu_arena_rewind(scratch, mark);
    *out = quantile.error <= options->tolerance;
    return NUMU_OK;
}

static numu_status draw_rounds(struct run *run, const struct numu_risk_options *options,
                               struct numu_arena *scratch, uint64_t *out_drawn) {
    uint64_t round = (uint64_t)run->block * NUMU_REPLICATES;
    uint64_t total = run->samples_max / round;
    uint64_t rounds = options->tolerance > 0 ? 1 : total;
    uint64_t done = 0;
    bool is_done = false;
    while (!is_done) {
        run->first_task = (uint32_t)(done * NUMU_REPLICATES);
        NUMU_TRY(numu_parallel_for(run->context, (size_t)((rounds - done) * NUMU_REPLICATES),
                                   do_task, run));
        done = rounds;
        rounds = 2 * done < total ? 2 * done : total;
        is_done = done == total;
        if (!is_done) {
            NUMU_TRY(is_precise(run, options, done * round, scratch, &is_done));
        }
    }
    *out_drawn = done * round;
    return NUMU_OK;
}

/* --- figures --- */

static double limit_of(const struct numu_risk_problem *problem, uint32_t target) {
    numu_period limit = target == 0 ? problem->deadline_limit : problem->promise_limit[target - 1];
    return limit == NUMU_NO_PERIOD ? (double)NAN : (double)limit;
}

static struct numu_estimate probability_of(const struct numu_samples *samples,
                                           const numu_period *finish, double limit) {
    struct numu_estimate none = {.value = NAN, .error = NAN};
    return isnan(limit) ? none : numu_estimate_share(samples, finish, (numu_period)limit);
}

static void tell_target(const struct numu_risk_problem *problem, uint32_t target,
                        const numu_period *finish, struct numu_estimator *estimator,
                        struct numu_risk_result *out) {
    struct numu_risk_target *told = &out->targets[target];
    told->finish = finish;
    numu_estimate_quantiles(estimator, finish, out->percent, NUMU_RISK_PERCENTS, told->quantile);
    told->mean = numu_estimate_mean(&out->samples, finish);
    told->probability = probability_of(&out->samples, finish, limit_of(problem, target));
}

static void tell_targets(const struct run *run, struct numu_estimator *estimator,
                         struct numu_risk_result *out) {
    for (uint32_t target = 0; target < run->target_count; target++) {
        tell_target(run->problem, target, run->finish + target * run->samples_max, estimator, out);
    }
    out->cost = run->cost;
    numu_estimate_real_quantiles(estimator, out->cost, out->percent, NUMU_RISK_PERCENTS,
                                 out->cost_quantile);
    out->cost_mean = numu_estimate_real_mean(&out->samples, out->cost);
}

static double law_mean(const struct numu_uncertainty *uncertainty, uint32_t risk) {
    return uncertainty->probability[risk] * numu_law_mean(&uncertainty->risk_cost[risk]);
}

static numu_status tell_levers(const struct run *run, struct numu_arena *arena,
                               struct numu_estimator *estimator, struct numu_risk_result *out) {
    const struct numu_samples *samples = &estimator->samples;
    const double percent[2] = {out->percent[NUMU_P_ASKED], 50};
    NUMU_TRY(NUMU_TAKE(arena, &out->levers, run->lever_count));
    out->lever_count = run->lever_count;
    for (uint32_t n = 0; n < run->lever_count; n++) {
        struct numu_lever *lever = &out->levers[n];
        *lever = run->levers[n];
        NUMU_TRY(NUMU_TAKE(arena, &lever->quantile, run->target_count));
        NUMU_TRY(NUMU_TAKE(arena, &lever->median, run->target_count));
        NUMU_TRY(NUMU_TAKE(arena, &lever->probability, run->target_count));
        if (lever->kind == NUMU_LEVER_RISK) {
            lever->mean_cost = law_mean(run->problem->uncertainty, lever->row);
        }
    }
    for (uint32_t target = 0; target < run->target_count; target++) {
        const numu_period *with = run->finish + target * run->samples_max;
        double limit = limit_of(run->problem, target);
        struct numu_estimate before[2];
        struct numu_estimate chance = probability_of(samples, with, limit);
        numu_estimate_quantiles(estimator, with, percent, 2, before);
        for (uint32_t n = 0; n < run->lever_count; n++) {
            const numu_period *without =
                run->lever_finish + ((size_t)n * run->target_count + target) * run->lever_max;
            struct numu_estimate after[2];
            struct numu_estimate better = probability_of(samples, without, limit);
            numu_estimate_quantiles(estimator, without, percent, 2, after);
            out->levers[n].quantile[target] = numu_estimate_difference(&after[0], &before[0]);
            out->levers[n].median[target] = numu_estimate_difference(&after[1], &before[1]);
            out->levers[n].probability[target] = numu_estimate_difference(&better, &chance);
        }
    }
    return NUMU_OK;
}

/* Ranks, ties at their mean, of values put in at most CLASSES classes of equal width. */
enum { CLASSES = 1 << 16 };

static void rank_values(const numu_period *values, size_t count, uint32_t *number, double *out) {
    numu_period least = values[0];
    numu_period most = values[0];
    for (size_t i = 0; i < count; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    int64_t width = ((int64_t)most - least) / CLASSES + 1;
    memset(number, 0, CLASSES * sizeof *number);
    for (size_t i = 0; i < count; i++) {
        number[((int64_t)values[i] - least) / width]++;
    }
    uint32_t before = 0;
    for (size_t c = 0; c < CLASSES; c++) {
        uint32_t here = number[c];
        number[c] = 2 * before + here; /* twice the mean rank */
        before += here;
    }
    for (size_t i = 0; i < count; i++) {
        size_t class = (size_t)(((int64_t)values[i] - least) / width);
        out[i] = number[class];
    }
}

static void moments(const numu_period *values, size_t count, double *mean, double *deviation) {
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    *mean = sum / (double)count;
    for (size_t i = 0; i < count; i++) {
        squares += (values[i] - *mean) * (values[i] - *mean);
    }
    *deviation = sqrt(squares / (double)(count - 1));
}

struct figures {
    const struct run *run;
    struct numu_risk_result *out;
    struct numu_estimator *estimators; /* by worker */
    uint32_t **number;                 /* by worker: room for ranks */
    double **own, **rank;              /* by worker: values and ranks of a duration */
    double *whole, *whole_rank;
    double whole_mean, whole_deviation;
};

static numu_status tell_activity(void *data, size_t a, unsigned worker) {
    const struct figures *figures = data;
    const struct run *run = figures->run;
    struct numu_risk_result *out = figures->out;
    struct numu_risk_activity *told = &out->activities[a];
    const numu_period *duration = run->kept_duration + a * run->kept_max;
    size_t count = (size_t)out->kept_count;
    struct numu_estimate quantile[NUMU_RISK_PERCENTS];
    if (run->project.state[a] == NUMU_ACTIVITY_FINISHED) {
        duration = NULL;
    }
    numu_estimate_quantiles(&figures->estimators[worker], run->kept_start + a * run->kept_max,
                            out->percent, NUMU_RISK_PERCENTS, quantile);
    for (int k = 0; k < NUMU_RISK_PERCENTS; k++) {
        told->start[k] = (numu_period)quantile[k].value;
    }
    numu_estimate_quantiles(&figures->estimators[worker], run->kept_finish + a * run->kept_max,
                            out->percent, NUMU_RISK_PERCENTS, quantile);
    for (int k = 0; k < NUMU_RISK_PERCENTS; k++) {
        told->finish[k] = (numu_period)quantile[k].value;
    }
    if (duration == NULL) {
        return NUMU_OK;
    }
    uint64_t critical = 0;
    double answerable = 0;
    for (uint64_t task = 0; task < out->kept_count / run->block; task++) {
        critical += run->critical[task * run->project.activity_count + a];
        answerable += run->significance[task * run->project.activity_count + a];
    }
    double length = (figures->whole_mean - run->project.data_date) * (double)count;
    told->criticality = (double)critical / (double)count;
    told->significance = length > 0 ? answerable / length : 0;
    moments(duration, count, &told->mean, &told->deviation);
    for (size_t i = 0; i < count; i++) {
        figures->own[worker][i] = duration[i];
    }
    told->cruciality = fabs(numu_correlation_of(figures->own[worker], figures->whole, count));
    rank_values(duration, count, figures->number[worker], figures->rank[worker]);
    told->rank_cruciality =
        fabs(numu_correlation_of(figures->rank[worker], figures->whole_rank, count));
    told->sensitivity = figures->whole_deviation > 0
                            ? told->criticality * told->deviation / figures->whole_deviation
                            : 0;
    return NUMU_OK;
}

static numu_status tell_activities(const struct run *run, struct numu_arena *arena,
                                   struct numu_arena *scratch, struct numu_risk_result *out) {
    struct figures figures = {.run = run, .out = out};
    unsigned workers = numu_context_threads(run->context);
    size_t count = (size_t)out->kept_count;
    struct numu_samples samples = {run->block, count};
    NUMU_TRY(NUMU_TAKE(arena, &out->activities, run->project.activity_count));
    NUMU_TRY(NUMU_TAKE(scratch, &figures.estimators, workers));
    NUMU_TRY(NUMU_TAKE(scratch, &figures.number, workers));
    NUMU_TRY(NUMU_TAKE(scratch, &figures.own, workers));
    NUMU_TRY(NUMU_TAKE(scratch, &figures.rank, workers));
    for (unsigned w = 0; w < workers; w++) {
        NUMU_TRY(numu_estimator_init(&figures.estimators[w], scratch, samples));
        NUMU_TRY(NUMU_TAKE(scratch, &figures.number[w], CLASSES));
        NUMU_TRY(NUMU_TAKE(scratch, &figures.own[w], count));
        NUMU_TRY(NUMU_TAKE(scratch, &figures.rank[w], count));
    }
    NUMU_TRY(NUMU_TAKE(scratch, &figures.whole, count));
    NUMU_TRY(NUMU_TAKE(scratch, &figures.whole_rank, count));
    for (size_t i = 0; i < count; i++) {
        figures.whole[i] = run->finish[i];
    }
    rank_values(run->finish, count, figures.number[0], figures.whole_rank);
    moments(run->finish, count, &figures.whole_mean, &figures.whole_deviation);
    return numu_parallel_for(run->context, run->project.activity_count, tell_activity, &figures);
}

static numu_status tell_merges(const struct run *run, struct numu_arena *arena,
                               struct numu_risk_result *out) {
    const struct numu_merge_samples samples = {.simulator = &run->simulator,
                                               .start = run->kept_start,
                                               .finish = run->kept_finish,
                                               .duration = run->kept_duration,
                                               .stride = run->kept_max,
                                               .samples = {run->block, (size_t)out->kept_count},
                                               .percent = out->percent[NUMU_P_ASKED]};
    struct numu_merge *merges;
    NUMU_TRY(numu_merges_find(run->context, &samples, arena, &merges, &out->merge_count));
    out->merges = merges;
    return NUMU_OK;
}

/* The whole by the same policy, every duration as the project has it; and what it costs then. */
static numu_status find_likely(const struct run *run, struct numu_risk_result *out) {
    const struct numu_uncertainty *uncertainty = run->problem->uncertainty;
    struct worker *worker = &run->workers[0];
    for (uint32_t k = 0; k < uncertainty->activity_count; k++) {
        uint32_t a = uncertainty->by_id[k];
        out->likely_cost +=
            uncertainty->cost[a] + uncertainty->cost_a_period[a] * run->sampler.fixed[a];
    }
    for (uint32_t a = 0; a < run->project.activity_count; a++) {
        for (uint32_t i = 0; i < NUMU_LANES; i++) {
            worker->duration[(size_t)a * run->stride + i] = run->sampler.fixed[a];
        }
    }
    NUMU_TRY(numu_simulate(&run->simulator, worker->duration, run->stride, &worker->room));
    out->policy_finish = worker->room.lanes.whole[0];
    return NUMU_OK;
}

static numu_status run_in(struct run *run, const struct numu_risk_options *options,
                          struct numu_arena *arena, struct numu_arena *scratch,
                          struct numu_risk_result *out) {
    uint64_t drawn;
    struct numu_estimator estimator;
    NUMU_TRY(prepare(run, options, arena, scratch));
    NUMU_TRY(draw_rounds(run, options, scratch, &drawn));
    *out = (struct numu_risk_result){
        .sample_count = drawn,
        .is_scarce = run->simulator.is_scarce,
        .list_share = run->list_share,
        .samples = {run->block, drawn},
        .target_count = run->target_count,
        .kept_count = drawn < run->kept_max ? drawn : run->kept_max,
        .kept_stride = run->kept_max,
        .kept_start = run->kept_start,
        .kept_finish = run->kept_finish,
    };
    set_percents(options, out->percent);
    NUMU_TRY(NUMU_TAKE(arena, &out->targets, run->target_count));
    NUMU_TRY(numu_estimator_init(&estimator, scratch, out->samples));
    tell_targets(run, &estimator, out);
    if (run->lever_count > 0) {
        struct numu_samples samples = {run->block, drawn < run->lever_max ? drawn : run->lever_max};
        struct numu_estimator own;
        NUMU_TRY(numu_estimator_init(&own, scratch, samples));
        NUMU_TRY(tell_levers(run, arena, &own, out));
    }
    if (!options->skips_activities) {
        NUMU_TRY(tell_activities(run, arena, scratch, out));
        NUMU_TRY(tell_merges(run, arena, out));
    }
    return find_likely(run, out);
}

numu_status numu_risk_run(const struct numu_context *context,
                          const struct numu_risk_problem *problem,
                          const struct numu_risk_options *options, struct numu_arena *arena,
                          struct numu_risk_result *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_arena scratch;
    struct run run = {.context = context, .problem = problem};
    struct numu_risk_result result;
    numu_arena_init(&scratch, context->heap);
    numu_status status = run_in(&run, options, arena, &scratch, &result);
    numu_arena_release(&scratch);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
        return status;
    }
    *out = result;
    return NUMU_OK;
}

numu_status numu_risk_uplift(const struct numu_risk_problem *problem, uint32_t target,
                             double factor, struct numu_arena *arena,
                             struct numu_risk_result *result) {
    const numu_period *finish = result->targets[target].finish;
    numu_period now = problem->project->data_date;
    struct numu_estimator estimator;
    struct numu_arena scratch;
    numu_period *stretched;
    NUMU_TRY(NUMU_TAKE(arena, &stretched, result->sample_count));
    for (uint64_t i = 0; i < result->sample_count; i++) {
        double left = ((double)finish[i] - now) * factor;
        double point = now + (left > 0 ? left : 0);
        stretched[i] = point < NUMU_PERIOD_MAX ? (numu_period)point : NUMU_PERIOD_MAX;
        stretched[i] = finish[i] < now ? finish[i] : stretched[i];
    }
    numu_arena_init(&scratch, arena->heap);
    numu_status status = numu_estimator_init(&estimator, &scratch, result->samples);
    if (status == NUMU_OK) {
        tell_target(problem, target, stretched, &estimator, result);
    }
    numu_arena_release(&scratch);
    return status;
}

numu_status numu_risk_curve(const struct numu_risk_result *result, uint32_t target,
                            struct numu_heap *heap, numu_period out[NUMU_RISK_CURVE_POINTS]) {
    struct numu_arena scratch;
    struct numu_estimator estimator;
    size_t count = (size_t)result->sample_count;
    numu_arena_init(&scratch, heap);
    numu_status status = numu_estimator_init(&estimator, &scratch, result->samples);
    for (size_t i = 0; status == NUMU_OK && i < count; i++) {
        estimator.keys[i] = numu_key_of_integer(result->targets[target].finish[i]);
    }
    if (status == NUMU_OK) {
        numu_sort_keys(estimator.keys, estimator.scratch, count);
        for (size_t k = 0; k < NUMU_RISK_CURVE_POINTS; k++) {
            size_t place = (k * count + 99) / 100;
            out[k] = numu_key_to_integer(estimator.keys[place == 0 ? 0 : place - 1]);
        }
    }
    numu_arena_release(&scratch);
    return status;
}
