/*
 * form.h - a form (app/form.h) as a page to print and sign, as CSV, as JSON.
 */
#ifndef NUMU_VIEW_FORM_H
#define NUMU_VIEW_FORM_H

#include "app/form.h"
#include "view/rows.h"

/*
 * TABLE gives the page, whole and self-contained, A4 in print. CSV has a header, then a row for
 * each row of the list with the facts before it (one row where there is no list); names of fields,
 * not labels.
 */
NUMU_MUST_CHECK numu_status numu_view_form(struct numu_buffer *buffer,
                                           const struct numu_form_page *form,
                                           const struct numu_stamp *stamp, numu_language language,
                                           numu_format format);

#endif
