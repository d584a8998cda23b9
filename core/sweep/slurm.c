/* slurm.c - array jobs of Slurm, asked for and looked at through its own commands. */
#include "core/sweep/slurm.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/store/checksum.h"
#include "core/store/folder.h"
#include "core/sweep/study.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void gedi__slurm_name(const char *directory, char out[GEDI__SLURM_NAME])
{
    char *whole = realpath(directory, NULL);
    const char *path = whole ? whole : directory;
    char sum[GEDI__CHECKSUM + 1];
    gedi__checksum(path, strlen(path), sum);
    snprintf(out, GEDI__SLURM_NAME, "gedi-%s", sum);
    free(whole);
}

/* The last line of what a command has said. */
static const char *last_line(char *text)
{
    size_t n = strlen(text);
    while (n && strchr("\r\n ", text[n - 1]))
        text[--n] = 0;
    char *line = strrchr(text, '\n');
    return line ? line + 1 : text;
}

/* The first of them says what is wrong. */
static const char *first_line(char *text)
{
    text[strcspn(text, "\n")] = 0;
    return text;
}

/* Runs a line of shell; what it prints, errors as well, into *said. `failed`: the error where it fails. */
static gedi_status run(const char *program, const gedi__text *line, gedi_status failed,
                       gedi__text *said, gedi_err *err)
{
    char part[4096];
    size_t n;
    FILE *f = line->failed ? NULL : popen(line->s, "re");
    if (!f)
        return gedi_no_memory(err, "%s", program);
    while ((n = fread(part, 1, sizeof part - 1, f)) > 0)
        gedi__text_add(said, "%.*s", (int)n, part);
    int status = pclose(f);
    if (said->failed)
        return gedi_no_memory(err, "%s", program);
    if (!status)
        return GEDI_OK;
    return GEDI_FAIL(err, failed, "%s failed: %.400s", program,
                     said->len ? first_line(said->s) : "it did not say why");
}

static void count(const char *line, gedi__queue *q)
{
    char state[32] = "", why[64] = "";
    sscanf(line, "%31s %63[^\n]", state, why);
    bool waits = !strcmp(state, "PENDING") || !strncmp(state, "REQUEUE", 7) ||
                 !strcmp(state, "SUSPENDED") || !strcmp(state, "CONFIGURING");
    if (waits && !q->waiting)
        snprintf(q->why, sizeof q->why, "%s", why);
    q->waiting += waits;
    q->running += *state && !waits;
}

gedi_status gedi__slurm_ask(const char *name, gedi__queue *q, gedi_err *err)
{
    gedi__text line = {0}, said = {0};
    *q = (gedi__queue){0};
    gedi__text_add(&line, "squeue -h -r --me -n %s -o '%%T %%r' 2>&1", name);
    gedi_status s = run("squeue", &line, GEDI_IO, &said, err);
    for (const char *l = said.s; !s && l && *l; l += strcspn(l, "\n"), l += *l == '\n')
        count(l, q);
    gedi__text_clear(&line);
    gedi__text_clear(&said);
    return s;
}

/* slurm/array.sh: what each task runs. The processors that it was given are its threads. */
static gedi_status write_script(const gedi__array *a, const char *path, gedi_err *err)
{
    gedi__text t = {0};
    gedi__text_add(
        &t,
        "#!/bin/sh\n"
        "# Submitted by `gedi sweep --slurm', which writes it anew each time.\n"
        "OMP_NUM_THREADS=${OMP_NUM_THREADS:-${SLURM_CPUS_ON_NODE:-1}}\n"
        "export OMP_NUM_THREADS\n"
        "exec %s\n",
        a->command);
    gedi_status s = t.failed ? gedi_no_memory(err, "%s", path)
                             : gedi__file_write(path, t.s, t.len, err);
    gedi__text_clear(&t);
    return s;
}

/* Ninety seconds before its time is over a task is asked to leave checkpoints. What the user wants
 * otherwise comes behind. */
static void add_sbatch(const gedi__array *a, const char *folder, const char *script,
                       gedi__text *line)
{
    gedi__text output = {0};
    gedi__text_add(&output, "%s/%%A_%%a.out", folder);
    gedi__text_add(line,
                   "sbatch --parsable --job-name=%s --array=1-%d --requeue "
                   "--open-mode=append --signal=B:TERM@90 --output=",
                   a->name, a->tasks);
    gedi__text_add_quoted(line, output.s ? output.s : "");
    gedi__text_add(line, " %s ", a->options ? a->options : "");
    gedi__text_add_quoted(line, script);
    gedi__text_add(line, " 2>&1 </dev/null");
    line->failed |= output.failed;
    gedi__text_clear(&output);
}

gedi_status gedi__slurm_submit(const gedi__array *a, long *job, gedi_err *err)
{
    gedi__text line = {0}, said = {0};
    char *folder = gedi__store_path(a->directory, GEDI__FILE_JOBS, err);
    char *script = folder ? gedi__path_join(folder, "array.sh") : NULL;
    gedi_status s = script ? gedi__folder_make(folder, err) : GEDI_NOMEM;
    if (!s)
        s = write_script(a, script, err);
    if (!s) {
        add_sbatch(a, folder, script, &line);
        /* By far most often it is an option that it does not know. */
        s = run("sbatch", &line, GEDI_STATE, &said, err);
    }
    *job = s ? 0 : strtol(last_line(said.s ? said.s : (char[]){""}), NULL, 10);
    if (!s && *job < 1)
        s = GEDI_FAIL(err, GEDI_STATE, "sbatch gives no number of a job: %.400s",
                      said.s ? said.s : "");
    gedi__text_clear(&line);
    gedi__text_clear(&said);
    free(folder);
    free(script);
    return s;
}

void gedi__slurm_cancel_waiting(const char *name)
{
    gedi__text line = {0}, said = {0};
    gedi__text_add(&line, "scancel --me --name=%s --state=PENDING 2>&1", name);
    (void)run("scancel", &line, GEDI_IO, &said, NULL);
    gedi__text_clear(&line);
    gedi__text_clear(&said);
}

/* The file in the folder that was written to last; free() it. */
static char *newest_in(const char *folder)
{
    char *newest = NULL;
    struct timespec when = {0};
    struct dirent *e;
    DIR *d = opendir(folder);
    while (d && (e = readdir(d))) {
        struct stat st;
        size_t n = strlen(e->d_name);
        char *path = n > 4 && !strcmp(e->d_name + n - 4, ".out")
                         ? gedi__path_join(folder, e->d_name)
                         : NULL;
        bool later =
            path && !stat(path, &st) && st.st_size > 0 &&
            (st.st_mtim.tv_sec > when.tv_sec ||
             (st.st_mtim.tv_sec == when.tv_sec && st.st_mtim.tv_nsec >= when.tv_nsec));
        if (later) {
            free(newest);
            newest = path;
            when = st.st_mtim;
        } else {
            free(path);
        }
    }
    if (d)
        closedir(d);
    return newest;
}

void gedi__slurm_last_words(const char *directory, char *out, size_t size)
{
    char *folder = gedi__store_path(directory, GEDI__FILE_JOBS, NULL), *text = NULL;
    char *path = folder ? newest_in(folder) : NULL;
    size_t n;
    *out = 0;
    if (path && !gedi__file_read(path, &text, &n, NULL))
        snprintf(out, size, "%s", gedi__last_line(text));
    free(text);
    free(path);
    free(folder);
}
