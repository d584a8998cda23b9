/* report_draws.c - the table of a report that ranks what a search has drawn: its draws.csv. */
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/store/summary.h"
#include "core/sweep/points.h"
#include "core/sweep/report_parts.h"
#include "core/sweep/search.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One cell, without its quotes; *at is then behind its comma, or at the end of the line. */
static void take_cell(const char **at, gedi__text *out)
{
    const char *s = *at;
    bool quoted = *s == '"';
    for (s += quoted; *s && (quoted || (*s != ',' && *s != '\n')); s++) {
        if (*s == '"' && quoted && s[1] != '"') {
            quoted = false;
            continue;
        }
        s += *s == '"' && quoted;
        gedi__text_add(out, "%c", *s);
    }
    *at = s + (*s == ',');
}

static json_t *word_at(const char **at)
{
    gedi__text t = {0};
    take_cell(at, &t);
    json_t *o = t.failed ? NULL : gedi__report_word(t.s ? t.s : "");
    gedi__text_clear(&t);
    return o;
}

/* A number with as many digits as tables have; the page sorts by all of them. */
static json_t *cell_at(const char **at)
{
    json_t *word = word_at(at);
    const char *text = word ? json_string_value(word) : "";
    char *end, few[32];
    double x = strtod(text, &end);
    bool number = end != text && !*end && isfinite(x);
    if (number) {
        snprintf(few, sizeof few, "%.4g", x);
        json_decref(word);
        word = json_string(few);
    }
    return gedi__report_cell(word, json_string(""), number ? x : NAN, false);
}

/* The first cell of a line is its label. */
static json_t *row_at(const char **at, size_t columns)
{
    json_t *label = word_at(at), *cells = json_array();
    for (size_t c = 0; c < columns; c++)
        json_array_append_new(cells, cell_at(at));
    return gedi__report_row(label, json_string(""), cells);
}

/* The path of a heading: of "evaluation.knn.accuracy (test)" the first word; *records is "test". */
static json_t *path_of(const json_t *label, char *records, size_t size)
{
    const char *text = label ? json_string_value(label) : "";
    const char *of = strstr(text, " (");
    size_t n = of ? strcspn(of + 2, ")") : 0;
    if (of)
        snprintf(records, size, "%.*s", (int)n, of + 2);
    return of ? json_stringn(text, (size_t)(of - text)) : json_string(text);
}

static json_t *table_of(const char *text)
{
    json_t *columns = json_array(), *rows = json_array(), *first;
    const char *at = text;
    char records[16] = "";
    first = word_at(&at);
    while (*at && *at != '\n') {
        json_t *label = word_at(&at), *path = path_of(label, records, sizeof records);
        json_array_append_new(
            columns,
            gedi__report_column(label, path, gedi__direction_word(GEDI_NEITHER)));
    }
    while (*at && *++at)
        json_array_append_new(rows, row_at(&at, json_array_size(columns)));
    return json_pack(
        "{s:s, s:o, s:s, s:s, s:[s, s], s:o, s:o}", "name", "draws", "rows_are", first,
        "columns_are", "", "caption",
        "what the search has drawn: who came farther first, then who is better", "legend",
        "left: trained no further by the search, as others did better",
        gedi__search_records_mean(records), "columns", columns, "rows", rows);
}

gedi_status gedi__report_draws(const char *folder, const json_t *points, json_t *out,
                               gedi_err *err)
{
    if (!*gedi__points_searched(points))
        return GEDI_OK;
    char *path = gedi__store_path(folder, GEDI__FILE_DRAWS, err), *text = NULL;
    size_t size;
    if (!path)
        return GEDI_NOMEM;
    gedi_status s =
        gedi__file_exists(path) ? gedi__file_read(path, &text, &size, err) : GEDI_OK;
    if (text)
        json_array_append_new(out, table_of(text));
    free(text);
    free(path);
    return s == GEDI_NOMEM ? s : GEDI_OK; /* the report shows what can be read */
}
