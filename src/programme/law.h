/*
 * law.h - laws of durations, factors, delays and costs, by their quantiles.
 *
 * A law stands for one uncertain number of at least 0. It is drawn by inversion: u uniform in
 * (0, 1) gives numu_law_quantile(law, u), so that Latin hypercubes and copulas work on u alone.
 *
 * Sources: triangle and uniform, any textbook; BetaPERT: D. Vose, "Risk Analysis", 3rd ed. 2008
 * (λ = 4; classic PERT, D. G. Malcolm et al., Operations Research 7(5), 1959, has its mean);
 * incomplete beta: NIST Digital Library of Mathematical Functions, 8.17.22; inverse normal:
 * M. J. Wichura, "Algorithm AS 241", Applied Statistics 37(3), 1988.
 */
#ifndef NUMU_PROGRAMME_LAW_H
#define NUMU_PROGRAMME_LAW_H

#include "base/status.h"

#include <stdbool.h>

typedef enum numu_law_kind {
    NUMU_LAW_FIXED = 0,
    NUMU_LAW_UNIFORM,
    NUMU_LAW_TRIANGULAR,
    NUMU_LAW_PERT,
    NUMU_LAW_LOGNORMAL
} numu_law_kind;

struct numu_law {
    numu_law_kind kind;
    double low, mode, high; /* ends and mode; FIXED: all the value */
    double alpha, beta;     /* PERT: of the beta law between the ends */
    double log_beta;        /* PERT: ln B(alpha, beta) */
    double mu, sigma;       /* LOGNORMAL: of the logarithm */
};

/*
 * A law from three points. `are_quantiles`: low and high are P10 and P90, not the ends; a lognormal
 * law always reads them so, and does without `likely`. Points out of order are put in order; where
 * low = high, or a lognormal law has low <= 0, the law is fixed at `likely`. What would lie below 0
 * is 0. Values are >= 0 and finite.
 */
struct numu_law numu_law_of(numu_law_kind kind, double low, double likely, double high,
                            bool are_quantiles);
struct numu_law numu_law_fixed(double value);

/* The value that is not exceeded with probability u, 0 < u < 1. */
double numu_law_quantile(const struct numu_law *law, double u);
/* Before values below 0 are made 0. */
double numu_law_mean(const struct numu_law *law);
/* Greatest value that is drawn: of a lognormal law its quantile 1 - 1e-9. */
double numu_law_greatest(const struct numu_law *law);
/* The law of `scale` × the value. */
struct numu_law numu_law_scaled(const struct numu_law *law, double scale);

/* Φ(z) and its inverse, 0 < p < 1. */
double numu_normal_share(double z);
double numu_normal_quantile(double p);

/* --- tables of quantiles, for fast drawing --- */

/*
 * Cells of equal probability; the NUMU_LAW_END_CELLS at either end, where quantiles bend most, are
 * cut into NUMU_LAW_FINE cells each.
 */
enum { NUMU_LAW_CELLS = 512, NUMU_LAW_END_CELLS = 8, NUMU_LAW_FINE = 64 };

struct numu_law_table {
    struct numu_law law;
    double point[NUMU_LAW_CELLS + 1];
    double low[NUMU_LAW_END_CELLS * NUMU_LAW_FINE + 1];
    double high[NUMU_LAW_END_CELLS * NUMU_LAW_FINE + 1];
};

void numu_law_table_init(struct numu_law_table *table, const struct numu_law *law);

/*
 * The quantile, between the table's points by a straight line; in the first and the last of all
 * cells the law itself.
 */
static inline double numu_law_table_quantile(const struct numu_law_table *table, double u) {
    enum { ENDS = NUMU_LAW_END_CELLS, FINE = NUMU_LAW_FINE };
    double place = u * NUMU_LAW_CELLS;
    const double *point = table->point;
    if (place < ENDS) {
        point = table->low;
        place *= FINE;
        if (place < 1) {
            return numu_law_quantile(&table->law, u);
        }
    } else if (place >= NUMU_LAW_CELLS - ENDS) {
        point = table->high;
        place = (place - (NUMU_LAW_CELLS - ENDS)) * FINE;
        if (place >= ENDS * FINE - 1) {
            return numu_law_quantile(&table->law, u);
        }
    }
    int cell = (int)place;
    return point[cell] + (place - cell) * (point[cell + 1] - point[cell]);
}

#endif
