#!/bin/sh
# test_images.sh - an experiment on images from dataset to figures: on those of $GEDI_TEST_DATA, and on
# a few made here.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
descriptor=$top_srcdir/tests/cifar10.yaml
unset GEDI_DATA

put_cifar10 made
small="dataset.cifar10.train_limit=100 dataset.cifar10.test_limit=40"

# shellcheck disable=SC2086  # words, not one word
on_made() {
    env GEDI_DATA="$work/made" "$gedi" "$@" $small
}
expect 0 "images made here, one thread" on_made run -q "$descriptor" threads=1 figures=[] --out one
expect 0 "the same, two threads" on_made run -q "$descriptor" threads=2 figures=[] --out two
# Checkpoints name the threads; the last numbers of all are the optimizer's, after every batch.
for run in one two; do
    tail -c 65536 $run/checkpoint.safetensors >$run/weights
done
holds "threads do not change the bytes" cmp one/weights two/weights
expect 2 "a dataset that is not there" env GEDI_DATA="$work" "$gedi" run "$descriptor" --out never
says err "path: not set, and the cache has no $work/cifar-10-batches-bin/data_batch_1.bin"
says err "run \`gedi data fetch cifar10'"
holds "no directory is made" test ! -e never
expect 2 "views of points" "$gedi" run "$descriptor" --out never \
    "dataset={moons: {train: 100}}" "views=[[], [gaussian_noise: {}]]" "figures=[views]"
says err "figures: views needs images [H, W, 1] or [H, W, 3], but records of moons have shape [2]"
expect 2 "colours of points" "$gedi" run "$descriptor" --out never "dataset={moons: {train: 100}}" \
    "figures=[]"
says err "view random_crop is for images [H, W, C], but records have shape [2]"

if command -v gnuplot >/dev/null; then
    expect 0 "figures of images made here" on_made run -q "$descriptor" --out drawn
    holds "the picture is there" test -s drawn/figures/views.png
    holds "and its images alone" test -s drawn/figures/views-images.png
else
    skip "there is no gnuplot"
fi

if [ -d "${GEDI_TEST_DATA:-/nowhere}/cifar-10-batches-bin" ]; then
    expect 0 "real images" env GEDI_DATA="$GEDI_TEST_DATA" "$gedi" run -q "$descriptor" \
        figures=[] --out real
    says out "clustering.nmi"
    for data in cifar100 svhn; do
        expect 0 "$data" env GEDI_DATA="$GEDI_TEST_DATA" "$gedi" run -q "$descriptor" \
            "dataset={$data: {mean: 0.5, std: 0.2}}" figures=[] --out "real-$data"
    done
else
    skip "GEDI_TEST_DATA names no folder with cifar-10-batches-bin"
fi
finish
