/*
 * status.h - what a function that can fail returns.
 *
 * A status says what kind of thing happened to the caller's request. What is wrong with the user's
 * data is told by diagnostics (diagnostic.h); a status never carries a message and there is no
 * "last error" anywhere.
 */
#ifndef NUMU_BASE_STATUS_H
#define NUMU_BASE_STATUS_H

typedef enum numu_status {
    NUMU_OK = 0,
    NUMU_INVALID,    /* the input is wrong; diagnostics say how */
    NUMU_NOT_FOUND,  /* a named thing does not exist */
    NUMU_INFEASIBLE, /* a mathematical programme has no solution */
    NUMU_LIMIT,      /* a stated limit was reached: bytes, depth, range of a number */
    NUMU_MEMORY,     /* the machine gave no memory */
    NUMU_IO,         /* a file could not be read or written; errno is kept in the diagnostic */
    NUMU_STOPPED,    /* the user asked to stop */
    NUMU_BUG         /* numu broke one of its own rules */
} numu_status;

/* The caller must look at the result. */
#define NUMU_MUST_CHECK __attribute__((warn_unused_result))

/* Of few lines that take most of the time: compiled anew for the constants of each caller. */
#define NUMU_HOT_INLINE inline __attribute__((always_inline))

/* printf-like: format at argument `f`, values from argument `v`. */
#define NUMU_PRINTF(f, v) __attribute__((format(printf, f, v)))

/* Passes a failure up unchanged. The only control macro. */
#define NUMU_TRY(expression)                                                                       \
    do {                                                                                           \
        numu_status status_of_try = (expression);                                                  \
        if (status_of_try != NUMU_OK) {                                                            \
            return status_of_try;                                                                  \
        }                                                                                          \
    } while (0)

/* A proof, not a check of user data: stays on in release and stops the program where it fails. */
#define numu_assert(condition)                                                                     \
    ((condition) ? (void)0 : numu_assert_failed(#condition, __FILE__, __LINE__))

/* Says on stderr which proof failed and aborts. */
_Noreturn void numu_assert_failed(const char *condition, const char *file, int line);

#endif
