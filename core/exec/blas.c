/* blas.c - the BLAS library under us: the kernel it chose, its threads, its speed. */
#include "core/exec/blas.h"
#include "core/base/clock.h"

#include <cblas.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#if defined(_OPENMP)
#include <omp.h>
#endif

#define CORETYPE "OPENBLAS_CORETYPE"
/* GNU's OpenMP: how long a thread that waits spins before it sleeps. 3000 turns are tens
 * of microseconds, which is what small networks gain by spinning; the default, a hundred times
 * as many, takes several times the work where other programs run, too. Measured: a step of
 * ResNet-8 of width 16, two threads, alone 1.8 ms with either (asleep at once: 3.1); with two
 * busy programs beside it 4.5 instead of 7.8 in the mean. */
#define SPIN "GOMP_SPINCOUNT"
#define SPIN_TURNS "3000"
/* Holds the kernel we came from; so that a program started again is not so once more. */
#define GUARD "GEDI_BLAS_CURED_FROM"
/* We never use OpenBLAS's own threads; each would take a buffer at its start. */
#define POOL "OPENBLAS_NUM_THREADS"
/* Bytes of address space: OpenBLAS's buffer with the arena and the stack of a thread, and what a
 * small run needs besides. */
#define ROOM_THREAD ((size_t)208 << 20)
#define ROOM_RUN ((size_t)128 << 20)

const char *gedi__blas_kernel(void)
{
    return openblas_get_corename();
}

const char *gedi__blas_config(void)
{
    return openblas_get_config();
}

gedi__level gedi__blas_kernel_level(const char *kernel)
{
    static const struct {
        gedi__level level;
        const char *kernel[20];
    } table[] = {
        {GEDI__LEVEL_SSE,
         {"Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2",
          "Penryn", "Dunnington", "Nehalem", "Athlon", "Opteron", "Opteron_SSE3",
          "Barcelona", "Nano", "Bobcat"}},
        {GEDI__LEVEL_AVX, {"Sandybridge", "Bulldozer", "Piledriver", "Steamroller"}},
        {GEDI__LEVEL_AVX2, {"Haswell", "Zen", "Excavator"}},
        {GEDI__LEVEL_AVX512, {"SkylakeX", "Cooperlake", "SapphireRapids"}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (const char *const *k = table[i].kernel; *k; k++)
            if (!strcasecmp(*k, kernel))
                return table[i].level;
    return GEDI__LEVEL_OTHER;
}

const char *gedi__blas_kernel_for(gedi__level level, bool amd)
{
    switch (level) {
    case GEDI__LEVEL_AVX512:
        return "SkylakeX";
    case GEDI__LEVEL_AVX2:
        return amd ? "Zen" : "Haswell";
    case GEDI__LEVEL_AVX:
        return "Sandybridge";
    default:
        return NULL;
    }
}

/* What to ask OpenBLAS for; NULL where it has chosen well or offers no choice. */
static const char *better_kernel(void)
{
    gedi__level has = gedi__blas_kernel_level(gedi__blas_kernel());
    gedi__level may = gedi__machine_level();
    if (has == GEDI__LEVEL_OTHER || has >= may)
        return NULL;
    if (!strstr(gedi__blas_config(), "DYNAMIC_ARCH"))
        return NULL;
    return gedi__blas_kernel_for(may, gedi__machine_is_amd());
}

/* Starts this program again with the same arguments; returns only if that fails. Its own
 * path rather than /proc/self/exe keeps its name in process listings. */
static void start_again(char *const argv[])
{
    char path[PATH_MAX];
    gedi__machine_widen(); /* what OpenMP bound this thread to is not all that it may have */
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n > 0) {
        path[n] = 0;
        execv(path, argv);
    }
    execv("/proc/self/exe", argv);
}

static bool room_is_limited(size_t *most)
{
    struct rlimit r;
    bool is = !getrlimit(RLIMIT_AS, &r) && r.rlim_cur != RLIM_INFINITY;
    *most = is ? (size_t)r.rlim_cur : 0;
    return is;
}

void gedi__blas_without_pool(char *const argv[])
{
    size_t most;
    if (room_is_limited(&most) && !getenv(POOL) && !setenv(POOL, "1", 1))
        start_again(argv);
}

gedi_status gedi__blas_check_room(gedi_err *err)
{
    int threads = gedi__machine_threads();
    size_t most, need = (size_t)threads * ROOM_THREAD + ROOM_RUN;
    if (!room_is_limited(&most))
        return GEDI_OK;
    void *room =
        mmap(NULL, need, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room != MAP_FAILED) {
        munmap(room, need);
        return GEDI_OK;
    }
    return GEDI_FAIL(
        err, GEDI_NOMEM,
        "the address space is limited to %zu KiB (ulimit -v), too little for "
        "%d thread%s: allow %zu KiB more%s",
        most >> 10, threads, threads == 1 ? "" : "s", need >> 10,
        threads == 1 ? "" : ", or set OMP_NUM_THREADS=1");
}

/* Unless the user has chosen; false where nothing changes. */
static bool spin_less(void)
{
#if defined(_OPENMP)
    return !getenv("OMP_WAIT_POLICY") && !getenv(SPIN) && !setenv(SPIN, SPIN_TURNS, 1);
#else
    return false;
#endif
}

/* What the program that was started again says. */
static void say_cured(const char *from, char *note, size_t n)
{
    if (better_kernel())
        snprintf(note, n,
                 "OpenBLAS keeps its slow kernel %s on this %s processor, although "
                 "%s=%s asks for another: a newer OpenBLAS helps",
                 gedi__blas_kernel(), gedi__level_name(gedi__machine_level()), CORETYPE,
                 getenv(CORETYPE) ? getenv(CORETYPE) : "");
    else
        snprintf(note, n,
                 "OpenBLAS does not know this processor and chose its slow kernel %s: "
                 "started again with %s=%s",
                 from, CORETYPE, gedi__blas_kernel());
}

static void say_chosen(const char *chosen, char *note, size_t n)
{
    snprintf(note, n,
             "%s=%s is set and keeps OpenBLAS at its %s kernels, while this processor "
             "has %s: unset it for faster products of matrices",
             CORETYPE, chosen,
             gedi__level_name(gedi__blas_kernel_level(gedi__blas_kernel())),
             gedi__level_name(gedi__machine_level()));
}

bool gedi__start_well(char *const argv[], char *note, size_t n)
{
    const char *from = getenv(GUARD), *chosen = getenv(CORETYPE);
    if (from) { /* this is the program started again */
        say_cured(from, note, n);
        unsetenv(GUARD); /* programs that we start are not us */
        return true;
    }
    const char *kernel = better_kernel();
    bool cures = kernel && !chosen, waits = spin_less();
    from = gedi__blas_kernel();
    int why = ENOMEM;
    if (cures ? !setenv(CORETYPE, kernel, 1) && !setenv(GUARD, from, 1) : waits) {
        start_again(argv);
        why = errno;
    }
    if (cures) {
        unsetenv(GUARD);
        unsetenv(CORETYPE);
        snprintf(note, n,
                 "OpenBLAS chose its slow kernel %s and gedi cannot start itself again "
                 "(%s): set %s=%s in the environment",
                 from, strerror(why), CORETYPE, kernel);
    } else if (kernel) {
        say_chosen(chosen, note, n);
    }
    return kernel != NULL;
}

void gedi__threads_set(int n)
{
    openblas_set_num_threads(1);
#if defined(_OPENMP)
    omp_set_num_threads(n < 1 ? 1 : n);
#else
    (void)n;
#endif
}

double gedi__blas_rate(double seconds)
{
    enum { N = 512 };
    float *a = malloc(3 * sizeof(float) * N * N);
    if (!a)
        return 0;
    for (int i = 0; i < 2 * N * N; i++)
        a[i] = (float)(i % 1009) * 1e-3f;
    openblas_set_num_threads(1);
    double best = 1e300, end = gedi__seconds() + seconds;
    for (int i = 0; i < 3 || gedi__seconds() < end; i++) {
        double t = gedi__seconds();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1.0f, a, N,
                    a + N * N, N, 0.0f, a + 2 * N * N, N);
        t = gedi__seconds() - t;
        best = t < best ? t : best;
    }
    free(a);
    return 2e-9 * N * N * N / best;
}
