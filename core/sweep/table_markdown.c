/* table_markdown.c - a table as Markdown, its columns as wide as they need. */
#include "core/sweep/table_format.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int width_of(const char *s)
{
    int n = 0;
    for (; s && *s; s++)
        n += (*s & 0xc0) != 0x80;
    return n;
}

static void add_padded(const char *s, int width, gedi__text *out)
{
    gedi__text_add(out, " %s%*s |", s ? s : "", width - width_of(s), "");
}

static void cell_markdown(const gedi__table *t, int r, int c, gedi__text *out)
{
    const char *bold = gedi__table_at(t, r, c)->best ? "**" : "";
    gedi__text_add(out, "%s", bold);
    gedi__table_cell_text(t, r, c, out);
    gedi__text_add(out, "%s", bold);
}

static bool is_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* A bar would end the cell, others begin code, emphasis, HTML or a formula; `_` does only
 * at the edge of a word, so that paths stay as they are. */
void gedi__table_label(const char *s, gedi__text *out)
{
    for (const char *c = s; *c; c++) {
        bool inside = c > s && is_of_word(c[-1]) && is_of_word(c[1]);
        bool special = strchr("|\\`*<$", *c) || (*c == '_' && !inside);
        gedi__text_add(out, special ? "\\%c" : "%c", *c);
    }
}

/* The text of row r (-1: the head) in column c (-1: the row's label). */
static void add_entry(const gedi__table *t, int r, int c, gedi__text *out)
{
    gedi__text signed_by = {0};
    if (c < 0)
        gedi__table_label(r < 0 ? t->show->rows : t->row[r], out);
    else if (r < 0)
        gedi__table_label(t->column[c], out);
    else
        cell_markdown(t, r, c, out);
    if (r >= 0)
        gedi__table_add_signs(t, r, c, &gedi__signs_plain, &signed_by);
    if (signed_by.len)
        gedi__text_add(out, " %s", signed_by.s);
    out->failed |= signed_by.failed;
    gedi__text_clear(&signed_by);
}

static int column_width(const gedi__table *t, int c)
{
    int width = 3;
    for (int r = -1; r < t->rows; r++) {
        gedi__text s = {0};
        add_entry(t, r, c, &s);
        int w = width_of(s.s);
        width = w > width ? w : width;
        gedi__text_clear(&s);
    }
    return width;
}

static void add_rule(const gedi__table *t, const int *width, gedi__text *out)
{
    gedi__text_add(out, "|");
    for (int c = -1; c < t->columns; c++) {
        for (int i = -2; i < width[c + 1]; i++)
            gedi__text_add(out, "-");
        gedi__text_add(out, "|");
    }
    gedi__text_add(out, "\n");
}

/* Words that are not in cells, which may be a stranger's as well. */
static void words_markdown(gedi__text *words, gedi__text *out)
{
    gedi__table_label(words->len ? words->s : "", out);
    out->failed |= words->failed;
    gedi__text_clear(words);
}

void gedi__table_markdown(const gedi__table *t, gedi__text *out)
{
    gedi__text above = {0}, below = {0};
    /* The label's, then those of the columns: of all rows, so found once. */
    int *width = calloc((size_t)t->columns + 1, sizeof *width);
    out->failed |= !width;
    for (int c = -1; width && c < t->columns; c++)
        width[c + 1] = column_width(t, c);
    gedi__table_caption(t, &above);
    words_markdown(&above, out);
    gedi__text_add(out, "\n\n");
    for (int r = -1; width && r < t->rows; r++) {
        gedi__text_add(out, "|");
        for (int c = -1; c < t->columns; c++) {
            gedi__text s = {0};
            add_entry(t, r, c, &s);
            add_padded(s.s, width[c + 1], out);
            out->failed |= s.failed;
            gedi__text_clear(&s);
        }
        gedi__text_add(out, "\n");
        if (r < 0)
            add_rule(t, width, out);
    }
    free(width);
    /* A paragraph each: lines that follow one another would be joined. */
    gedi__table_add_legend(t, &gedi__signs_plain, "\n", "\n", &below);
    words_markdown(&below, out);
}
