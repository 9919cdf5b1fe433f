/*
 * certify.c - see certify.h.
 */
#include "app/certify.h"

#include "app/tell.h"

/* --- signing --- */

static void tell_line(struct numu_report *report, struct numu_place place,
                      const struct numu_event_error *error) {
    const char *form = numu_certificate_error_form(error);
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_BAD_CERTIFICATE, .place = place, .related = NUMU_NOWHERE};
    finding.place.offset += error->offset;
    finding.place.length = 1;
    finding.arguments[0] = numu_argument_string(numu_event_error_name(error));
    if (error->member.length > 0) {
        finding.arguments[1] = numu_argument_text(error->member);
    }
    if (form != NULL) {
        finding.arguments[2] = numu_argument_string(form);
    }
    numu_report_add(report, &finding);
}

static numu_status certify_line(const struct numu_certify_request *request, struct numu_text line,
                                struct numu_place place, struct numu_arena *arena,
                                struct numu_report *report, struct numu_buffer *buffer) {
    struct numu_certificate certificate;
    struct numu_event_error error;
    numu_status status = numu_certificate_read_draft(arena, line, &certificate, &error);
    if (status == NUMU_INVALID) {
        tell_line(report, place, &error);
        return NUMU_OK;
    }
    NUMU_TRY(status);
    if (certificate.ledger.length == 0) {
        certificate.ledger = request->ledger;
    }
    if (certificate.issued == NUMU_NO_INSTANT) {
        certificate.issued = request->now;
    }
    return numu_certificate_write(&certificate, request->root, buffer);
}

static numu_status certify_lines(const struct numu_certify_request *request, struct numu_text text,
                                 uint32_t source, struct numu_arena *arena,
                                 struct numu_report *report, struct numu_buffer *buffer) {
    for (size_t at = 0; at < text.length;) {
        size_t end = numu_text_find(text, NUMU_TEXT("\n"), at);
        end = end == SIZE_MAX ? text.length : end;
        struct numu_text line = {text.data + at, end - at};
        if (numu_text_trim(line).length > 0) {
            NUMU_TRY(certify_line(request, line, (struct numu_place){source, 0, at}, arena, report,
                                  buffer));
        }
        at = end + 1;
    }
    return NUMU_OK;
}

numu_status numu_app_certify(const struct numu_certify_request *request,
                             struct numu_sources *sources, struct numu_arena *arena,
                             struct numu_report *report, struct numu_buffer *buffer) {
    struct numu_text text;
    uint32_t source;
    size_t before = buffer->length;
    NUMU_TRY(numu_app_read(arena, request->path, 0, report, &text));
    NUMU_TRY(numu_sources_add(sources, numu_text_of(request->path), text, &source));
    NUMU_TRY(certify_lines(request, text, source, arena, report, buffer));
    if (numu_report_total(report, NUMU_ERROR) == 0 && buffer->length == before) {
        const struct numu_event_error nothing = {.problem = NUMU_EVENT_NO_JSON};
        tell_line(report, (struct numu_place){source, 0, 0}, &nothing);
    }
    if (numu_report_total(report, NUMU_ERROR) > 0) {
        buffer->length = before;
        return NUMU_INVALID;
    }
    return NUMU_OK;
}

/* --- reading --- */

/* That a file holds what is no certificate, at the line after those of `before`. */
static numu_status tell_file(struct numu_report *report, struct numu_arena *arena, const char *path,
                             struct numu_text before) {
    struct numu_text where;
    struct numu_text line;
    size_t number = 1;
    while (numu_text_next_line(&before, &line)) {
        number++;
    }
    NUMU_TRY(numu_text_printf(arena, &where, "%s:%zu", path, number));
    numu_app_tell_string(report, NUMU_CODE_BAD_CERTIFICATE, "kind.root_malformed", where.data);
    return NUMU_OK;
}

numu_status numu_app_certificates_read(const char *path, struct numu_arena *arena,
                                       struct numu_report *report, struct numu_text *out) {
    struct numu_text text;
    struct numu_text note;
    struct numu_certificate certificate;
    NUMU_TRY(numu_app_read(arena, path, 0, report, &text));
    numu_status status = text.length == 0 ? NUMU_INVALID : NUMU_OK;
    size_t at = 0; /* of the note that was read last */
    for (struct numu_text rest = text; status == NUMU_OK && numu_certificate_next(&rest, &note);) {
        at = (size_t)(note.data - text.data);
        status = numu_certificate_read(arena, note, &certificate);
    }
    if (status == NUMU_INVALID) {
        NUMU_TRY(tell_file(report, arena, path, (struct numu_text){text.data, at}));
    }
    NUMU_TRY(status);
    *out = text;
    return NUMU_OK;
}
