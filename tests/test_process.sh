#!/bin/sh
# test_process.sh - gedi as a process: closed streams, readers that leave, signals, limits, the
# processors it is bound to, descriptors from a pipe, a sweep of another host.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
moons_descriptor moons.yaml 'seed: 1' 'model: {mlp: {hidden: [20], output: 2}}' \
    'optimizer: {adam: {lr: 1.0e-3}}' 'train: {iterations: 200, batch: 40, log_every: 10}'
long=train.iterations=100000000

# at_work DIR: waits for the first line of the log.
at_work() {
    n=0
    until [ -s "$1/metrics.jsonl" ] || [ $n -ge 200 ]; do
        sleep 0.05
        n=$((n + 1))
    done
}

# ---- streams ----
expect 0 "a run whose streams are all closed" sh -c \
    'exec "$0" run moons.yaml --out closed <&- >&- 2>&-' "$gedi"
expect 0 "its folder" "$gedi" check closed
holds "its log holds the log alone" [ "$(grep -c '^{' closed/metrics.jsonl)" -eq "$(wc -l <closed/metrics.jsonl)" ]

"$gedi" run moons.yaml train.iterations=2000 --out pipe 2>&1 | :
holds "a run whose reader leaves is finished" [ -e pipe/summary.json ]
: >reader
{ "$gedi" describe objective gedi || echo "failed" >reader; } 2>said | :
name="a reader that leaves early"
holds "$name is no failure" [ ! -s reader ]
holds "$name is not complained about" [ ! -s said ]
if [ -w /dev/full ]; then
    expect 1 "a full disk under standard output" sh -c '"$0" list >/dev/full' "$gedi"
    says err "standard output cannot be written"
fi

# ---- signals ----
# `nohup make check` has some of them ignored, and gedi leaves those so.
heard=
env --default-signal=HUP true 2>/dev/null && heard="env --default-signal=TERM,HUP,USR1"
for signal in TERM HUP USR1; do
    # shellcheck disable=SC2086  # words of a command
    $heard "$gedi" run moons.yaml $long --out $signal >out 2>err </dev/null &
    pid=$!
    at_work $signal
    kill -s $signal $pid
    code=0
    wait $pid || code=$?
    cp out err "$work" 2>/dev/null
    name="SIG$signal"
    holds "$name ends a run with 1" [ $code -eq 1 ]
    says err "a checkpoint is written"
    holds "$name leaves a checkpoint" [ -s $signal/checkpoint.safetensors ]
done
{
    "$gedi" sweep moons.yaml $long sweep.seed=0..1 -j 2 --out sweep </dev/null 2>&1 &
    echo $! >pid
    wait $!
    echo $? >code
} | : &
n=0
until [ "$(find sweep -name metrics.jsonl -size +0 2>/dev/null | wc -l)" -eq 2 ] || [ $n -ge 200 ]; do
    sleep 0.05
    n=$((n + 1))
done

# The runs of a sweep have all processors of this shell while it is at work.
own=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
kill -s USR1 "$(cat pid)"
wait
holds "SIGUSR1 leaves a checkpoint of every run of a sweep, though nobody reads" \
    [ "$(find sweep -name checkpoint.safetensors | wc -l)" -eq 2 ]

# ---- processors ----
case $own in
*[,-]*)
    for set in OMP_PROC_BIND=true OMP_PLACES=threads "GOMP_CPU_AFFINITY=$own"; do
        all=$("$gedi" info 2>/dev/null | sed -n 's/^threads  *\([0-9]*\),.*/\1/p')
        bound=$(env "$set" "$gedi" info 2>/dev/null | sed -n 's/^threads  *\([0-9]*\),.*/\1/p')
        holds "$set: as many threads as without it, $all" [ "$bound" = "$all" ]
    done
    OMP_PROC_BIND=true "$gedi" sweep moons.yaml $long sweep.seed=0..1 -j 2 --out bound \
        >out 2>err </dev/null &
    pid=$!
    n=0
    until [ "$(find bound -name metrics.jsonl -size +0 2>/dev/null | wc -l)" -eq 2 ] || [ $n -ge 200 ]; do
        sleep 0.05
        n=$((n + 1))
    done
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v p=$pid '$4 == p {print $1}' >children
    holds "a sweep of two at once has two processes" [ "$(wc -l <children)" -eq 2 ]
    while read -r child; do
        sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "/proc/$child/status"
    done <children | sort -u >masks
    kill -s TERM $pid
    wait $pid
    holds "the runs of a sweep that is bound may use all processors" [ "$(cat masks)" = "$own" ]
    first=${own%%[,-]*}
    if command -v taskset >/dev/null; then
        expect 0 "one processor by taskset" taskset -c "$first" "$gedi" info
        holds "it stays one" grep -q '^threads  *1, one per processor' "$work/out"
    fi
    ;;
*) skip "one processor: nothing to bind to" ;;
esac
expect 0 "OMP_NUM_THREADS" env OMP_NUM_THREADS=3 "$gedi" info
holds "it is the default" grep -q '^threads  *3, by OMP_NUM_THREADS' "$work/out"
expect 0 "what a run resolves" env OMP_NUM_THREADS=3 "$gedi" check -r moons.yaml threads=0
says out "threads: 3"

# ---- limits ----
expect 1 "too little address space" timeout -s KILL 20 sh -c \
    'ulimit -v 300000; exec "$0" run moons.yaml --out room' "$gedi"
says err "the address space is limited to 300000 KiB (ulimit -v)"
holds "it leaves no folder" [ ! -e room ]
expect 0 "a version needs little" timeout -s KILL 20 sh -c 'ulimit -v 250000; exec "$0" --version' "$gedi"
expect 0 "enough address space for a thread" timeout -s KILL 60 sh -c \
    'ulimit -v 1500000; OMP_NUM_THREADS=1 exec "$0" run -q moons.yaml --out room' "$gedi"
expect 1 "a file that may not grow" sh -c 'ulimit -f 8; exec "$0" run moons.yaml $1 --out size' "$gedi" "$long"
says err "File too large"

# ---- a descriptor from a pipe ----
mkdir part
sed -e '/^model/d' moons.yaml >part/base.yaml
printf 'base: part/base.yaml\nmodel: {mlp: {hidden: [20], output: 2}}\n' >top.yaml
expect 0 "a descriptor from a pipe" sh -c 'cat top.yaml | "$0" check -' "$gedi"
says out "-: ok"
expect 0 "one of /dev/stdin" sh -c 'cat top.yaml | "$0" run -q /dev/stdin --out piped' "$gedi"
expect 0 "its folder stands alone" "$gedi" check piped
expect 2 "one without a name" sh -c 'cat top.yaml | "$0" run -' "$gedi"
says err "-: the descriptor comes through a pipe and has no name"
expect 0 "one with a name" sh -c 'cat top.yaml | "$0" run -q - name=given' "$gedi"
holds "it names the folder" [ -e runs/given-seed1/summary.json ]
expect 2 "a mistake in a pipe" sh -c '{ cat top.yaml; echo "trian: {}"; } | "$0" check -' "$gedi"
says out "-:3:1: "
expect 0 "a sweep from a pipe" sh -c 'cat top.yaml | "$0" sweep -q - sweep.seed=0..1 --out points' "$gedi"
if command -v bash >/dev/null; then
    # shellcheck disable=SC2016  # for bash
    expect 0 "what another command writes" bash -c '"$0" check <(cat top.yaml)' "$gedi"
fi
expect 2 "an endless pipe" sh -c 'yes "a: 1" | "$0" check -' "$gedi"

# ---- another host ----
mkdir -p elsewhere
echo "123 far.example 00000000-0000-0000-0000-000000000000" >elsewhere/lock
expect 2 "a sweep of another host that has not left" \
    "$gedi" sweep -q moons.yaml sweep.seed=0..1 --out elsewhere
says err "a gedi sweep on host far.example (process 123) has not left"
rm elsewhere/lock
expect 0 "the same without its lock" "$gedi" sweep -q moons.yaml sweep.seed=0..1 --out elsewhere
holds "a sweep that has left says so" [ ! -s elsewhere/lock ]

# ---- a clock that jumps ----
cat >jump.c <<'END'
#include <sys/time.h>
#include <time.h>
static long calls;
static time_t jump(void)
{
    return 1700000000 + (calls++ % 2 ? 900000 : -900000);
}
time_t time(time_t *out)
{
    return out ? *out = jump() : jump();
}
int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
    (void)zone;
    *t = (struct timeval){jump(), 0};
    return 0;
}
END
if ${CC:-cc} -shared -fPIC -o jump.so jump.c 2>/dev/null; then
    expect 0 "a sweep under a clock that jumps" env LD_PRELOAD="$work/jump.so" \
        "$gedi" sweep moons.yaml sweep.seed=0..1 --out jumps
    for run in jumps/runs/*; do
        holds "the same weights as under a clock that does not" \
            cmp "$run/checkpoint.safetensors" "elsewhere/runs/${run##*/}/checkpoint.safetensors"
    done
else
    skip "no compiler for a clock that jumps"
fi
# But for the date of a summary and of an exported log, and the times of files: by which processes share a sweep, on one file system,
# an array that is read is known to be still the same, and a message names the newest of other builds.
asks=$(cd "$top_srcdir" && grep -rlE 'CLOCK_REALTIME|gettimeofday|[^a-z_]time\(NULL\)|st_mtim' core plugins \
    --include='*.[ch]' | sort | tr '\n' ' ')
holds "nothing else asks for the time of day" [ "$asks" = \
    "core/export/log.c core/store/leased.c core/store/summary.c core/sweep/lease.c core/sweep/rebuilt.c core/sweep/shared.c core/sweep/slurm.c plugins/dataset/npy_records.h " ]

finish
