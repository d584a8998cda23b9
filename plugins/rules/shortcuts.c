/* shortcuts.c - by how many wrong names of the classes the rules hold just as well.
 *
 * Source:  Marconato et al. 2023, "Not all neuro-symbolic concepts are created equal", on reasoning
 *          shortcuts.
 * Inputs:  labels of records, [N, P]
 * Output:  maps of classes to classes that leave every record's answer as it is
 * Differs: they are counted by trying, class by class, and not at all where that would take too long.
 */
#include "plugins/rules/rules.h"

#include <stdlib.h>
#include <string.h>

/* Answers that are asked for, and nodes gone through for them. */
#define MOST_ASKED INT64_C(300000)
#define MOST_NODES INT64_C(3000000000)

typedef struct search {
    rules_judge *judge;
    int64_t parts, classes;
    int32_t *tuple; /* [tuples, parts]: the different ones that have an answer */
    int *answer;    /* [tuples] */
    int64_t tuples;
    bool exchange;                   /* no two classes become one */
    int32_t map[RULES_MOST_CLASSES]; /* of classes 0 .. at */
    bool taken[RULES_MOST_CLASSES];
    int32_t *mapped; /* [parts] */
    int64_t tried, most, found;
} search;

/* Do those tuples whose largest class is `at` keep their answers? */
static bool keeps_answers(search *s, int32_t at)
{
    for (int64_t i = 0; i < s->tuples; i++) {
        const int32_t *from = s->tuple + i * s->parts;
        int32_t largest = 0;
        for (int64_t p = 0; p < s->parts; p++) {
            largest = from[p] > largest ? from[p] : largest;
            s->mapped[p] = from[p] <= at ? s->map[from[p]] : 0;
        }
        if (largest != at)
            continue;
        s->tried++;
        if (rules_judge_ask(s->judge, s->mapped) != s->answer[i])
            return false;
    }
    return true;
}

static void count_from(search *s, int32_t at)
{
    if (at == s->classes) {
        s->found++;
        return;
    }
    for (int32_t to = 0; to < s->classes && s->tried <= s->most; to++) {
        if (s->exchange && s->taken[to])
            continue;
        s->map[at] = to;
        s->tried++;
        if (!keeps_answers(s, at))
            continue;
        s->taken[to] = true;
        count_from(s, at + 1);
        s->taken[to] = false;
    }
}

static size_t tuple_size; /* of qsort, which has no place for it */

static int by_tuple(const void *a, const void *b)
{
    return memcmp(a, b, tuple_size);
}

/* The different tuples of classes that have an answer. */
static void find_tuples(search *s, const int32_t *label, int64_t n)
{
    size_t size = (size_t)s->parts * sizeof *s->tuple;
    int64_t all = 0;
    for (int64_t i = 0; i < n; i++)
        if (rules_all_known(label + i * s->parts, s->parts))
            memcpy(s->tuple + all++ * s->parts, label + i * s->parts, size);
    tuple_size = size;
    qsort(s->tuple, (size_t)all, size, by_tuple);
    for (int64_t i = 0; i < all; i++) {
        const int32_t *from = s->tuple + i * s->parts;
        int32_t *to = s->tuple + s->tuples * s->parts;
        if (s->tuples && !memcmp(from, to - s->parts, size))
            continue;
        memmove(to, from, size);
        s->answer[s->tuples] = rules_judge_ask(s->judge, to);
        s->tuples += s->answer[s->tuples] >= 0;
    }
}

gedi_status rules_shortcuts(rules_judge *j, const int32_t *label, int64_t n,
                            int64_t parts, int64_t classes, int64_t count[2],
                            gedi_err *err)
{
    search s = {.judge = j,
                .parts = parts,
                .classes = classes,
                .most = MOST_NODES / j->of->diagram.nodes};
    s.most = s.most < MOST_ASKED ? s.most : MOST_ASKED;
    s.tuple = malloc(((size_t)(n * parts) + 1) * sizeof *s.tuple);
    s.answer = malloc(((size_t)n + 1) * sizeof *s.answer);
    s.mapped = malloc((size_t)parts * sizeof *s.mapped);
    gedi_status status = GEDI_OK;
    if (s.tuple && s.answer && s.mapped) {
        find_tuples(&s, label, n);
        for (int i = 0; i < 2; i++) {
            s.exchange = i == RULES_EXCHANGES;
            s.tried = s.found = 0;
            count_from(&s, 0);
            count[i] = !s.tuples          ? RULES_NO_RECORD
                       : s.tried > s.most ? RULES_TOO_MANY
                                          : s.found;
        }
    } else {
        status = gedi_no_memory(err, "%lld records", (long long)n);
    }
    free(s.tuple);
    free(s.answer);
    free(s.mapped);
    return status;
}
