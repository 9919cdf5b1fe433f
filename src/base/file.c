/*
 * file.c - POSIX files.
 *
 * The temporary file is created with O_EXCL under a name of our own, not by mkstemp, so that the
 * kernel applies the umask: a program cannot read its umask without changing it for all threads.
 */
/* realpath: base POSIX.1-2008, but glibc shows it with the XSI part only. */
#define _XOPEN_SOURCE 700 /* NOLINT(bugprone-reserved-identifier): POSIX reserves it for us */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PIPE_BYTES = 1 << 16,    /* first guess where the size is unknown */
    NAME_KEPT_BYTES = 200,   /* of the name in that of its temporary file: NAME_MAX is 255 */
    TEMPORARY_NAMES = 10000, /* to try before giving up */
};

static numu_status io_failure(int error, int *out_errno) {
    *out_errno = error;
    return NUMU_IO;
}

/* --- reading --- */

/* read(2) that is not interrupted by signals. */
static ssize_t read_some(int file, char *to, size_t count) {
    ssize_t bytes;
    do {
        bytes = read(file, to, count < SSIZE_MAX ? count : SSIZE_MAX);
    } while (bytes < 0 && errno == EINTR);
    return bytes;
}

/*
 * Reads to the end. The size that fstat told is only a guess (pipes, /proc, files that grow), kept
 * one byte larger so that the end is seen without growing and a zero byte follows.
 */
static numu_status read_all(struct numu_arena *arena, int file, size_t capacity, size_t bytes_max,
                            struct numu_text *out, int *out_errno) {
    char *data;
    size_t length = 0;
    NUMU_TRY(numu_arena_take(arena, capacity, 1, &data));
    for (;;) {
        ssize_t bytes = read_some(file, data + length, capacity - length);
        if (bytes < 0) {
            return io_failure(errno, out_errno);
        }
        if (bytes == 0) {
            *out = (struct numu_text){data, length};
            return NUMU_OK;
        }
        length += (size_t)bytes;
        if (bytes_max != 0 && length > bytes_max) {
            return NUMU_LIMIT;
        }
        if (length == capacity) {
            char *larger;
            NUMU_TRY(numu_arena_take(arena, capacity, 2, &larger));
            memcpy(larger, data, length);
            data = larger;
            capacity *= 2;
        }
    }
}

static numu_status read_open_file(struct numu_arena *arena, int file, size_t bytes_max,
                                  struct numu_text *out, int *out_errno) {
    struct stat information;
    if (fstat(file, &information) != 0) {
        return io_failure(errno, out_errno);
    }
    if (S_ISDIR(information.st_mode)) {
        return io_failure(EISDIR, out_errno);
    }
    if (!S_ISREG(information.st_mode)) {
        return read_all(arena, file, PIPE_BYTES, bytes_max, out, out_errno);
    }
    uintmax_t size = (uintmax_t)information.st_size;
    if (size >= SIZE_MAX || (bytes_max != 0 && size > bytes_max)) {
        return NUMU_LIMIT;
    }
    return read_all(arena, file, (size_t)size + 1, bytes_max, out, out_errno);
}

numu_status numu_file_read(struct numu_arena *arena, const char *path, size_t bytes_max,
                           struct numu_text *out, int *out_errno) {
    *out_errno = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0) {
        return io_failure(errno, out_errno);
    }
    struct numu_arena_mark mark = numu_arena_mark(arena);
    numu_status status = read_open_file(arena, file, bytes_max, out, out_errno);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
    }
    (void)close(file); /* nothing was written: nothing can be lost */
    return status;
}

/* --- writing --- */

static numu_status write_all(int file, struct numu_text bytes, int *out_errno) {
    size_t written = 0;
    while (written < bytes.length) {
        size_t rest = bytes.length - written;
        ssize_t count = write(file, bytes.data + written, rest < SSIZE_MAX ? rest : SSIZE_MAX);
        if (count >= 0) {
            written += (size_t)count;
        } else if (errno != EINTR) {
            return io_failure(errno, out_errno);
        }
    }
    return NUMU_OK;
}

/* Writes to what exists under a name and closes it, which may be the first to tell of an error. */
static numu_status write_existing(const char *path, struct numu_text bytes, int *out_errno) {
    int file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0) {
        return io_failure(errno, out_errno);
    }
    numu_status status = write_all(file, bytes, out_errno);
    if (close(file) != 0 && status == NUMU_OK) {
        return io_failure(errno, out_errno);
    }
    return status;
}

/* Makes the temporary file durable, with the permissions of the file that it will replace. */
static numu_status flush_draft(const struct numu_file_draft *draft, int *out_errno) {
    int file = open(draft->temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        return io_failure(errno, out_errno);
    }
    int error = 0;
    struct stat existing;
    if (stat(draft->path, &existing) == 0 &&
        fchmod(file, existing.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO)) != 0) {
        error = errno;
    }
    if (error == 0 && fsync(file) != 0) {
        error = errno;
    }
    (void)close(file);
    return error == 0 ? NUMU_OK : io_failure(error, out_errno);
}

static numu_status flush_folder_of(const char *path, int *out_errno) {
    char folder[NUMU_PATH_BYTES];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    memcpy(folder, path, length);
    memcpy(folder + length, ".", 2);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) {
        return io_failure(errno, out_errno);
    }
    int error = fsync(file) == 0 ? 0 : errno;
    (void)close(file);
    /* Not every file system knows how to flush a folder. */
    return error == 0 || error == EINVAL ? NUMU_OK : io_failure(error, out_errno);
}

/* Copies `path` with symbolic links followed, as far as they lead anywhere. */
static numu_status resolve(const char *path, char out[NUMU_PATH_BYTES], int *out_errno) {
    _Static_assert(NUMU_PATH_BYTES >= PATH_MAX, "realpath needs PATH_MAX bytes");
    struct stat information;
    if (lstat(path, &information) == 0 && S_ISLNK(information.st_mode)) {
        return realpath(path, out) != NULL ? NUMU_OK : io_failure(errno, out_errno);
    }
    /* Two bytes are left for flush_folder_of. */
    if (strlen(path) + 2 > NUMU_PATH_BYTES) {
        return io_failure(ENAMETOOLONG, out_errno);
    }
    memcpy(out, path, strlen(path) + 1);
    return NUMU_OK;
}

static bool create_file(const char *path, mode_t mode) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file >= 0) {
        (void)close(file); /* nothing was written yet */
    }
    return file >= 0;
}

static bool create_folder(const char *path, mode_t mode) {
    return mkdir(path, mode) == 0;
}

/* Creates something empty beside `path` under a name that nobody has; its name in `out`. */
static numu_status create_beside(const char *path, bool (*create)(const char *path, mode_t mode),
                                 mode_t mode, char out[NUMU_PATH_BYTES], int *out_errno) {
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    for (int n = 0; n < TEMPORARY_NAMES; n++) {
        int length = snprintf(out, NUMU_PATH_BYTES, "%.*s.%.*s.numu-%ld-%d", (int)(name - path),
                              path, NAME_KEPT_BYTES, name, (long)getpid(), n);
        if (length >= NUMU_PATH_BYTES) {
            return io_failure(ENAMETOOLONG, out_errno);
        }
        if (create(out, mode)) {
            return NUMU_OK;
        }
        if (errno != EEXIST) {
            return io_failure(errno, out_errno);
        }
    }
    return io_failure(EEXIST, out_errno);
}

numu_status numu_file_draft_begin(struct numu_file_draft *draft, const char *path, int *out_errno) {
    *out_errno = 0;
    draft->path[0] = '\0';
    draft->temporary[0] = '\0';
    NUMU_TRY(resolve(path, draft->path, out_errno));

    struct stat existing;
    bool exists = stat(draft->path, &existing) == 0;
    if (exists && S_ISDIR(existing.st_mode)) {
        return io_failure(EISDIR, out_errno);
    }
    if (exists && !S_ISREG(existing.st_mode)) {
        return io_failure(EINVAL, out_errno);
    }
    if (exists && access(draft->path, W_OK) != 0) {
        return io_failure(errno, out_errno);
    }
    /* What replaces a private file must not be open to others for a moment; see publish(). */
    mode_t mode = S_IRUSR | S_IWUSR;
    if (!exists) {
        mode |= S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;
    }
    char temporary[NUMU_PATH_BYTES];
    NUMU_TRY(create_beside(draft->path, create_file, mode, temporary, out_errno));
    memcpy(draft->temporary, temporary, sizeof temporary);
    return NUMU_OK;
}

/* All of a commit but what follows a failure. */
static numu_status publish(const struct numu_file_draft *draft, int *out_errno) {
    NUMU_TRY(flush_draft(draft, out_errno));
    if (rename(draft->temporary, draft->path) != 0) {
        return io_failure(errno, out_errno);
    }
    return flush_folder_of(draft->path, out_errno);
}

numu_status numu_file_draft_commit(struct numu_file_draft *draft, int *out_errno) {
    *out_errno = 0;
    numu_status status = publish(draft, out_errno);
    numu_file_draft_abandon(draft);
    return status;
}

void numu_file_draft_abandon(struct numu_file_draft *draft) {
    if (draft->temporary[0] != '\0') {
        (void)unlink(draft->temporary); /* after commit there is none */
        draft->temporary[0] = '\0';
    }
}

numu_status numu_file_write(const char *path, struct numu_text bytes, int *out_errno) {
    *out_errno = 0;
    struct stat information;
    if (stat(path, &information) == 0 && !S_ISREG(information.st_mode)) {
        return write_existing(path, bytes, out_errno);
    }
    struct numu_file_draft draft;
    NUMU_TRY(numu_file_draft_begin(&draft, path, out_errno));
    numu_status status = write_existing(draft.temporary, bytes, out_errno);
    if (status != NUMU_OK) {
        numu_file_draft_abandon(&draft);
        return status;
    }
    return numu_file_draft_commit(&draft, out_errno);
}

numu_status numu_file_create_private(const char *path, struct numu_text bytes, int *out_errno) {
    char resolved[NUMU_PATH_BYTES];
    *out_errno = 0;
    NUMU_TRY(resolve(path, resolved, out_errno));
    int file = open(resolved, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return io_failure(errno, out_errno);
    }
    numu_status status = write_all(file, bytes, out_errno);
    if (status == NUMU_OK && fsync(file) != 0) {
        status = io_failure(errno, out_errno);
    }
    if (close(file) != 0 && status == NUMU_OK) {
        status = io_failure(errno, out_errno);
    }
    if (status != NUMU_OK) {
        (void)unlink(resolved); /* a key cut short is no key */
        return status;
    }
    return flush_folder_of(resolved, out_errno);
}

/* --- locks --- */

/* Whether an open file is the one that has a name. */
static bool has_name(int file, const char *path) {
    struct stat opened;
    struct stat named;
    return fstat(file, &opened) == 0 && stat(path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

numu_status numu_file_lock(struct numu_file_lock *lock, const char *path, int *out_errno) {
    char resolved[NUMU_PATH_BYTES];
    *out_errno = 0;
    NUMU_TRY(resolve(path, resolved, out_errno));
    int length = snprintf(lock->path, sizeof lock->path, "%s.lock", resolved);
    if (length >= NUMU_PATH_BYTES) {
        return io_failure(ENAMETOOLONG, out_errno);
    }
    for (;;) {
        const mode_t mode = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;
        struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        lock->file = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
        if (lock->file < 0) {
            return io_failure(errno, out_errno);
        }
        if (fcntl(lock->file, F_SETLKW, &all) != 0) {
            int error = errno;
            (void)close(lock->file);
            return io_failure(error, out_errno);
        }
        if (has_name(lock->file, lock->path)) {
            return NUMU_OK;
        }
        (void)close(lock->file); /* who held it before has removed it: others may hold a new one */
    }
}

void numu_file_unlock(struct numu_file_lock *lock) {
    (void)unlink(lock->path); /* while it is held: who waits for it must find that it is gone */
    (void)close(lock->file);
}

/* --- folders and names --- */

numu_status numu_folder_draft_begin(struct numu_file_draft *draft, const char *path,
                                    int *out_errno) {
    *out_errno = 0;
    draft->temporary[0] = '\0';
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    /* Two bytes are left for flush_folder_of. */
    if (length + 2 > NUMU_PATH_BYTES) {
        return io_failure(ENAMETOOLONG, out_errno);
    }
    memcpy(draft->path, path, length);
    draft->path[length] = '\0';
    char temporary[NUMU_PATH_BYTES];
    mode_t mode = S_IRWXU | S_IRWXG | S_IRWXO; /* as far as the umask leaves it */
    NUMU_TRY(create_beside(draft->path, create_folder, mode, temporary, out_errno));
    memcpy(draft->temporary, temporary, sizeof temporary);
    return NUMU_OK;
}

numu_status numu_folder_draft_commit(struct numu_file_draft *draft, int *out_errno) {
    *out_errno = 0;
    if (rename(draft->temporary, draft->path) != 0) {
        int error = errno == EEXIST ? ENOTEMPTY : errno; /* POSIX allows either */
        numu_folder_draft_abandon(draft);
        return io_failure(error, out_errno);
    }
    draft->temporary[0] = '\0';
    return flush_folder_of(draft->path, out_errno);
}

void numu_folder_draft_abandon(struct numu_file_draft *draft) {
    DIR *folder = draft->temporary[0] == '\0' ? NULL : opendir(draft->temporary);
    if (folder == NULL) {
        return;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        (void)unlinkat(dirfd(folder), entry->d_name, 0); /* "." and ".." stay */
    }
    (void)closedir(folder);
    (void)rmdir(draft->temporary);
    draft->temporary[0] = '\0';
}

static int compare_names(const void *a, const void *b) {
    return numu_text_compare(*(const struct numu_text *)a, *(const struct numu_text *)b);
}

/* Appends the names of the regular files to `names`, an array of struct numu_text. */
static numu_status list_open_folder(struct numu_arena *arena, DIR *folder,
                                    struct numu_buffer *names, int *out_errno) {
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder); /* nobody else has this DIR */
        if (entry == NULL) {
            return errno == 0 ? NUMU_OK : io_failure(errno, out_errno);
        }
        struct stat information;
        if (entry->d_name[0] == '.') {
            continue;
        }
        if (fstatat(dirfd(folder), entry->d_name, &information, 0) != 0) {
            if (errno == ENOENT || errno == ELOOP || errno == EACCES) {
                continue; /* gone by now, or a link that leads to nothing */
            }
            return io_failure(errno, out_errno);
        }
        if (!S_ISREG(information.st_mode)) {
            continue;
        }
        struct numu_text name;
        NUMU_TRY(numu_text_copy(arena, numu_text_of(entry->d_name), &name));
        NUMU_TRY(numu_buffer_append(names, &name, sizeof name));
    }
}

static numu_status list_folder(struct numu_arena *arena, DIR *folder, struct numu_text **out_names,
                               size_t *out_count, int *out_errno) {
    struct numu_buffer names;
    numu_buffer_init(&names, arena->heap, 0);
    numu_status status = list_open_folder(arena, folder, &names, out_errno);
    size_t count = names.length / sizeof(struct numu_text);
    struct numu_text *list = NULL;
    if (status == NUMU_OK) {
        status = NUMU_TAKE(arena, &list, count);
    }
    if (status == NUMU_OK) {
        if (count > 0) {
            memcpy(list, names.data, names.length);
            qsort(list, count, sizeof *list, compare_names);
        }
        *out_names = list;
        *out_count = count;
    }
    numu_buffer_release(&names);
    return status;
}

numu_status numu_folder_list(struct numu_arena *arena, const char *path,
                             struct numu_text **out_names, size_t *out_count, int *out_errno) {
    *out_errno = 0;
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return io_failure(errno, out_errno);
    }
    struct numu_arena_mark mark = numu_arena_mark(arena);
    numu_status status = list_folder(arena, folder, out_names, out_count, out_errno);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
    }
    (void)closedir(folder);
    return status;
}

bool numu_path_is_folder(const char *path) {
    struct stat information;
    return stat(path, &information) == 0 && S_ISDIR(information.st_mode);
}

numu_status numu_path_join(struct numu_arena *arena, struct numu_text folder, struct numu_text name,
                           char **out) {
    size_t length = folder.length;
    while (length > 1 && folder.data[length - 1] == '/') {
        length--;
    }
    bool has_slash = length == 0 || folder.data[length - 1] == '/';
    char *path;
    NUMU_TRY(NUMU_TAKE(arena, &path, length + name.length + 2));
    if (length > 0) {
        memcpy(path, folder.data, length);
    }
    if (!has_slash) {
        path[length++] = '/';
    }
    if (name.length > 0) {
        memcpy(path + length, name.data, name.length);
    }
    *out = path;
    return NUMU_OK;
}
