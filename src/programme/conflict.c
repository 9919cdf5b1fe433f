/*
 * conflict.c - constraints switched on and off, and the tests of bound.h, then the exact search,
 * asked each time.
 *
 * [1] A project without some of its constraints is the same project with shorter lists of links and
 *     needs, and dates that ask nothing: numbers of activities, modes and links stay.
 */
#include "programme/conflict.h"

#include "programme/bound.h"
#include "programme/domain.h"

#include <string.h>

enum {
    CONFLICTS_EACH = 2000,
    WORK_EACH = 1000000,      /* steps of tests before the exact search is asked */
    QUESTIONS_MAX = 100,      /* of full cost, all in all */
    ACTIVITIES_A_CONFLICT = 4 /* a question costs so much to ask, however easy */
};

struct finder {
    const struct numu_context *context;
    const struct numu_project *project;
    struct numu_exact_options exact;
    struct numu_arena *scratch;
    struct numu_conflict_part *part;
    bool *is_on; /* by part */
    uint32_t count;
    bool is_open;              /* a question was not answered */
    double clock_end;          /* 0 = none */
    uint64_t cost, cost_max;   /* of questions, in conflicts */
    struct numu_project trial; /* [1] */
    /* its own lists */
    numu_period *release, *deadline;
    uint32_t *first_in, *link_in, *first_out, *link_out, *first_need, *need_resource;
    int32_t *need_units;
    bool *is_link_on; /* by link */
    bool *is_need_on; /* by activity × resource */
};

/* --- what there is --- */

static void add_part(struct finder *finder, struct numu_conflict_part part) {
    finder->part[finder->count++] = part;
}

static bool has_need(const struct numu_project *project, uint32_t activity, uint32_t resource) {
    uint32_t first = project->first_need[project->first_mode[activity]];
    uint32_t end = project->first_need[project->first_mode[activity + 1]];
    for (uint32_t n = first; n < end; n++) {
        if (project->need_resource[n] == resource) {
            return true;
        }
    }
    return false;
}

static void list_parts(struct finder *finder) {
    const struct numu_project *project = finder->project;
    for (uint32_t a = 0; a < project->activity_count && finder->exact.keeps_deadlines; a++) {
        if (project->state[a] != NUMU_ACTIVITY_FINISHED && project->deadline[a] != NUMU_NO_PERIOD) {
            add_part(finder, (struct numu_conflict_part){NUMU_CONFLICT_DEADLINE, a, 0, 0});
        }
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        if (project->state[a] == NUMU_ACTIVITY_PLANNED &&
            project->release[a] > project->data_date) {
            add_part(finder, (struct numu_conflict_part){NUMU_CONFLICT_RELEASE, a, 0, 0});
        }
    }
    for (uint32_t link = 0; link < project->link_count; link++) {
        uint32_t after = project->link_after[link];
        if (project->state[after] != NUMU_ACTIVITY_FINISHED &&
            !numu_project_has_happened(project, link)) {
            add_part(finder, (struct numu_conflict_part){NUMU_CONFLICT_LINK, after, link, 0});
        }
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        for (uint32_t r = 0; r < project->resource_count; r++) {
            if (project->state[a] != NUMU_ACTIVITY_FINISHED && has_need(project, a, r)) {
                add_part(finder, (struct numu_conflict_part){NUMU_CONFLICT_NEED, a, 0, r});
            }
        }
    }
}

/* --- the project with the parts that are on [1] --- */

static void switch_parts(struct finder *finder) {
    const struct numu_project *project = finder->project;
    size_t count = project->activity_count;
    memset(finder->release, 0, count * sizeof *finder->release);
    for (uint32_t link = 0; link < project->link_count; link++) {
        finder->is_link_on[link] = numu_project_has_happened(project, link);
    }
    memset(finder->is_need_on, 0, count * project->resource_count * sizeof *finder->is_need_on);
    for (uint32_t a = 0; a < count; a++) {
        finder->deadline[a] = NUMU_NO_PERIOD;
    }
    for (uint32_t n = 0; n < finder->count; n++) {
        const struct numu_conflict_part *part = &finder->part[n];
        if (!finder->is_on[n]) {
            continue;
        }
        switch (part->kind) {
        case NUMU_CONFLICT_DEADLINE:
            finder->deadline[part->activity] = project->deadline[part->activity];
            break;
        case NUMU_CONFLICT_RELEASE:
            finder->release[part->activity] = project->release[part->activity];
            break;
        case NUMU_CONFLICT_LINK:
            finder->is_link_on[part->link] = true;
            break;
        case NUMU_CONFLICT_NEED:
            finder->is_need_on[(size_t)part->activity * project->resource_count + part->resource] =
                true;
            break;
        }
    }
}

static void fill_links(const struct finder *finder, const uint32_t *first, const uint32_t *list,
                       uint32_t *to_first, uint32_t *to_list) {
    uint32_t count = 0;
    for (uint32_t a = 0; a < finder->project->activity_count; a++) {
        to_first[a] = count;
        for (uint32_t i = first[a]; i < first[a + 1]; i++) {
            if (finder->is_link_on[list[i]]) {
                to_list[count++] = list[i];
            }
        }
    }
    to_first[finder->project->activity_count] = count;
}

static void fill_needs(struct finder *finder) {
    const struct numu_project *project = finder->project;
    uint32_t count = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            finder->first_need[m] = count;
            for (uint32_t n = project->first_need[m]; n < project->first_need[m + 1]; n++) {
                uint32_t r = project->need_resource[n];
                if (finder->is_need_on[(size_t)a * project->resource_count + r]) {
                    finder->need_resource[count] = r;
                    finder->need_units[count++] = project->need_units[n];
                }
            }
        }
    }
    finder->first_need[project->mode_count] = count;
    finder->trial.need_count = count;
}

static bool is_spent(const struct finder *finder) {
    const struct numu_context *context = finder->context;
    return finder->cost >= finder->cost_max ||
           (finder->clock_end > 0 && context->clock(context->clock_data) >= finder->clock_end);
}

/* Whether no schedule keeps the parts that are on. */
static numu_status ask(struct finder *finder, bool *out_is_refuted) {
    if (is_spent(finder)) {
        finder->is_open = true;
        *out_is_refuted = false;
        return NUMU_OK;
    }
    struct numu_arena arena;
    struct numu_exact exact;
    const struct numu_project *project = finder->project;
    switch_parts(finder);
    fill_links(finder, project->first_in, project->link_in, finder->first_in, finder->link_in);
    fill_links(finder, project->first_out, project->link_out, finder->first_out, finder->link_out);
    fill_needs(finder);
    const struct numu_bound_options tests = {.work_max = WORK_EACH};
    finder->cost += 1 + project->activity_count / ACTIVITIES_A_CONFLICT;
    NUMU_TRY(numu_bound_refute(finder->context, &finder->trial, &tests,
                               finder->exact.keeps_deadlines, out_is_refuted));
    if (*out_is_refuted) {
        return NUMU_OK;
    }
    numu_arena_init(&arena, finder->context->heap);
    numu_status status =
        numu_exact_solve(finder->context, &finder->trial, &finder->exact, &arena, &exact);
    numu_arena_release(&arena);
    NUMU_TRY(status);
    if (numu_context_is_stopped(finder->context)) {
        return NUMU_STOPPED;
    }
    finder->cost += exact.conflicts;
    *out_is_refuted = exact.is_infeasible;
    finder->is_open |= !exact.is_infeasible && !exact.has_schedule;
    return NUMU_OK;
}

/* --- QuickXplain --- */

/*
 * Of the parts [from, until), all off on entry, switches on a least set that is in conflict with
 * those that are on. `is_added`: something was switched on since it was last asked.
 */
static numu_status explain(struct finder *finder, uint32_t from, uint32_t until, bool is_added) {
    bool is_refuted = false;
    if (is_added) {
        NUMU_TRY(ask(finder, &is_refuted));
    }
    if (is_refuted) {
        return NUMU_OK;
    }
    if (until - from == 1) {
        finder->is_on[from] = true;
        return NUMU_OK;
    }
    uint32_t middle = from + (until - from) / 2;
    memset(finder->is_on + from, 1, middle - from);
    NUMU_TRY(explain(finder, middle, until, true));
    memset(finder->is_on + from, 0, middle - from);
    bool is_any = false;
    for (uint32_t n = middle; n < until; n++) {
        is_any |= finder->is_on[n];
    }
    return explain(finder, from, middle, is_any);
}

/*
 * Where questions stayed open: looks once more at each part that is on, since beside so few others
 * most questions are easy. What is superfluous goes off.
 */
static numu_status prune(struct finder *finder) {
    finder->is_open = false;
    for (uint32_t n = 0; n < finder->count; n++) {
        bool is_refuted = false;
        if (finder->is_on[n]) {
            finder->is_on[n] = false;
            NUMU_TRY(ask(finder, &is_refuted));
            finder->is_on[n] = !is_refuted;
        }
    }
    return NUMU_OK;
}

static numu_status take(struct finder *finder) {
    const struct numu_project *project = finder->project;
    struct numu_arena *scratch = finder->scratch;
    size_t count = project->activity_count;
    size_t pairs = count * project->resource_count;
    size_t room = 2 * count + project->link_count + project->need_count;
    NUMU_TRY(NUMU_TAKE(scratch, &finder->part, room));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->is_on, room));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->release, count));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->deadline, count));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->first_in, count + 1));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->first_out, count + 1));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->link_in, project->link_count));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->link_out, project->link_count));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->first_need, (size_t)project->mode_count + 1));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->need_resource, project->need_count));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->need_units, project->need_count));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->is_link_on, project->link_count));
    NUMU_TRY(NUMU_TAKE(scratch, &finder->is_need_on, pairs));
    finder->trial = *project;
    finder->trial.release = finder->release;
    finder->trial.deadline = finder->deadline;
    finder->trial.first_in = finder->first_in;
    finder->trial.first_out = finder->first_out;
    finder->trial.link_in = finder->link_in;
    finder->trial.link_out = finder->link_out;
    finder->trial.first_need = finder->first_need;
    finder->trial.need_resource = finder->need_resource;
    finder->trial.need_units = finder->need_units;
    return NUMU_OK;
}

/* --- deadlines against links --- */

/* Domains of the project with its not-before dates and without. */
struct dates {
    struct numu_domain domain, undated;
    numu_period *earliest; /* with them, by task */
};

static numu_period asked_by(const struct numu_domain *domain, uint32_t index,
                            numu_period position) {
    const struct numu_domain_link *link = &domain->link[index];
    numu_period u = position + (link->leaves_finish ? domain->duration_min[link->before] : 0);
    return numu_domain_up(domain, link, u) -
           (link->enters_finish ? domain->duration_max[link->after] : 0);
}

/* The link that alone asks for a task's earliest position; false = a date does. */
static bool find_driver(const struct dates *dates, uint32_t task, uint32_t *out_link) {
    const struct numu_domain *domain = &dates->domain;
    for (uint32_t i = domain->first_in[task]; i < domain->first_in[task + 1]; i++) {
        uint32_t link = domain->link_in[i];
        if (asked_by(domain, link, dates->earliest[domain->link[link].before]) ==
                dates->earliest[task] &&
            dates->earliest[task] > domain->position_min[task]) {
            *out_link = link;
            return true;
        }
    }
    return false;
}

static bool is_late(const struct numu_domain *domain, uint32_t task, numu_period position) {
    numu_period deadline = domain->project->deadline[domain->activity[task]];
    return deadline != NUMU_NO_PERIOD &&
           numu_domain_finish(domain->calendar[task], position + domain->duration_min[task]) >
               deadline;
}

/*
 * Whether the links of a chain, listed from its end, make its end late where its first task stands
 * at `position`, no other date than what has happened asked.
 */
static bool is_chain_late(const struct dates *dates, const uint32_t *chain, uint32_t count,
                          uint32_t end, numu_period position) {
    const struct numu_domain *domain = &dates->undated;
    while (count-- > 0) {
        numu_period asked = asked_by(domain, chain[count], position);
        uint32_t after = domain->link[chain[count]].after;
        position = domain->position_min[after] > asked ? domain->position_min[after] : asked;
    }
    return is_late(domain, end, position);
}

static void add_chain(struct finder *finder, const struct numu_domain *domain,
                      const uint32_t *chain, uint32_t count, uint32_t end) {
    add_part(finder,
             (struct numu_conflict_part){NUMU_CONFLICT_DEADLINE, domain->activity[end], 0, 0});
    while (count-- > 0) {
        const struct numu_domain_link *link = &domain->link[chain[count]];
        add_part(finder, (struct numu_conflict_part){NUMU_CONFLICT_LINK,
                                                     domain->activity[link->after], link->row, 0});
    }
}

/*
 * Walks back from a late task along what drives it, no further than needed: the shortest chain that
 * makes it late by itself, or the whole of it with the not-before date at its beginning.
 */
static numu_status explain_late(struct finder *finder, const struct dates *dates, uint32_t end) {
    uint32_t *chain, count = 0, link, task = end;
    NUMU_TRY(NUMU_TAKE(finder->scratch, &chain, dates->domain.task_count));
    bool is_late_alone = is_chain_late(dates, chain, count, end, dates->undated.position_min[task]);
    while (!is_late_alone && find_driver(dates, task, &link)) {
        chain[count++] = link;
        task = dates->domain.link[link].before;
        is_late_alone = is_chain_late(dates, chain, count, end, dates->undated.position_min[task]);
    }
    add_chain(finder, &dates->domain, chain, count, end);
    if (!is_late_alone) {
        uint32_t activity = dates->domain.activity[task];
        add_part(finder, (struct numu_conflict_part){NUMU_CONFLICT_RELEASE, activity, 0, 0});
    }
    return NUMU_OK;
}

/* The first deadline that links and dates alone break, with the chain that leads there. */
static numu_status find_chain(struct finder *finder) {
    struct dates dates;
    struct numu_project undated = *finder->project;
    undated.release = finder->release; /* all 0 */
    NUMU_TRY(numu_domain_build(finder->project, finder->scratch, &dates.domain));
    NUMU_TRY(numu_domain_build(&undated, finder->scratch, &dates.undated));
    NUMU_TRY(NUMU_TAKE(finder->scratch, &dates.earliest, dates.domain.task_count));
    memcpy(dates.earliest, dates.domain.position_min,
           dates.domain.task_count * sizeof *dates.earliest);
    for (uint32_t task = 0; task < dates.domain.task_count; task++) {
        numu_domain_raise(&dates.domain, task, dates.earliest);
        if (is_late(&dates.domain, task, dates.earliest[task])) {
            return explain_late(finder, &dates, task);
        }
    }
    return NUMU_OK;
}

/* --- the whole --- */

static numu_status find(struct finder *finder) {
    bool is_refuted = false;
    NUMU_TRY(take(finder));
    if (finder->exact.keeps_deadlines) {
        NUMU_TRY(find_chain(finder));
    }
    if (finder->count > 0) {
        memset(finder->is_on, 1, finder->count);
        return NUMU_OK;
    }
    list_parts(finder);
    if (finder->count == 0) {
        return NUMU_OK;
    }
    memset(finder->is_on, 1, finder->count);
    NUMU_TRY(ask(finder, &is_refuted));
    memset(finder->is_on, 0, finder->count);
    finder->is_open = false;
    if (is_refuted) {
        NUMU_TRY(explain(finder, 0, finder->count, false));
    }
    return finder->is_open ? prune(finder) : NUMU_OK;
}

static numu_status give(const struct finder *finder, struct numu_arena *arena,
                        struct numu_conflict *out) {
    struct numu_conflict conflict = {.is_irreducible = !finder->is_open};
    for (uint32_t n = 0; n < finder->count; n++) {
        conflict.count += finder->is_on[n] ? 1 : 0;
    }
    NUMU_TRY(NUMU_TAKE(arena, &conflict.part, conflict.count));
    uint32_t count = 0;
    for (uint32_t n = 0; n < finder->count; n++) {
        if (finder->is_on[n]) {
            conflict.part[count++] = finder->part[n];
        }
    }
    *out = conflict;
    return NUMU_OK;
}

numu_status numu_conflict_find(const struct numu_context *context,
                               const struct numu_project *project,
                               const struct numu_conflict_options *options,
                               struct numu_arena *arena, struct numu_conflict *out) {
    struct numu_arena scratch;
    struct finder finder = {
        .context = context,
        .project = project,
        .exact = {.conflicts_max =
                      options->conflicts_max == 0 ? CONFLICTS_EACH : options->conflicts_max,
                  .keeps_deadlines = options->keeps_deadlines,
                  .stops_at_first = true},
        .scratch = &scratch,
    };
    finder.cost_max = QUESTIONS_MAX * finder.exact.conflicts_max;
    if (options->time_limit_s > 0 && context->clock != NULL) {
        finder.clock_end = context->clock(context->clock_data) + options->time_limit_s;
        finder.exact.time_limit_s = options->time_limit_s;
    }
    numu_arena_init(&scratch, context->heap);
    numu_status status = find(&finder);
    status = status == NUMU_OK ? give(&finder, arena, out) : status;
    numu_arena_release(&scratch);
    return status;
}

/* --- findings --- */

/* What an activity asks of a resource in whatever mode: where, and how much if always the same. */
static void find_need(const struct numu_project *project, const struct numu_conflict_part *part,
                      struct numu_place *io_place, int64_t *out_units) {
    uint32_t first = project->first_mode[part->activity];
    uint32_t end = project->first_mode[part->activity + 1];
    uint32_t found = 0;
    int64_t least = INT64_MAX, most = 0;
    for (uint32_t n = project->first_need[end]; n-- > project->first_need[first];) {
        if (project->need_resource[n] == part->resource) {
            least = project->need_units[n] < least ? project->need_units[n] : least;
            most = project->need_units[n] > most ? project->need_units[n] : most;
            found++;
            if (project->need_place != NULL) {
                *io_place = project->need_place[n];
            }
        }
    }
    *out_units = found == end - first && least == most ? least : NUMU_NO_NUMBER;
}

static struct numu_place place_of(const struct numu_project *project,
                                  const struct numu_conflict_part *part) {
    if (part->kind == NUMU_CONFLICT_LINK && project->link_place != NULL) {
        return project->link_place[part->link];
    }
    if (part->kind != NUMU_CONFLICT_LINK && project->place != NULL) {
        return project->place[part->activity];
    }
    return numu_project_whole(project);
}

static struct numu_argument date_of(const struct numu_project *project, numu_period point) {
    return project->origin == NUMU_NO_DAY ? numu_argument_integer(point)
                                          : numu_argument_day(project->origin + point);
}

void numu_conflict_report(const struct numu_project *project, const struct numu_conflict *conflict,
                          struct numu_report *report) {
    for (uint32_t n = 0; n < conflict->count; n++) {
        const struct numu_conflict_part *part = &conflict->part[n];
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_CONSTRAINTS_IN_CONFLICT,
            .place = place_of(project, part),
            .related = NUMU_NOWHERE,
            .arguments = {numu_argument_text(project->id[part->activity])},
        };
        switch (part->kind) {
        case NUMU_CONFLICT_DEADLINE: /* a point is the morning after the last day */
            finding.arguments[3] = date_of(project, project->deadline[part->activity] -
                                                        (project->origin == NUMU_NO_DAY ? 0 : 1));
            break;
        case NUMU_CONFLICT_RELEASE:
            break;
        case NUMU_CONFLICT_LINK:
            finding.arguments[2] =
                numu_argument_text(project->id[project->link_before[part->link]]);
            break;
        case NUMU_CONFLICT_NEED: {
            int64_t units;
            find_need(project, part, &finding.place, &units);
            finding.arguments[1] = numu_argument_text(project->resource_id[part->resource]);
            finding.arguments[3] =
                numu_argument_number(units, project->unit_decimals[part->resource]);
            break;
        }
        }
        numu_report_add(report, &finding);
    }
    if (conflict->count > 0 && !conflict->is_irreducible) {
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_CONFLICT_NOT_LEAST,
            .place = numu_project_whole(project),
            .related = NUMU_NOWHERE,
        };
        numu_report_add(report, &finding);
    }
}
