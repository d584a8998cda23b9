/* conv_none.c - in place of conv_onednn.c where gedi is built without oneDNN: every
 * convolution is OpenBLAS's.
 */
#include "core/op/conv.h"

gedi_status gedi__onednn_prepare(const gedi__conv *c, gedi__step *s, gedi_err *err)
{
    (void)c, (void)s, (void)err;
    return GEDI_OK;
}

const char *gedi__onednn_version(char *out, size_t n)
{
    (void)out, (void)n;
    return NULL;
}

bool gedi__onednn_likes_blocks(void)
{
    return false;
}
