/* template.c - the files that `gedi new` starts a plugin from. */
#include "config.h"
#include "installed.h"

#include "core/cli/template.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/cli/cli.h"
#include "core/cli/schema.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILES = 32 };

/* Files made in memory first, so that a bad template leaves nothing half written. */
typedef struct sheaf {
    int n;
    char *path[MAX_FILES];
    gedi__text text[MAX_FILES];
} sheaf;

/* A build tree's programs lie in BUILD/.libs; BUILD is the source folder or in it. */
static char *folder_of_build_tree(void)
{
    static const char *const from[] = {"../core/cli/template", "../../core/cli/template"};
    char *folder = gedi__program_folder(), *found = NULL;
    const char *last = folder ? strrchr(folder, '/') : NULL;
    for (int i = 0; !found && last && !strcmp(last, "/.libs") && i < 2; i++) {
        found = gedi__path_join(folder, from[i]);
        if (found && !gedi__file_exists(found)) {
            free(found);
            found = NULL;
        }
    }
    free(folder);
    return found;
}

char *gedi__template_folder(void)
{
    const char *path = getenv("GEDI_TEMPLATE_PATH");
    if (path && *path)
        return strdup(path);
    char *found = folder_of_build_tree();
    return found ? found : strdup(GEDI_TEMPLATEDIR);
}

/* The schema that a new descriptor names: the installed one, else one that lies beside it. */
#define OWN_SCHEMA "schema.json"
static const char *schema_place(void)
{
    return gedi__file_exists(GEDI_SCHEMA) ? GEDI_SCHEMA : OWN_SCHEMA;
}

/* Copies `s` with the placeholders replaced. */
static void fill_in(const char *s, gedi_kind kind, const char *name, gedi__text *out)
{
    const struct {
        const char *from, *to;
    } word[] = {{"@NAME@", name},
                {"@KIND@", gedi__kind_name(kind)},
                {"@SCHEMA@", schema_place()},
                {"@VERSION@", PACKAGE_VERSION}};
    while (*s) {
        size_t plain = strcspn(s, "@"), step = plain ? plain : 1;
        const char *to = NULL;
        for (int i = 0; !plain && !to && i < 4; i++)
            if (!strncmp(s, word[i].from, strlen(word[i].from))) {
                to = word[i].to;
                step = strlen(word[i].from);
            }
        if (to)
            gedi__text_add(out, "%s", to);
        else
            gedi__text_add(out, "%.*s", (int)step, s);
        s += step;
    }
}

static void sheaf_clear(sheaf *f)
{
    for (int i = 0; i < f->n; i++) {
        free(f->path[i]);
        gedi__text_clear(&f->text[i]);
    }
    f->n = 0;
}

static gedi_status add_file(sheaf *f, const char *folder, const char *file,
                            gedi_kind kind, const char *name, const char *out,
                            gedi_err *err)
{
    if (f->n == MAX_FILES)
        return GEDI_FAIL(err, GEDI_DATA, "%s: more than %d files", folder, MAX_FILES);
    char *from = gedi__path_join(folder, file), *data = NULL;
    size_t size;
    if (!from)
        return gedi_no_memory(err, "%s", file);
    gedi_status s = gedi__file_read(from, &data, &size, err);
    free(from);
    if (s)
        return s;
    gedi__text to = {0};
    gedi__text_add(&to, !strcmp(file, "plugin.c") ? "%s/%s.c" : "%s/%s", out,
                   !strcmp(file, "plugin.c") ? name : file);
    f->text[f->n] = (gedi__text){0};
    fill_in(data, kind, name, &f->text[f->n]);
    free(data);
    f->path[f->n++] = to.s;
    if (to.failed || f->text[f->n - 1].failed)
        return gedi_no_memory(err, "%s", file);
    return GEDI_OK;
}

/* Hidden files and an editor's backups are no templates. */
static int is_template(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return d->d_name[0] != '.' && d->d_name[n - 1] != '~';
}

static gedi_status add_folder(sheaf *f, const char *templates, const char *part,
                              gedi_kind kind, const char *name, const char *out,
                              gedi_err *err)
{
    char *folder = gedi__path_join(templates, part);
    if (!folder)
        return gedi_no_memory(err, "%s", part);
    struct dirent **entry = NULL;
    int n = scandir(folder, &entry, is_template, alphasort);
    gedi_status s = GEDI_OK;
    if (n < 0)
        s = GEDI_FAIL(err, GEDI_IO,
                      "%s: templates cannot be read: %s (GEDI_TEMPLATE_PATH names "
                      "another folder)",
                      folder, strerror(errno));
    for (int i = 0; i < n; i++) {
        if (s == GEDI_OK)
            s = add_file(f, folder, entry[i]->d_name, kind, name, out, err);
        free(entry[i]);
    }
    free(entry);
    free(folder);
    return s;
}

/* The schema, where the descriptor names it beside itself. */
static gedi_status add_schema(sheaf *f, const char *out, gedi_err *err)
{
    gedi__registry *r = NULL;
    if (strcmp(schema_place(), OWN_SCHEMA))
        return GEDI_OK;
    if (f->n == MAX_FILES)
        return GEDI_FAIL(err, GEDI_DATA, "more than %d files", MAX_FILES);
    GEDI_TRY(gedi__registry_new(&r, err));
    char *text = gedi__schema_text(r, err);
    gedi__registry_free(r);
    if (!text)
        return err->code;
    gedi__text path = {0};
    gedi__text_add(&path, "%s/" OWN_SCHEMA, out);
    gedi__text_add(&f->text[f->n], "%s\n", text);
    f->path[f->n++] = path.s;
    free(text);
    return path.failed || f->text[f->n - 1].failed ? gedi_no_memory(err, "the schema")
                                                   : GEDI_OK;
}

static gedi_status write_all(const sheaf *f, const char *out, gedi_err *err)
{
    if (mkdir(out, 0777)) {
        if (errno == EEXIST)
            return GEDI_FAIL(err, GEDI_STATE, "%s: exists already, nothing was written",
                             out);
        return GEDI_FAIL(err, GEDI_IO, "%s: folder cannot be made: %s", out,
                         strerror(errno));
    }
    gedi_status s = GEDI_OK;
    int i;
    for (i = 0; s == GEDI_OK && i < f->n; i++)
        s = gedi__file_write(f->path[i], f->text[i].s ? f->text[i].s : "", f->text[i].len,
                             err);
    if (s) {
        while (i-- > 0)
            unlink(f->path[i]);
        rmdir(out);
    }
    return s;
}

gedi_status gedi__template_write(gedi_kind kind, const char *name, const char *out,
                                 gedi_err *err)
{
    char *templates = gedi__template_folder();
    if (!templates)
        return gedi_no_memory(err, "%s", name);
    sheaf f = {0};
    gedi_status s = add_folder(&f, templates, "common", kind, name, out, err);
    if (s == GEDI_OK)
        s = add_folder(&f, templates, gedi__kind_name(kind), kind, name, out, err);
    if (s == GEDI_OK)
        s = add_schema(&f, out, err);
    free(templates);
    if (s == GEDI_OK)
        s = write_all(&f, out, err);
    sheaf_clear(&f);
    return s;
}
