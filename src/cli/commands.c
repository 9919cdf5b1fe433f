/*
 * commands.c - see commands.h.
 *
 * Every command has the same shape: a session (memory, terminal, report, output), the use case,
 * what view makes of its result, the findings, the exit status.
 */
#include "cli/commands.h"

#include "app/app.h"
#include "app/evidence.h"
#include "base/table.h"
#include "cli/terminal.h"
#include "view/diff.h"
#include "view/evidence.h"
#include "view/findings.h"
#include "view/report.h"
#include "view/schedule.h"
#include "view/schema.h"
#include "view/summary.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FINDINGS_OF_A_KIND = 20 };

struct session {
    const struct numu_invocation *invocation;
    struct numu_terminal terminal;
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_model model;
    struct numu_buffer output;
    numu_format format;
    bool output_failed; /* standard output took not all, and that has been said */
};

static void session_init(struct session *session, const struct numu_invocation *invocation) {
    static const numu_format formats[] = {NUMU_FORMAT_TABLE, NUMU_FORMAT_JSON, NUMU_FORMAT_CSV};
    *session = (struct session){.invocation = invocation};
    session->format = formats[numu_option_choice(invocation, NUMU_OPTION_FORMAT)];
    bool keeps_all =
        invocation->command != NULL &&
        (numu_option_is_given(invocation, NUMU_OPTION_ALL) ||
         (session->format != NUMU_FORMAT_TABLE && strcmp(invocation->command->name, "check") == 0));
    numu_heap_init(&session->heap, 0);
    numu_terminal_init(&session->terminal, invocation);
    session->context = numu_terminal_context(&session->terminal, &session->heap, invocation);
    numu_arena_init(&session->arena, &session->heap);
    numu_report_init(&session->report, &session->heap, keeps_all ? 0 : FINDINGS_OF_A_KIND);
    numu_arena_init(&session->model.arena, &session->heap);
    numu_buffer_init(&session->output, &session->heap, 0);
}

static void session_release(struct session *session) {
    numu_buffer_release(&session->output);
    numu_model_release(&session->model);
    numu_report_release(&session->report);
    numu_arena_release(&session->arena);
}

/* --- talk --- */

static void say_two(struct session *session, numu_help message, const char *first,
                    const char *second) {
    struct numu_buffer line;
    numu_buffer_init(&line, &session->heap, 0);
    if (numu_help_write(message, session->terminal.language, first, second, NULL, &line) ==
            NUMU_OK &&
        numu_buffer_append_char(&line, '\n') == NUMU_OK) {
        numu_write_error((struct numu_text){line.data, line.length});
    }
    numu_buffer_release(&line);
}

static void say(struct session *session, numu_help message, const char *first) {
    say_two(session, message, first, NULL);
}

/* "numu: error: …" for what is no finding about the user's data. */
static void complain(struct session *session, numu_help message, const char *const arguments[3],
                     const char *suggestion) {
    numu_language language = session->terminal.language;
    struct numu_buffer line;
    numu_buffer_init(&line, &session->heap, 0);
    numu_status status =
        numu_buffer_printf(&line, "numu: %s: ", numu_help_text(NUMU_HELP_ERROR, language));
    if (status == NUMU_OK) {
        status =
            numu_help_write(message, language, arguments[0], arguments[1], arguments[2], &line);
    }
    if (status == NUMU_OK && suggestion != NULL) {
        status = numu_buffer_printf(&line, "\n%s: ", numu_help_text(NUMU_HELP_HINT, language));
        if (status == NUMU_OK) {
            status =
                numu_help_write(message == NUMU_HELP_UNKNOWN_OPTION ? NUMU_HELP_DID_YOU_MEAN_OPTION
                                                                    : NUMU_HELP_DID_YOU_MEAN,
                                language, suggestion, NULL, NULL, &line);
        }
    }
    if (status == NUMU_OK && numu_buffer_append_char(&line, '\n') == NUMU_OK) {
        numu_write_error((struct numu_text){line.data, line.length});
    }
    numu_buffer_release(&line);
}

static void complain_simply(struct session *session, numu_help message, const char *first) {
    const char *const arguments[3] = {first, NULL, NULL};
    complain(session, message, arguments, NULL);
}

/* Findings that are not the command's result go to standard error. */
static void show_findings(struct session *session) {
    size_t count;
    (void)numu_report_list(&session->report, &count);
    if (count == 0) {
        return;
    }
    struct numu_buffer text;
    numu_buffer_init(&text, &session->heap, 0);
    struct numu_findings_options options = {.language = session->terminal.language,
                                            .format = NUMU_FORMAT_TABLE,
                                            .color = session->terminal.error_color};
    if (numu_view_findings(&text, &session->report, &session->model.sources, &options) == NUMU_OK) {
        numu_write_error((struct numu_text){text.data, text.length});
    }
    numu_buffer_release(&text);
}

static numu_status write_to_output(struct session *session) {
    if (numu_write_output((struct numu_text){session->output.data, session->output.length})) {
        return NUMU_OK;
    }
    complain_simply(session, NUMU_HELP_CANNOT_WRITE_OUTPUT, strerror(errno));
    session->output_failed = true;
    return NUMU_IO;
}

/* Hands out what the command made: to -o, or to standard output. */
static numu_status hand_out(struct session *session) {
    const char *path = session->invocation->values[NUMU_OPTION_OUTPUT];
    if (path == NULL || strcmp(path, "-") == 0) {
        return write_to_output(session);
    }
    NUMU_TRY(numu_app_write(path, (struct numu_text){session->output.data, session->output.length},
                            &session->report));
    if (!session->terminal.is_quiet) {
        say(session, NUMU_HELP_WROTE, path);
    }
    return NUMU_OK;
}

static void say_timing(struct session *session) {
    char seconds[32];
    char megabytes[32];
    (void)snprintf(seconds, sizeof seconds, "%.3f",
                   numu_monotonic_seconds(NULL) - session->terminal.started);
    (void)snprintf(megabytes, sizeof megabytes, "%ld", numu_peak_megabytes());
    say_two(session, NUMU_HELP_TOOK, seconds, megabytes);
}

/* The exit status, and what has to be said of a failure. Releases the session. */
static int finish(struct session *session, numu_status status, bool findings_are_shown) {
    int code = NUMU_EXIT_DONE;
    numu_terminal_clear_progress(&session->terminal);
    if (!findings_are_shown) {
        show_findings(session);
    }
    switch (status) {
    case NUMU_OK:
        break;
    case NUMU_INVALID:
    case NUMU_NOT_FOUND:
    case NUMU_IO:
        code = session->output_failed || session->report.counts[NUMU_CODE_CANNOT_WRITE] > 0
                   ? NUMU_EXIT_MACHINE
                   : NUMU_EXIT_USAGE;
        break;
    case NUMU_STOPPED:
        complain_simply(session, NUMU_HELP_STOPPED, NULL);
        code = NUMU_EXIT_INTERRUPTED;
        break;
    case NUMU_MEMORY:
        complain_simply(session, NUMU_HELP_NO_MEMORY, NULL);
        code = NUMU_EXIT_MACHINE;
        break;
    case NUMU_LIMIT:
        complain_simply(session, NUMU_HELP_OVER_LIMIT, NULL);
        code = NUMU_EXIT_MACHINE;
        break;
    case NUMU_INFEASIBLE:
    case NUMU_BUG:
        complain_simply(session, NUMU_HELP_BUG, NULL);
        code = NUMU_EXIT_MACHINE;
        break;
    }
    if (numu_option_is_given(session->invocation, NUMU_OPTION_TIMING)) {
        say_timing(session);
    }
    session_release(session);
    return code;
}

/* --- the commands --- */

int numu_command_init(const struct numu_invocation *invocation) {
    struct session session;
    session_init(&session, invocation);
    struct numu_init_request request = {.folder = invocation->operands[0],
                                        .all_tables =
                                            numu_option_is_given(invocation, NUMU_OPTION_ALL),
                                        .today = numu_today()};
    numu_status status = numu_app_init(&session.context, &request, &session.report);
    if (status == NUMU_OK && !session.terminal.is_quiet) {
        say(&session, NUMU_HELP_CREATED, request.folder);
        say(&session, NUMU_HELP_CREATED_NEXT, request.folder);
    }
    return finish(&session, status, false);
}

/* What the JSON of `numu check` opens with; `hex` is the caller's room for the hash. */
static struct numu_stamp stamp_of(const struct session *session, char hex[NUMU_SHA256_HEX_BYTES]) {
    const struct numu_table_package *package = &session->model.package;
    return (struct numu_stamp){
        .version = numu_text_of(NUMU_VERSION),
        .inputs_sha256 = numu_text_of(numu_sha256_hex(&session->model.inputs, hex)),
        .data_date = package->head.count > 0 ? package->data_date[0] : NUMU_NO_DAY};
}

/* `numu check --evidence` of a package without errors; its warnings are said as usual. */
static int show_evidence(struct session *session, const struct numu_stamp *stamp) {
    struct numu_evidence_result evidence;
    numu_status status = numu_app_evidence(&session->context, &session->model, &session->arena,
                                           &session->report, &evidence);
    if (status == NUMU_OK) {
        status = numu_view_evidence(&session->output, &evidence, stamp, session->terminal.language,
                                    session->format);
    }
    if (status == NUMU_OK) {
        status = hand_out(session);
    }
    return finish(session, status, false);
}

int numu_command_check(const struct numu_invocation *invocation) {
    struct session session;
    session_init(&session, invocation);
    session.context.skips_digest = session.format == NUMU_FORMAT_TABLE; /* only JSON is stamped */
    numu_status status = numu_app_check(&session.context, numu_text_of(invocation->operands[0]),
                                        &session.report, &session.model);
    numu_terminal_clear_progress(&session.terminal);
    if (status != NUMU_OK && status != NUMU_INVALID) {
        return finish(&session, status, false);
    }
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_stamp stamp = stamp_of(&session, hex);
    if (status == NUMU_OK && numu_option_is_given(invocation, NUMU_OPTION_EVIDENCE)) {
        return show_evidence(&session, &stamp);
    }
    struct numu_findings_options options = {.language = session.terminal.language,
                                            .format = session.format,
                                            .color = session.terminal.output_color,
                                            .stamp = &stamp};
    bool is_bad = status == NUMU_INVALID;
    status = numu_view_findings(&session.output, &session.report, &session.model.sources, &options);
    if (status == NUMU_OK) {
        status = hand_out(&session);
    }
    bool was_readable = session.report.counts[NUMU_CODE_CANNOT_READ] == 0;
    int code = finish(&session, status, status == NUMU_OK);
    int verdict = was_readable ? NUMU_EXIT_NO : NUMU_EXIT_USAGE;
    return code == NUMU_EXIT_DONE && is_bad ? verdict : code;
}

int numu_command_schema(const struct numu_invocation *invocation) {
    struct session session;
    session_init(&session, invocation);
    const struct numu_table_descriptor *table = NULL;
    if (invocation->operand_count > 0) {
        struct numu_text name = numu_text_of(invocation->operands[0]);
        table = numu_schema_find(name);
        if (table == NULL || table == numu_schema) {
            const char *const arguments[3] = {invocation->operands[0], NULL, NULL};
            complain(&session, NUMU_HELP_UNKNOWN_TABLE, arguments, numu_schema_nearest(name));
            session_release(&session);
            return NUMU_EXIT_USAGE;
        }
    }
    bool wants_json =
        session.format == NUMU_FORMAT_JSON || !numu_option_is_given(invocation, NUMU_OPTION_FORMAT);
    numu_status status = wants_json ? numu_app_schema(table, &session.output)
                                    : numu_view_schema(&session.output, table,
                                                       session.terminal.language, session.format);
    if (status == NUMU_OK) {
        status = hand_out(&session);
    }
    return finish(&session, status, false);
}

static numu_status list_codes(struct session *session) {
    for (int code = NUMU_CODE_NONE + 1; code < NUMU_CODE_COUNT; code++) {
        NUMU_TRY(numu_buffer_append_string(&session->output, numu_code_text((numu_code)code)));
        NUMU_TRY(numu_buffer_append_char(&session->output, '\n'));
    }
    return NUMU_OK;
}

int numu_command_explain(const struct numu_invocation *invocation) {
    struct session session;
    session_init(&session, invocation);
    numu_status status = NUMU_OK;
    if (invocation->operand_count == 0) {
        status = list_codes(&session);
    } else {
        struct numu_text name = numu_text_of(invocation->operands[0]);
        numu_code code = numu_code_find(name);
        if (code == NUMU_CODE_NONE) {
            numu_code nearest = numu_code_nearest(name);
            const char *const arguments[3] = {invocation->operands[0], NULL, NULL};
            complain(&session, NUMU_HELP_UNKNOWN_CODE, arguments,
                     nearest == NUMU_CODE_NONE ? NULL : numu_code_text(nearest));
            session_release(&session);
            return NUMU_EXIT_USAGE;
        }
        status = numu_view_code(&session.output, code, session.terminal.language);
    }
    if (status == NUMU_OK) {
        status = hand_out(&session);
    }
    return finish(&session, status, false);
}

/*
 * Loads and checks the package that an operand names; an error in it is said and ends the command.
 */
static numu_status load_operand(struct session *session, size_t operand) {
    const char *folder = session->invocation->operands[operand];
    numu_status status =
        numu_app_check(&session->context, numu_text_of(folder), &session->report, &session->model);
    if (status == NUMU_INVALID) {
        numu_terminal_clear_progress(&session->terminal);
        complain_simply(session, NUMU_HELP_CHECK_FIRST, folder);
    }
    return status;
}

static numu_status load_package(struct session *session) {
    return load_operand(session, 0);
}

int numu_command_schedule(const struct numu_invocation *invocation) {
    struct session session;
    struct numu_plan plan = {0};
    session_init(&session, invocation);
    numu_status status = load_package(&session);
    if (status == NUMU_OK) {
        status = numu_app_schedule(&session.context, &session.model, &session.arena,
                                   &session.report, &plan);
    }
    if (status == NUMU_OK) {
        status =
            numu_view_schedule(&session.output, &plan, session.terminal.language, session.format);
    }
    if (status == NUMU_OK) {
        status = hand_out(&session);
    }
    return finish(&session, status, false);
}

int numu_command_plan(const struct numu_invocation *invocation) {
    struct session session;
    struct numu_plan plan = {0};
    struct numu_plan_result result;
    session_init(&session, invocation);
    struct numu_plan_request request = {
        .output = invocation->values[NUMU_OPTION_OUTPUT],
        .mps = invocation->values[NUMU_OPTION_WRITE_MPS],
        .time_limit_s = numu_option_seconds(invocation, NUMU_OPTION_TIME_LIMIT)};
    numu_status status = load_package(&session);
    if (status == NUMU_OK) {
        status = numu_app_plan(&session.context, &session.model, &request, &session.arena,
                               &session.report, &plan, &result);
    }
    numu_terminal_clear_progress(&session.terminal);
    if (status == NUMU_OK) {
        status = numu_view_plan(&session.output, &plan, session.terminal.language, session.format);
    }
    if (status == NUMU_OK) {
        status = write_to_output(&session);
    }
    return finish(&session, status, false);
}

int numu_command_report(const struct numu_invocation *invocation) {
    struct session session;
    struct numu_plan plan = {0};
    session_init(&session, invocation);
    numu_status status =
        numu_app_read_plan(invocation->operands[0], &session.arena, &session.report, &plan);
    if (status == NUMU_OK) {
        status = numu_view_report(&session.output, &plan, session.terminal.language);
    }
    if (status == NUMU_OK) {
        status = hand_out(&session);
    }
    return finish(&session, status, false);
}

int numu_command_convert(const struct numu_invocation *invocation) {
    struct session session;
    session_init(&session, invocation);
    const char *path = invocation->operands[1];
    numu_status status = load_package(&session);
    if (status == NUMU_OK) {
        status = numu_app_convert(&session.context, &session.model, path, &session.report);
    }
    numu_terminal_clear_progress(&session.terminal);
    if (status == NUMU_OK && !session.terminal.is_quiet) {
        say(&session, NUMU_HELP_WROTE, path);
    }
    return finish(&session, status, false);
}

/*
 * Compares two packages that are loaded and hands out what differs, in the session of the second.
 */
static numu_status compare(const struct session *before, struct session *after) {
    struct numu_diff diff;
    char before_hex[NUMU_SHA256_HEX_BYTES];
    char after_hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(numu_app_diff(&after->context, &before->model, &after->model, &after->arena, &diff));
    numu_terminal_clear_progress(&after->terminal);
    struct numu_diff_options options = {.language = after->terminal.language,
                                        .format = after->format,
                                        .before = stamp_of(before, before_hex),
                                        .after = stamp_of(after, after_hex)};
    NUMU_TRY(numu_view_diff(&after->output, &diff, &options));
    return hand_out(after);
}

int numu_command_diff(const struct numu_invocation *invocation) {
    struct session before;
    struct session after;
    session_init(&before, invocation);
    numu_status status = load_operand(&before, 0);
    if (status != NUMU_OK) {
        return finish(&before, status, false);
    }
    session_init(&after, invocation);
    status = load_operand(&after, 1);
    if (status == NUMU_OK) {
        status = compare(&before, &after);
    }
    show_findings(&before);
    session_release(&before);
    return finish(&after, status, false);
}

/* --- the program --- */

static int print_page(struct session *session) {
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
    } else {
        status = numu_help_page(invocation->command, language, &session->output);
    }
    if (status == NUMU_OK) {
        status = hand_out(session);
    }
    return finish(session, status, false);
}

int numu_cli_main(int argc, char *const argv[]) {
    struct numu_invocation invocation;
    struct session session;
    numu_invocation_init(&invocation, argc, argv, numu_environment_language());
    bool wants_page = numu_option_is_given(&invocation, NUMU_OPTION_HELP) ||
                      numu_option_is_given(&invocation, NUMU_OPTION_MAN) ||
                      numu_option_is_given(&invocation, NUMU_OPTION_VERSION) ||
                      numu_option_is_given(&invocation, NUMU_OPTION_COMPLETION);
    if (invocation.problem == NUMU_HELP_COUNT && !wants_page && invocation.command != NULL) {
        return invocation.command->run(&invocation);
    }
    session_init(&session, &invocation);
    if (invocation.problem != NUMU_HELP_COUNT) {
        complain(&session, invocation.problem, invocation.arguments, invocation.suggestion);
        session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    int code = print_page(&session);
    /* Help that was not asked for is an answer to a usage error. */
    return code == NUMU_EXIT_DONE && !wants_page ? NUMU_EXIT_USAGE : code;
}
