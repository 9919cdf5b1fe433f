/*
 * licence.c - the page of a storehouse: limits, distances, a site plan to scale, conditions.
 *
 * The plan has one scale in all directions. Where coordinates are known, sites stand where they
 * are; where only distances are, each stands at its distance, in directions that say nothing, and
 * the page tells so. Each kind of site has an arc at the distance that it requires at the limit.
 */
#include "view/limits.h"

#include "view/fields.h"
#include "view/output.h"

#include <math.h>
#include <string.h>

enum { PLAN_SIZE = 560, PLAN_MARGIN = 60 };

static const double pi = 3.14159265358979323846;

/* All that the page says of one exposed site. */
struct site {
    const struct numu_limit_bound *bound;
    double required_m; /* at the storehouse's limit; -1 = not determined */
};

struct licence {
    const struct numu_model *model;
    const struct numu_storage_limits *limits;
    numu_row storehouse;
    uint8_t hazard; /* that the distances are shown for: the one with the least limit */
    double neq_kg;  /* that they are shown at */
    struct site *site;
    size_t count;
    struct numu_output out;
};

/* --- figures --- */

/* The hazard of the storehouse's lines whose limit is least, and that limit. */
static void choose_hazard(struct licence *licence) {
    licence->hazard = NUMU_HAZARD_1_1;
    licence->neq_kg = -1;
    for (size_t i = 0; i < licence->limits->line_count; i++) {
        const struct numu_limit_line *line = &licence->limits->line[i];
        if (line->storehouse == licence->storehouse && line->binding != NULL &&
            (licence->neq_kg < 0 || line->neq_kg < licence->neq_kg)) {
            licence->neq_kg = line->neq_kg;
            for (unsigned hazard = 0; hazard < NUMU_HAZARDS_MAX; hazard++) {
                if (line->hazards == UINT32_C(1) << hazard) {
                    licence->hazard = (uint8_t)hazard;
                }
            }
        }
    }
}

static double required_of(const struct licence *licence, const struct numu_limit_bound *bound) {
    const struct numu_ruleset *set = &licence->limits->rules.set;
    if (bound->answer.rule == NULL) {
        return -1;
    }
    const struct numu_distance_law *law = &bound->answer.rule->law;
    double quantity = numu_mass_from_kg(licence->neq_kg, set->mass);
    if (!numu_distance_law_covers(law, quantity)) {
        return -1;
    }
    return numu_length_to_m(numu_distance_law_required(law, quantity), set->length);
}

static numu_status collect(struct licence *licence, struct numu_arena *arena) {
    struct numu_limit_bound *bounds;
    choose_hazard(licence);
    NUMU_TRY(numu_limits_bounds(licence->model, &licence->limits->rules.set, licence->storehouse,
                                licence->hazard, arena, &bounds, &licence->count));
    NUMU_TRY(NUMU_TAKE(arena, &licence->site, licence->count));
    for (size_t i = 0; i < licence->count; i++) {
        licence->site[i] = (struct site){&bounds[i], required_of(licence, &bounds[i])};
    }
    return NUMU_OK;
}

static struct numu_text name_of(const struct licence *licence,
                                const struct numu_limit_bound *bound) {
    const struct numu_model *model = licence->model;
    struct numu_text name = bound->exposure != NUMU_NONE ? model->exposure.name[bound->exposure]
                                                         : model->storehouse.name[bound->other];
    struct numu_text id = bound->exposure != NUMU_NONE ? model->exposure.id[bound->exposure]
                                                       : model->storehouse.id[bound->other];
    return name.length > 0 ? name : id;
}

/* --- the plan --- */

/* Degrees from north, clockwise; true where coordinates tell. */
static bool bearing_of(const struct licence *licence, size_t index, double *out) {
    const struct numu_model *model = licence->model;
    const struct numu_limit_bound *bound = licence->site[index].bound;
    numu_row row = licence->storehouse;
    numu_decimal latitude = bound->exposure != NUMU_NONE ? model->exposure.latitude[bound->exposure]
                                                         : model->storehouse.latitude[bound->other];
    numu_decimal longitude = bound->exposure != NUMU_NONE
                                 ? model->exposure.longitude[bound->exposure]
                                 : model->storehouse.longitude[bound->other];
    if (latitude == NUMU_NO_NUMBER || longitude == NUMU_NO_NUMBER ||
        model->storehouse.latitude[row] == NUMU_NO_NUMBER ||
        model->storehouse.longitude[row] == NUMU_NO_NUMBER) {
        *out = licence->count == 0 ? 0 : 360.0 * (double)index / (double)licence->count + 30;
        return false;
    }
    double north =
        numu_number_to_double(latitude - model->storehouse.latitude[row], NUMU_DECIMAL_DECIMALS);
    double east =
        numu_number_to_double(longitude - model->storehouse.longitude[row], NUMU_DECIMAL_DECIMALS) *
        cos(numu_number_to_double(latitude, NUMU_DECIMAL_DECIMALS) * pi / 180);
    *out = atan2(east, north) * 180 / pi;
    return true;
}

/* The radius of what is drawn, in metres: all sites and arcs. */
static double reach_of(const struct licence *licence) {
    double reach = 1;
    for (size_t i = 0; i < licence->count; i++) {
        reach = fmax(reach, fmax(licence->site[i].bound->distance_m, licence->site[i].required_m));
    }
    return reach;
}

/* 1, 2 or 5 times a power of ten, at most a third of what is drawn. */
static double scale_length(double reach) {
    double length = pow(10, floor(log10(reach / 3)));
    return reach / 3 >= 5 * length ? 5 * length : reach / 3 >= 2 * length ? 2 * length : length;
}

static void draw_scale(struct licence *licence, double reach, double unit) {
    double length = scale_length(reach);
    double bottom = PLAN_SIZE - 22;
    numu_output_printf(&licence->out,
                       "<path class=\"axis\" d=\"M20 %.1fv6h%.1fv-6\"/><text x=\"24\" "
                       "y=\"%.1f\">%.0f m</text>",
                       bottom - 6, length * unit, bottom - 10, length);
    numu_output_printf(&licence->out,
                       "<path class=\"axis\" d=\"M%d 50v-30m-5 8l5 -8 5 8\"/><text x=\"%d\" "
                       "y=\"14\" text-anchor=\"middle\">N</text>",
                       PLAN_SIZE - 24, PLAN_SIZE - 24);
}

/* One arc a requirement; equal ones are drawn once. */
static void draw_arcs(struct licence *licence, double unit) {
    const int middle = PLAN_SIZE / 2;
    for (size_t i = 0; i < licence->count; i++) {
        double required = licence->site[i].required_m;
        bool is_drawn = required < 0;
        for (size_t k = 0; k < i && !is_drawn; k++) {
            is_drawn = fabs(licence->site[k].required_m - required) < 0.05;
        }
        if (!is_drawn) {
            numu_output_printf(&licence->out,
                               "<circle class=\"arc\" cx=\"%d\" cy=\"%d\" r=\"%.1f\"/>"
                               "<text class=\"small\" x=\"%d\" y=\"%.1f\" "
                               "text-anchor=\"middle\">%.0f m</text>",
                               middle, middle, required * unit, middle,
                               middle - required * unit - 3, required);
        }
    }
}

static void draw_sites(struct licence *licence, double unit) {
    const int middle = PLAN_SIZE / 2;
    for (size_t i = 0; i < licence->count; i++) {
        const struct site *site = &licence->site[i];
        double bearing;
        (void)bearing_of(licence, i, &bearing);
        double x = middle + site->bound->distance_m * unit * sin(bearing * pi / 180);
        double y = middle - site->bound->distance_m * unit * cos(bearing * pi / 180);
        bool is_near =
            site->required_m < 0 || site->bound->distance_m < site->required_m * (1 - 1e-9);
        numu_output_printf(&licence->out,
                           "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\"/>"
                           "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%zu</text>",
                           is_near ? "near" : "site", x - 4, y - 4, x > middle ? x + 8 : x - 8,
                           y + 4, x > middle ? "start" : "end", i + 1);
    }
}

static void draw_storehouse(struct licence *licence) {
    const int middle = PLAN_SIZE / 2;
    numu_decimal orientation = licence->model->storehouse.orientation[licence->storehouse];
    double turn = orientation == NUMU_NO_NUMBER
                      ? 0
                      : numu_number_to_double(orientation, NUMU_DECIMAL_DECIMALS);
    /* A house whose door, the short line, faces as the table says. */
    numu_output_printf(&licence->out,
                       "<g transform=\"translate(%d %d) rotate(%.1f)\"><rect class=\"house\" "
                       "x=\"-9\" y=\"-6\" width=\"18\" height=\"12\"/>%s</g>",
                       middle, middle, turn,
                       orientation == NUMU_NO_NUMBER ? ""
                                                     : "<path class=\"axis\" d=\"M0 -6v-9\"/>");
}

static void write_plan(struct licence *licence) {
    struct numu_output *out = &licence->out;
    double reach = reach_of(licence);
    double unit = ((double)PLAN_SIZE / 2 - PLAN_MARGIN) / reach;
    bool has_bearings = true;
    for (size_t i = 0; i < licence->count; i++) {
        double bearing;
        has_bearings = bearing_of(licence, i, &bearing) && has_bearings;
    }
    numu_output_raw(out, "<h2>");
    numu_output_word(out, NUMU_WORD_licence_plan);
    numu_output_raw(out, "</h2><figure>");
    numu_output_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\"><title>", PLAN_SIZE,
                       PLAN_SIZE);
    numu_output_word(out, NUMU_WORD_licence_plan);
    numu_output_raw(out, "</title>");
    draw_arcs(licence, unit);
    draw_sites(licence, unit);
    draw_storehouse(licence);
    draw_scale(licence, reach, unit);
    numu_output_raw(out, "</svg>");
    if (!has_bearings) {
        numu_output_raw(out, "<figcaption>");
        numu_output_word(out, NUMU_WORD_licence_positions_given);
        numu_output_raw(out, "</figcaption>");
    }
    numu_output_raw(out, "</figure>");
}

/* --- the tables --- */

static void write_fact(struct numu_output *out, numu_word word, struct numu_text text) {
    if (text.length > 0) {
        numu_output_raw(out, "<tr><th>");
        numu_output_word(out, word);
        numu_output_raw(out, "</th><td>");
        numu_output_text(out, text);
        numu_output_raw(out, "</td></tr>\n");
    }
}

static void write_facts(struct licence *licence) {
    struct numu_output *out = &licence->out;
    const struct numu_table_storehouse *table = &licence->model->storehouse;
    const struct numu_ruleset *set = &licence->limits->rules.set;
    numu_row row = licence->storehouse;
    numu_output_raw(out, "<table class=\"facts\">");
    write_fact(out, NUMU_WORD_licence_storehouse, table->id[row]);
    write_fact(out, NUMU_WORD_licence_name, table->name[row]);
    write_fact(out, NUMU_WORD_licence_site, licence->model->site.name[table->site[row]]);
    write_fact(out, NUMU_WORD_licence_structure, table->structure[row]);
    if (table->orientation[row] != NUMU_NO_NUMBER) {
        numu_output_raw(out, "<tr><th>");
        numu_output_word(out, NUMU_WORD_licence_orientation);
        numu_output_raw(out, "</th><td>");
        numu_output_number(out, table->orientation[row], NUMU_DECIMAL_DECIMALS, 0, true);
        numu_output_raw(out, "°</td></tr>\n");
    }
    write_fact(out, NUMU_WORD_licence_groups, table->groups[row]);
    write_fact(out, NUMU_WORD_licence_rules, set->id);
    write_fact(out, NUMU_WORD_rules_edition, set->edition);
    write_fact(out, NUMU_WORD_rules_authority, set->authority);
    if (licence->model->package.data_date[0] != NUMU_NO_DAY) {
        numu_output_raw(out, "<tr><th>");
        numu_output_word(out, NUMU_WORD_licence_data_date);
        numu_output_raw(out, "</th><td>");
        numu_output_day(out, licence->model->package.data_date[0]);
        numu_output_raw(out, "</td></tr>\n");
    }
    numu_output_raw(out, "</table>");
}

static void write_head_cell(struct numu_output *out, numu_word word, bool is_number) {
    numu_output_raw(out, is_number ? "<th class=\"n\">" : "<th>");
    numu_output_word(out, word);
    numu_output_raw(out, "</th>");
}

static void write_number_cell(struct numu_output *out, double value, int shown) {
    numu_output_raw(out, "<td class=\"n\">");
    if (value >= 0 && isfinite(value)) {
        numu_output_real(out, value, shown);
    } else {
        numu_output_raw(out, "–");
    }
    numu_output_raw(out, "</td>");
}

static void write_hazard_names(struct licence *licence, uint32_t hazards) {
    const struct numu_ruleset *set = &licence->limits->rules.set;
    bool is_first = true;
    for (size_t i = 0; i < set->hazard_count; i++) {
        if ((hazards >> i & 1U) != 0) {
            numu_output_raw(&licence->out, is_first ? "" : " + ");
            numu_output_string(&licence->out, set->hazard[i]);
            is_first = false;
        }
    }
}

static void write_limits(struct licence *licence) {
    struct numu_output *out = &licence->out;
    numu_output_raw(out, "<h2>");
    numu_output_word(out, NUMU_WORD_licence_limits);
    numu_output_raw(out, "</h2><table><tr>");
    write_head_cell(out, NUMU_WORD_limits_heading_load, false);
    write_head_cell(out, NUMU_WORD_limits_heading_limit, true);
    write_head_cell(out, NUMU_WORD_limits_heading_binds, false);
    write_head_cell(out, NUMU_WORD_limits_heading_state, false);
    numu_output_raw(out, "</tr>\n");
    for (size_t i = 0; i < licence->limits->line_count; i++) {
        static const numu_word states[] = {NUMU_WORD_limits_state_found, NUMU_WORD_limits_state_end,
                                           NUMU_WORD_limits_state_undetermined,
                                           NUMU_WORD_limits_state_no_distance};
        const struct numu_limit_line *line = &licence->limits->line[i];
        if (line->storehouse != licence->storehouse) {
            continue;
        }
        numu_output_raw(out, "<tr><td>");
        write_hazard_names(licence, line->hazards);
        numu_output_raw(out, ", ");
        numu_output_word(out, line->binding == NULL ? NUMU_WORD_licence_together
                                                    : NUMU_WORD_licence_alone);
        numu_output_raw(out, "</td>");
        write_number_cell(out, floor(line->neq_kg), 0);
        numu_output_raw(out, "<td>");
        if (line->binding != NULL && line->binding->state != NUMU_LIMIT_NO_DISTANCE) {
            numu_output_text(out, name_of(licence, &line->binding->binding));
        }
        numu_output_raw(out, "</td><td>");
        if (line->binding != NULL) {
            numu_output_word(out, states[line->binding->state]);
        }
        numu_output_raw(out, "</td></tr>\n");
    }
    numu_output_raw(out, "</table>");
}

static void write_site(struct licence *licence, size_t index) {
    struct numu_output *out = &licence->out;
    const struct site *site = &licence->site[index];
    const struct numu_limit_bound *bound = site->bound;
    const struct numu_model *model = licence->model;
    bool is_near = site->required_m < 0 || bound->distance_m < site->required_m * (1 - 1e-9);
    numu_output_printf(out, "<tr%s><td class=\"n\">%zu</td><td>", is_near ? " class=\"bad\"" : "",
                       index + 1);
    numu_output_text(out, name_of(licence, bound));
    numu_output_raw(out, "</td><td>");
    numu_output_word_of(out, "choice_", numu_text_of(licence->limits->rules.set.kind[bound->kind]));
    numu_output_raw(out, ", ");
    numu_output_word(out, bound->is_barricaded ? NUMU_WORD_storage_with_barricade
                                               : NUMU_WORD_storage_without_barricade);
    numu_output_raw(out, "</td>");
    write_number_cell(
        out,
        bound->exposure == NUMU_NONE || model->exposure.people[bound->exposure] == NUMU_NO_NUMBER
            ? -1
            : numu_number_to_double(model->exposure.people[bound->exposure], NUMU_DECIMAL_DECIMALS),
        0);
    write_number_cell(out, bound->distance_m, 1);
    write_number_cell(out, site->required_m, 1);
    write_number_cell(out, floor(bound->neq_kg), 0);
    numu_output_raw(out, "<td>");
    if (bound->answer.rule == NULL) {
        numu_output_word(out, NUMU_WORD_limits_state_undetermined);
    } else {
        numu_output_text(out, bound->answer.rule->citation);
    }
    numu_output_raw(out, "</td></tr>\n");
}

static void write_sites(struct licence *licence) {
    struct numu_output *out = &licence->out;
    int64_t kilograms;
    numu_output_raw(out, "<h2>");
    numu_output_word(out, NUMU_WORD_licence_exposed);
    numu_output_raw(out, "</h2><p>");
    if (licence->count == 0) {
        numu_output_word(out, NUMU_WORD_licence_no_sites);
        numu_output_raw(out, "</p>");
        return;
    }
    if (numu_number_from_double(floor(fmax(0, licence->neq_kg)), 0, &kilograms) == NUMU_OK) {
        numu_output_fill_two(
            out, NUMU_WORD_licence_at_limit, numu_argument_integer(kilograms),
            numu_argument_string(licence->limits->rules.set.hazard[licence->hazard]));
    }
    numu_output_raw(out, "</p><table><tr><th class=\"n\">#</th>");
    write_head_cell(out, NUMU_WORD_licence_site_name, false);
    write_head_cell(out, NUMU_WORD_licence_kind, false);
    write_head_cell(out, NUMU_WORD_licence_people, true);
    write_head_cell(out, NUMU_WORD_licence_actual, true);
    write_head_cell(out, NUMU_WORD_licence_required, true);
    write_head_cell(out, NUMU_WORD_licence_allows, true);
    write_head_cell(out, NUMU_WORD_licence_clause, false);
    numu_output_raw(out, "</tr>\n");
    for (size_t i = 0; i < licence->count; i++) {
        write_site(licence, i);
    }
    numu_output_raw(out, "</table>");
}

static bool rests_on(const struct site *site, numu_row row) {
    return site->bound->answer.substitute_hazard == row ||
           site->bound->answer.substitute_kind == row;
}

/* Each substitute that a distance rests on, once. */
static bool write_substitutes(struct licence *licence) {
    struct numu_output *out = &licence->out;
    const struct numu_ruleset *set = &licence->limits->rules.set;
    bool has_any = false;
    for (numu_row row = 0; row < set->row_count; row++) {
        bool is_used = false;
        for (size_t i = 0; i < licence->count && !is_used; i++) {
            is_used = rests_on(&licence->site[i], row);
        }
        if (is_used) {
            has_any = true;
            numu_output_raw(out, "<li>");
            numu_output_word(out, NUMU_WORD_storage_substitute);
            numu_output_word(out, NUMU_WORD_colon);
            numu_output_text(out, set->row[row].citation);
            numu_output_raw(out, "</li>\n");
        }
    }
    return has_any;
}

/* The earliest day on which a limit granted to the storehouse ends; NUMU_NO_DAY = none ends. */
static numu_day granted_until(const struct licence *licence) {
    const struct numu_table_limit *table = &licence->model->limit;
    numu_day earliest = NUMU_NO_DAY;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->storehouse[row] == licence->storehouse && table->ends[row] != NUMU_NO_DAY &&
            (earliest == NUMU_NO_DAY || table->ends[row] < earliest)) {
            earliest = table->ends[row];
        }
    }
    return earliest;
}

/* What a person fills in and signs. */
static void write_signature(struct licence *licence) {
    struct numu_output *out = &licence->out;
    numu_day until = granted_until(licence);
    numu_output_raw(out, "<table class=\"sign\"><tr><th>");
    numu_output_word(out, NUMU_WORD_licence_reviewer);
    numu_output_raw(out, "</th><td></td></tr><tr><th>");
    numu_output_word(out, NUMU_WORD_licence_expiry);
    numu_output_raw(out, "</th><td>");
    if (until != NUMU_NO_DAY) {
        numu_output_day(out, until);
    }
    numu_output_raw(out, "</td></tr></table>");
}

static void write_conditions(struct licence *licence) {
    struct numu_output *out = &licence->out;
    const struct numu_table_limit *table = &licence->model->limit;
    numu_output_raw(out, "<h2>");
    numu_output_word(out, NUMU_WORD_licence_conditions);
    numu_output_raw(out, "</h2><ul>");
    bool has_any = write_substitutes(licence);
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->storehouse[row] != licence->storehouse) {
            continue;
        }
        struct numu_argument arguments[NUMU_ARGUMENTS_MAX] = {
            numu_argument_text(table->hazard_division[row]),
            numu_argument_number(table->neq_kg[row], NUMU_DECIMAL_DECIMALS),
            numu_argument_text(table->conditions[row])};
        has_any = true;
        numu_output_raw(out, "<li>");
        numu_output_pattern(
            out, numu_text_of(numu_word_text(out->language, NUMU_WORD_licence_granted_line)),
            arguments);
        if (table->risk_accepted_by[row].length > 0) {
            numu_output_raw(out, "; ");
            numu_output_fill(out, NUMU_WORD_licence_accepted_by,
                             numu_argument_text(table->risk_accepted_by[row]));
        }
        numu_output_raw(out, "</li>\n");
    }
    if (!has_any) {
        numu_output_raw(out, "<li>");
        numu_output_word(out, NUMU_WORD_licence_none);
        numu_output_raw(out, "</li>");
    }
    numu_output_raw(out, "</ul>");
    write_signature(licence);
}

static const char style[] =
    "body{font:14px/1.45 system-ui,sans-serif;margin:24px auto;max-width:900px;padding:0 16px;"
    "color:#1b1f23;background:#fff}h1{font-size:22px}h2{font-size:16px;margin:22px 0 6px}"
    ".not{border:4px solid #a4161a;color:#a4161a;font-size:26px;font-weight:700;text-align:center;"
    "padding:10px;letter-spacing:1px}.why{text-align:center;margin:4px 0 16px}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #c8ccd0;padding:4px 8px;"
    "text-align:left;vertical-align:top}th{background:#f2f4f6;font-weight:600}.n{text-align:right}"
    ".facts{width:auto}tr.bad td{background:#fbe3e4}.sign th{width:50%}.sign td{height:34px}"
    "figure{margin:0}svg{width:100%;max-width:560px;display:block;margin:0 auto}"
    "svg text{font:12px system-ui,sans-serif;fill:#1b1f23}svg text.small{font-size:10px}"
    ".arc{fill:none;stroke:#1f5fa8;stroke-width:1.2;stroke-dasharray:5 4}"
    ".site{fill:#2f7d4f}.near{fill:#a4161a}.house{fill:#fff;stroke:#1b1f23;stroke-width:2}"
    ".axis{fill:none;stroke:#1b1f23;stroke-width:1.5}"
    "@media print{body{margin:0;max-width:none;font-size:11px}.not{font-size:20px}"
    "svg{max-width:360px}}";

static void write_page(struct licence *licence) {
    struct numu_output *out = &licence->out;
    const struct numu_argument id =
        numu_argument_text(licence->model->storehouse.id[licence->storehouse]);
    numu_output_printf(out,
                       "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>",
                       numu_language_code(out->language));
    numu_output_fill(out, NUMU_WORD_licence_title, id);
    numu_output_raw(out, "</title><style>");
    numu_output_raw(out, style);
    numu_output_raw(out, "</style></head><body>\n<h1>");
    numu_output_fill(out, NUMU_WORD_licence_title, id);
    numu_output_raw(out, "</h1>\n<p class=\"not\">");
    numu_output_word(out, NUMU_WORD_licence_not_certified);
    numu_output_raw(out, "</p><p class=\"why\">");
    numu_output_word(out, NUMU_WORD_licence_why);
    numu_output_raw(out, "</p>\n");
    write_facts(licence);
    write_limits(licence);
    write_sites(licence);
    if (licence->count > 0) {
        write_plan(licence);
    }
    write_conditions(licence);
    numu_output_raw(out, "</body></html>\n");
}

/* --- CSV --- */

/*
 * What is allowed is never rounded up, what is required never down: but for what a double does to a
 * round figure.
 */
static double thousandth_down(double value) {
    const double nearly = 1e-6;
    return floor(value * 1000 + nearly) / 1000;
}

static numu_status write_csv_site(struct numu_fields *fields, const struct licence *licence,
                                  size_t index) {
    const struct numu_ruleset *set = &licence->limits->rules.set;
    const struct site *site = &licence->site[index];
    const struct numu_limit_bound *bound = site->bound;
    const struct numu_distance_rule *rule = bound->answer.rule;
    bool is_determined = site->required_m >= 0;
    numu_fields_text(fields, licence->model->storehouse.id[licence->storehouse]);
    numu_fields_string(fields, set->hazard[licence->hazard]);
    numu_fields_real(fields, thousandth_down(licence->neq_kg), 3);
    numu_fields_integer(fields, (int64_t)index + 1);
    numu_fields_text(fields, name_of(licence, bound));
    numu_fields_string(fields, set->kind[bound->kind]);
    numu_fields_boolean(fields, bound->is_barricaded);
    numu_fields_real(fields, thousandth_down(bound->distance_m), 3);
    numu_fields_real(fields, is_determined ? -thousandth_down(-site->required_m) : NAN, 3);
    numu_fields_real(fields, thousandth_down(bound->neq_kg), 3);
    numu_fields_text(fields, rule == NULL ? (struct numu_text){NULL, 0} : rule->citation);
    return numu_fields_end(fields);
}

static numu_status write_csv(const struct licence *licence, struct numu_buffer *buffer) {
    struct numu_fields fields;
    NUMU_TRY(numu_buffer_append_string(
        buffer, "storehouse,hazard_division,neq_kg,number,site,kind,barricaded,actual_m,"
                "required_m,allows_kg,clause\n"));
    numu_fields_init(&fields, buffer);
    for (size_t i = 0; i < licence->count; i++) {
        NUMU_TRY(write_csv_site(&fields, licence, i));
    }
    return NUMU_OK;
}

numu_status numu_view_storage_licence(struct numu_buffer *buffer, struct numu_arena *scratch,
                                      const struct numu_model *model,
                                      const struct numu_storage_limits *limits, numu_row storehouse,
                                      numu_language language, bool is_csv) {
    struct licence licence = {.model = model, .limits = limits, .storehouse = storehouse};
    NUMU_TRY(collect(&licence, scratch));
    if (is_csv) {
        return write_csv(&licence, buffer);
    }
    numu_output_init(&licence.out, buffer, language, true);
    write_page(&licence);
    return numu_output_finish(&licence.out);
}
