#!/bin/sh
# test_validation_runs.sh - evaluation while a run trains: its curve in the log, its figure, and the same
# bytes after an interruption as without.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
cat >look.yaml <<'EOF'
seed: 3
threads: 1
dataset:   {moons: {noise: 0.05, train: 400, test: 100}}
views: [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [16], output: 2, batch_norm: true}}
objective: {gedi: {prototypes: free}}
sampler:   {sgld: {steps: 1, buffer: 100}}
optimizer: {adam: {lr: 1.0e-3}}
train:     {epochs: 60, batch: 15, log_every: 40, checkpoint_every: 300}
evaluate:  [clustering: {}, {knn: {}, name: near}, linear_probe: {}]
validation: {fraction: 0.25, every: 100}
EOF

expect 0 "check" "$gedi" check look.yaml
expect 0 "run" "$gedi" run -q look.yaml "figures=[validation]" --out whole
holds "300 of 400 records make 20 iterations an epoch" grep -q '^counted: \[1200\]' whole/descriptor.yaml
holds "it was evaluated twelve times" [ "$(grep -c '"validation": {' whole/metrics.jsonl)" = 12 ]
holds "by each evaluator, under its name" \
    grep -q '"iteration": 100, .*"validation": {"clustering.nmi": .*"near.accuracy": .*"linear_probe.accuracy": ' whole/metrics.jsonl
holds "a line of each, beside those of the log" [ "$(wc -l <whole/metrics.jsonl)" = 37 ]
holds "after training, test records are read" grep -q '"test": 100' whole/summary.json
holds "and those that are trained on" grep -q '"train": 300' whole/summary.json
expect 0 "check of the run" "$gedi" check whole
if [ -e whole/figures/validation.png ]; then
    holds "a figure of the curves" grep -q '^iteration,clustering' whole/figures/validation.csv
else
    skip "no figure without gnuplot"
fi

# Looking changes nothing that is trained.
expect 0 "run that looks once" "$gedi" run -q look.yaml validation.every=1200 --out once
terms() {
    grep -v '^$' "$1/metrics.jsonl" | sed -n 's/.*"iteration": \([0-9]*00\), .*"terms": \({[^}]*}\).*/\1 \2/p'
}
terms whole >one
terms once | grep -c . >out
terms once >two
grep -Fxf one two >three
holds "the same terms in the same iterations" cmp two three

if ! stopped KILL "grep -q validation part/metrics.jsonl 2>/dev/null" look.yaml "figures=[validation]"; then
    skip "the run was always over before it could be killed"
else
    expect 0 "resume" "$gedi" resume -q part
    for file in checkpoint.safetensors metrics.jsonl descriptor.yaml; do
        holds "killed and resumed: the same $file" cmp "whole/$file" "part/$file"
    done
fi

# ---- the best weights ----

choose="validation.metric=clustering.nmi validation.patience=3 train.epochs=400 optimizer.adam.lr=0.003"
# shellcheck disable=SC2086  # several words
expect 0 "run that chooses" "$gedi" run look.yaml $choose --out chosen
says err "training ends: clustering.nmi is best in iteration "
best=$(sed -n 's/.*training ends: clustering.nmi is best in iteration \([0-9]*\), .*/\1/p' err)
end=$((${best:-0} + 300))
holds "it ends after three evaluations that are not better" \
    [ "$(tail -n 1 chosen/metrics.jsonl | sed 's/.*"iteration": \([0-9]*\),.*/\1/')" = $end ]
holds "summary.json says which it has evaluated" \
    sh -c 'tr -d "\n " <chosen/summary.json | grep -q "\"best\":{\"metric\":\"clustering.nmi\",\"iteration\":'"$best"',\"value\":"'
/usr/bin/python3 - chosen/metrics.jsonl "$best" >out <<'EOF' || fail "the best by the log" out
import json, sys
found = [json.loads(line) for line in open(sys.argv[1])]
seen = {l["iteration"]: l["validation"]["clustering.nmi"] for l in found if "validation" in l}
first = min(i for i in seen if seen[i] == max(seen.values()))
print(first, seen)
assert first == int(sys.argv[2]) and max(seen) == first + 300
EOF
pass "it is the first of the largest in the log"
expect 0 "check of it" "$gedi" check chosen
expect 0 "evaluate it once more" "$gedi" evaluate chosen
nmi() {
    tr -d '\n ' <"$1/summary.json" | sed 's/.*"nmi":\([0-9.e-]*\),.*/\1/'
}
holds "with the same weights" [ "$(nmi chosen)" = "$(nmi chosen/evaluation-1)" ]
cp chosen/checkpoint-best.safetensors first
printf 'x' | dd of=chosen/checkpoint-best.safetensors bs=1 seek=900 conv=notrunc 2>/dev/null
expect 1 "check of damage" "$gedi" check chosen
says out "checkpoint-best.safetensors"
cp first chosen/checkpoint-best.safetensors

# Killed when it has just found something better, and again later.
# shellcheck disable=SC2086
for when in 1 2 3; do
    [ -e half/descriptor.yaml ] && part="resume -q half" || part="run -q look.yaml $choose --out half"
    touch before
    "$gedi" $part >out 2>err </dev/null &
    pid=$!
    until [ -n "$(find half/checkpoint-best.safetensors -newer before 2>/dev/null)" ] ||
        ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ ! -e half/checkpoint.safetensors ] && [ -e half ] && cp -r half begun$when
done
expect 0 "it goes on" "$gedi" resume -q half
for file in checkpoint.safetensors metrics.jsonl descriptor.yaml; do
    holds "killed and resumed: the same $file" cmp "chosen/$file" "half/$file"
done
expect 2 "a metric of nobody" "$gedi" check look.yaml validation.metric=knn.accuracy
says out "validation.metric: 'knn.accuracy' begins with no evaluator"
expect 2 "a metric that is none" "$gedi" check look.yaml validation.metric=near.nmi
says out "validation.metric: evaluator near has no metric 'nmi'"
others='evaluate=[ood: {against: [circles, circles: {noise: 0.3}]}]'
expect 2 "a metric of a dataset that is not compared" "$gedi" check look.yaml "$others" validation.metric=ood.mnist.log_p
says out "evaluator ood has no metric 'mnist.log_p': \`gedi describe evaluator/ood\` lists them; * is one of circles, circles_2"
expect 2 "a metric that chooses nothing" "$gedi" check look.yaml validation.metric=clustering.clusters_used
says out "neither more nor less of clustering.clusters_used is better"
holds "what chooses is part of the experiment" grep -q '"validation.evaluator: clustering"' chosen/summary.json

# ---- an evaluator that fails on the way ----

# Its training explodes, which is not that of the run.
failing="finetune: {optimizer: [sgd: {lr: 1.0e+6}], epochs: 3}"
expect 0 "what fails alone" "$gedi" check look.yaml "evaluate=[clustering: {}, {$failing}]"
expect 1 "run with an evaluator that fails" "$gedi" run -q look.yaml train.epochs=20 \
    "evaluate=[clustering: {}, {$failing}]" "figures=[validation]" --out failing
says err "gedi: iteration 100: validation: evaluator finetune: "
says err "; the training goes on, and the log lacks this evaluator's numbers wherever it fails"
holds "it is said once on the way" [ "$(grep -c 'validation: evaluator finetune' err)" = 1 ]
says err "; the run is trained: "
holds "the others' numbers are in the log" [ "$(grep -c '"validation": {"clustering.nmi": ' failing/metrics.jsonl)" = 4 ]
holds "its own are not" sh -c '! grep -q finetune failing/metrics.jsonl'
holds "no divergence is noted" [ ! -e failing/divergence.json ]
expect 0 "run without it" "$gedi" run -q look.yaml train.epochs=20 --out sound
holds "the weights are those of a run without it" cmp failing/checkpoint.safetensors sound/checkpoint.safetensors

expect 1 "run whose choosing evaluator fails" "$gedi" run -q look.yaml train.epochs=20 \
    "evaluate=[clustering: {}, {$failing}]" validation.metric=finetune.accuracy --out unchosen
says err "gedi: iteration 100: validation: evaluator finetune: "
says err "; validation.metric is finetune.accuracy, and without it no weights can be chosen: \`gedi resume unchosen\` goes on"
says err "; last good checkpoint: unchosen/checkpoint.safetensors, iteration 100"
holds "no divergence is noted" [ ! -e unchosen/divergence.json ]
holds "the others' numbers are in the log" grep -q '"validation": {"clustering.nmi": ' unchosen/metrics.jsonl
expect 0 "check of it" "$gedi" check unchosen
expect 1 "resume" "$gedi" resume unchosen
says err "unchosen: resuming at iteration 100 of 400"
holds "nobody speaks of a divergence" sh -c '! grep -q diverged err'

# Each stage is asked before the first is trained; without a fraction, test records are looked at.
expect 0 "run of stages" "$gedi" run -q look.yaml train.epochs=5 validation.fraction=0 \
    "stages=[{}, {freeze: [model]}]" --out stages
holds "both are evaluated" [ "$(grep -c '"validation": {' stages/metrics.jsonl)" = 2 ]
expect 2 "run of a stage that cannot be evaluated" "$gedi" run look.yaml "evaluate=[ood: {against: [circles]}]" \
    "dataset={mnist: {path: nowhere}}" --out no
expect 2 "a figure of nothing" "$gedi" check look.yaml validation.every=0 validation.fraction=0 "figures=[validation]"
says out "figures: validation needs evaluation while the run trains"
expect 2 "too few" "$gedi" check look.yaml validation.fraction=0.001
says out "validation.fraction: 0.001 of the 400 training records of dataset moons are none"
holds "nothing is left of what was refused" [ ! -e no ]

finish
