/*
 * Goal: charts are well-formed, say in words what they show, and put things where they belong.
 * Method: a walker over the markup (itself tried on broken markup first); coordinates of known
 * charts; degenerate charts (nothing, one day, zero, negative, huge) that must neither divide by
 * zero nor leave NaN behind; each n-th allocation made to fail.
 */
#include "view/svg.h"

#include "view_markup.h"
#include "view_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
    struct numu_heap heap;
    struct numu_buffer buffer;
    struct numu_output out;
};

static void begin(struct fixture *f) {
    numu_heap_init(&f->heap, 0);
    numu_buffer_init(&f->buffer, &f->heap, 0);
    numu_output_init(&f->out, &f->buffer, NUMU_LANGUAGE_EN, true);
}

static void check(struct fixture *f) {
    assert_int_equal(numu_output_finish(&f->out), NUMU_OK);
    const char *mistake = markup_mistake(f->buffer.data);
    if (mistake != NULL) {
        fail_msg("not well-formed: %.80s", mistake);
    }
    assert_null(strstr(f->buffer.data, "nan"));
    assert_null(strstr(f->buffer.data, "inf"));
}

static void end(struct fixture *f) {
    numu_buffer_release(&f->buffer);
    assert_int_equal(f->heap.bytes, 0);
}

static void the_walker_sees_mistakes(void **state) {
    (void)state;
    assert_null(markup_mistake("<a b=\"c\">x &amp; y<br><d/></a>"));
    static const char *const broken[] = {"<a>",          "<a></b>", "<a b=c/>", "a & b", "a > b",
                                         "<a b=\"<\"/>", "</a>",    "<a",       "&nbsp;"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_non_null(markup_mistake(broken[i]));
    }
}

static const struct numu_gantt_bar bars[] = {
    {.name = {"hall <A>", 8}, .start = 0, .finish = 9, .late_finish = 19, .promised = NUMU_NO_DAY},
    {.name = {"late", 4},
     .start = 50,
     .finish = 99,
     .late_finish = NUMU_NO_DAY,
     .promised = 24,
     .is_on_longest_path = true},
    {.name = {"undated", 7},
     .start = NUMU_NO_DAY,
     .finish = NUMU_NO_DAY,
     .late_finish = NUMU_NO_DAY,
     .promised = NUMU_NO_DAY},
};

static void gantt_puts_bars_on_days(void **state) {
    (void)state;
    const struct numu_gantt chart = {.id = "g",
                                     .title = NUMU_TEXT("Works & more"),
                                     .bars = bars,
                                     .count = 3,
                                     .first = 0,
                                     .last = 99,
                                     .data_date = 49,
                                     .deadline = 1000};
    struct fixture f;
    begin(&f);
    numu_svg_gantt(&f.out, &chart);
    check(&f);
    /* 630 units for 100 days from 290 on */
    assert_non_null(strstr(f.buffer.data, "class=\"bar\" x=\"290.0\" y=\"38.0\" width=\"63.0\""));
    assert_non_null(strstr(f.buffer.data, "class=\"float\" x=\"353.0\" y=\"42.0\" width=\"63.0\""));
    assert_non_null(strstr(f.buffer.data, "class=\"long\" x=\"605.0\" y=\"58.0\" width=\"315.0\""));
    assert_non_null(strstr(f.buffer.data, "class=\"promise\" d=\"M447.5 58.0"));
    assert_non_null(strstr(f.buffer.data, "class=\"now\" x1=\"605.0\""));
    assert_null(strstr(f.buffer.data, "class=\"due\"")); /* beyond the axis */
    assert_non_null(strstr(f.buffer.data, "<title id=\"g-t\">Works &amp; more</title>"));
    assert_non_null(strstr(f.buffer.data, "hall &lt;A&gt;: 1970-01-01 – 1970-01-10"));
    assert_non_null(strstr(f.buffer.data, "role=\"img\""));
    numu_svg_gantt_key(&f.out);
    check(&f);
    end(&f);
}

static void axes_of_any_length(void **state) {
    (void)state;
    for (int32_t days = 1; days < 200000; days = days * 3 / 2 + 1) {
        const struct numu_gantt chart = {.id = "g",
                                         .bars = bars,
                                         .count = 1,
                                         .first = 15,
                                         .last = 15 + days - 1,
                                         .data_date = NUMU_NO_DAY,
                                         .deadline = NUMU_NO_DAY};
        struct fixture f;
        size_t labels = 0;
        begin(&f);
        numu_svg_gantt(&f.out, &chart);
        check(&f);
        for (const char *at = f.buffer.data; (at = strstr(at, "<line")) != NULL; at++) {
            labels++;
        }
        assert_true(labels <= 40);
        end(&f);
    }
}

static void bars_stack_to_their_sum(void **state) {
    (void)state;
    static const int64_t low[] = {30, 0};
    static const int64_t high[] = {70, -5};
    static const int64_t beside[] = {50, 100};
    const struct numu_series series[] = {
        {.name = NUMU_TEXT("low"), .values = low, .stack = 1, .color = 0},
        {.name = NUMU_TEXT("high"), .values = high, .stack = 1, .color = 1},
        {.name = NUMU_TEXT("beside"), .values = beside, .stack = 0, .color = 4},
    };
    const struct numu_bars chart = {.id = "b",
                                    .title = NUMU_TEXT("t"),
                                    .unit = NUMU_TEXT("each"),
                                    .series = series,
                                    .series_count = 3,
                                    .first_year = 2025,
                                    .year_count = 2};
    struct fixture f;
    begin(&f);
    numu_svg_bars(&f.out, &chart);
    check(&f);
    /* 100 is the upper end of 180 units, from 206 upwards */
    assert_non_null(strstr(f.buffer.data, "class=\"c0 cut\""));
    assert_non_null(strstr(f.buffer.data, "y=\"152.0\"")); /* top of low: 206 - 54 */
    assert_non_null(strstr(f.buffer.data, "y=\"26.0\""));  /* top of high: 206 - 180 */
    assert_non_null(strstr(f.buffer.data, "low: 2025 30, 2026 0; high: 2025 70, 2026 \u22125"));
    assert_non_null(strstr(f.buffer.data, ">100</text>"));
    end(&f);
}

static void values_of_any_size(void **state) {
    (void)state;
    static const int64_t values[] = {0, 1, 999999, 1000000, 3000000, INT64_MAX / 4, -7};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        for (int decimals = 0; decimals <= 6; decimals += 3) {
            const struct numu_series series = {.name = NUMU_TEXT("s"), .values = &values[i]};
            const struct numu_bars chart = {.id = "b",
                                            .series = &series,
                                            .series_count = 1,
                                            .first_year = 2025,
                                            .year_count = 1,
                                            .decimals = decimals};
            const struct numu_steps steps = {.id = "s",
                                             .series = &series,
                                             .series_count = 1,
                                             .first_month = 660,
                                             .month_count = 1,
                                             .decimals = decimals};
            struct fixture f;
            begin(&f);
            numu_svg_bars(&f.out, &chart);
            numu_svg_steps(&f.out, &steps);
            check(&f);
            size_t ticks = 0;
            for (const char *at = f.buffer.data; (at = strstr(at, "soft end")) != NULL; at++) {
                ticks++;
            }
            assert_true(ticks >= 4 && ticks <= 12);
            end(&f);
        }
    }
}

static void charts_without_anything(void **state) {
    (void)state;
    const struct numu_bars none = {.id = "b"};
    struct fixture f;
    begin(&f);
    numu_svg_bars(&f.out, &none);
    numu_svg_shares(&f.out, NULL, 0);
    const struct numu_share zero = {.name = NUMU_TEXT("z")};
    numu_svg_shares(&f.out, &zero, 1);
    numu_svg_legend(&f.out, &zero, 1);
    check(&f);
    end(&f);
}

static void shares_fill_the_bar(void **state) {
    (void)state;
    const struct numu_share shares[] = {{NUMU_TEXT("a"), 3, 0}, {NUMU_TEXT("b"), 1, 1}};
    struct fixture f;
    begin(&f);
    numu_svg_shares(&f.out, shares, 2);
    check(&f);
    assert_non_null(strstr(f.buffer.data, "x=\"0.0\" y=\"0.0\" width=\"75.0\""));
    assert_non_null(strstr(f.buffer.data, "x=\"75.0\" y=\"0.0\" width=\"25.0\""));
    assert_non_null(strstr(f.buffer.data, "<title>a 75%, b 25%</title>"));
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_walker_sees_mistakes), cmocka_unit_test(gantt_puts_bars_on_days),
        cmocka_unit_test(axes_of_any_length),       cmocka_unit_test(bars_stack_to_their_sum),
        cmocka_unit_test(values_of_any_size),       cmocka_unit_test(charts_without_anything),
        cmocka_unit_test(shares_fill_the_bar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
