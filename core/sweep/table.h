/* table.h - runs by rows and columns, several in a cell; as Markdown, CSV or LaTeX. */
#ifndef GEDI_SWEEP_TABLE_H
#define GEDI_SWEEP_TABLE_H

#include "core/sweep/stat.h"
#include "core/sweep/study.h"

enum { GEDI__MAX_MARKS = 4, GEDI__MAX_NOTES = 8 };
enum { GEDI__MAX_LINES = GEDI__MAX_MARKS + GEDI__MAX_NOTES + 4 }; /* below a figure */

/* How some of a cell's numbers were made, in their evaluator's words. */
typedef struct gedi__made {
    const char *definition;
    int runs;
    struct gedi__made *next;
} gedi__made;

typedef struct gedi__table_cell {
    int runs;         /* that belong here; what is not there is one of these: */
    int failed;       /* the run failed */
    int left;         /* a search has left the run before its end */
    int blank;        /* the run is finished, but has no such number */
    gedi__numbers of; /* of the runs that are finished and have it */
    int n;     /* numbers that are shown and tested: those, or of success one for each */
    double *x; /* run that ended, 1 or 0; in ascending order */
    bool best; /* of its column, beyond chance */
    double p;  /* that it is as good as the best, Holm's; NAN: not tested */
    int marks[GEDI__MAX_MARKS]; /* runs that show this failure at their end */
    gedi__made *made;           /* the definitions there are, NULL where none is told */
    bool notes[GEDI__MAX_NOTES];
} gedi__table_cell;

typedef struct gedi__table_column {
    const char *path;         /* of its numbers in summary.json */
    int decimals;             /* behind the point; -1: with exponents */
    gedi_direction direction; /* which of them are better */
} gedi__table_column;

/* Cells whose numbers are made otherwise than most of the same path: in which clauses. */
typedef struct gedi__note {
    const char *here, *elsewhere;
    bool partly; /* there is a cell with numbers of both */
} gedi__note;

typedef struct gedi__table {
    const gedi__show *show; /* borrowed */
    int rows, columns;
    const char **row, **column; /* labels */
    gedi__table_column *in;     /* [columns] */
    gedi__table_cell *cell;     /* [rows, columns] */
    const char *over;  /* "seed": names whose labels differ within a cell; "" for none */
    const char *fixed; /* "seed 0": what all runs share and `show` does not name; or "" */
    bool tested;       /* whether differences are beyond chance */
    int twins;         /* runs left out: a cell has another of the same identity */
    const char *mark[GEDI__MAX_MARKS]; /* "cluster collapse"; NULL: no run shows it */
    const char *
        differs; /* what rows and columns differ in besides what they name: lines, of a picture one; or "" */
    const char
        *remarks; /* on runs: without a number, equal, chosen by a search: lines; or "" */
    int notes;
    gedi__note note[GEDI__MAX_NOTES];
    gedi__arena arena;
} gedi__table;

typedef enum gedi__table_format {
    GEDI__MARKDOWN,
    GEDI__CSV,
    GEDI__LATEX
} gedi__table_format;

/* The table of the runs that `show` selects: its rows, columns, value, stat, best, where.
 * An experiment that was added twice, such as a point of two sweeps, counts once in a cell.
 * `show` and the study are borrowed until clear.
 *   Errors: GEDI_USAGE where a name or a label is in no run, or where no finished run has
 *   the value: the message has those there are; GEDI_NOMEM.  */
gedi_status gedi__table_make(gedi__study *s, const gedi__show *show, gedi__table *out,
                             gedi_err *err);
void gedi__table_clear(gedi__table *t);

/* Is result i one that the `where` of `show` wants?
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__table_selects(gedi__study *s, const gedi__show *show, int i, bool *yes);

/* Fills `best`, `p` and `tested`: in each column the best number, and what a permutation test cannot
 * tell from it with 5 % and Holm's correction over the rows; none where it tells none apart.
 * Of medians, ranks are tested; of the least and the largest, nothing.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__table_mark_best(gedi__table *t);

/* Is a large number of column c better? GEDI__BEST_MAX, _MIN or _NONE. */
gedi__best gedi__table_best(const gedi__table *t, int c);

/* The number that a cell shows. */
double gedi__table_shown(const gedi__table *t, const gedi__table_cell *c);

/* What the cell in row r and column c says, without marks: "0.998 ± 0.001", "0.9 (2 of
 * 5)", "failed". */
void gedi__table_cell_text(const gedi__table *t, int r, int c, gedi__text *out);

/* A label in Markdown: nothing in it ends the cell or begins something. */
void gedi__table_label(const char *s, gedi__text *out);
/* What a cell without a number is: "failed", "left", "missing", "no value", "" where nothing
 * belongs. */
const char *gedi__table_word(const gedi__table_cell *c);

/* A number with the decimals of its column. */
void gedi__table_number(const gedi__table *t, int c, double x, gedi__text *out);

/* The signs of a cell's notes, "ᵃ"; note k, "ᵃ by k-means; elsewhere by argmax". */
void gedi__table_signs(const gedi__table *t, int r, int c, gedi__text *out);
void gedi__table_note(const gedi__table *t, int k, gedi__text *out);

/* What mark k, which is there, says, and of how many runs: "cluster collapse, at the end of 2 of 5 runs". */
void gedi__table_mark(const gedi__table *t, int k, gedi__text *out);

/* The marks and signs of row r in column c (-1: of its label), "†ᵃ"; what they and bold mean, each line
 * begun by "\n"; and what the numbers are, as the heading says it. */
void gedi__table_marks(const gedi__table *t, int r, int c, gedi__text *out);
void gedi__table_legend(const gedi__table *t, gedi__text *out);
void gedi__table_caption(const gedi__table *t, gedi__text *out);

/* "mean ± sample standard deviation over seed, 5 runs a cell; dataset moons"; "" where
 * a cell is a run and nothing is the same in all. */
void gedi__table_about(const gedi__table *t, gedi__text *out);

/* A heading, and what the numbers are: Markdown and LaTeX (as a comment) have it. */
void gedi__table_text(const gedi__table *t, gedi__table_format format, gedi__text *out);

struct json_t;
/* Fails: no run has the number `path`; names what is meant, and what there is, as in `summary`.  */
gedi_status gedi__table_no_number(const char *path, const struct json_t *summary,
                                  gedi_err *err);

/* The cell that result i belongs to, of several values the first; -1 for none. */
gedi_status gedi__table_cell_of(gedi__study *s, const gedi__table *t, int i, int *cell);

#endif
