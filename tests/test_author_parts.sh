#!/bin/sh
# test_author_parts.sh - what the author of a dataset, a view, a sampler or an energy does wrong is said, with
# the name of what it is.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
needs_compiler

cat >dataset_records.c <<'END'
#include <gedi/gedi.h>

typedef struct records { int64_t what, height, test; } records;
static const gedi_option records_options[] = {
    GEDI_ENUM(records, what, 0, "nothing|open|told|silent|named", "what is odd"),
    GEDI_INT(records, height, 4, -9, 9, "of an image"),
    GEDI_INT(records, test, 20, -9, 99, "records"),
    GEDI_END,
};
static gedi_status records_open(void *self, const gedi_open *o, gedi_data_info *info, gedi_err *err)
{
    const records *r = self;
    (void)o, (void)err;
    *info = (gedi_data_info){.record = GEDI_DIMS(r->height, 4, 1), .count = {40, r->test},
                             .classes = 2, .labelled = {true, true}};
    return r->what == 1 ? GEDI_IO : GEDI_OK;
}
static gedi_status records_read(const void *self, gedi_split split, int64_t i, float *x, int32_t *label,
                                gedi_err *err)
{
    const records *r = self;
    for (int k = 0; k < 4 * r->height; k++)
        x[k] = (float)((i + k) % 7);
    *label = (int32_t)(i % 2);
    if (split != GEDI_TRAIN || i != 7)
        return GEDI_OK;
    switch (r->what) {
    case 2: return GEDI_FAIL(err, GEDI_DATA, "the seventh is bad");
    case 3: return GEDI_DATA;
    case 4: return GEDI_FAIL(err, GEDI_DATA, "dataset records: the seventh is bad");
    default: return GEDI_OK;
    }
}
static void records_close(void *self)
{
    (void)self;
}
GEDI_DEFINE(dataset, records) = {
    GEDI_HEAD(dataset, records), .brief = "records", .cite = "", .self_size = sizeof(records),
    .options = records_options, .open = records_open, .read = records_read, .close = records_close,
};
END
cat >view_turn.c <<'END'
#include <gedi/gedi.h>

typedef struct turn { int64_t what; } turn;
static const gedi_option turn_options[] = {
    GEDI_ENUM(turn, what, 0, "nothing|told|silent|channels", "what is odd"),
    GEDI_END,
};
static void turn_apply(const void *self, gedi_shape record, float *x, float *scratch, gedi_rng *rng)
{
    (void)self, (void)record, (void)x, (void)scratch, (void)rng;
}
static gedi_status turn_accepts(const void *self, gedi_shape record, gedi_err *err)
{
    (void)record;
    switch (((const turn *)self)->what) {
    case 1: return GEDI_FAIL(err, GEDI_SHAPE, "nothing will do");
    case 2: return GEDI_SHAPE;
    default: return GEDI_OK;
    }
}
static gedi_shape turn_shape(const void *self, gedi_shape record)
{
    return ((const turn *)self)->what == 3 ? GEDI_DIMS(gedi_shape_size(record) / 2, 1, 2)
           : record;
}
GEDI_DEFINE(view, turn) = {
    GEDI_HEAD(view, turn), .brief = "turn", .cite = "", .self_size = sizeof(turn),
    .options = turn_options, .apply = turn_apply, .accepts = turn_accepts, .shape = turn_shape,
};
END
cat >sampler_drift.c <<'END'
#include <gedi/gedi.h>

typedef struct drift { int64_t what; } drift;
static const gedi_option drift_options[] = {
    GEDI_ENUM(drift, what, 0, "nothing|nil|shape", "what is odd"),
    GEDI_END,
};
static void drift_chain(const void *self, gedi_chain *c)
{
    (void)self;
    *c = (gedi_chain){.steps = 1, .low = -1, .high = 1};
}
static gedi_node *drift_step(const void *self, gedi_build *b, gedi_node *x, gedi_node *energy)
{
    gedi_node *slope;
    (void)b;
    switch (((const drift *)self)->what) {
    case 1: return NULL;
    case 2: return energy;
    default: return gedi_grad(energy, &x, 1, NULL, 0, &slope) ? NULL : gedi_sub(x, slope);
    }
}
GEDI_DEFINE(sampler, drift) = {
    GEDI_HEAD(sampler, drift), .brief = "drift", .cite = "", .self_size = sizeof(drift),
    .options = drift_options, .chain = drift_chain, .step = drift_step,
};
END
cat >objective_hill.c <<'END'
#include <gedi/gedi.h>

typedef struct hill { int64_t what; } hill;
static const gedi_option hill_options[] = {
    GEDI_ENUM(hill, what, 0, "nothing|energy|logits|watch_energy|watch_logits|watch_twice", "what is odd"),
    GEDI_END,
};
static int64_t what_of(const void *self)
{
    return ((const hill *)self)->what;
}
static gedi_node *size(gedi_node *z)
{
    return gedi_sum(gedi_square(z), 1u << 1);
}
static void hill_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    gedi_node *up = gedi_mean_all(size(v->z[0])), *down = gedi_mean_all(size(v->zs));
    gedi_watch(b, "up", up);
    if (what_of(self) == 5)
        gedi_watch(b, "up", down);
    gedi_term(t, "gap", gedi_sub(up, down), 1, NAN);
}
static gedi_node *hill_energy(const void *self, gedi_build *b, gedi_node *x, gedi_node *z,
                              const gedi_batch *v)
{
    (void)x, (void)v;
    if (what_of(self) == 3)
        gedi_watch(b, "energy", gedi_mean_all(size(z)));
    return what_of(self) == 1 && !gedi_build_training(b) ? NULL : size(z);
}
static gedi_node *hill_logits(const void *self, gedi_build *b, gedi_node *z)
{
    if (what_of(self) == 4)
        gedi_watch(b, "logits", gedi_mean_all(z));
    return what_of(self) == 2 && !gedi_build_training(b) ? NULL : z;
}
GEDI_DEFINE(objective, hill) = {
    GEDI_HEAD(objective, hill), .brief = "hill", .cite = "", .self_size = sizeof(hill),
    .options = hill_options, .loss = hill_loss, .energy = hill_energy, .logits = hill_logits,
};
END
cat >model_flat.c <<'END'
#include <gedi/gedi.h>

typedef struct flat { bool watch; } flat;
static const gedi_option flat_options[] = {
    GEDI_BOOL(flat, watch, false, "watch what cannot be"),
    GEDI_END,
};
static gedi_node *flat_build(const void *self, gedi_build *b, gedi_node *x)
{
    const gedi_init init = {.kind = GEDI_INIT_FAN_IN, .value = 1};
    gedi_shape s = gedi_node_shape(x);
    /* A division by 0, were it called without records. */
    gedi_node *y = gedi_reshape(x, GEDI_DIMS(s.dim[0], gedi_shape_size(s) / s.dim[0]));
    if (((const flat *)self)->watch)
        gedi_watch(b, "input", gedi_mean_all(y));
    return gedi_linear(b, "layer", y, 2, true, init);
}
GEDI_DEFINE(model, flat) = {
    GEDI_HEAD(model, flat), .brief = "flat", .cite = "", .self_size = sizeof(flat),
    .options = flat_options, .build = flat_build,
};
END
cat >objective_pass.c <<'END'
#include <gedi/gedi.h>

static void pass_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "size", gedi_mean_all(gedi_square(v->z[0])), 1, 0);
}
static int64_t pass_every(const void *self)
{
    (void)self;
    return 1;
}
static gedi_status pass_pass(const void *self, gedi_pass *p, gedi_err *err)
{
    (void)self;
    return gedi_pass_epoch(p) < 2 ? GEDI_OK : GEDI_FAIL(err, GEDI_DATA, "nothing fits");
}
GEDI_DEFINE(objective, pass) = {
    GEDI_HEAD(objective, pass), .brief = "a pass that fails", .cite = "", .loss = pass_loss,
    .pass = pass_pass, .pass_every = pass_every,
};
END
mkdir own
for plugin in dataset_records view_turn sampler_drift objective_hill model_flat objective_pass; do
    build_plugin $plugin.c own/$plugin.so
done
cat >parts.yaml <<'END'
plugins:   [own]
dataset:   {records: {}}
views:     [[turn: {}]]
model:     {flat: {}}
objective: {hill: {}}
sampler:   {drift: {}}
optimizer: {adam: {}}
train:     {iterations: 6, batch: 20, log_every: 1, checkpoint_every: 2}
END
expect 0 "nothing is odd" "$gedi" run -q parts.yaml "evaluate=[clustering: {}]" --out fine
silent err

# odd [-1] TEXT OVERRIDE...: check refuses it so, with exit code 2 or 1.
odd() {
    code=2
    if [ "$1" = -1 ]; then
        code=1
        shift
    fi
    text=$1
    shift
    expect $code "$*" "$gedi" check parts.yaml "$@"
    says out "$text"
}

# ---- datasets ----

odd -1 "dataset records: a file cannot be read or written" dataset.records.what=open
odd "records of dataset records have shape [0, 4, 1]: each dimension is at least 1" dataset.records.height=0
odd "records of dataset records have shape [-2, 4, 1]: each dimension is at least 1" dataset.records.height=-2
odd -1 "dataset records has -1 test records" dataset.records.test=-1
for what in told named; do
    expect 1 "a record that is bad: $what" "$gedi" run -q parts.yaml dataset.records.what=$what --out $what
    says err "gedi: dataset records: the seventh is bad (training record 7); "
done
expect 1 "a record that is bad: silent" "$gedi" run -q parts.yaml dataset.records.what=silent --out silent
says err ": training record 7; "
holds "of a dataset that is named" grep -q "gedi: dataset records: " err

# ---- views ----

odd "view turn: nothing will do" "views=[[turn: {what: told}]]"
odd "view turn: it does not accept records of shape [4, 4, 1]" "views=[[turn: {what: silent}]]"
odd "figures: views shows images of the same channels, but view 1 makes records of shape [8, 1, 2] of [4, 4, 1]" \
    "views=[[turn: {what: channels}]]" "figures=[views]" objective=mec sampler=null
expect 0 "which are no harm without it" "$gedi" check parts.yaml "views=[[turn: {}], [turn: {}]]" \
    "figures=[views]"

# ---- samplers, energies, p(y|x) ----

odd "sampler drift: its step gives NULL, not the next state" sampler.drift.what=nil
odd "sampler drift: the next state has shape [20, 1], but the state [20, 4, 4, 1]" sampler.drift.what=shape
odd "objective hill: its energy is NULL here, but was not before" objective.hill.what=energy
odd "objective hill: its p(y|x) is NULL here, but was not before" objective.hill.what=logits "evaluate=[clustering: {}]"

# ---- what is watched ----

for what in energy logits; do
    odd "objective hill: gedi_watch: '$what': only \`.loss\` of an objective and \`.step\` of a sampler can watch" \
        objective.hill.what=watch_$what
done
odd "model flat: gedi_watch: 'input': only \`.loss\`" model.flat.watch=true
odd "objective hill: gedi_watch: 'up' is watched twice: give each a name of its own" objective.hill.what=watch_twice

# ---- a pass ----

expect 1 "a pass that fails" "$gedi" run -q parts.yaml objective=pass sampler=null --out pass
says err "iteration 5: the pass of objective pass: nothing fits; last good checkpoint: "
says err "when this is mended, go on by: gedi resume pass (where a plugin is rebuilt for it, start a new run)"

# ---- where plugins are looked for ----

expect 2 "a plugin that is not there" env GEDI_PLUGIN_PATH="$work/own:$work/own/" "$gedi" check parts.yaml \
    "plugins=[own, own/.]" objective=nowhere
says out "there is no objective 'nowhere'"
holds "a folder is named once" test "$(grep -o "$work/own" out | wc -l)" -eq 1

finish
