#!/bin/sh
# test_evaluate_sweep.sh - metrics that come later: a sweep evaluated once more, what its tables then
# have, and runs that were interrupted.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
moons_descriptor run.yaml seed: 'objective: {gedi_no_gen: {}}' 'optimizer: {adam: {}}' \
    'train: {iterations: 20, batch: 20, log_every: 10, checkpoint_every: 10}' 'figures: []'
cat >sweep.yaml <<'END'
name: s
base: run.yaml
sweep: {optimizer.adam.lr: [0.001, 0.01], seed: [0, 1]}
curves: {name: none, value: terms.none, lines: seed}
END
nmi='NMI=evaluation.clustering.nmi' knn='k-NN=evaluation.knn.accuracy'

expect 2 "a sweep that has not begun" "$gedi" evaluate s 'evaluate=[knn: {}]'
expect 0 "a sweep with curves that no log has" "$gedi" sweep -q sweep.yaml --out s
says err "warning: curves none: terms.none: no run has logged such a number; there are: loss"
holds "has its report" test -s s/report.html
holds "without what comes later" sh -c '! grep -q "evaluation\.knn" s/report.html'
expect 0 "its table" "$gedi" table s --rows lr --value $nmi --format csv
cp out before.csv
expect 2 "a mistake in what is put in" "$gedi" evaluate s 'evaluate=[nearest: {}]'
says err "there is no evaluator 'nearest'"
holds "is said once" test "$(grep -c nearest err)" = 1
expect 0 "a sweep once more" "$gedi" evaluate s -j 2 'evaluate=[knn: {}]'
says out "evaluated  4 of 4 points"
says err "; 4 of 4"
says out "report     s/report.html"
holds "the report has it" grep -q 'evaluation\.knn\.accuracy' s/report.html
holds "each point has one" test "$(echo s/runs/*/evaluation-1/summary.json | wc -w)" = 4
expect 0 "and again" "$gedi" evaluate s 'evaluate=[knn: {}]'
says out "evaluated  4 of 4 points, 4 of them before"
holds "makes nothing new" sh -c '! ls -d s/runs/*/evaluation-2 2>/dev/null'
expect 0 "a table of old and new" "$gedi" table s --rows lr --value $nmi --value $knn
says out "| optimizer.adam.lr"
says out "| k-NN"
expect 0 "the old numbers" "$gedi" table s --rows lr --value $nmi --format csv
holds "are as they were" cmp out before.csv

# The new ones are those of the evaluations.
for lr in 0.001 0.01; do
    grep -l "lr: $lr\$" s/runs/*/evaluation-1/descriptor.yaml | while read -r file; do
        sed -n 's/^ *"accuracy": \([0-9.]*\).*/\1/p' "${file%/*}/summary.json" | head -1
    done | awk -v lr=$lr '{ sum += $1 } END { printf "%s %d %.6f\n", lr, NR, sum / NR }'
done >want
expect 0 "the new ones" "$gedi" table s --rows lr --value $knn --format csv
awk -F, '$1 == "0.001" || $1 == "0.01" { printf "%s %d %.6f\n", $1, 2, $4 }' out >got
holds "are the means of the evaluations" cmp want got

# ---- values that some points read ----

moons_descriptor mixed.yaml 'train: {iterations: 5, batch: 20}' 'figures: []' 'seed: 0' 'objective: {gedi: {clusters: 2}}' \
    'sampler: {sgld: {steps: 1, step_size: 0.01, buffer: 20}}' 'evaluate: [two_sample: {samples: 40, steps: 2, permutations: 9}]'
expect 0 "a sweep whose first point clips nothing" "$gedi" sweep -q mixed.yaml --out mixed 'sweep={sampler.sgld.clip: [0, 0.001]}'
expect 0 "what another one reads is taken" "$gedi" evaluate -q mixed sampler.sgld.clip_by=norm
expect 2 "what none reads is not" "$gedi" evaluate mixed model.mlp.gain=3
says err "model.mlp.gain=3: only training reads this value"
holds "and is said once" test "$(grep -c gain err)" = 1
expect 0 "unless it is asked for" "$gedi" evaluate --unread mixed model.mlp.gain=3
says err "with model.mlp.gain=3 these are numbers of another experiment"
expect 0 "another name is no other experiment" "$gedi" evaluate mixed name=mine 'evaluate=[clustering: {}]'
holds "tables have it" "$gedi" table mixed --rows clip --value $nmi

# ---- other options of an evaluator that came later ----

replaced="tables show these numbers of knn in place of an earlier evaluation's: to see both, give one of them a name of its own"
$gedi table s --rows lr --value $knn --format csv >k20
expect 0 "with k=1" "$gedi" evaluate s 'evaluate=[knn: {k: 1}]'
says err "$replaced"
$gedi table s --rows lr --value $knn --format csv >k1
holds "tables show it" sh -c '! cmp -s k1 k20'
expect 0 "with that of before" "$gedi" evaluate s 'evaluate=[knn: {}]'
says err "$replaced"
$gedi table s --rows lr --value $knn --format csv >got
holds "tables show that again" cmp got k20
expect 0 "and once more" "$gedi" evaluate s 'evaluate=[knn: {}]'
says out "evaluated  4 of 4 points, 4 of them before"
expect 0 "with a name" "$gedi" evaluate s 'evaluate=[{knn: {k: 1}, name: nearest}]'
holds "nothing is replaced" sh -c '! grep -q "in place of" err'

expect 0 "a sweep whose points have names" "$gedi" sweep -q sweep.yaml 'sweep={which: {a: {}}, seed: [0, 1]}' --out named
expect 0 "another run" "$gedi" run -q run.yaml seed=100 --out other
expect 0 "a table that it is not in" "$gedi" table named other --rows which --value $nmi
says err "left out: other, which has no which"
expect 2 "a sweep's folder is no descriptor" "$gedi" run s
says err "s is the folder of a sweep: "
rm -r other named

# ---- what does not count ----

one=$(echo s/runs/* | cut -d' ' -f1)
expect 0 "other data" "$gedi" evaluate "$one" 'evaluate=[linear_probe: {epochs: 2}]' dataset.moons.noise=0.2
says err "with dataset.moons.noise=0.2 these are numbers of another experiment: tables of the runs leave them out"
expect 2 "are in no table of the run" "$gedi" table "$one" --rows objective --value evaluation.linear_probe.accuracy
expect 0 "the same evaluator" "$gedi" evaluate s 'evaluate=[clustering: {split: train}]'
says err "tables show what the run itself found by clustering"
expect 0 "the run's own numbers" "$gedi" table s --rows lr --value $nmi --format csv
holds "stay" cmp out before.csv

# ---- interrupted ----

if stopped TERM 'grep -qs "\"iteration\": 300" part/metrics.jsonl' run.yaml \
    train.iterations=2000000 train.checkpoint_every=100 train.log_every=100; then
    expect 0 "a run that was interrupted" "$gedi" evaluate -q part
    at=$(sed -n 's/.*"iteration": \([0-9]*\),.*/\1/p' part/evaluation-1/summary.json | head -1)
    holds "its summary says where" grep -q '"of": 2000000' part/evaluation-1/summary.json
    holds "it is where the checkpoint is" grep -aq "\"iteration\":\"$at\"" part/checkpoint.safetensors
    expect 0 "in a table" "$gedi" table part --rows objective --value evaluation.clustering.nmi
    says out "ᵃ at iteration $at of 2000000"
    holds "there is no elsewhere" sh -c '! grep -q elsewhere out'
    expect 0 "beside one that ended" "$gedi" table part s --rows objective --columns seed --value evaluation.clustering.nmi
    says out "ᵃ not all runs of the cell: at iteration $at of 2000000; elsewhere at the end of training"
    expect 0 "a run that ended" "$gedi" run -q run.yaml --out ended
    expect 0 "compared with it" "$gedi" compare ended part
    says out "1 pair by seed; 1 evaluated before the end of training"
    says out "  A  at the end of training"
    says out "  B  at iteration $at of 2000000"
    mv part/evaluation-1 .
    expect 2 "compared when it has no numbers" "$gedi" compare ended part
    says err "no seed has numbers on both sides: 1 of 1 runs have some (seeds: 0), and 0 of 1 (seeds: none)"
    mv evaluation-1 part
    if (mv part first && stopped TERM 'grep -qs "\"iteration\": 600" part/metrics.jsonl' run.yaml \
        train.iterations=2000000 train.checkpoint_every=100 train.log_every=100 seed=1); then
        expect 0 "another one" "$gedi" evaluate -q part
        later=$(sed -n 's/.*"iteration": \([0-9]*\),.*/\1/p' part/evaluation-1/summary.json | head -1)
        expect 0 "both in a table" "$gedi" table first part --rows seed --value evaluation.clustering.nmi
        [ "$later" -gt "$at" ] && says out "ᵃ at iterations $at and $later of 2000000"
        [ "$later" -lt "$at" ] && says out "ᵃ at iterations $later and $at of 2000000"
        holds "have one mark" sh -c '! grep -q ᵇ out'
    fi
    rm -rf part
    mv first part
    expect 0 "in a report" "$gedi" report part -o page.html
    holds "it is not finished" grep -q "\"state\":\"stopped\",\"iteration\":$at" page.html
    expect 0 "its features" "$gedi" export part --features --format safetensors
    holds "say so, too" grep -aq "\"iteration\":\"$at\"" part/export/features-test.safetensors
    expect 2 "its samples" "$gedi" sample part
    says err "finish it with \`gedi resume part\`"
    mkdir -p two/runs
    cp -r s two/s
    point=$(echo two/s/runs/* | cut -d' ' -f1)
    rm -r "$point/summary.json" "$point"/evaluation-*
    expect 0 "a point without its summary" "$gedi" evaluate -q two/s 'evaluate=[knn: {}]'
    says out "evaluated  4 of 4 points, 3 of them before"
    rm -r "$point/checkpoint.safetensors"
    expect 0 "a point without a checkpoint" "$gedi" evaluate -q two/s 'evaluate=[knn: {k: 5}]'
    says out "evaluated  3 of 4 points; 1 without a checkpoint"
else
    skip "no run was interrupted in time"
fi

# ---- what changes nothing ----

expect 2 "a value that only training reads" "$gedi" evaluate s optimizer.adam.lr=0.5 train.clip=7
says err "override optimizer.adam.lr=0.5: only training reads 'optimizer', and nothing is trained here; what can change is in: seed, "
says err "override train.clip=7: only training reads 'train.clip'"
says err "gedi: 2 mistakes"
expect 2 "an option that only training reads" "$gedi" evaluate s model.mlp.gain=3
says err "override model.mlp.gain=3: only training reads this value, and nothing is trained here"
holds "is said once" test "$(grep -c gain err)" = 1
expect 2 "of one run" "$gedi" evaluate "$(echo s/runs/* | cut -d' ' -f1)" optimizer.adam.lr=0.5

# ---- failures ----

expect 1 "an evaluator that cannot" "$gedi" evaluate s 'evaluate=[ood: {against: [mnist: {path: nowhere}]}]'
says err "FAILED: evaluator ood: dataset mnist"
holds "of each point" test "$(grep -c FAILED err)" = 4
holds "leaves nothing in the runs" sh -c '! ls s/runs/*/error.txt 2>/dev/null'
# Of a sweep one evaluator has failed, and `gedi evaluate` has made its numbers since: it is whole.
bad='evaluate=[clustering: {}, finetune: {epochs: 20, optimizer: [sgd: {lr: 1000000}]}]'
expect 1 "a sweep whose evaluator fails" "$gedi" sweep sweep.yaml -q "$bad" --out lame
says err "4 of 4 points failed"
expect 0 "check of it" "$gedi" check lame
holds "each run says it" test "$(grep -c 'numbers are missing: evaluator finetune: ' out)" = 4
expect 0 "as it recommends" "$gedi" evaluate -q lame 'evaluate=[finetune: {epochs: 1}]'
expect 0 "check of it then" "$gedi" check lame
holds "nothing is missing" sh -c '! grep -q missing out'
expect 0 "the same sweep, dry" "$gedi" sweep sweep.yaml "$bad" --out lame -n
says out "4 points, 4 finished"
expect 0 "the same sweep" "$gedi" sweep sweep.yaml -q "$bad" --out lame
holds "its page knows of no failure" sh -c '! grep -qE "\"state\":\"failed\"|\"missing\":" lame/report.html'
expect 0 "resume of a point" "$gedi" resume -q "$(echo lame/runs/* | cut -d' ' -f1)"
expect 1 "with other options it is another" "$gedi" sweep sweep.yaml -q --out lame \
    'evaluate=[clustering: {}, finetune: {epochs: 21, optimizer: [sgd: {lr: 1000000}]}]'
# Options of an evaluator come before its name in what a summary keeps.
for k in 1 5 1; do
    expect 0 "k: $k" "$gedi" sweep sweep.yaml -q "evaluate=[clustering: {}, knn: {k: $k}]" --out turns
    holds "the summary has that one alone" sh -c "cat turns/runs/*/summary.json | grep 'evaluate: knn' | sort -u >made; \
        [ \"\$(wc -l <made)\" -eq 1 ] && grep -q 'knn.k: $k;' made"
done
expect 1 "one that fails in its place" "$gedi" sweep sweep.yaml -q --out turns \
    'evaluate=[clustering: {}, {finetune: {optimizer: [sgd: {lr: 1000000}]}, name: knn}]'
holds "has no numbers of the other" sh -c '! grep -qE "\"knn\": \{" turns/runs/*/summary.json'
expect 2 "how many at once, of a run" "$gedi" evaluate "$one" -j 2
says err "--jobs: $one is no sweep"

finish
