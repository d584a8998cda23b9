/* palette.c - colours that colour-blind readers can tell apart, too.
 *
 * Source:  Okabe & Ito 2008, "Color Universal Design" (the first seven; black is kept for
 *          text); Tol 2021, "Colour schemes", muted and dark (the rest); viridis:
 *          van der Walt & Smith 2015.
 * Differs: the order puts the strongest contrasts first; yellow is darkened, to be seen
 *          on white.
 */
#include "core/report/palette.h"

static const uint32_t colours[GEDI__COLOURS] = {
    0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0xc9b800,
    0x332288, 0x882255, 0x117733, 0xaa4499, 0x999933, 0x88ccee, 0xddcc77,
    0x222255, 0xcc6677, 0x225522, 0x663333, 0x44aa99, 0x777777,
};

uint32_t gedi__colour(int k)
{
    return colours[k % GEDI__COLOURS];
}

uint32_t gedi__tint(int k, double share)
{
    uint32_t c = gedi__colour(k), out = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        double part = c >> shift & 0xff;
        out = out << 8 | (uint32_t)(255 + share * (part - 255) + 0.5);
    }
    return out;
}

int gedi__mark(int k)
{
    static const int marks[] = {7, 5, 9}; /* disc, square, triangle */
    return marks[k % GEDI__COLOURS / 7];
}

const char gedi__viridis[] =
    "0 '#440154', 1 '#481a6c', 2 '#472f7d', 3 '#414487', 4 '#39568c', 5 '#31688e', 6 "
    "'#2a788e', 7 '#23888e', 8 '#1f988b', 9 '#22a884', 10 '#35b779', 11 '#54c568', 12 "
    "'#7ad151', 13 '#a5db36', 14 '#d2e21b', 15 '#fde725'";
