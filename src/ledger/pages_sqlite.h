/*
 * pages_sqlite.h - the file below an SQLite connection: what it does not use is written as zeros,
 * and found where it is not (page.h).
 */
#ifndef NUMU_LEDGER_PAGES_SQLITE_H
#define NUMU_LEDGER_PAGES_SQLITE_H

#include "ledger/page.h"

struct sqlite3;

/*
 * From now on every page that reaches the file is cleaned on its way, as a checkpoint brings it
 * there. What stands in a write-ahead log is as SQLite wrote it: its checksums guard it, and it
 * ends with the log. The arena must outlive the connection.
 */
NUMU_MUST_CHECK numu_status numu_pages_keep_clean(struct numu_arena *arena, struct sqlite3 *handle);

/*
 * Cleans the pages that list free ones, which cannot be told on their way. For a writer that
 * closes: with no transaction open, after its last checkpoint.
 */
NUMU_MUST_CHECK numu_status numu_pages_clean_lists(struct sqlite3 *handle);

/*
 * Walks through the file of a connection that nobody writes to and that has no write-ahead log. Its
 * schema must be the one that `schema` makes of an empty file; `trees` (root 0) gives the columns
 * of its tables in that order.
 */
NUMU_MUST_CHECK numu_status numu_pages_walk(struct numu_heap *heap, struct sqlite3 *handle,
                                            const char *schema, const struct numu_page_tree *trees,
                                            size_t tree_count, numu_page_visit visit, void *data,
                                            uint64_t *out_pages);

#endif
