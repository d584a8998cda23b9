/* progress.c - how far a run is: one line redrawn on a terminal, plain lines elsewhere. */
#include "core/report/progress.h"
#include "core/base/clock.h"
#include "core/report/terminal.h"

#include <math.h>
#include <string.h>

enum { BAR = 24, SHORT_BAR = 8, LINE = 512 };

static const double redraw = 0.1, plain = 10; /* seconds between lines */

void gedi__progress_start(gedi__progress_bar *p, FILE *out, int64_t first, int64_t total)
{
    memset(p, 0, sizeof *p);
    p->out = out;
    p->terminal = gedi__terminal_redraws(out);
    p->first = p->done = p->rate_done = first;
    p->total = total > 0 ? total : 1;
    p->now = gedi__seconds;
    p->started = p->rate_time = p->now();
    p->due = p->started + (p->terminal ? 0 : plain);
    p->due_at = first + (p->total + 9) / 10;
}

bool gedi__progress_due(gedi__progress_bar *p, int64_t done)
{
    return done >= p->total || (!p->terminal && done >= p->due_at) || p->now() >= p->due;
}

/* The rate follows the last ten seconds: the machine may have become slower or faster. */
static void measure(gedi__progress_bar *p, double now)
{
    double dt = now - p->rate_time;
    if (dt < 0.05 || p->done <= p->rate_done)
        return;
    double rate = (double)(p->done - p->rate_done) / dt;
    p->rate += p->rate > 0 ? (rate - p->rate) * (1 - exp(-dt / 10)) : rate;
    p->rate_time = now;
    p->rate_done = p->done;
}

static void rate_text(double rate, char *out, size_t size)
{
    if (rate <= 0)
        snprintf(out, size, "- it/s");
    else if (rate < 1)
        snprintf(out, size, "%.1f s/it", 1 / rate);
    else
        snprintf(out, size, rate < 10 ? "%.1f it/s" : "%.0f it/s", rate);
}

/* "2940/7000  1843 it/s  0:02 left  gen -0.31 ...", or with the time it took at the end */
static void facts(const gedi__progress_bar *p, bool end, char *out, size_t size)
{
    char rate[32], time[32];
    double took = p->now() - p->started, speed = p->rate;
    if (end) /* on the whole */
        speed = took > 0 ? (double)(p->done - p->first) / took : 0;
    rate_text(speed, rate, sizeof rate);
    gedi__clock_text(end ? took : (double)(p->total - p->done) / p->rate, time,
                     sizeof time);
    /* A run that was stopped has gone on since its terms were given: they are old. */
    const char *terms = p->terms_done == p->done ? p->terms : "";
    snprintf(out, size, "%lld/%lld  %s  %s %s%s%s", (long long)p->done,
             (long long)p->total, rate, time, end ? "in all" : "left", *terms ? "  " : "",
             terms);
}

static int percent(const gedi__progress_bar *p)
{
    return (int)(100.0 * (double)p->done / (double)p->total);
}

/* Of the line that is drawn, which a terminal that has become narrower has broken. */
static void go_to_begin(const gedi__progress_bar *p)
{
    int up = gedi__terminal_rows(p->length, gedi__terminal_columns(p->out)) - 1;
    if (p->drawn && up > 0)
        fprintf(p->out, "\033[%dA", up);
    fputc('\r', p->out);
}

static void draw(gedi__progress_bar *p, bool end)
{
    char text[LINE], line[LINE + BAR + 32], bar[BAR + 1];
    facts(p, end, text, sizeof text);
    if (!p->terminal) {
        fprintf(p->out, "%3d%%  %s\n", percent(p), text);
        fflush(p->out);
        return;
    }
    int columns = gedi__terminal_columns(p->out) - 1; /* the last one would wrap */
    int room = columns - (int)strlen("100% [] ") - (int)strlen(text);
    int wide = room < SHORT_BAR ? SHORT_BAR : room < BAR ? room : BAR;
    int full = (int)(wide * (double)p->done / (double)p->total);
    for (int i = 0; i < wide; i++)
        bar[i] = i < full ? '=' : i == full ? '>' : ' ';
    bar[wide] = 0;
    snprintf(line, sizeof line, "%3d%% [%s] %s", percent(p), bar, text);
    int length = gedi__terminal_cut(line, columns);
    /* Erased after it is overwritten, not before: no flicker. */
    go_to_begin(p);
    fprintf(p->out, "%s\033[J%s", line, end ? "\n" : "");
    fflush(p->out);
    p->drawn = !end;
    p->length = length;
}

void gedi__progress_update(gedi__progress_bar *p, int64_t done, const char *terms)
{
    p->done = done < p->total ? done : p->total;
    if (!gedi__progress_due(p, done))
        return;
    double now = p->now();
    snprintf(p->terms, sizeof p->terms, "%s", terms);
    p->terms_done = p->done;
    measure(p, now);
    if (p->terminal || p->done < p->total) /* else the last line says it all */
        draw(p, false);
    p->due = now + (p->terminal ? redraw : plain);
    while (p->due_at <= p->done)
        p->due_at += (p->total + 9) / 10;
}

void gedi__progress_hide(gedi__progress_bar *p)
{
    if (!p->drawn)
        return;
    go_to_begin(p);
    fputs("\033[J", p->out);
    fflush(p->out);
    p->drawn = false;
    p->due = 0;
}

void gedi__progress_done(gedi__progress_bar *p)
{
    draw(p, true);
}
