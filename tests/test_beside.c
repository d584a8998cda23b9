/* test_beside.c - what stands beside a network and does not touch it: the online probe, and copies of
 * the network that evaluators train on.
 */
#include "core/descriptor/tree.h"
#include "core/evaluate/trial.h"
#include "gedi/program.h"
#include "tests/testing.h"
#include "tests/training.h"

#include <math.h>

#define TWO "[[gaussian_noise: {std: 0.1}], [gaussian_noise: {std: 0.1}]]"
#define ALONE .projector = "", .sampler = "", .views = TWO, .model = NORMED

static const char *const updates[] = {
    "{iterations: 40, batch: 20}",
    "{iterations: 40, batch: 20, clip: 0.01}",
    "{iterations: 40, batch: 10, accumulate: 2, clip: 0.01}",
    "{iterations: 40, batch: 20, average: 0.9, weights: averaged}",
};
static const char *const optimizers[] = {"{adam: {}}", "{lars: {}}"};

/* Methods without parameters of their own, and with some, and states, teachers, samples. */
static const struct {
    const char *alone, *with;
} methods[] = {
    {"{barlow_twins: {}}", "[barlow_twins: {}, online_probe: {}]"},
    {"{barlow_twins: {}}", "[online_probe: {}, barlow_twins: {}]"},
    {"{swav: {prototypes: 3}}", "[swav: {prototypes: 3}, online_probe: {}]"},
    {"{byol: {}}", "[online_probe: {}, byol: {}]"},
    {"{gedi: {prototypes: free}}", "[gedi: {prototypes: free}, online_probe: {}]"},
};

/* Whatever a probe beside it learns, in whichever place of the list, every number of the method is the
 * same to the bit: weights, states, gradient's norm. */
START_TEST(a_probe_changes_no_bit_of_the_method)
{
    for (int m = 0; m < 5; m++)
        for (int k = 0; k < 2; k++) {
            setting s = {ALONE, .train = updates[_i], .optimizer = optimizers[k]};
            s.objective = methods[m].alone;
            s.sampler = m == 4 ? NULL : "";
            training a = train(s);
            s.objective = methods[m].with;
            training b = train(s);
            ck_assert(!b.t->net.labelled && b.t->net.uses_label);
            for (int i = 0; i < 40; i++) {
                steps(&a, 1);
                steps(&b, 1);
                ck_assert(a.t->gradient_norm == b.t->gradient_norm &&
                          a.t->gradient_norm > 0);
            }
            const gedi__params *p = &a.t->net.params;
            for (int i = 0; i < p->n; i++)
                ck_assert_msg(!memcmp(gedi__param_data(p, p->param[i]),
                                      data(&b, p->param[i]->name),
                                      (size_t)p->param[i]->size * sizeof(float)),
                              "%s: another", p->param[i]->name);
            ck_assert_int_gt(b.t->net.params.trained, p->trained);
            done(&a);
            done(&b);
        }
}
END_TEST

/* It learns: an encoder that is as good as any. */
START_TEST(a_probe_learns)
{
    training a = train(
        (setting){ALONE, .objective = "[barlow_twins: {}, online_probe: {}]",
                  .train = "{iterations: 400, batch: 20}",
                  .more = "groups: [{match: [objective.online_probe], lr: 0.03}]\n"});
    steps(&a, 1);
    double first = a.t->terms.value[a.t->terms.n - 1].value;
    steps(&a, 399);
    double last = a.t->terms.value[a.t->terms.n - 1].value;
    ck_assert_str_eq(a.t->terms.value[a.t->terms.n - 1].name, "online_probe.class");
    ck_assert_msg(last < 0.5 * first, "cross entropy %g, then %g", first, last);
    done(&a);
}
END_TEST

START_TEST(who_only_watches_needs_someone)
{
    static const struct {
        const char *objective, *says;
    } cases[] = {
        {"{online_probe: {}}", "list it beside another"},
        {"[online_probe: {}, {online_probe: {}, share: online_probe}]", ""},
        {"[supervised: {prototypes: free}, {online_probe: {}, share: supervised}]",
         "objective: online_probe: share: online_probe stands beside the others"},
    };
    training a;
    gedi__mistakes m = {0};
    gedi__text t = {0};
    setting s = {ALONE, .objective = cases[_i].objective};
    const char *file = experiment_path("small.yaml");
    experiment_text(&s, &t);
    ck_assert_int_eq(gedi__file_write(file, t.s, t.len, &err), GEDI_OK);
    gedi__text_clear(&t);
    gedi_status st = gedi__experiment_read(file, NULL, 0, &a.e, &m, &err);
    if (st == GEDI_OK) {
        st = gedi__trainer_new(a.e, a.e->stage, &a.t, &err);
        gedi__experiment_free(a.e);
        gedi__mistake(&m, (gedi__place){"", 0, 0}, "%s", err.msg);
    }
    ck_assert_msg(strstr(m.text.s, cases[_i].says) != NULL, "%s", m.text.s);
    ck_assert_int_ne(st, GEDI_OK);
    gedi__text_clear(&m.text);
}
END_TEST

/* ---- a copy of the encoder ---- */

typedef struct copy {
    const gedi_trial *trial;
} copy;

static void encode(const void *self, gedi_build *b, gedi_node *const *in, gedi_node **out)
{
    out[0] = gedi_trial_encode(((const copy *)self)->trial, b, in[0]);
}

/* A program that begins as the run computes what the run does, averaged weights and running statistics
 * among it. */
START_TEST(a_copy_begins_as_the_run)
{
    enum { N = 50 };
    bool images = _i == 4;
    setting s = {ALONE, .objective = "{barlow_twins: {}}", .train = updates[_i % 4]};
    if (images) {
        s.dataset = "{tiny: {train: 60, test: 50}}";
        s.views = "[[], [horizontal_flip: {}]]";
        s.model = "{resnet8: {width: 8}}";
    }
    training a = train(s);
    gedi_trial *trial;
    gedi_program *p;
    const float *h;
    int64_t d;
    steps(&a, 40);
    ck_assert_int_eq(gedi__trial_of(a.t, &trial, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_features(trial, GEDI_TEST, &h, &d, &err), GEDI_OK);
    const copy c = {trial};
    gedi_program_plan plan = {.build = encode,
                              .self = &c,
                              .inputs = 1,
                              .outputs = 1,
                              .input = {gedi_trial_batch(trial, N)},
                              .rng = gedi_trial_rng(trial, 7),
                              .begins_as = trial};
    ck_assert_msg(gedi_program_new(&plan, &p, &err) == GEDI_OK, "%s", err.msg);
    float *x = malloc((size_t)(N * gedi_trial_record(trial)) * sizeof *x);
    ck_assert_ptr_nonnull(x);
    ck_assert_int_eq(gedi_trial_read(trial, GEDI_TEST, 0, N, x, &err), GEDI_OK);
    static const int64_t beyond[][2] = {{0, N + 1}, {N, 1},         {-1, 1},
                                        {0, -1},    {INT64_MAX, 1}, {1, INT64_MAX}};
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(
            gedi_trial_read(trial, GEDI_TEST, beyond[i][0], beyond[i][1], x, &err),
            GEDI_USAGE);
    ck_assert_int_eq(gedi_trial_read(trial, GEDI_SPLITS, 0, 1, x, &err), GEDI_USAGE);
    ck_assert_int_eq(gedi_trial_read(trial, GEDI_TEST, N, 0, x, &err), GEDI_OK);
    memcpy(gedi_program_input(p, 0), x,
           (size_t)(N * gedi_trial_record(trial)) * sizeof *x);
    free(x);
    ck_assert_int_eq(gedi_program_run(p, &err), GEDI_OK);
    for (int64_t i = 0; i < N * d; i++) {
        double got = gedi_program_output(p, 0)[i];
        if (!(fabs(got - h[i]) <= (images ? 1e-5 : 1e-6) * (1 + fabs((double)h[i]))))
            ck_abort_msg("feature %d: %g, the run %g", (int)i, got, (double)h[i]);
    }
    gedi_program_free(p);
    gedi__trial_free(trial);
    done(&a);
}
END_TEST

/* The copy learns, by a tenth of the labels less than by all, and the run stays as it is. */
START_TEST(finetuning_leaves_the_run_alone)
{
    training a = train((setting){
        ALONE, .objective = "{barlow_twins: {}}", .train = updates[_i],
        .evaluate =
            "[finetune: {epochs: 40, batch: 20}, {finetune: {epochs: 40, batch: 20, labels: "
            "0.01}, name: few}]"});
    gedi_trial *trial;
    steps(&a, 40);
    const gedi__params *p = &a.t->net.params;
    size_t size = (size_t)(p->trained + p->held) * sizeof(float);
    float *before = malloc(size), *state = malloc((size_t)p->kept * sizeof(float));
    memcpy(before, p->w, size);
    memcpy(state, p->state, (size_t)p->kept * sizeof(float));
    ck_assert_int_eq(gedi__trial_of(a.t, &trial, &err), GEDI_OK);
    for (int i = 0; i < 2; i++)
        ck_assert_msg(gedi__trial_ask(trial, i, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_mem_eq(before, p->w, size);
    ck_assert_mem_eq(state, p->state, (size_t)p->kept * sizeof(float));
    const gedi__findings *found = gedi__trial_findings(trial);
    ck_assert_int_eq(found->values, 2);
    if (!(found->value[0].value > 0.9 && found->value[1].value < found->value[0].value &&
          found->value[1].value > 0.3))
        ck_abort_msg("accuracy %g, by few labels %g", found->value[0].value,
                     found->value[1].value);
    ck_assert_ptr_nonnull(
        strstr(found->value[1].definition, "by 2 labels, 0.01 of them"));
    gedi__trial_free(trial);
    free(before);
    free(state);
    done(&a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("beside");
    TCase *c = tcase_create("beside");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_add_loop_test(c, a_probe_changes_no_bit_of_the_method, 0, 4);
    tcase_add_test(c, a_probe_learns);
    tcase_add_loop_test(c, who_only_watches_needs_someone, 0, 3);
    tcase_add_loop_test(c, a_copy_begins_as_the_run, 0, 5);
    tcase_add_loop_test(c, finetuning_leaves_the_run_alone, 0, 4);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
