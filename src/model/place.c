/*
 * place.c - where a value of the model stands in the user's file.
 *
 * Rows keep the offset of their record only; the column is found by reading header and record
 * again, which is done for the few findings that are shown.
 */
#include "base/csv.h"
#include "base/stream.h"
#include "model/model.h"

enum { PEEK_BYTES = 1 << 16 };

/* Reads the record at an offset; false where it cannot be read whole within PEEK_BYTES. */
static bool read_record(struct numu_stream *stream, uint64_t offset, char delimiter,
                        char window[PEEK_BYTES], struct numu_csv_reader *reader) {
    size_t count;
    int number;
    if (numu_stream_read(stream, offset, window, PEEK_BYTES, &count, &number) != NUMU_OK) {
        return false;
    }
    numu_csv_reader_init(reader, delimiter);
    numu_csv_reader_refill(reader, window, count, count < PEEK_BYTES);
    return numu_csv_next(reader) == NUMU_CSV_RECORD;
}

/* The place of a name in the header; SIZE_MAX where it is not there. */
static size_t column_in_header(struct numu_stream *stream, char delimiter, const char *column) {
    char window[PEEK_BYTES];
    struct numu_csv_reader reader;
    if (!read_record(stream, 0, delimiter, window, &reader)) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i < reader.count; i++) {
        if (numu_text_is(numu_text_trim(reader.fields[i].value), column)) {
            return i;
        }
    }
    return SIZE_MAX;
}

struct numu_place numu_model_place(const struct numu_model *model,
                                   const struct numu_table_descriptor *table, numu_row row,
                                   const char *column) {
    const struct numu_table_head *head = numu_model_head_of(model, table);
    if (head->place == NULL || row >= head->count || head->source >= model->sources.count) {
        return NUMU_NOWHERE;
    }
    struct numu_place place = {head->source, 0, head->place[row]};
    struct numu_stream stream;
    int number;
    if (numu_source_open(&model->sources.list[head->source], &stream, &number) != NUMU_OK) {
        return place;
    }
    size_t index = column_in_header(&stream, head->delimiter, column);
    char window[PEEK_BYTES];
    struct numu_csv_reader reader;
    if (index != SIZE_MAX &&
        read_record(&stream, head->place[row], head->delimiter, window, &reader) &&
        index < reader.count) {
        place.offset += reader.fields[index].offset;
        place.length = reader.fields[index].length;
    }
    numu_stream_close(&stream);
    return place;
}
