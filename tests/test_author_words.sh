#!/bin/sh
# test_author_words.sh - texts and numbers that a plugin gives are refused where they come in, not where
# somebody reads what a finished run has written of them.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
needs_compiler

plugin objective_numbers <<'END'
#include <gedi/gedi.h>

typedef struct numbers { int64_t what, word; } numbers;
static const gedi_option numbers_options[] = {
    GEDI_ENUM(numbers, what, 0, "nothing|optimum|below|weight|infinite|unnamed|input|unused|kind|value|fan", "what is odd"),
    GEDI_ENUM(numbers, word, 0, "yes|no|null|Null|NULL", "a word that YAML may take for another"),
    GEDI_END,
};
static void numbers_loss(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    const numbers *o = self;
    gedi_node *y = gedi_mean_all(gedi_square(v->z[0]));
    gedi_init init = {.kind = o->what == 8 ? (gedi_init_kind)99 : GEDI_INIT_NORMAL,
                      .value = o->what == 9 ? NAN : 1, .fan_in = o->what == 10 ? -5 : 0};
    if (o->what == 6 || o->what == 7) {
        gedi_node *mine = gedi_mean_all(gedi_input(gedi_build_graph(b), "mine", GEDI_DIMS(1)));
        y = o->what == 6 ? gedi_add(y, mine) : y;
    }
    if (o->what > 7)
        y = gedi_add(y, gedi_mean_all(gedi_param(b, "own", GEDI_DIMS(2), init)));
    gedi_term(t, o->what == 5 ? NULL : "size", y, o->what == 3 ? NAN : o->what == 4 ? 1e300 : 1,
              o->what == 1 ? INFINITY : o->what == 2 ? -INFINITY : NAN);
}
GEDI_DEFINE(objective, numbers) = {
    GEDI_HEAD(objective, numbers), .brief = "numbers", .cite = "", .self_size = sizeof(numbers),
    .options = numbers_options, .loss = numbers_loss,
};
END
plugin evaluator_words <<'END'
#include <gedi/gedi.h>

typedef struct words { int64_t what; } words;
static const gedi_option words_options[] = {
    GEDI_ENUM(words, what, 0, "nothing|line|bytes|unnamed|message|infinite", "what is odd"),
    GEDI_END,
};
static const gedi_metric words_metrics[] = {{"half", GEDI_MORE, "", "half of it"}, GEDI_METRICS_END};
static gedi_status words_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    switch (((const words *)self)->what) {
    case 1: gedi_trial_report(t, "half", 0.5, "how\nnew"); break;
    case 2: gedi_trial_report(t, "half", 0.5, "\xff"); break;
    case 3: gedi_trial_report(t, NULL, 0.5, NULL); break;
    case 4: return GEDI_FAIL(err, GEDI_DATA, "two\nlines");
    case 5: gedi_trial_report(t, "half", INFINITY, NULL); break;
    default: gedi_trial_report(t, "half", 0.5, "");
    }
    return GEDI_OK;
}
GEDI_DEFINE(evaluator, words) = {
    GEDI_HEAD(evaluator, words), .brief = "words", .cite = "", .self_size = sizeof(words),
    .options = words_options, .evaluate = words_evaluate, .metrics = words_metrics,
};
END
moons_descriptor words.yaml 'views: [[]]' 'objective: {numbers: {}}' 'evaluate: [words: {}]' \
    'train: {iterations: 4, batch: 20, log_every: 1}' 'plugins: [objective_numbers.so, evaluator_words.so]'

# ---- what is reported ----

for what in line bytes unnamed message infinite; do
    code=1
    [ $what != infinite ] || code=0
    expect $code "a report: $what" "$gedi" run -q words.yaml "evaluate=[words: {what: $what}, clustering: {}]" --out $what
    case $what in
    line) says err "evaluator words: how 'half' is made is no line of text, 'how?new': UTF-8 without control" ;;
    bytes) says err "evaluator words: how 'half' is made is no line of text, '?'" ;;
    unnamed) says err "evaluator words: a metric has no name, but NULL" ;;
    message) says err "evaluator words: two?lines" ;;
    esac
    expect 0 "the run can be read: $what" "$gedi" report $what
    expect 0 "and is whole: $what" "$gedi" check $what
    holds "the other evaluator is kept: $what" grep -q '"nmi"' $what/summary.json
done
holds "what is not finite is null" grep -q '"half": null' infinite/summary.json

# ---- a metric's own words ----

# table TEXT ROW: a plugin whose table has that row is refused so.
table() {
    {
        echo '#include <gedi/gedi.h>'
        echo 'static gedi_status row_evaluate(const void *self, gedi_trial *t, gedi_err *err)'
        echo '{ (void)self, (void)t, (void)err; return GEDI_OK; }'
        printf 'static const gedi_metric row_metrics[] = {{%s}, GEDI_METRICS_END};\n' "$2"
        echo 'GEDI_DEFINE(evaluator, row) = { GEDI_HEAD(evaluator, row), .brief = "row", .cite = "",'
        echo '    .evaluate = row_evaluate, .metrics = row_metrics };'
    } | plugin evaluator_row
    expect 2 "$1" "$gedi" check words.yaml 'plugins=[objective_numbers.so, evaluator_row.so]' 'evaluate=[row: {}]'
    says out "evaluator_row.so: $1"
}
table "the definition of metric 'half' is no line of text: UTF-8" '"half", GEDI_MORE, "", "two\nlines"'
table "the definition of metric 'half' is no line of text: UTF-8" '"half", GEDI_MORE, "", "\xff"'
table "metric 'half' has no definition: add one line" '"half", GEDI_MORE, "", NULL'
table "the unit of metric 'half' is no line of text" '"half", GEDI_MORE, "na\nts", "half of it"'
table "metric 'half' has no unit: add it" '"half", GEDI_MORE, NULL, "half of it"'
table "the name of a metric is no line of text" '"ha\tlf", GEDI_MORE, "", "half of it"'
table "metric 'half': its direction is 9: GEDI_MORE, GEDI_LESS or GEDI_NEITHER is" '"half", (gedi_direction)9, "", "half of it"'

# ---- numbers of a term ----

# term TEXT WHAT
term() {
    expect 2 "a term: $2" "$gedi" check words.yaml objective.numbers.what="$2"
    says out "$1"
}
term "objective numbers: term 'size': its optimum is inf: give NAN where none is known" optimum
term "objective numbers: term 'size': its optimum is -inf: give NAN where none is known" below
term "objective numbers: term 'size': its weight is nan, not a finite number" weight
term "objective numbers: term 'size': its weight is 1e+300, not a finite number" infinite
term "objective numbers: gedi_term: no name is given, but NULL" unnamed

# ---- an input that nobody fills; how a parameter begins ----

term "nothing fills 'mine of objective numbers' (input #" input
expect 0 "which is no harm where nothing is computed of it" "$gedi" check words.yaml objective.numbers.what=unused
term "parameter objective.own: there is no init of kind 99" kind
term "parameter objective.own: the value of its init is nan, not a finite number" value
term "parameter objective.own: its init has a fan_in of -5" fan

# ---- a word that YAML takes for nothing ----

for word in no null Null NULL; do
    expect 0 "word $word" "$gedi" run -q words.yaml "objective.numbers.word='$word'" --out "word-$word"
    expect 0 "is read again: $word" "$gedi" check "word-$word"
    expect 0 "goes on: $word" "$gedi" resume "word-$word" train.iterations=6
    expect 0 "is evaluated: $word" "$gedi" evaluate "word-$word" 'evaluate=[words: {}]'
done
holds "it is quoted where it must be" grep -q 'word: "null"' word-null/descriptor.yaml
holds "and plain where not" grep -q 'word: no$' word-no/descriptor.yaml

# ---- numbers of a dataset and of a sampler ----

plugin dataset_pixels <<'END'
#include <gedi/gedi.h>

typedef struct pixels { int64_t what; } pixels;
static const gedi_option pixels_options[] = {
    GEDI_ENUM(pixels, what, 0, "nothing|mean|far|std|below|wide|least", "what is odd"),
    GEDI_END,
};
static gedi_status pixels_open(void *self, const gedi_open *o, gedi_data_info *info, gedi_err *err)
{
    static const double mean[] = {0.5, NAN, INFINITY, 0.5, 0.5, 0.5, 0.5};
    static const double std[] = {0.25, 0.25, 0.25, NAN, -1, INFINITY, 1e-60};
    const pixels *p = self;
    (void)o, (void)err;
    *info = (gedi_data_info){.record = GEDI_DIMS(4, 4, 1), .count = {40, 20}, .classes = 2,
                             .labelled = {true, true}, .mean = mean[p->what], .std = std[p->what]};
    return GEDI_OK;
}
static gedi_status pixels_read(const void *self, gedi_split split, int64_t i, float *x, int32_t *label,
                               gedi_err *err)
{
    (void)self, (void)split, (void)err;
    for (int k = 0; k < 16; k++)
        x[k] = (float)((i + k) % 7);
    *label = (int32_t)(i % 2);
    return GEDI_OK;
}
static void pixels_close(void *self)
{
    (void)self;
}
GEDI_DEFINE(dataset, pixels) = {
    GEDI_HEAD(dataset, pixels), .brief = "pixels", .cite = "", .self_size = sizeof(pixels),
    .options = pixels_options, .open = pixels_open, .read = pixels_read, .close = pixels_close,
};
END
for of in nothing: mean:nan:0.25 far:inf:0.25 std:0.5:nan below:0.5:-1 wide:0.5:inf least:0.5:1e-60; do
    what=${of%%:*} numbers=${of#*:}
    code=1
    [ "$what" != nothing ] || code=0
    expect $code "pixels: $what" "$gedi" check words.yaml 'plugins=[objective_numbers.so, dataset_pixels.so]' \
        "dataset=pixels: {what: $what}" 'evaluate=[]' 'views=[[random_crop: {padding: 1}]]'
    [ $code -eq 0 ] || says out "dataset pixels: mean ${numbers%:*} and std ${numbers#*:} of its pixels: both are finite"
done

plugin sampler_long <<'END'
#include <gedi/gedi.h>

static void long_chain(const void *self, gedi_chain *c)
{
    (void)self;
    *c = (gedi_chain){.steps = INT64_MAX, .low = -1, .high = 1};
}
static gedi_node *long_step(const void *self, gedi_build *b, gedi_node *x, gedi_node *energy)
{
    (void)self, (void)b, (void)energy;
    return x;
}
GEDI_DEFINE(sampler, long) = {
    GEDI_HEAD(sampler, long), .brief = "long", .cite = "", .chain = long_chain, .step = long_step,
};
END
expect 1 "a chain without an end" "$gedi" check words.yaml 'plugins=[sampler_long.so]' objective=jem \
    'sampler=long' 'views=[[], []]' 'evaluate=[]'
says out "sampler long: its chain() gives 9223372036854775807 steps: 1 to 10000000"

finish
