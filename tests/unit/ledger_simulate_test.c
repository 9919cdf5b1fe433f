/*
 * Goal: books agree with the truth whatever happens, and with one another in whatever order their
 * bundles come.
 * Method: national histories from many seeds, three sites, with faults and lies of every kind that
 * simulate.h names, counted at once and in sheets while goods move: every balance of every book
 * against a plain list of things (simulate.c), each fault shown by what must show it and by nothing
 * else, no doubt without a fault, each book verified, as many serials at each account as its
 * balance says; bundles cut at random places, repeated, permuted and damaged must give one state or
 * be refused. A truth that is off by one must be seen (control); one who writes himself as
 * administrator with a stolen key is refused where the books have a root, and taken in where they
 * have none (control).
 */
#include "ledger/canonical.h"
#include "ledger/certificate.h"
#include "ledger/query.h"
#include "ledger/simulate.h"
#include "ledger/tile.h"
#include "ledger/verify.h"

#include "base/random.h"
#include "ledger_book.h"

#include <stdlib.h>

enum { SITES = 3, SEEDS = 10, DAYS = 95 };

struct nation {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_ledger books[SITES];
    struct numu_signer signers[SITES];
    struct numu_signer root, administrators[2];
    struct numu_simulation_site sites[SITES];
    struct numu_simulation setup;
    struct numu_context context;
};

static const char nation_registers[] =
    "{\"type\":\"register\",\"by\":\"init\",\"key\":\"register\",\"time\":\"2026-01-01T00:00:00Z\","
    "\"register\":{\"items\":["
    "{\"id\":\"kit\",\"control\":\"serial\",\"unit\":\"each\"},"
    "{\"id\":\"rifle\",\"control\":\"serial\",\"unit\":\"each\"},"
    "{\"id\":\"set\",\"control\":\"lot\",\"unit\":\"round\"},"
    "{\"id\":\"round\",\"control\":\"lot\",\"unit\":\"round\"}],"
    "\"places\":[{\"id\":\"plant\",\"kind\":\"plant\",\"site\":\"plant\"},"
    "{\"id\":\"north\",\"kind\":\"depot\",\"site\":\"north\"},"
    "{\"id\":\"south\",\"kind\":\"depot\",\"site\":\"south\"},"
    "{\"id\":\"u0\",\"kind\":\"unit\",\"site\":\"plant\"},"
    "{\"id\":\"u1\",\"kind\":\"unit\",\"site\":\"north\"},"
    "{\"id\":\"u2\",\"kind\":\"unit\",\"site\":\"south\"},"
    "{\"id\":\"u3\",\"kind\":\"unit\",\"site\":\"south\"}],"
    "\"people\":[{\"id\":\"keeper\",\"roles\":\"storekeeper\"},"
    "{\"id\":\"judge\",\"roles\":\"inspector\"},{\"id\":\"chief\",\"roles\":\"approver\"},"
    "{\"id\":\"clerk\",\"roles\":\"registrar\"},"
    "{\"id\":\"helper\",\"roles\":\"storekeeper\"}]}}";

static const char nation_administrators[] =
    "{\"type\":\"register\",\"by\":\"init\",\"key\":\"admins\",\"time\":\"2026-01-01T00:00:00Z\","
    "\"register\":{\"people\":[{\"id\":\"admin_1\",\"roles\":\"administrator\"},"
    "{\"id\":\"admin_2\",\"roles\":\"administrator\"}]}}";

static void record_register(struct nation *nation, struct numu_ledger *book, const char *draft) {
    struct numu_entry_request request = {.place = NUMU_NOWHERE};
    struct numu_event_error error;
    struct numu_receipt receipt;
    struct numu_report report;
    numu_report_init(&report, &nation->heap, 0);
    book_must(numu_event_read_draft(&nation->arena, numu_text_of(draft), &request.event, &error));
    request.event.ledger = book->id;
    request.now = request.event.time;
    book_must(numu_ledger_begin(book));
    book_must(numu_ledger_record(book, &request, &report, &receipt));
    book_must(numu_ledger_commit(book));
    assert_int_equal(receipt.outcome, NUMU_OUTCOME_ACKNOWLEDGED);
    numu_report_release(&report);
}

/* --- with a root --- */

static void put_certificate(struct nation *nation, numu_certificate_type type, struct numu_text id,
                            const struct numu_signer *of, struct numu_buffer *draft) {
    struct numu_certificate certificate = {.type = type,
                                           .ledger = NUMU_TEXT("nation"),
                                           .id = id,
                                           .issued = INT64_C(20454) * 86400,
                                           .until = NUMU_NO_DAY};
    struct numu_buffer key;
    struct numu_buffer note;
    numu_buffer_init(&key, &nation->heap, 0);
    numu_buffer_init(&note, &nation->heap, 0);
    book_must(numu_public_key_write(&of->public_key, &key));
    certificate.key = (struct numu_text){key.data, key.length};
    certificate.roles =
        type == NUMU_CERTIFICATE_person ? NUMU_TEXT("administrator") : (struct numu_text){NULL, 0};
    book_must(numu_certificate_write(&certificate, &nation->root, &note));
    book_must(numu_buffer_append_string(draft, type == NUMU_CERTIFICATE_site ? "" : ","));
    book_must(numu_canonical_string(draft, (struct numu_text){note.data, note.length}));
    numu_buffer_release(&key);
    numu_buffer_release(&note);
}

#define REGISTER(key)                                                                              \
    "{\"type\":\"register\",\"by\":\"init\",\"key\":\"" key                                        \
    "\",\"time\":\"2026-01-01T00:00:00Z\",\"register\":"

/* The root of a log first, then who it certified. */
static void record_root(struct nation *nation, size_t site) {
    struct numu_buffer draft;
    struct numu_ledger *book = &nation->books[site];
    numu_buffer_init(&draft, &nation->heap, 0);
    book_must(numu_buffer_append_string(
        &draft, REGISTER("root") "{\"roots\":[{\"id\":\"root\",\"key\":\""));
    book_must(numu_public_key_write(&nation->root.public_key, &draft));
    book_must(numu_buffer_append_string(&draft, "\"}]}}"));
    record_register(nation, book, draft.data);
    numu_buffer_clear(&draft);
    book_must(numu_buffer_append_string(&draft, REGISTER("signed") "{\"certificates\":["));
    put_certificate(nation, NUMU_CERTIFICATE_site, book->site, &nation->signers[site], &draft);
    put_certificate(nation, NUMU_CERTIFICATE_person, NUMU_TEXT("admin_1"),
                    &nation->administrators[0], &draft);
    put_certificate(nation, NUMU_CERTIFICATE_person, NUMU_TEXT("admin_2"),
                    &nation->administrators[1], &draft);
    book_must(numu_buffer_append_string(&draft, "]}}"));
    record_register(nation, book, draft.data);
    numu_buffer_release(&draft);
}

static void make_signer(const char *name, uint8_t byte, struct numu_signer *out) {
    const uint8_t bytes[NUMU_KEY_SEED_BYTES] = {byte};
    book_must(numu_signer_of_seed(numu_text_of(name), bytes, out));
}

static void open_book(struct nation *nation, const char *site, struct numu_ledger *out) {
    struct numu_store store;
    book_must(numu_store_memory_open(&nation->heap, &store));
    book_must(numu_ledger_init(&nation->heap, store, NUMU_TEXT("nation"), numu_text_of(site), out));
}

static void found(struct nation *nation, uint64_t seed, int64_t days, bool has_root) {
    static const char *const names[SITES] = {"plant", "north", "south"};
    static const struct numu_text units[] = {{"u0", 2}, {"u1", 2}, {"u2", 2}, {"u3", 2}};
    static const struct numu_simulation_recipe recipes[] = {
        {0, {"kit", 3}, {"rifle", 5}, true, true, NUMU_QUANTITY_ONE, 7},
        {0, {"set", 3}, {"round", 5}, false, false, NUMU_QUANTITY_ONE, 1000}};
    memset(nation, 0, sizeof *nation);
    numu_heap_init(&nation->heap, 0);
    numu_arena_init(&nation->arena, &nation->heap);
    nation->context = (struct numu_context){.heap = &nation->heap, .seed = seed};
    make_signer("root", 100, &nation->root);
    make_signer("admin-1", 101, &nation->administrators[0]);
    make_signer("admin-2", 102, &nation->administrators[1]);
    for (size_t i = 0; i < SITES; i++) {
        make_signer(names[i], (uint8_t)(i + 1), &nation->signers[i]);
        open_book(nation, names[i], &nation->books[i]);
        if (has_root) {
            record_root(nation, i);
        } else {
            record_register(nation, &nation->books[i], nation_administrators);
        }
        record_register(nation, &nation->books[i], nation_registers);
        nation->sites[i] =
            (struct numu_simulation_site){numu_text_of(names[i]), units + i, i == 0 ? 1 : (size_t)i,
                                          &nation->books[i], &nation->signers[i]};
    }
    nation->setup = (struct numu_simulation){.start = 20454, /* 2026-01-01 */
                                             .days = days,
                                             .sites = nation->sites,
                                             .site_count = SITES,
                                             .recipes = recipes,
                                             .recipe_count = 2,
                                             .keeper = NUMU_TEXT("keeper"),
                                             .judge = NUMU_TEXT("judge"),
                                             .chief = NUMU_TEXT("chief"),
                                             .registrar = NUMU_TEXT("clerk"),
                                             .helper = NUMU_TEXT("helper")};
    for (size_t i = 0; i < 2 && has_root; i++) {
        nation->setup.administrator_keys[i] = &nation->administrators[i];
    }
    nation->setup.administrators[0] = NUMU_TEXT("admin_1");
    nation->setup.administrators[1] = NUMU_TEXT("admin_2");
}

static void nation_init(struct nation *nation, uint64_t seed, int64_t days) {
    found(nation, seed, days, true);
}

static void nation_release(struct nation *nation) {
    for (size_t i = 0; i < SITES; i++) {
        book_must(numu_ledger_close(&nation->books[i]));
        numu_signer_release(&nation->signers[i]);
    }
    numu_signer_release(&nation->root);
    numu_signer_release(&nation->administrators[0]);
    numu_signer_release(&nation->administrators[1]);
    numu_arena_release(&nation->arena);
    assert_int_equal(nation->heap.bytes, 0);
}

static void verify_book(struct nation *nation, struct numu_ledger *book) {
    struct numu_report report;
    struct numu_verification result;
    numu_report_init(&report, &nation->heap, 0);
    book_must(numu_ledger_verify(&nation->context, book, &report, &result));
    assert_int_equal(numu_report_total(&report, NUMU_ERROR), 0);
    assert_true(result.events > 100 && result.heads > 3);
    numu_report_release(&report);
}

/* --- histories --- */

/* What of the books must show a fault; NUMU_SIGN_COUNT_OF: see must_be_shown. */
static const struct {
    const char *name;
    numu_fault_sign sign;
} signs[NUMU_FAULT_KIND_COUNT] = {
    [NUMU_FAULT_THEFT] = {"theft", NUMU_SIGN_COUNT},
    [NUMU_FAULT_SHORT] = {"short", NUMU_SIGN_MOVEMENT},
    [NUMU_FAULT_OVER] = {"over", NUMU_SIGN_COUNT_OF}, /* by the door, the movement or a count */
    [NUMU_FAULT_SWAPPED] = {"swapped", NUMU_SIGN_DOUBT},
    [NUMU_FAULT_MISTYPED] = {"mistyped", NUMU_SIGN_COUNT_OF}, /* a doubt, if no count before */
    [NUMU_FAULT_REPEAT] = {"repeat", NUMU_SIGN_DOOR},
    [NUMU_FAULT_UNRELEASED] = {"unreleased", NUMU_SIGN_DOOR},
    [NUMU_FAULT_LATE] = {"late", NUMU_SIGN_DOUBT},
    [NUMU_FAULT_BACKDATED] = {"backdated", NUMU_SIGN_DOUBT},
    [NUMU_FAULT_CLOCK] = {"clock", NUMU_SIGN_DOUBT},
    [NUMU_FAULT_MOVED_ON] = {"moved on", NUMU_SIGN_DOOR},
    [NUMU_FAULT_COUNT_MOVED] = {"count moved", NUMU_SIGN_DOOR},
    [NUMU_FAULT_CLOSED_TWICE] = {"closed twice", NUMU_SIGN_DOOR},
    [NUMU_FAULT_STICK] = {"stick", NUMU_SIGN_NEXT},
    [NUMU_FAULT_BACKUP] = {"backup", NUMU_SIGN_FORK},
    [NUMU_FAULT_REVOKED] = {"revoked", NUMU_SIGN_DOUBT},
    [NUMU_FAULT_DISMISSED] = {"dismissed", NUMU_SIGN_DOOR},
    [NUMU_FAULT_COLLUSION] = {"collusion", NUMU_SIGN_NONE}, /* no book can show it */
    [NUMU_FAULT_TRAINING] = {"training", NUMU_SIGN_NONE},
    [NUMU_FAULT_CLONE] = {"clone", NUMU_SIGN_EPOCH},
    [NUMU_FAULT_USURPER] = {"usurper", NUMU_SIGN_ROOT}};

/* The last count is on day 90: what was stolen after it is not found yet. */
static bool is_shown_as_it_must(const struct numu_planted_fault *fault) {
    if (fault->kind == NUMU_FAULT_THEFT && fault->day >= 20454 + 89) {
        return fault->sign == NUMU_SIGN_NONE;
    }
    return signs[fault->kind].sign == NUMU_SIGN_COUNT_OF ? fault->sign != NUMU_SIGN_NONE
                                                         : fault->sign == signs[fault->kind].sign;
}

/* A serial is where its balance is: as many serials at an account as the balance says. */
struct serials_of {
    struct numu_state *state;
    struct numu_arena *arena;
    struct numu_dictionary counts;
};

static numu_status visit_serial(void *data, struct numu_text key, struct numu_text value) {
    struct serials_of *of = data;
    struct numu_text name;
    struct numu_text number;
    (void)numu_field_next(&key);
    struct numu_text item = numu_field_next(&key);
    (void)numu_field_next(&key);
    struct numu_text site = numu_field_next(&key);
    struct numu_text account = numu_field_next(&value);
    if (memchr(account.data, '/', account.length) == NULL) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_printf(of->arena, &name, "%.*s\t%.*s\t%.*s", (int)site.length, site.data,
                              (int)account.length, account.data, (int)item.length, item.data));
    const struct numu_entry *before = numu_dictionary_find(&of->counts, name);
    NUMU_TRY(
        numu_text_printf(of->arena, &number, "%lld",
                         before == NULL ? 1 : (long long)numu_field_number(before->value) + 1));
    return numu_dictionary_put(&of->counts, name, number, NULL);
}

static void check_serials(struct nation *nation, struct numu_ledger *book) {
    struct numu_arena arena;
    struct numu_balance *rows;
    struct numu_balance_filter filter = {.site = {NULL, 0}};
    size_t count;
    size_t matched = 0;
    numu_arena_init(&arena, &nation->heap);
    struct serials_of of = {&book->state, &arena, {0}};
    numu_dictionary_init(&of.counts, &arena);
    const struct numu_store *store = &book->state.store;
    book_must(
        store->port->scan(store->self, NUMU_SPACE_STATE, NUMU_TEXT("s\t"), visit_serial, &of));
    book_must(numu_balances_list(&book->state, &arena, &filter, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_text name;
        if (!numu_text_is(rows[i].item, "kit") && !numu_text_is(rows[i].item, "rifle")) {
            continue;
        }
        book_must(numu_text_printf(&arena, &name, "%.*s\t%.*s\t%.*s", (int)rows[i].site.length,
                                   rows[i].site.data, (int)rows[i].account.length,
                                   rows[i].account.data, (int)rows[i].item.length,
                                   rows[i].item.data));
        const struct numu_entry *entry = numu_dictionary_find(&of.counts, name);
        assert_true(entry != NULL &&
                    numu_field_number(entry->value) * NUMU_QUANTITY_ONE == rows[i].quantity);
        matched++;
    }
    assert_true(matched == of.counts.count);
    numu_arena_release(&arena);
}

static numu_status run_one(struct nation *nation, unsigned seed, bool has_root,
                           struct numu_simulation_result *result) {
    found(nation, seed, DAYS, has_root);
    NUMU_TRY(numu_simulation_run(&nation->context, &nation->setup, &nation->arena, result));
    return numu_simulation_check(&nation->setup, result, &nation->arena);
}

/* What the books of a nation have of counts in sheets. */
struct sheets {
    size_t sheets, withdrawn, counts, closes;
};

static numu_status visit_counted(void *data, uint32_t log, const struct numu_record *record) {
    struct sheets *sheets = data;
    const struct numu_event *event = &record->event;
    static bool was_in_sheets; /* the last count */
    (void)log;
    sheets->sheets += event->type == NUMU_EVENT_sheet;
    sheets->withdrawn += event->type == NUMU_EVENT_withdraw;
    if (event->type == NUMU_EVENT_count) {
        was_in_sheets = event->sheets.count > 1;
        sheets->counts += was_in_sheets;
    }
    sheets->closes += event->type == NUMU_EVENT_close && was_in_sheets;
    return NUMU_OK;
}

static void test_histories(void **state) {
    (void)state;
    struct sheets sheets = {0};
    unsigned seeds = book_count("NUMU_SOAK_SEEDS", SEEDS);
    uint64_t events = 0;
    size_t planted[NUMU_FAULT_KIND_COUNT] = {0};
    for (unsigned seed = 1; seed <= seeds; seed++) {
        static struct nation nation;
        struct numu_simulation_result result;
        numu_status status = run_one(&nation, seed, true, &result);
        if (status != NUMU_OK) {
            fail_msg("seed %u: status %d", seed, (int)status);
        }
        for (size_t i = 0; i < result.fault_count; i++) {
            const struct numu_planted_fault *fault = &result.faults[i];
            if (!is_shown_as_it_must(fault)) {
                fail_msg("seed %u: fault %zu (%s, day %d) is shown by %d", seed, i,
                         signs[fault->kind].name, (int)(fault->day - 20454), (int)fault->sign);
            }
            planted[fault->kind]++;
        }
        assert_true(result.false_doubts == 0);
        for (size_t i = 0; i < SITES; i++) {
            verify_book(&nation, &nation.books[i]);
            check_serials(&nation, &nation.books[i]);
            book_must(
                numu_records_visit(&nation.books[i], nation.sites[i].id, visit_counted, &sheets));
        }
        events += result.events;
        /* control: a truth that is off by one is seen */
        result.things[result.thing_count - 1].book += 1;
        result.things[result.thing_count - 1].account = NUMU_TEXT("north/serviceable");
        assert_int_equal(numu_simulation_check(&nation.setup, &result, &nation.arena),
                         NUMU_INVALID);
        nation_release(&nation);
    }
    print_message("# %u seeds, %llu events; planted:", seeds, (unsigned long long)events);
    for (size_t i = 0; i < NUMU_FAULT_KIND_COUNT; i++) {
        print_message(" %s %zu", signs[i].name, planted[i]);
    }
    print_message("\n# sheets %zu, withdrawn %zu; counts of them %zu, closed %zu\n", sheets.sheets,
                  sheets.withdrawn, sheets.counts, sheets.closes);
    assert_true(sheets.withdrawn > 0 && sheets.counts > seeds && sheets.closes > 0);
    for (size_t i = 0; i < NUMU_FAULT_KIND_COUNT; i++) {
        assert_true(planted[i] > 0);
    }
}

/* Without a root nothing shows the usurper, and all else is as it was: the control. */
static void test_without_root(void **state) {
    (void)state;
    for (unsigned seed = 1; seed <= 2; seed++) {
        static struct nation nation;
        struct numu_simulation_result result;
        size_t usurpers = 0;
        book_must(run_one(&nation, seed, false, &result));
        for (size_t i = 0; i < result.fault_count; i++) {
            const struct numu_planted_fault *fault = &result.faults[i];
            bool is_usurper = fault->kind == NUMU_FAULT_USURPER;
            usurpers += is_usurper;
            assert_true(is_usurper ? fault->sign == NUMU_SIGN_NONE : is_shown_as_it_must(fault));
        }
        assert_int_equal(usurpers, 1);
        verify_book(&nation, &nation.books[0]);
        nation_release(&nation);
    }
}

/* --- bundles in any order --- */

enum { PIECES = 24, ORDERS = 40 };

/* The entries first … to - 1 of a site's log, under a head of `to` entries. */
static void write_piece(struct nation *nation, size_t site, uint64_t first, uint64_t to,
                        struct numu_buffer *piece) {
    struct numu_ledger *book = &nation->books[site];
    struct numu_frontier frontier = {.size = 0};
    struct numu_checkpoint head = {.size = to};
    struct numu_buffer note;
    struct numu_buffer entry;
    numu_buffer_init(&note, &nation->heap, 0);
    numu_buffer_init(&entry, &nation->heap, 0);
    for (uint64_t i = 0; i < to; i++) {
        struct numu_sha256 leaf;
        book_must(book->state.store.port->read(book->state.store.self, 0, i, NULL, &leaf));
        book_must(numu_frontier_append(&frontier, &leaf));
    }
    book_must(numu_frontier_root(&frontier, &head.root));
    book_must(numu_log_origin(&nation->arena, book->id, book->site, &head.origin));
    book_must(numu_checkpoint_write(&head, &nation->signers[site], &note));
    numu_buffer_init(piece, &nation->heap, 0);
    book_must(numu_buffer_printf(
        piece, "numu.bundle/1\n%.*s\n%llu %llu %zu\n", (int)head.origin.length, head.origin.data,
        (unsigned long long)first, (unsigned long long)(to - first), note.length));
    book_must(numu_buffer_append(piece, note.data, note.length));
    for (uint64_t i = first; i < to; i++) {
        book_must(book->state.store.port->read(book->state.store.self, 0, i, &entry, NULL));
        book_must(numu_entries_append(piece, (struct numu_text){entry.data, entry.length}));
    }
    numu_buffer_release(&entry);
    numu_buffer_release(&note);
}

/* Cuts the logs of all sites into pieces of random length that overlap now and then. */
static size_t cut(struct nation *nation, struct numu_random *random, struct numu_buffer *pieces) {
    size_t count = 0;
    for (size_t site = 0; site < SITES; site++) {
        uint64_t size = nation->books[site].head.size;
        uint64_t from = 0;
        for (unsigned left = PIECES / SITES; left > 0 && from < size; left--) {
            uint64_t to = left == 1 ? size : from + 1 + numu_random_below(random, size - from);
            uint64_t first = from - numu_random_below(random, from / 4 + 1);
            write_piece(nation, site, first, to, &pieces[count++]);
            from = to;
        }
    }
    return count;
}

static size_t site_of(struct nation *nation, struct numu_text site) {
    for (size_t i = 0; i < SITES; i++) {
        if (numu_text_is_equal(nation->books[i].site, site)) {
            return i;
        }
    }
    return 0;
}

static void accept(struct nation *nation, struct numu_ledger *hub, struct numu_text bytes,
                   struct numu_bundle_result *out) {
    size_t slash = numu_text_find(bytes, NUMU_TEXT("/"), 14);
    size_t end = numu_text_find(bytes, NUMU_TEXT("\n"), 14);
    struct numu_text site = {NULL, 0};
    if (slash != SIZE_MAX && end != SIZE_MAX && end > slash) {
        site = (struct numu_text){bytes.data + slash + 1, end - slash - 1};
    }
    book_must(
        numu_bundle_accept(hub, &bytes, &nation->signers[site_of(nation, site)].public_key, out));
}

/* A book of a fourth site that takes pieces in some order, some of them twice. */
static struct numu_sha256 digest_of(struct nation *nation, const struct numu_buffer *pieces,
                                    size_t count, struct numu_random *random) {
    struct numu_ledger hub;
    struct numu_sha256 digest;
    size_t order[2 * PIECES];
    open_book(nation, "hub", &hub);
    for (size_t i = 0; i < 2 * count; i++) {
        order[i] = i % count;
    }
    for (size_t i = 2 * count; random != NULL && i > 1; i--) {
        size_t j = (size_t)numu_random_below(random, i);
        size_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
    for (size_t i = 0; i < 2 * count; i++) {
        struct numu_bundle_result result;
        accept(nation, &hub, (struct numu_text){pieces[order[i]].data, pieces[order[i]].length},
               &result);
        assert_true(result.outcome <= NUMU_BUNDLE_PARKED);
    }
    book_must(numu_state_digest(&hub.state, &digest));
    verify_book(nation, &hub);
    book_must(numu_ledger_close(&hub));
    return digest;
}

static void test_orders(void **state) {
    (void)state;
    static struct nation nation;
    static struct numu_buffer pieces[PIECES];
    struct numu_simulation_result result;
    struct numu_random random;
    nation_init(&nation, 77, 35);
    book_must(numu_simulation_run(&nation.context, &nation.setup, &nation.arena, &result));
    numu_random_init(&random, 77, 1);
    size_t count = cut(&nation, &random, pieces);
    assert_true(count > SITES);
    struct numu_sha256 expected = digest_of(&nation, pieces, count, NULL);
    unsigned orders = book_count("NUMU_SOAK_ORDERS", ORDERS);
    for (unsigned i = 0; i < orders; i++) {
        struct numu_sha256 digest = digest_of(&nation, pieces, count, &random);
        assert_true(numu_sha256_is_equal(&digest, &expected));
    }
    /* control: without one piece the state is another */
    struct numu_buffer kept = pieces[count - 1];
    struct numu_sha256 without = digest_of(&nation, pieces, count - 1, NULL);
    assert_false(numu_sha256_is_equal(&without, &expected));
    pieces[count - 1] = kept;
    for (size_t i = 0; i < count; i++) {
        numu_buffer_release(&pieces[i]);
    }
    nation_release(&nation);
}

/* --- damaged and forged bundles --- */

static void test_damage(void **state) {
    (void)state;
    static struct nation nation;
    struct numu_simulation_result result;
    struct numu_random random;
    struct numu_buffer bytes;
    struct numu_ledger hub;
    struct numu_bundle_result got;
    nation_init(&nation, 5, 31);
    book_must(numu_simulation_run(&nation.context, &nation.setup, &nation.arena, &result));
    numu_random_init(&random, 5, 1);
    numu_buffer_init(&bytes, &nation.heap, 0);
    book_must(numu_bundle_write(&nation.books[1], NUMU_TEXT("north"), 0, &bytes));
    open_book(&nation, "hub", &hub);
    struct numu_sha256 empty;
    struct numu_sha256 now;
    book_must(numu_state_digest(&hub.state, &empty));
    struct numu_text whole = {bytes.data, bytes.length};
    struct numu_text rest = whole;
    book_must(numu_bundle_accept(&hub, &rest, NULL, &got));
    assert_int_equal(got.outcome, NUMU_BUNDLE_UNKNOWN_KEY);
    rest = whole;
    book_must(numu_bundle_accept(&hub, &rest, &nation.signers[2].public_key, &got));
    assert_int_equal(got.outcome, NUMU_BUNDLE_BAD_HEAD); /* another site's key */
    unsigned flips = book_count("NUMU_SOAK_FLIPS", 300);
    for (unsigned i = 0; i < flips; i++) { /* any bit of it, and any cut of its end */
        size_t at = (size_t)numu_random_below(&random, bytes.length);
        unsigned bit = (unsigned)numu_random_below(&random, 8);
        bytes.data[at] = (char)(bytes.data[at] ^ (1 << bit));
        rest = whole;
        book_must(numu_bundle_accept(&hub, &rest, &nation.signers[1].public_key, &got));
        assert_true(got.outcome > NUMU_BUNDLE_PARKED && got.added == 0);
        bytes.data[at] = (char)(bytes.data[at] ^ (1 << bit));
        rest = (struct numu_text){bytes.data, at};
        book_must(numu_bundle_accept(&hub, &rest, &nation.signers[1].public_key, &got));
        assert_int_equal(got.outcome, NUMU_BUNDLE_MALFORMED);
    }
    book_must(numu_state_digest(&hub.state, &now));
    assert_true(numu_sha256_is_equal(&empty, &now));
    rest = whole; /* control: unharmed it is accepted, once */
    book_must(numu_bundle_accept(&hub, &rest, &nation.signers[1].public_key, &got));
    assert_int_equal(got.outcome, NUMU_BUNDLE_ACCEPTED);
    assert_true(got.added == nation.books[1].head.size);
    rest = whole;
    book_must(numu_bundle_accept(&hub, &rest, NULL, &got)); /* the key is remembered */
    assert_int_equal(got.outcome, NUMU_BUNDLE_KNOWN);
    /* the site's own book does not take its own log from outside */
    rest = whole;
    book_must(numu_bundle_accept(&nation.books[1], &rest, &nation.signers[1].public_key, &got));
    assert_int_equal(got.outcome, NUMU_BUNDLE_OTHER);
    numu_buffer_release(&bytes);
    book_must(numu_ledger_close(&hub));
    nation_release(&nation);
}

/* Of two bundles from the same place on that wait, the shorter one does not push out the longer. */
static void test_waiting(void **state) {
    (void)state;
    static struct nation nation;
    struct numu_simulation_result result;
    struct numu_bundle_result got;
    struct numu_buffer pieces[3];
    nation_init(&nation, 5, 31);
    book_must(numu_simulation_run(&nation.context, &nation.setup, &nation.arena, &result));
    uint64_t size = nation.books[1].head.size;
    assert_true(size > 6);
    write_piece(&nation, 1, 3, size, &pieces[0]);
    write_piece(&nation, 1, 3, 4, &pieces[1]);
    write_piece(&nation, 1, 0, 3, &pieces[2]);
    for (int turned = 0; turned < 2; turned++) {
        struct numu_ledger hub;
        open_book(&nation, "hub", &hub);
        for (int i = 0; i < 3; i++) {
            const struct numu_buffer *piece = &pieces[turned == 1 && i < 2 ? 1 - i : i];
            accept(&nation, &hub, (struct numu_text){piece->data, piece->length}, &got);
            assert_int_equal(got.outcome, i < 2 ? NUMU_BUNDLE_PARKED : NUMU_BUNDLE_ACCEPTED);
        }
        assert_int_equal(got.added, size);
        book_must(numu_ledger_close(&hub));
    }
    for (int i = 0; i < 3; i++) {
        numu_buffer_release(&pieces[i]);
    }
    nation_release(&nation);
}

/* A restored backup that goes on by itself is another history: both heads are kept. */
static void test_fork(void **state) {
    (void)state;
    static struct nation one;
    static struct nation two;
    struct numu_simulation_result result;
    struct numu_buffer bytes;
    struct numu_ledger hub;
    struct numu_bundle_result got;
    nation_init(&one, 11, 31);
    book_must(numu_simulation_run(&one.context, &one.setup, &one.arena, &result));
    nation_init(&two, 12, 31); /* the same registers, then another story */
    book_must(numu_simulation_run(&two.context, &two.setup, &two.arena, &result));
    open_book(&one, "hub", &hub);
    numu_buffer_init(&bytes, &one.heap, 0);
    book_must(numu_bundle_write(&one.books[0], NUMU_TEXT("plant"), 0, &bytes));
    accept(&one, &hub, (struct numu_text){bytes.data, bytes.length}, &got);
    assert_int_equal(got.outcome, NUMU_BUNDLE_ACCEPTED);
    struct numu_sha256 before;
    struct numu_sha256 after;
    book_must(numu_state_digest(&hub.state, &before));
    struct numu_buffer other;
    numu_buffer_init(&other, &two.heap, 0);
    book_must(numu_bundle_write(&two.books[0], NUMU_TEXT("plant"), 0, &other));
    accept(&one, &hub, (struct numu_text){other.data, other.length}, &got);
    assert_int_equal(got.outcome, NUMU_BUNDLE_FORKED);
    accept(&one, &hub, (struct numu_text){bytes.data, bytes.length}, &got);
    assert_int_equal(got.outcome, NUMU_BUNDLE_FROZEN);
    book_must(numu_state_digest(&hub.state, &after));
    assert_true(numu_sha256_is_equal(&before, &after));
    numu_buffer_release(&bytes);
    numu_buffer_release(&other);
    book_must(numu_ledger_close(&hub));
    nation_release(&one);
    nation_release(&two);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histories), cmocka_unit_test(test_without_root),
        cmocka_unit_test(test_orders),    cmocka_unit_test(test_damage),
        cmocka_unit_test(test_fork),      cmocka_unit_test(test_waiting)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
