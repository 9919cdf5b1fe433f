/*
 * command_explain.c - numu explain: what a code of a finding means, or why a plan is as it is.
 */
#include "app/app.h"
#include "app/explain.h"
#include "cli/session.h"
#include "view/explain.h"
#include "view/findings.h"
#include "view/reason.h"

static numu_status list_codes(struct numu_session *session) {
    for (int code = NUMU_CODE_NONE + 1; code < NUMU_CODE_COUNT; code++) {
        NUMU_TRY(numu_buffer_append_string(&session->output, numu_code_text((numu_code)code)));
        NUMU_TRY(numu_buffer_append_char(&session->output, '\n'));
    }
    return NUMU_OK;
}

/* A code of a finding; NUMU_CODE_NONE and a complaint where there is none of that name. */
static numu_code find_code(struct numu_session *session) {
    const char *operand = session->invocation->operands[0];
    struct numu_text name = numu_text_of(operand);
    numu_code code = numu_code_find(name);
    if (code == NUMU_CODE_NONE) {
        numu_code nearest = numu_code_nearest(name);
        const char *const arguments[3] = {operand, NULL, NULL};
        numu_session_complain(session, NUMU_HELP_UNKNOWN_CODE, arguments,
                              nearest == NUMU_CODE_NONE ? NULL : numu_code_text(nearest));
    }
    return code;
}

static bool is_plan(const struct numu_invocation *invocation) {
    struct numu_text name = numu_text_of(invocation->operands[0]);
    bool is_database =
        name.length > 3 && numu_text_is((struct numu_text){name.data + name.length - 3, 3}, ".db");
    return invocation->operand_count > 1 || is_database;
}

/* Walks the pegs of an order or a demand called so; *out is NULL where `what` is neither. */
static numu_status walk_pegs(struct numu_session *session, const struct numu_plan *plan,
                             struct numu_text what, struct numu_peg_walk *walk,
                             const struct numu_peg_walk **out) {
    size_t colon = numu_text_find(what, NUMU_TEXT("demand:"), 0) == 0 ? sizeof "demand:" - 1 : 0;
    *out = NULL;
    if (what.length == 0) {
        return NUMU_OK;
    }
    numu_status status =
        numu_app_walk_pegs(plan, (struct numu_text){what.data + colon, what.length - colon},
                           session->context.heap, &session->arena, walk);
    *out = status == NUMU_OK ? walk : NULL;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

static numu_status explain_row(struct numu_session *session, const struct numu_plan *plan,
                               struct numu_text what, bool *is_found) {
    struct numu_peg_walk room;
    const struct numu_peg_walk *walk;
    numu_language language = session->terminal.language;
    NUMU_TRY(walk_pegs(session, plan, what, &room, &walk));
    NUMU_TRY(
        numu_view_reasons(&session->output, plan, what, walk, language, session->format, is_found));
    *is_found = *is_found || walk != NULL;
    return walk != NULL && session->format == NUMU_FORMAT_TABLE
               ? numu_view_pegs(&session->output, plan, walk, language)
               : NUMU_OK;
}

static int explain_plan(struct numu_session *session) {
    const struct numu_invocation *invocation = session->invocation;
    struct numu_plan plan = {0};
    bool is_found = true;
    const char *what = invocation->operand_count > 1 ? invocation->operands[1] : "";
    numu_status status =
        numu_app_read_plan(invocation->operands[0], &session->arena, &session->report, &plan);
    if (status == NUMU_OK) {
        status = explain_row(session, &plan, numu_text_of(what), &is_found);
    }
    if (status == NUMU_OK && !is_found) {
        const char *const arguments[3] = {what, invocation->operands[0], NULL};
        numu_session_complain(session, NUMU_HELP_UNKNOWN_ROW, arguments, NULL);
        numu_session_release(session);
        return NUMU_EXIT_USAGE;
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(session);
    }
    return numu_session_finish(session, status, false);
}

int numu_command_explain(const struct numu_invocation *invocation) {
    struct numu_session session;
    numu_session_init(&session, invocation);
    if (invocation->operand_count > 0 && is_plan(invocation)) {
        return explain_plan(&session);
    }
    numu_status status = NUMU_OK;
    if (invocation->operand_count == 0) {
        status = list_codes(&session);
    } else {
        numu_code code = find_code(&session);
        if (code == NUMU_CODE_NONE) {
            numu_session_release(&session);
            return NUMU_EXIT_USAGE;
        }
        status = numu_view_code(&session.output, code, session.terminal.language);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}
