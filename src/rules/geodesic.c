/*
 * geodesic.c - see geodesic.h.
 *
 * Notation is Vincenty's: U reduced latitude, lambda difference of longitude on the auxiliary
 * sphere, sigma angular distance on it, alpha azimuth of the geodesic at the equator, sigma_m
 * angular distance from the equator to the middle of the line, f flattening, a and b the axes.
 */
#include "rules/geodesic.h"

#include <math.h>

const struct numu_ellipsoid numu_wgs84 = {6378137.0, 1 / 298.257223563};

enum { ROUNDS_MAX = 200 };

static const double radians = 0.017453292519943295; /* pi / 180 */

/* What the iteration over lambda knows of a line. */
struct line {
    double sin_sigma, cos_sigma, sigma;
    double cos2_alpha;
    double cos_2sigma_m;
};

/* Equations 14 to 18, for sines and cosines of the reduced latitudes. */
static struct line line_of(double sin_u1, double cos_u1, double sin_u2, double cos_u2,
                           double lambda) {
    struct line line;
    double across = cos_u2 * sin(lambda);
    double along = cos_u1 * sin_u2 - sin_u1 * cos_u2 * cos(lambda);
    line.sin_sigma = hypot(across, along);
    line.cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cos(lambda);
    line.sigma = atan2(line.sin_sigma, line.cos_sigma);
    double sin_alpha = line.sin_sigma == 0 ? 0 : cos_u1 * cos_u2 * sin(lambda) / line.sin_sigma;
    line.cos2_alpha = 1 - sin_alpha * sin_alpha;
    /* On the equator cos2_alpha is 0, and the term is multiplied by it. */
    line.cos_2sigma_m =
        line.cos2_alpha == 0 ? 0 : line.cos_sigma - 2 * sin_u1 * sin_u2 / line.cos2_alpha;
    return line;
}

/* Equations 10 and 11: what lambda exceeds the difference of longitude by. */
static double lambda_excess(const struct line *line, double f, double sin_alpha) {
    double c = f / 16 * line->cos2_alpha * (4 + f * (4 - 3 * line->cos2_alpha));
    double m = line->cos_2sigma_m;
    return (1 - c) * f * sin_alpha *
           (line->sigma + c * line->sin_sigma * (m + c * line->cos_sigma * (2 * m * m - 1)));
}

/* Equations 3, 4, 6 and 19. */
static double length_of(const struct line *line, double a, double b) {
    double u2 = line->cos2_alpha * (a * a - b * b) / (b * b);
    double big_a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
    double big_b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
    double m = line->cos_2sigma_m;
    double s = line->sin_sigma;
    double delta_sigma = big_b * s *
                         (m + big_b / 4 *
                                  (line->cos_sigma * (2 * m * m - 1) -
                                   big_b / 6 * m * (4 * s * s - 3) * (4 * m * m - 3)));
    return b * big_a * (line->sigma - delta_sigma);
}

double numu_geodesic_m(const struct numu_ellipsoid *ellipsoid, struct numu_position from,
                       struct numu_position to) {
    const double f = ellipsoid->flattening;
    const double a = ellipsoid->a_m;
    const double b = a * (1 - f);
    double u1 = atan2((1 - f) * sin(from.latitude * radians), cos(from.latitude * radians));
    double u2 = atan2((1 - f) * sin(to.latitude * radians), cos(to.latitude * radians));
    /* The shorter way round. */
    double l = remainder((to.longitude - from.longitude), 360) * radians;
    double lambda = l;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        struct line line = line_of(sin(u1), cos(u1), sin(u2), cos(u2), lambda);
        double sin_alpha =
            line.sin_sigma == 0 ? 0 : cos(u1) * cos(u2) * sin(lambda) / line.sin_sigma;
        double next = l + lambda_excess(&line, f, sin_alpha);
        if (fabs(next) > 3.14159265358979323846) {
            break; /* almost opposite */
        }
        if (fabs(next - lambda) < 1e-13) {
            return length_of(&line, a, b);
        }
        lambda = next;
    }
    return numu_point_chord_m(numu_position_point(ellipsoid, from),
                              numu_position_point(ellipsoid, to));
}

struct numu_point numu_position_point(const struct numu_ellipsoid *ellipsoid,
                                      struct numu_position position) {
    double e2 = ellipsoid->flattening * (2 - ellipsoid->flattening);
    double latitude = position.latitude * radians;
    double longitude = position.longitude * radians;
    /* Radius of curvature of the prime vertical. */
    double n = ellipsoid->a_m / sqrt(1 - e2 * sin(latitude) * sin(latitude));
    return (struct numu_point){n * cos(latitude) * cos(longitude),
                               n * cos(latitude) * sin(longitude), n * (1 - e2) * sin(latitude)};
}

double numu_point_chord_m(struct numu_point a, struct numu_point b) {
    double x = a.x - b.x;
    double y = a.y - b.y;
    double z = a.z - b.z;
    return sqrt(x * x + y * y + z * z);
}

double numu_chord_geodesic_max_m(const struct numu_ellipsoid *ellipsoid, double chord_m) {
    double e2 = ellipsoid->flattening * (2 - ellipsoid->flattening);
    double r = ellipsoid->a_m * (1 - e2); /* of the meridian at the equator: the least of all */
    return chord_m <= 2 * r ? 2 * r * asin(chord_m / (2 * r)) : INFINITY;
}
