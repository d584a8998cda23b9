/* option_emit.c - writing options: values as YAML, ranges and types for people. */
#include "core/plugin/option.h"
#include "core/plugin/schedule.h"
#include "core/plugin/value.h"
#include "gedi/plugin.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int gedi__words_cut(const char *words, gedi__words *out)
{
    size_t n = words ? strlen(words) : 0;
    out->n = 0;
    if (n >= sizeof out->buffer)
        return -1;
    memcpy(out->buffer, n ? words : "", n + 1);
    for (char *s = n ? out->buffer : NULL; s;) {
        if (out->n == GEDI__MAX_WORDS)
            return -1;
        out->word[out->n++] = s;
        s = strchr(s, '|');
        if (s)
            *s++ = 0;
    }
    return out->n;
}

const char *gedi__real_text(double x, char out[32])
{
    /* The shortest of the three that reads back to the same bits. */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, 32, "%.*g", digits, x);
        if (strtod(out, NULL) == x)
            break;
    }
    return out;
}

/* A limit of an integer, which the table keeps as a double. */
static const char *limit_text(double x, char out[32])
{
    if (fabs(x) < 0x1p63)
        snprintf(out, 32, "%" PRId64, (int64_t)x);
    else if (isfinite(x))
        snprintf(out, 32, "%" PRId64, x > 0 ? INT64_MAX : INT64_MIN);
    else
        snprintf(out, 32, "%g", x);
    return out;
}

const char *gedi__option_range(const gedi_option *o, char *out, size_t n)
{
    char low[32], high[32];
    gedi__words list;
    size_t at = 0;
    switch (o->type) {
    case GEDI_TYPE_INT:
    case GEDI_TYPE_INTS:
        snprintf(out, n, "[%s, %s]", limit_text(o->min, low), limit_text(o->max, high));
        return out;
    case GEDI_TYPE_REAL:
    case GEDI_TYPE_REALS:
    case GEDI_TYPE_SCHEDULE:
        snprintf(out, n, "[%s, %s]", gedi__real_text(o->min, low),
                 gedi__real_text(o->max, high));
        return out;
    case GEDI_TYPE_BOOL:
        snprintf(out, n, "true, false");
        return out;
    case GEDI_TYPE_ENUM:
        *out = 0;
        gedi__words_cut(o->words, &list);
        for (int i = 0; i < list.n && at < n; i++)
            at += (size_t)snprintf(out + at, n - at, "%s%s", i ? ", " : "", list.word[i]);
        return out;
    case GEDI_TYPE_COMPONENTS:
        snprintf(out, n, "%s", o->words);
        return out;
    case GEDI_TYPE_TEXT:
    case GEDI_TYPE_END:
        break;
    }
    *out = 0;
    return out;
}

/* What YAML would not read, or would read as the end of a line. */
static bool is_printable(long c)
{
    return c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != 0x2028 &&
           c != 0x2029 && c != 0xfeff && c != 0xfffe && c != 0xffff;
}

void gedi__option_emit_text(const char *text, gedi__text *out)
{
    gedi__text_add(out, "\"");
    for (const char *s = text; *s;) {
        const char *from = s;
        long c = gedi__text_point(&s);
        if (c == '"' || c == '\\')
            gedi__text_add(out, "\\%c", (char)c);
        else if (c == '\n')
            gedi__text_add(out, "\\n");
        else if (c == '\t')
            gedi__text_add(out, "\\t");
        else if (c < 0)
            gedi__text_add(out, "\\x%02X", *(const unsigned char *)from);
        else if (is_printable(c))
            gedi__text_add(out, "%.*s", (int)(s - from), from);
        else
            gedi__text_add(out, c < 0x100 ? "\\x%02lX" : "\\u%04lX", (unsigned long)c);
    }
    gedi__text_add(out, "\"");
}

/* Plain, but for what YAML takes for nothing. */
static void emit_word(const char *word, gedi__text *out)
{
    if (strcasecmp(word, "null"))
        gedi__text_add(out, "%s", word);
    else
        gedi__option_emit_text(word, out);
}

void gedi__component_emit(const gedi_component *c, gedi__text *out)
{
    const gedi_option *first = c->plugin->options;
    gedi__text_add(out, "%s: {", c->plugin->name);
    for (const gedi_option *o = first; o && o->key; o++) {
        gedi__text_add(out, "%s%s: ", o == first ? "" : ", ", o->key);
        gedi__option_emit(o, c->self, out);
    }
    gedi__text_add(out, "}");
}

const char *gedi_component_text(const gedi_component *c, char *out, size_t size)
{
    gedi__text t = {0};
    gedi__component_emit(c, &t);
    snprintf(out, size, "%s", t.failed ? c->plugin->name : t.s);
    gedi__text_clear(&t);
    return out;
}

void gedi__option_emit(const gedi_option *o, const void *self, gedi__text *out)
{
    const void *p = (const char *)self + o->offset;
    const gedi_ints *ints = p;
    const gedi_reals *reals = p;
    const gedi_components *list_of = p;
    char number[32];
    gedi__words list;
    switch (o->type) {
    case GEDI_TYPE_REAL:
        gedi__text_add(out, "%s", gedi__real_text(*(const double *)p, number));
        break;
    case GEDI_TYPE_INT:
        gedi__text_add(out, "%" PRId64, *(const int64_t *)p);
        break;
    case GEDI_TYPE_BOOL:
        gedi__text_add(out, "%s", *(const bool *)p ? "true" : "false");
        break;
    case GEDI_TYPE_ENUM:
        gedi__words_cut(o->words, &list);
        emit_word(list.word[*(const int64_t *)p], out);
        break;
    case GEDI_TYPE_TEXT:
        gedi__option_emit_text(*(const char *const *)p, out);
        break;
    case GEDI_TYPE_INTS:
        for (int64_t i = 0; i < ints->n; i++)
            gedi__text_add(out, "%s%" PRId64, i ? ", " : "[", ints->v[i]);
        gedi__text_add(out, ints->n ? "]" : "[]");
        break;
    case GEDI_TYPE_REALS:
        for (int64_t i = 0; i < reals->n; i++)
            gedi__text_add(out, "%s%s", i ? ", " : "[",
                           gedi__real_text(reals->v[i], number));
        gedi__text_add(out, reals->n ? "]" : "[]");
        break;
    case GEDI_TYPE_COMPONENTS:
        for (int64_t i = 0; i < list_of->n; i++) {
            gedi__text_add(out, i ? ", " : "[");
            gedi__component_emit(&list_of->v[i], out);
        }
        gedi__text_add(out, list_of->n ? "]" : "[]");
        break;
    case GEDI_TYPE_SCHEDULE:
        gedi__schedule_emit(p, out);
        break;
    case GEDI_TYPE_END:
        break;
    }
}

const char *gedi__option_type_name(gedi_option_type t)
{
    switch (t) {
    case GEDI_TYPE_REAL:
        return "real";
    case GEDI_TYPE_INT:
        return "integer";
    case GEDI_TYPE_BOOL:
        return "boolean";
    case GEDI_TYPE_TEXT:
        return "text";
    case GEDI_TYPE_ENUM:
        return "word";
    case GEDI_TYPE_INTS:
        return "list of integers";
    case GEDI_TYPE_REALS:
        return "list of reals";
    case GEDI_TYPE_COMPONENTS:
        return "list of components";
    case GEDI_TYPE_SCHEDULE:
        return "real or schedule";
    case GEDI_TYPE_END:
        break;
    }
    return "none";
}

void gedi__option_emit_range(const gedi_option *o, gedi__text *out)
{
    gedi__words list;
    gedi__text_add(out, "%s", gedi__option_range(o, list.buffer, sizeof list.buffer));
}

void gedi__option_emit_default(const gedi_option *o, gedi__text *out)
{
    /* The same writer as for values: the default is put where a value would be. */
    union {
        double real;
        int64_t integer;
        bool boolean;
        const char *text;
        gedi_ints ints;
        gedi_reals reals;
        gedi_components components;
        gedi_schedule schedule;
    } value;
    if (o->type == GEDI_TYPE_COMPONENTS && o->text) { /* known by name alone */
        gedi__text_add(out, "[%s]", o->text);
        return;
    }
    memset(&value, 0, sizeof value);
    gedi_option alone[2] = {*o};
    alone[0].offset = 0;
    if (gedi__option_defaults(alone, &value, NULL) == GEDI_OK)
        gedi__option_emit(alone, &value, out);
}
