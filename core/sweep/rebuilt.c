/* rebuilt.c - points that run again because a plugin was rebuilt. */
#include "core/sweep/rebuilt.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/store/summary.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A finished run. */
typedef struct other {
    char *identity;
    struct timespec begun;
} other;

typedef struct others {
    other *run;
    int n;
} others;

static void others_clear(others *o)
{
    for (int i = 0; i < o->n; i++)
        free(o->run[i].identity);
    free(o->run);
}

/* When the file that says what a folder is was written, once and for all: so an older run that is
 * evaluated anew stays older. */
static struct timespec begin_of(const char *folder)
{
    struct stat st = {0};
    char *path = gedi__path_join(folder, gedi__store_name(GEDI__FILE_MARK));
    if (path)
        (void)stat(path, &st);
    free(path);
    return st.st_mtim;
}

static int by_begin(const void *a, const void *b)
{
    struct timespec x = ((const other *)a)->begun, y = ((const other *)b)->begun;
    if (x.tv_sec != y.tv_sec)
        return x.tv_sec < y.tv_sec ? 1 : -1;
    return x.tv_nsec < y.tv_nsec ? 1 : x.tv_nsec > y.tv_nsec ? -1 : 0;
}

static bool is_point(const gedi__plan *p, const char *hash)
{
    int i = 0;
    while (i < p->points && strcmp(p->point[i].hash, hash))
        i++;
    return i < p->points;
}

/* A summary that is not there, or damaged, is of no run that could be told of. */
static bool read_identity(const char *runs, const char *name, others *o)
{
    gedi__text identity = {0};
    char *folder = gedi__path_join(runs, name);
    char *path =
        folder ? gedi__path_join(folder, gedi__store_name(GEDI__FILE_SUMMARY)) : NULL;
    json_t *summary = NULL;
    gedi_status s = path ? gedi__summary_read(path, &summary, NULL) : GEDI_NOMEM;
    gedi__identity_kept(summary, &identity);
    bool failed = s == GEDI_NOMEM || identity.failed;
    other *more = NULL;
    if (identity.s)
        more = realloc(o->run, (size_t)(o->n + 1) * sizeof *more);
    if (more) {
        o->run = more;
        o->run[o->n++] = (other){identity.s, begin_of(folder)}; /* taken over */
    } else {
        failed |= identity.s != NULL;
        gedi__text_clear(&identity);
    }
    json_decref(summary);
    free(path);
    free(folder);
    return !failed;
}

static bool read_others(const gedi__plan *p, const char *runs, others *o)
{
    DIR *d = opendir(runs);
    bool good = true;
    for (struct dirent *e; d && good && (e = readdir(d));)
        if (*e->d_name != '.' && !is_point(p, e->d_name))
            good = read_identity(runs, e->d_name, o);
    if (d)
        closedir(d);
    if (o->n) /* the newest first: that is what is run again */
        qsort(o->run, (size_t)o->n, sizeof *o->run, by_begin);
    return good;
}

gedi_status gedi__rebuilt_points(const gedi__plan *p, const char *directory, int *points,
                                 gedi__text *why, gedi_err *err)
{
    others o = {0};
    char *runs = gedi__path_join(directory, "runs");
    bool good = runs && read_others(p, runs, &o);
    *points = 0;
    for (int i = 0; good && i < p->points; i++) {
        const char *now = p->point[i].identity;
        char *own = gedi__path_join(runs, p->point[i].hash);
        int k = 0;
        good = own != NULL;
        while (k < o.n && !gedi__identity_rebuilt(o.run[k].identity, now))
            k++;
        if (good && k < o.n && !gedi__file_exists(own) && !(*points)++)
            gedi__identity_changes(o.run[k].identity, now, why);
        free(own);
    }
    others_clear(&o);
    free(runs);
    return good && !why->failed ? GEDI_OK
                                : gedi_no_memory(err, "the runs of %s", directory);
}
