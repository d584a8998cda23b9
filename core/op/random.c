/* random.c - fresh random numbers at every run of a program.
 *
 * Attribute i counts the random nodes of the graph, so that each has a sequence of its
 * own, and what else the graph computes does not change it. The numbers are those of
 * gedi_rng_fill_*(gedi_rng_at(seed, stream, tick, i)), whatever the number of threads.
 */
#include "core/op/op.h"
#include "core/base/loop.h"

/* Numbers per piece of work: 4 words come from one position of the counter, a normal
 * takes one word and is made in pairs. */
enum { PIECE = 8192 };

static void fill(const gedi__step *s, void (*piece)(gedi_rng *, float *, int64_t))
{
    int64_t n = gedi_shape_size(s->node->shape), pieces = (n + PIECE - 1) / PIECE;
    GEDI__PARALLEL_FOR(n >= GEDI__PARALLEL_MIN ? s->threads : 1, p, pieces, {
        gedi_rng r = gedi_rng_at(s->seed, s->stream, s->tick, (uint32_t)s->node->attr.i);
        r.counter[0] = (uint32_t)(p * (PIECE / 4));
        piece(&r, s->out + p * PIECE, gedi__min64(PIECE, n - p * PIECE));
    });
}

static gedi_node *random_node(gedi_graph *g, const gedi__op *op, gedi_shape s)
{
    if (!g)
        return NULL;
    gedi__attr at = {0};
    for (int i = 0; i < g->count; i++)
        at.i += (g->node[i]->op->traits & GEDI__RANDOM) != 0;
    return gedi__node(g, op, NULL, 0, &at, &s);
}

static void normal_eval(const gedi__step *s)
{
    fill(s, gedi_rng_fill_normal);
}

const gedi__op gedi__op_random_normal = {
    .name = "random_normal",
    .traits = GEDI__LEAF | GEDI__RANDOM,
    .eval = normal_eval,
    .why = "it has no inputs",
};

gedi_node *gedi_random_normal(gedi_graph *g, gedi_shape s)
{
    return random_node(g, &gedi__op_random_normal, s);
}

static void uniform_eval(const gedi__step *s)
{
    fill(s, gedi_rng_fill_uniform);
}

const gedi__op gedi__op_random_uniform = {
    .name = "random_uniform",
    .traits = GEDI__LEAF | GEDI__RANDOM,
    .eval = uniform_eval,
    .why = "it has no inputs",
};

gedi_node *gedi_random_uniform(gedi_graph *g, gedi_shape s)
{
    return random_node(g, &gedi__op_random_uniform, s);
}
