/*
 * terminal.c - see terminal.h. The only file that looks at the environment, the clock and the
 * signals.
 */
#include "cli/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_DELAY_S = 1 };

/* A signal's handler can be told nothing but by a global. */
static atomic_bool stop_is_wanted = false; /* NOLINT(*-avoid-non-const-global-variables) */

static void on_interrupt(int number) {
    (void)number;
    if (atomic_exchange(&stop_is_wanted, true)) {
        _exit(130);
    }
}

numu_language numu_environment_language(void) {
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && value[0] != '\0') {
            numu_language language;
            (void)numu_language_find(numu_text_of(value), &language);
            return language;
        }
    }
    return NUMU_LANGUAGE_EN;
}

int64_t numu_now(void) {
    struct timespec now;
    int64_t given;
    const char *set = getenv("SOURCE_DATE_EPOCH");
    if (set != NULL && numu_number_parse(numu_text_of(set), 0, '.', &given) == NUMU_NUMBER_OK) {
        return given;
    }
    return clock_gettime(CLOCK_REALTIME, &now) == 0 ? (int64_t)now.tv_sec : 0;
}

numu_day numu_today(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return 0;
    }
    return (numu_day)(now.tv_sec / 86400);
}

double numu_monotonic_seconds(void *unused) {
    (void)unused;
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        return 0;
    }
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

long numu_peak_megabytes(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss / 1000 : 0; /* Linux: KB */
}

static bool wants_color(const struct numu_invocation *invocation, int descriptor) {
    const char *when = invocation->values[NUMU_OPTION_COLOR];
    if (when != NULL && strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return isatty(descriptor) && (no_color == NULL || no_color[0] == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0;
}

void numu_terminal_init(struct numu_terminal *terminal, const struct numu_invocation *invocation) {
    bool is_quiet = numu_option_is_given(invocation, NUMU_OPTION_QUIET);
    *terminal = (struct numu_terminal){
        .language = invocation->language,
        .is_quiet = is_quiet,
        .is_verbose = numu_option_is_given(invocation, NUMU_OPTION_VERBOSE),
        .has_progress = !is_quiet && isatty(STDERR_FILENO),
        .output_color = !numu_option_is_given(invocation, NUMU_OPTION_OUTPUT) &&
                        wants_color(invocation, STDOUT_FILENO),
        .error_color = wants_color(invocation, STDERR_FILENO),
        .started = numu_monotonic_seconds(NULL)};
    struct sigaction action = {.sa_handler = on_interrupt};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
}

static const char *phase_text(const char *phase, numu_language language) {
    static const struct {
        const char *phase;
        numu_help help;
    } phases[] = {{"load", NUMU_HELP_PHASE_LOAD},     {"schedule", NUMU_HELP_PHASE_SCHEDULE},
                  {"plan", NUMU_HELP_PHASE_PLAN},     {"solve", NUMU_HELP_PHASE_SOLVE},
                  {"search", NUMU_HELP_PHASE_SEARCH}, {"sample", NUMU_HELP_PHASE_SAMPLE}};
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        if (strcmp(phases[i].phase, phase) == 0) {
            return numu_help_text(phases[i].help, language);
        }
    }
    return phase;
}

static void draw_progress(void *data, const char *phase, double share) {
    struct numu_terminal *terminal = data;
    double elapsed = numu_monotonic_seconds(NULL) - terminal->started;
    if (!terminal->has_progress || elapsed < PROGRESS_DELAY_S) {
        return;
    }
    if (share >= 0) {
        (void)fprintf(stderr, "\r\033[K%s %3.0f %% (%.0f s)", phase_text(phase, terminal->language),
                      share * 100, elapsed);
    } else {
        (void)fprintf(stderr, "\r\033[K%s (%.0f s)", phase_text(phase, terminal->language),
                      elapsed);
    }
    (void)fflush(stderr);
    terminal->is_progress_drawn = true;
}

/* "searching for a better schedule: 105, at best 99 (6.1 %), 12 s" */
static void draw_incumbent(void *data, const char *phase, double best, double bound) {
    struct numu_terminal *terminal = data;
    double elapsed = numu_monotonic_seconds(NULL) - terminal->started;
    if (!terminal->has_progress || elapsed < PROGRESS_DELAY_S) {
        return;
    }
    double gap = bound > 0 ? 100 * (best - bound) / bound : 0;
    (void)fprintf(stderr, "\r\033[K%s: %.0f, %s %.0f (%.1f %%), %.0f s",
                  phase_text(phase, terminal->language), best,
                  numu_help_text(NUMU_HELP_AT_BEST, terminal->language), bound, gap, elapsed);
    (void)fflush(stderr);
    terminal->is_progress_drawn = true;
}

void numu_terminal_clear_progress(struct numu_terminal *terminal) {
    if (terminal->is_progress_drawn) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
        terminal->is_progress_drawn = false;
    }
}

struct numu_context numu_terminal_context(struct numu_terminal *terminal, struct numu_heap *heap,
                                          const struct numu_invocation *invocation) {
    return (struct numu_context){
        .heap = heap,
        .seed = numu_option_count(invocation, NUMU_OPTION_SEED, 1),
        .threads = (unsigned)numu_option_count(invocation, NUMU_OPTION_THREADS, 0),
        .progress = draw_progress,
        .incumbent = draw_incumbent,
        .progress_data = terminal,
        .clock = numu_monotonic_seconds,
        .stop = &stop_is_wanted};
}

bool numu_write_output(struct numu_text bytes) {
    size_t written = bytes.length == 0 ? 0 : fwrite(bytes.data, 1, bytes.length, stdout);
    return written == bytes.length && fflush(stdout) == 0;
}

void numu_write_error(struct numu_text bytes) {
    if (bytes.length > 0) {
        (void)fwrite(bytes.data, 1, bytes.length, stderr);
    }
}
