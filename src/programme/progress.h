/*
 * progress.h - what has happened to an activity of a package, and what is left of it: read once,
 * in the same way, by every engine of the programme ([P2], [P4] of cpm.h).
 */
#ifndef NUMU_PROGRAMME_PROGRESS_H
#define NUMU_PROGRAMME_PROGRESS_H

#include "model/calendar.h"

struct numu_progress {
    const struct numu_calendar *calendar;
    int64_t days;      /* still to be worked, in one piece, with the likely duration */
    numu_day earliest; /* what is left starts here or later; NUMU_NO_DAY for finished work */
    numu_day start;    /* of started and finished work, else NUMU_NO_DAY */
    numu_day finish;   /* point at which finished work ended, else NUMU_NO_DAY */
    bool is_started;
    bool is_finished;
};

/* Days rounded away from zero to whole ones: 0.5 is 1, -0.5 is -1. */
int64_t numu_progress_whole_days(numu_decimal days);

/* The point before which nothing new happens: the data date, or the horizon's first day. */
numu_day numu_progress_now(const struct numu_model *model);

struct numu_progress numu_progress_of(const struct numu_model *model,
                                      const struct numu_calendars *calendars, numu_row activity);

#endif
