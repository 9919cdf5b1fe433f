/*
 * write_parts.h - what the writers of write.h share; for write*.c only.
 */
#ifndef NUMU_PROGRAMME_WRITE_PARTS_H
#define NUMU_PROGRAMME_WRITE_PARTS_H

#include "programme/write.h"

/* The first failure stays in `status`, and later calls do nothing. */
struct numu_export_writer {
    const struct numu_model *model;
    const struct numu_export_dates *dates;
    struct numu_arena *scratch;
    struct numu_buffer *buffer;
    numu_status status;
    numu_row *order; /* activities in order of the outline: parents before their parts */
    uint32_t *level; /* by activity: 1 = at the top */
    bool *is_parent; /* by activity: others are part of it */
};

void numu_export_printf(struct numu_export_writer *writer, const char *format, ...)
    NUMU_PRINTF(2, 3);
/* A text with what XML reserves escaped. */
void numu_export_xml(struct numu_export_writer *writer, struct numu_text text);

/*
 * Rows of precedence by their activity in the column `end` (before or after), in order of rows:
 * those of activity a are links[first[a]] … links[first[a + 1] - 1].
 */
NUMU_MUST_CHECK numu_status numu_export_list_links(struct numu_export_writer *writer,
                                                   const numu_row *end, uint32_t **out_first,
                                                   numu_row **out_links);

/* Hours of an average worked day of a calendar, a row of model.calendar; NUMU_NONE: 24. */
numu_decimal numu_export_day_hours(const struct numu_model *model, numu_row calendar);
/* Minutes of so many working days; a lag may be negative. NUMU_LIMIT where they do not fit. */
int64_t numu_export_minutes(struct numu_export_writer *writer, numu_row calendar,
                            numu_decimal days);
/* The calendar that an activity works in: its own or the package's; NUMU_NONE = every day. */
numu_row numu_export_calendar(const struct numu_model *model, numu_row activity);

void numu_export_mspdi(struct numu_export_writer *writer);
void numu_export_xer(struct numu_export_writer *writer);
void numu_export_icalendar(struct numu_export_writer *writer);
void numu_export_csv(struct numu_export_writer *writer);

#endif
