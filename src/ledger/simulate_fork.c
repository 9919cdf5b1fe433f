/*
 * simulate_fork.c - a cloned disk: for a while a copy of a book goes on by itself, and its bundle
 * comes to another site before the book's own. The site is frozen there, until two administrators
 * open a new epoch; then what really happened is told again.
 */
#include "ledger/simulate_world.h"

#include "ledger/backup.h"
#include "ledger/epoch.h"

#include <inttypes.h>

enum { CLONE_DAY = 35, EVENING = 79200 /* in seconds: when what is healed is told again */ };

numu_status numu_world_write_in_copy(struct numu_world *world, struct numu_ledger *copy, size_t at,
                                     const char *prefix, struct numu_event *out) {
    struct numu_text good;
    struct numu_report report;
    const struct numu_simulation_recipe *recipe = &world->setup->recipes[0];
    const struct numu_simulation_site *site = &world->setup->sites[at];
    struct numu_text *name;
    *out = (struct numu_event){.type = NUMU_EVENT_import, .by = world->setup->keeper};
    NUMU_TRY(NUMU_TAKE(world->arena, &name, 1));
    NUMU_TRY(numu_world_new_name(world, prefix, name));
    NUMU_TRY(numu_world_account(world, site->id, "serviceable", &good));
    numu_buffer_clear(&world->lines);
    NUMU_TRY(numu_world_add_line(world, recipe->input,
                                 recipe->input_has_serials ? (struct numu_text){NULL, 0} : *name,
                                 (struct numu_texts){name, recipe->input_has_serials ? 1 : 0},
                                 NUMU_QUANTITY_ONE, NUMU_TEXT("imported"), good));
    NUMU_TRY(numu_world_date(world, at, out));
    struct numu_entry_request request = {
        .event = *out, .now = out->time + 60, .place = NUMU_NOWHERE};
    numu_report_init(&report, world->context->heap, 0);
    numu_status status = numu_ledger_begin(copy);
    if (status == NUMU_OK) {
        status = numu_ledger_record(copy, &request, &report, &world->receipt);
    }
    if (status == NUMU_OK) {
        status = numu_ledger_sign_head(copy, site->signer, NULL);
    }
    numu_report_release(&report);
    NUMU_TRY(status);
    NUMU_TRY(numu_ledger_commit(copy));
    struct numu_event_line *line; /* the event outlives the lines of the one being made */
    NUMU_TRY(NUMU_TAKE(world->arena, &line, 1));
    *line = out->lines[0];
    out->lines = line;
    numu_buffer_clear(&world->lines);
    return world->receipt.outcome == NUMU_OUTCOME_ACKNOWLEDGED ? NUMU_OK : NUMU_BUG;
}

numu_status numu_world_offer(struct numu_world *world, struct numu_ledger *book, size_t of,
                             size_t to, uint64_t from, numu_bundle_outcome *out) {
    const struct numu_simulation_site *site = &world->setup->sites[of];
    struct numu_buffer bytes;
    struct numu_bundle_result result = {.outcome = NUMU_BUNDLE_KNOWN};
    numu_buffer_init(&bytes, world->context->heap, 0);
    numu_status status = numu_bundle_write(book, site->id, from, &bytes);
    struct numu_text rest = {bytes.data, bytes.length};
    if (status == NUMU_OK) {
        status = numu_bundle_accept(world->setup->sites[to].ledger, &rest,
                                    &site->signer->public_key, &result);
    }
    numu_buffer_release(&bytes);
    *out = result.outcome;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* --- the clone --- */

static numu_status let_go_on(struct numu_world *world, struct numu_ledger *copy) {
    struct numu_fork *fork = &world->fork;
    numu_bundle_outcome outcome;
    NUMU_TRY(numu_world_write_in_copy(world, copy, fork->site, "C", &fork->event));
    const struct numu_event_line *line = &fork->event.lines[0];
    fork->object = line->serials.count > 0 ? line->serials.list[0] : line->lot;
    NUMU_TRY(numu_world_offer(world, copy, fork->site, fork->told, 0, &outcome));
    return outcome == NUMU_BUNDLE_ACCEPTED ? NUMU_OK : NUMU_BUG;
}

numu_status numu_world_clone(struct numu_world *world) {
    struct numu_fork *fork = &world->fork;
    struct numu_ledger copy;
    if (world->day != CLONE_DAY || world->setup->administrators[0].length == 0 ||
        world->setup->site_count < 2) {
        return NUMU_OK;
    }
    fork->site = (size_t)numu_random_below(&world->random, world->setup->site_count);
    fork->told = (fork->site + 1) % world->setup->site_count;
    struct numu_ledger *book = world->setup->sites[fork->site].ledger;
    fork->common = book->head.size;
    NUMU_TRY(numu_ledger_copy(book, &copy));
    numu_status status = let_go_on(world, &copy);
    numu_status closed = numu_ledger_close(&copy);
    NUMU_TRY(status != NUMU_OK ? status : closed);
    fork->is_open = true;
    world->receipt.sequence = -1;
    return numu_world_plant(world, NUMU_FAULT_CLONE, fork->site, NULL, 0, NUMU_SIGN_NONE);
}

/* --- healing it --- */

typedef numu_status (*half)(struct numu_ledger *ledger, const struct numu_entry_request *request,
                            struct numu_report *report, struct numu_receipt *out);

static numu_instant evening(struct numu_world *world) {
    return (numu_instant)numu_world_today(world) * NUMU_WORLD_DAY_SECONDS + EVENING;
}

/* The key of an administrator; NULL: none. */
static const struct numu_signer *signer_of(const struct numu_simulation *setup,
                                           struct numu_text by) {
    for (size_t i = 0; i < 2; i++) {
        if (numu_text_is_equal(setup->administrators[i], by)) {
            return setup->administrator_keys[i];
        }
    }
    return NULL;
}

/* Half of an opening, which must come out as expected. */
static numu_status try_half(struct numu_world *world, half which, struct numu_event *event,
                            numu_outcome expected) {
    struct numu_ledger *book = world->setup->sites[world->fork.site].ledger;
    struct numu_entry_request request = {.now = evening(world), .place = NUMU_NOWHERE};
    const struct numu_signer *signer = signer_of(world->setup, event->by);
    struct numu_event_signature signature;
    struct numu_report report;
    struct numu_receipt receipt;
    NUMU_TRY(numu_text_printf(world->arena, &event->key, "act-%" PRId64, ++world->act));
    event->version = numu_event_version(event->type);
    event->ledger = book->id;
    event->time = request.now;
    request.event = *event;
    if (signer != NULL) {
        NUMU_TRY(numu_world_sign(world, signer, event, &signature));
        request.signatures = &signature;
        request.signature_count = 1;
    }
    numu_report_init(&report, book->heap, 0);
    numu_status status = which(book, &request, &report, &receipt);
    numu_report_release(&report);
    NUMU_TRY(status);
    world->refused += receipt.outcome == NUMU_OUTCOME_REFUSED;
    return receipt.outcome == expected ? NUMU_OK : NUMU_BUG;
}

static numu_status root_of(struct numu_ledger *book, struct numu_arena *arena, uint64_t size,
                           struct numu_text *out) {
    struct numu_ledger_tree room;
    struct numu_sha256 root;
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_tree tree = numu_ledger_tree(book, book->log, book->site, &room);
    NUMU_TRY(numu_tree_root(&tree, size, &root));
    return numu_text_copy(arena, numu_text_of(numu_sha256_hex(&root, hex)), out);
}

/* Nobody opens an epoch alone, nor without the role, nor at another head; two may. */
static numu_status open_epoch(struct numu_world *world) {
    const struct numu_simulation *setup = world->setup;
    struct numu_ledger *book = setup->sites[world->fork.site].ledger;
    struct numu_event open = {.type = NUMU_EVENT_epoch,
                              .by = setup->administrators[0],
                              .reason = NUMU_TEXT("a cloned disk"),
                              .against = (int64_t)world->fork.common};
    struct numu_event approve = {
        .type = NUMU_EVENT_approve, .by = setup->administrators[0], .against = NUMU_NO_NUMBER};
    struct numu_record opening;
    struct numu_sha256 leaf;
    struct numu_text name;
    char hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(root_of(book, world->arena, world->fork.common - 1, &open.head));
    NUMU_TRY(try_half(world, numu_epoch_propose, &open, NUMU_OUTCOME_REFUSED));
    NUMU_TRY(root_of(book, world->arena, world->fork.common, &open.head));
    open.by = setup->chief;
    NUMU_TRY(try_half(world, numu_epoch_propose, &open, NUMU_OUTCOME_REFUSED));
    open.by = setup->administrators[0];
    NUMU_TRY(try_half(world, numu_epoch_propose, &open, NUMU_OUTCOME_PROPOSED));
    NUMU_TRY(numu_epoch_waiting(book, world->arena, &opening, &leaf));
    NUMU_TRY(numu_event_name(world->arena, opening.site, opening.epoch, opening.sequence, &name));
    NUMU_TRY(numu_text_printf(world->arena, &approve.ref, "%.*s:%s", (int)name.length, name.data,
                              numu_sha256_hex(&leaf, hex)));
    NUMU_TRY(try_half(world, numu_epoch_approve, &approve, NUMU_OUTCOME_REFUSED));
    approve.by = setup->administrators[1];
    return try_half(world, numu_epoch_approve, &approve, NUMU_OUTCOME_ACKNOWLEDGED);
}

/* Where an event beyond the common head stands after it was told again: past the opening. */
static int64_t moved(const struct numu_fork *fork, int64_t sequence) {
    return sequence >= (int64_t)fork->common ? sequence + NUMU_WORLD_OPENING : sequence;
}

/* An event as it must be told again: what it refers to has moved, too. */
static numu_status turn(struct numu_world *world, const struct numu_record *record,
                        struct numu_event *out) {
    struct numu_ledger *book = world->setup->sites[world->fork.site].ledger;
    struct numu_reference of;
    struct numu_sha256 leaf;
    struct numu_text name;
    char hex[NUMU_SHA256_HEX_BYTES];
    *out = record->event;
    if (out->against != NUMU_NO_NUMBER) {
        out->against = moved(&world->fork, out->against);
    }
    if (out->type == NUMU_EVENT_dispatch) {
        NUMU_TRY(numu_event_name(world->arena, record->site, record->epoch, record->sequence,
                                 &out->dispatch));
    }
    if (out->sheets.count > 0) {
        NUMU_TRY(numu_ledger_sheets(book, world->arena, record->site, out->key, &out->sheets));
    }
    if (out->ref.length == 0 || !numu_reference_parse(out->ref, &of)) {
        return NUMU_OK;
    }
    int64_t sequence = moved(&world->fork, of.sequence);
    NUMU_TRY(book->state.store.port->read(book->state.store.self, book->log, (uint64_t)sequence,
                                          NULL, &leaf));
    NUMU_TRY(numu_ledger_name(book, world->arena, of.site, sequence, &name));
    return numu_text_printf(world->arena, &out->ref, "%.*s:%s", (int)name.length, name.data,
                            numu_sha256_hex(&leaf, hex));
}

static numu_status tell_again(struct numu_world *world, const struct numu_event *event) {
    struct numu_ledger *book = world->setup->sites[world->fork.site].ledger;
    struct numu_entry_request request = {
        .event = *event, .now = evening(world), .place = NUMU_NOWHERE};
    struct numu_report report;
    struct numu_receipt receipt;
    numu_report_init(&report, book->heap, 0);
    numu_status status = numu_ledger_record(book, &request, &report, &receipt);
    numu_report_release(&report);
    NUMU_TRY(status);
    world->events++;
    return receipt.outcome == NUMU_OUTCOME_ACKNOWLEDGED || receipt.outcome == NUMU_OUTCOME_PROPOSED
               ? NUMU_OK
               : NUMU_BUG;
}

/* All that the book had beyond the common head, then what the copy had. */
static numu_status tell_all_again(struct numu_world *world, uint32_t ended, uint64_t size) {
    struct numu_fork *fork = &world->fork;
    const struct numu_simulation_recipe *recipe = &world->setup->recipes[0];
    const struct numu_simulation_site *site = &world->setup->sites[fork->site];
    struct numu_text good;
    fork->retold_first = (int64_t)site->ledger->head.size;
    for (uint64_t i = fork->common; i < size; i++) {
        struct numu_record record;
        struct numu_event event;
        NUMU_TRY(numu_ledger_read(site->ledger, world->arena, ended, (int64_t)i, &record, NULL));
        NUMU_TRY(turn(world, &record, &event));
        NUMU_TRY(tell_again(world, &event));
    }
    NUMU_TRY(tell_again(world, &fork->event));
    fork->retold_end = (int64_t)site->ledger->head.size;
    NUMU_TRY(numu_world_account(world, site->id, "serviceable", &good));
    return numu_world_put(world, recipe->input, fork->object, recipe->input_has_serials, fork->site,
                          good, NUMU_QUANTITY_ONE);
}

/* What was planted beyond the common head is where its event was told again. */
static void move_faults(struct numu_world *world) {
    struct numu_planted_fault *faults = (void *)world->faults.data;
    for (size_t i = 0; i < world->faults.length / sizeof *faults; i++) {
        if (faults[i].site == world->fork.site) {
            faults[i].sequence = moved(&world->fork, faults[i].sequence);
        }
    }
}

/* The two histories meet: the site is frozen where the copy's came first. */
static numu_status meet(struct numu_world *world) {
    struct numu_fork *fork = &world->fork;
    struct numu_ledger *book = world->setup->sites[fork->site].ledger;
    struct numu_ledger *other = world->setup->sites[fork->told].ledger;
    struct numu_buffer bytes;
    numu_bundle_outcome outcome;
    uint64_t common = 0;
    bool is_found = false;
    size_t third = (fork->site + 2) % world->setup->site_count;
    if (third != fork->site) { /* it has the book's own history first */
        NUMU_TRY(numu_world_offer(world, book, fork->site, third, 0, &outcome));
    }
    NUMU_TRY(numu_world_offer(world, book, fork->site, fork->told, 0, &outcome));
    if (outcome != NUMU_BUNDLE_FORKED) {
        return NUMU_BUG;
    }
    NUMU_TRY(numu_world_offer(world, book, fork->site, fork->told, 0, &outcome));
    if (outcome != NUMU_BUNDLE_FROZEN) {
        return NUMU_BUG;
    }
    numu_buffer_init(&bytes, world->context->heap, 0);
    numu_status status = numu_bundle_write(other, book->site, 0, &bytes);
    if (status == NUMU_OK) {
        status = numu_bundle_common(book, (struct numu_text){bytes.data, bytes.length}, &common,
                                    &is_found);
    }
    numu_buffer_release(&bytes);
    NUMU_TRY(status);
    return is_found && common == fork->common ? NUMU_OK : NUMU_BUG;
}

numu_status numu_world_heal(struct numu_world *world) {
    struct numu_fork *fork = &world->fork;
    const struct numu_simulation_site *site = &world->setup->sites[fork->site];
    if (!fork->is_open) {
        return NUMU_OK;
    }
    uint32_t ended = site->ledger->log;
    uint64_t size = site->ledger->head.size;
    NUMU_TRY(meet(world));
    NUMU_TRY(open_epoch(world));
    NUMU_TRY(numu_ledger_begin(site->ledger));
    numu_status status = tell_all_again(world, ended, size);
    if (status == NUMU_OK) {
        status = numu_ledger_sign_head(site->ledger, site->signer, NULL);
    }
    if (status != NUMU_OK) {
        numu_ledger_rollback(site->ledger);
        return status;
    }
    NUMU_TRY(numu_ledger_commit(site->ledger));
    move_faults(world);
    numu_world_move_dispatches(world, fork->site, (int64_t)fork->common);
    fork->ended = ended;
    fork->is_open = false;
    fork->is_healed = true;
    return NUMU_OK;
}

bool numu_world_was_told_again(const struct numu_world *world, struct numu_text site,
                               int64_t sequence) {
    const struct numu_fork *fork = &world->fork;
    return fork->is_healed && numu_text_is_equal(world->setup->sites[fork->site].id, site) &&
           sequence >= fork->retold_first && sequence < fork->retold_end;
}

/* Where another book's log of the site stands in epochs. */
static numu_status epoch_of(struct numu_ledger *ledger, struct numu_text site, int64_t *out) {
    struct numu_log_head head;
    uint32_t log;
    *out = 0;
    numu_status status = numu_ledger_log(ledger, site, &log);
    if (status != NUMU_OK) {
        return status == NUMU_NOT_FOUND ? NUMU_OK : status;
    }
    NUMU_TRY(numu_log_read_head(ledger, log, site, &head));
    *out = head.epoch;
    return NUMU_OK;
}

numu_status numu_world_begin_of(struct numu_world *world, size_t from, size_t to, uint64_t size,
                                uint64_t *out) {
    const struct numu_simulation_site *site = &world->setup->sites[from];
    struct numu_epoch *epochs;
    size_t count;
    int64_t epoch;
    NUMU_TRY(epoch_of(world->setup->sites[to].ledger, site->id, &epoch));
    NUMU_TRY(numu_epochs_list(site->ledger, world->arena, site->id, &epochs, &count));
    *out = size;
    for (size_t i = 0; i < count; i++) {
        *out = epochs[i].number > epoch && epochs[i].common < *out ? epochs[i].common : *out;
    }
    return NUMU_OK;
}

numu_status numu_world_show_fork(struct numu_world *world) {
    struct numu_planted_fault *faults = (void *)world->faults.data;
    bool is_everywhere = world->fork.is_healed;
    for (size_t to = 0; to < world->setup->site_count && is_everywhere; to++) {
        int64_t epoch;
        NUMU_TRY(epoch_of(world->setup->sites[to].ledger, world->setup->sites[world->fork.site].id,
                          &epoch));
        is_everywhere = epoch == 1;
    }
    for (size_t i = 0; i < world->faults.length / sizeof *faults; i++) {
        if (faults[i].kind == NUMU_FAULT_CLONE && is_everywhere) {
            faults[i].sign = NUMU_SIGN_EPOCH;
        }
    }
    return NUMU_OK;
}
