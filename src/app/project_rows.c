/*
 * project_rows.c - many project files, a row each.
 *
 * Files are read one after another, so that findings and sources come in order; then each project
 * is a task of its own, solved by one thread, so that a row does not depend on how many there are.
 */
#include "app/project.h"

#include "app/tell.h"
#include "base/file.h"
#include "base/parallel.h"

#include <string.h>

enum { FINDINGS_OF_A_KIND = 20 };

struct batch {
    const struct numu_context *context;
    const struct numu_rcpsp_options *options;
    struct numu_schedule_row *rows;
    struct numu_project *projects;
    struct numu_model *models; /* of those that are packages */
    struct numu_calendars *calendars;
    struct numu_report *reports; /* by row: of solving */
    size_t count;
    unsigned threads_each; /* for each row */
    atomic_size_t done;
};

/* --- which files --- */

static numu_status append_path(struct numu_buffer *paths, const char *path) {
    return numu_buffer_append(paths, &path, sizeof path);
}

static numu_status append_folder(const struct numu_context *context, const char *folder,
                                 struct numu_arena *arena, struct numu_report *report,
                                 struct numu_buffer *paths) {
    struct numu_text *names;
    size_t count;
    int number;
    numu_status status = numu_folder_list(arena, folder, &names, &count, &number);
    if (status == NUMU_IO) {
        return numu_app_cannot_read(report, folder, number);
    }
    NUMU_TRY(status);
    for (size_t i = 0; i < count; i++) {
        char *path;
        numu_project_format format;
        NUMU_TRY(numu_path_join(arena, numu_text_of(folder), names[i], &path));
        NUMU_TRY(numu_app_project_format(context, path, &format));
        if (format != NUMU_PROJECT_NONE) {
            NUMU_TRY(append_path(paths, path));
        }
    }
    return NUMU_OK;
}

static numu_status list_paths(const struct numu_context *context, const char *const *given,
                              size_t given_count, struct numu_arena *arena,
                              struct numu_report *report, struct numu_buffer *paths) {
    for (size_t i = 0; i < given_count; i++) {
        bool holds_projects;
        NUMU_TRY(numu_app_holds_projects(context, given[i], &holds_projects));
        if (holds_projects && numu_path_is_folder(given[i])) {
            NUMU_TRY(append_folder(context, given[i], arena, report, paths));
        } else {
            NUMU_TRY(append_path(paths, given[i]));
        }
    }
    return NUMU_OK;
}

/* --- reading --- */

static struct numu_text without_ending(struct numu_text name) {
    size_t dot = name.length;
    while (dot > 0 && name.data[dot - 1] != '.') {
        dot--;
    }
    return dot > 1 ? (struct numu_text){name.data, dot - 1} : name;
}

static numu_status append_digest(struct numu_buffer *digests,
                                 const struct numu_project_file *file) {
    char hex[NUMU_SHA256_HEX_BYTES];
    return numu_buffer_printf(digests, "%s\n", numu_sha256_hex(&file->inputs, hex));
}

/* The first finding of an error in a package, at its place among the sources of all. */
static numu_status pass_on(const struct numu_report *findings, const struct numu_model *model,
                           struct numu_sources *sources, struct numu_report *report) {
    uint32_t first = sources->count;
    size_t count;
    uint32_t unused;
    const struct numu_diagnostic *list = numu_report_list(findings, &count);
    for (uint32_t i = 0; i < model->sources.count; i++) {
        NUMU_TRY(numu_sources_add(sources, model->sources.list[i].path,
                                  model->sources.list[i].bytes, &unused));
    }
    for (size_t i = 0; i < count; i++) {
        struct numu_diagnostic finding = list[i];
        if (numu_code_severity(finding.code) != NUMU_ERROR) {
            continue; /* what is only odd is for numu check to say */
        }
        finding.place.source += finding.place.source == NUMU_NO_SOURCE ? 0 : first;
        finding.related.source += finding.related.source == NUMU_NO_SOURCE ? 0 : first;
        numu_report_add(report, &finding);
    }
    return NUMU_OK;
}

/* A package, in whatever form, as a project. */
static numu_status read_package(const struct batch *batch, const char *path, size_t index,
                                struct numu_sources *sources, struct numu_report *report,
                                struct numu_project_file *out) {
    struct numu_model *model = &batch->models[index];
    struct numu_report findings;
    const char *slash = strrchr(path, '/');
    numu_report_init(&findings, batch->context->heap, FINDINGS_OF_A_KIND);
    numu_status status =
        numu_app_project_of_package(batch->context, path, &findings, model, &out->project,
                                    &batch->calendars[index], &out->inputs);
    numu_status passed = pass_on(&findings, model, sources, report);
    numu_report_release(&findings);
    out->name = numu_text_of(slash == NULL || slash[1] == '\0' ? path : slash + 1);
    return passed == NUMU_OK ? status : passed;
}

static numu_status read_file(const struct batch *batch, const char *path, size_t index,
                             struct numu_sources *sources, struct numu_arena *arena,
                             struct numu_report *report, struct numu_project_file *out) {
    bool is_project;
    NUMU_TRY(numu_app_is_project(batch->context, path, &is_project));
    return is_project ? numu_app_read_project(batch->context, path, sources, arena, report, out)
                      : read_package(batch, path, index, sources, report, out);
}

/* Reads all files; *out_is_good tells whether each could be read. */
static numu_status read_files(struct batch *batch, const char *const *paths,
                              struct numu_sources *sources, struct numu_arena *arena,
                              struct numu_report *report, struct numu_buffer *digests,
                              bool *out_is_good) {
    *out_is_good = true;
    for (size_t i = 0; i < batch->count; i++) {
        struct numu_project_file file;
        if (numu_context_is_stopped(batch->context)) {
            return NUMU_STOPPED;
        }
        numu_status status = read_file(batch, paths[i], i, sources, arena, report, &file);
        if (status == NUMU_INVALID || status == NUMU_IO) {
            *out_is_good = false;
            continue;
        }
        NUMU_TRY(status);
        NUMU_TRY(append_digest(digests, &file));
        batch->rows[i] = (struct numu_schedule_row){.instance = without_ending(file.name),
                                                    .is_read = true,
                                                    .origin = file.project.origin,
                                                    .makespan = NUMU_NO_PERIOD,
                                                    .lower_bound = NUMU_NO_PERIOD};
        batch->projects[i] = file.project;
    }
    return NUMU_OK;
}

/* --- solving --- */

static void fill_row(struct numu_schedule_row *row, const struct numu_rcpsp_result *result) {
    row->is_solved = true;
    numu_period before = row->origin == NUMU_NO_DAY ? 0 : 1; /* a day is named by its beginning */
    row->makespan = result->makespan - before;
    row->lower_bound = result->lower_bound - before;
    row->is_proven = result->is_proven;
    row->is_stopped = result->is_stopped;
    row->schedules = result->schedules;
}

static numu_status solve_row(void *data, size_t index, unsigned worker) {
    struct batch *batch = data;
    struct numu_schedule_row *row = &batch->rows[index];
    struct numu_context context = *batch->context;
    struct numu_rcpsp_result result;
    struct numu_arena arena;
    const struct numu_calendars *calendars =
        batch->calendars[index].list == NULL ? NULL : &batch->calendars[index];
    if (!row->is_read) {
        return NUMU_OK;
    }
    context.threads = batch->threads_each;
    context.progress = NULL;
    context.incumbent = NULL;
    numu_arena_init(&arena, context.heap);
    numu_status status = numu_app_solve(&context, &batch->projects[index], calendars,
                                        batch->options, &arena, &batch->reports[index], &result);
    if (status == NUMU_OK) {
        fill_row(row, &result);
    } else if (status == NUMU_INFEASIBLE) {
        status = NUMU_OK; /* the finding and an empty row say so */
    }
    numu_arena_release(&arena);
    size_t done = atomic_fetch_add(&batch->done, 1) + 1;
    if (worker == 0) {
        numu_context_progress(batch->context, "search", (double)done / (double)batch->count);
    }
    return status;
}

/* Rows that the user's stop left without a schedule are as if they had not been read. */
static void drop_unsolved(struct batch *batch) {
    for (size_t i = 0; i < batch->count; i++) {
        size_t findings;
        (void)numu_report_list(&batch->reports[i], &findings);
        batch->rows[i].is_read &= batch->rows[i].is_solved || findings > 0;
    }
}

static numu_status solve_rows(struct batch *batch, struct numu_report *report,
                              struct numu_schedule_rows *out) {
    for (size_t i = 0; i < batch->count; i++) {
        numu_report_init(&batch->reports[i], batch->context->heap, 0);
    }
    /* By the clock each has the whole machine, as if it were alone; else rows share it. */
    bool is_timed = batch->options->time_limit_s > 0 && batch->options->schedules == 0;
    struct numu_context context = *batch->context;
    batch->threads_each = is_timed ? numu_context_threads(&context) : 1;
    context.threads = is_timed ? 1 : context.threads;
    numu_status status = numu_parallel_for(&context, batch->count, solve_row, batch);
    if (status == NUMU_STOPPED) {
        size_t solved = 0;
        drop_unsolved(batch);
        for (size_t i = 0; i < batch->count; i++) {
            solved += batch->rows[i].is_solved;
        }
        out->is_stopped = true;
        status = solved > 0 ? NUMU_OK : NUMU_STOPPED;
    }
    for (size_t i = 0; i < batch->count; i++) {
        numu_report_merge(report, &batch->reports[i]);
        numu_report_release(&batch->reports[i]);
    }
    return status;
}

/* --- the whole --- */

static numu_status schedule_paths(struct batch *batch, const char *const *paths,
                                  struct numu_sources *sources, struct numu_arena *arena,
                                  struct numu_report *report, struct numu_schedule_rows *out) {
    struct numu_buffer digests;
    bool is_good;
    NUMU_TRY(NUMU_TAKE(arena, &batch->rows, batch->count));
    NUMU_TRY(NUMU_TAKE(arena, &batch->projects, batch->count));
    NUMU_TRY(NUMU_TAKE(arena, &batch->reports, batch->count));
    NUMU_TRY(NUMU_TAKE(arena, &batch->calendars, batch->count));
    NUMU_TRY(NUMU_TAKE(arena, &batch->models, batch->count));
    for (size_t i = 0; i < batch->count; i++) {
        numu_arena_init(&batch->models[i].arena, batch->context->heap);
    }
    *out = (struct numu_schedule_rows){
        .list = batch->rows, .count = batch->count, .models = batch->models};
    numu_buffer_init(&digests, batch->context->heap, 0);
    numu_status status = read_files(batch, paths, sources, arena, report, &digests, &is_good);
    if (status == NUMU_OK) {
        status = numu_sha256(digests.data, digests.length, &out->inputs);
    }
    numu_buffer_release(&digests);
    NUMU_TRY(status);
    NUMU_TRY(solve_rows(batch, report, out));
    return is_good ? report->status : NUMU_INVALID;
}

void numu_app_release_rows(struct numu_schedule_rows *rows) {
    for (size_t i = 0; rows->models != NULL && i < rows->count; i++) {
        numu_model_release(&rows->models[i]);
    }
}

numu_status numu_app_schedule_files(const struct numu_context *context, const char *const *given,
                                    size_t given_count, const struct numu_rcpsp_options *options,
                                    struct numu_sources *sources, struct numu_arena *arena,
                                    struct numu_report *report, struct numu_schedule_rows *out) {
    struct numu_buffer paths;
    numu_buffer_init(&paths, context->heap, 0);
    numu_status status = list_paths(context, given, given_count, arena, report, &paths);
    if (status == NUMU_OK) {
        struct batch batch = {
            .context = context, .options = options, .count = paths.length / sizeof(const char *)};
        status = schedule_paths(&batch, (const char *const *)(const void *)paths.data, sources,
                                arena, report, out);
    }
    numu_buffer_release(&paths);
    return status;
}
