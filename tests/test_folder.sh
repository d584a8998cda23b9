#!/bin/sh
# test_folder.sh - what a sweep's folder and its page say of what is there: files of an earlier descriptor, figures and
# evaluators that failed.
# shellcheck disable=SC2016  # what stands in quotes is for sh
. "${srcdir:-.}/tests/testing.sh"

command -v gnuplot >/dev/null || { echo "there is no gnuplot"; exit 77; }
cd "$work" || exit 1
moons_descriptor run.yaml seed: 'train: {iterations: 20, batch: 20, log_every: 10}' \
    'figures: [losses, {clusters: {title: none}}]'
cat >first.yaml <<'END'
base: run.yaml
sweep: {optimizer.adam.lr: [0.001, 0.01]}
table: {name: first, rows: optimizer.adam.lr, value: evaluation.clustering.nmi}
curves: {name: old, value: loss, lines: optimizer.adam.lr}
grid: {figure: losses, columns: optimizer.adam.lr}
END
sed 's/name: first/name: second/; s/name: old/name: new/' first.yaml >second.yaml
echo 'figures: [losses]' >>second.yaml

# shows PAGE NAME...: these are all pictures of the page, each name once.
shows() {
    grep -o '"figures":\[[^]]*\]' "$1" | grep -o '"name":"[^"]*"' | sort -u | sed 's/"name":"//; s/"//' >shown
    shift
    printf '%s\n' "$@" | sed '/^$/d' >wanted
    cmp shown wanted || { cat shown; false; }
}

# ---- files of an earlier descriptor ----

expect 0 "a sweep" "$gedi" sweep first.yaml -q --out s
holds "its page has its figures" shows s/report.html clusters grid-losses losses old
cp s/figures/old.png s/figures/mine.png
echo mine >s/notes.md
expect 0 "with other names" "$gedi" sweep second.yaml --out s
says err "s holds figures/old.png, first.md of an earlier descriptor: kept, but not in its report"
holds "files are kept" test -s s/figures/old.png -a -s s/first.csv -a -s "$(echo s/runs/*/figures/clusters.png | cut -d" " -f1)"
holds "the page has what is named now" shows s/report.html grid-losses losses new
holds "its tables, too" sh -c '! grep -q "\"name\":\"first\"" s/report.html && grep -q "\"name\":\"second\"" s/report.html'
expect 0 "gedi report" "$gedi" report s
holds "shows the same" shows s/report.html grid-losses losses new
expect 0 "as it was" "$gedi" sweep first.yaml --out s
says err "s holds figures/new.png, second.md of an earlier descriptor"
holds "shows what it had" shows s/report.html clusters grid-losses losses old
mkdir -p all/figures
cp s/figures/old.png all/figures
cp -r "$(echo s/runs/* | cut -d" " -f1)" all/one
expect 0 "a folder of runs" "$gedi" report all
holds "has the figures of the runs" shows all/report.html clusters losses
expect 0 "a run beside a sweep" "$gedi" report all/one s -o both.html
holds "has those of both" shows both.html clusters grid-losses losses old
sed -i '/^figures:/,$d' all/one/descriptor.yaml
echo 'figures: [losses]' >>all/one/descriptor.yaml
expect 0 "a run that states one of two" "$gedi" report all/one
holds "shows that one" shows all/one/report.html losses

# ---- what cannot be shown any more ----

cat >none.yaml <<'END'
base: run.yaml
sweep: {optimizer.adam.lr: [0.001, 0.01]}
curves: {name: old, value: terms.none, lines: optimizer.adam.lr}
END
expect 0 "curves that no run has" "$gedi" sweep none.yaml -q --out s
says err "warning: curves old: terms.none: no run has logged such a number"
holds "leave no picture of others" test ! -e s/figures/old.png

# ---- figures that fail ----

mkdir fake
cat >fake/gnuplot <<'END'
#!/bin/sh
[ ! -e "$printed" ] || cp "$printed" "$printed-before"
case "$*" in *old* | *clusters* | *"$fails"*) echo "no $*" >&2; exit 3 ;; esac
exec "$real" "$@"
END
chmod +x fake/gnuplot
real=$(command -v gnuplot) printed=$work/out fails=nothing
export real printed fails
expect 1 "figures of a sweep that fail" env PATH="$work/fake:$PATH" "$gedi" sweep first.yaml -q 'figures=[losses]' --out f
says err "gedi: curves: f/figures/old.png: not drawn"
holds "tables are printed before figures are begun" grep -q '^| optimizer.adam.lr ' "$printed-before"
holds "once" test "$(grep -c '^| optimizer.adam.lr ' out)" = 1
says out "results  f"
holds "the other is drawn" test -s f/figures/grid-losses.png
holds "the table is there" test -s f/first.md
fails=losses
expect 1 "figures of runs that fail" env PATH="$work/fake:$PATH" "$gedi" sweep first.yaml -q --out u
says err "2 of 2 points failed:"
says out "| optimizer.adam.lr "
expect 0 "check says it" "$gedi" check u
holds "of each run" test "$(grep -c 'figures are missing: figure ' out)" = 2
holds "with all that are missing" test "$(grep -c '; not drawn: clusters; `gedi resume' out)" = 2
holds "so does the page" test "$(grep -o '"undrawn":"figure losses' u/report.html | wc -l)" = 2
holds "which shows none" shows u/report.html ""
expect 0 "the same sweep" "$gedi" sweep first.yaml -q --out u
expect 0 "check" "$gedi" check u
holds "nothing is missing" sh -c '! grep -q missing out'

# ---- a search ----

cat >search.yaml <<'END'
base: run.yaml
sweep: {search: {random: 3, maximise: evaluation.clustering.nmi, over: {optimizer.adam.lr: {log: [1.0e-4, 1.0e-1]}}}}
figures: []
END
bad='evaluate=[clustering: {}, finetune: {optimizer: [sgd: {lr: 1000000}]}]'
expect 1 "a search whose other evaluator fails" "$gedi" sweep search.yaml -q "$bad" --out d
says out "| finished with a failure |"
holds "draws.csv says why" test "$(grep -c '^[0-9],.*,finished with a failure,"evaluator finetune: ' d/draws.csv)" = 3
holds "and the page" test "$(grep -o '"text":"evaluator finetune: ' d/report.html | wc -l)" = 3
expect 0 "evaluated since" "$gedi" evaluate -q d 'evaluate=[finetune: {}]'
expect 0 "the search" "$gedi" sweep search.yaml -q "$bad" --out d
holds "knows of no failure" sh -c '! grep -q failure d/draws.csv'
expect 0 "no search in its place" "$gedi" sweep second.yaml -q --out d
holds "draws of before are kept" test -s d/draws.csv
holds "and not shown" sh -c '! grep -q "\"name\":\"draws\"" d/report.html'

finish
