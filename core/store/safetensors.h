/* safetensors.h - named tensors in one file, in the format that other tools read.
 *
 * Source:  huggingface/safetensors, "Format": the length of the header (8 bytes, little
 *          endian), a JSON header {name: {dtype, shape, data_offsets: [begin, end]}, ...,
 *          __metadata__: {text: text}}, then the raw little-endian numbers without gaps.
 *          A sealed file has in __metadata__ "checksum <name>" of the bytes of each tensor, and
 *          "checksum" of all before the data, computed with that one's digits as zeros. Where they
 *          are there they are checked; other programs' files have none.
 * Differs: the header is padded to 8 bytes, and tensors stay in the order given (the
 *          reference sorts them by dtype); both are legal, and equal tensors give equal
 *          bytes. At most GEDI_MAX_RANK dimensions; no half precision and no booleans.
 */
#ifndef GEDI_STORE_SAFETENSORS_H
#define GEDI_STORE_SAFETENSORS_H

#include "core/store/folder.h"
#include "gedi/tensor.h"

typedef enum gedi__dtype {
    GEDI__F32,
    GEDI__F64,
    GEDI__I32,
    GEDI__I64,
    GEDI__U8,
    GEDI__U32,
    GEDI__U64,
    GEDI__OTHER, /* of a file that was read by gedi__tensors_read_foreign: bytes */
} gedi__dtype;

size_t gedi__dtype_size(gedi__dtype d);      /* bytes of one number */
const char *gedi__dtype_name(gedi__dtype d); /* "F32" */

typedef struct gedi__tensor {
    const char *name;
    gedi__dtype dtype;
    gedi_shape shape;
    const void *data; /* aligned for its type; never NULL in a file that was read */
    size_t size;      /* bytes */
} gedi__tensor;

/* ---- writing ---- */

typedef struct gedi__tensors_writer gedi__tensors_writer;

/* Begins a file that replaces `path` at commit, and not before. */
gedi_status gedi__tensors_write_open(const char *path, gedi__tensors_writer **out,
                                     gedi_err *err);

/* The writer keeps the first error for commit, so that calls need no checks. `name` is
 * copied, `data` is borrowed until commit. */
void gedi__tensors_write_add(gedi__tensors_writer *w, const char *name, gedi__dtype dtype,
                             gedi_shape shape, const void *data);
void gedi__tensors_write_meta(gedi__tensors_writer *w, const char *key,
                              const char *value);

/* Writes checksums as well, so that any damage is noticed, and the version of the schema. */
void gedi__tensors_write_seal(gedi__tensors_writer *w, gedi__store_file schema);
/* Keeps the file that is replaced under this name. */
void gedi__tensors_write_keep(gedi__tensors_writer *w, const char *old);

/* Writes everything, replaces the file, frees `w` in any case.
 *   Errors: GEDI_USAGE for a name given twice, reserved or not UTF-8; GEDI_IO (the old
 *   file is kept), GEDI_NOMEM.  */
gedi_status gedi__tensors_write_commit(gedi__tensors_writer *w, gedi_err *err);
void gedi__tensors_write_abandon(gedi__tensors_writer *w); /* legal for NULL */

/* ---- reading ---- */

typedef struct gedi__tensors gedi__tensors;

/* The whole file, checked before anything of it is handed out.
 *   Errors: GEDI_IO, GEDI_NOMEM; GEDI_DATA where it is not a whole, consistent file:
 *   the message says what was expected and what was found.  */
gedi_status gedi__tensors_read(const char *path, gedi__tensors **out, gedi_err *err);
/* The same for a file of another program: tensors of types that are not above, or of more dimensions,
 * are GEDI__OTHER, [bytes]. */
gedi_status gedi__tensors_read_foreign(const char *path, gedi__tensors **out,
                                       gedi_err *err);
/* The same as the first for a file that must be sealed, of this schema.
 *   Errors: GEDI_DATA where it lacks its checksums; GEDI_STATE where it has another schema.  */
gedi_status gedi__tensors_read_sealed(const char *path, gedi__store_file schema,
                                      gedi__tensors **out, gedi_err *err);
/* The header of such a file alone, whose metadata can be asked for: no tensor is there, and damage to
 * their numbers is not noticed.
 *   Errors: as gedi__tensors_read_sealed.  */
gedi_status gedi__tensors_read_head(const char *path, gedi__store_file schema,
                                    gedi__tensors **out, gedi_err *err);
void gedi__tensors_free(gedi__tensors *t); /* legal for NULL */

int gedi__tensors_count(const gedi__tensors *t);
const gedi__tensor *gedi__tensors_at(const gedi__tensors *t, int i); /* in file order */
const gedi__tensor *gedi__tensors_find(const gedi__tensors *t, const char *name);
const char *gedi__tensors_meta(const gedi__tensors *t, const char *key); /* or NULL */

/* The numbers of the tensor that must be there with this type and shape.
 *   Errors: GEDI_DATA, naming the file, the tensor, what was expected and found.  */
gedi_status gedi__tensors_get(const gedi__tensors *t, const char *name, gedi__dtype dtype,
                              gedi_shape shape, const void **data, gedi_err *err);

#endif
