/* describe.c - `gedi describe`: what a plugin does and its options, from its table. */
#include "core/cli/cli.h"
#include "core/cli/describe_rules.h"
#include "core/cli/reference.h"
#include "core/cli/snippet.h"
#include "core/cli/columns.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct arguments {
    const char *what[2]; /* "kind/name", or "kind" and "name" */
    int n;
    bool markdown;
    gedi__rules_asked rules;
} arguments;

static const struct argp_option options[] = {
    {"markdown", 'm', NULL, 0, "print the reference of all of a descriptor, in Markdown",
     0},
    {"rules", 'R', "FILE", 0,
     "print what a file of rules comes to: variables, answers and the decision diagram",
     0},
    {"query", 'q', "GOAL", 0,
     "of the rules, such as 'addition(x1, x2, x3)'; without it, the file's own", 0},
    {"graph", 'g', NULL, 0,
     "print the diagram for Graphviz: `... | dot -Tsvg >rules.svg'", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case 'm':
        a->markdown = true;
        return 0;
    case 'R':
        a->rules.file = arg;
        return 0;
    case 'q':
        a->rules.query = arg;
        return 0;
    case 'g':
        a->rules.graph = true;
        return 0;
    case ARGP_KEY_ARG:
        if (a->n == 2)
            argp_error(state, "%s: only one plugin can be named", arg);
        a->what[a->n++] = arg;
        return 0;
    case ARGP_KEY_END:
        if (!a->n && !a->markdown && !a->rules.file)
            argp_error(state, "name a plugin, such as objective/gedi, or `train'");
        if (a->n && a->markdown)
            argp_error(state, "--markdown is the reference of everything: no names");
        if (a->rules.file && (a->n || a->markdown))
            argp_error(state, "--rules is about that file alone");
        if (!a->rules.file && (a->rules.query || a->rules.graph))
            argp_error(state, "--query and --graph go with --rules FILE");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int print_options(const gedi_option *table)
{
    if (!gedi__option_count(table)) {
        puts("No options.");
        return GEDI__EXIT_DONE;
    }
    gedi__columns t = {.columns = GEDI__OPTION_CELLS};
    gedi__columns_row(&t,
                      (const char *[]){"option", "type", "default", "range", "meaning"});
    for (int i = 0; i < gedi__option_count(table); i++) {
        gedi__option_row row;
        gedi__option_row_fill(&row, &table[i]);
        gedi__columns_row(&t, row.cell);
        gedi__option_row_clear(&row);
    }
    return gedi__columns_print(&t, 0);
}

static int describe(gedi__registry *r, gedi_kind kind, const char *name)
{
    const gedi_plugin *p;
    gedi_err err = {0};
    gedi_status s = gedi__registry_find(r, kind, name, &p, &err);
    if (s) {
        int code = gedi__say_err(&err);
        /* Not found: a misspelt name. Found and refused: a broken plugin. */
        return gedi__plugin_exists(r, kind, name) ? code : GEDI__EXIT_MISTAKE;
    }
    printf("%s/%s: %s\n", gedi__kind_name(kind), p->name, p->brief);
    if (p->cite && *p->cite)
        printf("Source: %s\n", p->cite);
    if (!gedi__registry_is_own(r, p))
        printf("File: %s\n", gedi__registry_file(r, p));
    gedi__text more = {0};
    gedi__reference_add_states(kind, p, "", &more);
    int code = gedi__print_text(&more);
    putchar('\n');
    code |= print_options(p->options);
    puts("\nIn a descriptor, every option at its default:\n");
    gedi__text snippet = {0};
    gedi__snippet_add(kind, p, &snippet);
    return code | gedi__print_text(&snippet);
}

static int describe_key(const gedi__key *k)
{
    printf("%s: %s\n", k->key, k->help);
    if (!gedi__reference_is_block(k))
        return GEDI__EXIT_DONE;
    putchar('\n');
    int code = k->options ? print_options(k->options) : GEDI__EXIT_DONE;
    gedi__text snippet = {0};
    if (k->options)
        gedi__text_add(&snippet, "\n");
    if (k->sample)
        gedi__text_add(&snippet, "In a descriptor:\n\n%s", k->sample);
    else { /* what can be pasted is last */
        gedi__text_add(&snippet, "%s", k->rules ? k->rules : "");
        gedi__text_add(&snippet, "In a descriptor, every option at its default:\n\n");
        gedi__snippet_add_block(k, &snippet);
    }
    if (k->sample && k->rules) /* without the empty line at their end */
        gedi__text_add(&snippet, "\n%.*s", (int)strlen(k->rules) - 1, k->rules);
    return code | gedi__print_text(&snippet);
}

/* The key that takes such a word, as `figures` takes "clusters"; NULL: none. */
static const gedi__key *key_that_takes(const char *word)
{
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->words && gedi__words_have(k->words, word))
            return k;
    return NULL;
}

/* "gedi" alone: the kinds that have a plugin of this name are what was meant. */
static int describe_bare(gedi__registry *r, const char *word)
{
    gedi__text found = {0};
    int n = 0, code = GEDI__EXIT_MISTAKE;
    gedi_kind kind = GEDI_KIND_OBJECTIVE;
    const gedi__key *taker = key_that_takes(word);
    for (int k = 0; k < GEDI_KINDS; k++)
        if (gedi__plugin_exists(r, (gedi_kind)k, word)) {
            gedi__text_add(&found, "%s%s/%s", n++ ? ", " : "",
                           gedi__kind_name((gedi_kind)k), word);
            kind = (gedi_kind)k;
        }
    if (n == 1)
        code = describe(r, kind, word);
    else if (n)
        gedi__say("%s: several kinds have it: which of %s?", word, found.s);
    else if (taker)
        gedi__say("%s: not a plugin, but one of the %s: see `gedi describe %s'", word,
                  taker->key, taker->key);
    else
        gedi__say_unknown_kind(word);
    gedi__text_clear(&found);
    return code;
}

/* Takes "kind/name" or two words apart, and describes the plugin. */
static int describe_named(gedi__registry *r, const arguments *a)
{
    char kind_word[64];
    const char *slash = strchr(a->what[0], '/');
    const char *name = a->n == 2 ? a->what[1] : slash ? slash + 1 : NULL;
    if (a->n == 2 && slash) {
        gedi__say("%s %s: write KIND/NAME or KIND NAME", a->what[0], a->what[1]);
        return GEDI__EXIT_MISTAKE;
    }
    int len = slash ? (int)(slash - a->what[0]) : (int)strlen(a->what[0]);
    snprintf(kind_word, sizeof kind_word, "%.*s", len, a->what[0]);
    gedi_kind kind;
    if (!gedi__kind_parse(kind_word, &kind))
        return a->n == 1 && !slash ? describe_bare(r, kind_word)
                                   : gedi__say_unknown_kind(kind_word);
    if (!name || !*name) {
        gedi__say("%s: name one of its plugins, %s/NAME; `gedi list %s' shows them",
                  kind_word, kind_word, kind_word);
        return GEDI__EXIT_MISTAKE;
    }
    return describe(r, kind, name);
}

int gedi__describe_main(const gedi__call *c)
{
    static const struct argp argp = {
        options,
        parse,
        "KIND/NAME\nKIND NAME\nKEY\n--markdown\n--rules FILE [--query GOAL]",
        "Tells what a plugin does, where it comes from and its options, with lines that "
        "can be pasted into a descriptor. KEY is any other key of a descriptor: `train', "
        "`stages', `sweep', ... KIND may be left out where one plugin alone has the name.",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {0};
    if (gedi__argp(c, &argp, &a))
        return GEDI__EXIT_FAILED;
    gedi_kind kind; /* `gedi describe model' is about its plugins */
    const gedi__key *k = a.n == 1 ? gedi__reference_find(a.what[0]) : NULL;
    if (k && !gedi__kind_parse(k->key, &kind))
        return describe_key(k);
    gedi__registry *r = NULL;
    gedi_err err = {0};
    if (gedi__registry_new(&r, &err))
        return gedi__say_err(&err);
    int code = a.markdown     ? gedi__reference_print(r)
               : a.rules.file ? gedi__describe_rules(r, &a.rules)
                              : describe_named(r, &a);
    gedi__registry_free(r);
    return code;
}
