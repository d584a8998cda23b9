/* sweep.h - many experiments from one descriptor: axes, their product, what is shown.
 *
 *   sweep:
 *     objective.gedi.inv: [10, 50]          a path and its values
 *     seed: 0..4                            a range, both ends included; 0..40..10
 *     method:                               points with names: what each of them sets
 *       GEDI: {objective: {gedi: {}}}
 *       JEM:  {objective: {jem: {}}, train.iterations: 20000}
 *     zip: {model.mlp.output: [2, 4], projector.mlp.output: [2, 4]}    side by side
 *     exclude: [{method: JEM, seed: [3, 4]}]
 *     adjust: [{method: JEM, seed: 0, set: {train.batch: 100}}]    after the axes
 *     search: {tpe: 50, ...}                an axis whose values are drawn: core/descriptor/search.h
 */
#ifndef GEDI_DESCRIPTOR_SWEEP_H
#define GEDI_DESCRIPTOR_SWEEP_H

#include "core/descriptor/merge.h"
#include "core/descriptor/search.h"

enum { GEDI__MAX_POINTS = 10000 };

/* One value of an axis, or several that go together. */
typedef struct gedi__axis_point {
    const char **label; /* [names]; as tables show it */
    int settings;
    gedi__setting *setting;
} gedi__axis_point;

typedef struct gedi__axis {
    int names; /* more than one where paths are zipped */
    const char **name;
    bool named;  /* points with names, {GEDI: {...}, JEM: {...}} */
    bool flawed; /* a value of it is a mistake */
    int levels;
    gedi__axis_point *level;
} gedi__axis;

typedef struct gedi__adjust { /* what some points set besides */
    bool **hit;               /* [axes]: NULL, or which values of the axis are meant */
    int settings;
    gedi__setting *setting;
} gedi__adjust;

typedef enum gedi__show_kind {
    GEDI__TABLE,
    GEDI__GRID,
    GEDI__HEATMAP,
    GEDI__CURVES
} gedi__show_kind;
enum { GEDI__SHOW_KINDS = 4 };

typedef enum gedi__stat {
    GEDI__MEAN,
    GEDI__MEDIAN,
    GEDI__MIN,
    GEDI__MAX,
    GEDI__COUNT,
    GEDI__SUCCESS
} gedi__stat;
#define GEDI__STAT_WORDS "mean|median|min|max|n|success"
#define GEDI__THRESHOLD 0.9 /* of success, unless given */

typedef enum gedi__best {
    GEDI__BEST_AUTO, /* the highest of what evaluators report, else none */
    GEDI__BEST_MAX,
    GEDI__BEST_MIN,
    GEDI__BEST_NONE
} gedi__best;
#define GEDI__BEST_WORDS "auto|max|min|none"

typedef struct gedi__where {  /* only points of this label, or of one of several */
    const char *name, *label; /* of several: all, "[GEDI, JEM]" */
    int anys;
    const char **any;
} gedi__where;
/* Does it hold for a point of that label? A list may be one value, too. */
bool gedi__where_holds(const gedi__where *w, const char *label);

typedef struct gedi__quantity { /* of several values, each a column of a table */
    const char *title, *path;
} gedi__quantity;

/* A block `table`, `grid` or `heatmap`. Texts that are not given are "". */
typedef struct gedi__show {
    gedi__show_kind kind;
    const char *name;           /* of its files */
    const char *rows, *columns; /* axes or paths; of a heat map y and x */
    const char *value;          /* a path of summary.json; "" where these are several: */
    int quantities;             /* of a table without columns; else 0 */
    gedi__quantity *quantity;
    const char *figure; /* of a grid */
    int64_t format;     /* of a picture for print, beside the PNG, as in gedi__print */
    const char *title;  /* of that; "auto": the picture's own */
    const char *width;  /* of that, "3.3in" */
    int64_t stat, best;
    double threshold; /* of success */
    double low, high; /* of the colours of a heat map; equal: as the numbers are */
    int wheres;
    gedi__where *where;
    gedi__place at;
} gedi__show;

/* Options of each kind of block, for the table of keys; and its key there. */
extern const gedi_option gedi__table_options[], gedi__grid_options[],
    gedi__heatmap_options[], gedi__curves_options[];
const char *gedi__show_key(gedi__show_kind kind);

typedef struct gedi__sweep {
    int axes;
    gedi__axis *axis;
    gedi__search *search; /* or NULL */
    int adjusts;
    gedi__adjust *adjust;
    int points;
    int *level; /* [points, axes]; the first axis is the slowest */
    int shows;
    gedi__show *show;
    const gedi__tree *
        root; /* the descriptor, its bases and overrides in it, components as {name: options} */
    gedi__arena arena; /* owns all of the above */
} gedi__sweep;

/* Reads the blocks of a sweep from `file` and its bases, overrides put in; a search has drawn `draws`, or what it
 * draws first where that is NULL. *out is NULL,
 * and GEDI_OK is returned, where the file states no sweep, whatever else is wrong with it.
 *   Errors: GEDI_DESCRIPTOR with mistakes in `m`, those of the tree included; *out is there
 *   all the same, perhaps without points, for the rest may have mistakes as well; GEDI_NOMEM.  */
gedi_status gedi__sweep_read(const char *file, const char *const *override, int n,
                             const gedi__draws *draws, gedi__sweep **out,
                             gedi__mistakes *m, gedi_err *err);
void gedi__sweep_free(gedi__sweep *s);

/* What point i sets, in the order of the axes, and how many at most. */
int gedi__sweep_point(const gedi__sweep *s, int i, gedi__setting *out);
int gedi__sweep_most_settings(const gedi__sweep *s);

/* Finds the axis of that name, and which of its names it is. NULL if there is none. */
const gedi__axis *gedi__sweep_axis(const gedi__sweep *s, const char *name, int *k);

/* "moons", "[100, 100]", "{inv: 10}": a value on one line, for labels. */
void gedi__tree_flow(const gedi__tree *t, gedi__text *out);

#endif
