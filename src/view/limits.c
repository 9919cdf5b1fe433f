/*
 * limits.c - see limits.h.
 */
#include "view/limits.h"

#include "view/fields.h"
#include "view/grid.h"

#include <math.h>

static const char *state_name(numu_limit_state state) {
    static const char *const names[] = {"found", "end_of_rule", "not_determined", "no_distance"};
    return names[state];
}

static numu_word state_word(numu_limit_state state) {
    static const numu_word words[] = {NUMU_WORD_limits_state_found, NUMU_WORD_limits_state_end,
                                      NUMU_WORD_limits_state_undetermined,
                                      NUMU_WORD_limits_state_no_distance};
    return words[state];
}

/* "1.3+1.4" */
static numu_status write_hazards(struct numu_buffer *buffer, const struct numu_ruleset *set,
                                 uint32_t hazards) {
    bool is_first = true;
    for (size_t i = 0; i < set->hazard_count; i++) {
        if ((hazards >> i & 1U) != 0) {
            NUMU_TRY(numu_buffer_printf(buffer, "%s%s", is_first ? "" : "+", set->hazard[i]));
            is_first = false;
        }
    }
    return NUMU_OK;
}

/* Kilograms down to the gram: a limit is never rounded up. */
static double grams_down(double kg) {
    return floor(kg * 1000) / 1000;
}

static struct numu_text binding_id(const struct numu_model *model,
                                   const struct numu_limit_bound *bound) {
    return bound->exposure != NUMU_NONE ? model->exposure.id[bound->exposure]
           : bound->other != NUMU_NONE  ? model->storehouse.id[bound->other]
                                        : (struct numu_text){NULL, 0};
}

/* --- table --- */

static void write_number_cell(struct numu_grid *grid, double value, int shown) {
    if (value >= 0 && isfinite(value)) {
        numu_output_real(&grid->cell, value, shown);
    }
    numu_grid_end_cell(grid);
}

static void write_state(struct numu_output *out, const struct numu_model *model,
                        const struct numu_storage_limits *limits,
                        const struct numu_limit_line *line) {
    numu_row group = limits->limits.group[line->storehouse];
    if (line->binding != NULL) {
        numu_output_word(out, state_word(line->binding->state));
    }
    if (group != line->storehouse) {
        numu_output_raw(out, ", ");
        numu_output_fill(out, NUMU_WORD_limits_merged,
                         numu_argument_text(model->storehouse.id[group]));
    }
    if (line->granted_kg > line->neq_kg && line->accepted_by.length > 0) {
        numu_output_raw(out, ", ");
        numu_output_word(out, NUMU_WORD_limits_accepted);
        numu_output_word(out, NUMU_WORD_colon);
        numu_output_text(out, line->accepted_by);
    }
}

static void write_line(struct numu_grid *grid, const struct numu_model *model,
                       const struct numu_storage_limits *limits,
                       const struct numu_limit_line *line) {
    numu_output_text(&grid->cell, model->storehouse.id[line->storehouse]);
    numu_grid_end_cell(grid);
    if (grid->cell.status == NUMU_OK) {
        grid->cell.status = write_hazards(grid->cell.buffer, &limits->rules.set, line->hazards);
    }
    numu_grid_end_cell(grid);
    write_number_cell(grid, floor(line->neq_kg), 0);
    if (line->binding != NULL) {
        numu_output_text(&grid->cell, binding_id(model, &line->binding->binding));
    }
    numu_grid_end_cell(grid);
    write_number_cell(grid,
                      line->binding == NULL || line->binding->state == NUMU_LIMIT_NO_DISTANCE
                          ? -1
                          : line->binding->binding.distance_m,
                      0);
    write_number_cell(grid, line->stored_kg, 0);
    write_number_cell(grid, line->binding == NULL ? -1 : floor(line->room_kg), 0);
    write_number_cell(grid, line->granted_kg, 0);
    write_state(&grid->cell, model, limits, line);
    numu_grid_end_cell(grid);
}

static void write_table(struct numu_output *out, const struct numu_model *model,
                        const struct numu_storage_limits *limits) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_limits_heading_storehouse},
        {.heading = NUMU_WORD_limits_heading_load},
        {.heading = NUMU_WORD_limits_heading_limit, .is_right = true},
        {.heading = NUMU_WORD_limits_heading_binds},
        {.heading = NUMU_WORD_limits_heading_distance, .is_right = true},
        {.heading = NUMU_WORD_limits_heading_stored, .is_right = true},
        {.heading = NUMU_WORD_limits_heading_room, .is_right = true},
        {.heading = NUMU_WORD_limits_heading_granted, .is_right = true},
        {.heading = NUMU_WORD_limits_heading_state, .may_shrink = true}};
    struct numu_grid grid;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < limits->line_count; i++) {
        write_line(&grid, model, limits, &limits->line[i]);
    }
    numu_output_grid(out, &grid, 0, 0);
    numu_grid_release(&grid);
    numu_output_raw(out, "\n");
    numu_output_word(out, NUMU_WORD_licence_rules);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_text(out, limits->rules.set.id);
    numu_output_raw(out, ", ");
    numu_output_text(out, limits->rules.set.edition);
    numu_output_raw(out, "\n");
    if (!limits->is_adopted) {
        numu_output_word(out, NUMU_WORD_limits_not_adopted);
        numu_output_raw(out, "\n");
    }
}

/* --- for machines --- */

static void write_json_line(struct numu_json_writer *json, const struct numu_model *model,
                            const struct numu_storage_limits *limits,
                            const struct numu_limit_line *line) {
    const struct numu_ruleset *set = &limits->rules.set;
    const struct numu_limit_bound *bound = line->binding == NULL ? NULL : &line->binding->binding;
    numu_row group = limits->limits.group[line->storehouse];
    numu_json_begin_object(json);
    numu_json_key(json, "storehouse");
    numu_json_text(json, model->storehouse.id[line->storehouse]);
    numu_json_key(json, "divisions");
    numu_json_begin_line_array(json);
    for (size_t i = 0; i < set->hazard_count; i++) {
        if ((line->hazards >> i & 1U) != 0) {
            numu_json_string(json, set->hazard[i]);
        }
    }
    numu_json_end_array(json);
    numu_json_key(json, "neq_kg");
    numu_json_double(json, grams_down(line->neq_kg));
    numu_json_key(json, "state");
    numu_json_string(json, line->binding == NULL ? "together" : state_name(line->binding->state));
    numu_json_key(json, "binding");
    numu_json_text(json, bound == NULL ? (struct numu_text){NULL, 0} : binding_id(model, bound));
    numu_json_key(json, "distance_m");
    numu_json_double(json, bound == NULL || bound->answer.rule == NULL ? NAN : bound->distance_m);
    numu_json_key(json, "clause");
    if (bound == NULL || bound->answer.rule == NULL) {
        numu_json_null(json);
    } else {
        numu_json_text(json, bound->answer.rule->citation);
    }
    numu_json_key(json, "merged_with");
    if (group == line->storehouse) {
        numu_json_null(json);
    } else {
        numu_json_text(json, model->storehouse.id[group]);
    }
    numu_json_key(json, "stored_kg");
    numu_json_double(json, line->stored_kg);
    numu_json_key(json, "room_kg");
    numu_json_double(json, line->binding == NULL ? NAN : grams_down(line->room_kg));
    numu_json_key(json, "granted_kg");
    numu_json_double(json, line->granted_kg < 0 ? NAN : line->granted_kg);
    numu_json_key(json, "risk_accepted_by");
    numu_json_text(json, line->accepted_by);
    numu_json_end_object(json);
}

static void write_json(struct numu_json_writer *json, const struct numu_model *model,
                       const struct numu_storage_limits *limits, const struct numu_stamp *stamp) {
    numu_json_begin_object(json);
    numu_json_stamp(json, "numu.storage-limits/1", stamp);
    numu_json_key(json, "rules");
    numu_json_text(json, limits->rules.set.id);
    numu_json_key(json, "adopted");
    numu_json_boolean(json, limits->is_adopted);
    numu_json_key(json, "limits");
    numu_json_begin_array(json);
    for (size_t i = 0; i < limits->line_count; i++) {
        write_json_line(json, model, limits, &limits->line[i]);
    }
    numu_json_end_array(json);
    numu_json_end_object(json);
}

static numu_status write_csv_line(struct numu_fields *fields, const struct numu_model *model,
                                  const struct numu_storage_limits *limits,
                                  const struct numu_limit_line *line) {
    static const struct numu_limit_bound nothing = {
        .exposure = NUMU_NONE, .other = NUMU_NONE, .distance_m = NAN};
    const struct numu_storehouse_limit *limit = line->binding;
    bool has_bound = limit != NULL && limit->state != NUMU_LIMIT_NO_DISTANCE;
    const struct numu_limit_bound *bound = has_bound ? &limit->binding : &nothing;
    struct numu_buffer hazards;
    numu_buffer_init(&hazards, fields->buffer->heap, 0);
    numu_status status = write_hazards(&hazards, &limits->rules.set, line->hazards);
    numu_fields_text(fields, model->storehouse.id[line->storehouse]);
    numu_fields_text(fields, (struct numu_text){hazards.data, hazards.length});
    numu_buffer_release(&hazards);
    NUMU_TRY(status);
    numu_fields_real(fields, grams_down(line->neq_kg), 3);
    numu_fields_string(fields, limit == NULL ? "together" : state_name(limit->state));
    numu_fields_text(fields, binding_id(model, bound));
    numu_fields_real(fields, bound->distance_m, 3);
    numu_fields_real(fields, line->stored_kg, 3);
    numu_fields_real(fields, limit == NULL ? NAN : grams_down(line->room_kg), 3);
    return numu_fields_end(fields);
}

static numu_status write_csv(struct numu_buffer *buffer, const struct numu_model *model,
                             const struct numu_storage_limits *limits) {
    struct numu_fields fields;
    NUMU_TRY(numu_buffer_append_string(
        buffer, "storehouse,divisions,neq_kg,state,binding,distance_m,stored_kg,room_kg\n"));
    numu_fields_init(&fields, buffer);
    for (size_t i = 0; i < limits->line_count; i++) {
        NUMU_TRY(write_csv_line(&fields, model, limits, &limits->line[i]));
    }
    return NUMU_OK;
}

numu_status numu_view_limits(struct numu_buffer *buffer, const struct numu_model *model,
                             const struct numu_storage_limits *limits,
                             const struct numu_stamp *stamp, numu_language language,
                             numu_format format) {
    struct numu_output out;
    struct numu_json_writer json;
    switch (format) {
    case NUMU_FORMAT_TABLE:
        numu_output_init(&out, buffer, language, false);
        write_table(&out, model, limits);
        return numu_output_finish(&out);
    case NUMU_FORMAT_CSV:
        return write_csv(buffer, model, limits);
    case NUMU_FORMAT_JSON:
        numu_json_writer_init(&json, buffer);
        write_json(&json, model, limits, stamp);
        NUMU_TRY(json.status);
        return numu_buffer_append_string(buffer, "\n");
    }
    return NUMU_BUG;
}
