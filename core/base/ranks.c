/* ranks.c - the processes that compute one run together. */
#include "core/base/ranks.h"

#include <string.h>

static void copy(const float *mine, int64_t size, float *out)
{
    memcpy(out, mine, (size_t)size * sizeof *out);
}

static bool same(bool yes)
{
    return yes;
}

static bool there(double seconds)
{
    (void)seconds;
    return true;
}

static void nothing(void)
{
}

static void no_others(int code)
{
    (void)code;
}

static const gedi__ranks alone = {.n = 1,
                                  .gather = copy,
                                  .sum = copy,
                                  .begin_sum = copy,
                                  .poll = nothing,
                                  .settle = nothing,
                                  .any = same,
                                  .meet = there,
                                  .abort = no_others,
                                  .end = nothing};
static const gedi__ranks *in_use = &alone;

const gedi__ranks *gedi__ranks_of_run(void)
{
    return in_use;
}

void gedi__ranks_use(const gedi__ranks *r)
{
    in_use = r;
}

bool gedi__ranks_any(bool yes)
{
    return in_use->any(yes);
}

static bool agreed;

bool gedi__ranks_agree(bool ready)
{
    agreed = true;
    return !in_use->any(!ready);
}

bool gedi__ranks_agreed(void)
{
    return agreed;
}

bool gedi__ranks_same(double x)
{
    float part[4], sum[4];
    uint64_t bits;
    if (in_use->n == 1)
        return true;
    memcpy(&bits, &x, sizeof bits);
    /* Sixteen bits at a time, which floats hold exactly; of 256 ranks and more sums are rounded, alike. */
    for (int i = 0; i < 4; i++)
        part[i] = (float)(bits >> 16 * i & 0xffff);
    in_use->sum(part, 4, sum);
    bool differs = false;
    for (int i = 0; i < 4; i++)
        differs |= sum[i] != (float)((double)part[i] * in_use->n);
    return !in_use->any(differs);
}
