/*
 * page.h - the pages of an SQLite file, byte by byte: those that mean something, each where it must
 * be, and all others zero.
 *
 * SQLite's secure_delete overwrites cells that are deleted, and pages that are given free. It does
 * not overwrite what is left behind where a page is filled anew as pages are balanced: copies of
 * cells in the gap before the content, the ends of pointer arrays and of lists of free pages
 * (docs/adr/0024-dead-space.md). There a flipped bit could hide, and what was removed can be read.
 *
 * Source: https://www.sqlite.org/fileformat2.html.
 *
 * [P1] Only a page whose cells, free blocks, fragments and gap add up to its size is cleaned. Of
 *      such a page nothing is changed that SQLite reads.
 * [P2] The check shares no code with SQLite: it reads the file's own bytes.
 */
#ifndef NUMU_LEDGER_PAGE_H
#define NUMU_LEDGER_PAGE_H

#include "base/text.h"

enum { NUMU_PAGE_BYTES = 4096, NUMU_PAGE_HEADER_BYTES = 100 };

/*
 * Zeroes what a page of a tree does not use. False, and nothing changed, where it is no such page
 * or does not add up. `count` is the number of pages of the file.
 */
bool numu_page_clean(unsigned char page[NUMU_PAGE_BYTES], uint32_t number, uint32_t count);
/* The same of a page that lists free pages; the caller knows that it is one. */
void numu_page_clean_list(unsigned char page[NUMU_PAGE_BYTES]);

/* A table of the file. */
struct numu_page_tree {
    uint32_t root;
    bool is_index; /* WITHOUT ROWID: kept in the order of its first column */
    const char
        *columns; /* a letter each: t text, b blob, i integer, n nothing (the row's number) */
};

struct numu_page_file {
    void *data;
    numu_status (*read)(void *data, uint32_t number, unsigned char out[NUMU_PAGE_BYTES]);
    uint32_t count;         /* pages; from 1 */
    uint32_t schema_cookie; /* that the header must have */
};

/* Called for each page that is not as it must be, with the byte where that shows. */
typedef numu_status (*numu_page_visit)(void *data, uint32_t number, unsigned offset);

/*
 * Walks through all pages: the tables (that of the schema, at root 1, included by the caller), and
 * the free ones. Not checked: the four bytes of the header with the version of SQLite that wrote it
 * last; and, but for their order and form, what the records say.
 */
NUMU_MUST_CHECK numu_status numu_pages_check(struct numu_heap *heap,
                                             const struct numu_page_file *file,
                                             const struct numu_page_tree *trees, size_t tree_count,
                                             numu_page_visit visit, void *data);

#endif
