/*
 * explain.c - an order or a demand in words, and its pegs as a tree.
 */
#include "view/explain.h"

#include "model/model.h"

static void gap(struct numu_output *out) {
    numu_output_raw(out, "  ");
}

static void labelled_day(struct numu_output *out, numu_word word, numu_day day) {
    if (day != NUMU_NO_DAY) {
        numu_output_raw(out, ", ");
        numu_output_word(out, word);
        numu_output_raw(out, " ");
        numu_output_day(out, day);
    }
}

/* "10 seat_set, Bamako" */
static void what_and_where(struct numu_output *out, numu_quantity quantity, struct numu_text item,
                           struct numu_text site) {
    numu_output_quantity(out, quantity);
    numu_output_raw(out, " ");
    numu_output_text(out, item);
    numu_output_raw(out, ", ");
    numu_output_text(out, site);
}

static void write_order(struct numu_output *out, const struct numu_plan *plan, numu_row row) {
    const struct numu_plan_planned_order *order = &plan->planned_order;
    numu_output_word(out, NUMU_WORD_choice_order);
    numu_output_raw(out, " ");
    numu_output_text(out, order->id[row]);
    numu_output_raw(out, "\n");
    gap(out);
    what_and_where(out, order->quantity[row], order->item[row], order->site[row]);
    if (order->partner[row].length > 0) {
        numu_output_raw(out, ", ");
        numu_output_text(out, order->partner[row]);
    }
    labelled_day(out, NUMU_WORD_column_start, order->start[row]);
    labelled_day(out, NUMU_WORD_column_due, order->due[row]);
    if (order->due[row] > order->needed[row]) {
        labelled_day(out, NUMU_WORD_column_needed, order->needed[row]);
    }
    numu_output_raw(out, "\n");
}

static void write_demand(struct numu_output *out, const struct numu_plan *plan, numu_row row) {
    const struct numu_plan_demand *demand = &plan->demand;
    numu_output_word(out, NUMU_WORD_choice_demand);
    numu_output_raw(out, " ");
    numu_output_text(out, demand->id[row]);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_text(out, demand->customer[row]);
    numu_output_raw(out, ", ");
    what_and_where(out, demand->quantity[row], demand->item[row], demand->site[row]);
    labelled_day(out, NUMU_WORD_column_due, demand->due[row]);
    if (demand->unmet[row] > 0) {
        numu_output_raw(out, ", ");
        numu_output_quantity(out, demand->unmet[row]);
        numu_output_raw(out, " ");
        numu_output_word(out, NUMU_WORD_column_unmet);
    }
    numu_output_raw(out, "\n");
}

static void write_side(struct numu_output *out, uint8_t side, struct numu_text id,
                       numu_word nothing) {
    if (side == numu_peg_end_unset) {
        numu_output_word(out, nothing);
        return;
    }
    numu_output_word_of(out, "choice_", numu_text_of(numu_names_of_peg_end[side - 1]));
    if (id.length > 0) {
        numu_output_raw(out, " ");
        numu_output_text(out, id);
    }
}

static void write_line(struct numu_output *out, const struct numu_plan *plan,
                       const struct numu_peg_line *line, bool is_up) {
    const struct numu_plan_peg *peg = &plan->peg;
    numu_row row = line->peg;
    for (uint32_t depth = 0; depth <= line->depth; depth++) {
        gap(out);
    }
    what_and_where(out, peg->quantity[row], peg->item[row], peg->site[row]);
    numu_output_raw(out, is_up ? " → " : " ← ");
    if (is_up) {
        write_side(out, peg->taker[row], peg->taker_id[row], NUMU_WORD_peg_stays);
        labelled_day(out, NUMU_WORD_column_day, peg->day[row]);
    } else {
        write_side(out, peg->supply[row], peg->supply_id[row], NUMU_WORD_peg_uncovered);
        labelled_day(out, NUMU_WORD_column_there, peg->there[row]);
    }
    if (line->is_repeated) {
        numu_output_raw(out, " ");
        numu_output_word(out, NUMU_WORD_peg_see_above);
    }
    numu_output_raw(out, "\n");
}

static void write_lines(struct numu_output *out, const struct numu_plan *plan,
                        const struct numu_peg_lines *lines, bool is_up, numu_word heading) {
    if (lines->count == 0) {
        return;
    }
    numu_output_raw(out, "\n");
    numu_output_word(out, heading);
    numu_output_raw(out, "\n");
    for (uint32_t i = 0; i < lines->count && i < NUMU_EXPLAIN_LINES_MAX; i++) {
        write_line(out, plan, &lines->list[i], is_up);
    }
    if (lines->count > NUMU_EXPLAIN_LINES_MAX) {
        gap(out);
        numu_output_fill(out, NUMU_WORD_and_more,
                         numu_argument_integer(lines->count - NUMU_EXPLAIN_LINES_MAX));
        numu_output_raw(out, "\n");
    }
}

numu_status numu_view_pegs(struct numu_buffer *buffer, const struct numu_plan *plan,
                           const struct numu_peg_walk *walk, numu_language language) {
    struct numu_output out;
    numu_output_init(&out, buffer, language, false);
    if (walk->order != NUMU_NONE) {
        write_order(&out, plan, walk->order);
        numu_output_raw(&out, "\n");
        numu_output_word(&out, NUMU_WORD_peg_serves);
        numu_output_raw(&out, "\n");
        for (uint32_t i = 0; i < walk->served_count; i++) {
            gap(&out);
            write_demand(&out, plan, walk->served[i]);
        }
        if (walk->served_count == 0) {
            gap(&out);
            numu_output_word(&out, NUMU_WORD_peg_stays);
            numu_output_raw(&out, "\n");
        }
        write_lines(&out, plan, &walk->up, true, NUMU_WORD_peg_taken_by);
    } else {
        write_demand(&out, plan, walk->demand);
    }
    write_lines(&out, plan, &walk->down, false, NUMU_WORD_peg_covered_by);
    return numu_output_finish(&out);
}

/* --- for machines --- */

static void json_row(struct numu_json_writer *writer, const char *name,
                     const struct numu_plan *plan, const struct numu_table_descriptor *table,
                     numu_row row) {
    numu_json_key(writer, name);
    if (row == NUMU_NONE) {
        numu_json_null(writer);
        return;
    }
    numu_json_begin_object(writer);
    numu_row_json(writer, plan, table, row);
    numu_json_end_object(writer);
}

static void json_lines(struct numu_json_writer *writer, const char *name,
                       const struct numu_plan *plan, const struct numu_peg_lines *lines) {
    numu_json_key(writer, name);
    numu_json_begin_array(writer);
    for (uint32_t i = 0; i < lines->count; i++) {
        numu_json_begin_line_object(writer);
        numu_json_key(writer, "depth");
        numu_json_integer(writer, lines->list[i].depth);
        numu_json_key(writer, "is_repeated");
        numu_json_boolean(writer, lines->list[i].is_repeated);
        numu_row_json(writer, plan, NUMU_PLAN_TABLE(peg), lines->list[i].peg);
        numu_json_end_object(writer);
    }
    numu_json_end_array(writer);
}

void numu_json_pegs(struct numu_json_writer *writer, const struct numu_plan *plan,
                    const struct numu_peg_walk *walk) {
    if (walk == NULL) {
        return;
    }
    json_row(writer, "order", plan, NUMU_PLAN_TABLE(planned_order), walk->order);
    json_row(writer, "demand", plan, NUMU_PLAN_TABLE(demand), walk->demand);
    numu_json_key(writer, "serves");
    numu_json_begin_array(writer);
    for (uint32_t i = 0; i < walk->served_count; i++) {
        numu_json_begin_line_object(writer);
        numu_row_json(writer, plan, NUMU_PLAN_TABLE(demand), walk->served[i]);
        numu_json_end_object(writer);
    }
    numu_json_end_array(writer);
    json_lines(writer, "taken_by", plan, &walk->up);
    json_lines(writer, "covered_by", plan, &walk->down);
}
