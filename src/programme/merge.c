/*
 * merge.c - one task an activity: when each path is there, and when all are.
 */
#include "programme/merge.h"

#include "base/parallel.h"

struct room {
    struct numu_estimator estimator;
    numu_period *path, *all; /* by sample: from when one lets the activity start, and all do */
};

struct search {
    const struct numu_merge_samples *samples;
    struct room *rooms; /* by worker */
    struct numu_merge *merges;
};

/* Paths into an activity: what may still be late. */
static uint32_t count_paths(const struct numu_simulator *simulator, uint32_t a) {
    const struct numu_project *project = simulator->project;
    uint32_t count = 0;
    if (project->state[a] == NUMU_ACTIVITY_FINISHED) {
        return 0;
    }
    for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
        count += !simulator->links[i].has_happened;
    }
    return count;
}

static void walk(const struct numu_merge_samples *samples, uint32_t number, uint32_t after,
                 numu_period *out) {
    size_t before = samples->simulator->links[number].before * samples->stride;
    for (size_t s = 0; s < samples->samples.count; s++) {
        out[s] = numu_simulator_asked(samples->simulator, number, after, samples->start[before + s],
                                      samples->finish[before + s],
                                      samples->duration[after * samples->stride + s]);
    }
}

static numu_period asked_quantile(const struct search *search, struct room *room,
                                  const numu_period *values) {
    struct numu_estimate quantile;
    numu_estimate_quantiles(&room->estimator, values, &search->samples->percent, 1, &quantile);
    return (numu_period)quantile.value;
}

static double share_by(const struct search *search, const numu_period *values, numu_period point) {
    return numu_estimate_share(&search->samples->samples, values, point).value;
}

static numu_status examine(void *data, size_t index, unsigned worker) {
    const struct search *search = data;
    const struct numu_simulator *simulator = search->samples->simulator;
    const struct numu_project *project = simulator->project;
    struct numu_merge *merge = &search->merges[index];
    struct room *room = &search->rooms[worker];
    uint32_t a = merge->activity;
    bool is_first = true;
    for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
        if (simulator->links[i].has_happened) {
            continue;
        }
        walk(search->samples, i, a, room->path);
        for (size_t s = 0; s < search->samples->samples.count; s++) {
            bool is_later = is_first || room->path[s] > room->all[s];
            room->all[s] = is_later ? room->path[s] : room->all[s];
        }
        numu_period point = asked_quantile(search, room, room->path);
        if (is_first || point > merge->point) {
            merge->point = point;
            merge->latest = simulator->links[i].before;
        }
        is_first = false;
    }
    merge->least_share = 1;
    for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
        if (!simulator->links[i].has_happened) {
            walk(search->samples, i, a, room->path);
            double share = share_by(search, room->path, merge->point);
            merge->least_share = share < merge->least_share ? share : merge->least_share;
        }
    }
    merge->joint_share = share_by(search, room->all, merge->point);
    merge->delay = (double)asked_quantile(search, room, room->all) - merge->point;
    return NUMU_OK;
}

static numu_status find(const struct numu_context *context, struct search *search, uint32_t count,
                        struct numu_arena *scratch) {
    unsigned workers = numu_context_threads(context);
    NUMU_TRY(NUMU_TAKE(scratch, &search->rooms, workers));
    for (unsigned w = 0; w < workers; w++) {
        struct room *room = &search->rooms[w];
        NUMU_TRY(numu_estimator_init(&room->estimator, scratch, search->samples->samples));
        NUMU_TRY(NUMU_TAKE(scratch, &room->path, search->samples->samples.count));
        NUMU_TRY(NUMU_TAKE(scratch, &room->all, search->samples->samples.count));
    }
    return numu_parallel_for(context, count, examine, search);
}

numu_status numu_merges_find(const struct numu_context *context,
                             const struct numu_merge_samples *samples, struct numu_arena *arena,
                             struct numu_merge **out, uint32_t *out_count) {
    struct search search = {.samples = samples};
    struct numu_arena scratch;
    uint32_t count = 0;
    for (uint32_t a = 0; a < samples->simulator->activity_count; a++) {
        count += count_paths(samples->simulator, a) > 1;
    }
    NUMU_TRY(NUMU_TAKE(arena, &search.merges, count));
    count = 0;
    for (uint32_t a = 0; a < samples->simulator->activity_count; a++) {
        uint32_t paths = count_paths(samples->simulator, a);
        if (paths > 1) {
            search.merges[count++] = (struct numu_merge){.activity = a, .path_count = paths};
        }
    }
    numu_arena_init(&scratch, context->heap);
    numu_status status = count == 0 ? NUMU_OK : find(context, &search, count, &scratch);
    numu_arena_release(&scratch);
    if (status == NUMU_OK) {
        *out = search.merges;
        *out_count = count;
    }
    return status;
}

uint32_t numu_merges_worst(const struct numu_merge *merges, uint32_t count, uint32_t count_max,
                           const struct numu_merge **out) {
    uint32_t found = 0;
    for (uint32_t n = 0; n < count; n++) {
        double loss = numu_merge_loss(&merges[n]);
        if (loss < NUMU_MERGE_HOT) {
            continue;
        }
        uint32_t place = found;
        for (; place > 0 && numu_merge_loss(out[place - 1]) < loss; place--) {
            if (place < count_max) {
                out[place] = out[place - 1];
            }
        }
        if (place < count_max) {
            out[place] = &merges[n];
            found += found < count_max;
        }
    }
    return found;
}
