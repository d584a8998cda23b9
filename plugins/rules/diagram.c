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
#include <setjmp.h>

/* BuDDy has one state for the process, and so has its complaint. What it computes then it would go on
 * with, without what it remembers, for hours: it is left where it stands. */
static jmp_buf ended;

static void complain(int code)
{
    longjmp(ended, code < 0 ? -code : 1);
}

enum { MOST_BITS_NODES = 1 << 22, MOST_COLLECTIONS = 60 };

/* A table that is full all but a few nodes is collected for each few: that would have no end, either. */
static void collected(int before, bddGbcStat *s)
{
    if (!before && s->nodes > MOST_BITS_NODES / 4 * 3 &&
        (s->freenodes < s->nodes / 8 || s->num > MOST_COLLECTIONS))
        longjmp(ended, -BDD_NODENUM);
}

typedef struct conversion {
    int *order; /* [asked]: variables, the first to be asked first */
    int *rank;  /* [variables]: where in it; -1: it does not matter */
    int asked;
    int *uses;        /* by node of the program: how often it is still needed */
    int *variable_of; /* by bit */
    int *of; /* by number of the diagram of bits: the node, -1 before it is known */
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
    const int *bit = fdd_vars(c->rank[v]); /* the lowest first */
    int bits = fdd_varnum(c->rank[v]);
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

/* ---- from the program to a diagram of bits ---- */

static void ask_next(conversion *c, int v)
{
    if (c->rank[v] < 0) {
        c->rank[v] = c->asked;
        c->order[c->asked++] = v;
    }
}

/* What a rule says itself is asked before what its goals need: so that of a recursion, whichever way its
 * rules are written, each step is put on top of those that it calls, which stay as they are. Counts
 * uses, too. `stack` has room for all nodes. */
static void find_order(conversion *c, int *stack)
{
    const rules_program *p = c->p;
    int n = 0;
    for (int r = p->roots - 1; r >= 0; r--)
        if (!c->uses[p->root[r]]++)
            stack[n++] = p->root[r];
    if (p->evidence && !c->uses[p->evidence]++)
        stack[n++] = p->evidence;
    while (n) {
        const rules_node *node = &p->node[stack[--n]];
        if (node->kind == RULES_LEAF)
            ask_next(c, node->variable);
        for (int k = 0; k < node->parts; k++)
            if (p->node[node->part[k]].kind == RULES_LEAF)
                ask_next(c, p->node[node->part[k]].variable);
        for (int k = node->parts - 1; k >= 0; k--)
            if (!c->uses[node->part[k]]++)
                stack[n++] = node->part[k];
    }
}

/* All of n parts, by halves: one after the other each would go through all that is there already. */
static BDD combine(conversion *c, BDD *f, const int *part, int n, rules_kind kind)
{
    if (n == 1) {
        BDD r = bdd_addref(kind == RULES_NOT ? bdd_not(f[*part]) : f[*part]);
        if (!--c->uses[*part])
            bdd_delref(f[*part]);
        return r;
    }
    BDD a = combine(c, f, part, n / 2, kind),
        b = combine(c, f, part + n / 2, n - n / 2, kind);
    BDD r = bdd_addref(bdd_apply(a, b, kind == RULES_AND ? bddop_and : bddop_or));
    bdd_delref(a);
    bdd_delref(b);
    return r;
}

/* The diagram of bits of every node that is needed, in their order; one that is needed no more is let
 * go. */
static void apply_all(conversion *c, BDD *f)
{
    for (int i = 1; i <= c->p->nodes; i++) {
        const rules_node *n = &c->p->node[i];
        if (!c->uses[i])
            continue;
        f[i] = n->kind == RULES_LEAF
                   ? bdd_addref(fdd_ithvar(c->rank[n->variable], n->value))
                   : combine(c, f, n->part, n->parts, n->kind);
    }
}

/* ---- the levels ---- */

/* Nodes by level, the uppermost first; the ends stay 0 and 1. The roots are numbered anew. */
static gedi_status lay_out(const conversion *c, rules_diagram *d)
{
    int variables = c->p->variables,
        *count = calloc((size_t)variables + 1, sizeof *count),
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
    for (int i = 0; room && i < c->asked; i++) {
        int v = c->order[i];
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

/* Bits for every variable that matters, and whose they are. */
static gedi_status declare(const rules_program *p, conversion *c, gedi_err *err)
{
    int *stack = malloc(((size_t)p->nodes + 1) * sizeof *stack);
    c->order = malloc(((size_t)p->variables + 1) * sizeof *c->order);
    c->rank = malloc(((size_t)p->variables + 1) * sizeof *c->rank);
    c->uses = calloc((size_t)p->nodes + 1, sizeof *c->uses);
    bool room = stack && c->order && c->rank && c->uses;
    if (room) {
        memset(c->rank, -1, ((size_t)p->variables + 1) * sizeof *c->rank);
        find_order(c, stack);
    }
    free(stack);
    for (int i = 0; i < c->asked && room; i++) {
        int n = p->variable[c->order[i]].values;
        room = fdd_extdomain(&n, 1) >= 0;
    }
    c->variable_of =
        room ? malloc(((size_t)bdd_varnum() + 1) * sizeof *c->variable_of) : NULL;
    if (!c->variable_of)
        return gedi_no_memory(err, "a decision diagram");
    for (int i = 0; i < c->asked; i++)
        for (int b = 0; b < fdd_varnum(i); b++)
            c->variable_of[fdd_vars(i)[b]] = c->order[i];
    return GEDI_OK;
}

/* Every answer is certain, or cannot be, whatever the variables are. */
static gedi_status check_roots(const rules_program *p, const rules_diagram *d,
                               gedi_err *err)
{
    int possible = -1; /* a root */
    if (!d->evidence)
        return GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "the evidence can never hold, whatever the variables are: take out what "
            "contradicts the rest");
    for (int r = 0; r < d->roots; r++) {
        if (d->root[r] > 1 && d->root[r] != d->evidence)
            return GEDI_OK;
        possible = d->root[r] ? r : possible;
    }
    return GEDI_FAIL(
        err, GEDI_DESCRIPTOR, "%.60s%s %s%s: there is nothing to learn from it",
        p->answer[possible < 0 ? 0 : possible],
        strlen(p->answer[possible < 0 ? 0 : possible]) > 60 ? "..." : "",
        possible >= 0 ? "always holds" : "can never hold",
        p->evidence ? ", given the evidence" : ", whatever its variables are");
}

/* Which two answers can hold at once. */
static void find_overlap(const rules_program *p, const BDD *f, rules_diagram *d)
{
    BDD before = bddfalse; /* any of those */
    d->overlap[0] = d->overlap[1] = -1;
    for (int r = 0; r < p->roots && d->overlap[0] < 0; r++) {
        BDD now = f[p->root[r]];
        if (bdd_apply(before, now, bddop_and) != bddfalse) {
            int s = 0;
            while (bdd_apply(f[p->root[s]], now, bddop_and) == bddfalse)
                s++;
            d->overlap[0] = s;
            d->overlap[1] = r;
        }
        BDD both = bdd_addref(bdd_apply(before, now, bddop_or));
        bdd_delref(before);
        before = both;
    }
    bdd_delref(before);
}

static gedi_status compile(const rules_program *p, conversion *c, BDD *f,
                           rules_diagram *out, gedi_err *err)
{
    int code = setjmp(ended);
    if (code)
        return code == -BDD_MEMORY
                   ? gedi_no_memory(err, "a decision diagram")
                   : GEDI_FAIL(
                         err, GEDI_DESCRIPTOR,
                         "the rules need too large a decision diagram: state them so that "
                         "little has to be remembered from one variable to the next");
    GEDI_TRY(declare(p, c, err));
    apply_all(c, f);
    find_overlap(p, f, out);
    int room = bdd_getallocnum();
    c->of = malloc((size_t)room * sizeof *c->of);
    out->root = malloc((size_t)p->roots * sizeof *out->root);
    c->nodes = 2;
    if (!c->of || !out->root || !grow(c))
        return gedi_no_memory(err, "a decision diagram");
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
        return gedi_no_memory(err, "a decision diagram");
    GEDI_TRY(check_roots(p, out, err));
    if (lay_out(c, out))
        return gedi_no_memory(err, "a decision diagram");
    return GEDI_OK;
}

gedi_status rules_compile(const rules_program *p, int limit, rules_diagram *out,
                          gedi_err *err)
{
    conversion c = {.p = p, .limit = limit};
    *out = (rules_diagram){0};
    if (bdd_init(1 << 16, 1 << 16) < 0)
        return gedi_no_memory(err, "a decision diagram");
    bdd_error_hook(complain);
    bdd_gbc_hook(collected);
    bdd_resize_hook(NULL); /* it reports on standard error */
    bdd_setcacheratio(4);  /* what is computed is remembered in proportion */
    bdd_setmaxnodenum(MOST_BITS_NODES);
    bdd_setmaxincrease(1 << 20);
    BDD *f = calloc((size_t)p->nodes + 1, sizeof *f);
    gedi_status s =
        f ? compile(p, &c, f, out, err) : gedi_no_memory(err, "a decision diagram");
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
    free(c.order);
    free(c.rank);
    free(c.uses);
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
