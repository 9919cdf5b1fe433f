/*
 * simulate_exchange.c - bundles from site to site; an old copy of a book, taken for the book.
 */
#include "ledger/simulate_world.h"

#include "ledger/backup.h"

enum { STICK_PER_MILLE = 60 /* of bundles */ };

/* Whether two books have the same entry of a site at a place of their logs. */
static numu_status is_in_both(struct numu_ledger *a, uint32_t a_log, struct numu_ledger *b,
                              uint32_t b_log, int64_t sequence, bool *out) {
    struct numu_sha256 leaf[2];
    const struct numu_store_port *const port[2] = {a->state.store.port, b->state.store.port};
    *out = false;
    numu_status status =
        port[0]->read(a->state.store.self, a_log, (uint64_t)sequence, NULL, &leaf[0]);
    if (status == NUMU_OK) {
        status = port[1]->read(b->state.store.self, b_log, (uint64_t)sequence, NULL, &leaf[1]);
    }
    if (status == NUMU_OK) {
        *out = numu_sha256_is_equal(&leaf[0], &leaf[1]);
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

numu_status numu_world_knows(const struct numu_world *world, size_t site, size_t other,
                             int64_t sequence, bool *out) {
    const struct numu_fork *fork = &world->fork;
    struct numu_ledger *ledger = world->setup->sites[site].ledger;
    struct numu_ledger *own = world->setup->sites[other].ledger;
    uint32_t log;
    *out = false;
    numu_status status = numu_ledger_log(ledger, own->site, &log);
    if (status != NUMU_OK) {
        return status == NUMU_NOT_FOUND ? NUMU_OK : status;
    }
    NUMU_TRY(is_in_both(ledger, log, own, own->log, sequence, out));
    /* It may follow the log that ended, still, where what was told again has its old place. */
    int64_t before = sequence - NUMU_WORLD_OPENING;
    if (!*out && fork->is_healed && fork->site == other && before >= (int64_t)fork->common) {
        NUMU_TRY(is_in_both(ledger, log, own, fork->ended, before, out));
    }
    return NUMU_OK;
}

/* What a site has not seen of another's log goes to it, and arrives. */
static numu_status send(struct numu_world *world, size_t from, size_t to) {
    const struct numu_simulation_site *site = &world->setup->sites[from];
    struct numu_ledger *other = world->setup->sites[to].ledger;
    numu_bundle_outcome outcome;
    uint32_t log;
    uint64_t size = 0;
    numu_status status = numu_ledger_log(other, site->id, &log);
    if (status == NUMU_OK) {
        status = other->state.store.port->size(other->state.store.self, log, &size);
    }
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    NUMU_TRY(numu_world_begin_of(world, from, to, size, &size));
    NUMU_TRY(numu_world_offer(world, site->ledger, from, to, size, &outcome));
    return outcome == NUMU_BUNDLE_ACCEPTED || outcome == NUMU_BUNDLE_KNOWN ? NUMU_OK : NUMU_BUG;
}

static numu_status sign_all(struct numu_world *world) {
    for (size_t i = 0; i < world->setup->site_count; i++) {
        const struct numu_simulation_site *site = &world->setup->sites[i];
        NUMU_TRY(numu_ledger_begin(site->ledger));
        NUMU_TRY(numu_ledger_sign_head(site->ledger, site->signer, NULL));
        NUMU_TRY(numu_ledger_commit(site->ledger));
    }
    return NUMU_OK;
}

numu_status numu_world_exchange(struct numu_world *world, bool is_last) {
    size_t count = world->setup->site_count;
    NUMU_TRY(sign_all(world));
    NUMU_TRY(numu_world_heal(world));
    for (size_t from = 0; from < count; from++) {
        for (size_t to = 0; to < count; to++) {
            if (from == to) {
                continue;
            }
            if (!is_last && numu_world_chance(world, STICK_PER_MILLE)) {
                world->receipt.sequence = -1;
                NUMU_TRY(numu_world_plant(world, NUMU_FAULT_STICK, from, NULL, 0, NUMU_SIGN_NONE));
                continue;
            }
            NUMU_TRY(send(world, from, to));
        }
    }
    return NUMU_OK;
}

numu_status numu_world_back_up(struct numu_world *world) {
    world->backup_site = (size_t)numu_random_below(&world->random, world->setup->site_count);
    NUMU_TRY(numu_ledger_copy(world->setup->sites[world->backup_site].ledger, &world->backup));
    world->has_backup = true;
    return NUMU_OK;
}

numu_status numu_world_restore(struct numu_world *world) {
    size_t to = (world->backup_site + 1) % world->setup->site_count;
    struct numu_event event;
    numu_bundle_outcome outcome;
    NUMU_TRY(numu_world_write_in_copy(world, &world->backup, world->backup_site, "B", &event));
    NUMU_TRY(numu_world_offer(world, &world->backup, world->backup_site, to, 0, &outcome));
    /* Of a site that has a new epoch since, the copy's history is of one that ended. */
    bool is_seen = outcome == NUMU_BUNDLE_FORKED || outcome == NUMU_BUNDLE_ENDED;
    return numu_world_plant(world, NUMU_FAULT_BACKUP, world->backup_site, NULL, 0,
                            is_seen ? NUMU_SIGN_FORK : NUMU_SIGN_NONE);
}
