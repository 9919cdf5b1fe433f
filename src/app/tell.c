/*
 * tell.c - see tell.h.
 */
#include "app/tell.h"

#include <string.h>

void numu_app_tell(struct numu_report *report, numu_code code, struct numu_argument first,
                   struct numu_argument second) {
    struct numu_diagnostic finding = {.code = code, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    finding.arguments[0] = first;
    finding.arguments[1] = second;
    numu_report_add(report, &finding);
}

void numu_app_tell_string(struct numu_report *report, numu_code code, const char *first,
                          const char *second) {
    const struct numu_argument none = {.kind = NUMU_ARGUMENT_NONE};
    numu_app_tell(report, code, numu_argument_string(first),
                  second == NULL ? none : numu_argument_string(second));
}

void numu_app_report_unreadable(struct numu_report *report, const char *path, int number) {
    numu_app_tell_string(report, NUMU_CODE_CANNOT_READ, path, strerror(number));
}

void numu_app_report_unwritable(struct numu_report *report, const char *path, int number) {
    numu_app_tell_string(report, NUMU_CODE_CANNOT_WRITE, path, strerror(number));
}

numu_status numu_app_read(struct numu_arena *arena, const char *path, size_t bytes_max,
                          struct numu_report *report, struct numu_text *out) {
    int number;
    numu_status status = numu_file_read(arena, path, bytes_max, out, &number);
    return status == NUMU_IO ? numu_app_cannot_read(report, path, number) : status;
}

numu_status numu_app_write(const char *path, struct numu_text bytes, struct numu_report *report) {
    int number;
    numu_status status = numu_file_write(path, bytes, &number);
    return status == NUMU_IO ? numu_app_cannot_write(report, path, number) : status;
}
