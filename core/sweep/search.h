/* search.h - how far a search has come, from what lies on disk, and what it draws next.
 *
 * Nothing of a search is saved but its runs. What it draws depends on its descriptor and on the results of the draws
 * before, so the same command finds the same draws again, on another host as well.
 */
#ifndef GEDI_SWEEP_SEARCH_H
#define GEDI_SWEEP_SEARCH_H

#include "core/sweep/crew.h"
#include "core/sweep/plan.h"

/* Its value is the mean over its points: NAN where one failed or reports no such number. */
typedef struct gedi__draw {
    double value;
    double early; /* of the first comparison, where all are trained equally long */
    bool ended;   /* its value stays */
    bool failed;  /* one of its points did: */
    int at;       /* the first of these, or of those without the number */
    int64_t
        compared; /* the iteration at which it was compared last with those it was drawn with; 0: not yet */
    double worth; /* its value there */
    int64_t left; /* the iteration after which others were better; 0: none was */
} gedi__draw;

typedef struct gedi__found { /* zero at first */
    int draws;
    gedi__draw *draw;
    int *order; /* [ended]: who came farther first, then who is better */
    int ended;
    int best;         /* of those compared, that came farthest; -1: none has a value */
    int going;        /* draws that were compared and go on, to: */
    int64_t going_to; /* the iteration; of all points the largest */
} gedi__found;

/* Looks at the runs of a plan that has a search, and sets how far each point is to be trained now, to the next
 * comparison of a search that halves, else to its end; and which are left.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__search_look(gedi__plan *p, const char *directory, gedi__found *out,
                              gedi_err *err);
void gedi__found_clear(gedi__found *f);

/* The draw of a point. */
int gedi__search_draw_of(const gedi__plan *p, int point);
/* The first of the draws that were made last. */
int gedi__search_last(const gedi__search *s);

/* How a plan is read: the arguments of gedi__plan_read. */
typedef struct gedi__plan_source {
    const char *file;
    const char *const *override;
    int n;
    int64_t threads;
    const gedi__look *look;
} gedi__plan_source;

/* Replaces the plan by ones with more draws, as far as the results in `directory` tell what to draw. Leaves a sweep
 * without a search alone.
 *   Errors: those of gedi__plan_read; GEDI_STATE where nothing else is left to draw. Then *p stays.  */
gedi_status gedi__search_grow(gedi__plan **p, const gedi__plan_source *from,
                              const char *directory, gedi__mistakes *m, gedi_err *err);

/* How many points there are, and iterations that they are to have now, in one number: it stays where a search does
 * not get on. */
int64_t gedi__search_work(const gedi__plan *p);

/* The records that a search chooses by, "validation" or "test"; "" where its number is of neither, as the loss is. */
const char *gedi__search_records(const gedi__plan *p);
/* What that means for who reports numbers; "" where nothing. */
const char *gedi__search_records_mean(const char *records);

/* Every draw, the best first, as CSV, and what failed as the jobs of its points say; and the `most` best ones in
 * Markdown. */
void gedi__found_csv(const gedi__plan *p, const gedi__found *f, const gedi__crew *c,
                     gedi__text *out);
void gedi__found_text(const gedi__plan *p, const gedi__found *f, const gedi__crew *c,
                      int most, gedi__text *out);
/* One line: how much of what sets the draws apart each path explains. Nothing before 8 draws have ended. */
void gedi__found_importance(const gedi__plan *p, const gedi__found *f, gedi__text *out);
/* "draws 5 to 8 to iteration 100 of 400": what waits of a search; "" of another sweep, or where nothing waits. */
void gedi__search_round_text(const gedi__plan *p, const gedi__crew *c, char *out,
                             size_t size);
/* One line: "20 of 50 draws; best: draw 7 with 0.913". */
void gedi__found_line(const gedi__plan *p, const gedi__found *f, gedi__text *out);

#endif
