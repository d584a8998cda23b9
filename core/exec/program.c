/* program.c - running a program: a walk over steps whose addresses are final, which allocates
 * nothing.
 */
#include "core/base/ranks.h"
#include "core/exec/compiled.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef gedi__program_step step;

void gedi__program_free(gedi__program *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->steps; i++) {
        const gedi__step *s = &p->step[i].op;
        if (s->state)
            s->node->op->release(s->state);
        free(p->step[i].group);
    }
    free(p->step);
    free(p->memory);
    free(p->persistent);
    free(p->scratch);
    free(p->output);
    free(p->output_node);
    free(p->input);
    free(p->input_data);
    free(p);
}

float *gedi__program_input(gedi__program *p, const gedi_node *input)
{
    for (int i = 0; i < p->inputs; i++)
        if (p->input[i] == input)
            return p->input_data[i];
    return NULL;
}

const float *gedi__program_output(const gedi__program *p, int i)
{
    GEDI_ASSERT(i >= 0 && i < p->outputs);
    return p->output[i];
}

void gedi__program_seed(gedi__program *p, uint64_t seed, gedi_stream stream,
                        uint64_t tick)
{
    for (int i = 0; i < p->steps; i++) {
        p->step[i].op.seed = seed;
        p->step[i].op.stream = stream;
        p->step[i].op.tick = tick;
    }
}

static void run_step(const gedi__program *p, const step *s)
{
    if (s->group)
        gedi__group_run(s->group, p->threads, p->scratch);
    else if (s->copy)
        memcpy(s->op.out, s->copy,
               (size_t)gedi_shape_size(s->op.node->shape) * sizeof(float));
    else
        s->op.node->op->eval(&s->op);
}

static void run_steps(const gedi__program *p, int from, int to, bool again)
{
    bool begun = false;
    for (int i = from; i < to; i++) {
        step *s = &p->step[i];
        s->op.again = again;
        if (again && s->stands)
            continue;
        if (s->later)
            s->op.node->op->begin(&s->op);
        else
            run_step(p, s);
        begun = begun || s->later;
        if (begun)
            gedi__ranks_of_run()->poll();
    }
}

void gedi__program_repeat(gedi__program *p, bool again)
{
    int copies = p->steps - p->copies;
    run_steps(p, 0, copies, again);
    for (int i = 0; p->later && i < copies; i++)
        if (p->step[i].later)
            p->step[i].op.node->op->finish(&p->step[i].op);
    run_steps(p, copies, p->steps, again);
}

void gedi__program_run(gedi__program *p)
{
    gedi__program_repeat(p, false);
}

static void report(const gedi__nonfinite *seen, char *text, size_t n)
{
    char node[160];
    /* Without the sign that a NaN may have. */
    snprintf(text, n, "%s, index %lld, is %g",
             gedi__node_text(seen->node, node, sizeof node), (long long)seen->index,
             isnan(seen->value) ? (double)NAN : (double)seen->value);
}

/* `s` has computed it; NULL: it comes from outside. */
static bool find_among(const gedi_node *x, const float *y, const gedi__step *s,
                       char *text, size_t n)
{
    char why[128] = "";
    int64_t size = gedi_shape_size(x->shape);
    for (int64_t i = 0; i < size; i++)
        if (!isfinite(y[i])) {
            report(&(gedi__nonfinite){x, i, y[i]}, text, n);
            size_t used = strlen(text);
            if (s && x->op->nan && isnan(y[i]))
                x->op->nan(s, i, why, sizeof why);
            if (*why)
                snprintf(text + used, n - used, ": %s", why);
            return true;
        }
    return false;
}

bool gedi__program_find_nonfinite(gedi__program *p, char *text, size_t n)
{
    for (int i = 0; i < p->inputs; i++)
        if (find_among(p->input[i], p->input_data[i], NULL, text, n))
            return true;
    for (int k = 0; k < p->steps; k++) {
        step *s = &p->step[k];
        gedi__nonfinite seen;
        s->op.again = false;
        if (!s->group) {
            run_step(p, s);
            if (find_among(s->op.node, s->op.out, &s->op, text, n))
                return true;
            continue;
        }
        gedi__group_run_watched(s->group, p->scratch, &seen);
        if (seen.node) {
            report(&seen, text, n);
            return true;
        }
    }
    return false;
}

size_t gedi__program_bytes(const gedi__program *p, size_t *without_reuse)
{
    if (without_reuse)
        *without_reuse = p->unplanned_floats * sizeof(float);
    return p->memory_floats * sizeof(float);
}
