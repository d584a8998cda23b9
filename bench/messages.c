/* messages.c - how often the ranks of a run wait for each other, and how many bytes each of them gets.
 *
 *   mpicc.mpich -O2 -shared -fPIC bench/messages.c -o messages.so
 *   mpirun.mpich -n 2 env LD_PRELOAD=$PWD/messages.so gedi run FILE
 *
 * Counts what core/base/ranks_mpi.c calls, and says so when MPI ends, rank 0 alone.
 */
#include <mpi.h>
#include <stdio.h>

static long calls, small; /* small: at most 4 KiB */
static double bytes;

static void note(double n)
{
    calls++;
    small += n <= 4096;
    bytes += n;
}

static int ranks(void)
{
    int n;
    PMPI_Comm_size(MPI_COMM_WORLD, &n);
    return n;
}

int MPI_Iallgather(const void *a, int n, MPI_Datatype t, void *b, int m, MPI_Datatype u,
                   MPI_Comm c, MPI_Request *r)
{
    note(4.0 * m * (ranks() - 1));
    return PMPI_Iallgather(a, n, t, b, m, u, c, r);
}

int MPI_Ialltoallv(const void *a, const int *n, const int *d, MPI_Datatype t, void *b,
                   const int *m, const int *e, MPI_Datatype u, MPI_Comm c, MPI_Request *r)
{
    double all = 0;
    for (int i = 1; i < ranks(); i++)
        all += 4.0 * m[i];
    note(all);
    return PMPI_Ialltoallv(a, n, d, t, b, m, e, u, c, r);
}

int MPI_Iallgatherv(const void *a, int n, MPI_Datatype t, void *b, const int *m,
                    const int *e, MPI_Datatype u, MPI_Comm c, MPI_Request *r)
{
    double all = 0;
    for (int i = 1; i < ranks(); i++)
        all += 4.0 * m[i];
    note(all);
    return PMPI_Iallgatherv(a, n, t, b, m, e, u, c, r);
}

int MPI_Iallreduce(const void *a, void *b, int n, MPI_Datatype t, MPI_Op o, MPI_Comm c,
                   MPI_Request *r)
{
    note(4.0 * n);
    return PMPI_Iallreduce(a, b, n, t, o, c, r);
}

int MPI_Finalize(void)
{
    int rank;
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (!rank)
        fprintf(stderr, "messages: %ld calls, %ld of at most 4 KiB; %.3f MB\n", calls,
                small, bytes / 1e6);
    return PMPI_Finalize();
}
