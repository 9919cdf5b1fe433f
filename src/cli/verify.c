/*
 * verify.c - numu verify: what kind of thing a file is, and who verifies that kind.
 */
#include "app/verify.h"
#include "app/ledger.h"
#include "app/ledger_verify.h"
#include "app/ledger_witness.h"
#include "cli/session.h"
#include "view/findings.h"

#include <inttypes.h>
#include <stdio.h>

/*
 * Says the verdict: findings, or that all holds. `was_verified` is false where what was to be
 * verified could not even be read.
 */
static int finish_verdict(struct numu_session *session, numu_status status, bool was_verified) {
    const char *path = session->invocation->operands[0];
    bool is_refused = status == NUMU_INVALID && was_verified;
    if (status == NUMU_OK && !session->terminal.is_quiet) {
        numu_session_say(session, NUMU_HELP_VERIFIED, path);
    } else if (is_refused) {
        numu_session_show_findings(session);
        numu_session_say(session, NUMU_HELP_NOT_VERIFIED, path);
        int code = numu_session_finish(session, NUMU_OK, true);
        return code == NUMU_EXIT_DONE ? NUMU_EXIT_NO : code;
    }
    return numu_session_finish(session, status, false);
}

/* What is verified against an instance: a schedule, or a plan. */
static int verify_against(struct numu_session *session, bool is_plan) {
    const struct numu_invocation *invocation = session->invocation;
    bool was_verified = false;
    if (invocation->operand_count < 2) {
        numu_session_complain_simply(session, NUMU_HELP_VERIFY_NEEDS_INSTANCE,
                                     invocation->operands[0]);
        numu_session_release(session);
        return NUMU_EXIT_USAGE;
    }
    const char *path = invocation->operands[0];
    const char *instance = invocation->operands[1];
    const char *rules_folder;
    numu_status status = numu_session_rules_folder(session, &rules_folder);
    if (status == NUMU_OK) {
        status = is_plan
                     ? numu_app_verify_plan(&session->context, path, instance, rules_folder,
                                            &session->report, &session->model, &was_verified)
                     : numu_app_verify_schedule(&session->context, path, instance, &session->report,
                                                &session->model, &was_verified);
    }
    return finish_verdict(session, status, was_verified);
}

/* Who countersigned the heads of the book, among those that are known. */
static numu_status count_witnesses(struct numu_session *session) {
    struct numu_witnessing result;
    char newest[32];
    char none[32];
    const struct numu_invocation *invocation = session->invocation;
    numu_status status = numu_app_ledger_witnesses(
        &session->context, invocation->operands[0], invocation->values[NUMU_OPTION_WITNESS],
        numu_option_count(invocation, NUMU_OPTION_QUORUM, 0), &session->report, &result);
    bool was_counted = status == NUMU_OK ||
                       (status == NUMU_INVALID && session->report.counts[NUMU_CODE_NOT_A_KEY] == 0);
    if (!session->terminal.is_quiet && was_counted) {
        (void)snprintf(newest, sizeof newest, "%" PRIu64, result.newest);
        (void)snprintf(none, sizeof none, "%" PRIu64, result.unsigned_heads);
        numu_session_say_two(session, NUMU_HELP_WITNESSED, newest, none);
    }
    return status;
}

static int verify_ledger(struct numu_session *session) {
    struct numu_verification result = {0};
    char events[32];
    char heads[32];
    const struct numu_invocation *invocation = session->invocation;
    const struct numu_ledger_verify_request request = {
        .path = invocation->operands[0],
        .head = invocation->operand_count > 1 ? invocation->operands[1] : NULL,
        .root = invocation->values[NUMU_OPTION_ROOT]};
    numu_status status =
        numu_app_ledger_verify(&session->context, &request, &session->report, &result);
    if (status == NUMU_OK && !session->terminal.is_quiet) {
        (void)snprintf(events, sizeof events, "%" PRIu64, result.events);
        (void)snprintf(heads, sizeof heads, "%" PRIu64, result.heads);
        numu_session_say_two(session, NUMU_HELP_LEDGER_VERIFIED, events, heads);
        (void)snprintf(events, sizeof events, "%" PRIu64, result.unsigned_events);
        if (result.unsigned_events > 0) {
            numu_session_say(session, NUMU_HELP_LEDGER_UNSIGNED, events);
        }
        (void)snprintf(events, sizeof events, "%" PRIu64, result.evidence);
        if (result.evidence > 0) {
            numu_session_say(session, NUMU_HELP_LEDGER_EVIDENCE, events);
        }
        if (result.has_root) {
            numu_session_say(session, NUMU_HELP_LEDGER_ROOT, result.root.name);
        }
        if (result.pages == 0) {
            numu_session_say(session, NUMU_HELP_LEDGER_NO_PAGES, "");
        }
    }
    if (status == NUMU_OK && numu_option_is_given(invocation, NUMU_OPTION_WITNESS)) {
        status = count_witnesses(session);
    }
    bool was_verified = session->report.counts[NUMU_CODE_NOT_A_LEDGER] == 0 &&
                        session->report.counts[NUMU_CODE_NOT_A_KEY] == 0;
    return finish_verdict(session, status, was_verified);
}

/* What left a book: the key of its site must be given. */
static int verify_sent(struct numu_session *session, numu_verify_kind kind) {
    const char *path = session->invocation->operands[0];
    const char *key = session->invocation->values[NUMU_OPTION_TRUST];
    uint64_t events = 0;
    uint64_t heads = 0;
    struct numu_text event = {NULL, 0};
    char first[256];
    char second[32];
    if (key == NULL) {
        numu_session_complain_simply(session, NUMU_HELP_VERIFY_NEEDS_KEY, path);
        numu_session_release(session);
        return NUMU_EXIT_USAGE;
    }
    bool is_bundle = kind == NUMU_VERIFY_BUNDLE;
    numu_status status = is_bundle
                             ? numu_app_verify_bundle(&session->context, path, key,
                                                      session->invocation->values[NUMU_OPTION_ROOT],
                                                      &session->report, &events, &heads)
                             : numu_app_verify_proof(&session->context, path, key, &session->report,
                                                     &session->arena, &event, &heads);
    if (status == NUMU_OK && !session->terminal.is_quiet) {
        if (is_bundle) {
            (void)snprintf(first, sizeof first, "%" PRIu64, events);
        } else {
            (void)snprintf(first, sizeof first, "%.*s", (int)event.length, event.data);
        }
        (void)snprintf(second, sizeof second, "%" PRIu64, heads);
        numu_session_say_two(session,
                             is_bundle ? NUMU_HELP_LEDGER_VERIFIED : NUMU_HELP_PROOF_VERIFIED,
                             first, second);
    }
    bool was_verified = session->report.counts[NUMU_CODE_NOT_A_KEY] == 0;
    return finish_verdict(session, status, was_verified);
}

/* What a question about witnesses or roots lacks; NUMU_HELP_COUNT where it lacks nothing. */
static numu_help lacks_for_book(const struct numu_invocation *invocation, numu_verify_kind kind) {
    bool has_keys = numu_option_is_given(invocation, NUMU_OPTION_WITNESS);
    bool has_quorum = numu_option_is_given(invocation, NUMU_OPTION_QUORUM);
    if ((has_keys || has_quorum) && kind != NUMU_VERIFY_LEDGER) {
        return NUMU_HELP_VERIFY_NO_WITNESSES;
    }
    bool has_logs = kind == NUMU_VERIFY_LEDGER || kind == NUMU_VERIFY_BUNDLE;
    if (numu_option_is_given(invocation, NUMU_OPTION_ROOT) && !has_logs) {
        return NUMU_HELP_VERIFY_NO_ROOT;
    }
    return has_quorum && !has_keys ? NUMU_HELP_VERIFY_NEEDS_WITNESS : NUMU_HELP_COUNT;
}

int numu_command_verify(const struct numu_invocation *invocation) {
    struct numu_session session;
    numu_verify_kind kind = NUMU_VERIFY_UNKNOWN;
    numu_session_init(&session, invocation);
    numu_status status = numu_app_verify_kind(invocation->operands[0], &session.report, &kind);
    if (status != NUMU_OK) {
        return numu_session_finish(&session, status, false);
    }
    numu_help lack = lacks_for_book(invocation, kind);
    if (kind != NUMU_VERIFY_UNKNOWN && lack != NUMU_HELP_COUNT) {
        numu_session_complain_simply(&session, lack, invocation->operands[0]);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    switch (kind) {
    case NUMU_VERIFY_LEDGER:
        return verify_ledger(&session);
    case NUMU_VERIFY_BUNDLE:
    case NUMU_VERIFY_PROOF:
        return verify_sent(&session, kind);
    case NUMU_VERIFY_SCHEDULE:
        return verify_against(&session, false);
    case NUMU_VERIFY_PLAN:
        return verify_against(&session, true);
    case NUMU_VERIFY_UNKNOWN:
        break;
    }
    numu_session_complain_simply(&session, NUMU_HELP_VERIFY_UNKNOWN, invocation->operands[0]);
    numu_session_release(&session);
    return NUMU_EXIT_USAGE;
}
