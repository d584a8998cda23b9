/* override.c - which values a run may go on with. */
#include "core/run/override.h"
#include "core/descriptor/tree.h"
#include "core/store/identity.h"

gedi_status gedi__override_check(const char *descriptor, const char *identity,
                                 gedi_err *err)
{
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi__text own = {0}, what = {0};
    gedi_status s = gedi__experiment_read(descriptor, NULL, 0, &e, &m, err);
    if (s == GEDI_OK)
        s = gedi__identity_text(e, &own, err);
    if (s == GEDI_OK && !gedi__identity_same(own.s, identity)) {
        gedi__identity_changes(own.s, identity, &what);
        s = GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "%s: training depends on what is to change (%.300s): start a new run "
            "with these values",
            descriptor, what.s ? what.s : "");
    }
    gedi__experiment_free(e);
    gedi__text_clear(&m.text);
    gedi__text_clear(&own);
    gedi__text_clear(&what);
    return s;
}
