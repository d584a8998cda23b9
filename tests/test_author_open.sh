#!/bin/sh
# test_author_open.sh - what `.open` of a plugin fails with decides the exit code, the same for every kind that has
# one: 2 for a mistake of the user, 1 for a file or a plugin that does not do its part.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
needs_compiler

# What the three kinds share: the option is the status that open ends with.
cat >part.h <<'END'
#include <gedi/gedi.h>

typedef struct part { int64_t fails; } part;
static const gedi_option part_options[] = {
    GEDI_INT(part, fails, 0, 0, 99, "the status that open ends with"),
    GEDI_END,
};
static gedi_status part_fails(const void *self, gedi_err *err)
{
    int64_t s = ((const part *)self)->fails;
    return s ? GEDI_FAIL(err, (gedi_status)s, "it does not open") : GEDI_OK;
}
END
plugin dataset_part <<'END'
#include "part.h"
static gedi_status part_open(void *self, const gedi_open *o, gedi_data_info *info, gedi_err *err)
{
    (void)o;
    *info = (gedi_data_info){.record = GEDI_DIMS(2), .count = {40, 20}};
    return part_fails(self, err);
}
static gedi_status part_read(const void *self, gedi_split split, int64_t i, float *x, int32_t *label, gedi_err *err)
{
    (void)self, (void)split, (void)err;
    x[0] = (float)(i % 7);
    x[1] = (float)(i % 5);
    *label = -1;
    return GEDI_OK;
}
static void part_close(void *self)
{
    (void)self;
}
GEDI_DEFINE(dataset, part) = {
    GEDI_HEAD(dataset, part), .brief = "part", .cite = "", .self_size = sizeof(part),
    .options = part_options, .open = part_open, .read = part_read, .close = part_close,
};
END
plugin objective_part <<'END'
#include "part.h"
static gedi_status part_open(void *self, const gedi_open *o, gedi_err *err)
{
    (void)o;
    return part_fails(self, err);
}
static void part_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "size", gedi_mean_all(gedi_square(v->z[0])), 1, 0);
}
GEDI_DEFINE(objective, part) = {
    GEDI_HEAD(objective, part), .brief = "part", .cite = "", .self_size = sizeof(part),
    .options = part_options, .open = part_open, .loss = part_loss,
};
END
plugin evaluator_part <<'END'
#include "part.h"
static gedi_status part_open(void *self, const gedi_open *o, gedi_err *err)
{
    (void)o;
    return part_fails(self, err);
}
static const gedi_metric part_metrics[] = {{"one", GEDI_MORE, "", "1"}, GEDI_METRICS_END};
static gedi_status part_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    (void)self, (void)err;
    gedi_trial_report(t, "one", 1, NULL);
    return GEDI_OK;
}
GEDI_DEFINE(evaluator, part) = {
    GEDI_HEAD(evaluator, part), .brief = "part", .cite = "", .self_size = sizeof(part),
    .options = part_options, .open = part_open, .evaluate = part_evaluate, .metrics = part_metrics,
};
END
cat >part.yaml <<'END'
plugins: [dataset_part.so, objective_part.so, evaluator_part.so]
dataset: {part: {}}
views: [[]]
model: {mlp: {hidden: [4], output: 2}}
objective: {part: {}}
optimizer: {adam: {}}
train: {iterations: 2, batch: 10}
evaluate: [part: {}]
END
(cat part.yaml && echo 'sweep: {seed: 0..1}') >sweep.yaml
expect 0 "all open" "$gedi" run -q part.yaml --out whole

# The values of errors.def with their exit codes; want of memory and a signal are told otherwise.
sed -n 's/^GEDI_ERROR(\([A-Z]*\), \([0-9]*\), \([12]\),.*/\1 \2 \3/p' "$top_srcdir/include/gedi/errors.def" |
    grep -v '^NOMEM\|^INTERRUPTED' >statuses
holds "errors.def is read" [ "$(wc -l <statuses)" -ge 11 ]
for at in dataset.part objective.part evaluate.0.part; do
    while read -r status value code; do
        expect "$code" "$at, $status: check" "$gedi" check part.yaml "$at.fails=$value"
        says out "it does not open"
        expect "$code" "$at, $status: run" "$gedi" run -q part.yaml "$at.fails=$value" --out no
        says err "it does not open"
        holds "nothing is begun" test ! -e no
        expect "$code" "$at, $status: check of a sweep" "$gedi" check sweep.yaml "$at.fails=$value"
        expect "$code" "$at, $status: sweep" "$gedi" sweep -q sweep.yaml "$at.fails=$value" --out no
        holds "nothing is begun" test ! -e no
        expect "$code" "$at, $status: evaluate" "$gedi" evaluate -q whole "$at.fails=$value"
    done <statuses
    expect 2 "$at: with a mistake beside it" "$gedi" check part.yaml "$at.fails=7" seed=x
done

finish
