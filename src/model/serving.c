/*
 * serving.c - see serving.h.
 */
#include "model/serving.h"

/* Resources that processes which go need, and no others do. */
static numu_status close_processes(const struct numu_model *model, struct numu_arena *arena,
                                   struct numu_serving *serving) {
    const struct numu_table_operation *table = &model->operation;
    bool *is_used;
    bool *is_kept;
    NUMU_TRY(NUMU_TAKE(arena, &is_used, model->resource.head.count));
    NUMU_TRY(NUMU_TAKE(arena, &is_kept, model->resource.head.count));
    for (numu_row row = 0; row < table->head.count; row++) {
        serving->process[table->process[row]] |= serving->resource[table->resource[row]];
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        is_used[table->resource[row]] = true;
        is_kept[table->resource[row]] |= !serving->process[table->process[row]];
    }
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        serving->resource[row] |= is_used[row] && !is_kept[row];
    }
    return NUMU_OK;
}

static void mark(bool *marks, numu_row row) {
    if (row != NUMU_NONE) {
        marks[row] = true;
    }
}

/* Activities that open something that stays, and those that opened something that goes. */
static void mark_openers(const struct numu_model *model, const struct numu_serving *serving,
                         bool *keeps, bool *opened) {
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        mark(serving->resource[row] ? opened : keeps, model->resource.opened_by[row]);
    }
    for (numu_row row = 0; row < model->process.head.count; row++) {
        mark(serving->process[row] ? opened : keeps, model->process.opened_by[row]);
    }
    for (numu_row row = 0; row < model->course.head.count; row++) {
        mark(keeps, model->course.opened_by[row]);
    }
    for (numu_row row = 0; row < model->storehouse.head.count; row++) {
        mark(keeps, model->storehouse.opened_by[row]);
    }
}

/* One round: what leads only to what goes, goes too. Returns whether anything did. */
static bool drop_leading(const struct numu_model *model, const bool *keeps, bool *leads,
                         bool *stays, bool *dropped) {
    const struct numu_table_precedence *links = &model->precedence;
    bool has_changed = false;
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        leads[row] = false;
        stays[row] = false;
    }
    for (numu_row row = 0; row < links->head.count; row++) {
        leads[links->before[row]] = true;
        stays[links->before[row]] |= !dropped[links->after[row]];
    }
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        if (!dropped[row] && leads[row] && !stays[row] && !keeps[row]) {
            dropped[row] = true;
            has_changed = true;
        }
    }
    return has_changed;
}

numu_status numu_serving_build(const struct numu_model *model, const numu_row *resources,
                               size_t count, struct numu_arena *arena, struct numu_serving *out) {
    struct numu_serving serving;
    numu_row activities = model->activity.head.count;
    bool *keeps;
    bool *opened;
    bool *leads;
    bool *stays;
    NUMU_TRY(NUMU_TAKE(arena, &serving.activity, activities));
    NUMU_TRY(NUMU_TAKE(arena, &serving.process, model->process.head.count));
    NUMU_TRY(NUMU_TAKE(arena, &serving.resource, model->resource.head.count));
    NUMU_TRY(NUMU_TAKE(arena, &keeps, activities));
    NUMU_TRY(NUMU_TAKE(arena, &opened, activities));
    NUMU_TRY(NUMU_TAKE(arena, &leads, activities));
    NUMU_TRY(NUMU_TAKE(arena, &stays, activities));
    for (size_t i = 0; i < count; i++) {
        serving.resource[resources[i]] = true;
    }
    NUMU_TRY(close_processes(model, arena, &serving));
    mark_openers(model, &serving, keeps, opened);
    for (numu_row row = 0; row < activities; row++) {
        serving.activity[row] = opened[row] && !keeps[row];
    }
    while (drop_leading(model, keeps, leads, stays, serving.activity)) {
    }
    *out = serving;
    return NUMU_OK;
}
