/* mat.c - fuzz target: a MATLAB file, as the data set svhn reads it. */
#include "plugins/dataset/svhn.c"
#include "tests/fuzz/dataset.h"

FUZZ_TARGET(mat)
{
    char root[FUZZ_PATH + 128];
    snprintf(root, sizeof root, "%s", fuzz_subfolder("svhn"));
    fuzz_file("svhn/train_32x32.mat", data, size);
    fuzz_file("svhn/test_32x32.mat", data, size);
    dataset_open(&gedi_dataset_svhn, root);
    return 0;
}
