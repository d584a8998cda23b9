/* cifar.c - fuzz target: a batch of CIFAR-10, which stands for all six. */
#include "plugins/dataset/cifar10.c"
#include "tests/fuzz/dataset.h"

FUZZ_TARGET(cifar)
{
    static const char *const name[] = {"cifar/data_batch_1.bin", "cifar/data_batch_2.bin",
                                       "cifar/data_batch_3.bin", "cifar/data_batch_4.bin",
                                       "cifar/data_batch_5.bin", "cifar/test_batch.bin"};
    char root[FUZZ_PATH + 128];
    snprintf(root, sizeof root, "%s", fuzz_subfolder("cifar"));
    for (int i = 0; i < 6; i++)
        fuzz_file(name[i], data, size);
    dataset_open(&gedi_dataset_cifar10, root);
    return 0;
}
