/* shown.h - what figures are drawn of, as far as it is known before anything is trained. */
#ifndef GEDI_EVALUATE_SHOWN_H
#define GEDI_EVALUATE_SHOWN_H

#include "core/network/network.h"

typedef struct gedi__shown {
    const gedi_data_info *info; /* of the dataset */
    int64_t clusters; /* K of p(y|x), 0 without; -1: not known, as there is no network */
    bool null_energy; /* the objective's .energy gives NULL; not known: false */
} gedi__shown;

static inline gedi__shown gedi__shown_of(const gedi__network *net)
{
    return (gedi__shown){&net->info, net->clusters, net->energy_of && !net->has_energy};
}

#endif
