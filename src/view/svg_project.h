/*
 * svg_project.h - a scheduled project in pictures: bars over time with float, what its resources
 * carry, its network. Time is days where the project stands in the calendar, else periods.
 */
#ifndef NUMU_VIEW_SVG_PROJECT_H
#define NUMU_VIEW_SVG_PROJECT_H

#include "programme/rcpsp.h"
#include "view/svg.h"

struct numu_project_picture {
    const struct numu_project *project;
    const struct numu_rcpsp_result *result;
    /*
     * By activity: the latest finish that links and the finish of the whole leave it, resources
     * left aside; NUMU_NO_PERIOD = not known.
     */
    const numu_period *late_finish;
    const uint32_t *layer; /* by activity: links on the longest way to it */
    uint32_t layer_count;
    struct numu_arena *arena;
};

/* Finds floats and layers of a schedule; arrays live in the arena. */
NUMU_MUST_CHECK numu_status numu_project_picture_make(const struct numu_project *project,
                                                      const struct numu_rcpsp_result *result,
                                                      struct numu_arena *arena,
                                                      struct numu_project_picture *out);

/* Bars in order of starts, `count` of them from the `first` on. */
void numu_svg_project_bars(struct numu_output *out, const struct numu_project_picture *picture,
                           const uint32_t *order, uint32_t first, uint32_t count, const char *id,
                           struct numu_text title);
/*
 * What activities take of a resource against what there is: of a renewable one at each time, of a
 * consumable one in all up to then.
 */
void numu_svg_histogram(struct numu_output *out, const struct numu_project_picture *picture,
                        uint32_t resource, const char *id, struct numu_text title);
/* Activities in layers, links between them; those without float are strong. */
void numu_svg_network(struct numu_output *out, const struct numu_project_picture *picture,
                      const char *id, struct numu_text title);

#endif
