#!/bin/sh
# test_extend.sh - a run that is made longer ends in the weights of one that was as long from the
# beginning, whenever it is killed; where a value on the way would have been another, it is refused.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
cat >short.yaml <<'EOF'
seed: 3
threads: 1
dataset:   {moons: {noise: 0.05, train: 200, test: 100}}
views: [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [16], output: 2, batch_norm: true}}
objective: {gedi: {prototypes: free}}
sampler:   {sgld: {steps: 1, buffer: 100}}
optimizer: {adamw: {lr: {cosine: {from: 0.01, to: 0.001, over: 800}}}}
train:     {iterations: 1000, batch: 20, log_every: 50, checkpoint_every: 300}
evaluate:  [clustering: {}]
EOF
sed 's/iterations: 1000/iterations: 3000/' short.yaml >long.yaml
expect 0 "run of 1000" "$gedi" run -q short.yaml --out run
expect 0 "run of 3000" "$gedi" run -q long.yaml --out whole
cp -r run epochs && cp -r run killed
expect 0 "1000 become 3000" "$gedi" resume run train.iterations=3000
says err "run: resuming at iteration 1000 of 3000"
sed '/^name: /d' whole/descriptor.yaml >want # which is that of the file
# same FOLDER HOW: what is in it is what is in `whole`.
same() {
    for file in checkpoint.safetensors metrics.jsonl; do
        holds "$2: the same $file" cmp "$1/$file" "whole/$file"
    done
    sed '/^name: /d' "$1/descriptor.yaml" >got
    holds "$2: the same descriptor.yaml" cmp got want
}
same run "as from the beginning"
holds "it was evaluated once more" grep -q '"iterations": 3000' run/summary.json
expect 0 "check of it" "$gedi" check run

expect 0 "evaluated later" "$gedi" evaluate run 'evaluate=[knn: {}]' -q
expect 0 "3000 become 3100" "$gedi" resume run train.iterations=3100
says err "run: what \`gedi evaluate' made at iteration 3000 will not be shown for the run at its end"
expect 0 "again" "$gedi" evaluate run 'evaluate=[knn: {}]' -q
expect 0 "figures of it" "$gedi" resume run
holds "nothing is said where it holds" sh -c '! grep -q "will not be shown" err'

# Killed at once, and while it trains.
kills=0
for delay in 0.02 0.1 0.2 0.3; do
    "$gedi" resume -q killed train.iterations=3000 >out 2>err </dev/null &
    pid=$!
    sleep $delay
    kill -KILL $pid 2>/dev/null && kills=$((kills + 1))
    wait $pid 2>/dev/null
done
expect 0 "it goes on" "$gedi" resume -q killed train.iterations=3000
same killed "killed $kills times"
expect 0 "check of what was killed" "$gedi" check killed

# In other words, and by little.
expect 0 "by epochs" "$gedi" resume -q epochs train.iterations=0 train.epochs=101
holds "a hundred and one of ten iterations" grep -q '^counted: \[1010\]' epochs/descriptor.yaml
expect 0 "and again" "$gedi" resume -q epochs train.epochs=102
holds "a hundred and two" grep -q '^counted: \[1020\]' epochs/descriptor.yaml
expect 0 "check of epochs" "$gedi" check epochs

# ---- what is refused ----

cp -r epochs before
expect 2 "shorter than it is" "$gedi" resume epochs train.epochs=50
says err "a run can become longer, not shorter: it has 1020 iterations, not 500"
holds "it stays as it was" diff -r before epochs
expect 2 "other values, too" "$gedi" resume epochs train.epochs=200 seed=4
says err "training depends on what is to change (seed: 3 -> 4"
sed 's/, over: 800//' short.yaml >ends.yaml
expect 0 "run with a schedule that ends with it" "$gedi" run -q ends.yaml --out ends
cp -r ends before-ends
expect 2 "a schedule that ends with it" "$gedi" resume ends train.iterations=3000
says err "(train.iterations: 1000 -> 3000): optimizer.adamw.lr ends with training, so in a longer run it would have had other values up to here"
holds "it stays as it was, too" diff -r before-ends ends
sed -i 's/iterations: 1000/iterations: 3000/' ends/descriptor.yaml
rm ends/summary.json
expect 2 "nor by hand" "$gedi" resume ends
says err "written for another experiment"

# ---- stages: the last one ----

cat >stages.yaml <<'EOF'
base: short.yaml
optimizer: {adamw: {lr: 1.0e-3}}
stages: [{train: {iterations: 100}}, {optimizer: keep, train: {iterations: 150}}]
EOF
expect 0 "run of stages" "$gedi" run -q stages.yaml --out stages
expect 0 "from the beginning" "$gedi" run -q stages.yaml stages.1.train.iterations=250 --out all
expect 0 "the last stage is longer" "$gedi" resume -q stages stages.1.train.iterations=250
holds "the same weights" cmp stages/checkpoint.safetensors all/checkpoint.safetensors
expect 2 "the first is not" "$gedi" resume stages stages.0.train.iterations=200
says err "training depends on what is to change (stages.0.train.iterations: 100 -> 200)"

finish
