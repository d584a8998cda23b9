/* show_labels.c - what rows and columns of figures are called. */
#include "core/sweep/show_labels.h"

#include <stdbool.h>
#include <string.h>

const char *gedi__last_word(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot ? dot + 1 : path;
}

/* Does it stand for itself, as a name of a method does? */
static bool is_value(const char *label)
{
    return strchr("-+.0123456789[", *label) || !strcmp(label, "true") ||
           !strcmp(label, "false");
}

const char **gedi__show_labels(gedi__arena *arena, const char *name, const char **label,
                               int n)
{
    const char **out = gedi__arena_alloc(arena, (size_t)n * sizeof *out);
    for (int i = 0; out && i < n; i++) {
        gedi__text t = {0};
        bool value = is_value(label[i]);
        gedi__text_add(&t, "%s%s%s", value ? gedi__last_word(name) : "", value ? " " : "",
                       label[i]);
        out[i] = t.failed ? NULL : gedi__arena_text(arena, t.s);
        gedi__text_clear(&t);
        if (!out[i])
            return NULL;
    }
    return out;
}

void gedi__show_where(const gedi__show *w, gedi__text *out)
{
    for (int i = 0; i < w->wheres; i++)
        gedi__text_add(out, "%s%s %s", out->len ? "; " : "",
                       gedi__last_word(w->where[i].name), w->where[i].label);
}
