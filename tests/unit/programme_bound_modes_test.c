/*
 * Goal: no bound of bound_modes.h is above the least finish of any schedule; it sees that short
 * modes cannot all be had; what it cuts off no schedule has, whatever weights it is given; it is
 * the same for the same limit, and ends when it is told to.
 * Method: thousands of small random projects of every kind, all schedules of each tried, and
 * larger ones, solved to the proof by the exact search; rows and weights drawn at random, held
 * against every schedule; choices whose least finish is known; looks at the clock as the wish to
 * stop; each n-th allocation failing.
 */
#include "programme/bound_modes.h"

#include "programme/bound.h"
#include "programme/bound_linear.h"
#include "programme/exact.h"
#include "solve/lp.h"

#include "bound_world.h"

#include <limits.h>
#include <math.h>

enum {
    SEED = 20261127,
    ROUNDS = 2400,
    LARGER_ROUNDS = 240,
    DRAWN_ROUNDS = 400,
    WEIGHTS_EACH = 10,
    HORIZON = 40,
    DRAWN_HORIZON = 14,
    FAR = 400,
};

static const struct project_kind kinds[] = {
    {4, 3, 2, false, false, false, false, true, false, false, false},
    {4, 3, 3, false, false, false, true, true, true, false, false},
    {4, 2, 2, true, true, false, true, true, true, true, false},
    {4, 2, 2, true, true, true, true, true, true, true, true},
    {5, 1, 2, true, true, true, true, true, true, true, true},
};

static numu_period raise_with(const struct world *world, const struct numu_project *project,
                              const struct numu_bound_modes_options *options) {
    numu_period bound = -1;
    assert_int_equal(numu_bound_modes_raise(&world->context, project, options, &bound), NUMU_OK);
    assert_true(bound >= options->from);
    return bound;
}

static numu_period raise_from(const struct world *world, const struct numu_project *project,
                              numu_period from, numu_period until) {
    const struct numu_bound_modes_options options = {.from = from, .until = until};
    return raise_with(world, project, &options);
}

/* --- against all schedules --- */

static void no_bound_is_above_the_best_of_all_schedules(void **state) {
    (void)state;
    const struct numu_bound_options before_options = {0};
    struct world world;
    int found = 0, exact = 0, exact_weaker = 0, exact_before = 0;
    begin(&world);
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project;
        struct trial trial = {0};
        struct numu_bound before = {0};
        numu_random_init(&random, SEED, round);
        make_project(&world.arena, &random, &kinds[round % (sizeof kinds / sizeof *kinds)],
                     &project);
        if (round / (sizeof kinds / sizeof *kinds) % 3 == 0) {
            work_in_weeks(&world.arena, 2, &project);
        }
        try_all(&project, HORIZON, &trial);
        numu_status status = numu_bound_project(&world.context, &project, &before_options, &before);
        numu_period from = status == NUMU_OK ? before.makespan : 0;
        const struct numu_bound_modes_options skipping = {
            .from = from, .until = FAR, .skips_shaving = true};
        numu_period weaker = raise_with(&world, &project, &skipping);
        numu_period bound = raise_from(&world, &project, from, FAR);
        if (trial.is_found) {
            found++;
            if (bound > trial.best_makespan || weaker > trial.best_makespan) {
                fail_msg("round %d: bounds %d, %d, best %d", (int)round, weaker, bound,
                         trial.best_makespan);
            }
            exact += bound == trial.best_makespan;
            exact_weaker += weaker == trial.best_makespan;
            exact_before += from == trial.best_makespan;
        }
        numu_arena_release(&world.arena);
    }
    print_message("# %d projects, of %d the bound is the best finish, without shaving of %d, "
                  "before of %d\n",
                  found, exact, exact_weaker, exact_before);
    assert_true(found > ROUNDS / 2 && exact >= exact_weaker);
    assert_true(found - exact_weaker < (found - exact_before) / 2);
    end(&world);
}

static void no_bound_is_above_what_the_exact_search_proves(void **state) {
    (void)state;
    static const struct project_kind larger[] = {
        {12, 3, 3, false, false, false, false, true, false, false, false},
        {10, 3, 3, true, true, true, true, true, false, false, false},
        {14, 2, 4, true, true, false, true, true, true, false, false},
    };
    const struct numu_exact_options exact_options = {.conflicts_max = 20000};
    const struct numu_bound_options bound_options = {0};
    struct world world;
    int proven = 0, same = 0, better = 0;
    begin(&world);
    for (uint64_t round = 0; round < LARGER_ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project;
        struct numu_exact exact;
        struct numu_bound before;
        numu_random_init(&random, SEED + 1, round);
        make_project(&world.arena, &random, &larger[round % (sizeof larger / sizeof *larger)],
                     &project);
        if (round / (sizeof larger / sizeof *larger) % 3 == 0) {
            work_in_weeks(&world.arena, 2, &project);
        }
        assert_int_equal(
            numu_exact_solve(&world.context, &project, &exact_options, &world.arena, &exact),
            NUMU_OK);
        if (exact.is_proven && exact.has_schedule) {
            assert_int_equal(numu_bound_project(&world.context, &project, &bound_options, &before),
                             NUMU_OK);
            numu_period bound = raise_from(&world, &project, before.makespan, FAR);
            assert_true(bound <= exact.makespan);
            proven++;
            same += bound == exact.makespan;
            better += bound > before.makespan;
        }
        numu_arena_release(&world.arena);
    }
    print_message("# %d projects, of %d the bound is the best finish, of %d better than before\n",
                  proven, same, better);
    assert_true(proven > LARGER_ROUNDS / 2 && same > proven / 2 && better > proven / 20);
    end(&world);
}

/* --- choices --- */

/* Of which `count` activities choose: short ones take a unit of what there are `short_max` of. */
struct choice {
    uint32_t count;
    bool is_in_series;
    numu_period short_length, long_length;
    int32_t short_need, long_need, capacity; /* of what is renewable */
    int32_t short_max;
};

static void make_choice(struct world *world, const struct choice *choice,
                        struct numu_project *project) {
    struct numu_random random;
    const struct project_kind kind = {1,     1,     1,     false, false, false,
                                      false, false, false, false, false};
    const uint32_t count = choice->count;
    numu_random_init(&random, SEED, 1);
    make_project(&world->arena, &random, &kind, project); /* a calendar, and nothing late */
    project->activity_count = count;
    project->mode_count = 2 * count;
    project->resource_count = project->step_count = 2;
    project->need_count = project->link_count = 0;
    PROJECT_TAKE(&world->arena, &project->release, count);
    PROJECT_TAKE(&world->arena, &project->deadline, count);
    PROJECT_TAKE(&world->arena, &project->state, count);
    PROJECT_TAKE(&world->arena, &project->actual_start, count);
    PROJECT_TAKE(&world->arena, &project->actual_finish, count);
    PROJECT_TAKE(&world->arena, &project->calendar, count);
    PROJECT_TAKE(&world->arena, &project->order, count);
    PROJECT_TAKE(&world->arena, &project->first_mode, count + 1);
    PROJECT_TAKE(&world->arena, &project->duration, project->mode_count);
    PROJECT_TAKE(&world->arena, &project->first_need, project->mode_count + 1);
    PROJECT_TAKE(&world->arena, &project->need_resource, 2 * (size_t)project->mode_count);
    PROJECT_TAKE(&world->arena, &project->need_units, 2 * (size_t)project->mode_count);
    PROJECT_TAKE(&world->arena, &project->is_consumable, 2);
    PROJECT_TAKE(&world->arena, &project->first_step, 3);
    PROJECT_TAKE(&world->arena, &project->step_time, 2);
    PROJECT_TAKE(&world->arena, &project->step_units, 2);
    PROJECT_TAKE(&world->arena, &project->link_before, count);
    PROJECT_TAKE(&world->arena, &project->link_after, count);
    PROJECT_TAKE(&world->arena, &project->link_type, count);
    PROJECT_TAKE(&world->arena, &project->link_lag, count);
    for (uint32_t a = 0; a < count; a++) {
        project->deadline[a] = NUMU_NO_PERIOD;
        project->actual_start[a] = project->actual_finish[a] = NUMU_NO_PERIOD;
        project->order[a] = a;
        project->first_mode[a] = 2 * a;
        for (uint32_t m = 2 * a; m < 2 * a + 2; m++) {
            bool is_short = m == 2 * a;
            project->duration[m] = is_short ? choice->short_length : choice->long_length;
            project->first_need[m] = project->need_count;
            project->need_resource[project->need_count] = 0;
            project->need_units[project->need_count++] =
                is_short ? choice->short_need : choice->long_need;
            if (is_short) {
                project->need_resource[project->need_count] = 1;
                project->need_units[project->need_count++] = 1;
            }
        }
        if (choice->is_in_series && a > 0) {
            project->link_before[project->link_count] = a - 1;
            project->link_after[project->link_count] = a;
            project->link_type[project->link_count++] = numu_link_FS;
        }
    }
    project->first_mode[count] = project->mode_count;
    project->first_need[project->mode_count] = project->need_count;
    project->is_consumable[1] = true;
    project->step_units[0] = choice->capacity;
    project->step_units[1] = choice->short_max;
    project->first_step[1] = 1;
    project->first_step[2] = 2;
    list_links_of(&world->arena, project);
}

/* --- whatever the weights --- */

/* Every schedule that is done in time must lie within the bounds of the solver. */
struct watch {
    const struct numu_exact_solver *solver;
    numu_period finish;
    uint64_t seen;
};

static void is_within(const struct numu_exact_solver *solver, uint32_t variable,
                      numu_period value) {
    assert_true(variable == NUMU_NO_VARIABLE || (numu_exact_least(solver, variable) <= value &&
                                                 value <= numu_exact_greatest(solver, variable)));
}

static void watch_schedule(void *data, const struct tried *tried, int64_t lateness,
                           numu_period makespan) {
    struct watch *watch = data;
    const struct numu_exact_solver *solver = watch->solver;
    const struct numu_domain *domain = solver->domain;
    (void)lateness;
    if (makespan > watch->finish) {
        return;
    }
    watch->seen++;
    is_within(solver, solver->makespan, makespan);
    for (uint32_t n = 0; n < domain->task_count; n++) {
        uint32_t activity = domain->activity[n];
        is_within(solver, solver->start_variable[n],
                  numu_domain_start_from(domain->calendar[n], tried->start[activity]));
        for (uint32_t m = domain->project->first_mode[activity];
             m < domain->project->first_mode[activity + 1]; m++) {
            is_within(solver, solver->mode_variable[m], m == tried->mode[activity] ? 1 : 0);
        }
    }
}

/* The prices of rows in the programme that minimises the finish, and where it puts variables. */
static void solve_rows(struct world *world, const struct numu_bound_linear *linear,
                       struct numu_lp_solution *out) {
    const struct numu_exact_solver *solver = linear->solver;
    const struct numu_lp_options options = {0};
    struct numu_lp lp;
    struct numu_lp_solver *opened;
    numu_lp_init(&lp, &world->heap);
    for (uint32_t v = 0; v < solver->variable_count; v++) {
        double most = v == solver->makespan ? FAR : numu_exact_greatest(solver, v);
        assert_int_equal(numu_lp_add_column(&lp, v == solver->makespan ? 1 : 0,
                                            numu_exact_least(solver, v), most, NULL, 0, NULL),
                         NUMU_OK);
    }
    for (uint32_t row = 0; row < linear->row_count; row++) {
        const struct numu_bound_linear_row *from = &numu_bound_linear_rows(linear)[row];
        struct numu_lp_element *element;
        PROJECT_TAKE(&world->arena, &element, from->term_count);
        for (uint32_t k = 0; k < from->term_count; k++) {
            const struct numu_bound_linear_term *term =
                &numu_bound_linear_terms(linear)[from->first_term + k];
            element[k] = (struct numu_lp_element){term->variable, (double)term->factor};
        }
        double least = (double)from->least;
        assert_int_equal(numu_lp_add_filled_row(&lp, least, from->is_equal ? least : INFINITY,
                                                element, from->term_count, NULL),
                         NUMU_OK);
    }
    assert_int_equal(numu_lp_solver_open(&world->context, &lp, &opened), NUMU_OK);
    assert_int_equal(numu_lp_solver_solve(opened, &options, &world->arena, out), NUMU_OK);
    numu_lp_solver_close(opened);
    numu_lp_release(&lp);
}

/* A price, as it is or as a wrong one, of any size and of either sign. */
static double draw_weight(struct numu_random *random, double price) {
    double size = (double)numu_random_below(random, 1000) + numu_random_unit(random);
    switch (numu_random_below(random, 20)) {
    case 0:
        return size * 1e12;
    case 1:
        return -size;
    case 2:
        return size * 1e-9;
    case 3:
    case 4:
        return (double)numu_random_below(random, 7) - 3;
    case 5:
    case 6:
        return price * (0.5 + numu_random_unit(random));
    default:
        return price;
    }
}

/* Rows of a project, added up with prices and others; returns how often something was cut off. */
static int cut_by_prices(struct world *world, struct numu_random *random,
                         struct numu_exact_solver *solver, bool *io_is_open) {
    struct numu_bound_linear linear;
    int cut = 0;
    numu_bound_linear_init(&linear, solver);
    assert_int_equal(numu_bound_linear_build(&linear), NUMU_OK);
    for (int n = 0; n < WEIGHTS_EACH && *io_is_open; n++) {
        struct numu_lp_solution solution;
        bool is_changed = false;
        double *weight;
        solve_rows(world, &linear, &solution);
        PROJECT_TAKE(&world->arena, &weight, linear.row_count);
        for (uint32_t row = 0; row < linear.row_count; row++) {
            bool is_whole = n % 2 == 0;
            weight[row] =
                is_whole ? solution.row_dual[row] : draw_weight(random, solution.row_dual[row]);
        }
        assert_int_equal(
            numu_bound_linear_tighten(&linear, weight, &world->arena, io_is_open, &is_changed),
            NUMU_OK);
        cut += is_changed;
        if (*io_is_open) {
            assert_int_equal(
                numu_bound_linear_add_windows(&linear, solution.col_value, &world->arena), NUMU_OK);
        }
    }
    numu_bound_linear_release(&linear);
    return cut;
}

/* Few activities, not all of which can be short. */
static struct choice draw_choice(struct numu_random *random) {
    return (struct choice){
        .count = 3 + (uint32_t)numu_random_below(random, 2),
        .is_in_series = numu_random_below(random, 2) == 0,
        .short_length = project_between(random, 1, 2),
        .long_length = project_between(random, 2, 4),
        .short_need = project_between(random, 1, 3),
        .long_need = project_between(random, 1, 3),
        .capacity = project_between(random, 3, 4),
        .short_max = project_between(random, 1, 3),
    };
}

static void no_weights_cut_off_a_schedule(void **state) {
    (void)state;
    static const struct project_kind small[] = {
        {3, 3, 2, false, false, false, false, true, false, false, false},
        {3, 3, 2, true, true, false, true, true, true, false, false},
        {3, 2, 2, true, true, true, true, true, true, true, false},
    };
    struct world world;
    int cut = 0, closed = 0;
    uint64_t seen = 0;
    begin(&world);
    for (uint64_t round = 0; round < DRAWN_ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project;
        struct numu_domain domain;
        struct numu_measures measures;
        struct numu_exact_solver solver;
        struct trial trial = {0};
        bool is_open;
        numu_random_init(&random, SEED + 2, round);
        if (round % 2 == 0) {
            make_project(&world.arena, &random, &small[round / 2 % (sizeof small / sizeof *small)],
                         &project);
        } else {
            const struct choice choice = draw_choice(&random);
            make_choice(&world, &choice, &project);
        }
        if (round / 6 % 2 == 0) {
            work_in_weeks(&world.arena, 1 + (uint32_t)numu_random_below(&random, 3), &project);
        }
        try_all(&project, DRAWN_HORIZON, &trial);
        numu_period finish = trial.is_found ? trial.best_makespan : DRAWN_HORIZON;
        finish += (numu_period)numu_random_below(&random, 4) - 1;
        assert_int_equal(numu_domain_build(&project, &world.arena, &domain), NUMU_OK);
        assert_int_equal(numu_measures_find(&project, &world.arena, &measures), NUMU_OK);
        const struct numu_exact_limits limits = {.makespan_max = finish, .measures = &measures};
        assert_int_equal(
            numu_exact_build(&world.context, &domain, &limits, &world.arena, &solver, &is_open),
            NUMU_OK);
        if (is_open && domain.is_exact) {
            cut += cut_by_prices(&world, &random, &solver, &is_open);
            closed += !is_open;
            struct watch watch = {&solver, finish, 0};
            struct trial all = {.visit = watch_schedule, .visit_data = &watch};
            if (is_open) {
                try_all(&project, DRAWN_HORIZON, &all);
            } else {
                assert_true(!trial.is_found || trial.best_makespan > finish);
            }
            seen += watch.seen;
        }
        numu_exact_release(&solver);
        numu_arena_release(&world.arena);
    }
    print_message("# %d times something was cut off, %d times all; %d schedules kept\n", cut,
                  closed, (int)seen);
    assert_true(cut > DRAWN_ROUNDS / 4 && closed > 5 && seen > 1000);
    end(&world);
}

/* --- known bounds --- */

/* One after the other, the long ones are as many as they must be; shares are a choice like that. */
static void series_are_seen_through(void **state) {
    (void)state;
    struct world world;
    begin(&world);
    for (int32_t most = 0; most <= 12; most += 3) {
        const struct choice choice = {12, true, 2, 7, 1, 1, 3, most};
        struct numu_project project;
        numu_period least = 2 * most + 7 * (12 - most);
        double share[24] = {0}, sum = 0;
        const struct numu_bound_modes_options options = {.from = 24, .until = FAR, .share = share};
        make_choice(&world, &choice, &project);
        assert_int_equal(raise_with(&world, &project, &options), least);
        for (uint32_t a = 0; a < project.activity_count; a++) {
            const double *of = &share[2 * (size_t)a];
            assert_true(fabs(of[0] + of[1] - 1) < 1e-6);
            sum += of[0];
        }
        assert_true(fabs(sum - most) < 1e-6); /* as many as may be short */
        assert_int_equal(raise_from(&world, &project, 24, least - 1 > 24 ? least - 1 : 24),
                         least - 1 > 24 ? least - 1 : 24);
        numu_arena_release(&world.arena);
    }
    end(&world);
}

/* Side by side: the work of all, as much of it short as can be, by what there is. */
static void work_is_seen_through(void **state) {
    (void)state;
    struct world world;
    begin(&world);
    for (int32_t most = 0; most <= 20; most += 4) {
        const struct choice choice = {20, false, 3, 9, 4, 2, 7, most};
        struct numu_project project;
        numu_period work = 12 * most + 18 * (20 - most);
        make_choice(&world, &choice, &project);
        assert_true(raise_from(&world, &project, 3, FAR) >= (work + 6) / 7);
        work_in_weeks(&world.arena, 3, &project);
        /* windows that are broken by half a percent or less are let pass */
        assert_true(raise_from(&world, &project, 3, FAR) >= project.calendars[1].point[work / 7]);
        numu_arena_release(&world.arena);
    }
    end(&world);
}

/* A finish far above would take more room than the exact search has; those near the bound fit. */
static void what_is_too_large_far_away_is_asked_near(void **state) {
    (void)state;
    const struct choice choice = {40, true, 3000, 6000, 1, 1, 3, 38};
    struct world world;
    struct numu_project project;
    begin(&world);
    make_choice(&world, &choice, &project);
    const struct numu_bound_modes_options options = {
        .from = 40 * 3000, .until = 10000000, .skips_shaving = true};
    assert_int_equal(raise_with(&world, &project, &options), 38 * 3000 + 2 * 6000);
    end(&world);
}

/* --- ends --- */

static numu_status raise_asked(const struct numu_context *context,
                               const struct numu_project *project, const struct asked *asked,
                               numu_period *out_bound) {
    const struct numu_bound_modes_options options = {.from = asked->from,
                                                     .until = FAR,
                                                     .time_limit_s = asked->time_limit_s,
                                                     .bound = asked->told};
    return numu_bound_modes_raise(context, project, &options, out_bound);
}

static const struct choice many = {12, true, 2, 7, 1, 1, 3, 5};

static void it_ends_when_it_is_told_to(void **state) {
    (void)state;
    struct world world;
    struct numu_project project;
    numu_period last = 24;
    begin(&world);
    make_choice(&world, &many, &project);
    numu_period whole = raise_from(&world, &project, 24, FAR);
    assert_int_equal(whole, 59);
    /* by work: the same for the same limit */
    for (uint64_t work = 1; work < UINT64_C(1) << 40; work *= 2) {
        const struct numu_bound_modes_options options = {
            .from = 24, .until = FAR, .work_max = work};
        last = raise_with(&world, &project, &options);
        assert_int_equal(raise_with(&world, &project, &options), last);
        assert_true(last <= whole);
    }
    assert_int_equal(last, whole);
    wish_at_each_look(&world, &project, 24, whole, raise_asked);
    end(&world);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct world world;
    struct numu_project project;
    begin(&world);
    make_choice(&world, &many, &project);
    fail_each_allocation(&world, &project, 24, raise_asked);
    end(&world);
}

static void limits_of_memory_are_no_failure(void **state) {
    (void)state;
    struct world world;
    struct numu_project project;
    begin(&world);
    make_choice(&world, &many, &project);
    numu_period whole = raise_from(&world, &project, 24, FAR);
    limit_memory(&world, &project, 24, whole, raise_asked);
    end(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bound_is_above_the_best_of_all_schedules),
        cmocka_unit_test(no_bound_is_above_what_the_exact_search_proves),
        cmocka_unit_test(no_weights_cut_off_a_schedule),
        cmocka_unit_test(series_are_seen_through),
        cmocka_unit_test(work_is_seen_through),
        cmocka_unit_test(what_is_too_large_far_away_is_asked_near),
        cmocka_unit_test(it_ends_when_it_is_told_to),
        cmocka_unit_test(failures_of_memory_lose_nothing),
        cmocka_unit_test(limits_of_memory_are_no_failure),
    };
    return cmocka_run_group_tests_name("programme bound_modes", tests, NULL, NULL);
}
