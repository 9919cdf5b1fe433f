/*
 * pages.c - help, manual pages (troff, man(7)) and completions, all from the tables of options
 * and commands.
 */
#include "cli/options.h"

#include <string.h>

enum { HELP_WIDTH = 79, OPTION_COLUMN = 24 };

static bool takes(const struct numu_command *command, int id) {
    return numu_options[id].is_global || (command != NULL && (command->options >> id & 1U) != 0);
}

/* "-o, --output FILE" */
static numu_status write_option_name(const struct numu_option *option, struct numu_buffer *buffer) {
    if (option->letter != 0) {
        NUMU_TRY(numu_buffer_printf(buffer, "-%c, ", option->letter));
    }
    NUMU_TRY(numu_buffer_printf(buffer, "--%s", option->name));
    if (option->value != NULL) {
        NUMU_TRY(numu_buffer_printf(buffer, " %s", option->value));
    }
    return NUMU_OK;
}

/* Words of `text`, filled to the width, each line but the first indented. */
static numu_status write_filled(const char *text, size_t column, size_t indent,
                                struct numu_buffer *buffer) {
    struct numu_text rest = numu_text_of(text);
    bool is_first = true;
    for (struct numu_text word = numu_text_next_word(&rest); word.length > 0;
         word = numu_text_next_word(&rest)) {
        size_t width = numu_text_width(word);
        if (!is_first && column + 1 + width > HELP_WIDTH) {
            NUMU_TRY(numu_buffer_printf(buffer, "\n%*s", (int)indent, ""));
            column = indent;
        } else if (!is_first) {
            NUMU_TRY(numu_buffer_append_char(buffer, ' '));
            column++;
        }
        NUMU_TRY(numu_buffer_append(buffer, word.data, word.length));
        column += width;
        is_first = false;
    }
    return numu_buffer_append_char(buffer, '\n');
}

static numu_status write_pair(const char *name, size_t name_width, const char *text,
                              struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_printf(buffer, "  %s", name));
    size_t column = 2 + name_width;
    if (column + 2 > OPTION_COLUMN) {
        NUMU_TRY(numu_buffer_append_char(buffer, '\n'));
        column = 0;
    }
    NUMU_TRY(numu_buffer_printf(buffer, "%*s", (int)(OPTION_COLUMN - column), ""));
    return write_filled(text, OPTION_COLUMN, OPTION_COLUMN, buffer);
}

static numu_status write_options(const struct numu_command *command, numu_language language,
                                 struct numu_buffer *buffer) {
    struct numu_buffer name;
    numu_buffer_init(&name, buffer->heap, 0);
    numu_status status =
        numu_buffer_printf(buffer, "\n%s:\n", numu_help_text(NUMU_HELP_HEADING_OPTIONS, language));
    for (int id = 0; status == NUMU_OK && id < NUMU_OPTION_COUNT; id++) {
        if (!takes(command, id)) {
            continue;
        }
        numu_buffer_clear(&name);
        status = write_option_name(&numu_options[id], &name);
        if (status == NUMU_OK) {
            status = write_pair(name.data, name.length,
                                numu_help_text(numu_options[id].help, language), buffer);
        }
    }
    numu_buffer_release(&name);
    return status;
}

static const struct {
    const char *number;
    numu_help help;
} exits[] = {{"0", NUMU_HELP_EXIT_0},
             {"1", NUMU_HELP_EXIT_1},
             {"2", NUMU_HELP_EXIT_2},
             {"3", NUMU_HELP_EXIT_3},
             {"130", NUMU_HELP_EXIT_130}};
enum { EXIT_COUNT = sizeof exits / sizeof exits[0] };

static numu_status write_main_page(numu_language language, struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_printf(buffer, "numu - %s\n\n%s\n\n%s: numu COMMAND [OPTION…] …\n\n%s:\n",
                                numu_help_text(NUMU_HELP_TAGLINE, language),
                                numu_help_text(NUMU_HELP_INTRODUCTION, language),
                                numu_help_text(NUMU_HELP_HEADING_USAGE, language),
                                numu_help_text(NUMU_HELP_HEADING_COMMANDS, language)));
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        NUMU_TRY(write_pair(command->name, strlen(command->name),
                            numu_help_text(command->help, language), buffer));
    }
    return numu_buffer_printf(buffer,
                              "\n%s:\n  numu check examples/mali-2025\n"
                              "  numu plan examples/mali-2025 -o plan.db\n\n%s\n",
                              numu_help_text(NUMU_HELP_HEADING_EXAMPLES, language),
                              numu_help_text(NUMU_HELP_MORE_HELP, language));
}

numu_status numu_group_page(const char *group, numu_language language, struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_printf(buffer, "%s: numu %s COMMAND [OPTION…] …\n\n%s:\n",
                                numu_help_text(NUMU_HELP_HEADING_USAGE, language), group,
                                numu_help_text(NUMU_HELP_HEADING_COMMANDS, language)));
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        if (numu_command_is_in(command, group)) {
            NUMU_TRY(write_pair(command->name, strlen(command->name),
                                numu_help_text(command->help, language), buffer));
        }
    }
    return numu_buffer_printf(buffer, "\n%s\n", numu_help_text(NUMU_HELP_MORE_HELP, language));
}

numu_status numu_help_page(const struct numu_command *command, numu_language language,
                           struct numu_buffer *buffer) {
    if (command == NULL) {
        return write_main_page(language, buffer);
    }
    NUMU_TRY(numu_buffer_printf(buffer, "numu %s - %s\n\n%s: numu %s [OPTION…] %s\n\n",
                                command->name, numu_help_text(command->help, language),
                                numu_help_text(NUMU_HELP_HEADING_USAGE, language), command->name,
                                command->operands));
    NUMU_TRY(write_filled(numu_help_text(command->more, language), 0, 0, buffer));
    NUMU_TRY(write_options(command, language, buffer));
    NUMU_TRY(numu_buffer_printf(buffer, "\n%s:\n",
                                numu_help_text(NUMU_HELP_HEADING_EXAMPLES, language)));
    for (size_t i = 0; command->examples[i] != NULL; i++) {
        NUMU_TRY(numu_buffer_printf(buffer, "  %s\n", command->examples[i]));
    }
    NUMU_TRY(numu_buffer_printf(buffer, "\n%s:\n",
                                numu_help_text(NUMU_HELP_HEADING_EXIT_STATUS, language)));
    for (size_t i = 0; i < EXIT_COUNT; i++) {
        NUMU_TRY(numu_buffer_printf(buffer, "  %-4s%s\n", exits[i].number,
                                    numu_help_text(exits[i].help, language)));
    }
    return NUMU_OK;
}

/*
 * Text for troff: backslashes doubled, dashes kept as minus signs, a leading dot or quote made
 * harmless.
 */
static numu_status write_troff(const char *text, struct numu_buffer *buffer) {
    if (*text == '.' || *text == '\'') {
        NUMU_TRY(numu_buffer_append_string(buffer, "\\&"));
    }
    for (; *text != '\0'; text++) {
        if (*text == '\\') {
            NUMU_TRY(numu_buffer_append_string(buffer, "\\e"));
        } else if (*text == '-') {
            NUMU_TRY(numu_buffer_append_string(buffer, "\\-"));
        } else {
            NUMU_TRY(numu_buffer_append_char(buffer, *text == '\n' ? ' ' : *text));
        }
    }
    return NUMU_OK;
}

static numu_status write_troff_section(const char *heading, struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_append_string(buffer, ".SH "));
    for (const char *c = heading; *c != '\0'; c++) {
        NUMU_TRY(numu_buffer_append_char(buffer, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c));
    }
    return numu_buffer_append_char(buffer, '\n');
}

static numu_status write_troff_term(const char *term, const char *text,
                                    struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_append_string(buffer, ".TP\n.B "));
    NUMU_TRY(write_troff(term, buffer));
    NUMU_TRY(numu_buffer_append_char(buffer, '\n'));
    NUMU_TRY(write_troff(text, buffer));
    return numu_buffer_append_char(buffer, '\n');
}

static numu_status write_troff_options(const struct numu_command *command, numu_language language,
                                       struct numu_buffer *buffer) {
    struct numu_buffer name;
    numu_buffer_init(&name, buffer->heap, 0);
    numu_status status =
        write_troff_section(numu_help_text(NUMU_HELP_HEADING_OPTIONS, language), buffer);
    for (int id = 0; status == NUMU_OK && id < NUMU_OPTION_COUNT; id++) {
        if (!takes(command, id)) {
            continue;
        }
        numu_buffer_clear(&name);
        status = write_option_name(&numu_options[id], &name);
        if (status == NUMU_OK) {
            status = write_troff_term(name.data, numu_help_text(numu_options[id].help, language),
                                      buffer);
        }
    }
    numu_buffer_release(&name);
    return status;
}

static numu_status write_troff_body(const struct numu_command *command, numu_language language,
                                    struct numu_buffer *buffer) {
    numu_help more = command == NULL ? NUMU_HELP_INTRODUCTION : command->more;
    NUMU_TRY(write_troff_section(numu_help_text(NUMU_HELP_HEADING_DESCRIPTION, language), buffer));
    NUMU_TRY(write_troff(numu_help_text(more, language), buffer));
    NUMU_TRY(numu_buffer_append_char(buffer, '\n'));
    if (command == NULL) {
        NUMU_TRY(write_troff_section(numu_help_text(NUMU_HELP_HEADING_COMMANDS, language), buffer));
        for (const struct numu_command *each = numu_commands; each->name != NULL; each++) {
            NUMU_TRY(write_troff_term(each->name, numu_help_text(each->help, language), buffer));
        }
    }
    NUMU_TRY(write_troff_options(command, language, buffer));
    NUMU_TRY(write_troff_section(numu_help_text(NUMU_HELP_HEADING_EXIT_STATUS, language), buffer));
    for (size_t i = 0; i < EXIT_COUNT; i++) {
        NUMU_TRY(
            write_troff_term(exits[i].number, numu_help_text(exits[i].help, language), buffer));
    }
    if (command != NULL) {
        NUMU_TRY(write_troff_section(numu_help_text(NUMU_HELP_HEADING_EXAMPLES, language), buffer));
        for (size_t i = 0; command->examples[i] != NULL; i++) {
            NUMU_TRY(numu_buffer_append_string(buffer, ".PP\n.EX\n"));
            NUMU_TRY(write_troff(command->examples[i], buffer));
            NUMU_TRY(numu_buffer_append_string(buffer, "\n.EE\n"));
        }
        NUMU_TRY(write_troff_section(numu_help_text(NUMU_HELP_HEADING_SEE_ALSO, language), buffer));
        NUMU_TRY(numu_buffer_append_string(buffer, ".BR numu (1)\n"));
    }
    return NUMU_OK;
}

/* A command's name in that of its page: each word after a dash. */
static numu_status write_page_name(const char *dash, const char *name, struct numu_buffer *buffer) {
    struct numu_text rest = numu_text_of(name);
    for (struct numu_text word = numu_text_next_word(&rest); word.length > 0;
         word = numu_text_next_word(&rest)) {
        NUMU_TRY(numu_buffer_append_string(buffer, dash));
        NUMU_TRY(numu_buffer_append(buffer, word.data, word.length));
    }
    return NUMU_OK;
}

numu_status numu_manual_page(const struct numu_command *command, numu_language language,
                             struct numu_buffer *buffer) {
    const char *name = command == NULL ? "" : command->name;
    NUMU_TRY(numu_buffer_append_string(buffer, ".TH NUMU"));
    NUMU_TRY(write_page_name("\\-", name, buffer));
    NUMU_TRY(numu_buffer_printf(buffer, " 1 \"\" \"numu %s\" \"numu\"\n", NUMU_VERSION));
    NUMU_TRY(write_troff_section(numu_help_text(NUMU_HELP_HEADING_NAME, language), buffer));
    NUMU_TRY(numu_buffer_append_string(buffer, "numu"));
    NUMU_TRY(write_page_name("-", name, buffer));
    NUMU_TRY(numu_buffer_append_string(buffer, " \\- "));
    NUMU_TRY(write_troff(
        numu_help_text(command == NULL ? NUMU_HELP_TAGLINE : command->help, language), buffer));
    NUMU_TRY(numu_buffer_append_char(buffer, '\n'));
    NUMU_TRY(write_troff_section(numu_help_text(NUMU_HELP_HEADING_USAGE, language), buffer));
    if (command == NULL) {
        NUMU_TRY(numu_buffer_append_string(buffer, "numu COMMAND [OPTION...] ...\n"));
    } else {
        NUMU_TRY(numu_buffer_printf(buffer, "numu %s [OPTION...] %s\n", command->name,
                                    command->operands));
    }
    return write_troff_body(command, language, buffer);
}

/* --- completions --- */

/* Whether a command is the first one of a group. */
static bool begins_group(const struct numu_command *command) {
    if (!numu_command_is_grouped(command)) {
        return false;
    }
    size_t length = numu_command_word_length(command) + 1;
    return command == numu_commands || strncmp(command[-1].name, command->name, length) != 0;
}

/* The groups as further patterns of a case of bash. */
static numu_status write_group_patterns(struct numu_buffer *buffer) {
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        if (begins_group(command)) {
            NUMU_TRY(numu_buffer_printf(buffer, " | %.*s", (int)numu_command_word_length(command),
                                        command->name));
        }
    }
    return NUMU_OK;
}

/* Each command of one word and each group once, a space after it. */
static numu_status write_first_words(struct numu_buffer *buffer) {
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        if (!numu_command_is_grouped(command) || begins_group(command)) {
            NUMU_TRY(numu_buffer_printf(buffer, "%.*s ", (int)numu_command_word_length(command),
                                        command->name));
        }
    }
    return NUMU_OK;
}

/* The second words of the group that `first` begins, a space between. */
static numu_status write_second_words(const struct numu_command *first,
                                      struct numu_buffer *buffer) {
    size_t length = numu_command_word_length(first) + 1;
    for (const struct numu_command *command = first;
         command->name != NULL && strncmp(command->name, first->name, length) == 0; command++) {
        NUMU_TRY(numu_buffer_printf(buffer, "%s%s", command == first ? "" : " ",
                                    command->name + length));
    }
    return NUMU_OK;
}

static numu_status complete_bash(struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_append_string(
        buffer,
        "# bash completion for numu\n_numu() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= i\n"
        "    COMPREPLY=()\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case ${COMP_WORDS[i]} in -*) continue ;; esac\n"
        "        command=${command:+$command }${COMP_WORDS[i]}\n"
        "        case $command in ''"));
    NUMU_TRY(write_group_patterns(buffer));
    NUMU_TRY(numu_buffer_append_string(buffer, ") ;; *) break ;; esac\n"
                                               "    done\n    case $before in\n"));
    for (int id = 0; id < NUMU_OPTION_COUNT; id++) {
        const struct numu_option *option = &numu_options[id];
        if (option->kind == NUMU_VALUE_CHOICE) {
            NUMU_TRY(numu_buffer_printf(buffer, "    --%s) mapfile -t COMPREPLY < <(compgen -W '",
                                        option->name));
            for (size_t i = 0; option->choices[i] != NULL; i++) {
                NUMU_TRY(numu_buffer_printf(buffer, "%s%s", i == 0 ? "" : " ", option->choices[i]));
            }
            NUMU_TRY(numu_buffer_append_string(buffer, "' -- \"$word\"); return ;;\n"));
        } else if (option->kind == NUMU_VALUE_FILE) {
            NUMU_TRY(numu_buffer_printf(buffer, "    --%s%s%c) compopt -o default; return ;;\n",
                                        option->name, option->letter == 0 ? "" : "|-",
                                        option->letter == 0 ? ' ' : option->letter));
        }
    }
    NUMU_TRY(
        numu_buffer_append_string(buffer, "    esac\n    local words=\n    case $command in\n"));
    for (const struct numu_command *command = numu_commands;; command++) {
        bool is_none = command->name == NULL;
        if (!is_none && begins_group(command)) {
            int length = (int)numu_command_word_length(command);
            NUMU_TRY(numu_buffer_printf(buffer, "    %.*s) words='", length, command->name));
            NUMU_TRY(write_second_words(command, buffer));
            NUMU_TRY(numu_buffer_append_string(buffer, "' ;;\n"));
        }
        NUMU_TRY(numu_buffer_printf(buffer, "    '%s') words='", is_none ? "" : command->name));
        if (is_none) {
            NUMU_TRY(write_first_words(buffer));
        }
        for (int id = 0; id < NUMU_OPTION_COUNT; id++) {
            if (takes(is_none ? NULL : command, id)) {
                NUMU_TRY(numu_buffer_printf(buffer, "--%s ", numu_options[id].name));
            }
        }
        NUMU_TRY(numu_buffer_append_string(buffer, "' ;;\n"));
        if (is_none) {
            break;
        }
    }
    return numu_buffer_append_string(
        buffer, "    esac\n"
                "    if [[ $word == -* || -z $command || $words != --* ]]; then\n"
                "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
                "    else\n        compopt -o default\n    fi\n}\n"
                "complete -F _numu numu\n");
}

/* A text within single quotes of zsh or fish; brackets and colons escaped for zsh's _arguments. */
static numu_status write_quoted(const char *text, bool for_zsh, struct numu_buffer *buffer) {
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            NUMU_TRY(numu_buffer_append_string(buffer, for_zsh ? "'\\''" : "\\'"));
        } else if (for_zsh && strchr("[]:\\", *text) != NULL) {
            NUMU_TRY(numu_buffer_printf(buffer, "\\%c", *text));
        } else {
            NUMU_TRY(numu_buffer_append_char(buffer, *text));
        }
    }
    return NUMU_OK;
}

static numu_status complete_zsh(numu_language language, struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_append_string(
        buffer, "#compdef numu\n_numu() {\n    local context state line\n"
                "    _arguments -C '1:command:->command' '*::argument:->argument'\n"
                "    case $state in\n    command)\n        local -a commands=(\n"));
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        if (numu_command_is_grouped(command) && !begins_group(command)) {
            continue;
        }
        NUMU_TRY(numu_buffer_printf(
            buffer, "            '%.*s:", (int)numu_command_word_length(command), command->name));
        NUMU_TRY(write_quoted(numu_help_text(command->help, language), true, buffer));
        NUMU_TRY(numu_buffer_append_string(buffer, "'\n"));
    }
    NUMU_TRY(numu_buffer_append_string(buffer,
                                       "        )\n        _describe command commands ;;\n"
                                       "    argument)\n        case \"$line[1] $line[2]\" in\n"));
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        if (numu_command_is_grouped(command)) {
            NUMU_TRY(numu_buffer_printf(buffer, "        '%s') _arguments", command->name));
        } else {
            NUMU_TRY(numu_buffer_printf(buffer, "        '%s '*) _arguments", command->name));
        }
        for (int id = 0; id < NUMU_OPTION_COUNT; id++) {
            const struct numu_option *option = &numu_options[id];
            if (!takes(command, id)) {
                continue;
            }
            NUMU_TRY(numu_buffer_printf(buffer, " '--%s%s[", option->name,
                                        option->kind == NUMU_VALUE_NONE ? "" : "="));
            NUMU_TRY(write_quoted(numu_help_text(option->help, language), true, buffer));
            NUMU_TRY(numu_buffer_append_char(buffer, ']'));
            if (option->kind == NUMU_VALUE_CHOICE) {
                NUMU_TRY(numu_buffer_printf(buffer, ":%s:(", option->value));
                for (size_t i = 0; option->choices[i] != NULL; i++) {
                    NUMU_TRY(
                        numu_buffer_printf(buffer, "%s%s", i == 0 ? "" : " ", option->choices[i]));
                }
                NUMU_TRY(numu_buffer_append_char(buffer, ')'));
            } else if (option->kind != NUMU_VALUE_NONE) {
                NUMU_TRY(numu_buffer_printf(buffer, ":%s:%s", option->value,
                                            option->kind == NUMU_VALUE_FILE ? "_files" : ""));
            }
            NUMU_TRY(numu_buffer_append_char(buffer, '\''));
        }
        NUMU_TRY(numu_buffer_printf(buffer, "%s ;;\n",
                                    command->is_operand_file ? " '*:file:_files'" : ""));
    }
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        if (begins_group(command)) {
            NUMU_TRY(numu_buffer_printf(buffer, "        '%.*s '*) _arguments '1:command:(",
                                        (int)numu_command_word_length(command), command->name));
            NUMU_TRY(write_second_words(command, buffer));
            NUMU_TRY(numu_buffer_append_string(buffer, ")' ;;\n"));
        }
    }
    return numu_buffer_append_string(buffer, "        esac ;;\n    esac\n}\n_numu \"$@\"\n");
}

/* The words of a command as arguments: the first, or that of its group, then the second. */
static numu_status write_fish_words(const struct numu_command *command, numu_language language,
                                    struct numu_buffer *buffer) {
    int length = (int)numu_command_word_length(command);
    if (begins_group(command)) {
        NUMU_TRY(numu_buffer_printf(buffer,
                                    "complete -c numu -n __fish_use_subcommand -f -a %.*s\n",
                                    length, command->name));
    }
    if (numu_command_is_grouped(command)) {
        NUMU_TRY(numu_buffer_printf(
            buffer, "complete -c numu -n '__fish_seen_subcommand_from %.*s' -f -a %s -d '", length,
            command->name, command->name + length + 1));
    } else {
        NUMU_TRY(numu_buffer_printf(
            buffer, "complete -c numu -n __fish_use_subcommand -f -a %s -d '", command->name));
    }
    NUMU_TRY(write_quoted(numu_help_text(command->help, language), false, buffer));
    return numu_buffer_append_string(buffer, "'\n");
}

static numu_status complete_fish(numu_language language, struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_append_string(buffer, "# fish completion for numu\n"));
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        NUMU_TRY(write_fish_words(command, language, buffer));
        for (int id = 0; id < NUMU_OPTION_COUNT; id++) {
            const struct numu_option *option = &numu_options[id];
            if (!takes(command, id)) {
                continue;
            }
            NUMU_TRY(numu_buffer_printf(
                buffer, "complete -c numu -n '__fish_seen_subcommand_from %s' -l %s",
                command->name +
                    (numu_command_is_grouped(command) ? numu_command_word_length(command) + 1 : 0),
                option->name));
            if (option->letter != 0) {
                NUMU_TRY(numu_buffer_printf(buffer, " -s %c", option->letter));
            }
            NUMU_TRY(numu_buffer_append_string(
                buffer, option->kind == NUMU_VALUE_NONE ? " -d '" : " -r -d '"));
            NUMU_TRY(write_quoted(numu_help_text(option->help, language), false, buffer));
            NUMU_TRY(numu_buffer_append_char(buffer, '\''));
            for (size_t i = 0; option->choices != NULL && option->choices[i] != NULL; i++) {
                NUMU_TRY(
                    numu_buffer_printf(buffer, "%s%s", i == 0 ? " -a '" : " ", option->choices[i]));
            }
            NUMU_TRY(numu_buffer_append_string(buffer, option->choices == NULL ? "\n" : "'\n"));
        }
    }
    return NUMU_OK;
}

numu_status numu_completion(numu_shell shell, numu_language language, struct numu_buffer *buffer) {
    switch (shell) {
    case NUMU_SHELL_BASH:
        return complete_bash(buffer);
    case NUMU_SHELL_ZSH:
        return complete_zsh(language, buffer);
    case NUMU_SHELL_FISH:
        return complete_fish(language, buffer);
    }
    return NUMU_BUG;
}
