/* metrics.c - fuzz target: metrics.jsonl. Lines that end with "}" get the checksum that they would
 * have, or nothing behind it would ever be reached. */
#include "core/base/text.h"
#include "core/store/checksum.h"
#include "core/store/metrics.h"
#include "tests/fuzz/fuzz.h"

static void add_sealed(const char *line, gedi__text *out)
{
    char sum[GEDI__CHECKSUM + 1];
    size_t n = strlen(line);
    if (!n || line[n - 1] != '}') {
        gedi__text_add(out, "%s\n", line);
        return;
    }
    gedi__checksum(line, n - 1, sum);
    gedi__text_add(out, "%.*s, \"checksum\": \"%s\"}\n", (int)n - 1, line, sum);
}

/* As many numbers in all columns, and none that was not written. */
static double sum_of(const gedi__metrics *m)
{
    double sum = 0;
    for (int64_t i = 0; i < m->n; i++) {
        sum += m->loss[i] + m->health[i].unsure + m->stage[i];
        for (int k = 0; k < m->terms; k++)
            sum += m->value[k] ? m->value[k][i] : 0;
        for (int k = 0; k < m->schedules; k++)
            sum += m->schedule[k] ? m->schedule[k][i] : 0;
        for (int k = 0; k < m->watches; k++)
            sum += m->watch[k] ? m->watch[k][i] : 0;
    }
    return sum;
}

static void read_all(const char *path)
{
    static volatile double sink; /* else nothing would be read */
    gedi__metrics m;
    gedi_err err = {0};
    int64_t kept = 0;
    if (gedi__metrics_read(path, &m, &err) == GEDI_OK)
        sink = sum_of(&m);
    (void)sink;
    gedi__metrics_clear(&m);
    (void)gedi__metrics_last(fuzz_folder());
    (void)gedi__metrics_count(path, 50, &kept, &err);
}

FUZZ_TARGET(metrics)
{
    gedi__text sealed = {0};
    char *text = fuzz_text(data, size);
    for (char *s = text; s;) {
        char *end = strchr(s, '\n');
        if (end)
            *end = 0;
        add_sealed(s, &sealed);
        s = end ? end + 1 : NULL;
    }
    read_all(fuzz_file("metrics.jsonl", sealed.s, sealed.len));
    gedi__text_clear(&sealed);
    read_all(fuzz_file("metrics.jsonl", data, size));
    free(text);
    return 0;
}
