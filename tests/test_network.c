/* test_network.c - encoder, projector and objective put together: what is used, names of
 * parameters, and plugins that break their contract.
 */
#include "core/train/trainer.h"
#include "tests/experiment.h"

#include <math.h>

static gedi_err err;
static gedi__experiment *e;
static gedi__network net;

static void setup(void)
{
    memset(&err, 0, sizeof err);
    experiment_setup();
    e = NULL;
}

static void teardown(void)
{
    gedi__network_clear(&net);
    gedi__experiment_free(e);
    experiment_teardown();
}

/* Records are points of the plane. */
static gedi_status init(setting s)
{
    e = experiment_new(s);
    return gedi__network_init(&net, e, e->stage, info_of(GEDI_DIMS(2)), &err);
}

static void ck_fails(gedi_status code, const char *message)
{
    ck_assert_int_eq(gedi__network_init(&net, e, e->stage, info_of(GEDI_DIMS(2)), &err),
                     code);
    ck_assert_str_eq(err.msg, message);
    ck_assert_int_eq(net.params.n, 0); /* cleared */
}

/* ---- what is used ---- */

START_TEST(names)
{
    static const char *const want[] = {"model.layer0.weight",     "model.layer0.bias",
                                       "model.layer1.weight",     "model.layer1.bias",
                                       "projector.layer0.weight", "projector.layer0.bias",
                                       "objective.prototypes"};
    ck_assert_msg(init((setting){.model = "{mlp: {hidden: [3], output: 4}}",
                                 .projector = "{mlp: {hidden: [], output: 2}}"}) ==
                      GEDI_OK,
                  "%s", err.msg);
    ck_assert_int_eq(net.params.n, 7);
    for (int i = 0; i < 7; i++)
        ck_assert_str_eq(net.params.param[i]->name, want[i]);
    ck_assert_int_eq(net.features, 4);
    ck_assert_int_eq(net.clusters, 2);
}
END_TEST

static const struct use {
    setting s;
    bool view[2], samples, one_batch;
} uses[] = {
    {{0}, {true, true}, true, true},
    {{.objective = "{gedi: {prototypes: free, gen: 0}}"}, {true, true}, false, true},
    {{.objective = "{gedi: {prototypes: free, inv: 0}}"}, {true, false}, true, true},
    {{.objective = "{gedi_no_gen: {}}"}, {true, true}, false, true},
    {{.objective = "{gedi_no_gen: {}}", .sampler = ""}, {true, true}, false, true},
    {{.objective = "{jem: {}}", .views = "[[]]"}, {true, false}, true, true},
    {{.model = "{mlp: {batch_norm: true}}"}, {true, true}, true, false},
    {{.projector = "{mlp: {batch_norm: true}}"}, {true, true}, true, false},
};
enum { USES = sizeof uses / sizeof uses[0] };

START_TEST(what_is_used)
{
    const struct use *u = &uses[_i];
    ck_assert_msg(init(u->s) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(net.uses_view[0], u->view[0]);
    ck_assert_int_eq(net.uses_view[1], u->view[1]);
    ck_assert(!net.uses_view[2] && !net.uses_view[3]);
    ck_assert_int_eq(net.uses_samples, u->samples);
    ck_assert_int_eq(net.one_batch, u->one_batch);
    ck_assert(net.has_energy);
}
END_TEST

static const struct mistake {
    setting s;
    const char *says;
} mistakes[] = {
    {{.views = "[[]]"},
     "objective gedi uses view 2, but views: has 1 pipeline: add one (`- []` for no "
     "transformation)"},
    {{.sampler = ""},
     "objective gedi uses negative samples: add a sampler, for example `sampler: {sgld: "
     "{}}`"},
    {{.objective = "{jem: {gen: 0}}"},
     "objective jem has no term with a weight other than 0"},
};
enum { MISTAKES = sizeof mistakes / sizeof mistakes[0] };

START_TEST(what_is_missing)
{
    ck_assert_int_eq(init(mistakes[_i].s), GEDI_DESCRIPTOR);
    ck_assert_str_eq(err.msg, mistakes[_i].says);
}
END_TEST

START_TEST(embedding_that_does_not_fit)
{
    ck_assert_int_eq(init((setting){.objective = "{gedi: {clusters: 3}}"}), GEDI_SHAPE);
    ck_assert_str_eq(err.msg,
                     "the network cannot be built: objective gedi: the embedding has 2 "
                     "dimensions but clusters is 3: make them equal, or set prototypes "
                     "to free or unit (for term 'gen')");
}
END_TEST

START_TEST(records_of_too_many_dimensions)
{
    e = experiment_new((setting){0});
    gedi_status s =
        gedi__network_init(&net, e, e->stage, info_of(GEDI_DIMS(2, 2, 2, 2)), &err);
    ck_assert_int_eq(s, GEDI_SHAPE);
    ck_assert_str_eq(err.msg, "records of dataset moons have 4 dimensions, not 1 to 3");
}
END_TEST

/* ---- plugins that break their contract ---- */

static gedi_node *nothing(const void *self, gedi_build *b, gedi_node *x)
{
    (void)self, (void)b, (void)x;
    return NULL;
}

static gedi_node *one_row(const void *self, gedi_build *b, gedi_node *x)
{
    (void)self, (void)b;
    return gedi_mean(x, 1);
}

static gedi_node *open_scope(const void *self, gedi_build *b, gedi_node *x)
{
    (void)self;
    gedi_scope_push(b, "block");
    return x;
}

static gedi_node *closed_scope(const void *self, gedi_build *b, gedi_node *x)
{
    (void)self;
    gedi_scope_pop(b);
    return x;
}

/* A name that depends on how often the network was built. */
static gedi_node *other_names(const void *self, gedi_build *b, gedi_node *x)
{
    const gedi_init one = {.kind = GEDI_INIT_CONSTANT, .value = 1.0};
    char name[32];
    snprintf(name, sizeof name, "scale%d", ++*(int *)self);
    return gedi_mul(x, gedi_param(b, name, GEDI_DIMS(1), one));
}

static const struct model_case {
    gedi_node *(*build)(const void *self, gedi_build *b, gedi_node *x);
    gedi_status code;
    const char *says;
} models[] = {
    {nothing, GEDI_USAGE, "model odd builds nothing"},
    {one_row, GEDI_SHAPE, "model odd gives [1, 2] instead of [20, D]"},
    {open_scope, GEDI_USAGE,
     "model odd: it leaves 1 scope open: call gedi_scope_pop once for each "
     "gedi_scope_push"},
    {closed_scope, GEDI_USAGE,
     "model odd: gedi_scope_pop without a gedi_scope_push before it"},
};
enum { MODELS = sizeof models / sizeof models[0] };

START_TEST(odd_model)
{
    char message[200];
    gedi_model odd = {.name = "odd", .build = models[_i].build};
    e = experiment_new((setting){.projector = ""});
    e->model = (gedi__component){(const gedi_plugin *)&odd, NULL};
    snprintf(message, sizeof message, "the network cannot be built: %s", models[_i].says);
    ck_fails(models[_i].code, message);
}
END_TEST

START_TEST(other_names_every_time)
{
    int built = 0;
    gedi_build b;
    gedi_node *h, *z;
    gedi_model odd = {.name = "odd", .build = other_names};
    e = experiment_new((setting){.projector = ""});
    e->model = (gedi__component){(const gedi_plugin *)&odd, &built};
    ck_assert_msg(gedi__network_init(&net, e, e->stage, info_of(GEDI_DIMS(2)), &err) ==
                      GEDI_OK,
                  "%s", err.msg);
    ck_assert_int_eq(gedi__build_init(&b, &net.params, true, &err), GEDI_OK);
    gedi__network_pass(&net, &b, gedi_input(b.g, "x", GEDI_DIMS(20, 2)), &h, &z);
    ck_assert_int_eq(gedi_graph_status(b.g, &err), GEDI_STATE);
    ck_assert_ptr_nonnull(strstr(err.msg, "was not there"));
    ck_assert_ptr_null(z);
    gedi__build_clear(&b);
}
END_TEST

/* Numbers of one element from the batch, for terms. */
static gedi_node *number(const gedi_batch *v)
{
    return gedi_mean(v->z[0], GEDI_ALL_AXES);
}

static void vector_term(const void *self, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "rows", gedi_mean(v->z[0], 2), 1.0, NAN);
}

static void same_terms(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "inv", number(v), 1.0, NAN);
    gedi_term(t, "inv", number(v), 2.0, NAN);
}

static void odd_name(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "L \"inv\"", number(v), 1.0, NAN);
}

static void absent_term(const void *self, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t)
{
    (void)self, (void)b, (void)v;
    gedi_term(t, "skipped", NULL, 0.0, NAN); /* legal: it has no weight */
    gedi_term(t, "absent", NULL, 1.0, NAN);
}

static void many_terms(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    char name[16];
    (void)self, (void)b;
    for (int i = 0; i <= GEDI__MAX_TERMS; i++) {
        snprintf(name, sizeof name, "term%d", i); /* not kept by us */
        gedi_term(t, name, number(v), 1.0, NAN);
    }
}

static void open_objective(const void *self, gedi_build *b, const gedi_batch *v,
                           gedi_terms *t)
{
    (void)self;
    gedi_scope_push(b, "a");
    gedi_scope_push(b, "b");
    gedi_term(t, "inv", number(v), 1.0, NAN);
}

static void popping_objective(const void *self, gedi_build *b, const gedi_batch *v,
                              gedi_terms *t)
{
    (void)self;
    gedi_scope_pop(b);
    gedi_term(t, "inv", number(v), 1.0, NAN);
}

static void misfit_term(const void *self, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t)
{
    (void)self, (void)b;
    gedi_node *fits = number(v), *misfit = gedi_mean_all(gedi_matmul(v->z[0], v->z[1]));
    gedi_term(t, "fits", fits, 1.0, NAN);
    gedi_term(t, "misfit", misfit, 1.0, NAN);
}

static void vain_slope(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    gedi_node *d, *other = gedi_input(gedi_build_graph(b), "other", GEDI_DIMS(2));
    (void)self;
    gedi_grad(v->z[0], &other, 1, NULL, 0, &d);
    gedi_term(t, "slope", gedi_mean_all(gedi_square(d)), 1.0, NAN);
}

static void updated_weight(const void *self, gedi_build *b, const gedi_batch *v,
                           gedi_terms *t)
{
    gedi_init one = {.kind = GEDI_INIT_CONSTANT, .value = 1};
    gedi_node *w = gedi_param(b, "w", GEDI_DIMS(1), one);
    (void)self;
    gedi_state_update(b, w, gedi_scale(w, 0.5));
    gedi_term(t, "inv", gedi_mul(number(v), w), 1.0, NAN);
}

/* It lies where another field would be, were there no room for it. */
static void sixth_view(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "inv", gedi_mean_all(gedi_mul(v->z[0], v->z[5])), 1.0, NAN);
}

static const struct loss_case {
    void (*loss)(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t);
    gedi_status code;
    const char *says;
} losses[] = {
    {vector_term, GEDI_SHAPE,
     "objective odd: term 'rows' must have one element, not [20, 1]"},
    {same_terms, GEDI_USAGE, "objective odd: duplicate term 'inv'"},
    {odd_name, GEDI_USAGE,
     "objective odd: term 'L \"inv\"': a name is at most 63 letters, digits and _"},
    {absent_term, GEDI_USAGE, "objective odd: term 'absent' was not built"},
    {many_terms, GEDI_USAGE,
     "objective odd: term 'term16': an objective has at most 16 terms"},
    {open_objective, GEDI_USAGE,
     "objective odd: it leaves 2 scopes open: call gedi_scope_pop once for each "
     "gedi_scope_push"},
    {popping_objective, GEDI_USAGE,
     "objective odd: gedi_scope_pop without a gedi_scope_push before it"},
    {misfit_term, GEDI_SHAPE,
     "objective odd: matmul: [20, 2] x [20, 2]: 2 columns and 20 rows (for term "
     "'misfit')"},
    {vain_slope, GEDI_USAGE,
     "objective odd: gedi_grad: the cost does not depend on 'other of objective odd' (input #85 [2]), so "
     "its derivative is 0: derive from what the cost is computed from (gedi_depends "
     "tells)"},
    {updated_weight, GEDI_USAGE,
     "objective odd: gedi_state_update: objective.w is a weight, which the optimizer "
     "changes: keep what you change yourself in a gedi_state"},
};
enum { LOSSES = sizeof losses / sizeof losses[0] };

START_TEST(odd_loss)
{
    char message[400];
    gedi_objective odd = {.name = "odd", .loss = losses[_i].loss};
    e = experiment_new((setting){0});
    e->stage->objective->part = (gedi__component){(const gedi_plugin *)&odd, NULL};
    e->stage->method = odd.name;
    snprintf(message, sizeof message, "the network cannot be built: %s", losses[_i].says);
    ck_fails(losses[_i].code, message);
}
END_TEST

START_TEST(a_view_that_cannot_be)
{
    gedi_objective odd = {.name = "odd", .loss = sixth_view};
    e = experiment_new((setting){0});
    e->stage->objective->part = (gedi__component){(const gedi_plugin *)&odd, NULL};
    e->stage->method = odd.name;
    ck_fails(GEDI_DESCRIPTOR,
             "objective odd uses view 6, but views: has 2 pipelines: add one (`- []` for "
             "no transformation)");
}
END_TEST

static void term_of_samples(const void *self, gedi_build *b, const gedi_batch *v,
                            gedi_terms *t)
{
    char name[] = "gen";
    (void)self, (void)b;
    gedi_term(t, name, gedi_mean(v->zs, GEDI_ALL_AXES), 1.0, NAN);
    memset(name, 'x', sizeof name - 1);
    ck_assert_str_eq(t->value[0].name, "gen");
}

static gedi_node *flat_logits(const void *self, gedi_build *b, gedi_node *z)
{
    (void)self, (void)b;
    return gedi_reshape(z, GEDI_DIMS(gedi_shape_size(gedi_node_shape(z))));
}

static gedi_node *wide_energy(const void *self, gedi_build *b, gedi_node *x, gedi_node *z,
                              const gedi_batch *v)
{
    (void)self, (void)b, (void)x, (void)v;
    return z;
}

static gedi_node *energy_of_batch(const void *self, gedi_build *b, gedi_node *x,
                                  gedi_node *z, const gedi_batch *v)
{
    (void)self, (void)b, (void)x;
    return gedi_add(gedi_sum(gedi_square(z), 2), gedi_sum(gedi_square(v->z[0]), 2));
}

START_TEST(samples_without_energy)
{
    gedi_objective odd = {.name = "odd", .loss = term_of_samples};
    e = experiment_new((setting){0});
    e->stage->objective->part = (gedi__component){(const gedi_plugin *)&odd, NULL};
    e->stage->method = odd.name;
    ck_fails(GEDI_DESCRIPTOR, "objective odd uses negative samples but states no energy "
                              "to draw them from");
    odd.energy = wide_energy;
    ck_fails(GEDI_SHAPE, "the network cannot be built: the energy of objective odd gives "
                         "[20, 2] instead of [20, 1]");
    odd.energy = energy_of_batch;
    ck_fails(GEDI_SHAPE,
             "objective odd: add: [40, 1] and [20, 1] do not broadcast; an "
             "energy is asked of any number of records, also of more than the "
             "batch has");
    odd.energy = NULL;
    odd.logits = flat_logits;
    ck_fails(GEDI_SHAPE, "the network cannot be built: p(y|x) of objective odd gives "
                         "[40] instead of [20, K]");
}
END_TEST

static int many_slots(const void *self)
{
    (void)self;
    return GEDI_MAX_SLOTS + 1;
}

START_TEST(odd_optimizer)
{
    gedi_optimizer odd = {.name = "odd", .slots = many_slots};
    gedi__trainer *t;
    e = experiment_new((setting){0});
    e->stage->optimizer = (gedi__component){(const gedi_plugin *)&odd, NULL};
    ck_assert_int_eq(gedi__trainer_new(e, e->stage, &t, &err), GEDI_PLUGIN);
    ck_assert_str_eq(err.msg, "optimizer odd asks for 5 slots, not 0 to 4");
    ck_assert_ptr_null(t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("network");
    TCase *c = tcase_create("network");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, names);
    tcase_add_loop_test(c, what_is_used, 0, USES);
    tcase_add_loop_test(c, what_is_missing, 0, MISTAKES);
    tcase_add_test(c, embedding_that_does_not_fit);
    tcase_add_test(c, records_of_too_many_dimensions);
    tcase_add_loop_test(c, odd_model, 0, MODELS);
    tcase_add_test(c, other_names_every_time);
    tcase_add_loop_test(c, odd_loss, 0, LOSSES);
    tcase_add_test(c, a_view_that_cannot_be);
    tcase_add_test(c, samples_without_energy);
    tcase_add_test(c, odd_optimizer);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
