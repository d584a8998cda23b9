/* report_pictures.c - the figures of runs, within the page or beside it. */
#include "core/base/file.h"
#include "core/report/picture.h"
#include "core/store/folder.h"
#include "core/sweep/report_parts.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A page of more takes seconds to open, and more memory than a phone has. */
static const int64_t MOST_BYTES = 24 << 20;

static int is_picture(const struct dirent *e)
{
    size_t n = strlen(e->d_name);
    return n > 4 && !strcmp(e->d_name + n - 4, ".png") && gedi__text_is_name(e->d_name);
}

/* The path as the page at BASE names it: relative where the picture lies below. */
static const char *seen_from(const char *base, const char *path)
{
    size_t n = strlen(base);
    return !strncmp(path, base, n) && path[n] == '/' ? path + n + 1 : path;
}

static bool is_among(const json_t *names, const char *file)
{
    const json_t *v;
    size_t i, n = strlen(file) - 4;
    bool found = !names;
    json_array_foreach(names, i, v) found =
        found || (json_string_length(v) == n && !strncmp(json_string_value(v), file, n));
    return found;
}

static gedi_status add(gedi__report_pictures *p, char *path, const char *base,
                       const char *file, json_t *out)
{
    struct stat st;
    if (p->n == p->room) {
        int room = p->room ? 2 * p->room : 64;
        gedi__report_picture *more = realloc(p->of, (size_t)room * sizeof *more);
        if (!more) {
            free(path);
            return GEDI_NOMEM;
        }
        p->of = more;
        p->room = room;
    }
    if (stat(path, &st) || !S_ISREG(st.st_mode) || !gedi__picture_is_whole(path)) {
        free(path); /* being drawn, or damaged */
        return GEDI_OK;
    }
    bool fits = p->bytes + st.st_size <= MOST_BYTES;
    json_t *o = json_object();
    char name[GEDI__FILE_NAME + 1];
    snprintf(name, sizeof name, "%.*s", (int)strlen(file) - 4, file);
    json_object_set_new(o, "name", gedi__report_word(name));
    if (fits)
        json_object_set_new(o, "number", json_integer(p->n));
    else
        json_object_set_new(o, "path", gedi__report_word(seen_from(base, path)));
    json_array_append_new(out, o);
    p->bytes += fits ? st.st_size : 0;
    p->of[p->n] = (gedi__report_picture){path, st.st_size, fits ? p->n : -1};
    p->n++;
    return GEDI_OK;
}

gedi_status gedi__report_figures(gedi__report_pictures *p, const char *folder,
                                 const char *base, const json_t *names, json_t **out,
                                 gedi_err *err)
{
    struct dirent **entry = NULL;
    char *figures = gedi__store_path(folder, GEDI__FILE_FIGURES, err);
    gedi_status s = figures ? GEDI_OK : GEDI_NOMEM;
    int n = figures ? scandir(figures, &entry, is_picture, alphasort) : 0;
    *out = json_array();
    for (int i = 0; i < n; i++) {
        bool shown = !s && is_among(names, entry[i]->d_name);
        char *path = shown ? gedi__path_join(figures, entry[i]->d_name) : NULL;
        if (shown)
            s = path ? add(p, path, base, entry[i]->d_name, *out)
                     : gedi_no_memory(err, "figures");
        free(entry[i]);
    }
    free(entry);
    free(figures);
    return s;
}

void gedi__report_pictures_clear(gedi__report_pictures *p)
{
    for (int i = 0; i < p->n; i++)
        free(p->of[i].path);
    free(p->of);
    memset(p, 0, sizeof *p);
}
