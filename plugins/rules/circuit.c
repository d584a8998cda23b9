/* circuit.c - the probability of a decision diagram's roots: in double, and as nodes of a graph.
 *
 * Source:  Sansone & Manhaeve, eq. (8), in the form of Darwiche & Marquis 2002, "A knowledge compilation
 *          map": a node is the sum over its variable's values of their probability times that of the child.
 * Inputs:  log_p[v]  [B, K]  log-probabilities of variable v's values
 * Output:  [B, roots]  log p(root), given the evidence
 * Differs: in logarithms, level by level: all nodes of a level are one logsumexp.
 */
#include "plugins/rules/rules.h"

#include <math.h>
#include <stdlib.h>

/* log 0 of what is false: behind any log-probability it still loses every logsumexp, and, unlike
 * -inf, it has a difference to itself. */
#define FALSE_LOG (-1e30)

static double log_sum(const rules_diagram *d, int l, const int *child, const double *p,
                      const double *at)
{
    double most = -INFINITY, sum = 0.0;
    for (int k = 0; k < d->values[l]; k++)
        most = fmax(most, p[k] + at[child[k]]);
    for (int k = 0; k < d->values[l] && isfinite(most); k++)
        sum += exp(p[k] + at[child[k]] - most);
    return isfinite(most) ? most + log(sum) : -INFINITY;
}

/* log p of every node into `at` [nodes]. */
static void fill_nodes(const rules_diagram *d, const double *const *log_p, double *at)
{
    at[0] = -INFINITY;
    at[1] = 0.0;
    for (int l = d->levels - 1; l >= 0; l--)
        for (int i = d->first[l]; i < d->first[l + 1]; i++)
            at[i] = log_sum(d, l, d->child[i], log_p[d->variable[l]], at);
}

void rules_log_probabilities(const rules_diagram *d, const double *const *log_p,
                             double *node, double *out)
{
    fill_nodes(d, log_p, node);
    for (int r = 0; r < d->roots; r++)
        out[r] = node[d->root[r]] > -INFINITY ? node[d->root[r]] - node[d->evidence]
                                              : -INFINITY;
}

/* The level of a node; that of the ends is one below the last. */
static int level_of(const rules_diagram *d, int node)
{
    int low = 0, high = d->levels;
    if (node <= 1)
        return d->levels;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (node < d->first[middle])
            high = middle;
        else
            low = middle;
    }
    return low;
}

/* One of n, as log_w, up to a constant, has them. */
static int draw(const double *log_w, int n, gedi_rng *rng)
{
    double most = -INFINITY, sum = 0.0;
    for (int k = 0; k < n; k++)
        most = fmax(most, log_w[k]);
    for (int k = 0; k < n; k++)
        sum += exp(log_w[k] - most);
    double u = gedi_rng_uniform(rng) * sum;
    int last = 0;
    for (int k = 0; k < n; k++)
        if (log_w[k] > -INFINITY) {
            last = k;
            if ((u -= exp(log_w[k] - most)) < 0.0)
                break;
        }
    return last;
}

gedi_status rules_draw(const rules_program *p, const rules_diagram *d, int r,
                       const double *const *log_p, gedi_rng *rng, int *value,
                       gedi_err *err)
{
    int most = 0, node = d->root[r];
    double *at = malloc((size_t)d->nodes * sizeof *at);
    if (at)
        fill_nodes(d, log_p, at);
    for (int v = 0; v < p->variables; v++)
        most = p->variable[v].values > most ? p->variable[v].values : most;
    double *w = malloc(((size_t)most + 1) * sizeof *w);
    gedi_status s = GEDI_OK;
    if (!at || !w)
        s = gedi_no_memory(err, "a circuit of rules");
    else if (!(at[node] > -INFINITY))
        s = GEDI_FAIL(err, GEDI_DATA, "%s cannot hold", p->answer[r]);
    for (int v = 0; s == GEDI_OK && v < p->variables; v++)
        value[v] = draw(log_p[v], p->variable[v].values, rng);
    while (s == GEDI_OK && node > 1) {
        int l = level_of(d, node), v = d->variable[l];
        for (int k = 0; k < d->values[l]; k++)
            w[k] = log_p[v][k] + at[d->child[node][k]];
        value[v] = draw(w, d->values[l], rng);
        node = d->child[node][value[v]];
    }
    free(at);
    free(w);
    return s;
}

/* ---- as nodes of a graph ---- */

/* Nodes, as rows of a table that holds the levels they are on: [n, B]. */
static gedi_node *rows_of(const rules_diagram *d, gedi_node *const *level,
                          const int *node, int n)
{
    gedi_graph *g = gedi_node_graph(level[d->levels]);
    int *row =
        malloc(((size_t)d->levels + 1) * sizeof *row); /* the first row of a level */
    float *index = malloc((size_t)n * sizeof *index);
    gedi_node **part = malloc(((size_t)d->levels + 1) * sizeof *part), *all = NULL;
    if (row && index && part) {
        int parts = 0, rows = 0;
        for (int m = 0; m <= d->levels; m++)
            row[m] = -1;
        for (int i = 0; i < n; i++) {
            int m = level_of(d, node[i]);
            if (row[m] < 0) {
                row[m] = rows;
                part[parts++] = level[m];
                rows += m < d->levels ? d->first[m + 1] - d->first[m] : 2;
            }
            index[i] = (float)(row[m] + node[i] - (m < d->levels ? d->first[m] : 0));
        }
        all = gedi_gather(parts == 1 ? part[0] : gedi_concat(part, parts, 0),
                          gedi_values(g, index, GEDI_DIMS(n, 1)));
    } else {
        gedi_graph_fail(g, GEDI_NOMEM, "a circuit of rules");
    }
    free(row);
    free(index);
    free(part);
    return all;
}

/* The nodes of level l, from those below: [nodes, B]. */
static gedi_node *level_nodes(const rules_diagram *d, int l, gedi_node *const *level,
                              gedi_node *log_p)
{
    int64_t nodes = d->first[l + 1] - d->first[l], k = d->values[l], b = gedi_rows(log_p);
    int *child = malloc((size_t)(nodes * k) * sizeof *child);
    if (!child)
        return gedi_graph_fail(gedi_node_graph(log_p), GEDI_NOMEM, "a circuit of rules");
    for (int i = 0; i < nodes * k; i++)
        child[i] = d->child[d->first[l] + i / k][i % k];
    gedi_node *of = rows_of(d, level, child, (int)(nodes * k));
    free(child);
    gedi_node *p = gedi_reshape(gedi_transpose(log_p), GEDI_DIMS(1, k, b));
    gedi_node *sum = gedi_add(gedi_reshape(of, GEDI_DIMS(nodes, k, b)), p);
    return gedi_reshape(gedi_logsumexp(gedi_permute(sum, (const int[]){0, 2, 1})),
                        GEDI_DIMS(nodes, b));
}

gedi_node *rules_log_p(const rules_diagram *d, gedi_node *const *log_p)
{
    gedi_graph *g = gedi_node_graph(log_p[d->variable[0]]);
    gedi_node **level = calloc((size_t)d->levels + 1, sizeof *level);
    if (!level)
        return gedi_graph_fail(g, GEDI_NOMEM, "a circuit of rules");
    int64_t b = gedi_rows(log_p[d->variable[0]]);
    level[d->levels] =
        gedi_concat((gedi_node *[]){gedi_constant(g, FALSE_LOG, GEDI_DIMS(1, b)),
                                    gedi_constant(g, 0.0, GEDI_DIMS(1, b))},
                    2, 0);
    for (int l = d->levels - 1; l >= 0; l--)
        level[l] = level_nodes(d, l, level, log_p[d->variable[l]]);
    gedi_node *root = rows_of(d, level, d->root, d->roots); /* [roots, B] */
    if (d->evidence != 1) {
        /* Where it cannot hold nothing does: the difference of two FALSE_LOGs would be certain. */
        gedi_node *least = gedi_constant(g, FALSE_LOG / 1e10, GEDI_DIMS(1, b));
        root = gedi_sub(root, gedi_maximum(rows_of(d, level, &d->evidence, 1), least));
    }
    free(level);
    return gedi_transpose(root);
}
