/*
 * bound_rows.h - what the work done on a task before one point says of the work done before another
 * on the one that follows it, or on itself: rows that every schedule without interruptions keeps,
 * and that the programme of bound_sets.h, where tasks come in pieces, may break.
 *
 * Let x be the work done on a task before t, and y the work done before u on one that starts at
 * least some lag after it finishes. Each start of the first task gives an x and the greatest y that
 * it leaves; all these points lie below the edges of their convex hull, each of which is a row
 *
 *     y <= y1 + (y2 - y1) / (x2 - x1) × (x - x1).
 *
 * So it is for one task and two points, with the least y instead: what it must still do between
 * them (compare the energy of P. Baptiste, S. Demassey, "Tight LP bounds for resource constrained
 * project scheduling", OR Spectrum 26(2), 2004). Work is counted in whole numbers that are exact.
 */
#ifndef NUMU_PROGRAMME_BOUND_ROWS_H
#define NUMU_PROGRAMME_BOUND_ROWS_H

#include "programme/project.h"

/* Tasks in windows, and what a programme lets be done on them. */
struct numu_bound_work {
    uint32_t count;                  /* of tasks */
    const bool *is_plain;            /* by task: it runs in every period from its start on */
    const numu_period *duration;     /* by task, above 0 */
    const numu_period *from, *until; /* by task: it starts no earlier, finishes no later */
    const numu_period *lag;          /* by two tasks: the second starts so long or longer after the
                                        first finishes; negative: it need not */
    uint32_t point_count;
    const numu_period *point; /* rising */
    const double *done;       /* by task and point: work done before it */
};

/* times × the work done on a task between two points. */
struct numu_bound_term {
    uint32_t task, from, until; /* numbers of points */
    int64_t times;
};

/* term[0] + term[1] >= least. */
struct numu_bound_row {
    struct numu_bound_term term[2];
    int64_t least;
    double broken; /* by how much `done` breaks it, in periods of the second task's work */
};

/*
 * The rows that are broken most, one for each two tasks, and one for each task alone; those broken
 * most first. At most `most`.
 */
uint32_t numu_bound_rows_find(const struct numu_bound_work *work, uint32_t most,
                              struct numu_bound_row *out);

#endif
