#!/usr/bin/env bash
# check-long.sh - what `make check-long` runs in the folder of a build: parts that take long, each with
# its figures, and at the end which of them failed.
#
#   FUZZ_SECONDS  for all targets of tools/fuzz.sh together (3600)
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

part "tests with more of everything" long_tests
part "invented inputs" fuzz
[ ${#failed[@]} -eq 0 ] || printf '\nfailed: %s\n' "${failed[*]}"
[ ${#failed[@]} -eq 0 ]
