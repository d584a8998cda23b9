/* logs.h - logs of runs that were never trained. */
#ifndef GEDI_TESTS_LOGS_H
#define GEDI_TESTS_LOGS_H

#include "study.h"

#include "core/store/metrics.h"

/* A log of `lines` lines, 10 iterations apart, whose term is `first` + i; every other has
 * metrics. */
static inline void put_log_of(const char *hash, const char *term_name, int lines,
                              double first, double optimum)
{
    char name[64];
    FILE *f;
    int64_t kept;
    snprintf(name, sizeof name, "runs/%s/metrics.jsonl", hash);
    ck_assert_msg(!gedi__metrics_open(path_of(name), 0, &f, &kept, &err), "%s", err.msg);
    for (int i = 0; i < lines; i++) {
        gedi__term_value term = {term_name, first + i, optimum, 1};
        gedi__health health = {0.25, NAN, NAN, NAN};
        gedi__validation_value metric[] = {{"clustering", "nmi", 0.1 * i},
                                           {"c", "nmi", 0.2}};
        gedi__schedule_value option = {"optimizer.adam.lr", 1.0 / (i + 1)};
        gedi__progress p = {.iteration = 10 * (i + 1),
                            .total = 10 * lines,
                            .stages = 1,
                            .loss = 7,
                            .learning_rate = 0.125,
                            .term = &term,
                            .terms = 1,
                            .validation = i % 2 ? metric : NULL,
                            .validations = i % 2 ? 2 : 0,
                            .schedule = &option,
                            .schedules = 1,
                            .health = &health};
        ck_assert(!gedi__metrics_write(f, &p, &err));
    }
    fclose(f);
}

static inline void put_log(const char *hash, const char *term_name, int lines,
                           double first)
{
    put_log_of(hash, term_name, lines, first, 0.5);
}

/* Without gnuplot the data and the script are there all the same. */
static inline void write_show(const gedi__show *w)
{
    gedi_status status = gedi__show_write(&s, w, folder, &err);
    if (have_gnuplot())
        ck_assert_msg(!status, "%s", err.msg);
}

#endif
