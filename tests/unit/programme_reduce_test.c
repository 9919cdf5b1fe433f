/*
 * Goal: what numu_project_reduce leaves has the same best schedules as the whole, and nothing that
 * it should have left out; links of one type allow what those of all types do.
 * Method: thousands of small random projects of every kind, all schedules of the whole and of what
 * is left tried; a project whose reduction is known by hand; each n-th allocation made to fail.
 */
#include "programme/reduce.h"

#include "random_project.h"

enum { SEED = 20261126, ROUNDS = 2400, HORIZON = 36 };

static const struct project_kind kinds[] = {
    {4, 3, 2, false, false, false, false, true, false, false, false},
    {4, 3, 2, true, true, false, true, true, true, false, true},
    {4, 3, 2, true, true, true, true, true, true, true, true},
    {3, 4, 3, true, false, false, true, true, false, false, true},
};

static void try_whole(const struct numu_project *project, struct trial *out) {
    *out = (struct trial){0};
    try_all(project, HORIZON, out);
}

static void what_is_left_is_as_good(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    uint32_t found = 0, infeasible = 0, done = 0, better = 0, scarce = 0, modes = 0;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project, left;
        struct numu_reduction reduction = {.never_done = 0};
        struct trial whole, part;
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, &kinds[round % (sizeof kinds / sizeof *kinds)], &project);
        try_whole(&project, &whole);
        numu_status status = numu_project_reduce(&project, &arena, &left, &reduction);
        if (status == NUMU_INFEASIBLE) {
            assert_false(whole.is_found);
            infeasible++;
            numu_arena_release(&arena);
            continue;
        }
        assert_int_equal(status, NUMU_OK);
        assert_int_equal(left.mode_count + reduction.never_done + reduction.never_better,
                         project.mode_count);
        for (uint32_t m = 0; m < left.mode_count; m++) {
            assert_int_equal(left.duration[m], project.duration[reduction.mode[m]]);
        }
        try_whole(&left, &part);
        if (whole.is_found != part.is_found ||
            (whole.is_found && (whole.best_lateness != part.best_lateness ||
                                whole.best_makespan != part.best_makespan))) {
            fail_msg("round %d: finish %d, %lld late; of what is left %d, %lld late", (int)round,
                     whole.best_makespan, (long long)whole.best_lateness, part.best_makespan,
                     (long long)part.best_lateness);
        }
        found += whole.is_found;
        done += reduction.never_done;
        better += reduction.never_better;
        scarce += reduction.never_scarce;
        modes += project.mode_count;
        numu_arena_release(&arena);
    }
    print_message("# %u schedules; of %u modes %u never done, %u never better; %u resources never "
                  "scarce; %u without a mode\n",
                  found, modes, done, better, scarce, infeasible);
    assert_true(found > ROUNDS / 2 && done > ROUNDS / 100 && better > ROUNDS / 10 && scarce > 100);
    assert_int_equal(heap.bytes, 0);
}

/* Counts schedules, and adds up a number of each that hardly another has. */
struct census {
    const struct numu_project *project;
    uint64_t count, sum;
};

static void count_schedule(void *data, const struct tried *tried, int64_t lateness,
                           numu_period makespan) {
    struct census *census = data;
    uint64_t number = (uint64_t)lateness * 1000 + (uint64_t)makespan;
    for (uint32_t a = 0; a < census->project->activity_count; a++) {
        number = number * 1000003 + (uint64_t)tried->start[a];
        number = number * 1000003 + tried->mode[a];
    }
    census->count++;
    census->sum += number * number;
}

static struct census all_schedules(const struct numu_project *project) {
    enum { STARTS = 9 };
    struct census census = {.project = project};
    struct trial trial = {.visit = count_schedule, .visit_data = &census};
    try_all(project, STARTS, &trial);
    return census;
}

/* Links of one type allow the same schedules, all of them, and leave none that could be of it. */
static void links_of_one_type_say_the_same(void **state) {
    (void)state;
    static const struct project_kind linked[] = {
        {4, 1, 2, true, true, false, false, false, true, false, true},
        {4, 2, 2, true, true, false, true, false, false, true, false},
        {4, 2, 2, true, true, true, false, true, true, true, false},
    };
    struct numu_heap heap;
    struct numu_arena arena;
    uint32_t left_so = 0, changed = 0;
    uint64_t schedules = 0;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project, unified;
        numu_random_init(&random, SEED + 1, round);
        make_project(&arena, &random, &linked[round % 3], &project);
        assert_int_equal(numu_project_unify_links(&project, &arena, &unified), NUMU_OK);
        struct census whole = all_schedules(&project), same = all_schedules(&unified);
        assert_true(whole.count == same.count && whole.sum == same.sum);
        for (uint32_t l = 0; l < project.link_count; l++) {
            changed += unified.link_type[l] != project.link_type[l];
            left_so += unified.link_type[l] != numu_link_FS;
            assert_true(round % 3 > 0 || unified.link_type[l] == numu_link_FS);
        }
        schedules += whole.count;
        numu_arena_release(&arena);
    }
    print_message("# %u links changed, %u of other types left; %llu schedules\n", changed, left_so,
                  (unsigned long long)schedules);
    assert_true(changed > ROUNDS / 8 && left_so > ROUNDS / 8 && schedules > 100 * ROUNDS);
    assert_int_equal(heap.bytes, 0);
}

/*
 * Two activities, of three and two modes: the crew is 2; of stone there are 5. Mode 0 (3 days, crew
 * 3) is never done; mode 2 (5 days, crew 2, stone 3) is never better than mode 1 (4, 2, 3); of the
 * other activity mode 4 (stone 3) leaves too little once mode 1 takes 3. Then 3 + 2 are all there
 * are: stone is never scarce.
 */
static void a_known_project(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    struct numu_project left, p = {.origin = NUMU_NO_DAY,
                                   .activity_count = 2,
                                   .mode_count = 5,
                                   .need_count = 8,
                                   .resource_count = 2,
                                   .step_count = 2,
                                   .calendar_count = 1};
    struct numu_reduction reduction;
    static const numu_period durations[] = {3, 4, 5, 5, 2};
    static const uint32_t first_needs[] = {0, 1, 3, 5, 6, 8}, first_modes[] = {0, 3, 5};
    static const uint32_t resources[] = {0, 0, 1, 0, 1, 1, 0, 1};
    static const int32_t units[] = {3, 2, 3, 2, 3, 2, 1, 3};
    assert_int_equal(numu_project_take(&arena, &p), NUMU_OK);
    memcpy(p.duration, durations, sizeof durations);
    memcpy(p.first_need, first_needs, sizeof first_needs);
    memcpy(p.first_mode, first_modes, sizeof first_modes);
    memcpy(p.need_resource, resources, sizeof resources);
    memcpy(p.need_units, units, sizeof units);
    p.is_consumable[1] = true;
    p.first_step[1] = 1;
    p.first_step[2] = 2;
    p.step_units[0] = 2;
    p.step_units[1] = 5;
    list_links_of(&arena, &p);
    assert_int_equal(numu_project_reduce(&p, &arena, &left, &reduction), NUMU_OK);
    assert_int_equal(reduction.never_done, 2);
    assert_int_equal(reduction.never_better, 1);
    assert_int_equal(reduction.never_scarce, 1);
    assert_int_equal(left.mode_count, 2);
    assert_int_equal(reduction.mode[0], 1);
    assert_int_equal(reduction.mode[1], 3);
    assert_int_equal(left.need_count, 1); /* the crew's */
    numu_arena_release(&arena);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_random random;
    struct numu_project project, left;
    struct numu_reduction reduction;
    int failed = 0;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_random_init(&random, SEED, 2);
    make_project(&arena, &random, &kinds[2], &project);
    for (uint_fast64_t n = 1; n < 40; n++) {
        struct numu_arena result;
        size_t before = heap.bytes;
        numu_arena_init(&result, &heap);
        heap.fail_at = heap.count + n;
        numu_status status = numu_project_reduce(&project, &result, &left, &reduction);
        if (status == NUMU_OK) {
            status = numu_project_unify_links(&left, &result, &left);
        }
        failed += status == NUMU_MEMORY;
        heap.fail_at = 0;
        numu_arena_release(&result);
        assert_int_equal(heap.bytes, before);
    }
    assert_true(failed > 0 && failed < 39);
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_is_as_good),
        cmocka_unit_test(links_of_one_type_say_the_same),
        cmocka_unit_test(a_known_project),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme reduce", tests, NULL, NULL);
}
