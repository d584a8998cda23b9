/* data.c - `gedi data`: the datasets that can be fetched, and fetching one. */
#include "config.h"

#include "core/cli/cli.h"
#include "core/cli/columns.h"
#include "core/cli/download.h"
#include "core/data/fetch.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 4096, KEY_FROM = 'f' };

typedef struct arguments {
    const char *verb, *name, *from;
} arguments;

static const struct argp_option options[] = {
    {"from", KEY_FROM, "URL", 0,
     "take the files from URL/FILE, such as a mirror, instead of the place where they "
     "are published; their sums must be the published ones",
     0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case KEY_FROM:
        a->from = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num == 0)
            a->verb = arg;
        else if (state->arg_num == 1 && strcmp(a->verb, "list"))
            a->name = arg;
        else
            argp_error(state, "%s: not expected here", arg);
        return 0;
    case ARGP_KEY_END:
        if (!a->verb)
            argp_error(state, "say what to do: list, or fetch and a name");
        else if (!strcmp(a->verb, "fetch") && !a->name)
            argp_error(state,
                       "name the dataset: fetch cifar10; `gedi data list' has all");
        else if (a->from && strcmp(a->verb, "fetch"))
            argp_error(state, "--from is for fetch");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int list(const char *cache)
{
    gedi__columns t = {.columns = 4};
    for (const gedi__source *s = gedi__sources; s->name; s++) {
        char size[32];
        snprintf(size, sizeof size, "%d MB", s->megabytes);
        gedi__columns_row(
            &t, (const char *[]){s->name, gedi__source_is_there(s, cache) ? "there" : "-",
                                 size, s->brief});
    }
    int code = gedi__columns_print(&t, 0);
    if (code == GEDI__EXIT_DONE)
        printf("\nThey are put into %s, where the datasets of these names look.\n",
               cache);
    return code;
}

static const gedi__source *find(const char *name)
{
    for (const gedi__source *s = gedi__sources; s->name; s++)
        if (!strcmp(s->name, name))
            return s;
    return NULL;
}

static int unknown(const char *name)
{
    enum { MOST = 32 };
    const char *words[MOST];
    int n = 0;
    for (const gedi__source *s = gedi__sources; s->name && n < MOST; s++)
        words[n++] = s->name;
    return gedi__say_unknown(name, "dataset to be fetched", words, n);
}

#ifdef HAVE_FETCH
static int fetch(const gedi__source *s, const char *cache, const char *from)
{
    gedi_err err = {0};
    gedi__download d;
    gedi__download_start(&d, stderr);
    gedi__fetch_ear ear = gedi__download_ear(&d);
    gedi_status status = gedi__fetch(s, cache, from, &ear, &err);
    gedi__download_hide(&d);
    if (status != GEDI_OK)
        return gedi__say_err(&err);
    printf("%s/%s\n", cache, s->folder);
    return GEDI__EXIT_DONE;
}
#else
/* What can be done by hand. */
static int fetch(const gedi__source *s, const char *cache, const char *from)
{
    gedi__say(
        "this gedi was built without libcurl, libarchive or libcrypto and cannot fetch "
        "%s: install the packages libcurl4-openssl-dev, libarchive-dev and libssl-dev, "
        "configure and build again. "
        "Or by hand:",
        s->name);
    for (int i = 0; i < GEDI__MOST_FILES && s->file[i].name; i++)
        fprintf(stderr,
                s->archive ? "  unpack %s/%s in %s\n" : "  put %s/%s into %s/%s\n",
                from ? from : s->base, s->file[i].name, cache, s->folder);
    return GEDI__EXIT_FAILED;
}
#endif

int gedi__data_main(const gedi__call *c)
{
    static const struct argp argp = {
        options,
        parse,
        "list\nfetch NAME",
        "Datasets that can be downloaded: lists them, or gets one into the cache "
        "folder.\v"
        "A download that was cut off goes on where it ended when the command is given "
        "again. "
        "The cache folder is that of the environment variable GEDI_DATA, else gedi/ in "
        "XDG_CACHE_HOME, else ~/.cache/gedi.",
        NULL,
        NULL,
        NULL,
    };
    arguments a = {0};
    gedi_err err = {0};
    char cache[LONGEST];
    if (gedi__argp(c, &argp, &a))
        return GEDI__EXIT_FAILED;
    bool lists = !strcmp(a.verb, "list");
    if (!lists && strcmp(a.verb, "fetch"))
        return gedi__say_unknown(a.verb, "thing to do with data",
                                 (const char *[]){"list", "fetch"}, 2);
    const gedi__source *s = lists ? NULL : find(a.name);
    if (!lists && !s)
        return unknown(a.name);
    if (gedi_data_cache(cache, sizeof cache, &err))
        return gedi__say_err(&err);
    return lists ? list(cache) : fetch(s, cache, a.from);
}
