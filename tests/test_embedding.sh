#!/bin/sh
# test_embedding.sh - the figure `embedding`: principal components of the features that `gedi export` gives, its
# options, and features that have none.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1
command -v gnuplot >/dev/null || { skip "gnuplot is not installed"; finish; }

cat >one.yaml <<'END'
seed: 0
threads: 1
dataset:   {moons: {noise: 0.05, train: 100, test: 50}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [8], output: 2}}
objective: {gedi_no_gen: {clusters: 2, inv: 3}}
optimizer: {adam: {lr: 0.01}}
train:     {iterations: 60, batch: 40}
figures:   [embedding]
END

# Of two features the covariance is 2 x 2, whose eigenvalues are known in closed form.
components() { # FEATURES
    awk -F, 'NR > 1 { n++; x[n] = $(NF - 1); y[n] = $NF; a += x[n]; b += y[n] }
        END {
            a /= n; b /= n
            for (i = 1; i <= n; i++) {
                xx += (x[i] - a) ^ 2; yy += (y[i] - b) ^ 2; xy += (x[i] - a) * (y[i] - b)
            }
            half = (xx + yy) / 2 / (n - 1)
            root = sqrt(((xx - yy) / 2) ^ 2 + xy ^ 2) / (n - 1)
            printf "%.5g %.5g, %.0f %%\n", half + root, half - root, 100 * (half + root) / (2 * half)
        }' "$1"
}
# What was drawn: variances along both axes, and what the first axis says.
drawn() { # FOLDER
    awk -F, 'NR > 1 { n++; xx += $1 ^ 2; yy += $2 ^ 2; x += $1; y += $2; xy += $1 * $2 }
        END {
            if ((x / n) ^ 2 > 1e-9 * xx / n || (y / n) ^ 2 > 1e-9 * xx / n || xy ^ 2 > 1e-9 * xx ^ 2)
                print "not centred, or correlated"
            printf "%.5g %.5g, ", xx / (n - 1), yy / (n - 1)
        }' "$1/figures/embedding.csv"
    sed -n "s/^set label 'PC 1 (\(.* %\) of variance)'.*/\1/p" "$1/figures/embedding.gp"
}

expect 0 "a run" "$gedi" run -q one.yaml --out one
expect 0 "its features" "$gedi" export one --features --format csv -o features.csv
wanted=$(components features.csv) found=$(drawn one)
if [ "$found" = "$wanted" ]; then pass "components: $found"; else fail "$found instead of $wanted"; fi
expect 0 "again" "$gedi" run -q one.yaml threads=2 --out two
if cmp -s one/figures/embedding.csv two/figures/embedding.csv; then
    pass "the same numbers with two threads"
else
    fail "other numbers with two threads"
fi

# Coloured by cluster, of other records, and for print.
expect 0 "its options" "$gedi" run -q one.yaml --out three \
    'figures=[{embedding: {colour: cluster, split: train, records: 30, format: svg, title: "", width: 3.3in}}]'
holds "an SVG" test -s three/figures/embedding.svg
cp -r three again
expect 0 "drawn again, as a PDF" "$gedi" resume -q again \
    'figures=[{embedding: {colour: cluster, split: train, records: 30, format: pdf, title: "a title of its own that is much too long for large letters", width: 3.3in}}]'
holds "is a PDF" test -s again/figures/embedding.pdf
holds "the SVG of before is gone" test ! -e again/figures/embedding.svg
holds "its script, too" test ! -e again/figures/embedding-svg.gp
fewer=$(sed -n "s/.*too long for large letters.*bold.size(\([0-9]*\)[0-9.]*).*/\1/p" again/figures/embedding-pdf.gp)
holds "a long title has smaller letters" [ "$fewer" -lt 32 ]
holds "coloured by cluster" grep -qx 'x,y,cluster' three/figures/embedding.csv
holds "30 records" test "$(wc -l <three/figures/embedding.csv)" -eq 31
holds "training records" grep -q '2 features of 30 of 100 training records' three/figures/embedding.gp
holds "no title in print" sh -c '! grep -q "30 of 100" three/figures/embedding-svg.gp'
holds "kept in the descriptor" grep -q 'split: train, colour: cluster, records: 30' three/descriptor.yaml
# Another look is another picture: resuming draws it and trains nothing.
expect 0 "by class" "$gedi" resume -q three 'figures=[{embedding: {records: 20}}]'
holds "by class" grep -qx 'x,y,class' three/figures/embedding.csv
holds "20 records" test "$(wc -l <three/figures/embedding.csv)" -eq 21

# Beside others.
cat >sweep.yaml <<'END'
base: one.yaml
sweep: {seed: [0, 1]}
grid: {figure: embedding, columns: seed}
END
expect 0 "a grid" "$gedi" sweep -q sweep.yaml --out many
holds "from its table, not its picture" test -n "$(find many/figures/grid-embedding -name '*.csv')"

# Features that have no second component, no variance, or no classes.
expect 0 "one feature" "$gedi" run -q one.yaml 'model={mlp: {hidden: [8], output: 1}}' \
    'projector={mlp: {hidden: [], output: 2}}' --out narrow
holds "one feature" grep -q '1 feature of 50 test records' narrow/figures/embedding.gp
holds "nothing along the second axis" awk -F, 'NR > 1 && $2 != 0 { exit 1 }' narrow/figures/embedding.csv
zeros() { # FILE ROWS: an array [ROWS, 2] of float32
    shape=$(printf "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, 2), }" "$2")
    { printf '\223NUMPY\001\000v\000%-117s\n' "$shape"; head -c $(($2 * 8)) /dev/zero; } >"$1"
}
zeros train.npy 100
zeros test.npy 50
mkdir zero && mv train.npy zero/train_x.npy && mv test.npy zero/test_x.npy
expect 0 "equal features, no classes" "$gedi" run -q one.yaml --out equal \
    'dataset={npy: {path: zero, y: "", test_x: test_x, test_y: ""}}' 'views=[[], []]'
holds "no variance" grep -q 'PC 1 (no variance)' equal/figures/embedding.gp
holds "all equal" grep -q '50 test records, all equal' equal/figures/embedding.gp
holds "no key" sh -c '! grep -q keyentry equal/figures/embedding.gp'

# Mistakes.
expect 2 "too few records" "$gedi" check one.yaml 'figures=[{embedding: {records: 1}}]'
says out "records: '1' is not in [2, 4000]"
expect 2 "another colour" "$gedi" check one.yaml 'figures=[{embedding: {colour: klass}}]'
says out "colour: "
expect 2 "an option of another figure" "$gedi" check one.yaml 'figures=[{clusters: {split: train}}]'
says out "split"
# Then k-means has made them, and the picture says so.
expect 0 "by cluster without p(y|x)" "$gedi" run -q one.yaml 'objective={barlow_twins: {}}' \
    'figures=[{embedding: {colour: cluster}}]' --out by_kmeans
holds "k-means is told" grep -q "clusters: k-means of the encoder''s output" by_kmeans/figures/embedding.gp
expect 0 "by class without p(y|x)" "$gedi" check one.yaml 'objective={barlow_twins: {}}'
finish
