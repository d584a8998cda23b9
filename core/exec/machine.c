/* machine.c - what the processor under us offers, asked of the processor itself. */
#include "core/exec/machine.h"

#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(_OPENMP)
#include <omp.h>
#endif

const char *gedi__level_name(gedi__level level)
{
    static const char *const name[] = {"other", "sse", "avx", "avx2", "avx512"};
    return name[level];
}

#if defined(__x86_64__)

gedi__level gedi__machine_level(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return GEDI__LEVEL_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return GEDI__LEVEL_AVX2;
    return __builtin_cpu_supports("avx") ? GEDI__LEVEL_AVX : GEDI__LEVEL_SSE;
}

bool gedi__machine_is_amd(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_is("amd");
}

/* The brand string: 48 bytes in three leaves, padded with spaces on either side. */
static void brand(char text[49])
{
    unsigned r[12] = {0};
    for (unsigned i = 0; i < 3; i++)
        if (!__get_cpuid(0x80000002u + i, &r[4 * i], &r[4 * i + 1], &r[4 * i + 2],
                         &r[4 * i + 3]))
            break;
    memcpy(text, r, 48);
    text[48] = 0;
}

#else

gedi__level gedi__machine_level(void)
{
    return GEDI__LEVEL_OTHER;
}

bool gedi__machine_is_amd(void)
{
    return false;
}

static void brand(char text[49])
{
    text[0] = 0;
}

#endif

const char *gedi__machine_model(char *out, size_t n)
{
    char text[49];
    brand(text);
    const char *s = text + strspn(text, " ");
    size_t len = strlen(s);
    while (len && s[len - 1] == ' ')
        len--;
    if (len)
        snprintf(out, n, "%.*s", (int)len, s);
    else
        snprintf(out, n, "unknown");
    return out;
}

/* The processors that this process was given. Where OpenMP binds threads to places, it has bound
 * this one to the first of them before main: then the places together are what was given. False
 * where that is not known, as with more processors than cpu_set_t has room for. */
static bool given(cpu_set_t *set)
{
    CPU_ZERO(set);
#if defined(_OPENMP)
    int id[CPU_SETSIZE];
    for (int i = 0; i < omp_get_num_places(); i++) {
        int n = omp_get_place_num_procs(i);
        if (n > CPU_SETSIZE)
            return false;
        omp_get_place_proc_ids(i, id);
        for (int k = 0; k < n; k++)
            CPU_SET((size_t)id[k], set);
    }
#endif
    return CPU_COUNT(set) > 0 || sched_getaffinity(0, sizeof *set, set) == 0;
}

int gedi__machine_processors(void)
{
    cpu_set_t set;
    int n = given(&set) ? CPU_COUNT(&set) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n;
}

/* A number of at least 1; "4,2" is for teams within teams. 0: none. */
static int number_of(const char *variable)
{
    const char *text = getenv(variable);
    char *end;
    long n = text ? strtol(text, &end, 10) : 0;
    return n >= 1 && n <= INT_MAX && (!*end || strchr(", \t", *end)) ? (int)n : 0;
}

/* Ranks of one mpirun on this machine, as Open MPI and MPICH tell; at least 1. */
static int ranks_here(void)
{
    int openmpi = number_of("OMPI_COMM_WORLD_LOCAL_SIZE");
    int mpich = number_of("MPI_LOCALNRANKS");
    return openmpi ? openmpi : mpich ? mpich : 1;
}

/* Where mpirun binds none, each rank is given all processors; where it does, it is its own. */
static int share_of_ranks(int given_here)
{
    long share = sysconf(_SC_NPROCESSORS_ONLN) / ranks_here();
    return share < 1 ? 1 : share < given_here ? (int)share : given_here;
}

int gedi__machine_threads(void)
{
    int asked = number_of("OMP_NUM_THREADS"), limit = number_of("OMP_THREAD_LIMIT");
    int n = asked ? asked : share_of_ranks(gedi__machine_processors());
    return limit && limit < n ? limit : n;
}

const char *gedi__machine_threads_why(void)
{
    const char *asked = getenv("OMP_NUM_THREADS");
    int limit = number_of("OMP_THREAD_LIMIT");
    if (limit && limit == gedi__machine_threads())
        return "by OMP_THREAD_LIMIT";
    if (asked && number_of("OMP_NUM_THREADS"))
        return "by OMP_NUM_THREADS";
    if (asked)
        return "one per processor; OMP_NUM_THREADS is not a number of threads";
    return ranks_here() > 1 ? "the share of each rank of this machine"
                            : "one per processor";
}

void gedi__machine_widen(void)
{
    cpu_set_t set;
    if (given(&set))
        (void)sched_setaffinity(0, sizeof set, &set);
}

void gedi__machine_unbind(void)
{
    gedi__machine_widen();
    setenv("OMP_PROC_BIND", "false", 1);
    unsetenv("OMP_PLACES");
    unsetenv("GOMP_CPU_AFFINITY");
    unsetenv("KMP_AFFINITY");
}
