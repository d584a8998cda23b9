/* log.h - what a run's folder holds for programs that show logs: series, numbers, settings, pictures. */
#ifndef GEDI_EXPORT_LOG_H
#define GEDI_EXPORT_LOG_H

#include "core/base/text.h"
#include "core/store/metrics.h"

typedef struct gedi__series {
    char name[GEDI__SCHEDULE_NAME +
              16];       /* "loss", "terms/inv", "schedule/optimizer.adam.lr" */
    const double *value; /* [n]; NAN where the line has none */
} gedi__series;

typedef struct gedi__named { /* texts in the log's memory */
    const char *name, *value;
} gedi__named;

enum { GEDI__MOST_SERIES = 4 * GEDI__MAX_SERIES + 8 };

typedef enum gedi__ending { /* of a run; MLflow and TensorBoard have numbers of their own for each */
                            GEDI__AT_WORK,
                            GEDI__ENDED_WELL,
                            GEDI__ENDED_BADLY, /* it diverged, or its process failed */
                            GEDI__STOPPED, /* nobody is at work on it, and it can go on */
} gedi__ending;

typedef struct gedi__run_log {
    const char *folder; /* borrowed */
    char *name;         /* of the descriptor, "moons" */
    uint64_t seed;
    char *identity;
    gedi__metrics metrics; /* n lines, with their iterations */
    int series;
    gedi__series *one;
    double *health[4]; /* spread and the others, as series */
    int settings;      /* "objective.gedi.inv" is "50": every option */
    gedi__named *setting;
    int results; /* of a finished run: "evaluation/clustering.nmi" */
    gedi__named *result;
    int pictures; /* names of the PNGs in figures/ that the descriptor still states, sorted */
    char **picture;
    gedi__ending ending; /* well or at work by its files; who knows more says so */
    int64_t last;        /* iteration of the last line */
    double since, until; /* seconds: when descriptor and log, or summary, were written */
    gedi__text texts[3]; /* of settings and results; names of figures, a line each */
} gedi__run_log;

/* Reads a run's folder, whether the run is finished or not. Clear it in any case.
 *   Errors: those of reading its descriptor, log and summary; GEDI_NOMEM.  */
gedi_status gedi__run_log_read(gedi__run_log *l, const char *folder, gedi__mistakes *m,
                               gedi_err *err);
void gedi__run_log_clear(gedi__run_log *l);

/* The PNG of picture i whole, free() it, and its size.
 *   Errors: GEDI_IO, GEDI_DATA where it is none.  */
gedi_status gedi__run_log_picture(const gedi__run_log *l, int i, char **data,
                                  size_t *size, int *width, int *height, gedi_err *err);

#endif
