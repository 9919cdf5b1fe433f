/*
 * Goal: what the files of other tools hold comes back as it was (write.h [W2]); what they cannot
 * hold is listed; iCalendar is well made.
 * Method: random programmes of calendars, outlines, links, progress, resources and costs; written,
 * read back into a package, loaded by the package's own loader, compared by id, and dated by the
 * critical path method, before and after; content lines of iCalendar against the rules of RFC 5545
 * with a reader of their own.
 */
#include "programme/exchange.h"

#include "base/random.h"
#include "programme/cpm.h"
#include "programme/write.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model_builder.h"

enum { SEED = 20261125, ROUNDS = 120, CALENDARS = 3, RESOURCES = 3 };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_context context;
    struct numu_report report;
    struct numu_random random;
    numu_row parents; /* the first activities, that others are part of */
    struct numu_model model, again;
    struct numu_calendars calendars;
    struct numu_schedule schedule;
    struct numu_export_dates dates;
    struct numu_buffer bytes;
};

static unsigned draw(struct fixture *fixture, unsigned below) {
    return (unsigned)numu_random_below(&fixture->random, below);
}

static bool chance(struct fixture *fixture, unsigned one_in) {
    return draw(fixture, one_in) == 0;
}

static struct numu_text text(struct fixture *fixture, const char *before, unsigned number,
                             const char *after) {
    struct numu_text out;
    assert_int_equal(numu_text_printf(&fixture->model.arena, &out, "%s%u%s", before, number, after),
                     NUMU_OK);
    return out;
}

/* --- a random programme that all of these formats can hold --- */

static void make_calendars(struct fixture *fixture) {
    struct numu_model *model = &fixture->model;
    builder_take(model, "calendar", CALENDARS);
    builder_take(model, "holiday", draw(fixture, 6));
    for (numu_row row = 0; row < CALENDARS; row++) {
        int week[7];
        for (int day = 0; day < 7; day++) { /* days of one length: days of work are days */
            week[day] = day == 0 || draw(fixture, 4) > 0 ? (row == 2 ? 24 : 6 + (int)row) : 0;
        }
        model->calendar.id[row] = text(fixture, "c", row, "");
        builder_set_week(model, row, week);
    }
    for (numu_row row = 0; row < model->holiday.head.count; row++) {
        model->holiday.calendar[row] = draw(fixture, CALENDARS);
        model->holiday.date[row] = model->package.start[0] + (numu_day)(7 * row);
        model->holiday.name[row] = text(fixture, "Fête ", row, ", « férié » & <congé>");
    }
    model->package.calendar[0] = chance(fixture, 3) ? NUMU_NONE : draw(fixture, CALENDARS);
}

static void make_progress(struct fixture *fixture, numu_row row) {
    struct numu_table_activity *activity = &fixture->model.activity;
    numu_day start = fixture->model.package.start[0];
    if (chance(fixture, 4)) {
        activity->started[row] = start + (numu_day)draw(fixture, 10);
        if (chance(fixture, 2)) {
            activity->finished[row] = activity->started[row] + (numu_day)draw(fixture, 10);
        } else if (chance(fixture, 2)) {
            activity->remaining[row] = (numu_decimal)draw(fixture, 20) * NUMU_DECIMAL_ONE / 2;
        }
    }
    if (chance(fixture, 4)) {
        activity->not_before[row] = start + (numu_day)draw(fixture, 60);
    }
    if (chance(fixture, 4)) {
        activity->deadline[row] = start + (numu_day)draw(fixture, 200);
    }
}

/* Between leaves, no two of them between the same two. */
static void make_links(struct fixture *fixture, numu_row tries) {
    struct numu_table_precedence *link = &fixture->model.precedence;
    numu_row leaves = fixture->model.activity.head.count - fixture->parents;
    numu_row count = 0;
    builder_take_links(&fixture->model, tries);
    for (numu_row row = 0; row < tries; row++) {
        numu_row after = fixture->parents + 1 + draw(fixture, leaves - 1);
        numu_row before = fixture->parents + draw(fixture, after - fixture->parents);
        bool is_new = true;
        for (numu_row i = 0; i < count; i++) {
            is_new = is_new && (link->before[i] != before || link->after[i] != after);
        }
        link->before[count] = before;
        link->after[count] = after;
        link->type[count] = (uint8_t)(1 + draw(fixture, 4));
        link->lag[count] = ((int)draw(fixture, 9) - 4) * (NUMU_DECIMAL_ONE / 2);
        count += is_new;
    }
    link->head.count = count;
}

static void make_activities(struct fixture *fixture, numu_row count) {
    struct numu_table_activity *activity = &fixture->model.activity;
    numu_row parents = draw(fixture, 3);
    fixture->parents = parents;
    builder_take(&fixture->model, "activity", count);
    for (numu_row row = 0; row < count; row++) {
        activity->id[row] = text(fixture, "a.", row, "");
        activity->name[row] = text(fixture, "Œuvre n° ", row, ": \"a\", b & <c>; été");
        activity->likely[row] = 0;
        activity->time_share[row] = 0;
        if (row > 0 && parents > 0 && chance(fixture, 2)) {
            activity->parent[row] = draw(fixture, parents < row ? parents : row);
        }
        if (row >= parents) {
            activity->likely[row] = (numu_decimal)draw(fixture, 60) * NUMU_DECIMAL_ONE / 2;
            activity->calendar[row] = chance(fixture, 2) ? NUMU_NONE : draw(fixture, CALENDARS);
            activity->cost[row] = chance(fixture, 2) ? NUMU_NO_NUMBER : 1 + draw(fixture, 100000);
            make_progress(fixture, row);
        }
    }
    make_links(fixture, draw(fixture, 2 * count));
}

static void make_resources(struct fixture *fixture, numu_row first) {
    struct numu_model *model = &fixture->model;
    numu_row count = model->activity.head.count;
    builder_take(model, "programme_resource", RESOURCES);
    builder_take(model, "assignment", count - first);
    for (numu_row row = 0; row < RESOURCES; row++) {
        model->programme_resource.id[row] = text(fixture, "r", row, "");
        model->programme_resource.name[row] = text(fixture, "Équipe ", row, "");
        model->programme_resource.units[row] = (1 + draw(fixture, 9)) * NUMU_DECIMAL_ONE / 2;
        model->programme_resource.kind[row] = numu_programme_resource_kind_renewable;
    }
    for (numu_row row = 0; row < count - first; row++) {
        model->assignment.activity[row] = first + row;
        model->assignment.programme_resource[row] = draw(fixture, RESOURCES);
        model->assignment.units[row] = (1 + draw(fixture, 4)) * NUMU_DECIMAL_ONE / 4;
    }
}

static void open_fixture(struct fixture *fixture, uint64_t round) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_report_init(&fixture->report, &fixture->heap, 100);
    numu_buffer_init(&fixture->bytes, &fixture->heap, 0);
    numu_random_init(&fixture->random, SEED, round);
    fixture->context = (struct numu_context){.heap = &fixture->heap, .threads = 1};
    struct numu_model *model = &fixture->model;
    builder_init(model, &fixture->heap);
    model->title = NUMU_TEXT("Programme d’essai");
    model->currency = numu_currency_find(NUMU_TEXT("EUR"));
    model->package.currency[0] = model->currency;
    model->package.discount_rate[0] = 0; /* what stands there where nobody says more */
    model->package.confidence[0] = 80 * NUMU_DECIMAL_ONE;
    model->package.three_point[0] = numu_three_point_ends;
    model->package.safety_price[0] = NUMU_DECIMAL_ONE / 50;
    model->package.start[0] = builder_day("2026-01-05");
    model->package.data_date[0] = builder_day("2026-02-02");
    make_calendars(fixture);
    make_activities(fixture, 4 + draw(fixture, 12));
    make_resources(fixture, fixture->parents);
    assert_int_equal(numu_calendars_build(model, &fixture->arena, &fixture->calendars), NUMU_OK);
    assert_int_equal(numu_cpm_schedule(&fixture->context, model, &fixture->calendars,
                                       &fixture->arena, &fixture->report, &fixture->schedule),
                     NUMU_OK);
    numu_day *start;
    numu_day *finish;
    numu_row count = model->activity.head.count;
    assert_int_equal(NUMU_TAKE(&fixture->arena, &start, count), NUMU_OK);
    assert_int_equal(NUMU_TAKE(&fixture->arena, &finish, count), NUMU_OK);
    for (numu_row row = 0; row < count; row++) {
        numu_schedule_days(&fixture->schedule, row, fixture->schedule.early_start[row],
                           fixture->schedule.early_finish[row], &start[row], &finish[row]);
    }
    fixture->dates = (struct numu_export_dates){start, finish};
}

static void close_fixture(struct fixture *fixture) {
    numu_buffer_release(&fixture->bytes);
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    builder_release(&fixture->model);
    assert_int_equal(fixture->heap.bytes, 0);
}

/* --- written and read --- */

static void write(struct fixture *fixture, numu_export format) {
    struct numu_arena scratch;
    numu_arena_init(&scratch, &fixture->heap);
    numu_buffer_clear(&fixture->bytes);
    assert_int_equal(
        numu_export_write(&fixture->model, format, &fixture->dates, &scratch, &fixture->bytes),
        NUMU_OK);
    numu_arena_release(&scratch);
}

/* The written XML as Windows calls it "Unicode": UTF-16 with the mark of its order of bytes. */
static void widen(struct fixture *fixture, const char *encoding) {
    static const char declared[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"";
    static const char mark[] = "\xEF\xBB\xBF<?xml version=\"1.0\"";
    struct numu_buffer narrow;
    struct numu_buffer *wide = &fixture->bytes;
    assert_memory_equal(wide->data, declared, sizeof declared - 1);
    numu_buffer_init(&narrow, &fixture->heap, 0);
    assert_int_equal(numu_buffer_append_string(&narrow, mark), NUMU_OK);
    assert_int_equal(numu_buffer_append_string(&narrow, wide->data + sizeof declared - 1), NUMU_OK);
    numu_buffer_clear(wide);
    assert_int_equal(numu_buffer_reserve(wide, 2 * narrow.length), NUMU_OK);
    iconv_t converter = iconv_open(encoding, "UTF-8");
    assert_true(converter != (iconv_t)-1);
    char *from = narrow.data;
    char *to = wide->data;
    size_t from_left = narrow.length;
    size_t to_left = wide->capacity;
    assert_int_equal(iconv(converter, &from, &from_left, &to, &to_left), 0);
    assert_int_equal(iconv_close(converter), 0);
    wide->length = wide->capacity - to_left;
    numu_buffer_release(&narrow);
}

static void read(struct fixture *fixture, numu_project_format format) {
    struct numu_exchange exchange;
    struct numu_package package;
    struct numu_text bytes = {fixture->bytes.data, fixture->bytes.length};
    struct numu_text head = {bytes.data, bytes.length < NUMU_PROJECT_HEAD_BYTES
                                             ? bytes.length
                                             : NUMU_PROJECT_HEAD_BYTES};
    assert_int_equal(numu_project_format_of(NUMU_TEXT("x"), head), format);
    assert_int_equal(numu_exchange_read(&fixture->context, format, bytes, 0, &fixture->arena,
                                        &fixture->report, &exchange),
                     NUMU_OK);
    assert_int_equal(numu_exchange_package(&exchange, &fixture->arena, &package), NUMU_OK);
    numu_status status = numu_model_load_files(&fixture->context, NUMU_TEXT("again"), &package,
                                               &fixture->report, &fixture->again);
    assert_int_equal(status, NUMU_OK);
    assert_int_equal(numu_report_total(&fixture->report, NUMU_ERROR), 0);
}

/* The row of the other model with that id. */
static numu_row row_of(const struct numu_text *ids, numu_row count, struct numu_text id) {
    for (numu_row row = 0; row < count; row++) {
        if (numu_text_is_equal(ids[row], id)) {
            return row;
        }
    }
    fail_msg("no row has the id %.*s", (int)id.length, id.data);
    return NUMU_NONE;
}

#define ROW_OF(model, table, id_text) row_of((model)->table.id, (model)->table.head.count, id_text)

/* References are to rows of the same id; NUMU_NONE to none. */
static void assert_same_reference(const struct numu_text *ids, numu_row row,
                                  const struct numu_text *other_ids, numu_row other) {
    assert_int_equal(row == NUMU_NONE, other == NUMU_NONE);
    if (row != NUMU_NONE) {
        assert_true(numu_text_is_equal(ids[row], other_ids[other]));
    }
}

/* Of an activity the calendar it works in, be it its own or the package's. */
static numu_row works_in(const struct numu_model *model, numu_row row) {
    return model->activity.calendar[row] == NUMU_NONE ? model->package.calendar[0]
                                                      : model->activity.calendar[row];
}

static void compare_activities(const struct fixture *fixture, bool has_cost) {
    const struct numu_table_activity *a = &fixture->model.activity;
    const struct numu_table_activity *b = &fixture->again.activity;
    assert_int_equal(a->head.count, b->head.count);
    for (numu_row row = 0; row < a->head.count; row++) {
        numu_row other = ROW_OF(&fixture->again, activity, a->id[row]);
        numu_row calendar = works_in(&fixture->model, row);
        assert_true(numu_text_is_equal(a->name[row], b->name[other]));
        assert_int_equal(a->likely[row], b->likely[other]);
        assert_int_equal(a->not_before[row], b->not_before[other]);
        assert_int_equal(a->deadline[row], b->deadline[other]);
        assert_int_equal(a->started[row], b->started[other]);
        assert_int_equal(a->finished[row], b->finished[other]);
        assert_int_equal(a->remaining[row], b->remaining[other]);
        assert_same_reference(a->id, a->parent[row], b->id, b->parent[other]);
        if (calendar != NUMU_NONE) {
            assert_same_reference(fixture->model.calendar.id, calendar, fixture->again.calendar.id,
                                  works_in(&fixture->again, other));
        }
        if (has_cost) {
            assert_int_equal(a->cost[row], b->cost[other]);
        }
    }
}

/* As many links of each kind between the same two. */
static void compare_links(const struct fixture *fixture) {
    const struct numu_table_precedence *a = &fixture->model.precedence;
    const struct numu_table_precedence *b = &fixture->again.precedence;
    assert_int_equal(a->head.count, b->head.count);
    for (numu_row row = 0; row < a->head.count; row++) {
        numu_row before =
            ROW_OF(&fixture->again, activity, fixture->model.activity.id[a->before[row]]);
        numu_row after =
            ROW_OF(&fixture->again, activity, fixture->model.activity.id[a->after[row]]);
        int here = 0;
        int there = 0;
        for (numu_row i = 0; i < a->head.count; i++) {
            here += a->before[i] == a->before[row] && a->after[i] == a->after[row] &&
                    a->type[i] == a->type[row] && a->lag[i] == a->lag[row];
            there += b->before[i] == before && b->after[i] == after && b->type[i] == a->type[row] &&
                     b->lag[i] == a->lag[row];
        }
        assert_int_equal(here, there);
    }
}

static void compare_calendars(const struct fixture *fixture) {
    const struct numu_table_calendar *a = &fixture->model.calendar;
    const struct numu_table_calendar *b = &fixture->again.calendar;
    for (numu_row row = 0; row < a->head.count; row++) {
        numu_row other = ROW_OF(&fixture->again, calendar, a->id[row]);
        assert_int_equal(a->monday[row], b->monday[other]);
        assert_int_equal(a->tuesday[row], b->tuesday[other]);
        assert_int_equal(a->wednesday[row], b->wednesday[other]);
        assert_int_equal(a->thursday[row], b->thursday[other]);
        assert_int_equal(a->friday[row], b->friday[other]);
        assert_int_equal(a->saturday[row], b->saturday[other]);
        assert_int_equal(a->sunday[row], b->sunday[other]);
    }
    assert_int_equal(fixture->model.holiday.head.count, fixture->again.holiday.head.count);
}

static void compare_resources(const struct fixture *fixture) {
    const struct numu_table_programme_resource *a = &fixture->model.programme_resource;
    const struct numu_table_programme_resource *b = &fixture->again.programme_resource;
    const struct numu_table_assignment *given = &fixture->model.assignment;
    const struct numu_table_assignment *got = &fixture->again.assignment;
    assert_int_equal(a->head.count, b->head.count);
    for (numu_row row = 0; row < a->head.count; row++) {
        numu_row other = ROW_OF(&fixture->again, programme_resource, a->id[row]);
        assert_true(numu_text_is_equal(a->name[row], b->name[other]));
        assert_int_equal(a->units[row], b->units[other]);
        assert_int_equal(a->kind[row], b->kind[other]);
    }
    assert_int_equal(given->head.count, got->head.count);
    for (numu_row row = 0; row < given->head.count; row++) {
        numu_row activity =
            ROW_OF(&fixture->again, activity, fixture->model.activity.id[given->activity[row]]);
        bool is_there = false;
        for (numu_row i = 0; i < got->head.count; i++) {
            is_there =
                is_there || (got->activity[i] == activity && got->units[i] == given->units[row] &&
                             numu_text_is_equal(b->id[got->programme_resource[i]],
                                                a->id[given->programme_resource[row]]));
        }
        assert_true(is_there);
    }
}

static void compare_dates(struct fixture *fixture) {
    struct numu_calendars calendars;
    struct numu_schedule schedule;
    assert_int_equal(numu_calendars_build(&fixture->again, &fixture->arena, &calendars), NUMU_OK);
    assert_int_equal(numu_cpm_schedule(&fixture->context, &fixture->again, &calendars,
                                       &fixture->arena, &fixture->report, &schedule),
                     NUMU_OK);
    for (numu_row row = 0; row < fixture->model.activity.head.count; row++) {
        numu_row other = ROW_OF(&fixture->again, activity, fixture->model.activity.id[row]);
        assert_int_equal(fixture->schedule.early_start[row], schedule.early_start[other]);
        assert_int_equal(fixture->schedule.early_finish[row], schedule.early_finish[other]);
    }
}

static void round_trip(numu_export format, numu_project_format read_as, bool has_cost) {
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct fixture fixture;
        open_fixture(&fixture, round);
        write(&fixture, format);
        if (read_as == NUMU_PROJECT_MSPDI && round % 3 > 0) {
            widen(&fixture, round % 3 == 1 ? "UTF-16LE" : "UTF-16BE");
        }
        read(&fixture, read_as);
        compare_activities(&fixture, has_cost);
        compare_links(&fixture);
        compare_calendars(&fixture);
        compare_resources(&fixture);
        compare_dates(&fixture);
        numu_model_release(&fixture.again);
        close_fixture(&fixture);
    }
}

static void test_mspdi(void **state) {
    (void)state;
    round_trip(NUMU_EXPORT_MSPDI, NUMU_PROJECT_MSPDI, true);
}

static void test_xer(void **state) {
    (void)state;
    round_trip(NUMU_EXPORT_XER, NUMU_PROJECT_XER, false);
}

/* --- what is not carried --- */

static size_t count_not_carried(struct fixture *fixture, numu_export format) {
    numu_report_release(&fixture->report);
    numu_report_init(&fixture->report, &fixture->heap, 100);
    assert_int_equal(numu_export_report_not_carried(&fixture->model, format, &fixture->report),
                     NUMU_OK);
    return fixture->report.counts[NUMU_CODE_NOT_CARRIED];
}

/* What came back whole above is not told as lost; what a parent does itself is. */
static void test_not_carried(void **state) {
    uint64_t round = 0;
    struct fixture fixture;
    (void)state;
    do { /* with parents, which have parts, holidays and costs */
        open_fixture(&fixture, ++round);
        bool is_whole = fixture.parents == 2 && fixture.model.holiday.head.count > 0 &&
                        fixture.model.activity.parent[2] == 0 &&
                        fixture.model.activity.cost[3] != NUMU_NO_NUMBER;
        if (is_whole) {
            break;
        }
        close_fixture(&fixture);
    } while (round < 10000);
    assert_true(round < 10000);
    assert_int_equal(count_not_carried(&fixture, NUMU_EXPORT_MSPDI), 0);
    assert_int_equal(count_not_carried(&fixture, NUMU_EXPORT_XER), 2); /* names, costs */
    fixture.model.activity.likely[0] = NUMU_DECIMAL_ONE;
    assert_int_equal(count_not_carried(&fixture, NUMU_EXPORT_MSPDI), 1);
    builder_take_links(&fixture.model, 1);
    fixture.model.precedence.before[0] = 0;
    fixture.model.precedence.after[0] = 3;
    assert_int_equal(count_not_carried(&fixture, NUMU_EXPORT_MSPDI), 2);
    fixture.model.activity.likely[0] = 0;
    assert_int_equal(count_not_carried(&fixture, NUMU_EXPORT_MSPDI), 1);
    fixture.model.assignment.activity[0] = 0;
    assert_int_equal(count_not_carried(&fixture, NUMU_EXPORT_MSPDI), 2);
    close_fixture(&fixture);
}

/* --- iCalendar, by a reader that knows RFC 5545 only --- */

struct calendar_file {
    struct numu_buffer unfolded; /* lines that end with \n */
    const char *at;
};

/* 3.1: lines of at most 75 octets that end with CRLF; a blank at the beginning goes on. */
static void unfold(const struct numu_buffer *bytes, struct numu_buffer *out) {
    size_t line = 0;
    assert_true(bytes->length > 2 && bytes->data[bytes->length - 1] == '\n');
    for (size_t i = 0; i < bytes->length; i++) {
        unsigned char c = (unsigned char)bytes->data[i];
        if (c == '\r') {
            assert_int_equal(bytes->data[i + 1], '\n');
            assert_true(line <= 75);
            line = 0;
            i++;
            if (i + 1 < bytes->length && bytes->data[i + 1] == ' ') {
                i++; /* the blank is the first octet of the next line */
                line = 1;
                /* no character is cut apart */
                assert_true(((unsigned char)bytes->data[i + 1] & 0xC0) != 0x80);
            } else {
                assert_int_equal(numu_buffer_append_char(out, '\n'), NUMU_OK);
            }
            continue;
        }
        assert_true(c >= ' ' || c == '\t');
        assert_int_equal(numu_buffer_append_char(out, (char)c), NUMU_OK);
        line++;
    }
}

/* The next line, without its end; false at the end of the file. */
static bool next_line(struct calendar_file *file, struct numu_text *out) {
    const char *end = *file->at == '\0' ? NULL : strchr(file->at, '\n');
    if (end == NULL) {
        return false;
    }
    *out = (struct numu_text){file->at, (size_t)(end - file->at)};
    file->at = end + 1;
    return true;
}

static bool begins(struct numu_text line, const char *words) {
    return line.length >= strlen(words) && memcmp(line.data, words, strlen(words)) == 0;
}

static struct numu_text after(struct numu_text line, const char *words) {
    return (struct numu_text){line.data + strlen(words), line.length - strlen(words)};
}

static numu_day day_of(struct numu_text digits) {
    char day[11];
    assert_int_equal(digits.length, 8);
    (void)snprintf(day, sizeof day, "%.4s-%.2s-%.2s", digits.data, digits.data + 4,
                   digits.data + 6);
    return builder_day(day);
}

/* 3.3.11: a backslash only before what it may escape; no bare semicolon or comma. */
static void check_escapes(struct numu_text value) {
    for (size_t i = 0; i < value.length; i++) {
        if (value.data[i] == '\\') {
            assert_true(i + 1 < value.length && strchr("\\;,nN", value.data[i + 1]) != NULL);
            i++;
        } else {
            assert_true(value.data[i] != ';' && value.data[i] != ',');
        }
    }
}

static void check_relation(const struct fixture *fixture, struct numu_text line) {
    static const char *const types[] = {"FINISHTOSTART", "STARTTOSTART", "FINISHTOFINISH",
                                        "STARTTOFINISH", "PARENT"};
    struct numu_text value = after(line, "RELATED-TO;RELTYPE=");
    bool is_known = false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        is_known = is_known || begins(value, types[i]);
    }
    assert_true(is_known);
    const char *colon = memchr(value.data, ':', value.length);
    const char *at = memchr(value.data, '@', value.length);
    assert_true(colon != NULL && at != NULL);
    (void)ROW_OF(&fixture->model, activity,
                 ((struct numu_text){colon + 1, (size_t)(at - colon - 1)}));
}

struct event {
    numu_row row;
    numu_day start, end;
    unsigned stamps, summaries, links;
};

static void end_event(const struct fixture *fixture, const struct event *event, bool *seen) {
    assert_true(event->row != NUMU_NONE && !seen[event->row]); /* a UID is there, and is unique */
    seen[event->row] = true;
    assert_int_equal(event->stamps, 1);
    assert_int_equal(event->summaries, 1);
    assert_int_equal(event->start, fixture->dates.start[event->row]);
    assert_int_equal(event->end, fixture->dates.finish[event->row] + 1); /* 3.6.1: not included */
    assert_true(event->end > event->start);
}

static void check_calendar(const struct fixture *fixture, struct calendar_file *file) {
    bool seen[32] = {false};
    unsigned links = 0;
    unsigned events = 0;
    struct event event = {.row = NUMU_NONE};
    struct numu_text line;
    assert_true(next_line(file, &line) && numu_text_is(line, "BEGIN:VCALENDAR"));
    assert_true(next_line(file, &line) && numu_text_is(line, "VERSION:2.0"));
    assert_true(next_line(file, &line) && begins(line, "PRODID:"));
    while (next_line(file, &line) && !numu_text_is(line, "END:VCALENDAR")) {
        if (numu_text_is(line, "BEGIN:VEVENT")) {
            event = (struct event){.row = NUMU_NONE};
        } else if (begins(line, "UID:")) {
            struct numu_text id = after(line, "UID:");
            id.length -= strlen("@numu");
            event.row = ROW_OF(&fixture->model, activity, id);
        } else if (begins(line, "DTSTAMP:")) {
            event.stamps++;
            assert_true(numu_text_is(after(line, "DTSTAMP:"), "20260202T000000Z"));
        } else if (begins(line, "DTSTART;VALUE=DATE:")) {
            event.start = day_of(after(line, "DTSTART;VALUE=DATE:"));
        } else if (begins(line, "DTEND;VALUE=DATE:")) {
            event.end = day_of(after(line, "DTEND;VALUE=DATE:"));
        } else if (begins(line, "SUMMARY:")) {
            event.summaries++;
            check_escapes(after(line, "SUMMARY:"));
        } else if (begins(line, "RELATED-TO;RELTYPE=")) {
            check_relation(fixture, line);
            links += !begins(line, "RELATED-TO;RELTYPE=PARENT");
        } else if (numu_text_is(line, "END:VEVENT")) {
            end_event(fixture, &event, seen);
            events++;
        } else {
            assert_true(begins(line, "TRANSP:TRANSPARENT") || begins(line, "NAME:"));
        }
    }
    assert_true(numu_text_is(line, "END:VCALENDAR") && !next_line(file, &line));
    assert_int_equal(events, fixture->model.activity.head.count);
    assert_int_equal(links, fixture->model.precedence.head.count);
}

static void test_icalendar(void **state) {
    (void)state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct fixture fixture;
        struct calendar_file file;
        open_fixture(&fixture, round);
        write(&fixture, NUMU_EXPORT_ICALENDAR);
        numu_buffer_init(&file.unfolded, &fixture.heap, 0);
        unfold(&fixture.bytes, &file.unfolded);
        file.at = file.unfolded.data;
        check_calendar(&fixture, &file);
        numu_buffer_release(&file.unfolded);
        close_fixture(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mspdi),
        cmocka_unit_test(test_xer),
        cmocka_unit_test(test_not_carried),
        cmocka_unit_test(test_icalendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
