/*
 * network.c - Kahn's algorithm with a heap of ready nodes, and a walk back where it gets stuck.
 */
#include "model/network.h"

#include "base/queue.h"

/* --- lists of links by node --- */

/* Counting sort of all links by `node` (tail or head); equal nodes keep the order of rows. */
static numu_status list_links(struct numu_arena *arena, uint32_t node_count, uint32_t link_count,
                              const uint32_t *node, uint32_t **out_start, uint32_t **out_link) {
    uint32_t *start;
    uint32_t *link;
    NUMU_TRY(NUMU_TAKE(arena, &start, (size_t)node_count + 2));
    NUMU_TRY(NUMU_TAKE(arena, &link, link_count));
    for (uint32_t i = 0; i < link_count; i++) {
        numu_assert(node[i] < node_count);
        start[node[i] + 2]++;
    }
    for (size_t n = 2; n < (size_t)node_count + 2; n++) {
        start[n] += start[n - 1];
    }
    for (uint32_t i = 0; i < link_count; i++) {
        link[start[node[i] + 1]++] = i; /* afterwards start[n + 1] is where the next node begins */
    }
    *out_start = start;
    *out_link = link;
    return NUMU_OK;
}

/* --- order --- */

/* Fills order; `waiting` is left with the number of links into each node that were never freed. */
static uint32_t sort_nodes(const struct numu_network *network, struct numu_queue *ready,
                           uint32_t *waiting, uint32_t *order) {
    uint32_t count = 0;
    for (uint32_t node = 0; node < network->node_count; node++) {
        waiting[node] = network->back_start[node + 1] - network->back_start[node];
        if (waiting[node] == 0) {
            numu_queue_push(ready, node);
        }
    }
    while (ready->count > 0) {
        uint32_t node = (uint32_t)numu_queue_pop(ready);
        order[count++] = node;
        for (uint32_t i = network->start[node]; i < network->start[node + 1]; i++) {
            uint32_t head = network->head[network->link[i]];
            if (--waiting[head] == 0) {
                numu_queue_push(ready, head);
            }
        }
    }
    return count;
}

/* --- cycles --- */

/* The first link into a node from another that is stuck: there is one, or the node were free. */
static uint32_t stuck_link_into(const struct numu_network *network, const uint32_t *waiting,
                                uint32_t node) {
    uint32_t i = network->back_start[node];
    while (waiting[network->tail[network->back_link[i]]] == 0) {
        i++;
        numu_assert(i < network->back_start[node + 1]);
    }
    return network->back_link[i];
}

/* Walks back among stuck nodes until one is met again; `seen` is zero for every node. */
static uint32_t node_on_cycle(const struct numu_network *network, const uint32_t *waiting,
                              uint8_t *seen) {
    uint32_t node = 0;
    while (waiting[node] == 0) {
        node++;
    }
    while (seen[node] == 0) {
        seen[node] = 1;
        node = network->tail[stuck_link_into(network, waiting, node)];
    }
    return node;
}

static numu_status find_cycle(struct numu_arena *arena, const uint32_t *waiting,
                              struct numu_network *network) {
    uint8_t *seen;
    NUMU_TRY(NUMU_TAKE(arena, &seen, network->node_count));
    uint32_t first = node_on_cycle(network, waiting, seen);
    uint32_t least = first;
    uint32_t length = 0;
    uint32_t node = first;
    do {
        node = network->tail[stuck_link_into(network, waiting, node)];
        least = node < least ? node : least;
        length++;
    } while (node != first);
    NUMU_TRY(NUMU_TAKE(arena, &network->cycle, length));
    node = least;
    for (uint32_t i = length; i-- > 0;) {
        network->cycle[i] = stuck_link_into(network, waiting, node);
        node = network->tail[network->cycle[i]];
    }
    network->cycle_length = length;
    return NUMU_OK;
}

/* --- building --- */

numu_status numu_network_build(struct numu_arena *arena, uint32_t node_count, uint32_t link_count,
                               const uint32_t *tail, const uint32_t *head,
                               struct numu_network *out) {
    struct numu_network network = {
        .node_count = node_count, .link_count = link_count, .tail = tail, .head = head};
    struct numu_queue ready = {NULL, 0};
    uint32_t *waiting;
    NUMU_TRY(list_links(arena, node_count, link_count, tail, &network.start, &network.link));
    NUMU_TRY(
        list_links(arena, node_count, link_count, head, &network.back_start, &network.back_link));
    NUMU_TRY(NUMU_TAKE(arena, &network.order, node_count));
    NUMU_TRY(NUMU_TAKE(arena, &ready.key, node_count));
    NUMU_TRY(NUMU_TAKE(arena, &waiting, node_count));
    if (sort_nodes(&network, &ready, waiting, network.order) < node_count) {
        network.order = NULL;
        NUMU_TRY(find_cycle(arena, waiting, &network));
    }
    *out = network;
    return network.order == NULL ? NUMU_INVALID : NUMU_OK;
}

numu_status numu_network_of_activities(const struct numu_model *model, struct numu_arena *arena,
                                       struct numu_network *out) {
    const struct numu_table_precedence *precedence = &model->precedence;
    return numu_network_build(arena, model->activity.head.count, precedence->head.count,
                              precedence->before, precedence->after, out);
}

numu_status numu_network_of_items(const struct numu_model *model, struct numu_arena *arena,
                                  struct numu_network *out) {
    const struct numu_table_input *input = &model->input;
    uint32_t *head;
    NUMU_TRY(NUMU_TAKE(arena, &head, input->head.count));
    for (numu_row row = 0; row < input->head.count; row++) {
        head[row] = model->process.item[input->process[row]];
    }
    return numu_network_build(arena, model->item.head.count, input->head.count, input->item, head,
                              out);
}

/* --- reporting --- */

static numu_status write_cycle(const struct numu_network *network, const struct numu_text *ids,
                               struct numu_buffer *buffer) {
    for (uint32_t i = 0; i < network->cycle_length; i++) {
        struct numu_text id = ids[network->tail[network->cycle[i]]];
        NUMU_TRY(numu_buffer_append(buffer, id.data, id.length));
        NUMU_TRY(numu_buffer_append_string(buffer, " > "));
    }
    struct numu_text first = ids[network->tail[network->cycle[0]]];
    return numu_buffer_append(buffer, first.data, first.length);
}

void numu_network_report_cycle(const struct numu_model *model, const struct numu_network *network,
                               bool of_items, struct numu_report *report) {
    numu_assert(network->cycle_length > 0);
    numu_code code = of_items ? NUMU_CODE_BILL_CYCLE : NUMU_CODE_PRECEDENCE_CYCLE;
    if (!numu_report_keeps(report, code)) {
        numu_report_count(report, code);
        return;
    }
    struct numu_buffer path;
    numu_buffer_init(&path, report->heap, 0);
    numu_status status =
        write_cycle(network, of_items ? model->item.id : model->activity.id, &path);
    if (status == NUMU_OK) {
        size_t table =
            of_items ? offsetof(struct numu_model, input) : offsetof(struct numu_model, precedence);
        struct numu_diagnostic finding = {
            .code = code,
            .place = numu_model_place(model, numu_schema_at(table), network->cycle[0],
                                      of_items ? "item" : "after"),
            .related = NUMU_NOWHERE,
            .arguments = {numu_argument_text((struct numu_text){path.data, path.length})},
        };
        numu_report_add(report, &finding);
    } else {
        numu_report_count(report, code);
        report->status = status;
    }
    numu_buffer_release(&path);
}
