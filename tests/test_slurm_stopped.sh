#!/bin/sh
# test_slurm_stopped.sh - whoever watches tasks of Slurm can be stopped at any moment, also while squeue works.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
mkdir slow
cat >slow/squeue <<'END'
#!/bin/sh
touch asked
sleep 1
END
cat >slow/sbatch <<'END'
#!/bin/sh
touch submitted
echo 7
END
chmod +x slow/*
cat >two.yaml <<'END'
dataset:   {moons: {train: 200, test: 100}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [8], output: 2}}
objective: {gedi_no_gen: {clusters: 2}}
optimizer: {adam: {}}
train:     {iterations: 100, batch: 20}
sweep:     {seed: 0..1}
END

name='the watcher'
for signal in TERM HUP USR1; do
    rm -rf out asked submitted
    PATH=$work/slow:$PATH "$gedi" sweep two.yaml --slurm --out out >out.txt 2>err </dev/null &
    watcher=$!
    until_holds [ -e asked ]
    kill -$signal $watcher
    wait $watcher
    holds "$signal while squeue works ends the watcher" [ $? -eq 1 ]
    says err "what Slurm has of out goes on: the same command watches it again"
    holds "$signal: nothing is submitted after it" [ ! -e submitted ]
done

finish
