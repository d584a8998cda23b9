/* signals.c - signals that a process waits for, through a pipe that the handler writes into. */
#include "core/base/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int heard[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD};
enum { HEARD = sizeof heard / sizeof *heard, STOP = HEARD - 1 /* the child's is last */ };

static int ends[2] = {-1, -1}; /* of the pipe */
static struct sigaction before[HEARD];
static int depth;

/* What is ignored from outside (nohup) stays so. */
static void catch_one(int number, void (*on_signal)(int), int flags)
{
    struct sigaction a, old;
    memset(&a, 0, sizeof a);
    a.sa_handler = on_signal;
    a.sa_flags = flags;
    if (!sigaction(number, NULL, &old) && old.sa_handler != SIG_IGN)
        sigaction(number, &a, NULL);
}

void gedi__on_stop(void (*on_signal)(int), int flags)
{
    for (int i = 0; i < STOP; i++)
        catch_one(heard[i], on_signal, flags);
}

static void pass_on(int number)
{
    int was = errno;
    char byte = (char)number;
    (void)!write(ends[1], &byte, 1); /* a full pipe has enough of them */
    errno = was;
}

gedi_status gedi__signals_begin(bool children, gedi_err *err)
{
    struct sigaction child;
    if (depth == 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK))
        return GEDI_FAIL(err, GEDI_IO, "no pipe: %s", strerror(errno));
    if (depth++)
        return GEDI_OK;
    for (int i = 0; i < HEARD; i++)
        sigaction(heard[i], NULL, &before[i]);
    gedi__on_stop(pass_on, SA_RESTART);
    memset(&child, 0, sizeof child);
    /* Also where it was ignored: then nobody could wait for one. */
    child.sa_handler = pass_on;
    child.sa_flags = SA_RESTART | SA_NOCLDSTOP;
    if (children)
        sigaction(SIGCHLD, &child, NULL);
    return GEDI_OK;
}

static void restore(void)
{
    for (int i = 0; i < HEARD; i++)
        sigaction(heard[i], &before[i], NULL);
}

void gedi__signals_end(void)
{
    if (--depth)
        return;
    restore();
    close(ends[0]);
    close(ends[1]);
    ends[0] = ends[1] = -1;
}

bool gedi__signals_wait(double seconds)
{
    struct pollfd in = {.fd = ends[0], .events = POLLIN};
    char number[64];
    ssize_t n;
    bool stop = false;
    (void)poll(&in, 1,
               (int)(1e3 * seconds)); /* EINTR: a signal, and so it is in the pipe */
    while ((n = read(ends[0], number, sizeof number)) > 0)
        for (ssize_t i = 0; i < n; i++)
            stop |= number[i] != SIGCHLD;
    return stop;
}

/* What reaches the child before its signals are restored waits until they are. */
pid_t gedi__signals_fork(void)
{
    sigset_t all, mask;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &mask);
    pid_t child = fork();
    int error = errno;
    if (child == 0)
        restore();
    sigprocmask(SIG_SETMASK, &mask, NULL);
    errno = error;
    return child;
}
