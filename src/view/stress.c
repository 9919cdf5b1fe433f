/*
 * stress.c - cases beside the base.
 */
#include "view/stress.h"

#include "view/grid.h"

static void write_money(struct numu_grid *grid, const struct numu_plan *plan, numu_money money) {
    numu_output_money_short(&grid->cell, money, plan->currency);
    numu_grid_end_cell(grid);
}

static void write_share(struct numu_grid *grid, numu_decimal share) {
    numu_output_percent(&grid->cell, share, NUMU_DECIMAL_ONE);
    numu_grid_end_cell(grid);
}

void numu_output_case(struct numu_output *out, struct numu_text label) {
    size_t prefix = sizeof "confidence:" - 1;
    if (numu_text_find(label, NUMU_TEXT("confidence:"), 0) == 0) {
        numu_output_fill(
            out, NUMU_WORD_stress_confidence,
            numu_argument_text((struct numu_text){label.data + prefix, label.length - prefix}));
    } else {
        numu_output_word_of(out, "stress_", label);
    }
}

static void write_row(struct numu_grid *grid, const struct numu_plan *plan, numu_row row) {
    const struct numu_plan_stress *table = &plan->stress;
    numu_output_case(&grid->cell, table->label[row]);
    numu_grid_end_cell(grid);
    numu_output_day(&grid->cell, table->finish[row]);
    numu_grid_end_cell(grid);
    write_share(grid, table->on_time[row]);
    write_share(grid, table->unmet[row]);
    write_money(grid, plan, table->gap[row]);
    write_money(grid, plan, table->unpaid[row]);
    write_money(grid, plan, table->imports[row]);
    write_money(grid, plan, table->without[row]);
    write_money(grid, plan, table->cost[row]);
    numu_output_text(&grid->cell, table->name[row]);
    numu_grid_end_cell(grid);
}

void numu_output_swing(struct numu_output *out, const struct numu_plan *plan, numu_row row) {
    const struct numu_plan_swing *table = &plan->swing;
    numu_output_text(out, table->table[row]);
    numu_output_raw(out, " ");
    numu_output_text(out, table->id[row]);
    numu_output_raw(out, " ");
    numu_output_text(out, table->column[row]);
    numu_output_raw(out, " ±");
    numu_output_percent(out, table->spread[row], NUMU_DECIMAL_ONE);
}

/* What the industry saves with each weak figure low and high. */
static void write_swings(struct numu_output *out, const struct numu_plan *plan) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_swing_figure, .may_shrink = true},
        {.heading = NUMU_WORD_column_saved_low, .is_right = true},
        {.heading = NUMU_WORD_column_saved_high, .is_right = true},
        {.heading = NUMU_WORD_column_cost_low, .is_right = true},
        {.heading = NUMU_WORD_column_cost_high, .is_right = true},
        {.heading = NUMU_WORD_column_reverses},
    };
    const struct numu_plan_swing *table = &plan->swing;
    struct numu_grid grid;
    if (table->head.count == 0) {
        return;
    }
    numu_output_raw(out, "\n");
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_output_swing(&grid.cell, plan, row);
        numu_grid_end_cell(&grid);
        write_money(&grid, plan, table->saved_low[row]);
        write_money(&grid, plan, table->saved_high[row]);
        write_money(&grid, plan, table->cost_low[row]);
        write_money(&grid, plan, table->cost_high[row]);
        numu_output_word(&grid.cell, table->reverses[row] == NUMU_BOOLEAN_TRUE
                                         ? NUMU_WORD_swing_yes
                                         : NUMU_WORD_swing_no);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, 0);
    numu_grid_release(&grid);
}

static numu_status write_table(struct numu_buffer *buffer, const struct numu_plan *plan,
                               numu_language language) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_label, .may_shrink = true},
        {.heading = NUMU_WORD_column_finish},
        {.heading = NUMU_WORD_column_on_time, .is_right = true},
        {.heading = NUMU_WORD_column_unmet, .is_right = true},
        {.heading = NUMU_WORD_column_gap, .is_right = true},
        {.heading = NUMU_WORD_column_unpaid, .is_right = true},
        {.heading = NUMU_WORD_column_imports, .is_right = true},
        {.heading = NUMU_WORD_column_without, .is_right = true},
        {.heading = NUMU_WORD_column_cost, .is_right = true},
        {.heading = NUMU_WORD_column_binds},
    };
    struct numu_output out;
    struct numu_grid grid;
    numu_output_init(&out, buffer, language, false);
    numu_grid_init(&grid, buffer->heap, language, columns, sizeof columns / sizeof columns[0]);
    for (numu_row row = 0; row < plan->stress.head.count; row++) {
        write_row(&grid, plan, row);
    }
    numu_output_grid(&out, &grid, 0, 0);
    numu_grid_release(&grid);
    write_swings(&out, plan);
    return numu_output_finish(&out);
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_plan *plan,
                              const struct numu_stamp *stamp) {
    struct numu_json_writer writer;
    size_t start = buffer->length;
    numu_json_writer_init(&writer, buffer);
    numu_json_begin_object(&writer);
    numu_json_stamp(&writer, "numu.stress/1", stamp);
    numu_json_key(&writer, "currency");
    numu_json_string(&writer, numu_currency_code(plan->currency));
    numu_json_key(&writer, "stress");
    numu_rows_json(&writer, plan, NUMU_PLAN_TABLE(stress));
    numu_json_key(&writer, "swing");
    numu_rows_json(&writer, plan, NUMU_PLAN_TABLE(swing));
    numu_json_end_object(&writer);
    if (writer.status == NUMU_OK) {
        writer.status = numu_buffer_append_char(buffer, '\n');
    }
    numu_buffer_cut(buffer, writer.status, start);
    return writer.status;
}

numu_status numu_view_stress(struct numu_buffer *buffer, const struct numu_plan *plan,
                             const struct numu_stamp *stamp, numu_language language,
                             numu_format format) {
    switch (format) {
    case NUMU_FORMAT_TABLE:
        return write_table(buffer, plan, language);
    case NUMU_FORMAT_CSV:
        return numu_rows_csv(buffer, plan, NUMU_PLAN_TABLE(stress));
    case NUMU_FORMAT_JSON:
        return write_json(buffer, plan, stamp);
    }
    return NUMU_BUG;
}
