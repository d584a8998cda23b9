/* test_init.c - a trainer that begins with weights of a file: which, from where in it, how laid out. */
#include "core/train/init.h"
#include "core/descriptor/init.h"
#include "core/store/safetensors.h"
#include "core/train/checkpoint.h"
#include "tests/experiment.h"

#include <math.h>

static gedi_err err;

#define succeeds(call) ck_assert_msg((call) == GEDI_OK, "%s", err.msg)

typedef struct begun {
    gedi__experiment *e;
    gedi__trainer *t;
} begun;

static begun begin(setting s)
{
    begun b = {experiment_new(s), NULL};
    succeeds(gedi__trainer_new(b.e, b.e->stage, &b.t, &err));
    return b;
}

static void end(begun *b)
{
    gedi__trainer_free(b->t);
    gedi__experiment_free(b->e);
}

/* The k-th number that the file has in the i-th tensor. */
static float number(int i, int64_t k)
{
    return (float)(i + 1) + (float)k / 1024;
}

/* A file with a tensor for each parameter of the network, under `prefix` in place of "model" as the
 * reader would write it. */
static void write_all(const begun *b, const char *prefix, bool pytorch, const char *file)
{
    const gedi__params *p = &b->t->net.params;
    gedi__tensors_writer *w;
    float *kept[64];
    char name[256];
    ck_assert_int_le(p->n, 64);
    succeeds(gedi__tensors_write_open(experiment_path(file), &w, &err));
    for (int i = 0; i < p->n; i++) {
        const gedi__param *q = p->param[i];
        gedi_shape s = q->shape;
        kept[i] = malloc((size_t)q->size * sizeof(float));
        ck_assert_ptr_nonnull(kept[i]);
        for (int64_t k = 0; k < q->size; k++) {
            int64_t at = k;
            if (pytorch && s.rank == 2) /* [out, in] */
                at = k % s.dim[1] * s.dim[0] + k / s.dim[1];
            if (pytorch && s.rank == 4) { /* [out, in, H, W] of [H, W, in, out] */
                int64_t out = k % s.dim[3], in = k / s.dim[3] % s.dim[2];
                int64_t column = k / s.dim[3] / s.dim[2] % s.dim[1];
                int64_t row = k / s.dim[3] / s.dim[2] / s.dim[1];
                at = ((out * s.dim[2] + in) * s.dim[0] + row) * s.dim[1] + column;
            }
            kept[i][at] = number(i, k);
        }
        if (pytorch && s.rank == 2)
            s = (gedi_shape){.rank = 2, .dim = {s.dim[1], s.dim[0]}};
        if (pytorch && s.rank == 4)
            s = (gedi_shape){.rank = 4, .dim = {s.dim[3], s.dim[2], s.dim[0], s.dim[1]}};
        bool renamed = !strncmp(q->name, "model.", 6);
        snprintf(name, sizeof name, "%s%s", renamed ? prefix : "",
                 renamed ? q->name + 5 : q->name);
        gedi__tensors_write_add(w, name, GEDI__F32, s, kept[i]);
    }
    succeeds(gedi__tensors_write_commit(w, &err));
    for (int i = 0; i < p->n; i++)
        free(kept[i]);
}

/* Has the network that number wherever its name begins with `prefix`, and nowhere else? */
static void expect_taken(const begun *b, const char *prefix)
{
    const gedi__params *p = &b->t->net.params;
    int found = 0;
    for (int i = 0; i < p->n; i++) {
        const gedi__param *q = p->param[i];
        const float *x = gedi__param_data(p, q);
        bool taken = gedi__name_is_under(q->name, prefix);
        found += taken;
        for (int64_t k = 0; k < q->size; k++)
            ck_assert_msg((x[k] == number(i, k)) == taken, "%s, %d: %g", q->name, (int)k,
                          (double)x[k]);
    }
    ck_assert_int_gt(found, 0);
}

#define NORMED "{mlp: {hidden: [16, 3], output: 4, batch_norm: true}}"

START_TEST(weights_and_states_are_taken_by_name)
{
    gedi__init_taken taken;
    char more[256];
    bool pytorch = _i % 2;
    setting s = {.model = NORMED};
    if (_i >= 2) {
        s.dataset = "{tiny: {train: 40, test: 20}}";
        s.model = "{resnet8: {width: 4}}";
        s.views = "[[], [horizontal_flip: {}]]";
    }
    begun a = begin(s);
    write_all(&a, "backbone", pytorch, "w.safetensors");
    end(&a);
    snprintf(more, sizeof more,
             "init: {file: w.safetensors, only: [model], names: {model: backbone}%s}\n",
             pytorch ? ", layout: pytorch" : "");
    s.more = more;
    begun b = begin(s);
    succeeds(gedi__init_take(b.t, &taken, &err));
    expect_taken(&b, "model");
    ck_assert_int_lt(taken.parameters, taken.of);
    end(&b);
}
END_TEST

/* The longest name counts. */
START_TEST(names_are_of_whole_words)
{
    char name[64];
    gedi__rename rename[] = {
        {"model", "a"}, {"model.layer1", "b.c"}, {"model.layer10.bias", ""}};
    const struct {
        const char *of, *is;
    } cases[] = {
        {"model.layer0.weight", "a.layer0.weight"},
        {"model.layer1.weight", "b.c.weight"},
        {"model.layer10.weight", "a.layer10.weight"},
        {"model.layer10.bias", ""},
        {"modelling.x", "modelling.x"},
        {"objective.prototypes", "objective.prototypes"},
    };
    const gedi__init i = {.rename = rename, .renames = 3};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ck_assert(gedi__init_name(&i, cases[k].of, name, sizeof name));
        ck_assert_str_eq(name, cases[k].is);
    }
    ck_assert(!gedi__init_name(&i, "model.layer0.weight", name, 8));
}
END_TEST

/* A teacher begins as the student that was copied, not as the seed says. */
START_TEST(averages_begin_as_what_was_taken)
{
    gedi__init_taken taken;
    static const char byol[] = "{byol: {}}";
    begun a = begin((setting){.objective = byol, .sampler = ""});
    write_all(&a, "model", false, "w.safetensors");
    end(&a);
    begun b = begin((setting){.objective = byol,
                              .sampler = "",
                              .more = "init: {file: w.safetensors, only: [model]}\n"});
    succeeds(gedi__init_take(b.t, &taken, &err));
    const gedi__params *p = &b.t->net.params;
    int averages = 0;
    for (int i = 0; i < p->n; i++) {
        const gedi__param *q = p->param[i];
        if (!q->of || !gedi__name_is_under(q->of->name, "model"))
            continue;
        averages++;
        ck_assert_mem_eq(gedi__param_data(p, q), gedi__param_data(p, q->of),
                         (size_t)q->size * sizeof(float));
    }
    ck_assert_int_gt(averages, 0);
    end(&b);
}
END_TEST

/* A safetensors file with one tensor of booleans, and "b", of that type and content. */
static void write_foreign(const char *type, const void *b, size_t size)
{
    char header[256];
    int n =
        snprintf(header, sizeof header,
                 "{\"mask\":{\"dtype\":\"BOOL\",\"shape\":[8],\"data_offsets\":[0,8]},"
                 "\"b\":{\"dtype\":\"%s\",\"shape\":[16],\"data_offsets\":[8,%zu]}}",
                 type, 8 + size);
    uint64_t length = (uint64_t)(n + 7) / 8 * 8;
    size_t all = 8 + length + 8 + size;
    char *file = calloc(1, all);
    ck_assert_ptr_nonnull(file);
    memcpy(file, &length, 8);
    memset(file + 8, ' ', length);
    memcpy(file + 8, header, (size_t)n);
    memcpy(file + 16 + length, b, size);
    succeeds(gedi__file_write(experiment_path("f.safetensors"), file, all, &err));
    free(file);
}

/* What other programs keep beside weights is left alone; weights must be numbers of 32 bits. */
START_TEST(a_file_of_another_program)
{
    static const struct {
        const char *type;
        size_t size;
        float first;
        const char *says;
    } cases[] = {
        {"F32", 64, 0.5f, NULL},
        {"F16", 32, 0.5f,
         "is of another type [32], expected F32 [16]: save it as numbers of 32 bits"},
        {"F32", 64, NAN, "tensor 'b', index 0, is nan"},
        {"F32", 64, INFINITY, "tensor 'b', index 0, is inf"},
    };
    gedi__init_taken taken;
    float b[16] = {cases[_i].first};
    write_foreign(cases[_i].type, b, cases[_i].size);
    begun n = begin(
        (setting){.more = "init: {file: f.safetensors, only: [model.layer0.bias], names: "
                          "{model.layer0.bias: b}}\n"});
    gedi_status s = gedi__init_take(n.t, &taken, &err);
    ck_assert_int_eq(s, cases[_i].says ? GEDI_DESCRIPTOR : GEDI_OK);
    if (cases[_i].says)
        ck_assert_msg(strstr(err.msg, cases[_i].says) != NULL, "%s", err.msg);
    else
        ck_assert_int_eq(taken.parameters, 1);
    end(&n);
}
END_TEST

/* What is refused, and what is said. */
START_TEST(what_does_not_fit_is_refused)
{
    static const struct {
        const char *init, *says;
    } cases[] = {
        {"{file: none.safetensors}", "none.safetensors"},
        {"{file: w.safetensors, only: [model.layer7]}",
         "init.only: 'model.layer7' is no parameter, and none begins with 'model.layer7.'; there "
         "are: model.layer0.weight"},
        {"{file: w.safetensors, names: {modell: x}}",
         "init.names: 'modell' is no parameter"},
        {"{file: w.safetensors, only: [model], names: {model: x}}",
         "lacks 6 of the tensors to be taken, the first is 'x.layer0.weight'"},
        {"{file: w.safetensors, layout: pytorch, only: [model.layer0]}",
         "init: parameter model.layer0.weight: "},
        {"{file: w.safetensors, checksum: 0123456789abcdef}",
         "but the descriptor was written for weights with 0123456789abcdef: put them back"},
        {"{run: .}", "init.run: "},
        {"{file: small.yaml}", "init: "},
    };
    gedi__init_taken taken;
    begun a = begin((setting){0});
    write_all(&a, "model", false, "w.safetensors");
    end(&a);
    char more[256];
    snprintf(more, sizeof more, "init: %s\n", cases[_i].init);
    begun b = begin((setting){.more = more});
    ck_assert_int_ne(gedi__init_take(b.t, &taken, &err), GEDI_OK);
    ck_assert_msg(strstr(err.msg, cases[_i].says) != NULL, "%s", err.msg);
    end(&b);
}
END_TEST

/* The descriptor that is written reads back to the same. */
START_TEST(it_is_emitted_as_it_is_read)
{
    gedi__text once = {0}, twice = {0};
    gedi__experiment *e = experiment_new((setting){
        .more =
            "init: {file: \"a b.safetensors\", layout: pytorch, checksum: 00ff, only: "
            "[model.layer0, objective], names: {model: \"x y\", \"model.layer0\": z}}\n"});
    gedi__mistakes m = {0};
    gedi__experiment_emit(e, &once);
    gedi__experiment_free(e);
    succeeds(gedi__file_write(experiment_path("again.yaml"), once.s, once.len, &err));
    succeeds(gedi__experiment_read(experiment_path("again.yaml"), NULL, 0, &e, &m, &err));
    gedi__experiment_emit(e, &twice);
    ck_assert_int_eq(e->init.onlys, 2);
    ck_assert_int_eq(e->init.renames, 2);
    ck_assert_str_eq(e->init.rename[0].file, "x y");
    const char *a = strstr(once.s, "init:\n"), *b = strstr(twice.s, "init:\n");
    ck_assert(a && b && !strcmp(a, b));
    gedi__experiment_free(e);
    gedi__text_clear(&once);
    gedi__text_clear(&twice);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("init");
    TCase *c = tcase_create("init");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_add_loop_test(c, weights_and_states_are_taken_by_name, 0, 4);
    tcase_add_test(c, names_are_of_whole_words);
    tcase_add_test(c, averages_begin_as_what_was_taken);
    tcase_add_loop_test(c, a_file_of_another_program, 0, 4);
    tcase_add_loop_test(c, what_does_not_fit_is_refused, 0, 8);
    tcase_add_test(c, it_is_emitted_as_it_is_read);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? 1 : 0;
}
