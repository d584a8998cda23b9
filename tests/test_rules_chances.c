/* test_rules_chances.c - probabilities that a file of rules states itself, with variables and bodies,
 * against what they come to by hand; how rules are printed; what their answers leave open, against all
 * maps. */
#include "gedi/rng.h"
#include "tests/rules.h"
#include "tests/experiment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NETWORK "nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"

/* p(digit(x1, k)) and p(digit(x2, k)). */
static const double one[3] = {0.2, 0.3, 0.5}, two[3] = {0.6, 0.3, 0.1};

static void write_rules(const char *text)
{
    gedi_err err = {0};
    ck_assert_int_eq(gedi__file_write(experiment_path("r.pl"), text, strlen(text), &err),
                     GEDI_OK);
}

static void open_rules(const char *text, const char *query, rules *r)
{
    gedi_err err = {0};
    write_rules(text);
    gedi_status s = rules_open(experiment_folder, "r.pl", query, 3, r, &err);
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
}

static double probability(const rules *r)
{
    gedi_err err = {0};
    double y, **log_p = rules_chances(&r->program, &err);
    ck_assert_ptr_nonnull(log_p);
    for (int v = 0; v < r->program.variables; v++)
        for (int k = 0; rules_part(&r->program.variable[v]) && k < 3; k++)
            log_p[v][k] = log((rules_part(&r->program.variable[v]) == 1 ? one : two)[k]);
    log_probabilities(&r->diagram, (const double *const *)log_p, &y);
    free(log_p);
    return exp(y);
}

static const struct {
    const char *rules, *query;
    double p;
} chances[] = {
    {"0.3 :: p(X) :- digit(X, 1).\n", "p(x1)", 0.3 * 0.3},
    {"0.3 :: p(X) :- digit(X, 1).\nq :- p(x1).\nq :- p(x2).\n", "q",
     1 - (1 - 0.3 * 0.3) * (1 - 0.3 * 0.3)},
    /* One choice for each that the body gives: both heads of it exclude one another. */
    {"0.2 :: a(X) ; 0.5 :: b(X) :- digit(X, 2).\nq(X) :- a(X).\nq(X) :- b(X).\n", "q(x1)",
     0.7 * 0.5},
    {"0.2 :: a(X) ; 0.5 :: b(X) :- digit(X, 2).\nq :- a(x1), b(x2).\n", "q",
     0.2 * 0.5 * 0.5 * 0.1},
    {"0.4 :: e(X, Y) :- digit(X, 1), digit(Y, 1).\nq :- e(x1, x2), e(x2, x1).\n", "q",
     0.4 * 0.4 * 0.3 * 0.3},
    /* Each digit that it may be is a choice of its own. */
    {"0.5 :: odd(X, D) :- digit(X, D), D > 0.\nq(X) :- odd(X, _).\n", "q(x1)",
     0.5 * (0.3 + 0.5)},
    {"0.5 :: p(X) ; 0.25 :: r(X) :- \\+ digit(X, 0).\nq(X) :- \\+ p(X), \\+ r(X).\n",
     "q(x1)", 0.2 + 0.8 * 0.25},
    {"t(0.25) :: ok(X) :- digit(X, 2).\ng(A) :- ok(A).\n", "g(x2)", 0.25 * 0.1},
    /* What never is leaves the rest; what hardly ever is has its own logarithm. */
    {"0.0 :: z. 0.5 :: e.\nq(X) :- digit(X, 1), z.\nq(X) :- digit(X, 1), e.\n", "q(x1)",
     0.15},
    {"0.0 :: a(X) ; 0.5 :: b(X) :- digit(X, 2).\nq(X) :- a(X).\nq(X) :- b(X).\n", "q(x1)",
     0.25},
    {"1.0e-35 :: g. 1.0e-32 :: e.\nev :- g. ev :- e.\nevidence(ev).\n"
     "q(X) :- digit(X, 1), g.\n",
     "q(x1)", 0.3 * 1e-35 / (1e-35 + 1e-32 - 1e-67)},
    {"t(_) :: a(X) ; t(_) :: b(X) ; t(0.5) :: c(X) :- digit(X, 2).\n", "b(x1)",
     0.25 * 0.5},
};

START_TEST(chances_are_those_of_each_instance)
{
    char text[400];
    rules r;
    snprintf(text, sizeof text, NETWORK "%s", chances[_i].rules);
    open_rules(text, chances[_i].query, &r);
    double p = probability(&r);
    if (!(fabs(p - chances[_i].p) < 1e-12 && fabs(log(p / chances[_i].p)) < 1e-9))
        ck_abort_msg("%s: %.12g, not %.12g", chances[_i].query, p, chances[_i].p);
    rules_close(&r);
}
END_TEST

/* As in ProbLog, t(0.5) :: p(X) is one probability, whatever X is; another clause has its own. */
START_TEST(instances_of_a_clause_learn_together)
{
    rules r;
    open_rules(NETWORK
               "t(0.5) :: ok(X) :- digit(X, 2).\nt(0.5) :: good(X) :- digit(X, 2).\n"
               "q :- ok(x1), ok(x2), good(x1).\n",
               "q", &r);
    char name[3][RULES_NAME];
    int n = 0;
    const char *const heads[] = {"ok(x1)", "ok(x2)", "good(x1)"};
    for (int i = 0; i < 3; i++)
        for (int v = 0; v < r.program.variables; v++)
            if (r.program.variable[v].heads &&
                !strcmp(r.program.variable[v].head[0], heads[i])) {
                rules_learned_name(&r.program, v, name[i]);
                n++;
            }
    ck_assert_int_eq(n, 3);
    ck_assert_str_eq(name[0], name[1]);
    ck_assert_str_ne(name[0], name[2]);
    ck_assert(rules_have_chance(&r));
    rules_close(&r);
}
END_TEST

START_TEST(answers_exclude_one_another)
{
    gedi_err err = {0};
    rules r;
    write_rules(NETWORK "least(X, B) :- digit(X, D), between(0, 2, B), D >= B, B > 0.\n"
                        "half(X, 0) :- digit(X, 0).\nhalf(X, 1) :- \\+ digit(X, 0).\n");
    ck_assert_int_eq(rules_open(experiment_folder, "r.pl", "least(x1, B)", 3, &r, &err),
                     GEDI_DESCRIPTOR);
    ck_assert_str_eq(
        err.msg, "r.pl: least(x1,1) and least(x1,2) can hold of the same record: answers "
                 "must exclude one another");
    ck_assert_int_eq(rules_open(experiment_folder, "r.pl", "half(x1, B)", 3, &r, &err),
                     GEDI_OK);
    rules_close(&r);
}
END_TEST

START_TEST(rules_are_printed)
{
    rules r;
    gedi_err err = {0};
    char *text;
    open_rules(NETWORK "0.25 :: loose.\nsame(A, B) :- digit(A, X), digit(B, X).\n"
                       "q :- same(x1, x2).\nq :- loose.\n",
               "q", &r);
    ck_assert_int_eq(rules_print(&r, false, &text, &err), GEDI_OK);
    ck_assert_str_eq(text, "Variables: 3\n"
                           "  digit(x1): 3 classes\n"
                           "  digit(x2): 3 classes\n"
                           "  loose, line 2: chance 0.25, 0.75\n"
                           "Answers: 1\n"
                           "  q\n"
                           "Diagram: 5 nodes, 3 levels\n"
                           "  q: node 2\n"
                           "  node 2, loose: loose -> holds; not -> node 3\n"
                           "  node 3, digit(x1): 0 -> node 4; 1 -> node 5; 2 -> node 6\n"
                           "  node 4, digit(x2): 0 -> holds; 1, 2 -> fails\n"
                           "  node 5, digit(x2): 0, 2 -> fails; 1 -> holds\n"
                           "  node 6, digit(x2): 0, 1 -> fails; 2 -> holds\n");
    free(text);
    ck_assert_int_eq(rules_print(&r, true, &text, &err), GEDI_OK);
    ck_assert_ptr_nonnull(strstr(text, "digraph rules {"));
    ck_assert_ptr_nonnull(
        strstr(text, "  n2 -> n1 [label=\"loose\"];\n  n2 -> n3 [label=\"not\"];\n"));
    ck_assert_ptr_null(strstr(text, "n0"));
    free(text);
    rules_close(&r);
}
END_TEST

/* Against all K^K maps, on random sets of pairs. */
START_TEST(shortcuts_are_counted)
{
    enum { PAIRS = 6, K = 3 };
    rules r;
    rules_judge j;
    gedi_err err = {0};
    gedi_rng rng = gedi_rng_at((uint64_t)_i, GEDI_STREAM_EVAL, 0, 0);
    open_rules(NETWORK "sum(A, B, S) :- digit(A, X), digit(B, Y), S is X + Y, S < 4.\n",
               "sum(x1, x2, S)", &r);
    ck_assert_int_eq(rules_judge_open(&r, &j, &err), GEDI_OK);
    int32_t label[2 * PAIRS];
    for (int i = 0; i < 2 * PAIRS; i++)
        label[i] = (int32_t)(gedi_rng_uniform(&rng) * K);
    int64_t maps = 0, exchanges = 0, got[2];
    for (int m = 0; m < K * K * K; m++) {
        const int32_t map[K] = {m % K, m / K % K, m / K / K};
        bool keeps = true;
        for (int i = 0; i < PAIRS; i++) {
            int32_t a = label[2 * i], b = label[2 * i + 1], to = map[a] + map[b];
            keeps = keeps && (a + b == 4 || a + b == to);
        }
        maps += keeps;
        exchanges += keeps && map[0] != map[1] && map[0] != map[2] && map[1] != map[2];
    }
    ck_assert_int_eq(rules_shortcuts(&j, label, PAIRS, 2, K, got, &err), GEDI_OK);
    ck_assert_int_eq(got[RULES_MAPS], maps);
    ck_assert_int_eq(got[RULES_EXCHANGES], exchanges);
    for (int i = 0; i < 2 * PAIRS; i++)
        label[i] = 2; /* 4: no answer */
    ck_assert_int_eq(rules_shortcuts(&j, label, PAIRS, 2, K, got, &err), GEDI_OK);
    ck_assert_int_eq(got[RULES_EXCHANGES], RULES_NO_RECORD);
    rules_judge_close(&j);
    rules_close(&r);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("chances of rules");
    TCase *t = tcase_create("chances of rules");
    tcase_add_checked_fixture(t, experiment_setup, experiment_teardown);
#ifdef HAVE_RULES
    tcase_add_loop_test(t, chances_are_those_of_each_instance, 0,
                        (int)(sizeof chances / sizeof *chances));
    tcase_add_test(t, instances_of_a_clause_learn_together);
    tcase_add_test(t, answers_exclude_one_another);
    tcase_add_test(t, rules_are_printed);
    tcase_add_loop_test(t, shortcuts_are_counted, 0, 20);
#endif
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
