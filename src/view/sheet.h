/*
 * sheet.h - a sheet (app/sheet.h) as a table for people, as CSV, as JSON.
 */
#ifndef NUMU_VIEW_SHEET_H
#define NUMU_VIEW_SHEET_H

#include "app/sheet.h"
#include "view/rows.h"

/* JSON opens with the common head; numbers of quantities are exact. */
NUMU_MUST_CHECK numu_status numu_view_sheet(struct numu_buffer *buffer,
                                            const struct numu_sheet *sheet,
                                            const struct numu_stamp *stamp, numu_language language,
                                            numu_format format);

#endif
