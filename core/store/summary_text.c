/* summary_text.c - a summary in lines for people. */
#include "core/store/summary.h"
#include "core/store/summary_parts.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* A line for each failure that a summary has. */
static void add_failures(const json_t *o, gedi__text *out)
{
    char text[128];
    for (int i = 0; i < GEDI__FAILURES; i++) {
        const json_t *v = json_object_get(o, gedi__failure_figure(i));
        const json_t *since = json_object_get(v, GEDI__SUMMARY_FAILING_SINCE);
        double value[GEDI__FAILURES] = {0};
        value[i] = json_number_value(json_object_get(v, GEDI__SUMMARY_VALUE));
        gedi__health h = {value[0], value[1], value[2], NAN};
        if (i == GEDI__LABELS && json_is_number(json_object_get(v, GEDI__SUMMARY_UNSURE)))
            h.unsure = json_number_value(json_object_get(v, GEDI__SUMMARY_UNSURE));
        if (json_is_integer(since))
            gedi__text_add(out, "  %s since iteration %lld: %s\n", gedi__failure_name(i),
                           (long long)json_integer_value(since),
                           gedi__failure_text(&h, i, text, sizeof text));
    }
}

/* A line for each time that the run went on after a divergence. */
static void add_history(const json_t *all, gedi__text *out)
{
    const json_t *v;
    size_t i;
    json_array_foreach(all, i, v)
    {
        const char *changed =
            json_string_value(json_object_get(v, GEDI__SUMMARY_CHANGED));
        const char *diverged =
            json_string_value(json_object_get(v, GEDI__SUMMARY_DIVERGED));
        gedi__text_add(
            out, "  went on after iteration %lld with %s; it had diverged: %s\n",
            (long long)json_integer_value(json_object_get(v, GEDI__SUMMARY_ITERATION)),
            changed ? changed : "", diverged ? diverged : "");
    }
}

/* Lines "clustering.nmi  0.998" of every number below `o`; "ood.svhn.log_p  0.64 (0.61 to
 * 0.67)" where it has an interval. */
static void add_lines(const json_t *o, const char *prefix, gedi__text *out)
{
    const char *key;
    json_t *v;
    double low, high;
    json_object_foreach((json_t *)o, key, v)
    {
        gedi__text name = {0};
        gedi__text_add(&name, "%s%s%s", prefix, *prefix ? "." : "", key);
        if (json_is_object(v))
            add_lines(v, name.s ? name.s : "", out);
        else if (json_is_number(v) &&
                 gedi__summary_interval(o, key, strlen(key), &low, &high))
            gedi__text_add(out, "  %-28s %.4g (%.4g to %.4g)\n", name.s ? name.s : key,
                           json_number_value(v), low, high);
        else if (json_is_number(v) && !gedi__summary_is_end(o, key))
            gedi__text_add(out, "  %-28s %.4g\n", name.s ? name.s : key,
                           json_number_value(v));
        else if (json_is_null(v))
            gedi__text_add(out, "  %-28s not a finite number\n", name.s ? name.s : key);
        out->failed |= name.failed;
        gedi__text_clear(&name);
    }
}

void gedi__summary_text(const json_t *summary, gedi__text *out)
{
    const char *name;
    json_t *v;
    add_lines(json_object_get(summary, GEDI__SUMMARY_EVALUATION), "", out);
    json_object_foreach(json_object_get(summary, GEDI__SUMMARY_TERMS), name, v)
    {
        const json_t *best = json_object_get(v, GEDI__SUMMARY_OPTIMUM);
        gedi__text_add(out, "  term %-23s %.4g", name,
                       json_number_value(json_object_get(v, GEDI__SUMMARY_VALUE)));
        if (json_is_number(best))
            gedi__text_add(out, "  (optimum %.4g)", json_number_value(best));
        gedi__text_add(out, "\n");
    }
    add_failures(json_object_get(summary, GEDI__SUMMARY_HEALTH), out);
    add_history(json_object_get(summary, GEDI__SUMMARY_HISTORY), out);
}
