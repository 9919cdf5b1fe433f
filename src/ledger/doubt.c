/*
 * doubt.c - see doubt.h. One pass over each log; dispatches are read where receipts name them.
 */
#include "ledger/doubt.h"

#include "base/json.h"
#include "ledger/certificate.h"
#include "ledger/epoch.h"
#include "ledger/query.h"
#include "ledger/unseen.h"

enum { DAY_SECONDS = 86400 };

/* When somebody's roles ended, as a log came to know it. */
struct end {
    struct numu_text person;
    numu_instant time;
    int64_t sequence;
};

struct doubts {
    struct numu_ledger *ledger;
    struct numu_arena *arena; /* of the result */
    struct numu_text site;
    struct numu_buffer rows; /* of struct numu_doubt */
    struct numu_buffer ends; /* of struct end, of the log */
    struct numu_buffer told; /* of struct told, of all logs */
    struct numu_unseen *unseen;
};

/* A dispatch told again in a new epoch, under the name that it had before. */
struct told {
    struct numu_text name;
    uint32_t log;
    int64_t sequence;
};

static numu_status add(struct doubts *doubts, numu_doubt_kind kind,
                       const struct numu_record *record, struct numu_text item,
                       struct numu_text object, int64_t days) {
    struct numu_doubt doubt = {.kind = kind,
                               .site = doubts->site,
                               .sequence = record->sequence,
                               .type = record->event.type,
                               .days = days};
    NUMU_TRY(numu_text_copy(doubts->arena, record->event.by, &doubt.by));
    NUMU_TRY(numu_text_copy(doubts->arena, item, &doubt.item));
    NUMU_TRY(numu_text_copy(doubts->arena, object, &doubt.object));
    return numu_buffer_append(&doubts->rows, &doubt, sizeof doubt);
}

/* The same about the event as a whole. */
static numu_status add_event(struct doubts *doubts, numu_doubt_kind kind,
                             const struct numu_record *record, int64_t days) {
    struct numu_text item = {NULL, 0};
    struct numu_text object = {NULL, 0};
    if (record->event.line_count > 0) {
        const struct numu_event_line *line = &record->event.lines[0];
        item = line->item;
        object = line->serials.count > 0 ? line->serials.list[0] : line->lot;
    }
    return add(doubts, kind, record, item, object, days);
}

static numu_status check_time(struct doubts *doubts, const struct numu_record *record) {
    int64_t apart = record->recorded - record->event.time;
    if (apart < 0) {
        return add_event(doubts, NUMU_DOUBT_CLOCK, record,
                         (-apart + DAY_SECONDS - 1) / DAY_SECONDS);
    }
    return apart > (int64_t)NUMU_DOUBT_LATE_DAYS * DAY_SECONDS
               ? add_event(doubts, NUMU_DOUBT_LATE, record, apart / DAY_SECONDS)
               : NUMU_OK;
}

/* --- receipts --- */

static bool has_serial(const struct numu_event_line *line, struct numu_text serial) {
    for (size_t i = 0; i < line->serials.count; i++) {
        if (numu_text_is_equal(line->serials.list[i], serial)) {
            return true;
        }
    }
    return false;
}

static numu_status check_receipt_line(struct doubts *doubts, const struct numu_record *record,
                                      const struct numu_event_line *line,
                                      const struct numu_event *dispatch) {
    size_t at = line->line == NUMU_NO_NUMBER ? 0 : (size_t)line->line;
    const struct numu_event_line *sent = at < dispatch->line_count ? &dispatch->lines[at] : NULL;
    bool is_same = dispatch->type == NUMU_EVENT_dispatch && sent != NULL &&
                   numu_text_is_equal(sent->item, line->item) &&
                   numu_text_is_equal(sent->lot, line->lot);
    if (line->serials.count == 0) {
        return is_same ? NUMU_OK : add(doubts, NUMU_DOUBT_STRAY, record, line->item, line->lot, 0);
    }
    for (size_t i = 0; i < line->serials.count; i++) {
        if (!is_same || !has_serial(sent, line->serials.list[i])) {
            NUMU_TRY(add(doubts, NUMU_DOUBT_STRAY, record, line->item, line->serials.list[i], 0));
        }
    }
    return NUMU_OK;
}

/* The dispatch of a name: told again, or of the newest log; what is evidence is none. */
static numu_status find_dispatch(struct doubts *doubts, struct numu_text name,
                                 struct numu_record *out) {
    struct numu_ledger *ledger = doubts->ledger;
    const struct told *told = (const void *)doubts->told.data;
    uint32_t log;
    uint32_t newest;
    for (size_t i = 0; i < doubts->told.length / sizeof *told; i++) {
        if (numu_text_is_equal(told[i].name, name)) {
            return numu_ledger_read(ledger, &ledger->scratch, told[i].log, told[i].sequence, out,
                                    NULL);
        }
    }
    NUMU_TRY(numu_ledger_find(ledger, &ledger->scratch, name, &log, out, NULL));
    NUMU_TRY(numu_ledger_log(ledger, out->site, &newest));
    return log == newest ? NUMU_OK : NUMU_NOT_FOUND;
}

/* Against its dispatch, where that is known. */
static numu_status check_receipt(struct doubts *doubts, const struct numu_record *record) {
    struct numu_record dispatch;
    numu_status status = find_dispatch(doubts, record->event.dispatch, &dispatch);
    if (status != NUMU_OK) {
        return status == NUMU_NOT_FOUND ? NUMU_OK : status;
    }
    for (size_t i = 0; i < record->event.line_count; i++) {
        NUMU_TRY(check_receipt_line(doubts, record, &record->event.lines[i], &dispatch.event));
    }
    return NUMU_OK;
}

/* --- people --- */

/* Notes people who have no roles any more. */
static numu_status note_ends(struct doubts *doubts, const struct numu_record *record) {
    const struct numu_json *people = numu_json_find(record->event.registry, "people");
    for (const struct numu_json *row = people == NULL ? NULL : people->first; row != NULL;
         row = row->next) {
        const struct numu_json *id = numu_json_find(row, "id");
        const struct numu_json *roles = numu_json_find(row, "roles");
        struct end end = {.time = record->event.time, .sequence = record->sequence};
        if (id == NULL || numu_text_is(id->text, "site") ||
            (roles != NULL && numu_roles_parse(roles->text) != 0)) {
            continue;
        }
        NUMU_TRY(numu_text_copy(doubts->arena, id->text, &end.person));
        NUMU_TRY(numu_buffer_append(&doubts->ends, &end, sizeof end));
    }
    return NUMU_OK;
}

/* Notes people whom the root revoked, from when it said so: in a register that took effect. */
static numu_status note_revocations(struct doubts *doubts, const struct numu_record *record) {
    const struct numu_json *notes = numu_event_is_certified(&record->event)
                                        ? numu_json_find(record->event.registry, "certificates")
                                        : NULL;
    for (const struct numu_json *note = notes == NULL ? NULL : notes->first; note != NULL;
         note = note->next) {
        struct numu_certificate certificate;
        NUMU_TRY(numu_certificate_read(&doubts->ledger->scratch, note->text, &certificate));
        struct end end = {.time = certificate.issued, .sequence = record->sequence};
        if (certificate.type == NUMU_CERTIFICATE_revocation) {
            NUMU_TRY(numu_text_copy(doubts->arena, certificate.id, &end.person));
            NUMU_TRY(numu_buffer_append(&doubts->ends, &end, sizeof end));
        }
    }
    return NUMU_OK;
}

/* Acts before the book knew, but after the roles had ended. */
static numu_status check_ends(struct doubts *doubts, const struct numu_record *record) {
    const struct end *ends = (const void *)doubts->ends.data;
    for (size_t i = 0; i < doubts->ends.length / sizeof *ends; i++) {
        if (record->sequence < ends[i].sequence && record->event.time >= ends[i].time &&
            numu_text_is_equal(record->event.by, ends[i].person)) {
            return add_event(doubts, NUMU_DOUBT_REVOKED, record, 0);
        }
    }
    return NUMU_OK;
}

/* --- logs --- */

static numu_status look_first(void *data, uint32_t log, const struct numu_record *record) {
    (void)log;
    if (record->event.type != NUMU_EVENT_register) {
        return NUMU_OK;
    }
    NUMU_TRY(note_ends(data, record));
    return note_revocations(data, record);
}

static numu_status add_unseen(void *data, const struct numu_record *record, struct numu_text item,
                              struct numu_text serial) {
    return add(data, NUMU_DOUBT_UNSEEN, record, item, serial, 0);
}

static numu_status look_again(void *data, uint32_t log, const struct numu_record *record) {
    struct doubts *doubts = data;
    NUMU_TRY(numu_unseen_look(doubts->unseen, log, record, add_unseen, doubts));
    NUMU_TRY(check_time(doubts, record));
    NUMU_TRY(check_ends(doubts, record));
    return record->event.type == NUMU_EVENT_receive ? check_receipt(doubts, record) : NUMU_OK;
}

static numu_status note_told(void *data, uint32_t log, const struct numu_record *record) {
    struct doubts *doubts = data;
    struct told told = {.log = log, .sequence = record->sequence};
    if (record->event.type != NUMU_EVENT_dispatch || record->event.dispatch.length == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_dispatch_name(doubts->arena, record, &told.name));
    NUMU_TRY(numu_text_copy(doubts->arena, told.name, &told.name));
    return numu_buffer_append(&doubts->told, &told, sizeof told);
}

/* Only a site that went on in a new epoch tells anything again. */
static numu_status find_told(struct doubts *doubts, struct numu_text site) {
    struct numu_epoch *epochs;
    size_t count;
    NUMU_TRY(numu_epochs_list(doubts->ledger, doubts->arena, site, &epochs, &count));
    return count == 0 ? NUMU_OK : numu_records_visit(doubts->ledger, site, note_told, doubts);
}

static numu_status look_at_log(struct doubts *doubts) {
    struct numu_unseen unseen;
    numu_unseen_init(&unseen, doubts->ledger, doubts->arena);
    doubts->unseen = &unseen;
    numu_status status = numu_records_visit(doubts->ledger, doubts->site, look_again, doubts);
    numu_unseen_release(&unseen);
    return status;
}

static numu_status list_all(struct doubts *doubts) {
    struct numu_text *sites;
    size_t count;
    NUMU_TRY(numu_sites_list(doubts->ledger, doubts->arena, &sites, &count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(find_told(doubts, sites[i]));
    }
    for (size_t i = 0; i < count; i++) {
        doubts->site = sites[i];
        numu_buffer_clear(&doubts->ends);
        NUMU_TRY(numu_records_visit(doubts->ledger, sites[i], look_first, doubts));
        NUMU_TRY(look_at_log(doubts));
    }
    return NUMU_OK;
}

numu_status numu_doubts_list(struct numu_ledger *ledger, struct numu_arena *arena,
                             struct numu_doubt **out, size_t *out_count) {
    struct doubts doubts = {.ledger = ledger, .arena = arena};
    numu_buffer_init(&doubts.rows, ledger->heap, 0);
    numu_buffer_init(&doubts.ends, ledger->heap, 0);
    numu_buffer_init(&doubts.told, ledger->heap, 0);
    numu_status status = list_all(&doubts);
    numu_buffer_release(&doubts.ends);
    numu_buffer_release(&doubts.told);
    return NUMU_MOVE(&doubts.rows, status, arena, out, out_count);
}
