/*
 * command_form.c - numu form mark, and the forms that a package and a book fill.
 */
#include "app/form.h"
#include "app/mark.h"
#include "cli/session.h"
#include "view/form.h"
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

/* --- forms of a package and a book --- */

/* "name=text" given by --field. NUMU_INVALID with a complaint where one has no '='. */
static numu_status take_given(struct numu_session *session, struct numu_form_given **out,
                              size_t *out_count) {
    const struct numu_invocation *invocation = session->invocation;
    *out_count = 0;
    NUMU_TRY(NUMU_TAKE(&session->arena, out, invocation->given_count));
    for (size_t i = 0; i < invocation->given_count; i++) {
        if (invocation->given[i].option != NUMU_OPTION_FIELD) {
            continue;
        }
        struct numu_text given = numu_text_of(invocation->given[i].value);
        size_t equals = numu_text_find(given, NUMU_TEXT("="), 0);
        if (equals == SIZE_MAX || equals == 0) {
            numu_session_complain_simply(session, NUMU_HELP_BAD_FIELD, given.data);
            return NUMU_INVALID;
        }
        (*out)[(*out_count)++] = (struct numu_form_given){
            {given.data, equals}, {given.data + equals + 1, given.length - equals - 1}};
    }
    return NUMU_OK;
}

/* Which paths a form takes: its first operand is a package or a book, the other is an option. */
static bool is_of_package(numu_form_id form) {
    return form == NUMU_FORM_licence_register || form == NUMU_FORM_end_user_certificate;
}

static numu_status fill_form(struct numu_session *session, struct numu_form_request *request) {
    struct numu_form_page form;
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_form_given *given = NULL;
    NUMU_TRY(take_given(session, &given, &request->given_count));
    request->given = given;
    numu_status status =
        numu_app_form(&session->context, request, &session->arena, &session->report, &form);
    if (status == NUMU_OK) {
        struct numu_stamp stamp = numu_session_stamp(session, hex);
        if (request->model == NULL) {
            stamp.inputs_sha256 = (struct numu_text){NULL, 0};
        }
        status = numu_view_form(&session->output, &form, &stamp, session->terminal.language,
                                session->format);
    }
    numu_form_release(&form);
    return status == NUMU_OK ? numu_session_hand_out(session) : status;
}

/* With the book open, where the form asks for one. */
static numu_status fill_from(struct numu_session *session, struct numu_form_request *request,
                             const char *book) {
    struct numu_ledger ledger;
    if (book == NULL) {
        return fill_form(session, request);
    }
    NUMU_TRY(
        numu_app_ledger_open(&session->context, book, NUMU_STORE_READ, &session->report, &ledger));
    request->ledger = &ledger;
    numu_status status = fill_form(session, request);
    request->ledger = NULL;
    numu_status closed = numu_ledger_close(&ledger);
    return status != NUMU_OK ? status : closed;
}

int numu_command_form(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_form_request request = {
        .form = numu_form_find(invocation->command->name + sizeof "form " - 1),
        .item = numu_text_of(invocation->values[NUMU_OPTION_ITEM]),
        .year = (int64_t)numu_option_count(invocation, NUMU_OPTION_YEAR, 0),
        .days_max = (int64_t)numu_option_count(invocation, NUMU_OPTION_DAYS, 0),
        .share_max = (int64_t)numu_option_count(invocation, NUMU_OPTION_SHARE, 0),
        .today = numu_instant_day(numu_now())};
    bool is_request = request.form == NUMU_FORM_trace_request;
    const char *first = invocation->operands[0];
    const char *package =
        is_of_package(request.form) ? first : invocation->values[NUMU_OPTION_MODEL];
    const char *book =
        is_of_package(request.form) || is_request ? invocation->values[NUMU_OPTION_LEDGER] : first;
    request.object = numu_text_of(is_request                      ? first
                                  : invocation->operand_count > 1 ? invocation->operands[1]
                                                                  : NULL);
    numu_session_init(&session, invocation);
    numu_sources_init(&session.model.sources, &session.model.arena);
    if (request.year > 9999) {
        request.year = 9999;
    }
    numu_status status = NUMU_OK;
    if (package != NULL) {
        status = numu_session_load_path(&session, package);
        request.model = &session.model;
    }
    if (status == NUMU_OK) {
        numu_session_forget_findings(&session); /* of the package: what the form lacks is said */
        status = fill_from(&session, &request, book);
    }
    return numu_session_finish(&session, status, false);
}
