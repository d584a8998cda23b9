/* once.c - of the runs of one experiment, which one counts. */
#include "core/sweep/study.h"

#include <string.h>

enum { NONE = -1 };

bool gedi__study_same(const gedi__result *a, const gedi__result *b)
{
    return *a->hash && !strcmp(a->hash, b->hash);
}

int gedi__study_once(const gedi__study *s, int *cell_of)
{
    const gedi__result *all = s->result;
    int left_out = 0;
    for (int i = 0; i < s->results; i++)
        for (int k = 0; k < i && cell_of[i] != NONE; k++) {
            if (cell_of[k] != cell_of[i] || !gedi__study_same(&all[k], &all[i]))
                continue;
            cell_of[all[k].state < all[i].state ? k : i] = NONE;
            left_out++;
        }
    return left_out;
}
