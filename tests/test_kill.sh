#!/bin/sh
# test_kill.sh - a run of three stages and a sweep of three points, killed with SIGKILL again and
# again, end in the same bytes as ones that were left alone.
#
# Kills come at random moments; every second one of a run waits for the next moment at which a
# checkpoint is being written, and every second one of a sweep leaves its runs alive, which end by
# themselves while the sweep is started again. GEDI_KILLS says how many there are (5),
# GEDI_KILL_SEED when they come (1).
. "${srcdir:-.}/tests/testing.sh"

kills=${GEDI_KILLS:-5} seed=${GEDI_KILL_SEED:-1}
cd "$work" || exit 1
cat >kill.yaml <<'EOF'
seed: 8
threads: 1
dataset:   {moons: {noise: 0.05, train: 500, test: 100}}
views:
  - []
  - [gaussian_noise: {std: 0.03}]
model:     {mlp: {hidden: [100, 100], output: 2}}
objective: {gedi: {prototypes: free, gen: 0.01}}
sampler:   {sgld: {steps: 1, step_size: 0.01, buffer: 20000}}
optimizer: {adam: {lr: 1.0e-4}}
train:     {iterations: 700, batch: 40, log_every: 5, checkpoint_every: 20}
stages:
  - {objective: {gedi: {inv: 0, prior: 0}}}
  - {objective: {gedi_no_gen: {prototypes: free}}, sampler: null, freeze: [model.layer0],
     optimizer: {lars: {lr: 0.01}}, groups: [{match: [objective], trust: 0.01}]}
  - {optimizer: keep, sampler: {sgld: {buffer: 10000}}, groups: [{match: [model], momentum: 0}],
     train: {iterations: 600, accumulate: 2, clip: 0.5}}
evaluate:  [clustering: {}]
EOF

milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

# What a user would do next about what lies in `part`.
next_command() {
    command="run -q kill.yaml --out part"
    [ "$kind" = run ] || command="sweep -q kill.yaml train.iterations=150 sweep.seed=0..2 -j 2 --out part"
    [ ! -e part/descriptor.yaml ] || command="resume -q part"
}

summary() {
    sed '/^  "time": {/,/^  }/d; /^  "host": {/,/^  }/d; /^  "checksum"/d' "$1/summary.json"
}

half_written() {
    find part -name '*.part' 2>/dev/null
}

compare_run() {
    for file in checkpoint.safetensors metrics.jsonl descriptor.yaml; do
        holds "the same $file" cmp "$1/$file" "$2/$file"
    done
    summary "$1" >one
    summary "$2" >two
    holds "the same summary.json but for time and host" diff one two
}

# Ends what lies in `part` and compares.
compare() {
    next_command
    # shellcheck disable=SC2086  # several words
    expect 0 "the $kind goes on to its end" "$gedi" $command
    if [ "$kind" = run ]; then
        compare_run whole part
    else
        for point in whole/runs/*; do
            compare_run "$point" "part/runs/${point##*/}"
        done
    fi
    holds "nothing half written is left" [ -z "$(half_written)" ]
    rm -rf part
    compared=$((compared + 1))
}

wait_for_writing() {
    polls=0
    until [ -e part/checkpoint.safetensors.part ] || [ $polls -gt 50000 ]; do
        polls=$((polls + 1))
    done
}

# A group of its own: a sweep's runs can be killed with it.
kill_once() {
    # shellcheck disable=SC2086  # several words
    setsid "$gedi" $command >out 2>err </dev/null &
    pid=$!
    sleep "$1"
    if [ "$kind" = run ] && [ $((hits % 2)) -eq 1 ]; then
        wait_for_writing
    fi
    if [ $((hits % 2)) -eq 1 ] || ! kill -s KILL -- -$pid 2>/dev/null; then
        kill -s KILL $pid 2>/dev/null
    fi
    code=0
    wait $pid 2>/dev/null || code=$?
}

# kill_often KIND N
kill_often() {
    kind=$1 hits=0 writing=0 compared=0 before=$failures
    rm -rf whole part
    next_command
    began=$(milliseconds)
    # The time that it takes, from which the moments follow.
    whole=$(echo "$command" | sed 's/part$/whole/')
    # shellcheck disable=SC2086  # several words
    expect 0 "the $kind that is left alone" "$gedi" $whole
    lasts=$(($(milliseconds) - began))
    awk -v seed="$seed" -v most=$((2 * lasts / ($2 < 6 ? $2 + 2 : 8) + 20)) -v n=$((20 * $2)) 'BEGIN {
        srand(seed)
        for (i = 0; i < n; i++) printf "%.3f\n", rand() * most / 1000
    }' >moments
    while read -r moment && [ $hits -lt "$2" ] && [ "$failures" -eq "$before" ]; do
        next_command
        kill_once "$moment"
        case $code in
        137) # killed, and not over before
            hits=$((hits + 1))
            [ -z "$(half_written)" ] || writing=$((writing + 1))
            ;;
        0) compare ;;
        *) fail "going on after a kill: exit code $code" out err ;;
        esac
    done <moments
    [ ! -d part ] || compare
    echo "$hits kills of a $kind, $writing of them while a file was being written"
    echo "figures: kills of a $kind, $compared compared to their end|$hits|$((failures - before))"
    holds "$2 kills hit a $kind" [ $hits -eq "$2" ]
}

kill_often run $(((kills + 1) / 2))
kill_often sweep $((kills / 2))

finish
