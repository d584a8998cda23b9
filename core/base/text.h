/* text.h - strings that grow, and finding the word that was meant. */
#ifndef GEDI_BASE_TEXT_H
#define GEDI_BASE_TEXT_H

#include "gedi/error.h"
#include <stdbool.h>
#include <stddef.h>

/* Zero-initialised is empty and legal. After a failed allocation `failed` stays true, the
 * text stays as it was, and everything else is ignored: check once, at the end. */
typedef struct gedi__text {
    char *s; /* "" is NULL until something was added */
    size_t len, size;
    bool failed;
} gedi__text;

void gedi__text_add(gedi__text *t, const char *fmt, ...) GEDI_PRINTF(2, 3);
void gedi__text_clear(gedi__text *t);

/* Has a text of lines, NULL for none, that line of n bytes? */
bool gedi__text_has_line(const char *text, const char *line, size_t n);

/* Letters, digits and _, so that it is the same in YAML, C and a file name. */
bool gedi__is_plain_name(const char *name);
/* The same, with a dot between such words: "block0.conv". */
bool gedi__is_dotted_name(const char *name);
/* Any text of one line that JSON can have as a key and a terminal show: UTF-8, without control
 * characters, not empty. */
bool gedi__text_is_line(const char *name);

/* A byte of `s` that moves a cursor, ends a line or turns what is read around: a control
 * character of ASCII or of Latin-1 (C1), or a mark of direction. NULL where there is none. */
const char *gedi__text_control(const char *s);
/* What strangers may have written, for a terminal: such bytes become '?'; `lines` keeps '\n'. */
void gedi__text_show(char *s, bool lines);
/* The same of a message, which may quote a damaged file: so do bytes that are no UTF-8. */
void gedi__text_tell(char *s);
/* The code point at *s, which moves on; -1 for a byte that is not UTF-8. */
long gedi__text_point(const char **s);

/* Would a spreadsheet compute it? A number is none. */
bool gedi__text_is_formula(const char *s);
/* A field of CSV: quoted where it must be, and what a spreadsheet would take for a formula begins
 * with an apostrophe. */
void gedi__text_add_csv(gedi__text *t, const char *field);
/* A comma, and a number where it is one: not finite is an empty field. */
void gedi__text_add_csv_real(gedi__text *t, double x);

/* A word of a shell's command that stands for `s`, whatever is in it. */
void gedi__text_add_quoted(gedi__text *t, const char *s);

/* The word of `words` (n of them, NULL entries are skipped) that `word` most likely
 * misspells, or NULL: at most two edits (insert, delete, replace, swap), fewer for short
 * words; what other programs call it; else the only one that is part of it or of which it is part, or its initials: batch_size, lr. */
const char *gedi__text_nearest(const char *word, const char *const *words, int n);
/* The same without misspellings, which short words of many lists are of one another. */
const char *gedi__text_related(const char *word, const char *const *words, int n);

/* "3.3in", "8.4cm", "84mm", "240pt" in inches; 0 of ""; NAN where it is none of these, or not between
 * 2 inches, in which letters of figures can still be read, and 50. */
enum { GEDI__LEAST_INCHES = 2 };
double gedi__text_inches(const char *text);

/* Can this be the name of a file, whoever reads it, and a word of a script? Of at most
 * GEDI__FILE_NAME letters. */
enum { GEDI__FILE_NAME = 100 };
#define GEDI__NAME_RULE                                                                  \
    "1 to 100 letters, digits, '.', '_' and '-', beginning with neither '.' nor '-'"
bool gedi__text_is_name(const char *s);

#endif
