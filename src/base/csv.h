/*
 * csv.h - RFC 4180 in one pass, with the place of every field kept.
 *
 * The reader works on a window of bytes that the caller refills, so that memory does not depend on
 * the size of the file. It accepts a byte order mark at the start of the file, LF, CRLF and CR line
 * ends (mixed, too), quotes around any field and doubled quotes within. A quote that is not the
 * first byte of its field is text.
 *
 * [C1] Offsets count from the start of the file and point at the first byte of the raw field, its
 *      quote included.
 * [C2] A record of more than `record_bytes_max` bytes, its line end not counted, is never kept: it
 *      is one error, and reading goes on after the next line end, whether within quotes or not.
 * [C3] Blank lines are no records.
 * [C4] What is reported depends on the bytes of the file, the delimiter and `record_bytes_max`
 *      only, never on where windows end.
 * [C5] The reader reads and writes within the window only.
 *
 * Reading a file takes a window of some capacity > record_bytes_max and this loop:
 *
 *     switch (numu_csv_next(&reader)) {
 *     case NUMU_CSV_MORE:
 *         tail = reader.length - reader.position;
 *         memmove(window, window + reader.position, tail);
 *         (read until `window` is full or the file ends: `count` bytes, is_final at its end)
 *         numu_csv_reader_refill(&reader, window, tail + count, is_final);
 *
 * A record cut by the end of a window is looked at again from its start. With a capacity of twice
 * record_bytes_max, filled up each time, no byte is looked at more than twice, so that the time is
 * linear in the file whatever is in it; a caller who adds little at a time pays for it.
 */
#ifndef NUMU_BASE_CSV_H
#define NUMU_BASE_CSV_H

#include "base/text.h"

typedef enum numu_csv_event {
    NUMU_CSV_RECORD,      /* fields[0 … count-1] hold a record */
    NUMU_CSV_MORE,        /* the window ends within a record: refill */
    NUMU_CSV_END,         /* nothing more; stays so */
    NUMU_CSV_OPEN_QUOTE,  /* a quote is never closed: error_offset is where it opens; the rest of
                              the file is consumed */
    NUMU_CSV_STRAY_QUOTE, /* what stands at error_offset, after a closing quote, is no delimiter and
                              no line end; skipped to the next line end */
    NUMU_CSV_BAD_ENCODING, /* not UTF-8, or a NUL byte, at error_offset; record skipped */
    NUMU_CSV_TOO_LONG,     /* [C2]; error_offset is the quote still open at the limit, where there
                              is one (most likely it was never closed), else the record's start */
    NUMU_CSV_TOO_MANY      /* more than NUMU_CSV_FIELDS_MAX fields: error_offset is the first one
                              too many; record skipped */
} numu_csv_event;

enum {
    NUMU_CSV_FIELDS_MAX = 1024,
    NUMU_CSV_RECORD_BYTES_MAX = 1 << 20, /* unless the caller sets another */
};

struct numu_csv_field {
    struct numu_text value; /* without quotes; valid until the next call */
    uint64_t offset;        /* of the raw field in the file [C1] */
    uint32_t length;        /* of the raw field in bytes */
    bool quoted;
};

struct numu_csv_reader {
    char *window;  /* bytes not yet consumed begin at window[position] */
    size_t length; /* bytes in the window */
    size_t position;
    uint64_t window_offset;    /* of window[0] in the file */
    uint32_t record_bytes_max; /* [C2]; may be set between init and the first call */
    bool is_final;             /* no bytes follow the window */
    bool skipping;             /* on the way to the line end after an error */
    char delimiter;
    uint64_t record_offset; /* where the last record, or broken one, begins */
    uint64_t error_offset;
    size_t count; /* 0 unless the last event was a record */
    struct numu_csv_field fields[NUMU_CSV_FIELDS_MAX];
};

/* Starts with an empty window. delimiter: any ASCII character but NUL, quote, CR, LF. */
void numu_csv_reader_init(struct numu_csv_reader *reader, char delimiter);

/*
 * Gives the reader its next window: `window` must hold the unconsumed tail of the last one
 * (window[position … length-1]) at its start, then new bytes. The reader unescapes quoted fields in
 * place, so it writes into the part of the window that it has consumed.
 */
void numu_csv_reader_refill(struct numu_csv_reader *reader, char *window, size_t length,
                            bool is_final);

/* The next event. After an error the record is skipped and reading can go on. */
numu_csv_event numu_csv_next(struct numu_csv_reader *reader);

/*
 * The whole of a text at once, as the final window; records may be as long as the text (up to
 * 4 GiB). `bytes` is written into.
 */
void numu_csv_reader_init_whole(struct numu_csv_reader *reader, char delimiter, char *bytes,
                                size_t length);

/*
 * Appends a field, quoted where it must be to be read back the same; delimiters and line ends are
 * the caller's. (A record of one empty field is a blank line [C3]: a table of one column needs a
 * value in each row.)
 */
NUMU_MUST_CHECK numu_status numu_csv_write(struct numu_buffer *buffer, struct numu_text field,
                                           char delimiter);

#endif
