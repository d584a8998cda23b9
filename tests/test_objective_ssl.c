/* test_objective_ssl.c - terms of the contrastive, cluster-based, negative-free
 * objectives, their derivatives, energies and logits against PyTorch in float64
 * (fixture/objective_ssl.py); losses and derivatives of these and others against the code
 * of their authors (fixture/official.py); and what the shared terms promise.
 *
 * Tolerance: as in test_objective.c; what adds to it here are differences of large
 * similarities (up to 100: 6e-6) and inverses of covariances, whose errors are those of
 * float32 times a condition number of some 10. Measured at most 2.4e-6.
 */
#include "core/network/network.h"
#include "tests/component.h"
#include "tests/network.h"
#include "tests/testing.h"

static const double tolerance = 8e-6;

enum { MAX_TERMS = 4, MAX_PARAMS = 8, PARTS = 3 /* x, x', samples */ };

typedef struct derivative {
    const char *name;       /* of a parameter, or a state */
    const double *g, *next; /* a state has no derivative, and may become another */
} derivative;

typedef struct objective_case {
    const char *plugin, *options;
    int64_t b, d;
    double scale;
    int terms;
    struct {
        const char *name;
        double value, weight, optimum;
    } term[MAX_TERMS];
    const double *g[PARTS]; /* NULL: it takes no part */
    int params;
    derivative param[MAX_PARAMS];
    const double *energy, *logits;
} objective_case;

static const objective_case cases[] = {
#include "tests/fixture/objective_ssl_cases.h"
};
enum { CASES = sizeof cases / sizeof cases[0] };

/* What the code of a method's authors computes. */
typedef struct official_case {
    const char *plugin, *options, *whose;
    int64_t b, d;
    double scale, loss;
    const double *g[PARTS]; /* NULL: zero */
    int params;
    derivative param[MAX_PARAMS]; /* NULL: not compared */
} official_case;

static const official_case official[] = {
#include "tests/fixture/official_cases.h"
};
enum { OFFICIAL = sizeof official / sizeof official[0] };

extern const gedi_objective gedi_objective_barlow_twins, gedi_objective_byol,
    gedi_objective_cor_info_max, gedi_objective_dino, gedi_objective_ebclr,
    gedi_objective_gedi_no_gen, gedi_objective_info_nce, gedi_objective_jem,
    gedi_objective_mec, gedi_objective_mi_bounds, gedi_objective_proto_cpc,
    gedi_objective_simsiam, gedi_objective_swav, gedi_objective_vicreg,
    gedi_objective_wmse;

static const gedi_objective *const objectives[] = {
    &gedi_objective_barlow_twins, &gedi_objective_cor_info_max, &gedi_objective_ebclr,
    &gedi_objective_info_nce,     &gedi_objective_mec,          &gedi_objective_proto_cpc,
    &gedi_objective_simsiam,      &gedi_objective_swav,         &gedi_objective_vicreg,
    &gedi_objective_wmse,         &gedi_objective_gedi_no_gen,  &gedi_objective_jem,
    &gedi_objective_byol,         &gedi_objective_dino,         &gedi_objective_mi_bounds,
};
enum { OBJECTIVES = sizeof objectives / sizeof objectives[0] };

/* An objective over inputs in place of embeddings. */
typedef struct trial {
    const gedi_objective *o;
    component self;
    network net;
    gedi_node *z[PARTS], *loss;
    gedi_batch batch;
    gedi_terms terms;
} trial;

/* What a teacher sees is made by averages, of weights that there must be. */
static gedi_node *embedding(trial *t, gedi_node *x)
{
    bool teacher = !strcmp(t->o->name, "byol") || !strcmp(t->o->name, "dino");
    gedi_init init = {.kind = GEDI_INIT_CONSTANT};
    int64_t d = gedi_cols(x);
    return teacher ? gedi_linear(&t->net.build, "encoder", x, d, false, init) : x;
}

static void trial_init(trial *t, const char *plugin, const char *options, int64_t b,
                       int64_t d)
{
    memset(t, 0, sizeof *t);
    for (int i = 0; i < OBJECTIVES; i++)
        if (!strcmp(objectives[i]->name, plugin))
            t->o = objectives[i];
    ck_assert_msg(t->o != NULL, "%s is not linked into this test", plugin);
    t->self = component_new(t->o, options);
    network_init(&t->net, true);
    for (int i = 0; i < PARTS; i++)
        t->z[i] = network_input(&t->net, GEDI_DIMS(b, d));
    t->batch = (gedi_batch){.size = b, .views = PARTS, .zs = t->z[2]};
    for (int i = 0; i < PARTS; i++)
        t->batch.z[i] = embedding(t, t->z[i]);
    t->terms.build = &t->net.build;
    t->o->loss(t->self.self, &t->net.build, &t->batch, &t->terms);
    for (int i = 0; i < t->terms.n; i++) {
        gedi_node *term = gedi_scale(t->terms.node[i], t->terms.value[i].weight);
        t->loss = i ? gedi_add(t->loss, term) : term;
    }
}

static void trial_clear(trial *t)
{
    network_clear(&t->net);
    component_free(&t->self);
}

static void expect(const objective_case *c, const char *what, const float *got,
                   const double *want, int64_t n)
{
    double error = testing_error(got, want, n, 1e-3);
    if (!(error <= tolerance))
        ck_abort_msg("%s %s, scale %g: %s: error %g is not within %g", c->plugin,
                     c->options, c->scale, what, error, tolerance);
}

static void expect_terms(const objective_case *c, const trial *t)
{
    ck_assert_int_eq(t->terms.n, c->terms);
    for (int i = 0; i < c->terms; i++) {
        const gedi__term_value *v = &t->terms.value[i];
        ck_assert_str_eq(v->name, c->term[i].name);
        ck_assert_msg(fabs(v->weight / c->term[i].weight - 1) < 1e-8,
                      "%s: weight of %s is %g", c->plugin, v->name, v->weight);
        ck_assert_msg(isnan(c->term[i].optimum)
                          ? isnan(v->optimum)
                          : fabs(v->optimum - c->term[i].optimum) < 1e-12,
                      "%s: optimum of %s is %g", c->plugin, v->name, v->optimum);
        expect(c, v->name, gedi__program_output(t->net.program, i), &c->term[i].value, 1);
    }
}

/* Embeddings of every part, and every parameter. */
static void fill(trial *t, double scale, const derivative *param, int params)
{
    for (int i = 0; i < PARTS; i++)
        network_set_numbers(&t->net, t->z[i], i, scale);
    for (int i = 0; i < params; i++)
        network_param_numbers(&t->net, param[i].name, PARTS + i, 1);
}

/* Those of the case that are weights come first. */
static int weights_of(const objective_case *c)
{
    int count = 0;
    while (count < c->params && c->param[count].g)
        count++;
    return count;
}

/* Trained parameters: others, as running means, need not be part of the fixture. */
static int trained(const network *n)
{
    int count = 0;
    for (int i = 0; i < n->params.n; i++)
        count += n->params.param[i]->trained;
    return count;
}

START_TEST(as_pytorch)
{
    static const char *const what[] = {"dz", "dz'", "dzs"};
    const objective_case *c = &cases[_i];
    gedi_node *wrt[PARTS + MAX_PARAMS], *output[MAX_TERMS + PARTS + MAX_PARAMS + 2];
    int weights = weights_of(c);
    trial t;
    trial_init(&t, c->plugin, c->options, c->b, c->d);
    gedi_build *b = &t.net.build;
    ck_assert_msg((c->energy != NULL) == (t.o->energy != NULL), "%s: energy", c->plugin);
    ck_assert_msg((c->logits != NULL) == (t.o->logits != NULL), "%s: logits", c->plugin);
    gedi_node *energy =
        c->energy ? t.o->energy(t.self.self, b, NULL, t.batch.z[0], &t.batch) : t.z[0];
    gedi_node *logits = c->logits ? t.o->logits(t.self.self, b, t.batch.z[0]) : t.z[0];
    network_is_legal(&t.net);
    int n = PARTS + weights, first = t.terms.n, m = first + n + 2;
    ck_assert_int_eq(trained(&t.net), weights);
    memcpy(wrt, t.z, sizeof t.z);
    for (int i = 0; i < weights; i++)
        wrt[PARTS + i] = network_leaf(&t.net, c->param[i].name);
    memcpy(output, t.terms.node, (size_t)first * sizeof *output);
    gedi_grad(t.loss, wrt, n, NULL, 0, output + first);
    output[first + n] = energy;
    output[first + n + 1] = logits;
    for (int i = weights; i < c->params; i++)
        if (c->param[i].next)
            output[m++] = network_pending(&t.net, c->param[i].name);
    network_compile(&t.net, output, m);
    fill(&t, c->scale, c->param, c->params);
    gedi__program_run(t.net.program);
    expect_terms(c, &t);
    for (int i = 0; i < n; i++) {
        const double *want = i < PARTS ? c->g[i] : c->param[i - PARTS].g;
        const char *name = i < PARTS ? what[i] : c->param[i - PARTS].name;
        if (want)
            expect(c, name, gedi__program_output(t.net.program, first + i), want,
                   gedi_shape_size(gedi_node_shape(wrt[i])));
        else
            ck_assert_msg(!gedi_depends(t.loss, wrt[i]), "%s: depends on %s", c->plugin,
                          name + 1);
    }
    if (c->energy)
        expect(c, "energy", gedi__program_output(t.net.program, first + n), c->energy,
               c->b);
    if (c->logits)
        expect(c, "logits", gedi__program_output(t.net.program, first + n + 1), c->logits,
               gedi_shape_size(gedi_node_shape(logits)));
    for (int i = c->params - 1; i >= weights; i--)
        if (c->param[i].next)
            expect(c, c->param[i].name, gedi__program_output(t.net.program, --m),
                   c->param[i].next, network_param(&t.net, c->param[i].name)->size);
    trial_clear(&t);
}
END_TEST

/* A teacher comes closer to the weights by 1 - decay a step. */
START_TEST(teachers_follow)
{
    static const char *const name[] = {"byol", "dino"};
    trial t;
    trial_init(&t, name[_i], "decay=0.75", 5, 3);
    network_is_legal(&t.net);
    network_freeze(&t.net, 1);
    *network_data(&t.net, "encoder.weight") = 8;
    gedi__params_step_averages(&t.net.params, 0, 1);
    ck_assert(*network_data(&t.net, "average.encoder.weight") == 2);
    trial_clear(&t);
}
END_TEST

static void expect_official(const official_case *c, const char *what, const float *got,
                            const double *want, int64_t n)
{
    double error = testing_error(got, want, n, 1e-3);
    if (!(error <= tolerance))
        ck_abort_msg("%s %s, as of %s: %s: error %g is not within %g", c->plugin,
                     c->options, c->whose, what, error, tolerance);
}

START_TEST(as_the_official_code)
{
    static const char *const what[PARTS] = {"dz", "dz'", "dzs"};
    const official_case *c = &official[_i];
    int n = PARTS + c->params;
    gedi_node *wrt[PARTS + MAX_PARAMS], *output[1 + PARTS + MAX_PARAMS];
    trial t;
    trial_init(&t, c->plugin, c->options, c->b, c->d);
    network_is_legal(&t.net);
    ck_assert_int_eq(trained(&t.net), c->params);
    memcpy(wrt, t.z, sizeof t.z);
    for (int i = 0; i < c->params; i++)
        wrt[PARTS + i] = network_leaf(&t.net, c->param[i].name);
    output[0] = t.loss;
    gedi_grad(t.loss, wrt, n, NULL, 0, output + 1);
    network_compile(&t.net, output, 1 + n);
    fill(&t, c->scale, c->param, c->params);
    gedi__program_run(t.net.program);
    double *none = calloc((size_t)(c->b * c->d), sizeof *none);
    ck_assert_ptr_nonnull(none);
    expect_official(c, "loss", gedi__program_output(t.net.program, 0), &c->loss, 1);
    for (int i = 0; i < PARTS; i++)
        expect_official(c, what[i], gedi__program_output(t.net.program, 1 + i),
                        c->g[i] ? c->g[i] : none, c->b * c->d);
    for (int i = 0; i < c->params; i++)
        if (c->param[i].g)
            expect_official(
                c, c->param[i].name, gedi__program_output(t.net.program, 1 + PARTS + i),
                c->param[i].g, gedi_shape_size(gedi_node_shape(wrt[PARTS + i])));
    free(none);
    trial_clear(&t);
}
END_TEST

/* ---- what is wrong is named ---- */

static const struct mistake {
    const char *plugin, *options;
    int64_t b, d;
    const char *says;
} mistakes[] = {
    {"wmse", "", 5, 5,
     "whiten: 5 records have no covariance of full rank in 5 dimensions: take a larger "
     "batch or eps above 0"},
#define ONE(what, least, why)                                                            \
    what ": the batch has 1 record, but it needs at least " least ": " why               \
         ". Raise train.batch"
    {"wmse", "eps=0.1", 1, 3, ONE("covariance", "2", "one record has no spread")},
    {"wmse", "size=5", 12, 3,
     "wmse: size 5 does not divide the batch of 12 records into 1 to 64 pieces: take 12 "
     "divided by a whole number"},
    {"wmse", "size=13", 12, 3, "wmse: size 13 does not divide the batch of 12 records"},
    {"wmse", "size=2", 130, 1, "wmse: size 2 does not divide the batch of 130 records"},
    {"wmse", "size=3", 12, 3, "whiten: 3 records have no covariance of full rank in 3"},
    {"vicreg", "", 1, 3, ONE("variance", "2", "one record has no spread")},
    {"cor_info_max", "", 1, 3, ONE("covariance", "2", "one record has no spread")},
    {"simsiam", "", 1, 8, ONE("batch norm norm0", "2", "one record has no spread")},
    {"barlow_twins", "", 1, 3,
     ONE("correlation", "3",
         "two records are always correlated by 1 or -1, whatever is "
         "learned")},
    {"barlow_twins", "", 2, 3, "correlation: the batch has 2 records, but it needs at "},
    {"byol", "", 1, 3, ONE("batch norm norm0", "2", "one record has no spread")},
    {"mi_bounds", "bound=nwj", 1, 3,
     ONE("mi_bounds", "2", "one record has no other to be paired with")},
    {"mec", "", 1, 3,
     ONE("maximum entropy coding", "2", "nothing keeps one record apart from others")},
    {"info_nce", "", 1, 3, ONE("nt_xent", "2", "one record has no negatives")},
    {"ebclr", "", 1, 3, ONE("nt_xent", "2", "one record has no negatives")},
    {"swav", "", 1, 3, ONE("swav", "2", "one record alone is dealt to all prototypes")},
    {"proto_cpc", "", 1, 3,
     ONE("proto_cpc", "2", "one record has no others to contrast it with")},
};
enum { MISTAKES = sizeof mistakes / sizeof mistakes[0] };

START_TEST(mistakes_are_named)
{
    const struct mistake *m = &mistakes[_i];
    gedi_err err = {0};
    trial t;
    trial_init(&t, m->plugin, m->options, m->b, m->d);
    ck_assert_int_eq(gedi_graph_status(t.net.build.g, &err), GEDI_SHAPE);
    ck_assert_msg(strstr(err.msg, m->says) != NULL, "'%s' is not in: %s", m->says,
                  err.msg);
    trial_clear(&t);
}
END_TEST

START_TEST(similarities_must_be_of_two_views)
{
    static const gedi_shape shapes[] = {
        {.rank = 2, .dim = {5, 5}}, {.rank = 2, .dim = {4, 6}}, {.rank = 1, .dim = {4}}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        network n;
        gedi_err err = {0};
        network_init(&n, true);
        ck_assert_ptr_null(gedi_loss_nt_xent(network_input(&n, shapes[i])));
        ck_assert_int_eq(gedi_graph_status(n.build.g, &err), GEDI_SHAPE);
        ck_assert_ptr_nonnull(strstr(err.msg, "are [2B, 2B], not ["));
        network_clear(&n);
    }
}
END_TEST

/* ---- what the shared terms promise ---- */

/* y of one input x [rows, columns], computed; the result belongs to `n`. */
static const float *compute(network *n, gedi_node *x, const float *numbers, gedi_node *y)
{
    network_is_legal(n);
    network_compile(n, &y, 1);
    network_set(n, x, numbers);
    gedi__program_run(n->program);
    return gedi__program_output(n->program, 0);
}

/* With many iterations rows sum to 1 and columns to B / K, for scores of any size. */
START_TEST(sinkhorn_is_balanced)
{
    enum { B = 30, K = 4 };
    const double scale[] = {1, 100, 1e7};
    float x[B * K];
    for (size_t s = 0; s < sizeof scale / sizeof *scale; s++) {
        network n;
        network_init(&n, true);
        gedi_node *in = network_input(&n, GEDI_DIMS(B, K));
        network_numbers(x, B * K, 0, scale[s]);
        const float *q = compute(&n, in, x, gedi_sinkhorn(in, scale[s], 300));
        for (int k = 0; k < K; k++) {
            double column = 0;
            for (int i = 0; i < B; i++)
                column += (double)q[i * K + k];
            ck_assert_double_eq_tol(column, (double)B / K, 1e-4);
        }
        for (int i = 0; i < B; i++) {
            double row = 0;
            for (int k = 0; k < K; k++)
                row += (double)q[i * K + k];
            ck_assert_double_eq_tol(row, 1, 1e-5);
        }
        network_clear(&n);
    }
}
END_TEST

START_TEST(sinkhorn_of_extremes_is_finite)
{
    enum { B = 6, K = 3 };
    float x[B * K];
    network n;
    network_init(&n, true);
    gedi_node *in = network_input(&n, GEDI_DIMS(B, K));
    network_numbers(x, B * K, 0, 1e6);
    const float *q = compute(&n, in, x, gedi_sinkhorn(in, 1e-4, 3));
    for (int i = 0; i < B; i++) {
        double row = 0;
        for (int k = 0; k < K; k++)
            row += (double)q[i * K + k];
        ck_assert_double_eq_tol(row, 1, 1e-6);
    }
    network_clear(&n);
}
END_TEST

/* Points far from the origin and close to each other keep their distances. */
START_TEST(distances_do_not_cancel)
{
    enum { B = 5, D = 3 };
    float x[B * D];
    network n;
    network_init(&n, true);
    gedi_node *in = network_input(&n, GEDI_DIMS(B, D));
    network_numbers(x, B * D, 0, 1);
    for (int i = 0; i < B * D; i++)
        x[i] += 4096;
    const float *y = compute(&n, in, x, gedi_squared_distance(in, in));
    for (int i = 0; i < B; i++)
        for (int j = 0; j < B; j++) {
            double want = 0;
            for (int k = 0; k < D; k++)
                want += pow((double)x[i * D + k] - (double)x[j * D + k], 2);
            ck_assert_double_eq_tol((double)y[i * B + j], want, 1e-4);
        }
    network_clear(&n);
}
END_TEST

START_TEST(whitened_is_white)
{
    enum { B = 50, D = 4 };
    float x[B * D];
    network n;
    network_init(&n, true);
    gedi_node *in = network_input(&n, GEDI_DIMS(B, D));
    network_numbers(x, B * D, 0, 3);
    for (int i = 0; i < B; i++) /* columns that are far from white */
        x[i * D + 1] = 5.0f + x[i * D] + 0.1f * x[i * D + 1];
    const float *c = compute(&n, in, x, gedi_covariance(gedi_whiten(in, 0), true));
    for (int i = 0; i < D * D; i++)
        ck_assert_double_eq_tol((double)c[i], i % D == i / D, 1e-4);
    network_clear(&n);
}
END_TEST

/* At large distortion maximum entropy coding is the mean cosine. */
START_TEST(coding_becomes_cosine)
{
    enum { B = 7, D = 3 };
    float x[B * D];
    network n;
    network_init(&n, true);
    gedi_node *in = network_input(&n, GEDI_DIMS(B, D));
    gedi_node *other = gedi_tanh(in);
    gedi_node *difference =
        gedi_sub(gedi_loss_mec(in, other, 1e6, 4), gedi_loss_cosine(in, other));
    network_numbers(x, B * D, 0, 1);
    ck_assert_double_eq_tol((double)compute(&n, in, x, difference)[0], 0, 1e-5);
    network_clear(&n);
}
END_TEST

START_TEST(zero_weights_leave_nothing)
{
    trial t;
    trial_init(&t, "vicreg", "inv=0 var=0 cov=0", 5, 3);
    network_is_legal(&t.net);
    ck_assert_int_eq(t.terms.n, 0);
    trial_clear(&t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("objectives of self-supervised learning");
    TCase *c = tcase_create("all");
    tcase_add_loop_test(c, as_pytorch, 0, CASES);
    tcase_add_loop_test(c, as_the_official_code, 0, OFFICIAL);
    tcase_add_loop_test(c, teachers_follow, 0, 2);
    tcase_add_loop_test(c, mistakes_are_named, 0, MISTAKES);
    tcase_add_test(c, similarities_must_be_of_two_views);
    tcase_add_test(c, sinkhorn_is_balanced);
    tcase_add_test(c, sinkhorn_of_extremes_is_finite);
    tcase_add_test(c, distances_do_not_cancel);
    tcase_add_test(c, whitened_is_white);
    tcase_add_test(c, coding_becomes_cosine);
    tcase_add_test(c, zero_weights_leave_nothing);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
