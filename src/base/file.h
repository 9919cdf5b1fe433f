/*
 * file.h - reading files whole and writing them whole or not at all.
 *
 * [F1] A written file appears under its name complete and flushed (temporary file beside it, fsync,
 *      rename, fsync of the folder), or the name is left as it was and the temporary file is gone.
 *      Only where the last of these steps fails, the new content stands under the name already.
 * [F2] A file that is replaced keeps its permissions; a new one gets those that the umask leaves of
 *      0666. A file without permission to write is not replaced. A symbolic link stays one: what it
 *      points at is replaced.
 * Failures are NUMU_IO with the errno in *out_errno (0 otherwise); messages are made above.
 */
#ifndef NUMU_BASE_FILE_H
#define NUMU_BASE_FILE_H

#include "base/text.h"

/*
 * Reads all of a file, or of a pipe or terminal up to its end, into the arena; a zero byte follows.
 * A folder, a missing file, no permission: NUMU_IO. Over bytes_max (0 = none): NUMU_LIMIT. On
 * failure the arena is as it was.
 */
NUMU_MUST_CHECK numu_status numu_file_read(struct numu_arena *arena, const char *path,
                                           size_t bytes_max, struct numu_text *out, int *out_errno);

/*
 * Writes the bytes to `path` as [F1] says. What exists and is no regular file (/dev/stdout, a named
 * pipe) is written to directly.
 */
NUMU_MUST_CHECK numu_status numu_file_write(const char *path, struct numu_text bytes,
                                            int *out_errno);

/*
 * A new file that only its owner may read, for secrets: whole or not at all. Where anything stands
 * under the name, nothing is written: NUMU_IO with EEXIST.
 */
NUMU_MUST_CHECK numu_status numu_file_create_private(const char *path, struct numu_text bytes,
                                                     int *out_errno);

/*
 * numu_file_write in two steps, for writers that need a path of their own (SQLite): begin gives the
 * name of a fresh empty temporary file beside `path`, ".<name>.numu-<process>-<n>"; commit makes it
 * durable and renames it; abandon removes it. Begin and commit that fail leave no temporary file;
 * to abandon then, or twice, or after commit, does nothing. A `path` that exists and is no regular
 * file is EINVAL.
 */
enum { NUMU_PATH_BYTES = 4096 };
struct numu_file_draft {
    char path[NUMU_PATH_BYTES];
    char temporary[NUMU_PATH_BYTES]; /* "" when there is none */
};
NUMU_MUST_CHECK numu_status numu_file_draft_begin(struct numu_file_draft *draft, const char *path,
                                                  int *out_errno);
NUMU_MUST_CHECK numu_status numu_file_draft_commit(struct numu_file_draft *draft, int *out_errno);
void numu_file_draft_abandon(struct numu_file_draft *draft);

/*
 * The same for a folder of files, without folders in it: begin makes a temporary folder beside
 * `path`, files are written into it, commit gives it its name. What stands under the name must be
 * nothing or an empty folder, else commit fails with ENOTEMPTY or ENOTDIR.
 */
NUMU_MUST_CHECK numu_status numu_folder_draft_begin(struct numu_file_draft *draft, const char *path,
                                                    int *out_errno);
NUMU_MUST_CHECK numu_status numu_folder_draft_commit(struct numu_file_draft *draft, int *out_errno);
void numu_folder_draft_abandon(struct numu_file_draft *draft);

/*
 * Whoever reads a file in order to write it anew holds its lock meanwhile: another process that
 * asks for the same one waits. (Threads of one process do not.) It is an empty file "<path>.lock",
 * made where there is none and removed by unlock; one that a killed process left holds nothing up.
 */
struct numu_file_lock {
    char path[NUMU_PATH_BYTES];
    int file;
};
NUMU_MUST_CHECK numu_status numu_file_lock(struct numu_file_lock *lock, const char *path,
                                           int *out_errno);
void numu_file_unlock(struct numu_file_lock *lock);

/* Names (not paths) of the regular files of a folder, sorted bytewise, hidden ones left out. */
NUMU_MUST_CHECK numu_status numu_folder_list(struct numu_arena *arena, const char *path,
                                             struct numu_text **out_names, size_t *out_count,
                                             int *out_errno);
bool numu_path_is_folder(const char *path);

/* `folder` and `name` joined by one slash, zero-terminated; `name` alone where folder is empty. */
NUMU_MUST_CHECK numu_status numu_path_join(struct numu_arena *arena, struct numu_text folder,
                                           struct numu_text name, char **out);

#endif
