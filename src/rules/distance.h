/*
 * distance.h - a law of distances: from a quantity to a distance, as some authority wrote it, and
 * back.
 *
 * A law is a chain of pieces, each over a range of quantities, in the forms found in practice. It
 * is kept in the units in which it was written; only its results are ever converted, for a
 * coefficient that is converted may be converted wrongly (reference: the bracketed metric form of
 * one published rule gives shorter distances than the rule itself).
 *
 * [L1] Pieces join without gap or overlap, and within each the distance never falls.
 * [L2] numu_distance_law_value is what was written, even where it steps down from one piece to the
 *      next.
 * [L3] numu_distance_law_required is its running maximum, which never falls: it is what licences
 *      use.
 * [L4] required(greatest(d)) <= d, and greatest(required(q)) >= q, on all of the range.
 */
#ifndef NUMU_RULES_DISTANCE_H
#define NUMU_RULES_DISTANCE_H

#include "base/text.h"

typedef enum numu_distance_form {
    NUMU_DISTANCE_FIXED,       /* a */
    NUMU_DISTANCE_CUBE_ROOT,   /* a q^(1/3) */
    NUMU_DISTANCE_SQUARE_ROOT, /* a q^(1/2) */
    NUMU_DISTANCE_LOGARITHM,   /* a + b ln q */
    NUMU_DISTANCE_POWER        /* a q^b */
} numu_distance_form;

/*
 * Holds for from <= q <= to, both included: "over 2" begins at the next double after 2, "under
 * 100" ends at the one before 100. The next piece begins at the next double after `to`, which may
 * be INFINITY.
 */
struct numu_distance_piece {
    double from, to;
    numu_distance_form form;
    double a, b;
};

struct numu_distance_law {
    const struct numu_distance_piece *piece;
    size_t count;   /* at least 1 */
    double factor;  /* times what the pieces say, 1 for most */
    double minimum; /* never less than this; 0 = none */
};

/* Range of quantities for which the law was written. */
bool numu_distance_law_covers(const struct numu_distance_law *law, double quantity);
double numu_distance_law_from(const struct numu_distance_law *law);
double numu_distance_law_to(const struct numu_distance_law *law);

/* The distance as written, and its running maximum; the quantity must be covered. */
double numu_distance_law_value(const struct numu_distance_law *law, double quantity);
double numu_distance_law_required(const struct numu_distance_law *law, double quantity);

/*
 * The greatest quantity whose required distance is at most `distance`; 0 where there is none. Never
 * more than the end of the range: beyond it nothing was written.
 */
double numu_distance_law_greatest(const struct numu_distance_law *law, double distance);

/* --- units --- */

typedef enum numu_mass_unit { NUMU_MASS_KG, NUMU_MASS_LB } numu_mass_unit;
typedef enum numu_length_unit { NUMU_LENGTH_M, NUMU_LENGTH_FT } numu_length_unit;

/* International pound and foot (1959), exact by definition: 0.45359237 kg and 0.3048 m. */
double numu_mass_to_kg(double mass, numu_mass_unit unit);
double numu_mass_from_kg(double kg, numu_mass_unit unit);
double numu_length_to_m(double length, numu_length_unit unit);
double numu_length_from_m(double m, numu_length_unit unit);
const char *numu_mass_unit_name(numu_mass_unit unit);
const char *numu_length_unit_name(numu_length_unit unit);

#endif
