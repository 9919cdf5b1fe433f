/*
 * exchange.c - what all readers of other tools' files need.
 */
#include "programme/exchange_parts.h"

#include <stdlib.h>
#include <string.h>

enum { ID_BYTES_MAX = 64, DAY_DECIMALS_KEPT = 4 };

bool numu_project_format_is_exchange(numu_project_format format) {
    return format == NUMU_PROJECT_MSPDI || format == NUMU_PROJECT_XER ||
           format == NUMU_PROJECT_PMXML || format == NUMU_PROJECT_PROTRACK;
}

/* --- arrays --- */

numu_status numu_exchange_take(struct numu_arena *arena, struct numu_exchange *exchange) {
    NUMU_TRY(NUMU_TAKE(arena, &exchange->calendars, exchange->calendar_count));
    NUMU_TRY(NUMU_TAKE(arena, &exchange->holidays, exchange->holiday_count));
    NUMU_TRY(NUMU_TAKE(arena, &exchange->activities, exchange->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &exchange->links, exchange->link_count));
    NUMU_TRY(NUMU_TAKE(arena, &exchange->resources, exchange->resource_count));
    NUMU_TRY(NUMU_TAKE(arena, &exchange->supplies, exchange->supply_count));
    NUMU_TRY(NUMU_TAKE(arena, &exchange->assignments, exchange->assignment_count));
    for (uint32_t i = 0; i < exchange->activity_count; i++) {
        exchange->activities[i] = (struct numu_exchange_activity){.parent = NUMU_NONE,
                                                                  .calendar = NUMU_NONE,
                                                                  .low = NUMU_NO_NUMBER,
                                                                  .high = NUMU_NO_NUMBER,
                                                                  .not_before = NUMU_NO_DAY,
                                                                  .deadline = NUMU_NO_DAY,
                                                                  .started = NUMU_NO_DAY,
                                                                  .finished = NUMU_NO_DAY,
                                                                  .remaining = NUMU_NO_NUMBER,
                                                                  .cost = NUMU_NO_NUMBER,
                                                                  .place = NUMU_NOWHERE};
    }
    return NUMU_OK;
}

/* --- findings --- */

struct numu_place numu_exchange_place(const struct numu_exchange_reader *reader,
                                      const struct numu_xml *element) {
    return element->offset == SIZE_MAX
               ? (struct numu_place){reader->source, 0, NUMU_WHOLE_FILE}
               : (struct numu_place){reader->source, element->length, element->offset};
}

void numu_exchange_not_carried(struct numu_exchange_reader *reader, const char *kind,
                               struct numu_text name, struct numu_place place) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_NOT_CARRIED,
        .place = place,
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_string(kind), numu_argument_text(name)}};
    numu_report_add(reader->report, &finding);
}

void numu_exchange_complain(struct numu_exchange_reader *reader, struct numu_place place,
                            struct numu_text found, const char *expected) {
    enum { FOUND_BYTES_MAX = 40 };
    if (found.length > FOUND_BYTES_MAX) {
        found.length = numu_utf8_valid_length((struct numu_text){found.data, FOUND_BYTES_MAX});
    }
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_PROJECT_SYNTAX,
        .place = place,
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_text(found), numu_argument_string(expected)}};
    numu_report_add(reader->report, &finding);
    reader->has_failed = true;
}

void numu_exchange_bad_xml(struct numu_exchange_reader *reader,
                           const struct numu_xml_error *error) {
    bool has_offset = error->offset <= reader->bytes.length;
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_BAD_XML,
        .place = {reader->source, 0, has_offset ? error->offset : NUMU_WHOLE_FILE},
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_string(numu_xml_problem_name(error->problem))}};
    numu_report_add(reader->report, &finding);
    reader->has_failed = true;
}

/* --- ids --- */

static bool is_id_character(char character, bool is_first) {
    bool is_plain = (character >= 'A' && character <= 'Z') ||
                    (character >= 'a' && character <= 'z') ||
                    (character >= '0' && character <= '9');
    return is_plain || (!is_first && (character == '.' || character == '_' || character == '-' ||
                                      character == ':'));
}

static bool is_id(struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (!is_id_character(text.data[i], i == 0)) {
            return false;
        }
    }
    return text.length > 0 && text.length <= ID_BYTES_MAX;
}

/* "Night shift" becomes "Night_shift"; what begins otherwise, or is too long, is not mended. */
static numu_status mend_id(struct numu_arena *arena, struct numu_text *id) {
    char *copy;
    if (id->length == 0 || id->length > ID_BYTES_MAX || is_id(*id)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_to_string(arena, *id, &copy));
    for (size_t i = 0; i < id->length; i++) {
        copy[i] = is_id_character(copy[i], i == 0) ? copy[i] : '_';
    }
    id->data = copy;
    return NUMU_OK;
}

struct id_column {
    struct numu_text *first;
    size_t stride; /* bytes from one to the next */
    uint32_t count;
    const char *prefix;
};

static struct numu_text *id_at(const struct id_column *column, uint32_t row) {
    return (struct numu_text *)(void *)((char *)column->first + row * column->stride);
}

/* Made ids carry the number of their row, and as many dashes as it takes to differ from all. */
static numu_status settle_column(struct numu_exchange_reader *reader,
                                 const struct id_column *column) {
    struct numu_text *ids;
    struct numu_map map;
    NUMU_TRY(NUMU_TAKE(reader->arena, &ids, column->count));
    NUMU_TRY(numu_map_init(&map, reader->arena, ids, column->count));
    for (uint32_t row = 0; row < column->count; row++) {
        ids[row] = *id_at(column, row);
        NUMU_TRY(mend_id(reader->arena, &ids[row]));
        if (!is_id(ids[row]) || numu_map_add(&map, row) != NUMU_NONE) {
            ids[row] = (struct numu_text){NULL, 0}; /* for a second round */
        }
    }
    for (uint32_t row = 0; row < column->count; row++) {
        const char *dashes = "----------------";
        for (int tries = 1; ids[row].length == 0 && tries <= 16; tries++) {
            NUMU_TRY(numu_text_printf(reader->arena, &ids[row], "%s%.*s%u", column->prefix, tries,
                                      dashes, row + 1));
            if (numu_map_add(&map, row) != NUMU_NONE) {
                ids[row] = (struct numu_text){NULL, 0};
            }
        }
        if (ids[row].length == 0) {
            return NUMU_LIMIT;
        }
        *id_at(column, row) = ids[row];
    }
    return NUMU_OK;
}

numu_status numu_exchange_settle_ids(struct numu_exchange_reader *reader) {
    struct numu_exchange *exchange = reader->out;
    const struct id_column columns[] = {
        {&exchange->activities->id, sizeof *exchange->activities, exchange->activity_count, "A"},
        {&exchange->resources->id, sizeof *exchange->resources, exchange->resource_count, "R"},
        {&exchange->calendars->id, sizeof *exchange->calendars, exchange->calendar_count, "C"}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        NUMU_TRY(settle_column(reader, &columns[i]));
    }
    return NUMU_OK;
}

/* --- values --- */

numu_decimal numu_exchange_day_hours(const struct numu_exchange *exchange, uint32_t calendar) {
    if (calendar == NUMU_NONE) {
        calendar = exchange->calendar;
    }
    if (calendar == NUMU_NONE) {
        return 8 * NUMU_DECIMAL_ONE;
    }
    numu_decimal hours = 0;
    int days = 0;
    for (int i = 0; i < 7; i++) {
        hours += exchange->calendars[calendar].hours[i];
        days += exchange->calendars[calendar].hours[i] > 0;
    }
    return days == 0 ? 8 * NUMU_DECIMAL_ONE : hours / days;
}

numu_decimal numu_exchange_days(const struct numu_exchange *exchange, uint32_t calendar,
                                numu_decimal hours) {
    numu_decimal days;
    int64_t kept = numu_power_of_ten(DAY_DECIMALS_KEPT);
    int64_t unit = numu_power_of_ten(NUMU_DECIMAL_DECIMALS - DAY_DECIMALS_KEPT);
    numu_decimal day_hours = numu_exchange_day_hours(exchange, calendar);
    if (numu_multiply_divide(hours, kept, day_hours, NUMU_ROUND_HALF_EVEN, &days) != NUMU_OK ||
        numu_multiply(days, unit, &days) != NUMU_OK) {
        return NUMU_NO_NUMBER;
    }
    return days;
}

int64_t numu_exchange_clock(struct numu_text text) {
    size_t colon = numu_text_find(text, NUMU_TEXT(":"), 0);
    if (colon == SIZE_MAX || text.length < colon + 3) {
        return 0;
    }
    int64_t hours = numu_exchange_integer((struct numu_text){text.data, colon}, -1);
    int64_t minutes = numu_exchange_integer((struct numu_text){text.data + colon + 1, 2}, -1);
    bool is_one = hours >= 0 && hours <= 24 && minutes >= 0 && minutes < 60;
    return is_one ? hours * 60 + minutes : 0;
}

int64_t numu_exchange_shift(int64_t from, int64_t to) {
    return to > from ? to - from : to - from + INT64_C(24) * 60;
}

/* A day, and the minutes after its midnight; 0 where no time follows. */
static numu_day read_time(struct numu_text text, int64_t *out_minutes) {
    enum { DATE_BYTES = 10 };
    numu_day day;
    *out_minutes = 0;
    if (text.length < DATE_BYTES ||
        !numu_day_parse((struct numu_text){text.data, DATE_BYTES}, &day)) {
        return NUMU_NO_DAY;
    }
    if (text.length > DATE_BYTES) {
        *out_minutes = numu_exchange_clock(
            (struct numu_text){text.data + DATE_BYTES + 1, text.length - DATE_BYTES - 1});
    }
    return day;
}

numu_day numu_exchange_day(struct numu_text text) {
    int64_t minutes;
    return read_time(text, &minutes);
}

numu_day numu_exchange_last_day(struct numu_text text) {
    int64_t minutes;
    numu_day day = read_time(text, &minutes);
    return day != NUMU_NO_DAY && minutes == 0 ? day - 1 : day;
}

numu_decimal numu_exchange_decimal(struct numu_text text, numu_decimal otherwise) {
    int64_t value;
    numu_number_error error = numu_number_parse(text, NUMU_DECIMAL_DECIMALS, '.', &value);
    if (error == NUMU_NUMBER_TOO_PRECISE) { /* a double in decimals: the first nine are enough */
        const char *point = memchr(text.data, '.', text.length);
        size_t length = point == NULL ? text.length : (size_t)(point - text.data) + 10;
        text.length = length < text.length ? length : text.length;
        error = numu_number_parse(text, NUMU_DECIMAL_DECIMALS, '.', &value);
    }
    return error == NUMU_NUMBER_OK ? value : otherwise;
}

int64_t numu_exchange_integer(struct numu_text text, int64_t otherwise) {
    int64_t value;
    return numu_number_parse(text, 0, '.', &value) == NUMU_NUMBER_OK ? value : otherwise;
}

/* --- what follows --- */

static numu_day later(numu_day a, numu_day b) {
    return b > a ? b : a; /* NUMU_NO_DAY is the least */
}

void numu_exchange_settle_dates(struct numu_exchange *exchange) {
    numu_day first = exchange->start;
    numu_day happened = NUMU_NO_DAY;
    for (uint32_t i = 0; i < exchange->activity_count; i++) {
        const struct numu_exchange_activity *activity = &exchange->activities[i];
        happened = later(later(happened, activity->started), activity->finished);
        if (activity->started != NUMU_NO_DAY &&
            (first == NUMU_NO_DAY || activity->started < first)) {
            first = activity->started;
        }
    }
    exchange->start = first == NUMU_NO_DAY ? 0 : first;
    if (happened == NUMU_NO_DAY && exchange->data_date == NUMU_NO_DAY) {
        exchange->data_date = exchange->start;
    }
    exchange->data_date = later(exchange->data_date, happened);
}

/* --- rows that say the same --- */

/* An activity in the project's calendar needs to name none. */
static void settle_calendars(struct numu_exchange *exchange) {
    for (uint32_t i = 0; i < exchange->activity_count; i++) {
        if (exchange->activities[i].calendar == exchange->calendar) {
            exchange->activities[i].calendar = NUMU_NONE;
        }
    }
}

static int compare(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

static int compare_assignments(const void *a, const void *b) {
    const struct numu_exchange_assignment *of_a = a;
    const struct numu_exchange_assignment *of_b = b;
    int order = compare(of_a->activity, of_b->activity);
    return order != 0 ? order : compare(of_a->resource, of_b->resource);
}

/* Tools assign a resource to an activity twice, in two roles: a package adds them up. */
static numu_status merge_assignments(struct numu_exchange *exchange) {
    struct numu_exchange_assignment *rows = exchange->assignments;
    uint32_t kept = 0;
    qsort(rows, exchange->assignment_count, sizeof *rows, compare_assignments);
    for (uint32_t i = 0; i < exchange->assignment_count; i++) {
        if (kept > 0 && compare_assignments(&rows[kept - 1], &rows[i]) == 0) {
            NUMU_TRY(numu_add(rows[kept - 1].units, rows[i].units, &rows[kept - 1].units));
        } else {
            rows[kept++] = rows[i];
        }
    }
    exchange->assignment_count = kept;
    return NUMU_OK;
}

static int compare_holidays(const void *a, const void *b) {
    const struct numu_exchange_holiday *of_a = a;
    const struct numu_exchange_holiday *of_b = b;
    int order = compare(of_a->calendar, of_b->calendar);
    return order != 0 ? order : (of_a->day > of_b->day) - (of_a->day < of_b->day);
}

static void merge_holidays(struct numu_exchange *exchange) {
    struct numu_exchange_holiday *rows = exchange->holidays;
    uint32_t kept = 0;
    qsort(rows, exchange->holiday_count, sizeof *rows, compare_holidays);
    for (uint32_t i = 0; i < exchange->holiday_count; i++) {
        if (kept == 0 || compare_holidays(&rows[kept - 1], &rows[i]) != 0) {
            rows[kept++] = rows[i];
        }
    }
    exchange->holiday_count = kept;
}

static int compare_links(const void *a, const void *b) {
    const struct numu_exchange_link *of_a = a;
    const struct numu_exchange_link *of_b = b;
    int order = compare(of_a->before, of_b->before);
    order = order != 0 ? order : compare(of_a->after, of_b->after);
    return order != 0 ? order : compare(of_a->type, of_b->type);
}

/* Of two links that ask the same with different lags the longer one decides. */
static void merge_links(struct numu_exchange *exchange) {
    struct numu_exchange_link *rows = exchange->links;
    uint32_t kept = 0;
    qsort(rows, exchange->link_count, sizeof *rows, compare_links);
    for (uint32_t i = 0; i < exchange->link_count; i++) {
        if (kept > 0 && compare_links(&rows[kept - 1], &rows[i]) == 0) {
            rows[kept - 1].lag =
                rows[i].lag > rows[kept - 1].lag ? rows[i].lag : rows[kept - 1].lag;
        } else {
            rows[kept++] = rows[i];
        }
    }
    exchange->link_count = kept;
}

/* --- reading --- */

numu_status numu_exchange_read(const struct numu_context *context, numu_project_format format,
                               struct numu_text bytes, uint32_t source, struct numu_arena *arena,
                               struct numu_report *report, struct numu_exchange *out) {
    struct numu_exchange exchange = {.start = NUMU_NO_DAY,
                                     .data_date = NUMU_NO_DAY,
                                     .finish = NUMU_NO_DAY,
                                     .calendar = NUMU_NONE};
    struct numu_exchange_reader reader = {.context = context,
                                          .arena = arena,
                                          .report = report,
                                          .bytes = bytes,
                                          .source = source,
                                          .out = &exchange};
    switch (format) {
    case NUMU_PROJECT_MSPDI:
        NUMU_TRY(numu_exchange_read_mspdi(&reader));
        break;
    case NUMU_PROJECT_XER:
        NUMU_TRY(numu_exchange_read_xer(&reader));
        break;
    case NUMU_PROJECT_PMXML:
        NUMU_TRY(numu_exchange_read_pmxml(&reader));
        break;
    case NUMU_PROJECT_PROTRACK:
        NUMU_TRY(numu_exchange_read_protrack(&reader));
        break;
    case NUMU_PROJECT_NONE:
    case NUMU_PROJECT_PSPLIB:
    case NUMU_PROJECT_PATTERSON:
        return NUMU_BUG;
    }
    if (reader.has_failed) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_exchange_settle_ids(&reader));
    NUMU_TRY(merge_assignments(&exchange));
    merge_holidays(&exchange);
    merge_links(&exchange);
    settle_calendars(&exchange);
    numu_exchange_settle_dates(&exchange);
    *out = exchange;
    return NUMU_OK;
}
