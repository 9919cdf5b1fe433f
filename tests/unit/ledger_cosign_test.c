/*
 * Goal: a cosignature is what C2SP tlog-cosignature says, holds for its text and time alone, and a
 * witness never signs two heads of one log of which one does not continue the other.
 * Method: the example of the specification; every bit of a cosignature turned; signatures of a
 * log's key and of a witness's under each other's type; two histories that share a beginning, from
 * which requests of all kinds come at random, beside a plain list of what was signed. Whether the
 * bytes are those of others' tools: tests/cli/ledger-witness, where tools/verify-export.py checks.
 */
#include "ledger/witness.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static struct numu_heap heap;

static void must(numu_status status) {
    assert_int_equal(status, NUMU_OK);
}

static void make_signer(const char *name, uint8_t byte, struct numu_signer *out) {
    const uint8_t seed[NUMU_KEY_SEED_BYTES] = {byte};
    must(numu_signer_of_seed(numu_text_of(name), seed, out));
}

/* --- the form --- */

/* https://c2sp.org/tlog-cosignature, version 1.0.0 */
static const char example[] =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\xE2\x80\x94 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
    "\n\xE2\x80\x94 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dl"
    "rDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

static void test_example(void **state) {
    (void)state;
    struct numu_signer other;
    struct numu_witness witness;
    struct numu_note_line line;
    struct numu_text text;
    struct numu_text lines;
    unsigned char blob[4 + 8 + NUMU_SIGNATURE_BYTES];
    int64_t time;
    must(numu_note_split(numu_text_of(example), &text, &lines));
    assert_true(numu_note_line_next(&lines, &line));
    assert_true(numu_note_line_next(&lines, &line));
    assert_true(numu_text_is(line.name, "witness.example.com/w1"));
    assert_true(numu_base64_parse(line.blob, blob, sizeof blob));
    uint64_t stamp = 0;
    for (size_t i = 4; i < 12; i++) {
        stamp = stamp << 8 | blob[i];
    }
    assert_true(stamp == 1679315147); /* the time in the specification's signed message */
    assert_false(numu_note_line_next(&lines, &line));
    make_signer("witness.example.com/w1", 1, &other); /* of that name, but another key */
    must(numu_witness_of(&other.public_key, &witness));
    must(numu_cosignatures_read(numu_text_of(example), &witness, 1, &time));
    assert_true(time == -1);
    numu_signer_release(&other);
}

static void write_head(const struct numu_signer *log, uint64_t size, const struct numu_sha256 *root,
                       struct numu_buffer *out) {
    const struct numu_checkpoint head = {NUMU_TEXT("l/s"), size, *root};
    numu_buffer_init(out, &heap, 0);
    must(numu_checkpoint_write(&head, log, out));
}

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

static void test_every_bit(void **state) {
    (void)state;
    struct numu_signer log;
    struct numu_signer signer;
    struct numu_witness witness;
    struct numu_buffer head;
    struct numu_buffer note;
    const struct numu_sha256 root = {{7}};
    int64_t time;
    make_signer("log", 1, &log);
    make_signer("w", 2, &signer);
    must(numu_witness_of(&signer.public_key, &witness));
    write_head(&log, 9, &root, &head);
    numu_buffer_init(&note, &heap, 0);
    must(numu_cosign(&signer, text_of(&head), 1700000000, &note));
    must(numu_cosignatures_read(text_of(&note), &witness, 1, &time));
    assert_true(time == 1700000000); /* control */
    size_t wrong = 0;
    for (size_t at = 0; at < note.length; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            note.data[at] = (char)(note.data[at] ^ (1 << bit));
            numu_status status = numu_cosignatures_read(text_of(&note), &witness, 1, &time);
            assert_true(status == NUMU_INVALID ||
                        (status == NUMU_OK &&
                         (time == -1 || (at >= 40 && at < head.length)))); /* the log's own line */
            wrong += status == NUMU_INVALID;
            note.data[at] = (char)(note.data[at] ^ (1 << bit));
        }
    }
    assert_true(wrong > 500);
    numu_buffer_release(&note);
    numu_buffer_release(&head);
    numu_signer_release(&log);
    numu_signer_release(&signer);
}

/* A key of a log is not one of a witness, though both be of one secret. */
static void test_types(void **state) {
    (void)state;
    struct numu_signer log;
    struct numu_witness witness;
    struct numu_witness parsed;
    struct numu_buffer head;
    struct numu_buffer note;
    struct numu_text text;
    const struct numu_sha256 root = {{7}};
    size_t count;
    int64_t time;
    make_signer("log", 1, &log);
    must(numu_witness_of(&log.public_key, &witness));
    assert_true(witness.key.id != log.public_key.id);
    write_head(&log, 9, &root, &head);
    must(numu_cosignatures_read(text_of(&head), &witness, 1, &time));
    assert_true(time == -1);
    numu_buffer_init(&note, &heap, 0);
    must(numu_cosign(&log, text_of(&head), 0, &note));
    must(numu_note_read(text_of(&note), &log.public_key, 1, &text, &count));
    assert_int_equal(count, 1);
    must(numu_cosignatures_read(text_of(&note), &witness, 1, &time));
    assert_true(time == 0);
    /* the key as text: of type 1 as numu writes it, of type 4 as C2SP does */
    struct numu_buffer key;
    uint8_t marked[1 + NUMU_PUBLIC_KEY_BYTES] = {4};
    memcpy(marked + 1, log.public_key.bytes, NUMU_PUBLIC_KEY_BYTES);
    numu_buffer_init(&key, &heap, 0);
    must(numu_public_key_write(&log.public_key, &key));
    must(numu_witness_parse(text_of(&key), &parsed));
    assert_true(parsed.key.id == witness.key.id);
    numu_buffer_clear(&key);
    must(numu_buffer_printf(&key, "log+%08x+", (unsigned)witness.key.id));
    must(numu_base64_write(marked, sizeof marked, &key));
    must(numu_witness_parse(text_of(&key), &parsed));
    assert_true(parsed.key.id == witness.key.id);
    key.data[4] = key.data[4] == '0' ? '1' : '0';
    assert_int_equal(numu_witness_parse(text_of(&key), &parsed), NUMU_INVALID);
    numu_buffer_release(&key);
    numu_buffer_release(&note);
    numu_buffer_release(&head);
    numu_signer_release(&log);
}

static void test_merge(void **state) {
    (void)state;
    struct numu_signer log;
    struct numu_signer signers[2];
    struct numu_witness witnesses[2];
    struct numu_buffer head;
    struct numu_buffer other;
    struct numu_buffer notes[2];
    struct numu_buffer merged;
    struct numu_buffer again;
    const struct numu_sha256 root = {{7}};
    int64_t times[2];
    make_signer("log", 1, &log);
    write_head(&log, 9, &root, &head);
    write_head(&log, 10, &root, &other);
    for (uint8_t i = 0; i < 2; i++) {
        make_signer(i == 0 ? "a" : "b", (uint8_t)(i + 2), &signers[i]);
        must(numu_witness_of(&signers[i].public_key, &witnesses[i]));
        numu_buffer_init(&notes[i], &heap, 0);
        must(numu_cosign(&signers[i], text_of(&head), 5 + i, &notes[i]));
    }
    numu_buffer_init(&merged, &heap, 0);
    must(numu_cosignatures_merge(text_of(&notes[0]), text_of(&notes[1]), &merged));
    must(numu_cosignatures_read(text_of(&merged), witnesses, 2, times));
    assert_true(times[0] == 5 && times[1] == 6);
    numu_buffer_init(&again, &heap, 0);
    must(numu_cosignatures_merge(text_of(&merged), text_of(&notes[0]), &again));
    assert_true(numu_text_is_equal(text_of(&again), text_of(&merged))); /* nothing twice */
    assert_int_equal(numu_cosignatures_merge(text_of(&merged), text_of(&other), &again),
                     NUMU_INVALID);
    struct numu_buffer *buffers[] = {&head, &other, &notes[0], &notes[1], &merged, &again};
    for (size_t i = 0; i < 6; i++) {
        numu_buffer_release(buffers[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        numu_signer_release(&signers[i]);
    }
    numu_signer_release(&log);
}

/* --- the witness --- */

enum { LEAVES = 24, SHARED = 9, ASKED = 1500 };

struct history {
    struct numu_sha256 leaf[LEAVES];
};

static numu_status read_subtree(void *data, unsigned level, uint64_t index,
                                struct numu_sha256 *out) {
    const struct history *history = data;
    struct numu_sha256 left;
    struct numu_sha256 right;
    if (level == 0) {
        *out = history->leaf[index];
        return NUMU_OK;
    }
    must(read_subtree(data, level - 1, 2 * index, &left));
    must(read_subtree(data, level - 1, 2 * index + 1, &right));
    return numu_merkle_node(&left, &right, out);
}

static void make_history(unsigned number, struct history *out) {
    for (unsigned i = 0; i < LEAVES; i++) {
        char entry[32];
        (void)snprintf(entry, sizeof entry, "%u %u", i < SHARED ? 0 : number, i);
        must(numu_merkle_leaf(numu_text_of(entry), &out->leaf[i]));
    }
}

struct asking {
    struct numu_signer log, signer;
    struct history histories[2];
    struct numu_buffer memory;
    size_t answers[NUMU_WITNESS_ANSWER_COUNT];
};

/* Asks for a head of a history, by the proof from `old`. */
static numu_witness_answer ask(struct asking *asking, const struct numu_public_key *trusted,
                               unsigned which, uint64_t old, uint64_t size,
                               struct numu_sha256 *out_root) {
    struct numu_tree tree = {read_subtree, &asking->histories[which]};
    struct numu_head_request request = {.old = old};
    struct numu_witness_result result;
    struct numu_buffer head;
    struct numu_buffer bytes;
    struct numu_buffer note;
    struct numu_buffer memory;
    must(numu_tree_root(&tree, size, out_root));
    write_head(&asking->log, size, out_root, &head);
    request.head = text_of(&head);
    if (old > 0 && old < size) {
        must(numu_tree_consistency(&tree, old, size, &request.proof));
    }
    numu_buffer_init(&bytes, &heap, 0);
    must(numu_head_request_write(&request, &bytes));
    numu_buffer_init(&note, &heap, 0);
    numu_buffer_init(&memory, &heap, 0);
    const struct numu_witness_case asked = {text_of(&asking->memory), text_of(&bytes), trusted,
                                            &asking->signer, 1700000000};
    must(numu_witness_answer_to(&asked, &memory, &note, &result));
    assert_true((note.length > 0) == (result.answer == NUMU_WITNESS_SIGNED));
    assert_true((memory.length > 0) == result.is_memory_changed);
    if (result.is_memory_changed) {
        numu_buffer_clear(&asking->memory);
        must(numu_buffer_append(&asking->memory, memory.data, memory.length));
    }
    numu_buffer_release(&head);
    numu_buffer_release(&bytes);
    numu_buffer_release(&note);
    numu_buffer_release(&memory);
    asking->answers[result.answer]++;
    return result.answer;
}

static void test_witness(void **state) {
    (void)state;
    struct asking asking = {.answers = {0}};
    struct numu_random random;
    struct numu_sha256 root;
    uint64_t last = 0;
    unsigned chosen = 2; /* the history beyond SHARED that was signed first; 2: none yet */
    make_signer("log", 1, &asking.log);
    make_signer("w", 2, &asking.signer);
    make_history(1, &asking.histories[0]);
    make_history(2, &asking.histories[1]);
    numu_buffer_init(&asking.memory, &heap, 0);
    numu_random_init(&random, 8, 0);
    assert_int_equal(ask(&asking, NULL, 0, 0, 3, &root), NUMU_WITNESS_UNKNOWN_KEY);
    assert_int_equal(ask(&asking, &asking.signer.public_key, 0, 0, 3, &root),
                     NUMU_WITNESS_BAD_HEAD);
    const struct numu_public_key *trusted = &asking.log.public_key;
    for (unsigned i = 0; i < ASKED; i++) {
        unsigned which = (unsigned)numu_random_below(&random, 2);
        uint64_t size = 1 + numu_random_below(&random, i < ASKED / 2 ? SHARED + 2 : LEAVES);
        uint64_t old =
            numu_random_below(&random, 3) == 0 ? numu_random_below(&random, LEAVES) : last;
        numu_witness_answer answer = ask(&asking, trusted, which, old, size, &root);
        trusted = last == 0 && answer == NUMU_WITNESS_SIGNED ? NULL : trusted;
        /* the plain list: signed is what continues all that was signed */
        bool continues = size >= last && (size <= SHARED || chosen == 2 || chosen == which);
        if (answer == NUMU_WITNESS_SIGNED) {
            assert_true(continues);
            chosen = size > SHARED ? which : chosen;
            last = size;
        } else {
            assert_true(!continues || (old != last && size != last && last > 0));
        }
    }
    for (size_t i = NUMU_WITNESS_UNKNOWN_KEY; i < NUMU_WITNESS_ANSWER_COUNT; i++) {
        assert_true(asking.answers[i] > 0); /* each happened */
    }
    assert_true(asking.answers[NUMU_WITNESS_SIGNED] > 5);
    numu_buffer_release(&asking.memory);
    numu_signer_release(&asking.log);
    numu_signer_release(&asking.signer);
}

static int tear_down(void **state) {
    (void)state;
    assert_int_equal(heap.bytes, 0);
    return 0;
}

static int set_up(void **state) {
    (void)state;
    numu_heap_init(&heap, 0);
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_example), TEST(test_every_bit), TEST(test_types),
                                       TEST(test_merge), TEST(test_witness)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
