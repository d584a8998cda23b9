#!/bin/sh
# test_cxx.sh - plugins in C++: one is built with every standard that the headers promise, and run.
. "${srcdir:-.}/tests/testing.sh"

cxx=${CXX:-g++}
command -v "$cxx" >/dev/null || { echo "there is no C++ compiler"; exit 77; }
cd "$work" || exit 1
mkdir plugins
GEDI_PLUGIN_PATH=$work/plugins
export GEDI_PLUGIN_PATH

# compiles NAME STANDARD [FILE]: warnings are errors; the plugin is put where gedi finds it.
compiles() {
    expect 0 "$1" "$cxx" "-std=$2" -O1 -Wall -Wextra -pedantic -Werror -shared -fPIC \
        -fvisibility=hidden "-I$top_srcdir/include" -o plugins/objective_tug.so \
        "${3:-$top_srcdir/tests/objective_tug.cc}" "$top_builddir/.libs/libgedi.so"
}

compiles "C++11" c++11
compiles "C++17" c++17
holds "one symbol is exported" \
    [ "$(nm -D --defined-only plugins/objective_tug.so | grep -c ' gedi_')" -eq 1 ]
expect 0 "describe" "$gedi" describe objective/tug
for option in inv power shape both note sizes weights others; do
    says out "$option"
done
expect 0 "a run" "$gedi" run "$top_srcdir/experiments/moons-gedi.yaml" --quiet --out run \
    'objective={tug: {inv: 2, sizes: [5], others: [circles]}}' train.iterations=20 \
    'evaluate=[]' 'figures=[]'
holds "its term was computed" grep -qE '"pull": ?[0-9]' run/metrics.jsonl

# What C++20 adds: the form of C.
cat >c20.cc <<'END'
#include <gedi/gedi.h>
static void tug_loss(const void *, gedi_build *, const gedi_batch *v, gedi_terms *t)
{
    gedi_term(t, "size", gedi_mean_all(gedi_mul(v->z[0], v->z[0])), 1, 0);
}
GEDI_DEFINE(objective, tug) = {GEDI_HEAD(objective, tug), .brief = "C++20", .loss = tug_loss};
END
if "$cxx" -std=c++20 -fsyntax-only -x c++ /dev/null 2>/dev/null; then
    expect 0 "C++20" "$cxx" -std=c++20 -Wall -Wextra -pedantic -Werror -shared -fPIC \
        "-I$top_srcdir/include" -o plugins/objective_tug.so c20.cc "$top_builddir/.libs/libgedi.so"
    expect 0 "describe" "$gedi" describe objective/tug
    says out "C++20"
else
    skip "this compiler knows no C++20"
fi

# A field of another type is no option.
sed 's/int64_t power, shape/double power, shape/' "$top_srcdir/tests/objective_tug.cc" >typo.cc
expect 1 "a field of the wrong type" "$cxx" -std=c++17 "-I$top_srcdir/include" -fsyntax-only typo.cc
says err "gedi_same_"

finish
