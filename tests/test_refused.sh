#!/bin/sh
# test_refused.sh - what cannot be trained is refused before anything is written: the
# remedy on standard error, exit code 2, no directory.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
cat >good.yaml <<'END'
dataset:   {moons: {noise: 0.05, train: 200, test: 100}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [8], output: 2}}
objective: {gedi: {}}
sampler:   {sgld: {steps: 1, buffer: 50}}
optimizer: {adam: {}}
train:     {iterations: 5, batch: 20}
evaluate:  [clustering: {}]
END

# Twenty black images of nothing.
mkdir images
for split in train t10k; do
    { printf '\0\0\010\003\0\0\0\024\0\0\0\034\0\0\0\034'; head -c 15680 /dev/zero; } \
        >images/$split-images-idx3-ubyte
    { printf '\0\0\010\001\0\0\0\024'; head -c 20 /dev/zero; } \
        >images/$split-labels-idx1-ubyte
done

# refused TEXT ARGUMENT...: gedi run good.yaml with these overrides.
refused() {
    text=$1
    shift
    expect 2 "$*" "$gedi" run good.yaml --out never "$@"
    says err "gedi: "
    says err "$text"
    silent out
    holds "$*: no directory is made" test ! -e never
    expect 2 "check $*" "$gedi" check good.yaml "$@"
    says out "$text"
}

expect 0 "the descriptor itself" "$gedi" run -q good.yaml --out good
refused "train.batch is 201, but dataset moons has 200 training records" train.batch=201
refused "objective gedi uses view 2, but views: has 1 pipeline: add one" "views=[[]]"
# A teacher sees a view that is not there as others do.
for method in byol dino; do
    refused "objective $method uses view 2, but views: has 1 pipeline: add one (\`- []\` for no" \
        objective=$method sampler=null "views=[[]]"
done
# Of one cluster, p(y|x) is 1.
for method in dino proto_cpc swav; do
    refused "prototypes: '1' is not in [2, 65536]" "objective={$method: {prototypes: 1}}"
done
for method in gedi gedi_no_gen gedi_no_inv gedi_no_prior supervised; do
    refused "there is 1 cluster, but it needs at least 2: p(y|x) of one is 1" \
        "objective={$method: {clusters: 1, prototypes: free}}"
done
refused "cross entropy: there is 1 cluster, but it needs at least 2" objective=sela model.mlp.output=1
expect 0 "an energy takes one" "$gedi" check good.yaml "objective={jem: {clusters: 1, prototypes: free}}" \
    evaluate=[]
refused "teacher: 0.2 is above student, 0.1: the teacher's labels would be softer" \
    "objective={dino: {teacher: 0.2}}"
refused "teacher: 0.07 is above student, 0.05" \
    "objective={dino: {student: 0.05, teacher: {linear: {from: 0.04, to: 0.07, over: 3}}}}"
expect 0 "a teacher as sharp as the student" "$gedi" check good.yaml "objective={dino: {teacher: 0.1}}" \
    sampler=null
refused "objective gedi uses negative samples: add a sampler, for example" sampler=null
refused "objective gedi has no term with a weight other than 0" \
    objective.gedi.gen=0 objective.gedi.inv=0 objective.gedi.prior=0
refused "clusters" objective.gedi.clusters=3
refused "train.batch is 30, but dataset mnist has 20 training records" \
    "dataset={mnist: {path: images}}" train.batch=30
refused "evaluator knn: k: 201 records are to vote, but there are only 200 training records" \
    "evaluate=[knn: {k: 201}]"
# Methods that compare the records of a batch.
for method in barlow_twins cor_info_max ebclr info_nce mec proto_cpc simsiam swav vicreg; do
    refused "the batch has 1 record, but it needs at least" objective=$method \
        train.batch=1 evaluate=[]
done
refused "the batch has 1 record, but it needs at least" "objective={wmse: {eps: 0.1}}" \
    train.batch=1 evaluate=[]
refused "batch norm norm0: the batch has 1 record, but it needs at least 2: one record has no spread. Raise train.batch" \
    model.mlp.batch_norm=true train.batch=1
expect 0 "others take one record" "$gedi" run good.yaml --out single train.batch=1
holds "of which no collapse is told" sh -c '! grep -q collapse out err'
for figure in clusters density; do
    refused "$figure" "dataset={mnist: {path: images}}" "figures=[$figure]"
    says out "mnist"
done
if command -v gnuplot >/dev/null; then
    expect 0 "losses can be drawn of images" "$gedi" run -q good.yaml --out drawn \
        "dataset={mnist: {path: images}}" "figures=[losses]"
    holds "the figure is there" test -s drawn/figures/losses.png
else
    skip "there is no gnuplot"
fi

# A figure or an evaluator that would fail at the end is refused at the beginning.
mkdir arrays
head -c 180 /dev/zero | put_npy arrays/train_x '90, 2'
awk 'BEGIN { for (i = 0; i < 90; i++) printf "\\%03o", 1 + i % 45 }' >labels
# shellcheck disable=SC2059  # the bytes are escapes
printf "$(cat labels)" | put_npy arrays/train_y '90,'
npy() { echo "dataset={npy: {path: arrays, test_x: \"\", test_y: \"\", $1}}"; }
wide="model.mlp.output=41 objective.gedi.clusters=41"
# shellcheck disable=SC2086  # several words
refused "figures: confusion shows at most 40 clusters, which can still be read, but there are 41" \
    $wide "figures=[confusion]"
refused "figures: confusion shows at most 40 classes, which can still be read, but there are 46" \
    "$(npy "test_share: 0.5")" "figures=[confusion]"
refused "figures: confusion needs test records with a class, but dataset npy has none" \
    "$(npy 'y: ""')" "figures=[confusion]"
for figure in confusion embedding clusters; do
    refused "figures: $figure needs test records, but dataset npy has none: leave it out" \
        "$(npy "test_share: 0")" "figures=[$figure]" evaluate=[]
done
expect 0 "training records are there" "$gedi" check good.yaml "$(npy "test_share: 0")" evaluate=[] \
    "figures=[{embedding: {split: train}}, density]"
without="objective=vicreg sampler=null"
# shellcheck disable=SC2086  # several words
{
    refused "figures: clusters: objective vicreg has no p(y|x), and dataset npy no classes" \
        $without "$(npy 'y: ""')" "figures=[clusters]" evaluate=[]
    refused "embedding coloured by cluster: objective vicreg has no p(y|x), and dataset npy no classes" \
        $without "$(npy 'y: ""')" "figures=[embedding: {colour: cluster}]" evaluate=[]
    refused "figures: confusion: objective vicreg has no p(y|x), and 1 test records are too few for k-means" \
        $without dataset.moons.test=1 "figures=[confusion]" evaluate=[]
    refused "figures: clusters: objective vicreg has no p(y|x), and 1 test records are too few for k-means" \
        $without dataset.moons.test=1 "figures=[clusters]" evaluate=[]
    refused "evaluator clustering: the objective has no p(y|x), and the data have no classes" \
        $without "$(npy 'y: ""')"
    refused "evaluator clustering: the objective has no p(y|x), and 1 records are too few for k-means" \
        $without dataset.moons.test=1
    refused "evaluator fid: objective vicreg has no energy" $without "evaluate=[fid: {samples: 8}]"
    refused "evaluator finetune: batch: 1: model mlp: batch norm norm0: the batch has 1 record, but it needs at least 2: one record has no spread. Raise the evaluator's batch" \
        $without model.mlp.batch_norm=true "evaluate=[{finetune: {batch: 1}}]"
    expect 0 "a batch of two" "$gedi" check good.yaml $without model.mlp.batch_norm=true \
        "evaluate=[{finetune: {batch: 2}}]"
}
expect 0 "without batch norm one record will do" "$gedi" check good.yaml "evaluate=[{finetune: {batch: 1}}]"

# All at once, each where it is written; of a sweep, which of its points.
expect 2 "several mistakes at once" "$gedi" check good.yaml "evaluate=[knn: {k: 201}]" \
    "figures=[density, views]" objective=vicreg sampler=null
says out "evaluator knn: k: 201 records"
says out "figures: density needs an energy"
says out "figures: views needs images"
says out "3 mistakes"
expect 2 "where it is written" "$gedi" check good.yaml sampler=null
says out "good.yaml:4:"
says out "(with sampler=null put in)"
expect 2 "a value that was put in" "$gedi" check good.yaml train.batch=201
says out "override train.batch=201: train.batch is 201, but dataset moons has 200"
expect 2 "a value beside one that was put in" "$gedi" check good.yaml train.iterations=9 \
    "dataset={moons: {train: 15}}"
says out "good.yaml:7:35: train.batch is 20, but dataset moons has 15"
expect 2 "all that a run is refused for" "$gedi" run good.yaml --out never \
    "evaluate=[knn: {k: 201}]" "figures=[density, views]" objective=vicreg sampler=null
says err "evaluator knn: k: 201 records"
says err "figures: density needs an energy"
says err "figures: views needs images"
says err "gedi: 3 mistakes"
holds "no directory is made" test ! -e never

# Data are the same in all stages.
stages="stages=[{train: {iterations: 2}}, {train: {iterations: 3}}, {train: {iterations: 2}}]"
expect 2 "data of stages that are not there" "$gedi" check good.yaml "$stages" "dataset={mnist: {path: none}}"
says out "dataset mnist: path: the folder '"
says out "1 mistake"
expect 2 "a batch of stages" "$gedi" check good.yaml "$stages" train.batch=201
says out "1 mistake"
expect 2 "the methods of stages" "$gedi" check good.yaml "$stages" sampler=null
says out "3 mistakes"

# What a base states is mended in the file that inherits it.
printf 'base: good.yaml\nfigures: [density]\n' >drawn.yaml
printf 'base: drawn.yaml\nobjective: vicreg\nsampler: null\n' >heir.yaml
expect 2 "a figure that is inherited" "$gedi" check heir.yaml
says out "drawn.yaml:2:11: figures: density needs an energy, but objective vicreg has none: leave it out (inherited by heir.yaml: state it anew there, such as \`figures: []\`)"
expect 0 "as the message says" "$gedi" check heir.yaml "figures=[]"
printf 'figures: [density]\n' >>heir.yaml
expect 2 "one that is not" "$gedi" check heir.yaml
says out "leave it out"
holds "is not said to be" sh -c '! grep -q inherited out'

# A view that a method of two leaves out can be spared.
three="views=[[], [gaussian_noise: {std: 0.03}], []]"
for method in mi_bounds swav gedi_no_gen; do
    expect 0 "$method of three views" "$gedi" check good.yaml "$three" objective=$method sampler=null
    says err "warning: objective $method does not use view 3, although views: has 3 pipelines: leave it out"
done
for method in dino sela jem; do
    expect 0 "$method of three views" "$gedi" check good.yaml "$three" objective=$method
    silent err
done

# What lies behind the end of training can be run, but is said.
lr() { echo "optimizer.adam.lr={$1}"; }
expect 0 "a long warm-up" "$gedi" run good.yaml --out long \
    "$(lr 'constant: {value: 0.1, warmup: 6}')"
says err "optimizer.adam.lr: its warm-up takes 6 iterations, but training has only 5"
expect 0 "a late step" "$gedi" check good.yaml "$(lr 'steps: {0: 0.1, 5: 0.01}')"
says err "warning: optimizer.adam.lr: its last step is at iteration 5, but training has only 5"
expect 0 "in epochs" "$gedi" check good.yaml "$(lr 'linear: {from: 1, to: 0, over: 1, unit: epochs}')"
says err "it reaches \`to\` at iteration 10, but training has only 5"
expect 0 "up to the end" "$gedi" check good.yaml train.iterations=10 \
    "$(lr 'cosine: {from: 1, to: 0, over: 1, unit: epochs}')"
silent err
expect 2 "a step before the beginning" "$gedi" check good.yaml "$(lr 'steps: {0: 0.1, -5: 1}')"
says out "lr.steps.-5: a step cannot be before the beginning: its position is at least 0"
expect 2 "an average of nothing" "$gedi" check good.yaml train.average=1
says out "override train.average=1: average: '1' is not in [0, 0.999999]"

expect 2 "points of a sweep" "$gedi" check good.yaml "sweep.seed=0..2" \
    "sweep.train.batch=[20, 201]"
says out "train.batch is 201, but dataset moons has 200 training records [in 3 of 6 points:"
expect 2 "validation without evaluators" "$gedi" check good.yaml 'evaluate=[]' validation.every=5
says out "validation.every: \`evaluate:\` names nothing to evaluate"
expect 2 "a figure of schedules" "$gedi" check good.yaml "figures=[schedules]" \
    "sweep.optimizer.adam.lr=[{cosine: {from: 0.01, to: 0}}, 0.01]"
says out "figures: schedules needs an option that is scheduled"
says out "[in 1 of 2 points: lr 0.01]"
expect 0 "a thousand points" timeout 60 "$gedi" check good.yaml "sweep.seed=0..99" \
    "sweep.optimizer.adam.lr=[1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6]"
expect 2 "data that are not there" env GEDI_DATA="$work/none" "$gedi" check good.yaml \
    dataset=cifar10
says out "gedi data fetch cifar10"
expect 0 "which --resolved does not look for" env GEDI_DATA="$work/none" "$gedi" check -r \
    good.yaml dataset=cifar10

expect 1 "an evaluator that fails at the end" "$gedi" run -q good.yaml --out late \
    objective=vicreg sampler=null "evaluate=[finetune: {optimizer: [sgd: {lr: 1000000}]}]"
says err "gedi: evaluator finetune: step "
says err "the run is trained: \`gedi evaluate late 'evaluate=[...]'\` evaluates it once more"
expect 0 "which it does" "$gedi" evaluate -q late "evaluate=[clustering: {}]"

: >file
expect 1 "a directory inside a file" "$gedi" run -q good.yaml --out file/run
says err "file"

finish
