/*
 * schedule.c - numu schedule: a package, a project file, or many of them.
 */
#include "view/schedule.h"
#include "app/app.h"
#include "app/project.h"
#include "cli/session.h"
#include "view/findings.h"
#include "view/project.h"

#include <stdio.h>
#include <string.h>

static struct numu_rcpsp_options options_of(const struct numu_invocation *invocation) {
    return (struct numu_rcpsp_options){
        .schedules = numu_option_count(invocation, NUMU_OPTION_SCHEDULES, 0),
        .time_limit_s = numu_option_seconds(invocation, NUMU_OPTION_TIME_LIMIT),
        .keeps_deadlines = numu_option_is_given(invocation, NUMU_OPTION_HARD_DEADLINES)};
}

/* What the commands below leave behind, whatever became of them. */
struct outcome {
    struct numu_sha256 inputs;
    struct numu_schedule_rows rows;
    bool has_none; /* of some project there is no schedule, and deadlines had to be kept */
};

/*
 * That there is no schedule is a finding about the input; but where deadlines must be kept it was
 * a question, and this is the answer.
 */
static numu_status take_none(const struct numu_session *session, numu_status status,
                             struct outcome *outcome) {
    outcome->has_none = status == NUMU_INFEASIBLE &&
                        numu_option_is_given(session->invocation, NUMU_OPTION_HARD_DEADLINES);
    return status == NUMU_INFEASIBLE ? NUMU_INVALID : status;
}

/* The dates of a package. */
static numu_status schedule_package(struct numu_session *session, struct outcome *outcome) {
    struct numu_plan plan = {0};
    struct numu_rcpsp_result result;
    struct numu_rcpsp_options options = options_of(session->invocation);
    NUMU_TRY(numu_session_load(session, 0));
    outcome->inputs = session->model.inputs;
    numu_status status = numu_app_schedule(&session->context, &session->model, &options,
                                           &session->arena, &session->report, &plan, &result);
    NUMU_TRY(take_none(session, status, outcome));
    return numu_view_schedule(&session->output, &plan, &result, session->terminal.language,
                              session->format);
}

/* What JSON opens with; `room` holds its texts. */
struct stamp_room {
    char hex[NUMU_SHA256_HEX_BYTES];
    char seed[24];
};

static struct numu_stamp stamp_of(const struct numu_session *session,
                                  const struct numu_sha256 *inputs, struct stamp_room *room) {
    (void)snprintf(room->seed, sizeof room->seed, "%llu",
                   (unsigned long long)session->context.seed);
    return (struct numu_stamp){.version = numu_text_of(NUMU_VERSION),
                               .inputs_sha256 = numu_text_of(numu_sha256_hex(inputs, room->hex)),
                               .data_date = NUMU_NO_DAY,
                               .seed = numu_text_of(room->seed)};
}

/* Whether -o asks for a page. */
static bool wants_page(const struct numu_session *session) {
    const char *path = session->invocation->values[NUMU_OPTION_OUTPUT];
    size_t length = path == NULL ? 0 : strlen(path);
    return length > 5 && strcmp(path + length - 5, ".html") == 0;
}

/* The dates of a package as a page: bars, resources, network. */
static numu_status draw_package(struct numu_session *session, struct outcome *outcome) {
    struct numu_project project;
    struct numu_calendars calendars;
    struct numu_rcpsp_result result;
    struct numu_rcpsp_options options = options_of(session->invocation);
    struct stamp_room room;
    NUMU_TRY(numu_app_project_of_package(&session->context, session->invocation->operands[0],
                                         &session->report, &session->model, &project, &calendars,
                                         &outcome->inputs));
    numu_status status = numu_app_solve(&session->context, &project, &calendars, &options,
                                        &session->arena, &session->report, &result);
    NUMU_TRY(take_none(session, status, outcome));
    struct numu_stamp stamp = stamp_of(session, &outcome->inputs, &room);
    return numu_view_project_page(&session->output, &stamp, session->model.title, &project, &result,
                                  &session->arena, session->terminal.language);
}

/* One project file, in full. */
static numu_status schedule_file(struct numu_session *session, struct outcome *outcome) {
    struct numu_project_file file;
    struct numu_rcpsp_result result;
    struct numu_rcpsp_options options = options_of(session->invocation);
    struct stamp_room room;
    NUMU_TRY(numu_model_init(&session->context, &session->model));
    NUMU_TRY(numu_app_read_project(&session->context, session->invocation->operands[0],
                                   &session->model.sources, &session->arena, &session->report,
                                   &file));
    outcome->inputs = file.inputs;
    numu_status status = numu_app_solve(&session->context, &file.project, NULL, &options,
                                        &session->arena, &session->report, &result);
    NUMU_TRY(take_none(session, status, outcome));
    struct numu_stamp stamp = stamp_of(session, &file.inputs, &room);
    if (result.is_stopped && !session->terminal.is_quiet) {
        numu_terminal_clear_progress(&session->terminal);
        numu_session_say(session, NUMU_HELP_BEST_SO_FAR, NULL);
    }
    if (wants_page(session)) {
        return numu_view_project_page(&session->output, &stamp, file.name, &file.project, &result,
                                      &session->arena, session->terminal.language);
    }
    return numu_view_project(&session->output, &stamp, &file.project, &result,
                             session->terminal.language, session->format);
}

static numu_status schedule_many(struct numu_session *session, struct outcome *outcome) {
    struct numu_schedule_rows *rows = &outcome->rows;
    struct numu_rcpsp_options options = options_of(session->invocation);
    struct stamp_room room;
    NUMU_TRY(numu_model_init(&session->context, &session->model));
    numu_status status = numu_app_schedule_files(
        &session->context, session->invocation->operands, session->invocation->operand_count,
        &options, &session->model.sources, &session->arena, &session->report, rows);
    if (status != NUMU_OK && status != NUMU_INVALID) {
        return status;
    }
    for (size_t i = 0; i < rows->count && options.keeps_deadlines && !rows->is_stopped; i++) {
        outcome->has_none |= rows->list[i].is_read && !rows->list[i].is_solved;
    }
    struct numu_stamp stamp = stamp_of(session, &rows->inputs, &room);
    if (rows->is_stopped && !session->terminal.is_quiet) {
        numu_terminal_clear_progress(&session->terminal);
        numu_session_say(session, NUMU_HELP_BEST_SO_FAR, NULL);
    }
    NUMU_TRY(numu_view_schedule_rows(&session->output, &stamp, rows->list, rows->count,
                                     session->terminal.language, session->format));
    if (status == NUMU_INVALID) {
        NUMU_TRY(numu_session_hand_out(session)); /* what there is; then what there is not */
    }
    return status;
}

static numu_status schedule(struct numu_session *session, struct outcome *outcome) {
    const struct numu_invocation *invocation = session->invocation;
    const char *first = invocation->operands[0];
    bool is_file;
    bool holds_projects;
    NUMU_TRY(numu_app_is_project(&session->context, first, &is_file));
    NUMU_TRY(numu_app_holds_projects(&session->context, first, &holds_projects));
    if (invocation->operand_count > 1 || (holds_projects && !is_file)) {
        return schedule_many(session, outcome);
    }
    if (is_file) {
        return schedule_file(session, outcome);
    }
    return wants_page(session) ? draw_package(session, outcome)
                               : schedule_package(session, outcome);
}

/* Why there is no schedule, for programs, in its place. */
static numu_status show_none(struct numu_session *session, const struct outcome *outcome) {
    struct stamp_room room;
    struct numu_stamp stamp = stamp_of(session, &outcome->inputs, &room);
    const struct numu_findings_options options = {
        .language = session->terminal.language, .format = session->format, .stamp = &stamp};
    return numu_view_findings(&session->output, &session->report, &session->model.sources,
                              &options);
}

int numu_command_schedule(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct outcome outcome = {.has_none = false};
    numu_session_init(&session, invocation);
    numu_status status = schedule(&session, &outcome);
    numu_terminal_clear_progress(&session.terminal);
    bool is_answer = outcome.has_none && outcome.rows.count == 0; /* in the place of a schedule */
    bool is_told = is_answer && session.format != NUMU_FORMAT_TABLE && !wants_page(&session);
    if (is_answer) {
        status = is_told ? show_none(&session, &outcome) : NUMU_OK;
    }
    if (status == NUMU_OK && (is_told || !is_answer)) {
        status = numu_session_hand_out(&session);
    }
    if (!is_told) {
        numu_session_show_findings(&session); /* they may point into the rows' packages */
    }
    numu_app_release_rows(&outcome.rows);
    int code = numu_session_finish(&session, status, true);
    return code == NUMU_EXIT_DONE && outcome.has_none ? NUMU_EXIT_NO : code;
}
