#!/bin/sh
# test_cli.sh - the command: exit codes, what it says, and where it says it.
# shellcheck disable=SC2016  # what stands in quotes is for sed and the inner shells
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
cat >small.yaml <<'END'
seed: 0
dataset:   {moons: {noise: 0.05, train: 200, test: 100}}
views:
  - []
  - [gaussian_noise: {std: 0.03}]
model:     {mlp: {hidden: [8], output: 2}}
objective: {gedi_no_gen: {clusters: 2}}
optimizer: {adam: {lr: 1.0e-3}}
train:     {iterations: 10, batch: 20}
evaluate:  [clustering: {}]
END

# ---- the command itself ----

expect 2 "gedi" "$gedi"
says err "Usage: gedi COMMAND"
silent out
for help in --help help; do
    expect 0 "gedi $help" "$gedi" $help
    for command in run resume evaluate sample export sweep table compare check list describe data new info manual completion; do
        says out "  $command "
    done
done
expect 0 "gedi --version" "$gedi" --version
says out "gedi 0."
expect 0 "gedi help check" "$gedi" help check
says out "Usage: gedi check"
expect 2 "gedi chekc" "$gedi" chekc small.yaml
says err "gedi: chekc: not a command; did you mean 'check'?"
says err "run, resume, evaluate, sample, export, sweep, table, report, compare, check, list, describe, schema, data, new, info, manual, completion"
silent out
expect 2 "gedi help zebra" "$gedi" help zebra
says err "gedi: zebra: not a command; there are: run"
for command in run resume evaluate sample export sweep table compare check list describe data new info manual completion; do
    expect 0 "gedi $command --help" "$gedi" $command --help
    says out "Usage: gedi $command"
    expect 2 "gedi $command --zebra" "$gedi" $command --zebra
    says err "gedi $command: unrecognized option '--zebra'"
done
if [ -w /dev/full ]; then
    expect 1 "output to a full disk" sh -c '"$0" --help >/dev/full' "$gedi"
    says err "gedi: standard output cannot be written"
else
    skip "there is no /dev/full"
fi

# ---- check ----

expect 0 "check" "$gedi" check small.yaml
says out "small.yaml: ok"
says out "classes; views: as it is | gaussian_noise"
says out "gedi_no_gen on mlp"
says out "adam, 10 iterations of batch 20, seed 0; evaluate: clustering"
silent err
expect 0 "check with an override" "$gedi" check small.yaml seed=7 train.batch=25
says out "batch 25, seed 7"
expect 0 "check --resolved" "$gedi" check --resolved small.yaml seed=3
says out "seed: 3"
cp out resolved.yaml
expect 0 "check --resolved of what it printed" "$gedi" check --resolved resolved.yaml
holds "a resolved descriptor resolves to itself" cmp out resolved.yaml
sed 's/hidden/hiden/; s/batch: 20/batch: -1/' small.yaml >broken.yaml
expect 2 "check of a broken descriptor" "$gedi" check broken.yaml
says out "broken.yaml:6:"
says out "broken.yaml:9:"
says out "'hidden'"
says out "2 mistakes"
expect 2 "check of an override that is none" "$gedi" check small.yaml seed
says err "seed: not KEY=VALUE, such as seed=3"
expect 2 "check of an override with a typo" "$gedi" check small.yaml train.bacth=3
says out "1 mistake"
expect 2 "check of nothing" "$gedi" check
says err "name the descriptor to check"
expect 2 "check of a file that is not there" "$gedi" check nowhere.yaml
says out "nowhere.yaml: No such file or directory"

{
    cat small.yaml
    echo "stages: [{}, {optimizer: keep, freeze: [model.layer0], train: {iterations: 5}}]"
} >staged.yaml
expect 0 "check of stages" "$gedi" check staged.yaml
says out "stages.0"
says out "stages.1"
says out "adam as it was, 5 iterations of batch 20, seed 0; frozen: model.layer0; evaluate: "
expect 0 "check --resolved of stages" "$gedi" check --resolved staged.yaml
cp out resolved.yaml
expect 0 "check --resolved of what it printed" "$gedi" check --resolved resolved.yaml
holds "resolved stages resolve to themselves" cmp out resolved.yaml
expect 2 "check of an override that has no effect" "$gedi" check resolved.yaml train.batch=3
says out "train.batch=3: '3' reaches no stage, as each states its own: set stages.N.train.batch"
expect 2 "run of a stage that cannot be" "$gedi" run staged.yaml "stages.1.freeze=[model.x]" --out no
says err "stages.1: freeze: 'model.x' is no parameter"
holds "it leaves nothing" test ! -e no
# Each mistake has the place of what it is about, whoever states it.
printf '%s\n' 'base: small.yaml' 'freeze: [model.y]' 'stages:' '  - {freeze: [model.x]}' \
    '  - {freeze: [], groups: [{match: [model.z], lr: 0.1}], train: {iterations: 5}}' \
    '  - {freeze: [], views: [[]]}' '  - {freeze: [], restart: [model.q]}' '  - {}' >placed.yaml
expect 2 "mistakes of stages" "$gedi" check placed.yaml
says out "placed.yaml:4:14: stages.0: freeze: 'model.x' is no parameter"
says out "placed.yaml:5:27: stages.1: groups.0.match: 'model.z' is no weight"
says out "placed.yaml:6:25: stages.2: objective gedi_no_gen uses view 2, but views: has 1 pipeline"
says out "placed.yaml:7:27: stages.3: restart: 'model.q' is no parameter"
says out "placed.yaml:2:9: stages.4: freeze: 'model.y' is no parameter"
printf '%s\n' 'base: small.yaml' 'model: {resnet8: {}}' 'stages:' '  - {}' '  - {train: {iterations: 5}}' >inherits.yaml
expect 2 "a model that all stages share" "$gedi" check inherits.yaml
says out "inherits.yaml:2:9: stages.0: the network cannot be built: model resnet8: "
says out "1 mistake"
printf '%s\n' 'base: inherits.yaml' 'stages: [{}, {}]' >heir.yaml
expect 2 "a model of a base" "$gedi" check heir.yaml
says out "inherits.yaml:2:9: stages.0: the network cannot be built: model resnet8: "
says out "(inherited by heir.yaml: state it anew there)"
expect 2 "a model that is put in" "$gedi" check small.yaml model=resnet8
says out "override model=resnet8: the network cannot be built: "
expect 0 "run of stages" "$gedi" run staged.yaml --out staged
says err "gedi: iteration 10: stages.1 begins, objective gedi_no_gen"
says err "15/15"
says err "stages.1  inv"

# One update: batches that are accumulated, a gradient that is clipped, groups of weights.
{
    cat small.yaml
    echo "groups: [{match: [model.layer0], lr: {cosine: {from: 0.01, to: 0}}}, {match: [model.layer1.bias], eps: 0.1}]"
} >update.yaml
expect 0 "check of an update" "$gedi" check update.yaml train.accumulate=3 train.clip=0.5 groups.1.eps=0.2
says out "10 iterations of 3 times batch 20, seed 0"
expect 0 "check --resolved of an update" "$gedi" check --resolved update.yaml groups.1.eps=0.2
says out '  - {match: ["model.layer0"], lr: {cosine: {from: 0.01, to: 0}}}'
says out '  - {match: ["model.layer1.bias"], eps: 0.2}'
cp out resolved.yaml
expect 0 "check --resolved of what that printed" "$gedi" check --resolved resolved.yaml
holds "resolved groups resolve to themselves" cmp out resolved.yaml
expect 2 "check of a group without weights" "$gedi" check update.yaml "groups.1.match=[model.layer9]"
says out "groups.1.match: 'model.layer9' is no weight"
expect 2 "check of more than the data" "$gedi" check update.yaml train.accumulate=1000
says out "train.batch times train.accumulate is 20000, but dataset moons has "

sed -n '/^```yaml$/,/^```$/p' "$top_srcdir/README.md" | sed '1d;/^```/,$d' >readme.yaml
holds "README.md shows a descriptor" test -s readme.yaml
expect 0 "check of README.md's descriptor" "$gedi" check readme.yaml

# ---- list and describe ----

expect 0 "list" "$gedi" list
for plugin in "dataset    moons" "model      mlp" "optimizer  adam"; do
    says out "$plugin"
done
silent err
expect 0 "list optimizer" "$gedi" list optimizer
holds "list of one kind has no other" sh -c '! grep -v "^optimizer " out'
expect 2 "list optimiser" "$gedi" list optimiser
says err "did you mean 'optimizer'?"
expect 2 "list of two kinds" "$gedi" list model view
mkdir broken
echo "no library" >broken/view_zebra.so
expect 1 "list with a broken plugin" env GEDI_PLUGIN_PATH=broken "$gedi" list view
says out "view  zebra"
says out "BROKEN: "
says err "gedi: 1 plugin broken"
expect 1 "describe a broken plugin" env GEDI_PLUGIN_PATH=broken "$gedi" describe view/zebra

expect 0 "describe optimizer/adam" "$gedi" describe optimizer/adam
says out "optimizer/adam: "
says out "Source: "
says out "lr "
says out "optimizer:"
cp out adam.txt
expect 0 "describe optimizer adam" "$gedi" describe optimizer adam
holds "both ways to name a plugin are one" cmp out adam.txt
expect 2 "describe optimizer/adem" "$gedi" describe optimizer/adem
says err "adam"
expect 0 "describe adam" "$gedi" describe adam
holds "a name of one kind alone is enough" cmp out adam.txt
expect 2 "describe supervised" "$gedi" describe svhn.mat
expect 2 "describe embedding" "$gedi" describe embedding
says err "embedding: not a plugin, but one of the figures: see \`gedi describe figures'"
expect 2 "describe optimizer" "$gedi" describe optimizer
says err "\`gedi list optimizer' shows them"
expect 2 "describe zebra/adam" "$gedi" describe zebra/adam
expect 2 "describe" "$gedi" describe
expect 0 "describe train" "$gedi" describe train
says out "iterations"
says out "train:"
says out "accumulate: k"
expect 0 "describe groups" "$gedi" describe groups
says out "the first group that matches"
expect 0 "describe stages" "$gedi" describe stages
says out "A stage can have its own views, objective"
expect 0 "describe sweep" "$gedi" describe sweep
says out "The order of the axes matters"

# What describe prints can be pasted: a descriptor made of nothing else has no mistakes.
snippet() {
    "$gedi" describe "$1" | sed '1,/^In a descriptor/d' | sed '/^$/d'
}
{
    for part in dataset/moons view/gaussian_noise model/mlp objective/gedi_no_gen \
        optimizer/adam train evaluator/clustering; do
        snippet $part
    done
} >pasted.yaml
expect 0 "a descriptor of pasted defaults" "$gedi" check pasted.yaml

expect 0 "describe --markdown" "$gedi" describe --markdown
says out "### optimizer/adam"
# It names the keys that a descriptor may have, no more and no fewer.
sed -n 's/^| `\([a-z]*\)` |.*/\1/p' out | sort >documented
{ cat small.yaml; echo "zebra: 1"; } >zebra.yaml
"$gedi" check zebra.yaml | sed -n 's/.*zebra.*(legal: \(.*\)).*/\1/p' | tr -d ' ' |
    tr ',' '\n' | sort >legal
holds "describe --markdown names every key" diff legal documented
reference=$top_srcdir/docs/descriptor.md
if [ -f "$reference" ]; then
    holds "docs/descriptor.md is current (else: make reference)" diff "$reference" out
else
    skip "there is no docs/descriptor.md"
fi

# ---- info ----

for threads in OMP_NUM_THREADS=abc OMP_NUM_THREADS=0; do
    expect 0 "info, $threads" env -u OMP_THREAD_LIMIT $threads "$gedi" info
    says out "one per processor; OMP_NUM_THREADS is not a number of threads"
done
expect 0 "info, three threads" env -u OMP_THREAD_LIMIT OMP_NUM_THREADS=3 "$gedi" info
holds "says so" grep -q '^threads  *3, by OMP_NUM_THREADS' out
expect 0 "info, a limit" env OMP_NUM_THREADS=3 OMP_THREAD_LIMIT=1 "$gedi" info
holds "says which" grep -q '^threads  *1, by OMP_THREAD_LIMIT' out
expect 0 "info" "$gedi" info
for line in "version " "plugin ABI " "processor " "instructions " "BLAS kernel " "GFLOP/s" \
    "plugins "; do
    says out "$line"
done
# Where OpenBLAS chose badly, gedi says so once, and the kernel is then another one.
if grep -q "slow kernel" err; then
    holds "the cure is said once" [ "$(wc -l <err)" -eq 1 ]
    holds "the cure worked" sh -c '! grep -q "below what the processor offers" out'
    expect 0 "list needs no cure" "$gedi" list
    silent err
else
    skip "OpenBLAS chose the right kernel by itself"
fi
# Threads that wait spin for a short time, unless the user has them do otherwise.
if OMP_DISPLAY_ENV=verbose "$gedi" info 2>&1 | grep -q GOMP_SPINCOUNT; then
    OMP_DISPLAY_ENV=verbose "$gedi" info >out 2>err
    holds "waiting threads soon sleep" [ "$(grep GOMP_SPINCOUNT err | tail -n 1 | tr -dc 0-9)" = 3000 ]
    GOMP_SPINCOUNT=77 OMP_DISPLAY_ENV=verbose "$gedi" info >out 2>err
    holds "or as the user says" [ "$(grep GOMP_SPINCOUNT err | tail -n 1 | tr -dc 0-9)" = 77 ]
else
    skip "OpenMP's library does not tell whether threads spin"
fi
# What the user asks for stays. Prescott's kernels run on every x86-64.
expect 0 "info with a kernel asked for" env OPENBLAS_CORETYPE=Prescott "$gedi" info
if grep -q "^BLAS kernel *Prescott, asked for" out && ! grep -q "^instructions *sse" out; then
    says err "OPENBLAS_CORETYPE=Prescott is set and keeps OpenBLAS at its sse kernels"
    holds "a slow choice is told once" [ "$(wc -l <err)" -eq 1 ]
    says out "below what the processor offers"
else
    skip "OpenBLAS has no slower kernel to ask for"
fi

# ---- run and resume ----

expect 0 "run" "$gedi" run small.yaml --out first
says out "clustering.nmi"
says out "results  first"
for file in descriptor.yaml metrics.jsonl summary.json checkpoint.safetensors; do
    holds "the run keeps $file" test -s first/$file
done
expect 0 "run --quiet" "$gedi" run --quiet small.yaml --out second
silent err
if command -v python3 >/dev/null; then
    expect 0 "run on a narrow terminal" narrow 40 "$gedi" run small.yaml --out narrow/from/here/there
    says out "results  narrow/from/here/there"
    holds "its closing lines are broken between words" \
        sh -c 'sed "1,/clustering/d" out | awk "length > 40 { bad = 1 } END { exit bad }"'
    holds "a path is not" grep -qx "    narrow/from/here/there/report.html" out
    expect 0 "check on a narrow terminal" narrow 40 "$gedi" check small.yaml
    holds "what it says, too" sh -c 'awk "length > 40 { bad = 1 } END { exit bad }" out'
    expect 0 "check elsewhere" "$gedi" check small.yaml
    holds "no line is broken where there is no terminal" grep -q "^  data .\{50\}" out
else
    skip "no python3 for a narrow terminal"
fi
holds "the same seed gives the same bytes" \
    cmp first/checkpoint.safetensors second/checkpoint.safetensors
expect 0 "run of the resolved descriptor" "$gedi" run -q first/descriptor.yaml --out third
holds "the kept descriptor gives the same bytes" \
    cmp first/checkpoint.safetensors third/checkpoint.safetensors
expect 0 "run without --out" "$gedi" run -q small.yaml seed=5
says out "results  runs/small-seed5"
expect 2 "run into the same folder again" "$gedi" run -q small.yaml seed=5
says err "gedi: "
says err "runs/small-seed5"
expect 0 "resume of a finished run" "$gedi" resume first
says out "clustering.nmi"
expect 2 "resume of nothing" "$gedi" resume nowhere
says err "nowhere"
expect 2 "resume of two" "$gedi" resume first second
expect 2 "run of a broken descriptor" "$gedi" run broken.yaml --out broken-run
says err "broken.yaml:6:"
says err "gedi: 2 mistakes"
silent out
holds "nothing is written for it" test ! -e broken-run
expect 2 "run of nothing" "$gedi" run
# The prior is at least ln 8, which counts as an explosion here.
expect 1 "a run that explodes" "$gedi" run -q small.yaml model.mlp.output=8 \
    objective.gedi_no_gen.clusters=8 train.explode=1 --out exploded
says err "gedi: iteration 1: term "
expect 1 "a folder that cannot be made" "$gedi" run -q small.yaml --out small.yaml/run
says err "small.yaml"

# A signal: a checkpoint, a word on how to go on, and the same bytes in the end. (TERM, for a
# shell's background processes ignore INT.)
"$gedi" run -q small.yaml train.iterations=50000 --out whole >/dev/null
"$gedi" run -q small.yaml train.iterations=50000 --out part >out 2>err </dev/null &
pid=$!
tries=0
while [ ! -s part/descriptor.yaml ] && [ $tries -lt 200 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
sleep 0.1
kill -TERM $pid
wait $pid
got=$? name="an interrupted run"
if [ $got -eq 0 ]; then
    skip "the run was over before it could be interrupted"
else
    holds "an interrupted run ends with 1" [ $got -eq 1 ]
    says err "gedi resume part"
    expect 0 "resume of an interrupted run" "$gedi" resume -q part
    holds "a resumed run ends in the same bytes" \
        cmp whole/checkpoint.safetensors part/checkpoint.safetensors
fi

expect 2 "a share of what has no parameters" "$gedi" check small.yaml \
    'objective=[{gedi_no_gen: {clusters: 2, prototypes: free}}, {supervised: {clusters: 2}, share: gedi_no_gen}]'
says out "supervised: share: supervised has no parameters to share: prototypes: free or unit gives it some"

# ---- what is meant by what was written ----

expect 2 "an option where a plugin must be" "$gedi" check small.yaml 'model={hidden: [8]}'
says out "model: 'hidden' is an option of mlp: name the plugin, {NAME: {hidden: ...}}"
expect 2 "an option of the plugin without its name" "$gedi" check small.yaml optimizer.lr=0.1
says out "an option of it is written optimizer.adam.lr, another plugin is put in by optimizer=NAME"
for command in run check sweep report table; do
    expect 2 "$command of a log" "$gedi" $command whole/metrics.jsonl
    says err "whole/metrics.jsonl is a file that gedi has written: name its folder, whole"
done
expect 2 "what others call it" "$gedi" check small.yaml objective=simclr
says out "did you mean 'info_nce'?"
expect 2 "of a figure" "$gedi" check small.yaml 'figures=[umap]'
says out "did you mean 'embedding'?"
expect 2 "of a command" "$gedi" test small.yaml
says err "did you mean 'evaluate'?"
expect 2 "of an option" "$gedi" run small.yaml --multirun
says err "gedi sweep FILE runs all points of a sweep"
expect 2 "of a file" "$gedi" run --config-name=small.yaml
says err "--config-name: the descriptor is an argument by itself: gedi run FILE"
expect 2 "an option of train beside it" "$gedi" check small.yaml iterations=3
says out "'iterations'"
(cat small.yaml && echo "iterations: 3") >beside.yaml
expect 2 "the same in a file" "$gedi" check beside.yaml
says out "unknown key 'iterations': it belongs to train: {iterations: ...}"
expect 2 "an option of a plugin at the top" "$gedi" check small.yaml lr=0.1
says out "unknown key 'lr': an option of optimizer, which is adam here: write optimizer: {adam: {lr: ...}}, or optimizer.adam.lr=VALUE"
expect 2 "an option of validation at the top" "$gedi" check small.yaml patience=3
says out "it belongs to validation: {patience: ...}"
# meant WORD=VALUE TEXT: the word of another program is told what it is here.
meant() {
    expect 2 "$1" "$gedi" check small.yaml "$1"
    says out "$2"
}
meant train.batch_size=3 "unknown option 'batch_size' of train: did you mean 'batch'?"
meant batch_size=3 "unknown key 'batch_size': did you mean 'batch'? It belongs to train: {batch: ...}"
meant max_epochs=3 "did you mean 'epochs'? It belongs to train: {epochs: ...}"
meant optimizer.adam.learning_rate=3 "unknown option 'learning_rate' of adam: did you mean 'lr'?"
meant learning_rate=3 "unknown key 'learning_rate': did you mean 'lr'? It is an option of optimizer, which is adam here: write optimizer: {adam: {lr: ...}}, or"
meant model.mlp.hidden_sizes=[3] "unknown option 'hidden_sizes' of mlp: did you mean 'hidden'?"
sed 's/^objective:/objectiv:/' small.yaml >misspelt.yaml
expect 2 "a key that is misspelt" "$gedi" check misspelt.yaml
says out "unknown key 'objectiv': did you mean 'objective'?"
says out "1 mistake"
expect 2 "seeds without brackets" "$gedi" check small.yaml 'sweep={lr: {a: {}}}' sweep.seed=0,1,2
says out "seed: '0,1,2' is one value: write a list, [0,1,2], or a range, FIRST..LAST"
expect 2 "a value with dashes" "$gedi" run small.yaml --seed 3
says err "--seed: a value of the descriptor is given without dashes: seed=3"
expect 2 "options with dashes" "$gedi" run small.yaml --iterations=3 --lr 0.1 --hidden 5 --nothing 3
says err "--iterations: a value of the descriptor is given without dashes: train.iterations=3"
says err "--lr: a value of the descriptor is given without dashes: optimizer.adam.lr=0.1"
says err "--hidden: a value of the descriptor is given without dashes: model.mlp.hidden=5"
holds "of others nothing is said" sh -c "! grep -q -e '--nothing:' err"
expect 2 "an option of another plugin" "$gedi" run small.yaml --momentum 0.1
holds "nothing is said of that, either" sh -c "! grep -q 'without dashes' err"
for range in 0-2 0...2 0:2; do
    expect 2 "seeds $range" "$gedi" sweep small.yaml -n sweep.seed=$range
    says err "'$range' is not an integer; a range is for an axis of a sweep, such as sweep.seed=0..2"
done
expect 2 "a range of one run" "$gedi" run small.yaml seed=0..2
says err "'0..2' is not an integer; a range is for an axis of a sweep, such as sweep.seed=0..2"
expect 2 "an axis that is no key" "$gedi" sweep small.yaml -n 'sweep={method: [A, B]}'
says err "'method' is no key: give a path, such as optimizer.adam.lr, or say what each point sets: method: {A: {PATH: VALUE, ...}, B: {...}}"
expect 2 "a key that is none" "$gedi" sweep small.yaml -n sweep.seed=0..1 method=A
says err "unknown key 'method' (legal: "
expect 2 "a group of a table" "$gedi" table whole,method=A
says err "whole,method=A: there is no such directory: of some runs only, \`gedi table whole --where method=A' makes a table"
expect 2 "a group in its own word" "$gedi" table whole method=A
says err "method=A: there is no such directory: of some runs only, \`gedi table DIR --where method=A' makes a table"
expect 2 "run of a run" "$gedi" run whole
says err "whole is the folder of a run: \`gedi resume whole' goes on with it"
mkdir plain
for command in run sweep; do
    expect 2 "$command of the folder of a run" "$gedi" $command whole
    says err "whole is the folder of a run: \`gedi resume whole' goes on with it"
    expect 2 "$command of a plain folder" "$gedi" $command plain
    says err "plain is a folder, and none of gedi's: name a descriptor, a file"
done
expect 2 "evaluate of a descriptor" "$gedi" evaluate small.yaml
says err "small.yaml holds no run: it is a file: name the folder that \`gedi run\` has made of it"
expect 2 "a kind of file that is not written" "$gedi" export whole --features -o x.h5
says err "--out: x.h5: no file of that kind is written: end it with .npy, .csv or .safetensors"
expect 2 "an ONNX model as an array" "$gedi" export whole --onnx -o x.npy
says err "--out: x.npy: no file of that kind is written: end it with .onnx"
cp -r whole damaged
echo '{' >damaged/summary.json
expect 0 "a report of a damaged run" "$gedi" report damaged -o damaged.html
says err "failed: damaged: damaged/summary.json:2: not a JSON object"
cp -r whole logged
sed -i '2s/"loss": \(-\{0,1\}[0-9]\)/"loss": 7\1/' logged/metrics.jsonl
expect 0 "a report of a run with a damaged log" "$gedi" report logged -o logged.html
says err "warning: logged/metrics.jsonl:2: damaged: its checksum does not fit"
says err "; the page lacks the curves of this run"
holds "it is said once" [ "$(grep -c warning err)" -eq 1 ]
expect 2 "a folder checked with a value" "$gedi" check whole seed=3
says err "whole: a folder is checked as it is: seed=3 is of a descriptor"
expect 2 "a number by the end of its name" "$gedi" table whole --rows seed -v clustering.nmi
says err "did you mean evaluation.clustering.nmi?"
expect 2 "the same without rows" "$gedi" table first -v nmi
says err "did you mean evaluation.clustering.nmi?"
expect 2 "a number without rows" "$gedi" table first -v evaluation.clustering.nmi
says err "name the rows"

finish
