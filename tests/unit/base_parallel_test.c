/*
 * Goal: each task runs once, the result does not depend on the number of threads, the lowest
 * failing index decides, a wish to stop is heard, and without threads the calling one works alone.
 * Method: counts and random sums by index under 1 to 16 threads, many times over; failures at
 * random places with tasks of unequal length; a limit on threads in a child process.
 */
#define _DEFAULT_SOURCE /* RLIMIT_AS */

#include "base/parallel.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SEED = 20260306, COUNT = 500 };

struct work {
    atomic_int runs[COUNT];
    uint64_t sums[COUNT];
    size_t fails[COUNT]; /* index fails with NUMU_INVALID + fails[index] − 1 where not 0 */
    unsigned workers;    /* all there may be */
    atomic_bool busy[NUMU_THREADS_MAX];
    atomic_bool is_wrong;
    pthread_t caller;
    atomic_bool *stop;
    size_t stop_at;
};

static numu_status add_random_numbers(void *data, size_t index, unsigned worker) {
    struct work *work = data;
    if (worker >= work->workers || atomic_exchange(&work->busy[worker], true) ||
        (worker == 0) != (pthread_equal(pthread_self(), work->caller) != 0)) {
        atomic_store(&work->is_wrong, true);
    }
    atomic_fetch_add(&work->runs[index], 1);
    struct numu_random random;
    numu_random_init(&random, SEED, index);
    uint64_t draws = numu_random_below(&random, 200);
    for (uint64_t i = 0; i < draws; i++) {
        work->sums[index] += numu_random_next(&random);
    }
    if (work->stop != NULL && index == work->stop_at) {
        atomic_store(work->stop, true);
    }
    atomic_store(&work->busy[worker], false);
    size_t fails = work->fails[index];
    return fails == 0 ? NUMU_OK : (numu_status)(NUMU_INVALID + fails - 1);
}

static void start(struct work *work, struct numu_context *context, unsigned threads) {
    memset(work, 0, sizeof *work);
    work->caller = pthread_self();
    context->threads = threads;
    work->workers = numu_context_threads(context);
}

static void result_is_the_same_for_any_threads(void **state) {
    (void)state;
    static struct numu_context context;
    struct work alone;
    struct work many;
    start(&alone, &context, 1);
    assert_int_equal(numu_parallel_for(&context, COUNT, add_random_numbers, &alone), NUMU_OK);
    for (unsigned threads = 0; threads <= 16; threads++) {
        for (int round = 0; round < 5; round++) {
            start(&many, &context, threads);
            assert_int_equal(numu_parallel_for(&context, COUNT, add_random_numbers, &many),
                             NUMU_OK);
            assert_false(many.is_wrong);
            assert_memory_equal(many.sums, alone.sums, sizeof alone.sums);
            for (size_t i = 0; i < COUNT; i++) {
                assert_int_equal(many.runs[i], 1);
            }
        }
    }
}

static void few_tasks(void **state) {
    (void)state;
    struct numu_context context = {0};
    struct work work;
    for (size_t count = 0; count < 5; count++) {
        start(&work, &context, 8);
        assert_int_equal(numu_parallel_for(&context, count, add_random_numbers, &work), NUMU_OK);
        assert_false(work.is_wrong);
        for (size_t i = 0; i < COUNT; i++) {
            assert_int_equal(work.runs[i], i < count);
        }
    }
}

static void lowest_failure_decides(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, UINT64_MAX);
    for (int round = 0; round < 200; round++) {
        struct numu_context context = {0};
        struct work work;
        start(&work, &context, (unsigned)numu_random_below(&random, 9));
        size_t lowest = COUNT;
        for (uint64_t failures = numu_random_below(&random, 6) + 1; failures > 0; failures--) {
            size_t index = numu_random_below(&random, COUNT);
            work.fails[index] = 1 + numu_random_below(&random, NUMU_BUG);
            lowest = index < lowest ? index : lowest;
        }
        numu_status expected = (numu_status)(NUMU_INVALID + work.fails[lowest] - 1);
        assert_int_equal(numu_parallel_for(&context, COUNT, add_random_numbers, &work), expected);
        assert_false(work.is_wrong);
        for (size_t i = 0; i < COUNT; i++) {
            assert_true(work.runs[i] <= 1);
            assert_true(work.runs[i] == 1 || i > lowest);
        }
    }
}

/* Waits up to ten seconds for another thread. */
static bool wait_for(const atomic_bool *flag) {
    for (int i = 0; i < 10000 && !atomic_load(flag); i++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return atomic_load(flag);
}

struct race {
    atomic_bool has_second_begun;
    atomic_bool has_first_failed;
};

static numu_status fail_first_or_second(void *data, size_t index, unsigned worker) {
    (void)worker;
    struct race *race = data;
    if (index == 0) {
        bool has_begun = wait_for(&race->has_second_begun);
        atomic_store(&race->has_first_failed, true);
        return has_begun ? NUMU_INVALID : NUMU_BUG;
    }
    atomic_store(&race->has_second_begun, true);
    bool has_failed = wait_for(&race->has_first_failed);
    (void)nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL); /* while it is noted */
    return has_failed ? NUMU_IO : NUMU_BUG;
}

static void higher_failure_comes_too_late(void **state) {
    (void)state;
    struct race race;
    atomic_init(&race.has_second_begun, false);
    atomic_init(&race.has_first_failed, false);
    struct numu_context context = {.threads = 2};
    assert_int_equal(numu_parallel_for(&context, 2, fail_first_or_second, &race), NUMU_INVALID);
}

static void stop_is_heard(void **state) {
    (void)state;
    for (unsigned threads = 1; threads <= 8; threads++) {
        atomic_bool stop;
        atomic_init(&stop, true);
        struct numu_context context = {.stop = &stop};
        struct work work;
        start(&work, &context, threads);
        assert_int_equal(numu_parallel_for(&context, COUNT, add_random_numbers, &work),
                         NUMU_STOPPED);
        for (size_t i = 0; i < COUNT; i++) {
            assert_int_equal(work.runs[i], 0);
        }
        atomic_store(&stop, false);
        start(&work, &context, threads);
        work.stop = &stop;
        work.stop_at = 100;
        assert_int_equal(numu_parallel_for(&context, COUNT, add_random_numbers, &work),
                         NUMU_STOPPED);
        assert_int_equal(work.runs[100], 1);
        assert_int_equal(work.runs[COUNT - 1], 0);
        /* A task that failed below decides, not the stop. */
        atomic_store(&stop, false);
        start(&work, &context, threads);
        work.stop = &stop;
        work.stop_at = 100;
        work.fails[90] = NUMU_LIMIT;
        assert_int_equal(numu_parallel_for(&context, COUNT, add_random_numbers, &work), NUMU_LIMIT);
        /* A stop after the last task changes nothing. */
        atomic_store(&stop, false);
        start(&work, &context, 1);
        work.stop = &stop;
        work.stop_at = COUNT - 1;
        assert_int_equal(numu_parallel_for(&context, COUNT, add_random_numbers, &work), NUMU_OK);
    }
}

static numu_status inner_loop(void *data, size_t index, unsigned worker) {
    (void)worker;
    const struct numu_context *context = data;
    struct work work;
    memset(&work, 0, sizeof work);
    work.caller = pthread_self();
    work.workers = numu_context_threads(context);
    work.fails[3] = index == 7 ? NUMU_IO : 0;
    return numu_parallel_for(context, 20, add_random_numbers, &work);
}

static void loops_nest(void **state) {
    (void)state;
    struct numu_context context = {.threads = 3};
    assert_int_equal(numu_parallel_for(&context, 7, inner_loop, &context), NUMU_OK);
    assert_int_equal(numu_parallel_for(&context, 9, inner_loop, &context), NUMU_IO);
}

/* Sanitizers need the room that the next test takes away. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#define HAS_SANITIZER (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define HAS_SANITIZER 0
#endif

#if !HAS_SANITIZER
static void *do_nothing(void *data) {
    return data;
}

/* No room for another stack: only the calling thread is left. */
static void without_threads_the_caller_works(void **state) {
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit none = {.rlim_cur = 1 << 20, .rlim_max = 1 << 20};
        static struct work work;
        struct numu_context context = {0};
        start(&work, &context, 8);
        bool is_limited = setrlimit(RLIMIT_AS, &none) == 0;
        pthread_t thread;
        bool has_threads = pthread_create(&thread, NULL, do_nothing, NULL) == 0;
        numu_status status = numu_parallel_for(&context, COUNT, add_random_numbers, &work);
        bool is_right = is_limited && !has_threads && status == NUMU_OK && !work.is_wrong;
        for (size_t i = 0; i < COUNT; i++) {
            is_right = is_right && work.runs[i] == 1;
        }
        _exit(is_right ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
#if !HAS_SANITIZER
        cmocka_unit_test(without_threads_the_caller_works), /* first: libc keeps old stacks */
#endif
        cmocka_unit_test(result_is_the_same_for_any_threads),
        cmocka_unit_test(few_tasks),
        cmocka_unit_test(lowest_failure_decides),
        cmocka_unit_test(higher_failure_comes_too_late),
        cmocka_unit_test(stop_is_heard),
        cmocka_unit_test(loops_nest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
