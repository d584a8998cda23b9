/* parts.c - rules whose networks say what the parts of a record are. */
#include "plugins/rules/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 1 for "x1"; 0 for what is no part. */
static int part_of(const char *input)
{
    char *end = NULL;
    long n = *input == 'x' ? strtol(input + 1, &end, 10) : 0;
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
        if (v->inputs != 1 || !part_of(v->input[0]))
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "%s: nn(%s) is asked about %s: the query names the parts of a "
                "record x1, x2, ...",
                file, net, v->inputs ? v->input[0] : "");
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
    if (s)
        rules_close(out);
    return s;
}

double **rules_chances(const rules_program *p, const int32_t *class, gedi_err *err)
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
        int part = rules_part(x);
        log_p[v] = at;
        for (int k = 0; k < x->values; k++)
            *at++ = !x->net  ? log(x->p[k])
                    : !class ? log(1.0 / x->values)
                             : (class[part - 1] == k ? 0.0 : -INFINITY);
    }
    return log_p;
}

gedi_status rules_answers(const rules *r, const int32_t *class, double *out,
                          gedi_err *err)
{
    double **log_p = rules_chances(&r->program, class, err);
    if (!log_p)
        return GEDI_NOMEM;
    gedi_status s =
        rules_log_probabilities(&r->diagram, (const double *const *)log_p, out, err);
    free(log_p);
    return s;
}

gedi_status rules_answer(const rules *r, const int32_t *class, int *answer, gedi_err *err)
{
    double *log_p = malloc((size_t)r->program.roots * sizeof *log_p);
    if (!log_p)
        return gedi_no_memory(err, "%d answers", r->program.roots);
    gedi_status s = rules_answers(r, class, log_p, err);
    *answer = -1;
    for (int i = 0; s == GEDI_OK && i < r->program.roots; i++)
        if (log_p[i] > log(0.5))
            *answer = i;
    free(log_p);
    return s;
}
