/* ground.c - from a file of rules to a ground program, by SWI-Prolog. */
#include "plugins/rules/program.h"

#ifdef HAVE_RULES
#include <SWI-Prolog.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ground.pl and the files beside it, as the build has made them a text of C. */
static const char *const source =
#include "plugins/rules/ground.inc"
    ;

/* ground.pl is read from the program itself; nothing of the user's own is. */
static bool load_source(void)
{
    term_t goal = PL_new_term_ref(), open = PL_new_term_ref(), text = PL_new_term_ref();
    return PL_chars_to_term(
               "(open_string(T, S), "
               "load_files(gedi_rules, [stream(S), silent(true)]), close(S))",
               goal) &&
           PL_get_arg(1, goal, open) && PL_get_arg(1, open, text) &&
           PL_unify_chars(text, PL_STRING | REP_UTF8, (size_t)-1, source) &&
           PL_call(goal, NULL);
}

/* Once for the process, which has one Prolog, whichever plugin comes first. It takes the user's locale,
 * in which numbers may have commas: what it was is set again. */
static bool initialise(void)
{
    static char *arguments[] = {
        "gedi", "-q", "-f", "none", "--no-signals", "--no-tty", "--stack-limit=128m",
        NULL};
    char *locale = strdup(setlocale(LC_ALL, NULL));
    bool done = locale &&
                PL_initialise((int)(sizeof arguments / sizeof *arguments) - 1, arguments);
    if (locale)
        setlocale(LC_ALL, locale);
    free(locale);
    return done;
}

/* A thread that Prolog does not know is made known, and is to be forgotten again. */
static gedi_status start(bool *attached, gedi_err *err)
{
    *attached = false;
    if (!PL_is_initialised(NULL, NULL)) {
        if (!initialise())
            return GEDI_FAIL(err, GEDI_PLUGIN, "SWI-Prolog does not start");
    } else if (PL_thread_self() < 0) {
        if (PL_thread_attach_engine(NULL) < 0)
            return GEDI_FAIL(err, GEDI_PLUGIN,
                             "SWI-Prolog does not serve another thread");
        *attached = true;
    }
    fid_t frame = PL_open_foreign_frame();
    term_t goal = PL_new_term_ref();
    bool there = PL_chars_to_term("current_predicate(gedi_rules:gedi_ground/3)", goal) &&
                 PL_call(goal, NULL);
    bool loaded = there || load_source();
    PL_discard_foreign_frame(frame);
    return loaded ? GEDI_OK
                  : GEDI_FAIL(err, GEDI_PLUGIN, "SWI-Prolog does not load gedi's rules");
}

/* "gedi(Line, Message)": line 0 is none, -1 the query's. */
static gedi_status explain(term_t exception, const char *file, const char *query,
                           gedi_err *err)
{
    char *message = NULL;
    int line = 0;
    term_t a = PL_new_term_ref();
    bool ours = PL_is_functor(exception, PL_new_functor(PL_new_atom("gedi"), 2)) &&
                PL_get_arg(1, exception, a) && PL_get_integer(a, &line) &&
                PL_get_arg(2, exception, a);
    if (!PL_get_nchars(ours ? a : exception, NULL, &message,
                       CVT_ALL | CVT_WRITE | REP_UTF8 | BUF_MALLOC))
        return gedi_no_memory(err, "%s", file);
    gedi_status s =
        !ours ? GEDI_FAIL(err, GEDI_PLUGIN, "%s: SWI-Prolog fails: %.100s", file, message)
        : line > 0 ? GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s:%d: %s", file, line, message)
        : line < 0 ? GEDI_FAIL(err, GEDI_DESCRIPTOR, "query '%.60s%s': %s", query,
                               strlen(query) > 60 ? "..." : "", message)
                   : GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s: %s", file, message);
    PL_free(message);
    return s;
}

/* The text of gedi_ground/3: PL_free() it. */
static gedi_status call(const char *file, const char *content, const char *query,
                        char **text, gedi_err *err)
{
    fid_t frame = PL_open_foreign_frame();
    term_t a = PL_new_term_refs(3);
    gedi_status s = GEDI_OK;
    bool ok = PL_unify_chars(a, PL_STRING | REP_UTF8, (size_t)-1, content) &&
              PL_unify_chars(a + 1, PL_STRING | REP_UTF8, (size_t)-1, query);
    qid_t q = ok ? PL_open_query(NULL, PL_Q_CATCH_EXCEPTION,
                                 PL_predicate("gedi_ground", 3, "gedi_rules"), a)
                 : 0;
    if (!q || !PL_next_solution(q)) {
        term_t why = q ? PL_exception(q) : 0;
        s = why ? explain(why, file, query, err) : gedi_no_memory(err, "%s", file);
    } else if (!PL_get_nchars(a + 2, NULL, text, CVT_STRING | REP_UTF8 | BUF_MALLOC)) {
        s = gedi_no_memory(err, "%s", file);
    }
    if (q)
        PL_cut_query(q);
    PL_discard_foreign_frame(frame);
    return s;
}

static gedi_status ground(const char *path, const char *query, rules_program *out,
                          gedi_err *err)
{
    char *content, *text = NULL;
    bool attached = false;
    gedi_status s = rules_file_read(path, &content, err);
    if (s == GEDI_OK)
        s = rules_check_brackets("query", query, err);
    if (s == GEDI_OK)
        s = start(&attached, err);
    if (s == GEDI_OK)
        s = call(path, content, query, &text, err);
    free(content);
    if (s == GEDI_OK)
        s = rules_program_read(out, text, err);
    if (text)
        PL_free(text);
    if (attached)
        PL_thread_destroy_engine();
    return s;
}

gedi_status rules_ground(const char *directory, const char *file, const char *query,
                         rules_program *out, gedi_err *err)
{
    char *path;
    bool absolute = *file == '/';
    *out = (rules_program){0};
    if (asprintf(&path, "%s%s%s", absolute ? "" : directory, absolute ? "" : "/", file) <
        0)
        return gedi_no_memory(err, "%s", file);
    /* Prolog gives a thread another stack for signals, which whoever gave it the first one, such as
     * AddressSanitizer, would free in its place. */
    stack_t stack;
    bool had = sigaltstack(NULL, &stack) == 0;
    gedi_status s = ground(path, query, out, err);
    if (had)
        (void)sigaltstack(&stack, NULL);
    free(path);
    if (s)
        rules_program_clear(out);
    return s;
}

#else

gedi_status rules_ground(const char *directory, const char *file, const char *query,
                         rules_program *out, gedi_err *err)
{
    (void)directory;
    (void)query;
    *out = (rules_program){0};
    return GEDI_FAIL(
        err, GEDI_PLUGIN,
        "rules: %s needs SWI-Prolog and BuDDy, which this build is without: install "
        "swi-prolog-nox and libbdd-dev, then ./configure && make",
        file);
}

#endif
