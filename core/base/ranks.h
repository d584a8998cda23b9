/* ranks.h - the processes that compute one run together; one where nobody has said otherwise.
 *
 * Every rank has all weights, all state and the whole batch, and does the same. Only what encoder and
 * projector make of a batch is split: see core/op/ranks.h.
 */
#ifndef GEDI_BASE_RANKS_H
#define GEDI_BASE_RANKS_H

#include <stdbool.h>
#include <stdint.h>

/* What a library for messages must offer. Each call is one of all ranks, in the same order. */
typedef struct gedi__ranks {
    int rank, n;
    /* `each` numbers of every rank, one after the other, into `all` [n * each]. */
    void (*gather)(const float *mine, int64_t each, float *all);
    /* The sums over ranks: the same bytes on each, and in each run with as many ranks. */
    void (*sum)(const float *mine, int64_t size, float *out);
    /* The same sums, while other things are computed: begun here, moved on by `poll`, all there after
     * `settle`. Until then neither `mine` nor `out` may change. */
    void (*begin_sum)(const float *mine, int64_t size, float *out);
    void (*poll)(void);
    void (*settle)(void);
    bool (*any)(bool yes);        /* does any rank say so? */
    bool (*meet)(double seconds); /* have all come here within that time? */
    void (*abort)(int code);      /* ends all */
    void (*end)(void);
} gedi__ranks;

/* Never NULL. */
const gedi__ranks *gedi__ranks_of_run(void);
/* Once, before anything is built. */
void gedi__ranks_use(const gedi__ranks *r);

bool gedi__ranks_any(bool yes);
/* Are all ranks ready to begin? A rank that ends without ever having asked must still answer: not ready. */
bool gedi__ranks_agree(bool ready);
bool gedi__ranks_agreed(void); /* has this rank asked? */
/* Is x the same number, bit for bit, on every rank? */
bool gedi__ranks_same(double x);

/* What a module that wraps such a library exports, under this name. NULL: it cannot be started, and
 * *why says so. */
typedef const gedi__ranks *gedi__ranks_start(const char **why);
#define GEDI__RANKS_START "gedi__ranks_start_mpi"

#endif
