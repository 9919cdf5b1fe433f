/*
 * control.c - rules of safety and control at the door (judge.h): goods that are not good, licences,
 * screening, and what `app` checks: loads of storehouses, embargoes, re-export.
 */
#include "ledger/judge.h"

#include "ledger/screening.h"

#include <string.h>

/* --- goods --- */

numu_status numu_judge_good(const struct numu_judge *judge, const struct numu_event_line *line,
                            const struct numu_account *from, const struct numu_item *item) {
    struct numu_text name;
    numu_day day;
    if ((judge->kind->flags & NUMU_TYPE_GOOD_ONLY) == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_judge_name(judge, line, &name));
    if (from->condition != NUMU_CONDITION_serviceable) {
        numu_judge_say(judge, judge->soft, NUMU_CODE_EVENT_NOT_SERVICEABLE, name,
                       numu_text_of(numu_condition_names[from->condition]));
    }
    if (item->shelf_life_days <= 0 || line->lot.length == 0) {
        return NUMU_OK;
    }
    numu_status status = numu_lot_made_get(judge->state, line->item, line->lot, &day);
    if (status == NUMU_OK && numu_instant_day(judge->event->time) > day + item->shelf_life_days) {
        struct numu_diagnostic finding = numu_judge_finding(judge, NUMU_CODE_EVENT_EXPIRED);
        finding.arguments[0] = numu_argument_text(name);
        finding.arguments[1] = numu_argument_day((numu_day)(day + item->shelf_life_days));
        numu_report_add(judge->soft, &finding);
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* --- transfers --- */

/* The hash of a register's row, in hexadecimal, in the arena. */
static numu_status hash_row(const struct numu_judge *judge, char letter, struct numu_text id,
                            struct numu_text *out) {
    struct numu_text value;
    struct numu_sha256 hash;
    char hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(NUMU_STATE_KEY(judge->state, letter, judge->ledger->site, id));
    NUMU_TRY(numu_state_get(judge->state, &value));
    NUMU_TRY(numu_sha256(value.data, value.length, &hash));
    return numu_text_copy(judge->arena, numu_text_of(numu_sha256_hex(&hash, hex)), out);
}

/* What was used of a licence so far. */
static numu_status find_used(const struct numu_judge *judge, struct numu_text id,
                             numu_quantity *out) {
    struct numu_text value;
    NUMU_TRY(NUMU_STATE_KEY(judge->state, 'q', judge->ledger->site, id));
    numu_status status = numu_state_get(judge->state, &value);
    *out = status == NUMU_OK ? numu_field_number(value) : 0;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

static bool is_covered(const struct numu_licence *licence, const struct numu_event *event) {
    numu_day day = numu_instant_day(event->time);
    bool covers = numu_text_is(licence->kind, numu_event_kinds[event->type].name) &&
                  numu_text_is(licence->status, "granted") &&
                  (licence->expires == NUMU_NO_DAY || day <= licence->expires) &&
                  (licence->issued == NUMU_NO_DAY || day >= licence->issued);
    for (size_t i = 0; i < event->line_count; i++) {
        covers = covers && (licence->item.length == 0 ||
                            numu_text_is_equal(licence->item, event->lines[i].item));
    }
    return covers;
}

/* A licence that is named: granted, for these goods and this day, with enough left. */
static numu_status check_licence(const struct numu_judge *judge) {
    const struct numu_event *event = judge->event;
    struct numu_licence licence;
    numu_quantity used;
    numu_quantity wanted = 0;
    numu_status status =
        numu_licence_get(judge->state, judge->arena, judge->ledger->site, event->licence, &licence);
    if (status == NUMU_NOT_FOUND) {
        numu_judge_say_unknown(judge, "kind.licence", event->licence);
        return NUMU_OK;
    }
    NUMU_TRY(status);
    NUMU_TRY(hash_row(judge, 'c', event->licence, &judge->judged->licence));
    NUMU_TRY(find_used(judge, event->licence, &used));
    for (size_t i = 0; i < event->line_count; i++) {
        wanted += event->lines[i].quantity; /* at most 1,024 lines of 2^53: no overflow */
    }
    bool covers = is_covered(&licence, event);
    numu_quantity left = licence.quantity == NUMU_NO_NUMBER ? INT64_MAX : licence.quantity - used;
    if (!covers || wanted > left) {
        struct numu_diagnostic finding = numu_judge_finding(judge, NUMU_CODE_EVENT_LICENCE);
        finding.arguments[0] = numu_argument_text(event->licence);
        finding.arguments[1] = numu_argument_number(covers ? left : 0, NUMU_QUANTITY_DECIMALS);
        finding.arguments[2] = numu_argument_number(wanted, NUMU_QUANTITY_DECIMALS);
        numu_report_add(judge->soft, &finding);
    }
    return NUMU_OK;
}

static numu_status check_screening(const struct numu_judge *judge) {
    bool is_clear;
    struct numu_text open_list;
    NUMU_TRY(numu_screening_is_clear(judge->state, judge->arena, judge->ledger->site,
                                     judge->event->screening, &is_clear, &open_list,
                                     &judge->judged->lists));
    if (!is_clear) {
        numu_judge_say(judge, judge->soft, NUMU_CODE_EVENT_SCREENING, judge->event->screening,
                       open_list);
    }
    return NUMU_OK;
}

numu_status numu_judge_transfer(const struct numu_judge *judge) {
    const struct numu_event *event = judge->event;
    const struct numu_ledger_checks *checks = judge->request->checks;
    if (event->licence.length > 0) {
        NUMU_TRY(check_licence(judge));
    }
    if (event->type == NUMU_EVENT_export) {
        NUMU_TRY(check_screening(judge));
    }
    judge->judged->lacks_package = judge->judged->lacks_package || checks == NULL;
    if (checks == NULL || checks->transfer == NULL) {
        return NUMU_OK;
    }
    judge->judged->model = checks->model;
    return checks->transfer(checks->data, event, judge->request->place, judge->soft);
}

/* --- loads --- */

struct load {
    const struct numu_judge *judge;
    struct numu_text place;      /* of the group, the one being looked at */
    struct numu_buffer holdings; /* of struct numu_holding */
};

static numu_status visit_balance(void *data, struct numu_text key, struct numu_text value) {
    struct load *load = data;
    struct numu_holding holding = {.place = load->place, .quantity = numu_field_number(value)};
    for (int i = 0; i < 3; i++) {
        (void)numu_field_next(&key);
    }
    if (holding.quantity == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(load->judge->arena, numu_field_next(&key), &holding.item));
    NUMU_TRY(numu_text_copy(load->judge->arena, numu_field_next(&key), &holding.lot));
    return numu_buffer_append(&load->holdings, &holding, sizeof holding);
}

static bool is_at(struct numu_text account, struct numu_text place) {
    struct numu_account parsed;
    return numu_account_parse(account, &parsed) && numu_text_is_equal(parsed.place, place);
}

/* What the event brings to, and takes from, a place. */
static numu_status add_lines(struct load *load) {
    const struct numu_event *event = load->judge->event;
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        struct numu_holding holding = {load->place, line->item, line->lot, line->quantity};
        if (is_at(line->to, load->place)) {
            NUMU_TRY(numu_buffer_append(&load->holdings, &holding, sizeof holding));
        }
        holding.quantity = -line->quantity;
        if (is_at(line->from, load->place)) {
            NUMU_TRY(numu_buffer_append(&load->holdings, &holding, sizeof holding));
        }
    }
    return NUMU_OK;
}

/* All that lies in the group of a storehouse. */
static numu_status find_holdings(struct load *load, struct numu_text place) {
    const struct numu_judge *judge = load->judge;
    const struct numu_ledger_checks *checks = judge->request->checks;
    const struct numu_text *places = &place;
    size_t count = 1;
    if (checks->group != NULL) {
        checks->group(checks->data, place, &places, &count);
    }
    for (size_t i = 0; i < count; i++) {
        struct numu_text account;
        load->place = places[i];
        NUMU_TRY(numu_text_printf(judge->arena, &account, "%.*s/", (int)places[i].length,
                                  places[i].data));
        NUMU_TRY(NUMU_STATE_KEY(judge->state, 'b', judge->ledger->site, account));
        NUMU_TRY(numu_state_scan(judge->state, visit_balance, load));
        NUMU_TRY(add_lines(load));
    }
    return NUMU_OK;
}

/* Hands the whole load of a storehouse's group, as it would be, to the check of `app`. */
static numu_status check_load(const struct numu_judge *judge, struct numu_text place) {
    const struct numu_ledger_checks *checks = judge->request->checks;
    struct load load = {.judge = judge};
    judge->judged->model = checks->model;
    judge->judged->rules = checks->rules;
    numu_buffer_init(&load.holdings, judge->ledger->heap, 0);
    numu_status status = find_holdings(&load, place);
    if (status == NUMU_OK) {
        status =
            checks->load(checks->data, place, (const void *)load.holdings.data,
                         load.holdings.length / sizeof(struct numu_holding),
                         numu_instant_day(judge->event->time), judge->request->place, judge->soft);
    }
    numu_buffer_release(&load.holdings);
    return status;
}

/* What is judged where it lies, or changes its condition, brings nothing. */
static bool is_brought(const struct numu_event_line *line, struct numu_text place) {
    return is_at(line->to, place) && !is_at(line->from, place);
}

/* Whether a line before brings something to the same place. */
static bool is_seen(const struct numu_event *event, size_t number, struct numu_text place) {
    for (size_t i = 0; i < number; i++) {
        if (is_brought(&event->lines[i], place)) {
            return true;
        }
    }
    return false;
}

numu_status numu_judge_loads(const struct numu_judge *judge) {
    const struct numu_ledger_checks *checks = judge->request->checks;
    const struct numu_event *event = judge->event;
    if ((checks != NULL && checks->load == NULL) || (judge->kind->flags & NUMU_TYPE_STILL) != 0) {
        return NUMU_OK;
    }
    for (size_t i = 0; i < event->line_count; i++) {
        struct numu_account to;
        struct numu_place_of place;
        if (!numu_account_parse(event->lines[i].to, &to) || to.side != NUMU_SIDE_HELD ||
            !is_brought(&event->lines[i], to.place) || is_seen(event, i, to.place)) {
            continue;
        }
        numu_status status =
            numu_place_get(judge->state, judge->arena, judge->ledger->site, to.place, &place);
        if (status == NUMU_OK && numu_text_is(place.kind, "storehouse")) {
            judge->judged->lacks_package = judge->judged->lacks_package || checks == NULL;
            NUMU_TRY(checks == NULL ? NUMU_OK : check_load(judge, to.place));
        }
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    }
    return NUMU_OK;
}
