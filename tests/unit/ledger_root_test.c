/*
 * Goal: in a log with a root, administrators, keys of the site and the root itself come by
 * certificates of the root in force and by nothing else; whoever has the site's key and writes past
 * the door is refused by every other book, and found by who verifies. Without a root he is not:
 * that is the control.
 * Method: a founded book, certificates forged, replayed, cut off and changed in every bit; a thief
 * who writes entries without asking the door; hubs with the same root, another, and none.
 */
#include "ledger/backup.h"
#include "ledger/bundle.h"
#include "ledger/canonical.h"
#include "ledger/doubt.h"
#include "ledger/epoch.h"
#include "ledger/root.h"
#include "ledger/verify.h"

#include "ledger_book.h"

enum signer { ROOT, NEXT, FALSE_ROOT, SITE, SITE_2, FIRST, SECOND, THIEF, SIGNERS };

struct fixture {
    struct book book;
    struct numu_signer signer[SIGNERS];
    numu_instant issued; /* of the next certificate */
};

/* --- making things --- */

static const char *key_of(struct fixture *fixture, enum signer who) {
    struct numu_buffer key;
    struct numu_text copy;
    numu_buffer_init(&key, &fixture->book.heap, 0);
    book_must(numu_public_key_write(&fixture->signer[who].public_key, &key));
    book_must(
        numu_text_copy(&fixture->book.arena, (struct numu_text){key.data, key.length}, &copy));
    numu_buffer_release(&key);
    return copy.data;
}

static struct numu_certificate person(struct fixture *fixture, const char *id, enum signer who) {
    fixture->issued += 60;
    return (struct numu_certificate){.type = NUMU_CERTIFICATE_person,
                                     .ledger = NUMU_TEXT("test"),
                                     .id = numu_text_of(id),
                                     .roles = NUMU_TEXT("administrator"),
                                     .site = NUMU_TEXT("hq"),
                                     .key = numu_text_of(key_of(fixture, who)),
                                     .issued = fixture->issued,
                                     .until = NUMU_NO_DAY};
}

static struct numu_certificate other(struct fixture *fixture, numu_certificate_type type,
                                     const char *id, enum signer who) {
    struct numu_certificate certificate = person(fixture, id, who);
    certificate.type = type;
    certificate.roles = certificate.site = (struct numu_text){NULL, 0};
    certificate.key =
        type == NUMU_CERTIFICATE_revocation ? (struct numu_text){NULL, 0} : certificate.key;
    return certificate;
}

static struct numu_text sign_by(struct fixture *fixture, enum signer who,
                                const struct numu_certificate *certificate) {
    struct numu_buffer note;
    struct numu_text copy;
    numu_buffer_init(&note, &fixture->book.heap, 0);
    book_must(numu_certificate_write(certificate, &fixture->signer[who], &note));
    book_must(
        numu_text_copy(&fixture->book.arena, (struct numu_text){note.data, note.length}, &copy));
    numu_buffer_release(&note);
    return copy;
}

/* "type":"register",… of notes, as a draft. */
static const char *draft_of(struct fixture *fixture, const struct numu_text *notes, size_t count) {
    struct numu_buffer draft;
    struct numu_text copy;
    numu_buffer_init(&draft, &fixture->book.heap, 0);
    book_must(numu_buffer_printf(&draft,
                                 "\"key\":\"c-%u\",\"type\":\"register\",\"register\":"
                                 "{\"certificates\":[",
                                 fixture->book.key++));
    for (size_t i = 0; i < count; i++) {
        book_must(numu_buffer_append_string(&draft, i == 0 ? "" : ","));
        book_must(numu_canonical_string(&draft, notes[i]));
    }
    book_must(numu_buffer_append_string(&draft, "]}"));
    book_must(
        numu_text_copy(&fixture->book.arena, (struct numu_text){draft.data, draft.length}, &copy));
    numu_buffer_release(&draft);
    return copy.data;
}

static void bring(struct fixture *fixture, enum signer root,
                  const struct numu_certificate *certificate) {
    struct numu_text note = sign_by(fixture, root, certificate);
    book_do(&fixture->book, "keeper", draft_of(fixture, &note, 1));
    assert_int_equal(fixture->book.receipt.outcome, NUMU_OUTCOME_ACKNOWLEDGED);
}

static void refuse_note(struct fixture *fixture, struct numu_text note, const char *why) {
    size_t count;
    book_refuse(&fixture->book, "keeper", draft_of(fixture, &note, 1), NUMU_CODE_EVENT_CERTIFICATE);
    const struct numu_diagnostic *list = numu_report_list(&fixture->book.report, &count);
    assert_string_equal(list[0].arguments[0].text.data, why);
}

/* A draft of the root, or of people of one row with a key. */
static const char *people_draft(struct fixture *fixture, const char *id, const char *roles,
                                enum signer who) {
    struct numu_text text;
    book_must(numu_text_printf(&fixture->book.arena, &text,
                               "\"key\":\"p-%u\",\"type\":\"register\",\"register\":{\"people\":[{"
                               "\"id\":\"%s\",\"roles\":\"%s\",\"site\":\"hq\",\"key\":\"%s\"}]}",
                               fixture->book.key++, id, roles, key_of(fixture, who)));
    return text.data;
}

static const char *root_draft(struct fixture *fixture, enum signer who) {
    struct numu_text text;
    book_must(numu_text_printf(&fixture->book.arena, &text,
                               "\"key\":\"r-%u\",\"type\":\"register\",\"register\":{\"roots\":[{"
                               "\"id\":\"root\",\"key\":\"%s\"}]}",
                               fixture->book.key++, key_of(fixture, who)));
    return text.data;
}

static void open_rounds(struct book *book) {
    book_do(book, "keeper",
            "\"type\":\"open\",\"lines\":[{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":5,"
            "\"from\":\"opening\",\"to\":\"store/serviceable\"}]");
}

static void sign_head(struct fixture *fixture, struct numu_ledger *ledger, enum signer who) {
    book_must(numu_ledger_begin(ledger));
    book_must(numu_ledger_sign_head(ledger, &fixture->signer[who], NULL));
    book_must(numu_ledger_commit(ledger));
}

/* A book of site "a" whose first event is its root (or none), then the usual registers. */
static void found(struct fixture *fixture, bool has_root) {
    struct book *book = &fixture->book;
    struct numu_store store;
    memset(book, 0, sizeof *book);
    numu_heap_init(&book->heap, 0);
    numu_arena_init(&book->arena, &book->heap);
    numu_report_init(&book->report, &book->heap, 0);
    book_must(numu_store_memory_open(&book->heap, &store));
    book_must(
        numu_ledger_init(&book->heap, store, NUMU_TEXT("test"), NUMU_TEXT("a"), &book->ledger));
    book->now = INT64_C(1767600000); /* 2026-01-05 */
    book->key = 1;
    fixture->issued = book->now - 86400;
    if (has_root) {
        book_do(book, "init", root_draft(fixture, ROOT));
    }
    book_do(book, "init", book_registers);
}

/* The two administrators and the key of the site; in use, and the head signed. */
static void settle(struct fixture *fixture) {
    struct book *book = &fixture->book;
    const struct numu_certificate all[] = {person(fixture, "admin_1", FIRST),
                                           person(fixture, "admin_2", SECOND),
                                           other(fixture, NUMU_CERTIFICATE_site, "a", SITE)};
    struct numu_text notes[3];
    for (size_t i = 0; i < 3; i++) {
        notes[i] = sign_by(fixture, ROOT, &all[i]);
    }
    book_do(book, "keeper", draft_of(fixture, notes, 3));
    open_rounds(book);
    sign_head(fixture, &book->ledger, SITE);
}

static int make_signers(void **state) {
    static struct fixture fixture;
    static const char *const names[SIGNERS] = {"root", "next",    "false-root", "a",
                                               "a-2",  "admin-1", "admin-2",    "thief"};
    memset(&fixture, 0, sizeof fixture);
    for (size_t i = 0; i < SIGNERS; i++) {
        const uint8_t seed[NUMU_KEY_SEED_BYTES] = {(uint8_t)(i + 1)};
        book_must(numu_signer_of_seed(numu_text_of(names[i]), seed, &fixture.signer[i]));
    }
    *state = &fixture;
    return 0;
}

static int set_up(void **state) {
    (void)make_signers(state);
    found(*state, true);
    return 0;
}

static int set_up_rootless(void **state) {
    (void)make_signers(state);
    found(*state, false);
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < SIGNERS; i++) {
        numu_signer_release(&fixture->signer[i]);
    }
    book_release(&fixture->book);
    return 0;
}

/* --- the form --- */

static bool is_good(struct fixture *fixture, struct numu_text note) {
    struct numu_certificate certificate;
    return numu_certificate_read(&fixture->book.arena, note, &certificate) == NUMU_OK &&
           numu_certificate_is_signed(note, &fixture->signer[ROOT].public_key);
}

static void test_form(void **state) {
    struct fixture *fixture = *state;
    struct numu_certificate certificate = person(fixture, "admin_1", FIRST);
    struct numu_certificate again;
    book_must(numu_text_copy(&fixture->book.arena, NUMU_TEXT("administrator auditor"),
                             &certificate.roles));
    certificate.until = numu_instant_day(certificate.issued) + 100;
    struct numu_text note = sign_by(fixture, ROOT, &certificate);
    book_must(numu_certificate_read(&fixture->book.arena, note, &again));
    assert_true(again.type == certificate.type && again.issued == certificate.issued &&
                again.until == certificate.until);
    assert_true(numu_text_is_equal(again.id, certificate.id) &&
                numu_text_is_equal(again.roles, certificate.roles) &&
                numu_text_is_equal(again.site, certificate.site) &&
                numu_text_is_equal(again.key, certificate.key) &&
                numu_text_is_equal(again.ledger, certificate.ledger));
    assert_true(is_good(fixture, note));
    assert_false(numu_certificate_is_signed(note, &fixture->signer[FALSE_ROOT].public_key));
    assert_true(numu_text_is_equal(sign_by(fixture, ROOT, &again), note)); /* in the one form */
    char *bytes;
    book_must(NUMU_TAKE(&fixture->book.arena, &bytes, note.length + 1));
    memcpy(bytes, note.data, note.length);
    for (size_t i = 0; i < note.length; i++) { /* cut off, at every byte */
        assert_false(is_good(fixture, (struct numu_text){bytes, i}));
    }
    for (size_t i = 0; i < 8 * note.length; i++) { /* changed, in every bit */
        struct numu_arena_mark mark = numu_arena_mark(&fixture->book.arena);
        bytes[i / 8] = (char)(bytes[i / 8] ^ (1 << i % 8));
        assert_false(is_good(fixture, (struct numu_text){bytes, note.length}));
        bytes[i / 8] = (char)(bytes[i / 8] ^ (1 << i % 8));
        numu_arena_rewind(&fixture->book.arena, mark);
    }
    bytes[note.length] = '\n';
    assert_false(is_good(fixture, (struct numu_text){bytes, note.length + 1}));
    assert_true(is_good(fixture, (struct numu_text){bytes, note.length}));
}

/* A second signature line would make two certificates of one: it is refused. */
static void test_one_signature(void **state) {
    struct fixture *fixture = *state;
    struct numu_certificate certificate = person(fixture, "admin_1", FIRST);
    struct numu_text one = sign_by(fixture, ROOT, &certificate);
    struct numu_text two = sign_by(fixture, THIEF, &certificate);
    size_t line = numu_text_find(two, NUMU_TEXT("\n\n"), 0) + 2;
    struct numu_text both;
    book_must(numu_text_printf(&fixture->book.arena, &both, "%s%s", one.data, two.data + line));
    assert_true(numu_certificate_is_signed(both, &fixture->signer[ROOT].public_key));
    assert_int_equal(numu_certificate_read(&fixture->book.arena, both, &certificate), NUMU_INVALID);
    struct numu_text all; /* one after another they are two */
    book_must(numu_text_printf(&fixture->book.arena, &all, "%s%s", one.data, two.data));
    struct numu_text next;
    assert_true(numu_certificate_next(&all, &next) && numu_text_is_equal(next, one));
    assert_true(numu_certificate_next(&all, &next) && numu_text_is_equal(next, two));
    assert_false(numu_certificate_next(&all, &next));
}

static void test_drafts(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        numu_event_problem problem;
        const char *member;
    } cases[] = {
        {"{\"type\":\"revocation\",\"id\":\"x\"}", NUMU_EVENT_FINE, ""},
        {"{\"type\":\"person\",\"id\":\"x\",\"roles\":\"approver\"}", NUMU_EVENT_MISSING_MEMBER,
         "key"},
        {"{\"type\":\"revocation\"}", NUMU_EVENT_MISSING_MEMBER, "id"},
        {"{\"id\":\"x\"}", NUMU_EVENT_MISSING_MEMBER, "type"},
        {"{\"type\":\"king\",\"id\":\"x\"}", NUMU_EVENT_BAD_MEMBER, "type"},
        {"{\"type\":\"revocation\",\"id\":\"a/b\"}", NUMU_EVENT_BAD_MEMBER, "id"},
        {"{\"type\":\"revocation\",\"id\":\"site\"}", NUMU_EVENT_BAD_MEMBER, "id"},
        {"{\"type\":\"revocation\",\"id\":\"a\\tb\"}", NUMU_EVENT_BAD_MEMBER, "id"},
        {"{\"type\":\"revocation\",\"id\":1}", NUMU_EVENT_BAD_MEMBER, "id"},
        {"{\"type\":\"revocation\",\"id\":\"x\",\"roles\":\"auditor\"}", NUMU_EVENT_UNKNOWN_MEMBER,
         "roles"},
        {"{\"type\":\"person\",\"id\":\"x\",\"roles\":\"auditor king\"}", NUMU_EVENT_BAD_MEMBER,
         "roles"},
        {"{\"type\":\"root\",\"key\":\"x+12345678+AAAA\"}", NUMU_EVENT_BAD_MEMBER, "key"},
        {"{\"type\":\"revocation\",\"id\":\"x\",\"issued\":\"2026-01-05\"}", NUMU_EVENT_BAD_MEMBER,
         "issued"},
        {"{\"type\":\"revocation\",\"id\":\"x\",\"why\":\"y\"}", NUMU_EVENT_UNKNOWN_MEMBER, "why"},
        {"[]", NUMU_EVENT_NO_JSON, ""},
        {"{\"type\":", NUMU_EVENT_NO_JSON, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct numu_certificate certificate;
        struct numu_event_error error;
        numu_status status = numu_certificate_read_draft(
            &fixture->book.arena, numu_text_of(cases[i].text), &certificate, &error);
        assert_int_equal(status, cases[i].problem == NUMU_EVENT_FINE ? NUMU_OK : NUMU_INVALID);
        assert_int_equal(error.problem, cases[i].problem);
        assert_true(numu_text_is(error.member, cases[i].member));
    }
}

/* --- the door --- */

static unsigned roles_of(struct numu_ledger *ledger, struct numu_arena *arena, const char *id) {
    struct numu_person found = {.roles = 0};
    numu_status status =
        numu_person_get(&ledger->state, arena, NUMU_TEXT("a"), numu_text_of(id), &found);
    assert_true(status == NUMU_OK || status == NUMU_NOT_FOUND);
    return found.roles;
}

static void verify(struct book *book, struct numu_ledger *ledger, uint64_t uncertified) {
    struct numu_context context = {.heap = &book->heap};
    struct numu_report report;
    struct numu_verification result;
    numu_report_init(&report, &book->heap, 0);
    book_must(numu_ledger_verify(&context, ledger, &report, &result));
    assert_int_equal(report.counts[NUMU_CODE_LEDGER_UNCERTIFIED], uncertified);
    assert_int_equal(numu_report_total(&report, NUMU_ERROR), uncertified);
    numu_report_release(&report);
}

static void test_door(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    struct numu_certificate good = person(fixture, "admin_1", FIRST);
    struct numu_certificate wrong;
    book_refuse(book, "init", people_draft(fixture, "boss", "administrator", THIEF),
                NUMU_CODE_EVENT_CERTIFICATE);
    book_refuse(book, "init", people_draft(fixture, "site", "", THIEF),
                NUMU_CODE_EVENT_CERTIFICATE);
    book_refuse(book, "init", root_draft(fixture, FALSE_ROOT), NUMU_CODE_EVENT_CERTIFICATE);
    refuse_note(fixture, sign_by(fixture, FALSE_ROOT, &good), "kind.root_not_signed");
    wrong = good;
    wrong.ledger = NUMU_TEXT("other");
    refuse_note(fixture, sign_by(fixture, ROOT, &wrong), "kind.root_other_ledger");
    wrong = other(fixture, NUMU_CERTIFICATE_site, "b", SITE);
    refuse_note(fixture, sign_by(fixture, ROOT, &wrong), "kind.root_other_site");
    wrong = good;
    wrong.until = numu_instant_day(book->now) - 1;
    refuse_note(fixture, sign_by(fixture, ROOT, &wrong), "kind.root_expired");
    refuse_note(fixture, NUMU_TEXT("numu.certificate/1\n{}\n\n"), "kind.root_malformed");
    const struct numu_text twice[] = {sign_by(fixture, ROOT, &good), sign_by(fixture, ROOT, &good)};
    book_refuse(book, "keeper", draft_of(fixture, twice, 2), NUMU_CODE_EVENT_CERTIFICATE);
    /* what was signed for one person is of no use to another: the note says who */
    bring(fixture, ROOT, &good);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "admin_1"), NUMU_ROLE_administrator);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "boss"), 0);
    refuse_note(fixture, sign_by(fixture, ROOT, &good), "kind.root_older"); /* once */
    book_refuse(book, "init", people_draft(fixture, "admin_1", "storekeeper", THIEF),
                NUMU_CODE_EVENT_CERTIFICATE); /* nobody takes his place */
    settle(fixture);
    struct numu_certificate later = person(fixture, "admin_3", THIEF);
    struct numu_text note = sign_by(fixture, ROOT, &later);
    book_refuse(book, "nobody", draft_of(fixture, &note, 1), NUMU_CODE_EVENT_UNKNOWN_NAME);
    verify(book, &book->ledger, 0);
}

/* What one administrator proposes, signed; who = SIGNERS: not signed. */
static numu_outcome try_as(struct fixture *fixture, const char *by, enum signer who,
                           const char *draft) {
    struct book *book = &fixture->book;
    struct numu_entry_request request = {.now = book->now, .place = NUMU_NOWHERE};
    struct numu_event_signature signature;
    struct numu_event_error error;
    struct numu_buffer body;
    struct numu_text text;
    char time[NUMU_INSTANT_TEXT_BYTES];
    numu_report_release(&book->report);
    numu_report_init(&book->report, &book->heap, 0);
    book_must(numu_text_printf(&book->arena, &text,
                               "{\"ledger\":\"test\",\"time\":\"%s\",\"by\":\"%s\",%s}",
                               numu_instant_format(book->now, time), by, draft));
    book_must(numu_event_read_draft(&book->arena, text, &request.event, &error));
    if (who < SIGNERS) {
        numu_buffer_init(&body, &book->heap, 0);
        book_must(numu_event_write_body(&request.event, &book->arena, &body));
        signature.key = numu_text_of(fixture->signer[who].public_key.name);
        book_must(numu_sign(&fixture->signer[who], (struct numu_text){body.data, body.length},
                            &signature.signature));
        numu_buffer_release(&body);
        request.signatures = &signature;
        request.signature_count = 1;
    }
    book_must(numu_ledger_begin(&book->ledger));
    book_must(numu_ledger_record(&book->ledger, &request, &book->report, &book->receipt));
    book_must(numu_ledger_commit(&book->ledger));
    book->now += 60;
    return book->receipt.outcome;
}

static numu_outcome try_approval(struct fixture *fixture, const char *by, enum signer who,
                                 const char *reference) {
    struct numu_text text;
    book_must(numu_text_printf(&fixture->book.arena, &text,
                               "\"key\":\"y-%u\",\"type\":\"approve\",\"ref\":\"%s\"",
                               fixture->book.key++, reference));
    return try_as(fixture, by, who, text.data);
}

static void test_people_take_two_administrators(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    settle(fixture);
    book_refuse(book, "registrar", people_draft(fixture, "new", "inspector", THIEF),
                NUMU_CODE_EVENT_WRONG_ROLE);
    book_refuse(book, "admin_1", people_draft(fixture, "new", "inspector", THIEF),
                NUMU_CODE_EVENT_SIGNATURE);
    assert_int_equal(
        try_as(fixture, "admin_1", FIRST, people_draft(fixture, "new", "inspector", THIEF)),
        NUMU_OUTCOME_PROPOSED);
    const char *proposal = book_last(book);
    assert_int_equal(try_approval(fixture, "chief", SIGNERS, proposal), NUMU_OUTCOME_REFUSED);
    assert_int_equal(book->report.counts[NUMU_CODE_EVENT_WRONG_ROLE], 1);
    assert_int_equal(try_approval(fixture, "admin_1", FIRST, proposal), NUMU_OUTCOME_REFUSED);
    assert_int_equal(try_approval(fixture, "admin_2", FIRST, proposal), NUMU_OUTCOME_REFUSED);
    assert_int_equal(try_approval(fixture, "admin_2", SECOND, proposal), NUMU_OUTCOME_ACKNOWLEDGED);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "new"), NUMU_ROLE_inspector);
    verify(book, &book->ledger, 0);
}

/* By place in the log: what was done before stays, what comes after is refused. */
static void test_revocation(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    settle(fixture);
    struct numu_certificate again = person(fixture, "admin_1", FIRST);
    struct numu_certificate end = other(fixture, NUMU_CERTIFICATE_revocation, "admin_1", FIRST);
    assert_int_equal(
        try_as(fixture, "admin_1", FIRST, people_draft(fixture, "new", "inspector", THIEF)),
        NUMU_OUTCOME_PROPOSED);
    const char *before = book_last(book);
    assert_int_equal(try_approval(fixture, "admin_2", SECOND, before), NUMU_OUTCOME_ACKNOWLEDGED);
    assert_int_equal(
        try_as(fixture, "admin_1", FIRST, people_draft(fixture, "late", "inspector", THIEF)),
        NUMU_OUTCOME_PROPOSED);
    const char *pending = book_last(book);
    bring(fixture, ROOT, &end);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "admin_1"), 0);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "new"), NUMU_ROLE_inspector);
    assert_int_equal(try_approval(fixture, "admin_2", SECOND, pending), NUMU_OUTCOME_REFUSED);
    assert_int_equal(
        try_as(fixture, "admin_1", FIRST, people_draft(fixture, "more", "inspector", THIEF)),
        NUMU_OUTCOME_REFUSED);
    refuse_note(fixture, sign_by(fixture, ROOT, &again),
                "kind.root_older"); /* it was signed before */
    again = person(fixture, "admin_1", FIRST);
    again.until = numu_instant_day(book->now);
    bring(fixture, ROOT, &again); /* the root may say so again, later */
    assert_int_equal(roles_of(&book->ledger, &book->arena, "admin_1"), NUMU_ROLE_administrator);
    book->now += 86400; /* his last day is over */
    assert_int_equal(
        try_as(fixture, "admin_1", FIRST, people_draft(fixture, "more", "inspector", THIEF)),
        NUMU_OUTCOME_REFUSED);
    assert_int_equal(book->report.counts[NUMU_CODE_EVENT_WRONG_ROLE], 1);
    verify(book, &book->ledger, 0);
    struct numu_doubt *doubts; /* what he did before the book knew, but after the root had said */
    size_t count;
    size_t revoked = 0;
    book_must(numu_doubts_list(&book->ledger, &book->arena, &doubts, &count));
    for (size_t i = 0; i < count; i++) {
        revoked += doubts[i].kind == NUMU_DOUBT_REVOKED;
    }
    assert_int_equal(revoked, 2);
}

static void test_key_of_the_site(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    settle(fixture);
    struct numu_certificate next = other(fixture, NUMU_CERTIFICATE_site, "a", SITE_2);
    bring(fixture, ROOT, &next);
    sign_head(fixture, &book->ledger, SITE); /* covers the change */
    open_rounds(book);
    book_must(numu_ledger_begin(&book->ledger));
    assert_int_equal(numu_ledger_sign_head(&book->ledger, &fixture->signer[SITE], NULL),
                     NUMU_INVALID);
    numu_ledger_rollback(&book->ledger);
    sign_head(fixture, &book->ledger, SITE_2);
    verify(book, &book->ledger, 0);
}

/* --- other books --- */

/* A hub with a root in its own log, or none (SIGNERS). */
static void open_hub(struct fixture *fixture, enum signer root, struct book *out) {
    struct numu_store store;
    memset(out, 0, sizeof *out);
    numu_heap_init(&out->heap, 0);
    numu_arena_init(&out->arena, &out->heap);
    numu_report_init(&out->report, &out->heap, 0);
    book_must(numu_store_memory_open(&out->heap, &store));
    book_must(
        numu_ledger_init(&out->heap, store, NUMU_TEXT("test"), NUMU_TEXT("hub"), &out->ledger));
    out->now = fixture->book.now;
    if (root < SIGNERS) {
        book_do(out, "init", root_draft(fixture, root));
    }
    book_do(out, "init", book_registers);
}

/* Offers a log from an entry on; the outcome of the first bundle that is not accepted, or known. */
static numu_bundle_outcome offer(struct fixture *fixture, struct numu_ledger *from, uint64_t since,
                                 struct book *hub) {
    struct numu_buffer bytes;
    struct numu_bundle_result got = {.outcome = NUMU_BUNDLE_ACCEPTED};
    numu_buffer_init(&bytes, &fixture->book.heap, 0);
    book_must(numu_bundle_write(from, from->site, since, &bytes));
    for (struct numu_text rest = {bytes.data, bytes.length};
         rest.length > 0 && got.outcome <= NUMU_BUNDLE_KNOWN;) {
        book_must(numu_bundle_accept(&hub->ledger, &rest, &fixture->signer[SITE].public_key, &got));
    }
    numu_buffer_release(&bytes);
    return got.outcome;
}

/* Writes an event into a log without asking the door, as whoever has the file can. */
static void write_past(struct fixture *fixture, struct numu_ledger *ledger, const char *by,
                       enum signer who, const char *draft) {
    struct book *book = &fixture->book;
    struct numu_record record = {.site = ledger->site,
                                 .epoch = ledger->epoch,
                                 .sequence = (int64_t)ledger->head.size,
                                 .recorded = numu_ledger_time(ledger, book->now)};
    struct numu_event_error error;
    struct numu_buffer bytes;
    struct numu_text text;
    struct numu_sha256 leaf;
    const struct numu_store *store = &ledger->state.store;
    book_must(numu_text_printf(&book->arena, &text,
                               "{\"ledger\":\"test\",\"time\":\"2026-01-05T08:00:00Z\",\"by\":"
                               "\"%s\",%s}",
                               by, draft));
    book_must(numu_event_read_draft(&book->arena, text, &record.event, &error));
    numu_buffer_init(&bytes, &book->heap, 0);
    book_must(numu_event_write_body(&record.event, &book->arena, &bytes));
    book_must(
        numu_text_copy(&book->arena, (struct numu_text){bytes.data, bytes.length}, &record.body));
    if (who < SIGNERS) {
        record.signatures[0].key = numu_text_of(fixture->signer[who].public_key.name);
        book_must(numu_sign(&fixture->signer[who], record.body, &record.signatures[0].signature));
        record.signature_count = 1;
    }
    numu_buffer_clear(&bytes);
    book_must(numu_record_write(&record, &bytes));
    book_must(numu_merkle_leaf((struct numu_text){bytes.data, bytes.length}, &leaf));
    book_must(numu_ledger_begin(ledger));
    book_must(store->port->append(store->self, ledger->log, ledger->head.size,
                                  (struct numu_text){bytes.data, bytes.length}, &leaf));
    book_must(numu_log_append(&ledger->state, ledger->site, &ledger->head, &leaf));
    numu_log_note_record(&ledger->head, &record);
    book_must(numu_state_apply(&ledger->state, &ledger->scratch, ledger->log, &record));
    book_must(numu_ledger_commit(ledger));
    book->receipt = (struct numu_receipt){.sequence = record.sequence, .leaf = leaf};
    numu_buffer_release(&bytes);
}

/* The thief writes a draft, approves it by another's name where it waits, and signs the head. */
static void usurp(struct fixture *fixture, struct numu_ledger *ledger, const char *draft,
                  bool waits) {
    struct numu_text text;
    write_past(fixture, ledger, "registrar", SIGNERS, draft);
    if (waits) {
        book_must(numu_text_printf(&fixture->book.arena, &text,
                                   "\"key\":\"z-%u\",\"type\":\"approve\",\"ref\":\"%s\"",
                                   fixture->book.key++, book_last(&fixture->book)));
        write_past(fixture, ledger, "chief", SIGNERS, text.data);
    }
    sign_head(fixture, ledger, SITE);
}

/* What a book does with a copy of the log in which a draft was written past the door. */
static numu_bundle_outcome steal(struct fixture *fixture, const char *draft, bool waits,
                                 struct book *hub) {
    struct numu_ledger copy;
    struct numu_sha256 before;
    struct numu_sha256 after;
    book_must(numu_ledger_copy(&fixture->book.ledger, &copy));
    usurp(fixture, &copy, draft, waits);
    book_must(numu_state_digest(&hub->ledger.state, &before));
    numu_bundle_outcome outcome = offer(fixture, &copy, 0, hub);
    book_must(numu_state_digest(&hub->ledger.state, &after));
    assert_int_equal(numu_sha256_is_equal(&before, &after), outcome != NUMU_BUNDLE_ACCEPTED);
    struct numu_text root;
    bool has_root =
        numu_root_get(&copy.state, &fixture->book.arena, NUMU_TEXT("a"), &root) == NUMU_OK;
    if (has_root && outcome == NUMU_BUNDLE_UNCERTIFIED) { /* found in the file, too */
        verify(&fixture->book, &copy, 1);
    }
    book_must(numu_ledger_close(&copy));
    return outcome;
}

static void test_thief(void **state) {
    struct fixture *fixture = *state;
    struct book hub;
    struct book rootless;
    settle(fixture);
    open_hub(fixture, ROOT, &hub);
    open_hub(fixture, SIGNERS, &rootless);
    struct numu_certificate false_one = person(fixture, "boss", THIEF);
    struct numu_certificate key = other(fixture, NUMU_CERTIFICATE_site, "a", THIEF);
    struct numu_text forged = sign_by(fixture, FALSE_ROOT, &false_one);
    struct numu_text stolen = sign_by(fixture, SITE, &key);
    const struct {
        const char *draft;
        bool waits;
    } acts[] = {{people_draft(fixture, "boss", "administrator", THIEF), true},
                {people_draft(fixture, "admin_1", "administrator", THIEF), true},
                {people_draft(fixture, "admin_1", "auditor", THIEF), true},
                {people_draft(fixture, "judge", "inspector", THIEF), true},
                {people_draft(fixture, "site", "", THIEF), true},
                {root_draft(fixture, FALSE_ROOT), true},
                {draft_of(fixture, &forged, 1), false},
                {draft_of(fixture, &stolen, 1), false}};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        /* whether the book has the root, or only the log */
        assert_int_equal(steal(fixture, acts[i].draft, acts[i].waits, &hub),
                         NUMU_BUNDLE_UNCERTIFIED);
        assert_int_equal(steal(fixture, acts[i].draft, acts[i].waits, &rootless),
                         NUMU_BUNDLE_UNCERTIFIED);
    }
    assert_int_equal(offer(fixture, &fixture->book.ledger, 0, &hub), NUMU_BUNDLE_ACCEPTED);
    assert_int_equal(steal(fixture, acts[0].draft, true, &hub), NUMU_BUNDLE_UNCERTIFIED);
    book_release(&hub);
    book_release(&rootless);
}

/* --- epochs --- */

/* What a book does with a log that goes on in an epoch opened by two, signed by such keys. */
static numu_bundle_outcome open_epoch(struct fixture *fixture, const char *const by[2],
                                      const enum signer who[2], struct book *hub) {
    struct book *book = &fixture->book;
    struct numu_ledger copy;
    struct numu_sha256 root;
    struct numu_text draft;
    char hex[NUMU_SHA256_HEX_BYTES];
    book_must(numu_ledger_copy(&book->ledger, &copy));
    const struct numu_epoch epoch = {.number = 1, .common = copy.head.size};
    book_must(numu_frontier_root(&copy.head.frontier, &root));
    book_must(numu_ledger_begin(&copy));
    book_must(numu_epoch_note(&copy, copy.site, &epoch));
    book_must(numu_ledger_commit(&copy));
    copy.epoch = 1;
    book_must(numu_text_printf(&book->arena, &draft,
                               "\"key\":\"open\",\"type\":\"epoch\",\"against\":%llu,\"head\":"
                               "\"%s\",\"reason\":\"a cloned disk\"",
                               (unsigned long long)epoch.common, numu_sha256_hex(&root, hex)));
    write_past(fixture, &copy, by[0], who[0], draft.data);
    book_must(numu_text_printf(
        &book->arena, &draft, "\"key\":\"yes\",\"type\":\"approve\",\"ref\":\"a@1:%llu:%s\"",
        (unsigned long long)epoch.common, numu_sha256_hex(&book->receipt.leaf, hex)));
    write_past(fixture, &copy, by[1], who[1], draft.data);
    sign_head(fixture, &copy, SITE);
    numu_bundle_outcome outcome = offer(fixture, &copy, 0, hub);
    book_must(numu_ledger_close(&copy));
    return outcome;
}

/* Two who are certified open one; no other names, no other keys, and none whose time is over. */
static void test_epochs(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    struct book hub;
    static const char *const two[] = {"admin_1", "admin_2"};
    static const char *const old[] = {"admin_1", "admin_old"};
    static const enum signer unsigned_two[] = {SIGNERS, SIGNERS};
    static const enum signer one_key[] = {FIRST, FIRST};
    static const enum signer stolen[] = {FIRST, SITE};
    static const enum signer right[] = {FIRST, SECOND};
    struct numu_certificate over = person(fixture, "admin_old", SITE_2);
    static const enum signer first_and_old[] = {FIRST, SITE_2};
    over.until = numu_instant_day(book->now);
    settle(fixture);
    bring(fixture, ROOT, &over);
    sign_head(fixture, &book->ledger, SITE);
    open_hub(fixture, ROOT, &hub);
    assert_int_equal(offer(fixture, &book->ledger, 0, &hub), NUMU_BUNDLE_ACCEPTED);
    assert_int_equal(open_epoch(fixture, two, unsigned_two, &hub), NUMU_BUNDLE_BAD_EPOCH);
    assert_int_equal(open_epoch(fixture, two, one_key, &hub), NUMU_BUNDLE_BAD_EPOCH);
    assert_int_equal(open_epoch(fixture, two, stolen, &hub), NUMU_BUNDLE_BAD_EPOCH);
    book->now += 86400;
    assert_int_equal(open_epoch(fixture, old, first_and_old, &hub), NUMU_BUNDLE_BAD_EPOCH);
    book->now -= 86400; /* the control: on his last day he may */
    struct book same;
    open_hub(fixture, ROOT, &same);
    assert_int_equal(open_epoch(fixture, old, first_and_old, &same), NUMU_BUNDLE_ACCEPTED);
    assert_int_equal(open_epoch(fixture, two, right, &hub), NUMU_BUNDLE_ACCEPTED);
    book_release(&same);
    book_release(&hub);
}

/* The same without a root goes through: the control. */
static void test_thief_without_root(void **state) {
    struct fixture *fixture = *state;
    struct book hub;
    book_register_key(&fixture->book, &fixture->signer[SITE].public_key);
    open_rounds(&fixture->book);
    open_hub(fixture, SIGNERS, &hub);
    assert_int_equal(
        steal(fixture, people_draft(fixture, "boss", "administrator", THIEF), true, &hub),
        NUMU_BUNDLE_ACCEPTED);
    assert_int_equal(roles_of(&hub.ledger, &hub.arena, "boss"), NUMU_ROLE_administrator);
    struct numu_certificate certificate = person(fixture, "boss", FIRST);
    struct numu_text note = sign_by(fixture, ROOT, &certificate);
    refuse_note(fixture, note, "kind.root_none"); /* nobody could judge it */
    book_release(&hub);
}

/* Fields of the state end at tabs: rows that would make their own are refused everywhere. */
static void test_injection(void **state) {
    struct fixture *fixture = *state;
    struct numu_ledger copy;
    book_must(numu_ledger_copy(&fixture->book.ledger, &copy));
    struct numu_record record = {.site = copy.site, .sequence = (int64_t)copy.head.size};
    struct numu_event_error error;
    book_must(numu_event_read_draft(
        &fixture->book.arena,
        NUMU_TEXT("{\"type\":\"register\",\"by\":\"init\",\"key\":\"tab\",\"time\":"
                  "\"2026-01-05T08:00:00Z\",\"register\":{\"people\":[{\"id\":\"boss\",\"roles\":"
                  "\"administrator\",\"key\":\"k\\talways\"}]}}"),
        &record.event, &error));
    book_must(numu_ledger_begin(&copy));
    assert_int_equal(numu_state_apply(&copy.state, &copy.scratch, copy.log, &record), NUMU_INVALID);
    numu_ledger_rollback(&copy);
    book_must(numu_ledger_close(&copy));
}

static void test_admission(void **state) {
    struct fixture *fixture = *state;
    struct book same;
    struct book alien;
    settle(fixture);
    open_hub(fixture, ROOT, &same);
    open_hub(fixture, FALSE_ROOT, &alien);
    assert_int_equal(offer(fixture, &fixture->book.ledger, 0, &same), NUMU_BUNDLE_ACCEPTED);
    assert_int_equal(offer(fixture, &fixture->book.ledger, 0, &same), NUMU_BUNDLE_KNOWN);
    assert_int_equal(offer(fixture, &fixture->book.ledger, 0, &alien), NUMU_BUNDLE_OTHER_ROOT);
    /* the same site, founded again by a thief: without a root, or with one of his own */
    struct fixture thief = *fixture;
    found(&thief, false);
    book_register_key(&thief.book, &fixture->signer[SITE].public_key);
    sign_head(&thief, &thief.book.ledger, SITE);
    struct book fresh;
    open_hub(fixture, ROOT, &fresh);
    assert_int_equal(offer(&thief, &thief.book.ledger, 0, &fresh), NUMU_BUNDLE_OTHER_ROOT);
    assert_int_equal(offer(fixture, &fixture->book.ledger, 0, &fresh), NUMU_BUNDLE_ACCEPTED);
    book_release(&thief.book);
    book_release(&fresh);
    book_release(&same);
    book_release(&alien);
}

static void test_new_root(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    struct book hub;
    struct numu_text *roots;
    size_t count;
    settle(fixture);
    open_hub(fixture, ROOT, &hub);
    struct numu_certificate late = person(fixture, "admin_3", THIEF);
    struct numu_certificate change = other(fixture, NUMU_CERTIFICATE_root, "", NEXT);
    refuse_note(fixture, sign_by(fixture, NEXT, &change), "kind.root_not_signed");
    bring(fixture, ROOT, &change);
    refuse_note(fixture, sign_by(fixture, ROOT, &late), "kind.root_not_signed");
    refuse_note(fixture, sign_by(fixture, ROOT, &change), "kind.root_not_signed");
    bring(fixture, NEXT, &late);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "admin_1"), NUMU_ROLE_administrator);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "admin_3"), NUMU_ROLE_administrator);
    book_must(numu_roots_list(&book->ledger.state, &book->arena, NUMU_TEXT("a"), &roots, &count));
    assert_int_equal(count, 2);
    assert_string_equal(roots[0].data, key_of(fixture, ROOT));
    assert_string_equal(roots[1].data, key_of(fixture, NEXT));
    sign_head(fixture, &book->ledger, SITE);
    assert_int_equal(offer(fixture, &book->ledger, 0, &hub), NUMU_BUNDLE_ACCEPTED);
    verify(book, &book->ledger, 0);
    verify(book, &hub.ledger, 0);
    /* a hub that was told of another successor follows neither log from there */
    struct book parted;
    struct numu_certificate false_change = other(fixture, NUMU_CERTIFICATE_root, "", FALSE_ROOT);
    struct numu_text note = sign_by(fixture, ROOT, &false_change);
    open_hub(fixture, ROOT, &parted);
    book_do(&parted, "keeper", draft_of(fixture, &note, 1));
    assert_int_equal(offer(fixture, &book->ledger, 0, &parted), NUMU_BUNDLE_OTHER_ROOT);
    book_release(&parted);
    book_release(&hub);
}

/* A book of before gets a root: two people say so, and administrators begin anew. */
static void test_adoption(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    struct book hub;
    struct book late;
    book_register_key(book, &fixture->signer[SITE].public_key);
    book_do(book, "init", people_draft(fixture, "admin_1", "administrator", FIRST));
    open_rounds(book);
    sign_head(fixture, &book->ledger, SITE);
    open_hub(fixture, SIGNERS, &hub);
    assert_int_equal(offer(fixture, &book->ledger, 0, &hub), NUMU_BUNDLE_ACCEPTED);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "admin_1"), NUMU_ROLE_administrator);
    book_do(&hub, "init", root_draft(fixture, ROOT)); /* before the site has one: it goes on */
    open_rounds(book);
    sign_head(fixture, &book->ledger, SITE);
    assert_int_equal(offer(fixture, &book->ledger, 0, &hub), NUMU_BUNDLE_ACCEPTED);
    book_do(book, "registrar", root_draft(fixture, ROOT));
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_PROPOSED);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "admin_1"), NUMU_ROLE_administrator);
    book_approve(book, "chief", book_last(book));
    assert_int_equal(roles_of(&book->ledger, &book->arena, "admin_1"), 0);
    struct numu_certificate certificate = person(fixture, "admin_1", FIRST);
    bring(fixture, ROOT, &certificate);
    assert_int_equal(roles_of(&book->ledger, &book->arena, "admin_1"), NUMU_ROLE_administrator);
    sign_head(fixture, &book->ledger, SITE);
    verify(book, &book->ledger, 0);
    assert_int_equal(offer(fixture, &book->ledger, 0, &hub), NUMU_BUNDLE_ACCEPTED);
    open_hub(fixture, ROOT, &late); /* and a book that never knew it takes it, now */
    assert_int_equal(offer(fixture, &book->ledger, 0, &late), NUMU_BUNDLE_ACCEPTED);
    book_release(&late);
    book_release(&hub);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_drafts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_door, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_people_take_two_administrators, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_revocation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_key_of_the_site, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_thief, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_epochs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_thief_without_root, set_up_rootless, tear_down),
        cmocka_unit_test_setup_teardown(test_injection, set_up_rootless, tear_down),
        cmocka_unit_test_setup_teardown(test_admission, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_new_root, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_adoption, set_up_rootless, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
