/*
 * ledger_verify.c - see ledger_verify.h.
 */
#include "app/ledger_verify.h"

#include "app/key.h"
#include "app/ledger.h"
#include "app/tell.h"
#include "ledger/tile.h"

#include <inttypes.h>

static numu_status read_inputs(const char *path, const char *key, struct numu_report *report,
                               struct numu_arena *arena, struct numu_text *out_text,
                               struct numu_public_key *out_key) {
    NUMU_TRY(numu_app_key_given(arena, key, report, out_key));
    return numu_app_read(arena, path, 0, report, out_text);
}

/* --- bundles --- */

static const char *const outcome_words[NUMU_BUNDLE_OUTCOME_COUNT] = {
    [NUMU_BUNDLE_PARKED] = "kind.bundle_parked",
    [NUMU_BUNDLE_MALFORMED] = "kind.bundle_malformed",
    [NUMU_BUNDLE_OTHER] = "kind.bundle_other",
    [NUMU_BUNDLE_UNKNOWN_KEY] = "kind.bundle_bad_head",
    [NUMU_BUNDLE_BAD_HEAD] = "kind.bundle_bad_head",
    [NUMU_BUNDLE_BAD_EVENT] = "kind.bundle_bad_event",
    [NUMU_BUNDLE_FORKED] = "kind.bundle_forked",
    [NUMU_BUNDLE_FROZEN] = "kind.bundle_forked",
    [NUMU_BUNDLE_BAD_EPOCH] = "kind.bundle_bad_epoch",
    [NUMU_BUNDLE_ENDED] = "kind.bundle_ended",
    [NUMU_BUNDLE_UNCERTIFIED] = "kind.bundle_uncertified",
    [NUMU_BUNDLE_OTHER_ROOT] = "kind.bundle_other_root"};

static void refuse_bundle(struct numu_report *report, const struct numu_bundle_result *result) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_BUNDLE_REFUSED, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(outcome_words[result->outcome]);
    if (result->site.length > 0) {
        finding.arguments[1] = numu_argument_text(result->site);
        finding.arguments[2] = numu_argument_integer((int64_t)result->first);
        finding.arguments[3] = numu_argument_integer((int64_t)(result->first + result->count) - 1);
    }
    numu_report_add(report, &finding);
}

/* Takes all bundles into the book. */
static numu_status accept_all(struct numu_ledger *book, struct numu_text text,
                              const struct numu_public_key *key, struct numu_report *report,
                              uint64_t *out_events, uint64_t *out_heads) {
    bool holds = true;
    do {
        struct numu_bundle_result result;
        NUMU_TRY(numu_bundle_accept(book, &text, key, &result));
        *out_events += result.added;
        if (outcome_words[result.outcome] == NULL) {
            ++*out_heads;
        } else {
            holds = false;
            refuse_bundle(report, &result);
        }
    } while (text.length > 0);
    return holds ? NUMU_OK : NUMU_INVALID;
}

/* Gives a book a root, so that it takes no log with another. */
static numu_status put_root(struct numu_ledger *book, const struct numu_public_key *root,
                            struct numu_report *report) {
    struct numu_buffer draft;
    numu_buffer_init(&draft, book->heap, 0);
    numu_status status = numu_buffer_append_string(
        &draft, "{\"type\":\"register\",\"by\":\"init\",\"key\":\"root\",\"time\":"
                "\"2000-01-01T00:00:00Z\",\"register\":{\"roots\":[{\"id\":\"root\",\"key\":\"");
    if (status == NUMU_OK) {
        status = numu_public_key_write(root, &draft);
    }
    if (status == NUMU_OK) {
        status = numu_buffer_append_string(&draft, "\"}]}}\n");
    }
    if (status == NUMU_OK) {
        status = numu_app_ledger_record_registers(
            book, 0, NULL, (struct numu_text){draft.data, draft.length}, report);
    }
    numu_buffer_release(&draft);
    return status;
}

static numu_status verify_bundle(const struct numu_context *context, struct numu_text text,
                                 const struct numu_public_key *key,
                                 const struct numu_public_key *root, struct numu_report *report,
                                 uint64_t *out_events, uint64_t *out_heads) {
    struct numu_store store;
    struct numu_ledger book;
    struct numu_text id = NUMU_TEXT("?");
    struct numu_text site;
    (void)numu_bundle_origin(text, &id, &site); /* what is malformed is said when accepted */
    NUMU_TRY(numu_store_memory_open(context->heap, &store));
    NUMU_TRY(numu_ledger_init(context->heap, store, id, NUMU_TEXT("(nobody)"), &book));
    numu_status status = root == NULL ? NUMU_OK : put_root(&book, root, report);
    if (status == NUMU_OK) {
        status = accept_all(&book, text, key, report, out_events, out_heads);
    }
    numu_status closed = numu_ledger_close(&book);
    return status != NUMU_OK ? status : closed;
}

numu_status numu_app_verify_bundle(const struct numu_context *context, const char *path,
                                   const char *key, const char *root, struct numu_report *report,
                                   uint64_t *out_events, uint64_t *out_heads) {
    struct numu_arena arena;
    struct numu_text text;
    struct numu_public_key trusted;
    struct numu_public_key wanted;
    *out_events = 0;
    *out_heads = 0;
    numu_arena_init(&arena, context->heap);
    numu_status status = read_inputs(path, key, report, &arena, &text, &trusted);
    if (status == NUMU_OK && root != NULL) {
        status = numu_app_key_given(&arena, root, report, &wanted);
    }
    if (status == NUMU_OK) {
        status = verify_bundle(context, text, &trusted, root == NULL ? NULL : &wanted, report,
                               out_events, out_heads);
    }
    numu_arena_release(&arena);
    return status;
}

/* --- proofs --- */

static numu_status refuse_proof(struct numu_report *report, const char *why) {
    struct numu_argument none = {.kind = NUMU_ARGUMENT_NONE};
    numu_app_tell(report, NUMU_CODE_PROOF_REFUSED, numu_argument_string(why), none);
    return NUMU_INVALID;
}

/* The event that a proof carries; NUMU_INVALID where it is none. */
static numu_status read_event(const struct numu_entry_proof *proof, struct numu_arena *arena,
                              struct numu_text *out_bytes, struct numu_record *out) {
    struct numu_text extra = proof->extra;
    struct numu_event_error error;
    char *bytes;
    size_t padding = 0;
    while (padding < 2 && padding < extra.length && extra.data[extra.length - 1 - padding] == '=') {
        padding++;
    }
    size_t length = extra.length / 4 * 3;
    length = length < padding ? 0 : length - padding;
    NUMU_TRY(NUMU_TAKE(arena, &bytes, length));
    if (length == 0 || !numu_base64_parse(extra, bytes, length)) {
        return NUMU_INVALID;
    }
    *out_bytes = (struct numu_text){bytes, length};
    return numu_record_read(arena, *out_bytes, out, &error);
}

static numu_status verify_proof(struct numu_text text, const struct numu_public_key *key,
                                struct numu_report *report, struct numu_arena *arena,
                                struct numu_text *out_event, uint64_t *out_size) {
    struct numu_entry_proof proof;
    struct numu_checkpoint head;
    struct numu_record record;
    struct numu_text bytes;
    struct numu_text note;
    struct numu_text id;
    struct numu_text site;
    int64_t epoch;
    struct numu_sha256 leaf;
    size_t count;
    if (numu_entry_proof_read(text, &proof) != NUMU_OK) {
        return refuse_proof(report, "kind.proof_malformed");
    }
    if (numu_note_read(proof.checkpoint, key, 1, &note, &count) != NUMU_OK || count != 1 ||
        numu_checkpoint_parse(note, &head) != NUMU_OK) {
        return refuse_proof(report, "kind.proof_bad_head");
    }
    numu_status status = read_event(&proof, arena, &bytes, &record);
    if (status == NUMU_INVALID) {
        return refuse_proof(report, "kind.proof_no_event");
    }
    NUMU_TRY(status);
    if (!numu_log_origin_parse(head.origin, &id, &site, &epoch) ||
        !numu_text_is_equal(id, record.event.ledger) || !numu_text_is_equal(site, record.site) ||
        record.epoch > epoch || record.sequence != (int64_t)proof.index) {
        return refuse_proof(report, "kind.proof_other_event");
    }
    NUMU_TRY(numu_merkle_leaf(bytes, &leaf));
    status = numu_inclusion_verify(&proof.proof, proof.index, head.size, &leaf, &head.root);
    if (status == NUMU_INVALID) {
        return refuse_proof(report, "kind.proof_not_in_log");
    }
    NUMU_TRY(status);
    *out_size = head.size;
    return numu_event_name(arena, record.site, record.epoch, record.sequence, out_event);
}

numu_status numu_app_verify_proof(const struct numu_context *context, const char *path,
                                  const char *key, struct numu_report *report,
                                  struct numu_arena *arena, struct numu_text *out_event,
                                  uint64_t *out_size) {
    struct numu_text text;
    struct numu_public_key trusted;
    (void)context;
    NUMU_TRY(read_inputs(path, key, report, arena, &text, &trusted));
    return verify_proof(text, &trusted, report, arena, out_event, out_size);
}
