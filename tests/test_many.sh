#!/bin/sh
# test_many.sh - tables and comparisons of 2,000 runs by seed, and the check of 5,000 points, take time that
# grows with their number, not with its square: each has ten seconds of a processor, of which it needs one
# or two.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1

runs=2000
cat >one.yaml <<'END'
seed: 0
threads: 1
dataset:   {moons: {noise: 0.05, train: 100, test: 50}}
model:     {mlp: {hidden: [8], output: 2}}
objective: {gedi_no_gen: {clusters: 2, inv: 0}}
optimizer: {adam: {}}
train:     {iterations: 2, batch: 40}
evaluate:  [clustering: {}]
END
expect 0 "one run" "$gedi" run -q one.yaml --out one
# Others are as it, but for the seed; a summary that was edited by hand may lack its checksum, and
# that of the descriptor.
mkdir many
seq 0 $((runs - 1)) | sed 's,^,many/,' | xargs mkdir
for file in gedi.json descriptor.yaml summary.json; do
    awk -v n=$runs -v name=$file '
        { line[NR] = $0 }
        END {
            for (i = 0; i < n; i++) {
                out = "many/" i "/" name
                for (k = 1; k <= NR; k++) {
                    l = line[k]
                    if (name != "gedi.json") {
                        sub(/^seed: 0$/, "seed: " i, l)
                        sub(/"seed": 0/, "\"seed\": " i, l)
                        sub(/"seed: 0"/, "\"seed: " i "\"", l)
                        sub(/"checksum": "[^"]*"/, "\"edited\": 1", l)
                        sub(/"descriptor_checksum": "[^"]*"/, "\"also\": 1", l)
                    }
                    print l >out
                }
                close(out)
            }
        }' one/$file
done

# within NAME ARGUMENT...: gedi with these arguments, in ten seconds of a processor.
within() {
    what=$1
    shift
    # shellcheck disable=SC2016  # for the inner shell
    expect 0 "$what" sh -c 'ulimit -t 10; exec "$@"' sh "$gedi" "$@"
}
value="--value evaluation.clustering.nmi"
within "a table of all" table many --rows objective $value
says out "over seed, $runs runs a cell"
within "a row a seed" table many --rows seed $value
says out "| $((runs - 1)) "
within "a column a seed" table many --rows objective --columns seed $value
within "compare" compare many many
says out "$runs pairs by seed"
{
    cat one.yaml
    echo 'sweep: {seed: 0..4999}'
} >points.yaml
within "5,000 points" check points.yaml
says out "5000 points"
finish
