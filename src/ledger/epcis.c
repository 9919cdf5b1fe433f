/*
 * epcis.c - see epcis.h.
 */
#include "ledger/epcis.h"

#include "base/json.h"
#include "ledger/count.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef enum shape {
    LEFT,        /* EPCIS has no word for it */
    OBJECT,      /* ObjectEvent */
    TRANSACTION, /* TransactionEvent */
    TRANSFORM,   /* TransformationEvent where it both uses up and makes */
    PACKING      /* AggregationEvent */
} shape;

/* What a type of event becomes. A step or disposition with a colon is one of our own. */
struct rule {
    shape shape;
    const char *action;
    const char *step;
    const char *disposition; /* NULL: by the condition of the account */
};

static const struct rule rules[NUMU_EVENT_TYPE_COUNT] = {
    [NUMU_EVENT_open] = {OBJECT, "OBSERVE", "stock_taking", NULL},
    [NUMU_EVENT_produce] = {TRANSFORM, "ADD", "commissioning", NULL},
    [NUMU_EVENT_transform] = {TRANSFORM, "ADD", "commissioning", NULL},
    [NUMU_EVENT_import] = {OBJECT, "OBSERVE", "receiving", NULL},
    [NUMU_EVENT_mark] = {OBJECT, "OBSERVE", "encoding", "encoded"},
    [NUMU_EVENT_inspect] = {OBJECT, "OBSERVE", "inspecting", NULL},
    [NUMU_EVENT_pack] = {PACKING, "ADD", "packing", NULL},
    [NUMU_EVENT_unpack] = {PACKING, "DELETE", "unpacking", NULL},
    [NUMU_EVENT_dispatch] = {TRANSACTION, "ADD", "shipping", "in_transit"},
    [NUMU_EVENT_receive] = {TRANSACTION, "OBSERVE", "receiving", NULL},
    [NUMU_EVENT_put] = {OBJECT, "OBSERVE", "storing", NULL},
    [NUMU_EVENT_issue] = {OBJECT, "OBSERVE", "numu:issuing", NULL},
    [NUMU_EVENT_return] = {OBJECT, "OBSERVE", "numu:returning", "returned"},
    [NUMU_EVENT_export] = {TRANSACTION, "ADD", "shipping", "in_transit"},
    [NUMU_EVENT_consume] = {OBJECT, "DELETE", "decommissioning", "inactive"},
    [NUMU_EVENT_count] = {OBJECT, "OBSERVE", "stock_taking", NULL},
    [NUMU_EVENT_sheet] = {OBJECT, "OBSERVE", "stock_taking", NULL},
    [NUMU_EVENT_close] = {OBJECT, "OBSERVE", "stock_taking", NULL},
    [NUMU_EVENT_lose] = {OBJECT, "OBSERVE", "numu:losing", "unknown"},
    [NUMU_EVENT_find] = {OBJECT, "OBSERVE", "numu:finding", NULL},
    [NUMU_EVENT_seize] = {OBJECT, "OBSERVE", "numu:seizing", NULL},
    [NUMU_EVENT_destroy] = {OBJECT, "DELETE", "destroying", "destroyed"},
    [NUMU_EVENT_correct] = {OBJECT, "OBSERVE", "numu:correcting", NULL}};

static const char *const disposition_of[NUMU_CONDITION_COUNT] = {
    [NUMU_CONDITION_quarantine] = "in_progress",
    [NUMU_CONDITION_serviceable] = "available",
    [NUMU_CONDITION_suspended] = "unavailable",
    [NUMU_CONDITION_unserviceable] = "non_conformant"};

/* Units of UN/CEFACT Recommendation 20; pieces have none in EPCIS. */
static const struct {
    const char *unit, *code;
} units[] = {{"each", ""},  {"round", ""}, {"set", ""},   {"kg", "KGM"},
             {"g", "GRM"},  {"t", "TNE"},  {"l", "LTR"},  {"m", "MTR"},
             {"m2", "MTK"}, {"m3", "MTQ"}, {"km", "KMT"}, {"h", "HUR"}};

struct writing {
    struct numu_ledger *ledger;
    struct numu_text base;
    struct numu_json_writer json;
    struct numu_epcis_result *result;
    const struct numu_record *record;
    struct numu_sha256 leaf;
    const struct numu_record *correction; /* by which the event is declared wrong; NULL = none */
    struct numu_text approval;            /* "site:sequence"; empty: it took one person */
    unsigned part;                        /* of the record, from 1 */
};

bool numu_gs1_key_is_good(struct numu_text text, size_t length) {
    unsigned sum = 0;
    if (text.length != length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        /* From the right: the check digit counts once, the next three times, and so on. */
        sum += (unsigned)(text.data[i] - '0') * ((length - i) % 2 == 1 ? 1 : 3);
    }
    return sum % 10 == 0;
}

static bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c) != NULL);
}

bool numu_epcis_base_is_good(struct numu_text base) {
    size_t slashes = numu_text_find(base, NUMU_TEXT("://"), 0);
    if (slashes == SIZE_MAX || slashes == 0 || slashes + 3 >= base.length ||
        base.data[base.length - 1] == '/') {
        return false;
    }
    for (size_t i = 0; i < base.length; i++) {
        bool is_scheme = i < slashes && base.data[i] >= 'a' && base.data[i] <= 'z';
        bool is_rest = i >= slashes && (is_plain(base.data[i]) || strchr(":/", base.data[i]));
        if (!is_scheme && !is_rest) {
            return false;
        }
    }
    return true;
}

/* --- addresses --- */

/* As a part of an address (RFC 3986, 2.1). */
static numu_status add_escaped(struct numu_buffer *buffer, struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (is_plain(text.data[i])) {
            NUMU_TRY(numu_buffer_append_char(buffer, text.data[i]));
        } else {
            NUMU_TRY(numu_buffer_printf(buffer, "%%%02X", (unsigned)(unsigned char)text.data[i]));
        }
    }
    return NUMU_OK;
}

/* The base and the pattern, with the next text for each star. */
static numu_status address(struct writing *writing, const char *pattern,
                           const struct numu_text *texts, struct numu_text *out) {
    struct numu_buffer buffer;
    numu_buffer_init(&buffer, writing->ledger->heap, 0);
    numu_status status = numu_buffer_append(&buffer, writing->base.data, writing->base.length);
    for (const char *c = pattern; *c != '\0' && status == NUMU_OK; c++) {
        status = *c == '*' ? add_escaped(&buffer, *texts++) : numu_buffer_append_char(&buffer, *c);
    }
    if (status == NUMU_OK) {
        status = numu_text_copy(&writing->ledger->scratch,
                                (struct numu_text){buffer.data, buffer.length}, out);
    }
    numu_buffer_release(&buffer);
    return status;
}

static numu_status write_address(struct writing *writing, const char *pattern,
                                 const struct numu_text *texts) {
    struct numu_text text;
    NUMU_TRY(address(writing, pattern, texts, &text));
    numu_json_text(&writing->json, text);
    return NUMU_OK;
}

enum { GTIN = 14, GLN = 13, GS1_SERIAL_MAX = 20 };

static numu_status write_object(struct writing *writing, struct numu_text item,
                                struct numu_text serial) {
    bool is_gs1 = numu_gs1_key_is_good(item, GTIN) && serial.length <= GS1_SERIAL_MAX;
    const struct numu_text texts[] = {item, serial};
    const struct numu_text own[] = {writing->ledger->id, item, serial};
    return is_gs1 ? write_address(writing, "/01/*/21/*", texts)
                  : write_address(writing, "/*/*/obj/*", own);
}

static numu_status write_class(struct writing *writing, struct numu_text item,
                               struct numu_text lot) {
    bool is_gs1 = numu_gs1_key_is_good(item, GTIN) && lot.length <= GS1_SERIAL_MAX;
    const struct numu_text texts[] = {item, lot};
    const struct numu_text own[] = {writing->ledger->id, item, lot};
    if (is_gs1) {
        return write_address(writing, lot.length > 0 ? "/01/*/10/*" : "/01/*", texts);
    }
    return write_address(writing, lot.length > 0 ? "/*/*/class/*" : "/*/class/*", own);
}

static numu_status write_place(struct writing *writing, struct numu_text place) {
    const struct numu_text own[] = {writing->ledger->id, place};
    return numu_gs1_key_is_good(place, GLN) ? write_address(writing, "/414/*", &place)
                                            : write_address(writing, "/*/loc/*", own);
}

/* Of the part that is being written: the first has the name of the record itself. */
static numu_status write_event_id(struct writing *writing, const struct numu_record *record,
                                  unsigned part) {
    char number[48];
    struct numu_text log;
    (void)snprintf(number, sizeof number, part > 1 ? "%" PRId64 ".%u" : "%" PRId64,
                   record->sequence, part);
    NUMU_TRY(numu_log_name(&writing->ledger->scratch, record->site, record->epoch, &log));
    const struct numu_text texts[] = {writing->ledger->id, log, numu_text_of(number)};
    return write_address(writing, "/*/*/event/*", texts);
}

/* --- members --- */

static void member(struct writing *writing, const char *key, const char *value) {
    numu_json_key(&writing->json, key);
    numu_json_string(&writing->json, value);
}

static void text_member(struct writing *writing, const char *key, struct numu_text value) {
    if (value.length > 0) {
        numu_json_key(&writing->json, key);
        numu_json_text(&writing->json, value);
    }
}

static void texts_member(struct writing *writing, const char *key, struct numu_texts texts) {
    if (texts.count > 0) {
        numu_json_key(&writing->json, key);
        numu_json_begin_line_array(&writing->json);
        for (size_t i = 0; i < texts.count; i++) {
            numu_json_text(&writing->json, texts.list[i]);
        }
        numu_json_end_array(&writing->json);
    }
}

static numu_status place_member(struct writing *writing, const char *key, struct numu_text place) {
    if (place.length == 0) {
        return NUMU_OK;
    }
    numu_json_key(&writing->json, key);
    numu_json_begin_line_object(&writing->json);
    numu_json_key(&writing->json, "id");
    NUMU_TRY(write_place(writing, place));
    numu_json_end_object(&writing->json);
    return NUMU_OK;
}

static numu_status party_member(struct writing *writing, const char *list, const char *name,
                                const char *type, struct numu_text place) {
    numu_json_key(&writing->json, list);
    numu_json_begin_line_array(&writing->json);
    numu_json_begin_line_object(&writing->json);
    member(writing, "type", type);
    numu_json_key(&writing->json, name);
    NUMU_TRY(write_place(writing, place));
    numu_json_end_object(&writing->json);
    numu_json_end_array(&writing->json);
    return NUMU_OK;
}

static numu_status add_business(struct writing *writing, const char *type, struct numu_text id) {
    const struct numu_text texts[] = {writing->ledger->id, id};
    if (id.length == 0) {
        return NUMU_OK;
    }
    numu_json_begin_line_object(&writing->json);
    member(writing, "type", type);
    numu_json_key(&writing->json, "bizTransaction");
    NUMU_TRY(write_address(writing, "/*/bt/*", texts));
    numu_json_end_object(&writing->json);
    return NUMU_OK;
}

/* Works orders, dispatches and licences. A dispatch is a despatch advice of its own. */
static numu_status business_member(struct writing *writing) {
    const struct numu_event *event = &writing->record->event;
    struct numu_text dispatch = event->dispatch;
    if (event->type == NUMU_EVENT_dispatch) {
        NUMU_TRY(numu_dispatch_name(&writing->ledger->scratch, writing->record, &dispatch));
    }
    if (event->order.length + dispatch.length + event->licence.length == 0) {
        return NUMU_OK;
    }
    numu_json_key(&writing->json, "bizTransactionList");
    numu_json_begin_line_array(&writing->json);
    NUMU_TRY(add_business(writing, "prodorder", event->order));
    NUMU_TRY(add_business(writing, "desadv", dispatch));
    NUMU_TRY(add_business(writing, "numu:licence", event->licence));
    numu_json_end_array(&writing->json);
    return NUMU_OK;
}

/* The code of an item's unit; NULL where EPCIS has none for it, "" for pieces. */
static numu_status unit_code(struct writing *writing, struct numu_text item, const char **out,
                             struct numu_text *out_unit) {
    struct numu_item row;
    numu_status status = numu_item_get(&writing->ledger->state, &writing->ledger->scratch,
                                       writing->ledger->site, item, &row);
    *out = NULL;
    *out_unit = (struct numu_text){NULL, 0};
    if (status == NUMU_NOT_FOUND) {
        return NUMU_OK;
    }
    NUMU_TRY(status);
    *out_unit = row.unit;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (numu_text_is(row.unit, units[i].unit)) {
            *out = units[i].code;
        }
    }
    return NUMU_OK;
}

/* --- what it is about --- */

typedef bool (*choose)(const struct numu_event_line *line, const void *data);

static numu_status write_serials(struct writing *writing, const char *key, choose is_chosen,
                                 const void *data) {
    const struct numu_event *event = &writing->record->event;
    bool has_any = false;
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        for (size_t j = 0; j < line->serials.count && is_chosen(line, data); j++) {
            if (!has_any) {
                numu_json_key(&writing->json, key);
                numu_json_begin_array(&writing->json);
                has_any = true;
            }
            NUMU_TRY(write_object(writing, line->item, line->serials.list[j]));
        }
    }
    if (has_any) {
        numu_json_end_array(&writing->json);
    }
    return NUMU_OK;
}

static numu_status write_quantity(struct writing *writing, const struct numu_event_line *line,
                                  struct numu_text *out_unit) {
    const char *code;
    struct numu_text unit;
    numu_json_begin_line_object(&writing->json);
    numu_json_key(&writing->json, "epcClass");
    NUMU_TRY(write_class(writing, line->item, line->lot));
    numu_json_key(&writing->json, "quantity");
    numu_json_number(&writing->json, line->quantity, 6);
    NUMU_TRY(unit_code(writing, line->item, &code, &unit));
    if (code == NULL) {
        *out_unit = unit;
    } else if (code[0] != '\0') {
        member(writing, "uom", code);
    }
    numu_json_end_object(&writing->json);
    return NUMU_OK;
}

static numu_status write_quantities(struct writing *writing, const char *key, choose is_chosen,
                                    const void *data) {
    const struct numu_event *event = &writing->record->event;
    struct numu_text other_unit = {NULL, 0};
    bool has_any = false;
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        if (line->serials.count > 0 || !is_chosen(line, data)) {
            continue;
        }
        if (!has_any) {
            numu_json_key(&writing->json, key);
            numu_json_begin_array(&writing->json);
            has_any = true;
        }
        NUMU_TRY(write_quantity(writing, line, &other_unit));
    }
    if (has_any) {
        numu_json_end_array(&writing->json);
    }
    text_member(writing, "numu:unit", other_unit);
    return NUMU_OK;
}

/* --- events --- */

/* Lines that move between the same accounts are one event of EPCIS. */
struct group {
    struct numu_text from, to;
};

static bool is_of_group(const struct numu_event_line *line, const void *data) {
    const struct group *group = data;
    return numu_text_is_equal(line->from, group->from) && numu_text_is_equal(line->to, group->to);
}

static bool is_any(const struct numu_event_line *line, const void *data) {
    (void)line;
    (void)data;
    return true;
}

static bool is_used_up(const struct numu_event_line *line, const void *data) {
    (void)data;
    return numu_text_is(line->to, "consumed");
}

static bool is_made(const struct numu_event_line *line, const void *data) {
    (void)data;
    return numu_text_is(line->from, "produced");
}

static bool has_line(const struct numu_event *event, choose is_chosen) {
    for (size_t i = 0; i < event->line_count; i++) {
        if (is_chosen(&event->lines[i], NULL)) {
            return true;
        }
    }
    return false;
}

static void time_member(struct writing *writing, const char *key, numu_instant time) {
    char text[NUMU_INSTANT_TEXT_BYTES];
    member(writing, key, numu_instant_format(time, text));
}

static numu_status declare_error(struct writing *writing) {
    if (writing->correction == NULL) {
        return NUMU_OK;
    }
    numu_json_key(&writing->json, "errorDeclaration");
    numu_json_begin_object(&writing->json);
    time_member(writing, "declarationTime", writing->correction->event.time);
    member(writing, "reason", "incorrect_data");
    numu_json_key(&writing->json, "correctiveEventIDs");
    numu_json_begin_line_array(&writing->json);
    NUMU_TRY(write_event_id(writing, writing->correction, 1));
    numu_json_end_array(&writing->json);
    numu_json_end_object(&writing->json);
    return NUMU_OK;
}

static numu_status begin_event(struct writing *writing, const char *type) {
    const struct numu_record *record = writing->record;
    writing->result->written++;
    numu_json_begin_object(&writing->json);
    member(writing, "type", type);
    numu_json_key(&writing->json, "eventID");
    NUMU_TRY(write_event_id(writing, record, ++writing->part));
    time_member(writing, "eventTime", record->event.time);
    member(writing, "eventTimeZoneOffset", "+00:00");
    time_member(writing, "recordTime", record->recorded);
    return declare_error(writing);
}

/* What EPCIS has no member for. */
static numu_status end_event(struct writing *writing) {
    const struct numu_record *record = writing->record;
    const struct numu_event *event = &record->event;
    char hex[NUMU_SHA256_HEX_BYTES];
    numu_json_key(&writing->json, "numu:sequence");
    numu_json_integer(&writing->json, record->sequence);
    member(writing, "numu:leaf", numu_sha256_hex(&writing->leaf, hex));
    member(writing, "numu:type", numu_event_kinds[event->type].name);
    text_member(writing, "numu:key", event->key);
    text_member(writing, "numu:by", event->by);
    text_member(writing, "numu:approval", writing->approval);
    text_member(writing, "numu:second", event->second);
    text_member(writing, "numu:irregular", event->irregular);
    text_member(writing, "numu:reason", event->reason);
    text_member(writing, "numu:method", event->method);
    text_member(writing, "numu:mark", event->mark);
    text_member(writing, "numu:screening", event->screening);
    text_member(writing, "numu:ref", event->ref);
    text_member(writing, "numu:count", event->count);
    texts_member(writing, "numu:sheets", event->sheets);
    texts_member(writing, "numu:witnesses", event->witnesses);
    texts_member(writing, "numu:documents", event->documents);
    if (event->against != NUMU_NO_NUMBER) {
        numu_json_key(&writing->json, "numu:against");
        numu_json_integer(&writing->json, event->against);
    }
    numu_json_end_object(&writing->json);
    return writing->json.status;
}

static numu_status step_members(struct writing *writing, const struct group *group) {
    const struct rule *rule = &rules[writing->record->event.type];
    struct numu_account from = {.side = 0};
    struct numu_account to = {.side = 0};
    bool has_to = numu_account_parse(group->to, &to) && to.place.length > 0;
    bool has_from = numu_account_parse(group->from, &from) && from.place.length > 0;
    member(writing, "bizStep", rule->step);
    if (rule->disposition != NULL) {
        member(writing, "disposition", rule->disposition);
    } else if (has_to) {
        member(writing, "disposition", disposition_of[to.condition]);
    }
    NUMU_TRY(place_member(writing, "readPoint", has_from ? from.place : to.place));
    if (has_to) {
        NUMU_TRY(place_member(writing, "bizLocation", to.place));
    }
    switch (writing->record->event.type) {
    case NUMU_EVENT_issue:
    case NUMU_EVENT_return:
        NUMU_TRY(party_member(writing, "sourceList", "source", "possessing_party", from.place));
        return party_member(writing, "destinationList", "destination", "possessing_party",
                            to.place);
    case NUMU_EVENT_dispatch:
        NUMU_TRY(party_member(writing, "sourceList", "source", "location", from.place));
        return party_member(writing, "destinationList", "destination", "location",
                            writing->record->event.destination);
    default:
        return NUMU_OK;
    }
}

static numu_status write_group(struct writing *writing, const struct group *group) {
    const struct rule *rule = &rules[writing->record->event.type];
    bool is_transaction = rule->shape == TRANSACTION;
    NUMU_TRY(begin_event(writing, is_transaction ? "TransactionEvent" : "ObjectEvent"));
    /* Of what makes things, lines that only use up end them. */
    bool ends = rule->shape == TRANSFORM && numu_text_is(group->to, "consumed");
    member(writing, "action", ends ? "DELETE" : rule->action);
    NUMU_TRY(write_serials(writing, "epcList", is_of_group, group));
    NUMU_TRY(write_quantities(writing, "quantityList", is_of_group, group));
    NUMU_TRY(business_member(writing));
    NUMU_TRY(step_members(writing, group));
    text_member(writing, "numu:from", group->from);
    text_member(writing, "numu:to", group->to);
    return end_event(writing);
}

static numu_status write_groups(struct writing *writing) {
    const struct numu_event *event = &writing->record->event;
    for (size_t i = 0; i < event->line_count; i++) {
        struct group group = {event->lines[i].from, event->lines[i].to};
        size_t first = 0;
        while (!is_of_group(&event->lines[first], &group)) {
            first++;
        }
        if (first == i) {
            NUMU_TRY(write_group(writing, &group));
        }
    }
    return NUMU_OK;
}

static numu_status write_transformation(struct writing *writing) {
    const struct numu_event *event = &writing->record->event;
    struct group group = {{NULL, 0}, {NULL, 0}};
    for (size_t i = 0; i < event->line_count; i++) { /* where what was made lies */
        group.to = is_made(&event->lines[i], NULL) ? event->lines[i].to : group.to;
    }
    NUMU_TRY(begin_event(writing, "TransformationEvent"));
    NUMU_TRY(write_serials(writing, "inputEPCList", is_used_up, NULL));
    NUMU_TRY(write_quantities(writing, "inputQuantityList", is_used_up, NULL));
    NUMU_TRY(write_serials(writing, "outputEPCList", is_made, NULL));
    NUMU_TRY(write_quantities(writing, "outputQuantityList", is_made, NULL));
    NUMU_TRY(business_member(writing));
    NUMU_TRY(step_members(writing, &group));
    return end_event(writing);
}

static numu_status write_packing(struct writing *writing) {
    const struct rule *rule = &rules[writing->record->event.type];
    const struct numu_event *event = &writing->record->event;
    const struct numu_text texts[] = {writing->ledger->id, NUMU_TEXT("pack"), event->pack};
    NUMU_TRY(begin_event(writing, "AggregationEvent"));
    numu_json_key(&writing->json, "parentID");
    NUMU_TRY(write_address(writing, "/*/*/obj/*", texts));
    member(writing, "action", rule->action);
    NUMU_TRY(write_serials(writing, "childEPCs", is_any, NULL));
    NUMU_TRY(write_quantities(writing, "childQuantityList", is_any, NULL));
    member(writing, "bizStep", rule->step);
    NUMU_TRY(place_member(writing, "readPoint", writing->record->site));
    return end_event(writing);
}

static numu_status write_record(struct writing *writing, const struct numu_record *record,
                                const struct numu_sha256 *leaf,
                                const struct numu_record *correction) {
    const struct numu_event *event = &record->event;
    writing->record = record;
    writing->leaf = *leaf;
    writing->correction = correction;
    writing->part = 0;
    switch (rules[event->type].shape) {
    case LEFT:
        return NUMU_OK;
    case PACKING:
        return write_packing(writing);
    case TRANSFORM:
        return has_line(event, is_used_up) && has_line(event, is_made)
                   ? write_transformation(writing)
                   : write_groups(writing);
    case OBJECT:
    case TRANSACTION:
        break;
    }
    return write_groups(writing);
}

/* The event that a correction replaces, again, declared to be wrong. */
static numu_status write_wrong(struct writing *writing, const struct numu_record *correction) {
    struct numu_record wrong;
    struct numu_sha256 leaf;
    numu_status status = numu_ledger_read_reference(writing->ledger, &writing->ledger->scratch,
                                                    correction->event.ref, &wrong, &leaf);
    if (status == NUMU_NOT_FOUND) {
        return NUMU_OK; /* its name stands in numu:ref */
    }
    NUMU_TRY(status);
    status = write_record(writing, &wrong, &leaf, correction);
    writing->record = NULL; /* these were the record's own */
    writing->correction = NULL;
    return status;
}

/* --- the log --- */

/* Whether a record has taken effect [X1], and by which approval. */
static numu_status find_approval(struct writing *writing, int64_t sequence, bool *out_waits) {
    struct numu_ledger *ledger = writing->ledger;
    struct numu_text value;
    char number[24];
    *out_waits = false;
    writing->approval = (struct numu_text){NULL, 0};
    NUMU_TRY(
        NUMU_STATE_KEY(&ledger->state, 'p', ledger->site, numu_sequence_text(sequence, number)));
    numu_status status = numu_state_get(&ledger->state, &value);
    if (status == NUMU_NOT_FOUND) {
        return NUMU_OK;
    }
    NUMU_TRY(status);
    struct numu_text word = numu_field_next(&value);
    *out_waits = numu_text_is(word, "open");
    if (!numu_text_is(word, "approved")) { /* a count that was closed needed nobody's approval */
        return NUMU_OK;
    }
    return numu_ledger_name(ledger, &ledger->scratch, ledger->site,
                            numu_field_number(numu_field_next(&value)), &writing->approval);
}

/* A row of a count as its close settled it: what was missing or too much, else what was there. */
static struct numu_event_line settled_line(const struct numu_settled *row) {
    struct numu_event_line line = {.item = row->item,
                                   .lot = row->lot,
                                   .quantity = row->counted,
                                   .from = row->account,
                                   .to = row->account,
                                   .line = NUMU_NO_NUMBER};
    if (row->book > row->counted) {
        line.quantity = row->book - row->counted;
        line.to = NUMU_TEXT("unaccounted");
    } else if (row->book < row->counted) {
        line.quantity = row->counted - row->book;
        line.from = NUMU_TEXT("unaccounted");
    }
    return line;
}

/*
 * A close has no lines of its own: these are what it settles of the count that it names, by number
 * of the class, for which serials went is not on the lines of the count. None where nothing was
 * there and nothing should have been, which EPCIS cannot say.
 */
static numu_status settle(struct writing *writing, struct numu_event *close) {
    struct numu_ledger *ledger = writing->ledger;
    struct numu_reference of;
    struct numu_settled *rows;
    struct numu_event_line *lines;
    size_t count;
    if (!numu_reference_parse(close->ref, &of)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_settled_list(&ledger->state, &ledger->scratch, ledger->site, of.sequence, &rows,
                               &count));
    NUMU_TRY(close->version == NUMU_CLOSE_FORMER
                 ? NUMU_OK
                 : numu_settled_join(&ledger->scratch, rows, &count));
    NUMU_TRY(NUMU_TAKE(&ledger->scratch, &lines, count));
    close->lines = lines;
    for (size_t i = 0; i < count; i++) {
        struct numu_event_line line = settled_line(&rows[i]);
        if (line.quantity > 0) {
            lines[close->line_count++] = line;
        }
    }
    return NUMU_OK;
}

/* A sheet that waits for its count, or was withdrawn, is no observation that counts. */
static numu_status is_taken(struct writing *writing, const struct numu_record *sheet, bool *out) {
    struct numu_state *state = &writing->ledger->state;
    struct numu_text value;
    char number[24];
    NUMU_TRY(NUMU_STATE_KEY(state, 'S', sheet->site, sheet->event.count,
                            numu_sequence_text(sheet->sequence, number)));
    numu_status status = numu_state_get(state, &value);
    *out = status == NUMU_NOT_FOUND;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

static numu_status carry(struct writing *writing, int64_t sequence) {
    struct numu_ledger *ledger = writing->ledger;
    struct numu_record record;
    struct numu_sha256 leaf;
    bool waits;
    bool is_left;
    NUMU_TRY(numu_ledger_read(ledger, &ledger->scratch, ledger->log, sequence, &record, &leaf));
    NUMU_TRY(find_approval(writing, sequence, &waits));
    is_left = rules[record.event.type].shape == LEFT;
    if (record.event.type == NUMU_EVENT_sheet) {
        bool counts;
        NUMU_TRY(is_taken(writing, &record, &counts));
        is_left = !counts;
    }
    if (is_left) {
        /* An approval stands with what it approves. */
        writing->result->left[record.event.type] += record.event.type != NUMU_EVENT_approve;
        return NUMU_OK;
    }
    if (waits) {
        writing->result->waiting++;
        return NUMU_OK;
    }
    if (record.event.type == NUMU_EVENT_close) {
        NUMU_TRY(settle(writing, &record.event));
        if (record.event.line_count == 0) {
            writing->result->left[NUMU_EVENT_close]++;
            return NUMU_OK;
        }
    }
    writing->result->carried++;
    if (record.event.type == NUMU_EVENT_correct) {
        struct numu_text approval = writing->approval;
        writing->approval = (struct numu_text){NULL, 0};
        NUMU_TRY(write_wrong(writing, &record));
        writing->approval = approval;
    }
    numu_status status = write_record(writing, &record, &leaf, NULL);
    writing->record = NULL; /* these were the record's own */
    writing->correction = NULL;
    return status;
}

static numu_status write_events(struct writing *writing) {
    for (uint64_t i = 0; i < writing->ledger->head.size; i++) {
        struct numu_arena_mark mark = numu_arena_mark(&writing->ledger->scratch);
        numu_status status = carry(writing, (int64_t)i);
        numu_arena_rewind(&writing->ledger->scratch, mark);
        NUMU_TRY(status);
    }
    return NUMU_OK;
}

numu_status numu_epcis_write(struct numu_ledger *ledger, struct numu_text base,
                             struct numu_buffer *buffer, struct numu_epcis_result *out) {
    struct writing writing = {.ledger = ledger, .base = base, .result = out};
    struct numu_text space;
    *out = (struct numu_epcis_result){0};
    NUMU_TRY(numu_text_printf(&ledger->scratch, &space, "%.*s/numu/", (int)base.length, base.data));
    numu_json_writer_init(&writing.json, buffer);
    numu_json_begin_object(&writing.json);
    numu_json_key(&writing.json, "@context");
    numu_json_begin_array(&writing.json);
    numu_json_string(&writing.json,
                     "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld");
    numu_json_begin_line_object(&writing.json);
    text_member(&writing, "numu", space);
    numu_json_end_object(&writing.json);
    numu_json_end_array(&writing.json);
    member(&writing, "type", "EPCISDocument");
    member(&writing, "schemaVersion", "2.0");
    time_member(&writing, "creationDate",
                ledger->head.recorded == NUMU_NO_INSTANT ? 0 : ledger->head.recorded);
    numu_json_key(&writing.json, "epcisBody");
    numu_json_begin_object(&writing.json);
    numu_json_key(&writing.json, "eventList");
    numu_json_begin_array(&writing.json);
    NUMU_TRY(write_events(&writing));
    numu_json_end_array(&writing.json);
    numu_json_end_object(&writing.json);
    numu_json_end_object(&writing.json);
    NUMU_TRY(writing.json.status);
    return numu_buffer_append_char(buffer, '\n');
}
