/* axis.c - how far an axis of numbers goes, and where its tics are. */
#include "core/report/axis.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

double gedi__axis_tics(double length, double many)
{
    double power = pow(10, floor(log10(length / many))), times = length / many / power;
    return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
}

double gedi__axis_spaced(double length, double pixels, double need, double many)
{
    double least = need / pixels * length, step;
    while ((step = gedi__axis_tics(length, many)) < least && many > 0.5)
        many *= 0.8;
    return step;
}

int gedi__axis_letters(double low, double high, double step)
{
    int most = 1;
    char s[40];
    for (double i = ceil(low / step - 1e-9); i <= floor(high / step + 1e-9); i++) {
        int n = snprintf(s, sizeof s, GEDI__AXIS_FORMAT, i * step);
        most = n > most ? n : most;
    }
    return most;
}

double gedi__axis_numbered(double low, double high, double pixels, double letter,
                           double many)
{
    double step = gedi__axis_tics(high - low, many);
    while (many > 0.5 && step / (high - low) * pixels <
                             (gedi__axis_letters(low, high, step) + 1.5) * letter) {
        many *= 0.8;
        step = gedi__axis_tics(high - low, many);
    }
    return step;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

gedi__range gedi__axis_range(double *low, double *high, int n)
{
    qsort(low, (size_t)n, sizeof *low, by_value);
    qsort(high, (size_t)n, sizeof *high, by_value);
    int skip = n < 20 ? 0 : (n + 99) / 100;
    double inner = high[n - 1 - skip] - low[skip];
    bool all = high[n - 1] - low[0] <= 2 * inner;
    return (gedi__range){low[all ? 0 : skip], high[all ? n - 1 : n - 1 - skip]};
}

gedi__range gedi__axis_room(gedi__range r)
{
    double room = 0.08 * (r.high - r.low);
    if (!(room > 1e-6 * fabs(r.high))) /* constant */
        room = fmax(0.5 * fabs(r.high), 1e-3);
    return (gedi__range){r.low - room, r.high + room};
}
