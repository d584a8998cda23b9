/* forecast.c - how long a crew will still be at work. */
#include "core/sweep/forecast.h"

#include <math.h>
#include <stdlib.h>

typedef struct pace { /* of the runs that this crew has begun */
    double iteration; /* seconds, from the start of the process to the last iteration */
    double rest;      /* seconds behind it: evaluation and figures */
    bool ended;       /* that is known of some */
} pace;

static double elapsed(const gedi__job *j, double now)
{
    return j->state == GEDI__JOB_RUNNING ? now - j->began : j->seconds;
}

static double training(const gedi__job *j, double now)
{
    return j->trained > 0 ? j->trained : elapsed(j, now);
}

static pace pace_of(const gedi__crew *c, double now)
{
    double seconds = 0, iterations = 0, rest = 0;
    int ended = 0;
    for (int i = 0; i < c->jobs; i++) {
        const gedi__job *j = &c->job[i];
        bool done = j->state == GEDI__JOB_DONE && j->seconds > 0;
        if (j->evaluates) {
            rest += done ? j->seconds : 0;
            ended += done;
            continue;
        }
        if ((!done && j->state != GEDI__JOB_RUNNING) || j->done <= j->first)
            continue;
        seconds += training(j, now);
        iterations += (double)(j->done - j->first);
        if (done) {
            rest += j->seconds - training(j, now);
            ended++;
        }
    }
    return (pace){iterations > 0 ? seconds / iterations : NAN, ended ? rest / ended : 0,
                  ended > 0};
}

/* Of a job that waits or runs. What a job has done counts beside a fifth at the pace of
 * all: its first iterations come after its start-up, and say little. */
static double left_of(const gedi__job *j, const pace *p, double now)
{
    if (j->evaluates)
        return !p->ended                       ? NAN
               : j->state == GEDI__JOB_RUNNING ? fmax(0, p->rest - elapsed(j, now))
                                               : p->rest;
    double all = (double)(j->iterations - j->first), done = (double)(j->done - j->first);
    if (j->state != GEDI__JOB_RUNNING)
        return (double)(j->iterations - j->done) * p->iteration + p->rest;
    double some = all / 5, own = p->iteration;
    if (done > 0)
        own = (training(j, now) + some * p->iteration) / (done + some);
    return fmax(0, all * own + p->rest - elapsed(j, now));
}

static int first_free(const double *until, int workers)
{
    int first = 0;
    for (int w = 1; w < workers; w++)
        first = until[w] < until[first] ? w : first;
    return first;
}

double gedi__crew_left(const gedi__crew *c, double now)
{
    double *until = calloc((size_t)c->workers, sizeof *until), last = 0;
    pace p = pace_of(c, now);
    for (int w = 0; until && w < c->workers; w++)
        if (c->of[w] >= 0)
            until[w] = left_of(&c->job[c->of[w]], &p, now);
    for (int i = 0; until && i < c->jobs; i++)
        if (c->job[i].state == GEDI__JOB_WAITING)
            until[first_free(until, c->workers)] += left_of(&c->job[i], &p, now);
    for (int w = 0; until && w < c->workers; w++)
        last = until[w] > last || isnan(until[w]) ? until[w] : last;
    double left = until ? last : NAN;
    free(until);
    return left;
}
