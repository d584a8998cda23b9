/* sweep_order.c - axes and overrides that would undo each other. */
#include "core/descriptor/sweep_blocks.h"

#include <stdio.h>
#include <string.h>

/* Does setting `later` replace all of what lies at `earlier`? */
static bool hides(const char *later, const char *earlier)
{
    size_t n = strlen(later);
    return !strncmp(later, earlier, n) && (!earlier[n] || earlier[n] == '.');
}

/* What is looked at: settings of one value of an axis, from the first to before the end. */
typedef struct look {
    const gedi__axis *x;
    int level, first, end;
} look;

static look whole(const gedi__axis *x, int level)
{
    return (look){x, level, 0, x->level[level].settings};
}

static void say_hidden(const gedi__setting *earlier, look l, const gedi__setting *later,
                       gedi__mistakes *m)
{
    const char *path = later->path;
    const gedi__place *at = &earlier->at;
    bool same = !strcmp(path, earlier->path);
    char in[160] = ""; /* an override of a point with a name goes behind what it sets */
    if (l.x->named)
        snprintf(in, sizeof in, "%.64s.%.64s.", l.x->name[0],
                 l.x->level[l.level].label[0]);
    if (!at->line && same)
        gedi__mistake(m, later->at, "%s: an override sets it, too: override sweep.%s%s%s",
                      path, in, path, *in ? " as well" : "");
    else if (!at->line && *in)
        gedi__mistake(m, later->at,
                      "%s, set here as a whole, would undo the override of %s: override "
                      "sweep.%s%s as well",
                      path, earlier->path, in, earlier->path);
    else if (!at->line)
        gedi__mistake(m, later->at,
                      "%s, set here as a whole, would undo the override of %s", path,
                      earlier->path);
    else if (same)
        gedi__mistake(m, later->at, "%s: it is set in %s:%d, too", path, at->source,
                      at->line);
    else
        gedi__mistake(m, later->at,
                      "%s, set here as a whole, would undo %s in %s:%d: put it first",
                      path, earlier->path, at->source, at->line);
}

/* Is what an override sets set by another one in that point, too? Then nothing is lost. */
static bool is_set_again(look l, const gedi__setting *override)
{
    const gedi__axis_point *p = &l.x->level[l.level];
    int i = 0;
    while (i < p->settings &&
           (p->setting[i].at.line || strcmp(p->setting[i].path, override->path)))
        i++;
    return l.x->named && !override->at.line && i < p->settings;
}

/* True after a mistake: one for a pair of axes is enough. */
static bool check_pair(const gedi__setting *earlier, int n, look l, gedi__mistakes *m)
{
    const gedi__setting *later = l.x->level[l.level].setting;
    for (int j = l.first; j < l.end; j++)
        for (int i = 0; i < n; i++)
            if (hides(later[j].path, earlier[i].path) && !is_set_again(l, &earlier[i])) {
                say_hidden(&earlier[i], l, &later[j], m);
                return true;
            }
    return false;
}

/* Levels whose paths differ: all where they have names, else the first. */
static int kinds_of(const gedi__axis *x)
{
    return x->named ? x->levels : 1;
}

/* Has a point this level, or is it excluded? Without points, as after a mistake: it has. */
static bool is_used(const gedi__sweep *s, int a, int level)
{
    int i = 0;
    while (i < s->points && s->level[i * s->axes + a] != level)
        i++;
    return !s->axis[a].named || !s->points || i < s->points;
}

static void check_axes(const gedi__sweep *s, int a, int b, gedi__mistakes *m)
{
    const gedi__axis *x = &s->axis[a], *y = &s->axis[b];
    for (int i = 0; i < kinds_of(x); i++)
        for (int j = 0; j < kinds_of(y); j++)
            if (is_used(s, a, i) && is_used(s, b, j) &&
                check_pair(x->level[i].setting, x->level[i].settings, whole(y, j), m))
                return;
}

void gedi__sweep_check_order(const gedi__sweep *s, const gedi__setting *override, int n,
                             gedi__mistakes *m)
{
    for (int b = 0; b < s->axes; b++) {
        const gedi__axis *x = &s->axis[b];
        for (int a = 0; a < b; a++)
            check_axes(s, a, b, m);
        for (int i = 0; i < kinds_of(x); i++)
            for (int j = 1; j < x->level[i].settings; j++)
                check_pair(x->level[i].setting, j, (look){x, i, j, j + 1}, m);
        for (int i = 0; i < kinds_of(x); i++)
            if (is_used(s, b, i) && check_pair(override, n, whole(x, i), m))
                break;
    }
}
