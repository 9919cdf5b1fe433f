/*
 * reason.c - why, in sentences.
 */
#include "view/reason.h"

#include "model/model.h"
#include "view/explain.h"

#include <math.h>
#include <string.h>

/* Whether a row of reasons is about `what`: "subject:id", or an id alone. */
static bool is_about(const struct numu_plan_reason *table, numu_row row, struct numu_text what) {
    struct numu_text subject = table->subject[row];
    size_t prefix = subject.length + 1;
    bool has_subject = what.length > prefix && what.data[subject.length] == ':' &&
                       numu_text_is_equal((struct numu_text){what.data, subject.length}, subject);
    struct numu_text id =
        has_subject ? (struct numu_text){what.data + prefix, what.length - prefix} : what;
    return what.length == 0 || numu_text_is_equal(table->id[row], id);
}

static bool begins_subject(const struct numu_plan_reason *table, numu_row row) {
    return row == 0 || !numu_text_is_equal(table->id[row - 1], table->id[row]) ||
           !numu_text_is_equal(table->subject[row - 1], table->subject[row]) ||
           !numu_text_is_equal(table->process[row - 1], table->process[row]);
}

static numu_row find_demand(const struct numu_plan *plan, struct numu_text what) {
    const char prefix[] = "demand:";
    size_t length = sizeof prefix - 1;
    bool has_prefix =
        what.length > length && numu_text_is((struct numu_text){what.data, length}, prefix);
    struct numu_text id =
        has_prefix ? (struct numu_text){what.data + length, what.length - length} : what;
    for (numu_row row = 0; row < plan->demand.head.count; row++) {
        if (numu_text_is_equal(plan->demand.id[row], id)) {
            return row;
        }
    }
    return NUMU_NONE;
}

/* A process that buys, of which the plan makes use: "import:ID", or an id alone. */
static numu_row find_import(const struct numu_plan *plan, struct numu_text what) {
    const char prefix[] = "import:";
    size_t length = sizeof prefix - 1;
    bool has_prefix =
        what.length > length && numu_text_is((struct numu_text){what.data, length}, prefix);
    struct numu_text id =
        has_prefix ? (struct numu_text){what.data + length, what.length - length} : what;
    for (numu_row row = 0; row < plan->production.head.count; row++) {
        if (numu_text_is_equal(plan->production.process[row], id) &&
            plan->production.kind[row] == numu_process_kind_import) {
            return row;
        }
    }
    return NUMU_NONE;
}

/* --- sentences --- */

/* "round_202609: 15,000,000 of round due 2026-09-20, 3,000,000 late, 0 not delivered" */
static void write_demand(struct numu_output *out, const struct numu_plan *plan, numu_row row) {
    const struct numu_plan_demand *table = &plan->demand;
    numu_output_text(out, table->id[row]);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_quantity(out, table->quantity[row]);
    numu_output_raw(out, " ");
    numu_output_text(out, table->item[row]);
    numu_output_raw(out, ", ");
    numu_output_word(out, NUMU_WORD_column_due);
    numu_output_raw(out, " ");
    numu_output_day(out, table->due[row]);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_quantity(out, table->late[row]);
    numu_output_raw(out, " ");
    numu_output_word(out, NUMU_WORD_column_late);
    numu_output_raw(out, ", ");
    numu_output_quantity(out, table->unmet[row]);
    numu_output_raw(out, " ");
    numu_output_word(out, NUMU_WORD_column_unmet);
    numu_output_raw(out, "\n");
}

static void write_subject(struct numu_output *out, const struct numu_plan *plan, numu_row row) {
    const struct numu_plan_reason *table = &plan->reason;
    numu_row demand =
        numu_text_is(table->subject[row], "demand") ? find_demand(plan, table->id[row]) : NUMU_NONE;
    if (demand != NUMU_NONE) {
        write_demand(out, plan, demand);
        return;
    }
    numu_output_pattern(out, numu_word_of(out->language, "why_", table->subject[row]),
                        (const struct numu_argument[NUMU_ARGUMENTS_MAX]){
                            numu_argument_text(table->id[row]),
                            numu_argument_text(table->process[row]),
                        });
    numu_output_raw(out, "\n");
}

/* What one more is worth; nothing where it is not known. */
static void write_relief(struct numu_output *out, const struct numu_plan_reason *table,
                         numu_row row) {
    bool is_demand = numu_text_is(table->subject[row], "demand");
    double relief = table->relief[row];
    if (!is_demand || isnan(relief) || relief <= 0) {
        return;
    }
    numu_output_raw(out, "; ");
    numu_output_word_of(out, "more_", table->binds[row]);
    numu_output_raw(out, " ");
    numu_output_real(out, relief, relief < 10 ? 2 : 0);
    numu_output_raw(out, " ");
    numu_output_word(out, NUMU_WORD_unit_months);
    if (!isnan(table->confirmed[row]) && table->worth[row] > 0) {
        double tried = table->confirmed[row] / table->worth[row] * relief;
        numu_output_raw(out, " (");
        numu_output_word(out, NUMU_WORD_solved_again);
        numu_output_raw(out, " ");
        numu_output_real(out, tried, tried < 10 ? 2 : 0);
        numu_output_raw(out, ")");
    }
}

void numu_output_reason(struct numu_output *out, const struct numu_plan *plan, numu_row row) {
    const struct numu_plan_reason *table = &plan->reason;
    char from[NUMU_DAY_TEXT_BYTES];
    char until[NUMU_DAY_TEXT_BYTES];
    bool is_import = numu_text_is(table->subject[row], "import");
    bool opens = numu_text_is(table->binds[row], "opening");
    numu_output_pattern(out,
                        is_import && opens
                            ? numu_text_of(numu_word_text(out->language, NUMU_WORD_why_not_open))
                            : numu_word_of(out->language, "binds_", table->binds[row]),
                        (const struct numu_argument[NUMU_ARGUMENTS_MAX]){
                            numu_argument_text(table->name[row]),
                            numu_argument_string(numu_month_format(table->from[row], from)),
                            numu_argument_string(numu_month_format(table->until[row], until)),
                            numu_argument_text(table->opened_by[row]),
                        });
    write_relief(out, table, row);
    if (numu_text_is(table->binds[row], "price") && table->worth[row] >= 0.005) {
        numu_output_raw(out, " (");
        numu_output_real(out, table->worth[row], table->worth[row] < 100 ? 2 : 0);
        numu_output_printf(out, " %s)", numu_currency_code(plan->currency));
    }
    if (is_import) {
        numu_output_raw(out, "; ");
        numu_output_quantity(out, (numu_quantity)llround(table->share[row] * NUMU_QUANTITY_ONE));
        numu_output_raw(out, " ");
        numu_output_word(out, NUMU_WORD_imported_for_it);
    }
}

static void write_reason(struct numu_output *out, const struct numu_plan *plan, numu_row row) {
    numu_output_raw(out, "  ");
    numu_output_integer(out, plan->reason.rank[row]);
    numu_output_raw(out, ". ");
    numu_output_reason(out, plan, row);
    numu_output_raw(out, "\n");
}

static numu_status write_sentences(struct numu_buffer *buffer, const struct numu_plan *plan,
                                   struct numu_text what, numu_language language, bool *out_found) {
    const struct numu_plan_reason *table = &plan->reason;
    struct numu_output out;
    numu_output_init(&out, buffer, language, false);
    int64_t subjects = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (!is_about(table, row, what)) {
            continue;
        }
        *out_found = true;
        bool begins = begins_subject(table, row);
        subjects += begins;
        bool is_shown = subjects <= NUMU_REASONS_MAX || what.length > 0;
        if (begins && is_shown) {
            write_subject(&out, plan, row);
        }
        if (is_shown && (begins || what.length > 0)) {
            write_reason(&out, plan, row);
        }
    }
    if (what.length == 0 && subjects > NUMU_REASONS_MAX) {
        numu_output_fill(&out, NUMU_WORD_and_more,
                         numu_argument_integer(subjects - NUMU_REASONS_MAX));
        numu_output_raw(&out, "\n");
    }
    if (what.length == 0 && table->head.count == 0) {
        *out_found = true;
        numu_output_word(&out, NUMU_WORD_reasons_none);
        numu_output_raw(&out, "\n");
    }
    numu_row demand = what.length == 0 ? NUMU_NONE : find_demand(plan, what);
    if (!*out_found && demand != NUMU_NONE) {
        *out_found = true;
        write_demand(&out, plan, demand);
        numu_output_raw(&out, "  ");
        numu_output_word(&out, NUMU_WORD_why_in_time);
        numu_output_raw(&out, "\n");
    }
    numu_row import = what.length == 0 || *out_found ? NUMU_NONE : find_import(plan, what);
    if (import != NUMU_NONE) {
        *out_found = true;
        numu_output_fill_two(&out, NUMU_WORD_why_only_import,
                             numu_argument_text(plan->production.process[import]),
                             numu_argument_text(plan->production.item[import]));
        numu_output_raw(&out, "\n");
    }
    if (what.length == 0) {
        *out_found = true;
    }
    return numu_output_finish(&out);
}

/* --- for machines --- */

/* The reasons about `what` as a plan of their own, whose arrays live in the arena. */
static numu_status filter(const struct numu_plan *plan, struct numu_text what,
                          struct numu_arena *arena, struct numu_plan *out) {
    const struct numu_table_descriptor *table = NUMU_PLAN_TABLE(reason);
    numu_row count = 0;
    for (numu_row row = 0; row < plan->reason.head.count; row++) {
        count += is_about(&plan->reason, row, what);
    }
    *out = (struct numu_plan){.currency = plan->currency, .meta = plan->meta};
    NUMU_TRY(numu_plan_take(out, arena, table, count));
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        size_t size = numu_kind_size(column->kind);
        const char *from = numu_plan_array(plan, table, column);
        char *to = numu_plan_array(out, table, column);
        numu_row at = 0;
        for (numu_row row = 0; row < plan->reason.head.count; row++) {
            if (is_about(&plan->reason, row, what)) {
                memcpy(to + at++ * size, from + row * size, size);
            }
        }
    }
    return NUMU_OK;
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_plan *plan,
                              const struct numu_plan *whole, const struct numu_peg_walk *walk) {
    struct numu_json_writer writer;
    size_t start = buffer->length;
    struct numu_stamp stamp = numu_plan_stamp(plan);
    numu_json_writer_init(&writer, buffer);
    numu_json_begin_object(&writer);
    numu_json_stamp(&writer, "numu.explain/1", &stamp);
    numu_json_key(&writer, "reason");
    numu_rows_json(&writer, plan, NUMU_PLAN_TABLE(reason));
    numu_json_pegs(&writer, whole, walk);
    numu_json_end_object(&writer);
    if (writer.status == NUMU_OK) {
        writer.status = numu_buffer_append_char(buffer, '\n');
    }
    numu_buffer_cut(buffer, writer.status, start);
    return writer.status;
}

numu_status numu_view_reasons(struct numu_buffer *buffer, const struct numu_plan *plan,
                              struct numu_text what, const struct numu_peg_walk *walk,
                              numu_language language, numu_format format, bool *out_found) {
    struct numu_arena arena;
    struct numu_plan some;
    *out_found = false;
    if (format == NUMU_FORMAT_TABLE) {
        return write_sentences(buffer, plan, what, language, out_found);
    }
    numu_arena_init(&arena, buffer->heap);
    numu_status status = filter(plan, what, &arena, &some);
    if (status == NUMU_OK) {
        *out_found = some.reason.head.count > 0 || what.length == 0 ||
                     find_demand(plan, what) != NUMU_NONE || find_import(plan, what) != NUMU_NONE;
        status = format == NUMU_FORMAT_CSV ? numu_rows_csv(buffer, &some, NUMU_PLAN_TABLE(reason))
                                           : write_json(buffer, &some, plan, walk);
    }
    numu_arena_release(&arena);
    return status;
}
