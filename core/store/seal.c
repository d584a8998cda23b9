/* seal.c - checksums in a safetensors file: any flipped bit is noticed. */
#include "core/store/seal.h"

#include <string.h>

/* In the text of a string every quote has a backslash, so that this stands nowhere else. */
static char *find(char *head, size_t size)
{
    static const char key[] = "\"" GEDI__SEAL "\":\"";
    const size_t n = sizeof key - 1;
    char *at = memmem(head, size, key, n);
    return at && (size_t)(head + size - at) >= n + GEDI__CHECKSUM ? at + n : NULL;
}

static void compute(char *head, size_t size, char *digits, char sum[GEDI__CHECKSUM + 1])
{
    memcpy(digits, GEDI__SEAL_OPEN, GEDI__CHECKSUM);
    gedi__checksum(head, size, sum);
}

void gedi__seal_close(char *head, size_t size)
{
    char sum[GEDI__CHECKSUM + 1], *digits = find(head, size);
    GEDI_ASSERT(digits);
    compute(head, size, digits, sum);
    memcpy(digits, sum, GEDI__CHECKSUM);
}

gedi_status gedi__seal_check_head(const char *path, char *head, size_t size, bool *sealed,
                                  gedi_err *err)
{
    char sum[GEDI__CHECKSUM + 1], stated[GEDI__CHECKSUM + 1] = "",
                                                          *digits = find(head, size);
    *sealed = digits != NULL;
    if (!digits)
        return GEDI_OK;
    memcpy(stated, digits, GEDI__CHECKSUM);
    compute(head, size, digits, sum);
    if (memcmp(sum, stated, GEDI__CHECKSUM))
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: its header is damaged: the checksum is %s, written was %.16s", path, sum,
            stated);
    return GEDI_OK;
}

gedi_status gedi__seal_check_tensor(const char *path, const gedi__tensor *t,
                                    const char *stated, gedi_err *err)
{
    char sum[GEDI__CHECKSUM + 1];
    gedi__checksum(t->data, t->size, sum);
    if (stated && !strcmp(sum, stated))
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%s: tensor '%.64s' is damaged: its checksum is %s, written was %.16s", path,
        t->name, sum, stated ? stated : "none");
}
