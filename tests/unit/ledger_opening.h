/*
 * ledger_opening.h - a new epoch of a book, opened by two people without keys, for tests in which
 * memory or the disk fails in the midst of it: what fails leaves the ledger where it was.
 */
#ifndef NUMU_TESTS_LEDGER_OPENING_H
#define NUMU_TESTS_LEDGER_OPENING_H

#include "ledger/epoch.h"

#include "ledger_book.h"

static const char opening_people[] =
    "\"key\":\"admins\",\"type\":\"register\",\"register\":{\"people\":["
    "{\"id\":\"admin_1\",\"roles\":\"administrator\",\"site\":\"hq\"},"
    "{\"id\":\"admin_2\",\"roles\":\"administrator\",\"site\":\"hq\"}]}";

typedef numu_status (*opening_half)(struct numu_ledger *ledger,
                                    const struct numu_entry_request *request,
                                    struct numu_report *report, struct numu_receipt *out);

static inline numu_status opening_try(struct numu_ledger *ledger, struct numu_arena *arena,
                                      struct numu_report *report, const char *draft,
                                      opening_half half, numu_outcome wanted) {
    struct numu_entry_request request = {.now = ledger->head.recorded, .place = NUMU_NOWHERE};
    struct numu_event_error error;
    struct numu_receipt receipt;
    NUMU_TRY(numu_event_read_draft(arena, numu_text_of(draft), &request.event, &error));
    request.event.ledger = ledger->id;
    NUMU_TRY(half(ledger, &request, report, &receipt));
    assert_int_equal(receipt.outcome, wanted);
    return NUMU_OK;
}

static inline numu_status opening_propose(struct numu_ledger *ledger, struct numu_arena *arena,
                                          struct numu_report *report, uint64_t common) {
    struct numu_ledger_tree room;
    struct numu_sha256 root;
    char hex[NUMU_SHA256_HEX_BYTES];
    char draft[512];
    struct numu_tree tree = numu_ledger_tree(ledger, ledger->log, ledger->site, &room);
    NUMU_TRY(numu_tree_root(&tree, common, &root));
    (void)snprintf(draft, sizeof draft,
                   "{\"type\":\"epoch\",\"by\":\"admin_1\",\"key\":\"open-%u\",\"time\":"
                   "\"2026-01-05T08:00:00Z\",\"against\":%u,\"head\":\"%s\",\"reason\":\"a copy\"}",
                   (unsigned)ledger->epoch, (unsigned)common, numu_sha256_hex(&root, hex));
    return opening_try(ledger, arena, report, draft, numu_epoch_propose, NUMU_OUTCOME_PROPOSED);
}

static inline numu_status opening_approve(struct numu_ledger *ledger, struct numu_arena *arena,
                                          struct numu_report *report) {
    struct numu_record opening;
    struct numu_sha256 leaf;
    struct numu_text name;
    char hex[NUMU_SHA256_HEX_BYTES];
    char draft[512];
    NUMU_TRY(numu_epoch_waiting(ledger, arena, &opening, &leaf));
    NUMU_TRY(numu_event_name(arena, opening.site, opening.epoch, opening.sequence, &name));
    (void)snprintf(draft, sizeof draft,
                   "{\"type\":\"approve\",\"by\":\"admin_2\",\"key\":\"yes-%u\",\"time\":"
                   "\"2026-01-05T08:00:00Z\",\"ref\":\"%s:%s\"}",
                   (unsigned)ledger->epoch, name.data, numu_sha256_hex(&leaf, hex));
    return opening_try(ledger, arena, report, draft, numu_epoch_approve, NUMU_OUTCOME_ACKNOWLEDGED);
}

/*
 * Opens an epoch before the last event: instead of it there are the opening and its approval, one
 * event more.
 */
static inline numu_status opening_do(struct numu_ledger *ledger, struct numu_arena *arena,
                                     struct numu_report *report) {
    const uint32_t log = ledger->log;
    const int64_t epoch = ledger->epoch;
    const uint64_t size = ledger->head.size;
    numu_status status = opening_propose(ledger, arena, report, size - 1);
    assert_true(ledger->log == log && ledger->epoch == epoch && ledger->head.size == size);
    if (status == NUMU_OK) {
        status = opening_approve(ledger, arena, report);
    }
    bool is_open = status == NUMU_OK;
    assert_true((ledger->log != log) == is_open);
    assert_true(ledger->epoch == epoch + is_open && ledger->head.size == size + is_open);
    return status;
}

#endif
