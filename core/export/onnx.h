/* onnx.h - the encoder of a trained run as an ONNX model, which other programs run.
 *
 * Source:  onnx/onnx, "IR.md" and onnx.proto; opset 13
 * Inputs:  "records" [N, ...], any N, as gedi's dataset gives them: images [N, H, W, C],
 *          standardised by the metadata "mean" and "std"
 * Output:  "features" [N, D] of the encoder, "embedding" [N, D] of the projector, and, where the
 *          objective has p(y|x), its "logits" [N, K]
 * Differs: images stay [N, H, W, C]; around a convolution they are turned to ONNX's order and
 *          back, which runtimes fold.
 */
#ifndef GEDI_EXPORT_ONNX_H
#define GEDI_EXPORT_ONNX_H

#include "core/evaluate/trained.h"

/* Replaces `path`.
 *   Errors: GEDI_STATE for an operation that ONNX does not have, or an encoder whose operations depend on how
 *   many records come at a time; GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__onnx_write(const gedi__trained *t, const char *run, const char *path,
                             gedi_err *err);

#endif
