/*
 * exchange.h - a project as other tools keep it: what their files hold that a package can hold, or
 * that says how the project went.
 *
 * Files of Microsoft Project, Primavera and ProTrack are read into this (read_mspdi.c, read_xer.c,
 * read_pmxml.c, read_protrack.c) and become a package in memory, which everything else then takes
 * like any other.
 *
 * [E1] Durations and lags are working days of the calendar of the activity (of a lag: of the one
 *      before): its hours divided by those of an average worked day of that calendar, to 4
 *      decimals.
 * [E2] Ids are those of the file where a package can have them and no two are the same; else made
 *      from them.
 * [E3] What the file says and a package cannot hold is told by the reader (not-carried), each kind
 *      of thing by name.
 */
#ifndef NUMU_PROGRAMME_EXCHANGE_H
#define NUMU_PROGRAMME_EXCHANGE_H

#include "base/context.h"
#include "base/diagnostic.h"
#include "base/map.h"
#include "model/package.h"
#include "programme/read.h"

struct numu_exchange_calendar {
    struct numu_text id;
    numu_decimal hours[7]; /* Monday first */
};

struct numu_exchange_holiday {
    uint32_t calendar;
    numu_day day;
    struct numu_text name;
};

struct numu_exchange_activity {
    struct numu_text id, name;
    uint32_t parent;                /* NUMU_NONE = none */
    uint32_t calendar;              /* NUMU_NONE = the project's */
    numu_decimal low, likely, high; /* NUMU_NO_NUMBER = not given (low, high) */
    uint8_t distribution;           /* enum numu_distribution; 0 = not given */
    numu_day not_before, deadline;
    numu_day started, finished; /* last day of work */
    numu_decimal remaining;     /* of work under way */
    numu_money cost;            /* minor units of the project's currency; NUMU_NO_NUMBER = none */
    struct numu_place place;
};

struct numu_exchange_link {
    uint32_t before, after;
    uint8_t type; /* enum numu_link */
    numu_decimal lag;
};

struct numu_exchange_resource {
    struct numu_text id, name;
    bool is_consumable;
    numu_decimal units;
};

struct numu_exchange_supply {
    uint32_t resource;
    numu_day from;
    numu_decimal units;
};

struct numu_exchange_assignment {
    uint32_t activity, resource;
    numu_decimal units;
};

/* How an activity went, as of a tracking period. */
struct numu_exchange_progress {
    numu_day started;       /* NUMU_NO_DAY = not yet */
    numu_decimal duration;  /* so far */
    numu_decimal remaining; /* estimated at that time */
    double share_complete;  /* 0 … 1 */
};

/*
 * Plan and record of a project, for those who hold forecasts against what happened. Points of time
 * have minutes, since activities of hours are common: minutes from the beginning of 1970-01-01.
 */
struct numu_exchange_tracking {
    uint32_t period_count;
    numu_day *period_end; /* status date of each period, as the file has them in order */
    struct numu_text *period_name;
    /* by period × activity of the exchange */
    struct numu_exchange_progress *progress;
    /* by activity: the plan */
    int64_t *baseline_start; /* minutes */
    numu_decimal *baseline_duration;
    /*
     * Whether the three points of the activity are somebody's estimate, not a default of the tool
     * that nobody touched.
     */
    bool *has_estimate;
};

struct numu_exchange {
    struct numu_text title;
    numu_day start;     /* of the project */
    numu_day data_date; /* NUMU_NO_DAY = nothing has happened */
    numu_day finish;    /* as planned; NUMU_NO_DAY = not told */
    numu_currency currency;
    uint32_t calendar; /* of activities without one; NUMU_NONE = every day is worked */

    uint32_t calendar_count, holiday_count, activity_count, link_count;
    uint32_t resource_count, supply_count, assignment_count;
    struct numu_exchange_calendar *calendars;
    struct numu_exchange_holiday *holidays;
    struct numu_exchange_activity *activities;
    struct numu_exchange_link *links;
    struct numu_exchange_resource *resources;
    struct numu_exchange_supply *supplies;
    struct numu_exchange_assignment *assignments;

    struct numu_exchange_tracking tracking; /* period_count 0 = the file tells of none */
};

/* Formats that become a package; the others are projects only (read.h). */
bool numu_project_format_is_exchange(numu_project_format format);

/*
 * Reads the bytes of the file `source`. All of *out lives in the arena or in `bytes`. NUMU_INVALID
 * with findings.
 */
NUMU_MUST_CHECK numu_status numu_exchange_read(const struct numu_context *context,
                                               numu_project_format format, struct numu_text bytes,
                                               uint32_t source, struct numu_arena *arena,
                                               struct numu_report *report,
                                               struct numu_exchange *out);

/* The files of a package that says the same (tracking left out), in the arena. */
NUMU_MUST_CHECK numu_status numu_exchange_package(const struct numu_exchange *exchange,
                                                  struct numu_arena *arena,
                                                  struct numu_package *out);

#endif
