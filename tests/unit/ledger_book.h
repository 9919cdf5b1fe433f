/*
 * ledger_book.h - a book in memory for tests: a site "a" with a storehouse, a unit, people, items;
 * drafts recorded one by one.
 */
#ifndef NUMU_TESTS_LEDGER_BOOK_H
#define NUMU_TESTS_LEDGER_BOOK_H

#include "ledger/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct book {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_ledger ledger;
    struct numu_receipt receipt;
    numu_instant now;
    unsigned key; /* of the next act */
    const struct numu_ledger_checks *checks;
};

/* How often: make soak asks for more than usual. */
static inline unsigned book_count(const char *name, unsigned usual) {
    const char *given = getenv(name);
    return given == NULL ? usual : (unsigned)strtoul(given, NULL, 10);
}

static inline void book_must(numu_status status) {
    assert_int_equal(status, NUMU_OK);
}

/*
 * Records `"type":…` and what else a draft needs beside key, ledger, time and by; *its* outcome.
 * With by = NULL the draft has its own.
 */
static inline numu_outcome book_try(struct book *book, const char *by, const char *draft) {
    struct numu_buffer text;
    struct numu_entry_request request = {
        .now = book->now, .place = NUMU_NOWHERE, .checks = book->checks};
    struct numu_event_error error;
    char time[NUMU_INSTANT_TEXT_BYTES];
    numu_report_release(&book->report);
    numu_report_init(&book->report, &book->heap, 0);
    numu_buffer_init(&text, &book->heap, 0);
    book_must(numu_buffer_printf(&text, "{\"ledger\":\"test\",\"time\":\"%s\",",
                                 numu_instant_format(book->now, time)));
    if (strstr(draft, "\"key\"") == NULL) {
        book_must(numu_buffer_printf(&text, "\"key\":\"k%u\",", book->key++));
    }
    if (by != NULL) {
        book_must(numu_buffer_printf(&text, "\"by\":\"%s\",", by));
    }
    book_must(numu_buffer_printf(&text, "%s}", draft));
    numu_status status = numu_event_read_draft(
        &book->arena, (struct numu_text){text.data, text.length}, &request.event, &error);
    if (status != NUMU_OK) {
        print_message("# %s: %.*s\n", numu_event_error_name(&error), (int)error.member.length,
                      error.member.data);
    }
    book_must(status);
    book_must(numu_ledger_begin(&book->ledger));
    book_must(numu_ledger_complete(&book->ledger, &book->arena, &request.event));
    book_must(numu_ledger_record(&book->ledger, &request, &book->report, &book->receipt));
    book_must(numu_ledger_commit(&book->ledger));
    numu_buffer_release(&text);
    book->now += 60;
    return book->receipt.outcome;
}

static inline void book_do(struct book *book, const char *by, const char *draft) {
    numu_outcome outcome = book_try(book, by, draft);
    if (outcome == NUMU_OUTCOME_REFUSED) {
        size_t count;
        const struct numu_diagnostic *list = numu_report_list(&book->report, &count);
        for (size_t i = 0; i < count; i++) {
            print_message("# %s: %s\n", draft, numu_code_text(list[i].code));
        }
    }
    assert_int_not_equal(outcome, NUMU_OUTCOME_REFUSED);
}

/* Refused, for this reason and no other. */
static inline void book_refuse(struct book *book, const char *by, const char *draft,
                               numu_code code) {
    uint64_t size = book->ledger.head.size;
    numu_outcome outcome = book_try(book, by, draft);
    if (outcome != NUMU_OUTCOME_REFUSED || book->report.counts[code] == 0) {
        print_message("# %s: outcome %d, expected %s\n", draft, (int)outcome, numu_code_text(code));
    }
    assert_int_equal(outcome, NUMU_OUTCOME_REFUSED);
    assert_int_equal(book->report.counts[code], 1);
    assert_int_equal(numu_report_total(&book->report, NUMU_ERROR), 1);
    assert_true(book->ledger.head.size == size);
}

/* "a:12:<hash>" of the last event recorded. */
static inline const char *book_last(struct book *book) {
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text, "%.*s:%d:%s", (int)book->ledger.site.length,
                               book->ledger.site.data, (int)book->receipt.sequence,
                               numu_sha256_hex(&book->receipt.leaf, hex)));
    return text.data;
}

static inline void book_approve(struct book *book, const char *by, const char *reference) {
    char draft[256];
    (void)snprintf(draft, sizeof draft, "\"type\":\"approve\",\"ref\":\"%s\"", reference);
    book_do(book, by, draft);
}

static inline int64_t book_balance(struct book *book, const char *account, const char *item,
                                   const char *lot) {
    numu_quantity quantity;
    book_must(numu_balance_get(&book->ledger.state, book->ledger.site, numu_text_of(account),
                               numu_text_of(item), numu_text_of(lot), &quantity));
    assert_true(quantity % NUMU_QUANTITY_ONE == 0);
    return quantity / NUMU_QUANTITY_ONE;
}

static const char book_registers[] =
    "\"type\":\"register\",\"register\":{"
    "\"items\":[{\"id\":\"rifle\",\"control\":\"serial\",\"unit\":\"each\"},"
    "{\"id\":\"kit\",\"control\":\"serial\",\"unit\":\"each\"},"
    "{\"id\":\"round\",\"control\":\"lot\",\"unit\":\"round\",\"shelf_life_days\":365},"
    "{\"id\":\"bulk\",\"control\":\"lot\",\"unit\":\"t\",\"weighing_error_billionths\":2000000},"
    "{\"id\":\"crate\",\"control\":\"none\",\"unit\":\"each\"}],"
    "\"places\":[{\"id\":\"a\",\"kind\":\"plant\",\"site\":\"a\"},"
    "{\"id\":\"store\",\"kind\":\"storehouse\",\"site\":\"a\"},"
    "{\"id\":\"unit\",\"kind\":\"unit\",\"site\":\"a\"},"
    "{\"id\":\"b\",\"kind\":\"depot\",\"site\":\"b\"},"
    "{\"id\":\"hq\",\"kind\":\"headquarters\",\"site\":\"hq\"}],"
    "\"people\":[{\"id\":\"keeper\",\"roles\":\"storekeeper\",\"site\":\"a\"},"
    "{\"id\":\"keeper_b\",\"roles\":\"storekeeper\",\"site\":\"b\"},"
    "{\"id\":\"maker\",\"roles\":\"producer\",\"site\":\"a\"},"
    "{\"id\":\"judge\",\"roles\":\"inspector\",\"site\":\"a\"},"
    "{\"id\":\"chief\",\"roles\":\"approver auditor\",\"site\":\"hq\"},"
    "{\"id\":\"licensor\",\"roles\":\"licensing_officer\",\"site\":\"hq\"},"
    "{\"id\":\"registrar\",\"roles\":\"registrar\",\"site\":\"hq\"}],"
    "\"licences\":[{\"id\":\"x1\",\"kind\":\"export\",\"item\":\"round\","
    "\"quantity_millionths\":100000000,\"expires\":\"2026-12-31\",\"status\":\"granted\"}]}";

static inline void book_open(struct book *book, struct numu_store store, const char *site) {
    numu_arena_init(&book->arena, &book->heap);
    numu_report_init(&book->report, &book->heap, 0);
    book_must(
        numu_ledger_init(&book->heap, store, NUMU_TEXT("test"), numu_text_of(site), &book->ledger));
    book->now = INT64_C(1767600000); /* 2026-01-05 */
    book->key = 1;
    book->checks = NULL;
    book_do(book, "whoever", book_registers);
}

static inline void book_init(struct book *book, const char *site) {
    struct numu_store store;
    memset(book, 0, sizeof *book);
    numu_heap_init(&book->heap, 0);
    book_must(numu_store_memory_open(&book->heap, &store));
    book_open(book, store, site);
}

static inline void book_release(struct book *book) {
    book_must(numu_ledger_close(&book->ledger));
    numu_report_release(&book->report);
    numu_arena_release(&book->arena);
    assert_int_equal(book->heap.bytes, 0);
}

/* The key that signs heads, without which their signatures could not be checked. */
static inline void book_register_key(struct book *book, const struct numu_public_key *key) {
    struct numu_buffer draft;
    numu_buffer_init(&draft, &book->heap, 0);
    book_must(numu_buffer_append_string(&draft,
                                        "\"key\":\"site-key\",\"type\":\"register\",\"register\":"
                                        "{\"people\":[{\"id\":\"site\",\"key\":\""));
    book_must(numu_public_key_write(key, &draft));
    book_must(numu_buffer_append_string(&draft, "\"}]}"));
    book_do(book, "whoever", draft.data);
    numu_buffer_release(&draft);
}

#endif
