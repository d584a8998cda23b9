/* gnuplot.c - running gnuplot on a script: no shell, its complaints kept. */
#include "core/report/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Reads until the other end closes; keeps what fits, as a string. */
static void drain(int fd, char *out, size_t size)
{
    size_t n = 0;
    for (;;) {
        char rest[512];
        bool full = n + 1 >= size;
        ssize_t got = read(fd, full ? rest : out + n, full ? sizeof rest : size - 1 - n);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        if (got > 0 && !full)
            n += (size_t)got;
    }
    out[n] = 0;
}

/* The line that says what is wrong: gnuplot first repeats the command, points at the
 * place, and then writes '"script" line 12: undefined variable'; warnings may come first. */
static const char *complaint(char *text, const char *script)
{
    const char *first = NULL;
    size_t n = strlen(script);
    for (char *line = text, *next = line; *line; line = next) {
        next += strcspn(line, "\n");
        if (*next)
            *next++ = 0;
        line += strspn(line, " \t\r");
        bool placed = *line == '"' && !strncmp(line + 1, script, n) && line[1 + n] == '"';
        bool warning = strstr(line, "warning:") != NULL;
        if (placed && !warning)
            return line;
        if (*line && !warning && !first)
            first = line;
    }
    return first ? first : "it did not say why";
}

/* The child's input and output are nothing, its errors go to the pipe. */
static int start(const char *folder, const char *script, const int pipe_fd[2], pid_t *pid)
{
    posix_spawn_file_actions_t a;
    int why = posix_spawn_file_actions_init(&a);
    if (why)
        return why;
    char *argv[] = {"gnuplot", "--default-settings", (char *)script, NULL};
    why = posix_spawn_file_actions_addopen(&a, 0, "/dev/null", O_RDONLY, 0);
    if (!why)
        why = posix_spawn_file_actions_addopen(&a, 1, "/dev/null", O_WRONLY, 0);
    if (!why)
        why = posix_spawn_file_actions_adddup2(&a, pipe_fd[1], 2);
    if (!why)
        why = posix_spawn_file_actions_addchdir_np(&a, folder);
    if (!why)
        why = posix_spawnp(pid, argv[0], &a, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&a);
    return why;
}

gedi_status gedi__gnuplot_run(const char *folder, const char *script, gedi_err *err)
{
    int pipe_fd[2], state = 0;
    char said[2048];
    pid_t pid;
    if (pipe2(pipe_fd, O_CLOEXEC))
        return GEDI_FAIL(err, GEDI_IO, "gnuplot cannot be started: %s", strerror(errno));
    int why = start(folder, script, pipe_fd, &pid);
    close(pipe_fd[1]);
    if (why) {
        close(pipe_fd[0]);
        /* The folder exists, so it is the program that does not. */
        if (why == ENOENT && access(folder, X_OK) == 0)
            return GEDI_FAIL(err, GEDI_IO,
                             "gnuplot was not found: install the package gnuplot-nox");
        return GEDI_FAIL(err, GEDI_IO, "gnuplot cannot be started: %s", strerror(why));
    }
    drain(pipe_fd[0], said, sizeof said);
    close(pipe_fd[0]);
    while (waitpid(pid, &state, 0) < 0)
        if (errno != EINTR)
            return GEDI_FAIL(err, GEDI_IO, "gnuplot was lost: %s", strerror(errno));
    if (WIFSIGNALED(state))
        return GEDI_FAIL(err, GEDI_IO, "gnuplot was stopped by signal %d",
                         WTERMSIG(state));
    if (WEXITSTATUS(state))
        return GEDI_FAIL(err, GEDI_IO, "gnuplot failed: %s", complaint(said, script));
    return GEDI_OK;
}
