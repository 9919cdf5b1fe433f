/*
 * genealogy.c - see genealogy.h.
 */
#include "ledger/genealogy.h"

#include "base/map.h"

#include <string.h>

enum { DELTA_SHARE = 20, DELTA_LEAST = 1024, AHEAD = 8, FAR_AHEAD = 16 };

/* An edge of the delta, and the ones added before it at either end (1 + its number; 0 = none). */
struct added {
    numu_node end[NUMU_KIN_COUNT]; /* the node that the edge leads to, seen from the other */
    uint32_t before[NUMU_KIN_COUNT];
};

void numu_genealogy_init(struct numu_genealogy *genealogy, struct numu_heap *heap) {
    *genealogy = (struct numu_genealogy){.heap = heap};
    numu_arena_init(&genealogy->arena, heap);
    numu_buffer_init(&genealogy->added, heap, 0);
    numu_buffer_init(&genealogy->seen, heap, 0);
    numu_buffer_init(&genealogy->found, heap, 0);
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        numu_buffer_init(&genealogy->newest[kin], heap, 0);
    }
}

void numu_genealogy_release(struct numu_genealogy *genealogy) {
    numu_arena_release(&genealogy->arena);
    numu_buffer_release(&genealogy->added);
    numu_buffer_release(&genealogy->seen);
    numu_buffer_release(&genealogy->found);
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        numu_buffer_release(&genealogy->newest[kin]);
    }
}

static uint32_t added_count(const struct numu_genealogy *genealogy) {
    return (uint32_t)(genealogy->added.length / sizeof(struct added));
}

static const struct added *added_of(const struct numu_genealogy *genealogy) {
    return (const void *)genealogy->added.data;
}

uint32_t numu_genealogy_edges(const struct numu_genealogy *genealogy) {
    return genealogy->row_edges + added_count(genealogy);
}

/* Makes a list of numbers by node as long as there are nodes; what is new is 0. */
static numu_status lengthen(struct numu_buffer *list, numu_node nodes) {
    size_t wanted = (size_t)nodes * sizeof(uint32_t);
    size_t length = list->length;
    if (length < wanted) {
        NUMU_TRY(numu_buffer_reserve(list, wanted - length));
        memset(list->data + length, 0, wanted - length);
        list->length = wanted;
    }
    return NUMU_OK;
}

static uint32_t *numbers_of(struct numu_buffer *list) {
    return (void *)list->data;
}

/* --- adding --- */

numu_status numu_genealogy_add(struct numu_genealogy *genealogy, numu_node used, numu_node made) {
    numu_node last = used > made ? used : made;
    uint32_t number = added_count(genealogy);
    if (last >= NUMU_GENEALOGY_NODES_MAX || numu_genealogy_edges(genealogy) >= UINT32_MAX - 1) {
        return NUMU_LIMIT;
    }
    if (number >= DELTA_LEAST && number >= genealogy->row_edges / DELTA_SHARE) {
        NUMU_TRY(numu_genealogy_build(genealogy));
        number = 0;
    }
    genealogy->node_count = last + 1 > genealogy->node_count ? last + 1 : genealogy->node_count;
    struct added edge = {.end = {[NUMU_KIN_USED] = used, [NUMU_KIN_MADE] = made}};
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        NUMU_TRY(lengthen(&genealogy->newest[kin], genealogy->node_count));
        numu_node from = edge.end[1 - kin];
        edge.before[kin] = numbers_of(&genealogy->newest[kin])[from];
    }
    NUMU_TRY(numu_buffer_append(&genealogy->added, &edge, sizeof edge));
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        numbers_of(&genealogy->newest[kin])[edge.end[1 - kin]] = number + 1;
    }
    return NUMU_OK;
}

/* --- building --- */

static uint32_t row_length(const struct numu_genealogy *genealogy, int kin, numu_node node) {
    const uint32_t *first = genealogy->rows[kin].first;
    return node < genealogy->row_nodes ? first[node + 1] - first[node] : 0;
}

/* Finds the nodes that have edges. */
static numu_status mark_rows(struct numu_arena *arena, numu_node nodes,
                             struct numu_kin_rows *rows) {
    uint32_t *has;
    NUMU_TRY(NUMU_TAKE(arena, &has, (size_t)nodes / 32 + 1));
    for (numu_node node = 0; node < nodes; node++) {
        uint32_t bit = rows->first[node] < rows->first[node + 1] ? 1 : 0;
        has[node / 32] |= bit << node % 32;
    }
    rows->has = has;
    return NUMU_OK;
}

/* Rows by one end, of the rows before and the delta: counted, then laid out. */
static numu_status build_rows(const struct numu_genealogy *genealogy, int kin,
                              struct numu_arena *arena, struct numu_kin_rows *out) {
    const struct added *added = added_of(genealogy);
    uint32_t added_edges = added_count(genealogy);
    uint32_t *first;
    numu_node *edges;
    NUMU_TRY(NUMU_TAKE(arena, &first, (size_t)genealogy->node_count + 2));
    NUMU_TRY(NUMU_TAKE(arena, &edges, (size_t)numu_genealogy_edges(genealogy) + 1));
    /* first[n + 2] counts the edges of n, then first[n + 1] is where its next one goes */
    for (numu_node node = 0; node < genealogy->row_nodes; node++) {
        first[node + 2] = row_length(genealogy, kin, node);
    }
    for (uint32_t i = 0; i < added_edges; i++) {
        first[added[i].end[1 - kin] + 2]++;
    }
    for (numu_node node = 0; node < genealogy->node_count; node++) {
        first[node + 2] += first[node + 1];
    }
    for (numu_node node = 0; node < genealogy->row_nodes; node++) {
        uint32_t length = row_length(genealogy, kin, node);
        if (length > 0) {
            const struct numu_kin_rows *rows = &genealogy->rows[kin];
            memcpy(&edges[first[node + 1]], &rows->edge[rows->first[node]], length * sizeof *edges);
            first[node + 1] += length;
        }
    }
    for (uint32_t i = 0; i < added_edges; i++) {
        edges[first[added[i].end[1 - kin] + 1]++] = added[i].end[kin];
    }
    *out = (struct numu_kin_rows){.first = first, .edge = edges};
    return mark_rows(arena, genealogy->node_count, out);
}

numu_status numu_genealogy_build(struct numu_genealogy *genealogy) {
    struct numu_arena arena;
    struct numu_kin_rows rows[NUMU_KIN_COUNT];
    if (added_count(genealogy) == 0 && genealogy->row_nodes == genealogy->node_count &&
        genealogy->rows[0].first != NULL) {
        return NUMU_OK;
    }
    numu_arena_init(&arena, genealogy->heap);
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        numu_status status = build_rows(genealogy, kin, &arena, &rows[kin]);
        if (status != NUMU_OK) {
            numu_arena_release(&arena);
            return status;
        }
    }
    genealogy->row_edges = numu_genealogy_edges(genealogy);
    genealogy->row_nodes = genealogy->node_count;
    numu_arena_release(&genealogy->arena);
    genealogy->arena = arena;
    memcpy(genealogy->rows, rows, sizeof rows);
    numu_buffer_clear(&genealogy->added);
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        numu_buffer_clear(&genealogy->newest[kin]);
    }
    return NUMU_OK;
}

/* --- searching --- */

struct search {
    uint32_t *seen; /* a bit a node, so that much of it stays near the processor */
    numu_node *found;
    size_t count;
};

static void enter(struct search *search, numu_node node) {
    uint32_t bit = UINT32_C(1) << node % 32;
    if ((search->seen[node / 32] & bit) == 0) {
        search->seen[node / 32] |= bit;
        search->found[search->count++] = node;
    }
}

static bool has_row(const struct numu_genealogy *genealogy, numu_kin kin, numu_node node) {
    return node < genealogy->row_nodes &&
           (genealogy->rows[kin].has[node / 32] >> node % 32 & 1U) != 0;
}

/* Enters all neighbours of a node, by the rows and by the delta. */
static void follow(const struct numu_genealogy *genealogy, numu_kin kin, const uint32_t *newest,
                   numu_node node, struct search *search) {
    if (has_row(genealogy, kin, node)) {
        const struct numu_kin_rows *rows = &genealogy->rows[kin];
        for (uint32_t i = rows->first[node]; i < rows->first[node + 1]; i++) {
            enter(search, rows->edge[i]);
        }
    }
    const struct added *added = added_of(genealogy);
    for (uint32_t i = newest == NULL ? 0 : newest[node]; i != 0; i = added[i - 1].before[kin]) {
        enter(search, added[i - 1].end[kin]);
    }
}

static numu_status begin_search(struct numu_genealogy *genealogy) {
    NUMU_TRY(lengthen(&genealogy->seen, genealogy->node_count / 32 + 1));
    return lengthen(&genealogy->found, genealogy->node_count + 1);
}

/* Asks the memory for what the nodes that come soon will touch: their row, then its edges. */
static void ask_ahead(const struct numu_genealogy *genealogy, numu_kin kin,
                      const struct search *search, size_t next) {
    const struct numu_kin_rows *rows = &genealogy->rows[kin];
    if (next + FAR_AHEAD >= search->count) {
        return;
    }
    if (has_row(genealogy, kin, search->found[next + FAR_AHEAD])) {
        __builtin_prefetch(&rows->first[search->found[next + FAR_AHEAD]]);
    }
    if (has_row(genealogy, kin, search->found[next + AHEAD])) {
        __builtin_prefetch(&rows->edge[rows->first[search->found[next + AHEAD]]]);
    }
}

numu_status numu_genealogy_find(struct numu_genealogy *genealogy, numu_node node, numu_kin kin,
                                const numu_node **out, size_t *out_count) {
    NUMU_TRY(begin_search(genealogy));
    bool has_delta = genealogy->added.length > 0;
    const uint32_t *newest = has_delta ? numbers_of(&genealogy->newest[kin]) : NULL;
    struct search search = {.seen = numbers_of(&genealogy->seen),
                            .found = numbers_of(&genealogy->found)};
    if (node >= genealogy->node_count) {
        search.found[search.count++] = node;
    } else {
        enter(&search, node);
        for (size_t next = 0; next < search.count; next++) {
            ask_ahead(genealogy, kin, &search, next);
            follow(genealogy, kin, newest, search.found[next], &search);
        }
    }
    for (size_t i = 0; node < genealogy->node_count && i < search.count; i++) {
        search.seen[search.found[i] / 32] = 0;
    }
    *out = search.found;
    *out_count = search.count;
    return NUMU_OK;
}

/* --- circles --- */

/* Takes away, again and again, nodes of which nothing was made; *waiting has how much is left. */
static size_t peel(const struct numu_genealogy *genealogy, uint32_t *waiting, numu_node *peeled) {
    const struct numu_kin_rows *used = &genealogy->rows[NUMU_KIN_USED];
    size_t count = 0;
    for (numu_node node = 0; node < genealogy->node_count; node++) {
        waiting[node] = row_length(genealogy, NUMU_KIN_MADE, node);
        if (waiting[node] == 0) {
            peeled[count++] = node;
        }
    }
    for (size_t next = 0; next < count; next++) {
        for (uint32_t i = used->first[peeled[next]]; i < used->first[peeled[next] + 1]; i++) {
            if (--waiting[used->edge[i]] == 0) {
                peeled[count++] = used->edge[i];
            }
        }
    }
    return count;
}

/*
 * Of what is left something was made that is left, too: whoever goes on from one to the next comes
 * to a node again. That walk, turned around, is the circle.
 */
static size_t walk_round(const struct numu_genealogy *genealogy, const uint32_t *waiting,
                         uint32_t *visited, numu_node *walk) {
    const struct numu_kin_rows *made = &genealogy->rows[NUMU_KIN_MADE];
    size_t count = 0;
    numu_node node = 0;
    while (waiting[node] == 0) {
        node++;
    }
    while (visited[node] == 0) {
        walk[count++] = node;
        visited[node] = (uint32_t)count;
        uint32_t i = made->first[node];
        while (waiting[made->edge[i]] == 0) {
            i++;
        }
        node = made->edge[i];
    }
    size_t start = visited[node] - 1;
    count -= start;
    memmove(walk, walk + start, count * sizeof *walk);
    for (size_t i = 0; i < count / 2; i++) {
        numu_node other = walk[i];
        walk[i] = walk[count - 1 - i];
        walk[count - 1 - i] = other;
    }
    return count;
}

numu_status numu_genealogy_circle(struct numu_genealogy *genealogy, const numu_node **out,
                                  size_t *out_count) {
    struct numu_arena scratch;
    uint32_t *waiting;
    uint32_t *visited;
    NUMU_TRY(numu_genealogy_build(genealogy));
    NUMU_TRY(begin_search(genealogy));
    numu_node *found = numbers_of(&genealogy->found);
    size_t count = 0;
    numu_arena_init(&scratch, genealogy->heap);
    numu_status status = NUMU_TAKE(&scratch, &waiting, (size_t)genealogy->node_count + 1);
    if (status == NUMU_OK) {
        status = NUMU_TAKE(&scratch, &visited, (size_t)genealogy->node_count + 1);
    }
    if (status == NUMU_OK && peel(genealogy, waiting, found) < genealogy->node_count) {
        count = walk_round(genealogy, waiting, visited, found);
    }
    numu_arena_release(&scratch);
    NUMU_TRY(status);
    *out = found;
    *out_count = count;
    return NUMU_OK;
}

/* --- on a disk --- */

struct header {
    char magic[16];
    uint32_t order; /* of bytes */
    uint32_t nodes, edges, zero;
    uint64_t checksum; /* of what follows */
};

static const char magic[16] = "numu.genealogy1";
enum { ORDER = 0x01020304 };

numu_status numu_genealogy_write(struct numu_genealogy *genealogy, struct numu_buffer *buffer) {
    struct header header = {.order = ORDER};
    NUMU_TRY(numu_genealogy_build(genealogy));
    memcpy(header.magic, magic, sizeof magic);
    header.nodes = genealogy->node_count;
    header.edges = genealogy->row_edges;
    size_t start = buffer->length;
    NUMU_TRY(numu_buffer_append(buffer, &header, sizeof header));
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        NUMU_TRY(numu_buffer_append(buffer, genealogy->rows[kin].first,
                                    ((size_t)header.nodes + 1) * sizeof(uint32_t)));
    }
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        NUMU_TRY(numu_buffer_append(buffer, genealogy->rows[kin].edge,
                                    (size_t)header.edges * sizeof(numu_node)));
    }
    const char *body = buffer->data + start + sizeof header;
    header.checksum = numu_hash_bytes(body, buffer->length - start - sizeof header, header.nodes);
    memcpy(buffer->data + start, &header, sizeof header);
    return NUMU_OK;
}

/* Whether rows are such as searches may trust. */
static bool are_rows(const struct numu_kin_rows *rows, uint32_t nodes, uint32_t edges) {
    bool are = rows->first[0] == 0 && rows->first[nodes] == edges;
    for (uint32_t i = 0; i < nodes; i++) {
        are = are && rows->first[i] <= rows->first[i + 1];
    }
    for (uint32_t i = 0; i < edges; i++) {
        are = are && rows->edge[i] < nodes;
    }
    return are;
}

numu_status numu_genealogy_open(struct numu_heap *heap, struct numu_text bytes,
                                struct numu_genealogy *out) {
    struct header header;
    struct numu_genealogy genealogy;
    if (bytes.length < sizeof header) {
        return NUMU_INVALID;
    }
    memcpy(&header, bytes.data, sizeof header);
    uint64_t wanted = sizeof header + 8 * ((uint64_t)header.nodes + 1) + 8 * (uint64_t)header.edges;
    if (memcmp(header.magic, magic, sizeof magic) != 0 || header.order != ORDER ||
        header.zero != 0 || header.nodes >= NUMU_GENEALOGY_NODES_MAX || bytes.length != wanted ||
        header.checksum != numu_hash_bytes(bytes.data + sizeof header, bytes.length - sizeof header,
                                           header.nodes)) {
        return NUMU_INVALID;
    }
    numu_genealogy_init(&genealogy, heap);
    genealogy.node_count = genealogy.row_nodes = header.nodes;
    genealogy.row_edges = header.edges;
    const uint32_t *numbers = (const void *)(bytes.data + sizeof header);
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        genealogy.rows[kin].first = numbers + (size_t)kin * (header.nodes + 1);
        genealogy.rows[kin].edge =
            numbers + 2 * ((size_t)header.nodes + 1) + (size_t)kin * header.edges;
        numu_status status = are_rows(&genealogy.rows[kin], header.nodes, header.edges)
                                 ? mark_rows(&genealogy.arena, header.nodes, &genealogy.rows[kin])
                                 : NUMU_INVALID;
        if (status != NUMU_OK) {
            numu_genealogy_release(&genealogy);
            return status;
        }
    }
    *out = genealogy;
    return NUMU_OK;
}
