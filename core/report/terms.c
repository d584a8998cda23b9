/* terms.c - loss terms and their known optima, in words. */
#include "core/report/terms.h"

#include <math.h>
#include <stdio.h>

/* K where x = ln K, as the optimum of a cross-entropy with K equal classes is; else 0. */
static long log_of(double x)
{
    double k = round(exp(x));
    return k >= 2 && k <= 1e6 && fabs(x - log(k)) <= 1e-6 * x ? (long)k : 0;
}

const char *gedi__optimum_text(double optimum, char *out, size_t size)
{
    long k = log_of(optimum);
    if (isnan(optimum))
        snprintf(out, size, "%s", "");
    else if (k)
        snprintf(out, size, "ln %ld = %.3f", k, optimum);
    else
        snprintf(out, size, "%.4g", optimum);
    return out;
}

const char *gedi__terms_text(int n, const char *const *name, const double *value,
                             const double *optimum, char *out, size_t size)
{
    size_t at = 0;
    if (size)
        *out = 0;
    for (int i = 0; i < n && at < size; i++) {
        char best[40] = "";
        long k = log_of(optimum[i]);
        if (k)
            snprintf(best, sizeof best, " (ln %ld)", k);
        else if (!isnan(optimum[i]))
            snprintf(best, sizeof best, " (%.4g)", optimum[i]);
        int w = snprintf(out + at, size - at, "%s%s %.4g%s", i ? "  " : "", name[i],
                         value[i], best);
        if (w < 0)
            break;
        at += (size_t)w;
    }
    return out;
}
