/*
 * simulate_work.c - where goods come from: inputs are imported, outputs made of them and judged.
 */
#include "ledger/simulate_world.h"

#include <inttypes.h>

enum {
    SCRAP_PERCENT = 1,
    UNRELEASED_PER_MILLE = 15 /* of inspections */
};

numu_status numu_world_new_name(struct numu_world *world, const char *prefix,
                                struct numu_text *out) {
    return numu_text_printf(world->arena, out, "%s%06" PRId64, prefix, ++world->made);
}

static numu_status new_serials(struct numu_world *world, const char *prefix, size_t count,
                               struct numu_texts *out) {
    struct numu_text *list;
    NUMU_TRY(NUMU_TAKE(world->arena, &list, count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(numu_world_new_name(world, prefix, &list[i]));
    }
    *out = (struct numu_texts){list, count};
    return NUMU_OK;
}

numu_status numu_world_bring(struct numu_world *world, size_t site, struct numu_text item,
                             bool has_serials, int64_t units, const char *prefix, const char *from,
                             struct numu_text to) {
    struct numu_texts serials = {NULL, 0};
    struct numu_text lot = {NULL, 0};
    numu_quantity quantity = units * NUMU_QUANTITY_ONE;
    if (has_serials) {
        NUMU_TRY(new_serials(world, prefix, (size_t)units, &serials));
        for (size_t i = 0; i < serials.count; i++) {
            NUMU_TRY(
                numu_world_put(world, item, serials.list[i], true, site, to, NUMU_QUANTITY_ONE));
        }
    } else {
        NUMU_TRY(numu_world_new_name(world, prefix, &lot));
        NUMU_TRY(numu_world_put(world, item, lot, false, site, to, quantity));
    }
    return numu_world_add_line(world, item, lot, serials, quantity, numu_text_of(from), to);
}

numu_status numu_world_import(struct numu_world *world,
                              const struct numu_simulation_recipe *recipe) {
    struct numu_text to;
    int64_t units = recipe->a_day * NUMU_WORLD_MONTH;
    NUMU_TRY(numu_world_account(world, world->setup->sites[recipe->site].id, "serviceable", &to));
    if (!recipe->input_has_serials) {
        numu_quantity total;
        NUMU_TRY(numu_multiply(units + NUMU_WORLD_MONTH, recipe->input_per_output, &total));
        NUMU_TRY(numu_world_bring(world, recipe->site, recipe->input, false,
                                  total / NUMU_QUANTITY_ONE + 1, "IL", "imported", to));
        return numu_world_tell_as(world, recipe->site, NUMU_EVENT_import, world->setup->keeper,
                                  NUMU_OUTCOME_ACKNOWLEDGED);
    }
    while (units > 0) {
        int64_t now = units < NUMU_WORLD_SERIALS ? units : NUMU_WORLD_SERIALS;
        NUMU_TRY(
            numu_world_bring(world, recipe->site, recipe->input, true, now, "IS", "imported", to));
        NUMU_TRY(numu_world_tell_as(world, recipe->site, NUMU_EVENT_import, world->setup->keeper,
                                    NUMU_OUTCOME_ACKNOWLEDGED));
        units -= now;
    }
    return NUMU_OK;
}

numu_status numu_world_produce(struct numu_world *world,
                               const struct numu_simulation_recipe *recipe) {
    struct numu_text store;
    struct numu_text made;
    struct numu_text site = world->setup->sites[recipe->site].id;
    numu_quantity share = recipe->input_per_output * recipe->a_day;
    NUMU_TRY(numu_world_account(world, site, "serviceable", &store));
    NUMU_TRY(numu_world_account(world, site, "quarantine", &made));
    NUMU_TRY(numu_world_choose(world, recipe->site, recipe->input, store,
                               recipe->input_has_serials ? (size_t)recipe->a_day : 1));
    if (numu_world_chosen_count(world) == 0) {
        return NUMU_OK; /* no inputs today */
    }
    int64_t units =
        recipe->input_has_serials ? (int64_t)numu_world_chosen_count(world) : recipe->a_day;
    NUMU_TRY(numu_world_add_chosen(world, share, store, NUMU_TEXT("consumed")));
    NUMU_TRY(numu_world_move_chosen(world, share, recipe->site, NUMU_TEXT("consumed")));
    NUMU_TRY(numu_world_bring(world, recipe->site, recipe->output, recipe->output_has_serials,
                              units, recipe->output_has_serials ? "S" : "L", "produced", made));
    return numu_world_tell_as(world, recipe->site, NUMU_EVENT_produce, world->setup->keeper,
                              NUMU_OUTCOME_ACKNOWLEDGED);
}

numu_status numu_world_inspect(struct numu_world *world,
                               const struct numu_simulation_recipe *recipe) {
    struct numu_text made;
    struct numu_text good;
    struct numu_text bad;
    struct numu_text site = world->setup->sites[recipe->site].id;
    NUMU_TRY(numu_world_account(world, site, "quarantine", &made));
    NUMU_TRY(numu_world_account(world, site, "serviceable", &good));
    NUMU_TRY(numu_world_account(world, site, "unserviceable", &bad));
    NUMU_TRY(numu_world_choose(world, recipe->site, recipe->output, made, NUMU_WORLD_SERIALS));
    if (numu_world_chosen_count(world) == 0) {
        return NUMU_OK;
    }
    if (numu_random_below(&world->random, 100) < SCRAP_PERCENT) {
        world->chosen.length = sizeof(size_t); /* one of them fails */
        NUMU_TRY(numu_world_add_chosen(world, INT64_MAX, made, bad));
        NUMU_TRY(numu_world_move_chosen(world, INT64_MAX, recipe->site, bad));
        return numu_world_tell_as(world, recipe->site, NUMU_EVENT_inspect, world->setup->judge,
                                  NUMU_OUTCOME_ACKNOWLEDGED);
    }
    if (numu_world_chance(world,
                          UNRELEASED_PER_MILLE)) { /* somebody takes it before it is released */
        const struct numu_simulation_site *place = &world->setup->sites[recipe->site];
        if (place->unit_count > 0) {
            struct numu_text unit;
            struct numu_true_thing first = numu_world_things(world)[numu_world_chosen_at(world, 0)];
            NUMU_TRY(numu_world_account(world, place->units[0], "serviceable", &unit));
            NUMU_TRY(numu_world_add_chosen(world, INT64_MAX, made, unit));
            NUMU_TRY(numu_world_tell_as(world, recipe->site, NUMU_EVENT_issue, world->setup->keeper,
                                        NUMU_OUTCOME_REFUSED));
            numu_buffer_clear(&world->lines);
            NUMU_TRY(numu_world_plant(world, NUMU_FAULT_UNRELEASED, recipe->site, &first,
                                      first.book, NUMU_SIGN_DOOR));
        }
    }
    NUMU_TRY(numu_world_add_chosen(world, INT64_MAX, made, good));
    NUMU_TRY(numu_world_tell_as(world, recipe->site, NUMU_EVENT_inspect, world->setup->judge,
                                NUMU_OUTCOME_PROPOSED));
    NUMU_TRY(numu_world_approve(world, recipe->site));
    return numu_world_move_chosen(world, INT64_MAX, recipe->site, good);
}
