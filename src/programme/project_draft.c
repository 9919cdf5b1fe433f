/*
 * project_draft.c - from rows in the order of a file to columns and indices.
 */
#include "programme/project_draft.h"

struct activity_row {
    struct numu_text id;
    numu_period release;
    uint32_t first_mode;
};

struct mode_row {
    struct numu_text id;
    numu_period duration;
    uint32_t first_need;
};

struct need_row {
    uint32_t resource;
    int32_t units;
};

struct resource_row {
    struct numu_text id;
    bool is_consumable;
    int32_t units;
};

struct link_row {
    uint32_t before, after;
    struct numu_place place;
};

#define COUNT_OF(buffer, type) ((uint32_t)((buffer).length / sizeof(type)))
#define ROWS_OF(buffer, type) ((const type *)(const void *)(buffer).data)

void numu_project_draft_init(struct numu_project_draft *draft, struct numu_heap *heap,
                             uint32_t source) {
    *draft = (struct numu_project_draft){.source = source};
    struct numu_buffer *buffers[] = {&draft->activities, &draft->modes, &draft->needs,
                                     &draft->resources, &draft->links};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        numu_buffer_init(buffers[i], heap, UINT32_MAX);
    }
}

void numu_project_draft_release(struct numu_project_draft *draft) {
    numu_buffer_release(&draft->activities);
    numu_buffer_release(&draft->modes);
    numu_buffer_release(&draft->needs);
    numu_buffer_release(&draft->resources);
    numu_buffer_release(&draft->links);
}

/* --- rows --- */

numu_status numu_project_draft_add_activity(struct numu_project_draft *draft, struct numu_text id,
                                            numu_period release) {
    struct activity_row row = {id, release, COUNT_OF(draft->modes, struct mode_row)};
    return numu_buffer_append(&draft->activities, &row, sizeof row);
}

numu_status numu_project_draft_add_mode(struct numu_project_draft *draft, struct numu_text id,
                                        numu_period duration) {
    struct mode_row row = {id, duration, COUNT_OF(draft->needs, struct need_row)};
    return numu_buffer_append(&draft->modes, &row, sizeof row);
}

numu_status numu_project_draft_add_need(struct numu_project_draft *draft, uint32_t resource,
                                        int32_t units) {
    struct need_row row = {resource, units};
    return units == 0 ? NUMU_OK : numu_buffer_append(&draft->needs, &row, sizeof row);
}

numu_status numu_project_draft_add_resource(struct numu_project_draft *draft, struct numu_text id,
                                            bool is_consumable, int32_t units) {
    struct resource_row row = {id, is_consumable, units};
    return numu_buffer_append(&draft->resources, &row, sizeof row);
}

numu_status numu_project_draft_add_link(struct numu_project_draft *draft, uint32_t before,
                                        uint32_t after, struct numu_place place) {
    struct link_row row = {before, after, place};
    return numu_buffer_append(&draft->links, &row, sizeof row);
}

uint32_t numu_project_draft_activity_count(const struct numu_project_draft *draft) {
    return COUNT_OF(draft->activities, struct activity_row);
}

/* --- columns --- */

static numu_status take_columns(const struct numu_project_draft *draft, struct numu_arena *arena,
                                struct numu_project *project) {
    project->activity_count = COUNT_OF(draft->activities, struct activity_row);
    project->mode_count = COUNT_OF(draft->modes, struct mode_row);
    project->need_count = COUNT_OF(draft->needs, struct need_row);
    project->resource_count = COUNT_OF(draft->resources, struct resource_row);
    project->link_count = COUNT_OF(draft->links, struct link_row);
    project->step_count = project->resource_count;
    NUMU_TRY(numu_project_take(arena, project));
    return NUMU_TAKE(arena, &project->link_place, project->link_count);
}

static void fill_activities(const struct numu_project_draft *draft, struct numu_project *project) {
    const struct activity_row *rows = ROWS_OF(draft->activities, struct activity_row);
    for (uint32_t i = 0; i < project->activity_count; i++) {
        project->id[i] = rows[i].id;
        project->first_mode[i] = rows[i].first_mode;
        project->release[i] = rows[i].release;
    }
    project->first_mode[project->activity_count] = project->mode_count;
}

/* Needs by resource ascending: a mode has few, so they are inserted one by one. */
static void fill_modes(const struct numu_project_draft *draft, struct numu_project *project) {
    const struct mode_row *rows = ROWS_OF(draft->modes, struct mode_row);
    const struct need_row *needs = ROWS_OF(draft->needs, struct need_row);
    for (uint32_t m = 0; m < project->mode_count; m++) {
        uint32_t end = m + 1 < project->mode_count ? rows[m + 1].first_need : project->need_count;
        project->mode_id[m] = rows[m].id;
        project->duration[m] = rows[m].duration;
        project->first_need[m] = rows[m].first_need;
        for (uint32_t n = rows[m].first_need; n < end; n++) {
            uint32_t at = n;
            for (; at > rows[m].first_need && project->need_resource[at - 1] > needs[n].resource;
                 at--) {
                project->need_resource[at] = project->need_resource[at - 1];
                project->need_units[at] = project->need_units[at - 1];
            }
            project->need_resource[at] = needs[n].resource;
            project->need_units[at] = needs[n].units;
        }
    }
    project->first_need[project->mode_count] = project->need_count;
}

static void fill_resources(const struct numu_project_draft *draft, struct numu_project *project) {
    const struct resource_row *rows = ROWS_OF(draft->resources, struct resource_row);
    for (uint32_t r = 0; r < project->resource_count; r++) {
        project->resource_id[r] = rows[r].id;
        project->is_consumable[r] = rows[r].is_consumable;
        project->first_step[r] = r;
        project->step_units[r] = rows[r].units;
    }
    project->first_step[project->resource_count] = project->step_count;
}

static void fill_links(const struct numu_project_draft *draft, struct numu_project *project) {
    const struct link_row *rows = ROWS_OF(draft->links, struct link_row);
    for (uint32_t l = 0; l < project->link_count; l++) {
        project->link_before[l] = rows[l].before;
        project->link_after[l] = rows[l].after;
        project->link_place[l] = rows[l].place;
    }
}

numu_status numu_project_draft_finish(const struct numu_project_draft *draft,
                                      struct numu_arena *arena, struct numu_report *report,
                                      struct numu_project *out) {
    struct numu_project project = {
        .name = draft->name, .source = draft->source, .origin = NUMU_NO_DAY};
    NUMU_TRY(take_columns(draft, arena, &project));
    fill_activities(draft, &project);
    fill_modes(draft, &project);
    fill_resources(draft, &project);
    fill_links(draft, &project);
    NUMU_TRY(numu_project_finish(arena, NULL, report, &project));
    *out = project;
    return NUMU_OK;
}
