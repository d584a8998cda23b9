/* safetensors.c - fuzz target: tensors by their names, sealed or not. The weights of Inception come
 * so, too. */
#include "core/store/safetensors.h"
#include "tests/fuzz/fuzz.h"

/* All bytes of all tensors are there. */
static unsigned sum_of(const gedi__tensors *t)
{
    unsigned sum = 0;
    for (int i = 0; i < gedi__tensors_count(t); i++) {
        const gedi__tensor *x = gedi__tensors_at(t, i);
        const unsigned char *b = x->data;
        const void *again = NULL;
        for (size_t k = 0; k < x->size; k++)
            sum ^= b[k];
        fuzz_must(gedi__tensors_get(t, x->name, x->dtype, x->shape, &again, NULL) ==
                      GEDI_OK,
                  "not found again:", x->name);
        (void)gedi__tensors_meta(t, x->name);
    }
    return sum;
}

FUZZ_TARGET(safetensors)
{
    static volatile unsigned sink; /* else nothing would be read */
    gedi__tensors *t = NULL;
    gedi_err err = {0};
    const char *path = fuzz_file("weights.safetensors", data, size);
    if (gedi__tensors_read(path, &t, &err) == GEDI_OK)
        sink = sum_of(t);
    (void)sink;
    gedi__tensors_free(t);
    t = NULL;
    gedi_status whole = gedi__tensors_read_sealed(path, GEDI__FILE_CHECKPOINT, &t, &err);
    gedi__tensors_free(t);
    gedi_status head = gedi__tensors_read_head(path, GEDI__FILE_CHECKPOINT, &t, &err);
    fuzz_must(head == GEDI_OK || whole != GEDI_OK, "refused alone:", err.msg);
    gedi__tensors_free(t);
    return 0;
}
