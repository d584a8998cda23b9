/* report_parts.h - what the files that gather a report share. Objects that lack memory are NULL, and
 * jansson's allocator has noted it: who gathers asks once, at the end. */
#ifndef GEDI_SWEEP_REPORT_PARTS_H
#define GEDI_SWEEP_REPORT_PARTS_H

#include "core/sweep/report.h"

struct json_t;

/* A text, in which bytes that are no UTF-8 are '?'. */
struct json_t *gedi__report_word(const char *s);
/* Its lines, each without its end. */
struct json_t *gedi__report_lines(const char *s);

/* The parts of a table, as the page reads them; objects are taken over. `value` is what the page sorts by, NAN:
 * nothing; `better` says which numbers of a column are. */
struct json_t *gedi__report_cell(struct json_t *text, struct json_t *marks, double value,
                                 bool best);
struct json_t *gedi__report_row(struct json_t *label, struct json_t *marks,
                                struct json_t *cells);
struct json_t *gedi__report_column(struct json_t *label, struct json_t *path,
                                   const char *better);

/* report_tables.c: those that the sweep names, or one of all runs.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__report_tables(gedi__study *s, const char *const *axes,
                                struct json_t *out, gedi_err *err);

/* report_matters.c: which axes these metrics depend on; nothing where there is one axis, or few runs.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__report_matters(gedi__study *s, const char *const *axes,
                                 const gedi__quantity *q, int columns, struct json_t *out,
                                 gedi_err *err);

/* report_draws.c: what the search in that folder has drawn, ranked; nothing where there is none. A sweep that
 * searches no more may have the file of before: `points` are its own.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__report_draws(const char *folder, const struct json_t *points,
                               struct json_t *out, gedi_err *err);

/* report_runs.c: paths of numbers, and each run with its own.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__report_runs(gedi__study *s, const char *const *axes,
                              struct json_t *root, gedi_err *err);

/* report_drawn.c: the names of the pictures that the run's descriptor states, or its sweep's, and that were drawn;
 * NULL where nothing says. json_decref() it.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__report_drawn(const gedi__study *s, const gedi__result *r,
                               struct json_t **out, gedi_err *err);

/* report_differs.c: gives each run {setting: value} of those that are not the same in all: false where the run uses
 * nothing that has the setting, null where it has its default. */
void gedi__report_differs(const gedi__study *s, struct json_t *runs);

/* report_pictures.c: which pictures there are, and which of them the page holds. */
typedef struct gedi__report_picture {
    char *path;
    int64_t bytes;
    int number; /* -1: it is too much for the page, which names its file */
} gedi__report_picture;
typedef struct gedi__report_pictures {
    int n, room;
    gedi__report_picture *of;
    int64_t bytes; /* of those that the page holds */
} gedi__report_pictures;

/* The pictures of a run or a sweep that are among these names (NULL: all) -> [{"name", "number" or "path"}].
 * `base` is the folder of the page.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__report_figures(gedi__report_pictures *p, const char *folder,
                                 const char *base, const struct json_t *names,
                                 struct json_t **out, gedi_err *err);
void gedi__report_pictures_clear(gedi__report_pictures *p);

#endif
