/*
 * Goal: no row of bound_rows.h refuses what any two starts lead to, and the one that is given for
 * two tasks is the one that is broken most.
 * Method: random windows, durations, lags and points; every start of each task tried. Work that is
 * a mixture of starts breaks no row; of work at random all lines through two of the points that
 * starts lead to are tried, those above all the others kept, and the farthest one compared.
 */
#include "programme/bound_rows.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SEED = 20261130, ROUNDS = 4000, TASKS = 2, POINTS = 12, MIXED = 3, STARTS_MAX = 40 };

struct world {
    struct numu_random random;
    bool is_plain[TASKS];
    numu_period duration[TASKS], from[TASKS], until[TASKS], lag[TASKS * TASKS];
    numu_period point[POINTS];
    double done[TASKS * POINTS];
    struct numu_bound_work work;
};

static int between(struct world *world, int low, int high) {
    return low + (int)numu_random_below(&world->random, (uint64_t)(high - low + 1));
}

static void make_world(struct world *world) {
    numu_period least = between(world, -1, 3);
    for (int i = 0; i < TASKS; i++) {
        world->is_plain[i] = true;
        world->duration[i] = between(world, 1, 7);
        world->from[i] = between(world, 0, 6);
        world->until[i] = world->from[i] + world->duration[i] + between(world, 0, 12);
    }
    for (int i = 0; i < TASKS * TASKS; i++) {
        world->lag[i] = -1;
    }
    world->lag[1] = between(world, -1, 3);
    /* where the second follows, each start leaves one of the other, as propagation sees to */
    if (world->lag[1] >= 0) {
        numu_period behind = world->duration[0] + world->lag[1];
        if (world->from[1] < world->from[0] + behind) {
            world->from[1] = world->from[0] + behind;
        }
        if (world->until[1] < world->from[1] + world->duration[1]) {
            world->until[1] = world->from[1] + world->duration[1];
        }
        while (world->until[0] - world->duration[0] + behind >
               world->until[1] - world->duration[1]) {
            world->until[1]++;
        }
    }
    for (int p = 0; p < POINTS; p++) {
        least += between(world, 1, 3);
        world->point[p] = least;
    }
    world->work = (struct numu_bound_work){TASKS,       world->is_plain, world->duration,
                                           world->from, world->until,    world->lag,
                                           POINTS,      world->point,    world->done};
}

static int64_t before(const struct world *world, int task, numu_period start, numu_period point) {
    numu_period done = point - start;
    return done < 0 ? 0 : done > world->duration[task] ? world->duration[task] : done;
}

static bool may_start(const struct world *world, numu_period first, numu_period second) {
    return world->lag[1] < 0 || second >= first + world->duration[0] + world->lag[1];
}

/* The left side of a row, less its least, where work is as two starts have it. */
static int64_t left_over(const struct world *world, const struct numu_bound_row *row,
                         const numu_period *start) {
    int64_t sum = -row->least;
    for (int side = 0; side < 2; side++) {
        const struct numu_bound_term *term = &row->term[side];
        int task = (int)term->task;
        sum += term->times * (before(world, task, start[task], world->point[term->until]) -
                              before(world, task, start[task], world->point[term->from]));
    }
    return sum;
}

static double left_over_done(const struct world *world, const struct numu_bound_row *row) {
    double sum = -(double)row->least;
    for (int side = 0; side < 2; side++) {
        const struct numu_bound_term *term = &row->term[side];
        const double *done = &world->done[term->task * POINTS];
        sum += (double)term->times * (done[term->until] - done[term->from]);
    }
    return sum;
}

/* All windows lie on the axis. */
static void stretch_axis(struct world *world) {
    world->point[0] = -2;
    world->point[POINTS - 1] = 100;
}

/* Work at random, in sum the whole duration, no faster than time goes by. */
static void do_at_random(struct world *world) {
    memset(world->done, 0, sizeof world->done);
    for (int i = 0; i < TASKS; i++) {
        double left = world->duration[i], *done = &world->done[i * POINTS];
        for (int turn = 0; turn < 3; turn++) { /* in the last all of what is left */
            for (int p = 1; p < POINTS; p++) {
                double from = fmax(world->point[p - 1], world->from[i]);
                double room = fmin(world->point[p], world->until[i]) - from - done[p];
                double more =
                    fmin(left, fmax(room, 0)) * (turn < 2 ? between(world, 0, 2) / 2.0 : 1);
                done[p] += more;
                left -= more;
            }
        }
        for (int p = 1; p < POINTS; p++) {
            done[p] += done[p - 1];
        }
    }
}

/* Work as a mixture of starts that may be. */
static void mix_starts(struct world *world) {
    memset(world->done, 0, sizeof world->done);
    for (int n = 0; n < MIXED; n++) {
        numu_period start[TASKS];
        do {
            for (int i = 0; i < TASKS; i++) {
                start[i] = between(world, world->from[i], world->until[i] - world->duration[i]);
            }
        } while (!may_start(world, start[0], start[1]));
        for (int p = 0; p < TASKS * POINTS; p++) {
            world->done[p] +=
                (double)before(world, p / POINTS, start[p / POINTS], world->point[p % POINTS]) /
                MIXED;
        }
    }
}

struct pair {
    double x, y;
};

/* How far y is above the lowest line that lies through two of the points and above all. */
static double farthest(const struct pair *pair, int count, double x, double y) {
    double most = 0;
    for (int a = 0; a < count; a++) {
        for (int b = 0; b < count; b++) {
            bool is_above = pair[a].x < pair[b].x;
            double slope = is_above ? (pair[b].y - pair[a].y) / (pair[b].x - pair[a].x) : 0;
            for (int c = 0; c < count && is_above; c++) {
                is_above = pair[c].y <= pair[a].y + slope * (pair[c].x - pair[a].x) + 1e-9;
            }
            if (is_above) {
                most = fmax(most, y - (pair[a].y + slope * (x - pair[a].x)));
            }
        }
    }
    return most;
}

/* Of all points, work on `first` before one of them and on `second` before another. */
static double farthest_of(const struct world *world, int first, int second) {
    double most = 0;
    for (int t = 0; t < POINTS; t++) {
        for (int u = first == second ? t + 1 : 0; u < POINTS; u++) {
            struct pair pair[STARTS_MAX];
            int count = 0;
            double y = world->done[second * POINTS + u];
            for (numu_period s = world->from[first];
                 s <= world->until[first] - world->duration[first]; s++) {
                numu_period next = world->from[second];
                next += may_start(world, s, next) || first == second
                            ? 0
                            : s + world->duration[first] + world->lag[1] - next;
                int64_t of_second = first == second ? -before(world, first, s, world->point[u])
                                                    : before(world, second, next, world->point[u]);
                pair[count++] = (struct pair){(double)before(world, first, s, world->point[t]),
                                              (double)of_second};
            }
            most = fmax(most, farthest(pair, count, world->done[first * POINTS + t],
                                       first == second ? -y : y));
        }
    }
    return most;
}

static void no_row_refuses_any_starts(void **state) {
    (void)state;
    struct world world;
    int rows = 0;
    numu_random_init(&world.random, SEED, 1);
    print_message("# seed %d\n", SEED);
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_bound_row row[TASKS + 1];
        make_world(&world);
        stretch_axis(&world);
        do_at_random(&world);
        uint32_t count = numu_bound_rows_find(&world.work, TASKS + 1, row);
        for (uint32_t n = 0; n < count; n++) {
            int64_t closest = INT64_MAX;
            double broken = -left_over_done(&world, &row[n]) / fabs((double)row[n].term[1].times);
            assert_true(fabs(broken - row[n].broken) < 1e-6);
            assert_true(n == 0 || row[n - 1].broken >= row[n].broken);
            numu_period start[TASKS];
            for (start[0] = world.from[0]; start[0] <= world.until[0] - world.duration[0];
                 start[0]++) {
                for (start[1] = world.from[1]; start[1] <= world.until[1] - world.duration[1];
                     start[1]++) {
                    if (may_start(&world, start[0], start[1])) {
                        int64_t left = left_over(&world, &row[n], start);
                        closest = left < closest ? left : closest;
                    }
                }
            }
            assert_true(closest >= 0);
            rows += closest == 0;
        }
    }
    print_message("# %d rows that some starts keep without any to spare\n", rows);
    assert_true(rows > ROUNDS);
}

static void mixtures_of_starts_break_none(void **state) {
    (void)state;
    struct world world;
    numu_random_init(&world.random, SEED, 2);
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_bound_row row[TASKS + 1];
        make_world(&world);
        stretch_axis(&world);
        mix_starts(&world);
        assert_int_equal(numu_bound_rows_find(&world.work, TASKS + 1, row), 0);
    }
}

static void the_row_that_is_broken_most_is_found(void **state) {
    (void)state;
    static const double least = 0.3; /* of bound_rows.c */
    struct world world;
    int found = 0;
    numu_random_init(&world.random, SEED, 3);
    for (int round = 0; round < ROUNDS / 4; round++) {
        struct numu_bound_row row[TASKS + 1];
        make_world(&world);
        stretch_axis(&world);
        do_at_random(&world);
        uint32_t count = numu_bound_rows_find(&world.work, TASKS + 1, row);
        double most = fmax(farthest_of(&world, 0, 0), farthest_of(&world, 1, 1));
        if (world.lag[1] >= 0) {
            most = fmax(most, farthest_of(&world, 0, 1));
        }
        assert_true(count > 0 ? fabs(row[0].broken - most) < 1e-4 : most < least + 1e-4);
        /* with room for one that is the one */
        struct numu_bound_row only;
        if (count > 0) {
            assert_int_equal(numu_bound_rows_find(&world.work, 1, &only), 1);
            assert_true(only.broken >= row[0].broken);
            found++;
        }
        /* tasks in calendars have none */
        world.is_plain[0] = world.is_plain[1] = false;
        assert_int_equal(numu_bound_rows_find(&world.work, TASKS + 1, row), 0);
    }
    print_message("# %d of %d works broke a row\n", found, ROUNDS / 4);
    assert_true(found > ROUNDS / 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_row_refuses_any_starts),
        cmocka_unit_test(mixtures_of_starts_break_none),
        cmocka_unit_test(the_row_that_is_broken_most_is_found),
    };
    return cmocka_run_group_tests_name("programme bound_rows", tests, NULL, NULL);
}
