/* cifar10.c - CIFAR-10: colour images of 32 x 32 in 10 classes, binary version.
 *
 * Source:  Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images"
 * Inputs:  `path`: a folder with data_batch_{1..5}.bin and test_batch.bin
 * Output:  records [32, 32, 3], (pixel / 255 - mean) / std; labels 0 .. 9
 * Differs: see cifar.h
 */
#include "plugins/dataset/cifar.h"

typedef struct cifar10 {
    cifar cifar;
} cifar10;

static const gedi_option cifar10_options[] = {
    CIFAR_OPTIONS(cifar10, cifar, "cifar-10-batches-bin", "0.48", "0.25"),
    GEDI_END,
};

static const cifar_format cifar10_format = {
    .title = "CIFAR-10",
    .name = "cifar10",
    .folder = "cifar-10-batches-bin",
    .labels = 1,
    .classes = {10},
    .file = {{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
              "data_batch_4.bin", "data_batch_5.bin"},
             {"test_batch.bin"}},
    .official = {30730000, 30730000},
};

static gedi_status cifar10_open(void *self, const gedi_open *open, gedi_data_info *info,
                                gedi_err *err)
{
    return cifar_open(self, &cifar10_format, 0, open, info, err);
}

GEDI_DEFINE(dataset, cifar10) = {
    GEDI_HEAD(dataset, cifar10),
    .brief = "CIFAR-10: colour images of 32 x 32 in 10 classes, binary version",
    .cite = "Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images",
    .self_size = sizeof(cifar10),
    .options = cifar10_options,
    .open = cifar10_open,
    .read = cifar_read,
    .close = cifar_close,
    .digest = cifar_digest,
};
