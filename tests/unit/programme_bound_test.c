/*
 * Goal: no bound of bound.h is above the least finish, or the least lateness, of any schedule, and
 * nothing is refuted that there is.
 * Method: thousands of small random projects of every kind (all link types, lags of both signs,
 * calendars, steps, consumables, modes, not-before dates, progress, deadlines), all schedules of
 * each tried; projects whose bound is known; larger ones at whose bounds somebody says stop; each
 * n-th allocation made to fail.
 */
#include "programme/bound.h"

#include "random_project.h"

enum { SEED = 20260501, ROUNDS = 3000, HORIZON = 40 };

static const struct project_kind kinds[] = {
    {5, 1, 2, false, false, false, false, false, false, false, false},
    {5, 1, 2, true, true, false, false, false, false, false, false},
    {4, 1, 2, true, true, true, true, false, true, false, false},
    {4, 3, 2, false, false, false, false, true, false, false, false},
    {4, 2, 2, true, true, true, true, true, true, true, true},
    {5, 1, 2, true, true, true, true, true, true, true, true},
    {6, 1, 1, false, false, false, false, false, false, false, true},
};

static void no_bound_is_above_the_best_of_all_schedules(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    struct numu_context context = {.heap = &heap};
    const struct numu_bound_options options = {0};
    int found = 0, exact = 0, late = 0, exact_late = 0, refuted[2] = {0, 0}, absent[2] = {0, 0};
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project;
        struct numu_bound bound;
        struct trial trial = {0};
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, &kinds[round % (sizeof kinds / sizeof *kinds)], &project);
        if (round / (sizeof kinds / sizeof *kinds) % 3 == 0) {
            work_in_weeks(&arena, 2, &project);
        }
        try_all(&project, HORIZON, &trial);
        for (int keeps = 0; keeps < 2; keeps++) {
            bool is_refuted = false;
            assert_int_equal(
                numu_bound_refute(&context, &project, &options, keeps == 1, &is_refuted), NUMU_OK);
            bool is_there = trial.is_found && (keeps == 0 || trial.best_lateness == 0);
            assert_false(is_refuted && is_there);
            refuted[keeps] += is_refuted;
            absent[keeps] += !is_there;
        }
        numu_status status = numu_bound_project(&context, &project, &options, &bound);
        if (trial.is_found) {
            found++;
            assert_int_equal(status, NUMU_OK);
            /* The best by lateness may finish later than the least finish: still no less. */
            if (bound.makespan > trial.best_makespan || bound.lateness > trial.best_lateness) {
                fail_msg("round %d: bound %d, %lld late; best %d, %lld late", (int)round,
                         bound.makespan, (long long)bound.lateness, trial.best_makespan,
                         (long long)trial.best_lateness);
            }
            assert_true(bound.critical_path <= bound.energetic);
            assert_true(bound.energetic <= bound.destructive);
            exact += bound.makespan == trial.best_makespan;
            late += trial.best_lateness > 0;
            exact_late += trial.best_lateness > 0 && bound.lateness == trial.best_lateness;
        } else {
            assert_true(status == NUMU_INFEASIBLE || status == NUMU_OK);
        }
        numu_arena_release(&arena);
    }
    print_message("# %d projects, of %d the bound is the best finish\n", found, exact);
    print_message("# %d are late at best, of %d the bound is the least lateness\n", late,
                  exact_late);
    print_message("# %d of %d without a schedule refuted, %d of %d without one in time\n",
                  refuted[0], absent[0], refuted[1], absent[1]);
    assert_true(found > ROUNDS / 2 && exact > found / 2);
    assert_true(100 * exact_late > 93 * late); /* links and one refutation: 91 in 100 */
    assert_true(refuted[0] > absent[0] / 2 && refuted[1] > absent[1] / 2);
    assert_int_equal(heap.bytes, 0);
}

/* A clock at which somebody says stop at a later look. */
struct stopping_clock {
    atomic_bool stop;
    uint64_t looks_left;
};

static double look_and_stop(void *data) {
    struct stopping_clock *clock = data;
    clock->looks_left -= clock->looks_left > 0;
    atomic_store(&clock->stop, clock->looks_left == 0);
    return 0;
}

static void what_is_known_when_it_is_stopped_is_told(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    const struct numu_bound_options options = {.time_limit_s = 1};
    const struct project_kind large = {120,   1,     3,     false, false, false,
                                       false, false, false, false, false};
    int less = 0, more_than_links = 0;
    for (uint64_t round = 0; round < 400; round++) {
        struct numu_random random;
        struct numu_project project;
        struct numu_bound whole, known;
        struct stopping_clock clock = {.looks_left = 2 + round % 4};
        const struct numu_context context = {
            .heap = &heap, .stop = &clock.stop, .clock = look_and_stop, .clock_data = &clock};
        const struct numu_context unstopped = {.heap = &heap};
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, &large, &project);
        if (numu_bound_project(&unstopped, &project, &options, &whole) == NUMU_OK) {
            assert_int_equal(numu_bound_project(&context, &project, &options, &known), NUMU_OK);
            assert_int_equal(known.critical_path, whole.critical_path);
            assert_true(known.makespan >= known.critical_path && known.makespan <= whole.makespan);
            assert_true(known.lateness <= whole.lateness);
            less += known.makespan < whole.makespan;
            more_than_links +=
                known.makespan < whole.makespan && known.makespan > known.critical_path;
        }
        numu_arena_release(&arena);
    }
    print_message("# %d stopped below their bound, %d of them above the critical path\n", less,
                  more_than_links);
    assert_true(more_than_links > 0);
    assert_int_equal(heap.bytes, 0);
}

/* So many activities of one day, all due before they can begin, and one crew for them. */
static void queue_for_a_crew(struct numu_arena *arena, uint32_t count,
                             struct numu_project *project) {
    *project = (struct numu_project){.origin = NUMU_NO_DAY,
                                     .horizon = CALENDAR_HORIZON,
                                     .activity_count = count,
                                     .mode_count = count,
                                     .need_count = count,
                                     .resource_count = 1,
                                     .step_count = 1,
                                     .calendar_count = 2};
    assert_int_equal(numu_project_take(arena, project), NUMU_OK);
    PROJECT_TAKE(arena, &project->calendars, 2);
    PROJECT_TAKE(arena, &project->order, count);
    make_five_days(arena, &project->calendars[1]);
    for (uint32_t a = 0; a < count; a++) {
        project->order[a] = project->first_mode[a] = project->first_need[a] = a;
        project->duration[a] = project->need_units[a] = 1;
        project->deadline[a] = 0;
        project->calendar[a] = 1;
    }
    project->first_mode[count] = project->first_need[count] = count;
    project->first_step[1] = 1;
    project->step_units[0] = 1;
    list_links_of(arena, project);
}

/* The n-th is done on the n-th day from Monday to Friday: weekends hold no work. */
static void a_queue_for_a_crew_has_no_weekends(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    const struct numu_context context = {.heap = &heap};
    const struct numu_bound_options options = {0};
    for (uint32_t count = 1; count <= 30; count++) {
        struct numu_project project;
        struct numu_bound bound;
        int64_t late = 0;
        queue_for_a_crew(&arena, count, &project);
        for (uint32_t n = 1; n <= count; n++) {
            late += project.calendars[1].point[n];
        }
        assert_int_equal(numu_bound_project(&context, &project, &options, &bound), NUMU_OK);
        assert_int_equal(bound.makespan, project.calendars[1].point[count]);
        assert_int_equal(bound.lateness, late);
        numu_arena_release(&arena);
    }
    assert_int_equal(heap.bytes, 0);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_random random;
    struct numu_project project;
    struct numu_bound bound;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    struct numu_context context = {.heap = &heap};
    const struct numu_bound_options options = {0};
    numu_random_init(&random, SEED, 1);
    make_project(&arena, &random, &kinds[5], &project);
    size_t before = heap.bytes;
    int failed = 0;
    for (uint_fast64_t n = 1; n < 100; n++) {
        heap.fail_at = heap.count + n;
        failed += numu_bound_project(&context, &project, &options, &bound) == NUMU_MEMORY;
        heap.fail_at = 0;
        assert_int_equal(heap.bytes, before);
    }
    assert_true(failed > 0 && failed < 99);
    numu_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bound_is_above_the_best_of_all_schedules),
        cmocka_unit_test(what_is_known_when_it_is_stopped_is_told),
        cmocka_unit_test(a_queue_for_a_crew_has_no_weekends),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme bound", tests, NULL, NULL);
}
