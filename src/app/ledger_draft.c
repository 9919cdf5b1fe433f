/*
 * ledger_draft.c - see ledger_draft.h.
 */
#include "app/ledger_draft.h"

#include "app/tell.h"
#include "base/hash.h"
#include "ledger/canonical.h"
#include "ledger/certificate.h"

/* An event being written: members one by one. */
struct draft {
    struct numu_buffer text;
    numu_status status;
};

static void put(struct draft *draft, const char *name, struct numu_text value) {
    if (draft->status == NUMU_OK && value.length > 0) {
        draft->status = numu_buffer_printf(&draft->text, ",\"%s\":", name);
    }
    if (draft->status == NUMU_OK && value.length > 0) {
        draft->status = numu_canonical_string(&draft->text, value);
    }
}

static void begin(struct draft *draft, struct numu_arena *arena, numu_event_type type,
                  struct numu_text by, numu_instant now) {
    char time[NUMU_INSTANT_TEXT_BYTES];
    numu_buffer_init(&draft->text, arena->heap, 0);
    draft->status =
        numu_buffer_printf(&draft->text, "{\"type\":\"%s\"", numu_event_kinds[type].name);
    put(draft, "time", numu_text_of(numu_instant_format(now, time)));
    put(draft, "by", by);
}

static numu_status end(struct draft *draft, struct numu_arena *arena, struct numu_text *out) {
    if (draft->status == NUMU_OK) {
        draft->status = numu_buffer_append_char(&draft->text, '}');
    }
    if (draft->status == NUMU_OK) {
        draft->status =
            numu_text_copy(arena, (struct numu_text){draft->text.data, draft->text.length}, out);
    }
    numu_buffer_release(&draft->text);
    return draft->status;
}

numu_status numu_draft_approval(struct numu_text ref, struct numu_text by, numu_instant now,
                                struct numu_arena *arena, struct numu_text *out) {
    struct draft draft;
    struct numu_text key;
    NUMU_TRY(numu_text_printf(arena, &key, "approve-%.*s", (int)ref.length, ref.data));
    begin(&draft, arena, NUMU_EVENT_approve, by, now);
    put(&draft, "key", key);
    put(&draft, "ref", ref);
    return end(&draft, arena, out);
}

static numu_status draft_certificate(struct numu_text note, struct numu_text by,
                                     struct numu_arena *arena, struct numu_buffer *lines) {
    struct draft draft;
    struct numu_certificate certificate;
    struct numu_sha256 hash;
    struct numu_text key;
    struct numu_text line = {NULL, 0};
    char hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(numu_certificate_read(arena, note, &certificate));
    NUMU_TRY(numu_sha256(note.data, note.length, &hash));
    NUMU_TRY(numu_text_printf(arena, &key, "certificate-%.16s", numu_sha256_hex(&hash, hex)));
    begin(&draft, arena, NUMU_EVENT_register, by, certificate.issued);
    put(&draft, "key", key);
    if (draft.status == NUMU_OK) {
        draft.status = numu_buffer_append_string(&draft.text, ",\"register\":{\"certificates\":[");
    }
    if (draft.status == NUMU_OK) {
        draft.status = numu_canonical_string(&draft.text, note);
    }
    if (draft.status == NUMU_OK) {
        draft.status = numu_buffer_append_string(&draft.text, "]}");
    }
    NUMU_TRY(end(&draft, arena, &line));
    NUMU_TRY(numu_buffer_append(lines, line.data, line.length));
    return numu_buffer_append_char(lines, '\n');
}

numu_status numu_draft_certificates(struct numu_text notes, struct numu_text by,
                                    struct numu_arena *arena, struct numu_text *out) {
    struct numu_buffer lines;
    struct numu_text note;
    numu_buffer_init(&lines, arena->heap, 0);
    numu_status status = NUMU_OK;
    while (status == NUMU_OK && numu_certificate_next(&notes, &note)) {
        status = draft_certificate(note, by, arena, &lines);
    }
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, (struct numu_text){lines.data, lines.length}, out);
    }
    numu_buffer_release(&lines);
    return status;
}

static numu_status hash_file(const char *path, struct numu_arena *arena, struct numu_report *report,
                             char hex[NUMU_SHA256_HEX_BYTES]) {
    struct numu_text bytes;
    struct numu_sha256 hash;
    NUMU_TRY(numu_app_read(arena, path, 0, report, &bytes));
    NUMU_TRY(numu_sha256(bytes.data, bytes.length, &hash));
    (void)numu_sha256_hex(&hash, hex);
    return NUMU_OK;
}

numu_status numu_draft_screening(const struct numu_screening_draft *request,
                                 struct numu_arena *arena, struct numu_report *report,
                                 struct numu_text *out) {
    struct draft draft;
    struct numu_text key;
    char hex[NUMU_SHA256_HEX_BYTES];
    char time[NUMU_INSTANT_TEXT_BYTES];
    NUMU_TRY(hash_file(request->list, arena, report, hex));
    /* Who decides again later decides anew. */
    NUMU_TRY(numu_text_printf(
        arena, &key, "screen-%s-%.8s-%.*s%s%.*s", numu_instant_format(request->now, time), hex,
        (int)request->subject.length, request->subject.data, request->entry.length > 0 ? "-" : "",
        (int)request->entry.length, request->entry.length > 0 ? request->entry.data : ""));
    begin(&draft, arena, NUMU_EVENT_screen, request->by, request->now);
    put(&draft, "key", key);
    put(&draft, "subject", request->subject);
    put(&draft, "list", numu_text_of(hex));
    put(&draft, "entry", request->entry);
    put(&draft, "result", request->is_clear ? NUMU_TEXT("clear") : NUMU_TEXT("hit"));
    put(&draft, "reason", request->reason);
    return end(&draft, arena, out);
}
