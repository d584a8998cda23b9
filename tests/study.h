/* study.h - folders of runs whose numbers are written by hand, and what is read from them. */
#ifndef GEDI_TESTS_STUDY_H
#define GEDI_TESTS_STUDY_H

#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/sweep/show.h"
#include "core/sweep/table.h"

#include "report.h"

#include <stdio.h>

/* First line of a table in CSV, behind the axes. */
#define CSV_HEAD "path,mean,std,median,min,max,n,runs,failed,best,p,failures,definition\n"

static gedi__study s;

static inline void begin(void)
{
    setup();
    s = (gedi__study){0};
}

static inline void end(void)
{
    gedi__study_clear(&s);
    teardown();
}

static inline void put(const char *file, const char *text)
{
    ck_assert_msg(!gedi__file_write(path_of(file), text, strlen(text), &err), "%s",
                  err.msg);
}

/* An object with the version of its schema put in. */
static inline void put_object(const char *file, const char *text)
{
    gedi__text t = {0};
    gedi__text_add(&t, "{\"schema\": %d, %s",
                   strcmp(file, "points.json") ? 1
                                               : gedi__store_schema(GEDI__FILE_POINTS),
                   text + 1);
    put(file, t.s);
    gedi__text_clear(&t);
}

static inline void put_points(const char *text)
{
    ck_assert(!gedi__store_mark(folder, GEDI__FOLDER_SWEEP, &err));
    put_object("points.json", text);
}

/* A run of runs/HASH: its descriptor, and its summary or what it said last. */
static inline void put_run(const char *hash, const char *method, int seed,
                           const char *summary, const char *error)
{
    char name[64], text[256];
    snprintf(name, sizeof name, "runs/%s", hash);
    ck_assert_int_eq(gedi__store_mark(path_of(name), GEDI__FOLDER_RUN, &err), GEDI_OK);
    snprintf(name, sizeof name, "runs/%s/descriptor.yaml", hash);
    snprintf(text, sizeof text, "seed: %d\nthreads: 3\nobjective:\n  %s:\n    inv: %d\n",
             seed, method, seed == 7 ? 5 : 4);
    put(name, text);
    snprintf(name, sizeof name, "runs/%s/%s", hash,
             summary ? "summary.json" : "error.txt");
    if (summary)
        put_object(name, summary);
    else if (error)
        put(name, error);
}

static inline void put_value(const char *hash, const char *method, int seed, double nmi,
                             double inv, const char *failing)
{
    char text[512];
    snprintf(text, sizeof text,
             "{\"identity\": [\"objective: %s\", \"seed: %d\"], \"seed\": %d, "
             "\"loss\": %g, \"evaluation\": {\"clustering\": {\"nmi\": %.17g, "
             "\"bad\": null}}, \"terms\": {\"inv\": {\"value\": %.17g, \"optimum\": 0}}, "
             "\"health\": {\"balance\": {\"value\": 0.1, \"failing_since\": %s, "
             "\"failure\": \"cluster collapse\"}}}",
             method, seed, seed, 100 * nmi, nmi, inv, failing);
    put_run(hash, method, seed, text, NULL);
}

/* Two methods on two sets, seeds 0 to 2: all there, some missing, one failed. */
static inline void put_sweep(void)
{
    static const char *const method[] = {"A&B", "no|gen"}, *const set[] = {"moons",
                                                                           "rings"};
    gedi__text t = {0};
    gedi__text_add(
        &t,
        "{\"sweep\": \"x\", \"axes\": {\"method\": [\"A&B\", \"no|gen\"], "
        "\"set\": [\"moons\", \"rings\"], \"seed\": [\"0\", \"1\", \"2\"]}, "
        "\"shows\": [{\"kind\": \"table\", \"name\": \"table\", \"rows\": \"method\", "
        "\"columns\": \"set\", \"value\": \"evaluation.clustering.nmi\", "
        "\"figure\": \"\", \"stat\": \"mean\", \"best\": \"auto\", \"where\": {}}], "
        "\"points\": [");
    for (int i = 0; i < 12; i++)
        gedi__text_add(&t,
                       "%s{\"hash\": \"0000000000%02d\", \"title\": \"t%d\", \"labels\": "
                       "{\"method\": \"%s\", \"set\": \"%s\", \"seed\": \"%d\"}}",
                       i ? ", " : "", i, i, method[i / 6], set[i / 3 % 2], i % 3);
    gedi__text_add(&t, "]}");
    put_points(t.s);
    gedi__text_clear(&t);
    put_value("000000000000", "a", 0, 0.5, 1, "null");
    put_value("000000000001", "a", 1, 0.75, 2, "null");
    put_value("000000000002", "a", 2, 1, 3, "7");
    put_value("000000000003", "a", 0, 0.25, 1, "null");
    put_run("000000000004", "a", 1, NULL, "gedi: first\ngedi: a term exploded\n");
    put_run("000000000005", "a", 2, NULL, NULL);
    put_value("000000000006", "b", 0, 0.5, 1, "null");
    put_value("000000000007", "b", 1, 0.5, 1, "null");
    put_value("000000000008", "b", 2, 0.5, 1, "null");
    for (int i = 9; i < 12; i++) {
        char hash[16];
        snprintf(hash, sizeof hash, "0000000000%02d", i);
        put_run(hash, "b", i - 9, NULL, "gedi: killed by signal 9 (Killed)\n");
    }
}

static inline void open_sweep(void)
{
    put_sweep();
    ck_assert_msg(!gedi__study_add(&s, folder, &err), "%s", err.msg);
    ck_assert_int_eq(s.results, 12);
}

static inline void ck_table(const gedi__show *w, gedi__table_format format,
                            const char *want)
{
    gedi__table t;
    gedi__text out = {0};
    ck_assert_msg(!gedi__table_make(&s, w, &t, &err), "%s", err.msg);
    gedi__table_text(&t, format, &out);
    ck_assert_str_eq(out.s, want);
    gedi__text_clear(&out);
    gedi__table_clear(&t);
}

/* A run whose nmi and accuracy are defined in these words; none where `by` is NULL. */
static inline void put_made(int i, const char *method, const char *by)
{
    char text[1024], hash[32], made[512] = "{}";
    snprintf(hash, sizeof hash, "0000000000%02d", i);
    if (by)
        snprintf(made, sizeof made,
                 "{\"c\": {\"nmi\": \"information, at once; %s\", \"accuracy\": \"share "
                 "of records; %s\"}}",
                 by, by);
    snprintf(text, sizeof text,
             "{\"loss\": 1.00000%d, \"evaluation\": {\"c\": {\"nmi\": 0.5, \"accuracy\": "
             "0.75}}, \"definitions\": %s}",
             i, made);
    put_run(hash, method, i, text, NULL);
}

#endif
