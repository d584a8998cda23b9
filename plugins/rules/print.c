/* print.c - what rules have come to, for people: in lines, and as a graph in Graphviz's language. */
#include "plugins/rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 40 /* of a kind, in lines; the graph has all */ };

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

/* Is the head one of another disjunction, too? Then the variable's number tells them apart. */
static bool is_shared(const rules_program *p, int variable, const char *head)
{
    for (int i = 0; i < p->variables; i++)
        for (int h = 0; i != variable && !p->variable[i].net && h < p->variable[i].heads;
             h++)
            if (!strcmp(p->variable[i].head[h], head))
                return true;
    return false;
}

static void print_variable(FILE *f, const rules_program *p, int variable)
{
    const rules_variable *v = &p->variable[variable];
    bool shared = false;
    if (v->net)
        fprintf(f, "%s(%s)", v->net, v->input[0]);
    for (int h = 0; h < v->heads && !v->net; h++) {
        fprintf(f, "%s%s", h ? " ; " : "", v->head[h]);
        shared = shared || is_shared(p, variable, v->head[h]);
    }
    if (shared)
        fprintf(f, " #%d", variable);
}

/* What value k is called. */
static void print_value(FILE *f, const rules_variable *v, int k)
{
    if (k < v->heads)
        fputs(v->head[k], f);
    else
        fputs(v->heads == 1 ? "not" : "none", f);
}

/* 0, 1, 2, ...: "0-3" is understood. */
static bool has_numbers(const rules_variable *v)
{
    for (int k = 0; k < v->heads; k++) {
        char number[16];
        snprintf(number, sizeof number, "%d", k);
        if (!v->net || strcmp(v->head[k], number))
            return false;
    }
    return true;
}

/* "0-3, 7": the values of a node that lead to one child. */
static void print_values_to(FILE *f, const rules_variable *v, const int *child, int to)
{
    const char *between = "";
    for (int k = 0; k < v->values; k++) {
        int last = k;
        if (child[k] != to)
            continue;
        while (has_numbers(v) && last + 1 < v->values && child[last + 1] == to)
            last++;
        fputs(between, f);
        print_value(f, v, k);
        if (last > k) {
            fputs(last > k + 1 ? "-" : ", ", f);
            print_value(f, v, last);
        }
        between = ", ";
        k = last;
    }
}

static bool is_first(const int *child, int k)
{
    for (int i = 0; i < k; i++)
        if (child[i] == child[k])
            return false;
    return true;
}

static void print_end(FILE *f, int node)
{
    if (node > 1)
        fprintf(f, "node %d", node);
    else
        fputs(node ? "holds" : "fails", f);
}

/* ---- in lines ---- */

static void print_variables(FILE *f, const rules_program *p)
{
    fprintf(f, "Variables: %d\n", p->variables);
    for (int i = 0; i < p->variables && i < MOST_LINES; i++) {
        const rules_variable *v = &p->variable[i];
        fputs("  ", f);
        print_variable(f, p, i);
        if (v->net)
            fprintf(f, ": %d classes\n", v->values);
        else
            fprintf(f, ", line %d: %s", v->line, v->learned ? "learned, from" : "chance");
        for (int k = 0; !v->net && k < v->values; k++)
            fprintf(f, " %.6g%s", v->p[k], k + 1 < v->values ? "," : "\n");
    }
    if (p->variables > MOST_LINES)
        fputs("  ...\n", f);
    fprintf(f, "Answers: %d\n", p->roots);
    for (int i = 0; i < p->roots && i < MOST_LINES; i++)
        fprintf(f, "  %s\n", p->answer[i]);
    if (p->roots > MOST_LINES)
        fputs("  ...\n", f);
}

static void print_node(FILE *f, const rules *r, int level, int node)
{
    const rules_variable *v = &r->program.variable[r->diagram.variable[level]];
    const int *child = r->diagram.child[node];
    const char *between = "";
    fprintf(f, "  node %d, ", node);
    print_variable(f, &r->program, r->diagram.variable[level]);
    fputs(": ", f);
    for (int k = 0; k < v->values; k++)
        if (is_first(child, k)) {
            fputs(between, f);
            print_values_to(f, v, child, child[k]);
            fputs(" -> ", f);
            print_end(f, child[k]);
            between = "; ";
        }
    fputc('\n', f);
}

static void print_lines(FILE *f, const rules *r)
{
    const rules_diagram *d = &r->diagram;
    int nodes = d->nodes - 2;
    print_variables(f, &r->program);
    fprintf(f, "Diagram: %d node%s, %d level%s\n", nodes, plural(nodes), d->levels,
            plural(d->levels));
    for (int i = 0; i < d->roots && i < MOST_LINES; i++) {
        fprintf(f, "  %s: ", r->program.answer[i]);
        print_end(f, d->root[i]);
        fputc('\n', f);
    }
    if (d->roots > MOST_LINES)
        fputs("  ...\n", f);
    if (d->evidence != 1)
        fprintf(f, "  evidence: node %d\n", d->evidence);
    int printed = 0;
    for (int l = 0; l < d->levels; l++)
        for (int i = d->first[l]; i < d->first[l + 1] && printed <= MOST_LINES;
             i++, printed++)
            if (printed < MOST_LINES)
                print_node(f, r, l, i);
            else
                fputs("  ...\n", f);
}

/* ---- as a graph ---- */

/* In quotes. */
static void print_quoted(FILE *f, const char *text)
{
    fputc('"', f);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', f);
        fputc(*text, f);
    }
    fputc('"', f);
}

/* A variable, or those of its values that lead to a child; in quotes. */
static void print_label(FILE *f, const rules_program *p, int variable, const int *child,
                        int to)
{
    char *text = NULL;
    size_t size;
    FILE *label = open_memstream(&text, &size);
    if (label && child)
        print_values_to(label, &p->variable[variable], child, to);
    else if (label)
        print_variable(label, p, variable);
    if (label)
        fclose(label);
    print_quoted(f, text ? text : "");
    free(text);
}

static void print_root(FILE *f, const char *answer, int number, int node)
{
    fprintf(f, "  r%d [shape=plaintext, label=", number);
    print_quoted(f, answer);
    fprintf(f, "];\n  r%d -> n%d;\n", number, node);
}

static void print_graph(FILE *f, const rules *r)
{
    const rules_diagram *d = &r->diagram;
    fputs("digraph rules {\n  rankdir=TB;\n  node [fontname=\"Helvetica\"];\n"
          "  edge [fontname=\"Helvetica\", fontsize=10];\n"
          "  n1 [shape=box, label=\"holds\"];\n",
          f);
    for (int i = 0; i < d->roots; i++)
        if (d->root[i])
            print_root(f, r->program.answer[i], i, d->root[i]);
    if (d->evidence != 1)
        print_root(f, "evidence", d->roots, d->evidence);
    for (int l = 0; l < d->levels; l++) {
        const rules_variable *v = &r->program.variable[d->variable[l]];
        fputs("  { rank=same;", f);
        for (int i = d->first[l]; i < d->first[l + 1]; i++)
            fprintf(f, " n%d;", i);
        fputs(" }\n", f);
        for (int i = d->first[l]; i < d->first[l + 1]; i++) {
            fprintf(f, "  n%d [label=", i);
            print_label(f, &r->program, d->variable[l], NULL, 0);
            fputs("];\n", f);
            for (int k = 0; k < v->values; k++) {
                int to = d->child[i][k];
                if (!to || !is_first(d->child[i], k)) /* what fails is left out */
                    continue;
                fprintf(f, "  n%d -> n%d [label=", i, to);
                print_label(f, &r->program, d->variable[l], d->child[i], to);
                fputs("];\n", f);
            }
        }
    }
    fputs("}\n", f);
}

gedi_status rules_print(const rules *r, bool graph, char **text, gedi_err *err)
{
    size_t size;
    *text = NULL;
    FILE *f = open_memstream(text, &size);
    if (f) {
        (graph ? print_graph : print_lines)(f, r);
        if (ferror(f) | fclose(f)) {
            free(*text);
            *text = NULL;
        }
    }
    return *text ? GEDI_OK : gedi_no_memory(err, "the rules, printed");
}
