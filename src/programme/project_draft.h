/*
 * project_draft.h - a project while a reader finds out what is in its file.
 *
 * Readers append in the order of the file; what belongs to an activity or mode follows it at once.
 * Rows are kept in growing arrays, so that no count that a file claims is ever believed: memory
 * follows what was read.
 */
#ifndef NUMU_PROGRAMME_PROJECT_DRAFT_H
#define NUMU_PROGRAMME_PROJECT_DRAFT_H

#include "base/diagnostic.h"
#include "programme/project.h"

struct numu_project_draft {
    uint32_t source; /* where findings about the whole are shown */
    struct numu_text name;
    struct numu_buffer activities, modes, needs, resources, links;
};

/* Starts an empty draft of the file `source`. */
void numu_project_draft_init(struct numu_project_draft *draft, struct numu_heap *heap,
                             uint32_t source);
void numu_project_draft_release(struct numu_project_draft *draft);

/*
 * Each appends a row. Texts must live as long as the project. A mode belongs to the activity
 * before it, a need to the mode before it; a need of 0 units is left out, needs may come in any
 * order of resources, each once.
 */
NUMU_MUST_CHECK numu_status numu_project_draft_add_activity(struct numu_project_draft *draft,
                                                            struct numu_text id,
                                                            numu_period release);
NUMU_MUST_CHECK numu_status numu_project_draft_add_mode(struct numu_project_draft *draft,
                                                        struct numu_text id, numu_period duration);
NUMU_MUST_CHECK numu_status numu_project_draft_add_need(struct numu_project_draft *draft,
                                                        uint32_t resource, int32_t units);
NUMU_MUST_CHECK numu_status numu_project_draft_add_resource(struct numu_project_draft *draft,
                                                            struct numu_text id, bool is_consumable,
                                                            int32_t units);
/* A link finish to start without lag; both are numbers of activities, which may come later. */
NUMU_MUST_CHECK numu_status numu_project_draft_add_link(struct numu_project_draft *draft,
                                                        uint32_t before, uint32_t after,
                                                        struct numu_place place);

uint32_t numu_project_draft_activity_count(const struct numu_project_draft *draft);

/*
 * The project of a draft whose links name activities that are there: columns in the arena, indices
 * derived, every period worked. NUMU_INVALID with the findings of numu_project_finish.
 */
NUMU_MUST_CHECK numu_status numu_project_draft_finish(const struct numu_project_draft *draft,
                                                      struct numu_arena *arena,
                                                      struct numu_report *report,
                                                      struct numu_project *out);

#endif
