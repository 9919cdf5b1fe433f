/*
 * project.c - project files: which are, and reading them.
 */
#include "app/project.h"

#include "app/app.h"
#include "base/file.h"

#include <string.h>

static void complain(struct numu_report *report, numu_code code, struct numu_argument first,
                     struct numu_argument second, uint32_t source) {
    struct numu_diagnostic finding = {.code = code,
                                      .place = {source, 0, NUMU_WHOLE_FILE},
                                      .related = NUMU_NOWHERE,
                                      .arguments = {first, second}};
    numu_report_add(report, &finding);
}

numu_status numu_app_project_format(const struct numu_context *context, const char *path,
                                    numu_project_format *out) {
    struct numu_stream stream;
    struct numu_arena arena;
    char *head;
    size_t length = 0;
    int number;
    *out = NUMU_PROJECT_NONE;
    if (numu_path_is_folder(path) || numu_stream_open(&stream, path, &number) != NUMU_OK) {
        return NUMU_OK; /* whoever opens it next says what is wrong */
    }
    numu_arena_init(&arena, context->heap);
    numu_status status = NUMU_TAKE(&arena, &head, NUMU_PROJECT_HEAD_BYTES);
    if (status == NUMU_OK &&
        numu_stream_read(&stream, 0, head, NUMU_PROJECT_HEAD_BYTES, &length, &number) == NUMU_OK) {
        *out = numu_project_format_of(numu_text_of(path), (struct numu_text){head, length});
    }
    numu_arena_release(&arena);
    numu_stream_close(&stream);
    return status;
}

numu_status numu_app_is_project(const struct numu_context *context, const char *path, bool *out) {
    numu_project_format format;
    NUMU_TRY(numu_app_project_format(context, path, &format));
    *out = format != NUMU_PROJECT_NONE && !numu_project_format_is_exchange(format);
    return NUMU_OK;
}

static struct numu_text name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return numu_text_of(slash == NULL ? path : slash + 1);
}

static numu_status digest(const struct numu_context *context, struct numu_text bytes,
                          struct numu_text name, struct numu_sha256 *out) {
    struct numu_buffer line;
    struct numu_sha256 of_bytes;
    char hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(numu_sha256(bytes.data, bytes.length, &of_bytes));
    numu_buffer_init(&line, context->heap, 0);
    numu_status status = numu_buffer_printf(&line, "%s  %s\n", numu_sha256_hex(&of_bytes, hex),
                                            name.data); /* the end of a path: a string */
    if (status == NUMU_OK) {
        status = numu_sha256(line.data, line.length, out);
    }
    numu_buffer_release(&line);
    return status;
}

/* The bytes of a project file, as a source, and what they are. */
static numu_status open_file(const struct numu_context *context, const char *path,
                             struct numu_sources *sources, struct numu_arena *arena,
                             struct numu_report *report, struct numu_text *out_bytes,
                             uint32_t *out_source, struct numu_project_file *out) {
    numu_status status = numu_app_read(arena, path, NUMU_PROJECT_BYTES_MAX, report, out_bytes);
    if (status == NUMU_LIMIT && arena->heap->bytes_max == 0) {
        NUMU_TRY(
            numu_sources_add(sources, numu_text_of(path), (struct numu_text){NULL, 0}, out_source));
        complain(report, NUMU_CODE_PROJECT_TOO_LARGE,
                 numu_argument_integer(NUMU_PROJECT_BYTES_MAX >> 20),
                 numu_argument_string("kind.mebibytes"), *out_source);
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    NUMU_TRY(numu_sources_add(sources, numu_text_of(path), *out_bytes, out_source));
    struct numu_text head = *out_bytes;
    head.length = head.length < NUMU_PROJECT_HEAD_BYTES ? head.length : NUMU_PROJECT_HEAD_BYTES;
    out->name = name_of(path);
    out->format = numu_project_format_of(numu_text_of(path), head);
    return digest(context, *out_bytes, out->name, &out->inputs);
}

numu_status numu_app_read_project(const struct numu_context *context, const char *path,
                                  struct numu_sources *sources, struct numu_arena *arena,
                                  struct numu_report *report, struct numu_project_file *out) {
    struct numu_project_file file;
    struct numu_text bytes;
    uint32_t source;
    NUMU_TRY(open_file(context, path, sources, arena, report, &bytes, &source, &file));
    if (file.format == NUMU_PROJECT_NONE || numu_project_format_is_exchange(file.format)) {
        complain(report, NUMU_CODE_NOT_A_PACKAGE, numu_argument_string(path),
                 (struct numu_argument){.kind = NUMU_ARGUMENT_NONE}, NUMU_NO_SOURCE);
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_project_read(context, file.format, bytes, source, arena, report, &file.project));
    *out = file;
    return report->status;
}

numu_status numu_app_read_exchange(const struct numu_context *context, const char *path,
                                   struct numu_sources *sources, struct numu_arena *arena,
                                   struct numu_report *report, struct numu_exchange *out,
                                   struct numu_sha256 *out_inputs) {
    struct numu_project_file file;
    struct numu_text bytes;
    uint32_t source;
    NUMU_TRY(open_file(context, path, sources, arena, report, &bytes, &source, &file));
    *out_inputs = file.inputs;
    return numu_exchange_read(context, file.format, bytes, source, arena, report, out);
}

numu_status numu_app_load(const struct numu_context *context, struct numu_text path,
                          struct numu_report *report, struct numu_model *out) {
    numu_project_format format;
    struct numu_exchange exchange;
    struct numu_package package;
    struct numu_sha256 inputs;
    char *name;
    NUMU_TRY(numu_model_init(context, out));
    NUMU_TRY(numu_text_to_string(&out->arena, path, &name));
    NUMU_TRY(numu_app_project_format(context, name, &format));
    if (format != NUMU_PROJECT_NONE && !numu_project_format_is_exchange(format)) {
        complain(report, NUMU_CODE_NOT_A_PACKAGE, numu_argument_text(path),
                 numu_argument_string("kind.plain_project"), NUMU_NO_SOURCE);
        return NUMU_IO; /* as of whatever cannot be read */
    }
    if (format == NUMU_PROJECT_NONE) {
        numu_model_release(out);
        return numu_model_load(context, path, report, out);
    }
    NUMU_TRY(numu_app_read_exchange(context, name, &out->sources, &out->arena, report, &exchange,
                                    &inputs));
    NUMU_TRY(numu_exchange_package(&exchange, &out->arena, &package));
    numu_status status = numu_model_load_more(context, path, &package, report, out);
    out->inputs = inputs; /* of what the user has, not of what was made of it */
    return status;
}

numu_status numu_app_holds_projects(const struct numu_context *context, const char *path,
                                    bool *out) {
    struct numu_arena arena;
    struct numu_stream stream;
    char *descriptor;
    int number;
    if (!numu_path_is_folder(path)) {
        return numu_app_is_project(context, path, out);
    }
    numu_arena_init(&arena, context->heap);
    numu_status status =
        numu_path_join(&arena, numu_text_of(path), NUMU_TEXT("datapackage.json"), &descriptor);
    if (status == NUMU_OK) {
        bool has_descriptor = numu_stream_open(&stream, descriptor, &number) == NUMU_OK;
        if (has_descriptor) {
            numu_stream_close(&stream);
        }
        *out = !has_descriptor;
    }
    numu_arena_release(&arena);
    return status;
}

numu_status numu_app_project_of_package(const struct numu_context *context, const char *path,
                                        struct numu_report *report, struct numu_model *model,
                                        struct numu_project *out,
                                        struct numu_calendars *out_calendars,
                                        struct numu_sha256 *out_inputs) {
    NUMU_TRY(numu_app_check(context, numu_text_of(path), report, model));
    NUMU_TRY(numu_calendars_build(model, &model->arena, out_calendars));
    *out_inputs = model->inputs;
    return numu_project_build(context, model, out_calendars, &model->arena, report, out);
}
