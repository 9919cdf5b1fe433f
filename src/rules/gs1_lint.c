/*
 * gs1_lint.c - the linters that the GS1 Barcode Syntax Dictionary names, each a few lines.
 *
 * [G1] A linter looks at a part whose set and length were found right.
 * [G2] A linter that numu does not know, or has no table for, is told as unknown: never as fine.
 *
 * Source: GS1 Barcode Syntax Dictionary, its head; GS1 General Specifications 7.9 (check digits and
 * pairs), 7.12 (dates); ISO 7064 and ISO 13616 (IBAN). Written from these, not from the reference
 * implementation.
 */
#include "rules/gs1.h"

#include <string.h>

static bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

static bool is_upper(char letter) {
    return letter >= 'A' && letter <= 'Z';
}

static bool are_digits(struct numu_text text) {
    size_t count = 0;
    while (count < text.length && is_digit(text.data[count])) {
        count++;
    }
    return count == text.length;
}

/* The whole number of digits [from, from + count), which are there. */
static int number_at(struct numu_text text, size_t from, size_t count) {
    int number = 0;
    for (size_t i = from; i < from + count; i++) {
        number = number * 10 + (text.data[i] - '0');
    }
    return number;
}

/* --- check characters --- */

char numu_gs1_check_digit(struct numu_text digits) {
    int sum = 0;
    for (size_t i = 0; i < digits.length; i++) {
        int digit = digits.data[digits.length - 1 - i] - '0';
        sum += i % 2 == 0 ? 3 * digit : digit;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

static bool lint_csum(struct numu_text text) {
    struct numu_text digits = {text.data, text.length - 1};
    return text.length >= 2 && numu_gs1_check_digit(digits) == text.data[text.length - 1];
}

/* Two letters by weights of primes, modulo 1021. */
static bool lint_csumalpha(struct numu_text text) {
    static const char set[] =
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    static const char pairs[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    static const int primes[] = {2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
                                 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83};
    size_t letters = text.length - 2;
    int sum = 0;
    if (text.length < 3 || letters > sizeof primes / sizeof *primes) {
        return false;
    }
    for (size_t i = 0; i < letters; i++) {
        const char *place = strchr(set, text.data[letters - 1 - i]);
        if (place == NULL || *place == '\0') {
            return false;
        }
        sum += (int)(place - set) * primes[i];
    }
    sum %= 1021;
    return text.data[letters] == pairs[sum >> 5] && text.data[letters + 1] == pairs[sum & 31];
}

/* ISO 13616: the first four to the end, letters as 10 to 35, remainder by 97 is 1. */
static bool lint_iban(struct numu_text text) {
    int remainder = 0;
    if (text.length < 5 || !is_upper(text.data[0]) || !is_upper(text.data[1])) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        char letter = text.data[(i + 4) % text.length];
        if (is_digit(letter)) {
            remainder = (remainder * 10 + (letter - '0')) % 97;
        } else if (is_upper(letter)) {
            remainder = (remainder * 100 + (letter - 'A' + 10)) % 97;
        } else {
            return false;
        }
    }
    return remainder == 1;
}

/* --- days and times --- */

static bool is_date(int year, int month, int day, bool may_lack_day) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month < 1 || month > 12) {
        return false;
    }
    int last = days[month - 1] + (month == 2 && is_leap);
    return day <= last && (day >= 1 || may_lack_day);
}

/* The century does not matter: of those in question, 2000 is the one that ends in 00. */
static bool lint_yymmdd(struct numu_text text) {
    return text.length == 6 && is_date(2000 + number_at(text, 0, 2), number_at(text, 2, 2),
                                       number_at(text, 4, 2), false);
}

static bool lint_yymmd0(struct numu_text text) {
    return text.length == 6 && is_date(2000 + number_at(text, 0, 2), number_at(text, 2, 2),
                                       number_at(text, 4, 2), true);
}

static bool lint_yyyymmdd(struct numu_text text) {
    return text.length == 8 &&
           is_date(number_at(text, 0, 4), number_at(text, 4, 2), number_at(text, 6, 2), false);
}

static bool lint_hh(struct numu_text text) {
    return text.length == 2 && number_at(text, 0, 2) < 24;
}

static bool lint_sixty(struct numu_text text) {
    return text.length == 2 && number_at(text, 0, 2) < 60;
}

static bool lint_hhmi(struct numu_text text) {
    return text.length == 4 && number_at(text, 0, 2) < 24 && number_at(text, 2, 2) < 60;
}

/* --- lists of codes --- */

static const char countries[] =
#define NUMU_GS1_COUNTRIES(list) list
#define NUMU_GS1_CURRENCIES(list)
#include "rules/gs1_codes.def"
#undef NUMU_GS1_COUNTRIES
#undef NUMU_GS1_CURRENCIES
    ;

static const char currencies[] =
#define NUMU_GS1_COUNTRIES(list)
#define NUMU_GS1_CURRENCIES(list) list
#include "rules/gs1_codes.def"
#undef NUMU_GS1_COUNTRIES
#undef NUMU_GS1_CURRENCIES
    ;

/* Words of `width` letters and a space each: whether one has `code` from `at` on. */
static bool has_code(const char *list, size_t width, size_t at, struct numu_text code) {
    for (size_t i = 0; list[i] != '\0'; i += width + (list[i + width] == ' ')) {
        if (memcmp(list + i + at, code.data, code.length) == 0) {
            return true;
        }
    }
    return false;
}

static bool lint_iso3166(struct numu_text text) {
    return text.length == 3 && has_code(countries, 5, 2, text);
}

static bool lint_iso3166999(struct numu_text text) {
    return numu_text_is(text, "999") || lint_iso3166(text);
}

static bool lint_iso3166alpha2(struct numu_text text) {
    return text.length == 2 && has_code(countries, 5, 0, text);
}

static bool lint_iso4217(struct numu_text text) {
    return text.length == 3 && has_code(currencies, 3, 0, text);
}

/* ISO/IEC 5218: not known, male, female, not applicable. */
static bool lint_iso5218(struct numu_text text) {
    return text.length == 1 && strchr("0129", text.data[0]) != NULL;
}

/* GS1's types of carriers: 01 to 10, and 80 to 99 for use at home. */
static bool lint_mediatype(struct numu_text text) {
    int type = text.length == 2 ? number_at(text, 0, 2) : 0;
    return (type >= 1 && type <= 10) || type >= 80;
}

/* --- small shapes --- */

/* A GS1 company prefix has four digits at the least. */
static bool lint_gcppos1(struct numu_text text) {
    return text.length >= 4 && are_digits((struct numu_text){text.data, 4});
}

static bool lint_gcppos2(struct numu_text text) {
    return text.length >= 5 && are_digits((struct numu_text){text.data + 1, 4});
}

static bool holds_other_than(struct numu_text text, char letter) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] != letter) {
            return true;
        }
    }
    return false;
}

static bool lint_nonzero(struct numu_text text) {
    return holds_other_than(text, '0');
}

static bool lint_zero(struct numu_text text) {
    return !holds_other_than(text, '0');
}

static bool lint_nozeroprefix(struct numu_text text) {
    return text.length == 1 || (text.length > 0 && text.data[0] != '0');
}

static bool lint_hasnondigit(struct numu_text text) {
    return !are_digits(text);
}

static bool lint_hyphen(struct numu_text text) {
    return !holds_other_than(text, '-');
}

static bool lint_yesno(struct numu_text text) {
    return text.length == 1 && (text.data[0] == '0' || text.data[0] == '1');
}

static bool lint_winding(struct numu_text text) {
    return text.length == 1 && strchr("019", text.data[0]) != NULL;
}

/* Two halves: which piece, of how many. */
static bool lint_pieceoftotal(struct numu_text text) {
    size_t half = text.length / 2;
    if (text.length == 0 || text.length % 2 != 0 || text.length > 8) {
        return false;
    }
    int piece = number_at(text, 0, half);
    return piece > 0 && piece <= number_at(text, half, half);
}

/* "1/3": which place, of how many. */
static bool lint_posinseqslash(struct numu_text text) {
    return text.length == 3 && is_digit(text.data[0]) && text.data[1] == '/' &&
           is_digit(text.data[2]) && text.data[0] > '0' && text.data[0] <= text.data[2];
}

static bool is_hexadecimal(char letter) {
    return is_digit(letter) || (letter >= 'A' && letter <= 'F') || (letter >= 'a' && letter <= 'f');
}

static bool lint_pcenc(struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '%' && (i + 2 >= text.length || !is_hexadecimal(text.data[i + 1]) ||
                                    !is_hexadecimal(text.data[i + 2]))) {
            return false;
        }
    }
    return true;
}

static bool is_at_most(struct numu_text text, const char *greatest) {
    return text.length == strlen(greatest) && numu_text_compare(text, numu_text_of(greatest)) <= 0;
}

static bool lint_latitude(struct numu_text text) {
    return is_at_most(text, "1800000000"); /* ten-millionths of a degree from 90 degrees south */
}

static bool lint_longitude(struct numu_text text) {
    return is_at_most(text, "3600000000");
}

static bool lint_importeridx(struct numu_text text) {
    char letter = text.length == 1 ? text.data[0] : '.';
    return is_digit(letter) || is_upper(letter) || (letter >= 'a' && letter <= 'z') ||
           letter == '-' || letter == '_';
}

numu_gs1_lint numu_gs1_lint_part(struct numu_text linter, struct numu_text part) {
    static const struct {
        const char *name;
        bool (*is_fine)(struct numu_text part);
    } linters[] = {
        {"csum", lint_csum},
        {"csumalpha", lint_csumalpha},
        {"gcppos1", lint_gcppos1},
        {"gcppos2", lint_gcppos2},
        {"hasnondigit", lint_hasnondigit},
        {"hh", lint_hh},
        {"hhmi", lint_hhmi},
        {"hyphen", lint_hyphen},
        {"iban", lint_iban},
        {"importeridx", lint_importeridx},
        {"iso3166", lint_iso3166},
        {"iso3166999", lint_iso3166999},
        {"iso3166alpha2", lint_iso3166alpha2},
        {"iso4217", lint_iso4217},
        {"iso5218", lint_iso5218},
        {"latitude", lint_latitude},
        {"longitude", lint_longitude},
        {"mediatype", lint_mediatype},
        {"mi", lint_sixty},
        {"nonzero", lint_nonzero},
        {"nozeroprefix", lint_nozeroprefix},
        {"pcenc", lint_pcenc},
        {"pieceoftotal", lint_pieceoftotal},
        {"posinseqslash", lint_posinseqslash},
        {"ss", lint_sixty},
        {"winding", lint_winding},
        {"yesno", lint_yesno},
        {"yymmd0", lint_yymmd0},
        {"yymmdd", lint_yymmdd},
        {"yyyymmdd", lint_yyyymmdd},
        {"zero", lint_zero},
    };
    for (size_t i = 0; i < sizeof linters / sizeof *linters; i++) {
        if (numu_text_is(linter, linters[i].name)) {
            return linters[i].is_fine(part) ? NUMU_LINT_FINE : NUMU_LINT_BAD;
        }
    }
    return NUMU_LINT_UNKNOWN; /* [G2] packagetype, couponcode, couponposoffer */
}
