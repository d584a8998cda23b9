#!/bin/sh
# test_author_ready.sh - what a run would fail by at its first validation, or after its training, is said
# before it: a metric that the data cannot give, a split without records, a program that cannot be built.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
needs_compiler

plugin dataset_some <<'END'
#include <gedi/gedi.h>

typedef struct some { int64_t what; } some;
static const gedi_option some_options[] = {
    GEDI_ENUM(some, what, 0, "all|train|test|few|classless|untested|empty|late", "which records have labels"),
    GEDI_END,
};
static gedi_status some_open(void *self, const gedi_open *o, gedi_data_info *info, gedi_err *err)
{
    const some *s = self;
    (void)o, (void)err;
    *info = (gedi_data_info){.record = GEDI_DIMS(2), .count = {100, s->what == 5 ? 0 : 40}, .classes = s->what == 4 ? 0 : 2,
                             .labelled = {s->what != 2 && s->what != 4, s->what != 1 && s->what != 4}};
    return GEDI_OK;
}
static gedi_status some_read(const void *self, gedi_split split, int64_t i, float *x, int32_t *label,
                             gedi_err *err)
{
    const some *s = self;
    (void)split, (void)err;
    x[0] = (float)(i % 7);
    x[1] = (float)(i % 5);
    *label = s->what == 6 || (s->what == 7 && i < 39) || s->what == 4 || (s->what == 3 && split == GEDI_TRAIN && i > 1) ? -1 : (int32_t)(i % 2);
    return GEDI_OK;
}
static void some_close(void *self)
{
    (void)self;
}
GEDI_DEFINE(dataset, some) = {
    GEDI_HEAD(dataset, some), .brief = "some", .cite = "", .self_size = sizeof(some),
    .options = some_options, .open = some_open, .read = some_read, .close = some_close,
};
END
moons_descriptor some.yaml 'plugins: [dataset_some.so]' 'dataset: {some: {}}' 'views: [[], []]' \
    'train: {iterations: 8, batch: 20, log_every: 1}'

# odd TEXT OVERRIDE...: check refuses it so.
odd() {
    text=$1
    shift
    expect 2 "$*" "$gedi" check some.yaml "$@"
    says out "$text"
}

# ---- the metric that chooses ----

# chosen TEXT WHAT OVERRIDE...: by the NMI; check and run agree. "" is no error.
chosen() {
    text=$1 what=$2
    shift 2
    code=2
    [ -n "$text" ] || code=0
    for command in check run; do
        rm -rf runs
        expect $code "$command: $what, $*" "$gedi" $command some.yaml "dataset.some.what=$what" \
            validation.every=4 validation.metric=clustering.nmi "$@"
        [ $code -eq 0 ] || holds "it is said: $text" grep -qF "$text" out err
    done
    holds "nothing is begun" sh -c "[ $code -eq 0 ] || [ ! -e runs ]"
}
none="validation.metric: evaluator clustering has no 'nmi' of the records held out: the records have no labels"
chosen "" all validation.fraction=0.2
chosen "" train validation.fraction=0.2
chosen "$none" test validation.fraction=0.2
chosen "$none" classless validation.fraction=0.2
chosen "$none" few validation.fraction=0.1
chosen "" few validation.fraction=0.9 train.batch=5
odd "evaluator clustering has no 'nmi_batch' of the records held out: batch_size is 0" 'evaluate=[clustering: {batch_size: 0}]' \
    validation.every=4 validation.fraction=0.2 validation.metric=clustering.nmi_batch
odd "evaluator ood has no 'moons.log_p' of the records held out: the objective has no energy" 'evaluate=[ood: {against: [moons]}]' \
    objective=dino validation.every=4 validation.fraction=0.2 validation.metric=ood.moons.log_p
odd "evaluator symbols has no 'holds' of the records held out: there are no rules" 'evaluate=[symbols: {}]' \
    validation.every=4 validation.fraction=0.2 validation.metric=symbols.holds
odd "evaluator density has no 'chains_near_data' of the records held out: there is no replay buffer" 'dataset={moons: {train: 100, test: 40}}' \
    'objective=jem' 'sampler={sgld: {steps: 1, buffer: 0}}' 'evaluate=[density: {low: -4, high: 4, cells: 400}]' \
    validation.every=4 validation.fraction=0.2 validation.metric=density.chains_near_data
expect 0 "which it has with one" "$gedi" check some.yaml 'dataset={moons: {train: 100, test: 40}}' \
    'objective=jem' 'sampler={sgld: {steps: 1, buffer: 20}}' 'evaluate=[density: {low: -4, high: 4, cells: 400}]' \
    validation.every=4 validation.fraction=0.2 validation.metric=density.chains_near_data
expect 0 "it is no harm where nothing chooses" "$gedi" check some.yaml dataset.some.what=classless validation.every=4

# ---- labels that are none ----

expect 0 "labels that are all -1" "$gedi" check some.yaml dataset.some.what=empty
says err "dataset some: it is to have labels, but none of its 100 training records has one (all are -1): what needs them will find none"
says err "none of its 40 test records has one"
expect 0 "before a run" "$gedi" run some.yaml dataset.some.what=empty 'evaluate=[]' --out empty
says err "none of its 40 test records has one"
holds "once" test "$(grep -c 'test records has one' err)" = 1
expect 0 "one is enough" "$gedi" check some.yaml dataset.some.what=late
holds "then nothing is said" sh -c '! grep -q "has one" err'
expect 0 "as where there are to be none" "$gedi" check some.yaml dataset.some.what=classless
holds "or there" sh -c '! grep -q "has one" err'

# ---- what an evaluator needs of the records held out ----

odd "validation: of the records held out: evaluator knn: the test records have no labels" dataset.some.what=few \
    validation.every=4 validation.fraction=0.1 'evaluate=[knn: {k: 1}]'
expect 0 "which it has where there are enough" "$gedi" check some.yaml dataset.some.what=few \
    validation.every=4 validation.fraction=0.9 train.batch=5 'evaluate=[knn: {k: 1}]'

# ---- another dataset ----

odd "evaluator ood: against: dataset some has no test records, which are the negatives" \
    'evaluate=[ood: {against: [some: {what: untested}]}]'

# ---- a program ----

plugin evaluator_wide <<'END'
#include <gedi/gedi.h>
#include <gedi/program.h>

typedef struct wide { int64_t what; gedi_components optimizer; } wide;
static const gedi_option wide_options[] = {
    GEDI_ENUM(wide, what, 0, "nothing|width|plan|input|still", "what is odd"),
    GEDI_COMPONENTS_BY(wide, optimizer, "optimizer", "adam", "which learns"),
    GEDI_END,
};
static const gedi_metric wide_metrics[] = {{"loss", GEDI_LESS, "", "the loss"}, GEDI_METRICS_END};
typedef struct wide_work { const wide *o; gedi_trial *t; } wide_work;
static void wide_build(const void *self, gedi_build *b, gedi_node *const *in, gedi_node **out)
{
    const wide_work *w = self;
    gedi_node *h = w->o->what == 4 ? in[0] : gedi_trial_encode(w->t, b, in[0]);
    out[0] = gedi_mean_all(gedi_square(h));
    if (w->o->what == 3)
        out[0] = gedi_add(out[0], gedi_mean_all(gedi_input(gedi_build_graph(b), "mine", GEDI_DIMS(1))));
}
static gedi_program_plan wide_plan(const wide_work *w)
{
    return (gedi_program_plan){.build = wide_build, .self = w, .inputs = 1, .outputs = 1,
                               .input = {w->o->what == 1 ? GEDI_DIMS(10, 3) : gedi_trial_batch(w->t, 10)},
                               .rng = gedi_trial_rng(w->t, 0), .optimizer = w->o->optimizer.v,
                               .steps = 3, .begins_as = w->t};
}
static gedi_status wide_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    const wide_work w = {self, t};
    gedi_program_plan plan = wide_plan(&w);
    return gedi_program_check(w.o->what == 2 ? NULL : &plan, err);
}
static gedi_status wide_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const wide_work w = {self, t};
    gedi_program_plan plan = wide_plan(&w);
    gedi_program *p;
    GEDI_TRY(gedi_program_new(&plan, &p, err));
    gedi_status s = gedi_program_run(p, err);
    if (s == GEDI_OK)
        gedi_trial_report(t, "loss", gedi_program_output(p, 0)[0], NULL);
    gedi_program_free(p);
    return s;
}
GEDI_DEFINE(evaluator, wide) = {
    GEDI_HEAD(evaluator, wide), .brief = "wide", .cite = "", .self_size = sizeof(wide),
    .options = wide_options, .evaluate = wide_evaluate, .metrics = wide_metrics, .ready = wide_ready,
};
END
# program CODE TEXT WHAT: check says of such a program.
program() {
    expect "$1" "a program: $3" "$gedi" check some.yaml 'plugins=[dataset_some.so, evaluator_wide.so]' \
        "evaluate=[wide: {what: $3}]"
    [ "$1" -eq 0 ] || says out "evaluator wide: $2"
}
program 0 "" nothing
program 2 "the program's model.layer0.weight is [3, 8], the run's [2, 8]" width
program 2 "gedi_program_new: the plan is NULL" plan
program 2 "nothing fills 'mine' (input #" input
program 2 "the program has an optimizer, but no parameter to learn" still
expect 0 "one that can be built is" "$gedi" run -q some.yaml 'plugins=[dataset_some.so, evaluator_wide.so]' \
    'evaluate=[wide: {}]' --out wide

finish
