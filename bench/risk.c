/*
 * risk.c - how fast samples are drawn and dated, for bench/risk.sh.
 *
 * One made-up project: activities in layers, each after one to three of those before it, durations
 * triangular. Three figures in millions of activity samples a second of one core: a plain scalar
 * loop, as one writes it at first; numu for the network; numu under scarce resources.
 */
#include "programme/risk.h"
#include "base/random.h"

#include "measure.h"

#include <math.h>

enum { IN_MAX = 3, LAYER = 8 };

struct made {
    struct numu_project project;
    struct numu_uncertainty uncertainty;
    double *low, *likely, *high;
};

static void make(struct numu_arena *arena, struct numu_report *report, uint32_t count,
                 struct made *out) {
    struct numu_random random;
    struct numu_project *project = &out->project;
    uint32_t links = 0;
    numu_random_init(&random, 1, 0);
    *project = (struct numu_project){.origin = NUMU_NO_DAY,
                                     .activity_count = count,
                                     .mode_count = count,
                                     .need_count = count,
                                     .resource_count = 4,
                                     .step_count = 4,
                                     .link_count = IN_MAX * count,
                                     .calendar_count = 1};
    must(numu_project_take(arena, project), "project");
    must(numu_uncertainty_take(arena, count, 0, 0, &out->uncertainty), "uncertainty");
    must(NUMU_TAKE(arena, &out->low, count), "memory");
    must(NUMU_TAKE(arena, &out->likely, count), "memory");
    must(NUMU_TAKE(arena, &out->high, count), "memory");
    for (uint32_t a = 0; a < count; a++) {
        must(numu_text_printf(arena, &project->id[a], "a%05u", a), "name");
        out->likely[a] = 20 + (double)numu_random_below(&random, 80);
        out->low[a] = 0.7 * out->likely[a];
        out->high[a] = 1.9 * out->likely[a];
        project->duration[a] = (numu_period)out->likely[a];
        project->first_mode[a] = a;
        project->first_need[a] = a;
        project->need_resource[a] = (uint32_t)numu_random_below(&random, 4);
        project->need_units[a] = 1 + (int32_t)numu_random_below(&random, 4);
        out->uncertainty.law[a] =
            numu_law_of(NUMU_LAW_TRIANGULAR, out->low[a], out->likely[a], out->high[a], false);
        uint32_t layer = a / LAYER;
        uint32_t in = layer == 0 ? 0 : 1 + (uint32_t)numu_random_below(&random, IN_MAX);
        for (uint32_t i = 0; i < in; i++) {
            project->link_before[links] =
                (layer - 1) * LAYER + (uint32_t)numu_random_below(&random, LAYER);
            project->link_after[links++] = a;
        }
    }
    project->first_mode[count] = count;
    project->first_need[count] = count;
    project->link_count = links;
    for (uint32_t r = 0; r < 4; r++) {
        must(numu_text_printf(arena, &project->resource_id[r], "r%u", r), "name");
        project->first_step[r] = r;
        project->step_units[r] = 7;
    }
    project->first_step[4] = 4;
    must(numu_project_finish(arena, NULL, report, project), "project");
    out->uncertainty.id = project->id;
    numu_uncertainty_order(&out->uncertainty);
}

/* What one would write without numu: a sample at a time, an activity at a time. */
static double plain(const struct made *made, uint64_t samples, double *out_mean) {
    const struct numu_project *project = &made->project;
    struct numu_random random;
    double *finish = malloc(project->activity_count * sizeof *finish);
    double sum = 0;
    if (finish == NULL) {
        exit(1);
    }
    numu_random_init(&random, 2, 0);
    double before = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (uint64_t s = 0; s < samples; s++) {
        double whole = 0;
        for (uint32_t n = 0; n < project->activity_count; n++) {
            uint32_t a = project->order[n];
            double start = 0;
            for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
                double end = finish[project->link_before[project->link_in[i]]];
                start = end > start ? end : start;
            }
            double u = numu_random_unit(&random);
            double width = made->high[a] - made->low[a];
            double left = made->likely[a] - made->low[a];
            double duration =
                u * width <= left
                    ? made->low[a] + sqrt(u * width * left)
                    : made->high[a] - sqrt((1 - u) * width * (made->high[a] - made->likely[a]));
            finish[a] = start + floor(duration + 0.5);
            whole = finish[a] > whole ? finish[a] : whole;
        }
        sum += whole;
    }
    double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - before;
    free(finish);
    *out_mean = sum / (double)samples;
    return took;
}

static double by_numu(struct numu_context *context, const struct made *made, uint64_t samples,
                      bool ignores_resources, struct numu_estimate *out_mean) {
    const struct numu_risk_problem problem = {.project = &made->project,
                                              .uncertainty = &made->uncertainty,
                                              .deadline_limit = NUMU_NO_PERIOD};
    const struct numu_risk_options options = {.samples = samples,
                                              .ignores_resources = ignores_resources,
                                              .skips_levers = true,
                                              .skips_activities = true};
    struct numu_arena arena;
    struct numu_risk_result result;
    numu_arena_init(&arena, context->heap);
    double before = seconds(CLOCK_PROCESS_CPUTIME_ID);
    must(numu_risk_run(context, &problem, &options, &arena, &result), "samples");
    double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - before;
    *out_mean = result.targets[0].mean;
    numu_arena_release(&arena);
    return took;
}

int main(int argc, char **argv) {
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 120;
    uint64_t samples = argc > 2 ? strtoull(argv[2], NULL, 10) : 200000;
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    struct made made;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_report_init(&report, &heap, 0);
    struct numu_context context = {.heap = &heap, .seed = 1, .threads = 1};
    make(&arena, &report, count, &made);
    double plain_mean;
    struct numu_estimate network_mean;
    struct numu_estimate scarce_mean;
    double millions = (double)samples * count / 1e6;
    double plain_rate = millions / plain(&made, samples, &plain_mean);
    double network_rate = millions / by_numu(&context, &made, samples, true, &network_mean);
    double scarce_rate =
        millions / 10 / by_numu(&context, &made, samples / 10, false, &scarce_mean);
    (void)printf("%u,%llu,plain,%.1f,1.00,%.3f,\n", count, (unsigned long long)samples, plain_rate,
                 plain_mean);
    (void)printf("%u,%llu,network,%.1f,%.2f,%.3f,%.3f\n", count, (unsigned long long)samples,
                 network_rate, network_rate / plain_rate, network_mean.value, network_mean.error);
    (void)printf("%u,%llu,scarce,%.1f,%.2f,%.3f,%.3f\n", count, (unsigned long long)samples / 10,
                 scarce_rate, scarce_rate / plain_rate, scarce_mean.value, scarce_mean.error);
    numu_report_release(&report);
    numu_arena_release(&arena);
    return network_rate >= 20 && scarce_rate >= 3 ? 0 : 1;
}
