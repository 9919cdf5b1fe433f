/*
 * Goal: a trace lists what a thing was made of, or what was made of it, all of it and nothing else,
 * nearest first; it ends on circles and names one; it says what the book says at that moment.
 * Method: histories of lots made of lots at random, some in circles, traced from every lot both
 * ways, beside a plain search of the matrix of what was told; the same in the midst of a
 * transaction that is then rolled back.
 * Control: among the histories are some with a circle and some without.
 */
#include "ledger/query.h"

#include "base/random.h"
#include "ledger_book.h"

enum { SEED = 20261126, HISTORIES = 12, LOTS = 9, ACTS_MAX = 9 };

struct history {
    bool edge[LOTS][LOTS]; /* [used][made] */
};

/* --- oracle --- */

/* How far each lot is from one: 0 itself, -1 not at all. */
static void measure(const struct history *history, unsigned from, bool is_forward, int out[LOTS]) {
    bool grows = true;
    for (unsigned i = 0; i < LOTS; i++) {
        out[i] = i == from ? 0 : -1;
    }
    for (int depth = 0; grows; depth++) {
        grows = false;
        for (unsigned a = 0; a < LOTS; a++) {
            for (unsigned b = 0; b < LOTS; b++) {
                bool is_edge = is_forward ? history->edge[a][b] : history->edge[b][a];
                if (out[a] == depth && is_edge && out[b] < 0) {
                    out[b] = depth + 1;
                    grows = true;
                }
            }
        }
    }
}

/* Whether something of what is near was made of itself. */
static bool has_circle(const struct history *history, const int near[LOTS]) {
    for (unsigned a = 0; a < LOTS; a++) {
        for (unsigned b = 0; b < LOTS; b++) {
            int back[LOTS];
            measure(history, b, true, back);
            if (near[a] >= 0 && history->edge[a][b] && back[a] >= 0) {
                return true;
            }
        }
    }
    return false;
}

/* --- histories --- */

static void open_lots(struct book *book) {
    for (unsigned i = 0; i < LOTS; i++) {
        char draft[200];
        (void)snprintf(draft, sizeof draft,
                       "\"type\":\"open\",\"lines\":[{\"item\":\"bulk\",\"lot\":\"L%u\","
                       "\"quantity\":\"1000\",\"from\":\"opening\",\"to\":\"a/serviceable\"}]",
                       i);
        book_do(book, "keeper", draft);
    }
}

static void write_lines(char *draft, size_t size, const bool which[LOTS], const char *way) {
    for (unsigned i = 0; i < LOTS; i++) {
        size_t length = strlen(draft);
        if (which[i]) {
            (void)snprintf(draft + length, size - length,
                           "%s{\"item\":\"bulk\",\"lot\":\"L%u\",\"quantity\":\"1\",%s}",
                           draft[length - 1] == '[' ? "" : ",", i, way);
        }
    }
}

/* Some lots are made of some others: all that was used went into all that was made. */
static void make_some(struct book *book, struct numu_random *random, bool may_circle,
                      struct history *history) {
    char draft[4000] = "\"type\":\"produce\",\"order\":\"o\",\"lines\":[";
    bool used[LOTS] = {false};
    bool made[LOTS] = {false};
    unsigned middle = 1 + (unsigned)numu_random_below(random, LOTS - 1);
    for (unsigned i = 0; i < 2; i++) {
        unsigned a = (unsigned)numu_random_below(random, may_circle ? LOTS : middle);
        unsigned b = middle + (unsigned)numu_random_below(random, LOTS - middle);
        used[a] = true;
        made[b] = true;
    }
    write_lines(draft, sizeof draft, used, "\"from\":\"a/serviceable\",\"to\":\"consumed\"");
    write_lines(draft, sizeof draft, made, "\"from\":\"produced\",\"to\":\"a/quarantine\"");
    size_t length = strlen(draft);
    (void)snprintf(draft + length, sizeof draft - length, "]");
    book_do(book, "keeper", draft);
    for (unsigned a = 0; a < LOTS; a++) {
        for (unsigned b = 0; b < LOTS; b++) {
            history->edge[a][b] = history->edge[a][b] || (used[a] && made[b]);
        }
    }
}

/* --- traces --- */

static unsigned lot_of(struct numu_text object) {
    assert_true(object.length == 2 && object.data[0] == 'L');
    return (unsigned)(object.data[1] - '0');
}

static void check_circle(const struct history *history, const struct numu_trace *trace) {
    for (size_t i = 0; i < trace->circle_count; i++) {
        unsigned made = lot_of(trace->circle[i].object);
        unsigned used = lot_of(trace->circle[(i + 1) % trace->circle_count].object);
        assert_true(history->edge[used][made]);
    }
}

/* Traces a lot; *out_circles grows where a circle is found. */
static void check_trace(struct book *book, const struct history *history, unsigned lot,
                        bool is_forward, unsigned *out_circles) {
    char name[8];
    int near[LOTS];
    bool seen[LOTS] = {false};
    struct numu_trace trace;
    struct numu_trace_options options = {.is_forward = is_forward};
    unsigned depth = 0;
    (void)snprintf(name, sizeof name, "L%u", lot);
    measure(history, lot, is_forward, near);
    book_must(numu_trace_list(&book->ledger, &book->arena, (struct numu_text){NULL, 0},
                              numu_text_of(name), &options, &trace));
    assert_true(trace.is_complete);
    for (size_t i = 0; i < trace.step_count; i++) {
        unsigned found = lot_of(trace.steps[i].object);
        assert_int_equal(near[found], trace.steps[i].depth);
        assert_true(trace.steps[i].depth >= depth); /* nearest first */
        depth = trace.steps[i].depth;
        seen[found] = true;
    }
    for (unsigned i = 0; i < LOTS; i++) {
        assert_int_equal(seen[i], near[i] >= 0);
    }
    assert_int_equal(trace.circle_count > 0, has_circle(history, near));
    check_circle(history, &trace);
    *out_circles += trace.circle_count > 0;
}

static void check_all(struct book *book, const struct history *history, unsigned *out_circles) {
    for (unsigned lot = 0; lot < LOTS; lot++) {
        check_trace(book, history, lot, false, out_circles);
        check_trace(book, history, lot, true, out_circles);
    }
}

static void test_histories(void **state) {
    struct numu_random random;
    unsigned histories = book_count("NUMU_SOAK_HISTORIES", HISTORIES);
    unsigned with = 0;
    (void)state;
    print_message("# seed %d\n", SEED);
    numu_random_init(&random, SEED, 0);
    for (unsigned i = 0; i < histories; i++) {
        struct book book;
        struct history history = {{{false}}};
        unsigned circles = 0;
        unsigned acts = 1 + (unsigned)numu_random_below(&random, ACTS_MAX);
        book_init(&book, "a");
        open_lots(&book);
        for (unsigned act = 0; act < acts; act++) {
            make_some(&book, &random, i % 3 == 0, &history);
        }
        check_all(&book, &history, &circles);
        with += circles > 0;
        book_release(&book);
    }
    assert_true(with > 0 && with < histories); /* control */
}

/* What is being written is in no trace once it is taken back. */
static void test_midst(void **state) {
    struct book book;
    struct history before = {{{false}}};
    struct history after;
    struct numu_random random;
    unsigned circles = 0;
    (void)state;
    numu_random_init(&random, SEED, 1);
    book_init(&book, "a");
    open_lots(&book);
    for (int act = 0; act < 5; act++) {
        make_some(&book, &random, false, &before);
    }
    after = before;
    struct numu_event event;
    struct numu_event_error error;
    struct numu_report report;
    struct numu_receipt receipt;
    book_must(numu_event_read_draft(
        &book.arena,
        NUMU_TEXT("{\"type\":\"produce\",\"order\":\"o\",\"key\":\"mid\",\"by\":\"keeper\","
                  "\"ledger\":\"test\",\"time\":\"2026-01-06T08:00:00Z\",\"lines\":["
                  "{\"item\":\"bulk\",\"lot\":\"L8\",\"quantity\":\"1\",\"from\":\"a/serviceable\","
                  "\"to\":\"consumed\"},{\"item\":\"bulk\",\"lot\":\"L0\",\"quantity\":\"1\","
                  "\"from\":\"produced\",\"to\":\"a/quarantine\"}]}"),
        &event, &error));
    after.edge[8][0] = true;
    check_all(&book, &before, &circles);
    numu_report_init(&report, &book.heap, 0);
    struct numu_entry_request request = {.event = event, .now = book.now, .place = NUMU_NOWHERE};
    book_must(numu_ledger_begin(&book.ledger));
    book_must(numu_ledger_record(&book.ledger, &request, &report, &receipt));
    assert_int_equal(receipt.outcome, NUMU_OUTCOME_ACKNOWLEDGED);
    check_all(&book, &after, &circles); /* the writer itself sees what it wrote */
    numu_ledger_rollback(&book.ledger);
    check_all(&book, &before, &circles);
    numu_report_release(&report);
    book_release(&book);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_histories),
                                       cmocka_unit_test(test_midst)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
