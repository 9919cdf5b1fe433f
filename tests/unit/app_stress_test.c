/*
 * Goal: cases are read as they are written; the weak figures that are moved are those that rest on
 * assumption, have a range, and account for the most money.
 * Method: small models in memory with plans written down beside them; weights reckoned by hand.
 */
#include "app/stress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"

struct fixture {
    struct numu_heap heap;
    struct numu_model model;
    struct numu_arena arena;
    struct numu_plan plan;
};

/* Rows of a table that rest on assumption, ± `percent` each. */
static void weaken(struct fixture *f, struct numu_table_head *head, int64_t percent) {
    assert_int_equal(NUMU_TAKE(&f->model.arena, &head->evidence.basis, head->count), NUMU_OK);
    assert_int_equal(NUMU_TAKE(&f->model.arena, &head->evidence.spread, head->count), NUMU_OK);
    for (numu_row row = 0; row < head->count; row++) {
        head->evidence.basis[row] = numu_basis_assumption;
        head->evidence.spread[row] = NUMU_DECIMAL_ONE / 100 * percent;
    }
}

static void begin(struct fixture *f) {
    memset(f, 0, sizeof *f);
    numu_heap_init(&f->heap, 0);
    numu_arena_init(&f->arena, &f->heap);
    builder_init(&f->model, &f->heap);
    f->model.currency = numu_currency_find(NUMU_TEXT("XOF"));
    f->plan.currency = f->model.currency;
    f->model.package.start[0] = builder_day("2025-01-01");
    f->model.package.months[0] = 12;
    f->model.package.discount_rate[0] = NUMU_DECIMAL_ONE / 10;
    builder_take(&f->model, "customer", 2);
    f->model.customer.id[0] = NUMU_TEXT("army");
    f->model.customer.id[1] = NUMU_TEXT("mines");
    builder_take(&f->model, "item", 1);
    f->model.item.id[0] = NUMU_TEXT("round");
    builder_take(&f->model, "process", 2);
    f->model.process.id[0] = NUMU_TEXT("make");
    f->model.process.id[1] = NUMU_TEXT("buy");
    builder_take(&f->model, "demand", 3);
    for (numu_row row = 0; row < 3; row++) {
        f->model.demand.item[row] = 0;
        f->model.demand.customer[row] = row == 2 ? 1 : 0;
        f->model.demand.quantity[row] = 100 * NUMU_QUANTITY_ONE;
        f->model.demand.unit_value[row] = 3 * NUMU_PRICE_ONE;
    }
    assert_int_equal(numu_plan_take(&f->plan, &f->arena, NUMU_PLAN_TABLE(production), 3), NUMU_OK);
    for (numu_row row = 0; row < 3; row++) {
        f->plan.production.process[row] = f->model.process.id[row == 2];
        f->plan.production.cost[row] = row == 2 ? 5000 : 400;
    }
}

static void end(struct fixture *f) {
    numu_arena_release(&f->arena);
    builder_release(&f->model);
    assert_int_equal(f->heap.bytes, 0);
}

static size_t find(struct fixture *f, size_t most, struct numu_stress_range **out) {
    size_t count;
    assert_int_equal(numu_app_stress_ranges(&f->model, &f->plan, &f->arena, most, out, &count),
                     NUMU_OK);
    return count;
}

static void what_is_firm_is_not_moved(void **state) {
    (void)state;
    struct fixture f;
    struct numu_stress_range *ranges;
    begin(&f);
    assert_int_equal(find(&f, 5, &ranges), 0);
    weaken(&f, &f.model.process.head, 20);
    f.model.process.head.evidence.basis[0] = numu_basis_reported;
    f.model.process.head.evidence.spread[1] = NUMU_NO_NUMBER;
    assert_int_equal(find(&f, 5, &ranges), 0);
    end(&f);
}

static void the_heaviest_come_first(void **state) {
    (void)state;
    struct fixture f;
    struct numu_stress_range *ranges;
    begin(&f);
    weaken(&f, &f.model.process.head, 10); /* make: 800 × 0.1, buy: 5,000 × 0.1 */
    weaken(&f, &f.model.demand.head, 50);  /* army: 600 × 0.5, mines: 300 × 0.5 */
    assert_int_equal(find(&f, 5, &ranges), 4);
    static const char *const ids[] = {"buy", "army/round", "mines/round", "make"};
    static const double weights[] = {5000, 600, 300, 800};
    for (size_t i = 0; i < 4; i++) {
        assert_true(numu_text_is(ranges[i].id, ids[i]));
        assert_true(ranges[i].weight == weights[i]);
    }
    /* Both demands of the army move together. */
    assert_int_equal(ranges[1].count, 2);
    assert_int_equal(ranges[1].rows[0], 0);
    assert_int_equal(ranges[1].rows[1], 1);
    assert_string_equal(ranges[1].column->name, "quantity");
    assert_int_equal(find(&f, 2, &ranges), 2);
    assert_true(numu_text_is(ranges[1].id, "army/round"));
    end(&f);
}

static void rows_move_by_the_least_of_their_ranges(void **state) {
    (void)state;
    struct fixture f;
    struct numu_stress_range *ranges;
    begin(&f);
    weaken(&f, &f.model.demand.head, 50);
    f.model.demand.head.evidence.spread[1] = NUMU_DECIMAL_ONE / 10;
    assert_int_equal(find(&f, 1, &ranges), 1);
    assert_true(numu_text_is(ranges[0].id, "mines/round")); /* 300 × 0.5 against 600 × 0.1 */
    assert_int_equal(find(&f, 2, &ranges), 2);
    assert_int_equal(ranges[1].spread, NUMU_DECIMAL_ONE / 10);
    end(&f);
}

static void cases_are_read(void **state) {
    (void)state;
    static const struct {
        numu_stress_sort sort;
        const char *text;
        numu_status status;
        numu_stress_kind kind;
    } cases[] = {
        {NUMU_STRESS_OF_CONFIDENCE, "50", NUMU_OK, NUMU_STRESS_CONFIDENCE},
        {NUMU_STRESS_OF_CONFIDENCE, "99", NUMU_OK, NUMU_STRESS_CONFIDENCE},
        {NUMU_STRESS_OF_CONFIDENCE, "100", NUMU_INVALID, 0},
        {NUMU_STRESS_OF_CONFIDENCE, "0.5", NUMU_INVALID, 0},
        {NUMU_STRESS_OF_CONFIDENCE, "50=1", NUMU_INVALID, 0},
        {NUMU_STRESS_OF_CONFIDENCE, "half", NUMU_INVALID, 0},
        {NUMU_STRESS_OF_WITHOUT, "lines", NUMU_OK, NUMU_STRESS_WITHOUT_LINES},
        {NUMU_STRESS_OF_WITHOUT, "line", NUMU_INVALID, 0},
        {NUMU_STRESS_OF_DEMAND, "customer:nobody=+1%", NUMU_NOT_FOUND, 0},
    };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct numu_stress_case found;
        assert_int_equal(
            numu_app_stress_case(&f.model, cases[i].sort, numu_text_of(cases[i].text), &found),
            cases[i].status);
        if (cases[i].status == NUMU_OK) {
            assert_int_equal(found.kind, cases[i].kind);
        }
    }
    end(&f);
}

static void the_usual_cases_are_those_asked_first(void **state) {
    (void)state;
    struct fixture f;
    struct numu_stress_case *cases;
    size_t count;
    begin(&f);
    builder_take(&f.model, "resource", 2);
    f.model.resource.id[1] = NUMU_TEXT("hall");
    f.model.resource.kind[1] = numu_resource_kind_line;
    builder_take(&f.model, "partner", 1);
    f.model.partner.id[0] = NUMU_TEXT("maker");
    assert_int_equal(numu_app_stress_usual(&f.model, &f.arena, &cases, &count), NUMU_OK);
    static const char *const labels[] = {"confidence:50", "lines", "resource:hall",
                                         "partner:maker"};
    assert_int_equal(count, 4); /* no promise, none to keep */
    for (size_t i = 0; i < count; i++) {
        assert_true(numu_text_is(cases[i].label, labels[i]));
    }
    builder_take(&f.model, "promise", 1);
    assert_int_equal(numu_app_stress_usual(&f.model, &f.arena, &cases, &count), NUMU_OK);
    assert_int_equal(count, 5);
    assert_true(numu_text_is(cases[0].label, "promised"));
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_firm_is_not_moved),
        cmocka_unit_test(the_heaviest_come_first),
        cmocka_unit_test(rows_move_by_the_least_of_their_ranges),
        cmocka_unit_test(cases_are_read),
        cmocka_unit_test(the_usual_cases_are_those_asked_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
