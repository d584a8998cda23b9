/* machine.c - what the processor under us offers, asked of the processor itself. */
#include "core/exec/machine.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
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

int gedi__machine_processors(void)
{
    cpu_set_t set;
    int n = 0;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        n = CPU_COUNT(&set);
    /* More processors than cpu_set_t has room for: all that are online. */
    if (n < 1)
        n = (int)sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n;
}
