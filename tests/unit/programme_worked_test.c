/*
 * Goal: what numu_project_cut_rests leaves has no rest that all share, its bounds hold for the
 * whole, and numu_rcpsp_solve, which searches it, gives the best of the whole.
 * Method: thousands of small random projects in one calendar or two, all schedules of the whole and
 * of what is left tried; larger ones searched as they are and without rests; a project whose cut is
 * known by hand; each n-th allocation made to fail.
 */
#include "programme/worked.h"

#include "programme/rcpsp.h"

#include "random_project.h"

enum { SEED = 20261127, ROUNDS = 3000, HORIZON = 40, PROJECT_HORIZON = 380 };

static const struct project_kind kinds[] = {
    {5, 1, 2, false, false, true, false, false, false, false, false},
    {4, 2, 2, false, true, true, false, false, true, false, false},
    {4, 1, 2, true, true, true, true, false, true, false, false},
    {4, 2, 2, true, true, true, true, true, true, true, false},
    {5, 1, 2, false, false, true, false, false, false, false, true},
    {4, 2, 2, false, true, true, false, false, true, true, true},
    {4, 1, 2, true, true, true, true, false, true, false, true},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_context context;
    struct numu_report report;
    struct numu_project project;
};

static void open_fixture(struct fixture *fixture) {
    *fixture = (struct fixture){.context = {.seed = 1, .threads = 1}};
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    fixture->context.heap = &fixture->heap;
    numu_report_init(&fixture->report, &fixture->heap, 0);
}

static void close_fixture(struct fixture *fixture) {
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
}

/* All in calendar 1 in even rounds, in 1 or 2 in odd ones; milestones in any. */
static void make_round(struct fixture *fixture, uint64_t round) {
    struct numu_random random;
    struct numu_project *p = &fixture->project;
    numu_random_init(&random, SEED, round);
    make_project(&fixture->arena, &random, &kinds[round / 2 % KINDS], p);
    p->horizon = PROJECT_HORIZON;
    for (uint32_t a = 0; a < p->activity_count; a++) {
        if (p->duration[p->first_mode[a]] > 0) {
            p->calendar[a] = 1 + (uint32_t)(round % 2 == 1 && p->calendar[a] == 2);
        }
    }
}

static int64_t cost_of(int64_t lateness, numu_period makespan) {
    return 2 * lateness * PROJECT_HORIZON + makespan;
}

/* Whether every period of what is left is worked by all. */
static bool is_without_rests(const struct numu_project *left) {
    bool is = true;
    for (uint32_t a = 0; a < left->activity_count; a++) {
        is &= left->calendars[left->calendar[a]].rank == NULL;
    }
    return is;
}

static void bounds_hold_and_the_best_is_found(void **state) {
    (void)state;
    struct fixture fixture;
    uint32_t cut = 0, plain = 0, found = 0, late = 0, later = 0, proven = 0, best = 0;
    open_fixture(&fixture);
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        const struct numu_rcpsp_options options = {.schedules = 400};
        struct numu_project left;
        struct numu_project_calendar time;
        struct numu_rcpsp_result result;
        struct trial whole = {0}, part = {0};
        make_round(&fixture, round);
        assert_int_equal(numu_project_cut_rests(&fixture.project, &fixture.arena, &left, &time),
                         NUMU_OK);
        if (time.rank == NULL) {
            assert_memory_equal(&left, &fixture.project, sizeof left);
            numu_arena_release(&fixture.arena);
            continue;
        }
        try_all(&fixture.project, HORIZON, &whole);
        try_all(&left, HORIZON, &part);
        cut++;
        plain += is_without_rests(&left);
        assert_true(part.is_found || !whole.is_found);
        if (whole.is_found) {
            numu_period at_best = numu_worked_point(&time, part.best_makespan);
            int64_t least = cost_of(whole.best_lateness, whole.best_makespan);
            int64_t bound = cost_of(part.best_lateness, at_best);
            assert_true(bound <= least);
            found++;
            later += bound < least;
            late += whole.best_lateness > 0;
            assert_int_equal(numu_rcpsp_solve(&fixture.context, &fixture.project, &options,
                                              &fixture.arena, &fixture.report, &result),
                             NUMU_OK);
            int64_t cost = cost_of(result.lateness, result.makespan);
            assert_true(cost >= least);
            assert_true(result.lower_bound <= whole.best_makespan);
            assert_true(result.lateness_bound <= whole.best_lateness);
            assert_true(!result.is_proven || cost == least);
            proven += result.is_proven;
            best += cost == least;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u cut, %u of them to nothing but worked periods; of %u, %u of them late, the "
                  "best of %u are found, of %u proven, %u later than in worked time\n",
                  cut, plain, found, late, best, proven, later);
    assert_true(cut > ROUNDS * 4 / 5 && plain > ROUNDS / 2 && found > ROUNDS * 4 / 5);
    assert_true(best > found - found / 50 && proven > found - found / 50 && later < found / 50);
    close_fixture(&fixture);
}

/* Thirty activities in one calendar: found, bounded, counted just as in worked time. */
static void one_calendar_costs_nothing(void **state) {
    (void)state;
    static const struct project_kind kind = {30,    1,     3,     false, true, true,
                                             false, false, false, false, false};
    const struct numu_rcpsp_options options = {.schedules = 2000};
    struct fixture fixture;
    uint32_t cut = 0;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < 60; round++) {
        struct numu_random random;
        struct numu_project left;
        struct numu_project_calendar time;
        struct numu_rcpsp_result whole, worked;
        numu_random_init(&random, SEED + 1, round);
        make_project(&fixture.arena, &random, &kind, &fixture.project);
        fixture.project.horizon = PROJECT_HORIZON;
        for (uint32_t a = 0; a < fixture.project.activity_count; a++) {
            fixture.project.calendar[a] = 1;
        }
        assert_int_equal(numu_project_cut_rests(&fixture.project, &fixture.arena, &left, &time),
                         NUMU_OK);
        if (time.rank == NULL) { /* milestones only */
            numu_arena_release(&fixture.arena);
            continue;
        }
        cut++;
        assert_int_equal(numu_rcpsp_solve(&fixture.context, &fixture.project, &options,
                                          &fixture.arena, &fixture.report, &whole),
                         NUMU_OK);
        assert_int_equal(numu_rcpsp_solve(&fixture.context, &left, &options, &fixture.arena,
                                          &fixture.report, &worked),
                         NUMU_OK);
        assert_int_equal(time.rank[whole.makespan], worked.makespan);
        assert_int_equal(time.rank[whole.lower_bound], worked.lower_bound);
        assert_int_equal(whole.is_proven, worked.is_proven);
        assert_int_equal(whole.schedules, worked.schedules);
        numu_arena_release(&fixture.arena);
    }
    assert_true(cut > 50);
    close_fixture(&fixture);
}

/* One activity of 3 days and its crew, two workers until Saturday and one from Sunday on. */
static void make_week(struct fixture *fixture, struct numu_project *p) {
    static const numu_period rank[] = {0, 1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9, 10, 10, 10, 10};
    static const numu_period point[] = {0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12};
    static const struct numu_project_calendar five_days = {rank, point, 14};
    *p = (struct numu_project){.origin = NUMU_NO_DAY,
                               .horizon = 14,
                               .activity_count = 1,
                               .mode_count = 1,
                               .need_count = 1,
                               .resource_count = 1,
                               .step_count = 3,
                               .calendar_count = 1};
    assert_int_equal(numu_project_take(&fixture->arena, p), NUMU_OK);
    PROJECT_TAKE(&fixture->arena, &p->calendars, 1);
    p->calendars[0] = five_days;
    p->duration[0] = 3;
    p->release[0] = 6;
    p->first_mode[1] = p->first_need[1] = 1;
    p->need_units[0] = 1;
    p->first_step[1] = 3;
    p->step_time[1] = 5;
    p->step_time[2] = 6;
    p->step_units[0] = 2;
    p->step_units[1] = 9;
    p->step_units[2] = 1;
    list_links_of(&fixture->arena, p);
}

/* Not before Sunday is not before the sixth worked day; what changes on Saturday does on Sunday. */
static void a_known_week(void **state) {
    (void)state;
    struct fixture fixture;
    struct numu_project left;
    struct numu_project_calendar time;
    open_fixture(&fixture);
    make_week(&fixture, &fixture.project);
    assert_int_equal(numu_project_cut_rests(&fixture.project, &fixture.arena, &left, &time),
                     NUMU_OK);
    assert_int_equal(left.horizon, 10);
    assert_int_equal(left.release[0], 5);
    assert_int_equal(left.step_count, 2);
    assert_int_equal(left.first_step[1], 2);
    assert_int_equal(left.step_time[1], 5);
    assert_int_equal(left.step_units[1], 1);
    assert_null(left.calendars[left.calendar[0]].rank);
    assert_int_equal(numu_worked_point(&time, 8), 10); /* Monday to Wednesday */
    assert_int_equal(numu_worked_point(&time, 11), 14);
    fixture.project.step_units[1] = 0; /* none on Saturday: work cannot go on over it */
    assert_int_equal(numu_project_cut_rests(&fixture.project, &fixture.arena, &left, &time),
                     NUMU_OK);
    assert_null(time.rank);
    fixture.project.step_units[1] = 9;
    fixture.project.deadline[0] = 6; /* Saturday evening, when five days were worked */
    assert_int_equal(numu_project_cut_rests(&fixture.project, &fixture.arena, &left, &time),
                     NUMU_OK);
    assert_int_equal(left.deadline[0], 5);
    assert_int_equal(numu_project_lateness(&left, 0, 5), 0);
    assert_int_equal(numu_project_lateness(&left, 0, 6), 2); /* Monday evening: two days late */
    assert_int_equal(numu_project_finish_until(&left, 0, 1), 5);
    assert_int_equal(numu_project_finish_until(&left, 0, 2), 6);
    assert_true(numu_project_finish_until(&left, 0, 8) > left.horizon);
    fixture.project.deadline[0] = NUMU_NO_PERIOD;
    fixture.project.state[0] = NUMU_ACTIVITY_FINISHED;
    assert_int_equal(numu_project_cut_rests(&fixture.project, &fixture.arena, &left, &time),
                     NUMU_OK);
    assert_null(time.rank);
    close_fixture(&fixture);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct fixture fixture;
    int failed = 0;
    open_fixture(&fixture);
    make_week(&fixture, &fixture.project);
    for (uint_fast64_t n = 1; n < 40; n++) {
        struct numu_arena result;
        struct numu_project left;
        struct numu_project_calendar time;
        size_t before = fixture.heap.bytes;
        numu_arena_init(&result, &fixture.heap);
        fixture.heap.fail_at = fixture.heap.count + n;
        failed += numu_project_cut_rests(&fixture.project, &result, &left, &time) == NUMU_MEMORY;
        fixture.heap.fail_at = 0;
        numu_arena_release(&result);
        assert_int_equal(fixture.heap.bytes, before);
    }
    assert_true(failed > 0 && failed < 39);
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_hold_and_the_best_is_found),
        cmocka_unit_test(one_calendar_costs_nothing),
        cmocka_unit_test(a_known_week),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme worked", tests, NULL, NULL);
}
