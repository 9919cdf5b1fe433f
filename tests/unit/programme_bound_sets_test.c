/*
 * Goal: no bound of bound_sets.h is above the least finish of any schedule; it sees what no single
 * resource shows; it is the same for the same limit, and ends when it is told to.
 * Method: thousands of small random projects of every kind, all schedules of each tried, and
 * larger ones, solved to the proof by the exact search; projects whose bound is known, their
 * activities in any order; looks at the clock as the wish to stop; each n-th allocation failing.
 */
#include "programme/bound_sets.h"

#include "programme/bound.h"
#include "programme/domain.h"
#include "programme/exact.h"

#include "bound_world.h"

#include <limits.h>

enum {
    SEED = 20261127,
    ROUNDS = 2400,
    LARGER_ROUNDS = 240,
    HORIZON = 40,
    FAR = 200,
    STRETCH = 100
};

static const struct project_kind kinds[] = {
    {5, 1, 2, false, false, false, false, false, false, false, false},
    {5, 1, 4, true, true, false, false, false, false, false, false},
    {4, 1, 2, true, true, true, true, false, true, false, false},
    {4, 3, 2, false, false, false, false, true, false, false, false},
    {4, 2, 2, true, true, true, true, true, true, true, true},
    {5, 1, 2, true, true, true, true, true, true, true, true},
};

static numu_period raise_from(const struct world *world, const struct numu_project *project,
                              numu_period from, numu_period until) {
    const struct numu_bound_sets_options options = {.from = from, .until = until};
    numu_period bound = -1;
    assert_int_equal(numu_bound_sets_raise(&world->context, project, &options, &bound), NUMU_OK);
    assert_true(bound >= from && bound <= until);
    return bound;
}

static void no_bound_is_above_the_best_of_all_schedules(void **state) {
    (void)state;
    const struct numu_bound_options before_options = {0};
    struct world world;
    int found = 0, exact = 0, stretched = 0;
    begin(&world);
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project;
        struct trial trial = {0};
        numu_random_init(&random, SEED, round);
        make_project(&world.arena, &random, &kinds[round % (sizeof kinds / sizeof *kinds)],
                     &project);
        if (round / (sizeof kinds / sizeof *kinds) % 3 == 0) {
            work_in_weeks(&world.arena, 2, &project);
        }
        try_all(&project, HORIZON, &trial);
        struct numu_bound before = {0};
        numu_status status = numu_bound_project(&world.context, &project, &before_options, &before);
        numu_period from = status == NUMU_OK ? before.makespan * (numu_period)(round % 3) / 2 : 0;
        numu_period bound = raise_from(&world, &project, from, FAR);
        if (trial.is_found) {
            found++;
            if (bound > trial.best_makespan) {
                fail_msg("round %d: bound %d, best %d", (int)round, bound, trial.best_makespan);
            }
            exact += bound == trial.best_makespan;
        }
        if (project.calendar_count == 1) {
            stretch_project(STRETCH, &project);
            numu_period longer = raise_from(&world, &project, STRETCH * from, STRETCH * FAR);
            if (longer <= STRETCH * (bound - 1) ||
                (trial.is_found && longer > STRETCH * trial.best_makespan)) {
                fail_msg("round %d: bound %d, of shorter periods %d", (int)round, bound, longer);
            }
            /* nor would one period more be refuted by itself */
            assert_true(longer == STRETCH * FAR ||
                        raise_from(&world, &project, longer, longer + 1) == longer);
            stretched++;
        }
        numu_arena_release(&world.arena);
    }
    print_message("# %d projects, of %d the bound is the best finish, %d in shorter periods, too\n",
                  found, exact, stretched);
    assert_true(found > ROUNDS / 2 && exact > found / 2 && stretched > ROUNDS / 8);
    end(&world);
}

static void no_bound_is_above_what_the_exact_search_proves(void **state) {
    (void)state;
    static const struct project_kind larger[] = {
        {14, 1, 4, false, false, false, false, false, false, false, false},
        {14, 1, 3, true, true, true, true, false, true, false, false},
        {10, 2, 3, false, false, false, true, true, false, false, false},
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

/*
 * Projects of up to 40 activities that the sets alone bound by `without`: rows that tie work on one
 * task to work on the next see more, and not more than there is.
 */
static void linked_work_is_seen(void **state) {
    (void)state;
    static const struct {
        uint64_t round;
        numu_period without;
    } cases[] = {{13, 32}, {32, 45}, {175, 38}, {262, 61}, {317, 38}, {341, 50}};
    static const struct project_kind kind = {40,    1,     4,     false, false, false,
                                             false, false, false, false, false};
    const struct numu_exact_options exact_options = {.conflicts_max = 20000};
    struct world world;
    int proven = 0;
    begin(&world);
    for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
        struct numu_random random;
        struct numu_project project;
        struct numu_exact exact;
        numu_random_init(&random, SEED + 9, cases[n].round);
        make_project(&world.arena, &random, &kind, &project);
        const struct numu_bound_sets_options skipping = {.until = FAR, .skips_rows = true};
        numu_period bound = 0;
        assert_int_equal(numu_bound_sets_raise(&world.context, &project, &skipping, &bound),
                         NUMU_OK);
        assert_int_equal(bound, cases[n].without);
        bound = raise_from(&world, &project, cases[n].without, FAR);
        assert_true(bound > cases[n].without);
        assert_int_equal(
            numu_exact_solve(&world.context, &project, &exact_options, &world.arena, &exact),
            NUMU_OK);
        assert_true(exact.has_schedule && bound <= exact.makespan);
        proven += exact.is_proven;
        numu_arena_release(&world.arena);
    }
    assert_true(proven >= 3);
    end(&world);
}

/* --- known bounds --- */

/*
 * Activities on a ring of an odd number, neighbours share a resource that only one can have. Of
 * them (count - 1) / 2 can run at once, while each resource alone lets all be done in twice the
 * length of one.
 */
static void make_ring(struct world *world, uint32_t count, numu_period length, uint32_t turn,
                      struct numu_project *project) {
    struct numu_random random;
    const struct project_kind kind = {1,     1,     1,     false, false, false,
                                      false, false, false, false, false};
    numu_random_init(&random, SEED, 1);
    make_project(&world->arena, &random, &kind, project); /* a calendar, and nothing late */
    project->activity_count = project->mode_count = project->resource_count = count;
    project->step_count = count;
    project->need_count = project->link_count = 0;
    PROJECT_TAKE(&world->arena, &project->release, count);
    PROJECT_TAKE(&world->arena, &project->deadline, count);
    PROJECT_TAKE(&world->arena, &project->state, count);
    PROJECT_TAKE(&world->arena, &project->actual_start, count);
    PROJECT_TAKE(&world->arena, &project->actual_finish, count);
    PROJECT_TAKE(&world->arena, &project->calendar, count);
    PROJECT_TAKE(&world->arena, &project->order, count);
    PROJECT_TAKE(&world->arena, &project->first_mode, count + 1);
    PROJECT_TAKE(&world->arena, &project->duration, count);
    PROJECT_TAKE(&world->arena, &project->first_need, count + 1);
    PROJECT_TAKE(&world->arena, &project->need_resource, 2 * (size_t)count);
    PROJECT_TAKE(&world->arena, &project->need_units, 2 * (size_t)count);
    PROJECT_TAKE(&world->arena, &project->is_consumable, count);
    PROJECT_TAKE(&world->arena, &project->first_step, count + 1);
    PROJECT_TAKE(&world->arena, &project->step_time, count);
    PROJECT_TAKE(&world->arena, &project->step_units, count);
    for (uint32_t a = 0; a < count; a++) {
        uint32_t low = (a * turn) % count, high = (low + 1) % count;
        project->deadline[a] = NUMU_NO_PERIOD;
        project->actual_start[a] = project->actual_finish[a] = NUMU_NO_PERIOD;
        project->order[a] = a;
        project->first_mode[a] = a;
        project->duration[a] = length;
        project->first_need[a] = project->need_count;
        project->need_resource[project->need_count] = low < high ? low : high;
        project->need_units[project->need_count++] = 1;
        project->need_resource[project->need_count] = low < high ? high : low;
        project->need_units[project->need_count++] = 1;
        project->first_step[a] = a;
        project->step_units[a] = 1;
    }
    project->first_mode[count] = project->first_step[count] = count;
    project->first_need[count] = project->need_count;
    list_links_of(&world->arena, project);
}

static void see_through_rings(bool is_in_weeks) {
    const struct numu_bound_options options = {0};
    struct world world;
    begin(&world);
    for (uint32_t count = 5; count <= 11; count += 2) {
        for (uint32_t turn = 1; turn < count; turn++) {
            struct numu_project project;
            struct numu_bound before;
            uint32_t a = count, b = turn;
            while (b > 0) {
                uint32_t rest = a % b;
                a = b;
                b = rest;
            }
            if (a > 1) {
                continue; /* not all activities would be on the ring */
            }
            make_ring(&world, count, 20, turn, &project);
            const struct numu_project_calendar *calendar = NULL;
            if (is_in_weeks) {
                work_in_weeks(&world.arena, 3, &project);
                calendar = &project.calendars[1];
            }
            assert_int_equal(numu_bound_project(&world.context, &project, &options, &before),
                             NUMU_OK);
            assert_int_equal(before.makespan, numu_domain_finish(calendar, 40));
            /* all work by the most that can run at once, rounded up */
            numu_period at_once = (numu_period)(count - 1) / 2;
            numu_period least =
                numu_domain_finish(calendar, ((numu_period)count * 20 + at_once - 1) / at_once);
            assert_true(raise_from(&world, &project, before.makespan, FAR) >= least);
            assert_int_equal(raise_from(&world, &project, before.makespan, least - 1), least - 1);
            numu_arena_release(&world.arena);
        }
    }
    end(&world);
}

static void rings_are_seen_through(void **state) {
    (void)state;
    see_through_rings(false);
}

/* Counted in points, weekends would seem to hold work. */
static void rings_are_seen_through_in_weeks(void **state) {
    (void)state;
    see_through_rings(true);
}

/* --- ends --- */

static numu_status raise_asked(const struct numu_context *context,
                               const struct numu_project *project, const struct asked *asked,
                               numu_period *out_bound) {
    const struct numu_bound_sets_options options = {.from = asked->from,
                                                    .until = FAR,
                                                    .time_limit_s = asked->time_limit_s,
                                                    .bound = asked->told};
    return numu_bound_sets_raise(context, project, &options, out_bound);
}

static void it_ends_when_it_is_told_to(void **state) {
    (void)state;
    struct world world;
    struct numu_project project;
    numu_period last = 40;
    begin(&world);
    make_ring(&world, 9, 20, 2, &project);
    numu_period whole = raise_from(&world, &project, 40, FAR);
    /* by work: the same for the same limit, never less for more */
    for (uint64_t work = 1; work < UINT64_C(1) << 40; work *= 2) {
        numu_period bound[2];
        for (int n = 0; n < 2; n++) {
            const struct numu_bound_sets_options options = {
                .from = 40, .until = FAR, .work_max = work};
            assert_int_equal(numu_bound_sets_raise(&world.context, &project, &options, &bound[n]),
                             NUMU_OK);
        }
        assert_int_equal(bound[0], bound[1]);
        assert_true(bound[0] >= last && bound[0] <= whole);
        last = bound[0];
    }
    assert_int_equal(last, whole);
    wish_at_each_look(&world, &project, 40, whole, raise_asked);
    /* by the clock */
    struct wish clock = {.at = LONG_MAX};
    struct numu_context context = world.context;
    const struct numu_bound_sets_options options = {.from = 40, .until = FAR, .time_limit_s = 3};
    numu_period bound = 0;
    context.clock = wishing_clock;
    context.clock_data = &clock;
    assert_int_equal(numu_bound_sets_raise(&context, &project, &options, &bound), NUMU_OK);
    assert_true(clock.looks < 20 && bound >= 40);
    end(&world);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct world world;
    struct numu_project project;
    begin(&world);
    make_ring(&world, 5, 20, 2, &project);
    fail_each_allocation(&world, &project, 48, raise_asked);
    end(&world);
}

static void limits_of_memory_are_no_failure(void **state) {
    (void)state;
    struct world world;
    struct numu_project project;
    begin(&world);
    make_ring(&world, 5, 20, 2, &project);
    numu_period whole = raise_from(&world, &project, 48, FAR);
    limit_memory(&world, &project, 48, whole, raise_asked);
    end(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bound_is_above_the_best_of_all_schedules),
        cmocka_unit_test(no_bound_is_above_what_the_exact_search_proves),
        cmocka_unit_test(linked_work_is_seen),
        cmocka_unit_test(rings_are_seen_through),
        cmocka_unit_test(rings_are_seen_through_in_weeks),
        cmocka_unit_test(it_ends_when_it_is_told_to),
        cmocka_unit_test(failures_of_memory_lose_nothing),
        cmocka_unit_test(limits_of_memory_are_no_failure),
    };
    return cmocka_run_group_tests_name("programme bound_sets", tests, NULL, NULL);
}
