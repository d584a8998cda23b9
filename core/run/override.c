/* override.c - which values a run may go on with. */
#include "core/run/override.h"
#include "core/descriptor/lengths.h"
#include "core/store/identity.h"

#include <stdio.h>

/* What is in the way of values that change. */
static gedi_status refuse(const gedi__experiment *e, const char *descriptor,
                          const char *then, const char *now, gedi_err *err)
{
    gedi__text what = {0};
    char name[160], why[320] = "";
    gedi__identity_changes(then, now, &what);
    if (gedi__length_matters(e, name, sizeof name) &&
        gedi__identity_lengths(e, then, now))
        snprintf(why, sizeof why,
                 ": %s ends with training, so in a longer run it would have had other "
                 "values up to here",
                 name);
    gedi_status s = GEDI_FAIL(
        err, GEDI_DESCRIPTOR,
        "%s: training depends on what is to change (%.300s)%s: start a new run with these "
        "values",
        descriptor, what.s ? what.s : "", why);
    gedi__text_clear(&what);
    return s;
}

/* What has been trained stays. */
static gedi_status refuse_shorter(const gedi__experiment *e, const gedi__experiment *was,
                                  gedi_err *err)
{
    long long now = (long long)gedi__experiment_iterations(e),
              then = (long long)gedi__experiment_iterations(was);
    if (now >= then)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "a run can become longer, not shorter: it has %lld iterations, not "
                     "%lld: start a new run with these values",
                     then, now);
}

gedi_status gedi__override_check(const gedi__experiment *e, const char *descriptor,
                                 const char *const *override, int n, const char *identity,
                                 bool *longer, gedi_err *err)
{
    gedi__experiment *was = NULL;
    gedi__mistakes m = {0};
    gedi__text own = {0};
    *longer = false;
    gedi_status s = gedi__experiment_read_stored(descriptor, override, n, &was, &m, err);
    if (s == GEDI_OK)
        s = gedi__identity_text(was, &own, err);
    if (s == GEDI_OK && !gedi__identity_same(own.s, identity)) {
        *longer = gedi__identity_is_longer(e, own.s, identity);
        s = *longer ? refuse_shorter(e, was, err)
                    : refuse(e, descriptor, own.s, identity, err);
    }
    gedi__experiment_free(was);
    gedi__text_clear(&m.text);
    gedi__text_clear(&own);
    return s;
}
