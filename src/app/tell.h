/*
 * tell.h - findings that are about no place in a file, and files read and written whole, whose
 * failures are findings with the system's words.
 */
#ifndef NUMU_APP_TELL_H
#define NUMU_APP_TELL_H

#include "base/arena.h"
#include "base/diagnostic.h"
#include "base/file.h"

/* An argument that is not there has kind NUMU_ARGUMENT_NONE. */
void numu_app_tell(struct numu_report *report, numu_code code, struct numu_argument first,
                   struct numu_argument second);
/* The same of strings; `second` may be NULL. */
void numu_app_tell_string(struct numu_report *report, numu_code code, const char *first,
                          const char *second);

/* Findings (cannot-read, cannot-write) for an errno, and what is to be returned then. */
void numu_app_report_unreadable(struct numu_report *report, const char *path, int number);
void numu_app_report_unwritable(struct numu_report *report, const char *path, int number);
static inline numu_status numu_app_cannot_read(struct numu_report *report, const char *path,
                                               int number) {
    numu_app_report_unreadable(report, path, number);
    return NUMU_IO;
}
static inline numu_status numu_app_cannot_write(struct numu_report *report, const char *path,
                                                int number) {
    numu_app_report_unwritable(report, path, number);
    return NUMU_IO;
}

/* numu_file_read; NUMU_IO is a finding (cannot-read). */
NUMU_MUST_CHECK numu_status numu_app_read(struct numu_arena *arena, const char *path,
                                          size_t bytes_max, struct numu_report *report,
                                          struct numu_text *out);
/* Bytes as a file, whole or not at all; NUMU_IO is a finding (cannot-write). */
NUMU_MUST_CHECK numu_status numu_app_write(const char *path, struct numu_text bytes,
                                           struct numu_report *report);

#endif
