/*
 * read_xer.c - Primavera P6's export file, XER: tables as text, a line a row, fields separated by
 * tabs. %T names a table, %F its fields, %R is a row, %E the end.
 *
 * What is read: the first project that was exported (or the first one), its calendars, work
 * breakdown, tasks with constraints and progress, links with lags, resources and their assignments.
 * Text that is no UTF-8 is taken for Windows-1252, as P6 writes it.
 *
 * Source: "Oracle Primavera P6 XER Import/Export Data Map Guide", and files of P6 8.
 */
#include "programme/exchange_parts.h"

#include <string.h>

static const int64_t minutes_a_day = INT64_C(24) * 60;

enum { FIELDS_MAX = 512, TREE_DEPTH_MAX = 16, CALENDAR_ITEMS_MAX = 20000, HEADER_BYTES_MAX = 8192 };

/* 1899-12-30, from which P6 counts the days of exceptions, as spreadsheets do. */
static const numu_day serial_epoch = -25569;

struct table {
    struct numu_text header; /* fields of the last %F of the table */
    struct numu_text *rows;  /* text of each %R, without the mark */
    uint32_t count;
};

enum table_name { PROJECT, CALENDAR, PROJWBS, TASK, TASKPRED, RSRC, TASKRSRC, TABLES };

struct xer {
    struct numu_exchange_reader *reader;
    struct numu_text text; /* UTF-8 */
    bool is_converted;     /* then offsets are not those of the file */
    struct table tables[TABLES];
    struct numu_text project; /* id of the one that is read */
    struct numu_map calendars, wbs, tasks, resources;
    struct numu_text *calendar_ids, *wbs_ids, *task_ids, *resource_ids;
    uint32_t *wbs_row;      /* activity of each node by its place in wbs_ids */
    uint32_t *resource_row; /* likewise */
    uint32_t wbs_count;
    uint32_t holiday;
};

/* --- text --- */

/* Windows-1252 from 0x80 on where it differs from Latin-1 (WHATWG Encoding Standard). */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

static size_t encode(unsigned char byte, char out[3]) {
    uint32_t code = byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : byte;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 0x3F));
    out[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

static numu_status convert(struct xer *xer) {
    struct numu_text bytes = xer->reader->bytes;
    char *out;
    size_t length = 0;
    xer->text = bytes;
    if (numu_utf8_valid_length(bytes) == bytes.length) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_arena_take(xer->reader->arena, bytes.length, 3, &out));
    for (size_t i = 0; i < bytes.length; i++) {
        length += encode((unsigned char)bytes.data[i], out + length);
    }
    xer->text = (struct numu_text){out, length};
    xer->is_converted = true;
    return NUMU_OK;
}

static struct numu_place place_of(const struct xer *xer, struct numu_text text) {
    if (xer->is_converted || text.data == NULL) {
        return (struct numu_place){xer->reader->source, 0, NUMU_WHOLE_FILE};
    }
    return (struct numu_place){xer->reader->source, (uint32_t)text.length,
                               (uint64_t)(text.data - xer->text.data)};
}

/* --- tables --- */

static struct numu_text next_line(struct numu_text *rest) {
    const char *end = memchr(rest->data, '\n', rest->length);
    size_t length = end == NULL ? rest->length : (size_t)(end - rest->data);
    struct numu_text line = {rest->data, length};
    size_t taken = length + (end != NULL);
    rest->data += taken;
    rest->length -= taken;
    if (line.length > 0 && line.data[line.length - 1] == '\r') {
        line.length--;
    }
    return line;
}

static bool begins(struct numu_text line, const char *mark) {
    return line.length >= 2 && memcmp(line.data, mark, 2) == 0;
}

static struct numu_text after_mark(struct numu_text line) {
    size_t skip = line.length > 2 ? 3 : line.length;
    return (struct numu_text){line.data + skip, line.length - skip};
}

static struct table *find_table(struct xer *xer, struct numu_text name) {
    static const char *const names[TABLES] = {"PROJECT",  "CALENDAR", "PROJWBS", "TASK",
                                              "TASKPRED", "RSRC",     "TASKRSRC"};
    for (int i = 0; i < TABLES; i++) {
        if (numu_text_is(name, names[i])) {
            return &xer->tables[i];
        }
    }
    return NULL;
}

/* Goes through all lines; counts rows, or keeps them where there is room. */
static void scan(struct xer *xer) {
    struct numu_text rest = xer->text;
    struct table *table = NULL;
    for (int i = 0; i < TABLES; i++) {
        xer->tables[i].count = 0;
    }
    while (rest.length > 0) {
        struct numu_text line = next_line(&rest);
        if (begins(line, "%T")) {
            table = find_table(xer, numu_text_trim(after_mark(line)));
        } else if (table != NULL && begins(line, "%F")) {
            table->header = after_mark(line);
            if (table->header.length > HEADER_BYTES_MAX) { /* looked through for every field */
                table->header.length = HEADER_BYTES_MAX;
            }
        } else if (table != NULL && begins(line, "%R")) {
            if (table->rows != NULL) {
                table->rows[table->count] = after_mark(line);
            }
            table->count++;
        }
    }
}

static numu_status read_tables(struct xer *xer) {
    scan(xer);
    for (int i = 0; i < TABLES; i++) {
        NUMU_TRY(NUMU_TAKE(xer->reader->arena, &xer->tables[i].rows, xer->tables[i].count));
    }
    scan(xer);
    return NUMU_OK;
}

/* Field number `n` of a line; empty where there are fewer. */
static struct numu_text field_at(struct numu_text line, size_t n) {
    for (; n > 0; n--) {
        const char *tab = memchr(line.data, '\t', line.length);
        if (tab == NULL) {
            return (struct numu_text){NULL, 0};
        }
        line.length -= (size_t)(tab + 1 - line.data);
        line.data = tab + 1;
    }
    const char *tab = memchr(line.data, '\t', line.length);
    return (struct numu_text){line.data, tab == NULL ? line.length : (size_t)(tab - line.data)};
}

static struct numu_text field(const struct table *table, uint32_t row, const char *name) {
    struct numu_text rest = table->header;
    for (size_t n = 0; n < FIELDS_MAX && rest.data != NULL; n++) {
        if (numu_text_is(field_at(rest, 0), name)) {
            return field_at(table->rows[row], n);
        }
        const char *tab = memchr(rest.data, '\t', rest.length);
        rest.length = tab == NULL ? 0 : rest.length - (size_t)(tab + 1 - rest.data);
        rest.data = tab == NULL ? NULL : tab + 1;
    }
    return (struct numu_text){NULL, 0};
}

static numu_day day_of(const struct table *table, uint32_t row, const char *name) {
    return numu_exchange_day(field(table, row, name));
}

static numu_day last_day_of(const struct table *table, uint32_t row, const char *name) {
    return numu_exchange_last_day(field(table, row, name));
}

static bool is_of_project(const struct xer *xer, const struct table *table, uint32_t row) {
    return numu_text_is_equal(field(table, row, "proj_id"), xer->project);
}

static void choose_project(struct xer *xer) {
    const struct table *projects = &xer->tables[PROJECT];
    uint32_t chosen = 0;
    while (chosen < projects->count && !numu_text_is(field(projects, chosen, "export_flag"), "Y")) {
        chosen++;
    }
    chosen = chosen == projects->count ? 0 : chosen;
    for (uint32_t row = 0; row < projects->count; row++) {
        if (row != chosen) {
            struct numu_text name = field(projects, row, "proj_short_name");
            numu_exchange_not_carried(xer->reader, "kind.project", name, place_of(xer, name));
        }
    }
    if (projects->count > 0) {
        xer->project = field(projects, chosen, "proj_id");
        xer->reader->out->title = field(projects, chosen, "proj_short_name");
        xer->reader->out->start = day_of(projects, chosen, "plan_start_date");
        xer->reader->out->finish = day_of(projects, chosen, "scd_end_date");
        xer->reader->out->data_date = day_of(projects, chosen, "last_recalc_date");
    }
}

/* --- calendars: (number||name(attributes)(children)) --- */

struct tree {
    struct xer *xer;
    struct numu_text text;
    size_t at;
    unsigned depth;
    uint32_t items;
    uint32_t calendar;
    bool is_counting; /* holidays only */
    uint32_t holidays;
};

static void skip_blanks(struct tree *tree) {
    while (tree->at < tree->text.length &&
           ((unsigned char)tree->text.data[tree->at] <= ' ' || tree->text.data[tree->at] == 0x7F)) {
        tree->at++;
    }
}

static bool take(struct tree *tree, char character) {
    skip_blanks(tree);
    if (tree->at < tree->text.length && tree->text.data[tree->at] == character) {
        tree->at++;
        return true;
    }
    return false;
}

/* Up to a parenthesis, which is left. */
static struct numu_text words(struct tree *tree) {
    skip_blanks(tree);
    size_t first = tree->at;
    while (tree->at < tree->text.length && tree->text.data[tree->at] != '(' &&
           tree->text.data[tree->at] != ')') {
        tree->at++;
    }
    return (struct numu_text){tree->text.data + first, tree->at - first};
}

/* What stands behind "name|" among attributes "s|08:00|f|12:00". */
static struct numu_text attribute(struct numu_text attributes, char name) {
    for (size_t i = 0; i + 1 < attributes.length; i++) {
        bool is_start = i == 0 || attributes.data[i - 1] == '|';
        if (is_start && attributes.data[i] == name && attributes.data[i + 1] == '|') {
            struct numu_text value = {attributes.data + i + 2, attributes.length - i - 2};
            const char *end = memchr(value.data, '|', value.length);
            value.length = end == NULL ? value.length : (size_t)(end - value.data);
            return value;
        }
    }
    return (struct numu_text){NULL, 0};
}

/* Where a node stands: it tells what its children mean. */
enum branch { OTHER, ROOT, WEEK, EXCEPTIONS, WEEKDAY, EXCEPTION };

static enum branch branch_of(enum branch parent, struct numu_text name) {
    if (parent == ROOT && numu_text_is(name, "DaysOfWeek")) {
        return WEEK;
    }
    if (parent == ROOT && numu_text_is(name, "Exceptions")) {
        return EXCEPTIONS;
    }
    if (parent == OTHER && numu_text_is(name, "CalendarData")) {
        return ROOT;
    }
    return parent == WEEK ? WEEKDAY : parent == EXCEPTIONS ? EXCEPTION : OTHER;
}

static void add_holiday(struct tree *tree, struct numu_text serial) {
    struct numu_exchange *out = tree->xer->reader->out;
    int64_t number = numu_exchange_integer(serial, 0);
    if (number <= 0 || number > 400000) {
        return;
    }
    if (!tree->is_counting) {
        out->holidays[tree->xer->holiday++] = (struct numu_exchange_holiday){
            .calendar = tree->calendar, .day = serial_epoch + (numu_day)number};
    }
    tree->holidays++;
}

static bool read_node(struct tree *tree, enum branch parent, int64_t *out_minutes);

/* The children of a node; sums the minutes of working times among them. */
static bool read_children(struct tree *tree, enum branch branch, int64_t *out_minutes) {
    while (!take(tree, ')')) {
        if (!read_node(tree, branch, out_minutes)) {
            return false;
        }
    }
    return true;
}

static void end_node(struct tree *tree, enum branch branch, struct numu_text name,
                     struct numu_text attributes, int64_t minutes) {
    struct numu_exchange *out = tree->xer->reader->out;
    int64_t weekday = numu_exchange_integer(name, 0);
    if (branch == WEEKDAY && !tree->is_counting && weekday >= 1 && weekday <= 7) {
        minutes = minutes > minutes_a_day ? minutes_a_day : minutes;
        out->calendars[tree->calendar].hours[(weekday + 5) % 7] = minutes * NUMU_DECIMAL_ONE / 60;
    } else if (branch == EXCEPTION && minutes == 0) {
        add_holiday(tree, attribute(attributes, 'd'));
    } else if (branch == EXCEPTION && tree->is_counting) {
        numu_exchange_not_carried(tree->xer->reader, "kind.exception", attribute(attributes, 'd'),
                                  place_of(tree->xer, attributes));
    }
}

static bool read_node(struct tree *tree, enum branch parent, int64_t *out_minutes) {
    if (!take(tree, '(') || tree->depth == TREE_DEPTH_MAX || ++tree->items > CALENDAR_ITEMS_MAX) {
        return false;
    }
    tree->depth++;
    struct numu_text head = words(tree); /* "0||CalendarData" */
    size_t bars = numu_text_find(head, NUMU_TEXT("||"), 0);
    size_t skip = bars == SIZE_MAX ? 0 : bars + 2;
    struct numu_text name =
        numu_text_trim((struct numu_text){head.data + skip, head.length - skip});
    enum branch branch = branch_of(parent, name);
    if (!take(tree, '(')) {
        return false;
    }
    struct numu_text attributes = words(tree);
    if (!take(tree, ')') || !take(tree, '(')) {
        return false;
    }
    int64_t minutes = 0;
    if (!read_children(tree, branch, &minutes) || !take(tree, ')')) {
        return false;
    }
    end_node(tree, branch, name, attributes, minutes);
    struct numu_text from = attribute(attributes, 's');
    if (from.length > 0) {
        struct numu_text to = attribute(attributes, 'f');
        *out_minutes += numu_exchange_shift(numu_exchange_clock(from), numu_exchange_clock(to));
    }
    tree->depth--;
    return true;
}

/* Reads the tree of a calendar; holidays are counted, or added where there is room. */
static uint32_t read_calendar_tree(struct xer *xer, uint32_t calendar, bool is_counting) {
    int64_t unused = 0;
    struct numu_text data = field(&xer->tables[CALENDAR], calendar, "clndr_data");
    data = data.data == NULL ? NUMU_TEXT("") : data;
    struct tree tree = {.xer = xer, .text = data, .calendar = calendar, .is_counting = is_counting};
    if (!read_node(&tree, OTHER, &unused) && is_counting) {
        struct numu_text rest = {data.data + tree.at, data.length - tree.at};
        numu_exchange_complain(xer->reader,
                               place_of(xer, data.length == 0 ? (struct numu_text){NULL, 0} : rest),
                               rest, "kind.calendar_data");
    }
    return tree.holidays;
}

static void read_calendars(struct xer *xer) {
    struct numu_exchange *out = xer->reader->out;
    const struct table *table = &xer->tables[CALENDAR];
    for (uint32_t i = 0; i < table->count; i++) {
        xer->calendar_ids[i] = field(table, i, "clndr_id");
        (void)numu_map_add(&xer->calendars, i);
        out->calendars[i].id = field(table, i, "clndr_name");
        (void)read_calendar_tree(xer, i, false);
        bool works = false;
        for (int day = 0; day < 7; day++) {
            works = works || out->calendars[i].hours[day] > 0;
        }
        if (!works && !xer->reader->has_failed) {
            numu_exchange_complain(xer->reader, place_of(xer, out->calendars[i].id),
                                   out->calendars[i].id, "kind.working_week");
        }
    }
    out->holiday_count = xer->holiday;
    for (uint32_t row = 0; row < xer->tables[PROJECT].count; row++) {
        if (is_of_project(xer, &xer->tables[PROJECT], row)) {
            out->calendar =
                numu_map_find(&xer->calendars, field(&xer->tables[PROJECT], row, "clndr_id"));
        }
    }
}

/* --- work breakdown and tasks --- */

/* Nodes below that of the whole project. */
static bool is_part(const struct xer *xer, uint32_t row) {
    const struct table *table = &xer->tables[PROJWBS];
    return is_of_project(xer, table, row) &&
           !numu_text_is(field(table, row, "proj_node_flag"), "Y");
}

/* Level of effort and summaries take their dates from others. */
static bool is_work(const struct xer *xer, uint32_t row) {
    struct numu_text type = field(&xer->tables[TASK], row, "task_type");
    return is_of_project(xer, &xer->tables[TASK], row) && !numu_text_is(type, "TT_LOE") &&
           !numu_text_is(type, "TT_WBS");
}

static void read_breakdown(struct xer *xer) {
    const struct table *table = &xer->tables[PROJWBS];
    uint32_t count = 0;
    for (uint32_t row = 0; row < table->count; row++) {
        if (!is_part(xer, row)) {
            continue;
        }
        struct numu_exchange_activity *activity = &xer->reader->out->activities[count];
        xer->wbs_ids[count] = field(table, row, "wbs_id");
        activity->id = field(table, row, "wbs_short_name");
        activity->name = field(table, row, "wbs_name");
        activity->place = place_of(xer, xer->wbs_ids[count]);
        if (numu_map_add(&xer->wbs, count) != NUMU_NONE) {
            numu_exchange_complain(xer->reader, activity->place, xer->wbs_ids[count], "kind.uid");
        }
        count++;
    }
    count = 0;
    for (uint32_t row = 0; row < table->count; row++) {
        if (is_part(xer, row)) {
            xer->reader->out->activities[count++].parent =
                numu_map_find(&xer->wbs, field(table, row, "parent_wbs_id"));
        }
    }
    xer->wbs_count = count;
}

static void read_constraint(struct xer *xer, uint32_t row, const char *type_name,
                            const char *date_name, struct numu_exchange_activity *activity) {
    const struct table *table = &xer->tables[TASK];
    struct numu_text type = field(table, row, type_name);
    bool is_start_on = numu_text_is(type, "CS_MSO") || numu_text_is(type, "CS_MANDSTART");
    if (numu_text_is(type, "CS_MSOA") || is_start_on) {
        activity->not_before = day_of(table, row, date_name);
    } else if (numu_text_is(type, "CS_MEOB")) {
        activity->deadline = last_day_of(table, row, date_name);
    }
    bool is_carried =
        type.length == 0 || numu_text_is(type, "CS_MSOA") || numu_text_is(type, "CS_MEOB");
    if (!is_carried) {
        numu_exchange_not_carried(xer->reader, "kind.constraint", type, place_of(xer, type));
    }
}

static numu_decimal days_of(struct xer *xer, uint32_t row, const char *name, uint32_t calendar) {
    struct numu_text text = field(&xer->tables[TASK], row, name);
    numu_decimal hours = numu_exchange_decimal(text, NUMU_NO_NUMBER);
    if (hours == NUMU_NO_NUMBER || hours < 0 || hours > 1000000 * NUMU_DECIMAL_ONE) {
        if (text.length > 0) {
            numu_exchange_complain(xer->reader, place_of(xer, text), text, "kind.duration");
        }
        return NUMU_NO_NUMBER;
    }
    return numu_exchange_days(xer->reader->out, calendar, hours);
}

static void read_task(struct xer *xer, uint32_t row, struct numu_exchange_activity *activity) {
    const struct table *table = &xer->tables[TASK];
    struct numu_text status = field(table, row, "status_code");
    activity->id = field(table, row, "task_code");
    activity->name = field(table, row, "task_name");
    activity->place = place_of(xer, activity->id);
    activity->calendar = numu_map_find(&xer->calendars, field(table, row, "clndr_id"));
    activity->parent = numu_map_find(&xer->wbs, field(table, row, "wbs_id"));
    activity->likely = days_of(xer, row, "target_drtn_hr_cnt", activity->calendar);
    activity->likely = activity->likely == NUMU_NO_NUMBER ? 0 : activity->likely;
    read_constraint(xer, row, "cstr_type", "cstr_date", activity);
    read_constraint(xer, row, "cstr_type2", "cstr_date2", activity);
    if (!numu_text_is(status, "TK_NotStart")) {
        activity->started = day_of(table, row, "act_start_date");
    }
    if (numu_text_is(status, "TK_Complete")) {
        activity->finished = last_day_of(table, row, "act_end_date");
        if (activity->finished != NUMU_NO_DAY && activity->finished < activity->started) {
            activity->finished = activity->started;
        }
    } else if (activity->started != NUMU_NO_DAY) {
        activity->remaining = days_of(xer, row, "remain_drtn_hr_cnt", activity->calendar);
    }
}

static void read_tasks(struct xer *xer) {
    const struct table *table = &xer->tables[TASK];
    uint32_t count = xer->wbs_count;
    for (uint32_t row = 0; row < table->count; row++) {
        struct numu_text name = field(table, row, "task_name");
        if (!is_of_project(xer, table, row)) {
            continue;
        }
        if (!is_work(xer, row)) {
            numu_exchange_not_carried(xer->reader, "kind.summary", name, place_of(xer, name));
            continue;
        }
        xer->task_ids[count] = field(table, row, "task_id");
        if (numu_map_add(&xer->tasks, count) != NUMU_NONE) {
            numu_exchange_complain(xer->reader, place_of(xer, xer->task_ids[count]),
                                   xer->task_ids[count], "kind.uid");
        }
        read_task(xer, row, &xer->reader->out->activities[count]);
        count++;
    }
}

/* --- links and resources --- */

static void read_links(struct xer *xer) {
    struct numu_exchange *out = xer->reader->out;
    const struct table *table = &xer->tables[TASKPRED];
    uint32_t count = 0;
    for (uint32_t row = 0; row < table->count; row++) {
        static const char *const types[] = {"PR_FS", "PR_SS", "PR_FF", "PR_SF", NULL};
        struct numu_text type = field(table, row, "pred_type");
        struct numu_text lag = field(table, row, "lag_hr_cnt");
        numu_row after = numu_map_find(&xer->tasks, field(table, row, "task_id"));
        struct numu_text id = field(table, row, "pred_task_id");
        numu_row before = numu_map_find(&xer->tasks, id);
        uint8_t number = numu_choice_find(types, type);
        if (!is_of_project(xer, table, row)) {
            continue;
        }
        if (after == NUMU_NONE || before == NUMU_NONE) {
            numu_exchange_not_carried(xer->reader, "kind.link", id, place_of(xer, id));
            continue;
        }
        if (number == 0) {
            numu_exchange_complain(xer->reader, place_of(xer, type), type, "kind.link_type");
            continue;
        }
        numu_decimal hours = numu_exchange_decimal(lag, 0);
        bool is_sound = hours < 1000000 * NUMU_DECIMAL_ONE && hours > -1000000 * NUMU_DECIMAL_ONE;
        out->links[count++] = (struct numu_exchange_link){
            .before = before,
            .after = after,
            .type = number,
            .lag = is_sound ? numu_exchange_days(out, out->activities[before].calendar, hours) : 0};
    }
    out->link_count = count;
}

/* Resources that some task of the project is assigned. */
static void read_resources(struct xer *xer) {
    struct numu_exchange *out = xer->reader->out;
    const struct table *table = &xer->tables[RSRC];
    for (uint32_t row = 0; row < table->count; row++) {
        struct numu_text limit = field(table, row, "max_qty_per_hr");
        xer->resource_ids[row] = field(table, row, "rsrc_id");
        (void)numu_map_add(&xer->resources, row);
        out->resources[row] = (struct numu_exchange_resource){
            .id = field(table, row, "rsrc_short_name"),
            .name = field(table, row, "rsrc_name"),
            .is_consumable = numu_text_is(field(table, row, "rsrc_type"), "RT_Mat"),
            .units = numu_exchange_decimal(limit, NUMU_DECIMAL_ONE)};
        if (out->resources[row].is_consumable) {
            out->resources[row].units = 0; /* as much as is asked for */
        }
    }
}

static numu_status read_assignments(struct xer *xer) {
    struct numu_exchange *out = xer->reader->out;
    const struct table *table = &xer->tables[TASKRSRC];
    uint32_t count = 0;
    for (uint32_t row = 0; row < table->count; row++) {
        numu_row task = numu_map_find(&xer->tasks, field(table, row, "task_id"));
        numu_row resource = numu_map_find(&xer->resources, field(table, row, "rsrc_id"));
        if (task == NUMU_NONE || resource == NUMU_NONE) {
            continue;
        }
        struct numu_exchange_resource *taken = &out->resources[resource];
        const char *name = taken->is_consumable ? "target_qty" : "target_qty_per_hr";
        numu_decimal units = numu_exchange_decimal(field(table, row, name), 0);
        if (units <= 0) {
            continue;
        }
        out->assignments[count++] = (struct numu_exchange_assignment){task, resource, units};
        if (taken->is_consumable) {
            NUMU_TRY(numu_add(taken->units, units, &taken->units));
        }
    }
    out->assignment_count = count;
    return NUMU_OK;
}

/* --- the whole --- */

static numu_status take_all(struct xer *xer) {
    struct numu_exchange *out = xer->reader->out;
    struct numu_arena *arena = xer->reader->arena;
    uint32_t parts = 0;
    uint32_t tasks = 0;
    for (uint32_t row = 0; row < xer->tables[PROJWBS].count; row++) {
        parts += is_part(xer, row);
    }
    for (uint32_t row = 0; row < xer->tables[TASK].count; row++) {
        tasks += is_work(xer, row);
    }
    out->calendar_count = xer->tables[CALENDAR].count;
    out->activity_count = parts + tasks;
    out->link_count = xer->tables[TASKPRED].count;
    out->resource_count = xer->tables[RSRC].count;
    out->assignment_count = xer->tables[TASKRSRC].count;
    NUMU_TRY(NUMU_TAKE(arena, &out->calendars, out->calendar_count));
    for (uint32_t i = 0; i < out->calendar_count; i++) {
        out->holiday_count += read_calendar_tree(xer, i, true);
    }
    NUMU_TRY(numu_exchange_take(arena, out));
    NUMU_TRY(NUMU_TAKE(arena, &xer->calendar_ids, out->calendar_count));
    NUMU_TRY(NUMU_TAKE(arena, &xer->wbs_ids, parts));
    NUMU_TRY(NUMU_TAKE(arena, &xer->task_ids, out->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &xer->resource_ids, out->resource_count));
    NUMU_TRY(numu_map_init(&xer->calendars, arena, xer->calendar_ids, out->calendar_count));
    NUMU_TRY(numu_map_init(&xer->wbs, arena, xer->wbs_ids, parts));
    NUMU_TRY(numu_map_init(&xer->tasks, arena, xer->task_ids, out->activity_count));
    return numu_map_init(&xer->resources, arena, xer->resource_ids, out->resource_count);
}

/* Currency of the file: the last field of its first line. */
static void read_header(struct xer *xer) {
    struct numu_text rest = xer->text;
    struct numu_text line = next_line(&rest);
    for (size_t n = 0; n < 16; n++) {
        struct numu_text value = field_at(line, n);
        numu_currency currency = numu_currency_find(value);
        xer->reader->out->currency = currency == 0 ? xer->reader->out->currency : currency;
    }
}

numu_status numu_exchange_read_xer(struct numu_exchange_reader *reader) {
    struct xer xer = {.reader = reader};
    NUMU_TRY(convert(&xer));
    read_header(&xer);
    NUMU_TRY(read_tables(&xer));
    if (xer.tables[PROJECT].count == 0 || xer.tables[TASK].count == 0) {
        numu_exchange_complain(reader, (struct numu_place){reader->source, 0, NUMU_WHOLE_FILE},
                               (struct numu_text){NULL, 0},
                               xer.tables[PROJECT].count == 0 ? "%T PROJECT" : "%T TASK");
        return NUMU_INVALID;
    }
    choose_project(&xer);
    NUMU_TRY(take_all(&xer));
    read_calendars(&xer);
    read_breakdown(&xer);
    read_tasks(&xer);
    read_links(&xer);
    read_resources(&xer);
    NUMU_TRY(read_assignments(&xer));
    return NUMU_OK;
}
