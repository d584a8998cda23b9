/* chart_words.c - the words of a picture: title, names that fit, notes below. */
#include "core/report/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Bytes from `s` to `end` that begin a letter. */
static int letters(const char *s, const char *end)
{
    int n = 0;
    for (; s < end; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

static void head_line(gedi__chart *c, const char *text, int y, const char *style)
{
    if (!text)
        return;
    gedi__text_add(&c->script, "set label ");
    gedi__chart_quote(&c->script, text);
    gedi__text_add(&c->script, " at screen %.4f,%.4f left %s\n", 40.0 / c->width,
                   1 - (double)y / c->height, style);
}

/* In letters that the width has room for: a title that is cut says something else. */
static void title_line(gedi__chart *c, const char *title)
{
    enum { LARGE = 32, SMALL = 14, LETTER = 23 /* pixels of a large one, about */ };
    char style[40];
    int n = title ? letters(title, title + strlen(title)) : 0;
    int room = c->width - 80, size = LARGE;
    if (LETTER * n > room)
        size = LARGE * room / (LETTER * n);
    snprintf(style, sizeof style, "font bold.size(%d)", size < SMALL ? SMALL : size);
    head_line(c, title, 50, style);
}

/* The size of letters that `room` is enough for, and the blank at which the text is broken; NULL: it is not. */
static double fit(const char *text, bool bold, double size, int room, const char **cut)
{
    const double letter = bold ? 0.86 : 0.7,
                 least = 12; /* of its size, about; of a size */
    const char *end = text + strlen(text);
    int longest = letters(text, end);
    *cut = NULL;
    if (longest * letter * size > room)
        for (const char *s = text; (s = strchr(s, ' ')); s++) {
            int first = letters(text, s), second = letters(s + 1, end);
            int longer = first > second ? first : second;
            if (longer < longest) { /* at the blank nearest to the middle */
                longest = longer;
                *cut = s;
            }
        }
    return longest * letter * size > room ? fmax(room / (longest * letter), least) : size;
}

/* The text up to `cut`, and what follows it, "" if that is NULL, both quoted. */
static void break_at(const char *text, const char *cut, gedi__text *first,
                     gedi__text *second)
{
    gedi__text line = {0};
    gedi__text_add(&line, "%.*s", (int)(cut ? cut - text : (long)strlen(text)), text);
    gedi__chart_quote(first, line.s ? line.s : "");
    if (cut)
        gedi__chart_quote(second, cut + 1);
    first->failed |= line.failed;
    gedi__text_clear(&line);
}

double gedi__chart_fit(gedi__text *out, const char *text, bool bold, double size,
                       int room, int *lines)
{
    const char *cut;
    gedi__text second = {0};
    size = fit(text, bold, size, room, &cut);
    break_at(text, cut, out, &second);
    if (cut)
        gedi__text_add(out, ".\"\\n\".%s", second.s ? second.s : "");
    out->failed |= second.failed;
    gedi__text_clear(&second);
    if (lines)
        *lines = cut ? 2 : 1;
    return size;
}

/* A label at (x, y), pixels from the upper left; of two lines the first is there. An SVG has a label for each, as gnuplot
 * would draw them too far from each other. */
static void put_label(gedi__chart *c, const char *text, const char *cut, double x,
                      double y, bool bold, double size, const char *style)
{
    const double pitch = 1.55 * size; /* of lines */
    bool turned = strstr(style, "rotate") != NULL,
         apart = cut && c->style.format == GEDI__SVG;
    gedi__text line[2] = {{0}, {0}};
    break_at(text, cut, &line[0], &line[1]);
    for (int i = 0; i < 1 + apart; i++) {
        gedi__text_add(&c->script, "set label %s", line[i].s ? line[i].s : "''");
        if (cut && !apart)
            gedi__text_add(&c->script, ".\"\\n\".%s", line[1].s ? line[1].s : "''");
        gedi__text_add(&c->script, " at screen %.5f, screen %.5f %s font %s.size(%.3g)\n",
                       (x + (turned ? i * pitch : 0)) / c->width,
                       1 - (y + (turned ? 0 : i * pitch)) / c->height, style,
                       bold ? "bold" : "'Sans'", size);
    }
    c->script.failed |= line[0].failed || line[1].failed;
    gedi__text_clear(&line[0]);
    gedi__text_clear(&line[1]);
}

void gedi__chart_label(gedi__chart *c, const char *text, double x, double y, bool bold,
                       double size, int room, const char *style)
{
    const char *cut;
    if (!text || !*text)
        return;
    size = fit(text, bold, size, room, &cut);
    if (cut && strstr(style, "rotate"))
        x -= 18; /* its first line is where it is put */
    put_label(c, text, cut, x, y, bold, size, style);
}

/* In one line, else in two smaller ones, in letters that the width has room for. */
static void subtitle_line(gedi__chart *c, const char *subtitle)
{
    enum { USUAL = 26, OF_TWO = 20, LETTER = 19, LEFT = 40 };
    const char *cut = NULL;
    double size = USUAL;
    if (!subtitle)
        return;
    if (LETTER * letters(subtitle, subtitle + strlen(subtitle)) > c->width)
        size = fit(subtitle, false, USUAL, c->width - 2 * LEFT, &cut);
    put_label(c, subtitle, cut, LEFT, cut ? 88 : 105, false,
              cut ? fmin(size, OF_TWO) : size, "left textcolor rgb '#505050'");
}

void gedi__chart_title(gedi__chart *c, const char *title, const char *subtitle)
{
    if (c->style.title) { /* one's own, or none */
        title_line(c, *c->style.title ? c->style.title : NULL);
        return;
    }
    title_line(c, title);
    subtitle_line(c, subtitle);
}

int gedi__chart_lines(const char *text, bool bold, double size, int room)
{
    gedi__text unused = {0};
    int lines = 0;
    if (text && *text)
        gedi__chart_fit(&unused, text, bold, size, room, &lines);
    gedi__text_clear(&unused);
    return lines;
}

/* Pixels of a line of a note, of one of its letters, which are wide, and beside it. */
enum { NOTE = 40, NOTE_LETTER = 16, NOTE_LEFT = 40 };

/* Letters of the note's line that begins here: whole words where there are several. */
static int line_of(const char *note, int most)
{
    int n = (int)strlen(note);
    if (n <= most)
        return n;
    for (n = most; n > 0 && note[n] != ' ';)
        n--;
    return n > 0 ? n : (int)strcspn(note, " ");
}

static int most_of(int width)
{
    return (width - 2 * NOTE_LEFT) / NOTE_LETTER;
}

int gedi__chart_note_height(const char *note, int width)
{
    int lines = 0;
    for (; note && *note; lines++) {
        note += line_of(note, most_of(width));
        note += strspn(note, " ");
    }
    return NOTE * lines;
}

void gedi__chart_note(gedi__chart *c, const char *note, double below)
{
    int left = gedi__chart_note_height(note, c->width) / NOTE;
    for (; left-- > 0; note += strspn(note, " ")) {
        gedi__text line = {0};
        int n = line_of(note, most_of(c->width));
        gedi__text_add(&line, "%.*s", n, note);
        gedi__text_add(&c->script, "set label ");
        gedi__chart_quote(&c->script, line.s ? line.s : "");
        gedi__text_add(&c->script,
                       " at screen %.5f, screen %.5f left font 'Sans'.size(22) textcolor "
                       "rgb '#505050'\n",
                       (double)NOTE_LEFT / c->width, (below + left * NOTE) / c->height);
        c->script.failed |= line.failed;
        gedi__text_clear(&line);
        note += n;
    }
}
