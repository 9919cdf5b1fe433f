/*
 * state.c - rows of the state: keys, values, and what they mean.
 */
#include "ledger/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void numu_state_init(struct numu_state *state, struct numu_heap *heap, struct numu_store store,
                     struct numu_store entries) {
    *state = (struct numu_state){.store = store, .entries = entries};
    numu_buffer_init(&state->key, heap, 0);
    numu_buffer_init(&state->value, heap, 0);
}

void numu_state_release(struct numu_state *state) {
    numu_buffer_release(&state->key);
    numu_buffer_release(&state->value);
}

struct numu_text numu_field_next(struct numu_text *rest) {
    if (rest->length == 0) {
        return (struct numu_text){NULL, 0};
    }
    const char *tab = memchr(rest->data, '\t', rest->length);
    size_t length = tab == NULL ? rest->length : (size_t)(tab - rest->data);
    struct numu_text field = {rest->data, length};
    size_t skipped = length + (tab != NULL);
    *rest = (struct numu_text){rest->data + skipped, rest->length - skipped};
    return field;
}

int64_t numu_field_number(struct numu_text field) {
    int64_t number = 0;
    return numu_number_parse(field, 0, '.', &number) == NUMU_NUMBER_OK ? number : 0;
}

numu_status numu_state_key(struct numu_state *state, char letter, const struct numu_text *fields,
                           size_t count) {
    numu_buffer_clear(&state->key);
    NUMU_TRY(numu_buffer_append_char(&state->key, letter));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(numu_buffer_append_char(&state->key, '\t'));
        NUMU_TRY(numu_buffer_append(&state->key, fields[i].data, fields[i].length));
    }
    return NUMU_OK;
}

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

numu_status numu_state_get(struct numu_state *state, struct numu_text *out) {
    NUMU_TRY(state->store.port->get(state->store.self, NUMU_SPACE_STATE, text_of(&state->key),
                                    &state->value));
    *out = text_of(&state->value);
    return NUMU_OK;
}

numu_status numu_state_put(struct numu_state *state) {
    return state->store.port->put(state->store.self, NUMU_SPACE_STATE, text_of(&state->key),
                                  text_of(&state->value));
}

numu_status numu_state_remove(struct numu_state *state) {
    return state->store.port->remove(state->store.self, NUMU_SPACE_STATE, text_of(&state->key));
}

numu_status numu_state_scan(struct numu_state *state, numu_entry_visit visit, void *data) {
    struct numu_buffer prefix;
    numu_buffer_init(&prefix, state->key.heap, 0);
    numu_status status = numu_buffer_append(&prefix, state->key.data, state->key.length);
    if (status == NUMU_OK) {
        status = state->store.port->scan(state->store.self, NUMU_SPACE_STATE, text_of(&prefix),
                                         visit, data);
    }
    numu_buffer_release(&prefix);
    return status;
}

struct numu_text numu_sequence_text(int64_t sequence, char out[24]) {
    int length = snprintf(out, 24, "%010" PRId64, sequence);
    return (struct numu_text){out, (size_t)length};
}

/* --- rows --- */

numu_status numu_balance_get(struct numu_state *state, struct numu_text site,
                             struct numu_text account, struct numu_text item, struct numu_text lot,
                             numu_quantity *out) {
    struct numu_text value;
    NUMU_TRY(NUMU_STATE_KEY(state, 'b', site, account, item, lot));
    numu_status status = numu_state_get(state, &value);
    *out = status == NUMU_OK ? numu_field_number(value) : 0;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

numu_status numu_balance_add(struct numu_state *state, struct numu_text site,
                             struct numu_text account, struct numu_text item, struct numu_text lot,
                             numu_quantity change) {
    numu_quantity balance;
    NUMU_TRY(numu_balance_get(state, site, account, item, lot, &balance));
    NUMU_TRY(numu_add(balance, change, &balance));
    numu_buffer_clear(&state->value);
    NUMU_TRY(numu_buffer_printf(&state->value, "%" PRId64, balance));
    return numu_state_put(state);
}

/* The value of the key made last, copied into the arena. */
static numu_status get_copy(struct numu_state *state, struct numu_arena *arena,
                            struct numu_text *out) {
    struct numu_text value;
    NUMU_TRY(numu_state_get(state, &value));
    return numu_text_copy(arena, value, out);
}

bool numu_serial_next_event(struct numu_text *rest, int64_t *sequence) {
    struct numu_text word = numu_text_next_word(rest);
    if (word.length == 0) {
        return false;
    }
    *sequence = numu_field_number(word) + (*sequence < 0 ? 0 : *sequence);
    return true;
}

struct numu_serial numu_serial_parse(struct numu_text value) {
    struct numu_serial serial = {.sequence = -1};
    serial.account = numu_field_next(&value);
    serial.pack = numu_field_next(&value);
    serial.made = numu_field_number(numu_field_next(&value));
    serial.events = numu_field_next(&value);
    struct numu_text rest = serial.events;
    while (numu_serial_next_event(&rest, &serial.sequence)) {
        continue;
    }
    return serial;
}

numu_status numu_serial_get(struct numu_state *state, struct numu_arena *arena,
                            struct numu_text site, struct numu_text item, struct numu_text serial,
                            struct numu_serial *out) {
    struct numu_text rest;
    NUMU_TRY(NUMU_STATE_KEY(state, 's', item, serial, site));
    NUMU_TRY(get_copy(state, arena, &rest));
    *out = numu_serial_parse(rest);
    return NUMU_OK;
}

numu_status numu_serial_put(struct numu_state *state, struct numu_text site, struct numu_text item,
                            struct numu_text serial_id, const struct numu_serial *serial,
                            int64_t sequence) {
    struct numu_buffer *value = &state->value;
    NUMU_TRY(NUMU_STATE_KEY(state, 's', item, serial_id, site));
    numu_buffer_clear(value);
    NUMU_TRY(numu_buffer_append(value, serial->account.data, serial->account.length));
    NUMU_TRY(numu_buffer_append_char(value, '\t'));
    NUMU_TRY(numu_buffer_append(value, serial->pack.data, serial->pack.length));
    NUMU_TRY(numu_buffer_printf(value, "\t%" PRId64 "\t", serial->made));
    NUMU_TRY(numu_buffer_append(value, serial->events.data, serial->events.length));
    if (serial->events.length == 0) {
        NUMU_TRY(numu_buffer_printf(value, "%" PRId64, sequence));
    } else if (sequence != serial->sequence) {
        NUMU_TRY(numu_buffer_printf(value, " %" PRId64, sequence - serial->sequence));
    }
    return numu_state_put(state);
}

/* --- history --- */

struct history {
    numu_history_visit visit;
    void *data;
};

static numu_status visit_serial_row(void *data, struct numu_text key, struct numu_text value) {
    const struct history *history = data;
    int64_t sequence = -1;
    for (int i = 0; i < 3; i++) {
        (void)numu_field_next(&key);
        (void)numu_field_next(&value);
    }
    while (numu_serial_next_event(&value, &sequence)) {
        NUMU_TRY(history->visit(history->data, key, sequence));
    }
    return NUMU_OK;
}

static numu_status visit_lot_row(void *data, struct numu_text key, struct numu_text value) {
    const struct history *history = data;
    (void)value;
    for (int i = 0; i < 3; i++) {
        (void)numu_field_next(&key);
    }
    struct numu_text site = numu_field_next(&key);
    return history->visit(history->data, site, numu_field_number(key));
}

numu_status numu_history_scan(struct numu_state *state, struct numu_text item,
                              struct numu_text object, numu_history_visit visit, void *data) {
    struct history history = {visit, data};
    NUMU_TRY(NUMU_STATE_KEY(state, 's', item, object, (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(state, visit_serial_row, &history));
    NUMU_TRY(NUMU_STATE_KEY(state, 'h', item, object, (struct numu_text){NULL, 0}));
    return numu_state_scan(state, visit_lot_row, &history);
}

struct search {
    struct numu_arena *arena;
    struct numu_text object, item;
};

static numu_status visit_object(void *data, struct numu_text key, struct numu_text value) {
    struct search *search = data;
    (void)value;
    (void)numu_field_next(&key);
    struct numu_text item = numu_field_next(&key);
    bool is_before = search->item.length == 0 || numu_text_compare(item, search->item) < 0;
    if (is_before && numu_text_is_equal(numu_field_next(&key), search->object)) {
        return numu_text_copy(search->arena, item, &search->item);
    }
    return NUMU_OK;
}

static numu_status visit_registered(void *data, struct numu_text key, struct numu_text value) {
    struct numu_dictionary *items = data;
    (void)value;
    (void)numu_field_next(&key);
    (void)numu_field_next(&key);
    return numu_dictionary_put(items, numu_field_next(&key), NUMU_TEXT(""), NULL);
}

static numu_status visit_any(void *data, struct numu_text site, int64_t sequence) {
    (void)site;
    (void)sequence;
    *(bool *)data = true;
    return NUMU_OK;
}

/* The first item on the registers that has such an object, a look for each; empty: none has. */
static numu_status find_registered(struct numu_state *state, struct search *search) {
    struct numu_dictionary items;
    struct numu_entry **list;
    size_t count;
    numu_dictionary_init(&items, search->arena);
    NUMU_TRY(NUMU_STATE_KEY(state, 'i', (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(state, visit_registered, &items));
    NUMU_TRY(numu_dictionary_list(&items, search->arena, &list, &count));
    for (size_t i = 0; i < count && search->item.length == 0; i++) {
        bool has = false;
        NUMU_TRY(numu_history_scan(state, list[i]->key, search->object, visit_any, &has));
        search->item = has ? list[i]->key : search->item;
    }
    return NUMU_OK;
}

numu_status numu_history_find(struct numu_state *state, struct numu_arena *arena,
                              struct numu_text object, struct numu_text *out_item) {
    struct search search = {arena, object, {NULL, 0}};
    NUMU_TRY(find_registered(state, &search));
    if (search.item.length > 0) {
        *out_item = search.item;
        return NUMU_OK;
    }
    /* A book of which a register is missing still has the rows. */
    NUMU_TRY(NUMU_STATE_KEY(state, 's', (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(state, visit_object, &search));
    NUMU_TRY(NUMU_STATE_KEY(state, 'h', (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(state, visit_object, &search));
    *out_item = search.item;
    return search.item.length == 0 ? NUMU_NOT_FOUND : NUMU_OK;
}

numu_status numu_movement_get(struct numu_state *state, struct numu_arena *arena,
                              struct numu_text dispatch, int64_t line, struct numu_text site,
                              struct numu_movement *out) {
    struct numu_text rest;
    char number[24];
    NUMU_TRY(NUMU_STATE_KEY(state, 'd', dispatch, numu_sequence_text(line, number), site));
    NUMU_TRY(get_copy(state, arena, &rest));
    out->sent = numu_field_number(numu_field_next(&rest));
    out->received = numu_field_number(numu_field_next(&rest));
    out->item = numu_field_next(&rest);
    out->lot = numu_field_next(&rest);
    out->day = (numu_day)numu_field_number(numu_field_next(&rest));
    out->place = numu_field_next(&rest);
    return NUMU_OK;
}

numu_status numu_item_get(struct numu_state *state, struct numu_arena *arena, struct numu_text site,
                          struct numu_text id, struct numu_item *out) {
    struct numu_text rest;
    NUMU_TRY(NUMU_STATE_KEY(state, 'i', site, id));
    NUMU_TRY(get_copy(state, arena, &rest));
    out->control = numu_field_next(&rest);
    out->unit = numu_field_next(&rest);
    out->weighing_error = numu_field_number(numu_field_next(&rest));
    out->shelf_life_days = numu_field_number(numu_field_next(&rest));
    out->name = numu_field_next(&rest);
    return NUMU_OK;
}

static numu_status visit_made(void *data, struct numu_text key, struct numu_text value) {
    numu_day *earliest = data;
    numu_day day;
    (void)key;
    if (numu_day_parse(value, &day) && (*earliest == NUMU_NO_DAY || day < *earliest)) {
        *earliest = day;
    }
    return NUMU_OK;
}

numu_status numu_lot_made_get(struct numu_state *state, struct numu_text item, struct numu_text lot,
                              numu_day *out) {
    numu_day earliest = NUMU_NO_DAY;
    NUMU_TRY(NUMU_STATE_KEY(state, 't', item, lot, (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(state, visit_made, &earliest));
    *out = earliest;
    return earliest == NUMU_NO_DAY ? NUMU_NOT_FOUND : NUMU_OK;
}

numu_status numu_place_get(struct numu_state *state, struct numu_arena *arena,
                           struct numu_text site, struct numu_text id, struct numu_place_of *out) {
    struct numu_text rest;
    NUMU_TRY(NUMU_STATE_KEY(state, 'o', site, id));
    NUMU_TRY(get_copy(state, arena, &rest));
    out->kind = numu_field_next(&rest);
    out->site = numu_field_next(&rest);
    return NUMU_OK;
}

static numu_day day_field(struct numu_text field) {
    numu_day day;
    return numu_day_parse(field, &day) ? day : NUMU_NO_DAY;
}

static numu_status visit_any_root(void *data, struct numu_text key, struct numu_text value) {
    bool *has = data;
    (void)key;
    (void)value;
    *has = true;
    return NUMU_OK;
}

/* Takes the role of an administrator from one without a certificate, where there is a root. */
static numu_status ask_root(struct numu_state *state, struct numu_text site, unsigned *roles) {
    bool has_root = false;
    if ((*roles & NUMU_ROLE_administrator) == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_STATE_KEY(state, 'f', site, (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(state, visit_any_root, &has_root));
    *roles &= has_root ? ~(unsigned)NUMU_ROLE_administrator : NUMU_ROLES;
    return NUMU_OK;
}

numu_status numu_person_get(struct numu_state *state, struct numu_arena *arena,
                            struct numu_text site, struct numu_text id, struct numu_person *out) {
    struct numu_text rest;
    NUMU_TRY(NUMU_STATE_KEY(state, 'u', site, id));
    NUMU_TRY(get_copy(state, arena, &rest));
    out->roles = numu_roles_parse(numu_field_next(&rest));
    out->site = numu_field_next(&rest);
    out->key = numu_field_next(&rest);
    out->is_certified = rest.length > 0;
    out->until = day_field(rest);
    return out->is_certified ? NUMU_OK : ask_root(state, site, &out->roles);
}

unsigned numu_person_roles(const struct numu_person *person, numu_instant recorded) {
    bool is_over = person->until != NUMU_NO_DAY && numu_instant_day(recorded) > person->until;
    return is_over ? 0 : person->roles;
}

struct key_search {
    struct numu_arena *arena;
    int64_t size;
    struct numu_text key;
};

static numu_status visit_key(void *data, struct numu_text key, struct numu_text value) {
    struct key_search *search = data;
    for (int i = 0; i < 2; i++) {
        (void)numu_field_next(&key);
    }
    bool counts =
        search->size == 0 ? search->key.length == 0 : numu_field_number(key) < search->size;
    return counts ? numu_text_copy(search->arena, value, &search->key) : NUMU_OK;
}

numu_status numu_site_key_at(struct numu_state *state, struct numu_arena *arena,
                             struct numu_text site, uint64_t size, struct numu_text *out) {
    struct key_search search = {.arena = arena, .size = (int64_t)size};
    NUMU_TRY(NUMU_STATE_KEY(state, 'v', site, (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(state, visit_key, &search));
    *out = search.key;
    return search.key.length == 0 ? NUMU_NOT_FOUND : NUMU_OK;
}

numu_status numu_licence_get(struct numu_state *state, struct numu_arena *arena,
                             struct numu_text site, struct numu_text id, struct numu_licence *out) {
    struct numu_text rest;
    NUMU_TRY(NUMU_STATE_KEY(state, 'c', site, id));
    NUMU_TRY(get_copy(state, arena, &rest));
    out->kind = numu_field_next(&rest);
    out->item = numu_field_next(&rest);
    struct numu_text quantity = numu_field_next(&rest);
    out->quantity = quantity.length == 0 ? NUMU_NO_NUMBER : numu_field_number(quantity);
    out->issued = day_field(numu_field_next(&rest));
    out->expires = day_field(numu_field_next(&rest));
    out->status = numu_field_next(&rest);
    return NUMU_OK;
}

struct numu_text numu_row_site(struct numu_text key) {
    static const char third[] = "dghjmst"; /* rows of things, by site after them */
    int skipped = key.length > 0 && strchr(third, key.data[0]) != NULL ? 3 : 1;
    for (int i = 0; i < skipped; i++) {
        (void)numu_field_next(&key);
    }
    return numu_field_next(&key);
}
