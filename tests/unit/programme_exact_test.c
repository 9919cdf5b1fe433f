/*
 * Goal: numu_exact_solve finds the best schedule and proves it, learns nothing that is not so, and
 * gives the same for the same.
 * Method: thousands of small random projects of every kind, all schedules of each tried; every
 * clause that is learned, and all that is explained by work in windows, is held against every
 * schedule; a proof is asked again with the best schedule given; one search takes in what another
 * has learned; few clauses are kept; limits of work; a clock that is made up; each n-th
 * allocation made to fail.
 */
#include "programme/exact_share.h"
#include "programme/exact_solver.h"

#include "random_project.h"

enum {
    SEED = 20260502,
    ROUNDS = 3000,
    HORIZON = 36,
    LEARN_ROUNDS = 4000,
    TOLD_ROUNDS = 2000,
    FAIL_ROUNDS = 40,
    WORK_ROUNDS = 80,
    DIVES = 200,
    KEPT_MAX = 20000,
    STRETCH = 100 /* so that strides are longer than a period */
};

static const struct project_kind kinds[] = {
    {6, 1, 2, false, false, false, false, false, false, false, false},
    {5, 1, 2, true, true, false, false, false, false, false, false},
    {5, 1, 2, true, true, true, false, false, false, false, false},
    {4, 1, 2, true, true, true, true, false, true, false, false},
    {4, 3, 2, false, false, false, false, true, false, false, false},
    {4, 3, 3, true, true, false, true, true, true, false, false},
    {4, 2, 2, true, true, true, true, true, true, true, true},
    {5, 1, 2, true, true, true, true, true, true, true, true},
};

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_context context;
    struct numu_project project;
    struct trial trial;
};

static void open_fixture(struct fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    fixture->context.heap = &fixture->heap;
}

static void close_fixture(struct fixture *fixture) {
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
}

static void make_round(struct fixture *fixture, uint64_t seed, uint64_t round) {
    struct numu_random random;
    numu_random_init(&random, seed, round);
    make_project(&fixture->arena, &random, &kinds[round % (sizeof kinds / sizeof *kinds)],
                 &fixture->project);
}

/* Whether a schedule is one of those that try_all visits, and what it is worth. */
static bool is_schedule(struct fixture *fixture, const struct numu_exact *exact) {
    const struct numu_project *p = &fixture->project;
    struct trial trial = {.project = p};
    int64_t lateness = 0;
    numu_period makespan = p->data_date;
    fill_left(&trial);
    for (uint32_t n = 0; n < p->activity_count; n++) {
        uint32_t a = p->order[n];
        trial.now.start[a] = exact->start[a];
        trial.now.finish[a] = exact->finish[a];
        makespan = exact->finish[a] > makespan ? exact->finish[a] : makespan;
        if (p->state[a] == NUMU_ACTIVITY_FINISHED) {
            continue;
        }
        const struct numu_project_calendar *calendar = &p->calendars[p->calendar[a]];
        uint32_t mode = exact->mode[a];
        if (mode < p->first_mode[a] || mode >= p->first_mode[a + 1] ||
            exact->finish[a] != walk(calendar, exact->start[a], p->duration[mode]) ||
            (p->duration[mode] > 0 && !is_period_worked(calendar, exact->start[a])) ||
            !take_needs(&trial, mode, exact->start[a], exact->finish[a], 1) ||
            !are_links_kept(&trial, a)) {
            return false;
        }
        if (p->deadline[a] != NUMU_NO_PERIOD && exact->finish[a] > p->deadline[a]) {
            lateness += exact->finish[a] - p->deadline[a];
        }
    }
    return lateness == exact->lateness && makespan == exact->makespan;
}

static void the_best_of_all_schedules_is_found_and_proven(void **state) {
    (void)state;
    struct fixture fixture;
    int found = 0, declined = 0, stretched = 0;
    uint64_t conflicts = 0;
    open_fixture(&fixture);
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_exact exact, again;
        struct numu_exact_options options = {0};
        make_round(&fixture, SEED, round);
        try_all(&fixture.project, HORIZON, &fixture.trial);
        assert_int_equal(
            numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &exact),
            NUMU_OK);
        if (!exact.is_supported) {
            declined++;
        } else {
            bool is_right = exact.is_proven && exact.has_schedule == fixture.trial.is_found;
            if (exact.has_schedule) {
                is_right = is_right && is_schedule(&fixture, &exact) &&
                           exact.lateness == fixture.trial.best_lateness &&
                           exact.makespan == fixture.trial.best_makespan &&
                           exact.lower_bound == exact.makespan &&
                           exact.lateness_bound == exact.lateness;
            }
            if (!is_right) {
                fail_msg("round %d: %d %d, finish %d, %lld late; best %d, %lld late", (int)round,
                         exact.is_proven, exact.has_schedule, exact.makespan,
                         (long long)exact.lateness, fixture.trial.best_makespan,
                         (long long)fixture.trial.best_lateness);
            }
        }
        if (exact.has_schedule) {
            found++;
            conflicts += exact.conflicts;
            options.start = exact.start;
            options.mode = exact.mode;
            assert_int_equal(numu_exact_solve(&fixture.context, &fixture.project, &options,
                                              &fixture.arena, &again),
                             NUMU_OK);
            assert_true(again.is_proven);
            assert_int_equal(again.makespan, exact.makespan);
            assert_int_equal(again.lateness, exact.lateness);
        }
        if (exact.is_supported && fixture.project.calendar_count == 1) {
            const struct numu_exact_options below = {.is_second = true};
            stretch_project(STRETCH, &fixture.project);
            assert_int_equal(numu_exact_solve(&fixture.context, &fixture.project, &below,
                                              &fixture.arena, &again),
                             NUMU_OK);
            assert_true(again.is_supported && again.is_proven &&
                        again.has_schedule == exact.has_schedule);
            assert_true(!again.has_schedule || (again.makespan == STRETCH * exact.makespan &&
                                                again.lateness == STRETCH * exact.lateness));
            stretched++;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %d solved, %d declined, %d in shorter periods, too, %llu conflicts\n", found,
                  declined, stretched, (unsigned long long)conflicts);
    assert_true(found > ROUNDS / 2 && declined < ROUNDS / 20 && conflicts > 500);
    assert_true(stretched > ROUNDS / 4);
    close_fixture(&fixture);
}

/* --- every clause against every schedule --- */

struct kept {
    struct tried tried;
    int64_t lateness;
    numu_period makespan;
};

struct judge {
    const struct numu_project *project;
    struct kept *kept;
    uint32_t count;
    numu_period makespan_max; /* later ones are not kept; 0 = no limit */
    uint64_t clauses, checks, told;
    bool is_wrong;
};

static void keep(void *data, const struct tried *tried, int64_t lateness, numu_period makespan) {
    struct judge *judge = data;
    bool is_of_interest = judge->makespan_max == 0 || makespan <= judge->makespan_max;
    if (is_of_interest && judge->count < KEPT_MAX) {
        judge->kept[judge->count++] = (struct kept){*tried, lateness, makespan};
    }
}

/* The value of a variable in a schedule. */
static numu_period value_in(const struct numu_exact_solver *solver, const struct kept *kept,
                            uint32_t variable) {
    const struct numu_domain *domain = solver->domain;
    const struct numu_project *p = domain->project;
    if (variable == solver->makespan) {
        return kept->makespan;
    }
    if (variable == solver->lateness) {
        return (numu_period)kept->lateness;
    }
    for (uint32_t n = 0; n < domain->task_count; n++) {
        uint32_t a = domain->activity[n];
        if (variable == solver->start_variable[n]) {
            return numu_domain_start_from(domain->calendar[n], kept->tried.start[a]);
        }
        if (variable == solver->duration_variable[n]) {
            return p->duration[kept->tried.mode[a]];
        }
        for (uint32_t m = p->first_mode[a]; m < p->first_mode[a + 1]; m++) {
            if (variable == solver->mode_variable[m]) {
                return kept->tried.mode[a] == m;
            }
        }
    }
    for (uint32_t n = 0; n < solver->order_count; n++) {
        if (variable == solver->order[n].variable) {
            return kept->tried.start[domain->activity[solver->order[n].first]] <
                   kept->tried.start[domain->activity[solver->order[n].second]];
        }
    }
    fail();
    return 0;
}

static bool is_kept(const struct numu_exact_solver *solver, const struct kept *kept) {
    for (uint32_t n = 0; n < solver->learned_size; n++) {
        struct numu_exact_fact literal = solver->learned[n];
        numu_period value = value_in(solver, kept, literal.side / 2);
        if (((literal.side & 1) == 0 ? value : -value) >= literal.value) {
            return true;
        }
    }
    return false;
}

static void judge_clause(void *data, const struct numu_exact_solver *solver) {
    struct judge *judge = data;
    judge->clauses++;
    for (uint32_t n = 0; n < judge->count; n++) {
        const struct kept *kept = &judge->kept[n];
        /* What is no better than known is excluded on purpose [X4]. */
        if (kept->makespan > -solver->root[2 * solver->makespan + 1] ||
            (solver->lateness != NUMU_NO_VARIABLE &&
             kept->lateness > -solver->root[2 * solver->lateness + 1])) {
            continue;
        }
        judge->checks++;
        judge->is_wrong |= !is_kept(solver, kept);
    }
}

static void nothing_learned_excludes_a_schedule(void **state) {
    (void)state;
    struct fixture fixture;
    struct judge judge = {0};
    struct numu_arena kept;
    open_fixture(&fixture);
    numu_arena_init(&kept, &fixture.heap);
    PROJECT_TAKE(&kept, &judge.kept, KEPT_MAX);
    for (uint64_t round = 0; round < LEARN_ROUNDS; round++) {
        struct numu_exact exact;
        make_round(&fixture, SEED + 1, round);
        judge.count = 0;
        judge.project = &fixture.project;
        fixture.trial.visit = keep;
        fixture.trial.visit_data = &judge;
        try_all(&fixture.project, 9, &fixture.trial);
        struct numu_exact_options options = {.learn = judge_clause, .learn_data = &judge};
        assert_int_equal(
            numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &exact),
            NUMU_OK);
        if (judge.is_wrong) {
            fail_msg("round %d learned what is not so", (int)round);
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %llu clauses, %llu checks\n", (unsigned long long)judge.clauses,
                  (unsigned long long)judge.checks);
    assert_true(judge.clauses > 300 && judge.checks > 10000);
    numu_arena_release(&kept);
    close_fixture(&fixture);
}

/* --- hard ones --- */

/* A project that takes some search: many like activities on two resources. */
static void make_hard_from(struct fixture *fixture, uint32_t count, uint64_t stream) {
    static const struct project_kind kind = {1,     1,     1,     false, false, false,
                                             false, false, false, false, false};
    struct numu_random random;
    struct numu_project *p = &fixture->project;
    numu_random_init(&random, SEED, stream);
    make_project(&fixture->arena, &random, &kind, p);
    struct numu_arena *arena = &fixture->arena;
    p->activity_count = p->mode_count = count;
    p->need_count = 2 * count;
    p->resource_count = 2;
    p->step_count = 2;
    PROJECT_TAKE(arena, &p->first_mode, count + 1);
    PROJECT_TAKE(arena, &p->release, count);
    PROJECT_TAKE(arena, &p->deadline, count);
    PROJECT_TAKE(arena, &p->state, count);
    PROJECT_TAKE(arena, &p->actual_start, count);
    PROJECT_TAKE(arena, &p->actual_finish, count);
    PROJECT_TAKE(arena, &p->calendar, count);
    PROJECT_TAKE(arena, &p->order, count);
    PROJECT_TAKE(arena, &p->duration, count);
    PROJECT_TAKE(arena, &p->first_need, count + 1);
    PROJECT_TAKE(arena, &p->need_resource, 2 * count);
    PROJECT_TAKE(arena, &p->need_units, 2 * count);
    PROJECT_TAKE(arena, &p->first_step, 3);
    PROJECT_TAKE(arena, &p->step_time, 2);
    PROJECT_TAKE(arena, &p->step_units, 2);
    PROJECT_TAKE(arena, &p->is_consumable, 2);
    for (uint32_t a = 0; a < count; a++) {
        p->first_mode[a] = p->order[a] = a;
        p->deadline[a] = NUMU_NO_PERIOD;
        p->duration[a] = project_between(&random, 1, 9);
        p->first_need[a] = 2 * a;
        for (uint32_t r = 0; r < 2; r++) {
            p->need_resource[2 * a + r] = r;
            p->need_units[2 * a + r] = project_between(&random, 1, 7);
        }
    }
    p->first_mode[count] = count;
    p->first_need[count] = 2 * count;
    p->first_step[1] = 1;
    p->first_step[2] = 2;
    p->step_units[0] = p->step_units[1] = 10;
    p->link_count = 0;
    for (uint32_t a = 0; a + 3 < count; a += 2) {
        p->link_count++;
    }
    PROJECT_TAKE(arena, &p->link_before, count);
    PROJECT_TAKE(arena, &p->link_after, count);
    PROJECT_TAKE(arena, &p->link_type, count);
    PROJECT_TAKE(arena, &p->link_lag, count);
    for (uint32_t l = 0; l < p->link_count; l++) {
        p->link_before[l] = 2 * l;
        p->link_after[l] = 2 * l + 3;
        p->link_type[l] = numu_link_FS;
    }
    list_links_of(arena, p);
}

static void make_hard(struct fixture *fixture, uint32_t count) {
    make_hard_from(fixture, count, 77);
}

/* --- work in windows --- */

static bool is_true_in(const struct numu_exact_solver *solver, const struct kept *kept,
                       struct numu_exact_fact fact) {
    numu_period value = value_in(solver, kept, fact.side / 2);
    return ((fact.side & 1) == 0 ? value : -value) >= fact.value;
}

/* Whether no schedule has all facts of solver->conflict and not this one as well. */
static bool is_sound(const struct judge *judge, const struct numu_exact_solver *solver,
                     const struct numu_exact_fact *implied) {
    for (uint32_t n = 0; n < judge->count; n++) {
        bool has_all = true;
        for (uint32_t k = 0; k < solver->conflict_count && has_all; k++) {
            has_all = is_true_in(solver, &judge->kept[n], solver->conflict[k]);
        }
        if (has_all && (implied == NULL || !is_true_in(solver, &judge->kept[n], *implied))) {
            return false;
        }
    }
    return true;
}

/* Explains all that was moved by work in windows since an entry, as it is and more weakly. */
static void judge_moves(struct judge *judge, struct numu_exact_solver *solver, uint32_t from) {
    for (uint32_t n = from; n < solver->trail_count; n++) {
        const struct numu_exact_entry entry = solver->trail[n];
        for (numu_period value = entry.previous + 1;
             entry.reason.kind == NUMU_REASON_ENERGY && value <= entry.value; value++) {
            struct numu_exact_fact fact = {entry.side, value};
            solver->conflict_count = 0;
            numu_exact_explain(solver, fact, entry.reason, n);
            judge->checks++;
            judge->is_wrong |= !is_sound(judge, solver, &fact);
        }
    }
}

/* Decides at random until a conflict or nothing is left to decide. */
static void judge_dive(struct judge *judge, struct numu_exact_solver *solver,
                       struct numu_random *random) {
    uint32_t open = solver->domain->task_count;
    while (open > 0) {
        uint32_t variable = (uint32_t)numu_random_below(random, solver->domain->task_count);
        open = numu_exact_is_fixed(solver, variable) ? open - 1 : solver->domain->task_count;
        if (numu_exact_is_fixed(solver, variable)) {
            continue;
        }
        numu_period middle =
            numu_exact_least(solver, variable) +
            (numu_exact_greatest(solver, variable) - numu_exact_least(solver, variable)) / 2;
        uint32_t from = solver->trail_count;
        solver->energy.wait = 0;
        numu_exact_decide(solver, numu_random_below(random, 2) == 0
                                      ? numu_exact_at_least(variable, middle + 1)
                                      : numu_exact_at_most(variable, middle));
        if (!numu_exact_propagate(solver)) {
            judge->clauses++;
            judge->is_wrong |= !is_sound(judge, solver, NULL);
            open = 0;
        }
        judge_moves(judge, solver, from);
    }
    numu_exact_backtrack(solver, 0);
}

/* So many activities of five go on in calendars, in turn, the others in every period. */
static void give_calendars(struct fixture *fixture, uint64_t stream, uint32_t of_five,
                           uint32_t calendars) {
    struct numu_project *p = &fixture->project;
    struct numu_project_calendar *calendar;
    struct numu_random random;
    numu_random_init(&random, SEED + 2, stream);
    PROJECT_TAKE(&fixture->arena, &calendar, 3);
    calendar[0] = p->calendars[0];
    make_calendar(&fixture->arena, &random, &calendar[1]);
    make_calendar(&fixture->arena, &random, &calendar[2]);
    p->calendars = calendar;
    p->calendar_count = 3;
    for (uint32_t a = 0; a < p->activity_count; a++) {
        p->calendar[a] = a % 5 < of_five ? 1 + a % calendars : 0;
        p->duration[a] = p->calendar[a] > 0 ? 1 + p->duration[a] / 2 : p->duration[a];
    }
}

/* In all measures but so many of the first. */
static void judge_work(struct fixture *fixture, struct judge *judge, uint32_t skipped,
                       struct numu_random *random) {
    struct numu_domain domain;
    struct numu_exact_solver solver;
    bool is_open;
    assert_int_equal(numu_domain_build(&fixture->project, &fixture->arena, &domain), NUMU_OK);
    struct numu_measures measures;
    assert_int_equal(numu_measures_find(&fixture->project, &fixture->arena, &measures), NUMU_OK);
    measures.count -= measures.count > skipped ? skipped : measures.count;
    memmove(measures.list, measures.list + skipped, measures.count * sizeof *measures.list);
    const struct numu_exact_limits limits = {.makespan_min = domain.makespan_min,
                                             .makespan_max = judge->makespan_max,
                                             .measures = &measures};
    assert_int_equal(
        numu_exact_build(&fixture->context, &domain, &limits, &fixture->arena, &solver, &is_open),
        NUMU_OK);
    assert_true(is_open);
    for (uint32_t n = 0; n < judge->count; n++) {
        for (uint32_t side = 0; side < 2 * solver.variable_count; side++) {
            struct numu_exact_fact fact = {side, solver.root[side]};
            judge->is_wrong |= !is_true_in(&solver, &judge->kept[n], fact);
        }
    }
    for (int dive = 0; dive < DIVES; dive++) {
        judge_dive(judge, &solver, random);
    }
    judge->told += solver.energy.told;
    numu_exact_release(&solver);
}

/* Each explanation, of a conflict or a move, is held against every schedule, not only clauses. */
static void judge_projects(uint32_t of_five, uint32_t calendars, uint32_t skipped) {
    struct fixture fixture;
    struct judge judge = {0};
    struct numu_arena kept;
    struct numu_random random;
    open_fixture(&fixture);
    numu_random_init(&random, SEED, 4);
    numu_arena_init(&kept, &fixture.heap);
    PROJECT_TAKE(&kept, &judge.kept, KEPT_MAX);
    for (uint64_t round = 0; round < WORK_ROUNDS; round++) {
        struct numu_exact best;
        const struct numu_exact_options options = {0};
        make_hard_from(&fixture, 5, round);
        if (of_five > 0) {
            give_calendars(&fixture, round, of_five, calendars);
        }
        assert_int_equal(
            numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &best),
            NUMU_OK);
        assert_true(best.is_proven && best.has_schedule);
        judge.count = 0;
        fixture.trial.visit = keep;
        fixture.trial.visit_data = &judge;
        judge.makespan_max = best.makespan + 1;
        try_all(&fixture.project, judge.makespan_max, &fixture.trial);
        assert_true(judge.count > 0);
        judge_work(&fixture, &judge, skipped, &random);
        if (judge.is_wrong) {
            fail_msg("round %d excluded a schedule", (int)round);
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %llu conflicts, %llu moves, %llu explanations by work\n",
                  (unsigned long long)judge.clauses, (unsigned long long)judge.checks,
                  (unsigned long long)judge.told);
    assert_true(judge.checks > 50);
    numu_arena_release(&kept);
    close_fixture(&fixture);
}

static void what_work_in_windows_excludes_is_no_schedule(void **state) {
    (void)state;
    judge_projects(0, 0, 0);
}

static void nor_where_calendars_differ(void **state) {
    (void)state;
    judge_projects(3, 2, 0);
}

static void nor_what_it_does_as_calendars_count(void **state) {
    (void)state;
    judge_projects(4, 1, 1);
    judge_projects(2, 1, 1);
    judge_projects(1, 1, 1);
}

/* --- what one search tells another --- */

struct told {
    struct numu_exact_channel channel;
    _Atomic(const struct numu_exact_known *) known;
    _Atomic(numu_period) bound;
    struct numu_exact_known best;
    numu_period start[TRIED_ACTIVITIES_MAX];
    uint32_t mode[TRIED_ACTIVITIES_MAX];
    uint32_t count;
};

static bool tell(void *data, const struct numu_exact *so_far) {
    struct told *told = data;
    memcpy(told->start, so_far->start, told->count * sizeof *told->start);
    memcpy(told->mode, so_far->mode, told->count * sizeof *told->mode);
    told->best = (struct numu_exact_known){so_far->makespan, told->start, told->mode};
    atomic_store(&told->known, &told->best);
    return true;
}

/* The first search tells; the second begins when it has ended, and should come to the same. */
static bool is_right_after(struct fixture *fixture, struct told *told, bool knows_schedules) {
    struct numu_exact first, second;
    memset(told, 0, sizeof *told);
    told->count = fixture->project.activity_count;
    const struct numu_exact_options telling = {
        .found = tell, .found_data = told, .told = &told->channel, .bound = &told->bound};
    const struct numu_exact_options hearing = {
        .known = knows_schedules ? &told->known : NULL, .heard = &told->channel, .is_second = true};
    assert_int_equal(
        numu_exact_solve(&fixture->context, &fixture->project, &telling, &fixture->arena, &first),
        NUMU_OK);
    assert_int_equal(
        numu_exact_solve(&fixture->context, &fixture->project, &hearing, &fixture->arena, &second),
        NUMU_OK);
    if (!first.is_supported) {
        return true; /* declined */
    }
    assert_true(first.is_proven);
    assert_true(!first.has_schedule || atomic_load(&told->bound) <= first.makespan);
    return second.is_proven && second.has_schedule == first.has_schedule &&
           (!second.has_schedule ||
            (is_schedule(fixture, &second) && second.makespan == first.makespan &&
             second.lower_bound == second.makespan));
}

static void what_others_have_learned_may_be_used(void **state) {
    (void)state;
    struct fixture fixture;
    struct told told;
    uint64_t words = 0;
    int wrong = 0;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < TOLD_ROUNDS; round++) {
        make_round(&fixture, SEED + 3, round);
        for (uint32_t a = 0; a < fixture.project.activity_count; a++) {
            fixture.project.deadline[a] = NUMU_NO_PERIOD;
        }
        if (!is_right_after(&fixture, &told, true)) {
            fail_msg("round %d: what was heard misled", (int)round);
        }
        words += atomic_load(&told.channel.written);
        assert_true(atomic_load(&told.channel.read) == 0 ||
                    atomic_load(&told.channel.read) == atomic_load(&told.channel.written));
        /* Without the schedules that the clauses presume, some must mislead. */
        wrong += is_right_after(&fixture, &told, false) ? 0 : 1;
        numu_arena_release(&fixture.arena);
    }
    make_hard(&fixture, 24);
    assert_true(is_right_after(&fixture, &told, true));
    assert_true(atomic_load(&told.channel.written) > 1000);
    print_message("# %llu words told; %d of %d misled without schedules\n",
                  (unsigned long long)words, wrong, TOLD_ROUNDS);
    assert_true(words > 800 && wrong > 5);
    close_fixture(&fixture);
}

/* --- limits --- */

static void the_same_limit_gives_the_same_result(void **state) {
    (void)state;
    struct fixture fixture;
    struct numu_exact first, second, third;
    const struct numu_exact_options options = {.conflicts_max = 3000};
    const struct numu_exact_options longer = {.conflicts_max = 6000};
    open_fixture(&fixture);
    make_hard(&fixture, 40);
    assert_int_equal(
        numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &first),
        NUMU_OK);
    assert_int_equal(
        numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &second),
        NUMU_OK);
    assert_int_equal(
        numu_exact_solve(&fixture.context, &fixture.project, &longer, &fixture.arena, &third),
        NUMU_OK);
    assert_true(first.has_schedule && is_schedule(&fixture, &first));
    assert_true(is_schedule(&fixture, &third));
    assert_true(!first.is_proven || first.lower_bound == first.makespan);
    assert_true(first.conflicts <= 3000 + 16 && first.conflicts > 100);
    assert_int_equal(first.conflicts, second.conflicts);
    assert_int_equal(first.propagations, second.propagations);
    assert_memory_equal(first.start, second.start, 40 * sizeof *first.start);
    assert_true(third.makespan <= first.makespan && third.lower_bound >= first.lower_bound);
    close_fixture(&fixture);
}

/* A second goes by whenever somebody looks. */
static double passing_clock(void *data) {
    double *now = data;
    return *now += 1;
}

/*
 * What a question takes for granted while it is asked says nothing of how near the proof is: near
 * is what is still near at the end, since what is open only shrinks.
 */
static void nearness_is_of_what_is_known(void **state) {
    enum { PROJECTS = 30, JOBS_MIN = 14 };
    (void)state;
    struct fixture fixture;
    int near = 0, far = 0;
    open_fixture(&fixture);
    for (uint64_t n = 0; n < PROJECTS; n++) {
        struct numu_exact exact;
        double now = 0;
        atomic_bool is_near = false;
        const struct numu_exact_options options = {.conflicts_max = 4000,
                                                   .time_limit_s = 1e9,
                                                   .is_near = &is_near,
                                                   .near_s = 2,
                                                   .is_second = n % 2 == 1};
        make_hard_from(&fixture, JOBS_MIN + (uint32_t)n, n);
        fixture.context.clock = passing_clock;
        fixture.context.clock_data = &now;
        assert_int_equal(
            numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &exact),
            NUMU_OK);
        if (!exact.has_schedule) {
            continue; /* one that asks from below may not have come to any */
        }
        numu_period most = exact.makespan - 1, open = most - exact.lower_bound;
        bool is_far = !exact.is_proven && open > 1 && open > most / 40;
        near += atomic_load(&is_near);
        far += is_far;
        assert_false(is_far && atomic_load(&is_near));
    }
    print_message("# near %d, far %d of %d\n", near, far, PROJECTS);
    assert_true(near > 0 && far > 0);
    close_fixture(&fixture);
}

/*
 * Where the bound that was given is the least there can be, others are to look for the schedule, as
 * near as the one that is known may be: the best, all of it a period later.
 */
static void a_bound_that_stays_ends_the_search(void **state) {
    enum { PROJECTS = 30, JOBS_MIN = 14, MANY = 200 };
    (void)state;
    struct fixture fixture;
    int asked = 0, ended = 0;
    open_fixture(&fixture);
    fixture.context.clock = passing_clock;
    for (uint64_t n = 0; n < PROJECTS; n++) {
        struct numu_exact best, exact;
        double now = 0;
        atomic_bool is_near = false;
        fixture.context.clock_data = &now;
        make_hard_from(&fixture, JOBS_MIN + (uint32_t)n, n);
        struct numu_exact_options options = {.conflicts_max = 4000};
        assert_int_equal(
            numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &best),
            NUMU_OK);
        if (!best.is_proven || best.conflicts < MANY) {
            continue;
        }
        for (uint32_t a = 0; a < fixture.project.activity_count; a++) {
            best.start[a]++;
        }
        options = (struct numu_exact_options){.start = best.start,
                                              .lower_bound = best.makespan,
                                              .time_limit_s = 1e9,
                                              .is_near = &is_near,
                                              .near_s = 4};
        assert_int_equal(
            numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &exact),
            NUMU_OK);
        assert_true(exact.is_proven && !atomic_load(&is_near));
        options.patience_s = 4;
        assert_int_equal(
            numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &exact),
            NUMU_OK);
        assert_true(!atomic_load(&is_near) && exact.lower_bound == best.makespan);
        assert_true(exact.is_proven || exact.conflicts < MANY);
        ended += !exact.is_proven;
        asked++;
    }
    print_message("# %d of %d ended\n", ended, asked);
    assert_true(ended > 0);
    close_fixture(&fixture);
}

/* What is kept is found by counting; forgetting costs proofs nothing but time. */
static void few_clauses_are_enough(void **state) {
    (void)state;
    struct fixture fixture;
    struct numu_exact many, few;
    const struct numu_exact_options all = {0};
    const struct numu_exact_options some = {.clauses_max = 60};
    open_fixture(&fixture);
    make_hard(&fixture, 24);
    assert_int_equal(
        numu_exact_solve(&fixture.context, &fixture.project, &all, &fixture.arena, &many), NUMU_OK);
    assert_int_equal(
        numu_exact_solve(&fixture.context, &fixture.project, &some, &fixture.arena, &few), NUMU_OK);
    print_message("# %llu conflicts, %llu with few clauses\n", (unsigned long long)many.conflicts,
                  (unsigned long long)few.conflicts);
    assert_true(many.is_proven && few.is_proven);
    assert_true(few.conflicts > 500);
    assert_int_equal(few.makespan, many.makespan);
    assert_true(is_schedule(&fixture, &few));
    close_fixture(&fixture);
}

static void a_wish_to_stop_is_kept(void **state) {
    (void)state;
    struct fixture fixture;
    struct numu_exact exact;
    const struct numu_exact_options options = {0};
    atomic_bool stop = true;
    open_fixture(&fixture);
    make_hard(&fixture, 40);
    fixture.context.stop = &stop;
    assert_int_equal(
        numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &exact),
        NUMU_OK);
    assert_false(exact.is_proven);
    close_fixture(&fixture);
}

static void what_is_too_large_is_declined(void **state) {
    (void)state;
    struct fixture fixture;
    struct numu_exact exact;
    const struct numu_exact_options options = {0};
    open_fixture(&fixture);
    make_hard(&fixture, 10000);
    assert_int_equal(
        numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &exact),
        NUMU_OK);
    assert_false(exact.is_supported);
    close_fixture(&fixture);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    int failed = 0, cut_short = 0;
    for (uint64_t round = 0; round < FAIL_ROUNDS; round++) {
        const struct numu_exact_options options = {.conflicts_max = 2500};
        if (round == 0) {
            make_hard(&fixture, 30);
        } else {
            make_round(&fixture, SEED + 2, round);
        }
        size_t before = fixture.heap.bytes;
        numu_status status = NUMU_MEMORY;
        bool is_whole = false;
        for (uint_fast64_t n = 1; !is_whole; n++) {
            struct numu_arena arena;
            struct numu_exact exact;
            numu_arena_init(&arena, &fixture.heap);
            uint_fast64_t count = fixture.heap.count;
            fixture.heap.fail_at = count + n;
            status = numu_exact_solve(&fixture.context, &fixture.project, &options, &arena, &exact);
            is_whole = fixture.heap.count < fixture.heap.fail_at;
            fixture.heap.fail_at = 0;
            failed += status == NUMU_MEMORY;
            cut_short += status == NUMU_OK && !is_whole;
            assert_true(status == NUMU_OK || (status == NUMU_MEMORY && !is_whole));
            if (status == NUMU_OK && exact.is_supported && exact.has_schedule) {
                assert_true(is_schedule(&fixture, &exact));
            }
            numu_arena_release(&arena);
            assert_int_equal(fixture.heap.bytes, before);
        }
        numu_arena_release(&fixture.arena);
    }
    assert_true(failed > FAIL_ROUNDS && cut_short > FAIL_ROUNDS);
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_of_all_schedules_is_found_and_proven),
        cmocka_unit_test(nothing_learned_excludes_a_schedule),
        cmocka_unit_test(what_work_in_windows_excludes_is_no_schedule),
        cmocka_unit_test(nor_where_calendars_differ),
        cmocka_unit_test(nor_what_it_does_as_calendars_count),
        cmocka_unit_test(the_same_limit_gives_the_same_result),
        cmocka_unit_test(what_others_have_learned_may_be_used),
        cmocka_unit_test(nearness_is_of_what_is_known),
        cmocka_unit_test(a_bound_that_stays_ends_the_search),
        cmocka_unit_test(few_clauses_are_enough),
        cmocka_unit_test(a_wish_to_stop_is_kept),
        cmocka_unit_test(what_is_too_large_is_declined),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme exact", tests, NULL, NULL);
}
