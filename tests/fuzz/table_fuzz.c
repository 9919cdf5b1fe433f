/*
 * table_fuzz.c - any bytes as any table of the model: no crash, no leak, and a table that is
 * sound [M1] [M2].
 *
 * The first byte chooses the table, the second the delimiter; the rest is the file.
 */
#include "base/cell.h"
#include "model/load_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every reference leads to a row, every element can be read. */
static void check_table(const struct numu_model *model, const struct numu_table_descriptor *table,
                        struct numu_heap *heap) {
    numu_row count = numu_model_head_of(model, table)->count;
    struct numu_buffer text;
    numu_buffer_init(&text, heap, 0);
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        const void *array = numu_model_array(model, table, column);
        numu_assert(array != NULL || column->is_evidence);
        for (numu_row row = 0; row < count; row++) {
            if (column->kind == NUMU_KIND_REFERENCE) {
                numu_row referred = ((const numu_row *)array)[row];
                const struct numu_table_descriptor *other = numu_schema_at(column->reference);
                numu_assert(referred == NUMU_NONE ||
                            referred < numu_model_head_of(model, other)->count);
            } else {
                numu_buffer_clear(&text);
                numu_assert(numu_cell_write(column, array, row,
                                            numu_model_currency(model, table, row), NULL, NULL,
                                            &text) == NUMU_OK);
            }
        }
    }
    numu_buffer_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char delimiters[] = ",;\t|";
    if (size < 2) {
        return 0;
    }
    struct numu_heap heap;
    struct numu_report report;
    struct numu_model model;
    numu_heap_init(&heap, (size_t)1 << 28);
    struct numu_context context = {.heap = &heap, .threads = 1};
    numu_report_init(&report, &heap, 20);
    numu_assert(numu_model_init(&context, &model) == NUMU_OK);
    model.currency = numu_currency_find(NUMU_TEXT("XOF"));
    const struct numu_table_descriptor *table =
        &numu_schema[1 + data[0] % (numu_schema_count() - 1)];
    struct numu_table_file file = {.delimiter = delimiters[data[1] % 4],
                                   .comma_columns = data[1] / 4};
    struct numu_stream stream;
    struct numu_sha256 digest;
    numu_stream_open_memory(&stream, (struct numu_text){(const char *)data + 2, size - 2});
    numu_status status = numu_sources_add(&model.sources, NUMU_TEXT("table.csv"),
                                          (struct numu_text){NULL, 0}, &file.source);
    for (size_t t = 1; status == NUMU_OK && t < numu_schema_count(); t++) {
        status = &numu_schema[t] == table
                     ? numu_table_load(&context, &model, table, &file, &stream, &report, &digest)
                     : numu_table_make_empty(&model, &numu_schema[t]);
    }
    if (status == NUMU_OK) {
        check_table(&model, table, &heap);
    }
    numu_model_release(&model);
    numu_report_release(&report);
    numu_assert(heap.bytes == 0);
    return 0;
}
