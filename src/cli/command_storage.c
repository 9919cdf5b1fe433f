/*
 * command_storage.c - numu storage, numu rules.
 */
#include "app/key.h"
#include "app/storage.h"
#include "cli/passphrase.h"
#include "view/limits.h"
#include "view/placement.h"
#include "view/storage.h"

#include <string.h>

enum { ROWS_MAX = 256 };

/* Where rule sets are found, for a command that may have no package. */
static numu_status place_of(struct numu_session *session, struct numu_rules_place *out) {
    if (session->model.sources.arena == NULL) {
        numu_sources_init(&session->model.sources, &session->arena);
    }
    *out = (struct numu_rules_place){.sources = &session->model.sources,
                                     .arena = &session->arena,
                                     .report = &session->report,
                                     .day = numu_today()};
    return numu_session_rules_folder(session, &out->folder);
}

static struct numu_storage_options options_of(const struct numu_session *session) {
    return (struct numu_storage_options){.language = session->terminal.language,
                                         .format = session->format,
                                         .version = numu_text_of(NUMU_VERSION)};
}

/* Whether an option that the command cannot do without is there; says so where it is not. */
static bool has_option(struct numu_session *session, numu_option_id option) {
    if (numu_option_is_given(session->invocation, option)) {
        return true;
    }
    const char *const arguments[3] = {session->invocation->command->name, numu_options[option].name,
                                      NULL};
    numu_session_complain(session, NUMU_HELP_NEEDS_OPTION, arguments, NULL);
    return false;
}

static int refuse(struct numu_session *session) {
    numu_session_release(session);
    return NUMU_EXIT_USAGE;
}

int numu_command_storage_distance(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_rules_place place;
    struct numu_distance_result result;
    numu_session_init(&session, invocation);
    const struct numu_distance_request request = {
        .rules = invocation->values[NUMU_OPTION_RULES],
        .hazard = invocation->values[NUMU_OPTION_HD],
        .to = invocation->values[NUMU_OPTION_TO],
        .neq = invocation->values[NUMU_OPTION_NEQ],
        .distance = invocation->values[NUMU_OPTION_DISTANCE],
        .structure = invocation->values[NUMU_OPTION_STRUCTURE],
        .face = invocation->values[NUMU_OPTION_FACE],
        .is_barricaded = numu_option_is_given(invocation, NUMU_OPTION_BARRICADED)};
    bool has_all = has_option(&session, NUMU_OPTION_RULES) &&
                   has_option(&session, NUMU_OPTION_HD) && has_option(&session, NUMU_OPTION_TO);
    if (has_all && (request.neq == NULL) == (request.distance == NULL)) {
        const char *const arguments[3] = {invocation->command->name, "neq", "distance"};
        numu_session_complain(&session, NUMU_HELP_NEEDS_ONE_OPTION, arguments, NULL);
        has_all = false;
    }
    if (!has_all) {
        return refuse(&session);
    }
    numu_status status = place_of(&session, &place);
    if (status == NUMU_OK) {
        status = numu_app_storage_distance(&place, &request, &result);
    }
    if (status == NUMU_OK) {
        struct numu_storage_options options = options_of(&session);
        status = numu_view_distance(&session.output, &result, &options);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

int numu_command_storage_mix(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_rules_place place;
    struct numu_mixture mixture;
    bool may_mix = false;
    numu_session_init(&session, invocation);
    if (!has_option(&session, NUMU_OPTION_RULES)) {
        return refuse(&session);
    }
    const struct numu_mix_request request = {
        .rules = invocation->values[NUMU_OPTION_RULES],
        .goods = invocation->operands,
        .count = invocation->operand_count,
        .is_proved = numu_option_is_given(invocation, NUMU_OPTION_PROVED)};
    numu_status status = place_of(&session, &place);
    if (status == NUMU_OK) {
        status = numu_app_storage_mix(&place, &request, &mixture);
    }
    if (status == NUMU_OK) {
        struct numu_storage_options options = options_of(&session);
        may_mix = mixture.result.verdict == NUMU_MIX_TOGETHER;
        status = numu_view_mixture(&session.output, &mixture, &options);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    int code = numu_session_finish(&session, status, false);
    return code == NUMU_EXIT_DONE && !may_mix ? NUMU_EXIT_NO : code;
}

/* --- storehouses of a package --- */

/* Loads the package and finds the limits; *out_refused: the command line lacks something, said. */
static numu_status find_limits(struct numu_session *session, struct numu_storage_limits *out,
                               bool *out_refused) {
    struct numu_rules_place place;
    NUMU_TRY(numu_session_load(session, 0));
    numu_session_forget_findings(session);
    NUMU_TRY(place_of(session, &place));
    numu_status status =
        numu_app_storage_limits(&session->context, &session->model, &place,
                                session->invocation->values[NUMU_OPTION_RULES], out);
    if (status == NUMU_NOT_FOUND) {
        numu_session_complain_simply(session, NUMU_HELP_NO_RULES_NAMED, NULL);
        *out_refused = true;
    }
    return status;
}

int numu_command_storage_limits(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_storage_limits limits;
    bool is_refused = false;
    numu_session_init(&session, invocation);
    numu_status status = find_limits(&session, &limits, &is_refused);
    if (is_refused) {
        return refuse(&session);
    }
    if (status == NUMU_OK) {
        char hex[NUMU_SHA256_HEX_BYTES];
        struct numu_stamp stamp = numu_session_stamp(&session, hex);
        status = numu_view_limits(&session.output, &session.model, &limits, &stamp,
                                  session.terminal.language, session.format);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

int numu_command_storage_place(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_rules_place place;
    struct numu_storage_placement placement;
    bool has_all = true;
    numu_session_init(&session, invocation);
    numu_status status = numu_session_load(&session, 0);
    if (status == NUMU_OK) {
        numu_session_forget_findings(&session);
        status = place_of(&session, &place);
    }
    if (status == NUMU_OK) {
        status = numu_app_storage_place(&session.context, &session.model, &place,
                                        invocation->values[NUMU_OPTION_RULES],
                                        invocation->values[NUMU_OPTION_MATRIX], &placement);
        if (status == NUMU_NOT_FOUND) {
            numu_session_complain_simply(&session, NUMU_HELP_NO_RULES_NAMED, NULL);
            return refuse(&session);
        }
    }
    if (status == NUMU_OK) {
        char hex[NUMU_SHA256_HEX_BYTES];
        struct numu_stamp stamp = numu_session_stamp(&session, hex);
        has_all = placement.placement.placed_count == placement.problem.lot_count;
        status = numu_view_placement(&session.output, &session.model, &placement, &stamp,
                                     session.terminal.language, session.format);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    int code = numu_session_finish(&session, status, false);
    return code == NUMU_EXIT_DONE && !has_all ? NUMU_EXIT_NO : code;
}

int numu_command_form_storage_licence(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_storage_limits limits;
    bool is_refused = false;
    numu_session_init(&session, invocation);
    numu_status status = find_limits(&session, &limits, &is_refused);
    numu_row storehouse = NUMU_NONE;
    if (status == NUMU_OK) {
        storehouse = numu_model_find(&session.model, numu_schema_find(NUMU_TEXT("storehouse")),
                                     numu_text_of(invocation->operands[1]));
        is_refused = storehouse == NUMU_NONE;
        if (is_refused) {
            numu_session_complain_simply(&session, NUMU_HELP_UNKNOWN_STOREHOUSE,
                                         invocation->operands[1]);
        }
    }
    if (is_refused) {
        return refuse(&session);
    }
    if (status == NUMU_OK) {
        status = numu_view_storage_licence(&session.output, &session.arena, &session.model, &limits,
                                           storehouse, session.terminal.language,
                                           session.format == NUMU_FORMAT_CSV);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

/* --- rules --- */

int numu_command_rules_list(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_rules_place place;
    struct numu_rules *list = NULL;
    size_t count = 0;
    numu_session_init(&session, invocation);
    numu_status status = place_of(&session, &place);
    if (status == NUMU_OK) {
        status = numu_app_rules_list(&place, &list, &count);
    }
    if (status == NUMU_OK) {
        struct numu_storage_options options = options_of(&session);
        status = numu_view_rule_sets(&session.output, list, count, &options);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

int numu_command_rules_show(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_rules_place place;
    struct numu_rules rules;
    numu_session_init(&session, invocation);
    numu_status status = place_of(&session, &place);
    if (status == NUMU_OK) {
        status = numu_app_rules_open(&place, invocation->operands[0], &rules);
    }
    if (status == NUMU_OK) {
        struct numu_storage_options options = options_of(&session);
        status = numu_view_rule_set(&session.output, &rules, &options);
    }
    if (status == NUMU_OK) {
        status = numu_session_hand_out(&session);
    }
    return numu_session_finish(&session, status, false);
}

/* Splits "a,b,c"; more than ROWS_MAX are cut, which no set has. */
static numu_status split(struct numu_session *session, const char *list, const char **rows,
                         size_t *out_count) {
    *out_count = 0;
    while (list != NULL && *list != '\0' && *out_count < ROWS_MAX) {
        char *row;
        size_t length = strcspn(list, ",");
        NUMU_TRY(numu_text_to_string(&session->arena, (struct numu_text){list, length}, &row));
        rows[(*out_count)++] = row;
        list += length + (list[length] == ',');
    }
    return NUMU_OK;
}

typedef numu_status (*rules_use)(const struct numu_context *context,
                                 const struct numu_rules_place *place,
                                 const struct numu_rules_import_request *request,
                                 struct numu_rules *out);

/* Import or revoke. */
static numu_status change_rules(struct numu_session *session, rules_use use,
                                const struct numu_signer *signer, numu_day day,
                                struct numu_rules *out) {
    struct numu_rules_place place;
    const char *rows[ROWS_MAX];
    struct numu_rules_import_request request = {
        .name = session->invocation->operands[0], .signer = signer, .row = rows, .today = day};
    NUMU_TRY(place_of(session, &place));
    NUMU_TRY(
        split(session, session->invocation->values[NUMU_OPTION_ROW], rows, &request.row_count));
    return use(&session->context, &place, &request, out);
}

/* With --key: unlocks it. *out_refused: no passphrase that will do, which has been said. */
static numu_status unlock(struct numu_session *session, struct numu_signer *out,
                          bool *out_refused) {
    struct numu_passphrase passphrase;
    *out_refused = !numu_passphrase_read(session, false, &passphrase);
    if (*out_refused) {
        return NUMU_INVALID;
    }
    numu_status status = numu_app_key_unlock(
        &session->context, session->invocation->values[NUMU_OPTION_KEY],
        (struct numu_text){passphrase.bytes, passphrase.length}, &session->report, out);
    numu_wipe(&passphrase, sizeof passphrase);
    return status;
}

static int finish_change(struct numu_session *session, numu_status status,
                         const struct numu_rules *rules) {
    if (status == NUMU_OK && !session->terminal.is_quiet) {
        struct numu_storage_options options = options_of(session);
        status = numu_view_rule_set(&session->output, rules, &options);
    }
    if (status == NUMU_OK) {
        status = numu_session_write(session);
    }
    return numu_session_finish(session, status, false);
}

int numu_command_rules_import(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_signer signer = {.secret = NULL};
    struct numu_rules rules;
    bool is_refused = false;
    bool adopts = numu_option_is_given(invocation, NUMU_OPTION_KEY);
    numu_session_init(&session, invocation);
    numu_status status = adopts ? unlock(&session, &signer, &is_refused) : NUMU_OK;
    if (is_refused) {
        return refuse(&session);
    }
    if (status == NUMU_OK) {
        status = change_rules(&session, numu_app_rules_import, adopts ? &signer : NULL,
                              numu_today(), &rules);
    }
    numu_signer_release(&signer);
    return finish_change(&session, status, &rules);
}

int numu_command_rules_revoke(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_signer signer = {.secret = NULL};
    struct numu_rules rules;
    const char *from = invocation->values[NUMU_OPTION_FROM];
    numu_day day = numu_today();
    bool is_refused = false;
    numu_session_init(&session, invocation);
    if (!has_option(&session, NUMU_OPTION_KEY)) {
        return refuse(&session);
    }
    if (from != NULL && !numu_day_parse(numu_text_of(from), &day)) {
        numu_session_complain_simply(&session, NUMU_HELP_BAD_DAY, from);
        return refuse(&session);
    }
    numu_status status = unlock(&session, &signer, &is_refused);
    if (is_refused) {
        return refuse(&session);
    }
    if (status == NUMU_OK) {
        status = change_rules(&session, numu_app_rules_revoke, &signer, day, &rules);
    }
    numu_signer_release(&signer);
    return finish_change(&session, status, &rules);
}
