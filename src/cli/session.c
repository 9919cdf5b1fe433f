/*
 * session.c - see session.h.
 */
#include "cli/session.h"

#include "app/app.h"
#include "view/findings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FINDINGS_OF_A_KIND = 20 };

bool numu_file_is(const char *path, numu_verify_kind kind) {
    struct numu_heap heap;
    struct numu_report unused;
    numu_verify_kind found = NUMU_VERIFY_UNKNOWN;
    numu_heap_init(&heap, 0);
    numu_report_init(&unused, &heap, 1);
    numu_status status = numu_app_verify_kind(path, &unused, &found);
    numu_report_release(&unused);
    return status == NUMU_OK && found == kind;
}

void numu_session_init(struct numu_session *session, const struct numu_invocation *invocation) {
    static const numu_format formats[] = {NUMU_FORMAT_TABLE, NUMU_FORMAT_JSON, NUMU_FORMAT_CSV};
    *session = (struct numu_session){.invocation = invocation};
    session->format = formats[numu_option_choice(invocation, NUMU_OPTION_FORMAT)];
    bool keeps_all =
        invocation->command != NULL &&
        (numu_option_is_given(invocation, NUMU_OPTION_ALL) ||
         numu_option_is_given(invocation, NUMU_OPTION_HARD_DEADLINES) ||
         (session->format != NUMU_FORMAT_TABLE && strcmp(invocation->command->name, "check") == 0));
    numu_heap_init(&session->heap, 0);
    numu_terminal_init(&session->terminal, invocation);
    session->context = numu_terminal_context(&session->terminal, &session->heap, invocation);
    numu_arena_init(&session->arena, &session->heap);
    numu_report_init(&session->report, &session->heap, keeps_all ? 0 : FINDINGS_OF_A_KIND);
    numu_arena_init(&session->model.arena, &session->heap);
    numu_buffer_init(&session->output, &session->heap, 0);
}

void numu_session_release(struct numu_session *session) {
    numu_buffer_release(&session->output);
    numu_model_release(&session->model);
    numu_report_release(&session->report);
    numu_arena_release(&session->arena);
}

/* --- talk --- */

void numu_session_say_two(struct numu_session *session, numu_help message, const char *first,
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

void numu_session_say(struct numu_session *session, numu_help message, const char *first) {
    numu_session_say_two(session, message, first, NULL);
}

void numu_session_complain(struct numu_session *session, numu_help message,
                           const char *const arguments[3], const char *suggestion) {
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

void numu_session_complain_simply(struct numu_session *session, numu_help message,
                                  const char *first) {
    const char *const arguments[3] = {first, NULL, NULL};
    numu_session_complain(session, message, arguments, NULL);
}

void numu_session_show_findings(struct numu_session *session) {
    size_t count;
    (void)numu_report_list(&session->report, &count);
    bool is_calm = numu_report_total(&session->report, NUMU_ERROR) == 0;
    if (count == 0 || (is_calm && session->terminal.is_quiet)) {
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

void numu_session_forget_findings(struct numu_session *session) {
    size_t kept = session->report.keep_max;
    numu_report_release(&session->report);
    numu_report_init(&session->report, &session->heap, kept);
}

numu_status numu_session_write(struct numu_session *session) {
    if (numu_write_output((struct numu_text){session->output.data, session->output.length})) {
        return NUMU_OK;
    }
    numu_session_complain_simply(session, NUMU_HELP_CANNOT_WRITE_OUTPUT, strerror(errno));
    session->output_failed = true;
    return NUMU_IO;
}

numu_status numu_session_hand_out(struct numu_session *session) {
    const char *path = session->invocation->values[NUMU_OPTION_OUTPUT];
    if (path == NULL || strcmp(path, "-") == 0) {
        return numu_session_write(session);
    }
    NUMU_TRY(numu_app_write(path, (struct numu_text){session->output.data, session->output.length},
                            &session->report));
    if (!session->terminal.is_quiet) {
        numu_session_say(session, NUMU_HELP_WROTE, path);
    }
    return NUMU_OK;
}

static void say_timing(struct numu_session *session) {
    char seconds[32];
    char megabytes[32];
    (void)snprintf(seconds, sizeof seconds, "%.3f",
                   numu_monotonic_seconds(NULL) - session->terminal.started);
    (void)snprintf(megabytes, sizeof megabytes, "%ld", numu_peak_megabytes());
    numu_session_say_two(session, NUMU_HELP_TOOK, seconds, megabytes);
}

bool numu_session_wants_page(const struct numu_session *session) {
    const char *path = session->invocation->values[NUMU_OPTION_OUTPUT];
    size_t length = path == NULL ? 0 : strlen(path);
    return !numu_option_is_given(session->invocation, NUMU_OPTION_FORMAT) && length > 5 &&
           strcmp(path + length - 5, ".html") == 0;
}

int numu_session_finish(struct numu_session *session, numu_status status, bool findings_are_shown) {
    int code = NUMU_EXIT_DONE;
    numu_terminal_clear_progress(&session->terminal);
    if (!findings_are_shown) {
        numu_session_show_findings(session);
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
        numu_session_complain_simply(session, NUMU_HELP_STOPPED, NULL);
        code = NUMU_EXIT_INTERRUPTED;
        break;
    case NUMU_MEMORY:
        numu_session_complain_simply(session, NUMU_HELP_NO_MEMORY, NULL);
        code = NUMU_EXIT_MACHINE;
        break;
    case NUMU_LIMIT:
        numu_session_complain_simply(session, NUMU_HELP_OVER_LIMIT, NULL);
        code = NUMU_EXIT_MACHINE;
        break;
    case NUMU_INFEASIBLE:
    case NUMU_BUG:
        numu_session_complain_simply(session, NUMU_HELP_BUG, NULL);
        code = NUMU_EXIT_MACHINE;
        break;
    }
    if (numu_option_is_given(session->invocation, NUMU_OPTION_TIMING)) {
        say_timing(session);
    }
    numu_session_release(session);
    return code;
}

/* --- packages --- */

struct numu_stamp numu_session_stamp(const struct numu_session *session,
                                     char hex[NUMU_SHA256_HEX_BYTES]) {
    const struct numu_table_package *package = &session->model.package;
    return (struct numu_stamp){
        .version = numu_text_of(NUMU_VERSION),
        .inputs_sha256 = numu_text_of(numu_sha256_hex(&session->model.inputs, hex)),
        .data_date = package->head.count > 0 ? package->data_date[0] : NUMU_NO_DAY};
}

numu_status numu_session_load_path(struct numu_session *session, const char *path) {
    numu_status status =
        numu_app_check(&session->context, numu_text_of(path), &session->report, &session->model);
    if (status == NUMU_INVALID) {
        numu_terminal_clear_progress(&session->terminal);
        numu_session_complain_simply(session, NUMU_HELP_CHECK_FIRST, path);
    }
    return status;
}

numu_status numu_session_load(struct numu_session *session, size_t operand) {
    return numu_session_load_path(session, session->invocation->operands[operand]);
}

/* --- rule sets --- */

numu_status numu_session_rules_folder(struct numu_session *session, const char **out) {
    static const struct {
        const char *variable, *below;
    } places[] = {
        {"NUMU_RULES", ""}, {"XDG_DATA_HOME", "/numu/rules"}, {"HOME", "/.local/share/numu/rules"}};
    *out = NULL;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *value = getenv(places[i].variable);
        if (value != NULL && value[0] != '\0') {
            struct numu_text path;
            NUMU_TRY(numu_text_printf(&session->arena, &path, "%s%s", value, places[i].below));
            *out = path.data;
            return NUMU_OK;
        }
    }
    return NUMU_OK;
}
