/*
 * writer.c - see writer.h. A list of waiting submissions, each on the stack of the thread that
 * waits; the writer takes all there are, up to a limit, records them, commits, and wakes them.
 */
#include "ledger/writer.h"

#include <pthread.h>

struct submission {
    const struct numu_entry_request *request;
    struct numu_receipt receipt;
    numu_status status;
    bool is_done;
    pthread_cond_t wake;
    struct submission *next;
};

struct numu_writer {
    struct numu_ledger *ledger;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct submission *first;
    struct submission **last;
    bool is_closing;
};

/* Takes up to a group of submissions off the list; the lock is held. */
static struct submission *take_group(struct numu_writer *writer) {
    struct submission *group = writer->first;
    struct submission **end = &writer->first;
    for (size_t i = 0; i < NUMU_WRITER_GROUP_MAX && *end != NULL; i++) {
        end = &(*end)->next;
    }
    writer->first = *end;
    *end = NULL;
    if (writer->first == NULL) {
        writer->last = &writer->first;
    }
    return group;
}

static void record_group(struct numu_ledger *ledger, struct submission *group) {
    numu_status status = numu_ledger_begin(ledger);
    for (struct submission *each = group; each != NULL; each = each->next) {
        struct numu_report report;
        if (status != NUMU_OK) {
            break;
        }
        numu_report_init(&report, ledger->heap, 1);
        status = numu_ledger_record(ledger, each->request, &report, &each->receipt);
        numu_report_release(&report);
    }
    if (status == NUMU_OK) {
        status = numu_ledger_commit(ledger);
    } else {
        numu_ledger_rollback(ledger);
    }
    for (struct submission *each = group; each != NULL; each = each->next) {
        each->status = status;
    }
}

static void *run(void *data) {
    struct numu_writer *writer = data;
    (void)pthread_mutex_lock(&writer->lock);
    for (;;) {
        while (writer->first == NULL && !writer->is_closing) {
            (void)pthread_cond_wait(&writer->work, &writer->lock);
        }
        if (writer->first == NULL) {
            break;
        }
        struct submission *group = take_group(writer);
        (void)pthread_mutex_unlock(&writer->lock);
        record_group(writer->ledger, group);
        (void)pthread_mutex_lock(&writer->lock);
        while (group != NULL) {
            struct submission *next = group->next; /* it is gone once its thread wakes */
            group->is_done = true;
            (void)pthread_cond_signal(&group->wake);
            group = next;
        }
    }
    (void)pthread_mutex_unlock(&writer->lock);
    return NULL;
}

numu_status numu_writer_open(struct numu_ledger *ledger, struct numu_arena *arena,
                             struct numu_writer **out) {
    struct numu_writer *writer;
    NUMU_TRY(NUMU_TAKE(arena, &writer, 1));
    writer->ledger = ledger;
    writer->last = &writer->first;
    if (pthread_mutex_init(&writer->lock, NULL) != 0 ||
        pthread_cond_init(&writer->work, NULL) != 0 ||
        pthread_create(&writer->thread, NULL, run, writer) != 0) {
        return NUMU_MEMORY;
    }
    *out = writer;
    return NUMU_OK;
}

numu_status numu_writer_submit(struct numu_writer *writer, const struct numu_entry_request *request,
                               struct numu_receipt *out) {
    struct submission own = {.request = request, .status = NUMU_IO};
    if (pthread_cond_init(&own.wake, NULL) != 0) {
        return NUMU_MEMORY;
    }
    (void)pthread_mutex_lock(&writer->lock);
    *writer->last = &own;
    writer->last = &own.next;
    (void)pthread_cond_signal(&writer->work);
    while (!own.is_done) {
        (void)pthread_cond_wait(&own.wake, &writer->lock);
    }
    (void)pthread_mutex_unlock(&writer->lock);
    (void)pthread_cond_destroy(&own.wake);
    if (own.status == NUMU_OK) {
        *out = own.receipt;
    }
    return own.status;
}

void numu_writer_close(struct numu_writer *writer) {
    (void)pthread_mutex_lock(&writer->lock);
    writer->is_closing = true;
    (void)pthread_cond_signal(&writer->work);
    (void)pthread_mutex_unlock(&writer->lock);
    (void)pthread_join(writer->thread, NULL);
    (void)pthread_cond_destroy(&writer->work);
    (void)pthread_mutex_destroy(&writer->lock);
}
