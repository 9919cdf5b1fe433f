/*
 * storage.c - see storage.h.
 */
#include "view/storage.h"

#include "view/fields.h"
#include "view/grid.h"

#include <string.h>

static const char newline[] = "\n";

/* --- pieces --- */

static void write_label(struct numu_output *out, numu_word word) {
    numu_output_raw(out, "  ");
    numu_output_word(out, word);
    numu_output_word(out, NUMU_WORD_colon);
}

static void write_text_line(struct numu_output *out, numu_word word, struct numu_text text) {
    write_label(out, word);
    numu_output_text(out, text);
    numu_output_raw(out, newline);
}

static void write_mass(struct numu_output *out, double mass, numu_mass_unit unit) {
    numu_output_real(out, mass, mass < 100 ? 3 : 0);
    numu_output_printf(out, " %s", numu_mass_unit_name(unit));
    if (unit != NUMU_MASS_KG) {
        double kg = numu_mass_to_kg(mass, unit);
        numu_output_raw(out, " (");
        numu_output_real(out, kg, kg < 100 ? 3 : 0);
        numu_output_raw(out, " kg)");
    }
}

static void write_distance(struct numu_output *out, double distance, numu_length_unit unit) {
    numu_output_real(out, distance, 1);
    numu_output_printf(out, " %s", numu_length_unit_name(unit));
    if (unit != NUMU_LENGTH_M) {
        numu_output_raw(out, " (");
        numu_output_real(out, numu_length_to_m(distance, unit), 1);
        numu_output_raw(out, " m)");
    }
}

static struct numu_stamp stamp_of(const struct numu_ruleset *set,
                                  const struct numu_storage_options *options,
                                  char hex[NUMU_SHA256_HEX_BYTES]) {
    return (struct numu_stamp){.version = options->version,
                               .inputs_sha256 = numu_text_of(numu_sha256_hex(&set->digest, hex)),
                               .data_date = NUMU_NO_DAY};
}

static bool row_is_adopted(const struct numu_rules *rules, numu_row row) {
    return row == NUMU_NONE || numu_adoption_find(&rules->adoptions, row) != NULL;
}

bool numu_answer_is_adopted(const struct numu_rules *rules,
                            const struct numu_distance_answer *answer) {
    return answer->rule != NULL && row_is_adopted(rules, answer->rule->row) &&
           row_is_adopted(rules, answer->substitute_hazard) &&
           row_is_adopted(rules, answer->substitute_kind);
}

numu_status numu_clause_write(const struct numu_ruleset *set,
                              const struct numu_distance_answer *answer,
                              struct numu_buffer *buffer) {
    const numu_row substitutes[2] = {answer->substitute_hazard, answer->substitute_kind};
    struct numu_text citation = answer->rule->citation;
    NUMU_TRY(numu_buffer_append(buffer, citation.data, citation.length));
    for (size_t i = 0; i < 2; i++) {
        if (substitutes[i] != NUMU_NONE) {
            citation = set->row[substitutes[i]].citation;
            NUMU_TRY(numu_buffer_append_string(buffer, "; "));
            NUMU_TRY(numu_buffer_append(buffer, citation.data, citation.length));
        }
    }
    return NUMU_OK;
}

/* --- distance --- */

/* Who signed for the rule, or in large letters that nobody did. */
static void write_adopted(struct numu_output *out, const struct numu_rules *rules,
                          const struct numu_distance_answer *answer) {
    if (!numu_answer_is_adopted(rules, answer)) {
        numu_output_raw(out, "  ");
        numu_output_word(out, NUMU_WORD_storage_not_adopted);
        numu_output_raw(out, newline);
        return;
    }
    const struct numu_adoption *adoption = numu_adoption_find(&rules->adoptions, answer->rule->row);
    write_text_line(out, NUMU_WORD_storage_adopted_by, numu_text_of(adoption->key.name));
}

static void write_substitute(struct numu_output *out, const struct numu_ruleset *set,
                             numu_row row) {
    if (row != NUMU_NONE) {
        write_text_line(out, NUMU_WORD_storage_substitute, set->row[row].citation);
    }
}

static void write_distance_answer(struct numu_output *out,
                                  const struct numu_distance_result *result) {
    const struct numu_ruleset *set = &result->rules.set;
    numu_output_string(out, set->hazard[result->hazard]);
    numu_output_raw(out, " → ");
    numu_output_string(out, set->kind[result->kind]);
    numu_output_raw(out, ", ");
    numu_output_word(out, result->is_barricaded ? NUMU_WORD_storage_with_barricade
                                                : NUMU_WORD_storage_without_barricade);
    numu_output_word(out, NUMU_WORD_colon);
    if (result->is_inverse && result->quantity <= 0) {
        numu_output_word(out, NUMU_WORD_storage_nothing);
        numu_output_raw(out, newline);
        return;
    }
    if (!result->is_inverse) {
        write_mass(out, result->quantity, set->mass);
        numu_output_word(out, NUMU_WORD_colon);
        numu_output_word(out, NUMU_WORD_storage_at_least);
        numu_output_raw(out, " ");
        write_distance(out, result->distance, set->length);
    } else {
        write_distance(out, result->distance, set->length);
        numu_output_word(out, NUMU_WORD_colon);
        numu_output_word(out, NUMU_WORD_storage_at_most);
        numu_output_raw(out, " ");
        write_mass(out, result->quantity, set->mass);
    }
    numu_output_raw(out, newline);
}

static void write_distance_text(struct numu_output *out,
                                const struct numu_distance_result *result) {
    const struct numu_ruleset *set = &result->rules.set;
    write_distance_answer(out, result);
    if (!result->is_inverse && result->as_written < result->distance) {
        write_label(out, NUMU_WORD_storage_as_written);
        write_distance(out, result->as_written, set->length);
        numu_output_raw(out, newline);
    }
    if (result->is_at_end) {
        numu_output_raw(out, "  ");
        numu_output_word(out, NUMU_WORD_storage_at_end);
        numu_output_raw(out, newline);
    }
    if (result->barricade_in > 0) {
        int64_t inches;
        write_label(out, NUMU_WORD_storage_barricade);
        if (numu_number_from_double(result->barricade_in, 0, &inches) == NUMU_OK) {
            numu_output_fill(out, NUMU_WORD_storage_inches, numu_argument_integer(inches));
        }
        numu_output_raw(out, newline);
    }
    write_text_line(out, NUMU_WORD_storage_clause, result->answer.rule->citation);
    write_substitute(out, set, result->answer.substitute_hazard);
    write_substitute(out, set, result->answer.substitute_kind);
    write_label(out, NUMU_WORD_storage_rules);
    numu_output_text(out, set->id);
    numu_output_raw(out, ", ");
    numu_output_text(out, set->edition);
    numu_output_raw(out, newline);
    write_adopted(out, &result->rules, &result->answer);
}

static numu_status write_distance_json(struct numu_buffer *buffer,
                                       const struct numu_distance_result *result,
                                       struct numu_text clause,
                                       const struct numu_storage_options *options) {
    const struct numu_ruleset *set = &result->rules.set;
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_stamp stamp = stamp_of(set, options, hex);
    struct numu_json_writer json;
    numu_json_writer_init(&json, buffer);
    numu_json_begin_object(&json);
    numu_json_stamp(&json, "numu.distance/1", &stamp);
    numu_json_key(&json, "rules");
    numu_json_text(&json, set->id);
    numu_json_key(&json, "hazard_division");
    numu_json_string(&json, set->hazard[result->hazard]);
    numu_json_key(&json, "to");
    numu_json_string(&json, set->kind[result->kind]);
    numu_json_key(&json, "barricaded");
    numu_json_boolean(&json, result->is_barricaded);
    numu_json_key(&json, "quantity");
    numu_json_double(&json, result->quantity);
    numu_json_key(&json, "mass_unit");
    numu_json_string(&json, numu_mass_unit_name(set->mass));
    numu_json_key(&json, "neq_kg");
    numu_json_double(&json, numu_mass_to_kg(result->quantity, set->mass));
    numu_json_key(&json, "distance");
    numu_json_double(&json, result->distance);
    numu_json_key(&json, "unit");
    numu_json_string(&json, numu_length_unit_name(set->length));
    numu_json_key(&json, "distance_m");
    numu_json_double(&json, numu_length_to_m(result->distance, set->length));
    numu_json_key(&json, "as_written");
    numu_json_double(&json, result->as_written);
    numu_json_key(&json, "clause");
    numu_json_text(&json, clause);
    numu_json_key(&json, "substitute");
    numu_json_boolean(&json, result->answer.substitute_hazard != NUMU_NONE ||
                                 result->answer.substitute_kind != NUMU_NONE);
    if (result->barricade_in > 0) {
        numu_json_key(&json, "barricade_in");
        numu_json_double(&json, result->barricade_in);
    }
    numu_json_key(&json, "adopted");
    numu_json_boolean(&json, numu_answer_is_adopted(&result->rules, &result->answer));
    numu_json_end_object(&json);
    NUMU_TRY(json.status);
    return numu_buffer_append_string(buffer, newline);
}

static numu_status write_distance_csv(struct numu_buffer *buffer,
                                      const struct numu_distance_result *result,
                                      struct numu_text clause) {
    const struct numu_ruleset *set = &result->rules.set;
    struct numu_fields fields;
    NUMU_TRY(numu_buffer_append_string(
        buffer, "rules,hazard_division,to,barricaded,quantity,mass_unit,neq_kg,distance,unit,"
                "distance_m,clause,adopted\n"));
    numu_fields_init(&fields, buffer);
    numu_fields_text(&fields, set->id);
    numu_fields_string(&fields, set->hazard[result->hazard]);
    numu_fields_string(&fields, set->kind[result->kind]);
    numu_fields_boolean(&fields, result->is_barricaded);
    numu_fields_double(&fields, result->quantity);
    numu_fields_string(&fields, numu_mass_unit_name(set->mass));
    numu_fields_double(&fields, numu_mass_to_kg(result->quantity, set->mass));
    numu_fields_double(&fields, result->distance);
    numu_fields_string(&fields, numu_length_unit_name(set->length));
    numu_fields_double(&fields, numu_length_to_m(result->distance, set->length));
    numu_fields_text(&fields, clause);
    numu_fields_boolean(&fields, numu_answer_is_adopted(&result->rules, &result->answer));
    return numu_fields_end(&fields);
}

numu_status numu_view_distance(struct numu_buffer *buffer,
                               const struct numu_distance_result *result,
                               const struct numu_storage_options *options) {
    struct numu_output out;
    struct numu_buffer clause;
    if (options->format == NUMU_FORMAT_TABLE) {
        numu_output_init(&out, buffer, options->language, false);
        write_distance_text(&out, result);
        return numu_output_finish(&out);
    }
    numu_buffer_init(&clause, buffer->heap, 0);
    numu_status status = numu_clause_write(&result->rules.set, &result->answer, &clause);
    struct numu_text text = {clause.data, clause.length};
    if (status == NUMU_OK) {
        status = options->format == NUMU_FORMAT_JSON
                     ? write_distance_json(buffer, result, text, options)
                     : write_distance_csv(buffer, result, text);
    }
    numu_buffer_release(&clause);
    return status;
}

/* --- mixing --- */

static numu_word verdict_word(numu_mix_verdict verdict) {
    return verdict == NUMU_MIX_TOGETHER ? NUMU_WORD_mix_together
           : verdict == NUMU_MIX_APART  ? NUMU_WORD_mix_apart
                                        : NUMU_WORD_mix_not_determined;
}

static const char *verdict_name(numu_mix_verdict verdict) {
    static const char *const names[] = {"together", "apart", "not_determined"};
    return names[verdict];
}

static const char *reason_name(numu_mix_reason reason) {
    static const char *const names[] = {"matrix",   "note",        "needs_form",
                                        "not_read", "contradicts", "no_matrix"};
    return names[reason];
}

static void write_reason(struct numu_output *out, numu_mix_reason reason) {
    static const numu_word words[] = {NUMU_WORD_COUNT,           NUMU_WORD_COUNT,
                                      NUMU_WORD_mix_needs_form,  NUMU_WORD_mix_not_read,
                                      NUMU_WORD_mix_contradicts, NUMU_WORD_mix_no_matrix};
    if (words[reason] != NUMU_WORD_COUNT) {
        numu_output_raw(out, "  ");
        numu_output_word(out, words[reason]);
        numu_output_raw(out, newline);
    }
}

static void write_mixture_text(struct numu_output *out, const struct numu_mixture *mixture) {
    const struct numu_ruleset *set = &mixture->rules.set;
    const struct numu_mix_result *result = &mixture->result;
    for (size_t i = 0; i < mixture->count; i++) {
        numu_output_raw(out, i == 0 ? "" : " + ");
        numu_output_string(out, mixture->goods[i]);
    }
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_word(out, verdict_word(result->verdict));
    numu_output_raw(out, newline);
    if (result->a != SIZE_MAX) {
        numu_output_raw(out, "  ");
        numu_output_fill_two(out, NUMU_WORD_mix_pair,
                             numu_argument_string(mixture->goods[result->a]),
                             numu_argument_string(mixture->goods[result->b]));
        numu_output_raw(out, newline);
    }
    write_reason(out, result->reason);
    if (result->verdict == NUMU_MIX_TOGETHER && result->group_as != NUMU_NO_GROUP) {
        numu_output_raw(out, "  ");
        numu_output_fill(
            out, NUMU_WORD_mix_counts_as_group,
            numu_argument_text((struct numu_text){&numu_group_letters[result->group_as], 1}));
        numu_output_raw(out, newline);
    }
    if (result->verdict == NUMU_MIX_TOGETHER && result->hazard_as != NUMU_NO_HAZARD) {
        numu_output_raw(out, "  ");
        numu_output_fill(out, NUMU_WORD_mix_counts_as_division,
                         numu_argument_string(set->hazard[result->hazard_as]));
        numu_output_raw(out, newline);
    }
    for (size_t i = 0; i < set->matrix.note_count; i++) {
        if ((result->notes_used >> i & 1U) != 0) {
            write_text_line(out, NUMU_WORD_mix_note, set->matrix.note[i].citation);
        }
    }
    if (set->matrix.is_present) {
        write_text_line(out, NUMU_WORD_storage_clause, set->matrix.citation);
    }
    if (set->is_transport) {
        numu_output_raw(out, "  ");
        numu_output_word(out, NUMU_WORD_mix_transport);
        numu_output_raw(out, newline);
    }
    if (set->matrix.is_present && !row_is_adopted(&mixture->rules, set->matrix.row)) {
        numu_output_raw(out, "  ");
        numu_output_word(out, NUMU_WORD_storage_not_adopted);
        numu_output_raw(out, newline);
    }
}

static void write_mixture_json(struct numu_json_writer *json, const struct numu_mixture *mixture,
                               const struct numu_storage_options *options) {
    const struct numu_ruleset *set = &mixture->rules.set;
    const struct numu_mix_result *result = &mixture->result;
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_stamp stamp = stamp_of(set, options, hex);
    numu_json_begin_object(json);
    numu_json_stamp(json, "numu.mixture/1", &stamp);
    numu_json_key(json, "rules");
    numu_json_text(json, set->id);
    numu_json_key(json, "goods");
    numu_json_begin_line_array(json);
    for (size_t i = 0; i < mixture->count; i++) {
        numu_json_string(json, mixture->goods[i]);
    }
    numu_json_end_array(json);
    numu_json_key(json, "verdict");
    numu_json_string(json, verdict_name(result->verdict));
    numu_json_key(json, "reason");
    numu_json_string(json, reason_name(result->reason));
    numu_json_key(json, "pair");
    if (result->a == SIZE_MAX) {
        numu_json_null(json);
    } else {
        numu_json_begin_line_array(json);
        numu_json_string(json, mixture->goods[result->a]);
        numu_json_string(json, mixture->goods[result->b]);
        numu_json_end_array(json);
    }
    numu_json_key(json, "group_as");
    if (result->group_as == NUMU_NO_GROUP) {
        numu_json_null(json);
    } else {
        numu_json_text(json, (struct numu_text){&numu_group_letters[result->group_as], 1});
    }
    numu_json_key(json, "division_as");
    if (result->hazard_as == NUMU_NO_HAZARD) {
        numu_json_null(json);
    } else {
        numu_json_string(json, set->hazard[result->hazard_as]);
    }
    numu_json_key(json, "clauses");
    numu_json_begin_array(json);
    for (size_t i = 0; i < set->matrix.note_count; i++) {
        if ((result->notes_used >> i & 1U) != 0) {
            numu_json_text(json, set->matrix.note[i].citation);
        }
    }
    numu_json_text(json, set->matrix.citation);
    numu_json_end_array(json);
    numu_json_key(json, "transport_matrix");
    numu_json_boolean(json, set->is_transport);
    numu_json_key(json, "adopted");
    numu_json_boolean(json,
                      set->matrix.is_present && row_is_adopted(&mixture->rules, set->matrix.row));
    numu_json_end_object(json);
}

static numu_status write_mixture_csv(struct numu_buffer *buffer,
                                     const struct numu_mixture *mixture) {
    struct numu_fields fields;
    struct numu_buffer goods;
    numu_buffer_init(&goods, buffer->heap, 0);
    numu_status status = numu_buffer_append_string(buffer, "rules,goods,verdict,reason,clause\n");
    for (size_t i = 0; i < mixture->count && status == NUMU_OK; i++) {
        status = numu_buffer_printf(&goods, "%s%s", i == 0 ? "" : " ", mixture->goods[i]);
    }
    numu_fields_init(&fields, buffer);
    numu_fields_text(&fields, mixture->rules.set.id);
    numu_fields_text(&fields, (struct numu_text){goods.data, goods.length});
    numu_buffer_release(&goods);
    NUMU_TRY(status);
    numu_fields_string(&fields, verdict_name(mixture->result.verdict));
    numu_fields_string(&fields, reason_name(mixture->result.reason));
    numu_fields_text(&fields, mixture->rules.set.matrix.citation);
    return numu_fields_end(&fields);
}

numu_status numu_view_mixture(struct numu_buffer *buffer, const struct numu_mixture *mixture,
                              const struct numu_storage_options *options) {
    struct numu_output out;
    struct numu_json_writer json;
    switch (options->format) {
    case NUMU_FORMAT_TABLE:
        numu_output_init(&out, buffer, options->language, false);
        write_mixture_text(&out, mixture);
        return numu_output_finish(&out);
    case NUMU_FORMAT_CSV:
        return write_mixture_csv(buffer, mixture);
    case NUMU_FORMAT_JSON:
        numu_json_writer_init(&json, buffer);
        write_mixture_json(&json, mixture, options);
        NUMU_TRY(json.status);
        return numu_buffer_append_string(buffer, newline);
    }
    return NUMU_BUG;
}

/* --- rule sets --- */

static size_t adopted_rows(const struct numu_rules *rules) {
    size_t count = 0;
    for (numu_row row = 0; row < rules->set.row_count; row++) {
        count += numu_adoption_find(&rules->adoptions, row) != NULL;
    }
    return count;
}

static void write_sets_text(struct numu_output *out, const struct numu_rules *list, size_t count) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_rules_heading_id},
        {.heading = NUMU_WORD_rules_heading_origin},
        {.heading = NUMU_WORD_rules_heading_rows, .is_right = true},
        {.heading = NUMU_WORD_rules_heading_adopted, .is_right = true},
        {.heading = NUMU_WORD_rules_heading_title, .may_shrink = true}};
    struct numu_grid grid;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        numu_output_text(&grid.cell, list[i].set.id);
        numu_grid_end_cell(&grid);
        numu_output_word(&grid.cell,
                         list[i].is_builtin ? NUMU_WORD_rules_builtin : NUMU_WORD_rules_imported);
        numu_grid_end_cell(&grid);
        numu_output_integer(&grid.cell, list[i].set.row_count);
        numu_grid_end_cell(&grid);
        numu_output_integer(&grid.cell, (int64_t)adopted_rows(&list[i]));
        numu_grid_end_cell(&grid);
        numu_output_text(&grid.cell, list[i].set.title);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, 0);
    numu_grid_release(&grid);
}

static void write_sets_json(struct numu_json_writer *json, const struct numu_rules *list,
                            size_t count, const struct numu_storage_options *options) {
    struct numu_stamp stamp = {.version = options->version, .data_date = NUMU_NO_DAY};
    char hex[NUMU_SHA256_HEX_BYTES];
    numu_json_begin_object(json);
    numu_json_stamp(json, "numu.rule-sets/1", &stamp);
    numu_json_key(json, "sets");
    numu_json_begin_array(json);
    for (size_t i = 0; i < count; i++) {
        numu_json_begin_object(json);
        numu_json_key(json, "id");
        numu_json_text(json, list[i].set.id);
        numu_json_key(json, "title");
        numu_json_text(json, list[i].set.title);
        numu_json_key(json, "edition");
        numu_json_text(json, list[i].set.edition);
        numu_json_key(json, "builtin");
        numu_json_boolean(json, list[i].is_builtin);
        numu_json_key(json, "rows");
        numu_json_integer(json, list[i].set.row_count);
        numu_json_key(json, "adopted");
        numu_json_integer(json, (int64_t)adopted_rows(&list[i]));
        numu_json_key(json, "sha256");
        numu_json_string(json, numu_sha256_hex(&list[i].set.digest, hex));
        numu_json_end_object(json);
    }
    numu_json_end_array(json);
    numu_json_end_object(json);
}

static numu_status write_sets_csv(struct numu_buffer *buffer, const struct numu_rules *list,
                                  size_t count) {
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_fields fields;
    NUMU_TRY(numu_buffer_append_string(buffer, "id,title,builtin,rows,adopted,sha256\n"));
    numu_fields_init(&fields, buffer);
    for (size_t i = 0; i < count; i++) {
        numu_fields_text(&fields, list[i].set.id);
        numu_fields_text(&fields, list[i].set.title);
        numu_fields_boolean(&fields, list[i].is_builtin);
        numu_fields_integer(&fields, list[i].set.row_count);
        numu_fields_integer(&fields, (int64_t)adopted_rows(&list[i]));
        numu_fields_string(&fields, numu_sha256_hex(&list[i].set.digest, hex));
        NUMU_TRY(numu_fields_end(&fields));
    }
    return NUMU_OK;
}

numu_status numu_view_rule_sets(struct numu_buffer *buffer, const struct numu_rules *list,
                                size_t count, const struct numu_storage_options *options) {
    struct numu_output out;
    struct numu_json_writer json;
    switch (options->format) {
    case NUMU_FORMAT_TABLE:
        numu_output_init(&out, buffer, options->language, false);
        write_sets_text(&out, list, count);
        return numu_output_finish(&out);
    case NUMU_FORMAT_CSV:
        return write_sets_csv(buffer, list, count);
    case NUMU_FORMAT_JSON:
        numu_json_writer_init(&json, buffer);
        write_sets_json(&json, list, count, options);
        NUMU_TRY(json.status);
        return numu_buffer_append_string(buffer, newline);
    }
    return NUMU_BUG;
}

/* --- one rule set --- */

static numu_word row_word(numu_rule_row_kind kind) {
    static const numu_word words[] = {NUMU_WORD_rules_row_distances, NUMU_WORD_rules_row_matrix,
                                      NUMU_WORD_rules_row_aggregation,
                                      NUMU_WORD_rules_row_substitute, NUMU_WORD_rules_row_near};
    return words[kind];
}

static const char *row_name(numu_rule_row_kind kind) {
    static const char *const names[] = {"distances", "matrix", "aggregation", "substitute", "near"};
    return names[kind];
}

/* The last adoption of a row by its id, in whatever state; NULL where there is none. */
static const struct numu_adoption *last_adoption(const struct numu_rules *rules, numu_row row) {
    const struct numu_adoption *found = numu_adoption_find(&rules->adoptions, row);
    for (size_t i = 0; found == NULL && i < rules->adoptions.count; i++) {
        if (rules->adoptions.list[i].row == row && !rules->adoptions.list[i].is_revocation) {
            found = &rules->adoptions.list[i];
        }
    }
    return found;
}

static void write_state(struct numu_output *out, const struct numu_adoption *adoption) {
    if (adoption == NULL) {
        numu_output_word(out, NUMU_WORD_rules_state_none);
    } else if (adoption->state == NUMU_ADOPTION_VALID) {
        bool will_end = adoption->ends_on != NUMU_NO_DAY;
        numu_output_fill_two(out, will_end ? NUMU_WORD_rules_state_until : NUMU_WORD_rules_state_by,
                             numu_argument_string(adoption->key.name),
                             numu_argument_day(will_end ? adoption->ends_on : adoption->signed_on));
    } else if (adoption->state == NUMU_ADOPTION_REVOKED) {
        numu_output_fill_two(out, NUMU_WORD_rules_state_revoked,
                             numu_argument_string(adoption->key.name),
                             numu_argument_day(adoption->ends_on));
    } else {
        numu_output_fill(out,
                         adoption->state == NUMU_ADOPTION_VOID ? NUMU_WORD_rules_state_void
                                                               : NUMU_WORD_rules_state_forged,
                         numu_argument_string(adoption->key.name));
    }
}

static void write_rows(struct numu_output *out, const struct numu_rules *rules) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_rules_heading_row},
        {.heading = NUMU_WORD_rules_heading_kind},
        {.heading = NUMU_WORD_rules_heading_hash},
        {.heading = NUMU_WORD_rules_heading_state},
        {.heading = NUMU_WORD_rules_heading_citation, .may_shrink = true}};
    struct numu_grid grid;
    char hex[NUMU_SHA256_HEX_BYTES];
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (numu_row row = 0; row < rules->set.row_count; row++) {
        const struct numu_rule_row *each = &rules->set.row[row];
        numu_output_text(&grid.cell, each->id);
        numu_grid_end_cell(&grid);
        numu_output_word(&grid.cell, row_word(each->kind));
        numu_grid_end_cell(&grid);
        numu_output_printf(&grid.cell, "%.12s", numu_sha256_hex(&each->digest, hex));
        numu_grid_end_cell(&grid);
        write_state(&grid.cell, last_adoption(rules, row));
        numu_grid_end_cell(&grid);
        numu_output_text(&grid.cell, each->citation);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, 0);
    numu_grid_release(&grid);
}

/* "2024-09-30 – …": days on which the set is in force, where it tells. */
static void write_force(struct numu_output *out, const struct numu_ruleset *set) {
    const numu_day days[] = {set->starts, set->ends};
    if (set->starts == NUMU_NO_DAY && set->ends == NUMU_NO_DAY) {
        return;
    }
    write_label(out, NUMU_WORD_rules_in_force);
    for (size_t i = 0; i < 2; i++) {
        numu_output_raw(out, i > 0 ? " – " : "");
        if (days[i] == NUMU_NO_DAY) {
            numu_output_raw(out, "…");
        } else {
            numu_output_day(out, days[i]);
        }
    }
    numu_output_raw(out, newline);
}

static void write_set_text(struct numu_output *out, const struct numu_rules *rules) {
    const struct numu_ruleset *set = &rules->set;
    numu_output_text(out, set->id);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_text(out, set->title);
    numu_output_raw(out, newline);
    write_text_line(out, NUMU_WORD_rules_authority, set->authority);
    write_text_line(out, NUMU_WORD_rules_edition, set->edition);
    write_text_line(out, NUMU_WORD_rules_citation, set->citation);
    write_text_line(out, NUMU_WORD_rules_basis, set->basis);
    write_label(out, NUMU_WORD_rules_scope_is);
    numu_output_word(out, set->is_transport ? NUMU_WORD_rules_scope_transport
                                            : NUMU_WORD_rules_scope_storage);
    numu_output_raw(out, newline);
    write_force(out, set);
    write_label(out, NUMU_WORD_rules_units);
    numu_output_printf(out, "%s, %s\n\n", numu_mass_unit_name(set->mass),
                       numu_length_unit_name(set->length));
    write_rows(out, rules);
}

static numu_status write_set_csv(struct numu_buffer *buffer, const struct numu_rules *rules) {
    static const char *const states[] = {"adopted", "void", "forged", "revoked"};
    char hex[NUMU_SHA256_HEX_BYTES];
    struct numu_fields fields;
    NUMU_TRY(numu_buffer_append_string(buffer, "row,kind,sha256,adoption,key,citation\n"));
    numu_fields_init(&fields, buffer);
    for (numu_row row = 0; row < rules->set.row_count; row++) {
        const struct numu_rule_row *each = &rules->set.row[row];
        const struct numu_adoption *adoption = last_adoption(rules, row);
        numu_fields_text(&fields, each->id);
        numu_fields_string(&fields, row_name(each->kind));
        numu_fields_string(&fields, numu_sha256_hex(&each->digest, hex));
        numu_fields_string(&fields, adoption == NULL ? NULL : states[adoption->state]);
        numu_fields_text(&fields,
                         adoption == NULL ? (struct numu_text){NULL, 0} : adoption->key_text);
        numu_fields_text(&fields, each->citation);
        NUMU_TRY(numu_fields_end(&fields));
    }
    return NUMU_OK;
}

numu_status numu_view_rule_set(struct numu_buffer *buffer, const struct numu_rules *rules,
                               const struct numu_storage_options *options) {
    struct numu_output out;
    switch (options->format) {
    case NUMU_FORMAT_TABLE:
        numu_output_init(&out, buffer, options->language, false);
        write_set_text(&out, rules);
        return numu_output_finish(&out);
    case NUMU_FORMAT_CSV:
        return write_set_csv(buffer, rules);
    case NUMU_FORMAT_JSON:
        return numu_buffer_append(buffer, rules->bytes.data, rules->bytes.length);
    }
    return NUMU_BUG;
}
