/*
 * database_sqlite.c - see database.h.
 */
#include "base/database.h"

#include <sqlite3.h>
#include <string.h>

numu_status numu_database_status(int answer) {
    switch (answer) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return NUMU_OK;
    case SQLITE_NOMEM:
        return NUMU_MEMORY;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_ERROR: /* no such table, no such column */
        return NUMU_INVALID;
    default:
        return NUMU_IO;
    }
}

numu_status numu_database_open(struct numu_database *database, const char *path, int flags,
                               struct numu_heap *heap) {
    memset(database, 0, sizeof *database);
    numu_buffer_init(&database->text, heap, 0);
    return numu_database_status(sqlite3_open_v2(path, &database->handle, flags, NULL));
}

numu_status numu_database_close(struct numu_database *database) {
    sqlite3_finalize(database->statement);
    database->statement = NULL;
    numu_buffer_release(&database->text);
    int answer = sqlite3_close(database->handle);
    database->handle = NULL;
    return numu_database_status(answer);
}

numu_status numu_database_run(struct numu_database *database, const char *sql) {
    return numu_database_status(sqlite3_exec(database->handle, sql, NULL, NULL, NULL));
}

numu_status numu_database_prepare(struct numu_database *database) {
    sqlite3_finalize(database->statement);
    database->statement = NULL;
    return numu_database_status(
        sqlite3_prepare_v2(database->handle, database->text.data, -1, &database->statement, NULL));
}
