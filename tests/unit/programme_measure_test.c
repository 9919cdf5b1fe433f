/*
 * Goal: projects are measured in all points and in those of the calendars in which most is done,
 * each once; what a measure counts is what walking counts.
 * Method: random projects with calendars of which some are alike, unused, or used by what is done;
 * each n-th allocation made to fail.
 */
#include "programme/measure.h"

#include "programme/span.h"
#include "random_project.h"

enum { SEED = 20261129, ROUNDS = 300, CALENDARS = 7 };

static const struct project_kind kind = {30,    2,     2,     false, false, true,
                                         false, false, false, true,  false};

/* Seven calendars: every point, four of their own, one like the second and one without tables. */
static void give_calendars(struct numu_arena *arena, struct numu_random *random,
                           struct numu_project *project) {
    struct numu_project_calendar *calendar;
    PROJECT_TAKE(arena, &calendar, CALENDARS);
    for (int c = 1; c < 5; c++) {
        make_calendar(arena, random, &calendar[c]);
    }
    calendar[5] = calendar[1];
    project->calendars = calendar;
    project->calendar_count = CALENDARS;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        project->calendar[a] = (uint32_t)numu_random_below(random, CALENDARS);
    }
}

static uint32_t work_in(const struct numu_project *project, uint32_t calendar) {
    uint32_t count = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        count += project->calendar[a] == calendar && project->state[a] != NUMU_ACTIVITY_FINISHED &&
                 project->duration[project->first_mode[a]] > 0;
    }
    return count;
}

static bool is_alike(const struct numu_project_calendar *a, const struct numu_project_calendar *b) {
    return memcmp(a->rank, b->rank, (CALENDAR_HORIZON + 1) * sizeof *a->rank) == 0;
}

static void check_spans(const struct numu_project *project, const struct numu_measure *measure) {
    struct numu_spans spans = {.counted = measure->calendar};
    for (uint32_t a = 0; a < project->activity_count; a++) {
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            assert_int_equal(
                measure->span[m],
                numu_span(&spans, project, project->calendar[a], project->duration[m]).least);
        }
    }
}

static void check_counts(const struct numu_project_calendar *calendar) {
    numu_period counted = 0, since = 0; /* since when so many are counted */
    for (numu_period t = 0; t < CALENDAR_HORIZON; t++) {
        assert_int_equal(numu_measure_before(calendar, t), counted);
        assert_int_equal(numu_measure_first(calendar, counted), since);
        if (calendar == NULL || is_period_worked(calendar, t)) {
            assert_int_equal(numu_measure_last(calendar, counted), t);
            counted++;
            since = t + 1;
        }
    }
}

static void calendars_with_most_work_measure(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    int all = 0, left_out = 0, alike = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project;
        struct numu_measures measures;
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, &kind, &project);
        give_calendars(&arena, &random, &project);
        assert_int_equal(numu_measures_find(&project, &arena, &measures), NUMU_OK);
        assert_true(measures.count >= 1 && measures.count <= NUMU_MEASURES_MAX);
        assert_null(measures.list[0].calendar);
        uint32_t last = UINT32_MAX;
        for (uint32_t n = 0; n < measures.count; n++) {
            check_spans(&project, &measures.list[n]);
            check_counts(measures.list[n].calendar);
            for (uint32_t k = 1; k < n; k++) {
                assert_false(is_alike(measures.list[n].calendar, measures.list[k].calendar));
            }
            if (n > 0) {
                uint32_t work =
                    work_in(&project, (uint32_t)(measures.list[n].calendar - project.calendars));
                assert_true(work > 0 && work <= last);
                last = work;
            }
        }
        for (uint32_t c = 1; c < CALENDARS - 1; c++) {
            bool is_in = false, is_like_one = false;
            for (uint32_t n = 1; n < measures.count; n++) {
                is_in |= measures.list[n].calendar == &project.calendars[c];
                is_like_one |= is_alike(measures.list[n].calendar, &project.calendars[c]);
            }
            uint32_t work = work_in(&project, c);
            assert_true(is_in || is_like_one || work == 0 ||
                        (measures.count == NUMU_MEASURES_MAX && work <= last));
            alike += !is_in && is_like_one && work > 0;
            left_out += !is_in && !is_like_one && work > 0;
        }
        all += measures.count == NUMU_MEASURES_MAX;
        numu_arena_release(&arena);
    }
    print_message("# %d times as many as can be, %d calendars left out, %d like another\n", all,
                  left_out, alike);
    assert_true(all > ROUNDS / 4 && all < ROUNDS && left_out > ROUNDS / 10 && alike > ROUNDS / 10);
    assert_int_equal(heap.bytes, 0);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_random random;
    struct numu_project project;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_random_init(&random, SEED, 2);
    make_project(&arena, &random, &kind, &project);
    give_calendars(&arena, &random, &project);
    int failed = 0;
    for (uint_fast64_t n = 1; n < 10; n++) {
        struct numu_arena own;
        struct numu_measures measures;
        numu_arena_init(&own, &heap);
        heap.fail_at = heap.count + n;
        failed += numu_measures_find(&project, &own, &measures) == NUMU_MEMORY;
        heap.fail_at = 0;
        numu_arena_release(&own);
    }
    assert_true(failed > 0 && failed < 9);
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendars_with_most_work_measure),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme measure", tests, NULL, NULL);
}
