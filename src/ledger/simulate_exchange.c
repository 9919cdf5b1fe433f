/*
 * simulate_exchange.c - bundles from site to site; an old copy of a book, taken for the book.
 */
#include "ledger/simulate_world.h"

#include "ledger/backup.h"

enum { STICK_PER_MILLE = 60 /* of bundles */ };

numu_status numu_world_knows(const struct numu_world *world, size_t site, size_t other,
                             int64_t sequence, bool *out) {
    struct numu_ledger *ledger = world->setup->sites[site].ledger;
    uint32_t log;
    uint64_t size = 0;
    numu_status status = numu_ledger_log(ledger, world->setup->sites[other].id, &log);
    if (status == NUMU_OK) {
        status = ledger->state.store.port->size(ledger->state.store.self, log, &size);
    }
    *out = size > (uint64_t)sequence;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* What a site has not seen of another's log goes to it, and arrives. */
static numu_status send(struct numu_world *world, size_t from, size_t to) {
    const struct numu_simulation_site *site = &world->setup->sites[from];
    struct numu_ledger *other = world->setup->sites[to].ledger;
    struct numu_buffer bytes;
    struct numu_bundle_result result = {.outcome = NUMU_BUNDLE_KNOWN};
    uint32_t log;
    uint64_t size = 0;
    numu_status status = numu_ledger_log(other, site->id, &log);
    if (status == NUMU_OK) {
        status = other->state.store.port->size(other->state.store.self, log, &size);
    }
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    numu_buffer_init(&bytes, world->context->heap, 0);
    status = numu_bundle_write(site->ledger, site->id, size, &bytes);
    struct numu_text rest = {bytes.data, bytes.length};
    if (status == NUMU_OK) {
        status = numu_bundle_accept(other, &rest, &site->signer->public_key, &result);
    }
    numu_buffer_release(&bytes);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    return result.outcome == NUMU_BUNDLE_ACCEPTED || result.outcome == NUMU_BUNDLE_KNOWN ? NUMU_OK
                                                                                         : NUMU_BUG;
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

/* Something happens in it that did not in the book. */
static numu_status write_in_backup(struct numu_world *world) {
    struct numu_text good;
    struct numu_report report;
    struct numu_event event = {.type = NUMU_EVENT_import, .by = world->setup->keeper};
    const struct numu_simulation_recipe *recipe = &world->setup->recipes[0];
    const struct numu_simulation_site *site = &world->setup->sites[world->backup_site];
    struct numu_text *name;
    NUMU_TRY(NUMU_TAKE(world->arena, &name, 1));
    NUMU_TRY(numu_world_new_name(world, "B", name));
    NUMU_TRY(numu_world_account(world, site->id, "serviceable", &good));
    numu_buffer_clear(&world->lines);
    NUMU_TRY(numu_world_add_line(world, recipe->input,
                                 recipe->input_has_serials ? (struct numu_text){NULL, 0} : *name,
                                 (struct numu_texts){name, recipe->input_has_serials ? 1 : 0},
                                 NUMU_QUANTITY_ONE, NUMU_TEXT("imported"), good));
    NUMU_TRY(numu_world_date(world, world->backup_site, &event));
    struct numu_entry_request request = {
        .event = event, .now = event.time + 60, .place = NUMU_NOWHERE};
    numu_report_init(&report, world->context->heap, 0);
    numu_status status = numu_ledger_begin(&world->backup);
    if (status == NUMU_OK) {
        status = numu_ledger_record(&world->backup, &request, &report, &world->receipt);
    }
    if (status == NUMU_OK) {
        status = numu_ledger_sign_head(&world->backup, site->signer, NULL);
    }
    numu_report_release(&report);
    NUMU_TRY(status);
    NUMU_TRY(numu_ledger_commit(&world->backup));
    numu_buffer_clear(&world->lines);
    return world->receipt.outcome == NUMU_OUTCOME_ACKNOWLEDGED ? NUMU_OK : NUMU_BUG;
}

numu_status numu_world_restore(struct numu_world *world) {
    const struct numu_simulation_site *site = &world->setup->sites[world->backup_site];
    size_t to = (world->backup_site + 1) % world->setup->site_count;
    struct numu_buffer bytes;
    struct numu_bundle_result result = {.outcome = NUMU_BUNDLE_KNOWN};
    NUMU_TRY(write_in_backup(world));
    numu_buffer_init(&bytes, world->context->heap, 0);
    numu_status status = numu_bundle_write(&world->backup, site->id, 0, &bytes);
    struct numu_text rest = {bytes.data, bytes.length};
    if (status == NUMU_OK) {
        status = numu_bundle_accept(world->setup->sites[to].ledger, &rest,
                                    &site->signer->public_key, &result);
    }
    numu_buffer_release(&bytes);
    NUMU_TRY(status);
    return numu_world_plant(world, NUMU_FAULT_BACKUP, world->backup_site, NULL, 0,
                            result.outcome == NUMU_BUNDLE_FORKED ? NUMU_SIGN_FORK : NUMU_SIGN_NONE);
}
