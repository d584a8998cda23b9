/* imports.c - fuzz target: the ELF file of a plugin, read before anything of it runs. */
#include "core/plugin/imports.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET(imports)
{
    gedi_err err = {0};
    (void)gedi__imports_check(fuzz_file("objective_x.so", data, size), &err);
    return 0;
}
