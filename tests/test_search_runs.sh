#!/bin/sh
# test_search_runs.sh - a sweep that searches: to its end, killed and gone on with, shared, with draws that fail.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
cat >run.yaml <<'END'
dataset:   {moons: {noise: 0.05, train: 200, test: 100}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [8], output: 2}}
objective: {gedi_no_gen: {clusters: 2}}
optimizer: {adam: {lr: 1.0e-2}}
train:     {iterations: 400, batch: 20, log_every: 50, checkpoint_every: 100}
validation: {every: 50}
evaluate:  [clustering: {}]
END
cat >search.yaml <<'END'
base: run.yaml
sweep:
  search:
    tpe: 18
    together: 6
    maximise: evaluation.clustering.nmi
    over:
      optimizer.adam.lr: {log: [1.0e-5, 1.0e-1]}
      model.mlp.hidden: [[4], [8], [8, 8]]
    halve: {from: 50, by: 3}
  seed: 100..101
table: {rows: draw, value: evaluation.clustering.nmi}
END

# ---- to its end ----

expect 0 "check" "$gedi" check search.yaml
says out "18 draws, 6 at a time"
expect 0 "before it begins" "$gedi" sweep -n search.yaml --out whole
says out "12 points, 0 finished"
expect 0 "a search" "$gedi" sweep search.yaml -j 2 --out whole
says err "6 of 18 draws; best: draw "
says err "12 of 18 draws; best: draw "
says out "| draw | optimizer.adam.lr | model.mlp.hidden | evaluation.clustering.nmi | |"
says out "what sets the draws apart, at their first comparison: optimizer.adam.lr "
says out "left: trained no further by the search, as others did better"
holds "every draw stands in draws.csv" [ "$(grep -c '^[0-9]' whole/draws.csv)" -eq 18 ]
# Six draws are compared after 50 iterations, the best two after 150; one is trained to the end.
holds "three draws are finished" [ "$(grep -c ',finished$' whole/draws.csv)" -eq 3 ]
holds "three are left after 150" [ "$(grep -c ',left at iteration 150$' whole/draws.csv)" -eq 3 ]
holds "twelve are left after 50" [ "$(grep -c ',left at iteration 50$' whole/draws.csv)" -eq 12 ]
holds "six runs are finished" [ "$(ls whole/runs/*/summary.json | wc -l)" -eq 6 ]
holds "those that were left have a checkpoint" [ "$(ls whole/runs/*/checkpoint.safetensors | wc -l)" -eq 36 ]
expect 0 "the same again" "$gedi" sweep search.yaml --out whole
says err "36 points, 0 to run"
expect 0 "a list" "$gedi" sweep -n search.yaml --out whole
says out "left      draw 1,"
says out "finished  draw "
expect 0 "whole" "$gedi" check whole
expect 0 "a table of it" "$gedi" table whole --rows draw --value evaluation.clustering.nmi
says out "left"

# The best of each six is where the log says: the mean over the seeds of the last validation.
best=$(sed -n 's/^1,\([0-9]*\),.*/\1/p' whole/draws.csv)
value=$(sed -n 2p whole/draws.csv | awk -F, '{print $(NF - 1)}')
expect 0 "its number" "$gedi" table whole --rows draw --value evaluation.clustering.nmi --format csv
holds "is that of the table" sh -c 'awk -F, -v d="$1" -v x="$2" "\$1 == d {y = \$4 - x; found = (y < 1e-6 && y > -1e-6)} END {exit !found}" out' sh "$best" "$value"

# ---- killed again and again, then shared ----

i=0
while [ $i -lt 6 ]; do
    "$gedi" sweep search.yaml -j 2 -q --out torn >out 2>err </dev/null &
    process=$!
    sleep 0.$((i + 2))
    kill -KILL $process 2>/dev/null
    wait $process 2>/dev/null
    i=$((i + 1))
done
sleep 0.5
"$gedi" sweep search.yaml --join -j 1 -q --out torn >first.out 2>first.err </dev/null &
process=$!
expect 0 "one of two" "$gedi" sweep search.yaml --join -j 1 -q --out torn
wait $process
holds "the other" [ $? -eq 0 ]
holds "the same draws" cmp whole/draws.csv torn/draws.csv
holds "the same table" cmp whole/table.csv torn/table.csv
for one in whole/runs/*; do
    cmp -s "$one/checkpoint.safetensors" "torn/runs/${one##*/}/checkpoint.safetensors" || echo "$one"
done >differ
holds "the same weights" [ ! -s differ ]

# ---- draws that fail are worse than all others, and are not tried again where others depend on them ----

cat >failing.yaml <<'END'
base: run.yaml
train: {explode: 1}
sweep:
  search:
    tpe: 9
    together: 3
    minimise: loss
    over: {objective.gedi_no_gen.inv: [1, 1000], optimizer.adam.lr: {log: [1.0e-3, 1.0e-2]}}
END
expect 1 "all draws fail" "$gedi" sweep failing.yaml -j 2 --out failing
says err "9 of 9 points failed"
says out "| failed |"
holds "all are told" [ "$(grep -c ',,failed$' failing/draws.csv)" -eq 9 ]
expect 1 "the same again" "$gedi" sweep failing.yaml -j 2 --out failing
says err "9 points, 3 to run"

# ---- at random; what does not go together ----

expect 0 "at random" "$gedi" sweep run.yaml 'sweep.search={random: 5, minimise: loss, over: {optimizer.adam.lr: {log: [1.0e-3, 1.0e-2]}}}' -q -o random
holds "has five draws" [ "$(grep -c ',finished$' random/draws.csv)" -eq 5 ]
holds "the least loss first" sh -c 'sed 1d random/draws.csv | awk -F, "{print \$4}" | sort -g -c'
expect 0 "more of them" "$gedi" sweep run.yaml 'sweep.search={random: 7, minimise: loss, over: {optimizer.adam.lr: {log: [1.0e-3, 1.0e-2]}}}' -o random
says err "7 points, 2 to run"
expect 2 "a search that halves without validations" "$gedi" check search.yaml validation.every=0
says out "let there be one, such as by validation.every=50"
expect 2 "or with others" "$gedi" check search.yaml validation.every=40
says out "after iteration 50 draws are compared by a validation"
expect 0 "an override of it" "$gedi" check search.yaml sweep.search.tpe=24 sweep.search.over.train.batch='{integers: [10, 20]}'
says out "24 draws"

# ---- a run that stops where it was asked to ----

expect 0 "a run" "$gedi" run run.yaml -q train.iterations=4000 --out run
holds "a run is stopped" stopped TERM '[ -e part/checkpoint.safetensors ]' run.yaml train.iterations=4000
expect 0 "stops at 3333" "$gedi" resume part --until 3333
says err "stopped after iteration 3333, as asked; go on with: gedi resume part"
holds "is not finished" [ ! -e part/summary.json ]
expect 0 "goes on" "$gedi" resume part -q
holds "to the same bytes" cmp run/checkpoint.safetensors part/checkpoint.safetensors
holds "and the same log" cmp run/metrics.jsonl part/metrics.jsonl
expect 2 "no iteration" "$gedi" resume run --until 0
says err "--until"

finish
