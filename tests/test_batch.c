/* test_batch.c - what an objective sees of a batch beside two views: labels, numbers of records,
 * iterations, more views, views of other shapes, records of several parts, passes.
 */
#include "core/train/records.h"
#include "tests/testing.h"
#include "tests/training.h"

#include <math.h>

/* An objective that is stated here; without samples. */
static setting bare(setting s)
{
    s.objective = "{simsiam: {}}";
    s.sampler = "";
    return s;
}

static training by(setting s, const gedi_objective *o)
{
    return train_by(bare(s), o);
}

static void step(training *a)
{
    steps(a, 1);
}

static void refused(setting s, const gedi_objective *o, gedi_status code,
                    const char *said)
{
    training a = {0};
    ck_assert_int_eq(begin(&a, bare(s), o), code);
    ck_assert_msg(strstr(err.msg, said) != NULL, "%s", err.msg);
    gedi__experiment_free(a.e);
}

static double term(const training *a, const char *name)
{
    for (int i = 0; i < a->t->terms.n; i++)
        if (!strcmp(a->t->terms.value[i].name, name))
            return a->t->terms.value[i].value;
    ck_abort_msg("there is no term %s", name);
    return NAN;
}

/* ---- labels, numbers, iterations ---- */

static gedi_node *mean(gedi_node *x)
{
    return gedi_mean_all(x);
}

/* What is read becomes terms that are logged; one of z, so that something learns. */
static void facts_loss(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    (void)self, (void)b;
    ck_assert_int_eq(v->size, 20);
    ck_assert_int_eq(v->parts, 1);
    gedi_term(t, "z", mean(gedi_square(v->z[0])), 1, NAN);
    gedi_term(t, "label", mean(v->label), 1, NAN);
    gedi_term(t, "right", mean(gedi_mul(v->label, gedi_slice(v->x[0], 1, 0, 1))), 1, NAN);
    gedi_term(t, "index", mean(v->index), 1, NAN);
    gedi_term(t, "square", mean(gedi_square(v->index)), 1, NAN);
    gedi_term(t, "iteration", v->iteration, 1, NAN);
    gedi_term(t, "total", v->total, 1, NAN);
}
static const gedi_objective facts = {.name = "facts", .loss = facts_loss};

/* Against the records as the dataset has them, by the order of the batches. */
START_TEST(facts_are_those_of_the_batch)
{
    setting s = {.views = "[[]]", .train = "{iterations: 25, batch: 20}"};
    training a = by(s, &facts);
    ck_assert(a.t->net.uses_label && a.t->net.uses_index);
    gedi__source from = gedi__source_of(&a.t->data);
    for (int k = 0; k < 25; k++) {
        double label = 0, right = 0, index = 0, square = 0;
        step(&a);
        for (int i = 0; i < 20; i++) {
            float x[2];
            int32_t y;
            int64_t at = a.t->data.order[k % 10 * 20 + i];
            ck_assert_int_eq(gedi__records_read(from, GEDI_TRAIN, at, 1, x, &y, &err),
                             GEDI_OK);
            ck_assert_mem_eq(x, a.t->view[0] + 2 * i, sizeof x);
            label += y / 20.0;
            right += y * (double)x[0] / 20.0;
            index += (double)at / 20.0;
            square += (double)(at * at) / 20.0;
        }
        ck_assert(fabs(term(&a, "label") - label) <= 1e-6);
        ck_assert(fabs(term(&a, "right") - right) <= 1e-5);
        ck_assert(fabs(term(&a, "index") - index) <= 1e-4);
        ck_assert(fabs(term(&a, "square") - square) <= 1e-6 * square);
        ck_assert(term(&a, "iteration") == k && term(&a, "total") == 25);
    }
    done(&a);
}
END_TEST

/* Twice the number: beyond the table in the second half of the records. */
static void beyond_loss(const void *self, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t)
{
    gedi_init zero = {.kind = GEDI_INIT_CONSTANT};
    gedi_node *row = gedi_gather(gedi_table(b, "rows", 2, zero), gedi_scale(v->index, 2));
    (void)self;
    gedi_term(t, "apart", mean(gedi_square(gedi_sub(v->z[0], row))), 1, NAN);
}
static const gedi_objective beyond = {.name = "beyond", .loss = beyond_loss};

START_TEST(a_number_beyond_the_table_is_named)
{
    training a = by((setting){.views = "[[]]"}, &beyond);
    ck_assert_int_eq(gedi__trainer_step(a.t, &err), GEDI_NUMERIC);
    ck_assert_msg(strstr(err.msg, "names no row of the table, which has 0 to 199"), "%s",
                  err.msg);
    done(&a);
}
END_TEST

/* An energy is asked of records that are in no batch. */
static void of_label_loss(const void *self, gedi_build *b, const gedi_batch *v,
                          gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "gen", gedi_sub(mean(v->z[0]), mean(v->zs)), 1, NAN);
}
static gedi_node *of_label(const void *self, gedi_build *b, gedi_node *x, gedi_node *z,
                           const gedi_batch *v)
{
    (void)self, (void)b, (void)x;
    return gedi_mul(gedi_slice(z, 1, 0, 1), v->label);
}
static const gedi_objective labelled_energy = {
    .name = "labelled", .loss = of_label_loss, .energy = of_label};

START_TEST(an_energy_has_no_labels)
{
    training a;
    ck_assert_int_eq(begin(&a, (setting){0}, &labelled_energy), GEDI_USAGE);
    ck_assert_msg(
        strstr(err.msg, "its energy is NULL; an energy is asked of any records"), "%s",
        err.msg);
    done(&a);
}
END_TEST

static void one_hot_loss(const void *self, gedi_build *b, const gedi_batch *v,
                         gedi_terms *t)
{
    (void)self, (void)b;
    gedi_node *three = gedi_one_hot(v->label, 3);
    gedi_node *none = gedi_one_hot(gedi_affine(v->label, 0, -1), 3);
    gedi_term(t, "z", mean(gedi_square(v->z[0])), 1, NAN);
    gedi_term(t, "ones", mean(three), 1, NAN);
    gedi_term(t, "label", mean(v->label), 1, NAN);
    gedi_term(t, "second", mean(gedi_slice(three, 1, 1, 1)), 1, NAN);
    gedi_term(t, "none", gedi_add(mean(none), gedi_scalar(gedi_build_graph(b), 1)), 1,
              NAN);
}
static const gedi_objective one_hot = {.name = "one_hot", .loss = one_hot_loss};

START_TEST(labels_become_rows)
{
    training a = by((setting){.views = "[[]]"}, &one_hot);
    step(&a);
    ck_assert(fabs(term(&a, "ones") - 1.0 / 3) <= 1e-6);
    ck_assert(fabs(term(&a, "second") - term(&a, "label")) <= 1e-6);
    ck_assert(term(&a, "none") == 1);
    done(&a);
}
END_TEST

/* A few labels on two moons are learned; a stage that follows without them still counts as one
 * that has seen them, also after the run is taken up. */
START_TEST(labels_are_learned_and_told)
{
    training a;
    a.e = experiment_new((setting){
        .objective = "null",
        .sampler = "",
        .train = "{iterations: 150, batch: 50}",
        .projector = "{mlp: {hidden: [16], output: 2}}",
        .optimizer = "{adam: {lr: 0.01}}",
        .more = "stages:\n- objective: {supervised: {}}\n- objective: {simsiam: {}}\n"});
    ck_assert_msg(gedi__trainer_new(a.e, a.e->stage, &a.t, &err) == GEDI_OK, "%s",
                  err.msg);
    ck_assert(a.t->net.labelled);
    step(&a);
    double first = term(&a, "class");
    for (int i = 1; i < 150; i++)
        step(&a);
    ck_assert(term(&a, "class") < 0.2 && first > 0.4);
    const char *path = experiment_path("end.safetensors");
    ck_assert_int_eq(gedi__checkpoint_write(a.t, path, NULL, "this", &err), GEDI_OK);
    gedi__trainer_free(a.t);
    ck_assert_int_eq(gedi__trainer_new(a.e, a.e->stage + 1, &a.t, &err), GEDI_OK);
    ck_assert(!a.t->net.labelled);
    ck_assert_msg(gedi__checkpoint_read(a.t, path, "this", &err) == GEDI_OK, "%s",
                  err.msg);
    ck_assert(a.t->net.labelled);
    done(&a);
}
END_TEST

/* ---- more views ---- */

static void many_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    char name[16];
    (void)self, (void)b;
    for (int i = 0; i < v->views; i++) {
        snprintf(name, sizeof name, "view%d", i);
        gedi_term(t, name, mean(gedi_square(gedi_sub(v->x[i], v->x[0]))), 1, NAN);
        snprintf(name, sizeof name, "z%d", i);
        gedi_term(t, name, mean(gedi_square(v->z[i])), 1, NAN);
    }
}
static const gedi_objective many = {.name = "many", .loss = many_loss};

START_TEST(six_views)
{
    training a = by((setting){.views = "[[], [], [gaussian_noise: {std: 0.1}], "
                                       "[gaussian_noise: {std: 0.1}], [gaussian_noise: "
                                       "{std: 0.1}], [gaussian_noise: {std: 0.2}]]"},
                    &many);
    step(&a);
    ck_assert(term(&a, "view1") == 0);
    for (int i = 2; i < 6; i++) { /* all have draws of their own */
        char name[16];
        snprintf(name, sizeof name, "view%d", i);
        double square = i < 5 ? 0.01 : 0.04;
        ck_assert(fabs(term(&a, name) - square) <= 0.5 * square);
        for (int k = 2; k < i; k++)
            ck_assert_mem_ne(a.t->view[i], a.t->view[k], 40 * sizeof(float));
    }
    done(&a);
}
END_TEST

static void fifth_loss(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "z", mean(gedi_square(v->z[4])), 1, NAN);
}
static const gedi_objective fifth = {.name = "fifth", .loss = fifth_loss};

START_TEST(a_view_that_is_not_there)
{
    refused((setting){.views = "[[], []]"}, &fifth, GEDI_DESCRIPTOR,
            "uses view 5, but views: has 2 pipelines: add one");
}
END_TEST

static int behind_field, behind_index; /* of x, h, z */

static void behind_loss(const void *self, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t)
{
    gedi_node *const *const field[] = {v->x, v->h, v->z};
    (void)self, (void)b;
    gedi_term(t, "first", mean(gedi_square(v->z[0])), 1, NAN);
    gedi_term(t, "behind", mean(gedi_square(field[behind_field][behind_index])), 1, NAN);
}
static const gedi_objective behind = {.name = "behind", .loss = behind_loss};

/* Up to twice the limit; else it would be the next field. */
START_TEST(an_index_behind_the_views)
{
    char said[64];
    for (behind_field = 0; behind_field < 3; behind_field++)
        for (behind_index = GEDI_MAX_VIEWS; behind_index < 2 * GEDI_MAX_VIEWS;
             behind_index += 5) {
            snprintf(said, sizeof said, "reads v->%c[16], or one beyond it",
                     "xhz"[behind_field]);
            refused((setting){.views = "[[], []]"}, &behind, GEDI_USAGE, said);
        }
}
END_TEST

/* ---- views of another shape ---- */

/* The first half of a record of two numbers: one of them, twice as large. */
static gedi_shape half_shape(const void *self, gedi_shape record)
{
    (void)self, (void)record;
    return GEDI_DIMS(1);
}

static void half_apply(const void *self, gedi_shape record, float *x, float *scratch,
                       gedi_rng *rng)
{
    (void)self, (void)record, (void)rng;
    scratch[0] = 0;
    x[0] *= 2;
}
static const gedi_view half = {.name = "half", .apply = half_apply, .shape = half_shape};

/* An encoder that takes any number of columns: h has their sum, its square and a weight. */
static gedi_node *any_build(const void *self, gedi_build *b, gedi_node *x)
{
    (void)self;
    gedi_init init = {.kind = GEDI_INIT_NORMAL, .value = 1};
    gedi_node *sum = gedi_sum(x, 1u << 1), *w = gedi_param(b, "w", GEDI_DIMS(1, 1), init);
    gedi_node *both[] = {sum, gedi_mul(sum, w)};
    return gedi_concat(both, 2, 1);
}
static const gedi_model any = {.name = "any", .build = any_build};

static void shapes_loss(const void *self, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t)
{
    (void)self, (void)b;
    gedi_node *first = gedi_slice(v->x[0], 1, 0, 1);
    gedi_term(t, "halves", mean(gedi_square(gedi_sub(v->x[1], gedi_scale(first, 2)))), 1,
              NAN);
    gedi_term(t, "z", mean(gedi_square(v->z[1])), 1, NAN);
}
static const gedi_objective shapes = {.name = "shapes", .loss = shapes_loss};

static gedi_status with_half(training *a, setting s, const gedi_objective *o, bool takes)
{
    s.objective = "{simsiam: {}}";
    s.sampler = "";
    s.projector = "";
    a->e = experiment_new(s);
    gedi__stage *stage = a->e->stage;
    stage->objective->part = (gedi__component){(const gedi_plugin *)o, NULL};
    stage->view[1].view[0] = (gedi__component){(const gedi_plugin *)&half, NULL};
    if (takes)
        a->e->model = (gedi__component){(const gedi_plugin *)&any, NULL};
    return gedi__trainer_new(a->e, stage, &a->t, &err);
}

START_TEST(views_of_another_shape)
{
    training a;
    setting s = {.views = "[[], [gaussian_noise: {}]]", .threads = "2"};
    ck_assert_msg(with_half(&a, s, &shapes, true) == GEDI_OK, "%s", err.msg);
    ck_assert(!a.t->net.one_batch);
    ck_assert_int_eq(a.t->net.view[1].dim[0], 1);
    for (int k = 0; k < 3; k++) {
        step(&a);
        ck_assert(term(&a, "halves") == 0); /* the same records */
        for (int i = 0; i < 20; i++)
            ck_assert(a.t->view[1][i] == 2 * a.t->view[0][2 * i]);
        ck_assert(isfinite(term(&a, "z")) && term(&a, "z") > 0);
    }
    done(&a);
    ck_assert_int_eq(with_half(&a, s, &shapes, false), GEDI_SHAPE);
    ck_assert_msg(strstr(err.msg, "(view 2 makes records of [1], view 1 makes [2]: the "
                                  "encoder must take both)") != NULL,
                  "%s", err.msg);
    gedi__experiment_free(a.e);
}
END_TEST

/* Labels as they are, where a cross entropy wants rows. */
static void raw_labels_loss(const void *self, gedi_build *b, const gedi_batch *v,
                            gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "class", gedi_loss_cross_entropy(v->label, v->z[0]), 1, NAN);
}
static const gedi_objective raw_labels = {.name = "raw", .loss = raw_labels_loss};

START_TEST(labels_are_no_rows)
{
    refused(
        (setting){.views = "[[]]"}, &raw_labels, GEDI_SHAPE,
        "gedi_loss_cross_entropy: q is [20, 1], but logits are [20, 2] (labels become "
        "rows by gedi_one_hot)");
}
END_TEST

/* ---- records of several parts ---- */

enum { PARTS = 3, RECORDS = 40 };

static gedi_status triples_open(void *self, const gedi_open *o, gedi_data_info *info,
                                gedi_err *e)
{
    (void)self, (void)o, (void)e;
    *info = (gedi_data_info){.record = GEDI_DIMS(2),
                             .count = {RECORDS, 10},
                             .classes = 10,
                             .labelled = {true, true},
                             .parts = PARTS};
    return GEDI_OK;
}

/* Part p of record i is the point (i, p) and of class (i + p) mod 10. */
static gedi_status triples_read(const void *self, gedi_split split, int64_t i, float *x,
                                int32_t *label, gedi_err *e)
{
    (void)self, (void)split, (void)e;
    for (int p = 0; p < PARTS; p++) {
        x[2 * p] = (float)i;
        x[2 * p + 1] = (float)p;
        label[p] = (int32_t)(i + p) % 10;
    }
    return GEDI_OK;
}

static void triples_close(void *self)
{
    (void)self;
}
static const gedi_dataset triples = {.name = "triples",
                                     .open = triples_open,
                                     .read = triples_read,
                                     .close = triples_close};

static void parts_loss(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    (void)self;
    ck_assert_int_eq(v->parts, PARTS);
    ck_assert(gedi_shape_equal(gedi_node_shape(v->x[0]), GEDI_DIMS(20 * PARTS, 2)));
    ck_assert(gedi_shape_equal(gedi_node_shape(v->z[0]), GEDI_DIMS(20 * PARTS, 2)));
    gedi_node *record = gedi_reshape(gedi_slice(v->x[0], 1, 0, 1), GEDI_DIMS(20, PARTS));
    gedi_node *same = gedi_sub(record, gedi_broadcast(v->index, GEDI_DIMS(20, PARTS)));
    gedi_node *part = gedi_slice(v->x[0], 1, 1, 1);
    gedi_node *label = gedi_sub(v->label, part);
    (void)b;
    gedi_term(t, "index", mean(gedi_square(same)), 1, NAN);
    gedi_term(t, "parts", mean(part), 1, NAN);
    gedi_term(t, "label", mean(label), 1, NAN);
    gedi_term(t, "noise", mean(gedi_square(gedi_sub(v->x[1], v->x[0]))), 1, NAN);
    gedi_term(t, "z", mean(gedi_square(v->z[0])), 1, NAN);
}
static const gedi_objective parts = {.name = "parts", .loss = parts_loss};

START_TEST(records_of_parts)
{
    training a;
    a.e = experiment_new((setting){.objective = "{simsiam: {}}",
                                   .sampler = "",
                                   .views = "[[], [gaussian_noise: {std: 0.1}]]"});
    a.e->stage->objective->part = (gedi__component){(const gedi_plugin *)&parts, NULL};
    a.e->dataset = (gedi__component){(const gedi_plugin *)&triples, NULL};
    ck_assert_msg(gedi__trainer_new(a.e, a.e->stage, &a.t, &err) == GEDI_OK, "%s",
                  err.msg);
    ck_assert(a.t->net.one_batch);
    for (int k = 0; k < 4; k++) {
        step(&a);
        ck_assert(term(&a, "index") == 0);
        ck_assert(fabs(term(&a, "parts") - 1) <= 1e-6);
        ck_assert(fabs(term(&a, "noise") - 0.01) <= 0.005);
        for (int i = 1; i < 3; i++) /* each part has draws of its own */
            ck_assert_mem_ne(a.t->view[1] + 2 * i, a.t->view[1], 2 * sizeof(float));
    }
    gedi__source from = gedi__source_of(&a.t->data);
    float x[2 * 7];
    int32_t y[7];
    ck_assert_int_eq(gedi__records_read(from, GEDI_TRAIN, 5, 7, x, y, &err), GEDI_OK);
    for (int i = 0; i < 7; i++) {
        int record = (5 + i) / PARTS, part = (5 + i) % PARTS;
        ck_assert(x[2 * i] == record && x[2 * i + 1] == part);
        ck_assert_int_eq(y[i], (record + part) % 10);
    }
    done(&a);
}
END_TEST

/* ---- passes ---- */

static int passes_made;

static void table_loss(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    (void)self;
    gedi_init minus = {.kind = GEDI_INIT_CONSTANT, .value = -1};
    gedi_node *row = gedi_gather(gedi_table(b, "rows", 2, minus), v->index);
    gedi_node *index = gedi_slice(row, 1, 0, 1), *made = gedi_slice(row, 1, 1, 1);
    gedi_term(t, "index", mean(gedi_square(gedi_sub(index, v->index))), 1, NAN);
    gedi_term(t, "made", mean(made), 1, NAN);
    gedi_term(t, "z", mean(gedi_square(v->z[0])), 1, NAN);
}

static int64_t every_two(const void *self)
{
    (void)self;
    return 2;
}

/* Fills its table with the number of the record and that of the pass; checks what it is given
 * against the network's own layer by the size of its numbers. */
static gedi_status table_pass(const void *self, gedi_pass *p, gedi_err *e)
{
    gedi_shape s;
    float *rows = gedi_pass_state(p, "rows", &s), z[2 * 200], again[2 * 3];
    (void)self;
    ck_assert_ptr_null(gedi_pass_state(p, "row", NULL));
    ck_assert_ptr_nonnull(rows);
    ck_assert(gedi_shape_equal(s, GEDI_DIMS(200, 2)));
    ck_assert_int_eq(gedi_pass_count(p), 200);
    ck_assert_int_eq(gedi_pass_features(p), 4);
    ck_assert_int_eq(gedi_pass_embedding(p), 2);
    ck_assert_int_eq(gedi_pass_iteration(p), 20 * passes_made);
    ck_assert_int_eq(gedi_pass_epoch(p), 2 * passes_made);
    GEDI_TRY(gedi_pass_read(p, 0, 200, NULL, z, e));
    GEDI_TRY(gedi_pass_read(p, 17, 3, NULL, again, e));
    for (int i = 0; i < 6; i++)
        ck_assert(fabsf(again[i] - z[2 * 17 + i]) <= 1e-6f * fabsf(z[2 * 17 + i]));
    passes_made++;
    for (int i = 0; i < 200; i++) {
        rows[2 * i] = (float)i;
        rows[2 * i + 1] = (float)passes_made;
    }
    ck_assert_int_eq(gedi_pass_read(p, 199, 2, NULL, z, NULL), GEDI_USAGE);
    return GEDI_OK;
}
static const gedi_objective table = {
    .name = "table", .loss = table_loss, .pass = table_pass, .pass_every = every_two};

START_TEST(passes_fill_tables)
{
    setting s = {.views = "[[]]", .train = "{iterations: 50, batch: 20}"};
    passes_made = 0;
    training a = by(s, &table);
    for (int k = 0; k < 50; k++) { /* an epoch has 10 iterations */
        step(&a);
        ck_assert_int_eq(passes_made, 1 + k / 20);
        ck_assert(term(&a, "index") == 0);
        ck_assert(term(&a, "made") == 1 + k / 20);
    }
    done(&a);
}
END_TEST

static int64_t never(const void *self)
{
    (void)self;
    return 0;
}

START_TEST(a_pass_needs_both_functions)
{
    gedi_objective odd = table;
    odd.pass_every = NULL;
    refused((setting){.views = "[[]]"}, &odd, GEDI_PLUGIN,
            "objective table has `pass` without `pass_every`");
    odd.pass_every = never;
    refused((setting){.views = "[[]]"}, &odd, GEDI_USAGE,
            "objective table: pass_every gives 0 epochs, not 1 to ");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("batch");
    TCase *c = tcase_create("batch");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_add_test(c, facts_are_those_of_the_batch);
    tcase_add_test(c, labels_become_rows);
    tcase_add_test(c, labels_are_learned_and_told);
    tcase_add_test(c, six_views);
    tcase_add_test(c, a_view_that_is_not_there);
    tcase_add_test(c, an_index_behind_the_views);
    tcase_add_test(c, views_of_another_shape);
    tcase_add_test(c, labels_are_no_rows);
    tcase_add_test(c, records_of_parts);
    tcase_add_test(c, a_number_beyond_the_table_is_named);
    tcase_add_test(c, an_energy_has_no_labels);
    tcase_add_test(c, passes_fill_tables);
    tcase_add_test(c, a_pass_needs_both_functions);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
