/* builds.c - runs of one table that were made by different builds of the same plugin, or that went on
 * from one that had diverged, or that were trained on data that have changed in between.
 */
#include "core/sweep/builds.h"
#include "core/data/digest.h"
#include "core/store/summary.h"

#include <stdlib.h>
#include <string.h>

static const char dataset[] = "dataset";
enum { MOST = 64 }; /* lines of builds; what is beyond is not told apart */

typedef struct builds {
    int n;
    const char **identity; /* [n]; "" where it does not take part, or says nothing */
    const char *
        *data; /* [n]; NULL where it does not take part, or says nothing of note */
    int lines;
    const char *line[MOST]; /* "revision of view mine: 3", the first of its key */
} builds;

typedef struct reading {
    const char *dataset; /* its options */
    int run;
} reading;

static size_t key_length(const char *line)
{
    return strcspn(line, ":");
}

static void add_line(builds *b, const char *line)
{
    size_t n = key_length(line);
    for (int i = 0; i < b->lines; i++)
        if (!strncmp(b->line[i], line, n) && b->line[i][n] == ':')
            return;
    if (b->lines < MOST)
        b->line[b->lines++] = line;
}

/* Are there two values for the key of that line? */
static bool varies(const builds *b, const char *line)
{
    const char *first = NULL;
    size_t n = 0, k;
    for (int i = 0; i < b->n; i++) {
        const char *value = gedi__identity_build(b->identity[i], line, &k);
        if (value && first && (k != n || strncmp(value, first, n)))
            return true;
        if (value && !first) {
            first = value;
            n = k;
        }
    }
    return false;
}

static void find_lines(builds *b)
{
    int n = 0;
    for (int i = 0; i < b->n; i++)
        for (const char *l = b->identity[i]; *l; l += strcspn(l, "\n") + 1)
            if (gedi__identity_is_build(l))
                add_line(b, l);
    for (int i = 0; i < b->lines; i++)
        if (varies(b, b->line[i]))
            b->line[n++] = b->line[i];
    b->lines = n;
}

/* The lines of an identity that say which dataset, with which options: the same ones should read the same
 * data. */
static const char *dataset_of(const char *identity, gedi__arena *arena)
{
    gedi__text t = {0};
    for (const char *l = identity; *l; l += strcspn(l, "\n"), l += *l != 0)
        if (!strncmp(l, dataset, sizeof dataset - 1))
            gedi__text_add(&t, "%.*s\n", (int)strcspn(l, "\n"), l);
    const char *out = t.failed ? NULL : gedi__arena_text(arena, t.s ? t.s : "");
    gedi__text_clear(&t);
    return out;
}

static int by_dataset(const void *a, const void *b)
{
    return strcmp(((const reading *)a)->dataset, ((const reading *)b)->dataset);
}

/* Keeps in `b` the data of runs where another has read other data under the same options. */
static gedi_status find_data(builds *b, gedi__arena *arena)
{
    int n = 0, end;
    reading *r = gedi__arena_alloc(arena, (size_t)(b->n + 1) * sizeof *r);
    for (int i = 0; r && i < b->n; i++)
        if (b->data[i]) {
            r[n] = (reading){dataset_of(b->identity[i], arena), i};
            if (!r[n++].dataset)
                return GEDI_NOMEM;
        }
    if (!r)
        return GEDI_NOMEM;
    qsort(r, (size_t)n, sizeof *r, by_dataset);
    for (int first = 0; first < n; first = end) {
        bool vary = false;
        for (end = first; end < n && !by_dataset(&r[first], &r[end]); end++)
            vary |= !gedi__digest_same(b->data[r[first].run], b->data[r[end].run]);
        for (int i = first; i < end && !vary; i++)
            b->data[r[i].run] = NULL;
    }
    return GEDI_OK;
}

/* One clause, for those of a note are told apart by semicolons; of checksums that of all records says
 * most. */
static void add_data(const char *data, gedi__text *t)
{
    int n = gedi__digest_facts(data);
    const char *records = strstr(data, "; records ");
    gedi__text_add(t, "%sdata: %.*s", t->len ? "; " : "", n, data);
    for (const char *c = records ? records : data + n; *c; c++)
        gedi__text_add(t, "%c", *c == ';' ? ',' : *c);
}

/* "revision of view mine" as "view mine: revision"; and what the run has gone through. */
static gedi_status describe(const builds *b, int i, gedi__arena *arena, const char **out)
{
    gedi__text t = {0};
    for (int k = 0; k < b->lines; k++) {
        const char *line = b->line[k], *of = strstr(line, " of ") + 4;
        size_t n;
        const char *value = gedi__identity_build(b->identity[i], line, &n);
        if (value)
            gedi__text_add(&t, "%s%.*s: %.*s %.*s", t.len ? "; " : "",
                           (int)key_length(of), of, (int)strcspn(line, " "), line, (int)n,
                           value);
    }
    for (const char *l = b->identity[i]; *l; l += strcspn(l, "\n") + 1)
        if (gedi__identity_is_turn(l))
            gedi__text_add(&t, "%s%.*s", t.len ? "; " : "", (int)strcspn(l, "\n"), l);
    if (b->data[i])
        add_data(b->data[i], &t);
    *out = t.len ? gedi__arena_text(arena, t.s) : NULL;
    bool failed = t.failed || (t.len && !*out);
    gedi__text_clear(&t);
    return failed ? GEDI_NOMEM : GEDI_OK;
}

gedi_status gedi__builds_apart(const gedi__study *s, const bool *takes_part,
                               gedi__arena *arena, const char ***out)
{
    builds b = {.n = s->results};
    gedi_status status = GEDI_OK;
    *out = gedi__arena_alloc(arena, (size_t)(b.n + 1) * sizeof **out);
    b.identity = gedi__arena_alloc(arena, (size_t)(b.n + 1) * sizeof *b.identity);
    b.data = gedi__arena_alloc(arena, (size_t)(b.n + 1) * sizeof *b.data);
    if (!*out || !b.identity || !b.data)
        return GEDI_NOMEM;
    for (int i = 0; i < b.n && !status; i++) {
        gedi__text t = {0};
        b.data[i] = takes_part[i] ? gedi__summary_data(s->result[i].summary) : NULL;
        if (takes_part[i])
            gedi__identity_kept(s->result[i].summary, &t);
        b.identity[i] = t.failed ? NULL : gedi__arena_text(arena, t.s ? t.s : "");
        gedi__text_clear(&t);
        status = b.identity[i] ? GEDI_OK : GEDI_NOMEM;
    }
    if (!status)
        find_lines(&b);
    if (!status)
        status = find_data(&b, arena);
    for (int i = 0; !status && i < b.n; i++)
        status = describe(&b, i, arena, &(*out)[i]);
    return status;
}
