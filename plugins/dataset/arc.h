/* arc.h - arcs of circles in the plane, and the density of normal noise around one.
 *
 * Source:  with z = r R / s^2 and t the angle to the point, |x - c(t)|^2 / 2 s^2 =
 *          (r - R)^2 / 2 s^2 + 2 z sin^2(t / 2), r the point's distance from the centre
 * Inputs:  x, y  a point; an arc of radius R; s > 0  the noise's standard deviation
 * Output:  log p(x)  of a point that is uniform on the arc, plus N(0, s^2) on each axis
 * Differs: nothing; by Gauss and Legendre's rule in double, to 1e-10, however far the point
 *          is and however small s
 */
#ifndef GEDI_PLUGINS_DATASET_ARC_H
#define GEDI_PLUGINS_DATASET_ARC_H

#include <math.h>

#define ARC_PI 3.14159265358979323846

enum { ARC_NODES = 20 };
/* Where the integrand is below e^-30 of its maximum, it is left out. */
#define ARC_FALL 30.0

typedef struct arc {
    double x, y, radius; /* the circle */
    double from, to;     /* angles, from < to <= from + 2 pi */
} arc;

/* The point at this share of the arc's length. */
static inline void arc_point(const arc *a, double share, double *x, double *y)
{
    double t = a->from + (a->to - a->from) * share;
    *x = a->x + a->radius * cos(t);
    *y = a->y + a->radius * sin(t);
}

typedef struct arc_rule { /* Gauss and Legendre's, on [0, 1] */
    double at[ARC_NODES], weight[ARC_NODES];
} arc_rule;

/* The nodes are roots of a Legendre polynomial, by Newton's method. */
static inline void arc_rule_init(arc_rule *r)
{
    for (int i = 0; i < ARC_NODES; i++) {
        double z = cos(ARC_PI * (i + 0.75) / (ARC_NODES + 0.5)), slope = 1;
        for (int step = 0; step < 6; step++) {
            double p = 1, before = 0;
            for (int j = 0; j < ARC_NODES; j++) {
                double next = ((2 * j + 1) * z * p - j * before) / (j + 1);
                before = p;
                p = next;
            }
            slope = ARC_NODES * (z * p - before) / (z * z - 1);
            z -= p / slope;
        }
        r->at[i] = (1 - z) / 2;
        r->weight[i] = 1 / ((1 - z * z) * slope * slope);
    }
}

/* log of the integral of exp(-2 z (sin^2(t / 2) - sin^2(u / 2))) over [u, v] in [0, pi]:
 * there it falls, from 1. The difference of squares is a product, which keeps its digits. */
static inline double arc_piece(const arc_rule *r, double z, double u, double v)
{
    double su = sin(u / 2), square = su * su + ARC_FALL / 2 / z, sum = 0;
    double end = square < 1 ? 2 * asin(sqrt(square)) : v; /* z is 0: the whole piece */
    double length = (end < v ? end : v) - u;
    for (int i = 0; i < ARC_NODES; i++) {
        double half = length * r->at[i] / 2;
        sum += r->weight[i] * exp(-2 * z * sin(half) * sin(u + half));
    }
    return log(sum * length);
}

/* log of the integral of exp(-2 z sin^2(t / 2)) over [from, to], in pieces between multiples
 * of pi, on each of which it rises or falls. */
static inline double arc_integral(const arc_rule *r, double z, double from, double to)
{
    double most = -INFINITY, value[4];
    int n = 0;
    for (double k = floor(from / ARC_PI); k * ARC_PI < to && n < 4; k++) {
        double a = fmax(from, k * ARC_PI), b = fmin(to, (k + 1) * ARC_PI);
        bool falls = fmod(k, 2) == 0;
        double u = falls ? a - k * ARC_PI : (k + 1) * ARC_PI - b;
        double v = falls ? b - k * ARC_PI : (k + 1) * ARC_PI - a;
        if (!(v > u))
            continue;
        value[n] = -2 * z * sin(u / 2) * sin(u / 2) + arc_piece(r, z, u, v);
        most = fmax(most, value[n++]);
    }
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += exp(value[i] - most);
    return most + log(sum);
}

static inline double arc_log_density(const arc *a, const arc_rule *r, double s, double x,
                                     double y)
{
    double dx = x - a->x, dy = y - a->y, distance = hypot(dx, dy);
    double phi = atan2(dy, dx), off = (distance - a->radius) / s;
    double z = distance / s * (a->radius / s);
    return arc_integral(r, z, a->from - phi, a->to - phi) - log(a->to - a->from) -
           off * off / 2 - log(2 * ARC_PI) - 2 * log(s);
}

#endif
