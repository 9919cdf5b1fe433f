/*
 * load_rows.h - records of a CSV file into rows of a table. For load_table.c only.
 *
 * A table is read in segments, by several threads at once. A segment owns the records that begin
 * in [start, limit) and a range of rows with room for all of them; segments share the layout,
 * which nobody changes while they are read.
 *
 * [S1] What a segment reads depends on its bytes and the layout only, not on threads. [S2]
 *      `start` is a guess (the byte after some line end). It was right exactly where the segment
 *      before ended, its next_record, is this segment's first_record; load_table.c checks that.
 */
#ifndef NUMU_MODEL_LOAD_ROWS_H
#define NUMU_MODEL_LOAD_ROWS_H

#include "base/cell.h"
#include "base/csv.h"
#include "model/load_table.h"

enum {
    NUMU_WINDOW_BYTES = 2 * NUMU_CSV_RECORD_BYTES_MAX,
    NUMU_WINDOW_SLACK = 16, /* a short value may be read as 16 bytes whatever follows it */
};

/* A column of the file. */
struct numu_field {
    const struct numu_column *column; /* NULL: unknown to the schema, skipped */
    char *array;
    size_t size;
    struct numu_cell_rules rules; /* but for the currency, which is the row's */
    const struct numu_table_descriptor *referred;
    bool is_deferred; /* refers to its own table */
    union numu_element fallback;
};

struct numu_layout {
    struct numu_model *model;
    const struct numu_table_descriptor *table;
    const struct numu_table_file *file;
    const struct numu_stream *stream;
    uint64_t *place;           /* by row */
    struct numu_field *fields; /* by column of the file */
    size_t field_count;
    size_t currency_field; /* parsed before the money of its row; SIZE_MAX = none */
    uint16_t *order;       /* columns known to the schema, but for the currency's */
    size_t order_count;
};

/* A reference within the table itself: resolved when all rows are there. */
struct numu_deferred {
    numu_row row;
    uint32_t field;
    struct numu_text text;
    struct numu_place place;
};

/* A finding that is told once a column, however many rows earn it. */
struct numu_once {
    uint32_t field;
    struct numu_diagnostic finding;
};

struct numu_segment {
    uint64_t start, limit;
    numu_row base, capacity;
    numu_row count; /* rows read */
    /* where the first record begins, and the first of those after */
    uint64_t first_record, next_record;
    bool is_broken; /* a record could not be read, or the file could not */
    struct numu_report report;
    struct numu_buffer deferred; /* of struct numu_deferred */
    struct numu_buffer once;     /* of struct numu_once */
};

/* What a thread needs to read segments, one after the other. */
struct numu_row_reader {
    char *window; /* NUMU_WINDOW_BYTES and NUMU_WINDOW_SLACK */
    struct numu_csv_reader *csv;
    struct numu_memos *memos;     /* by field: values seen lately */
    struct numu_waiting *waiting; /* references that are being looked up */
    size_t waiting_count;
    struct numu_arena *texts; /* what texts are kept in */
    char *text_next;
    size_t text_left;
    struct numu_text *last; /* by field: the last text kept */
};

NUMU_MUST_CHECK numu_status numu_row_reader_init(struct numu_row_reader *reader,
                                                 struct numu_arena *scratch,
                                                 struct numu_arena *texts, size_t field_count);

/*
 * Reads a segment; report and buffers are initialised by the caller. Fails where the machine
 * does.
 */
NUMU_MUST_CHECK numu_status numu_segment_read(const struct numu_layout *layout,
                                              struct numu_row_reader *reader,
                                              struct numu_segment *segment);

/* Findings that both files make. */
void numu_report_broken_record(struct numu_report *report, const struct numu_layout *layout,
                               const struct numu_csv_reader *csv, numu_csv_event event);
void numu_report_unreadable(struct numu_report *report, const struct numu_layout *layout,
                            int number);

#endif
