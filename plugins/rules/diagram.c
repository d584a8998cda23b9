/* diagram.c - the decision diagram of a ground program, by BuDDy.
 *
 * BuDDy's diagrams ask for bits. A variable of K values has a block of bits of its own, next to one
 * another in the order, and what lies below a block for a given value is found by following its bits:
 * so the diagram of bits becomes one of values. Codes beyond K are never followed.
 */
#include "plugins/rules/rules.h"

#include <stdlib.h>
#include <string.h>

void rules_diagram_clear(rules_diagram *d)
{
    for (int i = 2; d->child && i < d->nodes; i++)
        free(d->child[i]);
    free(d->child);
    free(d->variable);
    free(d->values);
    free(d->first);
    free(d->root);
    *d = (rules_diagram){0};
}

#ifdef HAVE_RULES
#include <bdd.h>
#include <fdd.h>

/* BuDDy has one state for the process, and so has its complaint. */
static int complaint;

static void complain(int code)
{
    complaint = code;
}

typedef struct conversion {
    int *variable_of; /* by bit */
    int *of;          /* by number of the diagram of bits: the node, -1 before it is known */
    const rules_program *p;
    int limit;
    int nodes, room; /* with the two ends */
    int **child;     /* by node */
    int *variable;
    int *bucket, *next; /* equal nodes are one: lists by hash */
    int buckets;
    gedi_status status;
} conversion;

static unsigned hash(int variable, const int *child, int n)
{
    unsigned h = 2166136261u ^ (unsigned)variable;
    for (int k = 0; k < n; k++)
        h = (h ^ (unsigned)child[k]) * 16777619u;
    return h;
}

/* Twice the room, with the lists made anew. */
static bool grow(conversion *c)
{
    int room = c->room ? 2 * c->room : 256;
    int **child = realloc(c->child, (size_t)room * sizeof *child);
    if (child)
        c->child = child;
    int *variable = realloc(c->variable, (size_t)room * sizeof *variable);
    if (variable)
        c->variable = variable;
    int *next = realloc(c->next, (size_t)room * sizeof *next);
    if (next)
        c->next = next;
    int *bucket = realloc(c->bucket, (size_t)room * sizeof *bucket);
    if (bucket)
        c->bucket = bucket;
    if (!child || !variable || !next || !bucket)
        return false;
    c->room = c->buckets = room;
    memset(bucket, -1, (size_t)room * sizeof *bucket);
    for (int i = 2; i < c->nodes; i++) {
        unsigned h = hash(variable[i], child[i], c->p->variable[variable[i]].values) %
                     (unsigned)room;
        next[i] = bucket[h];
        bucket[h] = i;
    }
    return true;
}

/* The node with these children, which it takes over; -1 with a status. */
static int node_with(conversion *c, int v, int *child)
{
    int n = c->p->variable[v].values, k = 1;
    while (k < n && child[k] == child[0])
        k++;
    if (k == n) { /* whatever the value is */
        int same = child[0];
        free(child);
        return same;
    }
    unsigned h = hash(v, child, n);
    for (int i = c->bucket[h % (unsigned)c->buckets]; i >= 0; i = c->next[i])
        if (c->variable[i] == v &&
            !memcmp(c->child[i], child, (size_t)n * sizeof *child)) {
            free(child);
            return i;
        }
    if (c->nodes == c->limit + 2 || (c->nodes == c->room && !grow(c))) {
        c->status = c->nodes == c->limit + 2 ? GEDI_DESCRIPTOR : GEDI_NOMEM;
        free(child);
        return -1;
    }
    int i = c->nodes++;
    c->child[i] = child;
    c->variable[i] = v;
    c->next[i] = c->bucket[h % (unsigned)c->buckets];
    c->bucket[h % (unsigned)c->buckets] = i;
    return i;
}

/* What lies below the block of variable v where it has value k. */
static BDD below(const conversion *c, BDD r, int v, int k)
{
    const int *bit = fdd_vars(v); /* the lowest first */
    int bits = fdd_varnum(v);
    while (r != bddtrue && r != bddfalse && c->variable_of[bdd_var(r)] == v) {
        int b = 0;
        while (b < bits && bit[b] != bdd_var(r))
            b++;
        r = k >> b & 1 ? bdd_high(r) : bdd_low(r);
    }
    return r;
}

static int convert(conversion *c, BDD r)
{
    if (r == bddfalse || r == bddtrue)
        return r == bddtrue;
    if (c->of[r] >= 0)
        return c->of[r];
    int v = c->variable_of[bdd_var(r)], n = c->p->variable[v].values;
    int *child = malloc((size_t)n * sizeof *child);
    if (!child) {
        c->status = GEDI_NOMEM;
        return -1;
    }
    for (int k = 0; k < n; k++)
        if ((child[k] = convert(c, below(c, r, v, k))) < 0) {
            free(child);
            return -1;
        }
    return c->of[r] = node_with(c, v, child);
}

/* The diagram of bits of every node, in their order. */
static gedi_status apply_all(const rules_program *p, BDD *f)
{
    for (int i = 1; i <= p->nodes && !complaint; i++) {
        const rules_node *n = &p->node[i];
        BDD r = n->kind == RULES_AND ? bddtrue : bddfalse;
        switch (n->kind) {
        case RULES_LEAF:
            r = fdd_ithvar(n->variable, n->value);
            break;
        case RULES_NOT:
            r = bdd_not(f[n->part[0]]);
            break;
        case RULES_AND:
        case RULES_OR:
            bdd_addref(r);
            for (int k = 0; k < n->parts && !complaint; k++) {
                BDD next = bdd_addref(bdd_apply(
                    r, f[n->part[k]], n->kind == RULES_AND ? bddop_and : bddop_or));
                bdd_delref(r);
                r = next;
            }
            bdd_delref(r);
            break;
        }
        f[i] = bdd_addref(r);
    }
    return complaint ? GEDI_DESCRIPTOR : GEDI_OK;
}

/* Nodes by level, the uppermost first; the ends stay 0 and 1. The roots are numbered anew. */
static gedi_status lay_out(const conversion *c, rules_diagram *d)
{
    int variables = c->p->variables, *count = calloc((size_t)variables + 1, sizeof *count),
        *number = malloc((size_t)c->nodes * sizeof *number);
    d->nodes = c->nodes;
    d->variable = malloc(((size_t)variables + 1) * sizeof *d->variable);
    d->values = malloc(((size_t)variables + 1) * sizeof *d->values);
    d->first = malloc(((size_t)variables + 2) * sizeof *d->first);
    d->child = calloc((size_t)c->nodes, sizeof *d->child);
    bool room = count && number && d->variable && d->values && d->first && d->child;
    for (int i = 2; room && i < c->nodes; i++)
        count[c->variable[i]]++;
    int at = 2;
    for (int v = 0; room && v < variables; v++) {
        if (!count[v])
            continue;
        d->variable[d->levels] = v;
        d->values[d->levels] = c->p->variable[v].values;
        d->first[d->levels++] = at;
        int n = at;
        at += count[v];
        count[v] = n;
    }
    if (room) {
        d->first[d->levels] = at;
        number[0] = 0;
        number[1] = 1;
    }
    for (int i = 2; room && i < c->nodes; i++)
        number[i] = count[c->variable[i]]++;
    for (int i = 2; room && i < c->nodes; i++) {
        int n = c->p->variable[c->variable[i]].values;
        d->child[number[i]] = c->child[i];
        for (int k = 0; k < n; k++)
            c->child[i][k] = number[c->child[i][k]];
        c->child[i] = NULL;
    }
    for (int r = 0; room && r < d->roots; r++)
        d->root[r] = number[d->root[r]];
    if (room)
        d->evidence = number[d->evidence];
    free(count);
    free(number);
    return room ? GEDI_OK : GEDI_NOMEM;
}

/* Bits for every variable, and whose they are. */
static gedi_status declare(const rules_program *p, conversion *c, gedi_err *err)
{
    for (int v = 0; v < p->variables; v++) {
        int n = p->variable[v].values;
        if (fdd_extdomain(&n, 1) < 0)
            return GEDI_FAIL(err, GEDI_NOMEM, "a decision diagram");
    }
    c->variable_of = malloc(((size_t)bdd_varnum() + 1) * sizeof *c->variable_of);
    if (!c->variable_of)
        return GEDI_FAIL(err, GEDI_NOMEM, "a decision diagram");
    for (int v = 0; v < p->variables; v++)
        for (int b = 0; b < fdd_varnum(v); b++)
            c->variable_of[fdd_vars(v)[b]] = v;
    return GEDI_OK;
}

/* Every answer is certain, or cannot be, whatever the variables are. */
static gedi_status check_roots(const rules_program *p, const rules_diagram *d, gedi_err *err)
{
    bool possible = false;
    if (!d->evidence)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "the evidence can never hold, whatever the variables are: take out what "
                         "contradicts the rest");
    for (int r = 0; r < d->roots; r++) {
        if (d->root[r] > 1 && d->root[r] != d->evidence)
            return GEDI_OK;
        possible |= d->root[r] != 0;
    }
    return GEDI_FAIL(err, GEDI_DESCRIPTOR, "%.60s%s %s%s: there is nothing to learn from it",
                     p->answer[0], strlen(p->answer[0]) > 60 ? "..." : "",
                     possible ? "always holds" : "can never hold",
                     p->evidence ? ", given the evidence" : ", whatever its variables are");
}

static gedi_status compile(const rules_program *p, conversion *c, BDD *f,
                           rules_diagram *out, gedi_err *err)
{
    GEDI_TRY(declare(p, c, err));
    if (apply_all(p, f))
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "the rules need too large a decision diagram (%s): state them so "
                         "that little has to be remembered from one variable to the next",
                         bdd_errstring(complaint));
    int room = bdd_getallocnum();
    c->of = malloc((size_t)room * sizeof *c->of);
    out->root = malloc((size_t)p->roots * sizeof *out->root);
    c->nodes = 2;
    if (!c->of || !out->root || !grow(c))
        return GEDI_FAIL(err, GEDI_NOMEM, "a decision diagram");
    memset(c->of, -1, (size_t)room * sizeof *c->of);
    for (int r = 0; r < p->roots && !c->status; r++)
        out->root[out->roots++] = convert(c, f[p->root[r]]);
    out->evidence = c->status || !p->evidence ? 1 : convert(c, f[p->evidence]);
    if (c->status == GEDI_DESCRIPTOR)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "the rules need a decision diagram of more than %d nodes: state "
                         "them so that little has to be remembered from one variable to "
                         "the next",
                         c->limit);
    if (c->status)
        return GEDI_FAIL(err, GEDI_NOMEM, "a decision diagram");
    GEDI_TRY(check_roots(p, out, err));
    if (lay_out(c, out))
        return GEDI_FAIL(err, GEDI_NOMEM, "a decision diagram");
    return GEDI_OK;
}

gedi_status rules_compile(const rules_program *p, int limit, rules_diagram *out,
                          gedi_err *err)
{
    conversion c = {.p = p, .limit = limit};
    *out = (rules_diagram){0};
    complaint = 0;
    if (bdd_init(1 << 16, 1 << 14) < 0)
        return GEDI_FAIL(err, GEDI_NOMEM, "a decision diagram");
    bdd_error_hook(complain);
    bdd_gbc_hook(NULL); /* they report on standard error */
    bdd_resize_hook(NULL);
    bdd_setmaxnodenum(1 << 24);
    bdd_setmaxincrease(1 << 20);
    BDD *f = calloc((size_t)p->nodes + 1, sizeof *f);
    gedi_status s = f ? compile(p, &c, f, out, err)
                      : GEDI_FAIL(err, GEDI_NOMEM, "a decision diagram");
    bdd_done();
    for (int i = 2; i < c.nodes; i++)
        free(c.child[i]);
    free(f);
    free(c.child);
    free(c.variable);
    free(c.bucket);
    free(c.next);
    free(c.of);
    free(c.variable_of);
    if (s)
        rules_diagram_clear(out);
    return s;
}

#else

/* Never called: there is no program without rules_ground. */
gedi_status rules_compile(const rules_program *p, int limit, rules_diagram *out,
                          gedi_err *err)
{
    (void)p;
    (void)limit;
    *out = (rules_diagram){0};
    return GEDI_FAIL(err, GEDI_PLUGIN, "this build is without rules");
}

#endif
