#!/bin/sh
# test_strangers.sh - what a stranger hands over, descriptors and finished runs, runs no commands,
# takes no memory and time without end, and reaches terminal and tables as plain text.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 99

moons_descriptor one.yaml threads: 'dataset: {moons: {train: 100, test: 50}}' 'optimizer: {adam: {}}' \
    'train: {iterations: 2, batch: 50}'
with() { # FILE LINE: the experiment above with a line more
    { cat one.yaml; printf '%b\n' "$2"; } >"$1"
}

# ---- names that become files and scripts ----

for name in '|touch gone;' '../gone' '.gone' 'a\\ngone' '`touch gone`' 'a b' '$(touch gone)'; do
    with show.yaml "sweep: {seed: [0, 1], objective.gedi_no_gen.inv: [1, 2]}\nheatmap: {name: \"$name\", x: seed, y: objective.gedi_no_gen.inv, value: evaluation.clustering.nmi}"
    expect 2 "a heat map called $name" "$gedi" sweep show.yaml --out never
done
says err "is not 1 to 100 letters, digits, '.', '_' and '-'"
holds "none of them ran a command" test ! -e gone
holds "none of them began" test ! -e never

# ---- plugins are programs ----

printf '__attribute__((constructor)) static void begin(void) { fclose(fopen("gone", "w")); }\n' |
    { echo '#include <stdio.h>'; cat; } >push.c
mkdir code && "${CC:-cc}" -shared -fPIC -o code/objective_push.so push.c
with plugins.yaml 'plugins: [code]\nprojector: null'
expect 0 "a descriptor with plugins" "$gedi" check plugins.yaml
says out "code (their code runs, as it did for this check)"
rm -f gone
sed 's/gedi_no_gen: {clusters: 2}/push: {}/' plugins.yaml >push.yaml
for command in check run sweep; do
    expect 2 "$command --no-plugins" "$gedi" $command --no-plugins push.yaml
    says $([ $command = check ] && echo out || echo err) "plugins: a descriptor with plugins is a program, and --no-plugins says that none is to run"
done
holds "no code of theirs ran" test ! -e gone

with dots.yaml 'name: ..'
expect 2 "a name that is a folder" "$gedi" check dots.yaml
says out "name: '..' is not 1 to 100 letters"

# ---- loops and depth ----

with zip.yaml "sweep: {zip: {seed: [1, 2], train.batch: [10, 20]}, adjust: [{seed: 1, train.batch: 20, set: {train.iterations: 3}}]}"
expect 2 "an adjust that meets no point" "$gedi" check zip.yaml
says out "adjust: there is no such point: no values go together so"
for seeds in 9223372036854775806..9223372036854775807 0..9223372036854775807..9223372036854775807; do
    with range.yaml "sweep: {seed: $seeds}"
    expect 0 "seeds $seeds" timeout 20 "$gedi" sweep range.yaml --dry-run --out never
    says out "2 points, 0 finished"
done
for seeds in 0..9223372036854775807 -9223372036854775807..9223372036854775807 5..1 0..9..0; do
    with range.yaml "sweep: {seed: $seeds}"
    expect 2 "seeds $seeds" timeout 20 "$gedi" sweep range.yaml --dry-run --out never
    says err "has no values or more than 10000"
done

mkdir deep
cp one.yaml deep/0.yaml
for i in $(seq 1 40); do echo "base: $((i - 1)).yaml" >"deep/$i.yaml"; done
expect 0 "30 bases" "$gedi" check deep/30.yaml
expect 2 "40 bases" "$gedi" check deep/40.yaml
says out "base: more than 32 files, each the base of the one before: join some of them"

# ---- time that does not grow with the square ----

{ cat one.yaml; seq -f 'k%.0f: 1' 26000; } >keys.yaml
expect 2 "26,000 keys" timeout 20 "$gedi" check keys.yaml
says out "too many keys: a mapping has at most 10000"
{ cat one.yaml; seq -f 'k%.0f: 1' 9000; } >keys.yaml
expect 2 "9,000 unknown keys" timeout 20 "$gedi" check keys.yaml
says out "9000 mistakes"
with seeds.yaml "sweep: {seed: [$(seq -s ', ' 0 3999)]}"
expect 0 "4,000 listed seeds" timeout 60 "$gedi" check seeds.yaml

# ---- what is printed ----

with escape.yaml 'name: "a\\e]0;title\\a"'
expect 2 "an escape sequence in a descriptor" "$gedi" check escape.yaml
says out "a text cannot contain a control character (0x1b)"
with escape.yaml 'name: "a\\u202eb"'
expect 2 "a mark of direction in a descriptor" "$gedi" check escape.yaml
says out "mark of direction (U+202E)"
expect 2 "an escape sequence in a path" "$gedi" check "$(printf 'no\033[31m.yaml')"
says out "no?[31m.yaml"

with labels.yaml 'sweep: {"=1+1": {a: {seed: 0}, "=2+2": {seed: 1}, "-3": {seed: 2}, "x,\\"y\\"": {seed: 3}}}\ntable: {rows: "=1+1", value: evaluation.clustering.nmi}'
expect 0 "labels that a spreadsheet would compute" "$gedi" sweep labels.yaml --out labels -q
holds "in CSV they begin with an apostrophe" grep -q "^'=2+2,evaluation" labels/table.csv
holds "numbers stay numbers" grep -q '^-3,evaluation' labels/table.csv
holds "commas and quotes are quoted" grep -q '^"x,""y""",evaluation' labels/table.csv

sed -z -i -e 's/,\n *"checksum": "[0-9a-f]*"//' -e 's/"=2+2"/"\\u001b[31m"/' labels/points.json
expect 1 "an escape sequence in another's results" "$gedi" table labels
says err "a text has a control character, which gedi never writes"
finish
