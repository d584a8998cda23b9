/* crew.c - runs in processes of their own, several at once. */
#include "core/sweep/crew.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/signals.h"
#include "core/exec/machine.h"
#include "core/store/folder.h"
#include "core/store/metrics.h"
#include "core/sweep/study.h"
#include "core/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const double tick = 0.1; /* seconds between two looks at the runs */

typedef struct shift { /* one call of gedi__crew_run */
    gedi__crew *c;
    bool interrupted;
    int next;      /* the first job that may wait */
    double looked; /* when at those that others have */
} shift;

/* ---- one process ---- */

/* In the child: only what is safe after a fork. */
static void become(char *const *argv, int error, int nothing, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* nobody counts the results of an orphan */
    if (getppid() == parent && dup2(nothing, 0) >= 0 && dup2(nothing, 1) >= 0 &&
        dup2(error, 2) >= 0)
        execv("/proc/self/exe", argv);
    static const char failed[] = "gedi: the program cannot be started again\n";
    (void)!write(error, failed, sizeof failed - 1);
    _exit(127);
}

/* Texts are borrowed; free the list. `until` has room for a number. */
static char **arguments_of(const gedi__crew *c, const gedi__job *j, char until[24])
{
    enum { FIRST = 6 };
    char **argv = calloc((size_t)(FIRST + c->arguments) + 1, sizeof *argv);
    if (!argv)
        return NULL;
    argv[0] = "gedi";
    argv[1] = c->command ? (char *)c->command : "resume";
    argv[2] = "--quiet";
    argv[3] = (char *)j->folder;
    int n = 4;
    if (j->part) {
        snprintf(until, 24, "%" PRId64, j->iterations);
        argv[n++] = "--until";
        argv[n++] = until;
    }
    for (int i = 0; i < c->arguments; i++)
        argv[n++] = (char *)c->argument[i];
    return argv;
}

/* Takes away what a failure before has said. */
static bool forget(const gedi__job *j)
{
    char *path = gedi__store_path(j->folder, GEDI__FILE_ERROR, NULL);
    bool gone = path && (!unlink(path) || errno == ENOENT);
    free(path);
    return gone;
}

static gedi_status start(shift *s, gedi__job *j, gedi_err *err)
{
    pid_t parent = getpid();
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    gedi__text_clear(&j->reason);                 /* of a failure before */
    j->words = memfd_create("gedi", MFD_CLOEXEC); /* the disk may be full */
    char until[24], **argv = arguments_of(s->c, j, until);
    bool ok = argv && j->words >= 0 && nothing >= 0 && (s->c->command || forget(j));
    j->pid = ok ? gedi__signals_fork() : -1;
    if (j->pid == 0)
        become(argv, j->words, nothing, parent);
    free(argv);
    gedi_status status = GEDI_OK;
    if (j->pid < 0) {
        status = GEDI_FAIL(err, GEDI_IO, "%s: the run cannot be started: %s", j->folder,
                           strerror(errno));
        if (j->words >= 0)
            close(j->words);
    }
    if (nothing >= 0)
        close(nothing);
    j->began = gedi__seconds();
    j->first = j->done = gedi__metrics_end(j->folder, &j->loss);
    j->trained = 0;
    j->lost = false;
    if (!status)
        j->state = GEDI__JOB_RUNNING;
    return status;
}

/* What the process said, as far as it is short. */
static void read_words(const gedi__job *j, gedi__text *out)
{
    char part[4096];
    ssize_t n;
    for (off_t at = 0; at < 65536 && (n = pread(j->words, part, sizeof part, at)) > 0;
         at += n)
        gedi__text_add(out, "%.*s", (int)n, part);
}

/* What a run that failed said, with how it ended, into error.txt; the reason is kept even
 * where the disk is full. */
static void keep_error(gedi__job *j, int status, bool in_folder)
{
    gedi__text said = {0};
    char *path = gedi__store_path(j->folder, GEDI__FILE_ERROR, NULL);
    read_words(j, &said);
    if (WIFSIGNALED(status))
        gedi__text_add(
            &said, "gedi: killed by signal %d (%s)%s\n", WTERMSIG(status),
            strsignal(WTERMSIG(status)),
            WTERMSIG(status) == SIGKILL
                ? ", as the system does when memory runs out: then try fewer at once, "
                  "-j"
                : "");
    else if (!said.len)
        gedi__text_add(&said, "gedi: it ended with %d and did not say why\n",
                       WEXITSTATUS(status));
    if (in_folder && path && said.len && !said.failed)
        (void)gedi__file_write(path, said.s, said.len, NULL);
    if (said.len)
        gedi__text_add(&j->reason, "%s", gedi__last_line(said.s));
    if (in_folder)
        gedi__add_continued(j->folder, &j->reason);
    gedi__text_clear(&said);
    free(path);
}

static void end(shift *s, gedi__job *j, int status)
{
    bool fine = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    j->seconds = gedi__seconds() - j->began;
    j->done = fine ? j->iterations : gedi__metrics_last(j->folder);
    j->pid = 0;
    if (!fine && s->c->gate && !s->c->gate->hold(s->c->gate->context, j))
        j->lost = true; /* it may have ended because of that */
    if (j->lost)
        j->state = GEDI__JOB_ELSEWHERE;
    else if (fine)
        j->state = GEDI__JOB_DONE;
    else if (s->c->stopping)
        j->state = GEDI__JOB_STOPPED;
    else
        j->state = GEDI__JOB_FAILED;
    if (j->state == GEDI__JOB_FAILED)
        keep_error(j, status, !s->c->command);
    close(j->words);
    if (s->c->gate)
        s->c->gate->leave(s->c->gate->context, j);
}

/* ---- all of them ---- */

static void send(const shift *s, int number)
{
    for (int w = 0; w < s->c->workers; w++)
        if (s->c->of[w] >= 0)
            kill(s->c->job[s->c->of[w]].pid, number);
}

static void stop(shift *s)
{
    send(s, s->c->stopping ? SIGKILL : SIGTERM);
    s->c->stopping = true;
}

/* The next job that waits, and that nobody else has; NULL: there is none. */
static gedi_status next_job(shift *s, gedi__job **out, gedi_err *err)
{
    const gedi__gate *gate = s->c->gate;
    for (*out = NULL; !*out && s->next < s->c->jobs; s->next++) {
        gedi__job *j = &s->c->job[s->next];
        if (j->state == GEDI__JOB_WAITING && gate)
            GEDI_TRY(gate->take(gate->context, j, err));
        if (j->state == GEDI__JOB_WAITING)
            *out = j;
    }
    return GEDI_OK;
}

/* Gives every worker that has none the next job that waits. */
static gedi_status hand_out(shift *s, gedi_err *err)
{
    gedi__crew *c = s->c;
    for (int w = 0; w < c->workers && !s->c->stopping; w++) {
        gedi__job *j;
        if (c->of[w] >= 0)
            continue;
        GEDI_TRY(next_job(s, &j, err));
        if (!j)
            return GEDI_OK;
        gedi_status status = start(s, j, err);
        if (status && c->gate)
            c->gate->leave(c->gate->context, j);
        GEDI_TRY(status);
        c->of[w] = (int)(j - c->job);
    }
    return GEDI_OK;
}

/* What has become of jobs that others have. It is asked less often, the more there are. */
static gedi_status look_elsewhere(shift *s, gedi_err *err)
{
    gedi__crew *c = s->c;
    if (!c->gate || c->stopping || gedi__seconds() - s->looked < 1 + 1e-3 * c->jobs)
        return GEDI_OK;
    for (int i = 0; i < c->jobs; i++) {
        gedi__job *j = &c->job[i];
        if (j->state == GEDI__JOB_ELSEWHERE)
            GEDI_TRY(c->gate->look(c->gate->context, j, err));
        if (j->state == GEDI__JOB_WAITING && i < s->next) /* whoever had it has left */
            s->next = i;
    }
    s->looked = gedi__seconds();
    return GEDI_OK;
}

/* Are there some, and are they waited for? */
static bool waits_elsewhere(const shift *s)
{
    const gedi__crew *c = s->c;
    bool any = false;
    for (int i = 0; c->gate && c->gate->waits && !c->stopping && i < c->jobs; i++)
        any |= c->job[i].state == GEDI__JOB_ELSEWHERE;
    return any;
}

/* A run that another has taken must not write any more. */
static void hold_on(shift *s)
{
    const gedi__gate *gate = s->c->gate;
    for (int w = 0; gate && w < s->c->workers; w++) {
        gedi__job *j = s->c->of[w] < 0 ? NULL : &s->c->job[s->c->of[w]];
        if (!j || j->lost || gate->hold(gate->context, j))
            continue;
        j->lost = true;
        kill(j->pid, SIGKILL);
    }
}

/* Waits for a signal, so many seconds at most. */
static void listen(shift *s, double most)
{
    if (!gedi__signals_wait(most))
        return;
    s->interrupted = true;
    stop(s);
}

/* Takes up those that have ended; true while some are at work. */
static bool collect(shift *s)
{
    gedi__crew *c = s->c;
    bool busy = false;
    for (int w = 0; w < c->workers; w++) {
        int status;
        gedi__job *j = c->of[w] < 0 ? NULL : &c->job[c->of[w]];
        if (!j)
            continue;
        if (waitpid(j->pid, &status, WNOHANG) == 0) {
            busy = true;
            continue;
        }
        c->of[w] = -1;
        listen(s, 0); /* Ctrl-C reaches the runs, too: it may have ended this */
        end(s, j, status);
        if (c->tick)
            c->tick(c->context, c, j);
        if (j->state == GEDI__JOB_FAILED && c->fail_fast && !s->c->stopping)
            stop(s);
    }
    return busy;
}

/* How far a run has come. */
static void look(gedi__job *j)
{
    j->done = gedi__metrics_end(j->folder, &j->loss);
    if (j->done == j->iterations && j->trained <= 0)
        j->trained = gedi__seconds() - j->began;
}

/* Those at work still leave checkpoints. */
static void wind_up(shift *s)
{
    stop(s);
    while (collect(s)) {
        hold_on(s);
        listen(s, tick);
    }
}

static gedi_status work(shift *s, gedi_err *err)
{
    gedi__crew *c = s->c;
    for (;;) {
        gedi_status status = look_elsewhere(s, err);
        if (!status)
            status = hand_out(s, err);
        if (status) {
            wind_up(s);
            return status;
        }
        if (!collect(s) && !waits_elsewhere(s)) {
            if (s->next == c->jobs || s->c->stopping)
                break;
            continue;
        }
        listen(s, tick);
        hold_on(s);
        for (int w = 0; w < c->workers; w++)
            if (c->of[w] >= 0)
                look(&c->job[c->of[w]]);
        if (c->tick)
            c->tick(c->context, c, NULL);
    }
    if (s->interrupted)
        return GEDI_FAIL(err, GEDI_INTERRUPTED, "interrupted");
    return GEDI_OK;
}

gedi_status gedi__crew_run(gedi__crew *c, gedi_err *err)
{
    shift s = {.c = c};
    c->stopping = false;
    c->of = gedi__alloc((size_t)c->workers, sizeof *c->of, err, "%d workers", c->workers);
    if (!c->of)
        return GEDI_NOMEM;
    for (int w = 0; w < c->workers; w++)
        c->of[w] = -1;
    if (c->workers > 1) /* each would bind itself to the same first place */
        gedi__machine_unbind();
    else
        gedi__machine_widen();
    if (c->threads > 0) { /* a run begun with fewer workers has a larger share */
        char limit[16];
        snprintf(limit, sizeof limit, "%d", c->threads);
        setenv("OMP_THREAD_LIMIT", limit, 1);
    }
    GEDI_TRY(gedi__signals_begin(true, err));
    gedi_status status = work(&s, err);
    gedi__signals_end();
    return status;
}

int gedi__crew_count(const gedi__crew *c, gedi__job_state state)
{
    int n = 0;
    for (int i = 0; i < c->jobs; i++)
        n += c->job[i].state == state;
    return n;
}

const char *gedi__crew_waiting_text(const gedi__crew *c, char *out, size_t size)
{
    int all = gedi__crew_count(c, GEDI__JOB_WAITING), trained = 0;
    for (int i = 0; i < c->jobs; i++)
        trained += c->job[i].state == GEDI__JOB_WAITING && c->job[i].evaluates;
    if (!trained)
        snprintf(out, size, "%d to run", all);
    else if (trained == all)
        snprintf(out, size, "%d to evaluate", all);
    else
        snprintf(out, size, "%d to run, %d to evaluate", all - trained, trained);
    return out;
}

void gedi__crew_clear(gedi__crew *c)
{
    for (int i = 0; i < c->jobs; i++)
        gedi__text_clear(&c->job[i].reason);
    free(c->of);
    c->of = NULL;
}
