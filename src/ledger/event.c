/*
 * event.c - see event.h. Members stand in one table, in the canonical order, that reading and
 * writing both follow; whether a text has the one form is found by writing it again.
 */
#include "ledger/event.h"

#include "base/table.h"
#include "ledger/canonical.h"
#include "ledger/name.h"
#include "ledger/tile.h"

#include <inttypes.h>
#include <string.h>

enum {
    TEXT_BYTES_MAX = 1024,
    TEXTS_MAX = NUMU_ENTRY_BYTES_MAX / 4, /* more do not fit into an entry: "a", */
    READ_DEPTH = 16
};

const char *const numu_nominal_names[NUMU_NOMINAL_COUNT] = {
    "opening", "produced", "imported", "consumed",    "exported", "destroyed",
    "lost",    "found",    "seized",   "unaccounted", "error"};
const char *const numu_condition_names[NUMU_CONDITION_COUNT + 1] = {
    "quarantine", "serviceable", "suspended", "unserviceable", NULL};

const struct numu_event_kind numu_event_kinds[NUMU_EVENT_TYPE_COUNT] = {
#define NUMU_EVENT_TYPE(type, from, to, flags, needs, recorders, approvers)                        \
    {#type, from, to, flags, needs, recorders, approvers},
#include "ledger/types.def"
#undef NUMU_EVENT_TYPE
};

/* --- accounts and roles --- */

bool numu_account_parse(struct numu_text text, struct numu_account *out) {
    struct numu_account account = {.side = NUMU_SIDE_HELD};
    if (numu_text_is(text, "transit")) {
        account.side = NUMU_SIDE_TRANSIT;
        *out = account;
        return true;
    }
    for (unsigned i = 0; i < NUMU_NOMINAL_COUNT; i++) {
        if (numu_text_is(text, numu_nominal_names[i])) {
            account.side = (numu_side)(1U << (NUMU_NOMINAL_FIRST + i));
            *out = account;
            return true;
        }
    }
    size_t slash = numu_text_find(text, NUMU_TEXT("/"), 0);
    if (slash == SIZE_MAX || slash == 0) {
        return false;
    }
    uint8_t condition = numu_choice_find(
        numu_condition_names, (struct numu_text){text.data + slash + 1, text.length - slash - 1});
    account.place = (struct numu_text){text.data, slash};
    account.condition = (numu_condition)(condition - 1);
    if (condition == 0) {
        return false;
    }
    *out = account;
    return true;
}

bool numu_account_is_nominal(struct numu_text account) {
    return memchr(account.data, '/', account.length) == NULL && !numu_text_is(account, "transit");
}

int64_t numu_event_version(numu_event_type type) {
    return type == NUMU_EVENT_close ? NUMU_EVENT_VERSION_MAX : 1;
}

unsigned numu_roles_parse(struct numu_text text) {
    static const char *const names[] = {
        "producer",          "storekeeper",   "inspector", "safety_officer",
        "licensing_officer", "approver",      "auditor",   "registrar",
        "planner",           "administrator", NULL};
    unsigned roles = 0;
    for (struct numu_text word = numu_text_next_word(&text); word.length > 0;
         word = numu_text_next_word(&text)) {
        uint8_t role = numu_choice_find(names, word);
        roles |= role == 0 ? 0 : 1U << (role - 1);
    }
    return roles;
}

/* --- members --- */

typedef enum kind { TEXT, HASH, REFERENCE, INTEGER, TIME, TYPE, TEXTS, LINES, ANY } kind;

struct member {
    const char *name;
    kind kind;
    size_t offset;
};
#define MEMBER(name, kind, field)                                                                  \
    { name, kind, offsetof(struct numu_event, field) }
static const struct member members[] = {
    MEMBER("against", INTEGER, against),  MEMBER("by", TEXT, by),
    MEMBER("count", TEXT, count),         MEMBER("destination", TEXT, destination),
    MEMBER("dispatch", TEXT, dispatch),   MEMBER("documents", TEXTS, documents),
    MEMBER("entry", TEXT, entry),         MEMBER("head", HASH, head),
    MEMBER("irregular", TEXT, irregular), MEMBER("key", TEXT, key),
    MEMBER("ledger", TEXT, ledger),       MEMBER("licence", TEXT, licence),
    MEMBER("lines", LINES, lines),        MEMBER("list", HASH, list),
    MEMBER("mark", TEXT, mark),           MEMBER("method", TEXT, method),
    MEMBER("order", TEXT, order),         MEMBER("pack", TEXT, pack),
    MEMBER("partner", TEXT, partner),     MEMBER("plan", HASH, plan),
    MEMBER("reason", TEXT, reason),       MEMBER("ref", REFERENCE, ref),
    MEMBER("register", ANY, registry),    MEMBER("result", TEXT, result),
    MEMBER("screening", TEXT, screening), MEMBER("second", TEXT, second),
    MEMBER("sheets", TEXTS, sheets),      MEMBER("site", TEXT, site),
    MEMBER("subject", TEXT, subject),     MEMBER("time", TIME, time),
    MEMBER("type", TYPE, type),           MEMBER("version", INTEGER, version),
    MEMBER("witnesses", TEXTS, witnesses)};
#define LINE_MEMBER(name, kind, field)                                                             \
    { name, kind, offsetof(struct numu_event_line, field) }
static const struct member line_members[] = {LINE_MEMBER("from", TEXT, from),
                                             LINE_MEMBER("item", TEXT, item),
                                             LINE_MEMBER("line", INTEGER, line),
                                             LINE_MEMBER("lot", TEXT, lot),
                                             LINE_MEMBER("quantity_millionths", INTEGER, quantity),
                                             LINE_MEMBER("serials", TEXTS, serials),
                                             LINE_MEMBER("to", TEXT, to)};
enum {
    MEMBER_COUNT = sizeof members / sizeof *members,
    LINE_MEMBER_COUNT = sizeof line_members / sizeof *line_members
};
static const char always_needed[] = "by key ledger time type version";
static const char needed_of_draft[] = "by key time type"; /* who records knows the ledger */

const char *numu_event_error_name(const struct numu_event_error *error) {
    static const char *const names[] = {
        "kind.event_fine",           "kind.event_no_json",         "kind.event_not_canonical",
        "kind.event_unknown_member", "kind.event_missing_member",  "kind.event_bad_member",
        "kind.event_unknown_type",   "kind.event_unknown_version", "kind.event_too_large"};
    return error->json != NUMU_JSON_FINE ? numu_json_problem_name(error->json)
                                         : names[error->problem];
}

/* --- reading --- */

struct reader {
    struct numu_arena *arena;
    bool is_draft;
    bool is_long; /* a draft of more than an event holds */
    struct numu_event_error error;
};

static numu_status refuse(struct reader *reader, numu_event_problem problem, const char *member,
                          size_t offset) {
    reader->error = (struct numu_event_error){
        .problem = problem, .member = numu_text_of(member), .offset = offset};
    return NUMU_INVALID;
}

bool numu_event_text_is_plain(struct numu_text text) {
    return text.length > 0 && text.length <= TEXT_BYTES_MAX && !numu_text_has_controls(text);
}

static bool is_hash(struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return text.length == NUMU_SHA256_HEX_BYTES - 1;
}

/* An event's name with its hash; a draft may leave the hash to whoever records it. */
static bool is_reference(struct numu_text text, bool is_draft) {
    struct numu_reference reference;
    return numu_reference_parse(text, &reference) &&
           (reference.hash.length == 0 ? is_draft : is_hash(reference.hash));
}

static bool read_text(const struct numu_json *value, struct numu_text *out) {
    *out = value->text;
    return value->kind == NUMU_JSON_STRING && numu_event_text_is_plain(value->text);
}

static numu_status parse_range(struct numu_arena *arena, struct numu_text word, int64_t max,
                               struct numu_buffer *texts) {
    size_t dots = numu_text_find(word, NUMU_TEXT(".."), 0);
    if (dots == SIZE_MAX) {
        return numu_buffer_append(texts, &word, sizeof word);
    }
    struct numu_text first = {word.data, dots};
    struct numu_text last = {word.data + dots + 2, word.length - dots - 2};
    size_t same = first.length; /* where the digits that count begin */
    while (same > 0 && first.data[same - 1] >= '0' && first.data[same - 1] <= '9') {
        same--;
    }
    if (first.length - same > 18) {
        same = first.length - 18;
    }
    int64_t from = 0;
    int64_t to = 0;
    if (last.length != first.length || same == first.length ||
        memcmp(first.data, last.data, same) != 0) {
        return NUMU_INVALID;
    }
    for (size_t i = same; i < first.length; i++) {
        if (last.data[i] < '0' || last.data[i] > '9') {
            return NUMU_INVALID;
        }
        from = from * 10 + (first.data[i] - '0');
        to = to * 10 + (last.data[i] - '0');
    }
    if (to < from || to - from >= max) {
        return NUMU_INVALID;
    }
    for (int64_t number = from; number <= to; number++) {
        struct numu_text serial;
        NUMU_TRY(numu_text_printf(arena, &serial, "%.*s%0*" PRId64, (int)same, first.data,
                                  (int)(first.length - same), number));
        NUMU_TRY(numu_buffer_append(texts, &serial, sizeof serial));
    }
    return NUMU_OK;
}

numu_status numu_serials_parse(struct numu_arena *arena, struct numu_text word,
                               struct numu_buffer *texts) {
    return parse_range(arena, word, NUMU_SERIAL_RANGE_MAX, texts);
}

bool numu_serial_follows(struct numu_text before, struct numu_text after) {
    if (before.length != after.length) {
        return false;
    }
    size_t at = before.length;
    while (at > 0 && before.data[at - 1] == '9' && after.data[at - 1] == '0') {
        at--; /* carried */
    }
    return at > 0 && before.data[at - 1] >= '0' && before.data[at - 1] < '9' &&
           after.data[at - 1] == before.data[at - 1] + 1 &&
           memcmp(before.data, after.data, at - 1) == 0;
}

/* A list of texts; of a draft, ranges of serials are spelt out. */
static numu_status read_texts(struct reader *reader, const struct numu_json *value,
                              const char *name, struct numu_texts *out) {
    if (value->kind != NUMU_JSON_ARRAY || value->count == 0) {
        return refuse(reader, NUMU_EVENT_BAD_MEMBER, name, value->offset);
    }
    struct numu_buffer list;
    numu_buffer_init(&list, reader->arena->heap, 0);
    bool may_range = reader->is_draft && strcmp(name, "serials") == 0;
    numu_status status = NUMU_OK;
    for (const struct numu_json *child = value->first; child != NULL && status == NUMU_OK;
         child = child->next) {
        struct numu_text text;
        if (!read_text(child, &text)) {
            status = refuse(reader, NUMU_EVENT_BAD_MEMBER, name, child->offset);
        } else if (may_range) {
            int64_t max = reader->is_long ? NUMU_LONG_DRAFT_MAX : NUMU_SERIAL_RANGE_MAX;
            status = parse_range(reader->arena, text, max, &list);
            if (status == NUMU_INVALID) {
                status = refuse(reader, NUMU_EVENT_BAD_MEMBER, name, child->offset);
            }
        } else {
            status = numu_buffer_append(&list, &text, sizeof text);
        }
        size_t max_texts = reader->is_long ? NUMU_LONG_DRAFT_MAX : TEXTS_MAX;
        if (status == NUMU_OK && list.length / sizeof text > max_texts) {
            status = refuse(reader, NUMU_EVENT_TOO_LARGE, name, child->offset);
        }
    }
    struct numu_text *texts;
    size_t count = list.length / sizeof *texts;
    if (status == NUMU_OK) {
        status = NUMU_TAKE(reader->arena, &texts, count);
    }
    if (status == NUMU_OK) {
        memcpy(texts, list.data, list.length);
        *out = (struct numu_texts){texts, count};
    }
    numu_buffer_release(&list);
    return status;
}

static numu_status read_lines(struct reader *reader, const struct numu_json *value,
                              struct numu_event *event);

static numu_status read_member(struct reader *reader, const struct member *member,
                               const struct numu_json *value, void *into) {
    void *field = (char *)into + member->offset;
    bool is_good = true;
    switch (member->kind) {
    case TEXT:
        is_good = read_text(value, field);
        break;
    case HASH:
        is_good = read_text(value, field) && is_hash(value->text);
        break;
    case REFERENCE:
        is_good = read_text(value, field) && is_reference(value->text, reader->is_draft);
        break;
    case INTEGER:
        is_good = numu_json_integer_of(value, field) && *(int64_t *)field >= 0;
        break;
    case TIME:
        is_good = value->kind == NUMU_JSON_STRING && numu_instant_parse(value->text, field);
        break;
    case TYPE: {
        numu_event_type *type = field;
        for (*type = 0; *type < NUMU_EVENT_TYPE_COUNT; ++*type) {
            if (value->kind == NUMU_JSON_STRING &&
                numu_text_is(value->text, numu_event_kinds[*type].name)) {
                return NUMU_OK;
            }
        }
        (void)refuse(reader, NUMU_EVENT_UNKNOWN_TYPE, member->name, value->offset);
        (void)read_text(value, &reader->error.found);
        return NUMU_INVALID;
    }
    case TEXTS:
        return read_texts(reader, value, member->name, field);
    case LINES:
        return read_lines(reader, value, into);
    case ANY:
        *(const struct numu_json **)field = value;
        is_good = value->kind == NUMU_JSON_OBJECT;
        break;
    }
    return is_good ? NUMU_OK : refuse(reader, NUMU_EVENT_BAD_MEMBER, member->name, value->offset);
}

/* `quantity` of a draft: a number of units, or the same as text. */
static numu_status read_amount(struct reader *reader, const struct numu_json *value,
                               struct numu_event_line *line) {
    bool may = value->kind == NUMU_JSON_NUMBER || value->kind == NUMU_JSON_STRING;
    if (!may ||
        numu_number_parse(value->text, NUMU_QUANTITY_DECIMALS, '.', &line->quantity) !=
            NUMU_NUMBER_OK ||
        line->quantity < 0 || line->quantity > NUMU_INTEGER_MAX) {
        return refuse(reader, NUMU_EVENT_BAD_MEMBER, "quantity", value->offset);
    }
    return NUMU_OK;
}

static const struct member *find_member(const struct member *list, size_t count,
                                        struct numu_text name) {
    for (size_t i = 0; i < count; i++) {
        if (numu_text_is(name, list[i].name)) {
            return &list[i];
        }
    }
    return NULL;
}

const char *numu_event_error_form(const struct numu_event_error *error) {
    static const char *const forms[] = {
        [TEXT] = "kind.member_text",           [HASH] = "kind.member_hash",
        [REFERENCE] = "kind.member_reference", [TIME] = "kind.member_time",
        [TEXTS] = "kind.member_list",          [INTEGER] = "kind.member_integer",
        [LINES] = "kind.member_list",          [ANY] = "kind.member_object"};
    if (error->problem != NUMU_EVENT_BAD_MEMBER) {
        return NULL;
    }
    if (numu_text_is(error->member, "quantity")) {
        return "kind.member_quantity";
    }
    if (numu_text_is(error->member, "serials")) {
        return "kind.member_serials";
    }
    const struct member *member = find_member(members, MEMBER_COUNT, error->member);
    if (member == NULL) {
        member = find_member(line_members, LINE_MEMBER_COUNT, error->member);
    }
    return member == NULL ? NULL : forms[member->kind];
}

static numu_status add_choice(struct numu_buffer *list, const char *name) {
    NUMU_TRY(list->length > 0 ? numu_buffer_append_string(list, ", ") : NUMU_OK);
    return numu_buffer_append_string(list, name);
}

static numu_status add_members(struct numu_buffer *list) {
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        NUMU_TRY(add_choice(list, members[i].name));
    }
    for (size_t i = 0; i < LINE_MEMBER_COUNT; i++) {
        bool is_quantity = numu_text_is(numu_text_of(line_members[i].name), "quantity_millionths");
        NUMU_TRY(add_choice(list, is_quantity ? "quantity" : line_members[i].name));
    }
    return NUMU_OK;
}

static numu_status add_types(struct numu_buffer *list) {
    for (size_t i = 0; i < NUMU_EVENT_TYPE_COUNT; i++) {
        NUMU_TRY(add_choice(list, numu_event_kinds[i].name));
    }
    return NUMU_OK;
}

numu_status numu_event_error_choices(struct numu_arena *arena, const struct numu_event_error *error,
                                     struct numu_text *out) {
    struct numu_buffer list;
    numu_status status = NUMU_OK;
    numu_buffer_init(&list, arena->heap, 0);
    if (error->problem == NUMU_EVENT_UNKNOWN_TYPE) {
        status = add_types(&list);
    } else if (error->problem == NUMU_EVENT_UNKNOWN_MEMBER) {
        status = add_members(&list);
    }
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, (struct numu_text){list.data, list.length}, out);
    }
    numu_buffer_release(&list);
    return status;
}

static numu_status check_line(struct reader *reader, const struct numu_json *value,
                              struct numu_event_line *line) {
    if (line->item.length == 0) {
        return refuse(reader, NUMU_EVENT_MISSING_MEMBER, "item", value->offset);
    }
    numu_quantity counted;
    if (line->serials.count > 0) {
        NUMU_TRY(numu_multiply((int64_t)line->serials.count, NUMU_QUANTITY_ONE, &counted));
        if (line->quantity == NUMU_NO_NUMBER && reader->is_draft) {
            line->quantity = counted;
        }
        if (line->quantity != counted) {
            return refuse(reader, NUMU_EVENT_BAD_MEMBER, "quantity_millionths", value->offset);
        }
    }
    return line->quantity == NUMU_NO_NUMBER
               ? refuse(reader, NUMU_EVENT_MISSING_MEMBER,
                        reader->is_draft ? "quantity" : "quantity_millionths", value->offset)
               : NUMU_OK;
}

static numu_status read_line(struct reader *reader, const struct numu_json *value,
                             struct numu_event_line *line) {
    *line = (struct numu_event_line){.quantity = NUMU_NO_NUMBER, .line = NUMU_NO_NUMBER};
    if (value->kind != NUMU_JSON_OBJECT) {
        return refuse(reader, NUMU_EVENT_BAD_MEMBER, "lines", value->offset);
    }
    for (const struct numu_json *child = value->first; child != NULL; child = child->next) {
        const struct member *member = find_member(line_members, LINE_MEMBER_COUNT, child->key);
        if (member != NULL) {
            NUMU_TRY(read_member(reader, member, child, line));
        } else if (reader->is_draft && numu_text_is(child->key, "quantity")) {
            NUMU_TRY(read_amount(reader, child, line));
        } else {
            reader->error = (struct numu_event_error){.problem = NUMU_EVENT_UNKNOWN_MEMBER,
                                                      .member = child->key,
                                                      .offset = child->key_offset};
            return NUMU_INVALID;
        }
    }
    return check_line(reader, value, line);
}

static numu_status read_lines(struct reader *reader, const struct numu_json *value,
                              struct numu_event *event) {
    struct numu_event_line *lines;
    size_t max = reader->is_long ? NUMU_LONG_DRAFT_MAX : NUMU_EVENT_LINES_MAX;
    if (value->kind != NUMU_JSON_ARRAY || value->count == 0 || value->count > max) {
        return refuse(reader, NUMU_EVENT_BAD_MEMBER, "lines", value->offset);
    }
    NUMU_TRY(NUMU_TAKE(reader->arena, &lines, value->count));
    size_t count = 0;
    for (const struct numu_json *child = value->first; child != NULL; child = child->next) {
        NUMU_TRY(read_line(reader, child, &lines[count++]));
    }
    event->lines = lines;
    event->line_count = count;
    return NUMU_OK;
}

static bool is_given(const struct numu_event *event, const struct member *member) {
    const void *field = (const char *)event + member->offset;
    switch (member->kind) {
    case TEXT:
    case HASH:
    case REFERENCE:
        return ((const struct numu_text *)field)->length > 0;
    case INTEGER:
        return *(const int64_t *)field != NUMU_NO_NUMBER;
    case TIME:
        return *(const numu_instant *)field != NUMU_NO_INSTANT;
    case TYPE:
        return event->type < NUMU_EVENT_TYPE_COUNT;
    case TEXTS:
        return ((const struct numu_texts *)field)->count > 0;
    case LINES:
        return event->line_count > 0;
    case ANY:
        return event->registry != NULL;
    }
    return false;
}

static numu_status check_needs(struct reader *reader, const struct numu_event *event,
                               const char *words, size_t offset) {
    struct numu_text rest = numu_text_of(words);
    for (struct numu_text word = numu_text_next_word(&rest); word.length > 0;
         word = numu_text_next_word(&rest)) {
        const struct member *member = find_member(members, MEMBER_COUNT, word);
        numu_assert(member != NULL);
        if (!is_given(event, member)) {
            return refuse(reader, NUMU_EVENT_MISSING_MEMBER, member->name, offset);
        }
    }
    return NUMU_OK;
}

static numu_status read_body(struct reader *reader, const struct numu_json *value,
                             struct numu_event *out) {
    *out = (struct numu_event){.type = NUMU_EVENT_TYPE_COUNT,
                               .version = NUMU_NO_NUMBER,
                               .time = NUMU_NO_INSTANT,
                               .against = NUMU_NO_NUMBER};
    if (value->kind != NUMU_JSON_OBJECT) {
        return refuse(reader, NUMU_EVENT_NO_JSON, "", value->offset);
    }
    const struct numu_json *version = numu_json_find(value, "version");
    int64_t number = NUMU_NO_NUMBER;
    if (version != NULL && (!numu_json_integer_of(version, &number) || number < 1 ||
                            number > NUMU_EVENT_VERSION_MAX)) {
        return refuse(reader, NUMU_EVENT_UNKNOWN_VERSION, "version", version->offset);
    }
    for (const struct numu_json *child = value->first; child != NULL; child = child->next) {
        const struct member *member = find_member(members, MEMBER_COUNT, child->key);
        if (member == NULL) {
            reader->error = (struct numu_event_error){.problem = NUMU_EVENT_UNKNOWN_MEMBER,
                                                      .member = child->key,
                                                      .offset = child->key_offset};
            return NUMU_INVALID;
        }
        NUMU_TRY(read_member(reader, member, child, out));
    }
    NUMU_TRY(check_needs(reader, out, reader->is_draft ? needed_of_draft : always_needed,
                         value->offset));
    if (version == NULL) {
        out->version = numu_event_version(out->type);
    } else if (number > numu_event_version(out->type)) {
        return refuse(reader, NUMU_EVENT_UNKNOWN_VERSION, "version", version->offset);
    }
    return check_needs(reader, out, numu_event_kinds[out->type].needs, value->offset);
}

static numu_status read_json(struct reader *reader, struct numu_text text, bool is_canonical,
                             struct numu_json **out) {
    struct numu_json_error error;
    if (text.length > NUMU_ENTRY_BYTES_MAX && is_canonical) {
        return refuse(reader, NUMU_EVENT_TOO_LARGE, "", 0);
    }
    if (!is_canonical) {
        numu_status status = numu_json_read(reader->arena, text, READ_DEPTH, out, &error);
        if (status == NUMU_INVALID) {
            (void)refuse(reader, NUMU_EVENT_NO_JSON, "", error.offset);
            reader->error.json = error.problem;
        }
        return status;
    }
    size_t offset;
    numu_status status = numu_canonical_read(reader->arena, text, out, &offset);
    return status == NUMU_INVALID ? refuse(reader, NUMU_EVENT_NOT_CANONICAL, "", offset) : status;
}

static numu_status read_draft(struct reader *reader, struct numu_text text, struct numu_event *out,
                              struct numu_event_error *out_error) {
    struct numu_json *value;
    numu_status status = read_json(reader, text, false, &value);
    if (status == NUMU_OK) {
        status = read_body(reader, value, out);
    }
    *out_error = reader->error;
    return status;
}

numu_status numu_event_read_draft(struct numu_arena *arena, struct numu_text text,
                                  struct numu_event *out, struct numu_event_error *out_error) {
    struct reader reader = {.arena = arena, .is_draft = true};
    return read_draft(&reader, text, out, out_error);
}

numu_status numu_event_read_long_draft(struct numu_arena *arena, struct numu_text text,
                                       struct numu_event *out, struct numu_event_error *out_error) {
    struct reader reader = {.arena = arena, .is_draft = true, .is_long = true};
    return read_draft(&reader, text, out, out_error);
}

numu_status numu_event_read_body(struct numu_arena *arena, struct numu_text text,
                                 struct numu_event *out, struct numu_event_error *out_error) {
    struct reader reader = {.arena = arena};
    struct numu_json *value;
    numu_status status = read_json(&reader, text, true, &value);
    if (status == NUMU_OK) {
        status = read_body(&reader, value, out);
    }
    *out_error = reader.error;
    return status;
}

/* --- writing --- */

static numu_status write_texts(struct numu_buffer *buffer, const struct numu_texts *texts) {
    NUMU_TRY(numu_buffer_append_char(buffer, '['));
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0) {
            NUMU_TRY(numu_buffer_append_char(buffer, ','));
        }
        NUMU_TRY(numu_canonical_string(buffer, texts->list[i]));
    }
    return numu_buffer_append_char(buffer, ']');
}

/* A comma where something stands before, and the name. */
static numu_status write_name(struct numu_buffer *buffer, const char *name) {
    char before = buffer->data[buffer->length - 1];
    if (before != '{') {
        NUMU_TRY(numu_buffer_append_char(buffer, ','));
    }
    return numu_buffer_printf(buffer, "\"%s\":", name);
}

static numu_status write_instant(struct numu_buffer *buffer, numu_instant instant) {
    char text[NUMU_INSTANT_TEXT_BYTES];
    return numu_buffer_printf(buffer, "\"%s\"", numu_instant_format(instant, text));
}

static numu_status write_line(struct numu_buffer *buffer, const struct numu_event_line *line) {
    NUMU_TRY(numu_buffer_append_char(buffer, '{'));
    for (size_t i = 0; i < LINE_MEMBER_COUNT; i++) {
        const struct member *member = &line_members[i];
        const void *field = (const char *)line + member->offset;
        if (member->kind == INTEGER && *(const int64_t *)field != NUMU_NO_NUMBER) {
            NUMU_TRY(write_name(buffer, member->name));
            NUMU_TRY(numu_buffer_printf(buffer, "%" PRId64, *(const int64_t *)field));
        } else if (member->kind == TEXT && ((const struct numu_text *)field)->length > 0) {
            NUMU_TRY(write_name(buffer, member->name));
            NUMU_TRY(numu_canonical_string(buffer, *(const struct numu_text *)field));
        } else if (member->kind == TEXTS && line->serials.count > 0) {
            NUMU_TRY(write_name(buffer, member->name));
            NUMU_TRY(write_texts(buffer, &line->serials));
        }
    }
    return numu_buffer_append_char(buffer, '}');
}

static numu_status write_lines(struct numu_buffer *buffer, const struct numu_event *event) {
    NUMU_TRY(numu_buffer_append_char(buffer, '['));
    for (size_t i = 0; i < event->line_count; i++) {
        if (i > 0) {
            NUMU_TRY(numu_buffer_append_char(buffer, ','));
        }
        NUMU_TRY(write_line(buffer, &event->lines[i]));
    }
    return numu_buffer_append_char(buffer, ']');
}

static numu_status write_member(struct numu_buffer *buffer, struct numu_arena *scratch,
                                const struct numu_event *event, const struct member *member) {
    const void *field = (const char *)event + member->offset;
    NUMU_TRY(write_name(buffer, member->name));
    switch (member->kind) {
    case TEXT:
    case HASH:
    case REFERENCE:
        return numu_canonical_string(buffer, *(const struct numu_text *)field);
    case INTEGER:
        return numu_buffer_printf(buffer, "%" PRId64, *(const int64_t *)field);
    case TIME:
        return write_instant(buffer, event->time);
    case TYPE:
        return numu_buffer_printf(buffer, "\"%s\"", numu_event_kinds[event->type].name);
    case TEXTS:
        return write_texts(buffer, field);
    case LINES:
        return write_lines(buffer, event);
    case ANY:
        return numu_canonical_write(buffer, scratch, event->registry);
    }
    return NUMU_BUG;
}

numu_status numu_event_write_body(const struct numu_event *event, struct numu_arena *scratch,
                                  struct numu_buffer *buffer) {
    size_t start = buffer->length;
    NUMU_TRY(numu_buffer_append_char(buffer, '{'));
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (is_given(event, &members[i])) {
            NUMU_TRY(write_member(buffer, scratch, event, &members[i]));
        }
    }
    NUMU_TRY(numu_buffer_append_char(buffer, '}'));
    return buffer->length - start <= NUMU_ENTRY_BYTES_MAX ? NUMU_OK : NUMU_LIMIT;
}

/* --- records --- */

static const char *const record_members[] = {"body",     "epoch",      "judged", "prev", "recorded",
                                             "sequence", "signatures", "site",   NULL};

static numu_status write_signature(struct numu_buffer *buffer,
                                   const struct numu_event_signature *signature) {
    NUMU_TRY(numu_buffer_append_string(buffer, "{\"key\":"));
    NUMU_TRY(numu_canonical_string(buffer, signature->key));
    NUMU_TRY(numu_buffer_append_string(buffer, ",\"signature\":\""));
    NUMU_TRY(numu_base64_write(signature->signature.bytes, NUMU_SIGNATURE_BYTES, buffer));
    return numu_buffer_append_string(buffer, "\"}");
}

/* --- what an event was judged by --- */

struct judgement_member {
    const char *name;
    bool is_list, is_hash;
    size_t offset;
};
#define JUDGEMENT(name, is_list, is_hash)                                                          \
    { #name, is_list, is_hash, offsetof(struct numu_judgement, name) }
static const struct judgement_member judgement_members[] = {
    JUDGEMENT(broken, true, false), JUDGEMENT(licence, false, true), JUDGEMENT(lists, true, true),
    JUDGEMENT(model, false, true), JUDGEMENT(rules, false, true)};
enum { JUDGEMENT_MEMBER_COUNT = sizeof judgement_members / sizeof *judgement_members };

static const struct numu_texts *judged_list(const struct numu_judgement *judged,
                                            const struct judgement_member *member) {
    return (const void *)((const char *)judged + member->offset);
}

static const struct numu_text *judged_text(const struct numu_judgement *judged,
                                           const struct judgement_member *member) {
    return (const void *)((const char *)judged + member->offset);
}

static bool is_judged_by(const struct numu_judgement *judged,
                         const struct judgement_member *member) {
    return member->is_list ? judged_list(judged, member)->count > 0
                           : judged_text(judged, member)->length > 0;
}

static numu_status write_judgement(struct numu_buffer *buffer,
                                   const struct numu_judgement *judged) {
    bool is_empty = true;
    for (size_t i = 0; i < JUDGEMENT_MEMBER_COUNT; i++) {
        const struct judgement_member *member = &judgement_members[i];
        if (!is_judged_by(judged, member)) {
            continue;
        }
        if (is_empty) {
            NUMU_TRY(numu_buffer_append_string(buffer, ",\"judged\":{"));
        }
        is_empty = false;
        NUMU_TRY(write_name(buffer, member->name));
        NUMU_TRY(member->is_list ? write_texts(buffer, judged_list(judged, member))
                                 : numu_canonical_string(buffer, *judged_text(judged, member)));
    }
    return is_empty ? NUMU_OK : numu_buffer_append_char(buffer, '}');
}

static bool are_hashes(const struct numu_texts *texts) {
    for (size_t i = 0; i < texts->count; i++) {
        if (!is_hash(texts->list[i])) {
            return false;
        }
    }
    return true;
}

static numu_status read_judged(struct reader *reader, const struct numu_json *value,
                               const struct judgement_member *member, struct numu_judgement *out) {
    void *field = (char *)out + member->offset;
    if (member->is_list) {
        NUMU_TRY(read_texts(reader, value, "judged", field));
    }
    bool is_good = member->is_list ? !member->is_hash || are_hashes(field)
                                   : read_text(value, field) && is_hash(value->text);
    return is_good ? NUMU_OK : refuse(reader, NUMU_EVENT_BAD_MEMBER, "judged", value->offset);
}

static numu_status read_judgement(struct reader *reader, const struct numu_json *value,
                                  struct numu_judgement *out) {
    if (value->kind != NUMU_JSON_OBJECT || value->count == 0) {
        return refuse(reader, NUMU_EVENT_BAD_MEMBER, "judged", value->offset);
    }
    for (const struct numu_json *child = value->first; child != NULL; child = child->next) {
        size_t i = 0;
        while (i < JUDGEMENT_MEMBER_COUNT && !numu_text_is(child->key, judgement_members[i].name)) {
            i++;
        }
        if (i == JUDGEMENT_MEMBER_COUNT) {
            return refuse(reader, NUMU_EVENT_UNKNOWN_MEMBER, "judged", child->key_offset);
        }
        NUMU_TRY(read_judged(reader, child, &judgement_members[i], out));
    }
    return NUMU_OK;
}

numu_status numu_record_write(const struct numu_record *record, struct numu_buffer *buffer) {
    size_t start = buffer->length;
    NUMU_TRY(numu_buffer_append_string(buffer, "{\"body\":"));
    NUMU_TRY(numu_buffer_append(buffer, record->body.data, record->body.length));
    NUMU_TRY(numu_buffer_printf(buffer, ",\"epoch\":%" PRId64, record->epoch));
    NUMU_TRY(write_judgement(buffer, &record->judged));
    if (record->prev.count > 0) {
        NUMU_TRY(write_name(buffer, "prev"));
        NUMU_TRY(write_texts(buffer, &record->prev));
    }
    NUMU_TRY(write_name(buffer, "recorded"));
    NUMU_TRY(write_instant(buffer, record->recorded));
    NUMU_TRY(numu_buffer_printf(buffer, ",\"sequence\":%" PRId64, record->sequence));
    if (record->signature_count > 0) {
        NUMU_TRY(numu_buffer_append_string(buffer, ",\"signatures\":["));
        for (size_t i = 0; i < record->signature_count; i++) {
            if (i > 0) {
                NUMU_TRY(numu_buffer_append_char(buffer, ','));
            }
            NUMU_TRY(write_signature(buffer, &record->signatures[i]));
        }
        NUMU_TRY(numu_buffer_append_char(buffer, ']'));
    }
    NUMU_TRY(write_name(buffer, "site"));
    NUMU_TRY(numu_canonical_string(buffer, record->site));
    NUMU_TRY(numu_buffer_append_char(buffer, '}'));
    return buffer->length - start <= NUMU_ENTRY_BYTES_MAX ? NUMU_OK : NUMU_LIMIT;
}

static numu_status read_signatures(struct reader *reader, const struct numu_json *value,
                                   struct numu_record *out) {
    if (value == NULL) {
        return NUMU_OK;
    }
    if (value->kind != NUMU_JSON_ARRAY || value->count == 0 ||
        value->count > NUMU_EVENT_SIGNATURES_MAX) {
        return refuse(reader, NUMU_EVENT_BAD_MEMBER, "signatures", value->offset);
    }
    for (const struct numu_json *child = value->first; child != NULL; child = child->next) {
        struct numu_event_signature *signature = &out->signatures[out->signature_count++];
        const struct numu_json *key = numu_json_find(child, "key");
        const struct numu_json *bytes = numu_json_find(child, "signature");
        if (child->count != 2 || key == NULL || bytes == NULL || !read_text(key, &signature->key) ||
            bytes->kind != NUMU_JSON_STRING ||
            !numu_base64_parse(bytes->text, signature->signature.bytes, NUMU_SIGNATURE_BYTES)) {
            return refuse(reader, NUMU_EVENT_BAD_MEMBER, "signatures", child->offset);
        }
    }
    return NUMU_OK;
}

numu_status numu_event_read_signed(struct numu_arena *arena, struct numu_text text,
                                   struct numu_record *out, struct numu_event_error *out_error) {
    struct reader reader = {.arena = arena};
    struct numu_json *value;
    memset(out, 0, sizeof *out);
    numu_status status = read_json(&reader, text, true, &value);
    const struct numu_json *body = status == NUMU_OK ? numu_json_find(value, "body") : NULL;
    if (status == NUMU_OK && (body == NULL || value->count > 2)) {
        status = refuse(&reader, NUMU_EVENT_MISSING_MEMBER, "body", 0);
    }
    if (status == NUMU_OK) {
        out->body = (struct numu_text){text.data + body->offset, body->length};
        status = read_signatures(&reader, numu_json_find(value, "signatures"), out);
    }
    if (status == NUMU_OK) {
        status = read_body(&reader, body, &out->event);
    }
    *out_error = reader.error;
    return status;
}

numu_status numu_event_write_signed(struct numu_text body,
                                    const struct numu_event_signature *signatures, size_t count,
                                    struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_append_string(buffer, "{\"body\":"));
    NUMU_TRY(numu_buffer_append(buffer, body.data, body.length));
    NUMU_TRY(numu_buffer_append_string(buffer, ",\"signatures\":["));
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            NUMU_TRY(numu_buffer_append_char(buffer, ','));
        }
        NUMU_TRY(write_signature(buffer, &signatures[i]));
    }
    return numu_buffer_append_string(buffer, "]}");
}

static numu_status read_wrapper(struct reader *reader, struct numu_text text,
                                const struct numu_json *value, struct numu_record *out) {
    for (const struct numu_json *child = value->first; child != NULL; child = child->next) {
        if (numu_choice_find(record_members, child->key) == 0) {
            reader->error = (struct numu_event_error){.problem = NUMU_EVENT_UNKNOWN_MEMBER,
                                                      .member = child->key,
                                                      .offset = child->key_offset};
            return NUMU_INVALID;
        }
    }
    const struct numu_json *body = numu_json_find(value, "body");
    const struct numu_json *site = numu_json_find(value, "site");
    const struct numu_json *recorded = numu_json_find(value, "recorded");
    const struct numu_json *prev = numu_json_find(value, "prev");
    const struct numu_json *judged = numu_json_find(value, "judged");
    if (body == NULL || site == NULL || !read_text(site, &out->site)) {
        return refuse(reader, NUMU_EVENT_MISSING_MEMBER, body == NULL ? "body" : "site", 0);
    }
    if (recorded == NULL || !numu_instant_parse(recorded->text, &out->recorded)) {
        return refuse(reader, NUMU_EVENT_BAD_MEMBER, "recorded", 0);
    }
    if (!numu_json_integer_of(numu_json_find(value, "epoch"), &out->epoch) || out->epoch < 0 ||
        !numu_json_integer_of(numu_json_find(value, "sequence"), &out->sequence) ||
        out->sequence < 0) {
        return refuse(reader, NUMU_EVENT_BAD_MEMBER, "sequence", 0);
    }
    if (judged != NULL) {
        NUMU_TRY(read_judgement(reader, judged, &out->judged));
    }
    if (prev != NULL) {
        NUMU_TRY(read_texts(reader, prev, "prev", &out->prev));
    }
    NUMU_TRY(read_signatures(reader, numu_json_find(value, "signatures"), out));
    out->body = (struct numu_text){text.data + body->offset, body->length};
    return read_body(reader, body, &out->event);
}

static numu_status read_record(struct reader *reader, struct numu_text text, bool is_canonical,
                               struct numu_record *out) {
    struct numu_json *value;
    memset(out, 0, sizeof *out);
    NUMU_TRY(read_json(reader, text, is_canonical, &value));
    numu_status status = read_wrapper(reader, text, value, out);
    if (status == NUMU_INVALID && reader->error.problem == NUMU_EVENT_FINE) {
        status = NUMU_BUG;
    }
    return status;
}

numu_status numu_record_read(struct numu_arena *arena, struct numu_text text,
                             struct numu_record *out, struct numu_event_error *out_error) {
    struct reader reader = {.arena = arena};
    numu_status status = read_record(&reader, text, true, out);
    *out_error = reader.error;
    return status;
}

numu_status numu_record_read_trusted(struct numu_arena *arena, struct numu_text text,
                                     struct numu_record *out) {
    struct reader reader = {.arena = arena};
    return read_record(&reader, text, false, out);
}
