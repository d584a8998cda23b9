/* gedi_nesy.c - GEDI with rules: symbols are grounded by what must hold between them.
 *
 * Source:  Sansone & Manhaeve, section 6.4, eqs. (8), (9), Appendix N; Manhaeve et al. 2021, on the
 *          entropy of the mean assignment; Xu et al. 2018, "A semantic loss function".
 * Inputs:  z  [B P, D]  embeddings of the P parts of B records, and of samples
 * Output:  gen L_GEN + inv L_INV + prior L_PRIOR + nesy mean -log p(query) + entropy (ln K - H(mean p)),
 *          [1]
 * Differs: weights are options; a weight of 0 leaves the term out, so NeSy alone and GEDI alone are
 *          settings of it. The paper's entropy is H itself, to be maximised: here it is what is missing
 *          to ln K, with the optimum 0.
 */
#include "plugins/rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 100000 };

typedef struct nesy {
    gedi_head head;
    const char *rules, *query;
    gedi_schedule gen, inv, prior, weight, entropy;
    rules_program program;
    rules_diagram diagram;
} nesy;

static const gedi_option nesy_options[] = {
    GEDI_HEAD_OPTIONS(nesy, head),
    GEDI_TEXT(nesy, rules, "", "file of rules, in ProbLog's syntax"),
    GEDI_TEXT(nesy, query, "",
              "what holds of every record, such as addition(x1, x2, x3): x1 is its first "
              "part"),
    GEDI_SCHEDULED(nesy, gen, 0.0, 0.0, 1e6, GEDI_GEN_MEANING),
    GEDI_SCHEDULED(nesy, inv, 0.0, 0.0, 1e6, "weight of L_INV, consistency of two views"),
    GEDI_SCHEDULED(nesy, prior, 0.0, 0.0, 1e6, "weight of L_PRIOR, balance of clusters"),
    GEDI_SCHEDULED_AT(nesy, weight, "nesy", 1.0, 0.0, 1e6,
                      "weight of L_NESY, -log p(query)"),
    GEDI_SCHEDULED(nesy, entropy, 0.0, 0.0, 1e6,
                   "weight of the entropy that the mean assignment lacks"),
    GEDI_END,
};

/* 1 for "x1"; 0 for what is no part. */
static int part_of(const char *input)
{
    char *end = NULL;
    long n = *input == 'x' ? strtol(input + 1, &end, 10) : 0;
    return end && end != input + 1 && !*end && n > 0 && n < 1000 ? (int)n : 0;
}

/* What a network says must be what this head says. */
static gedi_status check_inputs(const nesy *o, gedi_err *err)
{
    const char *net = NULL;
    for (int l = 0; l < o->diagram.levels; l++) {
        const rules_variable *v = &o->program.variable[o->diagram.variable[l]];
        if (!v->net)
            continue;
        if (net && strcmp(net, v->net))
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "%s: networks %s and %s: there is one, which says p(y|x)",
                             o->rules, net, v->net);
        net = v->net;
        if (v->inputs != 1 || !part_of(v->input[0]))
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "query '%s': nn(%s) is asked about '%s': x1, x2, ... are the "
                             "parts of a record",
                             o->query, net, v->inputs ? v->input[0] : "");
        if (v->values != o->head.clusters)
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "clusters: %lld, but nn(%s) has %d values in %s",
                             (long long)o->head.clusters, net, v->values, o->rules);
    }
    return net ? GEDI_OK
               : GEDI_FAIL(err, GEDI_DESCRIPTOR, "query '%s' does not depend on a network",
                           o->query);
}

static void nesy_close(void *self)
{
    nesy *o = self;
    rules_diagram_clear(&o->diagram);
    rules_program_clear(&o->program);
}

static gedi_status nesy_open(void *self, const gedi_open *from, gedi_err *err)
{
    nesy *o = self;
    char *path = NULL;
    if (!*o->rules || !*o->query)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "rules and query: both are needed, for example rules: "
                         "addition.pl, query: \"addition(x1, x2, x3)\"");
    if (asprintf(&path, "%s%s%s", *o->rules == '/' ? "" : from->directory,
                 *o->rules == '/' ? "" : "/", o->rules) < 0)
        return GEDI_FAIL(err, GEDI_NOMEM, "%s", o->rules);
    gedi_status s = rules_ground(path, o->query, &o->program, err);
    if (s == GEDI_OK)
        s = rules_compile(&o->program, MOST_NODES, &o->diagram, err);
    if (s == GEDI_OK)
        s = check_inputs(o, err);
    free(path);
    if (s)
        nesy_close(o);
    return s;
}

/* Logarithms of the probabilities of a disjunction, for B records: [B, K]. */
static gedi_node *chances(gedi_build *b, const rules_variable *v, int number, int64_t rows)
{
    gedi_graph *g = gedi_build_graph(b);
    float *x = malloc((size_t)v->values * sizeof *x);
    if (!x)
        return gedi_graph_fail(g, GEDI_NOMEM, "probabilities of rules");
    for (int k = 0; k < v->values; k++)
        x[k] = logf(fmaxf((float)v->p[k], 1e-30f));
    gedi_node *at = gedi_values(g, x, GEDI_DIMS(1, v->values));
    free(x);
    if (v->learned) {
        char name[32];
        snprintf(name, sizeof name, "chances%d", number);
        at = gedi_log_softmax(
            gedi_add(at, gedi_param(b, name, GEDI_DIMS(1, v->values), GEDI_INIT_ZERO)));
    }
    return gedi_broadcast(at, GEDI_DIMS(rows, v->values));
}

/* log p(query) of each record, [B, 1], from the logits of all its parts. */
static gedi_node *log_p_of(const nesy *o, gedi_build *b, const gedi_batch *v, gedi_node *logits)
{
    gedi_graph *g = gedi_build_graph(b);
    int64_t k = o->head.clusters, parts = v->parts, rows = gedi_rows(logits) / parts;
    gedi_node *log_p = gedi_reshape(gedi_log_softmax(logits), GEDI_DIMS(rows, parts, k));
    gedi_node **of = calloc((size_t)o->program.variables, sizeof *of), *y = NULL;
    if (!of)
        return gedi_graph_fail(g, GEDI_NOMEM, "a circuit of rules");
    bool fits = true;
    for (int i = 0; i < o->program.variables && fits; i++) {
        const rules_variable *x = &o->program.variable[i];
        int part = x->net ? part_of(x->input[0]) : 0;
        fits = part <= parts;
        if (!fits)
            y = gedi_graph_fail(g, GEDI_SHAPE,
                                "query '%s' speaks of x%d, but a record has %lld part%s",
                                o->query, part, (long long)parts, parts == 1 ? "" : "s");
        else if (x->net)
            of[i] = gedi_reshape(gedi_slice(log_p, 1, part - 1, 1), GEDI_DIMS(rows, k));
        else
            of[i] = chances(b, x, i, rows);
    }
    if (fits)
        y = rules_log_p(&o->diagram, of);
    free(of);
    return y;
}

/* ln K - H of the mean assignment; 0 where all clusters are used alike. */
static gedi_node *lacking_entropy(gedi_node *logits, int64_t k)
{
    gedi_node *mean = gedi_mean(gedi_softmax(logits), 1u << 0); /* [1, K] */
    gedi_node *kept = gedi_maximum(mean, gedi_constant(gedi_node_graph(mean), 1e-30,
                                                       GEDI_DIMS(1, k)));
    gedi_node *h = gedi_sum(gedi_mul(mean, gedi_log(kept)), 1u << 1);
    return gedi_affine(gedi_reshape(h, GEDI_DIMS(1)), 1.0, log((double)k));
}

static void nesy_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const nesy *o = self;
    gedi_node *x = gedi_head_logits(&o->head, b, v->z[0]);
    gedi_term_by(t, "nesy", gedi_mean_all(gedi_scale(log_p_of(o, b, v, x), -1.0)),
                 &o->weight, 0.0);
    gedi_term_by(t, "entropy", lacking_entropy(x, o->head.clusters), &o->entropy, 0.0);
    gedi_node *xs = gedi_head_logits(&o->head, b, v->zs);   /* samples */
    gedi_node *x2 = gedi_head_logits(&o->head, b, v->z[1]); /* logits of x' */
    gedi_term_by(t, "gen", gedi_loss_gen(gedi_energy(x), gedi_energy(xs)), &o->gen, NAN);
    gedi_term_by(t, "inv", gedi_loss_inv(x, x2), &o->inv, 0.0);
    gedi_term_by(t, "prior", gedi_loss_prior(x), &o->prior,
                 log((double)o->head.clusters));
}

GEDI_DEFINE(objective, gedi_nesy) = {
    GEDI_HEAD(objective, gedi_nesy),
    .brief = "GEDI with rules: clusters are named by what must hold between them",
    .cite = "Sansone & Manhaeve, section 6.4, eqs. (8), (9), Appendix N",
    .self_size = sizeof(nesy),
    .options = nesy_options,
    .loss = nesy_loss,
    .logits = gedi_head_as_logits,
    .energy = gedi_head_as_energy,
    .open = nesy_open,
    .close = nesy_close,
};
