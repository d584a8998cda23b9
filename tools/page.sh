#!/bin/sh
# page.sh - the script and the style of reports as texts for C, with their checksums.
#
#   page.sh SOURCES DYGRAPHS >page.inc
#
# SOURCES is core/report/page. DYGRAPHS is the folder with dygraph.min.js, or nothing: charts are plain then.
set -eu
sources=$1 dygraphs=${2-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What a line of a script says of its source, which is not there, would be looked for.
scripts() {
    [ -z "$dygraphs" ] || grep -v '^//# sourceMappingURL=' "$dygraphs/dygraph.min.js"
    cat "$sources/dom.js" "$sources/curves.js" "$sources/tables.js" "$sources/runs.js" "$sources/report.js"
}
styles() {
    [ -z "$dygraphs" ] || grep -v 'sourceMappingURL=' "$dygraphs/dygraph.min.css"
    cat "$sources/report.css"
}

# as_text NAME FILE: one string; a question mark could begin a trigraph.
as_text() {
    printf 'static const char page_%s[] =\n' "$1"
    sed -e 's/\\/\\\\/g; s/"/\\"/g; s/?/\\?/g; s/^/"/; s/$/\\n"/' "$2"
    printf ';\nstatic const char page_%s_sum[] = "%s";\n' "$1" \
        "$(sha256sum <"$2" | cut -d' ' -f1)"
}

scripts | tr -d '\r' >"$work/script"
styles | tr -d '\r' >"$work/style"
# These would end the element that the text stands in, or turn what follows.
if grep -iE '</(script|style)|<!--' "$work/script" "$work/style" >&2; then
    echo "page.sh: a script may not contain that" >&2
    exit 1
fi
version=
[ -z "$dygraphs" ] ||
    version=$(sed -n 's|.*dygraphs/blob/v\([0-9.]*\)/.*|dygraphs \1|p' "$dygraphs/dygraph.min.js" | head -n 1)
[ -z "$dygraphs" ] || version=${version:-dygraphs}
echo "/* Made by tools/page.sh. */"
as_text script "$work/script"
as_text style "$work/style"
printf 'static const char page_charts[] = "%s";\n' "$version"
