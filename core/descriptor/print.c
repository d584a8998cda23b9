/* print.c - options of figures: [{clusters: {format: pdf, width: 3.3in}}]. */
#include "core/descriptor/print.h"
#include "core/descriptor/experiment.h"
#include "core/plugin/option.h"

#include <math.h>
#include <string.h>

#define OF_PRINT                                                                         \
    GEDI_ENUM(gedi__print, format, 0, GEDI__PRINT_FORMATS, GEDI__PRINT_FORMAT),          \
        GEDI_TEXT(gedi__print, title, "auto", GEDI__PRINT_TITLE),                        \
        GEDI_TEXT(gedi__print, width, "", GEDI__PRINT_WIDTH)
#define OF_SAMPLES                                                                       \
    GEDI_INT(gedi__print, every, 0, 0, 1e9,                                              \
             "of samples: iterations between two such figures while the run trains; 0: " \
             "only after training")
#define OF_EMBEDDING                                                                     \
    GEDI_ENUM(gedi__print, split, GEDI_TEST, "train|test",                               \
              "of embedding: whose features"),                                           \
        GEDI_ENUM(gedi__print, colour, 0, GEDI__COLOUR_WORDS,                            \
                  "of embedding: what colours a point, its class or its most probable "  \
                  "cluster, which is that of k-means where there is no p(y|x)"),         \
        GEDI_INT(gedi__print, records, 2000, 2, 4000,                                    \
                 "of embedding: at most so many, spread evenly over the split")

const gedi_option gedi__print_options[] = {OF_PRINT, GEDI_END};
static const gedi_option samples_options[] = {OF_PRINT, OF_SAMPLES, GEDI_END};
static const gedi_option embedding_options[] = {OF_PRINT, OF_EMBEDDING, GEDI_END};
const gedi_option gedi__figures_options[] = {OF_PRINT, OF_SAMPLES, OF_EMBEDDING,
                                             GEDI_END};

const gedi_option *gedi__figure_options(const char *figure)
{
    if (!strcmp(figure, "embedding"))
        return embedding_options;
    return strcmp(figure, "samples") ? gedi__print_options : samples_options;
}

int64_t gedi__samples_every(const gedi__experiment *e)
{
    for (int i = 0; i < e->figures; i++)
        if (!strcmp(e->figure[i], "samples"))
            return e->print[i].every;
    return 0;
}

bool gedi__print_is_given(const char *figure, const gedi__print *p)
{
    gedi__print usual = {0};
    (void)gedi__option_defaults(gedi__figure_options(figure), &usual,
                                NULL); /* no lists */
    return p->format || (p->title && strcmp(p->title, "auto")) ||
           (p->width && *p->width) || p->split != usual.split ||
           p->colour != usual.colour || p->records != usual.records || p->every;
}

bool gedi__print_has_width(const char *width)
{
    return !isnan(gedi__text_inches(width));
}
