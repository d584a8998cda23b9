/* test_mi_bounds.c - bounds of mutual information where it is known: of x and y [d], standard
 * normal, each pair of coordinates correlated by rho, it is I = -d/2 log(1 - rho^2). The best
 * critic, log p(x, y) / (p(x) p(y)), is a dot product:
 *   (rho x.y - rho^2 (|x|^2 + |y|^2) / 2) / (1 - rho^2) + I.
 */
#include "core/exec/blas.h"
#include "core/network/network.h"
#include "tests/component.h"
#include "tests/network.h"
#include "tests/testing.h"

extern const gedi_objective gedi_objective_mi_bounds;

enum { DIMS = 2, D = DIMS + 3, MOST = 256 };

static double information(double rho)
{
    return -0.5 * DIMS * log(1 - rho * rho);
}

/* Embeddings whose dot product is the best critic plus `more`. */
static void embed(double rho, double more, int64_t n, uint64_t batch, float *z, float *z2)
{
    double scale = 1 / (1 - rho * rho);
    for (int64_t i = 0; i < n; i++, z += D, z2 += D) {
        gedi_rng r = gedi_rng_at(3, GEDI_STREAM_DATA, batch, (uint32_t)i);
        double length = 0, length2 = 0;
        for (int k = 0; k < DIMS; k++) {
            double x = (double)gedi_rng_normal(&r);
            double y = rho * x + sqrt(1 - rho * rho) * (double)gedi_rng_normal(&r);
            z[k] = (float)(rho * scale * x);
            z2[k] = (float)y;
            length += x * x;
            length2 += y * y;
        }
        z[DIMS] = (float)(-0.5 * rho * rho * scale * length);
        z2[DIMS] = z[DIMS + 1] = z[DIMS + 2] = 1;
        z2[DIMS + 1] = (float)(-0.5 * rho * rho * scale * length2);
        z2[DIMS + 2] = (float)(information(rho) + more);
    }
}

typedef struct bound {
    component self;
    network net;
    gedi_node *z[2], *output[2]; /* the term, and what the state of mine becomes */
    int outputs;
    int64_t n;
    double optimum;
} bound;

static void bound_init(bound *b, const char *options, int64_t n)
{
    char all[128];
    gedi_batch v = {.size = n, .views = 2};
    gedi_terms t = {.build = &b->net.build};
    *b = (bound){.n = n};
    snprintf(all, sizeof all, "sphere=false temperature=1 %s", options);
    b->self = component_new(&gedi_objective_mi_bounds, all);
    network_init(&b->net, true);
    for (int i = 0; i < 2; i++)
        v.z[i] = b->z[i] = network_input(&b->net, GEDI_DIMS(n, D));
    gedi_objective_mi_bounds.loss(b->self.self, &b->net.build, &v, &t);
    ck_assert_int_eq(t.n, 1);
    b->optimum = t.value[0].optimum;
    b->output[b->outputs++] = t.node[0];
    if (strstr(options, "mine"))
        b->output[b->outputs++] = network_pending(&b->net, "log_mean");
    network_compile(&b->net, b->output, b->outputs);
}

/* The bound on a batch, as the harness computes it in an iteration. */
static double bound_of(bound *b, double rho, double more, uint64_t batch)
{
    static float z[MOST * D], z2[MOST * D];
    embed(rho, more, b->n, batch, z, z2);
    network_set(&b->net, b->z[0], z);
    network_set(&b->net, b->z[1], z2);
    gedi__program_run(b->net.program);
    if (b->outputs > 1)
        *network_data(&b->net, "log_mean") = *gedi__program_output(b->net.program, 1);
    return -(double)gedi__program_output(b->net.program, 0)[0];
}

static void bound_clear(bound *b)
{
    network_clear(&b->net);
    component_free(&b->self);
}

/* Mean over batches and its standard error. */
static double mean_of(const char *options, double rho, double more, double *error)
{
    enum { FIRST = 20, BATCHES = 60 }; /* mine has found its mean after 20 */
    double sum = 0, square = 0;
    bound b;
    bound_init(&b, options, MOST);
    for (uint64_t i = 0; i < FIRST + BATCHES; i++) {
        double y = bound_of(&b, rho, more, i);
        if (i >= FIRST) {
            sum += y / BATCHES;
            square += y * y / BATCHES;
        }
    }
    bound_clear(&b);
    *error = sqrt((square - sum * sum) / (BATCHES - 1));
    return sum;
}

/* What is added to the best critic for this bound, and how far below the truth it then is: of
 * InfoNCE not more than the variance of the ratio of densities, over 2B. */
static const struct {
    const char *options;
    double more, below;
} bounds[] = {
    {"bound=info_nce", 0, 0.02},
    {"bound=info_nce", -3, 0.02}, /* any constant is as good */
    {"bound=nwj", 1, 0},
    {"bound=tuba", 0, 0},
    {"bound=mine decay=0.5", 0, 0},
    {"bound=mine decay=0.5", 2, 0},
};
enum { BOUNDS = sizeof bounds / sizeof *bounds };

static const double rhos[] = {0.3, 0.8};

START_TEST(tight_for_the_best_critic)
{
    for (int k = 0; k < 2; k++) {
        double error, truth = information(rhos[k]);
        double mean = mean_of(bounds[_i].options, rhos[k], bounds[_i].more, &error);
        ck_assert_msg(error > 1e-4 && error < 0.02, "a standard error of %g", error);
        ck_assert_msg(mean <= truth + 4 * error &&
                          mean >= truth - bounds[_i].below - 4 * error,
                      "%s, rho %g: %g +- %g, not %g", bounds[_i].options, rhos[k], mean,
                      error, truth);
    }
}
END_TEST

/* Half the best critic, or one that is off by a constant which the bound does not forgive. */
START_TEST(below_for_any_other)
{
    static const struct {
        const char *options;
        double more;
    } cases[] = {
        {"bound=info_nce temperature=2", 0},
        {"bound=nwj temperature=2", 1},
        {"bound=tuba temperature=2", 0},
        {"bound=mine decay=0.5 temperature=2", 0},
        {"bound=nwj", 0},
        {"bound=tuba", 1},
    };
    double error, truth = information(0.8);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double mean = mean_of(cases[i].options, 0.8, cases[i].more, &error);
        ck_assert_msg(mean < truth - 0.1 && mean > 0, "%s: %g beside %g",
                      cases[i].options, mean, truth);
    }
}
END_TEST

/* InfoNCE cannot say more than log B, whatever there is to say: here I is 3.9. */
START_TEST(info_nce_ends_at_log_b)
{
    enum { FEW = 8 };
    bound b;
    double sum = 0;
    bound_init(&b, "bound=info_nce", FEW);
    for (uint64_t i = 0; i < 50; i++) {
        double y = bound_of(&b, 0.99, 0, i);
        ck_assert_msg(y <= log(FEW) + 1e-5, "%g", y);
        sum += y / 50;
    }
    ck_assert_msg(sum > 0.8 * log(FEW), "%g", sum);
    bound_clear(&b);
}
END_TEST

/* The term, for embeddings [n, D] of both views. */
static double term_of(bound *b, const float *z, const float *z2)
{
    network_set(&b->net, b->z[0], z);
    network_set(&b->net, b->z[1], z2);
    gedi__program_run(b->net.program);
    return (double)gedi__program_output(b->net.program, 0)[0];
}

/* The D + 1 corners of a regular simplex, unit vectors with cosines of -1 / D. */
static void simplex(float *z)
{
    for (int i = 0; i <= D; i++)
        for (int k = 0; k < D; k++) {
            double product = 0, corner = i == k ? 1 : -1.0 / D;
            for (int j = 0; j < k; j++)
                product += (double)z[i * D + j] * (double)z[k * D + j];
            z[i * D + k] = i < k    ? 0
                           : i == k ? (float)sqrt(corner - product)
                                    : (float)((corner - product) / (double)z[k * D + k]);
        }
}

START_TEST(a_cosine_has_its_own_optimum)
{
    static const double temperature[] = {0.1, 0.5, 5};
    float z[(D + 1) * D], z2[(D + 1) * D];
    char options[64];
    bound b;
    snprintf(options, sizeof options, "sphere=true temperature=%g", temperature[_i]);
    bound_init(&b, options, D + 1);
    simplex(z);
    double at = term_of(&b, z, z);
    ck_assert_msg(fabs(at - b.optimum) < 2e-6, "%.9g, not %.9g", at, b.optimum);
    ck_assert(b.optimum > -log(D + 1) && b.optimum < 0);
    for (uint64_t k = 0; k < 50; k++) { /* near it, in all directions: none is better */
        gedi_rng r = gedi_rng_at(4, GEDI_STREAM_DATA, k, 0);
        for (int i = 0; i < (D + 1) * D; i++)
            z2[i] = z[i] + 0.1f * gedi_rng_normal(&r);
        double y = term_of(&b, k % 2 ? z : z2, z2);
        ck_assert_msg(y > at, "%.9g is below %.9g", y, at);
    }
    bound_clear(&b);
}
END_TEST

START_TEST(an_optimum_is_told_where_it_is_known)
{
    static const struct {
        const char *options;
        int64_t n;
        double optimum;
    } cases[] = {
        {"bound=info_nce", 9, -2.1972245773362196}, /* dot products: -log B */
        {"sphere=true", D + 2, NAN},                /* too few dimensions */
        {"sphere=true bound=nwj", D + 1, NAN},
        {"sphere=true temperature={linear: {from: 1, to: 2, over: 5}}", D + 1, NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bound b;
        bound_init(&b, cases[i].options, cases[i].n);
        ck_assert_msg(isnan(cases[i].optimum)
                          ? isnan(b.optimum)
                          : fabs(b.optimum - cases[i].optimum) < 1e-12,
                      "%s: %g", cases[i].options, b.optimum);
        bound_clear(&b);
    }
}
END_TEST

int main(void)
{
    gedi__threads_set(1); /* as every command does: OpenBLAS's own threads fight ours */
    TCase *c = tcase_create("bounds");
    tcase_add_loop_test(c, tight_for_the_best_critic, 0, BOUNDS);
    tcase_add_test(c, below_for_any_other);
    tcase_add_test(c, info_nce_ends_at_log_b);
    tcase_add_loop_test(c, a_cosine_has_its_own_optimum, 0, 3);
    tcase_add_test(c, an_optimum_is_told_where_it_is_known);
    Suite *s = suite_create("bounds of mutual information");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
