/* former.c - tables and figures that a descriptor of before has left in a sweep's folder. */
#include "core/sweep/former.h"
#include "core/base/file.h"
#include "core/store/folder.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 6 }; /* that are named */

typedef struct former {
    const gedi__plan *p;
    const char *folder, *within; /* "figures/" of a name that is told */
    bool tables;
    int n; /* of those that were found, in all folders */
    gedi__text *out;
} former;

static bool has(const former *f, const char *name, size_t n, const char *suffix)
{
    char path[PATH_MAX];
    int all = snprintf(path, sizeof path, "%s/%.*s%s", f->folder, (int)n, name, suffix);
    return all > 0 && (size_t)all < sizeof path && gedi__file_exists(path);
}

static bool is_shown(const former *f, const char *name, size_t n)
{
    const gedi__sweep *s = f->p->sweep;
    for (int i = 0; i < s->shows; i++)
        if ((s->show[i].kind == GEDI__TABLE) == f->tables &&
            strlen(s->show[i].name) == n && !strncmp(s->show[i].name, name, n))
            return true;
    return false;
}

static void look_at(former *f, const char *file)
{
    const char *suffix = f->tables ? ".md" : ".png", *dot = strrchr(file, '.');
    size_t n = dot ? (size_t)(dot - file) : 0;
    if (!n || strcmp(dot, suffix) || is_shown(f, file, n))
        return;
    if (f->tables ? !has(f, file, n, ".csv") || !has(f, file, n, ".tex")
                  : !has(f, file, n, ".gp"))
        return;
    if (f->n++ < MOST)
        gedi__text_add(f->out, "%s%s%s", f->out->len ? ", " : "", f->within, file);
}

static int is_visible(const struct dirent *e)
{
    return *e->d_name != '.';
}

static void look_in(former *f)
{
    struct dirent **entry = NULL;
    int n = scandir(f->folder, &entry, is_visible, versionsort);
    for (int i = 0; i < n; i++) {
        look_at(f, entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
}

gedi_status gedi__former_shows(const gedi__plan *p, const char *directory,
                               gedi__text *out, gedi_err *err)
{
    char within[64];
    char *figures = gedi__store_path(directory, GEDI__FILE_FIGURES, err);
    if (!figures)
        return GEDI_NOMEM;
    snprintf(within, sizeof within, "%s/", gedi__store_name(GEDI__FILE_FIGURES));
    former f = {.p = p, .folder = figures, .within = within, .out = out};
    look_in(&f);
    f.folder = directory;
    f.within = "";
    f.tables = true;
    look_in(&f);
    if (f.n > MOST)
        gedi__text_add(out, " and %d more", f.n - MOST);
    free(figures);
    return out->failed ? gedi_no_memory(err, "%s", directory) : GEDI_OK;
}

gedi_status gedi__former_remove(const gedi__show *w, const char *directory, gedi_err *err)
{
    static const char *const table[] = {".md", ".csv", ".tex"};
    static const char *const figure[] = {".png", ".pdf", ".svg"};
    bool is_table = w->kind == GEDI__TABLE, failed = false;
    for (int i = 0; i < 3; i++) {
        gedi__text path = {0};
        gedi__text_add(&path, "%s/", directory);
        if (!is_table)
            gedi__text_add(&path, "%s/", gedi__store_name(GEDI__FILE_FIGURES));
        gedi__text_add(&path, "%s%s", w->name, (is_table ? table : figure)[i]);
        if (!path.failed)
            (void)unlink(path.s);
        failed |= path.failed;
        gedi__text_clear(&path);
    }
    return failed ? gedi_no_memory(err, "%s", w->name) : GEDI_OK;
}
