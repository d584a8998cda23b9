/* run_needs.c - whether the figures of a descriptor can be drawn, asked before it is trained.
 *
 * A figure that fails after training has cost the training: whatever it needs of descriptor, data and
 * network is asked for here.
 */
#include "core/report/run_needs.h"
#include "core/report/run_sheet.h"
#include "core/report/run_views.h"

#include <stdio.h>
#include <string.h>

typedef gedi_status check(const char *figure, const gedi__experiment *e,
                          const gedi__shown *of, gedi_err *err);

static gedi_status check_plane(const char *figure, const gedi__experiment *e,
                               const gedi__shown *of, gedi_err *err)
{
    char s[64];
    if (gedi_shape_size(of->info->record) == 2)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "figures: %s needs records of 2 numbers, but those of %s have "
                     "shape %s: leave it out",
                     figure, e->dataset.plugin->name,
                     gedi_shape_text(of->info->record, s, sizeof s));
}

static gedi_status check_images(const char *figure, const gedi__experiment *e,
                                const gedi__shown *of, gedi_err *err)
{
    char s[64];
    if (gedi__is_image(of->info->record))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "figures: %s needs images [H, W, 1] or [H, W, 3], but records of %s "
                     "have shape %s: leave it out",
                     figure, e->dataset.plugin->name,
                     gedi_shape_text(of->info->record, s, sizeof s));
}

static gedi_status check_energy(const char *figure, const gedi__experiment *e,
                                const gedi__shown *of, gedi_err *err)
{
    const gedi__stage *last = &e->stage[e->stages - 1];
    if (gedi__stage_states_energy(last) && !of->null_energy)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "figures: %s needs an energy, but objective %s has none%s: leave it "
                     "out",
                     figure, last->method,
                     of->null_energy ? ", as its .energy gives NULL" : "");
}

static gedi_status check_records(const char *figure, const gedi__experiment *e,
                                 const gedi__shown *of, gedi_split split, gedi_err *err)
{
    bool test = split == GEDI_TEST;
    if (of->info->count[split] > 0)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_DESCRIPTOR,
        "figures: %s needs %s records, but dataset %s has none: leave it out", figure,
        test ? "test" : "training", e->dataset.plugin->name);
}

/* Without p(y|x) clusters are those of k-means of the features, as many as there are classes. */
static gedi_status check_clustered(const char *figure, const gedi__experiment *e,
                                   const gedi__shown *of, gedi_split split, gedi_err *err)
{
    int64_t n = of->info->count[split] * gedi__parts(of->info);
    GEDI_TRY(check_records(figure, e, of, split, err));
    if (of->clusters || (of->info->classes > 0 && n >= of->info->classes))
        return GEDI_OK;
    if (of->info->classes > 0)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "figures: %s: objective %s has no p(y|x), and %lld %s records "
                         "are too few for k-means into %d clusters, one for each class: "
                         "leave it out",
                         figure, e->stage[e->stages - 1].method, (long long)n,
                         split == GEDI_TEST ? "test" : "training", of->info->classes);
    return GEDI_FAIL(
        err, GEDI_DESCRIPTOR,
        "figures: %s: objective %s has no p(y|x), and dataset %s no classes, "
        "of which k-means would take the number: leave it out",
        figure, e->stage[e->stages - 1].method, e->dataset.plugin->name);
}

static gedi_status check_clusters(const char *figure, const gedi__experiment *e,
                                  const gedi__shown *of, gedi_err *err)
{
    GEDI_TRY(check_plane(figure, e, of, err));
    return check_clustered(figure, e, of, GEDI_TEST, err);
}

static gedi_status check_confusion(const char *figure, const gedi__experiment *e,
                                   const gedi__shown *of, gedi_err *err)
{
    const gedi_data_info *info = of->info;
    GEDI_TRY(check_records(figure, e, of, GEDI_TEST, err));
    if (info->classes < 1 || !info->labelled[GEDI_TEST])
        return GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "figures: %s needs test records with a class, but dataset %s has "
            "none: leave it out",
            figure, e->dataset.plugin->name);
    if (info->classes <= GEDI__MOST_CONFUSED && of->clusters <= GEDI__MOST_CONFUSED)
        return check_clustered(figure, e, of, GEDI_TEST, err);
    bool clusters = of->clusters > GEDI__MOST_CONFUSED;
    return GEDI_FAIL(
        err, GEDI_DESCRIPTOR,
        "figures: %s shows at most %d %s, which can still be read, but there "
        "are %lld: leave it out",
        figure, GEDI__MOST_CONFUSED, clusters ? "clusters" : "classes",
        (long long)(clusters ? of->clusters : info->classes));
}

static gedi_status check_embedding(const char *figure, const gedi__experiment *e,
                                   const gedi__shown *of, gedi_err *err)
{
    int i = 0;
    while (strcmp(e->figure[i], figure))
        i++;
    gedi_split split = (gedi_split)e->print[i].split;
    if (!e->print[i].colour)
        return check_records(figure, e, of, split, err);
    return check_clustered("embedding coloured by cluster", e, of, split, err);
}

/* What a view makes of an image is drawn beside it. */
static gedi_status check_views(const char *figure, const gedi__experiment *e,
                               const gedi__shown *of, gedi_err *err)
{
    const gedi__stage *last = &e->stage[e->stages - 1];
    gedi_shape record = of->info->record, shape;
    char is[64], was[64];
    int64_t most;
    GEDI_TRY(check_images(figure, e, of, err));
    for (int v = 0; v < last->views; v++)
        if (gedi__pipeline_shape(&last->view[v], record, &shape, &most, NULL) ==
                GEDI_OK &&
            (shape.rank != 3 || shape.dim[2] != record.dim[2]))
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "figures: %s shows images of the same channels, but view %d "
                             "makes records of shape %s of %s: leave it out",
                             figure, v + 1, gedi_shape_text(shape, is, sizeof is),
                             gedi_shape_text(record, was, sizeof was));
    return GEDI_OK;
}

static gedi_status check_density(const char *figure, const gedi__experiment *e,
                                 const gedi__shown *of, gedi_err *err)
{
    GEDI_TRY(check_plane(figure, e, of, err));
    return check_energy(figure, e, of, err);
}

static gedi_status check_samples(const char *figure, const gedi__experiment *e,
                                 const gedi__shown *of, gedi_err *err)
{
    const gedi__stage *last = &e->stage[e->stages - 1];
    GEDI_TRY(check_energy(figure, e, of, err));
    if (!last->sampler.plugin)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "figures: %s needs a sampler: add one, for example `sampler: "
                         "{sgld: {}}`, or leave it out",
                         figure);
    int64_t every = gedi__samples_every(e), total = gedi__experiment_iterations(e);
    if (total > 0 && every > total)
        return GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "figures: %s: every: %lld is more than the %lld iterations of the "
            "run: make it smaller, or 0",
            figure, (long long)every, (long long)total);
    if (gedi_shape_size(of->info->record) == 2)
        return GEDI_OK;
    return check_images(figure, e, of, err);
}

static gedi_status check_ood(const char *figure, const gedi__experiment *e,
                             const gedi__shown *of, gedi_err *err)
{
    (void)of;
    for (int i = 0; i < e->evaluators; i++)
        if (!strcmp(e->evaluator[i].part.plugin->name, figure))
            return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "figures: %s needs the evaluator of that name: add `%s: {against: "
                     "[DATASET]}` to evaluate, or leave it out",
                     figure, figure);
}

static gedi_status check_schedules(const char *figure, const gedi__experiment *e,
                                   const gedi__shown *of, gedi_err *err)
{
    gedi__scheduled_option o;
    (void)of;
    for (int i = 0; i < e->stages; i++)
        if (gedi__stage_schedule(&e->stage[i], 0, &o))
            return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "figures: %s needs an option that is scheduled, such as `lr: "
                     "{cosine: {from: 0.03, to: 0}}`, but there is none: leave it out",
                     figure);
}

static gedi_status check_validation(const char *figure, const gedi__experiment *e,
                                    const gedi__shown *of, gedi_err *err)
{
    (void)of;
    if (e->validation.every)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "figures: %s needs evaluation while the run trains: set "
                     "validation.every, or leave it out",
                     figure);
}

static gedi_status check_nothing(const char *figure, const gedi__experiment *e,
                                 const gedi__shown *of, gedi_err *err)
{
    (void)figure, (void)e, (void)of, (void)err;
    return GEDI_OK;
}

/* The names are those of run_figures.c. */
static const struct figure {
    const char *name;
    check *check;
} figures[] = {
    {"clusters", check_clusters},     {"confusion", check_confusion},
    {"density", check_density},       {"embedding", check_embedding},
    {"losses", check_nothing},        {"ood", check_ood},
    {"samples", check_samples},       {"schedules", check_schedules},
    {"validation", check_validation}, {"views", check_views},
};

static const struct figure *find(const char *name)
{
    const struct figure *f = figures;
    while (strcmp(f->name, name))
        GEDI_ASSERT(++f < figures + sizeof figures / sizeof *figures);
    return f;
}

void gedi__run_figures_leave_out(gedi__experiment *e, const gedi__shown *of,
                                 void (*say)(void *context, const char *line),
                                 void *context)
{
    int n = 0;
    for (int i = 0; i < e->figures; i++) {
        gedi_err own = {0};
        char line[sizeof own.msg + 32];
        const char *name = e->figure[i];
        if (find(name)->check(name, e, of, &own) == GEDI_OK) {
            e->print[n] = e->print[i];
            e->figure[n++] = name;
            continue;
        }
        snprintf(line, sizeof line, "%s; it is left out here", own.msg);
        say(context, line);
    }
    e->figures = n;
}

gedi_status gedi__run_figure_check(void *context, const gedi__experiment *e,
                                   const char *name, const gedi__shown *of, gedi_err *err)
{
    (void)context;
    return find(name)->check(name, e, of, err);
}

gedi_status gedi__run_figures_check(const gedi__experiment *e, const gedi__shown *of,
                                    gedi_err *err)
{
    for (int i = 0; i < e->figures; i++)
        GEDI_TRY(find(e->figure[i])->check(e->figure[i], e, of, err));
    return GEDI_OK;
}
