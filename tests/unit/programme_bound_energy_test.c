/*
 * Goal: work in windows is told exactly where every period is worked, and never too much of it in
 * calendars, where rests are held, too, in whatever measure time is counted; what would not fit
 * into 64 bits is left alone.
 * Method: random projects whose tasks may stand anywhere in random stretches; in each measure the
 * least work of each in each window over all modes and all places in turn, what is offered summed
 * by period, of the periods that count.
 */
#include "programme/bound_energy.h"

#include "random_project.h"

enum { SEED = 20261127, ROUNDS = 3000, USES_MAX = 16 };

static const struct project_kind kinds[] = {
    {6, 1, 2, false, false, false, false, false, false, false, false},
    {6, 1, 2, true, true, false, true, false, false, false, false},
    {6, 3, 2, true, true, false, true, false, false, false, false},
    {6, 3, 2, true, true, true, true, false, true, true, false},
};

/* A question, the answer walked. */
struct walk {
    struct numu_domain domain;
    struct numu_measures measures;
    const struct numu_measure *measure;
    numu_period earliest[TRIED_ACTIVITIES_MAX], latest[TRIED_ACTIVITIES_MAX];
    struct numu_bound_use use[USES_MAX];
    size_t use_count;
};

static void make_walk(struct numu_arena *arena, struct numu_random *random,
                      const struct numu_project *project, struct walk *walk) {
    assert_int_equal(numu_domain_build(project, arena, &walk->domain), NUMU_OK);
    assert_int_equal(numu_measures_find(project, arena, &walk->measures), NUMU_OK);
    walk->measure = &walk->measures.list[0];
    walk->use_count = 0;
    for (uint32_t task = 0; task < walk->domain.task_count; task++) {
        uint32_t activity = walk->domain.activity[task];
        struct numu_bound_use use = {task, INT32_MAX, INT64_MAX};
        walk->earliest[task] = walk->domain.position_min[task] + project_between(random, 0, 2);
        walk->latest[task] = walk->earliest[task] + project_between(random, 0, 3);
        for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1];
             m++) {
            int32_t need = numu_project_need(project, m, 0);
            int64_t energy = (int64_t)need * walk->measure->span[m];
            use.need = need < use.need ? need : use.need;
            use.energy = energy < use.energy ? energy : use.energy;
        }
        if (use.need > 0) {
            walk->use[walk->use_count++] = use;
        }
    }
}

static void list_windows(struct numu_arena *arena, const struct walk *walk,
                         struct numu_bound_energy *energy) {
    assert_int_equal(numu_bound_energy_take(&walk->domain, walk->earliest, walk->latest,
                                            walk->use_count, arena, energy),
                     NUMU_OK);
    numu_bound_energy_list(energy, walk->measure, 0, walk->use, walk->use_count);
}

/* Whether a point lies in a window, as the measure counts, and counts. */
static bool is_counted(const struct walk *walk, numu_period point, numu_period from,
                       numu_period until) {
    const struct numu_project_calendar *calendar = walk->measure->calendar;
    numu_period before = point;
    for (numu_period t = 0; calendar != NULL && t < point; t++) {
        before -= is_period_worked(calendar, t) ? 0 : 1;
    }
    return before >= from && before < until &&
           (calendar == NULL || is_period_worked(calendar, point));
}

/* What a mode holds its resources in of a window, from a position on. */
static numu_period run_within(const struct walk *walk, uint32_t task, uint32_t mode,
                              numu_period position, numu_period from, numu_period until) {
    const struct numu_project_calendar *calendar = walk->domain.calendar[task];
    numu_period duration = walk->domain.project->duration[mode];
    numu_period start = numu_domain_start(calendar, position);
    numu_period finish = numu_domain_finish(calendar, position + duration);
    numu_period points = 0;
    for (numu_period t = start; t < finish; t++) {
        points += is_counted(walk, t, from, until);
    }
    return points;
}

static int64_t least_work(const struct walk *walk, uint32_t task, numu_period from,
                          numu_period until) {
    const struct numu_project *project = walk->domain.project;
    uint32_t activity = walk->domain.activity[task];
    int64_t least = INT64_MAX;
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        for (numu_period k = walk->earliest[task]; k <= walk->latest[task]; k++) {
            int64_t work = (int64_t)numu_project_need(project, m, 0) *
                           run_within(walk, task, m, k, from, until);
            least = work < least ? work : least;
        }
    }
    return least;
}

static int64_t offered_within(const struct walk *walk, numu_period from, numu_period until) {
    const struct numu_project *project = walk->domain.project;
    int64_t sum = 0;
    for (numu_period t = from, left = until - from; left > 0; t++) {
        int32_t units = 0;
        if (!is_counted(walk, t, from, until)) {
            continue;
        }
        left--;
        for (uint32_t s = project->first_step[0]; s < project->first_step[1]; s++) {
            units = project->step_time[s] <= t ? project->step_units[s] : units;
        }
        sum += units;
    }
    return sum;
}

static bool exceeds(const struct walk *walk, const struct numu_bound_energy *energy, size_t n) {
    for (size_t k = 0; k < energy->until_count; k++) {
        int64_t work = 0;
        for (size_t i = 0; i < walk->use_count; i++) {
            work += least_work(walk, walk->use[i].task, energy->from[n], energy->until[k]);
        }
        if (work > offered_within(walk, energy->from[n], energy->until[k])) {
            return true;
        }
    }
    return false;
}

static void work_in_windows_is_that_of_all_places(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    int asked = 0, told = 0, missed = 0, in_calendars = 0;
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project;
        struct walk walk;
        struct numu_bound_energy energy;
        const struct project_kind *kind = &kinds[round % (sizeof kinds / sizeof *kinds)];
        uint64_t work = 0;
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, kind, &project);
        if (!project.is_consumable[0]) {
            make_walk(&arena, &random, &project, &walk);
            for (uint32_t k = 0; k < walk.measures.count; k++) {
                walk.measure = &walk.measures.list[k];
                list_windows(&arena, &walk, &energy);
                for (size_t n = 0; n < energy.from_count; n++) {
                    bool is_told = numu_bound_energy_exceeds(&energy, n, &work);
                    bool is_so = exceeds(&walk, &energy, n);
                    assert_true(is_so || !is_told);
                    assert_true(is_told || !is_so || kind->has_calendars);
                    asked++;
                    told += is_told;
                    missed += is_so && !is_told;
                    in_calendars += is_told && k > 0;
                }
            }
            assert_true(work > 0 || energy.from_count == 0);
        }
        numu_arena_release(&arena);
    }
    print_message("# %d beginnings, from %d too much work, %d more in calendars\n", asked, told,
                  missed);
    print_message("# %d of them as a calendar counts\n", in_calendars);
    assert_true(told > asked / 20 && told < asked / 2 && missed <= told / 10);
    assert_true(in_calendars > 10);
    assert_int_equal(heap.bytes, 0);
}

static void long_work_takes_no_more_steps(void **state) {
    (void)state;
    enum { LONGER = 100000, STEPS = 20000 };
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    int chosen = 0;
    for (uint64_t round = 0; round < 100; round++) {
        struct numu_random random;
        struct numu_project project;
        struct walk walk;
        struct numu_bound_energy energy;
        uint64_t work = 0;
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, &kinds[2], &project);
        for (uint32_t m = 0; m < project.mode_count; m++) {
            project.duration[m] *= LONGER;
        }
        make_walk(&arena, &random, &project, &walk);
        list_windows(&arena, &walk, &energy);
        for (size_t n = 0; n < energy.from_count; n++) {
            numu_bound_energy_exceeds(&energy, n, &work);
        }
        assert_true(work < STEPS);
        chosen += project.mode_count > project.activity_count && work > 0;
        numu_arena_release(&arena);
    }
    assert_true(chosen > 50);
}

static void sums_that_might_not_fit_are_left_alone(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_random random;
    struct numu_project project;
    struct walk walk;
    struct numu_bound_energy energy;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_random_init(&random, SEED, 1);
    make_project(&arena, &random, &kinds[0], &project);
    for (uint32_t n = 0; n < project.need_count; n++) {
        project.need_units[n] = INT32_MAX;
    }
    make_walk(&arena, &random, &project, &walk);
    assert_true(walk.use_count > 1);
    walk.latest[walk.use[0].task] = NUMU_PERIOD_MAX; /* a window of 2^28 points, needs of 2^32 */
    list_windows(&arena, &walk, &energy);
    assert_int_equal(energy.from_count, 0);
    walk.latest[walk.use[0].task] = walk.earliest[walk.use[0].task];
    numu_bound_energy_list(&energy, walk.measure, 0, walk.use, walk.use_count);
    assert_true(energy.from_count > 0);
    numu_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_in_windows_is_that_of_all_places),
        cmocka_unit_test(long_work_takes_no_more_steps),
        cmocka_unit_test(sums_that_might_not_fit_are_left_alone),
    };
    return cmocka_run_group_tests_name("programme bound energy", tests, NULL, NULL);
}
