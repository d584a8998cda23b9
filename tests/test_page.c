/* test_page.c - the page of runs: whatever runs contain, it stays what they contain. */
#include "study.h"

#include "core/report/curves.h"
#include "core/report/page.h"
#include "core/sweep/report.h"

#include <jansson.h>
#include <math.h>

static const char hostile[] =
    "</script><script>alert(1)</script><!-- \" ' & \\ \xe2\x80\xa8 \xc3\xa9 ]]>";

/* What the element with that id holds, as JSON. */
static json_t *data_of(const char *page, const char *id)
{
    gedi__text begin = {0};
    gedi__text_add(&begin, "<script type=\"application/json\" id=\"%s\">", id);
    const char *from = strstr(page, begin.s);
    ck_assert_msg(from != NULL, "the page lacks %s", id);
    from += begin.len;
    const char *to = strstr(from, "</script"); /* where a browser ends it */
    json_error_t why;
    json_t *o = json_loadb(from, (size_t)(to - from), 0, &why);
    ck_assert_msg(o != NULL, "%s: %s", id, why.text);
    gedi__text_clear(&begin);
    return o;
}

static char *write_page(bool live)
{
    const char *const place[] = {folder};
    gedi__reported_on r = {.s = &s, .place = place, .places = 1, .live = live};
    ck_assert_msg(!gedi__report_write(&r, path_of("report.html"), &err), "%s", err.msg);
    return content("report.html");
}

static const char *text_at(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    ck_assert_msg(text != NULL, "no text %s", key);
    return text;
}

START_TEST(escapes)
{
    char *out;
    size_t n;
    FILE *f = open_memstream(&out, &n);
    gedi__page_escape("a<b>c&d \xe2\x80\xa8\xe2\x80\xa9\xe2\x80\x94 e", f);
    fclose(f);
    ck_assert_str_eq(out, "a\\u003cb\\u003ec\\u0026d \\u2028\\u2029\xe2\x80\x94 e");
    free(out);
}
END_TEST

START_TEST(whole_page)
{
    open_sweep();
    char *page = write_page(false);
    json_t *o = data_of(page, "report-data");
    json_t *runs = json_object_get(o, "runs"), *tables = json_object_get(o, "tables");
    ck_assert_uint_eq(json_array_size(runs), 12);
    const json_t *t = json_array_get(tables, 0);
    const json_t *row = json_array_get(json_object_get(t, "rows"), 0);
    const json_t *cell = json_array_get(json_object_get(row, "cells"), 0);
    ck_assert_str_eq(text_at(row, "label"), "A&B");
    ck_assert_str_eq(text_at(cell, "text"), "0.750 ± 0.250");
    ck_assert_str_eq(text_at(cell, "marks"), "†");
    ck_assert_double_eq(json_real_value(json_object_get(cell, "value")), 0.75);
    const json_t *failed = json_array_get(runs, 4), *missing = json_array_get(runs, 5);
    ck_assert_str_eq(text_at(failed, "state"), "failed");
    ck_assert_str_eq(text_at(failed, "reason"), "a term exploded");
    ck_assert_str_eq(text_at(missing, "state"), "to do");
    /* Nothing from outside, and only our own script. */
    ck_assert_ptr_nonnull(strstr(page, "default-src 'none'"));
    ck_assert_ptr_null(strstr(page, "unsafe-"));
    json_decref(o);
    free(page);
}
END_TEST

/* A label, a reason, a log and a descriptor that would like to be markup. */
START_TEST(hostile_words)
{
    json_t *word = json_string(hostile);
    char *quoted = json_dumps(word, JSON_ENCODE_ANY);
    gedi__text t = {0};
    gedi__text_add(&t,
                   "{\"sweep\": \"x\", \"axes\": {\"method\": [%s]}, \"shows\": [], "
                   "\"points\": [{\"hash\": \"000000000000\", \"title\": %s, "
                   "\"labels\": {\"method\": %s}}]}",
                   quoted, quoted, quoted);
    put_points(t.s);
    gedi__text_clear(&t);
    gedi__text_add(&t, "gedi: %s\n", hostile);
    put_run("000000000000", "a", 0, NULL, t.s);
    gedi__text_clear(&t);
    gedi__text_add(&t, "seed: 0\n# %s\n", hostile);
    put("runs/000000000000/descriptor.yaml", t.s);
    gedi__text_clear(&t);
    put("runs/000000000000/metrics.jsonl", "</script><script>alert(2)</script>\n");
    ck_assert_msg(!gedi__study_add(&s, folder, &err), "%s", err.msg);
    char *page = write_page(true);
    ck_assert_ptr_null(strstr(page, "<script>alert"));
    ck_assert_ptr_null(strstr(page, "\xe2\x80\xa8"));
    json_t *o = data_of(page, "report-data");
    const json_t *run = json_array_get(json_object_get(o, "runs"), 0);
    ck_assert_str_eq(text_at(run, "title"), hostile);
    ck_assert_str_eq(text_at(run, "reason"), hostile);
    ck_assert_ptr_nonnull(strstr(text_at(run, "log"), "not a JSON object"));
    const json_t *label = json_array_get(json_object_get(run, "labels"), 0);
    ck_assert_str_eq(json_string_value(label), hostile);
    const json_t *line = json_array_get(json_object_get(run, "descriptor"), 1);
    ck_assert_str_eq(json_string_value(line) + 2, hostile);
    ck_assert(json_is_true(json_object_get(o, "live")));
    json_decref(o);
    json_decref(word);
    free(quoted);
    free(page);
}
END_TEST

/* What is no UTF-8 costs letters, never the run. */
START_TEST(bytes)
{
    put_value("000000000000", "a", 0, 0.5, 1, "null");
    put("runs/000000000000/descriptor.yaml", "seed: 0\n# \xff\xfe\n");
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    char *page = write_page(false);
    json_t *o = data_of(page, "report-data");
    const json_t *run = json_array_get(json_object_get(o, "runs"), 0);
    const json_t *line = json_array_get(json_object_get(run, "descriptor"), 1);
    ck_assert_str_eq(json_string_value(line), "# ??");
    json_decref(o);
    free(page);
}
END_TEST

/* Which lines of a descriptor are no defaults, and what differs between two runs. */
START_TEST(changes)
{
    static const char *const inv[] = {"5", "7"};
    for (int i = 0; i < 2; i++) {
        char hash[16], text[512];
        snprintf(hash, sizeof hash, "00000000000%d", i);
        snprintf(
            text, sizeof text,
            "{\"identity\": [\"objective: a\", \"objective.a.inv: %s\", \"seed: %d\", "
            "\"views.0.0: noise\", \"views.0.0.noise.std: 0.1\"], \"made\": [\"evaluate: "
            "knn; evaluate.knn.k: 5\"], \"loss\": 1}",
            inv[i], i);
        put_run(hash, "a", 0, text, NULL);
        snprintf(
            text, sizeof text,
            "seed: %d\nthreads: 3\nobjective:\n  a:\n    inv: %s\n    gen: 1\n"
            "views:\n  - [noise: {std: 0.1}]\nevaluate:\n  - other: {k: 5}\n  - knn: {k: 5}\n",
            i, inv[i]);
        snprintf(hash, sizeof hash, "00000000000%d", i);
        char name[64];
        snprintf(name, sizeof name, "runs/%s/descriptor.yaml", hash);
        put(name, text);
    }
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    char *page = write_page(false);
    json_t *o = data_of(page, "report-data");
    const json_t *run = json_array_get(json_object_get(o, "runs"), 0);
    char *first = json_dumps(json_object_get(run, "changed"), 0);
    run = json_array_get(json_object_get(o, "runs"), 1);
    char *changed = json_dumps(json_object_get(run, "changed"), 0);
    char *differs = json_dumps(json_object_get(run, "differs"), 0);
    ck_assert_str_eq(first, "[5, 8, 11]");      /* seed 0 is the default, */
    ck_assert_str_eq(changed, "[1, 5, 8, 11]"); /* seed 1 is not */
    free(first);
    ck_assert_str_eq(differs, "{\"objective.a.inv\": \"7\", \"seed\": \"1\"}");
    free(changed);
    free(differs);
    json_decref(o);
    free(page);
}
END_TEST

/* ---- pictures ---- */

START_TEST(pictures)
{
    /* What Python's base64 makes of these bytes. */
    static const char png[] = "\x89PNG\r\n\x1a\n####\0\0\0\0IEND\xae\x42\x60\x82";
    put_value("000000000000", "a", 0, 0.5, 1, "null");
    put("runs/000000000000/figures.txt", "");
    ck_assert(!gedi__folder_make(path_of("runs/000000000000/figures"), &err));
    ck_assert(!gedi__file_write(path_of("runs/000000000000/figures/a.png"), png,
                                sizeof png - 1, &err));
    put("runs/000000000000/figures/half.png", "\x89PNG\r\n\x1a\n");
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    char *page = write_page(false);
    json_t *o = data_of(page, "report-data");
    const json_t *run = json_array_get(json_object_get(o, "runs"), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(run, "figures")), 1);
    ck_assert_ptr_nonnull(
        strstr(page, "id=\"picture0\">\"iVBORw0KGgojIyMjAAAAAElFTkSuQmCC\"</script>"));
    json_decref(o);
    free(page);
}
END_TEST

/* ---- curves ---- */

enum { LINES = 1000 };

START_TEST(curves)
{
    static double loss[LINES], term[LINES], metric[LINES];
    static int64_t iteration[LINES];
    static int stage[LINES];
    static gedi__health health[LINES];
    gedi__metrics m = {.n = LINES,
                       .iteration = iteration,
                       .stage = stage,
                       .loss = loss,
                       .health = health,
                       .terms = 1,
                       .validations = 1};
    strcpy(m.name[0], "in\"v");
    strcpy(m.validation_name[0], "c.nmi");
    m.optimum[0] = 0.5;
    m.value[0] = term;
    m.validation[0] = metric;
    for (int i = 0; i < LINES; i++) {
        iteration[i] = 10 * (i + 1);
        loss[i] = i;
        term[i] = i == 555 ? NAN : 2;
        metric[i] = i % 100 == 50 ? i : NAN;
        health[i] = (gedi__health){0.25, NAN, NAN, NAN};
    }
    gedi__curves c = {.rows = 10};
    ck_assert(!gedi__curves_add(&c, 3, &m, &err));
    m.optimum[0] = 0.25;
    ck_assert(!gedi__curves_add(&c, 4, &m, &err));
    gedi__text t = {0};
    gedi__curves_text(&c, &t);
    json_t *o = json_loads(t.s, 0, NULL);
    ck_assert_msg(o != NULL, "%s", t.s);
    ck_assert_uint_eq(json_array_size(json_object_get(o, "grids")), 1); /* shared */
    const json_t *series = json_object_get(o, "series");
    ck_assert_uint_eq(json_array_size(series), 4);
    ck_assert_str_eq(text_at(json_array_get(series, 1), "name"), "in\"v");
    const json_t *run = json_array_get(json_object_get(o, "runs"), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(run, "run")), 4);
    const json_t *values = json_object_get(run, "values");
    const json_t *optima = json_object_get(run, "optima");
    ck_assert_uint_eq(json_object_size(optima), 1); /* of this run: another has its own */
    ck_assert_double_eq(json_number_value(json_object_get(optima, "1")), 0.25);
    optima = json_object_get(json_array_get(json_object_get(o, "runs"), 0), "optima");
    ck_assert_double_eq(json_number_value(json_object_get(optima, "1")), 0.5);
    for (size_t i = 0; i < 10; i++) {
        /* The mean of 100 i .. 100 i + 99; a hole where one is missing; of metrics those there are. */
        double x = json_number_value(json_array_get(json_object_get(values, "0"), i));
        const json_t *hole = json_array_get(json_object_get(values, "1"), i);
        double y = json_number_value(json_array_get(json_object_get(values, "2"), i));
        if (!(fabs(x - (100.0 * (double)i + 49.5)) < 1e-9))
            ck_abort_msg("row %zu: loss %g", i, x);
        ck_assert(i == 5 ? json_is_null(hole) : json_number_value(hole) == 2);
        if (!(fabs(y - (100.0 * (double)i + 50)) < 1e-9))
            ck_abort_msg("row %zu: metric %g", i, y);
    }
    json_decref(o);
    gedi__text_clear(&t);
    gedi__curves_clear(&c);
}
END_TEST

/* ---- refusals ---- */

START_TEST(no_place)
{
    open_sweep();
    const char *const place[] = {folder};
    gedi__reported_on r = {.s = &s, .place = place, .places = 1};
    expect_failure(gedi__report_write(&r, path_of("none/report.html"), &err), GEDI_IO,
                   "none/report.html");
}
END_TEST

/* The first page comes after some seconds, the next not at once. */
START_TEST(refresh)
{
    open_sweep();
    gedi__refresh r = {0};
    ck_assert(!gedi__refresh_due(&r));
    ck_assert(r.next > 0);
    r.next = 1e-9;
    ck_assert(gedi__refresh_due(&r));
    gedi__refresh_page(&r, folder);
    ck_assert(exists("report.html"));
    ck_assert(!gedi__refresh_due(&r));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("page");
    TCase *c = tcase_create("page");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, escapes);
    tcase_add_test(c, whole_page);
    tcase_add_test(c, hostile_words);
    tcase_add_test(c, bytes);
    tcase_add_test(c, changes);
    tcase_add_test(c, pictures);
    tcase_add_test(c, curves);
    tcase_add_test(c, no_place);
    tcase_add_test(c, refresh);
    suite_add_tcase(suite, c);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
