/* columns.c - rows of text in aligned columns, for people and for grep. */
#include "core/cli/columns.h"

#include "core/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { GAP = 2, NARROWEST = 20 };

void gedi__columns_row(gedi__columns *t, const char *const *cells)
{
    if (t->rows == t->size) {
        int size = t->size ? 2 * t->size : 16;
        char **cell = realloc(t->cell, sizeof *cell * (size_t)(size * t->columns));
        if (!cell) {
            t->failed = true;
            return;
        }
        t->cell = cell;
        t->size = size;
    }
    char **row = t->cell + t->rows++ * t->columns;
    for (int i = 0; i < t->columns; i++) {
        row[i] = strdup(cells[i] ? cells[i] : "");
        t->failed |= !row[i];
        if (row[i])
            gedi__text_show(row[i], true);
    }
}

/* Characters of UTF-8: bytes that do not continue one. */
static int width_of(const char *s, size_t bytes)
{
    int n = 0;
    for (size_t i = 0; i < bytes && s[i]; i++)
        n += ((unsigned char)s[i] & 0xc0) != 0x80;
    return n;
}

/* Columns of the terminal, 0 where standard output is none. */
static int terminal_width(void)
{
    struct winsize w;
    if (!isatty(STDOUT_FILENO))
        return 0;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
}

/* Prints `s` in lines of at most `width` characters, each but the first behind `indent`
 * spaces. A word that is longer stays whole. */
static void print_wrapped(const char *s, int indent, int width)
{
    int at = 0;
    while (*s) {
        size_t n = strcspn(s, " ");
        int w = width_of(s, n);
        if (at && at + 1 + w > width) {
            printf("\n%*s", indent, "");
            at = 0;
        }
        at += printf("%s", at ? " " : "") + w;
        printf("%.*s", (int)n, s);
        s += n + strspn(s + n, " ");
    }
}

static void print_row(char *const *row, int columns, const int *width, int indent,
                      int terminal)
{
    int last = columns - 1;
    while (last > 0 && !*row[last])
        last--;
    int at = indent;
    printf("%*s", indent, "");
    for (int i = 0; i < last; i++) {
        int pad = width[i] - width_of(row[i], strlen(row[i])) + GAP;
        printf("%s%*s", row[i], pad, "");
        at += width[i] + GAP;
    }
    int room = terminal - at;
    if (terminal && last == columns - 1 && room >= NARROWEST)
        print_wrapped(row[last], at, room);
    else
        fputs(row[last], stdout);
    putchar('\n');
}

int gedi__columns_print(gedi__columns *t, int indent)
{
    bool ok = !t->failed;
    int width[GEDI__COLUMNS_MAX] = {0};
    for (int i = 0; ok && i < t->rows * t->columns; i++) {
        int w = width_of(t->cell[i], strlen(t->cell[i]));
        int *most = &width[i % t->columns];
        *most = w > *most ? w : *most;
    }
    int terminal = terminal_width();
    for (int r = 0; ok && r < t->rows; r++)
        print_row(t->cell + r * t->columns, t->columns, width, indent, terminal);
    for (int i = 0; i < t->rows * t->columns; i++)
        free(t->cell[i]);
    free(t->cell);
    *t = (gedi__columns){.columns = t->columns};
    if (ok)
        return GEDI__EXIT_DONE;
    gedi__say("%s", gedi_status_text(GEDI_NOMEM));
    return GEDI__EXIT_FAILED;
}
