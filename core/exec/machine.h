/* machine.h - what the processor under us offers. */
#ifndef GEDI_EXEC_MACHINE_H
#define GEDI_EXEC_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

/* Instruction sets that kernels are written for, each a superset of those before it. */
typedef enum gedi__level {
    GEDI__LEVEL_OTHER, /* not x86-64: nothing is known */
    GEDI__LEVEL_SSE,
    GEDI__LEVEL_AVX,
    GEDI__LEVEL_AVX2,   /* with FMA */
    GEDI__LEVEL_AVX512, /* with F, CD, BW, DQ and VL, as Skylake-X */
} gedi__level;

/* The highest level that processor and operating system offer. */
gedi__level gedi__machine_level(void);
/* "sse", "avx", "avx2", "avx512", "other". */
const char *gedi__level_name(gedi__level level);

bool gedi__machine_is_amd(void);

/* "Intel(R) Xeon(R) Processor", or "unknown"; returns `out`. 64 bytes are enough. */
const char *gedi__machine_model(char *out, size_t n);

/* Processors that this process was given (taskset, OMP_PLACES), at least 1. That OpenMP binds the
 * thread that asks to one of them does not count. */
int gedi__machine_processors(void);
/* Threads of what does not say how many: OMP_NUM_THREADS, else one a processor, of which the ranks of an
 * mpirun on this machine have equal shares; OMP_THREAD_LIMIT at most. */
int gedi__machine_threads(void);
const char *gedi__machine_threads_why(void); /* for people, behind that number */

/* Lets this thread run on all of these processors again; so may programs that it starts, which
 * inherit it. Call it before any is started. */
void gedi__machine_widen(void);
/* The same, and programs that are started do not bind their threads themselves: of several at
 * once, each would begin with the same first place. */
void gedi__machine_unbind(void);

#endif
