/* override.c - which values a run may go on with. */
#include "core/run/override.h"
#include "core/store/identity.h"

gedi_status gedi__override_check(const char *descriptor, const char *const *override,
                                 int n, const char *identity, gedi_err *err)
{
    gedi__text own = {0}, what = {0};
    gedi_status s = gedi__identity_read(descriptor, override, n, &own, err);
    if (s == GEDI_OK && !gedi__identity_same(own.s, identity)) {
        gedi__identity_changes(own.s, identity, &what);
        s = GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "%s: training depends on what is to change (%.300s): start a new run "
            "with these values",
            descriptor, what.s ? what.s : "");
    }
    gedi__text_clear(&own);
    gedi__text_clear(&what);
    return s;
}
