#!/bin/sh
# test_data_changed.sh - data that change under a run are noticed: when it goes on, when it is evaluated,
# and in the table of a sweep.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1
"$gedi" list dataset 2>/dev/null | grep -q npy || { echo "there is no npy"; exit 77; }

records() { # N TEXT
    yes "$2" | tr -d '\n' | head -c $(($1 * 4)) | put_npy data/train_x "$1, 4"
    yes 01 | tr -d '\n' | tr 01 '\000\001' | head -c "$1" | put_npy data/train_y "$1,"
}
mkdir data
records 60 abcdefghijklmno

cat >one.yaml <<'END'
seed: 3
threads: 1
dataset:   {npy: {path: data, test_x: "", test_y: ""}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [8], output: 2}}
objective: {gedi_no_gen: {clusters: 2}}
optimizer: {adam: {lr: 1.0e-3}}
train:     {iterations: 40, batch: 10, log_every: 10, checkpoint_every: 20}
evaluate:  [clustering: {}]
END
expect 0 "check says what was read" "$gedi" check one.yaml
says out "data    npy: 48 + 12 records of 4, 2 classes; views: as it is"
expect 0 "a run" "$gedi" run one.yaml -q --out whole
holds "its summary has the data" grep -q '"data": "48 + 12 records of 4, 2 classes; names .*; records ' whole/summary.json
cp -r whole half
cp half/checkpoint-previous.safetensors half/checkpoint.safetensors
rm half/summary.json half/checkpoint-previous.safetensors
cp -r half shorter

records 60 abcdefghijklmnO
cp -r whole longer
expect 2 "a longer run with another byte" "$gedi" resume -q longer train.iterations=60
holds "leaves the run as it was" diff -r whole longer
expect 2 "resume with another byte" "$gedi" resume -q half
says err "the data are not those that the run began with: 48 + 12 records of 4, 2 classes as then, but with other contents: restore them, or start a new run"
expect 0 "an evaluation of it" "$gedi" evaluate whole
says err "warning: whole: the data are not those that it was trained on: 48 + 12 records"
expect 0 "data that are meant to be others" "$gedi" evaluate whole dataset.npy.test_share=0.3
holds "no warning" sh -c '! grep -q "the data are not" err'
records 50 abcdefghijklmno
expect 2 "resume with fewer records" "$gedi" resume -q half
says err "48 + 12 records of 4, 2 classes then, 40 + 10 records of 4, 2 classes now"

records 60 abcdefghijklmno
mkdir moved && mv data moved
expect 0 "the same elsewhere" "$gedi" resume -q half "dataset.npy.path=$work/moved/data"
expect 0 "it is whole" "$gedi" check half
mv moved/data .
expect 0 "restored" "$gedi" resume -q shorter
holds "the same bytes" cmp whole/checkpoint.safetensors shorter/checkpoint.safetensors
expect 0 "nothing to warn of" "$gedi" evaluate whole
holds "no warning" sh -c '! grep -q "the data are not" err'

cat >sweep.yaml <<'END'
base: one.yaml
sweep: {seed: [3]}
END
expect 0 "a sweep" "$gedi" sweep sweep.yaml -q --out sweep
records 60 abcdefghijklmnO
sed -i 's/\[3\]/[3, 4]/' sweep.yaml
expect 0 "with a point on other data" "$gedi" sweep sweep.yaml -q --out sweep
expect 0 "a table of both" "$gedi" table sweep/runs --rows seed --value evaluation.clustering.nmi
says out "data: 48 + 12 records of 4, 2 classes, records "
says out "elsewhere data: 48 + 12 records"

# ---- after a divergence ----

records 60 abcdefghijklmno
expect 1 "a run that diverges" "$gedi" run one.yaml -q --out up \
    'optimizer={sgd: {momentum: 0.9, lr: {steps: {0: 0.01, 33: 1.0e+6}}}}' train.explode=1000
records 60 abcdefghijklmnO
expect 0 "it goes on with other data" "$gedi" resume -q --from-divergence up optimizer.sgd.lr=0.005
says err "up-after-20: the data are not those that the run began with: 48 + 12 records of 4, 2 classes as then, but with other contents"

# ---- records that stay in their file ----

records 60 abcdefghijklmno
expect 0 "a run that reads its file" "$gedi" run one.yaml --out paged dataset.npy.keep=files
says err "dataset npy: 60 records of [4], 0.00024 MB, stay in their files"
holds "the same numbers" cmp whole/metrics.jsonl paged/metrics.jsonl
rm paged/summary.json
expect 0 "they may come into memory" "$gedi" resume -q paged dataset.npy.keep=memory
rm paged/summary.json
expect 0 "and go back" "$gedi" resume -q paged dataset.npy.keep=files
rm paged/summary.json
records 60 abcdefghijklmnO
expect 0 "other bytes of as many cannot be told from the size" "$gedi" resume -q paged
rm paged/summary.json
records 50 abcdefghijklmno
expect 2 "fewer can" "$gedi" resume -q paged
says err "48 + 12 records of 4, 2 classes then, 40 + 10 records of 4, 2 classes now"

# ---- weights of a run as the beginning of another ----

records 60 abcdefghijklmno
expect 0 "a run that is to be begun with" "$gedi" run one.yaml -q --out origin
expect 0 "a run on the same data" "$gedi" run one.yaml --out again 'init={run: origin}'
holds "has nothing to note" sh -c '! grep -q "other data" err'
expect 0 "on another part of them, as it was asked for" "$gedi" run one.yaml --out part 'init={run: origin}' dataset.npy.test_share=0.3
holds "has nothing to note either" sh -c '! grep -q "other data" err'
records 60 abcdefghijklmnO
expect 0 "on data that have changed" "$gedi" run one.yaml --out begun 'init={run: origin}'
says err "origin/checkpoint.safetensors has learnt from other data of the same dataset: 48 + 12 records of 4, 2 classes as then, but with other contents"
holds "it is said once" [ "$(grep -c 'other data' err)" -eq 1 ]
mkdir other
cp data/* other
expect 0 "or lie elsewhere" "$gedi" run one.yaml --out moved 'init={run: origin}' dataset.npy.path=other
says err "has learnt from other data of the same dataset"
expect 0 "on another dataset" "$gedi" run one.yaml --out transfer 'init={run: origin, only: [model.layer1]}' 'dataset={moons: {}}' 
holds "transfer is no news" sh -c '! grep -q "other data" err'
finish
