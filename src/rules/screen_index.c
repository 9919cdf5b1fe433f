/*
 * screen_index.c - see screen_index.h.
 *
 * [X1] Words are numbered in the order in which names brought them; two neighbours joined are
 *      words, too, and stand in the postings only.
 * [X2] Keys are sorted by (hash, word): what a query meets comes in one order.
 */
#include "rules/screen_index.h"

#include <stdlib.h>
#include <string.h>

/* One of the keys of a word. */
struct key {
    uint64_t hash;
    uint32_t word;
};

struct numu_screen_words {
    struct numu_name_word *list;
    uint32_t count;
    uint32_t *name_words;    /* by place of a name's words: the word */
    uint32_t *first_posting; /* by word, one more at the end */
    uint32_t *postings;      /* names, ascending */
    struct key *keys;
    size_t key_count;
    uint32_t name_count;
};

enum {
    KEYS_A_WORD_MAX = NUMU_WORD_LETTERS_MAX + 2,
    DELETIONS_BONES_MIN = 3, /* shorter words must have the same bones */
    JOINED_LETTERS_MIN = 4,
    COMPARED_MAX = 400, /* names compared whole with a query */
};

/* --- keys --- */

static uint64_t hash_of(const char *bones, size_t length) {
    return numu_hash_bytes(bones, length, 0x6e756d75);
}

static size_t keys_of(const struct numu_name_word *word, uint64_t out[KEYS_A_WORD_MAX]) {
    size_t count = 0;
    size_t length = word->bones_length;
    out[count++] =
        length == 0 ? hash_of(word->letters, word->length) : hash_of(word->bones, length);
    for (size_t i = 0; length >= DELETIONS_BONES_MIN && i < length; i++) {
        char rest[NUMU_WORD_LETTERS_MAX];
        memcpy(rest, word->bones, i);
        memcpy(rest + i, word->bones + i + 1, length - i - 1);
        out[count++] = hash_of(rest, length - 1);
    }
    if (word->group != 0) {
        out[count++] = numu_hash_bytes(&word->group, sizeof word->group, 0x67726f75);
    }
    return count;
}

static int compare_keys(const void *a, const void *b) {
    const struct key *x = a, *y = b;
    if (x->hash != y->hash) {
        return x->hash < y->hash ? -1 : 1;
    }
    return x->word < y->word ? -1 : x->word > y->word;
}

/* --- building --- */

/* A word of a name, or two joined, before equal ones are one. */
struct mention {
    struct numu_name_word word;
    uint32_t name;
    bool is_joined;
};

struct builder {
    struct numu_screen *screen;
    struct numu_screen_words *words;
    struct numu_buffer mentions;
    struct numu_arena scratch;
    uint32_t *word_of; /* by mention */
};

static numu_status mention(struct builder *builder, const struct numu_name_word *word,
                           uint32_t name, bool is_joined) {
    struct mention row = {*word, name, is_joined};
    return numu_buffer_append(&builder->mentions, &row, sizeof row);
}

static numu_status mention_joined(struct builder *builder, const struct numu_name *name,
                                  uint32_t row) {
    for (uint32_t i = 0; i + 1 < name->count; i++) {
        struct numu_name_word joined;
        if (numu_name_join(name, i, &joined) && joined.length >= JOINED_LETTERS_MIN) {
            NUMU_TRY(mention(builder, &joined, row, true));
        }
    }
    return NUMU_OK;
}

static numu_status read_names(struct builder *builder, const struct numu_context *context) {
    struct numu_latin *latin = NULL;
    struct numu_screen_name *names = (struct numu_screen_name *)(void *)builder->screen->names.data;
    uint32_t places = 0;
    NUMU_TRY(numu_latin_open(&latin));
    numu_status status = NUMU_OK;
    for (uint32_t row = 0; status == NUMU_OK && row < builder->words->name_count; row++) {
        struct numu_name name = {.count = 0};
        struct numu_arena_mark mark = numu_arena_mark(&builder->scratch);
        status = numu_name_read(latin, names[row].text, &builder->scratch, &name);
        names[row].first_word = places;
        names[row].word_count = (uint8_t)name.count;
        places += name.count;
        for (uint32_t i = 0; status == NUMU_OK && i < name.count; i++) {
            status = mention(builder, name.words[i], row, false);
        }
        if (status == NUMU_OK) {
            status = mention_joined(builder, &name, row);
        }
        numu_arena_rewind(&builder->scratch, mark);
        if (row % 4096 == 0 && numu_context_is_stopped(context)) {
            status = NUMU_STOPPED;
        }
    }
    numu_latin_close(latin);
    return status;
}

/* The same letters from a script without vowels are another word. */
static numu_status letters_of(struct numu_arena *arena, const struct numu_name_word *word,
                              struct numu_text *out) {
    return numu_text_printf(arena, out, "%.*s%s", (int)word->length, word->letters,
                            word->is_vowelless ? "~" : "");
}

/* Equal mentions become one word. */
static numu_status number_words(struct builder *builder) {
    const struct mention *mentions = (const struct mention *)(void *)builder->mentions.data;
    size_t count = builder->mentions.length / sizeof *mentions;
    struct numu_text *letters;
    struct numu_map map;
    NUMU_TRY(NUMU_TAKE(&builder->scratch, &letters, count));
    NUMU_TRY(NUMU_TAKE(&builder->scratch, &builder->word_of, count));
    NUMU_TRY(numu_map_init(&map, &builder->scratch, letters, count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(letters_of(&builder->scratch, &mentions[i].word, &letters[i]));
        numu_row first = numu_map_add(&map, (numu_row)i);
        builder->word_of[i] =
            first == NUMU_NONE ? builder->words->count++ : builder->word_of[first];
    }
    NUMU_TRY(NUMU_TAKE(&builder->screen->arena, &builder->words->list, builder->words->count));
    for (size_t i = 0; i < count; i++) {
        struct numu_name_word *word = &builder->words->list[builder->word_of[i]];
        if (word->length == 0 || !mentions[i].is_joined) {
            *word = mentions[i].word;
        }
    }
    return NUMU_OK;
}

static numu_status build_postings(struct builder *builder) {
    struct numu_screen_words *words = builder->words;
    const struct mention *mentions = (const struct mention *)(void *)builder->mentions.data;
    size_t count = builder->mentions.length / sizeof *mentions;
    uint32_t places = 0;
    uint32_t *next;
    NUMU_TRY(NUMU_TAKE(&builder->screen->arena, &words->name_words, count));
    NUMU_TRY(NUMU_TAKE(&builder->screen->arena, &words->first_posting, words->count + 1));
    NUMU_TRY(NUMU_TAKE(&builder->screen->arena, &words->postings, count));
    NUMU_TRY(NUMU_TAKE(&builder->scratch, &next, words->count));
    for (size_t i = 0; i < count; i++) {
        words->first_posting[builder->word_of[i] + 1]++;
        if (!mentions[i].is_joined) {
            words->name_words[places++] = builder->word_of[i];
        }
    }
    for (uint32_t w = 0; w < words->count; w++) {
        words->first_posting[w + 1] += words->first_posting[w];
        next[w] = words->first_posting[w];
    }
    for (size_t i = 0; i < count; i++) {
        words->postings[next[builder->word_of[i]]++] = mentions[i].name;
    }
    return NUMU_OK;
}

static numu_status build_keys(struct builder *builder) {
    struct numu_screen_words *words = builder->words;
    uint64_t hashes[KEYS_A_WORD_MAX];
    size_t count = 0;
    for (uint32_t w = 0; w < words->count; w++) {
        count += keys_of(&words->list[w], hashes);
    }
    NUMU_TRY(NUMU_TAKE(&builder->screen->arena, &words->keys, count));
    for (uint32_t w = 0; w < words->count; w++) {
        size_t own = keys_of(&words->list[w], hashes);
        for (size_t i = 0; i < own; i++) {
            words->keys[words->key_count++] = (struct key){hashes[i], w};
        }
    }
    qsort(words->keys, words->key_count, sizeof *words->keys, compare_keys);
    return NUMU_OK;
}

/* Countries by code, where they have one. */
static numu_status code_countries(struct numu_screen *screen) {
    struct numu_screen_fact *facts = (struct numu_screen_fact *)(void *)screen->facts.data;
    size_t count = screen->facts.length / sizeof *facts;
    struct numu_latin *latin = NULL;
    NUMU_TRY(numu_latin_open(&latin));
    numu_status status = numu_countries_build(latin, &screen->arena, &screen->countries);
    for (size_t i = 0; status == NUMU_OK && i < count; i++) {
        struct numu_text code = {NULL, 0};
        if (facts[i].kind != NUMU_FACT_COUNTRY) {
            continue;
        }
        status = numu_countries_find(&screen->countries, latin, facts[i].text, screen->arena.heap,
                                     &code);
        facts[i].text = code.length > 0 ? code : facts[i].text;
    }
    numu_latin_close(latin);
    return status;
}

static numu_status build(struct builder *builder, const struct numu_context *context) {
    NUMU_TRY(NUMU_TAKE(&builder->screen->arena, &builder->words, 1));
    size_t names = builder->screen->names.length / sizeof(struct numu_screen_name);
    if (names >= NUMU_NONE) {
        return NUMU_LIMIT;
    }
    builder->words->name_count = (uint32_t)names;
    NUMU_TRY(code_countries(builder->screen));
    NUMU_TRY(read_names(builder, context));
    NUMU_TRY(number_words(builder));
    NUMU_TRY(build_postings(builder));
    return build_keys(builder);
}

numu_status numu_screen_build(const struct numu_context *context, struct numu_screen *screen) {
    struct builder builder = {.screen = screen};
    numu_buffer_init(&builder.mentions, context->heap, 0);
    numu_arena_init(&builder.scratch, context->heap);
    numu_status status = build(&builder, context);
    numu_buffer_release(&builder.mentions);
    numu_arena_release(&builder.scratch);
    NUMU_TRY(status);
    screen->words = builder.words;
    return NUMU_OK;
}

void numu_screen_name_words(const struct numu_screen *screen, uint32_t name,
                            struct numu_name *out) {
    const struct numu_screen_name *row = &numu_screen_names(screen)[name];
    out->count = row->word_count;
    for (uint32_t i = 0; i < row->word_count; i++) {
        out->words[i] = &screen->words->list[screen->words->name_words[row->first_word + i]];
    }
}

/* --- gathering --- */

numu_status numu_screen_asker_init(const struct numu_screen *screen,
                                   struct numu_screen_asker *asker, struct numu_heap *heap) {
    numu_arena_init(&asker->arena, heap);
    numu_arena_init(&asker->tables, heap);
    NUMU_TRY(numu_latin_open(&asker->latin));
    numu_buffer_init(&asker->alike, heap, 0);
    NUMU_TRY(NUMU_TAKE(&asker->tables, &asker->word_stamp, screen->words->count));
    NUMU_TRY(NUMU_TAKE(&asker->tables, &asker->likeness,
                       (size_t)screen->words->count * NUMU_NAME_WORDS_MAX));
    NUMU_TRY(NUMU_TAKE(&asker->tables, &asker->evidence, screen->words->name_count));
    NUMU_TRY(NUMU_TAKE(&asker->tables, &asker->name_stamp, screen->words->name_count));
    NUMU_TRY(NUMU_TAKE(&asker->tables, &asker->gained, screen->words->name_count));
    return NUMU_TAKE(&asker->tables, &asker->touched, screen->words->name_count);
}

void numu_screen_asker_release(struct numu_screen_asker *asker) {
    numu_latin_close(asker->latin);
    if (asker->arena.heap != NULL) {
        numu_arena_release(&asker->arena);
        numu_arena_release(&asker->tables);
        numu_buffer_release(&asker->alike);
    }
}

/* A listed word that is alike speaks for all names that hold it. */
static void add_evidence(const struct numu_screen_words *words, struct numu_screen_asker *asker,
                         uint32_t word, double evidence) {
    for (uint32_t p = words->first_posting[word]; p < words->first_posting[word + 1]; p++) {
        uint32_t name = words->postings[p];
        if (asker->evidence[name] <= 0) {
            asker->touched[asker->touched_count++] = name;
        }
        float before = asker->name_stamp[name] == asker->stamp ? asker->gained[name] : 0;
        if ((float)evidence > before) {
            asker->evidence[name] += (float)evidence - before;
            asker->gained[name] = (float)evidence;
            asker->name_stamp[name] = asker->stamp;
        }
    }
}

static size_t first_key(const struct numu_screen_words *words, uint64_t hash) {
    size_t low = 0, high = words->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (words->keys[middle].hash < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Before words are compared at cost: other bones and another beginning are seldom a slip. */
static bool may_be_alike(const struct numu_name_word *a, const struct numu_name_word *b) {
    if (a->is_vowelless != b->is_vowelless || a->letters[0] == b->letters[0] ||
        (a->group != 0 && a->group == b->group)) {
        return true;
    }
    if (a->bones_length == b->bones_length && memcmp(a->bones, b->bones, a->bones_length) == 0) {
        return true;
    }
    /* But for the first letter alone. */
    return a->length > 2 && b->length > 2 &&
           (memcmp(a->letters + 1, b->letters + 1, 2) == 0 ||
            memcmp(a->letters, b->letters + 1, 2) == 0 ||
            memcmp(a->letters + 1, b->letters, 2) == 0);
}

/* `place` is that of the word in the query; NUMU_NAME_WORDS_MAX for two joined. */
static numu_status gather_word(const struct numu_screen_words *words,
                               struct numu_screen_asker *asker, uint32_t place,
                               const struct numu_name_word *asked, double weight) {
    uint64_t hashes[KEYS_A_WORD_MAX];
    size_t count = keys_of(asked, hashes);
    asker->stamp++;
    for (size_t k = 0; k < count; k++) {
        for (size_t i = first_key(words, hashes[k]);
             i < words->key_count && words->keys[i].hash == hashes[k]; i++) {
            uint32_t word = words->keys[i].word;
            if (asker->word_stamp[word] == asker->stamp) {
                continue;
            }
            asker->word_stamp[word] = asker->stamp;
            if (!may_be_alike(asked, &words->list[word])) {
                continue;
            }
            double value = numu_name_word_compare(asked, &words->list[word]);
            if (value <= 0) {
                continue;
            }
            add_evidence(words, asker, word, value * weight);
            if (place < NUMU_NAME_WORDS_MAX) {
                size_t at = (size_t)place * words->count + word;
                asker->likeness[at] = (float)value;
                NUMU_TRY(numu_buffer_append(&asker->alike, &at, sizeof at));
            }
        }
    }
    return NUMU_OK;
}

static void forget_likeness(struct numu_screen_asker *asker) {
    const size_t *places = (const size_t *)(const void *)asker->alike.data;
    for (size_t i = 0; i < asker->alike.length / sizeof *places; i++) {
        asker->likeness[places[i]] = 0;
    }
    numu_buffer_clear(&asker->alike);
}

double numu_screen_likeness_of(const void *data, uint32_t asked_word, uint32_t listed_word) {
    const struct numu_screen_likeness *likeness = data;
    const struct numu_screen_words *words = likeness->screen->words;
    uint32_t word = words->name_words[likeness->first_word + listed_word];
    return (double)likeness->asker->likeness[(size_t)asked_word * words->count + word];
}

/* The names with most evidence, at most COMPARED_MAX and none with too little, ascending. */
static void choose(struct numu_screen_asker *asker, double wanted) {
    float best = 0;
    for (uint32_t i = 0; i < asker->touched_count; i++) {
        float evidence = asker->evidence[asker->touched[i]];
        best = evidence > best ? evidence : best;
    }
    double floor = 0.4 * wanted < 0.5 * (double)best ? 0.5 * (double)best : 0.4 * wanted;
    uint32_t kept;
    do { /* the floor rises until few enough are left */
        kept = 0;
        for (uint32_t i = 0; i < asker->touched_count; i++) {
            kept += (double)asker->evidence[asker->touched[i]] >= floor;
        }
        floor *= kept > COMPARED_MAX ? 1.06 : 1;
    } while (kept > COMPARED_MAX && floor <= (double)best);
    kept = 0;
    for (uint32_t i = 0; i < asker->touched_count; i++) {
        uint32_t name = asker->touched[i];
        if ((double)asker->evidence[name] >= floor && kept < COMPARED_MAX) {
            asker->touched[kept++] = name;
        } else {
            asker->evidence[name] = 0;
        }
    }
    for (uint32_t i = 0; i < kept; i++) {
        asker->evidence[asker->touched[i]] = 0;
    }
    asker->touched_count = kept;
}

numu_status numu_screen_gather(const struct numu_screen *screen, struct numu_screen_asker *asker,
                               const struct numu_screen_query *query, struct numu_name *out_name,
                               const uint32_t **out_names, size_t *out_count) {
    const struct numu_screen_words *words = screen->words;
    double wanted = 0;
    numu_arena_release(&asker->arena);
    asker->touched_count = 0;
    forget_likeness(asker);
    NUMU_TRY(numu_name_read(asker->latin, query->name, &asker->arena, out_name));
    for (uint32_t i = 0; i < out_name->count; i++) {
        double weight = numu_name_word_weight(out_name->words[i], query->party);
        wanted += weight;
        NUMU_TRY(gather_word(words, asker, i, out_name->words[i], weight));
    }
    for (uint32_t i = 0; i + 1 < out_name->count; i++) {
        struct numu_name_word joined;
        if (numu_name_join(out_name, i, &joined) && joined.length >= JOINED_LETTERS_MIN) {
            double weight = numu_name_word_weight(out_name->words[i], query->party) +
                            numu_name_word_weight(out_name->words[i + 1], query->party);
            NUMU_TRY(gather_word(words, asker, NUMU_NAME_WORDS_MAX, &joined, weight));
        }
    }
    choose(asker, wanted);
    *out_names = asker->touched;
    *out_count = asker->touched_count;
    return NUMU_OK;
}
