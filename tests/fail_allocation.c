/* fail_allocation.c - an allocator that says no: to be loaded before the C library (LD_PRELOAD).
 *
 *   ALLOCATION_COUNTER  a file in which the processes that belong together count, so that a
 *                       sweep and its runs have one count
 *   ALLOCATION_FAILS    the number of the one that fails; none: they are only counted
 *   ALLOCATION_LASTING  set: all that come after it fail as well
 *   ALLOCATION_TRACE    a file that is told who asked
 *
 * Only what gedi itself and its libraries ask for counts: not what the shells around it do,
 * nor OpenBLAS (see tests/allocations.h).
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

enum { FRAMES = 32 };
static long *counter; /* NULL: this process does not count */
static long fails_at;
static bool lasting;
static const char *trace;
static _Thread_local bool inside;

static bool in_library(const void *address, const char *library)
{
    Dl_info in;
    return dladdr(address, &in) && in.dli_fname && strstr(in.dli_fname, library);
}

static void tell(void)
{
    void *frame[FRAMES];
    int file = trace ? open(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (file < 0)
        return;
    backtrace_symbols_fd(frame, backtrace(frame, FRAMES), file);
    close(file);
}

static bool fails(void *caller)
{
    if (!counter || inside)
        return false;
    inside = true;
    long n = in_library(caller, "libopenblas")
                 ? 0
                 : __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
    bool no = n && fails_at && (n == fails_at || (lasting && n > fails_at));
    if (no && n == fails_at)
        tell();
    inside = false;
    if (no)
        errno = ENOMEM;
    return no;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t n)
{
    return fails(CALLER) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return fails(CALLER) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return fails(CALLER) ? NULL : __libc_realloc(p, n);
}

void *memalign(size_t align, size_t n)
{
    return fails(CALLER) ? NULL : __libc_memalign(align, n);
}

void *aligned_alloc(size_t align, size_t n)
{
    return fails(CALLER) ? NULL : __libc_memalign(align, n);
}

int posix_memalign(void **p, size_t align, size_t n)
{
    void *q = fails(CALLER) ? NULL : __libc_memalign(align, n);
    if (!q)
        return ENOMEM;
    *p = q;
    return 0;
}

static bool is_gedi(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    path[n < 0 ? 0 : n] = '\0';
    const char *name = strrchr(path, '/');
    return name && (!strcmp(name, "/gedi") || !strcmp(name, "/lt-gedi"));
}

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("ALLOCATION_COUNTER"), *at = getenv("ALLOCATION_FAILS");
    void *frame[1];
    if (!path || !is_gedi())
        return;
    backtrace(frame, 1); /* allocates when it is first called */
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof *counter))
        abort();
    void *p = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (p == MAP_FAILED)
        abort();
    fails_at = at ? atol(at) : 0;
    lasting = getenv("ALLOCATION_LASTING") != NULL;
    trace = getenv("ALLOCATION_TRACE");
    counter = p;
}
