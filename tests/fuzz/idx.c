/* idx.c - fuzz target: the four IDX files of MNIST. The first byte of an input says which of them
 * the rest is; the others are as they should be. */
#include "plugins/dataset/mnist.c"
#include "tests/fuzz/dataset.h"

static const char *const name[] = {
    "mnist/train-images-idx3-ubyte", "mnist/train-labels-idx1-ubyte",
    "mnist/t10k-images-idx3-ubyte", "mnist/t10k-labels-idx1-ubyte"};

/* Two records. */
static void put(int i)
{
    static const uint8_t pixels[16 + 2 * IDX_PIXELS] = {0, 0, 8, 3,  0, 0, 0, 2,
                                                        0, 0, 0, 28, 0, 0, 0, 28};
    static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 7, 9};
    if (i % 2)
        fuzz_file(name[i], labels, sizeof labels);
    else
        fuzz_file(name[i], pixels, sizeof pixels);
}

FUZZ_TARGET(idx)
{
    char root[FUZZ_PATH + 128];
    int which = size > 0 ? data[0] % 4 : 0;
    snprintf(root, sizeof root, "%s", fuzz_subfolder("mnist"));
    for (int i = 0; i < 4; i++)
        put(i);
    fuzz_file(name[which], data + (size > 0), size - (size > 0));
    dataset_open(&gedi_dataset_mnist, root);
    return 0;
}
