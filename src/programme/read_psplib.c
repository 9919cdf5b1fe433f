/*
 * read_psplib.c - PSPLIB's .sm and .mm files, and MMLIB's, which are laid out alike.
 *
 * Sections follow each other in a fixed order, between lines of stars: counts, precedences,
 * durations and requests of each mode, availabilities. Lines of headings are read over, numbers are
 * taken one after another wherever lines break. Jobs are numbered from 1, modes of a job from 1.
 * The due date and the tardiness cost of the file are no part of the problem that its published
 * optima solve, and are left out; so is its horizon.
 *
 * What is wrong with a number ends the reading where the next one can no longer be told apart, else
 * the reading goes on, so that all such findings come in one run.
 *
 * Source: R. Kolisch, A. Sprecher, "PSPLIB - a project scheduling problem library", European
 * Journal of Operational Research 96(1), 1996, and the files themselves.
 */
#include "programme/read_parts.h"

#include <string.h>

struct psplib {
    struct numu_word_reader *reader;
    struct numu_project_draft *draft;
    struct numu_arena *arena;
    int64_t job_count, release;
    int64_t renewable_count, consumable_count;
    struct numu_buffer mode_counts; /* int64_t by job */
};

/* Letters in both alike, blanks of the line left out: "RESOURCE AVAILABILITIES:" is one word. */
static bool begins_with(struct numu_text line, const char *heading) {
    size_t at = 0;
    for (; *heading != '\0'; heading++) {
        while (at < line.length && (line.data[at] == ' ' || line.data[at] == '\t')) {
            at++;
        }
        if (at == line.length || line.data[at] != *heading) {
            return false;
        }
        at++;
    }
    return true;
}

/* The number behind the colon of a line. */
static bool read_count(const struct psplib *psplib, struct numu_text line, const char *expected,
                       int64_t low, int64_t high, int64_t *out) {
    const char *colon = memchr(line.data, ':', line.length);
    struct numu_word_reader *reader = psplib->reader;
    size_t next_line = reader->at;
    reader->at =
        (size_t)((colon == NULL ? line.data + line.length : colon + 1) - reader->bytes.data);
    bool is_read = numu_word_reader_number(reader, expected, low, high, out);
    reader->at = next_line;
    return is_read;
}

/* Goes past the line that begins with `heading`; false, with a finding, where there is none. */
static bool find_section(const struct psplib *psplib, const char *heading) {
    struct numu_word_reader *reader = psplib->reader;
    while (reader->at < reader->bytes.length) {
        if (begins_with(numu_word_reader_line(reader), heading)) {
            return true;
        }
    }
    numu_word_reader_complain(reader, numu_word_reader_peek(reader), heading, 1, 0);
    return false;
}

/* Reads over lines of headings: those that do not begin with a number. */
static void skip_headings(const struct psplib *psplib) {
    struct numu_word_reader *reader = psplib->reader;
    for (;;) {
        struct numu_text word = numu_word_reader_peek(reader);
        if (word.length == 0 || (word.data[0] >= '0' && word.data[0] <= '9')) {
            return;
        }
        reader->at = (size_t)(word.data - reader->bytes.data);
        (void)numu_word_reader_line(reader);
    }
}

/* The line of the only project: number, jobs, release date, … */
static bool read_project(struct psplib *psplib) {
    int64_t unused;
    skip_headings(psplib);
    return numu_word_reader_number(psplib->reader, "kind.integer", 0, INT32_MAX, &unused) &&
           numu_word_reader_number(psplib->reader, "kind.integer", 0, INT32_MAX, &unused) &&
           numu_word_reader_number(psplib->reader, "kind.integer", 0, NUMU_FILE_DURATION_MAX,
                                   &psplib->release);
}

/* Everything up to the precedences. False where the counts are not all there. */
static bool read_counts(struct psplib *psplib) {
    struct numu_word_reader *reader = psplib->reader;
    int64_t unused;
    bool has_jobs = false;
    bool is_good = true;
    while (reader->at < reader->bytes.length) {
        struct numu_text line = numu_word_reader_line(reader);
        if (begins_with(line, "PRECEDENCERELATIONS")) {
            if (!has_jobs) {
                numu_word_reader_complain(reader, line, "jobs (incl. supersource/sink ):", 1, 0);
            }
            return is_good && has_jobs;
        }
        if (begins_with(line, "jobs(")) {
            has_jobs = true;
            is_good &= read_count(psplib, line, "kind.integer", 1, NUMU_FILE_ACTIVITIES_MAX,
                                  &psplib->job_count);
        } else if (begins_with(line, "projects:")) {
            is_good &= read_count(psplib, line, "kind.integer", 1, 1, &unused);
        } else if (begins_with(line, "-renewable")) {
            is_good &= read_count(psplib, line, "kind.integer", 0, NUMU_FILE_RESOURCES_MAX,
                                  &psplib->renewable_count);
        } else if (begins_with(line, "-nonrenewable")) {
            is_good &= read_count(psplib, line, "kind.integer", 0, NUMU_FILE_RESOURCES_MAX,
                                  &psplib->consumable_count);
        } else if (begins_with(line, "-doublyconstrained")) {
            is_good &= read_count(psplib, line, "kind.integer", 0, 0, &unused);
        } else if (begins_with(line, "PROJECTINFORMATION")) {
            is_good &= read_project(psplib);
        }
    }
    numu_word_reader_complain(reader, numu_word_reader_peek(reader), "PRECEDENCE RELATIONS:", 1, 0);
    return false;
}

/* A job's number must be the next one. */
static bool read_job(const struct psplib *psplib, int64_t job) {
    int64_t number;
    return numu_word_reader_number(psplib->reader, "kind.job", job, job, &number);
}

static numu_status read_precedences(struct psplib *psplib) {
    struct numu_word_reader *reader = psplib->reader;
    skip_headings(psplib);
    for (int64_t job = 1; job <= psplib->job_count; job++) {
        int64_t modes;
        int64_t successors;
        if (!read_job(psplib, job) ||
            !numu_word_reader_number(reader, "kind.modes", 1, UINT16_MAX, &modes) ||
            !numu_word_reader_number(reader, "kind.successors", 0, psplib->job_count,
                                     &successors)) {
            return NUMU_INVALID;
        }
        NUMU_TRY(numu_buffer_append(&psplib->mode_counts, &modes, sizeof modes));
        for (int64_t i = 0; i < successors; i++) {
            struct numu_text word = numu_word_reader_peek(reader);
            int64_t after;
            size_t before_word = reader->at;
            if (numu_word_reader_number(reader, "kind.job", 1, psplib->job_count, &after)) {
                NUMU_TRY(numu_project_draft_add_link(psplib->draft, (uint32_t)(job - 1),
                                                     (uint32_t)(after - 1),
                                                     numu_word_reader_place(reader, word)));
            } else if (reader->at == before_word) {
                return NUMU_INVALID; /* no number: what follows is something else */
            }
        }
    }
    return NUMU_OK;
}

static numu_status number_text(struct psplib *psplib, const char *prefix, int64_t number,
                               struct numu_text *out) {
    return numu_text_printf(psplib->arena, out, "%s%lld", prefix, (long long)number);
}

/* Duration and requests of one mode, whose number was read. */
static numu_status read_mode(struct psplib *psplib, struct numu_text id) {
    struct numu_word_reader *reader = psplib->reader;
    int64_t duration;
    if (!numu_word_reader_amount(reader, "kind.duration", NUMU_FILE_DURATION_MAX, &duration)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_project_draft_add_mode(psplib->draft, id, (numu_period)duration));
    int64_t resources = psplib->renewable_count + psplib->consumable_count;
    for (int64_t resource = 0; resource < resources; resource++) {
        int64_t units;
        if (!numu_word_reader_amount(reader, "kind.units", NUMU_FILE_UNITS_MAX, &units)) {
            return NUMU_INVALID;
        }
        NUMU_TRY(numu_project_draft_add_need(psplib->draft, (uint32_t)resource, (int32_t)units));
    }
    return NUMU_OK;
}

static numu_status read_requests(struct psplib *psplib) {
    const int64_t *mode_counts = (const int64_t *)(const void *)psplib->mode_counts.data;
    skip_headings(psplib);
    for (int64_t job = 1; job <= psplib->job_count; job++) {
        struct numu_text id;
        if (!read_job(psplib, job)) {
            return NUMU_INVALID;
        }
        NUMU_TRY(number_text(psplib, "", job, &id));
        NUMU_TRY(numu_project_draft_add_activity(psplib->draft, id,
                                                 (numu_period)(job == 1 ? psplib->release : 0)));
        for (int64_t mode = 1; mode <= mode_counts[job - 1]; mode++) {
            int64_t number;
            struct numu_text mode_id = {NULL, 0};
            if (!numu_word_reader_number(psplib->reader, "kind.mode", mode, mode, &number)) {
                return NUMU_INVALID;
            }
            if (mode_counts[job - 1] > 1) {
                NUMU_TRY(number_text(psplib, "", mode, &mode_id));
            }
            NUMU_TRY(read_mode(psplib, mode_id));
        }
    }
    return NUMU_OK;
}

static numu_status read_availabilities(struct psplib *psplib) {
    skip_headings(psplib);
    int64_t resources = psplib->renewable_count + psplib->consumable_count;
    for (int64_t resource = 0; resource < resources; resource++) {
        int64_t units;
        struct numu_text id;
        bool is_consumable = resource >= psplib->renewable_count;
        if (!numu_word_reader_number(psplib->reader, "kind.units", 0, NUMU_FILE_UNITS_MAX,
                                     &units)) {
            return NUMU_INVALID;
        }
        NUMU_TRY(number_text(psplib, is_consumable ? "N" : "R",
                             is_consumable ? resource - psplib->renewable_count + 1 : resource + 1,
                             &id));
        NUMU_TRY(numu_project_draft_add_resource(psplib->draft, id, is_consumable, (int32_t)units));
    }
    struct numu_text word = numu_word_reader_peek(psplib->reader);
    if (word.length > 0 && word.data[0] != '*') {
        numu_word_reader_complain(psplib->reader, word, "kind.end", 1, 0);
    }
    return NUMU_OK;
}

static numu_status read_sections(struct psplib *psplib) {
    if (!read_counts(psplib)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(read_precedences(psplib));
    if (!find_section(psplib, "REQUESTS/DURATIONS")) {
        return NUMU_INVALID;
    }
    NUMU_TRY(read_requests(psplib));
    if (psplib->renewable_count + psplib->consumable_count == 0) {
        return NUMU_OK;
    }
    if (!find_section(psplib, "RESOURCEAVAILABILITIES")) {
        return NUMU_INVALID;
    }
    return read_availabilities(psplib);
}

numu_status numu_project_read_psplib(const struct numu_context *context,
                                     struct numu_word_reader *reader,
                                     struct numu_project_draft *draft, struct numu_arena *arena) {
    struct psplib psplib = {.reader = reader, .draft = draft, .arena = arena};
    numu_buffer_init(&psplib.mode_counts, context->heap, 0);
    numu_status status = read_sections(&psplib);
    numu_buffer_release(&psplib.mode_counts);
    return status;
}
