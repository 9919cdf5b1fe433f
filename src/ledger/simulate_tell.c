/*
 * simulate_tell.c - acts told to the books of sites: now and then late, as of long ago, by a wrong
 * clock, or twice.
 */
#include "ledger/simulate_world.h"

#include <inttypes.h>

enum {
    REPEAT_PER_MILLE = 5, /* of events */
    TIMES_PER_MILLE = 4,  /* of events: late, backdated, wrong clocks, each */
    LATE_DAYS = 20,
    BACKDATED_DAYS = 60,
    CLOCK_DAYS = 3,
    SIX_O_CLOCK = 21600 /* in seconds: when a day of work begins */
};

/* Told late, as of long ago, or by a clock that is behind: now and then, of any event. */
static numu_fault_kind choose_time(struct numu_world *world, const struct numu_ledger *ledger,
                                   const struct numu_event *event) {
    uint64_t fate = numu_random_below(&world->random, 1000);
    if (fate < TIMES_PER_MILLE && world->day >= LATE_DAYS) {
        world->fact_shift = (int64_t)LATE_DAYS * NUMU_WORLD_DAY_SECONDS;
        return NUMU_FAULT_LATE;
    }
    if (fate < TIMES_PER_MILLE * UINT64_C(2) && world->day >= BACKDATED_DAYS) {
        world->fact_shift = (int64_t)BACKDATED_DAYS * NUMU_WORLD_DAY_SECONDS;
        return NUMU_FAULT_BACKDATED;
    }
    if (fate < TIMES_PER_MILLE * UINT64_C(3) && ledger->head.recorded < event->time) {
        world->clock_shift = (int64_t)CLOCK_DAYS * NUMU_WORLD_DAY_SECONDS;
        return NUMU_FAULT_CLOCK;
    }
    return NUMU_FAULT_KIND_COUNT;
}

/* Told again: the first one's receipt. */
static numu_status tell_again(struct numu_world *world, size_t site,
                              const struct numu_entry_request *request) {
    struct numu_ledger *ledger = world->setup->sites[site].ledger;
    struct numu_receipt again;
    struct numu_report report;
    numu_report_init(&report, ledger->heap, 0);
    numu_status status = numu_ledger_record(ledger, request, &report, &again);
    numu_report_release(&report);
    NUMU_TRY(status);
    world->repeated++;
    if (again.outcome != NUMU_OUTCOME_REPEATED || again.sequence != world->receipt.sequence) {
        return NUMU_BUG;
    }
    return numu_world_plant(world, NUMU_FAULT_REPEAT, site, NULL, 0, NUMU_SIGN_DOOR);
}

numu_status numu_world_date(struct numu_world *world, size_t site, struct numu_event *event) {
    NUMU_TRY(numu_text_printf(world->arena, &event->key, "act-%" PRId64, ++world->act));
    if (world->key.length > 0) {
        event->key = world->key;
        world->key = (struct numu_text){NULL, 0};
    }
    event->version = numu_event_version(event->type);
    event->ledger = world->setup->sites[site].ledger->id;
    event->time = (numu_instant)numu_world_today(world) * NUMU_WORLD_DAY_SECONDS + SIX_O_CLOCK +
                  world->second++ % 50000;
    event->lines = (const void *)world->lines.data;
    event->line_count = world->lines.length / sizeof(struct numu_event_line);
    if (event->type != NUMU_EVENT_count && event->type != NUMU_EVENT_sheet) {
        event->against = NUMU_NO_NUMBER;
    }
    return NUMU_OK;
}

numu_status numu_world_sign(struct numu_world *world, const struct numu_signer *signer,
                            const struct numu_event *event, struct numu_event_signature *out) {
    struct numu_buffer body;
    numu_buffer_init(&body, world->context->heap, 0);
    numu_status status = numu_event_write_body(event, world->arena, &body);
    if (status == NUMU_OK) {
        out->key = numu_text_of(signer->public_key.name);
        status = numu_sign(signer, (struct numu_text){body.data, body.length}, &out->signature);
    }
    numu_buffer_release(&body);
    return status;
}

numu_status numu_world_tell(struct numu_world *world, size_t site, struct numu_event *event,
                            numu_outcome expected) {
    struct numu_ledger *ledger = world->setup->sites[site].ledger;
    struct numu_entry_request request = {.place = NUMU_NOWHERE};
    struct numu_event_signature signature;
    struct numu_report report;
    NUMU_TRY(numu_world_date(world, site, event));
    bool may_lie = expected == NUMU_OUTCOME_ACKNOWLEDGED && event->line_count > 0 &&
                   event->type != NUMU_EVENT_count && event->type != NUMU_EVENT_sheet &&
                   !numu_text_is_equal(event->by, world->setup->helper) && /* whose time matters */
                   !(world->fork.is_open && world->fork.site == site); /* told again: late anyway */
    numu_fault_kind lie = may_lie ? choose_time(world, ledger, event) : NUMU_FAULT_KIND_COUNT;
    request.now = event->time + 60 - world->clock_shift;
    event->time -= world->fact_shift;
    request.event = *event;
    if (world->signer != NULL) {
        NUMU_TRY(numu_world_sign(world, world->signer, event, &signature));
        request.signatures = &signature;
        request.signature_count = 1;
    }
    world->fact_shift = 0;
    world->clock_shift = 0;
    world->signer = NULL;
    numu_report_init(&report, ledger->heap, 0);
    numu_status status = numu_ledger_record(ledger, &request, &report, &world->receipt);
    numu_report_release(&report);
    NUMU_TRY(status);
    world->events += world->receipt.outcome != NUMU_OUTCOME_REFUSED;
    world->refused += world->receipt.outcome == NUMU_OUTCOME_REFUSED;
    if (world->receipt.outcome != expected) {
        return NUMU_BUG;
    }
    if (lie != NUMU_FAULT_KIND_COUNT) {
        NUMU_TRY(numu_world_plant(world, lie, site, NULL, 0, NUMU_SIGN_NONE));
    }
    if (expected != NUMU_OUTCOME_REFUSED && numu_world_chance(world, REPEAT_PER_MILLE)) {
        NUMU_TRY(tell_again(world, site, &request));
    }
    if (expected != NUMU_OUTCOME_REFUSED) { /* who was refused may try again */
        numu_buffer_clear(&world->lines);
    }
    return NUMU_OK;
}

numu_status numu_world_tell_as(struct numu_world *world, size_t site, numu_event_type type,
                               struct numu_text by, numu_outcome expected) {
    struct numu_event event = {.type = type, .by = by};
    return numu_world_tell(world, site, &event, expected);
}

numu_status numu_world_reference(const struct numu_world *world, size_t site,
                                 struct numu_text *out) {
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_text name;
    const struct numu_simulation_site *of = &world->setup->sites[site];
    NUMU_TRY(numu_ledger_name(of->ledger, world->arena, of->id, world->receipt.sequence, &name));
    return numu_text_printf(world->arena, out, "%.*s:%s", (int)name.length, name.data,
                            numu_sha256_hex(&world->receipt.leaf, hex));
}

numu_status numu_world_approve_as(struct numu_world *world, size_t site, struct numu_text by,
                                  const struct numu_signer *signer) {
    struct numu_event event = {.type = NUMU_EVENT_approve, .by = by};
    NUMU_TRY(numu_world_reference(world, site, &event.ref));
    numu_buffer_clear(&world->lines);
    world->signer = signer;
    return numu_world_tell(world, site, &event, NUMU_OUTCOME_ACKNOWLEDGED);
}

numu_status numu_world_approve(struct numu_world *world, size_t site) {
    return numu_world_approve_as(world, site, world->setup->chief, NULL);
}

numu_status numu_world_add_line(struct numu_world *world, struct numu_text item,
                                struct numu_text lot, struct numu_texts serials,
                                numu_quantity quantity, struct numu_text from,
                                struct numu_text to) {
    struct numu_event_line line = {.item = item,
                                   .lot = lot,
                                   .serials = serials,
                                   .quantity = quantity,
                                   .from = from,
                                   .to = to,
                                   .line = NUMU_NO_NUMBER};
    return numu_buffer_append(&world->lines, &line, sizeof line);
}

numu_status numu_world_add_chosen(struct numu_world *world, numu_quantity share,
                                  struct numu_text from, struct numu_text to) {
    const struct numu_true_thing *list = numu_world_things(world);
    size_t count = numu_world_chosen_count(world);
    struct numu_text none = {NULL, 0};
    if (count == 0) {
        return NUMU_OK;
    }
    if (!list[numu_world_chosen_at(world, 0)].is_serial) {
        for (size_t i = 0; i < count; i++) {
            const struct numu_true_thing *thing = &list[numu_world_chosen_at(world, i)];
            numu_quantity has = thing->physical < thing->book ? thing->physical : thing->book;
            NUMU_TRY(numu_world_add_line(world, thing->item, thing->object,
                                         (struct numu_texts){NULL, 0}, has < share ? has : share,
                                         from, to));
        }
        return NUMU_OK;
    }
    struct numu_text *serials;
    NUMU_TRY(NUMU_TAKE(world->arena, &serials, count));
    for (size_t i = 0; i < count; i++) {
        serials[i] = list[numu_world_chosen_at(world, i)].object;
    }
    return numu_world_add_line(world, list[numu_world_chosen_at(world, 0)].item, none,
                               (struct numu_texts){serials, count},
                               (numu_quantity)count * NUMU_QUANTITY_ONE, from, to);
}
