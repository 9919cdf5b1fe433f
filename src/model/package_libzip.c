/*
 * package_libzip.c - a package as a zip file, by libzip.
 *
 * Reading unpacks into memory and never to a path, so that no name can lead anywhere; names that
 * try, names that occur twice, encrypted and damaged files are refused all the same: no honest tool
 * makes them. Sizes are bounded before anything is unpacked [P2].
 */
#include "model/package_parts.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { ENTRIES_MAX = 10000, DOS_DATE_1980_01_01 = 1 << 5 | 1 };

static numu_status status_of(int error) {
    return error == ZIP_ER_MEMORY ? NUMU_MEMORY : NUMU_IO;
}

/* --- reading --- */

struct unpacking {
    zip_t *archive;
    const char *path;
    uint64_t bytes_left;
    uint64_t bytes_max;
    struct numu_arena *arena;
    struct numu_report *report;
};

/* A finding about an entry; `why` is a word of view. */
static numu_status refuse(const struct unpacking *unpacking, const char *entry, const char *why) {
    return numu_package_complain(unpacking->report, NUMU_CODE_BAD_ARCHIVE, unpacking->path,
                                 numu_argument_string(entry), numu_argument_string(why));
}

/* A relative path without parts that lead elsewhere. */
static bool is_plain_name(struct numu_text name) {
    if (name.length == 0 || name.data[0] == '/' || memchr(name.data, '\\', name.length) != NULL ||
        memchr(name.data, ':', name.length) != NULL ||
        numu_utf8_valid_length(name) != name.length) {
        return false;
    }
    for (size_t start = 0; start < name.length;) {
        const char *slash = memchr(name.data + start, '/', name.length - start);
        size_t end = slash == NULL ? name.length : (size_t)(slash - name.data);
        struct numu_text part = {name.data + start, end - start};
        if (part.length == 0 || numu_text_is(part, ".") || numu_text_is(part, "..")) {
            return false;
        }
        start = end + 1;
    }
    return true;
}

static bool is_folder_name(struct numu_text name) {
    return name.length > 0 && name.data[name.length - 1] == '/';
}

/* Names of all entries by number, checked. */
static numu_status list_names(const struct unpacking *unpacking, struct numu_text **out_names,
                              size_t *out_count) {
    zip_int64_t count = zip_get_num_entries(unpacking->archive, 0);
    struct numu_text *names;
    struct numu_map map;
    if (count < 0 || count > ENTRIES_MAX) {
        return refuse(unpacking, NULL, "kind.zip_many");
    }
    NUMU_TRY(NUMU_TAKE(unpacking->arena, &names, (size_t)count));
    NUMU_TRY(numu_map_init(&map, unpacking->arena, names, (size_t)count));
    for (numu_row i = 0; i < (numu_row)count; i++) {
        const char *name = zip_get_name(unpacking->archive, i, ZIP_FL_ENC_GUESS);
        if (name == NULL) {
            return refuse(unpacking, NULL, "kind.zip_damaged");
        }
        NUMU_TRY(numu_text_copy(unpacking->arena, numu_text_of(name), &names[i]));
        if (!is_plain_name(names[i])) {
            return refuse(unpacking, name, "kind.zip_name");
        }
        if (numu_map_add(&map, i) != NUMU_NONE) {
            return refuse(unpacking, name, "kind.zip_twice");
        }
    }
    *out_names = names;
    *out_count = (size_t)count;
    return NUMU_OK;
}

/*
 * The name of the folder that the package is in, its slash included; empty where datapackage.json
 * is at the top or nowhere.
 */
static numu_status find_package(const struct unpacking *unpacking, const struct numu_text *names,
                                size_t count, struct numu_text *out_folder) {
    static const char descriptor[] = "datapackage.json";
    const size_t length = sizeof descriptor - 1;
    struct numu_text folder = {NULL, 0};
    bool is_found = false;
    bool is_workbook = false;
    for (size_t i = 0; i < count; i++) {
        const char *slash = memchr(names[i].data, '/', names[i].length);
        size_t start = slash == NULL ? 0 : (size_t)(slash - names[i].data) + 1;
        struct numu_text name = {names[i].data + start, names[i].length - start};
        is_workbook = is_workbook || numu_text_is(names[i], "xl/workbook.xml");
        if (!numu_text_is(name, descriptor)) {
            continue;
        }
        if (start == 0) {
            folder = (struct numu_text){NULL, 0};
            is_found = true;
            break;
        }
        if (is_found) {
            return refuse(unpacking, names[i].data, "kind.zip_packages");
        }
        folder = (struct numu_text){names[i].data, names[i].length - length};
        is_found = true;
    }
    if (!is_found && is_workbook) {
        return numu_package_complain(unpacking->report, NUMU_CODE_NOT_A_PACKAGE, unpacking->path,
                                     numu_argument_string("kind.workbook"),
                                     (struct numu_argument){0});
    }
    *out_folder = folder;
    return NUMU_OK;
}

/* Reads `size` bytes and makes sure that no more follow; libzip checks their CRC at the end. */
static numu_status read_entry(const struct unpacking *unpacking, zip_file_t *file,
                              const char *entry, size_t size, char *bytes) {
    size_t count = 0;
    zip_int64_t got = 1;
    while (got > 0 && count < size) {
        got = zip_fread(file, bytes + count, size - count);
        count += got > 0 ? (size_t)got : 0;
    }
    char more;
    if (got > 0 || size == 0) {
        got = zip_fread(file, &more, 1);
    }
    if (zip_error_code_zip(zip_file_get_error(file)) == ZIP_ER_MEMORY) {
        return NUMU_MEMORY;
    }
    return got == 0 && count == size ? NUMU_OK : refuse(unpacking, entry, "kind.zip_damaged");
}

static numu_status unpack(struct unpacking *unpacking, zip_uint64_t number, const char *entry,
                          struct numu_text *out) {
    zip_stat_t about;
    zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(unpacking->archive, number, 0, &about) != 0 ||
        (about.valid & needed) != needed) {
        return refuse(unpacking, entry, "kind.zip_damaged");
    }
    if (about.encryption_method != ZIP_EM_NONE) {
        return refuse(unpacking, entry, "kind.zip_encrypted");
    }
    if (about.size > unpacking->bytes_left) {
        int64_t mebibytes = (int64_t)(unpacking->bytes_max >> 20);
        return numu_package_complain(unpacking->report, NUMU_CODE_PACKAGE_TOO_LARGE,
                                     unpacking->path, numu_argument_integer(mebibytes),
                                     (struct numu_argument){0});
    }
    unpacking->bytes_left -= about.size;
    char *bytes;
    NUMU_TRY(NUMU_TAKE(unpacking->arena, &bytes, (size_t)about.size + 1));
    zip_file_t *file = zip_fopen_index(unpacking->archive, number, 0);
    if (file == NULL) {
        return zip_error_code_zip(zip_get_error(unpacking->archive)) == ZIP_ER_MEMORY
                   ? NUMU_MEMORY
                   : refuse(unpacking, entry, "kind.zip_damaged");
    }
    numu_status status = read_entry(unpacking, file, entry, (size_t)about.size, bytes);
    (void)zip_fclose(file); /* only read from */
    *out = (struct numu_text){bytes, (size_t)about.size};
    return status;
}

static numu_status unpack_all(struct unpacking *unpacking, struct numu_package *package) {
    struct numu_text *names = NULL;
    struct numu_text folder = {NULL, 0};
    size_t count = 0;
    NUMU_TRY(list_names(unpacking, &names, &count));
    NUMU_TRY(find_package(unpacking, names, count, &folder));
    NUMU_TRY(NUMU_TAKE(unpacking->arena, &package->files, count));
    for (size_t i = 0; i < count; i++) {
        if (is_folder_name(names[i]) || names[i].length <= folder.length ||
            (folder.length > 0 && memcmp(names[i].data, folder.data, folder.length) != 0)) {
            continue;
        }
        struct numu_package_file *file = &package->files[package->count++];
        file->name =
            (struct numu_text){names[i].data + folder.length, names[i].length - folder.length};
        NUMU_TRY(unpack(unpacking, i, names[i].data, &file->bytes));
    }
    return NUMU_OK;
}

numu_status numu_package_read_zip(const char *path, uint64_t bytes_max, struct numu_arena *arena,
                                  struct numu_report *report, struct numu_package *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_package package = {NULL, 0};
    struct unpacking unpacking = {.path = path,
                                  .bytes_left = bytes_max,
                                  .bytes_max = bytes_max,
                                  .arena = arena,
                                  .report = report};
    int error = 0;
    unpacking.archive = zip_open(path, ZIP_RDONLY, &error);
    numu_status status;
    if (unpacking.archive != NULL) {
        status = unpack_all(&unpacking, &package);
        zip_discard(unpacking.archive);
    } else {
        status =
            error == ZIP_ER_MEMORY ? NUMU_MEMORY : refuse(&unpacking, NULL, "kind.zip_damaged");
    }
    if (status == NUMU_OK) {
        *out = package;
    } else {
        numu_arena_rewind(arena, mark);
    }
    return status;
}

/* --- writing --- */

/* Files in the package's order, dated 1980-01-01, so that the same model gives the same bytes. */
static numu_status add_files(zip_t *archive, const struct numu_package *package) {
    for (size_t i = 0; i < package->count; i++) {
        const struct numu_package_file *file = &package->files[i];
        zip_source_t *source = zip_source_buffer(archive, file->bytes.data, file->bytes.length, 0);
        if (source == NULL) {
            return NUMU_MEMORY;
        }
        zip_int64_t number = zip_file_add(archive, file->name.data, source, ZIP_FL_ENC_UTF_8);
        if (number < 0) {
            zip_source_free(source);
            return NUMU_MEMORY; /* names are unique and good: nothing else can fail */
        }
        if (zip_file_set_dostime(archive, (zip_uint64_t)number, 0, DOS_DATE_1980_01_01, 0) != 0) {
            return NUMU_MEMORY;
        }
    }
    return NUMU_OK;
}

/* Closes the archive, which writes it into `target`, or discards it. */
static numu_status pack(zip_source_t *target, const struct numu_package *package) {
    zip_error_t error;
    zip_error_init(&error);
    zip_t *archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    numu_status status = archive == NULL ? status_of(zip_error_code_zip(&error)) : NUMU_OK;
    zip_error_fini(&error);
    NUMU_TRY(status);
    zip_source_keep(target); /* closing gives one reference up */
    status = add_files(archive, package);
    if (status == NUMU_OK && zip_close(archive) != 0) {
        status = status_of(zip_error_code_zip(zip_get_error(archive)));
    } else if (status == NUMU_OK) {
        return NUMU_OK;
    }
    zip_discard(archive);
    return status;
}

static numu_status read_back(zip_source_t *target, struct numu_arena *arena,
                             struct numu_text *out) {
    zip_stat_t about;
    char *bytes;
    if (zip_source_stat(target, &about) != 0 || zip_source_open(target) != 0) {
        return NUMU_MEMORY;
    }
    numu_status status = NUMU_TAKE(arena, &bytes, (size_t)about.size + 1);
    if (status == NUMU_OK &&
        zip_source_read(target, bytes, about.size) != (zip_int64_t)about.size) {
        status = NUMU_IO;
    }
    (void)zip_source_close(target);
    if (status == NUMU_OK) {
        *out = (struct numu_text){bytes, (size_t)about.size};
    }
    return status;
}

numu_status numu_package_write_zip(const struct numu_package *package, const char *path,
                                   struct numu_heap *heap, struct numu_report *report) {
    struct numu_arena arena;
    struct numu_text bytes = {NULL, 0};
    int number = EIO;
    numu_arena_init(&arena, heap);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, NULL);
    numu_status status = target == NULL ? NUMU_MEMORY : pack(target, package);
    if (status == NUMU_OK) {
        status = read_back(target, &arena, &bytes);
    }
    zip_source_free(target);
    if (status == NUMU_OK) {
        status = numu_file_write(path, bytes, &number);
    }
    numu_arena_release(&arena);
    return status == NUMU_IO ? numu_package_complain(report, NUMU_CODE_CANNOT_WRITE, path,
                                                     numu_argument_string(strerror(number)),
                                                     (struct numu_argument){0})
                             : status;
}
