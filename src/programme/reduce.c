/*
 * reduce.c - see reduce.h.
 */
#include "programme/reduce.h"

struct reducer {
    const struct numu_project *project;
    bool *is_off;          /* by mode */
    bool *is_plentiful;    /* by resource: [D1], its needs are dropped */
    bool *may_be_shorter;  /* by activity, [D2] */
    int64_t *least, *most; /* by activity: of the resource that is looked at */
    struct numu_reduction counts;
};

static bool is_open(const struct numu_project *project, uint32_t activity) {
    return project->state[activity] != NUMU_ACTIVITY_FINISHED;
}

static void drop_mode(struct reducer *it, uint32_t mode, uint32_t *count) {
    it->is_off[mode] = true;
    (*count)++;
}

/* --- modes that are never done --- */

static void drop_oversized(struct reducer *it, uint32_t resource) {
    const struct numu_project *project = it->project;
    int32_t most = numu_project_most(project, resource);
    for (uint32_t a = 0; a < project->activity_count; a++) {
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            /* Without duration it needs nothing of what is renewable. */
            if (is_open(project, a) && !it->is_off[m] && project->duration[m] > 0 &&
                numu_project_need(project, m, resource) > most) {
                drop_mode(it, m, &it->counts.never_done);
            }
        }
    }
}

/* Least and most that each activity may take, and their sums; false: one has no mode left. */
static bool add_up(struct reducer *it, uint32_t resource, int64_t *out_least, int64_t *out_most) {
    const struct numu_project *project = it->project;
    *out_least = *out_most = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        it->least[a] = INT32_MAX;
        it->most[a] = -1;
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            int32_t need = it->is_off[m] ? 0 : numu_project_need(project, m, resource);
            if (!it->is_off[m]) {
                it->least[a] = need < it->least[a] ? need : it->least[a];
                it->most[a] = need > it->most[a] ? need : it->most[a];
            }
        }
        if (it->most[a] < 0) {
            return false;
        }
        *out_least += is_open(project, a) ? it->least[a] : 0;
        *out_most += is_open(project, a) ? it->most[a] : 0;
    }
    return true;
}

/* A consumable resource: whether it never matters, and what asks too much of it. */
static bool reduce_consumable(struct reducer *it, uint32_t resource) {
    const struct numu_project *project = it->project;
    uint32_t first = project->first_step[resource];
    uint32_t end = project->first_step[resource + 1];
    uint32_t before = it->counts.never_done;
    int64_t least, most;
    if (first == end || !add_up(it, resource, &least, &most)) {
        return false;
    }
    int32_t smallest = INT32_MAX, largest = numu_project_most(project, resource);
    for (uint32_t step = first; step < end; step++) {
        smallest = project->step_units[step] < smallest ? project->step_units[step] : smallest;
    }
    if (most <= smallest) {
        it->is_plentiful[resource] = true;
        it->counts.never_scarce++;
        return true;
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            int64_t others = least - it->least[a];
            if (is_open(project, a) && !it->is_off[m] &&
                others + numu_project_need(project, m, resource) > largest) {
                drop_mode(it, m, &it->counts.never_done);
            }
        }
    }
    return it->counts.never_done > before;
}

/* --- modes that are never better --- */

/* [D2] */
static void find_flexible(struct reducer *it) {
    const struct numu_project *project = it->project;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        bool enters_finish = false, leaves_start = false;
        for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
            uint8_t type = project->link_type[project->link_in[i]];
            enters_finish |= numu_link_enters_finish(type);
        }
        for (uint32_t i = project->first_out[a]; i < project->first_out[a + 1]; i++) {
            uint8_t type = project->link_type[project->link_out[i]];
            leaves_start |= numu_link_leaves_start(type);
        }
        it->may_be_shorter[a] = !enters_finish || !leaves_start;
    }
}

static bool is_no_better(const struct reducer *it, uint32_t activity, uint32_t mode,
                         uint32_t other) {
    const struct numu_project *project = it->project;
    numu_period duration = project->duration[mode];
    numu_period shorter = project->duration[other];
    if (shorter > duration || (shorter < duration && !it->may_be_shorter[activity]) ||
        (shorter == 0) != (duration == 0) || project->cost[other] > project->cost[mode]) {
        return false;
    }
    for (uint32_t n = project->first_need[other]; n < project->first_need[other + 1]; n++) {
        uint32_t resource = project->need_resource[n];
        if (!it->is_plentiful[resource] &&
            project->need_units[n] > numu_project_need(project, mode, resource)) {
            return false;
        }
    }
    return true;
}

/* Of modes that are no better than each other the first stays. */
static bool drop_worse(struct reducer *it, uint32_t activity) {
    const struct numu_project *project = it->project;
    uint32_t before = it->counts.never_better;
    uint32_t first = project->first_mode[activity], end = project->first_mode[activity + 1];
    for (uint32_t m = first; m < end && is_open(project, activity); m++) {
        for (uint32_t k = first; k < end && !it->is_off[m]; k++) {
            if (k != m && !it->is_off[k] && is_no_better(it, activity, m, k) &&
                (k < m || !is_no_better(it, activity, k, m))) {
                drop_mode(it, m, &it->counts.never_better);
            }
        }
    }
    return it->counts.never_better > before;
}

/* --- what is left --- */

static void reduce(struct reducer *it) {
    const struct numu_project *project = it->project;
    find_flexible(it);
    for (uint32_t r = 0; r < project->resource_count; r++) {
        if (!project->is_consumable[r]) {
            drop_oversized(it, r);
        }
    }
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (uint32_t r = 0; r < project->resource_count; r++) {
            if (project->is_consumable[r] && !it->is_plentiful[r]) {
                is_changed |= reduce_consumable(it, r);
            }
        }
        for (uint32_t a = 0; a < project->activity_count; a++) {
            is_changed |= drop_worse(it, a);
        }
    }
}

static numu_status take_left(const struct numu_project *project, struct numu_arena *arena,
                             struct numu_project *out, uint32_t **out_number) {
    *out = *project;
    NUMU_TRY(NUMU_TAKE(arena, &out->first_mode, (size_t)project->activity_count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &out->mode_id, project->mode_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->mode_row, project->mode_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->duration, project->mode_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->cost, project->mode_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->first_need, (size_t)project->mode_count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &out->need_resource, project->need_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->need_units, project->need_count));
    out->need_place = NULL; /* where a need was written is looked up in the whole */
    return NUMU_TAKE(arena, out_number, project->mode_count);
}

static void add_mode(const struct numu_project *project, uint32_t mode, const bool *is_resource_off,
                     struct numu_project *out, uint32_t *number) {
    uint32_t at = out->mode_count++;
    number[at] = mode;
    out->mode_id[at] = project->mode_id[mode];
    out->mode_row[at] = project->mode_row == NULL ? NUMU_NONE : project->mode_row[mode];
    out->duration[at] = project->duration[mode];
    out->cost[at] = project->cost[mode];
    out->first_need[at] = out->need_count;
    for (uint32_t n = project->first_need[mode]; n < project->first_need[mode + 1]; n++) {
        if (is_resource_off == NULL || !is_resource_off[project->need_resource[n]]) {
            out->need_resource[out->need_count] = project->need_resource[n];
            out->need_units[out->need_count++] = project->need_units[n];
        }
    }
}

numu_status numu_project_without(const struct numu_project *project, const bool *is_mode_off,
                                 const bool *is_resource_off, struct numu_arena *arena,
                                 struct numu_project *out, uint32_t **out_number) {
    struct numu_project left;
    uint32_t *number;
    NUMU_TRY(take_left(project, arena, &left, &number));
    left.mode_count = left.need_count = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        left.first_mode[a] = left.mode_count;
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            if (!is_mode_off[m]) {
                add_mode(project, m, is_resource_off, &left, number);
            }
        }
        if (left.first_mode[a] == left.mode_count) {
            return NUMU_INFEASIBLE;
        }
    }
    left.first_mode[project->activity_count] = left.mode_count;
    left.first_need[left.mode_count] = left.need_count;
    *out = left;
    *out_number = number;
    return NUMU_OK;
}

numu_status numu_project_reduce(const struct numu_project *project, struct numu_arena *arena,
                                struct numu_project *out, struct numu_reduction *out_reduction) {
    struct numu_arena scratch;
    struct reducer it = {.project = project};
    size_t count = project->activity_count;
    numu_arena_init(&scratch, arena->heap);
    numu_status status = NUMU_TAKE(&scratch, &it.is_off, project->mode_count);
    status = status == NUMU_OK ? NUMU_TAKE(&scratch, &it.may_be_shorter, count) : status;
    status = status == NUMU_OK ? NUMU_TAKE(&scratch, &it.least, count) : status;
    status = status == NUMU_OK ? NUMU_TAKE(&scratch, &it.most, count) : status;
    status =
        status == NUMU_OK ? NUMU_TAKE(&scratch, &it.is_plentiful, project->resource_count) : status;
    if (status == NUMU_OK) {
        reduce(&it);
        status =
            numu_project_without(project, it.is_off, it.is_plentiful, arena, out, &it.counts.mode);
    }
    if (status == NUMU_OK) {
        *out_reduction = it.counts;
    }
    numu_arena_release(&scratch);
    return status;
}

/* --- links [D3] --- */

/* How long an activity takes, if it has not begun and that is the same in all its modes. */
static bool has_one_duration(const struct numu_project *project, uint32_t activity,
                             numu_period *out) {
    uint32_t first = project->first_mode[activity];
    bool has_one = project->state[activity] == NUMU_ACTIVITY_PLANNED;
    *out = project->duration[first];
    for (uint32_t m = first + 1; m < project->first_mode[activity + 1]; m++) {
        has_one &= project->duration[m] == *out;
    }
    return has_one;
}

static bool rests(const struct numu_project *project, uint32_t activity) {
    return project->calendars[project->calendar[activity]].rank != NULL;
}

static void unify_link(struct numu_project *project, uint32_t link) {
    uint32_t before = project->link_before[link], after = project->link_after[link];
    bool leaves_start = numu_link_leaves_start(project->link_type[link]);
    bool enters_finish = numu_link_enters_finish(project->link_type[link]);
    numu_period length_before, length_after;
    bool is_same = !rests(project, before);
    is_same &= has_one_duration(project, before, &length_before) || !leaves_start;
    is_same &= (has_one_duration(project, after, &length_after) && !rests(project, after)) ||
               !enters_finish;
    if (is_same) {
        project->link_type[link] = numu_link_FS;
        project->link_lag[link] -=
            (leaves_start ? length_before : 0) + (enters_finish ? length_after : 0);
    }
}

numu_status numu_project_unify_links(const struct numu_project *project, struct numu_arena *arena,
                                     struct numu_project *out) {
    struct numu_project unified = *project;
    NUMU_TRY(NUMU_TAKE(arena, &unified.link_type, project->link_count));
    NUMU_TRY(NUMU_TAKE(arena, &unified.link_lag, project->link_count));
    for (uint32_t link = 0; link < project->link_count; link++) {
        unified.link_type[link] = project->link_type[link];
        unified.link_lag[link] = project->link_lag[link];
        unify_link(&unified, link);
    }
    *out = unified;
    return NUMU_OK;
}
