#!/bin/sh
# test_ablation.sh - points that replace a component: what they keep with `from`, and what is said of
# those that change more than they name.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
cat >base.yaml <<'END'
threads: 1
dataset:   {moons: {noise: 0.05, train: 100, test: 50}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [8], output: 2}}
objective: {gedi: {sphere: true, prototypes: unit, temperature: 0.2, inv: 40, prior: {linear: {from: 5, to: 10}}}}
sampler:   {sgld: {steps: 1, step_size: 0.01, buffer: 50}}
optimizer: {adam: {lr: 1.0e-2}}
train:     {iterations: 5, batch: 20, log_every: 5, checkpoint_every: 5}
evaluate:  [clustering: {}]
figures:   []
END

# options FILE: those of the objective in a descriptor that is resolved.
options() {
    sed -n '/^ *objective:/,/^ *sampler:/p' "$1" | sed 's/^ *//' | grep -v '^sampler\|^objective'
}
resolved() { # NAME FILE OVERRIDE...: into $work/got
    name=$1
    shift
    expect 0 "$name" "$gedi" check --resolved "$@"
    options out >got
}
resolved "the base" base.yaml
sed 's/^gedi:/gedi_no_inv:/; /^inv:/d' got >want

# ---- from ----

resolved "put in on the command line" base.yaml 'objective={gedi_no_inv: {}, from: gedi}'
holds "the other options stay" sh -c 'sort want >a; sort got >b; cmp a b'
printf 'base: base.yaml\nobjective: {gedi_no_inv: {}, from: gedi}\n' >over.yaml
resolved "over a base" over.yaml
holds "the same" sh -c 'sort want >a; sort got >b; cmp a b'
printf 'base: base.yaml\nstages:\n  - {objective: {gedi_no_inv: {}, from: gedi}}\n' >stage.yaml
resolved "in a stage" stage.yaml
holds "the same" sh -c 'sort want >a; sort got >b; cmp a b'
resolved "with an option of its own" base.yaml 'objective={gedi_no_inv: {temperature: 0.5}, from: gedi}'
holds "which counts" grep -q '^temperature: 0.5$' got
holds "beside the others" grep -q '^sphere: true$' got
resolved "the same plugin" base.yaml 'objective={gedi: {inv: 0}, from: gedi}'
holds "one thing is changed" sh -c 'grep -q "^inv: 0$" got && grep -q "^sphere: true$" got'
expect 0 "an optimizer" "$gedi" check --resolved base.yaml 'optimizer={sgd: {}, from: adam}'
holds "keeps its learning rate" grep -q 'lr: 0.01' out
cp out resolved.yaml
expect 0 "what it resolves to" "$gedi" check --resolved resolved.yaml
expect 2 "from another" "$gedi" check base.yaml 'objective={gedi_no_inv: {}, from: swav}'
says out "objective: from: 'swav' is not what is replaced here"
printf 'base: base.yaml\nobjective: {swav: {}, from: gedi}\n' >other.yaml
expect 2 "an option that means something else" "$gedi" check other.yaml
says out "other.yaml:2:29: prototypes: 'unit' is not an integer: \`from\` gives it the value of the plugin that is replaced"
expect 0 "stated" "$gedi" check --resolved base.yaml 'objective={swav: {prototypes: 5, temperature: 0.1}, from: gedi}'
printf 'objective: {gedi_no_inv: {}, from: gedi}\n' >alone.yaml
expect 2 "from nothing" "$gedi" check alone.yaml
says out "alone.yaml:1:30: objective: from: 'gedi' is not what is replaced here"
expect 2 "from no name" "$gedi" check base.yaml 'objective={gedi_no_inv: {}, from: [gedi]}'
says out "only one plugin can be named"
expect 2 "a mistake in an option" "$gedi" check base.yaml 'objective={gedi_no_inv: {invv: 1}, from: gedi}'
says out "unknown option 'invv' of gedi_no_inv"

# ---- what differs besides ----

cat >sweep.yaml <<'END'
base: base.yaml
sweep:
  method:
    GEDI:   {}
    no inv: {objective: {gedi_no_inv: {temperature: 0.2}}}
    kept:   {objective: {gedi_no_inv: {}, from: gedi}}
    small:  {objective: {jem: {}, from: gedi}, objective.jem.sphere: false}
  seed: [0, 1]
table: {rows: method, value: evaluation.clustering.nmi}
END
note="method: no inv differs from GEDI also in objective.prototypes: unit -> none, objective.sphere: true -> false, objective.prior: {linear: {from: 5, to: 10"
expect 0 "a dry run" "$gedi" sweep --dry-run sweep.yaml
says err "$note"
says err "{NAME: {}, from: OTHER}"
holds "of one point alone" test "$(grep -c 'differs from' err)" = 1
cat >own.yaml <<'END'
base: base.yaml
optimizer: {adam: {lr: 1.0e-2, beta1: 0.8}}
sweep:
  method:
    no inv: {objective: {gedi_no_inv: {}}, optimizer: {adam: {lr: 0.1}}}
    kept:   {objective: {jem: {}, from: gedi}}
END
expect 0 "the first value" "$gedi" sweep --dry-run own.yaml
says err "method: no inv differs from the descriptor without the sweep also in objective."
says err "optimizer.beta1: 0.8 -> 0.9"
holds "not in what it states" sh -c '! grep -q optimizer.lr err'
expect 0 "the first value that keeps all" "$gedi" sweep --dry-run own.yaml \
    'sweep.method={kept: {objective: {gedi_no_inv: {}, from: gedi}}, same: {optimizer: {adam: {lr: 0.01, beta1: 0.8}}}}'
holds "differs in nothing" sh -c '! grep -q differs err'
moons_descriptor staged.yaml 'stages: [{train: {iterations: 2}}, {objective: {jem: {clusters: 2, temperature: 0.3}}, train: {iterations: 2}}]' \
    'sampler: {sgld: {}}'
expect 0 "an axis of one stage" "$gedi" sweep --dry-run staged.yaml \
    'sweep.stages.1.objective=[{jem: {clusters: 2, temperature: 0.3}}, {gedi_no_inv: {clusters: 2}}, {gedi_no_inv: {clusters: 2, temperature: 0.5}}]'
says err "also in stages.1.objective.temperature: 0.3 -> 1"
holds "not in what is stated" test "$(grep -c temperature err)" = 1
expect 0 "an axis of all stages" "$gedi" sweep --dry-run staged.yaml 'sweep.method={a: {}, b: {stages: [{train: {iterations: 2}},
    {objective: {gedi_no_inv: {clusters: 2}}, train: {iterations: 2}}]}, c: {stages: [{optimizer: {sgd: {}}, train: {iterations: 2}},
    {objective: {gedi_no_inv: {clusters: 2, temperature: 0.4}}, train: {iterations: 2}}]}}'
says err "method: b differs from a also in stages.1.objective.temperature: 0.3 -> 1"
says err "method: c differs from a also in stages.0.optimizer.lr: 0.01 -> "
expect 0 "an axis that the stages share" "$gedi" sweep --dry-run staged.yaml 'sweep.optimizer=[adam, {sgd: {lr: 0.1}}]'
holds "what it states is no news" sh -c '! grep -q "optimizer.lr" err'
expect 0 "quietly" "$gedi" sweep --dry-run -q sweep.yaml
silent err
expect 0 "an axis of what is replaced" "$gedi" sweep -n -q base.yaml \
    'sweep={objective: [gedi, {gedi_no_inv: {}, from: gedi}], seed: [0]}'
says out "  gedi_no_inv, seed 0"
expect 0 "in two ways" "$gedi" sweep -n -q base.yaml \
    'sweep={objective: [{gedi_no_inv: {}, from: gedi}, {gedi_no_inv: {temperature: 0.5}, from: gedi}], seed: [0]}'
says out "  gedi_no_inv from gedi, seed 0"
says out "  gedi_no_inv {temperature: 0.5} from gedi, seed 0"
expect 0 "a sweep" "$gedi" sweep -q sweep.yaml --out s
says out "$note"
expect 0 "its table" "$gedi" table s --rows method --value evaluation.clustering.nmi
says out "$note"
expect 0 "in LaTeX" "$gedi" table s --rows method --value evaluation.clustering.nmi --format latex
says out "% $note"
expect 0 "without that point" "$gedi" table s --rows method --where method=GEDI --value evaluation.clustering.nmi
holds "there is nothing to say" sh -c '! grep -q differs out'
expect 0 "of seeds" "$gedi" table s --rows seed --where method=GEDI --value evaluation.clustering.nmi
holds "there is nothing to say" sh -c '! grep -q differs out'

# ---- axes that are not crossed ----

cat >zip.yaml <<'END'
base: base.yaml
figures: [{clusters: {}}]
sweep:
  zip: {optimizer.adam.lr: [0.01, 0.001], train.batch: [20, 25]}
  objective.gedi.inv: [10, 40]
  seed: [0, 1]
table:   {rows: optimizer.adam.lr, columns: objective.gedi.inv, value: evaluation.clustering.nmi}
heatmap: {y: optimizer.adam.lr, x: objective.gedi.inv, value: evaluation.clustering.nmi}
curves:  {lines: train.batch, value: loss}
grid:
  - {rows: optimizer.adam.lr, columns: seed, figure: losses}
  - {rows: optimizer.adam.lr, columns: seed, figure: clusters}
END
goes="optimizer.adam.lr: its values differ also in train.batch: 20 at 0.01, 25 at 0.001"
expect 0 "zipped axes" "$gedi" sweep -q zip.yaml --out z
says out "$goes"
holds "the table's file" grep -qF "$goes" z/table.md
for figure in heatmap grid-losses grid-clusters; do
    # A figure breaks its notes.
    holds "$figure" sh -c "tr -d '\n\\\\' <z/figures/$figure.gp | grep -q 'learning rate: its values differ also in batch: 20 at 0.01'"
done
holds "curves" sh -c "tr -d '\n\\\\' <z/figures/curves.gp | grep -q 'batch: its values differ also in learning rate'"
holds "the page" grep -qF "optimizer.adam.lr and train.batch go together: what one explains may be the other's doing" z/report.html
expect 0 "seeds that are not the same" "$gedi" sweep -q zip.yaml --out y 'figures=[]' 'heatmap=[]' 'curves=[]' 'grid=[]' 'sweep.zip=[]' \
    'sweep.exclude=[{objective.gedi.inv: 40, seed: 1}]' 'table={rows: objective.gedi.inv, value: evaluation.clustering.nmi}'
says out "objective.gedi.inv: its values differ also in seed: 0 and 1 at 10, 0 at 40"
expect 0 "panels of one run each" "$gedi" sweep -q zip.yaml --out w 'heatmap=[]' 'curves=[]' 'sweep.zip=[]' \
    'sweep.exclude=[{objective.gedi.inv: 40, seed: 1}]' 'table=[]' 'grid={figure: clusters, columns: objective.gedi.inv}'
holds "are of one seed" sh -c '! grep -q "differ also" w/figures/grid-clusters.gp'
expect 0 "both in one table" "$gedi" table z --rows optimizer.adam.lr --columns train.batch --value evaluation.clustering.nmi
holds "which shows it" sh -c '! grep -q "differ also" out'
expect 0 "an axis that is crossed" "$gedi" table z --rows objective.gedi.inv --value evaluation.clustering.nmi
holds "differs in nothing else" sh -c '! grep -q "differ also" out'

expect 0 "an exclusion" "$gedi" sweep -q zip.yaml --out x 'figures=[]' 'heatmap=[]' 'curves=[]' 'grid=[]' 'sweep.zip=[]' \
    'sweep.optimizer.adam.lr=[0.01, 0.001]' 'sweep.exclude=[{optimizer.adam.lr: 0.001, objective.gedi.inv: 40}]' \
    'table={rows: optimizer.adam.lr, value: evaluation.clustering.nmi}'
says out "optimizer.adam.lr: its values differ also in objective.gedi.inv: 10 and 40 at 0.01, 10 at 0.001"
expect 0 "a table that has both" "$gedi" table x --rows optimizer.adam.lr --columns objective.gedi.inv --value evaluation.clustering.nmi
holds "whose cells are empty" sh -c '! grep -q "differ also" out'
for batch in 10 20; do
    expect 0 "a sweep with batches of $batch" "$gedi" sweep -q base.yaml --out of$batch train.batch=$batch "sweep={method: {m$batch: {}}, seed: [0, 1]}"
done
expect 0 "both in one table" "$gedi" table of10 of20 --rows method --value evaluation.clustering.nmi
says out "runs of no common sweep differ also in train.batch"
holds "in nothing else" sh -c '! grep -q "train.batch," out'
expect 0 "one of them" "$gedi" table of10 --rows method --value evaluation.clustering.nmi
holds "differs in nothing" sh -c '! grep -q "differ also" out'
expect 0 "draws" "$gedi" sweep -q base.yaml --out d 'sweep.search={random: 3, maximise: evaluation.clustering.nmi,
    over: {optimizer.adam.lr: {log: [0.001, 0.1]}, train.batch: {integers: [10, 20]}}}'
expect 0 "their table" "$gedi" table d --rows optimizer.adam.lr --value evaluation.clustering.nmi
says out "optimizer.adam.lr: its values were drawn together with those of train.batch"
holds "are not crossed either" sh -c '! grep -q "differ also" out; ! grep -q "go together" d/report.html'

finish
