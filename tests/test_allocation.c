/* test_allocation.c - training allocates nothing, whatever the method and the threads. */
#include "core/exec/blas.h"
#include "core/store/metrics.h"
#include "core/train/trainer.h"
#include "tests/allocations.h"
#include "tests/experiment.h"

/* A small GEDI on images: dataset, views, sampler and convolutions of every kind. */
#define IMAGES                                                                           \
    .dataset = "{cifar10: {path: ., mean: 0.48, std: 0.25}}",                            \
    .views = "[[random_crop: {}, horizontal_flip: {}, gaussian_noise: {std: 0.03}], "    \
             "[color_jitter: {}, gray_scale: {}, gaussian_noise: {std: 0.03}]]",         \
    .model = "{resnet8: {width: 32}}",                                                   \
    .sampler = "{sgld: {steps: 2, step_size: 0.01, buffer: 60}}",                        \
    .train = "{iterations: 1000, batch: 2}"

/* Labels, numbers of records, the iteration, and a table that every epoch fills. */
static void table_loss(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    gedi_init zero = {.kind = GEDI_INIT_CONSTANT};
    gedi_node *row = gedi_gather(gedi_table(b, "rows", 2, zero), v->index);
    gedi_node *target = gedi_add(row, gedi_one_hot(v->label, 2));
    (void)self;
    gedi_term(t, "table", gedi_mean_all(gedi_square(gedi_sub(v->z[0], target))), 1.0, 0);
    gedi_watch(b, "done", gedi_div(v->iteration, v->total));
}

static int64_t every_epoch(const void *self)
{
    (void)self;
    return 1;
}

static gedi_status table_pass(const void *self, gedi_pass *p, gedi_err *err)
{
    (void)self;
    return gedi_pass_read(p, 0, gedi_pass_count(p), NULL,
                          gedi_pass_state(p, "rows", NULL), err);
}

static const gedi_objective table = {
    .name = "table", .loss = table_loss, .pass = table_pass, .pass_every = every_epoch};

static const struct {
    int steps; /* that are watched */
    setting s;
} settings[] = {
    {100, {0}},
    {100, {.threads = "2"}},
    {100,
     {.model = "{mlp: {hidden: [16], output: 4, batch_norm: true}}", .threads = "2"}},
    {100,
     {.objective = "{gedi_no_gen: {prototypes: free}}",
      .optimizer = "{sgd: {lr: 0.001}}"}},
    {100, {.objective = "{wmse: {eps: 0.1}}", .threads = "2"}}, /* LAPACK, triangles */
    {100,
     {.objective = "{gedi: {prototypes: free, inv: {linear: {from: 0, to: 50}}, "
                   "temperature: {cosine: {from: 1, to: 0.5, unit: epochs, over: 2}}}}",
      .sampler = "{sgld: {steps: 2, noise: {steps: {0: 0.1, 9: 0.01}}, step_size: 0.01}}",
      .optimizer = "{adam: {lr: {constant: {value: 0.001, warmup: 5}}}}"}},
    {100, {.objective = "{supervised: {}}", .threads = "2"}},
    {100, {.train = "{iterations: 1000, batch: 20, average: 0.99}"}},
    {100, {.more = "freeze: [model.layer1]\n"}},
    {100,
     {.objective = "[swav: {}, {jem: {prototypes: unit}, share: swav, "
                   "weight: {linear: {from: 0, to: 1}}}]"}},
    /* Large enough for the threads to be used. */
    {10,
     {.threads = "2",
      .dataset = "{moons: {train: 700, test: 10}}",
      .model = "{mlp: {hidden: [512, 300], output: 4}}",
      .train = "{iterations: 1000, batch: 350}"}},
    {50, {IMAGES}},
    {50, {IMAGES, .threads = "2"}},
};
enum {
    SETTINGS = sizeof settings / sizeof *settings
}; /* and one with the objective above */

/* Files of CIFAR-10 with a few records each. */
static void put_images(void)
{
    enum { RECORDS = 20, BYTES = 1 + 3 * 32 * 32 };
    static const char *const names[] = {"data_batch_1.bin", "data_batch_2.bin",
                                        "data_batch_3.bin", "data_batch_4.bin",
                                        "data_batch_5.bin", "test_batch.bin"};
    static unsigned char bytes[RECORDS * BYTES];
    gedi_err err = {0};
    for (int i = 0; i < RECORDS * BYTES; i++)
        bytes[i] = (unsigned char)(i % BYTES ? i * 37 % 251 : i / BYTES % 10);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_int_eq(gedi__file_write(experiment_path(names[i]), (const char *)bytes,
                                          sizeof bytes, &err),
                         GEDI_OK);
}

/* Without assertions: those of Check allocate. */
static gedi_status steps(gedi__trainer *t, FILE *log, int n, gedi_err *err)
{
    for (int i = 0; i < n; i++) {
        GEDI_TRY(gedi__trainer_step(t, err));
        gedi__progress p = {
            .iteration = t->iteration,
            .loss = t->loss,
            .gradient_norm = t->gradient_norm,
            .term = t->terms.value,
            .terms = t->terms.n,
            .schedule = t->schedule,
            .schedules = t->schedules,
        };
        GEDI_TRY(gedi__metrics_write(log, &p, err));
    }
    return GEDI_OK;
}

START_TEST(training_allocates_nothing)
{
    put_images();
    const setting *own = _i < SETTINGS ? &settings[_i].s : NULL;
    int watched = own ? settings[_i].steps : 100;
    gedi__experiment *e = experiment_new(own ? *own : (setting){.threads = "2"});
    gedi__trainer *t;
    gedi_err err = {0};
    FILE *log;
    if (!own)
        e->stage->objective->part = (gedi__component){(const gedi_plugin *)&table, NULL};
    gedi__threads_set((int)e->threads);
    ck_assert_msg(gedi__trainer_new(e, e->stage, &t, &err) == GEDI_OK, "%s", err.msg);
    int64_t lines;
    ck_assert_int_eq(
        gedi__metrics_open(experiment_path("metrics.jsonl"), 0, &log, &lines, &err),
        GEDI_OK);
    /* The threads start, the log gets its buffer. */
    gedi_status s = steps(t, log, 2, &err);
    long n = 1, kept = 1;
    /* A library's thread may start late and sets itself up then, under AddressSanitizer with
     * memory: once. What training allocates it would allocate again in the next 100. */
    for (int attempt = 0; attempt < 2 && (n || kept) && s == GEDI_OK; attempt++) {
        allocations_begin();
        s = steps(t, log, watched, &err);
        n = allocations_end();
        kept = allocations_kept();
        if (!ALLOCATIONS_WHO)
            n = 0;
    }
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
    ck_assert_msg(n == 0, "%ld allocations", n);
    ck_assert_msg(kept == 0, "%ld blocks are kept", kept);
    fclose(log);
    gedi__trainer_free(t);
    gedi__experiment_free(e);
}
END_TEST

/* The counter does count, of all functions and threads. */
START_TEST(allocations_are_counted)
{
    void *q = NULL;
    allocations_begin();
    void *volatile p[6] = {malloc(10),  calloc(2, 10),         realloc(NULL, 10),
                           strdup("x"), aligned_alloc(64, 64), NULL};
    int failed = posix_memalign(&q, 64, 10);
    long n = allocations_end();
    p[5] = q;
    ck_assert_int_eq(failed, 0);
    ck_assert_int_eq(n, 6);
    ck_assert_int_eq(allocations_kept(), 6);
    for (int i = 0; i < 6; i++)
        free(p[i]);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("allocation");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    if (allocations_init()) {
        tcase_add_test(c, allocations_are_counted);
        tcase_add_loop_test(c, training_allocates_nothing, 0, SETTINGS + 1);
    }
    Suite *s = suite_create("allocation");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
