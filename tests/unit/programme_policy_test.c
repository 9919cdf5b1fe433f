/*
 * Goal: samples under scarce resources follow the policy of simulate.h, and what is critical in
 * them is what [Z2] says.
 * Method: the same projects (links of all types with lags of both signs, calendars, supplies that
 * rise and drop, consumables, work under way) dated a second time by a walk from period to period
 * that asks everybody, in several lanes with durations of their own; chains of links and hand-overs
 * from their definition, by looking at all pairs; own lists and the caller's, and one resource made
 * plentiful. The choice of a list on lists of no sense, on own draws, and on its own list.
 */
#include "programme/policy.h"

#include <stdio.h>

#include "random_project.h"

enum { SEED = 20261128, ROUNDS = 4000, LONGEST = 300, EARLIEST = -60 };

/* One sample, as it should be. */
struct walked {
    const struct numu_project *project;
    const uint32_t *list;
    bool is_scarce[TRIED_RESOURCES_MAX];
    numu_period duration[TRIED_ACTIVITIES_MAX];
    numu_period resume[TRIED_ACTIVITIES_MAX], finish[TRIED_ACTIVITIES_MAX];
    bool is_dated[TRIED_ACTIVITIES_MAX], is_critical[TRIED_ACTIVITIES_MAX];
    numu_period whole;
};

/* --- who is scarce, who needs it --- */

static void find_scarce(struct walked *it, uint32_t without) {
    const struct numu_project *p = it->project;
    for (uint32_t r = 0; r < p->resource_count; r++) {
        int32_t least = INT32_MAX, sum = 0;
        for (uint32_t s = p->first_step[r]; s < p->first_step[r + 1]; s++) {
            least = p->step_units[s] < least ? p->step_units[s] : least;
        }
        for (uint32_t n = 0; n < p->need_count; n++) {
            sum += p->need_resource[n] == r ? p->need_units[n] : 0;
        }
        it->is_scarce[r] = sum > least && r + 1 != without;
    }
}

static int32_t need(const struct walked *it, uint32_t a, uint32_t resource) {
    const struct numu_project *p = it->project;
    int32_t units = 0;
    for (uint32_t n = p->first_need[a]; n < p->first_need[a + 1]; n++) { /* one mode each */
        units += p->need_resource[n] == resource ? p->need_units[n] : 0;
    }
    return p->state[a] == NUMU_ACTIVITY_FINISHED || !it->is_scarce[resource] ? 0 : units;
}

static bool needs_any(const struct walked *it, uint32_t a) {
    bool needs = false;
    for (uint32_t r = 0; r < it->project->resource_count; r++) {
        needs |= need(it, a, r) > 0;
    }
    return needs;
}

/* --- links --- */

static const struct numu_project_calendar *calendar_of(const struct walked *it, uint32_t a) {
    return &it->project->calendars[it->project->calendar[a]];
}

static numu_period start_of(const struct walked *it, uint32_t a) {
    return it->project->state[a] == NUMU_ACTIVITY_PLANNED ? it->resume[a]
                                                          : it->project->actual_start[a];
}

static bool may_begin_at(const struct walked *it, uint32_t a, numu_period t) {
    return it->duration[a] == 0 || is_period_worked(calendar_of(it, a), t);
}

/* The least resume that one link and the calendar allow. */
static numu_period allowed_by(const struct walked *it, uint32_t link) {
    const struct numu_project *p = it->project;
    uint32_t before = p->link_before[link], after = p->link_after[link];
    uint8_t type = p->link_type[link];
    bool is_start = type == numu_link_SS || type == numu_link_SF;
    bool is_finish = type == numu_link_FF || type == numu_link_SF;
    numu_period asked =
        walk(calendar_of(it, before), is_start ? start_of(it, before) : it->finish[before],
             p->link_lag[link]);
    numu_period t = EARLIEST;
    while (!may_begin_at(it, after, t) ||
           (is_finish ? walk(calendar_of(it, after), t, it->duration[after]) : t) < asked) {
        t++;
    }
    return t;
}

static numu_period release_of(const struct walked *it, uint32_t a) {
    const struct numu_project *p = it->project;
    numu_period t = p->release[a] > p->data_date ? p->release[a] : p->data_date;
    for (uint32_t i = p->first_in[a]; i < p->first_in[a + 1]; i++) {
        numu_period allowed = allowed_by(it, p->link_in[i]);
        t = allowed > t ? allowed : t;
    }
    while (!may_begin_at(it, a, t)) {
        t++;
    }
    return t;
}

static bool are_dated_before(const struct walked *it, uint32_t a) {
    const struct numu_project *p = it->project;
    bool are_dated = true;
    for (uint32_t i = p->first_in[a]; i < p->first_in[a + 1]; i++) {
        are_dated &= it->is_dated[p->link_before[p->link_in[i]]];
    }
    return are_dated;
}

/* --- resources --- */

static int32_t supply(const struct numu_project *p, uint32_t resource, numu_period t) {
    int32_t units = 0;
    for (uint32_t s = p->first_step[resource]; s < p->first_step[resource + 1]; s++) {
        units = p->step_time[s] <= t ? p->step_units[s] : units;
    }
    return units;
}

/* What those that are dated leave of a resource at t. */
static int32_t left_at(const struct walked *it, uint32_t resource, numu_period t) {
    int32_t left = supply(it->project, resource, t);
    for (uint32_t a = 0; a < it->project->activity_count; a++) {
        bool holds = it->is_dated[a] && it->resume[a] <= t &&
                     (it->finish[a] > t || it->project->is_consumable[resource]);
        left -= holds ? need(it, a, resource) : 0;
    }
    return left;
}

static bool has_enough(const struct walked *it, uint32_t a, numu_period t) {
    const struct numu_project *p = it->project;
    numu_period until = walk(calendar_of(it, a), t, it->duration[a]);
    for (uint32_t r = 0; r < p->resource_count; r++) {
        bool is_kept = !p->is_consumable[r];
        for (numu_period at = t; need(it, a, r) > 0 && (at == t || (is_kept && at < until)); at++) {
            if (left_at(it, r, at) < need(it, a, r)) {
                return false;
            }
        }
    }
    return true;
}

/* --- walking through time --- */

static void set_dates(struct walked *it, uint32_t a, numu_period resume) {
    it->is_dated[a] = true;
    it->resume[a] = resume;
    it->finish[a] = walk(calendar_of(it, a), resume, it->duration[a]);
}

/* Dates who needs nothing scarce, whenever that is; returns whether there was one. */
static bool date_free(struct walked *it) {
    for (uint32_t a = 0; a < it->project->activity_count; a++) {
        if (!it->is_dated[a] && !needs_any(it, a) && are_dated_before(it, a)) {
            set_dates(it, a, release_of(it, a));
            return true;
        }
    }
    return false;
}

/* Dates the first of the list that can begin at t, work under way first. */
static bool date_first(struct walked *it, numu_period t) {
    const struct numu_project *p = it->project;
    for (uint32_t n = 0; n < 2 * p->activity_count; n++) {
        uint32_t a = it->list[n % p->activity_count];
        bool is_started = p->state[a] == NUMU_ACTIVITY_STARTED;
        bool is_turn = is_started == (n < p->activity_count);
        if (is_turn && !it->is_dated[a] && are_dated_before(it, a) && release_of(it, a) <= t &&
            may_begin_at(it, a, t) && (is_started || has_enough(it, a, t))) {
            set_dates(it, a, t);
            return true;
        }
    }
    return false;
}

/* Returns whether all could be dated. */
static bool walk_through(struct walked *it) {
    const struct numu_project *p = it->project;
    bool is_done = true;
    for (uint32_t a = 0; a < p->activity_count; a++) {
        it->is_dated[a] = p->state[a] == NUMU_ACTIVITY_FINISHED;
        it->resume[a] = it->finish[a] = p->actual_finish[a];
    }
    for (numu_period t = p->data_date; t < LONGEST; t++) {
        while (date_free(it) || date_first(it, t)) {
        }
    }
    it->whole = EARLIEST;
    for (uint32_t a = 0; a < p->activity_count; a++) {
        is_done &= it->is_dated[a];
        it->whole = it->finish[a] > it->whole ? it->finish[a] : it->whole;
    }
    return is_done;
}

/* --- what is critical --- */

static bool share_kept_resource(const struct walked *it, uint32_t a, uint32_t b) {
    bool share = false;
    for (uint32_t r = 0; r < it->project->resource_count; r++) {
        share |= !it->project->is_consumable[r] && need(it, a, r) > 0 && need(it, b, r) > 0;
    }
    return share;
}

/* Whether `a` waited for what `giver` gave back when it began. */
static bool is_handed_over(const struct walked *it, uint32_t giver, uint32_t a) {
    if (giver == a || it->finish[giver] == it->resume[giver] || it->finish[giver] > it->resume[a] ||
        !share_kept_resource(it, a, giver)) {
        return false;
    }
    for (numu_period t = it->finish[giver]; t < it->resume[a]; t++) {
        if (may_begin_at(it, a, t)) {
            return false;
        }
    }
    return true;
}

static bool drives(const struct walked *it, uint32_t link) {
    const struct numu_project *p = it->project;
    uint32_t before = p->link_before[link], after = p->link_after[link];
    uint8_t type = p->link_type[link];
    bool is_start = type == numu_link_SS || type == numu_link_SF;
    bool has_happened = p->state[before] == NUMU_ACTIVITY_FINISHED ||
                        (is_start && p->state[before] == NUMU_ACTIVITY_STARTED);
    return !has_happened && allowed_by(it, link) == it->resume[after];
}

/* What ties `before` to a critical `a`. */
static bool is_tied(const struct walked *it, uint32_t before, uint32_t a) {
    const struct numu_project *p = it->project;
    if (needs_any(it, a) && release_of(it, a) < it->resume[a]) {
        return is_handed_over(it, before, a);
    }
    bool is_tied = false;
    for (uint32_t i = p->first_in[a]; i < p->first_in[a + 1]; i++) {
        is_tied |= p->link_before[p->link_in[i]] == before && drives(it, p->link_in[i]);
    }
    return is_tied;
}

static void find_critical(struct walked *it) {
    const struct numu_project *p = it->project;
    bool has_changed = true;
    for (uint32_t a = 0; a < p->activity_count; a++) {
        it->is_critical[a] = p->state[a] != NUMU_ACTIVITY_FINISHED && it->finish[a] == it->whole;
    }
    while (has_changed) {
        has_changed = false;
        for (uint32_t a = 0; a < p->activity_count; a++) {
            for (uint32_t b = 0; b < p->activity_count; b++) {
                if (it->is_critical[a] && !it->is_critical[b] && is_tied(it, b, a)) {
                    it->is_critical[b] = has_changed = true;
                }
            }
        }
    }
}

/* --- the test --- */

struct tally {
    uint64_t scarce, infeasible, waited, critical;
};

static void shuffle(struct numu_random *random, uint32_t count, uint32_t *list) {
    for (uint32_t a = 0; a < count; a++) {
        uint32_t other = (uint32_t)numu_random_below(random, a + 1);
        list[a] = list[other];
        list[other] = a;
    }
}

/* The same in smaller units, as people are counted in thousandths. */
static void split_units(struct numu_project *p, int32_t times) {
    for (uint32_t s = 0; s < p->step_count; s++) {
        p->step_units[s] *= times;
    }
    for (uint32_t n = 0; n < p->need_count; n++) {
        p->need_units[n] *= times;
    }
}

static void draw_durations(struct numu_random *random, const struct numu_project *p,
                           numu_period *out) {
    for (uint32_t a = 0; a < p->activity_count; a++) {
        for (int lane = 0; lane < NUMU_LANES; lane++) {
            out[a * NUMU_LANES + (uint32_t)lane] =
                p->duration[a] == 0 ? 0 : p->duration[a] + project_between(random, -1, 3);
        }
    }
}

static struct walked walked_of(const struct numu_project *p, const struct numu_simulator *simulator,
                               const numu_period *duration, uint32_t without, uint32_t lane) {
    struct walked it = {.project = p, .list = simulator->list};
    find_scarce(&it, without);
    for (uint32_t a = 0; a < p->activity_count; a++) {
        it.duration[a] = duration[a * NUMU_LANES + lane];
    }
    return it;
}

static void compare_lane(const struct numu_project *p, const struct numu_simulator *simulator,
                         const struct numu_simulator_room *room, const numu_period *duration,
                         uint32_t without, uint32_t lane, struct tally *tally) {
    struct walked it = walked_of(p, simulator, duration, without, lane);
    assert_true(walk_through(&it));
    find_critical(&it);
    assert_int_equal(room->lanes.whole[lane], it.whole);
    for (uint32_t a = 0; a < p->activity_count; a++) {
        assert_int_equal(room->lanes.resume[a][lane], it.resume[a]);
        assert_int_equal(room->lanes.finish[a][lane], it.finish[a]);
        assert_int_equal(room->lanes.start[a][lane],
                         p->state[a] == NUMU_ACTIVITY_PLANNED ? it.resume[a] : p->actual_start[a]);
        assert_int_equal(room->lanes.critical[a][lane] != 0, it.is_critical[a]);
        tally->waited += p->state[a] != NUMU_ACTIVITY_FINISHED && needs_any(&it, a) &&
                         release_of(&it, a) < it.resume[a];
        tally->critical += it.is_critical[a];
    }
}

/* Whether some lane cannot be dated. */
static bool has_dead_end(const struct numu_project *p, const struct numu_simulator *simulator,
                         const numu_period *duration, uint32_t without) {
    for (uint32_t lane = 0; lane < NUMU_LANES; lane++) {
        struct walked it = walked_of(p, simulator, duration, without, lane);
        if (!walk_through(&it)) {
            return true;
        }
    }
    return false;
}

static void try_project(struct numu_arena *arena, struct numu_random *random, uint64_t round,
                        struct tally *tally) {
    const struct project_kind kind = {.activities_max = 12,
                                      .modes_max = 1,
                                      .resources_max = TRIED_RESOURCES_MAX,
                                      .has_link_types = round % 2 == 1,
                                      .has_lags = round % 3 != 0,
                                      .has_calendars = round % 4 >= 2,
                                      .has_steps = round % 5 >= 2,
                                      .has_consumables = round % 7 >= 4,
                                      .has_releases = round % 3 == 0,
                                      .has_progress = round % 6 >= 4};
    struct numu_project p;
    struct numu_simulator simulator;
    struct numu_simulator_room room;
    numu_period duration[TRIED_ACTIVITIES_MAX * NUMU_LANES];
    uint32_t list[TRIED_ACTIVITIES_MAX];
    make_project(arena, random, &kind, &p);
    p.data_date = 8; /* so that nothing that counts lies before point 0, where calendars end */
    split_units(&p, round % 5 == 1 ? 9001 : 1);
    shuffle(random, p.activity_count, list);
    draw_durations(random, &p, duration);
    const struct numu_simulator_options options = {
        .list = round % 2 == 0 ? list : NULL,
        .without_resource = round % 8 == 0 ? 1 + (uint32_t)(round / 8 % p.resource_count) : 0};
    assert_int_equal(numu_simulator_init(&simulator, arena, &p, &options), NUMU_OK);
    if (!simulator.is_scarce) {
        return;
    }
    assert_int_equal(numu_simulator_take(&simulator, arena, &room), NUMU_OK);
    tally->scarce++;
    for (int again = 0; again < 2; again++) { /* nothing is left of the samples before */
        numu_status status = numu_simulate(&simulator, duration, NUMU_LANES, &room);
        if (status != NUMU_OK) {
            assert_int_equal(status, NUMU_INFEASIBLE);
            assert_true(has_dead_end(&p, &simulator, duration, options.without_resource));
            tally->infeasible++;
            return;
        }
        numu_simulate_critical(&simulator, duration, NUMU_LANES, &room);
    }
    for (uint32_t lane = 0; lane < NUMU_LANES; lane += 5) {
        compare_lane(&p, &simulator, &room, duration, options.without_resource, lane, tally);
    }
}

static void test_policy(void **state) {
    struct tally tally = {.scarce = 0};
    (void)state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_heap heap;
        struct numu_arena arena;
        struct numu_random random;
        numu_heap_init(&heap, 0);
        numu_arena_init(&arena, &heap);
        numu_random_init(&random, SEED, round);
        try_project(&arena, &random, round, &tally);
        numu_arena_release(&arena);
    }
    /* it was about something */
    print_message("# %d scarce, %d infeasible; %d waited, %d critical\n", (int)tally.scarce,
                  (int)tally.infeasible, (int)tally.waited, (int)tally.critical);
    assert_true(tally.scarce > ROUNDS / 2 && tally.infeasible < tally.scarce / 2);
    assert_true(tally.waited > ROUNDS && tally.critical > ROUNDS);
}

/* --- which list --- */

enum { LIST_ROUNDS = 120 };

/* Each activity takes from as long as it should to three times that. */
static void make_uncertain(struct numu_arena *arena, struct numu_project *p,
                           struct numu_uncertainty *out) {
    assert_int_equal(numu_uncertainty_take(arena, p->activity_count, 0, 0, out), NUMU_OK);
    for (uint32_t a = 0; a < p->activity_count; a++) {
        assert_int_equal(numu_text_printf(arena, &p->id[a], "a%02u", a), NUMU_OK);
        out->law[a] = numu_law_of(NUMU_LAW_UNIFORM, p->duration[a], p->duration[a],
                                  3.0 * p->duration[a], false);
    }
    out->id = p->id;
    numu_uncertainty_order(out);
}

/* Sum of the finishes of the samples of one draw. */
static int64_t sum_of_finishes(const struct numu_policy_trial *trial, const uint32_t *list,
                               uint64_t number, struct numu_arena *arena) {
    struct numu_simulator_options options = trial->options;
    struct numu_simulator simulator;
    struct numu_simulator_room room;
    struct numu_draw draw;
    int64_t sum = 0;
    options.list = list;
    assert_int_equal(numu_simulator_init(&simulator, arena, trial->project, &options), NUMU_OK);
    assert_int_equal(numu_simulator_take(&simulator, arena, &room), NUMU_OK);
    assert_int_equal(numu_draw_take(trial->sampler, arena, 64, 64, &draw), NUMU_OK);
    numu_draw_fill(trial->sampler, number, &draw);
    for (uint32_t from = 0; from < 64; from += NUMU_LANES) {
        assert_int_equal(numu_simulate(&simulator, draw.duration + from, 64, &room), NUMU_OK);
        for (int lane = 0; lane < NUMU_LANES; lane++) {
            sum += room.lanes.whole[lane];
        }
    }
    return sum;
}

struct choices {
    uint32_t tried, changed;
    int64_t given, chosen; /* sums of finishes on draws that the choice did not see */
};

static void try_choice(struct numu_heap *heap, struct numu_random *random,
                       struct choices *choices) {
    const struct project_kind kind = {
        .activities_max = TRIED_ACTIVITIES_MAX, .modes_max = 1, .resources_max = 2};
    struct numu_context context = {.heap = heap, .seed = SEED, .threads = 1};
    struct numu_arena arena;
    struct numu_project p;
    struct numu_uncertainty uncertainty;
    struct numu_sampler sampler;
    struct numu_simulator own;
    uint32_t given[TRIED_ACTIVITIES_MAX], list[TRIED_ACTIVITIES_MAX], again[TRIED_ACTIVITIES_MAX];
    double share, again_share;
    numu_arena_init(&arena, heap);
    make_project(&arena, random, &kind, &p);
    make_uncertain(&arena, &p, &uncertainty);
    shuffle(random, p.activity_count, given);
    struct numu_policy_trial trial = {
        .project = &p, .sampler = &sampler, .options = {.list = NULL}};
    assert_int_equal(numu_sampler_init(&sampler, &context, &arena, &uncertainty, p.duration),
                     NUMU_OK);
    assert_int_equal(numu_simulator_init(&own, &arena, &p, &trial.options), NUMU_OK);
    if (own.is_scarce) {
        trial.options.list = given;
        assert_int_equal(numu_policy_choose(&context, &trial, &arena, list, &share), NUMU_OK);
        context.threads = 3;
        assert_int_equal(numu_policy_choose(&context, &trial, &arena, again, &again_share),
                         NUMU_OK);
        assert_memory_equal(list, again, p.activity_count * sizeof *list);
        assert_true(share == again_share);
        if (share == 1) {
            assert_memory_equal(list, given, p.activity_count * sizeof *list);
        }
        choices->tried++;
        choices->changed += share < 1;
        choices->given += sum_of_finishes(&trial, given, 7, &arena);
        choices->chosen += sum_of_finishes(&trial, list, 7, &arena);
        /* There is nothing between an order by late starts and itself. */
        trial.options.list = own.list;
        assert_int_equal(numu_policy_choose(&context, &trial, &arena, list, &share), NUMU_OK);
        assert_memory_equal(list, own.list, p.activity_count * sizeof *list);
        assert_true(share == 1);
    }
    numu_arena_release(&arena);
}

static void test_choice_of_list(void **state) {
    struct choices choices = {.tried = 0};
    struct numu_heap heap;
    (void)state;
    numu_heap_init(&heap, 0);
    for (uint64_t round = 0; round < LIST_ROUNDS; round++) {
        struct numu_random random;
        numu_random_init(&random, SEED, 100000 + round);
        try_choice(&heap, &random, &choices);
    }
    assert_int_equal(heap.bytes, 0);
    print_message("# %u of %u lists changed, %.3f of the time\n", choices.changed, choices.tried,
                  (double)choices.chosen / (double)choices.given);
    assert_true(choices.changed > LIST_ROUNDS / 3);
    assert_true((double)choices.chosen < 0.98 * (double)choices.given);
}

/*
 * Two cranes, gone from day 10 on. Work 2 takes one for ten days, works 0 and 1 take one for four
 * and six, and long work follows each. By late starts 0 and 1 come first, and 2 is never done; as
 * it is given 2 comes first, and all is.
 */
static void test_list_that_never_ends(void **state) {
    static const numu_period duration[5] = {4, 6, 10, 50, 50};
    static uint32_t order[5] = {0, 1, 2, 3, 4}, given[5] = {2, 0, 1, 3, 4}, calendar[5] = {0};
    static uint32_t first_mode[6] = {0, 1, 2, 3, 4, 5}, first_need[6] = {0, 1, 2, 3, 3, 3};
    static uint32_t need_resource[3] = {0}, first_step[2] = {0, 2};
    static int32_t need_units[3] = {1, 1, 1}, step_units[2] = {2, 0};
    static numu_period step_time[2] = {0, 10}, lag[2] = {0}, release[5] = {0}, none[5] = {0};
    static uint32_t before[2] = {0, 1}, after[2] = {3, 4};
    static uint8_t type[2] = {numu_link_FS, numu_link_FS}, planned[5] = {NUMU_ACTIVITY_PLANNED};
    static bool is_consumable[1] = {false};
    static struct numu_text id[5];
    static struct numu_project_calendar every_day;
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_uncertainty uncertainty;
    struct numu_sampler sampler;
    uint32_t list[5];
    double share;
    (void)state;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    struct numu_context context = {.heap = &heap, .seed = SEED, .threads = 2};
    struct numu_project p = {.origin = NUMU_NO_DAY,
                             .activity_count = 5,
                             .mode_count = 5,
                             .need_count = 3,
                             .resource_count = 1,
                             .step_count = 2,
                             .link_count = 2,
                             .calendar_count = 1,
                             .id = id,
                             .calendar = calendar,
                             .order = order,
                             .release = release,
                             .state = planned,
                             .actual_start = none,
                             .actual_finish = none,
                             .first_mode = first_mode,
                             .first_need = first_need,
                             .need_resource = need_resource,
                             .need_units = need_units,
                             .is_consumable = is_consumable,
                             .first_step = first_step,
                             .step_time = step_time,
                             .step_units = step_units,
                             .link_before = before,
                             .link_after = after,
                             .link_type = type,
                             .link_lag = lag,
                             .calendars = &every_day};
    assert_int_equal(NUMU_TAKE(&arena, &p.duration, 5), NUMU_OK);
    memcpy(p.duration, duration, sizeof duration);
    list_links_of(&arena, &p);
    assert_int_equal(numu_uncertainty_take(&arena, 5, 0, 0, &uncertainty), NUMU_OK);
    uncertainty.id = id;
    for (uint32_t a = 0; a < 5; a++) {
        assert_int_equal(numu_text_printf(&arena, &id[a], "a%u", a), NUMU_OK);
        uncertainty.law[a] = numu_law_fixed(duration[a]);
    }
    numu_uncertainty_order(&uncertainty);
    assert_int_equal(numu_sampler_init(&sampler, &context, &arena, &uncertainty, duration),
                     NUMU_OK);
    struct numu_policy_trial trial = {
        .project = &p, .sampler = &sampler, .options = {.list = given}};
    assert_int_equal(numu_policy_choose(&context, &trial, &arena, list, &share), NUMU_OK);
    assert_memory_equal(list, given, sizeof list);
    assert_true(share == 1);
    trial.options.list = order;
    assert_int_equal(numu_policy_choose(&context, &trial, &arena, list, &share), NUMU_INFEASIBLE);
    numu_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_policy),
                                       cmocka_unit_test(test_choice_of_list),
                                       cmocka_unit_test(test_list_that_never_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
