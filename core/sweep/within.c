/* within.c - what runs of one cell of a table differ in that no sweep names as an axis. */
#include "core/sweep/within.h"
#include "core/store/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8 }; /* that are named */

typedef struct within {
    char key[MOST][120];
    int n, more;
} within;

static bool is_told_elsewhere(const char *line)
{
    return !strncmp(line, "seed: ", 6) || gedi__identity_is_build(line) ||
           gedi__identity_is_turn(line) || gedi__identity_is_place(line);
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

/* Lines of `a` that `b` has not. */
static void compare(within *w, const char *a, const char *b)
{
    size_t key;
    for (const char *l = a; *l; l += strcspn(l, "\n"), l += *l == '\n')
        if (!is_told_elsewhere(l) && gedi__identity_differs(l, a, b, &key))
            add(w, l, key);
}

gedi_status gedi__within_cells(const gedi__study *s, const int *cell, int cells,
                               gedi__text *out)
{
    within w = {.n = 0};
    gedi__text *first = calloc((size_t)(cells > 0 ? cells : 1), sizeof *first);
    bool failed = !first;
    for (int i = 0; !failed && i < s->results; i++) {
        gedi__text own = {0};
        gedi__text *of = cell[i] < 0 || s->result[i].labels ? NULL : &first[cell[i]];
        if (!of || !s->result[i].summary)
            continue;
        gedi__identity_kept(s->result[i].summary, &own);
        failed = own.failed;
        if (own.s && of->s) {
            compare(&w, of->s, own.s);
            compare(&w, own.s, of->s);
        } else if (own.s) {
            *of = own;
            own = (gedi__text){0};
        }
        gedi__text_clear(&own);
    }
    for (int i = 0; i < w.n; i++)
        gedi__text_add(out, "%s%s", out->len ? ", " : "", w.key[i]);
    if (w.more)
        gedi__text_add(out, " and more");
    for (int i = 0; first && i < cells; i++)
        gedi__text_clear(&first[i]);
    free(first);
    return failed || out->failed ? GEDI_NOMEM : GEDI_OK;
}
