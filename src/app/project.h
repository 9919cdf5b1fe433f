/*
 * project.h - use cases on project files of other tools (programme/read.h).
 */
#ifndef NUMU_APP_PROJECT_H
#define NUMU_APP_PROJECT_H

#include "base/hash.h"
#include "programme/read.h"

/* A project, and what it came from. */
struct numu_project_file {
    struct numu_text name; /* of the file, without folders */
    numu_project_format format;
    struct numu_sha256 inputs; /* of the line "<sha256>  <name>\n", as a package's are */
    struct numu_project project;
};

/* Whether the path names a file, not a folder, that begins like a project file. */
NUMU_MUST_CHECK numu_status numu_app_is_project(const struct numu_context *context,
                                                const char *path, bool *out);

/*
 * Reads and checks a project file; it is added to `sources`, and its bytes and the project live in
 * the arena. NUMU_INVALID or NUMU_IO with findings.
 */
NUMU_MUST_CHECK numu_status numu_app_read_project(const struct numu_context *context,
                                                  const char *path, struct numu_sources *sources,
                                                  struct numu_arena *arena,
                                                  struct numu_report *report,
                                                  struct numu_project_file *out);

#endif
