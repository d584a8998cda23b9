/* page.h - one file of HTML that needs nothing but itself: data as JSON, pictures, and a script that
 * shows them.
 *
 * The script and the style are fixed when gedi is built, and the page allows these alone by their
 * checksums (Content-Security-Policy), so nothing that a run contains is ever executed or fetched.
 * Whatever comes from runs enters through gedi__page_data, which nothing in it can leave.
 */
#ifndef GEDI_REPORT_PAGE_H
#define GEDI_REPORT_PAGE_H

#include "core/base/file.h"
#include "core/base/text.h"

typedef struct gedi__page {
    gedi__replace to;
} gedi__page;

/* Begins the page that is to replace `path`.
 *   Errors: GEDI_IO, also where it is a link, a folder, a pipe or a device; GEDI_NOMEM.  */
gedi_status gedi__page_open(gedi__page *p, const char *path, gedi_err *err);
/* Adds a JSON text, which the script finds by `id`, a word of gedi's own. */
void gedi__page_data(gedi__page *p, const char *id, const char *json);
/* Adds the n bytes of a PNG file as picture `number`. */
void gedi__page_picture(gedi__page *p, int number, const char *png, size_t n);
/* Ends the page; the file appears under its name. Clears `p` in any case.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__page_close(gedi__page *p, gedi_err *err);
void gedi__page_abandon(gedi__page *p); /* legal after close, too */

/* A JSON text as the content of an element <script>: what could end the element, begin a comment or
 * end a line of JavaScript is written as an escape of JSON, which means the same. */
void gedi__page_escape(const char *json, FILE *f);

/* "dygraphs 2.2.1", or NULL where gedi was built without it and charts are plain. */
const char *gedi__page_charts(void);

#endif
