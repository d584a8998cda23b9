#!/bin/sh
# test_claims.sh - tools/claims.sh: each kind of test of a claim, each verdict, what is not there, and what
# is wrong in a list of claims.
. "${srcdir:-.}/tests/testing.sh"
cd "$work" || exit 1

cat >pair.yaml <<'END'
seed: 0
threads: 1
dataset:   {moons: {noise: 0.05, train: 100, test: 50}}
views:     [[], [gaussian_noise: {std: 0.03}]]
model:     {mlp: {hidden: [8], output: 2}}
objective: {gedi_no_gen: {clusters: 2}}
optimizer: {adam: {}}
train:     {iterations: 1, batch: 40}
evaluate:  [clustering: {}]
sweep:
  method: {good: {}, bad: {objective.gedi_no_gen.inv: 2}, mixed: {objective.gedi_no_gen.inv: 3}, absent: {objective.gedi_no_gen.inv: 4}}
  exclude: [{method: absent, seed: [1, 2, 3, 4, 5]}]
  seed: 0..5
END
cp pair.yaml elsewhere.yaml
expect 0 "a sweep" "$gedi" sweep -q pair.yaml
# The NMI that each run is to have had: good 1, bad .01 to .06, mixed 0 or 1. A summary that was edited
# by hand may lack its checksum.
for run in sweeps/pair/runs/*; do
    seed=$(sed -n 's/^seed: //p' "$run/descriptor.yaml")
    case $(sed -n 's/^ *inv: //p' "$run/descriptor.yaml") in
    2) nmi=0.0$((seed + 1)) ;;
    3) nmi=$((seed % 2)) ;;
    *) nmi=1 ;;
    esac
    sed -e "s/\"nmi\": [-0-9][^,]*/\"nmi\": $nmi/" -e 's/"checksum": "[^"]*"/"edited": 1/' "$run/summary.json" >new
    mv new "$run/summary.json"
done

# claims LINE...: the page of a list of these lines
claims() {
    printf '%s\n' "$@" >claims.txt
    expect 0 "the page" env GEDI="$gedi" "$top_srcdir/tools/claims.sh" claims.txt
}
nmi=clustering.nmi
claims '== One' \
    "a.1 | here | good is good | .9 | most pair,method=good : $nmi >= 0.9" \
    "a.2 | here | good is bad | - | most pair,method=good : $nmi <= 0.1" \
    "a.3 | here | mixed is good | - | most pair,method=mixed : $nmi >= 0.9" \
    "a.4 | here | bad is good at times | - | some pair,method=bad : $nmi >= 0.9" \
    "a.5 | here | mixed is good at times | - | some pair,method=mixed : $nmi >= 0.9" \
    "a.6 | here | one or the other | - | most pair,method=good : $nmi >= 0.9 | most pair,method=bad : $nmi >= 0.9" \
    "a.13 | here | found or not | - | most pair,method=good : $nmi >= 0.9 | some pair,method=bad : $nmi <= 0.1" \
    "a.11 | here | good always | - | every pair,method=good : $nmi >= 0.9" \
    "a.12 | here | mixed always | - | every pair,method=mixed : $nmi >= 0.9" \
    "a.7 | here | as good as itself | - | near pair,method=good : pair,method=good : $nmi 0.1" \
    "a.8 | here | as good as the bad | - | near pair,method=good : pair,method=bad : $nmi 0.1" \
    "a.9 | here | nobody ran it | - | most elsewhere,method=good : $nmi >= 0.9" \
    "a.10 | here | a year of work | - | needs a year" \
    '== Two' \
    "b.1 | here | good is above bad | 1 against 0 | above pair,method=good : pair,method=bad : $nmi" \
    '== Three' \
    "c.1 | here | good is below bad | - | below pair,method=good : pair,method=bad : $nmi" \
    '== Four' \
    "d.1 | here | good is above bad | - | above pair,method=good : pair,method=bad : $nmi" \
    "d.2 | here | good is above mixed | - | above pair,method=good : pair,method=mixed : $nmi" \
    '== Five' \
    "e.1 | here | good is above itself | - | above pair,method=good : pair,method=good : $nmi" \
    "e.2 | here | Sinkhorn | - | tested test_objective_ssl.c sinkhorn_is_balanced"
says out '| a.1 | here | good is good | .9 | `clustering.nmi` ≥ 0.9 in most runs | **confirmed** | 1 ± 0; 6 of 6 [0.61, 1.00] |'
says out '| a.2 | here | good is bad |  | `clustering.nmi` ≤ 0.1 in most runs | **refuted** | 1 ± 0; 0 of 6 [0.00, 0.39] |'
says out '| a.3 | here | mixed is good |  | `clustering.nmi` ≥ 0.9 in most runs | not decided | 0.5 ± 0.55; 3 of 6 [0.19, 0.81] |'
says out '| a.4 | here | bad is good at times |  | `clustering.nmi` ≥ 0.9 in some run | not decided |'
says out '| a.5 | here | mixed is good at times |  | `clustering.nmi` ≥ 0.9 in some run | **confirmed** |'
says out '| a.6 | here | one or the other |  | `clustering.nmi` ≥ 0.9 in most runs | depends on what is not printed |'
says out '(confirmed)<br>as printed: 0.035 ± 0.019; 0 of 6 [0.00, 0.39] (refuted) |'
says out '| a.13 | here | found or not |  | `clustering.nmi` ≥ 0.9 in most runs<br>as printed: `clustering.nmi` ≤ 0.1 in some run | **confirmed** |'
says out '| a.11 | here | good always |  | `clustering.nmi` ≥ 0.9 in every run | **confirmed** |'
says out '| a.12 | here | mixed always |  | `clustering.nmi` ≥ 0.9 in every run | **refuted** |'
says out '| a.7 | here | as good as itself |  | `clustering.nmi` differs by at most 0.1 | **confirmed** | 1 against 1: +0 [+0, +0], 6 pairs, p = 1 |'
says out '| a.8 | here | as good as the bad |  | `clustering.nmi` differs by at most 0.1 | **refuted** |'
says out '| a.9 | here | nobody ran it |  | `clustering.nmi` ≥ 0.9 in most runs | not run |  |'
says out '| a.10 | here | a year of work |  |  | not run | a year |'
# Six pairs of one sign: p is 2 of 64.
says out '| b.1 | here | good is above bad | 1 against 0 | `clustering.nmi` is higher | **confirmed** | 1 against 0.035: +0.965'
says out 'p = 0.031, 0.031 after Holm |'
says out '| c.1 | here | good is below bad |  | `clustering.nmi` is lower | **refuted** |'
says out '| d.1 | here | good is above bad |  | `clustering.nmi` is higher | not decided |'
says out 'p = 0.031, 0.062 after Holm |'
says out '| e.1 | here | good is above itself |  | `clustering.nmi` is higher | not decided |'
says out '| e.2 | here | Sinkhorn |  |  | has a unit test | `tests/test_objective_ssl.c`, `sinkhorn_is_balanced` |'
says out '| confirmed | 6 |'
says out '| refuted | 4 |'
says out '| not run | 2 |'
says out '| pair | 19 |'
says out '| elsewhere | none |'
cp out before
expect 0 "the page again" env GEDI="$gedi" "$top_srcdir/tools/claims.sh" claims.txt
cmp -s out before || fail "the page is another the second time"
expect 0 "the page where the runs are not" env GEDI=/nowhere/gedi SWEEPS=/nowhere \
    "$top_srcdir/tools/claims.sh" claims.txt
holds "what was found before is kept" cmp out before
sed 's/>= 0.9/>= 0.8/' claims.txt >others.txt
cp judged.tsv kept.tsv
expect 0 "another test" env GEDI=/nowhere/gedi SWEEPS=/nowhere "$top_srcdir/tools/claims.sh" others.txt
says out "not run"
cp kept.tsv judged.tsv

# wrong "WHAT" TEXT LINE...: a list of these lines is refused with this text
wrong() {
    what=$1 text=$2
    shift 2
    printf '%s\n' "$@" >claims.txt
    expect 2 "$what" env GEDI="$gedi" "$top_srcdir/tools/claims.sh" claims.txt
    says err "$text"
    silent out
}
wrong "no section" "claims.txt:1: a claim before the first section" "a | b | c | d | needs e"
wrong "too few fields" "claims.txt:2: 5 or 6 fields with ' | ' between them (name, where," '== A' 'a | b | c'
wrong "a name twice" "claims.txt:3: 'a' is in line 2, too" '== A' 'a | b | c | d | needs e' 'a | b | c | d | needs e'
wrong "no such test" "claims.txt:2: 'mots' is no test" '== A' 'a | b | c | d | mots pair : x >= 1'
wrong "no bound" "claims.txt:2: most GROUP : METRIC >= NUMBER" '== A' 'a | b | c | d | most pair,method=good : x'
wrong "a case that is not there" "claims.txt:2: tests/test_view.c: there is no such file, or no START_TEST(sinkhron) in it" \
    '== A' 'a | b | c | d | tested test_view.c sinkhron'
wrong "no such sweep" "claims.txt:2: there is no descriptor of a sweep piar" \
    '== A' "a | b | c | d | most piar,method=good : $nmi >= 1"
wrong "no condition" "claims.txt:2: 'pair' is no group" '== A' "a | b | c | d | most pair : $nmi >= 1"
wrong "an empty list" "the list is empty"
wrong "no such group" "claims.txt:2: gedi: no run has method=best; there are: good, bad, mixed, absent" \
    '== A' "a | b | c | d | most pair,method=best : $nmi >= 1"
wrong "no such metric" "claims.txt:2: gedi: evaluation.clustering.mni: no run has such a number" \
    '== A' "a | b | c | d | most pair,method=good : clustering.mni >= 1"
# A run that diverged counts against the claim; a damaged one is to be mended before anything is said.
bad=$(dirname "$(grep -lx ' *inv: 2' sweeps/pair/runs/*/descriptor.yaml | head -n 1)")
cp "$bad/summary.json" kept
echo '{' >"$bad/summary.json"
wrong "a damaged run" "claims.txt:2: a run must be mended first: $bad: " \
    '== A' "a | b | c | d | most pair,method=bad : $nmi >= 1"
cp kept "$bad/summary.json"
printf '%s\n' '== A' "a | b | c | d | most pair,method=good : $nmi >= 1" >claims.txt
expect 2 "no gedi" env GEDI=/nowhere/gedi "$top_srcdir/tools/claims.sh" claims.txt
says err "claims.txt:2: "
silent out
# What diverged has not found what it was to find, and says nothing of what it was not to find. A pair of
# runs decides nothing.
for run in sweeps/pair/runs/*; do
    case $(sed -n 's/^ *inv: //p' "$run/descriptor.yaml") in
    2 | 3) ;;
    *) continue ;;
    esac
    rm "$run/summary.json"
    printf '{"schema": 1, "gedi": "0.1.0", "iteration": 1, "why": "iteration 2: term '"'inv'"' has exploded: 1e9 is beyond 1e8"}' >"$run/divergence.json"
done
claims '== One' \
    "a.1 | here | bad is good | - | most pair,method=bad : $nmi >= 0.9" \
    "a.2 | here | bad is bad | - | ended pair,method=bad : $nmi <= 0.1" \
    "a.3 | here | good is not bad | - | above pair,method=good : pair,method=bad : $nmi"
says out '| a.1 | here | bad is good |  | `clustering.nmi` ≥ 0.9 in most runs | **refuted** | 0 of 6 [0.00, 0.39]; 6 of 6 failed |'
says out '| a.2 | here | bad is bad |  | `clustering.nmi` ≤ 0.1 in most runs that end | not decided | all 6 runs failed |'
says out '| a.3 | here | good is not bad |  | `clustering.nmi` is higher | not decided | no seed has numbers on both sides: '
# A table names the failures of its own rows alone.
expect 0 "a table of the good" "$gedi" table sweeps/pair --rows method --where method=good --value evaluation.$nmi
silent err
expect 0 "a table of the bad" "$gedi" table sweeps/pair --rows method --where method=bad --value evaluation.$nmi
says err "failed: sweeps/pair/runs/"
expect 0 "the paper's own list" "$top_srcdir/tools/claims.sh" --check
finish
