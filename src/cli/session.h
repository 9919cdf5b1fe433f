/*
 * session.h - what all commands share: memory, terminal, report, output, and how a command ends.
 *
 * Every command has the same shape: a session, the use case, what view makes of its result, the
 * findings, the exit status.
 */
#ifndef NUMU_CLI_SESSION_H
#define NUMU_CLI_SESSION_H

#include "app/verify.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "model/model.h"
#include "view/rows.h"

struct numu_session {
    const struct numu_invocation *invocation;
    struct numu_terminal terminal;
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_model model;
    struct numu_buffer output;
    numu_format format;
    bool output_failed; /* standard output took not all, and that has been said */
};

/* Whether a file is of a kind, by its first bytes; false where it cannot be read. */
bool numu_file_is(const char *path, numu_verify_kind kind);

/* Starts one from the command line; end it by numu_session_finish or numu_session_release. */
void numu_session_init(struct numu_session *session, const struct numu_invocation *invocation);
void numu_session_release(struct numu_session *session);

/* A line on standard error: what was done. */
void numu_session_say(struct numu_session *session, numu_help message, const char *first);
void numu_session_say_two(struct numu_session *session, numu_help message, const char *first,
                          const char *second);
/* "numu: error: …" for what is no finding about the user's data. */
void numu_session_complain(struct numu_session *session, numu_help message,
                           const char *const arguments[3], const char *suggestion);
void numu_session_complain_simply(struct numu_session *session, numu_help message,
                                  const char *first);

/* Findings that are not the command's result go to standard error. */
void numu_session_show_findings(struct numu_session *session);
/* Drops what was found so far: warnings of a package, where something else is asked. */
void numu_session_forget_findings(struct numu_session *session);
/* What the command made, to standard output. */
NUMU_MUST_CHECK numu_status numu_session_write(struct numu_session *session);
/* The same, to -o where it is given. */
NUMU_MUST_CHECK numu_status numu_session_hand_out(struct numu_session *session);
/* Whether -o names a file that ends in ".html", and no --format asks for something else. */
bool numu_session_wants_page(const struct numu_session *session);
/* The exit status, and what has to be said of a failure. Releases the session. */
int numu_session_finish(struct numu_session *session, numu_status status, bool findings_are_shown);

/* What JSON opens with; `hex` is the caller's room for the hash. */
struct numu_stamp numu_session_stamp(const struct numu_session *session,
                                     char hex[NUMU_SHA256_HEX_BYTES]);
/* Loads and checks a package; an error in it is said and ends the command. */
NUMU_MUST_CHECK numu_status numu_session_load_path(struct numu_session *session, const char *path);
/*
 * Loads and checks the package that an operand names; an error in it is said and ends the command.
 */
NUMU_MUST_CHECK numu_status numu_session_load(struct numu_session *session, size_t operand);

/*
 * The user's folder of rule sets: $NUMU_RULES, $XDG_DATA_HOME/numu/rules or
 * ~/.local/share/numu/rules; NULL where none of these variables is set. It need not exist.
 */
NUMU_MUST_CHECK numu_status numu_session_rules_folder(struct numu_session *session,
                                                      const char **out);

#endif
