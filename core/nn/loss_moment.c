/* loss_moment.c - terms of means and covariances over a batch: the negative-free methods.
 *
 * Source:  Zbontar et al. 2021, "Barlow twins", eqs. (1), (2); Bardes et al. 2022,
 *          "VICReg", eqs. (1) to (4); Ozsoy et al. 2022, "Self-supervised learning with
 *          an information maximization criterion"; Ermolov et al. 2021, "Whitening for
 *          self-supervised representation learning"; Liu et al. 2022, "Self-supervised
 *          learning via maximum entropy coding", eq. (2). Sansone & Manhaeve, Lemma 6,
 *          Appendix H.
 * Inputs:  z, z2  [B, D]  embeddings of two views
 * Output:  matrices [D, D], or [1], to be minimised
 * Differs: moments are those of the present batch, never running ones.
 */
#include "core/nn/loss.h"
#include "gedi/loss.h"

static const char of_one[] = "one record has no spread";

/* True for [B, D] with at least `least` records, else the graph has an error. */
static bool enough(gedi_node *z, const char *what, int64_t least, const char *why)
{
    if (!z)
        return false;
    char text[64];
    gedi_shape s = gedi_node_shape(z);
    if (s.rank == 2)
        return gedi__enough_records(gedi_node_graph(z), what, s.dim[0], least, why);
    gedi_graph_fail(gedi_node_graph(z), GEDI_SHAPE, "%s: needs [B, D], not %s", what,
                    gedi_shape_text(s, text, sizeof text));
    return false;
}

static gedi_node *centre(gedi_node *z)
{
    return gedi_sub(z, gedi_mean(z, 1u << 0));
}

gedi_node *gedi_correlation(gedi_node *z, gedi_node *z2, double eps)
{
    if (!enough(z, "correlation", 3,
                "two records are always correlated by 1 or -1, whatever is learned"))
        return NULL;
    gedi_node *a = gedi_standardize(z, eps), *b = gedi_standardize(z2, eps);
    return gedi_scale(gedi_matmul(gedi_transpose(a), b), 1.0 / (double)gedi_rows(z));
}

gedi_node *gedi_covariance(gedi_node *z, bool unbiased)
{
    if (!enough(z, "covariance", 2, of_one))
        return NULL;
    double n = (double)(gedi_rows(z) - unbiased);
    gedi_node *c = centre(z);
    return gedi_scale(gedi_matmul(gedi_transpose(c), c), 1.0 / n);
}

/* The diagonal of [D, D] and the rest, each [D, D] with zeros elsewhere. */
static gedi_node *diagonal(gedi_node *c)
{
    return gedi_mul(c, gedi_eye(gedi_node_graph(c), gedi_rows(c)));
}

static gedi_node *sum_of_squares(gedi_node *x)
{
    return gedi_reshape(gedi_sum(gedi_square(x), GEDI_ALL_AXES), GEDI_DIMS(1));
}

gedi_node *gedi_loss_diagonal(gedi_node *c)
{
    gedi_node *eye = gedi_eye(gedi_node_graph(c), gedi_rows(c));
    return sum_of_squares(gedi_sub(diagonal(c), eye));
}

gedi_node *gedi_loss_off_diagonal(gedi_node *c)
{
    return sum_of_squares(gedi_sub(c, diagonal(c)));
}

gedi_node *gedi_loss_variance(gedi_node *z, double eps)
{
    if (!enough(z, "variance", 2, of_one))
        return NULL;
    double n = (double)gedi_rows(z) - 1.0;
    gedi_node *var = gedi_scale(gedi_sum(gedi_square(centre(z)), 1u << 0), 1.0 / n);
    gedi_node *deviation = gedi_sqrt(gedi_affine(var, 1.0, eps)); /* [1, D] */
    return gedi_mean_all(gedi_relu(gedi_affine(deviation, -1.0, 1.0)));
}

gedi_node *gedi_loss_covariance(gedi_node *z)
{
    gedi_node *c = gedi_covariance(z, true);
    if (!c)
        return NULL;
    return gedi_scale(gedi_loss_off_diagonal(c), 1.0 / (double)gedi_rows(c));
}

/* a c + b I */
static gedi_node *shrink(gedi_node *c, double a, double b)
{
    gedi_node *eye = gedi_eye(gedi_node_graph(c), gedi_rows(c));
    return gedi_add(gedi_scale(c, a), gedi_scale(eye, b));
}

gedi_node *gedi_loss_log_det(gedi_node *z, double eps)
{
    gedi_node *c = gedi_covariance(z, false);
    if (!c)
        return NULL;
    return gedi_scale(gedi_log_det(shrink(c, 1.0, eps)), -1.0 / (double)gedi_cols(z));
}

gedi_node *gedi_whiten(gedi_node *z, double eps)
{
    gedi_node *c = gedi_covariance(z, true);
    if (!c)
        return NULL;
    long long b = (long long)gedi_rows(z), d = (long long)gedi_cols(z);
    if (eps == 0.0 && b <= d)
        return gedi_graph_fail(gedi_node_graph(z), GEDI_SHAPE,
                               "whiten: %lld records have no covariance of full rank in "
                               "%lld dimensions: take a larger batch or eps above 0",
                               b, d);
    gedi_node *l = gedi_cholesky(shrink(c, 1.0 - eps, eps));
    return gedi_triangular_solve(l, centre(z), true, true);
}

/* Of z^T z2 [D, D] and z2 z^T [B, B] all powers have the same trace: the smaller is
 * taken. */
gedi_node *gedi_loss_mec(gedi_node *z, gedi_node *z2, double distortion, int64_t order)
{
    if (!enough(z, "maximum entropy coding", 2,
                "nothing keeps one record apart from others"))
        return NULL;
    double b = (double)gedi_rows(z), d = (double)gedi_cols(z);
    gedi_node *a = gedi_l2_normalize(z, 1e-12), *a2 = gedi_l2_normalize(z2, 1e-12);
    gedi_node *c =
        d < b ? gedi_matmul(gedi_transpose(a), a2) : gedi_matmul(a2, gedi_transpose(a));
    c = gedi_scale(c, d / (b * distortion));
    gedi_node *power = c, *series = c;
    for (int64_t k = 2; k <= order; k++) {
        power = gedi_matmul(power, c);
        series = gedi_add(series, gedi_scale(power, (k % 2 ? 1.0 : -1.0) / (double)k));
    }
    gedi_node *trace = gedi_sum(diagonal(series), GEDI_ALL_AXES);
    return gedi_scale(gedi_reshape(trace, GEDI_DIMS(1)), -distortion / d);
}
