/*
 * exact_link.c - links between dates, by bounds.
 */
#include "programme/exact_solver.h"

static numu_period up(const struct numu_exact_solver *solver, const struct numu_exact_link *link,
                      numu_period u) {
    if (link->is_plain) {
        return u + link->lag;
    }
    return link->general != NULL ? numu_domain_up(solver->domain, link->general, u)
                                 : numu_domain_finish(link->calendar, u);
}

numu_period numu_exact_link_down(const struct numu_exact_solver *solver,
                                 const struct numu_exact_link *link, numu_period w) {
    if (link->is_plain) {
        return w - link->lag;
    }
    return link->general != NULL ? numu_domain_down(solver->domain, link->general, w)
                                 : numu_domain_finish_until(link->calendar, w);
}

static numu_period least_or_none(const struct numu_exact_solver *solver, uint32_t variable) {
    return variable == NUMU_NO_VARIABLE ? 0 : numu_exact_least(solver, variable);
}

static numu_period greatest_or_none(const struct numu_exact_solver *solver, uint32_t variable) {
    return variable == NUMU_NO_VARIABLE ? 0 : numu_exact_greatest(solver, variable);
}

static bool is_conditional(const struct numu_exact_link *link) {
    return link->condition.side != NUMU_NO_VARIABLE;
}

static bool propagate(struct numu_exact_solver *solver, uint32_t index) {
    const struct numu_exact_link *link = &solver->link[index];
    const struct numu_exact_reason reason = {NUMU_REASON_LINK, index, 0};
    if (is_conditional(link) && numu_exact_is_false(solver, link->condition)) {
        return true;
    }
    numu_period u = numu_exact_least(solver, link->before) +
                    least_or_none(solver, link->before_duration) + link->before_constant;
    numu_period asked = up(solver, link, u) - link->after_constant;
    if (is_conditional(link) && !numu_exact_is_true(solver, link->condition)) {
        numu_period room = numu_exact_greatest(solver, link->after) +
                           greatest_or_none(solver, link->after_duration);
        return asked <= room || numu_exact_set(solver, numu_exact_not(link->condition), reason);
    }
    if (!numu_exact_set(solver,
                        numu_exact_at_least(link->after,
                                            asked - greatest_or_none(solver, link->after_duration)),
                        reason) ||
        (link->after_duration != NUMU_NO_VARIABLE &&
         !numu_exact_set(solver,
                         numu_exact_at_least(link->after_duration,
                                             asked - numu_exact_greatest(solver, link->after)),
                         reason))) {
        return false;
    }
    numu_period w = numu_exact_greatest(solver, link->after) +
                    greatest_or_none(solver, link->after_duration) + link->after_constant;
    numu_period allowed = numu_exact_link_down(solver, link, w) - link->before_constant;
    return numu_exact_set(solver,
                          numu_exact_at_most(
                              link->before, allowed - least_or_none(solver, link->before_duration)),
                          reason) &&
           (link->before_duration == NUMU_NO_VARIABLE ||
            numu_exact_set(solver,
                           numu_exact_at_most(link->before_duration,
                                              allowed - numu_exact_least(solver, link->before)),
                           reason));
}

/* As propagate(), of a side that may move another; most of the time it does not. */
static inline bool take_step(struct numu_exact_solver *solver, uint32_t side,
                             const struct numu_exact_step *step) {
    const numu_period *bound = solver->bound;
    numu_period asked = bound[side] + step->lag;
    if (asked <= bound[step->target]) {
        return true;
    }
    struct numu_exact_fact fact = {step->target, asked};
    if (step->condition.side != NUMU_NO_VARIABLE && !numu_exact_is_true(solver, step->condition)) {
        if (asked <= -bound[step->target ^ 1] || numu_exact_is_false(solver, step->condition)) {
            return true;
        }
        fact = numu_exact_not(step->condition);
    }
    return numu_exact_set(solver, fact,
                          (struct numu_exact_reason){NUMU_REASON_LINK, step->link, 0});
}

bool numu_exact_link_propagate(struct numu_exact_solver *solver, uint32_t side) {
    const uint32_t *first = solver->links_of_side.first;
    const struct numu_exact_step *end = solver->step + first[side + 1];
    for (const struct numu_exact_step *step = solver->step + first[side]; step < end; step++) {
        bool is_kept = step->target == NUMU_NO_VARIABLE ? propagate(solver, step->link)
                                                        : take_step(solver, side, step);
        if (!is_kept) {
            return false;
        }
    }
    return true;
}

/* One of position and duration is explained, the other keeps the bound it had. */
static numu_period tell_bound(struct numu_exact_solver *solver, uint32_t variable, uint32_t side,
                              uint32_t before) {
    if (variable == NUMU_NO_VARIABLE) {
        return 0;
    }
    numu_period value = numu_exact_bound_before(solver, side, before);
    numu_exact_tell(solver, (struct numu_exact_fact){side, value});
    return value;
}

/*
 * Why a link cannot hold: the date before is at least u, the one after at most w, with up(u) > w.
 * Of many such pairs the one that needs nothing of the date after but what level 0 says, if there
 * is one; else what was true of it.
 */
static void explain_refusal(struct numu_exact_solver *solver, const struct numu_exact_link *link,
                            uint32_t before) {
    numu_period u_most = numu_exact_bound_before(solver, 2 * link->before, before);
    numu_period duration =
        tell_bound(solver, link->before_duration, 2 * link->before_duration, before);
    numu_period w_most =
        up(solver, link, u_most + duration + link->before_constant) - 1 - link->after_constant;
    w_most += tell_bound(solver, link->after_duration, 2 * link->after_duration + 1, before);
    numu_period w = -numu_exact_bound_before(solver, 2 * link->after + 1, before);
    if (-solver->root[2 * (size_t)link->after + 1] <= w_most) {
        w = -solver->root[2 * (size_t)link->after + 1];
    }
    numu_period shift = w_most - w; /* at least 0 */
    numu_exact_tell(solver, numu_exact_at_most(link->after, w));
    numu_exact_tell(solver, numu_exact_at_least(link->before, u_most - shift));
}

void numu_exact_link_explain(struct numu_exact_solver *solver, const struct numu_exact_link *link,
                             struct numu_exact_fact fact, uint32_t before) {
    uint32_t variable = fact.side / 2;
    if (is_conditional(link)) {
        if (variable == link->condition.side / 2) {
            explain_refusal(solver, link, before);
            return;
        }
        numu_exact_tell(solver, link->condition);
    }
    if ((fact.side & 1) == 0) {
        /* b or d_b was raised: w >= fact.value + what the other was at most. */
        uint32_t other = variable == link->after ? link->after_duration : link->after;
        numu_period w = fact.value + link->after_constant;
        w -= tell_bound(solver, other, 2 * other + 1, before);
        numu_period u = numu_exact_link_down(solver, link, w - 1) + 1 - link->before_constant;
        u -= tell_bound(solver, link->before_duration, 2 * link->before_duration, before);
        numu_exact_tell(solver, numu_exact_at_least(link->before, u));
        return;
    }
    uint32_t other = variable == link->before ? link->before_duration : link->before;
    numu_period u = -fact.value + link->before_constant;
    u += tell_bound(solver, other, 2 * other, before);
    numu_period w = up(solver, link, u + 1) - 1 - link->after_constant;
    w += tell_bound(solver, link->after_duration, 2 * link->after_duration + 1, before);
    numu_exact_tell(solver, numu_exact_at_most(link->after, w));
}
