/*
 * verify_schedule.c - from the JSON of a schedule to what it claims (programme/verify.h).
 */
#include "app/verify.h"

#include "app/app.h"
#include "app/project.h"
#include "base/file.h"
#include "base/json.h"
#include "base/map.h"
#include "programme/verify.h"

#include <string.h>

enum { SCHEDULE_BYTES_MAX = 256 << 20, HEAD_BYTES = 512 };

/* --- kinds --- */

numu_status numu_app_verify_kind(const char *path, struct numu_report *report,
                                 numu_verify_kind *out) {
    struct numu_stream stream;
    char head[HEAD_BYTES];
    size_t length;
    int number;
    numu_status status = numu_stream_open(&stream, path, &number);
    if (status == NUMU_OK) {
        status = numu_stream_read(&stream, 0, head, sizeof head, &length, &number);
        numu_stream_close(&stream);
    }
    if (status != NUMU_OK) {
        return status == NUMU_IO ? numu_app_cannot_read(report, path, number) : status;
    }
    /* SQLite keeps the application's id at byte 68: here "numl" (ledger/store_sqlite.c). */
    if (length >= 72 && memcmp(head, "SQLite format 3", 16) == 0 &&
        memcmp(head + 68, "numl", 4) == 0) {
        *out = NUMU_VERIFY_LEDGER;
        return NUMU_OK;
    }
    static const char bundle[] = "numu.bundle/";
    static const char proof[] = "c2sp.org/tlog-proof@";
    if (length >= sizeof bundle && memcmp(head, bundle, sizeof bundle - 1) == 0) {
        *out = NUMU_VERIFY_BUNDLE;
        return NUMU_OK;
    }
    if (length >= sizeof proof && memcmp(head, proof, sizeof proof - 1) == 0) {
        *out = NUMU_VERIFY_PROOF;
        return NUMU_OK;
    }
    bool is_schedule = numu_text_find((struct numu_text){head, length},
                                      NUMU_TEXT("\"numu.schedule/"), 0) != SIZE_MAX;
    bool is_plan = length >= 72 && memcmp(head, "SQLite format 3", 16) == 0 &&
                   memcmp(head + 68, "numu", 4) == 0;
    *out = is_schedule ? NUMU_VERIFY_SCHEDULE : is_plan ? NUMU_VERIFY_PLAN : NUMU_VERIFY_UNKNOWN;
    return NUMU_OK;
}

/* --- the file --- */

struct schedule_file {
    const struct numu_project *project;
    const struct numu_calendars *calendars; /* NULL = every period is worked */
    struct numu_report *report;
    struct numu_arena *arena;
    uint32_t source;
    struct numu_map ids;
    numu_period *start, *finish;
    uint32_t *mode;
    struct numu_place *place;
    struct numu_schedule_claim claim;
};

static struct numu_place place_of(const struct schedule_file *file, const struct numu_json *value) {
    return (struct numu_place){file->source, (uint32_t)value->length, value->offset};
}

static numu_status bad_property(const struct schedule_file *file, const struct numu_json *parent,
                                const char *name, const char *expected) {
    const struct numu_json *value = numu_json_find(parent, name);
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_BAD_PROPERTY,
        .place = place_of(file, value == NULL ? parent : value),
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_string(name),
                      numu_argument_text(value == NULL ? (struct numu_text){NULL, 0} : value->text),
                      numu_argument_string(expected)}};
    numu_report_add(file->report, &finding);
    return NUMU_INVALID;
}

/* A point of the project: a whole number, or where the project has dates, a date. */
static bool read_point(const struct schedule_file *file, const struct numu_json *value,
                       numu_period *out) {
    int64_t number;
    numu_day day;
    if (value == NULL) {
        return false;
    }
    if (file->claim.is_in_days) {
        if (value->kind != NUMU_JSON_STRING || !numu_day_parse(value->text, &day)) {
            return false;
        }
        number = (int64_t)day - file->project->origin;
    } else if (value->kind != NUMU_JSON_NUMBER ||
               numu_number_parse(value->text, 0, '.', &number) != NUMU_NUMBER_OK) {
        return false;
    }
    if (number <= -NUMU_PERIOD_MAX || number >= NUMU_PERIOD_MAX) {
        return false;
    }
    *out = (numu_period)number;
    return true;
}

static const char *point_kind(const struct schedule_file *file) {
    return file->claim.is_in_days ? "kind.date" : "kind.integer";
}

/* The mode named; without a name, the only one or the first. */
static bool read_mode(const struct schedule_file *file, const struct numu_json *value, uint32_t a,
                      uint32_t *out) {
    const struct numu_project *project = file->project;
    *out = project->first_mode[a];
    if (value == NULL || value->kind == NUMU_JSON_NULL || value->text.length == 0) {
        return true;
    }
    bool is_single = project->first_mode[a + 1] == project->first_mode[a] + 1;
    if (is_single && project->mode_id[*out].length == 0) {
        return numu_text_is(value->text, "1");
    }
    while (*out < project->first_mode[a + 1]) {
        if (numu_text_is_equal(project->mode_id[*out], value->text)) {
            return true;
        }
        (*out)++;
    }
    return false;
}

static numu_status complain_of(const struct schedule_file *file, numu_code code,
                               const struct numu_json *value, struct numu_text id) {
    struct numu_diagnostic finding = {.code = code,
                                      .place = place_of(file, value),
                                      .related = NUMU_NOWHERE,
                                      .arguments = {numu_argument_text(id)}};
    numu_report_add(file->report, &finding);
    return NUMU_INVALID;
}

static numu_status read_activity(struct schedule_file *file, const struct numu_json *entry) {
    const struct numu_json *id = numu_json_find(entry, "id");
    if (entry->kind != NUMU_JSON_OBJECT || id == NULL ||
        (id->kind != NUMU_JSON_STRING && id->kind != NUMU_JSON_NUMBER)) {
        return bad_property(file, entry, "id", "kind.key");
    }
    numu_row a = numu_map_find(&file->ids, id->text);
    if (a == NUMU_NONE) {
        return complain_of(file, NUMU_CODE_SCHEDULE_UNKNOWN, id, id->text);
    }
    if (file->start[a] != NUMU_NO_PERIOD) {
        return complain_of(file, NUMU_CODE_SCHEDULE_TWICE, id, id->text);
    }
    if (!read_point(file, numu_json_find(entry, "start"), &file->start[a])) {
        return bad_property(file, entry, "start", point_kind(file));
    }
    if (!read_point(file, numu_json_find(entry, "finish"), &file->finish[a])) {
        return bad_property(file, entry, "finish", point_kind(file));
    }
    if (!read_mode(file, numu_json_find(entry, "mode"), a, &file->mode[a])) {
        return bad_property(file, entry, "mode", "kind.mode");
    }
    file->place[a] = place_of(file, entry);
    /* What is printed of work is its last day; milestones keep theirs. */
    if (file->claim.is_in_days && file->project->duration[file->mode[a]] > 0) {
        file->finish[a]++;
    } else if (file->claim.is_in_days && file->project->state[a] == NUMU_ACTIVITY_FINISHED &&
               file->project->actual_finish[a] > file->finish[a]) {
        file->finish[a] = file->project->actual_finish[a];
    }
    return NUMU_OK;
}

static numu_status read_whole(struct schedule_file *file, const struct numu_json *root) {
    const char *finish = file->claim.is_in_days ? "finish" : "makespan";
    const struct numu_json *bound = numu_json_find(root, "lower_bound");
    const struct numu_json *proven = numu_json_find(root, "proven");
    if (!read_point(file, numu_json_find(root, finish), &file->claim.makespan)) {
        return bad_property(file, root, finish, point_kind(file));
    }
    if (bound != NULL && bound->kind != NUMU_JSON_NULL &&
        !read_point(file, bound, &file->claim.lower_bound)) {
        return bad_property(file, root, "lower_bound", point_kind(file));
    }
    file->claim.is_proven = proven != NULL && proven->kind == NUMU_JSON_TRUE;
    return NUMU_OK;
}

static numu_status take_claim(struct schedule_file *file, const struct numu_json *root) {
    const struct numu_project *project = file->project;
    uint32_t count = project->activity_count;
    NUMU_TRY(numu_map_build(&file->ids, file->arena, project->id, count, NULL, NULL));
    NUMU_TRY(NUMU_TAKE(file->arena, &file->start, count));
    NUMU_TRY(NUMU_TAKE(file->arena, &file->finish, count));
    NUMU_TRY(NUMU_TAKE(file->arena, &file->mode, count));
    NUMU_TRY(NUMU_TAKE(file->arena, &file->place, count));
    for (uint32_t a = 0; a < count; a++) {
        file->start[a] = file->finish[a] = NUMU_NO_PERIOD;
        file->mode[a] = project->first_mode[a];
        file->place[a] = NUMU_NOWHERE;
    }
    const struct numu_json *activities = numu_json_find(root, "activities");
    const struct numu_json *format = numu_json_find(root, "format");
    file->claim = (struct numu_schedule_claim){.start = file->start,
                                               .finish = file->finish,
                                               .mode = file->mode,
                                               .calendars = file->calendars,
                                               .place = file->place,
                                               .is_in_days = project->origin != NUMU_NO_DAY,
                                               .makespan = NUMU_NO_PERIOD,
                                               .lower_bound = NUMU_NO_PERIOD,
                                               .head = {file->source, 0, NUMU_WHOLE_FILE}};
    if (root->kind != NUMU_JSON_OBJECT || format == NULL ||
        !numu_text_is(format->text, "numu.schedule/1")) {
        return bad_property(file, root, "format", "numu.schedule/1");
    }
    if (activities == NULL || activities->kind != NUMU_JSON_ARRAY) {
        return bad_property(file, root, "activities", "kind.array");
    }
    numu_status status = read_whole(file, root);
    for (const struct numu_json *entry = activities->first; entry != NULL; entry = entry->next) {
        numu_status of_entry = read_activity(file, entry);
        if (of_entry != NUMU_OK && of_entry != NUMU_INVALID) {
            return of_entry;
        }
        status = status == NUMU_OK ? of_entry : status;
    }
    return status;
}

static numu_status read_json(const char *path, struct numu_sources *sources,
                             struct numu_arena *arena, struct numu_report *report,
                             uint32_t *out_source, struct numu_json **out) {
    struct numu_text bytes;
    struct numu_json_error error;
    numu_status status = numu_app_read(arena, path, SCHEDULE_BYTES_MAX, report, &bytes);
    NUMU_TRY(status);
    NUMU_TRY(numu_sources_add(sources, numu_text_of(path), bytes, out_source));
    status = numu_json_read(arena, bytes, 0, out, &error);
    if (status == NUMU_INVALID) {
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_BAD_JSON,
            .place = {*out_source, 1, error.offset},
            .related = NUMU_NOWHERE,
            .arguments = {numu_argument_string(numu_json_problem_name(error.problem))}};
        numu_report_add(report, &finding);
    }
    return status;
}

/* --- the instance --- */

/* The project of a file or package, and the digest of its inputs. */
static numu_status read_instance(const struct numu_context *context, const char *path,
                                 struct numu_report *report, struct numu_model *model,
                                 struct numu_project *out, struct numu_calendars *out_calendars,
                                 struct numu_sha256 *out_inputs) {
    bool is_project;
    NUMU_TRY(numu_app_is_project(context, path, &is_project));
    if (!is_project) {
        return numu_app_project_of_package(context, path, report, model, out, out_calendars,
                                           out_inputs);
    }
    struct numu_project_file file;
    NUMU_TRY(numu_model_init(context, model));
    NUMU_TRY(numu_app_read_project(context, path, &model->sources, &model->arena, report, &file));
    *out = file.project;
    *out_inputs = file.inputs;
    return NUMU_OK;
}

/* A schedule of other inputs may still hold, but whoever reads the verdict should know. */
static void warn_of_inputs(const struct schedule_file *file, const struct numu_json *root,
                           const struct numu_sha256 *inputs, const char *instance) {
    char hex[NUMU_SHA256_HEX_BYTES];
    const struct numu_json *stamp = numu_json_find(root, "inputs_sha256");
    if (stamp != NULL && stamp->kind == NUMU_JSON_STRING &&
        !numu_text_is(stamp->text, numu_sha256_hex(inputs, hex))) {
        (void)complain_of(file, NUMU_CODE_SCHEDULE_OF_OTHER_INPUTS, stamp, numu_text_of(instance));
    }
}

numu_status numu_app_verify_schedule(const struct numu_context *context, const char *path,
                                     const char *instance, struct numu_report *report,
                                     struct numu_model *model, bool *out_was_verified) {
    struct numu_project project;
    struct numu_calendars calendars = {NULL, 0};
    struct numu_sha256 inputs;
    struct numu_json *root;
    *out_was_verified = false;
    NUMU_TRY(read_instance(context, instance, report, model, &project, &calendars, &inputs));
    struct schedule_file file = {.project = &project,
                                 .calendars = calendars.list == NULL ? NULL : &calendars,
                                 .report = report,
                                 .arena = &model->arena};
    NUMU_TRY(read_json(path, &model->sources, &model->arena, report, &file.source, &root));
    numu_status shape = take_claim(&file, root);
    if (shape != NUMU_OK && shape != NUMU_INVALID) {
        return shape;
    }
    *out_was_verified = true;
    warn_of_inputs(&file, root, &inputs, instance);
    numu_status rules = numu_verify_schedule(&project, &file.claim, &model->arena, report);
    return rules == NUMU_OK ? shape : rules;
}
