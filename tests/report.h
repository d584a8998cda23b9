/* report.h - what the tests of charts and figures share: a folder, and looking into it. */
#ifndef GEDI_TESTS_REPORT_H
#define GEDI_TESTS_REPORT_H

#include "core/base/file.h"

#include <check.h>
#include <ftw.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[40], *own_path;
static gedi_err err;

static inline void setup(void)
{
    strcpy(folder, "report-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    memset(&err, 0, sizeof err);
    free(own_path);
    own_path = strdup(getenv("PATH"));
}

static inline int delete_one(const char *path, const struct stat *st, int kind,
                             struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static inline void teardown(void)
{
    setenv("PATH", own_path, 1);
    free(own_path);
    own_path = NULL;
    folder[sizeof "report-XXXXXX" - 1] = 0;
    nftw(folder, delete_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Whether pictures can be drawn here; the rest is tested without it. */
static inline bool have_gnuplot(void)
{
    return system("gnuplot -e 'set terminal pngcairo' </dev/null >/dev/null 2>&1") == 0;
}

static inline void without_gnuplot(void)
{
    setenv("PATH", "/nowhere", 1);
}

static inline char *path_of(const char *file)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    return path;
}

static inline bool exists(const char *file)
{
    return gedi__file_exists(path_of(file));
}

/* A file of the folder; free() it. */
static inline char *content(const char *file)
{
    char *data;
    size_t size;
    ck_assert_msg(!gedi__file_read(path_of(file), &data, &size, &err), "%s", err.msg);
    return data;
}

static inline void expect_in(const char *file, const char *part)
{
    char *all = content(file);
    ck_assert_msg(strstr(all, part) != NULL, "%s lacks '%s':\n%.2000s", file, part, all);
    free(all);
}

/* How often a file has `part`. */
static inline int count_in(const char *file, const char *part)
{
    char *all = content(file);
    int n = 0;
    for (const char *at = all; (at = strstr(at, part)) != NULL; at++)
        n++;
    free(all);
    return n;
}

static inline void expect_not_in(const char *file, const char *part)
{
    char *all = content(file);
    ck_assert_msg(strstr(all, part) == NULL, "%s has '%s'", file, part);
    free(all);
}

/* Line `i` (from 0) of a file; NULL where there is none. In a static buffer. */
static inline const char *line_of(const char *file, int i)
{
    static char line[8192];
    FILE *f = fopen(path_of(file), "r");
    ck_assert_ptr_nonnull(f);
    const char *got = NULL;
    for (int k = 0; k <= i; k++)
        got = fgets(line, sizeof line, f);
    fclose(f);
    line[strcspn(line, "\n")] = 0;
    return got;
}

static inline int lines_of(const char *file)
{
    char *all = content(file);
    int n = 0;
    for (const char *c = all; *c; c++)
        n += *c == '\n';
    free(all);
    return n;
}

static inline void expect_failure(gedi_status s, gedi_status want, const char *said)
{
    ck_assert_msg(s == want, "status %d, expected %d (%s)", s, want, err.msg);
    ck_assert_msg(strstr(err.msg, said) != NULL, "'%s' lacks '%s'", err.msg, said);
}

/* The least of the numbers that stand behind `part` in a file; INFINITY where there is none. */
static inline double least_after(const char *file, const char *part)
{
    char *all = content(file);
    double least = INFINITY;
    for (const char *at = all; (at = strstr(at, part)) != NULL; at++) {
        char *end;
        double x = strtod(at + strlen(part), &end);
        if (end > at + strlen(part) && x < least)
            least = x;
    }
    free(all);
    return least;
}

/* The least letters of a script that draws a PNG for print, in points: those of 26 have 8 where the picture is drawn as
 * wide as its column is, 300 dots an inch. */
static inline double smallest_letters(const char *file)
{
    double least =
        fmin(26, fmin(least_after(file, "size("), least_after(file, "\nletters = ")));
    return least * least_after(file, "\nscale = ") * 96 / 300;
}

/* The message every figure gives where gnuplot is missing. */
static inline void expect_undrawn(gedi_status s, const char *name)
{
    char want[256];
    snprintf(
        want, sizeof want,
        "%s/%s.png: not drawn (its data and script are kept): gnuplot was not found: "
        "install the package gnuplot-nox",
        folder, name);
    expect_failure(s, GEDI_IO, want);
    char script[64];
    snprintf(script, sizeof script, "%s.gp", name);
    expect_not_in(script, folder); /* paths are relative: the folder can be moved */
}

static inline void expect_png(const char *file)
{
    static const char signature[8] = "\x89PNG\r\n\x1a\n";
    char *data;
    size_t size;
    ck_assert_msg(!gedi__file_read(path_of(file), &data, &size, &err), "%s", err.msg);
    ck_assert_msg(size > 8000 && size < 300000, "%s has %zu bytes", file, size);
    ck_assert_mem_eq(data, signature, sizeof signature);
    free(data);
}

#endif
