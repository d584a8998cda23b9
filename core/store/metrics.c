/* metrics.c - writing metrics.jsonl, one line a logging step, behind the lines that are good. */
#include "core/store/metrics.h"
#include "core/base/file.h"
#include "core/descriptor/validation.h"
#include "core/store/checksum.h"
#include "core/store/folder.h"
#include "core/store/json.h"
#include "core/store/metrics_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Is the line what was written? */
bool gedi__log_is_whole(const char *line, size_t n)
{
    char sum[GEDI__CHECKSUM + 1];
    const size_t end = sizeof GEDI__LOG_SUM - 1 + GEDI__CHECKSUM + 2; /* "} */
    if (n < end || memcmp(line + n - end, GEDI__LOG_SUM, sizeof GEDI__LOG_SUM - 1) ||
        memcmp(line + n - 2, "\"}", 2))
        return false;
    gedi__checksum(line, n - end, sum);
    return !memcmp(line + n - 2 - GEDI__CHECKSUM, sum, GEDI__CHECKSUM);
}

/* A line's iteration; -1 where it is damaged, or memory is lacking: a good line must not be dropped for
 * that. One of another schema counts as it is: the caller looks at *schema. */
static int64_t iteration_of(const char *line, size_t n, int64_t *schema,
                            bool *lacks_memory)
{
    json_error_t why;
    json_t *o = gedi__json_parse(line, n, 0, &why, lacks_memory);
    const json_t *at = json_object_get(o, GEDI__LOG_ITERATION),
                 *of = json_object_get(o, GEDI__LOG_SCHEMA);
    int64_t iteration = json_is_integer(at) ? json_integer_value(at) : -1;
    *schema = json_is_integer(of) ? json_integer_value(of) : -1;
    json_decref(o);
    if (*schema == gedi__store_schema(GEDI__FILE_METRICS) && !gedi__log_is_whole(line, n))
        return -1;
    return *schema < 0 ? -1 : iteration;
}

/* Moves the whole lines up to `last` to the front, each later than the one before it; *size becomes
 * theirs. */
static gedi_status keep_whole(const char *path, char *data, size_t *size, int64_t last,
                              int64_t *kept, gedi_err *err)
{
    size_t end = 0;
    int64_t before = -1;
    for (size_t at = 0; at < *size;) {
        char *line = data + at, *stop = memchr(line, '\n', *size - at);
        size_t n = stop ? (size_t)(stop - line) : *size - at;
        bool lacks_memory = false;
        int64_t schema,
            iteration = stop ? iteration_of(line, n, &schema, &lacks_memory) : -1;
        if (lacks_memory)
            return gedi_no_memory(err, "%s", path);
        if (iteration >= 0)
            GEDI_TRY(
                gedi__store_check_schema(path, GEDI__FILE_METRICS, schema, NULL, err));
        if (iteration > before && iteration <= last) {
            memmove(data + end, line, n + 1);
            end += n + 1;
            before = iteration;
            ++*kept;
        }
        at += n + 1;
    }
    *size = end;
    return GEDI_OK;
}

gedi_status gedi__metrics_count(const char *path, int64_t iteration, int64_t *kept,
                                gedi_err *err)
{
    char *data;
    size_t size;
    *kept = 0;
    GEDI_TRY(gedi__file_read(path, &data, &size, err));
    gedi_status s = keep_whole(path, data, &size, iteration, kept, err);
    free(data);
    return s;
}

static gedi_status clean(const char *path, int64_t iteration, int64_t *kept,
                         gedi_err *err)
{
    char *data;
    size_t size, whole;
    GEDI_TRY(gedi__file_read(path, &data, &size, err));
    whole = size;
    gedi_status s = keep_whole(path, data, &size, iteration, kept, err);
    if (s == GEDI_OK && size != whole)
        s = gedi__file_write(path, data, size, err);
    free(data);
    return s;
}

gedi_status gedi__metrics_open(const char *path, int64_t iteration, FILE **out,
                               int64_t *kept, gedi_err *err)
{
    const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
    int fd;
    *out = NULL;
    *kept = 0;
    GEDI_TRY(gedi__file_open(path, flags, &fd, err)); /* refuses what is no file */
    close(fd);
    GEDI_TRY(clean(path, iteration, kept, err)); /* may put another in its place */
    GEDI_TRY(gedi__file_open(path, flags, &fd, err));
    *out = fdopen(fd, "a");
    if (*out)
        return GEDI_OK;
    close(fd);
    return gedi_no_memory(err, "%s", path);
}

typedef struct entry { /* as it grows; n is beyond the room where that is too small */
    char text[32 << 10];
    size_t n;
} entry;

static void add(entry *l, const char *fmt, ...) GEDI_PRINTF(2, 3);
static void add(entry *l, const char *fmt, ...)
{
    size_t room = l->n < sizeof l->text ? sizeof l->text - l->n : 0;
    va_list ap;
    va_start(ap, fmt);
    int w = vsnprintf(l->text + (room ? l->n : 0), room, fmt, ap);
    va_end(ap);
    l->n += w > 0 ? (size_t)w : 0;
}

/* JSON has no infinity and no NaN: null. */
static void add_number(entry *l, const char *gap, const char *name, double x)
{
    add(l, isfinite(x) ? "%s\"%s\": %.9g" : "%s\"%s\": null", gap, name, x);
}

static void add_health(entry *l, const gedi__health *h)
{
    const char *gap = "";
    add(l, ", \"health\": {");
    for (int i = 0; i < GEDI__FAILURES; i++)
        if (isfinite(gedi__failure_value(h, i))) {
            add(l, "%s\"%s\": %.6g", gap, gedi__failure_figure(i),
                gedi__failure_value(h, i));
            gap = ", ";
        }
    if (isfinite(h->unsure))
        add(l, "%s\"unsure\": %.6g", gap, h->unsure);
    add(l, "}");
}

static void add_watches(entry *l, const gedi__progress *p)
{
    for (int i = 0; i < p->watches; i++)
        add_number(l, i ? ", " : ", \"watch\": {", p->watch[i].name, p->watch[i].value);
    add(l, "%s", p->watches ? "}" : "");
}

static void add_validation(entry *l, const gedi__progress *p)
{
    for (int i = 0; i < p->validations; i++) {
        const gedi__validation_value *v = &p->validation[i];
        add(l, "%s\"%s.", i ? ", " : ", \"validation\": {", v->evaluator);
        add(l, isfinite(v->value) ? "%s\": %.9g" : "%s\": null", v->name, v->value);
    }
    add(l, "%s", p->validations ? "}" : "");
}

gedi_status gedi__metrics_write(FILE *f, const gedi__progress *p, gedi_err *err)
{
    char sum[GEDI__CHECKSUM + 1];
    entry l;
    l.n = 0;
    add(&l,
        "{\"" GEDI__LOG_SCHEMA "\": %d, \"" GEDI__LOG_ITERATION "\": %lld, \"stage\": %d",
        gedi__store_schema(GEDI__FILE_METRICS), (long long)p->iteration, p->stage);
    add_number(&l, ", ", "loss", p->loss);
    add_number(&l, ", ", GEDI__LOG_NORM, p->gradient_norm);
    if (isfinite(p->learning_rate))
        add_number(&l, ", ", GEDI__LOG_RATE, p->learning_rate);
    add(&l, ", \"terms\": {");
    for (int i = 0; i < p->terms; i++)
        add_number(&l, i ? ", " : "", p->term[i].name, p->term[i].value);
    add(&l, "}, \"optimum\": {");
    const char *gap = "";
    for (int i = 0; i < p->terms; i++)
        if (isfinite(p->term[i].optimum)) {
            add_number(&l, gap, p->term[i].name, p->term[i].optimum);
            gap = ", ";
        }
    add(&l, "}");
    for (int i = 0; i < p->schedules; i++)
        add_number(&l, i ? ", " : ", \"schedule\": {", p->schedule[i].name,
                   p->schedule[i].value);
    add(&l, "%s", p->schedules ? "}" : "");
    add_watches(&l, p);
    if (p->health)
        add_health(&l, p->health);
    add_validation(&l, p);
    gedi__checksum(l.text, l.n, sum);
    add(&l, GEDI__LOG_SUM "%s\"}\n", sum);
    if (l.n >= sizeof l.text)
        return GEDI_FAIL(err, GEDI_IO, "metrics.jsonl: a line of more than %d letters",
                         (int)sizeof l.text);
    GEDI_TRY(gedi__file_may_write(gedi__store_name(GEDI__FILE_METRICS), err));
    if (fwrite(l.text, 1, l.n, f) < l.n || fflush(f) || ferror(f))
        return GEDI_FAIL(err, GEDI_IO, "metrics.jsonl: cannot be written: %s",
                         strerror(errno));
    return GEDI_OK;
}

gedi_status gedi__metrics_sync(FILE *f, gedi_err *err)
{
    if (fflush(f) || fsync(fileno(f)))
        return GEDI_FAIL(err, GEDI_IO, "metrics.jsonl: cannot be written: %s",
                         strerror(errno));
    return GEDI_OK;
}

int64_t gedi__metrics_expected(const gedi__experiment *e, int64_t iteration)
{
    int64_t lines = 0;
    for (int i = 0; i < e->stages; i++) {
        const gedi__stage *s = &e->stage[i];
        int64_t end = gedi__stage_end(s) < iteration ? gedi__stage_end(s) : iteration;
        for (int64_t at = s->first + 1; at <= end; at++)
            lines += gedi__metrics_due(e, s, at);
    }
    return lines;
}

bool gedi__metrics_due(const gedi__experiment *e, const gedi__stage *s, int64_t iteration)
{
    return gedi__validation_due(e, iteration) || iteration % s->train.log_every == 0 ||
           iteration == s->first + 1 || iteration == gedi__stage_end(s);
}
