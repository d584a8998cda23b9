/* circuit.c - the probability of a decision diagram's root: in double, and as nodes of a graph.
 *
 * Source:  Sansone & Manhaeve, eq. (8), in the form of Darwiche & Marquis 2002, "A knowledge compilation
 *          map": a node is the sum over its variable's values of their probability times that of the child.
 * Inputs:  log_p[v]  [B, K]  log-probabilities of variable v's values
 * Output:  [B, 1]  log p(root)
 * Differs: in logarithms, level by level: all nodes of a level are one logsumexp.
 */
#include "plugins/rules/rules.h"

#include <math.h>
#include <stdlib.h>

/* log 0 of what is false: behind any log-probability it still loses every logsumexp, and, unlike
 * -inf, it has a difference to itself. */
#define FALSE_LOG (-1e30)

double rules_log_probability(const rules_diagram *d, const double *const *log_p)
{
    double *at = malloc((size_t)d->nodes * sizeof *at);
    if (!at)
        return NAN;
    at[0] = -INFINITY;
    at[1] = 0.0;
    for (int l = d->levels - 1; l >= 0; l--)
        for (int i = d->first[l]; i < d->first[l + 1]; i++) {
            const double *p = log_p[d->variable[l]];
            double most = -INFINITY, sum = 0.0;
            for (int k = 0; k < d->values[l]; k++)
                most = fmax(most, p[k] + at[d->child[i][k]]);
            for (int k = 0; k < d->values[l] && isfinite(most); k++)
                sum += exp(p[k] + at[d->child[i][k]] - most);
            at[i] = isfinite(most) ? most + log(sum) : -INFINITY;
        }
    double root = at[d->root];
    free(at);
    return root;
}

/* The level of a node; that of the ends is one below the last. */
static int level_of(const rules_diagram *d, int node)
{
    int l = d->levels;
    if (node > 1)
        for (l = 0; node >= d->first[l + 1]; l++)
            ;
    return l;
}

/* The children of level l, as rows of a table that holds the levels they are on: [nodes K, B]. */
static gedi_node *children(const rules_diagram *d, int l, gedi_node *const *level)
{
    gedi_graph *g = gedi_node_graph(level[d->levels]);
    int nodes = d->first[l + 1] - d->first[l], k = d->values[l];
    int *row = malloc(((size_t)d->levels + 1) * sizeof *row); /* the first row of a level */
    float *index = malloc((size_t)nodes * (size_t)k * sizeof *index);
    gedi_node **part = malloc(((size_t)d->levels + 1) * sizeof *part), *all = NULL;
    if (row && index && part) {
        int parts = 0, rows = 0;
        for (int m = 0; m <= d->levels; m++)
            row[m] = -1;
        for (int i = 0; i < nodes * k; i++) {
            int child = d->child[d->first[l] + i / k][i % k], m = level_of(d, child);
            if (row[m] < 0) {
                row[m] = rows;
                part[parts++] = level[m];
                rows += m < d->levels ? d->first[m + 1] - d->first[m] : 2;
            }
            index[i] = (float)(row[m] + child - (m < d->levels ? d->first[m] : 0));
        }
        all = gedi_gather(parts == 1 ? part[0] : gedi_concat(part, parts, 0),
                          gedi_values(g, index, GEDI_DIMS(nodes * k)));
    } else {
        gedi_graph_fail(g, GEDI_NOMEM, "a circuit of rules");
    }
    free(row);
    free(index);
    free(part);
    return all;
}

gedi_node *rules_log_p(const rules_diagram *d, gedi_node *const *log_p)
{
    gedi_graph *g = d->levels ? gedi_node_graph(log_p[d->variable[0]]) : NULL;
    gedi_node **level = calloc((size_t)d->levels + 1, sizeof *level), *root = NULL;
    if (!g || !level) {
        free(level);
        return g ? gedi_graph_fail(g, GEDI_NOMEM, "a circuit of rules") : NULL;
    }
    int64_t b = gedi_rows(log_p[d->variable[0]]);
    level[d->levels] = gedi_concat((gedi_node *[]){gedi_constant(g, FALSE_LOG, GEDI_DIMS(1, b)),
                                                   gedi_constant(g, 0.0, GEDI_DIMS(1, b))},
                                   2, 0);
    for (int l = d->levels - 1; l >= 0; l--) {
        int64_t nodes = d->first[l + 1] - d->first[l], k = d->values[l];
        gedi_node *p = gedi_reshape(gedi_transpose(log_p[d->variable[l]]), GEDI_DIMS(1, k, b));
        gedi_node *of = gedi_reshape(children(d, l, level), GEDI_DIMS(nodes, k, b));
        gedi_node *sum = gedi_permute(gedi_add(of, p), (const int[]){0, 2, 1});
        level[l] = gedi_reshape(gedi_logsumexp(sum), GEDI_DIMS(nodes, b));
    }
    root = gedi_transpose(level[0]); /* one node: the root */
    free(level);
    return root;
}
