/*
 * store.h - plan.db: a plan in an SQLite file, one table for each table of plan/tables.def.
 *
 * Columns: ids, texts and choices as text; dates "2025-06-30" and months "2025-06" as text; money
 * as integer minor units; quantities, decimals and reals as numbers; booleans 0 and 1; "no value"
 * is NULL. `PRAGMA user_version` is the version of the format (2), `PRAGMA application_id` is
 * 0x6e756d75 ("numu"). A table `column_note` (table, column, unit, sentence) documents the rest; a
 * row without column is about the table.
 *
 * [S1] The same plan gives the same bytes, with the same version of SQLite.
 * [S2] What is read back equals what was written, to the last digit: a quantity or decimal that no
 *      double gives back (fractions over 2^52 smallest units) is refused, not rounded.
 * The currency of the plan is the property 'currency' of meta. SQLite's own memory is not counted
 * by the heap.
 */
#ifndef NUMU_PLAN_STORE_H
#define NUMU_PLAN_STORE_H

#include "base/diagnostic.h"
#include "plan/plan.h"

/*
 * Writes whole or not at all (base/file.h). NUMU_IO with a finding (cannot-write); NUMU_LIMIT with
 * a finding (quantity-too-large) [S2].
 */
NUMU_MUST_CHECK numu_status numu_plan_write(const struct numu_plan *plan, const char *path,
                                            struct numu_heap *heap, struct numu_report *report);
/*
 * Reads into the arena. A folder or file that is no plan, or of another format: NUMU_INVALID with a
 * finding (not-a-plan); one that cannot be read: NUMU_IO with a finding (cannot-read). On failure
 * the arena and *out are as they were. Files from anywhere may be read: nothing in them is run.
 */
NUMU_MUST_CHECK numu_status numu_plan_read(const char *path, struct numu_arena *arena,
                                           struct numu_report *report, struct numu_plan *out);

#endif
