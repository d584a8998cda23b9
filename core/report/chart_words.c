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

/* Lines of a text: from at[i], len[i] bytes of it. */
enum { LINES = 4 };
typedef struct broken {
    int n, len[LINES];
    const char *at[LINES];
    bool cut; /* more would follow the last */
} broken;

/* Letters of this size are 6 points in a picture whose usual ones are 8. */
#define LEAST 20.0

/* Whole words, as many as `most` letters are enough for; a longer one is divided. */
static void wrap(const char *text, int most, broken *out)
{
    *out = (broken){0};
    while (*text && out->n < LINES) {
        const char *s = text, *blank = NULL;
        for (int n = 0; *s; s++) {
            n += ((unsigned char)*s & 0xc0) != 0x80;
            if (n > most)
                break;
            blank = *s == ' ' ? s : blank;
        }
        if (*s == ' ' || !*s)
            blank = s;
        const char *end = blank && blank > text ? blank : s;
        out->at[out->n] = text;
        out->len[out->n++] = (int)(end - text);
        text = end + strspn(end, " ");
    }
    out->cut = *text;
}

/* The size of letters that `room` is enough for, and the lines in which they stand: one, two of them, broken at the
 * blank nearest to the middle, or as many as the smallest letters need. */
static double fit(const char *text, bool bold, double size, int room, broken *out)
{
    const double letter = bold ? 0.86 : 0.7, least = fmin(size, LEAST); /* about */
    const char *end = text + strlen(text), *cut = NULL;
    int longest = letters(text, end);
    if (longest * letter * size > room)
        for (const char *s = text; (s = strchr(s, ' ')); s++) {
            int first = letters(text, s), second = letters(s + 1, end);
            int longer = first > second ? first : second;
            if (longer < longest) {
                longest = longer;
                cut = s;
            }
        }
    *out = (broken){1, {(int)(end - text)}, {text}, false};
    if (cut)
        *out = (broken){
            2, {(int)(cut - text), (int)(end - cut - 1)}, {text, cut + 1}, false};
    if (longest * letter * size <= room)
        return size;
    if (longest * letter * least <= room)
        return room / (longest * letter);
    int most = (int)(room / (letter * least));
    wrap(text, most < 4 ? 4 : most, out);
    return least;
}

static void quote_line(const broken *b, int i, gedi__text *out)
{
    gedi__text line = {0};
    gedi__text_add(&line, "%.*s%s", b->len[i], b->at[i],
                   b->cut && i == b->n - 1 ? "..." : "");
    gedi__chart_quote(out, line.s ? line.s : "");
    out->failed |= line.failed;
    gedi__text_clear(&line);
}

/* All lines, as one text. */
static void quote_all(const broken *b, gedi__text *out)
{
    for (int i = 0; i < b->n; i++) {
        gedi__text_add(out, "%s", i ? ".\"\\n\"." : "");
        quote_line(b, i, out);
    }
    if (!b->n)
        gedi__text_add(out, "''");
}

double gedi__chart_fit(gedi__text *out, const char *text, bool bold, double size,
                       int room, int *lines)
{
    broken b;
    size = fit(text, bold, size, room, &b);
    quote_all(&b, out);
    if (lines)
        *lines = b.n;
    return size;
}

#define PITCH 1.55 /* of lines, times the size of letters */

/* A label at (x, y), pixels from the upper left; of several lines the first is there. An SVG has a label for each, as
 * gnuplot would draw them too far from each other. */
static void put_label(gedi__chart *c, const broken *b, double x, double y, bool bold,
                      double size, const char *style)
{
    bool turned = strstr(style, "rotate") != NULL,
         apart = b->n > 1 && c->style.format == GEDI__SVG;
    for (int i = 0; i < (apart ? b->n : 1); i++) {
        gedi__text_add(&c->script, "set label ");
        if (apart)
            quote_line(b, i, &c->script);
        else
            quote_all(b, &c->script);
        gedi__text_add(&c->script, " at screen %.5f, screen %.5f %s font %s.size(%.3g)\n",
                       (x + (turned ? i * PITCH * size : 0)) / c->width,
                       1 - (y + (turned ? 0 : i * PITCH * size)) / c->height, style,
                       bold ? "bold" : "'Sans'", size);
    }
}

void gedi__chart_label(gedi__chart *c, const char *text, double x, double y, bool bold,
                       double size, int room, const char *style)
{
    broken b;
    if (!text || !*text)
        return;
    size = fit(text, bold, size, room, &b);
    if (strstr(style, "rotate"))
        x -= 18 * (b.n - 1); /* its first line is where it is put */
    put_label(c, &b, x, y, bold, size, style);
}

/* In letters that the width has room for, or several lines: a title that is cut says something else. */
static void title_line(gedi__chart *c, const char *title, int up)
{
    enum { LARGE = 32, LETTER = 23 /* pixels of a large one, about */ };
    if (!title || !*title)
        return;
    int n = letters(title, title + strlen(title)), room = c->width - 80;
    double size = LETTER * n > room ? (double)LARGE * room / (LETTER * n) : LARGE;
    broken b = {1, {(int)strlen(title)}, {title}, false};
    if (size < LEAST)
        size = fit(title, true, LEAST, room, &b);
    put_label(c, &b, 40, 50 - up - 15 * (b.n - 1), true, size, "left");
}

/* In one line, else in smaller ones, in letters that the width has room for. Returns their size. */
static double fit_subtitle(const gedi__chart *c, const char *subtitle, broken *b)
{
    enum { USUAL = 26, LETTER = 19, LEFT = 40 };
    *b = (broken){1, {(int)strlen(subtitle)}, {subtitle}, false};
    if (LETTER * letters(subtitle, subtitle + strlen(subtitle)) <= c->width)
        return USUAL;
    double size = fit(subtitle, false, USUAL, c->width - 2 * LEFT, b);
    return b->n > 1 ? fmin(size, LEAST) : size;
}

void gedi__chart_title(gedi__chart *c, const char *title, const char *subtitle)
{
    enum { UP = 12 }; /* with two lines below it, which stay off the numbers of y */
    broken b = {0};
    if (c->style.title) { /* one's own, or none */
        title_line(c, *c->style.title ? c->style.title : NULL, 0);
        return;
    }
    double size = subtitle ? fit_subtitle(c, subtitle, &b) : 0;
    title_line(c, title, b.n > 1 ? UP : 0);
    if (subtitle)
        put_label(c, &b, 40, b.n > 1 ? 88 - UP : 105, false, size,
                  "left textcolor rgb '#505050'");
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

int gedi__chart_line(const char *text, int most)
{
    broken b;
    wrap(text, most < 4 ? 4 : most, &b);
    return b.n ? b.len[0] : 0;
}

static int most_of(int width)
{
    return (width - 2 * NOTE_LEFT) / NOTE_LETTER;
}

int gedi__chart_note_height(const char *note, int width)
{
    int lines = 0;
    for (; note && *note; lines++) {
        note += gedi__chart_line(note, most_of(width));
        note += strspn(note, " ");
    }
    return NOTE * lines;
}

void gedi__chart_note(gedi__chart *c, const char *note, double below)
{
    int left = gedi__chart_note_height(note, c->width) / NOTE;
    for (; left-- > 0; note += strspn(note, " ")) {
        gedi__text line = {0};
        int n = gedi__chart_line(note, most_of(c->width));
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
