#!/bin/sh
# Tests @KIND@/@NAME@: it loads, its descriptor has no mistakes, it trains, and the same
# seed gives the same bytes twice.
set -eu
gedi=${GEDI:-gedi}
GEDI_PLUGIN_PATH=.${GEDI_PLUGIN_PATH:+:$GEDI_PLUGIN_PATH}
export GEDI_PLUGIN_PATH
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

train() {
    "$gedi" run descriptor.yaml train.iterations=20 seed=1 --quiet --out "$out/$1" \
        >"$out/$1.txt"
}

"$gedi" describe @KIND@/@NAME@ >"$out/describe.txt"
echo "ok: loads"
"$gedi" check descriptor.yaml >"$out/check.txt" || { cat "$out/check.txt"; exit 1; }
echo "ok: descriptor.yaml has no mistakes"
train first
echo "ok: trains"
train second
cmp "$out/first/checkpoint.safetensors" "$out/second/checkpoint.safetensors"
echo "ok: the same seed gives the same bytes"
