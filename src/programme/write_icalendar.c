/*
 * write_icalendar.c - iCalendar: an event of whole days for each activity, for calendars on desks
 * and telephones.
 *
 * A link is told by the activity that comes first (RFC 9253, section 4): RELATED-TO names the one
 * that waits for it, GAP is the lag. Work breakdown is RELATED-TO with RELTYPE PARENT.
 * DTSTAMP is the data date, since nothing here knows a clock.
 *
 * Source: RFC 5545 (folding: 3.1; text: 3.3.11; VEVENT: 3.6.1), RFC 9253.
 */
#include "programme/write_parts.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { LINE_OCTETS = 75 };

/* --- content lines --- */

struct line {
    struct numu_export_writer *writer;
    size_t octets; /* on the line so far */
};

/* A character, folded to a new line where it would be the 76th octet; none is cut apart. */
static void put(struct line *line, const char *bytes, size_t length) {
    struct numu_export_writer *writer = line->writer;
    if (line->octets + length > LINE_OCTETS) {
        numu_export_printf(writer, "\r\n ");
        line->octets = 1;
    }
    if (writer->status == NUMU_OK) {
        writer->status = numu_buffer_append(writer->buffer, bytes, length);
    }
    line->octets += length;
}

static void put_text(struct line *line, struct numu_text text, bool is_escaped) {
    while (text.length > 0) {
        uint32_t code;
        size_t bytes = numu_utf8_decode(text, &code);
        char c = text.data[0];
        if (is_escaped && (c == '\\' || c == ',' || c == ';')) {
            char pair[2] = {'\\', c};
            put(line, pair, 2);
        } else if (is_escaped && c == '\n') {
            put(line, "\\n", 2);
        } else if ((unsigned char)c >= ' ') {
            put(line, text.data, bytes);
        }
        text.data += bytes;
        text.length -= bytes;
    }
}

/* "NAME:value" with `name` as it is and `value` escaped. */
static void content(struct numu_export_writer *writer, const char *name, struct numu_text value) {
    struct line line = {writer, 0};
    put_text(&line, numu_text_of(name), false);
    put(&line, ":", 1);
    put_text(&line, value, true);
    numu_export_printf(writer, "\r\n");
}

static void date(struct numu_export_writer *writer, const char *name, numu_day day) {
    struct numu_date parts = numu_day_date(day);
    numu_export_printf(writer, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, (int)parts.year,
                       (int)parts.month, (int)parts.day);
}

/* --- events --- */

static void related(struct numu_export_writer *writer, const char *parameters, numu_row activity) {
    struct line line = {writer, 0};
    put_text(&line, NUMU_TEXT("RELATED-TO"), false);
    put_text(&line, numu_text_of(parameters), false);
    put(&line, ":", 1);
    put_text(&line, writer->model->activity.id[activity], false);
    put_text(&line, NUMU_TEXT("@numu"), false);
    numu_export_printf(writer, "\r\n");
}

/* A lag in working days is told as that many days, or, where it is none, hours. */
static void link_to(struct numu_export_writer *writer, numu_row precedence) {
    static const char *const types[] = {"", "FINISHTOSTART", "STARTTOSTART", "FINISHTOFINISH",
                                        "STARTTOFINISH"};
    const struct numu_table_precedence *table = &writer->model->precedence;
    numu_decimal lag = table->lag[precedence];
    numu_decimal size = lag < 0 ? -lag : lag;
    struct numu_text parameters;
    numu_status status =
        size == 0 ? numu_text_printf(writer->scratch, &parameters, ";RELTYPE=%s",
                                     types[table->type[precedence]])
        : size % NUMU_DECIMAL_ONE == 0
            ? numu_text_printf(writer->scratch, &parameters, ";RELTYPE=%s;GAP=%sP%lldD",
                               types[table->type[precedence]], lag < 0 ? "-" : "",
                               (long long)(size / NUMU_DECIMAL_ONE))
            : numu_text_printf(writer->scratch, &parameters, ";RELTYPE=%s;GAP=%sPT%lldH",
                               types[table->type[precedence]], lag < 0 ? "-" : "",
                               (long long)(size / (NUMU_DECIMAL_ONE / 24)));
    if (writer->status == NUMU_OK) {
        writer->status = status;
    }
    if (writer->status == NUMU_OK) {
        related(writer, parameters.data, table->after[precedence]);
    }
}

static void event(struct numu_export_writer *writer, numu_row row, const uint32_t *first_link,
                  const numu_row *links, const char *stamp) {
    const struct numu_table_activity *activity = &writer->model->activity;
    numu_export_printf(writer, "BEGIN:VEVENT\r\nUID:");
    if (writer->status == NUMU_OK) {
        writer->status = numu_buffer_append(writer->buffer, activity->id[row].data,
                                            activity->id[row].length); /* at most 64 bytes */
    }
    numu_export_printf(writer, "@numu\r\nDTSTAMP:%s\r\n", stamp);
    date(writer, "DTSTART", writer->dates->start[row]);
    date(writer, "DTEND", writer->dates->finish[row] + 1);
    content(writer, "SUMMARY", activity->name[row]);
    numu_export_printf(writer, "TRANSP:TRANSPARENT\r\n");
    if (activity->parent[row] != NUMU_NONE) {
        related(writer, ";RELTYPE=PARENT", activity->parent[row]);
    }
    for (uint32_t i = first_link[row]; i < first_link[row + 1]; i++) {
        link_to(writer, links[i]);
    }
    numu_export_printf(writer, "END:VEVENT\r\n");
}

void numu_export_icalendar(struct numu_export_writer *writer) {
    const struct numu_model *model = writer->model;
    uint32_t *first_link = NULL;
    numu_row *links = NULL;
    char stamp[32];
    numu_day known = model->package.data_date[0] == NUMU_NO_DAY ? model->package.start[0]
                                                                : model->package.data_date[0];
    struct numu_date parts = numu_day_date(known);
    writer->status = numu_export_list_links(writer, model->precedence.before, &first_link, &links);
    if (writer->status != NUMU_OK) {
        return;
    }
    (void)snprintf(stamp, sizeof stamp, "%04d%02d%02dT000000Z", (int)parts.year, (int)parts.month,
                   (int)parts.day);
    numu_export_printf(writer, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//numu//numu %s//EN\r\n",
                       NUMU_VERSION);
    if (model->title.length > 0) {
        content(writer, "NAME", model->title);
    }
    for (uint32_t i = 0; i < model->activity.head.count && writer->status == NUMU_OK; i++) {
        event(writer, writer->order[i], first_link, links, stamp);
    }
    numu_export_printf(writer, "END:VCALENDAR\r\n");
}
