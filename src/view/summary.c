/*
 * summary.c - a plan on one screen, as CSV, as JSON.
 *
 * Lines: 8 of promises, 8 of demand, 6 of figures. Tables that would be
 * longer say how many of their rows are left out.
 */
#include "view/summary.h"

#include "view/grid.h"
#include "view/risk.h"
#include "view/schedule.h"
#include "view/totals.h"

enum { PROMISES_MAX = 5, FAMILIES_MAX = 5, INDENT = 2 };

struct summary {
    struct numu_output out;
    const struct numu_plan *plan;
    struct numu_totals totals;
};

static void end_line(struct summary *summary) {
    numu_output_raw(&summary->out, "\n");
}

static void left_out(struct summary *summary, int64_t count) {
    if (count > 0) {
        numu_output_raw(&summary->out, "  ");
        numu_output_fill(&summary->out, NUMU_WORD_and_more, numu_argument_integer(count));
        end_line(summary);
    }
}

static void write_promises(struct summary *summary) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_promise, .may_shrink = true},
        {.heading = NUMU_WORD_promised_for},
        {.heading = NUMU_WORD_risk_likely},
        {.heading = NUMU_WORD_risk_p50},
        {.heading = NUMU_WORD_risk_p80},
        {.heading = NUMU_WORD_risk_in_time, .is_right = true},
    };
    uint64_t samples = numu_plan_samples(summary->plan);
    const struct numu_plan_promise *promise = &summary->plan->promise;
    if (promise->head.count == 0) {
        return;
    }
    struct numu_grid grid;
    numu_grid_init(&grid, summary->out.buffer->heap, summary->out.language, columns,
                   sizeof columns / sizeof columns[0]);
    for (numu_row row = 0; row < promise->head.count && row < PROMISES_MAX; row++) {
        bool has_name = promise->name[row].length > 0;
        numu_output_text(&grid.cell, has_name ? promise->name[row] : promise->id[row]);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, promise->date[row]);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, promise->finish[row]);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, promise->p50[row]);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, promise->p80[row]);
        numu_grid_end_cell(&grid);
        numu_output_chance(&grid.cell, promise->probability[row], samples);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(&summary->out, &grid, 0, NUMU_SUMMARY_COLUMNS_MAX);
    numu_grid_release(&grid);
    left_out(summary, (int64_t)promise->head.count - PROMISES_MAX);
    end_line(summary);
}

static void demand_row(struct numu_grid *grid, const struct numu_group *group) {
    const struct numu_column *column = NUMU_PLAN_TABLE(item)->columns;
    while (column->choices == NULL) { /* family is its only choice */
        column++;
    }
    if (group->family > 0) {
        numu_output_word_of(&grid->cell, "choice_",
                            numu_text_of(column->choices[group->family - 1]));
    } else {
        numu_output_word(&grid->cell, NUMU_WORD_not_given);
    }
    numu_grid_end_cell(grid);
    numu_output_compact(&grid->cell, group->wanted, NUMU_QUANTITY_DECIMALS, true);
    numu_output_raw(&grid->cell, " ");
    numu_output_text(&grid->cell, group->unit);
    numu_grid_end_cell(grid);
    const numu_quantity parts[] = {group->on_time, group->late, group->unmet};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        numu_output_percent(&grid->cell, parts[i], group->wanted);
        numu_grid_end_cell(grid);
    }
}

static void write_demand(struct summary *summary) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_family, .may_shrink = true},
        {.heading = NUMU_WORD_wanted, .is_right = true},
        {.heading = NUMU_WORD_column_on_time, .is_right = true},
        {.heading = NUMU_WORD_column_late, .is_right = true},
        {.heading = NUMU_WORD_column_unmet, .is_right = true},
    };
    if (summary->totals.demand_rows == 0) {
        return;
    }
    struct numu_grid grid;
    int64_t families = 0;
    numu_grid_init(&grid, summary->out.buffer->heap, summary->out.language, columns,
                   sizeof columns / sizeof columns[0]);
    for (uint32_t g = 0; g < summary->totals.group_count; g++) {
        if (summary->totals.groups[g].is_wanted && families++ < FAMILIES_MAX) {
            demand_row(&grid, &summary->totals.groups[g]);
        }
    }
    numu_output_grid(&summary->out, &grid, 0, NUMU_SUMMARY_COLUMNS_MAX);
    numu_grid_release(&grid);
    left_out(summary, families - FAMILIES_MAX);
    end_line(summary);
}

/* "label: " */
static void begin_figure(struct summary *summary, numu_word label) {
    numu_output_word(&summary->out, label);
    numu_output_word(&summary->out, NUMU_WORD_colon);
}

static void write_money(struct summary *summary) {
    const struct numu_totals *totals = &summary->totals;
    struct numu_output *out = &summary->out;
    numu_currency currency = summary->plan->currency;
    if (summary->plan->import_bill.head.count > 0) {
        numu_money with = totals->import_finished;
        numu_output_add(out, &with, totals->import_kits);
        numu_output_add(out, &with, totals->import_capital);
        begin_figure(summary, NUMU_WORD_import_with);
        numu_output_money_short(out, with, currency);
        end_line(summary);
        begin_figure(summary, NUMU_WORD_import_without);
        numu_output_money_short(out, totals->import_without, currency);
        end_line(summary);
    }
    if (totals->fund_count > 0) {
        begin_figure(summary, NUMU_WORD_funding_gap);
        numu_output_money_short(out, totals->gap, currency);
        end_line(summary);
    }
}

static void write_binding(struct summary *summary) {
    const struct numu_totals *totals = &summary->totals;
    if (totals->resource_count == 0) {
        return;
    }
    const struct numu_resource_total *resource = &totals->resources[0];
    begin_figure(summary, NUMU_WORD_used_most);
    numu_output_text_cut(&summary->out, resource->id, 30);
    numu_output_raw(&summary->out, " (");
    numu_output_percent(&summary->out, resource->used, resource->capacity);
    numu_output_raw(&summary->out, ")");
    end_line(summary);
}

static void write_orders(struct summary *summary) {
    if (summary->plan->planned_order.head.count == 0) {
        return;
    }
    begin_figure(summary, NUMU_WORD_table_planned_order);
    numu_output_integer(&summary->out, summary->plan->planned_order.head.count);
    numu_output_raw(&summary->out, ", ");
    begin_figure(summary, NUMU_WORD_table_exception);
    numu_output_integer(&summary->out, summary->plan->exception.head.count);
    end_line(summary);
}

static void write_law(struct summary *summary) {
    if (summary->plan->withheld.head.count == 0) {
        return;
    }
    begin_figure(summary, NUMU_WORD_table_withheld);
    numu_output_integer(&summary->out, summary->plan->withheld.head.count);
    end_line(summary);
}

static void write_status(struct summary *summary) {
    const struct numu_plan_stage *stage = &summary->plan->stage;
    if (stage->head.count == 0) {
        return;
    }
    numu_row last = stage->head.count - 1;
    numu_row optimal = 0;
    for (numu_row row = 0; row < stage->head.count; row++) {
        optimal += numu_text_is(stage->status[row], "optimal");
    }
    begin_figure(summary, NUMU_WORD_stages_optimal);
    numu_output_fill_two(&summary->out, NUMU_WORD_some_of, numu_argument_integer(optimal),
                         numu_argument_integer(stage->head.count));
    numu_output_raw(&summary->out, ", ");
    numu_output_word(&summary->out, NUMU_WORD_column_primal_residual);
    numu_output_raw(&summary->out, " ");
    numu_output_scientific(&summary->out, stage->primal_residual[last]);
    end_line(summary);
}

static numu_status write_table(struct numu_buffer *buffer, const struct numu_plan *plan,
                               numu_language language) {
    struct numu_arena arena;
    struct summary summary = {.plan = plan};
    numu_arena_init(&arena, buffer->heap);
    numu_output_init(&summary.out, buffer, language, false);
    summary.out.status = numu_totals_build(plan, &arena, &summary.totals);
    if (summary.out.status == NUMU_OK) {
        write_promises(&summary);
        write_demand(&summary);
        write_money(&summary);
        write_binding(&summary);
        write_orders(&summary);
        write_law(&summary);
        write_status(&summary);
    }
    numu_arena_release(&arena);
    return numu_output_finish(&summary.out);
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_plan *plan) {
    size_t start = buffer->length;
    struct numu_json_writer writer;
    struct numu_stamp stamp = numu_plan_stamp(plan);
    numu_json_writer_init(&writer, buffer);
    numu_json_begin_object(&writer);
    numu_json_stamp(&writer, "numu.plan/1", &stamp);
    numu_json_key(&writer, "currency");
    numu_json_string(&writer, numu_currency_code(plan->currency));
    numu_json_key(&writer, "status");
    numu_json_text(&writer, numu_plan_meta_find(plan, "status"));
    struct numu_text objective = numu_plan_meta_find(plan, "objective");
    if (objective.length > 0) {
        numu_json_key(&writer, "objective");
        numu_json_number_text(&writer, objective);
    }
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        numu_json_key(&writer, table->name);
        numu_rows_json(&writer, plan, table);
    }
    numu_json_end_object(&writer);
    if (writer.status == NUMU_OK) {
        writer.status = numu_buffer_append_char(buffer, '\n');
    }
    numu_buffer_cut(buffer, writer.status, start);
    return writer.status;
}

numu_status numu_view_plan(struct numu_buffer *buffer, const struct numu_plan *plan,
                           numu_language language, numu_format format) {
    switch (format) {
    case NUMU_FORMAT_TABLE:
        return write_table(buffer, plan, language);
    case NUMU_FORMAT_CSV:
        return numu_rows_csv(buffer, plan, NUMU_PLAN_TABLE(demand));
    case NUMU_FORMAT_JSON:
        return write_json(buffer, plan);
    }
    return NUMU_BUG;
}
