/* deepcluster.c - DeepCluster-v2: k-means of all records every few epochs gives each its class.
 *
 * Source:  Caron et al. 2018, "Deep clustering for unsupervised learning of visual features",
 *          section 3.2; with the centroids as classifier, as Caron et al. 2020, appendix
 * Inputs:  z  [B, D]  embeddings of each view, on the unit sphere; numbers of the records
 * Output:  class  CE(k-means' class of the record, softmax(C z / temperature)), over the views
 * Differs: k-means by k-means++ and Lloyd, one head
 */
#include <gedi/gedi.h>
#include <math.h>
#include <stdlib.h>

typedef struct {
    int64_t clusters, every, dims;
    double temperature;
} deepcluster;

static const gedi_option deepcluster_options[] = {
    GEDI_INT(deepcluster, clusters, 2, 1, 65536, "of k-means"),
    GEDI_INT(deepcluster, every, 1, 1, 1000000, "epochs from one k-means to the next"),
    GEDI_INT(deepcluster, dims, 2, 1, 65536, "D, numbers of an embedding"),
    GEDI_REAL(deepcluster, temperature, 0.1, 1e-4, 1e4, "by which cosines are divided"),
    GEDI_END,
};

static gedi_node *deepcluster_logits(const void *self, gedi_build *b, gedi_node *z)
{
    const deepcluster *o = self;
    gedi_shape s = GEDI_DIMS(o->clusters, o->dims);
    gedi_node *c =
        gedi_state_init(b, "centroids", s, (gedi_init){GEDI_INIT_NORMAL, 1, 0, 0});
    gedi_node *cosine = gedi_matmul(gedi_l2_normalize(z, 1e-12), gedi_transpose(c));
    return gedi_scale(cosine, 1 / o->temperature);
}

static void deepcluster_loss(const void *self, gedi_build *b, const gedi_batch *v,
                             gedi_terms *t)
{
    const deepcluster *o = self;
    gedi_init zero = {.kind = GEDI_INIT_CONSTANT};
    gedi_node *all = gedi_table(b, "classes", 1, zero), *sum = NULL;
    gedi_node *q = gedi_one_hot(gedi_gather(all, v->index), o->clusters);
    for (int i = 0; i < v->views; i++) {
        gedi_node *ce = gedi_loss_cross_entropy(q, deepcluster_logits(self, b, v->z[i]));
        sum = sum ? gedi_add(sum, ce) : ce;
    }
    gedi_term(t, "class", gedi_scale(sum, 1.0 / v->views), 1.0, 0.0);
}

static void normalize(float *x, int64_t d)
{
    double square = 1e-24;
    for (int64_t j = 0; j < d; j++)
        square += (double)x[j] * x[j];
    for (int64_t j = 0; j < d; j++)
        x[j] /= (float)sqrt(square);
}

static gedi_status deepcluster_pass(const void *self, gedi_pass *p, gedi_err *err)
{
    const deepcluster *o = self;
    int64_t n = gedi_pass_count(p), d = gedi_pass_embedding(p);
    float *z = calloc((size_t)(n * d), sizeof *z),
          *c = gedi_pass_state(p, "centroids", NULL);
    float *class = gedi_pass_state(p, "classes", NULL);
    int32_t *label = calloc((size_t)n, sizeof *label);
    gedi_rng rng = gedi_pass_rng(p, 0);
    gedi_status s = z && label ? gedi_pass_read(p, 0, n, NULL, z, err)
                               : GEDI_FAIL(err, GEDI_NOMEM, "out of memory for k-means");
    for (int64_t i = 0; s == GEDI_OK && i < n; i++)
        normalize(z + i * d, d);
    if (s == GEDI_OK)
        s = gedi_kmeans(z, n, d, o->clusters, 3, 50, &rng, label, NULL, err);
    for (int64_t i = 0; s == GEDI_OK && i < o->clusters * d; i++)
        c[i] = 0;
    for (int64_t i = 0; s == GEDI_OK && i < n; i++) {
        class[i] = (float)label[i];
        for (int64_t j = 0; j < d; j++)
            c[label[i] * d + j] += z[i * d + j];
    }
    for (int64_t k = 0; s == GEDI_OK && k < o->clusters; k++)
        normalize(c + k * d, d);
    free(z);
    free(label);
    return s;
}

static int64_t deepcluster_every(const void *self)
{
    return ((const deepcluster *)self)->every;
}

GEDI_DEFINE(objective, deepcluster) = {
    GEDI_HEAD(objective, deepcluster),
    .brief = "DeepCluster-v2: k-means of all records gives each its class",
    .cite = "Caron et al. 2018, section 3.2",
    .self_size = sizeof(deepcluster),
    .options = deepcluster_options,
    .loss = deepcluster_loss,
    .logits = deepcluster_logits,
    .pass_every = deepcluster_every,
    .pass = deepcluster_pass,
};
