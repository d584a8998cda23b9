#!/bin/sh
# test_kill.sh - a run of three stages killed with SIGKILL again and again ends in the same
# bytes as one that was left alone.
#
# Kills come at random moments; every second one waits for the next moment at which a
# checkpoint is being written. GEDI_KILLS says how many there are (5), GEDI_KILL_SEED when
# they come (1).
. "${srcdir:-.}/tests/testing.sh"

kills=${GEDI_KILLS:-5} seed=${GEDI_KILL_SEED:-1}
cd "$work" || exit 1
cat >kill.yaml <<'END'
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
  - {objective: {gedi_no_gen: {prototypes: free}}, sampler: null, freeze: [model.layer0]}
  - {optimizer: keep, sampler: {sgld: {buffer: 10000}}, train: {iterations: 600}}
evaluate:  [clustering: {}]
END

milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

# What a user would do next about the run in `part`.
next_command() {
    command="run -q kill.yaml --out part"
    [ ! -e part/descriptor.yaml ] || command="resume -q part"
}

# The time one run takes, from which the moments follow.
began=$(milliseconds)
expect 0 "the run that is left alone" "$gedi" run -q kill.yaml --out whole
lasts=$(($(milliseconds) - began))
awk -v seed="$seed" -v most=$((2 * lasts / (kills + 2) + 20)) -v n=$((20 * kills)) 'BEGIN {
    srand(seed)
    for (i = 0; i < n; i++) printf "%.3f\n", rand() * most / 1000
}' >moments

summary() {
    sed '/^  "time": {/,/^  }/d; /^  "host": {/,/^  }/d; /^  "checksum"/d' "$1/summary.json"
}

half_written() {
    find part -name '*.part' 2>/dev/null
}

# Ends the run in `part` and compares.
compare() {
    next_command
    # shellcheck disable=SC2086  # several words
    expect 0 "the run goes on to its end" "$gedi" $command
    for file in checkpoint.safetensors metrics.jsonl descriptor.yaml; do
        holds "the same $file" cmp whole/$file part/$file
    done
    summary whole >one
    summary part >two
    holds "the same summary.json but for time and host" diff one two
    holds "nothing half written is left" [ -z "$(half_written)" ]
    rm -rf part
}

wait_for_writing() {
    polls=0
    until [ -e part/checkpoint.safetensors.part ] || [ $polls -gt 50000 ]; do
        polls=$((polls + 1))
    done
}

hits=0 writing=0
while read -r moment && [ $hits -lt "$kills" ] && [ $failures -eq 0 ]; do
    next_command
    # shellcheck disable=SC2086  # several words
    "$gedi" $command >out 2>err </dev/null &
    pid=$!
    sleep "$moment"
    [ $((hits % 2)) -eq 0 ] || wait_for_writing
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
    code=$?
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
echo "$hits kills, $writing of them while a file was being written"
holds "$kills kills hit a run" [ $hits -eq "$kills" ]

finish
