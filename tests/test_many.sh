#!/bin/sh
# test_many.sh - tables and comparisons of 2,000 runs by seed, and the check of 5,000 points, take time that
# grows with their number, not with its square: each has ten seconds of a processor, of which it needs one
# or two.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1

runs=2000
moons_descriptor one.yaml 'dataset: {moons: {noise: 0.05, train: 100, test: 50}}' views: \
    'objective: {gedi_no_gen: {clusters: 2, inv: 0}}' 'optimizer: {adam: {}}' \
    'train: {iterations: 2, batch: 40}'
expect 0 "one run" "$gedi" run -q one.yaml --out one
copies $runs i

# within NAME ARGUMENT...: gedi with these arguments, in ten seconds of a processor.
within() {
    what=$1
    shift
    # shellcheck disable=SC2016  # for the inner shell
    expect 0 "$what" sh -c 'ulimit -t 10; exec "$@"' sh "$gedi" "$@"
}
value="--value evaluation.clustering.nmi"
within "a table of all" table many --rows objective $value
says out "over seed, $runs runs a cell"
within "a row a seed" table many --rows seed $value
says out "| $((runs - 1)) "
within "a column a seed" table many --rows objective --columns seed $value
within "compare" compare many many
says out "$runs pairs by seed"
{
    cat one.yaml
    echo 'sweep: {seed: 0..4999}'
} >points.yaml
within "5,000 points" check points.yaml
says out "5000 points"
finish
