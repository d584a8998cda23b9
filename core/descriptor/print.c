/* print.c - pictures for print: figures: [{clusters: {format: pdf, width: 3.3in}}]. */
#include "core/descriptor/print.h"
#include "core/descriptor/experiment.h"

#include <math.h>
#include <string.h>

const gedi_option gedi__print_options[] = {
    GEDI_ENUM(gedi__print, format, 0, GEDI__PRINT_FORMATS, GEDI__PRINT_FORMAT),
    GEDI_TEXT(gedi__print, title, "auto", GEDI__PRINT_TITLE),
    GEDI_TEXT(gedi__print, width, "", GEDI__PRINT_WIDTH),
    GEDI_END,
};

bool gedi__print_is_given(const gedi__print *p)
{
    return p->format || (p->title && strcmp(p->title, "auto")) || (p->width && *p->width);
}

bool gedi__print_has_width(const char *width)
{
    return !isnan(gedi__text_inches(width));
}
