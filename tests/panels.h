/* panels.h - runs whose figures can stand side by side; none is trained. */
#ifndef GEDI_TESTS_PANELS_H
#define GEDI_TESTS_PANELS_H

#include "core/report/figure.h"
#include "tests/report.h"

#include <math.h>

/* Where gnuplot is missing the tables are there all the same. */
static inline void expect_tables(gedi_status s)
{
    bool kept = s == GEDI_IO && strstr(err.msg, "its data and script are kept");
    ck_assert_msg(!s || kept, "%s", err.msg);
}

static const float points[] = {-1, -1, 1, -1, -1, 1, 1, 1};
static const int32_t in[] = {0, 0, 1, 1}, cells[] = {0, 1, 0, 1, 1, 0};

/* One figure of a plane, and one of several plots, below runs/NAME. */
static inline void draw_runs(const char *name)
{
    char where[64];
    static const int64_t iteration[] = {1, 2};
    static const double value[] = {2, 1};
    const gedi__series term = {"inv", 0, value, NULL};
    gedi__figure_clusters f = {.clusters = 2,
                               .n = 4,
                               .points = points,
                               .cluster = in,
                               .grid = {3, 2, -2, 2, -1, 1},
                               .region = cells,
                               .nmi = NAN};
    gedi__figure_losses g = {.n = 2, .iteration = iteration, .terms = 1, .term = &term};
    snprintf(where, sizeof where, "%s/runs/%s", folder, name);
    expect_tables(gedi__draw_clusters(where, "clusters", &f, &err));
    expect_tables(gedi__draw_losses(where, "losses", &g, &err));
}

static const float samples[] = {0, 0, 1, 1};

/* The other figures that have one plot, below runs/NAME. */
static inline void draw_others(const char *name)
{
    char where[64];
    static const double height[] = {4, 5, 6, 7, 6, NAN};
    static float x[3 * 2 * 2 * 2];
    static const gedi__image_rows group[] = {{"a", NULL, 1}, {"b", "note", 2}};
    gedi__figure_density d = {
        .grid = {3, 2, -2, 2, -1, 1}, .log_density = height, .n = 4, .points = points};
    gedi__figure_samples s = {.n = 2, .samples = samples, .data = 4, .points = points};
    gedi__figure_images i = {.x = x,
                             .high = 2,
                             .wide = 2,
                             .channels = 1,
                             .columns = 2,
                             .white = 1,
                             .groups = 2,
                             .group = group};
    snprintf(where, sizeof where, "%s/runs/%s", folder, name);
    expect_tables(gedi__draw_density(where, "density", &d, &err));
    expect_tables(gedi__draw_samples(where, "samples", &s, &err));
    expect_tables(gedi__draw_images(where, "views", &i, &err));
}

/* Of two classes in three clusters, as a run leaves it, and scores of two kinds. */
static inline void draw_tables(const char *name)
{
    char where[64];
    static const char *const label[] = {"2", "0", "1"}, *const of[] = {"0", "1"};
    static const char *const word[] = {"1", "0", "3", "12", "0", "4"};
    static const double share[] = {0.25, 0, 0.75, 0.75, 0, 0.25};
    static const float x[] = {1, 2, 2, 3, 1e6f}, y[] = {-1, 0, 0, 1};
    static const gedi__sample_series first[] = {{"the run's data", 5, x},
                                                {"svhn: AUROC 0.875", 4, y}},
                                     second[] = {{"svhn: AUROC 0.250", 4, y}};
    static const gedi__histogram_panel panel[] = {{"log p(x) + const", 2, first},
                                                  {"-log10 |d|", 1, second}};
    gedi__figure_heatmap c = {.x_name = "class",
                              .y_name = "cluster",
                              .nx = 2,
                              .ny = 3,
                              .x_label = of,
                              .y_label = label,
                              .value = share,
                              .text = word,
                              .high = 1};
    gedi__figure_histograms h = {.panels = 2, .panel = panel};
    snprintf(where, sizeof where, "%s/runs/%s", folder, name);
    expect_tables(gedi__draw_heatmap(where, "confusion", &c, &err));
    expect_tables(gedi__draw_histograms(where, "ood", &h, &err));
}

#endif
