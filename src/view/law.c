/*
 * law.c - see law.h.
 */
#include "view/law.h"

#include "view/fields.h"
#include "view/grid.h"

static const char *effect_name(const struct numu_model *model, numu_row rule) {
    return numu_names_of_effect[model->rule.effect[rule] - 1];
}

static numu_word effect_word(const struct numu_model *model, numu_row rule) {
    switch ((numu_effect)model->rule.effect[rule]) {
    case numu_effect_prohibit:
        return NUMU_WORD_choice_prohibit;
    case numu_effect_licence:
        return NUMU_WORD_choice_licence_duty;
    default:
        return NUMU_WORD_choice_notify;
    }
}

/* --- for eyes --- */

static void write_profiles(struct numu_output *out, const struct numu_legal_view *law,
                           uint64_t profiles) {
    bool is_first = true;
    for (size_t i = 0; i < law->profiles.count; i++) {
        if ((profiles >> i & 1U) != 0) {
            numu_output_raw(out, is_first ? "" : " ");
            numu_output_text(out, law->profiles.id[i]);
            is_first = false;
        }
    }
}

static void write_line(struct numu_grid *grid, const struct numu_model *model,
                       const struct numu_legal_view *law,
                       const struct numu_legal_finding *finding) {
    const struct numu_transfer *transfer = &law->transfer[finding->transfer];
    numu_output_word(&grid->cell, effect_word(model, finding->rule));
    numu_grid_end_cell(grid);
    numu_output_text(&grid->cell, model->rule.id[finding->rule]);
    numu_grid_end_cell(grid);
    numu_output_printf(&grid->cell, "%s ", transfer->table->name);
    numu_output_text(&grid->cell, transfer->id);
    numu_grid_end_cell(grid);
    numu_output_text(&grid->cell, model->item.id[transfer->item]);
    numu_grid_end_cell(grid);
    numu_output_quantity(&grid->cell, finding->quantity);
    numu_grid_end_cell(grid);
    if (finding->value != NUMU_NO_NUMBER) {
        numu_output_money_short(&grid->cell, finding->value, model->currency);
    }
    numu_grid_end_cell(grid);
    if (finding->activity_count > 0) {
        numu_output_integer(&grid->cell, finding->activity_count);
    }
    numu_grid_end_cell(grid);
    write_profiles(&grid->cell, law, finding->profiles);
    numu_grid_end_cell(grid);
    numu_output_text(&grid->cell, model->rule.citation[finding->rule]);
    numu_grid_end_cell(grid);
}

/* Those that hold under the profile asked for, or those that only others see; their count. */
static size_t write_findings(struct numu_output *out, const struct numu_model *model,
                             const struct numu_legal_view *law, bool holds) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_law_heading_effect},
        {.heading = NUMU_WORD_law_heading_rule},
        {.heading = NUMU_WORD_law_heading_touches},
        {.heading = NUMU_WORD_law_heading_item},
        {.heading = NUMU_WORD_law_heading_quantity, .is_right = true},
        {.heading = NUMU_WORD_law_heading_value, .is_right = true},
        {.heading = NUMU_WORD_law_heading_activities, .is_right = true},
        {.heading = NUMU_WORD_law_heading_profiles},
        {.heading = NUMU_WORD_law_heading_citation, .may_shrink = true}};
    struct numu_grid grid;
    size_t count = 0;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < law->finding_count; i++) {
        if (law->finding[i].holds == holds) {
            write_line(&grid, model, law, &law->finding[i]);
            count++;
        }
    }
    if (count > 0) {
        numu_output_grid(out, &grid, 0, 0);
    }
    numu_grid_release(&grid);
    return count;
}

static void write_table(struct numu_output *out, const struct numu_model *model,
                        const struct numu_legal_view *law) {
    if (law->profile.length > 0) {
        numu_output_fill_two(out, NUMU_WORD_law_as_of, numu_argument_day(law->day),
                             numu_argument_text(law->profile));
    } else {
        numu_output_fill(out, NUMU_WORD_law_as_of_all, numu_argument_day(law->day));
    }
    numu_output_raw(out, "\n\n");
    size_t count = write_findings(out, model, law, true);
    if (count == 0) {
        numu_output_word(out, NUMU_WORD_law_nothing);
        numu_output_raw(out, "\n");
    }
    if (count < law->finding_count) {
        numu_output_raw(out, "\n");
        numu_output_word(out, NUMU_WORD_law_elsewhere);
        numu_output_raw(out, "\n\n");
        (void)write_findings(out, model, law, false);
    }
}

/* --- for machines --- */

static void write_json(struct numu_json_writer *json, const struct numu_model *model,
                       const struct numu_legal_view *law, const struct numu_stamp *stamp) {
    char day[NUMU_DAY_TEXT_BYTES];
    numu_json_begin_object(json);
    numu_json_stamp(json, "numu.law/1", stamp);
    numu_json_key(json, "as_of");
    numu_json_string(json, numu_day_format(law->day, day));
    numu_json_key(json, "profile");
    numu_json_text(json, law->profile);
    numu_json_key(json, "currency");
    numu_json_string(json, numu_currency_code(model->currency));
    numu_json_key(json, "findings");
    numu_json_begin_array(json);
    for (size_t i = 0; i < law->finding_count; i++) {
        const struct numu_legal_finding *finding = &law->finding[i];
        const struct numu_transfer *transfer = &law->transfer[finding->transfer];
        numu_json_begin_object(json);
        numu_json_key(json, "holds");
        numu_json_boolean(json, finding->holds);
        numu_json_key(json, "effect");
        numu_json_string(json, effect_name(model, finding->rule));
        numu_json_key(json, "rule");
        numu_json_text(json, model->rule.id[finding->rule]);
        numu_json_key(json, "regime");
        numu_json_text(json, model->rule.regime[finding->rule]);
        numu_json_key(json, "citation");
        numu_json_text(json, model->rule.citation[finding->rule]);
        numu_json_key(json, "table");
        numu_json_string(json, transfer->table->name);
        numu_json_key(json, "id");
        numu_json_text(json, transfer->id);
        numu_json_key(json, "item");
        numu_json_text(json, model->item.id[transfer->item]);
        numu_json_key(json, "quantity");
        numu_json_number(json, finding->quantity, NUMU_QUANTITY_DECIMALS);
        numu_json_key(json, "value");
        numu_json_number(json, finding->value, numu_currency_decimals(model->currency));
        numu_json_key(json, "activities");
        numu_json_integer(json, finding->activity_count);
        numu_json_key(json, "profiles");
        numu_json_begin_line_array(json);
        for (size_t k = 0; k < law->profiles.count; k++) {
            if ((finding->profiles >> k & 1U) != 0) {
                numu_json_text(json, law->profiles.id[k]);
            }
        }
        numu_json_end_array(json);
        numu_json_end_object(json);
    }
    numu_json_end_array(json);
    numu_json_end_object(json);
}

/* A number, or nothing where there is none. */
static numu_status write_csv_finding(struct numu_fields *fields, const struct numu_model *model,
                                     const struct numu_legal_view *law,
                                     const struct numu_legal_finding *finding) {
    const struct numu_transfer *transfer = &law->transfer[finding->transfer];
    numu_fields_boolean(fields, finding->holds);
    numu_fields_string(fields, effect_name(model, finding->rule));
    numu_fields_text(fields, model->rule.id[finding->rule]);
    numu_fields_string(fields, transfer->table->name);
    numu_fields_text(fields, transfer->id);
    numu_fields_text(fields, model->item.id[transfer->item]);
    numu_fields_number(fields, finding->quantity, NUMU_QUANTITY_DECIMALS);
    numu_fields_number(fields, finding->value, numu_currency_decimals(model->currency));
    numu_fields_integer(fields, finding->activity_count);
    numu_fields_text(fields, model->rule.citation[finding->rule]);
    return numu_fields_end(fields);
}

static numu_status write_csv(struct numu_buffer *buffer, const struct numu_model *model,
                             const struct numu_legal_view *law) {
    struct numu_fields fields;
    NUMU_TRY(numu_buffer_append_string(
        buffer, "holds,effect,rule,table,id,item,quantity,value,activities,citation\n"));
    numu_fields_init(&fields, buffer);
    for (size_t i = 0; i < law->finding_count; i++) {
        NUMU_TRY(write_csv_finding(&fields, model, law, &law->finding[i]));
    }
    return NUMU_OK;
}

numu_status numu_view_law(struct numu_buffer *buffer, const struct numu_model *model,
                          const struct numu_legal_view *law, const struct numu_stamp *stamp,
                          numu_language language, numu_format format) {
    struct numu_output out;
    struct numu_json_writer json;
    switch (format) {
    case NUMU_FORMAT_TABLE:
        numu_output_init(&out, buffer, language, false);
        write_table(&out, model, law);
        return numu_output_finish(&out);
    case NUMU_FORMAT_CSV:
        return write_csv(buffer, model, law);
    case NUMU_FORMAT_JSON:
        numu_json_writer_init(&json, buffer);
        write_json(&json, model, law, stamp);
        NUMU_TRY(json.status);
        return numu_buffer_append_string(buffer, "\n");
    }
    return NUMU_BUG;
}
