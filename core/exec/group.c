/* group.c - several elementwise operations computed in one pass over memory.
 *
 * A group is worked on block by block: intermediate results live in scratch that stays in
 * the first-level cache, so a chain of operations costs one read and one write of memory.
 */
#include "core/exec/group.h"
#include "core/base/loop.h"
#include "core/graph/operation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fewer numbers are not worth waking threads: those of a small network stay on one. */
enum { PARALLEL = 1 << 18 };

/* ---- which nodes go together ---- */

typedef struct assign {
    const gedi_graph *g;
    int *group;
    int *members; /* by root */
    int *inputs;  /* by root: operands at most */
} assign;

static bool elementwise(const gedi_node *x)
{
    return (x->op->traits & GEDI__ELEMENTWISE) != 0;
}

/* Where a needed user of a node runs: at its group's last node. */
static int runs_at(const assign *a, int id)
{
    return a->group[id] >= 0 ? a->group[id] : id;
}

/* A node may join the group of its nearest user if the shapes agree and every other user
 * runs after that group: then computing the node late is not too late for anybody. */
static int joins(const assign *a, const gedi_node *x, const int *user, int users)
{
    int root = -1;
    for (int i = 0; i < users; i++) {
        int at = runs_at(a, user[i]);
        if (root < 0 || at < root)
            root = at;
    }
    if (root < 0 || a->group[root] != root)
        return -1;
    if (!gedi_shape_equal(a->g->node[root]->shape, x->shape))
        return -1;
    if (a->members[root] >= GEDI__GROUP_NODES ||
        a->inputs[root] + x->n_in > GEDI__GROUP_OPERANDS)
        return -1;
    return root;
}

gedi_status gedi__group_assign(const gedi_graph *g, const bool *need, int *group,
                               gedi_err *err)
{
    size_t n = (size_t)g->count + 1;
    /* Users of each node as linked lists through the edges. */
    int *head = malloc(n * sizeof *head), *members = calloc(n, sizeof *members);
    int *inputs = calloc(n, sizeof *inputs),
        *user = malloc(n * GEDI_MAX_INPUTS * sizeof *user);
    int *next = malloc(n * GEDI_MAX_INPUTS * sizeof *next);
    assign a = {.g = g, .group = group, .members = members, .inputs = inputs};
    gedi_status s = GEDI_OK;
    if (!head || !members || !inputs || !user || !next) {
        s = gedi_no_memory(err, "compiling a graph");
        goto done;
    }
    memset(head, -1, n * sizeof *head);
    for (int id = 0; id < g->count; id++) {
        group[id] = -1;
        for (int i = 0; need[id] && i < g->node[id]->n_in; i++) {
            int edge = id * GEDI_MAX_INPUTS + i, from = g->node[id]->in[i]->id;
            next[edge] = head[from];
            head[from] = edge;
        }
    }
    for (int id = g->count - 1; id >= 0; id--) {
        const gedi_node *x = g->node[id];
        if (!need[id] || !elementwise(x))
            continue;
        int users = 0;
        for (int e = head[id]; e >= 0; e = next[e])
            user[users++] = e / GEDI_MAX_INPUTS;
        int root = joins(&a, x, user, users);
        if (root < 0)
            root = id;
        group[id] = root;
        members[root]++;
        inputs[root] += x->n_in;
    }
done:
    free(head);
    free(members);
    free(inputs);
    free(user);
    free(next);
    return s;
}

/* ---- the group's little program ---- */

/* The axes that are not broadcast form two runs, of `count` and of `inner` numbers; between
 * them lie axes that are. */
static bool find_middle(gedi__operand *o, gedi_shape to)
{
    const gedi_shape from = o->node->shape;
    int lead = to.rank - from.rank, i = to.rank - 1;
    int64_t middle = 1;
    o->count = o->inner = 1;
    for (; i >= lead && from.dim[i - lead] == to.dim[i]; i--)
        o->inner *= to.dim[i];
    for (; i >= lead && from.dim[i - lead] == 1; i--)
        middle *= to.dim[i];
    for (; i >= lead && from.dim[i - lead] == to.dim[i]; i--)
        o->count *= to.dim[i];
    o->period = middle * o->inner;
    return o->count * o->inner == gedi_shape_size(from);
}

static void find_spread(gedi__operand *o, gedi_shape to)
{
    gedi_shape from = o->node->shape;
    int64_t size = gedi_shape_size(from), all = gedi_shape_size(to);
    int lead = to.rank - from.rank;
    int64_t stride = 1, suffix = 1, prefix = 1;
    for (int i = to.rank - 1; i >= 0; i--) {
        int64_t d = i < lead ? 1 : from.dim[i - lead];
        o->stride[i] = d == 1 ? 0 : stride;
        stride *= d;
    }
    int i = to.rank - 1;
    while (i >= lead && from.dim[i - lead] == to.dim[i])
        suffix *= to.dim[i--];
    i = 0;
    while (i < to.rank && (i < lead ? 1 : from.dim[i - lead]) == to.dim[i])
        prefix *= to.dim[i++];
    if (size == all)
        o->spread = GEDI__FULL;
    else if (size == 1)
        o->spread = GEDI__SCALAR;
    else if (size == suffix)
        o->spread = GEDI__SUFFIX, o->period = suffix;
    else if (size == prefix)
        o->spread = GEDI__PREFIX, o->period = all / prefix;
    else if (find_middle(o, to))
        o->spread = GEDI__MIDDLE;
    else
        o->spread = GEDI__STRIDED;
}

static int operand_of(gedi__group *out, const gedi_node *x)
{
    for (int i = 0; i < out->operands; i++)
        if (out->operand[i].node == x)
            return ~i;
    GEDI_ASSERT(out->operands < GEDI__GROUP_OPERANDS);
    gedi__operand *o = &out->operand[out->operands];
    *o = (gedi__operand){.node = x};
    find_spread(o, out->shape);
    if (x->op->traits & GEDI__UNIFORM) {
        o->spread = GEDI__SCALAR;
        o->value = x->attr.a;
    }
    return ~out->operands++;
}

static int source_of(gedi__group *out, const int *group, int root, const gedi_node *x)
{
    if (group[x->id] == root)
        for (int i = 0; i < out->instructions; i++)
            if (out->instruction[i].node == x)
                return i;
    return operand_of(out, x);
}

/* Gives scratch blocks to results, each free again after its last reader. */
static void assign_slots(gedi__group *g)
{
    int last[GEDI__GROUP_NODES] = {0};
    bool used[GEDI__GROUP_NODES] = {0};
    for (int i = 0; i < g->instructions; i++) {
        gedi__instruction *in = &g->instruction[i];
        if (in->a >= 0)
            last[in->a] = i;
        if (in->node->n_in == 2 && in->b >= 0)
            last[in->b] = i;
    }
    for (int i = 0; i < g->instructions; i++) {
        gedi__instruction *in = &g->instruction[i];
        if (!in->stored) {
            while (used[in->slot])
                in->slot++;
            used[in->slot] = true;
            if (in->slot >= g->slots)
                g->slots = in->slot + 1;
        }
        for (int j = 0; j < i; j++)
            if (last[j] == i && !g->instruction[j].stored)
                used[g->instruction[j].slot] = false;
    }
}

void gedi__group_make(gedi__group *out, const gedi_graph *g, const int *group,
                      const bool *stored, int root)
{
    memset(out, 0, sizeof *out);
    out->shape = g->node[root]->shape;
    out->size = gedi_shape_size(out->shape);
    for (int id = 0; id <= root; id++) {
        if (group[id] != root)
            continue;
        const gedi_node *x = g->node[id];
        gedi__instruction in = {.node = x, .stored = stored[id]};
        in.a = source_of(out, group, root, x->in[0]);
        in.b = x->n_in == 2 ? source_of(out, group, root, x->in[1]) : 0;
        GEDI_ASSERT(out->instructions < GEDI__GROUP_NODES);
        out->instruction[out->instructions++] = in;
    }
    assign_slots(out);
}

/* ---- running it ---- */

size_t gedi__group_scratch(void)
{
    return (size_t)(GEDI__GROUP_NODES + GEDI__GROUP_OPERANDS) * GEDI__GROUP_BLOCK;
}

static void fill(float *x, float v, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        x[i] = v;
}

static void gather_suffix(const gedi__operand *o, int64_t first, int64_t n, float *to)
{
    int64_t at = first % o->period;
    while (n > 0) {
        int64_t run = o->period - at < n ? o->period - at : n;
        memcpy(to, o->data + at, (size_t)run * sizeof *to);
        to += run;
        n -= run;
        at = 0;
    }
}

/* Rows of two numbers, as of a network with two outputs. */
GEDI__CLONES static void fill_pairs(const float *x, int64_t pairs, float *to)
{
#pragma omp simd
    for (int64_t i = 0; i < pairs; i++)
        to[2 * i] = to[2 * i + 1] = x[i];
}

static void gather_prefix(const gedi__operand *o, int64_t first, int64_t n, float *to)
{
    if (o->period == 2 && first % 2 == 0 && n % 2 == 0) {
        fill_pairs(o->data + first / 2, n / 2, to);
        return;
    }
    int64_t row = first / o->period, left = o->period - first % o->period;
    while (n > 0) {
        int64_t run = left < n ? left : n;
        fill(to, o->data[row++], run);
        to += run;
        n -= run;
        left = o->period;
    }
}

static void gather_middle(const gedi__operand *o, int64_t first, int64_t n, float *to)
{
    int64_t row = first / o->inner, at = first % o->inner, rows = o->period / o->inner;
    int64_t repeat = row % rows, from = row / rows % o->count;
    while (n > 0) {
        int64_t run = o->inner - at < n ? o->inner - at : n;
        memcpy(to, o->data + from * o->inner + at, (size_t)run * sizeof *to);
        to += run;
        n -= run;
        at = 0;
        if (++repeat == rows) {
            repeat = 0;
            from = from + 1 < o->count ? from + 1 : 0;
        }
    }
}

static void gather_strided(const gedi__operand *o, gedi_shape s, int64_t first, int64_t n,
                           float *to)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t at = 0, rest = first + i;
        for (int d = s.rank - 1; d >= 0; d--) {
            at += rest % s.dim[d] * o->stride[d];
            rest /= s.dim[d];
        }
        to[i] = o->data[at];
    }
}

/* Does the operand's block hold the same numbers whatever its position? Then it is
 * gathered once a thread. Blocks begin at multiples of `block`, so a period that divides
 * it repeats. */
static bool constant_block(const gedi__operand *o, int64_t block)
{
    return o->spread == GEDI__SCALAR ||
           (o->spread == GEDI__SUFFIX && block % o->period == 0);
}

static void gather(const gedi__operand *o, gedi_shape s, int64_t first, int64_t n,
                   float *to)
{
    switch (o->spread) {
    case GEDI__FULL:
        break;
    case GEDI__SCALAR:
        fill(to, o->data ? o->data[0] : (float)o->value, n);
        break;
    case GEDI__SUFFIX:
        gather_suffix(o, first, n, to);
        break;
    case GEDI__PREFIX:
        gather_prefix(o, first, n, to);
        break;
    case GEDI__MIDDLE:
        gather_middle(o, first, n, to);
        break;
    case GEDI__STRIDED:
        gather_strided(o, s, first, n, to);
        break;
    }
}

static int64_t block_size(const gedi__group *g)
{
    for (int i = 0; i < g->operands; i++)
        if (g->operand[i].spread == GEDI__SUFFIX &&
            g->operand[i].period < GEDI__GROUP_BLOCK)
            return GEDI__GROUP_BLOCK / g->operand[i].period * g->operand[i].period;
    return GEDI__GROUP_BLOCK;
}

static void look(const gedi_node *x, int64_t first, int64_t n, const float *y,
                 gedi__nonfinite *seen)
{
    for (int64_t i = 0; i < n && !seen->node; i++)
        if (!isfinite(y[i]))
            *seen = (gedi__nonfinite){x, first + i, y[i]};
}

/* All instructions on one block; `seen` may be NULL. */
static void run_block(const gedi__group *g, const float *const *operand, int64_t first,
                      int64_t n, float *slot, gedi__nonfinite *seen)
{
    const float *result[GEDI__GROUP_NODES];
    for (int i = 0; i < g->instructions; i++) {
        const gedi__instruction *in = &g->instruction[i];
        float *y = in->stored ? in->out + first : slot + in->slot * GEDI__GROUP_BLOCK;
        const float *a = in->a >= 0 ? result[in->a] : operand[~in->a];
        const float *b = in->node->n_in < 2 ? NULL
                         : in->b >= 0       ? result[in->b]
                                            : operand[~in->b];
        in->node->op->map(&in->node->attr, n, a, b, y);
        result[i] = y;
        if (seen)
            look(in->node, first, n, y, seen);
    }
}

static void run_blocks(const gedi__group *g, int64_t block, int64_t from, int64_t to,
                       float *scratch, gedi__nonfinite *seen)
{
    float *slot = scratch + GEDI__GROUP_OPERANDS * GEDI__GROUP_BLOCK;
    const float *operand[GEDI__GROUP_OPERANDS];
    for (int i = 0; i < g->operands; i++) {
        float *own = scratch + i * GEDI__GROUP_BLOCK;
        operand[i] = own;
        if (constant_block(&g->operand[i], block))
            gather(&g->operand[i], g->shape, 0, g->size < block ? g->size : block, own);
    }
    for (int64_t first = from; first < to; first += block) {
        int64_t n = to - first < block ? to - first : block;
        for (int i = 0; i < g->operands; i++) {
            const gedi__operand *o = &g->operand[i];
            if (o->spread == GEDI__FULL)
                operand[i] = o->data + first;
            else if (!constant_block(o, block))
                gather(o, g->shape, first, n, scratch + i * GEDI__GROUP_BLOCK);
        }
        run_block(g, operand, first, n, slot, seen);
    }
}

void gedi__group_run(const gedi__group *g, int threads, float *scratch)
{
    int64_t block = block_size(g), blocks = (g->size + block - 1) / block;
    if (threads <= 1 || g->size < PARALLEL) {
        run_blocks(g, block, 0, g->size, scratch, NULL);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int t = 0; t < threads; t++) {
        int64_t from = blocks * t / threads * block,
                to = blocks * (t + 1) / threads * block;
        run_blocks(g, block, from, to < g->size ? to : g->size,
                   scratch + (size_t)t * gedi__group_scratch(), NULL);
    }
}

void gedi__group_run_watched(const gedi__group *g, float *scratch, gedi__nonfinite *seen)
{
    *seen = (gedi__nonfinite){.node = NULL};
    run_blocks(g, block_size(g), 0, g->size, scratch, seen);
}
