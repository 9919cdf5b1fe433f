/*
 * write_mspdi.c - Microsoft Project's XML; what elements mean is told in read_mspdi.c.
 *
 * Elements come in the order of the schema. Dates are those of the schedule, so that a viewer that
 * does not schedule shows them; Project itself schedules anew from durations, links, constraints.
 */
#include "programme/write_parts.h"

#include <stddef.h>

enum { DAY_BEGINS = 8 * 60, MINUTES_OF_DAY = 24 * 60 };

static void day(struct numu_export_writer *writer, const char *name, numu_day value,
                const char *time) {
    char text[NUMU_DAY_TEXT_BYTES];
    if (value != NUMU_NO_DAY) {
        numu_export_printf(writer, "<%s>%sT%s</%s>", name, numu_day_format(value, text), time,
                           name);
    }
}

static void text(struct numu_export_writer *writer, const char *name, struct numu_text value) {
    numu_export_printf(writer, "<%s>", name);
    numu_export_xml(writer, value);
    numu_export_printf(writer, "</%s>", name);
}

static void duration(struct numu_export_writer *writer, const char *name, int64_t minutes) {
    numu_export_printf(writer, "<%s>PT%lldH%lldM0S</%s>", name, (long long)(minutes / 60),
                       (long long)(minutes % 60), name);
}

/* UIDs of calendars: row + 1; the one that works every day comes after all rows. */
static uint32_t calendar_uid(const struct numu_model *model, numu_row calendar) {
    return calendar == NUMU_NONE ? model->calendar.head.count + 1 : calendar + 1;
}

/* --- calendars --- */

/* Work from eight on, or, where the day is too short for that, from midnight on. */
static void weekday(struct numu_export_writer *writer, int number, numu_decimal hours) {
    int64_t minutes = hours * 60 / NUMU_DECIMAL_ONE;
    numu_export_printf(writer, "<WeekDay><DayType>%d</DayType><DayWorking>%d</DayWorking>", number,
                       minutes > 0);
    if (minutes > 0) {
        int64_t from = minutes > MINUTES_OF_DAY - DAY_BEGINS ? 0 : DAY_BEGINS;
        int64_t to = (from + minutes) % MINUTES_OF_DAY;
        numu_export_printf(writer,
                           "<WorkingTimes><WorkingTime><FromTime>%02lld:%02lld:00</FromTime>"
                           "<ToTime>%02lld:%02lld:00</ToTime></WorkingTime></WorkingTimes>",
                           (long long)from / 60, (long long)from % 60, (long long)to / 60,
                           (long long)to % 60);
    }
    numu_export_printf(writer, "</WeekDay>\n");
}

static void holidays(struct numu_export_writer *writer, numu_row calendar) {
    const struct numu_table_holiday *holiday = &writer->model->holiday;
    bool has_any = false;
    for (numu_row row = 0; row < holiday->head.count; row++) {
        if (holiday->calendar[row] != calendar) {
            continue;
        }
        numu_export_printf(writer,
                           "%s<Exception><EnteredByOccurrences>0</EnteredByOccurrences>"
                           "<TimePeriod>",
                           has_any ? "" : "<Exceptions>\n");
        day(writer, "FromDate", holiday->date[row], "00:00:00");
        day(writer, "ToDate", holiday->date[row], "23:59:00");
        numu_export_printf(writer, "</TimePeriod><Occurrences>1</Occurrences>");
        text(writer, "Name", holiday->name[row]);
        numu_export_printf(writer, "<Type>1</Type><DayWorking>0</DayWorking></Exception>\n");
        has_any = true;
    }
    numu_export_printf(writer, "%s", has_any ? "</Exceptions>\n" : "");
}

static void calendar(struct numu_export_writer *writer, numu_row row) {
    const struct numu_table_calendar *table = &writer->model->calendar;
    const numu_decimal *columns[] = {table->sunday,    table->monday,   table->tuesday,
                                     table->wednesday, table->thursday, table->friday,
                                     table->saturday};
    numu_export_printf(writer, "<Calendar><UID>%u</UID>", calendar_uid(writer->model, row));
    text(writer, "Name", row == NUMU_NONE ? NUMU_TEXT("every_day") : table->id[row]);
    numu_export_printf(writer, "<IsBaseCalendar>1</IsBaseCalendar>"
                               "<BaseCalendarUID>-1</BaseCalendarUID>\n<WeekDays>\n");
    for (int i = 0; i < 7; i++) {
        weekday(writer, i + 1, row == NUMU_NONE ? 24 * NUMU_DECIMAL_ONE : columns[i][row]);
    }
    numu_export_printf(writer, "</WeekDays>\n");
    if (row != NUMU_NONE) {
        holidays(writer, row);
    }
    numu_export_printf(writer, "</Calendar>\n");
}

static void calendars(struct numu_export_writer *writer) {
    numu_export_printf(writer, "<Calendars>\n");
    for (numu_row row = 0; row < writer->model->calendar.head.count; row++) {
        calendar(writer, row);
    }
    if (writer->model->package.calendar[0] == NUMU_NONE) {
        calendar(writer, NUMU_NONE);
    }
    numu_export_printf(writer, "</Calendars>\n");
}

/* --- tasks --- */

/* Amounts are hundredths of the currency's unit. */
static void cost(struct numu_export_writer *writer, numu_row row) {
    const struct numu_model *model = writer->model;
    numu_money amount = model->activity.cost[row];
    numu_currency currency = model->activity.currency[row];
    if (amount == NUMU_NO_NUMBER || (currency != 0 && currency != model->currency)) {
        return;
    }
    numu_export_printf(writer, "<Cost>");
    if (writer->status == NUMU_OK) {
        numu_money hundredths;
        writer->status = numu_multiply(amount, 100, &hundredths);
        if (writer->status == NUMU_OK) {
            writer->status = numu_number_write(writer->buffer, hundredths,
                                               numu_currency_decimals(model->currency), true);
        }
    }
    numu_export_printf(writer, "</Cost>");
}

static void progress(struct numu_export_writer *writer, numu_row row, numu_row works_in) {
    const struct numu_table_activity *activity = &writer->model->activity;
    bool is_finished = activity->finished[row] != NUMU_NO_DAY;
    numu_export_printf(writer, "<PercentComplete>%d</PercentComplete>", is_finished ? 100 : 0);
    cost(writer, row);
    day(writer, "ActualStart", activity->started[row], "08:00:00");
    day(writer, "ActualFinish", activity->finished[row], "17:00:00");
    if (activity->remaining[row] != NUMU_NO_NUMBER) {
        duration(writer, "RemainingDuration",
                 numu_export_minutes(writer, works_in, activity->remaining[row]));
    }
}

static void constraint(struct numu_export_writer *writer, numu_row row) {
    enum { AS_SOON_AS_POSSIBLE = 0, START_NO_EARLIER_THAN = 4 };
    const struct numu_table_activity *activity = &writer->model->activity;
    bool is_held = activity->not_before[row] != NUMU_NO_DAY;
    numu_export_printf(writer, "<ConstraintType>%d</ConstraintType>",
                       is_held ? START_NO_EARLIER_THAN : AS_SOON_AS_POSSIBLE);
    numu_export_printf(writer, "<CalendarUID>%lld</CalendarUID>",
                       activity->calendar[row] == NUMU_NONE
                           ? -1LL
                           : (long long)calendar_uid(writer->model, activity->calendar[row]));
    day(writer, "ConstraintDate", activity->not_before[row], "08:00:00");
    day(writer, "Deadline", activity->deadline[row], "17:00:00");
}

static void link_to(struct numu_export_writer *writer, numu_row precedence) {
    static const int types[] = {0, 1, 3, 0, 2}; /* by enum numu_link: FS 1, SS 3, FF 0, SF 2 */
    const struct numu_table_precedence *table = &writer->model->precedence;
    numu_row before = table->before[precedence];
    int64_t minutes = numu_export_minutes(writer, numu_export_calendar(writer->model, before),
                                          table->lag[precedence]);
    numu_export_printf(writer,
                       "<PredecessorLink><PredecessorUID>%u</PredecessorUID><Type>%d</Type>"
                       "<CrossProject>0</CrossProject><LinkLag>%lld</LinkLag>"
                       "<LagFormat>7</LagFormat></PredecessorLink>",
                       before + 1, types[table->type[precedence]], (long long)minutes * 10);
}

static void task(struct numu_export_writer *writer, uint32_t place, const uint32_t *first_link,
                 const numu_row *links) {
    const struct numu_table_activity *activity = &writer->model->activity;
    numu_row row = writer->order[place];
    numu_row works_in = numu_export_calendar(writer->model, row);
    bool is_summary = writer->is_parent[row];
    int64_t minutes = is_summary ? 0 : numu_export_minutes(writer, works_in, activity->likely[row]);
    numu_export_printf(writer, "<Task><UID>%u</UID><ID>%u</ID>", row + 1, place + 1);
    text(writer, "Name", activity->name[row]);
    numu_export_printf(writer, "<Active>1</Active><Manual>0</Manual><Type>1</Type>"
                               "<IsNull>0</IsNull>");
    text(writer, "WBS", activity->id[row]);
    numu_export_printf(writer, "<OutlineLevel>%u</OutlineLevel>", writer->level[row]);
    day(writer, "Start", writer->dates->start[row], "08:00:00");
    day(writer, "Finish", writer->dates->finish[row], "17:00:00");
    duration(writer, "Duration", minutes);
    numu_export_printf(writer,
                       "<DurationFormat>7</DurationFormat><Milestone>%d</Milestone>"
                       "<Summary>%d</Summary>",
                       !is_summary && minutes == 0, is_summary);
    if (!is_summary) {
        progress(writer, row, works_in);
        constraint(writer, row);
    }
    for (uint32_t i = first_link[row]; i < first_link[row + 1]; i++) {
        link_to(writer, links[i]);
    }
    numu_export_printf(writer, "</Task>\n");
}

static void tasks(struct numu_export_writer *writer) {
    uint32_t *first_link = NULL;
    numu_row *links = NULL;
    if (writer->status == NUMU_OK) {
        writer->status =
            numu_export_list_links(writer, writer->model->precedence.after, &first_link, &links);
    }
    if (writer->status != NUMU_OK) {
        return;
    }
    numu_export_printf(writer, "<Tasks>\n");
    for (uint32_t i = 0; i < writer->model->activity.head.count; i++) {
        task(writer, i, first_link, links);
    }
    numu_export_printf(writer, "</Tasks>\n");
}

/* --- resources --- */

static void number(struct numu_export_writer *writer, const char *name, numu_decimal value) {
    numu_export_printf(writer, "<%s>", name);
    if (writer->status == NUMU_OK) {
        writer->status = numu_number_write(writer->buffer, value, NUMU_DECIMAL_DECIMALS, true);
    }
    numu_export_printf(writer, "</%s>", name);
}

static void resources(struct numu_export_writer *writer) {
    const struct numu_table_programme_resource *table = &writer->model->programme_resource;
    numu_export_printf(writer, "<Resources>\n");
    for (numu_row row = 0; row < table->head.count; row++) {
        bool is_material = table->kind[row] == numu_programme_resource_kind_consumable;
        numu_export_printf(writer, "<Resource><UID>%u</UID><ID>%u</ID>", row + 1, row + 1);
        text(writer, "Name", table->name[row].length > 0 ? table->name[row] : table->id[row]);
        numu_export_printf(writer, "<Type>%d</Type><IsNull>0</IsNull>", is_material ? 0 : 1);
        text(writer, "Code", table->id[row]);
        if (!is_material) {
            number(writer, "MaxUnits", table->units[row]);
        }
        numu_export_printf(writer, "</Resource>\n");
    }
    numu_export_printf(writer, "</Resources>\n");
}

static void assignments(struct numu_export_writer *writer) {
    const struct numu_table_assignment *table = &writer->model->assignment;
    numu_export_printf(writer, "<Assignments>\n");
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->mode[row].length > 0) {
            continue; /* another way to do it, which is not carried */
        }
        numu_export_printf(writer,
                           "<Assignment><UID>%u</UID><TaskUID>%u</TaskUID>"
                           "<ResourceUID>%u</ResourceUID>",
                           row + 1, table->activity[row] + 1, table->programme_resource[row] + 1);
        number(writer, "Units", table->units[row]);
        numu_export_printf(writer, "</Assignment>\n");
    }
    numu_export_printf(writer, "</Assignments>\n");
}

/* --- the whole --- */

void numu_export_mspdi(struct numu_export_writer *writer) {
    const struct numu_model *model = writer->model;
    numu_export_printf(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                               "<Project xmlns=\"http://schemas.microsoft.com/project\">\n"
                               "<SaveVersion>14</SaveVersion>\n");
    text(writer, "Title", model->title);
    day(writer, "StartDate", model->package.start[0], "08:00:00");
    numu_export_printf(writer, "<CurrencyCode>%s</CurrencyCode>\n",
                       numu_currency_code(model->currency));
    numu_export_printf(writer, "<CalendarUID>%u</CalendarUID><MinutesPerDay>480</MinutesPerDay>\n",
                       calendar_uid(model, model->package.calendar[0]));
    day(writer, "StatusDate", model->package.data_date[0], "17:00:00");
    numu_export_printf(writer, "\n");
    calendars(writer);
    tasks(writer);
    resources(writer);
    assignments(writer);
    numu_export_printf(writer, "</Project>\n");
}
