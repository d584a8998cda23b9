/* npy.c - fuzz target: an array of NumPy, or an archive of them where it begins as one. */
#include "plugins/dataset/npy.c"
#include "tests/fuzz/dataset.h"

FUZZ_TARGET(npy)
{
    static const char *const option[][2] = {
        {"test_x", ""}, {"y", ""}, {"x", "a"}, {"channels", "first"}};
    bool zipped = size > 1 && data[0] == 'P' && data[1] == 'K';
    char root[FUZZ_PATH + 128];
    snprintf(root, sizeof root, "%s", fuzz_subfolder("arrays"));
    fuzz_file(zipped ? "arrays/a.npz" : "arrays/a.npy", data, size);
    if (zipped) /* its arrays are called train_x, train_y and test_x */
        strcat(root, "/a.npz");
    dataset_open_with(&gedi_dataset_npy, root, zipped ? NULL : option,
                      zipped ? 0 : sizeof option / sizeof *option);
    return 0;
}
