/* terminal.c - what a terminal can show; lines that are redrawn in place. */
#include "core/report/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool gedi__terminal_redraws(FILE *out)
{
    const char *term = getenv("TERM");
    int fd = fileno(out);
    return fd >= 0 && isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

int gedi__terminal_columns(FILE *out)
{
    struct winsize w;
    bool known = ioctl(fileno(out), TIOCGWINSZ, &w) == 0 && w.ws_col > 0;
    return known ? w.ws_col : 80;
}

void gedi__terminal_cut(char *s, int columns)
{
    for (; *s; s++)
        if ((*s & 0xc0) != 0x80 && columns-- <= 0) {
            *s = 0;
            return;
        }
}

void gedi__clock_text(double seconds, char *out, size_t size)
{
    if (!(seconds < 1e9)) {
        snprintf(out, size, "-:--");
        return;
    }
    long s = (long)(seconds + 0.5);
    if (s < 3600)
        snprintf(out, size, "%ld:%02ld", s / 60, s % 60);
    else
        snprintf(out, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
}

void gedi__board_draw(gedi__board *b, const char *const *line, int n)
{
    char text[GEDI__BOARD_LINE];
    int columns = gedi__terminal_columns(b->out) - 1; /* the last one would wrap */
    if (b->lines)
        fprintf(b->out, "\033[%dA", b->lines);
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%s", line[i]);
        gedi__terminal_cut(text, columns);
        fprintf(b->out, "\r%s\033[K\n", text); /* erased behind: no flicker */
    }
    fputs("\033[J", b->out);
    fflush(b->out);
    b->lines = n;
}

void gedi__board_hide(gedi__board *b)
{
    if (b->lines)
        fprintf(b->out, "\033[%dA\r\033[J", b->lines);
    fflush(b->out);
    b->lines = 0;
}
