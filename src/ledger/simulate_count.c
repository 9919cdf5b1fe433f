/*
 * simulate_count.c - counts by two people, at once or in sheets, and what they show.
 */
#include "ledger/simulate_world.h"

#include <inttypes.h>
#include <string.h>

enum {
    COUNT_PER_MILLE = 100, /* of counts */
    AGAIN_PER_MILLE = 400, /* of counts that are closed: by a second pair of people, too */
    LINES_OF_COUNT = 400,
    SHEETS_FROM = 4 /* things: of so many, every other count is in sheets */
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

/* What two people see: of an item at a place, all that stands on no sheet yet, or every other. */
struct seeing {
    size_t site;
    const struct numu_simulation_recipe *recipe;
    struct numu_text account;
    bool *is_on_sheet; /* by thing; those that came later stand on none */
    size_t thing_count;
    bool is_half;
    numu_quantity total; /* of what was seen */
};

/* Whether a thing stands on the sheet being written: now it does. */
static bool takes(struct seeing *seeing, const struct numu_true_thing *list, size_t i, bool *turn) {
    bool was = i < seeing->thing_count && seeing->is_on_sheet[i];
    *turn = !*turn;
    if (was || !is_seen(&list[i], seeing->site, seeing->recipe->output, seeing->account) ||
        (seeing->is_half && (*turn || i >= seeing->thing_count))) {
        return false;
    }
    if (i < seeing->thing_count) {
        seeing->is_on_sheet[i] = true;
    }
    seeing->total += list[i].physical;
    return true;
}

static numu_status add_seen(struct numu_world *world, struct seeing *seeing) {
    const struct numu_true_thing *list = numu_world_things(world);
    struct numu_buffer serials;
    struct numu_text none = {NULL, 0};
    bool has_any = false;
    bool turn = false;
    numu_buffer_init(&serials, world->context->heap, 0);
    numu_status status = NUMU_OK;
    for (size_t i = 0; i < numu_world_thing_count(world) && status == NUMU_OK; i++) {
        if (!takes(seeing, list, i, &turn)) {
            continue;
        }
        has_any = true;
        if (!list[i].is_serial) {
            status = numu_world_add_line(world, list[i].item, list[i].object,
                                         (struct numu_texts){NULL, 0}, list[i].physical, none,
                                         seeing->account);
        } else if (list[i].physical > 0) {
            status = numu_buffer_append(&serials, &list[i].object, sizeof list[i].object);
        }
    }
    size_t count = serials.length / sizeof(struct numu_text);
    struct numu_text *copy;
    if (status == NUMU_OK && has_any && seeing->recipe->output_has_serials) {
        status = NUMU_TAKE(world->arena, &copy, count);
        if (status == NUMU_OK) {
            if (count > 0) {
                memcpy(copy, serials.data, serials.length);
            }
            status = numu_world_add_line(
                world, seeing->recipe->output, none, (struct numu_texts){copy, count},
                (numu_quantity)count * NUMU_QUANTITY_ONE, none, seeing->account);
        }
    }
    numu_buffer_release(&serials);
    return status;
}

/* Whether something that two people see is otherwise than the book has it. */
static bool differs(const struct numu_world *world, const struct seeing *seeing) {
    const struct numu_true_thing *list = numu_world_things(world);
    for (size_t i = 0; i < numu_world_thing_count(world); i++) {
        if (list[i].physical != list[i].book &&
            is_seen(&list[i], seeing->site, seeing->recipe->output, seeing->account)) {
            return true;
        }
    }
    return false;
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

/* Written off by two people who did destroy it, after it was counted. */
static numu_status destroy_one(struct numu_world *world, const struct seeing *seeing) {
    const struct numu_text *witness = &world->setup->judge;
    struct numu_event event = {.type = NUMU_EVENT_destroy,
                               .by = world->setup->keeper,
                               .method = NUMU_TEXT("cut up"),
                               .witnesses = {witness, 1}};
    numu_quantity share = seeing->recipe->output_has_serials ? INT64_MAX : NUMU_QUANTITY_ONE;
    NUMU_TRY(numu_world_choose(world, seeing->site, seeing->recipe->output, seeing->account, 1));
    if (numu_world_chosen_count(world) == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_world_add_chosen(world, share, seeing->account, NUMU_TEXT("destroyed")));
    NUMU_TRY(numu_world_tell(world, seeing->site, &event, NUMU_OUTCOME_PROPOSED));
    NUMU_TRY(numu_world_approve(world, seeing->site));
    return numu_world_move_chosen(world, share, seeing->site, NUMU_TEXT("destroyed"));
}

/* What a count found is closed by two people, where the book has it otherwise; goods go first. */
static numu_status close_count(struct numu_world *world, const struct seeing *seeing,
                               struct numu_text count, bool is_due) {
    struct numu_event close = {.type = NUMU_EVENT_close, .by = world->setup->keeper, .ref = count};
    if (!is_due) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_world_issue(world, seeing->site, seeing->recipe));
    NUMU_TRY(destroy_one(world, seeing));
    NUMU_TRY(numu_world_tell(world, seeing->site, &close, NUMU_OUTCOME_PROPOSED));
    NUMU_TRY(numu_world_approve(world, seeing->site));
    return settle(world, seeing->site, seeing->recipe->output, seeing->account);
}

static struct numu_event event_of(const struct numu_world *world, numu_event_type type,
                                  size_t site) {
    return (struct numu_event){.type = type,
                               .by = world->setup->keeper,
                               .second = world->setup->judge,
                               .against = (int64_t)world->setup->sites[site].ledger->head.size};
}

static size_t line_count(const struct numu_world *world) {
    return world->lines.length / sizeof(struct numu_event_line);
}

/* Lines that can stand on a sheet: a total of nothing stands in the count alone. */
static bool has_sheet(const struct numu_world *world) {
    const struct numu_event_line *lines = (const void *)world->lines.data;
    bool is_nothing =
        line_count(world) == 1 && lines[0].lot.length == 0 && lines[0].serials.count == 0;
    return line_count(world) > 0 && line_count(world) <= LINES_OF_COUNT && !is_nothing;
}

/*
 * One sheet. Now and then it is withdrawn first, and told again; told a second time in other words
 * it is refused, for it has what stands on a sheet already.
 */
static numu_status tell_sheet(struct numu_world *world, const struct seeing *seeing,
                              struct numu_text key) {
    struct numu_event sheet = event_of(world, NUMU_EVENT_sheet, seeing->site);
    struct numu_event withdraw = event_of(world, NUMU_EVENT_withdraw, seeing->site);
    struct numu_event_line *copies;
    size_t count = line_count(world);
    NUMU_TRY(NUMU_TAKE(world->arena, &copies, count));
    memcpy(copies, world->lines.data, world->lines.length);
    sheet.count = key;
    NUMU_TRY(numu_world_tell(world, seeing->site, &sheet, NUMU_OUTCOME_ACKNOWLEDGED));
    if (world->act % 3 == 0) {
        withdraw.reason = NUMU_TEXT("misread");
        NUMU_TRY(numu_world_reference(world, seeing->site, &withdraw.ref));
        NUMU_TRY(numu_world_tell(world, seeing->site, &withdraw, NUMU_OUTCOME_ACKNOWLEDGED));
        NUMU_TRY(numu_buffer_append(&world->lines, copies, count * sizeof *copies));
        NUMU_TRY(numu_world_tell(world, seeing->site, &sheet, NUMU_OUTCOME_ACKNOWLEDGED));
    }
    if (world->act % 5 == 0) {
        NUMU_TRY(numu_buffer_append(&world->lines, copies, count * sizeof *copies));
        NUMU_TRY(numu_world_tell(world, seeing->site, &sheet, NUMU_OUTCOME_REFUSED));
        numu_buffer_clear(&world->lines);
    }
    return NUMU_OK;
}

/* The count of two sheets: totals, which must be theirs. */
static numu_status tell_total(struct numu_world *world, const struct seeing *seeing,
                              struct numu_text key) {
    struct numu_event event = event_of(world, NUMU_EVENT_count, seeing->site);
    struct numu_ledger *ledger = world->setup->sites[seeing->site].ledger;
    const struct numu_text none = {NULL, 0};
    const struct numu_texts no_serials = {NULL, 0};
    NUMU_TRY(numu_ledger_sheets(ledger, world->arena, world->setup->sites[seeing->site].id, key,
                                &event.sheets));
    if (world->act % 4 == 0) { /* miscounted: refused, and added up again */
        NUMU_TRY(numu_world_add_line(world, seeing->recipe->output, none, no_serials,
                                     seeing->total + NUMU_QUANTITY_ONE, none, seeing->account));
        world->key = key;
        NUMU_TRY(numu_world_tell(world, seeing->site, &event, NUMU_OUTCOME_REFUSED));
        numu_buffer_clear(&world->lines);
    }
    NUMU_TRY(numu_world_add_line(world, seeing->recipe->output, none, no_serials, seeing->total,
                                 none, seeing->account));
    world->key = key;
    return numu_world_tell(world, seeing->site, &event, NUMU_OUTCOME_ACKNOWLEDGED);
}

/* Two sheets, between which goods are issued, and their count. */
static numu_status count_in_sheets(struct numu_world *world, struct seeing *seeing) {
    struct numu_text key;
    NUMU_TRY(numu_text_printf(world->arena, &key, "count-%" PRId64, world->act));
    seeing->is_half = true;
    NUMU_TRY(add_seen(world, seeing));
    if (has_sheet(world)) {
        NUMU_TRY(tell_sheet(world, seeing, key));
        NUMU_TRY(numu_world_issue(world, seeing->site, seeing->recipe));
    }
    numu_buffer_clear(&world->lines);
    seeing->is_half = false;
    NUMU_TRY(add_seen(world, seeing));
    if (!has_sheet(world)) { /* nothing is left: the first has all */
        numu_buffer_clear(&world->lines);
    } else {
        NUMU_TRY(tell_sheet(world, seeing, key));
    }
    bool is_due = differs(world, seeing);
    NUMU_TRY(tell_total(world, seeing, key));
    NUMU_TRY(numu_world_reference(world, seeing->site, &key));
    return close_count(world, seeing, key, is_due);
}

/* Two pairs count the same; once one count is closed, the other is not: it would post all twice. */
static numu_status count_and_close_twice(struct numu_world *world, const struct seeing *seeing,
                                         struct numu_event *event) {
    struct numu_event_line *lines;
    struct numu_text counts[2];
    size_t line_total = line_count(world);
    NUMU_TRY(NUMU_TAKE(world->arena, &lines, line_total));
    memcpy(lines, world->lines.data, world->lines.length);
    const struct numu_true_thing thing = {.item = lines[0].item, .object = lines[0].lot};
    for (size_t i = 0; i < 2; i++) {
        numu_buffer_clear(&world->lines);
        NUMU_TRY(numu_buffer_append(&world->lines, lines, line_total * sizeof *lines));
        event->against = (int64_t)world->setup->sites[seeing->site].ledger->head.size;
        NUMU_TRY(numu_world_tell(world, seeing->site, event, NUMU_OUTCOME_ACKNOWLEDGED));
        NUMU_TRY(numu_world_reference(world, seeing->site, &counts[i]));
    }
    size_t first = (size_t)numu_random_below(&world->random, 2);
    NUMU_TRY(close_count(world, seeing, counts[first], true));
    struct numu_event close = {
        .type = NUMU_EVENT_close, .by = world->setup->keeper, .ref = counts[1 - first]};
    NUMU_TRY(numu_world_tell(world, seeing->site, &close, NUMU_OUTCOME_REFUSED));
    return numu_world_plant(world, NUMU_FAULT_CLOSED_TWICE, seeing->site, &thing, 0,
                            NUMU_SIGN_DOOR);
}

static numu_status count_at_once(struct numu_world *world, struct seeing *seeing) {
    struct numu_event event = event_of(world, NUMU_EVENT_count, seeing->site);
    struct numu_text count;
    bool is_due = differs(world, seeing);
    NUMU_TRY(add_seen(world, seeing));
    if (line_count(world) == 0 || line_count(world) > LINES_OF_COUNT) {
        numu_buffer_clear(&world->lines);
        return NUMU_OK;
    }
    NUMU_TRY(count_while_moving(world, seeing->site, &event));
    if (is_due && numu_world_chance(world, AGAIN_PER_MILLE)) {
        return count_and_close_twice(world, seeing, &event);
    }
    NUMU_TRY(numu_world_tell(world, seeing->site, &event, NUMU_OUTCOME_ACKNOWLEDGED));
    NUMU_TRY(numu_world_reference(world, seeing->site, &count));
    return close_count(world, seeing, count, is_due);
}

/* Things that are there enough for two sheets, and not too many lots for them. */
static bool fills_sheets(const struct numu_world *world, const struct seeing *seeing) {
    const struct numu_true_thing *list = numu_world_things(world);
    size_t there = 0;
    for (size_t i = 0; i < seeing->thing_count; i++) {
        there += list[i].physical > 0 &&
                 is_seen(&list[i], seeing->site, seeing->recipe->output, seeing->account);
    }
    return there >= SHEETS_FROM && (seeing->recipe->output_has_serials || there < LINES_OF_COUNT);
}

numu_status numu_world_count(struct numu_world *world, size_t site,
                             const struct numu_simulation_recipe *recipe) {
    struct seeing seeing = {
        .site = site, .recipe = recipe, .thing_count = numu_world_thing_count(world)};
    NUMU_TRY(
        numu_world_account(world, world->setup->sites[site].id, "serviceable", &seeing.account));
    NUMU_TRY(NUMU_TAKE(world->arena, &seeing.is_on_sheet, seeing.thing_count));
    memset(seeing.is_on_sheet, 0, seeing.thing_count * sizeof *seeing.is_on_sheet);
    bool in_sheets = world->act % 2 == 0 && fills_sheets(world, &seeing);
    return in_sheets ? count_in_sheets(world, &seeing) : count_at_once(world, &seeing);
}
