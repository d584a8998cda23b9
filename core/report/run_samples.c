/* run_samples.c - samples of a run's energy as a figure: points of the plane, or images. */
#include "core/report/run_samples.h"
#include "core/report/figure.h"
#include "core/report/run_sheet.h"
#include "core/report/run_views.h"
#include "core/base/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { IMAGES = 64, POINTS = 1000, STEPS = 500 /* as the paper's figures */ };
enum { MOST_IMAGES = 1024 /* that are drawn */ };

static bool is_plane(gedi_shape s)
{
    return gedi_shape_size(s) == 2;
}

bool gedi__samples_drawable(gedi_shape record)
{
    return is_plane(record) || gedi__is_image(record);
}

/* Images in a square, or nearly. */
static gedi_status draw_images(const gedi__batches *data, const float *x, int64_t n,
                               const char *title, const char *subtitle,
                               const char *folder, const char *name,
                               const gedi__style *style, gedi_err *err)
{
    int columns = 1;
    while ((int64_t)columns * columns < n)
        columns++;
    gedi__image_rows rows = {.name = "", .rows = (int)((n + columns - 1) / columns)};
    gedi__figure_images f = {
        .title = title,
        .subtitle = subtitle,
        .x = x,
        .n = n,
        .high = data->info.record.dim[0],
        .wide = data->info.record.dim[1],
        .channels = data->info.record.dim[2],
        .columns = columns,
        .groups = 1,
        .group = &rows,
        .style = style,
    };
    gedi__images_range(&data->info, x, n * data->record, &f);
    return gedi__draw_images(folder, name, &f, err);
}

static gedi_status draw_points(const gedi__batches *data, const float *x, int64_t n,
                               const char *title, const char *subtitle,
                               const char *folder, const char *name,
                               const gedi__style *style, gedi_err *err)
{
    int64_t m = INT64_MAX;
    float *points;
    GEDI_TRY(gedi__run_records(data, GEDI_TRAIN, &m, &points, err));
    gedi__figure_samples f = {
        .title = title,
        .subtitle = subtitle,
        .n = n,
        .samples = x,
        .data = m,
        .points = points,
        .style = style,
    };
    gedi_status s = gedi__draw_samples(folder, name, &f, err);
    free(points);
    return s;
}

gedi_status gedi__draw_run_samples(const gedi__batches *data, const float *x, int64_t n,
                                   int64_t steps, const char *title, const char *folder,
                                   const char *name, const gedi__style *style,
                                   gedi_err *err)
{
    char subtitle[128], some[48] = "";
    int64_t drawn = is_plane(data->info.record) || n < MOST_IMAGES ? n : MOST_IMAGES;
    if (drawn < n)
        snprintf(some, sizeof some, "the first %lld of ", (long long)drawn);
    snprintf(subtitle, sizeof subtitle, "%s%lld samples after %lld steps", some,
             (long long)n, (long long)steps);
    return is_plane(data->info.record)
               ? draw_points(data, x, n, title, subtitle, folder, name, style, err)
               : draw_images(data, x, drawn, title, subtitle, folder, name, style, err);
}

gedi_status gedi__draw_trial_samples(gedi_trial *t, const char *title, const char *folder,
                                     const gedi__style *style, int styles, gedi_err *err)
{
    const gedi__batches *data = gedi__trial_data(t);
    int64_t n = is_plane(data->info.record) ? POINTS : IMAGES;
    float *x = gedi__alloc((size_t)(n * data->record), sizeof *x, err, "%lld samples",
                           (long long)n);
    if (!x)
        return GEDI_NOMEM;
    gedi_status status = gedi_trial_sample(t, n, STEPS, x, err);
    for (int i = 0; i < styles && status == GEDI_OK; i++)
        status = gedi__draw_run_samples(data, x, n, STEPS, title, folder, "samples",
                                        &style[i], err);
    free(x);
    return status;
}

gedi_status gedi__run_samples(const gedi__sheet *s, gedi_err *err)
{
    GEDI_TRY(gedi__draw_trial_samples(s->trial, s->title, s->folder, s->style, s->styles,
                                      err));
    return s->print->every ? gedi__draw_moments(s, err) : GEDI_OK;
}
