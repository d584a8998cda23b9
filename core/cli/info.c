/* info.c - `gedi info` and `gedi --version`: version, machine, libraries, and how fast they are here. */
#include "config.h"
#include "installed.h"

#include "core/cli/cli.h"
#include "core/cli/columns.h"
#include "core/cli/template.h"
#include "core/base/file.h"
#include "core/exec/blas.h"
#include "core/op/winograd.h"
#include "core/report/page.h"
#include "core/store/summary.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(gedi__columns *t, const char *what, const char *fmt, ...)
    GEDI_PRINTF(3, 4);

static void add(gedi__columns *t, const char *what, const char *fmt, ...)
{
    char value[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(value, sizeof value, fmt, ap);
    va_end(ap);
    gedi__columns_row(t, (const char *[]){what, value});
}

static void add_kernel(gedi__columns *t)
{
    const char *kernel = gedi__blas_kernel();
    gedi__level has = gedi__blas_kernel_level(kernel), may = gedi__machine_level();
    const char *asked = getenv("OPENBLAS_CORETYPE");
    add(t, "BLAS kernel", "%s%s%s%s", kernel,
        asked ? ", requested by OPENBLAS_CORETYPE=" : "", asked ? asked : "",
        has != GEDI__LEVEL_OTHER && has < may ? "; below what the processor offers" : "");
}

static void add_convolutions(gedi__columns *t)
{
    const char *version = gedi__xsmm_version();
    add(t, "convolutions", "Winograd's algorithm with vectors of %d numbers",
        gedi__winograd_lanes());
    add(t, "small products", "%s",
        version ? version : "BLAS; gedi was built without libxsmm, which is faster");
}

static const char *fetch_by(void)
{
#ifdef HAVE_FETCH
    return "libcurl, libarchive and libcrypto";
#else
    return "none: gedi was built without libcurl4-openssl-dev, libarchive-dev or libssl-dev";
#endif
}

static void add_rules(gedi__columns *t)
{
#ifdef RULES_BY
    add(t, "rules", RULES_BY);
#else
    add(t, "rules", "none: gedi was built without swi-prolog-nox and libbdd-dev");
#endif
}

static void add_jpeg(gedi__columns *t)
{
#ifdef JPEG_BY
    add(t, "JPEG", JPEG_BY);
#else
    add(t, "JPEG", "none: gedi was built without libjpeg62-turbo-dev");
#endif
}

static void add_charts(gedi__columns *t)
{
    const char *by = gedi__page_charts();
    add(t, "reports", "%s",
        by ? by
           : "plain charts: gedi was built without libjs-dygraphs, whose charts zoom");
}

static void add_ranks(gedi__columns *t)
{
#ifdef RANKS_BY
    add(t, "ranks", "by mpirun of " RANKS_BY);
#else
    add(t, "ranks", "one: gedi was built without libopenmpi-dev and libmpich-dev");
#endif
}

/* The first line is for programs. */
int gedi__print_version(void)
{
    gedi__columns t = {.columns = 2};
    const char *small = gedi__xsmm_version();
    puts("gedi " PACKAGE_VERSION);
    add(&t, "commit", "%s", gedi__commit());
    add(&t, "compiler", "%s", __VERSION__);
    add(&t, "plugin ABI", "%d", GEDI_PLUGIN_ABI);
    add(&t, "BLAS", "%s", gedi__blas_config());
    add(&t, "small products", "%s", small ? small : "BLAS");
    add(&t, "JSON", "jansson %s", JANSSON_VERSION);
    add(&t, "fetching", "%s", fetch_by());
    add_rules(&t);
    add_jpeg(&t);
    add_ranks(&t);
    add_charts(&t);
    return gedi__columns_print(&t, 2);
}

/* Where plugins are searched, in that order. */
static void add_places(gedi__columns *t)
{
    const char *path = getenv("GEDI_PLUGIN_PATH");
    char *folder = gedi__program_folder();
    const char *last = folder ? strrchr(folder, '/') : NULL;
    if (path && *path)
        add(t, "plugins", "GEDI_PLUGIN_PATH=%s", path);
    if (last && !strcmp(last, "/.libs"))
        add(t, "plugins", "%s, of this build tree", folder);
    add(t, "plugins", "%s%s", GEDI_PLUGINDIR,
        gedi__file_exists(GEDI_PLUGINDIR) ? "" : " (does not exist)");
    free(folder);
}

int gedi__info_main(const gedi__call *c)
{
    static const struct argp argp = {
        NULL, NULL, "",   "Prints version, machine, libraries, and their speed here.",
        NULL, NULL, NULL,
    };
    if (gedi__argp(c, &argp, NULL))
        return GEDI__EXIT_FAILED;
    if (c->note)
        gedi__say("%s", c->note);
    char model[64];
    char *templates = gedi__template_folder();
    gedi__columns t = {.columns = 2};
    add(&t, "version", "%s", PACKAGE_VERSION);
    add(&t, "plugin ABI", "%d", GEDI_PLUGIN_ABI);
    add(&t, "signature", "%s", GEDI_SIGNATURE);
    add(&t, "processor", "%s", gedi__machine_model(model, sizeof model));
    add(&t, "instructions", "%s", gedi__level_name(gedi__machine_level()));
    add(&t, "BLAS", "%s", gedi__blas_config());
    add_kernel(&t);
    add_convolutions(&t);
    add_rules(&t);
    add_jpeg(&t);
    add_charts(&t);
    add_ranks(&t);
    add(&t, "threads", "%d, %s; set `threads:` in the descriptor for another number",
        gedi__machine_threads(), gedi__machine_threads_why());
    add(&t, "sgemm", "%.0f GFLOP/s on one thread", gedi__blas_rate(0.2));
    add_places(&t);
    add(&t, "templates", "%s", templates ? templates : "not found");
    free(templates);
    return gedi__columns_print(&t, 0);
}
