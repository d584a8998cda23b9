/* page.c - one file of HTML that needs nothing but itself. */
#include "core/report/page.h"
#include "core/report/page.inc"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Base64 of RFC 4648, section 4. */
static void put_base64(const unsigned char *x, size_t n, FILE *f)
{
    char line[4 * 256];
    size_t at = 0;
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        unsigned bits = (unsigned)x[i] << 16 | (left > 1 ? (unsigned)x[i + 1] << 8 : 0) |
                        (left > 2 ? x[i + 2] : 0);
        line[at++] = letters[bits >> 18];
        line[at++] = letters[bits >> 12 & 63];
        line[at++] = left > 1 ? letters[bits >> 6 & 63] : '=';
        line[at++] = left > 2 ? letters[bits & 63] : '=';
        if (at == sizeof line || left <= 3) {
            fwrite(line, 1, at, f);
            at = 0;
        }
    }
}

static int digit_of(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* 'sha256-...' of hexadecimal digits, as a policy wants it. */
static void put_hash(const char *hex, FILE *f)
{
    unsigned char sum[32];
    for (int i = 0; i < 32; i++)
        sum[i] = (unsigned char)(16 * digit_of(hex[2 * i]) + digit_of(hex[2 * i + 1]));
    fputs("'sha256-", f);
    put_base64(sum, sizeof sum, f);
    fputs("'", f);
}

/* The name is the user's: /dev/stdout or a pipe must not become a file. */
static gedi_status check_place(const char *path, gedi_err *err)
{
    struct stat st;
    if (lstat(path, &st) || S_ISREG(st.st_mode))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_IO,
                     "%s: is %s, and not replaced by a page: name a file of its own",
                     path,
                     S_ISLNK(st.st_mode)   ? "a symbolic link"
                     : S_ISDIR(st.st_mode) ? "a folder"
                                           : "not a file");
}

gedi_status gedi__page_open(gedi__page *p, const char *path, gedi_err *err)
{
    *p = (gedi__page){0};
    GEDI_TRY(check_place(path, err));
    GEDI_TRY(gedi__replace_open(&p->to, path, err));
    FILE *f = p->to.f;
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "script-src ",
          f);
    put_hash(page_script_sum, f);
    fputs("; style-src ", f);
    put_hash(page_style_sum, f);
    fputs("; img-src data:; base-uri 'none'; form-action 'none'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<title>gedi report</title>\n<style>",
          f);
    fputs(page_style, f);
    fputs(
        "</style>\n</head>\n<body>\n<noscript>This page shows its data by a script of its "
        "own: allow JavaScript, or use `gedi table`.</noscript>\n",
        f);
    return GEDI_OK;
}

void gedi__page_escape(const char *json, FILE *f)
{
    for (const char *from = json; *from;) {
        size_t n = strcspn(from, "<>&\xe2");
        fwrite(from, 1, n, f);
        from += n;
        bool ends_line = !strncmp(from, "\xe2\x80\xa8", 3) ||
                         !strncmp(from, "\xe2\x80\xa9", 3); /* U+2028, U+2029 */
        if (ends_line)
            fprintf(f, "\\u202%d", from[2] == '\xa8' ? 8 : 9);
        else if (*from == '\xe2')
            fputc(*from, f);
        else if (*from)
            fprintf(f, "\\u%04x", (unsigned char)*from);
        from += ends_line ? 3 : *from != 0;
    }
}

void gedi__page_data(gedi__page *p, const char *id, const char *json)
{
    fprintf(p->to.f, "<script type=\"application/json\" id=\"%s\">", id);
    gedi__page_escape(json, p->to.f);
    fputs("</script>\n", p->to.f);
}

void gedi__page_picture(gedi__page *p, int number, const char *png, size_t n)
{
    fprintf(p->to.f, "<script type=\"application/json\" id=\"picture%d\">\"", number);
    put_base64((const unsigned char *)png, n, p->to.f);
    fputs("\"</script>\n", p->to.f);
}

gedi_status gedi__page_close(gedi__page *p, gedi_err *err)
{
    fputs("<script>", p->to.f);
    fputs(page_script, p->to.f);
    fputs("</script>\n</body>\n</html>\n", p->to.f);
    return gedi__replace_commit(&p->to, err);
}

void gedi__page_abandon(gedi__page *p)
{
    gedi__replace_abandon(&p->to);
}

const char *gedi__page_charts(void)
{
    return *page_charts ? page_charts : NULL;
}
