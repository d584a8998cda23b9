/* clauses.c - the clauses of a definition, and in which of them two differ. */
#include "core/sweep/clauses.h"
#include "core/base/text.h"

#include <string.h>

static const char between[] = "; ";

static size_t clause_length(const char *clause)
{
    const char *end = strstr(clause, between);
    return end ? (size_t)(end - clause) : strlen(clause);
}

static const char *next_clause(const char *clause)
{
    const char *end = strstr(clause, between);
    return end ? end + sizeof between - 1 : NULL;
}

static bool has_clause(const char *definition, const char *clause, size_t n)
{
    for (const char *c = definition; c; c = next_clause(c))
        if (clause_length(c) == n && !strncmp(c, clause, n))
            return true;
    return false;
}

/* The clauses that begin so, or those that do not. */
static const char *sorted_out(gedi__arena *arena, const char *definition,
                              const char *start, bool with)
{
    gedi__text out = {0};
    for (const char *c = definition; c; c = next_clause(c))
        if (!strncmp(c, start, strlen(start)) == with)
            gedi__text_add(&out, "%s%.*s", out.len ? between : "", (int)clause_length(c),
                           c);
    const char *own = out.failed ? NULL : gedi__arena_text(arena, out.len ? out.s : "");
    gedi__text_clear(&out);
    return own;
}

const char *gedi__clauses_named(gedi__arena *arena, const char *definition,
                                const char *start)
{
    return sorted_out(arena, definition, start, true);
}

const char *gedi__clauses_without(gedi__arena *arena, const char *definition,
                                  const char *start)
{
    return sorted_out(arena, definition, start, false);
}

const char *gedi__clauses_apart(gedi__arena *arena, const char *a, const char *b)
{
    gedi__text out = {0};
    for (const char *c = a; c; c = next_clause(c)) {
        size_t n = clause_length(c);
        if (!has_clause(b, c, n))
            gedi__text_add(&out, "%s%.*s", out.len ? between : "", (int)n, c);
    }
    const char *own = out.failed ? NULL : gedi__arena_text(arena, out.len ? out.s : a);
    gedi__text_clear(&out);
    return own;
}
