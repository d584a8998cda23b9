#!/bin/sh
# hosts.sh - iterations per second of two ranks that share a link, against two that share memory.
#
# usage: hosts.sh [GEDI [ROUNDS [RATE]]]   GEDI: the command (build/gedi), ROUNDS: 3, RATE: 1gbit, as tc(8) has it
# Each rank has a network of its own (ip-netns(8)); a pair of virtual cables of that rate joins them. Needs root, iproute2
# and Open MPI. ResNet-8 of width 128 on CIFAR-10 (gedi data fetch cifar10, or $GEDI_DATA), batch 32: Barlow Twins, and
# JEM with five steps of SGLD.
gedi=$(realpath "${1:-build/gedi}") rounds=${2:-3} rate=${3:-1gbit}
folder=$(mktemp -d) && cd "$folder" || exit 1
a=gedi-$$-a b=gedi-$$-b
trap 'ip netns del $a; ip netns del $b; rm -rf "$folder"' EXIT
unset OPENBLAS_CORETYPE
set -e
ip netns add $a
ip netns add $b
ip link add gedi0 netns $a type veth peer name gedi1 netns $b
for side in "$a gedi0 1" "$b gedi1 2"; do
    # shellcheck disable=SC2086  # three words
    set -- $side
    ip -n "$1" link set lo up
    ip -n "$1" addr add 10.9.0."$3"/24 dev "$2"
    ip -n "$1" link set "$2" up
    ip netns exec "$1" tc qdisc add dev "$2" root tbf rate "$rate" burst 256kb latency 50ms
done
printf '#!/bin/sh\nshift\nexec ip netns exec %s sh -c "$*"\n' $b >remote # in place of ssh
chmod +x remote
cat >views.yaml <<'END'
seed: 0
threads: 1
dataset: {cifar10: {}}
views: [[random_crop: {}, horizontal_flip: {}], [random_crop: {}, horizontal_flip: {}]]
model: {resnet8: {width: 128}}
objective: {barlow_twins: {}}
optimizer: {adam: {}}
train: {iterations: 30, batch: 32, log_every: 30, checkpoint_every: 100}
evaluate: []
figures: []
END
cat >samples.yaml <<'END'
base: views.yaml
views: [[]]
objective: {jem: {clusters: 10, prototypes: free}}
sampler: {sgld: {steps: 5, step_size: 1, noise: 0.01, buffer: 1000, low: -1, high: 1}}
train: {iterations: 15, batch: 32, log_every: 15, checkpoint_every: 100}
END
run() { # OUT COMMAND...
    out=$1
    shift
    rm -rf "$out"
    nice -n -20 "$@" --out "$out" >/dev/null 2>err || { cat err >&2; exit 1; }
    sed -n 's/.*"iterations_per_second": \([0-9.]*\).*/\1/p' "$out/summary.json"
}
mpi="mpirun.openmpi --allow-run-as-root --bind-to none -n 2"
net="--mca btl tcp,self --mca btl_tcp_if_include 10.9.0.0/24 --mca oob_tcp_if_include 10.9.0.0/24"
for what in views samples; do
    for round in $(seq "$rounds"); do
        one=$(run one "$gedi" run -q $what.yaml)
        # shellcheck disable=SC2086  # several words
        memory=$(run memory $mpi --oversubscribe "$gedi" run -q $what.yaml)
        # shellcheck disable=SC2086
        link=$(run link ip netns exec $a $mpi --mca plm_rsh_agent "$folder/remote" $net -H 10.9.0.1:1,10.9.0.2:1 \
            "$gedi" run -q $what.yaml)
        cmp -s memory/checkpoint.safetensors link/checkpoint.safetensors || { echo "other bytes by the link" >&2; exit 1; }
        echo "$what $round $one $memory $link"
    done
done | awk -v rate="$rate" 'BEGIN { print "             one thread   2 ranks, memory (times)   2 ranks, " rate " (times)" }
    { printf "%-10s %s %9.3f %12.3f (%.2f) %18.3f (%.2f)\n", $1, $2, $3, $4, $4 / $3, $5, $5 / $3 }'
