#!/bin/sh
# test_meaning.sh - a run goes on by what its descriptor means, not by how it is written or where it
# lies; what training depends on cannot change under it.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1

cat >one.yaml <<'END'
seed: 3
threads: 2
dataset:   {moons: {noise: 0.05, train: 300, test: 100}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [16], output: 2}}
objective: {gedi_no_gen: {clusters: 2}}
optimizer: {adam: {lr: 1.0e-3}}
train:     {iterations: 600, batch: 40, log_every: 50, checkpoint_every: 100}
evaluate:  [clustering: {}]
END
expect 0 "a run" "$gedi" run one.yaml -q --out whole
# Its first half, as if it had been killed then.
half() { # NAME
    rm -rf "$1"
    expect 0 "half of it" "$gedi" run one.yaml -q --out "$1"
    cp "$1/checkpoint-previous.safetensors" "$1/checkpoint.safetensors"
    rm "$1/summary.json" "$1/checkpoint-previous.safetensors"
}
same() { # NAME WHAT
    holds "$2: the same weights" cmp whole/checkpoint.safetensors "$1/checkpoint.safetensors"
}

half a
mkdir elsewhere && mv a elsewhere/a
sed -i -e 's/$/\r/' -e '1i # a comment' -e 's/threads: 2/threads: 1/' elsewhere/a/descriptor.yaml
expect 0 "moved, with a comment, CRLF and one thread" "$gedi" resume -q elsewhere/a
same elsewhere/a "then"

half a
expect 0 "with values on which training does not depend" "$gedi" resume -q a threads=1 \
    train.checkpoint_every=70 'evaluate=[clustering: {}, knn: {}]'
says out "knn.accuracy"
same a "then"
holds "the descriptor has them" grep -q 'checkpoint_every: 70' a/descriptor.yaml

half a
expect 0 "with more lines of the log from here on" "$gedi" resume a train.log_every=20
holds "$name: nothing is taken for damage" sh -c '! grep -q damaged err'
expect 0 "which check knows" "$gedi" check a
says out "a: 1 run (1 finished), 0 evaluations: whole"
sed -i 3d a/metrics.jsonl
expect 1 "and a line that is lost" "$gedi" check a
says out "a/metrics.jsonl: 1 of 16 lines up to iteration 600 are damaged or lost"

half a
cp a/descriptor.yaml before
expect 2 "with another learning rate" "$gedi" resume a optimizer.adam.lr=0.1
says err "training depends on what is to change (optimizer.adam.lr: default -> 0.1): start a new run with these values"
holds "the descriptor stays" cmp before a/descriptor.yaml
expect 2 "with other convolutions" "$gedi" resume a convolution=direct
says err "convolution"
expect 2 "with a value that is none" "$gedi" resume a threads=many
expect 0 "and it goes on" "$gedi" resume -q a
same a "then"

expect 0 "an evaluator more for a finished run" "$gedi" resume -q a 'evaluate=[clustering: {}, linear_probe: {}]'
says out "linear_probe.accuracy"

# Tables take a run's labels from its descriptor: it must be the one that the run ended with.
expect 0 "a table of a finished run" "$gedi" table a --rows seed --value evaluation.clustering.nmi
says out "3"
cp a/descriptor.yaml before
sed -i -e '1i # a comment' -e 's/threads: 1/threads: 2/' a/descriptor.yaml
expect 0 "with a comment and other threads" "$gedi" table a --rows seed --value evaluation.clustering.nmi
sed -i 's/^seed: 3/seed: 4/' a/descriptor.yaml
expect 2 "with a seed that it was not trained with" "$gedi" table a --rows seed --value evaluation.clustering.nmi
says err "a/descriptor.yaml: changed since the run ended (seed: 3 -> 4): restore it, or start a new run from it"
expect 2 "nor can it be compared" "$gedi" compare a a
says err "changed since the run ended"
echo 'sed: 1' >>a/descriptor.yaml
expect 2 "with a descriptor that has mistakes" "$gedi" table a --rows seed --value evaluation.clustering.nmi
says err "it cannot be read"
cp before a/descriptor.yaml
expect 0 "and restored" "$gedi" table a --rows seed --value evaluation.clustering.nmi

# ---- a sweep's points ----

cat >sweep.yaml <<'END'
base: one.yaml
sweep: {rate: {slow: {optimizer.adam.lr: 1.0e-4}, fast: {optimizer.adam.lr: 1.0e-2}}}
table: {rows: rate, value: evaluation.clustering.nmi}
END
expect 0 "a sweep" "$gedi" sweep sweep.yaml -q --out points
for folder in points/runs/*; do
    if grep -q 'lr: 0.01$' "$folder/descriptor.yaml"; then fast=$folder; else slow=$folder; fi
done
cp "$slow/summary.json" kept.json
cp "$fast/summary.json" "$slow/summary.json"
expect 0 "table of a sweep with another point's summary" "$gedi" table points
says out "| slow | failed"
says err "$slow/descriptor.yaml: changed since the run ended (optimizer.adam.lr: "
cp kept.json "$slow/summary.json"
sed -i 's/lr: 0.0001/lr: 0.5/' "$slow/descriptor.yaml"
expect 0 "table of a sweep with a descriptor that was edited" "$gedi" table points
says out "| slow | failed"
sed -i 's/lr: 0.5/lr: 0.0001/' "$slow/descriptor.yaml"
expect 0 "table of a sweep, restored" "$gedi" table points
silent err

# Data that moved.
mkdir -p images/train/x images/train/y images/test/x images/test/y
png='iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAU0lEQVR42gFIALf/AAADBgkMDxIVABgbHiEkJyotADAzNjk8P0JFAEhLTlFUV1pdAGBjZmlsb3J1AHh7foGEh4qNAJCTlpmcn6KlAKirrrG0t7q9M3YXoel4oDQAAAAASUVORK5CYII='
if "$gedi" list dataset 2>/dev/null | grep -q image_folder; then
    for f in train/x/1 train/x/2 train/y/1 train/y/2 test/x/1 test/y/1; do
        echo "$png" | base64 -d >"images/$f.png"
    done
    cat >images.yaml <<'END'
base: one.yaml
dataset: {image_folder: {path: images}}
views: [[], []]
evaluate: []
train: {iterations: 4, batch: 2, checkpoint_every: 2, log_every: 1}
END
    expect 0 "a run on images" "$gedi" run images.yaml -q --out pictures
    cp pictures/checkpoint.safetensors kept
    cp pictures/checkpoint-previous.safetensors pictures/checkpoint.safetensors
    rm pictures/summary.json pictures/checkpoint-previous.safetensors
    mv images moved
    expect 2 "whose data are gone" "$gedi" resume -q pictures
    expect 0 "and named anew" "$gedi" resume -q pictures "dataset.image_folder.path=$work/moved"
    holds "the same weights" "$gedi" check pictures
else
    skip "there is no image_folder"
fi
finish
