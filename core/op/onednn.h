/* onednn.h - what all that oneDNN computes for us has in common: one thread a call.
 *
 * oneDNN counts threads when a primitive is made and when it runs: one, both times. Ours
 * share the work among them, so that the bytes do not depend on how many there are.
 */
#ifndef GEDI_OP_ONEDNN_H
#define GEDI_OP_ONEDNN_H

#include <dnnl.h>
#include <omp.h>

#define GEDI__ONEDNN_TRY(call)                                                           \
    do {                                                                                 \
        dnnl_status_t status_ = (call);                                                  \
        if (status_ != dnnl_success)                                                     \
            return status_;                                                              \
    } while (0)

/* Returns what to give to end_alone. */
static inline int gedi__onednn_begin_alone(void)
{
    int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    return threads;
}

static inline void gedi__onednn_end_alone(int threads)
{
    omp_set_num_threads(threads);
}

#endif
