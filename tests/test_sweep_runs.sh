#!/bin/sh
# test_sweep_runs.sh - sweeps on the command line: what runs, what is kept, kills, tables.
# shellcheck disable=SC2016  # what stands in quotes is for sed
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
moons_descriptor small.yaml seed: threads:
cat >plain.yaml <<'END'
base: small.yaml
sweep:
  method:
    near: {}
    far: {optimizer.adam.lr: 1.0e-4}
  seed: 0..2
  exclude: [{method: far, seed: 2}]
table: {rows: method, value: evaluation.clustering.nmi}
END

# ---- what is said before anything runs ----

expect 2 "sweep of nothing" "$gedi" sweep
says err "name the descriptor of the sweep"
expect 2 "sweep of one experiment" "$gedi" sweep small.yaml
says err "small.yaml states one experiment: run it with \`gedi run'"
expect 2 "run of a sweep" "$gedi" run plain.yaml
says err "plain.yaml:2:1: sweep: many experiments are stated here"
expect 2 "sweep with a typo" "$gedi" sweep plain.yaml optimizer.adam.rl=3
says err "unknown option 'rl' of adam"
says err "gedi: 1 mistake"
expect 2 "sweep with no jobs" "$gedi" sweep plain.yaml -j 0
says err "--jobs: '0' is not a whole number in [1, 1024]"
expect 2 "nearly an axis" "$gedi" check plain.yaml sweep.methd=3
says out "override sweep.methd=3: 'methd' is no axis of the sweep: did you mean 'sweep.method'?"
expect 2 "a path of a point below nearly an axis" "$gedi" check plain.yaml sweep.methd.near.seed=3
says out "did you mean 'sweep.method'?"
expect 2 "a path of no point" "$gedi" check plain.yaml sweep.method.nera.seed=3
says out "method: it has no point 'nera' (there are: near, far)"
expect 0 "check of a sweep" "$gedi" check plain.yaml
says out "5 points: method (2) x seed (3), 1 excluded"
expect 0 "check --resolved of a sweep" "$gedi" check -r plain.yaml
holds "it has every point" [ "$(grep -c '^seed: ' out)" -eq 5 ]
expect 0 "sweep --dry-run" "$gedi" sweep plain.yaml --dry-run
says out "to do     far, seed 1"
says out "5 points, 0 finished"
holds "--dry-run writes nothing" test ! -e runs
expect 2 "check of data that are not there" "$gedi" check plain.yaml 'dataset={npy: {path: no}}'
says out "dataset npy: path: "
expect 2 "sweep --dry-run of them" "$gedi" sweep plain.yaml 'dataset={npy: {path: no}}' -n
says err "dataset npy: path: "

expect 2 "a sweep without its data" "$gedi" sweep plain.yaml --out nodata \
    'dataset={mnist: {path: no/such}}'
says err "dataset mnist: path: the folder"
holds "nothing was begun" test ! -e nodata

ln -s "$top_srcdir/experiments" experiments
sed -n '/^## A sweep/,/^```$/p' "$top_srcdir/README.md" | sed '1,/^```yaml$/d;/^```$/d' \
    >methods.yaml
expect 0 "check of README.md's sweep" "$gedi" check methods.yaml
says out "20 points: method (2) x dataset (2) x seed (5)"
expect 0 "README.md's other axes" "$gedi" sweep methods.yaml -n sweep.seed=0..9
says out "40 points"
expect 0 "README.md's axis for any descriptor" "$gedi" sweep experiments/moons-gedi.yaml -n \
    sweep.objective.gedi.inv=0..50..10
says out "6 points"

for file in experiments/*.yaml experiments/as-printed/*.yaml; do
    expect 0 "check of $file" "$gedi" check -r "$file" # its data need not be here
done

# ---- the same whatever the number of workers ----

expect 0 "sweep" "$gedi" sweep plain.yaml -j 1
says out "results  sweeps/plain"
says out "| far    |"
says err "5 of 5 points are finished"
holds "there are five runs" [ "$(find sweeps/plain/runs -name summary.json | wc -l)" -eq 5 ]
for file in table.md table.csv table.tex points.json; do
    holds "the sweep keeps $file" test -s sweeps/plain/$file
done
expect 0 "sweep with two workers" "$gedi" sweep plain.yaml -j 2 --out two --quiet
silent err
holds "two workers give the same table" cmp sweeps/plain/table.csv two/table.csv
holds "and the same points" cmp sweeps/plain/points.json two/points.json
find sweeps/plain/runs -name summary.json -newer two/points.json >newer
expect 0 "sweep again" "$gedi" sweep plain.yaml -j 1
says err "5 points, 0 to run"
find sweeps/plain/runs -name summary.json -newer two/points.json | cmp -s - newer
holds "nothing is run twice" [ $? -eq 0 ]
expect 0 "sweep --dry-run of finished runs" "$gedi" sweep plain.yaml -n
says out "5 points, 5 finished"
hash=$("$gedi" sweep plain.yaml -n | sed -n '1s/ .*//p')
holds "a run's folder is its hash" test -s "sweeps/plain/runs/$hash/summary.json"
cp sweeps/plain/table.csv plain.csv
expect 0 "another axis" "$gedi" sweep plain.yaml sweep.seed=0..3 -j 2
says err "7 points, 2 to run"
holds "all runs there are points" [ "$(grep -c 'no point of this sweep' err)" -eq 0 ]
expect 0 "fewer seeds" "$gedi" sweep plain.yaml sweep.seed=1..2 -j 2
says err "sweeps/plain holds 4 finished runs that are no point of this sweep: kept, but in none"
expect 0 "sweep --dry-run of one point" "$gedi" sweep small.yaml sweep.seed=1 -n
says out "1 point, 0 finished"
expect 0 "an axis for one experiment" "$gedi" sweep small.yaml sweep.seed=1 -q --out one
holds "a point is the run of its descriptor" \
    cmp "one/runs/$("$gedi" sweep small.yaml sweep.seed=1 -n | sed -n '1s/ .*//p')/metrics.jsonl" \
    "sweeps/plain/runs/$("$gedi" sweep plain.yaml -n | sed -n '2s/ .*//p')/metrics.jsonl"

# ---- evaluators and figures that are asked for later ----

cp -r two later
find later/runs -name checkpoint.safetensors -exec md5sum {} + >weights
expect 0 "--dry-run with another evaluator" "$gedi" sweep plain.yaml -n --out later 'evaluate=[clustering: {}, knn: {}]'
says out "  trained   near, seed 0"
says out "5 points, 0 finished, 5 trained and to be evaluated"
expect 0 "sweep with another evaluator" "$gedi" sweep plain.yaml -j 2 --out later \
    'evaluate=[clustering: {}, knn: {}]' table.value=evaluation.knn.accuracy
says err "5 points, 5 to evaluate"
says err "5 of 5 points are finished"
says out "| far    |"
holds "nothing is trained for it" md5sum --quiet -c weights
holds "the numbers are in the table" grep -q 'evaluation.knn.accuracy,[01]' later/table.csv
summary=later/runs/$hash/summary.json
holds "the new numbers stand beside the old ones" \
    [ "$(grep -cE '"(nmi|accuracy)": [01]' "$summary")" -ge 3 ]
holds "what training knows is kept" [ "$(grep training_seconds "$summary")" = \
    "$(grep training_seconds two/runs/"$hash"/summary.json)" ]
holds "its descriptor names both" grep -q '^  - knn: ' "later/runs/$hash/descriptor.yaml"
cp "$summary" before
expect 0 "sweep with it again" "$gedi" sweep plain.yaml -j 2 --out later \
    'evaluate=[clustering: {}, knn: {}]'
says err "5 points, 0 to run"
expect 0 "sweep without it" "$gedi" sweep plain.yaml -j 2 --out later
says err "5 points, 0 to run"
holds "nothing is lost" cmp before "$summary"
expect 0 "sweep with other options of it" "$gedi" sweep plain.yaml -n --out later \
    'evaluate=[clustering: {}, knn: {k: 3}]'
says out "5 points, 0 finished"
expect 0 "resume of a finished run" "$gedi" resume "later/runs/$hash"
says err "finished already"
sed -i 's/^evaluate:.*/evaluate: [linear_probe: {}]/;/^  - \(knn\|clustering\): /d' \
    "later/runs/$hash/descriptor.yaml"
expect 0 "resume with another evaluator" "$gedi" resume "later/runs/$hash"
says err "trained already, evaluators are missing"
says out "linear_probe.accuracy"
says out "clustering.nmi"
holds "nothing is trained for that either" md5sum --quiet -c weights
if command -v gnuplot >/dev/null; then
    expect 0 "sweep with a figure" "$gedi" sweep plain.yaml -j 2 --out later 'figures=[losses]'
    says err "5 points, 5 to evaluate"
    holds "it is drawn" test -s "later/runs/$hash/figures/losses.png"
    expect 0 "sweep with the figure again" "$gedi" sweep plain.yaml --out later 'figures=[losses]'
    says err "5 points, 0 to run"
    both='evaluate=[clustering: {}, ood: {against: [circles]}, {ood: {against: [moons: {noise: 0.5}]}, name: far}]'
    expect 0 "sweep with an evaluator that draws" "$gedi" sweep plain.yaml -j 2 --out later \
        'figures=[ood]' 'evaluate=[clustering: {}, ood: {against: [circles]}]'
    expect 0 "the same plugin once more, by another name" "$gedi" sweep plain.yaml -j 2 \
        --out later 'figures=[ood]' "$both"
    says err "5 points, 5 to evaluate"
    holds "the figure has both" sh -c 'head -n 1 "$1" | grep -q "the run.s data,circles: .*,far: moons: "' \
        - "later/runs/$hash/figures/ood-1.csv"
    expect 0 "both again" "$gedi" sweep plain.yaml --out later 'figures=[ood]' "$both"
    says err "5 points, 0 to run"
fi

# ---- table and compare ----

expect 0 "table of a directory" "$gedi" table two
holds "it is the table of the sweep" cmp out two/table.md
expect 0 "table of a directory and its runs" "$gedi" table two two/runs --rows objective \
    --value evaluation.clustering.nmi
says err "5 of the runs named are the same experiment as another in their cell: each counts once"
says out "5 runs a cell"
expect 0 "quietly" "$gedi" table two two/runs --rows objective -v evaluation.clustering.nmi -q
holds "it has no notes" [ ! -s err ]
expect 0 "table of runs that no sweep tells apart" "$gedi" table two/runs --rows objective \
    --value evaluation.clustering.nmi
says out "over seed, optimizer.adam.lr, 5 runs a cell"
expect 0 "table of a descriptor" "$gedi" table plain.yaml --format csv
says out "method,value,path,mean,std"
expect 0 "table with rows" "$gedi" table two --rows optimizer.adam.lr --columns seed --stat n
says out "0.0001"
expect 2 "table of an unknown value" "$gedi" table two --value evaluation.clustering.nim
says err "evaluation.clustering.nim: no run has such a number; there are:"
expect 2 "table of unknown rows" "$gedi" table two --rows zebra
says err "zebra: no run has such an axis or path; the axes are method, seed"
expect 2 "table of nearly an axis" "$gedi" table two --rows methods
says err "methods: no run has such an axis or path: did you mean 'method'? (the axes are method, seed)"
expect 2 "a threshold that nothing reads" "$gedi" table two --threshold 0.3
says err "--threshold: it counts in --stat success alone: add that, or leave --threshold out"
expect 0 "one of success" "$gedi" table two --threshold 0.3 --stat success
says out "(at least 0.3)"
expect 2 "table of nothing" "$gedi" table small.yaml
says err "small.yaml: neither a directory nor the descriptor of a sweep"
expect 2 "table of an unknown stat" "$gedi" table two --stat mode
says err "--stat: 'mode' is none of mean|median|min|max|n"

# ---- an axis of what nothing uses; tables that are one ----

expect 0 "an axis that changes nothing" "$gedi" sweep small.yaml 'sampler={sgld: {steps: 1}}' \
    'sweep={sampler.sgld.steps: [1, 2, 3], seed: [0, 1], train.batch: [20, 25]}' --out unused \
    'table=[{name: a, rows: sampler.sgld.steps, columns: train.batch, value: loss}, {name: b, rows: sampler.sgld.steps, columns: train.batch, value: loss, stat: max}]'
says out "sampler.sgld.steps 1, 2 and 3: equal in every number of every run: what sets them apart changes nothing"
holds "of other axes that is not said" sh -c '! grep -q "train.batch 20 and 25" out'
expect 0 "columns of it" "$gedi" table unused --rows train.batch --columns sampler.sgld.steps --value loss
says out "sampler.sgld.steps 1, 2 and 3: equal in every number"
expect 0 "two tables" "$gedi" table unused
holds "are two" [ "$(grep -c '^| sampler.sgld.steps' out)" -eq 2 ]
expect 0 "two tables of one stat" "$gedi" table unused --stat median
holds "are one" [ "$(grep -c '^| sampler.sgld.steps' out)" -eq 1 ]

expect 0 "compare" "$gedi" compare two,method=near two,method=far
says out "2 pairs by seed; 1 without a partner"
says out "  optimizer.adam.lr: 0.01 -> 0.0001"
expect 0 "compare of two runs" "$gedi" compare two,method=near,seed=2 two,method=near,seed=0
says out "2 runs with different seeds (2 and 0): not paired"
expect 2 "compare of an unknown group" "$gedi" compare two,method=near two,method=zebra
says err "no run has method=zebra"
expect 2 "compare of no condition" "$gedi" compare two,zebra,method=near two,method=far
says err "two,zebra,method=near: 'zebra' is not AXIS=VALUE"
sed 's/far: /"far, as seed=1": /; s/method: far/method: "far, as seed=1"/' plain.yaml >commas.yaml
expect 0 "a sweep of a name with commas" "$gedi" sweep commas.yaml -q --out commas
expect 0 "compare of it" "$gedi" compare commas,method=near "commas,method=far, as seed=1,seed=0"
says out "1 pair by seed; 2 without a partner"
expect 2 "compare of groups that are two" "$gedi" compare two two
says err "duplicate seed 0, in "
says err "name one group of them, DIR,method="

# ---- several values, and how they are made ----

cat >ways.yaml <<'END'
base: small.yaml
sweep: {objective: [gedi_no_gen: {clusters: 2}, barlow_twins: {}], seed: 0..1}
table:
  rows: objective
  value: {NMI: evaluation.clustering.nmi, right: evaluation.clustering.accuracy, loss: loss}
END
expect 0 "a table of several values" "$gedi" sweep ways.yaml -q --out ways
says out "| objective    | NMI"
says out "ᵃ clusters: "
holds "no loss is marked" \
    [ "$(grep -c '^barlow_twins,loss,loss,[^,]*,.*,$' ways/table.csv)" -eq 1 ]
holds "the CSV says which is k-means" grep -q \
    '^barlow_twins,NMI,evaluation.clustering.nmi,.*; clusters: k-means of the encoder' \
    ways/table.csv
holds "and which is argmax" grep -q \
    '^gedi_no_gen,right,evaluation.clustering.accuracy,.*; clusters: argmax of p(y|x)"$' \
    ways/table.csv
expect 0 "it is read back" "$gedi" table ways
holds "and is the same" cmp out ways/table.md
expect 0 "several values on the command line" "$gedi" table ways --rows objective \
    --value NMI=evaluation.clustering.nmi --value right=evaluation.clustering.accuracy -v loss
holds "give the same table" cmp out ways/table.md
expect 0 "one value" "$gedi" table ways --columns seed --value evaluation.clustering.nmi
says out "evaluation.clustering.nmi; columns: seed"
expect 2 "several values with columns" "$gedi" table ways --columns seed
says err "columns seed: several values are columns already"
expect 2 "two values of one title" "$gedi" table ways -v a.b -v c.b
says err "--value: two columns are called 'b': name one of them TITLE=c.b"
expect 2 "a value without a title" "$gedi" table ways -v =a.b
says err "--value: '=a.b' is not PATH or TITLE=PATH"
expect 0 "compare of numbers made in two ways" "$gedi" compare ways,objective=gedi_no_gen \
    ways,objective=barlow_twins
says out "not made alike: clustering.nmi, clustering.ami"
says out "  B  clusters: k-means of the encoder's output"
holds "each way is said once" [ -z "$(grep -A2 '^not made alike' out | paste -sd ' ' |
    sed 's/not made alike[^:]*: [^ ]* *\(  A\)/\n\1/g' | sort | uniq -d)" ]
for command in 'table ways' 'report ways' 'compare ways,objective=gedi_no_gen ways,objective=barlow_twins' \
    'check ways.yaml'; do
    # shellcheck disable=SC2086  # several words
    expect 0 "$command quietly" "$gedi" $command -q
    holds "it says nothing beside" [ ! -s err ]
done

# ---- failures ----

cat >failing.yaml <<'END'
base: small.yaml
sweep:
  method:
    good: {}
    bad: {model.mlp.output: 8, objective: {gedi_no_gen: {clusters: 8}}, train.explode: 1}
    fine: {train.batch: 10}
table: {rows: method, value: evaluation.clustering.nmi}
END
expect 1 "a sweep with a point that fails" "$gedi" sweep failing.yaml -j 1
says err "gedi: 1 of 3 points failed:"
says err "  bad (sweeps/failing/runs/"
says err "iteration 1: term "
says err "2 of 3 points are finished"
says out "| bad    | failed"
says out "| fine   | "
holds "its last words are kept" grep -q "term " sweeps/failing/runs/*/error.txt
expect 0 "sweep --dry-run of a failure" "$gedi" sweep failing.yaml --dry-run
says out "  failed    bad: iteration 1: term "
expect 1 "it fails again" "$gedi" sweep failing.yaml -j 1
says err "3 points, 1 to run"
sed -i 's/, train.explode: 1//' failing.yaml
expect 0 "what has changed is another point" "$gedi" sweep failing.yaml -j 1
says err "3 points, 1 to run"
sed 's/good: {}/good: {train.explode: 1, model.mlp.output: 8, objective: {gedi_no_gen: {clusters: 8}}}/' \
    failing.yaml >fast.yaml
# ---- figures that could not be drawn: the same command draws them, and trains nothing ----

mkdir nothing
printf '#!/bin/sh\nexit 1\n' >nothing/gnuplot
chmod +x nothing/gnuplot
expect 1 "a sweep that cannot draw" env PATH="$work/nothing:$PATH" "$gedi" sweep small.yaml \
    sweep.seed=1 'figures=[losses]' -q --out undrawn
expect 0 "--dry-run of it" "$gedi" sweep small.yaml sweep.seed=1 'figures=[losses]' -n --out undrawn
says out "gnuplot failed"
expect 0 "that evaluator" "$gedi" sweep small.yaml sweep.seed=1..2 'evaluate=[knn: {k: 1}]' --out undrawn
says err "2 points, 1 to run, 1 to evaluate"
if command -v gnuplot >/dev/null; then
    before=$(cksum undrawn/runs/*/checkpoint.safetensors)
    expect 0 "the same sweep draws" "$gedi" sweep small.yaml sweep.seed=1 'figures=[losses]' -q --out undrawn
    holds "the picture is there" test -s undrawn/runs/*/figures/losses.png
    holds "nothing is trained" [ "$before" = "$(cksum undrawn/runs/*/checkpoint.safetensors)" ]
else
    skip "there is no gnuplot"
fi

expect 1 "a sweep that fails fast" "$gedi" sweep fast.yaml -j 1 --fail-fast
says err "stopped with 2 of 3 points left"

run=$(find two/runs -name summary.json | head -n 1)
echo '{' >"$run"
expect 1 "a sweep with a damaged run" "$gedi" sweep plain.yaml --out two -q
says err "summary.json:2: not a JSON object"
says err "; to run it again, remove two/runs/"
rm -r "${run%/*}"
expect 0 "a sweep without it" "$gedi" sweep plain.yaml --out two -q
holds "what was damaged is as it was" cmp plain.csv two/table.csv

# ---- folders say what they are ----

expect 2 "a run into a sweep" "$gedi" run small.yaml --out two
says err "two is a sweep: choose another folder for the run with --out"
expect 2 "a sweep that is resumed" "$gedi" resume two
says err "two is a sweep: name one of its points, for example two/runs/"
says err 'or use `gedi table two`'
expect 2 "samples of a sweep" "$gedi" sample two
says err "two is a sweep: name one of its points"
expect 2 "a sweep into a run" "$gedi" sweep plain.yaml --out "$(echo two/runs/* | cut -d' ' -f1)"
says err " is a run: choose another folder for the sweep with --out"
expect 0 "check of a sweep" "$gedi" check two
says out "two: 5 runs (5 finished), 0 evaluations: whole"
cp -r two other
point=$(echo other/runs/* | cut -d' ' -f1)
head -c 999 "$point/checkpoint.safetensors" >cut && cp cut "$point/checkpoint.safetensors"
expect 1 "check of a sweep with a damaged point" "$gedi" check other
says out "$point/checkpoint.safetensors: "
says out "other: 5 runs (5 finished), 0 evaluations: 1 fault"
sed -i 's/"schema": 2/"schema": 3/; s/"gedi": "[^"]*"/"gedi": "9.9"/' other/points.json
expect 2 "a table of a sweep of another version" "$gedi" table other
says err "other/points.json: of schema 3 (written by gedi 9.9), but gedi "
says err " reads schema 2: read it with the gedi that wrote it, or remove it: the same "
echo '{"schema": 2, "figures": "x"}' >other/points.json
expect 1 "a list of points that is gone" "$gedi" table other
says err "other/points.json: damaged: it has no list of points"

# full.sh CODE: a sweep whose runs fit, or do not fit, on a disk of that size.
cat >full.sh <<'END'
mount -t tmpfs -o size="$1" none disk || exit 77
got=0
"$gedi" sweep plain.yaml -j 1 --out disk/full >full.out 2>full.err </dev/null || got=$?
[ "$2" = 0 ] || { mount -o remount,size=4m disk && "$gedi" sweep plain.yaml -q --out disk/full; } \
    >more.out 2>&1 </dev/null || exit 78
cp disk/full/table.csv full.csv
exit $got
END
mkdir disk
if gedi=$gedi unshare -rm sh full.sh 4m 0 2>/dev/null; then
    cp full.err err
    says err "5 of 5 points are finished"
    expect 1 "a sweep on a disk that gets full" env gedi="$gedi" unshare -rm sh full.sh 68k 1
    cp full.err err
    says err "No space left on device"
    holds "it says why each point failed" \
        [ "$(grep -c '^  .*No space left on device' err)" -eq "$(grep -c '^  ' err)" ]
    says err "table: disk/full/table"
    cp full.out out
    says out "| far    |"
    holds "the table says failed, too" [ "$(grep -c missing out)" -eq 0 ]
    holds "with more room the same command goes on" cmp plain.csv full.csv
else
    skip "no small disk can be made here"
fi

# ---- kills ----

long="train.iterations=4000 train.checkpoint_every=200"
# shellcheck disable=SC2086
expect 0 "a long sweep" "$gedi" sweep plain.yaml $long -j 2 -q --out whole
seed=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')
echo "kills after tenths of a second that follow from $seed"
for i in 1 2 3; do
    # shellcheck disable=SC2086
    "$gedi" sweep plain.yaml $long -j 2 -q --out killed >out 2>err </dev/null &
    pid=$!
    sleep 0.$(((seed / i) % 8 + 1))
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
done
# shellcheck disable=SC2086
expect 0 "a sweep killed three times" "$gedi" sweep plain.yaml $long -j 2 -q --out killed
holds "it ends with the same table" cmp whole/table.csv killed/table.csv
for one in whole/runs/*; do
    holds "and the same weights" \
        cmp "$one/checkpoint.safetensors" "killed/runs/${one##*/}/checkpoint.safetensors"
done

# A worker that is killed fails alone; another sweep must not work there at the same time.
both_log() {
    [ "$(find stopped/runs -name metrics.jsonl | wc -l)" -ge 2 ]
}
one_failed() {
    [ "$(find stopped/runs -name error.txt | wc -l)" -eq 1 ]
}
slow="train.iterations=1000000 train.checkpoint_every=100000000"
# shellcheck disable=SC2086
"$gedi" sweep plain.yaml $slow -j 2 -q --out stopped >stopped.out 2>stopped.err </dev/null &
pid=$!
until_holds both_log
# shellcheck disable=SC2086
expect 2 "a second sweep there" "$gedi" sweep plain.yaml $slow -q --out stopped
says err "stopped: another gedi sweep works here (process $pid)"
children=$(cat /proc/$pid/task/$pid/children 2>/dev/null)
if [ -n "$children" ]; then
    kill -KILL "${children%% *}"
    until_holds one_failed
    holds "the run that was killed has error.txt" one_failed
else
    skip "the children of a process cannot be listed here"
fi
kill -TERM $pid
wait $pid
got=$?
holds "a sweep that is stopped ends with 1" [ $got -eq 1 ]
cp stopped.err err
[ -z "$children" ] || says err "killed by signal 9 (Killed), as the system does when memory"
says err "the same command goes on"
holds "the others have a checkpoint" \
    [ "$(find stopped/runs -name checkpoint.safetensors | wc -l)" -ge 1 ]
expect 0 "a table of what there is" "$gedi" table stopped
says out "| far    | missing"

# Ctrl-C on a terminal reaches the sweep and its runs at once; what is not a failure is none.
# shellcheck disable=SC2086
if env --default-signal=INT true 2>/dev/null && command -v setsid >/dev/null; then
    rm -r stopped
    setsid env --default-signal=INT "$gedi" sweep plain.yaml $slow -j 2 --out stopped \
        >out 2>err </dev/null &
    pid=$!
    until_holds both_log
    kill -INT -$pid
    wait $pid
    got=$?
    name="a sweep with Ctrl-C"
    holds "$name ends with 1" [ $got -eq 1 ]
    says err "stopped with 5 of 5 points left; the same command goes on"
    holds "$name has no failure" [ "$(find stopped/runs -name error.txt | wc -l)" -eq 0 ]
    holds "both runs have a checkpoint" \
        [ "$(find stopped/runs -name checkpoint.safetensors | wc -l)" -eq 2 ]

    # Runs that do not stop at once are waited for, and killed if asked to.
    cat >patient.yaml <<'END'
base: small.yaml
dataset: {moons: {train: 200, test: 400000}}
objective: barlow_twins
evaluate: [clustering: {restarts: 1000}]
train: {iterations: 20}
sweep: {seed: 0..1}
END
    setsid env --default-signal=INT "$gedi" sweep patient.yaml -j 1 >out 2>err </dev/null &
    pid=$!
    until_holds test -s sweeps/patient/runs/*/checkpoint.safetensors
    kill -INT -$pid
    until_holds grep -q stopping err
    name="a sweep with Ctrl-C and runs that go on"
    says err "stopping: waiting for the runs to write checkpoints; Ctrl-C again kills them"
    kill -INT -$pid
    wait $pid
    says err "stopped with 2 of 2 points left; the same command goes on"
else
    skip "Ctrl-C cannot be sent here"
fi

# Numbers of datasets that no point compares, wherever they are named.
others='evaluate=[ood: {against: [circles]}]' plain='table={rows: seed, value: loss}'
for of in 'table={rows: seed, value: evaluation.ood.X.max_p}' 'curves={value: evaluation.ood.X.max_p, lines: method}' \
    'heatmap={x: seed, y: method, value: evaluation.ood.X.max_p}' \
    'sweep.search={random: 2, over: {train.batch: {integers: [10, 20]}}, maximise: evaluation.ood.X.max_p}'; do
    unknown=$(echo "$of" | sed 's/ood.X/ood.mnist/') known=$(echo "$of" | sed 's/ood.X/ood.circles/')
    expect 2 "$unknown" "$gedi" check plain.yaml "$others" validation.every=1 "$plain" "$unknown"
    says out "ood has no such metric: \`gedi describe evaluator/ood\` lists them; * is one of circles"
    expect 0 "$known" "$gedi" check plain.yaml "$others" validation.every=1 "$plain" "$known"
done

# A table of one seed, where the command line asks for others.
cat >one.yaml <<'END'
base: small.yaml
sweep: {seed: 0..1}
table: {rows: seed, value: loss, where: {seed: 0}}
END
expect 0 "a table that the axes of the command line leave no point" "$gedi" sweep one.yaml 'sweep.seed=[5]' -n
says err "table table is left out: no point has seed: 0"
sed 's/where: {seed: 0}/where: {seed: [0, 2]}/' one.yaml >any.yaml
expect 0 "a table of any of several values" "$gedi" sweep -q any.yaml sweep.seed=0..2 --out any
says out "only seed [0, 2]"
holds "has the others left out" sh -c 'grep -q "^| 0 " out && grep -q "^| 2 " out && ! grep -q "^| 1 " out'
expect 0 "and again from the folder" "$gedi" table any
says out "only seed [0, 2]"
holds "with the same rows" sh -c 'grep -q "^| 2 " out && ! grep -q "^| 1 " out'
sed -i 's/where: {seed: 0}/where: {seed: 7}/' one.yaml
expect 2 "the same by mistake" "$gedi" sweep one.yaml -n
says err "one.yaml:3:8: table: where: no point has seed: 7"

# ---- sweeps whose runs differ in what is no axis ----

for n in 20 30; do
    expect 0 "a sweep of $n iterations" "$gedi" sweep small.yaml -q --out "pool$n" sweep.seed=0..1 train.iterations=$n
done
expect 0 "a table of both" "$gedi" table pool20 pool30 --rows objective --value evaluation.clustering.nmi
says out "over seed, train.iterations, 4 runs a cell"
expect 0 "a table of both and a run" "$gedi" table pool20 pool30 "$(echo pool20/runs/* | cut -d' ' -f1)" \
    --rows objective --value evaluation.clustering.nmi
says out "over seed, train.iterations, 4 runs a cell"

finish
