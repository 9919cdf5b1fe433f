/*
 * serving.h - what serves only a line: what would go if the line were not built, and what the line
 * therefore costs.
 */
#ifndef NUMU_MODEL_SERVING_H
#define NUMU_MODEL_SERVING_H

#include "model/model.h"

/* By row of their tables. */
struct numu_serving {
    bool *activity; /* opens, or leads to, nothing that stays */
    bool *process;  /* needs what is left out */
    bool *resource; /* left out, or needed by such processes only */
};

/*
 * What goes with the resources given: the processes that need them, resources that only these need,
 * and activities that open or lead to nothing else. Arrays live in the arena.
 */
NUMU_MUST_CHECK numu_status numu_serving_build(const struct numu_model *model,
                                               const numu_row *resources, size_t count,
                                               struct numu_arena *arena, struct numu_serving *out);

#endif
