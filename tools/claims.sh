#!/usr/bin/env bash
# claims.sh - makes docs/claims.md: each claim of the paper, judged by the runs that are there.
#
# usage: tools/claims.sh [--check] [CLAIMS]
#   CLAIMS   the list of claims; experiments/claims.txt unless given. Its head says how it is written.
#   --check  reads the list, says what is wrong with it and writes nothing
# Runs are looked for in $SWEEPS (sweeps unless set) by $GEDI (gedi unless set); the page goes to
# standard output. What a test has found is kept beside the list, in judged.tsv, until it or its sweep
# is there again: a claim whose test has never been run is "not run".
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
gedi=${GEDI:-gedi} sweeps=${SWEEPS:-sweeps}

check=false
if [ "${1-}" = --check ]; then
    check=true
    shift
fi
claims=${1:-$root/experiments/claims.txt}
if [ $# -gt 1 ] || [ ! -f "$claims" ]; then
    sed -n 's/^# usage: /usage: /p' "$0" >&2
    exit 2
fi

# One line a claim: number of the line, section, and the six fields, with tabs between them.
read_claims() {
    awk -v file="$claims" -v root="$root" '
        function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
        function fail(why) { print file ":" NR ": " why >"/dev/stderr"; bad = 1 }
        # "A", or "A : B", then "METRIC", "METRIC OP NUMBER" or "METRIC NUMBER"
        function check(test,    kind, part, word, n, w) {
            kind = test
            sub(/ .*/, "", kind)
            if (kind == "needs")
                return
            sub(/^[^ ]* */, "", test)
            n = split(test, part, / : /)
            for (w = 1; w < n; w++)
                check_group(part[w])
            w = split(part[n], word, " ")
            if (word[1] ~ /^evaluation\./)
                fail("leave out evaluation. of " word[1])
            if (kind == "tested") {
                if (w != 2)
                    fail("tested FILE CASE, not \047" test "\047")
                else if (word[1] !~ /^[a-z_0-9]+\.c$/ || word[2] !~ /^[a-z_0-9]+$/ || system("grep -qs \"^START_TEST(" word[2] ")\" " root "/tests/" word[1]))
                    fail("tests/" word[1] ": there is no such file, or no START_TEST(" word[2] ") in it")
            } else if (kind == "most" || kind == "ended" || kind == "every" || kind == "some") {
                if (n != 2 || w != 3 || word[2] !~ /^[<>]=$/ || word[3] !~ /^-?[0-9]*\.?[0-9]+$/)
                    fail(kind " GROUP : METRIC >= NUMBER (or <=), not \047" test "\047")
            } else if (kind == "above" || kind == "below") {
                if (n != 3 || w != 1)
                    fail(kind " GROUP : GROUP : METRIC, not \047" test "\047")
            } else if (kind == "near") {
                if (n != 3 || w != 2 || word[2] !~ /^[0-9]*\.?[0-9]+$/)
                    fail("near GROUP : GROUP : METRIC MARGIN, not \047" test "\047")
            } else
                fail("\047" kind "\047 is no test; there are most, ended, every, some, above, below, near, tested, needs")
        }
        # SWEEP,AXIS=VALUE,...: of a descriptor that there is
        function check_group(group,    name) {
            name = group
            sub(/,.*/, "", name)
            if (group !~ /^[A-Za-z0-9._-]+,[^,=]+=/)
                fail("\047" group "\047 is no group: SWEEP,AXIS=VALUE, such as table2,method=GEDI,dataset=moons")
            else if (!(name in there))
                there[name] = !system("find " root "/experiments . -maxdepth 3 -name " name ".yaml 2>/dev/null | grep -q .")
            if (name in there && !there[name])
                fail("there is no descriptor of a sweep " name ": experiments/" name ".yaml")
        }
        /^#/ || /^[ \t]*$/ { next }
        /^== / { section = substr($0, 4); next }
        {
            claims++
            n = split($0, f, / \| /)
            for (i = 1; i <= n; i++)
                f[i] = trim(f[i])
            if (n < 5 || n > 6) {
                fail("5 or 6 fields with \047 | \047 between them (name, where, what it says, what it prints, test, test as printed), not " n)
                next
            }
            if (section == "")
                fail("a claim before the first section, == TITLE")
            if (f[1] !~ /^[0-9A-Za-z.]+$/)
                fail("\047" f[1] "\047 is no name of a claim: letters, digits and dots")
            if (f[1] in seen)
                fail("\047" f[1] "\047 is in line " seen[f[1]] ", too")
            seen[f[1]] = NR
            check(f[5])
            if (n == 6)
                check(f[6])
            print NR "\t" section "\t" f[1] "\t" f[2] "\t" f[3] "\t" f[4] "\t" f[5] "\t" (n == 6 ? f[6] : "-")
        }
        END {
            if (!bad && !claims)
                fail("the list is empty")
            exit bad ? 2 : 0
        }' "$claims"
}

list=$(read_claims) || exit 2
$check && exit 0

# ---- What was found before, by the text of the test; how many runs a sweep had ----

kept_in=$(dirname "$claims")/judged.tsv
declare -A kept=() had=()
if [ -f "$kept_in" ]; then
    while IFS=$'\t' read -r what key rest; do
        if [ "$what" = sweep ]; then had[$key]=$rest; else kept[$key]=$rest; fi
    done <"$kept_in"
fi
keeping=$(mktemp)
trap 'rm -f "$keeping"' EXIT

# ---- One test: sets verdict, numbers, p and command ----

# The path of a metric, which leaves out "evaluation.".
path_of() {
    case $1 in
    health.* | terms.*) echo "$1" ;;
    *) echo "evaluation.$1" ;;
    esac
}

fatal() {
    printf '%s:%s: %s\n' "$claims" "$line" "$1" >&2
    exit 2
}

declare -A said=()   # by command: what gedi has printed

# ask ARGUMENT...: what `gedi` prints, in `answer`; fails, with its message there, where no two runs can
# be compared. Anything else that is wrong ends all.
ask() {
    local key="$*"
    if [ -z "${said[$key]-}" ]; then
        if said[$key]=$("$gedi" "$@" 2>&1); then
            said[$key]="0${said[$key]}"
        else
            said[$key]="1${said[$key]}"
        fi
    fi
    answer=${said[$key]:1}
    [ "${said[$key]:0:1}" = 0 ] && return
    [[ $answer == "gedi: no seed has numbers on both sides"* ]] || fatal "$answer"
    false
}

# Is the sweep of GROUP there? If not, the test has not been run.
is_there() {
    [ -d "$sweeps/${1%%,*}" ]
}

# GROUP METRIC OP NUMBER KIND
test_count() {
    local group=$1 path name=${1%%,*} conditions best row strange
    path=$(path_of "$2")
    best=max
    [ "$3" = "<=" ] && best=min
    IFS=, read -ra conditions <<<"$group"
    local ask=(table "$sweeps/$name" --rows "${conditions[1]%%=*}")
    command="gedi table sweeps/$name --rows ${conditions[1]%%=*}"
    for c in "${conditions[@]:1}"; do
        ask+=(--where "$c")
        command+=" --where '$c'"
    done
    ask+=(--value "number=$path" --stat success --threshold "$4" --best "$best" --format csv)
    command+=" --value $path --stat success --threshold $4 --best $best"
    ask "${ask[@]}" || return
    # A run that diverged has not reached what it was to reach; one that failed otherwise says nothing.
    strange=$(grep '^gedi: failed: ' <<<"$answer" | grep -v -e ' exploded: ' -e ' is not finite' -e 'failed: [0-9]* more$' | head -n 1)
    [ -z "$strange" ] || fatal "a run must be mended first: ${strange#gedi: failed: }"
    # From the end, where no field is quoted: low, high; from the path on for the rest.
    row=$(awk -v path="$path" -v kind="$5" '
        function wilson(k, n, sign,    z) { # Wilson 1927
            z = 1.959964
            return (k + z * z / 2 + sign * z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)
        }
        !/^gedi: / && ++lines == 2 {
            n = split($0, f, ",")
            low = f[n - 1]; high = f[n]; ended = f[n - 2]; successes = f[n - 3]
            at = index($0, ",number," path ",")
            split(substr($0, at + length(",number," path ",")), v, ",")
            if (!at || !ended) { print "not run\t-"; exit }
            if (kind == "ended" && v[8] > 0) { # what diverged says nothing
                ended -= v[8]
                if (!ended) { print "not decided\tall " v[7] " runs failed"; exit }
                low = wilson(successes, ended, -1)
                high = wilson(successes, ended, 1)
            }
            text = v[1] == "" ? "" : sprintf("%.3g", v[1]) (v[2] == "" ? "" : sprintf(" ± %.2g", v[2])) "; "
            text = text successes " of " ended sprintf(" [%.2f, %.2f]", low, high)
            if (v[8] > 0) text = text "; " v[8] " of " v[7] " failed"
            if (kind == "every" && successes < ended) verdict = "refuted"
            else if (kind == "some") verdict = successes > 0 ? "confirmed" : "not decided"
            else verdict = low > .5 ? "confirmed" : high < .5 ? "refuted" : "not decided"
            print verdict "\t" text
        }' <<<"$answer")
    verdict=${row%%$'\t'*} numbers=${row#*$'\t'}
}

# A B METRIC KIND MARGIN
test_order() {
    local path row
    path=$(path_of "$3")
    command="gedi compare 'sweeps/$2' 'sweeps/$1'"
    ask compare --format csv "$sweeps/$2" "$sweeps/$1" || {
        answer=${answer#gedi: }
        verdict="not decided" numbers=${answer%%;*}
        return
    }
    row=$(awk -F, -v path="$path" -v kind="$4" -v margin="${5:-0}" '
        $1 == path {
            found = 1
            text = sprintf("%.3g against %.3g: %+.3g", $3, $2, $4)
            if ($5 != "") text = text sprintf(" [%+.3g, %+.3g]", $5, $6)
            text = text ", " $7 " pairs"
            if ($8 != "") text = text sprintf(", p = %.2g", $8)
            verdict = "not decided"
            if (kind == "near") {
                if ($5 != "" && $5 >= -margin && $6 <= margin) verdict = "confirmed"
                if ($5 != "" && ($5 > margin || $6 < -margin)) verdict = "refuted"
                p = "-"
            } else {
                p = $8 == "" ? "-" : $8
                verdict = $4 == 0 || p == "-" ? "not decided" : ($4 > 0) == (kind == "above") ? "confirmed" : "refuted"
            }
            print verdict "\t" p "\t" text
        }
        END { if (!found) print "none" }' <<<"$answer")
    [ "$row" != none ] || fatal "no pair of runs has $path"
    IFS=$'\t' read -r verdict p numbers <<<"$row"
}

# What a test asks for, in words: the bounds are ours, so they stand beside the claim, not in it.
holds_if() {
    local kind=${1%% *} word=()
    [ "$kind" = tested ] || [ "$kind" = needs ] || read -ra word <<<"${1##* : }"
    local metric="\`${word[0]-}\`" bound="${word[1]-} ${word[2]-}"
    bound=${bound/>=/≥}
    bound=${bound/<=/≤}
    case $kind in
    most) echo "$metric $bound in most runs" ;;
    ended) echo "$metric $bound in most runs that end" ;;
    every) echo "$metric $bound in every run" ;;
    some) echo "$metric $bound in some run" ;;
    above) echo "$metric is higher" ;;
    below) echo "$metric is lower" ;;
    near) echo "$metric differs by at most ${word[1]}" ;;
    *) echo - ;;
    esac
}

# The test TEXT.
try() {
    local kind=${1%% *} rest=${1#* } part=() word=()
    verdict="not run" numbers="" p="-" command="-"
    if [ "$kind" = needs ]; then
        numbers=$rest
        return
    fi
    if [ "$kind" = tested ]; then
        verdict="has a unit test" numbers="\`tests/${rest% *}\`, \`${rest#* }\`"
        command="make check"
        return
    fi
    while [[ $rest == *" : "* ]]; do
        part+=("${rest%% : *}")
        rest=${rest#* : }
    done
    read -ra word <<<"$rest"
    for group in "${part[@]}"; do
        is_there "$group" || return
    done
    case $kind in
    most | ended | every | some) test_count "${part[0]}" "${word[0]}" "${word[1]}" "${word[2]}" "$kind" ;;
    *) test_order "${part[0]}" "${part[1]}" "${word[0]}" "$kind" "${word[1]-}" ;;
    esac
}

judged=$(
    while IFS=$'\t' read -r line section id place says printed first second; do
        printf '%s\t%s\t%s\t%s\t%s' "$section" "$id" "$place" "$says" "$printed"
        for t in "$first" "$second"; do
            verdict="-" numbers="-" p="-" command="-"
            [ "$t" = - ] || try "$t"
            if [ "$verdict" = "not run" ] && [ -n "${kept[$t]-}" ]; then
                IFS=$'\t' read -r verdict p numbers command <<<"${kept[$t]}"
            fi
            [ -n "$numbers" ] || numbers="-"
            if [[ $command == gedi\ * ]]; then
                printf 'test\t%s\t%s\t%s\t%s\t%s\n' "$t" "$verdict" "$p" "$numbers" "$command" >>"$keeping"
            fi
            printf '\t%s\t%s\t%s\t%s' "$verdict" "$p" "$numbers" "$command"
        done
        printf '\t%s\t%s\n' "$(holds_if "$first")" "$(holds_if "$second")"
    done <<<"$list"
) || exit 2

# ---- The sweeps that the page is made from ----

names=$(awk -F'\t' '{
    for (i = 7; i <= 8; i++) {
        if ($i ~ /^(needs|tested) /)
            continue
        sub(/^[a-z]+ /, "", $i)
        n = split($i, part, / : /)
        for (k = 1; k < n; k++) {
            sub(/,.*/, "", part[k])
            print part[k]
        }
    }
}' <<<"$list" | sort -u)
made_from=$(
    for name in $names; do
        file=$(cd "$root" && find experiments -name "$name.yaml")
        ended=0
        for f in "$sweeps/$name"/runs/*/summary.json; do [ -f "$f" ] && ended=$((ended + 1)); done
        [ $ended -gt 0 ] || ended=${had[$name]-0}
        [ "$ended" -eq 0 ] || printf 'sweep\t%s\t%s\n' "$name" "$ended" >>"$keeping"
        printf '%s\t%s\t%d\n' "$name" "$file" "$ended"
    done
)

# ---- The page ----

LC_ALL=C sort -u "$keeping" >"$kept_in.new" && mv "$kept_in.new" "$kept_in"
awk -F'\t' -v made_from="$made_from" '
    function both(a, b) { # one verdict of two
        if (b == "-" || b == "not run" || a == b) return a
        if (a == "not run") return b
        if (a == "not decided") return b " in one setting"
        if (b == "not decided") return a " in one setting"
        return "depends on what is not printed"
    }
    {
        n++
        for (i = 1; i <= 15; i++) field[n, i] = $i
        if (!($1 in first)) { first[$1] = n; section[++sections] = $1 }
        # Comparisons, to be corrected over their section.
        for (i = 7; i <= 11; i += 4)
            if ($i != "-") { comparisons++; cn[comparisons] = n; ci[comparisons] = i }
    }
    END {
        for (s = 1; s <= sections; s++) { # Holm
            m = 0
            for (c = 1; c <= comparisons; c++)
                if (field[cn[c], 1] == section[s]) order[++m] = c
            for (i = 2; i <= m; i++)
                for (k = i; k > 1 && field[cn[order[k]], ci[order[k]]] + 0 < field[cn[order[k - 1]], ci[order[k - 1]]] + 0; k--) {
                    x = order[k]; order[k] = order[k - 1]; order[k - 1] = x
                }
            least = 0
            for (i = 1; i <= m; i++) {
                a = cn[order[i]]; b = ci[order[i]]
                adjusted = field[a, b] * (m - i + 1)
                if (adjusted < least) adjusted = least
                if (adjusted > 1) adjusted = 1
                least = adjusted
                if (!(adjusted < .05)) field[a, b - 1] = "not decided"
                field[a, b + 1] = field[a, b + 1] sprintf(", %.2g after Holm", adjusted)
            }
        }
        for (i = 1; i <= n; i++) {
            field[i, 0] = both(field[i, 6], field[i, 10])
            count[field[i, 0]]++
        }
        print "# The claims of the paper, and what runs say of them"
        print ""
        print "Made by `tools/claims.sh` from the runs below and from `experiments/claims.txt`, which has the claims and their"
        print "tests; no result and no verdict is typed. What counts as found, as failed or as comparable (.9, .1, and so on) is our choice, where the"
        print "paper gives no bound: it stands under \"holds if\"."
        print ""
        print "| verdict | claims | what it means |"
        print "|---|---|---|"
        print "| confirmed | " count["confirmed"] + 0 " | most runs do as the paper says: the 95 % interval (Wilson) of their share lies above 1/2 (a run that diverged has not found what it was to find, and says nothing of what it was not to find); or a paired permutation test finds the difference, p < .05 after a correction by Holm over the section; or, where the paper says \"comparable\", the 95 % interval of the difference lies within the margin stated; or, where a failure is admissible, some run shows it (where it never occurs, one run to the contrary refutes) |"
        print "| confirmed in one setting | " count["confirmed in one setting"] + 0 " | of the two below; the other does not suffice for either |"
        print "| refuted | " count["refuted"] + 0 " | the same test finds the contrary |"
        print "| refuted in one setting | " count["refuted in one setting"] + 0 " | likewise |"
        print "| depends on what is not printed | " count["depends on what is not printed"] + 0 " | confirmed in one setting and refuted in the other, of the two below |"
        print "| not decided | " count["not decided"] + 0 " | the runs do not suffice for either (of five pairs, the least p is .062) |"
        print "| has a unit test | " count["has a unit test"] + 0 " | a statement of mathematics, which `make check` checks numerically |"
        print "| not run | " count["not run"] + 0 " | what it would take stands there |"
        print ""
        print "Where a line has two results, the first is with our settings (GEDI, no gen, SwAV and Barlow Twins after equal numbers of trials; JEM, no"
        print "prior and no inv with those of GEDI: `experiments/README.md`), the second with the settings exactly as the paper prints them. Numbers are"
        print "means ± sample standard deviations over seeds."
        for (s = 1; s <= sections; s++) {
            print "\n## " section[s] "\n"
            print "| | where | the paper says | it prints | holds if | verdict | here |"
            print "|---|---|---|---|---|---|---|"
            for (i = first[section[s]]; i <= n; i++) {
                if (field[i, 1] != section[s]) continue
                test = field[i, 14]
                if (test == "-") test = ""
                if (field[i, 15] != "-" && field[i, 15] != test)
                    test = test "<br>as printed: " field[i, 15]
                here = field[i, 8]
                if (here == "-") here = ""
                if (field[i, 10] != "-")
                    here = here " (" field[i, 6] ")<br>as printed: " (field[i, 12] == "-" ? "" : field[i, 12] " ") "(" field[i, 10] ")"
                print "| " field[i, 2] " | " field[i, 3] " | " field[i, 4] " | " (field[i, 5] == "-" ? "" : field[i, 5]) " | " test " | " (field[i, 0] == "confirmed" || field[i, 0] == "refuted" ? "**" field[i, 0] "**" : field[i, 0]) " | " here " |"
            }
            any = 0
            for (i = first[section[s]]; i <= n; i++)
                for (k = 9; k <= 13; k += 4)
                    if (field[i, 1] == section[s] && field[i, k] ~ /^gedi/) {
                        if (!any++) print "\n<details><summary>Commands</summary>\n\n```sh"
                        print "# " field[i, 2] (k == 13 ? ", as printed" : "")
                        print field[i, k]
                    }
            if (any) print "```\n\n</details>"
        }
        print "\n## The runs\n"
        print "| sweep | runs ended | made by |"
        print "|---|---|---|"
        m = split(made_from, l, "\n")
        for (i = 1; i <= m; i++) {
            split(l[i], f, "\t")
            print "| " f[1] " | " (f[3] ? f[3] : "none") " | `gedi sweep " f[2] " -j 2` |"
        }
    }' <<<"$judged"
