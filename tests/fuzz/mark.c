/* mark.c - fuzz target: gedi.json, by which a folder says what it is. */
#include "core/store/folder.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET(mark)
{
    gedi__folder_kind kind = GEDI__FOLDER_OTHER;
    gedi_err err = {0};
    fuzz_file("gedi.json", data, size);
    gedi_status s = gedi__store_kind(fuzz_folder(), &kind, &err);
    (void)gedi__store_require(fuzz_folder(), GEDI__FOLDER_RUN, &err);
    fuzz_must(s == GEDI_OK || *err.msg, "refused without a word", NULL);
    fuzz_must(unlink(fuzz_path("gedi.json")) == 0, "gedi.json", "is gone");
    return 0;
}
