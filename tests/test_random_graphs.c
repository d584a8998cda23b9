/* test_random_graphs.c - programs of random graphs against a naive evaluation in double:
 * elementwise groups with every kind of broadcasting, shared nodes, memory that several
 * nodes see, bound inputs and outputs, inputs that stand, any number of threads.
 *
 * Every operation maps [-1, 1] into itself, so that errors do not grow with depth.
 */
#include "core/exec/program.h"
#include "core/op/op.h"
#include "tests/testing.h"

#include <check.h>
#include <stdio.h>

enum { VALUES = 48, OUTPUTS = 6, CANARIES = 16, MAX_INPUT_VALUES = 12 };

/* A node, and the numbers it must have. */
typedef struct value {
    gedi_node *node;
    gedi_shape shape;
    int64_t size;
    double *x;
    bool is_input, stands;
    float *data;  /* of an input */
    float *bound; /* an input's memory outside the program, or NULL */
} value;

typedef struct world {
    gedi_rng r;
    gedi_graph *g;
    gedi_shape base; /* most nodes have it, or broadcast to it */
    int n;
    value v[VALUES];
    int outputs, out[OUTPUTS]; /* indices into v; the same one may come twice */
    float *bound[OUTPUTS];     /* an output's memory between canaries, or NULL */
} world;

static int below(world *w, int n)
{
    return (int)gedi_rng_below(&w->r, (uint64_t)n);
}

static double real(world *w, double lo, double hi)
{
    return lo + (hi - lo) * (double)gedi_rng_uniform(&w->r);
}

static void *numbers(int64_t n, size_t each)
{
    void *p = malloc((size_t)n * each + 1);
    ck_assert_ptr_nonnull(p);
    return p;
}

/* ---- values ---- */

static value *add_value(world *w, gedi_node *node, gedi_shape s)
{
    gedi_err err = {0};
    ck_assert_msg(node && gedi_graph_status(w->g, &err) == GEDI_OK, "%s", err.msg);
    ck_assert(gedi_shape_equal(gedi_node_shape(node), s));
    ck_assert_int_lt(w->n, VALUES);
    value *v = &w->v[w->n++];
    *v = (value){.node = node, .shape = s, .size = gedi_shape_size(s)};
    v->x = numbers(v->size, sizeof *v->x);
    return v;
}

static void add_input(world *w, gedi_shape s, bool with_nan)
{
    value *v = add_value(w, gedi_input(w->g, "x", s), s);
    v->is_input = true;
    v->data = numbers(v->size, sizeof *v->data);
    for (int64_t i = 0; i < v->size; i++)
        v->data[i] = (float)real(w, -1, 1);
    if (with_nan)
        v->data[gedi_rng_below(&w->r, (uint64_t)v->size)] = NAN;
    if (below(w, 2))
        v->bound = numbers(v->size, sizeof *v->bound);
    v->stands = below(w, 2);
    if (v->stands)
        gedi__input_stand(v->node);
    for (int64_t i = 0; i < v->size; i++)
        v->x[i] = (double)v->data[i];
}

static void add_constant(world *w, gedi_shape s)
{
    float c = (float)real(w, -1, 1);
    value *v = add_value(w, gedi_constant(w->g, (double)c, s), s);
    for (int64_t i = 0; i < v->size; i++)
        v->x[i] = (double)c;
}

/* Index into `v` of element `i` of the shape `to` that v broadcasts to. */
static int64_t source(const value *v, gedi_shape to, int64_t i)
{
    int64_t at = 0, stride = 1;
    for (int d = to.rank - 1, e = v->shape.rank - 1; e >= 0; d--, e--) {
        if (v->shape.dim[e] > 1)
            at += i % to.dim[d] * stride;
        stride *= v->shape.dim[e];
        i /= to.dim[d];
    }
    return at;
}

/* The base with some axes of one entry, or its first axes left out. */
static gedi_shape narrower(world *w)
{
    gedi_shape s = w->base;
    int drop = below(w, 3) ? 0 : below(w, s.rank + 1);
    for (int i = 0; i < s.rank; i++)
        if (!below(w, 2))
            s.dim[i] = 1;
    s.rank -= drop;
    for (int i = 0; i < GEDI_MAX_RANK; i++)
        s.dim[i] = i < s.rank ? s.dim[i + drop] : 0;
    return s;
}

/* ---- operations, side by side with what they mean ---- */

#define UNARY(name, node, number)                                                        \
    static gedi_node *name##_node(gedi_node *x)                                          \
    {                                                                                    \
        return node;                                                                     \
    }                                                                                    \
    static double name##_number(double x)                                                \
    {                                                                                    \
        return number;                                                                   \
    }
UNARY(tanh, gedi_tanh(x), tanh(x))
UNARY(sigmoid, gedi_sigmoid(x), 1 / (1 + exp(-x)))
UNARY(square, gedi_square(x), x *x)
UNARY(relu, gedi_relu(x), x <= 0 ? 0 : x)
UNARY(leaky_relu, gedi_leaky_relu(x, 0.25), x <= 0 ? 0.25 * x : x)
UNARY(abs, gedi_abs(x), x <= 0 ? -x : x)
UNARY(affine, gedi_affine(x, -0.75, 0.25), -0.75 * x + 0.25)
UNARY(exp, gedi_scale(gedi_exp(x), 0.36), 0.36 * exp(x))
UNARY(log, gedi_scale(gedi_log(gedi_affine(x, 1, 2)), 0.9), 0.9 * log(x + 2))
UNARY(sqrt, gedi_scale(gedi_sqrt(gedi_affine(x, 1, 1.5)), 0.6), 0.6 * sqrt(x + 1.5))
UNARY(reciprocal, gedi_reciprocal(gedi_affine(x, 1, 2)), 1 / (x + 2))
UNARY(softplus, gedi_scale(gedi_softplus(x), 0.7), 0.7 * log1p(exp(x)))
UNARY(stop_gradient, gedi_stop_gradient(x), x)

#define ENTRY(name)                                                                      \
    {                                                                                    \
        name##_node, name##_number                                                       \
    }
static const struct {
    gedi_node *(*node)(gedi_node *);
    double (*number)(double);
} unary[] = {
    ENTRY(tanh),          ENTRY(sigmoid), ENTRY(square),     ENTRY(relu),
    ENTRY(leaky_relu),    ENTRY(abs),     ENTRY(affine),     ENTRY(exp),
    ENTRY(log),           ENTRY(sqrt),    ENTRY(reciprocal), ENTRY(softplus),
    ENTRY(stop_gradient),
};

static void add_unary(world *w, int from)
{
    int kind = below(w, sizeof unary / sizeof *unary);
    value *v = add_value(w, unary[kind].node(w->v[from].node), w->v[from].shape);
    for (int64_t i = 0; i < v->size; i++)
        v->x[i] = unary[kind].number(w->v[from].x[i]);
}

#define BINARY(name, node, number)                                                       \
    static gedi_node *name##_node(gedi_node *a, gedi_node *b)                            \
    {                                                                                    \
        return node;                                                                     \
    }                                                                                    \
    static double name##_number(double a, double b)                                      \
    {                                                                                    \
        return number;                                                                   \
    }
BINARY(add, gedi_scale(gedi_add(a, b), 0.5), 0.5 * (a + b))
BINARY(sub, gedi_scale(gedi_sub(a, b), 0.5), 0.5 * (a - b))
BINARY(mul, gedi_mul(a, b), a *b)
BINARY(div, gedi_div(a, gedi_affine(b, 1, 3)), a / (b + 3))
BINARY(maximum, gedi_maximum(a, b), a > b || isnan(a) ? a : b)
BINARY(greater, gedi_greater(a, b), a > b)

/* `greater` is last: of numbers that are rounded it may come out otherwise, so it is only
 * for inputs. */
static const struct {
    gedi_node *(*node)(gedi_node *, gedi_node *);
    double (*number)(double, double);
} binary[] = {ENTRY(add), ENTRY(sub),     ENTRY(mul),
              ENTRY(div), ENTRY(maximum), ENTRY(greater)};

/* False where the shapes do not fit. */
static bool add_binary(world *w, int ia, int ib)
{
    const value *a = &w->v[ia], *b = &w->v[ib];
    int ra = a->shape.rank, rb = b->shape.rank;
    gedi_shape s = {.rank = ra > rb ? ra : rb};
    for (int i = 1; i <= s.rank; i++) {
        int64_t da = i <= ra ? a->shape.dim[ra - i] : 1;
        int64_t db = i <= rb ? b->shape.dim[rb - i] : 1;
        if (da != db && da != 1 && db != 1)
            return false;
        s.dim[s.rank - i] = da > db ? da : db;
    }
    if (gedi_shape_size(s) > 4 * gedi_shape_size(w->base))
        return false;
    int kinds = sizeof binary / sizeof *binary;
    int kind = below(w, a->is_input && b->is_input ? kinds : kinds - 1);
    value *v = add_value(w, binary[kind].node(a->node, b->node), s);
    for (int64_t i = 0; i < v->size; i++)
        v->x[i] = binary[kind].number(a->x[source(a, s, i)], b->x[source(b, s, i)]);
    return true;
}

/* A part of the numbers of `from`, in the same memory, in a shape that broadcasts to the
 * base; false where there are not enough. */
static bool add_window(world *w, int from)
{
    const value *of = &w->v[from];
    gedi_shape s = below(w, 3) ? narrower(w) : w->base;
    int64_t count = gedi_shape_size(s);
    if (of->size < count)
        return false;
    int64_t first = (int64_t)gedi_rng_below(&w->r, (uint64_t)(of->size - count + 1));
    gedi_node *flat = gedi_reshape(of->node, GEDI_DIMS(of->size));
    value *v = add_value(w, gedi_reshape(gedi_slice(flat, 0, first, count), s), s);
    memcpy(v->x, of->x + first, (size_t)count * sizeof *v->x);
    return true;
}

static void add_reshaped(world *w, int from)
{
    const value *of = &w->v[from];
    gedi_shape s = GEDI_DIMS(of->size);
    if (of->size == gedi_shape_size(w->base) && below(w, 2))
        s = w->base;
    else if (below(w, 2))
        s = GEDI_DIMS(1, of->size);
    value *v = add_value(w, gedi_reshape(of->node, s), s);
    memcpy(v->x, of->x, (size_t)v->size * sizeof *v->x);
}

/* The mean over one axis: what reads it runs later and broadcasts it. */
static bool add_mean(world *w, int from)
{
    const value *of = &w->v[from];
    if (!of->shape.rank)
        return false;
    int axis = below(w, of->shape.rank);
    gedi_shape s = of->shape;
    int64_t n = s.dim[axis];
    s.dim[axis] = 1;
    value *v = add_value(w, gedi_mean(of->node, 1u << axis), s);
    memset(v->x, 0, (size_t)v->size * sizeof *v->x);
    for (int64_t i = 0; i < of->size; i++)
        v->x[source(v, of->shape, i)] += of->x[i] / (double)n;
    return true;
}

static bool add_turned(world *w, int from)
{
    const value *of = &w->v[from];
    int rank = of->shape.rank;
    if (rank < 2)
        return false;
    gedi_shape s = of->shape;
    int64_t rows = s.dim[rank - 2], columns = s.dim[rank - 1];
    s.dim[rank - 2] = columns;
    s.dim[rank - 1] = rows;
    value *v = add_value(w, gedi_transpose(of->node), s);
    for (int64_t i = 0; i < v->size; i++) {
        int64_t block = i / (rows * columns), r = i % rows, c = i / rows % columns;
        v->x[i] = of->x[block * rows * columns + r * columns + c];
    }
    return true;
}

/* Two values after each other along the first axis. */
static bool add_joined(world *w, int a, int b)
{
    const value *p = &w->v[a], *q = &w->v[b];
    if (!p->shape.rank || !gedi_shape_equal(p->shape, q->shape) ||
        p->size > 2 * gedi_shape_size(w->base))
        return false;
    gedi_shape s = p->shape;
    s.dim[0] *= 2;
    value *v = add_value(w, gedi_concat((gedi_node *[]){p->node, q->node}, 2, 0), s);
    memcpy(v->x, p->x, (size_t)p->size * sizeof *v->x);
    memcpy(v->x + p->size, q->x, (size_t)p->size * sizeof *v->x);
    return true;
}

static bool add_shaped(world *w, int from)
{
    switch (below(w, 8)) {
    case 0:
    case 1:
    case 2:
        return add_window(w, from);
    case 3:
        add_reshaped(w, from);
        return true;
    case 4:
    case 5:
        return add_mean(w, from);
    case 6:
        return add_turned(w, from);
    default:
        return add_joined(w, from, below(w, w->n));
    }
}

/* ---- a graph ---- */

static void choose_outputs(world *w)
{
    w->outputs = 2 + below(w, OUTPUTS - 1);
    for (int i = 0; i < w->outputs; i++) {
        w->out[i] = i == 0 ? w->n - 1 : below(w, w->n);
        const value *v = &w->v[w->out[i]];
        bool bound_already = v->is_input;
        for (int k = 0; k < i; k++)
            bound_already = bound_already || (w->v[w->out[k]].node == v->node);
        for (int k = 0; k < w->n; k++) /* an input under another name */
            bound_already =
                bound_already || (w->v[k].is_input && w->v[k].node == v->node);
        if (!bound_already && !below(w, 3))
            w->bound[i] = numbers(v->size + 2 * CANARIES, sizeof(float));
    }
}

static void make(world *w, uint64_t seed, gedi_shape base, int size)
{
    memset(w, 0, sizeof *w);
    w->r = gedi_rng_at(seed, GEDI_STREAM_DATA, 0, 0);
    w->g = gedi_graph_new();
    ck_assert_ptr_nonnull(w->g);
    w->base = base;
    bool nan = !below(w, 8);
    int inputs = 3 + below(w, MAX_INPUT_VALUES - 4);
    for (int i = 0; i < inputs; i++)
        add_input(w, i < 2 ? base : narrower(w), nan && i == 0);
    add_constant(w, below(w, 2) ? base : narrower(w));
    while (w->n < size) {
        int a = below(w, w->n), b = below(w, w->n), what = below(w, 10);
        if (below(w, 2)) /* chains rather than bushes */
            a = w->n - 1 - below(w, w->n < 4 ? w->n : 4);
        if (what < 5)
            add_binary(w, a, b);
        else if (what < 7)
            add_unary(w, a);
        else
            add_shaped(w, a);
    }
    choose_outputs(w);
}

static void clear(world *w)
{
    for (int i = 0; i < w->n; i++) {
        free(w->v[i].x);
        free(w->v[i].data);
        free(w->v[i].bound);
    }
    for (int i = 0; i < OUTPUTS; i++)
        free(w->bound[i]);
    gedi_graph_free(w->g);
}

/* ---- running it ---- */

/* Outputs first .. first + n - 1 as a program. */
static gedi__program *compile(world *w, int first, int n, int threads)
{
    gedi_node *output[OUTPUTS];
    gedi__binding bind[VALUES + OUTPUTS];
    gedi__program *p;
    gedi_err err = {0};
    int m = 0;
    for (int i = 0; i < n; i++) {
        output[i] = w->v[w->out[first + i]].node;
        if (w->bound[first + i])
            bind[m++] = (gedi__binding){output[i], w->bound[first + i] + CANARIES};
    }
    for (int i = 0; i < w->n; i++)
        if (w->v[i].bound)
            bind[m++] = (gedi__binding){w->v[i].node, w->v[i].bound};
    ck_assert_msg(gedi__program_new(w->g, output, n, bind, m, threads, &p, &err) ==
                      GEDI_OK,
                  "%s", err.msg);
    return p;
}

/* The numbers of inputs that stand, or of the others, or NaN. */
static void set_inputs(world *w, gedi__program *p, bool stands, bool nan)
{
    for (int i = 0; i < w->n; i++) {
        value *v = &w->v[i];
        float *to = v->bound ? v->bound : gedi__program_input(p, v->node);
        if (!v->is_input || v->stands != stands || !to)
            continue;
        memcpy(to, v->data, (size_t)v->size * sizeof *to);
        for (int64_t k = 0; nan && k < v->size; k++)
            to[k] = NAN;
    }
}

static void check_inputs_kept(world *w, gedi__program *p, uint64_t seed)
{
    for (int i = 0; i < w->n; i++) {
        const value *v = &w->v[i];
        const float *is = v->bound ? v->bound : gedi__program_input(p, v->node);
        if (v->is_input && is && memcmp(is, v->data, (size_t)v->size * sizeof *is))
            ck_abort_msg("graph %d: input %d was overwritten", (int)seed, i);
    }
}

/* Runs on memory full of NaN: whatever is read before it is written shows. The last run
 * finds what stands as the one before left it. */
static void run_poisoned(world *w, gedi__program *p, uint64_t seed)
{
    set_inputs(w, p, true, true);
    set_inputs(w, p, false, true);
    gedi__program_run(p);
    for (int i = 0; i < w->outputs; i++)
        for (int64_t k = 0; w->bound[i] && k < w->v[w->out[i]].size + 2 * CANARIES; k++)
            w->bound[i][k] = NAN;
    set_inputs(w, p, true, false);
    gedi__program_run(p);
    set_inputs(w, p, false, false);
    gedi__program_repeat(p, true);
    check_inputs_kept(w, p, seed);
}

static void check_outside_kept(const world *w, int i, uint64_t seed)
{
    int64_t size = w->v[w->out[i]].size;
    for (int k = 0; w->bound[i] && k < CANARIES; k++)
        if (!isnan(w->bound[i][k]) || !isnan(w->bound[i][CANARIES + size + k]))
            ck_abort_msg("graph %d, output %d: memory around it was written", (int)seed,
                         i);
}

static void check_graph(uint64_t seed, gedi_shape base, int size, int most_threads)
{
    world w;
    float *kept[OUTPUTS];
    make(&w, seed, base, size);
    gedi__program *p = compile(&w, 0, w.outputs, 1);
    run_poisoned(&w, p, seed);
    for (int i = 0; i < w.outputs; i++) {
        const value *v = &w.v[w.out[i]];
        const float *got = gedi__program_output(p, i);
        double error = testing_error(got, v->x, v->size, 1);
        if (!(error <= 1e-5))
            ck_abort_msg("graph %d, output %d: error %g", (int)seed, i, error);
        if (w.bound[i])
            ck_assert_ptr_eq(got, w.bound[i] + CANARIES);
        check_outside_kept(&w, i, seed);
        kept[i] = numbers(v->size, sizeof(float));
        memcpy(kept[i], got, (size_t)v->size * sizeof(float));
    }
    gedi__program_free(p);
    /* All outputs by more threads, then each by itself: the same bytes. */
    for (int t = 2; t < most_threads + 1 + w.outputs; t++) {
        int alone = t - most_threads - 1;
        int first = alone < 0 ? 0 : alone, n = alone < 0 ? w.outputs : 1;
        p = compile(&w, first, n, alone < 0 ? t : 1);
        run_poisoned(&w, p, seed);
        for (int i = 0; i < n; i++)
            if (memcmp(kept[first + i], gedi__program_output(p, i),
                       (size_t)w.v[w.out[first + i]].size * sizeof(float)))
                ck_abort_msg("graph %d, output %d: other bytes %s", (int)seed, first + i,
                             alone < 0 ? "with more threads" : "when computed alone");
        gedi__program_free(p);
    }
    for (int i = 0; i < w.outputs; i++)
        free(kept[i]);
    clear(&w);
}

/* Sizes around those of a block of a group, 512, and of none. */
START_TEST(small_graphs)
{
    static const gedi_shape base[] = {
        {1, 0, {1}},           {1, 0, {7}},          {1, 0, {513}},
        {1, 0, {1100}},        {2, 0, {3, 5}},       {2, 0, {40, 33}},
        {2, 0, {33, 40}},      {2, 0, {1, 700}},     {2, 0, {700, 1}},
        {2, 0, {512, 2}},      {2, 0, {2, 512}},     {2, 0, {300, 4}},
        {2, 0, {3, 600}},      {3, 0, {5, 1, 131}},  {3, 0, {3, 7, 29}},
        {3, 0, {9, 10, 11}},   {4, 0, {2, 3, 5, 7}}, {4, 0, {4, 1, 150, 2}},
        {4, 0, {3, 4, 5, 20}},
    };
    const int n = sizeof base / sizeof *base;
    for (int i = 0; i < 20; i++)
        check_graph((uint64_t)(20 * _i + i), base[(20 * _i + i) % n], VALUES, 1);
}
END_TEST

/* Large enough to be shared among threads. */
START_TEST(large_graphs)
{
    static const gedi_shape base[] = {
        {2, 0, {601, 503}}, {1, 0, {300001}}, {3, 0, {3, 70, 1300}}, {2, 0, {270001, 1}}};
    check_graph((uint64_t)(1000 + _i), base[_i], 24, 3);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("random graphs");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, small_graphs, 0, 20);
    tcase_add_loop_test(c, large_graphs, 0, 4);
    Suite *s = suite_create("random graphs");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
