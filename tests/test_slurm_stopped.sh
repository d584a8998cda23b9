#!/bin/sh
# test_slurm_stopped.sh - whoever watches tasks of Slurm can be stopped at any moment, also while squeue works.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
mkdir slow
cat >slow/squeue <<'END'
#!/bin/sh
[ ! -e submitted ] || touch asked
echo >>asks
sleep 1
END
cat >slow/sbatch <<'END'
#!/bin/sh
[ -e submitted ] && touch again
cp asks submitted
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
    rm -rf swept asks asked submitted again
    PATH=$work/slow:$PATH "$gedi" sweep two.yaml --slurm --lease 6 --out swept >out.txt 2>err </dev/null &
    watcher=$!
    until_holds [ -e asked ]
    kill -$signal $watcher
    wait $watcher
    holds "$signal while squeue works ends the watcher" [ $? -eq 1 ]
    says err "what Slurm has of swept goes on: the same command watches it again"
    holds "$signal: nothing is submitted after it" [ ! -e again ]
    holds "Slurm was asked once before tasks were submitted" [ "$(wc -l <submitted)" -eq 1 ]
done

expect 0 "what would be submitted" "$gedi" sweep two.yaml sweep.seed=0..4 --slurm -n --out planned
says out "5 points, 0 finished; an array of 5 tasks"
expect 0 "at most so many" "$gedi" sweep two.yaml sweep.seed=0..4 --slurm -n -j 2 --out planned
says out "an array of 2 tasks"
expect 2 "--slurm and --join" "$gedi" sweep two.yaml --slurm --join --out both
says err "--join does not go with --slurm"
expect 2 "--join and --slurm" "$gedi" sweep two.yaml --join --slurm --out both
says err "--join does not go with --slurm"
cat >slow/squeue <<'END'
#!/bin/sh
echo "slurm_load_jobs error: Unable to contact slurm controller" >&2
exit 1
END
expect 1 "a Slurm that does not answer" env PATH="$work/slow:$PATH" "$gedi" sweep two.yaml --slurm --out mute
says err "--slurm asks the Slurm of this host: squeue failed: slurm_load_jobs error"
holds "nothing is written for it" [ ! -e mute ]

finish
