/*
 * write.h - the programme of a package as a file of another tool: Microsoft Project's XML,
 * Primavera's XER, iCalendar, a flat CSV.
 *
 * [W1] What a format cannot hold, or holds in a way that these writers do not use, is listed
 *      (not-carried) by table and column.
 * [W2] What Microsoft Project's XML and XER hold reads back (exchange.h) as the same activities,
 *      links, calendars, holidays, resources and assignments, in the order of the outline.
 *      Durations are kept to the minute.
 */
#ifndef NUMU_PROGRAMME_WRITE_H
#define NUMU_PROGRAMME_WRITE_H

#include "model/calendar.h"
#include "model/model.h"

typedef enum numu_export {
    NUMU_EXPORT_NONE,
    NUMU_EXPORT_MSPDI,     /* .xml */
    NUMU_EXPORT_XER,       /* .xer */
    NUMU_EXPORT_ICALENDAR, /* .ics: RFC 5545, links by RFC 9253 */
    NUMU_EXPORT_CSV        /* .csv: a line an activity, links in a column */
} numu_export;

/* The format that a name asks for by its ending. */
numu_export numu_export_of(struct numu_text path);

/* First and last day of work of each activity of the model, as scheduled. */
struct numu_export_dates {
    const numu_day *start, *finish;
};

/* Appends the file. NUMU_LIMIT where a figure does not fit the format. */
NUMU_MUST_CHECK numu_status numu_export_write(const struct numu_model *model, numu_export format,
                                              const struct numu_export_dates *dates,
                                              struct numu_arena *scratch,
                                              struct numu_buffer *buffer);
/* [W1] */
NUMU_MUST_CHECK numu_status numu_export_report_not_carried(const struct numu_model *model,
                                                           numu_export format,
                                                           struct numu_report *report);

#endif
