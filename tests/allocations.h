/* allocations.h - counts what the whole program asks the allocator for, by any library but
 * OpenBLAS, whose kernels for small matrices and AVX-512 pack one of them and give it back; and
 * what of it is kept.
 *
 * To be included by one source of a program: its functions take the place of the C
 * library's. With AddressSanitizer, which has taken it already, its hooks are used.
 */
#ifndef GEDI_TESTS_ALLOCATIONS_H
#define GEDI_TESTS_ALLOCATIONS_H

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static atomic_bool allocations_counting;
static atomic_long allocations_count, allocations_live;

static bool allocations_in(const void *address, const char *library)
{
    Dl_info in;
    return dladdr(address, &in) && in.dli_fname && strstr(in.dli_fname, library);
}

/* `caller` is NULL where nobody knows it. */
static void allocations_note(void *caller)
{
    if (!atomic_load_explicit(&allocations_counting, memory_order_relaxed))
        return;
    atomic_fetch_add(&allocations_live, 1);
    if (!caller || !allocations_in(caller, "libopenblas"))
        atomic_fetch_add(&allocations_count, 1);
}

static void allocations_note_free(const volatile void *p)
{
    if (p && atomic_load_explicit(&allocations_counting, memory_order_relaxed))
        atomic_fetch_sub(&allocations_live, 1);
}

static void allocations_begin(void)
{
    atomic_store(&allocations_count, 0);
    atomic_store(&allocations_live, 0);
    atomic_store(&allocations_counting, true);
}

/* Blocks asked for since the beginning and not given back, by whomever. */
static long allocations_kept(void)
{
    return atomic_load(&allocations_live);
}

static long allocations_end(void)
{
    atomic_store(&allocations_counting, false);
    return atomic_load(&allocations_count);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ALLOCATIONS_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ALLOCATIONS_ASAN 1
#endif

#if defined(ALLOCATIONS_ASAN)

/* Here nobody knows who asks. */
#define ALLOCATIONS_WHO 0

int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void *,
                                                                size_t),
                                              void (*freed)(const volatile void *));

static void allocations_hook(const volatile void *p, size_t n)
{
    (void)p, (void)n;
    allocations_note(NULL);
}

static void allocations_free_hook(const volatile void *p)
{
    allocations_note_free(p);
}

/* False where nothing can be counted. */
static bool allocations_init(void)
{
    return __sanitizer_install_malloc_and_free_hooks(allocations_hook,
                                                     allocations_free_hook) > 0;
}

#elif defined(__GLIBC__)

#define ALLOCATIONS_WHO 1

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);
void __libc_free(void *p);

void *malloc(size_t n)
{
    allocations_note(__builtin_return_address(0));
    return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    allocations_note(__builtin_return_address(0));
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    allocations_note(__builtin_return_address(0));
    allocations_note_free(p);
    return __libc_realloc(p, n);
}

void *memalign(size_t align, size_t n)
{
    allocations_note(__builtin_return_address(0));
    return __libc_memalign(align, n);
}

void *aligned_alloc(size_t align, size_t n)
{
    allocations_note(__builtin_return_address(0));
    return __libc_memalign(align, n);
}

int posix_memalign(void **p, size_t align, size_t n)
{
    allocations_note(__builtin_return_address(0));
    void *q = __libc_memalign(align, n);
    if (!q)
        return ENOMEM;
    *p = q;
    return 0;
}

void free(void *p)
{
    allocations_note_free(p);
    __libc_free(p);
}

static bool allocations_init(void)
{
    return true;
}

#else

#define ALLOCATIONS_WHO 0

static bool allocations_init(void)
{
    return false;
}

#endif

#endif
