/* mnist_tuples.c - records of several digits: any, or such as rules hold of.
 *
 * Source:  Manhaeve et al. 2018, "DeepProbLog", section 6.1, for pairs; LeCun, Cortes & Burges, "The MNIST
 *          database"
 * Inputs:  `path`: a folder with MNIST, see mnist.c; a file of rules, or none
 * Output:  records of P parts; labels: the place in `digits` of each part's. Without rules every image is
 *          once in a record, in random order; with them the digits of a record are drawn uniformly from
 *          those of which the query holds, times its probability where there is chance in the rules, and
 *          every image is used once at most.
 * Differs: digits that are drawn and of which no image is left are drawn again, so the last records
 *          lean towards digits that are used less.
 */
#include "plugins/dataset/tuples.h"
#include "plugins/rules/rules.h"

enum { TUPLES_MOST_PARTS = 100, TUPLES_TRIES = 1000 };

typedef struct mnist_tuples {
    tuples tuples;
    int64_t parts;
    int64_t examples, test;
    gedi_ints digits;
    const char *rules, *query;
} mnist_tuples;

static const gedi_option mnist_tuples_options[] = {
    GEDI_INT(mnist_tuples, parts, 2, 1, TUPLES_MOST_PARTS, "images of a record"),
    GEDI_INT(mnist_tuples, examples, 0, 0, 60000,
             "training records; 0: as many as there are images for"),
    GEDI_INT(mnist_tuples, test, 0, 0, 60000, "the same of test records"),
    GEDI_INTS(mnist_tuples, digits, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9", 0, 9,
              "the digits that are used, in the order of their classes"),
    GEDI_FILE(mnist_tuples, rules,
              "file of rules, in ProbLog's syntax; empty: any digits"),
    GEDI_TEXT(
        mnist_tuples, query, "",
        "what holds of a record, such as sorted(x1, x2, x3); empty: the file's own query(...)"),
    GEDI_TEXT_AT(mnist_tuples, tuples.mnist.path, "path", "",
                 "folder of the IDX files, raw or .gz; empty: mnist in the cache folder"),
    GEDI_ENUM_AT(mnist_tuples, tuples.mnist.shape, "shape", MNIST_GREY, "28x28x1|32x32x3",
                 "as they are, or in three channels with a border of 2 pixels"),
    IMAGES_OPTIONS(mnist_tuples, tuples.mnist.images, IMAGES_ARE("0.131, 0.1 as 32x32x3"),
                   IMAGES_ARE("0.308, 0.28 as 32x32x3")),
    GEDI_END,
};

static gedi_status mnist_tuples_check(const void *self, gedi_err *err)
{
    const mnist_tuples *o = self;
    bool seen[TUPLES_DIGITS] = {false};
    if (o->digits.n < 2)
        return GEDI_FAIL(err, GEDI_OPTION, "digits: at least two are needed");
    for (int64_t i = 0; i < o->digits.n; i++) {
        if (seen[o->digits.v[i]])
            return GEDI_FAIL(err, GEDI_OPTION, "digits: %lld is there twice",
                             (long long)o->digits.v[i]);
        seen[o->digits.v[i]] = true;
    }
    return GEDI_OK;
}

/* What is drawn from: every class alike, chance as the rules have it. */
typedef struct deck {
    rules of;
    double **log_p;
    int *value; /* [variables] */
} deck;

static void deck_clear(deck *d)
{
    rules_close(&d->of);
    free(d->log_p);
    free(d->value);
}

static gedi_status deck_open(const mnist_tuples *o, const char *directory, deck *d,
                             gedi_err *err)
{
    *d = (deck){0};
    gedi_status s = rules_open(directory, o->rules, o->query, o->digits.n, &d->of, err);
    if (s) /* not the descriptor's, as a batch that is too large for the data */
        return s == GEDI_DESCRIPTOR ? GEDI_OPTION : s;
    const rules_program *p = &d->of.program;
    if (d->of.parts > o->parts)
        return GEDI_FAIL(err, GEDI_OPTION, "parts: %lld, but the query speaks of x%d",
                         (long long)o->parts, d->of.parts);
    if (p->roots > 1)
        return GEDI_FAIL(
            err, GEDI_OPTION,
            "query: it has a variable, so it does not say what is to hold: without "
            "rules, records are of any digits");
    d->log_p = rules_chances(p, err);
    d->value = malloc((size_t)p->variables * sizeof *d->value);
    if (!d->log_p)
        return GEDI_NOMEM;
    return d->value ? GEDI_OK : gedi_no_memory(err, "records by rules");
}

/* The digits of a record; a part that the query does not speak of may be any. */
static gedi_status deck_draw(const mnist_tuples *o, deck *d, gedi_rng *rng, int *digit,
                             gedi_err *err)
{
    const rules_program *p = &d->of.program;
    for (int64_t i = 0; i < o->parts; i++)
        digit[i] = (int)o->digits.v[gedi_rng_below(rng, (uint64_t)o->digits.n)];
    GEDI_TRY(rules_draw(p, &d->of.diagram, 0, (const double *const *)d->log_p, rng,
                        d->value, err));
    for (int v = 0; v < p->variables; v++)
        if (p->variable[v].net)
            digit[rules_part(&p->variable[v]) - 1] = (int)o->digits.v[d->value[v]];
    return GEDI_OK;
}

static gedi_status mnist_tuples_draw(mnist_tuples *o, deck *d, gedi_split split,
                                     int64_t most, tuples_pile *pile, gedi_rng *rng,
                                     gedi_err *err)
{
    int digit[TUPLES_MOST_PARTS];
    for (int tries = 0; o->tuples.count[split] < most && tries < TUPLES_TRIES; tries++) {
        GEDI_TRY(deck_draw(o, d, rng, digit, err));
        if (!tuples_enough(pile, digit, o->parts))
            continue;
        tuples_add(&o->tuples, split, pile, digit);
        tries = 0;
    }
    return GEDI_OK;
}

static gedi_status mnist_tuples_split(mnist_tuples *o, deck *d, gedi_split split,
                                      uint64_t seed, gedi_err *err)
{
    tuples_pile pile;
    tuples *t = &o->tuples;
    int64_t asked = split == GEDI_TRAIN ? o->examples : o->test,
            most = t->mnist.images.count[split] / t->parts;
    gedi_rng rng = gedi_rng_at(seed, GEDI_STREAM_DATA, (uint64_t)split, 0);
    most = asked && asked < most ? asked : most;
    gedi_status s = tuples_pile_up(&t->mnist.images, split, &rng, &pile, err);
    if (s == GEDI_OK)
        s = tuples_reserve(t, split, most, err);
    if (s == GEDI_OK && d)
        s = mnist_tuples_draw(o, d, split, most, &pile, &rng, err);
    else if (s == GEDI_OK)
        s = tuples_add_rest(t, split, &pile, most, &rng, err);
    if (s == GEDI_OK && t->count[split] < (asked ? asked : 1))
        s = GEDI_FAIL(err, GEDI_OPTION,
                      "%s: %lld, but there are images for no more than %lld",
                      split == GEDI_TRAIN ? "examples" : "test", (long long)asked,
                      (long long)t->count[split]);
    free(pile.image);
    return s;
}

static void mnist_tuples_close(void *self)
{
    mnist_tuples *o = self;
    tuples_close(&o->tuples);
}

static gedi_status mnist_tuples_open(void *self, const gedi_open *open,
                                     gedi_data_info *info, gedi_err *err)
{
    mnist_tuples *o = self;
    deck d = {0};
    o->tuples.parts = o->parts;
    for (int i = 0; i < TUPLES_DIGITS; i++)
        o->tuples.class[i] = -1;
    for (int64_t i = 0; i < o->digits.n; i++)
        o->tuples.class[o->digits.v[i]] = (int32_t)i;
    if (*o->query && !*o->rules)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "query: of which rules? name their file, rules: FILE");
    GEDI_TRY(tuples_open_images(&o->tuples, open, info, err));
    gedi_status s = *o->rules ? deck_open(o, open->directory, &d, err) : GEDI_OK;
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++)
        s = mnist_tuples_split(o, *o->rules ? &d : NULL, (gedi_split)k, open->seed, err);
    deck_clear(&d);
    if (s)
        mnist_tuples_close(o);
    else
        tuples_ready(&o->tuples, (int32_t)o->digits.n, info);
    return s;
}

static gedi_status mnist_tuples_read(const void *self, gedi_split split, int64_t i,
                                     float *x, int32_t *label, gedi_err *err)
{
    const mnist_tuples *o = self;
    return tuples_read(&o->tuples, split, i, x, label, err);
}

static void mnist_tuples_digest(const void *self, gedi_digest *s)
{
    images_digest(&((const mnist_tuples *)self)->tuples.mnist.images, s);
}

GEDI_DEFINE(dataset, mnist_tuples) = {
    GEDI_HEAD(dataset, mnist_tuples),
    .brief = "records of several digits of MNIST: any, or such as rules hold of",
    .cite =
        "Manhaeve et al. 2018, section 6.1; LeCun, Cortes & Burges, The MNIST database",
    .self_size = sizeof(mnist_tuples),
    .options = mnist_tuples_options,
    .check = mnist_tuples_check,
    .open = mnist_tuples_open,
    .read = mnist_tuples_read,
    .close = mnist_tuples_close,
    .digest = mnist_tuples_digest,
};
