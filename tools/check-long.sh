#!/usr/bin/env bash
# check-long.sh - what `make check-long` runs in the folder of a build: parts that take long, each with
# its figures, and at the end which of them failed.
#
#   FUZZ_SECONDS  for all targets of tools/fuzz.sh together (3600)
#   KILLS         of runs and of sweeps, together (1000)
#   MEMORY_EVERY  every how many-th allocation fails (1)
#   LONG_TESTS    tests that run with more of everything
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
failed=()

# part NAME COMMAND...: 77 is a part that cannot run here.
part() {
    local name=$1 code start=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    "$@"
    code=$?
    case $code in
    0) printf '== %s: ok, %d s\n' "$name" $((SECONDS - start)) ;;
    77) printf '== %s: skipped\n' "$name" ;;
    *)
        printf '== %s: FAILED, %d s\n' "$name" $((SECONDS - start))
        failed+=("$name")
        ;;
    esac
}

long_tests() {
    "${MAKE:-make}" check TESTS="${LONG_TESTS-}"
}

# As many targets run at a time as there are processors.
fuzz() {
    local all seconds jobs
    all=$(find "$root/tests/fuzz" -name '*.c' | wc -l)
    jobs=${FUZZ_JOBS:-$(nproc)}
    seconds=$((${FUZZ_SECONDS:-3600} * jobs / all))
    FUZZ_BUILD=${FUZZ_BUILD:-$PWD/build-fuzz} FUZZ_JOBS=$jobs \
        "$root/tools/fuzz.sh" $((seconds > 0 ? seconds : 1))
}

options() {
    "$root/tools/mutate-options.sh" "$PWD"
}

races() {
    RACES_BUILD=${RACES_BUILD:-$PWD/build-races} "$root/tools/races.sh"
}

# What was done, how often, and what was lost: lines "figures: WHAT|COUNT|LOST" of the tests, and the
# lines of tools/fuzz.sh.
table() {
    printf '\n%-56s %12s %8s\n' "what was done" "how often" "lost"
    sed -n 's/^figures: //p' "$log" | while IFS='|' read -r what count lost; do
        printf '%-56s %12s %8s\n' "$what" "$count" "$lost"
    done
    awk '$3 == "executions" {
        printf "%-56s %12s %8s\n", "executions, " $1, $2, $NF
        inputs += $6
    }
    END { if (inputs) printf "%-56s %12s\n", "inputs tried that reach code of their own", inputs }' "$log"
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
part "tests with more of everything" long_tests
for test in ${LONG_TESTS-}; do
    grep -a '^figures: ' "${test%.sh}.log"
done >"$log" 2>/dev/null
part "invented inputs" fuzz > >(tee -a "$log")
wait $!
part "several threads" races > >(tee -a "$log")
wait $!
part "options that no test would miss" options > >(tee -a "$log")
wait $!
table
[ ${#failed[@]} -eq 0 ] || printf '\nfailed: %s\n' "${failed[*]}"
[ ${#failed[@]} -eq 0 ]
