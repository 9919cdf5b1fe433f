/*
 * sample.c - Latin hypercubes, the copula, risks.
 */
#include "programme/sample.h"

#include "base/map.h"
#include "base/parallel.h"
#include "base/random.h"
#include "model/correlation.h"

#include <math.h>
#include <string.h>

/* What a stream of random numbers is for. */
enum purpose { FOR_BASE = 1, FOR_NORMAL, FOR_HAPPENS, FOR_FACTOR, FOR_DELAY, FOR_COST };

/* Longest duration that is kept, in periods. */
static const float duration_max = 1 << 22;

/* --- what is uncertain --- */

numu_status numu_uncertainty_take(struct numu_arena *arena, uint32_t activity_count,
                                  uint32_t risk_count, uint32_t on_count,
                                  struct numu_uncertainty *out) {
    *out = (struct numu_uncertainty){.activity_count = activity_count, .risk_count = risk_count};
    NUMU_TRY(NUMU_TAKE(arena, &out->law, activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->cost, activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->cost_a_period, activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->first_on, (size_t)activity_count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &out->on, on_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->by_id, activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->probability, risk_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->factor, risk_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->delay, risk_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->risk_cost, risk_count));
    for (uint32_t risk = 0; risk < risk_count; risk++) {
        out->factor[risk] = numu_law_fixed(1);
    }
    return NUMU_OK;
}

/* Sorts rows by their ids; lists are short or sorted once. */
static void sort_rows(uint32_t *rows, size_t count, const struct numu_text *id) {
    for (size_t gap = count / 2; gap > 0; gap /= 2) { /* D. L. Shell, CACM 2(7), 1959 */
        for (size_t i = gap; i < count; i++) {
            uint32_t row = rows[i];
            size_t place = i;
            for (; place >= gap && numu_text_compare(id[rows[place - gap]], id[row]) > 0;
                 place -= gap) {
                rows[place] = rows[place - gap];
            }
            rows[place] = row;
        }
    }
}

void numu_uncertainty_order(struct numu_uncertainty *uncertainty) {
    for (uint32_t a = 0; a < uncertainty->activity_count; a++) {
        uint32_t first = uncertainty->first_on[a];
        uncertainty->by_id[a] = a;
        sort_rows(uncertainty->on + first, uncertainty->first_on[a + 1] - first,
                  uncertainty->risk_id);
    }
    sort_rows(uncertainty->by_id, uncertainty->activity_count, uncertainty->id);
}

/* The lower root of a matrix that may be singular: a pivot of nothing gives a column of zeros. */
static void take_root(const double *matrix, uint32_t count, double *root) {
    size_t n = count;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = matrix[i * n + j];
            for (size_t k = 0; k < j; k++) {
                sum -= root[i * n + k] * root[j * n + k];
            }
            if (i == j) {
                root[i * n + i] = sum > 1e-12 ? sqrt(sum) : 0;
            } else {
                root[i * n + j] = root[j * n + j] > 0 ? sum / root[j * n + j] : 0;
            }
        }
    }
}

numu_status numu_uncertainty_correlate(struct numu_uncertainty *uncertainty,
                                       struct numu_arena *arena, const uint32_t *activities,
                                       uint32_t n, const double *rank_correlation,
                                       double *out_change) {
    const double pi = 3.14159265358979323846;
    size_t size = (size_t)n * n;
    double change = 0;
    double *root;
    uint32_t *sorted;
    NUMU_TRY(NUMU_TAKE(arena, &root, size));
    NUMU_TRY(NUMU_TAKE(arena, &sorted, n));
    struct numu_arena_mark mark = numu_arena_mark(arena);
    double *normal;
    double *scratch;
    uint32_t *place; /* by activity */
    NUMU_TRY(NUMU_TAKE(arena, &normal, size));
    NUMU_TRY(NUMU_TAKE(arena, &scratch, size));
    NUMU_TRY(NUMU_TAKE(arena, &place, uncertainty->activity_count));
    for (uint32_t i = 0; i < n; i++) {
        place[activities[i]] = i;
        sorted[i] = activities[i];
    }
    sort_rows(sorted, n, uncertainty->id);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            double rho = rank_correlation[(size_t)place[sorted[i]] * n + place[sorted[j]]];
            normal[i * n + j] = i == j ? 1 : 2 * sin(pi * rho / 6);
        }
    }
    if (!numu_correlation_is_possible(normal, n, scratch)) {
        memcpy(root, normal, size * sizeof *root);
        NUMU_TRY(numu_correlation_nearest(arena, normal, n, true));
        for (size_t i = 0; i < size; i++) {
            change = fmax(change, fabs(asin(normal[i] / 2) - asin(root[i] / 2)) * 6 / pi);
        }
        memset(root, 0, size * sizeof *root);
    }
    take_root(normal, n, root);
    numu_arena_rewind(arena, mark);
    uncertainty->correlated = sorted;
    uncertainty->correlated_count = n;
    uncertainty->root = root;
    *out_change = change;
    return NUMU_OK;
}

/* --- the sampler --- */

/* Laws that differ; work of many activities often has the same few. */
struct law_list {
    struct numu_map map;
    struct numu_text *key;
    struct law_key {
        double kind, low, mode, high, mu, sigma;
    } * value; /* what keys are made of */
    const struct numu_law **law;
    uint32_t count;
};

static numu_status take_laws(struct law_list *list, struct numu_arena *arena, size_t count) {
    NUMU_TRY(NUMU_TAKE(arena, &list->key, count));
    NUMU_TRY(NUMU_TAKE(arena, &list->value, count));
    NUMU_TRY(NUMU_TAKE(arena, &list->law, count));
    return numu_map_init(&list->map, arena, list->key, count);
}

/* The number of the table that a law will have. */
static uint32_t add_law(struct law_list *list, const struct numu_law *law) {
    uint32_t next = list->count;
    if (law->kind == NUMU_LAW_FIXED) {
        return NUMU_NONE;
    }
    list->value[next] =
        (struct law_key){law->kind, law->low, law->mode, law->high, law->mu, law->sigma};
    list->key[next] =
        (struct numu_text){(const char *)&list->value[next], sizeof list->value[next]};
    list->law[next] = law;
    numu_row same = numu_map_add(&list->map, next);
    list->count += same == NUMU_NONE;
    return same == NUMU_NONE ? next : same;
}

struct table_filling {
    const struct law_list *list;
    struct numu_law_table *tables;
};

static numu_status fill_table(void *data, size_t index, unsigned worker) {
    const struct table_filling *filling = data;
    (void)worker;
    numu_law_table_init(&filling->tables[index], filling->list->law[index]);
    return NUMU_OK;
}

static numu_status fill_tables(struct numu_sampler *sampler, const struct numu_context *context,
                               struct numu_arena *arena, const struct law_list *list) {
    struct table_filling filling = {.list = list};
    NUMU_TRY(NUMU_TAKE(arena, &filling.tables, list->count));
    sampler->tables = filling.tables;
    return numu_parallel_for(context, list->count, fill_table, &filling);
}

static uint64_t stream_of(struct numu_text id) {
    return numu_hash_bytes(id.data, id.length, 0);
}

numu_status numu_sampler_init(struct numu_sampler *sampler, const struct numu_context *context,
                              struct numu_arena *arena, const struct numu_uncertainty *uncertainty,
                              const numu_period *fixed) {
    uint32_t activities = uncertainty->activity_count;
    uint32_t risks = uncertainty->risk_count;
    struct law_list laws = {.count = 0};
    *sampler =
        (struct numu_sampler){.uncertainty = uncertainty, .fixed = fixed, .seed = context->seed};
    NUMU_TRY(NUMU_TAKE(arena, &sampler->activity_stream, activities));
    NUMU_TRY(NUMU_TAKE(arena, &sampler->risk_stream, risks));
    NUMU_TRY(NUMU_TAKE(arena, &sampler->activity_table, activities));
    NUMU_TRY(NUMU_TAKE(arena, &sampler->correlated_place, activities));
    NUMU_TRY(NUMU_TAKE(arena, &sampler->factor_table, risks));
    NUMU_TRY(NUMU_TAKE(arena, &sampler->delay_table, risks));
    NUMU_TRY(NUMU_TAKE(arena, &sampler->cost_table, risks));
    NUMU_TRY(take_laws(&laws, arena, (size_t)activities + 3 * (size_t)risks));
    for (uint32_t a = 0; a < activities; a++) {
        sampler->activity_stream[a] = stream_of(uncertainty->id[a]);
        sampler->activity_table[a] = add_law(&laws, &uncertainty->law[a]);
        sampler->correlated_place[a] = NUMU_NONE;
    }
    for (uint32_t risk = 0; risk < risks; risk++) {
        sampler->risk_stream[risk] = stream_of(uncertainty->risk_id[risk]);
        sampler->factor_table[risk] = add_law(&laws, &uncertainty->factor[risk]);
        sampler->delay_table[risk] = add_law(&laws, &uncertainty->delay[risk]);
        sampler->cost_table[risk] = add_law(&laws, &uncertainty->risk_cost[risk]);
    }
    for (uint32_t i = 0; i < uncertainty->correlated_count; i++) {
        sampler->correlated_place[uncertainty->correlated[i]] = i;
    }
    return fill_tables(sampler, context, arena, &laws);
}

numu_status numu_draw_take(const struct numu_sampler *sampler, struct numu_arena *arena,
                           uint32_t count, uint32_t stride, struct numu_draw *out) {
    const struct numu_uncertainty *uncertainty = sampler->uncertainty;
    size_t activity_cells = (size_t)uncertainty->activity_count * stride;
    size_t risk_cells = (size_t)uncertainty->risk_count * stride;
    *out = (struct numu_draw){.count = count, .stride = stride};
    NUMU_TRY(NUMU_TAKE(arena, &out->base, activity_cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->duration, activity_cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->factor, risk_cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->delay, risk_cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->risk_cost, risk_cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->happens, risk_cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->cost, stride));
    NUMU_TRY(NUMU_TAKE(arena, &out->unit, stride));
    NUMU_TRY(NUMU_TAKE(arena, &out->normal, (size_t)uncertainty->correlated_count * stride));
    NUMU_TRY(NUMU_TAKE(arena, &out->keys, stride));
    return NUMU_TAKE(arena, &out->scratch, stride);
}

/* --- drawing --- */

static void start_stream(const struct numu_sampler *sampler, struct numu_random *random,
                         uint64_t stream, enum purpose purpose, uint64_t number) {
    const uint64_t key[3] = {stream, purpose, number};
    numu_random_init(random, sampler->seed, numu_hash_bytes(key, sizeof key, 0));
}

/*
 * One number from each stratum, in random order (R. A. Fisher, F. Yates; R. Durstenfeld, CACM 7(7),
 * 1964). A place below n <= 2^20 is taken as 32 bits × n / 2^32, off by less than n / 2^32; the
 * other 32 bits place the number in its stratum.
 */
static void draw_strata(struct numu_random *random, uint32_t count, float *out) {
    double width = 1.0 / count;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t bits = numu_random_next(random);
        uint32_t place = (uint32_t)((bits >> 32) * (i + UINT64_C(1)) >> 32);
        double jitter = ((double)(bits & UINT32_MAX) + 0.5) * 0x1p-32;
        out[i] = out[place];
        out[place] = (float)((i + jitter) * width);
    }
}

/* Independent normals: G. E. P. Box, M. E. Muller, Annals of Math. Statistics 29(2), 1958. */
static void draw_normals(struct numu_random *random, uint32_t count, float *out) {
    for (uint32_t i = 0; i < count; i++) {
        double radius = sqrt(-2 * log(1 - numu_random_unit(random)));
        double angle = 2 * 3.14159265358979323846 * numu_random_unit(random);
        out[i] = (float)(radius * cos(angle));
        if (++i < count) {
            out[i] = (float)(radius * sin(angle));
        }
    }
}

/* Replaces normals by numbers in (0, 1), one from each stratum, in the order of the normals. */
static void strata_by_rank(struct numu_random *random, struct numu_draw *draw, float *row) {
    enum { DIGITS = 256 };
    uint64_t *from = draw->keys;
    uint64_t *to = draw->scratch;
    for (uint32_t i = 0; i < draw->count; i++) {
        uint32_t bits;
        memcpy(&bits, &row[i], sizeof bits);
        uint32_t key = bits >> 31 == 0 ? bits | UINT32_C(0x80000000) : ~bits;
        from[i] = (uint64_t)key << 32 | i;
    }
    for (int shift = 32; shift < 64; shift += 8) {
        uint32_t place[DIGITS + 1] = {0};
        for (uint32_t i = 0; i < draw->count; i++) {
            place[(from[i] >> shift & 255) + 1]++;
        }
        for (int digit = 0; digit < DIGITS; digit++) {
            place[digit + 1] += place[digit];
        }
        for (uint32_t i = 0; i < draw->count; i++) {
            to[place[from[i] >> shift & 255]++] = from[i];
        }
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    for (uint32_t rank = 0; rank < draw->count; rank++) {
        row[from[rank] & UINT32_MAX] = (float)((rank + numu_random_unit(random)) / draw->count);
    }
}

/* Rows of draw->normal become correlated numbers in (0, 1). */
static void draw_copula(const struct numu_sampler *sampler, uint64_t number,
                        struct numu_draw *draw) {
    const struct numu_uncertainty *uncertainty = sampler->uncertainty;
    size_t n = uncertainty->correlated_count;
    struct numu_random random;
    for (size_t i = 0; i < n; i++) {
        uint64_t stream = sampler->activity_stream[uncertainty->correlated[i]];
        start_stream(sampler, &random, stream, FOR_NORMAL, number);
        draw_normals(&random, draw->count, draw->normal + i * draw->stride);
    }
    for (size_t i = n; i-- > 0;) { /* downwards: a row needs those above it as they were drawn */
        float *row = draw->normal + i * draw->stride;
        float own = (float)uncertainty->root[i * n + i];
        for (uint32_t s = 0; s < draw->count; s++) {
            row[s] *= own;
        }
        for (size_t j = 0; j < i; j++) {
            const float *above = draw->normal + j * draw->stride;
            float weight = (float)uncertainty->root[i * n + j];
            for (uint32_t s = 0; s < draw->count && weight != 0; s++) {
                row[s] += weight * above[s];
            }
        }
        uint64_t stream = sampler->activity_stream[uncertainty->correlated[i]];
        start_stream(sampler, &random, stream, FOR_BASE, number);
        strata_by_rank(&random, draw, row);
    }
}

static void values_of(const struct numu_law_table *table, const float *unit, uint32_t count,
                      float *out) {
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (float)numu_law_table_quantile(table, (double)unit[i]);
    }
}

static void draw_base(const struct numu_sampler *sampler, uint64_t number, uint32_t activity,
                      struct numu_draw *draw) {
    struct numu_random random;
    float *row = draw->base + (size_t)activity * draw->stride;
    uint32_t table = sampler->activity_table[activity];
    uint32_t place = sampler->correlated_place[activity];
    if (table == NUMU_NONE) {
        for (uint32_t i = 0; i < draw->count; i++) {
            row[i] = (float)sampler->fixed[activity];
        }
        return;
    }
    const float *unit = draw->unit;
    if (place != NUMU_NONE) {
        unit = draw->normal + (size_t)place * draw->stride;
    } else {
        start_stream(sampler, &random, sampler->activity_stream[activity], FOR_BASE, number);
        draw_strata(&random, draw->count, draw->unit);
    }
    values_of(&sampler->tables[table], unit, draw->count, row);
}

/* Draws `row` where the risk happens; `otherwise` elsewhere. */
static void draw_effect(const struct numu_sampler *sampler, uint64_t number, uint32_t risk,
                        enum purpose purpose, uint32_t table, double fixed, float otherwise,
                        struct numu_draw *draw, float *row) {
    const uint8_t *happens = draw->happens + (size_t)risk * draw->stride;
    struct numu_random random;
    if (table != NUMU_NONE) {
        start_stream(sampler, &random, sampler->risk_stream[risk], purpose, number);
        draw_strata(&random, draw->count, draw->unit);
    }
    for (uint32_t i = 0; i < draw->count; i++) {
        row[i] = happens[i] == 0      ? otherwise
                 : table == NUMU_NONE ? (float)fixed
                                      : (float)numu_law_table_quantile(&sampler->tables[table],
                                                                       (double)draw->unit[i]);
    }
}

static void draw_risk(const struct numu_sampler *sampler, uint64_t number, uint32_t risk,
                      struct numu_draw *draw) {
    const struct numu_uncertainty *uncertainty = sampler->uncertainty;
    size_t at = (size_t)risk * draw->stride;
    uint8_t *happens = draw->happens + at;
    struct numu_random random;
    start_stream(sampler, &random, sampler->risk_stream[risk], FOR_HAPPENS, number);
    draw_strata(&random, draw->count, draw->unit);
    for (uint32_t i = 0; i < draw->count; i++) {
        happens[i] = uncertainty->probability[risk] >= 1 ||
                     (double)draw->unit[i] < uncertainty->probability[risk];
    }
    draw_effect(sampler, number, risk, FOR_FACTOR, sampler->factor_table[risk],
                uncertainty->factor[risk].mode, 1, draw, draw->factor + at);
    draw_effect(sampler, number, risk, FOR_DELAY, sampler->delay_table[risk],
                uncertainty->delay[risk].mode, 0, draw, draw->delay + at);
    draw_effect(sampler, number, risk, FOR_COST, sampler->cost_table[risk],
                uncertainty->risk_cost[risk].mode, 0, draw, draw->risk_cost + at);
}

/* --- durations and cost --- */

void numu_draw_durations(const struct numu_sampler *sampler, const struct numu_draw *draw,
                         uint32_t activity, uint32_t without, numu_period *out) {
    const struct numu_uncertainty *uncertainty = sampler->uncertainty;
    enum { PIECE = 64 };
    float value[PIECE];
    const float *base = draw->base + (size_t)activity * draw->stride;
    for (uint32_t from = 0; from < draw->count; from += PIECE) {
        uint32_t n = draw->count - from < PIECE ? draw->count - from : PIECE;
        memcpy(value, base + from, n * sizeof *value);
        for (uint32_t k = uncertainty->first_on[activity]; k < uncertainty->first_on[activity + 1];
             k++) {
            const float *factor = draw->factor + (size_t)uncertainty->on[k] * draw->stride + from;
            for (uint32_t i = 0; i < n && uncertainty->on[k] != without; i++) {
                value[i] *= factor[i];
            }
        }
        for (uint32_t k = uncertainty->first_on[activity]; k < uncertainty->first_on[activity + 1];
             k++) {
            const float *delay = draw->delay + (size_t)uncertainty->on[k] * draw->stride + from;
            for (uint32_t i = 0; i < n && uncertainty->on[k] != without; i++) {
                value[i] += delay[i];
            }
        }
        for (uint32_t i = 0; i < n; i++) {
            float kept = value[i] < duration_max ? value[i] : duration_max;
            out[from + i] = (numu_period)(kept + 0.5F); /* none is below 0 */
        }
    }
    for (uint32_t i = draw->count; i < draw->stride; i++) {
        out[i] = out[draw->count - 1];
    }
}

static void sum_cost(const struct numu_sampler *sampler, struct numu_draw *draw) {
    const struct numu_uncertainty *uncertainty = sampler->uncertainty;
    enum { PIECE = 64 };
    for (uint32_t from = 0; from < draw->count; from += PIECE) {
        double sum[PIECE] = {0};
        uint32_t n = draw->count - from < PIECE ? draw->count - from : PIECE;
        for (uint32_t k = 0; k < uncertainty->activity_count; k++) {
            uint32_t a = uncertainty->by_id[k];
            const numu_period *duration = draw->duration + (size_t)a * draw->stride + from;
            for (uint32_t i = 0; i < n; i++) {
                sum[i] += uncertainty->cost[a] + uncertainty->cost_a_period[a] * duration[i];
            }
        }
        for (uint32_t risk = 0; risk < uncertainty->risk_count; risk++) {
            const float *cost = draw->risk_cost + (size_t)risk * draw->stride + from;
            for (uint32_t i = 0; i < n; i++) {
                sum[i] += (double)cost[i];
            }
        }
        for (uint32_t i = 0; i < n; i++) {
            draw->cost[from + i] = (float)sum[i];
        }
    }
}

void numu_draw_fill(const struct numu_sampler *sampler, uint64_t number, struct numu_draw *draw) {
    const struct numu_uncertainty *uncertainty = sampler->uncertainty;
    draw_copula(sampler, number, draw);
    for (uint32_t risk = 0; risk < uncertainty->risk_count; risk++) {
        draw_risk(sampler, number, risk, draw);
    }
    for (uint32_t a = 0; a < uncertainty->activity_count; a++) {
        draw_base(sampler, number, a, draw);
        numu_draw_durations(sampler, draw, a, NUMU_NONE, draw->duration + (size_t)a * draw->stride);
    }
    sum_cost(sampler, draw);
}
