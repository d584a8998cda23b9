/* text.c - strings that grow, and finding the word that was meant. */
#include "core/base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void gedi__text_add(gedi__text *t, const char *fmt, ...)
{
    if (t->failed)
        return;
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    size_t need = t->len + (size_t)n + 1;
    if (need > t->size) {
        size_t size = 2 * need < 64 ? 64 : 2 * need;
        char *s = realloc(t->s, size);
        if (s) {
            t->s = s;
            t->size = size;
        } else {
            t->failed = true;
        }
    }
    if (!t->failed) {
        vsnprintf(t->s + t->len, (size_t)n + 1, fmt, again);
        t->len += (size_t)n;
    }
    va_end(again);
}

void gedi__text_add_quoted(gedi__text *t, const char *s)
{
    gedi__text_add(t, "'");
    for (const char *end; (end = strchr(s, '\'')); s = end + 1)
        gedi__text_add(t, "%.*s'\\''", (int)(end - s), s);
    gedi__text_add(t, "%s'", s);
}

void gedi__text_clear(gedi__text *t)
{
    free(t->s);
    memset(t, 0, sizeof *t);
}

/* Does a mark of direction begin here, of three bytes: U+200E, U+200F, U+202A to U+202E, U+2066 to
 * U+2069? */
static bool is_direction(const unsigned char *s)
{
    return s[0] == 0xe2 && ((s[1] == 0x80 && (s[2] == 0x8e || s[2] == 0x8f ||
                                              (s[2] >= 0xaa && s[2] <= 0xae))) ||
                            (s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));
}

bool gedi__text_has_line(const char *text, const char *line, size_t n)
{
    while (text && *text) {
        size_t own = strcspn(text, "\n");
        if (own == n && !strncmp(text, line, n))
            return true;
        text += own + (text[own] == '\n');
    }
    return false;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

bool gedi__is_plain_name(const char *name)
{
    return name && *name && !name[strspn(name, LETTERS)];
}

bool gedi__is_dotted_name(const char *name)
{
    for (;; name++) {
        size_t n = strspn(name, LETTERS);
        name += n;
        if (!n || *name != '.')
            return n && !*name;
    }
}

bool gedi__text_is_line(const char *name)
{
    const char *s = name;
    while (*s)
        if (gedi__text_point(&s) < 0)
            return false;
    return *name && !gedi__text_control(name);
}

const char *gedi__text_control(const char *s)
{
    for (const unsigned char *c = (const unsigned char *)s; *c; c++)
        if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0) ||
            is_direction(c))
            return (const char *)c;
    return NULL;
}

void gedi__text_show(char *s, bool lines)
{
    while ((s = (char *)gedi__text_control(s))) {
        int bytes = (unsigned char)*s == 0xc2 ? 2 : (unsigned char)*s == 0xe2 ? 3 : 1;
        if (!lines || *s != '\n')
            memset(s, '?', (size_t)bytes);
        s += bytes;
    }
}

long gedi__text_point(const char **s)
{
    static const unsigned char first[] = {0, 0xc0, 0xe0, 0xf0};
    const unsigned char *p = (const unsigned char *)*s;
    int more = *p < 0x80 ? 0 : *p < 0xc2 ? -1 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
    if (more < 0 || *p > 0xf4) {
        ++*s;
        return -1;
    }
    long c = *p - first[more];
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            ++*s;
            return -1;
        }
        c = c << 6 | (p[i] & 0x3f);
    }
    *s += more + 1;
    return c;
}

void gedi__text_tell(char *s)
{
    gedi__text_show(s, false);
    for (const char *at = s, *from = s; *at; from = at)
        if (gedi__text_point(&at) < 0)
            s[from - s] = '?';
}

bool gedi__text_is_name(const char *s)
{
    static const char legal[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789._-";
    size_t n = strspn(s, legal);
    return n > 0 && n <= GEDI__FILE_NAME && !s[n] && *s != '.' && *s != '-';
}

bool gedi__text_is_formula(const char *s)
{
    char *end;
    if (!*s || !strchr("=+-@\t\r", *s))
        return false;
    (void)strtod(s, &end);
    return end == s || *end;
}

void gedi__text_add_csv(gedi__text *t, const char *s)
{
    bool quoted = s[strcspn(s, ",\"\n\r")];
    gedi__text_add(t, "%s%s", quoted ? "\"" : "", gedi__text_is_formula(s) ? "'" : "");
    for (; *s; s++)
        gedi__text_add(t, *s == '"' ? "\"%c" : "%c", *s);
    gedi__text_add(t, "%s", quoted ? "\"" : "");
}

void gedi__text_add_csv_real(gedi__text *t, double x)
{
    gedi__text_add(t, isfinite(x) ? ",%.9g" : ",", x);
}

double gedi__text_inches(const char *text)
{
    static const struct {
        const char *name;
        double inches;
    } unit[] = {{"in", 1}, {"cm", 1 / 2.54}, {"mm", 1 / 25.4}, {"pt", 1 / 72.27}};
    static const char digits[] = "0123456789";
    if (!*text)
        return 0;
    /* Whole numbers, a point, decimals: what strtod takes besides is no length, and the schema refuses it. */
    size_t whole = strspn(text, digits), point = text[whole] == '.',
           part = point ? strspn(text + whole + 1, digits) : 0;
    const char *end = text + whole + point + part;
    double x = whole + part ? strtod(text, NULL) : NAN;
    for (size_t i = 0; whole + part && i < sizeof unit / sizeof *unit; i++)
        if (!strcmp(end, unit[i].name) && x * unit[i].inches >= GEDI__LEAST_INCHES &&
            x * unit[i].inches <= 50)
            return x * unit[i].inches;
    return NAN;
}
