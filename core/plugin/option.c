/* option.c - reading values into a plugin's struct by its table of options.
 *
 * Numbers are read in the C locale, which gedi never leaves.
 */
#include "core/plugin/option.h"
#include "core/plugin/schedule.h"
#include "core/plugin/value.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Integers written as 1e4 or 10.0 pass through a double: exact up to here. */
#define EXACT 9007199254740992.0 /* 2^53 */

int gedi__option_count(const gedi_option *table)
{
    int n = 0;
    while (table && table[n].key)
        n++;
    return n;
}

const gedi_option *gedi__option_find(const gedi_option *table, const char *key)
{
    for (const gedi_option *o = table; o && o->key; o++)
        if (!strcmp(o->key, key))
            return o;
    return NULL;
}

/* What a message shows of a value or a key: whole if it is short. By value, so that it
 * can be used as an argument. */
typedef struct shown {
    char s[72];
} shown;

static shown show(const char *value)
{
    shown out;
    size_t n = strlen(value), most = 60;
    if (n <= most) {
        memcpy(out.s, value, n + 1);
        return out;
    }
    while (most && ((unsigned char)value[most] & 0xc0) == 0x80)
        most--; /* not in the middle of a character */
    memcpy(out.s, value, most);
    memcpy(out.s + most, "...", 4);
    return out;
}

/* "hidden" or "hidden[1]". */
static shown label(const gedi_option *o, int item)
{
    shown out = show(o->key);
    size_t n = strlen(out.s);
    if (item >= 0 && n < sizeof out.s - 8)
        snprintf(out.s + n, sizeof out.s - n, "[%d]", item);
    return out;
}

static bool is_list(gedi_option_type t)
{
    return t == GEDI_TYPE_INTS || t == GEDI_TYPE_REALS || t == GEDI_TYPE_COMPONENTS;
}

static void *field(const gedi_option *o, void *self)
{
    return (char *)self + o->offset;
}

static gedi_status out_of_range(const gedi_option *o, const char *name, const char *value,
                                gedi_err *err)
{
    char range[80];
    return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' is not in %s", name, show(value).s,
                     gedi__option_range(o, range, sizeof range));
}

/* Only decimal notation: strtod alone would take "inf", "nan", "0x1p3" and " 1". */
static bool is_decimal(const char *s)
{
    return *s && s[strspn(s, "0123456789+-.eE")] == 0;
}

static bool has_digit_not_zero(const char *s)
{
    for (; *s && *s != 'e' && *s != 'E'; s++)
        if (*s >= '1' && *s <= '9')
            return true;
    return false;
}

static gedi_status read_real(const gedi_option *o, const char *name, const char *value,
                             double *out, gedi_err *err)
{
    char *end = NULL;
    double x = is_decimal(value) ? strtod(value, &end) : 0;
    if (!end || *end || end == value)
        return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' is not a real number", name,
                         show(value).s);
    if (!isfinite(x))
        return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' is too large for a real number",
                         name, show(value).s);
    if (x == 0 && has_digit_not_zero(value))
        return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' is too small for a real number",
                         name, show(value).s);
    if (!(x >= o->min && x <= o->max))
        return out_of_range(o, name, value, err);
    *out = x;
    return GEDI_OK;
}

/* "0..2", or what may be meant by that: "0-2", "0...2", "0:2". */
static bool is_like_range(const char *value)
{
    static const char digits[] = "0123456789";
    size_t first = strspn(value, digits), between = strspn(value + first, ".-:");
    const char *last = value + first + between;
    return first && between && *last && !last[strspn(last, digits)] &&
           (between > 1 || value[first] != '.');
}

/* What else it may be that is given for an integer. */
static const char *not_an_integer(const char *value)
{
    return strchr(value, '_') ? ": write digits only, such as 10000"
           : is_like_range(value)
               ? "; a range is for an axis of a sweep, such as sweep.seed=0..2"
               : "";
}

/* Digits, or anything that is exactly integral: 1e4, 10.0. */
static gedi_status to_integer(const char *name, const char *value, int64_t *out,
                              gedi_err *err)
{
    char *end = NULL;
    errno = 0;
    int64_t i = is_decimal(value) ? strtoll(value, &end, 10) : 0;
    if (end && !*end && end != value) {
        if (errno == ERANGE)
            return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' does not fit into 64 bits", name,
                             show(value).s);
        *out = i;
        return GEDI_OK;
    }
    double x = end ? strtod(value, &end) : 0;
    if (!end || *end || end == value || x != floor(x) ||
        (x == 0 && has_digit_not_zero(value)))
        return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' is not an integer%s", name,
                         show(value).s, not_an_integer(value));
    if (!(fabs(x) <= EXACT))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "%s: '%s' is too large for this notation: write all digits",
                         name, show(value).s);
    *out = (int64_t)x;
    return GEDI_OK;
}

/* min and max are doubles; long double compares them with 64 bits exactly. */
static bool integer_in_range(const gedi_option *o, int64_t i)
{
    return (long double)i >= (long double)o->min && (long double)i <= (long double)o->max;
}

static gedi_status read_integer(const gedi_option *o, const char *name, const char *value,
                                int64_t *out, gedi_err *err)
{
    int64_t i = 0;
    GEDI_TRY(to_integer(name, value, &i, err));
    if (!integer_in_range(o, i))
        return out_of_range(o, name, value, err);
    *out = i;
    return GEDI_OK;
}

static bool is_any_of(const char *value, const char *const *words)
{
    for (; *words; words++)
        if (!strcasecmp(value, *words))
            return true;
    return false;
}

static gedi_status read_boolean(const char *name, const char *value, bool *out,
                                gedi_err *err)
{
    static const char *const yes[] = {"true", "yes", "on", "y", "t", "1", NULL};
    static const char *const no[] = {"false", "no", "off", "n", "f", "0", NULL};
    if (!strcmp(value, "true") || !strcmp(value, "false")) {
        *out = *value == 't';
        return GEDI_OK;
    }
    const char *hint = is_any_of(value, yes)  ? "true"
                       : is_any_of(value, no) ? "false"
                                              : "true or false";
    return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' is not a boolean: write %s", name,
                     show(value).s, hint);
}

static gedi_status read_word(const gedi_option *o, const char *name, const char *value,
                             int64_t *out, gedi_err *err)
{
    gedi__words list;
    int n = gedi__words_cut(o->words, &list);
    for (int i = 0; i < n; i++)
        if (!strcmp(list.word[i], value)) {
            *out = i;
            return GEDI_OK;
        }
    const char *near = gedi__text_nearest(value, list.word, n);
    char range[256];
    return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' is not one of %s%s%s%s", name,
                     show(value).s, gedi__option_range(o, range, sizeof range),
                     near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static gedi_status read_entry(const gedi_option *o, void *self, int item,
                              const char *value, gedi_err *err)
{
    shown name = label(o, item);
    if (item >= GEDI_MAX_LIST)
        return GEDI_FAIL(err, GEDI_OPTION, "%s: a list has at most %d entries",
                         show(o->key).s, GEDI_MAX_LIST);
    if (o->type == GEDI_TYPE_INTS) {
        gedi_ints *list = field(o, self);
        GEDI_TRY(read_integer(o, name.s, value, &list->v[item], err));
        list->n = item + 1;
        return GEDI_OK;
    }
    gedi_reals *list = field(o, self);
    GEDI_TRY(read_real(o, name.s, value, &list->v[item], err));
    list->n = item + 1;
    return GEDI_OK;
}

static void empty(const gedi_option *o, void *self)
{
    if (o->type == GEDI_TYPE_INTS)
        *(gedi_ints *)field(o, self) = (gedi_ints){0};
    else if (o->type == GEDI_TYPE_COMPONENTS)
        *(gedi_components *)field(o, self) = (gedi_components){0};
    else
        *(gedi_reals *)field(o, self) = (gedi_reals){0};
}

/* "100, 100", the default of a list. */
static gedi_status default_list(const gedi_option *o, void *self, gedi_err *err)
{
    empty(o, self);
    const char *s = o->text;
    for (int item = 0; *s; item++) {
        char value[64];
        s += strspn(s, " ");
        size_t n = strcspn(s, ",");
        const char *next = s[n] ? s + n + 1 : s + n;
        while (n && s[n - 1] == ' ')
            n--;
        if (n >= sizeof value)
            return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' is not a list of numbers",
                             o->key, show(s).s);
        memcpy(value, s, n);
        value[n] = 0;
        GEDI_TRY(read_entry(o, self, item, value, err));
        s = next;
    }
    return GEDI_OK;
}

/* A schedule is a constant where it is a number. */
static void set_real(const gedi_option *o, void *self, double x)
{
    if (o->type == GEDI_TYPE_SCHEDULE)
        *(gedi_schedule *)field(o, self) = GEDI_ALWAYS(x);
    else
        *(double *)field(o, self) = x;
}

static gedi_status read_schedule(const gedi_option *o, const char *value, void *self,
                                 gedi_err *err)
{
    char examples[GEDI__SCHEDULE_EXAMPLES];
    double x;
    if (!is_decimal(value))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "%s: '%s' is not a real number; nor is it a schedule: %s",
                         o->key, show(value).s, gedi__schedule_examples(examples));
    GEDI_TRY(read_real(o, o->key, value, &x, err));
    set_real(o, self, x);
    return GEDI_OK;
}

static gedi_status default_of(const gedi_option *o, void *self, gedi_err *err)
{
    char value[32];
    gedi__words list;
    switch (o->type) {
    case GEDI_TYPE_REAL:
    case GEDI_TYPE_SCHEDULE:
        if (!(isfinite(o->real) && o->real >= o->min && o->real <= o->max))
            return out_of_range(o, o->key, gedi__real_text(o->real, value), err);
        set_real(o, self, o->real);
        return GEDI_OK;
    case GEDI_TYPE_INT:
        snprintf(value, sizeof value, "%" PRId64, o->integer);
        return read_integer(o, o->key, value, field(o, self), err);
    case GEDI_TYPE_BOOL:
        if (o->integer != 0 && o->integer != 1)
            return GEDI_FAIL(err, GEDI_OPTION, "%s: %" PRId64 " is not 0 or 1", o->key,
                             o->integer);
        *(bool *)field(o, self) = o->integer;
        return GEDI_OK;
    case GEDI_TYPE_ENUM:
        if (o->integer < 0 || o->integer >= gedi__words_cut(o->words, &list))
            return GEDI_FAIL(err, GEDI_OPTION, "%s: %" PRId64 " is no index into '%s'",
                             o->key, o->integer, o->words ? show(o->words).s : "");
        *(int64_t *)field(o, self) = o->integer;
        return GEDI_OK;
    case GEDI_TYPE_COMPONENTS:
        empty(o, self);
        return GEDI_OK;
    case GEDI_TYPE_TEXT:
    case GEDI_TYPE_INTS:
    case GEDI_TYPE_REALS:
        if (!o->text)
            return GEDI_FAIL(err, GEDI_OPTION, "%s: NULL: write \"\" for %s", o->key,
                             is_list(o->type) ? "an empty list" : "an empty text");
        if (is_list(o->type))
            return default_list(o, self, err);
        *(const char **)field(o, self) = o->text;
        return GEDI_OK;
    case GEDI_TYPE_END:
        break;
    }
    return GEDI_FAIL(err, GEDI_OPTION, "%s: type %d does not exist", o->key,
                     (int)o->type);
}

const char *gedi__option_file(const gedi_option *o, const void *self)
{
    if (o->type != GEDI_TYPE_TEXT || !o->words)
        return NULL;
    const char *name = *(const char *const *)((const char *)self + o->offset);
    return *name ? name : NULL;
}

gedi_status gedi__option_defaults(const gedi_option *table, void *self, gedi_err *err)
{
    gedi_err why = {0};
    for (const gedi_option *o = table; o && o->key; o++)
        if (default_of(o, self, &why))
            return GEDI_FAIL(err, GEDI_OPTION, "the default of option %s", why.msg);
    return GEDI_OK;
}

/* YAML's ways of writing nothing. */
static bool is_nothing(const char *value, bool quoted)
{
    return !quoted && (!*value || !strcmp(value, "~") || !strcmp(value, "null"));
}

/* A list where a scalar belongs, a scalar where a list belongs, nothing, quotes. */
static gedi_status check_form(const gedi_option *o, int item, const char *value,
                              bool quoted, gedi_err *err)
{
    shown name = label(o, item);
    gedi_option_type t = o->type;
    if (item >= 0 && is_list(t)) /* what counts is the type of an entry */
        t = t == GEDI_TYPE_INTS ? GEDI_TYPE_INT : GEDI_TYPE_REAL;
    const char *type = gedi__option_type_name(t);
    if (item >= 0 && t == o->type)
        return GEDI_FAIL(
            err, GEDI_OPTION,
            "%s: a list is given, but its type is %s; several values are for "
            "an axis of a sweep",
            show(o->key).s, type);
    if (is_nothing(value, quoted))
        return GEDI_FAIL(err, GEDI_OPTION, "%s: no value is given, but its type is %s%s",
                         name.s, type,
                         t == GEDI_TYPE_TEXT ? ": quote it if it is meant" : "");
    if (is_list(t))
        return GEDI_FAIL(err, GEDI_OPTION, "%s: '%s' is no %s: write [%s]", name.s,
                         show(value).s, type, show(value).s);
    if (quoted && t != GEDI_TYPE_TEXT && t != GEDI_TYPE_ENUM)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "%s: \"%s\" is in quotes, which makes it a text, but its type "
                         "is %s: write it without",
                         name.s, show(value).s, type);
    return GEDI_OK;
}

gedi_status gedi__option_set(const gedi_option *o, void *self, int item,
                             const char *value, bool quoted, gedi__arena *arena,
                             gedi_err *err)
{
    if (!value && is_list(o->type)) {
        empty(o, self);
        return GEDI_OK;
    }
    GEDI_ASSERT(value);
    GEDI_TRY(check_form(o, item, value, quoted, err));
    switch (o->type) {
    case GEDI_TYPE_REAL:
        return read_real(o, o->key, value, field(o, self), err);
    case GEDI_TYPE_SCHEDULE:
        return read_schedule(o, value, self, err);
    case GEDI_TYPE_INT:
        return read_integer(o, o->key, value, field(o, self), err);
    case GEDI_TYPE_BOOL:
        return read_boolean(o->key, value, field(o, self), err);
    case GEDI_TYPE_ENUM:
        return read_word(o, o->key, value, field(o, self), err);
    case GEDI_TYPE_INTS:
    case GEDI_TYPE_REALS:
        return read_entry(o, self, item, value, err);
    case GEDI_TYPE_TEXT:
        break;
    case GEDI_TYPE_COMPONENTS: /* entries are the descriptor's to read */
    case GEDI_TYPE_END:
        GEDI_ASSERT(!"an option without a type");
    }
    const char *copy = gedi__arena_text(arena, value);
    if (!copy)
        return gedi_no_memory(err, "%s", o->key);
    *(const char **)field(o, self) = copy;
    return GEDI_OK;
}
