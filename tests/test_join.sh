#!/bin/sh
# test_join.sh - one sweep by several processes that share its folder: under two host names where this machine
# lets us have them, killed with SIGKILL, stopped and woken, at odds with each other.
#
# GEDI_KILLS says how many processes are killed (4).
. "${srcdir:-.}/tests/testing.sh"

kills=${GEDI_KILLS:-4}
cd "$work" || exit 1
moons_descriptor small.yaml seed: threads: \
    'train: {iterations: 40000, batch: 20, log_every: 100, checkpoint_every: 2000}'
cat >plain.yaml <<'END'
base: small.yaml
sweep:
  method:
    near: {}
    far: {optimizer.adam.lr: 1.0e-4}
  seed: 0..2
table: {rows: method, value: evaluation.clustering.nmi}
END

# on HOST COMMAND...: as if on that host, with a kernel of its own, where both can be had for a process alone.
boot=/proc/sys/kernel/random/boot_id
# shellcheck disable=SC2016  # for the inner shell
elsewhere='hostname "$0" && mount --bind "$0.boot" '$boot' && exec "$@"'
echo "0000-here" >here.boot
if [ "$(unshare -um sh -c "$elsewhere" here cat $boot 2>/dev/null)" = 0000-here ]; then
    on() {
        on_host=$1
        shift
        echo "0000-$on_host" >"$on_host.boot"
        exec unshare -um sh -c "$elsewhere" "$on_host" "$@"
    }
else
    skip "no host names of our own: all processes are on one host"
    on() {
        shift
        exec "$@"
    }
fi

# join HOST ARGUMENT...: begins to take points, in a process group of its own; says so in HOST.err.
join() {
    join_host=$1
    shift
    (on "$join_host" setsid "$gedi" sweep plain.yaml -j 1 --join "$@") >"$join_host.out" 2>"$join_host.err" </dev/null &
}

# ended NAME PID CODE HOST: the process that joined as HOST ends with that code.
ended() {
    code=0
    wait "$2" || code=$?
    if [ $code -eq "$3" ]; then
        pass "$1"
    else
        fail "$1: exit code $code instead of $3" "$4.err"
    fi
}

logs() {
    [ "$(find "$1/runs" -name metrics.jsonl 2>/dev/null | wc -l)" -ge "$2" ]
}
leased() {
    [ "$(find "$1/runs" -name 'lease-*' 2>/dev/null | wc -l)" -ge "$2" ]
}

# same FOLDER: its runs and tables are those of one process that was left alone.
same() {
    for one in whole/runs/*; do
        for file in checkpoint.safetensors metrics.jsonl; do
            holds "$1: the same $file" cmp "$one/$file" "$1/runs/${one##*/}/$file"
        done
    done
    holds "$1: the same table" cmp whole/table.csv "$1/table.csv"
    holds "$1: the same points" cmp whole/points.json "$1/points.json"
    holds "$1: no lease is left" [ -z "$(find "$1" -name 'lease-*')" ]
}

ends() {
    grep -ch ': done in ' "$@" | awk '{n += $1} END {print n}'
}

expect 0 "one process" "$gedi" sweep plain.yaml -j 1 -q --out whole

# ---- two at once ----

join one --out two
first=$!
join other --out two
second=$!
ended "the first ends well" $first 0 one
ended "the second ends well" $second 0 other
same two
holds "each point was run to its end once" [ "$(ends one.err other.err)" -eq 6 ]
cp one.out out
says out "| far    |"
cmp one.out other.out
holds "both print the table" cmp one.out other.out
expect 0 "who comes late" "$gedi" sweep plain.yaml --join --out two
says err "6 points, 0 to run"

# ---- who may not ----

join one --out odds train.iterations=1000000
first=$!
until_holds logs odds 1
expect 2 "a process that does not join" "$gedi" sweep plain.yaml --out odds train.iterations=1000000
says err "odds: processes with --join work here: join them with --join"
expect 2 "another sweep" "$gedi" sweep plain.yaml --join --out odds train.iterations=1000000 sweep.seed=0
says err "is at work here on a sweep with other points or tables: wait for it"
kill -TERM $first
ended "who is stopped says so" $first 1 one
cp one.err err
says err "stopped with 6 of 6 points left; the same command goes on"
holds "and leaves no lease" [ -z "$(find odds -name 'lease-*')" ]
"$gedi" sweep plain.yaml --out odds train.iterations=1000000 -q -j 1 >out 2>err </dev/null &
first=$!
until_holds grep -q . odds/lock
expect 2 "who joins one that shares nothing" "$gedi" sweep plain.yaml --join --out odds train.iterations=1000000
says err "odds: another gedi sweep works here (process $first"
kill -TERM $first
wait $first
expect 2 "a lease without --join" "$gedi" sweep plain.yaml --lease 5
says err "--lease goes with --join"
expect 2 "a lease of nothing" "$gedi" sweep plain.yaml --join --lease 0
says err "--lease: '0' is not a whole number in [2, 86400]"
mkdir -p inway
: >inway/runs
expect 1 "a file where runs belong" "$gedi" sweep plain.yaml --join --out inway -q
says err "inway/runs"

# ---- kills: of a whole group, as when a host dies; the other takes over ----

hit=0 round=0
while [ $hit -lt "$kills" ] && [ $round -lt $((4 * kills)) ]; do
    round=$((round + 1))
    join dead --out killed --lease 2
    first=$!
    join alive --out killed --lease 2
    second=$!
    until_holds leased killed 2
    sleep 0.$((round % 4 + 1))
    kill -KILL -$first 2>/dev/null || kill -KILL $first 2>/dev/null
    code=0
    wait $first 2>/dev/null || code=$?
    [ $code -ne 137 ] || hit=$((hit + 1))
    if [ $((round % 2)) -eq 0 ]; then # and then the one that took over
        kill -KILL -$second 2>/dev/null || kill -KILL $second 2>/dev/null
        code=0
        wait $second 2>/dev/null || code=$?
        [ $code -ne 137 ] || hit=$((hit + 1))
        join alive --out killed --lease 2
        second=$!
    fi
    ended "round $round: who is left ends it all" $second 0 alive
    # Who was killed between the end of a point and giving it back leaves its lease, until it counts as dead.
    sleep 2
    expect 0 "round $round: once more" "$gedi" sweep plain.yaml --join --out killed
    says err "6 points, 0 to run"
    same killed
    rm -rf killed
done
echo "figures: processes of a shared sweep killed|$hit|"
holds "$kills kills hit" [ $hit -ge "$kills" ]

# A process that was not heard of for too long finds its point taken: it stops writing there.
join sleeper --out slept --lease 2
first=$!
until_holds logs slept 1
kill -STOP -$first
join waker --out slept --lease 2
second=$!
until_holds grep -q 'done in' waker.err
sleep 3
kill -CONT -$first
ended "who was stopped ends well" $first 0 sleeper
ended "who took over ends well" $second 0 waker
same slept
holds "each point was run to its end once" [ "$(ends sleeper.err waker.err)" -eq 6 ]

# The run of one that is stopped as well keeps its point, and whoever waits says for whom.
join here --out held --lease 2
first=$!
until_holds logs held 1
frozen=$(ps -o pid= -s $first)
# shellcheck disable=SC2086  # several numbers
kill -STOP $frozen
join here2 --out held --lease 2
second=$!
until_holds grep -q 'waiting for' here2.err
sleep 2
# shellcheck disable=SC2086
kill -CONT $frozen
ended "who was stopped ends well" $first 0 here
ended "who waited ends well" $second 0 here2
cp here2.err err
says err ": waiting for process "
says err ", which is stopped (\`kill -CONT "
holds "it was said once" [ "$(grep -c 'waiting for' err)" -eq 1 ]

# A host that slept, and wakes when a process of another host has gone on with its run, writes nothing more there. Locks
# of this machine would keep them apart: the lease of the other is made by hand.
contents() {
    find woken -type f ! -name '*.part' -exec cksum {} + | sort -k 3
}
expect 0 "a run" "$gedi" run -q small.yaml --out woken train.iterations=2000
for round in 1 2 3; do
    rm -f woken/lease-*
    echo "1 here 0000-here 1 60 1" >woken/lease-1
    longer=$((round * 400000))
    "$gedi" resume -q woken train.iterations=$longer >out 2>err </dev/null &
    first=$!
    lines=$(wc -l <woken/metrics.jsonl)
    until_holds sh -c "[ \$(wc -l <woken/metrics.jsonl) -gt $((lines + 30)) ]"
    kill -STOP $first
    until_holds grep -q '^State:.T' /proc/$first/status # a call of the system ends first
    echo "1 there 0000-there 1 60 1" >woken/lease-2
    rm woken/lease-1
    contents >was
    kill -CONT $first
    ended "who wakes too late ends with a failure" $first 1 one
    says err "another process has taken the run over"
    contents >is
    holds "who wakes too late leaves all as it is" diff was is
    holds "and nothing half done" [ -z "$(find woken -name '*.part')" ]
done

# ---- failures ----

cat >failing.yaml <<'END'
base: small.yaml
train: {iterations: 40000, batch: 20, log_every: 100, checkpoint_every: 2000}
sweep:
  method:
    bad: {model.mlp.output: 8, objective: {gedi_no_gen: {clusters: 8}}, train.explode: 1}
    good: {}
    fine: {train.batch: 10}
table: {rows: method, value: evaluation.clustering.nmi}
END
sed 's/plain.yaml/failing.yaml/' >join.sh <<'END'
"$gedi" sweep plain.yaml -j 1 --join --out failing >"$1.out" 2>"$1.err"
END
gedi=$gedi sh join.sh a &
first=$!
gedi=$gedi sh join.sh b &
wait $!
holds "a failure is the second's, too" [ $? -eq 1 ]
ended "and the first's" $first 1 a
holds "it was tried once" [ "$(cat a.err b.err | grep -c ': FAILED after')" -eq 1 ]
cp a.out out
says out "| bad    | failed"
expect 1 "a worker" "$gedi" sweep failing.yaml --worker --out failing
holds "lets a failure stand" [ "$(grep -c 'FAILED after' err)" -eq 0 ]
says err "1 of 3 points failed"
expect 1 "who comes alone" "$gedi" sweep failing.yaml --join --out failing
holds "tries again" [ "$(grep -c 'FAILED after' err)" -eq 1 ]
expect 2 "a worker of another sweep" "$gedi" sweep failing.yaml --worker --out failing sweep.seed=0..1
says err "failing: the sweep there has other points or tables than the descriptor"

finish
