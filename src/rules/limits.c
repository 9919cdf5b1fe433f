/*
 * limits.c - see limits.h.
 *
 * Of all sites of a kind that no row of `separation` speaks of, only the nearest can bind, for
 * what a law allows never falls with the distance. Chords and their bounds (geodesic.h) find it,
 * so that an exact geodesic is computed for one site a kind or so, and not for all.
 */
#include "rules/limits.h"

#include "rules/geodesic.h"

#include <math.h>
#include <string.h>

/* What is known of one run. */
struct builder {
    const struct numu_model *model;
    const struct numu_ruleset *set;
    uint8_t magazine; /* the kind that another storehouse is */
    struct numu_point *storehouse_point, *exposure_point;
    bool *has_storehouse_point, *has_exposure_point;
    numu_row *first_separation; /* by storehouse, of rows linked by next_separation */
    numu_row *next_separation;
    uint32_t hazards; /* those asked for, and what these count as */
    double *reach_m;  /* by storehouse: no limits ask for more from another one */
    struct numu_limits *limits;
};

static numu_row row_count_of(const struct numu_table_head *head) {
    return head->count;
}

/* --- places --- */

static bool position_of(numu_decimal latitude, numu_decimal longitude,
                        struct numu_position *position) {
    if (latitude == NUMU_NO_NUMBER || longitude == NUMU_NO_NUMBER) {
        return false;
    }
    *position = (struct numu_position){numu_number_to_double(latitude, NUMU_DECIMAL_DECIMALS),
                                       numu_number_to_double(longitude, NUMU_DECIMAL_DECIMALS)};
    return true;
}

static bool storehouse_position(const struct numu_model *model, numu_row row,
                                struct numu_position *position) {
    return position_of(model->storehouse.latitude[row], model->storehouse.longitude[row], position);
}

static bool exposure_position(const struct numu_model *model, numu_row row,
                              struct numu_position *position) {
    return position_of(model->exposure.latitude[row], model->exposure.longitude[row], position);
}

static numu_status find_points(struct builder *builder, struct numu_arena *arena) {
    const struct numu_model *model = builder->model;
    numu_row storehouses = row_count_of(&model->storehouse.head);
    numu_row exposures = row_count_of(&model->exposure.head);
    struct numu_position position;
    NUMU_TRY(NUMU_TAKE(arena, &builder->storehouse_point, storehouses));
    NUMU_TRY(NUMU_TAKE(arena, &builder->has_storehouse_point, storehouses));
    NUMU_TRY(NUMU_TAKE(arena, &builder->exposure_point, exposures));
    NUMU_TRY(NUMU_TAKE(arena, &builder->has_exposure_point, exposures));
    for (numu_row row = 0; row < storehouses; row++) {
        if (storehouse_position(model, row, &position)) {
            builder->has_storehouse_point[row] = true;
            builder->storehouse_point[row] = numu_position_point(&numu_wgs84, position);
        }
    }
    for (numu_row row = 0; row < exposures; row++) {
        if (exposure_position(model, row, &position)) {
            builder->has_exposure_point[row] = true;
            builder->exposure_point[row] = numu_position_point(&numu_wgs84, position);
        }
    }
    return NUMU_OK;
}

/* Rows of `separation` by storehouse, in the order of the file. */
static numu_status link_separations(struct builder *builder, struct numu_arena *arena) {
    const struct numu_model *model = builder->model;
    numu_row storehouses = row_count_of(&model->storehouse.head);
    numu_row count = row_count_of(&model->separation.head);
    NUMU_TRY(NUMU_TAKE(arena, &builder->first_separation, storehouses));
    NUMU_TRY(NUMU_TAKE(arena, &builder->next_separation, count));
    numu_kind_fill_none(NUMU_KIND_REFERENCE, builder->first_separation, 0, storehouses);
    for (numu_row row = count; row-- > 0;) {
        numu_row storehouse = model->separation.storehouse[row];
        builder->next_separation[row] = builder->first_separation[storehouse];
        builder->first_separation[storehouse] = row;
    }
    return NUMU_OK;
}

/* The row that speaks of a storehouse and an exposed site, or two storehouses in this order. */
static numu_row find_separation(const struct builder *builder, numu_row storehouse,
                                numu_row exposure, numu_row other) {
    const struct numu_table_separation *separation = &builder->model->separation;
    numu_row row = builder->first_separation[storehouse];
    while (row != NUMU_NONE &&
           (separation->exposure[row] != exposure || separation->other[row] != other)) {
        row = builder->next_separation[row];
    }
    return row;
}

/* --- one bound --- */

/* Fills in what a bound's distance allows of a hazard. */
static void allow(const struct builder *builder, numu_row storehouse, uint8_t hazard,
                  struct numu_limit_bound *bound) {
    struct numu_pair pair = {.hazard = hazard,
                             .kind = bound->kind,
                             .is_barricaded = bound->is_barricaded,
                             .structure = builder->model->storehouse.structure[storehouse],
                             .face = bound->face};
    const struct numu_ruleset *set = builder->set;
    bound->answer = numu_ruleset_find(set, &pair);
    bound->neq_kg = 0;
    bound->is_at_end = false;
    if (bound->answer.rule != NULL) {
        const struct numu_distance_law *law = &bound->answer.rule->law;
        double greatest =
            numu_distance_law_greatest(law, numu_length_from_m(bound->distance_m, set->length));
        bound->neq_kg = numu_mass_to_kg(greatest, set->mass);
        bound->is_at_end = greatest > 0 && greatest >= numu_distance_law_to(law);
    }
}

/* What a separation row tells of a bound; the distance where it gives one. */
static void read_separation(const struct builder *builder, numu_row row,
                            struct numu_limit_bound *bound) {
    const struct numu_table_separation *separation = &builder->model->separation;
    if (row == NUMU_NONE) {
        return;
    }
    bound->is_barricaded = separation->barricaded[row] == NUMU_BOOLEAN_TRUE;
    bound->face = separation->face[row];
    if (separation->distance_m[row] != NUMU_NO_NUMBER) {
        bound->distance_m =
            numu_number_to_double(separation->distance_m[row], NUMU_DECIMAL_DECIMALS);
    }
}

/* The distance to an exposed site; false where none is known [Q4]. */
static bool bound_of_exposure(const struct builder *builder, numu_row storehouse, numu_row exposure,
                              struct numu_limit_bound *bound) {
    const struct numu_model *model = builder->model;
    struct numu_position from;
    struct numu_position to;
    *bound = (struct numu_limit_bound){.exposure = exposure,
                                       .other = NUMU_NONE,
                                       .kind = (uint8_t)(model->exposure.kind[exposure] - 1),
                                       .distance_m = -1};
    if (storehouse_position(model, storehouse, &from) && exposure_position(model, exposure, &to)) {
        bound->distance_m = numu_geodesic_m(&numu_wgs84, from, to);
    }
    read_separation(builder, find_separation(builder, storehouse, exposure, NUMU_NONE), bound);
    return bound->distance_m >= 0;
}

/* The distance to another storehouse, told by either of the two. */
static bool bound_of_other(const struct builder *builder, numu_row storehouse, numu_row other,
                           struct numu_limit_bound *bound) {
    const struct numu_model *model = builder->model;
    struct numu_position from;
    struct numu_position to;
    *bound = (struct numu_limit_bound){
        .exposure = NUMU_NONE, .other = other, .kind = builder->magazine, .distance_m = -1};
    if (storehouse_position(model, storehouse, &from) && storehouse_position(model, other, &to)) {
        bound->distance_m = numu_geodesic_m(&numu_wgs84, from, to);
    }
    numu_row row = find_separation(builder, storehouse, NUMU_NONE, other);
    bool is_turned = row == NUMU_NONE;
    if (is_turned) {
        row = find_separation(builder, other, NUMU_NONE, storehouse);
    }
    read_separation(builder, row, bound);
    if (is_turned) {
        bound->face = (struct numu_text){NULL, 0}; /* it is the other's */
    }
    return bound->distance_m >= 0;
}

static bool is_merged(const struct builder *builder, numu_row a, numu_row b) {
    const struct numu_table_separation *separation = &builder->model->separation;
    numu_row row = find_separation(builder, a, NUMU_NONE, b);
    row = row != NUMU_NONE ? row : find_separation(builder, b, NUMU_NONE, a);
    uint8_t treat = row == NUMU_NONE ? numu_treat_unset : separation->treat[row];
    return treat == numu_treat_unset ? builder->set->near_merges : treat == numu_treat_merge;
}

/* --- the least of all --- */

/* Takes a bound into the limits of its storehouse. */
static void tighten(const struct builder *builder, numu_row storehouse,
                    struct numu_limit_bound *bound) {
    for (uint8_t hazard = 0; hazard < builder->set->hazard_count; hazard++) {
        if ((builder->hazards >> hazard & 1U) == 0) {
            continue;
        }
        struct numu_storehouse_limit *limit =
            &builder->limits->limit[(size_t)storehouse * NUMU_HAZARDS_MAX + hazard];
        allow(builder, storehouse, hazard, bound);
        bool is_first = limit->state == NUMU_LIMIT_NO_DISTANCE;
        if (is_first || bound->neq_kg < limit->neq_kg) {
            limit->neq_kg = bound->neq_kg;
            limit->binding = *bound;
            limit->state = bound->answer.rule == NULL ? NUMU_LIMIT_NOT_DETERMINED
                           : bound->is_at_end         ? NUMU_LIMIT_END_OF_RULE
                                                      : NUMU_LIMIT_FOUND;
        }
    }
}

/* Sites of which no separation speaks: the nearest of each kind. */
static void tighten_by_nearest(const struct builder *builder, numu_row storehouse) {
    const struct numu_model *model = builder->model;
    double least_most[NUMU_EXPOSED_KINDS_MAX];
    if (!builder->has_storehouse_point[storehouse]) {
        return;
    }
    for (size_t kind = 0; kind < NUMU_EXPOSED_KINDS_MAX; kind++) {
        least_most[kind] = INFINITY;
    }
    struct numu_point here = builder->storehouse_point[storehouse];
    for (int pass = 0; pass < 2; pass++) {
        for (numu_row row = 0; row < model->exposure.head.count; row++) {
            uint8_t kind = (uint8_t)(model->exposure.kind[row] - 1);
            struct numu_limit_bound bound;
            if (!builder->has_exposure_point[row]) {
                continue;
            }
            double chord = numu_point_chord_m(here, builder->exposure_point[row]);
            double most = numu_chord_geodesic_max_m(&numu_wgs84, chord);
            if (chord > least_most[kind] ||
                find_separation(builder, storehouse, row, NUMU_NONE) != NUMU_NONE) {
                continue;
            }
            least_most[kind] = most < least_most[kind] ? most : least_most[kind];
            if (pass == 1 && bound_of_exposure(builder, storehouse, row, &bound)) {
                tighten(builder, storehouse, &bound);
            }
        }
    }
}

static void tighten_by_exposures(const struct builder *builder, numu_row storehouse) {
    const struct numu_table_separation *separation = &builder->model->separation;
    struct numu_limit_bound bound;
    for (numu_row row = builder->first_separation[storehouse]; row != NUMU_NONE;
         row = builder->next_separation[row]) {
        if (separation->exposure[row] != NUMU_NONE &&
            bound_of_exposure(builder, storehouse, separation->exposure[row], &bound)) {
            tighten(builder, storehouse, &bound);
        }
    }
    tighten_by_nearest(builder, storehouse);
}

/* Whether the table `separation` speaks of two storehouses. */
static bool is_told(const struct builder *builder, numu_row a, numu_row b) {
    return find_separation(builder, a, NUMU_NONE, b) != NUMU_NONE ||
           find_separation(builder, b, NUMU_NONE, a) != NUMU_NONE;
}

/* Others that are kept separate: those told of, and of the rest the nearest. */
static void tighten_by_others(const struct builder *builder, numu_row storehouse) {
    numu_row count = row_count_of(&builder->model->storehouse.head);
    struct numu_limit_bound bound;
    double least_most = INFINITY;
    for (numu_row other = 0; other < count; other++) {
        if (other == storehouse) {
            continue;
        }
        bool told = is_told(builder, storehouse, other);
        bool has_points =
            builder->has_storehouse_point[storehouse] && builder->has_storehouse_point[other];
        if (!told && has_points) {
            double chord = numu_point_chord_m(builder->storehouse_point[storehouse],
                                              builder->storehouse_point[other]);
            double most = numu_chord_geodesic_max_m(&numu_wgs84, chord);
            if (chord > least_most) {
                continue;
            }
            least_most = most < least_most ? most : least_most;
        }
        if ((told || has_points) && !is_merged(builder, storehouse, other) &&
            bound_of_other(builder, storehouse, other, &bound)) {
            tighten(builder, storehouse, &bound);
        }
    }
}

/* --- merging --- */

numu_row numu_limits_root(const struct numu_limits *limits, numu_row storehouse) {
    while (limits->group[storehouse] != storehouse) {
        storehouse = limits->group[storehouse];
    }
    return storehouse;
}

/* Whether what a storehouse's limits allow, as it is built, keeps its distance to another one. */
static bool keeps_from(const struct builder *builder, numu_row storehouse, numu_row other) {
    struct numu_limit_bound bound;
    bool is_known = bound_of_other(builder, storehouse, other, &bound);
    for (uint8_t hazard = 0; is_known && hazard < builder->set->hazard_count; hazard++) {
        double neq_kg = numu_limits_at(builder->limits, storehouse, hazard)->neq_kg;
        if (neq_kg <= 0) {
            continue;
        }
        allow(builder, storehouse, hazard, &bound);
        if (bound.neq_kg < neq_kg) {
            return false;
        }
    }
    return true;
}

/* The distance beyond which this storehouse's limits ask for no more from any other. */
static double reach_of(const struct builder *builder, numu_row storehouse,
                       const double most_kg[NUMU_HAZARDS_MAX]) {
    double reach = 0;
    for (uint8_t hazard = 0; hazard < builder->set->hazard_count; hazard++) {
        if (most_kg[hazard] <= 0) {
            continue;
        }
        struct numu_pair pair = {.hazard = hazard,
                                 .kind = builder->magazine,
                                 .structure = builder->model->storehouse.structure[storehouse]};
        const struct numu_distance_rule *rule = numu_ruleset_find(builder->set, &pair).rule;
        double quantity = numu_mass_from_kg(most_kg[hazard], builder->set->mass);
        if (rule == NULL || !numu_distance_law_covers(&rule->law, quantity)) {
            return INFINITY;
        }
        double distance_m = numu_length_to_m(numu_distance_law_required(&rule->law, quantity),
                                             builder->set->length);
        reach = distance_m > reach ? distance_m : reach;
    }
    return reach * (1 + 1e-9); /* units were converted twice */
}

static void find_most(const struct builder *builder, double most_kg[NUMU_HAZARDS_MAX]) {
    for (unsigned hazard = 0; hazard < NUMU_HAZARDS_MAX; hazard++) {
        most_kg[hazard] = 0;
        for (numu_row row = 0; row < builder->model->storehouse.head.count; row++) {
            double neq_kg = numu_limits_at(builder->limits, row, (uint8_t)hazard)->neq_kg;
            most_kg[hazard] = neq_kg > most_kg[hazard] ? neq_kg : most_kg[hazard];
        }
    }
}

/* All of a group have the limits of the one that has the least. */
static void share_limits(const struct builder *builder) {
    struct numu_limits *limits = builder->limits;
    numu_row count = row_count_of(&builder->model->storehouse.head);
    for (int pass = 0; pass < 2; pass++) { /* to the root, then from it */
        for (numu_row row = 0; row < count; row++) {
            numu_row root = numu_limits_root(limits, row);
            for (size_t hazard = 0; root != row && hazard < NUMU_HAZARDS_MAX; hazard++) {
                struct numu_storehouse_limit *own =
                    &limits->limit[(size_t)row * NUMU_HAZARDS_MAX + hazard];
                struct numu_storehouse_limit *all =
                    &limits->limit[(size_t)root * NUMU_HAZARDS_MAX + hazard];
                if (pass == 0 && own->neq_kg < all->neq_kg) {
                    *all = *own;
                } else if (pass == 1) {
                    *own = *all;
                }
            }
        }
    }
}

static void merge(struct numu_limits *limits, numu_row a, numu_row b) {
    numu_row root_a = numu_limits_root(limits, a);
    numu_row root_b = numu_limits_root(limits, b);
    numu_row first = root_a < root_b ? root_a : root_b;
    limits->group[root_a] = first;
    limits->group[root_b] = first;
}

/* One round of merging; true where something was merged. */
static bool merge_once(const struct builder *builder) {
    struct numu_limits *limits = builder->limits;
    numu_row count = row_count_of(&builder->model->storehouse.head);
    bool has_merged = false;
    double most_kg[NUMU_HAZARDS_MAX];
    find_most(builder, most_kg);
    for (numu_row row = 0; row < count; row++) {
        builder->reach_m[row] = reach_of(builder, row, most_kg);
    }
    for (numu_row a = 0; a < count; a++) {
        for (numu_row b = a + 1; b < count; b++) {
            bool has_points = builder->has_storehouse_point[a] && builder->has_storehouse_point[b];
            if (has_points && !is_told(builder, a, b) &&
                numu_point_chord_m(builder->storehouse_point[a], builder->storehouse_point[b]) >
                    fmax(builder->reach_m[a], builder->reach_m[b])) {
                continue; /* a chord is no more than the distance */
            }
            if (numu_limits_root(limits, a) == numu_limits_root(limits, b) ||
                (!has_points && !is_told(builder, a, b)) || !is_merged(builder, a, b)) {
                continue;
            }
            if (!keeps_from(builder, a, b) || !keeps_from(builder, b, a)) {
                merge(limits, a, b);
                has_merged = true;
            }
        }
    }
    return has_merged;
}

/* --- building --- */

static void add_stock(const struct numu_model *model, struct numu_limits *limits) {
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        numu_row storehouse = model->stock.storehouse[row];
        numu_row item = model->stock.item[row];
        uint8_t hazard;
        uint8_t group;
        if (storehouse != NUMU_NONE && model->item.neq_kg[item] != NUMU_NO_NUMBER &&
            numu_classification_parse(model->item.classification[item], &hazard, &group)) {
            limits->stored[storehouse].neq_kg[hazard] +=
                numu_number_to_double(model->stock.quantity[row], NUMU_QUANTITY_DECIMALS) *
                numu_number_to_double(model->item.neq_kg[item], NUMU_DECIMAL_DECIMALS);
        }
    }
}

/* Hazards, and what aggregation and substitutes may make of them: all of these need a limit. */
static uint32_t with_what_they_count_as(const struct numu_ruleset *set, uint32_t hazards) {
    uint32_t before;
    do {
        before = hazards;
        for (size_t i = 0; i < set->substitute_count; i++) {
            const struct numu_substitute_rule *rule = &set->substitute[i];
            bool is_used = !rule->is_kind && (hazards >> rule->of & 1U) != 0;
            hazards |= is_used ? UINT32_C(1) << rule->use : 0;
        }
        for (size_t i = 0; i < set->aggregation_count; i++) {
            const struct numu_aggregation_rule *rule = &set->aggregation[i];
            bool is_used = rule->as != NUMU_NO_HAZARD && (rule->together & hazards) != 0;
            hazards |= is_used ? UINT32_C(1) << rule->as : 0;
        }
        for (size_t i = 0; i < set->matrix.note_count; i++) {
            uint8_t otherwise = set->matrix.note[i].otherwise;
            hazards |= otherwise != NUMU_NO_HAZARD ? UINT32_C(1) << otherwise : 0;
        }
    } while (hazards != before);
    return hazards;
}

static numu_status start(struct builder *builder, const struct numu_model *model,
                         const struct numu_ruleset *set, struct numu_arena *arena) {
    *builder = (struct builder){
        .model = model, .set = set, .magazine = numu_ruleset_kind(set, NUMU_TEXT("magazine"))};
    NUMU_TRY(find_points(builder, arena));
    return link_separations(builder, arena);
}

numu_status numu_limits_build(const struct numu_context *context, const struct numu_model *model,
                              const struct numu_ruleset *set, uint32_t hazards,
                              struct numu_arena *arena, struct numu_limits *out) {
    struct builder builder;
    struct numu_limits limits = {.set = set, .hazards = hazards};
    numu_row count = row_count_of(&model->storehouse.head);
    NUMU_TRY(start(&builder, model, set, arena));
    NUMU_TRY(NUMU_TAKE(arena, &limits.limit, (size_t)count * NUMU_HAZARDS_MAX));
    NUMU_TRY(NUMU_TAKE(arena, &limits.group, count));
    NUMU_TRY(NUMU_TAKE(arena, &limits.stored, count));
    NUMU_TRY(NUMU_TAKE(arena, &builder.reach_m, count));
    builder.limits = &limits;
    builder.hazards = with_what_they_count_as(set, hazards);
    for (size_t i = 0; i < (size_t)count * NUMU_HAZARDS_MAX; i++) {
        limits.limit[i].state = NUMU_LIMIT_NO_DISTANCE;
        limits.limit[i].binding.exposure = NUMU_NONE;
        limits.limit[i].binding.other = NUMU_NONE;
    }
    for (numu_row row = 0; row < count; row++) {
        if (numu_context_is_stopped(context)) {
            return NUMU_STOPPED;
        }
        limits.group[row] = row;
        tighten_by_exposures(&builder, row);
        tighten_by_others(&builder, row);
    }
    while (merge_once(&builder)) {
        share_limits(&builder);
    }
    add_stock(model, &limits);
    *out = limits;
    return NUMU_OK;
}

const struct numu_storehouse_limit *numu_limits_at(const struct numu_limits *limits,
                                                   numu_row storehouse, uint8_t hazard) {
    return &limits->limit[(size_t)storehouse * NUMU_HAZARDS_MAX + hazard];
}

numu_status numu_limits_bounds(const struct numu_model *model, const struct numu_ruleset *set,
                               numu_row storehouse, uint8_t hazard, struct numu_arena *arena,
                               struct numu_limit_bound **out, size_t *out_count) {
    struct builder builder;
    struct numu_limit_bound *list;
    numu_row exposures = row_count_of(&model->exposure.head);
    numu_row storehouses = row_count_of(&model->storehouse.head);
    size_t count = 0;
    NUMU_TRY(start(&builder, model, set, arena));
    NUMU_TRY(NUMU_TAKE(arena, &list, (size_t)exposures + storehouses));
    for (numu_row row = 0; row < exposures; row++) {
        if (bound_of_exposure(&builder, storehouse, row, &list[count])) {
            allow(&builder, storehouse, hazard, &list[count++]);
        }
    }
    for (numu_row row = 0; row < storehouses; row++) {
        if (row != storehouse && bound_of_other(&builder, storehouse, row, &list[count])) {
            allow(&builder, storehouse, hazard, &list[count++]);
        }
    }
    *out = list;
    *out_count = count;
    return NUMU_OK;
}

uint32_t numu_package_hazards(const struct numu_model *model) {
    uint32_t hazards = 0;
    uint8_t hazard;
    uint8_t group;
    for (numu_row row = 0; row < model->item.head.count; row++) {
        if (numu_classification_parse(model->item.classification[row], &hazard, &group)) {
            hazards |= UINT32_C(1) << hazard;
        }
    }
    return hazards;
}

uint32_t numu_storehouse_hazards(const struct numu_model *model, numu_row storehouse) {
    uint32_t hazards = 0;
    struct numu_text rest = model->storehouse.divisions[storehouse];
    for (struct numu_text word = numu_text_next_word(&rest); word.length > 0;
         word = numu_text_next_word(&rest)) {
        uint8_t place = numu_choice_find(numu_hazard_names, word);
        hazards |= place == 0 ? 0 : UINT32_C(1) << (place - 1);
    }
    return hazards;
}

uint32_t numu_storehouse_groups(const struct numu_model *model, numu_row storehouse) {
    uint32_t bits = 0;
    struct numu_text rest = model->storehouse.groups[storehouse];
    for (struct numu_text word = numu_text_next_word(&rest); word.length > 0;
         word = numu_text_next_word(&rest)) {
        uint8_t group = word.length == 1 ? numu_group_of(word.data[0]) : NUMU_NO_GROUP;
        bits |= group == NUMU_NO_GROUP ? 0 : UINT32_C(1) << group;
    }
    return bits;
}

uint8_t numu_item_forms(const struct numu_model *model, numu_row item) {
    switch ((numu_form)model->item.form[item]) {
    case numu_form_article:
        return NUMU_FORM_ARTICLE;
    case numu_form_substance:
        return NUMU_FORM_SUBSTANCE;
    default:
        return 0;
    }
}

/* --- mixed loads --- */

bool numu_limits_allow(const struct numu_limits *limits, numu_row storehouse,
                       const struct numu_load *load) {
    struct numu_counted_load counted = numu_load_count(limits->set, load);
    for (size_t i = 0; counted.is_determined && i < counted.count; i++) {
        if (counted.part[i].neq_kg >
            numu_limits_at(limits, storehouse, counted.part[i].hazard)->neq_kg) {
            return false;
        }
    }
    return counted.is_determined;
}

static double part_of(const struct numu_counted_load *counted, uint8_t hazard) {
    for (size_t i = 0; i < counted->count; i++) {
        if (counted->part[i].hazard == hazard) {
            return counted->part[i].neq_kg;
        }
    }
    return 0;
}

double numu_limits_room(const struct numu_limits *limits, numu_row storehouse,
                        const struct numu_load *load, uint8_t hazard) {
    /* Once some of the hazard is there, each part grows by a constant share of what is added. */
    struct numu_load one = *load;
    struct numu_load two = *load;
    one.neq_kg[hazard] += 1;
    two.neq_kg[hazard] += 2;
    struct numu_counted_load first = numu_load_count(limits->set, &one);
    struct numu_counted_load second = numu_load_count(limits->set, &two);
    double room = INFINITY;
    if (!first.is_determined || !numu_limits_allow(limits, storehouse, load)) {
        return 0;
    }
    for (size_t i = 0; i < first.count; i++) {
        uint8_t part = first.part[i].hazard;
        double share = part_of(&second, part) - first.part[i].neq_kg;
        double there = first.part[i].neq_kg - share;
        double limit = numu_limits_at(limits, storehouse, part)->neq_kg;
        double more = there > limit ? 0 : share > 0 ? (limit - there) / share : INFINITY;
        room = more < room ? more : room;
    }
    return room;
}

/* The greatest total of exactly these hazards, each with some share. */
static double limit_of_combination(const struct numu_limits *limits, numu_row storehouse,
                                   uint32_t hazards) {
    struct numu_load load = {{0}};
    double least = INFINITY;
    for (unsigned hazard = 0; hazard < NUMU_HAZARDS_MAX; hazard++) {
        load.neq_kg[hazard] = (hazards >> hazard & 1U) != 0 ? 1 : 0;
    }
    struct numu_counted_load even = numu_load_count(limits->set, &load);
    if (!even.is_determined) {
        return 0;
    }
    for (size_t i = 0; i < even.count; i++) {
        /* The hazard that counts most toward this part: all of the load could be of it. */
        double most = 0;
        for (unsigned hazard = 0; hazard < NUMU_HAZARDS_MAX; hazard++) {
            if (load.neq_kg[hazard] > 0) {
                struct numu_load more = load;
                more.neq_kg[hazard] += 1;
                struct numu_counted_load counted = numu_load_count(limits->set, &more);
                double share = part_of(&counted, even.part[i].hazard) - even.part[i].neq_kg;
                most = share > most ? share : most;
            }
        }
        double limit = numu_limits_at(limits, storehouse, even.part[i].hazard)->neq_kg;
        if (most > 0 && limit / most < least) {
            least = limit / most;
        }
    }
    return least;
}

double numu_limits_of_class(const struct numu_limits *limits, numu_row storehouse,
                            uint32_t hazards) {
    double least = INFINITY;
    if (hazards == 0) {
        return 0;
    }
    for (uint32_t some = hazards; some != 0; some = (some - 1) & hazards) {
        double limit = limit_of_combination(limits, storehouse, some);
        least = limit < least ? limit : least;
    }
    return isinf(least) ? 0 : least;
}
