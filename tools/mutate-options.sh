#!/usr/bin/env bash
# mutate-options.sh - does some test fail when an option of a plugin is ignored, or scaled?
#
# usage: tools/mutate-options.sh BUILD [KIND/NAME...]
#   BUILD      the folder of a build with its tests; it is copied, and stays as it is
#   KIND/NAME  plugins, such as optimizer/adam; samplers and optimizers unless some are named
# Each option has two mutants: one takes its default for whatever is given, the other twice the value
# (the other truth, the next word). The unit tests that have the plugin's source among theirs run
# against each, those of tests/test_KIND_NAME and tests/test_NAME, too; where there are none, those
# that name it. Prints a line a mutant, and how many of them were caught; ends with 1 if one was not.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)

usage() {
    sed -n 's/^# usage: /usage: /p' "$0" >&2
    exit 2
}

if [ $# -eq 0 ] || [ ! -f "$1/Makefile" ]; then usage; fi
build=$(cd "$1" && pwd)
shift
plugins=("$@")
if [ $# -eq 0 ]; then
    for file in "$root"/plugins/sampler/*.c "$root"/plugins/optimizer/*.c; do
        file=${file#"$root"/plugins/}
        plugins+=("${file%.c}")
    done
fi

# A tree of links with a build of its own: what is not mutated is not built again.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gedi-mutants-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
for f in "$root"/*; do
    [[ $f == */build-aux || $f != */build* ]] && cp -as "$f" "$scratch"
done
cp -a "$build" "$scratch/build"
cd "$scratch/build" || exit 1
export GEDI_PLUGIN_PATH=$scratch/build/.libs abs_top_srcdir=$scratch abs_top_builddir=$scratch/build srcdir=..

# The tests of a plugin, as make calls them.
tests_of() {
    local found
    found=$(tests_with "$1")
    [ -n "$found" ] && echo "$found" && return
    (cd "$root" && grep -lwE "${1#*/}" tests/test_*.c) | sed "s/\.c$//" | grep -v test_allocation
}

tests_with() {
    local kind=${1%/*} name=${1#*/} t
    sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' "$root/tests/files.mk" |
        sed -n "s|^tests_\(test_[a-z_0-9]*\)_SOURCES = .*plugins/$kind/$name\.c.*|tests/\1|p"
    for t in "test_${kind}_$name" "test_$name"; do
        [ -f "$root/tests/$t.c" ] && echo "tests/$t"
    done
}

# The keys of its options that have a value to mutate.
options_of() {
    tr '\n' ' ' <"$root/plugins/$1.c" |
        grep -oE "GEDI_(INT|REAL|BOOL|ENUM|SCHEDULED|INTS)\( *[a-z_0-9]+, *[a-z_0-9]+" |
        sed 's/.*, *//'
}

mutants=0 caught=0 missed=0

# mutant KIND/NAME KEY HOW TEST...
mutant() {
    local plugin=$1 key=$2 how=$3 t
    shift 3
    mutants=$((mutants + 1))
    for t in "$@"; do
        if ! MUTANT=$key:$how timeout 300 "./$t" >/dev/null 2>&1; then
            caught=$((caught + 1))
            printf '%-26s %-16s %-8s caught by %s\n' "$plugin" "$key" "$how" "$t"
            return
        fi
    done
    missed=$((missed + 1))
    printf '%-26s %-16s %-8s NOT CAUGHT\n' "$plugin" "$key" "$how"
}

for plugin in "${plugins[@]}"; do
    file=plugins/$plugin.c
    [ -f "$root/$file" ] || { echo "$plugin: there is no $file" >&2; exit 2; }
    readarray -t tests < <(tests_of "$plugin" | sort -u)
    [ ${#tests[@]} -gt 0 ] || { echo "$plugin: no test has it" >&2; missed=$((missed + 1)); continue; }
    rm "$scratch/$file"
    sed -E -e '0,/^#include/s//#include "tools\/mutant.h"\n&/' \
        -e 's/(const )?([a-z_0-9]+) \*([a-z]+) = self;/\1\2 *\3 = (void *)mutant_of(self, sizeof(\2), \2_options);/' \
        "$root/$file" >"$scratch/$file"
    if ! make -s "${plugin/\//_}.la" "${tests[@]}" >make.log 2>&1; then
        tail -n 20 make.log >&2
        echo "$plugin: its mutants could not be built" >&2
        exit 1
    fi
    for t in "${tests[@]}"; do
        "./$t" >make.log 2>&1 || { tail -n 5 make.log >&2; echo "$plugin: $t fails by itself" >&2; exit 1; }
    done
    for key in $(options_of "$plugin"); do
        mutant "$plugin" "$key" ignored "${tests[@]}"
        mutant "$plugin" "$key" scaled "${tests[@]}"
    done
    rm "$scratch/$file"
    ln -s "$root/$file" "$scratch/$file"
done
printf 'figures: mutants of options|%d|%d\n' "$mutants" "$missed"
printf '%d mutants, %d caught, %d not caught\n' "$mutants" "$caught" "$missed"
[ "$missed" -eq 0 ]
