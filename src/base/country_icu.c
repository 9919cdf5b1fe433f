/*
 * country_icu.c - country.h with ICU's locale data (CLDR).
 */
#include "base/country.h"

#include <string.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

/* Names that lists use and CLDR does not give. */
static const struct {
    const char *name, *code;
} long_forms[] = {
    {"russian federation", "RU"},
    {"democratic peoples republic of korea", "KP"},
    {"korea north", "KP"},
    {"dprk", "KP"},
    {"republic of korea", "KR"},
    {"korea south", "KR"},
    {"iran islamic republic of", "IR"},
    {"islamic republic of iran", "IR"},
    {"syrian arab republic", "SY"},
    {"democratic republic of the congo", "CD"},
    {"congo democratic republic of the", "CD"},
    {"dr congo", "CD"},
    {"republic of the congo", "CG"},
    {"united kingdom of great britain and northern ireland", "GB"},
    {"uk", "GB"},
    {"united states of america", "US"},
    {"usa", "US"},
    {"viet nam", "VN"},
    {"united republic of tanzania", "TZ"},
    {"venezuela bolivarian republic of", "VE"},
    {"bolivia plurinational state of", "BO"},
    {"lao peoples democratic republic", "LA"},
    {"republic of moldova", "MD"},
    {"cote divoire", "CI"},
    {"ivory coast", "CI"},
    {"turkey", "TR"},
    {"czech republic", "CZ"},
    {"burma", "MM"},
    {"state of palestine", "PS"},
    {"palestinian", "PS"},
    {"libyan arab jamahiriya", "LY"},
    {"central african republic", "CF"},
    {"uae", "AE"},
};

enum { NAME_UNITS = 128, FORMS_A_COUNTRY = 4 };

struct builder {
    struct numu_latin *latin;
    struct numu_arena *arena;
    struct numu_countries *countries;
};

static numu_status add_name(struct builder *builder, struct numu_text name, const char *code) {
    struct numu_countries *countries = builder->countries;
    struct numu_buffer letters;
    bool is_vowelless;
    numu_buffer_init(&letters, builder->arena->heap, 0);
    numu_status status = numu_latin_append(builder->latin, name, &letters, &is_vowelless);
    if (status == NUMU_OK && letters.length > 0) {
        size_t row = countries->count;
        status = numu_text_copy(builder->arena, (struct numu_text){letters.data, letters.length},
                                &countries->names[row]);
        countries->codes[row] = (struct numu_text){code, strlen(code)};
        if (status == NUMU_OK && numu_map_add(&countries->map, (numu_row)row) == NUMU_NONE) {
            countries->count++;
        }
    }
    numu_buffer_release(&letters);
    return status;
}

/* The name in a language; ICU gives the code itself where it knows none. */
static numu_status add_display_name(struct builder *builder, const char *code,
                                    const char *language) {
    char locale[16] = "und_";
    UChar units[NAME_UNITS];
    char name[4 * NAME_UNITS];
    int32_t length;
    UErrorCode error = U_ZERO_ERROR;
    (void)strncat(locale, code, 3);
    int32_t count = uloc_getDisplayCountry(locale, language, units, NAME_UNITS, &error);
    if (U_FAILURE(error)) {
        return NUMU_OK;
    }
    u_strToUTF8(name, (int32_t)sizeof name, &length, units, count, &error);
    return U_FAILURE(error) ? NUMU_OK
                            : add_name(builder, (struct numu_text){name, (size_t)length}, code);
}

static numu_status add_country(struct builder *builder, const char *code) {
    char locale[16] = "und_";
    (void)strncat(locale, code, 3);
    NUMU_TRY(add_name(builder, numu_text_of(code), code));
    NUMU_TRY(add_name(builder, numu_text_of(uloc_getISO3Country(locale)), code));
    NUMU_TRY(add_display_name(builder, code, "en"));
    return add_display_name(builder, code, "fr");
}

numu_status numu_countries_build(struct numu_latin *latin, struct numu_arena *arena,
                                 struct numu_countries *out) {
    const char *const *codes = uloc_getISOCountries();
    size_t room = sizeof long_forms / sizeof long_forms[0];
    struct builder builder = {latin, arena, out};
    for (size_t i = 0; codes[i] != NULL; i++) {
        room += FORMS_A_COUNTRY;
    }
    *out = (struct numu_countries){0};
    NUMU_TRY(NUMU_TAKE(arena, &out->names, room));
    NUMU_TRY(NUMU_TAKE(arena, &out->codes, room));
    NUMU_TRY(numu_map_init(&out->map, arena, out->names, room));
    for (size_t i = 0; codes[i] != NULL; i++) {
        NUMU_TRY(add_country(&builder, codes[i]));
    }
    for (size_t i = 0; i < sizeof long_forms / sizeof long_forms[0]; i++) {
        NUMU_TRY(add_name(&builder, numu_text_of(long_forms[i].name), long_forms[i].code));
    }
    return NUMU_OK;
}

numu_status numu_countries_find(const struct numu_countries *countries, struct numu_latin *latin,
                                struct numu_text name, struct numu_heap *heap,
                                struct numu_text *out) {
    struct numu_buffer letters;
    bool is_vowelless;
    numu_buffer_init(&letters, heap, 0);
    numu_status status = numu_latin_append(latin, name, &letters, &is_vowelless);
    if (status == NUMU_OK) {
        numu_row row =
            letters.length == 0
                ? NUMU_NONE
                : numu_map_find(&countries->map, (struct numu_text){letters.data, letters.length});
        *out = row == NUMU_NONE ? (struct numu_text){NULL, 0} : countries->codes[row];
    }
    numu_buffer_release(&letters);
    return status;
}
