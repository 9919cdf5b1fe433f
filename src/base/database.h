/*
 * database.h - what the stores on SQLite have in common: opening, one statement at a time, what
 * an answer means.
 *
 * For files named *_sqlite.c, which include sqlite3.h themselves; nobody else has a use for it.
 */
#ifndef NUMU_BASE_DATABASE_H
#define NUMU_BASE_DATABASE_H

#include "base/arena.h"

#include <stdbool.h>

struct sqlite3;
struct sqlite3_stmt;

struct numu_database {
    struct sqlite3 *handle;
    struct sqlite3_stmt *statement; /* the one in use */
    struct numu_buffer text;        /* of a statement or a cell being made */
};

/*
 * What an answer of SQLite means for the caller: NUMU_OK also for a row or the end; NUMU_INVALID
 * for a file that is no database or lacks a table or column; NUMU_MEMORY; else NUMU_IO.
 */
NUMU_MUST_CHECK numu_status numu_database_status(int answer);

/* Opens with SQLite's SQLITE_OPEN_ flags. Close it in every case. */
NUMU_MUST_CHECK numu_status numu_database_open(struct numu_database *database, const char *path,
                                               int flags, struct numu_heap *heap);
/* A file written to is complete only when this succeeds. */
numu_status numu_database_close(struct numu_database *database);
/* Runs statements that give no rows. */
NUMU_MUST_CHECK numu_status numu_database_run(struct numu_database *database, const char *sql);
/* Prepares the statement whose text is in the buffer, in place of the one in use. */
NUMU_MUST_CHECK numu_status numu_database_prepare(struct numu_database *database);

#endif
