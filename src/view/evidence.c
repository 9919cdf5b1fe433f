/*
 * evidence.c - shares by basis.
 */
#include "view/evidence.h"

#include "view/grid.h"

/* Those with a source first; rows that name no basis last. */
static const numu_basis shown[numu_basis_count] = {numu_basis_reported, numu_basis_analogue,
                                                   numu_basis_estimate, numu_basis_assumption,
                                                   numu_basis_unset};

static const char *measure_name(numu_evidence_measure measure) {
    switch (measure) {
    case NUMU_EVIDENCE_ROWS:
        return "rows";
    case NUMU_EVIDENCE_UNSOURCED:
        return "rows_without_source";
    case NUMU_EVIDENCE_MONEY:
        return "money";
    case NUMU_EVIDENCE_DAYS:
        return "days_on_longest_path";
    }
    return "";
}

static const char *basis_name(numu_basis basis) {
    return basis == numu_basis_unset ? "not_given" : numu_names_of_basis[basis - 1];
}

/* --- for eyes --- */

/* "budget.amount", "process, rows" */
static void write_subject(struct numu_output *out, const struct numu_evidence_line *line) {
    numu_output_string(out, line->table);
    if (line->column != NULL) {
        numu_output_raw(out, ".");
        numu_output_string(out, line->column);
        return;
    }
    numu_output_raw(out, ", ");
    numu_output_word(out, line->measure == NUMU_EVIDENCE_ROWS        ? NUMU_WORD_column_rows
                          : line->measure == NUMU_EVIDENCE_UNSOURCED ? NUMU_WORD_rows_unsourced
                                                                     : NUMU_WORD_days_on_path);
}

static void write_line(struct numu_grid *grid, const struct numu_evidence_line *line,
                       numu_currency currency) {
    write_subject(&grid->cell, line);
    numu_grid_end_cell(grid);
    if (line->measure == NUMU_EVIDENCE_MONEY) {
        numu_output_money_short(&grid->cell, line->total, currency);
    } else {
        numu_output_integer(&grid->cell, line->total);
    }
    numu_grid_end_cell(grid);
    for (size_t i = 0; i < numu_basis_count; i++) {
        int64_t part = line->by_basis[shown[i]];
        if (part > 0) {
            numu_output_percent(&grid->cell, part, line->total);
        }
        numu_grid_end_cell(grid);
    }
}

static void write_table(struct numu_output *out, const struct numu_evidence_result *evidence) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_empty},
        {.heading = NUMU_WORD_total, .is_right = true},
        {.heading = NUMU_WORD_choice_reported, .is_right = true},
        {.heading = NUMU_WORD_choice_analogue, .is_right = true},
        {.heading = NUMU_WORD_choice_estimate, .is_right = true},
        {.heading = NUMU_WORD_choice_assumption, .is_right = true},
        {.heading = NUMU_WORD_not_given, .is_right = true},
    };
    struct numu_grid grid;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < evidence->count; i++) {
        const struct numu_evidence_line *line = &evidence->lines[i];
        if (line->measure != NUMU_EVIDENCE_UNSOURCED || line->total > 0) {
            write_line(&grid, line, evidence->currency);
        }
    }
    numu_output_grid(out, &grid, 0, 0);
    numu_grid_release(&grid);
}

/* --- for machines --- */

static void write_amount(struct numu_output *out, const struct numu_evidence_line *line,
                         int64_t amount, numu_currency currency) {
    int decimals = line->measure == NUMU_EVIDENCE_MONEY ? numu_currency_decimals(currency) : 0;
    if (out->status == NUMU_OK) {
        out->status = numu_number_write(out->buffer, amount, decimals, false);
    }
}

static void write_csv(struct numu_output *out, const struct numu_evidence_result *evidence) {
    numu_output_raw(out, "table,column,measure");
    for (size_t i = 0; i < numu_basis_count; i++) {
        numu_output_printf(out, ",%s", basis_name(shown[i]));
    }
    numu_output_raw(out, ",total\n");
    for (size_t i = 0; i < evidence->count; i++) {
        const struct numu_evidence_line *line = &evidence->lines[i];
        numu_output_printf(out, "%s,%s,%s", line->table, line->column == NULL ? "" : line->column,
                           measure_name(line->measure));
        for (size_t k = 0; k < numu_basis_count; k++) {
            numu_output_raw(out, ",");
            write_amount(out, line, line->by_basis[shown[k]], evidence->currency);
        }
        numu_output_raw(out, ",");
        write_amount(out, line, line->total, evidence->currency);
        numu_output_raw(out, "\n");
    }
}

static void write_json_line(struct numu_json_writer *json, const struct numu_evidence_line *line) {
    numu_json_begin_object(json);
    numu_json_key(json, "table");
    numu_json_string(json, line->table);
    numu_json_key(json, "column");
    if (line->column == NULL) {
        numu_json_null(json);
    } else {
        numu_json_string(json, line->column);
    }
    numu_json_key(json, "measure");
    numu_json_string(json, measure_name(line->measure));
    for (size_t i = 0; i < numu_basis_count; i++) {
        numu_json_key(json, basis_name(shown[i]));
        numu_json_integer(json, line->by_basis[shown[i]]);
    }
    numu_json_key(json, "total");
    numu_json_integer(json, line->total);
    numu_json_end_object(json);
}

static numu_status write_json(struct numu_buffer *buffer,
                              const struct numu_evidence_result *evidence,
                              const struct numu_stamp *stamp) {
    struct numu_json_writer json;
    numu_json_writer_init(&json, buffer);
    numu_json_begin_object(&json);
    numu_json_stamp(&json, "numu.evidence/1", stamp);
    numu_json_key(&json, "currency");
    numu_json_string(&json, numu_currency_code(evidence->currency));
    numu_json_key(&json, "evidence");
    numu_json_begin_array(&json);
    for (size_t i = 0; i < evidence->count; i++) {
        write_json_line(&json, &evidence->lines[i]);
    }
    numu_json_end_array(&json);
    numu_json_end_object(&json);
    return json.status;
}

numu_status numu_view_evidence(struct numu_buffer *buffer,
                               const struct numu_evidence_result *evidence,
                               const struct numu_stamp *stamp, numu_language language,
                               numu_format format) {
    struct numu_output out;
    numu_output_init(&out, buffer, language, false);
    switch (format) {
    case NUMU_FORMAT_TABLE:
        write_table(&out, evidence);
        break;
    case NUMU_FORMAT_CSV:
        write_csv(&out, evidence);
        break;
    case NUMU_FORMAT_JSON:
        out.status = write_json(buffer, evidence, stamp);
        numu_output_raw(&out, "\n");
        break;
    }
    return numu_output_finish(&out);
}
