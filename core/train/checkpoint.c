/* checkpoint.c - everything a run needs to go on, in one safetensors file. */
#include "core/train/checkpoint.h"
#include "core/base/memory.h"
#include "core/store/identity.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES "log"
#define BEST "best"
enum { NAME = 2 * GEDI__SCOPE + 32 };

static const char *slot_name(char *out, int slot, const char *param)
{
    snprintf(out, NAME, "optimizer.%d.%s", slot, param);
    return out;
}

static gedi_shape buffer_shape(const gedi__trainer *t)
{
    return gedi__batch_shape(t->net.info.record, t->chains.how.buffer);
}

static gedi_status check_finite(const gedi__trainer *t, gedi_err *err)
{
    const gedi__params *p = &t->net.params;
    for (int i = 0; i < p->n; i++) {
        const float *x = gedi__param_data(p, p->param[i]);
        for (int64_t k = 0; k < p->param[i]->size; k++)
            if (!isfinite(x[k]))
                return GEDI_FAIL(err, GEDI_NUMERIC,
                                 "iteration %lld: parameter %s, index %lld, is %g",
                                 (long long)t->iteration, p->param[i]->name, (long long)k,
                                 (double)x[k]);
    }
    return GEDI_OK;
}

gedi_status gedi__checkpoint_write(const gedi__trainer *t, const char *path,
                                   const char *previous, const char *identity,
                                   gedi_err *err)
{
    const gedi__params *p = &t->net.params;
    gedi__tensors_writer *w;
    char text[NAME];
    GEDI_TRY(check_finite(t, err));
    GEDI_TRY(gedi__tensors_write_open(path, &w, err));
    for (int i = 0; i < p->n; i++)
        gedi__tensors_write_add(w, p->param[i]->name, GEDI__F32, p->param[i]->shape,
                                gedi__param_data(p, p->param[i]));
    for (int k = 0; k < t->optimizer.slots; k++)
        for (int i = 0; i < t->optimizer.segments; i++)
            gedi__tensors_write_add(w, slot_name(text, k, t->optimizer.segment[i].name),
                                    GEDI__F32, t->optimizer.segment[i].shape,
                                    t->optimizer.slot[k] +
                                        t->optimizer.segment[i].offset);
    if (t->samples && t->chains.how.buffer)
        gedi__tensors_write_add(w, GEDI__BUFFER, GEDI__F32, buffer_shape(t),
                                t->chains.buffer);
    snprintf(text, sizeof text, "%" PRId64, t->iteration);
    gedi__tensors_write_meta(w, "iteration", text);
    snprintf(text, sizeof text, "%d", (int)(t->stage - t->e->stage));
    gedi__tensors_write_meta(w, "stage", text);
    snprintf(text, sizeof text, "%" PRId64, t->lines);
    gedi__tensors_write_meta(w, LINES, text);
    if (t->best.iteration) {
        snprintf(text, sizeof text, "%" PRId64 " %.17g %" PRId64, t->best.iteration,
                 t->best.value, t->best.waited);
        gedi__tensors_write_meta(w, BEST, text);
    }
    if (t->net.labelled)
        gedi__tensors_write_meta(w, GEDI__LABELLED, "trained on");
    gedi__tensors_write_meta(w, GEDI__DATA, t->data.digest);
    gedi__tensors_write_meta(w, GEDI__IDENTITY, identity);
    gedi__tensors_write_seal(w, GEDI__FILE_CHECKPOINT);
    if (previous)
        gedi__tensors_write_keep(w, previous);
    return gedi__tensors_write_commit(w, err);
}

static gedi_status take(const gedi__tensors *f, const char *name, gedi_shape s, float *to,
                        gedi_err *err)
{
    const void *data;
    GEDI_TRY(gedi__tensors_get(f, name, GEDI__F32, s, &data, err));
    memcpy(to, data, (size_t)gedi_shape_size(s) * sizeof(float));
    return GEDI_OK;
}

static gedi_status take_all(gedi__trainer *t, const gedi__tensors *f, gedi_err *err)
{
    const gedi__params *p = &t->net.params;
    char text[NAME];
    for (int i = 0; i < p->n; i++)
        GEDI_TRY(take(f, p->param[i]->name, p->param[i]->shape,
                      gedi__param_data(p, p->param[i]), err));
    for (int k = 0; k < t->optimizer.slots; k++)
        for (int i = 0; i < t->optimizer.segments; i++)
            GEDI_TRY(take(f, slot_name(text, k, t->optimizer.segment[i].name),
                          t->optimizer.segment[i].shape,
                          t->optimizer.slot[k] + t->optimizer.segment[i].offset, err));
    if (t->samples && t->chains.how.buffer)
        GEDI_TRY(take(f, GEDI__BUFFER, buffer_shape(t), t->chains.buffer, err));
    return GEDI_OK;
}

/* ---- from one stage to the next ---- */

static bool restarts(const gedi__stage *s, const char *name)
{
    for (int i = 0; i < s->restarts; i++)
        if (gedi__name_is_under(name, s->restart[i]))
            return true;
    return false;
}

/* What is not in the file stays as it is. */
static gedi_status take_if_there(const gedi__tensors *f, const char *name, gedi_shape s,
                                 float *to, gedi_err *err)
{
    return gedi__tensors_find(f, name) ? take(f, name, s, to, err) : GEDI_OK;
}

/* The replay buffer, as far as both have room. */
static gedi_status take_buffer_over(gedi__trainer *t, const gedi__tensors *f,
                                    gedi_err *err)
{
    const gedi__tensor *from = gedi__tensors_find(f, GEDI__BUFFER);
    gedi_shape s = buffer_shape(t);
    const void *data;
    if (!t->samples || !from)
        return GEDI_OK;
    s.dim[0] = from->shape.dim[0];
    GEDI_TRY(gedi__tensors_get(f, from->name, GEDI__F32, s, &data, err));
    int64_t n = s.dim[0] < t->chains.how.buffer ? s.dim[0] : t->chains.how.buffer;
    memcpy(t->chains.buffer, data, (size_t)(n * t->chains.record) * sizeof(float));
    return GEDI_OK;
}

static gedi_status take_parameters_over(gedi__trainer *t, const gedi__tensors *f,
                                        gedi_err *err)
{
    const gedi__params *p = &t->net.params;
    bool *fresh = gedi__alloc((size_t)p->n, sizeof *fresh, err, "the next stage");
    gedi_status s = fresh ? GEDI_OK : GEDI_NOMEM;
    for (int i = 0; s == GEDI_OK && i < p->n; i++) {
        const gedi__param *q = p->param[i];
        fresh[i] = restarts(t->stage, q->name) ||
                   (q->of && restarts(t->stage, q->of->name)) ||
                   !gedi__tensors_find(f, q->name);
        if (!fresh[i])
            s = take(f, q->name, q->shape, gedi__param_data(p, q), err);
    }
    if (s == GEDI_OK)
        s = gedi__network_start(&t->net, fresh, err);
    free(fresh);
    return s;
}

/* What the stage before leaves. What it did not have, and what starts anew, is as the seed says;
 * moments of what it did not train are zero. */
static gedi_status take_over(gedi__trainer *t, const gedi__tensors *f, gedi_err *err)
{
    char text[NAME];
    GEDI_TRY(take_parameters_over(t, f, err));
    for (int k = 0; t->stage->keeps_optimizer && k < t->optimizer.slots; k++)
        for (int i = 0; i < t->optimizer.segments; i++)
            if (!restarts(t->stage, t->optimizer.segment[i].name))
                GEDI_TRY(take_if_there(
                    f, slot_name(text, k, t->optimizer.segment[i].name),
                    t->optimizer.segment[i].shape,
                    t->optimizer.slot[k] + t->optimizer.segment[i].offset, err));
    return take_buffer_over(t, f, err);
}

gedi_status gedi__checkpoint_fits(const gedi__stage *s, const gedi__params *from,
                                  const gedi__params *to, gedi_err *err)
{
    char is[64], was[64];
    for (int i = 0; i < to->n; i++)
        for (int k = 0; k < from->n; k++) {
            const gedi__param *q = to->param[i], *p = from->param[k];
            if (strcmp(p->name, q->name) || gedi_shape_equal(p->shape, q->shape) ||
                restarts(s, q->name))
                continue;
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "parameter %s is %s, but %s in the stage before: give it the same "
                "shape, or let it start anew with `restart: [%s]`",
                q->name, gedi_shape_text(q->shape, is, sizeof is),
                gedi_shape_text(p->shape, was, sizeof was), q->name);
        }
    return GEDI_OK;
}

/* ---- where a file stands ---- */

typedef struct mark {
    int stage;
    int64_t iteration;
} mark;

gedi_status gedi__checkpoint_check(const gedi__tensors *f, const gedi__experiment *e,
                                   const char *path, const char *identity, gedi_err *err)
{
    const char *of = gedi__tensors_meta(f, GEDI__IDENTITY);
    if (!of)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: not a checkpoint of gedi: its metadata lack " GEDI__IDENTITY, path);
    if (gedi__identity_is_longer(e, of, identity))
        return GEDI_OK;
    return gedi__identity_check(path, of, identity, err);
}

bool gedi__checkpoint_lacks_chosen(const gedi__tensors *f, const char *run)
{
    return gedi__tensors_meta(f, BEST) && gedi__store_has(run, GEDI__FILE_SUMMARY) &&
           !gedi__store_has(run, GEDI__FILE_BEST);
}

int64_t gedi__checkpoint_lines(const gedi__tensors *f)
{
    const char *text = gedi__tensors_meta(f, LINES);
    return text ? strtoll(text, NULL, 10) : -1;
}

/* A whole number of the metadata that lies in [low, high]. */
static gedi_status read_number(const gedi__tensors *f, const char *path, const char *key,
                               int64_t low, int64_t high, int64_t *out, gedi_err *err)
{
    const char *text = gedi__tensors_meta(f, key);
    char *end;
    if (!text)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: not a checkpoint of gedi: its metadata lack %s", path, key);
    *out = strtoll(text, &end, 10);
    if (end == text || *end || *out < low || *out > high)
        return GEDI_FAIL(err, GEDI_DATA, "%s: %s '%s' is not in [%lld, %lld]", path, key,
                         text, (long long)low, (long long)high);
    return GEDI_OK;
}

static gedi_status read_mark(const gedi__tensors *f, const gedi__experiment *e,
                             const char *path, const char *identity, mark *out,
                             gedi_err *err)
{
    int64_t stage;
    GEDI_TRY(gedi__checkpoint_check(f, e, path, identity, err));
    GEDI_TRY(read_number(f, path, "stage", 0, e->stages - 1, &stage, err));
    const gedi__stage *s = &e->stage[stage];
    out->stage = (int)stage;
    return read_number(f, path, "iteration", s->first, gedi__stage_end(s),
                       &out->iteration, err);
}

gedi_status gedi__checkpoint_stage(const gedi__experiment *e, const char *path,
                                   const char *identity, const gedi__stage **out,
                                   int64_t *iteration, gedi_err *err)
{
    gedi__tensors *f;
    mark m;
    GEDI_TRY(gedi__tensors_read_sealed(path, GEDI__FILE_CHECKPOINT, &f, err));
    gedi_status s = read_mark(f, e, path, identity, &m, err);
    gedi__tensors_free(f);
    if (s != GEDI_OK)
        return s;
    bool over = m.iteration == gedi__stage_end(&e->stage[m.stage]);
    *out = &e->stage[m.stage + (over && m.stage + 1 < e->stages)];
    if (iteration)
        *iteration = m.iteration;
    return GEDI_OK;
}

/* Has the trainer a place for the tensor of that name? */
static bool has_place(const gedi__trainer *t, const char *name)
{
    const gedi__params *p = &t->net.params;
    char text[NAME];
    for (int i = 0; i < p->n; i++)
        if (!strcmp(p->param[i]->name, name))
            return true;
    for (int k = 0; k < t->optimizer.slots; k++)
        for (int i = 0; i < t->optimizer.segments; i++)
            if (!strcmp(slot_name(text, k, t->optimizer.segment[i].name), name))
                return true;
    return t->samples && t->chains.how.buffer && !strcmp(name, "sampler.buffer");
}

/* With other options than those of the file: all that the trainer has is there, and all that is
 * there it has. */
static gedi_status take_exactly(gedi__trainer *t, const gedi__tensors *f, gedi_err *err)
{
    gedi_err own = {0};
    gedi_status s = take_all(t, f, &own);
    const char *lost = NULL;
    for (int i = 0; s == GEDI_OK && !lost && i < gedi__tensors_count(f); i++)
        if (!has_place(t, gedi__tensors_at(f, i)->name))
            lost = gedi__tensors_at(f, i)->name;
    if (s == GEDI_OK && !lost)
        return GEDI_OK;
    return GEDI_FAIL(err, s == GEDI_DATA || lost ? GEDI_DESCRIPTOR : s,
                     "%s%s: a run goes on with the tensors that its checkpoint has: "
                     "only what leaves all their names and shapes alone can change",
                     lost ? lost : own.msg,
                     lost ? ": with these values nothing has it" : "");
}

/* None where it does not say. */
static gedi_status read_best(const gedi__tensors *f, const char *path, gedi__chosen *out,
                             gedi_err *err)
{
    const char *text = gedi__tensors_meta(f, BEST);
    *out = (gedi__chosen){0};
    if (text && (sscanf(text, "%" SCNd64 " %lf %" SCNd64, &out->iteration, &out->value,
                        &out->waited) != 3 ||
                 out->iteration < 1 || out->waited < 0 || !isfinite(out->value)))
        return GEDI_FAIL(err, GEDI_DATA, "%s: " BEST " '%.64s' is damaged", path, text);
    return GEDI_OK;
}

/* A checkpoint that says nothing of its data is older than that. */
static gedi_status check_data(gedi__trainer *t, const gedi__tensors *f, bool may_differ,
                              const char *path, gedi_err *err)
{
    char what[GEDI__CHANGED];
    const char *then = gedi__tensors_meta(f, GEDI__DATA);
    if (!then || gedi__digest_same(then, t->data.digest))
        return GEDI_OK;
    gedi__digest_changes(then, t->data.digest, what);
    if (gedi__digest_sizes_alone(then, t->data.digest))
        snprintf(what, sizeof what, "some of their files have other sizes");
    else if (!may_differ)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%.200s: the data are not those that the run began with: %s: restore "
            "them, or start a new run",
            path, what);
    memcpy(t->changed, what, sizeof what);
    return GEDI_OK;
}

static gedi_status read_into(gedi__trainer *t, const char *path, const char *identity,
                             bool exactly, gedi_err *err)
{
    gedi__tensors *f;
    mark m;
    GEDI_TRY(gedi__tensors_read_sealed(path, GEDI__FILE_CHECKPOINT, &f, err));
    gedi_status s = read_mark(f, t->e, path, identity, &m, err);
    int stage = (int)(t->stage - t->e->stage);
    if (s == GEDI_OK)
        s = check_data(t, f, exactly, path, err);
    if (s == GEDI_OK && m.stage == stage && !exactly) /* else it is another run's */
        s = read_best(f, path, &t->best, err);
    if (s == GEDI_OK && m.stage == stage)
        s = exactly ? take_exactly(t, f, err) : take_all(t, f, err);
    else if (s == GEDI_OK && m.stage == stage - 1 && m.iteration == t->stage->first)
        s = take_over(t, f, err);
    else if (s == GEDI_OK)
        s = GEDI_FAIL(err, GEDI_DATA, "%s: of stage %d, iteration %lld, not of stage %d",
                      path, m.stage, (long long)m.iteration, stage);
    if (s == GEDI_OK) {
        t->iteration = m.iteration;
        t->lines = gedi__checkpoint_lines(f);
        t->net.labelled = t->net.labelled || gedi__tensors_meta(f, GEDI__LABELLED);
    }
    gedi__tensors_free(f);
    return s;
}

gedi_status gedi__checkpoint_read(gedi__trainer *t, const char *path,
                                  const char *identity, gedi_err *err)
{
    return read_into(t, path, identity, false, err);
}

gedi_status gedi__checkpoint_adopt(gedi__trainer *t, const char *path,
                                   const char *identity, gedi_err *err)
{
    return read_into(t, path, identity, true, err);
}
