/*
 * stream.h - reading bytes from a file or from memory, piece by piece, so that memory need not grow
 * with the input.
 */
#ifndef NUMU_BASE_STREAM_H
#define NUMU_BASE_STREAM_H

#include "base/text.h"

struct numu_stream {
    int descriptor;         /* -1: from memory */
    struct numu_text bytes; /* memory only */
};

/* Opens a regular file (or a pipe) for reading. NUMU_IO with *out_errno set; a folder is EISDIR. */
NUMU_MUST_CHECK numu_status numu_stream_open(struct numu_stream *stream, const char *path,
                                             int *out_errno);
/* Over bytes that outlive the stream. */
void numu_stream_open_memory(struct numu_stream *stream, struct numu_text bytes);
void numu_stream_close(struct numu_stream *stream);

/*
 * Fills `buffer` from an offset as far as there is input: *out_count < capacity only at the end.
 * Keeps no position, so that threads may read one stream at once. NUMU_IO also for what has no
 * offsets (a pipe).
 */
NUMU_MUST_CHECK numu_status numu_stream_read(const struct numu_stream *stream, uint64_t offset,
                                             char *buffer, size_t capacity, size_t *out_count,
                                             int *out_errno);
/* Length in bytes as it is now. */
NUMU_MUST_CHECK numu_status numu_stream_length(const struct numu_stream *stream,
                                               uint64_t *out_length, int *out_errno);

#endif
