#!/usr/bin/env bash
# races.sh - the tests that compute with several threads, under ThreadSanitizer.
#
# usage: tools/races.sh [TEST...]
# Builds in build-races, or in $RACES_BUILD, with clang, whose runtime of OpenMP tells the sanitizer
# (by its library Archer) what waits for what. OpenBLAS is not built so, nor is what libxsmm
# writes: what they do by themselves is not looked at. Ends with 1 if there was a race or a test
# failed, and with 77 where clang, its OpenMP or Archer is missing.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
build=${RACES_BUILD:-$root/build-races}
tests=("$@")
[ ${#tests[@]} -gt 0 ] || tests=(tests/test_program tests/test_ops tests/test_random_graphs
    tests/test_trainer tests/test_batch tests/test_definitions tests/test_stages_run
    tests/test_generator tests/test_metric)
compiler=${RACES_CC:-clang}

archer=$(for f in "$(dirname "$("$compiler" --print-file-name=libomp.so 2>/dev/null)")"/libarcher.so /usr/lib/llvm-*/lib/libarcher.so; do
    [ -e "$f" ] && echo "$f"
done | head -n 1)
if [ -z "$archer" ]; then
    echo "skipped: clang with libarcher (Debian: clang, libomp-dev) is not there"
    exit 77
fi
export OMP_TOOL_LIBRARIES=$archer TSAN_OPTIONS="ignore_noninstrumented_modules=1 exitcode=66"
export CK_TIMEOUT_MULTIPLIER=20 OMP_NUM_THREADS=2

# A race that must be found, or nothing here means anything.
mkdir -p "$build" || exit 1
cat >"$build/race.c" <<'END'
int main(void)
{
    int sum = 0;
#pragma omp parallel for num_threads(2)
    for (int i = 0; i < 1000; i++)
        sum += i;
    return sum & 0;
}
END
if ! "$compiler" -g -O1 -fopenmp -fsanitize=thread "$build/race.c" -o "$build/race"; then
    echo "skipped: $compiler has no ThreadSanitizer or OpenMP"
    exit 77
fi
if "$build/race" >/dev/null 2>&1; then
    echo "FAILED: ThreadSanitizer does not find a race that is there"
    exit 1
fi

cd "$build" || exit 1
[ -e Makefile ] || "$root/configure" -q --without-libxsmm --without-fetch CC="$compiler" \
    CFLAGS="-O1 -g -fsanitize=thread" >configure.log 2>&1 || { tail configure.log; exit 1; }
# clang keeps the sanitizer's functions in the executable, so modules have undefined symbols.
code=0
rm -f tests/*.log tests/*.trs
"${MAKE:-make}" -s -j"$(nproc)" all MODULE_LDFLAGS= >build.log 2>&1 &&
    "${MAKE:-make}" -s -j"$(nproc)" "${tests[@]}" MODULE_LDFLAGS= >>build.log 2>&1 ||
    { tail build.log; exit 1; }
"${MAKE:-make}" -s check-TESTS MODULE_LDFLAGS= TESTS="${tests[*]}" || code=1
races=$(cat tests/*.log | grep -a -c 'WARNING: ThreadSanitizer')
grep -a -h -A 12 'WARNING: ThreadSanitizer' tests/*.log | head -n 60
echo "figures: test programs under ThreadSanitizer|${#tests[@]}|$races"
[ "$races" -eq 0 ] && [ $code -eq 0 ]
