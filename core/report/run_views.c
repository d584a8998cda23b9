/* run_views.c - the figure `views`: training images, and what the views make of them.
 *
 * What is shown is what training saw: the images of its first batch, in the draws of its first
 * iterations.
 */
#include "core/report/run_views.h"
#include "core/base/memory.h"
#include "core/report/figure.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS = 12, DRAWS = 3 };

/* A pipeline without views has one draw. */
static int draws_of(const gedi__stage *s, int v)
{
    return s->view[v].n ? DRAWS : 1;
}

/* An image in the size of another, each pixel the nearest. */
static void resize(const float *x, gedi_shape from, gedi_shape to, float *y)
{
    int64_t channels = to.dim[2];
    for (int64_t i = 0; i < to.dim[0]; i++)
        for (int64_t j = 0; j < to.dim[1]; j++)
            for (int64_t c = 0; c < channels; c++)
                *y++ = x[(i * from.dim[0] / to.dim[0] * from.dim[1] +
                          j * from.dim[1] / to.dim[1]) *
                             channels +
                         c];
}

/* Rows: the images as they are, then the draws of each pipeline, all in one size; of a record of
 * several the first. */
static gedi_status collect(gedi__batches *data, int columns, float *x, gedi_err *err)
{
    const gedi_shape record = data->info.record;
    gedi_shape shape = record;
    int64_t most;
    float *seen =
        gedi__alloc((size_t)(data->parts * data->room), sizeof *seen, err, "an image");
    gedi_status s = seen ? GEDI_OK : GEDI_NOMEM;
    for (int v = -1; s == GEDI_OK && v < data->stage->views; v++) {
        if (v >= 0)
            s = gedi__pipeline_shape(&data->stage->view[v], record, &shape, &most, err);
        if (s == GEDI_OK && (shape.rank != 3 || shape.dim[2] != record.dim[2]))
            s = GEDI_FAIL(err, GEDI_USAGE, "view %d makes no images of the same channels",
                          v + 1);
        for (int k = 0; k < (v < 0 ? 1 : draws_of(data->stage, v)); k++)
            for (int i = 0; s == GEDI_OK && i < columns; i++, x += data->record) {
                s = gedi__batches_look(data, i, v, k, seen, err);
                if (s == GEDI_OK)
                    resize(seen, shape, record, x);
            }
    }
    free(seen);
    return s;
}

bool gedi__is_image(gedi_shape record)
{
    return record.rank == 3 && (record.dim[2] == 1 || record.dim[2] == 3);
}

void gedi__images_range(const gedi_data_info *info, const float *x, int64_t n,
                        gedi__figure_images *f)
{
    f->black = (0 - info->mean) / info->std;
    f->white = (1 - info->mean) / info->std;
    if (info->std > 0)
        return;
    f->black = INFINITY;
    f->white = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        f->black = fmin(f->black, (double)x[i]);
        f->white = fmax(f->white, (double)x[i]);
    }
    if (!(f->black < f->white)) /* all alike */
        f->white = f->black + 1;
}

/* "random_crop\ncolor_jitter" */
static void note_of(const gedi__pipeline *p, gedi__text *t)
{
    for (int k = 0; k < p->n; k++)
        gedi__text_add(t, "%s%s", k ? "\n" : "", p->view[k].plugin->name);
    if (!p->n)
        gedi__text_add(t, "as it is");
}

static gedi_status draw(const gedi__batches *data, const char *folder, int columns,
                        const float *x, gedi_err *err)
{
    const gedi__stage *last = data->stage;
    gedi__image_rows group[1 + GEDI_MAX_VIEWS] = {{.name = "original", .rows = 1}};
    gedi__text note[GEDI_MAX_VIEWS] = {0}, title = {0};
    char name[GEDI_MAX_VIEWS][16];
    bool failed = false;
    for (int v = 0; v < last->views; v++) {
        note_of(&last->view[v], &note[v]);
        snprintf(name[v], sizeof name[v], "view %d", v + 1);
        group[1 + v] = (gedi__image_rows){name[v], note[v].s, draws_of(last, v)};
        failed |= note[v].failed;
    }
    gedi__text_add(&title, "Views of %s, seed %llu", data->e->dataset.plugin->name,
                   (unsigned long long)data->e->seed);
    gedi__figure_images f = {
        .title = title.s,
        .subtitle = "the first images of training; each further row is another draw",
        .x = x,
        .high = data->info.record.dim[0],
        .wide = data->info.record.dim[1],
        .channels = data->info.record.dim[2],
        .columns = columns,
        .groups = 1 + last->views,
        .group = group,
    };
    gedi__images_range(&data->info, x, columns * data->record, &f);
    gedi_status s = failed || title.failed ? gedi_no_memory(err, "a figure")
                                           : gedi__draw_images(folder, "views", &f, err);
    for (int v = 0; v < last->views; v++)
        gedi__text_clear(&note[v]);
    gedi__text_clear(&title);
    return s;
}

gedi_status gedi__run_views(gedi__batches *data, const char *folder, gedi_err *err)
{
    int64_t n = data->info.count[GEDI_TRAIN];
    int columns = n < COLUMNS ? (int)n : COLUMNS, rows = 1;
    for (int v = 0; v < data->stage->views; v++)
        rows += draws_of(data->stage, v);
    float *x = gedi__alloc((size_t)(rows * columns * data->record), sizeof *x, err,
                           "a figure of %d images", rows * columns);
    if (!x)
        return GEDI_NOMEM;
    gedi_status s = collect(data, columns, x, err);
    if (s == GEDI_OK)
        s = draw(data, folder, columns, x, err);
    free(x);
    return s;
}
