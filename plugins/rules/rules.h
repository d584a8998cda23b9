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
    bool learned;    /* they are only where learning begins, for all of a clause alike */
    int clause;      /* of which a disjunction is an instance */
    int line;        /* of the file */
    const char *const
        *head; /* what its values are called, but for that of none of them */
    int heads;
} rules_variable;

typedef enum rules_kind { RULES_LEAF, RULES_NOT, RULES_AND, RULES_OR } rules_kind;

typedef struct rules_node {
    rules_kind kind;
    int variable, value; /* of a leaf: the variable has that value */
    const int *part;     /* of others: nodes with smaller numbers */
    int parts;
} rules_node;

/* Node 0 is never used. A root is an answer of the query: of addition(x1, x2, Y) there are as many as
 * there are sums, of addition(x1, x2, x3) one. What is stated as evidence holds in each of them. */
typedef struct rules_program {
    int variables, nodes, roots;
    int evidence; /* a node, 0 for none */
    bool damaged; /* its text was */
    rules_variable *variable;
    rules_node *node;
    int *root;
    const char **answer; /* [roots], such as "addition(x1,x2,7)" */
    struct rules_block *memory;
} rules_program;

/* Grounds `query`, such as "addition(x1, x2, x3)", by the rules of `file`; "": that which the file
 * states by query(...). `directory` is where a relative path starts.
 *   Errors: GEDI_DESCRIPTOR with file and line: what the rules have wrong, what does not ground, a
 *   query that is impossible or certain; GEDI_OPTION for a file that is not there, GEDI_IO for one that cannot be read; GEDI_PLUGIN in a build
 *   without rules; GEDI_NOMEM.
 * Prolog and BuDDy are one per process: not by two threads at once.  */
gedi_status rules_ground(const char *directory, const char *file, const char *query,
                         rules_program *out, gedi_err *err);
void rules_program_clear(rules_program *p);

/* A decision diagram of the roots: a node asks for the value of a variable and has a child for each. A
 * child is 0, false, 1, true, or a node of a variable further down. */
typedef struct rules_diagram {
    int levels;    /* variables that matter, in the order they are asked */
    int *variable; /* [levels] of the program */
    int *values;   /* [levels] */
    int *first;  /* [levels + 1]: the nodes of level l are first[l] .. first[l + 1] - 1 */
    int nodes;   /* with the two ends */
    int **child; /* [nodes][values of its level]; NULL for the ends */
    int roots, *root; /* a node each */
    int overlap[2];   /* two roots that can hold at once; -1: there are none */
    int evidence;     /* a node; 1, true, where nothing is stated */
} rules_diagram;

/*   Errors: GEDI_DESCRIPTOR: more than `limit` nodes; every root is certain or impossible;
 *   GEDI_NOMEM.  */
gedi_status rules_compile(const rules_program *p, int limit, rules_diagram *out,
                          gedi_err *err);
void rules_diagram_clear(rules_diagram *d);

/* log p of each root, given the evidence, into `out` [roots], where log_p[v][k] is that of value k of
 * the program's variable v; `node` [nodes] is room for log p of the diagram's nodes. */
void rules_log_probabilities(const rules_diagram *d, const double *const *log_p,
                             double *node, double *out);

/* Values of all variables, drawn as log_p has them among those with which root r and the evidence
 * hold. A variable that does not matter is drawn alone.
 *   Errors: GEDI_DATA where they never hold; GEDI_NOMEM.  */
gedi_status rules_draw(const rules_program *p, const rules_diagram *d, int r,
                       const double *const *log_p, gedi_rng *rng, int *value,
                       gedi_err *err);

/* The same as rules_log_probabilities for a batch, as nodes of a graph.
 *   log_p[v] [B, K] of variable v -> [B, roots], natural logarithms, at most 0.
 *   Differentiable in log_p, any number of times.  */
gedi_node *rules_log_p(const rules_diagram *d, gedi_node *const *log_p);

/* ---- with a network that says what the parts of a record are ---- */

/* The rules of a component: read once, used by objective, evaluator or dataset. */
typedef struct rules {
    rules_program program;
    rules_diagram diagram;
    int parts;  /* how many the query speaks of: x1 .. */
    int values; /* that a network tells apart */
} rules;

enum { RULES_MOST_NODES = 100000 };

/* Grounds and compiles, and asks of every network's inputs that they are parts, x1, x2, ..., and that
 * it tells `classes` values apart; 0: as many as it likes.
 *   Errors: those of both; GEDI_DESCRIPTOR.  */
gedi_status rules_open(const char *directory, const char *file, const char *query,
                       int64_t classes, rules *out, gedi_err *err);
void rules_close(rules *r);

/* The part that a network's variable is about, from 1; 0: it is a disjunction's. */
int rules_part(const rules_variable *v);

/* log p of the values of all variables: of a part all alike, of a disjunction as the file has them. To be
 * freed at once; NULL: GEDI_NOMEM.  */
double **rules_chances(const rules_program *p, gedi_err *err);

/* The parameter of a learned disjunction: it is added to the logarithms in the file before they are
 * normalised. All instances of a clause have the same. */
enum { RULES_NAME = 32 };
void rules_learned_name(const rules_program *p, int variable, char name[RULES_NAME]);

/* Does chance play a part, beside what the network says? Then no network makes a query certain. */
bool rules_have_chance(const rules *r);

/* What follows for records whose parts are known, a class each; one below 0 is not. */
typedef struct rules_judge {
    const rules *of;
    double **log_p; /* of the values of all variables */
    double *node;   /* [nodes of the diagram] */
    double *answer; /* [roots]: log p of each, after rules_judge_ask */
} rules_judge;

/*   Errors: GEDI_NOMEM.  */
gedi_status rules_judge_open(const rules *r, rules_judge *out, gedi_err *err);
void rules_judge_close(rules_judge *j);
/* The values of a disjunction as they have been learned, in place of those in the file. */
void rules_judge_learn(rules_judge *j, int variable, const double *log_p);
bool rules_all_known(const int32_t *class, int64_t parts);
/* The answer that is more likely than not; -1: none is. Where a class is not known nothing is. */
int rules_judge_ask(rules_judge *j, const int32_t *class);

/* ---- what rules leave open: Marconato et al. 2023, on reasoning shortcuts ---- */

/* How many maps of K classes to classes leave the answers of all records as they are: those that
 * exchange them, and all, by which classes may become one, too. label [n, parts]; a record that has no
 * answer does not count. A count may be one of those below 0.
 *   Errors: GEDI_NOMEM.  */
enum { RULES_MOST_CLASSES = 64, RULES_TOO_MANY = -1, RULES_NO_RECORD = -2 };
enum { RULES_EXCHANGES, RULES_MAPS };
gedi_status rules_shortcuts(rules_judge *j, const int32_t *label, int64_t n,
                            int64_t parts, int64_t classes, int64_t count[2],
                            gedi_err *err);

/* ---- for people ---- */

/* Variables, answers and the diagram, in lines; `graph`: in Graphviz's language. To be freed.
 *   Errors: GEDI_NOMEM.  */
gedi_status rules_print(const rules *r, bool graph, char **text, gedi_err *err);

#endif
