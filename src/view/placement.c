/*
 * placement.c - see placement.h.
 */
#include "view/placement.h"

#include "view/fields.h"
#include "view/grid.h"

#include <math.h>

static const char *obstacle_name(numu_placement_obstacle obstacle) {
    static const char *const names[] = {"placed",   "no_neq", "no_storehouse", "class",
                                        "too_much", "apart",  "no_room",       "no_space"};
    return names[obstacle];
}

static numu_word obstacle_word(numu_placement_obstacle obstacle) {
    static const numu_word words[] = {
        NUMU_WORD_placement_placed,        NUMU_WORD_placement_no_neq,
        NUMU_WORD_placement_no_storehouse, NUMU_WORD_placement_class,
        NUMU_WORD_placement_too_much,      NUMU_WORD_placement_apart,
        NUMU_WORD_placement_no_room,       NUMU_WORD_placement_no_space};
    return words[obstacle];
}

/* Meters up to the millimetre: a distance is never rounded down. */
static double millimetres_up(double m) {
    return ceil(m * 1000) / 1000;
}

static struct numu_text id_of(const struct numu_model *model, numu_row storehouse) {
    return storehouse == NUMU_NONE ? (struct numu_text){NULL, 0} : model->storehouse.id[storehouse];
}

static const struct numu_missing_storehouse *
missing_of(const struct numu_storage_placement *placement, size_t lot) {
    size_t missing = placement->placement.missing[lot];
    return missing == SIZE_MAX ? NULL : &placement->placement.store[missing];
}

/* --- table --- */

static void write_goods(struct numu_output *out, const struct numu_storage_placement *placement,
                        const struct numu_missing_storehouse *store) {
    const struct numu_ruleset *set = placement->limits.limits.set;
    const char *join = "";
    for (size_t i = 0; i < set->hazard_count; i++) {
        if ((store->hazards >> i & 1U) != 0) {
            numu_output_printf(out, "%s%s", join, set->hazard[i]);
            join = "+";
        }
    }
}

static void write_groups(struct numu_output *out, const struct numu_missing_storehouse *store) {
    const char *join = "";
    for (size_t i = 0; i < NUMU_GROUPS; i++) {
        if ((store->groups >> i & 1U) != 0) {
            numu_output_printf(out, "%s%c", join, numu_group_letters[i]);
            join = " ";
        }
    }
}

static void write_lot(struct numu_grid *grid, const struct numu_model *model,
                      const struct numu_storage_placement *placement, size_t index) {
    const struct numu_placement_lot *lot = &placement->problem.lot[index];
    numu_row to = placement->placement.storehouse[index];
    numu_output_text(&grid->cell, model->item.id[model->stock.item[lot->stock]]);
    numu_output_raw(&grid->cell, " ");
    numu_output_text(&grid->cell, model->stock.lot[lot->stock]);
    numu_grid_end_cell(grid);
    numu_output_text(&grid->cell, model->site.id[lot->site]);
    numu_grid_end_cell(grid);
    numu_output_text(&grid->cell, id_of(model, model->stock.storehouse[lot->stock]));
    numu_grid_end_cell(grid);
    if (!isnan(lot->neq_kg)) {
        numu_output_real(&grid->cell, lot->neq_kg, 0);
    }
    numu_grid_end_cell(grid);
    numu_output_real(&grid->cell, lot->volume_m3, 1);
    numu_grid_end_cell(grid);
    if (to != NUMU_NONE) {
        numu_output_text(&grid->cell, model->storehouse.id[to]);
    } else if (missing_of(placement, index) != NULL) {
        numu_output_fill(&grid->cell, NUMU_WORD_placement_new,
                         numu_argument_integer((int64_t)placement->placement.missing[index] + 1));
    }
    numu_grid_end_cell(grid);
    numu_output_word(&grid->cell, obstacle_word(placement->placement.obstacle[index]));
    numu_grid_end_cell(grid);
}

static void write_lots(struct numu_output *out, const struct numu_model *model,
                       const struct numu_storage_placement *placement) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_placement_heading_item},
        {.heading = NUMU_WORD_placement_heading_site},
        {.heading = NUMU_WORD_placement_heading_from},
        {.heading = NUMU_WORD_placement_heading_neq, .is_right = true},
        {.heading = NUMU_WORD_placement_heading_volume, .is_right = true},
        {.heading = NUMU_WORD_placement_heading_to},
        {.heading = NUMU_WORD_placement_heading_why, .may_shrink = true}};
    struct numu_grid grid;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < placement->problem.lot_count; i++) {
        write_lot(&grid, model, placement, i);
    }
    numu_output_grid(out, &grid, 0, 0);
    numu_grid_release(&grid);
}

static void write_distance(struct numu_grid *grid, const struct numu_model *model,
                           const struct numu_storage_placement *placement, size_t store,
                           const struct numu_required_distance *distance) {
    const struct numu_missing_storehouse *missing = &placement->placement.store[store];
    numu_output_integer(&grid->cell, (int64_t)store + 1);
    numu_grid_end_cell(grid);
    numu_output_text(&grid->cell, model->site.id[missing->site]);
    numu_grid_end_cell(grid);
    write_goods(&grid->cell, placement, missing);
    numu_grid_end_cell(grid);
    write_groups(&grid->cell, missing);
    numu_grid_end_cell(grid);
    numu_output_real(&grid->cell, missing->neq_kg, 0);
    numu_grid_end_cell(grid);
    numu_output_string(&grid->cell, placement->limits.limits.set->kind[distance->kind]);
    numu_grid_end_cell(grid);
    if (!isnan(distance->distance_m)) {
        numu_output_real(&grid->cell, ceil(distance->distance_m), 0);
    }
    numu_grid_end_cell(grid);
    if (isnan(distance->distance_m)) {
        numu_output_word(&grid->cell, distance->is_outside ? NUMU_WORD_placement_outside
                                                           : NUMU_WORD_placement_undetermined);
    }
    if (distance->binding != NULL) {
        numu_output_raw(&grid->cell, isnan(distance->distance_m) ? ", " : "");
        numu_output_text(&grid->cell, distance->binding->citation);
    }
    numu_grid_end_cell(grid);
}

static void write_missing(struct numu_output *out, const struct numu_model *model,
                          const struct numu_storage_placement *placement) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_placement_heading_missing},
        {.heading = NUMU_WORD_placement_heading_site},
        {.heading = NUMU_WORD_placement_heading_load},
        {.heading = NUMU_WORD_placement_heading_groups},
        {.heading = NUMU_WORD_placement_heading_neq, .is_right = true},
        {.heading = NUMU_WORD_placement_heading_kind},
        {.heading = NUMU_WORD_placement_heading_distance, .is_right = true},
        {.heading = NUMU_WORD_placement_heading_state, .may_shrink = true}};
    struct numu_grid grid;
    numu_output_raw(out, "\n");
    numu_output_word(out, NUMU_WORD_placement_missing_title);
    numu_output_raw(out, "\n\n");
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < placement->placement.store_count; i++) {
        const struct numu_missing_storehouse *store = &placement->placement.store[i];
        for (size_t k = 0; k < store->distance_count; k++) {
            write_distance(&grid, model, placement, i, &store->distance[k]);
        }
    }
    numu_output_grid(out, &grid, 0, 0);
    numu_grid_release(&grid);
}

/* What the answer rests on. */
static void write_rules(struct numu_output *out, const struct numu_storage_placement *placement) {
    const struct numu_ruleset *set = &placement->limits.rules.set;
    const struct numu_ruleset *matrix = &placement->matrix.set;
    numu_output_raw(out, "\n");
    numu_output_word(out, NUMU_WORD_licence_rules);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_text(out, set->id);
    numu_output_raw(out, "; ");
    numu_output_word(out, NUMU_WORD_placement_matrix);
    numu_output_word(out, NUMU_WORD_colon);
    if (matrix->matrix.is_present) {
        numu_output_text(out, matrix->id);
    } else {
        numu_output_word(out, NUMU_WORD_placement_no_matrix);
    }
    numu_output_raw(out, "\n");
    if (placement->is_matrix_found) {
        numu_output_fill_two(out, NUMU_WORD_placement_matrix_found, numu_argument_text(set->id),
                             numu_argument_text(matrix->id));
        numu_output_raw(out, "\n");
    } else if (!matrix->matrix.is_present && placement->offered.length > 0) {
        numu_output_fill(out, NUMU_WORD_placement_matrix_offered,
                         numu_argument_text(placement->offered));
        numu_output_raw(out, "\n");
    }
    if (matrix->matrix.is_present && matrix->is_transport) {
        numu_output_word(out, NUMU_WORD_mix_transport);
        numu_output_raw(out, "\n");
    }
    if (!placement->is_adopted) {
        numu_output_word(out, NUMU_WORD_limits_not_adopted);
        numu_output_raw(out, "\n");
    }
}

static void write_table(struct numu_output *out, const struct numu_model *model,
                        const struct numu_storage_placement *placement) {
    int64_t count = (int64_t)placement->problem.lot_count;
    int64_t placed = (int64_t)placement->placement.placed_count;
    if (count == 0) {
        numu_output_word(out, NUMU_WORD_placement_none);
        numu_output_raw(out, "\n");
        return;
    }
    write_lots(out, model, placement);
    numu_output_raw(out, "\n");
    if (placed == count) {
        numu_output_fill(out, NUMU_WORD_placement_all, numu_argument_integer(count));
    } else {
        numu_output_fill_two(out, NUMU_WORD_placement_some, numu_argument_integer(placed),
                             numu_argument_integer(count));
    }
    numu_output_raw(out, " ");
    numu_output_word(out, NUMU_WORD_placement_verified);
    numu_output_raw(out, "\n");
    if (placement->placement.store_count > 0) {
        write_missing(out, model, placement);
    }
    write_rules(out, placement);
}

/* --- for machines --- */

static void write_json_lot(struct numu_json_writer *json, const struct numu_model *model,
                           const struct numu_storage_placement *placement, size_t index) {
    const struct numu_placement_lot *lot = &placement->problem.lot[index];
    numu_json_begin_object(json);
    numu_json_key(json, "item");
    numu_json_text(json, model->item.id[model->stock.item[lot->stock]]);
    numu_json_key(json, "lot");
    numu_json_text(json, model->stock.lot[lot->stock]);
    numu_json_key(json, "site");
    numu_json_text(json, model->site.id[lot->site]);
    numu_json_key(json, "from");
    numu_json_text(json, id_of(model, model->stock.storehouse[lot->stock]));
    numu_json_key(json, "neq_kg");
    numu_json_double(json, lot->neq_kg);
    numu_json_key(json, "volume_m3");
    numu_json_double(json, lot->volume_m3);
    numu_json_key(json, "to");
    numu_json_text(json, id_of(model, placement->placement.storehouse[index]));
    numu_json_key(json, "state");
    numu_json_string(json, obstacle_name(placement->placement.obstacle[index]));
    numu_json_key(json, "missing");
    if (missing_of(placement, index) == NULL) {
        numu_json_null(json);
    } else {
        numu_json_integer(json, (int64_t)placement->placement.missing[index] + 1);
    }
    numu_json_end_object(json);
}

static void write_json_missing(struct numu_json_writer *json, const struct numu_model *model,
                               const struct numu_storage_placement *placement, size_t index) {
    const struct numu_missing_storehouse *store = &placement->placement.store[index];
    const struct numu_ruleset *set = placement->limits.limits.set;
    numu_json_begin_object(json);
    numu_json_key(json, "missing");
    numu_json_integer(json, (int64_t)index + 1);
    numu_json_key(json, "site");
    numu_json_text(json, model->site.id[store->site]);
    numu_json_key(json, "divisions");
    numu_json_begin_line_array(json);
    for (size_t i = 0; i < set->hazard_count; i++) {
        if ((store->hazards >> i & 1U) != 0) {
            numu_json_string(json, set->hazard[i]);
        }
    }
    numu_json_end_array(json);
    numu_json_key(json, "groups");
    numu_json_begin_line_array(json);
    for (size_t i = 0; i < NUMU_GROUPS; i++) {
        if ((store->groups >> i & 1U) != 0) {
            numu_json_text(json, (struct numu_text){&numu_group_letters[i], 1});
        }
    }
    numu_json_end_array(json);
    numu_json_key(json, "neq_kg");
    numu_json_double(json, store->neq_kg);
    numu_json_key(json, "volume_m3");
    numu_json_double(json, store->volume_m3);
    numu_json_key(json, "distances");
    numu_json_begin_array(json);
    for (size_t i = 0; i < store->distance_count; i++) {
        const struct numu_required_distance *distance = &store->distance[i];
        numu_json_begin_object(json);
        numu_json_key(json, "to");
        numu_json_string(json, set->kind[distance->kind]);
        numu_json_key(json, "distance_m");
        numu_json_double(json, millimetres_up(distance->distance_m));
        numu_json_key(json, "outside_rule");
        numu_json_boolean(json, distance->is_outside);
        numu_json_key(json, "clause");
        if (distance->binding == NULL) {
            numu_json_null(json);
        } else {
            numu_json_text(json, distance->binding->citation);
        }
        numu_json_end_object(json);
    }
    numu_json_end_array(json);
    numu_json_end_object(json);
}

static void write_json(struct numu_json_writer *json, const struct numu_model *model,
                       const struct numu_storage_placement *placement,
                       const struct numu_stamp *stamp) {
    numu_json_begin_object(json);
    numu_json_stamp(json, "numu.storage-placement/1", stamp);
    numu_json_key(json, "rules");
    numu_json_text(json, placement->limits.rules.set.id);
    numu_json_key(json, "matrix");
    if (placement->matrix.set.matrix.is_present) {
        numu_json_text(json, placement->matrix.set.id);
    } else {
        numu_json_null(json);
    }
    numu_json_key(json, "adopted");
    numu_json_boolean(json, placement->is_adopted);
    numu_json_key(json, "stock");
    numu_json_begin_array(json);
    for (size_t i = 0; i < placement->problem.lot_count; i++) {
        write_json_lot(json, model, placement, i);
    }
    numu_json_end_array(json);
    numu_json_key(json, "missing");
    numu_json_begin_array(json);
    for (size_t i = 0; i < placement->placement.store_count; i++) {
        write_json_missing(json, model, placement, i);
    }
    numu_json_end_array(json);
    numu_json_end_object(json);
}

static numu_status write_csv_lot(struct numu_fields *fields, const struct numu_model *model,
                                 const struct numu_storage_placement *placement, size_t index) {
    const struct numu_placement_lot *lot = &placement->problem.lot[index];
    size_t missing = placement->placement.missing[index];
    numu_fields_text(fields, model->item.id[model->stock.item[lot->stock]]);
    numu_fields_text(fields, model->stock.lot[lot->stock]);
    numu_fields_text(fields, model->site.id[lot->site]);
    numu_fields_text(fields, id_of(model, model->stock.storehouse[lot->stock]));
    numu_fields_real(fields, lot->neq_kg, 3);
    numu_fields_real(fields, lot->volume_m3, 3);
    numu_fields_text(fields, id_of(model, placement->placement.storehouse[index]));
    numu_fields_string(fields, obstacle_name(placement->placement.obstacle[index]));
    numu_fields_number(fields, missing == SIZE_MAX ? NUMU_NO_NUMBER : (int64_t)missing + 1, 0);
    return numu_fields_end(fields);
}

static numu_status write_csv(struct numu_buffer *buffer, const struct numu_model *model,
                             const struct numu_storage_placement *placement) {
    struct numu_fields fields;
    NUMU_TRY(numu_buffer_append_string(buffer,
                                       "item,lot,site,from,neq_kg,volume_m3,to,state,missing\n"));
    numu_fields_init(&fields, buffer);
    for (size_t i = 0; i < placement->problem.lot_count; i++) {
        NUMU_TRY(write_csv_lot(&fields, model, placement, i));
    }
    return NUMU_OK;
}

numu_status numu_view_placement(struct numu_buffer *buffer, const struct numu_model *model,
                                const struct numu_storage_placement *placement,
                                const struct numu_stamp *stamp, numu_language language,
                                numu_format format) {
    struct numu_output out;
    struct numu_json_writer json;
    switch (format) {
    case NUMU_FORMAT_TABLE:
        numu_output_init(&out, buffer, language, false);
        write_table(&out, model, placement);
        return numu_output_finish(&out);
    case NUMU_FORMAT_CSV:
        return write_csv(buffer, model, placement);
    case NUMU_FORMAT_JSON:
        numu_json_writer_init(&json, buffer);
        write_json(&json, model, placement, stamp);
        NUMU_TRY(json.status);
        return numu_buffer_append_string(buffer, "\n");
    }
    return NUMU_BUG;
}
