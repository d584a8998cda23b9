/* compare.c - two runs, or two groups of runs, told apart. */
#include "core/sweep/compare.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/store/summary.h"
#include "core/sweep/chance.h"
#include "core/sweep/clauses.h"
#include "core/sweep/label.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct pair {
    const gedi__result *a, *b;
} pair;

typedef struct seeded { /* a finished run */
    const char *seed;
    const gedi__result *of;
} seeded;

typedef struct side {
    seeded *run;
    int n;
} seeds;

typedef struct comparer {
    gedi__study *a, *b;
    seeds of_a, of_b; /* sorted */
    gedi__comparison *out;
    pair *pair;
    double *x; /* room for a number of each pair */
} comparer;

static gedi_status no_memory(gedi_err *err)
{
    return gedi_no_memory(err, "compare");
}

/* The finished runs of a side by seed, those of one seed in the order of the study. */
static int by_seed(const void *a, const void *b)
{
    const seeded *s = a, *t = b;
    int order = strcmp(s->seed, t->seed);
    return order ? order : (s->of > t->of) - (s->of < t->of);
}

static gedi_status sort_side(gedi__study *s, seeds *out, gedi_err *err)
{
    out->run = calloc((size_t)s->results + 1, sizeof *out->run);
    if (!out->run)
        return no_memory(err);
    for (int i = 0; i < s->results; i++) {
        if (s->result[i].state != GEDI__FINISHED)
            continue;
        if (gedi__study_label(s, i, "seed", &out->run[out->n].seed))
            return no_memory(err);
        out->run[out->n++].of = &s->result[i];
    }
    qsort(out->run, (size_t)out->n, sizeof *out->run, by_seed);
    return GEDI_OK;
}

/* Two runs of one seed, that one behind it: by which axis a group of them is named. */
static gedi_status refuse_twins(const seeded *r, gedi_err *err)
{
    const char *axis, *found = NULL, *own = NULL;
    json_t *label;
    json_object_foreach(r->of->labels, axis, label)
    {
        const char *other = json_string_value(json_object_get(r[1].of->labels, axis));
        if (found || !other || !json_is_string(label) ||
            !strcmp(json_string_value(label), other))
            continue;
        found = axis;
        own = json_string_value(label);
    }
    return GEDI_FAIL(err, GEDI_USAGE,
                     "duplicate seed %s, in %s and %s: name one group of them, "
                     "DIR,%s=%s%s",
                     r->seed, r->of->folder, r[1].of->folder, found ? found : "AXIS",
                     found ? own : "VALUE", found ? " for example" : "");
}

/* The run of that seed; NULL if there is none. */
static gedi_status find(const seeds *s, const char *seed, const gedi__result **out,
                        gedi_err *err)
{
    int low = 0, high = s->n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (strcmp(s->run[middle].seed, seed) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const seeded *r = &s->run[low];
    bool there = low < s->n && !strcmp(r->seed, seed);
    *out = there ? r->of : NULL;
    return there && low + 1 < s->n && !strcmp(r[1].seed, seed) ? refuse_twins(r, err)
                                                               : GEDI_OK;
}

/* Runs that are finished, or were evaluated on their way. */
static int with_numbers(const gedi__study *s)
{
    int n = 0;
    for (int i = 0; i < s->results; i++)
        n += s->result[i].state == GEDI__FINISHED;
    return n;
}

/* "; FOLDER: why" of the first run whose results cannot be read, else "". */
static const char *why_not(const comparer *c, char *out, size_t n)
{
    const gedi__study *side[] = {c->a, c->b};
    *out = 0;
    for (int k = 0; k < 2 && !*out; k++)
        for (int i = 0; i < side[k]->results && !*out; i++)
            if (side[k]->result[i].state == GEDI__FAILED)
                snprintf(out, n, "; %s", side[k]->result[i].reason);
    return out;
}

/* The seed of a run that is finished; NULL of others. */
static const char *seed_of(gedi__study *side, int i)
{
    const char *seed;
    return side->result[i].state == GEDI__FINISHED &&
                   !gedi__study_label(side, i, "seed", &seed)
               ? seed
               : NULL;
}

/* "0, 1, 2": the seeds that a side has finished. */
static const char *seeds_of(gedi__study *side, char *out, size_t size)
{
    size_t at = 0;
    snprintf(out, size, "none");
    for (int i = 0; i < side->results && at + 16 < size; i++) {
        const char *seed = seed_of(side, i), *before = NULL;
        for (int j = 0; seed && j < i && !before; j++)
            if ((before = seed_of(side, j)) && strcmp(before, seed))
                before = NULL;
        if (seed && !before)
            at += (size_t)snprintf(out + at, size - at, "%s%.12s", at ? ", " : "", seed);
    }
    return out;
}

static gedi_status make_pairs(comparer *c, gedi_err *err)
{
    char why[400], ours[120], theirs[120];
    gedi__comparison *o = c->out;
    const char *seed;
    GEDI_TRY(sort_side(c->a, &c->of_a, err));
    GEDI_TRY(sort_side(c->b, &c->of_b, err));
    for (int i = 0; i < c->a->results; i++) {
        const gedi__result *a, *b;
        if (c->a->result[i].state != GEDI__FINISHED)
            continue;
        if (gedi__study_label(c->a, i, "seed", &seed))
            return no_memory(err);
        GEDI_TRY(find(&c->of_a, seed, &a, err));
        GEDI_TRY(find(&c->of_b, seed, &b, err));
        if (b)
            c->pair[o->pairs++] = (pair){a, b};
    }
    if (!o->pairs && c->a->results == 1 && c->b->results == 1 && with_numbers(c->a) &&
        with_numbers(c->b)) {
        c->pair[o->pairs++] = (pair){c->a->result, c->b->result};
        if (gedi__study_label(c->a, 0, "seed", &o->seed[0]) ||
            gedi__study_label(c->b, 0, "seed", &o->seed[1]))
            return no_memory(err);
    }
    int all = with_numbers(c->a) + with_numbers(c->b);
    o->unfinished = c->a->results + c->b->results - all;
    for (int i = 0; i < o->pairs; i++)
        o->underway += c->pair[i].a->underway + c->pair[i].b->underway;
    o->unpaired = all - 2 * o->pairs;
    if (!o->pairs)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "no seed has numbers on both sides: %d of %d runs have some (seeds: %s), and %d of %d "
            "(seeds: %s)%s",
            with_numbers(c->a), c->a->results, seeds_of(c->a, ours, sizeof ours),
            with_numbers(c->b), c->b->results, seeds_of(c->b, theirs, sizeof theirs),
            why_not(c, why, sizeof why));
    return GEDI_OK;
}

/* ---- numbers ---- */

static bool is_compared(const char *path)
{
    size_t n = strlen(path);
    if (!strncmp(path, "evaluation.", 11) || !strcmp(path, "loss"))
        return true;
    return !strncmp(path, "terms.", 6) && n > 12 && !strcmp(path + n - 6, ".value");
}

/* Of two definitions, one is all of the other and more: that is what there is to say. */
static void say_without(const char **made, const char *more)
{
    bool cut = !strncmp(more, GEDI__INTERRUPTED, strlen(GEDI__INTERRUPTED));
    *made = cut ? "at the end of training" : "without that";
}

/* The first pair that differs says it for all. */
static gedi_status tell_apart(comparer *c, gedi__contrast *k, const pair *of)
{
    const char *a = gedi__summary_definition(of->a->summary, k->path);
    const char *b = gedi__summary_definition(of->b->summary, k->path);
    if (k->a_made || !a || !b || !strcmp(a, b))
        return GEDI_OK;
    k->a_made = gedi__clauses_apart(&c->out->arena, a, b);
    k->b_made = gedi__clauses_apart(&c->out->arena, b, a);
    if (k->a_made && k->b_made && (!strcmp(k->a_made, a) != !strcmp(k->b_made, b)))
        say_without(!strcmp(k->a_made, a) ? &k->a_made : &k->b_made,
                    !strcmp(k->a_made, a) ? k->b_made : k->a_made);
    return k->a_made && k->b_made ? GEDI_OK : GEDI_NOMEM;
}

static gedi_status contrast(comparer *c, const char *path)
{
    gedi__contrast *k = &c->out->contrast[c->out->contrasts];
    int n = 0;
    long double sum[2] = {0}; /* of numbers near the end of double's range */
    *k = (gedi__contrast){.path = path, .low = NAN, .high = NAN, .p = NAN, .holm = NAN};
    for (int i = 0; i < c->out->pairs; i++) {
        double a, b;
        if (!gedi__summary_value(c->pair[i].a->summary, path, &a) ||
            !gedi__summary_value(c->pair[i].b->summary, path, &b))
            continue;
        sum[0] += a;
        sum[1] += b;
        c->x[n++] = b - a;
        GEDI_TRY(tell_apart(c, k, &c->pair[i]));
    }
    if (!n)
        return GEDI_OK;
    k->a = (double)(sum[0] / n);
    k->b = (double)(sum[1] / n);
    k->of = gedi__numbers_of(c->x, n);
    if (n > 1) {
        double half = gedi__student(n - 1, 0.95) * k->of.deviation / sqrt(n);
        k->low = k->of.mean - half;
        k->high = k->of.mean + half;
        if (isnan(k->p = gedi__chance_paired(c->x, n)))
            return GEDI_NOMEM;
    }
    c->out->contrasts++;
    return GEDI_OK;
}

/* Adds the lines of `from` that `to` has not. */
static void add_new_lines(gedi__text *to, const char *from)
{
    for (const char *line = from; line && *line;) {
        size_t n = strcspn(line, "\n");
        if (!gedi__text_has_line(to->s, line, n))
            gedi__text_add(to, "%.*s\n", (int)n, line);
        line += n + (line[n] == '\n');
    }
}

/* Every path that the summary of any run of a pair has, a line each. */
static void add_paths(const comparer *c, gedi__text *out)
{
    for (int i = 0; i < 2 * c->out->pairs; i++) {
        const gedi__result *r =
            i < c->out->pairs ? c->pair[i].a : c->pair[i - c->out->pairs].b;
        gedi__text own = {0};
        gedi__summary_paths(r->summary, &own);
        add_new_lines(out, own.s);
        out->failed |= own.failed;
        gedi__text_clear(&own);
    }
}

/* Ends of intervals say nothing that the numbers within do not: they would only make Holm's correction stricter. */
static bool is_end(const comparer *c, const char *path)
{
    for (int i = 0; i < c->out->pairs; i++)
        if (gedi__summary_is_end(c->pair[i].a->summary, path) ||
            gedi__summary_is_end(c->pair[i].b->summary, path))
            return true;
    return false;
}

/* Numbers of evaluators that are compared of few pairs or of none, in gedi__comparison; terms differ between
 * objectives in any case. */
static void note_lack(const comparer *c, const char *path, int before, gedi__text *out)
{
    int n = c->out->contrasts > before ? c->out->contrast[before].of.n : 0;
    if (n < c->out->pairs && strncmp(path, "terms.", 6))
        gedi__text_add(out, "%s\n", path);
}

/* Every path of a run whose number is compared. */
static gedi_status contrast_all(comparer *c, gedi_err *err)
{
    gedi__text paths = {0}, lack = {0};
    add_paths(c, &paths);
    char *all =
        paths.failed ? NULL : gedi__arena_text(&c->out->arena, paths.s ? paths.s : "");
    size_t most = paths.len / 2 + 1;
    gedi__text_clear(&paths);
    c->out->contrast = gedi__arena_alloc(&c->out->arena, most * sizeof *c->out->contrast);
    if (!all || !c->out->contrast)
        return no_memory(err);
    gedi_status s = GEDI_OK;
    for (char *line = all, *next; *line && !s; line = next) {
        int before = c->out->contrasts;
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = 0;
        if (!is_compared(line) || is_end(c, line))
            continue;
        s = contrast(c, line);
        note_lack(c, line, before, &lack);
    }
    c->out->lacking = gedi__arena_text(&c->out->arena, lack.s ? lack.s : "");
    bool failed = s || lack.failed || !c->out->lacking;
    gedi__text_clear(&lack);
    return failed ? no_memory(err) : GEDI_OK;
}

/* The numbers compared are one family. */
static gedi_status adjust(comparer *c, gedi_err *err)
{
    int n = 0;
    double *p = malloc(((size_t)c->out->contrasts + 1) * sizeof *p);
    for (int i = 0; p && i < c->out->contrasts; i++)
        if (!isnan(c->out->contrast[i].p))
            p[n++] = c->out->contrast[i].p;
    bool done = p && gedi__chance_holm(p, n);
    n = 0;
    for (int i = 0; done && i < c->out->contrasts; i++)
        if (!isnan(c->out->contrast[i].p))
            c->out->contrast[i].holm = p[n++];
    free(p);
    return done ? GEDI_OK : no_memory(err);
}

/* ---- descriptors ---- */

static gedi_status read_descriptor(const gedi__result *r, char **text, gedi_err *err)
{
    size_t size;
    char *path = gedi__store_path(r->folder, GEDI__FILE_DESCRIPTOR, err);
    gedi_status s = path ? gedi__file_read(path, text, &size, err) : GEDI_NOMEM;
    free(path);
    return s;
}

static gedi_status list_changes(comparer *c, gedi_err *err)
{
    gedi__text all = {0};
    gedi_status s = GEDI_OK;
    for (int i = 0; i < c->out->pairs && !s; i++) {
        char *a = NULL, *b = NULL;
        gedi__text own = {0};
        s = read_descriptor(c->pair[i].a, &a, err);
        if (!s)
            s = read_descriptor(c->pair[i].b, &b, err);
        if (!s && gedi__descriptor_changes(a, b, &own))
            s = no_memory(err);
        add_new_lines(&all, own.s);
        gedi__text_clear(&own);
        free(a);
        free(b);
    }
    c->out->changes = gedi__arena_text(&c->out->arena, all.s ? all.s : "");
    if (!s && (all.failed || !c->out->changes))
        s = no_memory(err);
    gedi__text_clear(&all);
    return s;
}

gedi_status gedi__compare(gedi__study *a, gedi__study *b, gedi__comparison *out,
                          gedi_err *err)
{
    *out = (gedi__comparison){0};
    comparer c = {.a = a, .b = b, .out = out};
    c.pair = calloc((size_t)a->results + 1, sizeof *c.pair);
    c.x = calloc((size_t)a->results + 1, sizeof *c.x);
    gedi_status s = c.pair && c.x ? make_pairs(&c, err) : no_memory(err);
    if (!s)
        s = contrast_all(&c, err);
    if (!s)
        s = adjust(&c, err);
    if (!s)
        s = list_changes(&c, err);
    free(c.pair);
    free(c.x);
    free(c.of_a.run);
    free(c.of_b.run);
    if (s)
        gedi__comparison_clear(out);
    return s;
}

void gedi__comparison_clear(gedi__comparison *c)
{
    gedi__arena_clear(&c->arena);
    memset(c, 0, sizeof *c);
}
