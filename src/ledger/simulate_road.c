/*
 * simulate_road.c - from a works to a depot: dispatches, receipts, and what goes wrong on the way.
 */
#include "ledger/simulate_world.h"

#include <inttypes.h>
#include <string.h>

enum {
    ROAD_DAYS_MAX = 9,
    SHORT_PER_MILLE = 20, /* of dispatches */
    OVER_PER_MILLE = 80,
    SWAPPED_PER_MILLE = 120,
    MISTYPED_PER_MILLE = 80,
    MOVED_ON_PER_MILLE = 60
};

struct movement {
    struct numu_text dispatch; /* "site:sequence" */
    size_t to;
    size_t from;
    int64_t sequence;    /* of the dispatch, in the log of `from` */
    int64_t arrives;     /* day of the simulation */
    size_t first, count; /* things, in `moving` */
};

/* A depot other than `site`: one with units. */
static size_t choose_depot(struct numu_world *world, size_t site) {
    size_t count = world->setup->site_count;
    size_t at = (size_t)numu_random_below(&world->random, count);
    for (size_t i = 0; i < count; i++) {
        size_t candidate = (at + i) % count;
        if (candidate != site && world->setup->sites[candidate].unit_count > 0) {
            return candidate;
        }
    }
    return site;
}

/* Somebody wants to take back, as an error, what has left: refused, since it is not there. */
static numu_status correct_too_late(struct numu_world *world, size_t site, struct numu_text from) {
    struct numu_event event = {.type = NUMU_EVENT_correct,
                               .by = world->setup->keeper,
                               .reason = NUMU_TEXT("it was never there")};
    if (!numu_world_chance(world, MOVED_ON_PER_MILLE) ||
        !numu_world_things(world)[numu_world_chosen_at(world, 0)].is_serial) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_world_reference(world, site, &event.ref));
    NUMU_TRY(numu_world_add_chosen(world, INT64_MAX, from, NUMU_TEXT("error")));
    NUMU_TRY(numu_world_tell(world, site, &event, NUMU_OUTCOME_REFUSED));
    numu_buffer_clear(&world->lines);
    struct numu_true_thing first = numu_world_things(world)[numu_world_chosen_at(world, 0)];
    return numu_world_plant(world, NUMU_FAULT_MOVED_ON, site, &first, 0, NUMU_SIGN_DOOR);
}

numu_status numu_world_dispatch(struct numu_world *world,
                                const struct numu_simulation_recipe *recipe) {
    struct numu_text good;
    struct numu_text id = world->setup->sites[recipe->site].id;
    size_t to = choose_depot(world, recipe->site);
    NUMU_TRY(numu_world_account(world, id, "serviceable", &good));
    NUMU_TRY(numu_world_choose(world, recipe->site, recipe->output, good, NUMU_WORLD_SERIALS));
    if (numu_world_chosen_count(world) == 0 || to == recipe->site) {
        return NUMU_OK;
    }
    struct numu_event event = {.type = NUMU_EVENT_dispatch,
                               .by = world->setup->keeper,
                               .destination = world->setup->sites[to].id};
    struct movement movement = {
        .to = to, .from = recipe->site, .first = world->moving.length / sizeof(size_t)};
    NUMU_TRY(numu_world_add_chosen(world, INT64_MAX, good, NUMU_TEXT("transit")));
    NUMU_TRY(numu_world_tell(world, recipe->site, &event, NUMU_OUTCOME_ACKNOWLEDGED));
    NUMU_TRY(numu_ledger_name(world->setup->sites[recipe->site].ledger, world->arena, id,
                              world->receipt.sequence, &movement.dispatch));
    movement.sequence = world->receipt.sequence;
    NUMU_TRY(correct_too_late(world, recipe->site, good));
    movement.count = numu_world_chosen_count(world);
    movement.arrives = world->day + 1 + (int64_t)numu_random_below(&world->random, ROAD_DAYS_MAX);
    for (size_t i = 0; i < movement.count; i++) { /* lots on the road are things of their own */
        size_t at = numu_world_chosen_at(world, i);
        struct numu_true_thing copy = numu_world_things(world)[at];
        if (copy.is_serial) {
            numu_world_things(world)[at].account = NUMU_TEXT("transit");
        } else {
            numu_quantity moved = copy.physical < copy.book ? copy.physical : copy.book;
            numu_world_things(world)[at].book -= moved; /* what a thief took stays in the book */
            numu_world_things(world)[at].physical -= moved;
            copy.book = moved;
            copy.physical = moved;
            copy.account = NUMU_TEXT("transit");
            at = numu_world_thing_count(world);
            NUMU_TRY(numu_buffer_append(&world->things, &copy, sizeof copy));
        }
        NUMU_TRY(numu_buffer_append(&world->moving, &at, sizeof at));
    }
    return numu_buffer_append(&world->movements, &movement, sizeof movement);
}

/*
 * More on paper than came, of a lot: refused where the dispatch is known, else seen later. Not
 * where some of it was lost on the road: what is told may then be no more than was sent.
 */
static numu_status receive_over(struct numu_world *world, const struct movement *movement,
                                bool is_short, struct numu_event *event, numu_quantity *out_extra) {
    bool is_known;
    numu_quantity extra = INT64_C(10) * NUMU_QUANTITY_ONE;
    struct numu_true_thing first = numu_world_things(world)[numu_world_chosen_at(world, 0)];
    *out_extra = 0;
    if (first.is_serial || !numu_world_chance(world, OVER_PER_MILLE) || is_short) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_world_knows(world, movement->to, movement->from, movement->sequence, &is_known));
    struct numu_event_line *lines = (void *)world->lines.data;
    lines[0].quantity += extra;
    if (!is_known) {
        *out_extra = extra;
        return NUMU_OK;
    }
    NUMU_TRY(numu_world_tell(world, movement->to, event, NUMU_OUTCOME_REFUSED));
    lines[0].quantity -= extra; /* and once more, as it is */
    return numu_world_plant(world, NUMU_FAULT_OVER, movement->to, &first, extra, NUMU_SIGN_DOOR);
}

/* The O for a 0 in a serial: nobody made such a thing. The true one lies there, unknown. */
static numu_status mistype(struct numu_world *world, const struct movement *movement,
                           size_t *out_at, struct numu_text *out_wrong) {
    size_t at = numu_world_chosen_at(world, numu_world_chosen_count(world) - 1);
    struct numu_true_thing *thing = &numu_world_things(world)[at];
    bool is_known;
    *out_at = SIZE_MAX;
    if (!thing->is_serial || !numu_world_chance(world, MISTYPED_PER_MILLE)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_world_knows(world, movement->to, movement->from, movement->sequence, &is_known));
    if (is_known) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_printf(world->arena, out_wrong, "O%.*s", (int)thing->object.length,
                              thing->object.data));
    struct numu_event_line *line = (void *)world->lines.data;
    struct numu_text *serials;
    NUMU_TRY(NUMU_TAKE(world->arena, &serials, line->serials.count));
    memcpy(serials, line->serials.list, line->serials.count * sizeof *serials);
    serials[line->serials.count - 1] = *out_wrong;
    line->serials.list = serials;
    *out_at = at;
    return NUMU_OK;
}

/* What a receipt of a movement changed in truth, and what was wrong with it. */
static numu_status settle_receipt(struct numu_world *world, const struct movement *movement,
                                  struct numu_text to, numu_quantity extra, size_t mistyped,
                                  struct numu_text wrong) {
    struct numu_true_thing first = numu_world_things(world)[numu_world_chosen_at(world, 0)];
    NUMU_TRY(numu_world_move_chosen(world, INT64_MAX, movement->to, to));
    if (extra > 0) {
        NUMU_TRY(numu_world_put_both(world, first.item, first.object, false, movement->to, to,
                                     extra, 0));
        NUMU_TRY(
            numu_world_plant(world, NUMU_FAULT_OVER, movement->to, &first, extra, NUMU_SIGN_NONE));
        numu_world_last_fault(world)->dispatch = movement->dispatch;
    }
    if (mistyped != SIZE_MAX) {
        struct numu_true_thing *thing = &numu_world_things(world)[mistyped];
        thing->book = 0; /* it is there, and the book does not say so */
        struct numu_true_thing copy = *thing;
        NUMU_TRY(numu_world_put_both(world, copy.item, wrong, true, movement->to, to,
                                     NUMU_QUANTITY_ONE, 0));
        NUMU_TRY(numu_world_plant(world, NUMU_FAULT_MISTYPED, movement->to, &copy,
                                  NUMU_QUANTITY_ONE, NUMU_SIGN_NONE));
    }
    return NUMU_OK;
}

/* Things of a movement that came; a serial or part of a lot may be missing. */
static numu_status choose_arrived(struct numu_world *world, const struct movement *movement,
                                  bool is_own, bool *out_is_short) {
    const size_t *moving = (const size_t *)(const void *)world->moving.data + movement->first;
    bool has_serials = numu_world_things(world)[moving[0]].is_serial;
    bool is_short = is_own && numu_world_chance(world, SHORT_PER_MILLE);
    *out_is_short = is_short;
    numu_buffer_clear(&world->chosen);
    for (size_t i = 0; i < movement->count; i++) {
        struct numu_true_thing *thing = &numu_world_things(world)[moving[i]];
        bool is_lost = is_short && i == 0;
        if (is_lost) {
            numu_quantity gone = thing->is_serial ? NUMU_QUANTITY_ONE : thing->physical / 10;
            thing->physical -= gone;
            NUMU_TRY(numu_world_plant(world, NUMU_FAULT_SHORT, movement->to, thing, gone,
                                      NUMU_SIGN_NONE));
            numu_world_last_fault(world)->dispatch = movement->dispatch;
        }
        if (!is_lost || !has_serials) {
            NUMU_TRY(numu_buffer_append(&world->chosen, &moving[i], sizeof moving[i]));
        }
    }
    return NUMU_OK;
}

/* A movement arrives, and is received under the name of a dispatch: its own, usually. */
static numu_status receive(struct numu_world *world, const struct movement *movement,
                           struct numu_text dispatch) {
    struct numu_text to;
    struct numu_text wrong = {NULL, 0};
    numu_quantity extra = 0;
    size_t mistyped = SIZE_MAX;
    bool is_short;
    bool is_own = numu_text_is_equal(dispatch, movement->dispatch);
    struct numu_event event = {
        .type = NUMU_EVENT_receive, .by = world->setup->keeper, .dispatch = dispatch};
    NUMU_TRY(numu_world_account(world, world->setup->sites[movement->to].id, "serviceable", &to));
    NUMU_TRY(choose_arrived(world, movement, is_own, &is_short));
    if (numu_world_chosen_count(world) == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_world_add_chosen(world, INT64_MAX, NUMU_TEXT("transit"), to));
    struct numu_event_line *lines = (void *)world->lines.data;
    for (size_t i = 0; i < world->lines.length / sizeof *lines; i++) {
        lines[i].line = (int64_t)i; /* the dispatch had one line, or one a lot in this order */
    }
    if (is_own) { /* one lie at a time, so that each is seen by itself */
        NUMU_TRY(receive_over(world, movement, is_short, &event, &extra));
        NUMU_TRY(mistype(world, movement, &mistyped, &wrong));
    }
    NUMU_TRY(numu_world_tell(world, movement->to, &event, NUMU_OUTCOME_ACKNOWLEDGED));
    if (!is_own) {
        struct numu_true_thing first = numu_world_things(world)[numu_world_chosen_at(world, 0)];
        NUMU_TRY(
            numu_world_plant(world, NUMU_FAULT_SWAPPED, movement->to, &first, 0, NUMU_SIGN_NONE));
    }
    return settle_receipt(world, movement, to, extra, mistyped, wrong);
}

/* Another movement from the same site to the same, still on the road, that comes along; or NULL. */
static struct movement *companion(struct numu_world *world, const struct movement *movement) {
    struct movement *list = (void *)world->movements.data;
    for (size_t i = 0; i < world->movements.length / sizeof *list; i++) {
        if (list[i].to == movement->to && list[i].from == movement->from &&
            list[i].arrives > world->day) {
            return &list[i];
        }
    }
    return NULL;
}

static numu_status receive_swapped(struct numu_world *world, struct movement *first,
                                   bool *out_done) {
    bool is_known = true;
    struct movement *second = companion(world, first);
    *out_done = false;
    if (second == NULL || !numu_world_chance(world, SWAPPED_PER_MILLE)) {
        return NUMU_OK;
    }
    /* The older of the two: where it is not known, neither is. */
    int64_t older = first->sequence < second->sequence ? first->sequence : second->sequence;
    NUMU_TRY(numu_world_knows(world, first->to, first->from, older, &is_known));
    if (is_known) {
        return NUMU_OK;
    }
    second->arrives = world->day - 1; /* received now */
    struct movement one = *first;
    struct movement two = *second;
    NUMU_TRY(receive(world, &one, two.dispatch));
    *out_done = true;
    return receive(world, &two, one.dispatch);
}

void numu_world_move_dispatches(struct numu_world *world, size_t site, int64_t from) {
    struct movement *list = (void *)world->movements.data;
    for (size_t i = 0; i < world->movements.length / sizeof *list; i++) {
        if (list[i].from == site && list[i].sequence >= from) {
            list[i].sequence += NUMU_WORLD_OPENING;
        }
    }
}

numu_status numu_world_receive(struct numu_world *world) {
    size_t count = world->movements.length / sizeof(struct movement);
    for (size_t i = 0; i < count; i++) {
        struct movement movement =
            ((const struct movement *)(const void *)world->movements.data)[i];
        if (movement.arrives == world->day) {
            bool is_done;
            NUMU_TRY(receive_swapped(world, &movement, &is_done));
            if (!is_done) {
                NUMU_TRY(receive(world, &movement, movement.dispatch));
            }
        }
    }
    return NUMU_OK;
}
