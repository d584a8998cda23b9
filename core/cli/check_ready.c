/* check_ready.c - what a run would be refused for, asked of many experiments. */
#include "core/cli/check_ready.h"
#include "core/descriptor/tree.h"
#include "core/exec/blas.h"
#include "core/report/run_needs.h"
#include "core/run/ready.h"
#include "core/base/memory.h"
#include "core/store/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct gedi__answer {
    const char *question; /* the keys that it depends on, with their values */
    size_t length;
    const char *mistakes;
    int n;
    struct gedi__answer *next;
} gedi__answer;

typedef struct findings {
    gedi__mistakes refusals, warnings;
    gedi_status first; /* of the refusals */
} findings;

static void refused(void *found, gedi_status s, gedi__place at, const char *why)
{
    findings *f = found;
    f->first = f->first ? f->first : s;
    gedi__mistake(&f->refusals, at, "%s", why);
}

static void warned(void *found, gedi__place at, const char *why)
{
    gedi__mistake(&((findings *)found)->warnings, at, "warning: %s", why);
}

static bool is_asked(const gedi__key *k)
{
    return k->asked;
}

/* A figure of schedules asks that of options of any key. */
static bool has_schedule(const gedi__experiment *e)
{
    gedi__scheduled_option o;
    int i = 0;
    while (i < e->stages && !gedi__stage_schedule(&e->stage[i], 0, &o))
        i++;
    return i < e->stages;
}

static gedi_status ask(gedi__survey *s, gedi__experiment *e, const char *question,
                       size_t length, const gedi__answer **out, gedi_err *err)
{
    gedi__trainer *t;
    findings found = {0};
    gedi__mistakes *own = &found.refusals;
    const gedi__asking asking = {&found, refused, warned, gedi__run_figure_check, false};
    gedi__threads_set((int)e->threads);
    gedi_status status = gedi__ready(e, &asking, &t, err);
    snprintf(s->data, sizeof s->data, "%s", !status && t ? t->data.digest : "");
    gedi__trainer_free(t);
    gedi__answer *a = gedi__arena_alloc(&s->arena, sizeof *a);
    const char *kept = gedi__arena_text(&s->arena, question);
    const char *said = gedi__arena_text(&s->arena, own->text.s ? own->text.s : "");
    if (!status && (!a || !kept || !said || own->text.failed))
        status = gedi_no_memory(err, "mistakes");
    gedi__mistakes_join(&s->warnings, 0, &found.warnings);
    s->refused = s->refused ? s->refused : found.first;
    gedi__text_clear(&own->text);
    if (status)
        return status;
    *a = (gedi__answer){kept, length, said, own->n, s->answers};
    *out = s->answers = a;
    return GEDI_OK;
}

/* It was asked before it began. */
static gedi_status has_begun(gedi__survey *s, const gedi__experiment *e,
                             const gedi__point *p, bool *yes, gedi_err *err)
{
    if (!s->directory)
        s->directory =
            s->out ? gedi__copy_text(s->out, err) : gedi__store_sweep_place(e->name, err);
    char *folder = s->directory ? gedi__store_point(s->directory, p->hash, err) : NULL;
    *yes = folder && (gedi__store_has(folder, GEDI__FILE_SUMMARY) ||
                      gedi__store_has(folder, GEDI__FILE_CHECKPOINT));
    free(folder);
    return folder ? GEDI_OK : GEDI_NOMEM;
}

gedi_status gedi__check_begin(void *survey, gedi__experiment *e, const gedi__point *p,
                              gedi__mistakes *m, gedi_err *err)
{
    bool begun = false;
    if (p)
        GEDI_TRY(has_begun(survey, e, p, &begun, err));
    return begun ? GEDI_OK : gedi__check_ready(survey, e, p, m, err);
}

gedi_status gedi__check_ready(void *survey, gedi__experiment *e, const gedi__point *p,
                              gedi__mistakes *m, gedi_err *err)
{
    gedi__survey *s = survey;
    (void)p;
    gedi__text question = {0};
    gedi__experiment_emit_keys(e, is_asked, &question);
    gedi__text_add(&question, "%s", has_schedule(e) ? "with schedules\n" : "");
    gedi_status status = question.failed ? gedi_no_memory(err, "a question") : GEDI_OK;
    const gedi__answer *a = s->answers;
    while (!status && a &&
           (a->length != question.len || memcmp(a->question, question.s, question.len)))
        a = a->next;
    if (!status && !a)
        status = ask(s, e, question.s, question.len, &a, err);
    if (!status) {
        gedi__text_add(&m->text, "%s", a->mistakes);
        m->n += a->n;
    }
    gedi__text_clear(&question);
    return status;
}

void gedi__survey_clear(gedi__survey *s)
{
    gedi__arena_clear(&s->arena);
    gedi__text_clear(&s->warnings.text);
    free(s->directory);
    *s = (gedi__survey){0};
}
