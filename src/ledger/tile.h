/*
 * tile.h - a log as files: the layout of C2SP tlog-tiles (https://c2sp.org/tlog-tiles).
 *
 * A tile holds 256 hashes side by side, of level 8 × L of the tree; entries stand in bundles of
 * 256, each after its length in two bytes, the high one first (hence NUMU_ENTRY_BYTES_MAX). The
 * last tile or bundle may be partial, and says so in its name: tile/0/x001/234.p/17.
 */
#ifndef NUMU_LEDGER_TILE_H
#define NUMU_LEDGER_TILE_H

#include "ledger/merkle.h"

enum {
    NUMU_TILE_WIDTH = 256,
    NUMU_TILE_LEVELS_MAX = 8, /* 256^8 entries */
    NUMU_ENTRY_BYTES_MAX = 65535,
    NUMU_TILE_PATH_BYTES = 80
};

/*
 * The path of tile `number` of a level (-1 = bundle of entries) with `width` hashes, 1 to 256, and
 * a zero byte. Returns `out`.
 */
char *numu_tile_path(int level, uint64_t number, unsigned width, char out[NUMU_TILE_PATH_BYTES]);

/* Appends an entry to a bundle. NUMU_LIMIT where it is longer than NUMU_ENTRY_BYTES_MAX. */
NUMU_MUST_CHECK numu_status numu_entries_append(struct numu_buffer *buffer, struct numu_text entry);
/* The next entry of a bundle; *rest shrinks. NUMU_INVALID where it is cut off. */
NUMU_MUST_CHECK numu_status numu_entries_next(struct numu_text *rest, struct numu_text *out);

#endif
