/*
 * write_csv.c - the programme as one flat table: an activity a line, its links and resources in a
 * cell each, as people read them: "A FS+2; B SS".
 */
#include "programme/write_parts.h"

#include "base/csv.h"

#include <stddef.h>

static void append(struct numu_export_writer *writer, numu_status status) {
    writer->status = writer->status == NUMU_OK ? status : writer->status;
}

static void cell(struct numu_export_writer *writer, struct numu_text text, bool is_first) {
    if (!is_first) {
        append(writer, numu_buffer_append_char(writer->buffer, ','));
    }
    append(writer, numu_csv_write(writer->buffer, text, ','));
}

static void day(struct numu_export_writer *writer, numu_day value) {
    char text[NUMU_DAY_TEXT_BYTES];
    cell(writer, numu_text_of(numu_day_format(value, text)), false);
}

static void number(struct numu_export_writer *writer, int64_t value, int decimals) {
    append(writer, numu_buffer_append_char(writer->buffer, ','));
    if (value != NUMU_NO_NUMBER) {
        append(writer, numu_number_write(writer->buffer, value, decimals, true));
    }
}

static numu_status write_link(const struct numu_model *model, numu_row row,
                              struct numu_buffer *text) {
    static const char *const types[] = {"", "FS", "SS", "FF", "SF"};
    const struct numu_table_precedence *table = &model->precedence;
    struct numu_text id = model->activity.id[table->before[row]];
    NUMU_TRY(numu_buffer_append_string(text, text->length > 0 ? "; " : ""));
    NUMU_TRY(numu_buffer_append(text, id.data, id.length));
    NUMU_TRY(numu_buffer_printf(text, " %s", types[table->type[row]]));
    if (table->lag[row] > 0) {
        NUMU_TRY(numu_buffer_append_char(text, '+'));
    }
    return table->lag[row] == 0
               ? NUMU_OK
               : numu_number_write(text, table->lag[row], NUMU_DECIMAL_DECIMALS, true);
}

static numu_status write_assignment(const struct numu_model *model, numu_row row,
                                    struct numu_buffer *text) {
    const struct numu_table_assignment *table = &model->assignment;
    struct numu_text id = model->programme_resource.id[table->programme_resource[row]];
    NUMU_TRY(numu_buffer_append_string(text, text->length > 0 ? "; " : ""));
    NUMU_TRY(numu_buffer_append(text, id.data, id.length));
    NUMU_TRY(numu_buffer_append_char(text, ' '));
    return numu_number_write(text, table->units[row], NUMU_DECIMAL_DECIMALS, true);
}

/* Texts by activity: all links into it, all that it takes. */
static numu_status collect(struct numu_export_writer *writer, struct numu_buffer *links,
                           struct numu_buffer *resources) {
    const struct numu_model *model = writer->model;
    for (numu_row row = 0; row < model->precedence.head.count; row++) {
        NUMU_TRY(write_link(model, row, &links[model->precedence.after[row]]));
    }
    for (numu_row row = 0; row < model->assignment.head.count; row++) {
        if (model->assignment.mode[row].length == 0) {
            NUMU_TRY(write_assignment(model, row, &resources[model->assignment.activity[row]]));
        }
    }
    return NUMU_OK;
}

static void write_rows(struct numu_export_writer *writer, const struct numu_buffer *links,
                       const struct numu_buffer *resources) {
    const struct numu_model *model = writer->model;
    const struct numu_table_activity *activity = &model->activity;
    append(writer, numu_buffer_append_string(
                       writer->buffer, "id,name,parent,days,start,finish,predecessors,resources,"
                                       "calendar,not_before,deadline,started,finished,remaining,"
                                       "cost,currency\n"));
    for (uint32_t i = 0; i < activity->head.count; i++) {
        numu_row row = writer->order[i];
        numu_row calendar = numu_export_calendar(model, row);
        numu_row parent = activity->parent[row];
        numu_currency currency =
            numu_model_currency(model, numu_schema_at(offsetof(struct numu_model, activity)), row);
        bool has_cost = activity->cost[row] != NUMU_NO_NUMBER;
        cell(writer, activity->id[row], true);
        cell(writer, activity->name[row], false);
        cell(writer, parent == NUMU_NONE ? NUMU_TEXT("") : activity->id[parent], false);
        number(writer, activity->likely[row], NUMU_DECIMAL_DECIMALS);
        day(writer, writer->dates->start[row]);
        day(writer, writer->dates->finish[row]);
        cell(writer, (struct numu_text){links[row].data, links[row].length}, false);
        cell(writer, (struct numu_text){resources[row].data, resources[row].length}, false);
        cell(writer, calendar == NUMU_NONE ? NUMU_TEXT("") : model->calendar.id[calendar], false);
        day(writer, activity->not_before[row]);
        day(writer, activity->deadline[row]);
        day(writer, activity->started[row]);
        day(writer, activity->finished[row]);
        number(writer, activity->remaining[row], NUMU_DECIMAL_DECIMALS);
        number(writer, activity->cost[row], numu_currency_decimals(currency));
        cell(writer, numu_text_of(has_cost ? numu_currency_code(currency) : ""), false);
        append(writer, numu_buffer_append_char(writer->buffer, '\n'));
    }
}

void numu_export_csv(struct numu_export_writer *writer) {
    uint32_t count = writer->model->activity.head.count;
    struct numu_buffer *texts; /* links, then resources */
    append(writer, numu_arena_take(writer->scratch, count, 2 * sizeof *texts, &texts));
    if (writer->status != NUMU_OK) {
        return;
    }
    for (uint32_t i = 0; i < 2 * count; i++) {
        numu_buffer_init(&texts[i], writer->buffer->heap, 0);
    }
    append(writer, collect(writer, texts, texts + count));
    if (writer->status == NUMU_OK) {
        write_rows(writer, texts, texts + count);
    }
    for (uint32_t i = 0; i < 2 * count; i++) {
        numu_buffer_release(&texts[i]);
    }
}
