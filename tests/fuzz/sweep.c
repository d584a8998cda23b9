/* sweep.c - fuzz target: the axes of a sweep, zipped, excluded and adjusted, and what is shown of
 * it; with the file b.yaml and overrides, as in descriptor.c. */
#include "core/sweep/plan.h"
#include "tests/fuzz/reading.h"

enum { MOST_POINTS = 6 }; /* that are read one by one: each is a whole experiment */

/* No point sets more than there is room for. */
static void look_at(const gedi__sweep *s)
{
    int most = gedi__sweep_most_settings(s);
    gedi__setting *set = malloc(((size_t)most + 1) * sizeof *set);
    fuzz_must(set != NULL, "out of memory", NULL);
    for (int i = 0; i < s->points; i += 1 + s->points / 100)
        fuzz_must(gedi__sweep_point(s, i, set) <= most, "too many settings", NULL);
    free(set);
}

static void plan_with(const char *file, const char *const *override, int n)
{
    gedi__plan *p = NULL;
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi_status s = gedi__plan_read(file, override, n, NULL, 1, NULL, &p, &m, &err);
    fuzz_must(s != GEDI_DESCRIPTOR || m.n > 0, "refused without a word", NULL);
    gedi__plan_free(p);
    gedi__text_clear(&m.text);
}

static void sweep_with(const char *file, const char *const *override, int n)
{
    gedi__sweep *s = NULL;
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi_status status = gedi__sweep_read(file, override, n, NULL, &s, &m, &err);
    bool few = s && s->points <= MOST_POINTS;
    fuzz_must(status != GEDI_DESCRIPTOR || m.n > 0, "refused without a word", NULL);
    if (s)
        look_at(s);
    gedi__sweep_free(s);
    gedi__text_clear(&m.text);
    if (few)
        plan_with(file, override, n);
}

FUZZ_TARGET(sweep)
{
    char *text = fuzz_text(data, size), *part[FUZZ_PARTS];
    const char *override[FUZZ_OVERRIDES];
    if (reading_is_harmless(text)) {
        reading_keep_plugins();
        fuzz_cut(text, part);
        fuzz_file("b.yaml", part[1], strlen(part[1]));
        const char *file = fuzz_file("a.yaml", part[0], strlen(part[0]));
        sweep_with(file, override, reading_lines(part[2], override));
    }
    free(text);
    return 0;
}
