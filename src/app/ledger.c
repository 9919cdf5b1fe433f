/*
 * ledger.c - starting a book and asking it (ledger_record.c writes into it).
 */
#include "app/ledger.h"

#include "app/certify.h"
#include "app/key.h"
#include "app/tell.h"
#include "ledger/canonical.h"
#include "ledger/doubt.h"
#include "ledger/epoch.h"
#include "ledger/root.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *problem_word(numu_store_problem problem) {
    switch (problem) {
    case NUMU_STORE_EXISTS:
        return "kind.store_exists";
    case NUMU_STORE_IN_USE:
        return "kind.store_in_use";
    case NUMU_STORE_LOG_BESIDE:
        return "kind.store_log_beside";
    case NUMU_STORE_NO_LEDGER:
        return "kind.store_no_ledger";
    case NUMU_STORE_NEWER:
        return "kind.store_newer";
    case NUMU_STORE_OLDER:
        return "kind.store_older";
    case NUMU_STORE_DAMAGED:
        return "kind.store_damaged";
    case NUMU_STORE_FINE:
    case NUMU_STORE_CANNOT_OPEN:
        break;
    }
    return "kind.store_cannot_open";
}

/* What hinders is the system, or what the file is. */
static void tell_problem(const char *path, numu_store_mode mode, numu_store_problem problem,
                         int number, struct numu_report *report) {
    if (problem != NUMU_STORE_CANNOT_OPEN || number == 0) {
        numu_app_tell(report, NUMU_CODE_NOT_A_LEDGER, numu_argument_string(path),
                      numu_argument_string(problem_word(problem)));
    } else if (mode == NUMU_STORE_CREATE ||
               (mode == NUMU_STORE_WRITE && number != ENOENT && number != EISDIR)) {
        numu_app_report_unwritable(report, path, number);
    } else {
        numu_app_report_unreadable(report, path, number);
    }
}

static numu_status open_store(const struct numu_context *context, const char *path,
                              numu_store_mode mode, struct numu_report *report,
                              struct numu_store *out) {
    numu_store_problem problem;
    numu_status status = numu_store_sqlite_open(context->heap, path, mode, NULL, out, &problem);
    if (status == NUMU_IO || status == NUMU_INVALID) {
        tell_problem(path, mode, problem, errno, report);
    }
    return status;
}

typedef numu_status (*opening)(struct numu_heap *heap, struct numu_store store,
                               struct numu_ledger *out);

static numu_status open_by(const struct numu_context *context, const char *path,
                           numu_store_mode mode, opening way, struct numu_report *report,
                           struct numu_ledger *out) {
    struct numu_store store;
    NUMU_TRY(open_store(context, path, mode, report, &store));
    numu_status status = way(context->heap, store, out);
    if (status == NUMU_INVALID || status == NUMU_NOT_FOUND) {
        numu_app_tell(report, NUMU_CODE_NOT_A_LEDGER, numu_argument_string(path),
                      numu_argument_string("kind.store_damaged"));
        return NUMU_INVALID;
    }
    return status;
}

numu_status numu_app_ledger_open(const struct numu_context *context, const char *path,
                                 numu_store_mode mode, struct numu_report *report,
                                 struct numu_ledger *out) {
    return open_by(context, path, mode, numu_ledger_open, report, out);
}

/* --- registers --- */

enum { REGISTER_BYTES = 40000 }; /* of an event: well below what one may have */

struct registers {
    const struct numu_registers_request *request;
    const struct numu_model *model;
    struct numu_arena *scratch;
    struct numu_report *report;
    struct numu_buffer *buffer;
    struct numu_buffer certificates; /* of struct numu_certificate: those that are for this book */
    const char *list;                /* the one being written */
    size_t start;                    /* of the event being written; SIZE_MAX: none */
    unsigned count;                  /* of events */
    numu_status status;
};

static void put(struct registers *registers, const char *string) {
    if (registers->status == NUMU_OK) {
        registers->status = numu_buffer_append_string(registers->buffer, string);
    }
}

static void put_text(struct registers *registers, struct numu_text text) {
    if (registers->status == NUMU_OK) {
        registers->status = numu_canonical_string(registers->buffer, text);
    }
}

static void put_number(struct registers *registers, int64_t number) {
    if (registers->status == NUMU_OK) {
        registers->status = numu_buffer_printf(registers->buffer, "%" PRId64, number);
    }
}

static void end_event(struct registers *registers) {
    if (registers->start != SIZE_MAX) {
        put(registers, "]}}\n");
        registers->start = SIZE_MAX;
    }
}

/* Begins what stands in a list, in this event or the next. */
static void begin_value(struct registers *registers, const char *list) {
    char time[NUMU_INSTANT_TEXT_BYTES];
    bool is_full = registers->start != SIZE_MAX &&
                   registers->buffer->length - registers->start > REGISTER_BYTES;
    if (is_full || registers->list == NULL || strcmp(registers->list, list) != 0) {
        end_event(registers);
    }
    if (registers->start == SIZE_MAX) {
        registers->start = registers->buffer->length;
        registers->list = list;
        put(registers, "{\"type\":\"register\",\"by\":");
        put_text(registers, registers->request->by);
        put(registers, ",\"key\":\"register-");
        put_number(registers, ++registers->count);
        put(registers, "\",\"time\":\"");
        put(registers, numu_instant_format(registers->request->now, time));
        put(registers, "\",\"register\":{\"");
        put(registers, list);
        put(registers, "\":[");
    } else {
        put(registers, ",");
    }
}

/* The same of a row, with its id. */
static void begin_row(struct registers *registers, const char *list, struct numu_text id) {
    begin_value(registers, list);
    put(registers, "{\"id\":");
    put_text(registers, id);
}

static void put_member(struct registers *registers, const char *name, struct numu_text value) {
    if (value.length > 0) {
        put(registers, ",\"");
        put(registers, name);
        put(registers, "\":");
        put_text(registers, value);
    }
}

static void put_number_member(struct registers *registers, const char *name, int64_t value) {
    if (value != NUMU_NO_NUMBER) {
        put(registers, ",\"");
        put(registers, name);
        put(registers, "\":");
        put_number(registers, value);
    }
}

static struct numu_text choice_of(const char *const *names, uint8_t choice) {
    return choice == 0 ? (struct numu_text){NULL, 0} : numu_text_of(names[choice - 1]);
}

/* Months of 30.4375 days (365.25 ÷ 12), whole days. */
static int64_t days_of_months(numu_decimal months) {
    int64_t days;
    if (months == NUMU_NO_NUMBER ||
        numu_multiply_divide(months, 304375, INT64_C(10000) * NUMU_DECIMAL_ONE, NUMU_ROUND_FLOOR,
                             &days) != NUMU_OK) {
        return NUMU_NO_NUMBER;
    }
    return days;
}

static void put_items(struct registers *registers) {
    const struct numu_table_item *item = &registers->model->item;
    for (numu_row row = 0; row < item->head.count; row++) {
        struct numu_text control = choice_of(numu_names_of_control, item->control[row]);
        begin_row(registers, "items", item->id[row]);
        put_member(registers, "control", control.length > 0 ? control : NUMU_TEXT("none"));
        put_member(registers, "unit", item->unit[row]);
        put_number_member(registers, "weighing_error_billionths", item->weighing_error[row]);
        put_number_member(registers, "shelf_life_days",
                          days_of_months(item->shelf_life_months[row]));
        put_member(registers, "name", item->name[row]);
        put(registers, "}");
    }
}

static struct numu_text site_id(const struct registers *registers, numu_row site) {
    return site == NUMU_NONE ? (struct numu_text){NULL, 0} : registers->model->site.id[site];
}

static void put_places(struct registers *registers) {
    const struct numu_model *model = registers->model;
    for (numu_row row = 0; row < model->site.head.count; row++) {
        struct numu_text kind = choice_of(numu_names_of_site_kind, model->site.kind[row]);
        begin_row(registers, "places", model->site.id[row]);
        put_member(registers, "kind", kind.length > 0 ? kind : NUMU_TEXT("site"));
        put_member(registers, "site", model->site.id[row]);
        put(registers, "}");
    }
    for (numu_row row = 0; row < model->storehouse.head.count; row++) {
        begin_row(registers, "places", model->storehouse.id[row]);
        put_member(registers, "kind", NUMU_TEXT("storehouse"));
        put_member(registers, "site", site_id(registers, model->storehouse.site[row]));
        put(registers, "}");
    }
    for (numu_row row = 0; row < model->unit.head.count; row++) {
        begin_row(registers, "places", model->unit.id[row]);
        put_member(registers, "kind", NUMU_TEXT("unit"));
        put_member(registers, "site", site_id(registers, model->unit.site[row]));
        put(registers, "}");
    }
}

/* --- with a root --- */

static bool has_root(const struct registers *registers) {
    return registers->request->root.length > 0;
}

/* Reads the certificates; the keys of other sites are for other books. */
static numu_status read_certificates(struct registers *registers) {
    struct numu_text rest = registers->request->certificates;
    struct numu_text note;
    struct numu_certificate certificate;
    while (numu_certificate_next(&rest, &note)) {
        NUMU_TRY(numu_certificate_read(registers->scratch, note, &certificate));
        bool is_other = certificate.type == NUMU_CERTIFICATE_site &&
                        !numu_text_is_equal(certificate.id, registers->request->site);
        if (is_other) {
            continue;
        }
        NUMU_TRY(numu_buffer_append(&registers->certificates, &certificate, sizeof certificate));
        begin_value(registers, "certificates");
        put_text(registers, note);
    }
    return registers->status;
}

static bool is_certified(const struct registers *registers, struct numu_text subject) {
    const struct numu_certificate *list = (const void *)registers->certificates.data;
    for (size_t i = 0; i < registers->certificates.length / sizeof *list; i++) {
        if (numu_text_is_equal(numu_certificate_subject(&list[i]), subject)) {
            return true;
        }
    }
    return false;
}

static void tell_uncertified(const struct registers *registers, struct numu_text who,
                             const char *what) {
    numu_app_tell(registers->report, NUMU_CODE_NOT_CERTIFIED, numu_argument_text(who),
                  numu_argument_string(what));
}

/* Words of roles but for that of an administrator, who needs a certificate. */
static numu_status leave_roles(struct registers *registers, struct numu_text roles,
                               struct numu_text *out) {
    struct numu_buffer words;
    numu_buffer_init(&words, registers->scratch->heap, 0);
    numu_status status = NUMU_OK;
    for (struct numu_text word = numu_text_next_word(&roles); word.length > 0 && status == NUMU_OK;
         word = numu_text_next_word(&roles)) {
        if (!numu_text_is(word, "administrator")) {
            status = numu_buffer_printf(&words, "%s%.*s", words.length > 0 ? " " : "",
                                        (int)word.length, word.data);
        }
    }
    if (status == NUMU_OK) {
        status =
            numu_text_copy(registers->scratch, (struct numu_text){words.data, words.length}, out);
    }
    numu_buffer_release(&words);
    return status;
}

static void put_root(struct registers *registers) {
    struct numu_text root = registers->request->root;
    struct numu_public_key key;
    if (numu_public_key_parse(root, &key) == NUMU_OK) {
        begin_row(registers, "roots", numu_text_of(key.name));
        put_member(registers, "key", root);
        put(registers, "}");
        end_event(registers); /* first, and alone: what follows is judged by it */
    }
}

/* --- people --- */

static numu_status put_person(struct registers *registers, numu_row row) {
    const struct numu_table_person *person = &registers->model->person;
    struct numu_text roles = person->roles[row];
    if (has_root(registers) && is_certified(registers, person->id[row])) {
        return NUMU_OK; /* the certificate says it all */
    }
    if (has_root(registers) && (numu_roles_parse(roles) & NUMU_ROLE_administrator) != 0) {
        tell_uncertified(registers, person->id[row], "kind.role_administrator");
        NUMU_TRY(leave_roles(registers, roles, &roles));
    }
    begin_row(registers, "people", person->id[row]);
    put_member(registers, "roles", roles);
    put_member(registers, "site", site_id(registers, person->site[row]));
    put_member(registers, "key", person->key[row]);
    put(registers, "}");
    return registers->status;
}

static numu_status put_people(struct registers *registers) {
    const struct numu_public_key *site_key = registers->request->site_key;
    for (numu_row row = 0; row < registers->model->person.head.count; row++) {
        NUMU_TRY(put_person(registers, row));
    }
    if (site_key == NULL || (has_root(registers) && is_certified(registers, NUMU_TEXT("site")))) {
        return NUMU_OK;
    }
    if (has_root(registers)) {
        tell_uncertified(registers, registers->request->site, "kind.site_key");
        return NUMU_OK;
    }
    begin_row(registers, "people", NUMU_TEXT("site")); /* whose signatures the heads bear */
    put_member(registers, "site", registers->request->site);
    put(registers, ",\"key\":\"");
    if (registers->status == NUMU_OK) {
        registers->status = numu_public_key_write(site_key, registers->buffer);
    }
    put(registers, "\"}");
    return registers->status;
}

static void put_day_member(struct registers *registers, const char *name, numu_day day) {
    char text[NUMU_DAY_TEXT_BYTES];
    put_member(registers, name, numu_text_of(numu_day_format(day, text)));
}

static void put_licences(struct registers *registers) {
    const struct numu_table_licence *licence = &registers->model->licence;
    for (numu_row row = 0; row < licence->head.count; row++) {
        numu_quantity left = licence->quantity[row];
        if (left != NUMU_NO_NUMBER && licence->used[row] != NUMU_NO_NUMBER) {
            left -= licence->used[row];
        }
        begin_row(registers, "licences", licence->id[row]);
        put_member(registers, "kind", choice_of(numu_names_of_licence_kind, licence->kind[row]));
        put_member(registers, "item",
                   licence->item[row] == NUMU_NONE ? (struct numu_text){NULL, 0}
                                                   : registers->model->item.id[licence->item[row]]);
        put_number_member(registers, "quantity_millionths", left);
        put_day_member(registers, "issued", licence->issued[row]);
        put_day_member(registers, "expires", licence->expires[row]);
        put_member(registers, "status", licence->status[row]);
        put(registers, "}");
    }
}

numu_status numu_app_ledger_registers(const struct numu_registers_request *request,
                                      struct numu_arena *scratch, struct numu_report *report,
                                      struct numu_buffer *buffer) {
    struct registers registers = {.request = request,
                                  .model = request->model,
                                  .scratch = scratch,
                                  .report = report,
                                  .buffer = buffer,
                                  .start = SIZE_MAX};
    numu_buffer_init(&registers.certificates, scratch->heap, 0);
    put_root(&registers);
    numu_status status = read_certificates(&registers);
    if (status == NUMU_OK) {
        put_items(&registers);
        put_places(&registers);
        status = put_people(&registers);
    }
    put_licences(&registers);
    end_event(&registers);
    numu_buffer_release(&registers.certificates);
    return status == NUMU_OK ? registers.status : status;
}

/* --- starting --- */

static numu_status check_names(const struct numu_model *model, struct numu_arena *arena,
                               struct numu_report *report) {
    struct numu_text *names;
    struct numu_map map;
    size_t count =
        (size_t)model->site.head.count + model->storehouse.head.count + model->unit.head.count;
    NUMU_TRY(NUMU_TAKE(arena, &names, count));
    NUMU_TRY(numu_map_init(&map, arena, names, count));
    const struct {
        const struct numu_text *ids;
        numu_row count;
    } tables[] = {{model->site.id, model->site.head.count},
                  {model->storehouse.id, model->storehouse.head.count},
                  {model->unit.id, model->unit.head.count}};
    numu_row next = 0;
    numu_status status = NUMU_OK;
    for (size_t table = 0; table < 3; table++) {
        for (numu_row row = 0; row < tables[table].count; row++) {
            names[next] = tables[table].ids[row];
            if (numu_map_add(&map, next++) != NUMU_NONE) {
                numu_app_tell(report, NUMU_CODE_LEDGER_SAME_NAME,
                              numu_argument_text(tables[table].ids[row]),
                              (struct numu_argument){0});
                status = NUMU_INVALID;
            }
        }
    }
    return status;
}

numu_status numu_app_ledger_record_registers(struct numu_ledger *ledger, numu_instant now,
                                             const struct numu_signer *signer,
                                             struct numu_text drafts, struct numu_report *report) {
    struct numu_arena arena;
    numu_arena_init(&arena, ledger->heap);
    numu_status status = numu_ledger_begin(ledger);
    for (size_t at = 0; status == NUMU_OK && at < drafts.length;) {
        size_t end = numu_text_find(drafts, NUMU_TEXT("\n"), at);
        struct numu_entry_request entry = {.now = now, .place = NUMU_NOWHERE};
        struct numu_event_error error;
        struct numu_receipt receipt;
        status = numu_event_read_draft(&arena, (struct numu_text){drafts.data + at, end - at},
                                       &entry.event, &error);
        entry.event.ledger = ledger->id;
        if (status == NUMU_OK) {
            status = numu_ledger_record(ledger, &entry, report, &receipt);
        }
        if (status == NUMU_OK && receipt.outcome == NUMU_OUTCOME_REFUSED) {
            status = NUMU_INVALID;
        }
        at = end + 1;
    }
    if (status == NUMU_OK && signer != NULL) {
        status = numu_ledger_sign_head(ledger, signer, NULL);
        if (status == NUMU_INVALID) { /* the certificate is of another key than this one */
            numu_app_tell_string(report, NUMU_CODE_EVENT_CERTIFICATE, "kind.root_other_key",
                                 signer->public_key.name);
        }
    }
    if (status == NUMU_OK) {
        status = numu_ledger_commit(ledger);
    } else {
        numu_ledger_rollback(ledger);
    }
    numu_arena_release(&arena);
    return status;
}

/* The root and what it signed, in the arena. */
static numu_status read_founding(const struct numu_ledger_init_request *request,
                                 struct numu_arena *arena, struct numu_report *report,
                                 struct numu_registers_request *out) {
    struct numu_public_key root;
    struct numu_buffer text;
    if (request->root == NULL) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_app_key_given(arena, request->root, report, &root));
    numu_buffer_init(&text, arena->heap, 0);
    numu_status status = numu_public_key_write(&root, &text);
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, (struct numu_text){text.data, text.length}, &out->root);
    }
    numu_buffer_release(&text);
    NUMU_TRY(status);
    return request->certificates == NULL ? NUMU_OK
                                         : numu_app_certificates_read(request->certificates, arena,
                                                                      report, &out->certificates);
}

/* The registers of a new book. */
static numu_status start_book(const struct numu_ledger_init_request *request,
                              const struct numu_registers_request *registers,
                              struct numu_arena *arena, struct numu_ledger *ledger,
                              struct numu_report *report) {
    struct numu_buffer drafts;
    numu_buffer_init(&drafts, ledger->heap, 0);
    numu_status status = numu_app_ledger_registers(registers, arena, report, &drafts);
    if (status == NUMU_OK) {
        status = numu_app_ledger_record_registers(ledger, request->now, request->signer,
                                                  (struct numu_text){drafts.data, drafts.length},
                                                  report);
    }
    numu_buffer_release(&drafts);
    return status;
}

/* Removes what was made of a book. */
static void remove_book(struct numu_arena *arena, const char *path) {
    struct numu_text log_path;
    (void)unlink(path);
    if (numu_text_printf(arena, &log_path, "%s-wal", path) == NUMU_OK) {
        (void)unlink(log_path.data);
    }
}

/* The file, whole or not at all. */
static numu_status make_book(const struct numu_context *context,
                             const struct numu_ledger_init_request *request,
                             const struct numu_registers_request *registers,
                             struct numu_arena *arena, struct numu_report *report) {
    struct numu_store store;
    struct numu_ledger ledger;
    NUMU_TRY(open_store(context, request->path, NUMU_STORE_CREATE, report, &store));
    numu_status status =
        numu_ledger_init(context->heap, store, NUMU_TEXT("national"), request->site, &ledger);
    int number = errno;
    if (status == NUMU_OK) {
        status = start_book(request, registers, arena, &ledger, report);
        number = errno;
        numu_status closed = numu_ledger_close(&ledger);
        status = status != NUMU_OK ? status : closed;
    }
    if (status == NUMU_IO) {
        numu_app_report_unwritable(report, request->path, number);
    }
    if (status != NUMU_OK) { /* no book rather than a part of one */
        remove_book(arena, request->path);
    }
    return status;
}

numu_status numu_app_ledger_init(const struct numu_context *context,
                                 const struct numu_ledger_init_request *request,
                                 const struct numu_model *model, struct numu_report *report) {
    struct numu_arena arena;
    struct numu_registers_request registers = {
        .model = model,
        .by = NUMU_TEXT("init"),
        .site = request->site,
        .now = request->now,
        .site_key = request->signer == NULL ? NULL : &request->signer->public_key};
    if (numu_model_find(model, numu_schema_find(NUMU_TEXT("site")), request->site) == NUMU_NONE) {
        numu_app_tell(report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string("kind.place"),
                      numu_argument_text(request->site));
        return NUMU_INVALID;
    }
    numu_arena_init(&arena, context->heap);
    numu_status status = check_names(model, &arena, report);
    if (status == NUMU_OK) {
        status = read_founding(request, &arena, report, &registers);
    }
    if (status == NUMU_OK) {
        status = make_book(context, request, &registers, &arena, report);
    }
    numu_arena_release(&arena);
    return status;
}

/* --- status --- */

static void tell_without_root(struct numu_report *report, struct numu_text site) {
    struct numu_argument none = {.kind = NUMU_ARGUMENT_NONE};
    numu_app_tell(report, NUMU_CODE_WITHOUT_ROOT, numu_argument_text(site), none);
}

/* The name of the root in force of a log; empty: none. */
static numu_status find_root_name(struct numu_ledger *ledger, struct numu_arena *arena,
                                  struct numu_text site, struct numu_text *out) {
    struct numu_public_key key;
    struct numu_text text;
    *out = (struct numu_text){NULL, 0};
    numu_status status = numu_root_get(&ledger->state, arena, site, &text);
    if (status == NUMU_OK && numu_public_key_parse(text, &key) == NUMU_OK) {
        return numu_text_copy(arena, numu_text_of(key.name), out);
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* The time of record of a log's last event; empty: it has none. */
static numu_status find_last_time(struct numu_ledger *ledger, struct numu_arena *arena,
                                  uint32_t log, uint64_t size, struct numu_text *out) {
    struct numu_record last;
    char time[NUMU_INSTANT_TEXT_BYTES];
    *out = (struct numu_text){NULL, 0};
    if (size == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_ledger_read(ledger, arena, log, (int64_t)size - 1, &last, NULL));
    return numu_text_copy(arena, numu_text_of(numu_instant_format(last.recorded, time)), out);
}

static numu_status add_log(struct numu_ledger *ledger, struct numu_text site,
                           struct numu_arena *arena, struct numu_report *report,
                           struct numu_sheet *out) {
    uint32_t log;
    uint64_t size;
    struct numu_text note;
    struct numu_text recorded;
    struct numu_text root;
    struct numu_checkpoint head;
    const struct numu_store *store = &ledger->state.store;
    NUMU_TRY(numu_ledger_log(ledger, site, &log));
    NUMU_TRY(store->port->size(store->self, log, &size));
    NUMU_TRY(find_last_time(ledger, arena, log, size, &recorded));
    NUMU_TRY(find_root_name(ledger, arena, site, &root));
    NUMU_TRY(numu_sheet_add_text(out, site));
    NUMU_TRY(numu_sheet_add(out, numu_argument_integer((int64_t)size)));
    NUMU_TRY(numu_sheet_add_text(out, recorded));
    numu_status status = numu_ledger_last_head(ledger, arena, site, &note, &head);
    NUMU_TRY(numu_sheet_add(out, status == NUMU_OK
                                     ? numu_argument_integer((int64_t)head.size)
                                     : (struct numu_argument){.kind = NUMU_ARGUMENT_NONE}));
    NUMU_TRY(status == NUMU_NOT_FOUND || status == NUMU_INVALID ? NUMU_OK : status);
    if (root.length == 0 && numu_text_is_equal(site, ledger->site)) {
        tell_without_root(report, site);
    }
    return numu_sheet_add_text(out, root);
}

numu_status numu_app_ledger_status(struct numu_ledger *ledger, struct numu_arena *arena,
                                   struct numu_report *report, struct numu_sheet *out) {
    static const char *const columns[] = {"site", "events", "recorded", "head", "root", NULL};
    static const char *const facts[] = {"ledger", "book", NULL};
    struct numu_text *sites;
    size_t count;
    numu_sheet_init(out, ledger->heap, "numu.ledger.status/1", "logs", columns);
    out->fact_names = facts;
    out->facts[0] = numu_argument_text(ledger->id);
    out->facts[1] = numu_argument_text(ledger->site);
    NUMU_TRY(numu_sites_list(ledger, arena, &sites, &count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(add_log(ledger, sites[i], arena, report, out));
    }
    return NUMU_OK;
}

/* --- balance --- */

static numu_status list_stock(struct numu_ledger *ledger, struct numu_state *state,
                              const struct numu_balance_request *request, struct numu_arena *arena,
                              struct numu_sheet *out) {
    static const char *const columns[] = {"site",     "account", "item", "lot",
                                          "quantity", "unit",    NULL};
    struct numu_balance_filter filter = {.place = request->place,
                                         .item = request->item,
                                         .with_nominal = request->show == NUMU_SHOW_ACCOUNTS};
    struct numu_balance *rows;
    size_t count;
    numu_sheet_init(out, ledger->heap, "numu.ledger.balance/1", "balances", columns);
    NUMU_TRY(numu_balances_list(state, arena, &filter, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_item item = {.weighing_error = 0};
        numu_status status = numu_item_get(state, arena, rows[i].site, rows[i].item, &item);
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
        NUMU_TRY(numu_sheet_add_text(out, rows[i].site));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].account));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].item));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].lot));
        NUMU_TRY(numu_sheet_add_quantity(out, rows[i].quantity));
        NUMU_TRY(numu_sheet_add_text(out, item.unit));
    }
    return NUMU_OK;
}

static int compare_age(const void *a, const void *b) {
    const struct numu_transit *of_a = a;
    const struct numu_transit *of_b = b;
    if (of_a->day != of_b->day) {
        return of_a->day < of_b->day ? -1 : 1;
    }
    int order = numu_text_compare(of_a->dispatch, of_b->dispatch);
    return order != 0 ? order : (of_a->line > of_b->line) - (of_a->line < of_b->line);
}

static numu_status list_transit(struct numu_ledger *ledger, struct numu_state *state,
                                const struct numu_balance_request *request,
                                struct numu_arena *arena, bool only_disputed,
                                struct numu_sheet *out) {
    static const char *const columns[] = {"dispatch", "movement", "item",     "lot", "sent",
                                          "received", "day",      "age_days", "to",  NULL};
    static const char *const words[] = {"word.movement_done", "word.movement_transit",
                                        "word.movement_pending", "word.movement_over"};
    struct numu_transit *rows;
    size_t count;
    numu_sheet_init(out, ledger->heap, "numu.ledger.transit/1", "movements", columns);
    NUMU_TRY(numu_transits_list(state, arena, &rows, &count));
    if (count > 0) {
        qsort(rows, count, sizeof *rows, compare_age);
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].state == NUMU_MOVEMENT_DONE ||
            (only_disputed && rows[i].state != NUMU_MOVEMENT_OVER) ||
            (request->item.length > 0 && !numu_text_is_equal(request->item, rows[i].item))) {
            continue;
        }
        NUMU_TRY(numu_sheet_add_text(out, rows[i].dispatch));
        NUMU_TRY(numu_sheet_add_text(out, numu_text_of(words[rows[i].state])));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].item));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].lot));
        NUMU_TRY(numu_sheet_add_quantity(out, rows[i].sent));
        NUMU_TRY(numu_sheet_add_quantity(out, rows[i].received));
        NUMU_TRY(numu_sheet_add(out, numu_argument_day(rows[i].day)));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer(request->today - rows[i].day)));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].place));
    }
    return NUMU_OK;
}

static numu_status list_disputes(struct numu_ledger *ledger, struct numu_state *state,
                                 struct numu_arena *arena, struct numu_sheet *out) {
    static const char *const columns[] = {"item",  "serial", "made", "held",
                                          "sites", "counts", NULL};
    struct numu_dispute *rows;
    size_t count;
    numu_sheet_init(out, ledger->heap, "numu.ledger.disputes/1", "disputes", columns);
    NUMU_TRY(numu_disputes_list(state, arena, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(numu_sheet_add_text(out, rows[i].item));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].serial));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer(rows[i].made)));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer(rows[i].held)));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].sites));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].counts));
    }
    return NUMU_OK;
}

static numu_status list_irregular(struct numu_ledger *ledger, struct numu_state *state,
                                  struct numu_arena *arena, struct numu_sheet *out) {
    static const char *const columns[] = {"event", "against_rules", "why", "witness", NULL};
    struct numu_irregular *rows;
    size_t count;
    numu_sheet_init(out, ledger->heap, "numu.ledger.irregular/1", "acts", columns);
    NUMU_TRY(numu_irregulars_list(state, arena, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_text event;
        NUMU_TRY(numu_ledger_name(ledger, arena, rows[i].site, rows[i].sequence, &event));
        NUMU_TRY(numu_sheet_add_text(out, event));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].broken));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].reason));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].second));
    }
    return NUMU_OK;
}

/* Of all facts: doubts are about the logs, not about a time. */
static numu_status list_doubtful(struct numu_ledger *ledger, struct numu_arena *arena,
                                 struct numu_sheet *out) {
    static const char *const columns[] = {"event", "doubt", "days",   "event_type",
                                          "by",    "item",  "object", NULL};
    static const char *const words[NUMU_DOUBT_COUNT] = {[NUMU_DOUBT_LATE] = "word.doubt_late",
                                                        [NUMU_DOUBT_CLOCK] = "word.doubt_clock",
                                                        [NUMU_DOUBT_STRAY] = "word.doubt_stray",
                                                        [NUMU_DOUBT_REVOKED] = "word.doubt_revoked",
                                                        [NUMU_DOUBT_UNSEEN] = "word.doubt_unseen"};
    struct numu_doubt *rows;
    size_t count;
    numu_sheet_init(out, ledger->heap, "numu.ledger.doubtful/1", "events", columns);
    NUMU_TRY(numu_doubts_list(ledger, arena, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_text event;
        NUMU_TRY(numu_ledger_name(ledger, arena, rows[i].site, rows[i].sequence, &event));
        NUMU_TRY(numu_sheet_add_text(out, event));
        NUMU_TRY(numu_sheet_add_text(out, numu_text_of(words[rows[i].kind])));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer(rows[i].days)));
        NUMU_TRY(numu_sheet_add_text(out, numu_text_of(numu_event_kinds[rows[i].type].name)));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].by));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].item));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].object));
    }
    return NUMU_OK;
}

struct expiring {
    numu_day day;
    const struct numu_balance *balance;
};

static int compare_expiry(const void *a, const void *b) {
    const struct expiring *of_a = a;
    const struct expiring *of_b = b;
    if (of_a->day != of_b->day) {
        return of_a->day < of_b->day ? -1 : 1;
    }
    return (of_a->balance > of_b->balance) -
           (of_a->balance < of_b->balance); /* rows of one array */
}

static numu_status list_expiring(struct numu_ledger *ledger, struct numu_state *state,
                                 const struct numu_balance_request *request,
                                 struct numu_arena *arena, struct numu_sheet *out) {
    static const char *const columns[] = {"expires", "days_left", "site",     "account",
                                          "item",    "lot",       "quantity", NULL};
    struct numu_balance_filter filter = {.place = request->place, .item = request->item};
    struct numu_balance *rows;
    struct expiring *lots;
    size_t count;
    size_t found = 0;
    numu_sheet_init(out, ledger->heap, "numu.ledger.expiring/1", "lots", columns);
    NUMU_TRY(numu_balances_list(state, arena, &filter, &rows, &count));
    NUMU_TRY(NUMU_TAKE(arena, &lots, count));
    for (size_t i = 0; i < count; i++) {
        struct numu_item item;
        numu_day day;
        numu_status status = numu_item_get(state, arena, rows[i].site, rows[i].item, &item);
        if (status == NUMU_OK && item.shelf_life_days > 0) {
            status = numu_lot_made_get(state, rows[i].item, rows[i].lot, &day);
            if (status == NUMU_OK) {
                lots[found++] = (struct expiring){(numu_day)(day + item.shelf_life_days), &rows[i]};
            }
        }
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    }
    if (found > 0) {
        qsort(lots, found, sizeof *lots, compare_expiry);
    }
    for (size_t i = 0; i < found; i++) {
        NUMU_TRY(numu_sheet_add(out, numu_argument_day(lots[i].day)));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer(lots[i].day - request->today)));
        NUMU_TRY(numu_sheet_add_text(out, lots[i].balance->site));
        NUMU_TRY(numu_sheet_add_text(out, lots[i].balance->account));
        NUMU_TRY(numu_sheet_add_text(out, lots[i].balance->item));
        NUMU_TRY(numu_sheet_add_text(out, lots[i].balance->lot));
        NUMU_TRY(numu_sheet_add_quantity(out, lots[i].balance->quantity));
    }
    return NUMU_OK;
}

static numu_status list_shown(struct numu_ledger *ledger, struct numu_state *state,
                              const struct numu_balance_request *request, struct numu_arena *arena,
                              struct numu_sheet *out) {
    switch (request->show) {
    case NUMU_SHOW_TRANSIT:
        return list_transit(ledger, state, request, arena, false, out);
    case NUMU_SHOW_EXPIRING:
        return list_expiring(ledger, state, request, arena, out);
    case NUMU_SHOW_DISPUTED:
        return list_disputes(ledger, state, arena, out);
    case NUMU_SHOW_IRREGULAR:
        return list_irregular(ledger, state, arena, out);
    case NUMU_SHOW_DOUBTFUL:
        return list_doubtful(ledger, arena, out);
    case NUMU_SHOW_STOCK:
    case NUMU_SHOW_ACCOUNTS:
        break;
    }
    return list_stock(ledger, state, request, arena, out);
}

/* Whether some log has a place, or an item, on its register. */
static numu_status is_registered(struct numu_ledger *ledger, struct numu_arena *arena,
                                 struct numu_text id, bool is_item, bool *out) {
    struct numu_text *sites;
    struct numu_place_of place;
    struct numu_item item;
    size_t count;
    *out = false;
    NUMU_TRY(numu_sites_list(ledger, arena, &sites, &count));
    for (size_t i = 0; i < count && !*out; i++) {
        numu_status status = is_item ? numu_item_get(&ledger->state, arena, sites[i], id, &item)
                                     : numu_place_get(&ledger->state, arena, sites[i], id, &place);
        *out = status == NUMU_OK;
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    }
    return NUMU_OK;
}

static numu_status refuse_name(struct numu_report *report, const char *kind,
                               struct numu_text name) {
    numu_app_tell(report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string(kind),
                  numu_argument_text(name));
    return NUMU_INVALID;
}

/* Of a name that is mistyped nothing is listed, which would look as if there were nothing. */
static numu_status check_names_asked(struct numu_ledger *ledger,
                                     const struct numu_balance_request *request,
                                     struct numu_arena *arena, struct numu_report *report) {
    struct numu_account account = {.side = NUMU_SIDE_HELD, .place = request->place};
    bool has_slash = numu_text_find(request->place, NUMU_TEXT("/"), 0) != SIZE_MAX;
    bool is_account = numu_account_parse(request->place, &account);
    bool is_good = true;
    if (request->place.length > 0 && account.side == NUMU_SIDE_HELD) {
        NUMU_TRY(is_registered(ledger, arena, account.place, false, &is_good));
        is_good = is_good && (is_account || !has_slash);
    }
    if (!is_good) {
        return refuse_name(report, has_slash ? "kind.account" : "kind.place", request->place);
    }
    if (request->item.length > 0) {
        NUMU_TRY(is_registered(ledger, arena, request->item, true, &is_good));
    }
    return is_good ? NUMU_OK : refuse_name(report, "kind.item", request->item);
}

numu_status numu_app_ledger_balance(struct numu_ledger *ledger,
                                    const struct numu_balance_request *request,
                                    struct numu_arena *arena, struct numu_report *report,
                                    struct numu_sheet *out) {
    struct numu_state past;
    NUMU_TRY(check_names_asked(ledger, request, arena, report));
    if (request->at == NUMU_NO_INSTANT) {
        return list_shown(ledger, &ledger->state, request, arena, out);
    }
    NUMU_TRY(numu_state_at(ledger, request->at, &past));
    numu_status status = list_shown(ledger, &past, request, arena, out);
    numu_status closed = past.store.port->close(past.store.self);
    numu_state_release(&past);
    return status != NUMU_OK ? status : closed;
}

numu_status numu_app_ledger_account(struct numu_ledger *ledger, struct numu_text site,
                                    struct numu_arena *arena, struct numu_report *report,
                                    struct numu_sheet *out) {
    static const char *const columns[] = {"item",     "opening",    "produced", "imported",
                                          "received", "found",      "sent",     "consumed",
                                          "exported", "destroyed",  "lost",     "unaccounted",
                                          "book",     "difference", "allowed",  NULL};
    static const char *const facts[] = {"site", NULL};
    struct numu_item_account *rows;
    size_t count;
    uint32_t log;
    numu_status status = numu_ledger_log(ledger, site, &log);
    if (status == NUMU_NOT_FOUND) {
        return refuse_name(report, "kind.place", site);
    }
    NUMU_TRY(status);
    numu_sheet_init(out, ledger->heap, "numu.ledger.account/1", "items", columns);
    out->fact_names = facts;
    out->facts[0] = numu_argument_text(site);
    NUMU_TRY(numu_account_list(ledger, arena, site, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        const struct numu_item_account *row = &rows[i];
        const numu_quantity cells[] = {row->opening,  row->produced,    row->imported,
                                       row->received, row->found,       row->sent,
                                       row->consumed, row->exported,    row->destroyed,
                                       row->lost,     row->unaccounted, row->book};
        NUMU_TRY(numu_sheet_add_text(out, row->item));
        for (size_t j = 0; j < sizeof cells / sizeof *cells; j++) {
            NUMU_TRY(numu_sheet_add_quantity(out, cells[j]));
        }
        struct numu_argument none = {.kind = NUMU_ARGUMENT_NONE};
        NUMU_TRY(numu_sheet_add(out, row->is_counted
                                         ? numu_argument_number(row->counted_book - row->counted,
                                                                NUMU_QUANTITY_DECIMALS)
                                         : none));
        NUMU_TRY(numu_sheet_add(
            out,
            row->is_counted ? numu_argument_number(row->allowed, NUMU_QUANTITY_DECIMALS) : none));
    }
    return NUMU_OK;
}

/* --- tracing and proving --- */

/* The proof of an event under a head; NUMU_INVALID where the log does not give it. */
static numu_status prove_event(struct numu_ledger *ledger, struct numu_text site, uint32_t log,
                               uint64_t sequence, const struct numu_sha256 *leaf,
                               const struct numu_checkpoint *head, struct numu_proof *out) {
    struct numu_ledger_tree room;
    struct numu_tree tree = numu_ledger_tree(ledger, log, site, &room);
    NUMU_TRY(numu_tree_inclusion(&tree, sequence, head->size, out));
    return numu_inclusion_verify(out, sequence, head->size, leaf, &head->root);
}

/* The bytes of an event in base64, which a proof carries with it. */
static numu_status read_extra(struct numu_ledger *ledger, uint32_t log, uint64_t sequence,
                              struct numu_arena *arena, struct numu_text *out) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_buffer bytes;
    struct numu_buffer text;
    numu_buffer_init(&bytes, ledger->heap, 0);
    numu_buffer_init(&text, ledger->heap, 0);
    numu_status status = store->port->read(store->self, log, sequence, &bytes, NULL);
    if (status == NUMU_OK) {
        status = numu_base64_write(bytes.data, bytes.length, &text);
    }
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, (struct numu_text){text.data, text.length}, out);
    }
    numu_buffer_release(&bytes);
    numu_buffer_release(&text);
    return status;
}

/* The newest head over an event: of its site's log, or, for evidence, of the one that ended. */
static numu_status find_head(struct numu_ledger *ledger, struct numu_arena *arena,
                             const struct numu_record *record, uint32_t log,
                             struct numu_text *out_note, struct numu_checkpoint *out) {
    struct numu_kept_head *heads;
    uint32_t newest;
    size_t count;
    NUMU_TRY(numu_ledger_log(ledger, record->site, &newest));
    if (log == newest) {
        return numu_ledger_last_head(ledger, arena, record->site, out_note, out);
    }
    NUMU_TRY(numu_heads_list(ledger, arena, record->site, record->epoch, &heads, &count));
    if (count == 0) {
        return NUMU_NOT_FOUND;
    }
    *out_note = heads[count - 1].note;
    return numu_checkpoint_read(*out_note, out);
}

numu_status numu_app_ledger_prove(struct numu_ledger *ledger, struct numu_text reference,
                                  struct numu_arena *arena, struct numu_report *report,
                                  struct numu_buffer *buffer) {
    struct numu_entry_proof proof = {.index = 0};
    struct numu_checkpoint head;
    struct numu_sha256 leaf;
    struct numu_record record;
    uint32_t log;
    numu_status status = numu_ledger_find(ledger, arena, reference, &log, &record, &leaf);
    if (status == NUMU_NOT_FOUND) {
        numu_app_tell(report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string("kind.event"),
                      numu_argument_text(reference));
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    status = find_head(ledger, arena, &record, log, &proof.checkpoint, &head);
    if (status == NUMU_NOT_FOUND || (status == NUMU_OK && head.size <= (uint64_t)record.sequence)) {
        numu_app_tell(report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string("kind.head"),
                      numu_argument_text(reference));
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    proof.index = (uint64_t)record.sequence;
    status = prove_event(ledger, record.site, log, proof.index, &leaf, &head, &proof.proof);
    if (status == NUMU_INVALID) {
        numu_app_tell(report, NUMU_CODE_LEDGER_ALTERED, numu_argument_string("kind.event"),
                      numu_argument_text(reference));
    }
    NUMU_TRY(status);
    NUMU_TRY(read_extra(ledger, log, proof.index, arena, &proof.extra));
    return numu_entry_proof_write(&proof, buffer);
}

/* "proved", "no head yet", or "altered" of a step. */
static numu_status proof_word(struct numu_ledger *ledger, struct numu_arena *arena,
                              const struct numu_trace_step *step, const char **out) {
    struct numu_checkpoint head;
    struct numu_text note;
    struct numu_proof proof;
    uint32_t log;
    NUMU_TRY(numu_ledger_log(ledger, step->site, &log));
    numu_status status = numu_ledger_last_head(ledger, arena, step->site, &note, &head);
    if (status == NUMU_NOT_FOUND || (status == NUMU_OK && head.size <= (uint64_t)step->sequence)) {
        *out = "word.proof_unsigned";
        return NUMU_OK;
    }
    if (status == NUMU_OK) {
        status = prove_event(ledger, step->site, log, (uint64_t)step->sequence, &step->leaf, &head,
                             &proof);
    }
    *out = status == NUMU_OK ? "word.proof_proved" : "word.proof_altered";
    return status == NUMU_INVALID ? NUMU_OK : status;
}

enum { CIRCLE_SHOWN = 20 };

/* Events of a trace that were told of already: each is proved once, however many things it has. */
struct told {
    struct numu_ledger *ledger;
    struct numu_arena *arena;
    struct numu_dictionary words; /* "site:sequence" to the word of its proof */
};

/* "site:sequence" of a step's event, and the word of its proof. */
static numu_status name_event(struct told *told, const struct numu_trace_step *step,
                              struct numu_text *out_event, struct numu_text *out_word) {
    struct numu_ledger *ledger = told->ledger;
    struct numu_entry *entry;
    const char *word;
    NUMU_TRY(numu_ledger_name(ledger, told->arena, step->site, step->sequence, out_event));
    entry = numu_dictionary_find(&told->words, *out_event);
    if (entry == NULL) {
        struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
        NUMU_TRY(proof_word(ledger, &ledger->scratch, step, &word));
        numu_arena_rewind(&ledger->scratch, mark);
        NUMU_TRY(numu_dictionary_put(&told->words, *out_event, numu_text_of(word), &entry));
    }
    *out_word = entry->value;
    return NUMU_OK;
}

static numu_status add_step(struct told *told, const struct numu_trace_step *step,
                            struct numu_sheet *out) {
    struct numu_text event;
    struct numu_text word;
    struct numu_text time;
    char text[NUMU_INSTANT_TEXT_BYTES];
    NUMU_TRY(name_event(told, step, &event, &word));
    NUMU_TRY(
        numu_text_copy(told->arena, numu_text_of(numu_instant_format(step->time, text)), &time));
    NUMU_TRY(numu_sheet_add(out, numu_argument_integer(step->depth)));
    NUMU_TRY(numu_sheet_add_text(out, step->item));
    NUMU_TRY(numu_sheet_add_text(out, step->object));
    NUMU_TRY(numu_sheet_add_text(out, time));
    NUMU_TRY(numu_sheet_add_text(out, numu_text_of(numu_event_kinds[step->type].name)));
    NUMU_TRY(numu_sheet_add_quantity(out, step->quantity));
    NUMU_TRY(numu_sheet_add_text(out, step->from));
    NUMU_TRY(numu_sheet_add_text(out, step->to));
    NUMU_TRY(numu_sheet_add_text(out, step->by));
    NUMU_TRY(numu_sheet_add_text(out, event));
    return numu_sheet_add_text(out, word);
}

/* "rifle/R1, rifle_kit/K1": each was made of the next, and the last of the first. */
static numu_status tell_circle(struct numu_arena *arena, const struct numu_trace *trace,
                               struct numu_report *report) {
    struct numu_buffer names;
    struct numu_text list;
    numu_buffer_init(&names, arena->heap, 0);
    numu_status status = NUMU_OK;
    for (size_t i = 0; i < trace->circle_count && i < CIRCLE_SHOWN && status == NUMU_OK; i++) {
        const struct numu_traced_thing *thing = &trace->circle[i];
        status =
            numu_buffer_printf(&names, "%s%.*s/%.*s", i == 0 ? "" : ", ", (int)thing->item.length,
                               thing->item.data, (int)thing->object.length, thing->object.data);
    }
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, (struct numu_text){names.data, names.length}, &list);
    }
    numu_buffer_release(&names);
    NUMU_TRY(status);
    numu_app_tell(report, NUMU_CODE_GENEALOGY_CIRCLE,
                  numu_argument_integer((int64_t)trace->circle_count), numu_argument_text(list));
    return NUMU_OK;
}

numu_status numu_app_ledger_trace(struct numu_ledger *ledger,
                                  const struct numu_trace_request *request,
                                  struct numu_arena *arena, struct numu_report *report,
                                  struct numu_sheet *out) {
    static const char *const columns[] = {"depth",      "item",     "object", "time",
                                          "event_type", "quantity", "from",   "to",
                                          "by",         "event",    "proof",  NULL};
    static const char *const facts[] = {"steps", "complete", NULL};
    struct numu_trace_options options = {.is_forward = request->is_forward};
    struct numu_trace trace;
    numu_sheet_init(out, ledger->heap, "numu.ledger.trace/1", "steps", columns);
    numu_status status =
        numu_trace_list(ledger, arena, request->item, request->object, &options, &trace);
    if (status == NUMU_NOT_FOUND) {
        numu_app_tell(report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string("kind.thing"),
                      numu_argument_text(request->object));
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    out->fact_names = facts;
    out->list = "trace";
    out->facts[0] = numu_argument_integer((int64_t)trace.step_count);
    out->facts[1] = numu_argument_string(trace.is_complete ? "word.answer_yes" : "word.answer_no");
    struct told told = {.ledger = ledger, .arena = arena};
    numu_dictionary_init(&told.words, arena);
    for (size_t i = 0; i < trace.step_count; i++) {
        NUMU_TRY(add_step(&told, &trace.steps[i], out));
    }
    return trace.circle_count > 0 ? tell_circle(arena, &trace, report) : NUMU_OK;
}

/* --- verifying --- */

/* Reads the signed note of a head: a file of its own, or the one that a proof ends with. */
static numu_status read_head(const char *path, struct numu_arena *arena, struct numu_report *report,
                             struct numu_text *out_note, struct numu_checkpoint *out) {
    struct numu_entry_proof proof;
    struct numu_text text;
    NUMU_TRY(numu_app_read(arena, path, 0, report, &text));
    *out_note = numu_entry_proof_read(text, &proof) == NUMU_OK ? proof.checkpoint : text;
    if (numu_checkpoint_read(*out_note, out) != NUMU_OK) {
        numu_app_tell(report, NUMU_CODE_PROOF_REFUSED, numu_argument_string("kind.proof_malformed"),
                      (struct numu_argument){.kind = NUMU_ARGUMENT_NONE});
        return NUMU_INVALID;
    }
    return NUMU_OK;
}

struct signing {
    struct numu_text note;
    int64_t size; /* of the head */
    bool has_key, is_signed;
};

static numu_status visit_site_key(void *data, struct numu_text key, struct numu_text value) {
    struct signing *signing = data;
    struct numu_public_key site;
    struct numu_text text;
    size_t count;
    for (int i = 0; i < 2; i++) {
        (void)numu_field_next(&key);
    }
    if (numu_field_number(key) >= signing->size || numu_public_key_parse(value, &site) != NUMU_OK) {
        return NUMU_OK;
    }
    signing->has_key = true;
    signing->is_signed =
        signing->is_signed ||
        (numu_note_read(signing->note, &site, 1, &text, &count) == NUMU_OK && count == 1);
    return NUMU_OK;
}

/* Whether a key that the log had registered by then signed a head; true where it had none. */
static numu_status is_signed_by_site(struct numu_ledger *ledger, struct numu_text site,
                                     struct numu_text note, uint64_t size, bool *out) {
    struct signing signing = {.note = note, .size = (int64_t)size};
    NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'v', site, (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(&ledger->state, visit_site_key, &signing));
    *out = signing.is_signed || !signing.has_key;
    return NUMU_OK;
}

/*
 * The log that a head of an epoch is of: the site's, or, where a later epoch began before it, the
 * one that ended there.
 */
static numu_status find_log_of(struct numu_ledger *ledger, struct numu_arena *arena,
                               struct numu_text site, int64_t epoch, uint64_t size, uint32_t *out) {
    struct numu_epoch *epochs;
    size_t count;
    NUMU_TRY(numu_ledger_log(ledger, site, out));
    NUMU_TRY(numu_epochs_list(ledger, arena, site, &epochs, &count));
    for (size_t i = 0; i < count; i++) {
        if (epochs[i].number > epoch && epochs[i].common < size && epochs[i].has_evidence) {
            *out = epochs[i].evidence;
            return NUMU_OK;
        }
    }
    return NUMU_OK;
}

/* Holds a book against a head that somebody kept away from it. */
static numu_status check_kept_head(struct numu_ledger *ledger, const char *path,
                                   struct numu_arena *arena, struct numu_report *report) {
    struct numu_checkpoint head;
    struct numu_text note;
    struct numu_text name;
    struct numu_sha256 root;
    struct numu_ledger_tree room;
    uint32_t log;
    uint64_t size = 0;
    bool is_signed;
    NUMU_TRY(read_head(path, arena, report, &note, &head));
    struct numu_text id = {NULL, 0};
    struct numu_text site = {NULL, 0};
    int64_t epoch = 0;
    bool is_name = numu_log_origin_parse(head.origin, &id, &site, &epoch);
    numu_status status = find_log_of(ledger, arena, site, epoch, head.size, &log);
    if (status == NUMU_NOT_FOUND || !is_name || !numu_text_is_equal(id, ledger->id)) {
        numu_app_tell(report, NUMU_CODE_PROOF_REFUSED,
                      numu_argument_string("kind.proof_other_event"),
                      (struct numu_argument){.kind = NUMU_ARGUMENT_NONE});
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    NUMU_TRY(is_signed_by_site(ledger, site, note, head.size, &is_signed));
    if (!is_signed) {
        numu_app_tell(report, NUMU_CODE_PROOF_REFUSED, numu_argument_string("kind.proof_bad_head"),
                      (struct numu_argument){.kind = NUMU_ARGUMENT_NONE});
        return NUMU_INVALID;
    }
    NUMU_TRY(ledger->state.store.port->size(ledger->state.store.self, log, &size));
    bool is_there = head.size <= size;
    if (is_there) {
        struct numu_tree tree = numu_ledger_tree(ledger, log, site, &room);
        NUMU_TRY(numu_tree_root(&tree, head.size, &root));
        is_there = numu_sha256_is_equal(&root, &head.root);
    }
    if (!is_there) { /* its end was cut off, or it is another history */
        NUMU_TRY(numu_event_name(arena, site, epoch, (int64_t)head.size, &name));
        numu_app_tell(report, NUMU_CODE_LEDGER_ALTERED, numu_argument_string("kind.head"),
                      numu_argument_text(name));
    }
    return NUMU_OK;
}

/* Whether the book has a root, and the one that it must have. */
static numu_status check_root(struct numu_ledger *ledger, const char *wanted,
                              const struct numu_verification *result, struct numu_arena *arena,
                              struct numu_report *report) {
    struct numu_public_key key;
    if (wanted == NULL) {
        if (!result->has_root) {
            tell_without_root(report, ledger->site);
        }
        return NUMU_OK;
    }
    NUMU_TRY(numu_app_key_given(arena, wanted, report, &key));
    if (!result->has_root || key.id != result->root.id ||
        memcmp(key.bytes, result->root.bytes, sizeof key.bytes) != 0) {
        numu_app_tell_string(report, NUMU_CODE_OTHER_ROOT, key.name,
                             result->has_root ? result->root.name : NULL);
    }
    return NUMU_OK;
}

numu_status numu_app_ledger_verify(const struct numu_context *context,
                                   const struct numu_ledger_verify_request *request,
                                   struct numu_report *report, struct numu_verification *out) {
    struct numu_ledger ledger;
    struct numu_arena arena;
    NUMU_TRY(open_by(context, request->path, NUMU_STORE_READ, numu_ledger_open_damaged, report,
                     &ledger));
    numu_arena_init(&arena, context->heap);
    numu_status status = numu_ledger_verify(context, &ledger, report, out);
    /* A log that was altered need not lead to any head, or root. */
    if (status == NUMU_OK && numu_report_total(report, NUMU_ERROR) == 0) {
        status = check_root(&ledger, request->root, out, &arena, report);
    }
    if (status == NUMU_OK && request->head != NULL && numu_report_total(report, NUMU_ERROR) == 0) {
        status = check_kept_head(&ledger, request->head, &arena, report);
    }
    numu_arena_release(&arena);
    if (status == NUMU_OK && numu_report_total(report, NUMU_ERROR) > 0) {
        status = NUMU_INVALID;
    }
    numu_status closed = numu_ledger_close(&ledger);
    return status != NUMU_OK ? status : closed;
}
