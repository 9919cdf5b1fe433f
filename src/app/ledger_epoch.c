/*
 * ledger_epoch.c - see ledger_epoch.h.
 */
#include "app/ledger_epoch.h"

#include "app/ledger_draft.h"
#include "app/tell.h"
#include "ledger/bundle.h"
#include "ledger/epoch.h"

#include <inttypes.h>
#include <string.h>

static const struct numu_argument no_argument = {.kind = NUMU_ARGUMENT_NONE};

static inline numu_status refuse(struct numu_report *report, const char *why) {
    numu_app_tell(report, NUMU_CODE_EVENT_EPOCH, numu_argument_string(why), no_argument);
    return NUMU_INVALID;
}

/* --- the common head --- */

/* The size of a head that both histories have; it is held against the log when it is judged. */
static bool parse_head(struct numu_ledger *ledger, struct numu_text text,
                       struct numu_checkpoint *out) {
    struct numu_text id;
    struct numu_text site;
    int64_t epoch;
    return numu_checkpoint_read(text, out) == NUMU_OK &&
           numu_log_origin_parse(out->origin, &id, &site, &epoch) &&
           numu_text_is_equal(id, ledger->id) && numu_text_is_equal(site, ledger->site);
}

/* Size and root of the last common head, by a head or by where the two histories part. */
static numu_status find_common(struct numu_ledger *ledger, const char *path,
                               struct numu_arena *arena, struct numu_report *report,
                               struct numu_checkpoint *out) {
    struct numu_text text;
    struct numu_ledger_tree room;
    bool is_found;
    NUMU_TRY(numu_app_read(arena, path, 0, report, &text));
    if (parse_head(ledger, text, out)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_bundle_common(ledger, text, &out->size, &is_found));
    if (!is_found || out->size == 0) {
        return refuse(report, "kind.epoch_other");
    }
    struct numu_tree tree = numu_ledger_tree(ledger, ledger->log, ledger->site, &room);
    return numu_tree_root(&tree, out->size, &out->root);
}

/* --- the halves --- */

/* Signs the body of an event, where the person has a key. */
static numu_status sign(struct numu_ledger *ledger, struct numu_arena *arena,
                        const struct numu_signer *person, const struct numu_event *event,
                        struct numu_event_signature *out) {
    struct numu_buffer body;
    numu_buffer_init(&body, ledger->heap, 0);
    numu_status status = numu_event_write_body(event, arena, &body);
    if (status == NUMU_OK) {
        out->key = numu_text_of(person->public_key.name);
        status = numu_sign(person, (struct numu_text){body.data, body.length}, &out->signature);
    }
    numu_buffer_release(&body);
    return status;
}

typedef numu_status (*half)(struct numu_ledger *ledger, const struct numu_entry_request *request,
                            struct numu_report *report, struct numu_receipt *out);

static numu_status act(struct numu_ledger *ledger, const struct numu_ledger_epoch_request *request,
                       const struct numu_event *event, half which, struct numu_arena *arena,
                       struct numu_report *report, bool *out_refused) {
    struct numu_entry_request entry = {.event = *event, .now = request->now, .place = NUMU_NOWHERE};
    struct numu_event_signature signature;
    struct numu_receipt receipt;
    entry.event.version = numu_event_version(entry.event.type);
    entry.event.ledger = ledger->id;
    entry.event.by = request->by;
    entry.event.time = request->now;
    if (request->person != NULL) {
        NUMU_TRY(sign(ledger, arena, request->person, &entry.event, &signature));
        entry.signatures = &signature;
        entry.signature_count = 1;
    }
    NUMU_TRY(which(ledger, &entry, report, &receipt));
    *out_refused = receipt.outcome == NUMU_OUTCOME_REFUSED;
    return NUMU_OK;
}

static numu_status open_half(struct numu_ledger *ledger,
                             const struct numu_ledger_epoch_request *request,
                             struct numu_arena *arena, struct numu_report *report,
                             bool *out_refused) {
    struct numu_checkpoint common;
    struct numu_event event = {.type = NUMU_EVENT_epoch, .reason = request->reason};
    char hex[NUMU_SHA256_HEX_BYTES];
    char time[NUMU_INSTANT_TEXT_BYTES];
    NUMU_TRY(find_common(ledger, request->other, arena, report, &common));
    event.against = (int64_t)common.size;
    event.head = numu_text_of(numu_sha256_hex(&common.root, hex));
    NUMU_TRY(numu_text_printf(arena, &event.key, "epoch-%" PRId64 "-%s", ledger->epoch + 1,
                              numu_instant_format(request->now, time)));
    return act(ledger, request, &event, numu_epoch_propose, arena, report, out_refused);
}

static numu_status approve_half(struct numu_ledger *ledger,
                                const struct numu_ledger_epoch_request *request,
                                struct numu_arena *arena, struct numu_report *report,
                                bool *out_refused) {
    struct numu_record opening;
    struct numu_sha256 leaf;
    struct numu_text name;
    struct numu_event event = {.type = NUMU_EVENT_approve, .against = NUMU_NO_NUMBER};
    char hex[NUMU_SHA256_HEX_BYTES];
    numu_status status = numu_epoch_waiting(ledger, arena, &opening, &leaf);
    if (status == NUMU_OK) {
        NUMU_TRY(numu_event_name(arena, opening.site, opening.epoch, opening.sequence, &name));
    }
    if (status == NUMU_NOT_FOUND ||
        (status == NUMU_OK && !numu_text_is_equal(name, request->approve))) {
        numu_app_tell(report, NUMU_CODE_EVENT_PROPOSAL, numu_argument_string("kind.none"),
                      numu_argument_text(request->approve));
        *out_refused = true;
        return NUMU_OK;
    }
    NUMU_TRY(status);
    NUMU_TRY(numu_text_printf(arena, &event.ref, "%.*s:%s", (int)name.length, name.data,
                              numu_sha256_hex(&leaf, hex)));
    NUMU_TRY(numu_text_printf(arena, &event.key, "approve-%.*s", (int)name.length, name.data));
    return act(ledger, request, &event, numu_epoch_approve, arena, report, out_refused);
}

numu_status numu_app_ledger_epoch(struct numu_ledger *ledger,
                                  const struct numu_ledger_epoch_request *request,
                                  struct numu_arena *arena, struct numu_report *report,
                                  bool *out_refused) {
    *out_refused = false;
    return request->approve.length > 0 ? approve_half(ledger, request, arena, report, out_refused)
                                       : open_half(ledger, request, arena, report, out_refused);
}

/* --- what there is --- */

static numu_status add_row(struct numu_sheet *out, struct numu_arena *arena, struct numu_text site,
                           int64_t epoch, uint64_t common, uint64_t evidence, const char *state,
                           struct numu_text opening) {
    NUMU_TRY(numu_text_copy(arena, site, &site)); /* the sheet outlives the book */
    NUMU_TRY(numu_sheet_add_text(out, site));
    NUMU_TRY(numu_sheet_add(out, numu_argument_integer(epoch)));
    NUMU_TRY(numu_sheet_add(out, numu_argument_integer((int64_t)common)));
    NUMU_TRY(numu_sheet_add(out, numu_argument_integer((int64_t)evidence)));
    NUMU_TRY(numu_sheet_add_text(out, numu_text_of(state)));
    return numu_sheet_add_text(out, opening);
}

static numu_status add_epochs(struct numu_ledger *ledger, struct numu_text site,
                              struct numu_arena *arena, struct numu_sheet *out) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_epoch *epochs;
    size_t count;
    NUMU_TRY(numu_epochs_list(ledger, arena, site, &epochs, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_text opening;
        uint64_t size = 0;
        if (epochs[i].has_evidence) {
            NUMU_TRY(store->port->size(store->self, epochs[i].evidence, &size));
        }
        uint64_t evidence = size > epochs[i].common ? size - epochs[i].common : 0;
        NUMU_TRY(
            numu_event_name(arena, site, epochs[i].number, (int64_t)epochs[i].common, &opening));
        NUMU_TRY(add_row(out, arena, site, epochs[i].number, epochs[i].common, evidence,
                         i + 1 == count ? "word.epoch_goes_on" : "word.epoch_ended", opening));
    }
    return NUMU_OK;
}

static numu_status add_frozen(struct numu_ledger *ledger, struct numu_text site,
                              struct numu_arena *arena, struct numu_sheet *out) {
    struct numu_freeze freeze;
    numu_status status = numu_bundle_freeze(ledger, arena, site, &freeze);
    if (status == NUMU_NOT_FOUND) {
        return NUMU_OK;
    }
    NUMU_TRY(status);
    return add_row(out, arena, site, freeze.epoch, freeze.common, 0, "word.epoch_frozen",
                   (struct numu_text){NULL, 0});
}

static numu_status add_waiting(struct numu_ledger *ledger, struct numu_arena *arena,
                               struct numu_sheet *out) {
    struct numu_record opening;
    struct numu_sha256 leaf;
    struct numu_text name;
    numu_status status = numu_epoch_waiting(ledger, arena, &opening, &leaf);
    if (status == NUMU_NOT_FOUND) {
        return NUMU_OK;
    }
    NUMU_TRY(status);
    uint64_t common = (uint64_t)opening.event.against;
    uint64_t evidence = ledger->head.size > common ? ledger->head.size - common : 0;
    NUMU_TRY(numu_event_name(arena, opening.site, opening.epoch, opening.sequence, &name));
    return add_row(out, arena, opening.site, opening.epoch, common, evidence, "word.epoch_waits",
                   name);
}

numu_status numu_app_ledger_epochs(struct numu_ledger *ledger, struct numu_arena *arena,
                                   struct numu_sheet *out) {
    static const char *const columns[] = {"site",  "epoch",     "common", "evidence",
                                          "state", "opened_by", NULL};
    struct numu_text *sites;
    size_t count;
    numu_sheet_init(out, ledger->heap, "numu.ledger.epochs/1", "epochs", columns);
    NUMU_TRY(numu_sites_list(ledger, arena, &sites, &count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(add_epochs(ledger, sites[i], arena, out));
        NUMU_TRY(add_frozen(ledger, sites[i], arena, out));
    }
    return add_waiting(ledger, arena, out);
}
