/*
 * package.c - what the forms of a package have in common, and the folder.
 */
#include "model/package_parts.h"

#include "base/file.h"
#include "base/stream.h"

#include <errno.h>
#include <string.h>

const struct numu_text *numu_package_find(const struct numu_package *package,
                                          struct numu_text name) {
    for (size_t i = 0; i < package->count; i++) {
        if (numu_text_is_equal(package->files[i].name, name)) {
            return &package->files[i].bytes;
        }
    }
    return NULL;
}

static bool has_ending(struct numu_text path, const char *ending) {
    size_t length = strlen(ending);
    return path.length > length && memcmp(path.data + path.length - length, ending, length) == 0;
}

numu_package_form numu_package_form_of(struct numu_text path) {
    if (has_ending(path, ".zip")) {
        return NUMU_PACKAGE_ZIP;
    }
    if (has_ending(path, ".xlsx")) {
        return NUMU_PACKAGE_WORKBOOK;
    }
    bool is_database =
        has_ending(path, ".sqlite") || has_ending(path, ".sqlite3") || has_ending(path, ".db");
    return is_database ? NUMU_PACKAGE_DATABASE : NUMU_PACKAGE_FOLDER;
}

numu_status numu_package_complain(struct numu_report *report, numu_code code, const char *path,
                                  struct numu_argument second, struct numu_argument third) {
    struct numu_diagnostic finding = {.code = code, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(path);
    finding.arguments[1] = second;
    finding.arguments[2] = third;
    numu_report_add(report, &finding);
    return NUMU_IO;
}

static numu_status complain_of_system(struct numu_report *report, numu_code code, const char *path,
                                      int number) {
    return numu_package_complain(report, code, path, numu_argument_string(strerror(number)),
                                 (struct numu_argument){0});
}

/* --- reading --- */

numu_status numu_package_read(const char *path, struct numu_arena *arena,
                              struct numu_report *report, struct numu_package *out) {
    struct numu_stream stream;
    char start[16];
    size_t count = 0;
    int number;
    numu_status status = numu_stream_open(&stream, path, &number);
    if (status == NUMU_OK) {
        status = numu_stream_read(&stream, 0, start, sizeof start, &count, &number);
        numu_stream_close(&stream);
    }
    if (status == NUMU_IO) {
        return complain_of_system(report, NUMU_CODE_CANNOT_READ, path, number);
    }
    NUMU_TRY(status);
    if (count > 2 && memcmp(start, "PK", 2) == 0) {
        return numu_package_read_zip(path, NUMU_PACKAGE_BYTES_MAX, arena, report, out);
    }
    if (count == sizeof start && memcmp(start, "SQLite format 3", sizeof start) == 0) {
        return numu_package_read_database(path, NUMU_PACKAGE_BYTES_MAX, arena, report, out);
    }
    return numu_package_complain(report, NUMU_CODE_NOT_A_PACKAGE, path, (struct numu_argument){0},
                                 (struct numu_argument){0});
}

/* --- writing a folder --- */

static numu_status write_files(const struct numu_package *package, const char *folder,
                               struct numu_arena *scratch, int *out_errno) {
    for (size_t i = 0; i < package->count; i++) {
        char *path;
        NUMU_TRY(numu_path_join(scratch, numu_text_of(folder), package->files[i].name, &path));
        NUMU_TRY(numu_file_write(path, package->files[i].bytes, out_errno));
    }
    return NUMU_OK;
}

numu_status numu_package_write_folder(const struct numu_package *package, const char *path,
                                      struct numu_heap *heap, struct numu_report *report) {
    struct numu_file_draft draft;
    struct numu_arena scratch;
    int number = 0;
    numu_arena_init(&scratch, heap);
    numu_status status = numu_folder_draft_begin(&draft, path, &number);
    if (status == NUMU_OK) {
        status = write_files(package, draft.temporary, &scratch, &number);
    }
    if (status == NUMU_OK) {
        status = numu_folder_draft_commit(&draft, &number);
    }
    numu_folder_draft_abandon(&draft);
    numu_arena_release(&scratch);
    return status == NUMU_IO ? complain_of_system(report, NUMU_CODE_CANNOT_WRITE, path, number)
                             : status;
}
