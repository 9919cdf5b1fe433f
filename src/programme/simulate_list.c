/*
 * simulate_list.c - what the policy knows beforehand: which resources are scarce, who needs them,
 * and in what order activities ask.
 */
#include "programme/simulate_parts.h"

#include <stdlib.h>

static uint32_t mode_of(const struct numu_project *project, const uint32_t *mode,
                        uint32_t activity) {
    return mode == NULL ? project->first_mode[activity] : mode[activity];
}

/* --- scarce resources --- */

/* [Z1] of simulate.h */
static bool may_run_out(const struct numu_project *project, const uint32_t *mode, uint32_t resource,
                        bool *may_drop) {
    int64_t sum = 0;
    int32_t least = INT32_MAX;
    *may_drop = false;
    for (uint32_t s = project->first_step[resource]; s < project->first_step[resource + 1]; s++) {
        *may_drop = *may_drop || (s > project->first_step[resource] &&
                                  project->step_units[s] < project->step_units[s - 1]);
        least = project->step_units[s] < least ? project->step_units[s] : least;
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        uint32_t m = mode_of(project, mode, a);
        for (uint32_t n = project->first_need[m]; n < project->first_need[m + 1]; n++) {
            sum += project->need_resource[n] == resource ? project->need_units[n] : 0;
        }
    }
    return sum > least;
}

static void list_resources(struct numu_simulator *simulator,
                           const struct numu_simulator_options *options) {
    const struct numu_project *project = simulator->project;
    for (uint32_t r = 0; r < project->resource_count && !options->ignores_resources; r++) {
        if (r + 1 != options->without_resource &&
            may_run_out(project, options->mode, r, &simulator->may_drop[r])) {
            simulator->is_scarce_resource[r] = true;
            simulator->scarce[simulator->scarce_count++] = r;
        }
    }
    simulator->is_scarce = simulator->scarce_count > 0;
}

static void list_needs(struct numu_simulator *simulator, const uint32_t *mode) {
    const struct numu_project *project = simulator->project;
    uint32_t count = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        uint32_t m = mode_of(project, mode, a);
        simulator->first_need[a] = count;
        for (uint32_t n = project->first_need[m]; n < project->first_need[m + 1]; n++) {
            uint32_t r = project->need_resource[n];
            if (simulator->is_scarce_resource[r] && project->state[a] != NUMU_ACTIVITY_FINISHED) {
                simulator->need_resource[count] = r;
                simulator->need_units[count++] = project->need_units[n];
                simulator->needs_any[a] = true;
            }
        }
    }
    simulator->first_need[project->activity_count] = count;
}

/* --- the priority list --- */

struct listed {
    int64_t tail; /* longest way from the start to the end of all, negative: less is first */
    struct numu_text id;
    uint32_t activity;
};

static int compare_listed(const void *left, const void *right) {
    const struct listed *a = left, *b = right;
    return a->tail != b->tail ? (a->tail < b->tail ? -1 : 1) : numu_text_compare(a->id, b->id);
}

/*
 * The list of its own: by late start at the project's durations, over links alone and with lags and
 * durations counted in periods of the activity's calendar; then by id, so that the order of rows
 * does not matter.
 */
static numu_status make_list(const struct numu_project *project, const uint32_t *mode,
                             struct numu_arena *arena, uint32_t *list) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct listed *listed;
    NUMU_TRY(NUMU_TAKE(arena, &listed, project->activity_count));
    for (uint32_t n = project->activity_count; n-- > 0;) {
        uint32_t a = project->order[n];
        int64_t duration = project->duration[mode_of(project, mode, a)];
        int64_t tail = -duration;
        for (uint32_t i = project->first_out[a]; i < project->first_out[a + 1]; i++) {
            uint32_t link = project->link_out[i];
            uint32_t after = project->link_after[link];
            int64_t way = listed[after].tail - project->link_lag[link];
            way -= numu_link_leaves_start(project->link_type[link]) ? 0 : duration;
            way += numu_link_enters_finish(project->link_type[link])
                       ? project->duration[mode_of(project, mode, after)]
                       : 0;
            tail = way < tail ? way : tail;
        }
        listed[a] = (struct listed){tail, project->id[a], a};
    }
    qsort(listed, project->activity_count, sizeof *listed, compare_listed);
    for (uint32_t place = 0; place < project->activity_count; place++) {
        list[place] = listed[place].activity;
    }
    numu_arena_rewind(arena, mark);
    return NUMU_OK;
}

/* Takes a list over, work under way first. */
static void take_list(struct numu_simulator *simulator, const uint32_t *list) {
    const struct numu_project *project = simulator->project;
    uint32_t place = 0;
    for (int planned = 0; planned <= 1; planned++) {
        for (uint32_t i = 0; i < project->activity_count; i++) {
            bool is_planned = project->state[list[i]] == NUMU_ACTIVITY_PLANNED;
            if (is_planned == (planned == 1)) {
                simulator->place[list[i]] = place;
                simulator->list[place++] = list[i];
            }
        }
    }
}

/* What a place asks at least, numu_simulator_word; work under way asks for nothing. */
static void fill_words(struct numu_simulator *simulator) {
    const struct numu_project *project = simulator->project;
    for (uint32_t place = 0; place < project->activity_count; place++) {
        uint32_t a = simulator->list[place];
        int32_t units[NUMU_WORD_RESOURCES] = {0};
        if (project->state[a] != NUMU_ACTIVITY_PLANNED) {
            continue;
        }
        for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
            for (uint32_t k = 0; k < NUMU_WORD_RESOURCES && k < simulator->scarce_count; k++) {
                bool is_that = simulator->scarce[k] == simulator->need_resource[n];
                units[k] = is_that ? at_least(units[k], simulator->need_units[n]) : units[k];
            }
        }
        simulator->word[place] = numu_simulator_word(units);
    }
}

/* --- both --- */

numu_status numu_policy_init(struct numu_simulator *simulator, struct numu_arena *arena,
                             const struct numu_simulator_options *options) {
    const struct numu_project *project = simulator->project;
    uint32_t count = project->activity_count;
    NUMU_TRY(NUMU_TAKE(arena, &simulator->list, count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->place, count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->word, count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->needs_any, count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->first_need, (size_t)count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->need_resource, project->need_count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->need_units, project->need_count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->scarce, project->resource_count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->is_scarce_resource, project->resource_count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->may_drop, project->resource_count));
    list_resources(simulator, options);
    list_needs(simulator, options->mode);
    if (options->list != NULL) {
        take_list(simulator, options->list);
    } else {
        struct numu_arena_mark mark = numu_arena_mark(arena);
        uint32_t *own;
        NUMU_TRY(NUMU_TAKE(arena, &own, count));
        NUMU_TRY(make_list(project, options->mode, arena, own));
        take_list(simulator, own);
        numu_arena_rewind(arena, mark);
    }
    fill_words(simulator);
    return NUMU_OK;
}

numu_status numu_policy_take(const struct numu_simulator *simulator, struct numu_arena *arena,
                             struct numu_policy_room *out) {
    const struct numu_project *project = simulator->project;
    uint32_t count = simulator->activity_count;
    size_t cells = (size_t)count * NUMU_LANES;
    NUMU_TRY(NUMU_TAKE(arena, &out->duration, cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->start, cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->resume, cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->finish, cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->giver, cells));
    NUMU_TRY(NUMU_TAKE(arena, &out->pending, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->stack, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->waiting, count / 64 + 1));
    NUMU_TRY(NUMU_TAKE(arena, &out->waiting_in, project->calendar_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->later.key, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->running.key, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->available, project->resource_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->step, project->resource_count));
    return NUMU_TAKE(arena, &out->is_marked, count);
}
