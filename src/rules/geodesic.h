/*
 * geodesic.h - how far two places on the Earth are apart.
 *
 * Source: T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid with application
 * of nested equations", Survey Review XXIII (176), April 1975, pages 88 to 93. WGS 84: NIMA
 * TR8350.2.
 */
#ifndef NUMU_RULES_GEODESIC_H
#define NUMU_RULES_GEODESIC_H

#include "base/number.h"

struct numu_ellipsoid {
    double a_m;        /* equatorial radius */
    double flattening; /* (a - b) / a */
};

extern const struct numu_ellipsoid numu_wgs84;

/* Degrees, north and east. */
struct numu_position {
    double latitude, longitude;
};

/*
 * Length in metres of the shortest way over the ellipsoid, to a millimetre or better. For places
 * almost opposite to each other, where the method does not converge, the straight line through the
 * Earth, which is shorter: safe for a distance that shall be kept. Latitudes are -90 … 90.
 */
double numu_geodesic_m(const struct numu_ellipsoid *ellipsoid, struct numu_position from,
                       struct numu_position to);

/* A place as a point in space: metres from the centre of the ellipsoid. */
struct numu_point {
    double x, y, z;
};
struct numu_point numu_position_point(const struct numu_ellipsoid *ellipsoid,
                                      struct numu_position position);
/*
 * Bounds of the geodesic from the straight line between two points, for sorting out what is far
 * before the exact length is computed: chord <= geodesic <= 2 r asin(chord / 2 r), r being the
 * least radius of curvature (Schur's comparison theorem: of all curves so long and nowhere more
 * bent, the arc of a circle has the shortest chord). A chord too long for the bound gives INFINITY.
 */
double numu_point_chord_m(struct numu_point a, struct numu_point b);
double numu_chord_geodesic_max_m(const struct numu_ellipsoid *ellipsoid, double chord_m);

#endif
