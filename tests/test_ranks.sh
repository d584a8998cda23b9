#!/bin/sh
# test_ranks.sh - one run by several processes under mpirun: the numbers of one process for every objective that
# is found, with batch normalisation and without; the same bytes again; kills, and what is refused.
#
# GEDI_KILLS says how many ranks are killed (2).
. "${srcdir:-.}/tests/testing.sh"

kills=${GEDI_KILLS:-2}
cd "$work" || exit 1
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 TMPDIR=$work/tmp
export OMPI_ALLOW_RUN_AS_ROOT OMPI_ALLOW_RUN_AS_ROOT_CONFIRM TMPDIR
mkdir tmp

# ranks N COMMAND...: by whichever MPI gedi was built with.
with_openmpi() {
    n=$1
    shift
    mpirun.openmpi --oversubscribe --bind-to none -n "$n" "$@"
}
with_mpich() {
    n=$1
    shift
    mpirun.mpich -n "$n" "$@"
}
ranks() {
    "with_$mpi" "$@"
}
all=
for mpi in openmpi mpich; do
    [ -e "$top_builddir/.libs/ranks_$mpi.so" ] && command -v mpirun.$mpi >/dev/null &&
        ranks 2 true >up 2>&1 && all="$all $mpi"
done
if [ -z "$all" ]; then
    echo "skipped: gedi was built without MPI, or no mpirun works here"
    exit 77
fi
echo "with$all"
for mpi in $all; do
    expect 0 "info under $mpi" ranks 2 env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT "$gedi" info
    holds "info is printed once" [ "$(grep -c '^threads ' out)" -eq 1 ]
    says out "the share of each rank of this machine"
done
mpi=${all##* }

cat >base.yaml <<'END'
seed: 1
threads: 1
dataset:   {moons: {noise: 0.05, train: 200, test: 64}}
views:     [[gaussian_noise: {std: 0.03}], [gaussian_noise: {std: 0.05}], []]
model:     {mlp: {hidden: [16], output: 8, activation: tanh}}
projector: {mlp: {hidden: [16], output: 4, activation: tanh}}
objective: {gedi: {clusters: 4, gen: 0.5}}
sampler:   {sgld: {steps: 3, step_size: 0.01, buffer: 100}}
optimizer: {sgd: {lr: 1.0e-4}}
train:     {iterations: 6, batch: 16, log_every: 1, checkpoint_every: 3}
evaluate:  [clustering: {}, knn: {k: 5}]
END

# numbers FOLDER: loss and norm of each line of the log, then all numbers of the checkpoint. The length of
# the header stands in front of it.
numbers() {
    sed 's/.*"loss": \([^,]*\), "gradient_norm": \([^,]*\),.*/\1\n\2/' "$1/metrics.jsonl"
    skip=$(od -An -tu8 -N8 "$1/checkpoint.safetensors" | tr -d ' ')
    od -An -v -tf4 -w4 -j $((skip + 8)) "$1/checkpoint.safetensors"
}
# near ONE OTHER TOLERANCE: relative to 1 or to what is larger. What is no number is not near.
near() {
    numbers "$1" >one.numbers
    numbers "$2" >other.numbers
    [ "$(wc -l <one.numbers)" -gt 50 ] && [ "$(wc -l <one.numbers)" -eq "$(wc -l <other.numbers)" ] &&
        paste one.numbers other.numbers | awk -v most="$3" '
            {
                d = $1 - $2; if (d < 0) d = -d
                size = $1 < 0 ? -$1 : $1; if (size < 1) size = 1
                if (!(d <= most * size)) { print NR ": " $1 " and " $2; bad++ }
            }
            END { exit bad > 0 || NR < 50 }'
}

# both NAME N OVERRIDE...: trains alone and by N ranks, and compares. Batch normalisation divides by the spread of a
# few records, and so do derivatives of derivatives: rounding grows.
both() {
    what=$1 n=$2
    shift 2
    rm -rf alone shared
    if ! "$gedi" run -q base.yaml --out alone "$@" >alone.out 2>alone.err; then
        fail "$what: alone" alone.err
    elif ! ranks "$n" "$gedi" run -q base.yaml --out shared "$@" >shared.out 2>shared.err </dev/null; then
        fail "$what: $n ranks" shared.err
    else
        case "$*" in *batch_norm*) tolerance=1e-4 ;; *) tolerance=1e-5 ;; esac
        near alone shared $tolerance >apart 2>&1
        [ $? -eq 0 ] && pass "$what: $n ranks make the same of it" || fail "$what: $n ranks" apart
    fi
}

# ---- every objective ----

# What makes a run of it: clusters as many as the embedding is wide, rules, or another to stand beside.
stated() {
    case $1 in
    gedi_nesy) echo "{$1: {clusters: 2, rules: $top_srcdir/tests/classes.pl, query: 'pair(x1, Y)'}}" ;;
    gedi*) echo "{$1: {clusters: 4}}" ;;
    jem | supervised) echo "{$1: {clusters: 2}}" ;;
    online_probe) echo "[swav: {}, $1: {}]" ;;
    *) echo "{$1: {}}" ;;
    esac
}
objectives=$("$gedi" list objective | sed 's/^objective *//; s/ .*//')
holds "objectives are found" [ "$(echo "$objectives" | wc -l)" -gt 15 ]
for objective in $objectives; do
    [ "$objective" != gedi_nesy ] || "$gedi" info | grep -q SWI-Prolog || continue
    width=4
    case $objective in gedi_nesy | jem | supervised) width=2 ;; esac
    both "$objective" 2 "objective=$(stated "$objective")" projector.mlp.output=$width
    both "$objective, batch norm" 2 "objective=$(stated "$objective")" \
        projector.mlp.output=$width projector.mlp.batch_norm=true
done

# ---- what else a run may have ----

both "4 ranks" 4
both "no projector" 2 projector=null model.mlp.output=4
both "batches that are added up" 2 train.accumulate=2 train.clip=0.5 projector.mlp.batch_norm=true
both "averages" 2 train.average=0.9 train.weights=averaged
both "validation" 2 validation.fraction=0.2 validation.every=2
both "stages" 2 "stages=[{train: {iterations: 3}}, {train: {iterations: 3}, objective: {barlow_twins: {}}}]"
put_cifar10 cifar
both "images" 2 "dataset={cifar10: {path: cifar}}" "views=[[random_crop: {padding: 2}], [], []]" \
    "model={resnet8: {width: 16}}" projector.mlp.output=4 train.batch=8 "sampler={sgld: {steps: 2, buffer: 50}}" \
    train.iterations=3 "evaluate=[clustering: {}]"

# ---- bytes, folders, going on ----

for mpi in $all; do
    rm -rf once again
    expect 0 "2 ranks by $mpi" ranks 2 "$gedi" run -q base.yaml --out once
    expect 0 "once more" ranks 2 "$gedi" run -q base.yaml --out again
    says out "results  again"
    holds "the results are said once" [ "$(grep -c '^results' out)" -eq 1 ]
    for file in checkpoint.safetensors metrics.jsonl descriptor.yaml; do
        holds "$mpi: the same $file" cmp once/$file again/$file
    done
    holds "$mpi: nothing is left of the other rank" [ -z "$(ls tmp | grep gedi-rank)" ]
    expect 2 "$mpi: a folder that holds a run" ranks 2 "$gedi" run -q base.yaml --out once
    says err "once already holds a run"
    holds "it is said once" [ "$(grep -c 'already holds' err)" -eq 1 ]
    expect 2 "$mpi: a mistake" ranks 2 "$gedi" run -q base.yaml --out mistake train.bach=3
    holds "it is said once, too" [ "$(grep -c "unknown" err)" -eq 1 ]
    expect 2 "$mpi: a batch that cannot be shared" ranks 3 "$gedi" run -q base.yaml --out mistake
    says err "train.batch is 16, but 3 ranks share it"
    expect 2 "$mpi: hours" ranks 2 "$gedi" run -q base.yaml --out mistake train.iterations=0 train.hours=1
    says err "state train.iterations"
    expect 2 "$mpi: a sweep" ranks 2 "$gedi" sweep base.yaml sweep.seed=0..1
    says err "gedi sweep is one process"
done

# A run goes on with another number of ranks, and is finished by any.
expect 0 "a shorter run" ranks 2 "$gedi" run -q base.yaml --out longer train.iterations=3
expect 0 "goes on alone" "$gedi" resume -q longer train.iterations=6
holds "to the same numbers" near once longer 1e-5
expect 0 "evaluated by 2 ranks, later" ranks 2 "$gedi" resume -q longer 'evaluate=[linear_probe: {}]'
says out "linear_probe.accuracy"

# ---- kills: the run ends, its checkpoint holds, one process goes on ----

slow="train.iterations=4000 train.checkpoint_every=20 train.log_every=20"
for mpi in $all; do
    round=0
    rm -rf unharmed
    # shellcheck disable=SC2086  # several words
    expect 0 "$mpi: 2 ranks that are left alone" ranks 2 "$gedi" run -q base.yaml --out unharmed $slow
    while [ $round -lt "$kills" ]; do
        round=$((round + 1))
        rm -rf killed
        # shellcheck disable=SC2086  # several words
        ranks 2 "$gedi" run -q base.yaml --out killed $slow >out 2>err </dev/null &
        starter=$!
        until_holds [ -e killed/checkpoint.safetensors ]
        sleep 0.0$((round % 3))
        victim=$(for p in /proc/[0-9]*; do
            cat "$p/cmdline" 2>/dev/null | tr '\0' ' ' | grep -q "run -q base.yaml --out killed" &&
                grep -qz "^TMPDIR=$work/tmp" "$p/environ" 2>/dev/null &&
                case $(readlink "$p/exe") in *gedi) echo "${p#/proc/}" ;; esac
        done | sort -n | sed -n "$((round % 2 + 1))p")
        holds "round $round: a rank is found" [ -n "$victim" ]
        kill -KILL "$victim"
        code=0
        wait $starter || code=$?
        holds "round $round: the run ends" [ $code -ne 0 ]
        cat out >>err
        holds "round $round: mpirun says how" grep -qi "signal 9\|killed\|EXIT CODE: 9" err
        cp -r killed lonely
        expect 0 "round $round: two go on" ranks 2 "$gedi" resume -q killed
        for file in checkpoint.safetensors metrics.jsonl; do
            holds "round $round: to the same $file" cmp unharmed/$file killed/$file
        done
        expect 0 "round $round: one goes on" "$gedi" resume -q lonely
        rm -rf lonely
    done
done

finish
