/*
 * Goal: a conflict that numu_conflict_find tells is one, and each of its parts is needed for it.
 * Method: thousands of small random projects whose deadlines must be kept; all schedules of the
 * project with the parts alone, and with all parts but one, are tried; each n-th allocation made
 * to fail; the findings of a conflict of each kind.
 */
#include "programme/conflict.h"

#include "random_project.h"

enum { SEED = 20260503, ROUNDS = 800, HORIZON = 32 };

static const struct project_kind kinds[] = {
    {5, 1, 2, true, true, false, false, false, true, false, true},
    {5, 1, 2, true, true, true, true, false, true, false, true},
    {4, 2, 2, false, false, false, true, true, false, false, true},
    {4, 2, 2, true, true, true, true, true, true, true, true},
};

static bool has_part(const struct numu_conflict *conflict, uint32_t except, numu_conflict_kind kind,
                     uint32_t activity, uint32_t link, uint32_t resource) {
    for (uint32_t n = 0; n < conflict->count; n++) {
        const struct numu_conflict_part *part = &conflict->part[n];
        if (n != except && part->kind == kind &&
            (kind == NUMU_CONFLICT_LINK ? part->link == link : part->activity == activity) &&
            (kind != NUMU_CONFLICT_NEED || part->resource == resource)) {
            return true;
        }
    }
    return false;
}

/* The project with the parts of a conflict alone, without one of them. */
static struct numu_project keep_parts(struct numu_arena *arena, const struct numu_project *from,
                                      const struct numu_conflict *conflict, uint32_t except) {
    struct numu_project p = *from;
    PROJECT_TAKE(arena, &p.release, p.activity_count);
    PROJECT_TAKE(arena, &p.deadline, p.activity_count);
    PROJECT_TAKE(arena, &p.need_units, p.need_count);
    PROJECT_TAKE(arena, &p.link_before, p.link_count);
    PROJECT_TAKE(arena, &p.link_after, p.link_count);
    PROJECT_TAKE(arena, &p.link_type, p.link_count);
    PROJECT_TAKE(arena, &p.link_lag, p.link_count);
    for (uint32_t a = 0; a < p.activity_count; a++) {
        bool has_release = has_part(conflict, except, NUMU_CONFLICT_RELEASE, a, 0, 0);
        bool has_deadline = has_part(conflict, except, NUMU_CONFLICT_DEADLINE, a, 0, 0);
        p.release[a] = has_release ? from->release[a] : 0;
        p.deadline[a] = has_deadline ? from->deadline[a] : NUMU_NO_PERIOD;
        for (uint32_t n = p.first_need[p.first_mode[a]]; n < p.first_need[p.first_mode[a + 1]];
             n++) {
            bool has_need =
                has_part(conflict, except, NUMU_CONFLICT_NEED, a, 0, p.need_resource[n]);
            p.need_units[n] = has_need ? from->need_units[n] : 0;
        }
    }
    p.link_count = 0;
    for (uint32_t l = 0; l < from->link_count; l++) {
        uint8_t state = from->state[from->link_before[l]];
        bool leaves_start =
            from->link_type[l] == numu_link_SS || from->link_type[l] == numu_link_SF;
        bool is_given =
            state == NUMU_ACTIVITY_FINISHED || (state == NUMU_ACTIVITY_STARTED && leaves_start);
        if (has_part(conflict, except, NUMU_CONFLICT_LINK, 0, l, 0) || is_given) {
            uint32_t to = p.link_count++;
            p.link_before[to] = from->link_before[l];
            p.link_after[to] = from->link_after[l];
            p.link_type[to] = from->link_type[l];
            p.link_lag[to] = from->link_lag[l];
        }
    }
    list_links_of(arena, &p);
    return p;
}

static bool can_be_kept(const struct numu_project *project) {
    struct trial trial = {.stops_at_kept = true};
    try_all(project, HORIZON, &trial);
    return trial.is_found && trial.best_lateness == 0;
}

static void a_conflict_is_one_and_needs_each_part(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    int found = 0, by_needs = 0;
    uint32_t parts = 0;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    struct numu_context context = {.heap = &heap};
    const struct numu_conflict_options options = {.keeps_deadlines = true};
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct numu_project project;
        struct numu_conflict conflict;
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, &kinds[round % (sizeof kinds / sizeof *kinds)], &project);
        assert_int_equal(numu_conflict_find(&context, &project, &options, &arena, &conflict),
                         NUMU_OK);
        if (conflict.count == 0) {
            numu_arena_release(&arena);
            continue;
        }
        found++;
        parts += conflict.count;
        assert_true(conflict.is_irreducible);
        struct numu_project kept = keep_parts(&arena, &project, &conflict, UINT32_MAX);
        if (can_be_kept(&kept)) {
            fail_msg("round %d: no conflict", (int)round);
        }
        for (uint32_t n = 0; n < conflict.count; n++) {
            by_needs += conflict.part[n].kind == NUMU_CONFLICT_NEED;
            kept = keep_parts(&arena, &project, &conflict, n);
            if (!can_be_kept(&kept)) {
                fail_msg("round %d: part %d of %d is not needed", (int)round, (int)n,
                         (int)conflict.count);
            }
        }
        numu_arena_release(&arena);
    }
    print_message("# %d conflicts of %d parts, %d needs\n", found, (int)parts, by_needs);
    assert_true(found > ROUNDS / 20 && by_needs > ROUNDS / 50);
    assert_int_equal(heap.bytes, 0);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    int failed = 0;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    struct numu_context context = {.heap = &heap};
    const struct numu_conflict_options options = {.keeps_deadlines = true};
    for (uint64_t round = 0; round < 40; round++) {
        struct numu_random random;
        struct numu_project project;
        numu_random_init(&random, SEED, round);
        make_project(&arena, &random, &kinds[round % (sizeof kinds / sizeof *kinds)], &project);
        size_t before = heap.bytes;
        bool is_whole = false;
        for (uint_fast64_t n = 1; !is_whole; n += 1 + n / 16) {
            struct numu_arena result;
            struct numu_conflict conflict;
            numu_arena_init(&result, &heap);
            heap.fail_at = heap.count + n;
            numu_status status =
                numu_conflict_find(&context, &project, &options, &result, &conflict);
            is_whole = heap.count < heap.fail_at;
            heap.fail_at = 0;
            failed += status == NUMU_MEMORY;
            assert_true(status == NUMU_OK || (status == NUMU_MEMORY && !is_whole));
            numu_arena_release(&result);
            assert_int_equal(heap.bytes, before);
        }
        numu_arena_release(&arena);
    }
    assert_true(failed > 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conflict_is_one_and_needs_each_part),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme conflict", tests, NULL, NULL);
}
