/* places.c - DIR or SWEEP on a command line: folders of runs, or the descriptor of a sweep. */
#include "core/cli/places.h"
#include "core/cli/arguments.h"

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/store/folder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Where `gedi sweep FILE` keeps its runs. */
static int find_sweep(const char *file, char **folder, gedi_err *err)
{
    gedi__plan *p;
    gedi__mistakes m = {0};
    int code = GEDI__EXIT_DONE;
    if (gedi__target_is_part(file))
        return GEDI__EXIT_MISTAKE;
    gedi_status status = gedi__plan_read(file, NULL, 0, NULL, 1, NULL, &p, &m, err);
    if (!status && p) {
        *folder = gedi__store_sweep_place(p->name, err);
        status = *folder ? GEDI_OK : GEDI_NOMEM;
    }
    if (m.n) {
        code = gedi__say_mistakes(&m);
    } else if (status) {
        code = gedi__say_err(err);
    } else if (!p) {
        gedi__say("%s: neither a directory nor the descriptor of a sweep", file);
        code = GEDI__EXIT_MISTAKE;
    }
    gedi__text_clear(&m.text);
    gedi__plan_free(p);
    return code;
}

/* A group may have been meant, as `gedi compare' names them: DIR,AXIS=VALUE. */
static void say_missing(const char *place)
{
    const char *comma = strchr(place, ','), *equals = strchr(place, '=');
    bool cut = comma && equals > comma;
    char *folder = cut ? strndup(place, (size_t)(comma - place)) : NULL;
    if (folder && gedi__file_exists(folder))
        gedi__say(
            "%s: there is no such directory: of some runs only, `gedi table %s --where %s' "
            "makes a table",
            place, folder, comma + 1);
    else if (!comma && equals && equals > place)
        gedi__say(
            "%s: there is no such directory: of some runs only, `gedi table DIR --where "
            "%s' makes a table",
            place, place);
    else
        gedi__say("%s: there is no such directory", place);
    free(folder);
}

int gedi__places_add(gedi__study *s, const char *place, char **folder)
{
    struct stat st;
    gedi_err err = {0};
    char *found = NULL;
    if (stat(place, &st)) {
        say_missing(place);
        return GEDI__EXIT_MISTAKE;
    }
    int code = GEDI__EXIT_DONE;
    if (S_ISREG(st.st_mode))
        code = find_sweep(place, &found, &err);
    else if (!(found = gedi__copy_text(place, &err)))
        code = gedi__say_err(&err);
    if (!code && gedi__study_add(s, found, &err))
        code = gedi__say_err(&err);
    if (folder && !code)
        *folder = found;
    else
        free(found);
    return code;
}

void gedi__places_say_failures(const gedi__study *s, const bool *wanted)
{
    enum { MOST = 10 };
    int failed = 0;
    for (int i = 0; i < s->results; i++) {
        const gedi__result *r = &s->result[i];
        if (r->state == GEDI__FAILED && (!wanted || wanted[i]) && failed++ < MOST)
            gedi__say("failed: %s: %s", r->folder, r->reason ? r->reason : "");
    }
    if (failed > MOST)
        gedi__say("failed: %d more", failed - MOST);
}
