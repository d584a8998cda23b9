#!/bin/sh
# test_pipes.sh - a pipe in place of a file is refused by name: nobody writes into it, and what opens it
# as a file would wait without end.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1

moons_descriptor one.yaml 'seed: 1' 'dataset: {moons: {train: 100, test: 50}}' \
    'optimizer: {sgd: {lr: {steps: {0: 0.01, 33: 1.0e+6}}, momentum: 0.9}}' \
    'train: {iterations: 20, batch: 20, checkpoint_every: 5}'

# refused CODE WHERE FILE ARGUMENT...: gedi with these arguments, which reads FILE, says so at once.
refused() {
    want=$1 where=$2 at=$3
    shift 3
    expect "$want" "$* with a pipe for $at" timeout 20 "$gedi" "$@"
    says "$where" "$at: not a file"
}
pipe() { # FILE...
    rm -f "$@"
    mkfifo "$@"
}

"$gedi" run -q one.yaml --out whole >/dev/null
expect 1 "a run that diverges" "$gedi" run -q one.yaml train.iterations=80 --out up

for file in summary.json metrics.jsonl checkpoint.safetensors; do
    rm -rf run && cp -r whole run
    pipe run/$file
    refused 1 out run/$file check run
done
rm -rf run && cp -r whole run && pipe run/summary.json
refused 1 err run/summary.json resume run
refused 2 err run/summary.json compare run whole
refused 0 err run/summary.json table run --rows seed --value loss
rm run/summary.json && pipe run/checkpoint.safetensors run/checkpoint-previous.safetensors
refused 1 err run/checkpoint.safetensors resume run
refused 1 err run/checkpoint-previous.safetensors resume run
rm -rf run && cp -r whole run && pipe run/gedi.json
refused 1 err run/gedi.json resume run
refused 1 err run/gedi.json run one.yaml --out run
rm -rf run && cp -r whole run && pipe run/descriptor.yaml
refused 2 err run/descriptor.yaml resume run
rm -rf run && cp -r up run && pipe run/divergence.json
refused 1 err run/divergence.json resume --from-divergence run seed=2

printf 'base: one.yaml\nsweep: {seed: [1, 2]}\n' >sweep.yaml
"$gedi" sweep -q sweep.yaml --out sweep >/dev/null
pipe sweep/points.json
refused 1 err sweep/points.json table sweep
mkfifo pipe.yaml
refused 2 err pipe.yaml run pipe.yaml --out never
printf 'base: pipe.yaml\n' >based.yaml
refused 2 err pipe.yaml run based.yaml --out never

mkdir code && mkfifo code/objective_pipe.so
sed 's/gedi_no_gen: {clusters: 2}/pipe: {}/' one.yaml >plugin.yaml
printf 'plugins: [code]\n' >>plugin.yaml
refused 2 err code/objective_pipe.so run plugin.yaml --out never

# ---- data ----

mkdir -p mnist svhn images/train/a images/test/a
mkfifo mnist/train-images-idx3-ubyte svhn/train_32x32.mat images/train/a/1.png images/test/a/1.png
put_cifar10 cifar
pipe cifar/cifar-10-batches-bin/test_batch.bin
data() { # DATASET PATH FILE
    if [ -e "$top_builddir/.libs/dataset_$1.so" ]; then
        refused 1 err "$3" run one.yaml "dataset={$1: {path: $2}}" 'model={mlp: {hidden: [8], output: 2}}' --out never
    else
        skip "there is no dataset $1"
    fi
}
data mnist mnist mnist/train-images-idx3-ubyte
data cifar10 cifar cifar/cifar-10-batches-bin/test_batch.bin
data svhn svhn svhn/train_32x32.mat
data image_folder images images/train/a/1.png

# What was named as a stream stays one.
expect 0 "a descriptor through a pipe" sh -c 'cat one.yaml | "$1" run -q - --out piped' sh "$gedi"
finish
