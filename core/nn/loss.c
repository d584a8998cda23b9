/* loss.c - the terms of GEDI and what all terms share.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 *          Models", eqs. (3), (6), (7), Definition 10; Du & Mordatch 2019, "Implicit
 *          generation and modeling with energy-based models", section 3.2 (penalty).
 * Inputs:  logits [B, K]
 * Output:  [1], each to be minimised
 * Differs: sums over the n records of a batch are means, as in the authors' figures. L_PRIOR
 *          is the mean over the K clusters, as eq. (3) has it; in later code of the first
 *          author it is the sum, K times as much for the same weight.
 */
#include "core/nn/loss.h"
#include "core/graph/node.h"
#include "gedi/loss.h"

#include <math.h>

bool gedi__enough_records(gedi_graph *g, const char *what, int64_t records, int64_t least,
                          const char *why)
{
    if (records < least)
        gedi_graph_fail(
            g, GEDI_SHAPE,
            "%s: the batch has %lld record%s, but it needs at least %lld: %s. "
            "Raise %s",
            what, (long long)records, records == 1 ? "" : "s", (long long)least, why,
            g->batch ? g->batch : "train.batch");
    return records >= least;
}

bool gedi__enough_clusters(const gedi_node *logits, const char *what)
{
    bool enough = !logits || gedi_cols(logits) > 1;
    if (!enough)
        gedi_graph_fail(
            gedi_node_graph(logits), GEDI_SHAPE,
            "%s: there is 1 cluster, but it needs at least 2: p(y|x) of one is "
            "1, whatever is learned. Raise the number of clusters, which is the "
            "width of the embedding where there are no prototypes",
            what);
    return enough;
}

/* A sum over everything keeps dimensions; a term is one number, [1]. */
gedi_node *gedi_mean_all(gedi_node *x)
{
    return gedi_reshape(gedi_mean(x, GEDI_ALL_AXES), GEDI_DIMS(1));
}

gedi_node *gedi_head_logits(const gedi_head *h, gedi_build *b, gedi_node *z)
{
    if (!z || !gedi__given(gedi_node_graph(z), h, "gedi_head_logits", "head"))
        return NULL;
    if (h->sphere)
        z = gedi_l2_normalize(z, 1e-12);
    if (h->prototypes == GEDI_PROTOTYPES_NONE) {
        if (gedi_cols(z) != h->clusters)
            return gedi_graph_fail(
                gedi_build_graph(b), GEDI_SHAPE,
                "the embedding has %lld dimensions but clusters is %lld: "
                "make them equal, or set prototypes to free or unit",
                (long long)gedi_cols(z), (long long)h->clusters);
    } else {
        /* U as rows u_k [K, D], so that unit columns of the paper's U are unit rows here.
         */
        gedi_init init = {
            .kind = GEDI_INIT_FAN_IN, .value = h->scale, .fan_in = gedi_cols(z)};
        gedi_node *u =
            gedi_param(b, "prototypes", GEDI_DIMS(h->clusters, gedi_cols(z)), init);
        if (h->prototypes == GEDI_PROTOTYPES_UNIT)
            u = gedi_l2_normalize(u, 1e-12);
        z = gedi_matmul(z, gedi_transpose(u)); /* U^T g */
    }
    return gedi_divide_by(b, z, &h->temperature);
}

gedi_node *gedi_head_as_logits(const void *self, gedi_build *b, gedi_node *z)
{
    return gedi_head_logits(self, b, z);
}

gedi_node *gedi_head_as_energy(const void *self, gedi_build *b, gedi_node *x,
                               gedi_node *z, const gedi_batch *v)
{
    (void)x, (void)v;
    return gedi_energy(gedi_head_logits(self, b, z));
}

gedi_node *gedi_energy(gedi_node *logits)
{
    return gedi_neg(gedi_logsumexp(logits)); /* eq. (6) */
}

gedi_node *gedi_loss_gen(gedi_node *energy_data, gedi_node *energy_samples)
{
    char is[64], also[64];
    if (energy_data && energy_samples &&
        (gedi_cols(energy_data) != 1 || gedi_cols(energy_samples) != 1))
        return gedi_graph_fail(
            gedi_node_graph(energy_data), GEDI_SHAPE,
            "gedi_loss_gen: energies are %s and %s, not one column, [B, 1]",
            gedi_shape_text(gedi_node_shape(energy_data), is, sizeof is),
            gedi_shape_text(gedi_node_shape(energy_samples), also, sizeof also));
    return gedi_sub(gedi_mean_all(energy_data),
                    gedi_mean_all(energy_samples)); /* eq. (7) */
}

gedi_node *gedi_loss_energy_penalty(gedi_node *energy_data, gedi_node *energy_samples)
{
    return gedi_add(gedi_mean_all(gedi_square(energy_data)),
                    gedi_mean_all(gedi_square(energy_samples)));
}

gedi_node *gedi_loss_inv(gedi_node *logits, gedi_node *logits2)
{
    return gedi_loss_cross_entropy(gedi_softmax(logits2), logits); /* eq. (3), L_INV */
}

gedi_node *gedi_loss_prior(gedi_node *logits)
{
    if (!logits || !gedi__enough_clusters(logits, "balance of clusters"))
        return NULL;
    /* log of the mean of p(y|x) as a logsumexp over the batch: finite, with finite
     * derivatives, where a cluster's mean probability underflows. */
    double log_b = log((double)gedi_rows(logits));
    gedi_node *log_p = gedi_transpose(gedi_log_softmax(logits)); /* [K, B] */
    gedi_node *log_mean = gedi_affine(gedi_logsumexp(log_p), 1.0, -log_b);
    return gedi_neg(gedi_mean_all(log_mean)); /* CE(1/K, mean p), eq. (3), L_PRIOR */
}
