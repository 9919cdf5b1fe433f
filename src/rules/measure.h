/*
 * measure.h - quantities as people write them: a number and its unit, "900lb", "1.2 t", "390 ft".
 *
 * A number without a unit is refused: lb taken for kg is an explosion.
 */
#ifndef NUMU_RULES_MEASURE_H
#define NUMU_RULES_MEASURE_H

#include "rules/distance.h"

struct numu_measure {
    double value;
    bool is_other_unit; /* lb, ft; else kg, m */
};

/* More than zero and less than 10^9; lb, kg, g or t. False where it is no such quantity. */
bool numu_mass_parse(struct numu_text text, struct numu_measure *out);
/* More than zero and less than 10^9; ft, m or km. */
bool numu_distance_parse(struct numu_text text, struct numu_measure *out);

/* In the unit of a law; the same number where it was written in it. */
double numu_measure_mass_in(const struct numu_measure *mass, numu_mass_unit unit);
double numu_measure_distance_in(const struct numu_measure *distance, numu_length_unit unit);

#endif
