/* progress.h - how far a run is: one line that is redrawn on a terminal, plain lines
 * elsewhere. Nothing here allocates: the training loop must not.
 */
#ifndef GEDI_REPORT_PROGRESS_H
#define GEDI_REPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct gedi__progress_bar {
    FILE *out;
    bool terminal;       /* redraws one line; else plain lines */
    bool drawn;          /* the terminal's current line is ours ... */
    int length;          /* ... and has so many characters */
    int64_t first;       /* iterations done before this process began */
    int64_t done, total; /* iterations */
    double started;      /* seconds, as all times here */
    double due;          /* the next line is not due before this time ... */
    int64_t due_at;      /* ... or, on plain output, this iteration */
    double rate_time;    /* when and where the rate was last measured */
    int64_t rate_done;
    double rate;         /* iterations a second, the last ten seconds or so; 0: unknown */
    double (*now)(void); /* the clock; tests set their own after start */
    char terms[256];     /* as last given */
    int64_t terms_done;  /* iterations done then */
} gedi__progress_bar;

/* Begins at iteration `first` of `total`. A line is redrawn where `out` is a terminal that
 * can (TERM is neither empty nor "dumb"). `out` stays the caller's. */
void gedi__progress_start(gedi__progress_bar *p, FILE *out, int64_t first, int64_t total);

/* Whether update would draw now: at most 10 times a second on a terminal; else every 10
 * seconds and every tenth of the way; and at the end. Ask before putting terms into words. */
bool gedi__progress_due(gedi__progress_bar *p, int64_t done);

/* Draws if it is due. `terms` is borrowed: "gen -0.31  prior 0.694 (ln 2)". */
void gedi__progress_update(gedi__progress_bar *p, int64_t done, const char *terms);

/* Takes the line off the terminal, so that something else can be written; the next update
 * draws it again. */
void gedi__progress_hide(gedi__progress_bar *p);

/* The last line: how far it came, and how long that took. */
void gedi__progress_done(gedi__progress_bar *p);

#endif
