/*
 * limits.h - limits of storehouses: a table, CSV, JSON; and the page of one storehouse.
 */
#ifndef NUMU_VIEW_LIMITS_H
#define NUMU_VIEW_LIMITS_H

#include "view/storage.h"

/* JSON: "numu.storage-limits/1". */
NUMU_MUST_CHECK numu_status numu_view_limits(struct numu_buffer *buffer,
                                             const struct numu_model *model,
                                             const struct numu_storage_limits *limits,
                                             const struct numu_stamp *stamp, numu_language language,
                                             numu_format format);

/*
 * The page of a storehouse: HTML, or CSV of every exposed site with required and actual distance.
 * `scratch` is used and kept.
 */
NUMU_MUST_CHECK numu_status numu_view_storage_licence(struct numu_buffer *buffer,
                                                      struct numu_arena *scratch,
                                                      const struct numu_model *model,
                                                      const struct numu_storage_limits *limits,
                                                      numu_row storehouse, numu_language language,
                                                      bool is_csv);

#endif
