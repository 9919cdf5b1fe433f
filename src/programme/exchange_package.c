/*
 * exchange_package.c - an exchange as the files of a package: datapackage.json and CSV.
 */
#include "base/csv.h"
#include "base/json.h"
#include "programme/exchange_parts.h"

#include <string.h>

enum { MONTHS_MAX = 1200, MONTHS_MORE = 24, TABLES_MAX = 8 };

struct package_writer {
    const struct numu_exchange *exchange;
    struct numu_arena *arena;
    struct numu_buffer bytes; /* of the file being made */
    bool has_cell;            /* on the line being made */
    struct numu_package_file files[TABLES_MAX + 1];
    size_t count;
    numu_status status;
};

/* --- cells: the first failure stays --- */

static void keep(struct package_writer *writer, numu_status status) {
    writer->status = writer->status == NUMU_OK ? status : writer->status;
}

static void text(struct package_writer *writer, struct numu_text value) {
    if (writer->has_cell) {
        keep(writer, numu_buffer_append_char(&writer->bytes, ','));
    }
    keep(writer, numu_csv_write(&writer->bytes, value, ','));
    writer->has_cell = true;
}

static void string(struct package_writer *writer, const char *value) {
    text(writer, numu_text_of(value));
}

static void decimal(struct package_writer *writer, int64_t value, int decimals) {
    struct numu_buffer cell;
    numu_buffer_init(&cell, writer->bytes.heap, 0);
    if (value != NUMU_NO_NUMBER) {
        keep(writer, numu_number_write(&cell, value, decimals, true));
    }
    text(writer, (struct numu_text){cell.data, cell.length});
    numu_buffer_release(&cell);
}

static void day(struct package_writer *writer, numu_day value) {
    char room[NUMU_DAY_TEXT_BYTES];
    string(writer, numu_day_format(value, room));
}

static void end_row(struct package_writer *writer) {
    keep(writer, numu_buffer_append_char(&writer->bytes, '\n'));
    writer->has_cell = false;
}

static void begin_table(struct package_writer *writer, const char *header) {
    numu_buffer_clear(&writer->bytes);
    keep(writer, numu_buffer_append_string(&writer->bytes, header));
    keep(writer, numu_buffer_append_char(&writer->bytes, '\n'));
}

/* The bytes so far become a file. */
static void end_file(struct package_writer *writer, const char *name) {
    struct numu_package_file *file = &writer->files[writer->count];
    if (writer->status != NUMU_OK) {
        return;
    }
    numu_assert(writer->count <= TABLES_MAX);
    file->name = numu_text_of(name);
    keep(writer,
         numu_text_copy(writer->arena, (struct numu_text){writer->bytes.data, writer->bytes.length},
                        &file->bytes));
    writer->count++;
}

/* --- tables --- */

static void write_calendars(struct package_writer *writer) {
    const struct numu_exchange *exchange = writer->exchange;
    if (exchange->calendar_count == 0) {
        return;
    }
    begin_table(writer, "id,monday,tuesday,wednesday,thursday,friday,saturday,sunday");
    for (uint32_t i = 0; i < exchange->calendar_count; i++) {
        text(writer, exchange->calendars[i].id);
        for (int weekday = 0; weekday < 7; weekday++) {
            decimal(writer, exchange->calendars[i].hours[weekday], NUMU_DECIMAL_DECIMALS);
        }
        end_row(writer);
    }
    end_file(writer, "calendar.csv");
}

static void write_holidays(struct package_writer *writer) {
    const struct numu_exchange *exchange = writer->exchange;
    if (exchange->holiday_count == 0) {
        return;
    }
    begin_table(writer, "calendar,date,name");
    for (uint32_t i = 0; i < exchange->holiday_count; i++) {
        text(writer, exchange->calendars[exchange->holidays[i].calendar].id);
        day(writer, exchange->holidays[i].day);
        text(writer, exchange->holidays[i].name);
        end_row(writer);
    }
    end_file(writer, "holiday.csv");
}

static void write_activity(struct package_writer *writer,
                           const struct numu_exchange_activity *activity) {
    static const char *const distributions[] = {"",     "fixed",     "triangular",
                                                "pert", "lognormal", "uniform"};
    const struct numu_exchange *exchange = writer->exchange;
    text(writer, activity->id);
    text(writer, activity->name.length > 0 ? activity->name : activity->id);
    decimal(writer, activity->low, NUMU_DECIMAL_DECIMALS);
    decimal(writer, activity->likely, NUMU_DECIMAL_DECIMALS);
    decimal(writer, activity->high, NUMU_DECIMAL_DECIMALS);
    string(writer, distributions[activity->distribution]);
    decimal(writer, activity->cost, numu_currency_decimals(exchange->currency));
    text(writer, activity->calendar == NUMU_NONE ? (struct numu_text){NULL, 0}
                                                 : exchange->calendars[activity->calendar].id);
    day(writer, activity->not_before);
    day(writer, activity->deadline);
    day(writer, activity->started);
    day(writer, activity->finished);
    decimal(writer, activity->remaining, NUMU_DECIMAL_DECIMALS);
    text(writer, activity->parent == NUMU_NONE ? (struct numu_text){NULL, 0}
                                               : exchange->activities[activity->parent].id);
    end_row(writer);
}

static void write_activities(struct package_writer *writer) {
    begin_table(writer, "id,name,low,likely,high,distribution,cost,calendar,not_before,deadline,"
                        "started,finished,remaining,parent");
    for (uint32_t i = 0; i < writer->exchange->activity_count; i++) {
        write_activity(writer, &writer->exchange->activities[i]);
    }
    end_file(writer, "activity.csv");
}

static void write_links(struct package_writer *writer) {
    static const char *const types[] = {"", "FS", "SS", "FF", "SF"};
    const struct numu_exchange *exchange = writer->exchange;
    if (exchange->link_count == 0) {
        return;
    }
    begin_table(writer, "before,after,type,lag");
    for (uint32_t i = 0; i < exchange->link_count; i++) {
        const struct numu_exchange_link *link = &exchange->links[i];
        text(writer, exchange->activities[link->before].id);
        text(writer, exchange->activities[link->after].id);
        string(writer, types[link->type]);
        decimal(writer, link->lag, NUMU_DECIMAL_DECIMALS);
        end_row(writer);
    }
    end_file(writer, "precedence.csv");
}

static void write_resources(struct package_writer *writer) {
    const struct numu_exchange *exchange = writer->exchange;
    if (exchange->resource_count == 0) {
        return;
    }
    begin_table(writer, "id,name,units,kind");
    for (uint32_t i = 0; i < exchange->resource_count; i++) {
        text(writer, exchange->resources[i].id);
        text(writer, exchange->resources[i].name);
        decimal(writer, exchange->resources[i].units, NUMU_DECIMAL_DECIMALS);
        string(writer, exchange->resources[i].is_consumable ? "consumable" : "renewable");
        end_row(writer);
    }
    end_file(writer, "programme_resource.csv");
}

static void write_supplies(struct package_writer *writer) {
    const struct numu_exchange *exchange = writer->exchange;
    if (exchange->supply_count == 0) {
        return;
    }
    begin_table(writer, "programme_resource,from,units");
    for (uint32_t i = 0; i < exchange->supply_count; i++) {
        text(writer, exchange->resources[exchange->supplies[i].resource].id);
        day(writer, exchange->supplies[i].from);
        decimal(writer, exchange->supplies[i].units, NUMU_DECIMAL_DECIMALS);
        end_row(writer);
    }
    end_file(writer, "programme_supply.csv");
}

static void write_assignments(struct package_writer *writer) {
    const struct numu_exchange *exchange = writer->exchange;
    if (exchange->assignment_count == 0) {
        return;
    }
    begin_table(writer, "activity,programme_resource,units");
    for (uint32_t i = 0; i < exchange->assignment_count; i++) {
        text(writer, exchange->activities[exchange->assignments[i].activity].id);
        text(writer, exchange->resources[exchange->assignments[i].resource].id);
        decimal(writer, exchange->assignments[i].units, NUMU_DECIMAL_DECIMALS);
        end_row(writer);
    }
    end_file(writer, "assignment.csv");
}

/* --- datapackage.json --- */

/* Months from the first on that hold the project as planned, and some more. */
static int64_t months_of(const struct numu_exchange *exchange, numu_month first) {
    numu_day last = exchange->finish > exchange->data_date ? exchange->finish : exchange->data_date;
    int64_t months = (int64_t)numu_day_month(last) - first + 1 + MONTHS_MORE;
    return months < 1 ? 1 : months > MONTHS_MAX ? MONTHS_MAX : months;
}

static void json_day(struct numu_json_writer *json, const char *key, numu_day value) {
    char room[NUMU_DAY_TEXT_BYTES];
    numu_json_key(json, key);
    numu_json_string(json, numu_day_format(value, room));
}

static void write_properties(struct numu_json_writer *json, const struct numu_exchange *exchange) {
    numu_month first = numu_day_month(exchange->start);
    numu_json_key(json, "numu");
    numu_json_begin_object(json);
    numu_json_key(json, "currency");
    numu_json_string(json,
                     exchange->currency == 0 ? "USD" : numu_currency_code(exchange->currency));
    json_day(json, "start", numu_month_first_day(first));
    numu_json_key(json, "months");
    numu_json_integer(json, months_of(exchange, first));
    json_day(json, "data_date", exchange->data_date);
    if (exchange->calendar != NUMU_NONE) {
        numu_json_key(json, "calendar");
        numu_json_text(json, exchange->calendars[exchange->calendar].id);
    }
    numu_json_end_object(json);
}

static void write_descriptor(struct package_writer *writer) {
    struct numu_json_writer json;
    numu_buffer_clear(&writer->bytes);
    numu_json_writer_init(&json, &writer->bytes);
    numu_json_begin_object(&json);
    if (writer->exchange->title.length > 0) {
        numu_json_key(&json, "title");
        numu_json_text(&json, writer->exchange->title);
    }
    numu_json_key(&json, "resources");
    numu_json_begin_array(&json);
    for (size_t i = 0; i < writer->count; i++) {
        struct numu_text name = writer->files[i].name;
        numu_json_begin_line_object(&json);
        numu_json_key(&json, "name");
        numu_json_text(&json, (struct numu_text){name.data, name.length - strlen(".csv")});
        numu_json_key(&json, "path");
        numu_json_text(&json, name);
        numu_json_end_object(&json);
    }
    numu_json_end_array(&json);
    write_properties(&json, writer->exchange);
    numu_json_end_object(&json);
    keep(writer, json.status);
    end_file(writer, "datapackage.json");
}

numu_status numu_exchange_package(const struct numu_exchange *exchange, struct numu_arena *arena,
                                  struct numu_package *out) {
    struct package_writer writer = {.exchange = exchange, .arena = arena};
    struct numu_package package = {NULL, 0};
    numu_buffer_init(&writer.bytes, arena->heap, 0);
    write_calendars(&writer);
    write_holidays(&writer);
    write_activities(&writer);
    write_links(&writer);
    write_resources(&writer);
    write_supplies(&writer);
    write_assignments(&writer);
    write_descriptor(&writer);
    numu_buffer_release(&writer.bytes);
    NUMU_TRY(writer.status);
    NUMU_TRY(NUMU_TAKE(arena, &package.files, writer.count));
    memcpy(package.files, writer.files, writer.count * sizeof *package.files);
    package.count = writer.count;
    *out = package;
    return NUMU_OK;
}
