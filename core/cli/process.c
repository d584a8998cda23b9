/* process.c - what gedi is to the system that starts it: its streams and its signals. */
#include "core/cli/process.h"

#include "core/cli/cli.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

void gedi__process_start(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) {
            dprintf(STDERR_FILENO,
                    "gedi: stream %d is closed and /dev/null cannot be "
                    "opened in its place\n",
                    fd);
            _exit(GEDI__EXIT_FAILED);
        }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

bool gedi__reader_left(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    return poll(&p, 1, 0) == 1 && (p.revents & (POLLERR | POLLHUP));
}
