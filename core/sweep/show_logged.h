/* show_logged.h - which numbers of a log its figures draw: losses, schedules, validation. */
#ifndef GEDI_SWEEP_SHOW_LOGGED_H
#define GEDI_SWEEP_SHOW_LOGGED_H

#include "core/store/metrics.h"

enum { GEDI__LOGGED_MOST = 32 }; /* terms, or other numbers, of a figure */

typedef struct gedi__log_series {
    int n;
    const char *name[GEDI__MAX_SERIES];
    const double *value[GEDI__MAX_SERIES];
    const double *optimum; /* NULL: none is known */
} gedi__log_series;

typedef struct gedi__logged {
    const char *name, *title, *one, *of_log;
    void (*choose)(gedi__metrics *m, gedi__log_series *out);
    int fewest; /* rows, however high the picture is */
    bool terms; /* of the loss, which have the names of the log */
} gedi__logged;

/* NULL: no such figure is drawn from a log. */
const gedi__logged *gedi__logged_of(const char *figure);

#endif
