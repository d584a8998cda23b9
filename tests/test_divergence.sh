#!/bin/sh
# test_divergence.sh - a run that diverged says where and why; another goes on from its last good
# checkpoint with other values, says so for ever, and ends in the same bytes however often it is killed.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1

# The learning rate jumps at iteration 33: three iterations behind a checkpoint.
moons_descriptor up.yaml 'seed: 3' 'dataset: {moons: {noise: 0.05, train: 300, test: 100}}' \
    'model: {mlp: {hidden: [16], output: 2}}' \
    'optimizer: {sgd: {lr: {steps: {0: 0.01, 33: 1.0e+6}}, momentum: 0.9}}' \
    'train: {iterations: 80, batch: 40, log_every: 5, checkpoint_every: 10}'

table="$gedi table --rows objective --value evaluation.clustering.nmi"

summary() {
    sed '/^  "time": {/,/^  }/d; /^  "host": {/,/^  }/d; /^  "checksum"/d' "$1/summary.json"
}
same() { # A B HOW
    for file in checkpoint.safetensors metrics.jsonl descriptor.yaml; do
        holds "$3: the same $file" cmp "$1/$file" "$2/$file"
    done
    summary "$1" >one
    summary "$2" >two
    holds "$3: the same summary.json but for time and host" diff one two
    holds "$3: with a finite loss" grep -q '"loss": -\?[0-9]' one
}
differs() { # A B WHAT
    holds "$3" sh -c '! cmp -s "$1/checkpoint.safetensors" "$2/checkpoint.safetensors"' sh "$1" "$2"
}

# ---- a run that diverges ----

expect 1 "a run that diverges" "$gedi" run up.yaml --out up
says err "gedi: iteration 35: term '"
says err "; last good checkpoint: up/checkpoint.safetensors, iteration 30"
says err "gedi: go on with other values, such as a smaller learning rate or another seed, with: gedi resume --from-divergence up KEY=VALUE"
holds "its folder says where" grep -q '"iteration": 34,' up/divergence.json
holds "and why" grep -q "\"why\": \"iteration 35: term '" up/divergence.json
expect 0 "its folder is whole" "$gedi" check up
expect 0 "a table of it" $table up
says err "iteration 35: term '"
expect 1 "it diverges again" "$gedi" resume up
says err "up: diverged behind iteration 34, and with the same values it will again; with others it goes on by: gedi resume --from-divergence up KEY=VALUE"
cp -r up kept

# ---- going on ----

good='optimizer.sgd.lr=0.005'
expect 0 "it goes on with another learning rate" "$gedi" resume --from-divergence up $good
says err "up-after-30: goes on from iteration 30 of up with optimizer.sgd.lr: {steps: {0: 0.01, 33: 1000000}} -> 0.005"
says out "went on after iteration 30 with optimizer.sgd.lr: "
says out "; it had diverged: iteration 35: term '"
holds "the descriptor has its last value" grep -q '^    lr: 0.005' up-after-30/descriptor.yaml
holds "and the value before" grep -q '^  - {iteration: 30, changed: "optimizer.sgd.lr: {steps: .* -> 0.005", diverged: "iteration 35: ' up-after-30/descriptor.yaml
holds "the summary has the same" grep -q '"changed": "optimizer.sgd.lr: {steps: .* -> 0.005"' up-after-30/summary.json
holds "the identity, too" grep -q '"history.0: after iteration 30, optimizer.sgd.lr: ' up-after-30/summary.json
for file in descriptor.yaml metrics.jsonl checkpoint.safetensors checkpoint-previous.safetensors; do
    holds "the run that diverged has the same $file" cmp kept/$file up/$file
done
head -n 7 kept/metrics.jsonl >before # iterations 1, 5, 10, ... 30
head -n 7 up-after-30/metrics.jsonl >first
holds "its first iterations are those of the run before" cmp before first
expect 0 "check of the run that went on" "$gedi" check up-after-30
says out "up-after-30: 1 run (1 finished), 0 evaluations: whole"
expect 0 "evaluate" "$gedi" evaluate -q up-after-30 'evaluate=[knn: {}]'
says out "knn.accuracy"
expect 0 "a table names it" $table up
says err "; gone on in $(cd up-after-30 && pwd -P)"

expect 2 "the same folder once more" "$gedi" resume --from-divergence up $good
says err "up-after-30 already holds a run: go on with \`gedi resume up-after-30\`, or choose another directory with --out"
expect 0 "another folder" "$gedi" resume -q --from-divergence up $good --out again
same up-after-30 again "going on twice"

# Of an attempt that was killed before its descriptor was there; and of a run that has lost it.
mkdir part
cp again/gedi.json part
cp before part/metrics.jsonl
cp up/checkpoint.safetensors part # with other values
expect 0 "the same command after a kill" "$gedi" resume -q --from-divergence up $good --out part
same up-after-30 part "an attempt"
rm part/descriptor.yaml
for file in summary.json checkpoint-previous.safetensors metrics.jsonl; do
    expect 2 "a folder that has lost its descriptor, $file is there" "$gedi" resume -q --from-divergence up $good --out part
    says err "part holds $file of a run whose descriptor.yaml is missing"
    rm part/$file
done
rm -r part

# tests/test_going.c kills it in chosen iterations; here at any moment.
"$gedi" resume -q --from-divergence up $good --out part >out 2>err &
pid=$!
until [ -s part/descriptor.yaml ] || ! kill -0 $pid 2>/dev/null; do :; done
kill -9 $pid 2>/dev/null
wait $pid
expect 0 "resumed after a kill" "$gedi" resume -q part
same up-after-30 part "killed"

# ---- what is the same experiment, and what not ----

expect 0 "the last values from the beginning" "$gedi" run -q up.yaml $good --out direct
differs direct up-after-30 "that is another run"
expect 0 "another seed, too" "$gedi" resume -q --from-divergence up $good seed=7 --out seven
differs seven up-after-30 "the batches are those of the new seed"
holds "both changes are told" grep -q '"changed": "optimizer.sgd.lr: .* -> 0.005; seed: 3 -> 7"' seven/summary.json
expect 0 "from the checkpoint before" "$gedi" resume -q --from-divergence --previous up $good
differs up-after-20 up-after-30 "that is another run, too"
mkdir both
cp -r up-after-30 both/a
cp -r direct both/b
expect 0 "a table of both" $table both
says out "history.0: after iteration 30, optimizer.sgd.lr: "
expect 0 "compare" "$gedi" compare up-after-30 direct
says out "history: "

# It diverges once more, and goes on once more.
expect 1 "still too large" "$gedi" resume -q --from-divergence up \
    'optimizer.sgd.lr={steps: {0: 0.005, 63: 1.0e+6}}' --out twice
expect 0 "and a second time" "$gedi" resume -q --from-divergence twice $good train.batch=60
holds "both are told" [ "$(grep -c '"diverged"' twice-after-60/summary.json)" -eq 2 ]
holds "the second with its batch" grep -q 'train.batch: 40 -> 60' twice-after-60/summary.json

# A run that gets beyond it after all did not diverge.
sed 's/0.01, 33: 1.0e+6/0.01/' up.yaml >calm.yaml
"$gedi" run -q calm.yaml --out calm >/dev/null 2>&1
cp -r calm past
rm past/summary.json past/checkpoint.safetensors
mv past/checkpoint-previous.safetensors past/checkpoint.safetensors
sed 's/"iteration": 34/"iteration": 75/; s/,$//; s/\([0-9"]\)$/\1,/; s/"checksum.*/"x": 1/' kept/divergence.json >past/divergence.json
expect 0 "it gets beyond that iteration" "$gedi" resume -q past
holds "and has not diverged" test ! -e past/divergence.json

# ---- what is refused ----

refused() { # WHAT TEXT ARGUMENT...
    what=$1 text=$2
    shift 2
    expect 2 "$what" "$gedi" resume -q --from-divergence "$@" --out none
    says err "$text"
    holds "$what: nothing is written" test ! -e none
}
refused "no values" "up diverges again with the same values: say what is to change" up
refused "the same values" "up diverges again with the same values" up train.log_every=10 seed=3
refused "another model" "model.mlp.hidden: [16]: cannot change where a run goes on, only options of seed, views, objective, sampler, optimizer, groups, train can" up 'model.mlp.hidden=[17]'
refused "other data" "dataset.moons.noise: 0.1: cannot change" up dataset.moons.noise=0.1
refused "another optimizer" "optimizer: sgd: cannot change" up 'optimizer={adam: {}}'
refused "another objective" "objective: gedi_no_gen: cannot change" up 'objective={simsiam: {}}'
refused "free prototypes" "a run goes on with the tensors that its checkpoint has" up objective.gedi_no_gen.prototypes=free $good
refused "no momentum" "optimizer.0.model.layer0.weight: with these values nothing has it: a run goes on with the tensors" up $good optimizer.sgd.momentum=0
refused "averages" "a run goes on with the tensors that its checkpoint has" up $good train.average=0.9
refused "fewer iterations than there are" "train.iterations: the checkpoint is at iteration 30, so nothing is left to train up to 30" up train.iterations=30
refused "a value that is none" "override seed=x" up seed=x
refused "a history of one's own" "history.0: after iteration 9, x: cannot change" up 'history=[{iteration: 9, changed: x, diverged: y}]'
refused "a finished run" "calm did not diverge: it is finished" calm $good
rm -rf part && cp -r calm part && rm part/summary.json
refused "a run that was stopped" "part did not diverge, as far as it was trained: \`gedi resume part\` goes on with it" part $good
expect 1 "diverging before the first checkpoint" "$gedi" run -q up.yaml train.checkpoint_every=40 --out early
refused "no checkpoint" "early diverged before a checkpoint was written (iteration 35: term '" early $good
rm -rf part && cp -r up part && rm part/checkpoint-previous.safetensors
refused "no checkpoint before the last" "part has no checkpoint before the last" --previous part $good
cp up/checkpoint-previous.safetensors part
printf 'x' | dd of=part/checkpoint.safetensors bs=1 conv=notrunc seek=900 2>/dev/null
expect 1 "a damaged checkpoint" "$gedi" resume -q --from-divergence part $good --out none
says err "--previous goes on from the checkpoint before"
expect 0 "from the one before" "$gedi" resume -q --from-divergence --previous part $good --out none
same none up-after-20 "beside a damaged one"
rm -rf none
printf 'x' | dd of=part/checkpoint-previous.safetensors bs=1 conv=notrunc seek=900 2>/dev/null
expect 1 "both checkpoints damaged" "$gedi" resume -q --from-divergence part $good --out none
says err "; so is the checkpoint before: start a new run"

expect 2 "--previous alone" "$gedi" resume --previous up
says err "--previous goes with --from-divergence"
expect 2 "--out alone" "$gedi" resume up --out x
says err "--out goes with --from-divergence"
expect 2 "its descriptor from the beginning" "$gedi" run -q up-after-30/descriptor.yaml --out x
says err "history: this run changed its values on its way (optimizer.sgd.lr: "
expect 2 "nor is that accepted by check" "$gedi" check up-after-30/descriptor.yaml
says out "up-after-30/descriptor.yaml:"
printf 'base: up-after-30/descriptor.yaml\n' >based.yaml
expect 0 "a base hands no history on" "$gedi" run -q based.yaml --out based
holds "it is the run from the beginning" cmp direct/checkpoint.safetensors based/checkpoint.safetensors
expect 2 "changing it" "$gedi" resume up-after-30 'history=[]'
says err "training depends on what is to change (history.0: "
rm -rf part && cp -r up-after-30 part && rm part/summary.json part/*.safetensors
expect 2 "without its checkpoint" "$gedi" resume -q part
says err "its first 30 iterations were another run's: \`gedi resume --from-divergence\` goes on once more from the run that diverged"
printf x >>up/divergence.json
expect 1 "a damaged note" "$gedi" check up
says out "up/divergence.json:"

# ---- stages, and the point of a sweep ----

cat >stages.yaml <<'END'
base: up.yaml
optimizer: {sgd: {lr: 0.01, momentum: 0.9}}
train: {iterations: 40}
stages:
  - {train: {batch: 30}}
  - {optimizer: {sgd: {lr: {steps: {0: 0.01, 5: 1.0e+6}}}}}
END
expect 1 "the second stage diverges" "$gedi" run -q stages.yaml --out stages
refused "what is over" "stages.0.train.batch: 30: that stage is over at iteration 40, where the run goes on" stages stages.0.train.batch=50
expect 0 "the second goes on" "$gedi" resume -q --from-divergence stages stages.1.optimizer.sgd.lr=0.01
holds "from its border" grep -q '"history.0: after iteration 40, stages.1.optimizer.sgd.lr: ' stages-after-40/summary.json

printf 'base: up.yaml\nsweep: {seed: [3, 4]}\n' >sweep.yaml
expect 1 "a sweep whose points diverge" "$gedi" sweep -q sweep.yaml --out sweep
point=$(for p in sweep/runs/*; do grep -q '^seed: 3' "$p/descriptor.yaml" && echo "$p"; done)
expect 0 "one of them goes on" "$gedi" resume -q --from-divergence "$point" $good --out gone
holds "it is the same run" cmp gone/checkpoint.safetensors up-after-30/checkpoint.safetensors
expect 0 "the sweep still lists it" $table sweep
says err "; gone on in $(cd gone && pwd -P)"
expect 1 "the same sweep again" "$gedi" sweep -q sweep.yaml --out sweep
expect 0 "and its table" $table sweep
says err "; gone on in $(cd gone && pwd -P)"

finish
