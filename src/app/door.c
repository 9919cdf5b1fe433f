/*
 * door.c - see door.h.
 */
#include "app/door.h"

#include "base/table.h"
#include "rules/embargo.h"
#include "rules/limits.h"
#include "rules/mix.h"

#include <math.h>
#include <string.h>

struct door {
    const struct numu_model *model;
    struct numu_arena *arena;
    struct numu_text profile;
    bool has_rules;
    struct numu_limits limits;
    const struct numu_matrix *matrix; /* NULL = none */
    numu_quantity *here, *group;      /* by item: what lies in the storehouse, and its group */
    struct numu_text *places;         /* room for a group */
};

static const struct numu_text nothing = {NULL, 0};

static numu_row find_row(const struct numu_model *model, const char *table, struct numu_text id) {
    return numu_model_find(model, numu_schema_find(numu_text_of(table)), id);
}

static struct numu_diagnostic finding_of(numu_code code, struct numu_place where) {
    return (struct numu_diagnostic){.code = code, .place = where, .related = NUMU_NOWHERE};
}

/* --- explosives --- */

struct goods {
    numu_row item;
    struct numu_mix_goods mix;
    double neq_kg; /* of one unit; NAN = not known */
};

/* False for what is no explosive. */
static bool find_goods(const struct numu_model *model, numu_row item, struct goods *out) {
    numu_decimal neq_kg = model->item.neq_kg[item];
    *out = (struct goods){.item = item,
                          .mix = {.forms = numu_item_forms(model, item), .identity = item},
                          .neq_kg = neq_kg == NUMU_NO_NUMBER
                                        ? NAN
                                        : numu_number_to_double(neq_kg, NUMU_DECIMAL_DECIMALS)};
    return numu_classification_parse(model->item.classification[item], &out->mix.hazard,
                                     &out->mix.group);
}

/* Explosives of which there is more than nothing, in the arena. */
static numu_status list_goods(const struct door *door, const numu_quantity *quantity,
                              struct goods **out, size_t *out_count) {
    numu_row items = door->model->item.head.count;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(door->arena, out, items));
    for (numu_row item = 0; item < items; item++) {
        count += quantity[item] > 0 && find_goods(door->model, item, &(*out)[count]);
    }
    *out_count = count;
    return NUMU_OK;
}

/* --- what may lie together [D1] --- */

static bool is_of_class(const struct numu_model *model, numu_row storehouse,
                        const struct goods *goods) {
    uint32_t hazards = numu_storehouse_hazards(model, storehouse);
    uint32_t groups = numu_storehouse_groups(model, storehouse);
    return (hazards == 0 || (hazards >> goods->mix.hazard & 1U) != 0) &&
           (groups == 0 || (groups >> goods->mix.group & 1U) != 0);
}

static const char *mix_word(const struct numu_mix_result *result) {
    static const char *const words[] = {[NUMU_MIX_BY_MATRIX] = "kind.mix_by_matrix",
                                        [NUMU_MIX_BY_NOTE] = "kind.mix_by_note",
                                        [NUMU_MIX_NEEDS_FORM] = "kind.mix_needs_form",
                                        [NUMU_MIX_NOT_READ] = "kind.mix_not_read",
                                        [NUMU_MIX_CONTRADICTS] = "kind.mix_contradicts",
                                        [NUMU_MIX_NO_MATRIX] = "kind.mix_no_matrix"};
    return words[result->reason];
}

/* Judges goods by the matrix; *out_as is the hazard that a note makes all count as. */
static numu_status check_matrix(const struct door *door, numu_row storehouse,
                                const struct goods *goods, size_t count, struct numu_place where,
                                struct numu_report *report, uint8_t *out_as) {
    struct numu_mix_goods *mix;
    struct numu_mix_result result = {.verdict = NUMU_MIX_NOT_DETERMINED,
                                     .reason = NUMU_MIX_NO_MATRIX,
                                     .b = count - 1,
                                     .hazard_as = NUMU_NO_HAZARD};
    if (door->matrix != NULL) {
        NUMU_TRY(NUMU_TAKE(door->arena, &mix, count));
        for (size_t i = 0; i < count; i++) {
            mix[i] = goods[i].mix;
        }
        result = numu_mix(door->matrix, mix, count, false);
    }
    *out_as = result.hazard_as;
    if (result.verdict != NUMU_MIX_TOGETHER) {
        const struct numu_table_item *item = &door->model->item;
        struct numu_diagnostic finding = finding_of(NUMU_CODE_EVENT_MIXING, where);
        size_t a = result.a < count ? result.a : 0;
        size_t b = result.b < count ? result.b : count - 1;
        finding.arguments[0] = numu_argument_text(item->id[goods[a].item]);
        finding.arguments[1] = numu_argument_text(item->id[goods[b].item]);
        finding.arguments[2] = numu_argument_text(door->model->storehouse.id[storehouse]);
        finding.arguments[3] = numu_argument_string(mix_word(&result));
        numu_report_add(report, &finding);
    }
    return NUMU_OK;
}

static numu_status check_mixing(const struct door *door, numu_row storehouse,
                                struct numu_place where, struct numu_report *report,
                                uint8_t *out_as) {
    struct goods *goods;
    size_t count;
    *out_as = NUMU_NO_HAZARD;
    NUMU_TRY(list_goods(door, door->here, &goods, &count));
    for (size_t i = 0; i < count; i++) {
        if (!is_of_class(door->model, storehouse, &goods[i])) {
            struct numu_diagnostic finding = finding_of(NUMU_CODE_EVENT_MIXING, where);
            const struct numu_table_item *item = &door->model->item;
            finding.arguments[0] = numu_argument_text(item->id[goods[i].item]);
            finding.arguments[1] = numu_argument_text(item->classification[goods[i].item]);
            finding.arguments[2] = numu_argument_text(door->model->storehouse.id[storehouse]);
            numu_report_add(report, &finding);
        }
    }
    bool is_by_class = door->model->storehouse.groups[storehouse].length > 0;
    return count < 2 || is_by_class
               ? NUMU_OK
               : check_matrix(door, storehouse, goods, count, where, report, out_as);
}

/* --- how much [D2] --- */

static bool is_division(struct numu_text name, uint8_t hazard) {
    const char *full = numu_hazard_names[hazard];
    return name.length > 0 && strncmp(full, name.data, name.length) == 0 &&
           (full[name.length] == '\0' || full[name.length] == '.');
}

static bool count_as_one(const struct door *door, numu_row a, numu_row b) {
    return a == b || (door->has_rules &&
                      numu_limits_root(&door->limits, a) == numu_limits_root(&door->limits, b));
}

struct granted {
    double kg; /* INFINITY: none */
    bool is_accepted;
    bool is_own; /* one is granted to the storehouse itself */
};

/* The least limit granted for a hazard on a day, to a storehouse and those that count as one. */
static struct granted find_granted(const struct door *door, numu_row storehouse, uint8_t hazard,
                                   numu_day day) {
    const struct numu_table_limit *limit = &door->model->limit;
    struct granted granted = {INFINITY, false, false};
    for (numu_row row = 0; row < limit->head.count; row++) {
        double kg = numu_number_to_double(limit->neq_kg[row], NUMU_DECIMAL_DECIMALS);
        bool is_in_force = (limit->starts[row] == NUMU_NO_DAY || limit->starts[row] <= day) &&
                           (limit->ends[row] == NUMU_NO_DAY || limit->ends[row] >= day);
        if (!is_in_force || !is_division(limit->hazard_division[row], hazard) ||
            !count_as_one(door, limit->storehouse[row], storehouse)) {
            continue;
        }
        granted.is_own = granted.is_own || limit->storehouse[row] == storehouse;
        if (kg < granted.kg) {
            granted.kg = kg;
            granted.is_accepted = limit->risk_accepted_by[row].length > 0;
        }
    }
    return granted;
}

static struct numu_argument kg_of(double kg) {
    int64_t value = 0;
    return numu_number_from_double(kg, 3, &value) == NUMU_OK ? numu_argument_number(value, 3)
                                                             : numu_argument_string("…");
}

static void say_over(const struct door *door, numu_row storehouse, uint8_t hazard, double kg,
                     double limit_kg, struct numu_place where, struct numu_report *report) {
    struct numu_diagnostic finding = finding_of(NUMU_CODE_EVENT_OVER_LIMIT, where);
    finding.arguments[0] = numu_argument_text(door->model->storehouse.id[storehouse]);
    if (!isnan(kg)) {
        finding.arguments[1] = kg_of(kg);
        finding.arguments[2] = kg_of(limit_kg);
        finding.arguments[3] = numu_argument_string(numu_hazard_names[hazard]);
    }
    numu_report_add(report, &finding);
}

/* What the distances allow: each part that the load counts as keeps its limit. */
static void check_distances(const struct door *door, numu_row storehouse,
                            const struct numu_load *load, struct numu_place where,
                            struct numu_report *report) {
    struct numu_counted_load counted = numu_load_count(door->limits.set, load);
    if (numu_limits_allow(&door->limits, storehouse, load)) {
        return;
    }
    for (size_t i = 0; counted.is_determined && i < counted.count; i++) {
        double limit_kg = numu_limits_at(&door->limits, storehouse, counted.part[i].hazard)->neq_kg;
        if (counted.part[i].neq_kg > limit_kg) {
            say_over(door, storehouse, counted.part[i].hazard, counted.part[i].neq_kg, limit_kg,
                     where, report);
            return;
        }
    }
    uint8_t hazard = 0;
    double kg = 0;
    for (uint8_t i = NUMU_HAZARD_COUNT; i-- > 0;) {
        hazard = load->neq_kg[i] > 0 ? i : hazard;
        kg += load->neq_kg[i];
    }
    say_over(door, storehouse, hazard, kg, 0, where, report); /* not determined: nothing */
}

static void check_quantity(const struct door *door, numu_row storehouse,
                           const struct numu_load *load, numu_day day, struct numu_place where,
                           struct numu_report *report) {
    double kg = 0;
    double least_kg = INFINITY;
    uint8_t binding = 0;
    bool is_accepted = true;
    for (unsigned i = 0; i < NUMU_HAZARD_COUNT; i++) {
        uint8_t hazard = (uint8_t)i;
        if (load->neq_kg[hazard] <= 0) {
            continue;
        }
        kg += load->neq_kg[hazard];
        struct granted granted = find_granted(door, storehouse, hazard, day);
        is_accepted = is_accepted && granted.is_accepted;
        double limit_kg = !granted.is_own && door->has_rules ? 0 : granted.kg;
        if (limit_kg < least_kg) {
            least_kg = limit_kg;
            binding = hazard;
        }
    }
    if (kg > least_kg) {
        say_over(door, storehouse, binding, kg, least_kg, where, report);
    } else if (kg > 0 && door->has_rules && !is_accepted) {
        check_distances(door, storehouse, load, where, report);
    }
}

static numu_status check_limit(const struct door *door, numu_row storehouse, uint8_t count_as,
                               numu_day day, struct numu_place where, struct numu_report *report) {
    struct goods *goods;
    size_t count;
    struct numu_load load = {{0}};
    NUMU_TRY(list_goods(door, door->group, &goods, &count));
    for (size_t i = 0; i < count; i++) {
        double quantity = numu_number_to_double(door->group[goods[i].item], NUMU_QUANTITY_DECIMALS);
        if (isnan(goods[i].neq_kg)) {
            say_over(door, storehouse, goods[i].mix.hazard, NAN, 0, where, report);
            return NUMU_OK;
        }
        uint8_t hazard = count_as != NUMU_NO_HAZARD ? count_as : goods[i].mix.hazard;
        load.neq_kg[hazard] += quantity * goods[i].neq_kg;
    }
    check_quantity(door, storehouse, &load, day, where, report);
    return NUMU_OK;
}

/* --- the load of a storehouse --- */

static void find_group(void *data, struct numu_text place, const struct numu_text **out,
                       size_t *out_count) {
    const struct door *door = data;
    numu_row storehouse = find_row(door->model, "storehouse", place);
    size_t count = 0;
    door->places[count++] = place;
    for (numu_row row = 0;
         storehouse != NUMU_NONE && door->has_rules && row < door->model->storehouse.head.count;
         row++) {
        if (row != storehouse &&
            numu_limits_root(&door->limits, row) == numu_limits_root(&door->limits, storehouse)) {
            door->places[count++] = door->model->storehouse.id[row];
        }
    }
    *out = door->places;
    *out_count = count;
}

static numu_status check_load(void *data, struct numu_text place,
                              const struct numu_holding *holdings, size_t count, numu_day day,
                              struct numu_place where, struct numu_report *report) {
    const struct door *door = data;
    numu_row items = door->model->item.head.count;
    numu_row storehouse = find_row(door->model, "storehouse", place);
    uint8_t count_as;
    if (storehouse == NUMU_NONE) {
        return NUMU_OK; /* the package does not know it: nothing to judge by */
    }
    memset(door->here, 0, items * sizeof *door->here);
    memset(door->group, 0, items * sizeof *door->group);
    for (size_t i = 0; i < count; i++) {
        numu_row item = find_row(door->model, "item", holdings[i].item);
        if (item != NUMU_NONE) {
            bool is_here = numu_text_is_equal(holdings[i].place, place);
            door->group[item] += holdings[i].quantity;
            door->here[item] += is_here ? holdings[i].quantity : 0;
        }
    }
    struct numu_arena_mark mark = numu_arena_mark(door->arena);
    numu_status status = check_mixing(door, storehouse, where, report, &count_as);
    if (status == NUMU_OK) {
        status = check_limit(door, storehouse, count_as, day, where, report);
    }
    numu_arena_rewind(door->arena, mark);
    return status;
}

/* --- embargoes, duties, re-export [D3] --- */

/* The partner or customer of a transfer, or a country by its code. */
static bool find_party(const struct numu_model *model, struct numu_text name, numu_row *out_partner,
                       struct numu_text *out_country) {
    numu_row partner = find_row(model, "partner", name);
    numu_row customer = find_row(model, "customer", name);
    *out_partner = partner;
    *out_country = partner != NUMU_NONE    ? model->partner.country[partner]
                   : customer != NUMU_NONE ? model->customer.country[customer]
                                           : name;
    return partner != NUMU_NONE || customer != NUMU_NONE || name.length == 3;
}

static void check_rule(const struct door *door, const struct numu_event *event, numu_row rule,
                       const struct numu_transfer *transfer, struct numu_place where,
                       struct numu_report *report) {
    const struct numu_model *model = door->model;
    uint8_t effect = model->rule.effect[rule];
    bool is_duty = effect == numu_effect_licence && event->licence.length == 0;
    if ((effect != numu_effect_prohibit && !is_duty) ||
        !numu_rule_bites_on(model, door->profile, rule, transfer, transfer->days.from)) {
        return;
    }
    struct numu_diagnostic finding =
        finding_of(is_duty ? NUMU_CODE_EVENT_DUTY : NUMU_CODE_EVENT_PROHIBITED, where);
    finding.arguments[0] = numu_argument_text(model->rule.id[rule]);
    finding.arguments[1] = numu_argument_text(model->item.id[transfer->item]);
    finding.arguments[2] = numu_argument_text(
        event->type == NUMU_EVENT_export ? transfer->receiver : transfer->supplier);
    finding.arguments[3] = numu_argument_text(model->rule.citation[rule]);
    numu_report_add(report, &finding);
}

/* Whether an agreement brings an item: by a delivery, or by a licence under it. */
static bool brings(const struct numu_model *model, numu_row agreement, numu_row item) {
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        if (model->delivery.agreement[row] == agreement && model->delivery.item[row] == item) {
            return true;
        }
    }
    for (numu_row row = 0; row < model->licence.head.count; row++) {
        if (model->licence.agreement[row] == agreement && model->licence.item[row] == item) {
            return true;
        }
    }
    return false;
}

static void check_re_export(const struct door *door, const struct numu_event *event, numu_row item,
                            struct numu_place where, struct numu_report *report) {
    const struct numu_model *model = door->model;
    numu_row licence = find_row(model, "licence", event->licence);
    for (numu_row row = 0; row < model->agreement.head.count; row++) {
        uint8_t terms = model->agreement.re_export[row];
        bool has_consent = licence != NUMU_NONE && model->licence.agreement[licence] == row;
        bool is_against =
            terms == numu_re_export_prohibited || (terms == numu_re_export_consent && !has_consent);
        if (!is_against || !brings(model, row, item)) {
            continue;
        }
        struct numu_diagnostic finding = finding_of(NUMU_CODE_EVENT_RE_EXPORT, where);
        finding.arguments[0] = numu_argument_text(model->item.id[item]);
        finding.arguments[1] = numu_argument_text(model->agreement.id[row]);
        if (terms == numu_re_export_consent) {
            finding.arguments[2] = numu_argument_text(event->licence);
        }
        numu_report_add(report, &finding);
    }
}

static numu_status check_transfer(void *data, const struct numu_event *event,
                                  struct numu_place where, struct numu_report *report) {
    const struct door *door = data;
    const struct numu_model *model = door->model;
    bool is_export = event->type == NUMU_EVENT_export;
    struct numu_text party =
        event->partner.length > 0 || !is_export ? event->partner : event->screening;
    struct numu_text country = nothing;
    struct numu_text home = model->package.country[0];
    numu_row partner = NUMU_NONE;
    numu_day day = numu_instant_day(event->time);
    if (party.length == 0 || !find_party(model, party, &partner, &country)) {
        struct numu_diagnostic finding = finding_of(NUMU_CODE_EVENT_UNKNOWN_NAME, where);
        finding.arguments[0] = numu_argument_string("kind.party");
        if (party.length > 0) {
            finding.arguments[1] = numu_argument_text(party);
        }
        numu_report_add(report, &finding);
    }
    for (size_t i = 0; i < event->line_count; i++) {
        numu_row item = find_row(model, "item", event->lines[i].item);
        struct numu_transfer transfer = {.kind = NUMU_TRANSFER_DEMAND,
                                         .supplier = is_export ? home : country,
                                         .receiver = is_export ? country : home,
                                         .partner = partner,
                                         .item = item,
                                         .days = {day, day}};
        if (item == NUMU_NONE) {
            continue;
        }
        for (numu_row rule = 0; rule < model->rule.head.count; rule++) {
            check_rule(door, event, rule, &transfer, where, report);
        }
        if (is_export) {
            check_re_export(door, event, item, where, report);
        }
    }
    return NUMU_OK;
}

/* --- opening --- */

static numu_status open_rules(const struct numu_context *context, struct door *door,
                              const struct numu_rules_place *place,
                              const struct numu_door_request *request,
                              const struct numu_ruleset **out) {
    struct numu_rules *rules;
    char *name;
    struct numu_text wanted =
        request->rules == NULL ? door->model->package.rules[0] : numu_text_of(request->rules);
    *out = NULL;
    if (wanted.length > 0) {
        NUMU_TRY(NUMU_TAKE(place->arena, &rules, 1));
        NUMU_TRY(numu_text_to_string(place->arena, wanted, &name));
        NUMU_TRY(numu_app_rules_open(place, name, rules));
        NUMU_TRY(numu_limits_build(context, door->model, &rules->set,
                                   numu_package_hazards(door->model), place->arena, &door->limits));
        door->has_rules = true;
        door->matrix = rules->set.matrix.is_present ? &rules->set.matrix : NULL;
        *out = &rules->set;
    }
    if (request->matrix != NULL) {
        NUMU_TRY(NUMU_TAKE(place->arena, &rules, 1));
        NUMU_TRY(numu_app_rules_open(place, request->matrix, rules));
        door->matrix = rules->set.matrix.is_present ? &rules->set.matrix : NULL;
        *out = *out == NULL ? &rules->set : *out;
    }
    return NUMU_OK;
}

static numu_status hex_of(struct numu_arena *arena, const struct numu_sha256 *digest,
                          struct numu_text *out) {
    char hex[NUMU_SHA256_HEX_BYTES];
    return numu_text_copy(arena, numu_text_of(numu_sha256_hex(digest, hex)), out);
}

numu_status numu_app_door_open(const struct numu_context *context, const struct numu_model *model,
                               const struct numu_rules_place *place,
                               const struct numu_door_request *request,
                               struct numu_ledger_checks *out) {
    struct door *door;
    const struct numu_ruleset *set;
    struct numu_ledger_checks checks = {
        .group = find_group, .load = check_load, .transfer = check_transfer};
    NUMU_TRY(NUMU_TAKE(place->arena, &door, 1));
    *door = (struct door){.model = model, .arena = place->arena, .profile = request->profile};
    if (door->profile.length == 0) {
        door->profile = model->package.profile[0];
    }
    NUMU_TRY(open_rules(context, door, place, request, &set));
    NUMU_TRY(NUMU_TAKE(place->arena, &door->here, model->item.head.count));
    NUMU_TRY(NUMU_TAKE(place->arena, &door->group, model->item.head.count));
    NUMU_TRY(NUMU_TAKE(place->arena, &door->places, (size_t)model->storehouse.head.count + 1));
    NUMU_TRY(hex_of(place->arena, &model->inputs, &checks.model));
    if (set != NULL) {
        NUMU_TRY(hex_of(place->arena, &set->digest, &checks.rules));
    }
    checks.data = door;
    *out = checks;
    return NUMU_OK;
}
