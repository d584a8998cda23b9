/* ranks.c - a batch split over the ranks of a run, and put together again.
 *
 * Attribute i of rank_rows and all_rows: how many ranks there are.
 */
#include "core/op/ranks.h"
#include "core/base/ranks.h"
#include "core/op/fold.h"

#include <string.h>

/* Fewer, or more, but each its own record's. */
static gedi__rows own_rows(const gedi_node *y, const gedi__rows *in)
{
    (void)y;
    return in[0];
}

static gedi_status rows_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    *out = y->in[0]->shape;
    if (out->rank < 1 || out->dim[0] % y->attr.i)
        return GEDI_FAIL(err, GEDI_SHAPE, "%lld rows are not shared evenly by %lld ranks",
                         out->rank < 1 ? 1LL : (long long)out->dim[0],
                         (long long)y->attr.i);
    out->dim[0] /= y->attr.i;
    return GEDI_OK;
}

/* Where it is an output of its own: else it is a piece of its input's memory. */
static void rows_eval(const gedi__step *s)
{
    int64_t n = gedi_shape_size(s->node->shape);
    memcpy(s->out, s->in[0] + gedi__ranks_of_run()->rank * n, (size_t)n * sizeof *s->out);
}

static bool rows_alias(const gedi_node *y, size_t *offset)
{
    *offset = (size_t)(gedi__ranks_of_run()->rank * gedi_shape_size(y->shape));
    return true;
}

static void rows_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    (void)y;
    gx[0] = gedi__all_rows(gy);
}

const gedi__op gedi__op_rank_rows = {
    .name = "rank_rows",
    .infer = rows_infer,
    .eval = rows_eval,
    .alias = rows_alias,
    .vjp = rows_vjp,
    .rows = own_rows,
};

static gedi_node *over_ranks(const gedi__op *op, gedi_node *x)
{
    gedi__attr at = {.i = gedi__ranks_of_run()->n};
    return x ? gedi__unary(op, x, &at) : NULL;
}

gedi_node *gedi__rank_rows(gedi_node *x)
{
    return over_ranks(&gedi__op_rank_rows, x);
}

static gedi_status all_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    *out = y->in[0]->shape;
    if (out->rank < 1)
        return GEDI_FAIL(err, GEDI_SHAPE, "a number has no rows");
    out->dim[0] *= y->attr.i;
    return GEDI_OK;
}

static void all_eval(const gedi__step *s)
{
    gedi__ranks_of_run()->gather(s->in[0], gedi_shape_size(s->node->in[0]->shape),
                                 s->out);
}

static void all_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    (void)y;
    gx[0] = gedi__rank_rows(gy);
}

const gedi__op gedi__op_all_rows = {
    .name = "all_rows",
    .infer = all_infer,
    .eval = all_eval,
    .vjp = all_vjp,
    .rows = own_rows,
};

gedi_node *gedi__all_rows(gedi_node *x)
{
    return over_ranks(&gedi__op_all_rows, x);
}

static gedi_status same_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    (void)err;
    *out = y->in[0]->shape;
    return GEDI_OK;
}

static void sum_eval(const gedi__step *s)
{
    gedi__ranks_of_run()->sum(s->in[0], gedi_shape_size(s->node->shape), s->out);
}

/* Gradients, for the most part: the way back goes on while they are summed. */
static void sum_begin(const gedi__step *s)
{
    gedi__ranks_of_run()->begin_sum(s->in[0], gedi_shape_size(s->node->shape), s->out);
}

static void sum_finish(const gedi__step *s)
{
    (void)s;
    gedi__ranks_of_run()->settle();
}

static void sum_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    (void)y;
    gx[0] = gedi__rank_copy(gy);
}

const gedi__op gedi__op_rank_sum = {
    .name = "rank_sum",
    .traits = GEDI__WHOLE,
    .infer = same_infer,
    .eval = sum_eval,
    .begin = sum_begin,
    .finish = sum_finish,
    .vjp = sum_vjp,
};

gedi_node *gedi__rank_sum(gedi_node *x)
{
    return over_ranks(&gedi__op_rank_sum, x);
}

static void copy_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    (void)y;
    gx[0] = gedi__rank_sum(gy);
}

const gedi__op gedi__op_rank_copy = {
    .name = "rank_copy",
    .traits = GEDI__ALIAS,
    .infer = same_infer,
    .vjp = copy_vjp,
    .rows = gedi__same_rows,
};

gedi_node *gedi__rank_copy(gedi_node *x)
{
    return over_ranks(&gedi__op_rank_copy, x);
}
