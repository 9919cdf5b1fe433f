/*
 * Goal: a close makes the book what was counted, and leaves what happened between the count and
 * the close as it is: what left stays away, a paper about a thing moves nothing, no difference is
 * posted twice, and no place holds less than nothing. Closes of version 1 are applied as they
 * always were.
 * Method: small stories, each refusal for its reason alone; closes written past the door; after
 * each the state is built again from the log and compared. Oracle of random histories: a plain
 * table of where each serial is, and when it last moved or was seen (property test).
 */
#include "base/random.h"
#include "ledger/close.h"
#include "ledger/difference.h"
#include "ledger/doubt.h"
#include "ledger/query.h"

#include "ledger_built.h"

#define SEEN(serials, account)                                                                     \
    "{\"item\":\"rifle\",\"serials\":[" serials "],\"to\":\"" account "\"}"
#define LOT(lot, quantity, account)                                                                \
    "{\"item\":\"round\",\"lot\":\"" lot "\",\"quantity\":" quantity ",\"to\":\"" account "\"}"
#define MOVE(type, serials, from, to)                                                              \
    "\"type\":\"" type "\",\"lines\":[{\"item\":\"rifle\",\"serials\":[" serials                   \
    "],\"from\":\"" from "\",\"to\":\"" to "\"}]"
#define MOVE_LOT(type, lot, quantity, from, to)                                                    \
    "\"type\":\"" type "\",\"lines\":[{\"item\":\"round\",\"lot\":\"" lot                          \
    "\",\"quantity\":" quantity ",\"from\":\"" from "\",\"to\":\"" to "\"}]"
#define STORE "store/serviceable"
#define YARD "a/serviceable"
#define UNIT "unit/serviceable"

static const char *count(struct book *book, const char *lines) {
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text,
                               "\"type\":\"count\",\"second\":\"judge\",\"against\":%d,"
                               "\"lines\":[%s]",
                               (int)book->ledger.head.size, lines));
    book_do(book, "keeper", text.data);
    return book_last(book);
}

static const char *close_draft(struct book *book, const char *ref, int version) {
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text,
                               "\"type\":\"close\",\"ref\":\"%s\",\"reason\":\"so\","
                               "\"version\":%d",
                               ref, version));
    return text.data;
}

static const char *approval(struct book *book, const char *ref) {
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text, "\"type\":\"approve\",\"ref\":\"%s\"", ref));
    return text.data;
}

static void close_count(struct book *book, const char *ref) {
    struct numu_text text;
    book_must(numu_text_printf(&book->arena, &text,
                               "\"type\":\"close\",\"ref\":\"%s\",\"reason\":\"so\"", ref));
    book_do(book, "keeper", text.data);
    book_approve(book, "chief", book_last(book));
}

static void stock(struct book *book) {
    book_do(book, "keeper", MOVE("open", "\"R1..R9\"", "opening", STORE));
    book_do(book, "keeper", MOVE_LOT("open", "L1", "1000", "opening", STORE));
}

static bool is_at(struct book *book, const char *serial, const char *account) {
    struct numu_serial now;
    book_must(numu_serial_get(&book->ledger.state, &book->arena, NUMU_TEXT("a"), NUMU_TEXT("rifle"),
                              numu_text_of(serial), &now));
    return numu_text_is(now.account, account);
}

/* Writes a draft into the log without asking the door; what applying it says. */
static numu_status write_past(struct book *book, const char *by, const char *draft) {
    struct numu_ledger *ledger = &book->ledger;
    struct numu_log_head before = ledger->head;
    struct numu_record record = {.site = ledger->site,
                                 .sequence = (int64_t)ledger->head.size,
                                 .recorded = numu_ledger_time(ledger, book->now)};
    const struct numu_store *store = &ledger->state.store;
    struct numu_event_error error;
    struct numu_buffer bytes;
    struct numu_text text;
    struct numu_sha256 leaf;
    book_must(numu_text_printf(&book->arena, &text,
                               "{\"ledger\":\"test\",\"time\":\"2026-01-05T08:00:00Z\",\"by\":"
                               "\"%s\",\"key\":\"past-%u\",%s}",
                               by, book->key++, draft));
    book_must(numu_event_read_draft(&book->arena, text, &record.event, &error));
    numu_buffer_init(&bytes, &book->heap, 0);
    book_must(numu_event_write_body(&record.event, &book->arena, &bytes));
    book_must(
        numu_text_copy(&book->arena, (struct numu_text){bytes.data, bytes.length}, &record.body));
    numu_buffer_clear(&bytes);
    book_must(numu_record_write(&record, &bytes));
    const struct numu_text entry = {bytes.data, bytes.length};
    book_must(numu_merkle_leaf(entry, &leaf));
    book_must(numu_ledger_begin(ledger));
    book_must(store->port->append(store->self, ledger->log, ledger->head.size, entry, &leaf));
    book_must(numu_log_append(&ledger->state, ledger->site, &ledger->head, &leaf));
    numu_log_note_record(&ledger->head, &record);
    numu_status status = numu_state_apply(&ledger->state, &ledger->scratch, ledger->log, &record);
    if (status == NUMU_OK) {
        book_must(numu_ledger_commit(ledger));
        book->receipt = (struct numu_receipt){.sequence = record.sequence, .leaf = leaf};
    } else {
        store->port->rollback(store->self);
        ledger->head = before;
    }
    numu_buffer_release(&bytes);
    return status;
}

/* What left after it was seen: used up, written off, issued, dispatched; and what came. */
static void test_left_meanwhile(void **state) {
    struct book *book = *state;
    stock(book);
    const char *ref = count(book, SEEN("\"R1..R8\"", STORE));
    book_do(book, "keeper", MOVE("consume", "\"R1\"", STORE, "consumed"));
    book_do(book, "keeper", MOVE("issue", "\"R2\",\"R3\"", STORE, UNIT));
    book_do(book, "keeper", MOVE("consume", "\"R3\"", UNIT, "consumed"));
    book_do(book, "keeper",
            "\"type\":\"destroy\",\"method\":\"cut\",\"witnesses\":[\"chief\"],\"lines\":[{"
            "\"item\":\"rifle\",\"serials\":[\"R4\"],\"from\":\"" STORE
            "\",\"to\":\"destroyed\"}]");
    book_approve(book, "chief", book_last(book));
    book_do(book, "keeper",
            "\"type\":\"dispatch\",\"destination\":\"b\",\"lines\":[{\"item\":\"rifle\","
            "\"serials\":[\"R5\"],\"from\":\"" STORE "\",\"to\":\"transit\"}]");
    book_do(book, "keeper", MOVE("import", "\"N1\"", "imported", STORE));
    close_count(book, ref);
    assert_true(is_at(book, "R1", "consumed"));
    assert_true(is_at(book, "R2", UNIT));
    assert_true(is_at(book, "R3", "consumed"));
    assert_true(is_at(book, "R4", "destroyed"));
    assert_true(is_at(book, "R5", "transit"));
    assert_true(is_at(book, "R6", STORE));
    assert_true(is_at(book, "R9", "unaccounted"));
    assert_true(is_at(book, "N1", STORE));
    assert_int_equal(book_balance(book, STORE, "rifle", ""), 4);
    assert_int_equal(book_balance(book, "unaccounted", "rifle", ""), 1);
    assert_int_equal(book_balance(book, "consumed", "rifle", ""), 2);
}

/* A mark or a pack is no movement: it takes nothing out of a count. */
static void test_marked_meanwhile(void **state) {
    struct book *book = *state;
    stock(book);
    book_do(book, "keeper", MOVE("put", "\"R7\"", STORE, YARD));
    const char *ref = count(book, SEEN("\"R1..R7\"", STORE)); /* R8, R9 missing, R7 elsewhere */
    book_do(book, "maker",
            "\"type\":\"mark\",\"mark\":\"M\",\"lines\":[{\"item\":\"rifle\",\"serials\":"
            "[\"R7..R9\"]}]");
    book_do(book, "keeper",
            "\"type\":\"pack\",\"pack\":\"C1\",\"lines\":[{\"item\":\"rifle\",\"serials\":"
            "[\"R9\"]}]");
    close_count(book, ref);
    assert_true(is_at(book, "R7", STORE));
    assert_true(is_at(book, "R8", "unaccounted"));
    assert_true(is_at(book, "R9", "unaccounted"));
}

/* Serials that are told as moved, though a count did not see them: "R8 R9". */
static const char *doubts(struct book *book) {
    struct numu_doubt *rows;
    struct numu_buffer text;
    struct numu_text copy;
    size_t total;
    numu_buffer_init(&text, &book->heap, 0);
    book_must(numu_doubts_list(&book->ledger, &book->arena, &rows, &total));
    for (size_t i = 0; i < total; i++) {
        assert_int_equal(rows[i].kind, NUMU_DOUBT_UNSEEN);
        book_must(numu_buffer_printf(&text, "%s%.*s", i > 0 ? " " : "", (int)rows[i].object.length,
                                     rows[i].object.data));
    }
    book_must(numu_text_copy(&book->arena, (struct numu_text){text.data, text.length}, &copy));
    numu_buffer_release(&text);
    return total == 0 ? "" : copy.data;
}

/* What nobody saw, and is then used up on paper before the close, is not missing any more. */
static void test_unseen(void **state) {
    struct book *book = *state;
    stock(book);
    const char *ref = count(book, SEEN("\"R1..R5\"", STORE));
    book_do(book, "keeper", MOVE("issue", "\"R1\"", STORE, UNIT)); /* seen */
    book_do(book, "keeper", MOVE("import", "\"N1\"", "imported", STORE));
    book_do(book, "keeper", MOVE("issue", "\"N1\"", STORE, UNIT)); /* came since */
    assert_string_equal(doubts(book), "");
    book_do(book, "keeper", MOVE("consume", "\"R9\"", STORE, "consumed"));
    book_do(book, "keeper",
            "\"type\":\"destroy\",\"method\":\"cut\",\"witnesses\":[\"chief\"],\"lines\":[{"
            "\"item\":\"rifle\",\"serials\":[\"R8\"],\"from\":\"" STORE
            "\",\"to\":\"destroyed\"}]");
    assert_string_equal(doubts(book), "R9");
    book_approve(book, "chief", book_last(book));
    assert_string_equal(doubts(book), "R9 R8");
    book_do(book, "keeper",
            MOVE("put", "\"R7\"", STORE, YARD)); /* once, not at each further move */
    book_do(book, "keeper", MOVE("put", "\"R7\"", YARD, STORE));
    assert_string_equal(doubts(book), "R9 R8 R7");
    close_count(book, ref);
    assert_true(is_at(book, "R6", "unaccounted"));
    book_do(book, "keeper", MOVE("issue", "\"R2\",\"R7\"", STORE, UNIT));
    assert_string_equal(doubts(book), "R9 R8 R7");
    /* in sheets, where another count had not seen it */
    count(book, SEEN("\"R3\"", STORE));
    book_do(book, "keeper",
            "\"type\":\"sheet\",\"count\":\"year\",\"second\":\"judge\",\"against\":16,\"lines\":"
            "[" SEEN("\"R4\"", STORE) "]");
    book_do(book, "keeper",
            "\"type\":\"count\",\"key\":\"year\",\"second\":\"judge\",\"against\":17,\"lines\":"
            "[{\"item\":\"rifle\",\"quantity\":1,\"to\":\"" STORE "\"}]");
    book_do(book, "keeper", MOVE("issue", "\"R3\",\"R4\"", STORE, UNIT));
    assert_string_equal(doubts(book), "R9 R8 R7 R3");
}

/* Two rooms counted one by one: what one close misses, the other has seen. */
static void test_two_rooms(void **state) {
    struct book *book = *state;
    for (int order = 0; order < 2; order++) {
        book_check(book);
        book_release(book);
        book_init(book, "a");
        stock(book);
        book_do(book, "keeper", MOVE("put", "\"R9\"", STORE, YARD));
        const char *store = count(book, SEEN("\"R1..R9\"", STORE));
        const char *yard = count(book, "{\"item\":\"rifle\",\"quantity\":0,\"to\":\"" YARD "\"}");
        close_count(book, order == 0 ? store : yard);
        close_count(book, order == 0 ? yard : store);
        assert_true(is_at(book, "R9", STORE));
        assert_int_equal(book_balance(book, "unaccounted", "rifle", ""), 0);
    }
}

/* The same, but it moved before the second room was counted: there it is missing. */
static void test_moved_between_rooms(void **state) {
    struct book *book = *state;
    stock(book);
    const char *store = count(book, SEEN("\"R1..R9\"", STORE));
    book_do(book, "keeper", MOVE("put", "\"R9\"", STORE, YARD));
    close_count(book, count(book, "{\"item\":\"rifle\",\"quantity\":0,\"to\":\"" YARD "\"}"));
    close_count(book, store);
    assert_true(is_at(book, "R9", "unaccounted"));
    assert_int_equal(book_balance(book, STORE, "rifle", ""), 8);
}

/* A difference is posted once, whichever of two counts of the same is closed. */
static void test_counted_twice(void **state) {
    struct book *book = *state;
    stock(book);
    const char *first = count(book, LOT("L1", "990", STORE));
    const char *second = count(book, LOT("L1", "990", STORE) "," SEEN("\"R1..R9\"", STORE));
    const char *rifles = count(book, SEEN("\"R1..R8\"", STORE));
    book_do(book, "keeper", MOVE_LOT("issue", "L1", "40", STORE, UNIT));
    close_count(book, second);
    assert_int_equal(book_balance(book, STORE, "round", "L1"), 950);
    book_refuse(book, "keeper", close_draft(book, first, 2), NUMU_CODE_EVENT_CLOSE);
    book_refuse(book, "keeper", close_draft(book, first, 1), NUMU_CODE_EVENT_CLOSE);
    book_refuse(book, "keeper", close_draft(book, rifles, 2), NUMU_CODE_EVENT_CLOSE);
    book_refuse(book, "keeper", close_draft(book, second, 2), NUMU_CODE_EVENT_PROPOSAL);
    close_count(book, count(book, LOT("L1", "940", STORE)));
    assert_int_equal(book_balance(book, STORE, "round", "L1"), 940);
    assert_int_equal(book_balance(book, "unaccounted", "round", "L1"), 20);
    /* past the door, whoever writes it: such a log cannot be */
    book_must(write_past(book, "keeper", close_draft(book, first, 2)));
    assert_int_equal(write_past(book, "chief", approval(book, book_last(book))), NUMU_INVALID);
    assert_int_equal(book_balance(book, STORE, "round", "L1"), 940);
}

/* Two shelves of one lot are added up, also where they were not made one line (an earlier numu). */
static void test_two_shelves(void **state) {
    struct book *book = *state;
    struct numu_item_account *rows;
    size_t total;
    stock(book);
    const char *ref = count(book, SEEN("\"R1..R4\"", STORE) "," LOT("L1", "600", STORE) "," LOT(
                                      "L1", "390", STORE) "," SEEN("\"R5..R8\"", STORE));
    book_must(numu_account_list(&book->ledger, &book->arena, NUMU_TEXT("a"), &rows, &total));
    assert_int_equal(total, 2);
    assert_int_equal(rows[0].counted_book, 9 * NUMU_QUANTITY_ONE);
    assert_int_equal(rows[0].counted, 8 * NUMU_QUANTITY_ONE);
    assert_int_equal(rows[1].counted_book, 1000 * NUMU_QUANTITY_ONE);
    assert_int_equal(rows[1].counted, 990 * NUMU_QUANTITY_ONE);
    close_count(book, ref);
    assert_int_equal(book_balance(book, STORE, "round", "L1"), 990);
    assert_int_equal(book_balance(book, STORE, "rifle", ""), 8);
}

/* Lines of a draft that are of the same become one; nothing else of it changes. */
static void test_joined_lines(void **state) {
    struct book *book = *state;
    struct numu_event event;
    struct numu_event_error error;
    for (int round = 0; round < 2; round++) {
        const char *text =
            round == 0
                ? "\"lines\":[" SEEN("\"R1..R3\"", STORE) "," LOT("L1", "600", STORE) "," SEEN(
                      "\"R4\"", YARD) "," SEEN("\"R5\",\"R2\"",
                                               STORE) "," LOT("L2", "5", STORE) "," LOT("L1", "390",
                                                                                        STORE) "]}"
                : "\"lines\":[" LOT("L1", "600", STORE) "]}";
        struct numu_text draft;
        book_must(numu_text_printf(&book->arena, &draft,
                                   "{\"type\":\"count\",\"by\":\"keeper\",\"key\":\"k\",\"time\":"
                                   "\"2026-01-05T08:00:00Z\",\"against\":1,\"second\":\"judge\",%s",
                                   text));
        book_must(numu_event_read_draft(&book->arena, draft, &event, &error));
        book_must(numu_count_join_lines(&book->arena, &event));
        assert_int_equal(event.lines[round == 0 ? 1 : 0].quantity,
                         (round == 0 ? 990 : 600) * NUMU_QUANTITY_ONE);
        assert_int_equal(event.line_count, round == 0 ? 4 : 1);
        if (round > 0) {
            break;
        }
        static const char *const serials[] = {"R1", "R2", "R3", "R5", "R2"};
        assert_int_equal(event.lines[0].serials.count, 5);
        assert_int_equal(event.lines[0].quantity, 5 * NUMU_QUANTITY_ONE);
        for (size_t i = 0; i < 5; i++) {
            assert_true(numu_text_is(event.lines[0].serials.list[i], serials[i]));
        }
        assert_int_equal(event.lines[2].serials.count, 1); /* in the yard */
        assert_int_equal(event.lines[3].quantity, 5 * NUMU_QUANTITY_ONE);
    }
}

/* A count that began before another was closed, in sheets: its lots are as of their sheet. */
static void test_closed_between_sheets(void **state) {
    struct book *book = *state;
    stock(book);
    book_do(book, "keeper",
            "\"type\":\"sheet\",\"count\":\"year\",\"second\":\"judge\",\"against\":3,\"lines\":"
            "[" LOT("L1", "990", STORE) "]");
    close_count(book, count(book, LOT("L1", "990", STORE)));
    book_do(book, "keeper",
            "\"type\":\"count\",\"key\":\"year\",\"second\":\"judge\",\"against\":7,\"lines\":"
            "[{\"item\":\"round\",\"quantity\":990,\"to\":\"" STORE "\"}]");
    book_refuse(book, "keeper", close_draft(book, book_last(book), 2), NUMU_CODE_EVENT_CLOSE);
    assert_int_equal(book_balance(book, STORE, "round", "L1"), 990);
}

/* More is issued by the book than was there: no close makes less than nothing of it. */
static void test_more_left_than_was_there(void **state) {
    struct book *book = *state;
    stock(book);
    const char *ref = count(book, LOT("L1", "30", STORE) "," SEEN("\"R1..R9\"", STORE));
    book_do(book, "keeper", close_draft(book, ref, 2)); /* proposed while it was right */
    const char *proposed = book_last(book);
    book_do(book, "keeper", MOVE_LOT("issue", "L1", "31", STORE, UNIT));
    book_refuse(book, "chief", approval(book, proposed), NUMU_CODE_EVENT_CLOSE);
    book_refuse(book, "keeper", close_draft(book, ref, 2), NUMU_CODE_EVENT_CLOSE);
    book_do(book, "keeper", MOVE_LOT("return", "L1", "1", UNIT, STORE));
    book_approve(book, "chief", proposed);
    assert_int_equal(book_balance(book, STORE, "round", "L1"), 0);
}

/* Closes as an earlier numu wrote them: refused where they would put something back. */
static void test_former_at_the_door(void **state) {
    struct book *book = *state;
    stock(book);
    const char *ref = count(book, SEEN("\"R1..R8\"", STORE));
    book_do(book, "keeper", close_draft(book, ref, 1));
    const char *proposed = book_last(book);
    book_do(book, "keeper", MOVE("issue", "\"R1\"", STORE, UNIT));
    book_do(book, "keeper", MOVE("consume", "\"R1\"", UNIT, "consumed"));
    book_refuse(book, "chief", approval(book, proposed), NUMU_CODE_EVENT_CLOSE);
    book_refuse(book, "keeper", close_draft(book, ref, 1), NUMU_CODE_EVENT_CLOSE);
    close_count(book, ref);
    assert_true(is_at(book, "R1", "consumed"));
    ref = count(book, SEEN("\"R2..R7\"", STORE)); /* where nothing left, they do the same */
    book_do(book, "keeper", close_draft(book, ref, 1));
    book_approve(book, "chief", book_last(book));
    assert_true(is_at(book, "R8", "unaccounted"));
}

/* What stands in a book from before is applied as it was then, right or wrong. */
static void test_former_in_a_log(void **state) {
    struct book *book = *state;
    stock(book);
    const char *ref = count(book, SEEN("\"R1..R8\"", STORE));
    book_do(book, "keeper", MOVE("consume", "\"R1\"", STORE, "consumed"));
    book_must(write_past(book, "keeper", close_draft(book, ref, 1)));
    book_must(write_past(book, "chief", approval(book, book_last(book))));
    assert_true(is_at(book, "R1", STORE));
    assert_int_equal(book_balance(book, "consumed", "rifle", ""), 1);
    assert_int_equal(book_balance(book, "unaccounted", "rifle", ""), 0); /* R9 in, R1 out */
}

/* --- random histories --- */

enum { SERIALS = 16, LOTS = 2, COUNTS = 12, STEPS = 60, PLACES = 5 };

static const char *const places[PLACES] = {"unaccounted", STORE, YARD, UNIT, "consumed"};

/* A count: what it saw of each place (1: store, 2: yard), and when. */
struct told {
    const char *ref;
    int64_t began, at;   /* first sheet, or the count; the count */
    bool has_serials[3]; /* by place */
    int seen[SERIALS];   /* place; 0: nowhere */
    int64_t seen_at[SERIALS];
    bool has_lots[3];
    int64_t lots[3][LOTS];
    bool is_closed;
    int64_t closed;
};
struct world {
    struct book *book;
    struct numu_random random;
    int place[SERIALS];
    int64_t moved[SERIALS];   /* when it last moved */
    int64_t sighted[SERIALS]; /* the count whose close put it where it was seen */
    int64_t lots[PLACES][LOTS];
    int64_t flow[3][LOTS][1024]; /* what movements brought to a place, by event */
    struct told counts[COUNTS];
    int count;
    int refused, closed, left; /* how often what */
};

static int64_t now_of(const struct world *world) {
    return (int64_t)world->book->ledger.head.size;
}

static unsigned below(struct world *world, unsigned limit) {
    return (unsigned)numu_random_below(&world->random, limit);
}

static void move_serial(struct world *world) {
    char draft[256];
    unsigned serial = below(world, SERIALS);
    int to = 1 + (int)below(world, 4);
    int from = world->place[serial];
    if (from == 0 || from == 4 || from == to) {
        return;
    }
    const char *type = to == 4 ? "consume" : to == 3 ? "issue" : from == 3 ? "return" : "put";
    (void)snprintf(draft, sizeof draft, MOVE("%s", "\"W%02u\"", "%s", "%s"), type, serial,
                   places[from], places[to]);
    world->moved[serial] = now_of(world);
    book_do(world->book, "keeper", draft);
    world->place[serial] = to;
}

static void mark_serial(struct world *world) {
    char draft[256];
    unsigned serial = below(world, SERIALS);
    if (world->place[serial] == 0 || world->place[serial] == 4) {
        return;
    }
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"mark\",\"mark\":\"M\",\"lines\":[{\"item\":\"rifle\",\"serials\":"
                   "[\"W%02u\"]}]",
                   serial);
    book_do(world->book, "maker", draft);
}

static void move_lot(struct world *world) {
    char draft[256];
    int from = 1 + (int)below(world, 2);
    unsigned lot = below(world, LOTS);
    bool is_put = below(world, 2) == 0;
    int to = is_put ? 3 - from : 3;
    int64_t quantity = 1 + (int64_t)below(world, 30);
    if (world->lots[from][lot] < quantity) {
        return;
    }
    (void)snprintf(draft, sizeof draft, MOVE_LOT("%s", "L%u", "%d", "%s", "%s"),
                   is_put ? "put" : "issue", lot, (int)quantity, places[from], places[to]);
    int64_t at = now_of(world);
    book_do(world->book, "keeper", draft);
    world->lots[from][lot] -= quantity;
    world->flow[from][lot][at] = -quantity;
    if (is_put) {
        world->lots[to][lot] += quantity;
        world->flow[to][lot][at] = quantity;
    }
}

/* Lines of serials that somebody sees at the places counted: any, wherever the book has them. */
static bool see(struct world *world, struct told *told, struct numu_buffer *lines, int part) {
    bool has_any = false;
    for (unsigned i = 0; i < SERIALS; i++) {
        int place = below(world, 8) == 0 ? 1 + (int)below(world, 2) : world->place[i];
        bool sees = told->seen[i] == 0 && (part > 0 || below(world, 2) == 0) &&
                    below(world, 6) != 0 && (place == 1 || place == 2) && told->has_serials[place];
        if (!sees) {
            continue;
        }
        told->seen[i] = place;
        told->seen_at[i] = now_of(world);
        book_must(numu_buffer_printf(lines, "%s" SEEN("\"W%02u\"", "%s"),
                                     lines->length > 0 ? "," : "", i, places[place]));
        has_any = true;
    }
    return has_any;
}

/* Two sheets, between which goods move, and their totals. */
static void count_in_sheets(struct world *world, struct told *told) {
    struct book *book = world->book;
    struct numu_text text;
    struct numu_buffer lines;
    bool has_sheet = false;
    numu_buffer_init(&lines, &book->heap, 0);
    for (int part = 0; part < 2; part++) {
        numu_buffer_clear(&lines);
        int64_t at = now_of(world);
        if (see(world, told, &lines, part)) {
            book_must(numu_text_printf(&book->arena, &text,
                                       "\"type\":\"sheet\",\"count\":\"c%d\",\"second\":\"judge\","
                                       "\"against\":%d,\"lines\":[%s]",
                                       world->count, (int)at, lines.data));
            book_do(book, "keeper", text.data);
            told->began = has_sheet ? told->began : at;
            has_sheet = true;
        }
        move_serial(world);
    }
    numu_buffer_clear(&lines);
    for (int place = 1; place <= 2; place++) {
        int total = 0;
        for (unsigned i = 0; i < SERIALS; i++) {
            total += told->seen[i] == place;
        }
        if (told->has_serials[place]) {
            book_must(numu_buffer_printf(&lines,
                                         "%s{\"item\":\"rifle\",\"quantity\":%d,\"to\":\"%s\"}",
                                         lines.length > 0 ? "," : "", total, places[place]));
        }
    }
    told->at = now_of(world);
    told->began = has_sheet ? told->began : told->at;
    book_must(numu_text_printf(&book->arena, &text,
                               "\"type\":\"count\",\"key\":\"c%d\",\"second\":\"judge\","
                               "\"against\":%d,\"lines\":[%s]",
                               world->count, (int)told->at, lines.data));
    book_do(book, "keeper", text.data);
    told->ref = book_last(book);
    numu_buffer_release(&lines);
}

static void see_lots(struct world *world, struct told *told, struct numu_buffer *lines) {
    for (int place = 1; place <= 2; place++) {
        for (unsigned lot = 0; told->has_lots[place] && lot < LOTS; lot++) {
            int64_t seen = world->lots[place][lot] + (int64_t)below(world, 21) - 10;
            told->lots[place][lot] = seen < 0 ? 0 : seen;
            book_must(numu_buffer_printf(lines, "%s" LOT("L%u", "%d", "%s"),
                                         lines->length > 0 ? "," : "", lot,
                                         (int)told->lots[place][lot], places[place]));
        }
    }
}

static void count_at_once(struct world *world, struct told *told) {
    struct numu_buffer lines;
    numu_buffer_init(&lines, &world->book->heap, 0);
    told->at = told->began = now_of(world);
    (void)see(world, told, &lines, 1);
    for (int place = 1; place <= 2; place++) {
        bool has_line = false;
        for (unsigned i = 0; i < SERIALS; i++) {
            has_line = has_line || told->seen[i] == place;
        }
        if (told->has_serials[place] && !has_line) {
            book_must(numu_buffer_printf(&lines,
                                         "%s{\"item\":\"rifle\",\"quantity\":0,\"to\":\"%s\"}",
                                         lines.length > 0 ? "," : "", places[place]));
        }
        told->has_lots[place] = below(world, 2) == 0;
    }
    see_lots(world, told, &lines);
    told->ref = count(world->book, lines.data);
    numu_buffer_release(&lines);
}

static void count_some(struct world *world) {
    unsigned which = 1 + below(world, 3);
    if (world->count == COUNTS) {
        return;
    }
    struct told *told = &world->counts[world->count];
    told->has_serials[1] = (which & 1) != 0;
    told->has_serials[2] = (which & 2) != 0;
    if (below(world, 3) == 0) {
        count_in_sheets(world, told);
    } else {
        count_at_once(world, told);
    }
    world->count++;
}

/* Whether another count of the same was closed since this one began. */
static bool is_overtaken(const struct world *world, const struct told *told) {
    for (int i = 0; i < world->count; i++) {
        const struct told *other = &world->counts[i];
        for (int place = 1; other->is_closed && other->closed > told->began && place <= 2;
             place++) {
            if ((told->has_serials[place] && other->has_serials[place]) ||
                (told->has_lots[place] && other->has_lots[place])) {
                return true;
            }
        }
    }
    return false;
}

/* What there is of a lot: as counted, and what movements brought and took since. */
static int64_t roll(const struct world *world, const struct told *told, int place, unsigned lot) {
    int64_t quantity = told->lots[place][lot];
    for (int64_t at = told->at; at < now_of(world); at++) {
        quantity += world->flow[place][lot][at];
    }
    return quantity;
}

static bool can_close(const struct world *world, const struct told *told) {
    bool is_good = !told->is_closed && !is_overtaken(world, told);
    for (int place = 1; place <= 2; place++) {
        for (unsigned lot = 0; told->has_lots[place] && lot < LOTS; lot++) {
            is_good = is_good && roll(world, told, place, lot) >= 0;
        }
    }
    return is_good;
}

static void settle_serial(struct world *world, const struct told *told, unsigned serial) {
    int seen = told->seen[serial];
    int place = world->place[serial];
    int64_t at = seen > 0 ? told->seen_at[serial] : told->at;
    bool is_missing = seen == 0 && (place == 1 || place == 2) && told->has_serials[place];
    if (world->moved[serial] >= at || world->sighted[serial] > at) {
        world->left += seen > 0 && place != seen;
        return;
    }
    if (seen > 0 && seen != place) {
        world->place[serial] = seen;
        world->sighted[serial] = told->at;
    } else if (is_missing) {
        world->place[serial] = 0;
    }
}

/* What the list of differences of a count says of each serial; MOVED says nothing. */
static void list_differences(const struct world *world, const struct told *told,
                             bool out[SERIALS]) {
    struct book *book = world->book;
    struct numu_count_row *counts;
    struct numu_difference *rows;
    size_t count_total;
    size_t total;
    memset(out, 0, SERIALS * sizeof *out);
    book_must(numu_counts_of(&book->ledger, &book->arena, NUMU_TEXT("a"), book->now, &counts,
                             &count_total));
    size_t at = 0;
    while (counts[at].sequence != told->at) {
        at++;
        assert_true(at < count_total);
    }
    book_must(numu_differences_list(&book->ledger, &book->arena, NUMU_TEXT("a"), &counts[at], &rows,
                                    &total));
    for (size_t i = 0; i < total; i++) {
        if (rows[i].serial.length > 0 && rows[i].kind != NUMU_DIFFERENCE_MOVED) {
            out[strtoul(rows[i].serial.data + 1, NULL, 10)] = true;
        }
    }
}

/* Before the close, and after it, the list has what the close moves, and nothing else. */
static void check_differences(const struct world *world, const struct told *told,
                              const int before[SERIALS], const bool listed[SERIALS]) {
    bool again[SERIALS];
    list_differences(world, told, again);
    for (unsigned i = 0; i < SERIALS; i++) {
        assert_int_equal(listed[i], before[i] != world->place[i]);
        assert_int_equal(again[i], listed[i]);
    }
}

/* One of the counts is closed, or refused, as the model says. */
static void close_some(struct world *world) {
    struct book *book = world->book;
    if (world->count == 0) {
        return;
    }
    struct told *told = &world->counts[below(world, (unsigned)world->count)];
    bool can = can_close(world, told);
    numu_outcome outcome = book_try(book, "keeper", close_draft(book, told->ref, 2));
    assert_int_equal(outcome, can ? NUMU_OUTCOME_PROPOSED : NUMU_OUTCOME_REFUSED);
    world->refused += !can && !told->is_closed;
    if (!can) {
        return;
    }
    int before[SERIALS];
    bool listed[SERIALS];
    memcpy(before, world->place, sizeof before);
    list_differences(world, told, listed);
    told->closed = now_of(world);
    book_approve(book, "chief", book_last(book));
    for (unsigned i = 0; i < SERIALS; i++) {
        settle_serial(world, told, i);
    }
    for (int place = 1; place <= 2; place++) {
        for (unsigned lot = 0; told->has_lots[place] && lot < LOTS; lot++) {
            world->lots[place][lot] = roll(world, told, place, lot);
        }
    }
    told->is_closed = true;
    world->closed++;
    check_differences(world, told, before, listed);
}

static void check_world(const struct world *world, unsigned seed) {
    for (unsigned i = 0; i < SERIALS; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "W%02u", i);
        if (!is_at(world->book, name, places[world->place[i]])) {
            print_message("# seed %u: %s is not at %s\n", seed, name, places[world->place[i]]);
            fail();
        }
    }
    for (int place = 1; place <= 2; place++) {
        for (unsigned lot = 0; lot < LOTS; lot++) {
            char name[8];
            (void)snprintf(name, sizeof name, "L%u", lot);
            assert_int_equal(book_balance(world->book, places[place], "round", name),
                             world->lots[place][lot]);
        }
    }
}

static void open_world(struct world *world, struct book *book, unsigned seed) {
    memset(world, 0, sizeof *world);
    world->book = book;
    numu_random_init(&world->random, seed, 0);
    book_do(book, "keeper", MOVE("open", "\"W00..W15\"", "opening", STORE));
    book_do(book, "keeper", MOVE_LOT("open", "L0", "100", "opening", STORE));
    book_do(book, "keeper", MOVE_LOT("open", "L1", "20", "opening", STORE));
    world->lots[1][0] = 100;
    world->lots[1][1] = 20;
    for (unsigned i = 0; i < SERIALS; i++) {
        world->place[i] = 1;
    }
}

/* Counts of any kind, open side by side, goods that move, closes in any order. */
static void test_random_closes(void **state) {
    static struct world world;
    struct book *book = *state;
    unsigned seeds = book_count("NUMU_SOAK_SEEDS", 60);
    int refused = 0;
    int closed = 0;
    int left = 0;
    for (unsigned seed = 0; seed < seeds; seed++) {
        book_check(book);
        book_release(book);
        book_init(book, "a");
        open_world(&world, book, seed);
        for (int step = 0; step < STEPS; step++) {
            static void (*const acts[])(struct world *) = {
                move_serial, move_serial, mark_serial, move_lot, move_lot, count_some, close_some};
            acts[below(&world, sizeof acts / sizeof *acts)](&world);
            check_world(&world, seed);
        }
        refused += world.refused;
        closed += world.closed;
        left += world.left;
    }
    assert_true(refused > (int)seeds / 2);
    assert_true(closed > (int)seeds);
    assert_true(left > (int)seeds / 2);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, book_setup, book_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_left_meanwhile),
                                       TEST(test_marked_meanwhile),
                                       TEST(test_unseen),
                                       TEST(test_two_rooms),
                                       TEST(test_moved_between_rooms),
                                       TEST(test_counted_twice),
                                       TEST(test_two_shelves),
                                       TEST(test_joined_lines),
                                       TEST(test_closed_between_sheets),
                                       TEST(test_more_left_than_was_there),
                                       TEST(test_former_at_the_door),
                                       TEST(test_former_in_a_log),
                                       TEST(test_random_closes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
