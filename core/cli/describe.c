/* describe.c - `gedi describe`: what a plugin does and its options, from its table. */
#include "core/cli/cli.h"
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
} arguments;

static const struct argp_option options[] = {
    {"markdown", 'm', NULL, 0, "print the reference of all of a descriptor, in Markdown",
     0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case 'm':
        a->markdown = true;
        return 0;
    case ARGP_KEY_ARG:
        if (a->n == 2)
            argp_error(state, "%s: only one plugin can be named", arg);
        a->what[a->n++] = arg;
        return 0;
    case ARGP_KEY_END:
        if (!a->n && !a->markdown)
            argp_error(state, "name a plugin, such as objective/gedi, or `train'");
        if (a->n && a->markdown)
            argp_error(state, "--markdown is the reference of everything: no names");
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

/* "gedi" alone: the kinds that have a plugin of this name are what was meant. */
static int say_not_kind(gedi__registry *r, const char *word)
{
    gedi__text found = {0};
    for (int k = 0; k < GEDI_KINDS; k++)
        if (gedi__plugin_exists(r, (gedi_kind)k, word))
            gedi__text_add(&found, "%s%s/%s", found.s ? ", " : "",
                           gedi__kind_name((gedi_kind)k), word);
    if (found.s)
        gedi__say("%s: not a kind of plugin; did you mean %s?", word, found.s);
    else
        gedi__say_unknown_kind(word);
    gedi__text_clear(&found);
    return GEDI__EXIT_MISTAKE;
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
        return say_not_kind(r, kind_word);
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
        "KIND/NAME\nKIND NAME\nKEY\n--markdown",
        "Tells what a plugin does, where it comes from and its options, with lines that "
        "can be pasted into a descriptor. KEY is any other key of a descriptor: `train', "
        "`stages', `sweep', ...",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {0};
    if (argp_parse(&argp, c->argc, c->argv, 0, NULL, &a))
        return GEDI__EXIT_FAILED;
    gedi_kind kind; /* `gedi describe model' is about its plugins */
    const gedi__key *k = a.n == 1 ? gedi__reference_find(a.what[0]) : NULL;
    if (k && !gedi__kind_parse(k->key, &kind))
        return describe_key(k);
    gedi__registry *r = NULL;
    gedi_err err = {0};
    if (gedi__registry_new(&r, &err))
        return gedi__say_err(&err);
    int code = a.markdown ? gedi__reference_print(r) : describe_named(r, &a);
    gedi__registry_free(r);
    return code;
}
