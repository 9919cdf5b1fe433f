/*
 * reference.h - the outside view: how long comparable programmes took.
 *
 * Two measures of a programme that was announced: the days from its announcement to its first
 * output, and the slip, those days ÷ the days that were planned. Programmes that were unfinished
 * when last looked at are censored: they took longer than was seen. The share still unfinished
 * after a time is estimated by the product limit (E. L. Kaplan, P. Meier, JASA 53, 1958), its error
 * by M. Greenwood's formula (1926). The idea of the class: D. Kahneman, A. Tversky, "Intuitive
 * prediction", 1979; B. Flyvbjerg, Project Management Journal 37(3), 2006.
 *
 * [V1] A programme counts where its announcement and either its first output or the day it was last
 *      looked at are known; its status decides which. Without `observed` an unfinished one was last
 *      looked at on the data date. One that is `unknown` counts as unfinished when last looked at.
 * [V2] Of what a state does after a promise nothing is known but that the programme is not yet
 *      finished: chances for a promise are given that, S(t) ÷ S(age).
 */
#ifndef NUMU_PROGRAMME_REFERENCE_H
#define NUMU_PROGRAMME_REFERENCE_H

#include "model/model.h"

/* Survival by steps: after time[i] the share still unfinished is share[i]. */
struct numu_survival {
    uint32_t count;     /* steps */
    const double *time; /* ascending, one for each time at which one or more were finished */
    const double *share;
    const double *error;           /* standard error of share */
    uint32_t programmes, finished; /* how many it rests on, and how many of them were finished */
    double longest;                /* greatest time seen, finished or not; 0 where there is none */
};

/*
 * From `count` times, `is_finished` or censored, in any order. Of those with one time, finished
 * ones come first. Arrays live in the arena.
 */
NUMU_MUST_CHECK numu_status numu_survival_build(const double *time, const bool *is_finished,
                                                uint32_t count, struct numu_arena *arena,
                                                struct numu_survival *out);
/* S(t): the share unfinished after t; 1 before the first step. */
double numu_survival_share(const struct numu_survival *survival, double time, double *out_error);
/*
 * The least time after which at most the share 1 - percent/100 of those unfinished at `age` still
 * is; NAN where the record does not reach so far.
 */
double numu_survival_quantile(const struct numu_survival *survival, double age, double percent);

struct numu_reference_class {
    struct numu_survival days; /* from announcement to first output, calendar days */
    struct numu_survival slip; /* those days ÷ planned days, where a plan is on record */
};

/* From the rows of `reference` [V1]. */
NUMU_MUST_CHECK numu_status numu_reference_build(const struct numu_model *model,
                                                 struct numu_arena *arena,
                                                 struct numu_reference_class *out);

/* What the class says of a promise: announced on one day, for another, unfinished on a third. */
struct numu_outside_view {
    numu_day announced;
    double probability;   /* of output by the promised day; NAN where the class says nothing */
    double error;         /* standard error, by Greenwood's formula, of the share at that day */
    numu_day quantile[4]; /* P10, P50, P80, P90; NUMU_NO_DAY where the record does not reach */
};

struct numu_outside_view numu_outside_view_of(const struct numu_survival *days, numu_day announced,
                                              numu_day promised, numu_day data_date);

#endif
