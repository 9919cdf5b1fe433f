/*
 * ledger_file.h - a small book with a signed head in a file of its own, and the bytes of that file,
 * for tests that spoil it. One a program.
 */
#ifndef NUMU_TESTS_LEDGER_FILE_H
#define NUMU_TESTS_LEDGER_FILE_H

#include "ledger_book.h"

#include <stdlib.h>
#include <unistd.h>

enum { BOOK_FILE_MAX = 1 << 20 };

struct book_file {
    char folder[64];
    char path[128];
    unsigned char bytes[BOOK_FILE_MAX]; /* as it was made */
    size_t length;
};

static inline void book_file_write(const struct book_file *file) {
    FILE *stream = fopen(file->path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(file->bytes, 1, file->length, stream), file->length);
    assert_int_equal(fclose(stream), 0);
}

/* One byte of the file as it stands. */
static inline void book_file_patch(const char *path, size_t at, unsigned char byte) {
    FILE *stream = fopen(path, "r+b");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, (long)at, SEEK_SET), 0);
    assert_int_equal(fputc(byte, stream), byte);
    assert_int_equal(fclose(stream), 0);
}

static inline void book_sign_head(struct book *book, const struct numu_signer *signer) {
    book_must(numu_ledger_begin(&book->ledger));
    book_must(numu_ledger_sign_head(&book->ledger, signer, NULL));
    book_must(numu_ledger_commit(&book->ledger));
}

/* Makes the file: `events` rifles, the n-th with the serial R and n × step (mod 10,000). */
static inline void book_file_make(struct book_file *file, unsigned events, unsigned step,
                                  uint8_t seed) {
    struct book book;
    struct numu_store store;
    struct numu_signer signer;
    uint8_t seeds[NUMU_KEY_SEED_BYTES] = {seed};
    numu_store_problem problem;
    bool has_memory = access("/dev/shm", W_OK) == 0; /* changed thousands of times */
    (void)snprintf(file->folder, sizeof file->folder, "%s/numu-book-XXXXXX",
                   has_memory ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(file->folder));
    (void)snprintf(file->path, sizeof file->path, "%s/book.db", file->folder);
    memset(&book, 0, sizeof book);
    numu_heap_init(&book.heap, 0);
    book_must(
        numu_store_sqlite_open(&book.heap, file->path, NUMU_STORE_CREATE, NULL, &store, &problem));
    book_open(&book, store, "a");
    book_must(numu_signer_of_seed(NUMU_TEXT("a"), seeds, &signer));
    book_register_key(&book, &signer.public_key);
    for (unsigned i = 0; i < events; i++) {
        char draft[256];
        (void)snprintf(draft, sizeof draft,
                       "\"type\":\"open\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R%04u\"],"
                       "\"from\":\"opening\",\"to\":\"store/serviceable\"}]",
                       i * step % 10000);
        book_do(&book, "keeper", draft);
    }
    book_sign_head(&book, &signer);
    numu_signer_release(&signer);
    book_release(&book);
    FILE *stream = fopen(file->path, "rb");
    assert_non_null(stream);
    file->length = fread(file->bytes, 1, sizeof file->bytes, stream);
    assert_true(file->length > 4096 && file->length < sizeof file->bytes && fclose(stream) == 0);
}

/* Opens a book that may be damaged, from a heap that begins here. False: it is refused. */
static inline bool book_open_damaged(struct numu_heap *heap, const char *path,
                                     struct numu_ledger *out) {
    struct numu_store store;
    numu_store_problem problem;
    numu_heap_init(heap, 0);
    bool is_open =
        numu_store_sqlite_open(heap, path, NUMU_STORE_READ, NULL, &store, &problem) == NUMU_OK &&
        numu_ledger_open_damaged(heap, store, out) == NUMU_OK;
    assert_true(is_open || heap->bytes == 0);
    return is_open;
}

/* Closes it, and what was found of it; nothing may be left. */
static inline void book_close_damaged(struct numu_heap *heap, struct numu_ledger *ledger,
                                      struct numu_report *report) {
    numu_report_release(report);
    (void)numu_ledger_close(ledger);
    assert_int_equal(heap->bytes, 0);
}

static inline int book_file_remove(const struct book_file *file) {
    (void)unlink(file->path);
    return rmdir(file->folder);
}

#endif
