/*
 * Goal: memory does not grow with the rows of a CSV file, malformed or good, beyond the input
 * itself, where receipts are handed out; each row has its receipt, each refusal its reason
 * and its place.
 * Method: a table of malformed rows, and every hundredth a good one, into a book in a file; the
 * most that the heap ever held, for one table and for one of twice as many rows.
 * Control: with all receipts kept in the sheet, the same memory grows by far more.
 */
#include "app/ledger.h"

#include "ledger_file.h"

enum { ROWS = 13000, EVERY = 100, SPARE_BYTES = 64 << 10, TIME_COLUMN = 26 };

static struct book_file book_file;

struct tally {
    size_t receipts, refused, with_reason, with_place, groups;
};

static int make_file(void **state) {
    (void)state;
    book_file_make(&book_file, 2, 1, 5);
    return 0;
}

static int remove_file(void **state) {
    (void)state;
    return book_file_remove(&book_file);
}

/* Writes the table; *its* bytes. */
static size_t write_table(const char *path, unsigned rows) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fprintf(file, "type,by,key,time,item,serials,quantity,from,to\n");
    for (unsigned i = 1; i <= rows; i++) {
        const char *type = i % EVERY == 0 ? "open" : i % 2 == 0 ? "opn" : "produce";
        const char *day = i % EVERY == 0 || i % 2 == 0 ? "05" : "35";
        (void)fprintf(file,
                      "%s,keeper,row%06u,2026-01-%sT08:00:00Z,rifle,G%06u,1,opening,"
                      "store/serviceable\n",
                      type, i, day, i);
    }
    long length = ftell(file);
    assert_int_equal(fclose(file), 0);
    return (size_t)length;
}

static numu_status take(void *data, const struct numu_sheet *receipts) {
    struct tally *tally = data;
    const struct numu_argument *cells = (const void *)receipts->cells.data;
    enum { COLUMNS = NUMU_RECEIPT_COLUMNS + 2 };
    for (size_t row = 0; row < numu_sheet_rows(receipts); row++) {
        const struct numu_argument *cell = cells + row * COLUMNS;
        bool is_refused = numu_text_is(cell[1].text, "word.outcome_refused");
        tally->receipts++;
        tally->refused += is_refused;
        tally->with_reason += is_refused && numu_text_is(cell[5].text, "event-malformed");
        tally->with_place += is_refused && cell[6].kind == NUMU_ARGUMENT_INTEGER &&
                             (cell[6].number == 1 || cell[6].number == TIME_COLUMN);
    }
    tally->groups++;
    return NUMU_OK;
}

/* Records the table into a fresh copy of the book; the most that the heap held beyond the input. */
static size_t record(unsigned rows, bool hands_out, struct tally *tally) {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_sources sources;
    struct numu_report report;
    struct numu_sheet sheet;
    size_t refused;
    char table[160];
    (void)snprintf(table, sizeof table, "%s/rows.csv", book_file.folder);
    size_t bytes = write_table(table, rows);
    book_file_write(&book_file);
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_sources_init(&sources, &arena);
    numu_report_init(&report, &heap, 20);
    struct numu_context context = {.heap = &heap};
    struct numu_ledger_record_request request = {.path = book_file.path,
                                                 .input = table,
                                                 .now = INT64_C(1768000000),
                                                 .has_reasons = true,
                                                 .hand_out = hands_out ? take : NULL,
                                                 .hand_out_data = tally};
    book_must(
        numu_app_ledger_record(&context, &request, &sources, &report, &arena, &sheet, &refused));
    assert_int_equal(refused, rows - rows / EVERY);
    assert_true(report.counts[NUMU_CODE_EVENT_MALFORMED] == refused);
    numu_sheet_release(&sheet);
    numu_report_release(&report);
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
    (void)unlink(table);
    return atomic_load(&heap.bytes_peak) - bytes;
}

static void test_memory(void **state) {
    struct tally tally = {0};
    struct tally none = {0};
    (void)state;
    size_t once = record(ROWS, true, &tally);
    assert_int_equal(tally.receipts, ROWS);
    assert_int_equal(tally.refused, ROWS - ROWS / EVERY);
    assert_int_equal(tally.with_reason, tally.refused);
    assert_int_equal(tally.with_place, tally.refused);
    assert_true(tally.groups >= ROWS / 1000);
    size_t twice = record(2 * ROWS, true, &tally);
    print_message("# %zu and %zu bytes beyond the input\n", once, twice);
    assert_true(twice < once + SPARE_BYTES);
    size_t kept = record(2 * ROWS, false, &none);
    assert_true(kept > twice + SPARE_BYTES); /* control */
    assert_int_equal(none.groups, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
