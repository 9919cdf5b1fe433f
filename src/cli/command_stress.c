/*
 * command_stress.c - numu stress: the plan again under cases.
 */
#include "app/stress.h"
#include "cli/session.h"
#include "view/stress.h"

/* Which sort of case an option asks for; false where it asks for none. */
static bool find_sort(numu_option_id option, numu_stress_sort *out) {
    switch (option) {
    case NUMU_OPTION_WITHOUT:
        *out = NUMU_STRESS_OF_WITHOUT;
        return true;
    case NUMU_OPTION_DELAY:
        *out = NUMU_STRESS_OF_DELAY;
        return true;
    case NUMU_OPTION_RATE:
        *out = NUMU_STRESS_OF_RATE;
        return true;
    case NUMU_OPTION_BUDGET:
        *out = NUMU_STRESS_OF_BUDGET;
        return true;
    case NUMU_OPTION_DEMAND:
        *out = NUMU_STRESS_OF_DEMAND;
        return true;
    default:
        return false;
    }
}

/* Reads all cases; NUMU_INVALID with a complaint where one cannot be. */
static numu_status read_cases(struct numu_session *session, struct numu_stress_case **out,
                              size_t *out_count) {
    const struct numu_invocation *invocation = session->invocation;
    struct numu_stress_case *partners = NULL;
    size_t partner_count = 0;
    if (numu_option_is_given(invocation, NUMU_OPTION_EACH)) {
        NUMU_TRY(numu_app_stress_each_partner(&session->model, &session->arena, &partners,
                                              &partner_count));
    }
    NUMU_TRY(NUMU_TAKE(&session->arena, out, invocation->given_count + partner_count));
    *out_count = 0;
    for (size_t i = 0; i < invocation->given_count; i++) {
        numu_stress_sort sort = NUMU_STRESS_OF_WITHOUT;
        if (!find_sort(invocation->given[i].option, &sort)) {
            continue;
        }
        const char *value = invocation->given[i].value;
        numu_status status =
            numu_app_stress_case(&session->model, sort, numu_text_of(value), &(*out)[*out_count]);
        if (status != NUMU_OK) {
            numu_session_complain_simply(
                session, status == NUMU_NOT_FOUND ? NUMU_HELP_UNKNOWN_CASE : NUMU_HELP_BAD_CASE,
                value);
            return NUMU_INVALID;
        }
        ++*out_count;
    }
    for (size_t i = 0; i < partner_count; i++) {
        (*out)[(*out_count)++] = partners[i];
    }
    return NUMU_OK;
}

int numu_command_stress(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_plan plan = {0};
    struct numu_stress_case *cases = NULL;
    size_t count = 0;
    const char *rules_folder;
    numu_session_init(&session, invocation);
    numu_status status = numu_session_load(&session, 0);
    if (status == NUMU_OK) {
        status = read_cases(&session, &cases, &count);
        if (status == NUMU_INVALID) {
            numu_session_release(&session);
            return NUMU_EXIT_USAGE;
        }
    }
    if (status == NUMU_OK) {
        status = numu_session_rules_folder(&session, &rules_folder);
    }
    if (status == NUMU_OK) {
        status = numu_app_stress(&session.context, &session.model, rules_folder, cases, count,
                                 &session.arena, &session.report, &plan);
    }
    numu_terminal_clear_progress(&session.terminal);
    if (status == NUMU_OK) {
        char hex[NUMU_SHA256_HEX_BYTES];
        struct numu_stamp stamp = numu_session_stamp(&session, hex);
        status = numu_view_stress(&session.output, &plan, &stamp, session.terminal.language,
                                  session.format);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}
