/* panel.c - which figures can be drawn again beside others, and which are put in as pictures. */
#include "core/report/panel.h"
#include "core/report/picture.h"

#include <string.h>

gedi_status gedi__picture_panel(const char *folder, const char *name, gedi__plot *p,
                                gedi_err *err)
{
    int width, height;
    GEDI_TRY(gedi__picture_size(folder, name, ".png", &width, &height, err));
    p->shape = (double)height / width;
    p->picture = true;
    gedi__text_add(&p->chart.script,
                   "set size ratio -1\nset autoscale fix\nunset border\n"
                   "plot name.'.png' binary filetype=png with rgbimage\n");
    return GEDI_OK;
}

gedi__panel_of *gedi__panel_reader(const char *figure)
{
    static const struct {
        const char *figure;
        gedi__panel_of *read;
    } known[] = {
        {"clusters", gedi__clusters_panel}, {"confusion", gedi__confusion_panel},
        {"density", gedi__density_panel},   {"embedding", gedi__embedding_panel},
        {"ood", gedi__histograms_panel},    {"samples", gedi__samples_panel},
        {"views", gedi__images_panel},
    };
    const char *slash = strrchr(figure, '/');
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(slash ? slash + 1 : figure, known[i].figure))
            return known[i].read;
    return gedi__picture_panel;
}

bool gedi__panel_path(const char *path)
{
    char word[256];
    for (const char *at = path;; at++) {
        size_t n = strcspn(at, "/");
        if (n >= sizeof word)
            return false;
        memcpy(word, at, n);
        word[n] = 0;
        if (strcmp(word, "..") && !gedi__text_is_name(word))
            return false;
        at += n;
        if (!*at)
            return true;
    }
}
