/* stretch.h - n values cut into stretches that differ by one at most: what a picture shows of a long log. */
#ifndef GEDI_REPORT_STRETCH_H
#define GEDI_REPORT_STRETCH_H

#include <stdint.h>

/* Where stretch r of `stretches` begins; that of the one behind the last is n. */
static inline int64_t gedi__stretch_at(int64_t n, int stretches, int r)
{
    return r * n / stretches;
}

/* The value in the middle of stretch r, whose iteration stands for it. */
static inline int64_t gedi__stretch_middle(int64_t n, int stretches, int r)
{
    return (gedi__stretch_at(n, stretches, r) + gedi__stretch_at(n, stretches, r + 1) -
            1) /
           2;
}

#endif
