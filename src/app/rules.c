/*
 * rules.c - see rules.h.
 */
#include "app/rules.h"

#include "app/app.h"
#include "base/file.h"
#include "base/table.h"
#include "rules/builtin.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_BYTES_MAX = 16 << 20, SETS_MAX = 1000 };

static const char set_end[] = ".json";
static const char adopted_end[] = ".adopted.json";

static bool ends_with(struct numu_text text, const char *end) {
    size_t length = strlen(end);
    return text.length > length && memcmp(text.data + text.length - length, end, length) == 0;
}

static bool is_path(const char *name) {
    return strchr(name, '/') != NULL || ends_with(numu_text_of(name), set_end);
}

/* "<folder>/<id><end>" */
static numu_status path_of(const struct numu_rules_place *place, struct numu_text id,
                           const char *end, char **out) {
    struct numu_text name;
    NUMU_TRY(numu_text_printf(place->arena, &name, "%.*s%s", (int)id.length, id.data, end));
    return numu_path_join(place->arena, numu_text_of(place->folder), name, out);
}

static bool file_exists(const char *path) {
    struct stat information;
    return stat(path, &information) == 0;
}

/* --- one set --- */

static numu_status read_set(const struct numu_rules_place *place, struct numu_text path,
                            struct numu_text bytes, struct numu_rules *out) {
    uint32_t source;
    out->bytes = bytes;
    NUMU_TRY(numu_sources_add(place->sources, path, bytes, &source));
    return numu_ruleset_read(place->arena, bytes, source, place->report, &out->set);
}

static numu_status read_adoptions(const struct numu_rules_place *place, struct numu_rules *rules) {
    char *path;
    struct numu_text bytes;
    uint32_t source;
    rules->adoptions = (struct numu_adoptions){.count = 0};
    if (place->folder == NULL) {
        return NUMU_OK;
    }
    NUMU_TRY(path_of(place, rules->set.id, adopted_end, &path));
    if (!file_exists(path)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_app_read(place->arena, path, FILE_BYTES_MAX, place->report, &bytes));
    NUMU_TRY(numu_sources_add(place->sources, numu_text_of(path), bytes, &source));
    return numu_adoptions_read(place->arena, bytes, source, &rules->set,
                               place->day == 0 ? NUMU_NO_DAY : place->day, place->report,
                               &rules->adoptions);
}

static const struct numu_builtin_rules *find_builtin(const char *id) {
    for (const struct numu_builtin_rules *each = numu_builtin_rules; each->id != NULL; each++) {
        if (strcmp(each->id, id) == 0) {
            return each;
        }
    }
    return NULL;
}

static void tell_unknown(const struct numu_rules_place *place, const char *name) {
    const char *names[SETS_MAX + 1] = {NULL};
    for (size_t i = 0; i < SETS_MAX && numu_builtin_rules[i].id != NULL; i++) {
        names[i] = numu_builtin_rules[i].id;
    }
    numu_app_tell_string(place->report, NUMU_CODE_UNKNOWN_RULE_SET, name,
                         numu_choice_nearest(names, numu_text_of(name)));
}

static numu_status open_builtin(const struct numu_rules_place *place,
                                const struct numu_builtin_rules *builtin, struct numu_rules *out) {
    out->is_builtin = true;
    return read_set(place, numu_text_of(builtin->id),
                    (struct numu_text){(const char *)builtin->bytes, builtin->length}, out);
}

static numu_status open_file(const struct numu_rules_place *place, const char *path,
                             struct numu_rules *out) {
    struct numu_text bytes;
    NUMU_TRY(numu_app_read(place->arena, path, FILE_BYTES_MAX, place->report, &bytes));
    return read_set(place, numu_text_of(path), bytes, out);
}

numu_status numu_app_rules_open(const struct numu_rules_place *place, const char *name,
                                struct numu_rules *out) {
    struct numu_rules rules = {.is_builtin = false};
    char *path = NULL;
    if (is_path(name)) {
        NUMU_TRY(open_file(place, name, &rules));
    } else {
        const struct numu_builtin_rules *builtin = find_builtin(name);
        if (place->folder != NULL) {
            NUMU_TRY(path_of(place, numu_text_of(name), set_end, &path));
        }
        if (path != NULL && builtin == NULL && file_exists(path)) {
            NUMU_TRY(open_file(place, path, &rules));
        } else if (builtin != NULL) {
            NUMU_TRY(open_builtin(place, builtin, &rules));
        } else {
            tell_unknown(place, name);
            return NUMU_INVALID;
        }
    }
    NUMU_TRY(read_adoptions(place, &rules));
    *out = rules;
    return NUMU_OK;
}

void numu_app_rules_check_day(const struct numu_rules_place *place, const struct numu_ruleset *set,
                              numu_day day) {
    bool is_in_force = (set->starts == NUMU_NO_DAY || set->starts <= day) &&
                       (set->ends == NUMU_NO_DAY || day <= set->ends);
    if (!is_in_force) {
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_RULES_NOT_IN_FORCE, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
        finding.arguments[0] = numu_argument_text(set->id);
        finding.arguments[1] = numu_argument_day(day);
        numu_report_add(place->report, &finding);
    }
}

/* --- all sets --- */

static bool is_set_file(struct numu_text name) {
    return ends_with(name, set_end) && !ends_with(name, adopted_end);
}

numu_status numu_app_rules_list(const struct numu_rules_place *place, struct numu_rules **out_list,
                                size_t *out_count) {
    struct numu_text *names = NULL;
    size_t name_count = 0;
    size_t count = 0;
    int number;
    if (place->folder != NULL && numu_path_is_folder(place->folder)) {
        numu_status status =
            numu_folder_list(place->arena, place->folder, &names, &name_count, &number);
        if (status == NUMU_IO) {
            return numu_app_cannot_read(place->report, place->folder, number);
        }
        NUMU_TRY(status);
    }
    size_t builtin_count = 0;
    while (numu_builtin_rules[builtin_count].id != NULL) {
        builtin_count++;
    }
    struct numu_rules *list;
    NUMU_TRY(NUMU_TAKE(place->arena, &list, builtin_count + name_count));
    for (size_t i = 0; i < builtin_count; i++) {
        NUMU_TRY(open_builtin(place, &numu_builtin_rules[i], &list[count]));
        NUMU_TRY(read_adoptions(place, &list[count]));
        count++;
    }
    for (size_t i = 0; i < name_count; i++) {
        char *path;
        if (is_set_file(names[i])) {
            NUMU_TRY(numu_path_join(place->arena, numu_text_of(place->folder), names[i], &path));
            NUMU_TRY(open_file(place, path, &list[count]));
            NUMU_TRY(read_adoptions(place, &list[count]));
            count++;
        }
    }
    *out_list = list;
    *out_count = count;
    return NUMU_OK;
}

/* --- import and adoption --- */

static bool is_wanted(const struct numu_rules_import_request *request, struct numu_text id) {
    bool is_named = request->row_count == 0;
    for (size_t i = 0; !is_named && i < request->row_count; i++) {
        is_named = numu_text_is(id, request->row[i]);
    }
    return is_named;
}

/* Every row named must be there. */
static numu_status check_rows(const struct numu_rules_place *place,
                              const struct numu_rules_import_request *request,
                              const struct numu_ruleset *set) {
    numu_status status = NUMU_OK;
    for (size_t i = 0; i < request->row_count; i++) {
        bool is_there = false;
        for (numu_row row = 0; row < set->row_count; row++) {
            is_there = is_there || numu_text_is(set->row[row].id, request->row[i]);
        }
        if (!is_there) {
            numu_app_tell_string(place->report, NUMU_CODE_UNKNOWN_RULE_ROW, request->row[i], NULL);
            status = NUMU_INVALID;
        }
    }
    return status;
}

/* Writes the file anew and judges what stands in it, as whoever reads it next will. */
static numu_status write_adoptions(const struct numu_context *context,
                                   const struct numu_rules_place *place,
                                   const struct numu_adoptions *adoptions,
                                   struct numu_rules *rules) {
    struct numu_buffer file;
    char *path;
    NUMU_TRY(path_of(place, rules->set.id, adopted_end, &path));
    numu_buffer_init(&file, context->heap, 0);
    numu_status status = numu_adoptions_write(&rules->set, adoptions, &file);
    if (status == NUMU_OK) {
        status = numu_app_write(path, (struct numu_text){file.data, file.length}, place->report);
    }
    numu_buffer_release(&file);
    NUMU_TRY(status);
    return read_adoptions(place, rules);
}

/* A copy of the adoptions with room for one more a row. */
static numu_status copy_adoptions(const struct numu_rules_place *place,
                                  const struct numu_rules *rules, struct numu_adoptions *out) {
    *out = (struct numu_adoptions){.count = 0};
    NUMU_TRY(NUMU_TAKE(place->arena, &out->list, rules->adoptions.count + rules->set.row_count));
    for (size_t i = 0; i < rules->adoptions.count; i++) {
        out->list[out->count++] = rules->adoptions.list[i];
    }
    return NUMU_OK;
}

static numu_status adopt(const struct numu_context *context, const struct numu_rules_place *place,
                         const struct numu_rules_import_request *request,
                         struct numu_rules *rules) {
    struct numu_adoptions adoptions;
    NUMU_TRY(check_rows(place, request, &rules->set));
    NUMU_TRY(copy_adoptions(place, rules, &adoptions));
    for (numu_row row = 0; row < rules->set.row_count; row++) {
        if (is_wanted(request, rules->set.row[row].id)) {
            NUMU_TRY(numu_adoption_sign(place->arena, &rules->set, row, request->signer,
                                        request->today, &adoptions.list[adoptions.count]));
            adoptions.count++;
        }
    }
    return write_adoptions(context, place, &adoptions, rules);
}

/* Whether the key of a signer has adopted a row, and has not said otherwise yet. */
static bool has_adopted(const struct numu_rules *rules, numu_row row,
                        const struct numu_signer *signer) {
    for (size_t i = 0; i < rules->adoptions.count; i++) {
        const struct numu_adoption *adoption = &rules->adoptions.list[i];
        if (adoption->row == row && !adoption->is_revocation &&
            adoption->state == NUMU_ADOPTION_VALID && adoption->ends_on == NUMU_NO_DAY &&
            memcmp(adoption->key.bytes, signer->public_key.bytes, sizeof adoption->key.bytes) ==
                0) {
            return true;
        }
    }
    return false;
}

numu_status numu_app_rules_revoke(const struct numu_context *context,
                                  const struct numu_rules_place *place,
                                  const struct numu_rules_import_request *request,
                                  struct numu_rules *out) {
    struct numu_rules rules;
    struct numu_adoptions adoptions;
    NUMU_TRY(numu_app_rules_open(place, request->name, &rules));
    NUMU_TRY(check_rows(place, request, &rules.set));
    NUMU_TRY(copy_adoptions(place, &rules, &adoptions));
    for (numu_row row = 0; row < rules.set.row_count; row++) {
        struct numu_text id = rules.set.row[row].id;
        if (!is_wanted(request, id)) {
            continue;
        }
        if (has_adopted(&rules, row, request->signer)) {
            NUMU_TRY(numu_revocation_sign(place->arena, &rules.set, row, request->signer,
                                          request->today, &adoptions.list[adoptions.count]));
            adoptions.count++;
        } else if (request->row_count > 0) {
            numu_app_tell(place->report, NUMU_CODE_NOTHING_TO_REVOKE, numu_argument_text(id),
                          numu_argument_string(request->signer->public_key.name));
        }
    }
    if (adoptions.count == rules.adoptions.count && request->row_count == 0) {
        numu_app_tell(place->report, NUMU_CODE_NOTHING_TO_REVOKE, numu_argument_text(rules.set.id),
                      numu_argument_string(request->signer->public_key.name));
    }
    if (numu_report_total(place->report, NUMU_ERROR) > 0) {
        return NUMU_INVALID;
    }
    NUMU_TRY(write_adoptions(context, place, &adoptions, &rules));
    *out = rules;
    return NUMU_OK;
}

/* Makes the folder and those above it. */
static numu_status make_folder(const struct numu_rules_place *place) {
    char *path;
    NUMU_TRY(numu_text_to_string(place->arena, numu_text_of(place->folder), &path));
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(path, S_IRWXU | S_IRWXG | S_IRWXO); /* the last one tells */
            *at = '/';
        }
    }
    if (mkdir(path, S_IRWXU | S_IRWXG | S_IRWXO) != 0 && errno != EEXIST) {
        return numu_app_cannot_write(place->report, place->folder, errno);
    }
    return NUMU_OK;
}

numu_status numu_app_rules_import(const struct numu_context *context,
                                  const struct numu_rules_place *place,
                                  const struct numu_rules_import_request *request,
                                  struct numu_rules *out) {
    char *path;
    struct numu_rules rules;
    if (place->folder == NULL) {
        return numu_app_cannot_write(place->report, "rules", ENOENT);
    }
    NUMU_TRY(numu_app_rules_open(place, request->name, &rules));
    NUMU_TRY(numu_text_to_string(place->arena, rules.set.id, &path));
    if (!rules.is_builtin && find_builtin(path) != NULL) {
        /* A file must not pass for public law that was read. */
        numu_app_tell_string(place->report, NUMU_CODE_BUILTIN_RULE_SET, path, NULL);
        return NUMU_INVALID;
    }
    NUMU_TRY(make_folder(place));
    if (!rules.is_builtin) {
        NUMU_TRY(path_of(place, rules.set.id, set_end, &path));
        NUMU_TRY(numu_app_write(path, rules.bytes, place->report));
    }
    if (request->signer != NULL) {
        NUMU_TRY(adopt(context, place, request, &rules));
    }
    *out = rules;
    return NUMU_OK;
}
