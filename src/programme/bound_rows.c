/*
 * bound_rows.c - edges of convex hulls, and the row of each two tasks that is broken most.
 *
 * [1] Both works are piecewise linear in the start of the first task, and bend only where a point,
 *     a window or the other task's start comes to one of its ends: their hull is that of the bends.
 */
#include "programme/bound_rows.h"

#include "base/number.h"
#include "base/status.h"

#include <stdlib.h>

enum { BENDS_MAX = 7 };

static const double least_left = 1e-6;  /* of work */
static const double least_broken = 0.3; /* periods: what is less costs more than it wins */

/* Work on the first task, and the greatest on the second (or the least, negated). */
struct bend {
    int64_t x, y;
};

struct edge {
    struct bend low, high; /* x of low < x of high */
};

struct hull {
    struct bend bend[BENDS_MAX];
    uint32_t count;
};

static numu_period within(numu_period value, numu_period low, numu_period high) {
    return value < low ? low : value > high ? high : value;
}

static const double *done_on(const struct numu_bound_work *work, uint32_t task) {
    return &work->done[(size_t)task * work->point_count];
}

/* --- hulls --- */

static int compare_bends(const void *a, const void *b) {
    const struct bend *left = a, *right = b;
    if (left->x != right->x) {
        return left->x < right->x ? -1 : 1;
    }
    return (left->y < right->y) - (left->y > right->y); /* the greatest first */
}

/* Whether b lies below the line from a to c, or on it. */
static bool is_below(const struct bend *a, const struct bend *b, const struct bend *c) {
    return (b->y - a->y) * (c->x - a->x) <= (c->y - a->y) * (b->x - a->x);
}

/* Keeps what the upper hull needs of the bends. */
static void close_hull(struct hull *hull) {
    uint32_t count = 0;
    qsort(hull->bend, hull->count, sizeof *hull->bend, compare_bends);
    for (uint32_t n = 0; n < hull->count; n++) {
        struct bend bend = hull->bend[n];
        if (count > 0 && hull->bend[count - 1].x == bend.x) {
            continue;
        }
        while (count > 1 && is_below(&hull->bend[count - 2], &hull->bend[count - 1], &bend)) {
            count--;
        }
        hull->bend[count++] = bend;
    }
    hull->count = count;
}

/* How far y is above the edge that is lowest at x; below none where there is no edge. */
static double find_edge(const struct hull *hull, double x, double y, struct edge *out) {
    double most = 0;
    for (uint32_t n = 0; n + 1 < hull->count; n++) {
        const struct bend *low = &hull->bend[n], *high = &hull->bend[n + 1];
        double slope = (double)(high->y - low->y) / (double)(high->x - low->x);
        double above = y - ((double)low->y + slope * (x - (double)low->x));
        if (above > most) {
            most = above;
            *out = (struct edge){*low, *high};
        }
    }
    return most;
}

/*
 * Adds times × the work done on a task before a point, as what is done after it where the task has
 * less time there: so rows have fewer entries.
 */
static void add_term(const struct numu_bound_work *work, uint32_t task, uint32_t point,
                     int64_t times, struct numu_bound_term *out, int64_t *io_least) {
    numu_period before = work->point[point] - work->from[task];
    numu_period after = work->until[task] - work->point[point];
    if (before <= after) {
        *out = (struct numu_bound_term){task, 0, point, times};
    } else {
        *out = (struct numu_bound_term){task, point, work->point_count - 1, -times};
        *io_least -= times * work->duration[task];
    }
}

/* The row of an edge; `side` is 1 where y is the work on the second task, -1 where that negated. */
static void write_row(const struct numu_bound_work *work, const struct edge *edge, uint32_t first,
                      uint32_t t, uint32_t second, uint32_t u, int side, double broken,
                      struct numu_bound_row *out) {
    int64_t wide = edge->high.x - edge->low.x, high = edge->high.y - edge->low.y;
    int64_t divisor = numu_greatest_divisor(wide, high);
    numu_assert(divisor > 0); /* an edge is wide */
    wide /= divisor;
    high /= divisor;
    out->least = high * edge->low.x - wide * edge->low.y;
    out->broken = broken;
    add_term(work, first, t, high, &out->term[0], &out->least);
    add_term(work, second, u, -side * wide, &out->term[1], &out->least);
}

/* --- two tasks --- */

/* What is done of a task before a point where it starts at `start`. */
static numu_period done_before(const struct numu_bound_work *work, uint32_t task, numu_period start,
                               numu_period point) {
    return within(point - start, 0, work->duration[task]);
}

/* Work before t on the first against the most before u on the second, [1]. */
static void hull_of_two(const struct numu_bound_work *work, uint32_t first, numu_period t,
                        uint32_t second, numu_period u, struct hull *out) {
    numu_period length = work->duration[first];
    numu_period behind = length + work->lag[(size_t)first * work->count + second];
    numu_period latest = work->until[first] - length;
    const numu_period starts[BENDS_MAX] = {
        work->from[first],
        latest,
        t - length,
        t,
        u - behind,
        u - behind - work->duration[second],
        work->from[second] - behind,
    };
    out->count = BENDS_MAX;
    for (int n = 0; n < BENDS_MAX; n++) {
        numu_period start = within(starts[n], work->from[first], latest);
        numu_period next = start + behind;
        next = next > work->from[second] ? next : work->from[second];
        out->bend[n] =
            (struct bend){done_before(work, first, start, t), done_before(work, second, next, u)};
    }
    close_hull(out);
}

/* The row of two tasks that is broken most. */
static bool find_of_two(const struct numu_bound_work *work, uint32_t first, uint32_t second,
                        struct numu_bound_row *out) {
    const double *x = done_on(work, first), *y = done_on(work, second);
    numu_period apart = work->duration[first] + work->lag[(size_t)first * work->count + second] +
                        work->duration[second];
    double most = least_broken;
    for (uint32_t a = 0; a < work->point_count; a++) {
        numu_period t = work->point[a];
        if (t <= work->from[first]) {
            continue;
        }
        if (t >= work->until[first] || x[a] > work->duration[first] - least_left) {
            break; /* all may be done on the second */
        }
        for (uint32_t b = 0; b < work->point_count && work->point[b] - t < apart; b++) {
            struct hull hull;
            struct edge edge = {{0, 0}, {0, 0}};
            if (y[b] <= most) {
                continue;
            }
            hull_of_two(work, first, t, second, work->point[b], &hull);
            double broken = find_edge(&hull, x[a], y[b], &edge);
            if (broken > most) {
                most = broken;
                write_row(work, &edge, first, a, second, b, 1, broken, out);
            }
        }
    }
    return most > least_broken;
}

/* --- one task --- */

/* Work before t against the least before u, negated, [1]. */
static void hull_of_one(const struct numu_bound_work *work, uint32_t task, numu_period t,
                        numu_period u, struct hull *out) {
    numu_period length = work->duration[task], latest = work->until[task] - length;
    const numu_period starts[] = {work->from[task], latest, t - length, t, u - length, u};
    out->count = sizeof starts / sizeof *starts;
    for (uint32_t n = 0; n < out->count; n++) {
        numu_period start = within(starts[n], work->from[task], latest);
        out->bend[n] =
            (struct bend){done_before(work, task, start, t), -done_before(work, task, start, u)};
    }
    close_hull(out);
}

static bool find_of_one(const struct numu_bound_work *work, uint32_t task,
                        struct numu_bound_row *out) {
    const double *done = done_on(work, task);
    double most = least_broken;
    for (uint32_t a = 0; a < work->point_count; a++) {
        if (work->point[a] < work->from[task]) {
            continue;
        }
        if (work->point[a] >= work->until[task] || done[a] > work->duration[task] - least_left) {
            break;
        }
        for (uint32_t b = a + 1; b < work->point_count; b++) {
            struct hull hull;
            struct edge edge = {{0, 0}, {0, 0}};
            if (done[b] > work->duration[task] - most) {
                break;
            }
            hull_of_one(work, task, work->point[a], work->point[b], &hull);
            double broken = find_edge(&hull, done[a], -done[b], &edge);
            if (broken > most) {
                most = broken;
                write_row(work, &edge, task, a, task, b, -1, broken, out);
            }
        }
    }
    return most > least_broken;
}

/* --- all --- */

/* Puts a row where it belongs among those that are broken most; the last may go. */
static void keep(const struct numu_bound_row *row, uint32_t most, uint32_t *io_count,
                 struct numu_bound_row *rows) {
    if (*io_count == most && rows[most - 1].broken >= row->broken) {
        return;
    }
    uint32_t place = *io_count < most ? (*io_count)++ : most - 1;
    for (; place > 0 && rows[place - 1].broken < row->broken; place--) {
        rows[place] = rows[place - 1];
    }
    rows[place] = *row;
}

uint32_t numu_bound_rows_find(const struct numu_bound_work *work, uint32_t most,
                              struct numu_bound_row *out) {
    uint32_t count = 0;
    struct numu_bound_row row = {0};
    for (uint32_t i = 0; i < work->count; i++) {
        if (!work->is_plain[i]) {
            continue;
        }
        if (find_of_one(work, i, &row)) {
            keep(&row, most, &count, out);
        }
        for (uint32_t k = 0; k < work->count; k++) {
            if (work->is_plain[k] && work->lag[(size_t)i * work->count + k] >= 0 &&
                find_of_two(work, i, k, &row)) {
                keep(&row, most, &count, out);
            }
        }
    }
    return count;
}
