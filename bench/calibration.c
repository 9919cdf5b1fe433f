/*
 * calibration.c - whether forecasts come true, for bench/calibration.sh: real projects with a plan
 * and a record (ProTrack .p2x), each forecast from its plan and from the records of the others.
 *
 * What is forecast is the stretch: how long the project took ÷ how long it was planned to take.
 * Forecasters:
 * - nested: activities take planned × a lognormal of their own × one of the whole project; the three
 *   figures of these come from the records of all other projects (leave one out). How much a long
 *   activity counts in them (planned^γ) and how much of the spread of activities is kept (κ: the
 *   rest is taken for errors of the record) is chosen among those others alone, by leaving each of
 *   them out in turn: nothing of a project is known to its forecast. Dated by numu.
 * - chosen: the same with γ = 1, κ = 1, a choice that was once made with all of the projects in view.
 * - kept: the same with the figures that are kept from earlier projects (KEPT.csv): in sample where
 *   these are the same ones, wholly out of it where they are not.
 * - inside: the three points that stand in the file, whoever put them there. Dated by numu.
 * - reference: the stretches of all other projects as they are (the outside view).
 * - pert: the longest path with likely durations; mean and variance of its activities by the PERT
 *   formulas (a + 4 m + b) / 6 and ((b - a) / 6)², normal.
 * - cpm: that all takes as long as planned.
 *
 * Scores: the share of outcomes within P80; Brier's of the probability of being done in the planned
 * time (G. W. Brier, Monthly Weather Review 78(1), 1950); the continuous ranked probability score of
 * the whole forecast, in logarithms of stretches, so that half as long weighs as much as twice
 * (T. Gneiting, A. E. Raftery, JASA 102, 2007). Less is better.
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

enum {
    FILES_MAX = 512,
    SAMPLES = 4000,
    SAMPLES_TO_CHOOSE = 640,
    BINS = 10,
    QUANTILES = 400,
    GAMMAS = 3,
    KAPPAS = 4
};

static const double gammas[GAMMAS] = {0, 0.5, 1};
static const double kappas[KAPPAS] = {0, 0.3, 0.6, 1};

enum forecaster { NESTED, CHOSEN, KEPT, INSIDE, REFERENCE, PERT, CPM, FORECASTERS };

static const char *const forecasters[FORECASTERS] = {"nested",    "chosen", "kept", "inside",
                                                     "reference", "pert",   "cpm"};

struct forecast {
    double p80;     /* stretch */
    double in_time; /* probability of a stretch of at most 1 */
    double place;   /* share of the forecast that lies below what happened */
    double crps;
};

/* Of ln(actual ÷ planned) of a project's activities, by γ: mean, and variance about it. */
struct spread {
    double mean, variance;
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

struct project {
    struct numu_arena arena;
    struct record record;
    struct numu_project plan;
    double stretch;
    struct spread spread[GAMMAS];
    uint32_t activities;
    struct forecast forecast[FORECASTERS];
};

static numu_status read_record(const struct numu_context *context, const char *path,
                               struct numu_arena *arena, struct numu_report *report,
                               struct record *out) {
    struct numu_sha256 inputs;
    struct numu_sources sources;
    numu_sources_init(&sources, arena);
    NUMU_TRY(
        numu_app_read_exchange(context, path, &sources, arena, report, &out->exchange, &inputs));
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
static bool measure(struct project *out) {
    const struct record *record = &out->record;
    const struct numu_exchange *exchange = &record->exchange;
    struct span planned = {INT32_MAX, INT32_MIN};
    struct span actual = planned;
    double weight[GAMMAS] = {0};
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
        for (int g = 0; g < GAMMAS; g++) {
            double own = pow(plan, gammas[g]);
            weight[g] += own;
            out->spread[g].mean += own * ratio;
            out->spread[g].variance += own * ratio * ratio;
        }
    }
    if (out->activities < 5 || out->activities < 0.9 * all || planned.last <= planned.first) {
        return false;
    }
    for (int g = 0; g < GAMMAS; g++) {
        struct spread *spread = &out->spread[g];
        spread->mean /= weight[g];
        spread->variance = spread->variance / weight[g] - spread->mean * spread->mean;
    }
    out->stretch = ((double)actual.last - actual.first) / ((double)planned.last - planned.first);
    return true;
}

/* --- forecasts --- */

struct class_figures {
    double mu, tau; /* of projects */
    double sigma;   /* of activities within one */
};

/* Which of γ and κ. */
struct choice {
    int gamma, kappa;
};

/* From all projects but two; -1 = no project. */
static struct class_figures learn(const struct project *projects, int count, struct choice choice,
                                  int without, int nor) {
    double sum = 0;
    double squares = 0;
    double within = 0;
    int n = 0;
    for (int i = 0; i < count; i++) {
        if (i != without && i != nor) {
            const struct spread *spread = &projects[i].spread[choice.gamma];
            sum += spread->mean;
            squares += spread->mean * spread->mean;
            within += spread->variance;
            n++;
        }
    }
    double mu = sum / n;
    return (struct class_figures){mu, sqrt(fmax(0, (squares - n * mu * mu) / (n - 1))),
                                  kappas[choice.kappa] * sqrt(within / n)};
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

static int compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* What equally likely stretches say of what happened; sorts them. */
static struct forecast score(double *stretches, size_t count, double happened) {
    struct forecast out = {.p80 = 0};
    double distance = 0;
    double spread = 0;
    qsort(stretches, count, sizeof *stretches, compare);
    for (size_t i = 0; i < count; i++) {
        out.place += stretches[i] < happened;
        out.in_time += stretches[i] <= 1;
        double own = log(fmax(stretches[i], 1e-3));
        distance += fabs(own - log(happened));
        spread += (2 * (double)i + 1 - (double)count) * own;
    }
    double n = (double)count;
    size_t rank = (size_t)ceil(0.8 * (n + 1));
    out.p80 = stretches[(rank < count ? rank : count) - 1];
    out.place = (out.place + 0.5) / (n + 1);
    out.in_time /= n;
    out.crps = distance / n - spread / (n * n);
    return out;
}

static numu_status forecast_by_numu(const struct numu_context *context,
                                    const struct project *project,
                                    const struct numu_uncertainty *uncertainty, uint64_t samples,
                                    struct numu_arena *arena, struct forecast *out) {
    const struct numu_risk_problem problem = {.project = &project->plan,
                                              .uncertainty = uncertainty,
                                              .calendars = project->record.calendars.list,
                                              .deadline_limit = NUMU_NO_PERIOD};
    const struct numu_risk_options options = {
        .samples = samples, .skips_levers = true, .skips_activities = true};
    struct numu_risk_result result;
    double *stretches;
    NUMU_TRY(numu_risk_run(context, &problem, &options, arena, &result));
    NUMU_TRY(NUMU_TAKE(arena, &stretches, result.sample_count));
    double length = (double)result.policy_finish - project->plan.data_date;
    for (uint64_t i = 0; i < result.sample_count; i++) {
        stretches[i] = ((double)result.targets[0].finish[i] - project->plan.data_date) / length;
    }
    *out = score(stretches, (size_t)result.sample_count, project->stretch);
    return NUMU_OK;
}

static numu_status forecast_by_class(const struct numu_context *context,
                                     const struct project *project,
                                     const struct class_figures *class, uint64_t samples,
                                     struct forecast *out) {
    struct numu_uncertainty uncertainty;
    struct numu_arena arena;
    numu_arena_init(&arena, context->heap);
    numu_status status = class_uncertainty(&project->record, class, &arena, &uncertainty);
    if (status == NUMU_OK) {
        status = forecast_by_numu(context, project, &uncertainty, samples, &arena, out);
    }
    numu_arena_release(&arena);
    return status;
}

/* Mean score of the other projects, each from the rest of them. */
static numu_status try_choice(const struct numu_context *context, const struct project *projects,
                              int count, int without, struct choice choice, double *out) {
    *out = 0;
    for (int i = 0; i < count; i++) {
        struct forecast own = {.crps = 0};
        struct class_figures class = learn(projects, count, choice, without, i);
        if (i != without) {
            NUMU_TRY(forecast_by_class(context, &projects[i], &class, SAMPLES_TO_CHOOSE, &own));
            *out += own.crps / (count - 1);
        }
    }
    return NUMU_OK;
}

static numu_status choose(const struct numu_context *context, const struct project *projects,
                          int count, int without, struct choice *out) {
    double least = INFINITY;
    for (int k = 0; k < GAMMAS * KAPPAS; k++) {
        const struct choice choice = {k % GAMMAS, k / GAMMAS};
        double mean;
        NUMU_TRY(try_choice(context, projects, count, without, choice, &mean));
        *out = mean < least ? choice : *out;
        least = fmin(mean, least);
    }
    return NUMU_OK;
}

static numu_status forecast_by_pert(const struct numu_context *context, const struct record *record,
                                    double stretch, struct numu_arena *arena,
                                    struct numu_report *report, struct forecast *out) {
    struct numu_schedule schedule;
    const struct numu_table_activity *activity = &record->model.activity;
    NUMU_TRY(
        numu_cpm_schedule(context, &record->model, &record->calendars, arena, report, &schedule));
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
    double quantile[QUANTILES];
    for (int i = 0; i < QUANTILES; i++) {
        quantile[i] = mean + deviation * numu_normal_quantile((i + 0.5) / QUANTILES);
    }
    out->crps = score(quantile, QUANTILES, stretch).crps;
    out->place = numu_normal_share((stretch - mean) / deviation);
    out->in_time = numu_normal_share((1 + 1e-9 - mean) / deviation);
    return NUMU_OK;
}

static void forecast_by_reference(const struct project *projects, int count, int without,
                                  struct forecast *out) {
    double others[FILES_MAX];
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        if (i != without) {
            others[n++] = projects[i].stretch;
        }
    }
    *out = score(others, n, projects[without].stretch);
}

static numu_status forecast(const struct numu_context *context, struct project *projects, int count,
                            int number, const struct class_figures *kept,
                            struct numu_report *report, struct choice *out_choice) {
    const struct choice all_of_it = {GAMMAS - 1, KAPPAS - 1};
    struct project *project = &projects[number];
    struct numu_uncertainty uncertainty;
    double repair;
    double stretch = project->stretch;
    double as_planned = 1;
    NUMU_TRY(choose(context, projects, count, number, out_choice));
    struct class_figures nested = learn(projects, count, *out_choice, number, -1);
    struct class_figures chosen = learn(projects, count, all_of_it, number, -1);
    NUMU_TRY(forecast_by_class(context, project, &nested, SAMPLES, &project->forecast[NESTED]));
    NUMU_TRY(forecast_by_class(context, project, &chosen, SAMPLES, &project->forecast[CHOSEN]));
    NUMU_TRY(forecast_by_class(context, project, kept, SAMPLES, &project->forecast[KEPT]));
    NUMU_TRY(numu_uncertainty_build(&project->record.model, &project->plan, NULL, &project->arena,
                                    &uncertainty, &repair));
    NUMU_TRY(forecast_by_numu(context, project, &uncertainty, SAMPLES, &project->arena,
                              &project->forecast[INSIDE]));
    forecast_by_reference(projects, count, number, &project->forecast[REFERENCE]);
    project->forecast[CPM] = score(&as_planned, 1, stretch);
    return forecast_by_pert(context, &project->record, stretch, &project->arena, report,
                            &project->forecast[PERT]);
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
    (void)fprintf(bins, "forecaster,within_p80,projects,calibrated_low,calibrated_high,brier,crps");
    for (int b = 0; b < BINS; b++) {
        (void)fprintf(bins, ",tenth_%d", b + 1);
    }
    (void)fprintf(bins, "\n");
    for (int f = 0; f < FORECASTERS; f++) {
        int within = 0;
        int tenth[BINS] = {0};
        double brier = 0;
        double crps = 0;
        for (int i = 0; i < count; i++) {
            const struct forecast *own = &projects[i].forecast[f];
            double happened = projects[i].stretch <= 1 ? 1 : 0;
            int bin = (int)(own->place * BINS);
            within += projects[i].stretch <= own->p80;
            tenth[bin < BINS ? bin : BINS - 1]++;
            brier += (own->in_time - happened) * (own->in_time - happened) / count;
            crps += own->crps / count;
        }
        (void)fprintf(bins, "%s,%d,%d,%d,%d,%.4f,%.4f", forecasters[f], within, count, low, high,
                      brier, crps);
        for (int b = 0; b < BINS; b++) {
            (void)fprintf(bins, ",%d", tenth[b]);
        }
        (void)fprintf(bins, "\n");
    }
}

/* Figures of an earlier run; where there are none, those of this one (in sample). */
static struct class_figures read_kept(const char *path, const struct class_figures *otherwise) {
    struct class_figures kept = *otherwise;
    char line[128] = "";
    FILE *file = fopen(path, "r");
    if (file != NULL) {
        struct class_figures read;
        for (int i = 0; i < 2; i++) { /* a heading, then the figures */
            if (fgets(line, sizeof line, file) == NULL) {
                line[0] = '\0';
            }
        }
        char *end = line;
        read.mu = strtod(end, &end);
        read.tau = *end == ',' ? strtod(end + 1, &end) : -1;
        read.sigma = *end == ',' ? strtod(end + 1, &end) : -1;
        kept = read.tau > 0 && read.sigma >= 0 ? read : kept;
        (void)fclose(file);
    }
    return kept;
}

static int read_projects(const struct numu_context *context, struct numu_report *report,
                         char **paths, int path_count, struct project *out, int *out_unread) {
    int count = 0;
    for (int i = 0; i < path_count && count < FILES_MAX; i++) {
        struct project *project = &out[count];
        *project = (struct project){.stretch = 0};
        numu_arena_init(&project->arena, context->heap);
        struct record *record = &project->record;
        numu_status status = read_record(context, paths[i], &project->arena, report, record);
        if (status == NUMU_OK) {
            status = numu_project_build(context, &record->model, &record->calendars,
                                        &project->arena, report, &project->plan);
        }
        *out_unread += status != NUMU_OK;
        if (status == NUMU_OK && measure(project)) {
            count++;
        } else {
            numu_model_release(&record->model);
            numu_arena_release(&project->arena);
        }
    }
    return count;
}

int main(int argc, char **argv) {
    static struct project projects[FILES_MAX];
    int unread = 0;
    int chosen[GAMMAS * KAPPAS] = {0};
    int most = 0;
    struct numu_heap heap;
    struct numu_report report;
    if (argc < 5) {
        (void)fprintf(stderr, "usage: calibration TABLE.csv SUMMARY.csv KEPT.csv FILE.p2x...\n");
        return 2;
    }
    numu_heap_init(&heap, 0);
    numu_report_init(&report, &heap, 1);
    const struct numu_context context = {.heap = &heap, .seed = 1};
    int count = read_projects(&context, &report, argv + 4, argc - 4, projects, &unread);
    if (count < 3) {
        (void)fprintf(stderr, "calibration: %d projects with a record are too few\n", count);
        return 1;
    }
    struct choice whole;
    if (choose(&context, projects, count, -1, &whole) != NUMU_OK) {
        return 1;
    }
    struct class_figures all = learn(projects, count, whole, -1, -1);
    struct class_figures kept = read_kept(argv[3], &all);
    for (int i = 0; i < count; i++) {
        struct choice own = {0, 0};
        if (forecast(&context, projects, count, i, &kept, &report, &own) != NUMU_OK) {
            (void)fprintf(stderr, "calibration: project %d cannot be forecast\n", i + 1);
            return 1;
        }
        chosen[own.kappa * GAMMAS + own.gamma]++;
    }
    for (int k = 0; k < GAMMAS * KAPPAS; k++) {
        most = chosen[k] > chosen[most] ? k : most;
    }
    (void)fprintf(stderr,
                  "%d files, %d not read, %d with a record; from all of them with γ %g and κ %g:\n"
                  "mu,tau,sigma\n%.4f,%.4f,%.4f\n"
                  "most often chosen without one of them: γ %g and κ %g, %d times\n",
                  argc - 4, unread, count, gammas[whole.gamma], kappas[whole.kappa], all.mu,
                  all.tau, all.sigma, gammas[most % GAMMAS], kappas[most / GAMMAS], chosen[most]);
    FILE *table = fopen(argv[1], "w");
    FILE *bins = fopen(argv[2], "w");
    if (table == NULL || bins == NULL) {
        return 1;
    }
    tell(projects, count, table, bins);
    return fclose(table) == 0 && fclose(bins) == 0 ? 0 : 1;
}
