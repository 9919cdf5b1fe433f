/*
 * read_pmxml.c - Primavera's XML (root APIBusinessObjects), the same programme as an XER file.
 *
 * What is read: the first project with its dates, calendars with their weeks and holidays, the work
 * breakdown as parents, activities with durations, constraints and progress, links with lags,
 * resources with their assignments. Level of effort and summaries take their dates from others.
 *
 * Source: Oracle, "Primavera P6 EPPM XML Schema" (p6apibo.xsd, 8.4 and 18.1) and files of both.
 * Durations and lags are hours; the finish of a working time is its last minute (15:59).
 */
#include "base/xml.h"
#include "programme/exchange_parts.h"

enum { HOLIDAYS_MAX = 1 << 20 };

static const int64_t minutes_a_day = INT64_C(24) * 60;

struct pmxml {
    struct numu_exchange_reader *reader;
    const struct numu_xml *root, *project;
    struct numu_map calendars, parts, activities, resources; /* by ObjectId */
    struct numu_text *calendar_ids, *part_ids, *activity_ids, *resource_ids;
    uint32_t part_count;
};

static bool says(const struct numu_xml *element, const char *name, const char *value) {
    return numu_text_is(numu_xml_text(element, name), value);
}

static numu_day day(const struct numu_xml *element, const char *name) {
    return numu_exchange_day(numu_xml_text(element, name));
}

static numu_day last_day(const struct numu_xml *element, const char *name) {
    return numu_exchange_last_day(numu_xml_text(element, name));
}

static uint32_t count_in(const struct numu_xml *parent, const char *name,
                         bool (*counts)(const struct numu_xml *element)) {
    uint32_t count = 0;
    for (const struct numu_xml *child = numu_xml_find(parent, name); child != NULL;
         child = numu_xml_next(child)) {
        count += counts == NULL || counts(child);
    }
    return count;
}

/* --- calendars, beside the project and in it --- */

/* Minutes of the working times of a day. A finish of :29 or :59 is the last minute worked. */
static int64_t worked_minutes(const struct numu_xml *parent) {
    int64_t minutes = 0;
    for (const struct numu_xml *time = numu_xml_find(parent, "WorkTime"); time != NULL;
         time = numu_xml_next(time)) {
        struct numu_text finish = numu_xml_text(time, "Finish");
        int64_t from = numu_exchange_clock(numu_xml_text(time, "Start"));
        int64_t to = numu_exchange_clock(finish);
        if (finish.length > 0) {
            to += to % 10 == 9;
            minutes += numu_exchange_shift(from, to);
        }
    }
    return minutes < 0 ? 0 : minutes > minutes_a_day ? minutes_a_day : minutes;
}

static void read_week(const struct numu_xml *element, struct numu_exchange_calendar *out) {
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    for (const struct numu_xml *hours =
             numu_xml_find(numu_xml_find(element, "StandardWorkWeek"), "StandardWorkHours");
         hours != NULL; hours = numu_xml_next(hours)) {
        for (int i = 0; i < 7; i++) {
            if (says(hours, "DayOfWeek", names[i])) {
                out->hours[i] = worked_minutes(hours) * NUMU_DECIMAL_ONE / 60;
            }
        }
    }
}

static const struct numu_xml *first_exception(const struct numu_xml *calendar) {
    return numu_xml_find(numu_xml_find(calendar, "HolidayOrExceptions"), "HolidayOrException");
}

static bool is_holiday(const struct numu_xml *exception) {
    return day(exception, "Date") != NUMU_NO_DAY && worked_minutes(exception) == 0;
}

static void read_calendar(struct pmxml *pmxml, const struct numu_xml *element, uint32_t calendar,
                          uint32_t *holiday) {
    struct numu_exchange *out = pmxml->reader->out;
    struct numu_exchange_calendar *own = &out->calendars[calendar];
    bool works = false;
    pmxml->calendar_ids[calendar] = numu_xml_text(element, "ObjectId");
    (void)numu_map_add(&pmxml->calendars, calendar);
    own->id = numu_xml_text(element, "Name");
    read_week(element, own);
    for (int i = 0; i < 7; i++) {
        works = works || own->hours[i] > 0;
    }
    if (!works) {
        numu_exchange_complain(pmxml->reader, numu_exchange_place(pmxml->reader, element), own->id,
                               "kind.working_week");
    }
    for (const struct numu_xml *exception = first_exception(element); exception != NULL;
         exception = numu_xml_next(exception)) {
        if (is_holiday(exception)) {
            out->holidays[(*holiday)++] =
                (struct numu_exchange_holiday){.calendar = calendar, .day = day(exception, "Date")};
        } else {
            numu_exchange_not_carried(pmxml->reader, "kind.exception",
                                      numu_xml_text(exception, "Date"),
                                      numu_exchange_place(pmxml->reader, exception));
        }
    }
}

static void read_calendars(struct pmxml *pmxml) {
    const struct numu_xml *const parents[] = {pmxml->root, pmxml->project};
    uint32_t calendar = 0;
    uint32_t holiday = 0;
    for (size_t i = 0; i < 2; i++) {
        for (const struct numu_xml *element = numu_xml_find(parents[i], "Calendar");
             element != NULL; element = numu_xml_next(element)) {
            read_calendar(pmxml, element, calendar++, &holiday);
        }
    }
    pmxml->reader->out->holiday_count = holiday;
    pmxml->reader->out->calendar = numu_map_find(
        &pmxml->calendars, numu_xml_text(pmxml->project, "ActivityDefaultCalendarObjectId"));
}

/* --- work breakdown and activities --- */

/* Its root stands for the whole project. */
static bool is_part(const struct numu_xml *element) {
    return numu_xml_text(element, "ParentObjectId").length > 0;
}

static bool is_work(const struct numu_xml *activity) {
    return !says(activity, "Type", "Level of Effort") && !says(activity, "Type", "WBS Summary");
}

static void read_breakdown(struct pmxml *pmxml) {
    uint32_t count = 0;
    const struct numu_xml *first = numu_xml_find(pmxml->project, "WBS");
    for (const struct numu_xml *part = first; part != NULL; part = numu_xml_next(part)) {
        if (!is_part(part)) {
            continue;
        }
        struct numu_exchange_activity *activity = &pmxml->reader->out->activities[count];
        pmxml->part_ids[count] = numu_xml_text(part, "ObjectId");
        activity->id = numu_xml_text(part, "Code");
        activity->name = numu_xml_text(part, "Name");
        activity->place = numu_exchange_place(pmxml->reader, part);
        if (numu_map_add(&pmxml->parts, count) != NUMU_NONE) {
            numu_exchange_complain(pmxml->reader, activity->place, pmxml->part_ids[count],
                                   "kind.uid");
        }
        count++;
    }
    count = 0;
    for (const struct numu_xml *part = first; part != NULL; part = numu_xml_next(part)) {
        if (is_part(part)) {
            pmxml->reader->out->activities[count++].parent =
                numu_map_find(&pmxml->parts, numu_xml_text(part, "ParentObjectId"));
        }
    }
    pmxml->part_count = count;
}

static void read_constraint(struct pmxml *pmxml, const struct numu_xml *element,
                            const char *type_name, const char *date_name,
                            struct numu_exchange_activity *activity) {
    struct numu_text type = numu_xml_text(element, type_name);
    bool is_held = numu_text_is(type, "Start On or After");
    bool is_start_on = numu_text_is(type, "Start On") || numu_text_is(type, "Mandatory Start");
    bool is_due = numu_text_is(type, "Finish On or Before");
    if (is_held || is_start_on) {
        activity->not_before = day(element, date_name);
    } else if (is_due) {
        activity->deadline = last_day(element, date_name);
    }
    if (type.length > 0 && !is_held && !is_due) {
        numu_exchange_not_carried(pmxml->reader, "kind.constraint", type,
                                  numu_exchange_place(pmxml->reader, element));
    }
}

static numu_decimal days_of(struct pmxml *pmxml, const struct numu_xml *element, const char *name,
                            uint32_t calendar) {
    struct numu_text text = numu_xml_text(element, name);
    numu_decimal hours = numu_exchange_decimal(text, NUMU_NO_NUMBER);
    if (hours == NUMU_NO_NUMBER || hours < 0 || hours > 1000000 * NUMU_DECIMAL_ONE) {
        if (text.length > 0) {
            numu_exchange_complain(pmxml->reader, numu_exchange_place(pmxml->reader, element), text,
                                   "kind.duration");
        }
        return NUMU_NO_NUMBER;
    }
    return numu_exchange_days(pmxml->reader->out, calendar, hours);
}

static void read_activity(struct pmxml *pmxml, const struct numu_xml *element,
                          struct numu_exchange_activity *activity) {
    activity->place = numu_exchange_place(pmxml->reader, element);
    activity->id = numu_xml_text(element, "Id");
    activity->name = numu_xml_text(element, "Name");
    activity->calendar =
        numu_map_find(&pmxml->calendars, numu_xml_text(element, "CalendarObjectId"));
    activity->parent = numu_map_find(&pmxml->parts, numu_xml_text(element, "WBSObjectId"));
    activity->likely = days_of(pmxml, element, "PlannedDuration", activity->calendar);
    activity->likely = activity->likely == NUMU_NO_NUMBER ? 0 : activity->likely;
    read_constraint(pmxml, element, "PrimaryConstraintType", "PrimaryConstraintDate", activity);
    read_constraint(pmxml, element, "SecondaryConstraintType", "SecondaryConstraintDate", activity);
    if (!says(element, "Status", "Not Started")) {
        activity->started = day(element, "ActualStartDate");
    }
    if (says(element, "Status", "Completed")) {
        activity->finished = last_day(element, "ActualFinishDate");
        if (activity->finished != NUMU_NO_DAY && activity->finished < activity->started) {
            activity->finished = activity->started;
        }
    } else if (activity->started != NUMU_NO_DAY) {
        activity->remaining = days_of(pmxml, element, "RemainingDuration", activity->calendar);
    }
}

static void read_activities(struct pmxml *pmxml) {
    uint32_t count = pmxml->part_count;
    for (const struct numu_xml *element = numu_xml_find(pmxml->project, "Activity");
         element != NULL; element = numu_xml_next(element)) {
        if (!is_work(element)) {
            numu_exchange_not_carried(pmxml->reader, "kind.summary", numu_xml_text(element, "Name"),
                                      numu_exchange_place(pmxml->reader, element));
            continue;
        }
        pmxml->activity_ids[count] = numu_xml_text(element, "ObjectId");
        if (numu_map_add(&pmxml->activities, count) != NUMU_NONE) {
            numu_exchange_complain(pmxml->reader, numu_exchange_place(pmxml->reader, element),
                                   pmxml->activity_ids[count], "kind.uid");
        }
        read_activity(pmxml, element, &pmxml->reader->out->activities[count]);
        count++;
    }
}

/* --- links and resources --- */

static void read_links(struct pmxml *pmxml) {
    static const char *const types[] = {"Finish to Start", "Start to Start", "Finish to Finish",
                                        "Start to Finish", NULL};
    struct numu_exchange *out = pmxml->reader->out;
    uint32_t count = 0;
    for (const struct numu_xml *element = numu_xml_find(pmxml->project, "Relationship");
         element != NULL; element = numu_xml_next(element)) {
        struct numu_text id = numu_xml_text(element, "PredecessorActivityObjectId");
        struct numu_text type = numu_xml_text(element, "Type");
        numu_row before = numu_map_find(&pmxml->activities, id);
        numu_row after =
            numu_map_find(&pmxml->activities, numu_xml_text(element, "SuccessorActivityObjectId"));
        uint8_t number = numu_choice_find(types, type);
        numu_decimal hours = numu_exchange_decimal(numu_xml_text(element, "Lag"), 0);
        bool is_sound = hours < 1000000 * NUMU_DECIMAL_ONE && hours > -1000000 * NUMU_DECIMAL_ONE;
        if (before == NUMU_NONE || after == NUMU_NONE) {
            numu_exchange_not_carried(pmxml->reader, "kind.link", id,
                                      numu_exchange_place(pmxml->reader, element));
        } else if (number == 0) {
            numu_exchange_complain(pmxml->reader, numu_exchange_place(pmxml->reader, element), type,
                                   "kind.link_type");
        } else {
            uint32_t calendar = out->activities[before].calendar;
            out->links[count++] = (struct numu_exchange_link){
                .before = before,
                .after = after,
                .type = number,
                .lag = is_sound ? numu_exchange_days(out, calendar, hours) : 0};
        }
    }
    out->link_count = count;
}

/* The limit stands in the resource, or in the first of its rates. */
static numu_decimal limit_of(const struct pmxml *pmxml, const struct numu_xml *resource) {
    struct numu_text own = numu_xml_text(resource, "MaxUnitsPerTime");
    struct numu_text id = numu_xml_text(resource, "ObjectId");
    for (const struct numu_xml *rate = numu_xml_find(pmxml->root, "ResourceRate");
         rate != NULL && own.length == 0; rate = numu_xml_next(rate)) {
        if (numu_text_is_equal(numu_xml_text(rate, "ResourceObjectId"), id)) {
            own = numu_xml_text(rate, "MaxUnitsPerTime");
        }
    }
    return numu_exchange_decimal(own, NUMU_DECIMAL_ONE);
}

static void read_resources(struct pmxml *pmxml) {
    uint32_t row = 0;
    for (const struct numu_xml *element = numu_xml_find(pmxml->root, "Resource"); element != NULL;
         element = numu_xml_next(element)) {
        bool is_consumable = says(element, "ResourceType", "Material");
        pmxml->resource_ids[row] = numu_xml_text(element, "ObjectId");
        (void)numu_map_add(&pmxml->resources, row);
        pmxml->reader->out->resources[row++] = (struct numu_exchange_resource){
            .id = numu_xml_text(element, "Id"),
            .name = numu_xml_text(element, "Name"),
            .is_consumable = is_consumable,
            .units = is_consumable ? 0 : limit_of(pmxml, element)}; /* as much as is asked for */
    }
}

static numu_status read_assignments(struct pmxml *pmxml) {
    struct numu_exchange *out = pmxml->reader->out;
    uint32_t count = 0;
    for (const struct numu_xml *element = numu_xml_find(pmxml->project, "ResourceAssignment");
         element != NULL; element = numu_xml_next(element)) {
        numu_row activity =
            numu_map_find(&pmxml->activities, numu_xml_text(element, "ActivityObjectId"));
        numu_row resource =
            numu_map_find(&pmxml->resources, numu_xml_text(element, "ResourceObjectId"));
        if (activity == NUMU_NONE || resource == NUMU_NONE) {
            continue;
        }
        struct numu_exchange_resource *taken = &out->resources[resource];
        numu_decimal units = numu_exchange_decimal(
            numu_xml_text(element, taken->is_consumable ? "PlannedUnits" : "PlannedUnitsPerTime"),
            0);
        if (units <= 0) {
            continue;
        }
        out->assignments[count++] = (struct numu_exchange_assignment){activity, resource, units};
        if (taken->is_consumable) {
            NUMU_TRY(numu_add(taken->units, units, &taken->units));
        }
    }
    out->assignment_count = count;
    return NUMU_OK;
}

/* --- the whole --- */

static int64_t count_holidays(const struct numu_xml *parent) {
    int64_t count = 0;
    for (const struct numu_xml *calendar = numu_xml_find(parent, "Calendar"); calendar != NULL;
         calendar = numu_xml_next(calendar)) {
        for (const struct numu_xml *exception = first_exception(calendar); exception != NULL;
             exception = numu_xml_next(exception)) {
            count += is_holiday(exception);
        }
    }
    return count;
}

static numu_status take(struct pmxml *pmxml) {
    struct numu_exchange *out = pmxml->reader->out;
    struct numu_arena *arena = pmxml->reader->arena;
    uint32_t parts = count_in(pmxml->project, "WBS", is_part);
    int64_t holidays = count_holidays(pmxml->root) + count_holidays(pmxml->project);
    if (holidays > HOLIDAYS_MAX) {
        return NUMU_LIMIT;
    }
    out->holiday_count = (uint32_t)holidays;
    out->calendar_count =
        count_in(pmxml->root, "Calendar", NULL) + count_in(pmxml->project, "Calendar", NULL);
    out->activity_count = parts + count_in(pmxml->project, "Activity", is_work);
    out->link_count = count_in(pmxml->project, "Relationship", NULL);
    out->resource_count = count_in(pmxml->root, "Resource", NULL);
    out->assignment_count = count_in(pmxml->project, "ResourceAssignment", NULL);
    NUMU_TRY(numu_exchange_take(arena, out));
    NUMU_TRY(NUMU_TAKE(arena, &pmxml->calendar_ids, out->calendar_count));
    NUMU_TRY(NUMU_TAKE(arena, &pmxml->part_ids, parts));
    NUMU_TRY(NUMU_TAKE(arena, &pmxml->activity_ids, out->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &pmxml->resource_ids, out->resource_count));
    NUMU_TRY(numu_map_init(&pmxml->calendars, arena, pmxml->calendar_ids, out->calendar_count));
    NUMU_TRY(numu_map_init(&pmxml->parts, arena, pmxml->part_ids, parts));
    NUMU_TRY(numu_map_init(&pmxml->activities, arena, pmxml->activity_ids, out->activity_count));
    return numu_map_init(&pmxml->resources, arena, pmxml->resource_ids, out->resource_count);
}

/* The first project; others are told. */
static void choose_project(struct pmxml *pmxml) {
    struct numu_exchange *out = pmxml->reader->out;
    pmxml->project = numu_xml_find(pmxml->root, "Project");
    for (const struct numu_xml *other = pmxml->project == NULL ? NULL
                                                               : numu_xml_next(pmxml->project);
         other != NULL; other = numu_xml_next(other)) {
        numu_exchange_not_carried(pmxml->reader, "kind.project", numu_xml_text(other, "Id"),
                                  numu_exchange_place(pmxml->reader, other));
    }
    out->title = numu_xml_text(pmxml->project, "Name");
    out->title = out->title.length > 0 ? out->title : numu_xml_text(pmxml->project, "Id");
    out->start = day(pmxml->project, "PlannedStartDate");
    out->finish = day(pmxml->project, "ScheduledFinishDate");
    out->data_date = day(pmxml->project, "DataDate");
    out->currency = numu_currency_find(numu_xml_text(numu_xml_find(pmxml->root, "Currency"), "Id"));
}

numu_status numu_exchange_read_pmxml(struct numu_exchange_reader *reader) {
    struct pmxml pmxml = {.reader = reader};
    struct numu_xml_error error;
    numu_status status = numu_xml_read(reader->arena, reader->bytes, &pmxml.root, &error);
    if (status == NUMU_INVALID) {
        numu_exchange_bad_xml(reader, &error);
    }
    NUMU_TRY(status);
    bool is_one = numu_text_is(pmxml.root->name, "APIBusinessObjects");
    choose_project(&pmxml);
    if (!is_one || pmxml.project == NULL) {
        numu_exchange_complain(reader, numu_exchange_place(reader, pmxml.root), pmxml.root->name,
                               is_one ? "<Project>" : "<APIBusinessObjects>");
        return NUMU_INVALID;
    }
    NUMU_TRY(take(&pmxml));
    read_calendars(&pmxml);
    read_breakdown(&pmxml);
    read_activities(&pmxml);
    read_links(&pmxml);
    read_resources(&pmxml);
    return read_assignments(&pmxml);
}
