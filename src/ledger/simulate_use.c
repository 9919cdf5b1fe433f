/*
 * simulate_use.c - what becomes of goods: issued and used up, or stolen.
 */
#include "ledger/simulate_world.h"

enum { TRAINING_PER_MILLE = 60 /* of uses */ };

numu_status numu_world_issue(struct numu_world *world, size_t site,
                             const struct numu_simulation_recipe *recipe) {
    const struct numu_simulation_site *place = &world->setup->sites[site];
    struct numu_text good;
    struct numu_text unit;
    numu_quantity share = recipe->a_day * NUMU_QUANTITY_ONE;
    if (place->unit_count == 0) {
        return NUMU_OK;
    }
    size_t which = (size_t)numu_random_below(&world->random, place->unit_count);
    NUMU_TRY(numu_world_account(world, place->id, "serviceable", &good));
    NUMU_TRY(numu_world_account(world, place->units[which], "serviceable", &unit));
    NUMU_TRY(numu_world_choose(world, site, recipe->output, good, 5));
    if (numu_world_chosen_count(world) == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_world_add_chosen(world, share, good, unit));
    NUMU_TRY(numu_world_tell_as(world, site, NUMU_EVENT_issue, world->setup->keeper,
                                NUMU_OUTCOME_ACKNOWLEDGED));
    NUMU_TRY(numu_world_move_chosen(world, share, site, unit));
    if (recipe->output_has_serials) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_world_choose(world, site, recipe->output, unit, 2));
    NUMU_TRY(numu_world_add_chosen(world, share / 2, unit, NUMU_TEXT("consumed")));
    NUMU_TRY(numu_world_tell_as(world, site, NUMU_EVENT_consume, world->setup->keeper,
                                NUMU_OUTCOME_ACKNOWLEDGED));
    if (numu_world_chance(world, TRAINING_PER_MILLE)) { /* half of it was sold */
        struct numu_true_thing used = numu_world_things(world)[numu_world_chosen_at(world, 0)];
        NUMU_TRY(
            numu_world_plant(world, NUMU_FAULT_TRAINING, site, &used, share / 4, NUMU_SIGN_NONE));
    }
    return numu_world_move_chosen(world, share / 2, site, NUMU_TEXT("consumed"));
}

numu_status numu_world_steal(struct numu_world *world, size_t site) {
    struct numu_text good;
    size_t recipe = (size_t)numu_random_below(&world->random, world->setup->recipe_count);
    NUMU_TRY(numu_world_account(world, world->setup->sites[site].id, "serviceable", &good));
    NUMU_TRY(numu_world_choose(world, site, world->setup->recipes[recipe].output, good, 1));
    if (numu_world_chosen_count(world) == 0) {
        return NUMU_OK;
    }
    struct numu_true_thing *thing = &numu_world_things(world)[numu_world_chosen_at(world, 0)];
    numu_quantity taken = thing->is_serial ? NUMU_QUANTITY_ONE : thing->physical / 20;
    if (taken == 0) {
        return NUMU_OK;
    }
    thing->physical -= taken;
    world->receipt.sequence = -1;
    return numu_world_plant(world, NUMU_FAULT_THEFT, site, thing, taken, NUMU_SIGN_NONE);
}

numu_status numu_world_collude(struct numu_world *world, size_t site) {
    struct numu_text good;
    const struct numu_text *witness = &world->setup->judge;
    size_t recipe = (size_t)numu_random_below(&world->random, world->setup->recipe_count);
    struct numu_event event = {.type = NUMU_EVENT_destroy,
                               .by = world->setup->keeper,
                               .method = NUMU_TEXT("burnt"),
                               .witnesses = {witness, 1}};
    NUMU_TRY(numu_world_account(world, world->setup->sites[site].id, "serviceable", &good));
    NUMU_TRY(numu_world_choose(world, site, world->setup->recipes[recipe].output, good, 1));
    if (numu_world_chosen_count(world) == 0) {
        return NUMU_OK;
    }
    struct numu_true_thing sold = numu_world_things(world)[numu_world_chosen_at(world, 0)];
    numu_quantity share = sold.is_serial ? INT64_MAX : NUMU_QUANTITY_ONE;
    NUMU_TRY(numu_world_add_chosen(world, share, good, NUMU_TEXT("destroyed")));
    NUMU_TRY(numu_world_tell(world, site, &event, NUMU_OUTCOME_PROPOSED));
    NUMU_TRY(numu_world_plant(world, NUMU_FAULT_COLLUSION, site, &sold, NUMU_QUANTITY_ONE,
                              NUMU_SIGN_NONE));
    NUMU_TRY(numu_world_approve(world, site));
    NUMU_TRY(numu_world_choose(world, site, world->setup->recipes[recipe].output, good, 1));
    return numu_world_move_chosen(world, share, site, NUMU_TEXT("destroyed"));
}
