/*
 * simulate_usurper.c - somebody has the key of a site, and a copy of its book: he writes himself as
 * administrator into it, past the door, with the names of two who could register people, and signs
 * the head. Another site, or a copy of its book, is offered that.
 */
#include "ledger/simulate_world.h"

#include "ledger/backup.h"
#include "ledger/root.h"

#include <inttypes.h>

enum { USURPER_DAY = 33 };

static const char usurper[] = "usurper";

/* Appends an event to a log as it is: nobody judges it, nobody signs it. */
static numu_status append(struct numu_world *world, struct numu_ledger *copy,
                          struct numu_event *event) {
    const struct numu_store *store = &copy->state.store;
    struct numu_record record = {.site = copy->site,
                                 .epoch = copy->epoch,
                                 .sequence = (int64_t)copy->head.size,
                                 .recorded = numu_ledger_time(copy, event->time)};
    struct numu_buffer bytes;
    NUMU_TRY(numu_text_printf(world->arena, &event->key, "act-%" PRId64, ++world->act));
    event->version = numu_event_version(event->type);
    event->ledger = copy->id;
    event->against = NUMU_NO_NUMBER;
    record.event = *event;
    numu_buffer_init(&bytes, copy->heap, 0);
    numu_status status = numu_event_write_body(event, world->arena, &bytes);
    if (status == NUMU_OK) {
        status = numu_text_copy(world->arena, (struct numu_text){bytes.data, bytes.length},
                                &record.body);
    }
    numu_buffer_clear(&bytes);
    if (status == NUMU_OK) {
        status = numu_record_write(&record, &bytes);
    }
    const struct numu_text entry = {bytes.data, bytes.length};
    if (status == NUMU_OK) {
        status = numu_merkle_leaf(entry, &world->receipt.leaf);
    }
    if (status == NUMU_OK) {
        status = store->port->append(store->self, copy->log, copy->head.size, entry,
                                     &world->receipt.leaf);
    }
    numu_buffer_release(&bytes);
    NUMU_TRY(status);
    NUMU_TRY(numu_log_append(&copy->state, copy->site, &copy->head, &world->receipt.leaf));
    numu_log_note_record(&copy->head, &record);
    world->receipt.sequence = record.sequence;
    return numu_state_apply(&copy->state, &copy->scratch, copy->log, &record);
}

/* The other half of a register, which waits for it where the book is in use. */
static numu_status approve_himself(struct numu_world *world, struct numu_ledger *copy,
                                   const struct numu_event *event) {
    struct numu_event approval = {
        .type = NUMU_EVENT_approve, .by = world->setup->chief, .time = event->time};
    struct numu_text name;
    char hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(
        numu_event_name(world->arena, copy->site, copy->epoch, world->receipt.sequence, &name));
    NUMU_TRY(numu_text_printf(world->arena, &approval.ref, "%.*s:%s", (int)name.length, name.data,
                              numu_sha256_hex(&world->receipt.leaf, hex)));
    return append(world, copy, &approval);
}

/* What the usurper adds, and the head over it. */
static numu_status write_himself(struct numu_world *world, size_t site, struct numu_ledger *copy) {
    const struct numu_simulation *setup = world->setup;
    struct numu_event event;
    struct numu_event_error error;
    struct numu_text draft;
    bool needs_two;
    NUMU_TRY(numu_text_printf(
        world->arena, &draft,
        "{\"type\":\"register\",\"by\":\"%.*s\",\"key\":\"k\",\"time\":\"2000-01-01T00:00:00Z\","
        "\"register\":{\"people\":[{\"id\":\"%s\",\"roles\":\"administrator\"}]}}",
        (int)setup->registrar.length, setup->registrar.data, usurper));
    NUMU_TRY(numu_event_read_draft(world->arena, draft, &event, &error));
    event.time = (numu_instant)numu_world_today(world) * NUMU_WORLD_DAY_SECONDS;
    NUMU_TRY(numu_event_needs_two(&copy->state, copy->site, &event, &needs_two));
    NUMU_TRY(append(world, copy, &event));
    NUMU_TRY(needs_two ? approve_himself(world, copy, &event) : NUMU_OK);
    return numu_ledger_sign_head(copy, setup->sites[site].signer, NULL);
}

static numu_status forge(struct numu_world *world, size_t site, struct numu_ledger *copy) {
    NUMU_TRY(numu_ledger_begin(copy));
    numu_status status = write_himself(world, site, copy);
    if (status != NUMU_OK) {
        numu_ledger_rollback(copy);
        return status;
    }
    return numu_ledger_commit(copy);
}

/* Whether a book has the usurper as an administrator of the site. */
static numu_status is_taken_in(struct numu_world *world, struct numu_ledger *book,
                               struct numu_text site, bool *out) {
    struct numu_person person = {.roles = 0};
    numu_status status =
        numu_person_get(&book->state, world->arena, site, numu_text_of(usurper), &person);
    *out = (person.roles & NUMU_ROLE_administrator) != 0;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* What a copy of another book does with the forged log; *out: it takes the usurper in. */
static numu_status offer(struct numu_world *world, size_t site, struct numu_ledger *forged,
                         bool *out) {
    const struct numu_simulation_site *of = &world->setup->sites[site];
    struct numu_ledger *other = world->setup->sites[(site + 1) % world->setup->site_count].ledger;
    struct numu_ledger copy;
    struct numu_buffer bytes;
    struct numu_bundle_result result = {.outcome = NUMU_BUNDLE_MALFORMED};
    NUMU_TRY(numu_ledger_copy(other, &copy));
    numu_buffer_init(&bytes, world->context->heap, 0);
    numu_status status = numu_bundle_write(forged, of->id, 0, &bytes);
    struct numu_text rest = {bytes.data, bytes.length};
    if (status == NUMU_OK) {
        status = numu_bundle_accept(&copy, &rest, &of->signer->public_key, &result);
    }
    if (status == NUMU_OK) {
        status = is_taken_in(world, &copy, of->id, out);
    }
    numu_buffer_release(&bytes);
    numu_status closed = numu_ledger_close(&copy);
    NUMU_TRY(status == NUMU_OK ? closed : status);
    return result.outcome == (*out ? NUMU_BUNDLE_ACCEPTED : NUMU_BUNDLE_UNCERTIFIED) ? NUMU_OK
                                                                                     : NUMU_BUG;
}

numu_status numu_world_usurp(struct numu_world *world) {
    const struct numu_simulation *setup = world->setup;
    struct numu_ledger copy;
    bool is_in = false;
    if (world->day != USURPER_DAY || setup->registrar.length == 0 || setup->site_count < 2) {
        return NUMU_OK;
    }
    size_t site = (size_t)world->context->seed % setup->site_count;
    NUMU_TRY(numu_ledger_copy(setup->sites[site].ledger, &copy));
    numu_status status = forge(world, site, &copy);
    if (status == NUMU_OK) {
        status = offer(world, site, &copy, &is_in);
    }
    numu_status closed = numu_ledger_close(&copy);
    NUMU_TRY(status == NUMU_OK ? closed : status);
    world->receipt.sequence = -1;
    return numu_world_plant(world, NUMU_FAULT_USURPER, site, NULL, 0,
                            is_in ? NUMU_SIGN_NONE : NUMU_SIGN_ROOT);
}
