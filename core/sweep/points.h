/* points.h - points.json: the axes of a sweep, its points, and what it shows. */
#ifndef GEDI_SWEEP_POINTS_H
#define GEDI_SWEEP_POINTS_H

#include "core/sweep/plan.h"

struct json_t;

/* Writes it into the sweep's folder.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__points_write(const gedi__plan *p, const char *directory, gedi_err *err);

/* Are those the points and shows that the folder has? Not where it has none that can be read.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__points_same(const gedi__plan *p, const char *directory, bool *same,
                              gedi_err *err);

/* json_decref() it.
 *   Errors: as gedi__json_read; GEDI_DATA where it has no points.  */
gedi_status gedi__points_read(const char *directory, struct json_t **out, gedi_err *err);

/* {axis: [label, ...]}; json_decref() that of a plan. */
struct json_t *gedi__points_axes_of(const gedi__plan *p);
struct json_t *gedi__points_axes(const struct json_t *root);

/* As gedi__besides_of. */
const struct json_t *gedi__points_besides(const struct json_t *root);

/* The number that a search looks for; "" of another sweep. */
const char *gedi__points_searched(const struct json_t *root);

/* The names of the figures that the sweep shows, and that its runs draw: NULL where the file does not say.
 * json_decref() them. */
struct json_t *gedi__points_figures(const struct json_t *root);
struct json_t *gedi__points_drawn(const struct json_t *root);

/* Is it a path that a search draws values of? */
bool gedi__points_draws(const struct json_t *root, const char *path);
/* Of a list of values? */
bool gedi__points_lists(const struct json_t *root, const char *path);

typedef struct gedi__stored_point { /* borrowed from the file; "" where it lacks a text */
    const char *hash, *title;
    struct json_t *labels; /* {axis: label} */
    int64_t left;          /* as gedi__point.left */
    const char *refused;   /* as gedi__point.refused */
} gedi__stored_point;

/* The i-th point; false behind the last. */
bool gedi__points_at(const struct json_t *root, int i, gedi__stored_point *out);

int gedi__points_shows(const struct json_t *root);
/* The i-th of these; its texts are borrowed from the file.
 *   Errors: GEDI_DATA where it has a word that is none of those that it may have; GEDI_NOMEM.  */
gedi_status gedi__points_show(const struct json_t *root, int i, gedi__arena *arena,
                              gedi__show *out, gedi_err *err);

#endif
