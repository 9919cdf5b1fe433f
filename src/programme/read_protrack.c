/*
 * read_protrack.c - ProTrack's .p2x, the XML of the real-life project database of OR-AS and Ghent
 * University: a plan, who waits for whom, resources, three-point estimates, and the record of
 * tracking periods.
 *
 * The package that comes of it is the plan; the record is kept beside it (numu_exchange_tracking).
 * The format is not published; what is read here was found from files, the link types by holding
 * the planned dates of thousands of links against their lags. Times are written ddMMyyyyHHmm,
 * durations and lags are hours of the one calendar ("agenda").
 *
 * Source of the collection: J. Batselier, M. Vanhoucke, "Construction and evaluation framework for
 * a real-life project database", International Journal of Project Management 33(3), 2015.
 */
#include "base/xml.h"
#include "programme/exchange_parts.h"

#include <string.h>

enum { NO_RISK = 1, SYMMETRIC = 2, SKEWED_LEFT = 3, SKEWED_RIGHT = 4 };

struct protrack {
    struct numu_exchange_reader *reader;
    const struct numu_xml *root;
    struct numu_map activities, groups, resources; /* by the file's numbers */
    struct numu_text *activity_ids, *group_ids, *resource_ids;
    struct numu_map distribution_map; /* by the file's numbers, too */
    struct numu_text *distribution_ids;
    const struct numu_xml **distributions;
    uint32_t group_count;
};

/* --- values --- */

/* "190920120830": the day, and minutes within it. NUMU_NO_DAY where it is none. */
static numu_day time_of(struct numu_text text, int *out_minutes) {
    *out_minutes = 0;
    if (text.length != 12) {
        return NUMU_NO_DAY;
    }
    int64_t part[5]; /* day, month, year, hour, minute */
    static const size_t from[] = {0, 2, 4, 8, 10};
    static const size_t length[] = {2, 2, 4, 2, 2};
    for (int i = 0; i < 5; i++) {
        part[i] = numu_exchange_integer((struct numu_text){text.data + from[i], length[i]}, -1);
        if (part[i] < 0) {
            return NUMU_NO_DAY;
        }
    }
    struct numu_date date = {(int32_t)part[2], (int32_t)part[1], (int32_t)part[0]};
    if (!numu_date_is_valid(date) || part[3] > 23 || part[4] > 59) {
        return NUMU_NO_DAY; /* 010101000000 is "none" */
    }
    *out_minutes = (int)(part[3] * 60 + part[4]);
    return numu_day_of(date);
}

static numu_day day(const struct numu_xml *element, const char *name) {
    int minutes;
    return time_of(numu_xml_text(element, name), &minutes);
}

static numu_decimal number(const struct numu_xml *element, const char *name) {
    return numu_exchange_decimal(numu_xml_text(element, name), 0);
}

static numu_decimal days(const struct protrack *protrack, const struct numu_xml *element,
                         const char *name) {
    numu_decimal hours = number(element, name);
    bool is_sound = hours > -1000000 * NUMU_DECIMAL_ONE && hours < 1000000 * NUMU_DECIMAL_ONE;
    return numu_exchange_days(protrack->reader->out, 0, is_sound ? hours : 0);
}

/* Lists come twice, first with their name only: the child of a name in any of them. */
static const struct numu_xml *first_in(const struct protrack *protrack, const char *list,
                                       const char *name) {
    for (const struct numu_xml *element = numu_xml_find(protrack->root, list); element != NULL;
         element = numu_xml_next(element)) {
        const struct numu_xml *child = numu_xml_find(element, name);
        if (child != NULL) {
            return child;
        }
    }
    return NULL;
}

static uint32_t count_from(const struct numu_xml *element) {
    uint32_t count = 0;
    for (; element != NULL; element = numu_xml_next(element)) {
        count++;
    }
    return count;
}

/* --- calendar --- */

static void read_agenda(struct protrack *protrack) {
    struct numu_exchange *out = protrack->reader->out;
    const struct numu_xml *agenda = numu_xml_find(protrack->root, "Agenda");
    uint32_t resting_hours =
        count_from(numu_xml_find(numu_xml_find(agenda, "NonWorkingHours"), "Hour"));
    int64_t hours = resting_hours >= 24 ? 8 : 24 - (int64_t)resting_hours;
    out->calendars[0].id = NUMU_TEXT("agenda");
    for (int i = 0; i < 7; i++) {
        out->calendars[0].hours[i] = hours * NUMU_DECIMAL_ONE;
    }
    for (const struct numu_xml *rest =
             numu_xml_find(numu_xml_find(agenda, "NonWorkingDays"), "Day");
         rest != NULL; rest = numu_xml_next(rest)) {
        int64_t weekday = numu_exchange_integer(rest->text, -1);
        if (weekday >= 0 && weekday < 7) {
            out->calendars[0].hours[weekday] = 0;
        }
    }
    bool works = false;
    for (int i = 0; i < 7; i++) {
        works = works || out->calendars[0].hours[i] > 0;
    }
    if (!works) {
        numu_exchange_complain(protrack->reader, numu_exchange_place(protrack->reader, agenda),
                               agenda->name, "kind.working_week");
    }
    uint32_t count = 0;
    for (const struct numu_xml *holiday =
             numu_xml_find(numu_xml_find(agenda, "Holidays"), "Holiday");
         holiday != NULL; holiday = numu_xml_next(holiday)) {
        int minutes;
        numu_day date = time_of(holiday->text, &minutes);
        if (date != NUMU_NO_DAY) {
            out->holidays[count++] = (struct numu_exchange_holiday){.calendar = 0, .day = date};
        }
    }
    out->holiday_count = count;
    out->calendar = 0;
    out->start = day(agenda, "StartDate");
}

/* --- activities --- */

/* Shares of the planned duration: the tool's standard triangles. */
static void set_standard(struct numu_exchange_activity *activity, int64_t distribution) {
    static const int low[] = {0, 99, 80, 80, 80};
    static const int likely[] = {0, 100, 100, 110, 90};
    static const int high[] = {0, 101, 120, 120, 120};
    numu_decimal planned = activity->likely;
    activity->low = planned / 100 * low[distribution];
    activity->likely = planned / 100 * likely[distribution];
    activity->high = planned / 100 * high[distribution];
    activity->distribution = numu_distribution_triangular;
}

/* Custom distributions, <…Distribution5><UniqueID>5</UniqueID> …: counts them, or lists them. */
static uint32_t list_distributions(struct protrack *protrack) {
    uint32_t count = 0;
    for (const struct numu_xml *list = numu_xml_find(protrack->root, "SensitivityDistributions");
         list != NULL; list = numu_xml_next(list)) {
        for (const struct numu_xml *child = list->first; child != NULL; child = child->next) {
            if (child->first != NULL && protrack->distributions != NULL) {
                protrack->distributions[count] = child;
                protrack->distribution_ids[count] = numu_xml_text(child, "UniqueID");
                (void)numu_map_add(&protrack->distribution_map, count);
            }
            count += child->first != NULL;
        }
    }
    return count;
}

/*
 * Points (X, Y) of a density: X runs from where Y leaves 0 to where it comes back, and is likeliest
 * where Y is greatest. Style 0 has X in hours, 1 in hundredths of the planned duration.
 */
static bool set_custom(const struct protrack *protrack, const struct numu_xml *distribution,
                       struct numu_exchange_activity *activity) {
    numu_decimal low = NUMU_NO_NUMBER;
    numu_decimal high = NUMU_NO_NUMBER;
    numu_decimal likely = NUMU_NO_NUMBER;
    numu_decimal top = -1;
    bool is_share = numu_text_is(numu_xml_text(distribution, "Style"), "1");
    const struct numu_xml *points = numu_xml_find(distribution, "Distribution");
    const struct numu_xml *x = numu_xml_find(points, "X");
    const struct numu_xml *y = numu_xml_find(points, "Y");
    for (; x != NULL && y != NULL; x = numu_xml_next(x), y = numu_xml_next(y)) {
        numu_decimal at = numu_exchange_decimal(x->text, 0);
        numu_decimal height = numu_exchange_decimal(y->text, 0);
        if (at < 0 || at > 1000000 * NUMU_DECIMAL_ONE) {
            return false;
        }
        numu_decimal value;
        if (is_share) {
            value = (numu_decimal)((double)activity->likely / 100 *
                                   numu_number_to_double(at, NUMU_DECIMAL_DECIMALS));
        } else {
            value = numu_exchange_days(protrack->reader->out, 0, at);
        }
        low = low == NUMU_NO_NUMBER || value < low ? value : low;
        high = value > high ? value : high;
        if (height > top) {
            top = height;
            likely = value;
        }
    }
    if (low == NUMU_NO_NUMBER || low > likely || likely > high) {
        return false;
    }
    activity->low = low;
    activity->likely = likely;
    activity->high = high;
    activity->distribution = numu_distribution_triangular;
    return true;
}

static void set_distribution(struct protrack *protrack, const struct numu_xml *element,
                             uint32_t row) {
    struct numu_exchange *out = protrack->reader->out;
    struct numu_exchange_activity *activity = &out->activities[row];
    struct numu_text id = numu_xml_text(element, "Distribution");
    int64_t standard = numu_exchange_integer(id, NO_RISK);
    /* The tool gives every new activity its symmetric triangle: nobody's estimate. */
    out->tracking.has_estimate[row] = standard != SYMMETRIC && standard != NO_RISK;
    if (standard >= SKEWED_LEFT && standard <= SKEWED_RIGHT) {
        set_standard(activity, standard);
    } else if (standard > SKEWED_RIGHT) {
        numu_row custom = numu_map_find(&protrack->distribution_map, id);
        bool is_set =
            custom != NUMU_NONE && set_custom(protrack, protrack->distributions[custom], activity);
        out->tracking.has_estimate[row] = is_set;
    }
}

static void read_constraints(struct protrack *protrack, const struct numu_xml *element,
                             struct numu_exchange_activity *activity) {
    const struct numu_xml *constraints = numu_xml_find(element, "Constraints");
    numu_day ready = day(constraints, "ReadyTimeStart");
    numu_day locked = day(constraints, "LockedTimeStart");
    activity->not_before = ready != NUMU_NO_DAY ? ready : locked;
    activity->deadline = day(constraints, "DueDateEnd");
    if (locked != NUMU_NO_DAY) {
        numu_exchange_not_carried(protrack->reader, "kind.constraint", NUMU_TEXT("LockedTimeStart"),
                                  numu_exchange_place(protrack->reader, constraints));
    }
}

static void read_cost(const struct protrack *protrack, const struct numu_xml *element,
                      struct numu_exchange_activity *activity) {
    numu_decimal cost = number(element, "FixedBaselineCost");
    int decimals = numu_currency_decimals(protrack->reader->out->currency);
    numu_decimal minor;
    if (cost > 0 && numu_multiply_divide(cost, numu_power_of_ten(decimals), NUMU_DECIMAL_ONE,
                                         NUMU_ROUND_HALF_EVEN, &minor) == NUMU_OK) {
        activity->cost = minor;
    }
}

static void read_activity(struct protrack *protrack, const struct numu_xml *element, uint32_t row) {
    struct numu_exchange *out = protrack->reader->out;
    struct numu_exchange_activity *activity = &out->activities[row];
    int minutes;
    numu_day start = time_of(numu_xml_text(element, "BaseLineStart"), &minutes);
    activity->id = protrack->activity_ids[row];
    activity->name = numu_xml_text(element, "Name");
    activity->place = numu_exchange_place(protrack->reader, element);
    activity->likely = days(protrack, element, "BaseLineDuration");
    activity->likely =
        activity->likely == NUMU_NO_NUMBER || activity->likely < 0 ? 0 : activity->likely;
    out->tracking.baseline_duration[row] = activity->likely;
    out->tracking.baseline_start[row] =
        start == NUMU_NO_DAY ? INT64_MIN : (int64_t)start * 24 * 60 + minutes;
    set_distribution(protrack, element, row);
    read_constraints(protrack, element, activity);
    read_cost(protrack, element, activity);
}

static void read_activities(struct protrack *protrack) {
    uint32_t row = protrack->group_count;
    for (const struct numu_xml *element = first_in(protrack, "Activities", "Activity");
         element != NULL; element = numu_xml_next(element)) {
        protrack->activity_ids[row] = numu_xml_text(element, "UniqueID");
        if (numu_map_add(&protrack->activities, row) != NUMU_NONE) {
            numu_exchange_complain(protrack->reader, numu_exchange_place(protrack->reader, element),
                                   protrack->activity_ids[row], "kind.uid");
        }
        read_activity(protrack, element, row);
        row++;
    }
}

static numu_status read_groups(struct protrack *protrack) {
    uint32_t row = 0;
    for (const struct numu_xml *element = first_in(protrack, "ActivityGroups", "ActivityGroup");
         element != NULL; element = numu_xml_next(element)) {
        struct numu_exchange_activity *group = &protrack->reader->out->activities[row];
        protrack->group_ids[row] = numu_xml_text(element, "UniqueID");
        (void)numu_map_add(&protrack->groups, row);
        /* Numbers of groups and of activities are not apart from each other. */
        NUMU_TRY(numu_text_printf(protrack->reader->arena, &group->id, "G%.*s",
                                  (int)(protrack->group_ids[row].length & 0xFF),
                                  protrack->group_ids[row].data));
        group->name = numu_xml_text(element, "Name");
        group->place = numu_exchange_place(protrack->reader, element);
        protrack->reader->out->tracking.baseline_start[row] = INT64_MIN;
        row++;
    }
    return NUMU_OK;
}

/* The outline: <List><Child><Type>1: a group, 2: an activity</Type><Data>its number</Data> … */
static void read_outline(struct protrack *protrack, const struct numu_xml *list, uint32_t parent) {
    for (const struct numu_xml *child = numu_xml_find(list, "Child"); child != NULL;
         child = numu_xml_next(child)) {
        bool is_group = numu_text_is(numu_xml_text(child, "Type"), "1");
        numu_row row = numu_map_find(is_group ? &protrack->groups : &protrack->activities,
                                     numu_xml_text(child, "Data"));
        if (row != NUMU_NONE && protrack->reader->out->activities[row].parent == NUMU_NONE &&
            row != parent) {
            protrack->reader->out->activities[row].parent = parent;
        }
        const struct numu_xml *inner = numu_xml_find(child, "List");
        if (inner != NULL) {
            read_outline(protrack, inner, row); /* as deep as the XML, which is bounded */
        }
    }
}

/* --- links and resources --- */

static void read_links(struct protrack *protrack) {
    static const uint8_t types[] = {numu_link_SS, numu_link_SF, numu_link_FS, numu_link_FF};
    struct numu_exchange *out = protrack->reader->out;
    uint32_t count = 0;
    for (const struct numu_xml *element = first_in(protrack, "Relations", "Relation");
         element != NULL; element = numu_xml_next(element)) {
        numu_row before = numu_map_find(&protrack->activities, numu_xml_text(element, "FromTask"));
        numu_row after = numu_map_find(&protrack->activities, numu_xml_text(element, "ToTask"));
        int64_t type = numu_exchange_integer(numu_xml_text(element, "LagType"), 2);
        if (before == NUMU_NONE || after == NUMU_NONE) {
            numu_exchange_not_carried(protrack->reader, "kind.link",
                                      numu_xml_text(element, "UniqueID"),
                                      numu_exchange_place(protrack->reader, element));
            continue;
        }
        if (type < 0 || type > 3) {
            numu_exchange_complain(protrack->reader, numu_exchange_place(protrack->reader, element),
                                   numu_xml_text(element, "LagType"), "kind.link_type");
            continue;
        }
        out->links[count++] = (struct numu_exchange_link){.before = before,
                                                          .after = after,
                                                          .type = types[type],
                                                          .lag = days(protrack, element, "Lag")};
    }
    out->link_count = count;
}

/* Fields have numbers only: 0 its own, 1 name, 769 renewable, 780 units. */
static void read_resources(struct protrack *protrack) {
    struct numu_exchange *out = protrack->reader->out;
    uint32_t row = 0;
    for (const struct numu_xml *element = first_in(protrack, "Resources", "Resource");
         element != NULL; element = numu_xml_next(element)) {
        struct numu_exchange_resource *resource = &out->resources[row];
        protrack->resource_ids[row] = numu_xml_text(element, "FIELD0");
        (void)numu_map_add(&protrack->resources, row);
        resource->name = numu_xml_text(element, "FIELD1");
        resource->id = resource->name;
        resource->is_consumable = numu_text_is(numu_xml_text(element, "FIELD769"), "0");
        resource->units = resource->is_consumable ? 0 : number(element, "FIELD780");
        row++;
    }
}

static numu_status read_assignments(struct protrack *protrack) {
    struct numu_exchange *out = protrack->reader->out;
    uint32_t count = 0;
    for (const struct numu_xml *element =
             first_in(protrack, "ResourceAssignments", "ResourceAssignment");
         element != NULL; element = numu_xml_next(element)) {
        numu_row activity =
            numu_map_find(&protrack->activities, numu_xml_text(element, "FIELD1024"));
        numu_row resource =
            numu_map_find(&protrack->resources, numu_xml_text(element, "FIELD1025"));
        numu_decimal units = number(element, "FIELD1026");
        if (activity == NUMU_NONE || resource == NUMU_NONE || units <= 0) {
            continue;
        }
        out->assignments[count++] = (struct numu_exchange_assignment){activity, resource, units};
        if (out->resources[resource].is_consumable) {
            NUMU_TRY(
                numu_add(out->resources[resource].units, units, &out->resources[resource].units));
        }
    }
    out->assignment_count = count;
    return NUMU_OK;
}

/* --- tracking --- */

static void read_progress(struct protrack *protrack, const struct numu_xml *element,
                          struct numu_exchange_progress *out) {
    *out = (struct numu_exchange_progress){
        .started = day(element, "ActualStart"),
        .duration = days(protrack, element, "ActualDuration"),
        .remaining = days(protrack, element, "RemainingDuration"),
        .share_complete =
            numu_number_to_double(number(element, "PercentageComplete"), NUMU_DECIMAL_DECIMALS)};
}

/* One period: <Activity>number</Activity> and what is told of it take turns. */
static void read_period(struct protrack *protrack, const struct numu_xml *list,
                        struct numu_exchange_progress *progress) {
    numu_row activity = NUMU_NONE;
    for (const struct numu_xml *child = list->first; child != NULL; child = child->next) {
        if (numu_text_is(child->name, "Activity")) {
            activity = numu_map_find(&protrack->activities, child->text);
        } else if (activity != NUMU_NONE) {
            read_progress(protrack, child, &progress[activity]);
            activity = NUMU_NONE;
        }
    }
}

static numu_status read_tracking(struct protrack *protrack) {
    struct numu_exchange *out = protrack->reader->out;
    struct numu_exchange_tracking *tracking = &out->tracking;
    const struct numu_xml *period = first_in(protrack, "TrackingList", "TrackingPeriod");
    const struct numu_xml *list = first_in(protrack, "TrackingList", "TProTrackActivities-1");
    uint32_t periods = count_from(period);
    uint64_t cells = (uint64_t)periods * out->activity_count;
    if (cells > UINT32_MAX / sizeof *tracking->progress) {
        return NUMU_LIMIT;
    }
    NUMU_TRY(NUMU_TAKE(protrack->reader->arena, &tracking->period_end, periods));
    NUMU_TRY(NUMU_TAKE(protrack->reader->arena, &tracking->period_name, periods));
    NUMU_TRY(NUMU_TAKE(protrack->reader->arena, &tracking->progress, (size_t)cells));
    for (uint64_t i = 0; i < cells; i++) {
        tracking->progress[i].started = NUMU_NO_DAY;
    }
    for (uint32_t i = 0; i < periods; i++) {
        tracking->period_end[i] = day(period, "EndDate");
        tracking->period_name[i] = numu_xml_text(period, "Name");
        if (list != NULL) {
            read_period(protrack, list, &tracking->progress[(size_t)i * out->activity_count]);
            list = numu_xml_next(list);
        }
        period = numu_xml_next(period);
    }
    tracking->period_count = periods;
    return NUMU_OK;
}

/* --- the whole --- */

static numu_status take(struct protrack *protrack) {
    struct numu_exchange *out = protrack->reader->out;
    struct numu_arena *arena = protrack->reader->arena;
    const struct numu_xml *agenda = numu_xml_find(protrack->root, "Agenda");
    protrack->group_count = count_from(first_in(protrack, "ActivityGroups", "ActivityGroup"));
    out->calendar_count = 1;
    out->holiday_count = count_from(numu_xml_find(numu_xml_find(agenda, "Holidays"), "Holiday"));
    out->activity_count =
        protrack->group_count + count_from(first_in(protrack, "Activities", "Activity"));
    out->link_count = count_from(first_in(protrack, "Relations", "Relation"));
    out->resource_count = count_from(first_in(protrack, "Resources", "Resource"));
    out->assignment_count =
        count_from(first_in(protrack, "ResourceAssignments", "ResourceAssignment"));
    NUMU_TRY(numu_exchange_take(arena, out));
    NUMU_TRY(NUMU_TAKE(arena, &out->tracking.baseline_start, out->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->tracking.baseline_duration, out->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->tracking.has_estimate, out->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &protrack->activity_ids, out->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &protrack->group_ids, protrack->group_count));
    NUMU_TRY(NUMU_TAKE(arena, &protrack->resource_ids, out->resource_count));
    uint32_t distributions = list_distributions(protrack);
    NUMU_TRY(NUMU_TAKE(arena, &protrack->distribution_ids, distributions));
    NUMU_TRY(numu_map_init(&protrack->distribution_map, arena, protrack->distribution_ids,
                           distributions));
    NUMU_TRY(NUMU_TAKE(arena, &protrack->distributions, distributions));
    (void)list_distributions(protrack);
    NUMU_TRY(
        numu_map_init(&protrack->activities, arena, protrack->activity_ids, out->activity_count));
    NUMU_TRY(numu_map_init(&protrack->groups, arena, protrack->group_ids, protrack->group_count));
    return numu_map_init(&protrack->resources, arena, protrack->resource_ids, out->resource_count);
}

static numu_currency currency_of(struct numu_text symbol) {
    static const struct {
        const char *symbol, *code;
    } known[] = {{"\xE2\x82\xAC", "EUR"}, {"$", "USD"}, {"\xC2\xA3", "GBP"}, {"zl", "PLN"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (numu_text_is(symbol, known[i].symbol)) {
            return numu_currency_find(numu_text_of(known[i].code));
        }
    }
    return 0;
}

numu_status numu_exchange_read_protrack(struct numu_exchange_reader *reader) {
    struct protrack protrack = {.reader = reader};
    struct numu_exchange *out = reader->out;
    struct numu_xml_error error;
    numu_status status = numu_xml_read(reader->arena, reader->bytes, &protrack.root, &error);
    if (status == NUMU_INVALID) {
        numu_exchange_bad_xml(reader, &error);
    }
    NUMU_TRY(status);
    if (!numu_text_is(protrack.root->name, "Project") ||
        numu_xml_find(protrack.root, "Agenda") == NULL) {
        numu_exchange_complain(reader, numu_exchange_place(reader, protrack.root),
                               protrack.root->name, "<Project><Agenda>");
        return NUMU_INVALID;
    }
    out->title = numu_xml_text(protrack.root, "NAME");
    out->currency =
        currency_of(numu_xml_text(numu_xml_find(protrack.root, "Settings"), "CurrencySymbol"));
    NUMU_TRY(take(&protrack));
    read_agenda(&protrack);
    NUMU_TRY(read_groups(&protrack));
    read_activities(&protrack);
    read_outline(&protrack, numu_xml_find(numu_xml_find(protrack.root, "OutlineList"), "List"),
                 NUMU_NONE);
    read_links(&protrack);
    read_resources(&protrack);
    NUMU_TRY(read_assignments(&protrack));
    return read_tracking(&protrack);
}
