/* loop.h - how loops over numbers are compiled and shared among threads.
 *
 * The library is built for any processor of the architecture, so the loops that matter
 * are compiled several times and the loader takes the widest that the processor has.
 * Fused multiply-add is never formed (-std=c11, and the pragma below for clang), so all
 * of them give the same bytes.
 */
#ifndef GEDI_BASE_LOOP_H
#define GEDI_BASE_LOOP_H

#include <stdint.h>
#if defined(_OPENMP)
#include <omp.h>
#endif

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) &&                \
    !defined(__clang__)
#define GEDI__CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define GEDI__CLONES
#endif

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

/* Under this many numbers, waking a second thread costs more than it brings; on a machine that
 * is busy with other work, far more. */
#define GEDI__PARALLEL_MIN (1 << 18)

/* for (int64_t i = 0; i < n; i++) { BODY }, shared by `threads` of them. For one it is a
 * plain loop: OpenMP would allocate a team of one every time, and what is parallel inside
 * such a team would start threads anew instead of waking those that wait. */
#define GEDI__TEAM _Pragma("omp parallel for num_threads(team_) schedule(static)")
#define GEDI__PARALLEL_FOR(threads, i, n, ...)                                           \
    do {                                                                                 \
        const int team_ = (threads);                                                     \
        const int64_t n_ = (n);                                                          \
        if (team_ > 1 && n_ > 1) {                                                       \
            GEDI__TEAM                                                                   \
            for (int64_t i = 0; i < n_; i++) {                                           \
                __VA_ARGS__                                                              \
            }                                                                            \
        } else {                                                                         \
            for (int64_t i = 0; i < n_; i++) {                                           \
                __VA_ARGS__                                                              \
            }                                                                            \
        }                                                                                \
    } while (0)

/* Which of them works on this, 0 .. threads - 1: for memory of its own. */
static inline int gedi__thread(void)
{
#if defined(_OPENMP)
    return omp_get_thread_num();
#else
    return 0;
#endif
}

static inline int64_t gedi__min64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#endif
