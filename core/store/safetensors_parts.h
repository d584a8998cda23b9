/* safetensors_parts.h - a file of tensors from within, as it is read. */
#ifndef GEDI_STORE_SAFETENSORS_PARTS_H
#define GEDI_STORE_SAFETENSORS_PARTS_H

#include "core/store/safetensors.h"

struct json_t;

struct gedi__tensors {
    char *path;
    char *file;            /* all of it */
    struct json_t *header; /* owns names and metadata */
    gedi__tensor *tensor;
    void **copy; /* of tensors that lie unaligned in the file; else NULL */
    int n;
    bool sealed;  /* it has checksums, and they fit */
    bool foreign; /* it may have tensors of types that are unknown here */
};

/* One tensor's claim on the data. */
typedef struct gedi__claim {
    size_t begin, end;
    const char *name;
    int tensor; /* index */
} gedi__claim;

/* A file of which nothing is known but its path. gedi__tensors_free() it.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__tensors_begin(const char *path, gedi__tensors **out, gedi_err *err);
/* Takes from the beginning of the file, which has `size` bytes in all, what it states; checks that every
 * byte belongs to one tensor. *start is where the data begin, *c which part each tensor has; free() it.
 *   Errors: GEDI_DATA, GEDI_NOMEM.  */
gedi_status gedi__tensors_take_head(gedi__tensors *t, size_t size, size_t *start,
                                    gedi__claim **c, gedi_err *err);
/* Is the file sealed, and of that schema?
 *   Errors: as gedi__tensors_read_sealed.  */
gedi_status gedi__tensors_check_sealed(const gedi__tensors *t, gedi__store_file schema,
                                       gedi_err *err);

#endif
