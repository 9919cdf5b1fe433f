/*
 * write_xer.c - Primavera's export file; what fields mean is told in read_xer.c.
 *
 * Parents of the work breakdown become its nodes, all other activities tasks. Text is Windows-1252,
 * as P6 expects it, where that holds every character, else UTF-8. Tabs and line ends within texts
 * become blanks.
 */
#include "programme/write_parts.h"

#include <stddef.h>
#include <string.h>

enum { PROJECT = 1, ROOT = 1, FIRST_PART = 2 };

static void text(struct numu_export_writer *writer, struct numu_text value) {
    for (size_t i = 0; i < value.length && writer->status == NUMU_OK; i++) {
        char c = value.data[i];
        writer->status = numu_buffer_append_char(writer->buffer, (unsigned char)c < ' ' ? ' ' : c);
    }
}

static void field(struct numu_export_writer *writer, struct numu_text value) {
    numu_export_printf(writer, "\t");
    text(writer, value);
}

static void day(struct numu_export_writer *writer, numu_day value, const char *time) {
    char room[NUMU_DAY_TEXT_BYTES];
    numu_export_printf(writer, "\t%s%s%s", numu_day_format(value, room),
                       value == NUMU_NO_DAY ? "" : " ", value == NUMU_NO_DAY ? "" : time);
}

/* Hours of so many minutes, with as many decimals as minutes need. */
static void hours(struct numu_export_writer *writer, int64_t minutes) {
    enum { DECIMALS = 6 };
    int64_t value;
    numu_export_printf(writer, "\t");
    if (writer->status == NUMU_OK) {
        writer->status = numu_multiply_divide(minutes, numu_power_of_ten(DECIMALS), 60,
                                              NUMU_ROUND_HALF_EVEN, &value);
    }
    if (writer->status == NUMU_OK) {
        writer->status = numu_number_write(writer->buffer, value, DECIMALS, true);
    }
}

static void number(struct numu_export_writer *writer, numu_decimal value) {
    numu_export_printf(writer, "\t");
    if (writer->status == NUMU_OK) {
        writer->status = numu_number_write(writer->buffer, value, NUMU_DECIMAL_DECIMALS, true);
    }
}

static void table(struct numu_export_writer *writer, const char *name, const char *fields) {
    numu_export_printf(writer, "%%T\t%s\r\n%%F\t", name);
    for (const char *c = fields; *c != '\0'; c++) {
        numu_export_printf(writer, "%c", *c == ' ' ? '\t' : *c);
    }
    numu_export_printf(writer, "\r\n");
}

/* --- calendars --- */

static uint32_t calendar_id(const struct numu_model *model, numu_row calendar) {
    return calendar == NUMU_NONE ? model->calendar.head.count + 1 : calendar + 1;
}

static void weekday(struct numu_export_writer *writer, int number_of_day, numu_decimal worked) {
    enum { DAY_BEGINS = 8 * 60, MINUTES_OF_DAY = 24 * 60 };
    int64_t minutes = worked * 60 / NUMU_DECIMAL_ONE;
    numu_export_printf(writer, "(0||%d()(", number_of_day);
    if (minutes > 0) {
        int64_t from = minutes > MINUTES_OF_DAY - DAY_BEGINS ? 0 : DAY_BEGINS;
        int64_t to = (from + minutes) % MINUTES_OF_DAY;
        numu_export_printf(writer, "(0||0(s|%02lld:%02lld|f|%02lld:%02lld)())",
                           (long long)from / 60, (long long)from % 60, (long long)to / 60,
                           (long long)to % 60);
    }
    numu_export_printf(writer, "))");
}

static void calendar(struct numu_export_writer *writer, numu_row row) {
    static const numu_day serial_epoch = -25569; /* 1899-12-30 */
    const struct numu_table_calendar *from = &writer->model->calendar;
    const struct numu_table_holiday *holiday = &writer->model->holiday;
    const numu_decimal *columns[] = {from->sunday,   from->monday, from->tuesday, from->wednesday,
                                     from->thursday, from->friday, from->saturday};
    numu_export_printf(writer, "%%R\t%u\t", calendar_id(writer->model, row));
    text(writer, row == NUMU_NONE ? NUMU_TEXT("every_day") : from->id[row]);
    numu_export_printf(writer, "\t%d\tCA_Project\t(0||CalendarData()((0||DaysOfWeek()(", PROJECT);
    for (int i = 0; i < 7; i++) {
        weekday(writer, i + 1, row == NUMU_NONE ? 24 * NUMU_DECIMAL_ONE : columns[i][row]);
    }
    numu_export_printf(writer, "))(0||Exceptions()(");
    for (numu_row i = 0; i < holiday->head.count; i++) {
        if (holiday->calendar[i] == row) {
            numu_export_printf(writer, "(0||%u(d|%ld)())", i,
                               (long)holiday->date[i] - serial_epoch);
        }
    }
    numu_export_printf(writer, "))))\r\n");
}

static void calendars(struct numu_export_writer *writer) {
    table(writer, "CALENDAR", "clndr_id clndr_name proj_id clndr_type clndr_data");
    for (numu_row row = 0; row < writer->model->calendar.head.count; row++) {
        calendar(writer, row);
    }
    if (writer->model->package.calendar[0] == NUMU_NONE) {
        calendar(writer, NUMU_NONE);
    }
}

/* --- work breakdown and tasks --- */

static uint32_t part_id(numu_row activity) {
    return activity == NUMU_NONE ? ROOT : FIRST_PART + activity;
}

static void breakdown(struct numu_export_writer *writer) {
    const struct numu_table_activity *activity = &writer->model->activity;
    table(writer, "PROJWBS", "wbs_id proj_id proj_node_flag wbs_short_name wbs_name parent_wbs_id");
    numu_export_printf(writer, "%%R\t%d\t%d\tY", ROOT, PROJECT);
    field(writer, writer->model->title);
    field(writer, writer->model->title);
    numu_export_printf(writer, "\t\r\n");
    for (uint32_t i = 0; i < activity->head.count; i++) {
        numu_row row = writer->order[i];
        if (!writer->is_parent[row]) {
            continue;
        }
        numu_export_printf(writer, "%%R\t%u\t%d\tN", part_id(row), PROJECT);
        field(writer, activity->id[row]);
        field(writer, activity->name[row]);
        numu_export_printf(writer, "\t%u\r\n", part_id(activity->parent[row]));
    }
}

static void constraint(struct numu_export_writer *writer, const char *type, numu_day value,
                       const char *time) {
    numu_export_printf(writer, "\t%s", value == NUMU_NO_DAY ? "" : type);
    day(writer, value, time);
}

static void task(struct numu_export_writer *writer, numu_row row) {
    const struct numu_table_activity *activity = &writer->model->activity;
    numu_row works_in = numu_export_calendar(writer->model, row);
    int64_t minutes = numu_export_minutes(writer, works_in, activity->likely[row]);
    bool is_finished = activity->finished[row] != NUMU_NO_DAY;
    bool is_started = activity->started[row] != NUMU_NO_DAY;
    int64_t left = is_finished ? 0 : minutes;
    if (!is_finished && activity->remaining[row] != NUMU_NO_NUMBER) {
        left = numu_export_minutes(writer, works_in, activity->remaining[row]);
    }
    numu_export_printf(writer, "%%R\t%u\t%d\t%u\t%u\t%s\t%s", row + 1, PROJECT,
                       part_id(activity->parent[row]), calendar_id(writer->model, works_in),
                       minutes == 0 ? "TT_FinMile" : "TT_Task",
                       is_finished  ? "TK_Complete"
                       : is_started ? "TK_Active"
                                    : "TK_NotStart");
    field(writer, activity->id[row]);
    field(writer, activity->name[row]);
    hours(writer, minutes);
    if (is_started && !is_finished && activity->remaining[row] == NUMU_NO_NUMBER) {
        numu_export_printf(writer, "\t");
    } else {
        hours(writer, left);
    }
    constraint(writer, "CS_MSOA", activity->not_before[row], "08:00");
    constraint(writer, "CS_MEOB", activity->deadline[row], "17:00");
    day(writer, activity->started[row], "08:00");
    day(writer, activity->finished[row], "17:00");
    day(writer, writer->dates->start[row], "08:00");
    day(writer, writer->dates->finish[row], "17:00");
    numu_export_printf(writer, "\r\n");
}

static void tasks(struct numu_export_writer *writer) {
    table(writer, "TASK",
          "task_id proj_id wbs_id clndr_id task_type status_code task_code task_name "
          "target_drtn_hr_cnt remain_drtn_hr_cnt cstr_type cstr_date cstr_type2 cstr_date2 "
          "act_start_date act_end_date early_start_date early_end_date");
    for (uint32_t i = 0; i < writer->model->activity.head.count; i++) {
        numu_row row = writer->order[i];
        if (!writer->is_parent[row]) {
            task(writer, row);
        }
    }
}

static void links(struct numu_export_writer *writer) {
    static const char *const types[] = {"", "PR_FS", "PR_SS", "PR_FF", "PR_SF"};
    const struct numu_table_precedence *from = &writer->model->precedence;
    table(writer, "TASKPRED",
          "task_pred_id task_id pred_task_id proj_id pred_proj_id pred_type lag_hr_cnt");
    for (numu_row row = 0; row < from->head.count; row++) {
        if (writer->is_parent[from->before[row]] || writer->is_parent[from->after[row]]) {
            continue; /* nodes of a work breakdown have no links */
        }
        numu_export_printf(writer, "%%R\t%u\t%u\t%u\t%d\t%d\t%s", row + 1, from->after[row] + 1,
                           from->before[row] + 1, PROJECT, PROJECT, types[from->type[row]]);
        hours(writer,
              numu_export_minutes(writer, numu_export_calendar(writer->model, from->before[row]),
                                  from->lag[row]));
        numu_export_printf(writer, "\r\n");
    }
}

/* --- resources --- */

static void resources(struct numu_export_writer *writer) {
    const struct numu_table_programme_resource *from = &writer->model->programme_resource;
    table(writer, "RSRC", "rsrc_id rsrc_short_name rsrc_name rsrc_type max_qty_per_hr");
    for (numu_row row = 0; row < from->head.count; row++) {
        bool is_material = from->kind[row] == numu_programme_resource_kind_consumable;
        numu_export_printf(writer, "%%R\t%u", row + 1);
        field(writer, from->id[row]);
        field(writer, from->name[row].length > 0 ? from->name[row] : from->id[row]);
        numu_export_printf(writer, "\t%s", is_material ? "RT_Mat" : "RT_Labor");
        number(writer, is_material ? 0 : from->units[row]);
        numu_export_printf(writer, "\r\n");
    }
}

static void assignments(struct numu_export_writer *writer) {
    const struct numu_table_assignment *from = &writer->model->assignment;
    table(writer, "TASKRSRC", "taskrsrc_id task_id proj_id rsrc_id target_qty_per_hr target_qty");
    for (numu_row row = 0; row < from->head.count; row++) {
        if (from->mode[row].length > 0) {
            continue; /* another way to do it, which is not carried */
        }
        numu_export_printf(writer, "%%R\t%u\t%u\t%d\t%u", row + 1, from->activity[row] + 1, PROJECT,
                           from->programme_resource[row] + 1);
        number(writer, from->units[row]);
        number(writer, from->units[row]);
        numu_export_printf(writer, "\r\n");
    }
}

/* --- the whole --- */

static void project(struct numu_export_writer *writer) {
    const struct numu_model *model = writer->model;
    table(writer, "PROJECT",
          "proj_id proj_short_name clndr_id plan_start_date last_recalc_date export_flag");
    numu_export_printf(writer, "%%R\t%d", PROJECT);
    field(writer, model->title);
    numu_export_printf(writer, "\t%u", calendar_id(model, model->package.calendar[0]));
    day(writer, model->package.start[0], "08:00");
    day(writer, model->package.data_date[0], "17:00");
    numu_export_printf(writer, "\tY\r\n");
}

/* The byte of Windows-1252 for a character, or 0 where it has none. */
static unsigned char byte_of(uint32_t code) {
    static const uint16_t high[32] = {
        0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
    if (code < 0x80 || (code >= 0xA0 && code <= 0xFF)) {
        return (unsigned char)code;
    }
    for (unsigned i = 0; i < 32; i++) {
        if (high[i] == code) {
            return (unsigned char)(0x80 + i);
        }
    }
    return 0;
}

/* In place, if every character of what was written from `first` on has a byte. */
static void encode(struct numu_buffer *buffer, size_t first) {
    struct numu_text rest = {buffer->data + first, buffer->length - first};
    uint32_t code;
    while (rest.length > 0) {
        size_t bytes = numu_utf8_decode(rest, &code);
        if (byte_of(code) == 0) {
            return;
        }
        rest = (struct numu_text){rest.data + bytes, rest.length - bytes};
    }
    size_t length = first;
    for (size_t at = first; at < buffer->length;) {
        at += numu_utf8_decode((struct numu_text){buffer->data + at, buffer->length - at}, &code);
        buffer->data[length++] = (char)byte_of(code);
    }
    buffer->length = length;
}

void numu_export_xer(struct numu_export_writer *writer) {
    char status_date[NUMU_DAY_TEXT_BYTES];
    size_t first = writer->buffer->length;
    numu_export_printf(writer,
                       "ERMHDR\t8.2\t%s\tProject\tnumu\tnumu\tnumu\tProject Management\t%s\r\n",
                       numu_day_format(writer->model->package.data_date[0], status_date),
                       numu_currency_code(writer->model->currency));
    project(writer);
    calendars(writer);
    breakdown(writer);
    tasks(writer);
    links(writer);
    resources(writer);
    assignments(writer);
    numu_export_printf(writer, "%%E\r\n");
    if (writer->status == NUMU_OK) {
        encode(writer->buffer, first);
    }
}
