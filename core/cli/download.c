/* download.c - draws how far a download is. */
#include "core/cli/download.h"
#include "core/base/clock.h"
#include "core/report/terminal.h"

#include <string.h>

static const double redraw = 0.1, plain = 10; /* seconds between lines */

void gedi__download_text(const char *file, int64_t first, int64_t done, int64_t total,
                         double seconds, char *out, size_t size)
{
    char left[32], part[96];
    double rate = seconds > 0 ? (double)(done - first) / seconds : 0; /* bytes a second */
    if (total > 0) {
        gedi__clock_text((double)(total - done) / rate, left, sizeof left);
        snprintf(part, sizeof part, "%3d%%  %.1f of %.1f MB  %.1f MB/s  %s left",
                 (int)(100 * (double)done / (double)total), (double)done / 1e6,
                 (double)total / 1e6, rate / 1e6, left);
    } else {
        snprintf(part, sizeof part, "%.1f MB  %.1f MB/s", (double)done / 1e6, rate / 1e6);
    }
    snprintf(out, size, "%s  %s", file, part);
}

static void progress(void *context, const char *file, int64_t first, int64_t done,
                     int64_t total)
{
    gedi__download *d = context;
    char line[256];
    double t = gedi__seconds();
    if (d->file != file) {
        d->file = file;
        d->began = t;
        d->due = t + (d->terminal ? redraw : plain);
    }
    if (t < d->due)
        return;
    gedi__download_text(file, first, done, total, t - d->began, line, sizeof line);
    d->due = t + (d->terminal ? redraw : plain);
    d->drawn = d->terminal;
    if (d->terminal) {
        gedi__terminal_cut(line, gedi__terminal_columns(d->out) - 1);
        fprintf(d->out, "\r%s\033[K", line);
    } else {
        fprintf(d->out, "%s\n", line);
    }
    fflush(d->out);
}

static void step(void *context, const char *file, const char *what)
{
    gedi__download *d = context;
    gedi__download_hide(d);
    fprintf(d->out, "%s: %s\n", file, what);
    fflush(d->out);
}

void gedi__download_start(gedi__download *d, FILE *out)
{
    *d = (gedi__download){.out = out, .terminal = gedi__terminal_redraws(out)};
}

gedi__fetch_ear gedi__download_ear(gedi__download *d)
{
    return (gedi__fetch_ear){d, progress, step};
}

void gedi__download_hide(gedi__download *d)
{
    if (!d->drawn)
        return;
    fputs("\r\033[K", d->out);
    fflush(d->out);
    d->drawn = false;
}
