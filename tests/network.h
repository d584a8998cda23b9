/* network.h - a graph with parameters, put together, filled and computed in a test. */
#ifndef GEDI_TESTS_NETWORK_H
#define GEDI_TESTS_NETWORK_H

#include "core/nn/build.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct network {
    gedi__params params;
    gedi_build build;
    gedi__program *program;
} network;

static inline void network_init(network *n, bool training)
{
    gedi_err err = {0};
    memset(n, 0, sizeof *n);
    ck_assert_msg(gedi__build_first(&n->build, &n->params, training, &err) == GEDI_OK,
                  "%s", err.msg);
}

/* Builds once more over the same parameters, for example to evaluate. */
static inline void network_again(network *n, bool training)
{
    gedi_err err = {0};
    gedi__program_free(n->program);
    gedi__build_clear(&n->build);
    n->program = NULL;
    ck_assert_msg(gedi__build_first(&n->build, &n->params, training, &err) == GEDI_OK,
                  "%s", err.msg);
}

static inline void network_clear(network *n)
{
    gedi__program_free(n->program);
    gedi__build_clear(&n->build);
    gedi__params_clear(&n->params);
}

static inline gedi_node *network_input(network *n, gedi_shape s)
{
    return gedi_input(n->build.g, "x", s);
}

static inline void network_is_legal(const network *n)
{
    gedi_err err = {0};
    ck_assert_msg(gedi_graph_status(n->build.g, &err) == GEDI_OK, "%s", err.msg);
}

static inline void network_freeze(network *n, uint64_t seed)
{
    gedi_err err = {0};
    network_is_legal(n);
    ck_assert_msg(gedi__params_freeze(&n->params, seed, &err) == GEDI_OK, "%s", err.msg);
    gedi__params_start_averages(&n->params, NULL);
}

/* A program of these outputs; parameters are frozen first where they are not. */
static inline void network_compile(network *n, gedi_node *const *output, int outputs)
{
    gedi_err err = {0};
    int m = 0;
    if (!n->params.frozen)
        network_freeze(n, 1);
    gedi__binding *bind = gedi__build_bindings(&n->build, 0, &m);
    ck_assert_ptr_nonnull(bind);
    gedi_status s =
        gedi__program_new(n->build.g, output, outputs, bind, m, 2, &n->program, &err);
    free(bind);
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
}

/* Numbers into an input; one that no output needs is left alone. */
static inline void network_set(network *n, const gedi_node *input, const float *x)
{
    float *to = gedi__program_input(n->program, input);
    if (to)
        memcpy(to, x, (size_t)gedi_shape_size(gedi_node_shape(input)) * sizeof *to);
}

static inline const gedi__param *network_param(const network *n, const char *name)
{
    for (int i = 0; i < n->params.n; i++)
        if (!strcmp(n->params.param[i]->name, name))
            return n->params.param[i];
    ck_abort_msg("there is no parameter %s", name);
    return NULL;
}

static inline float *network_data(network *n, const char *name)
{
    return gedi__param_data(&n->params, network_param(n, name));
}

/* The leaf of a parameter in the present graph. */
static inline gedi_node *network_leaf(const network *n, const char *name)
{
    const gedi__param *p = network_param(n, name);
    for (int i = 0; i < n->build.n; i++)
        if (n->build.used[i].param == p)
            return n->build.used[i].node;
    ck_abort_msg("parameter %s is not used", name);
    return NULL;
}

/* What a state becomes; NULL where it stays. */
static inline gedi_node *network_pending(const network *n, const char *name)
{
    const gedi__param *p = network_param(n, name);
    for (int i = 0; i < n->build.n; i++)
        if (n->build.used[i].param == p)
            return n->build.used[i].pending;
    return NULL;
}

/* The numbers of fixture/rows.py, times `scale`. */
static inline void network_numbers(float *x, int64_t n, int64_t salt, double scale)
{
    int64_t state = 1000 + salt;
    for (int64_t i = 0; i < n; i++) {
        state = (state * 1103515245 + 12345) % (INT64_C(1) << 31);
        x[i] = (float)(scale * ((double)((state >> 16) % 61) - 30) / 16);
    }
}

/* These numbers into an input, or into a parameter. */
static inline void network_set_numbers(network *n, const gedi_node *input, int64_t salt,
                                       double scale)
{
    int64_t size = gedi_shape_size(gedi_node_shape(input));
    float *x = calloc((size_t)size, sizeof *x);
    ck_assert_ptr_nonnull(x);
    network_numbers(x, size, salt, scale);
    network_set(n, input, x);
    free(x);
}

static inline void network_param_numbers(network *n, const char *name, int64_t salt,
                                         double scale)
{
    network_numbers(network_data(n, name), network_param(n, name)->size, salt, scale);
}

#endif
