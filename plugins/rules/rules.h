/* rules.h - from rules to the probability of a query: ground program, decision diagram, graph.
 *
 * Source:  Fierens et al. 2015, "Inference and learning in probabilistic logic programs", on ProbLog;
 *          Manhaeve et al. 2018, "DeepProbLog", on neural predicates; Sansone & Manhaeve, section 6.4,
 *          eqs. (8), (9).
 */
#ifndef GEDI_PLUGINS_RULES_H
#define GEDI_PLUGINS_RULES_H

#include "gedi/plugin.h"

/* A random variable of several values, which exclude one another: what a network says of its
 * inputs, or an annotated disjunction, whose last value is that none of its heads is chosen, unless one
 * always is. */
typedef struct rules_variable {
    int values;
    const char *net;          /* NULL for a disjunction */
    const char *const *input; /* of the network: x1, x2, ... */
    int inputs;
    const double *p; /* of a disjunction: [values], as the file has them */
    bool learned;    /* they are only where learning begins */
} rules_variable;

typedef enum rules_kind { RULES_LEAF, RULES_NOT, RULES_AND, RULES_OR } rules_kind;

typedef struct rules_node {
    rules_kind kind;
    int variable, value; /* of a leaf: the variable has that value */
    const int *part;     /* of others: nodes with smaller numbers */
    int parts;
} rules_node;

/* Node 0 is never used; `root` is the query. */
typedef struct rules_program {
    int variables, nodes, root;
    rules_variable *variable;
    rules_node *node;
    struct rules_block *memory;
} rules_program;

/* Grounds `query`, such as "addition(x1, x2, x3)", by the rules of `file`.
 *   Errors: GEDI_DESCRIPTOR with file and line: what the rules have wrong, what does not ground, a
 *   query that is impossible or certain; GEDI_NOMEM.  */
gedi_status rules_ground(const char *file, const char *query, rules_program *out,
                         gedi_err *err);
void rules_program_clear(rules_program *p);

/* A decision diagram of the root: a node asks for the value of a variable and has a child for each. A
 * child is 0, false, 1, true, or a node of a variable further down. */
typedef struct rules_diagram {
    int levels;          /* variables that matter, in the order they are asked */
    int *variable;       /* [levels] of the program */
    int *values;         /* [levels] */
    int *first;          /* [levels + 1]: the nodes of level l are first[l] .. first[l + 1] - 1 */
    int nodes;           /* with the two ends; node 2 is the root where there is one */
    int **child;         /* [nodes][values of its level]; NULL for the ends */
    int root;
} rules_diagram;

/*   Errors: GEDI_DESCRIPTOR: more than `limit` nodes; GEDI_NOMEM.  */
gedi_status rules_compile(const rules_program *p, int limit, rules_diagram *out,
                          gedi_err *err);
void rules_diagram_clear(rules_diagram *d);

/* The probability of the root, where log_p[v][k] is that of value k of the program's variable v. */
double rules_log_probability(const rules_diagram *d, const double *const *log_p);

/* The same for a batch, as nodes of a graph.
 *   log_p[v] [B, K] of variable v -> [B, 1], natural logarithms, at most 0.
 *   Differentiable in log_p, any number of times.  */
gedi_node *rules_log_p(const rules_diagram *d, gedi_node *const *log_p);

#endif
