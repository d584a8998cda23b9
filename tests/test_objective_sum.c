/* test_objective_sum.c - objectives that add up: terms, parameters that are shared, whose
 * energy and p(y|x) it is; how a list is written, changed and refused.
 */
#include "tests/training.h"

#include <math.h>

static training train_for(setting s, int n)
{
    training a = train(s);
    steps(&a, n);
    return a;
}

static const gedi__term_value *term(const training *a, const char *name)
{
    for (int i = 0; i < a->t->terms.n; i++)
        if (!strcmp(a->t->terms.value[i].name, name))
            return &a->t->terms.value[i];
    ck_abort_msg("there is no term %s", name);
    return NULL;
}

/* ---- what is trained ---- */

/* In a list of one, names differ and nothing else. */
START_TEST(a_list_of_one_is_the_same)
{
    training a = train_for((setting){.objective = "{gedi: {}}"}, 5);
    training b = train_for((setting){.objective = "[gedi: {}]"}, 5);
    ck_assert(same_weights(&a, &b));
    ck_assert(term(&a, "gen")->value == term(&b, "gedi.gen")->value);
    ck_assert(isfinite(term(&a, "gen")->value));
    done(&a);
    done(&b);
}
END_TEST

/* From the same weights: each term as it is alone, the loss their weighted sum. */
START_TEST(terms_add_up)
{
    training one = train_for((setting){.objective = "{vicreg: {inv: 3}}"}, 1);
    training two = train_for((setting){.objective = "{info_nce: {}}"}, 1);
    training sum = train_for(
        (setting){.objective = "[vicreg: {inv: 3}, {weight: 0.25, info_nce: {}}]"}, 1);
    ck_assert_int_eq(sum.t->terms.n, one.t->terms.n + two.t->terms.n);
    double loss = 0;
    static const char *const of_one[] = {"inv", "var", "cov"};
    for (int i = 0; i < 3; i++) {
        char name[32];
        snprintf(name, sizeof name, "vicreg.%s", of_one[i]);
        const gedi__term_value *v = term(&sum, name), *alone = term(&one, of_one[i]);
        ck_assert_double_eq_tol(v->value, alone->value, 1e-6 * fabs(alone->value));
        ck_assert(v->weight == alone->weight);
        loss += v->value * v->weight;
    }
    const gedi__term_value *v = term(&sum, "info_nce.contrast");
    ck_assert_double_eq_tol(v->value, term(&two, "contrast")->value, 1e-5);
    ck_assert(v->weight == 0.25);
    loss += v->value * 0.25;
    ck_assert_double_eq_tol(sum.t->loss, loss, 1e-4 * fabs(loss));
    done(&one);
    done(&two);
    done(&sum);
}
END_TEST

/* What weighs nothing is as if it were not there, but for its energy. */
START_TEST(a_weight_of_0_leaves_out)
{
    training a =
        train_for((setting){.objective = "[info_nce: {}, {jem: {}, weight: 0}]"}, 3);
    training b = train_for((setting){.objective = "{info_nce: {}}", .sampler = ""}, 3);
    ck_assert(same_weights(&a, &b));
    ck_assert(!a.t->net.uses_samples && a.t->net.has_energy);
    done(&a);
    done(&b);
}
END_TEST

/* The entry's weight may be scheduled, and so may the term's own: they are multiplied. */
START_TEST(weights_may_be_scheduled)
{
    training a = train_for(
        (setting){.objective = "[info_nce: {}, {jem: {gen: {steps: {0: 1, 2: 3}}}, "
                               "weight: {steps: {0: 0.5, 1: 0.25}}}]"},
        1);
    static const double want[] = {0.5, 0.25, 0.75};
    for (int i = 0; i < 3; i++) {
        double gen = term(&a, "jem.gen")->value;
        double contrast = term(&a, "info_nce.contrast")->value;
        ck_assert(term(&a, "jem.gen")->weight == want[i]);
        ck_assert_double_eq_tol(a.t->loss, contrast + want[i] * gen, 1e-5);
        ck_assert(isfinite(gen) && gen != 0);
        ck_assert_msg(gedi__trainer_step(a.t, &err) == GEDI_OK, "%s", err.msg);
    }
    done(&a);
}
END_TEST

/* Samples follow the energy they are contrasted with, p(y|x) is the first one. */
START_TEST(whose_energy_it_is)
{
    static const struct {
        const char *objective, *p, *energy;
    } cases[] = {
        {"[swav: {}, jem: {}]", "swav", "jem"},
        {"[jem: {}, swav: {}]", "jem", "jem"},
        {"[vicreg: {}, barlow_twins: {}, {jem: {}, weight: 0.1}]", "jem", "jem"},
        {"[swav: {}, {jem: {}, weight: 0}]", "swav", "swav"},
    };
    training a = train_for((setting){.objective = cases[_i].objective}, 1);
    const gedi__network *net = &a.t->net;
    ck_assert_str_eq(net->labels_of->part.plugin->name, cases[_i].p);
    ck_assert_str_eq(net->energy_of->part.plugin->name, cases[_i].energy);
    done(&a);
}
END_TEST

#define SHARED                                                                           \
    "[swav: {prototypes: 3}, {jem: {clusters: 3, prototypes: unit, sphere: true, "       \
    "temperature: 0.1}, share: swav}]"

START_TEST(prototypes_are_shared)
{
    training a = train_for((setting){.objective = SHARED}, 1);
    ck_assert(has_param(&a, "objective.swav.prototypes"));
    ck_assert(!has_param(&a, "objective.jem.prototypes"));
    training b =
        train_for((setting){.objective = "[swav: {prototypes: 3}, jem: {clusters: "
                                         "3, prototypes: unit}]"},
                  1);
    ck_assert(has_param(&b, "objective.swav.prototypes"));
    ck_assert(has_param(&b, "objective.jem.prototypes"));
    done(&a);
    done(&b);
}
END_TEST

/* log p(x, y) = log p(x) + log p(y|x), of the same logits: Grathwohl et al. 2020, eq. (5). */
#define JEM_WITH_LABELS(generative, labels)                                              \
    "[{jem: {prototypes: free}, weight: " generative                                     \
    "}, {supervised: {prototypes: free}, share: jem, weight: " labels "}]"

START_TEST(jem_has_labels)
{
    static const char *const list[] = {
        JEM_WITH_LABELS("1", "1"), JEM_WITH_LABELS("1", "0"), JEM_WITH_LABELS("0", "1")};
    training a[3];
    for (int i = 0; i < 3; i++)
        a[i] = train_for((setting){.objective = list[i], .optimizer = "{sgd: {lr: 0.1}}"},
                         0);
    const gedi__params *both = &a[0].t->net.params;
    ck_assert(has_param(&a[0], "objective.jem.prototypes"));
    ck_assert(!has_param(&a[0], "objective.supervised.prototypes"));
    float *start = malloc((size_t)both->trained * sizeof *start);
    ck_assert_ptr_nonnull(start);
    memcpy(start, both->w, (size_t)both->trained * sizeof *start);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(a[i].t->net.params.trained, both->trained);
        steps(&a[i], 1);
    }
    ck_assert(term(&a[0], "jem.gen")->value == term(&a[1], "jem.gen")->value);
    ck_assert(term(&a[0], "supervised.class")->value ==
              term(&a[2], "supervised.class")->value);
    double moved = 0;
    for (int64_t i = 0; i < both->trained; i++) {
        double x = start[i], gen = a[1].t->net.params.w[i] - x;
        double class = a[2].t->net.params.w[i] - x;
        ck_assert_double_eq_tol(both->w[i] - x, gen + class, 1e-6);
        moved = fmax(moved, fmin(fabs(gen), fabs(class)));
    }
    ck_assert_msg(moved > 1e-4, "%g", moved);
    free(start);
    for (int i = 0; i < 3; i++)
        done(&a[i]);
}
END_TEST

/* Written down after 4 steps and read into a new trainer: the last 4 are the same. */
START_TEST(a_list_goes_on_from_its_checkpoint)
{
    setting s = {.objective = SHARED};
    training a = train_for(s, 4);
    const char *file = experiment_path("c.safetensors");
    ck_assert_msg(gedi__checkpoint_write(a.t, file, NULL, "text", &err) == GEDI_OK, "%s",
                  err.msg);
    training b = train_for(s, 0);
    ck_assert(!same_weights(&a, &b));
    ck_assert_msg(gedi__checkpoint_read(b.t, file, "text", &err) == GEDI_OK, "%s",
                  err.msg);
    for (int i = 0; i < 4; i++) {
        ck_assert_msg(gedi__trainer_step(a.t, &err) == GEDI_OK, "%s", err.msg);
        ck_assert_msg(gedi__trainer_step(b.t, &err) == GEDI_OK, "%s", err.msg);
    }
    ck_assert(same_weights(&a, &b));
    done(&a);
    done(&b);
}
END_TEST

/* ---- how it is written ---- */

static gedi__mistakes m;

/* The experiment with two overrides (NULL: none), or NULL with mistakes in `m`. */
static gedi__experiment *read_with(const char *objective, const char *one,
                                   const char *two)
{
    gedi__text t = {0};
    gedi__experiment *e = NULL;
    const char *override[] = {one, two}, *file = experiment_path("list.yaml");
    experiment_text(&(setting){.objective = objective}, &t);
    ck_assert_int_eq(gedi__file_write(file, t.s, t.len, &err), GEDI_OK);
    gedi__text_clear(&t);
    gedi__text_clear(&m.text);
    m = (gedi__mistakes){0};
    gedi__experiment_read(file, override, two ? 2 : one ? 1 : 0, &e, &m, &err);
    return e;
}

static const char *resolved(const gedi__experiment *e, gedi__text *t)
{
    ck_assert_msg(e != NULL, "%s", m.text.s ? m.text.s : err.msg);
    gedi__experiment_emit(e, t);
    ck_assert(!t->failed);
    return t->s;
}

START_TEST(overrides_name_an_entry_by_number_or_plugin)
{
    static const char *const list = "[swav: {prototypes: 3}, {jem: {}, weight: 0.5}]";
    gedi__experiment *e =
        read_with(list, "objective.1.weight=0.125", "objective.swav.temperature=0.25");
    gedi__text t = {0}, again = {0};
    resolved(e, &t);
    ck_assert_ptr_nonnull(strstr(t.s, "temperature: 0.25, "));
    ck_assert_ptr_nonnull(strstr(t.s, "}, weight: 0.125, share: \"\"}\n"));
    ck_assert_str_eq(e->stage->method, "swav + jem");
    gedi__experiment_free(e);
    e = read_with(list, "objective.0.swav.temperature=0.25", "objective.1.weight=0.125");
    resolved(e, &again);
    ck_assert_str_eq(t.s, again.s);
    gedi__experiment_free(e);
    ck_assert_int_eq(gedi__file_write(experiment_path("r.yaml"), t.s, t.len, &err), 0);
    gedi__text_clear(&again);
    e = NULL; /* the resolved descriptor says the same */
    gedi__experiment_read(experiment_path("r.yaml"), NULL, 0, &e, &m, &err);
    ck_assert_str_eq(resolved(e, &again), t.s);
    gedi__experiment_free(e);
    gedi__text_clear(&t);
    gedi__text_clear(&again);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    static const char *const cases[][2] = {
        {"[]",
         "objective: the list is empty: name at least one, objective: [{NAME: {}}]"},
        {"[{weight: 2}]",
         "objective: an entry has 'weight', but names no objective: write "
         "{NAME: {}, weight: ...}"},
        {"[jem: {}, jem: {gen: 2}]", "objective: duplicate 'jem'"},
        {"[{jem: {}, weight: -1}]", "weight: '-1' is not in [0, "},
        {"[{jem: {}, wieght: 1}]", "only one plugin can be named, but 'wieght' follows"},
        {"[{jem: {}, share: swav}]",
         "jem: share: 'swav' is no other objective of the list that has parameters of "
         "its own (there is none)"},
        {"[jem: {}, {swav: {}, share: nix}, vicreg: {}]", "(there are: jem, vicreg)"},
        {"[{swav: {}, share: jem}, {jem: {}, share: swav}]", "share: 'jem' is no other"},
        {"{hybrid: {discriminative: vicreg}}",
         "objective: [{barlow_twins: {}}, {jem: {clusters: 2}, weight: 1}]"},
        {"[hybrid: {}]", "there is no objective 'hybrid' any more"},
    };
    gedi__experiment *e = read_with(cases[_i][0], NULL, NULL);
    ck_assert_ptr_null(e);
    ck_assert_msg(m.text.s && strstr(m.text.s, cases[_i][1]), "no \"%s\" in: %s",
                  cases[_i][1], m.text.s ? m.text.s : "");
    gedi__text_clear(&m.text);
}
END_TEST

START_TEST(an_entry_that_is_not_there_is_named)
{
    gedi__experiment *e = read_with("[jem: {}]", "objective.swav.prototypes=3", NULL);
    ck_assert_ptr_null(e);
    ck_assert_ptr_nonnull(strstr(m.text.s, "'swav' is no entry of objective: it has 0"));
    gedi__text_clear(&m.text);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("objectives that add up");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_add_test(c, a_list_of_one_is_the_same);
    tcase_add_test(c, terms_add_up);
    tcase_add_test(c, a_weight_of_0_leaves_out);
    tcase_add_test(c, weights_may_be_scheduled);
    tcase_add_loop_test(c, whose_energy_it_is, 0, 4);
    tcase_add_test(c, prototypes_are_shared);
    tcase_add_test(c, jem_has_labels);
    tcase_add_test(c, a_list_goes_on_from_its_checkpoint);
    tcase_add_test(c, overrides_name_an_entry_by_number_or_plugin);
    tcase_add_loop_test(c, what_is_wrong_is_named, 0, 9);
    tcase_add_test(c, an_entry_that_is_not_there_is_named);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed > 0;
}
