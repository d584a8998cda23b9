/* file.c - the text of a file of rules, and what is checked of it before Prolog reads it. */
#include "plugins/dataset/file.h"
#include "plugins/rules/program.h"

#include <stdlib.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

enum { MOST_BYTES = 32 << 20, MOST_BRACKETS = 1000 };

/* The bytes of the character at s, of which no more than n are there; 0: it is no UTF-8, or one that no
 * text has. */
static size_t character(const unsigned char *s, size_t n)
{
    size_t length = *s < 0x80   ? 1
                    : *s < 0xc2 ? 0
                    : *s < 0xe0 ? 2
                    : *s < 0xf0 ? 3
                    : *s < 0xf5 ? 4
                                : 0;
    if (!*s || length > n)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

static gedi_status check_text(const char *path, const char *text, size_t size,
                              gedi_err *err)
{
    int line = 1;
    for (size_t i = 0, n; i < size; i += n) {
        n = character((const unsigned char *)text + i, size - i);
        if (!n)
            return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                             "%s:%d: byte 0x%02x is no text: rules are written in UTF-8",
                             path, line, (unsigned char)text[i]);
        line += text[i] == '\n';
    }
    return GEDI_OK;
}

/* Behind what starts at s and has no brackets for Prolog: a comment, a quoted text, a character such as
 * 0'(; s + 1 where none of these does. */
static const char *skip(const char *s, const char *text)
{
    if (*s == '%')
        return s + strcspn(s, "\n");
    if (s[0] == '/' && s[1] == '*') {
        const char *end = strstr(s + 2, "*/");
        return end ? end + 2 : s + strlen(s);
    }
    if (!strchr("'\"`", *s))
        return s + 1;
    if (*s == '\'' && s > text && s[-1] >= '0' && s[-1] <= '9') /* 0'c, 16'ff */
        return s[-1] != '0' || !s[1]                    ? s + 1
               : (s[1] == '\\' || s[1] == '\'') && s[2] ? s + 3
                                                        : s + 2;
    const char *end = s + 1;
    while (*end && *end != *s)
        end += *end == '\\' && end[1] ? 2 : 1;
    return *end ? end + 1 : end;
}

/* Prolog's reader calls itself for a bracket, and has no limit of its own. */
gedi_status rules_check_brackets(const char *path, const char *text, gedi_err *err)
{
    int line = 1, depth = 0;
    for (const char *s = text, *next; *s; s = next) {
        next = skip(s, text);
        if (next == s + 1 && strchr("([{", *s) && ++depth > MOST_BRACKETS)
            return GEDI_FAIL(
                err, GEDI_DESCRIPTOR,
                "%s:%d: brackets are nested more than %d deep: give the parts names of "
                "their own",
                path, line, MOST_BRACKETS);
        if (next == s + 1 && strchr(")]}", *s) && depth)
            depth--;
        for (; s < next; s++)
            line += *s == '\n';
    }
    return GEDI_OK;
}

gedi_status rules_file_read(const char *path, char **text, gedi_err *err)
{
    FILE *f;
    gedi_err own = {0};
    gedi_status s = file_stream(path, &f, &own);
    *text = NULL;
    if (s) /* it was named by an option, as a dataset's path is */
        return GEDI_FAIL(err, s == GEDI_IO ? GEDI_OPTION : s, "%s", own.msg);
    long size = fseek(f, 0, SEEK_END) ? -1 : ftell(f);
    rewind(f);
    if (size > MOST_BYTES)
        s = GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s: %ld bytes, of which %d are the most",
                      path, size, MOST_BYTES);
    else if (size >= 0 && !(*text = calloc(1, (size_t)size + 1)))
        s = gedi_no_memory(err, "%s", path);
    else if (size < 0 || fread(*text, 1, (size_t)size, f) != (size_t)size)
        s = GEDI_FAIL(err, GEDI_IO, "%s: it cannot be read", path);
    else
        s = check_text(path, *text, (size_t)size, err);
    if (s == GEDI_OK && !strncmp(*text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)))
        memset(*text, ' ',
               strlen(BYTE_ORDER_MARK)); /* some editors begin a file with it */
    if (s == GEDI_OK)
        s = rules_check_brackets(path, *text, err);
    fclose(f);
    return s;
}
