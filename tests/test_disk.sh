#!/bin/sh
# test_disk.sh - disks that are full or cannot be written: one clear error, nothing is lost, and the same
# command goes on where there is room again. Needs a mount of its own, so it is skipped where a user may
# have none.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
mkdir disk
if ! unshare -rm mount -t tmpfs none disk 2>/dev/null; then
    skip "no file system can be mounted here"
    finish
    exit
fi
cat >small.yaml <<'END'
seed: 1
threads: 1
dataset:   {moons: {train: 200, test: 50}}
views:     [[], [gaussian_noise: {std: 0.05}]]
model:     {mlp: {hidden: [16], output: 2}}
objective: {gedi_no_gen: {clusters: 2}}
optimizer: {adam: {}}
train:     {iterations: 60, batch: 20, log_every: 2, checkpoint_every: 10}
evaluate:  [clustering: {}]
END
expect 0 "a run where there is room" "$gedi" run -q small.yaml --out whole

# step NAME COMMAND...: in a script with a file system of its own; keeps what it said and its exit code.
cat >script.sh <<'END'
step() {
    name=$1
    shift
    got=0
    "$@" >"$name.out" 2>"$name.err" </dev/null || got=$?
    echo "$got" >"$name.code"
}
END
# did CODE STEP TEXT: the step ended so, and said that, in one line.
did() {
    cp "$2.out" out
    cp "$2.err" err
    name=$2
    holds "$2: exit code $1" [ "$(cat "$2.code")" = "$1" ]
    says err "$3"
    holds "$2: one line" [ "$(wc -l <err)" -eq 1 ]
}

cat >readonly.sh <<'END'
. ./script.sh
mount -t tmpfs none disk
cp -r whole disk/whole
mount -o remount,ro disk
step new "$gedi" run -q small.yaml --out disk/new
step evaluated "$gedi" evaluate -q disk/whole
step swept "$gedi" sweep -q sweep.yaml --out disk/sweep
step checked "$gedi" check disk/whole
mount -o remount,rw disk
rm disk/whole/summary.json
mount -o remount,ro disk
step resumed "$gedi" resume -q disk/whole
mount -o remount,rw disk
step again "$gedi" resume -q disk/whole
cp disk/whole/checkpoint.safetensors disk/whole/metrics.jsonl .
END
cp small.yaml sweep.yaml
echo 'sweep: {seed: [1, 2]}' >>sweep.yaml
sed -i '/^seed/d' sweep.yaml
unshare -rm env gedi="$gedi" sh readonly.sh
did 1 new "disk/new: folder cannot be made: Read-only file system"
did 1 evaluated "folder cannot be made: Read-only file system"
did 1 swept "disk/sweep: folder cannot be made: Read-only file system"
did 1 resumed "Read-only file system"
holds "what is there can be checked" [ "$(cat checked.code)" = 0 ]
holds "and goes on when it can be written" [ "$(cat again.code)" = 0 ]
holds "to the same weights" cmp checkpoint.safetensors whole/checkpoint.safetensors
holds "and the same log" cmp metrics.jsonl whole/metrics.jsonl

# Room for the first checkpoint and some lines of the log, but not for all; and for none.
cat >full.sh <<'END'
. ./script.sh
mount -t tmpfs -o size=24k none disk
step full "$gedi" run -q small.yaml --out disk/r
mount -o remount,size=4m disk
step more "$gedi" resume -q disk/r
cp disk/r/checkpoint.safetensors disk/r/metrics.jsonl .
head -c 9m /dev/zero >disk/fill 2>/dev/null
step no_room "$gedi" run -q small.yaml --out disk/none
TMPDIR=$PWD/disk
export TMPDIR
step elsewhere "$gedi" run -q small.yaml 'figures=[losses]' --out elsewhere
END
rm checkpoint.safetensors metrics.jsonl
unshare -rm env gedi="$gedi" sh full.sh
did 1 full "No space left on device"
holds "a run on a disk that gets full goes on when there is room" [ "$(cat more.code)" = 0 ]
holds "to the same weights" cmp checkpoint.safetensors whole/checkpoint.safetensors
holds "and the same log" cmp metrics.jsonl whole/metrics.jsonl
did 1 no_room "No space left on device"
holds "TMPDIR may be full" [ "$(cat elsewhere.code)" = 0 ]
finish
