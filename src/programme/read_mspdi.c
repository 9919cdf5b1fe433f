/*
 * read_mspdi.c - Microsoft Project's XML (MSPDI, namespace http://schemas.microsoft.com/project).
 *
 * What is read: the project's dates, currency and calendar; base calendars with their weeks and
 * exceptions that rest; tasks with outline, duration, constraints, deadline, progress and cost;
 * links with lags; work and material resources with their assignments. An id is the task's WBS code
 * where all have one, since that is what people write and what write_mspdi.c puts there.
 *
 * Source: "Project XML Data Interchange Schema Reference" (Microsoft, Office 2003 and later) and
 * files of Project 2019. Lags are tenths of minutes, days of the week count from Sunday = 1,
 * amounts are hundredths, units of 1 are 100 %.
 */
#include "base/xml.h"
#include "programme/exchange_parts.h"

#include <string.h>

static const int64_t minutes_a_day = INT64_C(24) * 60;

enum { OUTLINE_MAX = 64, EXCEPTION_DAYS_MAX = 3700, HOLIDAYS_MAX = 1 << 20 };

struct mspdi {
    struct numu_exchange_reader *reader;
    const struct numu_xml *root;
    struct numu_map calendars, tasks, resources; /* by UID */
    struct numu_text *calendar_uids, *task_uids, *resource_uids;
    bool *is_summary;
};

static bool flag(const struct numu_xml *element, const char *name) {
    struct numu_text text = numu_xml_text(element, name);
    return numu_text_is(text, "1") || numu_text_is(text, "true");
}

static int64_t integer(const struct numu_xml *element, const char *name, int64_t otherwise) {
    return numu_exchange_integer(numu_xml_text(element, name), otherwise);
}

static numu_day day(const struct numu_xml *element, const char *name) {
    return numu_exchange_day(numu_xml_text(element, name));
}

static numu_day last_day(const struct numu_xml *element, const char *name) {
    return numu_exchange_last_day(numu_xml_text(element, name));
}

/* Hours of "PT8H30M0S", × 10^9; NUMU_NO_NUMBER where it is none. */
static numu_decimal hours_of(struct numu_text text) {
    int64_t seconds = 0;
    int64_t number = 0;
    bool has_digits = false;
    if (text.length < 2 || text.data[0] != 'P') {
        return NUMU_NO_NUMBER;
    }
    for (size_t i = 1; i < text.length; i++) {
        char c = text.data[i];
        if (c >= '0' && c <= '9' && number < 1000000000) {
            number = number * 10 + (c - '0');
            has_digits = true;
            continue;
        }
        int64_t unit = c == 'H' ? 3600 : c == 'M' ? 60 : c == 'S' ? 1 : c == 'D' ? 86400 : 0;
        if (c != 'T' && c != '.' && (unit == 0 || !has_digits)) {
            return NUMU_NO_NUMBER;
        }
        if (c == '.') { /* parts of a second say nothing of a day */
            while (i + 1 < text.length && text.data[i + 1] != 'S') {
                i++;
            }
            unit = 1;
            i++;
        }
        seconds += number * unit;
        number = 0;
        has_digits = false;
    }
    numu_decimal hours;
    return numu_multiply_divide(seconds, NUMU_DECIMAL_ONE, 3600, NUMU_ROUND_HALF_EVEN, &hours) ==
                   NUMU_OK
               ? hours
               : NUMU_NO_NUMBER;
}

static uint32_t count_of(const struct numu_xml *parent, const char *name) {
    uint32_t count = 0;
    for (const struct numu_xml *child = numu_xml_find(parent, name); child != NULL;
         child = numu_xml_next(child)) {
        count++;
    }
    return count;
}

/* --- calendars --- */

static bool is_base(const struct numu_xml *calendar) {
    return flag(calendar, "IsBaseCalendar");
}

static numu_decimal worked_hours(const struct numu_xml *weekday) {
    int64_t minutes = 0;
    if (!flag(weekday, "DayWorking")) {
        return 0;
    }
    for (const struct numu_xml *time =
             numu_xml_find(numu_xml_find(weekday, "WorkingTimes"), "WorkingTime");
         time != NULL; time = numu_xml_next(time)) {
        int64_t from = numu_exchange_clock(numu_xml_text(time, "FromTime"));
        int64_t to = numu_exchange_clock(numu_xml_text(time, "ToTime"));
        minutes += numu_exchange_shift(from, to);
    }
    minutes = minutes < 0 ? 0 : minutes > minutes_a_day ? minutes_a_day : minutes;
    return minutes * NUMU_DECIMAL_ONE / 60;
}

/* Days of an exception that rests in every year's calendar alike; 0 where it is of another kind. */
static int64_t resting_days(const struct numu_xml *exception, numu_day *out_first) {
    const struct numu_xml *period = numu_xml_find(exception, "TimePeriod");
    numu_day first = day(period, "FromDate");
    numu_day last = day(period, "ToDate");
    int64_t type = integer(exception, "Type", 1);
    bool is_plain = type == 1 && integer(exception, "Period", 1) <= 1;
    if (first == NUMU_NO_DAY || last < first || flag(exception, "DayWorking") || !is_plain ||
        (int64_t)last - first >= EXCEPTION_DAYS_MAX) {
        return 0;
    }
    *out_first = first;
    return (int64_t)last - first + 1;
}

/* Exceptions stand in a list of their own, or, in older files, among the weekdays as day 0. */
static const struct numu_xml *first_exception(const struct numu_xml *calendar) {
    return numu_xml_find(numu_xml_find(calendar, "Exceptions"), "Exception");
}

static bool is_old_exception(const struct numu_xml *weekday, bool has_list) {
    return !has_list && integer(weekday, "DayType", 0) == 0;
}

static int64_t count_holidays(const struct numu_xml *calendar) {
    numu_day unused;
    int64_t count = 0;
    bool has_list = first_exception(calendar) != NULL;
    for (const struct numu_xml *exception = first_exception(calendar); exception != NULL;
         exception = numu_xml_next(exception)) {
        count += resting_days(exception, &unused);
    }
    for (const struct numu_xml *weekday =
             numu_xml_find(numu_xml_find(calendar, "WeekDays"), "WeekDay");
         weekday != NULL; weekday = numu_xml_next(weekday)) {
        count += is_old_exception(weekday, has_list) ? resting_days(weekday, &unused) : 0;
    }
    return count;
}

static void add_exception(struct mspdi *mspdi, const struct numu_xml *exception, uint32_t calendar,
                          uint32_t *holiday) {
    numu_day first = 0;
    int64_t days = resting_days(exception, &first);
    if (days == 0) {
        numu_exchange_not_carried(mspdi->reader, "kind.exception", numu_xml_text(exception, "Name"),
                                  numu_exchange_place(mspdi->reader, exception));
    }
    for (int64_t i = 0; i < days; i++) {
        mspdi->reader->out->holidays[(*holiday)++] =
            (struct numu_exchange_holiday){.calendar = calendar,
                                           .day = first + (numu_day)i,
                                           .name = numu_xml_text(exception, "Name")};
    }
}

static void read_calendar(struct mspdi *mspdi, const struct numu_xml *element, uint32_t calendar,
                          uint32_t *holiday) {
    struct numu_exchange_calendar *out = &mspdi->reader->out->calendars[calendar];
    const struct numu_xml *weekday = numu_xml_find(numu_xml_find(element, "WeekDays"), "WeekDay");
    bool has_list = first_exception(element) != NULL;
    out->id = numu_xml_text(element, "Name");
    for (int i = 0; weekday == NULL && i < 5; i++) {
        out->hours[i] = 8 * NUMU_DECIMAL_ONE; /* a calendar without a week is the usual one */
    }
    for (; weekday != NULL; weekday = numu_xml_next(weekday)) {
        int64_t type = integer(weekday, "DayType", -1);
        if (type >= 1 && type <= 7) {
            out->hours[(type + 5) % 7] = worked_hours(weekday);
        } else if (is_old_exception(weekday, has_list)) {
            add_exception(mspdi, weekday, calendar, holiday);
        }
    }
    for (const struct numu_xml *exception = first_exception(element); exception != NULL;
         exception = numu_xml_next(exception)) {
        add_exception(mspdi, exception, calendar, holiday);
    }
    bool works = false;
    for (int i = 0; i < 7; i++) {
        works = works || out->hours[i] > 0;
    }
    if (!works) {
        numu_exchange_complain(mspdi->reader, numu_exchange_place(mspdi->reader, element), out->id,
                               "kind.working_week");
    }
}

static void read_calendars(struct mspdi *mspdi) {
    uint32_t calendar = 0;
    uint32_t holiday = 0;
    for (const struct numu_xml *element =
             numu_xml_find(numu_xml_find(mspdi->root, "Calendars"), "Calendar");
         element != NULL; element = numu_xml_next(element)) {
        if (!is_base(element)) {
            continue; /* a resource's own */
        }
        mspdi->calendar_uids[calendar] = numu_xml_text(element, "UID");
        (void)numu_map_add(&mspdi->calendars, calendar);
        read_calendar(mspdi, element, calendar, &holiday);
        calendar++;
    }
    mspdi->reader->out->holiday_count = holiday;
}

/* --- tasks --- */

/* The task that stands for the whole project, blank lines and tasks switched off are left out. */
static bool is_activity(const struct numu_xml *task) {
    return !flag(task, "IsNull") && !numu_text_is(numu_xml_text(task, "UID"), "0") &&
           !numu_text_is(numu_xml_text(task, "Active"), "0");
}

static numu_decimal days_of(const struct mspdi *mspdi, uint32_t calendar,
                            const struct numu_xml *task, const char *name) {
    numu_decimal hours = hours_of(numu_xml_text(task, name));
    return hours == NUMU_NO_NUMBER ? NUMU_NO_NUMBER
                                   : numu_exchange_days(mspdi->reader->out, calendar, hours);
}

static void read_constraint(struct mspdi *mspdi, const struct numu_xml *task,
                            struct numu_exchange_activity *activity) {
    enum { ASAP, ALAP, MSO, MFO, SNET, SNLT, FNET, FNLT };
    static const char *const names[] = {"", "ALAP", "MSO", "MFO", "SNET", "SNLT", "FNET", "FNLT"};
    int64_t type = integer(task, "ConstraintType", ASAP);
    activity->deadline = last_day(task, "Deadline");
    if (type == SNET || type == MSO) {
        activity->not_before = day(task, "ConstraintDate");
    } else if (type == FNLT && activity->deadline == NUMU_NO_DAY) {
        activity->deadline = last_day(task, "ConstraintDate");
    }
    if (type == ALAP || type == MSO || type == MFO || type == SNLT || type == FNET) {
        numu_exchange_not_carried(mspdi->reader, "kind.constraint", numu_text_of(names[type]),
                                  numu_exchange_place(mspdi->reader, task));
    }
}

static void read_cost(const struct mspdi *mspdi, const struct numu_xml *task,
                      struct numu_exchange_activity *activity) {
    int64_t hundredths;
    int decimals = numu_currency_decimals(mspdi->reader->out->currency);
    struct numu_text text = numu_xml_text(task, "Cost");
    if (numu_number_parse(text, decimals, '.', &hundredths) == NUMU_NUMBER_OK && hundredths > 0) {
        activity->cost = hundredths / 100; /* amounts are in hundredths of the unit */
    }
}

static void read_task(struct mspdi *mspdi, const struct numu_xml *task, uint32_t row) {
    struct numu_exchange_activity *activity = &mspdi->reader->out->activities[row];
    activity->place = numu_exchange_place(mspdi->reader, task);
    activity->id = numu_xml_text(task, "WBS");
    activity->name = numu_xml_text(task, "Name");
    mspdi->is_summary[row] = flag(task, "Summary");
    numu_row calendar = numu_map_find(&mspdi->calendars, numu_xml_text(task, "CalendarUID"));
    activity->calendar = calendar;
    read_constraint(mspdi, task, activity);
    if (mspdi->is_summary[row]) {
        activity->not_before = NUMU_NO_DAY; /* its children carry dates of their own */
        activity->deadline = NUMU_NO_DAY;
        return;
    }
    activity->likely = days_of(mspdi, calendar, task, "Duration");
    if (activity->likely == NUMU_NO_NUMBER) {
        struct numu_text duration = numu_xml_text(task, "Duration");
        if (duration.length > 0) {
            numu_exchange_complain(mspdi->reader, activity->place, duration, "kind.duration");
        }
        activity->likely = 0;
    }
    activity->started = day(task, "ActualStart");
    activity->finished = last_day(task, "ActualFinish");
    if (activity->started != NUMU_NO_DAY && activity->finished == NUMU_NO_DAY) {
        activity->remaining = days_of(mspdi, calendar, task, "RemainingDuration");
    }
    if (activity->finished != NUMU_NO_DAY && activity->finished < activity->started) {
        activity->finished = activity->started; /* a milestone reached at midnight */
    }
    read_cost(mspdi, task, activity);
}

static void read_tasks(struct mspdi *mspdi) {
    uint32_t row = 0;
    uint32_t outline[OUTLINE_MAX]; /* the last task of each level */
    for (int i = 0; i < OUTLINE_MAX; i++) {
        outline[i] = NUMU_NONE;
    }
    for (const struct numu_xml *task = numu_xml_find(numu_xml_find(mspdi->root, "Tasks"), "Task");
         task != NULL; task = numu_xml_next(task)) {
        if (!is_activity(task)) {
            continue;
        }
        mspdi->task_uids[row] = numu_xml_text(task, "UID");
        if (numu_map_add(&mspdi->tasks, row) != NUMU_NONE) {
            numu_exchange_complain(mspdi->reader, numu_exchange_place(mspdi->reader, task),
                                   mspdi->task_uids[row], "kind.uid");
        }
        read_task(mspdi, task, row);
        int64_t level = integer(task, "OutlineLevel", 1);
        if (level >= 1 && level < OUTLINE_MAX) {
            mspdi->reader->out->activities[row].parent = outline[level - 1];
            outline[level] = row;
            for (int64_t deeper = level + 1; deeper < OUTLINE_MAX; deeper++) {
                outline[deeper] = NUMU_NONE;
            }
        }
        row++;
    }
}

/* --- links --- */

static bool read_link(struct mspdi *mspdi, const struct numu_xml *element, uint32_t after,
                      struct numu_exchange_link *out) {
    enum { FF, FS, SF, SS, PERCENT = 19, ELAPSED_PERCENT = 20 };
    static const uint8_t types[] = {numu_link_FF, numu_link_FS, numu_link_SF, numu_link_SS};
    struct numu_exchange_reader *reader = mspdi->reader;
    struct numu_text uid = numu_xml_text(element, "PredecessorUID");
    numu_row before = numu_map_find(&mspdi->tasks, uid);
    int64_t type = integer(element, "Type", FS);
    int64_t format = integer(element, "LagFormat", 7);
    int64_t tenths = integer(element, "LinkLag", 0);
    if (flag(element, "CrossProject") || before == NUMU_NONE) {
        numu_exchange_not_carried(reader, "kind.link", uid,
                                  numu_exchange_place(mspdi->reader, element));
        return false;
    }
    if (type < FF || type > SS) {
        numu_exchange_complain(reader, numu_exchange_place(mspdi->reader, element),
                               numu_xml_text(element, "Type"), "kind.link_type");
        return false;
    }
    *out = (struct numu_exchange_link){.before = before, .after = after, .type = types[type]};
    if ((format & 31) == PERCENT || (format & 31) == ELAPSED_PERCENT) {
        numu_exchange_not_carried(reader, "kind.lag", numu_xml_text(element, "LinkLag"),
                                  numu_exchange_place(mspdi->reader, element));
    } else if (tenths > -INT64_C(1000000000) && tenths < INT64_C(1000000000)) {
        uint32_t calendar = reader->out->activities[before].calendar;
        out->lag = numu_exchange_days(reader->out, calendar, tenths * (NUMU_DECIMAL_ONE / 200) / 3);
    }
    return true;
}

/* In the order of tasks, and of links within a task. */
static void read_links(struct mspdi *mspdi) {
    uint32_t row = 0;
    uint32_t count = 0;
    for (const struct numu_xml *task = numu_xml_find(numu_xml_find(mspdi->root, "Tasks"), "Task");
         task != NULL; task = numu_xml_next(task)) {
        if (!is_activity(task)) {
            continue;
        }
        for (const struct numu_xml *link = numu_xml_find(task, "PredecessorLink"); link != NULL;
             link = numu_xml_next(link)) {
            if (read_link(mspdi, link, row, &mspdi->reader->out->links[count])) {
                count++;
            }
        }
        row++;
    }
    mspdi->reader->out->link_count = count;
}

/* --- resources --- */

static void read_resource(struct mspdi *mspdi, const struct numu_xml *element, uint32_t row) {
    enum { MATERIAL, WORK };
    struct numu_exchange_resource *resource = &mspdi->reader->out->resources[row];
    struct numu_text code = numu_xml_text(element, "Code");
    resource->name = numu_xml_text(element, "Name");
    resource->id = code.length > 0 ? code : resource->name;
    resource->is_consumable = integer(element, "Type", WORK) == MATERIAL;
    resource->units = numu_exchange_decimal(numu_xml_text(element, "MaxUnits"), NUMU_DECIMAL_ONE);
    if (resource->is_consumable) {
        resource->units = 0; /* as much as is asked for, see read_assignments */
    }
}

static bool is_resource(const struct numu_xml *element) {
    return !flag(element, "IsNull") && !numu_text_is(numu_xml_text(element, "UID"), "0") &&
           integer(element, "Type", 1) != 2; /* 2: a cost, which nobody waits for */
}

static void read_resources(struct mspdi *mspdi) {
    uint32_t row = 0;
    for (const struct numu_xml *element =
             numu_xml_find(numu_xml_find(mspdi->root, "Resources"), "Resource");
         element != NULL; element = numu_xml_next(element)) {
        if (!is_resource(element)) {
            continue;
        }
        mspdi->resource_uids[row] = numu_xml_text(element, "UID");
        (void)numu_map_add(&mspdi->resources, row);
        read_resource(mspdi, element, row);
        row++;
    }
}

static numu_status read_assignments(struct mspdi *mspdi) {
    struct numu_exchange *out = mspdi->reader->out;
    uint32_t count = 0;
    for (const struct numu_xml *element =
             numu_xml_find(numu_xml_find(mspdi->root, "Assignments"), "Assignment");
         element != NULL; element = numu_xml_next(element)) {
        numu_row task = numu_map_find(&mspdi->tasks, numu_xml_text(element, "TaskUID"));
        numu_row resource = numu_map_find(&mspdi->resources, numu_xml_text(element, "ResourceUID"));
        numu_decimal units =
            numu_exchange_decimal(numu_xml_text(element, "Units"), NUMU_DECIMAL_ONE);
        if (task == NUMU_NONE || resource == NUMU_NONE || units <= 0 || mspdi->is_summary[task]) {
            continue;
        }
        out->assignments[count++] = (struct numu_exchange_assignment){task, resource, units};
        if (out->resources[resource].is_consumable) {
            NUMU_TRY(
                numu_add(out->resources[resource].units, units, &out->resources[resource].units));
        }
    }
    out->assignment_count = count;
    return NUMU_OK;
}

/* --- the whole --- */

static uint32_t count_if(const struct numu_xml *parent, const char *name,
                         bool (*is_counted)(const struct numu_xml *element)) {
    uint32_t count = 0;
    for (const struct numu_xml *child = numu_xml_find(parent, name); child != NULL;
         child = numu_xml_next(child)) {
        count += is_counted(child);
    }
    return count;
}

static numu_status take(struct mspdi *mspdi) {
    struct numu_exchange *out = mspdi->reader->out;
    struct numu_arena *arena = mspdi->reader->arena;
    const struct numu_xml *tasks = numu_xml_find(mspdi->root, "Tasks");
    const struct numu_xml *calendars = numu_xml_find(mspdi->root, "Calendars");
    const struct numu_xml *resources = numu_xml_find(mspdi->root, "Resources");
    out->calendar_count = count_if(calendars, "Calendar", is_base);
    out->activity_count = count_if(tasks, "Task", is_activity);
    out->resource_count = count_if(resources, "Resource", is_resource);
    out->assignment_count = count_of(numu_xml_find(mspdi->root, "Assignments"), "Assignment");
    for (const struct numu_xml *task = numu_xml_find(tasks, "Task"); task != NULL;
         task = numu_xml_next(task)) {
        out->link_count += count_of(task, "PredecessorLink");
    }
    int64_t holidays = 0;
    for (const struct numu_xml *calendar = numu_xml_find(calendars, "Calendar"); calendar != NULL;
         calendar = numu_xml_next(calendar)) {
        holidays += is_base(calendar) ? count_holidays(calendar) : 0;
    }
    if (holidays > HOLIDAYS_MAX) { /* a line can stand for ten years */
        return NUMU_LIMIT;
    }
    out->holiday_count = (uint32_t)holidays;
    NUMU_TRY(numu_exchange_take(arena, out));
    NUMU_TRY(NUMU_TAKE(arena, &mspdi->calendar_uids, out->calendar_count));
    NUMU_TRY(NUMU_TAKE(arena, &mspdi->task_uids, out->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &mspdi->resource_uids, out->resource_count));
    NUMU_TRY(NUMU_TAKE(arena, &mspdi->is_summary, out->activity_count));
    NUMU_TRY(numu_map_init(&mspdi->calendars, arena, mspdi->calendar_uids, out->calendar_count));
    NUMU_TRY(numu_map_init(&mspdi->tasks, arena, mspdi->task_uids, out->activity_count));
    return numu_map_init(&mspdi->resources, arena, mspdi->resource_uids, out->resource_count);
}

static numu_status read_root(struct mspdi *mspdi) {
    struct numu_exchange_reader *reader = mspdi->reader;
    struct numu_xml_error error;
    numu_status status = numu_xml_read(reader->arena, reader->bytes, &mspdi->root, &error);
    if (status == NUMU_INVALID) {
        numu_exchange_bad_xml(reader, &error);
    }
    return status;
}

numu_status numu_exchange_read_mspdi(struct numu_exchange_reader *reader) {
    struct mspdi mspdi = {.reader = reader};
    struct numu_exchange *out = reader->out;
    NUMU_TRY(read_root(&mspdi));
    if (!numu_text_is(mspdi.root->name, "Project")) {
        numu_exchange_complain(reader, numu_exchange_place(reader, mspdi.root), mspdi.root->name,
                               "<Project>");
        return NUMU_INVALID;
    }
    out->title = numu_xml_text(mspdi.root, "Title");
    out->start = day(mspdi.root, "StartDate");
    out->finish = day(mspdi.root, "FinishDate");
    out->data_date = day(mspdi.root, "StatusDate");
    out->currency = numu_currency_find(numu_xml_text(mspdi.root, "CurrencyCode"));
    NUMU_TRY(take(&mspdi));
    read_calendars(&mspdi);
    out->calendar = numu_map_find(&mspdi.calendars, numu_xml_text(mspdi.root, "CalendarUID"));
    read_tasks(&mspdi);
    read_links(&mspdi);
    read_resources(&mspdi);
    NUMU_TRY(read_assignments(&mspdi));
    return numu_exchange_expand_summaries(reader, mspdi.is_summary);
}
