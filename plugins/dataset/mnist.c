/* mnist.c - MNIST and whatever has its format: IDX files, raw or gzip.
 *
 * Source:  LeCun, Cortes & Burges, "The MNIST database"
 * Inputs:  `path`: a folder with {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte,
 *          also as .gz and with a dot before idx.
 * Output:  records [28, 28, 1] or [32, 32, 3], see mnist.h; labels 0 .. 9, or 0 .. classes - 1. Labels
 *          that begin at 1, as those of EMNIST's letters, are one less
 * Differs: see idx.h
 */
#include "plugins/dataset/mnist.h"

static const gedi_option mnist_options[] = {
    MNIST_OPTIONS("mnist in the cache folder", "0.131, 0.1 as 32x32x3",
                  "0.308, 0.28 as 32x32x3"),
    GEDI_INT(mnist, classes, MNIST_CLASSES, 0, MNIST_MOST_CLASSES,
             "number of classes, of labels that begin at 0 or 1; 0: the labels' largest "
             "says it"),
    GEDI_END,
};

static gedi_status mnist_open(void *self, const gedi_open *open, gedi_data_info *info,
                              gedi_err *err)
{
    mnist *o = self;
    gedi_data_place place = {.name = "mnist",
                             .folder = "mnist",
                             .path = o->path,
                             .directory = open->directory};
    return mnist_open_at(
        o, &place, "; of other than 10 classes? set classes, or classes: 0 to find it",
        info, err);
}

GEDI_DEFINE(dataset, mnist) = {
    GEDI_HEAD(dataset, mnist),
    .brief = "MNIST and its like: grey images of 28 x 28 in IDX files, raw or gzip",
    .cite = "LeCun, Cortes & Burges, The MNIST database",
    .self_size = sizeof(mnist),
    .options = mnist_options,
    .open = mnist_open,
    .read = mnist_read,
    .close = mnist_close,
    .digest = mnist_digest,
};
