/* describe_rules.h - `gedi describe --rules`: what a file of rules comes to. */
#ifndef GEDI_CLI_DESCRIBE_RULES_H
#define GEDI_CLI_DESCRIBE_RULES_H

#include "core/plugin/registry.h"

typedef struct gedi__rules_asked {
    const char *file;
    const char *query; /* NULL: that which the file states */
    bool graph;        /* in Graphviz's language */
} gedi__rules_asked;

/* Prints it. Returns an exit code. */
int gedi__describe_rules(gedi__registry *r, const gedi__rules_asked *a);

#endif
