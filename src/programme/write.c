/*
 * write.c - what all writers need: the outline, minutes, and what is not carried.
 */
#include "programme/write_parts.h"

#include "base/xml.h"
#include "model/package.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

numu_export numu_export_of(struct numu_text path) {
    static const struct {
        struct numu_text ending;
        numu_export format;
    } endings[] = {{{".xml", 4}, NUMU_EXPORT_MSPDI},
                   {{".xer", 4}, NUMU_EXPORT_XER},
                   {{".ics", 4}, NUMU_EXPORT_ICALENDAR},
                   {{".csv", 4}, NUMU_EXPORT_CSV}};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct numu_text ending = endings[i].ending;
        if (path.length > ending.length &&
            memcmp(path.data + path.length - ending.length, ending.data, ending.length) == 0) {
            return endings[i].format;
        }
    }
    return NUMU_EXPORT_NONE;
}

/* --- text --- */

void numu_export_printf(struct numu_export_writer *writer, const char *format, ...) {
    enum { LINE_BYTES = 512 };
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (writer->status == NUMU_OK) {
        writer->status = length < 0 || length >= LINE_BYTES
                             ? NUMU_BUG
                             : numu_buffer_append(writer->buffer, line, (size_t)length);
    }
}

void numu_export_xml(struct numu_export_writer *writer, struct numu_text text) {
    if (writer->status == NUMU_OK) {
        writer->status = numu_xml_write(writer->buffer, text);
    }
}

/* --- calendars --- */

numu_row numu_export_calendar(const struct numu_model *model, numu_row activity) {
    numu_row own = model->activity.calendar[activity];
    return own == NUMU_NONE ? model->package.calendar[0] : own;
}

numu_decimal numu_export_day_hours(const struct numu_model *model, numu_row calendar) {
    const struct numu_table_calendar *table = &model->calendar;
    if (calendar == NUMU_NONE) {
        return 24 * NUMU_DECIMAL_ONE; /* as every_day, which the writers make */
    }
    const numu_decimal *columns[] = {table->monday,   table->tuesday, table->wednesday,
                                     table->thursday, table->friday,  table->saturday,
                                     table->sunday};
    numu_decimal hours = 0;
    int days = 0;
    for (int i = 0; i < 7; i++) {
        hours += columns[i][calendar];
        days += columns[i][calendar] > 0;
    }
    return days == 0 ? 8 * NUMU_DECIMAL_ONE : hours / days;
}

int64_t numu_export_minutes(struct numu_export_writer *writer, numu_row calendar,
                            numu_decimal days) {
    int64_t minutes = 0;
    numu_decimal hours;
    numu_status status = numu_multiply_divide(days, numu_export_day_hours(writer->model, calendar),
                                              NUMU_DECIMAL_ONE, NUMU_ROUND_HALF_EVEN, &hours);
    if (status == NUMU_OK) {
        status = numu_multiply_divide(hours, 60, NUMU_DECIMAL_ONE, NUMU_ROUND_HALF_EVEN, &minutes);
    }
    writer->status = writer->status == NUMU_OK ? status : writer->status;
    return minutes;
}

/* --- outline --- */

/* Parts in order of rows, below their parents: first part, then siblings, without recursion. */
static numu_status make_outline(struct numu_export_writer *writer) {
    const struct numu_table_activity *activity = &writer->model->activity;
    uint32_t count = activity->head.count;
    numu_row *first;
    numu_row *next;
    NUMU_TRY(NUMU_TAKE(writer->scratch, &writer->order, count));
    NUMU_TRY(NUMU_TAKE(writer->scratch, &writer->level, count));
    NUMU_TRY(NUMU_TAKE(writer->scratch, &writer->is_parent, count));
    NUMU_TRY(NUMU_TAKE(writer->scratch, &first, (size_t)count + 1));
    NUMU_TRY(NUMU_TAKE(writer->scratch, &next, count));
    for (uint32_t i = 0; i <= count; i++) {
        first[i] = NUMU_NONE;
    }
    for (uint32_t row = count; row-- > 0;) {
        numu_row parent = activity->parent[row];
        uint32_t list = parent == NUMU_NONE ? count : parent;
        if (parent != NUMU_NONE) {
            writer->is_parent[parent] = true;
        }
        next[row] = first[list];
        first[list] = row;
    }
    uint32_t placed = 0;
    numu_row at = first[count];
    uint32_t level = 1;
    while (at != NUMU_NONE) {
        writer->order[placed++] = at;
        writer->level[at] = level;
        if (first[at] != NUMU_NONE) {
            at = first[at];
            level++;
            continue;
        }
        while (at != NUMU_NONE && next[at] == NUMU_NONE) {
            at = activity->parent[at];
            level--;
        }
        at = at == NUMU_NONE ? NUMU_NONE : next[at];
    }
    return placed == count ? NUMU_OK : NUMU_BUG; /* check has refused parents in a circle */
}

numu_status numu_export_list_links(struct numu_export_writer *writer, const numu_row *end,
                                   uint32_t **out_first, numu_row **out_links) {
    uint32_t count = writer->model->activity.head.count;
    uint32_t link_count = writer->model->precedence.head.count;
    uint32_t *first;
    numu_row *links;
    NUMU_TRY(NUMU_TAKE(writer->scratch, &first, (size_t)count + 2));
    NUMU_TRY(NUMU_TAKE(writer->scratch, &links, link_count));
    for (numu_row row = 0; row < link_count; row++) {
        first[end[row] + 2]++;
    }
    for (uint32_t i = 2; i <= count + 1; i++) {
        first[i] += first[i - 1];
    }
    for (numu_row row = 0; row < link_count; row++) {
        links[first[end[row] + 1]++] = row;
    }
    *out_first = first;
    *out_links = links;
    return NUMU_OK;
}

numu_status numu_export_write(const struct numu_model *model, numu_export format,
                              const struct numu_export_dates *dates, struct numu_arena *scratch,
                              struct numu_buffer *buffer) {
    struct numu_export_writer writer = {
        .model = model, .dates = dates, .scratch = scratch, .buffer = buffer};
    NUMU_TRY(make_outline(&writer));
    switch (format) {
    case NUMU_EXPORT_NONE:
        return NUMU_BUG;
    case NUMU_EXPORT_MSPDI:
        numu_export_mspdi(&writer);
        break;
    case NUMU_EXPORT_XER:
        numu_export_xer(&writer);
        break;
    case NUMU_EXPORT_ICALENDAR:
        numu_export_icalendar(&writer);
        break;
    case NUMU_EXPORT_CSV:
        numu_export_csv(&writer);
        break;
    }
    return writer.status;
}

/* --- what is not carried --- */

#define FORMAT(name) (1U << NUMU_EXPORT_##name)
enum {
    TO_PROJECT = FORMAT(MSPDI),
    TO_TOOLS = FORMAT(MSPDI) | FORMAT(XER),
    TO_TABLES = FORMAT(MSPDI) | FORMAT(XER) | FORMAT(CSV),
    TO_ALL = FORMAT(MSPDI) | FORMAT(XER) | FORMAT(CSV) | FORMAT(ICALENDAR)
};

/* Which formats hold which column; what is not listed, none does. */
static const struct carried {
    const char *table, *column;
    unsigned formats;
} carried[] = {
    {"package", "calendar", TO_TABLES},
    {"package", "data_date", TO_TOOLS},
    {"activity", "id", TO_ALL},
    {"activity", "name", TO_ALL},
    {"activity", "likely", TO_ALL},
    {"activity", "calendar", TO_TABLES},
    {"activity", "not_before", TO_TABLES},
    {"activity", "deadline", TO_TABLES},
    {"activity", "started", TO_ALL},
    {"activity", "finished", TO_ALL},
    {"activity", "remaining", TO_TABLES},
    {"activity", "parent", TO_ALL},
    {"activity", "cost", FORMAT(MSPDI) | FORMAT(CSV)},
    {"precedence", "before", TO_ALL},
    {"precedence", "after", TO_ALL},
    {"precedence", "type", TO_ALL},
    {"precedence", "lag", TO_ALL},
    {"calendar", "id", TO_TOOLS},
    {"calendar", "monday", TO_TOOLS},
    {"calendar", "tuesday", TO_TOOLS},
    {"calendar", "wednesday", TO_TOOLS},
    {"calendar", "thursday", TO_TOOLS},
    {"calendar", "friday", TO_TOOLS},
    {"calendar", "saturday", TO_TOOLS},
    {"calendar", "sunday", TO_TOOLS},
    {"holiday", "calendar", TO_TOOLS},
    {"holiday", "date", TO_TOOLS},
    {"holiday", "name", TO_PROJECT},
    {"programme_resource", "id", TO_TABLES},
    {"programme_resource", "name", TO_TOOLS},
    {"programme_resource", "units", TO_TOOLS},
    {"programme_resource", "kind", TO_TOOLS},
    {"assignment", "activity", TO_TABLES},
    {"assignment", "programme_resource", TO_TABLES},
    {"assignment", "units", TO_TABLES},
};

static bool is_carried(const char *table, const char *column, numu_export format) {
    for (size_t i = 0; i < sizeof carried / sizeof carried[0]; i++) {
        if (strcmp(carried[i].table, table) == 0 &&
            (column == NULL || strcmp(carried[i].column, column) == 0) &&
            (carried[i].formats >> format & 1U) != 0) {
            return true;
        }
    }
    return false;
}

static void not_carried(struct numu_report *report, const char *kind, struct numu_text name,
                        const char *table) {
    struct numu_diagnostic finding = {.code = NUMU_CODE_NOT_CARRIED,
                                      .place = NUMU_NOWHERE,
                                      .related = NUMU_NOWHERE,
                                      .arguments = {numu_argument_string(kind),
                                                    numu_argument_text(name),
                                                    numu_argument_string(table)}};
    numu_report_add(report, &finding);
}

/*
 * Parents sum up their parts in an outline: they carry no work, dates, cost or resources of their
 * own, and what waits for one waits for all of its parts. Each kind is told once, by the first.
 */
static void report_parents(const struct numu_model *model, const bool *is_parent,
                           struct numu_report *report) {
    const struct numu_table_activity *activity = &model->activity;
    const struct numu_table_precedence *link = &model->precedence;
    numu_row with_work = NUMU_NONE;
    numu_row with_link = NUMU_NONE;
    for (numu_row row = activity->head.count; row-- > 0;) {
        bool has_own = activity->likely[row] != 0 || activity->not_before[row] != NUMU_NO_DAY ||
                       activity->deadline[row] != NUMU_NO_DAY ||
                       activity->started[row] != NUMU_NO_DAY ||
                       (activity->cost[row] != NUMU_NO_NUMBER && activity->cost[row] != 0);
        with_work = is_parent[row] && has_own ? row : with_work;
    }
    for (numu_row row = model->assignment.head.count; row-- > 0;) {
        numu_row own = model->assignment.activity[row];
        with_work = with_work == NUMU_NONE && is_parent[own] ? own : with_work;
    }
    for (numu_row row = link->head.count; row-- > 0;) {
        with_link = is_parent[link->after[row]] ? link->after[row] : with_link;
        with_link = is_parent[link->before[row]] ? link->before[row] : with_link;
    }
    if (with_work != NUMU_NONE) {
        not_carried(report, "kind.parent_work", activity->id[with_work], NULL);
    }
    if (with_link != NUMU_NONE) {
        not_carried(report, "kind.parent_link", activity->id[with_link], NULL);
    }
}

static numu_status look_at_parents(const struct numu_model *model, struct numu_report *report) {
    struct numu_arena scratch;
    bool *is_parent;
    numu_arena_init(&scratch, model->arena.heap);
    numu_status status = NUMU_TAKE(&scratch, &is_parent, model->activity.head.count);
    for (numu_row row = 0; status == NUMU_OK && row < model->activity.head.count; row++) {
        if (model->activity.parent[row] != NUMU_NONE) {
            is_parent[model->activity.parent[row]] = true;
        }
    }
    if (status == NUMU_OK) {
        report_parents(model, is_parent, report);
    }
    numu_arena_release(&scratch);
    return status;
}

/* A material has no limit in other tools. */
static void report_consumables(const struct numu_model *model, struct numu_report *report) {
    const struct numu_table_programme_resource *resource = &model->programme_resource;
    for (numu_row row = 0; row < resource->head.count; row++) {
        if (resource->kind[row] == numu_programme_resource_kind_consumable) {
            not_carried(report, "kind.material_limit", resource->id[row], NULL);
        }
    }
}

numu_status numu_export_report_not_carried(const struct numu_model *model, numu_export format,
                                           struct numu_report *report) {
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        if (numu_model_head_of(model, table)->count == 0) {
            continue;
        }
        if (!is_carried(table->name, NULL, format)) {
            not_carried(report, "kind.table", numu_text_of(table->name), NULL);
            continue;
        }
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            if (!is_carried(table->name, column->name, format) &&
                numu_model_column_is_used(model, table, column)) {
                not_carried(report, "kind.column", numu_text_of(column->name), table->name);
            }
        }
    }
    if (format == NUMU_EXPORT_MSPDI || format == NUMU_EXPORT_XER) {
        NUMU_TRY(look_at_parents(model, report));
        report_consumables(model, report);
    }
    for (const struct numu_column *column = numu_schema->columns; column->name != NULL; column++) {
        if (!column->required && !is_carried("package", column->name, format) &&
            numu_model_column_is_used(model, numu_schema, column)) {
            not_carried(report, "kind.property", numu_text_of(column->name), NULL);
        }
    }
    return NUMU_OK;
}
