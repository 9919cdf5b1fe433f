/*
 * simulate_policy.c - samples under scarce resources, one at a time.
 *
 * Time goes from event to event: something finishes, supplies change, links let something start, a
 * calendar goes on. At each the list is gone through once: who could not start does not find more
 * by what starts after it. Only what links let start in the meantime is gone back for.
 *
 * [1] A sample is dated in rows, in which what it reads lies side by side; lanes are filled from
 *     them in the end.
 * [2] A word says who cannot start for want of the first few scarce resources; who passes is asked
 *     for all that it needs.
 */
#include "programme/simulate_parts.h"

#include <string.h>

struct policy {
    const struct numu_simulator *simulator;
    struct numu_policy_room *room;
    numu_period *duration, *start, *resume, *finish; /* rows of the lane */
    uint32_t *giver, giver_count;
    numu_period now;
    uint32_t next_place; /* in the list: who is asked next */
    uint64_t free_word;  /* [2] */
    uint32_t left;       /* not dated yet */
};

static const uint32_t no_place = UINT32_MAX;

/* --- moments: keys of queues --- */

static uint64_t key_of(numu_period moment, uint32_t id) {
    return (uint64_t)((uint32_t)moment ^ UINT32_C(1) << 31) << 32 | id;
}

static numu_period moment_of(uint64_t key) {
    return (numu_period)((uint32_t)(key >> 32) ^ UINT32_C(1) << 31);
}

/* Takes out the first; returns its id. */
static uint32_t pop(struct numu_queue *queue) {
    return (uint32_t)numu_queue_pop(queue);
}

static bool is_due(const struct numu_queue *queue, numu_period now) {
    return queue->count > 0 && moment_of(queue->key[0]) <= now;
}

/* --- what links allow --- */

static void set_dates(struct policy *policy, uint32_t a, numu_period resume) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    bool is_started = project->state[a] == NUMU_ACTIVITY_STARTED;
    policy->resume[a] = resume;
    policy->start[a] = is_started ? project->actual_start[a] : resume;
    policy->finish[a] =
        advance(calendar_of(simulator, a), simulator->horizon, resume, policy->duration[a]);
    policy->left--;
}

static void wait(struct policy *policy, uint32_t place) {
    const struct numu_simulator *simulator = policy->simulator;
    uint32_t calendar = simulator->project->calendar[simulator->list[place]];
    policy->room->waiting[place / 64] |= UINT64_C(1) << place % 64;
    policy->room->waiting_in[calendar]++;
    policy->next_place = place < policy->next_place ? place : policy->next_place;
}

static void stop_waiting(struct policy *policy, uint32_t place) {
    const struct numu_simulator *simulator = policy->simulator;
    uint32_t calendar = simulator->project->calendar[simulator->list[place]];
    policy->room->waiting[place / 64] &= ~(UINT64_C(1) << place % 64);
    policy->room->waiting_in[calendar]--;
}

/* All before it being dated: dates what needs nothing scarce, and lets the others wait. */
static bool is_dated(struct policy *policy, uint32_t a) {
    const struct numu_simulator *simulator = policy->simulator;
    numu_period release =
        numu_policy_release(simulator, a, policy->duration[a], policy->start, policy->finish);
    if (!simulator->needs_any[a]) {
        set_dates(policy, a, release);
    } else if (release <= policy->now) {
        wait(policy, simulator->place[a]);
    } else {
        numu_queue_push(&policy->room->later, key_of(release, simulator->place[a]));
    }
    return !simulator->needs_any[a];
}

/* Lets those after `a` know that it is dated, and those after what is dated then. */
static void follow(struct policy *policy, uint32_t a) {
    const struct numu_project *project = policy->simulator->project;
    struct numu_policy_room *room = policy->room;
    uint32_t depth = 0;
    room->stack[depth++] = a;
    while (depth > 0) {
        uint32_t done = room->stack[--depth];
        for (uint32_t i = project->first_out[done]; i < project->first_out[done + 1]; i++) {
            uint32_t after = project->link_after[project->link_out[i]];
            if (project->state[after] != NUMU_ACTIVITY_FINISHED && --room->pending[after] == 0 &&
                is_dated(policy, after)) {
                room->stack[depth++] = after;
            }
        }
    }
}

/* --- what resources allow --- */

static void note_free(struct policy *policy) {
    const struct numu_simulator *simulator = policy->simulator;
    int32_t units[NUMU_WORD_RESOURCES] = {0};
    for (uint32_t k = 0; k < NUMU_WORD_RESOURCES && k < simulator->scarce_count; k++) {
        units[k] = policy->room->available[simulator->scarce[k]];
    }
    policy->free_word = numu_simulator_word(units);
}

static int32_t units_needed(const struct numu_simulator *simulator, uint32_t a, uint32_t resource) {
    int32_t units = 0;
    for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
        units += simulator->need_resource[n] == resource ? simulator->need_units[n] : 0;
    }
    return units;
}

/* Whether so many units stay from the next step of the supply on until a point. */
static bool stays(const struct policy *policy, uint32_t resource, int32_t needed,
                  numu_period until) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    const struct numu_queue *running = &policy->room->running;
    for (uint32_t s = policy->room->step[resource];
         s < project->first_step[resource + 1] && project->step_time[s] < until; s++) {
        int64_t units = (int64_t)project->step_units[s] - needed;
        for (uint32_t k = 0; k < running->count; k++) {
            if (moment_of(running->key[k]) > project->step_time[s]) {
                units -= units_needed(simulator, (uint32_t)running->key[k], resource);
            }
        }
        if (units < 0) {
            return false;
        }
    }
    return true;
}

/* Whether units are there now, and stay until the finish where supplies may drop. */
static bool has_enough(const struct policy *policy, uint32_t a) {
    const struct numu_simulator *simulator = policy->simulator;
    for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
        uint32_t r = simulator->need_resource[n];
        if (simulator->need_units[n] > policy->room->available[r]) {
            return false;
        }
        if (simulator->may_drop[r] && !simulator->project->is_consumable[r]) {
            numu_period finish = advance(calendar_of(simulator, a), simulator->horizon, policy->now,
                                         policy->duration[a]);
            if (!stays(policy, r, simulator->need_units[n], finish)) {
                return false;
            }
        }
    }
    return true;
}

static void take_units(const struct policy *policy, uint32_t a) {
    const struct numu_simulator *simulator = policy->simulator;
    for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
        policy->room->available[simulator->need_resource[n]] -= simulator->need_units[n];
    }
}

static void give_units(const struct policy *policy, uint32_t a) {
    const struct numu_simulator *simulator = policy->simulator;
    for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
        uint32_t r = simulator->need_resource[n];
        policy->room->available[r] +=
            simulator->project->is_consumable[r] ? 0 : simulator->need_units[n];
    }
}

/* --- a moment --- */

/* The first that waits, from a place on, for which the first few resources may do [2]. */
static uint32_t first_fitting(const struct policy *policy, uint32_t from) {
    const uint64_t *waiting = policy->room->waiting, *asked = policy->simulator->word;
    const uint64_t is_free = policy->free_word;
    uint32_t words = policy->simulator->activity_count / 64 + 1;
    uint64_t kept = ~UINT64_C(0) << from % 64;
    for (uint32_t word = from / 64; word < words; word++, kept = ~UINT64_C(0)) {
        for (uint64_t bits = waiting[word] & kept; bits != 0; bits &= bits - 1) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(bits);
            if (numu_simulator_word_fits(asked[place], is_free)) {
                return place;
            }
        }
    }
    return no_place;
}

static bool may_start(const struct policy *policy, uint32_t place) {
    const struct numu_simulator *simulator = policy->simulator;
    uint32_t a = simulator->list[place];
    bool is_worked_now =
        policy->duration[a] == 0 ||
        next_worked(calendar_of(simulator, a), simulator->horizon, policy->now) == policy->now;
    /* Work under way holds what it has. */
    bool holds = simulator->project->state[a] == NUMU_ACTIVITY_STARTED;
    return is_worked_now && (holds || has_enough(policy, a));
}

static void start(struct policy *policy, uint32_t place) {
    uint32_t a = policy->simulator->list[place];
    stop_waiting(policy, place);
    set_dates(policy, a, policy->now);
    take_units(policy, a);
    if (policy->finish[a] > policy->now) {
        numu_queue_push(&policy->room->running, key_of(policy->finish[a], a));
    } else {
        give_units(policy, a);
    }
    note_free(policy);
    follow(policy, a);
}

static void start_waiting(struct policy *policy) {
    uint32_t place;
    note_free(policy);
    policy->next_place = 0;
    while ((place = first_fitting(policy, policy->next_place)) != no_place) {
        policy->next_place = place + 1;
        if (may_start(policy, place)) {
            start(policy, place);
        }
    }
}

/* The next moment at which something may start, or NUMU_PERIOD_MAX + 1. */
static numu_period next_moment(const struct policy *policy) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    const struct numu_policy_room *room = policy->room;
    numu_period next = NUMU_PERIOD_MAX + 1;
    next = room->running.count > 0 ? at_most(next, moment_of(room->running.key[0])) : next;
    next = room->later.count > 0 ? at_most(next, moment_of(room->later.key[0])) : next;
    for (uint32_t k = 0; k < simulator->scarce_count; k++) {
        uint32_t r = simulator->scarce[k];
        if (room->step[r] < project->first_step[r + 1]) {
            next = at_most(next, project->step_time[room->step[r]]);
        }
    }
    for (uint32_t c = 0; c < project->calendar_count; c++) {
        if (room->waiting_in[c] > 0) { /* it rests now, or waits for a resource */
            numu_period moment =
                next_worked(&project->calendars[c], simulator->horizon, policy->now);
            next = moment > policy->now ? at_most(next, moment) : next;
        }
    }
    return next;
}

static void take_steps(struct policy *policy) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    struct numu_policy_room *room = policy->room;
    for (uint32_t k = 0; k < simulator->scarce_count; k++) {
        uint32_t r = simulator->scarce[k];
        while (room->step[r] < project->first_step[r + 1] &&
               project->step_time[room->step[r]] <= policy->now) {
            uint32_t s = room->step[r]++;
            bool is_first = s == project->first_step[r];
            room->available[r] +=
                project->step_units[s] - (is_first ? 0 : project->step_units[s - 1]);
        }
    }
}

static void go_to(struct policy *policy, numu_period moment) {
    struct numu_policy_room *room = policy->room;
    policy->now = moment;
    while (is_due(&room->running, moment)) {
        uint32_t a = pop(&room->running);
        give_units(policy, a);
        policy->giver[policy->giver_count++] = a;
    }
    while (is_due(&room->later, moment)) {
        wait(policy, pop(&room->later));
    }
    take_steps(policy);
}

/* --- samples --- */

static void begin(struct policy *policy) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    struct numu_policy_room *room = policy->room;
    uint32_t count = project->activity_count;
    memset(room->waiting, 0, (count / 64 + 1) * sizeof *room->waiting);
    memset(room->waiting_in, 0, project->calendar_count * sizeof *room->waiting_in);
    room->later.count = room->running.count = 0;
    for (uint32_t r = 0; r < project->resource_count; r++) {
        room->available[r] = 0;
        room->step[r] = project->first_step[r];
    }
    policy->left = count;
    policy->now = project->data_date;
    take_steps(policy);
    for (uint32_t a = 0; a < count; a++) {
        room->pending[a] = project->first_in[a + 1] - project->first_in[a];
        if (project->state[a] == NUMU_ACTIVITY_FINISHED) {
            policy->start[a] = project->actual_start[a];
            policy->resume[a] = policy->finish[a] = project->actual_finish[a];
            policy->left--;
        }
    }
    for (uint32_t n = 0; n < count; n++) {
        uint32_t a = project->order[n];
        bool is_first = project->first_in[a] == project->first_in[a + 1];
        if (project->state[a] == NUMU_ACTIVITY_FINISHED || (is_first && is_dated(policy, a))) {
            follow(policy, a);
        }
    }
}

static numu_status date_sample(struct policy *policy) {
    begin(policy);
    start_waiting(policy);
    while (policy->left > 0) {
        numu_period next = next_moment(policy);
        if (next > policy->simulator->horizon || next <= policy->now) {
            return NUMU_INFEASIBLE;
        }
        go_to(policy, next);
        start_waiting(policy);
    }
    return NUMU_OK;
}

/* [1] */
static void read_lanes(uint32_t count, const numu_period *lanes, size_t stride, numu_period *rows) {
    for (size_t a = 0; a < count; a++) {
        for (size_t lane = 0; lane < NUMU_LANES; lane++) {
            rows[lane * count + a] = lanes[a * stride + lane];
        }
    }
}

static void write_lanes(uint32_t count, const numu_period *rows, numu_period (*lanes)[NUMU_LANES]) {
    for (size_t a = 0; a < count; a++) {
        for (size_t lane = 0; lane < NUMU_LANES; lane++) {
            lanes[a][lane] = rows[lane * count + a];
        }
    }
}

numu_status numu_simulate_policy(const struct numu_simulator *simulator,
                                 const numu_period *duration, size_t stride,
                                 struct numu_simulator_room *room) {
    struct numu_policy_room *own = &room->policy;
    uint32_t count = simulator->activity_count;
    read_lanes(count, duration, stride, own->duration);
    for (size_t lane = 0; lane < NUMU_LANES; lane++) {
        size_t row = lane * count;
        struct policy policy = {.simulator = simulator,
                                .room = own,
                                .duration = own->duration + row,
                                .start = own->start + row,
                                .resume = own->resume + row,
                                .finish = own->finish + row,
                                .giver = own->giver + row};
        NUMU_TRY(date_sample(&policy));
        own->giver_count[lane] = policy.giver_count;
    }
    write_lanes(count, own->start, room->lanes.start);
    write_lanes(count, own->resume, room->lanes.resume);
    write_lanes(count, own->finish, room->lanes.finish);
    return NUMU_OK;
}
