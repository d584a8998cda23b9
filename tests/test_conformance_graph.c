/* test_conformance_graph.c - every model and every objective there is, with every choice
 * of its options: shapes, derivatives, the same bytes again, mistakes that are named.
 *
 * What a plugin holds constant with gedi_stop_gradient is held constant in differences,
 * too: its derivative is not that of the numbers, and is not meant to be.
 */
#include "core/exec/blas.h"
#include "core/network/network.h"
#include "core/op/op.h"
#include "tests/conformance.h"
#include "tests/differences.h"
#include "tests/network.h"
#include "tests/testing.h"

/* Of a derivative along a direction, see differences_error; measured at most 5e-4. */
static const double tolerance = 2e-3;

enum { MAX_WRT = 128, MAX_OUT = 160, MAX_HELD = 64, TEXT = 128 };

/* A number (or several, with weights) of a network, and its derivatives. */
typedef struct built {
    network net;
    const char *what;
    gedi_node *cost[GEDI__MAX_TERMS]; /* what is added up */
    int costs;
    gedi_node *wrt[MAX_WRT];
    int n;
    int before; /* nodes that there are without derivatives */
} built;

/* The sum that derivatives are of: sum_i sum_j weight_i[j] cost_i[j]. */
typedef struct sum {
    const built *b;
    float *weight[GEDI__MAX_TERMS];
} sum;

static double sum_of(void *context)
{
    const sum *s = context;
    double total = 0;
    gedi__program_run(s->b->net.program);
    for (int i = 0; i < s->b->costs; i++) {
        const float *y = gedi__program_output(s->b->net.program, i);
        int64_t n = gedi_shape_size(gedi_node_shape(s->b->cost[i]));
        for (int64_t j = 0; j < n; j++)
            total += (double)s->weight[i][j] * y[j];
    }
    return total;
}

static int64_t size_of(const gedi_node *x)
{
    return gedi_shape_size(gedi_node_shape(x));
}

static void *memory(int64_t n)
{
    float *p = calloc((size_t)n + 1, sizeof *p);
    ck_assert_ptr_nonnull(p);
    return p;
}

/* All trained parameters are what derivatives are taken in, behind the inputs. */
static void add_params(built *b)
{
    for (int i = 0; i < b->net.build.n; i++)
        if (b->net.build.used[i].param->trained) {
            ck_assert_int_lt(b->n, MAX_WRT);
            b->wrt[b->n++] = b->net.build.used[i].node;
        }
    b->before = b->net.build.g->count;
}

/* Where the numbers of the k-th variable lie; NULL if the program needs none. */
static float *variable(built *b, int k)
{
    for (int i = 0; i < b->net.build.n; i++)
        if (b->net.build.used[i].node == b->wrt[k])
            return gedi__param_data(&b->net.params, b->net.build.used[i].param);
    return gedi__program_input(b->net.program, b->wrt[k]);
}

static void fill_inputs(built *b)
{
    const gedi__params *p = &b->net.params;
    for (int k = 0; k < b->n; k++) {
        float *x = variable(b, k);
        if (x && !(x >= p->w && x < p->w + p->trained))
            testing_uniform(x, size_of(b->wrt[k]), (uint64_t)(10 + k), -1, 1);
    }
}

/* The nodes behind gedi_stop_gradient that the costs depend on. */
static int held_nodes(const built *b, int *id)
{
    int n = 0;
    for (int i = 0; i < b->before; i++) {
        const gedi_node *x = b->net.build.g->node[i];
        bool used = false;
        for (int k = 0; k < b->costs && x->op == &gedi__op_stop_gradient; k++)
            used = used || gedi_depends(b->cost[k], x);
        if (used) {
            ck_assert_int_lt(n, MAX_HELD);
            id[n++] = i;
        }
    }
    return n;
}

/* Computes costs, derivatives and what is held constant, in this order. */
static void differentiate(built *b, const sum *s, const int *held, int n_held)
{
    gedi_graph *g = b->net.build.g;
    gedi_node *total = NULL, *output[MAX_OUT];
    gedi_node *weight[GEDI__MAX_TERMS];
    ck_assert_int_le(b->costs + b->n + n_held, MAX_OUT);
    for (int i = 0; i < b->costs; i++) {
        weight[i] = gedi_input(g, "weight", gedi_node_shape(b->cost[i]));
        gedi_node *one = gedi_sum(gedi_mul(b->cost[i], weight[i]), GEDI_ALL_AXES);
        one = gedi_reshape(one, GEDI_DIMS(1));
        total = total ? gedi_add(total, one) : one;
        output[i] = b->cost[i];
    }
    gedi_grad(total, b->wrt, b->n, NULL, 0, output + b->costs);
    for (int i = 0; i < n_held; i++)
        output[b->costs + b->n + i] = g->node[held[i]];
    network_compile(&b->net, output, b->costs + b->n + n_held);
    for (int i = 0; i < b->costs; i++)
        network_set(&b->net, weight[i], s->weight[i]);
    fill_inputs(b);
    gedi__program_run(b->net.program);
}

/* Costs alone, from the held numbers of `from` on: nodes become inputs of their own. */
static void hold(built *b, const built *from, const int *held, int n_held)
{
    for (int i = 0; i < n_held; i++) {
        gedi_node *x = b->net.build.g->node[held[i]];
        ck_assert_ptr_eq(x->op, &gedi__op_stop_gradient);
        x->op = &gedi__op_input;
        x->n_in = 0;
        x->name = "held";
    }
    network_compile(&b->net, b->cost, b->costs);
    fill_inputs(b);
    for (int i = 0; i < n_held; i++)
        network_set(&b->net, b->net.build.g->node[held[i]],
                    gedi__program_output(from->net.program, from->costs + from->n + i));
}

/* `g` has the derivatives; `b` is the same, built again, without them. */
static void compare(const built *g, built *b, sum *s)
{
    double all = 0;
    s->b = b;
    for (int k = 0; k < g->n; k++) {
        const float *d = gedi__program_output(g->net.program, g->costs + k);
        for (int64_t i = 0; i < size_of(g->wrt[k]); i++)
            all += (double)d[i] * d[i];
    }
    double floor = 1e-2 * sqrt(all) + 1e-3 * fabs(sum_of(s)) + 1e-3;
    for (int k = 0; k < g->n; k++) {
        const float *d = gedi__program_output(g->net.program, g->costs + k);
        float *x = variable(b, k);
        int64_t n = size_of(g->wrt[k]);
        double error = 0;
        if (x)
            error = differences_error(sum_of, s, x, d, n, floor);
        for (int64_t i = 0; !x && i < n; i++)
            error = fmax(error, d[i] == 0 ? 0 : INFINITY);
        if (!(error <= tolerance))
            ck_abort_msg("%s: derivative with respect to variable %d, '%s': error %g is "
                         "not within %g",
                         b->what, k, b->wrt[k]->name, error, tolerance);
    }
}

static void same_bytes(const built *a, const built *b)
{
    ck_assert_int_eq(a->costs, b->costs);
    ck_assert_int_eq(a->n, b->n);
    for (int i = 0; i < a->costs + a->n; i++) {
        const gedi_node *x = i < a->costs ? a->cost[i] : a->wrt[i - a->costs];
        const float *y = gedi__program_output(a->net.program, i);
        const float *y2 = gedi__program_output(b->net.program, i);
        ck_assert_msg(!memcmp(y, y2, (size_t)size_of(x) * sizeof *y),
                      "%s: built and run again, output %d has other bytes", a->what, i);
        for (int64_t j = 0; j < size_of(x); j++)
            ck_assert_msg(isfinite(y[j]), "%s: output %d is not finite", a->what, i);
    }
}

typedef void (*builder)(built *b, const void *context);

/* Everything that holds for models and objectives alike. */
static void check_built(const char *what, builder build, const void *context)
{
    built b[3] = {{.what = what}, {.what = what}, {.what = what}};
    sum s = {.b = b};
    int held[MAX_HELD];
    for (int i = 0; i < 3; i++) {
        network_init(&b[i].net, true);
        build(&b[i], context);
        ck_assert_int_eq(b[i].before, b[0].before);
    }
    for (int i = 0; i < b->costs; i++) {
        s.weight[i] = memory(size_of(b->cost[i]));
        testing_uniform(s.weight[i], size_of(b->cost[i]), (uint64_t)(50 + i), 0.5, 1.5);
    }
    int n_held = held_nodes(&b[0], held);
    differentiate(&b[0], &s, held, n_held);
    differentiate(&b[1], &s, held, n_held);
    same_bytes(&b[0], &b[1]);
    hold(&b[2], &b[0], held, n_held);
    compare(&b[0], &b[2], &s);
    for (int i = 0; i < b->costs; i++)
        free(s.weight[i]);
    for (int i = 0; i < 3; i++)
        network_clear(&b[i].net);
}

/* ---- models ---- */

static const gedi_shape batches[] = {
    {.rank = 2, .dim = {5, 6}},
    {.rank = 4, .dim = {3, 8, 8, 3}},
    {.rank = 4, .dim = {2, 32, 32, 3}},
};
enum { BATCHES = sizeof batches / sizeof batches[0] };

typedef struct model_use {
    const gedi_model *m;
    const component *c;
    gedi_shape batch;
} model_use;

/* A network of 200 ReLUs has kinks at every step that float32 can take. Each becomes a
 * tanh or a line, before derivatives are built: what is tried is how the model puts operations
 * together; the derivative of each is the matter of test_ops. */
static void smooth(gedi_graph *g)
{
    for (int i = 0; i < g->count; i++)
        if (g->node[i]->op == &gedi__op_leaky_relu)
            g->node[i]->op = &gedi__op_tanh;
        else if (g->node[i]->op == &gedi__op_dense)
            g->node[i]->attr.a = 1.0; /* a dense layer's own kink: none */
}

static void build_model(built *b, const void *context)
{
    const model_use *u = context;
    gedi_node *x = b->wrt[b->n++] = network_input(&b->net, u->batch);
    gedi_node *y = b->cost[b->costs++] = u->m->build(u->c->self, &b->net.build, x);
    network_is_legal(&b->net);
    ck_assert_msg(y && gedi_node_shape(y).rank == 2 && gedi_rows(y) == u->batch.dim[0],
                  "%s: the output is not [B, D]", b->what);
    ck_assert_int_eq(b->net.build.depth, 0);
    smooth(b->net.build.g);
    add_params(b);
}

/* True where the model serves this shape; if not, it says GEDI_SHAPE. */
static bool model_serves(const model_use *u, const char *what)
{
    network n;
    gedi_err err = {0};
    network_init(&n, true);
    u->m->build(u->c->self, &n.build, network_input(&n, u->batch));
    gedi_status s = gedi_graph_status(n.build.g, &err);
    ck_assert_msg(s == GEDI_OK || (s == GEDI_SHAPE && *err.msg), "%s: %s", what, err.msg);
    network_clear(&n);
    return s == GEDI_OK;
}

/* In evaluation it has the same parameters and gives as many columns. */
static void check_evaluation(const model_use *u, const char *what)
{
    network n;
    network_init(&n, true);
    gedi_node *x = network_input(&n, u->batch);
    int64_t d = gedi_cols(u->m->build(u->c->self, &n.build, x));
    network_freeze(&n, 1);
    network_again(&n, false);
    gedi_shape many = u->batch;
    many.dim[0] += 2;
    gedi_node *y = u->m->build(u->c->self, &n.build, network_input(&n, many));
    network_is_legal(&n);
    ck_assert_msg(gedi_shape_equal(gedi_node_shape(y), GEDI_DIMS(many.dim[0], d)),
                  "%s: another shape when it is evaluated", what);
    network_clear(&n);
}

/* Normalised over three numbers again and again, as eight blocks do with the smallest of these images, a
 * network bends more than differences in float32 can follow. */
static const struct {
    const char *name, *options;
} smaller[] = {
    {"resnet", "blocks=[1,1] width=4 "},
};

static const char *smaller_of(const gedi_plugin *p)
{
    for (size_t i = 0; i < sizeof smaller / sizeof *smaller; i++)
        if (!strcmp(smaller[i].name, p->name))
            return smaller[i].options;
    return "";
}

START_TEST(model)
{
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_MODEL, _i);
    char choice[TEXT], options[2 * TEXT], what[3 * TEXT];
    for (int v = 0; conformance_choice(p, v, choice, sizeof choice); v++) {
        snprintf(options, sizeof options, "%s%s", smaller_of(p), choice);
        component c = component_new(p, options);
        int served = 0;
        bool legal = conformance_accepts(p, &c);
        ck_assert_msg(legal || v, "%s: check refuses the defaults", p->name);
        for (int i = 0; legal && i < BATCHES && served < 2; i++) {
            model_use u = {(const gedi_model *)p, &c, batches[i]};
            snprintf(what, sizeof what, "model %s %s", p->name, options);
            if (!model_serves(&u, what))
                continue;
            check_built(what, build_model, &u);
            check_evaluation(&u, what);
            served++;
        }
        ck_assert_msg(served || !legal, "model %s %s serves no shape that was tried",
                      p->name, choice);
        component_free(&c);
    }
}
END_TEST

/* ---- objectives ---- */

enum {
    B = 5,
    RECORDS = 8,
    RECORD = 2,
    H = 4,
    D = 3,
    WRONG = 13,
    VIEWS = 4,
    PARTS = 3 * (VIEWS + 1)
};

/* The nodes of a batch one after the other: x, h, z of each view, then of the samples. */
static gedi_node **part(gedi_batch *v, int i)
{
    int view = i / 3, which = i % 3;
    if (view == VIEWS)
        return which == 0 ? &v->xs : which == 1 ? &v->hs : &v->zs;
    return which == 0 ? &v->x[view] : which == 1 ? &v->h[view] : &v->z[view];
}

/* `wrong`: the part that has WRONG columns, or -1. Embeddings are inputs times a weight, as a
 * teacher is an average of weights; `inputs` [PARTS] are those of all parts. */
static gedi_batch batch_of(network *n, int wrong, gedi_node **inputs)
{
    static const int64_t columns[] = {RECORD, H, D};
    gedi_batch v = {.size = B, .parts = 1, .views = VIEWS};
    gedi_init one = {.kind = GEDI_INIT_CONSTANT, .value = 1.0};
    gedi_node *weight = gedi_param(&n->build, "encoder", GEDI_DIMS(1), one);
    gedi_graph *g = n->build.g;
    char name[32];
    n->build.records = RECORDS;
    for (int i = 0; i < PARTS; i++) {
        gedi_shape s = GEDI_DIMS(B, i == wrong ? WRONG : columns[i % 3]);
        snprintf(name, sizeof name, "%c of part %d", "xhz"[i % 3], i / 3 + 1);
        inputs[i] = gedi_input(g, name, s);
        *part(&v, i) = i % 3 == 2 ? gedi_mul(inputs[i], weight) : inputs[i];
    }
    v.label = gedi_constant(g, 1, GEDI_DIMS(B, 1));
    n->build.classes = 2;
    v.index = gedi_constant(g, 0, GEDI_DIMS(B, 1));
    v.iteration = gedi_scalar(g, 3);
    v.total = gedi_scalar(g, 10);
    return v;
}

typedef struct objective_use {
    const gedi_objective *o;
    const component *c;
} objective_use;

static void build_loss(built *b, const void *context)
{
    const objective_use *u = context;
    gedi_batch v = batch_of(&b->net, -1, b->wrt);
    b->n = PARTS;
    gedi_terms t = {.build = &b->net.build};
    u->o->loss(u->c->self, &b->net.build, &v, &t);
    network_is_legal(&b->net);
    ck_assert_msg(t.n > 0, "%s: no term", b->what);
    ck_assert_int_eq(b->net.build.depth, 0);
    for (int i = 0; i < t.n; i++)
        b->cost[b->costs++] = gedi_scale(t.node[i], t.value[i].weight);
    add_params(b);
}

static void build_energy(built *b, const void *context)
{
    const objective_use *u = context;
    gedi_batch v = batch_of(&b->net, -1, b->wrt);
    b->n = PARTS;
    gedi_node *energy = u->o->energy(u->c->self, &b->net.build, v.xs, v.zs, &v);
    network_is_legal(&b->net);
    ck_assert_msg(gedi_shape_equal(gedi_node_shape(energy), GEDI_DIMS(B, 1)),
                  "%s: the energy is not [B, 1]", b->what);
    b->cost[b->costs++] = energy;
    add_params(b);
}

/* Terms have names, finite values and do not lie below their known optimum. */
static void check_terms(const objective_use *u, const char *what, bool *uses)
{
    built b = {.what = what};
    network_init(&b.net, true);
    gedi_batch v = batch_of(&b.net, -1, b.wrt);
    b.n = PARTS;
    gedi_terms t = {.build = &b.net.build};
    u->o->loss(u->c->self, &b.net.build, &v, &t);
    for (int i = 0; i < PARTS; i++) {
        uses[i] = false;
        for (int k = 0; k < t.n; k++)
            uses[i] = uses[i] || gedi_depends(t.node[k], *part(&v, i));
    }
    network_compile(&b.net, t.node, t.n);
    fill_inputs(&b);
    gedi__program_run(b.net.program);
    for (int k = 0; k < t.n; k++) {
        double value = gedi__program_output(b.net.program, k)[0];
        ck_assert_msg(isfinite(value), "%s: term %s is %g", what, t.value[k].name, value);
        ck_assert_msg(isnan(t.value[k].optimum) || value >= t.value[k].optimum - 1e-5,
                      "%s: term %s is %g, below its optimum %g", what, t.value[k].name,
                      value, t.value[k].optimum);
    }
    network_clear(&b.net);
}

/* Embeddings that do not fit each other are GEDI_SHAPE, and the message has the number. */
static void check_wrong_shape(const objective_use *u, const char *what, int wrong)
{
    network n;
    gedi_err err = {0};
    gedi_node *inputs[PARTS];
    char number[16];
    network_init(&n, true);
    gedi_batch v = batch_of(&n, wrong, inputs);
    gedi_terms t = {.build = &n.build};
    u->o->loss(u->c->self, &n.build, &v, &t);
    gedi_status s = gedi_graph_status(n.build.g, &err);
    snprintf(number, sizeof number, "%d", WRONG);
    ck_assert_msg(s == GEDI_SHAPE, "%s: %d columns instead of %d: status %d, not %d: %s",
                  what, WRONG, D, s, GEDI_SHAPE, err.msg);
    ck_assert_msg(strstr(err.msg, number) != NULL, "%s: %s is not named: %s", what,
                  number, err.msg);
    network_clear(&n);
}

static void check_shapes(const objective_use *u, const char *what, const bool *uses)
{
    int embeddings = 0;
    for (int i = 0; i < PARTS; i++)
        embeddings += uses[i] && i % 3 == 2;
    for (int i = 0; i < PARTS && embeddings > 1; i++)
        if (uses[i] && i % 3 == 2)
            check_wrong_shape(u, what, i);
}

static void check_assignment(const objective_use *u, const char *what)
{
    network n;
    network_init(&n, true);
    gedi_node *y =
        u->o->logits(u->c->self, &n.build, network_input(&n, GEDI_DIMS(B + 2, D)));
    network_is_legal(&n);
    ck_assert_msg(!y || (gedi_node_shape(y).rank == 2 && gedi_rows(y) == B + 2),
                  "%s: logits are not [B, K]", what);
    network_clear(&n);
}

START_TEST(objective)
{
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_OBJECTIVE, _i);
    const char *usual = gedi__option_find(p->options, "clusters") ? "clusters=3 " : "";
    char choice[TEXT], options[2 * TEXT + 8192], what[3 * TEXT];
    bool can;
    const char *rules = conformance_rules(p, 3, "rules=%s query=%s ", &can);
    for (int v = 0; can && conformance_choice(p, v, choice, sizeof choice); v++) {
        bool uses[PARTS];
        snprintf(options, sizeof options, "%s%s%s", rules, usual, choice);
        snprintf(what, sizeof what, "objective %s %s%s", p->name, usual, choice);
        component c = component_new(p, options);
        objective_use u = {(const gedi_objective *)p, &c};
        if (conformance_accepts(p, &c)) {
            gedi_err err = {0};
            if (u.o->open)
                ck_assert_msg(u.o->open(c.self, &(gedi_open){.directory = "."}, &err) ==
                                  GEDI_OK,
                              "%s: %s", what, err.msg);
            check_built(what, build_loss, &u);
            check_terms(&u, what, uses);
            check_shapes(&u, what, uses);
            if (u.o->energy)
                check_built(what, build_energy, &u);
            if (u.o->logits)
                check_assignment(&u, what);
            bool samples = uses[PARTS - 1] || uses[PARTS - 2] || uses[PARTS - 3];
            ck_assert_msg(u.o->energy || !samples,
                          "%s uses samples but states no energy to draw them from", what);
            if (u.o->close)
                u.o->close(c.self);
        } else {
            ck_assert_msg(v, "%s: check refuses the defaults", what);
        }
        component_free(&c);
    }
}
END_TEST

START_TEST(there_are_some)
{
    ck_assert_int_gt(conformance_count(GEDI_KIND_MODEL), 0);
    ck_assert_int_gt(conformance_count(GEDI_KIND_OBJECTIVE), 0);
}
END_TEST

int main(void)
{
    conformance_open();
    gedi__threads_set(1); /* as every command does: OpenBLAS's own threads fight ours */
    Suite *s = suite_create("conformance of graphs");
    TCase *c = tcase_create("conformance");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, there_are_some);
    tcase_add_loop_test(c, model, 0, conformance_count(GEDI_KIND_MODEL));
    tcase_add_loop_test(c, objective, 0, conformance_count(GEDI_KIND_OBJECTIVE));
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    gedi__registry_free(conformance_registry);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
