/*
 * Goal: spans are the least and the most points that so many worked periods take, and of the points
 * that another calendar works the least.
 * Method: random calendars walked day by day from every one; a five-day week by hand, which counts
 * and is counted in; many more numbers of periods than are kept; each n-th allocation made to fail.
 */
#include "programme/span.h"

#include "random_project.h"

enum { SEED = 20261128, ROUNDS = 500, PERIODS_MAX = 300 };

static const struct project_kind kind = {6,     3,     2,     false, false, true,
                                         false, false, false, false, false};

static bool is_worked(const struct numu_project_calendar *calendar, numu_period t) {
    return calendar->rank == NULL || calendar->rank[t + 1] > calendar->rank[t];
}

/* Points from one on until so many periods are worked; 0 where the calendar ends before. */
static numu_period walk_from(const struct numu_project_calendar *calendar, numu_period from,
                             numu_period periods) {
    numu_period t = from;
    for (; periods > 0 && t < calendar->horizon; t++) {
        periods -= is_worked(calendar, t) ? 1 : 0;
    }
    return periods > 0 ? 0 : t - from;
}

/* Worked points of a calendar from one on until another. */
static numu_period count_between(const struct numu_project_calendar *calendar, numu_period from,
                                 numu_period until) {
    numu_period count = 0;
    for (numu_period t = from; t < until; t++) {
        count += is_worked(calendar, t) ? 1 : 0;
    }
    return count;
}

/* The least of them in which so many periods of another calendar, or of none, can lie. */
static numu_period count_least(const struct numu_project_calendar *counted,
                               const struct numu_project_calendar *own, numu_period periods) {
    numu_period least = NUMU_PERIOD_MAX;
    for (numu_period from = 0; from < counted->horizon; from++) {
        numu_period points = walk_from(own, from, periods);
        points = own->rank == NULL ? periods : points;
        if (points > 0 && from + points <= counted->horizon && is_worked(own, from)) {
            numu_period count = count_between(counted, from, from + points);
            least = count < least ? count : least;
        }
    }
    return least;
}

static void points_of_another_calendar_are_counted(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    int fewer = 0, none = 0;
    for (uint64_t round = 0; round < ROUNDS / 10; round++) {
        struct numu_random random;
        struct numu_project project;
        numu_random_init(&random, SEED + 1, round);
        make_project(&arena, &random, &kind, &project);
        struct numu_spans spans = {.counted = &project.calendars[1 + round % 2]};
        for (int n = 0; n < 60; n++) {
            uint32_t number = (uint32_t)numu_random_below(&random, project.calendar_count);
            numu_period periods = project_between(&random, 1, PERIODS_MAX);
            numu_period least = count_least(spans.counted, &project.calendars[number], periods);
            bool is_placed = least < NUMU_PERIOD_MAX;
            struct numu_span span = numu_span(&spans, &project, number, periods);
            assert_int_equal(span.least, is_placed ? least : 0);
            fewer += is_placed && least < periods;
            none += !is_placed;
        }
        numu_arena_release(&arena);
    }
    print_message("# %d of another calendar are fewer, %d have no place\n", fewer, none);
    assert_true(fewer > ROUNDS && none > 0);
    assert_int_equal(heap.bytes, 0);
}

static void spans_are_those_of_all_places(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    int longer = 0, none = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project;
        struct numu_spans spans = {0};
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, &kind, &project);
        for (int n = 0; n < 200; n++) {
            uint32_t number = (uint32_t)numu_random_below(&random, project.calendar_count);
            const struct numu_project_calendar *calendar = &project.calendars[number];
            numu_period periods = project_between(&random, 1, PERIODS_MAX);
            periods += n % 4 == 0 ? NUMU_SPANS_KEPT * project_between(&random, 1, 2) : 0;
            numu_period least = NUMU_PERIOD_MAX, most = 0;
            for (numu_period from = 0; calendar->rank != NULL && from < calendar->horizon; from++) {
                numu_period points = walk_from(calendar, from, periods);
                most = points > most ? points : most;
                least = points > 0 && points < least ? points : least;
            }
            struct numu_span span = numu_span(&spans, &project, number, periods);
            bool is_placed = least < NUMU_PERIOD_MAX;
            assert_int_equal(span.least, is_placed ? least : periods);
            assert_true(span.most >= most && span.most >= span.least);
            longer += is_placed && least > periods;
            none += calendar->rank != NULL && !is_placed;
        }
        numu_arena_release(&arena);
    }
    print_message("# %d take longer than they last, %d have no place\n", longer, none);
    assert_true(longer > ROUNDS && none > ROUNDS);
    assert_int_equal(heap.bytes, 0);
}

static void a_week_has_a_weekend(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    struct numu_project_calendar calendars[] = {{0}, {0}}; /* the week, every day */
    make_five_days(&arena, &calendars[0]);
    const struct numu_project project = {.calendars = calendars, .calendar_count = 2};
    static const struct {
        numu_period periods, least, most, of_every_day;
    } known[] = {{0, 0, 0, 0},  {1, 1, 3, 0},  {2, 2, 4, 0},   {3, 3, 5, 1},    {5, 5, 7, 3},
                 {6, 8, 10, 4}, {7, 9, 11, 5}, {9, 11, 13, 5}, {10, 12, 14, 6}, {11, 15, 17, 7}};
    struct numu_spans spans = {0}, worked = {.counted = &calendars[0]};
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            struct numu_span span = numu_span(&spans, &project, 0, known[i].periods);
            assert_int_equal(span.least, known[i].least);
            assert_int_equal(span.most, known[i].most);
            assert_int_equal(numu_span(&spans, &project, 1, known[i].periods).least,
                             known[i].periods);
            assert_int_equal(numu_span(&worked, &project, 0, known[i].periods).least,
                             known[i].periods);
            assert_int_equal(numu_span(&worked, &project, 1, known[i].periods).least,
                             known[i].of_every_day);
        }
    }
    numu_arena_release(&arena);
}

static void tasks_have_the_least_of_their_modes(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    for (uint64_t round = 0; round < 50; round++) {
        struct numu_random random;
        struct numu_project project;
        struct numu_domain domain;
        numu_period *of_mode, *of_task;
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, &kind, &project);
        assert_int_equal(numu_domain_build(&project, &arena, &domain), NUMU_OK);
        assert_int_equal(numu_span_least_of_modes(&project, NULL, &arena, &of_mode), NUMU_OK);
        assert_int_equal(numu_span_least_of_tasks(&domain, of_mode, &arena, &of_task), NUMU_OK);
        for (uint32_t task = 0; task < domain.task_count; task++) {
            uint32_t a = domain.activity[task];
            numu_period least = NUMU_PERIOD_MAX;
            for (uint32_t m = project.first_mode[a]; m < project.first_mode[a + 1]; m++) {
                struct numu_spans spans = {0};
                numu_period own =
                    numu_span(&spans, &project, project.calendar[a], project.duration[m]).least;
                assert_int_equal(of_mode[m], own);
                least = own < least ? own : least;
            }
            assert_int_equal(of_task[task], least);
        }
        for (uint_fast64_t n = 1; n < 3; n++) {
            struct numu_arena small;
            numu_arena_init(&small, &heap);
            heap.fail_at = heap.count + n;
            numu_status status = numu_span_least_of_modes(&project, NULL, &small, &of_mode);
            heap.fail_at = 0;
            assert_int_equal(status, n == 1 ? NUMU_MEMORY : NUMU_OK);
            numu_arena_release(&small);
        }
        numu_arena_release(&arena);
    }
    assert_int_equal(heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_those_of_all_places),
        cmocka_unit_test(points_of_another_calendar_are_counted),
        cmocka_unit_test(a_week_has_a_weekend),
        cmocka_unit_test(tasks_have_the_least_of_their_modes),
    };
    return cmocka_run_group_tests_name("programme span", tests, NULL, NULL);
}
