/* metrics.c - metrics.jsonl: one line a logging step. */
#include "core/store/metrics.h"
#include "core/descriptor/validation.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/store/checksum.h"
#include "core/store/folder.h"
#include "core/store/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ITERATION "iteration"
#define RATE "learning_rate"
#define NORM "gradient_norm"
#define SCHEMA "schema"
#define SUM ", \"checksum\": \"" /* of all that stands before it in the line */

/* Is the line what was written? */
static bool is_whole(const char *line, size_t n)
{
    char sum[GEDI__CHECKSUM + 1];
    const size_t end = sizeof SUM - 1 + GEDI__CHECKSUM + 2; /* "} */
    if (n < end || memcmp(line + n - end, SUM, sizeof SUM - 1) ||
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
    const json_t *at = json_object_get(o, ITERATION), *of = json_object_get(o, SCHEMA);
    int64_t iteration = json_is_integer(at) ? json_integer_value(at) : -1;
    *schema = json_is_integer(of) ? json_integer_value(of) : -1;
    json_decref(o);
    if (*schema == gedi__store_schema(GEDI__FILE_METRICS) && !is_whole(line, n))
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

/* ---- writing ---- */

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

static void add_health(entry *l, const gedi__health *h)
{
    const char *gap = "";
    add(l, ", \"health\": {");
    for (int i = 0; i < GEDI__FAILURES; i++)
        if (!isnan(gedi__failure_value(h, i))) {
            add(l, "%s\"%s\": %.6g", gap, gedi__failure_figure(i),
                gedi__failure_value(h, i));
            gap = ", ";
        }
    if (!isnan(h->unsure))
        add(l, "%s\"unsure\": %.6g", gap, h->unsure);
    add(l, "}");
}

/* Not being trained on, such a number may be none: null. */
static void add_watches(entry *l, const gedi__progress *p)
{
    for (int i = 0; i < p->watches; i++) {
        add(l, "%s\"%s\": ", i ? ", " : ", \"watch\": {", p->watch[i].name);
        if (isfinite(p->watch[i].value))
            add(l, "%.9g", p->watch[i].value);
        else
            add(l, "null");
    }
    add(l, "%s", p->watches ? "}" : "");
}

static void add_validation(entry *l, const gedi__progress *p)
{
    for (int i = 0; i < p->validations; i++) {
        const gedi__validation_value *v = &p->validation[i];
        add(l, "%s\"%s.%s\": ", i ? ", " : ", \"validation\": {", v->evaluator, v->name);
        if (isfinite(v->value))
            add(l, "%.9g", v->value);
        else
            add(l, "null");
    }
    add(l, "%s", p->validations ? "}" : "");
}

gedi_status gedi__metrics_write(FILE *f, const gedi__progress *p, gedi_err *err)
{
    char sum[GEDI__CHECKSUM + 1];
    entry l;
    l.n = 0;
    add(&l,
        "{\"" SCHEMA "\": %d, \"" ITERATION
        "\": %lld, \"stage\": %d, \"loss\": %.9g, \"" NORM "\": %.9g",
        gedi__store_schema(GEDI__FILE_METRICS), (long long)p->iteration, p->stage,
        p->loss, p->gradient_norm);
    if (isfinite(p->learning_rate))
        add(&l, ", \"" RATE "\": %.9g", p->learning_rate);
    add(&l, ", \"terms\": {");
    for (int i = 0; i < p->terms; i++)
        add(&l, "%s\"%s\": %.9g", i ? ", " : "", p->term[i].name, p->term[i].value);
    add(&l, "}, \"optimum\": {");
    bool first = true;
    for (int i = 0; i < p->terms; i++)
        if (!isnan(p->term[i].optimum)) {
            add(&l, "%s\"%s\": %.9g", first ? "" : ", ", p->term[i].name,
                p->term[i].optimum);
            first = false;
        }
    add(&l, "}");
    for (int i = 0; i < p->schedules; i++)
        add(&l, "%s\"%s\": %.9g", i ? ", " : ", \"schedule\": {", p->schedule[i].name,
            p->schedule[i].value);
    add(&l, "%s", p->schedules ? "}" : "");
    add_watches(&l, p);
    if (p->health)
        add_health(&l, p->health);
    add_validation(&l, p);
    gedi__checksum(l.text, l.n, sum);
    add(&l, SUM "%s\"}\n", sum);
    if (l.n >= sizeof l.text)
        return GEDI_FAIL(err, GEDI_IO, "metrics.jsonl: a line of more than %d letters",
                         (int)sizeof l.text);
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

/* ---- reading ---- */

int64_t gedi__metrics_last(const char *folder)
{
    double loss;
    return gedi__metrics_end(folder, &loss);
}

int64_t gedi__metrics_end(const char *folder, double *loss)
{
    *loss = NAN;
    char end[4096];
    char *path = gedi__store_path(folder, GEDI__FILE_METRICS, NULL);
    FILE *f = NULL;
    if (path)
        (void)gedi__file_to_read(path, path, &f, NULL);
    free(path);
    if (!f)
        return 0;
    int fd = fileno(f);
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from = size > (off_t)sizeof end - 1 ? size - ((off_t)sizeof end - 1) : 0;
    ssize_t n = pread(fd, end, sizeof end - 1, from);
    fclose(f);
    end[n > 0 ? n : 0] = 0;
    int64_t last = 0;
    for (const char *line = end; line && *line;) {
        const char *next = strchr(line, '\n');
        if (next) /* else it is being written */
            (void)sscanf(line,
                         "{\"" SCHEMA "\": %*d, \"" ITERATION "\": %" SCNd64
                         ", \"stage\": %*d, \"loss\": %lf",
                         &last, loss);
        line = next ? next + 1 : NULL;
    }
    return last;
}

/* Names of columns, each in `width` letters, and the numbers below them. */
typedef struct columns {
    char *name;
    size_t width;
    int *n;
    double **value;
} columns;

static columns terms_of(gedi__metrics *m)
{
    return (columns){m->name[0], sizeof m->name[0], &m->terms, m->value};
}

/* That of a name, a new one where there is none yet; -1 where there is no room. */
static int column_of(const columns *c, const char *name)
{
    for (int i = 0; i < *c->n; i++)
        if (!strcmp(c->name + (size_t)i * c->width, name))
            return i;
    if (*c->n == GEDI__MAX_SERIES || strlen(name) >= c->width)
        return -1;
    memcpy(c->name + (size_t)*c->n * c->width, name, strlen(name) + 1);
    return (*c->n)++;
}

/* Numbers with names into a row of at most `lines`. */
static gedi_status take_numbers(const columns *c, json_t *o, int64_t row, int64_t lines,
                                gedi_err *err)
{
    const char *name;
    json_t *v;
    json_object_foreach(o, name, v)
    {
        int i = column_of(c, name);
        if (i < 0)
            continue;
        if (!c->value[i]) {
            c->value[i] = gedi__alloc((size_t)lines, sizeof(double), err,
                                      "the column %s of metrics.jsonl", name);
            if (!c->value[i])
                return GEDI_NOMEM;
            for (int64_t k = 0; k < lines; k++)
                c->value[i][k] = NAN;
        }
        c->value[i][row] = json_is_number(v) ? json_number_value(v) : NAN;
    }
    return GEDI_OK;
}

static double number_at(const json_t *o, const char *key)
{
    const json_t *n = json_object_get(o, key);
    return json_is_number(n) ? json_number_value(n) : NAN;
}

static void take_health(gedi__health *h, const json_t *o)
{
    double v[GEDI__FAILURES];
    for (int i = 0; i < GEDI__FAILURES; i++)
        v[i] = number_at(o, gedi__failure_figure(i));
    *h = (gedi__health){v[0], v[1], v[2], number_at(o, "unsure")};
}

static gedi_status take_line(gedi__metrics *m, json_t *o, int64_t lines, gedi_err *err)
{
    const char *name;
    json_t *v;
    columns terms = terms_of(m),
            schedules = {m->schedule_name[0], sizeof m->schedule_name[0], &m->schedules,
                         m->schedule},
            validations = {m->validation_name[0], sizeof m->validation_name[0],
                           &m->validations, m->validation},
            watches = {m->watch_name[0], sizeof m->watch_name[0], &m->watches, m->watch};
    GEDI_TRY(take_numbers(&terms, json_object_get(o, "terms"), m->n, lines, err));
    GEDI_TRY(take_numbers(&schedules, json_object_get(o, "schedule"), m->n, lines, err));
    GEDI_TRY(
        take_numbers(&validations, json_object_get(o, "validation"), m->n, lines, err));
    GEDI_TRY(take_numbers(&watches, json_object_get(o, "watch"), m->n, lines, err));
    json_object_foreach(json_object_get(o, "optimum"), name, v)
    {
        int i = column_of(&terms, name);
        if (i >= 0)
            m->optimum[i] = json_number_value(v);
    }
    take_health(&m->health[m->n], json_object_get(o, "health"));
    m->rate[m->n] = number_at(o, RATE);
    m->norm[m->n] = number_at(o, NORM);
    m->stage[m->n] = (int)json_integer_value(json_object_get(o, "stage"));
    m->iteration[m->n] = json_integer_value(json_object_get(o, ITERATION));
    m->loss[m->n++] = json_number_value(json_object_get(o, "loss"));
    return GEDI_OK;
}

gedi_status gedi__metrics_read(const char *path, gedi__metrics *m, gedi_err *err)
{
    char *data;
    size_t size;
    memset(m, 0, sizeof *m);
    for (int i = 0; i < GEDI__MAX_SERIES; i++)
        m->optimum[i] = NAN;
    GEDI_TRY(gedi__file_read(path, &data, &size, err));
    int64_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    m->iteration = malloc((size_t)lines * sizeof *m->iteration);
    m->stage = malloc((size_t)lines * sizeof *m->stage);
    m->loss = malloc((size_t)lines * sizeof *m->loss);
    m->health = malloc((size_t)lines * sizeof *m->health);
    m->rate = malloc((size_t)lines * sizeof *m->rate);
    m->norm = malloc((size_t)lines * sizeof *m->norm);
    gedi_status s = GEDI_OK;
    if (!m->iteration || !m->stage || !m->loss || !m->health || !m->rate || !m->norm)
        s = gedi_no_memory(err, "%s", path);
    for (char *line = data, *end; s == GEDI_OK && (end = strchr(line, '\n'));
         line = end + 1) {
        json_error_t why;
        bool lacks_memory;
        json_t *o = gedi__json_parse(line, (size_t)(end - line), 0, &why, &lacks_memory);
        const json_t *schema = json_object_get(o, SCHEMA);
        if (lacks_memory)
            s = gedi_no_memory(err, "%s", path);
        else if (!json_is_object(o))
            s = GEDI_FAIL(err, GEDI_DATA, "%s:%lld: not a JSON object", path,
                          (long long)m->n + 1);
        else
            s = gedi__store_check_schema(
                path, GEDI__FILE_METRICS,
                json_is_integer(schema) ? json_integer_value(schema) : -1, NULL, err);
        if (s == GEDI_OK && !is_whole(line, (size_t)(end - line)))
            s = GEDI_FAIL(
                err, GEDI_DATA,
                "%s:%lld: damaged: its checksum does not fit; `gedi resume` keeps the "
                "lines that are whole",
                path, (long long)m->n + 1);
        if (s == GEDI_OK)
            s = take_line(m, o, lines, err);
        json_decref(o);
    }
    free(data);
    if (s != GEDI_OK)
        gedi__metrics_clear(m);
    return s;
}

void gedi__metrics_clear(gedi__metrics *m)
{
    free(m->iteration);
    free(m->stage);
    free(m->loss);
    free(m->health);
    free(m->rate);
    free(m->norm);
    for (int i = 0; i < GEDI__MAX_SERIES; i++) {
        free(m->value[i]);
        free(m->schedule[i]);
        free(m->validation[i]);
        free(m->watch[i]);
    }
    memset(m, 0, sizeof *m);
}
