#!/bin/sh
# test_memory.sh - the n-th allocation fails, of `gedi check`, of a run of two iterations and of a
# sweep of two points: no crash, no endless loop, out of memory is said, and the command then
# ends in the same bytes as one that was left alone.
#
# GEDI_MEMORY_EVERY: every how many-th n is tried (97; of a sweep, which is two runs, every
# 388th), GEDI_MEMORY_REDO: after every how many-th of them the command is given again (10),
# GEDI_MEMORY_JOBS: at a time (1), GEDI_MEMORY_LASTING=1: from the n-th on all fail.
. "${srcdir:-.}/tests/testing.sh"

every=${GEDI_MEMORY_EVERY:-97} redo=${GEDI_MEMORY_REDO:-10} jobs=${GEDI_MEMORY_JOBS:-1}
lasting=${GEDI_MEMORY_LASTING:-}
library=$work/fail_allocation.so
if ! ${CC:-cc} -D_GNU_SOURCE -std=c11 -O1 -shared -fPIC -o "$library" \
    "$top_srcdir/tests/fail_allocation.c" 2>/dev/null; then
    skip "no compiler for an allocator that fails"
    exit 77
fi
# Without libtool's script around it, a run takes half the time.
if [ "$gedi" = "$top_builddir/gedi" ] && [ -x "$top_builddir/.libs/gedi" ]; then
    gedi=$top_builddir/.libs/gedi
    LD_LIBRARY_PATH=$top_builddir/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
fi
if grep -qaF __asan_init "$gedi"; then
    skip "AddressSanitizer has an allocator of its own"
    exit 77
fi
cd "$work" || exit 1
cat >moons.yaml <<'EOF'
seed: 1
threads: 1
dataset:   {moons: {noise: 0.05, train: 40, test: 20}}
views: [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [4], output: 2}}
objective: {gedi: {gen: 0.01}}
sampler:   {sgld: {steps: 1, step_size: 0.01, buffer: 20}}
optimizer: {adam: {lr: 1.0e-3}}
train:     {iterations: 2, batch: 20, log_every: 1, checkpoint_every: 1}
evaluate:  [clustering: {}, ood: {against: [circles: {}]}]
EOF

# give WHAT FOLDER: one of the three commands; `again` is what a user does after a run failed.
give() {
    case $1 in
    check) timeout -s KILL 60 "$gedi" check moons.yaml ;;
    run) timeout -s KILL 60 "$gedi" run -q moons.yaml --out "$2" ;;
    resume) timeout -s KILL 60 "$gedi" resume -q "$2" ;;
    sweep) timeout -s KILL 60 "$gedi" sweep -q moons.yaml sweep.seed=0..1 -j 1 --out "$2" ;;
    esac
}

again() {
    if [ "$1" = run ] && [ -e "$2/descriptor.yaml" ]; then
        give resume "$2"
    else
        give "$1" "$2"
    fi
}

# failing N WHAT FOLDER: the command with an allocator that fails; output in FOLDER.said.
failing() {
    rm -f "$3.count" "$3.trace"
    (
        ALLOCATION_FAILS=$1 ALLOCATION_COUNTER=$work/$3.count ALLOCATION_TRACE=$work/$3.trace
        [ -z "$lasting" ] || export ALLOCATION_LASTING=1
        LD_PRELOAD=$library
        export ALLOCATION_FAILS ALLOCATION_COUNTER ALLOCATION_TRACE LD_PRELOAD
        give "$2" "$3"
    ) >"$3.said" 2>&1 </dev/null
}

summary() {
    sed '/^  "time": {/,/^  }/d; /^  "host": {/,/^  }/d; /^  "checksum"/d' "$1/summary.json"
}

# same WHAT FOLDER: are these the bytes of the one that was left alone?
same() {
    case $1 in
    check) cmp whole.check.said "$2.said" ;;
    run)
        cmp whole.run/checkpoint.safetensors "$2/checkpoint.safetensors" &&
            cmp whole.run/metrics.jsonl "$2/metrics.jsonl" &&
            summary whole.run >"$2.one" && summary "$2" >"$2.two" && diff "$2.one" "$2.two"
        ;;
    sweep)
        for one in whole.sweep/runs/*; do
            point=$2/runs/${one##*/}
            cmp "$one/checkpoint.safetensors" "$point/checkpoint.safetensors" &&
                cmp "$one/metrics.jsonl" "$point/metrics.jsonl" &&
                summary "$one" >"$2.one" && summary "$point" >"$2.two" &&
                diff "$2.one" "$2.two" || return 1
        done
        ;;
    esac
}

# judge CODE WHAT FOLDER: says what is wrong.
judge() {
    case $1 in
    0) same "$2" "$3" >"$3.differs" 2>&1 || { echo "succeeds with another result"; cat "$3.differs"; } ;;
    1 | 2)
        grep -qi -e "out of memory" -e "cannot allocate memory" "$3.said" ||
            echo "exit code $1, but nothing about memory"
        ;;
    137) echo "takes more than 60 seconds" ;;
    *) echo "crashes with $1" ;;
    esac
}

# work_on WHAT TOTAL STEP JOB: every jobs-th of the numbers that are tried.
work_on() {
    number=0 n=1 repeated=0
    while [ $n -le "$2" ]; do
        number=$((number + 1))
        if [ $((number % jobs)) -eq $(($4 % jobs)) ]; then
            folder=$1.$4 code=0
            failing $n "$1" "$folder" || code=$?
            wrong=$(judge $code "$1" "$folder")
            if [ -z "$wrong" ] && [ "$1" != check ] && [ $((number / jobs % redo)) -eq 0 ]; then
                repeated=$((repeated + 1))
                cp "$folder.said" "$folder.before"
                again "$1" "$folder" >"$folder.said" 2>&1 </dev/null || wrong="the command then fails"
                [ -n "$wrong" ] || same "$1" "$folder" >"$folder.differs" 2>&1 ||
                    wrong="the command then ends in other bytes: $(cat "$folder.differs")"
                [ -z "$wrong" ] || cat "$folder.before" >>"$folder.said"
            fi
            if [ -n "$wrong" ]; then
                echo "$n: $wrong"
                cat "$folder.said" "$folder.trace" 2>/dev/null
            fi >>"bad.$1.$4"
            [ -z "$wrong" ] || echo $n >>"lost.$1.$4"
            echo $n >>"tried.$1.$4"
            rm -rf "$folder"
        fi
        n=$((n + $3))
    done
    echo $repeated >"repeated.$1.$4"
}

# fail_each WHAT STEP: all of one command.
fail_each() {
    give "$1" "whole.$1" >"whole.$1.said" 2>&1 </dev/null || fail "$1 that is left alone" "whole.$1.said"
    failing 0 "$1" counted || fail "$1 with allocations counted" counted.said
    total=$(od -An -td8 counted.count | tr -d ' ')
    rm -rf counted
    holds "$1: allocations are counted, $total" [ "$total" -gt 500 ]
    job=1
    while [ $job -le "$jobs" ]; do
        work_on "$1" "$total" "$2" $job &
        job=$((job + 1))
    done
    wait
    tried=$(cat tried."$1".* | wc -l)
    lost=$(cat lost."$1".* 2>/dev/null | wc -l)
    cat bad."$1".* >bad 2>/dev/null
    if [ "$lost" -eq 0 ]; then
        pass "$1: $tried of $total allocations fail, and nothing is lost"
    else
        head -n 400 bad >some
        fail "$1: $lost of $tried failing allocations do harm" some
    fi
    repeated=$(cat repeated."$1".* | awk '{n += $1} END {print n + 0}')
    echo "figures: allocations failed${lasting:+ for good}, $1, $repeated given again|$tried|$lost"
}

step=$every
[ "$every" -eq 1 ] || step=$((4 * every))
fail_each check "$every"
fail_each run "$every"
fail_each sweep "$step"

finish
