/*
 * worked.h - a project in worked time: periods in which nobody works, such as weekends and
 * holidays, are cut out. Where all work is in one calendar, every period of what is left is worked,
 * and time can run either way: the searches are at their best there.
 *
 * Point p of the project is point rank(p) of what is left, the periods before p in which someone
 * works; point k of what is left is the least such p. Calendars count if an activity that still
 * takes time is in them, or a link with a lag that leaves one.
 *
 * [W1] Every schedule of the whole is one of what is left, rank by rank: durations and lags are of
 *      worked periods, so that they stay what they are, and of resources only what is asked of
 *      periods in which nobody works is left out. So bounds hold: no schedule of the whole ends
 *      before point k where none of what is left ends before k.
 * [W2] A schedule of what is left need not be one of the whole at the same points: the beginning of
 *      a period after a rest and the end of the one before are one point there. Serial generation
 *      with its starts as releases gives one; that it ends no later is to be looked at.
 * [W3] Lateness counts rests: of what is left it is reckoned in the whole, by
 *      numu_project_lateness. No schedule of the whole is less late than the one of what is left.
 * [W4] A project in which something is scarcer in a rest than on both sides of it, which nobody
 *      would see, stays as it is.
 */
#ifndef NUMU_PROGRAMME_WORKED_H
#define NUMU_PROGRAMME_WORKED_H

#include "programme/project.h"

/*
 * What is left, which shares with the project all that it does not change, and the periods in which
 * someone works as a calendar; arrays live in the arena. Where there is nothing to cut *out is the
 * project, and out_time->rank is NULL.
 */
NUMU_MUST_CHECK numu_status numu_project_cut_rests(const struct numu_project *project,
                                                   struct numu_arena *arena,
                                                   struct numu_project *out,
                                                   struct numu_project_calendar *out_time);

#endif
