/*
 * law.c - quantiles in closed form where there is one, else by Halley's method between brackets.
 */
#include "programme/law.h"

#include <math.h>

#define TINY 1e-9 /* u is kept so far from 0 and 1 */

static const double z90 = 1.2815515655446004; /* Φ(z90) = 0.9 */

/* --- normal --- */

double numu_normal_share(double z) {
    return 0.5 * erfc(-z / sqrt(2));
}

/* c[0] + c[1] x + … + c[7] x⁷ */
static double polynomial(const double c[8], double x) {
    double sum = c[7];
    for (int i = 6; i >= 0; i--) {
        sum = sum * x + c[i];
    }
    return sum;
}

double numu_normal_quantile(double p) {
    static const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                                1.9715909503065514427e3, 1.3731693765509461125e4,
                                4.5921953931549871457e4, 6.7265770927008700853e4,
                                3.3430575583588128105e4, 2.5090809287301226727e3};
    static const double b[8] = {1,
                                4.2313330701600911252e1,
                                6.8718700749205790830e2,
                                5.3941960214247511077e3,
                                2.1213794301586595867e4,
                                3.9307895800092710610e4,
                                2.8729085735721942674e4,
                                5.2264952788528545610e3};
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(a, r) / polynomial(b, r);
    }
    double r = sqrt(-log(q < 0 ? p : 1 - p));
    double z = r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6)
                      : polynomial(e, r - 5) / polynomial(f, r - 5);
    return q < 0 ? -z : z;
}

/* --- beta --- */

/* The continued fraction of DLMF 8.17.22, by the method of W. J. Lentz (1976). */
static double beta_fraction(double a, double b, double x) {
    enum { TERMS_MAX = 300 };
    const double least = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < least ? least : d);
    double value = d;
    for (int m = 1; m <= TERMS_MAX; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < least ? least : d);
        c = fabs(c) < least ? least : c;
        value *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < least ? least : d);
        c = fabs(c) < least ? least : c;
        value *= d * c;
        if (fabs(d * c - 1) < 1e-15) {
            break;
        }
    }
    return value;
}

static double log_density(const struct numu_law *law, double x) {
    return (law->alpha - 1) * log(x) + (law->beta - 1) * log1p(-x) - law->log_beta;
}

/* I_x(alpha, beta), 0 < x < 1, and its density. */
static double beta_share(const struct numu_law *law, double x, double *out_density) {
    *out_density = exp(log_density(law, x));
    double front = *out_density * x * (1 - x);
    bool is_left = x < (law->alpha + 1) / (law->alpha + law->beta + 2);
    return is_left ? front * beta_fraction(law->alpha, law->beta, x) / law->alpha
                   : 1 - front * beta_fraction(law->beta, law->alpha, 1 - x) / law->beta;
}

/*
 * The quantile from a first guess between 0 and 1, by Halley's method (W. Gander, "On Halley's
 * iteration method", American Mathematical Monthly 92(2), 1985; of third order: what a step of
 * relative size s leaves is of the size of s cubed), kept between brackets; no step is more than
 * five times Newton's, or less than half. `*out_density` is the density there.
 */
static double beta_quantile_from(const struct numu_law *law, double u, double x,
                                 double *out_density) {
    enum { STEPS_MAX = 100 };
    const double small = 4e-6; /* its cube is below a rounding error */
    double below = 0;
    double above = 1;
    for (int step = 0; step < STEPS_MAX && above - below > 1e-14; step++) {
        double excess = beta_share(law, x, out_density) - u;
        double bend =
            (law->alpha - 1) / x - (law->beta - 1) / (1 - x); /* of the density, over it */
        double newton = excess / *out_density;
        double move = newton / (1 - fmin(fmax(newton * bend / 2, -1), 0.8));
        *(excess < 0 ? &below : &above) = x;
        double next = x - move;
        if (fabs(move) <= small * fmin(x, 1 - x)) {
            return next;
        }
        x = next > below && next < above ? next : (below + above) / 2;
    }
    return x;
}

static double beta_quantile(const struct numu_law *law, double u) {
    double density;
    return beta_quantile_from(law, u, law->alpha / (law->alpha + law->beta), &density);
}

/* --- laws --- */

struct numu_law numu_law_fixed(double value) {
    return (struct numu_law){.kind = NUMU_LAW_FIXED, .low = value, .mode = value, .high = value};
}

static void set_ends(struct numu_law *law, double low, double high) {
    law->low = low;
    law->high = high;
    if (law->kind == NUMU_LAW_PERT) {
        law->alpha = 1 + 4 * (law->mode - low) / (high - low);
        law->beta = 1 + 4 * (high - law->mode) / (high - low);
        law->log_beta = lgamma(law->alpha) + lgamma(law->beta) - lgamma(law->alpha + law->beta);
    }
}

/* The quantile before values below 0 are made 0. */
static double raw_quantile(const struct numu_law *law, double u) {
    double width = law->high - law->low;
    switch (law->kind) {
    case NUMU_LAW_FIXED:
        return law->mode;
    case NUMU_LAW_UNIFORM:
        return law->low + u * width;
    case NUMU_LAW_TRIANGULAR: {
        double left = law->mode - law->low;
        return u * width <= left ? law->low + sqrt(u * width * left)
                                 : law->high - sqrt((1 - u) * width * (law->high - law->mode));
    }
    case NUMU_LAW_PERT:
        return law->low + width * beta_quantile(law, u);
    case NUMU_LAW_LOGNORMAL:
        return exp(law->mu + law->sigma * numu_normal_quantile(u));
    }
    return law->mode;
}

/*
 * Moves the ends until P10 and P90 are where they should be: each step moves an end by what its
 * quantile lacks. A quantile follows its end at a rate between 0 and 1, so the steps shrink.
 */
static void fit_ends(struct numu_law *law, double p10, double p90) {
    enum { STEPS_MAX = 400 };
    for (int step = 0; step < STEPS_MAX; step++) {
        double lacks_low = p10 - raw_quantile(law, 0.1);
        double lacks_high = p90 - raw_quantile(law, 0.9);
        set_ends(law, fmin(law->low + lacks_low, law->mode),
                 fmax(law->high + lacks_high, law->mode));
        if (fabs(lacks_low) + fabs(lacks_high) < 1e-10 * (p90 - p10)) {
            return;
        }
    }
}

struct numu_law numu_law_of(numu_law_kind kind, double low, double likely, double high,
                            bool are_quantiles) {
    struct numu_law law = {.kind = kind, .mode = likely};
    if (kind == NUMU_LAW_LOGNORMAL) {
        if (!(low > 0 && high > low)) {
            return numu_law_fixed(likely);
        }
        law.mu = (log(low) + log(high)) / 2;
        law.sigma = (log(high) - log(low)) / (2 * z90);
        law.low = 0;
        law.high = exp(law.mu + law.sigma * numu_normal_quantile(1 - TINY));
        law.mode = exp(law.mu - law.sigma * law.sigma);
        return law;
    }
    low = fmin(low, likely);
    high = fmax(high, likely);
    if (kind == NUMU_LAW_FIXED || !(high > low)) {
        return numu_law_fixed(likely);
    }
    set_ends(&law, low, high);
    if (are_quantiles && kind == NUMU_LAW_UNIFORM) {
        set_ends(&law, low - (high - low) / 8, high + (high - low) / 8);
    } else if (are_quantiles) {
        fit_ends(&law, low, high);
    }
    return law;
}

double numu_law_quantile(const struct numu_law *law, double u) {
    double value = raw_quantile(law, fmin(fmax(u, TINY), 1 - TINY));
    return value > 0 ? value : 0;
}

double numu_law_mean(const struct numu_law *law) {
    switch (law->kind) {
    case NUMU_LAW_FIXED:
        return law->mode;
    case NUMU_LAW_UNIFORM:
        return (law->low + law->high) / 2;
    case NUMU_LAW_TRIANGULAR:
        return (law->low + law->mode + law->high) / 3;
    case NUMU_LAW_PERT:
        return (law->low + 4 * law->mode + law->high) / 6;
    case NUMU_LAW_LOGNORMAL:
        return exp(law->mu + law->sigma * law->sigma / 2);
    }
    return law->mode;
}

double numu_law_greatest(const struct numu_law *law) {
    return law->high > 0 ? law->high : 0;
}

struct numu_law numu_law_scaled(const struct numu_law *law, double scale) {
    struct numu_law scaled = *law;
    if (!(scale > 0)) {
        return numu_law_fixed(0);
    }
    scaled.low *= scale;
    scaled.mode *= scale;
    scaled.high *= scale;
    scaled.mu += log(scale);
    return scaled;
}

/* Quantiles, many of them, each near the one before. */
struct follower {
    const struct numu_law *law;
    double u, x, density; /* the last one, between 0 and 1 */
};

/* numu_law_quantile of the same law, from where the last one was. */
static double next_quantile(struct follower *it, double u) {
    const struct numu_law *law = it->law;
    if (law->kind != NUMU_LAW_PERT) {
        return numu_law_quantile(law, u);
    }
    u = fmin(fmax(u, TINY), 1 - TINY);
    double guess = it->x + (u - it->u) / it->density;
    bool is_inside = guess > it->x / 2 && guess < (1 + it->x) / 2;
    it->x = beta_quantile_from(law, u, is_inside ? guess : it->x, &it->density);
    it->u = u;
    double value = law->low + (law->high - law->low) * it->x;
    return value > 0 ? value : 0;
}

static struct follower follow_from(const struct numu_law *law, double u) {
    struct follower it = {.law = law, .u = u};
    if (law->kind == NUMU_LAW_PERT) {
        it.x = beta_quantile_from(law, u, law->alpha / (law->alpha + law->beta), &it.density);
    }
    return it;
}

void numu_law_table_init(struct numu_law_table *table, const struct numu_law *law) {
    enum { FINE_COUNT = NUMU_LAW_END_CELLS * NUMU_LAW_FINE };
    static const double fine = (double)NUMU_LAW_FINE * NUMU_LAW_CELLS;
    table->law = *law;
    struct follower middle = follow_from(law, 0.5), up = middle;
    for (int k = NUMU_LAW_CELLS / 2; k >= 0; k--) {
        table->point[k] = next_quantile(&middle, (double)k / NUMU_LAW_CELLS);
    }
    for (int k = NUMU_LAW_CELLS / 2; k <= NUMU_LAW_CELLS; k++) {
        table->point[k] = next_quantile(&up, (double)k / NUMU_LAW_CELLS);
    }
    struct follower low = follow_from(law, FINE_COUNT / fine);
    struct follower high = follow_from(law, 1 - FINE_COUNT / fine);
    for (int k = FINE_COUNT; k >= 0; k--) {
        table->low[k] = next_quantile(&low, k / fine);
        table->high[FINE_COUNT - k] = next_quantile(&high, 1 - k / fine);
    }
}
