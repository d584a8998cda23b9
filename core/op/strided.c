/* strided.c - copying numbers into another order, or several times.
 *
 * Axes that stay neighbours are taken as one. What remains is a walk over rows of y that
 * are copied whole, filled with one number, or transposed in square blocks against the
 * axis along which x is contiguous, so that both sides use whole cache lines.
 */
#include "core/op/strided.h"
#include "core/base/loop.h"

#include <string.h>

enum { SIDE = 32 }; /* of a block that is transposed: 4 kB on each side */

/* Axes of y, outermost first; always GEDI_MAX_RANK of them, the first may be 1. */
typedef struct walk {
    int64_t dim[GEDI_MAX_RANK];
    int64_t from[GEDI_MAX_RANK]; /* strides in x */
    int64_t to[GEDI_MAX_RANK];   /* strides in y */
} walk;

void gedi__strides(gedi_shape s, int64_t *stride)
{
    int64_t at = 1;
    for (int i = s.rank - 1; i >= 0; i--) {
        stride[i] = at;
        at *= s.dim[i];
    }
}

void gedi__fill(float *y, int64_t n, float v)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = v;
}

static walk make_walk(const int64_t *stride, gedi_shape to)
{
    walk w;
    int at = GEDI_MAX_RANK; /* axes are laid from the last one backwards */
    for (int i = to.rank - 1; i >= 0; i--) {
        if (to.dim[i] == 1)
            continue;
        if (at < GEDI_MAX_RANK && stride[i] == w.from[at] * w.dim[at]) {
            w.dim[at] *= to.dim[i];
            continue;
        }
        at--;
        w.dim[at] = to.dim[i];
        w.from[at] = stride[i];
    }
    while (at > 0) {
        at--;
        w.dim[at] = 1;
        w.from[at] = at == GEDI_MAX_RANK - 1 ? 1 : 0;
    }
    int64_t size = 1;
    for (int i = GEDI_MAX_RANK - 1; i >= 0; i--) {
        w.to[i] = size;
        size *= w.dim[i];
    }
    return w;
}

/* One block of y: rows along `u`, columns along the last axis. */
static void transpose_block(const float *x, const walk *w, int u, int64_t rows,
                            int64_t columns, float *y)
{
    int64_t sx = w->from[GEDI_MAX_RANK - 1], su = w->from[u], sy = w->to[u];
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            y[i * sy + j] = x[i * su + j * sx];
}

/* Rows `first` and following, up to SIDE of them, along axis u. */
static void copy_rows(const float *x, const walk *w, int u, int64_t first, float *y)
{
    const int last = GEDI_MAX_RANK - 1;
    int64_t columns = w->dim[last], rows = gedi__min64(SIDE, w->dim[u] - first);
    x += first * w->from[u];
    y += first * w->to[u];
    if (w->from[last] > 1) {
        for (int64_t j = 0; j < columns; j += SIDE)
            transpose_block(x + j * w->from[last], w, u, rows,
                            gedi__min64(SIDE, columns - j), y + j);
        return;
    }
    for (int64_t i = 0; i < rows; i++) {
        const float *from = x + i * w->from[u];
        float *to = y + i * w->to[u];
        if (w->from[last] == 1)
            memcpy(to, from, (size_t)columns * sizeof *to);
        else
            gedi__fill(to, columns, *from);
    }
}

void gedi__copy_strided(const float *x, const int64_t *stride, gedi_shape to, float *y,
                        int threads)
{
    int64_t size = gedi_shape_size(to);
    if (!size)
        return;
    walk w = make_walk(stride, to);
    /* u: the axis along which x is contiguous, or else the longest one but the last. */
    int u = 0;
    for (int i = 1; i < GEDI_MAX_RANK - 1; i++)
        if (w.dim[i] > w.dim[u])
            u = i;
    for (int i = 0; i < GEDI_MAX_RANK - 1; i++)
        if (w.from[GEDI_MAX_RANK - 1] > 1 && w.from[i] == 1 && w.dim[i] > 1)
            u = i;
    int64_t pieces = (w.dim[u] + SIDE - 1) / SIDE;
    int64_t jobs = size / w.dim[u] / w.dim[GEDI_MAX_RANK - 1] * pieces;
    GEDI__PARALLEL_FOR(size >= GEDI__PARALLEL_MIN ? threads : 1, job, jobs, {
        int64_t rest = job / pieces, from = 0, at = 0; /* of the other axes */
        for (int i = GEDI_MAX_RANK - 2; i >= 0; i--) {
            int64_t k = i == u ? 0 : rest % w.dim[i];
            rest = i == u ? rest : rest / w.dim[i];
            from += k * w.from[i];
            at += k * w.to[i];
        }
        copy_rows(x + from, &w, u, job % pieces * SIDE, y + at);
    });
}
