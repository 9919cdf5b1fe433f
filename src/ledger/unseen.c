/*
 * unseen.c - see unseen.h. Before the first count of a log nothing is kept.
 */
#include "ledger/unseen.h"

#include "ledger/count.h"

#include <inttypes.h>

void numu_unseen_init(struct numu_unseen *unseen, struct numu_ledger *ledger,
                      struct numu_arena *arena) {
    *unseen = (struct numu_unseen){.ledger = ledger, .arena = arena};
    numu_dictionary_init(&unseen->counted, arena);
    numu_dictionary_init(&unseen->handled, arena);
    numu_buffer_init(&unseen->key, ledger->heap, 0);
}

void numu_unseen_release(struct numu_unseen *unseen) {
    numu_buffer_release(&unseen->key);
}

static numu_status print_key(struct numu_unseen *unseen, struct numu_text first,
                             struct numu_text second) {
    numu_buffer_clear(&unseen->key);
    return numu_buffer_printf(&unseen->key, "%.*s\t%.*s", (int)first.length, first.data,
                              (int)second.length, second.data);
}

static struct numu_text key_of(const struct numu_unseen *unseen) {
    return (struct numu_text){unseen->key.data, unseen->key.length};
}

/* The number that a dictionary has for the key; -1: none. */
static int64_t find(const struct numu_unseen *unseen, const struct numu_dictionary *dictionary) {
    const struct numu_entry *entry = numu_dictionary_find(dictionary, key_of(unseen));
    return entry == NULL ? -1 : numu_field_number(entry->value);
}

static numu_status put(struct numu_unseen *unseen, struct numu_dictionary *dictionary,
                       int64_t sequence) {
    char text[24];
    struct numu_text key = key_of(unseen);
    struct numu_text value = numu_sequence_text(sequence, text);
    if (sequence < 0) {
        value = NUMU_TEXT("-1");
    }
    if (numu_dictionary_find(dictionary, key) == NULL) {
        NUMU_TRY(numu_text_copy(unseen->arena, key, &key));
    }
    return numu_dictionary_put(dictionary, key, value, NULL);
}

/* All serials of an event were seen by then. */
static numu_status note_seen(struct numu_unseen *unseen, const struct numu_event *event,
                             int64_t sequence) {
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        for (size_t j = 0; j < line->serials.count; j++) {
            NUMU_TRY(print_key(unseen, line->item, line->serials.list[j]));
            NUMU_TRY(put(unseen, &unseen->handled, sequence));
        }
    }
    return NUMU_OK;
}

struct counting {
    struct numu_unseen *unseen;
    int64_t sequence;
};

static numu_status note_sheet(void *data, const struct numu_record *sheet) {
    const struct counting *counting = data;
    return note_seen(counting->unseen, &sheet->event, counting->sequence);
}

/* What a count says of accounts holds from it on; -1: not any more. */
static numu_status note_accounts(struct numu_unseen *unseen, const struct numu_event *count,
                                 int64_t sequence) {
    for (size_t i = 0; i < count->line_count; i++) {
        NUMU_TRY(print_key(unseen, count->lines[i].to, count->lines[i].item));
        NUMU_TRY(put(unseen, &unseen->counted, sequence));
    }
    return NUMU_OK;
}

static numu_status note_count(struct numu_unseen *unseen, uint32_t log,
                              const struct numu_record *count) {
    struct numu_ledger *ledger = unseen->ledger;
    struct counting counting = {unseen, count->sequence};
    const struct numu_count_case of = {.state = &ledger->state,
                                       .scratch = &ledger->scratch,
                                       .log = log,
                                       .site = count->site,
                                       .count = &count->event};
    NUMU_TRY(note_accounts(unseen, &count->event, count->sequence));
    NUMU_TRY(note_seen(unseen, &count->event, count->sequence));
    return numu_count_visit(&of, note_sheet, &counting);
}

/* What a close missed is in no account of a place now, and the rest was seen. */
static numu_status note_close(struct numu_unseen *unseen, uint32_t log,
                              const struct numu_record *close) {
    struct numu_ledger *ledger = unseen->ledger;
    struct numu_record count;
    NUMU_TRY(numu_state_read_referred(&ledger->state, &ledger->scratch, log, close, &count, NULL));
    return note_accounts(unseen, &count.event, -1);
}

static numu_status look_at_line(struct numu_unseen *unseen, const struct numu_record *record,
                                const struct numu_event_line *line, int64_t sequence,
                                numu_unseen_visit visit, void *data) {
    NUMU_TRY(print_key(unseen, line->from, line->item));
    int64_t counted = find(unseen, &unseen->counted);
    for (size_t i = 0; i < line->serials.count; i++) {
        NUMU_TRY(print_key(unseen, line->item, line->serials.list[i]));
        if (find(unseen, &unseen->handled) < counted) {
            NUMU_TRY(visit(data, record, line->item, line->serials.list[i]));
        }
        NUMU_TRY(put(unseen, &unseen->handled, sequence));
    }
    return NUMU_OK;
}

/* An event that takes effect at an entry of the log. */
static numu_status look_at(struct numu_unseen *unseen, uint32_t log,
                           const struct numu_record *record, int64_t sequence,
                           numu_unseen_visit visit, void *data) {
    const struct numu_event *event = &record->event;
    bool is_still = (numu_event_kinds[event->type].flags & NUMU_TYPE_STILL) != 0 ||
                    event->type == NUMU_EVENT_mark || event->type == NUMU_EVENT_pack ||
                    event->type == NUMU_EVENT_unpack || event->type == NUMU_EVENT_grant;
    if (event->type == NUMU_EVENT_count) {
        return note_count(unseen, log, record);
    }
    if (event->type == NUMU_EVENT_close) {
        return note_close(unseen, log, record);
    }
    for (size_t i = 0; !is_still && unseen->counted.count > 0 && i < event->line_count; i++) {
        NUMU_TRY(look_at_line(unseen, record, &event->lines[i], sequence, visit, data));
    }
    return NUMU_OK;
}

numu_status numu_unseen_look(struct numu_unseen *unseen, uint32_t log,
                             const struct numu_record *record, numu_unseen_visit visit,
                             void *data) {
    struct numu_ledger *ledger = unseen->ledger;
    struct numu_record proposal;
    bool waits;
    if (record->event.type == NUMU_EVENT_approve) {
        NUMU_TRY(numu_state_read_referred(&ledger->state, &ledger->scratch, log, record, &proposal,
                                          NULL));
        return look_at(unseen, log, &proposal, record->sequence, visit, data);
    }
    NUMU_TRY(numu_event_needs_two(&ledger->state, record->site, &record->event, &waits));
    return waits ? NUMU_OK : look_at(unseen, log, record, record->sequence, visit, data);
}
