#!/bin/sh
# test_tour.sh - every command of docs/tour.md does what is said there. The sweep is shorter.
. "${srcdir:-.}/tests/testing.sh"

# blocks LANGUAGE: what stands between ```LANGUAGE and ```, a file each, block.1, block.2, ...
blocks() {
    awk -v language="$1" -v name="$2" '
        $0 == "```" language { n++; inside = 1; next }
        /^```/ { inside = 0 }
        inside { print > (name "." n) }' "$top_srcdir/docs/tour.md"
}

cd "$work" || exit 1
ln -s "$top_srcdir/experiments" experiments
mkdir bin
ln -s "$gedi" bin/gedi
PATH=$work/bin:$PATH
blocks yaml yaml
blocks sh command
holds "there is a descriptor" test -s yaml.1
sed -e 's/iterations: 10000, log_every: 100, checkpoint_every: 2000/iterations: 40, log_every: 10, checkpoint_every: 20/' \
    -e 's/validation: {every: 500}/validation: {every: 20}/' yaml.1 >tour.yaml
holds "the test's sweep is shorter" grep -q 'iterations: 40' tour.yaml
n=0
while [ -s "command.$((n + 1))" ]; do
    n=$((n + 1))
    expect 0 "$(head -n 1 "command.$n")" sh -e "command.$n"
done
holds "there are commands" test $n -ge 8
holds "30 runs" test "$(find sweeps/tour/runs -name summary.json -path '*/runs/*/summary.json' | wc -l)" -ge 30
holds "the page" test -s sweeps/tour/report.html
holds "features" test -s features.npy
for picture in $(sed -n 's/^!\[.*\](\(.*\))$/\1/p' "$top_srcdir/docs/tour.md"); do
    holds "$picture is there" test -s "$top_srcdir/docs/$picture"
done
finish
