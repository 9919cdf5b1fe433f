/*
 * Goal: a count in sheets is what its sheets say and nothing else: nothing follows from a sheet, or
 * from some of them; none can be added, left out or exchanged; what moves in between is neither
 * missing nor too much; and the close makes the book what was there.
 * Method: small stories in a book in memory; each rule beside its breach, refused for that reason
 * alone; a count that was recorded is altered in each of its parts and applied past the door, with
 * the unaltered one as control; after each story the state is built again from the log and
 * compared. Oracle of a random count: sets of serials, moved one by one (property test).
 */
#include "base/random.h"
#include "ledger/count.h"
#include "ledger/difference.h"
#include "ledger/query.h"

#include "ledger_built.h"

#define RIFLES(serials)                                                                            \
    "{\"item\":\"rifle\",\"serials\":[" serials "],\"to\":\"store/serviceable\"}"
#define ROUNDS(lot, quantity)                                                                      \
    "{\"item\":\"round\",\"lot\":\"" lot "\",\"quantity\":" quantity                               \
    ",\"to\":\"store/serviceable\"}"
#define TOTAL(item, quantity)                                                                      \
    "{\"item\":\"" item "\",\"quantity\":" quantity ",\"to\":\"store/serviceable\"}"

/* What was seen, against the book as it stands. */
static const char *seen_draft(struct book *book, const char *type, const char *lines) {
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text,
                               "%s,\"second\":\"judge\",\"against\":%d,\"lines\":[%s]", type,
                               (int)book->ledger.head.size, lines));
    return text.data;
}

/* A sheet of the count "year". */
static const char *sheet_draft(struct book *book, const char *lines) {
    return seen_draft(book, "\"type\":\"sheet\",\"count\":\"year\"", lines);
}

static const char *count_draft(struct book *book, const char *lines) {
    return seen_draft(book, "\"type\":\"count\",\"key\":\"year\"", lines);
}

static const char *draft_of(struct book *book, const char *type, const char *ref) {
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text,
                               "\"type\":\"%s\",\"ref\":\"%s\",\"second\":\"judge\","
                               "\"reason\":\"so\"",
                               type, ref));
    return text.data;
}

static const char *sheet(struct book *book, const char *lines) {
    book_do(book, "keeper", sheet_draft(book, lines));
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_ACKNOWLEDGED);
    return book_last(book);
}

static const char *count(struct book *book, const char *lines) {
    book_do(book, "keeper", count_draft(book, lines));
    return book_last(book);
}

static void close_count(struct book *book, const char *ref) {
    book_do(book, "keeper", draft_of(book, "close", ref));
    book_approve(book, "chief", book_last(book));
}

static void stock(struct book *book) {
    book_do(book, "keeper",
            "\"type\":\"open\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1..R9\"],\"from\":"
            "\"opening\",\"to\":\"store/serviceable\"},{\"item\":\"round\",\"lot\":\"L1\","
            "\"quantity\":1000,\"from\":\"opening\",\"to\":\"store/serviceable\"},"
            "{\"item\":\"round\",\"lot\":\"L2\",\"quantity\":50,\"from\":\"opening\",\"to\":"
            "\"store/serviceable\"},{\"item\":\"crate\",\"quantity\":7,\"from\":\"opening\","
            "\"to\":\"store/serviceable\"}]");
}

static bool is_at(struct book *book, const char *serial, const char *account) {
    struct numu_serial now;
    book_must(numu_serial_get(&book->ledger.state, &book->arena, NUMU_TEXT("a"), NUMU_TEXT("rifle"),
                              numu_text_of(serial), &now));
    return numu_text_is(now.account, account);
}

static size_t waiting(struct book *book) {
    struct numu_waiting_sheet *sheets;
    size_t total;
    size_t open = 0;
    book_must(numu_waiting_sheets_list(&book->ledger.state, &book->arena, NUMU_TEXT("a"),
                                       (struct numu_text){NULL, 0}, &sheets, &total));
    for (size_t i = 0; i < total; i++) {
        open += sheets[i].withdrawn < 0;
    }
    return open;
}

/* What the material balance says of the last count. */
static const struct numu_item_account *account_of(struct book *book, const char *item) {
    struct numu_item_account *rows;
    size_t total;
    book_must(numu_account_list(&book->ledger, &book->arena, NUMU_TEXT("a"), &rows, &total));
    for (size_t i = 0; i < total; i++) {
        if (numu_text_is(rows[i].item, item)) {
            return &rows[i];
        }
    }
    fail();
    return NULL;
}

static void test_two_sheets(void **state) {
    struct book *book = *state;
    stock(book);
    sheet(book, RIFLES("\"R1..R4\"") "," ROUNDS("L1", "990"));
    sheet(book, RIFLES("\"R5\",\"R8\",\"R6\"") "," ROUNDS("L2", "50") "," TOTAL("crate", "9"));
    assert_int_equal(waiting(book), 2);
    assert_false(account_of(book, "rifle")->is_counted); /* nothing follows */
    const char *ref =
        count(book, TOTAL("rifle", "7") "," TOTAL("round", "1040") "," TOTAL("crate", "9"));
    assert_int_equal(waiting(book), 0);
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 9); /* moves nothing */
    const struct numu_item_account *rifles = account_of(book, "rifle");
    assert_int_equal(rifles->counted_book, 9 * NUMU_QUANTITY_ONE);
    assert_int_equal(rifles->counted, 7 * NUMU_QUANTITY_ONE);
    assert_int_equal(account_of(book, "round")->counted_book, 1050 * NUMU_QUANTITY_ONE);
    assert_int_equal(account_of(book, "round")->counted, 1040 * NUMU_QUANTITY_ONE);
    close_count(book, ref);
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 7);
    assert_int_equal(book_balance(book, "unaccounted", "rifle", ""), 2);
    assert_true(is_at(book, "R7", "unaccounted"));
    assert_true(is_at(book, "R9", "unaccounted"));
    assert_true(is_at(book, "R8", "store/serviceable"));
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"), 990);
    assert_int_equal(book_balance(book, "unaccounted", "round", "L1"), 10);
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L2"), 50);
    assert_int_equal(book_balance(book, "store/serviceable", "crate", ""), 9);
    book_refuse(book, "keeper", draft_of(book, "close", ref), NUMU_CODE_EVENT_PROPOSAL);
}

/* Sheets whose count does not come, and a count that is not closed, change nothing. */
static void test_half_a_count(void **state) {
    struct book *book = *state;
    stock(book);
    sheet(book, RIFLES("\"R1..R4\""));
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 9);
    book_do(book, "keeper",
            "\"type\":\"issue\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\",\"R9\"],"
            "\"from\":\"store/serviceable\",\"to\":\"unit/serviceable\"}]");
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 7);
    book->now += INT64_C(31) * 24 * 60 * 60; /* it lapses, and is still seen */
    assert_int_equal(waiting(book), 1);
    book_refuse(book, "keeper", sheet_draft(book, RIFLES("\"R5\"")), NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "keeper", count_draft(book, TOTAL("rifle", "4")), NUMU_CODE_EVENT_SHEET);
    /* a count of another name is its own matter */
    book_do(book, "keeper",
            "\"type\":\"sheet\",\"count\":\"again\",\"second\":\"judge\",\"against\":3,\"lines\":"
            "[" RIFLES("\"R2\"") "]");
}

/* What moves between a sheet and its count: gone, come, back; lots keep their difference. */
static void test_movements_between(void **state) {
    struct book *book = *state;
    stock(book);
    sheet(book, RIFLES("\"R1..R4\"") "," ROUNDS("L1", "990"));
    book_do(book, "keeper",
            "\"type\":\"issue\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R2\",\"R3\",\"R9\"],"
            "\"from\":\"store/serviceable\",\"to\":\"unit/serviceable\"},"
            "{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":100,\"from\":\"store/serviceable\","
            "\"to\":\"unit/serviceable\"}]");
    book_do(book, "keeper",
            "\"type\":\"return\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R3\"],"
            "\"from\":\"unit/serviceable\",\"to\":\"store/serviceable\"}]");
    book_do(book, "keeper",
            "\"type\":\"import\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"N1\",\"N2\"],"
            "\"from\":\"imported\",\"to\":\"store/serviceable\"}]");
    sheet(book, RIFLES("\"R5..R7\",\"N1\"")); /* R8 and N2 are nowhere */
    const char *ref = count(book, TOTAL("rifle", "8") "," TOTAL("round", "990"));
    const struct numu_item_account *rifles = account_of(book, "rifle");
    assert_int_equal(rifles->counted_book, 9 * NUMU_QUANTITY_ONE);
    assert_int_equal(rifles->counted, 7 * NUMU_QUANTITY_ONE); /* R2 was there, and left */
    assert_int_equal(account_of(book, "round")->counted_book, 900 * NUMU_QUANTITY_ONE);
    assert_int_equal(account_of(book, "round")->counted, 890 * NUMU_QUANTITY_ONE);
    close_count(book, ref);
    assert_true(is_at(book, "R2", "unit/serviceable"));
    assert_true(is_at(book, "R3", "store/serviceable"));
    assert_true(is_at(book, "R9", "unit/serviceable"));
    assert_true(is_at(book, "N1", "store/serviceable"));
    assert_true(is_at(book, "R8", "unaccounted"));
    assert_true(is_at(book, "N2", "unaccounted"));
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 7);
    assert_int_equal(book_balance(book, "unaccounted", "rifle", ""), 2);
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"), 890);
    assert_int_equal(book_balance(book, "unaccounted", "round", "L1"), 10);
}

/* More of a lot is issued by the book than its sheet saw: the lot is counted again. */
static void test_more_went_than_counted(void **state) {
    struct book *book = *state;
    stock(book);
    const char *first = sheet(book, ROUNDS("L1", "10"));
    book_do(book, "keeper",
            "\"type\":\"issue\",\"lines\":[{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":100,"
            "\"from\":\"store/serviceable\",\"to\":\"unit/serviceable\"}]");
    book_refuse(book, "keeper", count_draft(book, TOTAL("round", "10")), NUMU_CODE_EVENT_SHEET);
    book_do(book, "keeper", draft_of(book, "withdraw", first));
    sheet(book, ROUNDS("L1", "0"));
    close_count(book, count(book, TOTAL("round", "0")));
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"), 0);
    assert_int_equal(book_balance(book, "unaccounted", "round", "L1"), 900);
}

/* Goods seen at another place than the book has them go there, and are not missing. */
static void test_found_elsewhere(void **state) {
    struct book *book = *state;
    stock(book);
    sheet(book, RIFLES("\"R1..R8\",\"Z1\""));
    sheet(book, "{\"item\":\"rifle\",\"serials\":[\"R9\"],\"to\":\"a/quarantine\"}");
    close_count(book, count(book, TOTAL("rifle", "9") ",{\"item\":\"rifle\",\"quantity\":1,"
                                                      "\"to\":\"a/quarantine\"}"));
    assert_true(is_at(book, "R9", "a/quarantine"));
    assert_true(is_at(book, "Z1", "store/serviceable"));
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 9);
    assert_int_equal(book_balance(book, "a/quarantine", "rifle", ""), 1);
    assert_int_equal(book_balance(book, "unaccounted", "rifle", ""), -1);
    /* an account where nothing was found has a total of nothing and no sheet */
    book_do(book, "keeper",
            "\"type\":\"sheet\",\"count\":\"next\",\"second\":\"judge\",\"against\":7,\"lines\":"
            "[" RIFLES("\"R1\"") "]");
    book_do(
        book, "keeper",
        "\"type\":\"count\",\"key\":\"next\",\"second\":\"judge\",\"against\":7,\"lines\":[" TOTAL(
            "rifle", "1") ",{\"item\":\"rifle\",\"quantity\":0,\"to\":\"a/quarantine\"}]");
    close_count(book, book_last(book));
    assert_true(is_at(book, "R9", "unaccounted"));
    assert_int_equal(book_balance(book, "a/quarantine", "rifle", ""), 0);
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 1);
}

static void test_withdrawn(void **state) {
    struct book *book = *state;
    stock(book);
    const char *first = sheet(book, RIFLES("\"R1..R4\"") "," ROUNDS("L1", "990"));
    const char *second = sheet(book, RIFLES("\"R5..R8\""));
    book_refuse(book, "maker", draft_of(book, "withdraw", first), NUMU_CODE_EVENT_WRONG_ROLE);
    book_do(book, "keeper", draft_of(book, "withdraw", first));
    assert_int_equal(waiting(book), 1);
    book_refuse(book, "keeper", draft_of(book, "withdraw", first), NUMU_CODE_EVENT_SHEET);
    sheet(book, RIFLES("\"R1..R3\"") "," ROUNDS("L1", "1000")); /* its serials and lots are free */
    const char *ref = count(book, TOTAL("rifle", "7") "," TOTAL("round", "1000"));
    book_refuse(book, "keeper", draft_of(book, "withdraw", second), NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "keeper", draft_of(book, "withdraw", ref), NUMU_CODE_EVENT_SHEET);
    close_count(book, ref);
    assert_true(is_at(book, "R4", "unaccounted"));
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"), 1000);
}

static void test_refused_sheets(void **state) {
    struct book *book = *state;
    stock(book);
    sheet(book, RIFLES("\"R1..R4\"") "," ROUNDS("L1", "990"));
    book_refuse(book, "keeper", sheet_draft(book, RIFLES("\"R5\",\"R2\"")),
                NUMU_CODE_EVENT_COUNTED_TWICE);
    book_refuse(book, "keeper", sheet_draft(book, RIFLES("\"R5\",\"R5\"")),
                NUMU_CODE_EVENT_SERIAL_TWICE);
    book_refuse(book, "keeper", sheet_draft(book, ROUNDS("L1", "5")), NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "keeper", sheet_draft(book, ROUNDS("L2", "5") "," ROUNDS("L2", "5")),
                NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "keeper",
                sheet_draft(book, RIFLES("\"R5\"") "," ROUNDS("L2", "5") "," ROUNDS("L2", "5")),
                NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "maker", sheet_draft(book, RIFLES("\"R5\"")), NUMU_CODE_EVENT_WRONG_ROLE);
    book_refuse(book, "keeper_b", sheet_draft(book, RIFLES("\"R5\"")), NUMU_CODE_EVENT_OTHER_SITE);
    book_refuse(book, "keeper",
                "\"type\":\"sheet\",\"count\":\"year\",\"second\":\"keeper\",\"against\":3,"
                "\"lines\":[" RIFLES("\"R5\"") "]",
                NUMU_CODE_EVENT_SECOND_PERSON);
    book_refuse(book, "keeper", sheet_draft(book, TOTAL("rifle", "4")),
                NUMU_CODE_EVENT_WRONG_CONTROL);
    book_refuse(book, "keeper", sheet_draft(book, TOTAL("round", "4")),
                NUMU_CODE_EVENT_WRONG_CONTROL);
    book_refuse(book, "keeper",
                sheet_draft(book, "{\"item\":\"crate\",\"quantity\":1,\"to\":\"unaccounted\"}"),
                NUMU_CODE_EVENT_WRONG_ACCOUNT);
    book_refuse(
        book, "keeper",
        sheet_draft(book, "{\"item\":\"crate\",\"quantity\":1,\"to\":\"unit/serviceable\"}"),
        NUMU_CODE_EVENT_WRONG_ACCOUNT);
    book_refuse(book, "keeper",
                sheet_draft(book, "{\"item\":\"crate\",\"quantity\":1,\"from\":\"found\",\"to\":"
                                  "\"store/serviceable\"}"),
                NUMU_CODE_EVENT_WRONG_ACCOUNT);
    /* against what the book has not, or what has moved since */
    book_refuse(book, "keeper",
                "\"type\":\"sheet\",\"count\":\"year\",\"second\":\"judge\",\"against\":99,"
                "\"lines\":[" RIFLES("\"R5\"") "]",
                NUMU_CODE_EVENT_COUNT_MOVED);
    book_refuse(book, "keeper",
                "\"type\":\"sheet\",\"count\":\"year\",\"second\":\"judge\",\"against\":1,"
                "\"lines\":[" RIFLES("\"R5..R7\"") "]",
                NUMU_CODE_EVENT_SERIAL_MOVED);
    book_refuse(book, "keeper",
                "\"type\":\"sheet\",\"count\":\"year\",\"second\":\"judge\",\"against\":1,"
                "\"lines\":[" ROUNDS("L2", "5") "]",
                NUMU_CODE_EVENT_COUNT_MOVED);
    /* sheets before do not count as movements, and a key is used once */
    book_do(book, "keeper",
            "\"type\":\"sheet\",\"count\":\"year\",\"second\":\"judge\",\"against\":2,\"lines\":"
            "[" RIFLES("\"R5\"") "," ROUNDS("L2", "5") "]");
    count(book, TOTAL("rifle", "5") "," TOTAL("round", "995"));
    book_refuse(book, "keeper", sheet_draft(book, RIFLES("\"R6\"")), NUMU_CODE_EVENT_SHEET);
}

static const char *with_sheets(struct book *book, const char *sheets, const char *lines) {
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text, "%s,\"sheets\":[%s]", count_draft(book, lines),
                               sheets));
    return text.data;
}

static const char *two(struct book *book, const char *first, const char *second) {
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text, "\"%s\",\"%s\"", first, second));
    return text.data;
}

static void test_refused_counts(void **state) {
    struct book *book = *state;
    stock(book);
    const char *first = sheet(book, RIFLES("\"R1..R4\""));
    const char *second = sheet(book, RIFLES("\"R5..R7\"") "," ROUNDS("L1", "990"));
    const char *other = "\"type\":\"sheet\",\"count\":\"other\",\"second\":\"judge\","
                        "\"against\":3,\"lines\":[" RIFLES("\"R8\"") "]";
    book_do(book, "keeper", other);
    other = book_last(book);
    const char *good = TOTAL("rifle", "7") "," TOTAL("round", "990");
    /* totals */
    book_refuse(book, "keeper", count_draft(book, TOTAL("rifle", "8") "," TOTAL("round", "990")),
                NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "keeper", count_draft(book, TOTAL("rifle", "7") "," TOTAL("round", "989.5")),
                NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "keeper", count_draft(book, TOTAL("rifle", "7")), NUMU_CODE_EVENT_SHEET);
    book_refuse(
        book, "keeper",
        count_draft(book, TOTAL("rifle", "4") "," TOTAL("rifle", "3") "," TOTAL("round", "990")),
        NUMU_CODE_EVENT_SHEET);
    book_refuse(
        book, "keeper",
        count_draft(book, TOTAL("rifle", "7") "," TOTAL("round", "990") "," TOTAL("crate", "0")),
        NUMU_CODE_EVENT_SHEET); /* of what is not counted by serial, nothing was said */
    book_refuse(book, "keeper", count_draft(book, RIFLES("\"R1..R7\"") "," TOTAL("round", "990")),
                NUMU_CODE_EVENT_WRONG_CONTROL);
    book_refuse(book, "keeper", count_draft(book, TOTAL("rifle", "7") "," ROUNDS("L1", "990")),
                NUMU_CODE_EVENT_WRONG_CONTROL);
    /* sheets: one left out, in another order, twice, of another count, of another leaf, none */
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text, "\"%s\"", first));
    book_refuse(book, "keeper", with_sheets(book, text.data, TOTAL("rifle", "4")),
                NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "keeper", with_sheets(book, two(book, second, first), good),
                NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "keeper", with_sheets(book, two(book, first, first), good),
                NUMU_CODE_EVENT_SHEET);
    book_refuse(book, "keeper", with_sheets(book, two(book, first, other), good),
                NUMU_CODE_EVENT_SHEET);
    book_must(numu_text_printf(&book->arena, &text, "%s", second));
    char *altered = (char *)(uintptr_t)text.data;
    altered[text.length - 1] = altered[text.length - 1] == '0' ? '1' : '0';
    book_refuse(book, "keeper", with_sheets(book, two(book, first, altered), good),
                NUMU_CODE_EVENT_SHEET);
    book_must(numu_text_printf(&book->arena, &text, "%.*s", (int)strlen("a:3"), first));
    book_refuse(book, "keeper", with_sheets(book, two(book, text.data, second), good),
                NUMU_CODE_EVENT_SHEET); /* without its leaf */
    book_refuse(
        book, "keeper",
        "\"type\":\"count\",\"key\":\"year\",\"second\":\"judge\",\"against\":99,\"lines\":[" TOTAL(
            "rifle", "7") "," TOTAL("round", "990") "]",
        NUMU_CODE_EVENT_COUNT_MOVED);
    book_refuse(book, "maker", count_draft(book, good), NUMU_CODE_EVENT_WRONG_ROLE);
    /* a sheet that came after those that were named */
    const char *of_two = with_sheets(book, two(book, first, second), good);
    const char *third = sheet(book, RIFLES("\"R9\""));
    book_refuse(book, "keeper", of_two, NUMU_CODE_EVENT_SHEET);
    book_do(book, "keeper", draft_of(book, "withdraw", third));
    book_do(book, "keeper", of_two);
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_ACKNOWLEDGED);
    book_refuse(book, "keeper", count_draft(book, TOTAL("rifle", "7")), NUMU_CODE_EVENT_KEY_REUSED);
    assert_int_equal(waiting(book), 1); /* of the other count */
}

/* Told twice, a count and its sheets are one: the draft names no sheets either time. */
static void test_told_twice(void **state) {
    struct book *book = *state;
    stock(book);
    numu_instant time = book->now;
    static const char *const drafts[] = {
        "\"type\":\"sheet\",\"key\":\"s1\",\"count\":\"year\",\"second\":\"judge\",\"against\":2,"
        "\"lines\":[" RIFLES("\"R1..R4\"") "]",
        "\"type\":\"sheet\",\"key\":\"s2\",\"count\":\"year\",\"second\":\"judge\",\"against\":2,"
        "\"lines\":[" RIFLES("\"R5..R9\"") "]",
        "\"type\":\"count\",\"key\":\"year\",\"second\":\"judge\",\"against\":2,"
        "\"lines\":[" TOTAL("rifle", "9") "]"};
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 3; i++) {
            book->now = time;
            numu_outcome outcome = book_try(book, "keeper", drafts[i]);
            assert_int_equal(outcome,
                             round == 0 ? NUMU_OUTCOME_ACKNOWLEDGED : NUMU_OUTCOME_REPEATED);
        }
    }
    assert_int_equal(book->ledger.head.size, 5);
}

static void test_too_many_sheets(void **state) {
    struct book *book = *state;
    stock(book);
    for (int i = 0; i < NUMU_COUNT_SHEETS_MAX; i++) {
        char line[128];
        (void)snprintf(line, sizeof line,
                       "{\"item\":\"rifle\",\"serials\":[\"X%03d\"],\"to\":\"a/quarantine\"}", i);
        sheet(book, line);
    }
    book_refuse(book, "keeper", sheet_draft(book, RIFLES("\"R1\"")), NUMU_CODE_EVENT_SHEET);
    /* all of their names fit into the event */
    count(book, "{\"item\":\"rifle\",\"quantity\":512,\"to\":\"a/quarantine\"}");
    assert_int_equal(waiting(book), 0);
}

/* --- past the door --- */

/* Applies the last event of the book, altered, to the state of all before. */
static numu_status apply_altered(struct book *book,
                                 void (*alter)(struct book *, struct numu_event *)) {
    struct numu_store store;
    struct numu_state built;
    struct numu_record record;
    uint64_t last = book->ledger.head.size - 1;
    book_build(book, last, &store, &built);
    book_must(
        numu_ledger_read(&book->ledger, &book->arena, NUMU_OWN_LOG, (int64_t)last, &record, NULL));
    alter(book, &record.event);
    numu_status status = numu_state_apply(&built, &book->arena, NUMU_OWN_LOG, &record);
    store.port->rollback(store.self);
    numu_state_release(&built);
    book_must(store.port->close(store.self));
    return status;
}

static void alter_nothing(struct book *book, struct numu_event *event) {
    (void)book;
    (void)event;
}

static void leave_sheet_out(struct book *book, struct numu_event *event) {
    (void)book;
    event->sheets.count--;
}

static void name_none(struct book *book, struct numu_event *event) {
    (void)book;
    event->sheets.count = 0;
}

static struct numu_text *copy_sheets(struct book *book, const struct numu_event *event) {
    struct numu_text *copies;
    book_must(NUMU_TAKE(&book->arena, &copies, event->sheets.count));
    memcpy(copies, event->sheets.list, event->sheets.count * sizeof *copies);
    return copies;
}

static void exchange_sheets(struct book *book, struct numu_event *event) {
    struct numu_text *copies = copy_sheets(book, event);
    struct numu_text kept = copies[0];
    copies[0] = copies[1];
    copies[1] = kept;
    event->sheets.list = copies;
}

static void alter_leaf(struct book *book, struct numu_event *event) {
    struct numu_text *copies = copy_sheets(book, event);
    book_must(
        numu_text_printf(&book->arena, &copies[1], "%.*s", (int)copies[1].length, copies[1].data));
    char *end = (char *)(uintptr_t)(copies[1].data + copies[1].length - 1);
    *end = *end == '0' ? '1' : '0';
    event->sheets.list = copies;
}

static void alter_total(struct book *book, struct numu_event *event) {
    struct numu_event_line *lines;
    book_must(NUMU_TAKE(&book->arena, &lines, event->line_count));
    memcpy(lines, event->lines, event->line_count * sizeof *lines);
    lines[0].quantity -= NUMU_QUANTITY_ONE;
    event->lines = lines;
}

static void leave_total_out(struct book *book, struct numu_event *event) {
    (void)book;
    event->line_count--;
}

static void alter_key(struct book *book, struct numu_event *event) {
    (void)book;
    event->key = NUMU_TEXT("yeas");
}

/* Whoever writes into a log past the door cannot add, leave out or exchange a sheet. */
static void test_past_the_door(void **state) {
    struct book *book = *state;
    static void (*const alterations[])(struct book *, struct numu_event *) = {
        leave_sheet_out, name_none,       exchange_sheets, alter_leaf,
        alter_total,     leave_total_out, alter_key};
    stock(book);
    sheet(book, RIFLES("\"R1..R4\""));
    sheet(book, RIFLES("\"R5..R9\"") "," ROUNDS("L1", "990"));
    count(book, TOTAL("rifle", "9") "," TOTAL("round", "990"));
    assert_int_equal(apply_altered(book, alter_nothing), NUMU_OK);
    for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
        assert_int_equal(apply_altered(book, alterations[i]), NUMU_INVALID);
    }
}

static void refer_to_first(struct book *book, struct numu_event *event) {
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text, "a:1:%064d", 0));
    event->ref = text;
}

static void test_withdrawal_past_the_door(void **state) {
    struct book *book = *state;
    stock(book);
    book_do(book, "keeper", draft_of(book, "withdraw", sheet(book, RIFLES("\"R1..R4\""))));
    assert_int_equal(apply_altered(book, alter_nothing), NUMU_OK);
    assert_int_equal(apply_altered(book, refer_to_first), NUMU_INVALID);
}

/* --- random counts --- */

enum { SERIALS = 40 };

/* Where each serial is: by the book, and in truth; a number of `accounts`. 0: nowhere. */
struct world {
    int book[SERIALS], truth[SERIALS];
    bool is_seen[SERIALS];
    int seen[3]; /* on the sheets, by account */
};
static const char *const accounts[] = {"unaccounted", "store/serviceable", "a/serviceable",
                                       "unit/serviceable", "consumed"};

static void move_one(struct book *book, struct world *world, size_t serial, int to) {
    char draft[256];
    int from = world->book[serial];
    const char *type = to == 4 ? "consume" : to == 3 ? "issue" : from == 3 ? "return" : "put";
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"%s\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"W%02zu\"],"
                   "\"from\":\"%s\",\"to\":\"%s\"}]",
                   type, serial, accounts[from], accounts[to]);
    book_do(book, "keeper", draft);
    world->book[serial] = to;
    world->truth[serial] = world->truth[serial] == 0 ? 0 : to;
}

/* Serials of a part of the store and the yard that truly are there, each on one sheet. */
static void see(struct book *book, struct world *world, struct numu_random *random, bool is_last) {
    struct numu_buffer lines;
    bool has_any = false;
    numu_buffer_init(&lines, &book->heap, 0);
    for (int account = 1; account <= 2; account++) {
        for (size_t i = 0; i < SERIALS; i++) {
            bool sees = world->truth[i] == account && !world->is_seen[i] &&
                        (is_last || numu_random_below(random, 2) == 0);
            if (sees) {
                book_must(numu_buffer_printf(
                    &lines, "%s{\"item\":\"rifle\",\"serials\":[\"W%02zu\"],\"to\":\"%s\"}",
                    has_any ? "," : "", i, accounts[account]));
                has_any = true;
                world->is_seen[i] = true;
                world->seen[account]++;
            }
        }
    }
    if (has_any) {
        sheet(book, lines.data);
    }
    numu_buffer_release(&lines);
}

static void move_some(struct book *book, struct world *world, struct numu_random *random) {
    for (int move = 0; move < 6; move++) {
        size_t serial = (size_t)numu_random_below(random, SERIALS);
        int to = 1 + (int)numu_random_below(random, 4);
        if (world->book[serial] != to && world->book[serial] != 4 &&
            world->truth[serial] == world->book[serial]) {
            move_one(book, world, serial, to);
        }
    }
}

/* Goods are stolen, or put elsewhere without a word. */
static void lie(struct world *world, struct numu_random *random) {
    for (size_t i = 0; i < SERIALS; i++) {
        uint64_t fate = numu_random_below(random, 10);
        if (world->truth[i] > 2) {
            continue;
        }
        if (fate == 0) {
            world->truth[i] = 0;
        } else if (fate == 1) {
            world->truth[i] = 3 - world->truth[i];
        }
    }
}

/* Each serial once in the list of differences as what it is, and nothing else but what moved. */
static void check_differences(struct book *book, const struct world *world) {
    struct numu_count_row *counts;
    struct numu_difference *rows;
    size_t total;
    size_t expected = 0;
    book_must(
        numu_counts_of(&book->ledger, &book->arena, NUMU_TEXT("a"), book->now, &counts, &total));
    assert_int_equal(total, 1);
    book_must(
        numu_differences_list(&book->ledger, &book->arena, NUMU_TEXT("a"), counts, &rows, &total));
    size_t listed = 0;
    for (size_t i = 0; i < total; i++) {
        unsigned long serial = strtoul(rows[i].serial.data + 1, NULL, 10);
        bool is_missing = world->truth[serial] == 0;
        if (rows[i].kind == NUMU_DIFFERENCE_MOVED) {
            continue;
        }
        listed++;
        assert_int_equal(rows[i].kind,
                         is_missing ? NUMU_DIFFERENCE_MISSING : NUMU_DIFFERENCE_ELSEWHERE);
        assert_true(numu_text_is(rows[i].book_account, accounts[world->book[serial]]));
        assert_true(numu_text_is(
            rows[i].account, accounts[is_missing ? world->book[serial] : world->truth[serial]]));
    }
    for (size_t i = 0; i < SERIALS; i++) {
        expected += world->truth[i] != world->book[i];
    }
    assert_int_equal(listed, expected);
}

static void open_world(struct book *book, struct world *world) {
    memset(world, 0, sizeof *world);
    for (size_t serial = 0; serial < SERIALS; serial++) {
        world->book[serial] = world->truth[serial] = serial < SERIALS / 2 ? 1 : 2;
    }
    book_do(book, "keeper",
            "\"type\":\"open\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"W00..W19\"],"
            "\"from\":\"opening\",\"to\":\"store/serviceable\"},{\"item\":\"rifle\","
            "\"serials\":[\"W20..W39\"],\"from\":\"opening\",\"to\":\"a/serviceable\"}]");
}

/* Sheets while goods move, and their count. */
static const char *count_world(struct book *book, struct world *world, struct numu_random *random) {
    char lines[256];
    for (int part = 0; part < 3; part++) {
        see(book, world, random, part == 2);
        if (part < 2) {
            move_some(book, world, random);
        }
    }
    check_differences(book, world); /* while the sheets wait */
    (void)snprintf(lines, sizeof lines,
                   "{\"item\":\"rifle\",\"quantity\":%d,\"to\":\"store/serviceable\"},"
                   "{\"item\":\"rifle\",\"quantity\":%d,\"to\":\"a/serviceable\"}",
                   world->seen[1], world->seen[2]);
    return count(book, lines);
}

/* How many serials are nowhere; all others are where they truly are. */
static size_t check_world(struct book *book, const struct world *world, unsigned seed) {
    size_t missing = 0;
    for (size_t i = 0; i < SERIALS; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "W%02zu", i);
        if (!is_at(book, name, accounts[world->truth[i]])) {
            print_message("# seed %u: %s is not at %s\n", seed, name, accounts[world->truth[i]]);
            fail();
        }
        missing += world->truth[i] == 0;
    }
    return missing;
}

/* Whatever moved in between, after the close the book has all that is there, where it is. */
static void test_random_counts(void **state) {
    struct book *book = *state;
    struct numu_random random;
    struct world world;
    unsigned seeds = book_count("NUMU_SOAK_SEEDS", 60);
    size_t missing = 0;
    for (unsigned seed = 0; seed < seeds; seed++) {
        book_check(book);
        book_release(book);
        book_init(book, "a");
        numu_random_init(&random, seed, 0);
        open_world(book, &world);
        move_some(book, &world, &random);
        lie(&world, &random);
        const char *ref = count_world(book, &world, &random);
        const struct numu_item_account *rifles = account_of(book, "rifle");
        numu_quantity said = rifles->counted_book - rifles->counted;
        check_differences(book, &world);
        close_count(book, ref);
        check_differences(book, &world); /* as they were before the close */
        size_t found = check_world(book, &world, seed);
        assert_int_equal(said, (int64_t)found * NUMU_QUANTITY_ONE);
        missing += found;
    }
    assert_true(missing > seeds);
}

/* Lots that are short, over, as they should be, and on no line. */
static void test_differences_of_lots(void **state) {
    struct book *book = *state;
    struct numu_count_row *counts;
    struct numu_difference *rows;
    size_t total;
    stock(book);
    sheet(book, ROUNDS("L1", "990") "," TOTAL("crate", "8"));
    for (int round = 0; round < 2; round++) {
        book_must(numu_counts_of(&book->ledger, &book->arena, NUMU_TEXT("a"), book->now, &counts,
                                 &total));
        assert_int_equal(total, 1);
        assert_int_equal(counts[0].stage, round == 0 ? NUMU_COUNT_WAITING : NUMU_COUNT_RECORDED);
        assert_int_equal(counts[0].sheets, 1);
        book_must(numu_differences_list(&book->ledger, &book->arena, NUMU_TEXT("a"), counts, &rows,
                                        &total));
        assert_int_equal(total, 3);
        assert_int_equal(rows[0].kind, NUMU_DIFFERENCE_UNLISTED);
        assert_true(numu_text_is(rows[0].lot, "L2"));
        assert_int_equal(rows[0].quantity, 50 * NUMU_QUANTITY_ONE);
        assert_int_equal(rows[1].kind, NUMU_DIFFERENCE_SHORT);
        assert_int_equal(rows[1].quantity, 10 * NUMU_QUANTITY_ONE);
        assert_int_equal(rows[2].kind, NUMU_DIFFERENCE_OVER);
        assert_int_equal(rows[2].quantity, NUMU_QUANTITY_ONE);
        if (round == 0) {
            count(book, TOTAL("round", "990") "," TOTAL("crate", "8"));
        }
    }
    book->now += INT64_C(40) * 24 * 60 * 60;
    book_do(
        book, "keeper",
        "\"type\":\"sheet\",\"count\":\"old\",\"second\":\"judge\",\"against\":4,\"lines\":[" TOTAL(
            "crate", "7") "]");
    book_must(numu_counts_of(&book->ledger, &book->arena, NUMU_TEXT("a"),
                             book->now + INT64_C(31) * 24 * 60 * 60, &counts, &total));
    assert_int_equal(total, 2);
    assert_int_equal(counts[1].stage, NUMU_COUNT_LAPSED);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, book_setup, book_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_two_sheets),        TEST(test_half_a_count),
        TEST(test_movements_between), TEST(test_more_went_than_counted),
        TEST(test_found_elsewhere),   TEST(test_withdrawn),
        TEST(test_refused_sheets),    TEST(test_refused_counts),
        TEST(test_told_twice),        TEST(test_too_many_sheets),
        TEST(test_past_the_door),     TEST(test_withdrawal_past_the_door),
        TEST(test_random_counts),     TEST(test_differences_of_lots)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
