/*
 * certificate.c - see certificate.h. Members stand in one table, in the canonical order, that
 * reading and writing both follow; whether a text has the one form is found by writing it again.
 */
#include "ledger/certificate.h"

#include "base/table.h"
#include "ledger/canonical.h"
#include "ledger/note.h"

#include <string.h>

static const char head[] = "numu.certificate/1\n";
enum { READ_DEPTH = 4 };

static const char *const type_names[NUMU_CERTIFICATE_TYPE_COUNT + 1] = {"person", "site", "root",
                                                                        "revocation", NULL};
static const char *const type_needs[NUMU_CERTIFICATE_TYPE_COUNT] = {"id key roles", "id key", "key",
                                                                    "id"};
static const char *const type_may[NUMU_CERTIFICATE_TYPE_COUNT] = {"site until", "", "", ""};
static const char always_needed[] = "issued ledger type";
static const char needed_of_draft[] = "type"; /* who signs knows the rest */

typedef enum kind { TEXT, ID, KEY, ROLES, TIME, DAY, TYPE } kind;

struct member {
    const char *name;
    kind kind;
    size_t offset;
};
#define MEMBER(name, kind)                                                                         \
    { #name, kind, offsetof(struct numu_certificate, name) }
static const struct member members[] = {
    MEMBER(id, ID),       MEMBER(issued, TIME), MEMBER(key, KEY),   MEMBER(ledger, TEXT),
    MEMBER(roles, ROLES), MEMBER(site, ID),     MEMBER(type, TYPE), MEMBER(until, DAY)};
enum { MEMBER_COUNT = sizeof members / sizeof *members };

const char *numu_certificate_type_name(numu_certificate_type type) {
    return type_names[type];
}

struct numu_text numu_certificate_subject(const struct numu_certificate *certificate) {
    switch (certificate->type) {
    case NUMU_CERTIFICATE_site:
        return NUMU_TEXT("site");
    case NUMU_CERTIFICATE_root:
        return NUMU_TEXT("/root");
    default:
        return certificate->id;
    }
}

/* --- members --- */

/* Every word is a role. */
static bool are_roles(struct numu_text text) {
    bool is_good = text.length > 0;
    for (struct numu_text word = numu_text_next_word(&text); word.length > 0;
         word = numu_text_next_word(&text)) {
        is_good = is_good && numu_roles_parse(word) != 0;
    }
    return is_good;
}

static bool read_member(const struct member *member, struct numu_text text,
                        struct numu_certificate *out) {
    void *field = (char *)out + member->offset;
    struct numu_public_key key;
    if (!numu_event_text_is_plain(text)) {
        return false;
    }
    switch (member->kind) {
    case TEXT:
        break;
    case ID:
        if (memchr(text.data, '/', text.length) != NULL) {
            return false;
        }
        break;
    case KEY:
        if (numu_public_key_parse(text, &key) != NUMU_OK) {
            return false;
        }
        break;
    case ROLES:
        if (!are_roles(text)) {
            return false;
        }
        break;
    case TIME:
        return numu_instant_parse(text, field);
    case DAY:
        return numu_day_parse(text, field);
    case TYPE: {
        uint8_t choice = numu_choice_find(type_names, text);
        out->type = (numu_certificate_type)(choice - 1);
        return choice > 0;
    }
    }
    *(struct numu_text *)field = text;
    return true;
}

static bool is_given(const struct numu_certificate *certificate, const struct member *member) {
    const void *field = (const char *)certificate + member->offset;
    switch (member->kind) {
    case TEXT:
    case ID:
    case KEY:
    case ROLES:
        return ((const struct numu_text *)field)->length > 0;
    case TIME:
        return *(const numu_instant *)field != NUMU_NO_INSTANT;
    case DAY:
        return *(const numu_day *)field != NUMU_NO_DAY;
    case TYPE:
        return certificate->type < NUMU_CERTIFICATE_TYPE_COUNT;
    }
    return false;
}

static bool is_word_of(const char *words, const char *wanted) {
    struct numu_text rest = numu_text_of(words);
    for (struct numu_text word = numu_text_next_word(&rest); word.length > 0;
         word = numu_text_next_word(&rest)) {
        if (numu_text_is(word, wanted)) {
            return true;
        }
    }
    return false;
}

/* What speaks against the members as a whole: one that is missing, or that has no place there. */
static numu_event_problem check_members(const struct numu_certificate *certificate,
                                        const char *needed, const char **out_member) {
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const struct member *member = &members[i];
        bool has = is_given(certificate, member);
        bool has_type = certificate->type < NUMU_CERTIFICATE_TYPE_COUNT;
        bool needs = is_word_of(needed, member->name) ||
                     (has_type && is_word_of(type_needs[certificate->type], member->name));
        bool may = needs || is_word_of(always_needed, member->name) || !has_type ||
                   is_word_of(type_may[certificate->type], member->name);
        *out_member = member->name;
        if (needs && !has) {
            return NUMU_EVENT_MISSING_MEMBER;
        }
        if (has && !may) {
            return NUMU_EVENT_UNKNOWN_MEMBER;
        }
    }
    *out_member = "id"; /* the register has the site's key under this name */
    bool is_reserved =
        certificate->type != NUMU_CERTIFICATE_site && numu_text_is(certificate->id, "site");
    return is_reserved ? NUMU_EVENT_BAD_MEMBER : NUMU_EVENT_FINE;
}

const char *numu_certificate_error_form(const struct numu_event_error *error) {
    static const char *const forms[] = {
        [TEXT] = "kind.member_text",       [ID] = "kind.member_id",     [KEY] = "kind.member_key",
        [ROLES] = "kind.member_roles",     [TIME] = "kind.member_time", [DAY] = "kind.member_day",
        [TYPE] = "kind.member_certificate"};
    if (error->problem != NUMU_EVENT_BAD_MEMBER) {
        return NULL;
    }
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (numu_text_is(error->member, members[i].name)) {
            return forms[members[i].kind];
        }
    }
    return NULL;
}

/* --- reading --- */

static numu_status refuse(struct numu_event_error *error, numu_event_problem problem,
                          struct numu_text member, size_t offset) {
    *error = (struct numu_event_error){.problem = problem, .member = member, .offset = offset};
    return NUMU_INVALID;
}

static numu_status read_members(const struct numu_json *value, const char *needed,
                                struct numu_certificate *out, struct numu_event_error *error) {
    struct numu_certificate certificate = {
        .type = NUMU_CERTIFICATE_TYPE_COUNT, .issued = NUMU_NO_INSTANT, .until = NUMU_NO_DAY};
    const char *name;
    if (value->kind != NUMU_JSON_OBJECT) {
        return refuse(error, NUMU_EVENT_NO_JSON, (struct numu_text){NULL, 0}, value->offset);
    }
    for (const struct numu_json *child = value->first; child != NULL; child = child->next) {
        size_t at = 0;
        while (at < MEMBER_COUNT && !numu_text_is(child->key, members[at].name)) {
            at++;
        }
        if (at == MEMBER_COUNT) {
            return refuse(error, NUMU_EVENT_UNKNOWN_MEMBER, child->key, child->key_offset);
        }
        if (child->kind != NUMU_JSON_STRING ||
            !read_member(&members[at], child->text, &certificate)) {
            return refuse(error, NUMU_EVENT_BAD_MEMBER, child->key, child->offset);
        }
    }
    numu_event_problem problem = check_members(&certificate, needed, &name);
    if (problem != NUMU_EVENT_FINE) {
        return refuse(error, problem, numu_text_of(name), value->offset);
    }
    *out = certificate;
    return NUMU_OK;
}

numu_status numu_certificate_read_draft(struct numu_arena *arena, struct numu_text text,
                                        struct numu_certificate *out,
                                        struct numu_event_error *out_error) {
    struct numu_json *value;
    struct numu_json_error error;
    *out_error = (struct numu_event_error){.problem = NUMU_EVENT_FINE};
    numu_status status = numu_json_read(arena, text, READ_DEPTH, &value, &error);
    if (status == NUMU_INVALID) {
        *out_error = (struct numu_event_error){
            .problem = NUMU_EVENT_NO_JSON, .offset = error.offset, .json = error.problem};
        return status;
    }
    NUMU_TRY(status);
    return read_members(value, needed_of_draft, out, out_error);
}

bool numu_certificate_is_begun(struct numu_text text) {
    return text.length >= sizeof head - 1 && memcmp(text.data, head, sizeof head - 1) == 0;
}

/* Its two lines, where the note has one signature line; NUMU_INVALID for any other. */
static numu_status split(struct numu_text text, struct numu_text *out_statement) {
    struct numu_text note;
    struct numu_text lines;
    struct numu_note_line line;
    NUMU_TRY(numu_note_split(text, &note, &lines));
    if (!numu_certificate_is_begun(note) || !numu_note_line_next(&lines, &line) ||
        lines.length > 0) {
        return NUMU_INVALID;
    }
    size_t skipped = sizeof head - 1;
    *out_statement = (struct numu_text){note.data + skipped, note.length - skipped};
    if (numu_text_find(*out_statement, NUMU_TEXT("\n"), 0) != out_statement->length - 1) {
        return NUMU_INVALID;
    }
    out_statement->length--;
    return NUMU_OK;
}

numu_status numu_certificate_read(struct numu_arena *arena, struct numu_text text,
                                  struct numu_certificate *out) {
    struct numu_text statement;
    struct numu_json *value;
    struct numu_event_error error;
    size_t offset;
    NUMU_TRY(split(text, &statement));
    NUMU_TRY(numu_canonical_read(arena, statement, &value, &offset));
    return read_members(value, always_needed, out, &error);
}

bool numu_certificate_is_signed(struct numu_text text, const struct numu_public_key *root) {
    struct numu_text note;
    size_t count;
    return numu_note_read(text, root, 1, &note, &count) == NUMU_OK && count == 1;
}

bool numu_certificate_next(struct numu_text *rest, struct numu_text *out) {
    static const char between[] = "\nnumu.certificate/1\n";
    if (rest->length == 0) {
        return false;
    }
    size_t at = numu_text_find(*rest, NUMU_TEXT(between), 0);
    size_t length = at == SIZE_MAX ? rest->length : at + 1;
    *out = (struct numu_text){rest->data, length};
    *rest = (struct numu_text){rest->data + length, rest->length - length};
    return true;
}

/* --- writing --- */

static numu_status write_value(const struct numu_certificate *certificate,
                               const struct member *member, struct numu_buffer *buffer) {
    const void *field = (const char *)certificate + member->offset;
    char time[NUMU_INSTANT_TEXT_BYTES];
    char day[NUMU_DAY_TEXT_BYTES];
    switch (member->kind) {
    case TEXT:
    case ID:
    case KEY:
    case ROLES:
        return numu_canonical_string(buffer, *(const struct numu_text *)field);
    case TIME:
        return numu_canonical_string(buffer,
                                     numu_text_of(numu_instant_format(certificate->issued, time)));
    case DAY:
        return numu_canonical_string(buffer,
                                     numu_text_of(numu_day_format(certificate->until, day)));
    case TYPE:
        return numu_canonical_string(buffer, numu_text_of(type_names[certificate->type]));
    }
    return NUMU_BUG;
}

/* The two lines that are signed. */
static numu_status write_lines(const struct numu_certificate *certificate,
                               struct numu_buffer *buffer) {
    char before = '{';
    NUMU_TRY(numu_buffer_append_string(buffer, head));
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (!is_given(certificate, &members[i])) {
            continue;
        }
        NUMU_TRY(numu_buffer_printf(buffer, "%c\"%s\":", before, members[i].name));
        NUMU_TRY(write_value(certificate, &members[i], buffer));
        before = ',';
    }
    return numu_buffer_append_string(buffer, "}\n");
}

numu_status numu_certificate_write(const struct numu_certificate *certificate,
                                   const struct numu_signer *root, struct numu_buffer *buffer) {
    struct numu_buffer lines;
    const char *name;
    if (check_members(certificate, always_needed, &name) != NUMU_EVENT_FINE) {
        return NUMU_INVALID;
    }
    numu_buffer_init(&lines, buffer->heap, 0);
    numu_status status = write_lines(certificate, &lines);
    if (status == NUMU_OK) {
        status = numu_note_sign(root, (struct numu_text){lines.data, lines.length}, buffer);
    }
    numu_buffer_release(&lines);
    return status;
}
