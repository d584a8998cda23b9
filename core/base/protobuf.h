/* protobuf.h - writing messages of Protocol Buffers, the bytes of ONNX models and TensorBoard events.
 *
 * Source:  protobuf.dev, "Encoding": each field is its number and wire type, then its value
 * Differs: there is no description of a message: a writer names the numbers of its fields.
 *          Nothing here reads.
 */
#ifndef GEDI_BASE_PROTOBUF_H
#define GEDI_BASE_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialised is empty and legal. After a failed allocation `failed` stays true and
 * everything else is ignored: check once, at the end. */
typedef struct gedi__message {
    unsigned char *s;
    size_t len, size;
    bool failed;
} gedi__message;

void gedi__message_integer(gedi__message *m, int field,
                           int64_t x); /* also of enums and bool */
void gedi__message_float(gedi__message *m, int field, float x);
void gedi__message_double(gedi__message *m, int field, double x);
void gedi__message_bytes(gedi__message *m, int field, const void *data, size_t n);
void gedi__message_text(gedi__message *m, int field, const char *s);
/* A message within: `inner` is cleared. */
void gedi__message_take(gedi__message *m, int field, gedi__message *inner);
void gedi__message_clear(gedi__message *m);

#endif
