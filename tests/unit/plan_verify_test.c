/*
 * plan_verify_test.c - goal: a plan of numu's holds, and no row of it can be changed unnoticed.
 *
 * Method: two packages planned; the verifier, which shares nothing with the planner, finds nothing
 * broken. Then each figure of a row is changed by a tenth and one unit more, one at a time, and put
 * back: every row of a small plan, a dozen of each table of a large one. In the small plan every
 * row is also taken out, and overwritten by the row after it. Every cell of every indicator of the
 * small plan, and of its definition, is changed, and of some of the large one.
 */
#include "app/app.h"
#include "plan/verify.h"

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "wish.h"

struct planned {
    struct numu_heap heap;
    struct numu_context context;
    struct numu_model model;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_calendars calendars;
    struct numu_plan plan;
};

static void planned_init(struct planned *planned, const char *folder) {
    struct numu_plan_result result;
    const struct numu_plan_request request = {0};
    memset(planned, 0, sizeof *planned);
    numu_heap_init(&planned->heap, 0);
    planned->context = (struct numu_context){.heap = &planned->heap, .threads = 1};
    numu_arena_init(&planned->arena, &planned->heap);
    numu_report_init(&planned->report, &planned->heap, 0);
    assert_int_equal(
        numu_app_check(&planned->context, numu_text_of(folder), &planned->report, &planned->model),
        NUMU_OK);
    assert_int_equal(numu_app_plan(&planned->context, &planned->model, &request, &planned->arena,
                                   &planned->report, &planned->plan, &result),
                     NUMU_OK);
    assert_int_equal(numu_calendars_build(&planned->model, &planned->arena, &planned->calendars),
                     NUMU_OK);
}

static void planned_release(struct planned *planned) {
    numu_report_release(&planned->report);
    numu_arena_release(&planned->arena);
    numu_model_release(&planned->model);
}

static numu_status verify(struct planned *planned) {
    static const struct numu_plan_law law = {0};
    struct numu_report report;
    numu_report_init(&report, &planned->heap, 1);
    numu_status status = numu_plan_verify(&planned->context, &planned->model, &planned->calendars,
                                          &planned->plan, &law, &planned->arena, &report);
    numu_report_release(&report);
    return status;
}

/*
 * Columns that follow from nothing else, or are words: `worth` is a dual, stages tell of the
 * solver.
 */
static bool is_looked_at(const struct numu_table_descriptor *table,
                         const struct numu_column *column) {
    static const char *const tables[] = {"production", "receipt", "shipment", "stock",     "demand",
                                         "service",    "hours",   "people",   "class",     "upkeep",
                                         "store",      "housing", "ahead",    "expiry",    "safety",
                                         "payment",    "purse",   "learning", "ahead_cost"};
    bool is_table = false;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        is_table = is_table || strcmp(table->name, tables[i]) == 0;
    }
    return is_table && (column->kind == NUMU_KIND_MONEY || column->kind == NUMU_KIND_QUANTITY ||
                        column->kind == NUMU_KIND_DECIMAL || column->kind == NUMU_KIND_INTEGER);
}

/* Changes each figure of each step-th row in turn; gives how many changes were tried. */
static size_t change_all(struct planned *planned, numu_row rows_max) {
    size_t tried = 0;
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        numu_row count = numu_plan_count(&planned->plan, table);
        numu_row step = count / rows_max + 1;
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            if (!is_looked_at(table, column)) {
                continue;
            }
            int64_t *values = numu_plan_array(&planned->plan, table, column);
            for (numu_row row = 0; row < count; row += step) {
                int64_t kept = values[row];
                if (kept == NUMU_NO_NUMBER) {
                    continue;
                }
                values[row] += kept / 10 + (column->kind == NUMU_KIND_DECIMAL    ? NUMU_DECIMAL_ONE
                                            : column->kind == NUMU_KIND_QUANTITY ? NUMU_QUANTITY_ONE
                                            : column->kind == NUMU_KIND_MONEY    ? 1000
                                                                                 : 1);
                if (verify(planned) != NUMU_INVALID) {
                    fail_msg("%s.%s row %u: %lld for %lld goes unnoticed", table->name,
                             column->name, (unsigned)row, (long long)values[row], (long long)kept);
                }
                values[row] = kept;
                tried++;
            }
        }
    }
    return tried;
}

/* Another value of a cell that may hold any. */
static void change_cell(const struct numu_column *column, char *cell) {
    if (column->kind == NUMU_KIND_REAL) {
        double value = 0;
        memcpy(&value, cell, sizeof value);
        value = isnan(value) ? 1 : value + 1e-6 * (fabs(value) + 1);
        memcpy(cell, &value, sizeof value);
    } else if (column->kind == NUMU_KIND_INTEGER) {
        int64_t value = 0;
        memcpy(&value, cell, sizeof value);
        value = value == NUMU_NO_NUMBER ? 2026 : value + 1;
        memcpy(cell, &value, sizeof value);
    } else if (column->kind == NUMU_KIND_MONTH) {
        numu_month value = 0;
        memcpy(&value, cell, sizeof value);
        value = value == NUMU_NO_MONTH ? 600 : value + 1;
        memcpy(cell, &value, sizeof value);
    } else {
        struct numu_text value = {NULL, 0};
        memcpy(&value, cell, sizeof value);
        value = value.length > 1 ? (struct numu_text){value.data, value.length - 1}
                                 : NUMU_TEXT("something else");
        memcpy(cell, &value, sizeof value);
    }
}

/* Changes every cell of each step-th row of a table in turn. */
static size_t change_cells(struct planned *planned, const char *name, numu_row rows_max) {
    const struct numu_table_descriptor *table = numu_plan_schema;
    while (strcmp(table->name, name) != 0) {
        table++;
    }
    size_t tried = 0;
    numu_row count = numu_plan_count(&planned->plan, table);
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        char *array = numu_plan_array(&planned->plan, table, column);
        size_t size = numu_kind_size(column->kind);
        char kept[64];
        assert_true(size <= sizeof kept);
        for (numu_row row = 0; row < count; row += count / rows_max + 1, tried++) {
            memcpy(kept, array + row * size, size);
            change_cell(column, array + row * size);
            if (verify(planned) != NUMU_INVALID) {
                fail_msg("%s.%s row %u changed goes unnoticed", name, column->name, (unsigned)row);
            }
            memcpy(array + row * size, kept, size);
        }
    }
    return tried;
}

static void notices_every_indicator(void **state) {
    (void)state;
    static const char *const folders[] = {"examples/first-model", "examples/mali-2025"};
    static const numu_row rows_max[] = {UINT32_MAX, 20};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        struct planned planned;
        planned_init(&planned, folders[i]);
        assert_int_equal(verify(&planned), NUMU_OK);
        size_t tried = change_cells(&planned, "indicator", rows_max[i]) +
                       change_cells(&planned, "definition", rows_max[i]);
        print_message("# %zu changes\n", tried);
        assert_true(tried > 150);
        planned_release(&planned);
    }
}

/* Plans beside cases, and gives how many rows are told of these; the wish to stop comes at `at`. */
static numu_row plan_beside_cases(long at, struct wish *wish, numu_money *out_cost,
                                  numu_row rows_max) {
    struct planned planned;
    struct numu_plan_result result;
    const struct numu_plan_request request = {.compares = true, .time_limit_s = 1e9};
    planned_init(&planned, "examples/first-model");
    *wish = (struct wish){.at = at};
    planned.context.clock = wishing_clock;
    planned.context.clock_data = wish;
    planned.context.stop = &wish->stop;
    numu_status status = numu_app_plan(&planned.context, &planned.model, &request, &planned.arena,
                                       &planned.report, &planned.plan, &result);
    numu_row rows = status == NUMU_OK ? planned.plan.stress.head.count : 0;
    assert_true(status == NUMU_OK || status == NUMU_STOPPED);
    assert_true(rows <= rows_max);
    for (numu_row row = 0; row < rows; row++) {
        out_cost[row] = planned.plan.stress.cost[row];
    }
    *out_cost = status == NUMU_OK ? *out_cost : NUMU_NO_NUMBER;
    planned_release(&planned);
    return rows;
}

/* Stopped among the cases, there is the plan without them: none that was cut short is told. */
static void tells_no_case_that_was_cut_short(void **state) {
    (void)state;
    enum { ROWS_MAX = 64, STEPS = 8 };
    numu_money whole[ROWS_MAX] = {0};
    struct wish wish;
    int alone = 0;
    numu_row all = plan_beside_cases(LONG_MAX, &wish, whole, ROWS_MAX);
    long looks = wish.looks;
    assert_true(all > 2 && looks > STEPS);
    for (long step = 1; step <= STEPS; step++) {
        numu_money cost[ROWS_MAX] = {0};
        numu_row rows = plan_beside_cases(looks * step / STEPS, &wish, cost, ROWS_MAX);
        alone += rows == 0 && cost[0] != NUMU_NO_NUMBER;
        assert_true(rows == 0 || rows == all);
        assert_memory_equal(cost, rows == 0 ? cost : whole, sizeof cost);
    }
    print_message("# %ld looks, %d plans without cases\n", looks, alone);
    assert_true(alone > STEPS / 4);
}

/* A file may say any year, or none. */
static void notices_years_outside_the_horizon(void **state) {
    (void)state;
    static const int64_t years[] = {NUMU_NO_NUMBER, INT64_MIN + 1, INT64_MAX, 2000};
    struct planned planned;
    planned_init(&planned, "examples/first-model");
    struct numu_plan_import_bill *bill = &planned.plan.import_bill;
    assert_true(bill->head.count > 0);
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        int64_t kept = bill->year[0];
        bill->year[0] = years[i];
        assert_int_equal(verify(&planned), NUMU_INVALID);
        bill->year[0] = kept;
    }
    assert_int_equal(verify(&planned), NUMU_OK);
    planned_release(&planned);
}

/* Whether the verifier adds up the rows of a table: what is missing, or there twice, must show. */
static bool is_added_up(const struct numu_table_descriptor *table) {
    static const char *const tables[] = {"production", "receipt",   "shipment", "stock",   "demand",
                                         "service",    "hours",     "people",   "class",   "store",
                                         "housing",    "expiry",    "safety",   "payment", "purse",
                                         "indicator",  "definition"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (strcmp(table->name, tables[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void swap_rows(struct planned *planned, const struct numu_table_descriptor *table,
                      numu_row a, numu_row b) {
    enum { SIZE_MAX_OF_VALUE = 64 };
    char kept[SIZE_MAX_OF_VALUE];
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        char *array = numu_plan_array(&planned->plan, table, column);
        size_t size = numu_kind_size(column->kind);
        assert_true(size <= sizeof kept);
        memcpy(kept, array + a * size, size);
        memcpy(array + a * size, array + b * size, size);
        memcpy(array + b * size, kept, size);
    }
}

static numu_row *count_of(struct planned *planned, const struct numu_table_descriptor *table) {
    return &((struct numu_plan_head *)(void *)((char *)&planned->plan + table->offset))->count;
}

/* Takes each row out in turn, and then writes the last row over it. */
static size_t drop_all(struct planned *planned, const struct numu_table_descriptor *table) {
    numu_row *count = count_of(planned, table);
    numu_row rows = *count;
    numu_row last = rows - 1;
    for (numu_row row = 0; row < rows; row++) {
        swap_rows(planned, table, row, last);
        *count = last;
        if (verify(planned) != NUMU_INVALID) {
            fail_msg("%s without row %u goes unnoticed", table->name, (unsigned)row);
        }
        *count = rows;
        swap_rows(planned, table, row, last);
    }
    return rows;
}

enum { COLUMNS_MAX = 24, VALUE_BYTES_MAX = 64 };

/* Writes over each row what stands in the next one, and puts it back. */
static void overwrite_all(struct planned *planned, const struct numu_table_descriptor *table) {
    char kept[COLUMNS_MAX][VALUE_BYTES_MAX];
    numu_row rows = *count_of(planned, table);
    for (numu_row row = 0; row + 1 < rows; row++) {
        for (size_t c = 0; table->columns[c].name != NULL; c++) {
            char *array = numu_plan_array(&planned->plan, table, &table->columns[c]);
            size_t size = numu_kind_size(table->columns[c].kind);
            assert_true(c < COLUMNS_MAX && size <= VALUE_BYTES_MAX);
            memcpy(kept[c], array + row * size, size);
            memcpy(array + row * size, array + (row + 1) * size, size);
        }
        if (verify(planned) != NUMU_INVALID) {
            fail_msg("%s row %u given twice goes unnoticed", table->name, (unsigned)row + 1);
        }
        for (size_t c = 0; table->columns[c].name != NULL; c++) {
            char *array = numu_plan_array(&planned->plan, table, &table->columns[c]);
            size_t size = numu_kind_size(table->columns[c].kind);
            memcpy(array + row * size, kept[c], size);
        }
    }
}

static void notices_rows_given_twice(void **state) {
    (void)state;
    struct planned planned;
    planned_init(&planned, "examples/first-model");
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        if (is_added_up(table)) {
            overwrite_all(&planned, table);
        }
    }
    assert_int_equal(verify(&planned), NUMU_OK);
    planned_release(&planned);
}

static void notices_rows_that_are_not_there(void **state) {
    (void)state;
    struct planned planned;
    size_t tried = 0;
    planned_init(&planned, "examples/first-model");
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        if (is_added_up(table)) {
            tried += drop_all(&planned, table);
        }
    }
    print_message("# %zu rows\n", tried);
    assert_true(tried > 50);
    assert_int_equal(verify(&planned), NUMU_OK);
    planned_release(&planned);
}

static void notices_every_row_of_a_small_plan(void **state) {
    (void)state;
    struct planned planned;
    planned_init(&planned, "examples/first-model");
    assert_int_equal(verify(&planned), NUMU_OK);
    size_t tried = change_all(&planned, UINT32_MAX);
    print_message("# %zu changes\n", tried);
    assert_true(tried > 150);
    assert_int_equal(verify(&planned), NUMU_OK);
    planned_release(&planned);
}

static bool has_reason(const struct numu_plan_reason *table, const char *subject,
                       struct numu_text id) {
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->subject[row], subject) && numu_text_is_equal(table->id[row], id)) {
            return true;
        }
    }
    return false;
}

/* Whatever is late, lacking or unpaid can be asked why. */
static void assert_explained(const struct numu_plan *plan) {
    for (numu_row row = 0; row < plan->demand.head.count; row++) {
        bool is_short = plan->demand.late[row] > 0 || plan->demand.unmet[row] > 0;
        assert_true(!is_short || has_reason(&plan->reason, "demand", plan->demand.id[row]));
    }
    for (numu_row row = 0; row < plan->purse.head.count; row++) {
        bool is_short = plan->purse.gap[row] > 0;
        assert_true(!is_short || has_reason(&plan->reason, "gap", plan->purse.fund[row]));
    }
    for (numu_row row = 0; row < plan->upkeep.head.count; row++) {
        bool is_short = plan->upkeep.paid[row] < NUMU_DECIMAL_ONE;
        assert_true(!is_short || has_reason(&plan->reason, "upkeep", plan->upkeep.resource[row]));
    }
}

static void notices_rows_of_a_large_plan(void **state) {
    (void)state;
    struct planned planned;
    planned_init(&planned, "examples/mali-2025");
    assert_explained(&planned.plan);
    assert_int_equal(verify(&planned), NUMU_OK);
    size_t tried = change_all(&planned, 6);
    print_message("# %zu changes\n", tried);
    planned_release(&planned);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notices_every_row_of_a_small_plan),
        cmocka_unit_test(notices_rows_that_are_not_there),
        cmocka_unit_test(notices_rows_given_twice),
        cmocka_unit_test(notices_rows_of_a_large_plan),
        cmocka_unit_test(notices_every_indicator),
        cmocka_unit_test(notices_years_outside_the_horizon),
        cmocka_unit_test(tells_no_case_that_was_cut_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
