/* gedi_nesy.c - GEDI with rules: symbols are grounded by what must hold between them.
 *
 * Source:  Sansone & Manhaeve, section 6.4, eqs. (8), (9), Appendix N; Manhaeve et al. 2021, on the
 *          entropy of the mean assignment; Xu et al. 2018, "A semantic loss function".
 * Inputs:  z  [B P, D]  embeddings of the P parts of B records, and of samples; of a query with a
 *          variable, labels of the parts  [B P]: its answer is what they make it
 * Output:  gen L_GEN + inv L_INV + prior L_PRIOR + nesy mean -log p(answer) + entropy (ln K - H(mean p)),
 *          [1]
 * Differs: weights are options; a weight of 0 leaves the term out, so NeSy alone and GEDI alone are
 *          settings of it. The paper's entropy is H itself, to be maximised: here it is what is missing
 *          to ln K, with the optimum 0. A record whose labels have no answer counts 0.
 */
#include "plugins/rules/rules.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct nesy {
    gedi_head head;
    const char *rules, *query;
    gedi_schedule gen, inv, prior, weight, entropy;
    rules of;
} nesy;

static const gedi_option nesy_options[] = {
    GEDI_HEAD_OPTIONS(nesy, head),
    GEDI_FILE(nesy, rules, "file of rules, in ProbLog's syntax"),
    GEDI_TEXT(
        nesy, query, "",
        "what holds of every record, such as addition(x1, x2, x3): x1 is its first part; a "
        "variable, as in addition(x1, x2, Y), is what the labels make it; empty: the file's own "
        "query(...)"),
    GEDI_SCHEDULED(nesy, gen, 0.0, 0.0, 1e6, GEDI_GEN_MEANING),
    GEDI_SCHEDULED(nesy, inv, 0.0, 0.0, 1e6, "weight of L_INV, consistency of two views"),
    GEDI_SCHEDULED(nesy, prior, 0.0, 0.0, 1e6, "weight of L_PRIOR, balance of clusters"),
    GEDI_SCHEDULED_AT(nesy, weight, "nesy", 1.0, 0.0, 1e6,
                      "weight of L_NESY, -log p(query)"),
    GEDI_SCHEDULED(nesy, entropy, 0.0, 0.0, 1e6,
                   "weight of the entropy that the mean assignment lacks"),
    GEDI_END,
};

static void nesy_close(void *self)
{
    nesy *o = self;
    rules_close(&o->of);
}

/* What the answers of the labels are would depend on what is learned from them. */
static gedi_status check_learned(const nesy *o, gedi_err *err)
{
    const rules_program *p = &o->of.program;
    for (int i = 0; i < p->variables && p->roots > 1; i++)
        if (p->variable[i].learned)
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "%s: t(...) :: %.60s is learned from a query without a variable, but the "
                "query has %d answers: write its probability, or ask for one answer",
                o->rules, p->variable[i].head[0], p->roots);
    return GEDI_OK;
}

static gedi_status nesy_open(void *self, const gedi_open *from, gedi_err *err)
{
    nesy *o = self;
    if (!*o->rules)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "rules: which? for example {rules: addition.pl, query: "
                         "\"addition(x1, x2, x3)\"}");
    GEDI_TRY(rules_open(from->directory, o->rules, o->query, 0, &o->of, err));
    gedi_status s = check_learned(o, err);
    if (s == GEDI_OK && o->of.values != o->head.clusters)
        s = GEDI_FAIL(err, GEDI_DESCRIPTOR,
                      "%s: the network there has %d values, but clusters is %lld: set "
                      "clusters: %d",
                      o->rules, o->of.values, (long long)o->head.clusters, o->of.values);
    if (s)
        rules_close(&o->of);
    return s;
}

/* Logarithms of the probabilities of a disjunction, for B records: [B, K]. */
static gedi_node *chances(const nesy *o, gedi_build *b, int i, int64_t rows)
{
    gedi_graph *g = gedi_build_graph(b);
    const rules_variable *v = &o->of.program.variable[i];
    float *x = malloc((size_t)v->values * sizeof *x);
    if (!x)
        return gedi_graph_fail(g, GEDI_NOMEM, "probabilities of rules");
    for (int k = 0; k < v->values; k++)
        x[k] = v->p[k] > 0 ? (float)log(v->p[k]) : -1e30f; /* log 0, as in circuit.c */
    gedi_node *at = gedi_values(g, x, GEDI_DIMS(1, v->values));
    free(x);
    if (v->learned) {
        char name[RULES_NAME];
        rules_learned_name(&o->of.program, i, name);
        gedi_init zero = {.kind = GEDI_INIT_CONSTANT, .value = 0.0};
        at = gedi_log_softmax(
            gedi_add(at, gedi_param(b, name, GEDI_DIMS(1, v->values), zero)));
    }
    return gedi_broadcast(at, GEDI_DIMS(rows, v->values));
}

/* log p of the answers of each record, [B, answers], from log p(y|x) of all parts, [B, P, K]. */
static gedi_node *answers(const nesy *o, gedi_build *b, gedi_node *log_p)
{
    const rules_program *p = &o->of.program;
    gedi_shape s = gedi_node_shape(log_p);
    int64_t rows = s.dim[0], k = s.dim[2];
    gedi_node **of = calloc((size_t)p->variables, sizeof *of);
    if (!of)
        return gedi_graph_fail(gedi_build_graph(b), GEDI_NOMEM, "a circuit of rules");
    for (int i = 0; i < p->variables; i++)
        of[i] =
            p->variable[i].net
                ? gedi_reshape(gedi_slice(log_p, 1, rules_part(&p->variable[i]) - 1, 1),
                               GEDI_DIMS(rows, k))
                : chances(o, b, i, rows);
    gedi_node *y = rules_log_p(&o->of.diagram, of);
    free(of);
    return y;
}

/* What the answer is by the labels: 1 for it, [B, answers]. */
static gedi_node *observed(const nesy *o, gedi_build *b, const gedi_batch *v,
                           int64_t rows)
{
    int64_t k = o->head.clusters;
    if (!v->label)
        return gedi_graph_fail(
            gedi_build_graph(b), GEDI_DESCRIPTOR,
            "query '%s' has a variable, whose value the labels say, but the "
            "training records have no labels",
            o->query);
    if (gedi_build_classes(b) != k)
        return gedi_graph_fail(
            gedi_build_graph(b), GEDI_DESCRIPTOR,
            "query '%s' has a variable, whose value the labels say, but they are of %d "
            "classes and the network of %s has %lld values",
            o->query, (int)gedi_build_classes(b), o->rules, (long long)k);
    gedi_node *known = gedi_affine(gedi_one_hot(v->label, k), 1e30, -1e30);
    return gedi_exp(answers(o, b, gedi_reshape(known, GEDI_DIMS(rows, v->parts, k))));
}

static gedi_node *loss_nesy(const nesy *o, gedi_build *b, const gedi_batch *v,
                            gedi_node *logits)
{
    int64_t k = o->head.clusters, rows = gedi_rows(logits) / v->parts;
    if (o->of.parts > v->parts)
        return gedi_graph_fail(gedi_build_graph(b), GEDI_SHAPE,
                               "the query speaks of x%d, but a record has %lld part%s",
                               o->of.parts, (long long)v->parts,
                               v->parts == 1 ? "" : "s");
    gedi_node *y = answers(
        o, b, gedi_reshape(gedi_log_softmax(logits), GEDI_DIMS(rows, v->parts, k)));
    if (o->of.program.roots > 1)
        y = gedi_sum(gedi_mul(y, gedi_stop_gradient(observed(o, b, v, rows))), 1u << 1);
    return gedi_scale(gedi_mean_all(y), -1.0);
}

/* ln K - H of the mean assignment; 0 where all clusters are used alike. */
static gedi_node *lacking_entropy(gedi_node *logits, int64_t k)
{
    gedi_node *mean = gedi_mean(gedi_softmax(logits), 1u << 0); /* [1, K] */
    gedi_node *kept =
        gedi_maximum(mean, gedi_constant(gedi_node_graph(mean), 1e-30, GEDI_DIMS(1, k)));
    gedi_node *h = gedi_sum(gedi_mul(mean, gedi_log(kept)), 1u << 1);
    return gedi_affine(gedi_reshape(h, GEDI_DIMS(1)), 1.0, log((double)k));
}

static void nesy_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const nesy *o = self;
    gedi_node *x = gedi_head_logits(&o->head, b, v->z[0]);
    if (o->of.program.roots)
        gedi_term_by(t, "nesy", loss_nesy(o, b, v, x), &o->weight,
                     rules_have_chance(&o->of) ? NAN : 0.0);
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
