/* compare.c - `gedi compare`: two runs, or two groups of runs, told apart. */
#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/cli/columns.h"

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/sweep/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct arguments {
    const char *side[2];
    int n;
    bool csv;
} arguments;

static const struct argp_option options[] = {
    {"format", 'f', "text|csv", 0, "csv has the numbers alone", 0},
    {"quiet", 'q', NULL, 0, GEDI__QUIET, 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case 'q': /* there is nothing but results */
        return 0;
    case 'f':
        a->csv = gedi__argument_word(state, "--format", "text|csv", arg) == 1;
        return 0;
    case ARGP_KEY_ARG:
        if (a->n == 2)
            argp_error(state, "%s: only two sides can be compared", arg);
        a->side[a->n++] = arg;
        return 0;
    case ARGP_KEY_END:
        if (a->n < 2)
            argp_error(state, "name two runs, or two directories of runs");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The comma behind a condition, before ",AXIS=": a value may have commas of its own. NULL
 * where nothing follows. */
static gedi_status find_next(gedi__study *s, char *condition, char **out, gedi_err *err)
{
    char *equals = NULL;
    *out = NULL;
    for (char *c = strchr(condition, ','); c && (equals = strchr(c, '='));
         c = strchr(c + 1, ',')) {
        const char **labels, *axis;
        *equals = 0;
        gedi_status status = gedi__study_axis(s, c + 1, &axis, err);
        if (!status)
            status = gedi__study_labels(s, axis, &labels);
        *equals = '=';
        GEDI_TRY(status);
        if (*labels) {
            *out = c;
            return GEDI_OK;
        }
    }
    return GEDI_OK;
}

/* "AXIS=VALUE,AXIS=VALUE"; the text is cut. */
static gedi_status keep_all(gedi__study *s, const char *side, char *condition,
                            gedi_err *err)
{
    for (char *next; condition; condition = next) {
        const char *axis;
        GEDI_TRY(find_next(s, condition, &next, err));
        if (next)
            *next++ = 0;
        char *equals = strchr(condition, '=');
        if (!equals)
            return GEDI_FAIL(err, GEDI_USAGE,
                             "%s: '%s' is not AXIS=VALUE, such as method=GEDI", side,
                             condition);
        *equals = 0;
        GEDI_TRY(gedi__study_axis(s, condition, &axis, err));
        GEDI_TRY(gedi__study_keep(s, axis, equals + 1, err));
    }
    return GEDI_OK;
}

/* "DIR" or "DIR,AXIS=VALUE,AXIS=VALUE". */
static gedi_status open_side(gedi__study *s, const char *side, gedi_err *err)
{
    if (gedi__file_exists(side))
        return gedi__study_add(s, side, err);
    char *text = gedi__copy_text(side, err);
    if (!text)
        return GEDI_NOMEM;
    char *comma = strchr(text, ',');
    if (comma)
        *comma++ = 0;
    gedi_status status =
        gedi__file_exists(text)
            ? gedi__study_add(s, text, err)
            : GEDI_FAIL(err, GEDI_USAGE, "%s: there is no such directory", text);
    if (!status)
        status = keep_all(s, side, comma, err);
    free(text);
    return status;
}

static const char *number(double x, char *out, size_t size)
{
    snprintf(out, size, "%.4g", x);
    return out;
}

/* "clustering.nmi", "term inv", as `gedi run` prints them. */
static const char *name_of(const char *path, char *out, size_t size)
{
    size_t n = strlen(path);
    if (!strncmp(path, "terms.", 6) && n > 12)
        snprintf(out, size, "term %.*s", (int)n - 12, path + 6);
    else
        snprintf(out, size, "%s", strncmp(path, "evaluation.", 11) ? path : path + 11);
    return out;
}

static int print_contrasts(const gedi__comparison *c)
{
    gedi__columns t = {.columns = 8};
    gedi__columns_row(&t, (const char *[]){"", "A", "B", "B - A", "95 % interval", "n",
                                           "p", "p, Holm"});
    for (int i = 0; i < c->contrasts; i++) {
        const gedi__contrast *k = &c->contrast[i];
        char name[128], a[32], b[32], d[32], in[80] = "", n[16], p[32] = "",
                                             holm[32] = "";
        snprintf(d, sizeof d, "%+.4g", k->of.mean);
        if (isfinite(k->low))
            snprintf(in, sizeof in, "[%+.4g, %+.4g]", k->low, k->high);
        snprintf(n, sizeof n, "%d", k->of.n);
        if (isfinite(k->p)) {
            snprintf(p, sizeof p, "%.3g", k->p);
            snprintf(holm, sizeof holm, "%.3g", k->holm);
        }
        gedi__columns_row(&t,
                          (const char *[]){name_of(k->path, name, sizeof name),
                                           number(k->a, a, sizeof a),
                                           number(k->b, b, sizeof b), d, in, n, p, holm});
    }
    return gedi__columns_print(&t, 0);
}

/* A line for each number, as gedi__contrast has it. */
static int print_csv(const gedi__comparison *c)
{
    gedi__text t = {0};
    gedi__text_add(&t, "path,a,b,difference,low,high,n,p,holm,a_made,b_made\n");
    for (int i = 0; i < c->contrasts; i++) {
        const gedi__contrast *k = &c->contrast[i];
        gedi__text_add_csv(&t, k->path);
        gedi__text_add_csv_real(&t, k->a);
        gedi__text_add_csv_real(&t, k->b);
        gedi__text_add_csv_real(&t, k->of.mean);
        gedi__text_add_csv_real(&t, k->low);
        gedi__text_add_csv_real(&t, k->high);
        gedi__text_add(&t, ",%d", k->of.n);
        gedi__text_add_csv_real(&t, k->p);
        gedi__text_add_csv_real(&t, k->holm);
        gedi__text_add(&t, ",");
        gedi__text_add_csv(&t, k->a_made ? k->a_made : "");
        gedi__text_add(&t, ",");
        gedi__text_add_csv(&t, k->b_made ? k->b_made : "");
        gedi__text_add(&t, "\n");
    }
    return gedi__print_text(&t);
}

static bool are_made_alike(const gedi__contrast *k, const gedi__contrast *l)
{
    return !strcmp(k->a_made, l->a_made) && !strcmp(k->b_made, l->b_made);
}

/* Has an earlier number been made in the same two ways? */
static bool is_said(const gedi__comparison *c, int i)
{
    for (int k = 0; k < i; k++)
        if (c->contrast[k].a_made && are_made_alike(&c->contrast[k], &c->contrast[i]))
            return true;
    return false;
}

/* Numbers of one name that are not the same figure on both sides, those of one kind
 * together. */
static void print_unlike(const gedi__comparison *c)
{
    for (int i = 0; i < c->contrasts; i++) {
        const gedi__contrast *k = &c->contrast[i];
        char name[128];
        if (!k->a_made || is_said(c, i))
            continue;
        printf("\nnot made alike: %s", name_of(k->path, name, sizeof name));
        for (int j = i + 1; j < c->contrasts; j++)
            if (c->contrast[j].a_made && are_made_alike(k, &c->contrast[j]))
                printf(", %s", name_of(c->contrast[j].path, name, sizeof name));
        printf("\n  A  %s\n  B  %s\n", k->a_made, k->b_made);
    }
}

/* "not of every pair: ood.circles.max_p, knn.accuracy" */
static void print_lacking(const gedi__comparison *c)
{
    for (const char *line = c->lacking; *line;) {
        char path[128], name[128];
        int n = (int)strcspn(line, "\n");
        snprintf(path, sizeof path, "%.*s", n, line);
        printf("%s%s", line == c->lacking ? "\nnot of every pair: " : ", ",
               name_of(path, name, sizeof name));
        line += n + (line[n] == '\n');
    }
    if (*c->lacking)
        puts("");
}

/* Names of folders may be a stranger's. */
static void print_side(const char *name, const char *side)
{
    gedi__text t = {0};
    gedi__text_add(&t, "%s", side);
    gedi__text_show(t.s, false);
    printf("%s  %s\n", name, t.s ? t.s : "");
    gedi__text_clear(&t);
}

static int print(const gedi__comparison *c, const char *a, const char *b)
{
    char count[32];
    print_side("A", a);
    print_side("B", b);
    if (c->seed[0])
        printf("2 runs with different seeds (%s and %s): not paired", c->seed[0],
               c->seed[1]);
    else
        printf("%s by seed", gedi__count_text(c->pairs, "pair", count, sizeof count));
    if (c->unpaired)
        printf("; %d without a partner", c->unpaired);
    if (c->underway)
        printf("; %d evaluated before the end of training", c->underway);
    if (c->unfinished)
        printf("; %d not finished", c->unfinished);
    puts("\n");
    int code = print_contrasts(c);
    print_lacking(c);
    print_unlike(c);
    if (!*c->changes)
        puts("\nThe descriptors are the same.");
    else
        puts("\nIn the descriptors, A -> B:");
    for (const char *line = c->changes; *line;) {
        int n = (int)strcspn(line, "\n");
        printf("  %.*s\n", n, line);
        line += n + (line[n] == '\n');
    }
    return code;
}

int gedi__compare_main(const gedi__call *c)
{
    static const struct argp argp = {
        options,
        parse,
        "A B",
        "Compares two runs, or two groups of runs paired by seed: mean differences with "
        "95 % confidence intervals (Student's t), p-values of a paired permutation test, also "
        "with Holm's correction over all that is compared, and what differs in the "
        "descriptors.\v"
        "A and B are directories: a run, one whose folders are runs, or of a sweep, of "
        "which a group is named as DIR,AXIS=VALUE: out,method=GEDI,dataset=moons.",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {0};
    if (gedi__argp(c, &argp, &a))
        return GEDI__EXIT_FAILED;
    gedi__study side[2] = {0};
    gedi__comparison out = {0};
    gedi_err err = {0};
    gedi_status s = GEDI_OK;
    for (int i = 0; i < 2 && !s; i++)
        s = open_side(&side[i], a.side[i], &err);
    if (!s)
        s = gedi__compare(&side[0], &side[1], &out, &err);
    int code;
    if (s) {
        code = gedi__say_err(&err);
    } else {
        code = a.csv ? print_csv(&out) : print(&out, a.side[0], a.side[1]);
    }
    gedi__comparison_clear(&out);
    gedi__study_clear(&side[0]);
    gedi__study_clear(&side[1]);
    return code;
}
