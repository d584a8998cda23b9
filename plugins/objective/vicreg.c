/* vicreg.c - VICReg: variance, invariance and covariance, each a term of its own.
 *
 * Source:  Bardes et al. 2022, "VICReg: variance-invariance-covariance regularization",
 *          eqs. (1) to (6); Sansone & Manhaeve, Appendix H.3.
 * Inputs:  z, z'  [B, D]  embeddings of both views
 * Output:  inv  mean (z - z')^2; var  mean max(0, 1 - sqrt(var + eps)), mean of both views;
 *          cov  sum_{i != j} cov_ij^2 / D, sum of both views  [1]
 * Differs: as their code, not their eqs. (5), (6): inv is a mean over dimensions, too, and
 *          var a mean over the views. Appendix H.3 sums where these are means. solo-learn
 *          adds up the var of the views with the same weight of 25: `var: 50`.
 */
#include "gedi/plugin.h"

typedef struct vicreg {
    gedi_schedule inv, var, cov; /* weights */
    double eps;
} vicreg;

static const gedi_option vicreg_options[] = {
    GEDI_SCHEDULED(vicreg, inv, 25.0, 0.0, 1e6, "weight of the invariance"),
    GEDI_SCHEDULED(vicreg, var, 25.0, 0.0, 1e6,
                   "weight of the variance, half of it from each view"),
    GEDI_SCHEDULED(vicreg, cov, 1.0, 0.0, 1e6,
                   "weight of the covariance off the diagonal"),
    GEDI_REAL(vicreg, eps, 1e-4, 1e-12, 1.0, "added to variances, in units of z squared"),
    GEDI_END,
};

static void vicreg_loss(const void *self, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t)
{
    const vicreg *o = self;
    gedi_node *z = v->z[0], *z2 = v->z[1];
    (void)b;
    gedi_node *var =
        gedi_add(gedi_loss_variance(z, o->eps), gedi_loss_variance(z2, o->eps));
    gedi_node *cov = gedi_add(gedi_loss_covariance(z), gedi_loss_covariance(z2));
    gedi_term_by(t, "inv", gedi_loss_mse(z, z2), &o->inv, 0.0);
    gedi_term_by(t, "var", gedi_scale(var, 0.5), &o->var, 0.0);
    gedi_term_by(t, "cov", cov, &o->cov, 0.0);
}

GEDI_DEFINE(objective, vicreg) = {
    GEDI_HEAD(objective, vicreg),
    .brief = "VICReg: variance, invariance and covariance",
    .cite = "Bardes et al. 2022, eqs. (1)-(6); Sansone & Manhaeve, Appendix H.3",
    .self_size = sizeof(vicreg),
    .options = vicreg_options,
    .loss = vicreg_loss,
};
