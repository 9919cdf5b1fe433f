/*
 * uncertainty.c - rows of activity, mode, risk, risk_on and correlation as laws.
 */
#include "programme/uncertainty.h"

#include <math.h>
#include <string.h>

static double value_of(int64_t number, int decimals, double otherwise) {
    return number == NUMU_NO_NUMBER ? otherwise : numu_number_to_double(number, decimals);
}

static double decimal_of(numu_decimal number, double otherwise) {
    return value_of(number, NUMU_DECIMAL_DECIMALS, otherwise);
}

/* --- activities --- */

struct points {
    double low, likely, high;
    bool has_range;
};

static struct points points_of(numu_decimal low, numu_decimal likely, numu_decimal high) {
    double middle = decimal_of(likely, 0);
    return (struct points){decimal_of(low, middle), middle, decimal_of(high, middle),
                           low != NUMU_NO_NUMBER || high != NUMU_NO_NUMBER};
}

static numu_law_kind kind_of(uint8_t distribution, bool has_range) {
    switch ((numu_distribution)distribution) {
    case numu_distribution_fixed:
        return NUMU_LAW_FIXED;
    case numu_distribution_triangular:
        return NUMU_LAW_TRIANGULAR;
    case numu_distribution_lognormal:
        return NUMU_LAW_LOGNORMAL;
    case numu_distribution_uniform:
        return NUMU_LAW_UNIFORM;
    default:
        return has_range ? NUMU_LAW_PERT : NUMU_LAW_FIXED;
    }
}

static bool reads_quantiles(const struct numu_model *model) {
    return model->package.three_point[0] == numu_three_point_p10_p90;
}

static void set_activity(const struct numu_model *model, const struct numu_project *project,
                         numu_row a, uint32_t mode, struct numu_uncertainty *out) {
    const struct numu_table_activity *table = &model->activity;
    numu_row row = project->mode_row[mode];
    struct points points =
        row == NUMU_NONE
            ? points_of(table->low[a], table->likely[a], table->high[a])
            : points_of(model->mode.low[row], model->mode.likely[row], model->mode.high[row]);
    double share = decimal_of(table->time_share[a], 0);
    double cost = isnan(project->cost[mode]) ? 0 : project->cost[mode];
    out->law[a] = numu_law_of(kind_of(table->distribution[a], points.has_range), points.low,
                              points.likely, points.high, reads_quantiles(model));
    if (project->state[a] == NUMU_ACTIVITY_FINISHED || points.likely <= 0) {
        out->law[a] = numu_law_fixed(project->duration[mode]);
        out->cost[a] = cost;
        return;
    }
    double left = 1;
    if (project->state[a] == NUMU_ACTIVITY_STARTED) {
        left = project->duration[mode] / points.likely;
        out->law[a] = numu_law_scaled(&out->law[a], left);
    }
    out->cost_a_period[a] = cost * share / points.likely;
    out->cost[a] = cost * (1 - share) + cost * share * fmax(0, 1 - left);
}

/* --- risks --- */

static struct numu_law impact(double low, double likely, double high, double none,
                              bool are_quantiles) {
    if (isnan(low) && isnan(likely) && isnan(high)) {
        return numu_law_fixed(none);
    }
    if (isnan(likely)) {
        likely = isnan(low) ? high : isnan(high) ? low : (low + high) / 2;
    }
    return numu_law_of(NUMU_LAW_TRIANGULAR, isnan(low) ? likely : low, likely,
                       isnan(high) ? likely : high, are_quantiles);
}

static double risk_money(const struct numu_model *model, numu_row risk, numu_money money) {
    return money == NUMU_NO_NUMBER
               ? (double)NAN
               : numu_model_money_value(model, money, model->risk.currency[risk],
                                        numu_model_start_month(model));
}

static void set_risk(const struct numu_model *model, numu_row r, struct numu_uncertainty *out) {
    const struct numu_table_risk *risk = &model->risk;
    const double none = (double)NAN;
    bool are_quantiles = reads_quantiles(model);
    out->probability[r] = decimal_of(risk->probability[r], 0);
    out->factor[r] = impact(decimal_of(risk->low[r], none), decimal_of(risk->likely[r], none),
                            decimal_of(risk->high[r], none), 1, are_quantiles);
    out->delay[r] =
        impact(decimal_of(risk->delay_low[r], none), decimal_of(risk->delay_likely[r], none),
               decimal_of(risk->delay_high[r], none), 0, are_quantiles);
    out->risk_cost[r] =
        impact(risk_money(model, r, risk->cost_low[r]), risk_money(model, r, risk->cost_likely[r]),
               risk_money(model, r, risk->cost_high[r]), 0, are_quantiles);
}

/*
 * Risks by activity, a counting sort. On finished work a risk has no effect; a pair that stands
 * twice counts once.
 */
static numu_status list_risks(const struct numu_model *model, const struct numu_project *project,
                              struct numu_arena *arena, struct numu_uncertainty *out) {
    const struct numu_table_risk_on *on = &model->risk_on;
    struct numu_arena_mark mark = numu_arena_mark(arena);
    uint32_t *place; /* by activity: where its next risk goes, and one more */
    NUMU_TRY(NUMU_TAKE(arena, &place, (size_t)out->activity_count + 1));
    for (numu_row row = 0; row < on->head.count; row++) {
        place[on->activity[row] + 1]++;
    }
    for (uint32_t a = 0; a < out->activity_count; a++) {
        place[a + 1] += place[a];
        out->first_on[a] = place[a];
    }
    for (numu_row row = 0; row < on->head.count; row++) {
        out->on[place[on->activity[row]]++] = on->risk[row];
    }
    uint32_t count = 0;
    for (uint32_t a = 0; a < out->activity_count; a++) {
        uint32_t from = out->first_on[a];
        uint32_t to = project->state[a] == NUMU_ACTIVITY_FINISHED ? from : place[a];
        out->first_on[a] = count;
        for (uint32_t i = from; i < to; i++) {
            bool is_known = false;
            for (uint32_t k = out->first_on[a]; k < count; k++) {
                is_known = is_known || out->on[k] == out->on[i];
            }
            if (!is_known) {
                out->on[count++] = out->on[i];
            }
        }
    }
    out->first_on[out->activity_count] = count;
    numu_arena_rewind(arena, mark);
    return NUMU_OK;
}

/* --- correlations --- */

static numu_status correlate(const struct numu_model *model, struct numu_arena *arena,
                             struct numu_uncertainty *out, double *out_repair) {
    const struct numu_table_correlation *table = &model->correlation;
    uint32_t *place; /* by activity: 1 + its place in the matrix */
    uint32_t *members;
    double *matrix;
    uint32_t n = 0;
    NUMU_TRY(NUMU_TAKE(arena, &place, out->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &members, out->activity_count));
    for (numu_row row = 0; row < table->head.count; row++) {
        const numu_row ends[2] = {table->a[row], table->b[row]};
        bool varies = out->law[ends[0]].kind != NUMU_LAW_FIXED &&
                      out->law[ends[1]].kind != NUMU_LAW_FIXED && ends[0] != ends[1];
        for (int i = 0; i < 2 && varies; i++) {
            if (place[ends[i]] == 0) {
                members[n++] = ends[i];
                place[ends[i]] = n;
            }
        }
    }
    NUMU_TRY(NUMU_TAKE(arena, &matrix, (size_t)n * n));
    for (size_t i = 0; i < n; i++) {
        matrix[i * n + i] = 1;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        size_t a = place[table->a[row]];
        size_t b = place[table->b[row]];
        if (a > 0 && b > 0 && a != b) {
            matrix[(a - 1) * n + b - 1] = decimal_of(table->coefficient[row], 0);
            matrix[(b - 1) * n + a - 1] = matrix[(a - 1) * n + b - 1];
        }
    }
    return numu_uncertainty_correlate(out, arena, members, n, matrix, out_repair);
}

/* --- the whole --- */

numu_status numu_uncertainty_build(const struct numu_model *model,
                                   const struct numu_project *project, const uint32_t *mode,
                                   struct numu_arena *arena, struct numu_uncertainty *out,
                                   double *out_repair) {
    numu_assert(project->activity_count == model->activity.head.count);
    NUMU_TRY(numu_uncertainty_take(arena, project->activity_count, model->risk.head.count,
                                   model->risk_on.head.count, out));
    out->id = model->activity.id;
    out->risk_id = model->risk.id;
    for (numu_row a = 0; a < project->activity_count; a++) {
        set_activity(model, project, a, mode == NULL ? project->first_mode[a] : mode[a], out);
    }
    for (numu_row r = 0; r < out->risk_count; r++) {
        set_risk(model, r, out);
    }
    NUMU_TRY(list_risks(model, project, arena, out));
    numu_uncertainty_order(out);
    return correlate(model, arena, out, out_repair);
}
