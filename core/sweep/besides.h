/* besides.h - what the values of an axis change besides what they name.
 *
 * A point that replaces a component resets its options: {gedi_no_inv: {}} in place of {gedi: {sphere:
 * true}} is not without L_INV alone, but off the sphere as well. Of two components that both have an
 * option the values are compared, unless the point states it. The first value of an axis is compared with what
 * the descriptor has without the sweep, as far as that states numbers and words.
 */
#ifndef GEDI_SWEEP_BESIDES_H
#define GEDI_SWEEP_BESIDES_H

#include "core/sweep/plan.h"

struct json_t;

/* {axis: {value: "objective.sphere: true -> false, ..."}}: what sets its points apart from those of the axis's
 * first value, and these from the descriptor. Values without a difference are left out. NULL when out of memory. */
struct json_t *gedi__besides_of(const gedi__plan *p);

/* A line for each value of an axis: "method: no inv differs from GEDI also in objective.sphere: true ->
 * false". `besides` is such an object, `axes` that of points.json; of `n` values alone unless n is -1. */
void gedi__besides_text(const struct json_t *besides, const struct json_t *axes,
                        const char *axis, const char *const *label, int n,
                        gedi__text *out);

#endif
