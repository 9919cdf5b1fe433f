/*
 * Goal: what was acknowledged survives power cuts, I/O errors and full disks; what was not leaves a
 * whole book.
 * Method: an SQLite file system in memory that keeps, drops or tears each unsynced write of 512
 * bytes at a power cut, and fails operations on demand. Events are recorded in small groups; after
 * each cut the book is opened again, must hold every acknowledged event with its leaf, and must be
 * verified whole. I/O errors and full disks come at every n-th operation in turn, once or for good.
 * After a flush that failed nothing more may be written. An epoch that is being opened then is open
 * or is not.
 * Control: with synchronous=NORMAL the same harness must see acknowledged events lost.
 */
#include "ledger/verify.h"

#include "base/random.h"
#include "ledger_opening.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { SECTOR = 512, FILES_MAX = 4, SEEDS = 30, CUTS = 4, ACKED_MAX = 4096 };

/* --- a disk --- */

struct write {
    sqlite3_int64 offset;
    size_t length; /* SIZE_MAX: truncated to offset */
    unsigned char *bytes;
};

struct content {
    unsigned char *bytes;
    size_t length;
};

struct image {
    char name[64];
    bool exists;
    struct content disk; /* what a power cut leaves for certain */
    struct content view; /* what the program sees */
    struct write *writes;
    size_t write_count;
};

static struct {
    struct image files[FILES_MAX];
    struct numu_random random;
    long operations;
    long fail_at;    /* the operation from which on they fail; 0 = never */
    long fail_count; /* so many */
    int failure;     /* what they answer */
    bool sync_failed;
} disk;

struct handle {
    sqlite3_file base;
    struct image *image;
};

static void resize(struct content *content, size_t length) {
    if (length > content->length) {
        content->bytes = realloc(content->bytes, length);
        assert_non_null(content->bytes);
        memset(content->bytes + content->length, 0, length - content->length);
    }
    content->length = length;
}

static void put_bytes(struct content *content, sqlite3_int64 offset, const void *bytes,
                      size_t length) {
    if ((size_t)offset + length > content->length) {
        resize(content, (size_t)offset + length);
    }
    memcpy(content->bytes + offset, bytes, length);
}

static void forget_writes(struct image *image) {
    for (size_t i = 0; i < image->write_count; i++) {
        free(image->writes[i].bytes);
    }
    free(image->writes);
    image->writes = NULL;
    image->write_count = 0;
}

static bool fails(void) {
    disk.operations++;
    return disk.fail_at > 0 && disk.operations >= disk.fail_at &&
           disk.operations < disk.fail_at + disk.fail_count;
}

static void note_write(struct image *image, struct write write) {
    image->writes = realloc(image->writes, (image->write_count + 1) * sizeof *image->writes);
    assert_non_null(image->writes);
    image->writes[image->write_count++] = write;
}

/* A sector of an unsynced write is there, is not, or is there in part. */
static void tear(struct image *image, const struct write *write) {
    if (write->length == SIZE_MAX) {
        if (numu_random_below(&disk.random, 2) == 0) {
            resize(&image->disk, (size_t)write->offset);
        }
        return;
    }
    for (size_t at = 0; at < write->length;) {
        size_t rest = SECTOR - ((size_t)write->offset + at) % SECTOR;
        size_t length = write->length - at < rest ? write->length - at : rest;
        uint64_t fate = numu_random_below(&disk.random, 3);
        size_t kept = fate == 0   ? length
                      : fate == 1 ? 0
                                  : (size_t)numu_random_below(&disk.random, length + 1);
        if (kept > 0) {
            put_bytes(&image->disk, write->offset + (sqlite3_int64)at, write->bytes + at, kept);
        }
        at += length;
    }
}

static void copy_content(struct content *to, const struct content *from) {
    free(to->bytes);
    to->bytes = malloc(from->length + 1);
    assert_non_null(to->bytes);
    if (from->length > 0) {
        memcpy(to->bytes, from->bytes, from->length);
    }
    to->length = from->length;
}

static void cut_power(void) {
    for (size_t i = 0; i < FILES_MAX; i++) {
        struct image *image = &disk.files[i];
        for (size_t j = 0; j < image->write_count; j++) {
            tear(image, &image->writes[j]);
        }
        forget_writes(image);
        copy_content(&image->view, &image->disk);
    }
    disk.fail_at = 0;
}

static void wipe_disk(void) {
    for (size_t i = 0; i < FILES_MAX; i++) {
        forget_writes(&disk.files[i]);
        free(disk.files[i].disk.bytes);
        free(disk.files[i].view.bytes);
        disk.files[i] = (struct image){.exists = false};
    }
    disk.operations = 0;
    disk.fail_at = 0;
}

/* --- as SQLite sees it --- */

static int disk_close(sqlite3_file *file) {
    (void)file;
    return SQLITE_OK;
}

static int disk_read(sqlite3_file *file, void *out, int amount, sqlite3_int64 offset) {
    const struct content *view = &((struct handle *)file)->image->view;
    size_t there = (size_t)offset < view->length ? view->length - (size_t)offset : 0;
    size_t length = there < (size_t)amount ? there : (size_t)amount;
    if (length > 0) {
        memcpy(out, view->bytes + offset, length);
    }
    memset((char *)out + length, 0, (size_t)amount - length);
    return length < (size_t)amount ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int disk_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset) {
    struct image *image = ((struct handle *)file)->image;
    if (fails()) {
        return disk.failure == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    struct write write = {offset, (size_t)amount, malloc((size_t)amount)};
    assert_non_null(write.bytes);
    memcpy(write.bytes, bytes, (size_t)amount);
    note_write(image, write);
    put_bytes(&image->view, offset, bytes, (size_t)amount);
    return SQLITE_OK;
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size) {
    struct image *image = ((struct handle *)file)->image;
    if (fails()) {
        return SQLITE_IOERR_TRUNCATE;
    }
    note_write(image, (struct write){size, SIZE_MAX, NULL});
    resize(&image->view, (size_t)size);
    return SQLITE_OK;
}

static int disk_sync(sqlite3_file *file, int flags) {
    struct image *image = ((struct handle *)file)->image;
    (void)flags;
    if (fails()) {
        disk.sync_failed = true;
        return SQLITE_IOERR_FSYNC;
    }
    copy_content(&image->disk, &image->view);
    forget_writes(image);
    return SQLITE_OK;
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *out) {
    *out = (sqlite3_int64)((struct handle *)file)->image->view.length;
    return SQLITE_OK;
}

static int disk_lock(sqlite3_file *file, int kind) {
    (void)file;
    (void)kind;
    return SQLITE_OK;
}

static int disk_check_lock(sqlite3_file *file, int *out) {
    (void)file;
    *out = 0;
    return SQLITE_OK;
}

static int disk_control(sqlite3_file *file, int operation, void *argument) {
    (void)file;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int disk_sector(sqlite3_file *file) {
    (void)file;
    return SECTOR;
}

static int disk_kind(sqlite3_file *file) {
    (void)file;
    return 0; /* nothing is promised: no atomic writes, no safe overwriting */
}

static const sqlite3_io_methods disk_methods = {1,
                                                disk_close,
                                                disk_read,
                                                disk_write,
                                                disk_truncate,
                                                disk_sync,
                                                disk_size,
                                                disk_lock,
                                                disk_lock,
                                                disk_check_lock,
                                                disk_control,
                                                disk_sector,
                                                disk_kind,
                                                NULL,
                                                NULL,
                                                NULL,
                                                NULL,
                                                NULL,
                                                NULL};

static struct image *find_image(const char *name) {
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (disk.files[i].exists && strcmp(disk.files[i].name, name) == 0) {
            return &disk.files[i];
        }
    }
    return NULL;
}

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out_flags) {
    struct handle *handle = (struct handle *)file;
    (void)vfs;
    file->pMethods = NULL;
    struct image *image = name == NULL ? NULL : find_image(name);
    for (size_t i = 0; image == NULL && i < FILES_MAX; i++) {
        if (!disk.files[i].exists && name != NULL && (flags & SQLITE_OPEN_CREATE) != 0) {
            image = &disk.files[i];
            image->exists = true;
            (void)snprintf(image->name, sizeof image->name, "%s", name);
        }
    }
    if (image == NULL) {
        return SQLITE_CANTOPEN;
    }
    handle->image = image;
    file->pMethods = &disk_methods;
    if (out_flags != NULL) {
        *out_flags = flags;
    }
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync_folder) {
    struct image *image = find_image(name);
    (void)vfs;
    (void)sync_folder;
    if (fails()) {
        return SQLITE_IOERR_DELETE;
    }
    if (image != NULL) {
        forget_writes(image);
        free(image->disk.bytes);
        free(image->view.bytes);
        *image = (struct image){.exists = false};
    }
    return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
    (void)vfs;
    (void)flags;
    *out = find_image(name) != NULL;
    return SQLITE_OK;
}

static int disk_path(sqlite3_vfs *vfs, const char *name, int length, char *out) {
    (void)vfs;
    (void)snprintf(out, (size_t)length, "%s", name);
    return SQLITE_OK;
}

static void install_disk(void) {
    static sqlite3_vfs vfs;
    const sqlite3_vfs *usual = sqlite3_vfs_find(NULL);
    vfs = *usual;
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(struct handle);
    vfs.zName = "disk";
    vfs.xOpen = disk_open;
    vfs.xDelete = disk_delete;
    vfs.xAccess = disk_access;
    vfs.xFullPathname = disk_path;
    assert_int_equal(sqlite3_vfs_register(&vfs, 0), SQLITE_OK);
}

/* --- a book on it --- */

struct acked {
    uint64_t size;
    struct numu_sha256 leaf[ACKED_MAX];
};

static bool open_on_disk(struct book *book, bool is_unsafe, numu_store_mode mode) {
    struct numu_store_options options = {.vfs = "disk", .is_unsafe = is_unsafe};
    struct numu_store store;
    numu_store_problem problem;
    numu_status status =
        numu_store_sqlite_open(&book->heap, "book.db", mode, &options, &store, &problem);
    if (status != NUMU_OK) {
        return false;
    }
    if (mode == NUMU_STORE_CREATE) {
        book_open(book, store, "a");
        return true;
    }
    return numu_ledger_open(&book->heap, store, &book->ledger) == NUMU_OK;
}

/* The event at a place of the log: of eight, five openings, two sheets, and their count. */
static void write_draft(unsigned place, char *out, size_t size) {
    static const char counted[] =
        "{\"type\":\"%s\",\"by\":\"keeper\",\"second\":\"judge\",%s"
        "\"key\":\"%c%u\",\"time\":\"2026-01-05T08:00:00Z\",\"against\":%u,"
        "\"lines\":[{\"item\":\"round\",%s\"quantity\":%u,\"to\":"
        "\"store/serviceable\"}]}";
    char of[32];
    char lot[32];
    (void)snprintf(of, sizeof of, "\"count\":\"c%u\",", place / 8);
    (void)snprintf(lot, sizeof lot, "\"lot\":\"L%u\",", place % 50);
    if (place % 8 == 7) {
        (void)snprintf(out, size, counted, "count", "", 'c', place / 8, place, "", 2U);
    } else if (place % 8 >= 5) {
        (void)snprintf(out, size, counted, "sheet", of, 'n', place, place, lot, 1U);
    } else {
        (void)snprintf(out, size,
                       "{\"type\":\"open\",\"by\":\"keeper\",\"key\":\"n%u\",\"time\":"
                       "\"2026-01-05T08:00:00Z\",\"lines\":[{\"item\":\"round\",%s"
                       "\"quantity\":%u,\"from\":\"opening\",\"to\":\"store/serviceable\"}]}",
                       place, lot, place + 1);
    }
}

static numu_status record_one(struct book *book, unsigned place, struct numu_receipt *out) {
    char draft[384];
    struct numu_entry_request request = {.now = book->now++, .place = NUMU_NOWHERE};
    struct numu_event_error error;
    write_draft(place, draft, sizeof draft);
    struct numu_arena_mark mark = numu_arena_mark(&book->arena);
    numu_status status =
        numu_event_read_draft(&book->arena, numu_text_of(draft), &request.event, &error);
    assert_int_equal(status, NUMU_OK);
    status = numu_ledger_complete(&book->ledger, &book->arena, &request.event);
    if (status == NUMU_OK) {
        status = numu_ledger_record(&book->ledger, &request, &book->report, out);
    }
    numu_arena_rewind(&book->arena, mark);
    return status;
}

static unsigned syncs_failed; /* commits that ended so: each must have stopped the writer */

/* Records groups until something fails; what was committed is acknowledged. */
static void record_until_failure(struct book *book, struct acked *acked, unsigned groups) {
    for (unsigned group = 0; group < groups; group++) {
        struct numu_receipt receipts[8];
        unsigned count = 1 + (unsigned)numu_random_below(&disk.random, 8);
        disk.sync_failed = false;
        numu_status status = numu_ledger_begin(&book->ledger);
        unsigned done = 0;
        for (; done < count && status == NUMU_OK; done++) {
            status = record_one(book, (unsigned)book->ledger.head.size, &receipts[done]);
        }
        if (status == NUMU_OK) {
            status = numu_ledger_commit(&book->ledger);
            if (status != NUMU_OK && disk.sync_failed) { /* what is on the disk is not known */
                assert_int_equal(numu_ledger_begin(&book->ledger), NUMU_IO);
                syncs_failed++;
            }
        } else {
            numu_ledger_rollback(&book->ledger);
        }
        if (status != NUMU_OK) {
            return;
        }
        for (unsigned i = 0; i < count && acked->size < ACKED_MAX; i++) {
            assert_int_equal(receipts[i].outcome, NUMU_OUTCOME_ACKNOWLEDGED);
            assert_true((uint64_t)receipts[i].sequence == acked->size);
            acked->leaf[acked->size++] = receipts[i].leaf;
        }
    }
}

/* Acknowledged events that are gone; everything else about the book must be whole. */
static uint64_t check_book(struct book *book, const struct acked *acked) {
    struct numu_verification result;
    struct numu_context context = {.heap = &book->heap};
    numu_report_release(&book->report);
    numu_report_init(&book->report, &book->heap, 0);
    book_must(numu_ledger_verify(&context, &book->ledger, &book->report, &result));
    assert_int_equal(numu_report_total(&book->report, NUMU_ERROR), 0);
    uint64_t there = book->ledger.head.size;
    for (uint64_t i = 0; i < acked->size && i < there; i++) {
        struct numu_sha256 leaf;
        book_must(
            book->ledger.state.store.port->read(book->ledger.state.store.self, 0, i, NULL, &leaf));
        if (!numu_sha256_is_equal(&leaf, &acked->leaf[i])) {
            return acked->size - i;
        }
    }
    return there < acked->size ? acked->size - there : 0;
}

static void start_book(struct book *book, struct acked *acked, bool is_unsafe) {
    memset(book, 0, sizeof *book);
    numu_heap_init(&book->heap, 0);
    assert_true(open_on_disk(book, is_unsafe, NUMU_STORE_CREATE));
    acked->size = 1; /* the registers */
    acked->leaf[0] = book->receipt.leaf;
}

static void end_book(struct book *book) {
    (void)numu_ledger_close(&book->ledger);
    numu_report_release(&book->report);
    numu_arena_release(&book->arena);
    assert_int_equal(book->heap.bytes, 0);
    wipe_disk();
}

/* Lost acknowledged events of one seed. */
static uint64_t cut_often(unsigned seed, bool is_unsafe, uint64_t *out_acked) {
    static struct book book;
    static struct acked acked;
    uint64_t lost = 0;
    numu_random_init(&disk.random, seed, 0);
    start_book(&book, &acked, false); /* what is made unsafe comes after the first cut */
    for (unsigned cut = 0; cut < CUTS; cut++) {
        disk.failure = SQLITE_IOERR;
        disk.fail_count = 1000000;
        disk.fail_at = disk.operations + 1 + (long)numu_random_below(&disk.random, 300);
        record_until_failure(&book, &acked, 100);
        disk.fail_at = 1; /* the machine is off: nothing reaches the disk any more */
        (void)numu_ledger_close(&book.ledger);
        cut_power();
        *out_acked += acked.size;
        if (!open_on_disk(&book, is_unsafe, NUMU_STORE_WRITE)) {
            assert_true(is_unsafe); /* no book is left at all */
            lost += acked.size;
            break;
        }
        lost += check_book(&book, &acked);
        acked.size = book.ledger.head.size; /* what is there now is acknowledged as it is */
        for (uint64_t i = 0; i < acked.size; i++) {
            book_must(book.ledger.state.store.port->read(book.ledger.state.store.self, 0, i, NULL,
                                                         &acked.leaf[i]));
        }
    }
    end_book(&book); /* closing again what is closed does nothing */
    return lost;
}

static void test_power(void **state) {
    (void)state;
    unsigned seeds = book_count("NUMU_SOAK_CUTS", SEEDS);
    uint64_t acked = 0;
    for (unsigned seed = 1; seed <= seeds; seed++) {
        uint64_t lost = cut_often(seed, false, &acked);
        if (lost > 0) {
            fail_msg("seed %u lost %llu", seed, (unsigned long long)lost);
        }
    }
    print_message("# %u seeds, %u cuts, %llu acknowledged, none lost\n", seeds, seeds * CUTS,
                  (unsigned long long)acked);
}

static void test_power_control(void **state) {
    (void)state;
    uint64_t lost = 0;
    uint64_t acked = 0;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        lost += cut_often(seed, true, &acked);
    }
    print_message("# with synchronous=NORMAL %llu of %llu are lost\n", (unsigned long long)lost,
                  (unsigned long long)acked);
    assert_true(lost > 0);
}

/* At the n-th operation, for each n: once, or from there on. */
static void test_errors(void **state) {
    (void)state;
    static const int failures[] = {SQLITE_IOERR, SQLITE_FULL};
    long step = book_count("NUMU_SOAK_CUTS", 0) > 0 ? 1 : 5;
    for (size_t kind = 0; kind < 4; kind++) {
        for (long n = 1;; n += step) {
            static struct book book;
            static struct acked acked;
            numu_random_init(&disk.random, 9, 0);
            start_book(&book, &acked, false);
            disk.failure = failures[kind % 2];
            disk.fail_count = kind < 2 ? 1 : 1000000;
            disk.fail_at = disk.operations + n;
            record_until_failure(&book, &acked, 12);
            bool is_past = disk.operations < disk.fail_at; /* it was over before */
            disk.fail_at = 0;                              /* there is space again */
            (void)numu_ledger_close(&book.ledger);
            assert_true(open_on_disk(&book, false, NUMU_STORE_WRITE));
            assert_int_equal(check_book(&book, &acked), 0);
            acked.size = book.ledger.head.size < ACKED_MAX ? book.ledger.head.size : ACKED_MAX;
            uint64_t before = acked.size;
            record_until_failure(&book, &acked, 2); /* and it goes on */
            assert_true(acked.size > before);
            end_book(&book);
            if (is_past) {
                break;
            }
        }
    }
}

/* A book that has one act beyond what another history has, too. */
static void start_forked(struct book *book, struct acked *acked) {
    start_book(book, acked, false);
    book_do(book, "whoever", opening_people);
    acked->leaf[1] = book->receipt.leaf;
    acked->size = book->ledger.head.size; /* what both logs have */
    book_do(book, "keeper",
            "\"type\":\"open\",\"lines\":[{\"item\":\"round\",\"lot\":\"L1\","
            "\"quantity\":1,\"from\":\"opening\",\"to\":\"store/serviceable\"}]");
}

/*
 * After an opening that went so: it is open, or all is as it was, and it can be opened then; what
 * was told is there. The epoch in which the book was found.
 */
static unsigned end_opening(struct book *book, const struct acked *acked, numu_status told) {
    assert_true(open_on_disk(book, false, NUMU_STORE_WRITE));
    assert_int_equal(check_book(book, acked), 0);
    unsigned epoch = (unsigned)book->ledger.epoch;
    assert_true(epoch == 1 || told != NUMU_OK);
    assert_true(book->ledger.head.size == acked->size + 1 + epoch);
    if (epoch == 0) {
        book_must(opening_do(&book->ledger, &book->arena, &book->report));
        assert_int_equal(check_book(book, acked), 0);
    }
    end_book(book);
    return epoch;
}

/* The same while an epoch is opened. */
static void test_epoch(void **state) {
    (void)state;
    static const int failures[] = {SQLITE_IOERR, SQLITE_FULL};
    static struct acked acked;
    long step = book_count("NUMU_SOAK_CUTS", 0) > 0 ? 1 : 3;
    unsigned failed = 0;
    for (size_t kind = 0; kind < 4; kind++) {
        bool is_past = false;
        for (long n = 1; !is_past; n += step) {
            static struct book book;
            start_forked(&book, &acked);
            disk.failure = failures[kind % 2];
            disk.fail_count = kind < 2 ? 1 : 1000000;
            disk.fail_at = disk.operations + n;
            numu_status status = opening_do(&book.ledger, &book.arena, &book.report);
            is_past = disk.operations < disk.fail_at;
            failed += status != NUMU_OK;
            assert_true(status == NUMU_OK || (status == NUMU_IO && !is_past));
            disk.fail_at = 0;
            (void)numu_ledger_close(&book.ledger);
            (void)end_opening(&book, &acked, status);
        }
    }
    print_message("# %u openings of an epoch failed\n", failed);
    assert_true(failed > 10);
}

static void test_syncs(void **state) {
    (void)state;
    print_message("# %u commits ended in a flush that failed\n", syncs_failed);
    assert_true(syncs_failed > 0);
}

static int setup(void **state) {
    (void)state;
    install_disk();
    return 0;
}

/* Power is cut while an epoch is opened: it is, or all is as it was. How many were opened? */
static unsigned cut_opening(unsigned seed, long at, bool *out_is_past) {
    static struct book book;
    static struct acked acked;
    numu_random_init(&disk.random, seed, 0);
    start_forked(&book, &acked);
    disk.failure = SQLITE_IOERR;
    disk.fail_count = 1000000;
    disk.fail_at = disk.operations + at;
    numu_status status = opening_do(&book.ledger, &book.arena, &book.report);
    *out_is_past = disk.operations < disk.fail_at;
    disk.fail_at = 1; /* the machine is off */
    (void)numu_ledger_close(&book.ledger);
    cut_power();
    return end_opening(&book, &acked, status);
}

static void test_epoch_power(void **state) {
    (void)state;
    unsigned cuts = book_count("NUMU_SOAK_CUTS", SEEDS) * CUTS;
    unsigned opened = 0;
    long at = 1;
    for (unsigned cut = 1; cut <= cuts; cut++) { /* at each operation in turn, again and again */
        bool is_past;
        opened += cut_opening(cut, at, &is_past);
        at = is_past ? 1 : at + 1;
    }
    print_message("# %u cuts while an epoch was opened: %u were open after it\n", cuts, opened);
    assert_true(opened > 0 && opened < cuts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_power),       cmocka_unit_test(test_power_control),
        cmocka_unit_test(test_errors),      cmocka_unit_test(test_epoch),
        cmocka_unit_test(test_epoch_power), cmocka_unit_test(test_syncs)};
    return cmocka_run_group_tests(tests, setup, NULL);
}
