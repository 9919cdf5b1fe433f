/*
 * commands.c - see commands.h.
 *
 * Every command has the same shape: a session (memory, terminal, report, output), the use case,
 * what view makes of its result, the findings, the exit status.
 */
#include "cli/commands.h"

#include "app/app.h"
#include "app/diff_plan.h"
#include "app/evidence.h"
#include "app/health.h"
#include "app/project.h"
#include "app/verify.h"
#include "base/table.h"
#include "cli/session.h"
#include "view/diff.h"
#include "view/evidence.h"
#include "view/findings.h"
#include "view/health.h"
#include "view/law.h"
#include "view/report.h"
#include "view/schema.h"
#include "view/summary.h"

#include <string.h>

/* --- the commands --- */

int numu_command_init(const struct numu_invocation *invocation) {
    struct numu_session session;
    numu_session_init(&session, invocation);
    struct numu_init_request request = {.folder = invocation->operands[0],
                                        .all_tables =
                                            numu_option_is_given(invocation, NUMU_OPTION_ALL),
                                        .today = numu_today()};
    numu_status status = numu_app_init(&session.context, &request, &session.report);
    if (status == NUMU_OK && !session.terminal.is_quiet) {
        numu_session_say(&session, NUMU_HELP_CREATED, request.folder);
        numu_session_say(&session, NUMU_HELP_CREATED_NEXT, request.folder);
    }
    return numu_session_finish(&session, status, false);
}

/* `numu check --evidence` of a package without errors; its warnings are said as usual. */
static int show_evidence(struct numu_session *session, const struct numu_stamp *stamp) {
    struct numu_evidence_result evidence;
    numu_status status = numu_app_evidence(&session->context, &session->model, &session->arena,
                                           &session->report, &evidence);
    if (status == NUMU_OK) {
        status = numu_view_evidence(&session->output, &evidence, stamp, session->terminal.language,
                                    session->format);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(session);
    }
    return numu_session_finish(session, status, false);
}

/* A package, or a project file of another tool, whose findings are what there is to see. */
static numu_status check_operand(struct numu_session *session) {
    const char *path = session->invocation->operands[0];
    bool is_project;
    NUMU_TRY(numu_app_is_project(&session->context, path, &is_project));
    if (!is_project) {
        return numu_app_check(&session->context, numu_text_of(path), &session->report,
                              &session->model);
    }
    struct numu_project_file file = {.format = NUMU_PROJECT_NONE};
    numu_sources_init(&session->model.sources, &session->model.arena);
    numu_status status = numu_app_read_project(&session->context, path, &session->model.sources,
                                               &session->model.arena, &session->report, &file);
    session->model.inputs = file.inputs;
    return status;
}

/* `numu check --health` of a package without errors: a list, or a page where -o names one. */
static int show_health(struct numu_session *session, const struct numu_stamp *stamp) {
    struct numu_health health;
    numu_language language = session->terminal.language;
    numu_status status = numu_app_health(&session->context, &session->model, &session->arena,
                                         &session->report, &health);
    if (status == NUMU_OK && numu_session_wants_page(session)) {
        status = numu_view_health_page(&session->output, &health, &session->model, stamp, language);
    } else if (status == NUMU_OK) {
        status = numu_view_health(&session->output, &health, &session->model, stamp, language,
                                  session->format);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(session);
    }
    return numu_session_finish(session, status, false);
}

/* The package has other profiles, or none ("-"). */
static void complain_of_profile(struct numu_session *session, const char *name,
                                const struct numu_profiles *profiles) {
    struct numu_buffer names;
    numu_buffer_init(&names, &session->heap, 0);
    numu_status status = numu_buffer_append_string(&names, profiles->count == 0 ? "-" : "");
    for (size_t i = 0; status == NUMU_OK && i < profiles->count; i++) {
        status = numu_buffer_printf(&names, "%s%.*s", i > 0 ? ", " : "",
                                    (int)profiles->id[i].length, profiles->id[i].data);
    }
    if (status == NUMU_OK) {
        const char *const arguments[3] = {name, names.data, NULL};
        numu_session_complain(session, NUMU_HELP_UNKNOWN_PROFILE_NAME, arguments, NULL);
    }
    numu_buffer_release(&names);
}

/* Whether the profile that --profile names is one of the package's; says so where it is not. */
static bool has_profile(struct numu_session *session) {
    const char *name = session->invocation->values[NUMU_OPTION_PROFILE];
    struct numu_profiles profiles;
    numu_profiles_find(&session->model, &profiles);
    bool is_there = name == NULL;
    for (size_t i = 0; !is_there && i < profiles.count; i++) {
        is_there = numu_text_is(profiles.id[i], name);
    }
    if (!is_there) {
        complain_of_profile(session, name, &profiles);
    }
    return is_there;
}

/* `numu check --as-of --profile` of a package without errors: its findings are another matter. */
static int show_law(struct numu_session *session, const struct numu_stamp *stamp) {
    const struct numu_invocation *invocation = session->invocation;
    const struct numu_table_package *package = &session->model.package;
    const char *as_of = invocation->values[NUMU_OPTION_AS_OF];
    const char *name = invocation->values[NUMU_OPTION_PROFILE];
    struct numu_legal_view law;
    numu_day day = package->data_date[0] != NUMU_NO_DAY ? package->data_date[0] : package->start[0];
    bool is_day = as_of == NULL || numu_day_parse(numu_text_of(as_of), &day);
    if (!is_day) {
        numu_session_complain_simply(session, NUMU_HELP_BAD_DAY, as_of);
    }
    if (!is_day || !has_profile(session)) {
        numu_session_release(session);
        return NUMU_EXIT_USAGE;
    }
    numu_status status = numu_legal_view_build(
        &session->model, day, name == NULL ? package->profile[0] : numu_text_of(name),
        &session->arena, &law);
    if (status == NUMU_OK) {
        status = numu_view_law(&session->output, &session->model, &law, stamp,
                               session->terminal.language, session->format);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(session);
    }
    return numu_session_finish(session, status, status == NUMU_OK);
}

int numu_command_check(const struct numu_invocation *invocation) {
    struct numu_session session;
    numu_session_init(&session, invocation);
    /* Only JSON and pages are stamped. */
    session.context.skips_digest =
        session.format == NUMU_FORMAT_TABLE && !numu_session_wants_page(&session);
    numu_status status = check_operand(&session);
    numu_terminal_clear_progress(&session.terminal);
    if (status != NUMU_OK && status != NUMU_INVALID) {
        return numu_session_finish(&session, status, false);
    }
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_stamp stamp = numu_session_stamp(&session, hex);
    if (status == NUMU_OK && (numu_option_is_given(invocation, NUMU_OPTION_AS_OF) ||
                              numu_option_is_given(invocation, NUMU_OPTION_PROFILE))) {
        return show_law(&session, &stamp);
    }
    if (status == NUMU_OK && numu_option_is_given(invocation, NUMU_OPTION_EVIDENCE)) {
        return show_evidence(&session, &stamp);
    }
    if (status == NUMU_OK && numu_option_is_given(invocation, NUMU_OPTION_HEALTH)) {
        return show_health(&session, &stamp);
    }
    struct numu_findings_options options = {.language = session.terminal.language,
                                            .format = session.format,
                                            .color = session.terminal.output_color,
                                            .stamp = &stamp};
    bool is_bad = status == NUMU_INVALID;
    status = numu_view_findings(&session.output, &session.report, &session.model.sources, &options);
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    bool was_readable = session.report.counts[NUMU_CODE_CANNOT_READ] == 0;
    int code = numu_session_finish(&session, status, status == NUMU_OK);
    int verdict = was_readable ? NUMU_EXIT_NO : NUMU_EXIT_USAGE;
    return code == NUMU_EXIT_DONE && is_bad ? verdict : code;
}

int numu_command_schema(const struct numu_invocation *invocation) {
    struct numu_session session;
    numu_session_init(&session, invocation);
    const struct numu_table_descriptor *table = NULL;
    if (invocation->operand_count > 0) {
        struct numu_text name = numu_text_of(invocation->operands[0]);
        table = numu_schema_find(name);
        if (table == NULL || table == numu_schema) {
            const char *const arguments[3] = {invocation->operands[0], NULL, NULL};
            numu_session_complain(&session, NUMU_HELP_UNKNOWN_TABLE, arguments,
                                  numu_schema_nearest(name));
            numu_session_release(&session);
            return NUMU_EXIT_USAGE;
        }
    }
    bool wants_json =
        session.format == NUMU_FORMAT_JSON || !numu_option_is_given(invocation, NUMU_OPTION_FORMAT);
    numu_status status = wants_json ? numu_app_schema(table, &session.output)
                                    : numu_view_schema(&session.output, table,
                                                       session.terminal.language, session.format);
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

static numu_status load_package(struct numu_session *session) {
    return numu_session_load(session, 0);
}

int numu_command_plan(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_plan plan = {0};
    struct numu_plan_result result;
    numu_session_init(&session, invocation);
    struct numu_plan_request request = {
        .output = invocation->values[NUMU_OPTION_OUTPUT],
        .mps = invocation->values[NUMU_OPTION_WRITE_MPS],
        .profile = invocation->values[NUMU_OPTION_PROFILE],
        .time_limit_s = numu_option_seconds(invocation, NUMU_OPTION_TIME_LIMIT),
        .is_integer = numu_option_is_given(invocation, NUMU_OPTION_INTEGER),
        .confirms = numu_option_is_given(invocation, NUMU_OPTION_CONFIRM),
        .compares = numu_option_is_given(invocation, NUMU_OPTION_COMPARE),
        .moves_evidence = numu_option_is_given(invocation, NUMU_OPTION_EVIDENCE)};
    numu_status status = load_package(&session);
    if (status == NUMU_OK && !has_profile(&session)) {
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    if (status == NUMU_OK) {
        status = numu_session_rules_folder(&session, &request.rules_folder);
    }
    if (status == NUMU_OK) {
        status = numu_app_plan(&session.context, &session.model, &request, &session.arena,
                               &session.report, &plan, &result);
    }
    numu_terminal_clear_progress(&session.terminal);
    if (status == NUMU_OK) {
        status = numu_view_plan(&session.output, &plan, session.terminal.language, session.format);
    }
    if (status == NUMU_OK) {
        status = numu_session_write(&session);
    }
    return numu_session_finish(&session, status, false);
}

int numu_command_report(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_plan plan = {0};
    numu_session_init(&session, invocation);
    numu_status status =
        numu_app_read_plan(invocation->operands[0], &session.arena, &session.report, &plan);
    if (status == NUMU_OK) {
        status = numu_view_report(&session.output, &plan, session.terminal.language);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

int numu_command_convert(const struct numu_invocation *invocation) {
    struct numu_session session;
    numu_session_init(&session, invocation);
    const char *path = invocation->operands[1];
    numu_status status = load_package(&session);
    if (status == NUMU_OK) {
        status = numu_app_convert(&session.context, &session.model, path, &session.report);
    }
    numu_terminal_clear_progress(&session.terminal);
    if (status == NUMU_OK && !session.terminal.is_quiet) {
        numu_session_say(&session, NUMU_HELP_WROTE, path);
    }
    return numu_session_finish(&session, status, false);
}

/*
 * Compares two packages that are loaded and hands out what differs, in the session of the second.
 */
static numu_status compare(const struct numu_session *before, struct numu_session *after) {
    struct numu_diff diff;
    char before_hex[NUMU_SHA256_HEX_BYTES];
    char after_hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(numu_app_diff(&after->context, &before->model, &after->model, &after->arena, &diff));
    numu_terminal_clear_progress(&after->terminal);
    struct numu_diff_options options = {.language = after->terminal.language,
                                        .format = after->format,
                                        .before = numu_session_stamp(before, before_hex),
                                        .after = numu_session_stamp(after, after_hex)};
    NUMU_TRY(numu_view_diff(&after->output, &diff, &options));
    return numu_session_hand_out(after);
}

/* Two plans, as numu plan -o wrote them. */
static int diff_plans(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_plan plans[2] = {{.currency = 0}};
    struct numu_diff diff;
    numu_session_init(&session, invocation);
    numu_status status = NUMU_OK;
    for (size_t i = 0; i < 2 && status == NUMU_OK; i++) {
        status =
            numu_app_read_plan(invocation->operands[i], &session.arena, &session.report, &plans[i]);
    }
    if (status == NUMU_OK) {
        status =
            numu_app_diff_plans(&plans[0], &plans[1], session.context.heap, &session.arena, &diff);
    }
    if (status == NUMU_OK) {
        struct numu_diff_options options = {.language = session.terminal.language,
                                            .format = session.format,
                                            .before = numu_plan_stamp(&plans[0]),
                                            .after = numu_plan_stamp(&plans[1])};
        status = numu_view_diff(&session.output, &diff, &options);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

/* Two plans, or a plan and a file that should be one; beside a folder a package is meant. */
static bool are_plans(const char *before, const char *after) {
    return (numu_file_is(before, NUMU_VERIFY_PLAN) && !numu_path_is_folder(after)) ||
           (numu_file_is(after, NUMU_VERIFY_PLAN) && !numu_path_is_folder(before));
}

int numu_command_diff(const struct numu_invocation *invocation) {
    struct numu_session before;
    struct numu_session after;
    if (numu_file_is(invocation->operands[1], NUMU_VERIFY_LEDGER)) {
        return numu_diff_with_ledger(invocation);
    }
    if (are_plans(invocation->operands[0], invocation->operands[1])) {
        return diff_plans(invocation);
    }
    numu_session_init(&before, invocation);
    numu_status status = numu_session_load(&before, 0);
    if (status != NUMU_OK) {
        return numu_session_finish(&before, status, false);
    }
    numu_session_init(&after, invocation);
    status = numu_session_load(&after, 1);
    if (status == NUMU_OK) {
        status = compare(&before, &after);
    }
    numu_session_show_findings(&before);
    numu_session_release(&before);
    return numu_session_finish(&after, status, false);
}

/* --- the program --- */

static int print_page(struct numu_session *session) {
    const struct numu_invocation *invocation = session->invocation;
    numu_language language = session->terminal.language;
    numu_status status;
    if (numu_option_is_given(invocation, NUMU_OPTION_VERSION)) {
        status = numu_buffer_printf(&session->output, "numu %s\n", NUMU_VERSION);
    } else if (numu_option_is_given(invocation, NUMU_OPTION_MAN)) {
        status = numu_manual_page(invocation->command, language, &session->output);
    } else if (numu_option_is_given(invocation, NUMU_OPTION_COMPLETION)) {
        numu_shell shell = (numu_shell)numu_option_choice(invocation, NUMU_OPTION_COMPLETION);
        status = numu_completion(shell, language, &session->output);
    } else if (invocation->command == NULL && invocation->group != NULL) {
        status = numu_group_page(invocation->group, language, &session->output);
    } else {
        status = numu_help_page(invocation->command, language, &session->output);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(session);
    }
    return numu_session_finish(session, status, false);
}

int numu_cli_main(int argc, char *const argv[]) {
    struct numu_invocation invocation;
    struct numu_session session;
    numu_invocation_init(&invocation, argc, argv, numu_environment_language());
    bool wants_page = numu_option_is_given(&invocation, NUMU_OPTION_HELP) ||
                      numu_option_is_given(&invocation, NUMU_OPTION_MAN) ||
                      numu_option_is_given(&invocation, NUMU_OPTION_VERSION) ||
                      numu_option_is_given(&invocation, NUMU_OPTION_COMPLETION);
    if (invocation.problem == NUMU_HELP_COUNT && !wants_page && invocation.command != NULL) {
        return invocation.command->run(&invocation);
    }
    numu_session_init(&session, &invocation);
    if (invocation.problem != NUMU_HELP_COUNT) {
        numu_session_complain(&session, invocation.problem, invocation.arguments,
                              invocation.suggestion);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    int code = print_page(&session);
    /* Help that was not asked for is an answer to a usage error. */
    return code == NUMU_EXIT_DONE && !wants_page ? NUMU_EXIT_USAGE : code;
}
