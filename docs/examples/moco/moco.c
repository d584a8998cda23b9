/* moco.c - MoCo: find the other view, as a running average of the network has it, among the
 * embeddings of earlier batches.
 *
 * Source:  He et al. 2020, "Momentum contrast for unsupervised visual representation learning",
 *          eqs. (1) and (2), algorithm 1
 * Inputs:  z[0], z[1]  [B, D]  embeddings of two views of the same B records
 * Output:  contrast  -log of the softmax of cosines / temperature at the other view, beside
 *          `queue` negatives; mean over the batch
 * Differs: the queue begins with random directions, as the authors' code has it
 */
#include <gedi/gedi.h>
#include <math.h>

typedef struct {
    int64_t queue;
    gedi_schedule decay;
    double temperature, contrast;
} moco;

static const gedi_option moco_options[] = {
    GEDI_INT(moco, queue, 4096, 1, 1000000, "embeddings of earlier batches: negatives"),
    GEDI_SCHEDULED(moco, decay, 0.99, 0.0, 1.0, "of the running average: m"),
    GEDI_REAL(moco, temperature, 0.07, 1e-4, 1e4, "divides the cosines"),
    GEDI_REAL(moco, contrast, 1.0, 0.0, 1e6, "weight of the contrastive term"),
    GEDI_END,
};

static void moco_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const moco *o = self;
    gedi_node *query = gedi_l2_normalize(v->z[0], 1e-12);
    gedi_node *key = gedi_l2_normalize(gedi_average(b, v->z[1], &o->decay), 1e-12);
    gedi_node *past = gedi_l2_normalize(gedi_queue(b, "queue", o->queue, key), 1e-12);
    gedi_node *right = gedi_sum(gedi_mul(query, key), 1u << 1);           /* [B, 1] */
    gedi_node *all[] = {right, gedi_matmul(query, gedi_transpose(past))}; /* [B, queue] */
    gedi_node *s = gedi_scale(gedi_concat(all, 2, 1), 1.0 / o->temperature);
    gedi_node *loss = gedi_sub(gedi_logsumexp(s), gedi_slice(s, 1, 0, 1)); /* eq. (1) */
    gedi_term(t, "contrast", gedi_mean_all(loss), o->contrast, NAN);
}

GEDI_DEFINE(objective, moco) = {
    GEDI_HEAD(objective, moco),
    .brief =
        "MoCo: the other view, by an averaged network, among those of earlier batches",
    .cite = "He et al. 2020, eqs. (1) and (2)",
    .self_size = sizeof(moco),
    .options = moco_options,
    .loss = moco_loss,
};
