/* label.c - fuzz target: the descriptors of two runs, compared, and one path in them; a line "%%"
 * between the three. The same texts as the definitions of a metric. */
#include "core/base/arena.h"
#include "core/sweep/clauses.h"
#include "core/sweep/label.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET(label)
{
    char *text = fuzz_text(data, size), *part[FUZZ_PARTS];
    gedi__text out = {0};
    gedi__arena arena = {0};
    fuzz_cut(text, part);
    (void)gedi__descriptor_changes(part[0], part[1], &out);
    gedi__text_clear(&out);
    (void)gedi__descriptor_label(part[0], part[2], &out);
    gedi__text_clear(&out);
    (void)gedi__clauses_apart(&arena, part[0], part[1]);
    gedi__arena_clear(&arena);
    free(text);
    return 0;
}
