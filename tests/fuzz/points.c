/* points.c - fuzz target: points.json of a sweep. */
#include "core/base/arena.h"
#include "core/sweep/points.h"
#include "tests/fuzz/fuzz.h"

#include <jansson.h>

static void look_at(const json_t *root)
{
    gedi__arena arena = {0};
    gedi__stored_point p;
    gedi__show show;
    size_t letters = 0;
    for (int i = 0; gedi__points_at(root, i, &p); i++)
        letters += strlen(p.hash) + strlen(p.title) + json_object_size(p.labels);
    letters += json_object_size(gedi__points_axes(root));
    for (int i = 0; i < gedi__points_shows(root); i++)
        if (gedi__points_show(root, i, &arena, &show, NULL) == GEDI_OK)
            letters += strlen(show.name) + strlen(show.rows) + strlen(show.columns) +
                       strlen(show.value) + strlen(show.figure);
    fuzz_must(letters < SIZE_MAX, "without an end", NULL);
    gedi__arena_clear(&arena);
}

FUZZ_TARGET(points)
{
    json_t *root = NULL;
    gedi_err err = {0};
    fuzz_file("points.json", data, size);
    if (gedi__points_read(fuzz_folder(), &root, &err) == GEDI_OK)
        look_at(root);
    json_decref(root);
    return 0;
}
