/*
 * screen_read.c - what each file is, and its reader.
 */
#include "rules/screen_read.h"

#include <string.h>

numu_status numu_screen_begin_list(struct numu_screen *screen, const struct numu_screen_file *file,
                                   const char *format, struct numu_text version) {
    struct numu_sha256 sha256;
    NUMU_TRY(numu_sha256(file->bytes, file->length, &sha256));
    return numu_screen_add_list(screen, file->name, format, version, &sha256);
}

void numu_screen_report(struct numu_report *report, const struct numu_screen_file *file,
                        numu_code code, uint64_t offset, uint32_t length, struct numu_text word) {
    struct numu_diagnostic finding = {
        .code = code, .place = {file->source, length, offset}, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_text(word);
    numu_report_add(report, &finding);
}

enum form { FORM_UN, FORM_OFAC_XML, FORM_FTM, FORM_CSV, FORM_UNKNOWN };

enum { HEAD_BYTES = 4096 };

static enum form form_of(const struct numu_screen_file *file) {
    struct numu_text head = {file->bytes, file->length < HEAD_BYTES ? file->length : HEAD_BYTES};
    size_t at = head.length >= 3 && memcmp(head.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < head.length && (unsigned char)head.data[at] <= ' ') {
        at++;
    }
    if (at == head.length) {
        return FORM_UNKNOWN;
    }
    if (head.data[at] == '<') {
        return numu_text_find(head, NUMU_TEXT("<CONSOLIDATED_LIST"), 0) != SIZE_MAX ? FORM_UN
               : numu_text_find(head, NUMU_TEXT("<sdnList"), 0) != SIZE_MAX         ? FORM_OFAC_XML
                                                                                    : FORM_UNKNOWN;
    }
    if (head.data[at] == '{') {
        return FORM_FTM;
    }
    return head.data[at] >= '0' && head.data[at] <= '9' ? FORM_CSV : FORM_UNKNOWN;
}

static numu_status read_file(const struct numu_screen_file *file, enum form form,
                             struct numu_arena *scratch, struct numu_report *report,
                             struct numu_screen *screen) {
    switch (form) {
    case FORM_UN:
        return numu_screen_read_un(file, scratch, report, screen);
    case FORM_OFAC_XML:
        return numu_screen_read_ofac_xml(file, scratch, report, screen);
    case FORM_FTM:
        return numu_screen_read_ftm(file, scratch, report, screen);
    case FORM_CSV: /* all of them together, later */
        return NUMU_OK;
    case FORM_UNKNOWN:
        break;
    }
    numu_screen_report(report, file, NUMU_CODE_NOT_A_LIST, NUMU_WHOLE_FILE, 0, file->name);
    return NUMU_OK;
}

static numu_status read_files(const struct numu_context *context,
                              const struct numu_screen_file *files, size_t count,
                              struct numu_arena *scratch, struct numu_report *report,
                              struct numu_screen *screen) {
    struct numu_screen_file *tables;
    size_t table_count = 0;
    NUMU_TRY(NUMU_TAKE(scratch, &tables, count));
    for (size_t i = 0; i < count; i++) {
        enum form form = form_of(&files[i]);
        if (form == FORM_CSV) {
            tables[table_count++] = files[i];
        }
        struct numu_arena_mark mark = numu_arena_mark(scratch);
        NUMU_TRY(read_file(&files[i], form, scratch, report, screen));
        numu_arena_rewind(scratch, mark);
        if (numu_context_is_stopped(context)) {
            return NUMU_STOPPED;
        }
    }
    return table_count == 0 ? NUMU_OK
                            : numu_screen_read_ofac(tables, table_count, scratch, report, screen);
}

numu_status numu_screen_read(const struct numu_context *context,
                             const struct numu_screen_file *files, size_t count,
                             struct numu_report *report, struct numu_screen *screen) {
    struct numu_arena scratch;
    uint64_t errors = numu_report_total(report, NUMU_ERROR);
    numu_arena_init(&scratch, context->heap);
    numu_status status = read_files(context, files, count, &scratch, report, screen);
    numu_arena_release(&scratch);
    NUMU_TRY(status);
    return numu_report_total(report, NUMU_ERROR) > errors ? NUMU_INVALID : NUMU_OK;
}
