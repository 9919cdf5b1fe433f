/*
 * simulate_count.c - counts by two people, and what they show.
 */
#include "ledger/simulate_world.h"

#include <string.h>

enum {
    COUNT_PER_MILLE = 100, /* of counts */
    LINES_OF_COUNT = 400
};

/* A count shows what is wrong with a thing: by theft, or by a receipt. */
static void show_by_count(struct numu_world *world, size_t site,
                          const struct numu_true_thing *thing) {
    struct numu_planted_fault *faults = (void *)world->faults.data;
    for (size_t i = 0; i < world->faults.length / sizeof *faults; i++) {
        bool is_countable = faults[i].kind == NUMU_FAULT_THEFT ||
                            faults[i].kind == NUMU_FAULT_OVER ||
                            faults[i].kind == NUMU_FAULT_MISTYPED;
        if (is_countable && faults[i].sign == NUMU_SIGN_NONE && faults[i].site == site &&
            numu_text_is_equal(faults[i].object, thing->object) &&
            numu_text_is_equal(faults[i].item, thing->item)) {
            faults[i].sign = NUMU_SIGN_COUNT;
        }
    }
}

/* What a closed count posts: the book becomes what is there. */
static numu_status settle(struct numu_world *world, size_t site, struct numu_text item,
                          struct numu_text account_text) {
    for (size_t i = 0; i < numu_world_thing_count(world); i++) {
        struct numu_true_thing *thing = &numu_world_things(world)[i];
        if (thing->site != site || thing->physical == thing->book ||
            !numu_text_is_equal(thing->item, item) ||
            !numu_text_is_equal(thing->account, account_text)) {
            continue;
        }
        show_by_count(world, site, thing);
        numu_quantity lost = thing->book - thing->physical;
        struct numu_true_thing copy = *thing;
        thing->book = thing->physical;
        if (thing->is_serial && lost > 0) {
            thing->account = NUMU_TEXT("unaccounted");
            thing->book = NUMU_QUANTITY_ONE;
        } else if (!thing->is_serial) {
            NUMU_TRY(numu_world_put_both(world, copy.item, copy.object, false, site,
                                         NUMU_TEXT("unaccounted"), lost, 0));
        }
    }
    return NUMU_OK;
}

/* Something is there, by the book or in truth. */
static bool is_seen(const struct numu_true_thing *thing, size_t site, struct numu_text item,
                    struct numu_text account_text) {
    return thing->site == site && (thing->book > 0 || thing->physical > 0) &&
           numu_text_is_equal(thing->item, item) &&
           numu_text_is_equal(thing->account, account_text);
}

/* What two people see of an item at a place. */
static numu_status add_seen(struct numu_world *world, size_t site,
                            const struct numu_simulation_recipe *recipe,
                            struct numu_text account_text, bool *out_differs) {
    const struct numu_true_thing *list = numu_world_things(world);
    struct numu_buffer serials;
    struct numu_text none = {NULL, 0};
    bool has_any = false;
    numu_buffer_init(&serials, world->context->heap, 0);
    numu_status status = NUMU_OK;
    for (size_t i = 0; i < numu_world_thing_count(world) && status == NUMU_OK; i++) {
        if (!is_seen(&list[i], site, recipe->output, account_text)) {
            continue;
        }
        has_any = true;
        *out_differs = *out_differs || list[i].physical != list[i].book;
        if (!list[i].is_serial) {
            status = numu_world_add_line(world, list[i].item, list[i].object,
                                         (struct numu_texts){NULL, 0}, list[i].physical, none,
                                         account_text);
        } else if (list[i].physical > 0) {
            status = numu_buffer_append(&serials, &list[i].object, sizeof list[i].object);
        }
    }
    size_t count = serials.length / sizeof(struct numu_text);
    struct numu_text *copy;
    if (status == NUMU_OK && has_any && recipe->output_has_serials) {
        status = NUMU_TAKE(world->arena, &copy, count);
        if (status == NUMU_OK) {
            if (count > 0) {
                memcpy(copy, serials.data, serials.length);
            }
            status =
                numu_world_add_line(world, recipe->output, none, (struct numu_texts){copy, count},
                                    (numu_quantity)count * NUMU_QUANTITY_ONE, none, account_text);
        }
    }
    numu_buffer_release(&serials);
    return status;
}

/* Counted against a book of yesterday, from which goods have moved since: refused, and redone. */
static numu_status count_while_moving(struct numu_world *world, size_t site,
                                      struct numu_event *event) {
    int64_t against = event->against;
    const struct numu_event_line *line = (const void *)world->lines.data;
    if (!numu_world_chance(world, COUNT_PER_MILLE)) {
        return NUMU_OK;
    }
    struct numu_true_thing thing = {.item = line->item, .object = line->lot};
    event->against = 1;
    NUMU_TRY(numu_world_tell(world, site, event, NUMU_OUTCOME_REFUSED));
    event->against = against;
    return numu_world_plant(world, NUMU_FAULT_COUNT_MOVED, site, &thing, 0, NUMU_SIGN_DOOR);
}

numu_status numu_world_count(struct numu_world *world, size_t site,
                             const struct numu_simulation_recipe *recipe) {
    struct numu_text good;
    bool differs = false;
    struct numu_text id = world->setup->sites[site].id;
    struct numu_event event = {.type = NUMU_EVENT_count,
                               .by = world->setup->keeper,
                               .second = world->setup->judge,
                               .against = (int64_t)world->setup->sites[site].ledger->head.size};
    NUMU_TRY(numu_world_account(world, id, "serviceable", &good));
    NUMU_TRY(add_seen(world, site, recipe, good, &differs));
    size_t lines = world->lines.length / sizeof(struct numu_event_line);
    if (lines == 0 || lines > LINES_OF_COUNT) {
        numu_buffer_clear(&world->lines);
        return NUMU_OK;
    }
    NUMU_TRY(count_while_moving(world, site, &event));
    NUMU_TRY(numu_world_tell(world, site, &event, NUMU_OUTCOME_ACKNOWLEDGED));
    if (!differs) {
        return NUMU_OK;
    }
    struct numu_event close = {.type = NUMU_EVENT_close, .by = world->setup->keeper};
    NUMU_TRY(numu_world_reference(world, site, &close.ref));
    NUMU_TRY(numu_world_tell(world, site, &close, NUMU_OUTCOME_PROPOSED));
    NUMU_TRY(numu_world_approve(world, site));
    return settle(world, site, recipe->output, good);
}
