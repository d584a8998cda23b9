#!/bin/sh
# test_moments.sh - samples along the run: the same after a kill, of no effect on training, and what keeps them from
# being drawn.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1

cat >one.yaml <<'END'
seed: 0
threads: 1
dataset:   {moons: {noise: 0.05, train: 100, test: 50}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [16], output: 2}}
objective: {gedi: {clusters: 2, prototypes: unit, sphere: true}}
sampler:   {sgld: {steps: 1, step_size: 1.0e-4, noise: 0.01, buffer: 100, low: -1, high: 1}}
optimizer: {adam: {lr: 0.01}}
train:     {iterations: 100, batch: 40, log_every: 10, checkpoint_every: 50}
figures:   [{samples: {every: 20}}]
END

# Mistakes, and runs that show none.
expect 2 "later than the end" "$gedi" check one.yaml 'figures=[{samples: {every: 101}}]'
says out "figures: samples: every: 101 is more than the 100 iterations of the run: make it smaller, or 0"
expect 2 "a negative number" "$gedi" check one.yaml 'figures=[{samples: {every: -1}}]'
says out "every: '-1' is not in [0, "
expect 2 "of another figure" "$gedi" check one.yaml 'figures=[{losses: {every: 10}}]'
if command -v gnuplot >/dev/null; then
    expect 0 "a run" "$gedi" run -q one.yaml --out whole
else
    expect 1 "a run without gnuplot" "$gedi" run -q one.yaml --out whole
fi
holds "five moments" test "$(ls whole/figures/moments | sort -n | tr '\n' ' ')" = "20 40 60 80 100 "
holds "each of them has 1000 points" test "$(cat whole/figures/moments/*/samples.csv | wc -l)" -eq 5005
holds "and others than the next" sh -c '! cmp -s whole/figures/moments/20/samples.csv whole/figures/moments/40/samples.csv'
# Nothing was trained since, so the last one is that of the figure.
holds "the last is the run's own" cmp whole/figures/moments/100/samples.csv whole/figures/samples.csv
if command -v gnuplot >/dev/null; then
    holds "side by side" test -s whole/figures/samples-along.png
    holds "with the iteration" grep -q "'iteration 20'" whole/figures/samples-along.gp
    holds "with the last" grep -q "'iteration 100'" whole/figures/samples-along.gp
    holds "on the page" grep -q '"name":"samples-along"' whole/report.html
    cp -r whole fewer
    expect 0 "without them" "$gedi" resume -q fewer 'figures=[samples]'
    holds "not on the page" sh -c '! grep -q "\"name\":\"samples-along\"" fewer/report.html && grep -q "\"name\":\"samples\"" fewer/report.html'
fi

"$gedi" run -q one.yaml 'figures=[]' --out plain >/dev/null 2>&1
holds "training does not depend on it" cmp whole/checkpoint.safetensors plain/checkpoint.safetensors

# Killed behind a moment that no checkpoint has seen.
if stopped KILL '[ -s part/figures/moments/80/samples.csv ]' one.yaml; then
    "$gedi" resume -q part >out 2>err
    holds "killed and resumed: the same pictures" diff -r whole/figures part/figures
    holds "and weights" cmp whole/checkpoint.safetensors part/checkpoint.safetensors
else
    skip "too fast to be killed"
fi

# A trained run has no moments, and says what to do; one that goes on has those that come.
expect 2 "asked for later" "$gedi" resume -q plain 'figures=[{samples: {every: 20}}]'
says err "every: there are no samples of the iterations 20, 40 and so on, which are drawn while a run trains: leave it out, or start a new run"
expect 0 "and nothing has changed" "$gedi" resume plain
says err "finished already"
expect 0 "asked for when nothing is trained" "$gedi" evaluate whole 'figures=[{samples: {every: 20}}]'
says err "figures: samples: every: left out: samples along the way are drawn while a run trains"
expect 0 "not asked for" "$gedi" evaluate whole
holds "is not spoken of" sh -c '! grep -q every err'
rm -rf whole/evaluation-*
"$gedi" evaluate -q whole 'figures=[{samples: {every: 20}}]' >out 2>err
holds "evaluated once more: only the figure itself" test ! -e whole/evaluation-1/figures/moments

# A stage without an energy has none.
cat >stages.yaml <<'END'
base: one.yaml
stages:
  - {objective: {vicreg: {}}, train: {iterations: 50}}
  - {train: {iterations: 50}}
END
"$gedi" run -q stages.yaml --out stages >out 2>err
holds "those of the second stage" test "$(ls stages/figures/moments | sort -n | tr '\n' ' ')" = "60 80 100 "

# Without gnuplot training ends, the tables are there, and whoever has it draws them.
if command -v gnuplot >/dev/null; then
    mkdir bin
    printf '#!/bin/sh\nexit 1\n' >bin/gnuplot
    chmod +x bin/gnuplot
    PATH=$work/bin:$PATH "$gedi" run -q one.yaml --out bare >out 2>err
    says err "iteration 20: figure samples: "
    holds "the tables are the same" cmp bare/figures/moments/60/samples.csv whole/figures/moments/60/samples.csv
    expect 0 "drawn later" "$gedi" resume -q bare
    holds "side by side" cmp bare/figures/samples-along.png whole/figures/samples-along.png
fi
finish
