/* print.h - what descriptors say of a picture for print, whoever draws it. */
#ifndef GEDI_DESCRIPTOR_PRINT_H
#define GEDI_DESCRIPTOR_PRINT_H

#define GEDI__PRINT_FORMAT "pdf or svg: such a picture as well, NAME.pdf, for print"
#define GEDI__PRINT_TITLE "its title; \"\": none, for a caption says it"
#define GEDI__PRINT_WIDTH                                                                               \
    "its width, such as 3.3in or 84mm, at least 2in, with letters of 8 points where the figure can be " \
    "narrower; \"\": as wide as the PNG"
#define GEDI__PRINT_NO_WIDTH                                                             \
    "%s: width: '%.64s' is no length from 2in, below which letters cannot be read, to "  \
    "50in, such as 3.3in, 84mm, 8.4cm or 240pt"

#endif
