/* describe_rules.c - `gedi describe --rules`: what a file of rules comes to.
 *
 * The core knows nothing of rules: the evaluator `symbols` reads them and has the lines.
 */
#include "core/cli/describe_rules.h"
#include "core/cli/cli.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <stdlib.h>

static void set(const gedi_evaluator *v, void *self, const char *option, const char *text)
{
    const gedi_option *row = gedi__option_find(v->options, option);
    if (row && row->type == GEDI_TYPE_TEXT)
        *(const char **)((char *)self + row->offset) = text;
}

static gedi_status print(const gedi_evaluator *v, const gedi__rules_asked *a,
                         gedi_err *err)
{
    const gedi_open from = {.directory = "."};
    char *text = NULL;
    void *self = calloc(1, v->self_size);
    gedi_status s = self ? gedi__option_defaults(v->options, self, err)
                         : gedi_no_memory(err, "rules");
    if (s == GEDI_OK) {
        set(v, self, "rules", a->file);
        set(v, self, "query", a->query ? a->query : "");
        s = v->open(self, &from, err);
    }
    if (s == GEDI_OK) {
        s = v->print(self, a->graph, &text, err);
        v->close(self);
    }
    if (s == GEDI_OK)
        fputs(text, stdout);
    free(text);
    free(self);
    return s;
}

int gedi__describe_rules(gedi__registry *r, const gedi__rules_asked *a)
{
    const gedi_plugin *p;
    gedi_err err = {0};
    gedi_status s = gedi__registry_find(r, GEDI_KIND_EVALUATOR, "symbols", &p, &err);
    const gedi_evaluator *v = s ? NULL : (const gedi_evaluator *)p;
    if (v && !(v->open && v->close && v->print))
        s = GEDI_FAIL(&err, GEDI_PLUGIN, "evaluator symbols has nothing to print");
    if (s == GEDI_OK)
        s = print(v, a, &err);
    return s ? gedi__say_err(&err) : GEDI__EXIT_DONE;
}
