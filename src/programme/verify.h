/*
 * verify.h - whether a schedule is what it says: every rule of project.h held against it anew.
 *
 * Shares no code with any search, nor with the tables that searches use: it walks links in the
 * order of the file and calendars period by period, and adds up resources event by event. It is
 * slow where they are quick, so that the two can only agree by both being right.
 */
#ifndef NUMU_PROGRAMME_VERIFY_H
#define NUMU_PROGRAMME_VERIFY_H

#include "base/diagnostic.h"
#include "programme/project.h"

/* A schedule as somebody claims it. Arrays are by activity of the project. */
struct numu_schedule_claim {
    const numu_period *start, *finish; /* points [J1]; NUMU_NO_PERIOD = not in the schedule */
    const uint32_t *mode;              /* number of the mode in the project */
    /*
     * The package's calendars, by number of the project's; NULL = every period is worked. The
     * project's own tables of them are not looked at.
     */
    const struct numu_calendars *calendars;
    /*
     * start and finish are those of first and last days of work, so that a milestone stands at the
     * beginning of its day or at its end: whichever its links allow.
     */
    bool is_in_days;
    /* Greatest finish, where is_in_days its last day; NUMU_NO_PERIOD = nothing is claimed. */
    numu_period makespan;
    numu_period lower_bound;        /* likewise */
    bool is_proven;                 /* that no schedule is better */
    bool keeps_deadlines;           /* that nothing is late */
    const struct numu_place *place; /* of each activity in the schedule's file; NULL = none known */
    struct numu_place head;         /* of what is said of the whole */
};

/*
 * Adds a finding for every rule that the schedule breaks: activities left out, running times,
 * what has happened, releases and the data date, links, resources, makespan and bound.
 * NUMU_INVALID where there are any. `scratch` is left as it was.
 */
NUMU_MUST_CHECK numu_status numu_verify_schedule(const struct numu_project *project,
                                                 const struct numu_schedule_claim *claim,
                                                 struct numu_arena *scratch,
                                                 struct numu_report *report);

#endif
