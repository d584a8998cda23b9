/* png.c - fuzz target: a PNG file, as the data set image_folder reads it. */
#include "plugins/dataset/image_folder.c"
#include "tests/fuzz/dataset.h"

FUZZ_TARGET(png)
{
    char root[FUZZ_PATH + 128];
    snprintf(root, sizeof root, "%s", fuzz_subfolder("images"));
    fuzz_subfolder("images/a");
    fuzz_file("images/a/1.png", data, size);
    dataset_open(&gedi_dataset_image_folder, root);
    return 0;
}
