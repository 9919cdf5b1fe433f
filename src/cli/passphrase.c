/*
 * passphrase.c - see passphrase.h.
 *
 * Read by read(2) into the caller's bytes and nowhere else: a stream of stdio would keep a copy.
 */
#include "cli/passphrase.h"

#include "base/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/*
 * Reads one line, without its end, byte by byte, so that the rest of standard input stays for
 * others. False, with errno, where reading fails; a line that is too long is E2BIG.
 */
static bool read_line(int file, struct numu_passphrase *out) {
    for (out->length = 0;;) {
        char byte;
        ssize_t count = read(file, &byte, 1);
        if (count < 0) {
            return false;
        }
        if (count == 0 || byte == '\n') {
            break;
        }
        if (out->length == sizeof out->bytes - 1) {
            errno = E2BIG;
            return false;
        }
        out->bytes[out->length++] = byte;
    }
    if (out->length > 0 && out->bytes[out->length - 1] == '\r') {
        out->length--;
    }
    return true;
}

/* Asks on the terminal; the echo is given back whatever happens, Ctrl-C included (EINTR). */
static bool ask(int terminal, const char *question, struct numu_passphrase *out) {
    struct termios before;
    if (write(terminal, question, strlen(question)) < 0 || tcgetattr(terminal, &before) != 0) {
        return false;
    }
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    silent.c_lflag |= ECHONL;
    if (tcsetattr(terminal, TCSAFLUSH, &silent) != 0) {
        return false;
    }
    bool is_read = read_line(terminal, out);
    int error = errno;
    (void)tcsetattr(terminal, TCSAFLUSH, &before);
    errno = error;
    return is_read;
}

static bool read_from_file(struct numu_session *session, const char *path,
                           struct numu_passphrase *out) {
    bool is_input = strcmp(path, "-") == 0;
    int file = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    bool is_read = file >= 0 && read_line(file, out);
    if (!is_read && errno == E2BIG) {
        numu_session_complain_simply(session, NUMU_HELP_LONG_PASSPHRASE, NULL);
    } else if (!is_read) {
        const char *const arguments[3] = {path, strerror(errno), NULL};
        numu_session_complain(session, NUMU_HELP_PASSPHRASE_FILE_UNREADABLE, arguments, NULL);
    }
    if (!is_input && file >= 0) {
        (void)close(file);
    }
    return is_read;
}

static bool read_from_terminal(struct numu_session *session, bool is_new,
                               struct numu_passphrase *out) {
    numu_language language = session->terminal.language;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    bool is_read =
        terminal >= 0 && ask(terminal, numu_help_text(NUMU_HELP_ASK_PASSPHRASE, language), out);
    bool is_same = true;
    if (is_read && is_new) {
        struct numu_passphrase again;
        is_read = ask(terminal, numu_help_text(NUMU_HELP_ASK_PASSPHRASE_AGAIN, language), &again);
        is_same = is_read && again.length == out->length &&
                  memcmp(again.bytes, out->bytes, out->length) == 0;
        numu_wipe(&again, sizeof again);
    }
    if (!is_read) {
        numu_session_complain_simply(session, NUMU_HELP_NO_PASSPHRASE, NULL);
    } else if (!is_same) {
        numu_session_complain_simply(session, NUMU_HELP_PASSPHRASES_DIFFER, NULL);
    }
    if (terminal >= 0) {
        (void)close(terminal);
    }
    return is_read && is_same;
}

static bool read_from_variable(struct numu_session *session, const char *value,
                               struct numu_passphrase *out) {
    out->length = strlen(value);
    if (out->length >= sizeof out->bytes) {
        numu_session_complain_simply(session, NUMU_HELP_LONG_PASSPHRASE, NULL);
        return false;
    }
    memcpy(out->bytes, value, out->length);
    return true;
}

bool numu_passphrase_read(struct numu_session *session, bool is_new, struct numu_passphrase *out) {
    const char *path = session->invocation->values[NUMU_OPTION_PASSPHRASE_FILE];
    const char *variable = getenv("NUMU_PASSPHRASE");
    bool is_read = path != NULL       ? read_from_file(session, path, out)
                   : variable != NULL ? read_from_variable(session, variable, out)
                                      : read_from_terminal(session, is_new, out);
    if (is_read && is_new && out->length < NUMU_PASSPHRASE_LENGTH_MIN) {
        numu_session_complain_simply(session, NUMU_HELP_SHORT_PASSPHRASE, NULL);
        is_read = false;
    }
    return is_read;
}
