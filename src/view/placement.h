/*
 * placement.h - where stock finds a place, and which storehouses are missing.
 */
#ifndef NUMU_VIEW_PLACEMENT_H
#define NUMU_VIEW_PLACEMENT_H

#include "view/storage.h"

/* JSON: "numu.storage-placement/1". CSV: the rows of stock. */
NUMU_MUST_CHECK numu_status numu_view_placement(struct numu_buffer *buffer,
                                                const struct numu_model *model,
                                                const struct numu_storage_placement *placement,
                                                const struct numu_stamp *stamp,
                                                numu_language language, numu_format format);

#endif
