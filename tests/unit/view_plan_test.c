/*
 * Goal: a plan as tables, summary, CSV and JSON holds the plan's figures, aligned, within its
 * screen.
 * Method: goldens over the made-up plan of view_plan.h; sums worked out by hand; JSON and
 * CSV read back by numu's own readers; each n-th allocation made to fail.
 */
#include "base/csv.h"
#include "base/json.h"
#include "view/grid.h"
#include "view/schedule.h"
#include "view/summary.h"
#include "view/totals.h"

#include "view_plan.h"

/* Nothing was scarce. */
static const struct numu_rcpsp_result unsearched = {.count = 0};

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

static void grid_aligns(void **state) {
    (void)state;
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_name, .may_shrink = true},
        {.heading = NUMU_WORD_column_quantity, .is_right = true},
        {.heading = NUMU_WORD_empty},
    };
    static const char *const cells[] = {"usine équipée", "1", "*", "日本", "1,000", ""};
    struct fixture f;
    begin(&f);
    struct numu_grid grid;
    struct numu_output out;
    numu_grid_init(&grid, &f.heap, NUMU_LANGUAGE_EN, columns, 3);
    for (size_t i = 0; i < 6; i++) {
        numu_output_string(&grid.cell, cells[i]);
        numu_grid_end_cell(&grid);
    }
    numu_output_init(&out, &f.buffer, NUMU_LANGUAGE_EN, false);
    numu_output_grid(&out, &grid, 1, 0);
    assert_int_equal(numu_output_finish(&out), NUMU_OK);
    assert_string_equal(f.buffer.data, " name           quantity\n"
                                       " usine équipée         1  *\n"
                                       " 日本              1,000\n");
    numu_buffer_clear(&f.buffer);
    numu_output_init(&out, &f.buffer, NUMU_LANGUAGE_EN, false);
    numu_output_grid(&out, &grid, 0, 21);
    assert_int_equal(numu_output_finish(&out), NUMU_OK);
    assert_string_equal(f.buffer.data, "name      quantity\n"
                                       "usine é…         1  *\n"
                                       "日本         1,000\n");
    numu_grid_release(&grid);
    end(&f);
}

static void schedule_in_words(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(
        numu_view_schedule(&f.buffer, &f.plan, &unsearched, NUMU_LANGUAGE_EN, NUMU_FORMAT_TABLE),
        NUMU_OK);
    assert_string_equal(f.buffer.data,
                        "id      name                   start       finish      float  free\n"
                        "hall    Rifles: hall <A> & B   2025-07-01  2026-01-30      0     0  *\n"
                        "line    Rifles: ligne équipée  2025-08-04  2025-11-28     45    22\n"
                        "accept  Rifles: acceptance     2026-02-02  2026-02-13      0     0  *\n"
                        "\n"
                        "finish of the programme, with likely durations: 2026-02-13\n"
                        "\n"
                        "promise                 promised    finish      answer\n"
                        "Rifles \"at once\" <now>  2025-12-31  2026-02-13  missed by 44 days\n"
                        "A line                  2025-12-31  2025-11-28  kept\n"
                        "how sure that is: numu risk\n");
    end(&f);
}

static void schedule_for_machines(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(
        numu_view_schedule(&f.buffer, &f.plan, &unsearched, NUMU_LANGUAGE_FR, NUMU_FORMAT_CSV),
        NUMU_OK);
    assert_memory_equal(
        f.buffer.data,
        "id,name,phase,partner,mode,start,finish,late_start,late_finish,total_float,free_float,"
        "is_on_longest_path,cost,basis,confident_start,confident_finish,criticality\n"
        "hall,Rifles: hall <A> & "
        "B,equipment,,,2025-07-01,2026-01-30,2025-07-01,2026-01-30,0,0,true,"
        "1200000000,,,,\n",
        250);
    numu_buffer_clear(&f.buffer);
    assert_int_equal(
        numu_view_schedule(&f.buffer, &f.plan, &unsearched, NUMU_LANGUAGE_FR, NUMU_FORMAT_JSON),
        NUMU_OK);
    struct numu_json *root;
    struct numu_json_error error;
    struct numu_text text = {f.buffer.data, f.buffer.length};
    assert_int_equal(numu_json_read(&f.arena, text, 0, &root, &error), NUMU_OK);
    assert_true(numu_text_is(root->first->text, "numu.schedule/1"));
    assert_true(numu_text_is(numu_json_find(root, "seed")->text, "7"));
    assert_true(numu_text_is(numu_json_find(root, "data_date")->text, "2025-06-30"));
    assert_true(numu_text_is(numu_json_find(root, "finish")->text, "2026-02-13"));
    assert_int_equal(numu_json_find(root, "activities")->count, 3);
    const struct numu_json *promise = numu_json_find(root, "promises")->first;
    assert_true(numu_text_is(numu_json_find(promise, "name")->text, "Rifles \"at once\" <now>"));
    assert_true(numu_text_is(numu_json_find(promise, "days_late")->text, "44"));
    const struct numu_json *activity = numu_json_find(root, "activities")->first;
    assert_int_equal(numu_json_find(activity, "is_on_longest_path")->kind, NUMU_JSON_TRUE);
    assert_int_equal(numu_json_find(activity, "partner")->kind, NUMU_JSON_NULL);
    assert_true(numu_text_is(numu_json_find(activity, "cost")->text, "1200000000"));
    end(&f);
}

static void every_table_can_be_read_back(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(numu_view_plan(&f.buffer, &f.plan, NUMU_LANGUAGE_EN, NUMU_FORMAT_JSON),
                     NUMU_OK);
    struct numu_json *root;
    struct numu_json_error error;
    struct numu_text text = {f.buffer.data, f.buffer.length};
    assert_int_equal(numu_json_read(&f.arena, text, 0, &root, &error), NUMU_OK);
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        numu_row rows = numu_plan_count(&f.plan, table);
        assert_int_equal(numu_json_find(root, table->name)->count, rows);
        struct numu_buffer csv;
        struct numu_csv_reader reader;
        numu_buffer_init(&csv, &f.heap, 0);
        assert_int_equal(numu_rows_csv(&csv, &f.plan, table), NUMU_OK);
        numu_csv_reader_init_whole(&reader, ',', csv.data, csv.length);
        numu_row records = 0;
        size_t columns = 0;
        while (numu_csv_next(&reader) == NUMU_CSV_RECORD) {
            columns = records++ == 0 ? reader.count : columns;
            assert_int_equal(reader.count, columns);
        }
        assert_int_equal(records, rows + 1);
        numu_buffer_release(&csv);
    }
    end(&f);
}

static void totals_add_up(void **state) {
    (void)state;
    struct fixture f;
    struct numu_totals totals;
    begin(&f);
    assert_int_equal(numu_totals_build(&f.plan, &f.arena, &totals), NUMU_OK);
    assert_int_equal(totals.years.first, 2025);
    assert_int_equal(totals.years.count, 2);
    assert_int_equal(totals.group_count, 2);
    assert_int_equal(totals.groups[0].wanted, 3000 * NUMU_QUANTITY_ONE);
    assert_int_equal(totals.groups[0].on_time, 2000 * NUMU_QUANTITY_ONE);
    /*
     * rows 0…5 are of 2025 and imported: 100 + … + 105; rows 9…17 assembled in 2026: 109 + … + 117
     */
    assert_int_equal(totals.groups[0].made[numu_process_kind_import * 2 + 0],
                     615 * NUMU_QUANTITY_ONE);
    assert_int_equal(totals.groups[0].made[numu_process_kind_assemble * 2 + 1],
                     1017 * NUMU_QUANTITY_ONE);
    assert_int_equal(totals.customer_count, 2);
    assert_int_equal(totals.customers[0].unmet, 1);
    assert_int_equal(totals.demand_on_time, 1);
    assert_int_equal(totals.fund_count, 1);
    assert_int_equal(totals.funds[0].year_gap[0], INT64_C(1000000000));
    assert_int_equal(totals.funds[0].left, INT64_C(527000000) * 18);
    assert_int_equal(totals.gap, INT64_C(1000000000));
    assert_int_equal(totals.import_without, INT64_C(156600000000));
    assert_true(numu_text_is(totals.resources[0].id, "rifle_line"));
    assert_int_equal(totals.resources[0].full_months, 2);
    assert_int_equal(totals.resources[1].full_months, 0);
    assert_int_equal(totals.evidence_by_basis[numu_basis_assumption], INT64_C(75000000000));
    assert_int_equal(totals.promises_kept, 1);
    f.plan.purse.gap[0] = INT64_MAX;
    assert_int_equal(numu_totals_build(&f.plan, &f.arena, &totals), NUMU_LIMIT);
    end(&f);
}

static void summary_fits_the_screen(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(numu_view_plan(&f.buffer, &f.plan, NUMU_LANGUAGE_EN, NUMU_FORMAT_TABLE),
                     NUMU_OK);
    assert_string_equal(
        f.buffer.data, "promise                promised for  likely      P50         P80         "
                       "in time\n"
                       "Rifles \"at once\" <no…  2025-12-31    2026-02-13  2026-02-23  2026-03-25  "
                       " <0.03%\n"
                       "A line                 2025-12-31    2025-11-28  2025-12-08  2026-01-07  "
                       "  68.3%\n"
                       "\n"
                       "family          wanted  on time  late  unmet\n"
                       "small arms  3,000 each      67%   17%    17%\n"
                       "explosives        40 t     100%    0%     0%\n"
                       "\n"
                       "import bill with the industry: 114.0\u00A0bn\u00A0XOF\n"
                       "import bill without it: 156.6\u00A0bn\u00A0XOF\n"
                       "funding gap: 1.0\u00A0bn\u00A0XOF\n"
                       "used most: rifle_line (100%)\n"
                       "stages solved to optimality: 1 of 1, residual 3.1e-09\n");
    end(&f);
}

/* As many promises and families as can be, with long names. */
static void long_summaries_fit_too(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    static char name[] =
        "a very long name of a promise that would never fit on any screen as it is";
    assert_int_equal(numu_plan_take(&f.plan, &f.arena, NUMU_PLAN_TABLE(promise), 40), NUMU_OK);
    assert_int_equal(numu_plan_take(&f.plan, &f.arena, NUMU_PLAN_TABLE(item), 9), NUMU_OK);
    assert_int_equal(numu_plan_take(&f.plan, &f.arena, NUMU_PLAN_TABLE(demand), 9), NUMU_OK);
    static const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    for (numu_row row = 0; row < 40; row++) {
        test_promise(&f.plan, row, "p", name, "accept", 0, 10000);
    }
    for (numu_row row = 0; row < 9; row++) {
        f.plan.item.id[row] = test_text(ids[row]);
        f.plan.item.family[row] = (uint8_t)(row + 1);
        f.plan.item.unit[row] = test_text("round");
        test_demand(&f.plan, row, ids[row], ids[row], INT64_C(250000000), 1, 1);
    }
    for (int language = NUMU_LANGUAGE_EN; language <= NUMU_LANGUAGE_FR; language++) {
        numu_buffer_clear(&f.buffer);
        assert_int_equal(
            numu_view_plan(&f.buffer, &f.plan, (numu_language)language, NUMU_FORMAT_TABLE),
            NUMU_OK);
        int lines = 0;
        for (const char *line = f.buffer.data; *line != '\0'; lines++) {
            size_t length = strcspn(line, "\n");
            assert_true(numu_text_width((struct numu_text){line, length}) <=
                        NUMU_SUMMARY_COLUMNS_MAX);
            line += length + 1;
        }
        assert_true(lines <= NUMU_SUMMARY_LINES_MAX);
    }
    assert_non_null(strstr(f.buffer.data, "et 35 de plus"));
    end(&f);
}

static void empty_plans_have_views(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    struct numu_plan empty = {.currency = f.plan.currency};
    for (int format = NUMU_FORMAT_TABLE; format <= NUMU_FORMAT_JSON; format++) {
        assert_int_equal(numu_view_plan(&f.buffer, &empty, NUMU_LANGUAGE_EN, (numu_format)format),
                         NUMU_OK);
        assert_int_equal(numu_view_schedule(&f.buffer, &empty, &unsearched, NUMU_LANGUAGE_EN,
                                            (numu_format)format),
                         NUMU_OK);
    }
    end(&f);
}

static void failure_leaves_the_buffer(void **state) {
    (void)state;
    for (int format = NUMU_FORMAT_TABLE; format <= NUMU_FORMAT_JSON; format++) {
        for (uint_fast64_t n = 1;; n++) {
            struct fixture f;
            begin(&f);
            assert_int_equal(numu_buffer_append_string(&f.buffer, "before"), NUMU_OK);
            f.heap.fail_at = f.heap.count + n;
            numu_status status =
                numu_view_plan(&f.buffer, &f.plan, NUMU_LANGUAGE_FR, (numu_format)format);
            bool is_done = status == NUMU_OK;
            if (!is_done) {
                assert_int_equal(status, NUMU_MEMORY);
                assert_string_equal(f.buffer.data, "before");
            }
            end(&f);
            if (is_done) {
                assert_true(n > 2);
                break;
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grid_aligns),
        cmocka_unit_test(schedule_in_words),
        cmocka_unit_test(schedule_for_machines),
        cmocka_unit_test(every_table_can_be_read_back),
        cmocka_unit_test(totals_add_up),
        cmocka_unit_test(summary_fits_the_screen),
        cmocka_unit_test(long_summaries_fit_too),
        cmocka_unit_test(empty_plans_have_views),
        cmocka_unit_test(failure_leaves_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
