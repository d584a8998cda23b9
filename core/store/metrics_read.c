/* metrics_read.c - reading metrics.jsonl: how far it has come, or all of it as columns. */
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/store/folder.h"
#include "core/store/json.h"
#include "core/store/metrics.h"
#include "core/store/metrics_parts.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
                         "{\"" GEDI__LOG_SCHEMA "\": %*d, \"" GEDI__LOG_ITERATION
                         "\": %" SCNd64 ", \"stage\": %*d, \"loss\": %lf",
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
        if (i >= 0 && json_is_number(v))
            m->optimum[i] = json_number_value(v);
    }
    take_health(&m->health[m->n], json_object_get(o, "health"));
    m->rate[m->n] = number_at(o, GEDI__LOG_RATE);
    m->norm[m->n] = number_at(o, GEDI__LOG_NORM);
    m->stage[m->n] = (int)json_integer_value(json_object_get(o, "stage"));
    m->iteration[m->n] = json_integer_value(json_object_get(o, GEDI__LOG_ITERATION));
    m->loss[m->n++] = number_at(o, "loss");
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
        const json_t *schema = json_object_get(o, GEDI__LOG_SCHEMA);
        if (lacks_memory)
            s = gedi_no_memory(err, "%s", path);
        else if (!json_is_object(o))
            s = GEDI_FAIL(err, GEDI_DATA, "%s:%lld: not a JSON object", path,
                          (long long)m->n + 1);
        else
            s = gedi__store_check_schema(
                path, GEDI__FILE_METRICS,
                json_is_integer(schema) ? json_integer_value(schema) : -1, NULL, err);
        if (s == GEDI_OK && !gedi__log_is_whole(line, (size_t)(end - line)))
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

static bool has_validation(const gedi__metrics *m, const char *name, size_t n,
                           const char *end)
{
    for (int i = 0; i < m->validations; i++)
        if (!strncmp(m->validation_name[i], name, n) &&
            !strcmp(m->validation_name[i] + n, end))
            return true;
    return false;
}

bool gedi__metrics_is_end(const gedi__metrics *m, int i)
{
    static const char *const end[] = {"_low", "_high"};
    const char *name = m->validation_name[i];
    for (int k = 0; k < 2; k++) {
        size_t tail = strlen(end[k]), n = strlen(name);
        if (n <= tail || strcmp(name + n - tail, end[k]))
            continue;
        n -= tail;
        return has_validation(m, name, n, "") && has_validation(m, name, n, end[!k]);
    }
    return false;
}
