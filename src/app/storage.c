/*
 * storage.c - see storage.h.
 */
#include "app/storage.h"

#include "app/tell.h"
#include "base/table.h"
#include "rules/measure.h"

#include <math.h>

static struct numu_diagnostic finding_of(numu_code code, const char *first) {
    struct numu_diagnostic finding = {.code = code, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(first);
    return finding;
}

/* --- distance --- */

/* "public_area, railway, …": those that the set has a rule for, by itself. */
static numu_status list_kinds(struct numu_arena *arena, const struct numu_ruleset *set,
                              struct numu_text *out) {
    uint32_t kinds = 0;
    *out = (struct numu_text){NULL, 0};
    for (size_t i = 0; i < set->distance_count; i++) {
        kinds |= set->distance[i].kinds;
    }
    for (size_t i = 0; i < set->kind_count; i++) {
        if ((kinds >> i & 1U) != 0) {
            NUMU_TRY(numu_text_printf(arena, out, "%.*s%s%s", (int)out->length, out->data,
                                      out->length > 0 ? ", " : "", set->kind[i]));
        }
    }
    return out->length > 0 ? NUMU_OK : NUMU_NOT_FOUND;
}

/* What of the request can be understood; all that cannot is told. */
static bool parse_request(const struct numu_rules_place *place,
                          const struct numu_distance_request *request,
                          const struct numu_ruleset *set, struct numu_pair *pair,
                          struct numu_measure *measure) {
    bool is_inverse = request->distance != NULL;
    pair->hazard = numu_ruleset_hazard(set, numu_text_of(request->hazard));
    pair->kind = numu_ruleset_kind(set, numu_text_of(request->to));
    pair->is_barricaded = request->is_barricaded;
    pair->structure = numu_text_of(request->structure);
    pair->face = numu_text_of(request->face);
    if (pair->hazard == NUMU_NO_HAZARD) {
        numu_app_tell_string(place->report, NUMU_CODE_UNKNOWN_HAZARD, request->hazard,
                             numu_choice_nearest(set->hazard, numu_text_of(request->hazard)));
    }
    if (pair->kind == NUMU_NO_HAZARD) {
        struct numu_diagnostic finding = finding_of(NUMU_CODE_UNKNOWN_EXPOSED, request->to);
        const char *nearest = numu_choice_nearest(set->kind, numu_text_of(request->to));
        struct numu_text all;
        if (nearest != NULL) {
            finding.arguments[1] = numu_argument_string(nearest);
        } else if (list_kinds(place->arena, set, &all) == NUMU_OK) {
            finding.arguments[2] = numu_argument_text(all);
        }
        numu_report_add(place->report, &finding);
    }
    bool is_measure = is_inverse ? numu_distance_parse(numu_text_of(request->distance), measure)
                                 : numu_mass_parse(numu_text_of(request->neq), measure);
    if (!is_measure) {
        numu_app_tell_string(place->report,
                             is_inverse ? NUMU_CODE_BAD_DISTANCE : NUMU_CODE_BAD_MASS,
                             is_inverse ? request->distance : request->neq, NULL);
    }
    return is_measure && pair->hazard != NUMU_NO_HAZARD && pair->kind != NUMU_NO_HAZARD;
}

static struct numu_argument argument_of(double number) {
    int64_t value = 0;
    return numu_number_from_double(number, 3, &value) == NUMU_OK ? numu_argument_number(value, 3)
                                                                 : numu_argument_string("…");
}

/* The range for which a rule was written, and that the quantity is not within. */
static void tell_outside(const struct numu_rules_place *place, const struct numu_ruleset *set,
                         const struct numu_distance_rule *rule, double quantity) {
    struct numu_diagnostic finding =
        finding_of(NUMU_CODE_OUTSIDE_RULE, numu_mass_unit_name(set->mass));
    finding.arguments[1] = argument_of(quantity);
    finding.arguments[2] = argument_of(numu_distance_law_from(&rule->law));
    if (isfinite(numu_distance_law_to(&rule->law))) {
        finding.arguments[3] = argument_of(numu_distance_law_to(&rule->law));
    }
    numu_report_add(place->report, &finding);
}

numu_status numu_app_storage_distance(const struct numu_rules_place *place,
                                      const struct numu_distance_request *request,
                                      struct numu_distance_result *out) {
    struct numu_distance_result result = {.is_inverse = request->distance != NULL,
                                          .is_barricaded = request->is_barricaded};
    struct numu_pair pair;
    struct numu_measure measure;
    NUMU_TRY(numu_app_rules_open(place, request->rules, &result.rules));
    const struct numu_ruleset *set = &result.rules.set;
    if (!parse_request(place, request, set, &pair, &measure)) {
        return NUMU_INVALID;
    }
    result.hazard = pair.hazard;
    result.kind = pair.kind;
    result.answer = numu_ruleset_find(set, &pair);
    if (result.answer.rule == NULL) {
        numu_app_tell_string(place->report, NUMU_CODE_NOT_DETERMINED, set->hazard[pair.hazard],
                             set->kind[pair.kind]);
        return NUMU_INVALID;
    }
    const struct numu_distance_law *law = &result.answer.rule->law;
    result.quantity =
        result.is_inverse
            ? numu_distance_law_greatest(law, numu_measure_distance_in(&measure, set->length))
            : numu_measure_mass_in(&measure, set->mass);
    if (!result.is_inverse && !numu_distance_law_covers(law, result.quantity)) {
        tell_outside(place, set, result.answer.rule, result.quantity);
        return NUMU_INVALID;
    }
    if (numu_distance_law_covers(law, result.quantity)) {
        result.distance = numu_distance_law_required(law, result.quantity);
        result.as_written = numu_distance_law_value(law, result.quantity);
        result.is_at_end = result.is_inverse && result.quantity >= numu_distance_law_to(law);
    }
    if (result.is_inverse) {
        result.distance = numu_measure_distance_in(&measure, set->length);
    }
    const struct numu_distance_law *barricade = &result.answer.rule->barricade_in;
    if (barricade->count > 0 && numu_distance_law_covers(barricade, result.quantity)) {
        result.barricade_in = numu_distance_law_value(barricade, result.quantity);
    }
    *out = result;
    return NUMU_OK;
}

/* --- mixing --- */

/* "1.4S:article" */
static bool parse_goods(struct numu_text text, struct numu_mix_goods *out) {
    size_t colon = numu_text_find(text, NUMU_TEXT(":"), 0);
    struct numu_text code = {text.data, colon == SIZE_MAX ? text.length : colon};
    struct numu_text form = {NULL, 0};
    if (colon != SIZE_MAX) {
        form = (struct numu_text){text.data + colon + 1, text.length - colon - 1};
    }
    out->forms = 0;
    if (numu_text_is(form, "article")) {
        out->forms = NUMU_FORM_ARTICLE;
    } else if (numu_text_is(form, "substance")) {
        out->forms = NUMU_FORM_SUBSTANCE;
    } else if (numu_text_is(form, "fireworks")) {
        out->forms = NUMU_FORM_ARTICLE | NUMU_FORM_FIREWORKS;
    } else if (colon != SIZE_MAX) {
        return false;
    }
    return numu_classification_parse(code, &out->hazard, &out->group);
}

numu_status numu_app_storage_mix(const struct numu_rules_place *place,
                                 const struct numu_mix_request *request, struct numu_mixture *out) {
    struct numu_mixture mixture = {.goods = request->goods, .count = request->count};
    struct numu_mix_goods *goods;
    bool is_good = true;
    NUMU_TRY(numu_app_rules_open(place, request->rules, &mixture.rules));
    NUMU_TRY(NUMU_TAKE(place->arena, &goods, request->count));
    for (size_t i = 0; i < request->count; i++) {
        /* Two that are written alike are two kinds of goods: who means one writes it once. */
        goods[i].identity = (uint32_t)i;
        if (!parse_goods(numu_text_of(request->goods[i]), &goods[i])) {
            numu_app_tell_string(place->report, NUMU_CODE_BAD_GOODS, request->goods[i], NULL);
            is_good = false;
        }
    }
    if (!is_good) {
        return NUMU_INVALID;
    }
    mixture.result = numu_mix(&mixture.rules.set.matrix, goods, request->count, request->is_proved);
    *out = mixture;
    return NUMU_OK;
}

/* --- storehouses --- */

void numu_app_trust(const struct numu_model *model, struct numu_rules *rules) {
    size_t kept = 0;
    for (size_t i = 0; i < rules->adoptions.count; i++) {
        bool is_named = false;
        for (numu_row row = 0; row < model->person.head.count; row++) {
            is_named = is_named || numu_text_is_equal(model->person.key[row],
                                                      rules->adoptions.list[i].key_text);
        }
        if (is_named) {
            rules->adoptions.list[kept++] = rules->adoptions.list[i];
        }
    }
    rules->adoptions.count = kept;
}

static bool is_adopted(const struct numu_rules *rules, numu_row row) {
    return row == NUMU_NONE || numu_adoption_find(&rules->adoptions, row) != NULL;
}

/* Whether all that a limit rests on is adopted; a limit of zero rests on nothing. */
static bool rests_on_adopted(const struct numu_rules *rules,
                             const struct numu_storehouse_limit *limit) {
    const struct numu_distance_answer *answer = &limit->binding.answer;
    return answer->rule == NULL ||
           (is_adopted(rules, answer->rule->row) && is_adopted(rules, answer->substitute_hazard) &&
            is_adopted(rules, answer->substitute_kind));
}

/* Where no limit rests on any rule, none of them rests on one that is adopted. */
static bool rests_on_a_rule(const struct numu_storage_limits *limits) {
    for (size_t i = 0; i < limits->line_count; i++) {
        const struct numu_storehouse_limit *limit = limits->line[i].binding;
        if (limit != NULL && limit->binding.answer.rule != NULL) {
            return true;
        }
    }
    return false;
}

/* The least limit granted for a hazard, in force on the first day of the horizon. */
static void find_grant(const struct numu_model *model, struct numu_limit_line *line) {
    numu_day day = model->package.start[0];
    const struct numu_table_limit *table = &model->limit;
    line->granted_kg = -1;
    for (numu_row row = 0; row < table->head.count; row++) {
        uint8_t hazard = numu_choice_find(numu_hazard_names, table->hazard_division[row]);
        bool is_in_force = (table->starts[row] == NUMU_NO_DAY || table->starts[row] <= day) &&
                           (table->ends[row] == NUMU_NO_DAY || table->ends[row] >= day);
        double neq_kg = numu_number_to_double(table->neq_kg[row], NUMU_DECIMAL_DECIMALS);
        if (table->storehouse[row] == line->storehouse && hazard > 0 && is_in_force &&
            line->hazards == UINT32_C(1) << (hazard - 1) &&
            (line->granted_kg < 0 || neq_kg < line->granted_kg)) {
            line->granted_kg = neq_kg;
            line->accepted_by = table->risk_accepted_by[row];
        }
    }
}

static void add_line(const struct numu_model *model, struct numu_storage_limits *limits,
                     numu_row storehouse, uint8_t hazard) {
    struct numu_limit_line *line = &limits->line[limits->line_count++];
    const struct numu_load *stored = &limits->limits.stored[storehouse];
    *line = (struct numu_limit_line){
        .storehouse = storehouse,
        .hazards = UINT32_C(1) << hazard,
        .binding = numu_limits_at(&limits->limits, storehouse, hazard),
        .stored_kg = stored->neq_kg[hazard],
        .room_kg = numu_limits_room(&limits->limits, storehouse, stored, hazard)};
    line->neq_kg = line->binding->neq_kg;
    find_grant(model, line);
    limits->is_adopted = limits->is_adopted && rests_on_adopted(&limits->rules, line->binding);
}

static void add_lines(const struct numu_model *model, struct numu_storage_limits *limits,
                      numu_row storehouse) {
    uint32_t hazards = numu_storehouse_hazards(model, storehouse);
    bool is_class = (hazards & (hazards - 1)) != 0;
    hazards = hazards != 0 ? hazards : limits->limits.hazards;
    double stored_kg = 0;
    for (unsigned hazard = 0; hazard < NUMU_HAZARDS_MAX; hazard++) {
        if ((hazards >> hazard & 1U) != 0) {
            add_line(model, limits, storehouse, (uint8_t)hazard);
            stored_kg += limits->limits.stored[storehouse].neq_kg[hazard];
        }
    }
    if (is_class) {
        limits->line[limits->line_count++] = (struct numu_limit_line){
            .storehouse = storehouse,
            .hazards = hazards,
            .neq_kg = numu_limits_of_class(&limits->limits, storehouse, hazards),
            .stored_kg = stored_kg,
            .granted_kg = -1};
    }
}

numu_status numu_app_storage_limits(const struct numu_context *context,
                                    const struct numu_model *model,
                                    const struct numu_rules_place *place, const char *rules,
                                    struct numu_storage_limits *out) {
    struct numu_storage_limits result = {.is_adopted = true};
    uint32_t hazards = numu_package_hazards(model);
    char *name;
    if (rules == NULL && model->package.rules[0].length == 0) {
        return NUMU_NOT_FOUND;
    }
    NUMU_TRY(numu_text_to_string(
        place->arena, rules == NULL ? model->package.rules[0] : numu_text_of(rules), &name));
    NUMU_TRY(numu_app_rules_open(place, name, &result.rules));
    numu_app_rules_check_day(place, &result.rules.set, model->package.start[0]);
    numu_app_trust(model, &result.rules);
    for (numu_row row = 0; row < model->storehouse.head.count; row++) {
        hazards |= numu_storehouse_hazards(model, row);
    }
    struct numu_rules *kept;
    NUMU_TRY(NUMU_TAKE(place->arena, &kept, 1));
    *kept = result.rules; /* limits point to the set */
    NUMU_TRY(numu_limits_build(context, model, &kept->set, hazards, place->arena, &result.limits));
    NUMU_TRY(NUMU_TAKE(place->arena, &result.line,
                       (size_t)model->storehouse.head.count * (NUMU_HAZARDS_MAX + 1)));
    for (numu_row row = 0; row < model->storehouse.head.count; row++) {
        add_lines(model, &result, row);
    }
    result.is_adopted = result.is_adopted && rests_on_a_rule(&result);
    *out = result;
    return NUMU_OK;
}

/* --- where stock finds a place --- */

/* Kinds of exposed sites of the package, as bits; other storehouses where it has any. */
static uint32_t exposed_kinds(const struct numu_model *model, const struct numu_ruleset *set) {
    uint32_t kinds = 0;
    uint8_t magazine = numu_ruleset_kind(set, NUMU_TEXT("magazine"));
    for (numu_row row = 0; row < model->exposure.head.count; row++) {
        kinds |= UINT32_C(1) << (model->exposure.kind[row] - 1);
    }
    if (model->storehouse.head.count > 0 && magazine != NUMU_NO_HAZARD) {
        kinds |= UINT32_C(1) << magazine;
    }
    return kinds;
}

/*
 * The one matrix among all sets that the package's persons have adopted, of storage before those of
 * transport; none where there are several, for then somebody must choose. *offered: a set with a
 * matrix that nobody has adopted, which may be named.
 */
static numu_status find_matrix(const struct numu_model *model, const struct numu_rules_place *place,
                               struct numu_rules *out, bool *out_found,
                               struct numu_text *out_offered) {
    struct numu_rules *list, *best = NULL;
    size_t count;
    bool is_alone = true;
    NUMU_TRY(numu_app_rules_list(place, &list, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_rules *rules = &list[i];
        if (!rules->set.matrix.is_present) {
            continue;
        }
        numu_app_trust(model, rules);
        if (!is_adopted(rules, rules->set.matrix.row)) {
            *out_offered = out_offered->length == 0 ? rules->set.id : *out_offered;
        } else if (best == NULL || (best->set.is_transport && !rules->set.is_transport)) {
            best = rules;
            is_alone = true;
        } else if (best->set.is_transport == rules->set.is_transport) {
            is_alone = false;
        }
    }
    *out_found = best != NULL && is_alone;
    if (*out_found) {
        *out = *best;
    }
    return NUMU_OK;
}

numu_status numu_app_storage_place(const struct numu_context *context,
                                   const struct numu_model *model,
                                   const struct numu_rules_place *place, const char *rules,
                                   const char *matrix, struct numu_storage_placement *out) {
    struct numu_storage_placement result = {.is_matrix_found = false};
    struct numu_rules *kept;
    bool holds = false;
    NUMU_TRY(numu_app_storage_limits(context, model, place, rules, &result.limits));
    result.matrix = result.limits.rules;
    if (matrix != NULL) {
        NUMU_TRY(numu_app_rules_open(place, matrix, &result.matrix));
        numu_app_trust(model, &result.matrix);
    } else if (!result.matrix.set.matrix.is_present) {
        NUMU_TRY(
            find_matrix(model, place, &result.matrix, &result.is_matrix_found, &result.offered));
    }
    NUMU_TRY(NUMU_TAKE(place->arena, &kept, 1));
    *kept = result.matrix; /* the problem points to its matrix */
    NUMU_TRY(numu_placement_problem_build(model, &result.limits.limits, &kept->set.matrix,
                                          place->arena, &result.problem));
    NUMU_TRY(numu_placement_solve(context, &result.problem,
                                  exposed_kinds(model, result.limits.limits.set), place->arena,
                                  &result.placement));
    NUMU_TRY(
        numu_placement_verify(&result.problem, result.placement.storehouse, place->arena, &holds));
    if (!holds) {
        return NUMU_BUG;
    }
    result.is_adopted = result.limits.is_adopted &&
                        (!kept->set.matrix.is_present || is_adopted(kept, kept->set.matrix.row));
    *out = result;
    return NUMU_OK;
}
