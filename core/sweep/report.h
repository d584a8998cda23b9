/* report.h - runs as one page of HTML that can be browsed: tables, curves, figures, descriptors. */
#ifndef GEDI_SWEEP_REPORT_H
#define GEDI_SWEEP_REPORT_H

#include "core/sweep/study.h"

typedef struct gedi__reported_on {
    gedi__study *s;
    const char *const *place; /* the folders that the study was made of */
    int places;
    void (*fault)(const char *why); /* hears of a damaged log; NULL: nobody does */
    bool live; /* runs are at work: the page shows itself anew from time to time */
} gedi__reported_on;

/* Replaces the page at `path`. What cannot be read of a run, such as a damaged log, is said in the
 * page.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__report_write(const gedi__reported_on *r, const char *path,
                               gedi_err *err);

/* The page of one folder, FOLDER/report.html.
 *   Errors: those, and of gedi__study_add.  */
gedi_status gedi__report_folder(const char *folder, bool live, gedi_err *err);

/* ---- pages that are written again while runs are at work ---- */

/* Seconds of gedi__seconds, and what the last page took. Zero at first. */
typedef struct gedi__refresh {
    double next, took;
} gedi__refresh;

/* Is it time? Not in the first seconds, and so seldom that it takes less than a hundredth of them. */
bool gedi__refresh_due(gedi__refresh *r);
/* Writes the page of a folder; what fails is left to the last one. */
void gedi__refresh_page(gedi__refresh *r, const char *folder);

#endif
