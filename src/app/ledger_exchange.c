/*
 * ledger_exchange.c - bundles and exports.
 */
#include "app/ledger_exchange.h"

#include "app/key.h"
#include "app/tell.h"
#include "base/file.h"
#include "ledger/bundle.h"
#include "ledger/epcis.h"
#include "ledger/tile.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- bundles --- */

/* The site whose log is meant: where none is named, the book's own. */
static struct numu_text site_or_own(const struct numu_ledger *ledger, struct numu_text site) {
    return site.length == 0 ? ledger->site : site;
}

numu_status numu_app_ledger_bundle(struct numu_ledger *ledger, struct numu_text site, uint64_t from,
                                   struct numu_report *report, struct numu_buffer *buffer) {
    site = site_or_own(ledger, site);
    numu_status status = numu_bundle_write(ledger, site, from, buffer);
    if (status == NUMU_NOT_FOUND) {
        numu_app_tell(report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string("kind.head"),
                      numu_argument_text(site));
        return NUMU_INVALID;
    }
    return status;
}

static const char *const outcome_words[NUMU_BUNDLE_OUTCOME_COUNT] = {
    [NUMU_BUNDLE_ACCEPTED] = "word.bundle_accepted",
    [NUMU_BUNDLE_KNOWN] = "word.bundle_known",
    [NUMU_BUNDLE_PARKED] = "word.bundle_parked",
    [NUMU_BUNDLE_MALFORMED] = "word.bundle_malformed",
    [NUMU_BUNDLE_OTHER] = "word.bundle_other",
    [NUMU_BUNDLE_UNKNOWN_KEY] = "word.bundle_unknown_key",
    [NUMU_BUNDLE_BAD_HEAD] = "word.bundle_bad_head",
    [NUMU_BUNDLE_BAD_EVENT] = "word.bundle_bad_event",
    [NUMU_BUNDLE_FORKED] = "word.bundle_forked",
    [NUMU_BUNDLE_FROZEN] = "word.bundle_frozen",
    [NUMU_BUNDLE_BAD_EPOCH] = "word.bundle_bad_epoch",
    [NUMU_BUNDLE_ENDED] = "word.bundle_ended",
    [NUMU_BUNDLE_UNCERTIFIED] = "word.bundle_uncertified",
    [NUMU_BUNDLE_OTHER_ROOT] = "word.bundle_other_root"};

static numu_status accept_all(struct numu_ledger *ledger, struct numu_text text,
                              const struct numu_public_key *trusted, struct numu_arena *arena,
                              struct numu_sheet *out, size_t *out_refused) {
    do {
        struct numu_bundle_result result;
        struct numu_text site;
        NUMU_TRY(numu_bundle_accept(ledger, &text, trusted, &result));
        NUMU_TRY(numu_text_copy(arena, result.site, &site));
        *out_refused += result.outcome > NUMU_BUNDLE_PARKED;
        NUMU_TRY(numu_sheet_add_text(out, site));
        NUMU_TRY(numu_sheet_add_text(out, numu_text_of(outcome_words[result.outcome])));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer((int64_t)result.first)));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer((int64_t)result.count)));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer((int64_t)result.added)));
    } while (text.length > 0);
    return NUMU_OK;
}

numu_status numu_app_ledger_accept(const struct numu_context *context, struct numu_ledger *ledger,
                                   const char *path, const char *trusted,
                                   struct numu_report *report, struct numu_arena *arena,
                                   struct numu_sheet *out, size_t *out_refused) {
    static const char *const columns[] = {"site", "outcome", "first", "events", "added", NULL};
    struct numu_public_key key;
    struct numu_text text;
    (void)context;
    *out_refused = 0;
    numu_sheet_init(out, ledger->heap, "numu.ledger.accepted/1", "bundles", columns);
    if (trusted != NULL) {
        NUMU_TRY(numu_app_key_given(arena, trusted, report, &key));
    }
    NUMU_TRY(numu_app_read(arena, path, 0, report, &text));
    return accept_all(ledger, text, trusted == NULL ? NULL : &key, arena, out, out_refused);
}

/* --- exports --- */

struct export {
    struct numu_ledger *ledger;
    struct numu_arena *arena;
    struct numu_report *report;
    const char *folder;
    struct numu_text site; /* whose log, and its number in the book */
    uint32_t log;
    uint64_t size;
    bool is_made; /* the folder is, by us */
    struct numu_buffer bytes;
};

/* Writes a file below the folder, with the folders on the way. */
static numu_status write_below(struct export *export, const char *name) {
    char *path;
    int number;
    NUMU_TRY(
        numu_path_join(export->arena, numu_text_of(export->folder), numu_text_of(name), &path));
    for (char *slash = path + strlen(export->folder) + 1; (slash = strchr(slash, '/')) != NULL;
         slash++) {
        *slash = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            return numu_app_cannot_write(export->report, path, errno);
        }
        *slash = '/';
    }
    numu_status status = numu_file_write(
        path, (struct numu_text){export->bytes.data, export->bytes.length}, &number);
    return status == NUMU_IO ? numu_app_cannot_write(export->report, path, number) : status;
}

static numu_status write_tile(struct export *export, int level, uint64_t tile, unsigned width) {
    struct numu_ledger_tree room;
    struct numu_ledger *ledger = export->ledger;
    struct numu_tree tree = numu_ledger_tree(ledger, export->log, export->site, &room);
    char path[NUMU_TILE_PATH_BYTES];
    struct numu_buffer entry;
    numu_buffer_clear(&export->bytes);
    numu_buffer_init(&entry, ledger->heap, 0);
    numu_status status = NUMU_OK;
    for (unsigned i = 0; i < width && status == NUMU_OK; i++) {
        uint64_t index = tile * NUMU_TILE_WIDTH + i;
        if (level < 0) {
            status = ledger->state.store.port->read(ledger->state.store.self, export->log, index,
                                                    &entry, NULL);
            if (status == NUMU_OK) {
                status = numu_entries_append(&export->bytes,
                                             (struct numu_text){entry.data, entry.length});
            }
        } else {
            struct numu_sha256 hash;
            status = tree.read(tree.data, 8 * (unsigned)level, index, &hash);
            if (status == NUMU_OK) {
                status = numu_buffer_append(&export->bytes, hash.bytes, NUMU_SHA256_BYTES);
            }
        }
    }
    numu_buffer_release(&entry);
    NUMU_TRY(status);
    return write_below(export, numu_tile_path(level, tile, width, path));
}

static numu_status write_level(struct export *export, int level) {
    uint64_t hashes = level < 0 ? export->size : export->size >> (8 * level);
    for (uint64_t tile = 0; tile * NUMU_TILE_WIDTH < hashes; tile++) {
        uint64_t left = hashes - tile * NUMU_TILE_WIDTH;
        NUMU_TRY(write_tile(export, level, tile,
                            left < NUMU_TILE_WIDTH ? (unsigned)left : NUMU_TILE_WIDTH));
    }
    return NUMU_OK;
}

static numu_status write_export(struct export *export) {
    struct numu_checkpoint head;
    struct numu_text note;
    struct numu_person site;
    struct numu_ledger *ledger = export->ledger;
    numu_status status = numu_ledger_log(ledger, export->site, &export->log);
    if (status == NUMU_OK) {
        status = numu_ledger_last_head(ledger, export->arena, export->site, &note, &head);
    }
    if (status == NUMU_NOT_FOUND) {
        numu_app_tell(export->report, NUMU_CODE_EVENT_UNKNOWN_NAME,
                      numu_argument_string("kind.head"), numu_argument_text(export->site));
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    if (mkdir(export->folder, 0777) != 0) { /* an old export is never mixed with a new one */
        return numu_app_cannot_write(export->report, export->folder, errno);
    }
    export->is_made = true;
    export->size = head.size;
    for (int level = -1; level < NUMU_TILE_LEVELS_MAX; level++) {
        NUMU_TRY(write_level(export, level));
    }
    status = numu_person_get(&ledger->state, export->arena, export->site, NUMU_TEXT("site"), &site);
    if (status == NUMU_OK) {
        numu_buffer_clear(&export->bytes);
        NUMU_TRY(numu_buffer_append(&export->bytes, site.key.data, site.key.length));
        NUMU_TRY(numu_buffer_append_char(&export->bytes, '\n'));
        NUMU_TRY(write_below(export, "key"));
    }
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    numu_buffer_clear(&export->bytes);
    NUMU_TRY(numu_buffer_append(&export->bytes, note.data, note.length));
    return write_below(export, "checkpoint"); /* last: what it covers is there */
}

enum { FOLDERS_OPEN = 8 };

static int remove_one(const char *path, const struct stat *information, int kind,
                      struct FTW *place) {
    (void)information;
    (void)kind;
    (void)place;
    return remove(path);
}

numu_status numu_app_ledger_export(struct numu_ledger *ledger, struct numu_text site,
                                   const char *folder, struct numu_arena *arena,
                                   struct numu_report *report) {
    struct export export = {.ledger = ledger,
                            .arena = arena,
                            .report = report,
                            .folder = folder,
                            .site = site_or_own(ledger, site)};
    numu_buffer_init(&export.bytes, ledger->heap, 0);
    numu_status status = write_export(&export);
    if (status != NUMU_OK && export.is_made) { /* whole or not at all */
        (void)nftw(folder, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
    }
    numu_buffer_release(&export.bytes);
    return status;
}

/* --- EPCIS --- */

static numu_status tell_left(struct numu_report *report, struct numu_arena *arena, const char *kind,
                             const char *name, uint64_t count) {
    struct numu_text text;
    if (count == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_printf(arena, &text, "%s: %" PRIu64, name, count));
    numu_app_tell(report, NUMU_CODE_NOT_CARRIED, numu_argument_string(kind),
                  numu_argument_text(text));
    return NUMU_OK;
}

static numu_status tell_all_left(const struct numu_epcis_result *result, struct numu_arena *arena,
                                 struct numu_report *report) {
    for (size_t i = 0; i < NUMU_EVENT_TYPE_COUNT; i++) {
        NUMU_TRY(
            tell_left(report, arena, "kind.event_type", numu_event_kinds[i].name, result->left[i]));
    }
    return tell_left(report, arena, "kind.waiting", "approve", result->waiting);
}

numu_status numu_app_ledger_export_epcis(struct numu_ledger *ledger, const char *path,
                                         struct numu_text base, struct numu_arena *arena,
                                         struct numu_report *report) {
    struct numu_buffer buffer;
    struct numu_epcis_result result;
    if (access(path, F_OK) == 0) { /* as of a folder: an old export is never overwritten */
        return numu_app_cannot_write(report, path, EEXIST);
    }
    numu_buffer_init(&buffer, ledger->heap, 0);
    numu_status status = numu_epcis_write(ledger, base, &buffer, &result);
    if (status == NUMU_OK) {
        status = numu_app_write(path, (struct numu_text){buffer.data, buffer.length}, report);
    }
    numu_buffer_release(&buffer);
    return status == NUMU_OK ? tell_all_left(&result, arena, report) : status;
}
