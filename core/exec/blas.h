/* blas.h - the BLAS library under us: the kernel it chose, its threads, its speed. */
#ifndef GEDI_EXEC_BLAS_H
#define GEDI_EXEC_BLAS_H

#include "core/exec/machine.h"
#include "gedi/error.h"

/* "SkylakeX", "Haswell", "Prescott": what OpenBLAS runs on. */
const char *gedi__blas_kernel(void);
/* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...". */
const char *gedi__blas_config(void);

/* The level a kernel of that name is written for; GEDI__LEVEL_OTHER: name not known. */
gedi__level gedi__blas_kernel_level(const char *kernel);
/* The kernel for a processor, or NULL where there is nothing to ask for. */
const char *gedi__blas_kernel_for(gedi__level level, bool amd);

/* Makes OpenBLAS use what the processor offers, and threads that wait sleep soon. An old
 * OpenBLAS does not know new processors and falls back to its slowest kernel;
 * OPENBLAS_CORETYPE cures it, and GOMP_SPINCOUNT bounds how long threads spin, but both are
 * read when the libraries load. So this sets them and starts the program again, once; call
 * it first in main. What the user has set stays, but a slow kernel is told.
 *   argv: of main.
 *   Returns true, and one line for the user in `note`, where the kernel was, or is, not the
 *   right one; else false.  */
bool gedi__start_well(char *const argv[], char *note, size_t n);

/* Where OpenBLAS gets no memory for a buffer it tries again for ever, and its threads take one each
 * when the program starts, which does not end before them. So under a limit of the address space
 * (ulimit -v) this starts the program again without these threads. */
void gedi__blas_without_pool(char *const argv[]);
/* Is there room under that limit for the buffers of as many threads as a run has by default?
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__blas_check_room(gedi_err *err);

/* Threads of everything that follows. OpenBLAS gets one: our products share out their
 * rows themselves, so that one setting governs all. */
void gedi__threads_set(int n);

/* GFLOP/s of single-precision matrix products on one thread, measured for about `seconds`
 * (best of several, so that other work on the machine matters little); 0 when out of
 * memory. Leaves OpenBLAS with one thread. */
double gedi__blas_rate(double seconds);

#endif
