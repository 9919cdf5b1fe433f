/*
 * Goal: two plans differ in what was changed and in nothing else.
 * Method: the made-up plan of view_plan.h against itself with single values changed, rows added and
 * taken away; sums by hand; each n-th allocation made to fail.
 */
#include "app/diff_plan.h"

#include "view_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_plan before, after;
    struct numu_diff diff;
};

static void begin(struct fixture *f) {
    memset(f, 0, sizeof *f);
    numu_heap_init(&f->heap, 0);
    numu_arena_init(&f->arena, &f->heap);
    assert_int_equal(test_plan(&f->before, &f->arena), NUMU_OK);
    assert_int_equal(test_plan(&f->after, &f->arena), NUMU_OK);
}

static void end(struct fixture *f) {
    numu_arena_release(&f->arena);
    assert_int_equal(f->heap.bytes, 0);
}

static void compare(struct fixture *f) {
    assert_int_equal(numu_app_diff_plans(&f->before, &f->after, &f->heap, &f->arena, &f->diff),
                     NUMU_OK);
}

/* The only cell that differs. */
static void expect_one(struct fixture *f, const char *table, const char *id, const char *column,
                       const char *before, const char *after) {
    compare(f);
    assert_int_equal(f->diff.table_count, 1);
    assert_string_equal(f->diff.tables[0].table->name, table);
    assert_int_equal(f->diff.tables[0].row_count, 1);
    const struct numu_diff_row *row = &f->diff.tables[0].rows[0];
    assert_int_equal(row->change, NUMU_CHANGE_CHANGED);
    assert_true(numu_text_is(row->id, id));
    assert_int_equal(row->cell_count, 1);
    assert_string_equal(row->cells[0].column->name, column);
    assert_true(numu_text_is(row->cells[0].before, before));
    assert_true(numu_text_is(row->cells[0].after, after));
}

static void a_plan_is_like_itself(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    compare(&f);
    assert_int_equal(f.diff.table_count, 0);
    /* The rounding of a solver is no difference. */
    f.after.stage.value[0] *= 1 + 1e-12;
    f.after.stage.iterations[0]++;
    compare(&f);
    assert_int_equal(f.diff.table_count, 0);
    end(&f);
}

static void single_values_are_found(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    f.after.promise.p80[0] += 1;
    expect_one(&f, "promise", "p1", "p80", "2026-03-25", "2026-03-26");
    end(&f);
    begin(&f);
    f.after.demand.late[0] += NUMU_QUANTITY_ONE;
    expect_one(&f, "demand", "d1", "late", "500", "501");
    end(&f);
    begin(&f);
    f.after.reason.name[0] = test_text("another");
    expect_one(&f, "reason", "demand/d1", "name", "store <b>", "another");
    end(&f);
    begin(&f);
    f.after.indicator.value[8] = 0.5;
    expect_one(&f, "indicator", "affordability/fund/credits <state>/2025", "value", "0.92", "0.5");
    end(&f);
}

/* Nine months of 100 … 108 imported: 936; eighteen months of 6,000 M spent: 108,000 M. */
static void months_are_summed(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    f.after.production.quantity[3] += 10 * NUMU_QUANTITY_ONE;
    expect_one(&f, "production", "rifle_import", "quantity", "936", "946");
    /* The same in another month is the same. */
    f.before.production.quantity[5] += 10 * NUMU_QUANTITY_ONE;
    compare(&f);
    assert_int_equal(f.diff.table_count, 0);
    end(&f);
    begin(&f);
    f.after.purse.spent[17] += 1;
    expect_one(&f, "purse", "credits <state>", "spent", "108000000000", "108000000001");
    end(&f);
}

static void rows_come_and_go(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    f.after.demand.id[1] = test_text("d3");
    compare(&f);
    assert_int_equal(f.diff.table_count, 1);
    const struct numu_diff_table *table = &f.diff.tables[0];
    assert_int_equal(table->counts[NUMU_CHANGE_REMOVED], 1);
    assert_int_equal(table->counts[NUMU_CHANGE_ADDED], 1);
    assert_int_equal(table->counts[NUMU_CHANGE_CHANGED], 0);
    assert_true(numu_text_is(table->rows[0].id, "d2"));
    assert_true(numu_text_is(table->rows[1].id, "d3"));
    assert_true(table->rows[0].cell_count > 5);
    end(&f);
}

static void memory_may_run_out(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    f.after.promise.p80[0] += 1;
    numu_status status = NUMU_MEMORY;
    for (uint64_t n = 1; status == NUMU_MEMORY; n++) {
        f.heap.fail_at = f.heap.count + n;
        status = numu_app_diff_plans(&f.before, &f.after, &f.heap, &f.arena, &f.diff);
    }
    f.heap.fail_at = 0;
    assert_int_equal(status, NUMU_OK);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_like_itself), cmocka_unit_test(single_values_are_found),
        cmocka_unit_test(months_are_summed),     cmocka_unit_test(rows_come_and_go),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
