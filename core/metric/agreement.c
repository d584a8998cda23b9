/* agreement.c - agreement of two labelings: NMI, AMI, ARI, accuracy under the best match.
 *
 * Source:  Vinh, Epps & Bailey 2010, "Information theoretic measures for clusterings
 *          comparison", with the hypergeometric model of randomness; Hubert & Arabie
 *          1985, "Comparing partitions"; Kuhn 1955, "The Hungarian method for
 *          the assignment problem".
 * Inputs:  truth, predicted  [N]  labels
 * Output:  gedi_agreement
 * Differs: the hypergeometric probabilities of the expectation come from a recurrence
 *          that starts at their mode, and are divided by their sum: no factorials, so
 *          no digits are lost for large N. AMI of equal partitions is 1 even where the
 *          formula is 0/0 (every record a cluster of its own).
 */
#include "gedi/metric.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* How often class i meets cluster j; classes and clusters without records are left out.
 */
typedef struct table {
    int64_t n;
    int32_t rows, cols;
    int32_t *cell;      /* [rows, cols] */
    int64_t *row, *col; /* sums, all > 0 */
} table;

static void table_clear(table *t)
{
    free(t->cell);
    free(t->row);
    free(t->col);
}

/* Counts the labels below k and numbers the used ones: `place` [k] becomes the new
 * number, *sums (of *used entries) the counts. */
static gedi_status count_labels(const char *what, const int32_t *label, int64_t n,
                                int32_t k, int32_t **place, int64_t **sums, int32_t *used,
                                gedi_err *err)
{
    *place = NULL;
    *sums = k > 0 ? calloc((size_t)k, sizeof **sums) : NULL;
    if (k > 0)
        *place = calloc((size_t)k, sizeof **place);
    if (k > 0 && (!*sums || !*place))
        return gedi_no_memory(err, "%s: %d labels", what, (int)k);
    for (int64_t i = 0; i < n; i++) {
        if (label[i] < 0 || label[i] >= k)
            return GEDI_FAIL(err, GEDI_USAGE,
                             "%s: label %d of record %lld is not in [0, %d)", what,
                             (int)label[i], (long long)i, (int)k);
        (*sums)[label[i]]++;
    }
    *used = 0;
    for (int32_t j = 0; j < k; j++) {
        if (!(*sums)[j])
            continue;
        (*place)[j] = *used;
        (*sums)[(*used)++] = (*sums)[j];
    }
    return GEDI_OK;
}

static gedi_status table_fill(table *t, const int32_t *truth, int32_t kt,
                              const int32_t *predicted, int32_t kp, gedi_err *err)
{
    int32_t *at = NULL, *bt = NULL;
    gedi_status s = count_labels("truth", truth, t->n, kt, &at, &t->row, &t->rows, err);
    if (s == GEDI_OK)
        s = count_labels("predicted", predicted, t->n, kp, &bt, &t->col, &t->cols, err);
    if (s == GEDI_OK) {
        /* No overflow: both are at most 2^31 - 1. */
        t->cell = calloc((size_t)t->rows * (size_t)t->cols, sizeof *t->cell);
        if (!t->cell)
            s = gedi_no_memory(err, "agreement: a table of %d x %d counts", (int)t->rows,
                               (int)t->cols);
    }
    if (s == GEDI_OK)
        for (int64_t i = 0; i < t->n; i++)
            t->cell[(size_t)at[truth[i]] * (size_t)t->cols + (size_t)bt[predicted[i]]]++;
    free(at);
    free(bt);
    return s;
}

static int64_t used_cells(const table *t)
{
    int64_t used = 0;
    for (size_t i = 0, m = (size_t)t->rows * (size_t)t->cols; i < m; i++)
        used += t->cell[i] > 0;
    return used;
}

/* ---- information ---- */

static double entropy(const int64_t *count, int32_t k, int64_t n)
{
    double h = 0.0;
    for (int32_t j = 0; j < k; j++)
        h -= (double)count[j] / (double)n * log((double)count[j] / (double)n);
    return h;
}

/* Above 0 unless both partitions have one part. */
static double mean_entropy(const table *t)
{
    return 0.5 * (entropy(t->row, t->rows, t->n) + entropy(t->col, t->cols, t->n));
}

static double mutual_information(const table *t)
{
    double mi = 0.0, n = (double)t->n;
    for (int32_t i = 0; i < t->rows; i++)
        for (int32_t j = 0; j < t->cols; j++) {
            double c = t->cell[(size_t)i * (size_t)t->cols + (size_t)j];
            if (c > 0.0)
                mi += c / n * log(c * n / ((double)t->row[i] * (double)t->col[j]));
        }
    return fmax(mi, 0.0);
}

/* Sums of p(c) c/n log(c n / ab) and of p(c), where the p are relative to the mode's. */
typedef struct expectation {
    double sum, mass;
} expectation;

static void expect_term(expectation *e, double p, double c, double mean, double n)
{
    e->mass += p;
    if (c > 0.0)
        e->sum += p * (c / n) * log(c / mean);
}

/* E[c/n log(c n / ab)] where c is hypergeometric: the overlap of a random a-subset and a
 * random b-subset of n records. */
static double expected_cell(int64_t ia, int64_t ib, int64_t in)
{
    const double negligible = 1e-22; /* beside the mode's 1: the tails fall off fast */
    double a = (double)ia, b = (double)ib, n = (double)in, mean = a * b / n;
    double low = fmax(0.0, a + b - n), high = fmin(a, b);
    double mode = floor((a + 1.0) * (b + 1.0) / (n + 2.0));
    mode = fmin(fmax(mode, low), high); /* only rounding, N > 1e8, takes it outside */
    expectation e = {0};
    expect_term(&e, 1.0, mode, mean, n);
    double p = 1.0;
    for (double c = mode; c < high && p > negligible; c++) {
        p *= (a - c) * (b - c) / ((c + 1.0) * (n - a - b + c + 1.0));
        expect_term(&e, p, c + 1.0, mean, n);
    }
    p = 1.0;
    for (double c = mode; c > low && p > negligible; c--) {
        p *= c * (n - a - b + c) / ((a - c + 1.0) * (b - c + 1.0));
        expect_term(&e, p, c - 1.0, mean, n);
    }
    return e.sum / e.mass;
}

static int by_size(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* The next run of equal sizes from `at`; returns its length. */
static int32_t run_length(const int64_t *size, int32_t k, int32_t at)
{
    int32_t end = at;
    while (end < k && size[end] == size[at])
        end++;
    return end - at;
}

/* Mutual information of random partitions with these sizes. A pair of sizes is computed
 * once: there are at most sqrt(2 N) different ones. Sorts row and col. */
static double expected_mutual_information(table *t)
{
    qsort(t->row, (size_t)t->rows, sizeof *t->row, by_size);
    qsort(t->col, (size_t)t->cols, sizeof *t->col, by_size);
    double emi = 0.0;
    for (int32_t i = 0, ni; i < t->rows; i += ni) {
        ni = run_length(t->row, t->rows, i);
        for (int32_t j = 0, nj; j < t->cols; j += nj) {
            nj = run_length(t->col, t->cols, j);
            emi += (double)ni * (double)nj * expected_cell(t->row[i], t->col[j], t->n);
        }
    }
    return emi;
}

/* Sorts row and col of the table, so it comes last. */
static void information(table *t, bool equal, gedi_agreement *out)
{
    if (equal) {
        out->nmi = out->ami = 1.0;
        return;
    }
    double mi = mutual_information(t), mean = mean_entropy(t);
    double emi = expected_mutual_information(t);
    /* The partitions differ, so one has more than one part: mean > 0. As scikit-learn, a
     * vanishing difference keeps its sign. */
    double range = mean - emi, least = 2.220446049250313e-16;
    range = range < 0.0 ? fmin(range, -least) : fmax(range, least);
    out->nmi = mi / mean;
    out->ami = (mi - emi) / range;
}

/* ---- pairs ---- */

static double adjusted_rand(const table *t)
{
    double both = 0.0, row = 0.0, col = 0.0, n = (double)t->n;
    for (size_t i = 0, m = (size_t)t->rows * (size_t)t->cols; i < m; i++)
        both += (double)t->cell[i] * (double)t->cell[i];
    for (int32_t i = 0; i < t->rows; i++)
        row += (double)t->row[i] * (double)t->row[i];
    for (int32_t j = 0; j < t->cols; j++)
        col += (double)t->col[j] * (double)t->col[j];
    /* Ordered pairs of records: together in both, in one only, in none. */
    double tp = both - n, fn = row - both, fp = col - both;
    double tn = n * n - row - col + both;
    return 2.0 * (tp * tn - fn * fp) / ((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn));
}

/* ---- matching ---- */

/* State of the Hungarian method: rows <= cols, everything counted from 1, column 0 is the
 * row being placed. */
typedef struct matching {
    const table *t;
    bool transposed; /* rows of the problem are columns of the table */
    int32_t rows, cols;
    int64_t *u, *v;        /* potentials of rows and columns */
    int64_t *slack;        /* of each column, over the rows of the tree */
    int32_t *owner, *from; /* row that has the column; the column before it on the path */
    bool *done;
} matching;

/* Cost of giving column j to row i: the records lost, so that less is better. */
static int64_t match_cost(const matching *m, int32_t i, int32_t j)
{
    size_t cols = (size_t)m->t->cols;
    size_t r = (size_t)(m->transposed ? j : i) - 1,
           c = (size_t)(m->transposed ? i : j) - 1;
    return -(int64_t)m->t->cell[r * cols + c];
}

/* Grows the tree by the column of least slack; returns it. */
static int32_t match_grow(matching *m, int32_t at)
{
    int32_t row = m->owner[at], next = 0;
    int64_t least = INT64_MAX;
    m->done[at] = true;
    for (int32_t j = 1; j <= m->cols; j++) {
        if (m->done[j])
            continue;
        int64_t s = match_cost(m, row, j) - m->u[row] - m->v[j];
        if (s < m->slack[j]) {
            m->slack[j] = s;
            m->from[j] = at;
        }
        if (m->slack[j] < least) {
            least = m->slack[j];
            next = j;
        }
    }
    for (int32_t j = 0; j <= m->cols; j++) {
        if (m->done[j]) {
            m->u[m->owner[j]] += least;
            m->v[j] -= least;
        } else {
            m->slack[j] -= least;
        }
    }
    return next;
}

static void match_row(matching *m, int32_t row)
{
    int32_t at = 0;
    m->owner[0] = row;
    for (int32_t j = 0; j <= m->cols; j++) {
        m->slack[j] = INT64_MAX;
        m->done[j] = false;
    }
    do
        at = match_grow(m, at);
    while (m->owner[at]);
    while (at) { /* shift the owners along the path */
        int32_t before = m->from[at];
        m->owner[at] = m->owner[before];
        at = before;
    }
}

/* Share of records in matched cells, in O(rows^2 cols). */
static gedi_status best_matching(const table *t, double *share, gedi_err *err)
{
    matching m = {.t = t, .transposed = t->rows > t->cols};
    m.rows = m.transposed ? t->cols : t->rows;
    m.cols = m.transposed ? t->rows : t->cols;
    size_t nr = (size_t)m.rows + 1, nc = (size_t)m.cols + 1;
    m.u = calloc(nr, sizeof *m.u);
    m.v = calloc(nc, sizeof *m.v);
    m.slack = calloc(nc, sizeof *m.slack);
    m.owner = calloc(nc, sizeof *m.owner);
    m.from = calloc(nc, sizeof *m.from);
    m.done = calloc(nc, sizeof *m.done);
    gedi_status s = GEDI_OK;
    if (!m.u || !m.v || !m.slack || !m.owner || !m.from || !m.done) {
        s = gedi_no_memory(err, "agreement: matching %d x %d clusters", (int)m.rows,
                           (int)m.cols);
    } else {
        int64_t right = 0;
        for (int32_t i = 1; i <= m.rows; i++)
            match_row(&m, i);
        for (int32_t j = 1; j <= m.cols; j++)
            if (m.owner[j])
                right -= match_cost(&m, m.owner[j], j);
        *share = (double)right / (double)t->n;
    }
    free(m.u);
    free(m.v);
    free(m.slack);
    free(m.owner);
    free(m.from);
    free(m.done);
    return s;
}

static gedi_status check_count(int64_t n, gedi_err *err)
{
    if (n < 1 || n > INT32_MAX)
        return GEDI_FAIL(err, GEDI_USAGE, "agreement of %lld records: not in [1, %d]",
                         (long long)n, INT32_MAX);
    return GEDI_OK;
}

/* One cell in each row and column: equal partitions. */
static bool is_equal(const table *t)
{
    return t->rows == t->cols && used_cells(t) == t->rows;
}

gedi_status gedi_nmi(const int32_t *truth, int32_t kt, const int32_t *predicted,
                     int32_t kp, int64_t n, double *out, gedi_err *err)
{
    *out = NAN;
    GEDI_TRY(check_count(n, err));
    table t = {.n = n};
    gedi_status s = table_fill(&t, truth, kt, predicted, kp, err);
    if (s == GEDI_OK)
        *out = is_equal(&t) ? 1.0 : mutual_information(&t) / mean_entropy(&t);
    table_clear(&t);
    return s;
}

gedi_status gedi_agree(const int32_t *truth, int32_t kt, const int32_t *predicted,
                       int32_t kp, int64_t n, gedi_agreement *out, gedi_err *err)
{
    *out = (gedi_agreement){NAN, NAN, NAN, NAN};
    GEDI_TRY(check_count(n, err));
    table t = {.n = n};
    gedi_agreement a = {0};
    gedi_status s = table_fill(&t, truth, kt, predicted, kp, err);
    if (s == GEDI_OK)
        s = best_matching(&t, &a.accuracy, err);
    if (s == GEDI_OK) {
        bool equal = is_equal(&t);
        a.ari = equal ? 1.0 : adjusted_rand(&t);
        information(&t, equal, &a);
        *out = a;
    }
    table_clear(&t);
    return s;
}
