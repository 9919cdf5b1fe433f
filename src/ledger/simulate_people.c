/*
 * simulate_people.c - one whose roles end, and who acts on.
 */
#include "ledger/simulate_world.h"

enum { REVOKED_DAY = 40 /* roles end; the sites hear of it at the next exchange */ };

/* The helper puts something from a place where it is to the same: an act of no weight. */
static numu_status help(struct numu_world *world, size_t site, numu_outcome expected) {
    struct numu_text good;
    struct numu_text bad;
    struct numu_event event = {.type = NUMU_EVENT_import, .by = world->setup->helper};
    const struct numu_simulation_recipe *recipe = &world->setup->recipes[0];
    NUMU_TRY(numu_world_account(world, world->setup->sites[site].id, "serviceable", &good));
    NUMU_TRY(numu_world_account(world, world->setup->sites[site].id, "suspended", &bad));
    numu_buffer_clear(&world->lines);
    if (expected == NUMU_OUTCOME_ACKNOWLEDGED) {
        NUMU_TRY(numu_world_bring(world, site, recipe->input, recipe->input_has_serials, 1, "H",
                                  "imported", bad));
        return numu_world_tell(world, site, &event, expected);
    }
    struct numu_text name; /* refused: nothing comes of it */
    NUMU_TRY(numu_world_new_name(world, "H", &name));
    struct numu_text *list;
    NUMU_TRY(NUMU_TAKE(world->arena, &list, 1));
    list[0] = name;
    NUMU_TRY(numu_world_add_line(world, recipe->input,
                                 recipe->input_has_serials ? (struct numu_text){NULL, 0} : name,
                                 (struct numu_texts){list, recipe->input_has_serials ? 1 : 0},
                                 NUMU_QUANTITY_ONE, NUMU_TEXT("imported"), bad));
    return numu_world_tell(world, site, &event, expected);
}

/* A site hears that the helper's roles ended days ago: a register, which takes two people. */
static numu_status hear(struct numu_world *world, size_t site) {
    struct numu_event event;
    struct numu_event_error error;
    struct numu_text draft;
    const struct numu_simulation *setup = world->setup;
    bool has_root = setup->administrator_keys[0] != NULL; /* people take two administrators */
    struct numu_text by = has_root ? setup->administrators[0] : setup->registrar;
    struct numu_text helper = setup->helper;
    NUMU_TRY(numu_text_printf(
        world->arena, &draft,
        "{\"type\":\"register\",\"by\":\"%.*s\",\"key\":\"k\",\"time\":"
        "\"2000-01-01T00:00:00Z\",\"register\":{\"people\":[{\"id\":\"%.*s\",\"roles\":\"\"}]}}",
        (int)by.length, by.data, (int)helper.length, helper.data));
    NUMU_TRY(numu_event_read_draft(world->arena, draft, &event, &error));
    numu_buffer_clear(&world->lines);
    world->fact_shift = (world->day - REVOKED_DAY) * NUMU_WORLD_DAY_SECONDS;
    world->signer = setup->administrator_keys[0];
    NUMU_TRY(numu_world_tell(world, site, &event, NUMU_OUTCOME_PROPOSED));
    return numu_world_approve_as(world, site, has_root ? setup->administrators[1] : setup->chief,
                                 setup->administrator_keys[1]);
}

numu_status numu_world_end_roles(struct numu_world *world, size_t site) {
    if (world->setup->helper.length == 0) {
        return NUMU_OK;
    }
    if (world->day == REVOKED_DAY + 1 + (int64_t)site % 5) {
        NUMU_TRY(help(world, site, NUMU_OUTCOME_ACKNOWLEDGED));
        return numu_world_plant(world, NUMU_FAULT_REVOKED, site, NULL, 0, NUMU_SIGN_NONE);
    }
    if (world->day == INT64_C(2) * NUMU_WORLD_MONTH) {
        NUMU_TRY(hear(world, site));
        NUMU_TRY(help(world, site, NUMU_OUTCOME_REFUSED));
        numu_buffer_clear(&world->lines);
        return numu_world_plant(world, NUMU_FAULT_DISMISSED, site, NULL, 0, NUMU_SIGN_DOOR);
    }
    return NUMU_OK;
}
