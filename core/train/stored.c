/* stored.c - the experiment of a run that is there, from its own descriptor. */
#include "core/train/stored.h"
#include "core/base/file.h"
#include "core/descriptor/merge.h"
#include "core/store/checksum.h"
#include "core/store/folder.h"
#include "core/store/identity.h"
#include "core/store/identity_lines.h"
#include "core/store/safetensors.h"
#include "core/store/summary.h"
#include "core/train/checkpoint.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What it was trained as: by its checkpoint, else by its summary. */
static void identity_of(const char *folder, gedi__text *out)
{
    gedi__tensors *t = NULL;
    json_t *o = NULL;
    char *checkpoint = gedi__store_path(folder, GEDI__FILE_CHECKPOINT, NULL);
    char *summary = gedi__store_path(folder, GEDI__FILE_SUMMARY, NULL);
    const char *kept = NULL;
    if (checkpoint &&
        !gedi__tensors_read_head(checkpoint, GEDI__FILE_CHECKPOINT, &t, NULL))
        kept = gedi__tensors_meta(t, GEDI__IDENTITY);
    if (kept)
        gedi__text_add(out, "%s", kept);
    else if (summary && !gedi__summary_read(summary, &o, NULL))
        gedi__identity_kept(o, out);
    gedi__tensors_free(t);
    json_decref(o);
    free(checkpoint);
    free(summary);
}

/* Where its plugins lie, though nothing else of it can be used. */
static gedi__registry *registry_of(const char *descriptor, const char *folder)
{
    gedi__registry *r = NULL;
    gedi__arena arena = {0};
    gedi__mistakes known = {0};
    gedi__tree *root = NULL;
    bool whole;
    if (gedi__registry_new(&r, NULL) ||
        gedi__tree_load(descriptor, NULL, &arena, &known, &root, &whole))
        root = NULL;
    const gedi__tree *list = root && !gedi__registry_is_closed()
                                 ? gedi__tree_of_form(root, GEDI__PLUGINS)
                                 : NULL;
    for (const gedi__tree *c = list ? list->child : NULL; c; c = c->next) {
        char *path = c->text ? gedi__path_join(folder, c->text) : NULL;
        if (path)
            (void)gedi__registry_add_path(r, path,
                                          NULL); /* its absence is a mistake already */
        free(path);
    }
    gedi__text_clear(&known.text);
    gedi__arena_clear(&arena);
    return r;
}

/* Is the file of that component another than the checksum says? */
static bool is_rebuilt(gedi__registry *r, const char *kind, const char *name,
                       const char *sum)
{
    gedi_kind k;
    const gedi_plugin *p;
    char now[GEDI__CHECKSUM + 1], *data;
    size_t size;
    if (!gedi__kind_parse(kind, &k) || gedi__registry_find(r, k, name, &p, NULL) ||
        gedi__file_read(gedi__registry_file(r, p), &data, &size, NULL))
        return false;
    gedi__checksum(data, size, now);
    free(data);
    return strcmp(now, sum) != 0;
}

/* Names what was rebuilt, by the lines "file of view mine: 1b8f...". */
static void add_rebuilt(const char *descriptor, gedi__mistakes *m)
{
    gedi__text identity = {0};
    const char *slash = strrchr(descriptor, '/');
    char *own =
        slash ? strndup(descriptor, (size_t)(slash - descriptor) + 1) : strdup(".");
    char *folder = own ? realpath(own, NULL) : NULL;
    if (folder)
        identity_of(folder, &identity);
    gedi__registry *r = identity.s ? registry_of(descriptor, folder) : NULL;
    for (const char *l = identity.s; r && l && *l;
         l += strcspn(l, "\n"), l += *l == '\n') {
        char kind[32], name[128], sum[GEDI__CHECKSUM + 1];
        if (sscanf(l, GEDI__OF_FILE "%31s %127[^:\n]: %16[0-9a-f]", kind, name, sum) ==
                3 &&
            is_rebuilt(r, kind, name, sum))
            gedi__mistake(m, (gedi__place){descriptor, 0, 0},
                          "%s %s was rebuilt since: put the build back that the run was "
                          "trained with, or start a new run",
                          kind, name);
    }
    gedi__registry_free(r);
    gedi__text_clear(&identity);
    free(folder);
    free(own);
}

gedi_status gedi__stored_read(const char *descriptor, const char *const *override, int n,
                              gedi__experiment **out, gedi__mistakes *m, gedi_err *err)
{
    int before = m->n;
    gedi_status s = gedi__experiment_read(descriptor, override, n, out, m, err);
    if (s == GEDI_DESCRIPTOR && m->n > before)
        add_rebuilt(descriptor, m);
    return s;
}
