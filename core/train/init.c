/* init.c - a trainer begins with the weights that `init` names. */
#include "core/train/init.h"
#include "core/base/memory.h"
#include "core/store/identity.h"
#include "core/store/weights.h"
#include "core/train/checkpoint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct taking {
    gedi__trainer *t;
    const gedi__init *init;
    const gedi__tensors *f;
    const char *path;
    bool *fresh; /* [parameters]: begins as the seed, or another parameter, says */
    gedi_err *err;
} taking;

/* Is it asked for by name, or are all? */
static bool is_wanted(const gedi__init *i, const char *name)
{
    for (int k = 0; k < i->onlys; k++)
        if (gedi__name_is_under(name, i->only[k]))
            return true;
    return !i->onlys;
}

static gedi_status need_one(const taking *k, const char *prefix, const char *key)
{
    const gedi__params *p = &k->t->net.params;
    for (int i = 0; i < p->n; i++)
        if (gedi__name_is_under(p->param[i]->name, prefix))
            return GEDI_OK;
    return gedi__network_no_such(&k->t->net, key, false, prefix, k->err);
}

static gedi_status check_names(const taking *k)
{
    for (int i = 0; i < k->init->onlys; i++)
        GEDI_TRY(need_one(k, k->init->only[i], "init." GEDI__INIT_ONLY));
    for (int i = 0; i < k->init->renames; i++)
        GEDI_TRY(need_one(k, k->init->rename[i].parameter, "init." GEDI__INIT_NAMES));
    return GEDI_OK;
}

/* ---- one tensor ---- */

/* PyTorch's shape of it: linear [out, in], kernels [out, in, H, W]. */
static gedi_shape turned(gedi_shape s)
{
    if (s.rank == 2)
        return (gedi_shape){.rank = 2, .dim = {s.dim[1], s.dim[0]}};
    if (s.rank == 4)
        return (gedi_shape){.rank = 4, .dim = {s.dim[3], s.dim[2], s.dim[0], s.dim[1]}};
    return s;
}

/* From there: [in, out], [H, W, in, out]. */
static void turn(const float *from, gedi_shape s, float *to)
{
    int64_t out = s.dim[s.rank - 1], in = s.dim[s.rank - 2];
    int64_t area = s.rank == 4 ? s.dim[0] * s.dim[1] : 1;
    for (int64_t a = 0; a < area; a++)
        for (int64_t i = 0; i < in; i++)
            for (int64_t o = 0; o < out; o++)
                to[(a * in + i) * out + o] = from[(o * in + i) * area + a];
}

static gedi_status take(const taking *k, const gedi__param *q, const char *name)
{
    bool turns = k->init->layout && (q->shape.rank == 2 || q->shape.rank == 4);
    float *to = gedi__param_data(&k->t->net.params, q);
    const void *data;
    gedi_err own = {0};
    gedi_status s = gedi__tensors_get(k->f, name, GEDI__F32,
                                      turns ? turned(q->shape) : q->shape, &data, &own);
    const gedi__tensor *e = gedi__tensors_find(k->f, name);
    if (s)
        return GEDI_FAIL(k->err, GEDI_DESCRIPTOR, "init: parameter %s: %s%s", q->name,
                         own.msg,
                         e->dtype == GEDI__F32 ? "" : ": save it as numbers of 32 bits");
    for (int64_t i = 0; i < q->size; i++)
        if (!isfinite(((const float *)data)[i]))
            return GEDI_FAIL(k->err, GEDI_DESCRIPTOR,
                             "init: parameter %s: %s: tensor '%.64s', index %lld, is %g",
                             q->name, k->path, name, (long long)i,
                             (double)((const float *)data)[i]);
    if (turns)
        turn(data, q->shape, to);
    else
        memcpy(to, data, (size_t)q->size * sizeof(float));
    return GEDI_OK;
}

/* ---- all of them ---- */

/* A running average begins as what it is of, and a table is of the records it was made of, unless
 * they are there. */
static bool can_be_left(const gedi__param *q)
{
    return q->of || q->table;
}

static gedi_status take_wanted(taking *k, gedi__init_taken *out)
{
    const gedi__params *p = &k->t->net.params;
    char name[GEDI__SCOPE + 256], lacks[GEDI__SCOPE + 256] = "";
    int lacking = 0;
    out->of = p->n;
    for (int i = 0; i < p->n; i++) {
        const gedi__param *q = p->param[i];
        k->fresh[i] = true;
        if (!is_wanted(k->init, q->name))
            continue;
        if (!gedi__init_name(k->init, q->name, name, sizeof name))
            return GEDI_FAIL(k->err, GEDI_DESCRIPTOR,
                             "init.names: %s: the name is too long", q->name);
        if (gedi__tensors_find(k->f, name)) {
            GEDI_TRY(take(k, q, name));
            k->fresh[i] = false;
            out->parameters++;
        } else if (!can_be_left(q) && !lacking++) {
            snprintf(lacks, sizeof lacks, "%s", name);
        }
    }
    if (lacking)
        return GEDI_FAIL(
            k->err, GEDI_DESCRIPTOR,
            "init: %s lacks %d of the tensors to be taken, the first is '%s': say with "
            "`only` what is to be taken, and with `names` what it is called there",
            k->path, lacking, lacks);
    return gedi__network_start(&k->t->net, k->fresh, k->err);
}

/* Has a line of `from` on the dataset another value in one of the two? Where data lie is left out. */
static bool has_other_dataset(const char *from, const char *then, const char *now)
{
    static const char *const of[] = {"dataset", "revision of dataset", "file of dataset",
                                     "content of dataset"};
    for (const char *l = from; *l; l += strcspn(l, "\n"), l += *l == '\n') {
        size_t key;
        bool asked = false;
        for (size_t i = 0; i < sizeof of / sizeof *of; i++)
            asked |= !strncmp(l, of[i], strlen(of[i]));
        if (asked && !gedi__identity_is_place(l) &&
            gedi__identity_differs(l, then, now, &key))
            return true;
    }
    return false;
}

/* Weights of another dataset are what transfer is; of one that only lies there otherwise, a surprise. */
static gedi_status compare_data(const taking *k, gedi__init_taken *out)
{
    const char *data = gedi__tensors_meta(k->f, GEDI__DATA);
    const char *then = gedi__tensors_meta(k->f, GEDI__IDENTITY);
    if (!data || !then || gedi__digest_same(data, k->t->data.digest))
        return GEDI_OK;
    gedi__text now = {0};
    gedi_status s = gedi__identity_text(k->t->e, &now, k->err);
    if (!s && now.s && !has_other_dataset(then, then, now.s) &&
        !has_other_dataset(now.s, then, now.s))
        gedi__digest_changes(data, k->t->data.digest, out->changed);
    gedi__text_clear(&now);
    return s;
}

/* A stored descriptor says which weights it means. */
static gedi_status check_sum(const gedi__experiment *e, const char *path, gedi_err *err)
{
    char sum[GEDI__WEIGHTS_SUM + 1];
    if (!*e->init.checksum)
        return GEDI_OK;
    GEDI_TRY(gedi__weights_sum(e, sum, err));
    if (!strcmp(sum, e->init.checksum))
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_DESCRIPTOR,
        "init: %s has the checksum %s, but the descriptor was written for weights "
        "with %.32s: put them back, or leave init.checksum out to begin with these",
        path, sum, e->init.checksum);
}

static gedi_status take_from(gedi__trainer *t, const char *path, gedi__init_taken *out,
                             gedi_err *err)
{
    const gedi__init *init = &t->e->init;
    gedi__tensors *f;
    gedi_err own = {0};
    gedi_status s = *init->run
                        ? gedi__tensors_read_sealed(path, GEDI__FILE_CHECKPOINT, &f, &own)
                        : gedi__tensors_read_foreign(path, &f, &own);
    if (s)
        return GEDI_FAIL(err, s, "init: %s", own.msg);
    char *run = *init->run ? gedi__init_place(t->e) : NULL;
    bool lacks = run && gedi__checkpoint_lacks_chosen(f, run);
    bool no_memory = *init->run && !run;
    free(run);
    if (no_memory || lacks)
        gedi__tensors_free(f);
    if (no_memory)
        return gedi_no_memory(err, "init");
    if (lacks)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "init.run: %s: validation has chosen other weights, but %s is missing "
            "beside it",
            path, gedi__store_name(GEDI__FILE_BEST));
    taking k = {.t = t, .init = init, .f = f, .path = path, .err = err};
    k.fresh = gedi__alloc((size_t)t->net.params.n, sizeof *k.fresh, err, "init");
    s = k.fresh ? check_names(&k) : GEDI_NOMEM;
    if (s == GEDI_OK)
        s = take_wanted(&k, out);
    if (s == GEDI_OK)
        s = *init->run ? compare_data(&k, out) : GEDI_OK;
    if (s == GEDI_OK)
        t->net.labelled = t->net.labelled || gedi__tensors_meta(f, GEDI__LABELLED);
    free(k.fresh);
    gedi__tensors_free(f);
    return s;
}

gedi_status gedi__init_take(gedi__trainer *t, gedi__init_taken *out, gedi_err *err)
{
    char *path;
    *out = (gedi__init_taken){0};
    if (!gedi__init_is_given(&t->e->init))
        return GEDI_OK;
    GEDI_TRY(gedi__weights_path(t->e, &path, err));
    gedi_status s = check_sum(t->e, path, err);
    if (s == GEDI_OK)
        s = take_from(t, path, out, err);
    snprintf(out->from, sizeof out->from, "%s", path);
    free(path);
    return s;
}
