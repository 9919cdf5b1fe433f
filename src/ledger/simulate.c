/*
 * simulate.c - see simulate.h. A day at a time; events of a day share a commit in each book.
 */
#include "ledger/simulate.h"

#include "base/random.h"
#include "ledger/backup.h"
#include "ledger/doubt.h"
#include "ledger/query.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    MONTH = 30,
    WEEK = 7,
    ROAD_DAYS_MAX = 9,
    SCRAP_PERCENT = 1,
    THEFT_PER_MILLE = 12, /* of days and sites */
    SHORT_PER_MILLE = 20, /* of dispatches */
    OVER_PER_MILLE = 80,
    SWAPPED_PER_MILLE = 120,
    MISTYPED_PER_MILLE = 80,
    MOVED_ON_PER_MILLE = 60,
    REPEAT_PER_MILLE = 5,      /* of events */
    UNRELEASED_PER_MILLE = 15, /* of inspections */
    TIMES_PER_MILLE = 4,       /* of events: late, backdated, wrong clocks, each */
    COUNT_PER_MILLE = 100,     /* of counts */
    STICK_PER_MILLE = 60,      /* of bundles */
    COLLUSION_PER_MILLE = 3,   /* of days and sites */
    TRAINING_PER_MILLE = 60,   /* of uses */
    LATE_DAYS = 20,
    BACKDATED_DAYS = 60,
    CLOCK_DAYS = 3,
    REVOKED_DAY = 40, /* roles end; the sites hear of it at the next exchange */
    SERIALS_OF_EVENT = 50,
    DAY_SECONDS = 86400,
    SIX_O_CLOCK = 21600 /* in seconds: when a day of work begins */
};

struct movement {
    struct numu_text dispatch; /* "site:sequence" */
    size_t to;
    size_t from;
    int64_t sequence;    /* of the dispatch, in the log of `from` */
    int64_t arrives;     /* day of the simulation */
    size_t first, count; /* things, in `moving` */
};

struct run {
    const struct numu_context *context;
    const struct numu_simulation *setup;
    struct numu_arena *arena;
    struct numu_random random;
    struct numu_buffer things;    /* of struct numu_true_thing */
    struct numu_buffer faults;    /* of struct numu_planted_fault */
    struct numu_buffer movements; /* of struct movement */
    struct numu_buffer moving;    /* of size_t: things on the way, a movement's together */
    struct numu_buffer lines;     /* of struct numu_event_line, of the event being made */
    struct numu_buffer chosen;    /* of size_t: the things it is about */
    int64_t day;
    int64_t made;   /* counter of serials and lots */
    int64_t act;    /* counter of keys */
    int64_t second; /* of the day, so that times ascend */
    uint64_t events, refused, repeated, false_doubts;
    struct numu_receipt receipt;
    int64_t fact_shift;        /* seconds by which the next event is told to be older than it is */
    int64_t clock_shift;       /* seconds by which the clock is behind when it is recorded */
    struct numu_ledger backup; /* of the site `backup_site`, while has_backup */
    size_t backup_site;
    bool has_backup;
};

static struct numu_true_thing *things(const struct run *run) {
    return (void *)run->things.data;
}

static size_t thing_count(const struct run *run) {
    return run->things.length / sizeof(struct numu_true_thing);
}

static bool chance(struct run *run, uint64_t per_mille) {
    return numu_random_below(&run->random, 1000) < per_mille;
}

static numu_day today(const struct run *run) {
    return (numu_day)(run->setup->start + run->day);
}

static numu_status plant(struct run *run, numu_fault_kind kind, size_t site,
                         const struct numu_true_thing *thing, numu_quantity quantity,
                         numu_fault_sign sign) {
    struct numu_planted_fault fault = {.kind = kind,
                                       .day = today(run),
                                       .site = site,
                                       .quantity = quantity,
                                       .sequence = run->receipt.sequence,
                                       .sign = sign};
    if (thing != NULL) {
        fault.item = thing->item;
        fault.object = thing->object;
    }
    return numu_buffer_append(&run->faults, &fault, sizeof fault);
}

static struct numu_planted_fault *last_fault(const struct run *run) {
    struct numu_planted_fault *faults = (void *)run->faults.data;
    return &faults[run->faults.length / sizeof *faults - 1];
}

/* --- events --- */

static numu_status account(const struct run *run, struct numu_text place, const char *condition,
                           struct numu_text *out) {
    return numu_text_printf(run->arena, out, "%.*s/%s", (int)place.length, place.data, condition);
}

/* Told late, as of long ago, or by a clock that is behind: now and then, of any event. */
static numu_fault_kind choose_time(struct run *run, const struct numu_ledger *ledger,
                                   const struct numu_event *event) {
    uint64_t fate = numu_random_below(&run->random, 1000);
    if (fate < TIMES_PER_MILLE && run->day >= LATE_DAYS) {
        run->fact_shift = (int64_t)LATE_DAYS * DAY_SECONDS;
        return NUMU_FAULT_LATE;
    }
    if (fate < TIMES_PER_MILLE * UINT64_C(2) && run->day >= BACKDATED_DAYS) {
        run->fact_shift = (int64_t)BACKDATED_DAYS * DAY_SECONDS;
        return NUMU_FAULT_BACKDATED;
    }
    if (fate < TIMES_PER_MILLE * UINT64_C(3) && ledger->head.recorded < event->time) {
        run->clock_shift = (int64_t)CLOCK_DAYS * DAY_SECONDS;
        return NUMU_FAULT_CLOCK;
    }
    return NUMU_FAULT_KIND_COUNT;
}

/* Told again: the first one's receipt. */
static numu_status tell_again(struct run *run, size_t site,
                              const struct numu_entry_request *request) {
    struct numu_ledger *ledger = run->setup->sites[site].ledger;
    struct numu_receipt again;
    struct numu_report report;
    numu_report_init(&report, ledger->heap, 0);
    numu_status status = numu_ledger_record(ledger, request, &report, &again);
    numu_report_release(&report);
    NUMU_TRY(status);
    run->repeated++;
    if (again.outcome != NUMU_OUTCOME_REPEATED || again.sequence != run->receipt.sequence) {
        return NUMU_BUG;
    }
    return plant(run, NUMU_FAULT_REPEAT, site, NULL, 0, NUMU_SIGN_DOOR);
}

/* Completes an event that is told today. */
static numu_status date_event(struct run *run, size_t site, struct numu_event *event) {
    NUMU_TRY(numu_text_printf(run->arena, &event->key, "act-%" PRId64, ++run->act));
    event->version = NUMU_EVENT_VERSION;
    event->ledger = run->setup->sites[site].ledger->id;
    event->time = (numu_instant)today(run) * DAY_SECONDS + SIX_O_CLOCK + run->second++ % 50000;
    event->lines = (const void *)run->lines.data;
    event->line_count = run->lines.length / sizeof(struct numu_event_line);
    if (event->type != NUMU_EVENT_count) {
        event->against = NUMU_NO_NUMBER;
    }
    return NUMU_OK;
}

/* Records an event in a site's book; it must come out as `expected`. */
static numu_status tell(struct run *run, size_t site, struct numu_event *event,
                        numu_outcome expected) {
    struct numu_ledger *ledger = run->setup->sites[site].ledger;
    struct numu_entry_request request = {.place = NUMU_NOWHERE};
    struct numu_report report;
    NUMU_TRY(date_event(run, site, event));
    bool may_lie = expected == NUMU_OUTCOME_ACKNOWLEDGED && event->line_count > 0 &&
                   event->type != NUMU_EVENT_count &&
                   !numu_text_is_equal(event->by, run->setup->helper); /* whose time matters */
    numu_fault_kind lie = may_lie ? choose_time(run, ledger, event) : NUMU_FAULT_KIND_COUNT;
    request.now = event->time + 60 - run->clock_shift;
    event->time -= run->fact_shift;
    request.event = *event;
    run->fact_shift = 0;
    run->clock_shift = 0;
    numu_report_init(&report, ledger->heap, 0);
    numu_status status = numu_ledger_record(ledger, &request, &report, &run->receipt);
    numu_report_release(&report);
    NUMU_TRY(status);
    run->events += run->receipt.outcome != NUMU_OUTCOME_REFUSED;
    run->refused += run->receipt.outcome == NUMU_OUTCOME_REFUSED;
    if (run->receipt.outcome != expected) {
        return NUMU_BUG;
    }
    if (lie != NUMU_FAULT_KIND_COUNT) {
        NUMU_TRY(plant(run, lie, site, NULL, 0, NUMU_SIGN_NONE));
    }
    if (expected != NUMU_OUTCOME_REFUSED && chance(run, REPEAT_PER_MILLE)) {
        NUMU_TRY(tell_again(run, site, &request));
    }
    if (expected != NUMU_OUTCOME_REFUSED) { /* who was refused may try again */
        numu_buffer_clear(&run->lines);
    }
    return NUMU_OK;
}

static numu_status tell_as(struct run *run, size_t site, numu_event_type type, struct numu_text by,
                           numu_outcome expected) {
    struct numu_event event = {.type = type, .by = by};
    return tell(run, site, &event, expected);
}

/* The second person of what was proposed last. */
static numu_status approve(struct run *run, size_t site) {
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_event event = {.type = NUMU_EVENT_approve, .by = run->setup->chief};
    struct numu_text id = run->setup->sites[site].id;
    NUMU_TRY(numu_text_printf(run->arena, &event.ref, "%.*s:%" PRId64 ":%s", (int)id.length,
                              id.data, run->receipt.sequence,
                              numu_sha256_hex(&run->receipt.leaf, hex)));
    numu_buffer_clear(&run->lines);
    return tell(run, site, &event, NUMU_OUTCOME_ACKNOWLEDGED);
}

static numu_status add_line(struct run *run, struct numu_text item, struct numu_text lot,
                            struct numu_texts serials, numu_quantity quantity,
                            struct numu_text from, struct numu_text to) {
    struct numu_event_line line = {.item = item,
                                   .lot = lot,
                                   .serials = serials,
                                   .quantity = quantity,
                                   .from = from,
                                   .to = to,
                                   .line = NUMU_NO_NUMBER};
    return numu_buffer_append(&run->lines, &line, sizeof line);
}

/* --- things --- */

/* A thing in an account; of a lot, what is there already grows. */
static numu_status put_both(struct run *run, struct numu_text item, struct numu_text object,
                            bool is_serial, size_t site, struct numu_text account_text,
                            numu_quantity book, numu_quantity physical) {
    struct numu_true_thing *list = things(run);
    for (size_t i = thing_count(run); !is_serial && i-- > 0;) {
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
    return numu_buffer_append(&run->things, &thing, sizeof thing);
}

static numu_status put(struct run *run, struct numu_text item, struct numu_text object,
                       bool is_serial, size_t site, struct numu_text account_text,
                       numu_quantity quantity) {
    return put_both(run, item, object, is_serial, site, account_text, quantity, quantity);
}

static bool is_there(const struct numu_true_thing *thing, size_t site, struct numu_text item,
                     struct numu_text account_text) {
    return thing->site == site && thing->book > 0 && numu_text_is_equal(thing->item, item) &&
           numu_text_is_equal(thing->account, account_text);
}

/* Chooses up to `most` things of an item in an account that are truly there. */
static numu_status choose(struct run *run, size_t site, struct numu_text item,
                          struct numu_text account_text, size_t most) {
    const struct numu_true_thing *list = things(run);
    numu_buffer_clear(&run->chosen);
    for (size_t i = 0; i < thing_count(run) && run->chosen.length / sizeof i < most; i++) {
        if (is_there(&list[i], site, item, account_text) && list[i].physical > 0) {
            NUMU_TRY(numu_buffer_append(&run->chosen, &i, sizeof i));
        }
    }
    return NUMU_OK;
}

static size_t chosen_count(const struct run *run) {
    return run->chosen.length / sizeof(size_t);
}

static size_t chosen_at(const struct run *run, size_t i) {
    return ((const size_t *)(const void *)run->chosen.data)[i];
}

/* A line that moves all chosen things: their serials together, or a line for each lot. */
static numu_status add_chosen(struct run *run, numu_quantity share, struct numu_text from,
                              struct numu_text to) {
    const struct numu_true_thing *list = things(run);
    size_t count = chosen_count(run);
    struct numu_text none = {NULL, 0};
    if (count == 0) {
        return NUMU_OK;
    }
    if (!list[chosen_at(run, 0)].is_serial) {
        for (size_t i = 0; i < count; i++) {
            const struct numu_true_thing *thing = &list[chosen_at(run, i)];
            numu_quantity has = thing->physical < thing->book ? thing->physical : thing->book;
            NUMU_TRY(add_line(run, thing->item, thing->object, (struct numu_texts){NULL, 0},
                              has < share ? has : share, from, to));
        }
        return NUMU_OK;
    }
    struct numu_text *serials;
    NUMU_TRY(NUMU_TAKE(run->arena, &serials, count));
    for (size_t i = 0; i < count; i++) {
        serials[i] = list[chosen_at(run, i)].object;
    }
    return add_line(run, list[chosen_at(run, 0)].item, none, (struct numu_texts){serials, count},
                    (numu_quantity)count * NUMU_QUANTITY_ONE, from, to);
}

/* Moves what add_chosen told of, in truth. A share of a lot leaves the rest where it is. */
static numu_status move_chosen(struct run *run, numu_quantity share, size_t site,
                               struct numu_text to) {
    for (size_t i = 0; i < chosen_count(run); i++) {
        struct numu_true_thing *thing = &things(run)[chosen_at(run, i)];
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
        NUMU_TRY(put(run, copy.item, copy.object, false, site, to, moved));
    }
    return NUMU_OK;
}

/* --- days --- */

static numu_status new_name(struct run *run, const char *prefix, struct numu_text *out) {
    return numu_text_printf(run->arena, out, "%s%06" PRId64, prefix, ++run->made);
}

static numu_status new_serials(struct run *run, const char *prefix, size_t count,
                               struct numu_texts *out) {
    struct numu_text *list;
    NUMU_TRY(NUMU_TAKE(run->arena, &list, count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(new_name(run, prefix, &list[i]));
    }
    *out = (struct numu_texts){list, count};
    return NUMU_OK;
}

/* Goods come into a site's book by an event that brings them: imported or produced. */
static numu_status bring(struct run *run, size_t site, struct numu_text item, bool has_serials,
                         int64_t units, const char *prefix, const char *from, struct numu_text to) {
    struct numu_texts serials = {NULL, 0};
    struct numu_text lot = {NULL, 0};
    numu_quantity quantity = units * NUMU_QUANTITY_ONE;
    if (has_serials) {
        NUMU_TRY(new_serials(run, prefix, (size_t)units, &serials));
        for (size_t i = 0; i < serials.count; i++) {
            NUMU_TRY(put(run, item, serials.list[i], true, site, to, NUMU_QUANTITY_ONE));
        }
    } else {
        NUMU_TRY(new_name(run, prefix, &lot));
        NUMU_TRY(put(run, item, lot, false, site, to, quantity));
    }
    return add_line(run, item, lot, serials, quantity, numu_text_of(from), to);
}

/* Inputs for a month, in events of a handy size. */
static numu_status import_inputs(struct run *run, const struct numu_simulation_recipe *recipe) {
    struct numu_text to;
    int64_t units = recipe->a_day * MONTH;
    NUMU_TRY(account(run, run->setup->sites[recipe->site].id, "serviceable", &to));
    if (!recipe->input_has_serials) {
        numu_quantity total;
        NUMU_TRY(numu_multiply(units + MONTH, recipe->input_per_output, &total));
        NUMU_TRY(bring(run, recipe->site, recipe->input, false, total / NUMU_QUANTITY_ONE + 1, "IL",
                       "imported", to));
        return tell_as(run, recipe->site, NUMU_EVENT_import, run->setup->keeper,
                       NUMU_OUTCOME_ACKNOWLEDGED);
    }
    while (units > 0) {
        int64_t now = units < SERIALS_OF_EVENT ? units : SERIALS_OF_EVENT;
        NUMU_TRY(bring(run, recipe->site, recipe->input, true, now, "IS", "imported", to));
        NUMU_TRY(tell_as(run, recipe->site, NUMU_EVENT_import, run->setup->keeper,
                         NUMU_OUTCOME_ACKNOWLEDGED));
        units -= now;
    }
    return NUMU_OK;
}

static numu_status produce(struct run *run, const struct numu_simulation_recipe *recipe) {
    struct numu_text store;
    struct numu_text made;
    struct numu_text site = run->setup->sites[recipe->site].id;
    numu_quantity share = recipe->input_per_output * recipe->a_day;
    NUMU_TRY(account(run, site, "serviceable", &store));
    NUMU_TRY(account(run, site, "quarantine", &made));
    NUMU_TRY(choose(run, recipe->site, recipe->input, store,
                    recipe->input_has_serials ? (size_t)recipe->a_day : 1));
    if (chosen_count(run) == 0) {
        return NUMU_OK; /* no inputs today */
    }
    int64_t units = recipe->input_has_serials ? (int64_t)chosen_count(run) : recipe->a_day;
    NUMU_TRY(add_chosen(run, share, store, NUMU_TEXT("consumed")));
    NUMU_TRY(move_chosen(run, share, recipe->site, NUMU_TEXT("consumed")));
    NUMU_TRY(bring(run, recipe->site, recipe->output, recipe->output_has_serials, units,
                   recipe->output_has_serials ? "S" : "L", "produced", made));
    return tell_as(run, recipe->site, NUMU_EVENT_produce, run->setup->keeper,
                   NUMU_OUTCOME_ACKNOWLEDGED);
}

/* What was made is judged: most is released, by two people; some is not. */
static numu_status inspect(struct run *run, const struct numu_simulation_recipe *recipe) {
    struct numu_text made;
    struct numu_text good;
    struct numu_text bad;
    struct numu_text site = run->setup->sites[recipe->site].id;
    NUMU_TRY(account(run, site, "quarantine", &made));
    NUMU_TRY(account(run, site, "serviceable", &good));
    NUMU_TRY(account(run, site, "unserviceable", &bad));
    NUMU_TRY(choose(run, recipe->site, recipe->output, made, SERIALS_OF_EVENT));
    if (chosen_count(run) == 0) {
        return NUMU_OK;
    }
    if (numu_random_below(&run->random, 100) < SCRAP_PERCENT) {
        run->chosen.length = sizeof(size_t); /* one of them fails */
        NUMU_TRY(add_chosen(run, INT64_MAX, made, bad));
        NUMU_TRY(move_chosen(run, INT64_MAX, recipe->site, bad));
        return tell_as(run, recipe->site, NUMU_EVENT_inspect, run->setup->judge,
                       NUMU_OUTCOME_ACKNOWLEDGED);
    }
    if (chance(run, UNRELEASED_PER_MILLE)) { /* somebody takes it before it is released */
        const struct numu_simulation_site *place = &run->setup->sites[recipe->site];
        if (place->unit_count > 0) {
            struct numu_text unit;
            struct numu_true_thing first = things(run)[chosen_at(run, 0)];
            NUMU_TRY(account(run, place->units[0], "serviceable", &unit));
            NUMU_TRY(add_chosen(run, INT64_MAX, made, unit));
            NUMU_TRY(tell_as(run, recipe->site, NUMU_EVENT_issue, run->setup->keeper,
                             NUMU_OUTCOME_REFUSED));
            numu_buffer_clear(&run->lines);
            NUMU_TRY(plant(run, NUMU_FAULT_UNRELEASED, recipe->site, &first, first.book,
                           NUMU_SIGN_DOOR));
        }
    }
    NUMU_TRY(add_chosen(run, INT64_MAX, made, good));
    NUMU_TRY(
        tell_as(run, recipe->site, NUMU_EVENT_inspect, run->setup->judge, NUMU_OUTCOME_PROPOSED));
    NUMU_TRY(approve(run, recipe->site));
    return move_chosen(run, INT64_MAX, recipe->site, good);
}

/* A depot other than `site`: one with units. */
static size_t choose_depot(struct run *run, size_t site) {
    size_t count = run->setup->site_count;
    size_t at = (size_t)numu_random_below(&run->random, count);
    for (size_t i = 0; i < count; i++) {
        size_t candidate = (at + i) % count;
        if (candidate != site && run->setup->sites[candidate].unit_count > 0) {
            return candidate;
        }
    }
    return site;
}

/* Somebody wants to take back, as an error, what has left: refused, since it is not there. */
static numu_status correct_too_late(struct run *run, size_t site, struct numu_text from) {
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_text id = run->setup->sites[site].id;
    struct numu_event event = {.type = NUMU_EVENT_correct,
                               .by = run->setup->keeper,
                               .reason = NUMU_TEXT("it was never there")};
    if (!chance(run, MOVED_ON_PER_MILLE) || !things(run)[chosen_at(run, 0)].is_serial) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_printf(run->arena, &event.ref, "%.*s:%" PRId64 ":%s", (int)id.length,
                              id.data, run->receipt.sequence,
                              numu_sha256_hex(&run->receipt.leaf, hex)));
    NUMU_TRY(add_chosen(run, INT64_MAX, from, NUMU_TEXT("error")));
    NUMU_TRY(tell(run, site, &event, NUMU_OUTCOME_REFUSED));
    numu_buffer_clear(&run->lines);
    struct numu_true_thing first = things(run)[chosen_at(run, 0)];
    return plant(run, NUMU_FAULT_MOVED_ON, site, &first, 0, NUMU_SIGN_DOOR);
}

static numu_status dispatch(struct run *run, const struct numu_simulation_recipe *recipe) {
    struct numu_text good;
    struct numu_text id = run->setup->sites[recipe->site].id;
    size_t to = choose_depot(run, recipe->site);
    NUMU_TRY(account(run, id, "serviceable", &good));
    NUMU_TRY(choose(run, recipe->site, recipe->output, good, SERIALS_OF_EVENT));
    if (chosen_count(run) == 0 || to == recipe->site) {
        return NUMU_OK;
    }
    struct numu_event event = {.type = NUMU_EVENT_dispatch,
                               .by = run->setup->keeper,
                               .destination = run->setup->sites[to].id};
    struct movement movement = {
        .to = to, .from = recipe->site, .first = run->moving.length / sizeof(size_t)};
    NUMU_TRY(add_chosen(run, INT64_MAX, good, NUMU_TEXT("transit")));
    NUMU_TRY(tell(run, recipe->site, &event, NUMU_OUTCOME_ACKNOWLEDGED));
    NUMU_TRY(numu_text_printf(run->arena, &movement.dispatch, "%.*s:%" PRId64, (int)id.length,
                              id.data, run->receipt.sequence));
    movement.sequence = run->receipt.sequence;
    NUMU_TRY(correct_too_late(run, recipe->site, good));
    movement.count = chosen_count(run);
    movement.arrives = run->day + 1 + (int64_t)numu_random_below(&run->random, ROAD_DAYS_MAX);
    for (size_t i = 0; i < movement.count; i++) { /* lots on the road are things of their own */
        size_t at = chosen_at(run, i);
        struct numu_true_thing copy = things(run)[at];
        if (copy.is_serial) {
            things(run)[at].account = NUMU_TEXT("transit");
        } else {
            numu_quantity moved = copy.physical < copy.book ? copy.physical : copy.book;
            things(run)[at].book -= moved; /* what a thief took stays in the book */
            things(run)[at].physical -= moved;
            copy.book = moved;
            copy.physical = moved;
            copy.account = NUMU_TEXT("transit");
            at = thing_count(run);
            NUMU_TRY(numu_buffer_append(&run->things, &copy, sizeof copy));
        }
        NUMU_TRY(numu_buffer_append(&run->moving, &at, sizeof at));
    }
    return numu_buffer_append(&run->movements, &movement, sizeof movement);
}

/* Whether the book of a site has the event of another already. */
static numu_status knows(const struct run *run, size_t site, size_t other, int64_t sequence,
                         bool *out) {
    struct numu_ledger *ledger = run->setup->sites[site].ledger;
    uint32_t log;
    uint64_t size = 0;
    numu_status status = numu_ledger_log(ledger, run->setup->sites[other].id, &log);
    if (status == NUMU_OK) {
        status = ledger->state.store.port->size(ledger->state.store.self, log, &size);
    }
    *out = size > (uint64_t)sequence;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/*
 * More on paper than came, of a lot: refused where the dispatch is known, else seen later. Not
 * where some of it was lost on the road: what is told may then be no more than was sent.
 */
static numu_status receive_over(struct run *run, const struct movement *movement, bool is_short,
                                struct numu_event *event, numu_quantity *out_extra) {
    bool is_known;
    numu_quantity extra = INT64_C(10) * NUMU_QUANTITY_ONE;
    struct numu_true_thing first = things(run)[chosen_at(run, 0)];
    *out_extra = 0;
    if (first.is_serial || !chance(run, OVER_PER_MILLE) || is_short) {
        return NUMU_OK;
    }
    NUMU_TRY(knows(run, movement->to, movement->from, movement->sequence, &is_known));
    struct numu_event_line *lines = (void *)run->lines.data;
    lines[0].quantity += extra;
    if (!is_known) {
        *out_extra = extra;
        return NUMU_OK;
    }
    NUMU_TRY(tell(run, movement->to, event, NUMU_OUTCOME_REFUSED));
    lines[0].quantity -= extra; /* and once more, as it is */
    return plant(run, NUMU_FAULT_OVER, movement->to, &first, extra, NUMU_SIGN_DOOR);
}

/* The O for a 0 in a serial: nobody made such a thing. The true one lies there, unknown. */
static numu_status mistype(struct run *run, const struct movement *movement, size_t *out_at,
                           struct numu_text *out_wrong) {
    size_t at = chosen_at(run, chosen_count(run) - 1);
    struct numu_true_thing *thing = &things(run)[at];
    bool is_known;
    *out_at = SIZE_MAX;
    if (!thing->is_serial || !chance(run, MISTYPED_PER_MILLE)) {
        return NUMU_OK;
    }
    NUMU_TRY(knows(run, movement->to, movement->from, movement->sequence, &is_known));
    if (is_known) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_printf(run->arena, out_wrong, "O%.*s", (int)thing->object.length,
                              thing->object.data));
    struct numu_event_line *line = (void *)run->lines.data;
    struct numu_text *serials;
    NUMU_TRY(NUMU_TAKE(run->arena, &serials, line->serials.count));
    memcpy(serials, line->serials.list, line->serials.count * sizeof *serials);
    serials[line->serials.count - 1] = *out_wrong;
    line->serials.list = serials;
    *out_at = at;
    return NUMU_OK;
}

/* What a receipt of a movement changed in truth, and what was wrong with it. */
static numu_status settle_receipt(struct run *run, const struct movement *movement,
                                  struct numu_text to, numu_quantity extra, size_t mistyped,
                                  struct numu_text wrong) {
    struct numu_true_thing first = things(run)[chosen_at(run, 0)];
    NUMU_TRY(move_chosen(run, INT64_MAX, movement->to, to));
    if (extra > 0) {
        NUMU_TRY(put_both(run, first.item, first.object, false, movement->to, to, extra, 0));
        NUMU_TRY(plant(run, NUMU_FAULT_OVER, movement->to, &first, extra, NUMU_SIGN_NONE));
        last_fault(run)->dispatch = movement->dispatch;
    }
    if (mistyped != SIZE_MAX) {
        struct numu_true_thing *thing = &things(run)[mistyped];
        thing->book = 0; /* it is there, and the book does not say so */
        struct numu_true_thing copy = *thing;
        NUMU_TRY(put_both(run, copy.item, wrong, true, movement->to, to, NUMU_QUANTITY_ONE, 0));
        NUMU_TRY(plant(run, NUMU_FAULT_MISTYPED, movement->to, &copy, NUMU_QUANTITY_ONE,
                       NUMU_SIGN_NONE));
    }
    return NUMU_OK;
}

/* Things of a movement that came; a serial or part of a lot may be missing. */
static numu_status choose_arrived(struct run *run, const struct movement *movement, bool is_own,
                                  bool *out_is_short) {
    const size_t *moving = (const size_t *)(const void *)run->moving.data + movement->first;
    bool has_serials = things(run)[moving[0]].is_serial;
    bool is_short = is_own && chance(run, SHORT_PER_MILLE);
    *out_is_short = is_short;
    numu_buffer_clear(&run->chosen);
    for (size_t i = 0; i < movement->count; i++) {
        struct numu_true_thing *thing = &things(run)[moving[i]];
        bool is_lost = is_short && i == 0;
        if (is_lost) {
            numu_quantity gone = thing->is_serial ? NUMU_QUANTITY_ONE : thing->physical / 10;
            thing->physical -= gone;
            NUMU_TRY(plant(run, NUMU_FAULT_SHORT, movement->to, thing, gone, NUMU_SIGN_NONE));
            last_fault(run)->dispatch = movement->dispatch;
        }
        if (!is_lost || !has_serials) {
            NUMU_TRY(numu_buffer_append(&run->chosen, &moving[i], sizeof moving[i]));
        }
    }
    return NUMU_OK;
}

/* A movement arrives, and is received under the name of a dispatch: its own, usually. */
static numu_status receive(struct run *run, const struct movement *movement,
                           struct numu_text dispatch) {
    struct numu_text to;
    struct numu_text wrong = {NULL, 0};
    numu_quantity extra = 0;
    size_t mistyped = SIZE_MAX;
    bool is_short;
    bool is_own = numu_text_is_equal(dispatch, movement->dispatch);
    struct numu_event event = {
        .type = NUMU_EVENT_receive, .by = run->setup->keeper, .dispatch = dispatch};
    NUMU_TRY(account(run, run->setup->sites[movement->to].id, "serviceable", &to));
    NUMU_TRY(choose_arrived(run, movement, is_own, &is_short));
    if (chosen_count(run) == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(add_chosen(run, INT64_MAX, NUMU_TEXT("transit"), to));
    struct numu_event_line *lines = (void *)run->lines.data;
    for (size_t i = 0; i < run->lines.length / sizeof *lines; i++) {
        lines[i].line = (int64_t)i; /* the dispatch had one line, or one a lot in this order */
    }
    if (is_own) { /* one lie at a time, so that each is seen by itself */
        NUMU_TRY(receive_over(run, movement, is_short, &event, &extra));
        NUMU_TRY(mistype(run, movement, &mistyped, &wrong));
    }
    NUMU_TRY(tell(run, movement->to, &event, NUMU_OUTCOME_ACKNOWLEDGED));
    if (!is_own) {
        struct numu_true_thing first = things(run)[chosen_at(run, 0)];
        NUMU_TRY(plant(run, NUMU_FAULT_SWAPPED, movement->to, &first, 0, NUMU_SIGN_NONE));
    }
    return settle_receipt(run, movement, to, extra, mistyped, wrong);
}

/* Another movement from the same site to the same, still on the road, that comes along; or NULL. */
static struct movement *companion(struct run *run, const struct movement *movement) {
    struct movement *list = (void *)run->movements.data;
    for (size_t i = 0; i < run->movements.length / sizeof *list; i++) {
        if (list[i].to == movement->to && list[i].from == movement->from &&
            list[i].arrives > run->day) {
            return &list[i];
        }
    }
    return NULL;
}

static numu_status receive_swapped(struct run *run, struct movement *first, bool *out_done) {
    bool is_known = true;
    struct movement *second = companion(run, first);
    *out_done = false;
    if (second == NULL || !chance(run, SWAPPED_PER_MILLE)) {
        return NUMU_OK;
    }
    /* The older of the two: where it is not known, neither is. */
    int64_t older = first->sequence < second->sequence ? first->sequence : second->sequence;
    NUMU_TRY(knows(run, first->to, first->from, older, &is_known));
    if (is_known) {
        return NUMU_OK;
    }
    second->arrives = run->day - 1; /* received now */
    struct movement one = *first;
    struct movement two = *second;
    NUMU_TRY(receive(run, &one, two.dispatch));
    *out_done = true;
    return receive(run, &two, one.dispatch);
}

static numu_status receive_all(struct run *run) {
    size_t count = run->movements.length / sizeof(struct movement);
    for (size_t i = 0; i < count; i++) {
        struct movement movement = ((const struct movement *)(const void *)run->movements.data)[i];
        if (movement.arrives == run->day) {
            bool is_done;
            NUMU_TRY(receive_swapped(run, &movement, &is_done));
            if (!is_done) {
                NUMU_TRY(receive(run, &movement, movement.dispatch));
            }
        }
    }
    return NUMU_OK;
}

/* From a depot to one of its units, and used up there where it is no weapon with a number. */
static numu_status issue(struct run *run, size_t site,
                         const struct numu_simulation_recipe *recipe) {
    const struct numu_simulation_site *place = &run->setup->sites[site];
    struct numu_text good;
    struct numu_text unit;
    numu_quantity share = recipe->a_day * NUMU_QUANTITY_ONE;
    if (place->unit_count == 0) {
        return NUMU_OK;
    }
    size_t which = (size_t)numu_random_below(&run->random, place->unit_count);
    NUMU_TRY(account(run, place->id, "serviceable", &good));
    NUMU_TRY(account(run, place->units[which], "serviceable", &unit));
    NUMU_TRY(choose(run, site, recipe->output, good, 5));
    if (chosen_count(run) == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(add_chosen(run, share, good, unit));
    NUMU_TRY(tell_as(run, site, NUMU_EVENT_issue, run->setup->keeper, NUMU_OUTCOME_ACKNOWLEDGED));
    NUMU_TRY(move_chosen(run, share, site, unit));
    if (recipe->output_has_serials) {
        return NUMU_OK;
    }
    NUMU_TRY(choose(run, site, recipe->output, unit, 2));
    NUMU_TRY(add_chosen(run, share / 2, unit, NUMU_TEXT("consumed")));
    NUMU_TRY(tell_as(run, site, NUMU_EVENT_consume, run->setup->keeper, NUMU_OUTCOME_ACKNOWLEDGED));
    if (chance(run, TRAINING_PER_MILLE)) { /* half of it was sold */
        struct numu_true_thing used = things(run)[chosen_at(run, 0)];
        NUMU_TRY(plant(run, NUMU_FAULT_TRAINING, site, &used, share / 4, NUMU_SIGN_NONE));
    }
    return move_chosen(run, share / 2, site, NUMU_TEXT("consumed"));
}

static numu_status steal(struct run *run, size_t site) {
    struct numu_text good;
    size_t recipe = (size_t)numu_random_below(&run->random, run->setup->recipe_count);
    NUMU_TRY(account(run, run->setup->sites[site].id, "serviceable", &good));
    NUMU_TRY(choose(run, site, run->setup->recipes[recipe].output, good, 1));
    if (chosen_count(run) == 0) {
        return NUMU_OK;
    }
    struct numu_true_thing *thing = &things(run)[chosen_at(run, 0)];
    numu_quantity taken = thing->is_serial ? NUMU_QUANTITY_ONE : thing->physical / 20;
    if (taken == 0) {
        return NUMU_OK;
    }
    thing->physical -= taken;
    run->receipt.sequence = -1;
    return plant(run, NUMU_FAULT_THEFT, site, thing, taken, NUMU_SIGN_NONE);
}

/* Two people write off as destroyed what they sold: the books are as they would be had it been. */
static numu_status collude(struct run *run, size_t site) {
    struct numu_text good;
    const struct numu_text *witness = &run->setup->judge;
    size_t recipe = (size_t)numu_random_below(&run->random, run->setup->recipe_count);
    struct numu_event event = {.type = NUMU_EVENT_destroy,
                               .by = run->setup->keeper,
                               .method = NUMU_TEXT("burnt"),
                               .witnesses = {witness, 1}};
    NUMU_TRY(account(run, run->setup->sites[site].id, "serviceable", &good));
    NUMU_TRY(choose(run, site, run->setup->recipes[recipe].output, good, 1));
    if (chosen_count(run) == 0) {
        return NUMU_OK;
    }
    struct numu_true_thing sold = things(run)[chosen_at(run, 0)];
    numu_quantity share = sold.is_serial ? INT64_MAX : NUMU_QUANTITY_ONE;
    NUMU_TRY(add_chosen(run, share, good, NUMU_TEXT("destroyed")));
    NUMU_TRY(tell(run, site, &event, NUMU_OUTCOME_PROPOSED));
    NUMU_TRY(plant(run, NUMU_FAULT_COLLUSION, site, &sold, NUMU_QUANTITY_ONE, NUMU_SIGN_NONE));
    NUMU_TRY(approve(run, site));
    NUMU_TRY(choose(run, site, run->setup->recipes[recipe].output, good, 1));
    return move_chosen(run, share, site, NUMU_TEXT("destroyed"));
}

/* --- people whose roles end --- */

/* The helper puts something from a place where it is to the same: an act of no weight. */
static numu_status help(struct run *run, size_t site, numu_outcome expected) {
    struct numu_text good;
    struct numu_text bad;
    struct numu_event event = {.type = NUMU_EVENT_import, .by = run->setup->helper};
    const struct numu_simulation_recipe *recipe = &run->setup->recipes[0];
    NUMU_TRY(account(run, run->setup->sites[site].id, "serviceable", &good));
    NUMU_TRY(account(run, run->setup->sites[site].id, "suspended", &bad));
    numu_buffer_clear(&run->lines);
    if (expected == NUMU_OUTCOME_ACKNOWLEDGED) {
        NUMU_TRY(
            bring(run, site, recipe->input, recipe->input_has_serials, 1, "H", "imported", bad));
        return tell(run, site, &event, expected);
    }
    struct numu_text name; /* refused: nothing comes of it */
    NUMU_TRY(new_name(run, "H", &name));
    struct numu_text *list;
    NUMU_TRY(NUMU_TAKE(run->arena, &list, 1));
    list[0] = name;
    NUMU_TRY(add_line(run, recipe->input,
                      recipe->input_has_serials ? (struct numu_text){NULL, 0} : name,
                      (struct numu_texts){list, recipe->input_has_serials ? 1 : 0},
                      NUMU_QUANTITY_ONE, NUMU_TEXT("imported"), bad));
    return tell(run, site, &event, expected);
}

/* A site hears that the helper's roles ended days ago: a register, which takes two people. */
static numu_status hear(struct run *run, size_t site) {
    struct numu_event event;
    struct numu_event_error error;
    struct numu_text draft;
    struct numu_text by = run->setup->registrar;
    struct numu_text helper = run->setup->helper;
    NUMU_TRY(numu_text_printf(
        run->arena, &draft,
        "{\"type\":\"register\",\"by\":\"%.*s\",\"key\":\"k\",\"time\":"
        "\"2000-01-01T00:00:00Z\",\"register\":{\"people\":[{\"id\":\"%.*s\",\"roles\":\"\"}]}}",
        (int)by.length, by.data, (int)helper.length, helper.data));
    NUMU_TRY(numu_event_read_draft(run->arena, draft, &event, &error));
    numu_buffer_clear(&run->lines);
    run->fact_shift = (run->day - REVOKED_DAY) * DAY_SECONDS;
    NUMU_TRY(tell(run, site, &event, NUMU_OUTCOME_PROPOSED));
    return approve(run, site);
}

static numu_status end_roles(struct run *run, size_t site) {
    if (run->setup->helper.length == 0) {
        return NUMU_OK;
    }
    if (run->day == REVOKED_DAY + 1 + (int64_t)site % 5) {
        NUMU_TRY(help(run, site, NUMU_OUTCOME_ACKNOWLEDGED));
        return plant(run, NUMU_FAULT_REVOKED, site, NULL, 0, NUMU_SIGN_NONE);
    }
    if (run->day == INT64_C(2) * MONTH) {
        NUMU_TRY(hear(run, site));
        NUMU_TRY(help(run, site, NUMU_OUTCOME_REFUSED));
        numu_buffer_clear(&run->lines);
        return plant(run, NUMU_FAULT_DISMISSED, site, NULL, 0, NUMU_SIGN_DOOR);
    }
    return NUMU_OK;
}

/* --- counts --- */

/* A count shows what is wrong with a thing: by theft, or by a receipt. */
static void show_by_count(struct run *run, size_t site, const struct numu_true_thing *thing) {
    struct numu_planted_fault *faults = (void *)run->faults.data;
    for (size_t i = 0; i < run->faults.length / sizeof *faults; i++) {
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
static numu_status settle(struct run *run, size_t site, struct numu_text item,
                          struct numu_text account_text) {
    for (size_t i = 0; i < thing_count(run); i++) {
        struct numu_true_thing *thing = &things(run)[i];
        if (thing->site != site || thing->physical == thing->book ||
            !numu_text_is_equal(thing->item, item) ||
            !numu_text_is_equal(thing->account, account_text)) {
            continue;
        }
        show_by_count(run, site, thing);
        numu_quantity lost = thing->book - thing->physical;
        struct numu_true_thing copy = *thing;
        thing->book = thing->physical;
        if (thing->is_serial && lost > 0) {
            thing->account = NUMU_TEXT("unaccounted");
            thing->book = NUMU_QUANTITY_ONE;
        } else if (!thing->is_serial) {
            NUMU_TRY(put_both(run, copy.item, copy.object, false, site, NUMU_TEXT("unaccounted"),
                              lost, 0));
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
static numu_status add_seen(struct run *run, size_t site,
                            const struct numu_simulation_recipe *recipe,
                            struct numu_text account_text, bool *out_differs) {
    const struct numu_true_thing *list = things(run);
    struct numu_buffer serials;
    struct numu_text none = {NULL, 0};
    bool has_any = false;
    numu_buffer_init(&serials, run->context->heap, 0);
    numu_status status = NUMU_OK;
    for (size_t i = 0; i < thing_count(run) && status == NUMU_OK; i++) {
        if (!is_seen(&list[i], site, recipe->output, account_text)) {
            continue;
        }
        has_any = true;
        *out_differs = *out_differs || list[i].physical != list[i].book;
        if (!list[i].is_serial) {
            status = add_line(run, list[i].item, list[i].object, (struct numu_texts){NULL, 0},
                              list[i].physical, none, account_text);
        } else if (list[i].physical > 0) {
            status = numu_buffer_append(&serials, &list[i].object, sizeof list[i].object);
        }
    }
    size_t count = serials.length / sizeof(struct numu_text);
    struct numu_text *copy;
    if (status == NUMU_OK && has_any && recipe->output_has_serials) {
        status = NUMU_TAKE(run->arena, &copy, count);
        if (status == NUMU_OK) {
            if (count > 0) {
                memcpy(copy, serials.data, serials.length);
            }
            status = add_line(run, recipe->output, none, (struct numu_texts){copy, count},
                              (numu_quantity)count * NUMU_QUANTITY_ONE, none, account_text);
        }
    }
    numu_buffer_release(&serials);
    return status;
}

enum { LINES_OF_COUNT = 400 };

/* Counted against a book of yesterday, from which goods have moved since: refused, and redone. */
static numu_status count_while_moving(struct run *run, size_t site, struct numu_event *event) {
    int64_t against = event->against;
    const struct numu_event_line *line = (const void *)run->lines.data;
    if (!chance(run, COUNT_PER_MILLE)) {
        return NUMU_OK;
    }
    struct numu_true_thing thing = {.item = line->item, .object = line->lot};
    event->against = 1;
    NUMU_TRY(tell(run, site, event, NUMU_OUTCOME_REFUSED));
    event->against = against;
    return plant(run, NUMU_FAULT_COUNT_MOVED, site, &thing, 0, NUMU_SIGN_DOOR);
}

static numu_status count_item(struct run *run, size_t site,
                              const struct numu_simulation_recipe *recipe) {
    struct numu_text good;
    char hex[NUMU_SHA256_HEX_BYTES];
    bool differs = false;
    struct numu_text id = run->setup->sites[site].id;
    struct numu_event event = {.type = NUMU_EVENT_count,
                               .by = run->setup->keeper,
                               .second = run->setup->judge,
                               .against = (int64_t)run->setup->sites[site].ledger->head.size};
    NUMU_TRY(account(run, id, "serviceable", &good));
    NUMU_TRY(add_seen(run, site, recipe, good, &differs));
    size_t lines = run->lines.length / sizeof(struct numu_event_line);
    if (lines == 0 || lines > LINES_OF_COUNT) {
        numu_buffer_clear(&run->lines);
        return NUMU_OK;
    }
    NUMU_TRY(count_while_moving(run, site, &event));
    NUMU_TRY(tell(run, site, &event, NUMU_OUTCOME_ACKNOWLEDGED));
    if (!differs) {
        return NUMU_OK;
    }
    struct numu_event close = {.type = NUMU_EVENT_close, .by = run->setup->keeper};
    NUMU_TRY(numu_text_printf(run->arena, &close.ref, "%.*s:%" PRId64 ":%s", (int)id.length,
                              id.data, run->receipt.sequence,
                              numu_sha256_hex(&run->receipt.leaf, hex)));
    NUMU_TRY(tell(run, site, &close, NUMU_OUTCOME_PROPOSED));
    NUMU_TRY(approve(run, site));
    return settle(run, site, recipe->output, good);
}

/* --- exchange --- */

/* What a site has not seen of another's log goes to it, and arrives. */
static numu_status send(struct run *run, size_t from, size_t to) {
    const struct numu_simulation_site *site = &run->setup->sites[from];
    struct numu_ledger *other = run->setup->sites[to].ledger;
    struct numu_buffer bytes;
    struct numu_bundle_result result = {.outcome = NUMU_BUNDLE_KNOWN};
    uint32_t log;
    uint64_t size = 0;
    numu_status status = numu_ledger_log(other, site->id, &log);
    if (status == NUMU_OK) {
        status = other->state.store.port->size(other->state.store.self, log, &size);
    }
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    numu_buffer_init(&bytes, run->context->heap, 0);
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

static numu_status sign_all(struct run *run) {
    for (size_t i = 0; i < run->setup->site_count; i++) {
        const struct numu_simulation_site *site = &run->setup->sites[i];
        NUMU_TRY(numu_ledger_begin(site->ledger));
        NUMU_TRY(numu_ledger_sign_head(site->ledger, site->signer, NULL));
        NUMU_TRY(numu_ledger_commit(site->ledger));
    }
    return NUMU_OK;
}

/* Every book learns the other logs; a memory stick may be lost, but for the last ones. */
static numu_status exchange(struct run *run, bool is_last) {
    size_t count = run->setup->site_count;
    NUMU_TRY(sign_all(run));
    for (size_t from = 0; from < count; from++) {
        for (size_t to = 0; to < count; to++) {
            if (from == to) {
                continue;
            }
            if (!is_last && chance(run, STICK_PER_MILLE)) {
                run->receipt.sequence = -1;
                NUMU_TRY(plant(run, NUMU_FAULT_STICK, from, NULL, 0, NUMU_SIGN_NONE));
                continue;
            }
            NUMU_TRY(send(run, from, to));
        }
    }
    return NUMU_OK;
}

/* --- an old copy, taken for the book --- */

static numu_status back_up(struct run *run) {
    run->backup_site = (size_t)numu_random_below(&run->random, run->setup->site_count);
    NUMU_TRY(numu_ledger_copy(run->setup->sites[run->backup_site].ledger, &run->backup));
    run->has_backup = true;
    return NUMU_OK;
}

/* Something happens in it that did not in the book. */
static numu_status write_in_backup(struct run *run) {
    struct numu_text good;
    struct numu_report report;
    struct numu_event event = {.type = NUMU_EVENT_import, .by = run->setup->keeper};
    const struct numu_simulation_recipe *recipe = &run->setup->recipes[0];
    const struct numu_simulation_site *site = &run->setup->sites[run->backup_site];
    struct numu_text *name;
    NUMU_TRY(NUMU_TAKE(run->arena, &name, 1));
    NUMU_TRY(new_name(run, "B", name));
    NUMU_TRY(account(run, site->id, "serviceable", &good));
    numu_buffer_clear(&run->lines);
    NUMU_TRY(add_line(run, recipe->input,
                      recipe->input_has_serials ? (struct numu_text){NULL, 0} : *name,
                      (struct numu_texts){name, recipe->input_has_serials ? 1 : 0},
                      NUMU_QUANTITY_ONE, NUMU_TEXT("imported"), good));
    NUMU_TRY(date_event(run, run->backup_site, &event));
    struct numu_entry_request request = {
        .event = event, .now = event.time + 60, .place = NUMU_NOWHERE};
    numu_report_init(&report, run->context->heap, 0);
    numu_status status = numu_ledger_begin(&run->backup);
    if (status == NUMU_OK) {
        status = numu_ledger_record(&run->backup, &request, &report, &run->receipt);
    }
    if (status == NUMU_OK) {
        status = numu_ledger_sign_head(&run->backup, site->signer, NULL);
    }
    numu_report_release(&report);
    NUMU_TRY(status);
    NUMU_TRY(numu_ledger_commit(&run->backup));
    numu_buffer_clear(&run->lines);
    return run->receipt.outcome == NUMU_OUTCOME_ACKNOWLEDGED ? NUMU_OK : NUMU_BUG;
}

/* Its bundle comes to another site, which has seen more: two histories. */
static numu_status restore(struct run *run) {
    const struct numu_simulation_site *site = &run->setup->sites[run->backup_site];
    size_t to = (run->backup_site + 1) % run->setup->site_count;
    struct numu_buffer bytes;
    struct numu_bundle_result result = {.outcome = NUMU_BUNDLE_KNOWN};
    NUMU_TRY(write_in_backup(run));
    numu_buffer_init(&bytes, run->context->heap, 0);
    numu_status status = numu_bundle_write(&run->backup, site->id, 0, &bytes);
    struct numu_text rest = {bytes.data, bytes.length};
    if (status == NUMU_OK) {
        status = numu_bundle_accept(run->setup->sites[to].ledger, &rest, &site->signer->public_key,
                                    &result);
    }
    numu_buffer_release(&bytes);
    NUMU_TRY(status);
    return plant(run, NUMU_FAULT_BACKUP, run->backup_site, NULL, 0,
                 result.outcome == NUMU_BUNDLE_FORKED ? NUMU_SIGN_FORK : NUMU_SIGN_NONE);
}

/* --- what the books show at the end --- */

static bool is_doubtful(const struct numu_planted_fault *fault, numu_doubt_kind kind) {
    switch (fault->kind) {
    case NUMU_FAULT_LATE:
    case NUMU_FAULT_BACKDATED:
        return kind == NUMU_DOUBT_LATE;
    case NUMU_FAULT_CLOCK:
        return kind == NUMU_DOUBT_CLOCK;
    case NUMU_FAULT_SWAPPED:
    case NUMU_FAULT_MISTYPED:
        return kind == NUMU_DOUBT_STRAY;
    case NUMU_FAULT_REVOKED:
        return kind == NUMU_DOUBT_REVOKED;
    default:
        return false;
    }
}

/* Doubts of one book, which by now has all logs, against the faults. */
static numu_status show_doubts(struct run *run) {
    struct numu_doubt *doubts;
    size_t count;
    struct numu_planted_fault *faults = (void *)run->faults.data;
    NUMU_TRY(numu_doubts_list(run->setup->sites[0].ledger, run->arena, &doubts, &count));
    for (size_t i = 0; i < count; i++) {
        bool is_true = doubts[i].type == NUMU_EVENT_register; /* a site heard late, which is so */
        for (size_t j = 0; j < run->faults.length / sizeof *faults; j++) {
            struct numu_planted_fault *fault = &faults[j];
            if (fault->sequence == doubts[i].sequence && is_doubtful(fault, doubts[i].kind) &&
                numu_text_is_equal(run->setup->sites[fault->site].id, doubts[i].site)) {
                is_true = true;
                fault->sign = fault->sign == NUMU_SIGN_NONE ? NUMU_SIGN_DOUBT : fault->sign;
            }
        }
        run->false_doubts += !is_true;
    }
    return NUMU_OK;
}

/* Movements that are not done, or more than done. */
static numu_status show_movements(struct run *run) {
    struct numu_transit *transits;
    size_t count;
    struct numu_planted_fault *faults = (void *)run->faults.data;
    NUMU_TRY(
        numu_transits_list(&run->setup->sites[0].ledger->state, run->arena, &transits, &count));
    for (size_t j = 0; j < run->faults.length / sizeof *faults; j++) {
        for (size_t i = 0; i < count; i++) {
            if (faults[j].dispatch.length > 0 && faults[j].sign == NUMU_SIGN_NONE &&
                transits[i].state != NUMU_MOVEMENT_DONE &&
                numu_text_is_equal(faults[j].dispatch, transits[i].dispatch)) {
                faults[j].sign = NUMU_SIGN_MOVEMENT;
            }
        }
    }
    return NUMU_OK;
}

/* What was on a stick that was lost came with a later one. */
static numu_status show_sticks(struct run *run) {
    struct numu_planted_fault *faults = (void *)run->faults.data;
    for (size_t j = 0; j < run->faults.length / sizeof *faults; j++) {
        bool is_there = faults[j].kind == NUMU_FAULT_STICK;
        for (size_t to = 0; to < run->setup->site_count && is_there; to++) {
            const struct numu_ledger *from = run->setup->sites[faults[j].site].ledger;
            if (to != faults[j].site) {
                NUMU_TRY(knows(run, to, faults[j].site, (int64_t)from->head.size - 1, &is_there));
            }
        }
        faults[j].sign = is_there ? NUMU_SIGN_NEXT : faults[j].sign;
    }
    return NUMU_OK;
}

static numu_status show_faults(struct run *run) {
    NUMU_TRY(show_doubts(run));
    NUMU_TRY(show_movements(run));
    return show_sticks(run);
}

/* --- the run --- */

static numu_status run_day(struct run *run) {
    const struct numu_simulation *setup = run->setup;
    for (size_t i = 0; i < setup->recipe_count; i++) {
        const struct numu_simulation_recipe *recipe = &setup->recipes[i];
        if (run->day % MONTH == 0) {
            NUMU_TRY(import_inputs(run, recipe));
        }
        NUMU_TRY(inspect(run, recipe));
        NUMU_TRY(produce(run, recipe));
        if (run->day % WEEK == (int64_t)(i % WEEK)) {
            NUMU_TRY(dispatch(run, recipe));
        }
    }
    NUMU_TRY(receive_all(run));
    for (size_t site = 0; site < setup->site_count; site++) {
        for (size_t i = 0; i < setup->recipe_count; i++) {
            if ((run->day + (int64_t)site) % WEEK == 3) {
                NUMU_TRY(issue(run, site, &setup->recipes[i]));
            }
            if (run->day % MONTH == MONTH - 1) {
                NUMU_TRY(count_item(run, site, &setup->recipes[i]));
            }
        }
        if (chance(run, THEFT_PER_MILLE)) {
            NUMU_TRY(steal(run, site));
        }
        if (chance(run, COLLUSION_PER_MILLE)) {
            NUMU_TRY(collude(run, site));
        }
        NUMU_TRY(end_roles(run, site));
    }
    return NUMU_OK;
}

static numu_status run_day_committed(struct run *run) {
    size_t begun = 0;
    numu_status status = NUMU_OK;
    for (; begun < run->setup->site_count && status == NUMU_OK; begun++) {
        status = numu_ledger_begin(run->setup->sites[begun].ledger);
    }
    if (status == NUMU_OK) {
        status = run_day(run);
    }
    for (size_t site = 0; site < run->setup->site_count; site++) {
        struct numu_ledger *ledger = run->setup->sites[site].ledger;
        if (ledger->is_open && status == NUMU_OK) {
            status = numu_ledger_commit(ledger);
        } else {
            numu_ledger_rollback(ledger);
        }
    }
    return status;
}

static numu_status run_all(struct run *run) {
    for (run->day = 0; run->day < run->setup->days; run->day++) {
        if (numu_context_is_stopped(run->context)) {
            return NUMU_STOPPED;
        }
        numu_context_progress(run->context, "simulate",
                              (double)run->day / (double)run->setup->days);
        run->second = 0;
        NUMU_TRY(run_day_committed(run));
        if (run->day % MONTH == MONTH - 1) {
            NUMU_TRY(exchange(run, false));
        }
        if (run->day == run->setup->days / 3) {
            NUMU_TRY(back_up(run));
        }
    }
    run->day = run->setup->days - 1;
    NUMU_TRY(exchange(run, true));
    NUMU_TRY(show_faults(run));
    return run->has_backup ? restore(run) : NUMU_OK;
}

static numu_status keep(struct run *run, struct numu_simulation_result *out) {
    *out = (struct numu_simulation_result){.thing_count = thing_count(run),
                                           .fault_count = run->faults.length / sizeof *out->faults,
                                           .events = run->events,
                                           .refused = run->refused,
                                           .repeated = run->repeated,
                                           .false_doubts = run->false_doubts};
    NUMU_TRY(NUMU_TAKE(run->arena, &out->things, out->thing_count));
    NUMU_TRY(NUMU_TAKE(run->arena, &out->faults, out->fault_count));
    if (out->thing_count > 0) {
        memcpy(out->things, run->things.data, run->things.length);
    }
    if (out->fault_count > 0) {
        memcpy(out->faults, run->faults.data, run->faults.length);
    }
    return NUMU_OK;
}

numu_status numu_simulation_run(const struct numu_context *context,
                                const struct numu_simulation *simulation, struct numu_arena *arena,
                                struct numu_simulation_result *out) {
    struct run run = {.context = context, .setup = simulation, .arena = arena};
    struct numu_buffer *buffers[] = {&run.things, &run.faults, &run.movements,
                                     &run.moving, &run.lines,  &run.chosen};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        numu_buffer_init(buffers[i], context->heap, 0);
    }
    numu_random_init(&run.random, context->seed, 0);
    numu_status status = run_all(&run);
    if (status == NUMU_OK) {
        status = keep(&run, out);
    }
    if (run.has_backup) {
        (void)numu_ledger_close(&run.backup);
    }
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        numu_buffer_release(buffers[i]);
    }
    return status;
}

/* --- the oracle --- */

static numu_status sum_truth(const struct numu_simulation *simulation,
                             const struct numu_simulation_result *result, struct numu_arena *arena,
                             struct numu_dictionary *out) {
    numu_dictionary_init(out, arena);
    for (size_t i = 0; i < result->thing_count; i++) {
        const struct numu_true_thing *thing = &result->things[i];
        struct numu_text site = simulation->sites[thing->site].id;
        struct numu_text key;
        struct numu_text sum;
        if (memchr(thing->account.data, '/', thing->account.length) == NULL || thing->book == 0) {
            continue;
        }
        NUMU_TRY(numu_text_printf(arena, &key, "%.*s\t%.*s\t%.*s\t%.*s", (int)site.length,
                                  site.data, (int)thing->account.length, thing->account.data,
                                  (int)thing->item.length, thing->item.data,
                                  thing->is_serial ? 0 : (int)thing->object.length,
                                  thing->is_serial ? "" : thing->object.data));
        const struct numu_entry *before = numu_dictionary_find(out, key);
        int64_t total = thing->book + (before == NULL ? 0 : numu_field_number(before->value));
        NUMU_TRY(numu_text_printf(arena, &sum, "%" PRId64, total));
        NUMU_TRY(numu_dictionary_put(out, key, sum, NULL));
    }
    return NUMU_OK;
}

numu_status numu_simulation_check(const struct numu_simulation *simulation,
                                  const struct numu_simulation_result *result,
                                  struct numu_arena *arena) {
    struct numu_dictionary truth;
    size_t matched = 0;
    NUMU_TRY(sum_truth(simulation, result, arena, &truth));
    for (size_t site = 0; site < simulation->site_count; site++) {
        struct numu_balance_filter filter = {.site = simulation->sites[site].id};
        struct numu_balance *rows;
        size_t count;
        NUMU_TRY(numu_balances_list(&simulation->sites[site].ledger->state, arena, &filter, &rows,
                                    &count));
        for (size_t i = 0; i < count; i++) {
            struct numu_text key;
            NUMU_TRY(numu_text_printf(
                arena, &key, "%.*s\t%.*s\t%.*s\t%.*s", (int)rows[i].site.length, rows[i].site.data,
                (int)rows[i].account.length, rows[i].account.data, (int)rows[i].item.length,
                rows[i].item.data, (int)rows[i].lot.length, rows[i].lot.data));
            const struct numu_entry *entry = numu_dictionary_find(&truth, key);
            if (entry == NULL || numu_field_number(entry->value) != rows[i].quantity) {
                return NUMU_INVALID;
            }
            matched++;
        }
    }
    return matched == truth.count ? NUMU_OK : NUMU_INVALID;
}
