/* rules_step.c - times what rules cost: reading and compiling a query once, and its loss with the
 * derivative in every iteration.
 *
 * usage: rules_step FILE BATCH QUERY...
 * Prints a row for each query: the diagram's nodes, milliseconds to ground and compile, and
 * milliseconds of one step of mean -log p of a batch, forward and back, on one thread: the median of
 * STEPS.
 */
#include "core/base/clock.h"
#include "core/exec/program.h"
#include "plugins/rules/rules.h"

#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 201 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Milliseconds of a step; all values of a variable are alike. */
static double step(const rules *r, int64_t batch, gedi_err *err)
{
    int n = r->program.variables;
    double time[STEPS];
    gedi__program *p = NULL;
    gedi_graph *g = gedi_graph_new();
    gedi_node **x = calloc((size_t)n, sizeof *x),
              **out = calloc((size_t)n + 1, sizeof *out);
    if (!g || !x || !out)
        abort();
    for (int v = 0; v < n; v++)
        x[v] = gedi_input(g, "log_p", GEDI_DIMS(batch, r->program.variable[v].values));
    out[n] = gedi_scale(gedi_mean_all(rules_log_p(&r->diagram, x)), -1.0);
    gedi_status s = gedi_grad(out[n], x, n, NULL, 0, out);
    if (s == GEDI_OK)
        s = gedi__program_new(g, out, n + 1, NULL, 0, 1, &p, err);
    for (int v = 0; s == GEDI_OK && v < n; v++) {
        float *to = gedi__program_input(p, x[v]);
        int values = r->program.variable[v].values;
        for (int64_t i = 0; to && i < batch * values; i++)
            to[i] = -logf((float)values);
    }
    for (int i = 0; s == GEDI_OK && i < STEPS; i++) {
        double from = gedi__seconds();
        gedi__program_run(p);
        time[i] = 1e3 * (gedi__seconds() - from);
    }
    gedi__program_free(p);
    gedi_graph_free(g);
    free(x);
    free(out);
    if (s != GEDI_OK)
        return NAN;
    qsort(time, STEPS, sizeof *time, by_value);
    return time[STEPS / 2];
}

int main(int argc, char **argv)
{
    gedi_err err = {0};
    if (argc < 4) {
        fprintf(stderr, "usage: rules_step FILE BATCH QUERY...\n");
        return 2;
    }
    puts("nodes  compile, ms  step, ms  query");
    for (int i = 3; i < argc; i++) {
        rules r;
        double from = gedi__seconds();
        gedi_status s = rules_open(".", argv[1], argv[i], 0, &r, &err);
        if (s != GEDI_OK) {
            fprintf(stderr, "%s\n", err.msg);
            return 1;
        }
        double compiled = 1e3 * (gedi__seconds() - from);
        double ms = step(&r, atol(argv[2]), &err);
        printf("%5d  %11.1f  %8.3f  %.60s\n", r.diagram.nodes - 2, compiled, ms, argv[i]);
        rules_close(&r);
    }
    return 0;
}
