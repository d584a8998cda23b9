#!/bin/sh
# test_schema.sh - `gedi schema`, against a validator and the descriptors that there are.
. "${srcdir:-.}/tests/testing.sh"

expect 0 "schema" "$gedi" schema
cp "$work/out" "$work/schema.json"
expect 0 "schema of the plugins that the tests have" \
    env GEDI_PLUGIN_PATH="$top_builddir/tests/fake/.libs" "$gedi" schema
cp "$work/out" "$work/fake.json"
got=0
/usr/bin/python3 "$top_srcdir/tests/check_schema.py" "$work/schema.json" "$work/fake.json" \
    "$top_srcdir" >"$work/out" 2>&1 || got=$?
case $got in
0) pass "it accepts what is right and refuses what is wrong: $(cat "$work/out")" ;;
77 | 127) skip "$(cat "$work/out")" ;;
*) fail "descriptors against the schema" "$work/out" ;;
esac

# What a schema says of single values is what gedi says of them.
got=0
GEDI_PLUGIN_PATH="$top_builddir/tests/fake/.libs" /usr/bin/python3 "$top_srcdir/tests/check_schema_cases.py" "$gedi" \
    "$work/fake.json" "$top_srcdir/tests/schema_cases.txt" >"$work/out" 2>&1 || got=$?
case $got in
0) pass "as gedi itself: $(tail -n 1 "$work/out")" ;;
77 | 127) skip "$(cat "$work/out")" ;;
*) fail "single values against the schema" "$work/out" ;;
esac

mkdir "$work/broken"
echo "no library" >"$work/broken/view_zebra.so"
expect 0 "schema beside a broken plugin" env GEDI_PLUGIN_PATH="$work/broken" "$gedi" schema
says err "gedi: warning: view zebra is not in the schema: BROKEN: "
holds "which has all the others" cmp "$work/out" "$work/schema.json"
expect 0 "schema" "$gedi" schema
holds "without a broken one it says nothing" test ! -s "$work/err"

finish
