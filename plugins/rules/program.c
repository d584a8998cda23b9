/* program.c - a ground program in memory, from the text that ground.pl writes. */
#include "plugins/rules/program.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory: freed at once ---- */

typedef struct rules_block {
    struct rules_block *next;
} rules_block;

void rules_program_clear(rules_program *p)
{
    for (rules_block *b = p->memory, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    *p = (rules_program){0};
}

static void *take(rules_program *p, size_t size)
{
    rules_block *b = calloc(1, sizeof *b + (size ? size : 1));
    if (!b)
        return NULL;
    b->next = p->memory;
    p->memory = b;
    return b + 1;
}

/* ---- the text: lines of words with tabs between them ---- */

static int count_lines(const char *text, const char *first_word)
{
    int n = 0;
    size_t length = strlen(first_word);
    for (const char *s = text; *s; s = strchr(s, '\n') + 1)
        n += first_word[0] == '*' ? 1 : !strncmp(s, first_word, length);
    return n;
}

/* A number in [0, limit); anything else would be a place outside of the program. */
static bool read_number(rules_program *p, const char *word, int limit, int *out)
{
    char *end = NULL;
    errno = 0;
    long v = word ? strtol(word, &end, 10) : -1;
    bool ok = end && end != word && !*end && !errno && v >= 0 && v < limit;
    p->damaged |= !ok;
    *out = ok ? (int)v : 0;
    return ok;
}

/* The words of what is left of a line. */
static int count_words(const char *s)
{
    int n = 0;
    for (; *s; s++)
        n += *s == '\t';
    return n;
}

/* The next words of a line, n of them at most. */
static const char **take_words(rules_program *p, char **at, int n, int *taken)
{
    const char **word = take(p, (size_t)n * sizeof *word);
    for (char *w; word && (w = strtok_r(NULL, "\t", at));)
        word[(*taken)++] = w;
    return word;
}

static bool read_variable(rules_program *p, char *rest)
{
    char *at = NULL;
    int v;
    if (!read_number(p, strtok_r(rest, "\t", &at), p->variables, &v))
        return false;
    rules_variable *x = &p->variable[v];
    if (!read_number(p, strtok_r(NULL, "\t", &at), INT_MAX, &x->values))
        return false;
    const char *how = strtok_r(NULL, "\t", &at);
    int words = at ? count_words(at) + (*at != 0) : 0;
    if (!strcmp(how, "nn")) {
        x->net = strtok_r(NULL, "\t", &at);
        x->input = take_words(p, &at, words, &x->inputs);
        return x->input != NULL;
    }
    double *chance = take(p, (size_t)x->values * sizeof *chance);
    x->p = chance;
    x->learned = *how == 't';
    for (int k = 0; chance && k < x->values; k++)
        chance[k] = strtod(strtok_r(NULL, "\t", &at), NULL);
    return chance != NULL;
}

static bool read_heads(rules_program *p, char *rest)
{
    char *at = NULL;
    int words = count_words(rest);
    int v;
    if (!read_number(p, strtok_r(rest, "\t", &at), p->variables, &v))
        return false;
    rules_variable *x = &p->variable[v];
    if (!read_number(p, strtok_r(NULL, "\t", &at), INT_MAX, &x->clause) ||
        !read_number(p, strtok_r(NULL, "\t", &at), INT_MAX, &x->line))
        return false;
    x->head = take_words(p, &at, words, &x->heads);
    return x->head != NULL;
}

static bool read_node(rules_program *p, rules_kind kind, char *rest)
{
    int words = count_words(rest);
    char *at = NULL;
    int i;
    if (!read_number(p, strtok_r(rest, "\t", &at), p->nodes + 1, &i))
        return false;
    rules_node *n = &p->node[i];
    n->kind = kind;
    if (kind == RULES_LEAF)
        return read_number(p, strtok_r(NULL, "\t", &at), p->variables, &n->variable) &&
               read_number(p, strtok_r(NULL, "\t", &at), INT_MAX, &n->value);
    int *part = take(p, (size_t)words * sizeof *part);
    for (char *w; part && (w = strtok_r(NULL, "\t", &at));)
        if (!read_number(p, w, p->nodes + 1, &part[n->parts++]))
            return false;
    n->part = part;
    return part != NULL;
}

static bool read_root(rules_program *p, char *rest)
{
    char *answer = strchr(rest, '\t');
    *answer++ = 0;
    if (!read_number(p, rest, p->nodes + 1, &p->root[p->roots]))
        return false;
    p->answer[p->roots++] = answer;
    return true;
}

static bool read_line(rules_program *p, char *line)
{
    static const char *const kind[] = {"leaf", "not", "and", "or"};
    char *rest = strchr(line, '\t');
    *rest++ = 0;
    for (int k = 0; k < 4; k++)
        if (!strcmp(line, kind[k]))
            return read_node(p, (rules_kind)k, rest);
    if (!strcmp(line, "variable"))
        return read_variable(p, rest);
    if (!strcmp(line, "heads"))
        return read_heads(p, rest);
    if (!strcmp(line, "root"))
        return read_root(p, rest);
    return read_number(p, rest, p->nodes + 1, &p->evidence);
}

gedi_status rules_program_read(rules_program *p, const char *text, gedi_err *err)
{
    size_t size = strlen(text) + 1;
    char *copy = take(p, size), *at = NULL;
    int roots = count_lines(text, "root\t"), evidence = count_lines(text, "evidence\t"),
        heads = count_lines(text, "heads\t");
    p->variables = count_lines(text, "variable\t");
    p->nodes = count_lines(text, "*") - p->variables - heads - roots - evidence;
    p->variable = take(p, (size_t)p->variables * sizeof *p->variable);
    p->node = take(p, ((size_t)p->nodes + 1) * sizeof *p->node);
    p->root = take(p, (size_t)roots * sizeof *p->root);
    p->answer = take(p, (size_t)roots * sizeof *p->answer);
    bool ok = copy && p->variable && p->node && p->root && p->answer;
    if (ok)
        memcpy(copy, text, size);
    for (char *l = ok ? strtok_r(copy, "\n", &at) : NULL; l && ok;
         l = strtok_r(NULL, "\n", &at))
        ok = read_line(p, l);
    if (p->damaged)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR, "a ground program: a number is damaged");
    return ok ? GEDI_OK : gedi_no_memory(err, "a ground program");
}
