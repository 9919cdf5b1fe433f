/*
 * Goal: [P1] to [P4] of cpm.h hold, floats, drivers and promises mean what is said there, and
 * schedules of rcpsp.h are those of cpm.h where nothing is scarce.
 * Method: thousands of small random networks (all link types, lags of both signs, calendars,
 * not-before dates, deadlines, progress) against an oracle that knows days only: it walks
 * calendars day by day, raises early dates one day at a time until no link is broken, lowers late
 * dates in the same way, and tries each delay; published and hand-made schedules; rows in other
 * orders; each n-th allocation made to fail.
 */
#include "programme/cpm.h"
#include "programme/rcpsp.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"

enum {
    SEED = 20260404,
    ROUNDS = 4000,
    ACTIVITIES_MAX = 8,
    LINKS_MAX = 16,
    CALENDARS = 3,
    HOLIDAYS = 8,
    BEFORE = 400, /* days walked before the data date and after it */
    AFTER = 400,
};

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_model model;
    struct numu_calendars calendars;
    struct numu_report report;
    struct numu_context context;
    struct numu_schedule schedule;
};

static void open_fixture(struct fixture *fixture, numu_day start) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_report_init(&fixture->report, &fixture->heap, 0);
    builder_init(&fixture->model, &fixture->heap);
    fixture->context.heap = &fixture->heap;
    fixture->model.package.start[0] = start;
}

static void close_fixture(struct fixture *fixture) {
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    builder_release(&fixture->model);
    assert_int_equal(fixture->heap.bytes, 0);
}

static numu_status try_schedule(struct fixture *fixture) {
    return numu_cpm_schedule(&fixture->context, &fixture->model, &fixture->calendars,
                             &fixture->arena, &fixture->report, &fixture->schedule);
}

static void schedule(struct fixture *fixture) {
    assert_int_equal(numu_calendars_build(&fixture->model, &fixture->arena, &fixture->calendars),
                     NUMU_OK);
    assert_int_equal(try_schedule(fixture), NUMU_OK);
}

static void set_link(struct numu_model *model, numu_row row, numu_row before, numu_row after,
                     numu_link type, int64_t lag_days) {
    model->precedence.before[row] = before;
    model->precedence.after[row] = after;
    model->precedence.type[row] = (uint8_t)type;
    model->precedence.lag[row] = lag_days * NUMU_DECIMAL_ONE;
}

static void set_days(struct numu_model *model, const int *days) {
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        model->activity.likely[row] = days[row] * NUMU_DECIMAL_ONE;
    }
}

/* --- random programmes --- */

static bool is_one_in(struct numu_random *random, uint64_t n) {
    return numu_random_below(random, n) == 0;
}

/* Low to high, both included. */
static int between(struct numu_random *random, int low, int high) {
    return low + (int)numu_random_below(random, (uint64_t)(high - low + 1));
}

/* Whole days mostly, sometimes with a half or a trifle more. */
static numu_decimal random_days(struct numu_random *random, int low, int high) {
    static const numu_decimal parts[] = {0, 0, 0, NUMU_DECIMAL_ONE / 2, 1};
    return between(random, low, high) * NUMU_DECIMAL_ONE + parts[numu_random_below(random, 5)];
}

static void set_random_calendars(struct numu_model *model, numu_day now,
                                 struct numu_random *random) {
    static const int weeks[][7] = {
        {8, 8, 8, 8, 8, 0, 0}, {8, 8, 8, 8, 8, 8, 8}, {0, 9, 0, 9, 0, 0, 9}, {6, 6, 6, 6, 6, 6, 0}};
    builder_take(model, "calendar", CALENDARS);
    for (numu_row row = 0; row < CALENDARS; row++) {
        builder_set_week(model, row, weeks[numu_random_below(random, 4)]);
    }
    builder_take(model, "holiday", HOLIDAYS);
    for (numu_row row = 0; row < HOLIDAYS; row++) {
        model->holiday.calendar[row] = (numu_row)numu_random_below(random, CALENDARS);
        model->holiday.date[row] = now + between(random, -10, 40);
    }
    model->package.calendar[0] = is_one_in(random, 2) ? NUMU_NONE : 0;
}

static void set_random_progress(struct numu_model *model, numu_row row, numu_day now,
                                struct numu_random *random) {
    if (is_one_in(random, 2)) {
        model->activity.started[row] = now + between(random, -15, 2);
    }
    if (is_one_in(random, 2)) {
        model->activity.finished[row] = now + between(random, -12, 1);
    }
    if (is_one_in(random, 2)) {
        model->activity.remaining[row] = random_days(random, 0, 4);
    }
}

static void set_random_programme(struct numu_model *model, numu_day now,
                                 struct numu_random *random) {
    numu_row count = (numu_row)between(random, 1, ACTIVITIES_MAX);
    numu_row rank[ACTIVITIES_MAX]; /* links lead from lower to higher: rows are in no such order */
    bool has_progress = is_one_in(random, 2);
    set_random_calendars(model, now, random);
    if (!is_one_in(random, 3)) {
        model->package.data_date[0] = now;
        model->package.start[0] = now + between(random, -20, 20);
    }
    builder_take(model, "activity", count);
    for (numu_row row = 0; row < count; row++) {
        rank[row] = row;
    }
    for (numu_row row = 0; row < count; row++) {
        numu_row other = (numu_row)numu_random_below(random, count);
        numu_row kept = rank[row];
        rank[row] = rank[other];
        rank[other] = kept;
        model->activity.likely[row] = is_one_in(random, 4) ? 0 : random_days(random, 0, 6);
        model->activity.calendar[row] =
            is_one_in(random, 4) ? NUMU_NONE : (numu_row)numu_random_below(random, CALENDARS);
        if (is_one_in(random, 5)) {
            model->activity.not_before[row] = now + between(random, -5, 20);
        }
        if (is_one_in(random, 5)) {
            model->activity.deadline[row] = now + between(random, -5, 25);
        }
        if (has_progress && is_one_in(random, 3)) {
            set_random_progress(model, row, now, random);
        }
    }
    numu_row links = count == 1 ? 0 : (numu_row)between(random, 0, LINKS_MAX);
    builder_take(model, "precedence", links);
    for (numu_row row = 0; row < links; row++) {
        numu_row from = (numu_row)between(random, 0, (int)count - 2);
        numu_row to = (numu_row)between(random, (int)from + 1, (int)count - 1);
        int type = between(random, numu_link_FS, numu_link_SF);
        set_link(model, row, rank[from], rank[to], (numu_link)type, 0);
        model->precedence.lag[row] = is_one_in(random, 2) ? 0 : random_days(random, -5, 5);
        model->precedence.lag[row] *= is_one_in(random, 3) ? -1 : 1;
    }
}

/* --- the oracle: points count from `first` --- */

struct oracle {
    const struct numu_model *model;
    numu_row count;
    int now;
    bool is_worked[CALENDARS + 1][BEFORE + AFTER];
    numu_row calendar[ACTIVITIES_MAX];
    bool is_started[ACTIVITIES_MAX];
    bool is_finished[ACTIVITIES_MAX];
    int start[ACTIVITIES_MAX];  /* of what has started */
    int finish[ACTIVITIES_MAX]; /* of what has finished */
    int days[ACTIVITIES_MAX];   /* left */
    int earliest[ACTIVITIES_MAX];
};

static int round_away(numu_decimal days) {
    int whole = 0;
    while (days >= (whole + 1) * NUMU_DECIMAL_ONE) {
        whole++;
    }
    while (days <= (whole - 1) * NUMU_DECIMAL_ONE) {
        whole--;
    }
    numu_decimal rest = days - whole * NUMU_DECIMAL_ONE;
    return rest == 0 ? whole : whole + (rest > 0 ? 1 : -1);
}

static int walk(const struct oracle *oracle, numu_row calendar, int point, int days) {
    while (days > 0) { /* over days until the last one wanted is behind */
        days -= oracle->is_worked[calendar][point++];
    }
    while (days < 0) { /* back until before the last one wanted */
        days += oracle->is_worked[calendar][--point];
    }
    return point;
}

static void walk_calendars(struct oracle *oracle, numu_day first) {
    const struct numu_model *model = oracle->model;
    const numu_decimal *const weekdays[7] = {
        model->calendar.monday,   model->calendar.tuesday, model->calendar.wednesday,
        model->calendar.thursday, model->calendar.friday,  model->calendar.saturday,
        model->calendar.sunday,
    };
    for (int i = 0; i < BEFORE + AFTER; i++) {
        for (numu_row row = 0; row < CALENDARS; row++) {
            oracle->is_worked[row][i] = weekdays[numu_day_weekday(first + i)][row] > 0;
        }
        oracle->is_worked[CALENDARS][i] = true;
    }
    for (numu_row row = 0; row < model->holiday.head.count; row++) {
        oracle->is_worked[model->holiday.calendar[row]][model->holiday.date[row] - first] = false;
    }
}

static void know_finished(struct oracle *oracle, numu_row row, numu_day finished, numu_day first) {
    const struct numu_table_activity *activity = &oracle->model->activity;
    int days = round_away(activity->likely[row]);
    oracle->is_finished[row] = true;
    oracle->finish[row] = finished - first + 1;
    if (activity->started[row] != NUMU_NO_DAY && activity->started[row] <= finished) {
        oracle->start[row] = activity->started[row] - first;
    } else if (activity->started[row] != NUMU_NO_DAY || days == 0) {
        oracle->start[row] = finished - first;
    } else {
        oracle->start[row] = walk(oracle, oracle->calendar[row], oracle->finish[row], -days);
    }
}

static void know_started(struct oracle *oracle, numu_row row, numu_day first) {
    const struct numu_table_activity *activity = &oracle->model->activity;
    oracle->is_started[row] = true;
    oracle->start[row] = activity->started[row] - first;
    oracle->earliest[row] = oracle->start[row] > oracle->now ? oracle->start[row] : oracle->now;
    if (activity->remaining[row] != NUMU_NO_NUMBER) {
        oracle->days[row] = round_away(activity->remaining[row]);
        return;
    }
    for (int day = oracle->start[row]; day < oracle->now; day++) {
        oracle->days[row] -= oracle->is_worked[oracle->calendar[row]][day];
    }
    oracle->days[row] = oracle->days[row] < 1 ? 1 : oracle->days[row];
}

static void know(struct oracle *oracle, const struct numu_model *model, numu_day first) {
    const struct numu_table_activity *activity = &model->activity;
    bool has_data_date = model->package.data_date[0] != NUMU_NO_DAY;
    numu_day now = has_data_date ? model->package.data_date[0] : model->package.start[0];
    memset(oracle, 0, sizeof *oracle);
    oracle->model = model;
    oracle->count = activity->head.count;
    oracle->now = now - first;
    walk_calendars(oracle, first);
    for (numu_row row = 0; row < oracle->count; row++) {
        numu_row standard = model->package.calendar[0] == NUMU_NONE ? CALENDARS : 0;
        bool is_milestone = activity->likely[row] == 0;
        bool has_rest = activity->remaining[row] != NUMU_NO_NUMBER && activity->remaining[row] > 0;
        oracle->calendar[row] =
            activity->calendar[row] == NUMU_NONE ? standard : activity->calendar[row];
        oracle->days[row] = round_away(activity->likely[row]);
        oracle->earliest[row] = oracle->now;
        if (activity->finished[row] != NUMU_NO_DAY) {
            know_finished(oracle, row, activity->finished[row], first);
        } else if (activity->started[row] != NUMU_NO_DAY && is_milestone && !has_rest) {
            know_finished(oracle, row, activity->started[row], first);
        } else if (activity->started[row] != NUMU_NO_DAY) {
            know_started(oracle, row, first);
        } else if (activity->not_before[row] != NUMU_NO_DAY &&
                   activity->not_before[row] - first > oracle->now) {
            oracle->earliest[row] = activity->not_before[row] - first;
        }
    }
}

static int finish_of(const struct oracle *oracle, numu_row row, int resume) {
    return oracle->is_finished[row]
               ? oracle->finish[row]
               : walk(oracle, oracle->calendar[row], resume, oracle->days[row]);
}

static int leaves(const struct oracle *oracle, numu_row link, int resume) {
    numu_row row = oracle->model->precedence.before[link];
    uint8_t type = oracle->model->precedence.type[link];
    int point;
    if (type == numu_link_FS || type == numu_link_FF) {
        point = finish_of(oracle, row, resume);
    } else {
        bool is_fixed = oracle->is_started[row] || oracle->is_finished[row];
        point = is_fixed ? oracle->start[row] : resume;
    }
    return walk(oracle, oracle->calendar[row], point,
                round_away(oracle->model->precedence.lag[link]));
}

static int enters(const struct oracle *oracle, numu_row link, int resume) {
    uint8_t type = oracle->model->precedence.type[link];
    return type == numu_link_FS || type == numu_link_SS
               ? resume
               : finish_of(oracle, oracle->model->precedence.after[link], resume);
}

static bool holds(const struct oracle *oracle, numu_row link, int before, int after) {
    return oracle->is_finished[oracle->model->precedence.after[link]] ||
           enters(oracle, link, after) >= leaves(oracle, link, before);
}

static bool may_begin(const struct oracle *oracle, numu_row row, int resume) {
    return oracle->days[row] == 0 || oracle->is_worked[oracle->calendar[row]][resume];
}

/* Raises early dates from `resume` on until nothing is broken; `least` holds for one row. */
static void raise(const struct oracle *oracle, numu_row pushed, int least, int *resume) {
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (numu_row row = 0; row < oracle->count; row++) {
            bool is_broken = !oracle->is_finished[row] && (!may_begin(oracle, row, resume[row]) ||
                                                           resume[row] < oracle->earliest[row] ||
                                                           (row == pushed && resume[row] < least));
            for (numu_row link = 0; link < oracle->model->precedence.head.count; link++) {
                numu_row before = oracle->model->precedence.before[link];
                is_broken = is_broken || (oracle->model->precedence.after[link] == row &&
                                          !holds(oracle, link, resume[before], resume[row]));
            }
            resume[row] += is_broken;
            has_changed = has_changed || is_broken;
        }
    }
}

static void lower(const struct oracle *oracle, int finish, numu_day first, int *resume) {
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (numu_row row = 0; row < oracle->count; row++) {
            if (oracle->is_finished[row]) {
                continue;
            }
            numu_day deadline = oracle->model->activity.deadline[row];
            int end = finish_of(oracle, row, resume[row]);
            bool is_broken = !may_begin(oracle, row, resume[row]) || end > finish ||
                             (deadline != NUMU_NO_DAY && end > deadline - first + 1);
            for (numu_row link = 0; link < oracle->model->precedence.head.count; link++) {
                uint8_t type = oracle->model->precedence.type[link];
                bool is_fixed =
                    oracle->is_started[row] && (type == numu_link_SS || type == numu_link_SF);
                numu_row after = oracle->model->precedence.after[link];
                is_broken =
                    is_broken || (oracle->model->precedence.before[link] == row && !is_fixed &&
                                  !holds(oracle, link, resume[row], resume[after]));
            }
            resume[row] -= is_broken;
            has_changed = has_changed || is_broken;
        }
    }
}

static int greatest_finish(const struct oracle *oracle, const int *resume) {
    int finish = INT32_MIN;
    for (numu_row row = 0; row < oracle->count; row++) {
        int end = finish_of(oracle, row, resume[row]);
        finish = end > finish ? end : finish;
    }
    return finish;
}

/* Delays day by day until one moves a successor or the finish of the whole. */
static int try_delays(const struct oracle *oracle, numu_row delayed, const int *early) {
    for (int delay = 1;; delay++) {
        int resume[ACTIVITIES_MAX];
        memcpy(resume, early, sizeof resume);
        raise(oracle, delayed, walk(oracle, oracle->calendar[delayed], early[delayed], delay),
              resume);
        bool moves = greatest_finish(oracle, resume) > greatest_finish(oracle, early);
        for (numu_row link = 0; link < oracle->model->precedence.head.count; link++) {
            numu_row after = oracle->model->precedence.after[link];
            moves = moves || (oracle->model->precedence.before[link] == delayed &&
                              resume[after] != early[after]);
        }
        if (moves) {
            return delay - 1;
        }
    }
}

/* Moves by whole working days, either way, as far as the late date allows. */
static int measure_float(const struct oracle *oracle, numu_row row, int early, int late) {
    int days = 0;
    while (walk(oracle, oracle->calendar[row], early, days) > late) {
        days--;
    }
    while (walk(oracle, oracle->calendar[row], early, days + 1) <= late) {
        days++;
    }
    return days;
}

/* The least resume of the activity after at which a link holds. */
static int least_resume(const struct oracle *oracle, numu_row link, const int *early) {
    numu_row after = oracle->model->precedence.after[link];
    int resume = oracle->now - BEFORE / 2;
    while (!may_begin(oracle, after, resume) ||
           !holds(oracle, link, early[oracle->model->precedence.before[link]], resume)) {
        resume++;
    }
    return resume;
}

static bool drives(const struct oracle *oracle, numu_row link, const int *early) {
    numu_row after = oracle->model->precedence.after[link];
    return !oracle->is_finished[after] && least_resume(oracle, link, early) == early[after];
}

static void find_longest_path(const struct oracle *oracle, const int *early, bool *is_on_path) {
    const struct numu_table_precedence *precedence = &oracle->model->precedence;
    for (numu_row row = 0; row < oracle->count; row++) {
        is_on_path[row] = !oracle->is_finished[row] &&
                          finish_of(oracle, row, early[row]) == greatest_finish(oracle, early);
    }
    for (numu_row pass = 0; pass < oracle->count; pass++) {
        for (numu_row link = 0; link < precedence->head.count; link++) {
            numu_row before = precedence->before[link];
            bool leaves_start =
                precedence->type[link] == numu_link_SS || precedence->type[link] == numu_link_SF;
            bool has_happened =
                oracle->is_finished[before] || (leaves_start && oracle->is_started[before]);
            if (is_on_path[precedence->after[link]] && !has_happened &&
                drives(oracle, link, early)) {
                is_on_path[before] = true;
            }
        }
    }
}

/* --- comparison --- */

static void check_row(const struct oracle *oracle, const struct numu_schedule *found, numu_row row,
                      const int *early, const int *late, numu_day first) {
    bool is_fixed = oracle->is_started[row] || oracle->is_finished[row];
    assert_int_equal(found->early_start[row] - first, is_fixed ? oracle->start[row] : early[row]);
    assert_int_equal(found->early_finish[row] - first, finish_of(oracle, row, early[row]));
    assert_int_equal(found->late_start[row] - first, is_fixed ? oracle->start[row] : late[row]);
    assert_int_equal(found->late_finish[row] - first, finish_of(oracle, row, late[row]));
    if (oracle->is_finished[row]) {
        assert_int_equal(found->total_float[row], NUMU_NO_NUMBER);
        assert_int_equal(found->free_float[row], NUMU_NO_NUMBER);
        assert_int_equal(found->driver[row], NUMU_NONE);
        return;
    }
    assert_int_equal(found->total_float[row], measure_float(oracle, row, early[row], late[row]));
    assert_int_equal(found->free_float[row], try_delays(oracle, row, early));
    numu_row driver = NUMU_NONE;
    for (numu_row link = oracle->model->precedence.head.count; link-- > 0;) {
        if (oracle->model->precedence.after[link] == row && drives(oracle, link, early)) {
            driver = link;
        }
    }
    assert_int_equal(found->driver[row], driver);
}

static void check_against_oracle(const struct numu_model *model, const struct numu_schedule *found,
                                 numu_day first) {
    static struct oracle oracle;
    int early[ACTIVITIES_MAX] = {0};
    int late[ACTIVITIES_MAX] = {0};
    bool is_on_path[ACTIVITIES_MAX];
    know(&oracle, model, first);
    for (numu_row row = 0; row < oracle.count; row++) {
        early[row] = oracle.earliest[row];
    }
    raise(&oracle, NUMU_NONE, 0, early);
    int finish = greatest_finish(&oracle, early);
    for (numu_row row = 0; row < oracle.count; row++) {
        late[row] = finish + 10;
    }
    lower(&oracle, finish, first, late);
    assert_int_equal(found->count, oracle.count);
    assert_int_equal(found->finish - first, finish);
    assert_int_equal(found->early_finish[found->last], found->finish);
    find_longest_path(&oracle, early, is_on_path);
    for (numu_row row = 0; row < oracle.count; row++) {
        check_row(&oracle, found, row, early, late, first);
        assert_int_equal(found->is_on_longest_path[row], is_on_path[row]);
    }
}

/* Where nothing is scarce, the schedulers' project of the same model is scheduled the same. */
static void check_project(struct fixture *fixture) {
    const struct numu_rcpsp_options options = {.schedules = 1};
    struct numu_project project;
    struct numu_rcpsp_result result;
    assert_int_equal(numu_project_build(&fixture->context, &fixture->model, &fixture->calendars,
                                        &fixture->arena, &fixture->report, &project),
                     NUMU_OK);
    assert_int_equal(numu_rcpsp_solve(&fixture->context, &project, &options, &fixture->arena,
                                      &fixture->report, &result),
                     NUMU_OK);
    for (numu_row row = 0; row < result.count; row++) {
        assert_int_equal(project.origin + result.start[row], fixture->schedule.early_start[row]);
        assert_int_equal(project.origin + result.finish[row], fixture->schedule.early_finish[row]);
    }
}

static void agrees_with_oracle(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < ROUNDS; round++) {
        struct fixture fixture;
        numu_day now = between(&random, -20000, 30000);
        open_fixture(&fixture, now);
        set_random_programme(&fixture.model, now, &random);
        schedule(&fixture);
        check_against_oracle(&fixture.model, &fixture.schedule, now - BEFORE);
        check_project(&fixture);
        close_fixture(&fixture);
    }
}

/* --- properties --- */

/* Fills *to with the rows of *from in another order: row r of *from is row place[r] of *to. */
static void shuffle(const struct numu_model *from, struct numu_random *random,
                    struct numu_model *to, numu_row *place) {
    static const char *const tables[] = {"calendar", "holiday"};
    numu_row count = from->activity.head.count;
    numu_row links = from->precedence.head.count;
    for (size_t i = 0; i < 2; i++) { /* as they are */
        const struct numu_table_descriptor *table = numu_schema_find(numu_text_of(tables[i]));
        memcpy((char *)to + table->offset, (const char *)from + table->offset,
               i == 0 ? sizeof from->calendar : sizeof from->holiday);
    }
    to->package = from->package;
    builder_take(to, "activity", count);
    builder_take(to, "precedence", links);
    for (numu_row row = 0; row < count; row++) {
        numu_row other = (numu_row)numu_random_below(random, (uint64_t)row + 1);
        place[row] = place[other];
        place[other] = row;
    }
    for (numu_row row = 0; row < count; row++) {
        numu_row at = place[row];
        to->activity.likely[at] = from->activity.likely[row];
        to->activity.calendar[at] = from->activity.calendar[row];
        to->activity.not_before[at] = from->activity.not_before[row];
        to->activity.deadline[at] = from->activity.deadline[row];
        to->activity.started[at] = from->activity.started[row];
        to->activity.finished[at] = from->activity.finished[row];
        to->activity.remaining[at] = from->activity.remaining[row];
    }
    for (numu_row row = 0; row < links; row++) {
        numu_row at = links - 1 - row;
        to->precedence.before[at] = place[from->precedence.before[row]];
        to->precedence.after[at] = place[from->precedence.after[row]];
        to->precedence.type[at] = from->precedence.type[row];
        to->precedence.lag[at] = from->precedence.lag[row];
    }
}

static void order_of_rows_does_not_matter(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 1);
    for (int round = 0; round < 1000; round++) {
        struct fixture one;
        struct fixture other;
        numu_row place[ACTIVITIES_MAX] = {0};
        open_fixture(&one, 20000);
        open_fixture(&other, 20000);
        set_random_programme(&one.model, 20000, &random);
        shuffle(&one.model, &random, &other.model, place);
        schedule(&one);
        schedule(&other);
        const struct numu_schedule *a = &one.schedule;
        const struct numu_schedule *b = &other.schedule;
        assert_int_equal(a->finish, b->finish);
        for (numu_row row = 0; row < a->count; row++) {
            numu_row at = place[row];
            assert_int_equal(a->early_start[row], b->early_start[at]);
            assert_int_equal(a->early_finish[row], b->early_finish[at]);
            assert_int_equal(a->late_start[row], b->late_start[at]);
            assert_int_equal(a->late_finish[row], b->late_finish[at]);
            assert_int_equal(a->total_float[row], b->total_float[at]);
            assert_int_equal(a->free_float[row], b->free_float[at]);
            assert_int_equal(a->is_on_longest_path[row], b->is_on_longest_path[at]);
            assert_int_equal(a->driver[row] == NUMU_NONE, b->driver[at] == NUMU_NONE);
        }
        close_fixture(&other);
        close_fixture(&one);
    }
}

/* Where every day is worked and no date interferes, the longest path is what has no float. */
static void longest_path_is_what_has_no_float(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 2);
    for (int round = 0; round < 2000; round++) {
        struct fixture fixture;
        open_fixture(&fixture, 20000);
        set_random_programme(&fixture.model, 20000, &random);
        fixture.model.package.calendar[0] = NUMU_NONE;
        for (numu_row row = 0; row < fixture.model.activity.head.count; row++) {
            fixture.model.activity.calendar[row] = NUMU_NONE;
            fixture.model.activity.not_before[row] = NUMU_NO_DAY;
            fixture.model.activity.deadline[row] = NUMU_NO_DAY;
            fixture.model.activity.started[row] = NUMU_NO_DAY;
            fixture.model.activity.finished[row] = NUMU_NO_DAY;
        }
        schedule(&fixture);
        for (numu_row row = 0; row < fixture.schedule.count; row++) {
            assert_int_equal(fixture.schedule.is_on_longest_path[row],
                             fixture.schedule.total_float[row] == 0);
            assert_true(fixture.schedule.free_float[row] <= fixture.schedule.total_float[row]);
            assert_true(fixture.schedule.free_float[row] >= 0);
        }
        close_fixture(&fixture);
    }
}

/* --- published schedules: every day worked, from day 0 on --- */

struct published {
    numu_row count;
    const int *days;
    numu_row link_count;
    const char *links; /* pairs of letters */
    const int *early_start, *total_float;
    const int *free_float; /* NULL = not published */
    int finish;
};

static void check_published(const struct published *published) {
    struct fixture fixture;
    open_fixture(&fixture, 0);
    builder_take(&fixture.model, "activity", published->count);
    builder_take_links(&fixture.model, published->link_count);
    set_days(&fixture.model, published->days);
    for (numu_row row = 0; row < published->link_count; row++) {
        numu_row before = (numu_row)(published->links[2 * row] - 'A');
        numu_row after = (numu_row)(published->links[2 * row + 1] - 'A');
        set_link(&fixture.model, row, before, after, numu_link_FS, 0);
    }
    schedule(&fixture);
    const struct numu_schedule *found = &fixture.schedule;
    assert_int_equal(found->finish, published->finish);
    for (numu_row row = 0; row < published->count; row++) {
        int start = published->early_start[row];
        int slack = published->total_float[row];
        assert_int_equal(found->early_start[row], start);
        assert_int_equal(found->early_finish[row], start + published->days[row]);
        assert_int_equal(found->late_start[row], start + slack);
        assert_int_equal(found->late_finish[row], start + slack + published->days[row]);
        assert_int_equal(found->total_float[row], slack);
        assert_int_equal(found->is_on_longest_path[row], slack == 0);
        if (published->free_float != NULL) {
            assert_int_equal(found->free_float[row], published->free_float[row]);
        }
    }
    assert_int_equal(found->early_finish[found->last], published->finish);
    close_fixture(&fixture);
}

/*
 * F. S. Hillier, G. J. Lieberman, "Introduction to Operations Research", the Reliable Construction
 * Co. (weeks): 44 weeks along A-B-C-E-F-J-L-N.
 */
static void agrees_with_hillier_and_lieberman(void **state) {
    (void)state;
    check_published(&(struct published){
        .count = 14,
        .days = (const int[]){2, 4, 10, 6, 4, 5, 7, 9, 7, 8, 4, 5, 2, 6},
        .link_count = 16,
        .links = "ABBCCDCECIDGEFEHFJGHIJJKJLHMKNLN",
        .early_start = (const int[]){0, 2, 6, 16, 16, 20, 22, 29, 16, 25, 33, 33, 38, 38},
        .total_float = (const int[]){0, 0, 0, 4, 0, 0, 4, 4, 2, 0, 1, 0, 4, 0},
        .finish = 44,
    });
}

/*
 * Wikipedia, "Program evaluation and review technique": expected times 4, 5.33, 5.17, 6.33, 5.17,
 * 4.5, 5.17, here in hundredths; 19.51 along A-C-E-G, slack B 3.84, D and F 4.68.
 */
static void agrees_with_wikipedia(void **state) {
    (void)state;
    check_published(&(struct published){
        .count = 7,
        .days = (const int[]){400, 533, 517, 633, 517, 450, 517},
        .link_count = 6,
        .links = "ACADBECEDFEG",
        .early_start = (const int[]){0, 0, 400, 400, 917, 1033, 1434},
        .total_float = (const int[]){0, 384, 0, 468, 0, 468, 0},
        .free_float = (const int[]){0, 384, 0, 0, 0, 468, 0},
        .finish = 1951,
    });
}

/* --- made by hand --- */

/*
 * Work from Monday 2025-09-01, five days a week; the crew of B rests on Monday the 8th as well.
 *
 *   A  5 days                Mon 1 - Fri 5
 *   B  3 days  SS + 2 to A   may begin on Wed 3; 3 4 5; FF + 2 to A: ends on Tue 9 at the earliest,
 *                            and the 8th is free: Thu 4, Fri 5, Tue 9
 *   M  0 days  FS to A       on Friday night, the point Sat 6
 *   C  1 day   FS to M, every day worked: Sat 6
 *   D  2 days  FS - 1 to A   begins with A's last day: Fri 5, Mon 8; deadline Fri 5
 */
static void several_calendars_by_hand(void **state) {
    (void)state;
    struct fixture fixture;
    enum { A, B, M, C, D };
    open_fixture(&fixture, builder_day("2025-09-01"));
    struct numu_model *model = &fixture.model;
    builder_take(model, "calendar", 3);
    builder_set_week(model, 0, (const int[7]){8, 8, 8, 8, 8, 0, 0});
    builder_set_week(model, 1, (const int[7]){8, 8, 8, 8, 8, 0, 0});
    builder_set_week(model, 2, (const int[7]){8, 8, 8, 8, 8, 8, 8});
    builder_take(model, "holiday", 1);
    model->holiday.calendar[0] = 1;
    model->holiday.date[0] = builder_day("2025-09-08");
    model->package.calendar[0] = 0;
    builder_take(model, "activity", 5);
    set_days(model, (const int[]){5, 3, 0, 1, 2});
    model->activity.calendar[B] = 1;
    model->activity.calendar[C] = 2;
    model->activity.deadline[D] = builder_day("2025-09-05");
    builder_take_links(model, 5);
    set_link(model, 0, A, B, numu_link_SS, 2);
    set_link(model, 1, A, B, numu_link_FF, 2);
    set_link(model, 2, A, M, numu_link_FS, 0);
    set_link(model, 3, M, C, numu_link_FS, 0);
    set_link(model, 4, A, D, numu_link_FS, -1);
    schedule(&fixture);
    const struct numu_schedule *found = &fixture.schedule;
    static const char *const starts[] = {"2025-09-01", "2025-09-04", "2025-09-06", "2025-09-06",
                                         "2025-09-05"};
    static const char *const ends[] = {"2025-09-05", "2025-09-09", "2025-09-05", "2025-09-06",
                                       "2025-09-08"};
    static const int64_t total[] = {-1, 0, 1, 3, -1};
    static const int64_t free_days[] = {0, 0, 0, 3, 1};
    static const numu_row drivers[] = {NUMU_NONE, 1, 2, 3, 4};
    static const uint8_t is_on_path[] = {1, 1, 0, 0, 0};
    for (numu_row row = A; row <= D; row++) {
        assert_int_equal(found->early_start[row], builder_day(starts[row]));
        numu_day first, last;
        numu_schedule_days(found, row, found->early_start[row], found->early_finish[row], &first,
                           &last);
        assert_int_equal(last, builder_day(ends[row]));
        assert_int_equal(found->total_float[row], total[row]);
        assert_int_equal(found->free_float[row], free_days[row]);
        assert_int_equal(found->driver[row], drivers[row]);
        assert_int_equal(found->is_on_longest_path[row], is_on_path[row]);
    }
    assert_int_equal(found->finish, builder_day("2025-09-10"));
    assert_int_equal(found->last, B);
    close_fixture(&fixture);
}

/*
 * Out of sequence, data date Monday 2025-09-15: B (5 days, 2 left) was begun before A (4 days, not
 * begun) was done. By retained logic what is left of B waits for A: A Mon 15 - Thu 18, B Fri 19 and
 * Mon 22. C (10 days), begun Monday the 8th, has used up five of them: Mon 15 - Fri 19.
 */
static void retained_logic_by_hand(void **state) {
    (void)state;
    struct fixture fixture;
    enum { A, B, C };
    open_fixture(&fixture, builder_day("2025-09-01"));
    struct numu_model *model = &fixture.model;
    builder_take(model, "calendar", 1);
    builder_set_week(model, 0, (const int[7]){8, 8, 8, 8, 8, 0, 0});
    model->package.calendar[0] = 0;
    model->package.data_date[0] = builder_day("2025-09-15");
    builder_take(model, "activity", 3);
    set_days(model, (const int[]){4, 5, 10});
    model->activity.started[B] = builder_day("2025-09-03");
    model->activity.remaining[B] = 2 * NUMU_DECIMAL_ONE;
    model->activity.started[C] = builder_day("2025-09-08");
    builder_take_links(model, 1);
    set_link(model, 0, A, B, numu_link_FS, 0);
    schedule(&fixture);
    const struct numu_schedule *found = &fixture.schedule;
    assert_int_equal(found->early_finish[A], builder_day("2025-09-19"));
    assert_int_equal(found->early_start[B], builder_day("2025-09-03"));
    assert_int_equal(found->late_start[B], builder_day("2025-09-03"));
    assert_int_equal(found->early_finish[B], builder_day("2025-09-23"));
    assert_int_equal(found->early_finish[C], builder_day("2025-09-20"));
    assert_int_equal(found->total_float[C], 1);
    assert_int_equal(found->total_float[A], 0);
    assert_int_equal(found->is_on_longest_path[A], 1);
    close_fixture(&fixture);
}

/* Friday 2025-12-19 promised for work, for the milestone after it, and for work a weekend later. */
static void promises_by_hand(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, builder_day("2025-12-15"));
    struct numu_model *model = &fixture.model;
    builder_take(model, "calendar", 1);
    builder_set_week(model, 0, (const int[7]){8, 8, 8, 8, 8, 0, 0});
    model->package.calendar[0] = 0;
    builder_take(model, "activity", 3);
    set_days(model, (const int[]){5, 0, 1});
    builder_take_links(model, 2);
    set_link(model, 0, 0, 1, numu_link_FS, 0);
    set_link(model, 1, 1, 2, numu_link_FS, 0);
    builder_take(model, "promise", 3);
    for (numu_row row = 0; row < 3; row++) {
        model->promise.activity[row] = row;
        model->promise.date[row] = builder_day("2025-12-19");
    }
    schedule(&fixture);
    static const int64_t late[] = {0, 0, 3};
    assert_int_equal(fixture.schedule.promise_count, 3);
    for (numu_row row = 0; row < 3; row++) {
        assert_int_equal(fixture.schedule.promise_days_late[row], late[row]);
        assert_int_equal(fixture.schedule.promise_finish[row], fixture.schedule.early_finish[row]);
    }
    close_fixture(&fixture);
}

static void parent_is_an_activity_like_any_other(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, 0);
    builder_take(&fixture.model, "activity", 2);
    set_days(&fixture.model, (const int[]){2, 9});
    fixture.model.activity.parent[1] = 0;
    schedule(&fixture);
    assert_int_equal(fixture.schedule.early_finish[0], 2);
    assert_int_equal(fixture.schedule.early_finish[1], 9);
    close_fixture(&fixture);
}

static void nothing_to_do_is_done_at_once(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, 100);
    fixture.model.package.data_date[0] = 120;
    schedule(&fixture);
    assert_int_equal(fixture.schedule.count, 0);
    assert_int_equal(fixture.schedule.finish, 120);
    assert_int_equal(fixture.schedule.last, NUMU_NONE);
    close_fixture(&fixture);
}

/* --- failures --- */

static void cycle_is_a_finding(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, 0);
    builder_take(&fixture.model, "activity", 2);
    set_days(&fixture.model, (const int[]){1, 1});
    fixture.model.activity.id[0] = numu_text_of("a");
    fixture.model.activity.id[1] = numu_text_of("b");
    builder_take_links(&fixture.model, 2);
    set_link(&fixture.model, 0, 0, 1, numu_link_FS, 0);
    set_link(&fixture.model, 1, 1, 0, numu_link_SS, -9);
    assert_int_equal(numu_calendars_build(&fixture.model, &fixture.arena, &fixture.calendars),
                     NUMU_OK);
    fixture.schedule.count = 77;
    assert_int_equal(try_schedule(&fixture), NUMU_INVALID);
    assert_int_equal(fixture.schedule.count, 77);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&fixture.report, &count);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].code, NUMU_CODE_PRECEDENCE_CYCLE);
    assert_true(numu_text_is(list[0].arguments[0].text, "a > b > a"));
    close_fixture(&fixture);
}

/* A chain of the longest durations allowed, one a week worked: beyond what days can count. */
static void end_of_time_is_a_limit(void **state) {
    (void)state;
    struct fixture fixture;
    enum { COUNT = 4000 };
    open_fixture(&fixture, 0);
    struct numu_model *model = &fixture.model;
    builder_take(model, "calendar", 1);
    builder_set_week(model, 0, (const int[7]){8, 0, 0, 0, 0, 0, 0});
    model->package.calendar[0] = 0;
    builder_take(model, "activity", COUNT);
    builder_take_links(model, COUNT - 1);
    for (numu_row row = 0; row < COUNT; row++) {
        model->activity.likely[row] = 100000 * NUMU_DECIMAL_ONE;
        if (row > 0) {
            set_link(model, row - 1, row - 1, row, numu_link_FS, 100000);
        }
    }
    assert_int_equal(numu_calendars_build(model, &fixture.arena, &fixture.calendars), NUMU_OK);
    fixture.schedule.count = 77;
    assert_int_equal(try_schedule(&fixture), NUMU_LIMIT);
    assert_int_equal(fixture.schedule.count, 77);
    close_fixture(&fixture);
}

static void each_failed_allocation_is_passed_up(void **state) {
    (void)state;
    struct fixture fixture;
    struct numu_random random;
    numu_random_init(&random, SEED, 3);
    open_fixture(&fixture, 20000);
    set_random_programme(&fixture.model, 20000, &random);
    builder_take(&fixture.model, "promise", 1);
    fixture.model.promise.activity[0] = 0;
    fixture.model.promise.date[0] = 20010;
    assert_int_equal(numu_calendars_build(&fixture.model, &fixture.model.arena, &fixture.calendars),
                     NUMU_OK);
    size_t bytes = fixture.heap.bytes;
    numu_status status = NUMU_MEMORY;
    uint64_t failures = 0;
    while (status != NUMU_OK) {
        fixture.schedule.count = 77;
        fixture.heap.fail_at = fixture.heap.count + failures + 1;
        status = try_schedule(&fixture);
        if (status != NUMU_OK) {
            assert_int_equal(status, NUMU_MEMORY);
            assert_int_equal(fixture.schedule.count, 77);
            assert_int_equal(fixture.heap.bytes, bytes);
            failures++;
        }
    }
    assert_true(failures >= 20);
    fixture.heap.fail_at = 0;
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_oracle),
        cmocka_unit_test(order_of_rows_does_not_matter),
        cmocka_unit_test(longest_path_is_what_has_no_float),
        cmocka_unit_test(agrees_with_hillier_and_lieberman),
        cmocka_unit_test(agrees_with_wikipedia),
        cmocka_unit_test(several_calendars_by_hand),
        cmocka_unit_test(retained_logic_by_hand),
        cmocka_unit_test(promises_by_hand),
        cmocka_unit_test(parent_is_an_activity_like_any_other),
        cmocka_unit_test(nothing_to_do_is_done_at_once),
        cmocka_unit_test(cycle_is_a_finding),
        cmocka_unit_test(end_of_time_is_a_limit),
        cmocka_unit_test(each_failed_allocation_is_passed_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
