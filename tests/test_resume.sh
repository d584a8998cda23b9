#!/bin/sh
# test_resume.sh - a run interrupted by Ctrl-C and resumed ends in the same bytes; what
# cannot be resumed is refused with one clear error.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
cat >gen.yaml <<'END'
seed: 4
threads: 2
dataset:   {moons: {noise: 0.05, train: 500, test: 100}}
views:
  - []
  - [gaussian_noise: {std: 0.03}]
model:     {mlp: {hidden: [16], output: 4}}
projector: {mlp: {hidden: [4], output: 2}}
objective: {gedi: {prototypes: free, sphere: true}}
sampler:   {sgld: {steps: 1, step_size: 0.01, buffer: 300}}
optimizer: {adam: {lr: 1.0e-3}}
train:     {iterations: 3000, batch: 40, log_every: 50, checkpoint_every: 400}
evaluate:  [clustering: {}]
END
cat >norm.yaml <<'END'
base: gen.yaml
model:     {mlp: {hidden: [16], output: 2, batch_norm: true}}
projector: null
objective: {gedi_no_gen: {clusters: 2}}
sampler:   null
optimizer: {sgd: {lr: 1.0e-3, momentum: 0.9}}
train:     {iterations: 6000}
END

# What objectives keep: averages, a centre, the log of a mean, classes that a pass has dealt.
cat >state.yaml <<'END'
base: norm.yaml
objective: [{byol: {hidden: 8}}, {dino: {}}, {mi_bounds: {bound: mine}}, {sela: {every: 20}}]
train:     {iterations: 4000}
END

# A shell's background processes ignore Ctrl-C's signal unless they are told not to.
interruptible=
if env --default-signal=INT true 2>/dev/null; then
    interruptible="env --default-signal=INT" signal=INT
else
    signal=TERM
fi

# wait_for FILE PID: until the file has something in it or the process has ended.
wait_for() {
    until [ -s "$1" ] || ! kill -0 "$2" 2>/dev/null; do sleep 0.01; done
}

# interrupt NAME ARGUMENT...: gedi with these arguments, interrupted once it trains; $got
# is its exit code.
interrupt() {
    name=$1
    shift
    $interruptible "$gedi" "$@" >out 2>err </dev/null &
    pid=$!
    wait_for "$name/metrics.jsonl" $pid
    kill -$signal $pid 2>/dev/null
    wait $pid
    got=$?
}

summary() {
    sed '/^  "time": {/,/^  }/d; /^  "host": {/,/^  }/d; /^  "checksum"/d' "$1/summary.json"
}

# same A B HOW: both runs end in the same bytes.
same() {
    for file in checkpoint.safetensors metrics.jsonl descriptor.yaml; do
        holds "$3: the same $file" cmp "$1/$file" "$2/$file"
    done
    summary "$1" >one
    summary "$2" >two
    holds "$3: the same summary.json but for time and host" diff one two
    holds "$3: a summary" grep -q '"nmi"' one
    holds "$3: nothing half written is left" [ -z "$(find "$2" -name '*.part')" ]
}

for kind in gen norm state; do
    "$gedi" run -q $kind.yaml --out whole-$kind >out 2>err || fail "run $kind" out err
    tries=0 got=0
    while [ $got -eq 0 ] && [ $tries -lt 5 ]; do # on a busy machine it may be too late
        tries=$((tries + 1))
        rm -rf part-$kind
        interrupt part-$kind run -q $kind.yaml --out part-$kind
    done
    if [ $got -eq 0 ]; then
        skip "$kind: the run was always over before it could be interrupted"
        continue
    fi
    holds "$kind: an interrupted run ends with 1" [ $got -eq 1 ]
    name=$kind
    says err "gedi: interrupted at iteration "
    says err "gedi: go on with: gedi resume part-$kind"
    holds "$kind: it leaves a checkpoint" test -s part-$kind/checkpoint.safetensors
    holds "$kind: it has no summary" test ! -e part-$kind/summary.json
    cp -r part-$kind cut-$kind
    expect 0 "$kind: resume" "$gedi" resume part-$kind
    says out "clustering.nmi"
    says err "part-$kind: resuming at iteration "
    same whole-$kind part-$kind "$kind, resumed"
done

# ---- what is there already ----

expect 0 "run of a stored descriptor" "$gedi" run -q whole-gen/descriptor.yaml --out again
same whole-gen again "from the stored descriptor"
holds "and it is called as the first" grep -q '"descriptor": "gen"' again/summary.json
expect 2 "run into a run" "$gedi" run -q gen.yaml --out again
says err "gedi: again already holds a run: go on with \`gedi resume again\`, or choose"
mkdir shelf
cp -r again shelf/one
expect 2 "a run where runs lie" "$gedi" run -q gen.yaml --out shelf
says err "shelf holds runs, such as one, which would be hidden behind this one: choose a folder of its own with --out, such as shelf/NAME"
cp again/summary.json before
expect 0 "resume of a finished run" "$gedi" resume again
says out "clustering.nmi"
says err "again: finished already"
holds "it is left alone" cmp before again/summary.json

# ---- what cannot be resumed ----

one_error() {
    holds "$name: one line of error" [ "$(wc -l <err)" -eq 1 ]
    silent out
}
if [ -d cut-gen ]; then
    whole=$(wc -c <cut-gen/checkpoint.safetensors)
    cp cut-gen/checkpoint.safetensors good
    rm -f cut-gen/checkpoint-previous.safetensors
    for size in 0 5 100 $((whole / 2)) $((whole - 1)); do
        head -c "$size" good >cut-gen/checkpoint.safetensors
        expect 1 "a checkpoint of $size bytes" "$gedi" resume -q cut-gen
        says err "gedi: cut-gen/checkpoint.safetensors: "
        one_error
    done
    sed 's/"iteration":"[0-9]/"iteration":"x/' good >cut-gen/checkpoint.safetensors
    expect 1 "a checkpoint with other metadata" "$gedi" resume -q cut-gen
    says err "gedi: cut-gen/checkpoint.safetensors: its header is damaged"
    one_error
    cp good cut-gen/checkpoint.safetensors
    cp cut-gen/descriptor.yaml descriptor
    sed 's/inv: 50/inv: 51/' descriptor >cut-gen/descriptor.yaml
    expect 2 "an edited descriptor" "$gedi" resume -q cut-gen
    says err "gedi: cut-gen/checkpoint.safetensors: written for another experiment"
    one_error
    sed 's/inv: 50/inw: 50/' descriptor >cut-gen/descriptor.yaml
    expect 2 "a broken descriptor" "$gedi" resume -q cut-gen
    says err "cut-gen/descriptor.yaml:"
    says err "did you mean 'inv'?"
    cp descriptor cut-gen/descriptor.yaml
    rm cut-gen/checkpoint.safetensors
    expect 0 "no checkpoint at all: from the beginning" "$gedi" resume -q cut-gen
    same whole-gen cut-gen "from the beginning"
else
    skip "there is no run to damage"
fi

# ---- figures that could not be drawn are drawn later, and nothing else is done again ----

mkdir half
printf '#!/bin/sh\necho half a picture >losses.png\n' >half/gnuplot
chmod +x half/gnuplot
expect 1 "a picture that is cut off" env PATH="$work/half:$PATH" "$gedi" run -q gen.yaml \
    train.iterations=20 'figures=[losses]' --out undrawn
says err "losses.png: not drawn (its data and script are kept): the picture is cut off: is the disk full?"
says err '`gedi resume undrawn` draws what is missing'
holds "it is said once" [ "$(wc -l <err)" = 1 ]
says out "clustering.nmi"
expect 0 "check of it" "$gedi" check undrawn
says out 'undrawn: figures are missing: figure losses: undrawn/figures/losses.png: not drawn'
says out '; `gedi resume undrawn` draws them'
holds "its page says it" grep -q '"undrawn":"figure losses: undrawn/figures/losses.png: not drawn' undrawn/report.html
holds "no half picture is left" test ! -e undrawn/figures/losses.png
holds "the numbers are kept" grep -q '"nmi"' undrawn/summary.json
sed '/undrawn/d;/checksum/d;/"made"/,/]/d;/"failed"/,/]/d' undrawn/summary.json >numbers
expect 1 "resume that cannot draw either" env PATH="$work/half:$PATH" "$gedi" resume -q undrawn
if command -v gnuplot >/dev/null; then
    expect 0 "resume draws" "$gedi" resume undrawn
    says err "undrawn: trained already, figures are missing"
    holds "the picture is there" test -s undrawn/figures/losses.png
    tr -d ',' <numbers >want
    sed '/checksum/d;/"made"/,/]/d' undrawn/summary.json | tr -d ',' >got
    holds "the numbers are what they were" cmp want got
    expect 0 "resume of what is complete" "$gedi" resume undrawn
    says err "undrawn: finished already"
    expect 0 "check of that" "$gedi" check undrawn
    holds "nothing is missing" sh -c '! grep -q missing out'
else
    skip "there is no gnuplot"
fi

# ---- gedi check of a folder ----

cp -r again hurt
expect 0 "check of a run" "$gedi" check again
says out "again: 1 run (1 finished), 0 evaluations: whole"
printf 'x' | dd of=hurt/checkpoint.safetensors bs=1 conv=notrunc \
    seek=$(($(wc -c <hurt/checkpoint.safetensors) - 3)) 2>/dev/null
sed -i '1d' hurt/metrics.jsonl
sed -i 's/"seed": /"seed": 1/' hurt/summary.json
expect 1 "check of a damaged run" "$gedi" check hurt
says out "hurt/checkpoint.safetensors: tensor '"
says out "hurt/summary.json: damaged: its checksum is "
expect 1 "evaluate of one" "$gedi" evaluate hurt
says err "hurt/checkpoint.safetensors: tensor '"
cp again/checkpoint.safetensors hurt
expect 1 "check of a damaged log" "$gedi" check hurt
says out "hurt/metrics.jsonl: 1 of "

cp again/metrics.jsonl hurt
sed -i '2s/"loss": \(-\?[0-9]\)/"loss": 7\1/' hurt/metrics.jsonl
expect 1 "check of a log with another digit" "$gedi" check hurt
says out "hurt/metrics.jsonl: 1 of "
cp again/metrics.jsonl hurt
expect 2 "compare with a damaged summary" "$gedi" compare hurt again
says err "hurt/summary.json: damaged: its checksum is "
says err "remove it: \`gedi resume\` makes it again from the checkpoint"
rm hurt/summary.json
expect 0 "resume makes a summary again" "$gedi" resume -q hurt
expect 0 "and all is whole" "$gedi" check hurt

# Only the newest checkpoint has the weights that the results are of.
cp hurt/summary.json before
printf 'x' | dd of=hurt/checkpoint.safetensors bs=1 conv=notrunc \
    seek=$(($(wc -c <hurt/checkpoint.safetensors) - 3)) 2>/dev/null
holds "the checkpoint before is there" test -s hurt/checkpoint-previous.safetensors
expect 1 "resume of a finished run whose checkpoint is damaged" "$gedi" resume -q hurt
says err "hurt/checkpoint.safetensors: tensor '"
says err "the run is finished, and the results in summary.json stand; without that file, \`gedi resume hurt\` trains again from the checkpoint before"
sed -i 's/^evaluate:$/&\n  - knn: {}/' hurt/descriptor.yaml
expect 1 "nor is an evaluator asked of other weights" "$gedi" resume -q hurt
holds "the results stand" cmp before hurt/summary.json

expect 0 "a gradient that is 0 from the first iteration is said" "$gedi" run gen.yaml \
    train.iterations=3 objective.gedi.inv=1e-300 objective.gedi.gen=0 objective.gedi.prior=0 \
    --out still
says err "iteration 1: the gradient is exactly 0, so no parameter learns: does a term of objective gedi depend on the weights?"

mkdir empty
expect 2 "check of a folder that is not gedi's" "$gedi" check empty
says err "empty holds no run: gedi.json, which says what a folder is, is missing"

rm again/descriptor.yaml
expect 2 "resume of a run without its descriptor" "$gedi" resume -q again
says err "gedi: again holds no run: descriptor.yaml is missing"

# ---- damage is said to those, too, who want to hear nothing else ----

sed 's/iterations: 3000/iterations: 20/; s/threads: 2/threads: 1/; s/log_every: 50, checkpoint_every: 400/log_every: 5, checkpoint_every: 5/' gen.yaml >short.yaml
expect 0 "a short run" "$gedi" run -q short.yaml --out old
cp -r old hit && rm hit/summary.json
cp -r hit well
expect 0 "resume -q of what is whole" "$gedi" resume -q well
silent err
sed '2s/loss/lOss/' old/metrics.jsonl >hit/metrics.jsonl
expect 0 "resume -q of a damaged log" "$gedi" resume -q hit
says err "hit/metrics.jsonl is damaged: 1 of 5 lines up to iteration 20 are lost"
holds "in one line" [ "$(wc -l <err)" -eq 1 ]
rm hit/summary.json
head -c 500 old/checkpoint.safetensors >hit/checkpoint.safetensors
cp old/metrics.jsonl hit
printf x >hit/divergence.json
expect 0 "resume -q of a damaged checkpoint" "$gedi" resume -q hit
says err "the checkpoint before takes its place"
says err "hit/divergence.json:1: not a JSON object"
holds "in two lines" [ "$(wc -l <err)" -eq 2 ]

# ---- what is left of a run is not taken for another's ----

for file in summary.json checkpoint-previous.safetensors metrics.jsonl checkpoint.safetensors; do
    mkdir left
    cp old/summary.json "left/$file" # whatever is in it
    cp -r left kept
    expect 2 "a new run where $file is left" "$gedi" run -q short.yaml seed=5 --out left
    says err "left holds $file of a run whose descriptor.yaml is missing: put that back, remove what is left of the run, or choose another directory with --out"
    holds "nothing there is changed" diff -r kept left
    rm -r left kept
done
mkdir left && cp old/gedi.json left
expect 0 "what a run leaves that was killed at once" "$gedi" run -q short.yaml --out left
"$gedi" run -q gen.yaml seed=5 threads=1 --out foreign >out 2>err &
pid=$!
wait_for foreign/metrics.jsonl $pid
cp old/summary.json foreign
wait $pid
holds "another run's summary is not renewed but replaced" grep -q '"seed": 5' foreign/summary.json

finish
