/*
 * canonical.c - see canonical.h. Whether a text is canonical is found by writing it again: there is
 * no second description of the form that could disagree with the first.
 */
#include "ledger/canonical.h"

#include <stdlib.h>
#include <string.h>

numu_status numu_canonical_string(struct numu_buffer *buffer, struct numu_text text) {
    static const char digits[] = "0123456789abcdef";
    NUMU_TRY(numu_buffer_append_char(buffer, '"'));
    size_t plain = 0; /* where what needs no escape begins */
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        NUMU_TRY(numu_buffer_append(buffer, text.data + plain, i - plain));
        plain = i + 1;
        static const char shorts[] = "\b\t\n\f\r\"\\";
        const char *found = c == 0 ? NULL : strchr(shorts, c);
        if (found != NULL) {
            char escape[2] = {'\\', "btnfr\"\\"[found - shorts]};
            NUMU_TRY(numu_buffer_append(buffer, escape, sizeof escape));
        } else {
            char escape[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 0xF]};
            NUMU_TRY(numu_buffer_append(buffer, escape, sizeof escape));
        }
    }
    NUMU_TRY(numu_buffer_append(buffer, text.data + plain, text.length - plain));
    return numu_buffer_append_char(buffer, '"');
}

bool numu_json_integer_of(const struct numu_json *value, int64_t *out) {
    if (value == NULL || value->kind != NUMU_JSON_NUMBER) {
        return false;
    }
    struct numu_text text = value->text;
    bool is_negative = text.data[0] == '-';
    int64_t number = 0;
    for (size_t i = is_negative ? 1 : 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        number = number * 10 + (text.data[i] - '0');
        if (number > NUMU_INTEGER_MAX) {
            return false;
        }
    }
    *out = is_negative ? -number : number;
    return true;
}

/*
 * The order of names: that of UTF-16 code units, in which a character beyond U+FFFF (units D800 to
 * DFFF) comes before U+E000 to U+FFFF. Bytewise order differs in this alone.
 */
static uint32_t first_unit(uint32_t code_point) {
    return code_point < 0x10000 ? code_point : 0xD800 + ((code_point - 0x10000) >> 10);
}

static int compare_names(struct numu_text a, struct numu_text b) {
    size_t at = 0;
    while (at < a.length && at < b.length && a.data[at] == b.data[at]) {
        at++;
    }
    if (at == a.length || at == b.length) {
        return (a.length > b.length) - (a.length < b.length);
    }
    while (at > 0 && ((unsigned char)a.data[at] & 0xC0) == 0x80) {
        at--; /* to the start of the characters that differ */
    }
    uint32_t of_a;
    uint32_t of_b;
    (void)numu_utf8_decode((struct numu_text){a.data + at, a.length - at}, &of_a);
    (void)numu_utf8_decode((struct numu_text){b.data + at, b.length - at}, &of_b);
    uint32_t unit_a = first_unit(of_a);
    uint32_t unit_b = first_unit(of_b);
    if (unit_a != unit_b) {
        return unit_a < unit_b ? -1 : 1;
    }
    return of_a < of_b ? -1 : 1; /* two beyond U+FFFF with one high surrogate */
}

static int compare_members(const void *a, const void *b) {
    const struct numu_json *const *of_a = a;
    const struct numu_json *const *of_b = b;
    return compare_names((*of_a)->key, (*of_b)->key);
}

static numu_status write_members(struct numu_buffer *buffer, struct numu_arena *scratch,
                                 const struct numu_json *value) {
    const struct numu_json **members;
    bool is_object = value->kind == NUMU_JSON_OBJECT;
    NUMU_TRY(NUMU_TAKE(scratch, &members, value->count));
    size_t count = 0;
    for (const struct numu_json *child = value->first; child != NULL; child = child->next) {
        members[count++] = child;
    }
    if (is_object && count > 1) {
        qsort(members, count, sizeof *members, compare_members);
    }
    NUMU_TRY(numu_buffer_append_char(buffer, is_object ? '{' : '['));
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            NUMU_TRY(numu_buffer_append_char(buffer, ','));
        }
        if (is_object) {
            NUMU_TRY(numu_canonical_string(buffer, members[i]->key));
            NUMU_TRY(numu_buffer_append_char(buffer, ':'));
        }
        NUMU_TRY(numu_canonical_write(buffer, scratch, members[i]));
    }
    return numu_buffer_append_char(buffer, is_object ? '}' : ']');
}

numu_status numu_canonical_write(struct numu_buffer *buffer, struct numu_arena *scratch,
                                 const struct numu_json *value) {
    int64_t number;
    switch (value->kind) {
    case NUMU_JSON_NULL:
        return numu_buffer_append_string(buffer, "null");
    case NUMU_JSON_FALSE:
        return numu_buffer_append_string(buffer, "false");
    case NUMU_JSON_TRUE:
        return numu_buffer_append_string(buffer, "true");
    case NUMU_JSON_STRING:
        return numu_canonical_string(buffer, value->text);
    case NUMU_JSON_NUMBER:
        return numu_json_integer_of(value, &number)
                   ? numu_buffer_printf(buffer, "%lld", (long long)number)
                   : NUMU_INVALID;
    case NUMU_JSON_ARRAY:
    case NUMU_JSON_OBJECT:
        break;
    }
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    numu_status status = write_members(buffer, scratch, value);
    numu_arena_rewind(scratch, mark);
    return status;
}

numu_status numu_canonical_read(struct numu_arena *arena, struct numu_text text,
                                struct numu_json **out, size_t *out_offset) {
    struct numu_json *value;
    struct numu_json_error error;
    numu_status status = numu_json_read(arena, text, NUMU_JSON_READ_DEPTH, &value, &error);
    if (status != NUMU_OK) {
        *out_offset = error.offset;
        return status;
    }
    struct numu_buffer again;
    numu_buffer_init(&again, arena->heap, 0);
    status = numu_canonical_write(&again, arena, value);
    size_t same = 0;
    while (same < text.length && same < again.length && text.data[same] == again.data[same]) {
        same++;
    }
    if (status == NUMU_OK && (same < text.length || same < again.length)) {
        status = NUMU_INVALID;
    }
    numu_buffer_release(&again);
    *out_offset = same;
    if (status == NUMU_OK) {
        *out = value;
    }
    return status;
}
