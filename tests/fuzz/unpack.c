/* unpack.c - fuzz target: an archive that was downloaded. It is part of the command, not of the
 * library. */
#include "core/data/unpack.c"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET(unpack)
{
    gedi_err err = {0};
    const char *target = fuzz_path("data/set"), *parent = fuzz_subfolder("data");
    gedi__archive kind = {.zip = size > 1 && data[0] == 'P' && data[1] == 'K'};
    gedi_status s =
        gedi__unpack(fuzz_file("archive", data, size), parent, "set", &kind, &err);
    fuzz_must(s == GEDI_OK || *err.msg, "refused without a word", NULL);
    fuzz_must(gedi__folder_remove(target) == 0, target, "cannot be removed");
    fuzz_must(rmdir(parent) == 0, parent, "something was left in it");
    return 0;
}
