/*
 * simulate.c - see simulate.h. A day at a time; events of a day share a commit in each book.
 */
#include "ledger/simulate.h"

#include "ledger/simulate_world.h"

#include <string.h>

enum {
    WEEK = 7,
    THEFT_PER_MILLE = 12,    /* of days and sites */
    COLLUSION_PER_MILLE = 3, /* the same */
};

static numu_status run_day(struct numu_world *world) {
    const struct numu_simulation *setup = world->setup;
    for (size_t i = 0; i < setup->recipe_count; i++) {
        const struct numu_simulation_recipe *recipe = &setup->recipes[i];
        if (world->day % NUMU_WORLD_MONTH == 0) {
            NUMU_TRY(numu_world_import(world, recipe));
        }
        NUMU_TRY(numu_world_inspect(world, recipe));
        NUMU_TRY(numu_world_produce(world, recipe));
        if (world->day % WEEK == (int64_t)(i % WEEK)) {
            NUMU_TRY(numu_world_dispatch(world, recipe));
        }
    }
    NUMU_TRY(numu_world_receive(world));
    for (size_t site = 0; site < setup->site_count; site++) {
        for (size_t i = 0; i < setup->recipe_count; i++) {
            if ((world->day + (int64_t)site) % WEEK == 3) {
                NUMU_TRY(numu_world_issue(world, site, &setup->recipes[i]));
            }
            if (world->day % NUMU_WORLD_MONTH == NUMU_WORLD_MONTH - 1) {
                NUMU_TRY(numu_world_count(world, site, &setup->recipes[i]));
            }
        }
        if (numu_world_chance(world, THEFT_PER_MILLE)) {
            NUMU_TRY(numu_world_steal(world, site));
        }
        if (numu_world_chance(world, COLLUSION_PER_MILLE)) {
            NUMU_TRY(numu_world_collude(world, site));
        }
        NUMU_TRY(numu_world_end_roles(world, site));
    }
    return NUMU_OK;
}

static numu_status run_day_committed(struct numu_world *world) {
    size_t begun = 0;
    numu_status status = NUMU_OK;
    for (; begun < world->setup->site_count && status == NUMU_OK; begun++) {
        status = numu_ledger_begin(world->setup->sites[begun].ledger);
    }
    if (status == NUMU_OK) {
        status = run_day(world);
    }
    for (size_t site = 0; site < world->setup->site_count; site++) {
        struct numu_ledger *ledger = world->setup->sites[site].ledger;
        if (ledger->is_open && status == NUMU_OK) {
            status = numu_ledger_commit(ledger);
        } else {
            numu_ledger_rollback(ledger);
        }
    }
    return status;
}

static numu_status run_all(struct numu_world *world) {
    for (world->day = 0; world->day < world->setup->days; world->day++) {
        if (numu_context_is_stopped(world->context)) {
            return NUMU_STOPPED;
        }
        numu_context_progress(world->context, "simulate",
                              (double)world->day / (double)world->setup->days);
        world->second = 0;
        NUMU_TRY(run_day_committed(world));
        NUMU_TRY(numu_world_usurp(world));
        NUMU_TRY(numu_world_clone(world));
        if (world->day % NUMU_WORLD_MONTH == NUMU_WORLD_MONTH - 1) {
            NUMU_TRY(numu_world_exchange(world, false));
        }
        if (world->day == world->setup->days / 3) {
            NUMU_TRY(numu_world_back_up(world));
        }
    }
    world->day = world->setup->days - 1;
    NUMU_TRY(numu_world_exchange(world, true));
    NUMU_TRY(numu_world_show(world));
    return world->has_backup ? numu_world_restore(world) : NUMU_OK;
}

static numu_status keep(struct numu_world *world, struct numu_simulation_result *out) {
    *out =
        (struct numu_simulation_result){.thing_count = numu_world_thing_count(world),
                                        .fault_count = world->faults.length / sizeof *out->faults,
                                        .events = world->events,
                                        .refused = world->refused,
                                        .repeated = world->repeated,
                                        .false_doubts = world->false_doubts};
    NUMU_TRY(NUMU_TAKE(world->arena, &out->things, out->thing_count));
    NUMU_TRY(NUMU_TAKE(world->arena, &out->faults, out->fault_count));
    if (out->thing_count > 0) {
        memcpy(out->things, world->things.data, world->things.length);
    }
    if (out->fault_count > 0) {
        memcpy(out->faults, world->faults.data, world->faults.length);
    }
    return NUMU_OK;
}

numu_status numu_simulation_run(const struct numu_context *context,
                                const struct numu_simulation *simulation, struct numu_arena *arena,
                                struct numu_simulation_result *out) {
    struct numu_world world = {.context = context, .setup = simulation, .arena = arena};
    struct numu_buffer *buffers[] = {&world.things, &world.faults, &world.movements,
                                     &world.moving, &world.lines,  &world.chosen};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        numu_buffer_init(buffers[i], context->heap, 0);
    }
    numu_random_init(&world.random, context->seed, 0);
    numu_status status = run_all(&world);
    if (status == NUMU_OK) {
        status = keep(&world, out);
    }
    if (world.has_backup) {
        (void)numu_ledger_close(&world.backup);
    }
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        numu_buffer_release(buffers[i]);
    }
    return status;
}
