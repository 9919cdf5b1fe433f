/*
 * Goal: a site whose log exists twice goes on: two administrators, and nobody else, open a new
 * epoch at the last common head; every book that takes the bundles in whatever order has the same
 * state; what either history had beyond is evidence that still proves.
 * Method: a book, an old copy of it that went on by itself, and a hub that knows both histories;
 * bundles in all orders against one digest; openings forged by somebody who has the site's key.
 */
#include "ledger/backup.h"
#include "ledger/bundle.h"
#include "ledger/epoch.h"
#include "ledger/query.h"
#include "ledger/tile.h"
#include "ledger/verify.h"

#include "ledger_book.h"

struct fixture {
    struct book book; /* of site "a": one history */
    struct book old;  /* a copy of it that was brought back: the other */
    struct numu_signer site, first, second;
    uint64_t common;
    const char *dispatch; /* event of `book` beyond the common head */
};

static void make_signer(const char *name, uint8_t byte, struct numu_signer *out) {
    const uint8_t seed[NUMU_KEY_SEED_BYTES] = {byte};
    book_must(numu_signer_of_seed(numu_text_of(name), seed, out));
}

static void put_key(struct numu_buffer *draft, const struct numu_signer *signer) {
    book_must(numu_buffer_append_string(draft, "\",\"key\":\""));
    book_must(numu_public_key_write(&signer->public_key, draft));
}

static void register_people(struct fixture *fixture) {
    struct numu_buffer draft;
    numu_buffer_init(&draft, &fixture->book.heap, 0);
    book_must(numu_buffer_append_string(
        &draft, "\"key\":\"people\",\"type\":\"register\",\"register\":{\"people\":["
                "{\"id\":\"site"));
    put_key(&draft, &fixture->site);
    book_must(numu_buffer_append_string(
        &draft, "\"},{\"id\":\"admin_1\",\"roles\":\"administrator\",\"site\":\"hq"));
    put_key(&draft, &fixture->first);
    book_must(numu_buffer_append_string(
        &draft, "\"},{\"id\":\"admin_2\",\"roles\":\"administrator\",\"site\":\"hq"));
    put_key(&draft, &fixture->second);
    book_must(numu_buffer_append_string(
        &draft, "\"},{\"id\":\"alias\",\"roles\":\"administrator\",\"site\":\"hq"));
    put_key(&draft, &fixture->first); /* the same person under another name */
    book_must(numu_buffer_append_string(&draft, "\"}]}"));
    book_do(&fixture->book, "whoever", draft.data);
    numu_buffer_release(&draft);
}

static void open_rounds(struct book *book, const char *lot) {
    char draft[200];
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"open\",\"lines\":[{\"item\":\"round\",\"lot\":\"%s\",\"quantity\":5,"
                   "\"from\":\"opening\",\"to\":\"store/serviceable\"}]",
                   lot);
    book_do(book, "keeper", draft);
}

static void sign_head(struct fixture *fixture, struct book *book) {
    book_must(numu_ledger_begin(&book->ledger));
    book_must(numu_ledger_sign_head(&book->ledger, &fixture->site, NULL));
    book_must(numu_ledger_commit(&book->ledger));
}

#define SEND(lot, more)                                                                            \
    "\"type\":\"dispatch\",\"destination\":\"b\"" more ",\"lines\":[{\"item\":\"round\","          \
    "\"lot\":\"" lot "\",\"quantity\":2,\"from\":\"store/serviceable\",\"to\":\"transit\"}]"

static int set_up(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    make_signer("a", 1, &fixture.site);
    make_signer("admin-1", 2, &fixture.first);
    make_signer("admin-2", 3, &fixture.second);
    book_init(&fixture.book, "a");
    register_people(&fixture);
    open_rounds(&fixture.book, "L1");
    sign_head(&fixture, &fixture.book);
    fixture.common = fixture.book.ledger.head.size;
    /* the copy shares heap and clock with the book, but not its arena */
    fixture.old = fixture.book;
    numu_arena_init(&fixture.old.arena, &fixture.book.heap);
    numu_report_init(&fixture.old.report, &fixture.book.heap, 0);
    book_must(numu_ledger_copy(&fixture.book.ledger, &fixture.old.ledger));
    fixture.old.key = 1000;
    book_do(&fixture.book, "keeper", SEND("L1", ""));
    fixture.dispatch = book_last(&fixture.book);
    open_rounds(&fixture.book, "L2");
    sign_head(&fixture, &fixture.book);
    open_rounds(&fixture.old, "L3");
    sign_head(&fixture, &fixture.old);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_signer_release(&fixture->site);
    numu_signer_release(&fixture->first);
    numu_signer_release(&fixture->second);
    book_must(numu_ledger_close(&fixture->old.ledger));
    numu_report_release(&fixture->old.report);
    numu_arena_release(&fixture->old.arena);
    book_release(&fixture->book);
    return 0;
}

/* --- opening --- */

static void root_at(struct book *book, uint64_t size, char hex[NUMU_SHA256_HEX_BYTES]) {
    struct numu_ledger_tree room;
    struct numu_sha256 root;
    struct numu_tree tree =
        numu_ledger_tree(&book->ledger, book->ledger.log, book->ledger.site, &room);
    book_must(numu_tree_root(&tree, size, &root));
    (void)numu_sha256_hex(&root, hex);
}

typedef numu_status (*epoch_act)(struct numu_ledger *ledger,
                                 const struct numu_entry_request *request,
                                 struct numu_report *report, struct numu_receipt *out);

/* Tries one half of an opening; signer NULL = not signed. */
static numu_outcome try_half(struct book *book, epoch_act act, const char *draft,
                             const struct numu_signer *signer) {
    struct numu_entry_request request = {.now = book->now, .place = NUMU_NOWHERE};
    struct numu_event_signature signature;
    struct numu_event_error error;
    struct numu_buffer body;
    numu_report_release(&book->report);
    numu_report_init(&book->report, &book->heap, 0);
    book_must(numu_event_read_draft(&book->arena, numu_text_of(draft), &request.event, &error));
    request.event.ledger = book->ledger.id;
    if (signer != NULL) {
        numu_buffer_init(&body, &book->heap, 0);
        book_must(numu_event_write_body(&request.event, &book->arena, &body));
        signature.key = numu_text_of(signer->public_key.name);
        book_must(
            numu_sign(signer, (struct numu_text){body.data, body.length}, &signature.signature));
        numu_buffer_release(&body);
        request.signatures = &signature;
        request.signature_count = 1;
    }
    book_must(act(&book->ledger, &request, &book->report, &book->receipt));
    book->now += 60;
    return book->receipt.outcome;
}

static const char *opening_draft(struct book *book, const char *by, uint64_t size,
                                 const char *root) {
    struct numu_text text;
    char time[NUMU_INSTANT_TEXT_BYTES];
    book_must(numu_text_printf(&book->arena, &text,
                               "{\"type\":\"epoch\",\"by\":\"%s\",\"key\":\"open-%u\",\"time\":"
                               "\"%s\",\"against\":%llu,\"head\":\"%s\",\"reason\":\"old copy\"}",
                               by, book->key++, numu_instant_format(book->now, time),
                               (unsigned long long)size, root));
    return text.data;
}

static const char *approval_draft(struct book *book, const char *by) {
    struct numu_record opening;
    struct numu_sha256 leaf;
    struct numu_text name;
    struct numu_text text;
    char hex[NUMU_SHA256_HEX_BYTES];
    char time[NUMU_INSTANT_TEXT_BYTES];
    book_must(numu_epoch_waiting(&book->ledger, &book->arena, &opening, &leaf));
    book_must(numu_event_name(&book->arena, opening.site, opening.epoch, opening.sequence, &name));
    book_must(numu_text_printf(&book->arena, &text,
                               "{\"type\":\"approve\",\"by\":\"%s\",\"key\":\"yes-%u\",\"time\":"
                               "\"%s\",\"ref\":\"%s:%s\"}",
                               by, book->key++, numu_instant_format(book->now, time), name.data,
                               numu_sha256_hex(&leaf, hex)));
    return text.data;
}

static void refused_for(struct book *book, numu_outcome outcome, numu_code code) {
    assert_int_equal(outcome, NUMU_OUTCOME_REFUSED);
    assert_int_equal(book->report.counts[code], 1);
    assert_int_equal(numu_report_total(&book->report, NUMU_ERROR), 1);
}

static numu_outcome propose(struct book *book, const char *by, uint64_t size, const char *root,
                            const struct numu_signer *signer) {
    return try_half(book, numu_epoch_propose, opening_draft(book, by, size, root), signer);
}

static numu_outcome approve(struct book *book, const char *by, const struct numu_signer *signer) {
    return try_half(book, numu_epoch_approve, approval_draft(book, by), signer);
}

static void heal(struct fixture *fixture, struct book *book) {
    char root[NUMU_SHA256_HEX_BYTES];
    root_at(book, fixture->common, root);
    assert_int_equal(propose(book, "admin_1", fixture->common, root, &fixture->first),
                     NUMU_OUTCOME_PROPOSED);
    assert_int_equal(approve(book, "admin_2", &fixture->second), NUMU_OUTCOME_ACKNOWLEDGED);
    sign_head(fixture, book);
}

static uint64_t verify(struct book *book, struct numu_ledger *ledger) {
    struct numu_context context = {.heap = &book->heap};
    struct numu_report report;
    struct numu_verification result;
    numu_report_init(&report, &book->heap, 0);
    book_must(numu_ledger_verify(&context, ledger, &report, &result));
    assert_int_equal(numu_report_total(&report, NUMU_ERROR), 0);
    assert_true(result.has_key);
    numu_report_release(&report);
    return result.evidence;
}

static void test_two_administrators(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->old;
    char root[NUMU_SHA256_HEX_BYTES];
    char wrong[NUMU_SHA256_HEX_BYTES];
    uint64_t size = book->ledger.head.size;
    uint64_t at = fixture->common;
    struct numu_sha256 before;
    struct numu_sha256 after;
    root_at(book, at, root);
    root_at(book, at - 1, wrong);
    book_must(numu_state_digest(&book->ledger.state, &before));
    refused_for(book, propose(book, "admin_1", at, wrong, &fixture->first), NUMU_CODE_EVENT_EPOCH);
    refused_for(book, propose(book, "admin_1", size + 1, root, &fixture->first),
                NUMU_CODE_EVENT_EPOCH);
    refused_for(book, propose(book, "chief", at, root, NULL), NUMU_CODE_EVENT_WRONG_ROLE);
    refused_for(book, propose(book, "admin_1", at, root, NULL), NUMU_CODE_EVENT_SIGNATURE);
    assert_int_equal(propose(book, "admin_1", at, root, &fixture->second), NUMU_OUTCOME_REFUSED);
    assert_int_equal(book->report.counts[NUMU_CODE_EVENT_SIGNATURE], 2); /* wrong, and none */
    assert_int_equal(propose(book, "admin_1", at, root, &fixture->first), NUMU_OUTCOME_PROPOSED);
    assert_true(book->ledger.head.size == size && book->ledger.epoch == 0); /* not by one alone */
    open_rounds(book, "L4"); /* meanwhile it goes on */
    book_must(numu_state_digest(&book->ledger.state, &after));
    assert_false(numu_sha256_is_equal(&before, &after));
    refused_for(book, approve(book, "admin_1", &fixture->first), NUMU_CODE_EVENT_SECOND_PERSON);
    refused_for(book, approve(book, "alias", &fixture->first), NUMU_CODE_EVENT_SECOND_PERSON);
    refused_for(book, approve(book, "chief", NULL), NUMU_CODE_EVENT_WRONG_ROLE);
    refused_for(book, approve(book, "admin_2", NULL), NUMU_CODE_EVENT_SIGNATURE);
    assert_true(book->ledger.head.size == size + 1 && book->ledger.epoch == 0);
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L4"), 5);
    assert_int_equal(approve(book, "admin_2", &fixture->second), NUMU_OUTCOME_ACKNOWLEDGED);
    assert_true(book->ledger.head.size == at + 2 && book->ledger.epoch == 1);
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L1"), 5);
    assert_int_equal(book_balance(book, "store/serviceable", "round", "L4"), 0); /* evidence */
    /* it is opened once, and by nothing else */
    assert_int_equal(
        numu_epoch_approve(
            &book->ledger,
            &(struct numu_entry_request){.event = {.type = NUMU_EVENT_approve}, .now = book->now},
            &book->report, &book->receipt),
        NUMU_NOT_FOUND);
    char draft[300];
    root_at(book, at + 2, root);
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"epoch\",\"against\":%llu,\"head\":\"%s\",\"reason\":\"again\"",
                   (unsigned long long)at + 2, root);
    assert_int_equal(book_try(book, "admin_1", draft), NUMU_OUTCOME_REFUSED);
    assert_int_equal(book->report.counts[NUMU_CODE_EVENT_EPOCH], 1);
    open_rounds(book, "L5");
    sign_head(fixture, book);
    assert_true(verify(book, &book->ledger) == 2);
    struct numu_ledger copy; /* what is kept is what is read again */
    book_must(numu_ledger_copy(&book->ledger, &copy));
    assert_true(copy.epoch == 1 && copy.head.size == book->ledger.head.size && copy.log != 0);
    assert_true(verify(book, &copy) == 2);
    book_must(numu_ledger_close(&copy));
}

/* --- other books --- */

static void open_hub(struct book *book, struct numu_ledger *out) {
    struct numu_store store;
    book_must(numu_store_memory_open(&book->heap, &store));
    book_must(numu_ledger_init(&book->heap, store, NUMU_TEXT("test"), NUMU_TEXT("hub"), out));
}

static numu_bundle_outcome give(struct fixture *fixture, struct numu_ledger *hub,
                                const struct numu_buffer *bytes) {
    struct numu_bundle_result got;
    struct numu_text rest = {bytes->data, bytes->length};
    book_must(numu_bundle_accept(hub, &rest, &fixture->site.public_key, &got));
    assert_int_equal(rest.length, 0);
    return got.outcome;
}

static void bundle(struct book *book, struct numu_buffer *out) {
    numu_buffer_init(out, &book->heap, 0);
    book_must(numu_bundle_write(&book->ledger, book->ledger.site, 0, out));
}

static void test_orders(void **state) {
    struct fixture *fixture = *state;
    static const unsigned char orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                               {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct numu_buffer pieces[3];
    struct numu_sha256 expected;
    struct numu_sha256 digest;
    struct numu_ledger hub;
    bundle(&fixture->book, &pieces[0]);
    bundle(&fixture->old, &pieces[1]);
    heal(fixture, &fixture->old);
    open_rounds(&fixture->old, "L6");
    sign_head(fixture, &fixture->old);
    bundle(&fixture->old, &pieces[2]);
    book_must(numu_state_digest(&fixture->old.ledger.state, &expected));
    for (size_t i = 0; i < 6; i++) {
        open_hub(&fixture->old, &hub);
        for (size_t j = 0; j < 3; j++) {
            numu_bundle_outcome outcome = give(fixture, &hub, &pieces[orders[i][j]]);
            bool is_epoch_there = orders[i][0] == 2 || (j == 2 && orders[i][1] == 2);
            numu_bundle_outcome wanted = j == 0 || orders[i][j] == 2 ? NUMU_BUNDLE_ACCEPTED
                                         : is_epoch_there            ? NUMU_BUNDLE_ENDED
                                                                     : NUMU_BUNDLE_FORKED;
            assert_int_equal(outcome, wanted);
            if (outcome == NUMU_BUNDLE_FORKED) { /* frozen, until the epoch comes */
                assert_int_equal(give(fixture, &hub, &pieces[orders[i][0]]), NUMU_BUNDLE_FROZEN);
            }
        }
        assert_int_equal(give(fixture, &hub, &pieces[2]), NUMU_BUNDLE_KNOWN);
        book_must(numu_state_digest(&hub.state, &digest));
        assert_true(numu_sha256_is_equal(&digest, &expected));
        (void)verify(&fixture->old, &hub);
        book_must(numu_ledger_close(&hub));
    }
    open_hub(&fixture->old, &hub); /* control: without the epoch the state is another */
    assert_int_equal(give(fixture, &hub, &pieces[0]), NUMU_BUNDLE_ACCEPTED);
    book_must(numu_state_digest(&hub.state, &digest));
    assert_false(numu_sha256_is_equal(&digest, &expected));
    book_must(numu_ledger_close(&hub));
    for (size_t i = 0; i < 3; i++) {
        numu_buffer_release(&pieces[i]);
    }
}

/* A signed head over the evidence that says something else is found. */
static void check_tampered_evidence(struct book *book, struct numu_ledger *hub) {
    struct numu_context context = {.heap = &book->heap};
    const struct numu_store *store = &hub->state.store;
    struct numu_report report;
    struct numu_verification result;
    struct numu_kept_head *heads;
    struct numu_text key;
    size_t count;
    char digits[24];
    book_must(numu_heads_list(hub, &book->arena, NUMU_TEXT("a"), 0, &heads, &count));
    assert_true(count > 0);
    struct numu_text note = heads[count - 1].note;
    char *changed;
    book_must(numu_text_to_string(&book->arena, note, &changed));
    char *root = strchr(strchr(changed, '\n') + 1, '\n') + 1;
    root[0] = root[0] == 'A' ? 'B' : 'A';
    book_must(numu_text_printf(&book->arena, &key, "head\ta\t%s",
                               numu_sequence_text((int64_t)heads[count - 1].size, digits).data));
    book_must(numu_ledger_begin(hub));
    book_must(store->port->put(store->self, NUMU_SPACE_BOOK, key,
                               (struct numu_text){changed, note.length}));
    book_must(numu_ledger_commit(hub));
    numu_report_init(&report, &book->heap, 0);
    book_must(numu_ledger_verify(&context, hub, &report, &result));
    assert_int_equal(report.counts[NUMU_CODE_LEDGER_ALTERED], 1);
    numu_report_release(&report);
}

/* Events of an ended epoch keep their names, stand as evidence, and what others received holds. */
static void test_evidence(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->old;
    struct numu_buffer pieces[2];
    struct numu_ledger hub;
    struct numu_record record;
    struct numu_movement movement;
    struct numu_text name;
    uint32_t log;
    bundle(&fixture->book, &pieces[0]);
    heal(fixture, book);
    struct numu_text told = {fixture->dispatch, strlen(fixture->dispatch) - 65};
    char again[300];
    (void)snprintf(again, sizeof again,
                   "\"type\":\"dispatch\",\"destination\":\"b\",\"dispatch\":\"%.*s\",\"lines\":[{"
                   "\"item\":\"round\",\"lot\":\"L1\",\"quantity\":2,\"from\":\"store/serviceable\""
                   ",\"to\":\"transit\"}]",
                   (int)told.length, told.data);
    book_do(book, "keeper", again);
    book_refuse(book, "keeper", again, NUMU_CODE_EVENT_UNKNOWN_NAME); /* told again once */
    book_refuse(book, "keeper", SEND("L1", ",\"dispatch\":\"a:1\""), NUMU_CODE_EVENT_UNKNOWN_NAME);
    sign_head(fixture, book);
    bundle(book, &pieces[1]);
    open_hub(book, &hub);
    assert_int_equal(give(fixture, &hub, &pieces[0]), NUMU_BUNDLE_ACCEPTED);
    assert_int_equal(give(fixture, &hub, &pieces[1]), NUMU_BUNDLE_ACCEPTED);
    /* the movement has the name that it was received under */
    book_must(numu_movement_get(&hub.state, &book->arena, told, 0, NUMU_TEXT("a"), &movement));
    assert_true(movement.sent == INT64_C(2) * NUMU_QUANTITY_ONE);
    /* both events are found by name, and are not each other */
    book_must(numu_ledger_find(&hub, &book->arena, told, &log, &record, NULL));
    assert_int_equal(record.epoch, 0);
    assert_int_equal(record.event.type, NUMU_EVENT_dispatch);
    uint32_t newest;
    book_must(numu_ledger_log(&hub, NUMU_TEXT("a"), &newest));
    assert_true(log != newest);
    book_must(numu_event_name(&book->arena, NUMU_TEXT("a"), 1, record.sequence, &name));
    book_must(numu_ledger_find(&hub, &book->arena, name, &log, &record, NULL));
    assert_true(record.epoch == 1 && log == newest && record.event.type == NUMU_EVENT_epoch);
    assert_true(verify(book, &hub) == 2);
    check_tampered_evidence(book, &hub);
    book_must(numu_ledger_close(&hub));
    numu_buffer_release(&pieces[0]);
    numu_buffer_release(&pieces[1]);
}

/* --- forged openings --- */

/* A bundle of the common entries and such that somebody with the site's key makes up. */
static void forge(struct fixture *fixture, const struct numu_record *records, size_t count,
                  struct numu_buffer *out) {
    struct book *book = &fixture->book;
    const struct numu_store *store = &book->ledger.state.store;
    struct numu_frontier frontier = {.size = 0};
    struct numu_checkpoint head = {.origin = NUMU_TEXT("test/a@1")};
    struct numu_buffer entries;
    struct numu_buffer entry;
    struct numu_buffer note;
    numu_buffer_init(&entries, &book->heap, 0);
    numu_buffer_init(&entry, &book->heap, 0);
    numu_buffer_init(&note, &book->heap, 0);
    for (uint64_t i = 0; i < fixture->common + count; i++) {
        struct numu_sha256 leaf;
        if (i < fixture->common) {
            book_must(store->port->read(store->self, 0, i, &entry, NULL));
        } else {
            numu_buffer_clear(&entry);
            book_must(numu_record_write(&records[i - fixture->common], &entry));
        }
        book_must(numu_merkle_leaf((struct numu_text){entry.data, entry.length}, &leaf));
        book_must(numu_frontier_append(&frontier, &leaf));
        book_must(numu_entries_append(&entries, (struct numu_text){entry.data, entry.length}));
    }
    head.size = frontier.size;
    book_must(numu_frontier_root(&frontier, &head.root));
    book_must(numu_checkpoint_write(&head, &fixture->site, &note));
    numu_buffer_init(out, &book->heap, 0);
    book_must(numu_buffer_printf(out, "numu.bundle/1\ntest/a@1\n0 %llu %zu\n",
                                 (unsigned long long)head.size, note.length));
    book_must(numu_buffer_append(out, note.data, note.length));
    book_must(numu_buffer_append(out, entries.data, entries.length));
    numu_buffer_release(&entries);
    numu_buffer_release(&entry);
    numu_buffer_release(&note);
}

/* One record of a forged epoch, signed by whoever. */
static void forge_record(struct fixture *fixture, const char *draft, uint64_t sequence,
                         const struct numu_signer *signer, struct numu_record *out) {
    struct book *book = &fixture->book;
    struct numu_buffer body;
    struct numu_event_error error;
    memset(out, 0, sizeof *out);
    book_must(numu_event_read_draft(&book->arena, numu_text_of(draft), &out->event, &error));
    out->event.ledger = book->ledger.id;
    numu_buffer_init(&body, &book->heap, 0);
    book_must(numu_event_write_body(&out->event, &book->arena, &body));
    book_must(numu_text_copy(&book->arena, (struct numu_text){body.data, body.length}, &out->body));
    numu_buffer_release(&body);
    out->site = NUMU_TEXT("a");
    out->epoch = 1;
    out->sequence = (int64_t)sequence;
    out->recorded = book->now;
    if (signer != NULL) {
        out->signatures[0].key = numu_text_of(signer->public_key.name);
        book_must(numu_sign(signer, out->body, &out->signatures[0].signature));
        out->signature_count = 1;
    }
}

static const char *leaf_reference(struct fixture *fixture, const struct numu_record *record) {
    struct numu_buffer entry;
    struct numu_sha256 leaf;
    struct numu_text text;
    char hex[NUMU_SHA256_HEX_BYTES];
    numu_buffer_init(&entry, &fixture->book.heap, 0);
    book_must(numu_record_write(record, &entry));
    book_must(numu_merkle_leaf((struct numu_text){entry.data, entry.length}, &leaf));
    book_must(numu_text_printf(&fixture->book.arena, &text, "a@1:%lld:%s",
                               (long long)record->sequence, numu_sha256_hex(&leaf, hex)));
    numu_buffer_release(&entry);
    return text.data;
}

struct forgery {
    const char *first, *second; /* who opens, who approves; NULL: nobody */
    const struct numu_signer *of_first, *of_second;
    int off; /* of the common head's size */
};

static numu_bundle_outcome try_forgery(struct fixture *fixture, const struct forgery *forgery) {
    struct book *book = &fixture->book;
    struct numu_record records[2];
    struct numu_buffer bytes;
    struct numu_ledger hub;
    struct numu_text draft;
    char root[NUMU_SHA256_HEX_BYTES];
    uint64_t named = (uint64_t)((int64_t)fixture->common + forgery->off);
    root_at(book, named, root);
    forge_record(fixture, opening_draft(book, forgery->first, named, root), fixture->common,
                 forgery->of_first, &records[0]);
    size_t count = 1;
    if (forgery->second != NULL) {
        book_must(numu_text_printf(&book->arena, &draft,
                                   "{\"type\":\"approve\",\"by\":\"%s\",\"key\":\"f\",\"time\":"
                                   "\"2026-01-05T09:00:00Z\",\"ref\":\"%s\"}",
                                   forgery->second, leaf_reference(fixture, &records[0])));
        forge_record(fixture, draft.data, fixture->common + 1, forgery->of_second, &records[1]);
        count = 2;
    }
    forge(fixture, records, count, &bytes);
    struct numu_buffer known;
    bundle(book, &known);
    open_hub(book, &hub);
    struct numu_sha256 before;
    struct numu_sha256 after;
    assert_int_equal(give(fixture, &hub, &known), NUMU_BUNDLE_ACCEPTED);
    book_must(numu_state_digest(&hub.state, &before));
    numu_bundle_outcome outcome = give(fixture, &hub, &bytes);
    book_must(numu_state_digest(&hub.state, &after));
    assert_true((outcome == NUMU_BUNDLE_ACCEPTED) != numu_sha256_is_equal(&before, &after));
    book_must(numu_ledger_close(&hub));
    numu_buffer_release(&known);
    numu_buffer_release(&bytes);
    return outcome;
}

static void test_forged(void **state) {
    struct fixture *fixture = *state;
    const struct numu_signer *one = &fixture->first;
    const struct numu_signer *two = &fixture->second;
    const struct forgery forgeries[] = {
        {"admin_1", NULL, one, NULL, 0},       /* nobody approves */
        {"admin_1", "admin_1", one, one, 0},   /* one person twice */
        {"admin_1", "alias", one, one, 0},     /* one key under two names */
        {"admin_1", "chief", one, NULL, 0},    /* no administrator */
        {"chief", "admin_2", NULL, two, 0},    /* the same */
        {"nobody", "admin_2", NULL, two, 0},   /* not on the register */
        {"admin_1", "admin_2", NULL, two, 0},  /* not signed */
        {"admin_1", "admin_2", one, NULL, 0},  /* the same */
        {"admin_1", "admin_2", one, one, 0},   /* signed by another */
        {"admin_1", "admin_2", one, two, -1}}; /* another head than where it begins */
    for (size_t i = 0; i < sizeof forgeries / sizeof *forgeries; i++) {
        numu_bundle_outcome outcome = try_forgery(fixture, &forgeries[i]);
        if (outcome != NUMU_BUNDLE_BAD_EPOCH) {
            fail_msg("forgery %zu: outcome %d", i, (int)outcome);
        }
    }
    /* control: the same by the two that may */
    const struct forgery good = {"admin_1", "admin_2", one, two, 0};
    assert_int_equal(try_forgery(fixture, &good), NUMU_BUNDLE_ACCEPTED);
}

/* An epoch that begins beyond where the histories part, on one of them. */
static void test_not_common(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    char root[NUMU_SHA256_HEX_BYTES];
    struct numu_buffer pieces[3];
    struct numu_ledger hub;
    bundle(book, &pieces[0]);
    bundle(&fixture->old, &pieces[1]);
    uint64_t beyond = fixture->common + 1;
    root_at(book, beyond, root);
    assert_int_equal(propose(book, "admin_1", beyond, root, &fixture->first),
                     NUMU_OUTCOME_PROPOSED);
    assert_int_equal(approve(book, "admin_2", &fixture->second), NUMU_OUTCOME_ACKNOWLEDGED);
    sign_head(fixture, book);
    bundle(book, &pieces[2]);
    for (size_t known = 0; known < 2; known++) { /* whichever history came first, both are known */
        open_hub(book, &hub);
        assert_int_equal(give(fixture, &hub, &pieces[known]), NUMU_BUNDLE_ACCEPTED);
        if (known == 0) {
            assert_int_equal(give(fixture, &hub, &pieces[1]), NUMU_BUNDLE_FORKED);
        }
        assert_int_equal(give(fixture, &hub, &pieces[2]), NUMU_BUNDLE_BAD_EPOCH);
        book_must(numu_ledger_close(&hub));
    }
    open_hub(book, &hub); /* control: who knows of no other history has no reason to refuse */
    assert_int_equal(give(fixture, &hub, &pieces[0]), NUMU_BUNDLE_ACCEPTED);
    assert_int_equal(give(fixture, &hub, &pieces[2]), NUMU_BUNDLE_ACCEPTED);
    book_must(numu_ledger_close(&hub));
    uint64_t common;
    bool is_found;
    book_must(numu_bundle_common(&fixture->old.ledger,
                                 (struct numu_text){pieces[0].data, pieces[0].length}, &common,
                                 &is_found));
    assert_true(is_found && common == fixture->common);
    for (size_t i = 0; i < 3; i++) {
        numu_buffer_release(&pieces[i]);
    }
}

/* A second fork, in the new epoch, is healed the same way. */
static void test_twice(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->old;
    struct numu_buffer pieces[2];
    struct numu_ledger hub;
    heal(fixture, book);
    open_rounds(book, "L7");
    sign_head(fixture, book);
    bundle(book, &pieces[0]);
    fixture->common--; /* before the first epoch began, which ends that whole */
    heal(fixture, book);
    assert_int_equal(book->ledger.epoch, 2);
    open_rounds(book, "L8");
    sign_head(fixture, book);
    bundle(book, &pieces[1]);
    open_hub(book, &hub);
    assert_int_equal(give(fixture, &hub, &pieces[0]), NUMU_BUNDLE_ACCEPTED);
    assert_int_equal(give(fixture, &hub, &pieces[1]), NUMU_BUNDLE_ACCEPTED);
    struct numu_sha256 here;
    struct numu_sha256 there;
    book_must(numu_state_digest(&book->ledger.state, &here));
    book_must(numu_state_digest(&hub.state, &there));
    assert_true(numu_sha256_is_equal(&here, &there));
    (void)verify(book, &book->ledger);
    (void)verify(book, &hub);
    book_must(numu_ledger_close(&hub));
    numu_buffer_release(&pieces[0]);
    numu_buffer_release(&pieces[1]);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_two_administrators), TEST(test_orders),
                                       TEST(test_evidence),           TEST(test_forged),
                                       TEST(test_not_common),         TEST(test_twice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
