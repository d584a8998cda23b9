/* unshown.c - which numbers of evaluations the tables of their runs leave out, and why. */
#include "core/cli/unshown.h"
#include "core/cli/cli.h"
#include "core/store/later.h"

bool gedi__say_unshown(const char *run, const char *const *with, int n)
{
    gedi__text names = {0}, replaced = {0};
    for (int i = 0; i < n; i++)
        if (gedi__later_changes(with[i])) {
            gedi__say(
                "with %s these are numbers of another experiment: tables of the runs leave "
                "them out; `gedi table' reads the folder of an evaluation as it reads "
                "a run",
                with[i]);
            return true;
        }
    gedi__later_hidden(run, &names, &replaced);
    bool any = names.len > 0;
    if (any)
        gedi__say(
            "tables show what the run itself found by %s: to see both, give these a name of "
            "their own, such as {knn: {k: 1}, name: nearest}",
            names.s);
    if (replaced.len)
        gedi__say(
            "tables show these numbers of %s in place of an earlier evaluation's: "
            "to see both, give one of them a name of its own, such as {knn: {k: 1}, "
            "name: nearest}",
            replaced.s);
    gedi__text_clear(&names);
    gedi__text_clear(&replaced);
    return any;
}
