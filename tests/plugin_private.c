/* plugin_private.c - an objective that calls a function which gedi keeps to itself. */
#include "gedi/gedi.h"

#include "core/plugin/registry.h"

static void no_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    (void)self, (void)b, (void)v, (void)t;
    (void)gedi__kind_name(GEDI_KIND_OBJECTIVE);
}

GEDI_DEFINE(objective, private) = {
    GEDI_HEAD(objective, private),
    .brief = "for tests",
    .loss = no_loss,
};
