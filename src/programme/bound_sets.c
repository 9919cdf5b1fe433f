/*
 * bound_sets.c - trial finishes: windows, the linear programme, the refutation.
 *
 * [1] Windows are those that the propagation of the exact search leaves, once each start has been
 *     tried at its ends: what contradicts itself there is cut off.
 * [2] The programme asks each task for its duration and pays 1 for each period that it lacks; a
 *     finish is refuted where the least payment is above 0. Prices of tasks are the weights.
 * [3] A set that was wanted once is kept, and offered to the programmes of later finishes.
 * [4] Most questions are answered well enough by a few hundred nodes; all of them are answered
 *     exactly only where that can end a programme.
 * [5] Where a programme pays nothing, the rows of bound_rows.h that it breaks most come into it. So
 *     that they hold a task is done for just its duration: of what runs longer, in another mode or
 *     at another place of a calendar, so much counts, from its start on.
 * [6] All is reckoned in the one measure of time (measure.h) in which the scarcest resource has
 *     most to do for what it offers. What takes none of its points is left out.
 */
#include "programme/bound_sets.h"

#include "programme/bound_cover.h"
#include "programme/bound_meter.h"
#include "programme/bound_rows.h"
#include "programme/bound_stride.h"
#include "programme/exact_share.h"
#include "programme/exact_solver.h"
#include "programme/heaviest.h"
#include "programme/span.h"
#include "solve/lp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TASKS_MAX = 400,
    OFFERED_MAX = 10,   /* sets from earlier programmes, for each interval */
    QUICK_NODES = 1000, /* [4] */
    EXACT_NODES = 2000000,
    ROUNDS_MAX = 2000,       /* of a programme: it always ends long before */
    ROWS_AT_ONCE = 60,       /* that come into a programme, [5] */
    ROWS_MAX = 600,          /* of a programme */
    WORK_MAX = 1 << 20,      /* tasks by points: larger programmes have none */
    ROW_DURATION_MAX = 1024, /* longer tasks are in none: sums stay below 2^62 */
};

static const double scale_max = 1e8; /* of weights: they are at most 2^27 */
static const double least_price = 1e-6;
static const double least_base = -1e4; /* of a task's price */

/* What may run between two points. */
struct interval {
    numu_period from, until;
    const int32_t *capacity; /* by renewable resource */
    int64_t floor;           /* the weight that the programme pays for */
    int64_t weight;          /* of the heaviest set found */
    bool is_exact;
};

struct set {
    uint32_t first, count; /* in `member` */
};

/* Of the programme; one that only pays for what is lacking has the interval no_interval. */
struct column {
    uint32_t interval, set;
};

static const uint32_t no_interval = UINT32_MAX;

struct sets_bounder {
    const struct numu_context *context;
    const struct numu_project *project;
    const struct numu_bound_sets_options *options;
    struct numu_domain domain;
    struct numu_measures measures;
    /* below: of time as one of them counts it [6] */
    const struct numu_project_calendar *counted;
    numu_period *span; /* by task of the domain: so long at least */
    uint32_t count;    /* of tasks with a duration */
    uint32_t *task;    /* of the domain */
    numu_period *duration;
    numu_period *from, *until; /* windows */
    uint32_t resource_count;   /* renewable */
    uint32_t *resource;
    numu_period *lag; /* by two tasks: from the finish of one to the start of the other; negative:
                         they may overlap */
    struct numu_heaviest heaviest;
    struct interval *interval;
    uint32_t interval_count;
    numu_period *point; /* room for ends */
    int32_t *capacity;
    double scale;
    int64_t *base;              /* by task: weight of its row */
    int64_t *weight;            /* by task, in an interval: with those of rows [5] */
    bool *is_plain, *is_member; /* by task */
    uint32_t *candidate;
    struct numu_lp_entry *entry;
    struct numu_buffer set_buffer, member_buffer; /* [3] */
    uint32_t set_count;
    struct numu_buffer column_buffer;
    uint32_t column_count;
    struct numu_bound_row *row; /* [5] */
    int64_t *row_weight;
    uint32_t row_count;
    numu_period bound;
    struct numu_bound_meter meter;
    struct numu_arena *scratch; /* of a trial */
};

typedef enum verdict { PASSED, REFUTED } verdict;

/* --- the measure [6] --- */

static numu_period counted(const struct sets_bounder *it, numu_period point) {
    return numu_measure_before(it->counted, point);
}

/* The least point at which a task can start. */
static numu_period first_start(const struct sets_bounder *it) {
    const struct numu_domain *domain = &it->domain;
    numu_period first = NUMU_PERIOD_MAX;
    for (uint32_t n = 0; n < domain->task_count; n++) {
        numu_period start = numu_domain_start(domain->calendar[n], domain->position_min[n]);
        first = domain->duration_min[n] > 0 && start < first ? start : first;
    }
    return first;
}

static int32_t least_need(const struct numu_project *project, uint32_t activity,
                          uint32_t resource) {
    int32_t least = INT32_MAX;
    for (uint32_t mode = project->first_mode[activity]; mode < project->first_mode[activity + 1];
         mode++) {
        int32_t need = numu_project_need(project, mode, resource);
        least = need < least ? need : least;
    }
    return least;
}

/* What is asked of the scarcest resource, of what it offers from the first start to the bound. */
static double load(const struct sets_bounder *it, const numu_period *span) {
    const numu_period from = counted(it, first_start(it)), until = counted(it, it->bound);
    double most = 0;
    for (uint32_t r = 0; r < it->resource_count; r++) {
        uint32_t resource = it->resource[r];
        double offered = (double)(numu_measure_offered(it->project, it->counted, resource, until) -
                                  numu_measure_offered(it->project, it->counted, resource, from));
        double work = 0;
        for (uint32_t n = 0; n < it->domain.task_count; n++) {
            int32_t need = least_need(it->project, it->domain.activity[n], resource);
            work += (double)need * span[n];
        }
        most = offered > 0 && work / offered > most ? work / offered : most;
    }
    return most;
}

static numu_status choose_measure(struct sets_bounder *it, struct numu_arena *arena) {
    const struct numu_project_calendar *best = NULL;
    double most = -1;
    NUMU_TRY(numu_measures_find(it->project, arena, &it->measures));
    for (uint32_t n = 0; n < it->measures.count; n++) {
        const struct numu_measure *measure = &it->measures.list[n];
        numu_period *span;
        NUMU_TRY(numu_span_least_of_tasks(&it->domain, measure->span, arena, &span));
        it->counted = measure->calendar;
        double own = load(it, span);
        if (own > most) {
            most = own;
            best = measure->calendar;
            it->span = span;
        }
    }
    it->counted = best;
    return NUMU_OK;
}

/* --- what is given --- */

/* Of the points that count so many lie at least in a lag, which is in worked periods. */
static numu_period asked_by_lag(const struct sets_bounder *it,
                                const struct numu_domain_link *link) {
    bool is_counted = it->counted == NULL || it->domain.calendar[link->before] == it->counted;
    return is_counted ? link->lag : 0;
}

/* What a link asks the start of the task after to be later than the start of the one before. */
static numu_period asked_of_starts(const struct sets_bounder *it,
                                   const struct numu_domain_link *link) {
    return (link->leaves_finish ? it->span[link->before] : 0) + asked_by_lag(it, link);
}

/* Raises what is known of the lags behind a task by what is known of the one after a link. */
static void raise_lags(numu_period *lag, const numu_period *next, numu_period asked, size_t count) {
    for (size_t k = 0; k < count; k++) {
        if (next[k] >= 0 && asked + next[k] > lag[k]) {
            lag[k] = asked + next[k];
        }
    }
}

/*
 * Finds it->lag, and marks as apart what links keep apart. `later` holds, by task of the domain, by
 * how much the start of another is later than its own at least, `lag` than its finish; negative:
 * it may be earlier. Links of other kinds, and leads, are left out.
 */
static numu_status separate_by_links(struct sets_bounder *it, const uint32_t *number) {
    const struct numu_domain *domain = &it->domain;
    size_t count = domain->task_count;
    numu_period *lag, *later;
    NUMU_TRY(NUMU_TAKE(it->scratch, &lag, count));
    NUMU_TRY(NUMU_TAKE(it->scratch, &later, count * count));
    memset(it->lag, 0xff, (size_t)it->count * it->count * sizeof *it->lag);
    memset(later, 0xff, count * count * sizeof *later);
    for (size_t n = count; n-- > 0;) {
        memset(lag, 0xff, count * sizeof *lag);
        later[n * count + n] = 0;
        for (uint32_t l = domain->first_out[n]; l < domain->first_out[n + 1]; l++) {
            const struct numu_domain_link *link = &domain->link[l];
            const numu_period *next = &later[link->after * count];
            if (link->enters_finish || link->lag < 0) {
                continue;
            }
            raise_lags(&later[n * count], next, asked_of_starts(it, link), count);
            if (link->leaves_finish) {
                raise_lags(lag, next, asked_by_lag(it, link), count);
            }
        }
        for (size_t k = 0; k < count && number[n] != NUMU_NO_TASK; k++) {
            if (lag[k] >= 0 && number[k] != NUMU_NO_TASK) {
                it->lag[(size_t)number[n] * it->count + number[k]] = lag[k];
                numu_heaviest_set_apart(&it->heaviest, number[n], number[k]);
            }
        }
    }
    return NUMU_OK;
}

static void separate_by_needs(struct sets_bounder *it) {
    const struct numu_heaviest *heaviest = &it->heaviest;
    for (uint32_t r = 0; r < it->resource_count; r++) {
        int64_t most = numu_project_most(it->project, it->resource[r]);
        for (uint32_t a = 0; a < it->count; a++) {
            for (uint32_t b = a + 1; b < it->count; b++) {
                if ((int64_t)heaviest->need[(size_t)a * it->resource_count + r] +
                        heaviest->need[(size_t)b * it->resource_count + r] >
                    most) {
                    numu_heaviest_set_apart(&it->heaviest, a, b);
                }
            }
        }
    }
}

static numu_status list_tasks(struct sets_bounder *it, struct numu_arena *arena) {
    const struct numu_domain *domain = &it->domain;
    uint32_t *number;
    NUMU_TRY(choose_measure(it, arena));
    NUMU_TRY(NUMU_TAKE(arena, &it->task, domain->task_count));
    NUMU_TRY(NUMU_TAKE(arena, &it->duration, domain->task_count));
    NUMU_TRY(NUMU_TAKE(it->scratch, &number, domain->task_count));
    for (uint32_t n = 0; n < domain->task_count; n++) {
        number[n] = NUMU_NO_TASK;
        if (it->span[n] > 0) {
            number[n] = it->count;
            it->task[it->count] = n;
            it->duration[it->count++] = it->span[n];
        }
    }
    NUMU_TRY(NUMU_TAKE(arena, &it->lag, (size_t)it->count * it->count));
    NUMU_TRY(numu_heaviest_init(&it->heaviest, arena, it->count, it->resource_count));
    for (uint32_t i = 0; i < it->count; i++) {
        for (uint32_t r = 0; r < it->resource_count; r++) {
            it->heaviest.need[(size_t)i * it->resource_count + r] =
                least_need(it->project, domain->activity[it->task[i]], it->resource[r]);
        }
    }
    separate_by_needs(it);
    return separate_by_links(it, number);
}

static numu_status take(struct sets_bounder *it, struct numu_arena *arena) {
    const struct numu_project *project = it->project;
    NUMU_TRY(NUMU_TAKE(arena, &it->resource, project->resource_count));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        if (!project->is_consumable[r]) {
            it->resource[it->resource_count++] = r;
        }
    }
    NUMU_TRY(list_tasks(it, arena));
    size_t points = 2 * (size_t)it->count + project->step_count + 2;
    NUMU_TRY(NUMU_TAKE(arena, &it->from, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->until, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->weight, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->candidate, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->base, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->is_plain, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->is_member, it->count));
    NUMU_TRY(NUMU_TAKE(arena, &it->row, ROWS_MAX));
    NUMU_TRY(NUMU_TAKE(arena, &it->row_weight, ROWS_MAX));
    NUMU_TRY(NUMU_TAKE(arena, &it->entry, (size_t)it->count + 1 + ROWS_MAX));
    NUMU_TRY(NUMU_TAKE(arena, &it->point, points));
    NUMU_TRY(NUMU_TAKE(arena, &it->interval, points));
    return NUMU_TAKE(arena, &it->capacity, points * it->resource_count);
}

/* --- windows [1] --- */

static void read_windows(struct sets_bounder *it, const struct numu_exact_solver *solver) {
    const struct numu_domain *domain = &it->domain;
    for (uint32_t i = 0; i < it->count; i++) {
        uint32_t task = it->task[i];
        uint32_t start = solver->start_variable[task], length = solver->duration_variable[task];
        numu_period most = length == NUMU_NO_VARIABLE ? domain->duration_min[task]
                                                      : numu_exact_greatest(solver, length);
        bool is_plain = domain->calendar[task] == it->counted;
        most = is_plain ? it->duration[i] : most; /* [5] */
        it->is_plain[i] = is_plain && most <= ROW_DURATION_MAX;
        it->from[i] =
            counted(it, numu_domain_start(domain->calendar[task], numu_exact_least(solver, start)));
        it->until[i] = counted(it, numu_domain_finish(domain->calendar[task],
                                                      numu_exact_greatest(solver, start) + most));
    }
}

static numu_status find_windows(struct sets_bounder *it, numu_period finish, verdict *out) {
    int64_t lateness = numu_domain_lateness_max(&it->domain, finish);
    const struct numu_exact_limits limits = {
        .makespan_min = it->bound,
        .makespan_max = finish,
        .lateness_max = lateness > NUMU_PERIOD_MAX ? NUMU_PERIOD_MAX : (numu_period)lateness,
        .measures = &it->measures};
    struct numu_exact_solver *solver;
    const struct numu_exact_shaving shaving = {numu_bound_meter_shaves, &it->meter};
    bool is_open = false;
    NUMU_TRY(NUMU_TAKE(it->scratch, &solver, 1));
    numu_status status =
        numu_exact_build(it->context, &it->domain, &limits, it->scratch, solver, &is_open);
    if (status == NUMU_OK) {
        is_open = is_open && numu_exact_shave(solver, &shaving);
        status = solver->status;
        *out = is_open ? PASSED : REFUTED;
        if (status == NUMU_OK && is_open) {
            read_windows(it, solver);
        }
    }
    numu_exact_release(solver);
    return status;
}

/* --- intervals --- */

static int32_t available(const struct numu_project *project, uint32_t resource, numu_period point) {
    int32_t units = 0;
    for (uint32_t s = project->first_step[resource];
         s < project->first_step[resource + 1] && project->step_time[s] <= point; s++) {
        units = project->step_units[s];
    }
    return units;
}

static void cut_axis(struct sets_bounder *it, numu_period finish) {
    const struct numu_project *project = it->project;
    size_t count = 0;
    for (uint32_t i = 0; i < it->count; i++) {
        it->point[count++] = it->from[i];
        it->point[count++] = it->until[i];
    }
    for (uint32_t s = 0; s < project->step_count; s++) {
        if (project->step_time[s] > 0 && project->step_time[s] < finish) {
            it->point[count++] = counted(it, project->step_time[s]);
        }
    }
    qsort(it->point, count, sizeof *it->point, numu_period_compare);
    it->interval_count = 0;
    for (size_t n = 0; n + 1 < count; n++) {
        numu_period from = it->point[n], until = it->point[n + 1];
        if (from == until) {
            continue;
        }
        int32_t *capacity = &it->capacity[(size_t)it->interval_count * it->resource_count];
        for (uint32_t r = 0; r < it->resource_count; r++) {
            capacity[r] = available(project, it->resource[r], numu_measure_last(it->counted, from));
        }
        it->interval[it->interval_count] =
            (struct interval){.from = from, .until = until, .capacity = capacity};
        it->point[it->interval_count++] = from; /* n or an earlier place */
        it->point[it->interval_count] = until;
    }
}

static bool may_run(const struct sets_bounder *it, uint32_t i, const struct interval *interval) {
    return it->from[i] <= interval->from && it->until[i] >= interval->until;
}

/* --- sets [3] --- */

static const struct set *set_at(const struct sets_bounder *it, uint32_t n) {
    return &((const struct set *)it->set_buffer.data)[n];
}

static const uint32_t *members_of(const struct sets_bounder *it, const struct set *set) {
    return &((const uint32_t *)it->member_buffer.data)[set->first];
}

static numu_status keep_chosen(struct sets_bounder *it) {
    const struct numu_heaviest *heaviest = &it->heaviest;
    struct set set = {(uint32_t)(it->member_buffer.length / sizeof(uint32_t)),
                      heaviest->chosen_count};
    NUMU_TRY(numu_buffer_append(&it->member_buffer, heaviest->chosen,
                                set.count * sizeof *heaviest->chosen));
    NUMU_TRY(numu_buffer_append(&it->set_buffer, &set, sizeof set));
    it->set_count++;
    return NUMU_OK;
}

static bool fits(const struct sets_bounder *it, const struct set *set,
                 const struct interval *interval) {
    const uint32_t *member = members_of(it, set);
    for (uint32_t n = 0; n < set->count; n++) {
        if (!may_run(it, member[n], interval)) {
            return false;
        }
    }
    for (uint32_t r = 0; r < it->resource_count; r++) {
        int64_t free = interval->capacity[r];
        for (uint32_t n = 0; n < set->count; n++) {
            free -= it->heaviest.need[(size_t)member[n] * it->resource_count + r];
        }
        if (free < 0) {
            return false;
        }
    }
    return true;
}

static int64_t weigh(const struct sets_bounder *it, const struct set *set) {
    const uint32_t *member = members_of(it, set);
    int64_t sum = 0;
    for (uint32_t n = 0; n < set->count; n++) {
        sum += it->weight[member[n]];
    }
    return sum;
}

/* --- the programme [2]: a row for each task, one for each interval, then those of [5] --- */

static const struct column *column_at(const struct sets_bounder *it, uint32_t n) {
    return &((const struct column *)it->column_buffer.data)[n];
}

static numu_status keep_column(struct sets_bounder *it, uint32_t interval, uint32_t set) {
    const struct column column = {interval, set};
    it->column_count++;
    return numu_buffer_append(&it->column_buffer, &column, sizeof column);
}

/* What one period of a term's task counts for in an interval. */
static int64_t times_in(const struct numu_bound_term *term, uint32_t interval) {
    return interval >= term->from && interval < term->until ? term->times : 0;
}

/* Adds the entries of a set in the rows of [5]; returns how many entries there are then. */
static size_t enter_rows(struct sets_bounder *it, const struct set *set, uint32_t interval,
                         size_t count) {
    const uint32_t *member = members_of(it, set);
    for (uint32_t n = 0; n < set->count; n++) {
        it->is_member[member[n]] = true;
    }
    for (uint32_t n = 0; n < it->row_count; n++) {
        int64_t times = 0;
        for (int side = 0; side < 2; side++) {
            const struct numu_bound_term *term = &it->row[n].term[side];
            times += it->is_member[term->task] ? times_in(term, interval) : 0;
        }
        if (times != 0) {
            it->entry[count++] =
                (struct numu_lp_entry){it->count + it->interval_count + n, (double)times};
        }
    }
    for (uint32_t n = 0; n < set->count; n++) {
        it->is_member[member[n]] = false;
    }
    return count;
}

static numu_status offer(struct sets_bounder *it, struct numu_lp_solver *solver, uint32_t number,
                         uint32_t interval) {
    const struct set *set = set_at(it, number);
    const uint32_t *member = members_of(it, set);
    size_t count = 0;
    for (uint32_t n = 0; n < set->count; n++) {
        it->entry[count++] = (struct numu_lp_entry){member[n], 1};
    }
    it->entry[count++] = (struct numu_lp_entry){it->count + interval, 1};
    count = enter_rows(it, set, interval, count);
    NUMU_TRY(keep_column(it, interval, number));
    return numu_lp_solver_add_column(solver, 0, 0, INFINITY, it->entry, count, NULL);
}

static numu_status offer_kept(struct sets_bounder *it, struct numu_lp_solver *solver) {
    for (uint32_t k = 0; k < it->interval_count; k++) {
        int offered = 0;
        for (uint32_t n = it->set_count; n-- > 0 && offered < OFFERED_MAX;) {
            if (fits(it, set_at(it, n), &it->interval[k])) {
                NUMU_TRY(offer(it, solver, n, k));
                offered++;
            }
        }
    }
    return NUMU_OK;
}

static numu_status fill_programme(struct sets_bounder *it, struct numu_lp *lp) {
    for (uint32_t i = 0; i < it->count; i++) {
        NUMU_TRY(numu_lp_add_row(lp, it->duration[i], INFINITY, NULL));
    }
    for (uint32_t k = 0; k < it->interval_count; k++) {
        NUMU_TRY(
            numu_lp_add_row(lp, -INFINITY, it->interval[k].until - it->interval[k].from, NULL));
    }
    for (uint32_t i = 0; i < it->count; i++) {
        const struct numu_lp_entry lack = {i, 1};
        NUMU_TRY(keep_column(it, no_interval, 0));
        NUMU_TRY(numu_lp_add_column(lp, 1, 0, INFINITY, &lack, 1, NULL));
    }
    return NUMU_OK;
}

static numu_status open_programme(struct sets_bounder *it, struct numu_lp_solver **out) {
    struct numu_lp lp;
    struct numu_lp_solver *solver = NULL;
    numu_lp_init(&lp, it->context->heap);
    it->row_count = it->column_count = 0;
    it->column_buffer.length = 0;
    numu_status status = fill_programme(it, &lp);
    if (status == NUMU_OK) {
        status = numu_lp_solver_open(it->context, &lp, &solver);
    }
    numu_lp_release(&lp);
    if (status == NUMU_OK) {
        status = offer_kept(it, solver);
    }
    if (status != NUMU_OK) {
        numu_lp_solver_close(solver);
        return status;
    }
    *out = solver;
    return NUMU_OK;
}

/* --- rows [5] --- */

/* How often a column counts in a row. */
static int64_t times_of(const struct sets_bounder *it, const struct column *column,
                        const struct numu_bound_row *row) {
    const struct set *set = set_at(it, column->set);
    const uint32_t *member = members_of(it, set);
    int64_t times = 0;
    for (uint32_t n = 0; n < set->count; n++) {
        for (int side = 0; side < 2; side++) {
            const struct numu_bound_term *term = &row->term[side];
            times += member[n] == term->task ? times_in(term, column->interval) : 0;
        }
    }
    return times;
}

static numu_status add_row(struct sets_bounder *it, struct numu_lp_solver *solver,
                           const struct numu_bound_row *row, struct numu_lp_element *element) {
    size_t count = 0;
    numu_lp_row number;
    for (uint32_t c = 0; c < it->column_count; c++) {
        const struct column *column = column_at(it, c);
        int64_t times = column->interval == no_interval ? 0 : times_of(it, column, row);
        if (times != 0) {
            element[count++] = (struct numu_lp_element){c, (double)times};
        }
    }
    it->meter.work += it->column_count;
    NUMU_TRY(numu_lp_solver_add_row(solver, (double)row->least, INFINITY, element, count, &number));
    /* a period of the second task's work is paid for by 1, as one of a duration is */
    const struct numu_lp_entry lack = {number, fabs((double)row->term[1].times)};
    NUMU_TRY(keep_column(it, no_interval, 0));
    it->row[it->row_count++] = *row;
    return numu_lp_solver_add_column(solver, 1, 0, INFINITY, &lack, 1, NULL);
}

/* Work done on each task before each point. */
static void sum_work(const struct sets_bounder *it, const struct numu_lp_solution *solution,
                     uint32_t points, double *done) {
    for (uint32_t c = 0; c < it->column_count; c++) {
        const struct column *column = column_at(it, c);
        if (column->interval == no_interval || solution->col_value[c] <= 0) {
            continue;
        }
        const struct set *set = set_at(it, column->set);
        for (uint32_t n = 0; n < set->count; n++) {
            done[(size_t)members_of(it, set)[n] * points + column->interval + 1] +=
                solution->col_value[c];
        }
    }
    for (uint32_t i = 0; i < it->count; i++) {
        for (uint32_t p = 1; p < points; p++) {
            done[(size_t)i * points + p] += done[(size_t)i * points + p - 1];
        }
    }
}

/* Adds the rows that a solution breaks most. */
static numu_status add_broken(struct sets_bounder *it, struct numu_lp_solver *solver,
                              const struct numu_lp_solution *solution, uint32_t *out_count) {
    struct numu_bound_row found[ROWS_AT_ONCE];
    struct numu_lp_element *element;
    double *done;
    uint32_t points = it->interval_count + 1;
    *out_count = 0;
    if (it->options->skips_rows || (size_t)it->count * points > WORK_MAX ||
        it->row_count + ROWS_AT_ONCE > ROWS_MAX) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(it->scratch, &done, (size_t)it->count * points));
    NUMU_TRY(NUMU_TAKE(it->scratch, &element, it->column_count + ROWS_AT_ONCE));
    sum_work(it, solution, points, done);
    const struct numu_bound_work work = {.count = it->count,
                                         .is_plain = it->is_plain,
                                         .duration = it->duration,
                                         .from = it->from,
                                         .until = it->until,
                                         .lag = it->lag,
                                         .point_count = points,
                                         .point = it->point,
                                         .done = done};
    *out_count = numu_bound_rows_find(&work, ROWS_AT_ONCE, found);
    it->meter.work += (uint64_t)it->count * points;
    for (uint32_t i = 0; i < it->count && it->row_count == 0; i++) {
        numu_lp_solver_set_row_bounds(solver, i, it->duration[i], it->duration[i]);
    }
    for (uint32_t n = 0; n < *out_count; n++) {
        NUMU_TRY(add_row(it, solver, &found[n], element));
    }
    return NUMU_OK;
}

/* --- prices --- */

/* Any prices that are not below 0 will do for rows, and any at all for durations, [5]. */
static double row_price(const struct sets_bounder *it, const struct numu_lp_solution *solution,
                        uint32_t n) {
    double price = solution->row_dual[it->count + it->interval_count + n];
    double most = 1 / fabs((double)it->row[n].term[1].times); /* what its lack costs */
    return price > 0 ? fmin(price, most) : 0;
}

static double task_price(const struct sets_bounder *it, const struct numu_lp_solution *solution,
                         uint32_t i) {
    double least = it->row_count > 0 && it->is_plain[i] ? least_base : 0;
    return fmax(least, fmin(solution->row_dual[i], 1));
}

/* The greatest weight of a task in any interval, where that of its duration alone is 1. */
static numu_status find_greatest(struct sets_bounder *it, const struct numu_lp_solution *solution,
                                 double *out) {
    size_t points = (size_t)it->interval_count + 1;
    double *weight;
    *out = 1;
    if (it->row_count == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(it->scratch, &weight, it->count * points));
    for (uint32_t n = 0; n < it->row_count; n++) {
        for (int side = 0; side < 2; side++) {
            const struct numu_bound_term *term = &it->row[n].term[side];
            double price = row_price(it, solution, n) * (double)term->times;
            weight[term->task * points + term->from] += price;
            weight[term->task * points + term->until] -= price;
        }
    }
    for (uint32_t i = 0; i < it->count; i++) {
        double sum = task_price(it, solution, i);
        for (size_t p = 0; p < points; p++) {
            sum += weight[i * points + p];
            *out = sum > *out ? sum : *out;
        }
    }
    return NUMU_OK;
}

/* Prices of the programme, as weights and floors. */
static numu_status read_prices(struct sets_bounder *it, const struct numu_lp_solution *solution) {
    double greatest;
    NUMU_TRY(find_greatest(it, solution, &greatest));
    it->scale = scale_max / greatest;
    for (uint32_t i = 0; i < it->count; i++) {
        it->base[i] = llround(task_price(it, solution, i) * it->scale);
    }
    for (uint32_t n = 0; n < it->row_count; n++) {
        it->row_weight[n] = llround(row_price(it, solution, n) * it->scale);
    }
    for (uint32_t k = 0; k < it->interval_count; k++) {
        double price = -solution->row_dual[it->count + k];
        it->interval[k].floor = price > 0 ? llround(price * it->scale) : 0;
    }
    return NUMU_OK;
}

/* Weights of tasks in an interval. */
static void weigh_tasks(struct sets_bounder *it, uint32_t interval) {
    memcpy(it->weight, it->base, it->count * sizeof *it->weight);
    for (uint32_t n = 0; n < it->row_count; n++) {
        for (int side = 0; side < 2; side++) {
            const struct numu_bound_term *term = &it->row[n].term[side];
            it->weight[term->task] += it->row_weight[n] * times_in(term, interval);
        }
    }
}

/* --- pricing --- */

static void find_heaviest(struct sets_bounder *it, const struct interval *interval, int64_t floor,
                          uint64_t nodes_max) {
    struct numu_heaviest_question question = {.candidate = it->candidate,
                                              .weight = it->weight,
                                              .capacity = interval->capacity,
                                              .floor = floor,
                                              .nodes_max = nodes_max,
                                              .meter = &it->meter};
    for (uint32_t i = 0; i < it->count; i++) {
        if (may_run(it, i, interval)) {
            it->candidate[question.candidate_count++] = i;
        }
    }
    numu_heaviest_find(&it->heaviest, &question);
}

static bool is_worth_it(const struct sets_bounder *it, int64_t weight, int64_t floor) {
    return weight > floor + (int64_t)(it->scale * least_price);
}

/* What a round of questions has come to. */
struct round {
    int64_t excess; /* of what tasks ask over what intervals can give, as far as is known */
    uint32_t offered;
    uint32_t last; /* set offered last; UINT32_MAX = none */
};

static numu_status ask(struct sets_bounder *it, struct numu_lp_solver *solver, uint32_t k,
                       uint64_t nodes_max, struct round *round) {
    struct interval *interval = &it->interval[k];
    int64_t length = interval->until - interval->from;
    int64_t known = interval->weight > interval->floor ? interval->weight : interval->floor;
    find_heaviest(it, interval, known, nodes_max);
    round->excess -= length * (it->heaviest.weight - interval->weight);
    interval->weight = it->heaviest.weight;
    interval->is_exact = it->heaviest.is_exact;
    if (it->heaviest.chosen_count > 0 && is_worth_it(it, interval->weight, interval->floor)) {
        round->last = it->set_count;
        round->offered++;
        NUMU_TRY(keep_chosen(it));
        return offer(it, solver, round->last, k);
    }
    return NUMU_OK;
}

/* What served one interval often serves the next: then that is offered, and nothing is asked. */
static numu_status ask_quickly(struct sets_bounder *it, struct numu_lp_solver *solver, uint32_t k,
                               struct round *round) {
    struct interval *interval = &it->interval[k];
    interval->weight = 0;
    weigh_tasks(it, k);
    if (round->last != UINT32_MAX && fits(it, set_at(it, round->last), interval)) {
        int64_t weight = weigh(it, set_at(it, round->last));
        if (is_worth_it(it, weight, interval->floor)) {
            round->excess -= (int64_t)(interval->until - interval->from) * weight;
            round->offered++;
            interval->weight = weight;
            interval->is_exact = false;
            return offer(it, solver, round->last, k);
        }
    }
    return ask(it, solver, k, QUICK_NODES, round);
}

/*
 * One round: offers sets that are worth more than the programme pays, or finds the finish refuted,
 * or neither. [4]
 */
static numu_status price(struct sets_bounder *it, struct numu_lp_solver *solver,
                         uint32_t *out_offered, bool *out_is_refuted) {
    struct round round = {.last = UINT32_MAX};
    bool is_exact = true;
    for (uint32_t i = 0; i < it->count; i++) {
        round.excess += it->base[i] * it->duration[i];
    }
    for (uint32_t n = 0; n < it->row_count; n++) {
        round.excess += it->row_weight[n] * it->row[n].least;
    }
    for (uint32_t k = 0; k < it->interval_count; k++) {
        NUMU_TRY(ask_quickly(it, solver, k, &round));
    }
    for (uint32_t k = 0; k < it->interval_count && (round.offered == 0 || round.excess > 0) &&
                         !numu_bound_meter_is_over(&it->meter);
         k++) {
        if (!it->interval[k].is_exact) {
            weigh_tasks(it, k);
            NUMU_TRY(ask(it, solver, k, EXACT_NODES, &round));
        }
    }
    for (uint32_t k = 0; k < it->interval_count; k++) {
        is_exact &= it->interval[k].is_exact;
    }
    *out_is_refuted = is_exact && round.excess > 0;
    *out_offered = round.offered;
    return NUMU_OK;
}

static numu_status run_programme(struct sets_bounder *it, struct numu_lp_solver *solver,
                                 verdict *out) {
    struct numu_lp_options options = {.primal = true, .is_near = true};
    uint32_t offered = 1;
    bool is_refuted = false;
    for (int n = 0;
         n < ROUNDS_MAX && offered > 0 && !is_refuted && !numu_bound_meter_is_over(&it->meter);
         n++) {
        struct numu_lp_solution solution;
        struct numu_arena_mark mark = numu_arena_mark(it->scratch);
        if (it->meter.clock_end > 0) {
            options.time_limit_s = fmax(numu_bound_meter_seconds_left(&it->meter), 1e-3);
        }
        NUMU_TRY(numu_lp_solver_solve(solver, &options, it->scratch, &solution));
        bool is_open = solution.objective > (double)it->count * least_price;
        if (solution.status != NUMU_LP_OPTIMAL) {
            break;
        }
        NUMU_TRY(is_open ? read_prices(it, &solution)
                         : add_broken(it, solver, &solution, &offered));
        it->meter.work +=
            (solution.iterations + 1) * (it->count + it->interval_count + it->row_count);
        numu_arena_rewind(it->scratch, mark);
        if (is_open) {
            NUMU_TRY(price(it, solver, &offered, &is_refuted));
        }
    }
    *out = is_refuted ? REFUTED : PASSED;
    return NUMU_OK;
}

/* --- trials --- */

static void raise_to(struct sets_bounder *it, numu_period bound) {
    if (bound > it->bound) {
        it->bound = bound;
        if (it->options->bound != NULL) {
            numu_exact_raise(it->options->bound, bound);
        }
    }
}

static numu_status try_finish(struct sets_bounder *it, numu_period finish, verdict *out) {
    struct numu_lp_solver *solver;
    NUMU_TRY(find_windows(it, finish, out));
    if (*out == REFUTED || numu_bound_meter_is_over(&it->meter)) {
        return NUMU_OK;
    }
    cut_axis(it, finish);
    NUMU_TRY(open_programme(it, &solver));
    numu_status status = run_programme(it, solver, out);
    numu_lp_solver_close(solver);
    return status;
}

/* All time as one, bound_cover.h, which is done soon where it is done: no finish is tried. */
static numu_status raise_by_cover(struct sets_bounder *it) {
    static const double share = 0.9;
    struct numu_bound_meter part = numu_bound_meter_share(&it->meter, share);
    const struct numu_bound_cover cover = {.duration = it->duration,
                                           .capacity = it->capacity,
                                           .heaviest = &it->heaviest,
                                           .meter = &part};
    const numu_period first = first_start(it);
    if (it->count == 0 || first >= it->bound || counted(it, first) == counted(it, it->bound)) {
        return NUMU_OK;
    }
    for (uint32_t r = 0; r < it->resource_count; r++) {
        it->capacity[r] = numu_project_most(it->project, it->resource[r]);
    }
    const numu_period known = counted(it, it->bound) - counted(it, first);
    numu_period time = known;
    NUMU_TRY(numu_bound_cover_raise(it->context, &cover, it->scratch, &time));
    it->meter.work = part.work;
    if (time > known) {
        numu_period bound = numu_measure_first(it->counted, counted(it, first) + time);
        raise_to(it, bound < it->options->until ? bound : it->options->until);
    }
    return NUMU_OK;
}

static numu_status raise_bound(struct sets_bounder *it, struct numu_arena *arena) {
    verdict found = REFUTED;
    NUMU_TRY(numu_domain_build(it->project, arena, &it->domain));
    if (!it->domain.is_exact || it->domain.task_count > TASKS_MAX) {
        return NUMU_OK;
    }
    NUMU_TRY(take(it, arena));
    NUMU_TRY(raise_by_cover(it));
    numu_period stride = numu_bound_stride(it->bound, it->options->until);
    while (stride > 0 && it->bound < it->options->until && !numu_bound_meter_is_over(&it->meter)) {
        struct numu_arena_mark mark = numu_arena_mark(it->scratch);
        numu_period left = it->options->until - it->bound;
        numu_period finish = it->bound + (stride < left ? stride : left) - 1;
        numu_status status = try_finish(it, finish, &found);
        numu_arena_rewind(it->scratch, mark);
        NUMU_TRY(status);
        if (found == PASSED) {
            stride /= 2;
        } else {
            raise_to(it, finish + 1);
        }
    }
    return NUMU_OK;
}

numu_status numu_bound_sets_raise(const struct numu_context *context,
                                  const struct numu_project *project,
                                  const struct numu_bound_sets_options *options,
                                  numu_period *out_bound) {
    struct numu_arena arena, scratch;
    struct sets_bounder it = {
        .context = context,
        .project = project,
        .options = options,
        .bound = options->from,
        .meter = numu_bound_meter_begin(context, options->work_max, options->time_limit_s),
        .scratch = &scratch};
    numu_arena_init(&arena, context->heap);
    numu_arena_init(&scratch, context->heap);
    numu_buffer_init(&it.set_buffer, context->heap, 0);
    numu_buffer_init(&it.member_buffer, context->heap, 0);
    numu_buffer_init(&it.column_buffer, context->heap, 0);
    numu_status status = raise_bound(&it, &arena);
    status = status == NUMU_LIMIT ? NUMU_OK : status; /* of memory, or of the tables of windows */
    numu_buffer_release(&it.column_buffer);
    numu_buffer_release(&it.member_buffer);
    numu_buffer_release(&it.set_buffer);
    numu_arena_release(&scratch);
    numu_arena_release(&arena);
    if (status == NUMU_OK) {
        *out_bound = it.bound;
    }
    return status;
}
