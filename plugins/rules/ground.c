/* ground.c - from a file of rules to a ground program, by SWI-Prolog. */
#include "plugins/rules/rules.h"

#ifdef HAVE_RULES
#include <SWI-Prolog.h>
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory of a program: freed at once ---- */

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

#ifdef HAVE_RULES

/* ground.pl, as the build has made it a text of C. */
static const char *const source =
#include "plugins/rules/ground.inc"
    ;

enum { MOST_NODES = 4000000 };

static void *take(rules_program *p, size_t size)
{
    rules_block *b = calloc(1, sizeof *b + (size ? size : 1));
    if (!b)
        return NULL;
    b->next = p->memory;
    p->memory = b;
    return b + 1;
}

/* ---- Prolog ---- */

/* ground.pl is read from the program itself; nothing of the user's own is. */
static bool load_source(void)
{
    term_t goal = PL_new_term_ref(), open = PL_new_term_ref(), text = PL_new_term_ref();
    return PL_chars_to_term("(open_string(T, S), "
                            "load_files(gedi_rules, [stream(S), silent(true)]), close(S))",
                            goal) &&
           PL_get_arg(1, goal, open) && PL_get_arg(1, open, text) &&
           PL_unify_chars(text, PL_STRING | REP_UTF8, (size_t)-1, source) &&
           PL_call(goal, NULL);
}

/* Once for the process, which has one Prolog, whichever plugin comes first; a thread that is not
 * the first one is made known to it. */
static gedi_status start(gedi_err *err)
{
    static char *arguments[] = {"gedi", "-q", "-f", "none", "--no-signals", "--no-tty",
                                "--stack-limit=1g", NULL};
    if (!PL_is_initialised(NULL, NULL) &&
        !PL_initialise((int)(sizeof arguments / sizeof *arguments) - 1, arguments))
        return GEDI_FAIL(err, GEDI_PLUGIN, "SWI-Prolog does not start");
    if (PL_thread_self() < 0 && PL_thread_attach_engine(NULL) < 0)
        return GEDI_FAIL(err, GEDI_PLUGIN, "SWI-Prolog does not serve another thread");
    fid_t frame = PL_open_foreign_frame();
    term_t goal = PL_new_term_ref();
    bool there = PL_chars_to_term("current_predicate(gedi_rules:gedi_ground/4)", goal) &&
                 PL_call(goal, NULL);
    bool loaded = there || load_source();
    PL_discard_foreign_frame(frame);
    return loaded ? GEDI_OK
                  : GEDI_FAIL(err, GEDI_PLUGIN, "SWI-Prolog does not load gedi's rules");
}

/* "gedi(Line, Message)": line 0 is none, -1 the query's. */
static gedi_status explain(term_t exception, const char *file, const char *query,
                           gedi_err *err)
{
    char *message = NULL;
    int line = 0;
    term_t a = PL_new_term_ref();
    if (PL_is_functor(exception, PL_new_functor(PL_new_atom("gedi"), 2))) {
        if (!PL_get_arg(1, exception, a) || !PL_get_integer(a, &line) ||
            !PL_get_arg(2, exception, a))
            line = 0;
    } else {
        a = exception;
    }
    if (!PL_get_nchars(a, NULL, &message,
                       CVT_ALL | CVT_WRITE | REP_UTF8 | BUF_MALLOC | CVT_EXCEPTION))
        return GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s: the rules do not ground", file);
    gedi_status s =
        line > 0    ? GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s:%d: %s", file, line, message)
        : line < 0 ? GEDI_FAIL(err, GEDI_DESCRIPTOR, "query '%s': %s", query, message)
                   : GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s: %s", file, message);
    PL_free(message);
    return s;
}

/* The text of gedi_ground/4: PL_free() it. */
static gedi_status call(const char *file, const char *query, char **text, gedi_err *err)
{
    fid_t frame = PL_open_foreign_frame();
    term_t a = PL_new_term_refs(4);
    gedi_status s = GEDI_OK;
    *text = NULL;
    bool ok = PL_unify_chars(a, PL_ATOM | REP_FN, (size_t)-1, file) &&
              PL_unify_chars(a + 1, PL_STRING | REP_UTF8, (size_t)-1, query) &&
              PL_put_integer(a + 2, MOST_NODES);
    qid_t q = ok ? PL_open_query(NULL, PL_Q_CATCH_EXCEPTION,
                                 PL_predicate("gedi_ground", 4, "gedi_rules"), a)
                 : 0;
    if (!q || !PL_next_solution(q)) {
        term_t why = q ? PL_exception(q) : 0;
        s = why ? explain(why, file, query, err)
                : GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s: the rules do not ground", file);
    } else if (!PL_get_nchars(a + 3, NULL, text, CVT_STRING | REP_UTF8 | BUF_MALLOC)) {
        s = GEDI_FAIL(err, GEDI_NOMEM, "%s", file);
    }
    if (q)
        PL_cut_query(q);
    PL_discard_foreign_frame(frame);
    return s;
}

/* ---- the text that ground.pl writes ---- */

static int count_lines(const char *text, const char *first_word)
{
    int n = 0;
    size_t length = strlen(first_word);
    for (const char *s = text; *s; s = strchr(s, '\n') + 1)
        n += first_word[0] == '*' ? 1 : !strncmp(s, first_word, length);
    return n;
}

/* The words of what is left of a line. */
static int count_words(const char *s)
{
    int n = 0;
    for (; *s; s++)
        n += *s == ' ';
    return n;
}

static bool read_variable(rules_program *p, char *rest)
{
    char *at = NULL;
    int v = atoi(strtok_r(rest, " ", &at));
    rules_variable *x = &p->variable[v];
    x->values = atoi(strtok_r(NULL, " ", &at));
    const char *how = strtok_r(NULL, " ", &at);
    int words = at ? count_words(at) + (*at != 0) : 0;
    if (!strcmp(how, "nn")) {
        const char **input = take(p, (size_t)words * sizeof *input);
        x->net = strtok_r(NULL, " ", &at);
        x->input = input;
        for (char *w; input && (w = strtok_r(NULL, " ", &at));)
            input[x->inputs++] = w;
        return input != NULL;
    }
    double *chance = take(p, (size_t)x->values * sizeof *chance);
    x->p = chance;
    x->learned = *how == 't';
    for (int k = 0; chance && k < x->values; k++)
        chance[k] = strtod(strtok_r(NULL, " ", &at), NULL);
    return chance != NULL;
}

static bool read_node(rules_program *p, rules_kind kind, char *rest)
{
    int words = count_words(rest);
    char *at = NULL;
    rules_node *n = &p->node[atoi(strtok_r(rest, " ", &at))];
    n->kind = kind;
    if (kind == RULES_LEAF) {
        n->variable = atoi(strtok_r(NULL, " ", &at));
        n->value = atoi(strtok_r(NULL, " ", &at));
        return true;
    }
    int *part = take(p, (size_t)words * sizeof *part);
    for (char *w; part && (w = strtok_r(NULL, " ", &at));)
        part[n->parts++] = atoi(w);
    n->part = part;
    return part != NULL;
}

/* Answers may have spaces: they are the rest of the line. */
static bool read_root(rules_program *p, char *rest)
{
    char *answer = strchr(rest, ' ');
    *answer++ = 0;
    p->root[p->roots] = atoi(rest);
    p->answer[p->roots++] = answer;
    return true;
}

static bool read_line(rules_program *p, char *line)
{
    static const char *const kind[] = {"leaf", "not", "and", "or"};
    char *rest = strchr(line, ' ');
    *rest++ = 0;
    for (int k = 0; k < 4; k++)
        if (!strcmp(line, kind[k]))
            return read_node(p, (rules_kind)k, rest);
    if (!strcmp(line, "variable"))
        return read_variable(p, rest);
    if (!strcmp(line, "root"))
        return read_root(p, rest);
    p->evidence = atoi(rest);
    return true;
}

static gedi_status read_program(rules_program *p, const char *text, gedi_err *err)
{
    size_t size = strlen(text) + 1;
    char *copy = take(p, size), *at = NULL;
    int roots = count_lines(text, "root "), evidence = count_lines(text, "evidence ");
    p->variables = count_lines(text, "variable ");
    p->nodes = count_lines(text, "*") - p->variables - roots - evidence;
    p->variable = take(p, (size_t)p->variables * sizeof *p->variable);
    p->node = take(p, ((size_t)p->nodes + 1) * sizeof *p->node);
    p->root = take(p, (size_t)roots * sizeof *p->root);
    p->answer = take(p, (size_t)roots * sizeof *p->answer);
    bool ok = copy && p->variable && p->node && p->root && p->answer;
    if (ok)
        memcpy(copy, text, size);
    for (char *l = ok ? strtok_r(copy, "\n", &at) : NULL; l && ok; l = strtok_r(NULL, "\n", &at))
        ok = read_line(p, l);
    return ok ? GEDI_OK : GEDI_FAIL(err, GEDI_NOMEM, "a ground program");
}

gedi_status rules_ground(const char *directory, const char *file, const char *query,
                         rules_program *out, gedi_err *err)
{
    char *text, *path = NULL;
    *out = (rules_program){0};
    gedi_status s = start(err);
    if (s)
        return s;
    if (asprintf(&path, "%s%s%s", *file == '/' ? "" : directory, *file == '/' ? "" : "/", file) < 0)
        return GEDI_FAIL(err, GEDI_NOMEM, "%s", file);
    s = call(path, query, &text, err);
    free(path);
    if (s == GEDI_OK)
        s = read_program(out, text, err);
    if (text)
        PL_free(text);
    if (s)
        rules_program_clear(out);
    return s;
}

#else

gedi_status rules_ground(const char *directory, const char *file, const char *query,
                         rules_program *out, gedi_err *err)
{
    (void)directory;
    (void)query;
    *out = (rules_program){0};
    return GEDI_FAIL(err, GEDI_PLUGIN,
                     "rules: %s needs SWI-Prolog and BuDDy, which this build is without: install "
                     "swi-prolog-nox and libbdd-dev, then ./configure && make", file);
}

#endif
