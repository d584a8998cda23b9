/* call.c - functions of plugins that can fail, called so that a message names the component. */
#include "core/plugin/call.h"

#include <string.h>

bool gedi__is_fault(gedi_status s)
{
    switch (s) {
    case GEDI_OK:
        return false;
#define GEDI_ERROR(id, value, exit, text)                                                \
    case GEDI_##id:                                                                      \
        return exit == 1;
#include "gedi/errors.def"
#undef GEDI_ERROR
    }
    return true; /* a plugin may return any number */
}

const char *gedi__why(gedi_status s, const gedi_err *own)
{
    return *own->msg ? own->msg : gedi_status_text(s);
}

/* Many a plugin names itself. */
static bool begins_with(const char *text, const char *kind, const char *name)
{
    size_t n = strlen(kind), m = strlen(name);
    return !strncmp(text, kind, n) && text[n] == ' ' && !strncmp(text + n + 1, name, m) &&
           (text[n + 1 + m] == ':' || text[n + 1 + m] == ' ');
}

gedi_status gedi__blame(gedi_err *err, gedi_status s, const char *kind, const char *name,
                        const gedi_err *own)
{
    const char *why = gedi__why(s, own);
    return begins_with(why, kind, name) ? GEDI_FAIL(err, s, "%s", why)
                                        : GEDI_FAIL(err, s, "%s %s: %s", kind, name, why);
}

static const gedi_dataset *dataset(const gedi_component *c)
{
    return (const gedi_dataset *)c->plugin;
}

gedi_status gedi__dataset_open(const gedi_component *c, uint64_t seed,
                               const char *directory, gedi_data_info *info, gedi_err *err)
{
    const gedi_open how = {.seed = seed, .directory = directory};
    gedi_err own = {0};
    memset(info, 0, sizeof *info);
    gedi_status s = dataset(c)->open(c->self, &how, info, &own);
    return s ? gedi__blame(err, s, "dataset", c->plugin->name, &own) : GEDI_OK;
}

void gedi__dataset_close(const gedi_component *c)
{
    dataset(c)->close(c->self);
}

gedi_status gedi__dataset_read(const gedi_component *c, gedi_split split, int64_t i,
                               float *x, int32_t *label, gedi_err *err)
{
    gedi_err own = {0};
    gedi_status s = dataset(c)->read(c->self, split, i, x, label, &own);
    if (s == GEDI_OK)
        return GEDI_OK;
    const char *of = split == GEDI_TEST ? "test" : "training";
    if (!*own.msg)
        GEDI_FAIL(&own, s, "%s: %s record %lld", gedi_status_text(s), of, (long long)i);
    else if (!strstr(own.msg, "record "))
        GEDI_FAIL(&own, s, "%s (%s record %lld)", own.msg, of, (long long)i);
    return gedi__blame(err, s, "dataset", c->plugin->name, &own);
}
