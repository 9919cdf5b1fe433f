/*
 * read.h - files of projects from other tools, as problems for the schedulers.
 *
 * [R1] What a file is, its first bytes say; only where they leave it open, its name.
 * [R2] Files may come from anywhere: time and memory follow the bytes that are there, never a
 *      count that they claim, and what is wrong with them is a finding with a place.
 */
#ifndef NUMU_PROGRAMME_READ_H
#define NUMU_PROGRAMME_READ_H

#include "base/context.h"
#include "base/diagnostic.h"
#include "programme/project.h"

typedef enum numu_project_format {
    NUMU_PROJECT_NONE,      /* no project file that numu knows */
    NUMU_PROJECT_PSPLIB,    /* .sm, .mm: R. Kolisch, A. Sprecher, EJOR 96, 1996; also MMLIB */
    NUMU_PROJECT_PATTERSON, /* .rcp: J. H. Patterson, Management Science 30(7), 1984 */
    NUMU_PROJECT_MSPDI,     /* these are read by exchange.h: Microsoft Project's XML, */
    NUMU_PROJECT_XER,       /* Primavera's export file, */
    NUMU_PROJECT_PMXML,     /* Primavera's XML, */
    NUMU_PROJECT_PROTRACK   /* ProTrack's .p2x */
} numu_project_format;

/* Most bytes of a project file. */
#define NUMU_PROJECT_BYTES_MAX ((size_t)64 << 20)
/* As many of a file's first bytes are enough to know its format. */
enum { NUMU_PROJECT_HEAD_BYTES = 4096 };

numu_project_format numu_project_format_of(struct numu_text path, struct numu_text head);

/*
 * Reads the bytes of the file `source`, in PSPLIB's or Patterson's format. Columns live in the
 * arena; texts point into `bytes` or the arena. NUMU_INVALID with findings.
 */
NUMU_MUST_CHECK numu_status numu_project_read(const struct numu_context *context,
                                              numu_project_format format, struct numu_text bytes,
                                              uint32_t source, struct numu_arena *arena,
                                              struct numu_report *report, struct numu_project *out);

#endif
