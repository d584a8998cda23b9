#!/bin/sh
# test_init_runs.sh - a run that begins with another's weights: what it takes, what it needs them for later,
# and what its place in a sweep depends on.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
cat >first.yaml <<'EOF'
seed: 3
threads: 1
dataset:   {moons: {noise: 0.05, train: 200, test: 100}}
views: [[gaussian_noise: {std: 0.05}], [gaussian_noise: {std: 0.05}]]
model:     {mlp: {hidden: [16, 16], output: 4, batch_norm: true}}
objective: {barlow_twins: {}}
optimizer: {adam: {}}
train:     {iterations: 300, batch: 20, log_every: 50, checkpoint_every: 100}
evaluate:  [knn: {}, linear_probe: {}]
EOF
cat >second.yaml <<'EOF'
base: first.yaml
objective: {simsiam: {}}
init: {run: first, only: [model]}
EOF
metrics() {
    sed -n '/^  "evaluation"/,/^  }/p' "$1/summary.json"
}
expect 0 "the first" "$gedi" run -q first.yaml --out first
expect 0 "check of the second" "$gedi" check second.yaml
cat >frozen.yaml <<'EOF'
base: second.yaml
freeze: [model]
objective: {supervised: {prototypes: free}}
views: [[]]
EOF
expect 0 "the second" "$gedi" run second.yaml --out second
says err "begins with 18 of its 2"
says err "first/checkpoint.safetensors"
holds "its descriptor says of which weights" grep -Eq '^  checksum: "[0-9a-f]{16}"' second/descriptor.yaml

# A frozen encoder is evaluated as the first run's was.
expect 0 "with a frozen encoder" "$gedi" run -q frozen.yaml train.iterations=20 --out frozen
metrics first >want
metrics frozen >got
holds "there are metrics" test -s want
holds "the same encoder" cmp want got

# ---- killed before and behind the first checkpoint; without the weights, later ----

mkdir part
stopped KILL 'grep -q begins part.err 2>/dev/null || [ -e part/descriptor.yaml ]' second.yaml
expect 0 "killed at the beginning" "$gedi" resume -q part
holds "killed at the beginning: the same weights" cmp part/checkpoint.safetensors second/checkpoint.safetensors
if stopped KILL '[ -e part/checkpoint.safetensors ]' second.yaml train.iterations=6000; then
    mv first away
    expect 0 "behind its first checkpoint it needs the weights no more" "$gedi" resume -q part
    expect 0 "nor when it is evaluated" "$gedi" evaluate part 'evaluate=[knn: {}]'
    mv away first
else
    skip "killed behind the first checkpoint: too fast"
fi
mv first away
expect 2 "without the weights" "$gedi" run second.yaml --out none
says err "second.yaml:3:7: init.run: "
says err "holds no run: there is no such folder"
expect 2 "check without the weights" "$gedi" check second.yaml
says out "second.yaml:3:7: init.run: "
mv away first

# ---- its own descriptor runs again, with these weights alone ----

expect 0 "its descriptor" "$gedi" run -q second/descriptor.yaml --out again
holds "the same weights again" cmp again/checkpoint.safetensors second/checkpoint.safetensors
cp -r first longer
expect 0 "the first goes on" "$gedi" resume -q longer train.iterations=400
expect 2 "with other weights" "$gedi" run second/descriptor.yaml "init.run=longer" --out none
says err "but the descriptor was written for weights with"
holds "nothing was left" test ! -e none
cp first/checkpoint.safetensors flipped.safetensors
printf '\125' | dd of=flipped.safetensors bs=1 seek=3000 conv=notrunc 2>/dev/null
expect 1 "a damaged file" "$gedi" run second.yaml 'init={file: flipped.safetensors, only: [model]}' --out none
says err "flipped.safetensors"
echo hello >text.safetensors
for file in flipped text none; do
    for command in check run; do
        expect 1 "$command with weights in $file" "$gedi" $command second.yaml \
            "init={file: $file.safetensors, only: [model]}"
    done
done

# ---- a sweep ----

cat >sweep.yaml <<'EOF'
base: second.yaml
train: {iterations: 40}
sweep: {init.run: [first, longer]}
table: {rows: init.run, value: evaluation.knn.accuracy}
EOF
expect 0 "a sweep over weights" "$gedi" sweep -q sweep.yaml --out sweep
holds "two runs" test "$(find sweep/runs -name summary.json | wc -l)" -eq 2
expect 0 "again" "$gedi" sweep sweep.yaml --out sweep
says err "2 points, 0 to run"
rm -r longer && cp -r first longer && "$gedi" resume -q longer train.iterations=500 >out 2>err
expect 0 "one has other weights now" "$gedi" sweep -q sweep.yaml --out sweep
holds "which is another run" test "$(find sweep/runs -name summary.json | wc -l)" -eq 3

# ---- weights that validation has chosen, running averages ----

cat >chosen.yaml <<'EOF'
base: first.yaml
train: {average: 0.9}
validation: {fraction: 0.2, every: 50, metric: knn.accuracy}
EOF
expect 0 "a run that chooses" "$gedi" run -q chosen.yaml --out chosen
expect 0 "from what it has chosen" "$gedi" run second.yaml init.run=chosen train.iterations=20 --out best
says err "chosen/checkpoint-best.safetensors"
expect 0 "from its averages" "$gedi" run -q second.yaml 'init={run: chosen, only: [model], names: {model: average.model}}' \
    freeze='[model]' 'validation={fraction: 0.2, every: 10}' train.iterations=20 --out averages
expect 0 "evaluated by averages" "$gedi" evaluate chosen train.weights=averaged "evaluate=[knn: {}, linear_probe: {}]"
metrics chosen/evaluation-1 >want
metrics averages >got
holds "the same encoder, of averages" cmp want got
rm chosen/checkpoint-best.safetensors
expect 2 "without what it has chosen" "$gedi" run second.yaml init.run=chosen --out none
says err "validation has chosen other weights, but checkpoint-best.safetensors is missing"
expect 2 "nor can it be evaluated" "$gedi" evaluate chosen
says err "checkpoint-best.safetensors, which validation has chosen, is missing"
expect 0 "validation beyond the end" "$gedi" check first.yaml 'validation={every: 1000}'
says err "validation.every: nothing is evaluated on the way: it is 1000, and training has only 300 iterations"
expect 0 "no validation after all" "$gedi" check chosen.yaml validation=null

# ---- labels that weights have seen ----

expect 0 "with labels" "$gedi" run -q first.yaml 'objective={supervised: {prototypes: free}}' 'views=[[]]' train.iterations=20 --out labelled
expect 0 "after labels" "$gedi" run -q second.yaml init.run=labelled train.iterations=20 --out after
holds "they are told of" grep -q 'trained with labels' after/summary.json
finish
