/* ranks_mpi.c - the ranks of a run by MPI: a module of its own, since gedi is to run where no MPI is, and one binary
 * with each of them. Built once for Open MPI and once for MPICH.
 *
 * Sums do not come from MPI_Allreduce, whose order of additions is the library's own: each rank adds one
 * piece of the vector, in the order of the ranks and in double, and all pieces are gathered. That moves no
 * more bytes than a ring does.
 */
#include "core/base/ranks.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SMALL = 4096, /* numbers that each rank adds by itself: one message instead of two */
    PIECE = 1 << 26, /* numbers in one call, which counts by int */
    SPINS = 2000,    /* looks at a message before others may have the processor */
};

static gedi__ranks ranks;
static MPI_Comm meeting; /* apart, so that whoever waits there answers nothing else */
static float *room;      /* of `room_size` numbers */
static size_t room_size;
static int *at, *count; /* [n] */

/* Nobody up there could go on without it. */
static float *need(size_t size)
{
    if (size <= room_size)
        return room;
    free(room);
    room = malloc(size * sizeof *room);
    room_size = room ? size : 0;
    if (!room)
        MPI_Abort(MPI_COMM_WORLD, 1);
    return room;
}

/* Waiting, the libraries keep their processor busy. Where there are fewer than ranks, or others want one, it is
 * the one that is waited for who needs it. */
static void wait_for(MPI_Request *all)
{
    int there = 0;
    const struct timespec nap = {.tv_nsec = 10 * 1000};
    for (int64_t polls = 0; !there; polls++) {
        MPI_Test(all, &there, MPI_STATUS_IGNORE);
        if (!there && polls > SPINS) /* to yield would give away a whole slice of time */
            nanosleep(&nap, NULL);
    }
}

static void gather(const float *mine, int64_t each, float *all)
{
    MPI_Request all_there;
    if (each <= PIECE) {
        MPI_Iallgather(mine, (int)each, MPI_FLOAT, all, (int)each, MPI_FLOAT,
                       MPI_COMM_WORLD, &all_there);
        wait_for(&all_there);
        return;
    }
    for (int r = 0; r < ranks.n; r++) { /* each in its turn, in pieces */
        float *to = all + r * each;
        if (r == ranks.rank)
            memcpy(to, mine, (size_t)each * sizeof *to);
        for (int64_t k = 0; k < each; k += PIECE)
            MPI_Bcast(to + k, (int)(each - k < PIECE ? each - k : PIECE), MPI_FLOAT, r,
                      MPI_COMM_WORLD);
    }
}

/* Of n vectors of that size, one after the other. */
static void add(const float *of, int64_t size, float *out)
{
    for (int64_t i = 0; i < size; i++) {
        double sum = 0;
        for (int r = 0; r < ranks.n; r++)
            sum += of[r * size + i];
        out[i] = (float)sum;
    }
}

static void sum_small(const float *mine, int64_t size, float *out)
{
    MPI_Request all_there;
    float *all = need((size_t)(size * ranks.n));
    MPI_Iallgather(mine, (int)size, MPI_FLOAT, all, (int)size, MPI_FLOAT, MPI_COMM_WORLD,
                   &all_there);
    wait_for(&all_there);
    add(all, size, out);
}

/* Each rank adds a piece. */
static void sum_large(const float *mine, int64_t size, float *out)
{
    int64_t own = size * (ranks.rank + 1) / ranks.n - size * ranks.rank / ranks.n;
    float *all = need((size_t)(own * (ranks.n + 1)));
    MPI_Request all_there;
    int *from = at, *n = count, *to = at + ranks.n, *m = count + ranks.n;
    for (int r = 0; r < ranks.n; r++) {
        from[r] = (int)(size * r / ranks.n);
        n[r] = (int)(size * (r + 1) / ranks.n) - from[r];
        to[r] = (int)(own * r);
        m[r] = (int)own;
    }
    MPI_Ialltoallv(mine, n, from, MPI_FLOAT, all, m, to, MPI_FLOAT, MPI_COMM_WORLD,
                   &all_there);
    wait_for(&all_there);
    add(all, own, all + own * ranks.n);
    MPI_Iallgatherv(all + own * ranks.n, (int)own, MPI_FLOAT, out, n, from, MPI_FLOAT,
                    MPI_COMM_WORLD, &all_there);
    wait_for(&all_there);
}

static void sum(const float *mine, int64_t size, float *out)
{
    for (int64_t k = 0; k < size; k += PIECE) {
        int64_t n = size - k < PIECE ? size - k : PIECE;
        (n < SMALL ? sum_small : sum_large)(mine + k, n, out + k);
    }
}

static bool any(bool yes)
{
    MPI_Request all_there;
    int mine = yes, all = 0;
    MPI_Iallreduce(&mine, &all, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD, &all_there);
    wait_for(&all_there);
    return all;
}

static bool meet(double seconds)
{
    const struct timespec tick = {.tv_nsec = 10 * 1000 * 1000};
    MPI_Request all;
    int there = 0;
    MPI_Ibarrier(meeting, &all);
    for (double began = MPI_Wtime(); !there;) {
        MPI_Test(&all, &there, MPI_STATUS_IGNORE);
        if (!there && MPI_Wtime() - began > seconds)
            return false;
        if (!there)
            nanosleep(&tick, NULL);
    }
    return true;
}

static void give_up(int code)
{
    MPI_Abort(MPI_COMM_WORLD, code);
}

static void end(void)
{
    MPI_Finalize();
    free(room);
    free(at);
    free(count);
}

const gedi__ranks *gedi__ranks_start_mpi(const char **why);
const gedi__ranks *gedi__ranks_start_mpi(const char **why)
{
    int level, n, rank;
    *why = "MPI_Init failed";
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS)
        return NULL;
    MPI_Comm_dup(MPI_COMM_WORLD, &meeting);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &n);
    at = malloc(2 * (size_t)n * sizeof *at);
    count = malloc(2 * (size_t)n * sizeof *count);
    *why = "out of memory";
    if (!at || !count)
        return NULL;
    ranks = (gedi__ranks){rank, n, gather, sum, any, meet, give_up, end};
    return &ranks;
}
