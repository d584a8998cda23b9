/* schedule.c - what a schedule can be in a descriptor, and how it is written. */
#include "core/plugin/schedule.h"
#include "core/plugin/option.h"
#include "core/plugin/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WARMUP                                                                           \
    GEDI_INT(gedi_schedule, warmup, 0, 0, 1e9,                                           \
             "the value rises linearly from 0 for so long; 0: none")
#define UNIT                                                                             \
    GEDI_ENUM(gedi_schedule, unit, GEDI_UNIT_ITERATIONS, "iterations|epochs",            \
              "what warmup, over and positions of steps are counted in")

static const gedi_option constant_rows[] = {
    GEDI_REAL_AT(gedi_schedule, from, "value", 0, -INFINITY, INFINITY, "the value"),
    WARMUP,
    UNIT,
    GEDI_END,
};

static const gedi_option ramp_rows[] = {
    GEDI_REAL(gedi_schedule, from, 0, -INFINITY, INFINITY,
              "the first value, after the warm-up"),
    GEDI_REAL(gedi_schedule, to, 0, -INFINITY, INFINITY, "the last value"),
    WARMUP,
    GEDI_INT(
        gedi_schedule, over, 0, 0, 1e9,
        "where `to` is reached, counted with the warm-up; 0: at the end of the stage"),
    UNIT,
    GEDI_END,
};

static const gedi_option step_rows[] = {WARMUP, UNIT, GEDI_END};

const gedi__schedule_kind gedi__schedule_kinds[GEDI__SCHEDULE_KINDS] = {
    {"cosine", GEDI_SCHEDULE_COSINE, 2, ramp_rows, "{cosine: {from: 0.03, to: 0}}",
     "half a period of a cosine between two values"},
    {"linear", GEDI_SCHEDULE_LINEAR, 2, ramp_rows, "{linear: {from: 1, to: 0}}",
     "a straight line between two values"},
    {"steps", GEDI_SCHEDULE_STEPS, 0, step_rows, "{steps: {0: 0.1, 6000: 0.01}}",
     "each value from its position on; the first position is 0"},
    {"constant", GEDI_SCHEDULE_CONSTANT, 1, constant_rows,
     "{constant: {value: 0.03, warmup: 500}}", "one value, for its warm-up"},
};

const gedi__schedule_kind *gedi__schedule_kind_find(const char *name)
{
    for (int i = 0; i < GEDI__SCHEDULE_KINDS; i++)
        if (!strcmp(gedi__schedule_kinds[i].name, name))
            return &gedi__schedule_kinds[i];
    return NULL;
}

const char *gedi__schedule_examples(char out[GEDI__SCHEDULE_EXAMPLES])
{
    size_t at = 0;
    for (int i = 0; i < GEDI__SCHEDULE_KINDS && at < GEDI__SCHEDULE_EXAMPLES; i++)
        at += (size_t)snprintf(out + at, GEDI__SCHEDULE_EXAMPLES - at, "%s%s",
                               !i                             ? ""
                               : i < GEDI__SCHEDULE_KINDS - 1 ? ", "
                                                              : " or ",
                               gedi__schedule_kinds[i].example);
    return out;
}

/* The value, where it is the same everywhere but in the warm-up; NAN where it is not. */
static double only_value(const gedi_schedule *s)
{
    switch (s->form) {
    case GEDI_SCHEDULE_CONSTANT:
        return s->from;
    case GEDI_SCHEDULE_LINEAR:
    case GEDI_SCHEDULE_COSINE:
        return s->from == s->to ? s->from : NAN;
    case GEDI_SCHEDULE_STEPS:
        for (int64_t k = 1; k < s->n; k++)
            if (s->value[k] != s->value[0])
                return NAN;
        return s->value[0];
    }
    return NAN;
}

void gedi__schedule_reduce(gedi_schedule *s)
{
    double value = only_value(s);
    if (value == 0 || (!isnan(value) && !s->warmup))
        *s = GEDI_ALWAYS(value);
}

static bool is_default(const gedi_option *o, const gedi_schedule *s)
{
    return *(const int64_t *)((const char *)s + o->offset) == o->integer;
}

void gedi__schedule_emit(const gedi_schedule *s, gedi__text *out)
{
    char number[32];
    const gedi__schedule_kind *k = gedi__schedule_kinds;
    if (gedi_schedule_is_constant(s)) {
        gedi__text_add(out, "%s", gedi__real_text(s->from, number));
        return;
    }
    while (k->form != s->form)
        k++;
    gedi__text_add(out, "{%s: {", k->name);
    const char *between = "";
    for (int64_t i = 0; i < s->n; i++, between = ", ")
        gedi__text_add(out, "%s%" PRId64 ": %s", between, s->at[i],
                       gedi__real_text(s->value[i], number));
    for (int i = 0; k->rows[i].key; i++) {
        const gedi_option *o = &k->rows[i];
        if (i >= k->required && is_default(o, s))
            continue;
        gedi__text_add(out, "%s%s: ", between, o->key);
        gedi__option_emit(o, s, out);
        between = ", ";
    }
    gedi__text_add(out, "}}");
}
