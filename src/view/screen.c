/*
 * screen.c - see screen.h.
 */
#include "view/screen.h"

#include "base/csv.h"
#include "view/grid.h"

enum { COLUMNS_MAX = 120, SCORE_DECIMALS = 3 };

/* A list's format in the words of its publisher. */
static const char *title_of(const char *format) {
    return format[0] == 'u' ? "UN" : format[0] == 'o' ? "OFAC" : "FtM";
}

static const struct numu_screen_entry *entry_of(const struct numu_screen_outcome *outcome,
                                                const struct numu_screen_hit *hit) {
    size_t count;
    return &numu_screen_entries(&outcome->screen, &count)[hit->entry];
}

static const struct numu_screen_list *list_of(const struct numu_screen_outcome *outcome,
                                              const struct numu_screen_hit *hit) {
    size_t count;
    return &numu_screen_lists(&outcome->screen, &count)[entry_of(outcome, hit)->list];
}

static struct numu_text name_of(const struct numu_screen_outcome *outcome,
                                const struct numu_screen_hit *hit) {
    return numu_screen_names(&outcome->screen)[hit->name].text;
}

/* --- for eyes --- */

static void write_lists(struct numu_output *out, const struct numu_screen_outcome *outcome) {
    size_t count;
    char hex[NUMU_SHA256_HEX_BYTES];
    const struct numu_screen_list *lists = numu_screen_lists(&outcome->screen, &count);
    for (size_t i = 0; i < count; i++) {
        numu_output_fill_two(out, NUMU_WORD_screen_list, numu_argument_text(lists[i].file),
                             numu_argument_integer(lists[i].entry_count));
        if (lists[i].version.length > 0) {
            numu_output_raw(out, ", ");
            numu_output_text(out, lists[i].version);
        }
        numu_output_printf(out, ", SHA-256 %.16s…\n", numu_sha256_hex(&lists[i].sha256, hex));
    }
}

/* "clear, p_licensing: another birth". */
static void write_decision(struct numu_output *out, const struct numu_hit_decision *decision) {
    static const numu_word words[] = {NUMU_WORD_hit_open, NUMU_WORD_hit_clear, NUMU_WORD_hit_hit,
                                      NUMU_WORD_hit_reopened};
    _Static_assert(sizeof words / sizeof *words == NUMU_HIT_STATE_COUNT, "each has a word");
    numu_output_word(out, words[decision->state]);
    if (decision->state != NUMU_HIT_OPEN) {
        numu_output_raw(out, ", ");
        numu_output_text(out, decision->by);
        numu_output_word(out, NUMU_WORD_colon);
        numu_output_text(out, decision->reason);
    }
}

static void fill_hits(struct numu_grid *grid, const struct numu_screen_outcome *outcome) {
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < outcome->hit_count; i++) {
        const struct numu_screen_hit *hit = &outcome->hits[i];
        const struct numu_screen_entry *entry = entry_of(outcome, hit);
        if (hit->query != last) {
            numu_output_text(&grid->cell, outcome->queries[hit->query].name);
        }
        last = hit->query;
        numu_grid_end_cell(grid);
        numu_output_real(&grid->cell, hit->score, 2);
        numu_grid_end_cell(grid);
        numu_output_text(&grid->cell, name_of(outcome, hit));
        numu_grid_end_cell(grid);
        numu_output_string(&grid->cell, title_of(list_of(outcome, hit)->format));
        numu_output_raw(&grid->cell, " ");
        numu_output_text(&grid->cell, entry->reference);
        numu_grid_end_cell(grid);
        numu_output_text(&grid->cell, entry->programme);
        numu_grid_end_cell(grid);
        if (outcome->decisions != NULL) {
            write_decision(&grid->cell, &outcome->decisions[i]);
            numu_grid_end_cell(grid);
        }
    }
}

static void write_screen(struct numu_output *out, const struct numu_screen_outcome *outcome) {
    static const struct numu_grid_column columns[] = {
        {NUMU_WORD_screen_asked, false, true},     {NUMU_WORD_screen_score, true, false},
        {NUMU_WORD_screen_listed, false, true},    {NUMU_WORD_screen_reference, false, false},
        {NUMU_WORD_screen_programme, false, true}, {NUMU_WORD_screen_decision, false, true},
    };
    struct numu_grid grid;
    size_t count = sizeof columns / sizeof columns[0] - (outcome->decisions == NULL);
    numu_grid_init(&grid, out->buffer->heap, out->language, columns, count);
    fill_hits(&grid, outcome);
    if (outcome->hit_count > 0) {
        numu_output_grid(out, &grid, 0, COLUMNS_MAX);
        numu_output_raw(out, "\n");
    }
    numu_grid_release(&grid);
    int64_t raised = 0;
    for (size_t i = 0; i < outcome->hit_count; i++) {
        raised += i == 0 || outcome->hits[i].query != outcome->hits[i - 1].query;
    }
    numu_output_fill_two(out, NUMU_WORD_screen_raised, numu_argument_integer(raised),
                         numu_argument_integer((int64_t)outcome->query_count));
    numu_output_raw(out, "\n");
    write_lists(out, outcome);
}

static void write_pairs(struct numu_output *out, const struct numu_name_pair *pairs, size_t count) {
    static const struct numu_grid_column columns[] = {
        {NUMU_WORD_screen_score, true, false},
        {NUMU_WORD_screen_name_a, false, true},
        {NUMU_WORD_screen_name_b, false, true},
    };
    struct numu_grid grid;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        numu_output_real(&grid.cell, pairs[i].score.score, SCORE_DECIMALS);
        numu_grid_end_cell(&grid);
        numu_output_text(&grid.cell, pairs[i].a);
        numu_grid_end_cell(&grid);
        numu_output_text(&grid.cell, pairs[i].b);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
}

/* --- for machines --- */

static numu_status csv_text(struct numu_buffer *buffer, struct numu_text text, char end) {
    NUMU_TRY(numu_csv_write(buffer, text, ','));
    return numu_buffer_append_char(buffer, end);
}

static numu_status write_decision_csv(struct numu_buffer *buffer,
                                      const struct numu_hit_decision *decision) {
    NUMU_TRY(numu_buffer_printf(buffer, ",%s,", numu_hit_states[decision->state]));
    NUMU_TRY(csv_text(buffer, decision->by, ','));
    NUMU_TRY(csv_text(buffer, decision->reason, ','));
    return numu_csv_write(buffer, decision->event, ',');
}

static numu_status write_hit_csv(struct numu_buffer *buffer,
                                 const struct numu_screen_outcome *outcome,
                                 const struct numu_screen_hit *hit) {
    const struct numu_screen_entry *entry = entry_of(outcome, hit);
    NUMU_TRY(csv_text(buffer, outcome->queries[hit->query].name, ','));
    NUMU_TRY(numu_buffer_printf(buffer, "%.*f,", SCORE_DECIMALS, hit->score));
    NUMU_TRY(csv_text(buffer, name_of(outcome, hit), ','));
    NUMU_TRY(csv_text(buffer, list_of(outcome, hit)->file, ','));
    NUMU_TRY(csv_text(buffer, entry->reference, ','));
    NUMU_TRY(csv_text(buffer, numu_text_of(numu_party_names[entry->party]), ','));
    NUMU_TRY(csv_text(buffer, entry->programme, ','));
    return numu_buffer_printf(buffer, "%.3f,%.3f,%.2f,%.2f,%.3f,%.2f", hit->parts.words,
                              hit->parts.whole, hit->birth, hit->country, hit->identifier,
                              hit->weak);
}

static numu_status write_hits_csv(struct numu_buffer *buffer,
                                  const struct numu_screen_outcome *outcome) {
    NUMU_TRY(numu_buffer_append_string(
        buffer, "query,score,name,list,reference,type,programme,words,whole,birth,country,"
                "identifier,weak"));
    NUMU_TRY(numu_buffer_append_string(
        buffer, outcome->decisions != NULL ? ",decision,by,reason,event\n" : "\n"));
    for (size_t i = 0; i < outcome->hit_count; i++) {
        NUMU_TRY(write_hit_csv(buffer, outcome, &outcome->hits[i]));
        if (outcome->decisions != NULL) {
            NUMU_TRY(write_decision_csv(buffer, &outcome->decisions[i]));
        }
        NUMU_TRY(numu_buffer_append_char(buffer, '\n'));
    }
    return NUMU_OK;
}

/* To the decimals that are shown everywhere, so that all formats say the same. */
static int64_t thousandths(double value) {
    return (int64_t)(value * 1000 + (value < 0 ? -0.5 : 0.5));
}

static void json_score(struct numu_json_writer *writer, const char *key, double value) {
    numu_json_key(writer, key);
    numu_json_number(writer, thousandths(value), SCORE_DECIMALS);
}

static void json_text(struct numu_json_writer *writer, const char *key, struct numu_text text) {
    numu_json_key(writer, key);
    numu_json_text(writer, text);
}

static void json_lists(struct numu_json_writer *writer, const struct numu_screen_outcome *outcome) {
    size_t count;
    char hex[NUMU_SHA256_HEX_BYTES];
    const struct numu_screen_list *lists = numu_screen_lists(&outcome->screen, &count);
    numu_json_key(writer, "lists");
    numu_json_begin_array(writer);
    for (size_t i = 0; i < count; i++) {
        numu_json_begin_line_object(writer);
        json_text(writer, "file", lists[i].file);
        json_text(writer, "format", numu_text_of(lists[i].format));
        json_text(writer, "version", lists[i].version);
        json_text(writer, "sha256", numu_text_of(numu_sha256_hex(&lists[i].sha256, hex)));
        numu_json_key(writer, "entries");
        numu_json_integer(writer, lists[i].entry_count);
        numu_json_end_object(writer);
    }
    numu_json_end_array(writer);
}

static void json_hit(struct numu_json_writer *writer, const struct numu_screen_outcome *outcome,
                     const struct numu_screen_hit *hit) {
    const struct numu_screen_entry *entry = entry_of(outcome, hit);
    numu_json_begin_line_object(writer);
    json_score(writer, "score", hit->score);
    json_text(writer, "name", name_of(outcome, hit));
    json_text(writer, "list", list_of(outcome, hit)->file);
    json_text(writer, "reference", entry->reference);
    json_text(writer, "type", numu_text_of(numu_party_names[entry->party]));
    json_text(writer, "programme", entry->programme);
    json_score(writer, "words", hit->parts.words);
    json_score(writer, "whole", hit->parts.whole);
    json_score(writer, "birth", hit->birth);
    json_score(writer, "country", hit->country);
    json_score(writer, "identifier", hit->identifier);
    json_score(writer, "weak", hit->weak);
    if (outcome->decisions != NULL) {
        const struct numu_hit_decision *decision = &outcome->decisions[hit - outcome->hits];
        json_text(writer, "decision", numu_text_of(numu_hit_states[decision->state]));
        json_text(writer, "by", decision->by);
        json_text(writer, "reason", decision->reason);
        json_text(writer, "event", decision->event);
    }
    numu_json_end_object(writer);
}

static void json_queries(struct numu_json_writer *writer,
                         const struct numu_screen_outcome *outcome) {
    size_t at = 0;
    numu_json_key(writer, "names");
    numu_json_begin_array(writer);
    for (size_t q = 0; q < outcome->query_count; q++) {
        numu_json_begin_object(writer);
        json_text(writer, "name", outcome->queries[q].name);
        json_text(writer, "type", numu_text_of(numu_party_names[outcome->queries[q].party]));
        numu_json_key(writer, "hits");
        numu_json_begin_array(writer);
        for (; at < outcome->hit_count && outcome->hits[at].query == q; at++) {
            json_hit(writer, outcome, &outcome->hits[at]);
        }
        numu_json_end_array(writer);
        numu_json_end_object(writer);
    }
    numu_json_end_array(writer);
}

static numu_status write_hits_json(struct numu_buffer *buffer,
                                   const struct numu_screen_outcome *outcome,
                                   const struct numu_stamp *stamp) {
    struct numu_json_writer writer;
    numu_json_writer_init(&writer, buffer);
    numu_json_begin_object(&writer);
    numu_json_stamp(&writer, "numu.screen/1", stamp);
    json_score(&writer, "threshold", outcome->threshold);
    json_lists(&writer, outcome);
    json_queries(&writer, outcome);
    numu_json_end_object(&writer);
    NUMU_TRY(writer.status);
    return numu_buffer_append_char(buffer, '\n');
}

static numu_status write_pairs_csv(struct numu_buffer *buffer, const struct numu_name_pair *pairs,
                                   size_t count) {
    NUMU_TRY(numu_buffer_append_string(buffer, "name_a,name_b,type,score\n"));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(csv_text(buffer, pairs[i].a, ','));
        NUMU_TRY(csv_text(buffer, pairs[i].b, ','));
        NUMU_TRY(numu_buffer_printf(buffer, "%s,%.*f\n", numu_party_names[pairs[i].party],
                                    SCORE_DECIMALS, pairs[i].score.score));
    }
    return NUMU_OK;
}

static numu_status write_pairs_json(struct numu_buffer *buffer, const struct numu_name_pair *pairs,
                                    size_t count, const struct numu_stamp *stamp) {
    struct numu_json_writer writer;
    numu_json_writer_init(&writer, buffer);
    numu_json_begin_object(&writer);
    numu_json_stamp(&writer, "numu.name_pairs/1", stamp);
    numu_json_key(&writer, "pairs");
    numu_json_begin_array(&writer);
    for (size_t i = 0; i < count; i++) {
        numu_json_begin_line_object(&writer);
        json_text(&writer, "name_a", pairs[i].a);
        json_text(&writer, "name_b", pairs[i].b);
        json_text(&writer, "type", numu_text_of(numu_party_names[pairs[i].party]));
        json_score(&writer, "score", pairs[i].score.score);
        json_score(&writer, "words", pairs[i].score.words);
        json_score(&writer, "whole", pairs[i].score.whole);
        numu_json_end_object(&writer);
    }
    numu_json_end_array(&writer);
    numu_json_end_object(&writer);
    NUMU_TRY(writer.status);
    return numu_buffer_append_char(buffer, '\n');
}

numu_status numu_view_screen(struct numu_buffer *buffer, const struct numu_screen_outcome *outcome,
                             const struct numu_stamp *stamp, numu_language language,
                             numu_format format) {
    size_t start = buffer->length;
    numu_status status;
    if (format == NUMU_FORMAT_TABLE) {
        struct numu_output out;
        numu_output_init(&out, buffer, language, false);
        write_screen(&out, outcome);
        return numu_output_finish(&out);
    }
    status = format == NUMU_FORMAT_CSV ? write_hits_csv(buffer, outcome)
                                       : write_hits_json(buffer, outcome, stamp);
    numu_buffer_cut(buffer, status, start);
    return status;
}

numu_status numu_view_name_pairs(struct numu_buffer *buffer, const struct numu_name_pair *pairs,
                                 size_t count, const struct numu_stamp *stamp,
                                 numu_language language, numu_format format) {
    size_t start = buffer->length;
    numu_status status;
    if (format == NUMU_FORMAT_TABLE) {
        struct numu_output out;
        numu_output_init(&out, buffer, language, false);
        write_pairs(&out, pairs, count);
        return numu_output_finish(&out);
    }
    status = format == NUMU_FORMAT_CSV ? write_pairs_csv(buffer, pairs, count)
                                       : write_pairs_json(buffer, pairs, count, stamp);
    numu_buffer_cut(buffer, status, start);
    return status;
}
