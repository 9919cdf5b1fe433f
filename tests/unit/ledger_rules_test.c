/*
 * Goal: each rule of entry lets the lawful act through and stops its breach, for that reason alone;
 * and what follows from a log is the same whether it was kept or built again.
 * Method: small stories in a book in memory, each breach beside the act that keeps the rule;
 * refusals must leave no trace in log and state; after each story the state is built again from the
 * log and compared row by row, and all accounts of each item and lot must sum to zero.
 */
#include "ledger/screening.h"
#include "ledger_book.h"
#include "ledger_built.h"

#include <stdlib.h>

#define LINES(line) "\"lines\":[" line "]"
#define SERIALS(item, serials, from, to)                                                           \
    "{\"item\":\"" item "\",\"serials\":[" serials "],\"from\":\"" from "\",\"to\":\"" to "\"}"
#define LOT(item, lot, quantity, from, to)                                                         \
    "{\"item\":\"" item "\",\"lot\":\"" lot "\",\"quantity\":" quantity ",\"from\":\"" from        \
    "\",\"to\":\"" to "\"}"

static void stock_rounds(struct book *book, const char *condition) {
    char draft[256];
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"open\"," LINES(LOT("round", "L1", "1000", "opening", "store/%s")),
                   condition);
    book_do(book, "keeper", draft);
}

/* --- stories --- */

static void test_making(void **state) {
    struct book *book = *state;
    book_do(
        book, "keeper",
        "\"type\":\"import\"," LINES(SERIALS("kit", "\"K1..K3\"", "imported", "a/serviceable")));
    book_do(book, "maker",
            "\"type\":\"produce\",\"order\":\"o1\"," LINES(
                SERIALS("kit", "\"K1..K2\"", "a/serviceable", "consumed") "," SERIALS(
                    "rifle", "\"R1..R2\"", "produced", "a/quarantine")));
    assert_int_equal(book_balance(book, "a/serviceable", "kit", ""), 1);
    assert_int_equal(book_balance(book, "a/quarantine", "rifle", ""), 2);
    assert_int_equal(book_balance(book, "produced", "rifle", ""), -2);
    /* made goods begin in quarantine; a kit is used once; a number is given once */
    book_refuse(
        book, "maker",
        "\"type\":\"produce\"," LINES(SERIALS("rifle", "\"R3\"", "produced", "a/serviceable")),
        NUMU_CODE_EVENT_WRONG_ACCOUNT);
    book_refuse(book, "maker",
                "\"type\":\"produce\"," LINES(
                    SERIALS("kit", "\"K1\"", "a/serviceable",
                            "consumed") "," SERIALS("rifle", "\"R3\"", "produced", "a/quarantine")),
                NUMU_CODE_EVENT_SERIAL_ELSEWHERE);
    book_refuse(
        book, "maker",
        "\"type\":\"produce\"," LINES(SERIALS("rifle", "\"R2\"", "produced", "a/quarantine")),
        NUMU_CODE_EVENT_SERIAL_TWICE);
    book_refuse(book, "maker",
                "\"type\":\"produce\"," LINES(
                    SERIALS("rifle", "\"R4\",\"R4\"", "produced", "a/quarantine")),
                NUMU_CODE_EVENT_SERIAL_TWICE);
    book_refuse(
        book, "judge",
        "\"type\":\"produce\"," LINES(SERIALS("rifle", "\"R4\"", "produced", "a/quarantine")),
        NUMU_CODE_EVENT_WRONG_ROLE);
    /* a release takes two, and the second is another with the role for it */
    book_do(
        book, "judge",
        "\"type\":\"inspect\"," LINES(SERIALS("rifle", "\"R1\"", "a/quarantine", "a/serviceable")));
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_PROPOSED);
    assert_int_equal(book_balance(book, "a/serviceable", "rifle", ""), 0);
    const char *proposal = book_last(book);
    char draft[256];
    (void)snprintf(draft, sizeof draft, "\"type\":\"approve\",\"ref\":\"%s\"", proposal);
    book_refuse(book, "judge", draft, NUMU_CODE_EVENT_SECOND_PERSON);
    book_refuse(book, "keeper", draft, NUMU_CODE_EVENT_WRONG_ROLE);
    book_approve(book, "chief", proposal);
    assert_int_equal(book_balance(book, "a/serviceable", "rifle", ""), 1);
    book_refuse(book, "chief", draft, NUMU_CODE_EVENT_PROPOSAL);
    /* a judgement that is no release takes one */
    book_do(book, "judge",
            "\"type\":\"inspect\"," LINES(
                SERIALS("rifle", "\"R2\"", "a/quarantine", "a/unserviceable")));
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_ACKNOWLEDGED);
}

static void test_lots(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
    book_refuse(
        book, "keeper",
        "\"type\":\"put\"," LINES(LOT("round", "L1", "1001", "store/serviceable", "a/serviceable")),
        NUMU_CODE_EVENT_NOT_ENOUGH);
    book_refuse(book, "keeper", /* two lines together are too much */
                "\"type\":\"put\"," LINES(
                    LOT("round", "L1", "600", "store/serviceable", "a/serviceable") "," LOT(
                        "round", "L1", "600", "store/serviceable", "a/serviceable")),
                NUMU_CODE_EVENT_NOT_ENOUGH);
    book_do(book, "keeper",
            "\"type\":\"put\"," LINES(
                LOT("round", "L1", "400.000000", "store/serviceable", "a/serviceable")));
    book_refuse(
        book, "keeper",
        "\"type\":\"put\"," LINES(LOT("round", "L1", "1", "store/serviceable", "a/suspended")),
        NUMU_CODE_EVENT_WRONG_ACCOUNT);
    book_refuse(book, "keeper",
                "\"type\":\"put\"," LINES("{\"item\":\"round\",\"quantity\":1,\"from\":"
                                          "\"store/serviceable\",\"to\":\"a/serviceable\"}"),
                NUMU_CODE_EVENT_WRONG_CONTROL);
    book_refuse(
        book, "keeper",
        "\"type\":\"put\"," LINES(LOT("shell", "L1", "1", "store/serviceable", "a/serviceable")),
        NUMU_CODE_EVENT_UNKNOWN_NAME);
    book_refuse(book, "keeper",
                "\"type\":\"put\"," LINES(
                    LOT("round", "L1", "1", "store/serviceable", "cellar/serviceable")),
                NUMU_CODE_EVENT_UNKNOWN_NAME);
    book_refuse(
        book, "keeper",
        "\"type\":\"put\"," LINES(LOT("round", "L1", "1", "store/serviceable", "b/serviceable")),
        NUMU_CODE_EVENT_OTHER_SITE);
    book_refuse(
        book, "keeper",
        "\"type\":\"put\"," LINES(LOT("round", "L1", "0", "store/serviceable", "a/serviceable")),
        NUMU_CODE_EVENT_NO_QUANTITY);
    book_refuse(
        book, "stranger",
        "\"type\":\"put\"," LINES(LOT("round", "L1", "1", "store/serviceable", "a/serviceable")),
        NUMU_CODE_EVENT_UNKNOWN_NAME);
    book_refuse(
        book, "keeper_b",
        "\"type\":\"put\"," LINES(LOT("round", "L1", "1", "store/serviceable", "a/serviceable")),
        NUMU_CODE_EVENT_OTHER_SITE);
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"), 600);
    assert_int_equal(book_balance(book, "a/serviceable", "round", "L1"), 400);
}

static void test_issue(void **state) {
    struct book *book = *state;
    stock_rounds(book, "suspended");
    static const char issue[] = "\"type\":\"issue\"," LINES(
        LOT("round", "L1", "10", "store/suspended", "unit/serviceable"));
    book_refuse(book, "keeper", issue, NUMU_CODE_EVENT_NOT_SERVICEABLE);
    /* one already done is recorded with its reason and a witness, who is another person */
    char draft[512];
    static const char *const seconds[] = {"", ",\"second\":\"keeper\""};
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(draft, sizeof draft, "%s,\"irregular\":\"by order\"%s", issue, seconds[i]);
        book_try(book, "keeper", draft);
        assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_REFUSED);
        assert_int_equal(book->report.counts[NUMU_CODE_EVENT_SECOND_PERSON], 1);
    }
}

static void test_irregular(void **state) {
    struct book *book = *state;
    stock_rounds(book, "suspended");
    book_do(book, "keeper",
            "\"type\":\"issue\",\"irregular\":\"by order at night\",\"second\":\"judge\"," LINES(
                LOT("round", "L1", "10", "store/suspended", "unit/serviceable")));
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_IRREGULAR);
    assert_int_equal(book->report.counts[NUMU_CODE_EVENT_NOT_SERVICEABLE], 1);
    assert_int_equal(book_balance(book, "unit/serviceable", "round", "L1"), 10);
    /* what cannot be is refused whatever is said */
    book_try(book, "keeper",
             "\"type\":\"issue\",\"irregular\":\"x\",\"second\":\"judge\"," LINES(
                 LOT("round", "L1", "1000", "store/suspended", "unit/serviceable")));
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_REFUSED);
    assert_int_equal(book->report.counts[NUMU_CODE_EVENT_NOT_ENOUGH], 1);
}

static void test_expiry(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
    static const char issue[] = "\"type\":\"issue\"," LINES(
        LOT("round", "L1", "1", "store/serviceable", "unit/serviceable"));
    book->now += (numu_instant)364 * 86400;
    book_do(book, "keeper", issue);
    book->now += (numu_instant)3 * 86400;
    book_refuse(book, "keeper", issue, NUMU_CODE_EVENT_EXPIRED);
    book_do(book, "keeper",
            "\"type\":\"return\"," LINES(
                LOT("round", "L1", "1", "unit/serviceable", "store/suspended")));
}

static void test_keys(void **state) {
    struct book *book = *state;
    numu_instant now = book->now;
    static const char act[] = "\"type\":\"open\",\"key\":\"once\"," LINES(
        LOT("round", "L1", "5", "opening", "a/serviceable"));
    book_do(book, "keeper", act);
    int64_t first = book->receipt.sequence;
    book->now = now; /* the same body, time of the fact included */
    book_do(book, "keeper", act);
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_REPEATED);
    assert_int_equal(book->receipt.sequence, first);
    assert_int_equal(book_balance(book, "a/serviceable", "round", "L1"), 5);
    book_refuse(book, "keeper",
                "\"type\":\"open\",\"key\":\"once\"," LINES(
                    LOT("round", "L1", "6", "opening", "a/serviceable")),
                NUMU_CODE_EVENT_KEY_REUSED);
}

static void test_export(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
#define EXPORT(quantity, licence)                                                                  \
    "\"type\":\"export\",\"licence\":\"" licence "\",\"screening\":\"buyer\"," LINES(              \
        LOT("round", "L1", quantity, "store/serviceable", "exported"))
    book_refuse(book, "keeper", EXPORT("10", "x1"), NUMU_CODE_EVENT_SCREENING);
#define SCREEN(result, list, entry)                                                                \
    "\"type\":\"screen\",\"subject\":\"buyer\",\"reason\":\"read\",\"result\":\"" result           \
    "\",\"list\":\"" list "\"" entry
#define LIST_1 "1111111111111111111111111111111111111111111111111111111111111111"
#define LIST_2 "2222222222222222222222222222222222222222222222222222222222222222"
    book_do(book, "licensor", SCREEN("hit", LIST_1, ""));
    book_refuse(book, "keeper", EXPORT("10", "x1"), NUMU_CODE_EVENT_SCREENING);
    book_do(book, "licensor", SCREEN("clear", LIST_1, ""));
    book_refuse(book, "keeper", EXPORT("10", "x2"), NUMU_CODE_EVENT_UNKNOWN_NAME);
    book_refuse(book, "keeper", EXPORT("101", "x1"), NUMU_CODE_EVENT_LICENCE);
    book_do(book, "keeper", EXPORT("60", "x1"));
    const char *first = book_last(book);
    book_do(book, "keeper", EXPORT("60", "x1")); /* proposals reserve nothing */
    const char *second = book_last(book);
    book_approve(book, "licensor", first);
    char draft[256];
    (void)snprintf(draft, sizeof draft, "\"type\":\"approve\",\"ref\":\"%s\"", second);
    book_refuse(book, "licensor", draft, NUMU_CODE_EVENT_LICENCE); /* judged again */
    assert_int_equal(book_balance(book, "exported", "round", "L1"), 60);
    book->now += (numu_instant)400 * 86400;
    book_try(book, "keeper", EXPORT("1", "x1"));
    assert_int_equal(book->report.counts[NUMU_CODE_EVENT_LICENCE], 1);
    assert_int_equal(book->report.counts[NUMU_CODE_EVENT_EXPIRED], 1);
    book_refuse(book, "licensor", draft, NUMU_CODE_EVENT_PROPOSAL); /* expired */
}

/* A decision holds for an edition of a list; lists in force must each be clear of the subject. */
static void test_screening(void **state) {
    struct book *book = *state;
    struct numu_screening found;
    struct numu_text subject = NUMU_TEXT("buyer");
    bool is_clear;
    struct numu_text open_list;
    struct numu_texts editions;
#define IS_CLEAR()                                                                                 \
    (book_must(numu_screening_is_clear(&book->ledger.state, &book->arena, book->ledger.site,       \
                                       subject, &is_clear, &open_list, &editions)),                \
     is_clear)
#define IN_FORCE(id, list)                                                                         \
    book_do(book, "registrar",                                                                     \
            "\"type\":\"register\",\"register\":{\"lists\":[{\"id\":\"" id "\",\"sha256\":\"" list \
            "\"}]}");                                                                              \
    book_approve(book, "chief", book_last(book))
    assert_false(IS_CLEAR());
    assert_int_equal(editions.count, 0);
    book_do(book, "licensor", SCREEN("clear", LIST_1, ""));
    assert_true(IS_CLEAR());
    assert_true(numu_text_is(editions.list[0], LIST_1));
    book_do(book, "licensor", SCREEN("hit", LIST_1, ",\"entry\":\"QDi.1\""));
    assert_false(IS_CLEAR());
    book_do(book, "licensor", SCREEN("clear", LIST_1, ",\"entry\":\"QDi.1\""));
    assert_true(IS_CLEAR());
    IN_FORCE("un", LIST_1);
    IN_FORCE("us", LIST_2);
    assert_false(IS_CLEAR());
    assert_true(numu_text_is(open_list, "us"));
    book_do(book, "licensor", SCREEN("clear", LIST_2, ""));
    assert_true(IS_CLEAR());
    assert_int_equal(editions.count, 2);
    book_must(numu_screening_get(&book->ledger.state, book->ledger.site, subject, NUMU_TEXT(LIST_1),
                                 NUMU_TEXT("QDi.1"), &found));
    assert_true(found.is_clear);
    assert_int_equal(numu_screening_get(&book->ledger.state, book->ledger.site, subject,
                                        NUMU_TEXT(LIST_2), NUMU_TEXT("QDi.1"), &found),
                     NUMU_NOT_FOUND); /* another edition: to be decided again */
    IN_FORCE("un", "3333333333333333333333333333333333333333333333333333333333333333");
    assert_false(IS_CLEAR());
    assert_true(numu_text_is(open_list, "un"));
    stock_rounds(book, "serviceable");
    book_refuse(book, "keeper", EXPORT("10", "x1"), NUMU_CODE_EVENT_SCREENING);
    struct numu_screening *rows;
    size_t count;
    book_must(numu_screenings_list(&book->ledger.state, &book->arena, book->ledger.site,
                                   (struct numu_text){NULL, 0}, &rows, &count));
    assert_int_equal(count, 3);
}

/* What an event was judged by, and against what it was recorded, stands in the log. */
static void test_judged(void **state) {
    struct book *book = *state;
    struct numu_record record;
    struct numu_text value;
    stock_rounds(book, "suspended");
    book_do(book, "licensor", SCREEN("clear", LIST_1, ""));
    book_do(book, "keeper",
            "\"type\":\"export\",\"licence\":\"x1\",\"screening\":\"buyer\",\"irregular\":\"had "
            "gone\",\"second\":\"judge\"," LINES(
                LOT("round", "L1", "200", "store/suspended", "exported")));
    int64_t sequence = book->receipt.sequence;
    book_must(numu_ledger_read(&book->ledger, &book->arena, NUMU_OWN_LOG, sequence, &record, NULL));
    assert_int_equal(record.judged.broken.count, 2);
    assert_true(numu_text_is(record.judged.broken.list[0], "event-not-serviceable"));
    assert_true(numu_text_is(record.judged.broken.list[1], "event-licence"));
    assert_int_equal(record.judged.lists.count, 1);
    assert_true(numu_text_is(record.judged.lists.list[0], LIST_1));
    struct numu_sha256 hash;
    char hex[NUMU_SHA256_HEX_BYTES];
    static const char row[] = "export\tround\t100000000\t\t2026-12-31\tgranted";
    book_must(numu_sha256(row, sizeof row - 1, &hash));
    assert_true(numu_text_is(record.judged.licence, numu_sha256_hex(&hash, hex)));
    char number[24];
    book_must(NUMU_STATE_KEY(&book->ledger.state, 'y', book->ledger.site,
                             numu_sequence_text(sequence, number)));
    book_must(numu_state_get(&book->ledger.state, &value));
    assert_true(numu_text_is(value, "judge\thad gone\tevent-not-serviceable event-licence"));
}

static void test_packs(void **state) {
    struct book *book = *state;
    book_do(book, "keeper",
            "\"type\":\"open\"," LINES(SERIALS("rifle", "\"R1..R5\"", "opening", "a/serviceable")));
    book_do(book, "keeper",
            "\"type\":\"pack\",\"pack\":\"P1\"," LINES(
                "{\"item\":\"rifle\",\"serials\":[\"R1..R3\"]}"));
    book_refuse(
        book, "keeper",
        "\"type\":\"put\"," LINES(SERIALS("rifle", "\"R2\"", "a/serviceable", "store/serviceable")),
        NUMU_CODE_EVENT_PACKED);
    book_do(book, "keeper",
            "\"type\":\"put\",\"pack\":\"P1\"," LINES(
                SERIALS("rifle", "\"R1..R3\"", "a/serviceable", "store/serviceable")));
    book_do(book, "keeper", "\"type\":\"unpack\",\"pack\":\"P1\"");
    book_do(book, "keeper",
            "\"type\":\"put\"," LINES(
                SERIALS("rifle", "\"R2\"", "store/serviceable", "a/serviceable")));
}

static void test_counts(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
    book_do(
        book, "keeper",
        "\"type\":\"open\"," LINES(SERIALS("rifle", "\"R1..R4\"", "opening", "store/serviceable")));
    char draft[512];
    int against = (int)book->ledger.head.size;
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"count\",\"against\":%d,\"second\":\"judge\"," LINES(
                       "{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":990,\"to\":"
                       "\"store/serviceable\"},{\"item\":\"rifle\",\"serials\":[\"R1\",\"R2\","
                       "\"R4\"],\"to\":\"store/serviceable\"}"),
                   against);
    book_do(book, "keeper", draft);
    const char *count = book_last(book);
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"),
                     1000); /* moves nothing */
    (void)snprintf(draft, sizeof draft, "\"type\":\"close\",\"ref\":\"%s\"", count);
    book_do(book, "keeper", draft);
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_PROPOSED);
    book_approve(book, "chief", book_last(book));
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"), 990);
    assert_int_equal(book_balance(book, "unaccounted", "round", "L1"), 10);
    assert_int_equal(book_balance(book, "unaccounted", "rifle", ""), 1);
    struct numu_serial serial;
    book_must(numu_serial_get(&book->ledger.state, &book->arena, NUMU_TEXT("a"), NUMU_TEXT("rifle"),
                              NUMU_TEXT("R3"), &serial));
    assert_true(numu_text_is(serial.account, "unaccounted"));
    /* goods that moved since the position that was counted against */
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"count\",\"against\":%d,\"second\":\"judge\"," LINES(
                       "{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":990,\"to\":"
                       "\"store/serviceable\"}"),
                   1);
    book_refuse(book, "keeper", draft, NUMU_CODE_EVENT_COUNT_MOVED);
    book_do(book, "keeper",
            "\"type\":\"find\",\"reason\":\"behind the rack\"," LINES(
                SERIALS("rifle", "\"R3\"", "found", "store/quarantine")));
}

/* A count of rifles by the keeper and the judge, against the book as it stands. */
static const char *count_rifles(struct book *book, const char *account, const char *serials) {
    char draft[512];
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"count\",\"against\":%d,\"second\":\"judge\"," LINES(
                       "{\"item\":\"rifle\",%s,\"to\":\"%s\"}"),
                   (int)book->ledger.head.size, serials, account);
    book_do(book, "keeper", draft);
    return book_last(book);
}

static const char *propose_close(struct book *book, const char *count) {
    char draft[256];
    (void)snprintf(draft, sizeof draft, "\"type\":\"close\",\"ref\":\"%s\"", count);
    book_do(book, "keeper", draft);
    return book_last(book);
}

static bool serial_is(struct book *book, const char *serial, const char *account) {
    struct numu_serial now;
    book_must(numu_serial_get(&book->ledger.state, &book->arena, NUMU_TEXT("a"), NUMU_TEXT("rifle"),
                              numu_text_of(serial), &now));
    return numu_text_is(now.account, account);
}

/* A count is closed once: twice, and what was missing would be missing twice. */
static void test_counts_close_once(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
    char draft[512];
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"count\",\"against\":%d,\"second\":\"judge\"," LINES(
                       "{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":990,\"to\":"
                       "\"store/serviceable\"}"),
                   (int)book->ledger.head.size);
    book_do(book, "keeper", draft);
    const char *count = book_last(book);
    const char *first = propose_close(book, count);
    const char *second = propose_close(book, count); /* proposals reserve nothing */
    book_approve(book, "chief", first);
    (void)snprintf(draft, sizeof draft, "\"type\":\"approve\",\"ref\":\"%s\"", second);
    book_refuse(book, "chief", draft, NUMU_CODE_EVENT_PROPOSAL);
    (void)snprintf(draft, sizeof draft, "\"type\":\"close\",\"ref\":\"%s\"", count);
    book_refuse(book, "keeper", draft, NUMU_CODE_EVENT_PROPOSAL);
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"), 990);
    assert_int_equal(book_balance(book, "unaccounted", "round", "L1"), 10);
}

/* What came in after a count was not missing from it. */
static void test_counts_and_later_goods(void **state) {
    struct book *book = *state;
    book_do(
        book, "keeper",
        "\"type\":\"open\"," LINES(SERIALS("rifle", "\"R1..R3\"", "opening", "store/serviceable")));
    const char *close =
        propose_close(book, count_rifles(book, "store/serviceable", "\"serials\":[\"R1\",\"R2\"]"));
    book_do(
        book, "keeper",
        "\"type\":\"import\"," LINES(SERIALS("rifle", "\"R7\"", "imported", "store/serviceable")));
    book_approve(book, "chief", close);
    assert_true(serial_is(book, "R3", "unaccounted"));
    assert_true(serial_is(book, "R7", "store/serviceable"));
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 3);
    assert_int_equal(book_balance(book, "unaccounted", "rifle", ""), 1);
}

/* Where no rifle is found, each of them is missing, not only their number. */
static void test_counts_of_none(void **state) {
    struct book *book = *state;
    book_do(
        book, "keeper",
        "\"type\":\"open\"," LINES(SERIALS("rifle", "\"R1..R2\"", "opening", "store/serviceable")));
    book_approve(book, "chief",
                 propose_close(book, count_rifles(book, "store/serviceable", "\"quantity\":0")));
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 0);
    assert_true(serial_is(book, "R1", "unaccounted"));
    assert_true(serial_is(book, "R2", "unaccounted"));
    /* the next count finds one of them again, and one that nobody knew */
    book_approve(book, "chief",
                 propose_close(
                     book, count_rifles(book, "store/serviceable", "\"serials\":[\"R2\",\"R9\"]")));
    assert_true(serial_is(book, "R2", "store/serviceable"));
    assert_true(serial_is(book, "R9", "store/serviceable"));
    assert_int_equal(book_balance(book, "store/serviceable", "rifle", ""), 2);
    assert_int_equal(book_balance(book, "unaccounted", "rifle", ""), 0);
}

/* What an approval moved has moved, and what was only proposed has not. */
static void test_counts_against_approvals(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
    book_do(book, "keeper",
            "\"type\":\"lose\",\"reason\":\"fire\"," LINES(
                LOT("round", "L1", "100", "store/serviceable", "lost")));
    const char *proposal = book_last(book);
    static const char form[] = "\"type\":\"count\",\"against\":%d,\"second\":\"judge\"," LINES(
        "{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":1000,\"to\":\"store/serviceable\"}");
    char draft[512];
    (void)snprintf(draft, sizeof draft, form, (int)book->ledger.head.size - 1);
    book_do(book, "keeper", draft);
    (void)snprintf(draft, sizeof draft, form, (int)book->ledger.head.size);
    book_approve(book, "judge", proposal);
    book_refuse(book, "keeper", draft, NUMU_CODE_EVENT_COUNT_MOVED);
}

/* Two lines of one receipt may not together exceed the line that was sent. */
static void test_receipts_add_up(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
    book_do(book, "keeper",
            "\"type\":\"dispatch\",\"destination\":\"b\"," LINES(
                LOT("round", "L1", "100", "store/serviceable", "transit")));
    char draft[512];
    static const char line[] = "{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":60,\"line\":0,"
                               "\"from\":\"transit\",\"to\":\"store/serviceable\"}";
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"receive\",\"dispatch\":\"a:%d\",\"lines\":[%s,%s]",
                   (int)book->receipt.sequence, line, line);
    book_refuse(book, "keeper", draft, NUMU_CODE_EVENT_OVER_RECEIPT);
}

/* A lot that came from another site is as old as that site's log says. */
static void test_expiry_of_received(void **state) {
    struct book *book = *state;
    struct numu_state *rows = &book->ledger.state;
    book_do(book, "keeper",
            "\"type\":\"receive\",\"dispatch\":\"b:7\"," LINES(
                "{\"item\":\"round\",\"lot\":\"L9\",\"quantity\":10,\"line\":0,\"from\":"
                "\"transit\",\"to\":\"store/serviceable\"}"));
    static const char issue[] = "\"type\":\"issue\"," LINES(
        LOT("round", "L9", "1", "store/serviceable", "unit/serviceable"));
    book_do(book, "keeper", issue); /* nobody knows when it was made */
    book_must(numu_ledger_begin(&book->ledger));
    book_must(NUMU_STATE_KEY(rows, 't', NUMU_TEXT("round"), NUMU_TEXT("L9"), NUMU_TEXT("b")));
    numu_buffer_clear(&rows->value);
    book_must(numu_buffer_append_string(&rows->value, "2024-01-01"));
    book_must(numu_state_put(rows));
    book_must(numu_ledger_commit(&book->ledger));
    book_refuse(book, "keeper", issue, NUMU_CODE_EVENT_EXPIRED);
    book_must(numu_ledger_begin(&book->ledger)); /* as the book's own log has it */
    book_must(NUMU_STATE_KEY(rows, 't', NUMU_TEXT("round"), NUMU_TEXT("L9"), NUMU_TEXT("b")));
    book_must(numu_state_remove(rows));
    book_must(numu_ledger_commit(&book->ledger));
}

static void test_corrections(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
    const char *opened = book_last(book);
    book_do(book, "keeper",
            "\"type\":\"issue\"," LINES(
                LOT("round", "L1", "900", "store/serviceable", "unit/serviceable")));
    char draft[512];
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"correct\",\"reason\":\"was 100\",\"ref\":\"%s\"," LINES(
                       LOT("round", "L1", "900", "store/serviceable", "opening")),
                   opened);
    book_refuse(book, "keeper", draft, NUMU_CODE_EVENT_DEPENDENTS);
    /* with what rests on it, in one event */
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"correct\",\"reason\":\"was 100\",\"ref\":\"%s\"," LINES(
                       LOT("round", "L1", "850", "unit/serviceable", "store/serviceable") "," LOT(
                           "round", "L1", "900", "store/serviceable", "opening")),
                   opened);
    book_do(book, "keeper", draft);
    book_approve(book, "judge", book_last(book));
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"), 50);
    assert_int_equal(book_balance(book, "unit/serviceable", "round", "L1"), 50);
    assert_int_equal(book_balance(book, "opening", "round", "L1"), -100);
}

static void test_movements(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
    book_do(book, "keeper",
            "\"type\":\"dispatch\",\"destination\":\"b\"," LINES(
                LOT("round", "L1", "300", "store/serviceable", "transit")));
    assert_int_equal(book_balance(book, "transit", "round", "L1"), 300);
    char draft[512];
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"receive\",\"dispatch\":\"a:%d\"," LINES(
                       LOT("round", "L1", "200", "transit", "store/quarantine")),
                   (int)book->receipt.sequence);
    book_do(book, "keeper", draft); /* came back: a receipt like any other */
    book_refuse(book, "keeper", draft, NUMU_CODE_EVENT_OVER_RECEIPT);
    /* a receipt of what is not known yet is pending */
    book_do(book, "keeper",
            "\"type\":\"receive\",\"dispatch\":\"b:7\"," LINES(
                LOT("round", "L9", "50", "transit", "store/quarantine")));
    assert_int_equal(book_balance(book, "transit", "round", "L9"), -50);
    book_refuse(book, "keeper",
                "\"type\":\"receive\",\"dispatch\":\"seven\"," LINES(
                    LOT("round", "L9", "50", "transit", "store/quarantine")),
                NUMU_CODE_EVENT_UNKNOWN_NAME);
}

static void test_grants(void **state) {
    struct book *book = *state;
    book_do(book, "registrar",
            "\"type\":\"grant\",\"site\":\"a\"," LINES(
                "{\"item\":\"rifle\",\"from\":\"R100\",\"to\":\"R199\",\"quantity\":100}"));
    book_do(
        book, "maker",
        "\"type\":\"produce\"," LINES(SERIALS("rifle", "\"R150\"", "produced", "a/quarantine")));
    book_refuse(
        book, "maker",
        "\"type\":\"produce\"," LINES(SERIALS("rifle", "\"R200\"", "produced", "a/quarantine")),
        NUMU_CODE_EVENT_NOT_GRANTED);
    book_refuse(book, "keeper",
                "\"type\":\"grant\",\"site\":\"a\"," LINES(
                    "{\"item\":\"rifle\",\"from\":\"R200\",\"to\":\"R299\",\"quantity\":100}"),
                NUMU_CODE_EVENT_WRONG_ROLE);
}

static void test_registers(void **state) {
    struct book *book = *state;
    static const char more[] = "\"type\":\"register\",\"register\":{\"items\":[{\"id\":\"vehicle\","
                               "\"control\":\"serial\",\"unit\":\"each\"}]}";
    book_do(book, "whoever", more); /* registers are still being opened */
    stock_rounds(book, "serviceable");
    book_refuse(book, "whoever", more, NUMU_CODE_EVENT_UNKNOWN_NAME);
    book_do(book, "registrar", more);
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_PROPOSED);
    book_approve(book, "chief", book_last(book));
    book_refuse(book, "registrar",
                "\"type\":\"register\",\"register\":{\"items\":[{\"name\":\"no id\"}]}",
                NUMU_CODE_EVENT_MALFORMED);
}

static numu_status full(void *data, struct numu_text place, const struct numu_holding *holdings,
                        size_t count, numu_day day, struct numu_place where,
                        struct numu_report *report) {
    numu_quantity total = 0;
    (void)day;
    assert_true(numu_text_is(place, "store"));
    for (size_t i = 0; i < count; i++) {
        total += holdings[i].quantity;
    }
    *(numu_quantity *)data = total;
    if (total > 1500 * NUMU_QUANTITY_ONE) {
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_OUT_OF_RANGE, .place = where, .related = NUMU_NOWHERE};
        numu_report_add(report, &finding);
    }
    return NUMU_OK;
}

/* The check that app hands over sees the load of a storehouse as it would be. */
static void test_loads(void **state) {
    struct book *book = *state;
    numu_quantity seen = 0;
    struct numu_ledger_checks checks = {
        .data = &seen, .model = NUMU_TEXT(LIST_1), .rules = NUMU_TEXT(LIST_2), .load = full};
    book->checks = &checks;
    stock_rounds(book, "serviceable");
    assert_true(seen == 1000 * NUMU_QUANTITY_ONE);
    struct numu_record record;
    book_must(numu_ledger_read(&book->ledger, &book->arena, NUMU_OWN_LOG, book->receipt.sequence,
                               &record, NULL));
    assert_true(numu_text_is(record.judged.model, LIST_1));
    assert_true(numu_text_is(record.judged.rules, LIST_2));
    static const char more[] =
        "\"type\":\"open\"," LINES(LOT("bulk", "B1", "600", "opening", "store/quarantine"));
    book_refuse(book, "keeper", more, NUMU_CODE_OUT_OF_RANGE);
    assert_true(seen == 1600 * NUMU_QUANTITY_ONE);
    book_do(book, "keeper",
            "\"type\":\"open\"," LINES(LOT("bulk", "B1", "600", "opening", "a/quarantine")));
}

/* [L4]: a clock that jumps back does not take the log with it. */
static void test_clock(void **state) {
    struct book *book = *state;
    stock_rounds(book, "serviceable");
    numu_instant last = book->ledger.head.recorded;
    book->now -= (numu_instant)40 * 365 * 86400;
    stock_rounds(book, "quarantine");
    assert_true(book->ledger.head.recorded == last);
    book->now = INT64_C(4294967300); /* 2106 */
    stock_rounds(book, "suspended");
    assert_true(book->ledger.head.recorded == INT64_C(4294967300));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, book_setup, book_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_making),
                                       TEST(test_lots),
                                       TEST(test_issue),
                                       TEST(test_irregular),
                                       TEST(test_expiry),
                                       TEST(test_keys),
                                       TEST(test_export),
                                       TEST(test_screening),
                                       TEST(test_judged),
                                       TEST(test_packs),
                                       TEST(test_counts),
                                       TEST(test_corrections),
                                       TEST(test_movements),
                                       TEST(test_grants),
                                       TEST(test_registers),
                                       TEST(test_loads),
                                       TEST(test_clock),
                                       TEST(test_expiry_of_received),
                                       TEST(test_counts_close_once),
                                       TEST(test_counts_and_later_goods),
                                       TEST(test_counts_of_none),
                                       TEST(test_counts_against_approvals),
                                       TEST(test_receipts_add_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
