/* fashion_mnist.c - Fashion-MNIST: clothes in the place of digits.
 *
 * Source:  Xiao et al. 2017, "Fashion-MNIST": the files of MNIST with other images
 * Inputs:  `path`: a folder as of mnist.c; else the cache, or Debian's dataset-fashion-mnist
 * Output:  records [28, 28, 1] or [32, 32, 3], see mnist.h; labels 0 .. 9
 * Differs: see idx.h
 */
#include "plugins/dataset/mnist.h"

static const gedi_option fashion_mnist_options[] = {
    MNIST_OPTIONS("fashion-mnist in the cache folder, or Debian's",
                  "0.286, 0.219 as 32x32x3", "0.353, 0.332 as 32x32x3"),
    GEDI_END,
};

static gedi_status fashion_mnist_open(void *self, const gedi_open *open,
                                      gedi_data_info *info, gedi_err *err)
{
    mnist *o = self;
    gedi_data_place place = {.name = "fashion_mnist",
                             .folder = "fashion-mnist",
                             .package = "dataset-fashion-mnist",
                             .path = o->path,
                             .directory = open->directory};
    o->classes = MNIST_CLASSES;
    return mnist_open_at(o, &place, "", info, err);
}

GEDI_DEFINE(dataset, fashion_mnist) = {
    GEDI_HEAD(dataset, fashion_mnist),
    .brief = "Fashion-MNIST: grey images of clothes, 28 x 28, in 10 classes",
    .cite = "Xiao et al. 2017, Fashion-MNIST",
    .self_size = sizeof(mnist),
    .options = fashion_mnist_options,
    .open = fashion_mnist_open,
    .read = mnist_read,
    .close = mnist_close,
    .digest = mnist_digest,
};
