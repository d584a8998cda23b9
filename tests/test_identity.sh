#!/bin/sh
# test_identity.sh - a plugin outside the tree that is built twice: what is run again, what is refused.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
needs_compiler

# build REVISION SCALE [OPTION]: view_mine.so, with that revision, and one option more.
build() {
    cat >view_mine.c <<END
#include <gedi/gedi.h>

typedef struct { double by, more; } mine;
static const gedi_option mine_options[] = {
    GEDI_REAL(mine, by, 0.1, 0.0, 1.0, "added to each number"),
    ${3:-}
    GEDI_END,
};
static void mine_apply(const void *self, gedi_shape record, float *x, float *scratch, gedi_rng *rng)
{
    const mine *o = self;
    (void)scratch, (void)rng;
    for (int64_t i = 0; i < gedi_shape_size(record); i++)
        x[i] += (float)(o->by * $2);
}
GEDI_DEFINE(view, mine) = {
    GEDI_HEAD(view, mine), .brief = "adds a number", .cite = "", .revision = $1,
    .self_size = sizeof(mine), .options = mine_options, .apply = mine_apply,
};
END
    # shellcheck disable=SC2086  # CC may have arguments
    $CC -shared -fPIC -I"$top_srcdir/include" view_mine.c -o view_mine.so.new &&
        mv view_mine.so.new view_mine.so # another file, not the one that is loaded
}

moons_descriptor mine.yaml seed: threads: 'views: [[], [mine: {}]]' \
    'train: {iterations: 20, batch: 20, log_every: 10, checkpoint_every: 10}' 'plugins: [view_mine.so]'

holds "the plugin builds" build 0 1.0
expect 0 "sweep" "$gedi" sweep mine.yaml sweep.seed=0..1 -j 1 --out s
says err "2 of 2 points are finished"
hash=$("$gedi" sweep mine.yaml sweep.seed=0..1 -n --out s | sed -n '1s/ .*//p')
holds "its summary has the file's checksum" grep -qE '"file of view mine: [0-9a-f]{16}"' \
    "s/runs/$hash/summary.json"
holds "it has none of gedi's own" [ "$(grep -c '"file of' "s/runs/$hash/summary.json")" -eq 1 ]
holds "it has the commit of gedi" grep -qE '"commit": "([0-9a-f]{40}(, changed since)?|unknown)"' \
    "s/runs/$hash/summary.json"
expect 0 "sweep of points that are finished" "$gedi" sweep mine.yaml sweep.seed=0..1 -n --out s
says out "2 points, 2 finished"

# ---- another file ----

cp view_mine.so old.so
holds "the plugin builds with other mathematics" build 0 2.0
expect 0 "sweep with a rebuilt plugin, and one seed more" "$gedi" sweep mine.yaml sweep.seed=0..2 -j 1 \
    --out s
says err "2 points run again: view mine was rebuilt since"
says err "3 points, 3 to run"
expect 0 "the same again" "$gedi" sweep mine.yaml sweep.seed=0..2 -j 1 --out s
says err "3 points, 0 to run"
expect 0 "table of both builds" "$gedi" table s/runs --rows views.1.0.mine.by \
    --value evaluation.clustering.nmi
says out "view mine: file"
says out "elsewhere view mine: file"
expect 2 "resume of a run of the old build" "$gedi" resume "s/runs/$hash"
says err "view mine was rebuilt since"
says err "put the build back that it was trained with"
expect 2 "evaluate with the new build" "$gedi" evaluate "s/runs/$hash"
says err "view mine was rebuilt since"
mv view_mine.so new.so
cp old.so view_mine.so
expect 0 "resume with the old build" "$gedi" resume "s/runs/$hash"
says err "finished already"

# ---- another revision, and one option more ----

expect 0 "sweep with the old build" "$gedi" sweep mine.yaml sweep.seed=0..1 -j 1 --out s
says err "2 points, 0 to run"
holds "the plugin builds with a revision" build 3 1.0
expect 0 "sweep with a revision" "$gedi" sweep mine.yaml sweep.seed=0 -j 1 --out s
says err "1 point runs again: view mine was rebuilt since; view mine has revision 3, it had 0"

holds "the plugin builds once more" build 4 1.0
expect 0 "sweep with another revision" "$gedi" sweep mine.yaml sweep.seed=0 -n --out s
says err "view mine was rebuilt since; view mine has revision 4, it had 3"

# ---- a run that is to become longer, too ----

expect 0 "a run" "$gedi" run -q mine.yaml --out longer
holds "the plugin builds with yet another revision" build 5 1.0
expect 2 "resume with more iterations" "$gedi" resume longer train.iterations=40
says err "checkpoint.safetensors: view mine was rebuilt since; view mine has revision 5, it had 4: put the build back"
holds "what is put in is not to blame" [ "$(grep -c iterations err)" -eq 0 ]

holds "the plugin builds with one option more" build 4 1.0 \
    'GEDI_REAL(mine, more, 0.5, 0.0, 1.0, "not used"),'
expect 0 "sweep with one option more" "$gedi" sweep mine.yaml sweep.seed=0 -n --out s
says err "1 point runs again: view mine was rebuilt since"
holds "the option is no part of what is said" [ "$(grep -c more err)" -eq 0 ]

# ---- an option that is gone ----

expect 0 "a sweep with the option" "$gedi" sweep -q mine.yaml sweep.seed=0 -j 1 --out gone
gone=gone/runs/$(ls gone/runs)
holds "the plugin builds without it" build 4 1.0
rebuilt="descriptor.yaml: view mine was rebuilt since: put the build back that the run was trained with"
expect 1 "check of the sweep" "$gedi" check gone
says out "more"
says out "$rebuilt"
for command in resume evaluate sample; do
    expect 2 "$command" "$gedi" $command "$gone"
    says err "more"
    says err "$rebuilt"
done
expect 2 "evaluate of the sweep" "$gedi" evaluate gone
says err "$rebuilt"
holds "the plugin builds with it" build 4 1.0 'GEDI_REAL(mine, more, 0.5, 0.0, 1.0, "not used"),'
expect 2 "a mistake of the caller's" "$gedi" evaluate "$gone" evaluate.nothing=1
holds "is not laid to the build" [ "$(grep -c rebuilt err)" -eq 0 ]

finish
