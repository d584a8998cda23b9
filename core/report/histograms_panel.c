/* histograms_panel.c - histograms beside those of other runs, below each other, from the tables that their figure left. */
#include "core/report/axis.h"
#include "core/report/csv.h"
#include "core/report/histograms.h"
#include "core/report/panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const gedi__histogram_part[GEDI__CHART_TABLES] = {"1", "2", "3", "4"};

/* A name of a column, between no quotes. */
static void add_name(gedi__text *t, const char *name)
{
    for (; *name; name++)
        gedi__text_add(
            t, "%c",
            *name == ',' || *name == '"' || (unsigned char)*name < ' ' ? '_' : *name);
}

/* No spreadsheet computes any of it. */
void gedi__histogram_head(gedi__text *t, const char *part,
                          const gedi__sample_series *series, int n)
{
    gedi__text_add(t, GEDI__VALUE_OF);
    add_name(t, part);
    for (int i = 0; i < n; i++) {
        gedi__text_add(t, gedi__text_is_formula(series[i].name) ? ",_" : ",");
        add_name(t, series[i].name);
    }
    gedi__text_add(t, "\n");
}

#define AUROC ": AUROC "

/* The next name of a head; false behind the last. */
static bool next_name(const char **at, char out[GEDI__PLOT_WORD])
{
    size_t n = strcspn(*at, ",");
    if (!**at)
        return false;
    snprintf(out, GEDI__PLOT_WORD, "%.*s", (int)n, *at);
    gedi__text_tell(out); /* a letter may be cut */
    *at += n + ((*at)[n] == ',');
    return true;
}

/* The place of a series among those of all parts, -1 without room. */
static int series_of(gedi__plot *p, const char *name)
{
    int i = 0;
    while (i < p->names && strcmp(p->series[i], name))
        i++;
    if (i == GEDI__PLOT_SERIES)
        return -1;
    if (i == p->names)
        snprintf(p->series[p->names++], sizeof p->series[0], "%s", name);
    return i;
}

/* Ascending values, equally far from each other as their ends say, and shares. */
static bool is_histogram(const gedi__csv *t)
{
    int64_t last = (t->rows - 1) * t->columns;
    if (t->rows < 2 || t->columns < 2 || t->columns > 1 + GEDI__PLOT_SERIES ||
        !(t->x[0] < t->x[last]) ||
        !(t->x[last] - t->x[0] > 1e-6 * fmax(fabs(t->x[0]), fabs(t->x[last]))))
        return false;
    for (int64_t i = 0; i < t->rows * t->columns; i++)
        if (i % t->columns
                ? !(t->x[i] >= 0 && t->x[i] <= 1)
                : i && !(t->x[i] >= t->x[i - t->columns] && t->x[i] <= t->x[last]))
            return false;
    return true;
}

/* What its table has of part k -> a name for each column, with its AUROC, NAN where none is told. */
typedef struct column {
    int series;
    double auroc;
} column;

static bool read_names(gedi__plot *p, const gedi__csv *t, int k, column *of)
{
    char name[GEDI__PLOT_WORD];
    const char *at = t->head, *word;
    gedi__plot_part *part = &p->part[k];
    if (!next_name(&at, name))
        return false;
    if (!strncmp(name, GEDI__VALUE_OF, strlen(GEDI__VALUE_OF)))
        snprintf(part->name, sizeof part->name, "%s", name + strlen(GEDI__VALUE_OF));
    else /* of an older figure */
        snprintf(part->name, sizeof part->name, "score %d", k + 1);
    for (int i = 0; i < t->columns - 1; i++) {
        if (!next_name(&at, name))
            return false;
        of[i].auroc = NAN;
        if ((word = strstr(name, AUROC))) {
            double auroc = strtod(word + strlen(AUROC), NULL);
            of[i].auroc = auroc >= 0 && auroc <= 1 ? auroc : NAN;
            name[word - name] = 0;
        }
        if ((of[i].series = series_of(p, name)) < 0)
            return false;
    }
    return true;
}

/* The table of part k, written anew; returns the largest share. */
static double copy_table(gedi__plot *p, const gedi__csv *t, int k, const column *of)
{
    gedi__sample_series series[GEDI__PLOT_SERIES];
    double most = 0;
    gedi__text *out = gedi__chart_table(&p->chart, gedi__histogram_part[k], NULL);
    for (int i = 0; i < t->columns - 1; i++)
        series[i].name = p->series[of[i].series];
    gedi__histogram_head(out, p->part[k].name, series, t->columns - 1);
    for (int64_t i = 0; i < t->rows; i++)
        for (int c = 0; c < t->columns; c++) {
            double x = t->x[i * t->columns + c];
            gedi__chart_number(out, x);
            gedi__text_add(out, c < t->columns - 1 ? "," : "\n");
            most = c ? fmax(most, x) : most;
        }
    return most;
}

/* Below its name, each in the colour of its series: "AUROC 0.576 0.557". */
static void add_aurocs(gedi__text *s, const column *of, int n)
{
    enum { WORD = 8, NUMBER = 6 };
    int letters = WORD;
    for (int i = 0; i < n; i++)
        letters += isfinite(of[i].auroc) ? NUMBER : 0;
    if (letters == WORD)
        return;
    gedi__text_add(
        s,
        "small = wide / %d < 14 ? wide / (0.7 * %d) : 20\n"
        "set label 'AUROC' at graph 0, screen upper_now + 22 * pixel_high left "
        "textcolor rgb '#505050' font 'Sans'.size(small)\n",
        letters, letters);
    letters = WORD;
    for (int i = 0; i < n; i++) {
        if (!isfinite(of[i].auroc))
            continue;
        gedi__text_add(
            s,
            "set label '%.3f' at screen left_edge + %d * 0.7 * small * "
            "pixel_wide, screen upper_now + 22 * pixel_high left textcolor rgb "
            "tone%d font 'Sans'.size(small)\n",
            of[i].auroc, letters, of[i].series + 1);
        letters += NUMBER;
    }
}

static void add_part(gedi__plot *p, const gedi__csv *t, int k, const column *of)
{
    gedi__text *s = &p->chart.script;
    gedi__plot_part *part = &p->part[k];
    double most = copy_table(p, t, k, of);
    double half =
        (t->x[(t->rows - 1) * t->columns] - t->x[0]) / (double)(t->rows - 1) / 2;
    part->low = t->x[0] - half;
    part->high = t->x[(t->rows - 1) * t->columns] + half;
    gedi__text_add(
        s,
        "%supper_now = upper%d\nset tmargin at screen upper%d\n"
        "set bmargin at screen lower%d\n"
        "set border 1\nset boxwidth 1 relative\n"
        "set xtics step%d out nomirror scale 0.6 offset 0,0.4*up+drop textcolor rgb "
        "'#404040' font 'Sans'.size(20)\nset format x '%s'\n"
        "set xrange [%.9g:%.9g]\nset yrange [0:%.9g]\n",
        k ? "unset label\n" : "", k + 1, k + 1, k + 1, k + 1, GEDI__AXIS_FORMAT,
        part->low, part->high, most > 0 ? 1.08 * most : 1);
    add_aurocs(s, of, t->columns - 1);
    gedi__text_add(s, "plot \\\n");
    for (int i = 0; i < t->columns - 1; i++) {
        int series = of[i].series + 1;
        if (i == 0)
            gedi__text_add(s,
                           "    name.'-%d.csv' skip 1 using 1:2 with boxes fillstyle "
                           "solid noborder linecolor rgb light%d notitle, \\\n",
                           k + 1, series);
        gedi__text_add(s,
                       "    name.'-%d.csv' skip 1 using 1:%d with histeps linewidth 1 "
                       "linecolor rgb tone%d notitle%s",
                       k + 1, i + 2, series, i < t->columns - 2 ? ", \\\n" : "\n");
    }
}

gedi_status gedi__histograms_panel(const char *folder, const char *name, gedi__plot *p,
                                   gedi_err *err)
{
    for (int k = 0; k < GEDI__PLOT_PARTS; k++) {
        gedi__csv t;
        column of[GEDI__PLOT_SERIES];
        GEDI_TRY(gedi__csv_read(folder, name, gedi__histogram_part[k], GEDI__CSV_NAMED,
                                k > 0, &t, err));
        if (!t.x)
            break;
        gedi_status s = GEDI_OK;
        if (is_histogram(&t) && read_names(p, &t, k, of))
            add_part(p, &t, k, of);
        else
            s = GEDI_FAIL(err, GEDI_DATA,
                          "%s-%d.csv: not a histogram: values that ascend, and 1 to %d "
                          "shares of each",
                          name, k + 1, (int)GEDI__PLOT_SERIES);
        gedi__csv_clear(&t);
        if (s != GEDI_OK)
            return s;
        p->parts++;
    }
    p->key = GEDI__KEY_SERIES;
    return GEDI_OK;
}
