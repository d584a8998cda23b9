/* schedule.c - fuzz target: the value of an option that may change while a run trains. */
#include "gedi/schedule.h"
#include "tests/fuzz/reading.h"

#include <math.h>

/* What was read has a number in every iteration. */
static void look_at(const gedi__experiment *e)
{
    gedi__scheduled_option o;
    for (int i = 0; gedi__stage_schedule(e->stage, i, &o); i++)
        for (int64_t t = 0; t <= 20; t++)
            fuzz_must(isfinite(gedi_schedule_at(o.schedule, t, 20)), o.name,
                      "is no number");
}

FUZZ_TARGET(schedule)
{
    static const char head[] = FUZZ_EXPERIMENT "optimizer: {adam: {lr: ", tail[] = "}}\n";
    char *value = fuzz_text(data, size);
    gedi__text text = {0};
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi__text_add(&text, "%s%s%s", head, value, tail);
    if (reading_is_harmless(value)) {
        const char *file = fuzz_file("a.yaml", text.s, text.len);
        reading_keep_plugins();
        gedi_status status = gedi__experiment_read(file, NULL, 0, &e, &m, &err);
        reading_check(status, e, &m);
        if (e) {
            gedi__stage_set_epochs(e->stage, 100);
            look_at(e);
            reading_round_trip(e);
        }
    }
    gedi__experiment_free(e);
    gedi__text_clear(&m.text);
    gedi__text_clear(&text);
    free(value);
    return 0;
}
