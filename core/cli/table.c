/* table.c - `gedi table`: finished runs by rows and columns. */
#include "core/cli/arguments.h"
#include "core/cli/places.h"

#include "core/store/summary.h"
#include "core/sweep/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMATS "md|csv|latex"
#define LISTS "values|axes"

enum {
    KEY_STAT = 256,
    KEY_BEST,
    KEY_THRESHOLD,
    KEY_LIST,
    MOST_WHERES = 16,
    MOST_VALUES = 32,
    MOST_FAILURES = 10
};

typedef struct arguments {
    char **place; /* directories, or descriptors of sweeps */
    int places;
    const char *rows, *columns;
    gedi__quantity value[MOST_VALUES];
    int values;
    bool titled;      /* a value has a title of its own: it is a column, even alone */
    int stat, best;   /* -1: as the sweep says */
    double threshold; /* NAN: as the sweep says */
    int format;
    int list; /* -1: a table */
    gedi__where where[MOST_WHERES];
    int wheres;
    bool quiet;
} arguments;

static const struct argp_option options[] = {
    {"rows", 'r', "PATH", 0,
     "axis, or path of a descriptor, whose values are the rows; the end of an axis's name "
     "is enough where no other ends so: lr for optimizer.adam.lr",
     0},
    {"columns", 'c', "PATH", 0, "the same for the columns", 0},
    {"value", 'v', "[TITLE=]PATH", 0,
     "path in summary.json: evaluation.clustering.nmi, terms.inv; each further one is a "
     "column",
     0},
    {"where", 'w', "PATH=VALUE", 0, "only runs for which this holds; may be repeated", 0},
    {"stat", KEY_STAT, GEDI__STAT_WORDS, 0,
     "mean has the sample standard deviation; n: how many runs; success: how many "
     "reach --threshold, with Wilson's 95 % interval",
     0},
    {"threshold", KEY_THRESHOLD, "NUMBER", 0,
     "of success: at least this, or at most where less is better; 0.9 unless given", 0},
    {"best", KEY_BEST, GEDI__BEST_WORDS, 0,
     "what is in bold, with what a permutation test cannot tell from it", 0},
    {"format", 'f', FORMATS, 0, "of Markdown (default), CSV or LaTeX", 0},
    {"list", KEY_LIST, LISTS, 0,
     "no table: the paths that --value (or --rows and --columns) can name, one a line",
     0},
    {"quiet", 'q', NULL, 0, GEDI__QUIET, 0},
    {0},
};

static void add_where(arguments *a, struct argp_state *state, char *arg)
{
    char *equals = strchr(arg, '=');
    if (!equals || equals == arg)
        argp_error(state, "--where: '%s' is not PATH=VALUE, such as dataset=moons", arg);
    else if (a->wheres == MOST_WHERES)
        argp_error(state, "--where: more than %d", MOST_WHERES);
    else {
        *equals = 0;
        a->where[a->wheres++] = (gedi__where){.name = arg, .label = equals + 1};
    }
}

/* PATH or TITLE=PATH; the title is the path's last word unless given. */
static void add_value(arguments *a, struct argp_state *state, char *arg)
{
    char *equals = strchr(arg, '=');
    const char *path = equals ? equals + 1 : arg, *dot = strrchr(path, '.');
    gedi__quantity v = {equals ? arg : dot ? dot + 1 : path, path};
    if (equals)
        *equals = 0;
    if (!*v.title || !*v.path)
        argp_error(state,
                   "--value: '%s%s%s' is not PATH or TITLE=PATH, such as "
                   "NMI=evaluation.clustering.nmi",
                   equals ? v.title : "", equals ? "=" : "", v.path);
    for (int i = 0; i < a->values; i++)
        if (!strcmp(a->value[i].title, v.title))
            argp_error(state,
                       "--value: two columns are called '%s': name one of them "
                       "TITLE=%s",
                       v.title, v.path);
    if (a->values == MOST_VALUES)
        argp_error(state, "--value: more than %d", MOST_VALUES);
    else
        a->value[a->values++] = v;
    a->titled |= equals != NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    char *end;
    switch (key) {
    case 'q':
        a->quiet = true;
        return 0;
    case 'r':
        a->rows = arg;
        return 0;
    case 'c':
        a->columns = arg;
        return 0;
    case 'v':
        add_value(a, state, arg);
        return 0;
    case 'w':
        add_where(a, state, arg);
        return 0;
    case KEY_STAT:
        a->stat = gedi__argument_word(state, "--stat", GEDI__STAT_WORDS, arg);
        return 0;
    case KEY_THRESHOLD:
        a->threshold = strtod(arg, &end);
        if (*end || end == arg || !isfinite(a->threshold))
            argp_error(state, "--threshold: '%s' is not a number", arg);
        return 0;
    case KEY_BEST:
        a->best = gedi__argument_word(state, "--best", GEDI__BEST_WORDS, arg);
        return 0;
    case 'f':
        a->format = gedi__argument_word(state, "--format", FORMATS, arg);
        return 0;
    case KEY_LIST:
        a->list = gedi__argument_word(state, "--list", LISTS, arg);
        return 0;
    case ARGP_KEY_ARGS:
        a->place = state->argv + state->next;
        a->places = state->argc - state->next;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state,
                   "name the directory of a sweep or of runs, or a sweep's descriptor");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Short names in place of axes: lr for optimizer.adam.lr. */
static gedi_status name_axes(gedi__study *s, gedi__show *w, gedi__where *where,
                             gedi_err *err)
{
    if (*w->rows)
        GEDI_TRY(gedi__study_axis(s, w->rows, &w->rows, err));
    if (*w->columns)
        GEDI_TRY(gedi__study_axis(s, w->columns, &w->columns, err));
    for (int i = 0; i < w->wheres; i++)
        GEDI_TRY(gedi__study_axis(s, where[i].name, &where[i].name, err));
    return GEDI_OK;
}

/* The table `w` as the command line changes it; `where` is room for its conditions. */
static void change(gedi__show *w, const arguments *a, gedi__where *where)
{
    w->rows = a->rows ? a->rows : w->rows;
    w->columns = a->columns ? a->columns : w->columns;
    if (a->values) {
        bool one = a->values == 1 && !a->titled;
        w->value = one ? a->value->path : "";
        w->quantities = one ? 0 : a->values;
        w->quantity = (gedi__quantity *)a->value;
    }
    w->stat = a->stat >= 0 ? a->stat : w->stat;
    w->best = a->best >= 0 ? a->best : w->best;
    w->threshold = isfinite(a->threshold) ? a->threshold : w->threshold;
    int most = w->wheres < MOST_WHERES ? w->wheres : MOST_WHERES;
    for (int i = 0; i < most; i++)
        where[i] = w->where[i];
    for (int i = 0; i < a->wheres; i++)
        where[most + i] = a->where[i];
    w->where = where;
    w->wheres = most + a->wheres;
}

/* A number that no run has is said before what else is missing; false after such a mistake. */
static bool has_numbers(gedi__study *s, const arguments *a)
{
    double value;
    gedi_err err = {0};
    const struct json_t *any = NULL;
    for (int v = 0; v < a->values; v++) {
        bool there = false;
        for (int i = 0; i < s->results && !there; i++) {
            any = s->result[i].summary ? s->result[i].summary : any;
            there = gedi__summary_value(s->result[i].summary, a->value[v].path, &value);
        }
        if (any && !there) {
            (void)gedi__table_no_number(a->value[v].path, any, &err);
            gedi__say_err(&err);
            return false;
        }
    }
    return true;
}

/* False after a mistake. */
static bool is_whole(gedi__study *s, const arguments *a, const gedi__show *w)
{
    if (!*w->rows && !has_numbers(s, a))
        return false;
    if (!*w->rows)
        gedi__say("name the rows, such as --rows objective");
    else if (!*w->value && !w->quantities)
        gedi__say("name the value, such as --value evaluation.clustering.nmi");
    else if (*w->columns && w->quantities)
        gedi__say("columns %s: several values are columns already: name one of them, "
                  "--value PATH, or name --rows and no columns",
                  w->columns);
    else
        return true;
    return false;
}

/* A threshold is of success: does any table read it? */
static bool is_read(const gedi__study *s, const arguments *a)
{
    bool own = a->stat == GEDI__SUCCESS || !isfinite(a->threshold);
    for (int i = 0; i < s->shows && a->stat < 0 && !a->rows; i++)
        own |= s->show[i].kind == GEDI__TABLE && s->show[i].stat == GEDI__SUCCESS;
    if (!own)
        gedi__say("--threshold: it counts in --stat success alone: add that, or leave "
                  "--threshold out");
    return own;
}

static int print(gedi__study *s, const arguments *a, const gedi__show *of)
{
    gedi__table t;
    gedi_err err = {0};
    gedi__text out = {0};
    gedi__show w = *of;
    gedi__where where[2 * MOST_WHERES];
    change(&w, a, where);
    if (!is_whole(s, a, &w))
        return GEDI__EXIT_MISTAKE;
    if (name_axes(s, &w, where, &err) || gedi__table_make(s, &w, &t, &err))
        return gedi__say_err(&err);
    if (t.twins && !a->quiet)
        gedi__say(
            "%d of the runs named are the same experiment as another in their cell: "
            "each counts once",
            t.twins);
    gedi__table_text(&t, (gedi__table_format)a->format, &out);
    gedi__table_clear(&t);
    return gedi__print_text(&out);
}

/* Are two tables one, as the command line changes them? */
static bool is_same(const arguments *a, const gedi__show *x, const gedi__show *y)
{
    gedi__where of_x[2 * MOST_WHERES], of_y[2 * MOST_WHERES];
    gedi__show v = *x, w = *y;
    change(&v, a, of_x);
    change(&w, a, of_y);
    bool same = !strcmp(v.rows, w.rows) && !strcmp(v.columns, w.columns) &&
                !strcmp(v.value, w.value) && v.quantities == w.quantities &&
                v.stat == w.stat && v.best == w.best && v.wheres == w.wheres &&
                (v.threshold == w.threshold || v.stat != GEDI__SUCCESS);
    for (int i = 0; same && i < v.quantities; i++)
        same = !strcmp(v.quantity[i].path, w.quantity[i].path) &&
               !strcmp(v.quantity[i].title, w.quantity[i].title);
    for (int i = 0; same && i < v.wheres; i++)
        same = !strcmp(v.where[i].name, w.where[i].name) &&
               !strcmp(v.where[i].label, w.where[i].label);
    return same;
}

/* The table asked for, or all that the sweep names. */
static int print_all(gedi__study *s, const arguments *a)
{
    static const gedi__show none = {.kind = GEDI__TABLE,
                                    .name = "table",
                                    .rows = "",
                                    .columns = "",
                                    .value = "",
                                    .threshold = GEDI__THRESHOLD};
    const gedi__show *first = NULL;
    int code = GEDI__EXIT_DONE, tables = 0;
    for (int i = 0; i < s->shows; i++) {
        const gedi__show *w = &s->show[i];
        if (w->kind != GEDI__TABLE)
            continue;
        first = first ? first : w;
        if (a->rows)
            break;
        bool again =
            false; /* another directory of the same sweep, or what sets them apart is given */
        for (int k = 0; k < i; k++)
            again |= s->show[k].kind == GEDI__TABLE &&
                     (!strcmp(s->show[k].name, w->name) || is_same(a, &s->show[k], w));
        if (again)
            continue;
        if (tables++)
            putchar('\n');
        int own = print(s, a, w);
        code = code ? code : own;
    }
    if (tables)
        return code;
    gedi__show only = none;
    if (first) {
        only.value = first->value;
        only.quantities = first->quantities;
        only.quantity = first->quantity;
    }
    return print(s, a, &only);
}

/* What a table can be made of. */
static int print_list(gedi__study *s, bool of_axes)
{
    const char **name = NULL;
    gedi__text out = {0};
    out.failed = of_axes ? gedi__study_axes(s, &name) : gedi__study_paths(s, &name);
    for (; !out.failed && *name; name++)
        gedi__text_add(&out, "%s\n", *name);
    return gedi__print_text(&out);
}

/* Why runs have failed that --where wants; in doubt it does. */
static void say_failures(gedi__study *s, const arguments *a)
{
    gedi__where where[MOST_WHERES];
    gedi__show w = {.rows = "", .columns = "", .where = where, .wheres = a->wheres};
    memcpy(where, a->where, sizeof where);
    bool *wanted = calloc((size_t)s->results + 1, sizeof *wanted);
    bool named = !name_axes(s, &w, where, NULL);
    for (int i = 0; wanted && i < s->results; i++)
        if (!named || gedi__table_selects(s, &w, i, &wanted[i]))
            wanted[i] = true;
    gedi__places_say_failures(s, wanted);
    free(wanted);
}

/* Runs that cannot be in the table, as they lack what its rows or columns are. */
static void say_left_out(gedi__study *s, const char *axis)
{
    const char *name, *label, *first = NULL;
    int n = 0;
    if (!axis || !*axis || gedi__study_axis(s, axis, &name, NULL))
        return;
    for (int i = 0; i < s->results; i++)
        if (s->result[i].state == GEDI__FINISHED &&
            !gedi__study_label(s, i, name, &label) && !*label) {
            first = first ? first : s->result[i].folder;
            n++;
        }
    if (n == 1)
        gedi__say("left out: %s, which has no %s", first, axis);
    else if (n)
        gedi__say("left out: %s and %d more, which have no %s", first, n - 1, axis);
}

int gedi__table_main(const gedi__call *c)
{
    static const struct argp argp = {
        options,
        parse,
        "DIR|SWEEP...",
        "Prints finished runs by rows and columns. DIR is that of a sweep, or one whose "
        "folders are runs; SWEEP is the descriptor of a sweep that ran into sweeps/NAME.\v"
        "Without --rows, the tables that the sweep names. Several runs in a cell are "
        "averaged; what is missing or failed is shown as such. In bold: the best of a "
        "column, with what a permutation test cannot tell from it (5 %, Holm's correction "
        "over the rows), unless it can tell none apart.",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {.stat = -1, .best = -1, .list = -1, .threshold = NAN};
    if (gedi__argp(c, &argp, &a))
        return GEDI__EXIT_FAILED;
    gedi__study s = {0};
    int code = GEDI__EXIT_DONE;
    for (int i = 0; i < a.places && !code; i++)
        code = gedi__places_add(&s, a.place[i], NULL);
    if (!code && a.list < 0 && !is_read(&s, &a))
        code = GEDI__EXIT_MISTAKE;
    if (!code)
        code = a.list < 0 ? print_all(&s, &a) : print_list(&s, a.list);
    if (!code && !a.quiet && a.list < 0) {
        say_left_out(&s, a.rows);
        say_left_out(&s, a.columns);
    }
    if (a.list < 0)
        say_failures(&s, &a);
    gedi__study_clear(&s);
    return code;
}
