/*
 * Goal: the report is one well-formed page that says all there is, escapes what users wrote, needs
 * nothing from outside and is the same every time.
 * Method: the made-up plan of view_plan.h, whose
 * names hold markup; a walker over the page; links against anchors; each n-th allocation made to
 * fail.
 */
#include "view/report.h"

#include "view_markup.h"
#include "view_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_buffer buffer;
    struct numu_plan plan;
};

static void begin(struct fixture *f) {
    memset(f, 0, sizeof *f);
    numu_heap_init(&f->heap, 0);
    numu_arena_init(&f->arena, &f->heap);
    numu_buffer_init(&f->buffer, &f->heap, 0);
    assert_int_equal(test_plan(&f->plan, &f->arena), NUMU_OK);
}

static void end(struct fixture *f) {
    numu_buffer_release(&f->buffer);
    numu_arena_release(&f->arena);
    assert_int_equal(f->heap.bytes, 0);
}

static void make(struct fixture *f, numu_language language) {
    numu_buffer_clear(&f->buffer);
    assert_int_equal(numu_view_report(&f->buffer, &f->plan, language), NUMU_OK);
}

static void expect(const struct fixture *f, const char *text) {
    if (strstr(f->buffer.data, text) == NULL) {
        fail_msg("the report lacks: %s", text);
    }
}

static void the_page_is_well_formed(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    for (int language = NUMU_LANGUAGE_EN; language <= NUMU_LANGUAGE_FR; language++) {
        make(&f, (numu_language)language);
        const char *mistake = markup_mistake(f.buffer.data);
        if (mistake != NULL) {
            fail_msg("not well-formed: %.120s", mistake);
        }
        struct numu_text text = {f.buffer.data, f.buffer.length};
        assert_int_equal(numu_utf8_valid_length(text), text.length);
    }
    expect(&f, "<html lang=\"fr\">");
    end(&f);
}

static void it_says_what_there_is(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f, NUMU_LANGUAGE_EN);
    expect(&f, "<b>1 of 2</b>"); /* promises kept */
    expect(&f, "No: missed by 44 days");
    expect(&f, "Yes: kept");
    expect(&f, "&lt;0.03%");
    expect(&f, "68.3%");
    expect(&f, "at 80% confidence each");
    expect(&f, "hold together in 61% of the samples");
    expect(&f, "156.6\u00A0bn\u00A0XOF");     /* import bill without */
    expect(&f, "114.0\u00A0bn\u00A0XOF");     /* and with */
    expect(&f, "<td class=\"n\">16.8</td>");  /* saved in 2025: 78.3 - 61.5, in bn */
    expect(&f, "<td class=\"n\">2,000</td>"); /* rifles on time */
    expect(&f, "rifle_line");
    expect(&f, "208,894"); /* worth of its hour, to the even franc */
    expect(&f, "<li>lot sizes <span");
    expect(&f, "<li>moon_phase <span"); /* a subject without words shows its name */
    end(&f);
}

/* Pictures of the forecast, from the plan's tables alone; none where there was no forecast. */
static void the_forecast_is_drawn(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f, NUMU_LANGUAGE_EN);
    expect(&f, "id=\"curve-0-t\"");
    expect(&f, "id=\"curve-2-t\""); /* the whole; promise 1 has no curve */
    assert_null(strstr(f.buffer.data, "id=\"curve-1-t\""));
    expect(&f, "in time: 12.5%");
    expect(&f, "id=\"tornado-0-t\"");
    assert_true(strstr(f.buffer.data, "enough at all times of: crane") <
                strstr(f.buffer.data, "A &lt;flood"));
    expect(&f, "both hold in 68% of the samples");
    expect(&f, "Days by which the date of P80 would come sooner");
    expect(&f, "<a href=\"#rows-outlay\">");
    make(&f, NUMU_LANGUAGE_FR);
    expect(&f, "les deux tiennent dans 68");
    f.plan.forecast.head.count = f.plan.lever.head.count = f.plan.outlay.head.count = 0;
    make(&f, NUMU_LANGUAGE_EN);
    assert_null(strstr(f.buffer.data, "id=\"curves\""));
    assert_null(strstr(f.buffer.data, "id=\"levers\""));
    assert_null(strstr(f.buffer.data, "id=\"cost\""));
    end(&f);
}

/* What a planner asks first, in both languages. */
static void the_first_page_answers(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f, NUMU_LANGUAGE_EN);
    expect(&f, "At 80% confidence 2 of 2 promised things are ready within the horizon");
    /* 2 × 78.3 − 2 × 52.5 − 9 */
    expect(&f, "saves imports: <b>42.6");
    expect(&f, "1 of 1 ways to make things here");
    expect(&f, "promises kept");
    expect(&f, "at 50% confidence");
    expect(&f, "<details><summary>Without each line, without each partner");
    expect(&f, "the explosive limit of storehouse store &lt;b&gt; binds from 2026-03 to 2026-05");
    expect(&f, "(2 shortages");
    expect(&f, "75% of the money");
    expect(&f, "Of these 1 figures 1 alone turn");
    expect(&f, "id=\"chart-swings-t\"");
    expect(&f, "Nothing known after 2025-06-30");
    expect(&f, "nobody has answered by signature");
    expect(&f, "Elsewhere: 16 comparable programmes");
    f.plan.demand.customer_kind[1] = numu_customer_kind_regional;
    make(&f, NUMU_LANGUAGE_FR);
    expect(&f, "<h3>Ce que demandent les voisins</h3>");
    expect(&f, "<td>mines</td><td>emulsion</td><td class=\"n\">40</td>");
    expect(&f, "promesses tenues");
    f.plan.promise.probability[0] = 0.2;
    f.plan.stress.head.count = 0;
    f.plan.swing.head.count = 0;
    f.plan.reason.head.count = 0;
    make(&f, NUMU_LANGUAGE_EN);
    expect(&f, "Unlikely: missed by 44 days");
    expect(&f, "numu plan --compare keeps cases");
    expect(&f, "numu plan --evidence moves");
    expect(&f, "Nothing: no demand is late");
    end(&f);
}

static void indicators_stand_beside_their_definitions(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f, NUMU_LANGUAGE_EN);
    expect(&f, "pays from 62% of capacity");
    expect(&f, "id=\"chart-cost-0-t\"");
    expect(&f, "break_even / nameplate &lt;= 1");
    expect(&f, "title=\"the plan makes none\"");
    expect(&f, "no rate exists: the flow never turns");
    expect(&f, "45.50");
    /* slack_line, rifle_line, a trade and a storehouse by month: full is the last shade. */
    expect(&f, "id=\"chart-hours-d\">slack_line: 12%; rifle_line: 100%</desc>");
    expect(&f, "id=\"chart-people-d\">welder &amp; co: 100%</desc>");
    expect(&f, "id=\"chart-store-d\">store &lt;b&gt;: 60%</desc>");
    expect(&f, "<rect class=\"h4\"");
    expect(&f, "id=\"chart-spent-t\"");
    expect(&f, "id=\"chart-partners-d\">&lt;p&gt;: 70%</desc>");
    f.plan.indicator.value[7] = 1.5;
    make(&f, NUMU_LANGUAGE_EN);
    expect(&f, "dearer even at full capacity");
    f.plan.indicator.value[7] = NAN;
    f.plan.indicator.why_not[7] = test_text("dearer");
    make(&f, NUMU_LANGUAGE_EN);
    expect(&f, "dearer at every use");
    end(&f);
}

static void it_escapes_what_users_wrote(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f, NUMU_LANGUAGE_EN);
    expect(&f, "Rifles &quot;at once&quot; &lt;now&gt;");
    expect(&f, "speech of &lt;2025&gt;, &quot;press&quot; &amp; radio");
    expect(&f, "hall &lt;A&gt; &amp; B");
    expect(&f, "credits &lt;state&gt;");
    assert_null(strstr(f.buffer.data, "<now>"));
    assert_null(strstr(f.buffer.data, "<A>"));
    end(&f);
}

static void it_needs_nothing_from_outside(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f, NUMU_LANGUAGE_EN);
    static const char *const outside[] = {
        "<script", "src=", "http:", "https:", "url(", "@import", "<link"};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        assert_null(strstr(f.buffer.data, outside[i]));
    }
    end(&f);
}

static void links_lead_somewhere(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    /* a row in every table that figures link to */
    assert_int_equal(numu_plan_take(&f.plan, &f.arena, NUMU_PLAN_TABLE(stock), 1), NUMU_OK);
    assert_int_equal(numu_plan_take(&f.plan, &f.arena, NUMU_PLAN_TABLE(service), 1), NUMU_OK);
    assert_int_equal(numu_plan_take(&f.plan, &f.arena, NUMU_PLAN_TABLE(payment), 1), NUMU_OK);
    make(&f, NUMU_LANGUAGE_EN);
    int links = 0;
    for (const char *at = f.buffer.data; (at = strstr(at, "href=\"#")) != NULL; at++) {
        char anchor[80];
        const char *name = at + strlen("href=\"#");
        int length = snprintf(anchor, sizeof anchor, "id=\"%.*s\"", (int)strcspn(name, "\""), name);
        assert_true(length > 0 && (size_t)length < sizeof anchor);
        expect(&f, anchor);
        links++;
    }
    assert_true(links > 8);
    end(&f);
}

static void ids_are_unique(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f, NUMU_LANGUAGE_EN);
    for (const char *at = f.buffer.data; (at = strstr(at, " id=\"")) != NULL; at++) {
        char id[80];
        int length = snprintf(id, sizeof id, "%.*s\"", (int)strcspn(at + 5, "\"") + 5, at);
        assert_true(length > 0 && (size_t)length < sizeof id);
        assert_null(strstr(at + 1, id));
    }
    end(&f);
}

static void it_is_the_same_every_time(void **state) {
    (void)state;
    struct fixture first;
    struct fixture second;
    begin(&first);
    begin(&second);
    make(&first, NUMU_LANGUAGE_FR);
    make(&second, NUMU_LANGUAGE_FR);
    assert_int_equal(first.buffer.length, second.buffer.length);
    assert_memory_equal(first.buffer.data, second.buffer.data, first.buffer.length);
    end(&first);
    end(&second);
}

static void plans_with_little_in_them(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    struct numu_plan all = f.plan;
    f.plan = (struct numu_plan){.currency = all.currency};
    make(&f, NUMU_LANGUAGE_EN);
    assert_null(markup_mistake(f.buffer.data));
    assert_int_equal(test_plan_schedule(&f.plan, &f.arena), NUMU_OK);
    make(&f, NUMU_LANGUAGE_EN);
    assert_null(markup_mistake(f.buffer.data));
    expect(&f, "class=\"long\"");
    /* dates that are not known, numbers that are none */
    f.plan = all;
    f.plan.activity.start[0] = f.plan.activity.finish[0] = NUMU_NO_DAY;
    f.plan.promise.days_late[0] = NUMU_NO_NUMBER;
    f.plan.promise.date[0] = f.plan.promise.finish[0] = NUMU_NO_DAY;
    f.plan.purse.left[0] = NUMU_NO_NUMBER;
    f.plan.import_bill.year[0] = NUMU_NO_NUMBER;
    f.plan.production.month[0] = NUMU_NO_MONTH;
    make(&f, NUMU_LANGUAGE_EN);
    assert_null(markup_mistake(f.buffer.data));
    assert_null(strstr(f.buffer.data, "9,223,372"));
    end(&f);
}

static void failure_leaves_the_buffer(void **state) {
    (void)state;
    for (uint_fast64_t n = 1;; n++) {
        struct fixture f;
        begin(&f);
        assert_int_equal(numu_buffer_append_string(&f.buffer, "before"), NUMU_OK);
        f.heap.fail_at = f.heap.count + n;
        numu_status status = numu_view_report(&f.buffer, &f.plan, NUMU_LANGUAGE_EN);
        bool is_done = status == NUMU_OK;
        if (!is_done) {
            assert_int_equal(status, NUMU_MEMORY);
            assert_string_equal(f.buffer.data, "before");
        }
        end(&f);
        if (is_done) {
            assert_true(n > 10);
            return;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_well_formed),
        cmocka_unit_test(it_says_what_there_is),
        cmocka_unit_test(the_forecast_is_drawn),
        cmocka_unit_test(the_first_page_answers),
        cmocka_unit_test(indicators_stand_beside_their_definitions),
        cmocka_unit_test(it_escapes_what_users_wrote),
        cmocka_unit_test(it_needs_nothing_from_outside),
        cmocka_unit_test(links_lead_somewhere),
        cmocka_unit_test(ids_are_unique),
        cmocka_unit_test(it_is_the_same_every_time),
        cmocka_unit_test(plans_with_little_in_them),
        cmocka_unit_test(failure_leaves_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
