/* within.c - what runs of one cell of a table differ in that no sweep names as an axis. */
#include "core/sweep/within.h"
#include "core/report/words.h"
#include "core/store/folder.h"
#include "core/store/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8 }; /* that are named */

enum {
    TRIED = 100
}; /* runs that one is held against, at most, until one has the same labels */

typedef struct within {
    const char **axes;
    const char *side
        [2]; /* rows and columns of a table whose sweeps are compared; "" for none, NULL: its cells are */
    char key[MOST][120];
    int n, more;
} within;

static bool is_told_elsewhere(const within *w, const char *line)
{
    if (!strncmp(line, "seed: ", 6) || gedi__identity_is_build(line) ||
        gedi__identity_is_turn(line) || gedi__identity_is_place(line))
        return true;
    for (const char *const *axis = w->axes; *axis; axis++) {
        size_t n = strlen(*axis);
        if (!strncmp(line, *axis, n) && (line[n] == ':' || line[n] == '.'))
            return true;
    }
    return false;
}

static void add(within *w, const char *line, size_t n)
{
    char key[sizeof w->key[0]];
    snprintf(key, sizeof key, "%.*s", (int)n, line);
    for (int i = 0; i < w->n; i++)
        if (!strcmp(w->key[i], key))
            return;
    if (w->n == MOST)
        w->more++;
    else
        snprintf(w->key[w->n++], sizeof key, "%s", key);
}

static bool has_key(const char *lines, const char *key, size_t n)
{
    for (const char *l = lines; *l; l += strcspn(l, "\n"), l += *l == '\n')
        if (!strncmp(l, key, n) && l[n] == ':')
            return true;
    return false;
}

/* Rows and columns say what methods they are of. */
static bool is_of_method(const char *line)
{
    return !strncmp(line, "objective", strlen("objective"));
}

/* Lines of `a` that `b` has not; of sweeps, has otherwise. */
static void compare(within *w, const char *a, const char *b)
{
    size_t key;
    for (const char *l = a; *l; l += strcspn(l, "\n"), l += *l == '\n')
        if (!is_told_elsewhere(w, l) && gedi__identity_differs(l, a, b, &key) &&
            (!w->side[0] || (!is_of_method(l) && has_key(b, l, key))))
            add(w, l, key);
}

/* Have the two the same label for each axis, but seed, for which both have one? */
static gedi_status agree(gedi__study *s, const within *w, int i, int k, bool *out)
{
    const char *one, *other;
    *out = true;
    for (int a = 0; *out && w->axes[a]; a++) {
        bool side = w->side[0] &&
                    (!strcmp(w->axes[a], w->side[0]) || !strcmp(w->axes[a], w->side[1]));
        if (side || !strcmp(w->axes[a], "seed"))
            continue;
        GEDI_TRY(gedi__study_label(s, i, w->axes[a], &one));
        GEDI_TRY(gedi__study_label(s, k, w->axes[a], &other));
        *out = !*one || !*other || !strcmp(one, other);
    }
    return GEDI_OK;
}

/* The first run that run i is to be held against, of its cell or of another sweep; -1: there is none. */
static gedi_status find_other(gedi__study *s, const within *w, const int *cell, int i,
                              int *out)
{
    int tried = 0;
    *out = -1;
    for (int k = 0; k < i && *out < 0 && tried < TRIED; k++) {
        bool same = false;
        const gedi__result *r = &s->result[k];
        if ((w->side[0] ? cell[k] < 0 : cell[k] != cell[i]) || !r->summary ||
            (r->document && r->document == s->result[i].document))
            continue;
        GEDI_TRY(agree(s, w, i, k, &same));
        tried++;
        *out = same ? k : -1;
    }
    return GEDI_OK;
}

/* What the summary keeps; of a run that is not at its end, what its descriptor states. */
static void identity_of(const gedi__result *r, gedi__text *out)
{
    gedi__identity_kept(r->summary, out);
    char *path =
        out->len ? NULL : gedi__store_path(r->folder, GEDI__FILE_DESCRIPTOR, NULL);
    if (path)
        out->failed |= gedi__identity_read(path, out, NULL) == GEDI_NOMEM;
    free(path);
}

static gedi_status look_at(gedi__study *s, within *w, const int *cell, int i)
{
    int k;
    gedi__text own = {0}, other = {0};
    if (cell[i] < 0 || !s->result[i].summary)
        return GEDI_OK;
    GEDI_TRY(find_other(s, w, cell, i, &k));
    if (k < 0)
        return GEDI_OK;
    identity_of(&s->result[i], &own);
    identity_of(&s->result[k], &other);
    if (own.s && other.s) {
        compare(w, other.s, own.s);
        compare(w, own.s, other.s);
    }
    bool failed = own.failed || other.failed;
    gedi__text_clear(&own);
    gedi__text_clear(&other);
    return failed ? GEDI_NOMEM : GEDI_OK;
}

/* Looks at all of them, and lists the keys. */
static gedi_status list_keys(gedi__study *s, within *w, const int *cell, bool people,
                             gedi__text *out)
{
    GEDI_TRY(gedi__study_axes(s, &w->axes));
    for (int i = 0; i < s->results; i++)
        GEDI_TRY(look_at(s, w, cell, i));
    for (int i = 0; i < w->n; i++) {
        gedi__text_add(out, "%s%s", out->len ? ", " : "", people ? "" : w->key[i]);
        if (people)
            gedi__path_words(w->key[i], out);
    }
    if (w->more)
        gedi__text_add(out, " and more");
    return out->failed ? GEDI_NOMEM : GEDI_OK;
}

gedi_status gedi__within_cells(gedi__study *s, const int *cell, bool people,
                               gedi__text *out)
{
    within w = {.n = 0};
    return list_keys(s, &w, cell, people, out);
}

gedi_status gedi__within_sweeps(gedi__study *s, const int *cell, const char *rows,
                                const char *columns, bool people, gedi__text *out)
{
    within w = {.side = {rows, columns}};
    return list_keys(s, &w, cell, people, out);
}
