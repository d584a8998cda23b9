#!/bin/sh
# test_length.sh - how long a run is, stated in epochs or hours: counted when it begins, kept in
# the descriptor of its folder, and resumed to the same bytes.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
moons_descriptor epochs.yaml 'seed: 3' 'dataset: {moons: {noise: 0.05, train: 210, test: 100}}' \
    'model: {mlp: {hidden: [8], output: 2, batch_norm: true}}' \
    'optimizer: {adamw: {lr: {cosine: {from: 0.01, to: 0.001}}}}' \
    'train: {epochs: 300, batch: 10, accumulate: 2, log_every: 20, checkpoint_every: 400}'
sed 's/epochs: 300/iterations: 3000/' epochs.yaml >iterations.yaml
sed 's/epochs: 300/hours: 0.0005/' epochs.yaml >hours.yaml
cat >stages.yaml <<'EOF'
base: epochs.yaml
stages: [{train: {epochs: 3}}, {optimizer: keep, train: {epochs: 0, iterations: 7}}, {train: {batch: 30}}]
EOF

counted() {
    grep '^counted: ' "$1/descriptor.yaml"
}

# ---- epochs ----

expect 0 "check of epochs" "$gedi" check epochs.yaml
says out "adamw, 300 epochs of 2 times batch 10"
expect 0 "run of epochs" "$gedi" run -q epochs.yaml --out epochs
expect 0 "run of as many iterations" "$gedi" run -q iterations.yaml --out iterations
holds "210 records are 10 iterations of 20" [ "$(counted epochs)" = "counted: [3000]" ]
holds "iterations are not counted" [ -z "$(counted iterations)" ]
holds "the same log" cmp epochs/metrics.jsonl iterations/metrics.jsonl
holds "it ends at the end of its schedule" grep -q '"iteration": 3000, .*"optimizer.adamw.lr": 0.001000' epochs/metrics.jsonl
expect 0 "check of such a run" "$gedi" check epochs
expect 0 "evaluate such a run" "$gedi" evaluate epochs "evaluate=[knn]"

expect 0 "run of stages" "$gedi" run -q stages.yaml --out stages
holds "each stage is counted" [ "$(counted stages)" = "counted: [30, 7, 900]" ]
says out "clustering.nmi"
expect 0 "run of a stored descriptor" "$gedi" run -q stages/descriptor.yaml --out again
holds "it has the same weights" cmp stages/checkpoint.safetensors again/checkpoint.safetensors
printf '%s\n' 'base: stages/descriptor.yaml' 'dataset: {moons: {train: 420}}' >based.yaml
expect 0 "run of a stored descriptor as a base" "$gedi" run -q based.yaml --out based
holds "a base hands no count on" [ "$(counted based)" = "counted: [63, 7, 2100]" ]
expect 0 "run of a stored descriptor with other batches" \
    "$gedi" run -q stages/descriptor.yaml stages.2.train.batch=10 stages.2.train.epochs=2 --out other
holds "what is put in is counted" [ "$(counted other)" = "counted: [30, 7, 20]" ]

# ---- interrupted ----

# resumed NAME FILE: a run of FILE that is interrupted goes on to the bytes of the folder NAME.
resumed() {
    if ! stopped TERM "[ -s part/metrics.jsonl ]" "$2"; then
        skip "$1: the run was always over before it could be interrupted"
        return
    fi
    expect 0 "$1: resume" "$gedi" resume -q part
    for file in checkpoint.safetensors metrics.jsonl descriptor.yaml; do
        holds "$1, resumed: the same $file" cmp "$1/$file" "part/$file"
    done
}
resumed epochs epochs.yaml

cp -r part cut && sed -i '/^counted/d' cut/descriptor.yaml
expect 0 "resume of what is not counted, but finished" "$gedi" resume cut train.batch=10

# ---- hours ----

expect 0 "check of hours" "$gedi" check hours.yaml optimizer.adamw.lr.cosine.warmup=500
says out "adamw, 0.0005 hours of 2 times batch 10"
holds "it warns of nothing" [ -z "$(grep warning out err)" ]
expect 0 "run of hours" "$gedi" run hours.yaml --out hours
says err "timing an iteration, to see how many fit into 0.0005 hours"
says err "iterations, which descriptor.yaml keeps"
n=$(counted hours | tr -dc 0-9)
holds "some iterations fit into 1.8 s" [ "${n:-0}" -gt 10 ]
holds "it has as many" grep -q "\"iterations\": $n," hours/summary.json
lr=$(sed -n "s/.*\"iteration\": $n, .*\"optimizer.adamw.lr\": \([0-9.e-]*\).*/\1/p" hours/metrics.jsonl)
holds "it ends at the end of its schedule, one iteration before .001 but for (.01 - .001) (pi / n)^2 / 4" \
    awk -v lr="${lr:-1}" -v n="$n" 'BEGIN { exit !(lr - .001 <= .009 * 2.6 / n / n + 1e-6) }'
resumed hours hours/descriptor.yaml
rm part/summary.json
expect 0 "resume with the same hours" "$gedi" resume part train.hours=0.0005
holds "they are as many iterations as they were" [ "$(counted part)" = "counted: [$n]" ]
rm part/summary.json && sed -i '/^counted/d' part/descriptor.yaml
expect 2 "resume of hours that are not counted" "$gedi" resume part
says err "descriptor.yaml: \`counted\` is missing"

# ---- mistakes ----

expect 2 "two lengths" "$gedi" check epochs.yaml train.iterations=5
says out "train: epochs is given beside iterations, but only one can say how long: set the other to 0"
expect 2 "no length" "$gedi" check epochs.yaml train.epochs=0
says out "train: none of iterations, epochs and hours is above 0: state one"
expect 2 "more than the data" "$gedi" run epochs.yaml train.batch=200 --out no
says err "train.batch times train.accumulate is 400, but dataset moons has 210 training records"
expect 2 "hours of a sweep" "$gedi" check hours.yaml "sweep={seed: 0..1}"
says out "runs of a sweep share the machine"
expect 2 "data that are not there" "$gedi" run epochs.yaml "dataset={mnist: {path: nowhere}}" --out no
says err "nowhere"
for counted in 5 "[5, 5]" "[five]" "[-5]" "[0]"; do
    {
        cat epochs.yaml
        echo "counted: $counted"
    } >bad.yaml
    expect 2 "counted: $counted" "$gedi" check bad.yaml
    says out "bad.yaml:10:"
    says out "counted: "
done
holds "nothing is left of what was refused" [ ! -e no ]

# ---- a sweep ----

expect 0 "sweep of epochs" "$gedi" sweep -q epochs.yaml "sweep={train.epochs: [2, 3]}" --out sweep
for run in sweep/runs/*; do
    counted "$run"
done | sort >out
printf 'counted: [20]\ncounted: [30]\n' >want
holds "each point is counted" cmp out want
expect 0 "sweep again" "$gedi" sweep epochs.yaml "sweep={train.epochs: [2, 3]}" --out sweep
says err "2 of 2"

finish
