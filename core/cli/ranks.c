/* ranks.c - `mpirun -n N gedi run FILE': the processes find each other, and one of them speaks.
 *
 * What lies in the folder of the run is rank 0's. The others write what they would write there into a folder
 * of their own, so that no code below needs to know of ranks, and it is removed in the end.
 */
#include "core/cli/ranks.h"

#include "core/base/file.h"
#include "core/base/ranks.h"
#include "core/cli/cli.h"
#include "installed.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATIENCE = 10,
    /* seconds until a rank that failed is taken to have failed alone */ FOREVER = 1 << 30
};

/* What each starter tells the processes that it starts. */
static const struct {
    const char *size, *rank, *module, *who, *package;
} starter[] = {
    {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "ranks_openmpi.so", "Open MPI",
     "libopenmpi-dev"},
    {"PMI_SIZE", "PMI_RANK", "ranks_mpich.so", "MPICH", "libmpich-dev"},
};
enum { STARTERS = sizeof starter / sizeof *starter };

static char *scratch; /* of a rank other than 0 */
static int own_stderr = -1, words = -1;

static int find_starter(void)
{
    for (int i = 0; i < STARTERS; i++) {
        const char *n = getenv(starter[i].size);
        if (n && strtol(n, NULL, 10) > 1)
            return i;
    }
    return -1;
}

/* Beside the program, as in a build folder, or where it is installed. */
static void *load(const char *module)
{
    char *beside = gedi__program_folder();
    char *path = beside ? gedi__path_join(beside, module) : NULL;
    void *lib =
        path && gedi__file_exists(path) ? dlopen(path, RTLD_NOW | RTLD_GLOBAL) : NULL;
    free(path);
    free(beside);
    path = lib ? NULL : gedi__path_join(GEDI_PLUGINDIR "/..", module);
    if (path)
        lib = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    free(path);
    return lib;
}

/* Ranks other than 0 say nothing, unless one fails alone: then its last words count. */
static void be_silent(void)
{
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    own_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    words = memfd_create("gedi", MFD_CLOEXEC);
    if (nothing >= 0) {
        dup2(nothing, STDOUT_FILENO);
        close(nothing);
    }
    if (words >= 0)
        dup2(words, STDERR_FILENO);
}

bool gedi__ranks_begin(const char *command, gedi__mpirun does)
{
    int i = find_starter();
    const char *why = NULL;
    if (i < 0)
        return true;
    const char *rank = getenv(starter[i].rank);
    bool speaks = !rank || !strcmp(rank, "0"); /* one is enough */
    if (does == GEDI__ONCE) {
        if (!speaks)
            be_silent();
        return true;
    }
    if (does == GEDI__ALONE) {
        if (speaks)
            gedi__say(
                "gedi %s is one process: start it without mpirun, which is for gedi run and "
                "gedi resume",
                command);
        return false;
    }
    void *lib = load(starter[i].module);
    gedi__ranks_start *start;
    if (!lib) {
        if (speaks)
            gedi__say(
                "started by mpirun of %s, but this gedi was built without it: install %s "
                "and configure again, or start it with the other mpirun",
                starter[i].who, starter[i].package);
        return false;
    }
    *(void **)&start = dlsym(lib, GEDI__RANKS_START);
    const gedi__ranks *r = start ? start(&why) : NULL;
    if (!r) {
        gedi__say("%s cannot be started: %s", starter[i].who, why ? why : dlerror());
        return false;
    }
    gedi__ranks_use(r);
    if (r->rank)
        be_silent();
    return true;
}

/* ---- the folder of a rank ---- */

static gedi_status copy_file(const char *from, const char *to, const char *name,
                             gedi_err *err)
{
    struct stat st;
    char *a = gedi__path_join(from, name), *b = gedi__path_join(to, name), *data = NULL;
    size_t size;
    gedi_status s = a && b ? GEDI_OK : gedi_no_memory(err, "%s", from);
    if (!s && !stat(a, &st) && S_ISREG(st.st_mode)) {
        s = gedi__file_read(a, &data, &size, err);
        if (!s)
            s = gedi__file_write(b, data, size, err);
    }
    free(data);
    free(a);
    free(b);
    return s;
}

/* What lies in it, but for folders; nothing where there is no such folder. */
static gedi_status copy_folder(const char *from, const char *to, gedi_err *err)
{
    gedi_status s = GEDI_OK;
    struct dirent *e;
    DIR *d = opendir(from);
    if (d)
        s = gedi__folder_make(to, err);
    while (!s && d && (e = readdir(d)))
        s = copy_file(from, to, e->d_name, err);
    if (d)
        closedir(d);
    return s;
}

/* NAME in a new folder of our own. */
static char *new_folder(void)
{
    const char *where = getenv("TMPDIR");
    scratch = gedi__path_join(where && *where ? where : "/tmp", "gedi-rank-XXXXXX");
    if (!scratch || !mkdtemp(scratch)) {
        free(scratch);
        scratch = NULL;
        return NULL;
    }
    return gedi__path_join(scratch, "run");
}

bool gedi__ranks_place(char **folder)
{
    const gedi__ranks *r = gedi__ranks_of_run();
    gedi_err err = {0};
    gedi_status s = GEDI_OK;
    if (r->n == 1)
        return true;
    if (r->rank) {
        char *own = new_folder();
        s = own ? copy_folder(*folder, own, &err)
                : GEDI_FAIL(&err, GEDI_IO, "TMPDIR: no folder can be made there");
        free(*folder);
        *folder = own;
    }
    bool failed = r->any(s != GEDI_OK);
    if (s)
        gedi__say_err(&err);
    else if (failed)
        gedi__say(
            "another rank can make no folder for what it writes in TMPDIR, or in /tmp");
    return !failed;
}

/* ---- the end ---- */

static void say_last_words(int rank)
{
    char text[4096] = "", host[65] = "";
    fflush(stderr);
    ssize_t n = words < 0 ? 0 : pread(words, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = 0;
    gethostname(host, sizeof host - 1);
    if (own_stderr >= 0)
        dup2(own_stderr, STDERR_FILENO);
    fprintf(stderr, "gedi: rank %d on %s has failed, and with it the run:\n%s", rank,
            host, text);
    fflush(stderr);
}

void gedi__ranks_end(int code)
{
    const gedi__ranks *r = gedi__ranks_of_run();
    if (r->n == 1)
        return;
    if (code && !gedi__ranks_agreed())
        (void)gedi__ranks_agree(false);
    if (scratch)
        (void)gedi__folder_remove(scratch);
    free(scratch);
    scratch = NULL;
    if (r->meet(code ? PATIENCE : FOREVER)) {
        r->end();
        return;
    }
    if (r->rank)
        say_last_words(r->rank);
    r->abort(code);
}
