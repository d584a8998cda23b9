#!/bin/sh
# test_search_runs.sh - a sweep that searches: to its end, killed and gone on with, shared, with draws that fail.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
moons_descriptor run.yaml seed: threads: \
    'train: {iterations: 400, batch: 20, log_every: 50, checkpoint_every: 100}' 'validation: {every: 50}'
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
says out "test records choose the draws: do not report the numbers of the best as a result"
expect 0 "before it begins" "$gedi" sweep -n search.yaml --out whole
says out "12 points, 0 finished"
expect 0 "a search" "$gedi" sweep search.yaml -j 2 --out whole
says err "draws 1 to 6 to iteration 50 of 400: 12 points, 12 to run"
says err "12 of 12 runs, 0:00 left for draws 1 to 6 to iteration 50 of 400"
says err "4 of 18 draws, 2 go on to iteration 150; best at iteration 50: draw "
says err "6 of 18 draws; best at iteration 400: draw "
says err "12 of 12 runs, 0:00 left for draws 7 to 12 to iteration 50 of 400"
says err "12 of 18 draws; best at iteration 400: draw "
says out "| draw | optimizer.adam.lr | model.mlp.hidden | evaluation.clustering.nmi (test) | |"
says out "test records choose the draws: do not report the numbers of the best as a result"
says out "what sets the draws apart, at their first comparison: optimizer.adam.lr "
says out "left: trained no further by the search, as others did better"
holds "every draw stands in draws.csv" [ "$(grep -c '^[0-9]' whole/draws.csv)" -eq 18 ]
# Six draws are compared after 50 iterations, the best two after 150; one is trained to the end.
holds "three draws are finished" [ "$(grep -c ',finished,$' whole/draws.csv)" -eq 3 ]
holds "three are left after 150" [ "$(grep -c ',left at iteration 150,$' whole/draws.csv)" -eq 3 ]
holds "twelve are left after 50" [ "$(grep -c ',left at iteration 50,$' whole/draws.csv)" -eq 12 ]
holds "six runs are finished" [ "$(ls whole/runs/*/summary.json | wc -l)" -eq 6 ]
holds "those that were left have a checkpoint" [ "$(ls whole/runs/*/checkpoint.safetensors | wc -l)" -eq 36 ]
expect 0 "the same again" "$gedi" sweep search.yaml --out whole
says err "36 points, 0 to run"
expect 0 "a list" "$gedi" sweep -n search.yaml --out whole
says out "left      draw 1,"
cp out list
cp -r whole gap
says out "finished  draw "
expect 0 "whole" "$gedi" check whole
expect 0 "a table of it" "$gedi" table whole --rows draw --value evaluation.clustering.nmi
says out "left"

for draw in 1 3; do
    for hash in $(sed -n "s/^\([0-9a-f]*\)  [a-z]* *draw $draw,.*/\1/p" "$work/list"); do rm -r "gap/runs/$hash"; done
done
expect 0 "a list with gaps" "$gedi" sweep -n search.yaml --out gap
says out "to run first: draws 1 and 3 to iteration 50 of 400"

# The best of each six is where the log says: the mean over the seeds of the last validation.
best=$(sed -n 's/^1,\([0-9]*\),.*/\1/p' whole/draws.csv)
value=$(sed -n 2p whole/draws.csv | awk -F, '{print $(NF - 2)}')
expect 0 "its number" "$gedi" table whole --rows draw --value evaluation.clustering.nmi --format csv
holds "is that of the table" sh -c 'awk -F, -v d="$1" -v x="$2" "\$1 == d {y = \$4 - x; found = (y < 1e-6 && y > -1e-6)} END {exit !found}" out' sh "$best" "$value"

holds "the page ranks them" grep -q '"rows_are": *"rank"' whole/report.html
holds "and has all of them" [ "$(grep -o '"text": *"left at iteration 50"' whole/report.html | wc -l)" -eq 12 ]
# Draws come in any order, their values by size.
expect 0 "a table by what is drawn" "$gedi" table whole --rows optimizer.adam.lr --value evaluation.clustering.nmi --format csv
sed 1d out | cut -d, -f1 | tr -d '"' >order
holds "is in the order of the numbers" sort -cg order

# ---- stopped ----

"$gedi" sweep search.yaml train.iterations=4000000 -j 2 -q --out halted >out 2>err </dev/null &
process=$!
until_holds eval 'grep -q "\"iteration\": *200," halted/runs/*/metrics.jsonl'
kill -TERM $process
code=0
wait $process || code=$?
holds "a search is stopped: exit code $code" [ $code -eq 1 ]
holds "the draws that were left stand in draws.csv" [ "$(grep -c '^[0-9].*,left at iteration 50,' halted/draws.csv)" -ge 4 ]

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
says out "| failed: worse than all others |"
holds "all are told with their reasons" [ "$(grep -c ',,failed: worse than all others,.*has exploded' failing/draws.csv)" -eq 9 ]
expect 1 "the same again" "$gedi" sweep failing.yaml -j 2 --out failing
says err "9 points, 3 to run"

# One that leads and fails later leaves its place to the next; it is told like a failed point of any sweep, each
# time. Draw 6 explodes after iteration 300.
cat >leading.yaml <<'END'
base: run.yaml
train: {explode: 8}
sweep:
  search:
    tpe: 6
    maximise: evaluation.clustering.nmi
    over:
      optimizer.adam.lr: {log: [1.0e-5, 1.0e-1]}
      objective.gedi_no_gen.inv: {uniform: [0.1, 20]}
    halve: {from: 50, by: 2}
END
expect 1 "a leader fails" "$gedi" sweep leading.yaml -j 2 --out leading
says err "best at iteration 200: draw 6,"
says err "1 of 6 points failed:"
says err "the gradient has exploded"
says out "| finished |"
holds "another is trained to the end" [ "$(grep -c ',finished,$' leading/draws.csv)" -eq 1 ]
holds "it comes last" grep -q '^6,6,.*,,failed: worse than all others,' leading/draws.csv
expect 1 "tried again" "$gedi" sweep leading.yaml -j 2 --out leading
says err "draw 6 to iteration 400 of 400: 6 points, 1 to run"
says err "1 of 6 points failed:"
holds "its reason stays" grep -q '^6,6,.*has exploded' leading/draws.csv
rm leading/runs/*/error.txt
expect 0 "by its own word" "$gedi" sweep -n leading.yaml --out leading
says out "failed    draw 6,"

# ---- limits are tried before the first point trains ----

cat >limits.yaml <<'END'
base: run.yaml
sweep:
  search:
    tpe: 20
    maximise: evaluation.clustering.nmi
    over:
      optimizer.adam.lr: {uniform: [-1, 1]}
      train.log_every: {log_integers: [10, 1e12]}
      model.mlp.hidden: [[8], [0], [4, 4]]
END
for command in check "sweep --out limits"; do
    # shellcheck disable=SC2086  # words
    expect 2 "wrong limits: $command" "$gedi" $command limits.yaml
    cat out err >both
    says both "limits.yaml:7:37: lr: '-1' is not in"
    says both "limits.yaml:8:44: log_every: '1000000000000' is not in"
    says both "limits.yaml:9:32: hidden[0]: '0' is not in"
    says both "3 mistakes"
done
holds "nothing is begun" [ ! -e limits ]
expect 2 "numbers for an option of integers" "$gedi" check run.yaml \
    'sweep.search={tpe: 9, minimise: loss, over: {train.batch: {uniform: [10, 20]}}}'
says out "batch: '13.82' is not an integer"
says out "1 mistake"
expect 2 "what the data say of a limit" "$gedi" sweep run.yaml --out limits \
    'sweep.search={tpe: 9, minimise: loss, over: {train.batch: {integers: [10, 1000]}}}'
says err "train.batch is 1000, but dataset moons has 200 training records"

# ---- values that do not go together fail their draw, whenever it is made ----

cat >together.yaml <<'END'
base: run.yaml
optimizer: {sgd: {lr: 0.1}}
sweep:
  search:
    tpe: 12
    together: 4
    maximise: evaluation.clustering.nmi
    over:
      optimizer.sgd.lr: {log: [1.0e-3, 1.0e-1]}
      optimizer.sgd.momentum: [0, 0.9]
      optimizer.sgd.nesterov: [true, false]
    halve: {from: 50, by: 2}
  seed: 100..101
END
expect 0 "a draw that cannot be run is no mistake" "$gedi" check together.yaml
says out "draw 1, lr 0.03271, momentum 0, nesterov true, seed 100: will fail: together.yaml:2:13: optimizer sgd: nesterov"
expect 1 "it fails" "$gedi" sweep together.yaml -j 2 --out together
says err "2 of 24 points failed:"
says err "seed 101: together.yaml:2:13: optimizer sgd: nesterov: true needs momentum > 0"
holds "it has no folder" [ "$(ls together/runs | wc -l)" -eq 22 ]
holds "it comes last" grep -q '^12,1,.*,,failed: worse than all others,.*nesterov' together/draws.csv
expect 0 "a table" "$gedi" table together --rows draw --value evaluation.clustering.nmi
says out "failed (2 of 2)"
expect 0 "whole" "$gedi" check together
expect 0 "a list" "$gedi" sweep -n together.yaml --out together
says out "refused   draw 1,"
expect 1 "shared" "$gedi" sweep together.yaml --join -j 2 -q --out apart
holds "the same draws" cmp together/draws.csv apart/draws.csv
cat >later.yaml <<'END'
base: run.yaml
sweep:
  search:
    tpe: 9
    together: 3
    seed: 3
    maximise: evaluation.clustering.nmi
    over:
      optimizer.adam.lr: {log: [1.0e-3, 1.0e-1]}
      figures: [[validation], []]
      validation.every: [0, 20]
END
expect 1 "what figures refuse, of a later draw" "$gedi" sweep later.yaml -j 2 --out later
says err "validation needs evaluation while the run trains"
holds "all draws are told" [ "$(grep -c '^[0-9]' later/draws.csv)" -eq 9 ]
holds "others go on" grep -q ',finished,$' later/draws.csv
# One at a time, so that nothing is to be trained where a draw is refused.
expect 1 "one at a time" "$gedi" sweep together.yaml -j 2 -q --out single sweep.search.together=1 \
    sweep.search.tpe=6 sweep.search.seed=2
says err "true needs momentum > 0"
holds "goes on to the end" [ "$(grep -c '^[0-9]' single/draws.csv)" -eq 6 ]
# The first draw of seed 0 is refused: others are not.
expect 1 "the first of them is refused" "$gedi" sweep together.yaml -j 2 -q --out first sweep.search.together=1 \
    sweep.search.tpe=4
says err "true needs momentum > 0"
holds "others follow" grep -q ',finished,$' first/draws.csv
holds "it is a failed draw" grep -q '^[2-4],1,.*,,failed: worse than all others,.*nesterov' first/draws.csv
expect 2 "where no draw can be run, it is a mistake" "$gedi" sweep together.yaml -q --out none \
    'sweep.search.over={optimizer.sgd.lr: {log: [1.0e-3, 1.0e-1]}, optimizer.sgd.nesterov: [true]}'
says err "sgd: nesterov: true needs momentum > 0, but momentum is 0"
holds "nothing is begun" [ ! -e none ]

# ---- at random; what does not go together ----

expect 0 "what is run first" "$gedi" sweep search.yaml -n -j 3 --out planned
says out "12 points, 0 finished, 12 to run first: draws 1 to 6 to iteration 50 of 400, of 18 draws in all; 3 at once"
expect 0 "at random" "$gedi" sweep run.yaml 'sweep.search={random: 5, minimise: loss, over: {optimizer.adam.lr: {log: [1.0e-3, 1.0e-2]}}}' -q -o random
holds "has five draws" [ "$(grep -c ',finished,$' random/draws.csv)" -eq 5 ]
holds "the least loss first" sh -c 'sed 1d random/draws.csv | awk -F, "{print \$4}" | sort -g -c'
expect 0 "more of them" "$gedi" sweep run.yaml 'sweep.search={random: 7, minimise: loss, over: {optimizer.adam.lr: {log: [1.0e-3, 1.0e-2]}}}' -o random
says err "7 points, 2 to run"
expect 2 "a search that halves without validations" "$gedi" check search.yaml validation.every=0
says out "let there be one, such as by validation.every=50"
expect 2 "or with others" "$gedi" check search.yaml validation.every=40
says out "after iteration 50 draws are compared by a validation"
expect 0 "an override of it" "$gedi" check search.yaml sweep.search.tpe=24 sweep.search.over.train.batch='{integers: [10, 20]}'
says out "24 draws"

# ---- by which number draws are told apart ----

cat >held.yaml <<'END'
base: run.yaml
train: {iterations: 200, batch: 20, log_every: 50, checkpoint_every: 100}
validation: {fraction: 0.2, every: 50}
sweep:
  search:
    random: 3
    maximise: evaluation.clustering.accuracy
    over: {optimizer.adam.lr: {log: [1.0e-3, 1.0e-1]}}
    halve: {from: 50, by: 3}
  seed: [100]
END
expect 0 "a search with records held out" "$gedi" sweep -q held.yaml --out held
log=$(ls held/runs/*/summary.json)
log=${log%/*}/metrics.jsonl
last=$(sed -n 's/.*"validation": {[^}]*"clustering.accuracy": \([0-9.e-]*\).*/\1/p' "$log" | tail -1)
value=$(sed -n 2p held/draws.csv | awk -F, '{print $(NF - 2)}')
holds "they choose" awk "BEGIN { d = $last - $value; exit !(d < 1e-6 && d > -1e-6) }"
says out "| evaluation.clustering.accuracy (validation) |"
says out "records held out from training choose the draws; tables of the runs are of the test records"
holds "the file says so" grep -q '^rank,draw,optimizer.adam.lr,evaluation.clustering.accuracy (validation),state' held/draws.csv
holds "the page says so" grep -q 'tables of the runs are of the test records' held/report.html
expect 0 "check" "$gedi" check held.yaml
says out "records held out from training choose the draws"
expect 0 "of the loss" "$gedi" check run.yaml 'sweep.search={random: 5, minimise: loss, over: {optimizer.adam.lr: {log: [1.0e-3, 1.0e-2]}}}'
says out "5 draws"
holds "nothing is said" sh -c '! grep -q "choose the draws" out'
expect 0 "draws that were left are evaluated" "$gedi" evaluate -q held 'evaluate=[knn: {}]'
expect 0 "and stay so" "$gedi" table held --rows draw --value evaluation.clustering.accuracy
says out "left: trained no further by the search"
expect 2 "a number that no validation has" "$gedi" sweep -q held.yaml sweep.search.maximise=evaluation.clustering.kmeans --out absent
says err "search: no validation has evaluation.clustering.kmeans; there are: evaluation.clustering.nmi "
sed '/halve/d; /validation/d' held.yaml >plain.yaml
expect 2 "nor any run" "$gedi" sweep -q plain.yaml validation=null sweep.search.maximise=evaluation.clustering.kmeans --out wrong
says err "evaluation.clustering.kmeans: no run has such a number; there are: "
expect 2 "a misspelt one" "$gedi" check plain.yaml validation=null sweep.search.maximise=evaluation.clustering.nmii
says out "clustering has no such metric: did you mean 'evaluation.clustering.nmi'?"
expect 2 "nothing to halve" "$gedi" check held.yaml sweep.search.halve.from=200
says out "no draw is trained beyond iteration 200, so that from: 200 leaves none"

expect 2 "a choice that stands twice" "$gedi" check run.yaml \
    'sweep.search={tpe: 4, minimise: loss, over: {train.batch: [10, 20, 10]}}'
says out "search: train.batch: duplicate '10'"
holds "is the only mistake" [ "$(tail -n 1 out)" = "1 mistake" ]

# ---- beside runs that no search has chosen ----

cat >shown.yaml <<'END'
base: run.yaml
figures: [clusters]
sweep:
  search:
    tpe: 4
    together: 4
    maximise: evaluation.clustering.nmi
    over: {optimizer.adam.lr: {log: [1.0e-5, 1.0e-1]}}
    halve: {from: 50, by: 2}
grid: {figure: clusters, rows: draw}
END
expect 0 "a search with a grid" "$gedi" sweep -q shown.yaml -j 2 --out shown
holds "the grid says how far those that were left came" grep -q "left at 50, learning" shown/figures/grid-clusters.gp
holds "not that they are missing" sh -c '! grep -q "missing" shown/figures/grid-clusters.gp'
expect 0 "a table of it alone" "$gedi" table shown --rows model --value evaluation.clustering.nmi
holds "which says nothing of others" sh -c '! grep -q "of a search by" out'
expect 0 "a run without it" "$gedi" run -q run.yaml --out beside
expect 0 "both in one table" "$gedi" table shown beside --rows model --value evaluation.clustering.nmi
says out "1 of the 2 finished runs is a draw of a search by evaluation.clustering.nmi, which left 3 more early: "

# ---- what matters, where every draw has a number of its own ----

cat >few.yaml <<'END'
base: run.yaml
sweep:
  search: {random: 8, maximise: evaluation.clustering.nmi, over: {optimizer.adam.lr: {log: [1.0e-5, 1.0e-1]}}}
  seed: 100..101
END
expect 0 "eight draws" "$gedi" sweep -q few.yaml train.iterations=100 -j 2 --out few
holds "the page judges what was drawn" sh -c 'sed "s/.*\"name\": *\"what matters\"//" few/report.html | grep -q "^.*\"label\": *\"optimizer.adam.lr\""'

# ---- a run that stops where it was asked to ----

expect 0 "a run" "$gedi" run run.yaml -q train.iterations=4000 --out run
holds "a run is stopped" stopped TERM '[ -e part/checkpoint.safetensors ]' run.yaml train.iterations=4000
expect 0 "stops at 3333" "$gedi" resume part --until 3333
says err "stopped after iteration 3333, as asked; go on with: gedi resume part"
holds "is not finished" [ ! -e part/summary.json ]
cp part/checkpoint.safetensors before
expect 0 "where it has been already" "$gedi" resume part --until 3000
says err "part: at iteration 3333 already"
holds "nothing is trained" cmp before part/checkpoint.safetensors
expect 0 "goes on" "$gedi" resume part -q
holds "to the same bytes" cmp run/checkpoint.safetensors part/checkpoint.safetensors
holds "and the same log" cmp run/metrics.jsonl part/metrics.jsonl
expect 2 "no iteration" "$gedi" resume run --until 0
says err "--until"

# ---- what matters: the page says of a search what the terminal says ----

cat >few.yaml <<'END'
base: run.yaml
train: {iterations: 60, batch: 20, log_every: 20, checkpoint_every: 60}
validation: null
sweep:
  search:
    random: 11
    maximise: evaluation.clustering.accuracy
    over: {optimizer.adam.lr: {log: [1.0e-4, 1.0e-1]}, model.mlp.hidden: [[4], [8], [8, 8]], train.batch: [10, 20, 30, 40]}
  seed: 100..101
END
expect 0 "a search of few draws" "$gedi" sweep few.yaml -q -j 2 --out few
said=$(grep '^what sets the draws apart: ' out)
shown=$(tr '{' '\n' <few/report.html | awk '
    /"name":"what matters"/ { on = 1 }
    on && /"label":"(optimizer.adam.lr|model.mlp.hidden|train.batch)"/ { split($0, part, "\""); label = part[4]; n = 0 }
    on && label && /"text":"[0-9]* %"/ { split($0, part, "\""); if (++n == accuracy) printf " %s %s", label, part[4] }
    on && /"label":"clustering\./ { k++; if (/clustering.accuracy/) accuracy = k }')
for path in optimizer.adam.lr model.mlp.hidden train.batch; do
    wanted=$(expr "$said" : ".* $path \([0-9]* %\)")
    holds "$path: $wanted" sh -c 'case "$1 " in *" $2 $3 "*) [ -n "$3" ] ;; *) echo "$1"; false ;; esac' sh "$shown" "$path" "$wanted"
done
finish
