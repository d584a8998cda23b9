/* sources.c - where datasets are published, and the sums of their files.
 *
 * Source:  the pages of the datasets for CIFAR; torchvision.datasets for SVHN, STL-10, MNIST and
 *          Fashion-MNIST, which state sums and a place that serves the files of LeCun's page. Stanford
 *          publishes no sum for Tiny-ImageNet: it is the one that a dozen independent projects check.
 */
#include "core/data/sources.h"

#include "core/base/file.h"

#include <stdlib.h>
#include <string.h>

#define MNIST_FILE(name, sum)                                                            \
    {                                                                                    \
        name "-ubyte.gz", sum                                                            \
    }

const gedi__source gedi__sources[] = {
    {
        .name = "cifar10",
        .brief = "60000 colour images of 32 x 32 in 10 classes (Krizhevsky 2009)",
        .folder = "cifar-10-batches-bin",
        .archive = true,
        .megabytes = 170,
        .base = "https://www.cs.toronto.edu/~kriz",
        .file = {{"cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530"}},
    },
    {
        .name = "cifar100",
        .brief = "60000 colour images of 32 x 32 in 100 classes (Krizhevsky 2009)",
        .folder = "cifar-100-binary",
        .archive = true,
        .megabytes = 169,
        .base = "https://www.cs.toronto.edu/~kriz",
        .file = {{"cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8"}},
    },
    {
        .name = "svhn",
        .brief = "99289 colour images of 32 x 32, digits of house numbers (Netzer et al. "
                 "2011); "
                 "not for commercial use",
        .folder = "svhn",
        .megabytes = 246,
        .base = "http://ufldl.stanford.edu/housenumbers",
        .file = {{"train_32x32.mat", "e26dedcc434d2e4c54c9b2d4a06d8373"},
                 {"test_32x32.mat", "eb5a983be6a315427106f1b164d9cef3"}},
    },
    {
        .name = "svhn_extra",
        .brief = "531131 more, easier images of svhn, for its option `extra'",
        .folder = "svhn",
        .megabytes = 1329,
        .base = "http://ufldl.stanford.edu/housenumbers",
        .file = {{"extra_32x32.mat", "a93ce644f1a588dc4d68dda5feec44a7"}},
    },
    {
        .name = "mnist",
        .brief = "70000 grey images of 28 x 28, handwritten digits (LeCun et al. 1998)",
        .folder = "mnist",
        .megabytes = 12,
        .base = "https://ossci-datasets.s3.amazonaws.com/mnist",
        .file = {MNIST_FILE("train-images-idx3", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                 MNIST_FILE("train-labels-idx1", "d53e105ee54ea40749a09fcbcd1e9432"),
                 MNIST_FILE("t10k-images-idx3", "9fb629c4189551a2d022fa330f9573f3"),
                 MNIST_FILE("t10k-labels-idx1", "ec29112dd5afa0611ce80d1b7f02629c")},
    },
    {
        .name = "fashion_mnist",
        .brief =
            "70000 grey images of 28 x 28, clothes (Xiao et al. 2017); also Debian's "
            "package dataset-fashion-mnist",
        .folder = "fashion-mnist",
        .megabytes = 31,
        .base = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
        .file = {MNIST_FILE("train-images-idx3", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                 MNIST_FILE("train-labels-idx1", "25c81989df183df01b3e8a0aad5dffbe"),
                 MNIST_FILE("t10k-images-idx3", "bef4ecab320f06d8554ea6380940ec79"),
                 MNIST_FILE("t10k-labels-idx1", "bb300cfdad3c16e7a12a480ee83cd310")},
    },
    {
        .name = "stl10",
        .brief =
            "113000 colour images of 96 x 96: 13000 in 10 classes, 100000 unlabelled "
            "(Coates et al. 2011)",
        .folder = "stl10_binary",
        .archive = true,
        .kind = {.file = 2800000000, .all = 3200000000, .entries = 100},
        .megabytes = 2640,
        .base = "http://ai.stanford.edu/~acoates/stl10",
        .file = {{"stl10_binary.tar.gz", "91f7769df0f17e558f3565bffb0c7dfb"}},
    },
    {
        .name = "tiny_imagenet",
        .brief = "110000 colour images of 64 x 64 in 200 classes (Stanford CS231N 2015)",
        .folder = "tiny-imagenet-200",
        .archive = true,
        .kind = {.zip = true, .file = 10000000, .all = 500000000, .entries = 130000},
        .megabytes = 248,
        .base = "http://cs231n.stanford.edu",
        .file = {{"tiny-imagenet-200.zip", "90528d7ca1a48142e341f4ef8d21d0de"}},
    },
    {.name = NULL},
};

char *gedi__source_place(const gedi__source *s, const char *cache, int i)
{
    char *folder = gedi__path_join(cache, s->folder), *file = NULL;
    if (!folder || s->archive)
        return folder;
    file = gedi__path_join(folder, s->file[i].name);
    free(folder);
    return file;
}

bool gedi__source_is_there(const gedi__source *s, const char *cache)
{
    bool all = true;
    for (int i = 0; i < GEDI__MOST_FILES && s->file[i].name; i++) {
        char *place = gedi__source_place(s, cache, i);
        char *end = place ? strrchr(place, '.') : NULL;
        bool there = place && gedi__file_exists(place);
        if (!there && end &&
            !strcmp(end, ".gz")) { /* unpacked by hand: datasets read it, too */
            *end = 0;
            there = gedi__file_exists(place);
        }
        all &= there;
        free(place);
    }
    return all;
}
