/*
 * ruleset_fuzz.c - what the reader of rule sets accepts keeps the promises of distance.h and mix.h;
 * what it refuses has a finding. The same bytes are read as adoptions of a built-in set, too.
 */
#include "base/sign.h"
#include "rules/adoption.h"
#include "rules/builtin.h"
#include "rules/mix.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_law(const struct numu_distance_law *law) {
    double from = numu_distance_law_from(law);
    double to = numu_distance_law_to(law);
    double before = 0;
    to = isinf(to) ? from + 1e6 : to;
    for (int step = 0; step <= 16; step++) {
        double quantity = fmin(from + (to - from) * step / 16, to);
        double required = numu_distance_law_required(law, quantity);
        numu_assert(required >= before && required >= numu_distance_law_value(law, quantity));
        double greatest = numu_distance_law_greatest(law, required);
        numu_assert(greatest >= quantity);
        numu_assert(numu_distance_law_required(law, greatest) <= required);
        before = required;
    }
}

static void check_set(const struct numu_ruleset *set) {
    for (size_t i = 0; i < set->distance_count; i++) {
        check_law(&set->distance[i].law);
    }
    for (uint8_t hazard = 0; hazard < set->hazard_count; hazard++) {
        for (uint8_t kind = 0; kind < set->kind_count; kind++) {
            struct numu_pair pair = {
                .hazard = hazard, .kind = kind, .is_barricaded = kind % 2 == 0};
            (void)numu_ruleset_find(set, &pair);
        }
        struct numu_load load = {{0}};
        load.neq_kg[hazard] = 10;
        load.neq_kg[NUMU_HAZARD_1_1] += 1;
        (void)numu_load_count(set, &load);
    }
    for (uint8_t a = 0; a < NUMU_GROUPS; a++) {
        for (uint8_t b = 0; b < NUMU_GROUPS; b++) {
            const struct numu_mix_goods goods[3] = {
                {0, a, NUMU_FORM_ARTICLE, 1}, {1, b, 0, 2}, {2, a, NUMU_FORM_SUBSTANCE, 3}};
            numu_mix_verdict all = numu_mix(&set->matrix, goods, 3, false).verdict;
            numu_assert(set->matrix.is_present || all == NUMU_MIX_NOT_DETERMINED);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_ruleset set;
    struct numu_adoptions adoptions;
    struct numu_text bytes = {(const char *)data, size};
    numu_heap_init(&heap, 64 << 20);
    numu_arena_init(&arena, &heap);
    numu_report_init(&report, &heap, 20);
    numu_status status = numu_ruleset_read(&arena, bytes, 0, &report, &set);
    if (status == NUMU_OK) {
        numu_assert(numu_report_total(&report, NUMU_ERROR) == 0);
        check_set(&set);
    } else {
        numu_assert(status != NUMU_INVALID || numu_report_total(&report, NUMU_ERROR) > 0);
    }
    struct numu_text builtin = {(const char *)numu_builtin_rules[1].bytes,
                                numu_builtin_rules[1].length};
    if (numu_ruleset_read(&arena, builtin, 0, &report, &set) == NUMU_OK &&
        numu_adoptions_read(&arena, bytes, 0, &set, NUMU_NO_DAY, &report, &adoptions) == NUMU_OK) {
        for (size_t i = 0; i < adoptions.count; i++) {
            numu_assert(adoptions.list[i].row == NUMU_NONE ||
                        adoptions.list[i].row < set.row_count);
        }
    }
    struct numu_public_key key;
    numu_key_problem problem;
    status = numu_key_read_public(&arena, bytes, &key, &problem);
    numu_assert((status == NUMU_OK) == (problem == NUMU_KEY_FINE) || status == NUMU_MEMORY);
    numu_report_release(&report);
    numu_arena_release(&arena);
    numu_assert(heap.bytes == 0);
    return 0;
}
