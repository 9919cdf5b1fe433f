/*
 * Goal: the verifier accepts a schedule exactly where it holds. Method: random small projects with
 * all link types, lags of both signs, several modes, renewable and consumable resources whose
 * supply changes, calendars, work under way; schedules made by trying one period after another;
 * then every start moved by every small step, every mode exchanged, each finish, makespan and bound
 * falsified. An oracle that fills a table of periods by resources decides what holds.
 */
#include "programme/verify.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model_builder.h"

enum {
    SEED = 20260612,
    ROUNDS = 1500,
    ACTIVITIES = 6,
    MODES_MAX = 2,
    RESOURCES = 3, /* the last one consumable */
    LINKS_MAX = 8,
    CALENDARS = 2,
    TIME = 160,   /* periods that are looked at */
    EARLIEST = 20 /* the first one that anything may start in */
};

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_model model;
    struct numu_calendars calendars;
    struct numu_project project;
    struct numu_random random;
    bool has_calendars;
    bool keeps_deadlines;
    numu_period start[ACTIVITIES], finish[ACTIVITIES];
    uint32_t mode[ACTIVITIES];
    numu_period makespan;
};

static int draw(struct fixture *fixture, int low, int high) {
    return low + (int)numu_random_below(&fixture->random, (uint64_t)(high - low + 1));
}

/* --- the oracle --- */

static bool works(const struct fixture *fixture, uint32_t activity, int period) {
    if (!fixture->has_calendars) {
        return true;
    }
    return fixture->project.calendar[activity] == 0 ? period % 7 < 5 : period % 7 != 6;
}

/* The point that lies n worked periods from another, by counting W(p) of calendar.h. */
static int advance(const struct fixture *fixture, uint32_t activity, int point, int n) {
    int worked = 0;
    int at = point;
    if (n >= 0) {
        while (worked < n) {
            worked += works(fixture, activity, at++);
        }
        return at;
    }
    while (worked > n) {
        worked -= works(fixture, activity, --at);
    }
    return at;
}

/* Where what is left of an activity begins. */
static int resume_of(const struct fixture *fixture, uint32_t a) {
    const struct numu_project *project = &fixture->project;
    if (project->state[a] != NUMU_ACTIVITY_STARTED) {
        return fixture->start[a];
    }
    int left = project->duration[fixture->mode[a]];
    int at = fixture->finish[a];
    while (left > 0) {
        left -= works(fixture, a, --at);
    }
    return at;
}

static bool activity_holds(const struct fixture *fixture, uint32_t a) {
    const struct numu_project *project = &fixture->project;
    int begin = resume_of(fixture, a);
    int duration = project->duration[fixture->mode[a]];
    int worked = 0;
    if (project->state[a] == NUMU_ACTIVITY_STARTED) {
        if (fixture->start[a] != project->actual_start[a]) {
            return false;
        }
    } else if (begin < project->release[a]) {
        return false;
    }
    if (begin < project->data_date || fixture->finish[a] < begin) {
        return false;
    }
    for (int t = begin; t < fixture->finish[a]; t++) {
        worked += works(fixture, a, t);
    }
    if (duration == 0) {
        return fixture->finish[a] == begin;
    }
    return worked == duration && works(fixture, a, begin) &&
           works(fixture, a, fixture->finish[a] - 1);
}

static bool link_holds(const struct fixture *fixture, uint32_t link) {
    const struct numu_project *project = &fixture->project;
    uint32_t before = project->link_before[link];
    uint32_t after = project->link_after[link];
    int from = fixture->finish[before];
    int to = resume_of(fixture, after);
    uint8_t type = project->link_type[link];
    if (type == numu_link_SS || type == numu_link_SF) {
        from = project->state[before] == NUMU_ACTIVITY_STARTED ? project->actual_start[before]
                                                               : fixture->start[before];
    }
    if (type == numu_link_FF || type == numu_link_SF) {
        to = fixture->finish[after];
    }
    return to >= advance(fixture, before, from, project->link_lag[link]);
}

static int units_at(const struct numu_project *project, uint32_t r, int period) {
    int units = 0;
    for (uint32_t s = project->first_step[r]; s < project->first_step[r + 1]; s++) {
        units = project->step_time[s] <= period ? project->step_units[s] : units;
    }
    return units;
}

static bool resources_hold(const struct fixture *fixture) {
    const struct numu_project *project = &fixture->project;
    for (uint32_t r = 0; r < RESOURCES; r++) {
        int taken = 0;
        for (int t = 0; t < TIME; t++) {
            int used = 0;
            for (uint32_t a = 0; a < ACTIVITIES; a++) {
                uint32_t mode = fixture->mode[a];
                int begin = resume_of(fixture, a);
                for (uint32_t n = project->first_need[mode]; n < project->first_need[mode + 1];
                     n++) {
                    bool is_this = project->need_resource[n] == r;
                    taken += is_this && begin == t ? project->need_units[n] : 0;
                    used += is_this && begin <= t && t < fixture->finish[a] ? project->need_units[n]
                                                                            : 0;
                }
            }
            if ((project->is_consumable[r] ? taken : used) > units_at(project, r, t)) {
                return false;
            }
        }
    }
    return true;
}

static bool holds(const struct fixture *fixture) {
    for (uint32_t a = 0; a < ACTIVITIES; a++) {
        if (!activity_holds(fixture, a)) {
            return false;
        }
    }
    for (uint32_t link = 0; link < fixture->project.link_count; link++) {
        if (!link_holds(fixture, link)) {
            return false;
        }
    }
    return resources_hold(fixture);
}

/* --- projects and schedules --- */

static void draw_modes(struct fixture *fixture, struct numu_project *project) {
    uint32_t modes = 0;
    uint32_t needs = 0;
    for (uint32_t a = 0; a < ACTIVITIES; a++) {
        project->first_mode[a] = modes;
        uint32_t end = modes + (uint32_t)draw(fixture, 1, MODES_MAX);
        for (; modes < end; modes++) {
            project->duration[modes] = draw(fixture, 0, 5);
            project->first_need[modes] = needs;
            for (uint32_t r = 0; r < RESOURCES; r++) {
                int units = draw(fixture, -1, 2);
                if (units > 0) {
                    project->need_resource[needs] = r;
                    project->need_units[needs++] = units;
                }
            }
        }
    }
    project->first_mode[ACTIVITIES] = modes;
    project->first_need[modes] = needs;
    project->mode_count = modes;
    project->need_count = needs;
}

static void draw_links(struct fixture *fixture, struct numu_project *project) {
    project->link_count = (uint32_t)draw(fixture, 0, LINKS_MAX);
    for (uint32_t link = 0; link < project->link_count; link++) {
        int before = draw(fixture, 0, ACTIVITIES - 2);
        project->link_before[link] = (uint32_t)before;
        project->link_after[link] = (uint32_t)draw(fixture, before + 1, ACTIVITIES - 1);
        project->link_type[link] = (uint8_t)draw(fixture, numu_link_FS, numu_link_SF);
        project->link_lag[link] = draw(fixture, 0, 2) == 0 ? draw(fixture, -3, 4) : 0;
    }
}

static void draw_project(struct fixture *fixture) {
    struct numu_project *project = &fixture->project;
    *project = (struct numu_project){.origin = 4, /* 1970-01-05, a Monday */
                                     .data_date = EARLIEST,
                                     .activity_count = ACTIVITIES,
                                     .mode_count = ACTIVITIES * MODES_MAX,
                                     .need_count = ACTIVITIES * MODES_MAX * RESOURCES,
                                     .resource_count = RESOURCES,
                                     .step_count = 2 * RESOURCES,
                                     .link_count = LINKS_MAX,
                                     .calendar_count = CALENDARS};
    assert_int_equal(numu_project_take(&fixture->arena, project), NUMU_OK);
    fixture->has_calendars = draw(fixture, 0, 1) == 1;
    draw_modes(fixture, project);
    draw_links(fixture, project);
    for (uint32_t a = 0; a < ACTIVITIES; a++) {
        project->id[a] = (struct numu_text){&"ABCDEF"[a], 1};
        project->calendar[a] = (uint32_t)draw(fixture, 0, CALENDARS - 1);
        project->release[a] = draw(fixture, 0, 3) == 0 ? EARLIEST + draw(fixture, 0, 6) : 0;
        bool is_single = project->first_mode[a + 1] == project->first_mode[a] + 1;
        if (is_single && draw(fixture, 0, 3) == 0) {
            project->state[a] = NUMU_ACTIVITY_STARTED;
            project->actual_start[a] = EARLIEST - draw(fixture, 1, 9);
        }
    }
    for (uint32_t r = 0; r < RESOURCES; r++) {
        project->is_consumable[r] = r == RESOURCES - 1;
        project->first_step[r] = 2 * r;
        project->step_units[2 * r] = draw(fixture, 2, 4);
        project->step_time[2 * r + 1] = EARLIEST + draw(fixture, 1, 12);
        project->step_units[2 * r + 1] =
            project->is_consumable[r] ? 2 * ACTIVITIES : draw(fixture, 2, 4);
    }
    project->first_step[RESOURCES] = 2 * RESOURCES;
}

/* Puts an activity down at the first point at which all so far holds; false where none is near. */
static bool place_next(struct fixture *fixture, uint32_t count) {
    struct fixture *f = fixture;
    const struct numu_project *project = &f->project;
    struct numu_project whole = *project;
    uint32_t a = count - 1;
    bool is_started = project->state[a] == NUMU_ACTIVITY_STARTED;
    for (int t = EARLIEST; t < EARLIEST + 90; t++) {
        f->start[a] = is_started ? project->actual_start[a] : t;
        f->finish[a] = advance(f, a, t, project->duration[f->mode[a]]);
        bool is_good = resume_of(f, a) == t && activity_holds(f, a) && resources_hold(f);
        for (uint32_t link = 0; is_good && link < whole.link_count; link++) {
            is_good = project->link_after[link] != a || link_holds(f, link);
        }
        if (is_good) {
            return true;
        }
    }
    return false;
}

static bool make_schedule(struct fixture *fixture) {
    const struct numu_project *project = &fixture->project;
    fixture->makespan = 0;
    for (uint32_t a = 0; a < ACTIVITIES; a++) { /* out of the way: their needs do not count yet */
        fixture->start[a] = fixture->finish[a] = TIME;
        fixture->mode[a] = (uint32_t)draw(fixture, (int)project->first_mode[a],
                                          (int)project->first_mode[a + 1] - 1);
    }
    for (uint32_t a = 0; a < ACTIVITIES; a++) {
        if (!place_next(fixture, a + 1)) {
            return false;
        }
        fixture->makespan =
            fixture->finish[a] > fixture->makespan ? fixture->finish[a] : fixture->makespan;
    }
    return true;
}

/* --- the verifier --- */

static numu_status verify_as(struct fixture *fixture, numu_period makespan, numu_period bound,
                             bool is_proven) {
    struct numu_schedule_claim claim = {.start = fixture->start,
                                        .finish = fixture->finish,
                                        .mode = fixture->mode,
                                        .calendars =
                                            fixture->has_calendars ? &fixture->calendars : NULL,
                                        .makespan = makespan,
                                        .lower_bound = bound,
                                        .is_proven = is_proven,
                                        .keeps_deadlines = fixture->keeps_deadlines,
                                        .head = NUMU_NOWHERE};
    numu_report_release(&fixture->report);
    numu_report_init(&fixture->report, &fixture->heap, 0);
    numu_status status =
        numu_verify_schedule(&fixture->project, &claim, &fixture->arena, &fixture->report);
    assert_true(status == NUMU_OK || status == NUMU_INVALID);
    assert_int_equal(status == NUMU_INVALID, numu_report_total(&fixture->report, NUMU_ERROR) > 0);
    return status;
}

static bool accepts(struct fixture *fixture) {
    return verify_as(fixture, NUMU_NO_PERIOD, NUMU_NO_PERIOD, false) == NUMU_OK;
}

/* Every start moved, the running time kept: the verifier says what the oracle says. */
static unsigned move_each(struct fixture *fixture) {
    unsigned broken = 0;
    for (uint32_t a = 0; a < ACTIVITIES; a++) {
        numu_period start = fixture->start[a];
        numu_period finish = fixture->finish[a];
        for (int by = -8; by <= 8; by++) {
            fixture->start[a] = start + by;
            fixture->finish[a] = finish + by;
            bool is_good = holds(fixture);
            broken += !is_good;
            assert_int_equal(accepts(fixture), is_good);
            fixture->start[a] = start;
            is_good = holds(fixture); /* the finish alone */
            broken += !is_good;
            assert_int_equal(accepts(fixture), is_good);
            fixture->finish[a] = finish;
        }
    }
    return broken;
}

static unsigned exchange_modes(struct fixture *fixture) {
    unsigned broken = 0;
    for (uint32_t a = 0; a < ACTIVITIES; a++) {
        uint32_t mode = fixture->mode[a];
        for (uint32_t m = fixture->project.first_mode[a]; m < fixture->project.first_mode[a + 1];
             m++) {
            fixture->mode[a] = m;
            bool is_good = holds(fixture);
            broken += !is_good;
            assert_int_equal(accepts(fixture), is_good);
        }
        fixture->mode[a] = fixture->project.first_mode[a + 1]; /* that of another */
        assert_false(accepts(fixture));
        fixture->mode[a] = mode;
    }
    return broken;
}

static void falsify_whole(struct fixture *fixture) {
    numu_period makespan = fixture->makespan;
    assert_int_equal(verify_as(fixture, makespan, makespan, true), NUMU_OK);
    assert_int_equal(verify_as(fixture, makespan, makespan - 1, false), NUMU_OK);
    assert_int_equal(verify_as(fixture, makespan - 1, NUMU_NO_PERIOD, false), NUMU_INVALID);
    assert_int_equal(verify_as(fixture, makespan + 1, NUMU_NO_PERIOD, false), NUMU_INVALID);
    assert_int_equal(verify_as(fixture, makespan, makespan + 1, false), NUMU_INVALID);
    assert_int_equal(verify_as(fixture, makespan, makespan - 1, true), NUMU_INVALID);
    numu_period start = fixture->start[0];
    fixture->start[0] = NUMU_NO_PERIOD;
    assert_false(accepts(fixture));
    fixture->start[0] = start;
}

/* Deadlines bind to the day, where they must be kept, and all but finished work. */
static void move_deadlines(struct fixture *fixture) {
    for (uint32_t a = 0; a < ACTIVITIES; a++) {
        bool is_finished = fixture->project.state[a] == NUMU_ACTIVITY_FINISHED;
        numu_period finish = fixture->finish[a];
        fixture->keeps_deadlines = true;
        fixture->project.deadline[a] = finish;
        assert_true(accepts(fixture));
        fixture->project.deadline[a] = finish - 1;
        assert_int_equal(accepts(fixture), is_finished);
        fixture->finish[a] = NUMU_NO_PERIOD;
        assert_false(accepts(fixture));
        fixture->finish[a] = finish;
        fixture->keeps_deadlines = false;
        assert_true(accepts(fixture));
        fixture->project.deadline[a] = NUMU_NO_PERIOD;
    }
}

static void open_fixture(struct fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_report_init(&fixture->report, &fixture->heap, 0);
    numu_random_init(&fixture->random, SEED, 0);
    builder_init(&fixture->model, &fixture->heap);
}

static void build_calendars(struct fixture *fixture) {
    struct numu_model *model = &fixture->model;
    builder_take(model, "calendar", CALENDARS);
    builder_set_week(model, 0, (const int[7]){8, 8, 8, 8, 8, 0, 0});
    builder_set_week(model, 1, (const int[7]){8, 8, 8, 8, 8, 8, 0});
    assert_int_equal(numu_calendars_build(model, &fixture->arena, &fixture->calendars), NUMU_OK);
}

static void every_mutation_is_judged(void **state) {
    (void)state;
    struct fixture fixture;
    unsigned schedules = 0;
    unsigned broken = 0;
    open_fixture(&fixture);
    build_calendars(&fixture);
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_arena_mark mark = numu_arena_mark(&fixture.arena);
        draw_project(&fixture);
        if (make_schedule(&fixture)) {
            assert_true(holds(&fixture));
            assert_true(accepts(&fixture));
            broken += move_each(&fixture);
            broken += exchange_modes(&fixture);
            falsify_whole(&fixture);
            move_deadlines(&fixture);
            schedules++;
        }
        numu_arena_rewind(&fixture.arena, mark);
    }
    print_message("# seed %d: %u schedules, %u mutations that break a rule\n", SEED, schedules,
                  broken);
    assert_true(schedules > ROUNDS / 3);
    assert_true(broken > 100 * schedules);
    numu_report_release(&fixture.report);
    numu_arena_release(&fixture.arena);
    builder_release(&fixture.model);
    assert_int_equal(fixture.heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_mutation_is_judged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
