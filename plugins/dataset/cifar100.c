/* cifar100.c - CIFAR-100: colour images of 32 x 32 in 100 fine or 20 coarse classes.
 *
 * Source:  Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images"
 * Inputs:  `path`: a folder with train.bin and test.bin, of the binary version
 * Output:  records [32, 32, 3], (pixel / 255 - mean) / std; labels 0 .. 99 or 0 .. 19
 * Differs: see cifar.h
 */
#include "plugins/dataset/cifar.h"

enum { CIFAR100_FINE, CIFAR100_COARSE };

typedef struct cifar100 {
    cifar cifar;
    int64_t labels;
} cifar100;

static const gedi_option cifar100_options[] = {
    CIFAR_OPTIONS(cifar100, cifar, "cifar-100-binary", "0.48", "0.27"),
    GEDI_ENUM(cifar100, labels, CIFAR100_FINE, "fine|coarse",
              "100 fine classes or 20 coarse ones"),
    GEDI_END,
};

static const cifar_format cifar100_format = {
    .title = "CIFAR-100",
    .name = "cifar100",
    .folder = "cifar-100-binary",
    .labels = 2,
    .classes = {20, 100},
    .file = {{"train.bin"}, {"test.bin"}},
    .official = {153700000, 30740000},
};

static gedi_status cifar100_open(void *self, const gedi_open *open, gedi_data_info *info,
                                 gedi_err *err)
{
    const cifar100 *o = self;
    /* The coarse label comes first. */
    return cifar_open(self, &cifar100_format, o->labels == CIFAR100_FINE, open, info,
                      err);
}

GEDI_DEFINE(dataset, cifar100) = {
    GEDI_HEAD(dataset, cifar100),
    .brief = "CIFAR-100: colour images of 32 x 32 in 100 fine or 20 coarse classes",
    .cite = "Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images",
    .self_size = sizeof(cifar100),
    .options = cifar100_options,
    .open = cifar100_open,
    .read = cifar_read,
    .close = cifar_close,
    .digest = cifar_digest,
};
