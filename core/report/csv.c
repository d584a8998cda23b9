/* csv.c - the tables of a figure, read back. */
#include "core/report/csv.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Several times what the largest figure has. */
enum {
    BYTES = 16 << 20,
    NUMBERS = 1 << 20,
    LETTERS = 32, /* of a number, */
    HEAD = 4096,  /* and of the names of columns */
    WHOLE = 1000000000,
};

/* The text of a file that ends with a whole line; NULL where there is none and none is
 * needed. The size is known before anything is allocated, and a pipe is not waited for. */
static gedi_status read_text(const char *folder, const char *file, bool optional,
                             char **text, gedi_err *err)
{
    struct stat st;
    size_t size;
    *text = NULL;
    char *path = gedi__path_join(folder, file);
    if (!path)
        return gedi_no_memory(err, "%s", file);
    gedi_status s = GEDI_OK;
    if (stat(path, &st))
        s = optional && errno == ENOENT
                ? GEDI_OK
                : GEDI_FAIL(err, errno == ENOMEM ? GEDI_NOMEM : GEDI_IO, "%s: %s", file,
                            strerror(errno));
    else if (!S_ISREG(st.st_mode))
        s = GEDI_FAIL(err, GEDI_IO, "%s: not a file", file);
    else if (st.st_size > BYTES)
        s = GEDI_FAIL(err, GEDI_DATA,
                      "%s: %lld bytes; the table of a figure has up to %d", file,
                      (long long)st.st_size, (int)BYTES);
    else
        s = gedi__file_read(path, text, &size, err);
    free(path);
    if (!*text || (size && strlen(*text) == size && (*text)[size - 1] == '\n'))
        return s;
    free(*text);
    *text = NULL;
    return GEDI_FAIL(err, GEDI_DATA, "%s: cut off: it does not end with a whole line",
                     file);
}

/* Only what a figure writes: strtod alone would take "inf", "nan(1)", "0x1p3" and " 1". Labels that are
 * numbers stand between quotes. */
static bool parse(const char **at, double *x)
{
    const char *s = *at;
    char *end;
    if (*s == '"') {
        *at = s + 1;
        bool number = s[1] != '"' && parse(at, x) && **at == '"';
        *at += number;
        return number;
    }
    *x = NAN;
    if (!strncmp(s, "NaN", 3)) {
        *at = s + 3;
        return true;
    }
    size_t n = strspn(s, "+-.0123456789eE");
    if (n < 1 || n > LETTERS)
        return false;
    *x = strtod(s, &end);
    *at = end;
    return end == s + n && fabs(*x) <= FLT_MAX;
}

/* `line` is the number of the first one of `s`. */
static gedi_status fill(gedi__csv *t, const char *file, const char *s, int line,
                        gedi_err *err)
{
    for (int64_t n = 0; *s; line++, t->rows++) {
        int columns = 0;
        do {
            if (!parse(&s, &t->x[n++]) || (*s != ',' && *s != '\n'))
                return GEDI_FAIL(err, GEDI_DATA,
                                 "%s: line %d, number %d is none that a figure has", file,
                                 line, columns + 1);
            columns++;
        } while (*s++ == ',');
        if (t->columns && columns != t->columns)
            return GEDI_FAIL(err, GEDI_DATA, "%s: line %d has %d numbers; it needs %d",
                             file, line, columns, t->columns);
        t->columns = columns;
    }
    return GEDI_OK;
}

/* The names of the columns -> t->head: words that a picture can show. */
static gedi_status read_head(gedi__csv *t, const char *file, const char **s,
                             gedi_err *err)
{
    size_t n = strcspn(*s, "\n");
    if (n < 1 || n > HEAD)
        return GEDI_FAIL(err, GEDI_DATA, "%s: its first line names no columns", file);
    if (!(t->head = strndup(*s, n)))
        return gedi_no_memory(err, "%s", file);
    t->columns = 1;
    gedi__text_tell(t->head);
    for (const char *c = t->head; *c; c++)
        t->columns += *c == ',';
    *s += n + 1;
    return GEDI_OK;
}

static gedi_status read_table(gedi__csv *t, const char *file, const char *s,
                              const char *head, gedi_err *err)
{
    if (head == GEDI__CSV_NAMED) {
        GEDI_TRY(read_head(t, file, &s, err));
    } else if (head) {
        size_t n = strlen(head);
        if (strncmp(s, head, n) || s[n] != '\n')
            return GEDI_FAIL(err, GEDI_DATA, "%s: its first line is not '%s'", file,
                             head);
        s += n + 1;
        t->columns = 1;
        for (const char *c = head; *c; c++)
            t->columns += *c == ',';
    }
    size_t n = 0;
    for (const char *c = s; *c; c++)
        n += *c == ',' || *c == '\n';
    if (n > NUMBERS)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: %zu numbers; the table of a figure has up to %d", file, n,
                         (int)NUMBERS);
    t->x = gedi__alloc(n, sizeof *t->x, err, "%s, %zu numbers", file, n);
    return t->x ? fill(t, file, s, head ? 2 : 1, err) : GEDI_NOMEM;
}

const char GEDI__CSV_NAMED[] = "";

gedi_status gedi__csv_read(const char *folder, const char *name, const char *part,
                           const char *head, bool optional, gedi__csv *t, gedi_err *err)
{
    gedi__text file = {0};
    char *text = NULL;
    *t = (gedi__csv){0};
    gedi__text_add(&file, "%s%s%s.csv", name, part ? "-" : "", part ? part : "");
    gedi_status s = file.failed ? gedi_no_memory(err, "%s", name)
                                : read_text(folder, file.s, optional, &text, err);
    if (text)
        s = read_table(t, file.s, text, head, err);
    if (s != GEDI_OK)
        gedi__csv_clear(t);
    free(text);
    gedi__text_clear(&file);
    return s;
}

void gedi__csv_clear(gedi__csv *t)
{
    free(t->x);
    free(t->head);
    *t = (gedi__csv){0};
}

float *gedi__csv_points(const gedi__csv *t, gedi_err *err)
{
    float *point = gedi__alloc((size_t)(2 * t->rows), sizeof *point, err, "%lld points",
                               (long long)t->rows);
    for (int64_t i = 0; point && i < t->rows; i++)
        for (int k = 0; k < 2; k++)
            point[2 * i + k] = (float)t->x[i * t->columns + k];
    return point;
}

gedi_status gedi__csv_whole(const char *name, const double *x, int64_t n, int stride,
                            int32_t least, int32_t **out, int32_t *most, gedi_err *err)
{
    *most = least;
    *out = gedi__alloc((size_t)n, sizeof **out, err, "%s", name);
    if (!*out)
        return GEDI_NOMEM;
    for (int64_t i = 0; i < n; i++) {
        double v = x[i * stride];
        if (!(v >= least && v <= WHOLE && v == floor(v))) {
            free(*out);
            *out = NULL;
            return GEDI_FAIL(err, GEDI_DATA, "%s: %g is not a whole number from %d to %d",
                             name, v, (int)least, (int)WHOLE);
        }
        (*out)[i] = (int32_t)v;
        *most = (*out)[i] > *most ? (*out)[i] : *most;
    }
    return GEDI_OK;
}
