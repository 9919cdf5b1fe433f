/*
 * epcis.h - a log in the words of GS1 EPCIS 2.0 (JSON-LD) and its Core Business Vocabulary, for
 * tools that know no ledger of ours. docs/ledger.md has the table of what becomes what.
 *
 * Sources: GS1, EPCIS Standard 2.0 and Core Business Vocabulary Standard 2.0, 2022
 * (https://ref.gs1.org/standards/epcis/2.0.0/, https://ref.gs1.org/standards/cbv/2.0.0/).
 *
 * [X1] What takes two people is told once it has taken effect, by its own time.
 * [X2] What EPCIS has no word for is counted, never dropped in silence.
 * [X3] Everything that is no word of EPCIS or CBV stands in the namespace `numu`. Each event names
 *      the leaf of the log that it was made from, by which it can be proved.
 */
#ifndef NUMU_LEDGER_EPCIS_H
#define NUMU_LEDGER_EPCIS_H

#include "ledger/ledger.h"

struct numu_epcis_result {
    uint64_t carried;                     /* events of the log */
    uint64_t written;                     /* events of EPCIS that they became */
    uint64_t waiting;                     /* proposals without effect yet: not carried */
    uint64_t left[NUMU_EVENT_TYPE_COUNT]; /* of types that EPCIS has no word for: not carried */
};

/*
 * Appends the own log as an EPCISDocument. Things, places and events are named below `base`, an
 * address such as "https://id.example.org" without a slash at its end: as GS1 Digital Link where an
 * item's id is a GTIN-14 and a place's a GLN, else by the templates that CBV has for addresses of
 * one's own.
 */
NUMU_MUST_CHECK numu_status numu_epcis_write(struct numu_ledger *ledger, struct numu_text base,
                                             struct numu_buffer *buffer,
                                             struct numu_epcis_result *out);

/* Whether a text is an address that names can stand below: scheme, host, no slash at its end. */
bool numu_epcis_base_is_good(struct numu_text base);

/* Digits of a GS1 key with its right check digit (GS1 General Specifications, 7.9). */
bool numu_gs1_key_is_good(struct numu_text text, size_t length);

#endif
