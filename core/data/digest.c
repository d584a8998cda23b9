/* digest.c - which data a dataset has read.
 *
 * Source:  Collet, "xxHash": XXH3, 64 bits, the sum of each part the seed of the next.
 */
#include "core/data/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

typedef struct part {
    uint64_t sum;
    bool there;
} part;

struct gedi_digest {
    part records, names, sizes;
};

static void add(part *p, const void *data, size_t n)
{
    p->sum = XXH3_64bits_withSeed(data, n, p->sum);
    p->there = true;
}

void gedi_digest_records(gedi_digest *s, const void *data, size_t n)
{
    add(&s->records, data, n);
}

void gedi_digest_file(gedi_digest *s, const char *name, int64_t size)
{
    name = name ? name : "";
    add(&s->names, name, strlen(name) + 1);
    add(&s->sizes, &size, sizeof size);
}

/* ---- a line of it ---- */

static const char of_names[] = "; names ", of_sizes[] = "; sizes ",
                  of_records[] = "; records ";

/* Whatever a dataset states, the line has room for its sums. */
static int add_facts(const gedi_data_info *info, char *out, size_t size)
{
    char shape[48] = "";
    for (int i = 0, n = 0; i < info->record.rank && n < (int)sizeof shape; i++)
        n += snprintf(shape + n, sizeof shape - (size_t)n, "%s%lld", i ? "x" : "",
                      (long long)info->record.dim[i]);
    int n =
        snprintf(out, size, "%lld + %lld records of ", (long long)info->count[GEDI_TRAIN],
                 (long long)info->count[GEDI_TEST]);
    if (info->parts > 1)
        n += snprintf(out + n, size - (size_t)n, "%lld times ", (long long)info->parts);
    n += snprintf(out + n, size - (size_t)n, "%s", shape);
    if (info->classes)
        n += snprintf(out + n, size - (size_t)n, ", %d %s", info->classes,
                      info->classes == 1 ? "class" : "classes");
    return n;
}

static int add_part(const part *p, const char *name, char *out, size_t size)
{
    return p->there ? snprintf(out, size, "%s%016" PRIx64, name, p->sum) : 0;
}

void gedi__digest(const gedi_dataset *d, const void *self, const gedi_data_info *info,
                  char out[GEDI__DIGEST])
{
    gedi_digest s = {0};
    int n = add_facts(info, out, GEDI__DIGEST);
    if (d->digest)
        d->digest(self, &s);
    n += add_part(&s.names, of_names, out + n, GEDI__DIGEST - (size_t)n);
    n += add_part(&s.sizes, of_sizes, out + n, GEDI__DIGEST - (size_t)n);
    add_part(&s.records, of_records, out + n, GEDI__DIGEST - (size_t)n);
}

/* ---- two of them ---- */

int gedi__digest_facts(const char *digest)
{
    return (int)strcspn(digest, ";");
}

static bool same_facts(const char *a, const char *b)
{
    int n = gedi__digest_facts(a);
    return n == gedi__digest_facts(b) && !strncmp(a, b, (size_t)n);
}

/* 1: both have it, and the same; -1: both, but another; 0: one has none. */
static int compare(const char *a, const char *b, const char *name)
{
    const char *x = strstr(a, name), *y = strstr(b, name);
    size_t n = strlen(name);
    if (!x || !y)
        return 0;
    size_t m = strcspn(x + n, ";");
    return m == strcspn(y + n, ";") && !strncmp(x + n, y + n, m) ? 1 : -1;
}

bool gedi__digest_same(const char *a, const char *b)
{
    int records = compare(a, b, of_records);
    return same_facts(a, b) &&
           (records ? records > 0
                    : compare(a, b, of_names) >= 0 && compare(a, b, of_sizes) >= 0);
}

bool gedi__digest_sizes_alone(const char *a, const char *b)
{
    return same_facts(a, b) && !compare(a, b, of_records) &&
           compare(a, b, of_names) >= 0 && compare(a, b, of_sizes) < 0;
}

void gedi__digest_changes(const char *then, const char *now, char out[GEDI__CHANGED])
{
    int n = gedi__digest_facts(then), m = gedi__digest_facts(now);
    bool files = !compare(then, now, of_records) && compare(then, now, of_names) < 0;
    if (same_facts(then, now))
        snprintf(out, GEDI__CHANGED, "%.*s as then, but %s", n, then,
                 files ? "in files of other names" : "with other contents");
    else
        snprintf(out, GEDI__CHANGED, "%.*s then, %.*s now", n, then, m, now);
}
