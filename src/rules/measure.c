/*
 * measure.c - see measure.h.
 */
#include "rules/measure.h"

#include "base/number.h"

struct unit {
    const char *name;
    double factor; /* to kg or m, or to lb or ft */
    bool is_other_unit;
};

static const double most = 1e9;

static bool parse(struct numu_text text, const struct unit *units, size_t count,
                  struct numu_measure *out) {
    size_t digits = 0;
    while (digits < text.length &&
           ((text.data[digits] >= '0' && text.data[digits] <= '9') || text.data[digits] == '.')) {
        digits++;
    }
    struct numu_text unit =
        numu_text_trim((struct numu_text){text.data + digits, text.length - digits});
    int64_t number;
    if (numu_number_parse((struct numu_text){text.data, digits}, NUMU_DECIMAL_DECIMALS, '.',
                          &number) != NUMU_NUMBER_OK) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (numu_text_is(unit, units[i].name)) {
            double value = numu_number_to_double(number, NUMU_DECIMAL_DECIMALS) * units[i].factor;
            *out = (struct numu_measure){value, units[i].is_other_unit};
            return value > 0 && value < most;
        }
    }
    return false;
}

bool numu_mass_parse(struct numu_text text, struct numu_measure *out) {
    static const struct unit units[] = {
        {"kg", 1, false}, {"lb", 1, true}, {"t", 1000, false}, {"g", 0.001, false}};
    return parse(text, units, sizeof units / sizeof units[0], out);
}

bool numu_distance_parse(struct numu_text text, struct numu_measure *out) {
    static const struct unit units[] = {{"m", 1, false}, {"ft", 1, true}, {"km", 1000, false}};
    return parse(text, units, sizeof units / sizeof units[0], out);
}

double numu_measure_mass_in(const struct numu_measure *mass, numu_mass_unit unit) {
    if (mass->is_other_unit == (unit == NUMU_MASS_LB)) {
        return mass->value;
    }
    return mass->is_other_unit ? numu_mass_to_kg(mass->value, NUMU_MASS_LB)
                               : numu_mass_from_kg(mass->value, unit);
}

double numu_measure_distance_in(const struct numu_measure *distance, numu_length_unit unit) {
    if (distance->is_other_unit == (unit == NUMU_LENGTH_FT)) {
        return distance->value;
    }
    return distance->is_other_unit ? numu_length_to_m(distance->value, NUMU_LENGTH_FT)
                                   : numu_length_from_m(distance->value, unit);
}
