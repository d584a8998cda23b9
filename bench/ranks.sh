#!/bin/sh
# ranks.sh - iterations per second of one thread, of two runs at once, of two ranks and of two threads.
#
# usage: ranks.sh [GEDI [ROUNDS]]   GEDI: the command (build/gedi), ROUNDS: 3
# In turn, of ResNet-8 on CIFAR-10 (gedi data fetch cifar10, or $GEDI_DATA), batch 64: width 64 by two views without
# samples, and width 128 by GEDI with five steps of SGLD. As root, before all other work on the machine.
gedi=$(realpath "${1:-build/gedi}") rounds=${2:-3}
folder=$(mktemp -d) && cd "$folder" || exit 1
trap 'rm -rf "$folder"' EXIT
unset OPENBLAS_CORETYPE
cat >views.yaml <<'END'
seed: 0
threads: 1
dataset: {cifar10: {}}
views: [[random_crop: {}, horizontal_flip: {}], [random_crop: {}, horizontal_flip: {}]]
model: {resnet8: {width: 64}}
objective: {gedi_no_gen: {clusters: 10, prototypes: unit}}
optimizer: {adam: {}}
train: {iterations: 60, batch: 64, log_every: 60, checkpoint_every: 100}
evaluate: []
figures: []
END
cat >samples.yaml <<'END'
base: views.yaml
model: {resnet8: {width: 128}}
objective: {gedi: {clusters: 10, prototypes: free}}
sampler: {sgld: {steps: 5, step_size: 1, noise: 0.01, buffer: 1000, low: -1, high: 1}}
train: {iterations: 6, batch: 64, log_every: 6, checkpoint_every: 100}
END
first=
[ "$(id -u)" = 0 ] && first="nice -n -20"
run() { # OUT ARGUMENTS...
    out=$1
    shift
    $first "$@" --out "$out" >/dev/null 2>"$out.err" || { cat "$out.err" >&2; exit 1; }
}
speed() { sed -n 's/.*"iterations_per_second": \([0-9.]*\).*/\1/p' "$1/summary.json"; }
for what in views samples; do
    for round in $(seq "$rounds"); do
        rm -rf one two three ranks threads
        run one "$gedi" run -q $what.yaml
        run two "$gedi" run -q $what.yaml &
        run three "$gedi" run -q $what.yaml
        wait
        run ranks mpirun --allow-run-as-root --oversubscribe -n 2 "$gedi" run -q $what.yaml
        run threads "$gedi" run -q $what.yaml threads=2
        echo "$what $round $(speed one) $(speed two) $(speed three) $(speed ranks) $(speed threads)"
    done
done | awk 'BEGIN { print "             one thread   two at once    2 ranks (times)   2 threads (times)" }
    { printf "%-10s %s %9.3f %9.3f %7.3f %9.3f (%.2f) %11.3f (%.2f)\n", $1, $2, $3, $4, $5, $6, $6 / $3, $7, $7 / $3 }'
