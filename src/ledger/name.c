/*
 * name.c - see name.h.
 */
#include "ledger/name.h"

#include "base/hash.h"

#include <inttypes.h>

numu_status numu_log_name(struct numu_arena *arena, struct numu_text site, int64_t epoch,
                          struct numu_text *out) {
    if (epoch == 0) {
        return numu_text_copy(arena, site, out);
    }
    return numu_text_printf(arena, out, "%.*s@%" PRId64, (int)site.length, site.data, epoch);
}

numu_status numu_event_name(struct numu_arena *arena, struct numu_text site, int64_t epoch,
                            int64_t sequence, struct numu_text *out) {
    struct numu_text name;
    NUMU_TRY(numu_log_name(arena, site, epoch, &name));
    return numu_text_printf(arena, out, "%.*s:%" PRId64, (int)name.length, name.data, sequence);
}

bool numu_log_number_parse(struct numu_text text, uint64_t *out) {
    uint64_t number = 0;
    if (text.length == 0 || text.length > 19 || (text.length > 1 && text.data[0] == '0')) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    }
    *out = number;
    return number <= INT64_MAX;
}

bool numu_log_name_parse(struct numu_text name, struct numu_text *out_site, int64_t *out_epoch) {
    uint64_t epoch = 0;
    size_t at = numu_text_find(name, NUMU_TEXT("@"), 0);
    bool is_good = name.length > 0 && at != 0;
    if (at != SIZE_MAX) {
        struct numu_text number = {name.data + at + 1, name.length - at - 1};
        is_good = is_good && numu_log_number_parse(number, &epoch) && epoch > 0;
    }
    if (!is_good) {
        return false;
    }
    *out_site = (struct numu_text){name.data, at == SIZE_MAX ? name.length : at};
    *out_epoch = (int64_t)epoch;
    return true;
}

bool numu_reference_parse(struct numu_text text, struct numu_reference *out) {
    struct numu_reference reference = {.hash = {NULL, 0}};
    size_t colon = numu_text_find(text, NUMU_TEXT(":"), 0);
    if (colon == SIZE_MAX || !numu_log_name_parse((struct numu_text){text.data, colon},
                                                  &reference.site, &reference.epoch)) {
        return false;
    }
    struct numu_text rest = {text.data + colon + 1, text.length - colon - 1};
    size_t second = numu_text_find(rest, NUMU_TEXT(":"), 0);
    struct numu_text digits = {rest.data, second == SIZE_MAX ? rest.length : second};
    uint64_t sequence;
    if (!numu_log_number_parse(digits, &sequence)) {
        return false;
    }
    reference.sequence = (int64_t)sequence;
    if (second != SIZE_MAX) {
        reference.hash = (struct numu_text){rest.data + second + 1, rest.length - second - 1};
        if (reference.hash.length != NUMU_SHA256_HEX_BYTES - 1) {
            return false;
        }
    }
    *out = reference;
    return true;
}
