/*
 * Goal: NUMU_TRY passes failures up unchanged and goes on otherwise; a failed proof ends the
 * program.
 * Method: each status through a function with NUMU_TRY; a failing numu_assert in a child process,
 * whose end and message are looked at.
 */
#include "base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static numu_status try_it(numu_status status, int *passed) {
    NUMU_TRY(status);
    *passed = 1;
    return NUMU_OK;
}

static void try_passes_failures_up(void **state) {
    (void)state;
    for (int status = NUMU_OK; status <= NUMU_BUG; status++) {
        int passed = 0;
        assert_int_equal(try_it((numu_status)status, &passed), status);
        assert_int_equal(passed, status == NUMU_OK);
    }
}

static void failed_proof_says_so_and_aborts(void **state) {
    (void)state;
    int message[2];
    assert_int_equal(pipe(message), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)dup2(message[1], STDERR_FILENO);
        numu_assert(message[1] < 0);
        _exit(0);
    }
    (void)close(message[1]);
    char text[512] = "";
    size_t length = 0;
    for (ssize_t got = 1; got > 0 && length < sizeof text - 1; length += (size_t)got) {
        got = read(message[0], text + length, sizeof text - 1 - length);
        assert_true(got >= 0);
    }
    (void)close(message[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_non_null(strstr(text, "message[1] < 0"));
    assert_non_null(strstr(text, "base_status_test.c:"));
}

static void true_proof_does_nothing(void **state) {
    (void)state;
    int calls = 0;
    numu_assert(++calls == 1);
    assert_int_equal(calls, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(try_passes_failures_up),
        cmocka_unit_test(failed_proof_says_so_and_aborts),
        cmocka_unit_test(true_proof_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
