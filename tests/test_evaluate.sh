#!/bin/sh
# test_evaluate.sh - a finished run evaluated once more: the same metrics, nothing of the run
# changed, other evaluators and data; samples of its energy; what cannot be evaluated or drawn
# from is refused with one clear error.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
cat >gen.yaml <<'END'
seed: 4
threads: 2
dataset:   {moons: {noise: 0.05, train: 500, test: 300}}
views:
  - []
  - [gaussian_noise: {std: 0.03}]
model:     {mlp: {hidden: [16], output: 4}}
projector: {mlp: {hidden: [4], output: 2, batch_norm: true}}
objective: {gedi: {prototypes: free, sphere: true}}
sampler:   {sgld: {steps: 1, step_size: 0.01, buffer: 300}}
optimizer: {adam: {lr: 1.0e-3}}
train:     {iterations: 60, batch: 40, log_every: 20, checkpoint_every: 40}
evaluate:  [clustering: {}]
figures:   [clusters, density, losses]
END

# part NAME FILE: one block of a summary.
part() {
    sed -n "/^  \"$1\": {/,/^  }/p" "$2"
}

expect 0 "a run" "$gedi" run -q gen.yaml --out r
(cd r && find . -type f -exec cksum {} + | sort) >before

# ---- the same once more ----

expect 0 "evaluate" "$gedi" evaluate r
says out "clustering.nmi  "
says out "results  r/evaluation-1"
says out "figures  r/evaluation-1/figures"
holds "no convolution is stated where there is none" sh -c '! grep -q convolution r/summary.json'
expect 0 "a run with convolutions" "$gedi" run -q gen.yaml --out conv 'dataset={tiny: {}}' 'views=[[], []]' \
    'model={resnet: {width: 4, blocks: [1]}}' projector=null sampler=null 'objective={barlow_twins: {}}' \
    train.iterations=1 'evaluate=[clustering: {}]' "figures=[]"
holds "says how they are computed" grep -q '"convolution": "winograd' conv/summary.json
rm -r conv
part directions r/summary.json >want
holds "the directions of metrics are told" grep -q '"nmi": "more"' want
holds "of a count it is neither" grep -q '"clusters_used": "neither"' want
part directions r/evaluation-1/summary.json >got
holds "an evaluation tells the same" cmp want got
part evaluation r/summary.json >want
part evaluation r/evaluation-1/summary.json >got
holds "metrics of the run and of its evaluation are the same" cmp want got
part components r/summary.json >want
part components r/evaluation-1/summary.json >got
holds "and so are its components" cmp want got
holds "a picture is drawn" test -s r/evaluation-1/figures/density.png
holds "of what training alone knows there is none" test ! -e r/evaluation-1/figures/losses.png
holds "and shows the same" cmp r/figures/clusters.csv r/evaluation-1/figures/clusters.csv

# ---- labels that were trained on are told ----

expect 0 "a run with labels" "$gedi" run -q gen.yaml --out taught 'objective={supervised: {}}' \
    'sampler=null' 'figures=[]'
holds "its metrics say so" grep -q '"nmi": ".*; trained with labels"' taught/summary.json
holds "others do not" sh -c "! grep -q 'trained with labels' r/summary.json"
expect 0 "evaluated again" "$gedi" evaluate -q taught
holds "they still say so" grep -q 'trained with labels' taught/evaluation-1/summary.json
expect 1 "an evaluator whose numbers overflow" "$gedi" evaluate -q taught \
    'evaluate=[finetune: {optimizer: [sgd: {lr: 1000000}]}]'
says err "the loss is not finite"
expect 0 "fewer classes than the data have" "$gedi" check gen.yaml 'dataset={tiny: {classes: 4}}' \
    'views=[[]]' sampler=null figures=[] 'objective={supervised: {clusters: 2, prototypes: unit}}'
says err "supervised tells 2 classes apart, but dataset tiny has 4: a record of another ends the run"
expect 2 "scores of a method that has none" "$gedi" check gen.yaml sampler=null 'objective=byol' \
    'evaluate=[ood: {against: [circles]}]'
says out "evaluator ood: the objective has neither an energy nor p(y|x)"
if "$gedi" list dataset 2>/dev/null | grep -q npy; then
    mkdir same
    head -c 240 /dev/zero | put_npy same/train_x "60, 4"
    head -c 60 /dev/zero | put_npy same/train_y "60,"
    expect 2 "a classifier of one class" "$gedi" check gen.yaml sampler=null figures=[] \
        'dataset={npy: {path: same, test_x: "", test_y: ""}}' 'objective={gedi_no_gen: {clusters: 2}}' \
        'evaluate=[knn: {}, linear_probe: {}]'
    says out "evaluator linear_probe: all records have one class: there is nothing to learn"
fi
expect 0 "compare with one that had none" "$gedi" compare taught r
says out "trained with labels"

# ---- densities and the replay buffer ----

expect 0 "a run whose density is compared" "$gedi" run -q gen.yaml --out known \
    'dataset={moons: {noise: 0.05, train: 500, test: 300, center: true}}' figures=[] \
    'evaluate=[density: {cells: 100}, two_sample: {from: chains, samples: 200, permutations: 50}]'
says out "density.kl  "
says out "density.chains_near_data  "
says out "two_sample.energy  "
holds "of the buffer" grep -q '200 chains of the replay buffer' known/summary.json
expect 0 "evaluated again" "$gedi" evaluate -q known
part evaluation known/summary.json >want
part evaluation known/evaluation-1/summary.json >got
holds "the buffer comes from the checkpoint, and all is the same" cmp want got

# ---- something else ----

expect 0 "evaluate with evaluators" "$gedi" evaluate -q r/ \
    'evaluate=[knn: {}, linear_probe: {epochs: 3}]' figures=[]
says out "knn.accuracy  "
says out "linear_probe.accuracy  "
says out "results  r/evaluation-2"
silent err
says_in() {
    name=$1
    holds "$1 says $2" grep -qF -e "$2" "$1"
}
says_in r/evaluation-2/summary.json '"evaluate=[knn: {}, linear_probe: {epochs: 3}]"'
says_in r/evaluation-2/summary.json '"iterations": 60'
says_in r/evaluation-2/descriptor.yaml 'knn: {k: 20, temperature: 0.07, labels: 1}'
expect 0 "evaluate on other data" "$gedi" evaluate -q r 'dataset={circles: {train: 500, test: 50}}'
says_in r/evaluation-3/descriptor.yaml "circles:"
(cd r && find . -path './evaluation-*' -prune -o -type f -exec cksum {} + | sort) >after
holds "nothing of the run has changed" cmp before after

expect 0 "an evaluation in a table" "$gedi" table r/evaluation-2 \
    --rows objective --value evaluation.knn.accuracy
says out "| gedi      | 0."
expect 2 "an evaluation that is resumed" "$gedi" resume r/evaluation-2
says err "r/evaluation-2 is an evaluation: name its run, the folder it lies in"

# ---- other datasets ----

expect 0 "evaluate against other data" "$gedi" evaluate -q r \
    'evaluate=[ood: {against: [circles: {test: 200}]}]' figures=[ood]
says out "ood.circles.gradient  "
says out "ood.circles.log_p  "
says out "ood.circles.max_p  "
says out "ood.circles.max_p_fpr95  "
number='-\{0,1\}[0-9][-0-9.e]*'
holds "with an interval" grep -q "ood.circles.log_p *$number ($number to $number)\$" out
holds "in one line" sh -c "! grep -q 'p_low\|p_high' out"
holds "whose ends are numbers of their own" grep -q '"log_p_low": 0' r/evaluation-4/summary.json
holds "their histograms are drawn" test -s r/evaluation-4/figures/ood.png
expect 0 "a table of what is named with dots" "$gedi" table r/evaluation-4 --rows objective \
    --value evaluation.ood.circles.log_p
says out "| gedi      | 0."
expect 0 "a run with that figure" "$gedi" run -q gen.yaml train.iterations=3 --out o \
    'evaluate=[ood: {against: [circles: {test: 200}]}]' figures=[clusters,ood]
expect 0 "the figure of a run, without the evaluator" "$gedi" evaluate o \
    'evaluate=[knn: {}]'
says err "figures: ood needs the evaluator of that name"
says err "it is left out here"
says_in o/evaluation-1/descriptor.yaml "figures: [clusters]"
expect 2 "asked for, it is refused" "$gedi" evaluate o 'evaluate=[knn: {}]' figures=[ood]
says err "figures: ood needs the evaluator of that name"
expect 2 "the figure without the evaluator" "$gedi" run -q gen.yaml figures=[ood] --out g
says err "figures: ood needs the evaluator of that name: add \`ood: {against: [DATASET]}\`"
expect 2 "a dataset without its files" "$gedi" run -q gen.yaml --out g \
    'evaluate=[ood: {against: [mnist: {path: no/such/place}]}]'
says err "evaluator ood: dataset mnist: "
holds "is refused before anything is trained" test ! -e g

# ---- one evaluator twice ----

two='evaluate=[ood: {against: [circles: {test: 200}]}, {name: far, ood: {against: [circles: {test: 90, noise: 0.5}]}}]'
expect 0 "one evaluator twice" "$gedi" run -q gen.yaml train.iterations=3 --out two "$two" \
    figures=[ood]
says out "ood.circles.log_p  "
says out "far.circles.log_p  "
holds "one figure has both" grep -q "far: circles: AUROC" two/figures/ood-1.csv
holds "and the run's own records once" test "$(grep -o "the run's data" two/figures/ood-1.csv | wc -l)" = 1
says_in two/descriptor.yaml 'name: "far"}'
expect 0 "what it resolved to" "$gedi" check two/descriptor.yaml
says out "evaluate: ood ood as far"
expect 0 "their metrics in a table" "$gedi" table two --rows objective \
    --value evaluation.far.circles.max_p_fpr95
says out "| gedi      | "
expect 0 "another name by its position" "$gedi" evaluate -q two evaluate.1.name=near \
    evaluate.1.ood.against=[moons] figures=[]
says out "near.moons.log_p  "
expect 2 "the name of the other" "$gedi" evaluate -q two evaluate.1.name=ood
says err "evaluate: duplicate 'ood': its metrics would have the same names"
expect 2 "not by its plugin" "$gedi" evaluate -q two evaluate.1.knn.k=3
says err "evaluate.1 is 'ood' here, not 'knn'"

# ---- distances of samples ----

expect 0 "distance of samples" "$gedi" evaluate -q r 'evaluate=[fid: {samples: 100, steps: 5}]' \
    figures=[]
says out "fid.fd_encoder  "
sed -n 's/.*fd_encoder *//p' out >want
expect 0 "in the space of another run" "$gedi" evaluate -q r figures=[] \
    "evaluate=[fid: {samples: 100, steps: 5, network: $work/r}]"
says out "fid.fd_r  "
sed -n 's/.*fd_r *//p' out >got
holds "which is the run itself: the same" cmp want got

expect 2 "FID without its weights" "$gedi" run -q gen.yaml --out g \
    'evaluate=[fid: {weights: inception.safetensors, samples: 5000}]'
says err "evaluator fid: weights: the Inception network takes images, [H, W, 1] or [H, W, 3], but records have shape [2]"
holds "is refused before anything is trained" test ! -e g
expect 2 "two networks at once" "$gedi" run -q gen.yaml --out g \
    'evaluate=[fid: {weights: a.safetensors, network: r}]'
says err "weights and network: 'a.safetensors' and 'r' are two networks: leave one out"
expect 2 "pixels of what are no images" "$gedi" run -q gen.yaml --out g \
    'evaluate=[fid: {space: pixels}]'
says err "evaluator fid: space: pixels are those of images, but the dataset does not say"
expect 2 "too few samples" "$gedi" run -q gen.yaml --out g 'evaluate=[fid: {samples: 7}]'
says err "evaluator fid: samples: 7 are too few for a space of 4 dimensions: take at least 8"

# Images that one run sees as 2 x - 1 and the other as x: chains begin in the same pixels.
mkdir -p idx
for set in train t10k; do
    { printf '\000\000\010\003\000\000\000\100\000\000\000\034\000\000\000\034'
        seq 1 90000 | head -c 50176; } >idx/$set-images-idx3-ubyte
    { printf '\000\000\010\001\000\000\000\100'; head -c 64 /dev/zero; } \
        >idx/$set-labels-idx1-ubyte
done
expect 0 "a run on images" "$gedi" run -q gen.yaml --out i train.iterations=3 evaluate=[] \
    'dataset={mnist: {path: idx, mean: 0.5, std: 0.5}}' figures=[samples]
holds "samples are images" test -s i/figures/samples-images.png
# in_space WHAT METRIC OPTIONS: fid there, and the same where images are standardised otherwise.
in_space() {
    fid="evaluate=[fid: {samples: 64, steps: 0, $3}]"
    expect 0 "distance in $1" "$gedi" evaluate -q i figures=[] "$fid"
    says out "fid.$2  "
    sed -n "s/.*$2 *//p" out >want
    expect 0 "standardised otherwise" "$gedi" evaluate -q i figures=[] "$fid" \
        dataset.mnist.mean=0 dataset.mnist.std=1 sampler.sgld.low=0
    sed -n "s/.*$2 *//p" out >got
    holds "is the same" cmp want got
}
in_space "its space" fd_i "network: $work/i"
in_space "the space of pixels" fd_pixels "space: pixels, side: 4"

expect 2 "FID without the file" "$gedi" evaluate -q i figures=[] \
    'evaluate=[fid: {weights: nowhere.safetensors}]'
says err "nowhere.safetensors: No such file or directory; it is to be a safetensors file of pytorch-fid's pt_inception-2015-12-05"

expect 2 "FID with another file" "$gedi" evaluate -q i figures=[] \
    "evaluate=[fid: {weights: $work/i/checkpoint.safetensors}]"
says err "evaluator fid: weights: "

# ---- samples ----

expect 0 "sample" "$gedi" sample r --steps 20 --count 100
says out "samples  r/samples-1/samples.safetensors"
says out "figure   r/samples-1/samples.png"
says err "100%"
expect 0 "sample again" "$gedi" sample -q r --steps 20 --count 100
silent err
holds "samples repeat themselves" cmp r/samples-1/samples.safetensors r/samples-2/samples.safetensors
holds "and their figure" cmp r/samples-1/samples.csv r/samples-2/samples.csv
expect 0 "sample into a place" "$gedi" sample -q r --steps 20 --count 10 --out some/where.png
says out "figure   some/where.png"
holds "numbers beside it" test -s some/where.safetensors
head -n 11 r/samples-1/samples.csv >want
holds "fewer samples are the first of more" cmp want some/where.csv
mkdir pictures
expect 0 "sample into a folder" "$gedi" sample -q r --steps 20 --count 10 --out pictures
says out "pictures/samples.png"
expect 0 "sample of another seed" "$gedi" sample -q r seed=9 --steps 20 --count 100 --out other
holds "has other samples" sh -c '! cmp -s other.csv r/samples-1/samples.csv'
says out "samples  ./other.safetensors"
expect 0 "a run with the figure" "$gedi" run -q gen.yaml train.iterations=5 figures=[samples] \
    --out f
holds "which is drawn" test -s f/figures/samples.png
expect 0 "the same by the command" "$gedi" sample -q f --count 1000
holds "shows the same samples" cmp f/samples-1/samples.csv f/figures/samples.csv
expect 2 "a figure of samples without an energy" "$gedi" run -q gen.yaml figures=[samples] \
    objective=vicreg sampler=null --out g
says err "figures: samples needs an energy, but objective vicreg has none: leave it out"
expect 2 "a figure of samples without a sampler" "$gedi" run -q gen.yaml figures=[samples] \
    objective=gedi_no_gen sampler=null --out g
says err 'figures: samples needs a sampler: add one, for example `sampler: {sgld: {}}`'

expect 2 "sample of nothing" "$gedi" sample
says err "name the folder of the run"
expect 2 "sample of no run" "$gedi" sample nowhere
says err "gedi: nowhere holds no run"
expect 2 "sample of too few" "$gedi" sample r --count 0
says err "--count: '0' is not a whole number in [1, 10000000]"
expect 2 "sample of no number of steps" "$gedi" sample r --steps 1e3
says err "--steps: '1e3' is not a whole number in [0, 10000000]"
expect 0 "a run without an energy" "$gedi" run -q gen.yaml objective=vicreg sampler=null \
    train.iterations=5 figures=[] --out v
expect 2 "sample of a run without an energy" "$gedi" sample -q v
says err "gedi: objective vicreg has no energy: there is nothing to draw samples from"
holds "which leaves no folder" test ! -e v/samples-1
expect 0 "a run without a sampler" "$gedi" run -q gen.yaml objective=gedi_no_gen sampler=null \
    train.iterations=5 figures=[] --out n
expect 2 "sample of a run without a sampler" "$gedi" sample -q n
says err "add one, for example sampler={sgld: {}}"
expect 0 "with one" "$gedi" sample -q n 'sampler={sgld: {}}' --steps 2

# ---- refusals ----

expect 2 "evaluate of nothing" "$gedi" evaluate
says err "name the folder of the run"
expect 2 "evaluate of no run" "$gedi" evaluate nowhere
says err "gedi: nowhere holds no run: there is no such folder"
expect 2 "evaluate of an evaluation" "$gedi" evaluate r/evaluation-2
says err "r/evaluation-2 is an evaluation: name its run, the folder it lies in"
expect 2 "evaluate with a typo" "$gedi" evaluate r evaluate.0.clustering.splt=train
says err "unknown option 'splt' of clustering: did you mean 'split'?"
expect 2 "evaluate with a word that is no value" "$gedi" evaluate r seed
says err "seed: not KEY=VALUE"
expect 2 "evaluate with another network" "$gedi" evaluate r model.mlp.hidden=[17]
says err "tensor 'model.layer0.weight' is F32 [2, 16], expected F32 [2, 17]: with these values"

# ---- what changes nothing ----

# idle VALUE: nothing of the run depends on it any more.
idle() {
    expect 2 "evaluate with $1" "$gedi" evaluate r "$1"
    says err "override $1: only training reads this value, and nothing is trained here: the numbers would be the same without it; to train with it: gedi run r/descriptor.yaml '$1' --out NEW"
}
for value in model.mlp.gain=3 projector.mlp.init=xavier objective.gedi.inv=3 'objective.gedi.inv={linear: {from: 1, to: 0}}' \
    sampler.sgld.steps=4 sampler.sgld.buffer=5 views.1.0.gaussian_noise.std=0.4; do
    idle "$value"
done
expect 2 "two that change nothing" "$gedi" evaluate r model.mlp.gain=3 seed=3 objective.gedi.inv=3
says err "gedi: 2 mistakes"
# never VALUE KEY: training alone reads all of it.
never() {
    expect 2 "evaluate with $1" "$gedi" evaluate r "$1"
    says err "override $1: only training reads '$2', and nothing is trained here; what can change is in: seed, "
}
never validation.every=20 validation.every
never train.clip=3 train.clip
never 'stages=[{}]' stages
never 'history=[]' history
never 'freeze=[model]' freeze
for value in model.mlp.gain=1 model.mlp.activation=tanh objective.gedi.temperature=2 sampler.sgld.low=-3 \
    'sampler.sgld.step_size={linear: {from: 1, to: 0}}' train.batch=20; do
    expect 0 "evaluate with $value" "$gedi" evaluate -q r "$value" 'figures=[]'
done
rm -r r/evaluation-*
cat >staged.yaml <<'END'
base: gen.yaml
figures: []
stages:
  - {train: {iterations: 5}}
  - {train: {iterations: 10}}
END
expect 0 "a run of two stages" "$gedi" run -q staged.yaml --out staged
expect 2 "evaluate with a value of the first" "$gedi" evaluate staged stages.0.objective.gedi.temperature=2
says err "only training reads 'stages.0', and nothing is trained here; what can change is in: seed, convolution, dataset, stages.1.views, "
expect 2 "with one that no stage has" "$gedi" evaluate staged 'objective={jem: {}}'
says err "override objective={jem: {}}: 'jem' reaches no stage, as each states its own: set stages.N.objective, N from 0 to 1"
expect 2 "with one that only its training reads" "$gedi" evaluate staged stages.1.objective.gedi.inv=3
expect 0 "with one of the last" "$gedi" evaluate -q staged stages.1.objective.gedi.temperature=2
"$gedi" evaluate -q r >/dev/null && "$gedi" evaluate -q r >/dev/null

# ---- runs that are not whole ----

cp -r r open
rm -r open/summary.json open/evaluation-*
expect 0 "evaluate of a run whose evaluation failed" "$gedi" evaluate -q open
says out "results  open/evaluation-1"
cp r/checkpoint-previous.safetensors open/checkpoint.safetensors
expect 2 "samples of a run that is not finished" "$gedi" sample open
says err "open: the run is at iteration 40 of 60: finish it with \`gedi resume open\`"
cp -r r edited
sed 's/noise: 0.05/noise: 0.06/' r/descriptor.yaml >edited/descriptor.yaml
expect 2 "evaluate of a run whose descriptor was changed" "$gedi" evaluate edited
says err "edited/checkpoint.safetensors: written for another experiment"
cp -r r damaged
head -c 500 r/checkpoint.safetensors >damaged/checkpoint.safetensors
expect 1 "evaluate of a damaged run" "$gedi" evaluate damaged
says err "damaged/checkpoint.safetensors: "
says err "; without summary.json, \`gedi resume damaged\` trains its end again from the checkpoint before"
cp damaged/summary.json .
rm damaged/summary.json
expect 1 "evaluate of one that is not finished" "$gedi" evaluate damaged
says err "; \`gedi resume damaged\` goes on from the checkpoint before"
cp -r damaged twice
head -c 400 r/checkpoint-previous.safetensors >twice/checkpoint-previous.safetensors
expect 1 "evaluate without any whole checkpoint" "$gedi" evaluate twice
says err "; so is the checkpoint before: without both, \`gedi resume twice\` makes the weights again"
cp summary.json twice
for command in evaluate sample "export --features" resume; do
    # shellcheck disable=SC2086  # two words
    expect 1 "$command of a finished run without any" "$gedi" $command twice
    says err "twice/checkpoint.safetensors: "
    says err "; so is the checkpoint before: "
    says err "without that file and both checkpoints, \`gedi resume twice\`"
done
expect 0 "which it does" "$gedi" resume -q damaged
holds "to the same weights" cmp r/checkpoint.safetensors damaged/checkpoint.safetensors
holds "what was refused left nothing" test ! -e damaged/evaluation-7
if [ "$(id -u)" -ne 0 ]; then
    cp -r r locked
    chmod a-w locked
    expect 1 "evaluate of a run that cannot be written" "$gedi" evaluate -q locked
    says err "locked/evaluation-7: folder cannot be made: Permission denied"
    chmod u+w locked
else
    skip "root may write everywhere"
fi

# ---- fewer training records than a batch has, which nothing but training needs ----

cp -r r few
expect 0 "fewer records than a batch" "$gedi" evaluate -q few dataset.moons.train=10 figures=[] \
    'evaluate=[clustering: {}, knn: {k: 5}, fid: {samples: 40, steps: 1}]'
says out "knn.accuracy"
expect 0 "a run whose energy depends on the batch" "$gedi" run -q gen.yaml --out pairs \
    'objective={ebclr: {}}' figures=[] evaluate=[]
expect 2 "which asks for a batch" "$gedi" evaluate -q pairs dataset.moons.train=10 'evaluate=[ood: {against: [circles: {}]}]'
says err "train.batch is 40, but dataset moons has 10 training records: the energy depends on a batch of them"
expect 0 "which can be smaller" "$gedi" evaluate -q pairs dataset.moons.train=10 train.batch=10 \
    'evaluate=[ood: {against: [circles: {}]}]'

finish
