/*
 * simulate_chain.c - what is critical under scarce resources: links and hand-overs, from the end.
 */
#include "programme/simulate_parts.h"

/* The sample of one lane, as the policy left it. */
struct chain {
    const struct numu_simulator *simulator;
    const numu_period *duration, *start, *resume, *finish;
    const uint32_t *giver;
    uint32_t giver_count;
    numu_period whole;
    bool *is_marked;
    uint32_t *stack, depth; /* marked, not looked at */
};

static void mark(struct chain *chain, uint32_t a) {
    if (!chain->is_marked[a]) {
        chain->is_marked[a] = true;
        chain->stack[chain->depth++] = a;
    }
}

static bool shares_resource(const struct numu_simulator *simulator, uint32_t a, uint32_t b) {
    for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
        uint32_t resource = simulator->need_resource[n];
        for (uint32_t m = simulator->first_need[b]; m < simulator->first_need[b + 1]; m++) {
            if (simulator->need_resource[m] == resource &&
                !simulator->project->is_consumable[resource]) {
                return true;
            }
        }
    }
    return false;
}

/* How many gave back what they had at a point or before. */
static uint32_t givers_by(const struct chain *chain, numu_period point) {
    uint32_t below = 0, above = chain->giver_count;
    while (below < above) {
        uint32_t middle = below + (above - below) / 2;
        bool is_by = chain->finish[chain->giver[middle]] <= point;
        *(is_by ? &below : &above) = is_by ? middle + 1 : middle;
    }
    return below;
}

/*
 * Marks those that handed a resource over to `a`, which waited for it: until its calendar works,
 * where it takes any time.
 */
static void mark_givers(struct chain *chain, uint32_t a) {
    const struct numu_simulator *simulator = chain->simulator;
    const struct numu_project_calendar *calendar = calendar_of(simulator, a);
    for (uint32_t n = givers_by(chain, chain->resume[a]); n-- > 0;) {
        uint32_t giver = chain->giver[n];
        numu_period given = chain->finish[giver];
        given = chain->duration[a] > 0 ? next_worked(calendar, simulator->horizon, given) : given;
        if (given < chain->resume[a]) {
            break;
        }
        if (shares_resource(simulator, a, giver)) {
            mark(chain, giver);
        }
    }
}

/* Marks those to which `a` is tied by links. */
static void mark_before(struct chain *chain, uint32_t a) {
    const struct numu_simulator *simulator = chain->simulator;
    const struct numu_project *project = simulator->project;
    numu_period duration = chain->duration[a];
    for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
        const struct numu_simulator_link *link = &simulator->links[i];
        if (link->has_happened) {
            continue;
        }
        numu_period point = asked_from(simulator, link, a, chain->start[link->before],
                                       chain->finish[link->before], duration);
        point = at_most(point, simulator->horizon);
        if (duration > 0 && point >= 0) { /* what is asked before 0 drives nothing */
            point = next_worked(calendar_of(simulator, a), simulator->horizon, point);
        }
        if (point == chain->resume[a]) {
            mark(chain, link->before);
        }
    }
}

static void mark_chain(struct chain *chain) {
    const struct numu_simulator *simulator = chain->simulator;
    const struct numu_project *project = simulator->project;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        chain->is_marked[a] = false;
        if (project->state[a] != NUMU_ACTIVITY_FINISHED && chain->finish[a] == chain->whole) {
            mark(chain, a);
        }
    }
    while (chain->depth > 0) {
        uint32_t a = chain->stack[--chain->depth];
        bool has_waited = simulator->needs_any[a] &&
                          numu_policy_release(simulator, a, chain->duration[a], chain->start,
                                              chain->finish) < chain->resume[a];
        if (has_waited) {
            mark_givers(chain, a);
        } else {
            mark_before(chain, a);
        }
    }
}

void numu_policy_critical(const struct numu_simulator *simulator,
                          struct numu_simulator_room *room) {
    struct numu_policy_room *own = &room->policy;
    uint32_t count = simulator->activity_count;
    for (size_t lane = 0; lane < NUMU_LANES; lane++) {
        size_t row = lane * count;
        struct chain chain = {.simulator = simulator,
                              .duration = own->duration + row,
                              .start = own->start + row,
                              .resume = own->resume + row,
                              .finish = own->finish + row,
                              .giver = own->giver + row,
                              .giver_count = own->giver_count[lane],
                              .whole = room->lanes.whole[lane],
                              .is_marked = own->is_marked,
                              .stack = own->stack};
        mark_chain(&chain);
        for (uint32_t a = 0; a < count; a++) {
            room->lanes.critical[a][lane] = -(numu_period)own->is_marked[a];
        }
    }
}
