/* registry_parts.h - a registry from within: the places that are searched, the plugins that are loaded. */
#ifndef GEDI_PLUGIN_REGISTRY_PARTS_H
#define GEDI_PLUGIN_REGISTRY_PARTS_H

#include "core/base/arena.h"
#include "core/plugin/registry.h"

/* A place where plugins are looked for: a folder, or one .so. */
typedef struct gedi__plugin_place {
    struct gedi__plugin_place *next;
    bool own; /* gedi's: the build tree or GEDI_PLUGINDIR */
    const char *path;
    const char *file; /* NULL, or the name of the .so that `path` ends with */
} gedi__plugin_place;

typedef struct gedi__loaded {
    struct gedi__loaded *next;
    gedi_kind kind;
    void *library;
    const char *file;
    bool own;            /* gedi's, where gedi put it */
    gedi_plugin *plugin; /* the host's copy */
} gedi__loaded;

struct gedi__registry {
    int holders; /* how many will free it */
    gedi__arena arena;
    gedi__plugin_place *places; /* in the order they are searched */
    gedi__plugin_place *
        *added_end; /* those of the descriptor come first; they end here */
    gedi__loaded *loaded;
    gedi__arena names[GEDI_KINDS];
};

/* ---- core/plugin/registry_places.c ---- */

/* GEDI_PLUGIN_PATH, the build tree and the folder that gedi is installed in. False: out of memory. */
bool gedi__registry_add_usual(gedi__registry *r);
/* Sets *path (free it), or NULL where there is no such file. */
gedi_status gedi__registry_locate(const gedi__registry *r, gedi_kind kind,
                                  const char *name, char **path, gedi_err *err);
/* Fails with GEDI_PLUGIN and what there is instead. */
gedi_status gedi__registry_not_found(gedi__registry *r, gedi_kind kind, const char *name,
                                     gedi_err *err);

#endif
