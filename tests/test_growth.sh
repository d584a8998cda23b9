#!/bin/sh
# test_growth.sh - 2000 iterations of GEDI on images: neither memory nor the time of an iteration
# grows. For `make check-long`.
#
# GEDI_ITERATIONS says how many (2000). Time is that of the processor, so that other work on the
# machine hardly matters.
. "${srcdir:-.}/tests/testing.sh"

iterations=${GEDI_ITERATIONS:-2000}
cd "$work" || exit 1
[ -r /proc/self/status ] || { echo "there is no /proc"; exit 77; }
put_cifar10 made
cat >growth.yaml <<'END'
seed: 3
threads: 1
dataset:   {cifar10: {path: made/cifar-10-batches-bin, mean: 0.48, std: 0.25}}
views:
  - [random_crop: {}, color_jitter: {}, gray_scale: {}, horizontal_flip: {}, gaussian_noise: {std: 0.03}]
  - [random_crop: {}, color_jitter: {}, gray_scale: {}, horizontal_flip: {}, gaussian_noise: {std: 0.03}]
model:     {resnet8: {width: 16}}
objective: {gedi: {clusters: 10, sphere: true, prototypes: free, gen: 0.01}}
sampler:   {sgld: {steps: 2, step_size: 0.01, buffer: 64}}
optimizer: {adam: {lr: 1.0e-4}}
train:     {iterations: 2000, batch: 8, log_every: 10, checkpoint_every: 50}
evaluate:  []
figures:   []
END

# "iteration ticks kB" of the process, again and again while it runs.
follow() {
    while kill -0 "$1" 2>/dev/null; do
        lines=$(wc -l 2>/dev/null <run/metrics.jsonl) || lines=0
        stat=$(cat "/proc/$1/stat" 2>/dev/null) || break
        kb=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null)
        # shellcheck disable=SC2086  # fields: the 12th and 13th behind the name are the times
        set -- "$1" ${stat##*) }
        [ -z "$kb" ] || echo "$((10 * lines)) $((${13} + ${14})) $kb"
        sleep 0.05
    done
}

"$gedi" run -q growth.yaml "train.iterations=$iterations" --out run >out 2>err </dev/null &
pid=$!
follow $pid >seen
code=0
wait $pid || code=$?
if [ $code -eq 0 ]; then
    pass "it trains to its end"
else
    fail "exit code $code" out err
fi

# Of the tenth, the middle and the last of it that was seen.
awk -v n="$iterations" '
    !first && $1 >= n / 10 { first = $1; t1 = $2; m1 = $3 }
    !half && $1 >= n / 2 { half = $1; t2 = $2 }
    first && $1 < n { last = $1; t3 = $2; m3 = $3; if ($3 > most) most = $3 }
    END {
        if (!first || half <= first || last <= half) exit
        print "memory", m1, m3, most
        print "time", (t2 - t1) / (half - first), (t3 - t2) / (last - half)
    }' seen >figures
cat figures
holds "it was seen to train" [ "$(wc -l <figures)" -eq 2 ]
holds "after the first tenth memory grows by less than 1 MiB" \
    awk '/^memory/ { exit !($4 < $2 + 1024) }' figures
holds "the second half takes no longer than the first" \
    awk '/^time/ { exit !($3 < 1.25 * $2) }' figures
finish
