/*
 * simulate_truth.c - what lies where in truth, and the faults that were planted.
 */
#include "ledger/simulate_world.h"

struct numu_true_thing *numu_world_things(const struct numu_world *world) {
    return (void *)world->things.data;
}

size_t numu_world_thing_count(const struct numu_world *world) {
    return world->things.length / sizeof(struct numu_true_thing);
}

bool numu_world_chance(struct numu_world *world, uint64_t per_mille) {
    return numu_random_below(&world->random, 1000) < per_mille;
}

numu_day numu_world_today(const struct numu_world *world) {
    return (numu_day)(world->setup->start + world->day);
}

numu_status numu_world_account(const struct numu_world *world, struct numu_text place,
                               const char *condition, struct numu_text *out) {
    return numu_text_printf(world->arena, out, "%.*s/%s", (int)place.length, place.data, condition);
}

numu_status numu_world_plant(struct numu_world *world, numu_fault_kind kind, size_t site,
                             const struct numu_true_thing *thing, numu_quantity quantity,
                             numu_fault_sign sign) {
    struct numu_planted_fault fault = {.kind = kind,
                                       .day = numu_world_today(world),
                                       .site = site,
                                       .quantity = quantity,
                                       .sequence = world->receipt.sequence,
                                       .sign = sign};
    if (thing != NULL) {
        fault.item = thing->item;
        fault.object = thing->object;
    }
    return numu_buffer_append(&world->faults, &fault, sizeof fault);
}

struct numu_planted_fault *numu_world_last_fault(const struct numu_world *world) {
    struct numu_planted_fault *faults = (void *)world->faults.data;
    return &faults[world->faults.length / sizeof *faults - 1];
}

numu_status numu_world_put_both(struct numu_world *world, struct numu_text item,
                                struct numu_text object, bool is_serial, size_t site,
                                struct numu_text account_text, numu_quantity book,
                                numu_quantity physical) {
    struct numu_true_thing *list = numu_world_things(world);
    for (size_t i = numu_world_thing_count(world); !is_serial && i-- > 0;) {
        if (list[i].site == site && !list[i].is_serial &&
            numu_text_is_equal(list[i].object, object) &&
            numu_text_is_equal(list[i].account, account_text) &&
            numu_text_is_equal(list[i].item, item)) {
            list[i].book += book;
            list[i].physical += physical;
            return NUMU_OK;
        }
    }
    struct numu_true_thing thing = {item, object, is_serial, site, account_text, book, physical};
    return numu_buffer_append(&world->things, &thing, sizeof thing);
}

numu_status numu_world_put(struct numu_world *world, struct numu_text item, struct numu_text object,
                           bool is_serial, size_t site, struct numu_text account_text,
                           numu_quantity quantity) {
    return numu_world_put_both(world, item, object, is_serial, site, account_text, quantity,
                               quantity);
}

static bool is_there(const struct numu_true_thing *thing, size_t site, struct numu_text item,
                     struct numu_text account_text) {
    return thing->site == site && thing->book > 0 && numu_text_is_equal(thing->item, item) &&
           numu_text_is_equal(thing->account, account_text);
}

numu_status numu_world_choose(struct numu_world *world, size_t site, struct numu_text item,
                              struct numu_text account_text, size_t most) {
    const struct numu_true_thing *list = numu_world_things(world);
    numu_buffer_clear(&world->chosen);
    for (size_t i = 0; i < numu_world_thing_count(world) && world->chosen.length / sizeof i < most;
         i++) {
        if (is_there(&list[i], site, item, account_text) && list[i].physical > 0) {
            NUMU_TRY(numu_buffer_append(&world->chosen, &i, sizeof i));
        }
    }
    return NUMU_OK;
}

size_t numu_world_chosen_count(const struct numu_world *world) {
    return world->chosen.length / sizeof(size_t);
}

size_t numu_world_chosen_at(const struct numu_world *world, size_t i) {
    return ((const size_t *)(const void *)world->chosen.data)[i];
}

numu_status numu_world_move_chosen(struct numu_world *world, numu_quantity share, size_t site,
                                   struct numu_text to) {
    for (size_t i = 0; i < numu_world_chosen_count(world); i++) {
        struct numu_true_thing *thing = &numu_world_things(world)[numu_world_chosen_at(world, i)];
        numu_quantity has = thing->physical < thing->book ? thing->physical : thing->book;
        numu_quantity moved = has < share ? has : share;
        if (thing->is_serial) {
            thing->account = to;
            thing->site = site;
            continue;
        }
        thing->book -= moved;
        thing->physical -= moved;
        struct numu_true_thing copy = *thing;
        NUMU_TRY(numu_world_put(world, copy.item, copy.object, false, site, to, moved));
    }
    return NUMU_OK;
}
