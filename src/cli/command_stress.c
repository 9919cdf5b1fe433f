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
    case NUMU_OPTION_CONFIDENCE:
        *out = NUMU_STRESS_OF_CONFIDENCE;
        return true;
    default:
        return false;
    }
}

/* The cases of --each. */
static numu_status standard_cases(struct numu_session *session, struct numu_stress_case **out,
                                  size_t *out_count) {
    const struct numu_invocation *invocation = session->invocation;
    *out = NULL;
    *out_count = 0;
    if (!numu_option_is_given(invocation, NUMU_OPTION_EACH)) {
        return NUMU_OK;
    }
    bool of_lines = numu_option_choice(invocation, NUMU_OPTION_EACH) == 1;
    return of_lines
               ? numu_app_stress_each_line(&session->model, &session->arena, out, out_count)
               : numu_app_stress_each_partner(&session->model, &session->arena, out, out_count);
}

/* Reads all cases; NUMU_INVALID with a complaint where one cannot be. */
static numu_status read_cases(struct numu_session *session, struct numu_stress_request *out) {
    const struct numu_invocation *invocation = session->invocation;
    struct numu_stress_case *standard;
    struct numu_stress_case *cases;
    size_t standard_count;
    size_t count = 0;
    NUMU_TRY(standard_cases(session, &standard, &standard_count));
    NUMU_TRY(NUMU_TAKE(&session->arena, &cases, invocation->given_count + standard_count + 1));
    if (numu_option_is_given(invocation, NUMU_OPTION_PROMISED)) {
        cases[count++] = numu_app_stress_promised();
    }
    for (size_t i = 0; i < invocation->given_count; i++) {
        numu_stress_sort sort = NUMU_STRESS_OF_WITHOUT;
        if (!find_sort(invocation->given[i].option, &sort)) {
            continue;
        }
        const char *value = invocation->given[i].value;
        numu_status status =
            numu_app_stress_case(&session->model, sort, numu_text_of(value), &cases[count]);
        if (status != NUMU_OK) {
            numu_session_complain_simply(session,
                                         sort == NUMU_STRESS_OF_CONFIDENCE
                                             ? NUMU_HELP_BAD_CONFIDENCE
                                         : status == NUMU_NOT_FOUND ? NUMU_HELP_UNKNOWN_CASE
                                                                    : NUMU_HELP_BAD_CASE,
                                         value);
            return NUMU_INVALID;
        }
        if (sort == NUMU_STRESS_OF_CONFIDENCE) {
            NUMU_TRY(
                numu_text_printf(&session->arena, &cases[count].label, "confidence:%s", value));
        }
        count++;
    }
    for (size_t i = 0; i < standard_count; i++) {
        cases[count++] = standard[i];
    }
    *out = (struct numu_stress_request){.cases = cases,
                                        .count = count,
                                        .moves_evidence =
                                            numu_option_is_given(invocation, NUMU_OPTION_EVIDENCE)};
    return NUMU_OK;
}

static numu_status show(struct numu_session *session, const struct numu_plan *plan,
                        const struct numu_stamp *stamp) {
    NUMU_TRY(numu_view_stress(&session->output, plan, stamp, session->terminal.language,
                              session->format));
    return numu_session_hand_out(session);
}

/* The cases that a plan keeps. */
static int show_kept(struct numu_session *session, const char *path) {
    struct numu_plan plan = {0};
    numu_status status = numu_app_read_plan(path, &session->arena, &session->report, &plan);
    if (status == NUMU_OK) {
        struct numu_stamp stamp = numu_plan_stamp(&plan);
        status = show(session, &plan, &stamp);
    }
    return numu_session_finish(session, status, false);
}

int numu_command_stress(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_plan plan = {0};
    struct numu_stress_request request = {.count = 0};
    numu_session_init(&session, invocation);
    if (numu_file_is(invocation->operands[0], NUMU_VERIFY_PLAN)) {
        return show_kept(&session, invocation->operands[0]);
    }
    numu_status status = numu_session_load(&session, 0);
    if (status == NUMU_OK) {
        status = read_cases(&session, &request);
        if (status == NUMU_INVALID) {
            numu_session_release(&session);
            return NUMU_EXIT_USAGE;
        }
    }
    if (status == NUMU_OK) {
        status = numu_session_rules_folder(&session, &request.rules_folder);
    }
    if (status == NUMU_OK) {
        status = numu_app_stress(&session.context, &session.model, &request, &session.arena,
                                 &session.report, &plan);
    }
    numu_terminal_clear_progress(&session.terminal);
    if (status == NUMU_OK) {
        char hex[NUMU_SHA256_HEX_BYTES];
        struct numu_stamp stamp = numu_session_stamp(&session, hex);
        status = show(&session, &plan, &stamp);
    }
    return numu_session_finish(&session, status, false);
}
