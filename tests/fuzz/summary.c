/* summary.c - fuzz target: summary.json of a run or an evaluation. */
#include "core/store/summary.h"
#include "tests/fuzz/fuzz.h"

#include <jansson.h>

/* Every number that is listed is there. */
static void look_at(const json_t *summary)
{
    gedi__text out = {0};
    double x;
    gedi__summary_paths(summary, &out);
    for (char *s = out.s ? strtok(out.s, "\n") : NULL; s; s = strtok(NULL, "\n")) {
        (void)gedi__summary_value(summary, s, &x);
        (void)gedi__summary_definition(summary, s);
        (void)gedi__summary_direction(summary, s);
    }
    gedi__text_clear(&out);
    for (int i = 0; gedi__summary_failure(summary, i); i++)
        ;
    gedi__summary_text(summary, &out);
    gedi__text_clear(&out);
    gedi__identity_kept(summary, &out);
    (void)gedi__artefacts_have_all(summary, out.s ? out.s : "");
    gedi__text_clear(&out);
    gedi__summary_unevaluated(summary, NULL, &out);
    gedi__summary_undrawn(summary, &out);
    (void)gedi__summary_drew_with(summary, "samples", "every");
    gedi__text_clear(&out);
}

FUZZ_TARGET(summary)
{
    json_t *summary = NULL;
    gedi_err err = {0};
    if (gedi__summary_read(fuzz_file("summary.json", data, size), &summary, &err) ==
        GEDI_OK)
        look_at(summary);
    json_decref(summary);
    return 0;
}
