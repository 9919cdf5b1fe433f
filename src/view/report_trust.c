/*
 * report_trust.c - of the report: what the figures rest on, what is left out, how to check them.
 */
#include "view/page.h"

/* --- evidence --- */

static int basis_color(uint8_t basis) {
    switch (basis) {
    case numu_basis_reported:
        return 0;
    case numu_basis_analogue:
        return 2;
    case numu_basis_estimate:
        return 5;
    case numu_basis_assumption:
        return 1;
    default:
        return 4;
    }
}

static void shares_by_basis(struct numu_page *page, const int64_t sums[numu_basis_count],
                            struct numu_share shares[numu_basis_count]) {
    const char *const *bases = numu_page_choices(NUMU_PLAN_TABLE(evidence), "basis");
    for (unsigned basis = 0; basis < numu_basis_count; basis++) {
        /* Rows without a basis come last. */
        struct numu_share *share = &shares[basis == 0 ? numu_basis_count - 1 : basis - 1];
        share->name =
            basis == 0
                ? numu_text_of(numu_word_text(page->out.language, NUMU_WORD_not_given))
                : numu_word_of(page->out.language, "choice_", numu_text_of(bases[basis - 1]));
        share->value = sums[basis];
        share->color = basis_color((uint8_t)basis);
    }
}

static void evidence_table(struct numu_page *page) {
    const struct numu_plan_evidence *evidence = &page->plan->evidence;
    const char *const *bases = numu_page_choices(NUMU_PLAN_TABLE(evidence), "basis");
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_table, false);
    numu_page_head(page, NUMU_WORD_column_basis, false);
    numu_page_head(page, NUMU_WORD_column_amount, true);
    numu_page_head(page, NUMU_WORD_share, true);
    numu_page_end_head(page);
    for (numu_row row = 0; row < evidence->head.count; row++) {
        numu_page_begin_row(page);
        numu_page_cell_text(page, evidence->table[row]);
        numu_page_cell_choice(page, bases, evidence->basis[row]);
        numu_page_cell_money(page, evidence->amount[row]);
        numu_page_cell_percent(page, evidence->amount[row], page->totals.evidence);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

/*
 * Calendar days of the activities on the longest path, by basis: what the date of the finish
 * rests on.
 */
static void evidence_of_finish(struct numu_page *page) {
    const struct numu_plan_activity *activity = &page->plan->activity;
    struct numu_share shares[numu_basis_count];
    int64_t days[numu_basis_count] = {0};
    int64_t total = 0;
    for (numu_row row = 0; row < activity->head.count; row++) {
        if (activity->is_on_longest_path[row] == NUMU_BOOLEAN_TRUE &&
            activity->basis[row] < numu_basis_count) {
            int64_t length = activity->finish[row] - activity->start[row] + 1;
            days[activity->basis[row]] += length;
            total += length;
        }
    }
    if (total > 0) {
        shares_by_basis(page, days, shares);
        numu_svg_shares(&page->out, shares, numu_basis_count);
        numu_page_definition(page, NUMU_WORD_define_path_evidence, NUMU_PLAN_TABLE(activity), NULL);
    }
}

static void write_evidence(struct numu_page *page) {
    if (page->plan->evidence.head.count == 0) {
        return;
    }
    struct numu_share shares[numu_basis_count];
    shares_by_basis(page, page->totals.evidence_by_basis, shares);
    numu_page_begin_section(page, "evidence", NUMU_WORD_section_evidence);
    numu_svg_legend(&page->out, shares, numu_basis_count);
    numu_svg_shares(&page->out, shares, numu_basis_count);
    evidence_table(page);
    numu_page_definition(page, NUMU_WORD_define_evidence, NUMU_PLAN_TABLE(evidence), NULL);
    evidence_of_finish(page);
    numu_page_end_section(page);
}

/* --- what is left out --- */

static void write_not_modelled(struct numu_page *page) {
    const struct numu_plan_not_modelled *left_out = &page->plan->not_modelled;
    if (left_out->head.count == 0) {
        return;
    }
    numu_page_begin_section(page, "not-modelled", NUMU_WORD_section_not_modelled);
    numu_output_raw(&page->out, "<ul>\n");
    for (numu_row row = 0; row < left_out->head.count; row++) {
        numu_output_raw(&page->out, "<li>");
        numu_output_word_of(&page->out, "subject_", left_out->subject[row]);
        if (left_out->rows[row] != NUMU_NO_NUMBER && left_out->rows[row] > 0) {
            numu_output_raw(&page->out, " <span class=\"soft\">(");
            numu_output_count(&page->out, left_out->rows[row], NUMU_WORD_one_row,
                              NUMU_WORD_many_rows);
            numu_output_raw(&page->out, ")</span>");
        }
        numu_output_raw(&page->out, "</li>\n");
    }
    numu_output_raw(&page->out, "</ul>\n");
    numu_page_definition(page, NUMU_WORD_define_not_modelled, NUMU_PLAN_TABLE(not_modelled), NULL);
    numu_page_end_section(page);
}

/* --- how to check --- */

static void stage_table(struct numu_page *page) {
    const struct numu_plan_stage *stage = &page->plan->stage;
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_stage, false);
    numu_page_head(page, NUMU_WORD_column_status, false);
    numu_page_head(page, NUMU_WORD_column_value, true);
    numu_page_head(page, NUMU_WORD_column_dual_bound, true);
    numu_page_head(page, NUMU_WORD_column_primal_residual, true);
    numu_page_head(page, NUMU_WORD_column_iterations, true);
    numu_page_end_head(page);
    for (numu_row row = 0; row < stage->head.count; row++) {
        numu_page_begin_row(page);
        numu_page_begin_cell(page, false);
        numu_output_word_of(&page->out, "stage_", stage->name[row]);
        if (stage->priority[row] != NUMU_NO_NUMBER) {
            numu_output_raw(&page->out, " ");
            numu_output_integer(&page->out, stage->priority[row]);
        }
        numu_page_end_cell(page);
        numu_page_begin_cell(page, false);
        numu_output_word_of(&page->out, "status_", stage->status[row]);
        numu_page_end_cell(page);
        numu_page_begin_cell(page, true);
        numu_output_real(&page->out, stage->value[row], 2);
        numu_page_end_cell(page);
        numu_page_begin_cell(page, true);
        numu_output_real(&page->out, stage->dual_bound[row], 2);
        numu_page_end_cell(page);
        numu_page_begin_cell(page, true);
        numu_output_scientific(&page->out, stage->primal_residual[row]);
        numu_page_end_cell(page);
        numu_page_cell_integer(page, stage->iterations[row]);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

static void meta_entry(struct numu_page *page, const char *key) {
    struct numu_text value = numu_plan_meta_find(page->plan, key);
    if (value.length > 0) {
        numu_output_raw(&page->out, "<li>");
        numu_output_word_of(&page->out, "meta_", numu_text_of(key));
        numu_output_word(&page->out, NUMU_WORD_colon);
        numu_output_raw(&page->out, "<code>");
        numu_output_text(&page->out, value);
        numu_output_raw(&page->out, "</code></li>\n");
    }
}

static void write_check(struct numu_page *page) {
    numu_page_begin_section(page, "check", NUMU_WORD_section_check);
    if (page->plan->stage.head.count > 0) {
        stage_table(page);
    }
    numu_output_raw(&page->out, "<ul class=\"stamp\">\n");
    meta_entry(page, "status");
    meta_entry(page, "solver");
    meta_entry(page, "objective");
    meta_entry(page, "dual_bound");
    meta_entry(page, "primal_residual");
    meta_entry(page, "dual_residual");
    meta_entry(page, "inputs_sha256");
    numu_output_raw(&page->out, "</ul>\n");
    if (page->plan->stage.head.count > 0) {
        numu_page_definition(page, NUMU_WORD_define_check, NUMU_PLAN_TABLE(stage),
                             NUMU_PLAN_TABLE(meta));
        numu_output_raw(&page->out, "<pre>");
        numu_output_word(&page->out, NUMU_WORD_check_commands);
        numu_output_raw(&page->out, "</pre>\n");
    }
    numu_page_end_section(page);
}

void numu_report_trust(struct numu_page *page) {
    write_evidence(page);
    write_not_modelled(page);
    write_check(page);
}
