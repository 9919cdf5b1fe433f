/*
 * distance.c - see distance.h.
 */
#include "rules/distance.h"

#include <math.h>

enum {
    STEPS = 1200, /* halvings: a quantity may be as small as a double can be */
    ULPS = 16     /* by which a computed root may miss its neighbour's order */
};

static double piece_value(const struct numu_distance_piece *piece, double quantity) {
    switch (piece->form) {
    case NUMU_DISTANCE_FIXED:
        return piece->a;
    case NUMU_DISTANCE_CUBE_ROOT:
        return piece->a * cbrt(quantity);
    case NUMU_DISTANCE_SQUARE_ROOT:
        return piece->a * sqrt(quantity);
    case NUMU_DISTANCE_LOGARITHM:
        return piece->a + piece->b * log(quantity);
    case NUMU_DISTANCE_POWER:
        return piece->a * pow(quantity, piece->b);
    }
    return INFINITY;
}

static double value_in(const struct numu_distance_law *law, const struct numu_distance_piece *piece,
                       double quantity) {
    double value = law->factor * piece_value(piece, quantity);
    return value < law->minimum ? law->minimum : value;
}

static size_t piece_at(const struct numu_distance_law *law, double quantity) {
    numu_assert(numu_distance_law_covers(law, quantity));
    size_t at = 0;
    while (quantity > law->piece[at].to) {
        at++;
    }
    return at;
}

double numu_distance_law_from(const struct numu_distance_law *law) {
    return law->piece[0].from;
}

double numu_distance_law_to(const struct numu_distance_law *law) {
    return law->piece[law->count - 1].to;
}

bool numu_distance_law_covers(const struct numu_distance_law *law, double quantity) {
    return quantity >= numu_distance_law_from(law) && quantity <= numu_distance_law_to(law) &&
           isfinite(quantity);
}

double numu_distance_law_value(const struct numu_distance_law *law, double quantity) {
    return value_in(law, &law->piece[piece_at(law, quantity)], quantity);
}

/* The greatest distance that the pieces before one ask for; each is greatest at its end [L1]. */
static double highest_before(const struct numu_distance_law *law, size_t end) {
    double highest = 0;
    for (size_t i = 0; i < end; i++) {
        double value = value_in(law, &law->piece[i], law->piece[i].to);
        highest = value > highest ? value : highest;
    }
    return highest;
}

double numu_distance_law_required(const struct numu_distance_law *law, double quantity) {
    size_t at = piece_at(law, quantity);
    double here = value_in(law, &law->piece[at], quantity);
    double before = highest_before(law, at);
    return before > here ? before : here;
}

/*
 * The greatest quantity of a piece that `distance` allows, where it allows the least. By halving:
 * the same computation that numu_distance_law_required does decides, so that [L4] holds to the
 * last bit.
 */
static double greatest_in(const struct numu_distance_law *law,
                          const struct numu_distance_piece *piece, double distance) {
    double low = piece->from;
    double high = piece->to;
    if (isinf(high)) {
        for (high = low > 1 ? low : 1; value_in(law, piece, high) <= distance; high *= 2) {
            if (high > 1e15) {
                return high; /* a law that never asks for more */
            }
        }
    } else if (value_in(law, piece, high) <= distance) {
        return high;
    }
    for (int step = 0; step < STEPS; step++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) {
            break;
        }
        if (value_in(law, piece, middle) <= distance) {
            low = middle;
        } else {
            high = middle;
        }
    }
    for (int ulp = 0; ulp < ULPS; ulp++) {
        high = nextafter(high, INFINITY);
        if (high <= piece->to && value_in(law, piece, high) <= distance) {
            low = high;
        }
    }
    return low;
}

double numu_distance_law_greatest(const struct numu_distance_law *law, double distance) {
    double greatest = 0;
    for (size_t i = 0; i < law->count; i++) {
        const struct numu_distance_piece *piece = &law->piece[i];
        if (!(value_in(law, piece, piece->from) <= distance)) {
            break; /* the running maximum never falls back */
        }
        greatest = greatest_in(law, piece, distance);
        if (greatest < piece->to) {
            break;
        }
    }
    return greatest;
}

/* --- units --- */

static const double kg_of_lb = 0.45359237;
static const double m_of_ft = 0.3048;

double numu_mass_to_kg(double mass, numu_mass_unit unit) {
    return unit == NUMU_MASS_LB ? mass * kg_of_lb : mass;
}

double numu_mass_from_kg(double kg, numu_mass_unit unit) {
    return unit == NUMU_MASS_LB ? kg / kg_of_lb : kg;
}

double numu_length_to_m(double length, numu_length_unit unit) {
    return unit == NUMU_LENGTH_FT ? length * m_of_ft : length;
}

double numu_length_from_m(double m, numu_length_unit unit) {
    return unit == NUMU_LENGTH_FT ? m / m_of_ft : m;
}

const char *numu_mass_unit_name(numu_mass_unit unit) {
    return unit == NUMU_MASS_LB ? "lb" : "kg";
}

const char *numu_length_unit_name(numu_length_unit unit) {
    return unit == NUMU_LENGTH_FT ? "ft" : "m";
}
