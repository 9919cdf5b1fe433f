/*
 * ledger_witness.c - see ledger_witness.h.
 */
#include "app/ledger_witness.h"

#include "app/key.h"
#include "app/tell.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const struct numu_argument no_argument = {.kind = NUMU_ARGUMENT_NONE};

/* --- asking --- */

static inline numu_status say_no_head(struct numu_report *report, struct numu_text site) {
    numu_app_tell(report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string("kind.head"),
                  numu_argument_text(site));
    return NUMU_INVALID;
}

numu_status numu_app_ledger_head(struct numu_ledger *ledger, uint64_t since,
                                 struct numu_arena *arena, struct numu_report *report,
                                 struct numu_buffer *buffer) {
    struct numu_head_request request = {.old = since};
    struct numu_checkpoint head;
    struct numu_ledger_tree room;
    struct numu_tree tree = numu_ledger_tree(ledger, ledger->log, ledger->site, &room);
    numu_status status = numu_ledger_last_head(ledger, arena, ledger->site, &request.head, &head);
    if (status == NUMU_NOT_FOUND || (status == NUMU_OK && since > head.size)) {
        return say_no_head(report, ledger->site);
    }
    NUMU_TRY(status);
    if (since > 0 && since < head.size) {
        NUMU_TRY(numu_tree_consistency(&tree, since, head.size, &request.proof));
    }
    return numu_head_request_write(&request, buffer);
}

/* --- keeping what a witness said --- */

static const struct numu_kept_head *find_kept(const struct numu_kept_head *heads, size_t count,
                                              uint64_t size, int64_t epoch) {
    for (size_t i = 0; i < count; i++) {
        if (heads[i].size == size && heads[i].epoch == epoch) {
            return &heads[i];
        }
    }
    return NULL;
}

static numu_status put_head(struct numu_ledger *ledger, struct numu_arena *arena,
                            struct numu_text site, const struct numu_kept_head *head,
                            struct numu_text note) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_text name;
    struct numu_text key;
    char digits[24];
    NUMU_TRY(numu_log_name(arena, site, head->epoch, &name));
    NUMU_TRY(numu_text_printf(arena, &key, "head\t%.*s\t%s", (int)name.length, name.data,
                              numu_sequence_text((int64_t)head->size, digits).data));
    NUMU_TRY(numu_ledger_begin(ledger));
    numu_status status = store->port->put(store->self, NUMU_SPACE_BOOK, key, note);
    if (status != NUMU_OK) {
        numu_ledger_rollback(ledger);
        return status;
    }
    return numu_ledger_commit(ledger);
}

/* The kept head and the other lines, where they are of one text and together a note. */
static numu_status merge(struct numu_ledger *ledger, struct numu_arena *arena,
                         struct numu_text site, const struct numu_kept_head *kept,
                         struct numu_text other) {
    struct numu_buffer merged;
    struct numu_text text;
    size_t count;
    numu_buffer_init(&merged, ledger->heap, 0);
    numu_status status = numu_cosignatures_merge(kept->note, other, &merged);
    struct numu_text note = {merged.data, merged.length};
    if (status == NUMU_OK) {
        status = numu_note_read(note, NULL, 0, &text, &count);
    }
    if (status == NUMU_OK) {
        status = put_head(ledger, arena, site, kept, note);
    }
    numu_buffer_release(&merged);
    return status;
}

numu_status numu_app_ledger_take_cosigned(struct numu_ledger *ledger, const char *path,
                                          struct numu_arena *arena, struct numu_report *report) {
    struct numu_checkpoint head = {.size = 0};
    struct numu_kept_head *heads;
    struct numu_text note;
    struct numu_text id;
    struct numu_text site;
    int64_t epoch;
    size_t count;
    NUMU_TRY(numu_app_read(arena, path, NUMU_NOTE_BYTES_MAX, report, &note));
    if (numu_checkpoint_read(note, &head) != NUMU_OK ||
        !numu_log_origin_parse(head.origin, &id, &site, &epoch)) {
        numu_app_tell(report, NUMU_CODE_PROOF_REFUSED, numu_argument_string("kind.proof_malformed"),
                      no_argument);
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_heads_list(ledger, arena, site, NUMU_EPOCH_NEWEST, &heads, &count));
    const struct numu_kept_head *kept = find_kept(heads, count, head.size, epoch);
    numu_status status = kept == NULL || !numu_text_is_equal(id, ledger->id)
                             ? NUMU_INVALID
                             : merge(ledger, arena, site, kept, note);
    return status == NUMU_INVALID ? say_no_head(report, head.origin) : status;
}

/* --- answering --- */

static const char *const answer_words[NUMU_WITNESS_ANSWER_COUNT] = {
    [NUMU_WITNESS_MALFORMED] = "kind.witness_malformed",
    [NUMU_WITNESS_UNKNOWN_KEY] = "kind.witness_unknown_key",
    [NUMU_WITNESS_BAD_HEAD] = "kind.witness_bad_head",
    [NUMU_WITNESS_STALE] = "kind.witness_stale",
    [NUMU_WITNESS_SHRUNK] = "kind.witness_shrunk",
    [NUMU_WITNESS_FORKED] = "kind.witness_forked"};

/* The memory of a witness; empty where it has none yet. */
static numu_status read_memory(const char *path, struct numu_arena *arena,
                               struct numu_report *report, struct numu_text *out) {
    int number;
    numu_status status = numu_file_read(arena, path, 0, out, &number);
    if (status == NUMU_IO && number == ENOENT) {
        *out = (struct numu_text){NULL, 0};
        return NUMU_OK;
    }
    return status == NUMU_IO ? numu_app_cannot_read(report, path, number) : status;
}

static numu_status answer(const struct numu_app_witness_request *request,
                          const struct numu_witness_case *asked, struct numu_report *report,
                          struct numu_buffer *memory, struct numu_buffer *note, bool *out_refused) {
    struct numu_witness_result result;
    size_t start = note->length;
    numu_status status = numu_witness_answer_to(asked, memory, note, &result);
    if (status == NUMU_INVALID) {
        numu_app_tell(report, NUMU_CODE_WITNESS_REFUSED,
                      numu_argument_string("kind.witness_memory"), numu_argument_integer(0));
        return status;
    }
    NUMU_TRY(status);
    if (result.is_memory_changed) { /* what was signed must be remembered before it is known */
        status = numu_app_write(request->memory, (struct numu_text){memory->data, memory->length},
                                report);
        note->length = status == NUMU_OK ? note->length : start;
        NUMU_TRY(status);
    }
    *out_refused = result.answer != NUMU_WITNESS_SIGNED;
    if (*out_refused) {
        numu_app_tell(report, NUMU_CODE_WITNESS_REFUSED,
                      numu_argument_string(answer_words[result.answer]),
                      numu_argument_integer((int64_t)result.known));
    }
    return NUMU_OK;
}

/* Nobody else may answer between reading the memory and writing it: [W1] of witness.h. */
static numu_status answer_locked(const struct numu_app_witness_request *request,
                                 struct numu_witness_case *asked, struct numu_arena *arena,
                                 struct numu_report *report, struct numu_buffer *note,
                                 bool *out_refused) {
    struct numu_file_lock lock;
    struct numu_buffer memory;
    int number;
    numu_status status = numu_file_lock(&lock, request->memory, &number);
    if (status == NUMU_IO) {
        return numu_app_cannot_write(report, request->memory, number);
    }
    NUMU_TRY(status);
    numu_buffer_init(&memory, arena->heap, 0);
    status = read_memory(request->memory, arena, report, &asked->memory);
    if (status == NUMU_OK) {
        status = answer(request, asked, report, &memory, note, out_refused);
    }
    numu_buffer_release(&memory);
    numu_file_unlock(&lock);
    return status;
}

numu_status numu_app_witness(const struct numu_app_witness_request *request,
                             struct numu_arena *arena, struct numu_report *report,
                             struct numu_buffer *note, bool *out_refused) {
    struct numu_witness_case asked = {.signer = request->signer, .now = request->now};
    struct numu_public_key trusted;
    *out_refused = false;
    NUMU_TRY(numu_app_read(arena, request->request, NUMU_NOTE_BYTES_MAX, report, &asked.request));
    if (request->trusted != NULL) {
        NUMU_TRY(numu_app_key_given(arena, request->trusted, report, &trusted));
        asked.trusted = &trusted;
    }
    return answer_locked(request, &asked, arena, report, note, out_refused);
}

/* --- verifying --- */

/* A witness as somebody names it: its key, of either type, or a file with one. */
static numu_status find_witness(struct numu_arena *arena, struct numu_text given,
                                struct numu_report *report, struct numu_witness *out) {
    struct numu_public_key key;
    char *string;
    numu_status status = numu_witness_parse(given, out);
    if (status != NUMU_INVALID) {
        return status;
    }
    NUMU_TRY(numu_text_to_string(arena, given, &string));
    NUMU_TRY(numu_app_key_given(arena, string, report, &key));
    return numu_witness_of(&key, out);
}

struct witnesses {
    struct numu_witness *list;
    int64_t *times; /* when each signed the head that is looked at; -1: it did not */
    size_t count;
};

static numu_status list_witnesses(struct numu_arena *arena, const char *keys,
                                  struct numu_report *report, struct witnesses *out) {
    struct numu_text rest = numu_text_of(keys);
    size_t most = 1;
    for (size_t i = 0; i < rest.length; i++) {
        most += rest.data[i] == ',';
    }
    out->count = 0;
    NUMU_TRY(NUMU_TAKE(arena, &out->list, most));
    NUMU_TRY(NUMU_TAKE(arena, &out->times, most));
    while (rest.length > 0) {
        size_t comma = numu_text_find(rest, NUMU_TEXT(","), 0);
        struct numu_text word = {rest.data, comma == SIZE_MAX ? rest.length : comma};
        size_t skipped = comma == SIZE_MAX ? rest.length : comma + 1;
        rest = (struct numu_text){rest.data + skipped, rest.length - skipped};
        NUMU_TRY(find_witness(arena, word, report, &out->list[out->count++]));
    }
    return NUMU_OK;
}

/* Whether the key of a witness that signed is that of an earlier one that did, of any name. */
static bool is_counted(const struct witnesses *witnesses, size_t which) {
    const uint8_t *key = witnesses->list[which].key.bytes;
    for (size_t i = 0; i < which; i++) {
        if (witnesses->times[i] >= 0 &&
            memcmp(witnesses->list[i].key.bytes, key, NUMU_PUBLIC_KEY_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * How many of the witnesses signed a head, each key once, however often it is given; SIZE_MAX where
 * a line of one of them is wrong.
 */
static numu_status count_signed(const struct numu_kept_head *head,
                                const struct witnesses *witnesses, size_t *out) {
    numu_status status =
        numu_cosignatures_read(head->note, witnesses->list, witnesses->count, witnesses->times);
    *out = status == NUMU_INVALID ? SIZE_MAX : 0;
    if (status != NUMU_OK) {
        return status == NUMU_INVALID ? NUMU_OK : status;
    }
    for (size_t i = 0; i < witnesses->count; i++) {
        *out += witnesses->times[i] >= 0 && !is_counted(witnesses, i);
    }
    return NUMU_OK;
}

static numu_status check_heads(struct numu_ledger *ledger, const struct witnesses *witnesses,
                               struct numu_arena *arena, struct numu_report *report,
                               struct numu_witnessing *out) {
    struct numu_kept_head *heads;
    size_t head_count;
    NUMU_TRY(numu_heads_list(ledger, arena, ledger->site, NUMU_EPOCH_NEWEST, &heads, &head_count));
    out->heads = head_count;
    for (size_t i = 0; i < head_count; i++) {
        struct numu_text name;
        size_t found;
        NUMU_TRY(count_signed(&heads[i], witnesses, &found));
        if (found == SIZE_MAX) {
            NUMU_TRY(numu_event_name(arena, ledger->site, heads[i].epoch, (int64_t)heads[i].size,
                                     &name));
            numu_app_tell(report, NUMU_CODE_LEDGER_ALTERED, numu_argument_string("kind.head"),
                          numu_argument_text(name));
            found = 0;
        }
        out->unsigned_heads += found == 0;
        out->newest = found;
    }
    return NUMU_OK;
}

numu_status numu_app_ledger_witnesses(const struct numu_context *context, const char *path,
                                      const char *keys, uint64_t quorum, struct numu_report *report,
                                      struct numu_witnessing *out) {
    struct witnesses witnesses;
    struct numu_arena arena;
    struct numu_ledger ledger;
    *out = (struct numu_witnessing){0};
    numu_arena_init(&arena, context->heap);
    numu_status status = list_witnesses(&arena, keys, report, &witnesses);
    if (status == NUMU_OK) {
        status = numu_app_ledger_open(context, path, NUMU_STORE_READ, report, &ledger);
    }
    if (status == NUMU_OK) {
        status = check_heads(&ledger, &witnesses, &arena, report, out);
        numu_status closed = numu_ledger_close(&ledger);
        status = status == NUMU_OK ? closed : status;
    }
    numu_arena_release(&arena);
    if (status == NUMU_OK && out->newest < quorum) {
        numu_app_tell(report, NUMU_CODE_HEAD_NOT_WITNESSED,
                      numu_argument_integer((int64_t)out->newest),
                      numu_argument_integer((int64_t)quorum));
    }
    return status == NUMU_OK && numu_report_total(report, NUMU_ERROR) > 0 ? NUMU_INVALID : status;
}
