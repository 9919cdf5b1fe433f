/*
 * command_form.c - numu form mark, and the forms that a package and a book fill.
 */
#include "app/mark.h"
#include "cli/session.h"
#include "view/mark.h"
#include "view/sheet.h"

static numu_status show_mark(struct numu_session *session, const struct numu_mark *mark) {
    char hex[NUMU_SHA256_HEX_BYTES];
    if (!numu_option_is_given(session->invocation, NUMU_OPTION_FORMAT)) {
        return numu_view_mark(&session->output, mark);
    }
    struct numu_stamp stamp = numu_session_stamp(session, hex);
    if (session->model.package.head.count == 0) {
        stamp.inputs_sha256 = (struct numu_text){NULL, 0};
    }
    return numu_view_sheet(&session->output, &mark->elements, &stamp, session->terminal.language,
                           session->format);
}

int numu_command_form_mark(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_mark mark;
    struct numu_mark_request request = {
        .object = numu_text_of(invocation->operands[0]),
        .item = numu_text_of(invocation->values[NUMU_OPTION_ITEM]),
        .has_carrier = numu_option_is_given(invocation, NUMU_OPTION_CARRIER),
        .carrier = (numu_mark_carrier)numu_option_choice(invocation, NUMU_OPTION_CARRIER)};
    numu_session_init(&session, invocation);
    numu_sources_init(&session.model.sources, &session.model.arena);
    if (numu_option_is_given(invocation, NUMU_OPTION_MODEL)) {
        numu_status status =
            numu_session_load_path(&session, invocation->values[NUMU_OPTION_MODEL]);
        if (status != NUMU_OK) {
            return numu_session_finish(&session, status, false);
        }
        request.model = &session.model;
    }
    numu_status status =
        numu_app_mark(&session.context, &request, &session.arena, &session.report, &mark);
    bool is_wrong = status == NUMU_INVALID;
    if (status == NUMU_OK) {
        status = show_mark(&session, &mark);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    numu_sheet_release(&mark.elements);
    int code = numu_session_finish(&session, status, false);
    return is_wrong ? NUMU_EXIT_NO : code;
}
