/*
 * Goal: a context with nothing in it is usable, and one with everything is asked.
 * Method: both, by hand.
 */
#include "base/context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <unistd.h>

struct told {
    int count;
    const char *phase;
    double share;
};

static void listen(void *progress_data, const char *phase, double share) {
    struct told *told = progress_data;
    *told = (struct told){told->count + 1, phase, share};
}

static void progress_is_told_if_anyone_listens(void **state) {
    (void)state;
    struct told told = {0};
    struct numu_context context = {.progress_data = &told};
    numu_context_progress(&context, "load", 0.5);
    assert_int_equal(told.count, 0);
    context.progress = listen;
    numu_context_progress(&context, "solve", 0.25);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.phase, "solve");
    assert_true(told.share == 0.25);
}

static void stop_flag_is_read(void **state) {
    (void)state;
    atomic_bool stop;
    atomic_init(&stop, false);
    struct numu_context context = {0};
    assert_false(numu_context_is_stopped(&context));
    context.stop = &stop;
    assert_false(numu_context_is_stopped(&context));
    atomic_store(&stop, true);
    assert_true(numu_context_is_stopped(&context));
}

static void threads_are_at_least_one_and_bounded(void **state) {
    (void)state;
    struct numu_context context = {0};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    assert_true(cores >= 1);
    assert_int_equal(numu_context_threads(&context),
                     cores < NUMU_THREADS_MAX ? cores : NUMU_THREADS_MAX);
    context.threads = 1;
    assert_int_equal(numu_context_threads(&context), 1);
    context.threads = NUMU_THREADS_MAX;
    assert_int_equal(numu_context_threads(&context), NUMU_THREADS_MAX);
    context.threads = UINT_MAX;
    assert_int_equal(numu_context_threads(&context), NUMU_THREADS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_is_told_if_anyone_listens),
        cmocka_unit_test(stop_flag_is_read),
        cmocka_unit_test(threads_are_at_least_one_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
