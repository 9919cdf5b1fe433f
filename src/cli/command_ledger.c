/*
 * command_ledger.c - numu ledger init, record, sign, status, balance, account, counts, trace,
 * prove.
 */
#include "app/approve.h"
#include "app/certify.h"
#include "app/door.h"
#include "app/key.h"
#include "app/ledger_count.h"
#include "app/ledger_draft.h"
#include "app/ledger_epoch.h"
#include "app/ledger_exchange.h"
#include "app/ledger_witness.h"
#include "cli/passphrase.h"
#include "ledger/epcis.h"
#include "plan/store.h"
#include "view/sheet.h"

#include <stdio.h>
#include <string.h>

/* --- keys --- */

/*
 * Unlocks the key file of --key where it is given; else *out is empty. *out_refused: no passphrase
 * that will do, which has been said.
 */
static numu_status unlock_key(struct numu_session *session, struct numu_signer *out,
                              bool *out_refused) {
    struct numu_passphrase passphrase;
    const char *path = session->invocation->values[NUMU_OPTION_KEY];
    *out = (struct numu_signer){.secret = NULL};
    *out_refused = false;
    if (path == NULL) {
        return NUMU_OK;
    }
    *out_refused = !numu_passphrase_read(session, false, &passphrase);
    if (*out_refused) {
        return NUMU_INVALID;
    }
    numu_status status = numu_app_key_unlock(
        &session->context, path, (struct numu_text){passphrase.bytes, passphrase.length},
        &session->report, out);
    numu_wipe(&passphrase, sizeof passphrase);
    return status;
}

/* The same of a command that does nothing without a key; where none is given, `needs` is said. */
static numu_status unlock_needed_key(struct numu_session *session, numu_help needs,
                                     struct numu_signer *out, bool *out_refused) {
    *out_refused = !numu_option_is_given(session->invocation, NUMU_OPTION_KEY);
    if (*out_refused) {
        *out = (struct numu_signer){.secret = NULL};
        numu_session_complain_simply(session, needs, NULL);
        return NUMU_INVALID;
    }
    return unlock_key(session, out, out_refused);
}

static const struct numu_signer *signer_or_none(const struct numu_signer *signer) {
    return signer->secret == NULL ? NULL : signer;
}

/* --- answers --- */

static numu_status show_sheet(struct numu_session *session, const struct numu_sheet *sheet) {
    struct numu_stamp stamp = {.version = numu_text_of(NUMU_VERSION), .data_date = NUMU_NO_DAY};
    NUMU_TRY(numu_view_sheet(&session->output, sheet, &stamp, session->terminal.language,
                             session->format));
    return numu_session_hand_out(session);
}

/* Opens the book of the first operand to be asked. */
static numu_status open_book(struct numu_session *session, struct numu_ledger *out) {
    return numu_app_ledger_open(&session->context, session->invocation->operands[0],
                                NUMU_STORE_READ, &session->report, out);
}

typedef numu_status (*ask)(struct numu_session *session, struct numu_ledger *ledger,
                           struct numu_sheet *out);

/* A command that opens a book, asks it for a sheet and shows that. */
static int answer(const struct numu_invocation *invocation, ask question) {
    struct numu_session session;
    struct numu_ledger ledger;
    struct numu_sheet sheet = {.columns = NULL};
    numu_session_init(&session, invocation);
    numu_status status = open_book(&session, &ledger);
    if (status == NUMU_OK) {
        status = question(&session, &ledger, &sheet);
        if (status == NUMU_OK) {
            status = show_sheet(&session, &sheet);
        }
        if (sheet.columns != NULL) {
            numu_sheet_release(&sheet);
        }
        numu_status closed = numu_ledger_close(&ledger);
        status = status == NUMU_OK ? closed : status;
    }
    return numu_session_finish(&session, status, false);
}

/* --- init --- */

static int start_book(struct numu_session *session) {
    const struct numu_invocation *invocation = session->invocation;
    struct numu_signer signer;
    bool is_refused;
    numu_status status = unlock_key(session, &signer, &is_refused);
    if (is_refused) {
        numu_session_release(session);
        return NUMU_EXIT_USAGE;
    }
    if (status == NUMU_OK) {
        status = numu_session_load_path(session, invocation->values[NUMU_OPTION_MODEL]);
    }
    if (status == NUMU_OK) {
        numu_session_forget_findings(session); /* of the package: they are no matter of the book */
        struct numu_ledger_init_request request = {
            .path = invocation->operands[0],
            .site = numu_text_of(invocation->values[NUMU_OPTION_SITE]),
            .now = numu_now(),
            .signer = signer_or_none(&signer),
            .root = invocation->values[NUMU_OPTION_ROOT],
            .certificates = invocation->values[NUMU_OPTION_CERTIFICATES]};
        session->report.keep_max = 0;
        status =
            numu_app_ledger_init(&session->context, &request, &session->model, &session->report);
    }
    numu_signer_release(&signer);
    if (status == NUMU_OK && !session->terminal.is_quiet) {
        numu_session_say(session, NUMU_HELP_WROTE, invocation->operands[0]);
    }
    return numu_session_finish(session, status, false);
}

int numu_command_ledger_init(const struct numu_invocation *invocation) {
    struct numu_session session;
    numu_session_init(&session, invocation);
    bool lacks_root = numu_option_is_given(invocation, NUMU_OPTION_CERTIFICATES) &&
                      !numu_option_is_given(invocation, NUMU_OPTION_ROOT);
    if (!numu_option_is_given(invocation, NUMU_OPTION_SITE) ||
        !numu_option_is_given(invocation, NUMU_OPTION_MODEL) || lacks_root) {
        numu_session_complain_simply(&session, NUMU_HELP_LEDGER_INIT_NEEDS, NULL);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    return start_book(&session);
}

/* --- record and sign --- */

/* Rows that are not plain acknowledgements; of a long input those are what matters. */
static void keep_notable(struct numu_sheet *sheet, size_t *out_total) {
    struct numu_argument *cells = (void *)sheet->cells.data;
    size_t rows = numu_sheet_rows(sheet);
    size_t kept = 0;
    for (size_t row = 0; row < rows; row++) {
        struct numu_argument *cell = cells + row * NUMU_RECEIPT_COLUMNS;
        if (!numu_text_is(cell[1].text, "word.outcome_acknowledged")) {
            memmove(cells + kept * NUMU_RECEIPT_COLUMNS, cell, NUMU_RECEIPT_COLUMNS * sizeof *cell);
            kept++;
        }
    }
    sheet->cells.length = kept * NUMU_RECEIPT_COLUMNS * sizeof *cells;
    *out_total = rows - kept;
}

enum { ROWS_SHOWN = 40 }; /* of receipts, on a terminal; more are summed up */

/* Receipts that go out as CSV while recording goes on, under one heading. */
struct handing {
    struct numu_session *session;
    bool has_begun;
};

static numu_status hand_out_receipts(void *data, const struct numu_sheet *receipts) {
    struct handing *handing = data;
    struct numu_buffer *output = &handing->session->output;
    struct numu_stamp stamp = {.version = numu_text_of(NUMU_VERSION), .data_date = NUMU_NO_DAY};
    numu_buffer_clear(output);
    NUMU_TRY(numu_view_sheet(output, receipts, &stamp, handing->session->terminal.language,
                             NUMU_FORMAT_CSV));
    if (handing->has_begun) {
        size_t heading =
            numu_text_find((struct numu_text){output->data, output->length}, NUMU_TEXT("\n"), 0) +
            1;
        output->length -= heading;
        memmove(output->data, output->data + heading, output->length);
    }
    handing->has_begun = true;
    numu_status status = numu_session_write(handing->session);
    numu_buffer_clear(output);
    return status;
}

/* Receipts of what goes to standard output as CSV need not wait for the end. */
static bool may_hand_out(const struct numu_session *session) {
    return session->format == NUMU_FORMAT_CSV &&
           !numu_option_is_given(session->invocation, NUMU_OPTION_OUTPUT);
}

static int show_receipts(struct numu_session *session, struct numu_sheet *sheet, numu_status status,
                         size_t refused, bool has_handed) {
    size_t plain = 0;
    bool is_long = session->format == NUMU_FORMAT_TABLE && numu_sheet_rows(sheet) > ROWS_SHOWN;
    if (is_long) {
        keep_notable(sheet, &plain);
    }
    if (status == NUMU_OK && !has_handed) {
        status = show_sheet(session, sheet);
    } else if (!has_handed && (numu_sheet_rows(sheet) > 0 || plain > 0)) {
        numu_status shown = show_sheet(session, sheet); /* what was committed before it failed */
        status = shown == NUMU_OK ? status : shown;
    }
    if (is_long && !session->terminal.is_quiet) {
        char number[32];
        (void)snprintf(number, sizeof number, "%zu", plain);
        numu_session_say(session, NUMU_HELP_LEDGER_ACKNOWLEDGED, number);
    }
    numu_sheet_release(sheet);
    int code = numu_session_finish(session, status, false);
    return code == NUMU_EXIT_DONE && refused > 0 ? NUMU_EXIT_NO : code;
}

/*
 * Opens the checks of the package --model; request->checks stays NULL without one. What the package
 * itself is warned of is not of these events.
 */
static numu_status open_door(struct numu_session *session, struct numu_ledger_checks *room,
                             struct numu_ledger_record_request *request) {
    const struct numu_invocation *invocation = session->invocation;
    const struct numu_door_request wanted = {
        .rules = invocation->values[NUMU_OPTION_RULES],
        .matrix = invocation->values[NUMU_OPTION_MATRIX],
        .profile = numu_text_of(invocation->values[NUMU_OPTION_PROFILE])};
    struct numu_rules_place place = {
        .sources = &session->model.sources, .arena = &session->arena, .report = &session->report};
    if (!numu_option_is_given(invocation, NUMU_OPTION_MODEL)) {
        numu_sources_init(&session->model.sources, &session->model.arena);
        return NUMU_OK;
    }
    NUMU_TRY(numu_session_load_path(session, invocation->values[NUMU_OPTION_MODEL]));
    numu_terminal_clear_progress(&session->terminal);
    numu_session_forget_findings(session);
    NUMU_TRY(numu_session_rules_folder(session, &place.folder));
    NUMU_TRY(numu_app_door_open(&session->context, &session->model, &place, &wanted, room));
    request->checks = room;
    return NUMU_OK;
}

static int record(struct numu_session *session, struct numu_ledger_record_request *request,
                  bool signs_bodies) {
    struct numu_signer signer;
    struct numu_sheet sheet;
    struct numu_ledger_checks checks;
    size_t refused = 0;
    bool is_refused;
    numu_status status = unlock_key(session, &signer, &is_refused);
    if (is_refused) {
        numu_session_release(session);
        return NUMU_EXIT_USAGE;
    }
    if (status == NUMU_OK) {
        status = open_door(session, &checks, request);
    }
    if (status != NUMU_OK) {
        numu_signer_release(&signer);
        return numu_session_finish(session, status, false);
    }
    request->path = request->path == NULL ? session->invocation->operands[0] : request->path;
    request->now = numu_now();
    request->is_atomic = numu_option_is_given(session->invocation, NUMU_OPTION_ATOMIC);
    request->person = signs_bodies ? signer_or_none(&signer) : NULL;
    request->site = signs_bodies ? NULL : signer_or_none(&signer);
    request->has_reasons = session->format != NUMU_FORMAT_TABLE;
    struct handing handing = {.session = session};
    if (may_hand_out(session)) {
        request->hand_out = hand_out_receipts;
        request->hand_out_data = &handing;
    }
    status = numu_app_ledger_record(&session->context, request, &session->model.sources,
                                    &session->report, &session->arena, &sheet, &refused);
    numu_signer_release(&signer);
    return show_receipts(session, &sheet, status, refused, handing.has_begun);
}

int numu_command_ledger_record(const struct numu_invocation *invocation) {
    struct numu_session session;
    numu_session_init(&session, invocation);
    struct numu_ledger_record_request request = {
        .input = invocation->operand_count > 1 ? invocation->operands[1] : "-"};
    return record(&session, &request, false);
}

/* Whether it is clear what to sign: a file, an approval or a decision, and each whole. */
static bool is_sign_complete(const struct numu_invocation *invocation) {
    static const numu_option_id decision[] = {NUMU_OPTION_SUBJECT, NUMU_OPTION_LIST,
                                              NUMU_OPTION_RESULT, NUMU_OPTION_REASON};
    size_t given = 0;
    for (size_t i = 0; i < sizeof decision / sizeof *decision; i++) {
        given += numu_option_is_given(invocation, decision[i]);
    }
    bool decides = given == sizeof decision / sizeof *decision;
    bool approves = numu_option_is_given(invocation, NUMU_OPTION_APPROVE);
    bool has_entry = numu_option_is_given(invocation, NUMU_OPTION_ENTRY);
    bool has_events = invocation->operand_count > 1;
    /* Events say who acts; --by beside a file means that it holds certificates. */
    return (given == 0 || decides) && decides + approves + has_events == 1 &&
           (decides || !has_entry) &&
           (has_events || numu_option_is_given(invocation, NUMU_OPTION_BY));
}

static numu_status write_decision(struct numu_session *session, struct numu_text *out) {
    const char *const *values = session->invocation->values;
    const struct numu_screening_draft draft = {
        .subject = numu_text_of(values[NUMU_OPTION_SUBJECT]),
        .by = numu_text_of(values[NUMU_OPTION_BY]),
        .reason = numu_text_of(values[NUMU_OPTION_REASON]),
        .entry = numu_text_of(values[NUMU_OPTION_ENTRY]),
        .list = values[NUMU_OPTION_LIST],
        .is_clear = numu_option_choice(session->invocation, NUMU_OPTION_RESULT) == 0,
        .now = numu_now()};
    return numu_draft_screening(&draft, &session->arena, &session->report, out);
}

int numu_command_ledger_sign(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_ledger_record_request request = {.input = NULL};
    numu_status status = NUMU_OK;
    numu_session_init(&session, invocation);
    if (!is_sign_complete(invocation)) {
        numu_session_complain_simply(&session, NUMU_HELP_LEDGER_SIGN_NEEDS, NULL);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    if (numu_option_is_given(invocation, NUMU_OPTION_APPROVE)) {
        status = numu_draft_approval(numu_text_of(invocation->values[NUMU_OPTION_APPROVE]),
                                     numu_text_of(invocation->values[NUMU_OPTION_BY]), numu_now(),
                                     &session.arena, &request.lines);
    } else if (numu_option_is_given(invocation, NUMU_OPTION_SUBJECT)) {
        status = write_decision(&session, &request.lines);
    } else if (numu_option_is_given(invocation, NUMU_OPTION_BY)) {
        struct numu_text certificates;
        status = numu_app_certificates_read(invocation->operands[1], &session.arena,
                                            &session.report, &certificates);
        if (status == NUMU_OK) {
            status = numu_draft_certificates(certificates,
                                             numu_text_of(invocation->values[NUMU_OPTION_BY]),
                                             &session.arena, &request.lines);
        }
    } else {
        request.input = invocation->operands[1];
    }
    return status == NUMU_OK ? record(&session, &request, true)
                             : numu_session_finish(&session, status, false);
}

/* --- the offline root --- */

int numu_command_ledger_certify(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_signer signer;
    bool is_refused;
    numu_session_init(&session, invocation);
    numu_status status =
        unlock_needed_key(&session, NUMU_HELP_LEDGER_CERTIFY_NEEDS, &signer, &is_refused);
    if (is_refused) {
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    if (status == NUMU_OK) {
        const struct numu_certify_request request = {.path = invocation->operands[0],
                                                     .root = &signer,
                                                     .now = numu_now(),
                                                     .ledger = NUMU_TEXT("national")};
        numu_sources_init(&session.model.sources, &session.model.arena);
        status = numu_app_certify(&request, &session.model.sources, &session.arena, &session.report,
                                  &session.output);
    }
    numu_signer_release(&signer);
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

/* --- questions --- */

static numu_status ask_status(struct numu_session *session, struct numu_ledger *ledger,
                              struct numu_sheet *out) {
    return numu_app_ledger_status(ledger, &session->arena, &session->report, out);
}

int numu_command_ledger_status(const struct numu_invocation *invocation) {
    return answer(invocation, ask_status);
}

/* "2026-01-05" is the end of that day. */
static bool parse_moment(const char *text, numu_instant *out) {
    numu_day day;
    if (numu_day_parse(numu_text_of(text), &day)) {
        *out = ((numu_instant)day + 1) * 24 * 60 * 60 - 1;
        return true;
    }
    return numu_instant_parse(numu_text_of(text), out);
}

static numu_status ask_balance(struct numu_session *session, struct numu_ledger *ledger,
                               struct numu_sheet *out) {
    const struct numu_invocation *invocation = session->invocation;
    struct numu_balance_request request = {
        .show = (numu_balance_show)numu_option_choice(invocation, NUMU_OPTION_SHOW),
        .place = numu_text_of(invocation->values[NUMU_OPTION_PLACE]),
        .item = numu_text_of(invocation->values[NUMU_OPTION_ITEM]),
        .at = NUMU_NO_INSTANT,
        .today = numu_instant_day(numu_now())};
    const char *at = invocation->values[NUMU_OPTION_AT];
    if (at != NULL) { /* checked before */
        (void)parse_moment(at, &request.at);
        request.today = numu_instant_day(request.at);
    }
    return numu_app_ledger_balance(ledger, &request, &session->arena, &session->report, out);
}

int numu_command_ledger_balance(const struct numu_invocation *invocation) {
    numu_instant unused;
    const char *at = invocation->values[NUMU_OPTION_AT];
    if (at != NULL && !parse_moment(at, &unused)) {
        struct numu_session session;
        numu_session_init(&session, invocation);
        const char *const arguments[3] = {"at", at, NULL};
        numu_session_complain(&session, NUMU_HELP_BAD_OPTION_VALUE, arguments, NULL);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    return answer(invocation, ask_balance);
}

static numu_status ask_account(struct numu_session *session, struct numu_ledger *ledger,
                               struct numu_sheet *out) {
    const struct numu_invocation *invocation = session->invocation;
    struct numu_text site =
        invocation->operand_count > 1 ? numu_text_of(invocation->operands[1]) : ledger->site;
    return numu_app_ledger_account(ledger, site, &session->arena, &session->report, out);
}

int numu_command_ledger_account(const struct numu_invocation *invocation) {
    return answer(invocation, ask_account);
}

static numu_status ask_counts(struct numu_session *session, struct numu_ledger *ledger,
                              struct numu_sheet *out) {
    const struct numu_invocation *invocation = session->invocation;
    const struct numu_counts_request request = {
        .which = numu_text_of(invocation->operand_count > 1 ? invocation->operands[1] : ""),
        .site = numu_text_of(invocation->values[NUMU_OPTION_SITE]),
        .now = numu_now(),
        .joins = session->format == NUMU_FORMAT_TABLE};
    return numu_app_ledger_counts(ledger, &request, &session->arena, &session->report, out);
}

int numu_command_ledger_counts(const struct numu_invocation *invocation) {
    return answer(invocation, ask_counts);
}

static numu_status ask_trace(struct numu_session *session, struct numu_ledger *ledger,
                             struct numu_sheet *out) {
    const struct numu_invocation *invocation = session->invocation;
    struct numu_trace_request request = {.object = numu_text_of(invocation->operands[1]),
                                         .item = numu_text_of(invocation->values[NUMU_OPTION_ITEM]),
                                         .is_forward =
                                             numu_option_is_given(invocation, NUMU_OPTION_FORWARD)};
    return numu_app_ledger_trace(ledger, &request, &session->arena, &session->report, out);
}

int numu_command_ledger_trace(const struct numu_invocation *invocation) {
    return answer(invocation, ask_trace);
}

int numu_command_ledger_prove(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_ledger ledger;
    numu_session_init(&session, invocation);
    numu_status status = open_book(&session, &ledger);
    if (status == NUMU_OK) {
        status = numu_app_ledger_prove(&ledger, numu_text_of(invocation->operands[1]),
                                       &session.arena, &session.report, &session.output);
        numu_status closed = numu_ledger_close(&ledger);
        status = status == NUMU_OK ? closed : status;
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

/* --- epochs --- */

/* One administrator's half, in the open book. */
static numu_status do_half(struct numu_session *session, struct numu_ledger *ledger,
                           const struct numu_signer *person, bool *out_refused) {
    const struct numu_invocation *invocation = session->invocation;
    const char *const *values = invocation->values;
    const struct numu_ledger_epoch_request request = {
        .other = invocation->operand_count > 1 ? invocation->operands[1] : NULL,
        .approve = numu_text_of(values[NUMU_OPTION_APPROVE]),
        .by = numu_text_of(values[NUMU_OPTION_BY]),
        .reason = numu_text_of(values[NUMU_OPTION_REASON]),
        .now = numu_now(),
        .person = person};
    return numu_app_ledger_epoch(ledger, &request, &session->arena, &session->report, out_refused);
}

static int act_on_epoch(struct numu_session *session) {
    struct numu_signer signer;
    struct numu_ledger ledger;
    struct numu_sheet sheet = {.columns = NULL};
    bool is_refused;
    numu_status status = unlock_key(session, &signer, &is_refused);
    if (is_refused) {
        numu_session_release(session);
        return NUMU_EXIT_USAGE;
    }
    if (status == NUMU_OK) {
        status = numu_app_ledger_open(&session->context, session->invocation->operands[0],
                                      NUMU_STORE_WRITE, &session->report, &ledger);
    }
    if (status == NUMU_OK) {
        status = do_half(session, &ledger, signer_or_none(&signer), &is_refused);
        if (status == NUMU_OK) {
            status = numu_app_ledger_epochs(&ledger, &session->arena, &sheet);
        }
        numu_status closed = numu_ledger_close(&ledger);
        status = status == NUMU_OK ? closed : status;
    }
    numu_signer_release(&signer);
    if (status == NUMU_OK) {
        status = show_sheet(session, &sheet);
    }
    if (sheet.columns != NULL) {
        numu_sheet_release(&sheet);
    }
    int code = numu_session_finish(session, status, false);
    return code == NUMU_EXIT_DONE && is_refused ? NUMU_EXIT_NO : code;
}

static numu_status ask_epochs(struct numu_session *session, struct numu_ledger *ledger,
                              struct numu_sheet *out) {
    return numu_app_ledger_epochs(ledger, &session->arena, out);
}

int numu_command_ledger_epoch(const struct numu_invocation *invocation) {
    bool has_other = invocation->operand_count > 1;
    bool approves = numu_option_is_given(invocation, NUMU_OPTION_APPROVE);
    bool has_by = numu_option_is_given(invocation, NUMU_OPTION_BY);
    bool has_reason = numu_option_is_given(invocation, NUMU_OPTION_REASON);
    struct numu_session session;
    if (!has_other && !approves && !has_by && !has_reason) {
        return answer(invocation, ask_epochs);
    }
    numu_session_init(&session, invocation);
    if (!has_by || has_other == approves || has_reason != has_other) {
        numu_session_complain_simply(&session, NUMU_HELP_LEDGER_EPOCH_NEEDS, NULL);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    return act_on_epoch(&session);
}

/* --- witnesses --- */

static numu_status take_cosigned(struct numu_session *session) {
    struct numu_ledger ledger;
    const char *const *operands = session->invocation->operands;
    NUMU_TRY(numu_app_ledger_open(&session->context, operands[0], NUMU_STORE_WRITE,
                                  &session->report, &ledger));
    numu_status status =
        numu_app_ledger_take_cosigned(&ledger, operands[1], &session->arena, &session->report);
    numu_status closed = numu_ledger_close(&ledger);
    return status == NUMU_OK ? closed : status;
}

static numu_status ask_for_cosignature(struct numu_session *session) {
    struct numu_ledger ledger;
    NUMU_TRY(open_book(session, &ledger));
    numu_status status =
        numu_app_ledger_head(&ledger, numu_option_count(session->invocation, NUMU_OPTION_SINCE, 0),
                             &session->arena, &session->report, &session->output);
    numu_status closed = numu_ledger_close(&ledger);
    NUMU_TRY(status == NUMU_OK ? closed : status);
    return numu_session_hand_out(session);
}

int numu_command_ledger_head(const struct numu_invocation *invocation) {
    struct numu_session session;
    numu_session_init(&session, invocation);
    numu_status status =
        invocation->operand_count > 1 ? take_cosigned(&session) : ask_for_cosignature(&session);
    return numu_session_finish(&session, status, false);
}

int numu_command_ledger_witness(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_signer signer;
    bool is_refused;
    numu_session_init(&session, invocation);
    numu_status status =
        unlock_needed_key(&session, NUMU_HELP_LEDGER_WITNESS_NEEDS, &signer, &is_refused);
    if (is_refused) {
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    if (status == NUMU_OK) {
        const struct numu_app_witness_request request = {.memory = invocation->operands[0],
                                                         .request = invocation->operands[1],
                                                         .trusted =
                                                             invocation->values[NUMU_OPTION_TRUST],
                                                         .signer = &signer,
                                                         .now = numu_now()};
        status = numu_app_witness(&request, &session.arena, &session.report, &session.output,
                                  &is_refused);
    }
    numu_signer_release(&signer);
    if (status == NUMU_OK && !is_refused) {
        status = numu_session_hand_out(&session);
    }
    int code = numu_session_finish(&session, status, false);
    return code == NUMU_EXIT_DONE && is_refused ? NUMU_EXIT_NO : code;
}

/* --- exchange --- */

int numu_command_ledger_bundle(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_ledger ledger;
    numu_session_init(&session, invocation);
    numu_status status = open_book(&session, &ledger);
    if (status == NUMU_OK) {
        status = numu_app_ledger_bundle(&ledger, numu_text_of(invocation->values[NUMU_OPTION_SITE]),
                                        numu_option_count(invocation, NUMU_OPTION_SINCE, 0),
                                        &session.report, &session.output);
        numu_status closed = numu_ledger_close(&ledger);
        status = status == NUMU_OK ? closed : status;
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

int numu_command_ledger_accept(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_ledger ledger;
    struct numu_sheet sheet;
    size_t refused = 0;
    numu_session_init(&session, invocation);
    numu_status status = numu_app_ledger_open(&session.context, invocation->operands[0],
                                              NUMU_STORE_WRITE, &session.report, &ledger);
    if (status == NUMU_OK) {
        status = numu_app_ledger_accept(&session.context, &ledger, invocation->operands[1],
                                        invocation->values[NUMU_OPTION_TRUST], &session.report,
                                        &session.arena, &sheet, &refused);
        numu_status closed = numu_ledger_close(&ledger);
        status = status == NUMU_OK ? closed : status;
        if (status == NUMU_OK) {
            status = show_sheet(&session, &sheet);
        }
        numu_sheet_release(&sheet);
    }
    int code = numu_session_finish(&session, status, false);
    return code == NUMU_EXIT_DONE && refused > 0 ? NUMU_EXIT_NO : code;
}

static numu_status export_book(struct numu_session *session, struct numu_ledger *ledger,
                               const char *base) {
    const char *path = session->invocation->operands[1];
    struct numu_text site = numu_text_of(session->invocation->values[NUMU_OPTION_SITE]);
    return base == NULL
               ? numu_app_ledger_export(ledger, site, path, &session->arena, &session->report)
               : numu_app_ledger_export_epcis(ledger, path, numu_text_of(base), &session->arena,
                                              &session->report);
}

int numu_command_ledger_export(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_ledger ledger;
    const char *base = invocation->values[NUMU_OPTION_EPCIS];
    numu_session_init(&session, invocation);
    if (base != NULL && !numu_epcis_base_is_good(numu_text_of(base))) {
        numu_session_complain_simply(&session, NUMU_HELP_LEDGER_EPCIS_BASE, base);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    numu_status status = open_book(&session, &ledger);
    if (status == NUMU_OK) {
        status = export_book(&session, &ledger, base);
        numu_status closed = numu_ledger_close(&ledger);
        status = status == NUMU_OK ? closed : status;
    }
    if (status == NUMU_OK && !session.terminal.is_quiet) {
        numu_session_say(&session, NUMU_HELP_WROTE, invocation->operands[1]);
    }
    return numu_session_finish(&session, status, false);
}

int numu_command_ledger_simulate(const struct numu_invocation *invocation) {
    enum { YEAR = 365 };
    struct numu_session session;
    struct numu_sheet sheet;
    numu_session_init(&session, invocation);
    if (!numu_option_is_given(invocation, NUMU_OPTION_MODEL)) {
        numu_session_complain_simply(&session, NUMU_HELP_LEDGER_SIMULATE_NEEDS, NULL);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    numu_status status = numu_session_load_path(&session, invocation->values[NUMU_OPTION_MODEL]);
    if (status != NUMU_OK) {
        return numu_session_finish(&session, status, false);
    }
    numu_session_forget_findings(&session);
    struct numu_ledger_simulate_request request = {
        .folder = invocation->operands[0],
        .days = (int64_t)numu_option_count(invocation, NUMU_OPTION_DAYS, YEAR),
        .sites_max = (size_t)numu_option_count(invocation, NUMU_OPTION_SITES, 0),
        .start = numu_month_first_day(numu_model_start_month(&session.model))};
    status = numu_app_ledger_simulate(&session.context, &request, &session.model, &session.report,
                                      &session.arena, &sheet);
    numu_terminal_clear_progress(&session.terminal);
    if (status == NUMU_OK) {
        status = show_sheet(&session, &sheet);
    }
    numu_sheet_release(&sheet);
    return numu_session_finish(&session, status, false);
}

/* --- plans --- */

int numu_command_approve(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_ledger_record_request record_request = {.path =
                                                            invocation->values[NUMU_OPTION_LEDGER]};
    struct numu_approve_request request = {.plan = invocation->operands[0],
                                           .by = numu_text_of(invocation->values[NUMU_OPTION_BY]),
                                           .reason =
                                               numu_text_of(invocation->values[NUMU_OPTION_REASON]),
                                           .now = numu_now()};
    numu_session_init(&session, invocation);
    if (record_request.path == NULL || request.by.length == 0 || request.reason.length == 0) {
        numu_session_complain_simply(&session, NUMU_HELP_APPROVE_NEEDS, NULL);
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    numu_status status = numu_app_approve_draft(&session.context, &request, &session.arena,
                                                &session.report, &record_request.lines);
    if (status != NUMU_OK) {
        return numu_session_finish(&session, status, false);
    }
    return record(&session, &record_request, true);
}

int numu_diff_with_ledger(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_ledger ledger;
    struct numu_plan plan = {0};
    struct numu_sheet sheet = {.columns = NULL};
    numu_session_init(&session, invocation);
    numu_status status =
        numu_plan_read(invocation->operands[0], &session.arena, &session.report, &plan);
    if (status == NUMU_OK) {
        status = numu_app_ledger_open(&session.context, invocation->operands[1], NUMU_STORE_READ,
                                      &session.report, &ledger);
    }
    if (status == NUMU_OK) {
        status = numu_app_promised(&plan, &ledger, &session.arena, &sheet);
        if (status == NUMU_OK) {
            status = show_sheet(&session, &sheet);
        }
        numu_sheet_release(&sheet);
        numu_status closed = numu_ledger_close(&ledger);
        status = status == NUMU_OK ? closed : status;
    }
    return numu_session_finish(&session, status, false);
}
