/*
 * terminal.h - what a command is given from outside and hands back: streams, colours, clock,
 * progress, Ctrl-C.
 *
 * Results go to standard output, talk to standard error. Progress is drawn on standard error only
 * where that is a terminal, and only after a second. The first Ctrl-C asks the work to stop, the
 * second ends the program.
 */
#ifndef NUMU_CLI_TERMINAL_H
#define NUMU_CLI_TERMINAL_H

#include "base/context.h"
#include "base/day.h"
#include "cli/options.h"

struct numu_terminal {
    numu_language language;
    bool is_quiet, is_verbose;
    bool has_progress; /* standard error is a terminal, and not --quiet */
    bool output_color, error_color;
    bool is_progress_drawn;
    double started; /* monotonic seconds */
};

/* Reads the environment and the invocation, and installs the handler of Ctrl-C. */
void numu_terminal_init(struct numu_terminal *terminal, const struct numu_invocation *invocation);
/* A context for a command, wired to the terminal; `heap` must outlive it. */
struct numu_context numu_terminal_context(struct numu_terminal *terminal, struct numu_heap *heap,
                                          const struct numu_invocation *invocation);
/* Takes the progress line away. */
void numu_terminal_clear_progress(struct numu_terminal *terminal);

/* Language of the environment: LC_ALL, LC_MESSAGES, LANG, in this order. */
numu_language numu_environment_language(void);
/* Today by the machine's clock, UTC. */
numu_day numu_today(void);
/* Seconds since 1970: SOURCE_DATE_EPOCH where that is set (for reproducible books), else now. */
int64_t numu_now(void);
double numu_monotonic_seconds(void *unused);
/* Most memory that this process ever held, in MB. */
long numu_peak_megabytes(void);

/* Whole bytes to a stream; false (and errno) where they could not be written. */
bool numu_write_output(struct numu_text bytes);
void numu_write_error(struct numu_text bytes);

#endif
