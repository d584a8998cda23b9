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

static bool begins_character(char c)
{
    return (c & 0xc0) != 0x80;
}

static int width_of(const char *s, size_t n)
{
    int width = 0;
    for (size_t i = 0; i < n; i++)
        width += begins_character(s[i]);
    return width;
}

int gedi__terminal_cut(char *s, int columns)
{
    int n = 0;
    for (; *s; s++)
        if (begins_character(*s) && n++ >= columns) {
            *s = 0;
            return columns;
        }
    return n;
}

/* Where the k-th character begins. */
static size_t character_at(const char *s, int k)
{
    size_t i = 0;
    for (; s[i]; i++)
        if (begins_character(s[i]) && k-- == 0)
            break;
    return i;
}

void gedi__terminal_shorten(const char *s, int columns, gedi__text *out)
{
    int all = width_of(s, strlen(s)), end = (columns - 1) / 2;
    if (all <= columns)
        gedi__text_add(out, "%s", s);
    else if (columns > 1)
        gedi__text_add(out, "%.*s…%s", (int)character_at(s, columns - 1 - end), s,
                       s + character_at(s, all - end));
}

bool gedi__terminal_fits(const char *line, const char *more, int columns)
{
    return width_of(line, strlen(line)) + width_of(more, strlen(more)) <= columns;
}

int gedi__terminal_rows(int characters, int columns)
{
    return characters > columns && columns > 0 ? (characters + columns - 1) / columns : 1;
}

/* ---- lines broken between words ---- */

/* Letters up to the next blank outside of backquotes, or the end of the line. */
static size_t word_length(const char *s)
{
    size_t n = 0;
    bool quoted = false;
    while (s[n] && s[n] != '\n' && (quoted || s[n] != ' ')) {
        const char *close = strchr(s + n + 1, '`');
        if (s[n] == '`') /* one that is never closed quotes nothing */
            quoted = !quoted && close && close < s + n + strcspn(s + n, "\n");
        n++;
    }
    return n;
}

/* One line of it, behind `at` characters; returns what follows. */
static const char *write_line(FILE *out, const char *s, int at, int columns)
{
    static const char indent[] = "    ";
    while (*s && *s != '\n') {
        size_t blanks = strspn(s, " "), n = word_length(s + blanks);
        int width = width_of(s + blanks, n);
        if (at > 0 && at + (int)blanks + width > columns && width) {
            at = (int)strlen(indent);
            fprintf(out, "\n%s", indent);
        } else {
            fprintf(out, "%.*s", (int)blanks, s);
            at += (int)blanks;
        }
        fprintf(out, "%.*s", (int)n, s + blanks);
        at += width;
        s += blanks + n;
    }
    if (*s == '\n')
        fputc(*s++, out);
    return s;
}

void gedi__terminal_write(FILE *out, const char *begin, const char *text)
{
    int at = width_of(begin, strlen(begin));
    int columns = gedi__terminal_columns(out);
    fputs(begin, out);
    if (!gedi__terminal_redraws(out)) {
        fputs(text, out);
        return;
    }
    for (; *text; at = 0)
        text = write_line(out, text, at, columns);
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

/* Up to the first of its lines, wherever that is in a terminal of another width. */
static void go_up(const gedi__board *b)
{
    int rows = 0, columns = gedi__terminal_columns(b->out);
    for (int i = 0; i < b->lines; i++)
        rows += gedi__terminal_rows(b->length[i], columns);
    if (rows)
        fprintf(b->out, "\033[%dA", rows);
}

void gedi__board_draw(gedi__board *b, const char *const *line, int n)
{
    char text[GEDI__BOARD_LINE];
    int columns = gedi__terminal_columns(b->out) - 1; /* the last one would wrap */
    n = n < GEDI__BOARD_LINES ? n : GEDI__BOARD_LINES;
    go_up(b);
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%s", line[i]);
        b->length[i] = gedi__terminal_cut(text, columns);
        fprintf(b->out, "\r%s\033[K\n", text); /* erased behind: no flicker */
    }
    fputs("\033[J", b->out);
    fflush(b->out);
    b->lines = n;
}

void gedi__board_hide(gedi__board *b)
{
    go_up(b);
    if (b->lines)
        fputs("\r\033[J", b->out);
    fflush(b->out);
    b->lines = 0;
}
