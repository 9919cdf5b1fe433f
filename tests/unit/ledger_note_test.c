/*
 * Goal: signed notes, checkpoints, proofs of entries and tile names as C2SP has them.
 * Method: the key and the signed note of Go's sumdb/note, made and read byte for byte; what we
 * write read back; every bit changed and every end cut off; many signatures, wrong ones, foreign
 * ones.
 */
#include "ledger/note.h"
#include "ledger/tile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void must(numu_status status) {
    assert_int_equal(status, NUMU_OK);
}

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

struct room {
    struct numu_heap heap;
    struct numu_buffer buffer;
    struct numu_signer signer;
    struct numu_public_key key;
};

static void room_init(struct room *room, uint8_t seed, const char *name) {
    uint8_t bytes[NUMU_KEY_SEED_BYTES];
    memset(bytes, seed, sizeof bytes);
    numu_heap_init(&room->heap, 0);
    numu_buffer_init(&room->buffer, &room->heap, 0);
    must(numu_signer_of_seed(numu_text_of(name), bytes, &room->signer));
    room->key = room->signer.public_key;
}

static void room_release(struct room *room) {
    numu_buffer_release(&room->buffer);
    numu_signer_release(&room->signer);
    assert_int_equal(room->heap.bytes, 0);
}

/* golang.org/x/mod/sumdb/note: the example of its documentation. */
static void test_known_note(void **state) {
    (void)state;
    static const char text[] = "If you think cryptography is the answer to your problem,\n"
                               "then you don't know what your problem is.\n";
    static const char signature[] =
        "\n\xE2\x80\x94 PeterNeumann "
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
        "KvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    static const char secret[] = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    uint8_t seed[1 + NUMU_KEY_SEED_BYTES];
    struct numu_heap heap;
    struct numu_buffer buffer;
    struct numu_public_key key;
    struct numu_signer signer;
    struct numu_text read;
    size_t count;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&buffer, &heap, 0);
    must(numu_public_key_parse(
        NUMU_TEXT("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), &key));
    assert_true(numu_base64_parse(NUMU_TEXT(secret), seed, sizeof seed));
    must(numu_signer_of_seed(NUMU_TEXT("PeterNeumann"), seed + 1, &signer));
    must(numu_note_sign(&signer, NUMU_TEXT(text), &buffer));
    assert_memory_equal(buffer.data, text, sizeof text - 1);
    assert_string_equal(buffer.data + sizeof text - 1, signature);
    must(numu_note_read(text_of(&buffer), &key, 1, &read, &count));
    assert_int_equal(count, 1);
    assert_true(numu_text_is_equal(read, NUMU_TEXT(text)));
    numu_signer_release(&signer);
    numu_buffer_release(&buffer);
}

static void test_notes(void **state) {
    (void)state;
    struct room room;
    struct room other;
    room_init(&room, 7, "bamako");
    room_init(&other, 9, "auditor");
    struct numu_checkpoint written = {NUMU_TEXT("mali/bamako"), 20, {{1, 2, 3}}};
    must(numu_checkpoint_write(&written, &room.signer, &room.buffer));
    struct numu_text note = text_of(&room.buffer);
    const struct numu_public_key keys[] = {other.key, room.key};
    struct numu_text text;
    size_t count;
    must(numu_note_read(note, keys, 2, &text, &count));
    assert_int_equal(count, 1);
    struct numu_checkpoint read;
    must(numu_checkpoint_parse(text, &read));
    assert_true(numu_text_is_equal(read.origin, written.origin) && read.size == 20);
    assert_true(numu_sha256_is_equal(&read.root, &written.root));
    must(numu_note_read(note, keys, 1, &text, &count));
    assert_int_equal(count, 0); /* signed, but by no key that we know */

    /* Each byte of it changed: refused, or no longer signed by the key. */
    for (size_t i = 0; i < note.length; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            room.buffer.data[i] = (char)(room.buffer.data[i] ^ (1 << bit));
            numu_status status = numu_note_read(note, keys, 2, &text, &count);
            assert_true(status == NUMU_INVALID || count == 0);
            room.buffer.data[i] = (char)(room.buffer.data[i] ^ (1 << bit));
        }
    }
    for (size_t end = 0; end < note.length; end++) {
        assert_int_equal(numu_note_read((struct numu_text){note.data, end}, keys, 2, &text, &count),
                         NUMU_INVALID);
    }
    room_release(&room);
    room_release(&other);
}

static void test_many_signatures(void **state) {
    (void)state;
    struct room room;
    room_init(&room, 7, "bamako");
    must(numu_note_sign(&room.signer, NUMU_TEXT("a\n"), &room.buffer));
    for (unsigned i = 1; i < NUMU_NOTE_SIGNATURES_MAX; i++) {
        must(numu_buffer_printf(&room.buffer, "\xE2\x80\x94 w%u AAAAAAAA\n", i));
    }
    struct numu_text text;
    size_t count;
    must(numu_note_read(text_of(&room.buffer), &room.key, 1, &text, &count));
    assert_int_equal(count, 1);
    must(numu_buffer_append_string(&room.buffer, "\xE2\x80\x94 more AAAAAAAA\n"));
    assert_int_equal(numu_note_read(text_of(&room.buffer), &room.key, 1, &text, &count),
                     NUMU_INVALID);

    /* The key's own name and id over another text: refused whole, whoever else signed. */
    numu_buffer_clear(&room.buffer);
    must(numu_note_sign(&room.signer, NUMU_TEXT("a\n"), &room.buffer));
    room.buffer.data[0] = 'b';
    assert_int_equal(numu_note_read(text_of(&room.buffer), &room.key, 1, &text, &count),
                     NUMU_INVALID);
    room_release(&room);
}

static void test_bad_notes(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "\n",
                                      "\n\n",
                                      "text\n",
                                      "text\n\n",
                                      "text\n\nname AAAA\n",
                                      "text\n\n\xE2\x80\x94 name\n",
                                      "text\n\n\xE2\x80\x94  AAAA\n",
                                      "text\n\n\xE2\x80\x94 name AAAA",
                                      "t\x01t\n\n\xE2\x80\x94 n AAAA\n",
                                      "t\xFFt\n\n\xE2\x80\x94 n AAAA\n",
                                      "text\n\n\xE2\x80\x94 name AAAA B\n"};
    struct numu_text text;
    size_t count;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(numu_note_read(numu_text_of(bad[i]), NULL, 0, &text, &count),
                         NUMU_INVALID);
    }
    static const char root[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    static const char *const bad_sizes[] = {"",
                                            "00",
                                            "01",
                                            "-1",
                                            "+1",
                                            " 1",
                                            "1 ",
                                            "0x1",
                                            "9223372036854775808",
                                            "99999999999999999999"};
    struct room room;
    room_init(&room, 1, "a");
    struct numu_checkpoint checkpoint;
    for (size_t i = 0; i < sizeof bad_sizes / sizeof *bad_sizes; i++) {
        numu_buffer_clear(&room.buffer);
        must(numu_buffer_printf(&room.buffer, "origin\n%s\n%s\n", bad_sizes[i], root));
        assert_int_equal(numu_checkpoint_parse(text_of(&room.buffer), &checkpoint), NUMU_INVALID);
    }
    must(numu_checkpoint_parse(
        NUMU_TEXT("o\n9223372036854775807\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n"),
        &checkpoint));
    assert_true(checkpoint.size == INT64_MAX);
    assert_int_equal(numu_checkpoint_parse(NUMU_TEXT("o\n1\nAAA=\n"), &checkpoint), NUMU_INVALID);
    assert_int_equal(
        numu_checkpoint_parse(NUMU_TEXT("\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
                              &checkpoint),
        NUMU_INVALID);
    room_release(&room);
}

static void test_entry_proofs(void **state) {
    (void)state;
    struct room room;
    room_init(&room, 1, "a");
    struct numu_entry_proof proof = {
        .index = 5, .proof = {2, {{{1}}, {{2}}}}, .checkpoint = NUMU_TEXT("the note\n")};
    must(numu_entry_proof_write(&proof, &room.buffer));
    assert_string_equal(room.buffer.data, "c2sp.org/tlog-proof@v1\n"
                                          "index 5\n"
                                          "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                                          "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                                          "\n"
                                          "the note\n");
    struct numu_entry_proof read;
    must(numu_entry_proof_read(text_of(&room.buffer), &read));
    assert_true(read.index == 5 && read.proof.count == 2);
    assert_true(numu_text_is_equal(read.checkpoint, proof.checkpoint));
    must(numu_entry_proof_read(NUMU_TEXT("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\nnote\n"),
                               &read));
    static const char *const bad[] = {"",
                                      "c2sp.org/tlog-proof@v1\n",
                                      "c2sp.org/tlog-proof@v2\nindex 1\n\nnote\n",
                                      "c2sp.org/tlog-proof@v1\nindex 01\n\nnote\n",
                                      "c2sp.org/tlog-proof@v1\nindex 1\nAAA\n\nnote\n",
                                      "c2sp.org/tlog-proof@v1\nindex 1\n\n",
                                      "c2sp.org/tlog-proof@v1\nindex 1\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(numu_entry_proof_read(numu_text_of(bad[i]), &read), NUMU_INVALID);
    }
    room_release(&room);
}

/* The examples of C2SP tlog-tiles. */
static void test_tiles(void **state) {
    (void)state;
    char path[NUMU_TILE_PATH_BYTES];
    assert_string_equal(numu_tile_path(0, 1234067, 256, path), "tile/0/x001/x234/067");
    assert_string_equal(numu_tile_path(0, 273, 256, path), "tile/0/273");
    assert_string_equal(numu_tile_path(1, 0, 17, path), "tile/1/000.p/17");
    assert_string_equal(numu_tile_path(-1, 1000, 256, path), "tile/entries/x001/000");
    (void)numu_tile_path(7, UINT64_MAX, 255, path);

    struct room room;
    room_init(&room, 1, "a");
    static char large[NUMU_ENTRY_BYTES_MAX + 1];
    must(numu_entries_append(&room.buffer, NUMU_TEXT("abc")));
    must(numu_entries_append(&room.buffer, (struct numu_text){large, NUMU_ENTRY_BYTES_MAX}));
    must(numu_entries_append(&room.buffer, NUMU_TEXT("")));
    assert_int_equal(numu_entries_append(&room.buffer, (struct numu_text){large, sizeof large}),
                     NUMU_LIMIT);
    struct numu_text rest = text_of(&room.buffer);
    struct numu_text entry;
    must(numu_entries_next(&rest, &entry));
    assert_true(numu_text_is(entry, "abc"));
    must(numu_entries_next(&rest, &entry));
    assert_int_equal(entry.length, NUMU_ENTRY_BYTES_MAX);
    must(numu_entries_next(&rest, &entry));
    assert_int_equal(entry.length + rest.length, 0);
    assert_int_equal(numu_entries_next(&rest, &entry), NUMU_INVALID);
    rest = (struct numu_text){"\0\3ab", 4};
    assert_int_equal(numu_entries_next(&rest, &entry), NUMU_INVALID);
    room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_note),      cmocka_unit_test(test_notes),
        cmocka_unit_test(test_many_signatures), cmocka_unit_test(test_bad_notes),
        cmocka_unit_test(test_entry_proofs),    cmocka_unit_test(test_tiles)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
