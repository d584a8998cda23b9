#!/bin/sh
# test_author.sh - what the author of a plugin does wrong is said, with the name of what it is.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
needs_compiler

cat >objective_odd.c <<'END'
#include <gedi/gedi.h>

typedef struct odd { int64_t what; } odd;
static const gedi_option odd_options[] = {
    GEDI_ENUM(odd, what, 0, "nothing|stopped|constant|nan|late|gather|scatter|classes|tiny|reached", "what is odd"),
    GEDI_END,
};
static gedi_node *square(gedi_node *x)
{
    return gedi_mean_all(gedi_square(x));
}
static void odd_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const gedi_init one = {.kind = GEDI_INIT_CONSTANT, .value = 1};
    gedi_graph *g = gedi_build_graph(b);
    gedi_node *z = v->z[0];
    gedi_term(t, "live", square(z), 1, 0);
    switch (((const odd *)self)->what) {
    case 1:
        gedi_term(t, "still", square(gedi_stop_gradient(z)), 1, 0);
        gedi_term(t, "off", square(gedi_stop_gradient(z)), 0, 0);
        break;
    case 2:
        gedi_term(t, "nought", gedi_mean_all(gedi_scale(z, 0)), 1, 0);
        break;
    case 3:
        gedi_watch(b, "ratio", gedi_log(gedi_scalar(g, -1)));
        break;
    case 4: /* 1 / (3 - iteration) */
        gedi_watch(b, "ratio", gedi_div(gedi_scalar(g, 1), gedi_affine(v->iteration, -1, 3)));
        break;
    case 5:
        gedi_term(t, "rows", square(gedi_gather(gedi_param(b, "p", GEDI_DIMS(5, 2), one),
                                                gedi_affine(v->index, 0.5, 5000))), 1, 0);
        break;
    case 6:
        gedi_term(t, "rows", square(gedi_scatter(z, gedi_affine(v->index, 1, -1000), 7)), 1, 0);
        break;
    case 7:
        gedi_term(t, "rows", square(gedi_sub(gedi_one_hot(gedi_affine(v->label, 1, 40), 2), z)), 1, 0);
        break;
    case 8:
        gedi_term(t, "faint", square(gedi_square(gedi_scale(z, 1e-12))), 1, NAN);
        break;
    case 9:
        gedi_term(t, "hinge", gedi_mean_all(gedi_maximum(gedi_affine(z, 1, -1000), gedi_scalar(g, 0))), 1, 0);
        break;
    }
}
GEDI_DEFINE(objective, odd) = {
    GEDI_HEAD(objective, odd), .brief = "odd", .cite = "", .self_size = sizeof(odd),
    .options = odd_options, .loss = odd_loss,
};
END
cat >evaluator_late.c <<'END'
#define _DEFAULT_SOURCE
#include <gedi/gedi.h>
#include <gedi/program.h>
#include <stdio.h>
#include <unistd.h>

typedef struct late { int64_t what; } late;
static const gedi_option late_options[] = {
    GEDI_ENUM(late, what, 0, "usage|silent|watch|option|shape|wait", "what is odd"),
    GEDI_END,
};
static const gedi_metric late_metrics[] = {{"half", GEDI_MORE, "", "half of it"}, GEDI_METRICS_END};
static void late_build(const void *self, gedi_build *b, gedi_node *const *in, gedi_node **out)
{
    (void)self;
    out[0] = gedi_mean_all(in[0]);
    gedi_watch(b, "mean", out[0]);
}
static gedi_status late_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const late *o = self;
    gedi_program *p;
    gedi_trial_report(t, "half", 0.5, NULL);
    if (o->what == 4)
        return GEDI_FAIL(err, GEDI_SHAPE, "does not fit");
    for (int i = 0; o->what == 5 && i < 100; i++) {
        FILE *f = fopen("waiting", "w");
        if (f)
            fclose(f);
        usleep(10000);
    }
    if (o->what == 5)
        return GEDI_OK;
    if (o->what == 1)
        return GEDI_USAGE;
    if (o->what == 3)
        return GEDI_FAIL(err, GEDI_OPTION, "what: option was not meant");
    if (o->what == 0)
        return GEDI_FAIL(err, GEDI_USAGE, "used wrongly");
    const gedi_program_plan plan = {.build = late_build, .rng = gedi_trial_rng(t, 0), .inputs = 1,
                                    .input = {GEDI_DIMS(2, 2)}, .outputs = 1};
    gedi_status s = gedi_program_new(&plan, &p, err);
    if (!s)
        gedi_program_free(p);
    return s;
}
GEDI_DEFINE(evaluator, late) = {
    GEDI_HEAD(evaluator, late), .brief = "late", .cite = "", .self_size = sizeof(late),
    .options = late_options, .evaluate = late_evaluate, .metrics = late_metrics,
};
END
cat >evaluator_whole.c <<'END'
#include <gedi/gedi.h>
#include <gedi/program.h>
#include <math.h>

static const gedi_metric whole_metrics[] = {{"whole", GEDI_MORE, "", "share of whole numbers"}, GEDI_METRICS_END};
static void whole_build(const void *self, gedi_build *b, gedi_node *const *in, gedi_node **out)
{
    (void)self, (void)b;
    out[0] = gedi_convolve(in[0], in[1], NULL, 1, 1);
}
static gedi_status whole_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    enum { X = 4 * 4 * 16, W = 9 * 16 * 16 };
    gedi_program *p;
    const gedi_program_plan plan = {.build = whole_build, .rng = gedi_trial_rng(t, 0), .inputs = 2,
                                    .input = {GEDI_DIMS(1, 4, 4, 16), GEDI_DIMS(3, 3, 16, 16)}, .outputs = 1};
    (void)self;
    gedi_status s = gedi_program_new(&plan, &p, err);
    if (s)
        return s;
    for (int i = 0; i < X; i++)
        gedi_program_input(p, 0)[i] = (float)(i * 7 % 19 - 9);
    for (int i = 0; i < W; i++)
        gedi_program_input(p, 1)[i] = (float)(i * 5 % 19 - 9);
    s = gedi_program_run(p, err);
    int n = 0;
    for (int i = 0; i < X; i++)
        n += gedi_program_output(p, 0)[i] == rintf(gedi_program_output(p, 0)[i]);
    gedi_trial_report(t, "whole", (double)n / X, NULL);
    gedi_program_free(p);
    return s;
}
GEDI_DEFINE(evaluator, whole) = {
    GEDI_HEAD(evaluator, whole), .brief = "a convolution of whole numbers", .cite = "",
    .evaluate = whole_evaluate, .metrics = whole_metrics,
};
END
cat >objective_pass.c <<'END'
#include <gedi/gedi.h>

static void pass_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "size", gedi_mean_all(gedi_square(v->z[0])), 1, 0);
}
static int64_t pass_every(const void *self)
{
    (void)self;
    return 1;
}
static gedi_status pass_pass(const void *self, gedi_pass *p, gedi_err *err)
{
    (void)self;
    if (gedi_pass_epoch(p) < 2)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_USAGE, "epoch %d begins", (int)gedi_pass_epoch(p));
}
GEDI_DEFINE(objective, pass) = {
    GEDI_HEAD(objective, pass), .brief = "a pass that fails", .cite = "", .loss = pass_loss,
    .pass = pass_pass, .pass_every = pass_every,
};
END
cat >objective_mixed.c <<'END'
#include <gedi/gedi.h>

typedef struct mixed { bool batch; } mixed;
static const gedi_option mixed_options[] = {
    GEDI_BOOL(mixed, batch, true, "p(y|x) by the spread of the batch"),
    GEDI_END,
};
static void mixed_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "size", gedi_mean_all(gedi_square(v->z[0])), 1, 0);
}
static gedi_node *mixed_logits(const void *self, gedi_build *b, gedi_node *z)
{
    (void)b;
    return ((const mixed *)self)->batch ? gedi_standardize(z, 1e-5) : gedi_scale(z, 2);
}
GEDI_DEFINE(objective, mixed) = {
    GEDI_HEAD(objective, mixed), .brief = "mixed", .cite = "", .self_size = sizeof(mixed),
    .options = mixed_options, .loss = mixed_loss, .logits = mixed_logits,
};
END
for plugin in evaluator_late evaluator_whole objective_pass objective_mixed objective_odd; do
    build_plugin $plugin.c
done
moons_descriptor odd.yaml seed: threads: 'views: [[]]' 'objective: {odd: {}}' \
    'train: {iterations: 6, batch: 20, log_every: 1, checkpoint_every: 5}' 'plugins: [objective_odd.so, evaluator_late.so, evaluator_whole.so, objective_pass.so, objective_mixed.so]'

# odd CODE WHAT: a run of it.
odd() {
    expect "$1" "$2" "$gedi" run odd.yaml "objective.odd.what=$2" --out "$2"
}

# ---- a term that trains nothing ----

odd 0 nothing
holds "nothing of nothing learns by" sh -c "! grep -qF \"nothing learns by\" err"
odd 0 stopped
says err "odd.yaml:"
says err "objective odd: nothing learns by term 'still': it has no derivative to a weight (gedi_watch"
holds "nothing of 'live'" sh -c "! grep -qF \"'live'\" err"
holds "nothing of 'off'" sh -c "! grep -qF \"'off'\" err"
holds "it is said once" [ "$(grep -c "nothing learns by" err)" -eq 1 ]
expect 0 "check says it, too" "$gedi" check odd.yaml objective.odd.what=stopped
says err "nothing learns by term 'still'"
odd 0 constant
says err "nothing learns by term 'nought'"

# A derivative that is there, but 0 in every number.
odd 0 tiny
says err "iteration 1: term 'faint' is 0, but its derivative exactly 0, so nothing learns by it yet: "
holds "nothing of 'live'" sh -c "! grep -qF \"'live'\" err"
odd 0 reached
holds "a term that is at its optimum has nothing to teach" sh -c "! grep -qF \"learns by\" err"
expect 0 "a shorter run" "$gedi" run -q odd.yaml objective.odd.what=tiny train.iterations=3 --out half
expect 0 "that goes on" "$gedi" resume half train.iterations=6
holds "it was said where the stage began" sh -c "! grep -qF \"learns by\" err"
holds "weights do not depend on it" cmp half/checkpoint.safetensors tiny/checkpoint.safetensors

# It is told by the weights of the first iteration, not by those to which a large step goes.
expect 0 "a step that saturates everything" "$gedi" run odd.yaml 'objective={gedi_no_gen: {}}' \
    'views=[[], [gaussian_noise: {}]]' 'optimizer={sgd: {lr: 1000}}' train.iterations=1 --out leapt
holds "the terms taught before it" sh -c "! grep -qF \"learns by\" err"
expect 0 "batches of an iteration" "$gedi" run odd.yaml objective.odd.what=tiny train.accumulate=3 --out some
says err "iteration 1: term 'faint' is 0, but its derivative exactly 0"

# A weight that begins at 0 teaches later.
for weight in '{linear: {from: 0, to: 5}}' '{steps: {0: 0, 3: 5}}' '{constant: {value: 5, warmup: 3}}'; do
    expect 0 "$weight" "$gedi" run odd.yaml "objective={swav: {swap: $weight}}" \
        'views=[[], [gaussian_noise: {}]]' --out later
    holds "no word of a gradient that is 0" sh -c "! grep -qF \"no parameter learns\" err"
    rm -r later
done

# ---- evaluation that depends on the batch ----

expect 0 "p(y|x) by the batch" "$gedi" check odd.yaml 'objective=mixed'
says err "objective mixed: what it makes of a record in evaluation is not known to depend on that record alone"
expect 0 "p(y|x) of each record" "$gedi" check odd.yaml 'objective={mixed: {batch: false}}'
holds "it is not warned of" [ ! -s err ]
expect 0 "batch normalisation, which evaluates by what it has kept" \
    "$gedi" check odd.yaml 'objective={mixed: {batch: false}}' model.mlp.batch_norm=true
holds "it is not warned of, either" [ ! -s err ]

expect 2 "nothing to share" "$gedi" check odd.yaml 'objective=[mixed: {}, {odd: {}, share: mixed}]'
holds "no option is named that it has not" grep -q "odd: share: .* has no parameters to share \|to share$" out

# ---- a number that is watched and is none ----

odd 0 nan
says err "iteration 1: 'ratio', which is watched, is nan: metrics.jsonl has null for it"
holds "it is said once" [ "$(grep -c "which is watched" err)" -eq 1 ]
odd 0 late
says err "iteration 4: 'ratio', which is watched, is inf: metrics.jsonl has null"
holds "the log has numbers before" grep -q '"iteration": 3,.*"ratio": 1[,}]' late/metrics.jsonl

# ---- a number that names no row ----

odd 1 gather
says err "iteration 1: term 'rows' is nan: gather #"
holds "the number and the rows are said" \
    grep -qE 'index [0-9]+, is nan: 50[0-9][0-9](\.5)? names no row of the table, which has 0 to 4;' err
odd 1 scatter
holds "the number and the rows are said" \
    grep -qE 'index 0, is nan: -[0-9]+ names no row of the table, which has 0 to 6;' err
odd 1 classes
holds "the number and the classes are said" \
    grep -qE 'index 0, is nan: 4[01] is no class: there are 0 to 1, and -1 for none;' err

# ---- what fails when iterations are done ----

for what in usage silent watch; do
    expect 1 "an evaluator: $what" "$gedi" run odd.yaml "evaluate=[late: {what: $what}]" --out "late-$what"
    says err "; the run is trained: \`gedi evaluate late-$what 'evaluate=[...]'\` evaluates it once more"
    holds "the training is kept" test -s "late-$what/checkpoint.safetensors"
    case $what in
    usage) says err "evaluator late: used wrongly;" ;;
    silent) says err "evaluator late: the interface was used wrongly;" ;;
    watch) says err "evaluator late: gedi_watch: 'mean' would be logged nowhere: a program has no log; make it an output;" ;;
    esac
done
expect 2 "an option that is refused late" "$gedi" run odd.yaml "evaluate=[late: {what: option}]" --out late-option
# A program of an evaluator computes as the run does.
expect 0 "whole numbers, directly" "$gedi" run odd.yaml 'evaluate=[whole: {}]' 'figures=[]' convolution=direct --out whole
holds "they stay whole" grep -q '"whole": 1.0' whole/summary.json
expect 0 "whole numbers by Winograd" "$gedi" evaluate whole convolution=winograd
holds "they do not" grep -q '"whole": 0\.[0-9]' whole/evaluation-1/summary.json
# What one evaluator costs the others: nothing, and by the same exit code whoever asks.
both='evaluate=[late: {what: shape}, clustering: {}, {late: {what: silent}, name: other}]'
expect 1 "two of three evaluators fail" "$gedi" run -q odd.yaml "$both" 'figures=[losses]' --out both
says err "gedi: evaluator other: the interface was used wrongly"
says err "gedi: evaluator late: does not fit; and 1 more failed; the run is trained"
holds "the third is kept" grep -q '"nmi"' both/summary.json
holds "of the others nothing is" sh -c "! grep -q '\"half\"' both/summary.json"
holds "what is missing is in the summary" grep -q '"unevaluated": "evaluator late: does not fit; evaluator other: the interface' both/summary.json
holds "figures are drawn" test -s both/figures/losses.csv
says out "clustering.nmi"
says out "results  both"
expect 0 "check of it" "$gedi" check both
says out "both: numbers are missing: evaluator late: does not fit; evaluator other: the interface"
holds "its page says it" grep -q '"missing":"evaluator late: does not fit; evaluator other: the interface' both/report.html
expect 0 "a table of what is not there" "$gedi" table both --rows seed --value evaluation.late.half
says out "no value in 1 run: evaluator late: does not fit"
expect 1 "resume asks them again" "$gedi" resume both
says err "both: trained already, evaluators are missing"
says err "gedi: evaluator late: does not fit; and 1 more failed; the run is trained"
expect 0 "resume with those that can" "$gedi" resume both 'evaluate=[late: {what: wait}, clustering: {}]'
says out "late.half"
holds "nothing is missing then" sh -c "! grep -q unevaluated both/summary.json"
expect 1 "another seed" "$gedi" run -q odd.yaml seed=100 'evaluate=[late: {what: shape}, clustering: {}]' 'figures=[]' --out lacks
expect 0 "a table of both" "$gedi" table both lacks --rows seed --value evaluation.clustering.nmi --value evaluation.late.half
says out "no value in 1 run: evaluator late: does not fit"
expect 0 "the number, made later" "$gedi" evaluate -q lacks 'evaluate=[late: {what: wait}]'
expect 0 "a table of both then" "$gedi" table both lacks --rows seed --value evaluation.late.half
holds "lacks nothing" sh -c '! grep -q "no value" out'
expect 0 "check of the other" "$gedi" check lacks
holds "nor does the run" sh -c '! grep -q missing out'
expect 1 "evaluate with one that fails" "$gedi" evaluate both 'evaluate=[late: {what: shape}, knn: {k: 1}]'
says err "gedi: evaluator late: does not fit; all else is in both/evaluation-1"
holds "the other is kept" grep -q '"knn"' both/evaluation-1/summary.json
expect 1 "evaluate with one that fails alone" "$gedi" evaluate both 'evaluate=[late: {what: shape}]'
holds "there is no folder for nothing" test ! -e both/evaluation-2
expect 2 "an option, told by evaluate" "$gedi" evaluate both 'evaluate=[late: {what: option}]'

# ---- a signal while it is evaluated ----

# evaluated ARGUMENT...: a run, told to stop as soon as the second of its evaluators waits.
evaluated() {
    rm -f waiting
    "$gedi" run odd.yaml 'evaluate=[clustering: {}, {late: {what: wait}}, knn: {k: 1}]' "$@" \
        >out 2>err </dev/null &
    pid=$!
    until [ -e waiting ] || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
    kill -TERM $pid
    code=0
    wait $pid || code=$?
}
evaluated --out stopped-late
name="a signal while it is evaluated"
holds "$name ends it with 1" [ $code -eq 1 ]
says err "gedi: the run is trained; its evaluation stops as soon as it can, or at once with the next signal"
says err "gedi: interrupted after training, with 2 of 3 evaluators done"
says err "gedi: go on with: gedi resume stopped-late"
holds "what was done is kept" grep -q '"half"' stopped-late/summary.json
holds "what was not is missing" sh -c '! grep -q "\"knn\"" stopped-late/summary.json'
expect 0 "resume makes the rest" "$gedi" resume stopped-late
says err "stopped-late: trained already, evaluators are missing"
says out "knn.accuracy"
says out "late.half"
expect 0 "there is no more" "$gedi" resume stopped-late
says err "stopped-late: finished already"
rm -f waiting
"$gedi" run -q odd.yaml 'evaluate=[{late: {what: wait}}, finetune: {epochs: 1000000}]' --out long >out 2>err </dev/null &
pid=$!
until [ -e waiting ] || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
sleep 2
kill -TERM $pid
code=0
wait $pid || code=$?
name="a signal in a long evaluator"
holds "$name ends it with 1" [ $code -eq 1 ]
says err "gedi: interrupted after training, with 1 of 2 evaluators done"

# The same of `gedi evaluate`, which leaves no folder half made.
rm -f waiting
"$gedi" evaluate stopped-late 'evaluate=[clustering: {}, {late: {what: wait}}, knn: {k: 1}]' >out 2>err </dev/null &
pid=$!
until [ -e waiting ] || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
kill -TERM $pid
code=0
wait $pid || code=$?
name="a signal in gedi evaluate"
holds "$name ends it with 1" [ $code -eq 1 ]
says err "gedi: interrupted, with 2 of 3 evaluators done; all else is in stopped-late/evaluation-1"
holds "a run that is finished is not to be resumed for it" sh -c '! grep -q "gedi resume" err'
says out "late.half"
says out "results  stopped-late/evaluation-1"
holds "what was done is kept" grep -q '"half"' stopped-late/evaluation-1/summary.json
holds "what was not is said there" grep -q '"unevaluated": "not done: knn"' stopped-late/evaluation-1/summary.json
expect 0 "check of the run" "$gedi" check stopped-late
mkdir stopped-late/evaluation-2
cp stopped-late/gedi.json stopped-late/evaluation-2
mkdir stopped-late/evaluation-2/figures
echo old >stopped-late/evaluation-2/figures/old.csv
expect 1 "check of one that was killed" "$gedi" check stopped-late
says out "stopped-late/evaluation-2: the evaluation was not finished: the next \`gedi evaluate\` of its run takes the folder, or remove it"
expect 0 "the next" "$gedi" evaluate -q stopped-late 'evaluate=[knn: {k: 1}]'
says out "results  stopped-late/evaluation-2"
holds "nothing of the other is left" [ ! -e stopped-late/evaluation-2/figures/old.csv ]
expect 0 "check of the run then" "$gedi" check stopped-late

# ---- figures that cannot be drawn ----

mkdir fake
cat >fake/gnuplot <<'END'
#!/bin/sh
case "$*" in *losses* | *confusion*) echo "no $*" >&2; exit 3 ;; esac
exec /usr/bin/gnuplot "$@"
END
chmod +x fake/gnuplot
if [ -x /usr/bin/gnuplot ]; then
    expect 1 "figures that fail" env PATH="$work/fake:$PATH" "$gedi" run -q odd.yaml 'evaluate=[late: {what: shape}, clustering: {}]' \
        'figures=[losses, clusters, confusion, embedding]' --out undrawn
    says err "gedi: figure confusion: undrawn/figures/confusion.png: not drawn"
    says err "gedi: evaluator late: does not fit; figure losses: undrawn/figures/losses.png: not drawn"
    says err "; and 1 more failed; the run is trained: "
    says out "clustering.nmi"
    says out "results  undrawn"
    holds "those between are drawn" test -s undrawn/figures/clusters.png
    holds "and those behind" test -s undrawn/figures/embedding.png
    expect 1 "resume tries again" "$gedi" resume -q undrawn
    says err "gedi: evaluator late: does not fit; the run is trained: "
    holds "the others are there then" test -s undrawn/figures/confusion.png
else
    skip "no figure without gnuplot"
fi

expect 1 "a pass" "$gedi" run odd.yaml objective=pass train.iterations=60 --out pass
says err "iteration 21: the pass of objective pass: epoch 2 begins;"

finish
