/* weights.c - the file of weights that an experiment begins with, and what tells it from others.
 *
 * Source:  Collet, "xxHash": XXH3, 64 bits.
 */
#include "core/store/weights.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/store/safetensors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

gedi__store_file gedi__weights_file(const char *run)
{
    bool chosen =
        gedi__store_has(run, GEDI__FILE_SUMMARY) && gedi__store_has(run, GEDI__FILE_BEST);
    return chosen ? GEDI__FILE_BEST : GEDI__FILE_CHECKPOINT;
}

gedi__before gedi__weights_before(const char *run)
{
    gedi__tensors *t = NULL;
    if (!gedi__store_has(run, GEDI__FILE_PREVIOUS))
        return GEDI__BEFORE_NONE;
    char *path = gedi__store_path(run, GEDI__FILE_PREVIOUS, NULL);
    gedi_status s = path
                        ? gedi__tensors_read_sealed(path, GEDI__FILE_CHECKPOINT, &t, NULL)
                        : GEDI_NOMEM;
    if (s == GEDI_OK)
        gedi__tensors_free(t);
    free(path);
    return s == GEDI_DATA || s == GEDI_IO ? GEDI__BEFORE_DAMAGED : GEDI__BEFORE_WHOLE;
}

static gedi_status of_run(const char *run, char **out, gedi_err *err)
{
    gedi__store_file file = gedi__weights_file(run);
    GEDI_TRY(gedi__store_require_run(run, err));
    if (!gedi__store_has(run, file))
        return GEDI_FAIL(err, GEDI_STATE, "%s holds no weights: %s is missing", run,
                         gedi__store_name(file));
    *out = gedi__store_path(run, file, err);
    return *out ? GEDI_OK : GEDI_NOMEM;
}

gedi_status gedi__weights_path(const gedi__experiment *e, char **out, gedi_err *err)
{
    gedi_err own = {0};
    gedi_status s = GEDI_OK;
    *out = NULL;
    char *place = gedi__init_place(e);
    if (!place)
        return gedi_no_memory(err, "init");
    if (*e->init.file) {
        *out = place;
        return GEDI_OK;
    }
    s = of_run(place, out, &own);
    free(place);
    return s ? GEDI_FAIL(err, s, "init.run: %s", own.msg) : GEDI_OK;
}

gedi_status gedi__weights_sum(const gedi__experiment *e, char out[GEDI__WEIGHTS_SUM + 1],
                              gedi_err *err)
{
    gedi_err own = {0};
    char *path, *data;
    size_t size;
    GEDI_TRY(gedi__weights_path(e, &path, err));
    gedi_status s = gedi__file_read(path, &data, &size, &own);
    free(path);
    if (s)
        return GEDI_FAIL(err, s, "init: %s", own.msg);
    snprintf(out, GEDI__WEIGHTS_SUM + 1, "%016" PRIx64,
             (uint64_t)XXH3_64bits(data, size));
    free(data);
    return GEDI_OK;
}

gedi_status gedi__weights_settle(gedi__experiment *e, gedi_err *err)
{
    char sum[GEDI__WEIGHTS_SUM + 1];
    if (!gedi__init_is_given(&e->init) || *e->init.checksum)
        return GEDI_OK;
    GEDI_TRY(gedi__weights_sum(e, sum, err));
    const char *kept = gedi__arena_text(&e->arena, sum);
    if (!kept)
        return gedi_no_memory(err, "init");
    e->init.checksum = kept;
    return GEDI_OK;
}
