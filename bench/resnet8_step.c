/* resnet8_step.c - times one step of resnet8 in gedi, without data, sampler and optimizer:
 * what bench/resnet8.py compares with PyTorch.
 *
 * usage: resnet8_step train|sgld|product WIDTH BATCH STEPS THREADS
 * A step is the sum of squares of the output and its derivative, with respect to all weights
 * (train) or to the images (sgld). Steps of sgld come in chains of 20, as in the paper: one
 * step is a twentieth of a chain, whose first step makes the kernels ready for all. Prints
 * the milliseconds of each step as a JSON list. product: instead, that of two matrices
 * [2048, 2048], whatever WIDTH and BATCH.
 */
#include "core/base/clock.h"
#include "core/exec/blas.h"
#include "core/exec/program.h"
#include "core/nn/build.h"
#include "gedi/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const gedi_model gedi_model_resnet8;

enum { MAX_PARAMS = 32, CHAIN = 20, SIDE = 2048 };

static double milliseconds(void)
{
    return 1e3 * gedi__seconds();
}

/* The plugin's struct as its options say, all at their defaults but the first. */
static void *model_of_width(int64_t width)
{
    const gedi_option *o = gedi_model_resnet8.options;
    char *self = calloc(1, gedi_model_resnet8.self_size);
    for (; self && o->key; o++) {
        int64_t integer = strcmp(o->key, "width") ? o->integer : width;
        if (o->type == GEDI_TYPE_REAL)
            memcpy(self + o->offset, &o->real, sizeof o->real);
        else
            memcpy(self + o->offset, &integer, sizeof integer);
    }
    return self;
}

static gedi_status compile_product(gedi_graph *g, int threads, gedi_node **x,
                                   gedi__program **p, gedi_err *err)
{
    *x = gedi_input(g, "x", GEDI_DIMS(SIDE, SIDE));
    gedi_node *y = gedi_matmul(*x, *x);
    return gedi__program_new(g, &y, 1, NULL, 0, threads, p, err);
}

static gedi_status compile(gedi_build *b, gedi__params *params, const void *model,
                           int64_t batch, bool train, int threads, gedi_node **x,
                           gedi__program **p, gedi_err *err)
{
    gedi_node *wrt[MAX_PARAMS], *out[MAX_PARAMS];
    int n = 0, m;
    *x = gedi_input(b->g, "x", GEDI_DIMS(batch, 32, 32, 3));
    gedi_node *y = gedi_model_resnet8.build(model, b, *x);
    gedi_node *cost = gedi_sum(gedi_square(y), GEDI_ALL_AXES);
    GEDI_TRY(gedi_graph_status(b->g, err));
    GEDI_TRY(gedi__params_freeze(params, 1, err));
    for (int i = 0; train && i < b->n; i++)
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
    if (argc != 6) {
        fprintf(stderr,
                "usage: resnet8_step train|sgld|product WIDTH BATCH STEPS THREADS\n");
        return 2;
    }
    int64_t batch = strtol(argv[3], NULL, 10);
    bool train = !strcmp(argv[1], "train"), product = !strcmp(argv[1], "product");
    int steps = (int)strtol(argv[4], NULL, 10), threads = (int)strtol(argv[5], NULL, 10);
    gedi_err err = {0};
    gedi__params params = {0};
    gedi_build b;
    gedi__program *p = NULL;
    gedi_node *x;
    void *model = model_of_width(strtol(argv[2], NULL, 10));
    gedi__threads_set(threads);
    if (!model || gedi__build_first(&b, &params, train, &err) != GEDI_OK ||
        (product ? compile_product(b.g, threads, &x, &p, &err)
                 : compile(&b, &params, model, batch, train, threads, &x, &p, &err)) !=
            GEDI_OK) {
        fprintf(stderr, "resnet8_step: %s\n", err.msg);
        return 1;
    }
    run(p, x, steps, train || product ? 1 : CHAIN);
    gedi__program_free(p);
    gedi__build_clear(&b);
    gedi__params_clear(&params);
    free(model);
    return 0;
}
