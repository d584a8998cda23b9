/* parts.c - rules whose networks say what the parts of a record are, and what follows where that is
 * known. */
#include "plugins/rules/rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1 for "x1"; 0 for what is no part. */
static int part_of(const char *input)
{
    char *end = NULL;
    long n =
        *input == 'x' && input[1] >= '1' && input[1] <= '9' /* x01 would be another */
            ? strtol(input + 1, &end, 10)
            : 0;
    return end && end != input + 1 && !*end && n > 0 && n < 1000 ? (int)n : 0;
}

int rules_part(const rules_variable *v)
{
    return v->net ? part_of(v->input[0]) : 0;
}

/* What a network says must be what a head of so many classes says. */
static gedi_status check_inputs(rules *r, const char *file, int64_t classes,
                                gedi_err *err)
{
    const char *net = NULL;
    for (int i = 0; i < r->program.variables; i++) {
        const rules_variable *v = &r->program.variable[i];
        if (!v->net)
            continue;
        if (net && strcmp(net, v->net))
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "%s: networks %s and %s: there is one, which says p(y|x)",
                             file, net, v->net);
        net = v->net;
        if (v->inputs != 1)
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "%s: nn(%s) has %d inputs, but p(y|x) is asked about one part "
                "of a record",
                file, net, v->inputs);
        if (!part_of(v->input[0]))
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "%s: nn(%s) is asked about %s: the query names the parts of a "
                "record x1, x2, ...",
                file, net, v->input[0]);
        if (classes && v->values != classes)
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "%s: nn(%s) has %d values, but there are %lld classes", file,
                             net, v->values, (long long)classes);
        int part = part_of(v->input[0]);
        r->parts = part > r->parts ? part : r->parts;
        r->values = v->values;
    }
    return net ? GEDI_OK
               : GEDI_FAIL(err, GEDI_DESCRIPTOR,
                           "%s: the query does not depend on a network: "
                           "nn(NAME, [X], Y, [0..9]) :: PREDICATE(X, Y) is one",
                           file);
}

/* What is learned or judged is *the* answer of a record. */
static gedi_status check_answers(const rules *r, const char *file, gedi_err *err)
{
    const int *two = r->diagram.overlap;
    if (two[0] < 0)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "%s: %.60s and %.60s can hold of the same record: answers must "
                     "exclude one another",
                     file, r->program.answer[two[0]], r->program.answer[two[1]]);
}

void rules_close(rules *r)
{
    rules_diagram_clear(&r->diagram);
    rules_program_clear(&r->program);
}

gedi_status rules_open(const char *directory, const char *file, const char *query,
                       int64_t classes, rules *out, gedi_err *err)
{
    *out = (rules){0};
    gedi_status s = rules_ground(directory, file, query, &out->program, err);
    if (s == GEDI_OK) {
        gedi_err why = {0};
        s = rules_compile(&out->program, RULES_MOST_NODES, &out->diagram, &why);
        if (s)
            s = GEDI_FAIL(err, s, "%s: %s", file, why.msg);
    }
    if (s == GEDI_OK)
        s = check_inputs(out, file, classes, err);
    if (s == GEDI_OK)
        s = check_answers(out, file, err);
    if (s)
        rules_close(out);
    return s;
}

double **rules_chances(const rules_program *p, gedi_err *err)
{
    size_t all = 0, variables = (size_t)p->variables;
    for (size_t v = 0; v < variables; v++)
        all += (size_t)p->variable[v].values;
    double **log_p = malloc(variables * sizeof *log_p + all * sizeof **log_p + 1);
    if (!log_p) {
        gedi_no_memory(err, "a circuit of rules");
        return NULL;
    }
    double *at = (double *)(log_p + variables);
    for (size_t v = 0; v < variables; v++) {
        const rules_variable *x = &p->variable[v];
        log_p[v] = at;
        for (int k = 0; k < x->values; k++)
            *at++ = log(x->net ? 1.0 / x->values : x->p[k]);
    }
    return log_p;
}

void rules_learned_name(const rules_program *p, int variable, char name[RULES_NAME])
{
    int first = 0;
    while (p->variable[first].net ||
           p->variable[first].clause != p->variable[variable].clause)
        first++;
    snprintf(name, RULES_NAME, "chances%d", first);
}

bool rules_have_chance(const rules *r)
{
    for (int l = 0; l < r->diagram.levels; l++)
        if (!r->program.variable[r->diagram.variable[l]].net)
            return true;
    return false;
}

/* ---- records whose parts are known ---- */

gedi_status rules_judge_open(const rules *r, rules_judge *out, gedi_err *err)
{
    *out = (rules_judge){.of = r, .log_p = rules_chances(&r->program, err)};
    if (!out->log_p)
        return GEDI_NOMEM;
    out->node = malloc((size_t)r->diagram.nodes * sizeof *out->node);
    out->answer = malloc((size_t)r->program.roots * sizeof *out->answer);
    if (out->node && out->answer)
        return GEDI_OK;
    rules_judge_close(out);
    return gedi_no_memory(err, "a circuit of rules");
}

void rules_judge_close(rules_judge *j)
{
    free(j->log_p);
    free(j->node);
    free(j->answer);
    *j = (rules_judge){0};
}

void rules_judge_learn(rules_judge *j, int variable, const double *log_p)
{
    int n = j->of->program.variable[variable].values;
    memcpy(j->log_p[variable], log_p, (size_t)n * sizeof *log_p);
}

bool rules_all_known(const int32_t *class, int64_t parts)
{
    for (int64_t i = 0; i < parts; i++)
        if (class[i] < 0)
            return false;
    return true;
}

int rules_judge_ask(rules_judge *j, const int32_t *class)
{
    const rules_program *p = &j->of->program;
    for (int v = 0; v < p->variables; v++) {
        int part = rules_part(&p->variable[v]);
        for (int k = 0; part && k < p->variable[v].values; k++)
            j->log_p[v][k] = class[part - 1] == k ? 0.0 : -INFINITY;
    }
    rules_log_probabilities(&j->of->diagram, (const double *const *)j->log_p, j->node,
                            j->answer);
    int likely = -1;
    for (int r = 0; r < p->roots; r++)
        if (j->answer[r] > log(0.5))
            likely = r;
    return likely;
}
