#!/bin/sh
# test_rules_runs.sh - rules as a user meets them: checked, printed, learned from, killed and resumed, changed.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
if ! "$gedi" info | grep -q '^rules  *SWI-Prolog'; then
    skip "this build is without rules"
    finish
fi

# ---- MNIST in small: 200 images of each bit, 28 x 28, light above or below ----

mkdir mnist
half=$((28 * 14))
bytes() { head -c "$2" /dev/zero | tr '\0' "$1"; }
{ bytes '\360' $half; bytes '\020' $half; } >zero
{ bytes '\020' $half; bytes '\360' $half; } >one
labels() { # N as two bytes, N
    printf '\000\000\010\001\000\000%b' "$1"
    i=0
    while [ $i -lt "$2" ]; do
        printf '\000\001'
        i=$((i + 2))
    done
}
images() {
    printf '\000\000\010\003\000\000%b\000\000\000\034\000\000\000\034' "$1"
    i=0
    while [ $i -lt "$2" ]; do
        cat zero one
        i=$((i + 2))
    done
}
images '\0001\0220' 400 >mnist/train-images-idx3-ubyte
labels '\0001\0220' 400 >mnist/train-labels-idx1-ubyte
images '\0000\0310' 200 >mnist/t10k-images-idx3-ubyte
labels '\0000\0310' 200 >mnist/t10k-labels-idx1-ubyte

cat >coins.pl <<'END_OF_RULES'
nn(coin, [X], Y, [0, 1]) :: coin(X, Y).
t(0.5) :: tied.
pair(A, B) :- tied, coin(A, X), coin(B, X).
pair(A, B) :- \+ tied, coin(A, X), coin(B, Y), X \= Y.
same(A, B) :- coin(A, X), coin(B, X).
or(A, B, 1) :- coin(A, 1).
or(A, B, 1) :- coin(B, 1).
or(A, B, 0) :- coin(A, 0), coin(B, 0).
any(A, B) :- coin(A, 1).
any(A, B) :- coin(B, 1).
some(A, B, C) :- coin(A, C).
some(A, B, C) :- coin(B, C).
END_OF_RULES
cat >or.yaml <<'END_OF_FILE'
seed: 3
threads: 1
dataset: {mnist_tuples: {path: mnist, parts: 2, digits: [0, 1], examples: 150, test: 60}}
views: [[]]
model: {mlp: {hidden: [16], output: 2}}
objective: {gedi_nesy: {rules: coins.pl, query: "or(x1, x2, Z)", clusters: 2}}
optimizer: {adam: {lr: 3.0e-3}}
train: {iterations: 3000, batch: 20, log_every: 50, checkpoint_every: 300}
evaluate: [symbols: {}]
END_OF_FILE

# ---- learned ----

expect 0 "check" "$gedi" check or.yaml
silent err
expect 0 "run" "$gedi" run -q or.yaml --out whole
holds "or names its bits" grep -Eq 'symbols.accuracy +1$' out
holds "all records hold" grep -Eq 'symbols.holds +1$' out
holds "all records are judged" grep -Eq 'symbols.judged +60$' out
holds "there is no other way" grep -Eq 'symbols.relabellings +1$' out

if stopped KILL "[ -s part/checkpoint.safetensors ]" or.yaml; then
    expect 0 "resume" "$gedi" resume -q part
    holds "a run that was killed ends in the same bytes" cmp whole/checkpoint.safetensors part/checkpoint.safetensors
    holds "and in the same log" cmp whole/metrics.jsonl part/metrics.jsonl
else
    skip "the run was always over before it could be killed"
fi

# What a rule has learned is reported, and judged by. Of 100 pairs as they fall about half are alike.
expect 0 "run of coins" "$gedi" run -q or.yaml --out coins 'objective.gedi_nesy.query=pair(x1, x2)' \
    train.iterations=300
says out "symbols.learned.tied"
says out "symbols.relabellings         2"

# ---- what is told before training ----

expect 0 "check of a rule that the labels break" "$gedi" check or.yaml 'objective.gedi_nesy.query=same(x1, x2)'
says err "warning: evaluator symbols: same(x1,x2) does not hold by the labels of "
expect 2 "check of learned answers" "$gedi" check or.yaml 'objective.gedi_nesy.query=pair(X, Y)'
says out "its input has no value where coin("
expect 2 "check of answers that overlap" "$gedi" check or.yaml 'objective.gedi_nesy.query=some(x1, x2, C)'
says out "coins.pl: some(x1,x2,0) and some(x1,x2,1) can hold of the same record: answers must exclude one another"
expect 2 "check of clusters" "$gedi" check or.yaml objective.gedi_nesy.clusters=5
says out "coins.pl: the network there has 2 values, but clusters is 5: set clusters: 2"
expect 2 "a query without rules" "$gedi" check or.yaml 'objective={gedi_no_gen: {clusters: 2}}' 'views=[[],[]]' \
    'evaluate=[symbols: {query: "same(x1, x2)"}]'
says out "symbols: query: of which rules?"
expect 0 "the evaluator has a query of its own" "$gedi" evaluate whole 'evaluate=[symbols: {query: "any(x1, x2)"}]'
says out "symbols.holds"
expect 0 "or that of the objective, put in" "$gedi" evaluate whole 'objective.gedi_nesy.query=or(x2, x1, Z)'
says out "symbols.holds"

expect 2 "a part that is written otherwise" "$gedi" check or.yaml 'objective.gedi_nesy.query=or(x1, x02, Z)'
says out "nn(coin) is asked about x02: the query names the parts of a record x1, x2, ..."
expect 2 "records by a query without rules" "$gedi" check or.yaml 'dataset.mnist_tuples.query=same(x1, x2)'
says out "query: of which rules?"
expect 2 "labels of other classes than the network's" "$gedi" check or.yaml 'evaluate=[clustering: {}]' \
    'dataset.mnist_tuples.digits=[0, 1, 2]'
says out "has a variable, whose value the labels say, but they are of 3 classes and the network of coins.pl has 2 values"
expect 2 "rules that are not there are said once" "$gedi" check or.yaml objective.gedi_nesy.rules=none.pl
says out "none.pl: No such file or directory (relative paths start at $PWD: where it has moved, override directory=FOLDER)"
says out "1 mistake"

# ---- a change of the rules ----

cp coins.pl kept.pl
sed 's/0.5/0.6/' kept.pl >coins.pl
expect 2 "resume with other rules" "$gedi" resume part
says err "the content of objective.gedi_nesy.rules, \"coins.pl\", has changed: put back what it was trained with, or start a new run"
expect 2 "evaluate with other rules" "$gedi" evaluate whole 'evaluate=[symbols: {}]'
says err "has changed: put back what it was trained with"
rm coins.pl
expect 2 "resume without rules" "$gedi" resume part
says err "coins.pl: No such file or directory"
mkdir moved
mv kept.pl moved/coins.pl
cp -r mnist moved
expect 0 "they may lie elsewhere" "$gedi" resume part "directory=$PWD/moved"

# ---- printed ----

expect 0 "describe --rules" "$gedi" describe --rules moved/coins.pl --query 'same(x1, x2)'
says out "Diagram: 3 nodes, 2 levels"
expect 0 "describe --rules --graph" "$gedi" describe --rules moved/coins.pl -q 'same(x1, x2)' --graph
says out "digraph rules {"
expect 2 "describe --rules without a query" "$gedi" describe --rules moved/coins.pl
says err "there is no query"
expect 2 "describe --rules of nothing" "$gedi" describe --rules none.pl
says err "none.pl: No such file or directory"
expect 2 "--query alone" "$gedi" describe --query p

finish
