/* table_equal.c - rows and columns of a table whose runs ended in the very same numbers. */
#include "core/base/memory.h"
#include "core/store/checksum.h"
#include "core/store/summary.h"
#include "core/sweep/table_parts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

typedef struct line { /* a row or a column */
    int runs;
    uint64_t sum; /* of the checksums of its runs, in whatever order */
} line;

static bool is_of_run(const char *path)
{
    return !strncmp(path, "terms.", 6) || !strncmp(path, "evaluation.", 11) ||
           !strncmp(path, "loss", 4);
}

/* Of all that a run has come to, and of where it stands in the line; *any is false where that is nothing. */
static gedi_status checksum_of(const gedi__result *r, int beside, bool *any,
                               uint64_t *out)
{
    gedi__text paths = {0}, all = {0};
    char sum[GEDI__CHECKSUM + 1];
    *any = false;
    gedi__summary_paths(r->summary, &paths);
    gedi__text_add(&all, "%d\n", beside);
    for (char *path = paths.s, *next; path && *path; path = next) {
        double value;
        next = path + strcspn(path, "\n");
        if (*next)
            *next++ = 0;
        if (!is_of_run(path) || !gedi__summary_value(r->summary, path, &value))
            continue;
        const char *made = gedi__summary_definition(r->summary, path);
        gedi__text_add(&all, "%s %a %s\n", path, value, made ? made : "");
        *any |= strncmp(path, "evaluation.", 11) != 0; /* these may be equal by chance */
    }
    if (all.s)
        gedi__checksum(all.s, all.len, sum);
    *out = all.s ? strtoull(sum, NULL, 16) : 0;
    bool failed = paths.failed || all.failed;
    gedi__text_clear(&paths);
    gedi__text_clear(&all);
    return failed ? GEDI_NOMEM : GEDI_OK;
}

static bool is_equal(const line *a, const line *b)
{
    return a->runs && a->runs == b->runs && a->sum == b->sum;
}

/* "inv 2, 4 and 8: ..." for each group of them. */
static void say_equal(const line *of, int n, const char *axis, const char *const *label,
                      gedi__text *out)
{
    if (!strcmp(axis, "seed"))
        return;
    for (int i = 0; i < n; i++) {
        int others = 0, before = 0, said = 0;
        for (int k = 0; k < n; k++) {
            before += k < i && is_equal(&of[k], &of[i]);
            others += k > i && is_equal(&of[k], &of[i]);
        }
        if (before || !others)
            continue;
        gedi__text_add(out, "%s%s %s", out->len ? "\n" : "", axis, label[i]);
        for (int k = i + 1; k < n; k++)
            if (is_equal(&of[k], &of[i]))
                gedi__text_add(out, "%s%s", ++said == others ? " and " : ", ", label[k]);
        gedi__text_add(out, ": equal in every number of every run: what sets them apart "
                            "changes nothing");
    }
}

gedi_status gedi__table_equal(const gedi__study *s, const gedi__table *t,
                              const int *cell_of, gedi__text *out)
{
    int lines = t->rows + t->columns;
    bool crossed = *t->show->columns;
    gedi_status status = GEDI_OK;
    line *of = calloc((size_t)lines, sizeof *of);
    for (int i = 0; of && !status && i < s->results; i++) {
        int row = cell_of[i] / t->columns, column = cell_of[i] % t->columns;
        for (int k = 0; k < 1 + crossed && cell_of[i] >= 0 && !status; k++) {
            line *l = k ? &of[t->rows + column] : &of[row];
            bool any = false;
            uint64_t sum = 0;
            if (s->result[i].state == GEDI__FINISHED)
                status = checksum_of(&s->result[i], k ? row : column, &any, &sum);
            l->runs += any;
            l->sum += sum;
        }
    }
    if (of && !status) {
        say_equal(of, t->rows, t->show->rows, t->row, out);
        if (crossed)
            say_equal(of + t->rows, t->columns, t->show->columns, t->column, out);
    }
    status = !of || out->failed ? GEDI_NOMEM : status;
    free(of);
    return status;
}
