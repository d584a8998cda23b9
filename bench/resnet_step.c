/* resnet_step.c - times one step of a residual network in gedi, without data, sampler and optimizer:
 * what bench/resnet.py compares with PyTorch.
 *
 * usage: resnet_step MODEL train|sgld|product WIDTH BATCH STEPS THREADS
 * MODEL: resnet8, or resnet, which is ResNet-18. A step is the sum of squares of the output and its derivative, with respect to all weights
 * (train) or to the images (sgld). Steps of sgld come in chains of 20, as in the paper: one
 * step is a twentieth of a chain, whose first step makes the kernels ready for all. Prints
 * the milliseconds of each step as a JSON list. product: instead, that of two matrices
 * [2048, 2048], whatever MODEL, WIDTH and BATCH.
 */
#include "core/base/clock.h"
#include "core/exec/blas.h"
#include "core/exec/program.h"
#include "core/nn/build.h"
#include "core/plugin/option.h"
#include "gedi/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const gedi_model gedi_model_resnet8, gedi_model_resnet;

enum { MAX_PARAMS = 128, CHAIN = 20, SIDE = 2048 };

static double milliseconds(void)
{
    return 1e3 * gedi__seconds();
}

/* The plugin's struct, all options at their defaults but the width. */
static void *model_of_width(const gedi_model *model, int64_t width)
{
    const gedi_option *o = gedi__option_find(model->options, "width");
    char *self = calloc(1, model->self_size);
    if (self && !gedi__option_defaults(model->options, self, NULL))
        memcpy(self + o->offset, &width, sizeof width);
    return self;
}

static gedi_status compile_product(gedi_graph *g, int threads, gedi_node **x,
                                   gedi__program **p, gedi_err *err)
{
    *x = gedi_input(g, "x", GEDI_DIMS(SIDE, SIDE));
    gedi_node *y = gedi_matmul(*x, *x);
    return gedi__program_new(g, &y, 1, NULL, 0, threads, p, err);
}

static gedi_status compile(gedi_build *b, gedi__params *params, const gedi_model *model,
                           const void *self, int64_t batch, bool train, int threads,
                           gedi_node **x, gedi__program **p, gedi_err *err)
{
    gedi_node *wrt[MAX_PARAMS], *out[MAX_PARAMS];
    int n = 0, m;
    *x = gedi_input(b->g, "x", GEDI_DIMS(batch, 32, 32, 3));
    gedi_node *y = model->build(self, b, *x);
    gedi_node *cost = gedi_sum(gedi_square(y), GEDI_ALL_AXES);
    GEDI_TRY(gedi_graph_status(b->g, err));
    GEDI_TRY(gedi__params_freeze(params, 1, err));
    for (int i = 0; train && i < b->n; i++)
        if (b->used[i].param->trained)
            wrt[n++] = b->used[i].node;
    if (!train)
        wrt[n++] = *x;
    gedi_grad(cost, wrt, n, NULL, 0, out);
    GEDI_TRY(gedi_graph_status(b->g, err));
    gedi__binding *bind = gedi__build_bindings(b, 0, &m);
    if (!bind)
        return GEDI_FAIL(err, GEDI_NOMEM, "out of memory");
    gedi_status s = gedi__program_new(b->g, out, n, bind, m, threads, p, err);
    free(bind);
    return s;
}

static void run(gedi__program *p, const gedi_node *input, int steps, int chain)
{
    gedi_rng r = gedi_rng_at(1, GEDI_STREAM_DATA, 0, 0);
    float *x = gedi__program_input(p, input);
    for (int64_t i = 0; i < gedi_shape_size(gedi_node_shape(input)); i++)
        x[i] = 2.0f * gedi_rng_uniform(&r) - 1.0f;
    for (int i = 0; i <= steps; i++) {
        double t = milliseconds();
        for (int k = 0; k < chain; k++)
            gedi__program_repeat(p, k > 0);
        t = (milliseconds() - t) / chain;
        if (i) /* the first touches the memory */
            printf("%s%.2f%s", i == 1 ? "[" : ", ", t, i == steps ? "]\n" : "");
    }
}

int main(int argc, char **argv)
{
    char note[256];
    gedi__start_well(argv, note, sizeof note);
    if (argc != 7) {
        fprintf(stderr,
                "usage: resnet_step resnet8|resnet train|sgld|product WIDTH BATCH STEPS "
                "THREADS\n");
        return 2;
    }
    const gedi_model *model =
        strcmp(argv[1], "resnet") ? &gedi_model_resnet8 : &gedi_model_resnet;
    int64_t batch = strtol(argv[4], NULL, 10);
    bool train = !strcmp(argv[2], "train"), product = !strcmp(argv[2], "product");
    int steps = (int)strtol(argv[5], NULL, 10), threads = (int)strtol(argv[6], NULL, 10);
    gedi_err err = {0};
    gedi__params params = {0};
    gedi_build b;
    gedi__program *p = NULL;
    gedi_node *x;
    void *self = model_of_width(model, strtol(argv[3], NULL, 10));
    gedi__threads_set(threads);
    if (!self || gedi__build_first(&b, &params, train, &err) != GEDI_OK ||
        (product ? compile_product(b.g, threads, &x, &p, &err)
                 : compile(&b, &params, model, self, batch, train, threads, &x, &p,
                           &err)) != GEDI_OK) {
        fprintf(stderr, "resnet_step: %s\n", err.msg);
        return 1;
    }
    run(p, x, steps, train || product ? 1 : CHAIN);
    gedi__program_free(p);
    gedi__build_clear(&b);
    gedi__params_clear(&params);
    free(self);
    return 0;
}
