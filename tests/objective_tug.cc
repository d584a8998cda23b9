/* objective_tug.cc - an objective in C++17, with an option of each type. */
#include <gedi/gedi.h>

#include <cmath>

struct tug {
    double inv;
    int64_t power, shape;
    bool both;
    const char *note;
    gedi_ints sizes;
    gedi_reals weights;
    gedi_components others;
};

static const gedi_option tug_options[] = {
    GEDI_REAL(tug, inv, 1.0, 0.0, 1e6, "weight of the pull"),
    GEDI_INT(tug, power, 1, 1, 4, "how often it pulls"),
    GEDI_ENUM(tug, shape, 1, "square|round", "of the rope"),
    GEDI_BOOL(tug, both, true, "pull at both ends"),
    GEDI_TEXT(tug, note, "none", "a remark"),
    GEDI_INTS(tug, sizes, "3, 4", 1, 100, "of the teams"),
    GEDI_REALS(tug, weights, "", -1.0, 1.0, "of the teams"),
    GEDI_COMPONENTS(tug, others, "dataset", "spectators"),
    GEDI_END,
};

/* The squared distance of two views' embeddings. */
static void tug_loss(const void *self, gedi_build *, const gedi_batch *v, gedi_terms *t)
{
    auto o = static_cast<const tug *>(self);
    gedi_node *d = gedi_sub(v->z[0], v->z[1]);
    gedi_term(t, "pull", gedi_mean_all(gedi_mul(d, d)), o->inv, NAN);
}

GEDI_FILL(objective, tug, p)
{
    p.brief = "pulls two views together";
    p.cite = "";
    p.self_size = sizeof(tug);
    p.options = tug_options;
    p.loss = tug_loss;
}
