/* mi_bounds.c - lower bounds of the mutual information between two views, with one critic.
 *
 * Source:  Sansone & Manhaeve, eq. (11), Appendix E.1; Poole et al. 2019, "On variational
 *          bounds of mutual information", sections 2.2, 2.3; Belghazi et al. 2018, "Mutual
 *          information neural estimation", section 3.2
 * Inputs:  z, z'  [B, D]  embeddings of both views; critic f_ij = z_i . z'_j / temperature,
 *          of unit vectors where it is a cosine
 * Output:  information  [1]  g - mean_i f_ii, minus the bound
 *          info_nce  g = mean_i log mean_j e^f_ij, here with j = i; its optimum is below
 *          tuba      g = mean_{i != j} e^(f_ij - a_j) + mean_j a_j - 1, a = log eta(z'_j), linear
 *                    and trained
 *          nwj       the same with a = 1
 *          mine      the same with a the log of a running mean of mean_{i != j} e^f_ij
 * Differs: a is linear where Poole et al. train a network; mine has the value that makes it a
 *          bound, as Poole et al. have it, and the derivative of Belghazi et al. but for the
 *          running mean, which is that of the batches before
 */
#include "gedi/plugin.h"

#include <math.h>

typedef struct mi_bounds {
    int64_t bound;
    bool sphere;
    gedi_schedule temperature;
    double decay;
    gedi_schedule information; /* weight */
} mi_bounds;

enum { INFO_NCE, NWJ, TUBA };

static const gedi_option mi_bounds_options[] = {
    GEDI_ENUM(mi_bounds, bound, INFO_NCE, "info_nce|nwj|tuba|mine",
              "which one; info_nce is at most log B, the others vary more"),
    GEDI_BOOL(mi_bounds, sphere, true, "the critic is a cosine; else a dot product"),
    GEDI_SCHEDULED(mi_bounds, temperature, 0.5, 1e-4, 1e4, "divides the critic"),
    GEDI_REAL(mi_bounds, decay, 0.99, 0.0, 1.0, "of the running mean; of mine alone"),
    GEDI_SCHEDULED(mi_bounds, information, 1.0, 0.0, 1e6, "weight of the bound"),
    GEDI_END,
};

/* The log of the mean of e^f over all i != j, [1, 1]. */
static gedi_node *mi_bounds_apart(gedi_node *f)
{
    int64_t n = gedi_rows(f);
    gedi_node *others = gedi_sub(f, gedi_scale(gedi_eye(gedi_node_graph(f), n), 1e30));
    gedi_node *all = gedi_logsumexp(gedi_reshape(others, GEDI_DIMS(1, n * n)));
    return gedi_affine(all, 1.0, -log((double)(n * (n - 1))));
}

/* a, [B, 1] or [1, 1]. */
static gedi_node *mi_bounds_baseline(const mi_bounds *o, gedi_build *b, gedi_node *f,
                                     gedi_node *z2)
{
    gedi_init zero = {.kind = GEDI_INIT_CONSTANT};
    if (o->bound == NWJ)
        return gedi_constant(gedi_build_graph(b), 1.0, GEDI_DIMS(1, 1));
    if (o->bound == TUBA)
        return gedi_linear(b, "baseline", z2, 1, true, zero);
    gedi_node *a = gedi_state(b, "log_mean", GEDI_DIMS(1, 1), 0.0);
    gedi_node *now = gedi_exp(gedi_sub(mi_bounds_apart(f), a)); /* over the mean so far */
    gedi_state_update(b, a,
                      gedi_add(a, gedi_log(gedi_affine(now, 1.0 - o->decay, o->decay))));
    return a;
}

/* The least value of the term. A dot product comes as near to -log B as one likes, if it has two
 * dimensions. A cosine reaches log(1 + (B - 1) e^(-B / (B - 1) / temperature)) - log B, where f_ii =
 * 1 / temperature and all others are equal, with cosines of -1 / (B - 1): log-sum-exp is convex, and
 * the mean of f_ij - f_ii over i != j cannot be less. Such a simplex needs B - 1 dimensions; in fewer, as
 * for a temperature that changes and for other bounds, none is known. */
static double mi_bounds_optimum(const mi_bounds *o, int64_t records, int64_t d)
{
    double n = (double)records, t = o->temperature.from;
    if (o->bound != INFO_NCE)
        return NAN;
    if (!o->sphere)
        return d > 1 ? -log(n) : NAN;
    if (d < records - 1 || !gedi_schedule_is_constant(&o->temperature))
        return NAN;
    return log1p((n - 1) * exp(-n / (n - 1) / t)) - log(n);
}

static void mi_bounds_loss(const void *self, gedi_build *b, const gedi_batch *v,
                           gedi_terms *t)
{
    const mi_bounds *o = self;
    gedi_node *z = v->z[0], *z2 = v->z[1], *g;
    int64_t n = gedi_rows(z);
    if (n < 2)
        gedi_graph_fail(gedi_build_graph(b), GEDI_SHAPE,
                        "mi_bounds: the batch has 1 record, but it needs at least 2: "
                        "one record has no other to be paired with. Raise train.batch");
    gedi_node *s = o->sphere ? gedi_cosine(z, z2) : gedi_matmul(z, gedi_transpose(z2));
    gedi_node *f = gedi_divide_by(b, s, &o->temperature); /* [B, B] */
    gedi_node *joint = gedi_sum(gedi_mul(f, gedi_eye(gedi_build_graph(b), n)), 1u << 1);
    if (o->bound == INFO_NCE) {
        g = gedi_affine(gedi_mean_all(gedi_logsumexp(f)), 1.0, -log((double)n));
    } else {
        gedi_node *a = mi_bounds_baseline(o, b, f, z2);
        gedi_node *ratio = gedi_exp(mi_bounds_apart(gedi_sub(f, gedi_transpose(a))));
        g = gedi_affine(gedi_mean_all(gedi_add(a, ratio)), 1.0, -1.0);
    }
    gedi_term_by(t, "information", gedi_sub(g, gedi_mean_all(joint)), &o->information,
                 mi_bounds_optimum(o, n, gedi_cols(z)));
}

GEDI_DEFINE(objective, mi_bounds) = {
    GEDI_HEAD(objective, mi_bounds),
    .brief =
        "a lower bound of the mutual information of two views: InfoNCE, NWJ, TUBA, MINE",
    .cite = "Sansone & Manhaeve, eq. (11), Appendix E.1; Poole et al. 2019",
    .self_size = sizeof(mi_bounds),
    .options = mi_bounds_options,
    .loss = mi_bounds_loss,
};
