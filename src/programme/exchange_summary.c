/*
 * exchange_summary.c - links of summaries, spread over what they sum up.
 *
 * Every leaf of the one waits for every leaf of the other. The number of links that this may make
 * is bounded: a file of a few kilobytes can ask for a great many.
 */
#include "programme/exchange_parts.h"

#include "model/network.h"

#include <string.h>

enum { LINKS_MAX = 1 << 22 };

struct spread {
    struct numu_exchange_reader *reader;
    const bool *is_summary;
    struct numu_buffer links; /* struct numu_exchange_link */
    uint32_t *leaf_end;       /* by activity: one past its last descendant, in order of the file */
};

/* Descendants follow their summary at once in the order of the file (an outline). */
static numu_status find_ends(struct spread *spread) {
    const struct numu_exchange *exchange = spread->reader->out;
    NUMU_TRY(NUMU_TAKE(spread->reader->arena, &spread->leaf_end, exchange->activity_count));
    for (uint32_t i = exchange->activity_count; i-- > 0;) {
        if (spread->leaf_end[i] < i + 1) {
            spread->leaf_end[i] = i + 1;
        }
        uint32_t parent = exchange->activities[i].parent;
        if (parent != NUMU_NONE && spread->leaf_end[parent] < spread->leaf_end[i]) {
            spread->leaf_end[parent] = spread->leaf_end[i];
        }
    }
    return NUMU_OK;
}

static bool sums_up(const struct spread *spread, uint32_t activity) {
    return spread->is_summary[activity] && spread->leaf_end[activity] > activity + 1;
}

/* The first leaf of an activity at or after `from`; its end where there is none. */
static uint32_t next_leaf(const struct spread *spread, uint32_t activity, uint32_t from) {
    while (from < spread->leaf_end[activity] && sums_up(spread, from)) {
        from++;
    }
    return from;
}

static numu_status add(struct spread *spread, struct numu_exchange_link link) {
    if (spread->links.length / sizeof link >= LINKS_MAX) {
        return NUMU_LIMIT;
    }
    return numu_buffer_append(&spread->links, &link, sizeof link);
}

static void refuse(struct spread *spread, const struct numu_exchange_link *link) {
    const struct numu_exchange_activity *after = &spread->reader->out->activities[link->after];
    numu_exchange_not_carried(spread->reader, "kind.summary_link", after->name, after->place);
}

static numu_status spread_link(struct spread *spread, const struct numu_exchange_link *link) {
    bool leaves_start = numu_link_leaves_start(link->type);
    bool enters_finish = numu_link_enters_finish(link->type);
    if ((sums_up(spread, link->before) && leaves_start) ||
        (sums_up(spread, link->after) && enters_finish)) {
        refuse(spread, link);
        return NUMU_OK;
    }
    for (uint32_t before = next_leaf(spread, link->before, link->before);
         before < spread->leaf_end[link->before];
         before = next_leaf(spread, link->before, before + 1)) {
        for (uint32_t after = next_leaf(spread, link->after, link->after);
             after < spread->leaf_end[link->after];
             after = next_leaf(spread, link->after, after + 1)) {
            struct numu_exchange_link one = *link;
            one.before = before;
            one.after = after;
            NUMU_TRY(add(spread, one));
        }
    }
    return NUMU_OK;
}

static numu_status spread_all(struct spread *spread) {
    struct numu_exchange *exchange = spread->reader->out;
    for (uint32_t i = 0; i < exchange->link_count; i++) {
        NUMU_TRY(spread_link(spread, &exchange->links[i]));
    }
    uint32_t count = (uint32_t)(spread->links.length / sizeof *exchange->links);
    NUMU_TRY(NUMU_TAKE(spread->reader->arena, &exchange->links, count));
    if (count > 0) {
        memcpy(exchange->links, spread->links.data, spread->links.length);
    }
    exchange->link_count = count;
    return NUMU_OK;
}

numu_status numu_exchange_expand_summaries(struct numu_exchange_reader *reader,
                                           const bool *is_summary) {
    struct spread spread = {.reader = reader, .is_summary = is_summary};
    numu_buffer_init(&spread.links, reader->context->heap, 0);
    numu_status status = find_ends(&spread);
    if (status == NUMU_OK) {
        status = spread_all(&spread);
    }
    numu_buffer_release(&spread.links);
    return status;
}
