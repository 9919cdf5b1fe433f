/*
 * Goal: what a rule prohibits, day by day: force, recognition and exemption at any time within;
 * what the quantity that is touched is worth.
 * Method: random rules, profiles and exemptions; the spans against each day asked by itself, and
 * each day against the definition written out plainly; worth by hand.
 */
#include "rules/embargo.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"

#include <string.h>

enum { SEED = 1747, ROUNDS = 300, DAYS = 400 };

static numu_day day_or_none(struct numu_random *random) {
    return numu_random_below(random, 3) == 0 ? NUMU_NO_DAY
                                             : (numu_day)numu_random_below(random, DAYS);
}

static bool within(numu_day starts, numu_day ends, numu_day day) {
    return (starts == NUMU_NO_DAY || starts <= day) && (ends == NUMU_NO_DAY || ends >= day);
}

static bool recognises(const struct numu_model *model, struct numu_text profile, numu_row rule,
                       numu_day day) {
    for (numu_row row = 0; row < model->profile.head.count; row++) {
        if (numu_text_is_equal(model->profile.id[row], profile) &&
            numu_text_is_equal(model->profile.regime[row], model->rule.regime[rule]) &&
            within(model->profile.starts[row], model->profile.ends[row], day)) {
            return true;
        }
    }
    return profile.length == 0;
}

static bool holds(const struct numu_model *model, struct numu_text profile, numu_row rule,
                  numu_day day) {
    return within(model->rule.starts[rule], model->rule.ends[rule], day) &&
           recognises(model, profile, rule, day);
}

/* Rule 0 prohibits; rules 1 and 2 exempt from it. */
static bool is_prohibited(const struct numu_model *model, struct numu_text profile, numu_day day) {
    return holds(model, profile, 0, day) && !holds(model, profile, 1, day) &&
           !holds(model, profile, 2, day);
}

static void build(struct numu_model *model, struct numu_heap *heap, struct numu_random *random) {
    static const char *const regimes[] = {"un", "eu"};
    builder_init(model, heap);
    builder_take(model, "rule", 3);
    builder_take(model, "profile", 4);
    builder_take(model, "partner", 1);
    builder_take(model, "process", 1);
    builder_take(model, "item", 1);
    builder_take(model, "site", 1);
    model->package.country[0] = NUMU_TEXT("MLI");
    model->package.start[0] = 0;
    model->package.months[0] = 24;
    model->partner.country[0] = NUMU_TEXT("IRN");
    model->process.partner[0] = 0;
    model->process.item[0] = 0;
    model->process.site[0] = 0;
    for (numu_row row = 0; row < 3; row++) {
        model->rule.effect[row] = row == 0 ? numu_effect_prohibit : numu_effect_exempt;
        model->rule.exempts[row] = row == 0 ? NUMU_NONE : 0;
        model->rule.from_country[row] = NUMU_TEXT("IRN");
        model->rule.regime[row] = numu_text_of(regimes[numu_random_below(random, 2)]);
        model->rule.starts[row] = day_or_none(random);
        model->rule.ends[row] = day_or_none(random);
    }
    for (numu_row row = 0; row < 4; row++) {
        model->profile.id[row] = NUMU_TEXT("p");
        model->profile.regime[row] = numu_text_of(regimes[numu_random_below(random, 2)]);
        model->profile.starts[row] = day_or_none(random);
        model->profile.ends[row] = day_or_none(random);
    }
}

static void spans_are_the_prohibited_days(void **state) {
    (void)state;
    struct numu_random random;
    int prohibited_days = 0;
    print_message("# seed %d\n", SEED);
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_heap heap;
        struct numu_model model;
        struct numu_prohibited_span *spans;
        size_t count;
        bool prohibited[DAYS] = {false};
        struct numu_text profile = round % 3 == 0 ? NUMU_TEXT("") : NUMU_TEXT("p");
        numu_heap_init(&heap, 0);
        build(&model, &heap, &random);
        assert_int_equal(numu_prohibitions_find(&model, profile, &model.arena, &spans, &count),
                         NUMU_OK);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(spans[i].transfer.kind, NUMU_TRANSFER_PROCESS);
            assert_true(spans[i].days.from <= spans[i].days.to);
            assert_true(i == 0 || spans[i - 1].days.to < spans[i].days.from - 1);
            for (numu_day day = spans[i].days.from; day < DAYS && day <= spans[i].days.to; day++) {
                prohibited[day] = true;
            }
        }
        for (numu_day day = 0; day < DAYS; day++) {
            struct numu_legal_view view;
            bool expected = is_prohibited(&model, profile, day);
            assert_int_equal(prohibited[day], expected);
            prohibited_days += expected;
            if (day % 40 == 0) {
                assert_int_equal(numu_legal_view_build(&model, day, profile, &model.arena, &view),
                                 NUMU_OK);
                bool is_found = false;
                for (size_t i = 0; i < view.finding_count; i++) {
                    is_found = is_found || view.finding[i].holds;
                }
                assert_int_equal(is_found, expected);
            }
        }
        builder_release(&model);
        assert_int_equal(heap.bytes, 0);
    }
    assert_true(prohibited_days > ROUNDS); /* some are */
}

/* Own work, another country and another category are not the rule's business. */
static void rules_concern_what_they_name(void **state) {
    (void)state;
    struct numu_random random;
    struct numu_heap heap;
    struct numu_model model;
    struct numu_prohibited_span *spans;
    size_t count;
    numu_random_init(&random, SEED, 1);
    numu_heap_init(&heap, 0);
    build(&model, &heap, &random);
    model.rule.head.count = 1;
    model.rule.starts[0] = NUMU_NO_DAY;
    model.rule.ends[0] = NUMU_NO_DAY;
    const struct numu_text all = {NULL, 0};
    assert_int_equal(numu_prohibitions_find(&model, all, &model.arena, &spans, &count), NUMU_OK);
    assert_int_equal(count, 1);
    model.rule.military_list[0] = NUMU_TEXT("ML3 ML10");
    assert_int_equal(numu_prohibitions_find(&model, all, &model.arena, &spans, &count), NUMU_OK);
    assert_int_equal(count, 0);
    model.item.military_list[0] = NUMU_TEXT("ML10");
    assert_int_equal(numu_prohibitions_find(&model, all, &model.arena, &spans, &count), NUMU_OK);
    assert_int_equal(count, 1);
    model.partner.country[0] = NUMU_TEXT("MLI");
    assert_int_equal(numu_prohibitions_find(&model, all, &model.arena, &spans, &count), NUMU_OK);
    assert_int_equal(count, 0);
    builder_release(&model);
}

static numu_money value_on(struct numu_model *model, bool is_demand, numu_day day) {
    struct numu_legal_view view;
    const struct numu_text all = {NULL, 0};
    assert_int_equal(numu_legal_view_build(model, day, all, &model->arena, &view), NUMU_OK);
    for (size_t i = 0; i < view.finding_count; i++) {
        numu_transfer_kind kind = view.transfer[view.finding[i].transfer].kind;
        assert_true(kind != NUMU_TRANSFER_PROCESS || view.finding[i].value == NUMU_NO_NUMBER);
        if (kind == (is_demand ? NUMU_TRANSFER_DEMAND : NUMU_TRANSFER_DELIVERY)) {
            return view.finding[i].value;
        }
    }
    fail_msg("no finding");
    return 0;
}

/* price × quantity × rate by hand: 2.5 at 10.50 USD, 600 XOF, later 700, for one. */
static void values_are_of_the_day(void **state) {
    (void)state;
    struct numu_random random;
    struct numu_heap heap;
    struct numu_model model;
    const numu_day first = builder_day("2026-01-01");
    numu_random_init(&random, SEED, 2);
    numu_heap_init(&heap, 0);
    build(&model, &heap, &random);
    builder_take(&model, "customer", 1);
    builder_take(&model, "demand", 1);
    builder_take(&model, "agreement", 1);
    builder_take(&model, "delivery", 1);
    builder_take(&model, "rate", 2);
    model.package.start[0] = first;
    model.currency = numu_currency_find(NUMU_TEXT("XOF"));
    model.rule.head.count = 1;
    model.rule.starts[0] = model.rule.ends[0] = NUMU_NO_DAY;
    model.rule.from_country[0] = (struct numu_text){NULL, 0};
    model.site.country[0] = NUMU_TEXT("MLI");
    model.customer.country[0] = NUMU_TEXT("XXA");
    model.demand.customer[0] = model.demand.item[0] = model.demand.site[0] = 0;
    model.demand.due[0] = first + 200;
    model.demand.quantity[0] = NUMU_QUANTITY_ONE * 5 / 2;
    model.demand.unit_value[0] = NUMU_PRICE_ONE * 21 / 2;
    model.demand.currency[0] = numu_currency_find(NUMU_TEXT("USD"));
    model.agreement.partner[0] = 0;
    model.delivery.agreement[0] = model.delivery.item[0] = model.delivery.site[0] = 0;
    model.delivery.due[0] = first + 200;
    model.delivery.quantity[0] = 10 * NUMU_QUANTITY_ONE;
    model.delivery.delivered[0] = 3 * NUMU_QUANTITY_ONE;
    model.rate.currency[0] = model.rate.currency[1] = numu_currency_find(NUMU_TEXT("USD"));
    model.rate.per_unit[0] = 600 * NUMU_DECIMAL_ONE;
    model.rate.per_unit[1] = 700 * NUMU_DECIMAL_ONE;
    model.rate.month[1] = numu_day_month(first) + 3;
    assert_int_equal(value_on(&model, true, first), 15750);
    assert_int_equal(value_on(&model, true, first + 120), 18375);
    assert_true(value_on(&model, false, first) == NUMU_NO_NUMBER); /* no standard cost */
    model.item.standard_cost[0] = 2 * NUMU_PRICE_ONE;
    assert_int_equal(value_on(&model, false, first), 14); /* seven still to come, in XOF */
    model.demand.unit_value[0] = NUMU_NO_NUMBER;
    assert_int_equal(value_on(&model, true, first), 5);
    model.item.currency[0] = numu_currency_find(NUMU_TEXT("EUR"));
    assert_true(value_on(&model, true, first) == NUMU_NO_NUMBER); /* no rate */
    model.item.currency[0] = 0;
    model.item.standard_cost[0] = INT64_MAX;
    assert_true(value_on(&model, false, first) == NUMU_NO_NUMBER); /* does not fit */
    builder_release(&model);
    assert_int_equal(heap.bytes, 0);
}

static void without_memory(void **state) {
    (void)state;
    const struct numu_text all = {NULL, 0};
    struct numu_random random;
    struct numu_heap heap;
    struct numu_model model;
    bool is_done = false;
    numu_random_init(&random, SEED, 3);
    numu_heap_init(&heap, 0);
    build(&model, &heap, &random);
    model.rule.starts[0] = model.rule.ends[0] = NUMU_NO_DAY;
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct numu_arena arena;
        struct numu_legal_view view;
        struct numu_prohibited_span *spans = NULL;
        size_t count = 0;
        numu_arena_init(&arena, &heap);
        heap.fail_at = heap.count + n;
        numu_status status = numu_legal_view_build(&model, 100, all, &arena, &view);
        if (status == NUMU_OK) {
            status = numu_prohibitions_find(&model, all, &arena, &spans, &count);
        }
        heap.fail_at = 0;
        is_done = status == NUMU_OK;
        assert_true(is_done ? count > 0 && n > 2 : status == NUMU_MEMORY);
        numu_arena_release(&arena);
    }
    builder_release(&model);
    assert_int_equal(heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_the_prohibited_days),
        cmocka_unit_test(rules_concern_what_they_name),
        cmocka_unit_test(values_are_of_the_day),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
