/* test_rules.c - rules for neuro-symbolic learning: probabilities against the enumeration of all worlds,
 * closed forms, gradients, draws, threads.
 *
 * Source: Sansone & Manhaeve, section 6.4, eqs. (8), (9): p(query) is the sum of the probabilities of the
 * worlds in which it holds, each the product of those of its values.
 */
#include "core/exec/program.h"
#include "tests/rules.h"
#include "tests/experiment.h"
#include "tests/testing.h"

#include <pthread.h>
#include <time.h>

enum { VARIABLES = 6, VALUES = 5, RULES = 6, BATCH = 2 };

static gedi_rng rng;
static gedi_err err;

static int below(int n)
{
    return (int)gedi_rng_below(&rng, (uint64_t)n);
}

static void write_rules(const gedi__text *t)
{
    ck_assert(!t->failed);
    ck_assert_int_eq(gedi__file_write(experiment_path("r.pl"), t->s, t->len, &err),
                     GEDI_OK);
}

/* ---- programs at random ---- */

typedef struct literal {
    bool negative, of_rule; /* r(which), or v(which, value) */
    int which, value;
} literal;

typedef struct random_program {
    int variables, rules, values[VARIABLES];
    double p[VARIABLES][VALUES];
    int clauses[RULES], length[RULES][3];
    literal body[RULES][3][3];
    int evidence,
        answers; /* of rule `evidence`; -1: none. answers: of "r(X)", else of the last one */
} random_program;

static void draw_program(random_program *w)
{
    *w = (random_program){
        .variables = 2 + below(5), .rules = 1 + below(RULES), .evidence = -1};
    for (int v = 0; v < w->variables; v++) {
        double sum = 0;
        w->values[v] = 2 + below(4);
        for (int k = 0; k < w->values[v]; k++)
            sum += w->p[v][k] = 1 + below(99);
        for (int k = 0; k < w->values[v]; k++)
            w->p[v][k] /= sum;
    }
    for (int r = 0; r < w->rules; r++) {
        w->clauses[r] = 1 + below(3);
        for (int c = 0; c < w->clauses[r]; c++) {
            w->length[r][c] = 1 + below(3);
            for (int i = 0; i < w->length[r][c]; i++) {
                literal *l = &w->body[r][c][i];
                l->negative = below(3) == 0;
                l->of_rule = r && below(2);
                l->which = below(l->of_rule ? r : w->variables);
                l->value = l->of_rule ? 0 : below(w->values[l->which]);
            }
        }
    }
    if (w->rules > 1 && below(3) == 0)
        w->evidence = below(w->rules - 1);
    w->answers = below(3) ? 1 : w->rules;
}

static void write_program(const random_program *w)
{
    gedi__text t = {0};
    for (int v = 0; v < w->variables; v++)
        for (int k = 0; k < w->values[v]; k++)
            gedi__text_add(&t, "%.17g::v(%d,%d)%s", w->p[v][k], v, k,
                           k == w->values[v] - 1 ? ".\n" : "; ");
    for (int r = 0; r < w->rules; r++)
        for (int c = 0; c < w->clauses[r]; c++)
            for (int i = 0; i < w->length[r][c]; i++) {
                const literal *l = &w->body[r][c][i];
                if (!i)
                    gedi__text_add(&t, "r(%d) :- ", r);
                gedi__text_add(&t, l->of_rule ? "%sr(%d)%.0d%s" : "%sv(%d,%d)%s",
                               l->negative ? "\\+ " : "", l->which, l->value,
                               i == w->length[r][c] - 1 ? ".\n" : ", ");
            }
    if (w->evidence >= 0)
        gedi__text_add(&t, "evidence(r(%d)).\n", w->evidence);
    write_rules(&t);
    gedi__text_clear(&t);
}

static bool holds(const random_program *w, const int *world, int r)
{
    for (int c = 0; c < w->clauses[r]; c++) {
        bool all = true;
        for (int i = 0; i < w->length[r][c]; i++) {
            const literal *l = &w->body[r][c][i];
            bool here =
                l->of_rule ? holds(w, world, l->which) : world[l->which] == l->value;
            all &= here != l->negative;
        }
        if (all)
            return true;
    }
    return false;
}

/* p(r, evidence) of every rule, and p(evidence). */
static double enumerate(const random_program *w, double *p)
{
    long worlds = 1;
    int world[VARIABLES];
    double evidence = 0;
    for (int v = 0; v < w->variables; v++)
        worlds *= w->values[v];
    for (int r = 0; r < w->rules; r++)
        p[r] = 0;
    for (long i = 0; i < worlds; i++) {
        long rest = i;
        double q = 1;
        for (int v = 0; v < w->variables; v++) {
            world[v] = (int)(rest % w->values[v]);
            rest /= w->values[v];
            q *= w->p[v][world[v]];
        }
        if (w->evidence >= 0 && !holds(w, world, w->evidence))
            continue;
        evidence += q;
        for (int r = 0; r < w->rules; r++)
            p[r] += holds(w, world, r) ? q : 0;
    }
    return evidence;
}

typedef struct compiled {
    rules_program p;
    rules_diagram d;
} compiled;

static gedi_status compile(const char *query, compiled *out)
{
    err = (gedi_err){0};
    *out = (compiled){0};
    GEDI_TRY(rules_ground(experiment_folder, "r.pl", query, &out->p, &err));
    gedi_status s = rules_compile(&out->p, RULES_MOST_NODES, &out->d, &err);
    if (s)
        rules_program_clear(&out->p);
    return s;
}

static void compiled_clear(compiled *c)
{
    rules_diagram_clear(&c->d);
    rules_program_clear(&c->p);
    rules_diagram_clear(&c->d); /* once more does no harm */
    rules_program_clear(&c->p);
}

/* Logarithms of the probabilities that the file states, [variables][values]. */
static double **stated(const rules_program *p)
{
    double **x = calloc((size_t)p->variables, sizeof *x);
    ck_assert_ptr_nonnull(x);
    for (int v = 0; v < p->variables; v++) {
        x[v] = malloc((size_t)p->variable[v].values * sizeof **x);
        ck_assert_ptr_nonnull(x[v]);
        for (int k = 0; k < p->variable[v].values; k++)
            x[v][k] =
                log(p->variable[v].p ? p->variable[v].p[k] : 1.0 / p->variable[v].values);
    }
    return x;
}

static void stated_free(double **x, const rules_program *p)
{
    for (int v = 0; v < p->variables; v++)
        free(x[v]);
    free(x);
}

/* ---- the graph ---- */

typedef struct circuit {
    gedi_graph *g;
    gedi_node **input; /* [variables] [BATCH, K] */
    gedi_node *y;      /* [BATCH, roots] */
} circuit;

static circuit circuit_new(const compiled *c)
{
    circuit k = {0};
    ck_assert_ptr_nonnull(k.g = gedi_graph_new());
    k.input = calloc((size_t)c->p.variables, sizeof *k.input);
    ck_assert_ptr_nonnull(k.input);
    for (int v = 0; v < c->p.variables; v++)
        k.input[v] = gedi_input(k.g, "log_p", GEDI_DIMS(BATCH, c->p.variable[v].values));
    k.y = rules_log_p(&c->d, k.input);
    return k;
}

static void circuit_free(circuit *k)
{
    free(k->input);
    gedi_graph_free(k->g);
}

/* Row b: the logarithms, and b added to the last value's. */
static gedi__program *run_circuit(const circuit *k, const compiled *c,
                                  gedi_node *const *out, int n, double **x)
{
    gedi__program *p;
    gedi_status s = gedi__program_new(k->g, out, n, NULL, 0, 1, &p, &err);
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
    for (int v = 0; v < c->p.variables; v++) {
        int values = c->p.variable[v].values;
        float *to = gedi__program_input(p, k->input[v]);
        for (int i = 0; to && i < BATCH * values; i++)
            to[i] = (float)x[v][i % values];
    }
    gedi__program_run(p);
    return p;
}

static double log_p_of(const compiled *c, double **x, int root)
{
    double *out = malloc((size_t)c->d.roots * sizeof *out);
    ck_assert_ptr_nonnull(out);
    log_probabilities(&c->d, (const double *const *)x, out);
    double y = out[root];
    free(out);
    return y;
}

/* d log p(root 0) / d log p(v = k) by differences in double, against the graph's. */
static void ck_gradient(const compiled *c, double **x)
{
    circuit k = circuit_new(c);
    int n = c->p.variables;
    gedi_node **grad = calloc((size_t)n, sizeof *grad);
    ck_assert_int_eq(gedi_grad(gedi_slice(k.y, 1, 0, 1), k.input, n, NULL, 0, grad),
                     GEDI_OK);
    gedi__program *p = run_circuit(&k, c, grad, n, x);
    for (int v = 0; v < n; v++)
        for (int i = 0; i < c->p.variable[v].values; i++) {
            double was = x[v][i], up, down;
            x[v][i] = was + 1e-5;
            up = log_p_of(c, x, 0);
            x[v][i] = was - 1e-5;
            down = log_p_of(c, x, 0);
            x[v][i] = was;
            double want = (up - down) / 2e-5,
                   got = (double)gedi__program_output(p, v)[i + c->p.variable[v].values];
            ck_assert_msg(fabs(got - want) < 2e-5, "d %d %d: %g instead of %g", v, i, got,
                          want);
        }
    gedi__program_free(p);
    free(grad);
    circuit_free(&k);
}

/* The derivative of the sum of the squares of the first derivatives by those differences. */
static void ck_second(const compiled *c, double **x)
{
    circuit k = circuit_new(c);
    int n = c->p.variables, last = c->d.variable[0];
    gedi_node **grad = calloc((size_t)n, sizeof *grad), *second;
    ck_assert_int_eq(gedi_grad(gedi_slice(k.y, 1, 0, 1), k.input, n, NULL, 0, grad),
                     GEDI_OK);
    gedi_node *square = gedi_sum(gedi_square(grad[last]), 3u);
    ck_assert_int_eq(gedi_grad(square, &k.input[last], 1, NULL, 0, &second), GEDI_OK);
    double was = x[last][0], of[2];
    for (int i = 0; i < 2; i++) {
        x[last][0] = was + (i ? 1e-2 : -1e-2);
        gedi__program *p = run_circuit(&k, c, &square, 1, x);
        of[i] = (double)*gedi__program_output(p, 0) / BATCH;
        gedi__program_free(p);
    }
    x[last][0] = was;
    gedi__program *p = run_circuit(&k, c, &second, 1, x);
    double got = (double)*gedi__program_output(p, 0), want = (of[1] - of[0]) / 2e-2;
    ck_assert_msg(fabs(got - want) < 1e-3 * fmax(1, fabs(want)), "%g instead of %g", got,
                  want);
    gedi__program_free(p);
    free(grad);
    circuit_free(&k);
}

/* Root's answer is "r(7)". */
static int rule_of(const char *answer)
{
    return atoi(answer + 2);
}

static void ck_program(const random_program *w, const compiled *c, const double *p,
                       double evidence)
{
    double **x = stated(&c->p);
    circuit k = circuit_new(c);
    gedi__program *run = run_circuit(&k, c, &k.y, 1, x);
    for (int r = 0; r < c->d.roots; r++) {
        int rule = rule_of(c->p.answer[r]);
        ck_assert(rule >= 0 && rule < w->rules);
        double want = p[rule] / evidence, got = exp(log_p_of(c, x, r));
        ck_assert_msg(fabs(got - want) <= 1e-9, "r(%d): %.12g instead of %.12g", rule,
                      got, want);
        for (int b = 0; b < BATCH; b++) {
            got = (double)expf(gedi__program_output(run, 0)[b * c->d.roots + r]);
            ck_assert_msg(fabs(got - want) <= 1e-5 * fmax(want, 1e-6),
                          "r(%d): %g instead of %g", rule, got, want);
        }
    }
    gedi__program_free(run);
    circuit_free(&k);
    stated_free(x, &c->p);
}

START_TEST(random_programs_are_the_sum_over_worlds)
{
    int judged = 0, with_evidence = 0, several = 0, differentiated = 0;
    for (int t = 0; t < 300; t++) {
        random_program w;
        compiled c;
        double p[RULES];
        char query[32];
        draw_program(&w);
        write_program(&w);
        double evidence = enumerate(&w, p);
        snprintf(query, sizeof query, w.answers > 1 ? "r(X)" : "r(%d)", w.rules - 1);
        if (compile(query, &c)) {
            bool open = false; /* an answer that is neither certain nor impossible */
            for (int r = w.answers > 1 ? 0 : w.rules - 1; r < w.rules; r++)
                open |= p[r] > 1e-12 && p[r] < evidence - 1e-12;
            /* One answer that is certain by its form alone is refused, too. */
            ck_assert_msg(!open || strstr(err.msg, "always holds"), "%d: %s", t, err.msg);
            continue;
        }
        ck_program(&w, &c, p, evidence);
        double **x = stated(&c.p);
        if (t % 8 == 0 && c.d.root[0] > 1) {
            ck_gradient(&c, x);
            differentiated++;
            ck_second(&c, x);
        }
        stated_free(x, &c.p);
        judged++;
        with_evidence += w.evidence >= 0;
        several += c.d.roots > 1;
        compiled_clear(&c);
    }
    ck_assert_msg(judged > 200 && with_evidence > 30 && several > 30 &&
                      differentiated > 20,
                  "%d %d %d %d", judged, with_evidence, several, differentiated);
}
END_TEST

/* ---- addition ---- */

static const char digits[] =
    "nn(digit, [X], Y, [0..9]) :: digit(X, Y).\n"
    "addition(A, B, C) :- digit(A, X), digit(B, Y), Z is X + Y, digit(C, Z).\n"
    "carry([], [], [], 0).\n"
    "carry([A|As], [B|Bs], [Z|Zs], C) :- carry(As, Bs, Zs, D), digit(A, X), digit(B, Y),\n"
    "  S is X + Y + D, V is S mod 10, digit(Z, V), C is S // 10.\n"
    "sums(A, B, Z) :- carry(A, B, Z, 0).\n";

static void write_digits(void)
{
    gedi__text t = {0};
    gedi__text_add(&t, "%s", digits);
    write_rules(&t);
    gedi__text_clear(&t);
}

static double closed_form(const double q[3][10])
{
    double p = 0;
    for (int a = 0; a < 10; a++)
        for (int b = 0; a + b < 10; b++)
            p += q[0][a] * q[1][b] * q[2][a + b];
    return p;
}

START_TEST(addition_has_its_closed_form)
{
    compiled c;
    write_digits();
    ck_assert_msg(compile("addition(x1, x2, x3)", &c) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(c.p.variables, 3);
    for (int t = 0; t < 20; t++) {
        double q[3][10], x[3][10], sum;
        const double *log_p[3] = {x[0], x[1], x[2]};
        double got;
        for (int v = 0; v < 3; v++) {
            int part = rules_part(&c.p.variable[v]) - 1;
            sum = 0;
            for (int k = 0; k < 10; k++)
                sum += q[part][k] = pow((double)gedi_rng_uniform(&rng), 1 + t);
            for (int k = 0; k < 10; k++)
                x[v][k] = log(q[part][k] /= sum);
        }
        log_probabilities(&c.d, log_p, &got);
        ck_assert_double_eq_tol(exp(got), closed_form((const double(*)[10])q), 1e-12);
    }
    compiled_clear(&c);
}
END_TEST

/* Nearly certain of 3 + 4, or of a third digit that is not their sum. */
START_TEST(extremes_have_finite_losses_and_gradients)
{
    static const double unlikely[] = {0, 1e-45, 1e-38, 1e-30};
    compiled c;
    write_digits();
    ck_assert_msg(compile("addition(x1, x2, x3)", &c) == GEDI_OK, "%s", err.msg);
    for (int t = 0; t < 8; t++) {
        double values[3][10], *x[3] = {values[0], values[1], values[2]};
        for (int v = 0; v < 3; v++)
            for (int k = 0; k < 10; k++) {
                static const int sure[] = {3, 4, 7, 8};
                int part = rules_part(&c.p.variable[v]) - 1;
                bool is = k == sure[part + (part == 2 && t >= 4)];
                x[v][k] = is ? 0 : fmax(log(unlikely[t % 4]), -1e4);
            }
        circuit k = circuit_new(&c);
        gedi_node *out[4] = {k.y};
        ck_assert_int_eq(gedi_grad(k.y, k.input, 3, NULL, 0, out + 1), GEDI_OK);
        gedi__program *p = run_circuit(&k, &c, out, 4, x);
        double y = (double)*gedi__program_output(p, 0);
        ck_assert_msg(isfinite(y) && (t >= 4 ? y < -60 : fabs(y) < 1e-6), "%d: %g", t, y);
        for (int v = 0; v < 3; v++)
            for (int i = 0; i < 10; i++) {
                float g = gedi__program_output(p, 1 + v)[i];
                ck_assert_msg(g >= -1e-6f && g <= 1 + 1e-6f, "%d: %g", t, (double)g);
            }
        gedi__program_free(p);
        circuit_free(&k);
    }
    compiled_clear(&c);
}
END_TEST

/* Each digit more adds as many nodes as the one before it. */
START_TEST(numbers_of_many_digits_grow_linearly)
{
    int nodes[5];
    write_digits();
    for (int i = 0; i < 5; i++) {
        gedi__text q = {0};
        compiled c;
        clock_t from = clock();
        for (int k = 1; k <= 3; k++)
            for (int n = 0; n < 1 << i; n++)
                gedi__text_add(&q, "%s%sx%d%s",
                               n       ? ""
                               : k > 1 ? ", "
                                       : "sums(",
                               n ? "," : "[", 3 * n + k, n == (1 << i) - 1 ? "]" : "");
        gedi__text_add(&q, ")");
        ck_assert_msg(compile(q.s, &c) == GEDI_OK, "%s", err.msg);
        nodes[i] = c.d.nodes;
        printf("%d digits: %d nodes, %.2f s\n", 1 << i, c.d.nodes,
               (double)(clock() - from) / CLOCKS_PER_SEC);
        compiled_clear(&c);
        gedi__text_clear(&q);
    }
    for (int i = 3; i < 5; i++) /* the first digit has no carry of its own */
        ck_assert_int_eq(nodes[i] - nodes[i - 1], 2 * (nodes[i - 1] - nodes[i - 2]));
}
END_TEST

/* ---- draws and answers ---- */

START_TEST(draws_are_those_of_the_worlds_in_which_it_holds)
{
    enum { DRAWS = 20000, WORLDS = 100 };
    compiled c;
    double **x, p[WORLDS] = {0}, sum = 0, chi = 0;
    int count[WORLDS] = {0}, free_worlds = -1;
    gedi__text t = {0};
    gedi__text_add(
        &t,
        "0.1::a(0); 0.2::a(1); 0.7::a(2).\n0.5::b(0); 0.3::b(1); 0.2::b(2).\n0.9::c.\n"
        "q :- a(X), b(Y), X + Y =\\= 2.\nq :- a(0), c.\nevidence(\\+ b(0)).\n");
    write_rules(&t);
    gedi__text_clear(&t);
    ck_assert_msg(compile("q", &c) == GEDI_OK, "%s", err.msg);
    x = stated(&c.p);
    int at[3] = {-1, -1, -1}; /* the variables a, b, c */
    for (int v = 0; v < c.p.variables; v++)
        at[c.p.variable[v].values == 2 ? 2 : c.p.variable[v].p[0] < 0.3 ? 0 : 1] = v;
    for (int i = 0; i < 18; i++) {
        int a = i / 6, b = i / 2 % 3, no = i % 2;
        if (b && (a + b != 2 || (a == 0 && !no)))
            sum += p[i] = exp(x[at[0]][a] + x[at[1]][b] + x[at[2]][no]);
    }
    for (int n = 0; n < DRAWS; n++) {
        int value[3];
        ck_assert_int_eq(
            rules_draw(&c.p, &c.d, 0, (const double *const *)x, &rng, value, &err),
            GEDI_OK);
        count[value[at[0]] * 6 + value[at[1]] * 2 + value[at[2]]]++;
    }
    for (int i = 0; i < 18; i++) {
        double want = DRAWS * p[i] / sum;
        ck_assert_msg(p[i] > 0 || !count[i], "world %d cannot be", i);
        if (p[i] > 0) {
            chi += (count[i] - want) * (count[i] - want) / want;
            free_worlds++;
        }
    }
    ck_assert_int_gt(free_worlds, 5);
    ck_assert_msg(chi < free_worlds + 5 * sqrt(2.0 * free_worlds), "chi^2 %g of %d", chi,
                  free_worlds);
    ck_assert_double_eq_tol(exp(log_p_of(&c, x, 0)), sum / 0.5, 1e-12);
    stated_free(x, &c.p);
    compiled_clear(&c);
}
END_TEST

START_TEST(answers_are_what_the_classes_make_them)
{
    rules r;
    rules_judge j;
    write_digits();
    gedi_status s =
        rules_open(experiment_folder, "r.pl", "sums([x1], [x2], [x3])", 10, &r, &err);
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
    ck_assert(r.parts == 3 && r.values == 10);
    ck_assert_int_eq(rules_judge_open(&r, &j, &err), GEDI_OK);
    ck_assert_int_eq(rules_judge_ask(&j, (const int32_t[]){3, 4, 7}), 0);
    ck_assert_int_eq(rules_judge_ask(&j, (const int32_t[]){3, 4, 8}), -1);
    ck_assert_int_eq(rules_judge_ask(&j, (const int32_t[]){3, -1, 7}), -1);
    ck_assert_int_eq(rules_judge_ask(&j, (const int32_t[]){9, 0, 9}), 0);
    rules_judge_close(&j);
    rules_close(&r);
    rules_close(&r);
    gedi_status wrong =
        rules_open(experiment_folder, "r.pl", "addition(x1, x2, x3)", 7, &r, &err);
    ck_assert_int_eq(wrong, GEDI_DESCRIPTOR);
    ck_assert_str_eq(err.msg, "r.pl: nn(digit) has 10 values, but there are 7 classes");
}
END_TEST

/* Where the evidence cannot hold no answer is certain, which a difference of logarithms would say. */
START_TEST(evidence_that_fails_makes_nothing_certain)
{
    compiled c;
    gedi__text t = {0};
    gedi__text_add(&t, "nn(d, [X], Y, [0..2]) :: d(X, Y).\nq(Y) :- d(x1, Y), d(x2, Y).\n"
                       "evidence(\\+ d(x1, 0)).\n");
    write_rules(&t);
    gedi__text_clear(&t);
    ck_assert_msg(compile("q(Y)", &c) == GEDI_OK, "%s", err.msg);
    double sure[2][3], *x[2] = {sure[0], sure[1]}, out[3];
    for (int v = 0; v < 2; v++)
        for (int k = 0; k < 3; k++)
            x[v][k] = k ? -1e30 : 0;
    circuit k = circuit_new(&c);
    gedi__program *p = run_circuit(&k, &c, &k.y, 1, x);
    for (int r = 0; r < c.d.roots; r++)
        ck_assert_float_lt(gedi__program_output(p, 0)[r], -1e6f);
    gedi__program_free(p);
    circuit_free(&k);
    for (int v = 0; v < 2; v++)
        for (int i = 0; i < 3; i++)
            x[v][i] = i ? -INFINITY : 0;
    log_probabilities(&c.d, (const double *const *)x, out);
    for (int r = 0; r < c.d.roots; r++)
        ck_assert(out[r] == -INFINITY);
    compiled_clear(&c);
}
END_TEST

START_TEST(learned_chances_start_where_the_file_says)
{
    static const struct {
        const char *text;
        int values;
        double p[3];
    } of[] = {{"t(_)::a.", 2, {0.5, 0.5}},
              {"t(_)::a; t(_)::b; t(_)::c.", 3, {1 / 3.0, 1 / 3.0, 1 / 3.0}},
              {"t(0.2)::a; t(_)::b.", 2, {0.2, 0.8}},
              {"t(0.2)::a; t(0.3)::b.", 3, {0.2, 0.3, 0.5}},
              {"1/4::a; 1/4::b.", 3, {0.25, 0.25, 0.5}}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        gedi__text t = {0};
        compiled c;
        gedi__text_add(&t, "%s\nq :- a.\n", of[i].text);
        write_rules(&t);
        gedi__text_clear(&t);
        ck_assert_msg(compile("q", &c) == GEDI_OK, "%s", err.msg);
        ck_assert_int_eq(c.p.variables, 1);
        ck_assert_int_eq(c.p.variable[0].values, of[i].values);
        ck_assert(c.p.variable[0].learned == (of[i].text[0] == 't'));
        for (int k = 0; k < of[i].values; k++)
            ck_assert_double_eq_tol(c.p.variable[0].p[k], of[i].p[k], 1e-12);
        compiled_clear(&c);
    }
}
END_TEST

/* ---- threads ---- */

static void *ground_there(void *text)
{
    compiled c;
    gedi_status s = compile(text, &c);
    if (s == GEDI_OK)
        compiled_clear(&c);
    return s == GEDI_OK ? text : NULL;
}

/* One after the other, the first of which has started Prolog and is gone. */
START_TEST(any_thread_grounds)
{
    static char query[] = "addition(x1, x2, x3)";
    write_digits();
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        void *done = NULL;
        ck_assert_int_eq(pthread_create(&thread, NULL, ground_there, query), 0);
        ck_assert_int_eq(pthread_join(thread, &done), 0);
        ck_assert_msg(done == query, "%d: %s", i, err.msg);
        ck_assert_msg(i % 2 || ground_there(query), "%d: %s", i, err.msg);
    }
}
END_TEST

static void setup(void)
{
    experiment_setup();
    rng = gedi_rng_at(1, GEDI_STREAM_DATA, 0, 0);
}

int main(void)
{
    Suite *s = suite_create("rules");
    TCase *t = tcase_create("rules");
    SRunner *r = srunner_create(s);
    tcase_add_checked_fixture(t, setup, experiment_teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, random_programs_are_the_sum_over_worlds);
    tcase_add_test(t, addition_has_its_closed_form);
    tcase_add_test(t, extremes_have_finite_losses_and_gradients);
    tcase_add_test(t, numbers_of_many_digits_grow_linearly);
    tcase_add_test(t, draws_are_those_of_the_worlds_in_which_it_holds);
    tcase_add_test(t, answers_are_what_the_classes_make_them);
    tcase_add_test(t, evidence_that_fails_makes_nothing_certain);
    tcase_add_test(t, learned_chances_start_where_the_file_says);
    tcase_add_test(t, any_thread_grounds);
    suite_add_tcase(s, t);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
