/* test_ops.c - every operation over the table of cases: its numbers against a reference
 * in double, its derivative and the derivative of that against finite differences of the
 * reference, the same bytes for any number of threads, and where inputs stand.
 */
#include "core/exec/program.h"
#include "core/base/loop.h"
#include "tests/op_cases.h"
#include "tests/testing.h"

#include <check.h>
#include <stdio.h>

enum {
    COORDINATES = 40,  /* at most, of each input, compared with finite differences */
    DIFFERENCES = 2048 /* larger cases are not differentiated numerically */
};

/* Of central differences in double, and of differences of such differences: rounding and
 * the next derivative then both stay under 1e-6. */
static const double STEP_1 = 1e-5, STEP_2 = 3e-4;

/* One case being tried. */
typedef struct trial {
    const op_spec *spec;
    const op_case *c;
    int index; /* of the case, for messages */
    gedi_graph *g;
    gedi_node *x[GEDI_MAX_INPUTS], *y;
    float *data[GEDI_MAX_INPUTS];   /* of each input */
    double *point[GEDI_MAX_INPUTS]; /* the same in double */
    int64_t size[GEDI_MAX_INPUTS], ny;
} trial;

static void *numbers(int64_t n, size_t each)
{
    void *p = calloc((size_t)n + 1, each);
    ck_assert_ptr_nonnull(p);
    return p;
}

static void trial_init(trial *t, const op_spec *spec, int index)
{
    memset(t, 0, sizeof *t);
    t->spec = spec;
    t->c = &spec->cases[index];
    t->index = index;
    t->g = gedi_graph_new();
    int64_t most = 1;
    for (int i = 0; i < t->c->n_in; i++)
        if (gedi_shape_size(t->c->in[i]) > most)
            most = gedi_shape_size(t->c->in[i]);
    for (int i = 0; i < t->c->n_in; i++) {
        int64_t n = t->size[i] = gedi_shape_size(t->c->in[i]);
        t->x[i] = gedi_input(t->g, "x", t->c->in[i]);
        t->data[i] = numbers(n, sizeof(float));
        t->point[i] = numbers(n, sizeof(double));
        /* Between the numbers of the other inputs, so that two never tie. */
        double shift = 0.3 * (spec->hi - spec->lo) * i / (double)most;
        testing_distinct(t->data[i], n, (uint64_t)(100 + i), spec->lo + shift,
                         spec->hi + shift);
        for (int64_t j = 0; j < n; j++)
            t->point[i][j] = (double)t->data[i][j];
    }
    t->y = spec->build(t->g, t->x, t->c);
    gedi_err err = {0};
    ck_assert_msg(t->y && gedi_graph_status(t->g, &err) == GEDI_OK, "%s, case %d: %s",
                  spec->name, index, err.msg);
    t->ny = gedi_shape_size(t->y->shape);
}

static void trial_clear(trial *t)
{
    for (int i = 0; i < t->c->n_in; i++) {
        free(t->data[i]);
        free(t->point[i]);
    }
    gedi_graph_free(t->g);
}

/* Computes `out`; the inputs of the trial and `more` get their numbers. */
static gedi__program *compute(const trial *t, gedi_node *const *out, int n,
                              const gedi__binding *more, int m, int threads)
{
    gedi__program *p = NULL;
    gedi_err err = {0};
    gedi_status s = gedi__program_new(t->g, out, n, more, m, threads, &p, &err);
    ck_assert_msg(s == GEDI_OK, "%s, case %d: %s", t->spec->name, t->index, err.msg);
    for (int i = 0; i < t->c->n_in; i++) {
        float *to = gedi__program_input(p, t->x[i]);
        if (to)
            memcpy(to, t->data[i], (size_t)t->size[i] * sizeof *to);
    }
    gedi__program_seed(p, OP_SEED, GEDI_STREAM_SAMPLER, OP_TICK);
    gedi__program_run(p);
    return p;
}

static void check_error(const trial *t, const char *what, double error, double tolerance)
{
    if (!(error <= tolerance))
        ck_abort_msg("%s, case %d: %s: error %g is not within %g", t->spec->name,
                     t->index, what, error, tolerance);
}

/* ---- numbers ---- */

static void check_values(const trial *t)
{
    double *want = numbers(t->ny, sizeof *want);
    op_reference(t->spec, t->c, (const double *const *)t->point, t->y->shape, want);
    gedi__program *p = compute(t, &t->y, 1, NULL, 0, 2);
    double tolerance = t->spec->tolerance > 0 ? t->spec->tolerance : 1e-6;
    check_error(t, "value", testing_error(gedi__program_output(p, 0), want, t->ny, 1e-3),
                tolerance);
    gedi__program_free(p);
    free(want);
}

static void check_threads(const trial *t)
{
    gedi__program *one = compute(t, &t->y, 1, NULL, 0, 1);
    for (int threads = 2; threads <= 3; threads++) {
        gedi__program *more = compute(t, &t->y, 1, NULL, 0, threads);
        if (memcmp(gedi__program_output(one, 0), gedi__program_output(more, 0),
                   (size_t)t->ny * sizeof(float)))
            ck_abort_msg("%s, case %d: %d threads give other bytes than one",
                         t->spec->name, t->index, threads);
        gedi__program_free(more);
    }
    gedi__program_free(one);
}

/* All inputs but the first stand: a second run finds them as they were. */
static void check_standing(const trial *t)
{
    double *want = numbers(t->ny, sizeof *want);
    op_reference(t->spec, t->c, (const double *const *)t->point, t->y->shape, want);
    double tolerance = t->spec->tolerance > 0 ? t->spec->tolerance : 1e-6;
    gedi__program *p[3];
    for (int i = 1; i < t->c->n_in; i++)
        gedi__input_stand(t->x[i]);
    for (int threads = 1; threads <= 3; threads++) {
        gedi__program *q = p[threads - 1] = compute(t, &t->y, 1, NULL, 0, threads);
        float *x = gedi__program_input(q, t->x[0]);
        if (!x)
            continue;
        for (int64_t i = 0; i < t->size[0]; i++)
            x[i] = 0.5f;
        gedi__program_run(q);
        memcpy(x, t->data[0], (size_t)t->size[0] * sizeof *x);
        gedi__program_repeat(q, true);
        if (memcmp(gedi__program_output(p[0], 0), gedi__program_output(q, 0),
                   (size_t)t->ny * sizeof(float)))
            ck_abort_msg("%s, case %d: %d threads give other bytes than one, again",
                         t->spec->name, t->index, threads);
    }
    check_error(t, "value, again",
                testing_error(gedi__program_output(p[0], 0), want, t->ny, 1e-3),
                tolerance);
    for (int i = 0; i < 3; i++)
        gedi__program_free(p[i]);
    free(want);
}

/* ---- derivatives ---- */

/* The random projection and direction of one derivative check. */
typedef struct probe {
    float *w, *v[GEDI_MAX_INPUTS];
    double *y; /* scratch for the reference */
    double *x[GEDI_MAX_INPUTS];
} probe;

static void probe_init(probe *p, const trial *t)
{
    memset(p, 0, sizeof *p);
    p->w = numbers(t->ny, sizeof *p->w);
    p->y = numbers(t->ny, sizeof *p->y);
    testing_uniform(p->w, t->ny, 1, -1, 1);
    for (int i = 0; i < t->c->n_in; i++) {
        p->v[i] = numbers(t->size[i], sizeof(float));
        p->x[i] = numbers(t->size[i], sizeof(double));
        testing_uniform(p->v[i], t->size[i], (uint64_t)(2 + i), -1, 1);
        memcpy(p->x[i], t->point[i], (size_t)t->size[i] * sizeof(double));
    }
}

static void probe_clear(probe *p)
{
    free(p->w);
    free(p->y);
    for (int i = 0; i < GEDI_MAX_INPUTS; i++) {
        free(p->v[i]);
        free(p->x[i]);
    }
}

/* The projection sum_i w_i y_i of the reference at the probe's x. */
static double projection(const trial *t, probe *p)
{
    double sum = 0;
    op_reference(t->spec, t->c, (const double *const *)p->x, t->y->shape, p->y);
    for (int64_t i = 0; i < t->ny; i++)
        sum += (double)p->w[i] * p->y[i];
    return sum;
}

/* Moves x by h along the direction v. */
static void move(const trial *t, probe *p, double h)
{
    for (int i = 0; i < t->c->n_in; i++)
        for (int64_t j = 0; j < t->size[i]; j++)
            p->x[i][j] += h * (double)p->v[i][j];
}

/* Derivative of the projection along v. */
static double along(const trial *t, probe *p)
{
    const double h = STEP_2;
    move(t, p, h);
    double up = projection(t, p);
    move(t, p, -2 * h);
    double down = projection(t, p);
    move(t, p, h);
    return (up - down) / (2 * h);
}

typedef double (*functional)(const trial *, probe *);

/* Central differences of f in some coordinates of input i, against got[i]. */
static void check_coordinates(const trial *t, probe *p, functional f, double h, int i,
                              const float *got, const char *what, double tolerance)
{
    int64_t n = t->size[i], stride = n > COORDINATES ? n / COORDINATES : 1;
    float *some = numbers(n, sizeof *some);
    double *want = numbers(n, sizeof *want);
    int64_t count = 0;
    for (int64_t j = 0; j < n; j += stride, count++) {
        double at = p->x[i][j];
        p->x[i][j] = at + h;
        double up = f(t, p);
        p->x[i][j] = at - h;
        double down = f(t, p);
        p->x[i][j] = at;
        want[count] = (up - down) / (2 * h);
        some[count] = got[j];
    }
    check_error(t, what, testing_error(some, want, count, 0.1), tolerance);
    free(some);
    free(want);
}

/* The derivative along v of each number of y: what the second derivative is in w. */
static void check_forward(const trial *t, probe *p, const float *got)
{
    const double h = STEP_1;
    double *want = numbers(t->ny, sizeof *want);
    move(t, p, h);
    op_reference(t->spec, t->c, (const double *const *)p->x, t->y->shape, want);
    move(t, p, -2 * h);
    op_reference(t->spec, t->c, (const double *const *)p->x, t->y->shape, p->y);
    move(t, p, h);
    for (int64_t i = 0; i < t->ny; i++)
        want[i] = (want[i] - p->y[i]) / (2 * h);
    check_error(t, "derivative of the derivative in gy",
                testing_error(got, want, t->ny, 0.1), 2e-5);
    free(want);
}

/* g = d(w . y)/dx; then h = d(v . g)/dx and d(v . g)/dw. */
static void check_derivatives(const trial *t)
{
    enum { MOST = 2 * GEDI_MAX_INPUTS + 1 };
    int n = t->c->n_in;
    gedi_node *out[MOST], *wrt[GEDI_MAX_INPUTS + 1], *v[GEDI_MAX_INPUTS];
    gedi__binding bind[GEDI_MAX_INPUTS + 1];
    probe p;
    probe_init(&p, t);
    gedi_node *w = gedi_input(t->g, "w", t->y->shape);
    gedi_node *cost = gedi_sum(gedi_mul(t->y, w), GEDI_ALL_AXES), *second = NULL;
    gedi_grad(cost, t->x, n, NULL, 0, out);
    bind[n] = (gedi__binding){w, p.w};
    for (int i = 0; i < n; i++) {
        v[i] = gedi_input(t->g, "v", t->c->in[i]);
        bind[i] = (gedi__binding){v[i], p.v[i]};
        gedi_node *term = gedi_sum(gedi_mul(out[i], v[i]), GEDI_ALL_AXES);
        term = gedi_reshape(term, GEDI_DIMS(1)); /* the inputs may differ in rank */
        second = second ? gedi_add(second, term) : term;
        wrt[i] = t->x[i];
    }
    wrt[n] = w;
    gedi_grad(second, wrt, n + 1, NULL, 0, out + n);
    gedi_err err = {0};
    ck_assert_msg(gedi_graph_status(t->g, &err) == GEDI_OK, "%s, case %d: %s",
                  t->spec->name, t->index, err.msg);
    gedi__program *program = compute(t, out, 2 * n + 1, bind, n + 1, 1);
    for (int i = 0; i < n; i++) {
        ck_assert(gedi_shape_equal(out[i]->shape, t->c->in[i]));
        check_coordinates(t, &p, projection, STEP_1, i, gedi__program_output(program, i),
                          "derivative", 1e-5);
        check_coordinates(t, &p, along, STEP_2, i, gedi__program_output(program, n + i),
                          "derivative of the derivative", 1e-5);
    }
    check_forward(t, &p, gedi__program_output(program, 2 * n));
    gedi__program_free(program);
    probe_clear(&p);
}

/* The derivative of what has none is zero, and the reason is written. */
static void check_flat(const trial *t)
{
    gedi_node *gx[GEDI_MAX_INPUTS];
    ck_assert_msg(t->spec->name && t->y->op->why, "%s: no derivative and no reason",
                  t->spec->name);
    if (!t->c->n_in || t->y == t->x[0])
        return;
    ck_assert_int_eq(
        gedi_grad(gedi_sum(t->y, GEDI_ALL_AXES), t->x, t->c->n_in, NULL, 0, gx), GEDI_OK);
    for (int i = 0; i < t->c->n_in; i++)
        ck_assert_msg(gx[i]->op == &gedi__op_constant && !(gx[i]->attr.a != 0.0),
                      "%s: the derivative is not zero", t->spec->name);
}

/* ---- the loop ---- */

static bool large(const trial *t)
{
    return t->ny >= GEDI__PARALLEL_MIN ||
           (t->c->n_in && t->size[0] >= GEDI__PARALLEL_MIN);
}

static const op_spec *find_spec(const char *name)
{
    const op_spec *o = NULL;
    for (int i = 0; (o = op_spec_at(i)) && strcmp(o->name, name); i++)
        ;
    return o;
}

START_TEST(every_operation_is_in_the_table)
{
    const gedi__op *op = gedi__ops[_i];
    const op_spec *o = find_spec(op->name);
    ck_assert_msg(o != NULL, "%s is not in op_specs: add its cases and a reference",
                  op->name);
    ck_assert_msg((op->vjp == NULL) == (o->flat != NULL),
                  "%s: a derivative, or in op_specs the reason why not", op->name);
    bool built = false, any_large = false;
    for (int c = 0; o->cases[c].n_in >= 0; c++) {
        trial t;
        trial_init(&t, o, c);
        built = built || t.y->op == op;
        any_large = any_large || large(&t);
        trial_clear(&t);
    }
    ck_assert_msg(built, "no case of %s builds a node of it", op->name);
    ck_assert_msg(any_large, "no case of %s is large enough for threads", op->name);
}
END_TEST

START_TEST(values_are_those_of_the_reference)
{
    const op_spec *o = op_spec_at(_i);
    for (int c = 0; o->cases[c].n_in >= 0; c++) {
        trial t;
        trial_init(&t, o, c);
        check_values(&t);
        trial_clear(&t);
    }
}
END_TEST

START_TEST(threads_do_not_change_bytes)
{
    const op_spec *o = op_spec_at(_i);
    for (int c = 0; o->cases[c].n_in >= 0; c++) {
        trial t;
        trial_init(&t, o, c);
        check_threads(&t);
        trial_clear(&t);
    }
}
END_TEST

START_TEST(what_stands_is_not_computed_again)
{
    const op_spec *o = op_spec_at(_i);
    for (int c = 0; o->cases[c].n_in >= 0; c++) {
        trial t;
        trial_init(&t, o, c);
        check_standing(&t);
        trial_clear(&t);
    }
}
END_TEST

START_TEST(derivatives_are_those_of_finite_differences)
{
    const op_spec *o = op_spec_at(_i);
    for (int c = 0; o->cases[c].n_in >= 0; c++) {
        trial t;
        trial_init(&t, o, c);
        int64_t work = t.ny;
        for (int i = 0; i < t.c->n_in; i++)
            work += t.size[i];
        if (o->flat)
            check_flat(&t);
        else if (work <= DIFFERENCES)
            check_derivatives(&t);
        trial_clear(&t);
    }
}
END_TEST

int main(void)
{
    int specs = 0;
    while (op_spec_at(specs))
        specs++;
    Suite *s = suite_create("operations");
    TCase *tc = tcase_create("table");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, every_operation_is_in_the_table, 0, gedi__op_count);
    tcase_add_loop_test(tc, values_are_those_of_the_reference, 0, specs);
    tcase_add_loop_test(tc, threads_do_not_change_bytes, 0, specs);
    tcase_add_loop_test(tc, what_stands_is_not_computed_again, 0, specs);
    tcase_add_loop_test(tc, derivatives_are_those_of_finite_differences, 0, specs);
    suite_add_tcase(s, tc);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
