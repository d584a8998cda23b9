/* descriptor.c - fuzz target: a descriptor, the file b.yaml that it may be based on, and overrides,
 * with lines "%%" between them. */
#include "core/descriptor/tree.h"
#include "tests/fuzz/reading.h"

FUZZ_TARGET(descriptor)
{
    char *text = fuzz_text(data, size), *part[FUZZ_PARTS];
    const char *override[FUZZ_OVERRIDES];
    if (reading_is_harmless(text) && strlen(text) == size) {
        fuzz_cut(text, part);
        fuzz_file("b.yaml", part[1], strlen(part[1]));
        const char *file = fuzz_file("a.yaml", part[0], strlen(part[0]));
        reading_experiment(file, override, reading_lines(part[2], override));
    } else { /* bytes of any kind, which no file of text has */
        gedi__arena arena = {0};
        gedi__mistakes m = {0};
        gedi__tree *tree;
        (void)gedi__tree_parse((const char *)data, size, "a.yaml", true, &arena, &m,
                               &tree);
        gedi__text_clear(&m.text);
        gedi__arena_clear(&arena);
    }
    free(text);
    return 0;
}
