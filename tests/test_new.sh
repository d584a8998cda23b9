#!/bin/sh
# test_new.sh - plugins of one's own, as a user makes them: gedi is installed into a folder,
# `gedi new` writes each kind, and each builds and passes its own test outside the tree.
. "${srcdir:-.}/tests/testing.sh"

command -v pkg-config >/dev/null || { echo "pkg-config is missing"; exit 77; }

# The staged installation: its prefix is told to pkg-config, its libraries to the loader.
(cd "$top_builddir" && ${MAKE:-make} install DESTDIR="$work/stage") >"$work/install" 2>&1 ||
    { fail "make install" "$work/install"; finish; exit 1; }
pc=$(find "$work/stage" -name gedi.pc)
libdir=${pc%/pkgconfig/gedi.pc}
prefix=${libdir%/lib*}
PKG_CONFIG_PATH=${pc%/gedi.pc}
LD_LIBRARY_PATH=$libdir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
GEDI_PLUGIN_PATH=$libdir/gedi/plugins
export PKG_CONFIG_PATH LD_LIBRARY_PATH GEDI_PLUGIN_PATH
pkg_config="pkg-config --define-variable=prefix=$prefix"
GEDI_TEMPLATE_PATH=$prefix/share/gedi/template
export GEDI_TEMPLATE_PATH
gedi=$prefix/bin/gedi
cd "$work" || exit 1

holds "pkg-config names the folder of plugins" \
    test -d "$($pkg_config --variable=plugindir gedi)"
for kind in dataset view model objective sampler optimizer evaluator; do
    expect 0 "gedi new $kind" "$gedi" new $kind own_$kind
    says out "own_$kind: a"
    [ -d own_$kind ] || continue
    holds "$kind: the code is under 60 lines" [ "$(wc -l <own_$kind/own_$kind.c)" -lt 60 ]
    holds "$kind: no placeholder is left" sh -c "! grep -rE '@[A-Z]+@' own_$kind"
    holds "$kind: builds without warnings" make -C own_$kind PKG_CONFIG="$pkg_config" \
        CFLAGS="-O1 -Wall -Wextra -Werror"
    holds "$kind: passes its own test" make -C own_$kind check PKG_CONFIG="$pkg_config"
    holds "$kind: installs" make -C own_$kind install PKG_CONFIG="$pkg_config"
    expect 0 "$kind is found after make install" "$gedi" describe $kind/own_$kind
    holds "$kind: make clean" make -C own_$kind clean PKG_CONFIG="$pkg_config"
done

# ---- the schema ----

holds "the schema is installed" test -s "$prefix/share/gedi/schema.json"
expect 0 "gedi schema" env -u GEDI_PLUGIN_PATH "$gedi" schema
holds "what is installed knows the same keys" sh -c \
    "grep -q definitions out && grep -q '\"barlow_twins\"' $prefix/share/gedi/schema.json"
holds "a new descriptor names the one beside it, where none is installed" sh -c \
    'head -n 1 own_view/descriptor.yaml | grep -qx "# yaml-language-server: \$schema=schema.json"'
holds "which is there" grep -q '"definitions"' own_view/schema.json
holds "the installed one is looked for" grep -q "share/gedi/schema.json" "$top_builddir/installed.h"

# ---- a header is noticed; another prefix is compiled in ----

expect 0 "gedi new with a header" "$gedi" new objective headed
echo '#define HEADED 1' >headed/headed.h
sed -i '/gedi.h/a #include "headed.h"' headed/headed.c
holds "a header: builds" make -C headed PKG_CONFIG="$pkg_config"
holds "a header: nothing is left to do" make -q -C headed PKG_CONFIG="$pkg_config"
sleep 1
echo '#define HEADED 2' >headed/headed.h
holds "a header: its change is noticed" sh -c "! make -q -C headed PKG_CONFIG='$pkg_config'"
holds "the folder of plugins is compiled in" \
    grep -qF "/gedi/plugins\"" "$top_builddir/installed.h"
expect 0 "configure is run again" make -n -C "$top_builddir" -W Makefile libgedi.la
says out "core/plugin/registry.c"

expect 0 "list with all of them" "$gedi" list
for kind in dataset view model objective sampler optimizer evaluator; do
    holds "$kind is listed" grep -q "^$kind *own_$kind " out
done

# ---- the worked examples of docs/plugins.md ----

mkdir own_byol && cp "$top_srcdir"/docs/examples/own_byol/* own_byol
holds "own_byol: builds from installed headers without warnings" sh -c "${CC:-cc} -std=c11 -shared \
    -fPIC -fvisibility=hidden -O1 -Wall -Wextra -Werror $($pkg_config --cflags gedi) \
    -o own_byol/objective_own_byol.so own_byol/own_byol.c $($pkg_config --libs gedi)"
holds "own_byol: under 60 lines" [ "$(wc -l <own_byol/own_byol.c)" -lt 60 ]
expect 0 "own_byol: trains on moons" "$gedi" run own_byol/descriptor.yaml --quiet --out own_byol/run
says out "knn.accuracy                 1"
sed 's/{own_byol: /{byol: /' own_byol/descriptor.yaml >own_byol/built-in.yaml
expect 0 "own_byol: as gedi's own" "$gedi" run own_byol/built-in.yaml --quiet --out own_byol/built-in
weights() { # the tensors of a checkpoint: its header names the plugin
    tail -c +$(($(od -An -tu8 -N8 "$1/checkpoint.safetensors") + 9)) "$1/checkpoint.safetensors" >"$1/weights"; }
weights own_byol/run
weights own_byol/built-in
holds "own_byol: ends in the weights of gedi's own, to the byte" \
    cmp own_byol/run/weights own_byol/built-in/weights
if [ -d "${GEDI_TEST_DATA:-/nowhere}/cifar-10-batches-bin" ]; then
    expect 0 "own_byol: trains on CIFAR-10" env GEDI_DATA="$GEDI_TEST_DATA" "$gedi" run -q \
        own_byol/cifar10.yaml --out own_byol/cifar train.iterations=2 model.resnet8.width=4 'evaluate=[]'
else
    skip "own_byol on CIFAR-10: GEDI_TEST_DATA names no folder with cifar-10-batches-bin"
fi

mkdir moco && cp "$top_srcdir"/docs/examples/moco/* moco
holds "moco: builds from installed headers without warnings" sh -c "${CC:-cc} -std=c11 -shared \
    -fPIC -fvisibility=hidden -O1 -Wall -Wextra -Werror $($pkg_config --cflags gedi) \
    -o moco/objective_moco.so moco/moco.c $($pkg_config --libs gedi) -lm"
holds "moco: under 60 lines" [ "$(wc -l <moco/moco.c)" -lt 60 ]
expect 0 "moco: trains on moons" "$gedi" run moco/descriptor.yaml --quiet --out moco/run
says out "knn.accuracy                 1"
holds "moco: its teacher is in the checkpoint" \
    grep -q average.model.layer0.weight moco/run/checkpoint.safetensors
holds "moco: and its queue" grep -q objective.queue moco/run/checkpoint.safetensors
expect 0 "moco: evaluated with averaged weights" \
    "$gedi" evaluate moco/run train.weights=averaged

mkdir deepcluster && cp "$top_srcdir"/docs/examples/deepcluster/* deepcluster
holds "deepcluster: builds from installed headers without warnings" sh -c "${CC:-cc} -std=c11 -shared \
    -fPIC -fvisibility=hidden -O1 -Wall -Wextra -Werror $($pkg_config --cflags gedi) \
    -o deepcluster/objective_deepcluster.so deepcluster/deepcluster.c $($pkg_config --libs gedi) -lm"
expect 0 "deepcluster: trains on moons" \
    "$gedi" run deepcluster/descriptor.yaml --quiet --out deepcluster/run
says out "knn.accuracy                 1"
expect 0 "deepcluster: on other records, whose table it needs not" \
    "$gedi" evaluate deepcluster/run "dataset={moons: {train: 300, test: 90}}"
says out "knn.accuracy"
holds "deepcluster: its table is in the checkpoint" \
    grep -q objective.classes deepcluster/run/checkpoint.safetensors
env --default-signal=INT "$gedi" run deepcluster/descriptor.yaml --quiet --out deepcluster/cut &
pid=$!
until [ -s deepcluster/cut/metrics.jsonl ] || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
kill -INT $pid 2>/dev/null
wait $pid
expect 0 "deepcluster: resumes between two passes" "$gedi" resume -q deepcluster/cut
holds "deepcluster: in the same bytes" \
    cmp deepcluster/run/checkpoint.safetensors deepcluster/cut/checkpoint.safetensors
expect 0 "deepcluster: evaluated again" "$gedi" evaluate deepcluster/run 'evaluate=[knn: {k: 3}]'

mkdir probe && cp "$top_srcdir"/docs/examples/mlp_probe/* probe
holds "mlp_probe: builds from installed headers without warnings" sh -c "${CC:-cc} -std=c11 -shared \
    -fPIC -fvisibility=hidden -O1 -Wall -Wextra -Werror $($pkg_config --cflags gedi) \
    -o probe/evaluator_mlp_probe.so probe/mlp_probe.c $($pkg_config --libs gedi) -lm"
expect 2 "mlp_probe: needs an optimizer" \
    "$gedi" evaluate moco/run "plugins=[$PWD/moco, $PWD/probe]" "evaluate=[mlp_probe: {}]"
says err "optimizer: name one, e.g. [adam: {lr: 0.01}]"
expect 0 "mlp_probe: a network of its own learns in an evaluation" \
    "$gedi" evaluate moco/run "plugins=[$PWD/moco, $PWD/probe]" \
    "evaluate=[mlp_probe: {steps: 300, optimizer: [adam: {lr: 0.01}]}]"
says out "mlp_probe.accuracy           1"

# ---- what is refused, and that nothing is written then ----

expect 2 "an existing folder" "$gedi" new view own_view --force
says err "own_view: exists already, nothing was written"
expect 2 "a name that is taken" "$gedi" new optimizer adam
says err "optimizer/adam: exists already"
holds "nothing is written for it" test ! -e adam
expect 0 "a name that is taken, --force" "$gedi" new --force optimizer adam
for bad in My-Loss 1loss _loss "" aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; do
    expect 2 "the name '$bad'" "$gedi" new view "$bad"
    says err "not a name for a plugin"
done
expect 2 "a kind that is none" "$gedi" new objectiv mine
says err "did you mean 'objective'?"
expect 2 "no name" "$gedi" new view
mkdir elsewhere
expect 0 "--dir" "$gedi" new view mine --dir elsewhere
holds "--dir: it lies there" test -f elsewhere/mine/mine.c
expect 1 "--dir that is not there" "$gedi" new view mine --dir nowhere
says err "nowhere/mine: folder cannot be made"
expect 1 "templates that are not there" env GEDI_TEMPLATE_PATH=nowhere "$gedi" new view other
says err "nowhere/common"
holds "nothing is written without templates" test ! -e other

finish
