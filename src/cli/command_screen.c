/*
 * command_screen.c - numu screen.
 */
#include "app/ledger.h"
#include "app/screen.h"
#include "cli/session.h"
#include "view/screen.h"

/* The files named by --list, in order; their count. */
static size_t take_lists(const struct numu_invocation *invocation,
                         const char *lists[NUMU_GIVEN_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < invocation->given_count; i++) {
        if (invocation->given[i].option == NUMU_OPTION_LIST) {
            lists[count++] = invocation->given[i].value;
        }
    }
    return count;
}

static numu_status screen_names(struct numu_session *session,
                                const struct numu_screen_request *request, bool *out_has_hits) {
    struct numu_screen_outcome outcome;
    char hex[NUMU_SHA256_HEX_BYTES];
    numu_status status = numu_app_screen(&session->context, request, &session->model.sources,
                                         &session->arena, &session->report, &outcome);
    if (status == NUMU_OK) {
        struct numu_stamp stamp = {.version = numu_text_of(NUMU_VERSION),
                                   .inputs_sha256 =
                                       numu_text_of(numu_sha256_hex(&outcome.inputs, hex)),
                                   .data_date = NUMU_NO_DAY};
        status = numu_view_screen(&session->output, &outcome, &stamp, session->terminal.language,
                                  session->format);
        *out_has_hits = outcome.open_count > 0;
    }
    numu_screen_release(&outcome.screen);
    return status;
}

/* With the book open, where one is given. */
static numu_status screen_with(struct numu_session *session, struct numu_screen_request *request,
                               const char *book, bool *out_has_hits) {
    struct numu_ledger ledger;
    if (book == NULL) {
        return screen_names(session, request, out_has_hits);
    }
    NUMU_TRY(
        numu_app_ledger_open(&session->context, book, NUMU_STORE_READ, &session->report, &ledger));
    request->ledger = &ledger;
    numu_status status = screen_names(session, request, out_has_hits);
    request->ledger = NULL;
    numu_status closed = numu_ledger_close(&ledger);
    return status != NUMU_OK ? status : closed;
}

static numu_status compare_pairs(struct numu_session *session, const char *path, numu_party party) {
    struct numu_name_pair *pairs;
    size_t count;
    struct numu_stamp stamp = {.version = numu_text_of(NUMU_VERSION), .data_date = NUMU_NO_DAY};
    NUMU_TRY(numu_app_compare_names(&session->context, path, party, &session->model.sources,
                                    &session->arena, &session->report, &pairs, &count));
    return numu_view_name_pairs(&session->output, pairs, count, &stamp, session->terminal.language,
                                session->format);
}

int numu_command_screen(const struct numu_invocation *invocation) {
    static const numu_party parties[] = {NUMU_PARTY_PERSON, NUMU_PARTY_COMPANY, NUMU_PARTY_VESSEL};
    const char *lists[NUMU_GIVEN_MAX];
    const char *pairs = invocation->values[NUMU_OPTION_PAIRS];
    struct numu_session session;
    bool has_hits = false;
    struct numu_screen_request request = {
        .lists = lists,
        .list_count = take_lists(invocation, lists),
        .names = invocation->operands,
        .name_count = invocation->operand_count,
        .file = invocation->values[NUMU_OPTION_FILE],
        .party = numu_option_is_given(invocation, NUMU_OPTION_TYPE)
                     ? parties[numu_option_choice(invocation, NUMU_OPTION_TYPE)]
                     : NUMU_PARTY_ANY,
        .threshold = numu_option_seconds(invocation, NUMU_OPTION_THRESHOLD)};
    numu_session_init(&session, invocation);
    numu_sources_init(&session.model.sources, &session.model.arena);
    bool has_names = request.name_count > 0 || request.file != NULL;
    if ((pairs == NULL) != has_names || (has_names && request.list_count == 0) ||
        request.threshold > 1) {
        numu_session_complain_simply(&session, NUMU_HELP_BAD_SCREEN, NULL);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    numu_status status =
        pairs != NULL
            ? compare_pairs(&session, pairs, request.party)
            : screen_with(&session, &request, invocation->values[NUMU_OPTION_LEDGER], &has_hits);
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    bool is_answered = status == NUMU_OK;
    /* Findings of files that cannot be read are usage, not an answer. */
    int result = numu_session_finish(&session, status, false);
    if (is_answered && result == NUMU_EXIT_DONE && has_hits) {
        return NUMU_EXIT_NO;
    }
    return !is_answered && result == NUMU_EXIT_NO ? NUMU_EXIT_USAGE : result;
}
