/*
 * screen_read.h - files of lists into a screen (screen.h).
 *
 * What a file is, its content says:
 *   the Consolidated List of the UN Security Council, XML (root CONSOLIDATED_LIST);
 *   OFAC's lists as its three CSV files without header (primary names, alternate names, addresses,
 *   joined by their first column), or as XML (root sdnList);
 *   OpenSanctions' FollowTheMoney entities, a JSON object a line.
 * Files may come from anywhere: time and memory follow the bytes that are there, and what cannot be
 * read is a finding with its place.
 */
#ifndef NUMU_RULES_SCREEN_READ_H
#define NUMU_RULES_SCREEN_READ_H

#include "base/diagnostic.h"
#include "rules/screen.h"

struct numu_screen_file {
    struct numu_text name; /* as it is kept with results */
    char *bytes;           /* written into where quotes are undoubled */
    size_t length;
    uint32_t source; /* for findings */
};

/*
 * Reads all files. NUMU_INVALID with findings (not-a-list, bad-list, list-alone) where one cannot
 * be read; entries of the others are there all the same.
 */
NUMU_MUST_CHECK numu_status numu_screen_read(const struct numu_context *context,
                                             const struct numu_screen_file *files, size_t count,
                                             struct numu_report *report,
                                             struct numu_screen *screen);

/* --- for screen_*.c only --- */

NUMU_MUST_CHECK numu_status numu_screen_read_un(const struct numu_screen_file *file,
                                                struct numu_arena *scratch,
                                                struct numu_report *report,
                                                struct numu_screen *screen);
NUMU_MUST_CHECK numu_status numu_screen_read_ofac_xml(const struct numu_screen_file *file,
                                                      struct numu_arena *scratch,
                                                      struct numu_report *report,
                                                      struct numu_screen *screen);
NUMU_MUST_CHECK numu_status numu_screen_read_ofac(const struct numu_screen_file *files,
                                                  size_t count, struct numu_arena *scratch,
                                                  struct numu_report *report,
                                                  struct numu_screen *screen);
NUMU_MUST_CHECK numu_status numu_screen_read_ftm(const struct numu_screen_file *file,
                                                 struct numu_arena *scratch,
                                                 struct numu_report *report,
                                                 struct numu_screen *screen);

/* Begins a list: its name, format, version and the digest of its bytes. */
NUMU_MUST_CHECK numu_status numu_screen_begin_list(struct numu_screen *screen,
                                                   const struct numu_screen_file *file,
                                                   const char *format, struct numu_text version);
/* A finding of a code at a place of a file; `word` is its argument. */
void numu_screen_report(struct numu_report *report, const struct numu_screen_file *file,
                        numu_code code, uint64_t offset, uint32_t length, struct numu_text word);

#endif
