/* identity.c - which experiment a resolved descriptor states, whoever runs it and where.
 *
 * Source:  Fowler, Noll & Vo, "The FNV Non-Cryptographic Hash Algorithm": FNV-1a of 64
 *          bits, folded to 48.
 */
#include "core/sweep/identity.h"
#include "core/descriptor/keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of the line where it begins. */
static bool is_local(const char *line)
{
    size_t n = strcspn(line, ":");
    const gedi__key *k = gedi__keys;
    while (k->key && (strncmp(k->key, line, n) || k->key[n]))
        k++;
    return *line == '#' || (k->key && k->identity == GEDI__LOCAL);
}

void gedi__identity_text(const char *resolved, gedi__text *out)
{
    bool local = false; /* a line that is indented belongs to the one before */
    for (const char *line = resolved; *line;) {
        size_t n = strcspn(line, "\n");
        n += line[n] == '\n';
        if (*line != ' ')
            local = is_local(line);
        if (!local)
            gedi__text_add(out, "%.*s", (int)n, line);
        line += n;
    }
}

void gedi__identity_hash(const char *identity, char out[GEDI__HASH + 1])
{
    uint64_t h = 0xcbf29ce484222325u;
    for (const char *c = identity; *c; c++)
        h = (h ^ (unsigned char)*c) * 0x100000001b3u;
    h = (h >> 48 ^ h) & 0xffffffffffffu;
    snprintf(out, GEDI__HASH + 1, "%012" PRIx64, h);
}
