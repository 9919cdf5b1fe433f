/*
 * rules.c - what speaks against an event before it is recorded.
 */
#include "ledger/judge.h"

#include "base/map.h"
#include "base/table.h"
#include "ledger/query.h"
#include "ledger/root.h"

#include <inttypes.h>
#include <string.h>

enum { PROPOSAL_DAYS = 30, DEPENDENTS_SHOWN = 8 };

/* --- saying it --- */

struct numu_diagnostic numu_judge_finding(const struct numu_judge *judge, numu_code code) {
    return (struct numu_diagnostic){
        .code = code, .place = judge->request->place, .related = NUMU_NOWHERE};
}

void numu_judge_say(const struct numu_judge *judge, struct numu_report *report, numu_code code,
                    struct numu_text first, struct numu_text second) {
    struct numu_diagnostic finding = numu_judge_finding(judge, code);
    finding.arguments[0] = numu_argument_text(first);
    if (second.length > 0) {
        finding.arguments[1] = numu_argument_text(second);
    }
    numu_report_add(report, &finding);
}

void numu_judge_say_unknown(const struct numu_judge *judge, const char *kind,
                            struct numu_text name) {
    struct numu_diagnostic finding = numu_judge_finding(judge, NUMU_CODE_EVENT_UNKNOWN_NAME);
    const char *form = strcmp(kind, "kind.account") == 0 ? "kind.account_form"
                       : strcmp(kind, "kind.event") == 0 ? "kind.event_form"
                                                         : NULL;
    finding.arguments[0] = numu_argument_string(kind);
    finding.arguments[1] = numu_argument_text(name);
    if (form != NULL) {
        finding.arguments[2] = numu_argument_string(form); /* for the hint */
    }
    numu_report_add(judge->hard, &finding);
}

/* "round, lot L-7" */
numu_status numu_judge_name(const struct numu_judge *judge, const struct numu_event_line *line,
                            struct numu_text *out) {
    if (line->lot.length == 0) {
        *out = line->item;
        return NUMU_OK;
    }
    return numu_text_printf(judge->arena, out, "%.*s/%.*s", (int)line->item.length, line->item.data,
                            (int)line->lot.length, line->lot.data);
}

/* --- people --- */

static numu_status find_person(const struct numu_judge *judge, struct numu_text id,
                               struct numu_person *out) {
    numu_status status = numu_person_get(judge->state, judge->arena, judge->ledger->site, id, out);
    if (status == NUMU_NOT_FOUND) {
        numu_judge_say_unknown(judge, "kind.person", id);
    }
    if (status == NUMU_OK) {
        out->roles = numu_person_roles(out, judge->recorded);
    }
    return status;
}

/* Who may record or approve an event: people, in a log with a root, take administrators. */
static numu_status find_allowed(const struct numu_judge *judge, unsigned usual, unsigned *out) {
    bool wants_administrators;
    NUMU_TRY(numu_root_wants_administrators(judge->state, judge->arena, judge->ledger->site,
                                            judge->event, &wants_administrators));
    *out = wants_administrators ? NUMU_ROLE_administrator : usual;
    return NUMU_OK;
}

static numu_status check_place_of_work(const struct numu_judge *judge, struct numu_text by,
                                       const struct numu_person *person) {
    struct numu_place_of place;
    if (person->site.length == 0 || numu_text_is_equal(person->site, judge->ledger->site)) {
        return NUMU_OK;
    }
    numu_status status =
        numu_place_get(judge->state, judge->arena, judge->ledger->site, person->site, &place);
    if (status == NUMU_OK && numu_text_is(place.kind, "headquarters")) {
        return NUMU_OK;
    }
    if (status == NUMU_OK || status == NUMU_NOT_FOUND) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_OTHER_SITE, by, person->site);
        return NUMU_OK;
    }
    return status;
}

static numu_status check_recorder(const struct numu_judge *judge) {
    struct numu_person person;
    bool are_opening = false;
    if (judge->event->type == NUMU_EVENT_register) { /* by whoever starts the book */
        NUMU_TRY(numu_registers_are_opening(judge->state, judge->ledger->site, &are_opening));
    }
    if (are_opening) {
        return NUMU_OK;
    }
    numu_status status = find_person(judge, judge->event->by, &person);
    if (status != NUMU_OK) {
        return status == NUMU_NOT_FOUND ? NUMU_OK : status;
    }
    unsigned allowed;
    NUMU_TRY(find_allowed(judge, judge->kind->recorders, &allowed));
    /* What the root has signed anybody may bring whom the register knows. */
    if ((person.roles & allowed) == 0 && !numu_event_is_certified(judge->event)) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_WRONG_ROLE, judge->event->by,
                       numu_text_of(judge->kind->name));
    }
    return check_place_of_work(judge, judge->event->by, &person);
}

/* The other counter of a count, or who bears witness to an irregular act. */
static numu_status check_second(const struct numu_judge *judge) {
    const struct numu_event *event = judge->event;
    struct numu_person person;
    if (event->irregular.length > 0 && event->second.length == 0) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_SECOND_PERSON, NUMU_TEXT("kind.none"),
                       (struct numu_text){NULL, 0});
    }
    if (event->second.length == 0) {
        return NUMU_OK;
    }
    if (numu_text_is_equal(event->second, event->by)) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_SECOND_PERSON, NUMU_TEXT("kind.same"),
                       event->second);
    }
    numu_status status = find_person(judge, event->second, &person);
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/*
 * Signatures: none may be wrong; where two people are needed and the person has a key on the
 * register, that key must have signed.
 */
static numu_status check_signatures(const struct numu_judge *judge, struct numu_text body,
                                    bool must_sign) {
    struct numu_person person = {0};
    struct numu_public_key key;
    bool has_signed = false;
    numu_status status = numu_person_get(judge->state, judge->arena, judge->ledger->site,
                                         judge->request->event.by, &person);
    if (status != NUMU_OK && status != NUMU_NOT_FOUND) {
        return status;
    }
    bool has_key = person.key.length > 0 && numu_public_key_parse(person.key, &key) == NUMU_OK;
    for (size_t i = 0; i < judge->request->signature_count; i++) {
        const struct numu_event_signature *signature = &judge->request->signatures[i];
        if (has_key && numu_text_is(signature->key, key.name) &&
            numu_signature_is_valid(&key, body, &signature->signature)) {
            has_signed = true;
        } else {
            numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_SIGNATURE, NUMU_TEXT("kind.wrong"),
                           signature->key);
        }
    }
    if (must_sign && has_key && !has_signed) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_SIGNATURE, NUMU_TEXT("kind.none"),
                       judge->request->event.by);
    }
    return NUMU_OK;
}

/* --- accounts --- */

/* The side of an account, units told from other places; 0 where it is none, which is said. */
static numu_status find_side(const struct numu_judge *judge, struct numu_text text,
                             struct numu_account *out_account, unsigned *out) {
    struct numu_place_of place;
    *out = 0;
    if (!numu_account_parse(text, out_account)) {
        numu_judge_say_unknown(judge, "kind.account", text);
        return NUMU_OK;
    }
    *out = out_account->side;
    if (out_account->side != NUMU_SIDE_HELD) {
        return NUMU_OK;
    }
    numu_status status =
        numu_place_get(judge->state, judge->arena, judge->ledger->site, out_account->place, &place);
    if (status == NUMU_NOT_FOUND) {
        numu_judge_say_unknown(judge, "kind.place", out_account->place);
        *out = 0;
        return NUMU_OK;
    }
    NUMU_TRY(status);
    bool is_unit = numu_text_is(place.kind, "unit");
    *out = is_unit ? NUMU_SIDE_UNIT : NUMU_SIDE_HELD;
    struct numu_text site = place.site.length > 0 ? place.site : out_account->place;
    if (!numu_text_is_equal(site, judge->ledger->site)) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_OTHER_SITE, out_account->place, site);
        *out = 0;
    }
    return NUMU_OK;
}

struct ends {
    unsigned from_side, to_side;
    struct numu_account from, to;
};

/* Between which accounts a line of this type moves, beyond the sides of types.def. */
static bool is_way_allowed(const struct numu_judge *judge, const struct ends *ends) {
    switch (judge->event->type) {
    case NUMU_EVENT_produce:
    case NUMU_EVENT_transform: /* made goods begin in quarantine; inputs were held */
        return ends->from_side == NUMU_SIDE_produced
                   ? ends->to_side == NUMU_SIDE_HELD &&
                         ends->to.condition == NUMU_CONDITION_quarantine
                   : ends->to_side == NUMU_SIDE_consumed;
    case NUMU_EVENT_inspect:
        return numu_text_is_equal(ends->from.place, ends->to.place) &&
               ends->from.condition != ends->to.condition;
    case NUMU_EVENT_put:
        return !numu_text_is_equal(ends->from.place, ends->to.place) &&
               ends->from.condition == ends->to.condition;
    case NUMU_EVENT_return: /* what comes back is looked at before it counts as good */
        return ends->to.condition != NUMU_CONDITION_serviceable ||
               ends->from.condition == NUMU_CONDITION_serviceable;
    case NUMU_EVENT_correct:
        return ends->from_side != NUMU_SIDE_TRANSIT && ends->to_side != NUMU_SIDE_TRANSIT;
    default:
        return true;
    }
}

/* Its lines say what was seen at an account. */
static bool counts_goods(const struct numu_event *event) {
    return event->type == NUMU_EVENT_count || event->type == NUMU_EVENT_sheet;
}

static numu_status check_ends(const struct numu_judge *judge, const struct numu_event_line *line,
                              struct ends *out) {
    *out = (struct ends){0};
    bool counts = counts_goods(judge->event);
    if ((judge->kind->flags & NUMU_TYPE_STILL) != 0 && !counts) {
        return NUMU_OK;
    }
    struct numu_text none = {NULL, 0};
    if (!counts) {
        NUMU_TRY(find_side(judge, line->from, &out->from, &out->from_side));
    }
    NUMU_TRY(find_side(judge, line->to, &out->to, &out->to_side));
    if (out->to_side == 0 || (out->from_side == 0 && !counts)) {
        return NUMU_OK;
    }
    bool is_from_bad = counts ? line->from.length > 0 : (judge->kind->from & out->from_side) == 0;
    bool is_to_bad = (judge->kind->to & out->to_side) == 0;
    if (is_from_bad || is_to_bad || !is_way_allowed(judge, out)) {
        struct numu_diagnostic finding = numu_judge_finding(judge, NUMU_CODE_EVENT_WRONG_ACCOUNT);
        finding.arguments[0] = numu_argument_string(judge->kind->name);
        finding.arguments[1] = numu_argument_text(line->from.length > 0 ? line->from : none);
        finding.arguments[2] = numu_argument_text(line->to);
        numu_report_add(judge->hard, &finding);
        *out = (struct ends){0};
    }
    return NUMU_OK;
}

/* --- items, lots and quantities --- */

static numu_status check_item(const struct numu_judge *judge, const struct numu_event_line *line,
                              struct numu_item *out, bool *out_is_known) {
    numu_status status =
        numu_item_get(judge->state, judge->arena, judge->ledger->site, line->item, out);
    *out_is_known = status == NUMU_OK;
    if (status == NUMU_NOT_FOUND) {
        numu_judge_say_unknown(judge, "kind.item", line->item);
        return NUMU_OK;
    }
    NUMU_TRY(status);
    bool by_serial = numu_text_is(out->control, "serial");
    bool by_lot = numu_text_is(out->control, "lot");
    if (judge->event->sheets.count > 0) { /* a total: serials and lots stand on the sheets */
        *out_is_known = line->serials.count == 0 && line->lot.length == 0;
        if (!*out_is_known) {
            numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_WRONG_CONTROL, line->item,
                           out->control);
        }
        return NUMU_OK;
    }
    bool is_count = judge->event->type == NUMU_EVENT_count && line->quantity == 0;
    bool is_grant = judge->event->type == NUMU_EVENT_grant;
    if (is_grant) {
        return NUMU_OK;
    }
    if ((by_serial && (line->lot.length > 0 || (line->serials.count == 0 && !is_count))) ||
        (!by_serial && line->serials.count > 0) || (by_lot && line->lot.length == 0)) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_WRONG_CONTROL, line->item, out->control);
        *out_is_known = false; /* what else there is to say would follow from it */
    } else if (line->quantity == 0 && !counts_goods(judge->event)) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_NO_QUANTITY, line->item,
                       (struct numu_text){0});
        *out_is_known = false;
    }
    return NUMU_OK;
}

/* What lines before this one take from, or give to, an account. */
static numu_quantity moved_before(const struct numu_event *event, size_t number,
                                  struct numu_text account) {
    const struct numu_event_line *line = &event->lines[number];
    numu_quantity moved = 0;
    for (size_t i = 0; i < number; i++) {
        const struct numu_event_line *other = &event->lines[i];
        if (numu_text_is_equal(other->item, line->item) &&
            numu_text_is_equal(other->lot, line->lot)) {
            moved += numu_text_is_equal(other->to, account) ? other->quantity : 0;
            moved -= numu_text_is_equal(other->from, account) ? other->quantity : 0;
        }
    }
    return moved; /* at most 1,024 lines of 2^53: no overflow */
}

struct dependents {
    struct numu_buffer *text;
    size_t count;
    int64_t after;
    struct numu_text site;
};

static numu_status visit_dependent(void *data, struct numu_text site, int64_t sequence) {
    struct dependents *dependents = data;
    if (!numu_text_is_equal(site, dependents->site) || sequence <= dependents->after ||
        dependents->count++ >= DEPENDENTS_SHOWN) {
        return NUMU_OK;
    }
    return numu_buffer_printf(dependents->text, "%s%.*s:%" PRId64,
                              dependents->count > 1 ? ", " : "", (int)site.length, site.data,
                              sequence);
}

/* A correction that later events stand in the way of names them. */
static numu_status say_dependents(const struct numu_judge *judge,
                                  const struct numu_event_line *line, struct numu_text name,
                                  numu_quantity has) {
    struct numu_reference of;
    struct numu_buffer text;
    struct dependents dependents = {&text, 0, -1, judge->ledger->site};
    struct numu_text object = line->serials.count > 0 ? line->serials.list[0] : line->lot;
    if (numu_reference_parse(judge->event->ref, &of)) {
        dependents.after = of.sequence;
    }
    numu_buffer_init(&text, judge->ledger->heap, 0);
    numu_status status =
        numu_history_scan(judge->state, line->item, object, visit_dependent, &dependents);
    struct numu_diagnostic finding = numu_judge_finding(judge, NUMU_CODE_EVENT_DEPENDENTS);
    finding.arguments[0] = numu_argument_text(name);
    finding.arguments[1] = numu_argument_text(line->from);
    finding.arguments[2] = numu_argument_number(has, NUMU_QUANTITY_DECIMALS);
    finding.arguments[3] = numu_argument_text(
        text.length > 0 ? (struct numu_text){text.data, text.length} : NUMU_TEXT("kind.none"));
    numu_report_add(judge->hard, &finding);
    numu_buffer_release(&text);
    return status;
}

static numu_status check_quantity(const struct numu_judge *judge, size_t number,
                                  const struct ends *ends) {
    const struct numu_event_line *line = &judge->event->lines[number];
    numu_quantity has;
    numu_quantity after;
    NUMU_TRY(numu_balance_get(judge->state, judge->ledger->site, line->to, line->item, line->lot,
                              &after));
    bool is_too_much = after > INT64_MAX / 4 || after < -(INT64_MAX / 4);
    NUMU_TRY(numu_balance_get(judge->state, judge->ledger->site, line->from, line->item, line->lot,
                              &has));
    is_too_much = is_too_much || has > INT64_MAX / 4 || has < -(INT64_MAX / 4);
    if (is_too_much) { /* the book's integers would end */
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_NO_QUANTITY, line->item,
                       (struct numu_text){0});
        return NUMU_OK;
    }
    if ((ends->from_side & (NUMU_SIDE_HELD | NUMU_SIDE_UNIT)) == 0) {
        return NUMU_OK;
    }
    has += moved_before(judge->event, number, line->from);
    if (has >= line->quantity) {
        return NUMU_OK;
    }
    struct numu_text name;
    NUMU_TRY(numu_judge_name(judge, line, &name));
    if (judge->event->type == NUMU_EVENT_correct) {
        return say_dependents(judge, line, name, has);
    }
    struct numu_diagnostic finding = numu_judge_finding(judge, NUMU_CODE_EVENT_NOT_ENOUGH);
    finding.arguments[0] = numu_argument_text(name);
    finding.arguments[1] = numu_argument_text(line->from);
    finding.arguments[2] = numu_argument_number(has, NUMU_QUANTITY_DECIMALS);
    finding.arguments[3] = numu_argument_number(line->quantity, NUMU_QUANTITY_DECIMALS);
    numu_report_add(judge->hard, &finding);
    return NUMU_OK;
}

/* --- serials --- */

static bool is_same_complaint(const struct numu_complaint *a, const struct numu_complaint *b) {
    return a->code == b->code && numu_text_is_equal(a->where, b->where) &&
           numu_text_is_equal(a->wanted, b->wanted);
}

numu_status numu_judge_tell_run(const struct numu_judge *judge, struct numu_text item,
                                const struct numu_complaint_run *run) {
    if (run->complaint.code == NUMU_CODE_NONE) {
        return NUMU_OK;
    }
    struct numu_text serials = run->first;
    if (!numu_text_is_equal(run->first, run->last)) {
        NUMU_TRY(numu_text_printf(judge->arena, &serials, "%.*s..%.*s", (int)run->first.length,
                                  run->first.data, (int)run->last.length, run->last.data));
    }
    struct numu_diagnostic finding = numu_judge_finding(judge, run->complaint.code);
    finding.arguments[0] = numu_argument_text(serials);
    finding.arguments[1] = numu_argument_text(item);
    if (run->complaint.where.length > 0) {
        finding.arguments[2] = numu_argument_text(run->complaint.where);
    }
    if (run->complaint.wanted.length > 0) {
        finding.arguments[3] = numu_argument_text(run->complaint.wanted);
    }
    numu_report_add(judge->hard, &finding);
    return NUMU_OK;
}

numu_status numu_judge_complain(const struct numu_judge *judge, struct numu_text item,
                                struct numu_text serial, const struct numu_complaint *complaint,
                                struct numu_complaint_run *run) {
    if (!is_same_complaint(&run->complaint, complaint) || !numu_serial_follows(run->last, serial)) {
        NUMU_TRY(numu_judge_tell_run(judge, item, run));
        *run = (struct numu_complaint_run){.complaint = *complaint, .first = serial};
    }
    run->last = serial;
    return NUMU_OK;
}

/* A serial that any site of ours holds, or that is on its way. */
struct whereabouts {
    struct numu_arena *arena;
    struct numu_text site, account;
};

static bool is_somewhere(struct numu_text account) {
    return memchr(account.data, '/', account.length) != NULL;
}

static numu_status visit_whereabouts(void *data, struct numu_text key, struct numu_text value) {
    struct whereabouts *found = data;
    struct numu_text account = numu_field_next(&value);
    for (int i = 0; i < 3; i++) {
        (void)numu_field_next(&key);
    }
    if (account.length == 0 || !is_somewhere(account)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(found->arena, numu_field_next(&key), &found->site));
    return numu_text_copy(found->arena, account, &found->account);
}

static numu_status find_whereabouts(const struct numu_judge *judge, struct numu_text item,
                                    struct numu_text serial, struct whereabouts *out) {
    *out = (struct whereabouts){.arena = judge->arena};
    NUMU_TRY(NUMU_STATE_KEY(judge->state, 's', item, serial, (struct numu_text){NULL, 0}));
    return numu_state_scan(judge->state, visit_whereabouts, out);
}

/* Goods that come into the book must not be in it. */
static numu_status check_new_serial(const struct numu_judge *judge,
                                    const struct numu_event_line *line, struct numu_text serial,
                                    struct numu_complaint *out) {
    struct numu_serial now;
    bool is_receipt = judge->event->type == NUMU_EVENT_receive;
    numu_status status =
        numu_serial_get(judge->state, judge->arena, judge->ledger->site, line->item, serial, &now);
    if (status != NUMU_NOT_FOUND) {
        NUMU_TRY(status);
        bool comes_back = is_receipt || numu_text_is(line->from, "imported") ||
                          numu_text_is(line->from, "found") || numu_text_is(line->from, "seized") ||
                          judge->event->type == NUMU_EVENT_correct;
        if (is_somewhere(now.account) || !comes_back) {
            *out = (struct numu_complaint){NUMU_CODE_EVENT_SERIAL_TWICE, now.account, line->to};
        }
        return NUMU_OK;
    }
    if (is_receipt) {
        return NUMU_OK; /* what another site's book says is a matter for discrepancies */
    }
    struct whereabouts found;
    NUMU_TRY(find_whereabouts(judge, line->item, serial, &found));
    if (found.account.length > 0) {
        *out = (struct numu_complaint){NUMU_CODE_EVENT_SERIAL_TWICE, found.account, line->to};
    }
    return NUMU_OK;
}

static numu_status check_held_serial(const struct numu_judge *judge,
                                     const struct numu_event_line *line, struct numu_text serial,
                                     struct numu_text account, struct numu_complaint *out) {
    struct numu_serial now = {0}; /* nowhere */
    numu_status status =
        numu_serial_get(judge->state, judge->arena, judge->ledger->site, line->item, serial, &now);
    if (status != NUMU_OK && status != NUMU_NOT_FOUND) {
        return status;
    }
    if (account.length > 0 ? !numu_text_is_equal(now.account, account)
                           : !is_somewhere(now.account)) {
        *out = (struct numu_complaint){NUMU_CODE_EVENT_SERIAL_ELSEWHERE, now.account, account};
    } else if (now.pack.length > 0 && !numu_text_is_equal(now.pack, judge->event->pack)) {
        *out = (struct numu_complaint){NUMU_CODE_EVENT_PACKED, now.pack, {NULL, 0}};
    }
    return NUMU_OK;
}

struct range {
    const struct numu_judge *judge;
    struct numu_text serial;
    bool has_grants, is_granted;
};

static numu_status visit_grant(void *data, struct numu_text key, struct numu_text value) {
    struct range *range = data;
    (void)key;
    struct numu_text first = numu_field_next(&value);
    struct numu_text last = numu_field_next(&value);
    range->has_grants = true;
    range->is_granted = range->is_granted || (range->serial.length == first.length &&
                                              numu_text_compare(first, range->serial) <= 0 &&
                                              numu_text_compare(range->serial, last) <= 0);
    return NUMU_OK;
}

/* A site makes only serials granted to it, where grants of the item are known. */
static numu_status check_grant(const struct numu_judge *judge, const struct numu_event_line *line,
                               struct numu_text serial, struct numu_complaint *out) {
    struct range range = {judge, serial, false, false};
    NUMU_TRY(NUMU_STATE_KEY(judge->state, 'g', judge->ledger->site, line->item,
                            (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(judge->state, visit_grant, &range));
    if (range.has_grants && !range.is_granted) {
        out->code = NUMU_CODE_EVENT_NOT_GRANTED;
    }
    return NUMU_OK;
}

static numu_status check_serials(const struct numu_judge *judge, const struct numu_event_line *line,
                                 const struct ends *ends) {
    numu_event_type type = judge->event->type;
    bool is_held = (ends->from_side & (NUMU_SIDE_HELD | NUMU_SIDE_UNIT)) != 0;
    bool stays = type == NUMU_EVENT_mark || type == NUMU_EVENT_pack;
    if (counts_goods(judge->event) || (ends->from_side == 0 && !stays)) {
        return NUMU_OK; /* counted as it lies; or its accounts were wrong, which has been said */
    }
    struct numu_text none = {NULL, 0};
    struct numu_complaint_run held = {0};
    struct numu_complaint_run granted = {0};
    for (size_t i = 0; i < line->serials.count; i++) {
        struct numu_text serial = line->serials.list[i];
        struct numu_complaint complaint = {0};
        if (is_held || stays) {
            NUMU_TRY(check_held_serial(judge, line, serial, stays ? none : line->from, &complaint));
        } else {
            NUMU_TRY(check_new_serial(judge, line, serial, &complaint));
        }
        NUMU_TRY(numu_judge_complain(judge, line->item, serial, &complaint, &held));
        complaint = (struct numu_complaint){0};
        if (line->from.length > 0 && numu_text_is(line->from, "produced")) {
            NUMU_TRY(check_grant(judge, line, serial, &complaint));
        }
        NUMU_TRY(numu_judge_complain(judge, line->item, serial, &complaint, &granted));
    }
    NUMU_TRY(numu_judge_tell_run(judge, line->item, &held));
    return numu_judge_tell_run(judge, line->item, &granted);
}

/* No serial stands twice in an event. */
static numu_status check_repetitions(const struct numu_judge *judge) {
    size_t count = 0;
    for (size_t i = 0; i < judge->event->line_count; i++) {
        count += judge->event->lines[i].serials.count;
    }
    struct numu_text *names;
    struct numu_map map;
    if (count < 2) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(judge->arena, &names, count));
    NUMU_TRY(numu_map_init(&map, judge->arena, names, count));
    numu_row row = 0;
    for (size_t i = 0; i < judge->event->line_count; i++) {
        const struct numu_event_line *line = &judge->event->lines[i];
        struct numu_complaint_run run = {0};
        for (size_t j = 0; j < line->serials.count; j++) {
            struct numu_complaint complaint = {0};
            NUMU_TRY(numu_text_printf(
                judge->arena, &names[row], "%.*s\t%.*s", (int)line->item.length, line->item.data,
                (int)line->serials.list[j].length, line->serials.list[j].data));
            if (numu_map_add(&map, row) != NUMU_NONE) {
                complaint.code = NUMU_CODE_EVENT_SERIAL_TWICE; /* in the event itself */
            }
            row++;
            NUMU_TRY(
                numu_judge_complain(judge, line->item, line->serials.list[j], &complaint, &run));
        }
        NUMU_TRY(numu_judge_tell_run(judge, line->item, &run));
    }
    return NUMU_OK;
}

/* --- movements --- */

struct halves {
    numu_quantity sent, received;
    struct numu_arena *arena;
    struct numu_text item, lot;
};

static numu_status visit_half(void *data, struct numu_text key, struct numu_text value) {
    struct halves *halves = data;
    (void)key;
    numu_quantity sent = numu_field_number(numu_field_next(&value));
    halves->sent += sent;
    halves->received += numu_field_number(numu_field_next(&value));
    if (sent > 0) {
        NUMU_TRY(numu_text_copy(halves->arena, numu_field_next(&value), &halves->item));
        NUMU_TRY(numu_text_copy(halves->arena, numu_field_next(&value), &halves->lot));
    }
    return NUMU_OK;
}

/* A receipt of a dispatch that is known may not exceed its line; one not known is pending. */
static numu_status check_receipt(const struct numu_judge *judge, size_t index) {
    const struct numu_event_line *line = &judge->event->lines[index];
    struct numu_reference of;
    const struct numu_event *event = judge->event;
    if (!numu_reference_parse(event->dispatch, &of) || of.hash.length > 0) {
        numu_judge_say_unknown(judge, "kind.dispatch", event->dispatch);
        return NUMU_OK;
    }
    struct halves halves = {.arena = judge->arena};
    char number[24];
    NUMU_TRY(
        NUMU_STATE_KEY(judge->state, 'd', event->dispatch,
                       numu_sequence_text(line->line == NUMU_NO_NUMBER ? 0 : line->line, number),
                       (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(judge->state, visit_half, &halves));
    if (halves.sent == 0) {
        return NUMU_OK; /* pending */
    }
    for (size_t i = 0; i < index; i++) {
        halves.received += event->lines[i].line == line->line ? event->lines[i].quantity : 0;
    }
    if (!numu_text_is_equal(halves.item, line->item) ||
        !numu_text_is_equal(halves.lot, line->lot)) {
        numu_judge_say_unknown(judge, "kind.dispatch", event->dispatch);
    } else if (halves.received + line->quantity > halves.sent) {
        struct numu_diagnostic finding = numu_judge_finding(judge, NUMU_CODE_EVENT_OVER_RECEIPT);
        finding.arguments[0] = numu_argument_text(event->dispatch);
        finding.arguments[1] = numu_argument_number(halves.sent, NUMU_QUANTITY_DECIMALS);
        finding.arguments[2] = numu_argument_number(halves.received, NUMU_QUANTITY_DECIMALS);
        finding.arguments[3] = numu_argument_number(line->quantity, NUMU_QUANTITY_DECIMALS);
        numu_report_add(judge->hard, &finding);
    }
    return NUMU_OK;
}

/* --- single types --- */

static bool is_plain_id(const struct numu_json *row) {
    for (const struct numu_json *member = row->first; member != NULL; member = member->next) {
        if (numu_text_has_controls(member->text)) {
            return false;
        }
    }
    const struct numu_json *id = numu_json_find(row, "id");
    return row->kind == NUMU_JSON_OBJECT && id != NULL && id->kind == NUMU_JSON_STRING &&
           id->text.length > 0 && memchr(id->text.data, '/', id->text.length) == NULL;
}

static void say_root(void *data, numu_root_problem problem, struct numu_text name) {
    const struct numu_judge *judge = data;
    numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_CERTIFICATE,
                   numu_text_of(numu_root_problem_name(problem)), name);
}

/* A list of the register, by its form alone; certificates are notes, not rows. */
static bool is_good_list(const struct numu_json *list) {
    static const char *const names[] = {"items", "places",       "people", "licences",
                                        "lists", "certificates", "roots",  NULL};
    bool is_good = numu_choice_find(names, list->key) > 0 && list->kind == NUMU_JSON_ARRAY;
    if (!is_good || numu_text_is(list->key, "certificates")) {
        return is_good;
    }
    for (const struct numu_json *row = list->first; row != NULL; row = row->next) {
        is_good = is_good && is_plain_id(row);
    }
    return is_good;
}

static numu_status check_register(const struct numu_judge *judge) {
    const struct numu_root_case of = {.ledger = judge->ledger->id,
                                      .site = judge->ledger->site,
                                      .recorded = judge->recorded,
                                      .registry = judge->event->registry};
    struct numu_judge saying = *judge;
    bool is_good = true;
    for (const struct numu_json *list = judge->event->registry->first; list != NULL;
         list = list->next) {
        if (!is_good_list(list)) {
            is_good = false;
            numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_MALFORMED,
                           NUMU_TEXT("kind.event_bad_member"), list->key);
        }
    }
    return is_good ? numu_root_judge(judge->state, judge->arena, &of, say_root, &saying) : NUMU_OK;
}

numu_status numu_judge_find_referred(const struct numu_judge *judge, const struct numu_event *event,
                                     struct numu_record *out, int64_t *out_sequence,
                                     bool *out_found) {
    struct numu_reference of;
    struct numu_sha256 leaf;
    char hex[NUMU_SHA256_HEX_BYTES];
    *out_found = false;
    if (!numu_reference_parse(event->ref, &of) ||
        !numu_text_is_equal(of.site, judge->ledger->site)) {
        numu_judge_say_unknown(judge, "kind.event", event->ref);
        return NUMU_OK;
    }
    *out_sequence = of.sequence;
    numu_status status =
        numu_ledger_read(judge->ledger, judge->arena, judge->ledger->log, of.sequence, out, &leaf);
    if (status == NUMU_OK && out->epoch == of.epoch &&
        numu_text_is(of.hash, numu_sha256_hex(&leaf, hex))) {
        *out_found = true;
    } else if (status == NUMU_OK || status == NUMU_NOT_FOUND) {
        numu_judge_say_unknown(judge, "kind.event", event->ref);
        status = NUMU_OK;
    }
    return status;
}

static numu_status judge_event(const struct numu_judge *judge);

/* Who proposed people, in a log with a root, has signed them by the key that he has now. */
static numu_status check_proposer(const struct numu_judge *judge,
                                  const struct numu_record *proposal) {
    struct numu_person person;
    bool wants_administrators;
    NUMU_TRY(numu_root_wants_administrators(judge->state, judge->arena, judge->ledger->site,
                                            &proposal->event, &wants_administrators));
    numu_status status = wants_administrators ? numu_administrator_check(judge->state, judge->arena,
                                                                         proposal, &person)
                                              : NUMU_OK;
    if (status == NUMU_INVALID) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_SIGNATURE, NUMU_TEXT("kind.wrong"),
                       proposal->event.by);
        return NUMU_OK;
    }
    return status;
}

static numu_status check_approval(const struct numu_judge *judge) {
    struct numu_record proposal;
    struct numu_text value;
    struct numu_person first = {0};
    struct numu_person second;
    int64_t sequence;
    bool is_found;
    char number[24];
    NUMU_TRY(numu_judge_find_referred(judge, judge->event, &proposal, &sequence, &is_found));
    if (!is_found) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_STATE_KEY(judge->state, 'p', judge->ledger->site,
                            numu_sequence_text(sequence, number)));
    numu_status status = numu_state_get(judge->state, &value);
    bool is_open = status == NUMU_OK && numu_text_is(value, "open");
    if (status != NUMU_OK && status != NUMU_NOT_FOUND) {
        return status;
    }
    bool is_old =
        judge->request->now > proposal.recorded + (numu_instant)PROPOSAL_DAYS * 24 * 60 * 60;
    if (!is_open || is_old) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_PROPOSAL,
                       is_open             ? NUMU_TEXT("kind.expired")
                       : status == NUMU_OK ? NUMU_TEXT("kind.approved")
                                           : NUMU_TEXT("kind.none"),
                       judge->event->ref);
        return NUMU_OK;
    }
    status = find_person(judge, judge->event->by, &second);
    if (status != NUMU_OK) {
        return status == NUMU_NOT_FOUND ? NUMU_OK : status;
    }
    const struct numu_event_kind *kind = &numu_event_kinds[proposal.event.type];
    struct numu_judge again = *judge; /* the proposal, as things are now */
    again.event = &proposal.event;
    again.kind = kind;
    unsigned allowed;
    NUMU_TRY(find_allowed(&again, kind->approvers, &allowed));
    status =
        numu_person_get(judge->state, judge->arena, judge->ledger->site, proposal.event.by, &first);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    bool is_same = numu_text_is_equal(judge->event->by, proposal.event.by) ||
                   (first.key.length > 0 && numu_text_is_equal(first.key, second.key));
    if (is_same) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_SECOND_PERSON, NUMU_TEXT("kind.same"),
                       judge->event->by);
    } else if ((second.roles & allowed) == 0) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_WRONG_ROLE, judge->event->by,
                       numu_text_of(kind->name));
    }
    NUMU_TRY(check_proposer(judge, &proposal));
    return judge_event(&again);
}

static numu_status check_reference(const struct numu_judge *judge) {
    struct numu_record record;
    int64_t sequence;
    bool is_found;
    return numu_judge_find_referred(judge, judge->event, &record, &sequence, &is_found);
}

static numu_status check_destination(const struct numu_judge *judge) {
    struct numu_place_of place;
    numu_status status = numu_place_get(judge->state, judge->arena, judge->ledger->site,
                                        judge->event->destination, &place);
    if (status == NUMU_NOT_FOUND) {
        numu_judge_say_unknown(judge, "kind.place", judge->event->destination);
        return NUMU_OK;
    }
    return status;
}

/* Half of a movement that this site sent under a name. */
static numu_status visit_own_half(void *data, struct numu_text key, struct numu_text value) {
    struct numu_text *site = data;
    bool is_sent = numu_text_is_equal(numu_row_site(key), *site) &&
                   numu_field_number(numu_field_next(&value)) > 0;
    return is_sent ? NUMU_INVALID : NUMU_OK;
}

/*
 * A dispatch told again: of this site, in an epoch that ended, not in the log any more, and told
 * again by none before.
 */
static numu_status check_told_again(const struct numu_judge *judge) {
    struct numu_text name = judge->event->dispatch;
    struct numu_text site = judge->ledger->site;
    struct numu_reference of;
    struct numu_record record;
    if (name.length == 0) {
        return NUMU_OK;
    }
    bool is_good = numu_reference_parse(name, &of) && of.hash.length == 0 &&
                   numu_text_is_equal(of.site, site) && of.epoch < judge->ledger->epoch;
    if (is_good) {
        numu_status status = numu_ledger_read(judge->ledger, judge->arena, judge->ledger->log,
                                              of.sequence, &record, NULL);
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
        is_good = status == NUMU_NOT_FOUND || record.epoch != of.epoch;
        NUMU_TRY(NUMU_STATE_KEY(judge->state, 'd', name, (struct numu_text){NULL, 0}));
        status = numu_state_scan(judge->state, visit_own_half, &site);
        is_good = is_good && status == NUMU_OK;
        NUMU_TRY(status == NUMU_INVALID ? NUMU_OK : status);
    }
    if (!is_good) {
        numu_judge_say_unknown(judge, "kind.dispatch", name);
    }
    return NUMU_OK;
}

static void say_epoch(const struct numu_judge *judge, const char *why) {
    numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_EPOCH, numu_text_of(why),
                   (struct numu_text){NULL, 0});
}

/* The opening of an epoch is the first event of it and names the head where it stands. */
static numu_status check_epoch(const struct numu_judge *judge) {
    const struct numu_log_head *head = &judge->ledger->head;
    struct numu_sha256 root;
    char hex[NUMU_SHA256_HEX_BYTES];
    if (judge->event != &judge->request->event) {
        return NUMU_OK; /* approved now, right after it */
    }
    NUMU_TRY(numu_frontier_root(&head->frontier, &root));
    if (head->size == 0 || head->epoch == judge->ledger->epoch) {
        say_epoch(judge, "kind.epoch_place");
    } else if (judge->event->against != (int64_t)head->size ||
               !numu_text_is(judge->event->head, numu_sha256_hex(&root, hex))) {
        say_epoch(judge, "kind.epoch_head");
    }
    return NUMU_OK;
}

static bool is_word_of(struct numu_text words, struct numu_text wanted) {
    for (struct numu_text word = numu_text_next_word(&words); word.length > 0;
         word = numu_text_next_word(&words)) {
        if (numu_text_is_equal(word, wanted)) {
            return true;
        }
    }
    return false;
}

/* A resolution is about disputes as they are, and says which of their sites counts. */
static numu_status check_resolution(const struct numu_judge *judge) {
    const struct numu_event *event = judge->event;
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        for (size_t j = 0; j < line->serials.count; j++) {
            struct numu_dispute dispute = {.made = 0};
            numu_status status = numu_dispute_get(judge->state, judge->arena, line->item,
                                                  line->serials.list[j], &dispute);
            NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
            if (status == NUMU_NOT_FOUND || !numu_text_is_equal(dispute.sites, event->subject)) {
                numu_judge_say_unknown(judge, "kind.dispute", line->serials.list[j]);
            }
        }
    }
    if (!is_word_of(event->subject, event->site)) {
        numu_judge_say_unknown(judge, "kind.dispute", event->site);
    }
    return NUMU_OK;
}

/* What a type asks for beyond its lines. */
static numu_status check_type(const struct numu_judge *judge) {
    const struct numu_event *event = judge->event;
    switch (event->type) {
    case NUMU_EVENT_register:
        return check_register(judge);
    case NUMU_EVENT_approve:
        return check_approval(judge);
    case NUMU_EVENT_count:
        return numu_judge_count(judge);
    case NUMU_EVENT_sheet:
        return numu_judge_sheet(judge);
    case NUMU_EVENT_withdraw:
        return numu_judge_withdrawal(judge);
    case NUMU_EVENT_close:
        return numu_judge_close(judge);
    case NUMU_EVENT_correct:
        return check_reference(judge);
    case NUMU_EVENT_dispatch:
        NUMU_TRY(check_told_again(judge));
        return check_destination(judge);
    case NUMU_EVENT_epoch:
        return check_epoch(judge);
    case NUMU_EVENT_export:
    case NUMU_EVENT_import:
        return numu_judge_transfer(judge);
    case NUMU_EVENT_resolve:
        return check_resolution(judge);
    case NUMU_EVENT_screen:
        if (!numu_text_is(event->result, "clear") && !numu_text_is(event->result, "hit")) {
            numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_MALFORMED,
                           NUMU_TEXT("kind.event_bad_member"), NUMU_TEXT("result"));
        }
        return NUMU_OK;
    default:
        return NUMU_OK;
    }
}

static numu_status check_lines(const struct numu_judge *judge) {
    const struct numu_event *event = judge->event;
    bool is_grant = event->type == NUMU_EVENT_grant;
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        struct numu_item item;
        struct ends ends;
        bool is_known;
        NUMU_TRY(check_item(judge, line, &item, &is_known));
        if (is_grant) {
            continue;
        }
        NUMU_TRY(check_ends(judge, line, &ends)); /* all that is wrong of a line is said at once */
        if (!is_known) {
            continue;
        }
        if (ends.from_side != 0) {
            NUMU_TRY(check_quantity(judge, i, &ends));
            if (ends.from_side == NUMU_SIDE_HELD) {
                NUMU_TRY(numu_judge_good(judge, line, &ends.from, &item));
            }
        }
        NUMU_TRY(check_serials(judge, line, &ends));
        if (event->type == NUMU_EVENT_receive) {
            NUMU_TRY(check_receipt(judge, i));
        }
    }
    return check_repetitions(judge);
}

static numu_status judge_event(const struct numu_judge *judge) {
    NUMU_TRY(check_recorder(judge));
    NUMU_TRY(check_second(judge));
    NUMU_TRY(check_lines(judge));
    NUMU_TRY(check_type(judge));
    /* Loads are costly to see, and mean something only where the rest is right. */
    return numu_report_total(judge->hard, NUMU_ERROR) == 0 ? numu_judge_loads(judge) : NUMU_OK;
}

/* The approval of the event before. */
static bool approves_last(const struct numu_ledger *ledger, const struct numu_event *event) {
    struct numu_reference of;
    return event->type == NUMU_EVENT_approve && numu_reference_parse(event->ref, &of) &&
           of.sequence + 1 == (int64_t)ledger->head.size;
}

numu_status numu_ledger_judge(struct numu_ledger *ledger, const struct numu_entry_request *request,
                              struct numu_text body, struct numu_report *hard,
                              struct numu_report *soft, struct numu_judgement *out) {
    const struct numu_event *event = &request->event;
    struct numu_judge judge = {.ledger = ledger,
                               .state = &ledger->state,
                               .arena = &ledger->scratch,
                               .request = request,
                               .event = event,
                               .kind = &numu_event_kinds[event->type],
                               .hard = hard,
                               .soft = soft,
                               .judged = out,
                               .recorded = numu_ledger_time(ledger, request->now)};
    *out = (struct numu_judgement){0};
    if (!numu_text_is_equal(event->ledger, ledger->id)) {
        numu_judge_say(&judge, hard, NUMU_CODE_EVENT_OTHER_LEDGER, event->ledger, ledger->id);
        return NUMU_OK;
    }
    if (ledger->head.is_opening && !approves_last(ledger, event)) {
        say_epoch(&judge, "kind.epoch_waiting");
        return NUMU_OK;
    }
    bool needs_two;
    NUMU_TRY(numu_event_needs_two(&ledger->state, ledger->site, event, &needs_two));
    NUMU_TRY(judge_event(&judge));
    return check_signatures(&judge, body, needs_two || event->type == NUMU_EVENT_approve);
}
