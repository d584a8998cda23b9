/* glyphs.c - letters that no font of this machine has, found out by fontconfig's fc-list. */
#include "core/report/glyphs.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 128 }; /* different letters that are looked for; more of them stay */

typedef struct known {
    int n;
    unsigned letter[MOST];
    bool there[MOST];
} known;

/* The letter that begins at s, and its bytes; 0: it is no UTF-8. */
static unsigned letter_at(const char *s, int *bytes)
{
    const unsigned char *u = (const unsigned char *)s;
    int n = *u < 0x80 ? 1 : *u >> 5 == 6 ? 2 : *u >> 4 == 14 ? 3 : *u >> 3 == 30 ? 4 : 0;
    unsigned letter = n == 1 ? *u : n ? *u & (0x7fu >> n) : 0;
    *bytes = 1;
    for (int i = 1; i < n; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 0;
        letter = letter << 6 | (u[i] & 0x3f);
    }
    *bytes = n ? n : 1;
    return letter;
}

/* Latin, Greek, Cyrillic, and the signs that figures have of themselves: in any font that a plot can be drawn with. */
static bool is_common(unsigned letter)
{
    return letter < 0x250 || (letter >= 0x370 && letter < 0x460) ||
           (letter >= 0x1d00 && letter < 0x1dc0) || (letter >= 0x2000 && letter < 0x2300);
}

/* No text of a user is in the command. */
static bool ask(unsigned letter)
{
    char command[64], line[8];
    snprintf(command, sizeof command, "fc-list :charset=%x family 2>/dev/null", letter);
    FILE *f = popen(command, "r");
    if (!f)
        return true;
    bool there = fgets(line, sizeof line, f) != NULL, more = there;
    while (more)
        more = fgets(line, sizeof line, f) != NULL;
    return pclose(f) != 0 || there;
}

static bool has_glyph(known *k, unsigned letter)
{
    int i = 0;
    if (!letter || is_common(letter))
        return true;
    while (i < k->n && k->letter[i] != letter)
        i++;
    if (i == MOST)
        return true;
    if (i == k->n) {
        k->letter[k->n] = letter;
        k->there[k->n++] = ask(letter);
    }
    return k->there[i];
}

void gedi__glyphs_add(gedi__text *out, const char *text, bool *missing)
{
    known k = {.n = 0};
    int bytes;
    *missing = false;
    const char *from = text;
    for (const char *s = text; *s; s += bytes) {
        if (has_glyph(&k, letter_at(s, &bytes)))
            continue;
        gedi__text_add(out, "%.*s?", (int)(s - from), from);
        from = s + bytes;
        *missing = true;
    }
    gedi__text_add(out, "%s", from);
}
