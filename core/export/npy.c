/* npy.c - an array in NumPy's own format. */
#include "core/export/npy.h"
#include "core/base/file.h"
#include "core/base/text.h"

static const char *const type[] = {
    [GEDI__F32] = "<f4", [GEDI__F64] = "<f8", [GEDI__I32] = "<i4", [GEDI__I64] = "<i8",
    [GEDI__U8] = "|u1",  [GEDI__U32] = "<u4", [GEDI__U64] = "<u8",
};

gedi_status gedi__npy_write(const char *path, const gedi__tensor *x, gedi_err *err)
{
    enum { BEFORE = 10, ALIGN = 64 }; /* magic, version and length */
    gedi__text h = {0};
    gedi__replace r;
    gedi__text_add(&h, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                   type[x->dtype]);
    for (int i = 0; i < x->shape.rank; i++)
        gedi__text_add(&h, "%lld, ", (long long)x->shape.dim[i]);
    gedi__text_add(&h, "), }");
    size_t n = BEFORE + h.len + 1, pad = (ALIGN - n % ALIGN) % ALIGN;
    gedi__text_add(&h, "%*s\n", (int)pad, "");
    gedi_status s =
        h.failed ? gedi_no_memory(err, "%s", path) : gedi__replace_open(&r, path, err);
    if (!s) {
        fwrite("\x93NUMPY\x01", 1, 7, r.f);
        putc(0, r.f);
        putc((int)(h.len & 0xff), r.f);
        putc((int)(h.len >> 8), r.f);
        fwrite(h.s, 1, h.len, r.f);
        if (x->size)
            fwrite(x->data, 1, x->size, r.f);
        s = gedi__replace_commit(&r, err);
    }
    gedi__text_clear(&h);
    return s;
}
