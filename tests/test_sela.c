/* test_sela.c - SeLa's classes of all records and its loss of a batch against PyTorch in float64
 * (fixture/sela.py).
 *
 * Tolerance: sums and exponentials of float32; measured at most 1.2e-7.
 */
#include "core/network/network.h"
#include "tests/component.h"
#include "tests/network.h"
#include "tests/testing.h"

static const double tolerance = 2e-6;

enum { VIEWS = 2 };

typedef struct sela_case {
    int64_t n, k;
    double scale;
    const char *options;
    double weight;
    const int *classes;
    double loss;
    const double *g[VIEWS];
} sela_case;

static const sela_case cases[] = {
#include "tests/fixture/sela_cases.h"
};
enum { CASES = sizeof cases / sizeof cases[0] };

extern const gedi_objective gedi_objective_sela;

/* A pass made by hand: these gedi_pass_* take the place of the library's. */
struct gedi_pass {
    int64_t n, k;
    float *z, *classes;
    bool fails;
};

int64_t gedi_pass_count(const gedi_pass *p)
{
    return p->n;
}

int64_t gedi_pass_embedding(const gedi_pass *p)
{
    return p->k;
}

gedi_status gedi_pass_read(gedi_pass *p, int64_t first, int64_t n, float *h, float *z,
                           gedi_err *err)
{
    ck_assert(h == NULL && first >= 0 && n <= p->n - first);
    if (p->fails)
        return GEDI_FAIL(err, GEDI_IO, "a record that cannot be read");
    memcpy(z, p->z + first * p->k, (size_t)(n * p->k) * sizeof *z);
    return GEDI_OK;
}

float *gedi_pass_state(gedi_pass *p, const char *name, gedi_shape *shape)
{
    ck_assert(shape == NULL && !strcmp(name, "classes"));
    return p->classes;
}

/* The classes into `table` [n]. */
static gedi_status deal(const sela_case *c, const component *self, bool fails,
                        float *table, gedi_err *err)
{
    gedi_pass p = {.n = c->n, .k = c->k, .classes = table, .fails = fails};
    p.z = calloc((size_t)(c->n * c->k), sizeof *p.z);
    ck_assert_ptr_nonnull(p.z);
    network_numbers(p.z, c->n * c->k, 0, c->scale);
    gedi_status s = gedi_objective_sela.pass(self->self, &p, err);
    free(p.z);
    return s;
}

START_TEST(as_pytorch)
{
    const sela_case *c = &cases[_i];
    int64_t b = (c->n + 1) / 2; /* records 0, 2, 4, ... */
    component self = component_new(&gedi_objective_sela, c->options);
    gedi_node *z[VIEWS], *output[1 + VIEWS];
    float index[64];
    gedi_err err = {0};
    network n;
    network_init(&n, true);
    n.build.records = c->n;
    gedi_batch v = {.size = b, .views = VIEWS};
    gedi_terms t = {.build = &n.build};
    v.index = network_input(&n, GEDI_DIMS(b, 1));
    for (int i = 0; i < VIEWS; i++)
        v.z[i] = z[i] = gedi_input(n.build.g, i ? "z'" : "z", GEDI_DIMS(b, c->k));
    gedi_objective_sela.loss(self.self, &n.build, &v, &t);
    ck_assert_int_eq(t.n, 1);
    ck_assert(t.value[0].weight == c->weight && t.value[0].optimum == 0);
    output[0] = t.node[0];
    gedi_grad(t.node[0], z, VIEWS, NULL, 0, output + 1);
    network_compile(&n, output, 1 + VIEWS);
    float *table = network_data(&n, "classes");
    ck_assert_msg(deal(c, &self, false, table, &err) == GEDI_OK, "%s", err.msg);
    for (int64_t i = 0; i < c->n; i++)
        ck_assert_msg((int)table[i] == c->classes[i], "%s: record %d is in class %g",
                      c->options, (int)i, (double)table[i]);
    for (int64_t i = 0; i < b; i++)
        index[i] = (float)(2 * i);
    network_set(&n, v.index, index);
    for (int i = 0; i < VIEWS; i++)
        network_set_numbers(&n, z[i], 1 + i, c->scale);
    gedi__program_run(n.program);
    ck_assert(testing_error(gedi__program_output(n.program, 0), &c->loss, 1, 1e-3) <=
              tolerance);
    for (int i = 0; i < VIEWS; i++)
        ck_assert(testing_error(gedi__program_output(n.program, 1 + i), c->g[i], b * c->k,
                                1e-3) <= tolerance);
    ck_assert_ptr_eq(gedi_objective_sela.logits(self.self, &n.build, z[0]), z[0]);
    network_clear(&n);
    component_free(&self);
}
END_TEST

/* However large the logits are. */
START_TEST(classes_are_equally_large)
{
    const sela_case wide = {.n = 64, .k = 4, .scale = 1e4};
    component self = component_new(&gedi_objective_sela, "lambda=1 iterations=3000");
    float table[64];
    int count[4] = {0};
    gedi_err err = {0};
    ck_assert_msg(deal(&wide, &self, false, table, &err) == GEDI_OK, "%s", err.msg);
    for (int i = 0; i < 64; i++) {
        ck_assert(table[i] >= 0 && table[i] < 4);
        count[(int)table[i]]++;
    }
    for (int k = 0; k < 4; k++)
        ck_assert_msg(count[k] >= 8 && count[k] <= 24, "class %d has %d", k, count[k]);
    component_free(&self);
}
END_TEST

START_TEST(a_failure_is_passed_on)
{
    component self = component_new(&gedi_objective_sela, "every=3");
    float table[24] = {0};
    gedi_err err = {0};
    ck_assert_int_eq(deal(&cases[0], &self, true, table, &err), GEDI_IO);
    ck_assert_str_eq(err.msg, "a record that cannot be read");
    ck_assert_int_eq(gedi_objective_sela.pass_every(self.self), 3);
    component_free(&self);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("sela");
    tcase_add_loop_test(c, as_pytorch, 0, CASES);
    tcase_add_test(c, classes_are_equally_large);
    tcase_add_test(c, a_failure_is_passed_on);
    Suite *s = suite_create("SeLa");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
