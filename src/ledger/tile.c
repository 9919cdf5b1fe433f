/*
 * tile.c - see tile.h.
 */
#include "ledger/tile.h"

#include <inttypes.h>
#include <stdio.h>

char *numu_tile_path(int level, uint64_t number, unsigned width, char out[NUMU_TILE_PATH_BYTES]) {
    uint64_t groups[8]; /* of three digits; the last one first */
    size_t count = 0;
    do {
        groups[count++] = number % 1000;
        number /= 1000;
    } while (number > 0);
    int at = level < 0 ? snprintf(out, NUMU_TILE_PATH_BYTES, "tile/entries")
                       : snprintf(out, NUMU_TILE_PATH_BYTES, "tile/%d", level);
    while (count-- > 0) {
        at += snprintf(out + at, NUMU_TILE_PATH_BYTES - (size_t)at, "/%s%03" PRIu64,
                       count > 0 ? "x" : "", groups[count]);
    }
    if (width < NUMU_TILE_WIDTH) {
        (void)snprintf(out + at, NUMU_TILE_PATH_BYTES - (size_t)at, ".p/%u", width);
    }
    return out;
}

numu_status numu_entries_append(struct numu_buffer *buffer, struct numu_text entry) {
    if (entry.length > NUMU_ENTRY_BYTES_MAX) {
        return NUMU_LIMIT;
    }
    char length[2] = {(char)(entry.length >> 8), (char)(entry.length & 0xFF)};
    NUMU_TRY(numu_buffer_append(buffer, length, sizeof length));
    return numu_buffer_append(buffer, entry.data, entry.length);
}

numu_status numu_entries_next(struct numu_text *rest, struct numu_text *out) {
    if (rest->length < 2) {
        return NUMU_INVALID;
    }
    size_t length = (size_t)(unsigned char)rest->data[0] << 8 | (unsigned char)rest->data[1];
    if (rest->length - 2 < length) {
        return NUMU_INVALID;
    }
    *out = (struct numu_text){rest->data + 2, length};
    *rest = (struct numu_text){rest->data + 2 + length, rest->length - 2 - length};
    return NUMU_OK;
}
