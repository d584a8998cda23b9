/* server.h - a small web server on the loopback address that can misbehave; in a process of its own. */
#ifndef GEDI_TESTS_SERVER_H
#define GEDI_TESTS_SERVER_H

#include <arpa/inet.h>
#include <check.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* What it does and what it saw, in memory that both processes have. */
typedef struct server {
    const uint8_t *data; /* the one file that it has, whatever its name */
    long size;
    volatile long cut;      /* bytes after which the connection breaks; 0: never */
    volatile bool once;     /* ... but only the first time */
    volatile bool ranges;   /* it can begin in the middle */
    volatile int status;    /* 0: as it should be; 404 */
    volatile long slow;     /* bytes, and then it waits forever */
    volatile int requests;  /* so far */
    volatile long from[32]; /* where each began; 0 without a range */
    int port;
    pid_t process;
} server;

static inline void server_send(int to, const void *data, long n)
{
    for (const char *at = data; n > 0;) {
        ssize_t sent = send(to, at, (size_t)n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        at += sent;
        n -= sent;
    }
}

static inline void server_body(server *s, int to, long from)
{
    long n = s->size - from;
    if (s->cut && s->cut < n) {
        n = s->cut;
        s->cut = s->once ? 0 : s->cut;
    }
    if (s->slow && s->slow < n) {
        server_send(to, s->data + from, s->slow);
        pause();
    }
    server_send(to, s->data + from, n);
}

static inline void server_answer(server *s, int to)
{
    char request[4096] = "", head[256];
    for (size_t n = 0; n + 1 < sizeof request && !strstr(request, "\r\n\r\n");) {
        ssize_t got = recv(to, request + n, sizeof request - 1 - n, 0);
        if (got <= 0)
            return;
        n += (size_t)got;
        request[n] = 0;
    }
    const char *range = strstr(request, "Range: bytes=");
    long from = range ? strtol(range + 13, NULL, 10) : 0;
    s->from[s->requests++ % 32] = from;
    if (s->status) {
        snprintf(
            head, sizeof head,
            "HTTP/1.1 %d No\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnot here\n",
            s->status);
        server_send(to, head, (long)strlen(head));
        return;
    }
    bool middle = s->ranges && range;
    if (middle && from >= s->size) {
        snprintf(head, sizeof head,
                 "HTTP/1.1 416 No\r\nContent-Range: bytes */%ld\r\nContent-Length: 0\r\n"
                 "Connection: close\r\n\r\n",
                 s->size);
        server_send(to, head, (long)strlen(head));
        return;
    }
    from = middle ? from : 0;
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 %s\r\nContent-Length: %ld\r\nConnection: close\r\n",
                     middle ? "206 Partial Content" : "200 OK", s->size - from);
    if (middle)
        n += snprintf(head + n, sizeof head - (size_t)n,
                      "Content-Range: bytes %ld-%ld/%ld\r\n", from, s->size - 1, s->size);
    snprintf(head + n, sizeof head - (size_t)n, "\r\n");
    server_send(to, head, (long)strlen(head));
    server_body(s, to, from);
}

/* Serves `size` bytes of `data` until it is stopped. */
static inline server *server_start(const uint8_t *data, long size)
{
    server *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(s, MAP_FAILED);
    *s = (server){.data = data, .size = size, .ranges = true};
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof at;
    int door = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert(door >= 0 && bind(door, (struct sockaddr *)&at, sizeof at) == 0);
    ck_assert_int_eq(listen(door, 8), 0);
    ck_assert_int_eq(getsockname(door, (struct sockaddr *)&at, &length), 0);
    s->port = ntohs(at.sin_port);
    pid_t process = fork(); /* both write what is shared */
    ck_assert_int_ge(process, 0);
    if (process == 0) {
        for (;;) {
            int to = accept(door, NULL, NULL);
            if (to < 0)
                continue;
            server_answer(s, to);
            close(to);
        }
    }
    s->process = process;
    close(door);
    return s;
}

static inline void server_stop(server *s)
{
    kill(s->process, SIGKILL);
    waitpid(s->process, NULL, 0);
    munmap(s, sizeof *s);
}

/* "http://127.0.0.1:PORT/data", in one place that is used again. */
static inline const char *server_url(const server *s)
{
    static char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/data", s->port);
    return url;
}

#endif
