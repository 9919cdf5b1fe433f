/*
 * ledger_built.h - the state of a test's book, built again from its log and compared row by row.
 */
#ifndef NUMU_TESTS_LEDGER_BUILT_H
#define NUMU_TESTS_LEDGER_BUILT_H

#include "ledger_book.h"

struct book_sum {
    struct numu_arena *arena;
    struct numu_dictionary sums;
    struct numu_store other;
    struct numu_buffer value;
    size_t rows;
};

static inline numu_status book_visit_row(void *data, struct numu_text key, struct numu_text value) {
    struct book_sum *sum = data;
    sum->rows++;
    if (sum->other.port != NULL) {
        book_must(sum->other.port->get(sum->other.self, NUMU_SPACE_STATE, key, &sum->value));
        assert_true(
            numu_text_is_equal(value, (struct numu_text){sum->value.data, sum->value.length}));
    }
    if (key.data[0] != 'b') {
        return NUMU_OK;
    }
    struct numu_text rest = key;
    for (int i = 0; i < 3; i++) {
        (void)numu_field_next(&rest);
    }
    const struct numu_entry *before = numu_dictionary_find(&sum->sums, rest);
    int64_t total =
        numu_field_number(value) + (before == NULL ? 0 : numu_field_number(before->value));
    struct numu_text text;
    NUMU_TRY(numu_text_printf(sum->arena, &text, "%lld", (long long)total));
    return numu_dictionary_put(&sum->sums, rest, text, NULL);
}

static inline numu_status book_visit_zero(void *data, struct numu_text key,
                                          struct numu_text value) {
    (void)data;
    (void)key;
    assert_true(numu_text_is(value, "0"));
    return NUMU_OK;
}

/*
 * A state of the first `size` events in a store of its own, in a transaction that is open; release
 * the state, and close the store, which *out_store is.
 */
static inline void book_build(struct book *book, uint64_t size, struct numu_store *out_store,
                              struct numu_state *out) {
    struct numu_log_head head = {.recorded = NUMU_NO_INSTANT};
    book_must(numu_store_memory_open(&book->heap, out_store));
    numu_state_init(out, &book->heap, *out_store, book->ledger.state.store);
    book_must(out_store->port->begin(out_store->self));
    for (uint64_t i = 0; i < size; i++) {
        struct numu_record record;
        struct numu_sha256 leaf;
        book_must(numu_ledger_read(&book->ledger, &book->arena, NUMU_OWN_LOG, (int64_t)i, &record,
                                   &leaf));
        book_must(numu_log_append(out, book->ledger.site, &head, &leaf));
        book_must(numu_state_apply(out, &book->arena, NUMU_OWN_LOG, &record));
    }
}

/* The state of the book is what its log makes, and sums to zero. */
static inline void book_check(struct book *book) {
    struct numu_store again;
    struct numu_state state;
    struct numu_store *store = &book->ledger.state.store;
    book_build(book, book->ledger.head.size, &again, &state);
    book_must(again.port->commit(again.self));
    struct book_sum live = {.arena = &book->arena, .other = again};
    struct book_sum built = {.arena = &book->arena, .other = *store};
    numu_dictionary_init(&live.sums, &book->arena);
    numu_dictionary_init(&built.sums, &book->arena);
    numu_buffer_init(&live.value, &book->heap, 0);
    numu_buffer_init(&built.value, &book->heap, 0);
    book_must(
        store->port->scan(store->self, NUMU_SPACE_STATE, NUMU_TEXT(""), book_visit_row, &live));
    book_must(
        again.port->scan(again.self, NUMU_SPACE_STATE, NUMU_TEXT(""), book_visit_row, &built));
    assert_int_equal(live.rows, built.rows);
    book_must(numu_dictionary_scan(&live.sums, NUMU_TEXT(""), book_visit_zero, NULL));
    numu_buffer_release(&live.value);
    numu_buffer_release(&built.value);
    numu_state_release(&state);
    book_must(again.port->close(again.self));
}

/* A book of its own for each test, checked in the end. */
static inline int book_setup(void **state) {
    static struct book book;
    book_init(&book, "a");
    *state = &book;
    return 0;
}

static inline int book_teardown(void **state) {
    book_check(*state);
    book_release(*state);
    return 0;
}

#endif
