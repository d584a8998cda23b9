#!/bin/sh
# test_page_browser.sh - `gedi report`, and what a browser makes of its page: sorting, choosing, opening a run,
# 1,000 runs within two seconds, nothing that the page's own policy forbids.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1

moons_descriptor one.yaml 'dataset: {moons: {noise: 0.05, train: 100, test: 50}}' \
    'objective: {gedi_no_gen: {clusters: 2, inv: 3}}' \
    'optimizer: {adam: {lr: {linear: {from: 0.01, to: 0.001}}}}' \
    'train: {iterations: 60, batch: 40, log_every: 1}'
expect 0 "a run" "$gedi" run -q one.yaml --out one
says out "report   one/report.html"
# 0.01 - 0.009 i / 60, i counted from 0.
if grep -q '"iteration": 2, .*"learning_rate": 0.00985, ' one/metrics.jsonl; then
    pass "the log has the learning rate"
else
    fail "no learning rate in the log" one/metrics.jsonl
fi
# Clusters and classes: as many records as there are, and of the better of both matchings the accuracy
# that the evaluator has found by another way.
if command -v gnuplot >/dev/null; then
    # Without p(y|x) the clusters are those of k-means, as the evaluator's are, and the picture says so.
    for objective in 'gedi_no_gen: {clusters: 2, inv: 3}' 'barlow_twins: {}'; do
    rm -rf matrix
    expect 0 "the figure confusion" "$gedi" run -q one.yaml 'figures=[confusion]' --out matrix "objective={$objective}"
    found=$(awk -F, 'NR > 1 { gsub(/"/, ""); n[$3, $4] = $6; all += $6 }
        END {
            a = n[0, 0] + n[1, 1]; b = n[0, 1] + n[1, 0]
            printf "%d records, accuracy %.4g", all, (a > b ? a : b) / all
        }' matrix/figures/confusion.csv)
    wanted="50 records, accuracy $(sed -n 's/^ *"accuracy": \([0-9.]*\),*$/\1/p' matrix/summary.json | head -n 1)"
    if [ "$found" = "$wanted" ]; then pass "$found"; else fail "$found instead of $wanted" matrix/figures/confusion.csv; fi
    done
    grep -q "clusters: k-means of the encoder''s output" matrix/figures/confusion.gp && pass "k-means is told" ||
        fail "k-means is not told" matrix/figures/confusion.gp
fi
expect 0 "its report" "$gedi" report one
says out "report  one/report.html"
expect 0 "elsewhere" "$gedi" report one -o other.html
[ -s other.html ] && pass "a file of another name" || fail "no other.html"
expect 2 "no folder" "$gedi" report nowhere
says err "nowhere: there is no such directory"
expect 2 "nothing named" "$gedi" report
mkdir empty
expect 2 "no runs in a folder" "$gedi" report empty -o x.html
expect 1 "a folder that is not there" "$gedi" report one -o none/x.html
says err "none/x.html"
ln -s other.html link.html
cp other.html kept.html
expect 1 "in place of a link" "$gedi" report one -o link.html
says err "link.html: is a symbolic link, and not replaced"
cmp -s other.html kept.html && [ -h link.html ] && pass "link and file stay" || fail "a page was written over a link"
mkfifo pipe.html
expect 1 "in place of a pipe" timeout 20 "$gedi" report one -o pipe.html
says err "pipe.html: is not a file"

# Stopped, it has a page as well; one that cannot be written fails nothing.
mkdir -p full/report.html
cp one/* full/ 2>/dev/null
rm -f full/summary.json
expect 0 "a page in whose place is a folder" "$gedi" resume full
says err "no report:"

"$gedi" report one >/dev/null
python=$(command -v python3) || python=
browse() {
    "$python" "$top_srcdir/tests/browser.py" "$@" >out 2>err </dev/null
}
if [ -z "$python" ] || ! { command -v chromium || command -v chromium-browser; } >/dev/null; then
    skip "no python3 or no chromium"
    finish
fi

# seen NAME LINE TEXT: that line of what the browser printed.
seen() {
    got=$(sed -n "$2p" out)
    if [ "$got" = "$3" ]; then
        pass "$1: $got"
    else
        fail "$1: '$got' instead of '$3'" out err
    fi
}
browse one/report.html 390 800 "document.querySelectorAll('#curves figure').length > 5" \
    "document.querySelectorAll('#run .changed').length > 5" \
    "document.documentElement.scrollWidth <= 390" \
    "document.querySelectorAll('details').forEach((d) => { d.open = true; }); document.documentElement.scrollWidth <= 390" \
    "document.querySelector('#curves').scrollIntoView(); new Promise((r) => setTimeout(() => r(document.querySelectorAll('#curves canvas, #curves svg').length > 0), 300))"
seen "curves of a run" 1 true
seen "its descriptor with marks" 2 true
seen "on a phone nothing is wider than the screen" 3 true
seen "nor is what can be opened" 4 true
seen "a chart is drawn" 5 true
seen "nothing forbidden" 6 "problems: 0"

# Clusters by k-means have a mark in each chart of a metric of them, as in tables; a number says what it is of.
cat >marks.yaml <<END
base: one.yaml
objective: null
sweep:
  method: {with p: {objective: {gedi_no_gen: {clusters: 2}}}, without: {objective: {barlow_twins: {}}}}
  train.batch: [20, 40]
validation: {every: 30}
optimizer: {adam: {lr: 0.01}}
END
kmeans="ᵃ clusters: k-means of the encoder's output (greedy k-means++, the best of 10); elsewhere clusters: argmax of p(y|x)"
column="nmi = [...document.querySelectorAll('#runs thead th')].findIndex((h) => h.textContent === 'clustering.nmi')"
expect 0 "methods with clusters and without" "$gedi" sweep -q marks.yaml --out marks
browse marks/report.html 1280 900 "[...document.querySelectorAll('#curves .legend > span')].map((e) => e.textContent)" \
    "[...document.querySelectorAll('#curves .mark')].filter((e) => e.textContent.includes('k-means')).length > 2" \
    "document.querySelector('#curves .mark').textContent" \
    "$column; [...document.querySelectorAll('#runs tbody tr')].map((r) => [r.children[0].textContent, r.children[nmi].textContent.replace(/[-0-9.e]+/, 'x')])" \
    "[...document.querySelectorAll('#runs p.note')].map((e) => e.textContent).filter((s) => s)" \
    "[...document.querySelectorAll('#tables tbody tr')].slice(0, 2).map((r) => [r.cells[0].textContent, [...r.cells].slice(1, 4).map((c) => c.textContent.includes('ᵃ'))])" \
    "[...document.querySelectorAll('#tables p.note')].filter((e) => e.textContent.includes('k-means')).map((e) => e.textContent)"
seen "groups" 1 '[" with p, batch 20 (1)", " with p, batch 40 (1)", " without, batch 20 (1)", " without, batch 40 (1)"]'
seen "marks" 2 true
seen "what they mean" 3 "\"ᵃ $kmeans\""
seen "runs" 4 '[["with p, batch 20", "x"], ["with p, batch 40", "x"], ["without, batch 20", "xᵃ"], ["without, batch 40", "xᵃ"]]'
seen "what the mark of runs means" 5 "[\"$kmeans\"]"
seen "the table" 6 '[["with p", [false, false, false]], ["without", [true, true, true]]]'
seen "what its mark means" 7 "[\"$kmeans\"]"
seen "nothing forbidden" 8 "problems: 0"

# A choice hides what nothing of it has: notes of marks, the column that the table was sorted by.
choose() { # choose AXIS LABEL: what a user does
    printf "const %s = document.querySelector('select[name=\"%s\"]'); %s.value = '%s'; %s.dispatchEvent(new Event('change'))" \
        s "$1" s "$2" s
}
cat >wide.yaml <<END
base: marks.yaml
table: {rows: train.batch, columns: method, value: evaluation.clustering.nmi}
END
expect 0 "methods as columns" "$gedi" sweep -q wide.yaml --out marks
browse marks/report.html 1280 900 "$(choose method 'with p'); [...document.querySelectorAll('#runs p.note, #tables .table:first-of-type p.note')].filter((e) => !e.hidden && e.textContent.includes('k-means')).length" \
    "s.value = 'without'; s.dispatchEvent(new Event('change')); [...document.querySelectorAll('#runs p.note, #tables .table:first-of-type p.note')].filter((e) => !e.hidden && e.textContent.includes('k-means')).length" \
    "const head = [...document.querySelectorAll('#tables thead')][0].rows[0]; head.cells[2].querySelector('button').click(); head.cells[2].getAttribute('aria-sort')" \
    "s.value = 'with p'; s.dispatchEvent(new Event('change')); [[...head.cells].map((c) => c.getAttribute('aria-sort')), [...document.querySelectorAll('#tables tbody')][0].rows[0].cells[0].textContent]" \
    "[...document.querySelectorAll('#differences tbody tr')].map((r) => r.textContent).filter((t) => t.startsWith('objective.gedi_no_gen.clusters') || t.startsWith('train.batch'))"
seen "no note of a mark that is not there" 1 0
seen "it is back" 2 2
seen "sorted by a column" 3 '"descending"'
seen "which is hidden" 4 '[["none", "none", "none"], "20"]'
seen "settings that have no line" 5 '["train.batch20 × 240 × 2"]'
seen "nothing forbidden" 6 "problems: 0"

# An experiment of two sweeps counts once; of a group it is said how many runs have failed; each line has its optimum.
cat >again.yaml <<END
base: one.yaml
objective: null
sweep:
  method: {with p: {objective: {gedi_no_gen: {clusters: 2}}}, bad: {objective: {gedi_no_gen: {clusters: 2}}, train.explode: 1}, four: {objective: {gedi_no_gen: {clusters: 4}}, model.mlp.output: 4}}
  train.batch: [20, 40]
  seed: 0..1
validation: {every: 30}
optimizer: {adam: {lr: 0.01}}
END
expect 1 "a sweep that shares points" "$gedi" sweep -q again.yaml --out again
# One that was killed by another program.
hash=$("$gedi" sweep -n again.yaml --out again | sed -n 's/^\([0-9a-f]*\)  [a-z]* *four, batch 20, seed 1$/\1/p')
rm "again/runs/$hash/summary.json"
echo 'gedi: killed' >"again/runs/$hash/error.txt"
expect 0 "both" "$gedi" report marks again -o both.html
browse both.html 1280 900 "document.querySelector('header p').textContent" \
    "[...document.querySelectorAll('#curves .legend > span')].map((e) => e.textContent)" \
    "[...document.querySelectorAll('#curves figcaption')].map((e) => e.textContent).filter((t) => t.startsWith('prior'))" \
    "[...document.querySelectorAll('#tables .note')].map((e) => e.textContent).filter((t) => t.includes('same experiment')).length > 0" \
    "[...document.querySelectorAll('#tables .caption')].map((e) => e.textContent).filter((t) => t.includes('finished runs'))" \
    "[...document.querySelectorAll('#differences tbody tr')].map((r) => r.textContent).filter((t) => t.startsWith('objective.gedi_no_gen.clusters'))" \
    "const text = document.querySelector('input[name=text]'); text.value = 'again'; text.dispatchEvent(new Event('input')); new Promise((r) => setTimeout(() => r([...document.querySelectorAll('#curves .legend > span')].map((e) => e.textContent)[0]), 400))"
seen "runs" 1 '"16 runs: 11 finished, 5 failed; 2 of them are the same experiment as another: each counts once"'
seen "groups" 2 '[" with p, batch 20 (2)", " with p, batch 40 (2)", " without, batch 20 (1)", " without, batch 40 (1)", " four, batch 20 (1 of 2 failed)", " four, batch 40 (2)", " bad, batch 20 (2 failed)", " bad, batch 40 (2 failed)"]'
seen "optima" 3 '["prior dashed: optimum of each line, in its colour: 0.693, 1.386"]'
seen "the table says it" 4 true
seen "what matters counts them once" 5 '["the part of the variance over 9 finished runs that the values of an axis explain by themselves, beyond chance (epsilon squared)"]'
seen "settings of what a run has" 6 '["objective.gedi_no_gen.clustersdefault × 4not used × 24 × 3"]'
seen "of those that are chosen, too" 7 '" with p, batch 20 (2)"'
seen "nothing forbidden" 8 "problems: 0"

# Stopped, with nobody at work; at work, while somebody has its lock.
cp -r one stopped
rm stopped/summary.json
expect 0 "a run that was stopped" "$gedi" report stopped
browse stopped/report.html 1280 900 "document.querySelector('#runs tbody tr').children[1].textContent"
seen "it says so" 1 '"stopped at iteration 60"'
if command -v flock >/dev/null; then
    expect 0 "one that is at work" flock stopped "$gedi" report stopped
    browse stopped/report.html 1280 900 "document.querySelector('#runs tbody tr').children[1].textContent"
    seen "it does not" 1 '"started (iteration 60)"'
fi

# What is missing of a run stands with it.
mkdir no
printf '#!/bin/sh\nexit 3\n' >no/gnuplot
chmod +x no/gnuplot
expect 1 "a run without all that it states" env PATH="$work/no:$PATH" "$gedi" run -q one.yaml --out lacks 'figures=[losses]' \
    'evaluate=[clustering: {}, finetune: {optimizer: [sgd: {lr: 1000000}]}]'
browse lacks/report.html 1280 900 "document.querySelector('#runs tbody tr').children[1].textContent" \
    "[...document.querySelectorAll('#run p.failed')].map((e) => e.textContent.split(':').slice(0, 2).join(':'))"
seen "its state" 1 '"finished, not all evaluated or drawn"'
seen "what" 2 '["numbers are missing: evaluator finetune", "figures are missing: figure losses"]'
seen "nothing forbidden" 3 "problems: 0"

# 1,000 runs of two datasets, as it but for the seed and a number.
runs=1000
copies $runs 'int(i / 2)' 'if (i % 2) gsub(/moons/, "circles", l)
    sub(/"nmi": [0-9][0-9.e+-]*/, "\"nmi\": " i / n, l)'
for i in $(seq 0 $((runs - 1))); do ln one/metrics.jsonl "many/$i/metrics.jsonl"; done
# shellcheck disable=SC2016  # for the inner shell
expect 0 "a report of all" sh -c 'ulimit -t 20; exec "$@"' sh "$gedi" report many -o many.html
nmi="[...document.querySelectorAll('#runs thead th')].findIndex((h) => h.textContent === 'clustering.nmi')"
values="[...document.querySelectorAll('#runs tbody tr')].slice(0, 3).map((r) => r.children[$nmi].textContent)"
browse many.html 1280 900 "document.querySelector('header p').textContent" \
    "document.querySelectorAll('#runs thead button')[$nmi].click(); $values" \
    "document.querySelectorAll('#runs thead button')[$nmi].click(); $values" \
    "const s = document.querySelector('select[name=dataset]'); s.value = 'circles'; s.dispatchEvent(new Event('change')); document.querySelectorAll('#runs tbody tr').length" \
    "document.querySelector('#runs p.note').textContent" \
    "[...document.querySelector('#tables tbody').rows].filter((r) => !r.hidden).map((r) => r.children[0].textContent.split(' ')[0])" \
    "document.querySelectorAll('#curves .legend > span').length" \
    "document.querySelector('#runs tbody button').click(); document.querySelector('#run dd').textContent.length > 0" \
    "location.hash"
seen "all of them" 1 "\"$runs runs: $runs finished\""
seen "sorted, the best first" 2 '["0.999", "0.998", "0.997"]'
seen "sorted, the other way round" 3 '["0", "0.001", "0.002"]'
seen "chosen: the first 200" 4 200
seen "and how many" 5 '"200 of 500 shown. show all"'
seen "the table has that row" 6 '["circles"]'
seen "the curves have that group" 7 1
seen "a run opens" 8 true
grep -q 'sort.runs=.*axis.dataset=circles' out && pass "the choice is in the address" || fail "no choice in the address" out
seen "nothing forbidden" 10 "problems: 0"

# On a busy machine, the best of five.
best=99
for i in 1 2 3 4 5; do
    browse many.html 1280 900 || continue
    best=$(sed -n 's/^opened: //p' out | awk -v b="$best" '{ print ($1 + 0 < b + 0 ? $1 : b) }')
    awk -v b="$best" 'BEGIN { exit !(b < 2) }' && break
done
awk -v b="$best" 'BEGIN { exit !(b < 2) }' && pass "1,000 runs open in $best s" || fail "1,000 runs open in $best s, not 2"
finish
