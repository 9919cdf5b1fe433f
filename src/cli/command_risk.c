/*
 * command_risk.c - numu risk.
 */
#include "app/risk.h"
#include "cli/session.h"
#include "view/risk.h"

#include <stdio.h>

/* False, and said, where an option holds what it cannot take. */
static bool read_request(struct numu_session *session, struct numu_risk_request *out) {
    const struct numu_invocation *invocation = session->invocation;
    const char *deadline = invocation->values[NUMU_OPTION_DEADLINE];
    const char *confidence = invocation->values[NUMU_OPTION_CONFIDENCE];
    *out = (struct numu_risk_request){
        .samples = numu_option_count(invocation, NUMU_OPTION_SAMPLES, 0),
        .tolerance = numu_option_seconds(invocation, NUMU_OPTION_TOLERANCE),
        .confidence = numu_option_seconds(invocation, NUMU_OPTION_CONFIDENCE),
        .deadline = NUMU_NO_DAY,
        .skips_removal = numu_option_is_given(invocation, NUMU_OPTION_NO_REMOVAL),
        .uplifts = numu_option_is_given(invocation, NUMU_OPTION_UPLIFT)};
    if (deadline != NULL && !numu_day_parse(numu_text_of(deadline), &out->deadline)) {
        const char *const arguments[3] = {"deadline", deadline, NULL};
        numu_session_complain(session, NUMU_HELP_BAD_DATE, arguments, NULL);
        return false;
    }
    if (confidence != NULL && !(out->confidence >= 1 && out->confidence <= 99)) {
        numu_session_complain_simply(session, NUMU_HELP_BAD_CONFIDENCE, confidence);
        return false;
    }
    return true;
}

static numu_status show(struct numu_session *session, const struct numu_risk_outcome *outcome) {
    char hex[NUMU_SHA256_HEX_BYTES];
    char seed[24];
    struct numu_stamp stamp = numu_session_stamp(session, hex);
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)outcome->seed);
    stamp.seed = numu_text_of(seed);
    numu_language language = session->terminal.language;
    NUMU_TRY(numu_session_wants_page(session)
                 ? numu_view_risk_page(&session->output, outcome, &stamp, language)
                 : numu_view_risk(&session->output, outcome, &stamp, language, session->format));
    return numu_session_hand_out(session);
}

int numu_command_risk(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_risk_request request;
    struct numu_risk_outcome outcome;
    numu_session_init(&session, invocation);
    if (!read_request(&session, &request)) {
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    numu_status status = numu_session_load(&session, 0);
    if (status == NUMU_OK) {
        status = numu_app_risk(&session.context, &session.model, &request, &session.arena,
                               &session.report, &outcome);
    }
    numu_terminal_clear_progress(&session.terminal);
    if (status == NUMU_OK) {
        status = show(&session, &outcome);
    }
    return numu_session_finish(&session, status, false);
}
