/* sgld.c - stochastic gradient Langevin dynamics with a replay buffer.
 *
 * Source:  Welling & Teh 2011; as in Grathwohl et al. 2020, "Your classifier is secretly
 *          an energy based model and you should treat it like one", alg. 1 and their code.
 * Inputs:  x  [B, ...]  states; energy  [B, 1]
 * Output:  x - step_size c(dE/dx) + noise N(0, I); c clips the gradient where `clip` is not 0,
 *          as Du & Mordatch 2019, "Implicit generation and modeling with energy-based models",
 *          do in their code: each element to [-clip, clip], or the norm
 * Differs: step size and noise are independent, as in that code (no factor 1/2, no
 *          coupling: a proper Langevin step has step_size = noise^2 / 2); noise also in the
 *          last step. Theirs clips the norm of the whole batch, here each record's is: a chain
 *          does not depend on the others.
 */
#include "gedi/plugin.h"

typedef struct sgld {
    int64_t steps;
    gedi_schedule step_size;
    gedi_schedule noise;
    int64_t buffer;
    double reinit;
    int64_t start;
    double low, high;
    double scale;
    double clip;
    int64_t clip_by;
} sgld;

enum { SGLD_ELEMENT, SGLD_NORM };

static const gedi_option sgld_options[] = {
    GEDI_INT(sgld, steps, 20, 1, 100000, "T, steps per iteration"),
    GEDI_SCHEDULED(sgld, step_size, 1.0, 0.0, 1e6,
                   "multiplies the gradient of the energy"),
    GEDI_SCHEDULED(sgld, noise, 0.01, 0.0, 1e3,
                   "standard deviation of the noise in a step"),
    GEDI_INT(sgld, buffer, 10000, 0, 100000000, "chains kept for replay; 0: none"),
    GEDI_REAL(sgld, reinit, 0.05, 0.0, 1.0, "probability that a chain starts afresh"),
    GEDI_ENUM(sgld, start, 0, "range|box",
              "chains start uniformly in [low, high], or in the box of the training "
              "data times scale"),
    GEDI_REAL(sgld, low, -1.0, -1e6, 1e6, "start: range, lower end"),
    GEDI_REAL(sgld, high, 1.0, -1e6, 1e6, "start: range, upper end"),
    GEDI_REAL(sgld, scale, 1.0, 1e-3, 1e3, "start: box, size relative to the data's"),
    GEDI_REAL(sgld, clip, 0.0, 0.0, 1e6,
              "largest gradient of the energy in a step, before step_size; 0: any"),
    GEDI_ENUM(
        sgld, clip_by, SGLD_ELEMENT, "element|norm",
        "what is at most clip: each element of the gradient, or its length, record by "
        "record"),
    GEDI_END,
};

static gedi_status sgld_check(const void *self, gedi_err *err)
{
    const sgld *o = self;
    if (!(o->low < o->high))
        return GEDI_FAIL(err, GEDI_OPTION, "low: %g is not below high: %g", o->low,
                         o->high);
    return GEDI_OK;
}

static void sgld_chain(const void *self, gedi_chain *c)
{
    const sgld *o = self;
    *c = (gedi_chain){
        .steps = o->steps,
        .buffer = o->buffer,
        .reinit = o->reinit,
        .box = o->start == 1,
        .low = o->low,
        .high = o->high,
        .scale = o->scale,
    };
}

/* Each element in [-clip, clip]; NaN stays NaN. */
static gedi_node *sgld_clip_elements(gedi_node *g, double clip)
{
    gedi_node *least = gedi_scalar(gedi_node_graph(g), -clip);
    gedi_node *above = gedi_maximum(g, least);
    return gedi_neg(gedi_maximum(gedi_neg(above), least));
}

/* Each record no longer than clip. It is divided by its largest element first, so that the
 * squares of a huge one are finite. */
static gedi_node *sgld_clip_norms(gedi_node *g, double clip)
{
    if (!g)
        return NULL;
    gedi_shape s = gedi_node_shape(g);
    int64_t n = s.dim[0];
    gedi_node *most = gedi_scalar(gedi_node_graph(g), clip);
    gedi_node *rows = gedi_reshape(g, GEDI_DIMS(n, gedi_shape_size(s) / n));
    gedi_node *largest = gedi_max(gedi_maximum(rows, gedi_neg(rows)), 1u << 1);
    gedi_node *unit = gedi_maximum(largest, most); /* [B, 1] */
    gedi_node *u = gedi_div(rows, unit);
    gedi_node *length = gedi_sqrt(gedi_sum(gedi_square(u), 1u << 1)); /* in units of it */
    gedi_node *longest = gedi_maximum(length, gedi_div(most, unit));
    return gedi_reshape(gedi_scale(gedi_div(u, longest), clip), s);
}

static gedi_node *sgld_step(const void *self, gedi_build *b, gedi_node *x,
                            gedi_node *energy)
{
    const sgld *o = self;
    gedi_node *dx;
    if (gedi_grad(energy, &x, 1, NULL, 0, &dx) != GEDI_OK)
        return NULL;
    if (o->clip > 0)
        dx = o->clip_by == SGLD_NORM ? sgld_clip_norms(dx, o->clip)
                                     : sgld_clip_elements(dx, o->clip);
    gedi_node *noise = gedi_random_normal(gedi_build_graph(b), gedi_node_shape(x));
    return gedi_add(gedi_sub(x, gedi_scale_by(b, dx, &o->step_size)),
                    gedi_scale_by(b, noise, &o->noise));
}

GEDI_DEFINE(sampler, sgld) = {
    GEDI_HEAD(sampler, sgld),
    .brief = "stochastic gradient Langevin dynamics with a replay buffer",
    .cite = "Welling & Teh 2011; Grathwohl et al. 2020, alg. 1; clip: Du & Mordatch 2019",
    .self_size = sizeof(sgld),
    .options = sgld_options,
    .check = sgld_check,
    .chain = sgld_chain,
    .step = sgld_step,
};
