/*
 * Goal: the MPS that numu writes says what the programme says, and so does what it reads.
 * Method: one file compared byte for byte; random programmes with every kind of row and bound
 * solved by numu and, from its file, by another solver (glpsol of GLPK), and read back as they
 * were; a fixed file read as one by hand; malformed ones refused at their line; each n-th
 * allocation made to fail.
 */
#include "solve/lp.h"

#include "base/random.h"

#include "glpsol.h"

#include <string.h>

enum { SEED = 20261124 };

static void add_row(struct numu_lp *lp, double lower, double upper) {
    assert_int_equal(numu_lp_add_row(lp, lower, upper, NULL), NUMU_OK);
}

static void add_column(struct numu_lp *lp, double cost, double lower, double upper,
                       const struct numu_lp_entry *entries, size_t count) {
    assert_int_equal(numu_lp_add_column(lp, cost, lower, upper, entries, count, NULL), NUMU_OK);
}

/* Every kind of row and of bounds once. */
static void build_all_kinds(struct numu_lp *lp) {
    add_row(lp, 1, 1);
    add_row(lp, -2, INFINITY);
    add_row(lp, -INFINITY, 0.1);
    add_row(lp, -1, 3);
    add_row(lp, -INFINITY, INFINITY);
    lp->constant = -1e6;
    static const struct numu_lp_entry entries[] = {{4, 1}, {0, -2.5}, {3, 1.0 / 3}};
    add_column(lp, 1, 0, INFINITY, entries, 3);
    add_column(lp, 0, 2, 2, entries, 1);
    add_column(lp, -1, -INFINITY, INFINITY, entries, 1);
    add_column(lp, 0, -INFINITY, -3, NULL, 0);
    add_column(lp, 2, -4, -3, NULL, 0);
    add_column(lp, 0, 0, 1e-9, entries + 2, 1);
    add_column(lp, 0, 5, INFINITY, entries + 2, 1);
}

static const char all_kinds[] = "NAME all\n"
                                "ROWS\n"
                                " N objective\n"
                                " E r1\n"
                                " G r2\n"
                                " L r3\n"
                                " G r4\n"
                                " N r5\n"
                                "COLUMNS\n"
                                " c1 objective 1\n"
                                " c1 r5 1\n"
                                " c1 r1 -2.5\n"
                                " c1 r4 0.33333333333333331\n"
                                " c2 r5 1\n"
                                " c3 objective -1\n"
                                " c3 r5 1\n"
                                " c4 objective 0\n"
                                " c5 objective 2\n"
                                " c6 r4 0.33333333333333331\n"
                                " c7 r4 0.33333333333333331\n"
                                " constant objective -1000000\n"
                                "RHS\n"
                                " rhs r1 1\n"
                                " rhs r2 -2\n"
                                " rhs r3 0.10000000000000001\n"
                                " rhs r4 -1\n"
                                "RANGES\n"
                                " ranges r4 4\n"
                                "BOUNDS\n"
                                " FX bounds c2 2\n"
                                " FR bounds c3\n"
                                " MI bounds c4\n"
                                " UP bounds c4 -3\n"
                                " LO bounds c5 -4\n"
                                " UP bounds c5 -3\n"
                                " UP bounds c6 1.0000000000000001e-09\n"
                                " LO bounds c7 5\n"
                                " FX bounds constant 1\n"
                                "ENDATA\n";

static void the_file_is_as_written_here(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_lp lp;
    struct numu_buffer buffer;
    numu_heap_init(&heap, 0);
    numu_lp_init(&lp, &heap);
    numu_buffer_init(&buffer, &heap, 0);
    build_all_kinds(&lp);
    assert_int_equal(numu_lp_write_mps(&lp, "all", NULL, &buffer), NUMU_OK);
    assert_string_equal(buffer.data, all_kinds);
    numu_buffer_release(&buffer);
    numu_lp_release(&lp);
    assert_int_equal(heap.bytes, 0);
}

static numu_status write_row_name(void *data, numu_lp_row row, struct numu_buffer *buffer) {
    return numu_buffer_printf(buffer, "%s_row%u", (const char *)data, row);
}

static numu_status write_column_name(void *data, numu_lp_column column,
                                     struct numu_buffer *buffer) {
    return numu_buffer_printf(buffer, "%s_col%u", (const char *)data, column);
}

static void names_come_from_the_caller(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_lp lp;
    struct numu_buffer buffer;
    char prefix[] = "x";
    numu_heap_init(&heap, 0);
    numu_lp_init(&lp, &heap);
    numu_buffer_init(&buffer, &heap, 0);
    add_row(&lp, 0, 1);
    static const struct numu_lp_entry entry = {0, 7};
    add_column(&lp, 1, -1, 1, &entry, 1);
    struct numu_lp_names names = {write_row_name, write_column_name, prefix};
    assert_int_equal(numu_lp_write_mps(&lp, "n", &names, &buffer), NUMU_OK);
    assert_string_equal(buffer.data, "NAME n\nROWS\n N objective\n G x_row0\nCOLUMNS\n"
                                     " x_col0 objective 1\n x_col0 x_row0 7\nRHS\nRANGES\n"
                                     " ranges x_row0 1\nBOUNDS\n LO bounds x_col0 -1\n"
                                     " UP bounds x_col0 1\nENDATA\n");
    numu_buffer_clear(&buffer);
    names.write_row = NULL;
    assert_int_equal(numu_lp_write_mps(&lp, "n", &names, &buffer), NUMU_OK);
    assert_non_null(strstr(buffer.data, " x_col0 r1 7\n"));
    numu_buffer_release(&buffer);
    numu_lp_release(&lp);
    assert_int_equal(heap.bytes, 0);
}

static void crossed_bounds_are_refused(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_buffer buffer;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&buffer, &heap, 0);
    assert_int_equal(numu_buffer_append_string(&buffer, "kept"), NUMU_OK);
    for (int which = 0; which < 2; which++) {
        struct numu_lp lp;
        numu_lp_init(&lp, &heap);
        add_row(&lp, which == 0 ? 2 : 0, 1);
        add_column(&lp, 1, which == 1 ? 2 : 0, 1, NULL, 0);
        assert_int_equal(numu_lp_write_mps(&lp, "n", NULL, &buffer), NUMU_INVALID);
        assert_string_equal(buffer.data, "kept");
        numu_lp_release(&lp);
    }
    numu_buffer_release(&buffer);
    assert_int_equal(heap.bytes, 0);
}

static void each_allocation_may_fail(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_lp lp;
    numu_heap_init(&heap, 0);
    numu_lp_init(&lp, &heap);
    build_all_kinds(&lp);
    numu_status status = NUMU_MEMORY;
    uint_fast64_t failures = 0;
    while (status != NUMU_OK) {
        struct numu_buffer buffer;
        numu_buffer_init(&buffer, &heap, 0);
        assert_int_equal(numu_buffer_append_string(&buffer, "kept"), NUMU_OK);
        size_t bytes = heap.bytes - buffer.capacity;
        heap.fail_at = heap.count + 1 + failures++;
        status = numu_lp_write_mps(&lp, "all", NULL, &buffer);
        heap.fail_at = 0;
        if (status == NUMU_OK) {
            assert_string_equal(buffer.data + 4, all_kinds);
        } else {
            assert_int_equal(status, NUMU_MEMORY);
            assert_string_equal(buffer.data, "kept");
            assert_int_equal(buffer.length, 4);
        }
        numu_buffer_release(&buffer);
        assert_int_equal(heap.bytes, bytes);
    }
    assert_true(failures > 3);
    numu_lp_release(&lp);
    assert_int_equal(heap.bytes, 0);
}

/* --- reading --- */

/* Fixed MPS as others write it: no names of sets' ends, two entries a line, Fortran's exponents. */
static const char fixed[] = "* a comment\r\n"
                            "NAME          TWO WORDS HERE\r\n"
                            "ROWS\n"
                            " N  COST\n"
                            " E  MAKE\n"
                            "\n"
                            " L  ROOM\n"
                            " G  LEAST\n"
                            " N  OTHER\n"
                            "COLUMNS\n"
                            "    A         COST              2.5   MAKE              1.\n"
                            "    A         ROOM           -1D+01\n"
                            "    M1        'MARKER'                 'INTORG'\n"
                            "    B         LEAST              .5   OTHER            +3\n"
                            "    M2        'MARKER'                 'INTEND'\n"
                            "    C         MAKE               1.\n"
                            "RHS\n"
                            "    MAKE               4.   ROOM              7.\n"
                            "    R         LEAST              1.\n"
                            "RANGES\n"
                            "    R         MAKE              -2.   ROOM              3.\n"
                            "    R         LEAST              5.\n"
                            "BOUNDS\n"
                            " BV BND       C\n"
                            " MI BND       A\n"
                            " UP BND       A                 -3.\n"
                            "ENDATA\n"
                            "what follows is not looked at\n";

static void assert_all(const double *values, const double *expected, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (values[i] != expected[i]) {
            fail_msg("at %zu: %.17g is not %.17g", i, values[i], expected[i]);
        }
    }
}

static void reads_by_hand(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_lp lp;
    uint64_t line = 0;
    numu_heap_init(&heap, 0);
    assert_int_equal(numu_lp_read_mps(NUMU_TEXT(fixed), &heap, &lp, &line), NUMU_OK);
    assert_int_equal(line, 27);
    assert_int_equal(lp.num_row, 4);
    assert_int_equal(lp.num_col, 3);
    assert_all(lp.row_lower, (const double[]){2, 4, 1, -INFINITY}, 4);
    assert_all(lp.row_upper, (const double[]){4, 7, 6, INFINITY}, 4);
    assert_all(lp.col_lower, (const double[]){-INFINITY, 0, 0}, 3);
    assert_all(lp.col_upper, (const double[]){-3, INFINITY, 1}, 3);
    assert_all(lp.col_cost, (const double[]){2.5, 0, 0}, 3);
    assert_true(!lp.col_whole[0] && lp.col_whole[1] && lp.col_whole[2]);
    assert_int_equal(lp.num_nz, 5);
    assert_all(lp.a_value, (const double[]){1, -10, 0.5, 3, 1}, 5);
    static const uint32_t index[] = {0, 1, 2, 3, 0};
    assert_memory_equal(lp.a_index, index, sizeof index);
    numu_lp_release(&lp);
    assert_int_equal(heap.bytes, 0);
}

#define HEAD "NAME x\nROWS\n N c\n E r\nCOLUMNS\n"

static void refuses_what_is_none(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t line;
    } cases[] = {
        {"", 0},
        {"NAME x\nROWS\n N c\n", 3},              /* no end */
        {"NAME x\n E r\n", 2},                    /* a row outside ROWS */
        {"NAME x\nROWS\n X r\n", 3},              /* no such type */
        {"NAME x\nROWS\n N c\n E c\n", 4},        /* twice */
        {"NAME x\nCOLUMNS\nROWS\n", 3},           /* out of order */
        {"NAME x\nOBJSENSE\n", 2},                /* not read */
        {HEAD " a q 1\n", 6},                     /* no such row */
        {HEAD " a r\n", 6},                       /* no value */
        {HEAD " a r 1 c 2 3 4\n", 6},             /* too many words */
        {HEAD " a r 0x1p4\n", 6},                 /* no decimal number */
        {HEAD " a r nan\n", 6},                   /* nor this */
        {HEAD " a r 1e999\n", 6},                 /* nor finite */
        {HEAD " a r 1 r 2\n", 6},                 /* the same entry twice */
        {HEAD " a r 1\n b r 1\n a c 1\n", 8},     /* a column in two places */
        {HEAD " m 'MARKER' 'INTEND'\n", 6},       /* ends what did not begin */
        {HEAD " a r 1\nRHS\n s c 1\n", 8},        /* objective's right-hand side */
        {HEAD " a r 1\nRANGES\n s c 1\n", 8},     /* a range of a free row */
        {HEAD " a r 1\nBOUNDS\n UP s a -1\n", 8}, /* what is the lower one? */
        {HEAD " a r 1\nBOUNDS\n SC s a 1\n", 8},  /* semi-continuous */
        {HEAD " a r 1\nBOUNDS\n UP s b 1\n", 8},  /* no such column */
        {HEAD " a r 1\nBOUNDS\n UP s a\n", 8},    /* no value */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct numu_heap heap;
        struct numu_lp lp;
        uint64_t line = 0;
        numu_heap_init(&heap, 0);
        if (numu_lp_read_mps(numu_text_of(cases[i].text), &heap, &lp, &line) != NUMU_INVALID ||
            line != cases[i].line) {
            fail_msg("case %zu at line %llu:\n%s", i, (unsigned long long)line, cases[i].text);
        }
        assert_int_equal(heap.bytes, 0);
    }
}

static void reading_survives_each_allocation(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_lp lp;
    numu_status status = NUMU_MEMORY;
    uint_fast64_t failures = 0;
    numu_heap_init(&heap, 0);
    while (status != NUMU_OK) {
        uint64_t line = 0;
        heap.fail_at = heap.count + 1 + failures++;
        status = numu_lp_read_mps(NUMU_TEXT(fixed), &heap, &lp, &line);
        heap.fail_at = 0;
        assert_true(status == NUMU_OK || (status == NUMU_MEMORY && heap.bytes == 0));
    }
    assert_true(failures > 5);
    numu_lp_release(&lp);
    assert_int_equal(heap.bytes, 0);
}

/* What was written is read as it was: the constant as a column, a range's upper bound rounded. */
static void assert_same_when_read(struct numu_lp *lp) {
    struct numu_buffer buffer;
    struct numu_lp again;
    uint64_t line = 0;
    double constant = lp->constant;
    lp->constant = 0;
    numu_buffer_init(&buffer, lp->heap, 0);
    assert_int_equal(numu_lp_write_mps(lp, "n", NULL, &buffer), NUMU_OK);
    struct numu_text text = {buffer.data, buffer.length};
    assert_int_equal(numu_lp_read_mps(text, lp->heap, &again, &line), NUMU_OK);
    lp->constant = constant;
    assert_int_equal(again.num_row, lp->num_row);
    assert_int_equal(again.num_col, lp->num_col);
    assert_int_equal(again.num_nz, lp->num_nz);
    assert_all(again.col_cost, lp->col_cost, lp->num_col);
    assert_all(again.col_lower, lp->col_lower, lp->num_col);
    assert_all(again.col_upper, lp->col_upper, lp->num_col);
    assert_all(again.row_lower, lp->row_lower, lp->num_row);
    assert_all(again.a_value, lp->a_value, lp->num_nz);
    assert_memory_equal(again.a_index, lp->a_index, lp->num_nz * sizeof *lp->a_index);
    assert_memory_equal(again.a_start, lp->a_start, (lp->num_col + 1) * sizeof *lp->a_start);
    assert_memory_equal(again.col_whole, lp->col_whole, lp->num_col * sizeof *lp->col_whole);
    for (uint32_t i = 0; i < lp->num_row; i++) {
        bool is_same = again.row_upper[i] == lp->row_upper[i];
        assert_true(is_same || fabs(again.row_upper[i] - lp->row_upper[i]) < 1e-12);
    }
    numu_lp_release(&again);
    numu_buffer_release(&buffer);
}

/* --- against another solver --- */

static void random_range(struct numu_random *random, double around, double *lower, double *upper) {
    *lower = around - 3 * numu_random_unit(random);
    *upper = around + 3 * numu_random_unit(random);
    switch (numu_random_below(random, 5)) {
    case 0:
        *lower = -INFINITY;
        break;
    case 1:
        *upper = INFINITY;
        break;
    case 2:
        *lower = around;
        *upper = around;
        break;
    case 3:
        if (numu_random_below(random, 3) == 0) {
            *lower = -INFINITY;
            *upper = INFINITY;
        }
        break;
    default:
        break;
    }
}

enum { ROWS = 12, COLUMNS = 20 };

/* Around a random point, which about one programme in six then leaves. */
static void build_random(struct numu_lp *lp, struct numu_random *random) {
    double point[COLUMNS];
    double values[COLUMNS][ROWS];
    double activity[ROWS] = {0};
    bool is_near = numu_random_below(random, 6) > 0;
    bool is_wild = numu_random_below(random, 3) == 0;
    for (uint32_t j = 0; j < COLUMNS; j++) {
        point[j] = 20 * numu_random_unit(random) - 10;
        bool is_empty = numu_random_below(random, 10) == 0;
        for (uint32_t i = 0; i < ROWS; i++) {
            values[j][i] = !is_empty && numu_random_below(random, 3) == 0
                               ? 10 * numu_random_unit(random) - 5
                               : 0;
            activity[i] += values[j][i] * point[j];
        }
    }
    double lower = 0;
    double upper = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        random_range(random, is_near ? activity[i] : 40 * numu_random_unit(random) - 20, &lower,
                     &upper);
        add_row(lp, lower, upper);
    }
    /* Costs that pull away from infinite bounds, unless wild. */
    for (uint32_t j = 0; j < COLUMNS; j++) {
        struct numu_lp_entry entries[ROWS];
        random_range(random, point[j], &lower, &upper);
        double cost = lower == -INFINITY ? (upper == INFINITY ? 0 : -1) : 1;
        if (is_wild && numu_random_below(random, 4) == 0) {
            cost = 10 * numu_random_unit(random) - 5;
        }
        for (uint32_t i = 0; i < ROWS; i++) {
            entries[i] = (struct numu_lp_entry){i, values[j][i]};
        }
        add_column(lp, cost * numu_random_unit(random), lower, upper, entries, ROWS);
    }
    lp->constant = 100 * numu_random_unit(random) - 50;
}

static void another_solver_agrees(void **state) {
    (void)state;
    struct numu_random random;
    int counts[NUMU_LP_FAILED + 1] = {0};
    numu_random_init(&random, SEED, 0);
    print_message("# seed %d\n", SEED);
    for (int n = 0; n < 300; n++) {
        struct numu_heap heap;
        struct numu_arena arena;
        struct numu_lp lp;
        struct numu_lp_solver *solver = NULL;
        struct numu_lp_solution solution;
        struct numu_buffer mps;
        numu_heap_init(&heap, 0);
        numu_arena_init(&arena, &heap);
        numu_lp_init(&lp, &heap);
        build_random(&lp, &random);
        if (n % 4 == 0) {
            numu_lp_set_whole(&lp, (numu_lp_column)(n % COLUMNS));
            assert_same_when_read(&lp);
            lp.col_whole[n % COLUMNS] = false;
        }
        struct numu_context context = {.heap = &heap};
        struct numu_lp_options options = {.primal = n % 2 == 1};
        assert_int_equal(numu_lp_solver_open(&context, &lp, &solver), NUMU_OK);
        assert_int_equal(numu_lp_solver_solve(solver, &options, &arena, &solution), NUMU_OK);
        numu_lp_solver_close(solver);

        numu_buffer_init(&mps, &heap, 0);
        assert_int_equal(numu_lp_write_mps(&lp, "random", NULL, &mps), NUMU_OK);
        struct glpsol_answer answer = ask_glpsol(&mps, "--nopresol --tmlim 60");
        numu_buffer_release(&mps);
        counts[solution.status]++;
        if (answer.primal == 'f' && answer.dual == 'f') {
            double near = 1e-6 * (1 + fabs(answer.objective));
            assert_int_equal(solution.status, NUMU_LP_OPTIMAL);
            assert_true(fabs(solution.objective - answer.objective) <= near);
            assert_true(fabs(solution.dual_bound - answer.objective) <= near);
        } else if (answer.primal == 'f') {
            assert_int_equal(solution.status, NUMU_LP_UNBOUNDED);
        } else {
            assert_int_equal(solution.status, NUMU_LP_INFEASIBLE);
        }
        numu_lp_release(&lp);
        numu_arena_release(&arena);
        assert_int_equal(heap.bytes, 0);
    }
    print_message("# optimal %d, infeasible %d, unbounded %d\n", counts[NUMU_LP_OPTIMAL],
                  counts[NUMU_LP_INFEASIBLE], counts[NUMU_LP_UNBOUNDED]);
    assert_true(counts[NUMU_LP_OPTIMAL] > 30);
    assert_true(counts[NUMU_LP_INFEASIBLE] > 10);
    assert_true(counts[NUMU_LP_UNBOUNDED] > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_as_written_here),
        cmocka_unit_test(names_come_from_the_caller),
        cmocka_unit_test(crossed_bounds_are_refused),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(reads_by_hand),
        cmocka_unit_test(refuses_what_is_none),
        cmocka_unit_test(reading_survives_each_allocation),
        cmocka_unit_test(another_solver_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
