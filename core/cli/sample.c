/* sample.c - `gedi sample`: samples of a finished run's energy, as tensors and as a picture. */
#include "core/cli/arguments.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/base/memory.h"
#include "core/evaluate/generator.h"
#include "core/store/safetensors.h"
#include "core/evaluate/trained.h"
#include "core/report/progress.h"
#include "core/report/run_figures.h"
#include "core/report/run_samples.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct arguments {
    gedi__arguments a;
    int64_t steps, count;
} arguments;

static const struct argp_option options[] = {
    {"steps", 's', "N", 0, "steps of the sampler (default: 500)", 0},
    {"count", 'n', "N", 0, "samples (default: 64)", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = ((gedi__arguments *)state->input)->own;
    switch (key) {
    case 's':
        a->steps = gedi__argument_number(state, "--steps", arg, 0, 10000000);
        return 0;
    case 'n':
        a->count = gedi__argument_number(state, "--count", arg, 1, 10000000);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- where it goes ---- */

typedef struct place {
    char *folder, *name; /* the figure's */
} place;

static bool ends(const char *text, const char *with, size_t *at)
{
    size_t n = strlen(text), m = strlen(with);
    *at = n > m ? n - m : 0;
    return *at && !strcmp(text + *at, with);
}

/* FOLDER/NAME of --out, without the suffix that it may have. */
static gedi_status place_of(place *p, const arguments *a, gedi_err *err)
{
    if (!a->a.out) {
        p->name = strdup("samples");
        GEDI_TRY(gedi__folder_next(a->a.target.file, gedi__store_name(GEDI__FILE_SAMPLES),
                                   &p->folder, err));
    } else if (gedi__out_is_folder(a->a.out)) {
        p->name = strdup("samples");
        p->folder = strdup(a->a.out);
    } else {
        size_t n = strlen(a->a.out), at;
        if (ends(a->a.out, ".png", &at) || ends(a->a.out, ".safetensors", &at))
            n = at;
        const char *slash = strrchr(a->a.out, '/');
        const char *name = slash ? slash + 1 : a->a.out;
        p->name = strndup(name, n - (size_t)(name - a->a.out));
        p->folder =
            slash ? strndup(a->a.out, (size_t)(slash - a->a.out) + (slash == a->a.out))
                  : strdup(".");
    }
    if (!p->folder || !p->name)
        return gedi_no_memory(err, "the path of the samples");
    if (!*p->name)
        return GEDI_FAIL(err, GEDI_USAGE, "--out: '%s' names no file", a->a.out);
    return gedi__folder_make(p->folder, err);
}

static gedi_status write_tensors(const place *p, const arguments *a,
                                 const gedi__trained *t, const float *x, gedi_err *err)
{
    gedi__tensors_writer *w;
    char number_text[32];
    gedi__text path = {0};
    gedi__text_add(&path, "%s/%s.safetensors", p->folder, p->name);
    gedi_status s = path.failed ? gedi_no_memory(err, "the path of the samples")
                                : gedi__tensors_write_open(path.s, &w, err);
    gedi__text_clear(&path);
    if (s != GEDI_OK)
        return s;
    gedi__tensors_write_add(w, "samples", GEDI__F32,
                            gedi__batch_shape(t->net.info.record, a->count), x);
    snprintf(number_text, sizeof number_text, "%" PRId64, a->steps);
    gedi__tensors_write_meta(w, "steps", number_text);
    snprintf(number_text, sizeof number_text, "%" PRId64, t->e->seed);
    gedi__tensors_write_meta(w, "seed", number_text);
    gedi__tensors_write_meta(w, "run", a->a.target.file);
    gedi__tensors_write_seal(w, GEDI__FILE_SAMPLES);
    return gedi__tensors_write_commit(w, err);
}

/* ---- drawing and writing ---- */

static gedi_status tell(void *context, int64_t done, int64_t total, gedi_err *err)
{
    (void)err;
    gedi__progress_bar *bar = context;
    if (done == 1)
        gedi__progress_start(bar, stderr, 0, total);
    if (gedi__progress_due(bar, done))
        gedi__progress_update(bar, done, "");
    if (done == total)
        gedi__progress_done(bar);
    return GEDI_OK;
}

static gedi_status generate(const arguments *a, gedi__trained *t, float *x, gedi_err *err)
{
    gedi__progress_bar bar;
    gedi__generator *g;
    GEDI_TRY(gedi__generator_new(&t->net, &t->data, &g, err));
    gedi_status s = gedi__generator_draw(g, a->count, a->steps, x,
                                         a->a.quiet ? NULL : tell, &bar, err);
    gedi__generator_free(g);
    return s;
}

static gedi_status write_all(const arguments *a, const gedi__trained *t, const float *x,
                             const place *p, gedi_err *err)
{
    char title[256];
    GEDI_TRY(write_tensors(p, a, t, x, err));
    printf("samples  %s/%s.safetensors\n", p->folder, p->name);
    if (!gedi__samples_drawable(t->net.info.record))
        return GEDI_OK;
    gedi__run_title(t->e, title, sizeof title);
    GEDI_TRY(gedi__draw_run_samples(&t->data, x, a->count, a->steps, title, p->folder,
                                    p->name, NULL, err));
    printf("figure   %s/%s.png\n", p->folder, p->name);
    return GEDI_OK;
}

static int sample(const arguments *a)
{
    gedi__trained t = {0};
    gedi__mistakes m = {0};
    gedi_err err = {0};
    place p = {0};
    float *x = NULL;
    gedi_status s = gedi__trained_open(&t, a->a.target.file, a->a.target.override,
                                       a->a.target.n, &m, &err);
    if (s == GEDI_OK)
        s = gedi__trained_require_end(&t, a->a.target.file, &err);
    if (s == GEDI_OK)
        s = place_of(&p, a, &err); /* before the long work, not after it */
    if (s == GEDI_OK) {
        x = gedi__alloc((size_t)(a->count * t.data.record), sizeof *x, &err,
                        "%" PRId64 " samples", a->count);
        s = x ? generate(a, &t, x, &err) : GEDI_NOMEM;
    }
    if (s == GEDI_OK)
        s = write_all(a, &t, x, &p, &err);
    if (s != GEDI_OK && p.folder && !a->a.out)
        rmdir(p.folder); /* not where something was written */
    gedi__trained_close(&t);
    free(x);
    free(p.folder);
    free(p.name);
    int code = m.n > 0 ? gedi__say_mistakes(&m)
               : s     ? gedi__say_err(&err)
                       : GEDI__EXIT_DONE;
    gedi__text_clear(&m.text);
    return code;
}

int gedi__sample_main(const gedi__call *c)
{
    static const gedi__usage usage = {
        .shared = "oqP",
        .place = "RUN/samples-N/samples, N the next free number",
        .missing = "name the folder of the run",
        .args_doc = "RUN [KEY=VALUE...]",
        .doc = "Draws samples of a finished run's energy: chains that begin where its "
               "sampler begins new ones. They follow from the seed: more samples do not "
               "change the first ones, and more steps go on with the same chains.\v"
               "Writes the numbers (tensor `samples' of a safetensors file) and, where "
               "records are images or points of the plane, a figure: PATH.safetensors "
               "and PATH.png. Values can be put in, such as sampler.sgld.step_size=0.5 "
               "or seed=3.",
        .own = options,
        .parse = parse,
    };
    arguments a = {.a.own = &a, .steps = 500, .count = 64};
    if (!gedi__arguments_read(&usage, c, &a.a))
        return GEDI__EXIT_FAILED;
    if (c->note && !a.a.quiet)
        gedi__say("%s", c->note);
    int code = sample(&a);
    gedi__arguments_clear(&a.a);
    return code;
}
