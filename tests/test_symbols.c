/* test_symbols.c - datasets of several digits and the evaluator of symbols. */
#include "tests/component.h"
#include "tests/trial.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

extern const gedi_dataset gedi_dataset_mnist_addition, gedi_dataset_mnist_tuples;
extern const gedi_evaluator gedi_evaluator_symbols;

enum { TRAIN = 3000, TEST = 301, PIXELS = 28 * 28, HEADER = 16 };

static char folder[32];
static int64_t parts_of_trial = 3;

int64_t gedi_trial_parts(const gedi_trial *t)
{
    (void)t;
    return parts_of_trial;
}

static void put(const char *name, bool labels, uint32_t n)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    const uint32_t head[] = {labels ? 0x801 : 0x803, n, 28, 28};
    for (int i = 0; i < (labels ? 2 : 4); i++)
        for (int b = 24; b >= 0; b -= 8)
            fputc((int)(head[i] >> b & 255), f);
    /* An image has its number in its first two pixels. */
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t p = 0; p < (labels ? 1 : PIXELS); p++)
            fputc((int)(labels   ? i * 7 % 10
                        : p == 0 ? i / 256
                        : p == 1 ? i % 256
                                 : 0),
                  f);
    ck_assert_int_eq(fclose(f), 0);
}

static void write_text(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_ge(fputs(text, f), 0);
    ck_assert_int_eq(fclose(f), 0);
}

static const char *const files[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
                                    "rules.pl"};

static const char rules[] =
    "nn(digit, [X], Y, [0..9]) :: digit(X, Y).\n"
    "nn(bit, [X], Y, [0, 1]) :: bit(X, Y).\n"
    "0.75 :: strict.\n"
    "addition(A, B, C) :- digit(A, X), digit(B, Y), Z is X + Y, digit(C, Z).\n"
    "sum(A, B, Z) :- digit(A, X), digit(B, Y), Z is X + Y.\n"
    "same(A, B) :- bit(A, X), bit(B, X).\n"
    "alike(A, B) :- same(A, B).\n"
    "alike(A, B) :- \\+ strict, \\+ same(A, B).\n";

static void setup(void)
{
    strcpy(folder, "symbols-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (int i = 0; i < 4; i++)
        put(files[i], i % 2, i < 2 ? TRAIN : TEST);
    write_text(files[4], rules);
}

static void teardown(void)
{
    char path[128];
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        (void)remove(path);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

/* ---- datasets ---- */

typedef struct opened {
    const gedi_dataset *d;
    component c;
    gedi_data_info info;
    float *x;
    int32_t label[16];
    bool used[GEDI_SPLITS][TRAIN];
} opened;

static gedi_status open_data(opened *o, const gedi_dataset *d, uint64_t seed,
                             const char *options, gedi_err *err)
{
    *o = (opened){.d = d, .c = component_new(d, options)};
    component_set(&o->c, (const gedi_plugin *)d, "path", folder);
    gedi_open from = {.seed = seed, .directory = "."};
    gedi_status s = d->open(o->c.self, &from, &o->info, err);
    if (s == GEDI_OK) {
        o->x = malloc((size_t)o->info.parts * PIXELS * sizeof *o->x);
        ck_assert_ptr_nonnull(o->x);
    }
    return s;
}

static void close_data(opened *o)
{
    o->d->close(o->c.self);
    component_free(&o->c);
    free(o->x);
}

/* Reads a record: its images have the digits that its labels say, and were in none before. */
static void read_record(opened *o, gedi_split split, int64_t i, const int *digit_of)
{
    gedi_err err = {0};
    ck_assert_int_eq(o->d->read(o->c.self, split, i, o->x, o->label, &err), GEDI_OK);
    for (int64_t p = 0; p < o->info.parts; p++) {
        const float *x = o->x + p * PIXELS;
        int image = (int)lrintf(x[0] * 255) * 256 + (int)lrintf(x[1] * 255);
        int label = o->label[p];
        ck_assert_int_eq(image * 7 % 10, digit_of ? digit_of[label] : label);
        ck_assert_msg(!o->used[split][image], "image %d is used twice", image);
        o->used[split][image] = true;
    }
}

START_TEST(additions_add_up)
{
    opened o;
    gedi_err err = {0};
    int64_t first[10] = {0}, sums = 0;
    ck_assert_msg(open_data(&o, &gedi_dataset_mnist_addition, 3, "examples=600", &err) ==
                      GEDI_OK,
                  "%s", err.msg);
    ck_assert_int_eq(o.info.parts, 3);
    ck_assert_int_eq(o.info.classes, 10);
    ck_assert_int_eq(o.info.count[GEDI_TRAIN], 600);
    for (int64_t i = 0; i < 600; i++) {
        read_record(&o, GEDI_TRAIN, i, NULL);
        ck_assert_int_eq(o.label[0] + o.label[1], o.label[2]);
        first[o.label[0]]++;
    }
    /* a is k in 10 - k of 55 pairs: within 4 standard deviations. */
    for (int k = 0; k < 10; k++) {
        double p = (10 - k) / 55.0, expected = 600 * p;
        ck_assert(fabs((double)first[k] - expected) < 4 * sqrt(expected * (1 - p)));
    }
    ck_assert_int_eq(o.info.count[GEDI_TEST], TEST / 3);
    for (int64_t i = 0; i < TEST / 3; i++) {
        read_record(&o, GEDI_TEST, i, NULL);
        sums += o.label[0] + o.label[1] == o.label[2];
    }
    ck_assert_int_ge(sums, TEST / 6);
    close_data(&o);
}
END_TEST

START_TEST(a_seed_says_which)
{
    opened a, b;
    gedi_err err = {0};
    int differ = 0;
    for (uint64_t seed = 1; seed <= 2; seed++) {
        ck_assert_int_eq(
            open_data(&a, &gedi_dataset_mnist_addition, 1, "examples=50", &err), GEDI_OK);
        ck_assert_int_eq(
            open_data(&b, &gedi_dataset_mnist_addition, seed, "examples=50", &err),
            GEDI_OK);
        for (int64_t i = 0; i < 50; i++) {
            read_record(&a, GEDI_TRAIN, i, NULL);
            read_record(&b, GEDI_TRAIN, i, NULL);
            bool same = !memcmp(a.x, b.x, 3 * PIXELS * sizeof *a.x);
            ck_assert(seed == 2 || same);
            differ += !same;
        }
        close_data(&a);
        close_data(&b);
    }
    ck_assert_int_ge(differ, 45);
}
END_TEST

START_TEST(tuples_of_any_digits)
{
    opened o;
    gedi_err err = {0};
    const int digit_of[] = {1, 0, 7};
    ck_assert_msg(open_data(&o, &gedi_dataset_mnist_tuples, 5,
                            "parts=4 digits=[1,0,7] test=3", &err) == GEDI_OK,
                  "%s", err.msg);
    ck_assert_int_eq(o.info.classes, 3);
    ck_assert_int_eq(o.info.count[GEDI_TRAIN], TRAIN * 3 / 10 / 4);
    ck_assert_int_eq(o.info.count[GEDI_TEST], 3);
    for (int64_t i = 0; i < o.info.count[GEDI_TRAIN]; i++)
        read_record(&o, GEDI_TRAIN, i, digit_of);
    close_data(&o);
}
END_TEST

#ifdef HAVE_RULES

/* Of records of which `alike` holds: the two are the same in 1 of 1 + .25 cases. */
START_TEST(tuples_by_rules)
{
    opened o;
    gedi_err err = {0};
    const int digit_of[] = {3, 8};
    char options[200];
    int64_t same = 0, n = 200;
    snprintf(options, sizeof options,
             "digits=[3,8] examples=200 test=10 rules=%s/rules.pl query=alike(x1,x2)",
             folder);
    ck_assert_msg(open_data(&o, &gedi_dataset_mnist_tuples, 5, options, &err) == GEDI_OK,
                  "%s", err.msg);
    for (int64_t i = 0; i < n; i++) {
        read_record(&o, GEDI_TRAIN, i, digit_of);
        same += o.label[0] == o.label[1];
    }
    double p = 0.8, spread = sqrt((double)n * p * (1 - p));
    ck_assert_msg(fabs((double)same - p * (double)n) < 4 * spread,
                  "%d of %d are the same", (int)same, (int)n);
    close_data(&o);
}
END_TEST

#endif

typedef struct refusal {
    const gedi_dataset *d;
    const char *options, *message;
} refusal;

static const refusal refused[] = {
    {&gedi_dataset_mnist_addition, "examples=1500",
     "examples: 1500, but the 3000 training images of %s give no more than "},
    {&gedi_dataset_mnist_tuples, "parts=4 examples=751",
     "examples: 751, but there are images for no more than 750"},
#ifdef HAVE_RULES
    {&gedi_dataset_mnist_tuples, "rules=%s/rules.pl query=addition(x1,x2,x3)",
     "parts: 2, but the query speaks of x3"},
    {&gedi_dataset_mnist_tuples, "rules=%s/rules.pl query=sum(x1,x2,S)",
     "query: it has a variable, so it does not say what is to hold"},
    {&gedi_dataset_mnist_tuples, "rules=%s/rules.pl query=same(x1,x2)",
     "nn(bit) has 2 values, but there are 10 classes"},
#endif
};

START_TEST(what_cannot_be_is_refused)
{
    const refusal *r = &refused[_i];
    opened o;
    gedi_err err = {0};
    char options[200], message[200];
    snprintf(options, sizeof options, r->options, folder);
    snprintf(message, sizeof message, r->message, folder);
    ck_assert_int_ne(open_data(&o, r->d, 0, options, &err), GEDI_OK);
    ck_assert_msg(strstr(err.msg, message) != NULL, "'%s' is not '%s'", err.msg, message);
    component_free(&o.c);
}
END_TEST

/* ---- the evaluator ---- */

/* A trial of records of three parts: p(y|x) has its whole weight on `cluster`. */
static float one_hot[600 * 10];

static gedi_trial trial_of(const int32_t *label, const int32_t *cluster, int64_t n)
{
    memset(one_hot, 0, sizeof one_hot);
    for (int64_t i = 0; i < n; i++)
        one_hot[i * 10 + cluster[i]] = 1;
    return (gedi_trial){.n = {n, n},
                        .k = 10,
                        .p = {one_hot, one_hot},
                        .label = {label, label},
                        .classes = 10,
                        .metrics = gedi_evaluator_symbols.metrics};
}

static gedi_status evaluate(gedi_trial *t, const char *query, gedi_err *err)
{
    char file[64];
    component c = component_new(&gedi_evaluator_symbols, "");
    gedi_open from = {.directory = "."};
    snprintf(file, sizeof file, "%s/rules.pl", folder);
    if (*query) {
        component_set(&c, (const gedi_plugin *)&gedi_evaluator_symbols, "rules", file);
        component_set(&c, (const gedi_plugin *)&gedi_evaluator_symbols, "query", query);
    }
    gedi_status s = gedi_evaluator_symbols.open(c.self, &from, err);
    if (s == GEDI_OK) {
        s = gedi_evaluator_symbols.ready(c.self, t, err);
        if (s == GEDI_OK)
            s = gedi_evaluator_symbols.evaluate(c.self, t, err);
        gedi_evaluator_symbols.close(c.self);
    }
    component_free(&c);
    return s;
}

/* Every sum of two digits whose sum is one: 55 records of three parts. */
static int64_t all_sums(int32_t *label)
{
    int64_t n = 0;
    for (int a = 0; a < 10; a++)
        for (int b = 0; a + b < 10; b++) {
            label[n++] = a;
            label[n++] = b;
            label[n++] = a + b;
        }
    return n;
}

START_TEST(accuracy_matches_nothing)
{
    int32_t label[165], cluster[165];
    gedi_err err = {0};
    int64_t n = all_sums(label), right = 0;
    for (int64_t i = 0; i < n; i++) {
        cluster[i] = label[i] == 3 ? 4 : label[i] == 4 ? 3 : label[i];
        right += cluster[i] == label[i];
    }
    label[0] = -1; /* was a 0 */
    gedi_trial t = trial_of(label, cluster, n);
    ck_assert_msg(evaluate(&t, "", &err) == GEDI_OK, "%s", err.msg);
    ck_assert_double_eq(trial_value(&t, "accuracy", "share of 164 labelled parts"),
                        (double)(right - 1) / 164);
    ck_assert_int_eq(t.values, 1);
    one_hot[5] = NAN;
    t.values = 0;
    ck_assert_int_eq(evaluate(&t, "", &err), GEDI_NUMERIC);
}
END_TEST

#ifdef HAVE_RULES

/* f(a) + f(b) = f(a + b) leaves the identity, and 0 for all. */
START_TEST(addition_pins_digits_down)
{
    int32_t label[168], cluster[168];
    gedi_err err = {0};
    int64_t n = all_sums(label), wrong = 0;
    memcpy(cluster, label, sizeof label);
    for (int64_t i = 0; i < n; i += 15) { /* every fifth record is wrong */
        cluster[i] = (cluster[i] + 1) % 10;
        wrong++;
    }
    memcpy(label + n, (const int32_t[]){1, 1, 1}, 3 * sizeof *label); /* no answer */
    memcpy(cluster + n, (const int32_t[]){1, 1, 2}, 3 * sizeof *label);
    gedi_trial t = trial_of(label, cluster, n + 3);
    ck_assert_msg(evaluate(&t, "addition(x1, x2, x3)", &err) == GEDI_OK, "%s", err.msg);
    ck_assert_double_eq_tol(trial_value(&t, "holds", "the test records"),
                            1 - (double)wrong / 55, 1e-12);
    ck_assert_double_eq(trial_value(&t, "relabellings", "all training records"), 1);
    ck_assert_double_eq(trial_value(&t, "maps", "all training records"), 2);
}
END_TEST

/* Of records with a 0 and 1 to 4 alone, 5 to 9 may be anything: 5! ways, and 10^5 maps of which some
 * collapse all. With an answer, all zero is no way out. */
START_TEST(what_is_never_seen_is_open)
{
    int32_t label[3 * 15];
    int64_t n = 0;
    gedi_err err = {0};
    for (int a = 0; a < 5; a++)
        for (int b = 0; a + b < 5; b++)
            memcpy(label + n++ * 3, (const int32_t[]){a, b, a + b}, 3 * sizeof *label);
    gedi_trial t = trial_of(label, label, 3 * n);
    ck_assert_msg(evaluate(&t, "sum(x1, x2, S)", &err) == GEDI_OK, "%s", err.msg);
    ck_assert_double_eq(trial_value(&t, "holds", "the test records"), 1);
    ck_assert_double_eq(trial_value(&t, "relabellings", "all training records"), 120);
    ck_assert_double_eq(trial_value(&t, "maps", "all training records"), 1e5);
}
END_TEST

/* Labels that break a rule are told of before training; records that are judged are counted. */
START_TEST(labels_are_held_against_the_rule)
{
    int32_t label[168];
    gedi_err err = {0};
    int64_t n = all_sums(label);
    gedi_trial t = trial_of(label, label, n);
    ck_assert_msg(evaluate(&t, "addition(x1, x2, x3)", &err) == GEDI_OK, "%s", err.msg);
    ck_assert_str_eq(t.warned, "");
    ck_assert_double_eq(trial_value(&t, "judged", "labels have an answer"), 55);
    memcpy(label + n, (const int32_t[]){1, 1, 1}, 3 * sizeof *label);
    t = trial_of(label, label, n + 3);
    ck_assert_msg(evaluate(&t, "addition(x1, x2, x3)", &err) == GEDI_OK, "%s", err.msg);
    ck_assert_str_eq(t.warned,
                     "addition(x1,x2,x3) does not hold by the labels of 1 of 56 training "
                     "records");
    ck_assert_double_eq(trial_value(&t, "judged", "labels have an answer"), 55);
    int32_t cluster[168];
    memcpy(cluster, label, sizeof cluster);
    label[0] = -1; /* no label says nothing */
    t = trial_of(label, cluster, n);
    ck_assert_msg(evaluate(&t, "addition(x1, x2, x3)", &err) == GEDI_OK, "%s", err.msg);
    ck_assert_str_eq(t.warned, "");
    ck_assert_double_eq(trial_value(&t, "judged", "labels have an answer"), 54);
}
END_TEST

START_TEST(rules_must_fit_the_data)
{
    static const struct {
        const char *query, *message;
        int64_t parts;
    } cases[] = {
        {"addition(x1, x2, x4)", "query: it speaks of x4, but a record has 3 parts", 3},
        {"same(x1, x2)",
         "rules: a network there tells 2 values apart, but there are 10 classes", 3},
        {"addition(x1, x2, y)", "nn(digit) is asked about y: the query names the parts",
         3},
    };
    int32_t label[3] = {0, 0, 0};
    gedi_err err = {0};
    gedi_trial t = trial_of(label, label, 3);
    ck_assert_int_ne(evaluate(&t, cases[_i].query, &err), GEDI_OK);
    ck_assert_msg(strstr(err.msg, cases[_i].message) != NULL, "'%s'", err.msg);
}
END_TEST

#endif

int main(void)
{
    Suite *s = suite_create("symbols");
    TCase *c = tcase_create("symbols");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, additions_add_up);
    tcase_add_test(c, a_seed_says_which);
    tcase_add_test(c, tuples_of_any_digits);
    tcase_add_loop_test(c, what_cannot_be_is_refused, 0,
                        (int)(sizeof refused / sizeof *refused));
    tcase_add_test(c, accuracy_matches_nothing);
#ifdef HAVE_RULES
    tcase_add_test(c, tuples_by_rules);
    tcase_add_test(c, addition_pins_digits_down);
    tcase_add_test(c, what_is_never_seen_is_open);
    tcase_add_test(c, labels_are_held_against_the_rule);
    tcase_add_loop_test(c, rules_must_fit_the_data, 0, 3);
#endif
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
