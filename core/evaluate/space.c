/* space.c - spaces in which records are compared: of encoders, of Inception, of pixels. */
#include "core/evaluate/space.h"
#include "core/base/file.h"
#include "core/evaluate/encoder.h"
#include "core/evaluate/inception.h"
#include "core/evaluate/pixels.h"

#include <stdlib.h>
#include <string.h>

struct gedi__space {
    gedi_space_kind kind;
    char *path;                 /* as it was given */
    int64_t side;               /* likewise; 0 unless of pixels */
    gedi__encoder *encoder;     /* or */
    gedi__inception *inception; /* or */
    gedi__pixels pixels;
};

static gedi_status open_kind(gedi__space *s, const gedi__network *net,
                             const gedi__batches *data, gedi_err *err)
{
    if (s->kind == GEDI_SPACE_ENCODER)
        return gedi__encoder_of(net, &s->encoder, err);
    if (s->kind == GEDI_SPACE_PIXELS)
        return gedi__pixels_init(&s->pixels, &data->info, s->side, err);
    char *path = gedi__path_join(net->e->directory, s->path);
    if (!path)
        return gedi_no_memory(err, "%s", s->path);
    gedi_status status =
        s->kind == GEDI_SPACE_RUN
            ? gedi__encoder_of_run(path, data, &s->encoder, err)
            : gedi__inception_open(path, &data->info, (int)net->e->threads, &s->inception,
                                   err);
    free(path);
    return status;
}

/* Plugins built before there were pixels have no `side`. */
static int64_t side_of(const gedi_space *which)
{
    return which->kind == GEDI_SPACE_PIXELS ? which->side : 0;
}

gedi_status gedi__space_open(const gedi_space *which, const gedi__network *net,
                             const gedi__batches *data, gedi__space **out, gedi_err *err)
{
    gedi__space *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s || !(s->path = strdup(which->path ? which->path : ""))) {
        free(s);
        return gedi_no_memory(err, "a space to compare records in");
    }
    s->kind = which->kind;
    s->side = side_of(which);
    gedi_status status = open_kind(s, net, data, err);
    if (status != GEDI_OK) {
        gedi__space_free(s);
        return status;
    }
    *out = s;
    return GEDI_OK;
}

void gedi__space_free(gedi__space *s)
{
    if (!s)
        return;
    gedi__encoder_free(s->encoder);
    gedi__inception_free(s->inception);
    free(s->path);
    free(s);
}

bool gedi__space_is(const gedi__space *s, const gedi_space *which)
{
    return s && s->kind == which->kind && s->side == side_of(which) &&
           !strcmp(s->path, which->path ? which->path : "");
}

int64_t gedi__space_features(const gedi__space *s)
{
    if (s->kind == GEDI_SPACE_PIXELS)
        return gedi__pixels_features(&s->pixels);
    return s->encoder ? gedi__encoder_features(s->encoder) : gedi__inception_features();
}

void gedi__space_run(gedi__space *s, const float *x, int64_t n, float *h)
{
    if (s->kind == GEDI_SPACE_PIXELS)
        gedi__pixels_run(&s->pixels, x, n, h);
    else if (s->encoder)
        gedi__encoder_run(s->encoder, x, n, h);
    else
        gedi__inception_run(s->inception, x, n, h);
}
