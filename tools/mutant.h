/* mutant.h - what tools/mutate-options.sh puts into a plugin: its options as a mutant has them.
 *
 * MUTANT=KEY:ignored gives the option its default; MUTANT=KEY:scaled twice its value, the other
 * truth, the next word. Without MUTANT, nothing changes.
 */
#ifndef GEDI_TOOLS_MUTANT_H
#define GEDI_TOOLS_MUTANT_H

#include "gedi/option.h"

#include <stdlib.h>
#include <string.h>

static inline void mutant_ignore(const gedi_option *o, void *field)
{
    switch (o->type) {
    case GEDI_TYPE_REAL:
        *(double *)field = o->real;
        break;
    case GEDI_TYPE_INT:
    case GEDI_TYPE_ENUM:
        *(int64_t *)field = o->integer;
        break;
    case GEDI_TYPE_BOOL:
        *(bool *)field = o->integer != 0;
        break;
    case GEDI_TYPE_SCHEDULE:
        *(gedi_schedule *)field = GEDI_ALWAYS(o->real);
        break;
    case GEDI_TYPE_INTS: {
        gedi_ints *list = field;
        list->n = 0;
        for (const char *c = o->text; *c && list->n < GEDI_MAX_LIST; c += *c != 0)
            list->v[list->n++] = strtoll(c, (char **)&c, 10);
        break;
    }
    default:
        abort(); /* the script does not ask for it */
    }
}

static inline int64_t mutant_words(const char *words)
{
    int64_t n = 1;
    for (; *words; words++)
        n += *words == '|';
    return n;
}

static inline void mutant_scale(const gedi_option *o, void *field)
{
    gedi_schedule *s = field;
    gedi_ints *list = field;
    switch (o->type) {
    case GEDI_TYPE_REAL:
        *(double *)field *= 2;
        break;
    case GEDI_TYPE_INT:
        *(int64_t *)field *= 2;
        break;
    case GEDI_TYPE_ENUM:
        *(int64_t *)field = (*(int64_t *)field + 1) % mutant_words(o->words);
        break;
    case GEDI_TYPE_BOOL:
        *(bool *)field = !*(bool *)field;
        break;
    case GEDI_TYPE_SCHEDULE:
        s->from *= 2;
        s->to *= 2;
        for (int64_t i = 0; i < s->n; i++)
            s->value[i] *= 2;
        break;
    case GEDI_TYPE_INTS:
        for (int64_t i = 0; i < list->n; i++)
            list->v[i] *= 2;
        break;
    default:
        abort();
    }
}

/* A copy, which is never freed: nodes keep pointers to schedules. */
static inline const void *mutant_of(const void *self, size_t size, const gedi_option *o)
{
    const char *mutant = getenv("MUTANT");
    size_t n = mutant ? strcspn(mutant, ":") : 0;
    for (; n && o->row == GEDI_ROW_OPTION; o++)
        if (strlen(o->key) == n && !strncmp(o->key, mutant, n)) {
            char *copy = malloc(size);
            if (!copy)
                abort();
            memcpy(copy, self, size);
            (strcmp(mutant + n, ":ignored") ? mutant_scale
                                            : mutant_ignore)(o, copy + o->offset);
            return copy;
        }
    return self;
}

#endif
