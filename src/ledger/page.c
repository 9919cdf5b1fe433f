/*
 * page.c - see page.h. Sizes are those of pages of 4,096 bytes without reserved space, as
 * store_sqlite.c makes them.
 */
#include "ledger/page.h"

#include <stdint.h>
#include <string.h>

typedef enum page_kind {
    INDEX_INNER = 2,
    TABLE_INNER = 5,
    INDEX_LEAF = 10,
    TABLE_LEAF = 13
} page_kind;

enum {
    USABLE = NUMU_PAGE_BYTES,
    LOCAL_MAX_TABLE = USABLE - 35,
    LOCAL_MAX_INDEX = (USABLE - 12) * 64 / 255 - 23,
    LOCAL_MIN = (USABLE - 12) * 32 / 255 - 23,
    CELL_MIN = 4, /* and of a free block */
    OVERFLOW_BYTES = USABLE - 4,
    LIST_MAX = USABLE / 4 - 2,
    DEPTH_MAX = 20,
    VARINT_MAX = 9,
    LOCK_PAGE = 0x40000000 / USABLE + 1 /* SQLite never uses it */
};

static unsigned read2(const unsigned char *at) {
    return (unsigned)at[0] << 8 | at[1];
}

static uint32_t read4(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Its bytes; 0 where it is cut off or longer than it need be. */
static unsigned read_varint(const unsigned char *at, const unsigned char *end, uint64_t *out) {
    uint64_t value = 0;
    for (unsigned i = 0; i < VARINT_MAX; i++) {
        if (at + i >= end) {
            return 0;
        }
        if (i == VARINT_MAX - 1) {
            *out = value << 8 | at[i];
            return value >> 48 == 0 ? 0 : VARINT_MAX; /* eight bytes would do */
        }
        value = value << 7 | (at[i] & 0x7F);
        if ((at[i] & 0x80) == 0) {
            *out = value;
            return i > 0 && value >> (7 * i) == 0 ? 0 : i + 1;
        }
    }
    return 0;
}

/* --- a page of a tree --- */

struct layout {
    page_kind kind;
    bool is_inner;
    unsigned start;    /* of the page's header */
    unsigned pointers; /* offset of the array of cell pointers */
    unsigned cell_count;
    unsigned content; /* where cells begin */
};

struct cell {
    uint32_t child;         /* inner pages */
    int64_t row;            /* tables */
    uint64_t payload_bytes; /* 0: none (inner pages of tables) */
    unsigned local_at, local_bytes;
    uint32_t overflow; /* first page of what does not fit; 0 = none */
    unsigned end;
};

static bool read_layout(const unsigned char *page, uint32_t number, struct layout *out) {
    unsigned start = number == 1 ? NUMU_PAGE_HEADER_BYTES : 0;
    out->start = start;
    out->kind = (page_kind)page[start];
    out->is_inner = out->kind == INDEX_INNER || out->kind == TABLE_INNER;
    out->pointers = start + (out->is_inner ? 12 : 8);
    out->cell_count = read2(page + start + 3);
    out->content = read2(page + start + 5);
    return (out->is_inner || out->kind == INDEX_LEAF || out->kind == TABLE_LEAF) &&
           out->content <= USABLE && out->pointers + 2 * out->cell_count <= out->content;
}

static unsigned local_bytes(page_kind kind, uint64_t payload) {
    unsigned most = kind == TABLE_LEAF ? LOCAL_MAX_TABLE : LOCAL_MAX_INDEX;
    if (payload <= most) {
        return (unsigned)payload;
    }
    unsigned kept = LOCAL_MIN + (unsigned)((payload - LOCAL_MIN) % OVERFLOW_BYTES);
    return kept <= most ? kept : LOCAL_MIN;
}

static bool read_cell(const unsigned char *page, const struct layout *layout, unsigned index,
                      struct cell *out) {
    const unsigned char *end = page + USABLE;
    unsigned at = read2(page + layout->pointers + 2 * (size_t)index);
    unsigned start = at;
    uint64_t number;
    *out = (struct cell){0};
    if (at < layout->content || at + CELL_MIN > USABLE) {
        return false;
    }
    if (layout->is_inner) {
        out->child = read4(page + at);
        at += 4;
    }
    if (layout->kind != TABLE_INNER) {
        unsigned length = read_varint(page + at, end, &out->payload_bytes);
        if (length == 0 || out->payload_bytes == 0) {
            return false;
        }
        at += length;
    }
    if (layout->kind == TABLE_INNER || layout->kind == TABLE_LEAF) {
        unsigned length = read_varint(page + at, end, &number);
        if (length == 0) {
            return false;
        }
        out->row = (int64_t)number;
        at += length;
    }
    out->local_at = at;
    if (out->payload_bytes > 0) {
        out->local_bytes = local_bytes(layout->kind, out->payload_bytes);
        at += out->local_bytes;
        if (out->local_bytes < out->payload_bytes) {
            if (at + 4 > USABLE) {
                return false;
            }
            out->overflow = read4(page + at);
            at += 4;
        }
    }
    out->end = at;
    return at <= USABLE && at - start >= CELL_MIN;
}

/* Marks bytes that mean something; false where one of them did before. */
static bool mark(unsigned char *used, unsigned from, unsigned to) {
    if (memchr(used + from, 0xFF, to - from) != NULL) {
        return false;
    }
    memset(used + from, 0xFF, to - from);
    return true;
}

/* 0xFF where a byte means something, else 0. False where the page does not add up [P1]. */
static bool map_page(const unsigned char *page, uint32_t number, struct layout *layout,
                     unsigned char used[NUMU_PAGE_BYTES]) {
    struct cell cell;
    if (!read_layout(page, number, layout)) {
        return false;
    }
    memset(used, 0, NUMU_PAGE_BYTES);
    memset(used, 0xFF, layout->pointers + 2 * (size_t)layout->cell_count);
    unsigned sum = page[layout->start + 7]; /* bytes in fragments, too small to be listed */
    for (unsigned i = 0; i < layout->cell_count; i++) {
        unsigned at = read2(page + layout->pointers + 2 * (size_t)i);
        if (!read_cell(page, layout, i, &cell) || !mark(used, at, cell.end)) {
            return false;
        }
        sum += cell.end - at;
    }
    unsigned before = 0;
    for (unsigned at = read2(page + layout->start + 1); at != 0; at = read2(page + at)) {
        if (at < layout->content || at < before || at + CELL_MIN > USABLE) {
            return false;
        }
        unsigned size = read2(page + at + 2);
        if (size < CELL_MIN || at + size > USABLE || !mark(used, at, at + size)) {
            return false;
        }
        memset(used + at + CELL_MIN, 0, size - CELL_MIN);
        before = at + size;
        sum += size;
    }
    return sum == USABLE - layout->content;
}

bool numu_page_clean(unsigned char page[NUMU_PAGE_BYTES], uint32_t number, uint32_t count) {
    unsigned char used[NUMU_PAGE_BYTES];
    struct layout layout;
    /* Pages of other kinds begin with a page's number: with 0 or 1 in files below 128 GiB. */
    if (count >= UINT32_C(1) << 25 || !map_page(page, number, &layout, used)) {
        return false;
    }
    for (size_t i = 0; i < NUMU_PAGE_BYTES; i++) {
        page[i] &= used[i];
    }
    return true;
}

void numu_page_clean_list(unsigned char page[NUMU_PAGE_BYTES]) {
    uint32_t count = read4(page + 4);
    if (count <= LIST_MAX) {
        memset(page + 8 + 4 * (size_t)count, 0, NUMU_PAGE_BYTES - 8 - 4 * (size_t)count);
    }
}

/* --- a file --- */

struct walk {
    struct numu_arena arena;
    const struct numu_page_file *file;
    numu_page_visit visit;
    void *data;
    unsigned char *seen;                     /* a bit a page */
    unsigned char (*pages)[NUMU_PAGE_BYTES]; /* by depth; the last is for chains */
    unsigned char used[NUMU_PAGE_BYTES];
    struct numu_buffer payload;
    const struct numu_page_tree *tree;
    struct numu_buffer last_key; /* of the tree, where it is an index */
    int64_t last_row;
    bool has_last;
};

static numu_status say(struct walk *walk, uint32_t number, unsigned offset) {
    return walk->visit(walk->data, number, offset);
}

/* The first byte from `from` on that is not zero; NUMU_PAGE_BYTES where all are. */
static unsigned first_rest(const unsigned char *page, unsigned from) {
    while (from < NUMU_PAGE_BYTES && page[from] == 0) {
        from++;
    }
    return from;
}

/* Reads a page that nothing referred to before; *out_is_good is false where there is none. */
static numu_status take_page(struct walk *walk, uint32_t number, unsigned char *page,
                             bool *out_is_good) {
    *out_is_good = number >= 1 && number <= walk->file->count &&
                   (walk->seen[number / 8] & (1U << number % 8)) == 0;
    if (!*out_is_good) {
        return NUMU_OK;
    }
    walk->seen[number / 8] = (unsigned char)(walk->seen[number / 8] | 1U << number % 8);
    return walk->file->read(walk->file->data, number, page);
}

/* --- records --- */

static size_t length_of_type(uint64_t type) {
    static const size_t lengths[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
    return type < 10 ? lengths[type] : (size_t)((type - 12) / 2);
}

/* Whether whole numbers stand in as few bytes as they can. */
static bool is_shortest(uint64_t type, const unsigned char *at) {
    int64_t value = 0;
    size_t length = length_of_type(type);
    if (type == 8 || type == 9) {
        return true;
    }
    value = at[0] >= 0x80 ? -1 : 0;
    for (size_t i = 0; i < length; i++) {
        value = (int64_t)((uint64_t)value << 8 | at[i]);
    }
    if (type == 1) {
        return value != 0 && value != 1;
    }
    size_t shorter = length_of_type(type - 1);
    if (shorter == 0 || shorter >= sizeof value) {
        return true;
    }
    int64_t bound = INT64_C(1) << (8 * shorter - 1);
    return value < -bound || value >= bound;
}

static bool is_type_of(char column, uint64_t type) {
    switch (column) {
    case 't':
        return type >= 13 && type % 2 == 1;
    case 'b':
        return type >= 12 && type % 2 == 0;
    case 'n':
        return type == 0;
    default: /* i */
        return (type >= 1 && type <= 6) || type == 8 || type == 9;
    }
}

/* Whether a record has the columns of its table, in the one form; *key is its first column. */
static bool is_record(const struct walk *walk, struct numu_text *key) {
    const unsigned char *data = (const unsigned char *)walk->payload.data;
    const unsigned char *end = data + walk->payload.length;
    const char *columns = walk->tree->columns;
    uint64_t header;
    unsigned length = read_varint(data, end, &header);
    if (length == 0 || header > walk->payload.length) {
        return false;
    }
    const unsigned char *at = data + length;
    const unsigned char *body = data + header;
    for (size_t i = 0; columns[i] != '\0'; i++) {
        uint64_t type;
        length = read_varint(at, data + header, &type);
        if (length == 0 || !is_type_of(columns[i], type) ||
            length_of_type(type) > (size_t)(end - body) ||
            (columns[i] == 'i' && !is_shortest(type, body))) {
            return false;
        }
        if (i == 0) {
            *key = (struct numu_text){(const char *)body, length_of_type(type)};
        }
        at += length;
        body += length_of_type(type);
    }
    return at == data + header && body == end;
}

/* The payload of a cell with the pages that it runs over to. */
static numu_status read_payload(struct walk *walk, const unsigned char *page,
                                const struct cell *cell, bool *out_is_good) {
    unsigned char *chain = walk->pages[DEPTH_MAX];
    numu_buffer_clear(&walk->payload);
    NUMU_TRY(numu_buffer_append(&walk->payload, page + cell->local_at, cell->local_bytes));
    uint64_t left = cell->payload_bytes - cell->local_bytes;
    *out_is_good = true;
    for (uint32_t number = cell->overflow; left > 0;) {
        NUMU_TRY(take_page(walk, number, chain, out_is_good));
        if (!*out_is_good) {
            return NUMU_OK;
        }
        size_t here = left < OVERFLOW_BYTES ? (size_t)left : OVERFLOW_BYTES;
        NUMU_TRY(numu_buffer_append(&walk->payload, chain + 4, here));
        left -= here;
        unsigned rest = first_rest(chain, 4 + (unsigned)here);
        if (rest < NUMU_PAGE_BYTES || (left == 0 && read4(chain) != 0)) {
            NUMU_TRY(say(walk, number, rest < NUMU_PAGE_BYTES ? rest : 0));
        }
        number = read4(chain);
    }
    return NUMU_OK;
}

static bool is_after_last(const struct walk *walk, struct numu_text key, int64_t row) {
    if (!walk->has_last) {
        return true;
    }
    return walk->tree->is_index
               ? numu_text_compare((struct numu_text){walk->last_key.data, walk->last_key.length},
                                   key) < 0
               : row > walk->last_row;
}

static numu_status check_record(struct walk *walk, uint32_t number, const unsigned char *page,
                                const struct cell *cell) {
    struct numu_text key = {NULL, 0};
    bool is_good;
    NUMU_TRY(read_payload(walk, page, cell, &is_good));
    if (!is_good || !is_record(walk, &key) || !is_after_last(walk, key, cell->row)) {
        return say(walk, number, cell->local_at);
    }
    walk->has_last = true;
    walk->last_row = cell->row;
    numu_buffer_clear(&walk->last_key);
    return walk->tree->is_index ? numu_buffer_append(&walk->last_key, key.data, key.length)
                                : NUMU_OK;
}

/* --- trees --- */

static numu_status check_tree(struct walk *walk, uint32_t number, unsigned depth,
                              bool *out_is_good);

static numu_status check_cells(struct walk *walk, uint32_t number, const struct layout *layout,
                               unsigned depth) {
    const unsigned char *page = walk->pages[depth];
    for (unsigned i = 0; i < layout->cell_count; i++) {
        struct cell cell;
        bool is_good = true;
        (void)read_cell(page, layout, i, &cell); /* it could be read: the page was mapped */
        if (layout->is_inner) {
            NUMU_TRY(check_tree(walk, cell.child, depth + 1, &is_good));
        }
        /* The number in an inner page is that of the last row below it. */
        if (!is_good ||
            (layout->kind == TABLE_INNER && (!walk->has_last || cell.row != walk->last_row))) {
            NUMU_TRY(say(walk, number, read2(page + layout->pointers + 2 * (size_t)i)));
        }
        if (layout->kind != TABLE_INNER) {
            NUMU_TRY(check_record(walk, number, page, &cell));
        }
    }
    if (layout->is_inner) {
        bool is_good;
        NUMU_TRY(check_tree(walk, read4(page + layout->start + 8), depth + 1, &is_good));
        return is_good ? NUMU_OK : say(walk, number, layout->start + 8);
    }
    return NUMU_OK;
}

static numu_status check_tree(struct walk *walk, uint32_t number, unsigned depth,
                              bool *out_is_good) {
    struct layout layout;
    *out_is_good = depth < DEPTH_MAX;
    if (*out_is_good) {
        NUMU_TRY(take_page(walk, number, walk->pages[depth], out_is_good));
    }
    if (!*out_is_good) {
        return NUMU_OK;
    }
    unsigned char *page = walk->pages[depth];
    bool is_mapped = map_page(page, number, &layout, walk->used);
    bool is_index = layout.kind == INDEX_INNER || layout.kind == INDEX_LEAF;
    if (!is_mapped || is_index != walk->tree->is_index ||
        (layout.cell_count == 0 && (layout.is_inner || depth > 0))) {
        return say(walk, number, layout.start);
    }
    for (unsigned i = 0; i < NUMU_PAGE_BYTES; i++) {
        if (walk->used[i] == 0 && page[i] != 0) {
            NUMU_TRY(say(walk, number, i));
            break;
        }
    }
    return check_cells(walk, number, &layout, depth);
}

/* --- the header, and what is in no tree --- */

static numu_status check_header(struct walk *walk, const unsigned char *page) {
    static const unsigned char fixed[] = "SQLite format 3\0\x10\0\2\2\0\x40\x20\x20";
    static const struct {
        unsigned at;
        uint32_t value;
    } numbers[] = {{44, 4}, {52, 0}, {56, 1}, {64, 0}};
    for (unsigned i = 0; i < sizeof fixed - 1; i++) {
        if (page[i] != fixed[i]) {
            NUMU_TRY(say(walk, 1, i));
        }
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (read4(page + numbers[i].at) != numbers[i].value) {
            NUMU_TRY(say(walk, 1, numbers[i].at));
        }
    }
    if (read4(page + 28) != walk->file->count) {
        NUMU_TRY(say(walk, 1, 28));
    }
    if (read4(page + 40) != walk->file->schema_cookie) {
        NUMU_TRY(say(walk, 1, 40));
    }
    if (read4(page + 24) != read4(page + 92)) {
        NUMU_TRY(say(walk, 1, 24));
    }
    for (unsigned i = 48; i < 92; i++) { /* a suggested size of cache; space kept for later */
        if ((i < 52 || i >= 72) && page[i] != 0) {
            NUMU_TRY(say(walk, 1, i));
        }
    }
    return NUMU_OK;
}

static numu_status check_free_page(struct walk *walk, uint32_t list, unsigned at, uint32_t number) {
    unsigned char *page = walk->pages[DEPTH_MAX];
    bool is_good;
    NUMU_TRY(take_page(walk, number, page, &is_good));
    if (!is_good) {
        return say(walk, list, at);
    }
    unsigned rest = first_rest(page, 0);
    return rest < NUMU_PAGE_BYTES ? say(walk, number, rest) : NUMU_OK;
}

static numu_status check_free(struct walk *walk, uint32_t first, uint32_t count) {
    unsigned char *page = walk->pages[0];
    uint32_t found = 0;
    for (uint32_t number = first; number != 0; number = read4(page)) {
        bool is_good;
        NUMU_TRY(take_page(walk, number, page, &is_good));
        uint32_t listed = is_good ? read4(page + 4) : 0;
        if (!is_good || listed > LIST_MAX) {
            return say(walk, is_good ? number : 1, is_good ? 4 : 32);
        }
        for (uint32_t i = 0; i < listed; i++) {
            unsigned at = 8 + 4 * (unsigned)i;
            NUMU_TRY(check_free_page(walk, number, at, read4(page + at)));
        }
        unsigned rest = first_rest(page, 8 + 4 * (unsigned)listed);
        if (rest < NUMU_PAGE_BYTES) {
            NUMU_TRY(say(walk, number, rest));
        }
        found += 1 + listed;
    }
    return found == count ? NUMU_OK : say(walk, 1, 36);
}

static numu_status check_all(struct walk *walk, const struct numu_page_tree *trees,
                             size_t tree_count) {
    unsigned char head[NUMU_PAGE_HEADER_BYTES];
    NUMU_TRY(NUMU_TAKE(&walk->arena, &walk->seen, (size_t)walk->file->count / 8 + 1));
    NUMU_TRY(NUMU_TAKE(&walk->arena, &walk->pages, (size_t)DEPTH_MAX + 1));
    NUMU_TRY(walk->file->read(walk->file->data, 1, walk->pages[0]));
    memcpy(head, walk->pages[0], sizeof head);
    NUMU_TRY(check_header(walk, head));
    for (size_t i = 0; i < tree_count; i++) {
        bool is_good;
        walk->tree = &trees[i];
        walk->has_last = false;
        NUMU_TRY(check_tree(walk, trees[i].root, 0, &is_good));
        if (!is_good) {
            NUMU_TRY(say(walk, 1, NUMU_PAGE_HEADER_BYTES));
        }
    }
    NUMU_TRY(check_free(walk, read4(head + 32), read4(head + 36)));
    for (uint32_t number = 1; number <= walk->file->count; number++) {
        if ((walk->seen[number / 8] & (1U << number % 8)) == 0 && number != LOCK_PAGE) {
            NUMU_TRY(say(walk, number, 0)); /* nothing refers to it */
        }
    }
    return NUMU_OK;
}

numu_status numu_pages_check(struct numu_heap *heap, const struct numu_page_file *file,
                             const struct numu_page_tree *trees, size_t tree_count,
                             numu_page_visit visit, void *data) {
    struct walk walk = {.file = file, .visit = visit, .data = data};
    numu_arena_init(&walk.arena, heap);
    numu_buffer_init(&walk.payload, heap, 0);
    numu_buffer_init(&walk.last_key, heap, 0);
    numu_status status = check_all(&walk, trees, tree_count);
    numu_buffer_release(&walk.last_key);
    numu_buffer_release(&walk.payload);
    numu_arena_release(&walk.arena);
    return status;
}
