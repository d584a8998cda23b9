/* program.c - a network of an evaluator's own. */
#include "gedi/program.h"
#include "core/base/memory.h"
#include "core/evaluate/trial_parts.h"
#include "core/graph/node.h"
#include "core/plugin/option.h"
#include "core/nn/step.h"
#include "core/train/optimizer.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gedi_program {
    uint64_t seed;
    int64_t done, steps;
    int n, inputs;
    gedi__params own;
    const gedi__params *params; /* own, or another program's */
    gedi_build build;
    gedi_node *in[GEDI_PROGRAM_ENDS], *out[GEDI_PROGRAM_ENDS];
    bool learns;
    const gedi_trial *trial; /* which may be told to stop; or NULL */
    gedi__step step;         /* of one that does not learn the outputs alone */
    gedi__optimizer optimizer;
    float *copy
        [GEDI_PROGRAM_ENDS]; /* of outputs that lie in memory which others write; or NULL */
};

gedi_node *gedi_trial_encode(const gedi_trial *t, gedi_build *b, gedi_node *x)
{
    return gedi__network_encode(gedi__trial_network(t), b, x);
}

gedi_shape gedi_trial_batch(const gedi_trial *t, int64_t n)
{
    return gedi__batch_shape(gedi__trial_record(t), n);
}

gedi_status gedi_program_optimizer(const gedi_component *c, gedi_err *err)
{
    if (!c->plugin)
        return GEDI_FAIL(err, GEDI_USAGE, "gedi_program_new: the optimizer is no plugin");
    for (const gedi_option *o = c->plugin->options; o && o->key; o++) {
        const gedi_schedule *s = (const void *)((const char *)c->self + o->offset);
        if (o->type == GEDI_TYPE_SCHEDULE && !gedi_schedule_is_constant(s) &&
            s->unit == GEDI_UNIT_EPOCHS)
            return GEDI_FAIL(err, GEDI_OPTION,
                             "optimizer %s: %s counts epochs of training, which are over "
                             "here: give it iterations",
                             c->plugin->name, o->key);
    }
    return GEDI_OK;
}

static gedi_status check(const gedi_program_plan *plan, gedi_err *err)
{
    if (!plan)
        return GEDI_FAIL(err, GEDI_USAGE, "gedi_program_new: the plan is NULL");
    if (!plan->build)
        return GEDI_FAIL(err, GEDI_USAGE, "gedi_program_new: the plan has no `build`");
    if (plan->optimizer)
        GEDI_TRY(gedi_program_optimizer(plan->optimizer, err));
    if (plan->inputs < 0 || plan->inputs > GEDI_PROGRAM_ENDS || plan->outputs < 1 ||
        plan->outputs > GEDI_PROGRAM_ENDS)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "gedi_program_new: %d inputs and %d outputs; at most %d each, and at "
            "least one output",
            plan->inputs, plan->outputs, GEDI_PROGRAM_ENDS);
    if (plan->optimizer && plan->weights_of)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "gedi_program_new: a program learns by an optimizer or has the "
                         "weights of another one, not both");
    if (plan->optimizer && plan->steps < 1)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "gedi_program_new: %lld steps of an optimizer; at least 1",
                         (long long)plan->steps);
    return GEDI_OK;
}

static gedi_status check_filled(const gedi_program *p, const gedi_build *b,
                                const gedi_node *y, gedi_err *err)
{
    char text[288];
    const gedi_node *lost = gedi__build_unfilled(b, y, p->in, p->inputs);
    if (lost)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "nothing fills %s, which the program's build makes by gedi_input: let the "
            "plan have one input more and take in[%d]",
            gedi__node_text(lost, text, sizeof text), p->inputs);
    return gedi_graph_status(b->g, err);
}

static gedi_status build(gedi_program *p, const gedi_program_plan *plan, gedi_build *b,
                         gedi_err *err)
{
    static const char *const name[GEDI_PROGRAM_ENDS] = {"input 0", "input 1", "input 2",
                                                        "input 3", "input 4", "input 5",
                                                        "input 6", "input 7"};
    b->total = plan->steps;
    b->g->batch = "the evaluator's batch";
    for (int i = 0; i < plan->inputs; i++)
        p->in[i] = gedi_input(b->g, name[i], plan->input[i]);
    memset(p->out, 0, sizeof p->out);
    b->watching = true; /* to say that a program has no log */
    plan->build(plan->self, b, p->in, p->out);
    GEDI_TRY(gedi_graph_status(b->g, err));
    if (b->watches)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "gedi_watch: '%s' would be logged nowhere: a program has no log; "
            "make it an output",
            b->watch[0].name);
    for (int i = 0; i < plan->outputs; i++)
        if (!p->out[i])
            return GEDI_FAIL(err, GEDI_USAGE,
                             "the program's build has set no output %d of %d", i,
                             plan->outputs);
    if (p->learns && gedi_shape_size(gedi_node_shape(p->out[0])) != 1)
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "the program's first output is its loss, but has %lld elements",
                         (long long)gedi_shape_size(gedi_node_shape(p->out[0])));
    for (int i = 0; i < plan->outputs; i++)
        GEDI_TRY(check_filled(p, b, p->out[i], err));
    for (int i = 0; i < b->n; i++)
        GEDI_TRY(check_filled(p, b, b->used[i].pending, err));
    return GEDI_OK;
}

/* As the descriptor of the run has it. */
static bool computes_directly(const gedi_trial *t)
{
    return t && gedi__trial_network(t)->params.direct;
}

/* A build without computing finds the parameters. */
static gedi_status find_parameters(gedi_program *p, const gedi_program_plan *plan,
                                   gedi_err *err)
{
    gedi_build b;
    if (plan->weights_of) {
        p->params = plan->weights_of->params;
        return GEDI_OK;
    }
    p->params = &p->own;
    p->own.direct = computes_directly(p->trial);
    GEDI_TRY(gedi__build_first(&b, &p->own, p->learns, err));
    gedi_status s = build(p, plan, &b, err);
    gedi__build_clear(&b);
    if (s == GEDI_OK)
        s = gedi__params_freeze(&p->own, p->seed, err);
    if (s == GEDI_OK && p->learns && !p->own.trained)
        s = GEDI_FAIL(err, GEDI_USAGE,
                      "the program has an optimizer, but no parameter to learn");
    return s;
}

/* As the run has it, where it has one of that name. */
static gedi_status begin_as(gedi_program *p, const gedi_trial *t, gedi_err *err)
{
    const gedi__network *net = gedi__trial_network(t);
    char is[64], was[64];
    for (int i = 0; i < p->own.n; i++) {
        const gedi__param *q = p->own.param[i];
        const gedi__param *from = gedi__params_named(&net->params, q->name);
        const gedi__param *average =
            from && net->averaged ? gedi__params_average_of(&net->params, from) : NULL;
        if (!from)
            continue;
        if (!gedi_shape_equal(q->shape, from->shape))
            return GEDI_FAIL(err, GEDI_SHAPE, "the program's %s is %s, the run's %s",
                             q->name, gedi_shape_text(q->shape, is, sizeof is),
                             gedi_shape_text(from->shape, was, sizeof was));
        memcpy(gedi__param_data(&p->own, q),
               gedi__param_data(&net->params, average ? average : from),
               (size_t)q->size * sizeof(float));
    }
    return GEDI_OK;
}

/* ---- outputs ---- */

static bool is_within(const float *x, const float *from, int64_t n)
{
    return from && (uintptr_t)x >= (uintptr_t)from &&
           (uintptr_t)x < (uintptr_t)(from + n);
}

/* Does a step, a step of another program or the caller write over an output? One that is a
 * parameter, a state or an input, by whatever name, has no memory of its own. */
static bool is_shared(gedi_program *p, const float *x)
{
    const gedi__params *q = p->params;
    bool shared =
        is_within(x, q->w, q->trained + q->held) || is_within(x, q->state, q->kept);
    for (int i = 0; i < p->inputs && !shared; i++)
        shared = is_within(x, gedi_program_input(p, i),
                           gedi_shape_size(gedi_node_shape(p->in[i])));
    return shared;
}

static size_t output_size(const gedi_program *p, int i)
{
    return (size_t)gedi_shape_size(gedi_node_shape(p->out[i]));
}

static void copy_outputs(gedi_program *p)
{
    for (int i = 0; i < p->n; i++)
        if (p->copy[i])
            memcpy(p->copy[i], gedi__program_output(p->step.program, i),
                   output_size(p, i) * sizeof(float));
}

static gedi_status set_apart(gedi_program *p, gedi_err *err)
{
    for (int i = 0; i < p->n; i++)
        if (is_shared(p, gedi__program_output(p->step.program, i)) &&
            !(p->copy[i] = gedi__alloc(output_size(p, i), sizeof(float), err,
                                       "output %d of a program", i)))
            return GEDI_NOMEM;
    copy_outputs(p);
    return GEDI_OK;
}

/* ---- the whole ---- */

/* All that can be refused, before anything is computed with. */
static gedi_status prepare(gedi_program *p, const gedi_program_plan *plan, gedi_err *err)
{
    gedi_build *b = &p->build;
    GEDI_TRY(find_parameters(p, plan, err));
    GEDI_TRY(gedi__build_init(b, p->params, p->learns, err));
    GEDI_TRY(build(p, plan, b, err));
    if (!plan->weights_of)
        GEDI_TRY(gedi__build_start(b, p->seed, NULL, err));
    if (plan->begins_as && !plan->weights_of)
        GEDI_TRY(begin_as(p, plan->begins_as, err));
    return GEDI_OK;
}

static gedi_status set_up(gedi_program *p, const gedi_program_plan *plan, gedi_err *err)
{
    gedi_build *b = &p->build;
    GEDI_TRY(prepare(p, plan, err));
    GEDI_TRY(gedi__step_compile(b, p->learns ? p->out[0] : NULL, p->out, p->n, NULL, 0,
                                omp_get_max_threads(), &p->step, err));
    GEDI_TRY(set_apart(p, err));
    return p->learns ? gedi__optimizer_init(&p->optimizer, plan->optimizer, NULL, 0,
                                            p->params, err)
                     : GEDI_OK;
}

/* NULL: the error is said. */
static gedi_program *begin(const gedi_program_plan *plan, gedi_err *err)
{
    gedi_program *p = GEDI__NEW(p, err, "a program");
    if (!p)
        return NULL;
    gedi_rng r = plan->rng;
    p->seed = (uint64_t)gedi_rng_u32(&r) << 32;
    p->seed |= gedi_rng_u32(&r);
    p->n = plan->outputs;
    p->inputs = plan->inputs;
    p->steps = plan->steps;
    p->learns = plan->optimizer != NULL;
    p->trial = plan->begins_as ? plan->begins_as : gedi__trial_asked();
    return p;
}

gedi_status gedi_program_check(const gedi_program_plan *plan, gedi_err *err)
{
    GEDI_TRY(check(plan, err));
    gedi_program *p = begin(plan, err);
    gedi_status s = p ? prepare(p, plan, err) : GEDI_NOMEM;
    gedi_program_free(p);
    return s;
}

gedi_status gedi_program_new(const gedi_program_plan *plan, gedi_program **out,
                             gedi_err *err)
{
    *out = NULL;
    GEDI_TRY(check(plan, err));
    gedi_program *p = begin(plan, err);
    gedi_status s = p ? set_up(p, plan, err) : GEDI_NOMEM;
    if (s == GEDI_OK)
        *out = p;
    else
        gedi_program_free(p);
    return s;
}

void gedi_program_free(gedi_program *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->n; i++)
        free(p->copy[i]);
    gedi__program_free(p->step.program);
    gedi__optimizer_clear(&p->optimizer);
    gedi__build_clear(&p->build);
    gedi__params_clear(&p->own);
    free(p);
}

float *gedi_program_input(gedi_program *p, int i)
{
    return i < 0 || i >= p->inputs ? NULL
                                   : gedi__program_input(p->step.program, p->in[i]);
}

const float *gedi_program_output(const gedi_program *p, int i)
{
    if (i < 0 || i >= p->n)
        return NULL;
    return p->copy[i] ? p->copy[i] : gedi__program_output(p->step.program, i);
}

static gedi_status learn(gedi_program *p, gedi_err *err)
{
    char where[320] = "the loss is too large";
    gedi__step_take_gradients(&p->step, &p->build);
    double loss = gedi_program_output(p, 0)[0],
           norm = gedi__params_gradient_norm(p->params);
    if (!isfinite(loss) || !isfinite(norm)) {
        gedi__program_find_nonfinite(p->step.program, where, sizeof where);
        return GEDI_FAIL(
            err, GEDI_NUMERIC, "step %lld of a program: %s is not finite: %s",
            (long long)p->done + 1, isfinite(loss) ? "the gradient" : "the loss", where);
    }
    gedi__step_take_states(&p->step, &p->build);
    gedi__optimizer_step(&p->optimizer, p->params, p->done, p->steps);
    gedi__params_step_averages(p->params, p->done, p->steps);
    return GEDI_OK;
}

gedi_status gedi_program_run(gedi_program *p, gedi_err *err)
{
    if (p->trial && gedi__trial_stops(p->trial))
        return GEDI_FAIL(err, GEDI_INTERRUPTED, "interrupted");
    if (p->learns) /* else what is scheduled stands where it ends */
        gedi__build_advance(&p->build, p->done);
    gedi__program_seed(p->step.program, p->seed, GEDI_STREAM_EVAL, (uint64_t)p->done);
    gedi__program_run(p->step.program);
    copy_outputs(p);
    if (p->learns)
        GEDI_TRY(learn(p, err));
    p->done++;
    return GEDI_OK;
}
