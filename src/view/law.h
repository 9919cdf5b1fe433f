/*
 * law.h - what rules of law say of a package on a day.
 */
#ifndef NUMU_VIEW_LAW_H
#define NUMU_VIEW_LAW_H

#include "rules/embargo.h"
#include "view/rows.h"

/* JSON: "numu.law/1". What holds under the profile asked for comes first, then what others see. */
NUMU_MUST_CHECK numu_status numu_view_law(struct numu_buffer *buffer,
                                          const struct numu_model *model,
                                          const struct numu_legal_view *law,
                                          const struct numu_stamp *stamp, numu_language language,
                                          numu_format format);

#endif
