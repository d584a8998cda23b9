#!/usr/bin/env bash
# fuzz.sh - lets libFuzzer invent inputs for the parsers of gedi, and says what came of it.
#
# usage: [FUZZ_SEED=N] tools/fuzz.sh [--keep] SECONDS [TARGET...]
#   SECONDS  for each target
#   TARGET   a file tests/fuzz/TARGET.c; all of them unless some are named
#   N        the same inputs each time, as far as the time allows; without it, others
#   --keep   inputs that reach new code are added to tests/fuzz/corpus/TARGET
# Prints a line a target. Inputs that crash stay in build-fuzz/crashes, or in $FUZZ_BUILD/crashes: add
# them to the corpus once they are understood. Ends with 1 if there was one, and with 77 without clang.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
build=${FUZZ_BUILD:-$root/build-fuzz}
jobs=${FUZZ_JOBS:-$(nproc)}
sanitize=address,undefined,integer,float-cast-overflow
# What an input may cost: seconds, MB at once, MB in all.
limits=(-timeout=20 -malloc_limit_mb=256 -rss_limit_mb=1024)

usage() {
    sed -n 's/^# usage: /usage: /p' "$0" >&2
    exit 2
}

# The library and the targets.
build() {
    mkdir -p "$build" &&
        make -s -C "$build" -j"$jobs" -f "$root/tests/fuzz/build.mk" ROOT="$root" SANITIZE="$sanitize" \
            FLAGS="-O1 -gline-tables-only -fno-omit-frame-pointer -fno-sanitize-recover=all -fsanitize-ignorelist=$root/tests/fuzz/ignore.txt" TARGETS="${targets[*]}" \
            >"$build/build.log" 2>&1
}

# Runs one, and prints its line.
run_target() {
    local name=$1 log=$build/fuzz_$1.log own=$build/corpus/$1 kept=$root/tests/fuzz/corpus/$1
    local words=() place crashes executions inputs ok=0
    place=$(mktemp -d "$scratch/$name-XXXXXX")
    mkdir -p "$own" "$kept" "$build/crashes"
    case $name in
    descriptor | label | override | schedule | sweep) words=(-dict="$root/tests/fuzz/yaml.dict") ;;
    mark | metrics | points | safetensors | summary) words=(-dict="$root/tests/fuzz/json.dict") ;;
    esac
    TMPDIR=$place "$build/fuzz_$name" -max_total_time="$seconds" -seed="${FUZZ_SEED:-0}" -print_final_stats=1 \
        -artifact_prefix="$build/crashes/$name-" "${limits[@]}" "${words[@]}" "$own" "$kept" \
        >"$log" 2>&1 || ok=1
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    inputs=$(sed -n 's|^.* corp: \([0-9]*\)/.*|\1|p' "$log" | tail -n 1)
    crashes=$(sed -n 's/^.*Test unit written to //p' "$log" | wc -l)
    [ $ok -eq 0 ] || [ "$crashes" -gt 0 ] || crashes="no start"
    printf '%-12s %9s executions %5d s %6s inputs   crashes %s\n' "$name" "${executions:-0}" \
        "$seconds" "${inputs:-0}" "$crashes"
    if [ $ok -ne 0 ]; then
        grep -E -m 6 'ERROR|runtime error|SUMMARY|Test unit|^    #[0-3] ' "$log" | sed 's/^/    /'
        printf '    all of it: %s\n' "$log"
    elif [ $keep -eq 1 ]; then
        TMPDIR=$place "$build/fuzz_$name" -merge=1 "$kept" "$own" >>"$log" 2>&1
    fi
    rm -rf "$place"
    return $ok
}

keep=0
[ "${1-}" != --keep ] || { keep=1; shift; }
[[ ${1-} =~ ^[1-9][0-9]*$ ]] || usage
seconds=$1
shift
if ! echo 'int LLVMFuzzerTestOneInput(void){return 0;}' |
    clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null; then
    echo "skipped: clang with libFuzzer (clang, libclang-rt-dev) is needed"
    exit 77
fi
targets=("$@")
if [ $# -eq 0 ]; then
    for file in "$root"/tests/fuzz/*.c; do
        targets+=("$(basename "$file" .c)")
    done
fi
if ! build; then
    grep -m 20 -iE 'error|undefined' "$build/build.log" >&2
    echo "the targets could not be built: see $build/build.log" >&2
    exit 1
fi
cd "$root" || exit 1
# Memory is where files cost least.
scratch=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/gedi-fuzz-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export GEDI_PLUGIN_PATH=$build/plugins ASAN_OPTIONS=allocator_may_return_null=1
bad=0
for name in "${targets[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || bad=1; done
    run_target "$name" &
done
while [ "$(jobs -rp | wc -l)" -gt 0 ]; do wait -n || bad=1; done
exit $bad
