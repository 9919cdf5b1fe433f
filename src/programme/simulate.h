/*
 * simulate.h - the dates of many samples of a project at once.
 *
 * Where nothing is scarce a sample's dates are those of cpm.h for its durations: NUMU_LANES samples
 * go through the network side by side, so that compilers make vector code of every step.
 *
 * Where resources are scarce they follow a policy, one sample at a time: at each moment, in the
 * order of a priority list, every activity starts that may start by its links and calendar and for
 * which there is enough of what it needs. No one waits on purpose and no one looks ahead (a
 * resource-based policy: F. J. Radermacher, "Scheduling of project networks", Annals of Operations
 * Research 4, 1985). Work that needs nothing scarce starts as soon as its links allow. Work under
 * way at the data date comes first.
 *
 * [Z1] A resource of which there is always enough for all who need it at once is left out.
 * [Z2] Critical is what lies on a chain to the finish of the whole of links that are tight and of
 *      hand-overs: a resource that one gave back at the moment when another, which waited for it,
 *      began, or could have begun but for its calendar.
 * [Z3] No point lies beyond the horizon, where the tables of calendars end: there time stands
 *      still. numu_project_extend makes room.
 * [Z4] Slack is by how much an activity may be later without moving the whole, by links alone;
 *      what is critical has none, though links alone would leave it some.
 */
#ifndef NUMU_PROGRAMME_SIMULATE_H
#define NUMU_PROGRAMME_SIMULATE_H

#include "base/queue.h"
#include "programme/project.h"

enum { NUMU_LANES = 16 };

/* Dates of NUMU_LANES samples, by activity. */
struct numu_lanes {
    numu_period (*start)[NUMU_LANES];
    numu_period (
        *resume)[NUMU_LANES]; /* where what is left begins; = start but of work under way */
    numu_period (*finish)[NUMU_LANES];
    numu_period (*critical)[NUMU_LANES]; /* 0, or -1 (all bits) */
    numu_period (*slack)[NUMU_LANES];    /* working periods of its calendar [Z4] */
    numu_period whole[NUMU_LANES];       /* finish of all */
};

struct numu_simulator {
    const struct numu_project *project;
    bool is_scarce; /* some resource is, and the policy is used */
    uint32_t activity_count;
    numu_period horizon;
    numu_period *floor; /* by activity: no resume before */
    /* links into activities, in the order of project.first_in */
    struct numu_simulator_link {
        uint32_t before;
        numu_period lag;
        bool leaves_start, enters_finish;
        bool has_happened; /* what it leaves: it holds nothing back */
    } * links;
    /* of the policy */
    uint32_t *place;         /* by activity: in the priority list */
    uint32_t *list;          /* by place: activity */
    bool *needs_any;         /* by activity: of something scarce */
    uint32_t *first_need;    /* by activity, one more: needs of scarce resources only */
    uint32_t *need_resource; /* numbers of project resources */
    int32_t *need_units;
    uint32_t scarce_count;
    uint32_t *scarce; /* numbers of the project's resources that are */
    bool *is_scarce_resource, *may_drop;
    uint64_t *word; /* by place: needs in short, simulate_parts.h */
};

struct numu_simulator_options {
    const uint32_t *mode; /* by activity: number of the project's mode; NULL = the first of each */
    /* The priority list, all activities; NULL = by late start at the project's durations. */
    const uint32_t *list;
    bool ignores_resources;
    uint32_t without_resource; /* + 1: as if there were always enough of this one; 0 = none */
};

/*
 * The project with the tables of its calendars drawn on to a horizon, by the calendars they came
 * from (by number), or where those are not known (NULL): weeks are like those before, without
 * holidays. All else is shared with `project`.
 */
NUMU_MUST_CHECK numu_status numu_project_extend(const struct numu_project *project,
                                                const struct numu_calendar *calendars,
                                                numu_period horizon, struct numu_arena *arena,
                                                struct numu_project *out);

/* Arrays live in the arena; project must outlive the simulator. */
NUMU_MUST_CHECK numu_status numu_simulator_init(struct numu_simulator *simulator,
                                                struct numu_arena *arena,
                                                const struct numu_project *project,
                                                const struct numu_simulator_options *options);

/* Room of the policy. In rows: one of each lane, in which each activity has an entry. */
struct numu_policy_room {
    numu_period *duration, *start, *resume, *finish; /* rows, as in numu_lanes */
    uint32_t *giver;                                 /* rows: who gave resources back, by finish */
    uint32_t giver_count[NUMU_LANES];
    /* of one sample */
    uint32_t *pending, *stack;        /* by activity */
    uint64_t *waiting;                /* bits by place: what links let start */
    uint32_t *waiting_in;             /* by calendar: how much of it */
    struct numu_queue later, running; /* by moment */
    int32_t *available;               /* by resource */
    uint32_t *step;                   /* by resource: the next one */
    bool *is_marked;
};

/* Room that one worker needs. */
struct numu_simulator_room {
    struct numu_lanes lanes;
    numu_period (*late)[NUMU_LANES]; /* by activity: the latest resume */
    struct numu_policy_room policy;
};

/* Room for the simulator, and for each that knows of fewer scarce resources of the same project. */
NUMU_MUST_CHECK numu_status numu_simulator_take(const struct numu_simulator *simulator,
                                                struct numu_arena *arena,
                                                struct numu_simulator_room *out);

/*
 * The dates of NUMU_LANES samples into room->lanes: durations of activity a stand at
 * duration[a * stride] and after it. NUMU_INFEASIBLE where something waits for what never comes.
 */
NUMU_MUST_CHECK numu_status numu_simulate(const struct numu_simulator *simulator,
                                          const numu_period *duration, size_t stride,
                                          struct numu_simulator_room *room);
/* After numu_simulate: fills lanes.critical [Z2]. */
void numu_simulate_critical(const struct numu_simulator *simulator, const numu_period *duration,
                            size_t stride, struct numu_simulator_room *room);
/* After numu_simulate_critical: fills lanes.slack [Z4]; of finished work it is 0. */
void numu_simulate_slack(const struct numu_simulator *simulator, const numu_period *duration,
                         size_t stride, struct numu_simulator_room *room);
/*
 * The point from which link `number` (of simulator->links) lets the activity after it resume, where
 * the one before begins at `start` and ends at `finish`, and the one after takes `duration`.
 */
numu_period numu_simulator_asked(const struct numu_simulator *simulator, uint32_t number,
                                 uint32_t after, numu_period start, numu_period finish,
                                 numu_period duration);

#endif
