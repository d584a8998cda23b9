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

/* A sum on its way: first pieces go to whoever adds them, then sums to all. */
typedef struct transfer {
    enum { DONE, PIECES, SUMS } stage;
    MPI_Request request;
    float *out;
    int64_t size;
    int64_t own; /* numbers of the piece that this rank adds; of a small sum, all */
    float *room; /* of `room_size` numbers: the pieces of all ranks, and their sum */
    size_t room_size;
    int *from, *n, *to, *m; /* [ranks] each: where pieces begin, and their sizes */
} transfer;

static gedi__ranks ranks;
static MPI_Comm meeting; /* apart, so that whoever waits there answers nothing else */
/* Apart, too, since messages of one communicator must begin in the same order on all ranks, but a rank may be further
 * in the computation than another when pieces are there. */
static MPI_Comm pieces, sums;
static transfer now;               /* the sum that is waited for */
static transfer *later;            /* those that are not, in order */
static int begun, first, room_for; /* first: all before it are done */

/* Nobody down there could go on without it. */
static void *need(void *old, size_t n, size_t size)
{
    void *room = realloc(old, n * size);
    if (!room)
        MPI_Abort(MPI_COMM_WORLD, 1);
    return room;
}

/* Waiting, the libraries keep their processor busy. Where there are fewer than ranks, or others want one, it is
 * the one that is waited for who needs it. */
static void rest(int64_t polls)
{
    const struct timespec nap = {.tv_nsec = 10 * 1000};
    if (polls > SPINS) /* to yield would give away a whole slice of time */
        nanosleep(&nap, NULL);
}

static void wait_for(MPI_Request *all)
{
    int there = 0;
    for (int64_t polls = 0; !there; polls++) {
        MPI_Test(all, &there, MPI_STATUS_IGNORE);
        if (!there)
            rest(polls);
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

/* Numbers that a rank adds itself come at once; else each adds a piece. */
static void give(transfer *t, const float *mine, int64_t size, float *out, MPI_Comm by)
{
    int n = ranks.n, k = ranks.rank;
    bool small = size < SMALL;
    t->own = small ? size : size * (k + 1) / n - size * k / n;
    t->out = out, t->size = size, t->stage = PIECES;
    size_t room = (size_t)(t->own * (n + 1));
    if (room > t->room_size)
        t->room = need(t->room, t->room_size = room, sizeof *t->room);
    if (small) {
        MPI_Iallgather(mine, (int)size, MPI_FLOAT, t->room, (int)size, MPI_FLOAT, by,
                       &t->request);
        return;
    }
    if (!t->from) {
        t->from = need(NULL, 4 * (size_t)n, sizeof *t->from);
        t->n = t->from + n, t->to = t->n + n, t->m = t->to + n;
    }
    for (int r = 0; r < n; r++) {
        t->from[r] = (int)(size * r / n);
        t->n[r] = (int)(size * (r + 1) / n) - t->from[r];
        t->to[r] = (int)(t->own * r);
        t->m[r] = (int)t->own;
    }
    MPI_Ialltoallv(mine, t->n, t->from, MPI_FLOAT, t->room, t->m, t->to, MPI_FLOAT, by,
                   &t->request);
}

/* Goes as far as it can without waiting. */
static bool is_done(transfer *t, MPI_Comm by)
{
    int there = 0;
    if (t->stage == PIECES) {
        MPI_Test(&t->request, &there, MPI_STATUS_IGNORE);
        if (!there)
            return false;
        bool small = t->size < SMALL;
        float *sum = small ? t->out : t->room + t->own * ranks.n;
        add(t->room, t->own, sum);
        t->stage = small ? DONE : SUMS;
        if (!small)
            MPI_Iallgatherv(sum, (int)t->own, MPI_FLOAT, t->out, t->n, t->from, MPI_FLOAT,
                            by, &t->request);
    }
    if (t->stage == SUMS) {
        MPI_Test(&t->request, &there, MPI_STATUS_IGNORE);
        t->stage = there ? DONE : SUMS;
    }
    return t->stage == DONE;
}

static void sum(const float *mine, int64_t size, float *out)
{
    for (int64_t k = 0; k < size; k += PIECE) {
        give(&now, mine + k, size - k < PIECE ? size - k : PIECE, out + k,
             MPI_COMM_WORLD);
        for (int64_t polls = 0; !is_done(&now, MPI_COMM_WORLD); polls++)
            rest(polls);
    }
}

static void begin_sum(const float *mine, int64_t size, float *out)
{
    for (int64_t k = 0; k < size; k += PIECE) {
        if (begun == room_for) {
            later = need(later, (size_t)++room_for, sizeof *later);
            later[begun] = (transfer){.stage = DONE};
        }
        give(&later[begun++], mine + k, size - k < PIECE ? size - k : PIECE, out + k,
             pieces);
    }
}

/* Sums go back in the order in which they were begun, as on all ranks. */
static void poll_sums(void)
{
    for (int i = first; i < begun; i++)
        if (!is_done(&later[i], sums) && later[i].stage == PIECES)
            break;
    while (first < begun && later[first].stage == DONE)
        first++;
}

static void settle(void)
{
    for (int64_t polls = 0; first < begun; polls++) {
        poll_sums();
        if (first < begun)
            rest(polls);
    }
    begun = first = 0;
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

static void drop(transfer *t)
{
    free(t->room);
    free(t->from);
}

static void end(void)
{
    MPI_Finalize();
    drop(&now);
    for (int i = 0; i < room_for; i++)
        drop(&later[i]);
    free(later);
}

const gedi__ranks *gedi__ranks_start_mpi(const char **why);
const gedi__ranks *gedi__ranks_start_mpi(const char **why)
{
    int level, n, rank;
    *why = "MPI_Init failed";
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS)
        return NULL;
    MPI_Comm_dup(MPI_COMM_WORLD, &meeting);
    MPI_Comm_dup(MPI_COMM_WORLD, &pieces);
    MPI_Comm_dup(MPI_COMM_WORLD, &sums);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &n);
    ranks = (gedi__ranks){.rank = rank,
                          .n = n,
                          .gather = gather,
                          .sum = sum,
                          .begin_sum = begin_sum,
                          .poll = poll_sums,
                          .settle = settle,
                          .any = any,
                          .meet = meet,
                          .abort = give_up,
                          .end = end};
    return &ranks;
}
