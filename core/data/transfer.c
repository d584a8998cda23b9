/* transfer.c - one file from a server, through libcurl. */
#include "core/data/transfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECT_SECONDS = 30,
    SILENT_SECONDS =
        30,    /* a server that sends less than a byte a second so long is gone */
    TRIES = 4, /* without a byte in between */
};

typedef struct transfer {
    CURL *curl;
    const char *url, *path, *name;
    const gedi__fetch_ear *ear;
    FILE *f;
    int64_t first; /* bytes there at the beginning of this try */
    int64_t begin; /* bytes there at the beginning of all */
    int why;       /* errno of the file */
    char text[CURL_ERROR_SIZE];
} transfer;

static size_t take(char *data, size_t size, size_t n, void *context)
{
    transfer *t = context;
    size_t done = fwrite(data, size, n, t->f);
    if (done < n)
        t->why = errno ? errno : EIO;
    return done * size;
}

static int tell(void *context, curl_off_t total, curl_off_t done, curl_off_t u,
                curl_off_t v)
{
    transfer *t = context;
    long code = 0;
    (void)u, (void)v;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    if (done > 0 && code < 300) /* not the page of an error */
        t->ear->progress(t->ear->context, t->name, t->begin, t->first + done,
                         total > 0 ? t->first + total : 0);
    return 0;
}

static CURLcode set_up(transfer *t)
{
    CURL *c = t->curl;
    CURLcode r = curl_easy_setopt(c, CURLOPT_URL, t->url);
    if (r == CURLE_OK)
        r = curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https,file");
    if (r == CURLE_OK)
        r = curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, 10L);
    curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SILENT_SECONDS);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "gedi");
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->text);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, tell);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, t);
    return r;
}

/* Bytes on disk. */
static int64_t size_of(FILE *f)
{
    struct stat st;
    return fstat(fileno(f), &st) ? 0 : st.st_size;
}

/* From the end of what is there. */
static CURLcode go_on(transfer *t)
{
    (void)fseeko(t->f, 0, SEEK_END); /* it was read */
    t->first = size_of(t->f);
    t->text[0] = 0;
    curl_easy_setopt(t->curl, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)t->first);
    CURLcode r = curl_easy_perform(t->curl);
    if (fflush(t->f) && !t->why) {
        t->why = errno;
        r = CURLE_WRITE_ERROR;
    }
    return r;
}

/* A server that cannot go on from the middle, or that has less than there is. */
static bool has_to_begin_anew(const transfer *t, CURLcode r)
{
    return t->first > 0 && (r == CURLE_RANGE_ERROR || r == CURLE_BAD_DOWNLOAD_RESUME);
}

/* There is nothing behind what is there: the file is whole, or another. */
static bool is_at_its_end(const transfer *t, CURLcode r)
{
    long code = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    return r == CURLE_HTTP_RETURNED_ERROR && code == 416 && t->first > 0;
}

static bool may_pass(CURLcode r)
{
    return r == CURLE_PARTIAL_FILE || r == CURLE_RECV_ERROR || r == CURLE_SEND_ERROR ||
           r == CURLE_GOT_NOTHING || r == CURLE_OPERATION_TIMEDOUT ||
           r == CURLE_SSL_CONNECT_ERROR;
}

/* Nobody was reached: the file may come by other ways. */
static void add_other_way(const transfer *t, CURLcode r, char *out, size_t size)
{
    if (r == CURLE_COULDNT_RESOLVE_HOST || r == CURLE_COULDNT_RESOLVE_PROXY ||
        r == CURLE_COULDNT_CONNECT)
        snprintf(
            out, size,
            "; without a network, put the file there as %s and run the command again, "
            "or give --from URL: its sum is verified",
            t->path);
}

static gedi_status explain(const transfer *t, CURLcode r, gedi_err *err)
{
    char kept[96] = "", other[400] = "";
    long code = 0;
    int64_t n = size_of(t->f);
    if (n > 0)
        snprintf(kept, sizeof kept, "; %.1f MB are kept: run the command again to go on",
                 (double)n / 1e6);
    if (r == CURLE_WRITE_ERROR && t->why)
        return GEDI_FAIL(err, GEDI_IO, "%.250s: cannot be written: %s%s", t->path,
                         strerror(t->why), kept);
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    if (r == CURLE_HTTP_RETURNED_ERROR)
        return GEDI_FAIL(
            err, GEDI_IO,
            "%.250s: the server answers %ld%s; --from URL takes the files from "
            "another place",
            t->url, code, code == 404 ? ", not found" : "");
    add_other_way(t, r, other, sizeof other);
    return GEDI_FAIL(err, GEDI_IO, "%.250s: %.100s%s%s", t->url,
                     *t->text ? t->text : curl_easy_strerror(r), kept, other);
}

static CURLcode run(transfer *t)
{
    int64_t most = t->begin;
    for (int silent = 0;;) {
        CURLcode r = go_on(t);
        if (has_to_begin_anew(t, r)) {
            if (ftruncate(fileno(t->f), 0))
                return r;
            t->begin = 0;
            r = go_on(t);
        }
        if (is_at_its_end(t, r))
            return CURLE_OK;
        /* More than ever before: a server that always begins anew and breaks off is given up. */
        silent = size_of(t->f) > most ? 0 : silent + 1;
        most = size_of(t->f) > most ? size_of(t->f) : most;
        if (!may_pass(r) || silent >= TRIES)
            return r;
        t->ear->step(t->ear->context, t->name, "the connection broke; going on");
        nanosleep(&(struct timespec){.tv_nsec = 250 * 1000 * 1000}, NULL);
    }
}

gedi_status gedi__transfer(const char *url, FILE *f, const char *path, const char *name,
                           const gedi__fetch_ear *ear, gedi_err *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return GEDI_FAIL(err, GEDI_IO, "libcurl cannot be used");
    transfer t = {.curl = curl_easy_init(),
                  .url = url,
                  .path = path,
                  .name = name,
                  .ear = ear,
                  .f = f,
                  .begin = size_of(f)};
    gedi_status s = GEDI_OK;
    CURLcode r = t.curl ? set_up(&t) : CURLE_OUT_OF_MEMORY;
    if (!t.curl)
        s = gedi_no_memory(err, "%.300s", url);
    else if (r != CURLE_OK || (r = run(&t)) != CURLE_OK)
        s = explain(&t, r, err);
    curl_easy_cleanup(t.curl);
    curl_global_cleanup();
    return s;
}
