/* gather.c - rows of a table by their numbers, and the opposite: rows added into a table.
 *
 * Attributes: of scatter, i rows of the table; of gather, j is 1 where the rows are those of classes, and
 * the first that of -1, none. A number that names no row makes NaN rather than
 * be left out: of its row in gather, of the whole table in scatter, where it has no row.
 * Inputs:  table [N, D] or rows [B, D]; index [B, 1], whole numbers in [0, N)
 * Output:  [B, D], out[b] = table[index[b]]; [N, D], out[n] = sum of rows[b], index[b] = n
 */
#include "core/op/fold.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A float holds every whole number up to this one. */
enum { MOST_ROWS = 1 << 24 };

static gedi_status check_table(int64_t rows, const gedi_node *x, const gedi_node *index,
                               gedi_err *err)
{
    char a[64], b[64];
    gedi_shape_text(x->shape, a, sizeof a);
    gedi_shape_text(index->shape, b, sizeof b);
    if (x->shape.rank != 2)
        return GEDI_FAIL(err, GEDI_SHAPE, "%s is not a matrix", a);
    if (index->shape.rank != 2 || index->shape.dim[1] != 1)
        return GEDI_FAIL(err, GEDI_SHAPE, "index %s is not one column, [B, 1]", b);
    if (rows < 0 || rows > MOST_ROWS)
        return GEDI_FAIL(err, GEDI_SHAPE, "a table of %lld rows: the limit is %d",
                         (long long)rows, MOST_ROWS);
    return GEDI_OK;
}

/* The row that a number names, or -1. */
static int64_t row_of(float number, int64_t rows)
{
    if (!(number >= 0 && number < (float)rows))
        return -1;
    int64_t row = (int64_t)number;
    return number - (float)row > 0 ? -1 : row;
}

static void fill_nan(float *y, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = NAN;
}

/* Which number that was, and what there is. */
static void no_row(float number, int64_t rows, bool of_classes, char *out, size_t n)
{
    int first = of_classes ? 1 : 0;
    snprintf(out, n,
             of_classes ? "%.9g is no class: there are 0 to %lld, and -1 for none"
                        : "%.9g names no row of the table, which has 0 to %lld",
             (double)number - first, (long long)rows - 1 - first);
}

/* ---- gather ---- */

static gedi_status gather_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    const gedi_node *table = y->in[0], *index = y->in[1];
    GEDI_TRY(check_table(gedi_dim(table, 0), table, index, err));
    *out = GEDI_DIMS(index->shape.dim[0], table->shape.dim[1]);
    return GEDI_OK;
}

static void gather_eval(const gedi__step *s)
{
    int64_t n = s->node->in[0]->shape.dim[0], rows = s->node->shape.dim[0],
            d = s->node->shape.dim[1];
    GEDI__PARALLEL_FOR(rows * d >= GEDI__PARALLEL_MIN ? s->threads : 1, b, rows, {
        int64_t row = row_of(s->in[1][b], n);
        if (row < 0)
            fill_nan(s->out + b * d, d);
        else
            memcpy(s->out + b * d, s->in[0] + row * d, (size_t)d * sizeof(float));
    });
}

static void gather_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_scatter(gy, y->in[1], y->in[0]->shape.dim[0]);
}

static gedi__rows gather_rows(const gedi_node *y, const gedi__rows *in)
{
    (void)y;
    return in[0] == GEDI__ROWS_FREE ? in[1] : GEDI__ROWS_MIXED;
}

static void gather_nan(const gedi__step *s, int64_t at, char *out, size_t n)
{
    const gedi_node *y = s->node;
    float number = s->in[1][at / y->shape.dim[1]];
    int64_t rows = y->in[0]->shape.dim[0];
    if (row_of(number, rows) < 0) /* else the table has it */
        no_row(number, rows, y->attr.j == 1, out, n);
}

const gedi__op gedi__op_gather = {
    .name = "gather",
    .infer = gather_infer,
    .eval = gather_eval,
    .rows = gather_rows,
    .vjp = gather_vjp,
    .nan = gather_nan,
};

gedi_node *gedi__gather_classes(gedi_node *rows, gedi_node *class_of)
{
    gedi_node *in[2] = {rows, gedi_affine(class_of, 1.0, 1.0)};
    const gedi__attr of_classes = {.j = 1};
    return gedi__node(NULL, &gedi__op_gather, in, 2, &of_classes, NULL);
}

gedi_node *gedi_gather(gedi_node *table, gedi_node *index)
{
    return gedi__binary(&gedi__op_gather, table, index);
}

/* ---- scatter ---- */

static gedi_status scatter_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    const gedi_node *rows = y->in[0], *index = y->in[1];
    GEDI_TRY(check_table(y->attr.i, rows, index, err));
    if (rows->shape.dim[0] != index->shape.dim[0])
        return GEDI_FAIL(err, GEDI_SHAPE, "%lld rows, but %lld numbers of rows",
                         (long long)rows->shape.dim[0], (long long)index->shape.dim[0]);
    *out = GEDI_DIMS(y->attr.i, rows->shape.dim[1]);
    return GEDI_OK;
}

/* Scratch: where the rows of each n begin in a list, N + 1 numbers, and the list. */
static gedi_status scatter_prepare(gedi__step *s, gedi_err *err)
{
    (void)err;
    s->scratch_size = s->node->attr.i + 1 + s->node->in[0]->shape.dim[0];
    return GEDI_OK;
}

/* Lists the rows that go to each n, in their order; false where a number names none. */
static bool list_rows(const float *index, int64_t rows, int64_t n, int32_t *first,
                      int32_t *list)
{
    memset(first, 0, (size_t)(n + 1) * sizeof *first);
    for (int64_t b = 0; b < rows; b++) {
        int64_t row = row_of(index[b], n);
        if (row < 0)
            return false;
        first[row]++;
    }
    int32_t end = 0;
    for (int64_t row = 0; row <= n; row++)
        first[row] = end += first[row];
    for (int64_t b = rows - 1; b >= 0; b--)
        list[--first[row_of(index[b], n)]] = (int32_t)b;
    return true;
}

/* y = the sum of the rows listed; in double, a few columns at a time. */
static void add_rows(const float *x, int64_t d, const int32_t *list, int32_t count,
                     float *y)
{
    enum { COLUMNS = 64 };
    for (int64_t at = 0; at < d; at += COLUMNS) {
        double sum[COLUMNS] = {0};
        int64_t n = gedi__min64(COLUMNS, d - at);
        for (int32_t i = 0; i < count; i++)
            for (int64_t j = 0; j < n; j++)
                sum[j] += (double)x[list[i] * d + at + j];
        for (int64_t j = 0; j < n; j++)
            y[at + j] = (float)sum[j];
    }
}

static void scatter_eval(const gedi__step *s)
{
    int64_t rows = s->node->in[0]->shape.dim[0], n = s->node->shape.dim[0],
            d = s->node->shape.dim[1];
    int32_t *first = (void *)s->scratch, *list = first + n + 1;
    if (!list_rows(s->in[1], rows, n, first, list)) {
        fill_nan(s->out, n * d);
        return;
    }
    GEDI__PARALLEL_FOR((n + rows) * d >= GEDI__PARALLEL_MIN ? s->threads : 1, row, n, {
        add_rows(s->in[0], d, list + first[row], first[row + 1] - first[row],
                 s->out + row * d);
    });
}

static void scatter_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gx[0] = gedi_gather(gy, y->in[1]);
}

static void scatter_nan(const gedi__step *s, int64_t at, char *out, size_t n)
{
    int64_t rows = s->node->attr.i;
    (void)at;
    for (int64_t b = 0; b < s->node->in[1]->shape.dim[0]; b++)
        if (row_of(s->in[1][b], rows) < 0) {
            no_row(s->in[1][b], rows, false, out, n);
            return;
        }
}

const gedi__op gedi__op_scatter = {
    .name = "scatter",
    .infer = scatter_infer,
    .prepare = scatter_prepare,
    .eval = scatter_eval,
    .vjp = scatter_vjp,
    .nan = scatter_nan,
};

gedi_node *gedi_scatter(gedi_node *rows, gedi_node *index, int64_t n)
{
    if (!rows || !index)
        return NULL;
    gedi__attr at = {.i = n};
    gedi_node *in[2] = {rows, index};
    return gedi__node(rows->graph, &gedi__op_scatter, in, 2, &at, NULL);
}
