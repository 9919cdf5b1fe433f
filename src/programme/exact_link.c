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

static numu_period down(const struct numu_exact_solver *solver, const struct numu_exact_link *link,
                        numu_period w) {
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

static bool propagate(struct numu_exact_solver *solver, uint32_t index) {
    const struct numu_exact_link *link = &solver->link[index];
    const struct numu_exact_reason reason = {NUMU_REASON_LINK, index, 0};
    numu_period u = numu_exact_least(solver, link->before) +
                    least_or_none(solver, link->before_duration) + link->before_constant;
    numu_period asked = up(solver, link, u) - link->after_constant;
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
    numu_period allowed = down(solver, link, w) - link->before_constant;
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

bool numu_exact_link_propagate(struct numu_exact_solver *solver, uint32_t side) {
    const struct numu_exact_lists *lists = &solver->links_of_side;
    for (uint32_t i = lists->first[side]; i < lists->first[side + 1]; i++) {
        if (!propagate(solver, lists->list[i])) {
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

void numu_exact_link_explain(struct numu_exact_solver *solver, const struct numu_exact_link *link,
                             struct numu_exact_fact fact, uint32_t before) {
    uint32_t variable = fact.side / 2;
    if ((fact.side & 1) == 0) {
        /* b or d_b was raised: w >= fact.value + what the other was at most. */
        uint32_t other = variable == link->after ? link->after_duration : link->after;
        numu_period w = fact.value + link->after_constant;
        w -= tell_bound(solver, other, 2 * other + 1, before);
        numu_period u = down(solver, link, w - 1) + 1 - link->before_constant;
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
