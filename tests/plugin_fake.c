/* plugin_fake.c - a plugin of every kind that does nothing, with options of every type.
 *
 * One object holds them all; it is linked once under each of their file names.
 */
#include "gedi/gedi.h"

/* ---- dataset grid: one option of each type ---- */

typedef struct grid {
    double noise;
    int64_t count, big, shape;
    bool shuffle;
    const char *folder;
    gedi_ints sizes;
    gedi_reals weights;
} grid;

static const gedi_option grid_options[] = {
    GEDI_REAL(grid, noise, 0.05, 0.0, 10.0, "standard deviation"),
    GEDI_INT(grid, count, 100, 1, 1000000, "records"),
    GEDI_INT(grid, big, 0, -9223372036854775808.0, 9223372036854775807.0, "any integer"),
    GEDI_ENUM(grid, shape, 0, "square|round|flat", "of a cell"),
    GEDI_BOOL(grid, shuffle, false, "mix the records"),
    GEDI_TEXT(grid, folder, "", "where files lie"),
    GEDI_INTS(grid, sizes, "3, 4", 1, 100, "of each axis"),
    GEDI_REALS(grid, weights, "", -1.0, 1.0, "of each axis"),
    GEDI_END,
};

static gedi_status grid_open(void *self, const gedi_open *o, gedi_data_info *info,
                             gedi_err *err)
{
    (void)self, (void)o, (void)err;
    *info = (gedi_data_info){.record = GEDI_DIMS(2)};
    return GEDI_OK;
}

static gedi_status grid_read(const void *self, gedi_split split, int64_t i, float *x,
                             int32_t *label, gedi_err *err)
{
    (void)self, (void)split, (void)i, (void)err;
    x[0] = x[1] = 0;
    *label = -1;
    return GEDI_OK;
}

static void grid_close(void *self)
{
    (void)self;
}

GEDI_DEFINE(dataset, grid) = {
    GEDI_HEAD(dataset, grid),
    .brief = "records that are all zero",
    .cite = "",
    .self_size = sizeof(grid),
    .options = grid_options,
    .open = grid_open,
    .read = grid_read,
    .close = grid_close,
};

/* ---- views shift, with an option, and blur, without ---- */

typedef struct shift {
    double by;
} shift;

static const gedi_option shift_options[] = {
    GEDI_REAL(shift, by, 1.0, -5.0, 5.0, "distance"),
    GEDI_END,
};

static void no_change(const void *self, gedi_shape record, float *x, float *scratch,
                      gedi_rng *rng)
{
    (void)self, (void)record, (void)x, (void)scratch, (void)rng;
}

GEDI_DEFINE(view, shift) = {
    GEDI_HEAD(view, shift),     .brief = "does nothing",  .cite = "",
    .self_size = sizeof(shift), .options = shift_options, .apply = no_change,
};

GEDI_DEFINE(view, blur) = {
    GEDI_HEAD(view, blur),
    .brief = "does nothing",
    .cite = "",
    .apply = no_change,
};

/* ---- model line ---- */

typedef struct line {
    gedi_ints hidden;
    int64_t output;
} line;

static const gedi_option line_options[] = {
    GEDI_INTS(line, hidden, "100, 100", 1, 65536, "sizes of the hidden layers"),
    GEDI_INT(line, output, 2, 1, 65536, "size of the embedding"),
    GEDI_END,
};

static gedi_node *line_build(const void *self, gedi_build *b, gedi_node *x)
{
    (void)self, (void)b;
    return x;
}

GEDI_DEFINE(model, line) = {
    GEDI_HEAD(model, line),    .brief = "the identity", .cite = "",
    .self_size = sizeof(line), .options = line_options, .build = line_build,
};

/* ---- objectives pull, whose options must agree with each other, and push ---- */

typedef struct pull {
    double gen, inv, low, high;
} pull;

static const gedi_option pull_options[] = {
    GEDI_REAL(pull, gen, 1.0, 0.0, 1e6, "weight"),
    GEDI_REAL(pull, inv, 50.0, 0.0, 1e6, "weight"),
    GEDI_REAL(pull, low, -1.0, -1e6, 1e6, "lower end"),
    GEDI_REAL(pull, high, 1.0, -1e6, 1e6, "upper end"),
    GEDI_END,
};

static gedi_status pull_check(const void *self, gedi_err *err)
{
    const pull *o = self;
    if (o->low < o->high)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_OPTION, "low: %g is not below high, %g", o->low, o->high);
}

static void no_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    (void)self, (void)b, (void)v, (void)t;
}

GEDI_DEFINE(objective, pull) = {
    GEDI_HEAD(objective, pull),
    .brief = "no loss",
    .cite = "",
    .self_size = sizeof(pull),
    .options = pull_options,
    .check = pull_check,
    .loss = no_loss,
};

GEDI_DEFINE(objective, push) = {
    GEDI_HEAD(objective, push),
    .brief = "no loss",
    .loss = no_loss,
};

/* ---- sampler walk ---- */

typedef struct walk {
    int64_t steps, pace;
} walk;

static const gedi_option walk_options[] = {
    GEDI_INT(walk, steps, 1, 0, 1000, "transitions"),
    GEDI_ENUM(walk, pace, 0, "slow|2|true", "words that YAML takes for others"),
    GEDI_END,
};

static void walk_chain(const void *self, gedi_chain *c)
{
    const walk *o = self;
    *c = (gedi_chain){.steps = o->steps};
}

static gedi_node *walk_step(const void *self, gedi_build *b, gedi_node *x,
                            gedi_node *energy)
{
    (void)self, (void)b, (void)energy;
    return x;
}

GEDI_DEFINE(sampler, walk) = {
    GEDI_HEAD(sampler, walk),  .brief = "stays",        .cite = "",
    .self_size = sizeof(walk), .options = walk_options, .chain = walk_chain,
    .step = walk_step,
};

/* ---- optimizer slope ---- */

typedef struct slope {
    double lr;
} slope;

static const gedi_option slope_options[] = {
    GEDI_REAL(slope, lr, 1e-3, 0.0, 10.0, "step size"),
    GEDI_END,
};

static int slope_slots(const void *self)
{
    (void)self;
    return 0;
}

static void slope_step(const void *self, const gedi_update *u)
{
    (void)self, (void)u;
}

GEDI_DEFINE(optimizer, slope) = {
    GEDI_HEAD(optimizer, slope), .brief = "stays",         .cite = "",
    .self_size = sizeof(slope),  .options = slope_options, .slots = slope_slots,
    .step = slope_step,
};

/* ---- evaluator tally ---- */

static gedi_status tally_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    (void)self, (void)t, (void)err;
    return GEDI_OK;
}

static const gedi_metric tally_metrics[] = {
    {"zeros", GEDI_LESS, "", "records that are nothing but zeros"},
    GEDI_METRICS_END,
};

GEDI_DEFINE(evaluator, tally) = {
    GEDI_HEAD(evaluator, tally), .brief = "reports nothing", .cite = "",
    .evaluate = tally_evaluate,  .metrics = tally_metrics,
};
