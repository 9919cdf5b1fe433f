/*
 * calibration.c - whether forecasts come true, for bench/calibration.sh: real projects with a plan
 * and a record (ProTrack .p2x), each forecast from its plan and from the records of the others.
 *
 * What is forecast is the stretch: how long the project took ÷ how long it was planned to take.
 * Four forecasters:
 * - reference: the stretches of all other projects as they are (the outside view).
 * - class: activities take planned × a lognormal of their own × one of the whole project; the three
 *   figures of these come from the records of all other projects (leave one out). Dated by numu.
 * - inside: the three points that stand in the file, whoever put them there. Dated by numu.
 * - pert: the longest path with likely durations; mean and variance of its activities by the PERT
 *   formulas (a + 4 m + b) / 6 and ((b - a) / 6)², normal.
 *
 * A project counts where at least five activities are on record and nine in ten of all that has a
 * duration are finished. Its stretch is measured over those.
 */
#include "app/project.h"
#include "programme/cpm.h"
#include "programme/risk.h"
#include "programme/uncertainty.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILES_MAX = 512, SAMPLES = 4000, FORECASTERS = 4, BINS = 10 };

static const char *const forecasters[FORECASTERS] = {"class", "inside", "pert", "reference"};

struct forecast {
    double p80;     /* stretch */
    double in_time; /* probability of a stretch of at most 1 */
    double place;   /* share of the forecast that lies below what happened */
};

struct project {
    const char *path;
    double stretch;
    /* of ln(actual ÷ planned), weighted by planned durations: mean, and variance about it */
    double mean, variance, weight;
    uint32_t activities;
    struct forecast forecast[FORECASTERS];
};

static double decimal(numu_decimal value) {
    return numu_number_to_double(value, NUMU_DECIMAL_DECIMALS);
}

/* --- the record --- */

struct record {
    struct numu_exchange exchange;
    struct numu_model model;
    struct numu_calendars calendars;
    bool *is_leaf;
};

static numu_status read_record(const struct numu_context *context, const char *path,
                               struct numu_arena *arena, struct numu_report *report,
                               struct record *out) {
    struct numu_sha256 inputs;
    struct numu_sources sources;
    numu_sources_init(&sources, arena);
    NUMU_TRY(numu_app_read_exchange(context, path, &sources, arena, report, &out->exchange,
                                    &inputs));
    NUMU_TRY(numu_app_load(context, numu_text_of(path), report, &out->model));
    NUMU_TRY(numu_calendars_build(&out->model, arena, &out->calendars));
    NUMU_TRY(NUMU_TAKE(arena, &out->is_leaf, out->exchange.activity_count));
    for (uint32_t a = 0; a < out->exchange.activity_count; a++) {
        out->is_leaf[a] = true;
    }
    for (uint32_t a = 0; a < out->exchange.activity_count; a++) {
        if (out->exchange.activities[a].parent != NUMU_NONE) {
            out->is_leaf[out->exchange.activities[a].parent] = false;
        }
    }
    return NUMU_OK;
}

/* The last thing told of an activity, if that is that it is finished. */
static const struct numu_exchange_progress *finished(const struct numu_exchange *exchange,
                                                     uint32_t a) {
    const struct numu_exchange_tracking *tracking = &exchange->tracking;
    const struct numu_exchange_progress *last = NULL;
    for (uint32_t p = 0; p < tracking->period_count; p++) {
        const struct numu_exchange_progress *told =
            &tracking->progress[(size_t)p * exchange->activity_count + a];
        last = told->started != NUMU_NO_DAY ? told : last;
    }
    bool is_done = last != NULL && last->share_complete > 0.999 && last->duration > 0;
    return is_done ? last : NULL;
}

static numu_day end_of(const struct record *record, uint32_t a, numu_day start, double days) {
    numu_row row = record->exchange.activities[a].calendar;
    const struct numu_calendar *calendar = numu_calendar_get(
        &record->calendars, &record->model,
        row == NUMU_NONE || row >= record->model.calendar.head.count ? NUMU_NONE : row);
    return numu_calendar_advance(calendar, start, (int64_t)ceil(days - 1e-6));
}

struct span {
    numu_day first, last;
};

static void widen(struct span *span, numu_day start, numu_day end) {
    span->first = start < span->first ? start : span->first;
    span->last = end > span->last ? end : span->last;
}

/* Whether the project counts, and what its record says. */
static bool measure(const struct record *record, struct project *out) {
    const struct numu_exchange *exchange = &record->exchange;
    struct span planned = {INT32_MAX, INT32_MIN};
    struct span actual = planned;
    uint32_t all = 0;
    for (uint32_t a = 0; a < exchange->activity_count && exchange->tracking.period_count > 0; a++) {
        double plan = decimal(exchange->tracking.baseline_duration[a]);
        const struct numu_exchange_progress *done = finished(exchange, a);
        if (!record->is_leaf[a] || plan <= 0) {
            continue;
        }
        all++;
        if (done == NULL) {
            continue;
        }
        double ratio = log(decimal(done->duration) / plan);
        numu_day start = (numu_day)floor((double)exchange->tracking.baseline_start[a] / 1440);
        widen(&planned, start, end_of(record, a, start, plan));
        widen(&actual, done->started, end_of(record, a, done->started, decimal(done->duration)));
        out->activities++;
        out->weight += plan;
        out->mean += plan * ratio;
        out->variance += plan * ratio * ratio;
    }
    if (out->activities < 5 || out->activities < 0.9 * all || planned.last <= planned.first) {
        return false;
    }
    out->mean /= out->weight;
    out->variance = out->variance / out->weight - out->mean * out->mean;
    out->stretch = ((double)actual.last - actual.first) / ((double)planned.last - planned.first);
    return true;
}

/* --- forecasts --- */

struct class_figures {
    double mu, tau; /* of projects */
    double sigma;   /* of activities within one */
};

static struct class_figures learn(const struct project *projects, int count, int without) {
    double sum = 0;
    double squares = 0;
    double within = 0;
    int n = 0;
    for (int i = 0; i < count; i++) {
        if (i != without) {
            sum += projects[i].mean;
            squares += projects[i].mean * projects[i].mean;
            within += projects[i].variance;
            n++;
        }
    }
    double mu = sum / n;
    return (struct class_figures){mu, sqrt(fmax(0, (squares - n * mu * mu) / (n - 1))),
                                  sqrt(within / n)};
}

static struct numu_law lognormal(double mu, double sigma) {
    if (sigma <= 0) {
        return numu_law_fixed(exp(mu));
    }
    return (struct numu_law){.kind = NUMU_LAW_LOGNORMAL,
                             .mu = mu,
                             .sigma = sigma,
                             .mode = exp(mu),
                             .high = exp(mu + 6 * sigma)};
}

static numu_status class_uncertainty(const struct record *record, const struct class_figures *class,
                                     struct numu_arena *arena, struct numu_uncertainty *out) {
    static const struct numu_text risk = {"class", 5};
    uint32_t count = record->model.activity.head.count;
    NUMU_TRY(numu_uncertainty_take(arena, count, 1, count, out));
    out->id = record->model.activity.id;
    out->risk_id = &risk;
    out->probability[0] = 1;
    out->factor[0] = lognormal(class->mu, class->tau);
    for (uint32_t a = 0; a < count; a++) {
        double likely = decimal(record->model.activity.likely[a]);
        out->law[a] = likely > 0 ? lognormal(log(likely), class->sigma) : numu_law_fixed(0);
        out->first_on[a] = a;
        out->on[a] = 0;
    }
    out->first_on[count] = count;
    numu_uncertainty_order(out);
    return NUMU_OK;
}

static numu_status forecast_by_numu(const struct numu_context *context,
                                    const struct record *record,
                                    const struct numu_project *project,
                                    const struct numu_uncertainty *uncertainty, double stretch,
                                    struct numu_arena *arena, struct forecast *out) {
    const struct numu_risk_problem problem = {.project = project,
                                              .uncertainty = uncertainty,
                                              .calendars = record->calendars.list,
                                              .deadline_limit = NUMU_NO_PERIOD};
    const struct numu_risk_options options = {
        .samples = SAMPLES, .skips_levers = true, .skips_activities = true};
    struct numu_risk_result result;
    NUMU_TRY(numu_risk_run(context, &problem, &options, arena, &result));
    double length = (double)result.policy_finish - project->data_date;
    uint64_t below = 0;
    uint64_t in_time = 0;
    for (uint64_t i = 0; i < result.sample_count; i++) {
        double own = ((double)result.targets[0].finish[i] - project->data_date) / length;
        below += own < stretch;
        in_time += own <= 1;
    }
    out->p80 = (result.targets[0].quantile[NUMU_P80].value - project->data_date) / length;
    out->place = (double)below / (double)result.sample_count;
    out->in_time = (double)in_time / (double)result.sample_count;
    return NUMU_OK;
}

static numu_status forecast_by_pert(const struct numu_context *context,
                                    const struct record *record, double stretch,
                                    struct numu_arena *arena, struct numu_report *report,
                                    struct forecast *out) {
    struct numu_schedule schedule;
    const struct numu_table_activity *activity = &record->model.activity;
    NUMU_TRY(numu_cpm_schedule(context, &record->model, &record->calendars, arena, report,
                               &schedule));
    double shift = 0;
    double variance = 0;
    double length = 0;
    for (uint32_t a = 0; a < activity->head.count; a++) {
        if (schedule.is_on_longest_path[a]) {
            double likely = decimal(activity->likely[a]);
            double low = activity->low[a] == NUMU_NO_NUMBER ? likely : decimal(activity->low[a]);
            double high = activity->high[a] == NUMU_NO_NUMBER ? likely : decimal(activity->high[a]);
            shift += (low + 4 * likely + high) / 6 - likely;
            variance += (high - low) * (high - low) / 36;
            length += likely;
        }
    }
    length = length > 0 ? length : 1;
    double mean = 1 + shift / length;
    double deviation = fmax(sqrt(variance) / length, 1e-9);
    out->p80 = mean + deviation * numu_normal_quantile(0.8);
    out->place = numu_normal_share((stretch - mean) / deviation);
    out->in_time = numu_normal_share((1 + 1e-9 - mean) / deviation);
    return NUMU_OK;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void forecast_by_reference(const struct project *projects, int count, int without,
                                  struct forecast *out) {
    double others[FILES_MAX];
    double stretch = projects[without].stretch;
    int n = 0;
    int below = 0;
    int in_time = 0;
    for (int i = 0; i < count; i++) {
        if (i != without) {
            others[n++] = projects[i].stretch;
            below += projects[i].stretch < stretch;
            in_time += projects[i].stretch <= 1;
        }
    }
    qsort(others, (size_t)n, sizeof others[0], compare);
    *out = (struct forecast){others[(int)ceil(0.8 * (n + 1)) - 1], (double)in_time / n,
                             ((double)below + 0.5) / (n + 1)};
}

static numu_status forecast(const struct numu_context *context, const struct class_figures *class,
                            struct project *project, struct numu_arena *arena,
                            struct numu_report *report) {
    struct record record;
    struct numu_project plan;
    struct numu_uncertainty uncertainty;
    double repair;
    NUMU_TRY(read_record(context, project->path, arena, report, &record));
    NUMU_TRY(numu_project_build(context, &record.model, &record.calendars, arena, report, &plan));
    NUMU_TRY(class_uncertainty(&record, class, arena, &uncertainty));
    NUMU_TRY(forecast_by_numu(context, &record, &plan, &uncertainty, project->stretch, arena,
                              &project->forecast[0]));
    NUMU_TRY(numu_uncertainty_build(&record.model, &plan, NULL, arena, &uncertainty, &repair));
    NUMU_TRY(forecast_by_numu(context, &record, &plan, &uncertainty, project->stretch, arena,
                              &project->forecast[1]));
    NUMU_TRY(forecast_by_pert(context, &record, project->stretch, arena, report,
                              &project->forecast[2]));
    numu_model_release(&record.model);
    return NUMU_OK;
}

/* --- the whole --- */

/* Counts within which a calibrated forecast lies 95 times in 100. */
static void binomial_range(int n, double p, int *low, int *high) {
    double sum = 0;
    *low = *high = -1;
    for (int k = 0; k <= n; k++) {
        sum += exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) + k * log(p) +
                   (n - k) * log(1 - p));
        *low = *low < 0 && sum > 0.025 ? k : *low;
        *high = *high < 0 && sum >= 0.975 ? k : *high;
    }
}

static void tell(const struct project *projects, int count, FILE *table, FILE *bins) {
    int low;
    int high;
    binomial_range(count, 0.8, &low, &high);
    (void)fprintf(table, "project,activities,stretch");
    for (int f = 0; f < FORECASTERS; f++) {
        (void)fprintf(table, ",%s_p80,%s_in_time,%s_place", forecasters[f], forecasters[f],
                      forecasters[f]);
    }
    (void)fprintf(table, "\n");
    for (int i = 0; i < count; i++) {
        (void)fprintf(table, "%d,%u,%.3f", i + 1, projects[i].activities, projects[i].stretch);
        for (int f = 0; f < FORECASTERS; f++) {
            const struct forecast *own = &projects[i].forecast[f];
            (void)fprintf(table, ",%.3f,%.3f,%.3f", own->p80, own->in_time, own->place);
        }
        (void)fprintf(table, "\n");
    }
    (void)fprintf(bins, "forecaster,within_p80,projects,calibrated_low,calibrated_high,brier");
    for (int b = 0; b < BINS; b++) {
        (void)fprintf(bins, ",tenth_%d", b + 1);
    }
    (void)fprintf(bins, "\n");
    for (int f = 0; f < FORECASTERS; f++) {
        int within = 0;
        int tenth[BINS] = {0};
        double brier = 0;
        for (int i = 0; i < count; i++) {
            const struct forecast *own = &projects[i].forecast[f];
            double happened = projects[i].stretch <= 1 ? 1 : 0;
            int bin = (int)(own->place * BINS);
            within += projects[i].stretch <= own->p80;
            tenth[bin < BINS ? bin : BINS - 1]++;
            brier += (own->in_time - happened) * (own->in_time - happened) / count;
        }
        (void)fprintf(bins, "%s,%d,%d,%d,%d,%.4f", forecasters[f], within, count, low, high, brier);
        for (int b = 0; b < BINS; b++) {
            (void)fprintf(bins, ",%d", tenth[b]);
        }
        (void)fprintf(bins, "\n");
    }
}

int main(int argc, char **argv) {
    static struct project projects[FILES_MAX];
    int count = 0;
    int unread = 0;
    struct numu_heap heap;
    struct numu_report report;
    numu_heap_init(&heap, 0);
    numu_report_init(&report, &heap, 1);
    const struct numu_context context = {.heap = &heap, .seed = 1};
    if (argc < 4) {
        (void)fprintf(stderr, "usage: calibration TABLE.csv SUMMARY.csv FILE.p2x...\n");
        return 2;
    }
    for (int i = 3; i < argc && count < FILES_MAX; i++) {
        struct numu_arena arena;
        struct record record = {.is_leaf = NULL};
        numu_arena_init(&arena, &heap);
        projects[count] = (struct project){.path = argv[i]};
        numu_status status = read_record(&context, argv[i], &arena, &report, &record);
        unread += status != NUMU_OK;
        count += status == NUMU_OK && measure(&record, &projects[count]);
        numu_model_release(&record.model);
        numu_arena_release(&arena);
    }
    int kept = 0;
    int order[FILES_MAX];
    for (int i = 0; i < count; i++) {
        struct numu_arena arena;
        numu_arena_init(&arena, &heap);
        struct class_figures class = learn(projects, count, i);
        forecast_by_reference(projects, count, i, &projects[i].forecast[3]);
        bool is_made = forecast(&context, &class, &projects[i], &arena, &report) == NUMU_OK;
        order[kept] = i;
        kept += is_made;
        unread += !is_made;
        numu_arena_release(&arena);
    }
    struct class_figures all = learn(projects, count, -1);
    for (int i = 0; i < kept; i++) {
        projects[i] = projects[order[i]];
    }
    (void)fprintf(stderr,
                  "%d files, %d not read, %d with a record; ln stretch of durations: projects %.3f "
                  "± %.3f, activities within %.3f\n",
                  argc - 3, unread, kept, all.mu, all.tau, all.sigma);
    FILE *table = fopen(argv[1], "w");
    FILE *bins = fopen(argv[2], "w");
    if (table == NULL || bins == NULL || kept < 2) {
        return 1;
    }
    tell(projects, kept, table, bins);
    return fclose(table) == 0 && fclose(bins) == 0 ? 0 : 1;
}
