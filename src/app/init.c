/*
 * init.c - an empty, documented package.
 */
#include "app/app.h"

#include "base/csv.h"
#include "base/file.h"
#include "model/schema.h"

#include <errno.h>
#include <sys/stat.h>

/* The tables that a first model needs (design: "the eight core tables"). */
static bool is_core(const void *unused, const struct numu_table_descriptor *table) {
    (void)unused;
    static const char *const core[] = {"site",      "item",   "process",  "input", "resource",
                                       "operation", "demand", "activity", NULL};
    return numu_choice_find(core, numu_text_of(table->name)) != 0;
}

/* A new folder, or one that is there and has no visible files. */
static numu_status make_folder(const char *folder, struct numu_arena *arena,
                               struct numu_report *report) {
    if (mkdir(folder, 0777) == 0) {
        return NUMU_OK;
    }
    if (errno != EEXIST) {
        return numu_app_cannot_write(report, folder, errno);
    }
    struct numu_text *names;
    size_t count;
    int number;
    numu_status status = numu_folder_list(arena, folder, &names, &count, &number);
    if (status == NUMU_IO) {
        return numu_app_cannot_write(report, folder, number);
    }
    NUMU_TRY(status);
    return count > 0 ? numu_app_cannot_write(report, folder, ENOTEMPTY) : NUMU_OK;
}

static numu_status describe(const struct numu_init_request *request, struct numu_buffer *buffer) {
    struct numu_json_writer json;
    char start[NUMU_DAY_TEXT_BYTES];
    numu_month first = numu_day_month(request->today) + 1;
    numu_json_writer_init(&json, buffer);
    numu_json_begin_object(&json);
    numu_json_key(&json, "profile");
    numu_json_string(&json, "tabular-data-package");
    numu_json_key(&json, "name");
    numu_json_string(&json, "industry");
    numu_json_key(&json, "numu");
    numu_json_begin_object(&json);
    numu_json_key(&json, "country");
    numu_json_string(&json, "");
    numu_json_key(&json, "currency");
    numu_json_string(&json, "USD");
    numu_json_key(&json, "start");
    numu_json_string(&json, numu_day_format(numu_month_first_day(first), start));
    numu_json_key(&json, "months");
    numu_json_integer(&json, 60);
    numu_json_end_object(&json);
    const struct numu_schema_choice choice = {.has_table = request->all_tables ? NULL : is_core};
    NUMU_TRY(numu_schema_write_resources(&json, buffer->heap, &choice));
    numu_json_end_object(&json);
    NUMU_TRY(json.status);
    return numu_buffer_append_char(buffer, '\n');
}

/* The header row of a table, evidence included. */
static numu_status write_header(const struct numu_table_descriptor *table,
                                struct numu_buffer *buffer) {
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        NUMU_TRY(numu_buffer_append_string(buffer, column == table->columns ? "" : ","));
        NUMU_TRY(numu_csv_write(buffer, numu_text_of(column->name), ','));
    }
    return numu_buffer_append_char(buffer, '\n');
}

static numu_status write_into(const struct numu_init_request *request, struct numu_text name,
                              struct numu_buffer *bytes, struct numu_arena *arena,
                              struct numu_report *report) {
    char *path;
    NUMU_TRY(numu_path_join(arena, numu_text_of(request->folder), name, &path));
    NUMU_TRY(numu_app_write(path, (struct numu_text){bytes->data, bytes->length}, report));
    numu_buffer_clear(bytes);
    return NUMU_OK;
}

static numu_status write_all(const struct numu_init_request *request, struct numu_buffer *bytes,
                             struct numu_arena *arena, struct numu_report *report) {
    NUMU_TRY(make_folder(request->folder, arena, report));
    for (size_t i = 1; i < numu_schema_count(); i++) {
        if (!request->all_tables && !is_core(NULL, &numu_schema[i])) {
            continue;
        }
        struct numu_text name;
        NUMU_TRY(numu_text_printf(arena, &name, "%s.csv", numu_schema[i].name));
        NUMU_TRY(write_header(&numu_schema[i], bytes));
        NUMU_TRY(write_into(request, name, bytes, arena, report));
    }
    /* Last, so that a package that was cut off in the writing is not taken for one. */
    NUMU_TRY(describe(request, bytes));
    return write_into(request, NUMU_TEXT("datapackage.json"), bytes, arena, report);
}

numu_status numu_app_init(const struct numu_context *context,
                          const struct numu_init_request *request, struct numu_report *report) {
    struct numu_arena arena;
    struct numu_buffer bytes;
    numu_arena_init(&arena, context->heap);
    numu_buffer_init(&bytes, context->heap, 0);
    numu_status status = write_all(request, &bytes, &arena, report);
    numu_buffer_release(&bytes);
    numu_arena_release(&arena);
    return status;
}
