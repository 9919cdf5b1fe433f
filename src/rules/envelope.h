/*
 * envelope.h - messages of ISO/IEC 15434 and the item identifiers (UII) in them.
 *
 * A message is  [)> RS  format GS data GS data … RS EOT.  The format says how data are named:
 * 05 GS1 Application Identifiers, 06 data identifiers (ANSI MH10.8.2, "18S"), 12 text element
 * identifiers ("SER 123"). People write the control characters {RS}, {GS} and {EOT}.
 *
 * An item identifier names one thing in the world: issuing agency, enterprise, (original part
 * number or lot,) serial. It has no check character: right means a known agency, a form that the
 * enterprise's code can have, lengths and letters.
 *
 * Sources: ISO/IEC 15434 by its description in MIL-STD-130N; MIL-STD-130N, Tables IV, V, A-II and
 * clause 6.4. Lengths and letters (Table IV there, from memory of the reference page): serial 30,
 * part or lot 32, whole 50; capitals, digits, '-' and '/'.
 */
#ifndef NUMU_RULES_ENVELOPE_H
#define NUMU_RULES_ENVELOPE_H

#include "base/text.h"

enum {
    NUMU_ENVELOPE_FIELDS_MAX = 32,
    NUMU_UII_BYTES_MAX = 50,
    NUMU_UII_SERIAL_MAX = 30,
    NUMU_UII_PART_MAX = 32,
    NUMU_CHARACTER_EOT = 4,
    NUMU_CHARACTER_GS = 29,
    NUMU_CHARACTER_RS = 30
};

typedef enum numu_envelope_format {
    NUMU_ENVELOPE_AI = 5,
    NUMU_ENVELOPE_DI = 6,
    NUMU_ENVELOPE_TEXT = 12
} numu_envelope_format;

struct numu_envelope_field {
    struct numu_text name; /* "18S", "SER"; of format 05 empty: the value is a whole element */
    struct numu_text value;
};
struct numu_envelope {
    numu_envelope_format format;
    struct numu_envelope_field fields[NUMU_ENVELOPE_FIELDS_MAX];
    size_t count;
};

typedef enum numu_envelope_problem {
    NUMU_ENVELOPE_FINE,
    NUMU_ENVELOPE_NO_HEADER,      /* does not begin with "[)>" and RS */
    NUMU_ENVELOPE_NO_TRAILER,     /* does not end with RS and EOT */
    NUMU_ENVELOPE_UNKNOWN_FORMAT, /* `detail`: the two digits */
    NUMU_ENVELOPE_BAD_FIELD,      /* empty, nameless, or one too many; `detail`: it */
    NUMU_ENVELOPE_NO_IDENTIFIER,  /* its fields make no item identifier */
    NUMU_ENVELOPE_BAD_ENTERPRISE, /* no code of its agency; `detail`: it */
    NUMU_ENVELOPE_BAD_LENGTH,     /* serial, part or whole too long, or empty */
    NUMU_ENVELOPE_BAD_LETTER,     /* `detail`: the letter */
    NUMU_ENVELOPE_PROBLEM_COUNT
} numu_envelope_problem;
/* Its name: "no_header". */
const char *numu_envelope_problem_name(numu_envelope_problem problem);

struct numu_envelope_finding {
    numu_envelope_problem problem;
    struct numu_text detail; /* points into what was read */
};

/* Whether a text begins as a message does. */
bool numu_envelope_is_likely(struct numu_text text);
/*
 * "{GS}" and its kin to the characters they stand for, and back; all other text stays as it is.
 */
NUMU_MUST_CHECK numu_status numu_envelope_from_words(struct numu_text text,
                                                     struct numu_buffer *buffer);
NUMU_MUST_CHECK numu_status numu_envelope_to_words(struct numu_text text,
                                                   struct numu_buffer *buffer);

/* Reads one message with one format. Texts point into `text`. NUMU_INVALID with the finding. */
NUMU_MUST_CHECK numu_status numu_envelope_read(struct numu_text text, struct numu_envelope *out,
                                               struct numu_envelope_finding *out_finding);
NUMU_MUST_CHECK numu_status numu_envelope_write(const struct numu_envelope *envelope,
                                                struct numu_buffer *buffer);

struct numu_item_identifier {
    char agency[4];              /* issuing agency code that the identifier begins with, or "" */
    struct numu_text enterprise; /* empty where the identifier is given whole */
    struct numu_text part;       /* original part number or lot; empty: construct 1 */
    struct numu_text serial;
    char whole[NUMU_UII_BYTES_MAX + 1]; /* zero-terminated */
};
/*
 * The item identifier that the fields of a message make, checked. NUMU_INVALID with the finding.
 */
NUMU_MUST_CHECK numu_status numu_item_identifier_of(const struct numu_envelope *envelope,
                                                    struct numu_item_identifier *out,
                                                    struct numu_envelope_finding *out_finding);

#endif
