/* show_labels.c - what rows and columns of figures are called, and what stands below them. */
#include "core/sweep/show_labels.h"
#include "core/report/words.h"
#include "core/sweep/table_format.h"

#include <stdbool.h>
#include <string.h>

/* Does it stand for itself, as a name of a method does? */
static bool is_value(const char *label)
{
    return strchr("-+.0123456789[", *label) || !strcmp(label, "true") ||
           !strcmp(label, "false");
}

void gedi__show_value(const char *name, const char *label, gedi__text *out)
{
    gedi__text words = {0};
    gedi__path_words(name, &words);
    const char *s = words.s ? words.s : "";
    gedi__text_add(out, "%s%s%s", s, strchr(s, ' ') ? " = " : " ", label);
    out->failed |= words.failed;
    gedi__text_clear(&words);
}

const char **gedi__show_labels(gedi__arena *arena, const char *name, const char **label,
                               int n)
{
    const char **out = gedi__arena_alloc(arena, (size_t)n * sizeof *out);
    for (int i = 0; out && i < n; i++) {
        gedi__text t = {0};
        if (is_value(label[i]))
            gedi__show_value(name, label[i], &t);
        else
            gedi__text_add(&t, "%s", label[i]);
        out[i] = t.failed ? NULL : gedi__arena_text(arena, t.s);
        gedi__text_clear(&t);
        if (!out[i])
            return NULL;
    }
    return out;
}

void gedi__show_where(const gedi__show *w, gedi__text *out)
{
    for (int i = 0; i < w->wheres; i++) {
        gedi__text_add(out, "%s", out->len ? "; " : "");
        gedi__show_value(w->where[i].name, w->where[i].label, out);
    }
}

int gedi__show_notes(const gedi__table *t, bool marks, const char *difference,
                     gedi__arena *arena, const char *note[GEDI__MAX_LINES])
{
    int n = 0;
    for (int k = 0; k < GEDI__MAX_MARKS + t->notes; k++) {
        gedi__text line = {0};
        if (k >= GEDI__MAX_MARKS) {
            gedi__table_note(t, k - GEDI__MAX_MARKS, &line);
        } else if (marks && t->mark[k]) {
            gedi__text_add(&line, "%s ", gedi__signs_plain.mark[k]);
            gedi__table_mark(t, k, &line);
        } else {
            continue;
        }
        note[n] = line.failed ? NULL : gedi__arena_text(arena, line.s ? line.s : "");
        gedi__text_clear(&line);
        if (!note[n++])
            return -1;
    }
    if (*difference)
        note[n++] = difference;
    return n;
}
