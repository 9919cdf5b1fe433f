/*
 * writer.h - one thread that writes a book for many that wait: group commit.
 *
 * Whoever submits an event waits until the commit that holds it has returned. While one commit is
 * on its way to the disk the next events gather, so that waiting costs about one flush, however
 * many wait.
 *
 * [W1] An answer is given only after the commit returned. Where it failed, all that shared it are
 *      told so, and may submit the same event again: the key makes it once.
 * [W2] After a failure to flush nothing more is written (store.h); every later answer is NUMU_IO.
 */
#ifndef NUMU_LEDGER_WRITER_H
#define NUMU_LEDGER_WRITER_H

#include "ledger/ledger.h"

struct numu_writer;

enum { NUMU_WRITER_GROUP_MAX = 1024 };

/* Starts the thread. The ledger is the writer's alone until it is closed. */
NUMU_MUST_CHECK numu_status numu_writer_open(struct numu_ledger *ledger, struct numu_arena *arena,
                                             struct numu_writer **out);
/*
 * Records an event and waits for it; from any thread. Findings are not kept: *out says how it
 * ended. The request must stay as it is until then.
 */
NUMU_MUST_CHECK numu_status numu_writer_submit(struct numu_writer *writer,
                                               const struct numu_entry_request *request,
                                               struct numu_receipt *out);
/* Ends the thread when all that was submitted is answered. */
void numu_writer_close(struct numu_writer *writer);

#endif
