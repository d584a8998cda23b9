#!/bin/sh
# test_slurm.sh - `gedi sweep --slurm' on a Slurm of its own: munged, slurmctld and slurmd, started on this
# machine for this test alone. Tasks are killed, requeued and cancelled on the way.
. "${srcdir:-.}/tests/testing.sh"

PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch squeue; do
    command -v $program >/dev/null || { echo "skipped: $program is not here"; exit 77; }
done
cd "$work" || exit 1

# ---- a cluster of one node with two processors ----

free_port() {
    for port in $(seq "$1" 7 $(($1 + 700))); do
        grep -qi ":$(printf %04x "$port") " /proc/net/tcp || break
    done
    echo "$port"
}
down() {
    for file in slurmd.pid ctld.pid munge/pid; do
        [ ! -s "$work/$file" ] || kill "$(cat "$work/$file")" 2>/dev/null
    done
    sleep 1
    rm -rf "$work"
}
trap down EXIT
mkdir -m 700 munge
mkdir state spool
head -c 1024 /dev/urandom >munge/key
chmod 600 munge/key
host=$(hostname -s) user=$(id -un)
cat >slurm.conf <<END
ClusterName=gedi
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
SlurmUser=$user
SlurmdUser=$user
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/ctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/ctld.log
SlurmdLogFile=$work/slurmd.log
SlurmctldPort=$(free_port $((20000 + $$ % 9000)))
SlurmdPort=$(free_port $((30001 + $$ % 9000)))
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobRequeue=1
ReturnToService=2
MpiDefault=none
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
SLURM_CONF=$work/slurm.conf
export SLURM_CONF
unset SBATCH_PARTITION SBATCH_ACCOUNT SLURM_CLUSTERS
munged --force --key-file=munge/key --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
    --log-file="$work/munge/log" --seed-file="$work/munge/seed" >up 2>&1 &&
    slurmctld -c >>up 2>&1 && slurmd -c >>up 2>&1
tries=0
until sinfo -h -o %T 2>/dev/null | grep -q idle || [ $tries -gt 60 ]; do
    tries=$((tries + 1))
    sleep 0.25
done
if [ $tries -gt 60 ]; then
    cat up ctld.log slurmd.log 2>/dev/null | tail -n 20
    echo "skipped: no Slurm can be started here"
    exit 77
fi

moons_descriptor small.yaml seed: threads: \
    'train: {iterations: 120000, batch: 20, log_every: 40, checkpoint_every: 400}'
cat >plain.yaml <<'END'
base: small.yaml
sweep:
  method:
    near: {}
    far: {optimizer.adam.lr: 1.0e-4}
  seed: 0..1
table: {rows: method, value: evaluation.clustering.nmi}
END

same() {
    for one in whole/runs/*; do
        for file in checkpoint.safetensors metrics.jsonl; do
            holds "$1: the same $file" cmp "$one/$file" "$1/runs/${one##*/}/$file"
        done
    done
    holds "$1: the same table" cmp whole/table.csv "$1/table.csv"
    holds "$1: no lease is left" [ -z "$(find "$1" -name 'lease-*')" ]
}
logs='[ "$(find $out/runs -name checkpoint.safetensors | wc -l)" -ge 1 ]'

expect 0 "one process" "$gedi" sweep plain.yaml -j 2 -q --out whole

# ---- an array, from beginning to end ----

expect 0 "a sweep by Slurm" "$gedi" sweep plain.yaml --slurm='-c 1 --comment="two words"' --lease 6 --out "two words"
says err "4 tasks for 4 points"
says err "near, seed 0: done"
says out "| far    |"
same "two words"
holds "each point was run to its end once" [ "$(cat "two words"/slurm/*.out | grep -c ': done in ')" -eq 4 ]
holds "a task has one thread, as it was given one processor" grep -q '1 at once with 1 thread each' "two words"/slurm/*_1.out
expect 0 "the same again" "$gedi" sweep plain.yaml --slurm --lease 6 --out "two words"
holds "submits nothing" [ "$(grep -c 'task' err)" -eq 0 ]

# ---- both tasks are killed, one requeued, one cancelled; the one who watches is stopped ----

# The first task found at work is held where it is until the second is there: a fast machine would be done.
at_work() {
    sed "s/ .*//" torn/runs/*/lease-* | sort -u
}
both_held() {
    for process in $(at_work); do
        kill -STOP "$process"
    done
    [ "$(at_work | wc -l)" -ge 2 ]
}
out=torn
"$gedi" sweep plain.yaml --slurm='-c 1' -j 2 --lease 6 --out torn >torn.out 2>torn.err </dev/null &
watcher=$!
until_holds eval "$logs"
until_holds both_held
held=$(at_work)
# shellcheck disable=SC2086
holds "tasks at work are killed" kill -KILL $held
until_holds eval '[ "$(grep -c "^gedi: job" torn.err)" -ge 2 ]'
holds "another is submitted for it" [ "$(grep -c '^gedi: job' torn.err)" -ge 2 ]
running='squeue -h -r -t RUNNING -o %i | head -n 1'
until_holds eval '[ -n "$('"$running"')" ]'
scontrol requeue "$(eval "$running")"
kill -TERM $watcher
wait $watcher
holds "who watches can be stopped" [ $? -eq 1 ]
cp torn.err err
says err "what Slurm has of torn goes on: the same command watches it again"
until_holds eval '[ -n "$('"$running"')" ]'
scancel "$(eval "$running")"
expect 0 "the same command" "$gedi" sweep plain.yaml --slurm='-c 1' -j 2 --lease 6 --out torn
same torn
holds "no task is left over" [ -z "$(squeue -h)" ]

# ---- what does not work is said ----

expect 2 "options that sbatch does not know" "$gedi" sweep plain.yaml --slurm=--zebra --lease 6 --out bad
says err "sbatch failed: "
says err "zebra"
rm -rf bad
expect 2 "tasks that cannot work" "$gedi" sweep plain.yaml --slurm=--chdir=/ --lease 6 --out "$work/bad"
says err "3 arrays of Slurm have ended without getting any further, the last words being: "
says err "plain.yaml"
expect 2 "a descriptor that is no file" sh -c 'cat plain.yaml | "$0" sweep - --slurm -o bad name=bad' "$gedi"
says err "the tasks of Slurm read the descriptor, too: keep it in a file"
sed 's/far: {/far: {model.mlp.output: 8, objective: {gedi_no_gen: {clusters: 8}}, train.explode: 1, /' plain.yaml >failing.yaml
expect 1 "a sweep with points that fail" "$gedi" sweep failing.yaml --slurm='-c 1' --lease 6 --out failing
says err "2 of 4 points failed"
says out "| far    | failed"
holds "each is tried once" [ "$(cat failing/slurm/*.out | grep -c 'FAILED after')" -eq 2 ]
mkdir nothing
ln -s "$(command -v sh)" nothing/sh
expect 1 "no Slurm" env PATH="$work/nothing" "$gedi" sweep plain.yaml --slurm --lease 6 --out none
holds "and nothing is written" [ ! -e none ]
says err "--slurm asks the Slurm of this host: squeue failed: "
says err "not found"

finish
