/* test_conformance.c - every plugin that the registry finds: its description and options,
 * and what the contract of its kind in gedi/plugin.h promises. A new plugin is tested by
 * being there. Models and objectives as graphs are in test_conformance_graph.c.
 */
#include "core/train/trainer.h"
#include "core/evaluate/trial.h"
#include "tests/conformance.h"
#include "tests/experiment.h"
#include "tests/network.h"
#include "tests/testing.h"

#include <ctype.h>
#include <math.h>

enum { TEXT = 4096 };

static gedi_err err;

static void *memory(size_t n)
{
    void *p = calloc(n + 1, 1);
    ck_assert_ptr_nonnull(p);
    return p;
}

static bool all_finite(const float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

/* ---- what it says of itself ---- */

static void ck_line(const gedi_plugin *p, const char *what, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    ck_assert_msg(n > 0, "%s: %s is empty", p->name, what);
    ck_assert_msg(!strchr(text, '\n') && n <= 240,
                  "%s: %s is not one line of at most 240", p->name, what);
    ck_assert_msg(!isspace((unsigned char)text[0]) &&
                      !isspace((unsigned char)text[n - 1]),
                  "%s: %s begins or ends with a space", p->name, what);
}

static size_t field_size(const gedi_option *o)
{
    static const size_t size[] = {
        [GEDI_TYPE_REAL] = sizeof(double),
        [GEDI_TYPE_INT] = sizeof(int64_t),
        [GEDI_TYPE_BOOL] = sizeof(bool),
        [GEDI_TYPE_TEXT] = sizeof(char *),
        [GEDI_TYPE_ENUM] = sizeof(int64_t),
        [GEDI_TYPE_INTS] = sizeof(gedi_ints),
        [GEDI_TYPE_REALS] = sizeof(gedi_reals),
        [GEDI_TYPE_COMPONENTS] = sizeof(gedi_components),
        [GEDI_TYPE_SCHEDULE] = sizeof(gedi_schedule),
    };
    ck_assert_int_le(o->type, GEDI_TYPE_SCHEDULE);
    return size[o->type];
}

static bool in_range(const gedi_option *o, double x)
{
    return x >= o->min && x <= o->max;
}

static void ck_default(const gedi_plugin *p, const gedi_option *o, const void *self)
{
    const char *at = (const char *)self + o->offset;
    double x = NAN;
    if (o->type == GEDI_TYPE_REAL)
        x = *(const double *)at;
    else if (o->type == GEDI_TYPE_INT)
        x = (double)*(const int64_t *)at;
    ck_assert_msg((o->type != GEDI_TYPE_REAL && o->type != GEDI_TYPE_INT) ||
                      in_range(o, x),
                  "%s: the default of %s, %g, is not in its range", p->name, o->key, x);
    const gedi_ints *ints = (const gedi_ints *)at;
    const gedi_reals *reals = (const gedi_reals *)at;
    for (int64_t i = 0; o->type == GEDI_TYPE_INTS && i < ints->n; i++)
        ck_assert_msg(in_range(o, (double)ints->v[i]), "%s: %s", p->name, o->key);
    for (int64_t i = 0; o->type == GEDI_TYPE_REALS && i < reals->n; i++)
        ck_assert_msg(in_range(o, reals->v[i]), "%s: %s", p->name, o->key);
    if (o->type == GEDI_TYPE_TEXT)
        ck_assert_ptr_nonnull(*(const char *const *)at);
}

/* Two options of one field would overwrite each other. */
static void ck_apart(const gedi_plugin *p, const gedi_option *o)
{
    for (const gedi_option *q = p->options; q != o; q++) {
        bool apart = q->offset + field_size(q) <= o->offset ||
                     o->offset + field_size(o) <= q->offset;
        ck_assert_msg(apart, "%s: options %s and %s share memory", p->name, q->key,
                      o->key);
        ck_assert_msg(strcmp(q->key, o->key), "%s: %s is there twice", p->name, o->key);
    }
}

static void describe(gedi_kind kind, int i)
{
    const gedi_plugin *p = conformance_plugin(kind, i);
    ck_assert_str_eq(p->name, conformance_name(kind, i));
    ck_line(p, "brief", p->brief);
    ck_assert_ptr_nonnull(p->cite);
    if (*p->cite)
        ck_line(p, "cite", p->cite);
    component c = component_new(p, "");
    for (const gedi_option *o = p->options; o && o->key; o++) {
        ck_line(p, o->key, o->help);
        ck_assert_msg(o->min <= o->max, "%s: the range of %s is empty", p->name, o->key);
        ck_assert_msg(o->offset + field_size(o) <= p->self_size, "%s: %s lies outside",
                      p->name, o->key);
        ck_apart(p, o);
        ck_default(p, o, c.self);
    }
    /* What must be given, such as a path, may be missing from the defaults. */
    if (p->check && p->check(c.self, &err) != GEDI_OK)
        ck_line(p, "the message of check", err.msg);
    component_free(&c);
}

#define DESCRIBE(kind, KIND)                                                             \
    START_TEST(describe_##kind)                                                          \
    {                                                                                    \
        describe(GEDI_KIND_##KIND, _i);                                                  \
    }                                                                                    \
    END_TEST
DESCRIBE(dataset, DATASET)
DESCRIBE(view, VIEW)
DESCRIBE(model, MODEL)
DESCRIBE(objective, OBJECTIVE)
DESCRIBE(sampler, SAMPLER)
DESCRIBE(optimizer, OPTIMIZER)
DESCRIBE(evaluator, EVALUATOR)

START_TEST(every_kind_has_one)
{
    ck_assert_msg(conformance_count((gedi_kind)_i) > 0,
                  "no %s was found: is GEDI_PLUGIN_PATH the folder of the build?",
                  gedi__kind_name((gedi_kind)_i));
}
END_TEST

/* ---- datasets ---- */

/* All records of a split, and their labels behind them. */
static float *read_split(const gedi_dataset *d, const component *c,
                         const gedi_data_info *info, gedi_split split, size_t *bytes)
{
    int64_t n = info->count[split], record = gedi_shape_size(info->record);
    *bytes = (size_t)(n * (record + 1)) * sizeof(float);
    float *x = memory(*bytes);
    int32_t *label = (int32_t *)(x + n * record);
    for (int64_t i = 0; i < n; i++) {
        label[i] = -2;
        gedi_status s = d->read(c->self, split, i, x + i * record, &label[i], &err);
        ck_assert_msg(s == GEDI_OK, "%s: record %d: %s", d->name, (int)i, err.msg);
        bool legal = info->labelled[split] ? label[i] >= 0 && label[i] < info->classes
                                           : label[i] == -1;
        ck_assert_msg(legal, "%s: record %d has label %d of %d classes", d->name, (int)i,
                      (int)label[i], (int)info->classes);
    }
    ck_assert_msg(all_finite(x, n * record), "%s: a number is not finite", d->name);
    return x;
}

static gedi_data_info open_dataset(const gedi_dataset *d, component *c)
{
    gedi_open how = {.seed = 5, .directory = "."};
    gedi_data_info info = {0};
    *c = component_new(d, "");
    ck_assert_msg(d->open(c->self, &how, &info, &err) == GEDI_OK, "%s: %s", d->name,
                  err.msg);
    ck_assert_msg(info.record.rank >= 1 && info.record.rank <= GEDI_MAX_RECORD_RANK &&
                      gedi_shape_size(info.record) > 0,
                  "%s: records of %d dimensions", d->name, info.record.rank);
    ck_assert_msg(info.count[GEDI_TRAIN] > 0, "%s: nothing to train on", d->name);
    ck_assert(info.count[GEDI_TEST] >= 0 && info.classes >= 0);
    return info;
}

/* With the path of nothing: an error that names it, and no memory kept. */
static void ck_missing_files(const gedi_dataset *d)
{
    gedi_open how = {.seed = 5, .directory = "."};
    gedi_data_info info = {0};
    component c = component_new(d, "path=no/such/place");
    gedi_status s = d->open(c.self, &how, &info, &err);
    ck_assert_msg(s == GEDI_IO || s == GEDI_DATA || s == GEDI_OPTION,
                  "%s: status %d without its files", d->name, s);
    ck_assert_msg(strstr(err.msg, "no/such/place") != NULL,
                  "%s: the path is not named: %s", d->name, err.msg);
    component_free(&c);
}

START_TEST(dataset)
{
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_DATASET, _i);
    const gedi_dataset *d = (const gedi_dataset *)p;
    component one, two;
    size_t bytes, bytes2;
    if (gedi__option_find(p->options, "path")) {
        ck_missing_files(d);
        return;
    }
    gedi_data_info info = open_dataset(d, &one), info2 = open_dataset(d, &two);
    ck_assert_mem_eq(&info, &info2, sizeof info);
    for (int s = 0; s < GEDI_SPLITS; s++) {
        float *x = read_split(d, &one, &info, (gedi_split)s, &bytes);
        float *y = read_split(d, &two, &info, (gedi_split)s, &bytes2);
        ck_assert_msg(bytes == bytes2 && !memcmp(x, y, bytes),
                      "%s: the same seed gives other bytes", d->name);
        conformance_density(d, one.self, x, info.count[s]);
        free(x);
        free(y);
    }
    d->close(one.self);
    d->close(two.self);
    component_free(&one);
    component_free(&two);
}
END_TEST

/* ---- views ---- */

static const gedi_shape records[] = {
    {.rank = 1, .dim = {2}},
    {.rank = 3, .dim = {8, 8, 1}},
    {.rank = 3, .dim = {8, 8, 3}},
    {.rank = 3, .dim = {32, 32, 3}},
};
enum { RECORDS = sizeof records / sizeof records[0], POSITIONS = 50 };

/* The record at one position of the generator; scratch holds what it may. */
static void apply(const gedi_view *w, const component *c, gedi_shape record, int position,
                  float garbage, float *x)
{
    int64_t n = gedi_shape_size(record);
    float *scratch = memory((size_t)n * sizeof *scratch);
    for (int64_t i = 0; i < n; i++)
        scratch[i] = garbage;
    testing_uniform(x, n, 9, -1, 1);
    gedi_rng r = gedi_rng_at(5, GEDI_STREAM_VIEW, 1, (uint32_t)position);
    w->apply(c->self, record, x, scratch, &r);
    ck_assert_msg(all_finite(x, n), "%s: a number is not finite", w->name);
    free(scratch);
}

static void ck_view(const gedi_view *w, const component *c, gedi_shape record)
{
    size_t bytes = (size_t)gedi_shape_size(record) * sizeof(float);
    float *x = memory(bytes), *y = memory(bytes);
    for (int i = 0; i < POSITIONS; i++) {
        apply(w, c, record, i, 1e30f, x);
        apply(w, c, record, i, NAN, y);
        ck_assert_msg(!memcmp(x, y, bytes),
                      "%s: other bytes at the same position, or of what scratch held",
                      w->name);
    }
    free(x);
    free(y);
}

/* Many records at once get the bytes that they get one by one. */
static void ck_view_each(const gedi_view *w, const component *c, gedi_shape record)
{
    size_t n = (size_t)gedi_shape_size(record), bytes = n * sizeof(float);
    float *x = memory(POSITIONS * bytes), *y = memory(bytes);
    float *scratch = memory(POSITIONS * bytes);
    if (w->apply_each) {
        gedi_rng first = gedi_rng_at(5, GEDI_STREAM_VIEW, 1, 0);
        for (int i = 0; i < POSITIONS; i++)
            testing_uniform(x + (size_t)i * n, (int64_t)n, 9, -1, 1);
        w->apply_each(c->self, record, POSITIONS, x, scratch, &first);
        for (int i = 0; i < POSITIONS; i++) {
            apply(w, c, record, i, NAN, y);
            ck_assert_msg(!memcmp(x + (size_t)i * n, y, bytes),
                          "%s: other bytes for record %d of many", w->name, i);
        }
    }
    free(x);
    free(y);
    free(scratch);
}

START_TEST(view)
{
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_VIEW, _i);
    const gedi_view *w = (const gedi_view *)p;
    char choice[TEXT];
    for (int v = 0; conformance_choice(p, v, choice, sizeof choice); v++) {
        component c = component_new(p, choice);
        int served = 0;
        for (int i = 0; i < RECORDS && conformance_accepts(p, &c); i++) {
            gedi_status s = w->accepts ? w->accepts(c.self, records[i], &err) : GEDI_OK;
            ck_assert_msg(s == GEDI_OK || (s == GEDI_SHAPE && *err.msg),
                          "%s: accepts gives status %d", p->name, s);
            if (s == GEDI_OK) {
                ck_view(w, &c, records[i]);
                ck_view_each(w, &c, records[i]);
                served++;
            }
        }
        ck_assert_msg(served || v, "view %s serves no shape that was tried", p->name);
        component_free(&c);
    }
}
END_TEST

/* ---- samplers ---- */

enum { CHAINS = 6, WIDE = 3 };

/* One transition in the energy |x|^2 / 2. */
static void transition(const gedi_sampler *s, const component *c, uint64_t tick,
                       float *out)
{
    network n;
    network_init(&n, false);
    gedi_node *x = network_input(&n, GEDI_DIMS(CHAINS, WIDE));
    gedi_node *energy = gedi_scale(gedi_sum(gedi_square(x), 2), 0.5);
    gedi_node *next = s->step(c->self, &n.build, x, energy);
    network_is_legal(&n);
    ck_assert_msg(next && gedi_shape_equal(gedi_node_shape(next), gedi_node_shape(x)),
                  "%s: the next state has another shape", s->name);
    network_compile(&n, &next, 1);
    network_numbers(out, CHAINS * WIDE, 3, 1);
    network_set(&n, x, out);
    gedi__program_seed(n.program, 5, GEDI_STREAM_SAMPLER, tick);
    gedi__program_run(n.program);
    memcpy(out, gedi__program_output(n.program, 0), CHAINS * WIDE * sizeof *out);
    ck_assert_msg(all_finite(out, CHAINS * WIDE), "%s: a number is not finite", s->name);
    network_clear(&n);
}

static void ck_chain(const gedi_sampler *s, const component *c)
{
    gedi_chain k = {.steps = -1};
    s->chain(c->self, &k);
    ck_assert_msg(k.steps >= 1 && k.buffer >= 0, "%s: %d steps, buffer of %d", s->name,
                  (int)k.steps, (int)k.buffer);
    ck_assert_msg(k.reinit >= 0 && k.reinit <= 1, "%s: reinit %g", s->name, k.reinit);
    ck_assert_msg(k.box ? k.scale > 0 : k.low < k.high, "%s: chains start nowhere",
                  s->name);
}

START_TEST(sampler)
{
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_SAMPLER, _i);
    const gedi_sampler *s = (const gedi_sampler *)p;
    float one[CHAINS * WIDE], two[CHAINS * WIDE];
    char choice[TEXT];
    for (int v = 0; conformance_choice(p, v, choice, sizeof choice); v++) {
        component c = component_new(p, choice);
        if (conformance_accepts(p, &c)) {
            ck_chain(s, &c);
            transition(s, &c, 7, one);
            transition(s, &c, 7, two);
            ck_assert_msg(!memcmp(one, two, sizeof one),
                          "%s: other bytes for the same seed and tick", p->name);
            transition(s, &c, 8, two);
            ck_assert_msg(memcmp(one, two, sizeof one), "%s: every tick is the same",
                          p->name);
        }
        component_free(&c);
    }
}
END_TEST

/* ---- optimizers ---- */

enum { WEIGHT = 12, BIAS = 4, P = WEIGHT + BIAS, STEPS = 200 };

/* The cost sum_i a_i (w_i - 1)^2 / 2 with a in [1/4, 2], and its gradient. */
static double quadratic(const float *w, float *g)
{
    double cost = 0;
    for (int i = 0; i < P; i++) {
        double a = 0.25 + 1.75 * i / (P - 1), d = (double)w[i] - 1.0;
        g[i] = (float)(a * d);
        cost += 0.5 * a * d * d;
    }
    return cost;
}

static double optimize(const gedi_optimizer *o, const component *c, float *w)
{
    static const gedi_segment segment[] = {
        {"model.layer0.weight", {.rank = 2, .dim = {3, 4}}, 0, WEIGHT},
        {"model.layer0.bias", {.rank = 1, .dim = {4}}, WEIGHT, BIAS},
    };
    float g[P], *slot[GEDI_MAX_SLOTS] = {0};
    int slots = o->slots(c->self);
    ck_assert_msg(slots >= 0 && slots <= GEDI_MAX_SLOTS, "%s: %d slots", o->name, slots);
    for (int i = 0; i < slots; i++)
        slot[i] = memory(P * sizeof(float));
    network_numbers(w, P, 1, 1);
    w[2] = 1.0f; /* a gradient of exactly 0 */
    double first = quadratic(w, g), last = first;
    for (int k = 1; k <= STEPS; k++) {
        gedi_update u = {.step = k, .size = P, .w = w, .g = g, .slot = slot};
        u.segment = segment;
        u.segments = 2;
        o->step(c->self, &u);
        ck_assert_msg(all_finite(w, P), "%s: step %d is not finite", o->name, k);
        last = quadratic(w, g);
    }
    for (int i = 0; i < slots; i++)
        free(slot[i]);
    ck_assert_msg(last < first, "%s: the cost goes from %g to %g", o->name, first, last);
    return last;
}

START_TEST(optimizer)
{
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_OPTIMIZER, _i);
    char choice[TEXT];
    for (int v = 0; conformance_choice(p, v, choice, sizeof choice); v++) {
        component c = component_new(p, choice);
        float one[P], two[P];
        if (conformance_accepts(p, &c)) {
            optimize((const gedi_optimizer *)p, &c, one);
            optimize((const gedi_optimizer *)p, &c, two);
            ck_assert_msg(!memcmp(one, two, sizeof one), "%s: other bytes", p->name);
        }
        component_free(&c);
    }
}
END_TEST

/* ---- in a run ---- */

static gedi__trainer *trainer_of(gedi__experiment *e, const char *what)
{
    gedi__trainer *t = NULL;
    ck_assert_msg(gedi__trainer_new(e, e->stage, &t, &err) == GEDI_OK, "%s: %s", what,
                  err.msg);
    for (int i = 0; i < 3; i++)
        ck_assert_msg(gedi__trainer_step(t, &err) == GEDI_OK, "%s: %s", what, err.msg);
    return t;
}

/* Three steps, twice: the same weights, state and samples. */
static void ck_same_run(setting s, const char *what)
{
    s.train = "{iterations: 3, batch: 10}";
    gedi__experiment *e = experiment_new(s), *e2 = experiment_new(s);
    gedi__trainer *t = trainer_of(e, what), *t2 = trainer_of(e2, what);
    const gedi__params *p = &t->net.params, *p2 = &t2->net.params;
    ck_assert_int_eq(p->trained, p2->trained);
    ck_assert_int_eq(p->kept, p2->kept);
    bool same =
        !memcmp(p->w, p2->w, (size_t)p->trained * sizeof *p->w) &&
        !memcmp(p->state, p2->state, (size_t)p->kept * sizeof *p->state) &&
        (!t->samples || !memcmp(t->samples, t2->samples,
                                (size_t)(10 * t->data.record) * sizeof *t->samples));
    ck_assert_msg(same, "%s: two runs with the same seed differ", what);
    gedi__trainer_free(t);
    gedi__trainer_free(t2);
    gedi__experiment_free(e);
    gedi__experiment_free(e2);
}

/* `NAME: {}` in the descriptor, in braces or in a list. */
static const char *alone(gedi_kind kind, int i, const char *format)
{
    static char text[4 * TEXT];
    const gedi_plugin *p = conformance_plugin(kind, i);
    snprintf(text, sizeof text, format, p->name);
    return text;
}

START_TEST(trains_dataset)
{
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_DATASET, _i);
    if (!gedi__option_find(p->options, "path"))
        ck_same_run((setting){.dataset = alone(GEDI_KIND_DATASET, _i, "{%s: {}}")},
                    p->name);
}
END_TEST

START_TEST(trains_view)
{
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_VIEW, _i);
    const gedi_view *w = (const gedi_view *)p;
    component c = component_new(p, "");
    if (!w->accepts || w->accepts(c.self, records[0], &err) == GEDI_OK)
        ck_same_run((setting){.views = alone(GEDI_KIND_VIEW, _i, "[[], [%s: {}]]")},
                    p->name);
    component_free(&c);
}
END_TEST

START_TEST(trains_objective)
{
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_OBJECTIVE, _i);
    bool clusters = gedi__option_find(p->options, "clusters"); /* the projector gives 2 */
    bool can;
    char form[3 * TEXT];
    snprintf(form, sizeof form, "{%%s: {%s%s}}",
             conformance_rules(p, 2, "rules: %s, query: \"%s\", ", &can),
             clusters ? "clusters: 2" : "");
    if (!can)
        return;
    const char *text = alone(GEDI_KIND_OBJECTIVE, _i, form);
    ck_same_run((setting){.objective = conformance_objective(p, text)}, text);
}
END_TEST

START_TEST(trains_sampler)
{
    const char *text = alone(GEDI_KIND_SAMPLER, _i, "{%s: {}}");
    ck_same_run((setting){.sampler = text}, text);
}
END_TEST

START_TEST(trains_optimizer)
{
    const char *text = alone(GEDI_KIND_OPTIMIZER, _i, "{%s: {}}");
    ck_same_run((setting){.optimizer = text}, text);
}
END_TEST

#define WITH_PROBE "[gedi: {prototypes: free}, online_probe: {}]"

/* Options of an evaluator that has no figures without them, or takes long. */
static const char *needed(const char *evaluator)
{
    return !strcmp(evaluator, "ood")             ? "against: [circles]"
           : !strcmp(evaluator, "density")       ? "low: -3, high: 3, cells: 150"
           : strstr("fid two_sample", evaluator) ? "samples: 100, steps: 5"
                                                 : "";
}

/* At least one value, finite, with a name and its definition; the same again. */
START_TEST(evaluator)
{
    char text[TEXT];
    const gedi_plugin *p = conformance_plugin(GEDI_KIND_EVALUATOR, _i);
    snprintf(text, sizeof text, "[%s: {%s}]", p->name, needed(p->name));
    for (const gedi_metric *m = ((const gedi_evaluator *)p)->metrics; m->name; m++)
        ck_assert_msg(*m->definition && m->unit && !strstr(m->definition, "better"),
                      "%s: %s", p->name, m->name);
    double value[256];
    int n = 0, n2 = 0;
    gedi__experiment *e = experiment_new(
        (setting){.evaluate = text,
                  .objective = strcmp(p->name, "online_probe") ? NULL : WITH_PROBE});
    gedi__trainer *t = trainer_of(e, text);
    for (int run = 0; run < 2; run++) {
        gedi_trial *trial = NULL;
        ck_assert_msg(gedi__trial_of(t, &trial, &err) == GEDI_OK, "%s", err.msg);
        ck_assert_msg(gedi__trial_ask(trial, 0, &err) == GEDI_OK, "%s", err.msg);
        const gedi__finding *f = gedi__trial_findings(trial)->value;
        *(run ? &n2 : &n) = gedi__trial_findings(trial)->values;
        ck_assert_msg(n > 0 && n <= 256, "%s: %d values", text, n);
        for (int i = 0; i < n; i++) {
            ck_assert_msg(*f[i].name && *f[i].definition && isfinite(f[i].value),
                          "%s: value %d, '%s', is %g", text, i, f[i].name, f[i].value);
            ck_assert_msg(!run || f[i].value == value[i], "%s: %s differs", text,
                          f[i].name);
            value[i] = f[i].value;
        }
        gedi__trial_free(trial);
    }
    ck_assert_int_eq(n, n2);
    gedi__trainer_free(t);
    gedi__experiment_free(e);
}
END_TEST

int main(void)
{
    int n[GEDI_KINDS];
    conformance_open();
    for (int k = 0; k < GEDI_KINDS; k++)
        n[k] = conformance_count((gedi_kind)k);
    Suite *s = suite_create("conformance");
    TCase *c = tcase_create("conformance");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_add_loop_test(c, every_kind_has_one, 0, GEDI_KINDS);
    tcase_add_loop_test(c, describe_dataset, 0, n[GEDI_KIND_DATASET]);
    tcase_add_loop_test(c, describe_view, 0, n[GEDI_KIND_VIEW]);
    tcase_add_loop_test(c, describe_model, 0, n[GEDI_KIND_MODEL]);
    tcase_add_loop_test(c, describe_objective, 0, n[GEDI_KIND_OBJECTIVE]);
    tcase_add_loop_test(c, describe_sampler, 0, n[GEDI_KIND_SAMPLER]);
    tcase_add_loop_test(c, describe_optimizer, 0, n[GEDI_KIND_OPTIMIZER]);
    tcase_add_loop_test(c, describe_evaluator, 0, n[GEDI_KIND_EVALUATOR]);
    tcase_add_loop_test(c, dataset, 0, n[GEDI_KIND_DATASET]);
    tcase_add_loop_test(c, view, 0, n[GEDI_KIND_VIEW]);
    tcase_add_loop_test(c, sampler, 0, n[GEDI_KIND_SAMPLER]);
    tcase_add_loop_test(c, optimizer, 0, n[GEDI_KIND_OPTIMIZER]);
    tcase_add_loop_test(c, trains_dataset, 0, n[GEDI_KIND_DATASET]);
    tcase_add_loop_test(c, trains_view, 0, n[GEDI_KIND_VIEW]);
    tcase_add_loop_test(c, trains_objective, 0, n[GEDI_KIND_OBJECTIVE]);
    tcase_add_loop_test(c, trains_sampler, 0, n[GEDI_KIND_SAMPLER]);
    tcase_add_loop_test(c, trains_optimizer, 0, n[GEDI_KIND_OPTIMIZER]);
    tcase_add_loop_test(c, evaluator, 0, n[GEDI_KIND_EVALUATOR]);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    gedi__registry_free(conformance_registry);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
