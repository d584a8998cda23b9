#!/bin/sh
# test_author_null.sh - what the author of a plugin leaves NULL or empty, and texts that cannot be shown, are errors that name it.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
needs_compiler

cat >objective_nil.c <<'END'
#include <gedi/gedi.h>

typedef struct nil { int64_t what; } nil;
static const gedi_option nil_options[] = {
    GEDI_INT(nil, what, 0, 0, 99, "what is NULL"),
    GEDI_END,
};
static void nil_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const gedi_init one = {.kind = GEDI_INIT_CONSTANT, .value = 1};
    gedi_graph *g = gedi_build_graph(b);
    gedi_node *z = v->z[0], *y = gedi_mean_all(gedi_square(z));
    const char *volatile text = NULL; /* compilers warn of it */
    switch (((const nil *)self)->what) {
    case 1: gedi_scope_push(b, NULL); gedi_scope_pop(b); break;
    case 2: gedi_linear(b, NULL, z, 2, true, one); break;
    case 3: gedi_batch_norm(b, NULL, z, true); break;
    case 4: gedi_param(b, NULL, GEDI_DIMS(1), one); break;
    case 5: gedi_state(b, NULL, GEDI_DIMS(1), 0); break;
    case 6: gedi_table(b, NULL, 1, one); break;
    case 7: gedi_queue(b, NULL, 8, z); break;
    case 8: gedi_term(t, NULL, y, 1, 0); break;
    case 9: gedi_watch(b, NULL, y); break;
    case 10: gedi_average(b, y, NULL); break;
    case 11: gedi_scheduled(b, NULL); break;
    case 12: gedi_term_by(t, "a", y, NULL, 0); break;
    case 13: gedi_values(g, NULL, GEDI_DIMS(2)); break;
    case 14: gedi_permute(z, NULL); break;
    case 15: gedi_head_logits(NULL, b, z); break;
    case 16: gedi_watch(NULL, "a", y); break;
    case 17: gedi_state_update(b, NULL, y); break;
    case 18: gedi_state_update(b, gedi_state(b, "s", GEDI_DIMS(1), 0), NULL); break;
    case 19: gedi_state_from(b, "s", NULL); break;
    case 20: gedi_graph_fail(g, GEDI_SHAPE, "%s", ""); break;
    case 21: gedi_graph_fail(g, GEDI_SHAPE, text); break;
    case 22: gedi_scale_by(b, y, NULL); break;
    case 23: gedi_divide_by(b, y, NULL); break;
    case 24: gedi_conv2d(b, NULL, gedi_reshape(z, GEDI_DIMS(gedi_rows(z), 1, 1, 2)), 2, 1, 1, true, one); break;
    case 25: gedi_values(g, NULL, GEDI_DIMS(-2)); break;
    }
    gedi_term(t, "size", y, 1, 0);
}
static gedi_node *nil_energy(const void *self, gedi_build *b, gedi_node *x, gedi_node *z, const gedi_batch *v)
{
    (void)self, (void)b, (void)x, (void)z, (void)v;
    return NULL;
}
static gedi_node *nil_logits(const void *self, gedi_build *b, gedi_node *z)
{
    (void)b;
    return ((const nil *)self)->what == 40 ? z : NULL;
}
static gedi_status nil_check(const void *self, gedi_err *err)
{
    return ((const nil *)self)->what == 30 ? GEDI_FAIL(err, GEDI_OPTION, "30 is odd") : GEDI_OK;
}
static gedi_status nil_open(void *self, const gedi_open *o, gedi_err *err)
{
    (void)o, (void)err;
    return ((const nil *)self)->what == 31 ? GEDI_DATA : GEDI_OK;
}
GEDI_DEFINE(objective, nil) = {
    GEDI_HEAD(objective, nil), .brief = "nil", .cite = "", .self_size = sizeof(nil),
    .options = nil_options, .loss = nil_loss, .energy = nil_energy, .logits = nil_logits, .check = nil_check, .open = nil_open,
};
END
cat >evaluator_mute.c <<'END'
#include <gedi/gedi.h>

typedef struct mute { int64_t what; } mute;
static const gedi_option mute_options[] = {
    GEDI_INT(mute, what, 0, 0, 99, "what is NULL"),
    GEDI_END,
};
static const gedi_metric mute_metrics[] = {{"half", GEDI_MORE, "", "half of it"}, GEDI_METRICS_END};
static gedi_status mute_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const char *volatile text = NULL;
    int64_t n;
    (void)gedi_record_log_odds(NULL);
    (void)gedi_trial_parameter(t, NULL, &n);
    switch (((const mute *)self)->what) {
    case 1: gedi_trial_report(t, NULL, 1, NULL); break;
    case 2: gedi_trial_histogram(t, NULL, "s", NULL, 0); break;
    case 3: gedi_trial_histogram(t, "p", "s", NULL, 5); break;
    case 4: return gedi_trial_read(t, GEDI_TEST, 0, 1, NULL, err);
    case 5: return GEDI_FAIL(err, GEDI_DATA, text);
    case 6: gedi_trial_warn(t, NULL); gedi_trial_warn(t, ""); gedi_trial_warn(t, "two\nlines"); break;
    case 7: gedi_trial_report(t, "half", 1, "two\nlines"); break;
    }
    return GEDI_OK;
}
GEDI_DEFINE(evaluator, mute) = {
    GEDI_HEAD(evaluator, mute), .brief = "mute", .cite = "", .self_size = sizeof(mute),
    .options = mute_options, .evaluate = mute_evaluate, .metrics = mute_metrics,
};
END
cat >dataset_full.c <<'END'
#include <gedi/gedi.h>
#include <string.h>

typedef struct full { int64_t records, parts; } full;
static const gedi_option full_options[] = {
    GEDI_INT(full, records, 40, 0, INT64_MAX, "records"),
    GEDI_INT(full, parts, 1, 0, INT64_MAX, "parts"),
    GEDI_END,
};
static gedi_status full_open(void *self, const gedi_open *o, gedi_data_info *info, gedi_err *err)
{
    const full *f = self;
    (void)err;
    gedi_open_text(o, NULL);
    *info = (gedi_data_info){.record = GEDI_DIMS(2), .count = {f->records, 20}, .parts = f->parts};
    return GEDI_OK;
}
static gedi_status full_read(const void *self, gedi_split split, int64_t i, float *x, int32_t *label,
                             gedi_err *err)
{
    (void)self, (void)split, (void)err;
    x[0] = (float)(i % 7);
    x[1] = (float)(i % 5);
    *label = -1;
    return GEDI_OK;
}
static void full_close(void *self)
{
    (void)self;
}
static void full_note(const void *self, char *out, size_t n)
{
    (void)self;
    memset(out, 'x', n);
    out[1] = '\n';
}
static void full_digest(const void *self, gedi_digest *s)
{
    (void)self;
    gedi_digest_file(s, NULL, 1);
}
GEDI_DEFINE(dataset, full) = {
    GEDI_HEAD(dataset, full), .brief = "full", .cite = "", .self_size = sizeof(full), .options = full_options, .open = full_open, .read = full_read,
    .close = full_close, .note = full_note, .digest = full_digest,
};
END
for plugin in objective_nil evaluator_mute dataset_full; do
    build_plugin $plugin.c $plugin.so -w
done
moons_descriptor nil.yaml seed: threads: 'views: [[]]' 'objective: {nil: {}}' \
    'train: {iterations: 2, batch: 20, log_every: 1}' 'plugins: [objective_nil.so, evaluator_mute.so, dataset_full.so]'

# ---- an objective ----

expect 0 "nothing is NULL" "$gedi" check nil.yaml
while read -r what says; do
    expect 2 "$says" "$gedi" check nil.yaml "objective.nil.what=$what"
    says out "objective nil: $says"
done <<'END'
1 gedi_scope_push: no name is given, but NULL
2 gedi_linear: no name is given, but NULL
3 gedi_batch_norm: no name is given, but NULL
4 gedi_param: no name is given, but NULL
5 gedi_state: no name is given, but NULL
6 gedi_table: no name is given, but NULL
7 gedi_queue: no name is given, but NULL
8 gedi_term: no name is given, but NULL
9 gedi_watch: no name is given, but NULL
10 gedi_average: no decay is given, but NULL
11 gedi_scheduled: no schedule is given, but NULL
12 gedi_term_by: no schedule is given, but NULL
13 gedi_values: no array is given, but NULL
14 gedi_permute: no order of axes is given, but NULL
15 gedi_head_logits: no head is given, but NULL
16 gedi_watch: no build is given, but NULL
17 gedi_state_update: no state is given, but NULL
18 gedi_state_update: no value is given, but NULL
19 gedi_state_from: no node to begin as is given, but NULL
20 shapes do not fit
21 shapes do not fit
22 gedi_scale_by: no schedule is given, but NULL
23 gedi_divide_by: no schedule is given, but NULL
24 gedi_conv2d: no name is given, but NULL
25 gedi_values: dimension 0 of [-2] is negative
30 30 is odd
END
expect 1 "an error without a word" "$gedi" check nil.yaml objective.nil.what=31
says out "objective nil: a data file is not what it should be"

expect 2 "an energy that is NULL" "$gedi" check nil.yaml 'evaluate=[two_sample: {samples: 8}]'
says out "objective nil has no energy, as its .energy gives NULL"

expect 2 "a figure that needs it" "$gedi" check nil.yaml 'figures=[density]'
says out "figures: density needs an energy, but objective nil has none, as its .energy gives NULL: leave it out"
expect 0 "what is NULL is warned of" "$gedi" check nil.yaml 'evaluate=[clustering: {}]'
says err "nil.yaml:4:13: warning: objective nil: its .logits gives NULL"
says err "objective nil: its .logits gives NULL: without p(y|x) clusters are found by k-means of features"
says err "objective nil: its .energy gives NULL: nothing can be drawn from it or scored by it"
expect 0 "before a run" "$gedi" run nil.yaml 'evaluate=[clustering: {}]' --out warned
holds "once" test "$(grep -c 'its .logits gives NULL' err)" = 1
expect 0 "one behind it that has both" "$gedi" run -q nil.yaml 'objective=[nil: {}, gedi: {clusters: 2}]' 'views=[[], []]' 'sampler={sgld: {steps: 1, buffer: 20}}' \
    'evaluate=[clustering: {}, two_sample: {samples: 20, steps: 1, permutations: 9}]' train.iterations=3 --out behind
holds "gives clusters" sh -c '! grep -q "k-means of" behind/summary.json'
holds "and samples" grep -q '"mmd2": ' behind/summary.json
holds "nothing is NULL" sh -c '! grep -q "gives NULL" err'
expect 0 "what is there is not" "$gedi" check nil.yaml 'objective={nil: {what: 40}}'
holds "but the other" sh -c '! grep -q "its .logits" err && grep -q "its .energy" err'

# ---- an evaluator ----

# mute CODE WHAT [TEXT]: an evaluation of a run.
expect 0 "a run" "$gedi" run -q nil.yaml --out run
mute() {
    expect "$1" "evaluator $2" "$gedi" evaluate run "evaluate=[{mute: {what: $2}}]"
    [ $# -lt 3 ] || says err "$3"
}
mute 1 1 "evaluator mute: a metric has no name, but NULL"
mute 1 2 "evaluator mute: a panel has no name, but NULL"
mute 1 3 "evaluator mute: a histogram of s has no values, but NULL"
mute 1 4 "evaluator mute: gedi_trial_read: no array is given, but NULL"
mute 1 5 "evaluator mute: a data file is not what it should be"
mute 0 6 "warning: evaluator mute: two?lines"
holds "a warning without a sentence is none" [ "$(grep -c warning err)" -eq 1 ]
mute 1 7 "evaluator mute: how 'half' is made is no line of text, 'two?lines'"
expect 0 "what is there can be read" "$gedi" check run

# ---- a row of a metric, and what is shown of a plugin ----

# refused TEXT SED...: the evaluator with that change is not loaded, and says so.
refused() {
    text=$1
    shift
    rm -rf changed
    mkdir changed
    sed "$@" evaluator_mute.c >changed/evaluator_mute.c
    build_plugin changed/evaluator_mute.c changed/evaluator_mute.so -w
    expect 1 "$text" env GEDI_PLUGIN_PATH="$PWD/changed" "$gedi" describe evaluator mute
    says err "changed/evaluator_mute.so: $text"
    expect 0 "the schema of the others" env GEDI_PLUGIN_PATH="$PWD/changed" "$gedi" schema
}
refused "metric 'half' has no unit: add it to the row" 's/GEDI_MORE, "", "half of it"/GEDI_MORE/'
refused "metric 'half' has no definition: add one line" 's/GEDI_MORE, "", "half of it"/GEDI_MORE, ""/'
refused "its brief is no line of text: UTF-8" 's/brief = "mute"/brief = "m\\xff"/'
refused "the help of option 'what' is no line of text" 's/"what is NULL"/"what\\xff"/'
refused "the definition of metric 'half' is no line of text" 's/"half of it"/"half\\nof it"/'

# ---- a dataset ----

expect 0 "a note that fills its room" "$gedi" check nil.yaml 'dataset=full' 'evaluate=[]'
says err "warning: dataset full: x?xxx"
holds "memory is not blamed" sh -c "! grep -qF \"out of memory\" err out"
expect 1 "records without end" "$gedi" check nil.yaml 'dataset={full: {records: 2305843009213693952}}' 'evaluate=[]'
says out "dataset full has 2305843009213693952 training records, not 0 to 1099511627776"
expect 1 "parts without end" "$gedi" check nil.yaml 'dataset={full: {parts: 1125899906842624}}' 'evaluate=[]'
says out "dataset full: records of 1125899906842624 parts: not 0 to 1073741823 of 2 numbers each"

# ---- a sampler ----

cat >sampler_own.c <<'END'
#include <gedi/gedi.h>

static void own_chain(const void *self, gedi_chain *c)
{
    (void)self;
    *c = (gedi_chain){.steps = 1, .low = -1, .high = 1};
}
static gedi_node *own_step(const void *self, gedi_build *b, gedi_node *x, gedi_node *energy)
{
    (void)self, (void)energy;
    return gedi_add(x, gedi_param(b, "p", GEDI_DIMS(1), (gedi_init){.kind = GEDI_INIT_CONSTANT}));
}
GEDI_DEFINE(sampler, own) = {
    GEDI_HEAD(sampler, own), .brief = "own", .cite = "", .chain = own_chain, .step = own_step,
};
END
build_plugin sampler_own.c sampler_own.so -w
expect 2 "a sampler with a parameter" "$gedi" check nil.yaml objective=jem sampler=own 'plugins=[sampler_own.so]'
says out "sampler own: gedi_param: it asks for 'p', but a sampler has no parameters and no state: what it needs is an option"
finish
