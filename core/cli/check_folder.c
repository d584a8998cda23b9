/* check_folder.c - `gedi check` on the folder of a run, a sweep or an evaluation. */
#include "core/cli/check_folder.h"
#include "core/cli/cli.h"
#include "core/run/verify.h"
#include "core/store/folder.h"
#include "core/sweep/points.h"

#include <jansson.h>
#include <stdlib.h>

/* A point without a folder was not begun: that is no damage. */
static gedi_status verify_point(const char *sweep, const char *hash, gedi__verdict *v,
                                gedi_err *err)
{
    gedi__folder_kind kind;
    gedi_err why = {0};
    char *folder = gedi__store_point(sweep, hash, err);
    if (!folder)
        return GEDI_NOMEM;
    gedi_status s = gedi__store_kind(folder, &kind, &why);
    if (s != GEDI_OK)
        gedi__verdict_add(v, "%s", why.msg);
    if (s == GEDI_OK && kind == GEDI__FOLDER_RUN)
        s = gedi__verify_run(folder, v, err);
    else
        v->unfinished++;
    free(folder);
    return s == GEDI_NOMEM ? s : GEDI_OK;
}

static gedi_status verify_sweep(const char *folder, gedi__verdict *v, gedi_err *err)
{
    json_t *root;
    gedi_err why = {0};
    gedi__stored_point p;
    gedi_status s = gedi__points_read(folder, &root, &why);
    if (s != GEDI_OK)
        gedi__verdict_add(v, "%s", why.msg);
    for (int i = 0; s == GEDI_OK && gedi__points_at(root, i, &p); i++)
        s = verify_point(folder, p.hash, v, err);
    json_decref(root);
    return s == GEDI_NOMEM ? s : GEDI_OK;
}

static gedi_status verify(const char *folder, gedi__verdict *v, gedi_err *err)
{
    gedi__folder_kind kind;
    GEDI_TRY(gedi__store_kind(folder, &kind, err));
    switch (kind) {
    case GEDI__FOLDER_RUN:
        return gedi__verify_run(folder, v, err);
    case GEDI__FOLDER_SWEEP:
        return verify_sweep(folder, v, err);
    case GEDI__FOLDER_EVALUATION:
        return gedi__verify_evaluation(folder, v, err);
    default:
        return gedi__store_require(folder, GEDI__FOLDER_RUN, err);
    }
}

int gedi__check_folder(const char *folder)
{
    gedi__verdict v = {0};
    gedi_err err = {0};
    gedi__text out = {0};
    char runs[32], evaluations[32], faults[32];
    int code;
    gedi_status s = verify(folder, &v, &err);
    if (s != GEDI_OK) {
        code = gedi__say_err(&err);
        code = s == GEDI_STATE ? GEDI__EXIT_MISTAKE : code;
    } else {
        gedi__text_add(
            &out, "%s%s: %s (%d finished), %s: ", v.damage.s ? v.damage.s : "", folder,
            gedi__count_text(v.finished + v.unfinished, "run", runs, sizeof runs),
            v.finished,
            gedi__count_text(v.evaluations, "evaluation", evaluations,
                             sizeof evaluations));
        gedi__text_add(&out, "%s\n",
                       v.damages
                           ? gedi__count_text(v.damages, "fault", faults, sizeof faults)
                           : "whole");
        out.failed |= v.damage.failed;
        code = gedi__print_lines(&out);
        code = v.damages && !code ? GEDI__EXIT_FAILED : code;
    }
    gedi__verdict_clear(&v);
    return code;
}
