/* registry.h - finding, checking and loading plugins.
 *
 * A component is the file <kind>_<name>.so in one of the folders, searched in this order:
 *   paths added by gedi__registry_add_path (the descriptor's `plugins:`; a folder, or one
 * .so), GEDI_PLUGIN_PATH (colon separated), the folder of the running executable, if it
 * holds built-in plugins (a build tree), the built-in folder, GEDI_PLUGINDIR.
 */
#ifndef GEDI_PLUGIN_REGISTRY_H
#define GEDI_PLUGIN_REGISTRY_H

#include "gedi/plugin.h"

typedef struct gedi__registry gedi__registry;

gedi_status gedi__registry_new(gedi__registry **out, gedi_err *err);
/* `r` itself, which is to be freed once more. */
gedi__registry *gedi__registry_share(gedi__registry *r);
void gedi__registry_free(gedi__registry *r); /* legal for NULL; closes the libraries */

/*   Errors: GEDI_PLUGIN if the path does not exist.  */
gedi_status gedi__registry_add_path(gedi__registry *r, const char *path, gedi_err *err);

/* With --no-plugins, which the environment hands on to the runs of a sweep as GEDI_NO_PLUGINS,
 * no descriptor may name plugins. */
bool gedi__registry_is_closed(void);

/* The i-th of these paths, absolute; NULL behind the last. */
const char *gedi__registry_path(const gedi__registry *r, int i);

/* The plugin, loaded at the first call; the struct is the host's copy, zero where the
 * plugin was built with a shorter one. Cast by kind. Errors: GEDI_PLUGIN (not found: the
 * folders searched and the nearest name; another plugin of the same name in another folder, but
 * for gedi's own ones, which GEDI_PLUGIN_PATH may replace; a private symbol it needs; dlopen's text; file, symbol or name disagree; a
 * required function missing), GEDI_ABI (number, struct size, signature: each its own
 * message).  */
gedi_status gedi__registry_find(gedi__registry *r, gedi_kind kind, const char *name,
                                const gedi_plugin **out, gedi_err *err);

/* Where a loaded plugin's file lies. */
const char *gedi__registry_file(const gedi__registry *r, const gedi_plugin *p);

/* Is a loaded plugin one of gedi's, where gedi put it: in GEDI_PLUGINDIR, or beside the library in
 * a build tree? */
bool gedi__registry_is_own(const gedi__registry *r, const gedi_plugin *p);

/* Names of all components of a kind that lie in the folders (not loaded), sorted, without
 * duplicates; owned by the registry until the next call for that kind. */
gedi_status gedi__registry_names(gedi__registry *r, gedi_kind kind,
                                 const char *const **names, int *n, gedi_err *err);

/* "dataset", "view", ... */
const char *gedi__kind_name(gedi_kind kind);
/* False if `name` is no kind. */
bool gedi__kind_parse(const char *name, gedi_kind *kind);

#endif
