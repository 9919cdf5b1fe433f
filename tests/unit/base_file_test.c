/*
 * base_file_test.c - goal: files are read whole, and written whole or not at all [F1] [F2].
 * Method: a fresh folder for each test; failures are made with missing folders, permissions (in a
 * child that is not root), a limit on the size of files and /dev/full; after each test no temporary
 * file may be left. The n-th allocation fails where memory is taken.
 */
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 600, NOBODY = 65534 };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    char folder[64];
};

/* Removes a folder and all in it; returns how many names beginning with a dot were met. */
static int remove_tree(const char *folder) {
    int hidden = 0;
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    const struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        char path[2 * PATH_BYTES];
        assert_true(snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < 2 * PATH_BYTES);
        hidden += entry->d_name[0] == '.';
        struct stat information;
        if (lstat(path, &information) == 0 && S_ISDIR(information.st_mode)) {
            hidden += remove_tree(path);
        } else {
            assert_int_equal(unlink(path), 0);
        }
    }
    (void)closedir(entries);
    assert_int_equal(rmdir(folder), 0);
    return hidden;
}

static int set_up(void **state) {
    static struct fixture fixture;
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    const char *temporary = getenv("TMPDIR");
    if (temporary == NULL || strlen(temporary) > 30) {
        temporary = "/tmp";
    }
    (void)snprintf(fixture.folder, sizeof fixture.folder, "%s/numu-file-test-XXXXXX", temporary);
    if (mkdtemp(fixture.folder) == NULL || chmod(fixture.folder, 0777) != 0) {
        return -1;
    }
    (void)umask(022);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_arena_release(&fixture->arena);
    bool is_clean = remove_tree(fixture->folder) == 0;
    return is_clean && fixture->heap.bytes == 0 ? 0 : -1;
}

/* A path in the folder of the test, in the arena. */
static char *path_of(struct fixture *fixture, const char *name) {
    char *path;
    assert_int_equal(
        numu_path_join(&fixture->arena, numu_text_of(fixture->folder), numu_text_of(name), &path),
        NUMU_OK);
    return path;
}

static void expect_content(struct fixture *fixture, const char *path, const char *content) {
    struct numu_text bytes = {NULL, 0};
    int error = -1;
    assert_int_equal(numu_file_read(&fixture->arena, path, 0, &bytes, &error), NUMU_OK);
    assert_int_equal(error, 0);
    assert_true(numu_text_is(bytes, content));
    assert_int_equal(bytes.data[bytes.length], 0);
}

static void write_file(const char *path, const char *content) {
    int error = -1;
    assert_int_equal(numu_file_write(path, numu_text_of(content), &error), NUMU_OK);
    assert_int_equal(error, 0);
}

static mode_t mode_of(const char *path) {
    struct stat information;
    assert_int_equal(stat(path, &information), 0);
    return information.st_mode & 07777;
}

static void expect_unreadable(struct fixture *fixture, const char *path, int expected) {
    struct numu_text bytes = NUMU_TEXT("untouched");
    int error = 0;
    size_t before = fixture->heap.bytes;
    assert_int_equal(numu_file_read(&fixture->arena, path, 0, &bytes, &error), NUMU_IO);
    assert_int_equal(error, expected);
    assert_true(numu_text_is(bytes, "untouched"));
    assert_int_equal(fixture->heap.bytes, before);
}

static void expect_unwritable(const char *path, const char *content, int expected) {
    int error = 0;
    assert_int_equal(numu_file_write(path, numu_text_of(content), &error), NUMU_IO);
    assert_int_equal(error, expected);
}

/* Runs a part of a test in a child without root's rights; it fails by assertion. */
static void run_as_nobody(void (*part)(struct fixture *), struct fixture *fixture) {
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool is_nobody = geteuid() != 0 || (setgid(NOBODY) == 0 && setuid(NOBODY) == 0);
        numu_assert(is_nobody);
        part(fixture);
        _exit(0);
    }
    int result;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);
}

/* --- reading --- */

static void test_read(void **state) {
    struct fixture *fixture = *state;
    char *path = path_of(fixture, "a.csv");
    write_file(path, "one\ntwo\n");
    expect_content(fixture, path, "one\ntwo\n");
    write_file(path, "");
    expect_content(fixture, path, "");
    expect_unreadable(fixture, path_of(fixture, "missing"), ENOENT);
    expect_unreadable(fixture, path_of(fixture, "missing/a.csv"), ENOENT);
    expect_unreadable(fixture, path_of(fixture, "a.csv/b"), ENOTDIR);
    expect_unreadable(fixture, fixture->folder, EISDIR);
}

static void test_read_limit(void **state) {
    struct fixture *fixture = *state;
    char *path = path_of(fixture, "a.csv");
    struct numu_text bytes = NUMU_TEXT("untouched");
    int error = -1;
    write_file(path, "12345");
    assert_int_equal(numu_file_read(&fixture->arena, path, 4, &bytes, &error), NUMU_LIMIT);
    assert_int_equal(error, 0);
    assert_true(numu_text_is(bytes, "untouched"));
    assert_int_equal(numu_file_read(&fixture->arena, path, 5, &bytes, &error), NUMU_OK);
    assert_true(numu_text_is(bytes, "12345"));
    /* A terabyte of nothing takes no memory before it is refused. */
    assert_int_equal(truncate(path, (off_t)1 << 40), 0);
    fixture->heap.bytes_peak = 0;
    assert_int_equal(numu_file_read(&fixture->arena, path, 1 << 20, &bytes, &error), NUMU_LIMIT);
    assert_int_equal(fixture->heap.bytes_peak, 0);
    /* A file that tells no size is refused as well once it is over the limit. */
    assert_int_equal(numu_file_read(&fixture->arena, "/dev/zero", 1000, &bytes, &error),
                     NUMU_LIMIT);
}

static void test_read_file_without_size(void **state) {
    struct fixture *fixture = *state;
    struct numu_text bytes;
    int error;
    assert_int_equal(numu_file_read(&fixture->arena, "/proc/self/status", 0, &bytes, &error),
                     NUMU_OK);
    assert_true(numu_text_find(bytes, NUMU_TEXT("Pid:"), 0) != SIZE_MAX);
}

static void ignore_signal(int number) {
    (void)number;
}

enum { PIPE_TEXT_BYTES = 200000, PIPE_PIECE_BYTES = 5000 };

static char pipe_text(size_t at) {
    return (char)('a' + at % 23);
}

/* The child of the test below: writes in pieces, with a signal to the reader before each. */
static void feed_pipe(const char *path, pid_t reader) {
    const struct timespec moment = {0, 1000000};
    static char piece[PIPE_PIECE_BYTES];
    int pipe_end = open(path, O_WRONLY);
    numu_assert(pipe_end >= 0);
    for (size_t at = 0; at < PIPE_TEXT_BYTES; at += sizeof piece) {
        for (size_t i = 0; i < sizeof piece; i++) {
            piece[i] = pipe_text(at + i);
        }
        (void)kill(reader, SIGUSR1);
        (void)nanosleep(&moment, NULL);
        numu_assert(write(pipe_end, piece, sizeof piece) == (ssize_t)sizeof piece);
    }
    (void)close(pipe_end);
}

static void test_read_pipe_with_interruptions(void **state) {
    struct fixture *fixture = *state;
    char *path = path_of(fixture, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    struct sigaction action = {.sa_handler = ignore_signal}; /* no SA_RESTART: read gives EINTR */
    struct sigaction before;
    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    pid_t reader = getpid();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        feed_pipe(path, reader);
        _exit(0);
    }
    struct numu_text bytes;
    int error = -1;
    assert_int_equal(numu_file_read(&fixture->arena, path, 0, &bytes, &error), NUMU_OK);
    int result;
    while (waitpid(child, &result, 0) != child) {
        assert_int_equal(errno, EINTR);
    }
    assert_int_equal(result, 0);
    assert_int_equal(bytes.length, PIPE_TEXT_BYTES);
    for (size_t i = 0; i < bytes.length; i++) {
        assert_int_equal(bytes.data[i], pipe_text(i));
    }
    assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
}

/* --- writing --- */

static void test_write_and_replace(void **state) {
    struct fixture *fixture = *state;
    char *path = path_of(fixture, "a.csv");
    write_file(path, "old");
    write_file(path, "new and longer");
    expect_content(fixture, path, "new and longer");
    expect_unwritable(path_of(fixture, "missing/a.csv"), "x", ENOENT);
    expect_unwritable(fixture->folder, "x", EISDIR);
    expect_content(fixture, path, "new and longer");
}

static void test_write_beside_working_folder(void **state) {
    struct fixture *fixture = *state;
    char before[PATH_BYTES];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(fixture->folder), 0);
    write_file("plain", "x");
    expect_content(fixture, "plain", "x");
    assert_int_equal(chdir(before), 0);
    expect_content(fixture, path_of(fixture, "plain"), "x");
}

static void test_permissions(void **state) {
    struct fixture *fixture = *state;
    char *path = path_of(fixture, "a.csv");
    (void)umask(027);
    write_file(path, "x");
    assert_int_equal(mode_of(path), 0640);
    assert_int_equal(chmod(path, 0604), 0);
    write_file(path, "y");
    assert_int_equal(mode_of(path), 0604);
    expect_content(fixture, path, "y");
    /* What replaces a private file is never open to others. */
    assert_int_equal(chmod(path, 0600), 0);
    (void)umask(0);
    struct numu_file_draft draft;
    int error;
    assert_int_equal(numu_file_draft_begin(&draft, path, &error), NUMU_OK);
    assert_int_equal(mode_of(draft.temporary), 0600);
    numu_file_draft_abandon(&draft);
}

static void refuse_without_permission(struct fixture *fixture) {
    expect_unwritable(path_of(fixture, "protected"), "new", EACCES);
    expect_unwritable(path_of(fixture, "closed/a.csv"), "new", EACCES);
    expect_unreadable(fixture, path_of(fixture, "secret"), EACCES);
}

static void test_no_permission(void **state) {
    struct fixture *fixture = *state;
    char *protected = path_of(fixture, "protected");
    char *closed = path_of(fixture, "closed");
    char *secret = path_of(fixture, "secret");
    write_file(protected, "old");
    write_file(secret, "old");
    assert_int_equal(mkdir(closed, 0700), 0);
    write_file(path_of(fixture, "closed/a.csv"), "old");
    assert_int_equal(chmod(protected, 0444), 0);
    assert_int_equal(chmod(secret, 0), 0);
    assert_int_equal(chmod(closed, 0555), 0);
    run_as_nobody(refuse_without_permission, fixture);
    assert_int_equal(chmod(closed, 0700), 0);
    assert_int_equal(chmod(secret, 0600), 0);
    expect_content(fixture, protected, "old");
    expect_content(fixture, secret, "old");
    expect_content(fixture, path_of(fixture, "closed/a.csv"), "old");
}

/* A limit on the size of files stands for the disk that is full: write(2) fails in the middle. */
static void test_full_disk_leaves_old_content(void **state) {
    struct fixture *fixture = *state;
    char *path = path_of(fixture, "a.csv");
    write_file(path, "old content");
    static char large[1 << 16];
    memset(large, 'x', sizeof large - 1);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {1 << 12, before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int error = 0;
    numu_status status = numu_file_write(path, numu_text_of(large), &error);
    int error_of_new = 0;
    char *fresh = path_of(fixture, "fresh.csv");
    numu_status status_of_new = numu_file_write(fresh, numu_text_of(large), &error_of_new);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(status, NUMU_IO);
    assert_int_equal(error, EFBIG);
    assert_int_equal(status_of_new, NUMU_IO);
    assert_int_equal(error_of_new, EFBIG);
    assert_int_equal(access(fresh, F_OK), -1);
    expect_content(fixture, path, "old content");
}

static void test_write_to_what_is_no_file(void **state) {
    struct fixture *fixture = *state;
    expect_unwritable("/dev/full", "x", ENOSPC);
    write_file("/dev/null", "x");
    struct stat information;
    assert_int_equal(stat("/dev/null", &information), 0);
    assert_true(S_ISCHR(information.st_mode));

    char *path = path_of(fixture, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    write_file(path, "through");
    char got[16] = "";
    assert_int_equal(read(reader, got, sizeof got - 1), 7);
    assert_string_equal(got, "through");
    (void)close(reader);
    struct numu_file_draft draft;
    int error;
    assert_int_equal(numu_file_draft_begin(&draft, path, &error), NUMU_IO);
    assert_int_equal(error, EINVAL);
}

static void test_symbolic_links(void **state) {
    struct fixture *fixture = *state;
    char *target = path_of(fixture, "target");
    char *link = path_of(fixture, "link");
    write_file(target, "old");
    assert_int_equal(symlink("target", link), 0);
    write_file(link, "new");
    expect_content(fixture, target, "new");
    struct stat information;
    assert_int_equal(lstat(link, &information), 0);
    assert_true(S_ISLNK(information.st_mode));
    /* A link that leads to nothing is told, not followed or replaced. */
    char *dangling = path_of(fixture, "dangling");
    assert_int_equal(symlink("nothing", dangling), 0);
    expect_unwritable(dangling, "x", ENOENT);
}

static void test_long_names(void **state) {
    struct fixture *fixture = *state;
    char name[257];
    memset(name, 'n', sizeof name - 1);
    name[256] = '\0';
    expect_unwritable(path_of(fixture, name), "x", ENAMETOOLONG);
    name[255] = '\0';
    write_file(path_of(fixture, name), "x");
    expect_content(fixture, path_of(fixture, name), "x");
    static char path[NUMU_PATH_BYTES + 1];
    memset(path, '/', sizeof path - 2);
    path[sizeof path - 2] = 'x';
    expect_unwritable(path, "x", ENAMETOOLONG);
}

/* --- drafts --- */

static void test_draft(void **state) {
    struct fixture *fixture = *state;
    char *path = path_of(fixture, "plan.db");
    struct numu_file_draft draft;
    struct numu_file_draft other;
    int error = -1;
    write_file(path, "old");
    assert_int_equal(numu_file_draft_begin(&draft, path, &error), NUMU_OK);
    assert_int_equal(numu_file_draft_begin(&other, path, &error), NUMU_OK);
    assert_string_not_equal(draft.temporary, other.temporary);
    assert_memory_equal(draft.temporary, path_of(fixture, ".plan.db.numu-"),
                        strlen(path_of(fixture, ".plan.db.numu-")));
    expect_content(fixture, draft.temporary, "");
    FILE *file = fopen(draft.temporary, "wb");
    assert_non_null(file);
    assert_true(fputs("new", file) >= 0);
    assert_int_equal(fclose(file), 0);
    expect_content(fixture, path, "old");
    assert_int_equal(numu_file_draft_commit(&draft, &error), NUMU_OK);
    assert_int_equal(error, 0);
    expect_content(fixture, path, "new");
    numu_file_draft_abandon(&draft);
    numu_file_draft_abandon(&other);
    numu_file_draft_abandon(&other);
    expect_content(fixture, path, "new");
}

static void test_draft_that_cannot_be_committed(void **state) {
    struct fixture *fixture = *state;
    char *path = path_of(fixture, "plan.db");
    struct numu_file_draft draft;
    int error = 0;
    /* Something took the name meanwhile that cannot be replaced. */
    assert_int_equal(numu_file_draft_begin(&draft, path, &error), NUMU_OK);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(numu_file_draft_commit(&draft, &error), NUMU_IO);
    assert_int_equal(error, EISDIR);
    assert_true(numu_path_is_folder(path));
    /* The temporary file is gone. */
    path = path_of(fixture, "other.db");
    assert_int_equal(numu_file_draft_begin(&draft, path, &error), NUMU_OK);
    assert_int_equal(unlink(draft.temporary), 0);
    assert_int_equal(numu_file_draft_commit(&draft, &error), NUMU_IO);
    assert_int_equal(error, ENOENT);
    assert_int_equal(access(path, F_OK), -1);
}

/* --- folders and names --- */

/* Adds one to the number in a file, again and again. */
static void count_up(const char *path, int times) {
    for (int i = 0; i < times; i++) {
        struct numu_heap heap;
        struct numu_arena arena;
        struct numu_file_lock lock;
        struct numu_text before;
        char after[24];
        int error;
        numu_heap_init(&heap, 0);
        numu_arena_init(&arena, &heap);
        if (numu_file_lock(&lock, path, &error) != NUMU_OK ||
            numu_file_read(&arena, path, 0, &before, &error) != NUMU_OK) {
            _exit(1);
        }
        (void)snprintf(after, sizeof after, "%ld", strtol(before.data, NULL, 10) + 1);
        if (numu_file_write(path, numu_text_of(after), &error) != NUMU_OK) {
            _exit(2);
        }
        numu_file_unlock(&lock);
        numu_arena_release(&arena);
    }
    _exit(0);
}

/* Processes that count at once lose nothing; what a killed one left does not hold them up. */
static void test_lock(void **state) {
    struct fixture *fixture = *state;
    enum { PROCESSES = 4, TIMES = 25 };
    char path[PATH_BYTES];
    char left[PATH_BYTES + 8];
    pid_t children[PROCESSES];
    struct numu_text text;
    struct numu_file_lock lock;
    int error;
    (void)snprintf(path, sizeof path, "%s/count", fixture->folder);
    (void)snprintf(left, sizeof left, "%s.lock", path);
    assert_int_equal(numu_file_write(path, NUMU_TEXT("0"), &error), NUMU_OK);
    assert_int_equal(numu_file_write(left, NUMU_TEXT(""), &error), NUMU_OK);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            count_up(path, TIMES);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_int_equal(numu_file_read(&fixture->arena, path, 0, &text, &error), NUMU_OK);
    assert_true(numu_text_is(text, "100"));
    assert_int_equal(access(left, F_OK), -1);
    (void)snprintf(path, sizeof path, "%s/nowhere/count", fixture->folder);
    assert_int_equal(numu_file_lock(&lock, path, &error), NUMU_IO);
    assert_int_equal(error, ENOENT);
}

static void test_folder_list(void **state) {
    struct fixture *fixture = *state;
    static const char *const names[] = {"b.csv", "a.csv", "a", "B.csv", "\xC3\xA9.csv"};
    static const char *const sorted[] = {"B.csv", "a", "a.csv", "b.csv", "link", "\xC3\xA9.csv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        write_file(path_of(fixture, names[i]), "x");
    }
    assert_int_equal(mkdir(path_of(fixture, "folder"), 0700), 0);
    assert_int_equal(symlink("a", path_of(fixture, "link")), 0);
    assert_int_equal(symlink("nothing", path_of(fixture, "dangling")), 0);
    char *hidden = path_of(fixture, ".hidden");
    write_file(hidden, "x");
    struct numu_text *list;
    size_t count;
    int error;
    assert_int_equal(numu_folder_list(&fixture->arena, fixture->folder, &list, &count, &error),
                     NUMU_OK);
    assert_int_equal(count, sizeof sorted / sizeof *sorted);
    for (size_t i = 0; i < count; i++) {
        assert_true(numu_text_is(list[i], sorted[i]));
    }
    assert_int_equal(unlink(hidden), 0);
    assert_int_equal(
        numu_folder_list(&fixture->arena, path_of(fixture, "folder"), &list, &count, &error),
        NUMU_OK);
    assert_int_equal(count, 0);
    assert_int_equal(
        numu_folder_list(&fixture->arena, path_of(fixture, "missing"), &list, &count, &error),
        NUMU_IO);
    assert_int_equal(error, ENOENT);
    assert_int_equal(
        numu_folder_list(&fixture->arena, path_of(fixture, "a"), &list, &count, &error), NUMU_IO);
    assert_int_equal(error, ENOTDIR);
    assert_true(numu_path_is_folder(fixture->folder));
    assert_false(numu_path_is_folder(path_of(fixture, "a")));
    assert_false(numu_path_is_folder(path_of(fixture, "missing")));
}

static void test_path_join(void **state) {
    struct fixture *fixture = *state;
    static const char *const cases[][3] = {
        {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"/a//", "b/c", "/a/b/c"}, {"/", "b", "/b"},
        {"//", "b", "/b"}, {"", "b", "b"},     {".", "b", "./b"},         {"a", "", "a/"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path;
        assert_int_equal(numu_path_join(&fixture->arena, numu_text_of(cases[i][0]),
                                        numu_text_of(cases[i][1]), &path),
                         NUMU_OK);
        assert_string_equal(path, cases[i][2]);
    }
}

static numu_status read_and_list(struct numu_arena *arena, const char *folder, const char *file) {
    struct numu_text bytes;
    struct numu_text *names;
    size_t count;
    int error;
    char *path;
    NUMU_TRY(numu_file_read(arena, file, 0, &bytes, &error));
    NUMU_TRY(numu_file_read(arena, "/proc/self/status", 0, &bytes, &error));
    NUMU_TRY(numu_folder_list(arena, folder, &names, &count, &error));
    return numu_path_join(arena, numu_text_of(folder), names[0], &path);
}

static void test_without_memory(void **state) {
    struct fixture *fixture = *state;
    char *path = path_of(fixture, "a.csv");
    write_file(path, "content");
    bool is_done = false;
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct numu_heap heap;
        struct numu_arena arena;
        numu_heap_init(&heap, 0);
        numu_arena_init(&arena, &heap);
        heap.fail_at = n;
        numu_status status = read_and_list(&arena, fixture->folder, path);
        is_done = status == NUMU_OK;
        assert_true(is_done || status == NUMU_MEMORY);
        assert_true(n < 20 && (!is_done || n > 5));
        numu_arena_release(&arena);
        assert_int_equal(heap.bytes, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_read_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_read_file_without_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_read_pipe_with_interruptions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_write_and_replace, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_write_beside_working_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_permissions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_permission, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full_disk_leaves_old_content, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_write_to_what_is_no_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_symbolic_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_draft, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_draft_that_cannot_be_committed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lock, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_folder_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_path_join, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_without_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
