/*
 * correlation.c - Cholesky, Jacobi, and alternating projections.
 */
#include "model/correlation.h"

#include <math.h>
#include <string.h>

#define TOLERANCE 1e-8

enum { SWEEPS_MAX = 60, STEPS_MAX = 2000 };

bool numu_correlation_is_possible(const double *matrix, uint32_t n, double *scratch) {
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = matrix[i * n + j] + (i == j ? TOLERANCE : 0);
            for (size_t k = 0; k < j; k++) {
                sum -= scratch[i * n + k] * scratch[j * n + k];
            }
            if (i != j) {
                scratch[i * n + j] = sum / scratch[j * n + j];
            } else if (sum > 0) {
                scratch[i * n + i] = sqrt(sum);
            } else {
                return false;
            }
        }
    }
    return true;
}

/* Turns rows and columns p, q so that the entry between them is zero; keeps the product in v. */
static void rotate(double *a, double *v, size_t n, size_t p, size_t q) {
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
    double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1);
    double s = t * c;
    for (size_t k = 0; k < n; k++) {
        double kp = a[k * n + p];
        double kq = a[k * n + q];
        a[k * n + p] = c * kp - s * kq;
        a[k * n + q] = s * kp + c * kq;
    }
    for (size_t k = 0; k < n; k++) {
        double pk = a[p * n + k];
        double qk = a[q * n + k];
        a[p * n + k] = c * pk - s * qk;
        a[q * n + k] = s * pk + c * qk;
        double kp = v[k * n + p];
        double kq = v[k * n + q];
        v[k * n + p] = c * kp - s * kq;
        v[k * n + q] = s * kp + c * kq;
    }
}

/*
 * Cyclic Jacobi (Golub, Van Loan, "Matrix Computations", 4th ed., section 8.5): a becomes diagonal.
 */
static void diagonalise(double *a, double *v, size_t n) {
    memset(v, 0, n * n * sizeof *v);
    for (size_t i = 0; i < n; i++) {
        v[i * n + i] = 1;
    }
    for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
        double off = 0;
        for (size_t p = 0; p < n; p++) {
            for (size_t q = p + 1; q < n; q++) {
                off += a[p * n + q] * a[p * n + q];
                if (fabs(a[p * n + q]) > 1e-15) {
                    rotate(a, v, n, p, q);
                }
            }
        }
        if (off < 1e-24) {
            return;
        }
    }
}

/* The nearest matrix without negative eigenvalues: V max(Λ, 0) Vᵀ. `a` is used up. */
static void drop_negative(double *a, double *v, size_t n, double *out) {
    diagonalise(a, v, n);
    memset(out, 0, n * n * sizeof *out);
    for (size_t k = 0; k < n; k++) {
        double value = a[k * n + k];
        for (size_t i = 0; value > 0 && i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                out[i * n + j] += value * v[i * n + k] * v[j * n + k];
            }
        }
    }
}

numu_status numu_correlation_nearest(struct numu_arena *arena, double *matrix, uint32_t n,
                                     bool is_fixed_zero) {
    size_t size = (size_t)n * n;
    struct numu_arena_mark mark = numu_arena_mark(arena);
    double *work; /* six matrices in one: the projections swap none of them */
    NUMU_TRY(numu_arena_take(arena, 6 * size, sizeof *work, &work));
    double *given = work;
    double *correction = work + size;
    double *turned = work + 2 * size;
    double *vectors = work + 3 * size;
    double *positive = work + 4 * size;
    double *shifted = work + 5 * size;
    memcpy(given, matrix, size * sizeof *given);
    for (int step = 0; step < STEPS_MAX; step++) {
        double change = 0;
        for (size_t i = 0; i < size; i++) {
            shifted[i] = matrix[i] - correction[i];
            turned[i] = shifted[i];
        }
        drop_negative(turned, vectors, n, positive);
        for (size_t i = 0; i < size; i++) {
            bool is_diagonal = i % (n + (size_t)1) == 0;
            bool is_fixed = is_fixed_zero && given[i] == 0;
            double next = is_diagonal ? 1 : is_fixed ? 0 : positive[i];
            correction[i] = positive[i] - shifted[i];
            change = fmax(change, fabs(next - matrix[i]));
            matrix[i] = next;
        }
        if (change < 1e-9) {
            break;
        }
    }
    numu_arena_rewind(arena, mark);
    return NUMU_OK;
}
