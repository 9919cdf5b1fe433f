/*
 * options.h - the command line as data: one table of options and one of commands, from which come
 * the parser, help, manual pages and completions.
 *
 * Options may stand before or after operands; "--name=value" and "--name value", "-ovalue" and
 * "-o value", "-qv"; "--" ends options; "-" is an operand (standard input or output).
 */
#ifndef NUMU_CLI_OPTIONS_H
#define NUMU_CLI_OPTIONS_H

#include "view/help.h"

typedef enum numu_option_id {
    NUMU_OPTION_HELP,
    NUMU_OPTION_VERSION,
    NUMU_OPTION_FORMAT,
    NUMU_OPTION_OUTPUT,
    NUMU_OPTION_ALL,
    NUMU_OPTION_EVIDENCE,
    NUMU_OPTION_TIME_LIMIT,
    NUMU_OPTION_WRITE_MPS,
    NUMU_OPTION_CONFIRM,
    NUMU_OPTION_INTEGER,
    NUMU_OPTION_WITHOUT,
    NUMU_OPTION_DELAY,
    NUMU_OPTION_RATE,
    NUMU_OPTION_BUDGET,
    NUMU_OPTION_DEMAND,
    NUMU_OPTION_EACH,
    NUMU_OPTION_PROMISED,
    NUMU_OPTION_COMPARE,
    NUMU_OPTION_SCHEDULES,
    NUMU_OPTION_HARD_DEADLINES,
    NUMU_OPTION_SEED,
    NUMU_OPTION_THREADS,
    NUMU_OPTION_HEALTH,
    NUMU_OPTION_DEADLINE,
    NUMU_OPTION_SAMPLES,
    NUMU_OPTION_TOLERANCE,
    NUMU_OPTION_CONFIDENCE,
    NUMU_OPTION_NO_REMOVAL,
    NUMU_OPTION_UPLIFT,
    NUMU_OPTION_LIST,
    NUMU_OPTION_FILE,
    NUMU_OPTION_PAIRS,
    NUMU_OPTION_TYPE,
    NUMU_OPTION_THRESHOLD,
    NUMU_OPTION_NAME,
    NUMU_OPTION_PASSPHRASE_FILE,
    NUMU_OPTION_RULES,
    NUMU_OPTION_MATRIX,
    NUMU_OPTION_HD,
    NUMU_OPTION_NEQ,
    NUMU_OPTION_TO,
    NUMU_OPTION_DISTANCE,
    NUMU_OPTION_BARRICADED,
    NUMU_OPTION_STRUCTURE,
    NUMU_OPTION_FACE,
    NUMU_OPTION_PROVED,
    NUMU_OPTION_KEY,
    NUMU_OPTION_ROW,
    NUMU_OPTION_SITE,
    NUMU_OPTION_MODEL,
    NUMU_OPTION_ATOMIC,
    NUMU_OPTION_APPROVE,
    NUMU_OPTION_BY,
    NUMU_OPTION_WITNESS,
    NUMU_OPTION_QUORUM,
    NUMU_OPTION_SHOW,
    NUMU_OPTION_PLACE,
    NUMU_OPTION_ITEM,
    NUMU_OPTION_AT,
    NUMU_OPTION_FORWARD,
    NUMU_OPTION_LEDGER,
    NUMU_OPTION_REASON,
    NUMU_OPTION_SINCE,
    NUMU_OPTION_TRUST,
    NUMU_OPTION_EPCIS,
    NUMU_OPTION_ROOT,
    NUMU_OPTION_CERTIFICATES,
    NUMU_OPTION_DAYS,
    NUMU_OPTION_SITES,
    NUMU_OPTION_SUBJECT,
    NUMU_OPTION_ENTRY,
    NUMU_OPTION_RESULT,
    NUMU_OPTION_AS_OF,
    NUMU_OPTION_FROM,
    NUMU_OPTION_PROFILE,
    NUMU_OPTION_CARRIER,
    NUMU_OPTION_FIELD,
    NUMU_OPTION_YEAR,
    NUMU_OPTION_SHARE,
    NUMU_OPTION_LANG,
    NUMU_OPTION_COLOR,
    NUMU_OPTION_QUIET,
    NUMU_OPTION_VERBOSE,
    NUMU_OPTION_TIMING,
    NUMU_OPTION_MAN,
    NUMU_OPTION_COMPLETION,
    NUMU_OPTION_COUNT
} numu_option_id;

typedef enum numu_value_kind {
    NUMU_VALUE_NONE, /* a flag */
    NUMU_VALUE_TEXT,
    NUMU_VALUE_FILE,
    NUMU_VALUE_COUNT,   /* whole number, 0 or more */
    NUMU_VALUE_SECONDS, /* number, 0 or more */
    NUMU_VALUE_CHOICE   /* one of `choices` */
} numu_value_kind;

struct numu_option {
    const char *name; /* without dashes */
    char letter;      /* 0 = none */
    numu_value_kind kind;
    const char *value;          /* how its value is called in help */
    const char *const *choices; /* CHOICE only; ends with NULL */
    numu_help help;
    bool is_global; /* every command takes it */
};

extern const struct numu_option numu_options[NUMU_OPTION_COUNT];

struct numu_invocation;

/* A set of options, bit n for option n: more than 64, by an extension of gcc and clang. */
__extension__ typedef unsigned __int128 numu_option_set;

/*
 * A command has one word, or two: those whose first word is the same are a group ("storage limits",
 * "storage mix"), and stand together.
 */
struct numu_command {
    const char *name;
    numu_help help, more;
    const char *operands; /* "DIR", "[TABLE]" */
    bool is_operand_file; /* for completion */
    unsigned operand_min, operand_max;
    numu_option_set options;     /* bit n: takes option n, besides the global ones */
    const char *const *examples; /* pairs would be too much: lines, ends with NULL */
    int (*run)(const struct numu_invocation *invocation);
};

/* Ends with a command without name. */
extern const struct numu_command numu_commands[];

enum { NUMU_OPERANDS_MAX = 4096, NUMU_GIVEN_MAX = 1024 };

struct numu_invocation {
    const struct numu_command *command; /* NULL where none was named */
    const char *group; /* the first word, where the second one is not (yet) known; else NULL */
    const char *operands[NUMU_OPERANDS_MAX];
    size_t operand_count;
    /* Every value given to an option, in order, for options that may be given more than once. */
    struct numu_given {
        numu_option_id option;
        const char *value;
    } given[NUMU_GIVEN_MAX];
    size_t given_count; /* more than NUMU_GIVEN_MAX are a problem of the invocation */
    const char *values[NUMU_OPTION_COUNT]; /* NULL = not given; "" for a flag that is */
    numu_language language;
    /* What is wrong with the command line; NUMU_HELP_COUNT = nothing. */
    numu_help problem;
    const char *arguments[3];
    const char *suggestion; /* NULL = none */
};

/* Parses. `environment_language` is used where --lang is not given. Texts point into argv. */
void numu_invocation_init(struct numu_invocation *invocation, int argc, char *const argv[],
                          numu_language environment_language);

bool numu_option_is_given(const struct numu_invocation *invocation, numu_option_id option);
/* Value of a COUNT or SECONDS option, or what stands for none. */
uint64_t numu_option_count(const struct numu_invocation *invocation, numu_option_id option,
                           uint64_t otherwise);
double numu_option_seconds(const struct numu_invocation *invocation, numu_option_id option);
/* Place of a CHOICE option's value in its choices; 0 where it is not given. */
size_t numu_option_choice(const struct numu_invocation *invocation, numu_option_id option);

/* Length of the first word of a command's name; whether there is a second one. */
size_t numu_command_word_length(const struct numu_command *command);
bool numu_command_is_grouped(const struct numu_command *command);
/* Whether a command belongs to a group, or is the one of a single word. */
bool numu_command_is_in(const struct numu_command *command, const char *word);

/* The list of the commands of a group. */
NUMU_MUST_CHECK numu_status numu_group_page(const char *group, numu_language language,
                                            struct numu_buffer *buffer);
/* Pages. `command` NULL = of numu as a whole. */
NUMU_MUST_CHECK numu_status numu_help_page(const struct numu_command *command,
                                           numu_language language, struct numu_buffer *buffer);
NUMU_MUST_CHECK numu_status numu_manual_page(const struct numu_command *command,
                                             numu_language language, struct numu_buffer *buffer);
typedef enum numu_shell { NUMU_SHELL_BASH, NUMU_SHELL_ZSH, NUMU_SHELL_FISH } numu_shell;
NUMU_MUST_CHECK numu_status numu_completion(numu_shell shell, numu_language language,
                                            struct numu_buffer *buffer);

#endif
