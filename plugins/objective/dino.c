/* dino.c - DINO: every view predicts the labels that an averaged network gives the others.
 *
 * Source:  Caron et al. 2021, "Emerging properties in self-supervised vision transformers",
 *          eqs. (1) to (4), algorithm 1
 * Inputs:  z of all views  [B, D]  embeddings, put on the unit sphere
 * Output:  distill  [1]  CE(q, p'), mean over the batch and over pairs of different views, of
 *          which the first is global; p' = softmax(U'z' / student), q = softmax((U'z - c) /
 *          teacher) by the averaged network, held fixed; c a running mean of its U'z, unit
 *          columns U
 * Differs: the columns of U are trained from the first iteration on; the average is the
 *          harness's, stepped after the optimizer as in algorithm 1
 */
#include "gedi/plugin.h"

typedef struct dino {
    int64_t prototypes, global; /* K; views of the teacher */
    gedi_schedule student, teacher, decay;
    double center;
    gedi_schedule distill; /* weight */
} dino;

static const gedi_option dino_options[] = {
    GEDI_INT(dino, prototypes, 2, 2, 65536, "number of prototypes K, hence of clusters"),
    GEDI_INT(dino, global, 2, 1, GEDI_MAX_VIEWS,
             "views that the teacher sees, the first ones; the student sees all"),
    GEDI_SCHEDULED(dino, student, 0.1, 1e-4, 1e4, "temperature of the student"),
    GEDI_SCHEDULED(dino, teacher, 0.04, 1e-4, 1e4,
                   "temperature of the teacher, at most the student's: it sharpens"),
    GEDI_SCHEDULED(dino, decay, 0.996, 0.0, 1.0,
                   "of the running average; in the paper it rises to 1 by a cosine"),
    GEDI_REAL(dino, center, 0.9, 0.0, 1.0, "momentum of the centre; 1: no centring"),
    GEDI_SCHEDULED(dino, distill, 1.0, 0.0, 1e6, "weight of the cross entropy"),
    GEDI_END,
};

/* Sharpening keeps the teacher's labels from becoming uniform, as centring keeps them from all
 * being the same (section 3.1 of the paper). */
static gedi_status dino_check(const void *self, gedi_err *err)
{
    const dino *o = self;
    double teacher = gedi_schedule_max(&o->teacher),
           student = gedi_schedule_min(&o->student);
    if (teacher > student)
        return GEDI_FAIL(
            err, GEDI_OPTION,
            "teacher: %g is above student, %g: the teacher's labels would be "
            "softer than the student's, but are to be sharper: take a "
            "temperature below the student's",
            teacher, student);
    return GEDI_OK;
}

static gedi_node *dino_logits(const void *self, gedi_build *b, gedi_node *z)
{
    const dino *o = self;
    return gedi_divide_by(b, gedi_scores(b, z, o->prototypes), &o->student);
}

static void dino_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const dino *o = self;
    gedi_node *c = gedi_state(b, "center", GEDI_DIMS(o->prototypes), 0.0);
    gedi_node *sum = NULL, *mean = NULL;
    int64_t views = v->views > o->global ? v->views : o->global; /* too few: an error */
    views = views > 2 ? views : 2;
    for (int64_t i = 0; i < o->global; i++) {
        gedi_node *s = gedi_average(b, gedi_scores(b, v->z[i], o->prototypes), &o->decay);
        gedi_node *sharp = gedi_divide_by(b, gedi_sub(s, c), &o->teacher);
        gedi_node *q = gedi_stop_gradient(gedi_softmax(sharp)),
                  *m = gedi_mean(s, 1u << 0);
        mean = i ? gedi_add(mean, m) : m;
        for (int64_t k = 0; k < views; k++)
            if (k != i) {
                gedi_node *ce = gedi_loss_cross_entropy(q, dino_logits(o, b, v->z[k]));
                sum = sum ? gedi_add(sum, ce) : ce;
            }
    }
    mean = gedi_reshape(gedi_scale(mean, 1.0 / (double)o->global), gedi_node_shape(c));
    gedi_state_update(b, c,
                      gedi_add(gedi_scale(c, o->center), /* eq. (4) */
                               gedi_scale(mean, 1.0 - o->center)));
    sum = gedi_scale(sum, 1.0 / (double)(o->global * (views - 1)));
    gedi_term_by(t, "distill", sum, &o->distill, 0.0);
}

GEDI_DEFINE(objective, dino) = {
    GEDI_HEAD(objective, dino),
    .brief =
        "DINO: every view predicts the labels that an averaged network gives the others",
    .cite = "Caron et al. 2021, eqs. (1)-(4), algorithm 1",
    .self_size = sizeof(dino),
    .options = dino_options,
    .check = dino_check,
    .loss = dino_loss,
    .logits = dino_logits,
};
