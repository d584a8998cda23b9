/* override.c - fuzz target: PATH=VALUE of the command line, a line each. */
#include "tests/fuzz/reading.h"

FUZZ_TARGET(override)
{
    char *text = fuzz_text(data, size);
    const char *override[FUZZ_OVERRIDES];
    const char *file = fuzz_file("a.yaml", FUZZ_EXPERIMENT, strlen(FUZZ_EXPERIMENT));
    if (reading_is_harmless(text))
        reading_experiment(file, override, reading_lines(text, override));
    free(text);
    return 0;
}
